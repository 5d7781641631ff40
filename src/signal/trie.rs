//! The words of a tongue as a trie: from each place where a word can begin, every word that stands there, the shortest first.
//!
//! A walk ends after a character or two where no word stands, so that most of a text is read once and nothing is undone. What begins with
//! a run of letters is remembered by the run: a few thousand runs make up nearly all of any English text.

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
    /// For each word whether no letter or digit may follow it.
    closed: Vec<bool>,
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
    /// A trie of words, and the order in which it numbers them. `closed` tells of each whether no letter or digit may follow it.
    pub(crate) fn new(words: &[String], closed: impl Fn(usize) -> bool) -> (Trie, Vec<usize>) {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|i| words[*i].as_str());
        let last = order.last().filter(|_| words.len() >= MANY).and_then(|i| words[*i].chars().next());
        let first = last.map_or_else(Vec::new, |c| vec![0; c as usize + 1]);
        let mut trie = Trie { nodes: Vec::new(), labels: vec!['\0'], tails: String::new(), first, closed: Vec::new() };
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
        trie.closed = numbered.iter().map(|i| closed(*i)).collect();
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
    pub(crate) fn find(&self, text: &str, memo: &mut Memo, mut found: impl FnMut(u32, usize, usize)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            if !bytes[at].is_ascii_alphanumeric() {
                let (c, len) = character(text, at);
                at += len;
                if let Some(child) = self.root(c) {
                    self.walk(text, child, start, at, &mut found);
                }
                continue;
            }
            at += bytes[at..].iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(bytes.len() - at);
            let run = &text[start..at];
            match memo.of(run, |found| self.begun(run, found)) {
                Some((words, open)) => {
                    words.iter().for_each(|(word, len)| found(*word, start, start + *len as usize));
                    if let Some((node, len)) = open {
                        self.resume(text, node as usize, start, start + len as usize, &mut found);
                    }
                }
                None => {
                    if let Some(child) = self.root(character(text, start).0) {
                        self.walk(text, child, start, start + 1, &mut found);
                    }
                }
            }
        }
    }

    /// The words that stand at the beginning of a run and end in it, each with its length; and where a walk that goes on after the run
    /// would go on: after which node, at which length.
    fn begun(&self, run: &str, found: &mut Vec<(u32, u32)>) -> Option<(u32, u32)> {
        let (c, mut at) = character(run, 0);
        let mut node = self.root(c)?;
        loop {
            let (here, next) = (self.nodes[node], self.nodes[node + 1]);
            if here.tail < next.tail {
                return Some((node as u32, at as u32));
            }
            let ending = (here.ends..next.ends).filter(|word| at == run.len() || !self.closed[*word as usize]);
            found.extend(ending.map(|word| (word, at as u32)));
            if at == run.len() {
                return (here.children < next.children).then_some((node as u32, at as u32));
            }
            let (c, len) = character(run, at);
            node = self.child(node, c)?;
            at += len;
        }
    }

    /// Goes on where a run left a walk.
    fn resume(&self, text: &str, node: usize, start: usize, at: usize, found: &mut impl FnMut(u32, usize, usize)) {
        if self.nodes[node].tail < self.nodes[node + 1].tail {
            return self.walk(text, node, start, at, found);
        }
        if at < text.len() {
            let (c, len) = character(text, at);
            if let Some(child) = self.child(node, c) {
                self.walk(text, child, start, at + len, found);
            }
        }
    }

    fn walk(&self, text: &str, mut node: usize, start: usize, mut at: usize, found: &mut impl FnMut(u32, usize, usize)) {
        let bytes = text.as_bytes();
        let mut ending = |from: u32, to: u32, end: usize| {
            let goes_on = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
            (from..to).filter(|word| !(goes_on && self.closed[*word as usize])).for_each(|word| found(word, start, end));
        };
        loop {
            let (here, next) = (self.nodes[node], self.nodes[node + 1]);
            if here.tail < next.tail {
                let tail = &self.tails.as_bytes()[here.tail as usize..next.tail as usize];
                let end = at + tail.len();
                if bytes.get(at..end).is_some_and(|rest| rest.eq_ignore_ascii_case(tail)) {
                    ending(here.ends, next.ends, end);
                }
                return;
            }
            ending(here.ends, next.ends, at);
            if at == bytes.len() {
                return;
            }
            let (c, len) = character(text, at);
            let Some(child) = self.child(node, c) else { return };
            node = child;
            at += len;
        }
    }
}

/// A run no longer than this (in bytes) is remembered.
const LONGEST_RUN: usize = 16;
/// Places for runs; a power of two.
const RUNS: usize = 1 << 13;

/// What stands at the beginning of the runs met so far; the default one remembers nothing.
#[derive(Default)]
pub(crate) struct Memo {
    /// By a hash of the run; a place whose run is empty is free.
    runs: Vec<Run>,
    used: usize,
    words: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Default)]
struct Run {
    /// In lower case, filled up with zeros.
    run: [u8; LONGEST_RUN],
    /// Its words.
    from: u32,
    to: u32,
    /// Where the walk goes on.
    open: Option<(u32, u32)>,
}

/// The words that a run begins with, each with its length, and where a walk goes on after the run: after which node, at which length.
type Begun<'a> = (&'a [(u32, u32)], Option<(u32, u32)>);

impl Memo {
    /// With room for some thousand runs.
    pub(crate) fn new() -> Memo {
        Memo { runs: vec![Run::default(); RUNS], ..Memo::default() }
    }

    /// What is remembered of a run, or is found out by `begun`. Nothing where the run is too long or there is no more room.
    fn of(&mut self, run: &str, begun: impl FnOnce(&mut Vec<(u32, u32)>) -> Option<(u32, u32)>) -> Option<Begun<'_>> {
        if self.runs.is_empty() {
            return None;
        }
        let mut key = [0; LONGEST_RUN];
        key.get_mut(..run.len())?.copy_from_slice(run.as_bytes());
        key.make_ascii_lowercase();
        let bits = u128::from_le_bytes(key);
        let hash = (bits as u64 ^ (bits >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut place = (hash >> 40) as usize % RUNS;
        while self.runs[place].run != key {
            if self.runs[place].run == [0; LONGEST_RUN] {
                if self.used > RUNS / 4 * 3 {
                    return None;
                }
                self.used += 1;
                let from = self.words.len() as u32;
                let open = begun(&mut self.words);
                self.runs[place] = Run { run: key, from, to: self.words.len() as u32, open };
                break;
            }
            place = (place + 1) % RUNS;
        }
        let Run { from, to, open, .. } = self.runs[place];
        Some((&self.words[from as usize..to as usize], open))
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
        let (trie, order) = Trie::new(&words, |_| false);
        let mut memo = Memo::new();
        let mut found = |text: &str| {
            let mut out = Vec::new();
            trie.find(text, &mut memo, |w, from, to| out.push((words[order[w as usize]].clone(), from, to)));
            out.iter().map(|(w, from, to)| format!("{w} {from}-{to}")).collect::<Vec<_>>()
        };
        assert_eq!(found("no Copying OF 秘密情報"), ["copy 3-7", "copying of 3-13", "of 11-13", "秘密 14-20", "秘密情報 14-26", "情報 20-26"]);
        // A run that is remembered goes on as one that is not.
        assert_eq!(found("copying of, copying at"), ["copy 0-4", "copying of 0-10", "of 8-10", "copy 12-16"]);
        assert_eq!(found("photocopy"), Vec::<String>::new());
        assert_eq!(found(""), Vec::<String>::new());
        for (closed, wanted) in [(false, vec![(2, 6), (8, 12)]), (true, vec![(2, 6)])] {
            let (one, _) = Trie::new(&["copy".to_owned()], |_| closed);
            let mut places = Vec::new();
            one.find("a copy, copying", &mut Memo::new(), |_, from, to| places.push((from, to)));
            assert_eq!(places, wanted);
        }
    }

    #[test]
    fn more_runs_than_are_remembered() {
        let words = ["x12345", "x99999 y", "averyveryverylongword"].map(str::to_owned);
        let (trie, _) = Trie::new(&words, |_| true);
        let text: String = (0..20_000).map(|i| format!("x{i} ")).collect::<String>() + "x12345 x99999 y averyveryverylongword";
        let (mut memo, mut count) = (Memo::new(), 0);
        trie.find(&text, &mut memo, |_, _, _| count += 1);
        assert_eq!(count, 4);
    }
}
