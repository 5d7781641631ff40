//! The definition reader: the terms a draft defines, and what it says they mean.

use super::{Party, Unit, UnitId, visible};

/// A term the draft defines.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DefinedTerm {
    /// The term, as written between its quotation marks.
    pub term: String,
    /// The words that define it: the sentence it stands in, at most 400 characters.
    pub meaning: String,
    /// In Japanese the words right before the brackets that give the term (…の「情報」（以下「本情報」という）); empty elsewhere.
    pub head: String,
    /// The unit that defines it.
    pub unit: UnitId,
}

/// More terms than this are not kept.
const MOST: usize = 200;

pub(super) fn read(source: &str, units: &[Unit], parties: &[Party]) -> Vec<DefinedTerm> {
    let mut terms: Vec<DefinedTerm> = Vec::new();
    for (id, unit) in units.iter().enumerate() {
        let text = visible(source, &unit.text);
        let mut at = 0;
        while let Some(open) = text[at..].find(['「', '“', '"', '『']) {
            let open = at + open;
            let quote = text[open..].chars().next().map_or(1, char::len_utf8);
            let inner = &text[open + quote..];
            let Some(close) = inner.find(['」', '”', '"', '』']) else { break };
            let after = open + quote + close + inner[close..].chars().next().map_or(1, char::len_utf8);
            let term = inner[..close].trim().trim_end_matches([',', '.']).trim();
            at = after;
            let count = term.chars().count();
            let known = terms.iter().any(|t| t.term == term) || parties.iter().any(|p| p.label == term);
            if !(2..=60).contains(&count) || known || terms.len() >= MOST {
                continue;
            }
            if let Some((meaning, head)) = meaning(&text[..open], &text[after..]) {
                terms.push(DefinedTerm { term: term.to_owned(), meaning, head, unit: id });
            }
        }
    }
    for (id, unit) in units.iter().enumerate() {
        let text = visible(source, &unit.text);
        if let Some((term, meaning)) = unquoted(&text)
            && terms.len() < MOST
            && !terms.iter().any(|t| t.term == term)
        {
            terms.push(DefinedTerm { term: term.to_owned(), meaning: meaning.chars().take(400).collect(), head: String::new(), unit: id });
        }
    }
    terms
}

/// 本契約における秘密情報とは、…をいう: a definition without quotation marks.
fn unquoted(text: &str) -> Option<(&str, &str)> {
    let at = text.find("とは、")?;
    let before = &text[..at];
    let start = ["における", "において、", "にいう", "上の", "、", "。"].iter().filter_map(|w| before.rfind(w).map(|i| i + w.len())).max().unwrap_or(0);
    let term = before[start..].trim();
    let count = term.chars().count();
    let plain =
        term.chars().all(|c| !c.is_whitespace() && !matches!(c, '「' | '」' | '『' | '』' | '（' | '）' | '(' | ')' | 'の' | 'は' | 'を' | 'に' | 'と'));
    ((2..=12).contains(&count) && plain).then(|| (term, &text[at..]))
}

/// What defines the quoted term between `before` and `after`, and its head noun, if anything does.
fn meaning(before: &str, after: &str) -> Option<(String, String)> {
    let lead = before.trim_end_matches(['、', '，', ',', ' ', '　', '単', 'に', '総', '称', 'し', 'て']);
    let folded = after.trim_start().trim_start_matches(['）', ')', ',', '、']).trim_start();
    let lower = folded.to_ascii_lowercase();
    let forward = [
        "means",
        "mean ",
        "shall mean",
        "includes",
        "shall include",
        "refers to",
        "is defined",
        "has the meaning",
        "as used",
        "consists of",
        "is any",
        "is all",
        "to mean",
    ]
    .iter()
    .any(|w| lower.starts_with(w))
        || ["とは", "は、", "の定義", "は次", "は以下"].iter().any(|w| folded.starts_with(w)) && !lead.ends_with("以下");
    if forward {
        let head = folded.split_inclusive('。').next().unwrap_or(folded);
        return Some((head.chars().take(400).collect(), String::new()));
    }
    let low = lead.to_ascii_lowercase();
    let low = low.trim_end_matches(" the").trim_end_matches(['(', ' ']);
    let backward = lead.ends_with("以下")
        || lead.ends_with('(')
        || lead.ends_with("(the")
        || ["collectively", "hereinafter", "hereafter", "referred to as", "called", "(the", "such information", "herein as"].iter().any(|w| low.ends_with(w));
    backward.then(|| {
        let head = before.rsplit(['。', ';']).next().unwrap_or(before);
        let skip = head.chars().count().saturating_sub(400);
        let noun = lead.strip_suffix("以下").map_or("", |l| l.trim_end_matches(['(', '（', ' ', '　', '、']));
        let noun = noun.chars().skip(noun.chars().count().saturating_sub(4)).collect();
        (head.chars().skip(skip).collect(), noun)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_look_forward_and_back() {
        assert!(meaning("本契約において", "とは、甲が開示した情報をいう。").unwrap().0.contains("情報"));
        assert!(meaning("甲が開示した情報（以下", "という。）").unwrap().0.contains("開示した"));
        assert!(meaning("", " means any information disclosed.").unwrap().0.contains("disclosed"));
        assert!(meaning("information furnished by either party (the ", ")").unwrap().0.contains("furnished"));
        assert_eq!(meaning("marked as ", " or similar"), None);
        assert_eq!(unquoted("本契約における秘密情報とは、情報をいう。").map(|u| u.0), Some("秘密情報"));
    }
}
