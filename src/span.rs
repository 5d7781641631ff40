//! Floor 1: positions.
//!
//! Two types so that they cannot be mixed up: [`Span`] counts bytes of the decoded text of a draft,
//! [`FoldedSpan`] counts bytes of its folded text. Only the fold turns one into the other.

/// A half-open range of bytes in the decoded text of a draft.
///
/// ```
/// let span = sekisho::Span::new(3, 6);
/// assert_eq!(span.len(), 3);
/// assert_eq!(span.slice("abcdef"), "def");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A half-open range of bytes in the folded text of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct FoldedSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`; an `end` before `start` gives an empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end: if end < start { start } else { end } }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The text it covers; empty where it does not lie on character boundaries of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// The smallest span that covers both.
    pub fn join(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl FoldedSpan {
    /// A span from `start` to `end`; an `end` before `start` gives an empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        FoldedSpan { start, end: if end < start { start } else { end } }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The text it covers; empty where it does not lie on character boundaries of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A position for people: line and column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

/// Where each line of a text begins; turns byte offsets into lines and columns.
///
/// Building it reads the text once. A line ends with LF, CR LF or a lone CR.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// How many characters begin before each block of the text, so that a column costs the same however long its line is.
    before: Vec<usize>,
}

/// The length of such a block.
const BLOCK: usize = 4096;

/// How many characters begin in some bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b as i8 >= -0x40).count()
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        starts.extend(ends.filter(|i| bytes[*i] == b'\n' || bytes.get(i + 1) != Some(&b'\n')).map(|i| i + 1));
        let before = bytes.chunks(BLOCK).scan(0, |all, block| Some(std::mem::replace(all, *all + characters(block)))).collect();
        LineIndex { starts, before }
    }

    /// Line (from 0) that holds byte `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&s| s <= offset) - 1
    }

    /// First byte of line `line` (from 0); the start of the last line where there is no such line.
    pub fn line_start(&self, line: usize) -> usize {
        let last = self.starts.len() - 1;
        self.starts[line.min(last)]
    }

    /// How many lines there are; a text that ends with a line break has an empty last line.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// Line and column of byte `offset` in `text`. Costs the same wherever it stands.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        let line = self.line_of(offset);
        let start = self.starts[line];
        let column = if text.is_char_boundary(offset) { self.characters_before(text, offset) - self.characters_before(text, start) } else { 0 };
        LineColumn { line: line + 1, column: column + 1 }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let Some(before) = self.before.get(block).or(self.before.last()) else { return 0 };
        let from = block.min(self.before.len() - 1) * BLOCK;
        before + characters(&text.as_bytes()[from..offset])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = "甲は\r\n乙は、\n";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 3);
        let at = text.find("は、").unwrap();
        assert_eq!(index.line_column(text, at), LineColumn { line: 2, column: 2 });
    }

    #[test]
    fn a_span_never_runs_backwards() {
        assert!(Span::new(5, 2).is_empty());
        assert_eq!(Span::new(1, 3).join(Span::new(7, 9)), Span::new(1, 9));
    }
}
