//! The words of a tongue as a trie: from each place where a word can begin, every word that stands there, the shortest first.
//!
//! A walk ends after a character or two where no word stands, so that most of a text is read once and nothing is undone.

/// Words as a trie over characters, ASCII case folded. Its nodes stand in breadth-first order, so the children of a node are neighbours:
/// first those by ASCII characters in the order of their bits, then the others in the order of their characters.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    nodes: Vec<Node>,
    labels: Vec<char>,
    /// What is left of the words below which nothing branches.
    tails: String,
    /// Children of the root by character, 0 where there is none; only where there are so many words that it pays.
    first: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The ASCII characters by which children follow, a bit each.
    ascii: u64,
    /// The first child; that of the next node is one past the last.
    children: u32,
    /// The first word that ends here, likewise.
    ends: u32,
    /// Where the rest of those words begins in `tails`, likewise: the text must go on with it.
    tail: u32,
}

/// From so many words on the first character is looked up in a table.
const MANY: usize = 256;

/// The bit of an ASCII character in lower case; marks that stand among the capitals have none.
fn bit(c: char) -> Option<u32> {
    match c {
        '\u{20}'..='\u{3f}' => Some(c as u32 - 0x20),
        '\u{60}'..='\u{7f}' => Some(c as u32 - 0x40),
        _ => None,
    }
}

impl Trie {
    /// A trie of words, and the order in which it numbers them.
    pub(crate) fn new(words: &[String]) -> (Trie, Vec<usize>) {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|i| words[*i].as_str());
        let last = order.last().filter(|_| words.len() >= MANY).and_then(|i| words[*i].chars().next());
        let mut trie = Trie { nodes: Vec::new(), labels: vec!['\0'], tails: String::new(), first: last.map_or_else(Vec::new, |c| vec![0; c as usize + 1]) };
        let mut numbered = Vec::with_capacity(words.len());
        // Words from `from` to `to` share their first `depth` bytes.
        let mut open = std::collections::VecDeque::from([(0, order.len(), 0)]);
        let mut groups: Vec<(char, usize, usize)> = Vec::new();
        while let Some((mut from, to, depth)) = open.pop_front() {
            let mut node = trie.end(numbered.len());
            // Not at the root: whether a word begins is asked before it is walked.
            let alone = depth > 0 && from < to && words[order[from]] == words[order[to - 1]];
            if alone {
                trie.tails.push_str(&words[order[from]][depth..]);
            }
            while from < to && (alone || words[order[from]].len() == depth) {
                numbered.push(order[from]);
                from += 1;
            }
            let label = |i: usize| words[order[i]][depth..].chars().next().unwrap_or('\0');
            groups.clear();
            while from < to {
                let c = label(from);
                let end = from + (from..to).take_while(|i| label(*i) == c).count();
                node.ascii |= bit(c).map_or(0, |bit| 1 << bit);
                groups.push((c, from, end));
                from = end;
            }
            groups.sort_by_key(|(c, ..)| (bit(*c).is_none(), *c));
            for (c, from, end) in &groups {
                if let Some(first) = trie.first.get_mut(*c as usize).filter(|_| depth == 0) {
                    *first = trie.labels.len() as u32;
                }
                trie.labels.push(*c);
                open.push_back((*from, *end, depth + c.len_utf8()));
            }
            trie.nodes.push(node);
        }
        trie.nodes.push(trie.end(numbered.len()));
        (trie, numbered)
    }

    /// A node without children.
    fn end(&self, words: usize) -> Node {
        Node { ascii: 0, children: self.labels.len() as u32, ends: words as u32, tail: self.tails.len() as u32 }
    }

    /// The child of a node by a character.
    fn child(&self, node: usize, c: char) -> Option<usize> {
        let Node { ascii, children, .. } = self.nodes[node];
        if let Some(bit) = bit(c) {
            let before = (ascii & ((1 << bit) - 1)).count_ones();
            return (ascii >> bit & 1 == 1).then_some((children + before) as usize);
        }
        let (from, to) = ((children + ascii.count_ones()) as usize, self.nodes[node + 1].children as usize);
        self.labels[from..to].binary_search(&c).ok().map(|i| from + i)
    }

    fn root(&self, c: char) -> Option<usize> {
        if self.first.is_empty() {
            return self.child(0, c);
        }
        self.first.get(c as usize).map(|i| *i as usize).filter(|i| *i != 0)
    }

    /// Calls `found` with number, start and end of every word that stands in the text, by start, then end. A word that begins with an
    /// ASCII letter or digit is only found where no other stands before it.
    pub(crate) fn find(&self, text: &str, mut found: impl FnMut(u32, usize, usize)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let (c, len) = character(text, at);
            if let Some(child) = self.root(c) {
                self.walk(text, child, at, at + len, &mut found);
            }
            at += len;
            if c.is_ascii_alphanumeric() {
                at += bytes[at..].iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(bytes.len() - at);
            }
        }
    }

    fn walk(&self, text: &str, mut node: usize, start: usize, mut at: usize, found: &mut impl FnMut(u32, usize, usize)) {
        loop {
            let (here, next) = (self.nodes[node], self.nodes[node + 1]);
            if here.tail < next.tail {
                let tail = &self.tails.as_bytes()[here.tail as usize..next.tail as usize];
                let end = at + tail.len();
                if text.as_bytes().get(at..end).is_some_and(|rest| rest.eq_ignore_ascii_case(tail)) {
                    (here.ends..next.ends).for_each(|word| found(word, start, end));
                }
                return;
            }
            (here.ends..next.ends).for_each(|word| found(word, start, at));
            if at == text.len() {
                return;
            }
            let (c, len) = character(text, at);
            let Some(child) = self.child(node, c) else { return };
            node = child;
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
        let (one, _) = Trie::new(&["copy".to_owned()]);
        let mut places = Vec::new();
        one.find("a copy, copying", |_, from, to| places.push((from, to)));
        assert_eq!(places, [(2, 6), (8, 12)]);
    }
}
