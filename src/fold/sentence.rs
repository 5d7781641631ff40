//! Where sentences end. Brackets and quotation marks are respected; a proviso stays with the sentence it narrows.

use crate::outline::words::{self, ABBREVIATIONS, PROVISO_OPENERS};

/// Brackets deeper or longer than this are taken for unbalanced ones.
const LONGEST_BRACKET: usize = 1500;

const fn last_byte(mark: &str) -> u8 {
    mark.as_bytes()[2]
}

const STOP: u8 = last_byte("。");
const OPEN_CORNER: u8 = last_byte("「");
const OPEN_DOUBLE: u8 = last_byte("『");
const OPEN_LENS: u8 = last_byte("【");
const CLOSE_CORNER: u8 = last_byte("」");
const CLOSE_DOUBLE: u8 = last_byte("』");
const CLOSE_LENS: u8 = last_byte("】");

/// Ends of the sentences of a folded text: byte offsets, ascending, the last one the text's length.
pub(crate) fn ends(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut ends = Vec::new();
    let (mut depth, mut opened) = (0usize, 0usize);
    let open = |depth: &mut usize, opened: &mut usize, i: usize| {
        if *depth == 0 {
            *opened = i;
        }
        *depth += 1;
    };
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' => open(&mut depth, &mut opened, i),
            b')' | b']' => depth = depth.saturating_sub(1),
            b'.' | b'?' | b'!' if (depth == 0 || i - opened > LONGEST_BRACKET) && ends_english(text, bytes, i) => {
                depth = 0;
                let close = bytes[i + 1..].iter().take_while(|b| matches!(b, b'"' | b'\'' | b')')).count();
                ends.push(i + 1 + close);
            }
            // The ideographic marks are E3 80 and one more byte.
            0xe3 if bytes[i + 1] == 0x80 => match bytes[i + 2] {
                OPEN_CORNER | OPEN_DOUBLE | OPEN_LENS => open(&mut depth, &mut opened, i),
                CLOSE_CORNER | CLOSE_DOUBLE | CLOSE_LENS => depth = depth.saturating_sub(1),
                STOP if depth == 0 || i - opened > LONGEST_BRACKET => {
                    depth = 0;
                    ends.push(i + '。'.len_utf8());
                }
                _ => {}
            },
            _ => {}
        }
    }
    if ends.last() != Some(&text.len()) && !text.is_empty() {
        ends.push(text.len());
    }
    ends
}

/// Whether the full stop at `i` ends a sentence: a space and a beginning follow it, and no abbreviation or number stands before.
fn ends_english(text: &str, bytes: &[u8], i: usize) -> bool {
    let after = &text[i + 1..];
    let closed = after.trim_start_matches(['"', '\'', ')']);
    if !closed.starts_with(' ') {
        return false;
    }
    let next = closed.trim_start().chars().next();
    if !next.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '"' | '(' | '[') || !c.is_ascii()) {
        return false;
    }
    if bytes[i] != b'.' {
        return true;
    }
    let start = text[..i].rfind([' ', '(', '"']).map_or(0, |s| s + 1);
    let word = &text[start..i];
    let label = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let initial = word.len() == 1 && bytes[start].is_ascii_uppercase();
    !(initial || label && start == 0 || ABBREVIATIONS.iter().any(|a| word.eq_ignore_ascii_case(a)))
}

/// Whether a sentence belongs to the one before it.
pub(crate) fn is_proviso(sentence: &str) -> bool {
    let sentence = sentence.trim_start();
    words::begins(sentence, &PROVISO_OPENERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let mut start = 0;
        let cut = |end| {
            let s = &text[start..end];
            start = end;
            s.trim()
        };
        ends(text).into_iter().map(cut).collect()
    }

    #[test]
    fn brackets_hold_a_sentence_together() {
        assert_eq!(split("甲(以下「甲」という。)は支払う。乙は「終了。」と言う。"), ["甲(以下「甲」という。)は支払う。", "乙は「終了。」と言う。"]);
    }

    #[test]
    fn abbreviations_and_numbers_end_nothing() {
        assert_eq!(split("Foo Inc. Bar shall pay 3.5 percent. It may stop."), ["Foo Inc. Bar shall pay 3.5 percent.", "It may stop."]);
        assert_eq!(split("See Section 5. Supplier shall pay."), ["See Section 5.", "Supplier shall pay."]);
    }

    #[test]
    fn an_open_bracket_does_not_swallow_the_draft() {
        let long = format!("({}。次の文。", "あ".repeat(800));
        assert_eq!(split(&long).len(), 2);
    }
}
