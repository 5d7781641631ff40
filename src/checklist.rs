//! The checklist before signature: what the draft answers itself, and what only people can answer.
//!
//! People's answers live in a small file of their own (see [`Answers`]). Each is bound to what the draft said when it was given, so that
//! an amended draft shows which answers must be looked at again.

use crate::assess::{Assessment, Outcome};
use crate::fold::{Folded, fold_text};
use crate::library::{ClauseLibrary, Question};
use crate::outline::{Draft, UnitKind};
use crate::review::{Review, fingerprint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The safe answer.
    Yes,
    /// Not so; someone must act.
    No,
    /// The question does not arise.
    NotApplicable,
}

/// One answer as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question, for whoever opens the file; not read.
    #[serde(default)]
    pub question: String,
    /// `yes`, `no`, `not-applicable`, or empty while it is open.
    #[serde(default)]
    pub answer: String,
    /// Who answered.
    #[serde(default)]
    pub by: String,
    /// When, as that person writes it.
    #[serde(default)]
    pub date: String,
    /// Anything to add.
    #[serde(default)]
    pub note: String,
    /// What the draft said of the matter then; written by sekisho.
    #[serde(default)]
    pub draft: String,
}

/// The answers to a checklist, by the question's id. The file is TOML: a table a question.
pub type Answers = BTreeMap<String, Answer>;

/// Reads a file of answers.
///
/// # Errors
/// What is wrong, with its line: not TOML, an unknown key, an answer that is none of the three words.
///
/// ```
/// let answers = sekisho::checklist::parse("[code-names]\nanswer = \"yes\"\nby = \"関 所子\"\n").unwrap();
/// assert_eq!(answers["code-names"].by, "関 所子");
/// assert!(sekisho::checklist::parse("[code-names]\nanswer = \"maybe\"\n").unwrap_err().contains("maybe"));
/// ```
pub fn parse(text: &str) -> Result<Answers, String> {
    let line = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
    let answers: Answers = toml::from_str(text).map_err(|e| format!("line {}: {}", e.span().map_or(1, |s| line(s.start)), e.message().trim()))?;
    for (id, answer) in &answers {
        if !answer.answer.is_empty() && answer.reply().is_none() {
            return Err(format!("[{id}]: `{}` is not an answer: yes, no or not-applicable", answer.answer));
        }
    }
    Ok(answers)
}

impl Answer {
    /// The answer, where one was given.
    pub fn reply(&self) -> Option<Reply> {
        match self.answer.as_str() {
            "yes" => Some(Reply::Yes),
            "no" => Some(Reply::No),
            "not-applicable" => Some(Reply::NotApplicable),
            _ => None,
        }
    }
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Answered, signed, and the draft has not changed since.
    Answered,
    /// Nobody has answered.
    Open,
    /// Answered, but without a name or a date.
    Unsigned,
    /// Answered, but not yet bound to a draft.
    Unbound,
    /// Answered on a draft that said something else.
    Stale,
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Question,
    /// What was answered, if anything.
    pub answer: Option<&'a Answer>,
    /// How it stands.
    pub state: State,
    /// What the draft says of the matter now.
    pub draft: String,
}

impl Asked<'_> {
    /// Whether nothing is left to do: answered, signed, up to date, and not *no*.
    pub fn settled(&self) -> bool {
        self.state == State::Answered && self.answer.and_then(Answer::reply).is_some_and(|r| r != Reply::No)
    }
}

/// Whether nothing is left to do for what the draft answers itself.
pub fn settled(assessment: &Assessment) -> bool {
    matches!(assessment.outcome, Outcome::Met | Outcome::NotApplicable)
}

/// The questions for one contract, with the answers given so far. `documents` are the drafts that make the contract, each with its
/// review; the first one's kind decides what is asked. Answers to questions that are no longer asked are left alone.
pub fn ask<'a>(library: &'a ClauseLibrary, documents: &[(&Draft, &Review)], answers: &'a Answers) -> Vec<Asked<'a>> {
    let kind = documents.first().map_or("", |(_, r)| r.provisions.kind.as_str());
    let asked = library.questions().iter().filter(|q| q.kinds.is_empty() || q.kinds.iter().any(|k| k == kind));
    let one = |question: &'a Question| {
        let draft = said(question, documents);
        let answer = answers.get(&question.id);
        let state = match answer.filter(|a| a.reply().is_some()) {
            None => State::Open,
            Some(a) if a.by.trim().is_empty() || a.date.trim().is_empty() => State::Unsigned,
            Some(a) if a.draft.is_empty() => State::Unbound,
            Some(a) if a.draft != draft => State::Stale,
            Some(_) => State::Answered,
        };
        Asked { question, answer, state, draft }
    };
    asked.map(one).collect()
}

/// What the drafts say of the matter of a question, as a fingerprint: of its clauses, or else of who the parties are. Widths, line breaks
/// and numbers of articles do not change it.
fn said(question: &Question, documents: &[(&Draft, &Review)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (draft, review) in documents {
        parts.push(review.provisions.kind.clone());
        parts.extend(draft.parties().iter().map(|p| fold_text(&p.label)));
        if question.about.is_empty() {
            let folded = Folded::new(draft);
            let front = |s: &&crate::fold::Statement| matches!(draft.units()[s.unit].kind, UnitKind::Preamble | UnitKind::Title);
            parts.extend(folded.statements().iter().filter(front).map(|s| folded.read(s)));
        }
        for clause in &question.about {
            let Some(facts) = review.facts(clause) else { continue };
            parts.push(format!("{clause} {:?}", facts.stance));
            parts.extend(facts.deciding().map(|p| fold_text(&p.evidence.quote)));
        }
    }
    fingerprint(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}
