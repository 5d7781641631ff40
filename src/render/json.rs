//! The report for programs, schema `sekisho/1`. Its field names are a contract: a field may come, none is renamed.
//!
//! A report is [`open`], the documents joined by [`BETWEEN`], and [`close`]; so a run over many drafts need not hold them all.

use super::{Bundle, Document, OUTCOMES, Positions, Tally, is_obeyed};
use crate::assess::Assessment;
use crate::library::{Severity, Stance};
use crate::provision::{Evidence, Facts, ReadValue};
use crate::review::{Finding, outcome_name};
use crate::suggest::Suggestion;
use serde::Serialize;
use std::collections::BTreeMap;

/// The schema's name.
pub const SCHEMA: &str = "sekisho/1";
/// What stands between two documents of a report.
pub const BETWEEN: &str = ",\n";

#[derive(Serialize)]
struct DocumentJson<'a> {
    path: &'a str,
    language: crate::outline::Language,
    /// The encoding of the file. Positions are bytes of its text in UTF-8, whatever this is.
    encoding: &'static str,
    kind: &'a str,
    side: &'a str,
    playbook: &'a str,
    /// Why that playbook: `given`, `kind-and-side`, `kind` or `fallback`.
    choice: crate::review::Choice,
    clauses: Vec<ClauseJson<'a>>,
    assessments: &'a [Assessment],
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct ClauseJson<'a> {
    id: &'a str,
    stance: Stance,
    elements: &'a BTreeMap<String, bool>,
    binds: &'a [String],
    values: &'a BTreeMap<String, ReadValue>,
    evidence: Vec<EvidenceJson<'a>>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    unit: String,
    quote: &'a str,
    /// The reading that saw it, for the clause's own evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'a str>,
}

#[derive(Serialize)]
struct PassageJson<'a> {
    #[serde(flatten)]
    place: EvidenceJson<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: &'a str,
    clause: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<crate::assess::Outcome>,
    severity: Severity,
    confidence: crate::review::Confidence,
    message: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    unit: String,
    evidence: Vec<EvidenceJson<'a>>,
    /// What comes nearest and does not count.
    nearest: Vec<PassageJson<'a>>,
    /// What stands against it in other documents of a bundle.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    related: &'a [crate::review::Related],
    suggestions: &'a [Suggestion],
    fingerprint: &'a str,
}

/// A value as JSON that a terminal shows and does not obey. What JSON would let through stands in it as an escape: the same characters to
/// whoever parses it.
pub(crate) fn text(value: &impl Serialize) -> String {
    // All that is written here is strings, numbers, lists and maps with string keys: that cannot fail.
    let plain = serde_json::to_string(value).unwrap_or_default();
    if !plain.contains(is_obeyed) {
        return plain;
    }
    plain.chars().map(|c| if is_obeyed(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

/// What a report begins with.
pub fn open() -> String {
    format!("{{\"schema\":\"{SCHEMA}\",\"documents\":[\n")
}

/// The documents of a bundle: each with the clauses it takes a stance on by itself and the findings that are shown in it.
pub fn bundle(bundle: Bundle<'_>, all_clauses: bool) -> String {
    let asked = |f: &Facts| all_clauses || bundle.review.assessments.iter().any(|a| a.clause == f.clause);
    bundle.documents().map(|d| written(d, &asked)).collect::<Vec<_>>().join(BETWEEN)
}

#[derive(Serialize)]
struct BundleJson<'a> {
    playbook: &'a str,
    choice: crate::review::Choice,
    side: &'a str,
    assessments: Vec<BundleAssessmentJson<'a>>,
}

#[derive(Serialize)]
struct BundleAssessmentJson<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    places: Vec<PlaceJson<'a>>,
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: EvidenceJson<'a>,
}

/// What the report of a bundle ends with: the outcomes over all its documents, and where each was read.
pub fn close_bundle(bundle: Bundle<'_>, tally: &Tally) -> String {
    let review = bundle.review;
    let positions: Vec<Positions> = bundle.documents().map(Positions::new).collect();
    let place = |(i, at)| {
        let document = Document { library: bundle.library, draft: &bundle.drafts[i], review: &review.reviews[i] };
        PlaceJson { path: document.draft.source().name(), place: evidence(document, &positions[i], at, None) }
    };
    let assessments = review
        .assessments
        .iter()
        .map(|assessment| BundleAssessmentJson { assessment, places: bundle.places(&assessment.clause).into_iter().map(place).collect() });
    let out = BundleJson { playbook: &review.playbook, choice: review.choice, side: &review.side, assessments: assessments.collect() };
    let bundle = text(&out);
    format!("\n],\"bundle\":{bundle},\"summary\":{}}}\n", summary(tally))
}

/// One document: the clauses its playbook asks for, or every clause of the library.
pub fn document(document: Document<'_>, all_clauses: bool) -> String {
    written(document, &|f| all_clauses || document.review.assessments.iter().any(|a| a.clause == f.clause))
}

fn written(document: Document<'_>, asked: &dyn Fn(&Facts) -> bool) -> String {
    let Document { draft, review, .. } = document;
    let positions = Positions::new(document);
    let out = DocumentJson {
        path: draft.source().name(),
        language: draft.language(),
        encoding: draft.source().encoding(),
        kind: &review.provisions.kind,
        side: &review.side,
        playbook: &review.playbook,
        choice: review.choice,
        clauses: review.provisions.facts.iter().filter(|f| asked(f)).map(|f| clause(document, &positions, f)).collect(),
        assessments: &review.assessments,
        findings: review.findings.iter().map(|f| finding(document, &positions, f)).collect(),
    };
    text(&out)
}

fn clause<'a>(document: Document<'a>, positions: &Positions, facts: &'a Facts) -> ClauseJson<'a> {
    let places = facts.deciding().map(|p| evidence(document, positions, &p.evidence, Some(&p.reading)));
    ClauseJson { id: &facts.clause, stance: facts.stance, elements: &facts.elements, binds: &facts.binds, values: &facts.values, evidence: places.collect() }
}

fn evidence<'a>(document: Document<'a>, positions: &Positions, evidence: &'a Evidence, reading: Option<&'a str>) -> EvidenceJson<'a> {
    let at = positions.of(evidence.span.start);
    EvidenceJson {
        start: evidence.span.start,
        end: evidence.span.end,
        line: at.line,
        column: at.column,
        unit: document.path(evidence.unit),
        quote: &evidence.quote,
        reading,
    }
}

fn finding<'a>(document: Document<'a>, positions: &Positions, f: &'a Finding) -> FindingJson<'a> {
    let at = positions.of(f.span.start);
    FindingJson {
        code: &f.code,
        clause: &f.clause,
        outcome: f.outcome,
        severity: f.severity,
        confidence: f.confidence,
        message: &f.message,
        start: f.span.start,
        end: f.span.end,
        line: at.line,
        column: at.column,
        unit: document.unit_path(f),
        evidence: f.evidence.iter().map(|e| evidence(document, positions, e, None)).collect(),
        nearest: f.nearest.iter().map(|p| PassageJson { place: evidence(document, positions, &p.evidence, None), reason: &p.reason }).collect(),
        related: &f.related,
        suggestions: &f.suggestions,
        fingerprint: &f.fingerprint,
    }
}

/// What a report ends with: the counts over all its documents.
pub fn close(tally: &Tally) -> String {
    format!("\n],\"summary\":{}}}\n", summary(tally))
}

fn summary(tally: &Tally) -> serde_json::Value {
    let outcomes: serde_json::Map<String, serde_json::Value> = OUTCOMES.iter().map(|o| (outcome_name(*o).to_owned(), tally.outcome(*o).into())).collect();
    serde_json::json!({
        "documents": tally.documents,
        "unread": tally.unread,
        "findings": {
            "error": tally.findings(Severity::Error),
            "warning": tally.findings(Severity::Warning),
            "note": tally.findings(Severity::Note),
        },
        "outcomes": outcomes,
    })
}

/// A whole report over documents held in memory.
///
/// ```
/// use sekisho::{Draft, ReviewOptions, Reviewer, SourceText, render};
/// let reviewer = Reviewer::builtin();
/// let draft = Draft::parse(SourceText::new("nda.md", "# 秘密保持契約書\n"));
/// let review = reviewer.review(&draft, &ReviewOptions::default());
/// let document = render::Document { library: reviewer.library(), draft: &draft, review: &review };
/// assert!(render::json::report(&[document], false).starts_with("{\"schema\":\"sekisho/1\""));
/// ```
pub fn report(documents: &[Document<'_>], all_clauses: bool) -> String {
    let mut tally = Tally::default();
    documents.iter().for_each(|d| tally.add(&Tally::of(d.review)));
    let texts: Vec<String> = documents.iter().map(|d| document(*d, all_clauses)).collect();
    format!("{}{}{}", open(), texts.join(BETWEEN), close(&tally))
}
