//! The pattern language: words, groups, alternatives, optional parts and two kinds of gap. No more than that, so that a lawyer can read it.

use crate::fold::fold_text;
use std::collections::HashMap;
use std::rc::Rc;

/// Some words by their numbers; groups are shared, since hundreds of patterns name them.
pub type Words = Rc<[u32]>;

/// The words of a language, each with its number.
#[derive(Debug, Default)]
pub struct Vocabulary {
    ids: HashMap<Rc<str>, u32>,
    texts: Vec<Rc<str>>,
}

impl Vocabulary {
    /// The number of a word.
    pub fn id(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let (id, text) = (self.texts.len() as u32, Rc::<str>::from(word));
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    /// The word of that number.
    pub fn text(&self, id: u32) -> &str {
        &self.texts[id as usize]
    }
}

/// What may stand between two elements of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Gap {
    /// Nothing but a space or a mark.
    Adjacent,
    /// `..`
    Near,
    /// `...`
    Far,
}

/// One element: any of these plain words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    /// What must stand before it.
    pub gap: Gap,
    /// The words, folded; a trailing `*` is kept.
    pub words: Words,
}

/// A pattern after its optional parts are written out.
pub type Sequence = Vec<Element>;

/// A pattern whose optional parts make more variants than this is refused.
const MOST_VARIANTS: usize = 64;
/// A pattern with more elements than this is refused.
const MOST_ELEMENTS: usize = 24;

/// A pattern longer than this (in bytes) is refused unread.
const LONGEST_PATTERN: usize = 4_000;

#[derive(Clone, Debug)]
enum Node {
    Choice(Words),
    Optional(Vec<Node>),
    Gap(Gap),
}

/// Reads a pattern. `group` gives the words of a group.
///
/// # Errors
/// A sentence that says what is wrong with the pattern.
pub fn parse(pattern: &str, group: &dyn Fn(&str) -> Option<Words>, vocabulary: &mut Vocabulary) -> Result<Vec<Sequence>, String> {
    if pattern.len() > LONGEST_PATTERN {
        return Err(format!("longer than {LONGEST_PATTERN} bytes; write several patterns"));
    }
    let nodes = nodes(pattern, group, vocabulary)?;
    let mut variants: Vec<Vec<Node>> = vec![Vec::new()];
    for node in nodes {
        if let Node::Optional(inner) = node {
            let with: Vec<Vec<Node>> = variants.iter().map(|v| v.iter().cloned().chain(inner.iter().cloned()).collect()).collect();
            variants.extend(with);
        } else {
            variants.iter_mut().for_each(|v| v.push(node.clone()));
        }
        if variants.len() > MOST_VARIANTS {
            return Err(format!("more than {MOST_VARIANTS} variants; write fewer [optional] parts"));
        }
    }
    let mut sequences = Vec::new();
    for variant in variants {
        let sequence = sequence(variant)?;
        if !sequences.contains(&sequence) {
            sequences.push(sequence);
        }
    }
    Ok(sequences)
}

fn nodes(pattern: &str, group: &dyn Fn(&str) -> Option<Words>, vocabulary: &mut Vocabulary) -> Result<Vec<Node>, String> {
    let pattern = fold_marks(pattern);
    let mut out = Vec::new();
    let mut rest = pattern.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("...") {
            out.push(Node::Gap(Gap::Far));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("..") {
            out.push(Node::Gap(Gap::Near));
            rest = after;
        } else if c == '{' || c == '(' || c == '[' {
            let close = match c {
                '{' => '}',
                '(' => ')',
                _ => ']',
            };
            let Some(end) = rest.find(close) else { return Err(format!("`{c}` is not closed")) };
            let inner = &rest[1..end];
            rest = &rest[end + 1..];
            match c {
                '{' => out.push(Node::Choice(words_of(inner, group)?)),
                '(' => out.push(Node::Choice(choice(inner, group, vocabulary)?)),
                _ => {
                    let parts = nodes(inner, group, vocabulary)?;
                    if parts.is_empty() || inner.contains(['[', '(']) {
                        return Err("an [optional] part holds plain words, {groups} or gaps".to_owned());
                    }
                    out.push(Node::Optional(parts));
                }
            }
        } else if matches!(c, '}' | ')' | ']' | '|') {
            return Err(format!("`{c}` stands alone; alternatives go in brackets: (a|b)"));
        } else {
            let end = gap_start(rest).min(rest.find(['{', '(', '[', '}', ')', ']', '|']).unwrap_or(rest.len()));
            let word = fold_text(&rest[..end]);
            if !word.is_empty() {
                out.push(Node::Choice(Rc::from([vocabulary.id(&checked(word)?)])));
            }
            rest = &rest[end..];
        }
    }
    if out.iter().all(|n| matches!(n, Node::Gap(_))) {
        return Err("no word in it".to_owned());
    }
    Ok(out)
}

fn gap_start(text: &str) -> usize {
    text.find("..").unwrap_or(text.len())
}

/// Full-width brackets and bars in a pattern are the pattern's own marks.
fn fold_marks(pattern: &str) -> String {
    pattern.chars().map(|c| if matches!(c, '｛' | '｝' | '｜' | '［' | '］') { char::from_u32(c as u32 - 0xFEE0).unwrap_or(c) } else { c }).collect()
}

fn words_of(name: &str, group: &dyn Fn(&str) -> Option<Words>) -> Result<Words, String> {
    group(name.trim()).ok_or_else(|| format!("no group of words is called `{}`", name.trim()))
}

fn choice(inner: &str, group: &dyn Fn(&str) -> Option<Words>, vocabulary: &mut Vocabulary) -> Result<Words, String> {
    let mut words = Vec::new();
    for part in inner.split('|') {
        let part = part.trim();
        if let Some(name) = part.strip_prefix('{') {
            words.extend_from_slice(&words_of(name.trim_end_matches('}'), group)?);
        } else {
            let word = fold_text(part);
            if word.is_empty() || part.contains("..") || part.contains(['{', '[']) {
                return Err(format!("`{part}`: an alternative is a plain word or a {{group}}; write a second pattern instead"));
            }
            words.push(vocabulary.id(&checked(word)?));
        }
    }
    Ok(words.into())
}

/// A word as it may stand in a pattern: not empty, `*` only at its end.
///
/// # Errors
/// A sentence that says what is wrong with the word.
pub fn checked(word: String) -> Result<String, String> {
    let stem = word.strip_suffix('*').unwrap_or(&word);
    if stem.contains('*') {
        return Err(format!("`{word}`: `*` stands only at the end of a word"));
    }
    if stem.trim().is_empty() {
        return Err("an empty word".to_owned());
    }
    Ok(word.to_ascii_lowercase())
}

fn sequence(nodes: Vec<Node>) -> Result<Sequence, String> {
    let mut out: Sequence = Vec::new();
    let mut gap = Gap::Adjacent;
    for node in nodes {
        let words = match node {
            Node::Gap(g) => {
                gap = if gap == Gap::Far { gap } else { g };
                continue;
            }
            Node::Choice(words) => words,
            Node::Optional(_) => return Err("an [optional] part inside another".to_owned()),
        };
        out.push(Element { gap, words });
        gap = Gap::Adjacent;
    }
    if out.is_empty() || out.len() > MOST_ELEMENTS {
        return Err(format!("a pattern has 1 to {MOST_ELEMENTS} parts"));
    }
    if let Some(first) = out.first_mut() {
        first.gap = Gap::Adjacent;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str) -> Result<(Vec<Sequence>, Vocabulary), String> {
        let mut vocabulary = Vocabulary::default();
        let copying: Words = Rc::from([vocabulary.id("copy"), vocabulary.id("reproduc*")]);
        let group = |name: &str| (name == "copying").then(|| copying.clone());
        Ok((parse(pattern, &group, &mut vocabulary)?, vocabulary))
    }

    fn shape(pattern: &str) -> Vec<String> {
        let (sequences, vocabulary) = read(pattern).unwrap();
        let words = |e: &Element| e.words.iter().map(|w| vocabulary.text(*w)).collect::<Vec<_>>().join("|");
        let show = |s: &Sequence| {
            let element = |e: &Element| {
                let gap = match e.gap {
                    Gap::Adjacent => "",
                    Gap::Near => ".. ",
                    Gap::Far => "... ",
                };
                format!("{gap}{}", words(e))
            };
            s.iter().map(element).collect::<Vec<_>>().join(" + ")
        };
        sequences.iter().map(show).collect()
    }

    #[test]
    fn patterns_are_read() {
        assert_eq!(shape("Shall not .. {copying} ... any (part|portion)"), ["shall not + .. copy|reproduc* + ... any + part|portion"]);
        assert_eq!(shape("[prior] consent"), ["consent", "prior + consent"]);
        assert_eq!(shape("（複製）してはならない"), ["(複製)してはならない"].map(|_| "(複製)してはならない".to_owned()));
    }

    #[test]
    fn faults_are_named() {
        for (pattern, says) in [
            ("{nothing}", "no group"),
            ("(a|b", "not closed"),
            ("a*b", "only at the end"),
            ("..", "no word"),
            ("a|b", "brackets"),
            ("(a..b|c)", "second pattern"),
        ] {
            let error = read(pattern).unwrap_err();
            assert!(error.contains(says), "{pattern}: {error}");
        }
    }
}
