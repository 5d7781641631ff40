//! The definition reader: the terms a draft defines, and what it says they mean.

use super::{Party, Unit, UnitId, visible_text};

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

/// The longest meaning that is kept, in characters.
const LONGEST_MEANING: usize = 400;
/// More terms than this are not kept.
const MOST: usize = 200;

pub(super) fn read(source: &str, units: &[Unit], parties: &[Party]) -> Vec<DefinedTerm> {
    let mut terms: Vec<DefinedTerm> = Vec::new();
    // Units that may define a term without quotation marks.
    let mut unquoted_units: Vec<UnitId> = Vec::new();
    for (id, unit) in units.iter().enumerate() {
        if !unit.text.iter().any(|p| may_define(p.run.text(source))) {
            continue;
        }
        let text = visible_text(source, &unit.text);
        if text.contains("以下") || text.contains("とは、") {
            unquoted_units.push(id);
        }
        let mut at = 0;
        while let Some(open) = text[at..].find(['「', '“', '"', '『', '｢']) {
            let open = at + open;
            let quote = text[open..].chars().next().map_or(1, char::len_utf8);
            let inner = &text[open + quote..];
            let Some(close) = closing(inner, &text[open..open + quote]) else { break };
            let after = open + quote + close + inner[close..].chars().next().map_or(1, char::len_utf8);
            let whole = inner[..close].trim().trim_end_matches([',', '.']).trim();
            let term = bare(whole);
            at = after;
            let count = term.chars().count();
            let known = terms.iter().any(|t| t.term == term) || parties.iter().any(|p| p.label == term);
            if !(2..=60).contains(&count) || known || terms.len() >= MOST {
                continue;
            }
            if let Some((meaning, head)) = meaning(&text[..open], &text[after..]) {
                // An abbreviation given inside the quotation means the same.
                let short = whole[term.len()..].split(['「', '｢', '『', '"', '“']).nth(1).and_then(|s| s.split(['」', '｣', '』', '"', '”']).next());
                for term in [Some(term), short].into_iter().flatten().filter(|t| !t.is_empty()) {
                    terms.push(DefinedTerm { term: term.to_owned(), meaning: meaning.clone(), head: head.clone(), unit: id });
                }
            }
        }
    }
    for id in unquoted_units {
        let text = visible_text(source, &units[id].text);
        for (term, meaning, head) in introduced(&text) {
            let known = terms.iter().any(|t| t.term == term) || parties.iter().any(|p| p.label == term);
            if terms.len() < MOST && !known {
                terms.push(DefinedTerm { term, meaning, head, unit: id });
            }
        }
        if let Some((term, meaning)) = unquoted(&text)
            && terms.len() < MOST
            && !terms.iter().any(|t| t.term == term)
        {
            terms.push(DefinedTerm { term: term.to_owned(), meaning: front(meaning, LONGEST_MEANING).to_owned(), head: String::new(), unit: id });
        }
    }
    terms
}

/// Whether a text holds a quotation mark, or a character that is not ASCII and may begin one.
fn may_define(text: &str) -> bool {
    memchr::memchr3(b'"', 0xe2, 0xe3, text.as_bytes()).is_some() || memchr::memchr2(0xe4, 0xef, text.as_bytes()).is_some()
}

/// The last `most` characters of a text.
fn tail(text: &str, most: usize) -> &str {
    text.char_indices().rev().take(most).last().map_or("", |(i, _)| &text[i..])
}

/// The first `most` characters of a text.
fn front(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(i, _)| &text[..i])
}

/// 図面及び部品表（以下、これらを貸与図書という。）: a term given without quotation marks; with what stands before it and its head.
fn introduced(text: &str) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("以下") {
        let after = text[at + "以下".len()..].trim_start_matches(['、', '，', ',', ' ', '　']);
        let after = ["これらを", "これを", "総称して", "あわせて", "併せて", "単に"].iter().fold(after, |a, w| a.strip_prefix(w).unwrap_or(a));
        // No plain term is longer.
        let Some(end) = front(after, 40).find("とい") else { continue };
        let term = after[..end].trim();
        let plain = term.chars().all(|c| c.is_alphanumeric() || c == 'ー') && (2..=12).contains(&term.chars().count());
        if plain {
            let before = tail(&text[..at], LONGEST_MEANING).rsplit('。').next().unwrap_or("");
            let noun = before.trim_end_matches(['(', '（', ' ', '　', '、']);
            out.push((term.to_owned(), before.to_owned(), tail(noun, 4).to_owned()));
        }
    }
    out
}

/// Where the quotation that `open` begins ends, quotations inside it passed over.
fn closing(inner: &str, open: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (i, c) in inner.char_indices() {
        match c {
            '「' | '｢' | '『' if open != "\"" && open != "“" => depth += 1,
            '」' | '｣' | '』' | '”' | '"' if depth == 0 => return Some(i),
            '」' | '｣' | '』' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The term itself, without an abbreviation or a translation in brackets: Confidential Information（以下「CI」という。）.
fn bare(term: &str) -> &str {
    let end = term.find(['（', '(']).filter(|i| *i > 0).unwrap_or(term.len());
    term[..end].trim()
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
    let lower = front(folded, 20).to_ascii_lowercase();
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
        let head = front(folded, LONGEST_MEANING).split_inclusive('。').next().unwrap_or("");
        return Some((head.to_owned(), String::new()));
    }
    let low = tail(lead, 200).to_ascii_lowercase();
    let low = low.trim_end_matches(" the").trim_end_matches(['(', ' ']);
    let backward = lead.ends_with("以下")
        || lead.ends_with('(')
        || lead.ends_with("(the")
        || ["collectively", "hereinafter", "hereafter", "referred to as", "called", "(the", "such information", "herein as"].iter().any(|w| low.ends_with(w));
    backward.then(|| {
        let head = tail(before, LONGEST_MEANING).rsplit(['。', ';']).next().unwrap_or("");
        let noun = lead.strip_suffix("以下").map_or("", |l| l.trim_end_matches(['(', '（', ' ', '　', '、']));
        (head.to_owned(), tail(noun, 4).to_owned())
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
        assert_eq!(introduced("図面及び組立要領（以下、これらを貸与図書という。）")[0].0, "貸与図書");
        assert_eq!(unquoted("本契約における秘密情報とは、情報をいう。").map(|u| u.0), Some("秘密情報"));
    }
}
