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
const SLOTS: usize = 256;

/// Words to be found in a text, looked up by how they begin.
struct Words<'w> {
    words: Vec<&'w [u8]>,
    /// A bit for each beginning that some word has; few others share one.
    begun: Box<[u64; 1024]>,
    /// For each slot the first word that may begin so, counted from 1; 0 where there is none.
    heads: [u16; SLOTS],
    /// For each word the next one of its slot, likewise.
    next: Vec<u16>,
}

/// 16 bits of a beginning; letters may be of either case.
fn hash([a, b, c]: [u8; BEGINNING]) -> usize {
    ((u32::from_le_bytes([a, b, c, 0]) | 0x20_2020).wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// One for each ASCII letter and digit.
const PLAIN: [u64; 256] = {
    let mut plain = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric() as u64;
        byte += 1;
    }
    plain
};

impl<'w> Words<'w> {
    /// Words by number. What comes after the first 65,534 of them is never found.
    fn new(words: &[&'w str]) -> Words<'w> {
        let words: Vec<&[u8]> = words.iter().map(|w| w.as_bytes()).take(usize::from(u16::MAX) - 1).collect();
        let (mut begun, mut heads, mut next) = (Box::new([0; 1024]), [0; SLOTS], vec![0; words.len()]);
        for (i, word) in words.iter().enumerate() {
            if let Some(beginning) = word.first_chunk() {
                let hash = hash(*beginning);
                begun[hash / 64] |= 1 << (hash % 64);
                next[i] = std::mem::replace(&mut heads[hash % SLOTS], i as u16 + 1);
            }
        }
        Words { words, begun, heads, next }
    }

    /// Calls `found` with number and start of every word that stands in the text, ASCII case ignored: in the order of the text, but
    /// words of one or two bytes at last. A word that begins with an ASCII letter or digit is only found where no other stands before it.
    fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = self.candidate(bytes, from) {
            from = at + 1;
            let mut head = bytes[at..].first_chunk().map_or(0, |beginning| self.heads[hash(*beginning) % SLOTS]);
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

    /// The first place from `from` on where a word may begin.
    fn candidate(&self, bytes: &[u8], from: usize) -> Option<usize> {
        if from == 0 && !bytes.is_empty() {
            return Some(0);
        }
        let may_begin = |window: &[u8]| {
            let [before, a, b, c] = *window else { return false };
            let hash = hash([a, b, c]);
            let inside = PLAIN[usize::from(before)] & PLAIN[usize::from(a)];
            self.begun[hash / 64] >> (hash % 64) & 1 & !inside != 0
        };
        bytes.get(from.wrapping_sub(1)..)?.windows(BEGINNING + 1).position(may_begin).map(|i| from + i)
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
