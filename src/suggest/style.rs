//! How a draft writes its articles and paragraphs, read off the ones it has.

use crate::outline::{Draft, Scheme, Unit, UnitId, UnitKind, to_roman};
use crate::span::Span;

/// An article's heading line taken apart: everything around its number and its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeadingShape {
    prefix: String,
    /// The label as written, empty where articles carry none.
    label: String,
    scheme: Option<Scheme>,
    between: String,
    after: String,
    /// The text goes on in the heading's line.
    pub run_in: bool,
    /// Articles have headings.
    pub titled: bool,
    /// Headings are in capitals.
    capitals: bool,
    /// Headings stand in a line of their own above the number: what surrounds them there.
    above: Option<(String, String)>,
}

/// How a numbered paragraph begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParagraphShape {
    prefix: String,
    label: String,
    scheme: Scheme,
    gap: String,
}

fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind(['\n', '\r']).map_or(0, |i| i + 1)
}

pub(super) fn line_end(source: &str, at: usize) -> usize {
    source[at..].find(['\n', '\r']).map_or(source.len(), |i| at + i)
}

/// Whether a text begins with an empty line, whatever its line ends.
pub(super) fn begins_blank(text: &str) -> bool {
    text.chars().filter(|c| *c != '\r').take(2).eq(['\n', '\n'])
}

/// Whether a text ends with an empty line.
pub(super) fn ends_blank(text: &str) -> bool {
    text.chars().rev().filter(|c| *c != '\r').take(2).eq(['\n', '\n'])
}

/// Whether a text begins with the end of a line, and no empty line follows.
pub(super) fn breaks_once(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| *c != '\r');
    chars.next() == Some('\n') && chars.find(|c| !matches!(c, ' ' | '\u{3000}' | '\t')) != Some('\n')
}

fn is_dressing(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '#' | '*'
                | '_'
                | '（'
                | '）'
                | '('
                | ')'
                | '【'
                | '】'
                | '［'
                | '］'
                | '['
                | ']'
                | '「'
                | '」'
                | '.'
                | ':'
                | '．'
                | '：'
                | '-'
                | '–'
                | '—'
                | '、'
        )
}

impl HeadingShape {
    /// The shape of an article's heading, if it has one that can be written again.
    pub(super) fn of(draft: &Draft, unit: &Unit) -> Option<HeadingShape> {
        let source = draft.source().text();
        let title = pieces_span(&unit.title);
        let label = unit.label.as_ref().map(|l| l.span);
        let first = label.or(title)?;
        let above = title.zip(label).filter(|(t, l)| t.end <= l.start).map(|(t, l)| {
            let close = &source[t.end..line_start(source, l.start)];
            (source[line_start(source, t.start)..t.start].to_owned(), close.to_owned())
        });
        let title = title.filter(|_| above.is_none());
        let start = line_start(source, first.start);
        let prefix = source[start..first.start].trim_start_matches('\u{feff}');
        if !prefix.chars().all(|c| is_dressing(c) && c != '-') {
            return None;
        }
        let (between, end) = match (label, title) {
            (Some(l), Some(t)) if t.start >= l.end => (&source[l.end..t.start], t.end),
            (Some(l), None) => ("", l.end),
            _ => ("", first.end),
        };
        if !between.chars().all(is_dressing) || between.matches('\n').count() > 2 {
            return None;
        }
        let text = pieces_span(&unit.text).filter(|t| t.start < line_end(source, end));
        let rest = text.map_or(&source[end..line_end(source, end)], |t| source.get(end..t.start).unwrap_or(""));
        // What an editor noted behind the heading is not part of its form.
        let mut after: String = rest.chars().take_while(|c| is_dressing(*c)).collect();
        let bold = prefix.contains("**") || between.contains("**");
        if bold && !after.contains("**") {
            after.truncate(after.trim_end().len());
            after.push_str("**");
        }
        let mut shape = HeadingShape {
            prefix: prefix.to_owned(),
            label: label.map_or(String::new(), |l| l.slice(source).trim_start_matches(['#', '*', ' ', '\u{3000}', '\u{feff}']).to_owned()),
            scheme: unit.label.as_ref().map(|l| l.scheme),
            between: between.to_owned(),
            after,
            run_in: text.is_some(),
            titled: true,
            capitals: title.is_some_and(|t| {
                let shown = t.slice(source);
                shown.len() > 3 && shown.chars().any(char::is_uppercase) && !shown.chars().any(char::is_lowercase)
            }),
            above,
        };
        if title.is_none() {
            // Articles without headings: the number, then the text as it stands here.
            shape.titled = false;
            let gap: String = text.and_then(|t| source.get(end..t.start)).unwrap_or("").to_owned();
            if (prefix.matches("**").count() + gap.matches("**").count()) % 2 == 1 {
                // Bold that goes on into the text: a heading that was not told from it.
                return None;
            }
            shape.between = gap;
            shape.after = String::new();
        }
        Some(shape)
    }

    /// The same, with the text in the heading's line only where `allowed`.
    pub(super) fn with_text_in_line(self, allowed: bool) -> HeadingShape {
        HeadingShape { run_in: self.run_in && (allowed || !self.titled), ..self }
    }

    /// A heading of this shape.
    pub(super) fn write(&self, ordinal: u32, branch: u32, title: &str) -> String {
        let label = if self.label.is_empty() { String::new() } else { relabel(&self.label, ordinal, branch) };
        if !self.titled {
            let above = self.above.as_ref().map_or(String::new(), |(open, close)| format!("{open}{title}{close}"));
            return format!("{above}{}{label}{}", self.prefix, self.between);
        }
        let title = if self.capitals { title.to_uppercase() } else { title.to_owned() };
        format!("{}{label}{}{title}{}", self.prefix, self.between, self.after.trim_end_matches(['\n', '\r']))
    }

    /// Whether articles are numbered 第N条, so that 第N条の2 can stand between two of them.
    pub(super) fn branches(&self) -> bool {
        self.scheme == Some(Scheme::Jo)
    }

    /// Whether articles carry numbers.
    pub(super) fn numbered(&self) -> bool {
        self.scheme.is_some()
    }
}

impl ParagraphShape {
    /// The shape of a numbered paragraph that stands directly in an article.
    pub(super) fn of(draft: &Draft, unit: &Unit) -> Option<ParagraphShape> {
        let label = unit.label.as_ref()?;
        let direct = unit.kind == UnitKind::Paragraph && unit.parent.is_some_and(|p| draft.units()[p].kind == UnitKind::Article);
        if !direct || !matches!(label.scheme, Scheme::Decimal(1 | 2) | Scheme::Ko) {
            return None;
        }
        let source = draft.source().text();
        let start = line_start(source, label.span.start);
        let prefix = &source[start..label.span.start];
        let text = pieces_span(&unit.text)?;
        let gap = source.get(label.span.end..text.start)?;
        let plain = |s: &str| s.chars().all(char::is_whitespace) && !s.contains('\n');
        // A label's span may hold the space that leads it.
        let written = label.span.slice(source);
        let lead = written.len() - written.trim_start().len();
        let own = text.slice(source);
        let inside = own.len() - own.trim_start().len();
        (plain(prefix) && plain(gap)).then(|| ParagraphShape {
            prefix: format!("{prefix}{}", &written[..lead]),
            label: written.trim().to_owned(),
            scheme: label.scheme,
            gap: format!("{gap}{}", &own[..inside]),
        })
    }

    /// Whether it is numbered `1.` and nothing more.
    pub(super) fn is_plain_number(&self) -> bool {
        self.scheme == Scheme::Decimal(1)
    }

    /// The beginning of paragraph `ordinal` of article `article`.
    pub(super) fn write(&self, article: u32, ordinal: u32) -> String {
        let label = match self.scheme {
            Scheme::Decimal(2) => {
                let second = last_number(&self.label).map_or(String::new(), |(from, _)| relabel(&self.label[from..], ordinal, 0));
                let first = last_number(&self.label).map_or("", |(from, _)| &self.label[..from]);
                let first = if article > 0 { relabel(first, article, 0) } else { first.to_owned() };
                format!("{first}{second}")
            }
            _ => relabel(&self.label, ordinal, 0),
        };
        let gap = if self.gap.is_empty() && !label.ends_with(['．', '.', '）', ')', '項']) { "　" } else { &self.gap };
        format!("{}{label}{gap}", self.prefix)
    }
}

pub(super) fn pieces_span(pieces: &[crate::outline::Piece]) -> Option<Span> {
    Some(pieces.first()?.run.span.join(pieces.last()?.run.span))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn last_number(label: &str) -> Option<(usize, usize)> {
    let end = label.char_indices().rev().find(|(_, c)| is_digit(*c)).map(|(i, c)| i + c.len_utf8())?;
    let start = label[..end].char_indices().rev().take_while(|(_, c)| is_digit(*c)).last().map(|(i, _)| i)?;
    Some((start, end))
}

/// A label with another number, in the same script: 第１２条 → 第１３条, ARTICLE IV → ARTICLE V.
fn relabel(label: &str, ordinal: u32, branch: u32) -> String {
    let kanji = |c: char| "〇一二三四五六七八九十百".contains(c);
    let run = |test: &dyn Fn(char) -> bool| {
        let start = label.find(test)?;
        let len: usize = label[start..].chars().take_while(|c| test(*c)).map(char::len_utf8).sum();
        Some((start, start + len))
    };
    if let Some((start, end)) = run(&is_digit) {
        let wide = label[start..].starts_with(|c: char| !c.is_ascii());
        let write = |n: u32| if wide { widen(&n.to_string()) } else { n.to_string() };
        let rest = unbranched(&label[end..]);
        let tail = if branch > 0 { format!("の{}", write(branch)) } else { String::new() };
        return format!("{}{}{}{tail}", &label[..start], write(ordinal), rest);
    }
    if let Some((start, end)) = run(&kanji) {
        let tail = if branch > 0 { format!("の{}", to_kanji(branch)) } else { String::new() };
        return format!("{}{}{}{tail}", &label[..start], to_kanji(ordinal), unbranched(&label[end..]));
    }
    // A roman number is the last word of letters.
    let trimmed = label.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let start = trimmed.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |i| i + 1);
    let roman = to_roman(ordinal);
    let roman = if trimmed[start..].starts_with(|c: char| c.is_ascii_uppercase()) { roman.to_uppercase() } else { roman };
    format!("{}{roman}{}", &label[..start], &label[trimmed.len()..])
}

/// The rest of a label without the branch of 第12条の2.
fn unbranched(rest: &str) -> &str {
    rest.find('の').map_or(rest, |i| &rest[..i])
}

/// A paragraph's number beside an article's label: 第１条 and 第一条 → ２ (二 would be an item), anything else in ASCII digits.
pub(super) fn number_like(label: &str, n: u32) -> String {
    if label.contains(|c: char| ('０'..='９').contains(&c) || "一二三四五六七八九十".contains(c)) { widen(&n.to_string()) } else { n.to_string() }
}

/// ASCII digits in full width.
pub(super) fn widen(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c }).collect()
}

fn to_kanji(n: u32) -> String {
    let digit = |d: u32| "〇一二三四五六七八九".chars().nth(d as usize).unwrap_or('〇');
    let mut out = String::new();
    for (unit, mark) in [(100, '百'), (10, '十')] {
        let d = n / unit % 10;
        if d > 1 {
            out.push(digit(d));
        }
        if d > 0 {
            out.push(mark);
        }
    }
    if !n.is_multiple_of(10) || n == 0 {
        out.push(digit(n % 10));
    }
    out
}

/// The articles of the contract that holds `at`: a file may hold several, each counting from its own first article.
pub(super) fn contract_of(draft: &Draft, at: Option<UnitId>) -> Vec<UnitId> {
    let mut runs: Vec<Vec<UnitId>> = vec![Vec::new()];
    let mut last = 0;
    for (id, unit) in draft.units().iter().enumerate() {
        if unit.kind != UnitKind::Article {
            continue;
        }
        let n = unit.label.as_ref().map_or(last + 1, |l| l.ordinal);
        if n == 1 && last > 1 {
            runs.push(Vec::new());
        }
        last = n;
        if let Some(run) = runs.last_mut() {
            run.push(id);
        }
    }
    let holds = |run: &&Vec<UnitId>| at.is_some_and(|a| run.binary_search(&a).is_ok());
    let found = runs.iter().find(holds).cloned();
    found.unwrap_or_else(|| runs.into_iter().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_script() {
        assert_eq!(relabel("第１２条", 13, 0), "第１３条");
        assert_eq!(relabel("第12条の2", 12, 3), "第12条の3");
        assert_eq!(relabel("第十二条", 21, 2), "第二十一条の二");
        assert_eq!(relabel("ARTICLE IV", 5, 0), "ARTICLE V");
        assert_eq!(relabel("12.", 13, 0), "13.");
        assert_eq!(relabel("1.0", 2, 0), "2.0");
    }
}
