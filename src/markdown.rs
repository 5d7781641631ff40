//! Floor 3: text to blocks and visible lines.
//!
//! pulldown-cmark says what is visible and where it stands; legal structure is read from the lines by the next floor,
//! because Markdown's own lists drop and renumber what a contract counts.

use crate::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// What kind of block a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum BlockKind {
    /// A heading of the given level (1 to 6).
    Heading(u8),
    /// Ordinary text, also indented or fenced plain text.
    Text,
    /// A cell of a table.
    Cell,
}

/// A stretch of visible text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    /// Where it stands in the source.
    pub span: Span,
    /// What it shows, where that is not the source itself (`&amp;` shows `&`).
    pub shows: Option<String>,
}

impl Run {
    /// The visible text.
    pub fn text<'a>(&'a self, source: &'a str) -> &'a str {
        self.shows.as_deref().unwrap_or_else(|| self.span.slice(source))
    }
}

/// A visible line: what stands between two line breaks of a block.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Which block of the draft it stands in, counted from 0; lines of one block share it.
    pub block: usize,
    /// What kind of block that is.
    pub kind: BlockKind,
    /// The marker of the list item that begins here (`1.`, `-`), where one does.
    pub marker: Option<Span>,
    /// How deep in lists it stands, from 0.
    pub depth: usize,
    /// The visible runs, in order; never empty.
    pub runs: Vec<Run>,
}

impl Line {
    /// From its marker or first run to its last run.
    pub fn span(&self) -> Span {
        let first = self.marker.unwrap_or(self.runs[0].span);
        first.join(self.runs[self.runs.len() - 1].span)
    }
}

/// A Markdown text as it is read.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// The visible lines, in order.
    pub lines: Vec<Line>,
    /// Tables, block quotes and HTML at the top: text must not be put inside them, only after.
    pub solid: Vec<Span>,
}

/// No list is looked at for items that stand further in than this (in bytes).
const DEEPEST_COLUMN: usize = 100;

/// What ends a line; CR LF ends it twice, and an empty line is none.
const BREAKS: [char; 2] = ['\n', '\r'];

/// Reads a Markdown text. Never fails; costs linear time.
pub fn read(source: &str) -> Blocks {
    let skip = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader {
        source,
        lines: Vec::new(),
        runs: Vec::new(),
        marker: None,
        block: 0,
        kind: BlockKind::Text,
        depth: 0,
        lists: Vec::new(),
        opaque: 0,
        deleted: 0,
        comment: false,
        solid: Vec::new(),
        quotes: 0,
        table: false,
    };
    for (event, range) in Parser::new_ext(&source[skip..], options).into_offset_iter() {
        reader.event(event, Span::new(range.start + skip, range.end + skip));
    }
    reader.end_block();
    Blocks { lines: reader.lines, solid: reader.solid }
}

struct Reader<'s> {
    source: &'s str,
    lines: Vec<Line>,
    runs: Vec<Run>,
    marker: Option<Span>,
    block: usize,
    kind: BlockKind,
    depth: usize,
    /// Of each list that is open, the column of its first marker, and whether the item that is open stands further in.
    lists: Vec<(Option<usize>, bool)>,
    opaque: usize,
    deleted: usize,
    /// Inside an HTML comment that goes on over several events.
    comment: bool,
    solid: Vec<Span>,
    quotes: usize,
    /// Inside an HTML table that blank lines cut into several blocks.
    table: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) => self.text(&text, span),
            Event::Code(text) => self.text(&text, span),
            Event::Html(_) | Event::InlineHtml(_) => self.html(span),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Rule => self.end_block(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_block();
                self.kind = if is_heading(span.slice(self.source)) { BlockKind::Heading(level as u8) } else { BlockKind::Text };
            }
            Tag::Paragraph => self.end_block(),
            Tag::BlockQuote(_) | Tag::Table(_) | Tag::HtmlBlock => {
                self.end_block();
                if self.quotes == 0 {
                    self.solid(span, matches!(tag, Tag::HtmlBlock));
                }
                self.quotes += usize::from(matches!(tag, Tag::BlockQuote(_)));
            }
            Tag::TableCell => {
                self.end_block();
                self.kind = BlockKind::Cell;
            }
            Tag::List(_) => {
                self.end_block();
                self.depth += 1;
                self.lists.push((None, false));
            }
            Tag::Item => {
                self.end_block();
                self.marker = marker(self.source, span);
                // Two spaces do not nest an item below a numbered one, but whoever writes them means it.
                let column = self.marker.and_then(|m| column(self.source, m.start));
                if let (Some(column), Some(list)) = (column, self.lists.last_mut()) {
                    list.1 = column >= *list.0.get_or_insert(column) + 2;
                    self.depth += usize::from(list.1);
                }
            }
            Tag::CodeBlock(kind) => {
                self.end_block();
                // Text pasted with indentation, or fenced to keep its line breaks, is prose; a fence that names a language is code.
                if matches!(&kind, CodeBlockKind::Fenced(info) if !matches!(info.trim(), "" | "text" | "txt" | "plain")) {
                    self.opaque += 1;
                }
            }
            Tag::Strikethrough if span.slice(self.source).starts_with("~~") => self.deleted += 1,
            Tag::Image { .. } | Tag::MetadataBlock(_) => self.opaque += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
                self.depth = self.depth.saturating_sub(1);
            }
            TagEnd::Item => {
                self.end_block();
                let further = self.lists.last_mut().is_some_and(|list| std::mem::take(&mut list.1));
                self.depth = self.depth.saturating_sub(usize::from(further));
            }
            TagEnd::CodeBlock | TagEnd::Image | TagEnd::MetadataBlock(_) => {
                self.end_block();
                self.opaque = self.opaque.saturating_sub(1);
            }
            TagEnd::Strikethrough if span.slice(self.source).starts_with("~~") => {
                self.deleted = self.deleted.saturating_sub(1);
            }
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::Table | TagEnd::TableCell | TagEnd::HtmlBlock => self.end_block(),
            _ => {}
        }
    }

    fn solid(&mut self, span: Span, html: bool) {
        let open = std::mem::take(&mut self.table);
        if html {
            let lower = span.slice(self.source).to_ascii_lowercase();
            let (opened, closed) = (lower.rfind("<table"), lower.rfind("</table"));
            self.table = if open { closed.is_none() } else { opened > closed };
        }
        match self.solid.last_mut() {
            Some(last) if open => last.end = span.end,
            _ => self.solid.push(span),
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if self.opaque > 0 || self.deleted > 0 || self.comment {
            return;
        }
        let written = span.slice(self.source);
        // What is shown is mostly the source itself, and mostly one line of it.
        let same = std::ptr::eq(written, text);
        if same && memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
            return self.push(span);
        }
        if !same && written != text {
            // A line break of the source may be shown as another one.
            let shown = text.trim_end_matches('\n');
            if !shown.is_empty() {
                self.runs.push(Run { span, shows: Some(shown.to_owned()) });
            }
            if shown.len() < text.len() {
                self.end_line();
            }
            return;
        }
        // Only plain text blocks hold line breaks inside one event.
        let mut at = span.start;
        for line in text.split_inclusive(BREAKS) {
            let shown = line.trim_end_matches(BREAKS);
            self.push(Span::new(at, at + shown.len()));
            at += line.len();
            if shown.len() < line.len() {
                self.end_line();
            }
        }
    }

    /// Raw HTML: what stands outside tags and comments is visible.
    fn html(&mut self, span: Span) {
        if self.opaque > 0 || self.deleted > 0 {
            return;
        }
        let html = span.slice(self.source);
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            if self.comment {
                let Some(end) = rest.find("-->") else { return };
                self.comment = false;
                at += end + 3;
            } else if rest.starts_with("<!--") {
                self.comment = true;
                at += 4;
            } else if rest.starts_with('<') {
                let end = rest.find('>').map_or(rest.len(), |e| e + 1);
                if breaks_line(&rest[..end]) {
                    self.end_block();
                }
                at += end;
            } else {
                let end = rest.find('<').unwrap_or(rest.len());
                let mut from = span.start + at;
                for line in rest[..end].split_inclusive(BREAKS) {
                    let shown = line.trim_end();
                    let indent = shown.len() - shown.trim_start().len();
                    self.push(Span::new(from + indent, from + shown.len()));
                    from += line.len();
                    if line.ends_with(BREAKS) {
                        self.end_line();
                    }
                }
                at += end;
            }
        }
    }

    fn push(&mut self, span: Span) {
        if let Some(last) = self.runs.last_mut().filter(|r| r.shows.is_none() && r.span.end == span.start) {
            last.span.end = span.end;
        } else if !span.is_empty() {
            self.runs.push(Run { span, shows: None });
        }
    }

    fn end_line(&mut self) {
        let blank = |run: &Run| run.text(self.source).trim().is_empty();
        if self.runs.iter().all(blank) {
            self.runs.clear();
            return;
        }
        self.lines.push(Line { block: self.block, kind: self.kind, marker: self.marker.take(), depth: self.depth, runs: std::mem::take(&mut self.runs) });
    }

    fn end_block(&mut self) {
        self.end_line();
        self.block += 1;
        self.kind = BlockKind::Text;
    }
}

/// A line of text over a rule (`---`) is a heading to Markdown; to a contract only when it is short and no sentence.
fn is_heading(source: &str) -> bool {
    let text = source.trim_start();
    if text.starts_with('#') {
        return true;
    }
    let first = text.lines().next().unwrap_or("").trim_end();
    text.lines().filter(|l| !l.trim().is_empty()).count() <= 2 && first.chars().count() <= 60 && !first.ends_with(['。', '.', ';', ',', '、'])
}

fn marker(source: &str, item: Span) -> Option<Span> {
    // The item begins with its indentation.
    let whole = item.slice(source);
    let text = whole.trim_start();
    let start = item.start + (whole.len() - text.len());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let len = match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => digits + 1,
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        _ => return None,
    };
    Some(Span::new(start, start + len))
}

/// How many bytes stand before a place in its line; nothing where that is far.
fn column(source: &str, at: usize) -> Option<usize> {
    let from = at.saturating_sub(DEEPEST_COLUMN);
    let before = &source.as_bytes()[from..at];
    match before.iter().rposition(|b| BREAKS.contains(&char::from(*b))) {
        Some(i) => Some(before.len() - i - 1),
        None => (from == 0).then_some(at),
    }
}

fn breaks_line(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    ["br", "p", "div", "tr", "td", "th", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"].iter().any(|b| name.eq_ignore_ascii_case(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<String> {
        let text = |l: &Line| l.runs.iter().map(|r| r.text(source)).collect::<String>();
        read(source).lines.iter().map(text).collect()
    }

    #[test]
    fn list_numbers_come_from_the_source() {
        let source = "1. 甲\n3. 乙\n";
        let markers: Vec<_> = read(source).lines.iter().map(|l| l.marker.unwrap().slice(source).to_owned()).collect();
        assert_eq!(markers, ["1.", "3."]);
    }

    #[test]
    fn indented_text_is_prose() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "本文\n\n    第1条 目的\n    甲は\n".replace('\n', end);
            assert_eq!(shown(&text).iter().map(|l| l.trim()).collect::<Vec<_>>(), ["本文", "第1条 目的", "甲は"], "{end:?}");
        }
    }

    #[test]
    fn comments_and_tags_are_invisible() {
        assert_eq!(shown("<!-- 第9条 -->\n<table><tr><td>甲</td><td>乙</td></tr></table>\n"), ["甲", "乙"]);
    }

    #[test]
    fn struck_text_is_deleted_but_a_tilde_is_not_a_stroke() {
        assert_eq!(shown("甲は~~乙に~~払う"), ["甲は払う"]);
        assert!(shown("1~3日、5~7日").concat().contains("3日、5"));
    }

    #[test]
    fn a_byte_order_mark_hides_no_heading() {
        assert_eq!(read("\u{feff}# 契約書").lines[0].kind, BlockKind::Heading(1));
    }
}
