//! Floor 10: edits. They only insert, so nothing that was in a draft can be lost.

/// Text to insert.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Edit {
    /// Where: a byte of the decoded text, on a character boundary.
    pub at: usize,
    /// What.
    pub insert: String,
}

/// The text with every edit made, those at one place in the order given. Costs linear time.
///
/// An edit beyond the text goes at its end, one inside a character before that character.
///
/// ```
/// use sekisho::edit::{Edit, apply};
/// let edits = [Edit { at: 1, insert: "-".into() }];
/// assert_eq!(apply("ab", &edits), "a-b");
/// ```
pub fn apply(source: &str, edits: &[Edit]) -> String {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|e| e.at);
    let mut out = String::with_capacity(source.len() + edits.iter().map(|e| e.insert.len()).sum::<usize>());
    let mut done = 0;
    for edit in order {
        let mut at = edit.at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        let at = at.max(done);
        out.push_str(&source[done..at]);
        out.push_str(&edit.insert);
        done = at;
    }
    out.push_str(&source[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: usize, insert: &str) -> Edit {
        Edit { at, insert: insert.to_owned() }
    }

    #[test]
    fn edits_keep_everything_in_order() {
        assert_eq!(apply("abc", &[edit(3, "!"), edit(1, "x"), edit(1, "y")]), "axybc!");
        assert_eq!(apply("甲", &[edit(1, "x"), edit(99, "y")]), "x甲y");
        assert_eq!(apply("", &[]), "");
    }
}
