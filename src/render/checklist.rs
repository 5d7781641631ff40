//! The checklist as Markdown and as JSON, schema `sekisho-checklist/1`.

use super::frame::clean;
use super::words::{Words, fill};
use super::{Bundle, Document, json};
use crate::assess::Assessment;
use crate::checklist::{self, Asked, Reply, State};
use crate::provision::Evidence;
use serde::Serialize;
use std::fmt::Write;

/// One contract with everything its checklist shows.
#[derive(Clone, Copy, Debug)]
pub struct Checklist<'a> {
    /// The contract's documents; one, or several that make a bundle.
    pub contract: Bundle<'a>,
    /// What its drafts answer themselves.
    pub assessments: &'a [Assessment],
    /// What only people can answer.
    pub asked: &'a [Asked<'a>],
}

/// The checklist's JSON schema.
pub const SCHEMA: &str = "sekisho-checklist/1";

impl Checklist<'_> {
    /// Items that are not settled.
    pub fn open(&self) -> usize {
        self.assessments.iter().filter(|a| !checklist::settled(a)).count() + self.asked.iter().filter(|a| !a.settled()).count()
    }

    fn names(&self) -> String {
        self.contract.drafts.iter().map(|d| d.source().name()).collect::<Vec<_>>().join(" + ")
    }

    /// Where a clause was read: the document, where there are several, and the unit; each once.
    fn places(&self, clause: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for (i, evidence) in self.contract.places(clause) {
            let draft = &self.contract.drafts[i];
            let name = if self.contract.drafts.len() > 1 { draft.source().name() } else { "" };
            let place = format!("{name} {}", draft.path(evidence.unit).trim()).trim().to_owned();
            if !place.is_empty() && !out.contains(&place) {
                out.push(place);
            }
        }
        out
    }
}

/// The checklist as Markdown, in the language of `words`.
pub fn markdown(list: &Checklist<'_>, words: &Words) -> String {
    let mut out = format!("# {}\n\n", fill(words.checklist_title, &[("name", &line(&list.names()))]));
    if let Some(playbook) = list.contract.library.playbook(&list.contract.review.playbook) {
        let how = fill(words.choice(list.contract.review.choice), &[("id", &playbook.id), ("title", &words.pick(&playbook.title))]);
        let _ = writeln!(out, "{how}\n");
    }
    let _ = writeln!(out, "## {}\n", words.checklist_draft);
    for assessment in list.assessments {
        let clause = list.contract.library.clause(&assessment.clause);
        let (code, title) = clause.map_or(("", assessment.clause.as_str()), |c| (c.code.as_str(), words.pick(&c.title)));
        let places = list.places(&assessment.clause).join(words.comma);
        let places = if places.is_empty() { places } else { fill(words.in_brackets, &[("text", &line(&places))]) };
        let _ = writeln!(out, "- {} {code} {title}{}{}{places}", tick(checklist::settled(assessment)), words.colon, words.outcome(assessment.outcome));
    }
    let _ = writeln!(out, "\n## {}", words.checklist_people);
    let mut section = "";
    for asked in list.asked {
        let this = words.pick(&asked.question.section);
        if this != section {
            let _ = writeln!(out, "\n### {this}\n");
            section = this;
        }
        let source = fill(words.in_brackets, &[("text", &words.pick(&asked.question.source))]);
        let _ = writeln!(out, "- {} `{}` {}{source}", tick(asked.settled()), asked.question.id, words.pick(&asked.question.text));
        let _ = writeln!(out, "  - {}", state(asked, words));
    }
    let total = list.assessments.len() + list.asked.len();
    let _ = writeln!(out, "\n{}", fill(words.checklist_open, &[("open", &list.open()), ("total", &total)]));
    out
}

fn tick(settled: bool) -> &'static str {
    if settled { "[x]" } else { "[ ]" }
}

/// How a question stands, with the answer and its signature.
fn state(asked: &Asked<'_>, words: &Words) -> String {
    let mut parts = vec![words.state(asked.state).to_owned()];
    if let Some(answer) = asked.answer.filter(|_| asked.state != State::Open) {
        parts.push(words.reply(answer.reply().unwrap_or(Reply::No)).to_owned());
        parts.extend([&answer.by, &answer.date, &answer.note].into_iter().filter(|t| !t.trim().is_empty()).map(|t| line(t)));
    }
    parts.join(words.comma)
}

/// A text in one line: what people or drafts wrote can neither break the list nor bring tags, links or images into it.
fn line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" ")).replace('\\', "\\\\").replace('<', "\\<").replace('[', "\\[")
}

#[derive(Serialize)]
struct ChecklistJson<'a> {
    documents: Vec<&'a str>,
    playbook: &'a str,
    side: &'a str,
    open: usize,
    draft: Vec<DraftItem<'a>>,
    people: Vec<PeopleItem<'a>>,
}

#[derive(Serialize)]
struct DraftItem<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    settled: bool,
    evidence: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    unit: String,
    quote: &'a str,
}

#[derive(Serialize)]
struct PeopleItem<'a> {
    id: &'a str,
    section: &'a str,
    question: &'a str,
    source: &'a str,
    about: &'a [String],
    state: State,
    settled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a checklist::Answer>,
}

/// The checklists of a run as one JSON object.
pub fn json(lists: &[Checklist<'_>], words: &Words) -> String {
    let contracts: Vec<ChecklistJson<'_>> = lists.iter().map(|list| one(list, words)).collect();
    let out = serde_json::json!({ "schema": SCHEMA, "contracts": contracts });
    json::text(&out) + "\n"
}

fn one<'a>(list: &Checklist<'a>, words: &Words) -> ChecklistJson<'a> {
    let place = |(i, evidence): (usize, &'a Evidence)| {
        let draft = &list.contract.drafts[i];
        let at = draft.source().line_column(evidence.span.start);
        Place { path: draft.source().name(), line: at.line, column: at.column, unit: draft.path(evidence.unit).trim().to_owned(), quote: &evidence.quote }
    };
    let evidence = |clause: &str| list.contract.places(clause).into_iter().map(place).collect();
    let draft = list.assessments.iter().map(|a| DraftItem { assessment: a, settled: checklist::settled(a), evidence: evidence(&a.clause) });
    let people = list.asked.iter().map(|a| PeopleItem {
        id: &a.question.id,
        section: words.pick(&a.question.section),
        question: words.pick(&a.question.text),
        source: words.pick(&a.question.source),
        about: &a.question.about,
        state: a.state,
        settled: a.settled(),
        answer: a.answer,
    });
    ChecklistJson {
        documents: list.contract.documents().map(|d: Document<'a>| d.draft.source().name()).collect(),
        playbook: &list.contract.review.playbook,
        side: &list.contract.review.side,
        open: list.open(),
        draft: draft.collect(),
        people: people.collect(),
    }
}
