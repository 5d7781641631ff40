//! The library's files as they are written. Every field is checked by name; what the words mean is checked in [`super::load`].

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A string that knows where it stands in its file.
pub(super) type Text = Spanned<String>;
pub(super) type Texts = Vec<Text>;
pub(super) type Patterns = BTreeMap<Text, Texts>;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lexicon {
    #[serde(default)]
    pub stops: Texts,
    #[serde(default)]
    pub words: Patterns,
    #[serde(default)]
    pub signals: Patterns,
    #[serde(default)]
    pub kinds: Vec<Kind>,
    #[serde(default)]
    pub slots: BTreeMap<String, String>,
    #[serde(default)]
    pub register: Vec<(String, String)>,
    #[serde(default)]
    pub messages: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub title: Texts,
    #[serde(default)]
    pub recitals: Texts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clause {
    pub id: Text,
    pub code: Option<Text>,
    pub title: Bilingual,
    pub proposition: Bilingual,
    pub why: Bilingual,
    pub source: Bilingual,
    #[serde(default)]
    pub prefer: Option<Text>,
    #[serde(default)]
    pub preview: bool,
    #[serde(default)]
    pub words: ByLanguage<Patterns>,
    #[serde(default)]
    pub signals: ByLanguage<Patterns>,
    #[serde(default)]
    pub reading: Vec<Reading>,
    #[serde(default)]
    pub element: BTreeMap<String, Element>,
    #[serde(default)]
    pub value: BTreeMap<String, Value>,
    #[serde(default, rename = "near-miss")]
    pub near_miss: Vec<NearMiss>,
    #[serde(default)]
    pub example: Vec<Example>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ByLanguage<T: Default> {
    #[serde(default)]
    pub ja: T,
    #[serde(default)]
    pub en: T,
}

/// A signal, or any of several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Item {
    One(String),
    Any(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    pub name: Text,
    pub stance: Text,
    pub all: Option<Spanned<Vec<Item>>>,
    #[serde(default)]
    pub any: Texts,
    #[serde(default)]
    pub none: Texts,
    pub within: Option<Text>,
    pub near: Option<usize>,
    #[serde(default)]
    pub heading: Texts,
    #[serde(default, rename = "not-heading")]
    pub not_heading: Texts,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub overrides: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Element {
    pub title: Bilingual,
    pub all: Option<Spanned<Vec<Item>>>,
    #[serde(default)]
    pub any: Texts,
    #[serde(default)]
    pub none: Texts,
    pub within: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NearMiss {
    pub all: Option<Spanned<Vec<Item>>>,
    #[serde(default)]
    pub any: Texts,
    #[serde(default)]
    pub none: Texts,
    #[serde(default)]
    pub heading: Texts,
    pub reason: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Value {
    pub reader: Text,
    pub within: Option<Text>,
    #[serde(default)]
    pub near: Texts,
}

/// An example draft that is run as a test.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// `ja` or `en`.
    pub lang: String,
    /// The draft.
    pub text: String,
    /// The stance it takes.
    pub stance: String,
    /// Exactly the elements that hold, where given.
    pub elements: Option<Vec<String>>,
    /// The kind of contract to read it as, where that matters.
    pub kind: Option<String>,
}

/// Further examples of a clause, in a file of their own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Examples {
    #[serde(default)]
    pub example: Vec<Example>,
    #[serde(default)]
    pub wordings: Vec<Wordings>,
}

/// Drafts of a sentence or two that take one stance: a line each, an example each.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wordings {
    pub lang: String,
    pub stance: String,
    pub kind: Option<String>,
    pub texts: Vec<String>,
}

impl Examples {
    /// All of them.
    pub(super) fn all(self) -> impl Iterator<Item = Example> {
        let wordings = self.wordings.into_iter().flat_map(|w| {
            let Wordings { lang, stance, kind, texts } = w;
            texts.into_iter().map(move |text| Example { lang: lang.clone(), text, stance: stance.clone(), elements: None, kind: kind.clone() })
        });
        self.example.into_iter().chain(wordings)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Playbook {
    pub id: Text,
    pub kinds: Option<Vec<String>>,
    pub side: Option<String>,
    pub title: Bilingual,
    pub extends: Option<Text>,
    #[serde(default)]
    pub first: bool,
    #[serde(default)]
    pub supplies: Texts,
    #[serde(default)]
    pub drop: Texts,
    #[serde(default)]
    pub requirement: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Bound {
    pub name: Text,
    pub at_least: Option<Text>,
    pub at_most: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    pub clause: Text,
    pub severity: Text,
    #[serde(default)]
    pub elements: Texts,
    #[serde(default)]
    pub values: Vec<Bound>,
    pub binds: Option<Text>,
    pub weak: Option<Text>,
    #[serde(default)]
    pub kinds: Vec<String>,
    pub elsewhere: Option<Text>,
    pub reason: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checklist {
    pub question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub id: Text,
    pub section: Bilingual,
    pub text: Bilingual,
    pub source: Bilingual,
    #[serde(default)]
    pub about: Texts,
    #[serde(default)]
    pub kinds: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontMatter {
    pub source: String,
    pub date: String,
    #[serde(default)]
    pub after: Texts,
    #[serde(default)]
    pub receiver: bool,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Protected {
    #[serde(default)]
    pub word: Vec<ProtectedWord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProtectedWord {
    pub word: Text,
    #[serde(default, rename = "use")]
    pub instead: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    pub name: String,
    #[serde(default)]
    #[allow(dead_code, reason = "kept for people: why and when a code was retired")]
    pub retired: Option<String>,
}
