//! Where many words stand in a text, all found in one pass.

use crate::outline::REFERENCE_WORDS;

/// Where the words stand in the folded text that the checks ask for.
pub(super) struct Places {
    /// Where a reference may begin.
    pub references: Vec<usize>,
    /// For each word of each list where it stands; ASCII case ignored.
    pub terms: Vec<Vec<usize>>,
    pub labels: Vec<Vec<usize>>,
    pub roles: Vec<Vec<usize>>,
    pub terms_of_art: Vec<Vec<usize>>,
}

impl Places {
    pub fn read(text: &str, terms: &[String], labels: &[String], roles: &[&str], terms_of_art: &[&str]) -> Places {
        let own = terms.iter().chain(labels).map(String::as_str);
        let words: Vec<&str> = REFERENCE_WORDS.into_iter().chain(own).chain(roles.iter().chain(terms_of_art).copied()).collect();
        let mut references = Vec::new();
        let mut lists = vec![Vec::new(); words.len() - REFERENCE_WORDS.len()];
        Words::new(&words).find(text, |word, at| match word.checked_sub(REFERENCE_WORDS.len()) {
            Some(word) => lists[word].push(at),
            None => references.push(at),
        });
        let mut lists = lists.into_iter();
        let mut next = |count: usize| lists.by_ref().take(count).collect();
        Places { references, terms: next(terms.len()), labels: next(labels.len()), roles: next(roles.len()), terms_of_art: next(terms_of_art.len()) }
    }
}

/// How many bytes of a word it is looked up by.
const BEGINNING: usize = 3;
/// A power of two.
const SLOTS: usize = 4096;

/// Words to be found in a text, looked up by how they begin.
struct Words<'w> {
    words: Vec<&'w [u8]>,
    /// For each slot the first word that may begin so, counted from 1; 0 where there is none.
    heads: Box<[u16; SLOTS]>,
    /// For each word the next one of its slot, likewise.
    next: Vec<u16>,
}

/// The last bytes of a text, in small letters, after one more.
fn after(last: u32, byte: u8) -> u32 {
    last << 8 & 0xff_ffff | u32::from(byte | 0x20)
}

/// The slot of the words that begin with three bytes.
fn slot(beginning: u32) -> usize {
    (beginning.wrapping_mul(0x9e37_79b1) >> 20) as usize % SLOTS
}

impl<'w> Words<'w> {
    /// Words by number. What comes after the first 65,534 of them is never found.
    fn new(words: &[&'w str]) -> Words<'w> {
        let words: Vec<&[u8]> = words.iter().map(|w| w.as_bytes()).take(usize::from(u16::MAX) - 1).collect();
        let (mut heads, mut next) = (Box::new([0; SLOTS]), vec![0; words.len()]);
        for (i, word) in words.iter().enumerate() {
            if let Some(beginning) = word.get(..BEGINNING) {
                let slot = slot(beginning.iter().fold(0, |last, byte| after(last, *byte)));
                next[i] = std::mem::replace(&mut heads[slot], i as u16 + 1);
            }
        }
        Words { words, heads, next }
    }

    /// Calls `found` with number and start of every word that stands in the text, ASCII case ignored: in the order of the text, but
    /// words of one or two bytes at last. A word that begins with an ASCII letter or digit is only found where no other stands before it.
    fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let bytes = text.as_bytes();
        let (mut last, mut plain) = (0, 0);
        for (i, byte) in bytes.iter().enumerate() {
            last = after(last, *byte);
            // A bit for each of the last bytes: whether it is an ASCII letter or digit.
            plain = plain << 1 | u8::from(byte.is_ascii_alphanumeric());
            let inside = plain >> (BEGINNING - 1) & 0b11 == 0b11;
            let mut head = self.heads[slot(last)];
            if (head == 0) | inside | (i + 1 < BEGINNING) {
                continue;
            }
            let at = i + 1 - BEGINNING;
            while let Some(word) = usize::from(head).checked_sub(1) {
                let wanted = self.words[word];
                if bytes.get(at..at + wanted.len()).is_some_and(|here| here.eq_ignore_ascii_case(wanted)) {
                    found(word, at);
                }
                head = self.next[word];
            }
        }
        for (word, wanted) in self.words.iter().enumerate().filter(|(_, w)| (1..BEGINNING).contains(&w.len())) {
            let goes_on = |at: usize| wanted[0].is_ascii_alphanumeric() && at > 0 && bytes[at - 1].is_ascii_alphanumeric();
            let places = bytes.windows(wanted.len()).enumerate().filter(|(at, here)| here.eq_ignore_ascii_case(wanted) && !goes_on(*at));
            places.for_each(|(at, _)| found(word, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_the_order_of_the_text() {
        let words = ["A", "copy", "copying", "秘密", "秘密情報", "情報", "of", "(a)"];
        let mut found = Vec::new();
        Words::new(&words).find("no Copying, photocopy (a) 秘密情報 ab", |word, at| found.push((words[word], at)));
        found.sort_by_key(|(word, at)| (*at, word.len()));
        let all = [("copy", 3), ("copying", 3), ("(a)", 22), ("A", 23), ("秘密", 26), ("秘密情報", 26), ("情報", 32), ("A", 39)];
        assert_eq!(found, all);
        Words::new(&words).find("co", |_, _| panic!("nothing stands there"));
    }
}
