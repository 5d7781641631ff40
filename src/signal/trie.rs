//! The words of a tongue as a trie: from each place where a word can begin, every word that stands there, the shortest first.
//!
//! A walk ends after a character or two where no word stands, so that most of a text is read once and nothing is undone.

/// Words as a trie over characters, ASCII case folded. Its nodes stand in breadth-first order, so the children of a node are neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    labels: Vec<char>,
    /// The first child of each node; that of the next node is one past its last.
    children: Vec<u32>,
    /// The first word that ends at each node, likewise.
    ends: Vec<u32>,
    /// Children of the root by character, 0 where there is none; as far as the last character with which a word begins.
    first: Vec<u32>,
}

impl Trie {
    /// A trie of words, and the order in which it numbers them.
    pub(crate) fn new(words: &[String]) -> (Trie, Vec<usize>) {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|i| words[*i].as_str());
        let last = order.last().and_then(|i| words[*i].chars().next()).map_or(0, |c| c as usize);
        let mut trie = Trie { labels: vec!['\0'], children: Vec::new(), ends: Vec::new(), first: vec![0; last + 1] };
        let mut numbered = Vec::with_capacity(words.len());
        // Words from `from` to `to` share their first `depth` bytes.
        let mut nodes = std::collections::VecDeque::from([(0, order.len(), 0)]);
        while let Some((mut from, to, depth)) = nodes.pop_front() {
            trie.ends.push(numbered.len() as u32);
            trie.children.push(trie.labels.len() as u32);
            while from < to && words[order[from]].len() == depth {
                numbered.push(order[from]);
                from += 1;
            }
            let label = |i: usize| words[order[i]][depth..].chars().next().unwrap_or('\0');
            while from < to {
                let c = label(from);
                let count = (from..to).take_while(|i| label(*i) == c).count();
                if depth == 0 {
                    trie.first[c as usize] = trie.labels.len() as u32;
                }
                trie.labels.push(c);
                nodes.push_back((from, from + count, depth + c.len_utf8()));
                from += count;
            }
        }
        trie.ends.push(numbered.len() as u32);
        trie.children.push(trie.labels.len() as u32);
        (trie, numbered)
    }

    /// Calls `found` with number, start and end of every word that stands in the text, by start, then end. A word that begins with an
    /// ASCII letter or digit is only found where no other stands before it.
    pub(crate) fn find(&self, text: &str, mut found: impl FnMut(u32, usize, usize)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let (c, len) = character(text, at);
            let child = self.first.get(c as usize).copied().unwrap_or(0);
            if child != 0 {
                self.walk(text, child as usize, at, at + len, &mut found);
            }
            at += len;
            if c.is_ascii_alphanumeric() {
                at += bytes[at..].iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(bytes.len() - at);
            }
        }
    }

    fn walk(&self, text: &str, mut node: usize, start: usize, mut at: usize, found: &mut impl FnMut(u32, usize, usize)) {
        loop {
            for word in self.ends[node]..self.ends[node + 1] {
                found(word, start, at);
            }
            if at == text.len() {
                return;
            }
            let (c, len) = character(text, at);
            let (from, to) = (self.children[node] as usize, self.children[node + 1] as usize);
            let Some(i) = self.labels[from..to].iter().position(|label| *label == c) else { return };
            node = from + i;
            at += len;
        }
    }
}

/// The character at `at`, in lower case where it is ASCII, and its length.
fn character(text: &str, at: usize) -> (char, usize) {
    let byte = text.as_bytes()[at];
    if byte.is_ascii() {
        return (byte.to_ascii_lowercase() as char, 1);
    }
    text[at..].chars().next().map_or(('\0', 1), |c| (c, c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_by_start_and_end() {
        let words = ["copy", "copying of", "秘密", "秘密情報", "情報", "of"].map(str::to_owned);
        let (trie, order) = Trie::new(&words);
        let found = |text: &str| {
            let mut out = Vec::new();
            trie.find(text, |w, from, to| out.push((words[order[w as usize]].clone(), from, to)));
            out.iter().map(|(w, from, to)| format!("{w} {from}-{to}")).collect::<Vec<_>>()
        };
        assert_eq!(found("no Copying OF 秘密情報"), ["copy 3-7", "copying of 3-13", "of 11-13", "秘密 14-20", "秘密情報 14-26", "情報 20-26"]);
        assert_eq!(found("photocopy"), Vec::<String>::new());
        assert_eq!(found(""), Vec::<String>::new());
    }
}
