//! Floor 12: a review as bytes. Pure functions: nothing here touches a file, a clock or a terminal.

#[cfg(feature = "cli")]
pub mod frame;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
pub mod words;

use crate::assess::Outcome;
use crate::library::{ClauseLibrary, Severity};
use crate::outline::{Draft, UnitId};
use crate::review::Review;
use crate::span::LineColumn;

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
        let mut tally = Tally { documents: 1, ..Tally::default() };
        for finding in &review.findings {
            tally.findings[finding.severity as usize] += 1;
        }
        for assessment in &review.assessments {
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
