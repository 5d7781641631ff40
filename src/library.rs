//! Floor 6: the knowledge, validated.
//!
//! A library is read from files given as text, so that nothing here touches a disk. Every error names file, line and key.

mod load;
mod pattern;
mod playbooks;
mod prepared;
mod raw;
mod template;

use crate::outline::Language;
use crate::span::Span;
use std::collections::BTreeMap;

pub(crate) use load::reach;
pub use load::{LARGEST_FILE, LibraryFile};
pub use pattern::Gap;
pub use raw::{Bilingual, Example};
pub use template::{Template, TemplateSection};

/// A fault in a library file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message}")]
pub struct LibraryError {
    /// The file, relative to the library's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key or section it concerns.
    pub key: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What the draft says of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// The proposition holds.
    Affirmed,
    /// The draft says the opposite.
    Denied,
    /// The draft does not say.
    Silent,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended before signature.
    Warning,
    /// The contract lacks a protection it is made for.
    Error,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A person should look.
    Low,
    /// Usually right.
    Medium,
    /// Read in so many words, or nowhere.
    High,
}

/// How far the parts of a condition may lie from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Scope {
    /// One sentence.
    Sentence,
    /// A sentence with its lead-in and provisos.
    Statement,
    /// A paragraph or item.
    Unit,
    /// An article.
    Article,
    /// The whole draft.
    Draft,
}

/// Index of a signal in a [`Tongue`].
pub type SignalId = usize;
/// Index of a word in a [`Tongue`].
pub type WordId = u32;
/// Index of a set of words in a [`Tongue`].
pub type AtomId = usize;

/// all / any / none of signals, in one language.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Condition {
    /// Of each of these, one at least.
    pub all: Vec<Vec<SignalId>>,
    /// One at least, where not empty.
    pub any: Vec<SignalId>,
    /// None of these.
    pub none: Vec<SignalId>,
}

impl Condition {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.any.is_empty()
    }
}

/// A way to take a stance, in one language.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// The stance it takes.
    pub stance: Stance,
    /// What must be observed.
    pub condition: Condition,
    /// Where.
    pub scope: Scope,
    /// The signals of `all` lie within so many bytes of each other.
    pub near: Option<usize>,
    /// The article's heading raises one of these, where not empty.
    pub heading: Vec<SignalId>,
    /// The article's heading raises none of these.
    pub not_heading: Vec<SignalId>,
    /// Only in these kinds of contract, where not empty.
    pub kinds: Vec<String>,
    /// Beats readings of the other stance.
    pub overrides: bool,
}

/// An element in one language.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// What must be observed.
    pub condition: Condition,
    /// Where, around the provisions that affirm the clause.
    pub scope: Scope,
}

/// What a value reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Reader {
    /// A length of time.
    Duration,
    /// A share of votes or capital.
    Fraction,
}

/// A typed value in one language.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// How it is read.
    pub reader: Reader,
    /// Where.
    pub scope: Scope,
    /// The nearest one to these signals, where not empty.
    pub near: Vec<SignalId>,
}

/// What comes near a clause without being one, in one language.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct NearMiss {
    /// What must be observed in a statement; empty where only the heading counts.
    pub condition: Condition,
    /// The article's heading raises one of these, where not empty.
    pub heading: Vec<SignalId>,
    /// Why it does not count.
    pub reason: Bilingual,
}

/// How one clause is recognised in one language.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Recogniser {
    /// The ways to take a stance.
    pub readings: Vec<Reading>,
    /// What comes near it, the nearest first.
    pub near_misses: Vec<NearMiss>,
    /// Its elements, in the order of their names.
    pub elements: Vec<Element>,
    /// Its values.
    pub values: Vec<Value>,
}

/// A protection the library knows.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Clause {
    /// Its id.
    pub id: String,
    /// Its code; the id for a house clause.
    pub code: String,
    /// Its name for people.
    pub title: Bilingual,
    /// What it says of a contract.
    pub proposition: Bilingual,
    /// Why it matters.
    pub why: Bilingual,
    /// Where the requirement comes from.
    pub source: Bilingual,
    /// The stance that wins where a draft holds both.
    pub prefer: Stance,
    /// Whether it is still misread too often to be asked for: too many of the contracts it calls silent are not.
    pub preview: bool,
    /// Names of its elements.
    pub elements: BTreeMap<String, Bilingual>,
    /// Names of its values.
    pub values: Vec<String>,
    /// Its examples, run as tests.
    pub examples: Vec<Example>,
    /// Its text in Japanese.
    pub ja: Option<Template>,
    /// Its text in English.
    pub en: Option<Template>,
}

impl Clause {
    /// Its template in a language.
    pub fn template(&self, language: Language) -> Option<&Template> {
        if language == Language::En { self.en.as_ref() } else { self.ja.as_ref() }
    }
}

/// An amount with its unit, made comparable: days for lengths of time, hundredths for shares.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Quantity {
    /// As the playbook writes it.
    pub written: String,
    /// Days or hundredths.
    pub amount: f64,
}

impl Quantity {
    /// Days in a unit of time, by its English name; a year has 365, a month a twelfth of that.
    pub(crate) fn days(unit: &str) -> Option<f64> {
        match unit.trim_end_matches('s') {
            "day" => Some(1.0),
            "week" => Some(7.0),
            "month" => Some(365.0 / 12.0),
            "year" => Some(365.0),
            _ => None,
        }
    }

    /// `3 years`, `30 days`, `50 %`.
    fn parse(text: &str) -> Option<Quantity> {
        let (amount, unit) = text.trim().split_once(' ')?;
        let amount: f64 = amount.parse().ok().filter(|a: &f64| a.is_finite() && *a >= 0.0)?;
        let each = if unit == "%" { 1.0 } else { Quantity::days(unit)? };
        Some(Quantity { written: text.trim().to_owned(), amount: amount * each })
    }
}

/// The bounds of a value; outside them the clause is weak.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bound {
    /// The value's name.
    pub name: String,
    /// The least it may be.
    pub at_least: Option<Quantity>,
    /// The most it may be.
    pub at_most: Option<Quantity>,
}

/// One expectation of a playbook.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Requirement {
    /// The clause.
    pub clause: String,
    /// Severity when it is missing or contrary.
    pub severity: Severity,
    /// Elements without which it is weak; each entry asks for one of its names.
    pub elements: Vec<Vec<String>>,
    /// Bounds outside which a value that was read makes it weak.
    pub values: Vec<Bound>,
    /// Whether a duty that binds only our side is none.
    pub counterparty: bool,
    /// Severity when it is weak.
    pub weak: Severity,
    /// Only asked of these kinds of contract, where not empty.
    pub kinds: Vec<String>,
    /// The clause that leaves this one to another document: where that is affirmed, silence is undetermined.
    pub elsewhere: Option<String>,
    /// Why this playbook asks for it.
    pub reason: Bilingual,
}

/// What one kind of contract needs from one side of the table.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Playbook {
    /// Its id.
    pub id: String,
    /// The kinds of contract it is chosen for.
    pub kinds: Vec<String>,
    /// Whose interest it serves.
    pub side: String,
    /// Its name for people.
    pub title: Bilingual,
    /// The playbook it extends; that one gives way to it.
    pub extends: Option<String>,
    /// Whether it is chosen before others of its kind where no side is asked for.
    pub first: bool,
    /// Clauses that leave something to another document, which a document of these kinds is.
    pub supplies: Vec<String>,
    /// What it asks for.
    pub requirements: Vec<Requirement>,
}

/// A check before signature that only people can answer.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// What it belongs to.
    pub section: Bilingual,
    /// The question; *yes* is the safe answer.
    pub text: Bilingual,
    /// Where it comes from.
    pub source: Bilingual,
    /// The clauses its answer depends on; an answer goes stale when what the draft says of them changes.
    pub about: Vec<String>,
    /// Only asked of these kinds of contract, where not empty.
    pub kinds: Vec<String>,
}

/// A kind of contract, by the signals of its title and recitals.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Kind {
    /// Its id.
    pub id: String,
    /// Its name in this language.
    pub name: String,
    /// Raised by a title of this kind.
    pub title: SignalId,
    /// Raised by recitals of this kind.
    pub recitals: SignalId,
}

/// The knowledge of one language: words, patterns, signals, and how each clause is recognised.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Tongue {
    /// The words of its patterns, in the order of their letters.
    pub words: Vec<String>,
    /// Sets of words, each with the words it matches.
    pub atoms: Vec<Vec<WordId>>,
    /// Patterns: sequences of atoms and gaps, and the signal each raises.
    pub patterns: Vec<TonguePattern>,
    /// The phrases they were written as.
    pub phrases: Vec<Phrase>,
    /// The files those stand in, relative to the library's folder.
    pub files: Vec<String>,
    /// Names of the signals; a clause's own carry its id.
    pub signals: Vec<String>,
    /// Atom of the words no gap crosses.
    pub stops: Option<AtomId>,
    /// Atoms that also match the terms by which a draft defines its protected information.
    pub open_atoms: Vec<AtomId>,
    /// Recognisers, in the order of [`ClauseLibrary::clauses`].
    pub recognisers: Vec<Recogniser>,
    /// Kinds of contract, in order of preference.
    pub kinds: Vec<Kind>,
    /// Default texts of slots.
    pub slots: BTreeMap<String, String>,
    /// Pairs that turn template text into the other register.
    pub register: Vec<(String, String)>,
    /// Message texts by outcome.
    pub messages: BTreeMap<String, String>,
}

/// A word of the house that may not stand in a draft as it is: a material, a process, a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProtectedWord {
    /// The word.
    pub word: String,
    /// The code name to use in its place, where there is one.
    pub instead: Option<String>,
    /// What the person who finds it should know.
    pub note: Option<String>,
}

/// A pattern in terms of atoms.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TonguePattern {
    /// The signal it raises.
    pub signal: SignalId,
    /// Its elements.
    pub elements: Vec<(Gap, AtomId)>,
    /// The phrase it was written as.
    pub phrase: PhraseId,
}

/// Index of a phrase in a [`Tongue`].
pub type PhraseId = usize;

/// A phrase as it is written in a file: one text of a signal, before its optional parts make several patterns of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Phrase {
    /// Index of the file in [`Tongue::files`].
    pub file: usize,
    /// Where in the file, in bytes.
    pub span: Span,
}

impl Tongue {
    /// The id of a signal.
    pub fn signal(&self, name: &str) -> Option<SignalId> {
        self.signals.iter().position(|s| s == name)
    }

    /// The words of a set.
    pub fn words_of(&self, atom: AtomId) -> impl ExactSizeIterator<Item = &str> {
        self.atoms[atom].iter().map(|word| self.words[*word as usize].as_str())
    }

    /// The same tongue with these signals alone, and their words: for a scan that needs few.
    pub(crate) fn only(&self, names: &[&str]) -> Tongue {
        let kept: Vec<SignalId> = names.iter().filter_map(|n| self.signal(n)).collect();
        let patterns: Vec<TonguePattern> = self.patterns.iter().filter(|p| kept.contains(&p.signal)).cloned().collect();
        let mut atoms = vec![Vec::new(); self.atoms.len()];
        for atom in patterns.iter().flat_map(|p| &p.elements).map(|(_, a)| *a).chain(self.stops) {
            atoms[atom].clone_from(&self.atoms[atom]);
        }
        let mut words: Vec<WordId> = atoms.iter().flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        // The signals keep their numbers.
        let mut signals = vec![String::new(); self.signals.len()];
        kept.iter().for_each(|s| signals[*s].clone_from(&self.signals[*s]));
        // Each word is among them.
        atoms.iter_mut().flatten().for_each(|word| *word = words.binary_search(word).unwrap_or_else(|i| i) as WordId);
        Tongue {
            words: words.iter().map(|word| self.words[*word as usize].clone()).collect(),
            atoms,
            patterns,
            signals,
            stops: self.stops,
            ..Tongue::default()
        }
    }

    /// The same tongue where each phrase raises a signal of its own, with the phrase's number.
    pub(crate) fn traced(&self) -> Tongue {
        let mut tongue = self.clone();
        tongue.patterns.iter_mut().for_each(|p| p.signal = p.phrase);
        tongue.signals = vec![String::new(); tongue.phrases.len()];
        tongue
    }

    /// A slot's default text, empty where there is none.
    pub fn slot(&self, name: &str) -> &str {
        self.slots.get(name).map_or("", String::as_str)
    }

    /// A message with its values in it; a value is never looked into for another.
    pub(crate) fn say(&self, name: &str, values: &[(&str, &str)]) -> String {
        let (mut out, mut rest) = (String::new(), self.message(name));
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let known = after.split_once('}').and_then(|(name, after)| Some((values.iter().find(|(n, _)| *n == name)?.1, after)));
            out.push_str(known.map_or("{", |(value, _)| value));
            rest = known.map_or(after, |(_, after)| after);
        }
        out + rest
    }

    /// A message text, empty where there is none.
    pub fn message(&self, name: &str) -> &str {
        self.messages.get(name).map_or("", String::as_str)
    }
}

/// Words, clauses, playbooks and templates.
#[derive(Debug)]
pub struct ClauseLibrary {
    clauses: Vec<Clause>,
    playbooks: Vec<Playbook>,
    questions: Vec<Question>,
    ja: load::Lazy,
    en: load::Lazy,
    protected: Vec<ProtectedWord>,
}

impl ClauseLibrary {
    /// A library from files in memory; where two files have one path, the later one counts.
    ///
    /// # Errors
    /// Every fault found, never an empty list.
    pub fn from_files(files: &[LibraryFile]) -> Result<ClauseLibrary, Vec<LibraryError>> {
        load::load(files)
    }

    /// Its clauses, in the order of their codes.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The clause of that id or code.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.id == id || c.code.eq_ignore_ascii_case(id))
    }

    /// Its playbooks, in the order of their ids.
    pub fn playbooks(&self) -> &[Playbook] {
        &self.playbooks
    }

    /// The questions of the checklist, in the order of their files.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The playbook of that id.
    pub fn playbook(&self, id: &str) -> Option<&Playbook> {
        self.playbooks.iter().find(|p| p.id == id)
    }

    /// The words of the house that may appear only as code names.
    pub fn protected(&self) -> &[ProtectedWord] {
        &self.protected
    }

    /// The knowledge of a language. A mixed draft is read as Japanese and as English; this gives the Japanese half.
    pub fn tongue(&self, language: Language) -> &Tongue {
        if language == Language::En { &self.en } else { &self.ja }
    }
}
