//! Text in columns: cut, wrapped and marked so that wide characters stay aligned. Every function looks at no more of a text than it
//! shows, so that a draft on one line costs no more than any other.

use unicode_width::UnicodeWidthChar;

/// Columns of a character on a terminal. What is replaced by [`clean`] counts as its replacement.
fn columns_of(c: char) -> usize {
    if replaced(c).is_some() { 1 } else { c.width().unwrap_or(1) }
}

/// Characters that would move the cursor or turn the direction of a terminal, and what is shown instead.
fn replaced(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        c => super::is_obeyed(c).then_some('\u{fffd}'),
    }
}

/// The text as it may be shown on a terminal: no escape sequence of a draft is ever obeyed.
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != '\u{feff}').map(|c| replaced(c).unwrap_or(c)).collect()
}

/// As [`clean`], line breaks kept.
pub fn clean_lines(text: &str) -> String {
    text.split('\n').map(|line| clean(line.strip_suffix('\r').unwrap_or(line))).collect::<Vec<_>>().join("\n")
}

/// Columns of a text.
///
/// ```
/// assert_eq!(sekisho::render::frame::width("第1条"), 5);
/// ```
pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// As much of the front of a text as fits.
fn front(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (i, c) in text.char_indices() {
        used += columns_of(c);
        if used > columns {
            return &text[..i];
        }
    }
    text
}

/// As much of the end of a text as fits.
fn back(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (i, c) in text.char_indices().rev() {
        used += columns_of(c);
        if used > columns {
            return &text[i + c.len_utf8()..];
        }
    }
    text
}

/// The text in at most so many columns, an ellipsis where it is cut.
pub fn fit(text: &str, columns: usize) -> String {
    let all = front(text, columns);
    if all.len() == text.len() {
        return clean(text);
    }
    clean(front(text, columns.saturating_sub(1))) + "…"
}

/// The end of the text in at most so many columns, an ellipsis where it is cut.
pub fn fit_end(text: &str, columns: usize) -> String {
    let all = back(text, columns);
    if all.len() == text.len() {
        return clean(text);
    }
    format!("…{}", clean(back(text, columns.saturating_sub(1))))
}

/// The text, filled with spaces to so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// What stands before a mark on a line that is too long, at most.
const LEAD: usize = 16;

/// A line with the bytes `from..to` marked: what is shown, and the columns before and under the mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// What is shown.
    pub text: String,
    /// Columns before the mark.
    pub before: usize,
    /// Columns under the mark: one at least.
    pub under: usize,
}

/// Cuts a line to so many columns around a mark; the start of the mark always stays.
pub fn mark(line: &str, from: usize, to: usize, columns: usize) -> Marked {
    let (from, to) = (floor(line, from), floor(line, to.max(from)));
    let (lead, middle, tail) = (&line[..from], &line[from..to], &line[to..]);
    let mut text = String::new();
    if front(line, columns).len() == line.len() || back(lead, LEAD).len() == lead.len() {
        text.push_str(lead);
    } else {
        text.push('…');
        text.push_str(back(lead, LEAD - 1));
    }
    let before = width(&clean(&text));
    let room = columns.saturating_sub(before);
    let cut = front(middle, room).len() < middle.len();
    let shown = if cut { front(middle, room.saturating_sub(1)) } else { middle };
    let under = width(shown);
    text.push_str(shown);
    let room = room.saturating_sub(under);
    if cut {
        text.push('…');
    } else if front(tail, room).len() == tail.len() {
        text.push_str(tail);
    } else if room > 0 {
        text.push_str(front(tail, room - 1));
        text.push('…');
    }
    Marked { text: clean(&text), before, under: under.max(1) }
}

fn floor(line: &str, at: usize) -> usize {
    let mut at = at.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Breaks a text into lines of at most so many columns: Latin words whole, no Japanese line that begins with a closing mark.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut out = Vec::new();
    let mut rest = text.trim_end();
    while !rest.is_empty() {
        let fits = front(rest, columns);
        let mut end = fits.len().max(rest.chars().next().map_or(0, char::len_utf8));
        if end < rest.len() {
            end = break_before(rest, end);
        }
        out.push(clean(rest[..end].trim_end()));
        rest = rest[end..].trim_start_matches(' ');
    }
    out
}

/// The last good place to break at or before `end`.
fn break_before(text: &str, end: usize) -> usize {
    let mut at = end;
    for _ in 0..60 {
        let (Some(a), Some(b)) = (text[..at].chars().next_back(), text[at..].chars().next()) else { break };
        let wide = columns_of(a) == 2 || columns_of(b) == 2;
        let closes = matches!(b, '。' | '、' | '，' | '．' | '）' | '」' | '』' | '］' | '・' | 'ー' | ')' | ']' | '.' | ',' | ';');
        let opens = matches!(a, '（' | '「' | '『' | '［' | '(' | '[' | '“');
        if (b == ' ' || a == ' ' || wide) && !closes && !opens {
            return at;
        }
        at -= a.len_utf8();
        if at == 0 {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_under_wide_characters() {
        let line = "乙は、送付しない。";
        let from = line.find("送付").unwrap_or_default();
        assert_eq!(mark(line, from, from + 6, 100), Marked { text: line.to_owned(), before: 6, under: 4 });
    }

    #[test]
    fn a_long_line_is_cut_around_the_start_of_the_mark() {
        let line = format!("{}送付{}", "あ".repeat(2000), "い".repeat(2000));
        let marked = mark(&line, 6000, 12006, 40);
        assert!(marked.text.starts_with("…あ") && marked.text.ends_with("い…"), "{}", marked.text);
        assert!(width(&marked.text) <= 40 && marked.before <= LEAD);
        let short = mark(&line, 6000, 6006, 40);
        assert_eq!(short.under, 4);
        assert!(short.text.ends_with("い…") && width(&short.text) <= 40);
    }

    #[test]
    fn escapes_of_a_draft_are_not_obeyed() {
        assert_eq!(clean("\u{feff}a\x1b[31m\tb"), "a\u{fffd}[31m b");
        assert_eq!(mark("\tab", 1, 2, 20), Marked { text: " ab".to_owned(), before: 1, under: 1 });
    }

    #[test]
    fn an_empty_mark_is_one_column() {
        assert_eq!(mark("", 0, 0, 20), Marked { text: String::new(), before: 0, under: 1 });
        assert_eq!(mark("ab", 9, 3, 20).before, 2);
    }

    #[test]
    fn text_is_wrapped_at_words_and_not_before_closing_marks() {
        assert_eq!(wrap("one two three", 9), ["one two", "three"]);
        assert_eq!(wrap("送付してはならない。送付", 18), ["送付してはならな", "い。送付"]);
        assert_eq!(wrap(&"x".repeat(20), 10), ["x".repeat(10), "x".repeat(10)]);
        assert!(wrap("", 10).is_empty());
    }
}
