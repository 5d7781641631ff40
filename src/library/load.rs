//! From files to a library: every name resolved, every fault reported with file, line and key.

use super::pattern::{Vocabulary, Words};
use super::raw::{self, Item, Text, Texts};
use super::{
    AtomId, Bilingual, Clause, ClauseLibrary, Condition, Element, Gap, Kind, LibraryError, NearMiss, Phrase, ProtectedWord, Reader, Reading, Recogniser, Scope,
    SignalId, Stance, Template, Tongue, TonguePattern, Value, pattern, playbooks,
};
use crate::fold::fold_text;
use crate::span::Span;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;
use toml::Spanned;

/// A file of a library: its path relative to the library's folder, with `/`, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryFile {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

impl LibraryFile {
    /// A file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        LibraryFile { path: path.into(), text: text.into() }
    }
}

/// No library file is larger than this; a larger one is refused unread.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// No library has more files than this, nor more bytes in all of them.
const MOST_FILES: usize = 10_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// No line of a file, and so no text of it, is longer than this (in bytes).
const LONGEST_LINE: usize = 20_000;
/// No language has more patterns than this.
const MOST_PATTERNS: usize = 50_000;
/// Words that the groups and patterns of one language come to when they are written out, at most: a few groups that hold each other, or
/// alternatives beside alternatives, come to more than any memory.
const MOST_WORDS: usize = 2_000_000;
/// A library has no more questions than this.
pub(super) const MOST_QUESTIONS: usize = 1_000;
/// More errors than these help nobody.
const MOST_ERRORS: usize = 200;

#[derive(Default)]
pub(super) struct Report {
    errors: Vec<LibraryError>,
}

impl Report {
    pub(super) fn push(&mut self, error: LibraryError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }

    fn is_full(&self) -> bool {
        self.errors.len() >= MOST_ERRORS
    }
}

/// One file while it is being read.
pub(super) struct File<'a> {
    path: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1
    }

    pub(super) fn fail(&self, report: &mut Report, at: usize, key: &str, message: impl Into<String>) {
        // The line is counted from the top of the file each time: not for errors that nobody is shown.
        if !report.is_full() {
            report.push(LibraryError { file: self.path.to_owned(), line: self.line(at), key: key.to_owned(), message: message.into() });
        }
    }

    /// Whether the file may be read at all: what no person would write by hand is refused before anything is made of it.
    fn acceptable(&self, report: &mut Report) -> bool {
        if self.text.len() > LARGEST_FILE {
            self.fail(report, 0, "file", format!("larger than {LARGEST_FILE} bytes"));
            return false;
        }
        let mut at = 0;
        for line in self.text.split('\n') {
            if line.len() > LONGEST_LINE {
                self.fail(report, at, "line", format!("longer than {LONGEST_LINE} bytes; write lists and texts over several lines"));
                return false;
            }
            if let Some(c) = line.chars().find(|c| hidden(*c)) {
                self.fail(report, at, "character", format!("{c:?} cannot be seen, but changes what is shown; take it out"));
                return false;
            }
            at += line.len() + 1;
        }
        // A text of several lines, or one with escapes, may hold what no line shows.
        let unseen = [r"\u", r"\U", r"\x", r"\e", r"\b", r"\f", r"\r", "\"\"\"", "'''"];
        if self.path.ends_with(".toml")
            && unseen.iter().any(|u| self.text.contains(u))
            && let Ok(table) = self.text.parse::<toml::Table>()
            && let Some(key) = unfit(&toml::Value::Table(table))
        {
            let at = self.text.find(&key).unwrap_or(0);
            self.fail(report, at, &key, format!("holds a character that cannot be seen, or is longer than {LONGEST_LINE} bytes"));
            return false;
        }
        true
    }

    pub(super) fn parse<T: serde::de::DeserializeOwned>(&self, report: &mut Report) -> Option<T> {
        match toml::from_str(self.text) {
            Ok(value) => Some(value),
            Err(e) => {
                let at = e.span().map_or(0, |s| s.start);
                let line = self.text[..at.min(self.text.len())].rfind('\n').map_or(0, |i| i + 1);
                let key = self.text[line..].split(['=', '\n']).next().unwrap_or("").trim().to_owned();
                self.fail(report, at, &key, e.message().trim().replace('\n', "; "));
                None
            }
        }
    }
}

/// Whether a character is not seen but changes how a terminal or a viewer shows what stands around it.
fn hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The key of a text that holds such a character or is too long.
fn unfit(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => {
            let text = text.replace("\r\n", "\n");
            (text.len() > LONGEST_LINE || text.contains(|c| hidden(c) || c == '\r')).then(String::new)
        }
        toml::Value::Array(values) => values.iter().find_map(unfit),
        // A key is shown to people too; one that hides something is named by where it stands.
        toml::Value::Table(table) => table.iter().find_map(|(key, value)| {
            let shown = if key.chars().any(hidden) { return Some(String::new()) } else { key };
            unfit(value).map(|inner| if inner.is_empty() { shown.clone() } else { inner })
        }),
        _ => None,
    }
}

/// A language of a library, made when it is first asked for.
pub(super) type Lazy = LazyLock<Tongue, Box<dyn FnOnce() -> Tongue + Send>>;

/// The file of a clause's further examples.
pub(super) const EXAMPLES: &str = "examples.toml";

#[derive(Default)]
struct Builder {
    tongue: Tongue,
    vocabulary: Vocabulary,
    words: HashMap<String, Words>,
    atoms: HashMap<Words, AtomId>,
    signals: HashMap<String, SignalId>,
    /// Words whose group a draft's own terms are added to.
    information: Words,
    /// Words written out so far.
    written: usize,
}

/// The group that a draft's own terms for protected information are added to.
const INFORMATION: &str = "confidential-information";

/// The files of a library with its clauses parsed, from which each language is made.
struct Source<'f> {
    files: BTreeMap<&'f str, File<'f>>,
    clauses: Vec<(&'f str, raw::Clause)>,
}

impl<'f> Source<'f> {
    /// Parses the clauses of files, in the order of their codes.
    fn new(files: BTreeMap<&'f str, File<'f>>, report: &mut Report) -> Source<'f> {
        let mut clauses: Vec<(&str, raw::Clause)> = Vec::new();
        for (path, file) in &files {
            if of_clause(path) == Some("clause.toml")
                && let Some(clause) = file.parse::<raw::Clause>(report)
            {
                clauses.push((path, clause));
            }
        }
        clauses.sort_by_key(|a| code_of(&a.1));
        Source { files, clauses }
    }

    fn tongue(&self, language: &str, report: &mut Report) -> Tongue {
        let mut builder = Builder::default();
        let lexicon = self.files.get(format!("lexicon/{language}.toml").as_str());
        if let Some(file) = lexicon
            && let Some(raw) = file.parse::<raw::Lexicon>(report)
        {
            builder.lexicon(file, raw, report);
        }
        for (path, clause) in &self.clauses {
            builder.clause(&self.files[path], clause, language, report);
        }
        builder.finish()
    }

    /// The library without its languages, which are put in their places.
    fn library(&self, ja: Lazy, en: Lazy, report: &mut Report) -> ClauseLibrary {
        let codes: BTreeMap<String, raw::Code> = self.files.get("codes.toml").and_then(|f| f.parse(report)).unwrap_or_default();
        let mut clauses = Vec::new();
        for (path, clause) in &self.clauses {
            clauses.extend(self::clause(&self.files[path], clause, &self.files, &codes, report));
        }
        let playbooks = playbooks::playbooks(&self.files, &clauses, report);
        let questions = playbooks::questions(&self.files, &clauses, report);
        let protected = self.files.get("protected.toml").map_or_else(Vec::new, |f| protected(f, report));
        ClauseLibrary { clauses, playbooks, questions, ja, en, protected }
    }
}

/// The name of a file that belongs to one clause.
fn of_clause(path: &str) -> Option<&str> {
    path.strip_prefix("clauses/")?.split_once('/').map(|(_, name)| name).filter(|name| ["clause.toml", EXAMPLES, "ja.md", "en.md"].contains(name))
}

/// Reads a library and reports every fault.
pub(super) fn load(files: &[LibraryFile]) -> Result<ClauseLibrary, Vec<LibraryError>> {
    let mut report = Report::default();
    let mut by_path: BTreeMap<&str, File<'_>> = BTreeMap::new();
    let mut bytes = 0;
    for file in files {
        let read = File { path: &file.path, text: &file.text };
        bytes += file.text.len();
        if by_path.len() >= MOST_FILES || bytes > MOST_BYTES {
            read.fail(&mut report, 0, "file", format!("a library has at most {MOST_FILES} files and {MOST_BYTES} bytes"));
            break;
        }
        if read.acceptable(&mut report) {
            by_path.insert(&file.path, read);
        }
    }
    let source = Source::new(by_path, &mut report);
    let [ja, en] = ["ja", "en"].map(|language| {
        let tongue = source.tongue(language, &mut report);
        Lazy::new(Box::new(|| tongue))
    });
    let library = source.library(ja, en, &mut report);
    for (path, file) in &source.files {
        let known = matches!(*path, "codes.toml" | "protected.toml" | "README.md" | "manifest.toml" | "lexicon/ja.toml" | "lexicon/en.toml")
            || path.starts_with("playbooks/")
            || path.starts_with("checklist/")
            || of_clause(path).is_some();
        if !known {
            file.fail(&mut report, 0, path, "not a file of a library; see clause-library/README.md for the layout");
        }
    }
    if report.errors.is_empty() {
        return Ok(library);
    }
    report.errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Err(report.errors)
}

fn code_of(clause: &raw::Clause) -> (bool, String) {
    (clause.code.is_none(), clause.code.as_ref().unwrap_or(&clause.id).get_ref().clone())
}

impl Builder {
    fn lexicon(&mut self, file: &File<'_>, raw: raw::Lexicon, report: &mut Report) {
        self.words(file, &raw.words, "", report);
        self.information = self.words.get(INFORMATION).cloned().unwrap_or_default();
        let stops: Words = raw.stops.iter().filter_map(|s| self.word(file, s, "stops", report)).collect();
        self.tongue.stops = (!stops.is_empty()).then(|| self.atom(&stops));
        self.signals(file, &raw.signals, "", report);
        for (i, kind) in raw.kinds.into_iter().enumerate() {
            // One kind may be listed twice, its weaker words after every other kind.
            let title = self.anonymous(file, &format!("kind {} title {i}", kind.id), &kind.title, report);
            let recitals = self.anonymous(file, &format!("kind {} recitals {i}", kind.id), &kind.recitals, report);
            self.tongue.kinds.push(Kind { id: kind.id, name: kind.name, title, recitals });
        }
        self.tongue.slots = raw.slots;
        self.tongue.register = raw.register;
        self.tongue.messages = raw.messages;
    }

    fn word(&mut self, file: &File<'_>, word: &Text, key: &str, report: &mut Report) -> Option<u32> {
        match pattern::checked(fold_text(word.get_ref())) {
            Ok(word) => Some(self.vocabulary.id(&word)),
            Err(message) => {
                file.fail(report, word.span().start, key, message);
                None
            }
        }
    }

    /// Groups of words; a group may name another, which is then defined before or after it.
    fn words(&mut self, file: &File<'_>, groups: &raw::Patterns, prefix: &str, report: &mut Report) {
        let named: BTreeMap<&str, &Texts> = groups.iter().map(|(k, v)| (k.get_ref().as_str(), v)).collect();
        for (name, words) in groups {
            let mut out = Vec::new();
            let mut todo: Vec<&Text> = words.iter().rev().collect();
            let mut seen = HashSet::from([name.get_ref().as_str()]);
            while let Some(word) = todo.pop() {
                let inner = word.get_ref().strip_prefix('{').and_then(|w| w.strip_suffix('}'));
                match inner {
                    Some(inner) if seen.contains(inner) => {}
                    Some(inner) => {
                        seen.insert(inner);
                        if let Some(more) = named.get(inner) {
                            todo.extend(more.iter().rev());
                        } else if let Some(more) = self.words.get(inner) {
                            out.extend_from_slice(more);
                        } else {
                            file.fail(report, word.span().start, name.get_ref(), format!("no group of words is called `{inner}`"));
                        }
                    }
                    None => out.extend(self.word(file, word, name.get_ref(), report)),
                }
            }
            out.sort_unstable();
            out.dedup();
            if !self.room(out.len()) {
                return file.fail(report, name.span().start, name.get_ref(), format!("the groups of this language come to more than {MOST_WORDS} words"));
            }
            if out.is_empty() {
                file.fail(report, name.span().start, name.get_ref(), "the group holds no words");
            }
            self.words.insert(format!("{prefix}{}", name.get_ref()), out.into());
        }
    }

    /// Takes note of so many words more; whether they are still few enough.
    fn room(&mut self, words: usize) -> bool {
        self.written += words;
        self.written <= MOST_WORDS
    }

    fn atom(&mut self, words: &Words) -> AtomId {
        let ascending = words.windows(2).all(|w| w[0] < w[1]);
        let words = if ascending {
            words.clone()
        } else {
            let mut sorted = words.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            sorted.into()
        };
        if let Some(id) = self.atoms.get(&words) {
            return *id;
        }
        let id = self.tongue.atoms.len();
        self.tongue.atoms.push(words.to_vec());
        if !self.information.is_empty() && self.information.iter().all(|w| words.binary_search(w).is_ok()) {
            self.tongue.open_atoms.push(id);
        }
        self.atoms.insert(words, id);
        id
    }

    fn signal(&mut self, name: String) -> SignalId {
        let next = self.tongue.signals.len();
        let id = *self.signals.entry(name.clone()).or_insert(next);
        if id == next {
            self.tongue.signals.push(name);
        }
        id
    }

    fn anonymous(&mut self, file: &File<'_>, name: &str, patterns: &Texts, report: &mut Report) -> SignalId {
        let id = self.signal(name.to_owned());
        patterns.iter().for_each(|p| self.pattern(file, id, p, name, "", report));
        id
    }

    fn signals(&mut self, file: &File<'_>, signals: &raw::Patterns, prefix: &str, report: &mut Report) {
        for (name, patterns) in signals {
            let id = self.signal(format!("{prefix}{}", name.get_ref()));
            for pattern in patterns {
                self.pattern(file, id, pattern, name.get_ref(), prefix, report);
            }
        }
    }

    fn pattern(&mut self, file: &File<'_>, signal: SignalId, written: &Text, key: &str, prefix: &str, report: &mut Report) {
        // Too many already, and said so: no more is written out.
        if self.written > MOST_WORDS {
            return;
        }
        let Builder { words, vocabulary, .. } = self;
        let group = |name: &str| words.get(&format!("{prefix}{name}")).or_else(|| words.get(name)).cloned();
        let sequences = match pattern::parse(written.get_ref(), &group, vocabulary) {
            Ok(sequences) => sequences,
            Err(message) => return file.fail(report, written.span().start, key, message),
        };
        let phrase = self.tongue.phrases.len();
        if self.tongue.files.last().is_none_or(|last| last != file.path) {
            self.tongue.files.push(file.path.to_owned());
        }
        let within = self.tongue.files.len() - 1;
        self.tongue.phrases.push(Phrase { file: within, span: Span::new(written.span().start, written.span().end) });
        for sequence in sequences {
            if !self.room(sequence.iter().map(|e| e.words.len()).sum()) {
                return file.fail(report, written.span().start, key, format!("the patterns of this language come to more than {MOST_WORDS} words"));
            }
            let elements = sequence.into_iter().map(|e| (e.gap, self.atom(&e.words))).collect();
            let pattern = TonguePattern { signal, elements, phrase };
            if self.tongue.patterns.len() >= MOST_PATTERNS {
                return file.fail(report, written.span().start, key, format!("more than {MOST_PATTERNS} patterns in one language"));
            }
            self.tongue.patterns.push(pattern);
        }
    }

    fn clause(&mut self, file: &File<'_>, clause: &raw::Clause, language: &str, report: &mut Report) {
        let prefix = format!("{}/", clause.id.get_ref());
        let (words, signals) = match language {
            "ja" => (&clause.words.ja, &clause.signals.ja),
            _ => (&clause.words.en, &clause.signals.en),
        };
        self.words(file, words, &prefix, report);
        self.signals(file, signals, &prefix, report);
        // A signal that only the other language knows never fires here, but is no mistake.
        let others = match language {
            "ja" => &clause.signals.en,
            _ => &clause.signals.ja,
        };
        for name in others.keys() {
            self.signal(format!("{prefix}{}", name.get_ref()));
        }
        let mut recogniser = Recogniser::default();
        for raw in &clause.reading {
            recogniser.readings.extend(self.reading(file, raw, &prefix, report));
        }
        for (name, raw) in &clause.element {
            let condition = self.condition(file, raw.all.as_ref(), &raw.any, &raw.none, name, &prefix, report);
            let scope = scope(file, raw.within.as_ref(), Scope::Article, report);
            recogniser.elements.push(Element { name: name.clone(), condition, scope });
        }
        for (order, raw) in clause.near_miss.iter().enumerate() {
            let key = format!("near-miss {}", order + 1);
            let heading = self.ids(file, &raw.heading, &key, &prefix, report);
            let condition = self.parts(file, raw.all.as_ref(), &raw.any, &raw.none, &key, &prefix, report);
            if condition.is_empty() && heading.is_empty() {
                file.fail(report, 0, &key, "asks for no signal: give `all`, `any` or `heading`");
            }
            recogniser.near_misses.push(NearMiss { condition, heading, reason: raw.reason.clone() });
        }
        for (name, raw) in &clause.value {
            let reader = match raw.reader.get_ref().as_str() {
                "duration" => Reader::Duration,
                "fraction" => Reader::Fraction,
                other => {
                    file.fail(report, raw.reader.span().start, name, format!("no reader is called `{other}`; there are duration and fraction"));
                    continue;
                }
            };
            let near = self.ids(file, &raw.near, name, &prefix, report);
            let scope = scope(file, raw.within.as_ref(), Scope::Statement, report);
            recogniser.values.push(Value { name: name.clone(), reader, scope, near });
        }
        self.tongue.recognisers.push(recogniser);
    }

    fn reading(&self, file: &File<'_>, raw: &raw::Reading, prefix: &str, report: &mut Report) -> Option<Reading> {
        let name = raw.name.get_ref();
        let stance = match raw.stance.get_ref().as_str() {
            "affirmed" => Stance::Affirmed,
            "denied" => Stance::Denied,
            other => {
                file.fail(report, raw.stance.span().start, name, format!("a reading is `affirmed` or `denied`, not `{other}`"));
                return None;
            }
        };
        let condition = self.condition(file, raw.all.as_ref(), &raw.any, &raw.none, name, prefix, report);
        Some(Reading {
            name: name.clone(),
            stance,
            condition,
            scope: scope(file, raw.within.as_ref(), Scope::Statement, report),
            near: raw.near,
            heading: self.ids(file, &raw.heading, name, prefix, report),
            not_heading: self.ids(file, &raw.not_heading, name, prefix, report),
            kinds: raw.kinds.clone(),
            overrides: raw.overrides,
        })
    }

    #[allow(clippy::too_many_arguments, reason = "the three lists of a condition, and where they stand")]
    fn condition(
        &self,
        file: &File<'_>,
        all: Option<&Spanned<Vec<Item>>>,
        any: &Texts,
        none: &Texts,
        key: &str,
        prefix: &str,
        report: &mut Report,
    ) -> Condition {
        let condition = self.parts(file, all, any, none, key, prefix, report);
        if condition.is_empty() && report.errors.is_empty() {
            file.fail(report, 0, key, "asks for no signal: give `all` or `any`");
        }
        condition
    }

    #[allow(clippy::too_many_arguments, reason = "the three lists of a condition, and where they stand")]
    fn parts(&self, file: &File<'_>, all: Option<&Spanned<Vec<Item>>>, any: &Texts, none: &Texts, key: &str, prefix: &str, report: &mut Report) -> Condition {
        let mut condition =
            Condition { any: self.ids(file, any, key, prefix, report), none: self.ids(file, none, key, prefix, report), ..Condition::default() };
        for item in all.iter().flat_map(|a| a.get_ref()) {
            let names = match item {
                Item::One(name) => std::slice::from_ref(name),
                Item::Any(names) => names.as_slice(),
            };
            let place = all.map_or(0..0, Spanned::span);
            let texts: Texts = names.iter().map(|n| Spanned::new(place.clone(), n.clone())).collect();
            condition.all.push(self.ids(file, &texts, key, prefix, report));
        }
        condition
    }

    fn ids(&self, file: &File<'_>, names: &[Text], key: &str, prefix: &str, report: &mut Report) -> Vec<SignalId> {
        let mut out = Vec::new();
        for name in names {
            let own = self.signals.get(&format!("{prefix}{}", name.get_ref()));
            match own.or_else(|| self.signals.get(name.get_ref())) {
                Some(id) => out.push(*id),
                None => {
                    file.fail(report, name.span().start, key, format!("no signal is called `{}`{}", name.get_ref(), self.did_you_mean(name.get_ref(), prefix)))
                }
            }
        }
        out
    }

    fn did_you_mean(&self, name: &str, prefix: &str) -> String {
        let names = self.signals.keys().map(|k| k.strip_prefix(prefix).unwrap_or(k)).filter(|k| k.len() <= 80 && name.len() <= 80);
        let best = names.filter(|k| !k.contains('/')).map(|k| (distance(k, name), k)).min();
        best.filter(|(d, _)| *d <= 3).map_or_else(String::new, |(_, k)| format!("; did you mean `{k}`?"))
    }

    /// The tongue, its words numbered in the order of their letters.
    fn finish(self) -> Tongue {
        let Builder { mut tongue, vocabulary, .. } = self;
        let mut used: Vec<u32> = tongue.atoms.iter().flatten().copied().collect();
        used.sort_unstable_by_key(|word| vocabulary.text(*word));
        used.dedup();
        let numbers: HashMap<u32, u32> = used.iter().zip(0..).map(|(word, number)| (*word, number)).collect();
        for atom in &mut tongue.atoms {
            atom.iter_mut().for_each(|word| *word = numbers[word]);
            atom.sort_unstable();
        }
        tongue.words = used.iter().map(|word| vocabulary.text(*word).to_owned()).collect();
        tongue
    }
}

/// Edit distance, for hints.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = before + usize::from(ca != *cb);
            before = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}

/// Whether a name can be a file's name everywhere and leads nowhere else.
pub(super) fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphanumeric()) && id.len() <= 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}

fn scope(file: &File<'_>, within: Option<&Text>, default: Scope, report: &mut Report) -> Scope {
    let Some(within) = within else { return default };
    match within.get_ref().as_str() {
        "sentence" => Scope::Sentence,
        "statement" => Scope::Statement,
        "unit" => Scope::Unit,
        "article" => Scope::Article,
        "draft" => Scope::Draft,
        other => {
            file.fail(report, within.span().start, "within", format!("`{other}` is not a scope: sentence, statement, unit, article or draft"));
            default
        }
    }
}

fn clause(file: &File<'_>, raw: &raw::Clause, files: &BTreeMap<&str, File<'_>>, codes: &BTreeMap<String, raw::Code>, report: &mut Report) -> Option<Clause> {
    let id = raw.id.get_ref().clone();
    let folder = file.path.trim_end_matches("/clause.toml").trim_start_matches("clauses/");
    if folder != id {
        file.fail(report, raw.id.span().start, "id", format!("the id is `{id}` but the folder is `{folder}`; they must be the same"));
    }
    if !is_id(&id) {
        file.fail(report, raw.id.span().start, "id", format!("`{id}` is not an id: letters, digits, hyphens and dots"));
    }
    if let Some(code) = &raw.code
        && codes.get(code.get_ref()).is_none_or(|c| c.name != id)
    {
        file.fail(report, code.span().start, "code", format!("codes.toml does not give `{}` to `{id}`", code.get_ref()));
    }
    let prefer = match raw.prefer.as_ref().map(|p| p.get_ref().as_str()) {
        None | Some("affirmed") => Stance::Affirmed,
        Some("denied") => Stance::Denied,
        Some(other) => {
            file.fail(report, 0, "prefer", format!("`{other}` is not `affirmed` or `denied`"));
            Stance::Affirmed
        }
    };
    for text in [&raw.title, &raw.proposition, &raw.why, &raw.source] {
        if text.ja.trim().is_empty() || text.en.trim().is_empty() {
            file.fail(report, 0, "title", "title, proposition, why and source need a text in both languages");
        }
    }
    let mut examples = raw.example.clone();
    if let Some(more) = files.get(format!("clauses/{id}/{EXAMPLES}").as_str()) {
        examples.extend(more.parse::<raw::Examples>(report).into_iter().flat_map(raw::Examples::all));
    }
    for example in &examples {
        let stance = ["affirmed", "denied", "silent"].contains(&example.stance.as_str());
        if !stance || !["ja", "en"].contains(&example.lang.as_str()) {
            file.fail(report, 0, "example", format!("an example has lang ja or en and stance affirmed, denied or silent: {:.40}", example.text));
        }
    }
    let names: Vec<String> = raw.element.keys().cloned().collect();
    let mut template = |language: &str| {
        let file = files.get(format!("clauses/{id}/{language}.md").as_str())?;
        Template::parse(file.path, file.text, &names, report)
    };
    let (ja, en) = (template("ja"), template("en"));
    let values = raw.value.keys().cloned().collect();
    let elements: BTreeMap<String, Bilingual> = raw.element.iter().map(|(k, v)| (k.clone(), v.title.clone())).collect();
    let code = raw.code.as_ref().map_or_else(|| id.clone(), |c| c.get_ref().clone());
    Some(Clause {
        id,
        code,
        title: raw.title.clone(),
        proposition: raw.proposition.clone(),
        why: raw.why.clone(),
        source: raw.source.clone(),
        prefer,
        preview: raw.preview,
        elements,
        values,
        examples,
        ja,
        en,
    })
}

/// No house list is longer than this.
const MOST_PROTECTED: usize = 20_000;

fn protected(file: &File<'_>, report: &mut Report) -> Vec<ProtectedWord> {
    let Some(raw) = file.parse::<raw::Protected>(report) else { return Vec::new() };
    if raw.word.len() > MOST_PROTECTED {
        file.fail(report, 0, "word", format!("more than {MOST_PROTECTED} protected words"));
        return Vec::new();
    }
    let mut out: Vec<ProtectedWord> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for entry in raw.word {
        let word = fold_text(entry.word.get_ref());
        if word.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
            file.fail(report, entry.word.span().start, "word", "a protected word has at least two letters");
        } else if !seen.insert(word.to_lowercase()) {
            file.fail(report, entry.word.span().start, "word", format!("`{word}` stands twice in the list"));
        } else {
            out.push(ProtectedWord { word, instead: entry.instead, note: entry.note });
        }
    }
    out
}

/// The gap's reach in bytes: a Japanese character takes three.
pub(crate) fn reach(gap: Gap, japanese: bool) -> usize {
    match (gap, japanese) {
        (Gap::Adjacent, _) => 6,
        (Gap::Near, true) => 120,
        (Gap::Near, false) => 100,
        (Gap::Far, true) => 600,
        (Gap::Far, false) => 500,
    }
}
