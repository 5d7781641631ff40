//! Floor 10: template text fitted to the draft.
use crate::fold::Folded;
use crate::library::ClauseLibrary;
use crate::outline::Draft;
use crate::review::Review;

/// Text that would close a finding, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// The template.
    pub template: String,
    /// The text.
    pub text: String,
    /// Where it goes: a byte of the decoded text.
    pub insert_at: usize,
    /// Slots that could not be filled.
    pub open_slots: Vec<String>,
    /// Whether a person must look before it is applied: always, for legal text.
    pub applicability: Applicability,
    /// What `fix` inserts at `insert_at`: the text with the line breaks that set it apart.
    #[serde(skip)]
    pub insert: String,
    /// Its place among the suggestions that go in at one place.
    #[serde(skip)]
    pub rank: usize,
}

/// How far a suggestion may be applied without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Complete text; a person reviews it.
    NeedsReview,
    /// Text with blanks that a person must fill.
    HasBlanks,
}

pub(crate) fn suggest(_library: &ClauseLibrary, _draft: &Draft, _folded: &Folded, review: &Review) -> Vec<Option<Suggestion>> {
    vec![None; review.assessments.len()]
}
