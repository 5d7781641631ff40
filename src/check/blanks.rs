//! Blanks left open: ［　］, ●, ○○, ＿＿, 20XX年, [●], [___], ${name}. Redactions ([***]) are not blanks.

use super::{Context, Sheet};
use crate::library::{Confidence, Severity};
use crate::outline::{Unit, UnitKind};
use crate::span::Span;
use std::collections::HashMap;

/// A blank longer than this (in bytes) is text in brackets.
const LONGEST: usize = 120;

pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let mut named: HashMap<String, usize> = HashMap::new();
    let text = context.text();
    let words: Vec<&str> = context.slot("blank-words").collect();
    let labels: Vec<&str> = context.slot("signature-lines").collect();
    let mut at = 0;
    let mut units = Lines::new(context.draft.units());
    let (mut fenced, mut annexed) = (false, false);
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        fenced ^= line.trim_start().starts_with("```");
        let kind = units.kind_at(start, end);
        annexed |= kind == Some(UnitKind::Annex);
        if fenced || kind.is_none_or(|k| k == UnitKind::Closing) {
            continue;
        }
        let mut found = blanks(line, context.checker.japanese, &words);
        if found.is_empty() || is_signature(line, &labels) {
            continue;
        }
        // A label before a blank, and what may make it a field: the first colon of the line and the last.
        let colons = (line.find([':', '：']), line.rfind([':', '：']));
        found.retain(|b| !(is_signed(&line[..b.start], &labels) || is_initials(line, *b) || annexed && is_field(line, *b, colons)));
        // A blank that has a name is one blank, however often it stands.
        found.retain(|b| {
            let written = b.slice(line);
            let place = Span::new(start + b.start, start + b.end);
            let first = named.get(written).filter(|_| written.chars().filter(|c| c.is_alphabetic()).count() >= 4);
            if let Some(first) = first {
                sheet.faults[*first].related.push(place);
            }
            first.is_none()
        });
        let Some((first, last)) = found.first().zip(found.last()) else { continue };
        let span = Span::new(start + first.start, start + last.end);
        for blank in &found {
            named.entry(blank.slice(line).to_owned()).or_insert(sheet.faults.len());
        }
        let written = found[0].slice(line);
        let count = found.len().to_string();
        let name = if found.len() == 1 { "blank-open" } else { "blanks-open" };
        let related = sheet.add_as("blank-open", name, Severity::Warning, Confidence::High, span, &[("blank", written), ("n", &count)]);
        if found.len() > 1 {
            related.extend(found.iter().map(|s| Span::new(start + s.start, start + s.end)));
        }
    }
}

/// Whether a label of the signature block stands before a blank: "Signature: ____", 署名：＿＿.
fn is_signed(front: &str, labels: &[&str]) -> bool {
    let front = front.trim_end_matches([' ', '　', '\t', '$']);
    let from = front.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    if front[from..].contains("/s/") {
        return true;
    }
    let lower = front[from..].to_lowercase();
    let Some(label) = lower.strip_suffix([':', '：']) else { return lower.contains("signed by") };
    labels.iter().any(|l| label.ends_with(l.trim_end_matches([':', '：', ' '])) && l.len() > 2) || label.contains("initial")
}

/// Room for initials at the foot of a page: nothing after it, a page number before it.
fn is_initials(line: &str, blank: Span) -> bool {
    let front = line[..blank.start].trim_end();
    let page = front.len() - front.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (1..=3).contains(&page) && line[blank.end..].trim().is_empty() && front[..front.len() - page].trim_end().ends_with(['.', ';', ':'])
}

/// A field of a form: a label, a colon, and nothing after the blank.
fn is_field(line: &str, blank: Span, colons: (Option<usize>, Option<usize>)) -> bool {
    let front = line[..blank.start].trim_end();
    let back = line[blank.end..].trim();
    front.ends_with([':', '：'])
        || back.is_empty()
        || colons.0.is_some_and(|i| i < blank.start) && colons.1.is_some_and(|i| i >= blank.end)
        || back.starts_with(['／', '/', '）'])
}

/// Walks units beside lines.
struct Lines<'a> {
    units: &'a [Unit],
    next: usize,
}

impl<'a> Lines<'a> {
    fn new(units: &'a [Unit]) -> Self {
        Lines { units, next: 0 }
    }

    /// The kind of the last unit that touches a line; nothing where the line is no visible text.
    fn kind_at(&mut self, start: usize, end: usize) -> Option<UnitKind> {
        while self.units.get(self.next).is_some_and(|u| u.span.end <= start) {
            self.next += 1;
        }
        let touching = self.units[self.next..].iter().take_while(|u| u.span.start < end).filter(|u| u.span.end > start);
        touching.map(|u| u.kind).next()
    }
}

/// A line that is filled in when the contract is signed.
fn is_signature(line: &str, labels: &[&str]) -> bool {
    let plain = line.trim().trim_start_matches(['*', '_', '#', '>', '|', '-', ' ', '　']);
    let short = plain.chars().filter(|c| c.is_alphanumeric()).count() <= 60;
    let lower = plain.to_lowercase();
    let labelled = labels.iter().any(|l| lower.starts_with(l));
    let date =
        plain.contains('年') && plain.contains('月') && plain.trim_end_matches(['日', ' ', '　']).chars().count() <= 24 && !plain.contains(['は', 'を', '。']);
    // A line of nothing but underscores is to be signed on.
    let bare = plain.chars().all(|c| matches!(c, '_' | ' ' | '　' | '＿' | '\t' | '\\'));
    short && (labelled || date) || bare
}

/// The blanks of a line, in bytes of it; those that touch or stand apart only by 年, 月, a slash are one.
fn blanks(line: &str, japanese: bool, words: &[&str]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    // Where the line's text begins.
    let lead = line.len() - line.trim_start().len();
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(next) = opening(&bytes[at..], japanese) {
        at += next;
        let rest = &line[at..];
        let Some(c) = rest.chars().next() else { break };
        let before = line[..at].chars().next_back();
        let len = match c {
            '［' | '【' | '〔' | '[' | '（' | '(' | '＜' | '<' => {
                bracket(rest, c, words).filter(|len| !(c == '【' && is_caption(&line[lead..at], &rest[*len..])))
            }
            '$' | '{' => template(rest),
            '●' | '◯' | '○' | '〇' | '△' | '□' | '◎' | '■' | '▲' => circles(rest, c, before, at <= lead),
            '＿' | '_' => {
                let found = underscores(rest, c);
                if found.is_none() {
                    // What is no blank has none at its end either.
                    at += rest.len() - rest.trim_start_matches(['_', '＿', '\\']).len();
                    continue;
                }
                found
            }
            'X' | 'Ｘ' | '2' | '２' | 'y' => letters(rest, before, japanese),
            ' ' | '　' if japanese && at > lead => spaces(rest, before),
            _ => None,
        };
        if let Some(len) = len {
            join(&mut out, line, Span::new(at, at + len));
            at += len;
        } else {
            at += c.len_utf8();
        }
    }
    out
}

/// How a blank begins: one of some bytes, then one of some ranges.
type Opening = (&'static [u8], &'static [(u8, u8)]);

/// How blanks begin. The last two kinds are Japanese.
const OPENINGS: [Opening; 11] = [
    (b"[<", &[(0, 0xff)]),
    (b"(", &[(0, b'/'), (b':', b'@'), (b'[', b'`'), (b'{', 0xff)]),
    (b"${", &[(b'{', b'{')]),
    (b"_", &[(b'_', b'_'), (b'\\', b'\\'), (0xef, 0xef)]),
    (b"2", &[(b'0', b'0')]),
    (b"y", &[(b'y', b'y')]),
    // ●, □ and their like; 〇, 【, the wide space; the wide forms of ASCII.
    (&[0xe2], &[(0x96, 0x97)]),
    (&[0xe3], &[(0x80, 0x80)]),
    (&[0xef], &[(0xbc, 0xbc)]),
    (b"X", &[(b'X', b'X'), (b'x', b'x'), (0xef, 0xef)]),
    (b" ", &[(b' ', b' '), (0xe3, 0xe3)]),
];

/// For each byte the kinds of [`OPENINGS`] that it begins, and those that it goes on with: a bit each.
const KINDS: ([u16; 256], [u16; 256]) = {
    let (mut begin, mut go_on) = ([0; 256], [0; 256]);
    let mut kind = 0;
    while kind < OPENINGS.len() {
        let (bytes, ranges) = OPENINGS[kind];
        let mut i = 0;
        while i < bytes.len() {
            begin[bytes[i] as usize] |= 1 << kind;
            i += 1;
        }
        i = 0;
        while i < ranges.len() {
            let mut byte = ranges[i].0 as usize;
            while byte <= ranges[i].1 as usize {
                go_on[byte] |= 1 << kind;
                byte += 1;
            }
            i += 1;
        }
        kind += 1;
    }
    (begin, go_on)
};

/// The first place where a blank may begin; always the start of a character.
fn opening(bytes: &[u8], japanese: bool) -> Option<usize> {
    let kinds: u16 = if japanese { !0 } else { !(0b11 << (OPENINGS.len() - 2)) };
    bytes.windows(2).position(|pair| KINDS.0[usize::from(pair[0])] & KINDS.1[usize::from(pair[1])] & kinds != 0)
}

fn join(out: &mut Vec<Span>, line: &str, span: Span) {
    if let Some(last) = out.last_mut() {
        let between = Span::new(last.end, span.start).slice(line);
        if between.len() <= 12 && between.chars().all(|c| matches!(c, '年' | '月' | '日' | '/' | ' ' | '　' | '-' | '.')) {
            last.end = span.end;
            return;
        }
    }
    out.push(span);
}

/// What may stand in brackets that are left blank, and what may stand around it.
const MARKS: [char; 13] = ['●', '•', '○', '〇', '_', '＿', '.', '…', ' ', '　', '\\', '◯', '△'];
const AROUND: [char; 7] = [' ', '　', '年', '月', '日', '円', '$'];

/// ［　］, [●], [___], ［有効期間］, [insert date].
fn bracket(rest: &str, open: char, words: &[&str]) -> Option<usize> {
    let close = match open {
        '［' => '］',
        '【' => '】',
        '〔' => '〕',
        '（' => '）',
        '(' => ')',
        '＜' => '＞',
        '<' => '>',
        _ => ']',
    };
    let inner = &rest[open.len_utf8()..];
    // Round brackets hold a blank only where they hold nothing else.
    if matches!(open, '（' | '(') && !inner.starts_with(AROUND) && !inner.starts_with(MARKS) {
        return None;
    }
    let end = inner.char_indices().take_while(|(i, _)| *i < LONGEST).find(|(_, c)| *c == close || *c == '[' || *c == '［').filter(|(_, c)| *c == close)?.0;
    let (inside, total) = (&inner[..end], open.len_utf8() + end + close.len_utf8());
    // A link, a footnote, a check box.
    if open == '[' && (rest[total..].starts_with(['(', '[', ':']) || matches!(inside, " " | "x" | "X") && rest.len() > total && rest[total..].starts_with(' '))
    {
        return None;
    }
    let marks = inside.trim_matches(AROUND);
    let empty = if matches!(open, '（' | '(') { inside.chars().count() >= 2 && open == '（' || inside.chars().count() >= 3 } else { true };
    if marks.is_empty() {
        return (empty && !inside.is_empty() && !matches!(open, '<' | '＜')).then_some(total);
    }
    if marks.chars().all(|c| MARKS.contains(&c)) {
        return Some(total);
    }
    let lower = inside.trim().to_lowercase();
    let named = words
        .iter()
        .any(|w| w.strip_suffix('*').map_or(lower == *w, |stem| lower.starts_with(stem)) || w.strip_prefix('*').is_some_and(|tail| lower.ends_with(tail)));
    let visible = open == '［' && !inside.contains(['。', '、']) && inside.chars().count() <= 20;
    (named && matches!(open, '[' | '［' | '【' | '〔' | '＜' | '<') || visible).then_some(total)
}

/// Whether corner brackets hold a heading or a label, by what stands before and after them: 第1条【目的】, 【品名】 鋳物.
fn is_caption(before: &str, after: &str) -> bool {
    let number = before.trim_end().trim_end_matches(|c: char| c.is_numeric() || c == 'の');
    number.ends_with('条') || before.is_empty() && after.starts_with([' ', '　', ':', '：']) && !after.trim().is_empty()
}

/// ${name}, {{name}}: a template's own slot.
fn template(rest: &str) -> Option<usize> {
    let (open, close) = if rest.starts_with("${") { ("${", "}") } else { ("{{", "}}") };
    let inner = rest.strip_prefix(open)?;
    let end = inner.char_indices().take_while(|(i, _)| *i < LONGEST).find(|(i, _)| inner[*i..].starts_with(close))?.0;
    (inner[..end].contains(char::is_alphanumeric) && !inner[..end].contains(['\n', '{'])).then_some(open.len() + end + close.len())
}

/// ●● or ○○ anywhere, a single one before what it counts.
fn circles(rest: &str, c: char, before: Option<char>, begins: bool) -> Option<usize> {
    let run: usize = rest.chars().take(40).take_while(|x| *x == c).map(char::len_utf8).sum();
    let count = run / c.len_utf8();
    let next = rest[run..].chars().next();
    let kanji = |c: Option<char>| c.is_some_and(|c| "一二三四五六七八九十百千".contains(c));
    if kanji(before) || kanji(next) || before.is_some_and(|b| "○×△□◎●".contains(b)) {
        return None;
    }
    let filled = matches!(c, '●' | '○' | '〇' | '◯');
    let counted = next.is_some_and(|n| "年月日円％%か箇ヶカヵ名条時営万億回個件部通週株".contains(n));
    // A bullet is followed by a space or begins the line; a table's mark stands alone.
    let word = next.is_some_and(|n| n.is_alphanumeric()) && !begins;
    let open = match count {
        1 => filled && counted && !(begins && next != Some('年')) || c == '●' && word && before.is_some_and(|b| !b.is_whitespace() && b != '|'),
        2..=12 => filled || matches!(c, '△' | '□' | '▲') && next.is_some_and(|n| n.is_alphanumeric()),
        _ => false,
    };
    open.then_some(run)
}

fn underscores(rest: &str, c: char) -> Option<usize> {
    let run: usize = rest.chars().take_while(|x| matches!(x, '_' | '＿' | '\\')).map(char::len_utf8).sum();
    let count = rest[..run].chars().filter(|x| *x != '\\').count();
    let enough = if c == '＿' { 2 } else { 3 };
    let rest = &rest[run..];
    // A box to tick, or the rule above a footnote.
    let ticked = rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && count < 10;
    let note = rest.trim_start().starts_with(['*', '†', '‡']);
    (count >= enough && !ticked && !note).then_some(run)
}

/// 20XX年, XX月, yyyy年.
fn letters(rest: &str, before: Option<char>, japanese: bool) -> Option<usize> {
    if before.is_some_and(|b| b.is_ascii_alphanumeric() || ('Ａ'..='ｚ').contains(&b)) {
        return None;
    }
    let year = ["20XX", "20xx", "２０ＸＸ", "２０XX", "20__", "20●●", "20○○", "20〇〇", "yyyy", "YYYY"].into_iter().find(|y| rest.starts_with(y));
    if let Some(year) = year {
        let next = rest[year.len()..].chars().next();
        return (!next.is_some_and(|n| n.is_ascii_alphanumeric())).then_some(year.len());
    }
    let run: usize = rest.chars().take(40).take_while(|c| matches!(c, 'X' | 'x' | 'Ｘ')).map(char::len_utf8).sum();
    let count = rest[..run].chars().count();
    let next = rest[run..].chars().next();
    let counted = next.is_some_and(|n| "年月日円％%か箇ヶカヵ名条時万億回個".contains(n));
    // In English drafts a row of X is a redaction, and (xxx) a number.
    (japanese && count >= 2 && !rest.starts_with('x') && counted).then_some(run)
}

/// 　　年　　月　　日, 　　　円, 　　　（以下「乙」: a gap left for a value.
fn spaces(rest: &str, before: Option<char>) -> Option<usize> {
    let run: usize = rest.chars().take(100).take_while(|c| matches!(c, ' ' | '　')).map(char::len_utf8).sum();
    let width: usize = rest[..run].chars().map(|c| if c == '　' { 2 } else { 1 }).sum();
    let before = before?;
    let next = rest[run..].chars().next()?;
    let unit = "年月日円％%か箇ヶカヵ名".contains(next) && !rest[run..].starts_with("日本") && !rest[run..].starts_with("年間");
    let party = next == '（' && rest[run..].starts_with("（以下") || next == '(' && rest[run..].starts_with("(以下");
    let sentence = !matches!(before, '。' | '）' | ')' | '」' | '、') && before != '|';
    let dated = next == '年' && rest[run + next.len_utf8()..].starts_with([' ', '　']) && before != '。';
    let open = width >= 4 && (unit && sentence || dated || party && matches!(before, 'と' | 'る' | '、'));
    open.then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<&str> {
        blanks(line, true, &["insert*", "date", "*を記入"]).into_iter().map(|s| s.slice(line)).collect()
    }

    #[test]
    fn blanks_are_seen() {
        assert_eq!(found("期間は20XX年XX月XX日から［　　］年とする。"), ["20XX年XX月XX", "［　　］"]);
        assert_eq!(found("株式会社〇〇（以下"), ["〇〇"]);
        assert_eq!(found("○○裁判所、●日前、＿＿年間"), ["○○", "●", "＿＿"]);
        assert_eq!(found("on [●] or [____], the [insert date], ____ days"), ["[●]", "[____]", "[insert date]", "____"]);
        assert_eq!(found("［有効期間］の間、${乙名}は"), ["［有効期間］", "${乙名}"]);
        assert_eq!(found("期間は、　　　　年　　月　　日から"), ["　　　　年　　月　　"]);
        assert_eq!(found("東京商事と　　　　　　　　（以下「乙」"), ["　　　　　　　　"]);
        assert_eq!(found("〔　技術情報の名称　〕及び（　　）日以内"), ["（　　）"]);
        assert_eq!(found("【会社名を記入】"), ["【会社名を記入】"]);
        assert_eq!(found("　【date】（以下「締結日」という。）"), ["【date】"]);
    }

    #[test]
    fn what_is_no_blank_is_left_alone() {
        for line in [
            "[***] and [*] and [****] months",
            "二〇二六年一〇月",
            "● 第一の項目",
            "- [ ] 確認",
            "[link](https://example.com)",
            "| ○ | × | ○ |",
            "第1条【date】",
            "第12条の2 【date】",
            "【date】　2026年4月1日",
            "（以下「甲」という。）",
            "Section 7.2 [Indemnity]",
            "snake_case と a__b",
            "XXL サイズ、XML、2026年4月1日",
            "　　　第1条　目的",
            "30 年",
        ] {
            assert_eq!(found(line), Vec::<&str>::new(), "{line}");
        }
    }
}
