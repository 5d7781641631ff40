//! Who is bound: the subject of the duty, by the labels the draft gives its parties.

use crate::library::Tongue;
use crate::outline::Draft;

/// The parties bound by the duty that is read at byte `at` of a statement's text; empty where that cannot be told.
pub(super) fn read(draft: &Draft, text: &str, at: usize, tongue: &Tongue, japanese: bool) -> Vec<String> {
    let labels: Vec<String> = draft.parties().iter().map(|p| crate::fold::fold_text(&p.label)).collect();
    let all = || labels.iter().take(2).cloned().collect::<Vec<_>>();
    let both: Vec<&str> = tongue.slot("both-parties").split('|').filter(|w| !w.is_empty()).collect();
    let one: Vec<&str> = tongue.slot("one-party").split('|').filter(|w| !w.is_empty()).collect();
    let subject = if japanese { japanese_subject(text, at) } else { english_subject(text, at) };
    let Some(subject) = subject else { return Vec::new() };
    let lower = subject.to_lowercase();
    let named: Vec<String> = labels.iter().filter(|l| contains_label(subject, l, japanese)).cloned().collect();
    if both.iter().any(|w| lower.contains(&w.to_lowercase())) || named.len() > 1 {
        return if labels.is_empty() { vec![] } else { all() };
    }
    if !named.is_empty() {
        return named;
    }
    one.iter().filter(|w| lower.contains(&w.to_lowercase())).max_by_key(|w| w.len()).map(|w| vec![(*w).to_owned()]).unwrap_or_default()
}

/// What stands before the first は or が that marks a subject.
fn japanese_subject(text: &str, at: usize) -> Option<&str> {
    let reach = text.len().min(at + 300);
    let end = text.char_indices().find(|(i, c)| *i > 0 && *i < reach && matches!(c, 'は' | 'が')).map(|(i, _)| i)?;
    let start = text[..end].rfind(['。', '、']).map_or(0, |i| i + 3);
    Some(&text[start..end])
}

/// What stands before the duty, as far as a sentence's subject may reach.
fn english_subject(text: &str, at: usize) -> Option<&str> {
    let mut start = at.saturating_sub(160);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = text.len().min(at + 24).max(start);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.get(start..end)
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
        assert!(contains_label("the Supplier shall", "Supplier", false));
        assert!(!contains_label("Suppliers shall", "Supplier", false));
    }
}
