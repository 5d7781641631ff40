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
}

pub(crate) fn suggest(_library: &ClauseLibrary, _draft: &Draft, _folded: &Folded, review: &Review) -> Vec<Option<Suggestion>> {
    vec![None; review.assessments.len()]
}
