//! Floor 12: a review as bytes. Pure functions: nothing here touches a file, a clock or a terminal.

#[cfg(feature = "cli")]
pub mod checklist;
#[cfg(feature = "cli")]
pub mod frame;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
#[cfg(feature = "cli")]
pub mod rows;
pub mod words;

use crate::assess::{Assessment, Outcome};
use crate::library::{ClauseLibrary, Severity};
use crate::outline::{Draft, UnitId};
use crate::provision::Evidence;
use crate::review::{BundleReview, Review};
use crate::span::LineColumn;

/// Whether a terminal obeys a character instead of showing it: control characters, and marks that turn the direction of writing.
fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A draft with its review, as every renderer takes it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The library it was reviewed with.
    pub library: &'a ClauseLibrary,
    /// The draft.
    pub draft: &'a Draft,
    /// Its review.
    pub review: &'a Review,
}

/// Several drafts with their review as one contract.
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    /// The library it was reviewed with.
    pub library: &'a ClauseLibrary,
    /// The drafts, in the order of the review.
    pub drafts: &'a [Draft],
    /// Their review.
    pub review: &'a BundleReview,
}

impl<'a> Bundle<'a> {
    /// Each draft with what is said of it alone.
    pub fn documents(self) -> impl Iterator<Item = Document<'a>> {
        self.drafts.iter().zip(&self.review.reviews).map(move |(draft, review)| Document { library: self.library, draft, review })
    }

    /// Where the contract takes its stance on a clause: the document's index and the evidence, in the order of the documents.
    pub fn places(self, clause: &str) -> Vec<(usize, &'a Evidence)> {
        let mut out = Vec::new();
        for (i, review) in self.review.reviews.iter().enumerate() {
            out.extend(review.facts(clause).into_iter().flat_map(|f| f.deciding()).map(|p| (i, &p.evidence)));
        }
        out
    }
}

impl Document<'_> {
    /// The unit that holds byte `at`, or the last one before it.
    pub fn unit_at(&self, at: usize) -> Option<UnitId> {
        self.draft.units().partition_point(|u| u.span.start <= at).checked_sub(1)
    }

    /// How people point at the place of a finding; empty outside any unit.
    pub fn unit_path(&self, finding: &crate::review::Finding) -> String {
        let unit = finding.evidence.first().map(|e| e.unit).or_else(|| self.unit_at(finding.span.start));
        unit.map_or_else(String::new, |u| self.path(u))
    }

    /// How people point at a unit, in one piece.
    pub fn path(&self, unit: UnitId) -> String {
        self.draft.path(unit).trim().to_owned()
    }
}

/// Lines and columns of the places that a review names, read in one pass over the text however long its lines are.
#[derive(Clone, Debug)]
pub struct Positions {
    found: Vec<(usize, LineColumn)>,
}

impl Positions {
    /// The places of a review.
    pub fn new(document: Document<'_>) -> Positions {
        let review = document.review;
        let mut offsets: Vec<usize> = review.provisions.facts.iter().flat_map(|f| &f.provisions).map(|p| p.evidence.span.start).collect();
        for finding in &review.findings {
            offsets.push(finding.span.start);
            offsets.extend(finding.evidence.iter().chain(finding.nearest.iter().map(|p| &p.evidence)).map(|e| e.span.start));
            offsets.extend(finding.suggestions.iter().map(|s| s.insert_at));
        }
        offsets.sort_unstable();
        offsets.dedup();
        let (text, lines) = (document.draft.source().text(), document.draft.source().lines());
        let mut found: Vec<(usize, LineColumn)> = Vec::with_capacity(offsets.len());
        for offset in offsets {
            let line = lines.line_of(offset);
            let (from, before) = match found.last() {
                Some((at, p)) if p.line == line + 1 => (*at, p.column),
                _ => (lines.line_start(line), 1),
            };
            let column = before + text.get(from..offset).map_or(0, |s| s.chars().count());
            found.push((offset, LineColumn { line: line + 1, column }));
        }
        Positions { found }
    }

    /// Line and column of one of those places; line 1, column 1 for any other.
    pub fn of(&self, offset: usize) -> LineColumn {
        let found = self.found.binary_search_by_key(&offset, |(at, _)| *at);
        found.map_or(LineColumn { line: 1, column: 1 }, |i| self.found[i].1)
    }
}

/// Every outcome, in the order reports list them.
pub const OUTCOMES: [Outcome; 6] = [Outcome::Met, Outcome::Weak, Outcome::Missing, Outcome::Contrary, Outcome::NotApplicable, Outcome::Undetermined];

/// Counts over many reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Drafts reviewed.
    pub documents: usize,
    /// Inputs that could not be read.
    pub unread: usize,
    findings: [usize; 3],
    outcomes: [usize; OUTCOMES.len()],
}

impl Tally {
    /// The counts of one review.
    pub fn of(review: &Review) -> Tally {
        let mut tally = Tally::findings_of(review);
        tally.add(&Tally::assessments_of(&review.assessments));
        tally
    }

    /// The findings of one document.
    pub fn findings_of(review: &Review) -> Tally {
        let mut tally = Tally { documents: 1, ..Tally::default() };
        for finding in &review.findings {
            tally.findings[finding.severity as usize] += 1;
        }
        tally
    }

    /// The outcomes of requirements.
    pub fn assessments_of(assessments: &[Assessment]) -> Tally {
        let mut tally = Tally::default();
        for assessment in assessments {
            if let Some(i) = OUTCOMES.iter().position(|o| *o == assessment.outcome) {
                tally.outcomes[i] += 1;
            }
        }
        tally
    }

    /// Adds other counts to these.
    pub fn add(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.unread += other.unread;
        self.findings.iter_mut().zip(other.findings).for_each(|(a, b)| *a += b);
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(a, b)| *a += b);
    }

    /// Findings of one severity.
    pub fn findings(&self, severity: Severity) -> usize {
        self.findings[severity as usize]
    }

    /// Findings of this severity or a worse one.
    pub fn at_or_above(&self, severity: Severity) -> usize {
        self.findings[severity as usize..].iter().sum()
    }

    /// Requirements that came out so.
    pub fn outcome(&self, outcome: Outcome) -> usize {
        OUTCOMES.iter().position(|o| *o == outcome).map_or(0, |i| self.outcomes[i])
    }
}
