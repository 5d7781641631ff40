//! Who is bound: the subject of the duty, by the labels the draft gives its parties.

use crate::library::Tongue;
use crate::outline::{Draft, words};

/// The names by which those who may be bound are known.
pub(super) struct Names {
    /// The labels of the draft's parties, folded.
    labels: Vec<String>,
    /// Words of the lexicon for both parties, in lower case.
    both: Vec<String>,
    /// Words of the lexicon for one of them, as written and in lower case.
    one: Vec<(String, String)>,
    japanese: bool,
}

impl Names {
    pub(super) fn new(draft: &Draft, tongue: &Tongue, japanese: bool) -> Names {
        let words = |slot: &str| tongue.slot(slot).split('|').filter(|w| !w.is_empty()).map(|w| (w.to_owned(), w.to_lowercase())).collect::<Vec<_>>();
        Names {
            labels: draft.parties().iter().map(|p| crate::fold::fold_text(&p.label)).collect(),
            both: words("both-parties").into_iter().map(|(_, lower)| lower).collect(),
            one: words("one-party"),
            japanese,
        }
    }

    /// The parties bound by the duty that is read at byte `at` of a statement's text; empty where that cannot be told.
    pub(super) fn bound(&self, text: &str, at: usize) -> Vec<String> {
        let subject = if self.japanese { japanese_subject(text, at).map(str::to_owned) } else { english_subject(text, at) };
        let Some(subject) = subject.as_deref() else { return Vec::new() };
        let lower = subject.to_lowercase();
        let named: Vec<String> = self.labels.iter().filter(|l| contains_label(subject, l, self.japanese)).cloned().collect();
        if self.both.iter().any(|w| lower.contains(w)) || named.len() > 1 {
            return self.labels.iter().take(2).cloned().collect();
        }
        if !named.is_empty() {
            return named;
        }
        self.one.iter().filter(|(_, w)| lower.contains(w)).max_by_key(|(w, _)| w.len()).map(|(w, _)| vec![w.clone()]).unwrap_or_default()
    }
}

/// What stands before the first は or が that marks a subject.
fn japanese_subject(text: &str, at: usize) -> Option<&str> {
    let reach = text.len().min(at + 300);
    let end = text.char_indices().take_while(|(i, _)| *i < reach).find(|(i, c)| *i > 0 && matches!(c, 'は' | 'が')).map(|(i, _)| i)?;
    let start = text[..end].rfind(['。', '、']).map_or(0, |i| i + 3);
    Some(&text[start..end])
}

/// What stands before the duty, as far as a sentence's subject may reach.
fn english_subject(text: &str, at: usize) -> Option<String> {
    let mut start = at.saturating_sub(160);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = text.len().min(at + 24).max(start);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    // Whose consent is asked for, or who is excepted, is not bound.
    let mut rest = text.get(start..end)?;
    let mut subject = String::with_capacity(rest.len());
    while let Some(aside) = words::EXCEPTING.iter().filter_map(|w| rest.find(w)).min() {
        subject.push_str(&rest[..aside]);
        rest = rest[aside + 1..].find(',').map_or("", |comma| &rest[aside + 1 + comma..]);
    }
    Some(subject + rest)
}

fn contains_label(subject: &str, label: &str, japanese: bool) -> bool {
    if japanese {
        return subject.contains(label);
    }
    subject.match_indices(label).any(|(i, _)| {
        let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        edge(subject[..i].chars().next_back()) && edge(subject[i + label.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_found() {
        assert_eq!(japanese_subject("乙は、秘密情報を開示してはならない。", 20), Some("乙"));
        assert_eq!(japanese_subject("本契約の終了後、甲及び乙は、守る。", 10), Some("甲及び乙"));
        assert_eq!(english_subject("Supplier shall not, without Buyer's consent, copy", 9).as_deref(), Some("Supplier shall not,"));
        assert_eq!(english_subject("At any time and without delay, Supplier shall return", 30).as_deref(), Some("At any time and, Supplier shall return"));
        assert!(contains_label("the Supplier shall", "Supplier", false));
        assert!(!contains_label("Suppliers shall", "Supplier", false));
    }
}
