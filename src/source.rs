//! Floor 2: bytes to text.
//!
//! The decoded text is kept as it is, byte order mark and line endings included, so that positions in a UTF-8 file are
//! positions in the text and writing it back loses nothing.

use crate::span::{LineColumn, LineIndex};
use encoding_rs::Encoding;

/// Drafts larger than this are refused: no contract is that long, and a whole archive should not be read as one.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A draft's text, its name, and how it was encoded.
#[derive(Clone, Debug)]
pub struct SourceText {
    name: String,
    text: String,
    encoding: &'static Encoding,
    lines: LineIndex,
}

/// Why bytes could not be read as a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Larger than [`MAX_BYTES`].
    #[error("{name}: {bytes} bytes is more than a draft may have ({MAX_BYTES}); split the file")]
    TooLarge {
        /// The draft's name.
        name: String,
        /// Its size in bytes.
        bytes: usize,
    },
    /// NUL bytes: not a text file.
    #[error("{name}: not a text file (NUL at byte {offset}, line {line}); convert it to Markdown first")]
    Binary {
        /// The draft's name.
        name: String,
        /// The first of them.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// Neither UTF-8 nor any encoding that could be recognised.
    #[error("{name}: the text is not valid {encoding} (first bad byte at {offset}, line {line}); save it as UTF-8")]
    Malformed {
        /// The draft's name.
        name: String,
        /// The encoding tried.
        encoding: &'static str,
        /// The first byte that could not be read.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
}

impl SourceText {
    /// A draft from text in memory.
    ///
    /// ```
    /// let source = sekisho::SourceText::new("nda.md", "# 秘密保持契約書\n");
    /// assert_eq!(source.name(), "nda.md");
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = LineIndex::new(&text);
        SourceText { name: name.into(), text, encoding: encoding_rs::UTF_8, lines }
    }

    /// Decodes `bytes`: a byte order mark first, then UTF-8, then a guess among the Japanese encodings.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are too many, binary, or in no encoding that can be recognised. Nothing is replaced silently.
    pub fn decode(name: impl Into<String>, bytes: &[u8]) -> Result<Self, DecodeError> {
        let name = name.into();
        if bytes.len() > MAX_BYTES {
            return Err(DecodeError::TooLarge { name, bytes: bytes.len() });
        }
        let encoding = match Encoding::for_bom(bytes) {
            Some((encoding, _)) => encoding,
            // Well-formed UTF-8 with a NUL in it may read as UTF-16 by chance.
            None if bytes.contains(&0) => match unmarked_utf16(bytes).filter(|_| !mostly_utf8(bytes)) {
                Some(encoding) => encoding,
                None => return Err(binary(name, encoding_rs::UTF_8, bytes)),
            },
            // ISO-2022-JP is all ASCII bytes, so it passes as UTF-8; its escape sequence tells.
            None if memchr::memchr_iter(0x1b, bytes).any(|i| matches!(bytes.get(i + 1..i + 3), Some(b"$B" | b"$@"))) => encoding_rs::ISO_2022_JP,
            None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
            // Well-formed UTF-8 but for a damaged place is damaged UTF-8, not another encoding that happens to read.
            None if mostly_utf8(bytes) => encoding_rs::UTF_8,
            None => guess(bytes),
        };
        match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) if text.contains('\0') => Err(binary(name, encoding, bytes)),
            Some(text) => {
                let text = text.into_owned();
                let lines = LineIndex::new(&text);
                Ok(SourceText { name, text, encoding, lines })
            }
            None => {
                let (offset, line) = first_bad(encoding, bytes);
                Err(DecodeError::Malformed { name, encoding: encoding.name(), offset, line })
            }
        }
    }

    /// `text` as bytes in the encoding this draft came in. `None` when it holds a character that encoding cannot express.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        if self.encoding == encoding_rs::UTF_16LE || self.encoding == encoding_rs::UTF_16BE {
            let little = self.encoding == encoding_rs::UTF_16LE;
            let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            return Some(text.encode_utf16().flat_map(bytes).collect());
        }
        let (bytes, _, lossy) = self.encoding.encode(text);
        (!lossy).then(|| bytes.into_owned())
    }

    /// The draft's name, as given: usually its path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the encoding it came in, e.g. `UTF-8` or `Shift_JIS`.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Its line index.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// Line and column of byte `offset` in the decoded text.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.lines.line_column(&self.text, offset)
    }

    /// The line ending the text uses: CR LF where its first line ends so, LF otherwise.
    pub fn newline(&self) -> &'static str {
        match self.text.find('\n') {
            Some(i) if i > 0 && self.text.as_bytes()[i - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }
}

/// Whether most of the characters beyond ASCII are well-formed UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

/// The encoding of UTF-16 without a byte order mark: read so, it is text with line breaks or spaces and no control characters, and read
/// the other way round it is not. Only asked of bytes that hold NUL, as its line breaks and spaces do.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let reads = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.is_some_and(|t| t.contains(['\n', ' ', '　']) && !t.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c')))
    };
    match (reads(encoding_rs::UTF_16LE), reads(encoding_rs::UTF_16BE)) {
        (true, false) => Some(encoding_rs::UTF_16LE),
        (false, true) => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

fn binary(name: String, encoding: &'static Encoding, bytes: &[u8]) -> DecodeError {
    // A pair of zero bytes is the NUL of UTF-16.
    let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    let offset = if wide { bytes.chunks(2).take_while(|u| *u != [0, 0]).count() * 2 } else { bytes.iter().take_while(|b| **b != 0).count() };
    let before = bytes.get(..offset).unwrap_or_default();
    DecodeError::Binary { name, offset, line: line_after(encoding, before) }
}

/// The first byte that `encoding` has no reading for, and its line.
fn first_bad(encoding: &'static Encoding, bytes: &[u8]) -> (usize, usize) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3));
    let offset = match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (encoding_rs::DecoderResult::Malformed(bad, after), read) => read.saturating_sub(usize::from(bad) + usize::from(after)),
        (_, read) => read,
    };
    (offset, 1 + text.matches('\n').count())
}

/// The line that follows `bytes`, from 1.
fn line_after(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    1 + encoding.decode_without_bom_handling(bytes).0.matches('\n').count()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(Some(b"jp"), chardetng::Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "第１条（秘密保持）\r\n乙は、秘密情報を第三者に開示してはならない。\r\n";

    #[test]
    fn japanese_encodings_round_trip() {
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP, encoding_rs::UTF_8] {
            let (bytes, _, _) = encoding.encode(TEXT);
            let source = SourceText::decode("x", &bytes).unwrap();
            assert_eq!(source.text(), TEXT);
            assert_eq!(source.encoding(), encoding.name());
            assert_eq!(source.encode(TEXT).as_deref(), Some(&*bytes));
        }
    }

    #[test]
    fn byte_order_marks_are_kept() {
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let utf8 = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        for bytes in [utf16, utf8] {
            let source = SourceText::decode("x", &bytes).unwrap();
            assert_eq!(source.text().trim_start_matches('\u{feff}'), TEXT);
            assert_eq!(source.encode(source.text()).unwrap(), bytes);
        }
    }

    #[test]
    fn utf8_with_a_nul_is_not_utf16() {
        // Read as big-endian UTF-16, this is a line break between Chinese characters.
        let text = "甲と乙の覚書\0\n乙は守る";
        assert!(matches!(SourceText::decode("x", text.as_bytes()), Err(DecodeError::Binary { offset: 18, line: 1, .. })));
    }

    #[test]
    fn utf16_needs_no_byte_order_mark() {
        for text in [TEXT, "1. Secrecy.\nRecipient shall not copy.\n"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for (bytes, name) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
                let source = SourceText::decode("x", &bytes).unwrap();
                assert_eq!((source.text(), source.encoding()), (text, name));
                assert_eq!(source.encode(text).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn binary_is_refused_with_its_place() {
        for (bytes, place) in
            [(&b"PK\x03\x04\0\0"[..], (4, 1)), (b"a\nb\0c\n", (3, 2)), (b"\xFF\xFEa\0\n\0\0\0", (6, 2)), (b"\x7FELF\x02\x01\x01\0\0\0\0\0", (7, 1))]
        {
            let error = SourceText::decode("x", bytes).unwrap_err();
            assert_eq!(error, DecodeError::Binary { name: "x".to_owned(), offset: place.0, line: place.1 });
        }
    }

    #[test]
    fn a_lone_surrogate_is_refused_with_its_place() {
        for lone in [&[0x00, 0xD8, b'b', 0][..], &[0x00, 0xDC, b'b', 0], &[0x00, 0xD8]] {
            let bytes = [b"\xFF\xFEa\0\n\0".as_slice(), lone].concat();
            let error = SourceText::decode("x", &bytes).unwrap_err();
            assert_eq!(error, DecodeError::Malformed { name: "x".to_owned(), encoding: "UTF-16LE", offset: 6, line: 2 });
        }
        // UTF-8 has no surrogates at all.
        let error = SourceText::decode("x", b"\xEF\xBB\xBFa\n\xED\xA0\x80").unwrap_err();
        assert!(matches!(error, DecodeError::Malformed { encoding: "UTF-8", offset: 5, line: 2, .. }), "{error:?}");
    }

    #[test]
    fn damaged_utf8_is_refused_with_its_place() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.insert(3, 0xE3);
        let error = SourceText::decode("x", &bytes).unwrap_err();
        assert!(matches!(error, DecodeError::Malformed { encoding: "UTF-8", offset: 3, .. }), "{error}");
    }

    #[test]
    fn line_endings_are_seen() {
        assert_eq!(SourceText::new("x", TEXT).newline(), "\r\n");
        assert_eq!(SourceText::new("x", "a\nb").newline(), "\n");
    }
}
