//! Words of the house that may appear only as code names, in whatever form they are written.

use super::{Context, Sheet};
use crate::fold::cluster;
use crate::library::{Confidence, ProtectedWord, Severity};
use crate::span::Span;
use aho_corasick::{AhoCorasick, MatchKind};

/// English endings a protected word may take.
const ENDINGS: [&str; 7] = ["", "s", "es", "'s", "ed", "d", "ing"];

/// Protected words, compiled.
#[derive(Clone, Debug)]
pub(super) struct Protected {
    words: Vec<ProtectedWord>,
    automaton: Option<AhoCorasick>,
    /// For each needle its word, and whether it is a code name that may stand.
    needles: Vec<(usize, bool)>,
}

/// A text as it is compared: folded, lower case, without spaces and hyphens; and for each byte where it stands in the source.
struct Squeezed {
    text: String,
    /// For each byte of `text`: first and last byte of its character in the source.
    places: Vec<(usize, usize)>,
}

/// Folds, and closes up what may stand inside a word: spaces, hyphens, a single line break, emphasis marks.
fn squeeze(source: &str) -> Squeezed {
    let mut out = Squeezed { text: String::new(), places: Vec::new() };
    let (mut at, mut breaks) = (0, 0);
    let mut piece = String::new();
    while at < source.len() {
        let rest = &source[at..];
        piece.clear();
        let len = cluster(rest, out.text.chars().next_back(), &mut piece).max(1);
        if rest.starts_with(['\n', '\r']) {
            breaks += usize::from(rest.starts_with('\n'));
            // An empty line ends a word.
            if breaks == 2 {
                out.push("\n", at, at + 1);
            }
            at += 1;
            continue;
        }
        let open = piece.chars().all(|c| matches!(c, ' ' | '-' | '*' | '_' | '\t'));
        if !open {
            breaks = 0;
            let lower = piece.to_lowercase();
            out.push(&lower, at, at + len);
        }
        at += len;
    }
    out
}

impl Squeezed {
    fn push(&mut self, piece: &str, from: usize, to: usize) {
        self.text.push_str(piece);
        self.places.extend(std::iter::repeat_n((from, to), piece.len()));
    }
}

impl Protected {
    pub fn new(words: &[ProtectedWord]) -> Protected {
        let mut texts: Vec<String> = Vec::new();
        let mut needles = Vec::new();
        for (i, word) in words.iter().enumerate() {
            let squeezed = squeeze(&word.word).text;
            let plural = squeezed.strip_suffix('y').filter(|s| s.is_ascii() && s.len() >= 3).map(|s| format!("{s}ies"));
            let gerund = squeezed.strip_suffix('e').filter(|s| s.is_ascii() && s.len() >= 4).map(|s| format!("{s}ing"));
            for text in [Some(squeezed.clone()), plural, gerund].into_iter().flatten().filter(|t| !t.is_empty()) {
                texts.push(text);
                needles.push((i, false));
            }
            let code = word.instead.as_deref().map(|c| squeeze(c).text).filter(|c| c.len() > squeezed.len() && c.contains(&squeezed));
            if let Some(code) = code {
                texts.push(code);
                needles.push((i, true));
            }
        }
        let automaton = (!texts.is_empty()).then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&texts).ok()).flatten();
        Protected { words: words.to_vec(), automaton, needles }
    }

    pub fn check(&self, context: &Context<'_>, sheet: &mut Sheet<'_>) {
        let Some(automaton) = &self.automaton else { return };
        let source = context.text();
        let squeezed = squeeze(source);
        for found in automaton.find_iter(&squeezed.text) {
            let (word, code) = self.needles[found.pattern().as_usize()];
            let (from, to) = (squeezed.places[found.start()].0, squeezed.places[found.end() - 1].1);
            let Some(to) = whole(source, from, to).filter(|_| !code) else { continue };
            let span = Span::new(from, to);
            let word = &self.words[word];
            let use_instead = word.instead.as_deref().unwrap_or("");
            let message = if use_instead.is_empty() { "protected-word-bare" } else { "protected-word" };
            let slots = [("word", span.slice(source)), ("use", use_instead), ("note", word.note.as_deref().unwrap_or(""))];
            sheet.add_as("protected-word", message, Severity::Error, Confidence::High, span, &slots);
        }
    }
}

/// Where the word that begins at `from` ends, with its English ending; nothing where it is only part of a longer word.
fn whole(source: &str, from: usize, to: usize) -> Option<usize> {
    let word = &source[from..to];
    let latin = |c: char| c.is_ascii_alphanumeric() || ('Ａ'..='ｚ').contains(&c) || ('０'..='９').contains(&c);
    let goes_on = |at: usize| source[at..].starts_with(latin);
    if word.starts_with(latin) && source[..from].ends_with(latin) {
        return None;
    }
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾟ');
    if word.chars().all(katakana) && (source[..from].ends_with(katakana) || source[to..].starts_with(katakana)) && word.chars().count() <= 4 {
        return None;
    }
    if !word.ends_with(latin) || !goes_on(to) {
        return Some(to);
    }
    let rest = &source[to..];
    ENDINGS.iter().filter(|e| rest.get(..e.len()).is_some_and(|r| r.eq_ignore_ascii_case(e))).map(|e| to + e.len()).find(|end| *end > to && !goes_on(*end))
}
