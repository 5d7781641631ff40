//! Value readers: lengths of time and fractions, as contracts write them.

use crate::fold::sentence_ends;
use crate::library::Reader;

/// A typed value read in the draft.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
pub enum ReadValue {
    /// A length of time.
    Duration {
        /// How many.
        amount: u32,
        /// `day`, `week`, `month` or `year`.
        unit: &'static str,
    },
    /// A share, in hundredths; `more` where it must be exceeded.
    Fraction {
        /// Hundredths.
        percent: f64,
        /// Whether it must be exceeded.
        more: bool,
    },
}

/// Reads the value nearest to one of `near` (bytes of `text`), or the first one. A sentence that ends before all of `near` speaks of
/// something else; one that comes after may be a proviso to it.
pub(super) fn read(reader: Reader, text: &str, near: &[usize]) -> Option<ReadValue> {
    let mut found = match reader {
        Reader::Duration => durations(text),
        Reader::Fraction => fractions(text),
    };
    if let Some(first) = near.iter().min().filter(|_| !found.is_empty()) {
        let begins = sentence_ends(text).into_iter().take_while(|end| end <= first).last().unwrap_or(0);
        found.retain(|(at, _)| *at >= begins);
    }
    let distance = |at: usize| near.iter().map(|n| n.abs_diff(at)).min().unwrap_or(at);
    found.into_iter().min_by_key(|(at, _)| distance(*at)).map(|(_, v)| v)
}

const UNITS: [(&str, &str); 22] = [
    ("年間", "year"),
    ("年", "year"),
    ("ヶ月", "month"),
    ("か月", "month"),
    ("カ月", "month"),
    ("ケ月", "month"),
    ("箇月", "month"),
    ("ヵ月", "month"),
    ("週間", "week"),
    ("営業日", "day"),
    ("日間", "day"),
    ("日", "day"),
    ("years", "year"),
    ("year", "year"),
    ("months", "month"),
    ("month", "month"),
    ("weeks", "week"),
    ("week", "week"),
    ("business days", "day"),
    ("calendar days", "day"),
    ("days", "day"),
    ("day", "day"),
];

const NUMBERS: [(&str, u32); 19] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("ten", 10),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty-five", 45),
    ("fifty", 50),
    ("sixty", 60),
    ("twenty-five", 25),
    ("eighteen", 18),
    ("fourteen", 14),
    ("ninety", 90),
];

fn durations(text: &str) -> Vec<(usize, ReadValue)> {
    let mut out = Vec::new();
    for (at, amount, end) in numbers(text) {
        let rest = text[end..].trim_start_matches([')', ' ', '-', '(']);
        let rest = NUMBERS.iter().fold(rest, |r, (w, _)| r.strip_prefix(w).unwrap_or(r));
        let rest = rest.trim_start_matches([')', ' ', '-']);
        if let Some((_, unit)) = UNITS.iter().find(|(w, _)| rest.to_ascii_lowercase().starts_with(w)) {
            // 2026年11月23日 is a date.
            if *unit != "year" || amount < 200 {
                out.push((at, ReadValue::Duration { amount, unit }));
            }
        }
    }
    out
}

fn fractions(text: &str) -> Vec<(usize, ReadValue)> {
    let mut out = Vec::new();
    for (at, amount, end) in numbers(text) {
        let rest = text[end..].trim_start_matches([')', ' ', '(']);
        let rest = NUMBERS.iter().fold(rest, |r, (w, _)| r.strip_prefix(w).unwrap_or(r)).trim_start_matches([')', ' ']);
        if ["%", "パーセント", "percent", "per cent"].iter().any(|w| rest.starts_with(w)) && amount <= 100 {
            let before = text[..at].to_lowercase();
            let more = before.ends_with("more than ") || before.ends_with("exceeding ") || rest.contains("を超え");
            out.push((at, ReadValue::Fraction { percent: f64::from(amount), more }));
        }
        if let Some(over) = rest.strip_prefix("分の").and_then(|r| numbers(r).first().copied()).filter(|(i, _, _)| *i == 0)
            && amount > 0
            && over.1 <= amount
        {
            out.push((at, ReadValue::Fraction { percent: f64::from(over.1) * 100.0 / f64::from(amount), more: rest.contains("を超え") }));
        }
    }
    for word in ["過半数", "majority"] {
        out.extend(text.find(word).map(|at| (at, ReadValue::Fraction { percent: 50.0, more: true })));
    }
    out.sort_by_key(|(at, _)| *at);
    out
}

/// Numbers in digits, kanji or English words: (start, value, end).
fn numbers(text: &str) -> Vec<(usize, u32, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            if let Ok(n) = rest[..digits].parse() {
                out.push((at, n, at + digits));
            }
            at += digits;
            continue;
        }
        let kanji: usize = rest.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).map(char::len_utf8).sum();
        if kanji > 0 {
            out.extend(kanji_number(&rest[..kanji]).map(|n| (at, n, at + kanji)));
            at += kanji;
            continue;
        }
        let begins = at == 0 || !text.as_bytes()[at - 1].is_ascii_alphabetic();
        if begins && c.is_ascii_alphabetic() {
            let word = rest.bytes().take_while(|b| b.is_ascii_alphabetic() || *b == b'-').count();
            let lower = rest[..word].to_ascii_lowercase();
            let known = |w: &str| NUMBERS.iter().find(|(n, _)| *n == w).map(|(_, n)| *n);
            let head = lower.split('-').next().unwrap_or("");
            let read = known(&lower).map(|n| (n, word)).or_else(|| known(head).map(|n| (n, head.len())));
            out.extend(read.map(|(n, len)| (at, n, at + len)));
            at += word.max(1);
            continue;
        }
        at += c.len_utf8();
    }
    out
}

fn kanji_number(text: &str) -> Option<u32> {
    let (mut total, mut digit) = (0u32, 0u32);
    for c in text.chars() {
        if c == '十' {
            total = total.checked_add(digit.max(1).checked_mul(10)?)?;
            digit = 0;
        } else {
            digit = digit.checked_mul(10)?.checked_add("〇一二三四五六七八九".chars().position(|k| k == c)? as u32)?;
        }
    }
    total.checked_add(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, amount, unit) in [
            ("本契約終了後3年間存続する", 3, "year"),
            ("終了後五年間", 5, "year"),
            ("30日以内に返還", 30, "day"),
            ("6か月前", 6, "month"),
            ("for three (3) years", 3, "year"),
            ("within thirty (30) business days", 30, "day"),
            ("a two-year period", 2, "year"),
        ] {
            assert_eq!(read(Reader::Duration, text, &[]), Some(ReadValue::Duration { amount, unit }), "{text}");
        }
        assert_eq!(read(Reader::Duration, "2026年", &[]), None);
        // A sentence before the words asked for tells of something else; a proviso after them tells more.
        for (text, wanted) in [("有効期間は1年とする。ただし、前条は終了後も有効とする。", None), ("前条は終了後も有効とする。ただし、3年に限る。", Some(3))]
        {
            let near = text.find("終了後").into_iter().collect::<Vec<_>>();
            assert_eq!(read(Reader::Duration, text, &near), wanted.map(|amount| ReadValue::Duration { amount, unit: "year" }), "{text}");
        }
        // More than a number can hold is no number.
        for text in ["九九九九九九九九九十年", "四二九四九六七二九十九年", "99999999999年"] {
            assert_eq!(read(Reader::Duration, text, &[]), None, "{text}");
        }
    }

    #[test]
    fn fractions_are_read() {
        let read = |t| match read(Reader::Fraction, t, &[]) {
            Some(ReadValue::Fraction { percent, more }) => Some((percent.round(), more)),
            _ => None,
        };
        assert_eq!(read("議決権の50%を超える株式"), Some((50.0, true)));
        assert_eq!(read("議決権の過半数"), Some((50.0, true)));
        assert_eq!(read("議決権の三分の一以上"), Some((33.0, false)));
        assert_eq!(read("more than fifty percent (50%) of the shares"), Some((50.0, true)));
    }
}
