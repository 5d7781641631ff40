//! The party reader: how the draft calls those who sign it.

use super::words::begins;
use super::{Unit, UnitKind, visible, visible_text};
use crate::span::Span;
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A party, by the label the draft gives it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Party {
    /// The label: 甲, Supplier, 受託者.
    pub label: String,
    /// Where the label is given.
    pub span: Span,
}

/// How far into the draft the parties are introduced, in bytes of visible text.
const WITHIN: usize = 6000;

/// Words that are given as labels in the same form but name no party.
const NOT_PARTIES: [&str; 36] = [
    "agreement",
    "effective date",
    "party",
    "parties",
    "purpose",
    "confidential information",
    "territory",
    "products",
    "product",
    "services",
    "contract",
    "date",
    "project",
    "business",
    "company group",
    "software",
    "transaction",
    "term",
    "closing",
    "information",
    "commencement date",
    "property",
    "technology",
    "field",
    "permitted purpose",
    "work",
    "proprietary information",
    "nda",
    "sec",
    "program",
    "site",
    "goods",
    "evaluation material",
    "each a party",
    "execution date",
    "business purpose",
];

/// Endings of Japanese labels that name a thing rather than a party.
const NOT_PARTIES_JA: [&str; 22] = [
    "契約",
    "業務",
    "情報",
    "目的",
    "製品",
    "取引",
    "本件",
    "サービス",
    "資料",
    "商品",
    "成果物",
    "ソフトウェア",
    "技術",
    "装置",
    "検討",
    "開発",
    "研究",
    "建物",
    "著作物",
    "秘密",
    "作業",
    "工事",
];

pub(super) fn read(source: &str, units: &[Unit]) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    let mut read = 0;
    for unit in units {
        let front = matches!(unit.kind, UnitKind::Title | UnitKind::Preamble | UnitKind::Heading | UnitKind::Cell) || parties.len() < 2;
        if !front || read > WITHIN {
            break;
        }
        let text = visible(source, &unit.text);
        read += text.len();
        for label in labels(&text).into_iter().chain(roster(&text)) {
            let known = parties.iter().any(|p| p.label == label);
            let at = unit.span.slice(source).find(&label).map(|i| unit.span.start + i);
            if !known && parties.len() < 6 {
                let start = at.unwrap_or(unit.span.start);
                parties.push(Party { span: Span::new(start, start + at.map_or(0, |_| label.len())), label });
            }
        }
    }
    // A thing defined in the same breath (the "Bid") does nothing in the draft; a party does.
    let texts = || units.iter().map(|u| visible_text(source, &u.text));
    let known = |p: &Party| ROLES.contains(&p.label.as_str()) || p.label.is_ascii() || p.label.ends_with(PERSONS);
    for keep in [&known as &dyn Fn(&Party) -> bool, &|p: &Party| texts().any(|t| acts(&t, &p.label).next().is_some())] {
        let kept: Vec<bool> = parties.iter().map(keep).collect();
        if kept.iter().filter(|k| **k).count() >= 2 {
            let mut kept = kept.into_iter();
            parties.retain(|_| kept.next().unwrap_or(true));
        }
    }
    // No introduction that could be read: the roles that do most in the draft.
    if parties.len() < 2 {
        let mut roles: Vec<(usize, &str)> = counts(texts()).into_iter().filter(|(n, r)| *n >= 2 && !parties.iter().any(|p| p.label == *r)).collect();
        roles.sort_by_key(|(n, _)| usize::MAX - n);
        let wanted = 2 - parties.len();
        let mut found: Vec<Party> = roles
            .into_iter()
            .take(wanted)
            .filter_map(|(_, r)| source.find(r).map(|i| Party { label: r.to_owned(), span: Span::new(i, i + r.len()) }))
            .collect();
        found.sort_by_key(|p| p.span.start);
        parties.extend(found);
    }
    parties
}

/// Labels that name a party by its part in the contract.
const ROLES: [&str; 38] = [
    "甲",
    "乙",
    "丙",
    "丁",
    "委託者",
    "受託者",
    "開示者",
    "受領者",
    "開示当事者",
    "受領当事者",
    "買主",
    "売主",
    "発注者",
    "受注者",
    "注文者",
    "請負者",
    "ライセンサー",
    "ライセンシー",
    "貴社",
    "当社",
    "弊社",
    "私",
    "誓約者",
    "提案者",
    "Buyer",
    "Supplier",
    "Purchaser",
    "Vendor",
    "Seller",
    "Disclosing Party",
    "Receiving Party",
    "Discloser",
    "Recipient",
    "Customer",
    "Contractor",
    "Company",
    "Licensor",
    "Licensee",
];

/// How Japanese labels for a party end.
const PERSONS: [char; 12] = ['者', '社', '主', '人', '側', '元', '先', '店', '方', '法', '学', '事'];

/// How much each role does in some texts; a Japanese one that stands there often counts too.
fn counts<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Vec<(usize, &'static str)> {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let mut found = [(0, 0); ROLES.len()];
    if let Some(automaton) = AUTOMATON.get_or_init(|| AhoCorasick::new(ROLES).ok()) {
        for text in texts {
            for role in automaton.find_overlapping_iter(text.as_ref()) {
                let (stands, does) = &mut found[role.pattern().as_usize()];
                *stands += 1;
                *does += usize::from(begins(&text[role.end()..], &DOING));
            }
        }
    }
    let count = |(role, (stands, does)): (&&'static str, (usize, usize))| (does.max(if role.is_ascii() { 0 } else { stands / 2 }), *role);
    ROLES.iter().zip(found).map(count).collect()
}

/// What follows a label that is the subject of something: 甲は, the Supplier shall.
const DOING: [&str; 18] = [
    "は",
    "が",
    "も",
    "及び",
    "および",
    "または",
    "又は",
    "に対し",
    " shall",
    " will",
    " may",
    " must",
    " agrees",
    " undertakes",
    " has ",
    " is ",
    " warrants",
    " and ",
];

/// Places where a label is the subject of something.
fn acts(text: &str, label: &str) -> impl Iterator<Item = usize> {
    let found = memchr::memmem::find_iter(text.as_bytes(), label.as_bytes());
    found.filter(|i| text.get(i + label.len()..).is_some_and(|after| begins(after, &DOING)))
}

/// Labels introduced in brackets: （以下「甲」という。）, ("Supplier"), (hereinafter referred to as the "Buyer").
fn labels(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['「', '“', '"', '『', '｢']) {
        let before = &rest[..open];
        let quote = rest[open..].chars().next().map_or(1, char::len_utf8);
        let inner = &rest[open + quote..];
        let Some(close) = inner.find(['」', '”', '"', '』', '｣']) else { break };
        let term = inner[..close].trim().trim_end_matches([',', '.']).trim();
        let term = term.strip_prefix("the ").or_else(|| term.strip_prefix("The ")).unwrap_or(term).trim();
        if introduced(before) && is_party(term) {
            found.push(term.to_owned());
        }
        let skip = inner[close..].chars().next().map_or(1, char::len_utf8);
        rest = &inner[close + skip..];
    }
    // 株式会社Aを甲、株式会社Bを乙とし: no brackets at all.
    for role in ["甲", "乙", "丙"] {
        let given = text.match_indices(role).any(|(i, _)| {
            let (front, back) = (&text[..i], &text[i + role.len()..]);
            back.starts_with(['、', 'と', '」']) && front.strip_suffix('「').unwrap_or(front).ends_with('を')
        });
        if given && !found.iter().any(|f| f == role) {
            found.push(role.to_owned());
        }
    }
    // 以下、甲という: no quotation marks.
    for part in text.split("以下").skip(1) {
        let part = part.trim_start_matches(['、', '，', ',', ' ', '　', '単', 'に']);
        if let Some(end) = part.find("とい").or_else(|| part.find("とする")) {
            let term = part[..end].trim_matches(['「', '」', '｢', '｣', '『', '』', ' ', '、', '，']);
            if is_party(term) && term.chars().count() <= 8 && !found.iter().any(|f| f == term) {
                found.push(term.to_owned());
            }
        }
    }
    found
}

/// 甲：株式会社…, 甲（委託者）: …, （甲）, Supplier: … : labels that lead a line, or follow a space where lines were joined.
fn roster(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut begins = true;
    for (i, c) in text.char_indices() {
        let role = ROLES.iter().find(|r| begins && text[i..].starts_with(**r));
        if let Some(role) = role {
            let after = text[i + role.len()..].trim_start_matches([' ', '　']);
            let spaced = text.len() <= 200 && after.len() < text[i + role.len()..].len() && !after.is_empty();
            if (spaced || after.starts_with(['：', ':', '（', '(', '）', ')', '】'])) && !found.iter().any(|f| f == role) {
                found.push((*role).to_owned());
            }
        }
        begins = matches!(c, ' ' | '　' | '・' | '-' | '#') || begins && matches!(c, '（' | '(' | '【');
    }
    found
}

fn introduced(before: &str) -> bool {
    let tail = before.trim_end_matches(['、', '，', ',', ' ', '　', ':', '“', '"']);
    if tail.ends_with("以下") || tail.ends_with("以下単に") {
        return true;
    }
    let lower = tail.to_ascii_lowercase();
    let lower = lower.trim_end_matches(" the").trim_end();
    lower.ends_with('(')
        || lower.ends_with("(the")
        || lower.ends_with("(each, a")
        || lower.ends_with(" or")
        || [" as", "called", "hereinafter", "hereafter", "referred to as", "being"].iter().any(|w| lower.ends_with(w))
}

fn is_party(term: &str) -> bool {
    let lower = term.to_lowercase();
    let count = term.chars().count();
    let generic = NOT_PARTIES.iter().any(|n| lower == *n || lower.trim_start_matches("the ") == *n);
    let thing = NOT_PARTIES_JA.iter().any(|n| lower.ends_with(n)) || (term.starts_with('本') && count <= 12);
    let kind = lower.ends_with("agreement")
        || lower.ends_with("date")
        || lower.ends_with("information")
        || lower.ends_with(" data")
        || lower.ends_with("parties")
        || lower.ends_with("party");
    let receiving = lower.ends_with("ing party") || lower.ends_with("recipient party");
    count > 0 && count <= 40 && !generic && !thing && (!kind || receiving) && !term.contains(['。', '_', '●'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_brackets_are_parties_and_things_are_not() {
        let ja = "株式会社A（以下「甲」という。）とB（以下、「乙」という）は、本契約（以下「本契約」という。）を結ぶ。";
        assert_eq!(labels(ja), ["甲", "乙"]);
        let en = r#"by and between A Inc. ("Supplier") and B Ltd. (hereinafter referred to as the "Buyer") as of 1 May (the "Effective Date")"#;
        assert_eq!(labels(en), ["Supplier", "Buyer"]);
        assert_eq!(labels("A株式会社 (以下、甲という。) と B (以下、乙という。)"), ["甲", "乙"]);
    }

    #[test]
    fn a_roster_names_parties() {
        assert_eq!(roster("甲（委託者）: 株式会社A 乙（受託者）: B"), ["甲", "乙"]);
        assert!(roster("住所：東京都").is_empty());
    }
}
