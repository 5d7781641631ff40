//! An archive as a table: one row for each draft and clause, as JSON lines or CSV. The columns are a contract: one may come, none is renamed.

use super::{Document, Positions, json};
use crate::assess::{Assessment, Outcome};
use crate::library::{Severity, Stance};
use crate::outline::Language;
use crate::provision::ReadValue;
use crate::review::Choice;
use serde::Serialize;
use std::collections::BTreeMap;

/// The columns, in their order.
pub const COLUMNS: [&str; 22] = [
    "path",
    "language",
    "encoding",
    "kind",
    "side",
    "playbook",
    "choice",
    "clause",
    "code",
    "title",
    "stance",
    "outcome",
    "severity",
    "lacking",
    "elements",
    "values",
    "binds",
    "line",
    "start_byte",
    "end_byte",
    "quote",
    "run",
];

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated values after a line of names, in UTF-8.
    Csv,
}

/// A row. The fields are the columns.
#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    language: Language,
    encoding: &'static str,
    kind: &'a str,
    side: &'a str,
    playbook: &'a str,
    choice: Choice,
    clause: &'a str,
    code: &'a str,
    title: &'a str,
    stance: Stance,
    /// Nothing where the playbook does not ask for the clause; so for the next two.
    outcome: Option<Outcome>,
    severity: Option<Severity>,
    lacking: &'a [Vec<String>],
    elements: &'a BTreeMap<String, bool>,
    values: &'a BTreeMap<String, ReadValue>,
    binds: &'a [String],
    /// The first place that decides the stance; nothing where the draft is silent.
    line: Option<usize>,
    start_byte: Option<usize>,
    end_byte: Option<usize>,
    quote: Option<&'a str>,
    run: &'a str,
}

/// What a table begins with.
pub fn open(form: Form) -> String {
    match form {
        Form::Jsonl => String::new(),
        Form::Csv => COLUMNS.join(",") + "\n",
    }
}

/// The rows of a draft: the clauses its playbook asks for, or every clause of the library. `run` is written in each, and tells runs that
/// were asked for the same from others.
pub fn document(document: Document<'_>, all_clauses: bool, form: Form, run: &str) -> String {
    let rows = rows(document, all_clauses, run);
    match form {
        Form::Jsonl => rows.iter().map(|row| json::text(row) + "\n").collect(),
        Form::Csv => {
            let mut out = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                // Writing to memory cannot fail.
                let _ = out.write_record(cells(row));
            }
            String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
        }
    }
}

fn rows<'a>(document: Document<'a>, all_clauses: bool, run: &'a str) -> Vec<Row<'a>> {
    let Document { library, draft, review } = document;
    let positions = Positions::new(document);
    let mut out = Vec::new();
    for facts in &review.provisions.facts {
        let assessment: Option<&Assessment> = review.assessments.iter().find(|a| a.clause == facts.clause);
        if assessment.is_none() && !all_clauses {
            continue;
        }
        let clause = library.clause(&facts.clause);
        let evidence = facts.deciding().next().map(|p| &p.evidence);
        out.push(Row {
            path: draft.source().name(),
            language: draft.language(),
            encoding: draft.source().encoding(),
            kind: &review.provisions.kind,
            side: &review.side,
            playbook: &review.playbook,
            choice: review.choice,
            clause: &facts.clause,
            code: clause.map_or("", |c| &c.code),
            title: clause.map_or("", |c| super::words::words(review.language).pick(&c.title)),
            stance: facts.stance,
            outcome: assessment.map(|a| a.outcome),
            severity: assessment.map(|a| a.severity),
            lacking: assessment.map_or(&[], |a| &a.lacking),
            elements: &facts.elements,
            values: &facts.values,
            binds: &facts.binds,
            line: evidence.map(|e| positions.of(e.span.start).line),
            start_byte: evidence.map(|e| e.span.start),
            end_byte: evidence.map(|e| e.span.end),
            quote: evidence.map(|e| e.quote.as_str()),
            run,
        });
    }
    out
}

/// The fields as text: a word or number as it is, a list or map as JSON, nothing as an empty cell.
fn cells(row: &Row<'_>) -> Vec<String> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(row) else { return Vec::new() };
    let cell = |name: &&str| match fields.get(*name) {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => guarded(text),
        Some(other) => other.to_string(),
    };
    COLUMNS.iter().map(cell).collect()
}

/// Text as a cell that no spreadsheet takes for a formula. Drafts and file names come from others: where one begins as a formula does
/// (in Japanese versions also in full width), an apostrophe is put before it, as people do by hand.
pub fn guarded(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text() {
        for text in ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("第1条 a=b"), "第1条 a=b");
    }
}
