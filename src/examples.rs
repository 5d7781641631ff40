//! A library's examples, run as tests: each is read as a small draft of its own.

use crate::fold::Folded;
use crate::library::{Clause, ClauseLibrary, Example, Stance};
use crate::outline::{Draft, Language};
use crate::review::Reviewer;
use crate::source::SourceText;

/// An example that is not read as its clause says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{clause}: {language} example: wanted {wanted}, read {found}: {text}")]
pub struct ExampleFailure {
    /// The clause.
    pub clause: String,
    /// `ja` or `en`.
    pub language: String,
    /// The stance or the elements it says.
    pub wanted: String,
    /// What was read.
    pub found: String,
    /// The example.
    pub text: String,
}

/// How many examples a library holds.
pub fn count(library: &ClauseLibrary) -> usize {
    library.clauses().iter().map(|c| c.examples.len()).sum()
}

/// Reads every example of a library and gives those that come out otherwise, in the order of the library.
pub fn run_examples(library: &ClauseLibrary) -> Vec<ExampleFailure> {
    let reviewer = Reviewer::new(library);
    let mut failures = Vec::new();
    for (i, clause) in library.clauses().iter().enumerate() {
        for example in &clause.examples {
            failures.extend(run(&reviewer, i, clause, example));
        }
    }
    failures
}

fn run(reviewer: &Reviewer<'_>, index: usize, clause: &Clause, example: &Example) -> Option<ExampleFailure> {
    let language = if example.lang == "en" { Language::En } else { Language::Ja };
    let draft = Draft::parse(SourceText::new("example.md", text(reviewer.library(), example)));
    let provisions = reviewer.reader(language).read(&draft, &Folded::new(&draft));
    let facts = provisions.facts.get(index)?;
    let fails = |wanted: String, found: String| {
        Some(ExampleFailure { clause: clause.id.clone(), language: example.lang.clone(), wanted, found, text: example.text.clone() })
    };
    let stance = stance_name(facts.stance);
    if stance != example.stance {
        return fails(example.stance.clone(), stance.to_owned());
    }
    let mut wanted = example.elements.clone()?;
    wanted.sort();
    let found: Vec<&str> = facts.elements.iter().filter(|(_, has)| **has).map(|(name, _)| name.as_str()).collect();
    if wanted == found {
        return None;
    }
    fails(format!("elements [{}]", wanted.join(", ")), format!("[{}]", found.join(", ")))
}

/// The example's text; under a title of its kind where it asks for one.
pub(crate) fn text(library: &ClauseLibrary, example: &Example) -> String {
    let language = if example.lang == "en" { Language::En } else { Language::Ja };
    let kind = example.kind.as_ref().and_then(|k| library.tongue(language).kinds.iter().find(|other| other.id == *k));
    kind.map_or_else(|| example.text.clone(), |k| format!("# {}\n\n{}", k.name, example.text))
}

/// The word for a stance in data.
pub fn stance_name(stance: Stance) -> &'static str {
    match stance {
        Stance::Affirmed => "affirmed",
        Stance::Denied => "denied",
        Stance::Silent => "silent",
    }
}
