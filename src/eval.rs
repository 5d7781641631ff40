//! How well a library answers on contracts whose answers are known. Pure: whoever reads the files is in `cli`.
//!
//! Labels are a JSON object a line: `{"file": "a.md", "labels": {"no-copy": {"stance": "affirmed", "evidence": [[10, 40]]}}}`, where the
//! numbers are bytes of the file. The measures are those of information retrieval: precision, recall and F1 of saying *silent* (the
//! clause is missing), F1 of *affirmed* and of *denied*, and the share of right answers whose evidence touches the label's.

use crate::library::Stance;
use crate::provision::Facts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One contract and its known answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Labelled {
    /// The file, relative to the folder of the contracts.
    pub file: String,
    /// The answer for each clause that was looked at.
    pub labels: BTreeMap<String, Label>,
}

/// A known answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Label {
    /// The stance.
    pub stance: Stance,
    /// Where it stands: bytes of the file, half-open.
    #[serde(default)]
    pub evidence: Vec<(usize, usize)>,
}

/// A line of labels that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LabelError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads labels, a JSON object a line; empty lines are skipped.
///
/// # Errors
/// The first line that is not such an object.
///
/// ```
/// let labels = sekisho::eval::parse("{\"file\": \"a.md\", \"labels\": {\"no-copy\": {\"stance\": \"silent\"}}}\n").unwrap();
/// assert_eq!(labels[0].file, "a.md");
/// assert!(sekisho::eval::parse("{}").is_err());
/// ```
pub fn parse(text: &str) -> Result<Vec<Labelled>, LabelError> {
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let read = |(i, line): (usize, &str)| serde_json::from_str(line).map_err(|e| LabelError { line: i + 1, message: e.to_string() });
    lines.map(read).collect()
}

/// The library's answer for one clause of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The stance.
    pub stance: Stance,
    /// Where it was read: bytes of the decoded text.
    pub evidence: Vec<(usize, usize)>,
}

impl From<&Facts> for Answer {
    fn from(facts: &Facts) -> Answer {
        Answer { stance: facts.stance, evidence: facts.deciding().map(|p| (p.evidence.span.start, p.evidence.span.end)).collect() }
    }
}

/// A label with the answer given; none where the library does not know the clause.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What is right.
    pub label: &'a Label,
    /// What was said.
    pub answer: Option<&'a Answer>,
}

impl Pair<'_> {
    /// Whether the stance is right.
    pub fn right(&self) -> bool {
        self.answer.is_some_and(|a| a.stance == self.label.stance)
    }

    fn touches(&self) -> bool {
        let found = self.answer.map_or(&[][..], |a| &a.evidence);
        found.iter().any(|(start, end)| self.label.evidence.iter().any(|(from, to)| start < to && from < end))
    }
}

/// A row of the table. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The clause, or `ALL`.
    pub clause: String,
    /// Labelled contracts.
    pub n: usize,
    /// Share of right stances.
    pub acc: f64,
    /// What always saying the commonest stance would get.
    pub base: f64,
    /// Precision of *silent*.
    pub miss_p: f64,
    /// Recall of *silent*.
    pub miss_r: f64,
    /// F1 of *silent*.
    pub miss_f: f64,
    /// F1 of *affirmed*.
    pub affirm_f: f64,
    /// F1 of *denied*.
    pub deny_f: f64,
    /// Of the right answers with labelled evidence, the share whose evidence touches it.
    pub ev: Option<f64>,
}

/// The measures over labels and answers. Costs the product of the evidence of a pair, linear in the pairs.
///
/// ```
/// use sekisho::{Stance, eval::{Answer, Label, Pair, row}};
/// let label = Label { stance: Stance::Affirmed, evidence: vec![(0, 9)] };
/// let answer = Answer { stance: Stance::Affirmed, evidence: vec![(5, 20)] };
/// let row = row("no-copy", &[Pair { label: &label, answer: Some(&answer) }]);
/// assert_eq!((row.acc, row.affirm_f, row.ev), (1.0, 1.0, Some(1.0)));
/// ```
pub fn row(clause: &str, pairs: &[Pair<'_>]) -> Row {
    let n = pairs.len();
    let share = |count: usize, of: usize| if of == 0 { 0.0 } else { count as f64 / of as f64 };
    let count = |keep: &dyn Fn(&Pair<'_>) -> bool| pairs.iter().filter(|p| keep(p)).count();
    let scores = |stance: Stance| {
        let said = |p: &Pair<'_>| p.answer.is_some_and(|a| a.stance == stance);
        let hit = count(&|p| p.label.stance == stance && said(p));
        let (p, r) = (share(hit, count(&said)), share(hit, count(&|p| p.label.stance == stance)));
        (p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 })
    };
    let stances = [Stance::Affirmed, Stance::Denied, Stance::Silent];
    let commonest = stances.iter().map(|s| count(&|p| p.label.stance == *s)).max().unwrap_or(0);
    let placed = |p: &Pair<'_>| p.right() && p.label.stance != Stance::Silent && !p.label.evidence.is_empty();
    let (miss_p, miss_r, miss_f) = scores(Stance::Silent);
    let shown = count(&placed);
    Row {
        clause: clause.to_owned(),
        n,
        acc: share(count(&|p| p.right()), n),
        base: share(commonest, n),
        miss_p,
        miss_r,
        miss_f,
        affirm_f: scores(Stance::Affirmed).2,
        deny_f: scores(Stance::Denied).2,
        ev: (shown > 0).then(|| share(count(&|p| placed(p) && p.touches()), shown)),
    }
}
