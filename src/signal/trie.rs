//! The words of a tongue as a trie: from each place where a word can begin, every word that stands there, the shortest first.
//!
//! A walk ends after a character or two where no word stands, so that most of a text is read once and nothing is undone. What begins with
//! a run of letters is remembered by the run: a few thousand runs make up nearly all of any English text. So do pairs of characters of a
//! Japanese one.

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
            let end = if PLAIN[usize::from(bytes[at])] {
                at += bytes[at..].iter().position(|b| !PLAIN[usize::from(*b)]).unwrap_or(bytes.len() - at);
                at
            } else {
                at += length(bytes[at]);
                // Marks and spaces are soon done with.
                if bytes[start].is_ascii() {
                    if let Some(child) = self.root(bytes[start] as char) {
                        self.walk(text, child, start, at, &mut found);
                    }
                    continue;
                }
                at + bytes.get(at).filter(|b| !b.is_ascii()).map_or(0, |b| length(*b))
            };
            match memo.of(text, start, end, |words| self.begun(&text[start..end], words)) {
                Some((words, open)) => {
                    words.iter().for_each(|(word, len)| found(*word, start, start + *len as usize));
                    if open.may_go_on(bytes, end) {
                        self.resume(text, open.node as usize, start, start + open.len as usize, &mut found);
                    }
                }
                None => {
                    let (c, len) = character(text, start);
                    if let Some(child) = self.root(c) {
                        self.walk(text, child, start, start + len, &mut found);
                    }
                }
            }
        }
    }

    /// The words that stand at the beginning of a run and end in it, each with its length; and where a walk would go on after the run.
    fn begun(&self, run: &str, found: &mut Vec<(u32, u32)>) -> Open {
        let (c, mut at) = character(run, 0);
        let Some(mut node) = self.root(c) else { return Open::default() };
        loop {
            let (here, next) = (self.nodes[node], self.nodes[node + 1]);
            let tail = &self.tails[here.tail as usize..next.tail as usize];
            let mut ending = |at: usize| {
                let ending = (here.ends..next.ends).filter(|word| at == run.len() || !self.closed[*word as usize]);
                found.extend(ending.map(|word| (word, at as u32)));
            };
            if !tail.is_empty() {
                let (rest, wanted) = (&run.as_bytes()[at..], tail.as_bytes());
                let shared = rest.len().min(wanted.len());
                if !rest[..shared].eq_ignore_ascii_case(&wanted[..shared]) {
                    return Open::default();
                }
                if wanted.len() <= rest.len() {
                    ending(at + wanted.len());
                    return Open::default();
                }
                let mut further = tail[rest.len()..].chars();
                let next = further.next().map_or(0, |c| 1 << slot(c));
                return Open { node: node as u32, len: at as u32, next, spaced: further.next().map_or(u64::MAX, |c| 1 << slot(c)) };
            }
            ending(at);
            if at == run.len() {
                let spaced = self.child(node, ' ').map_or(0, |child| self.slots(child));
                return Open { node: node as u32, len: at as u32, next: self.slots(node), spaced };
            }
            let (c, len) = character(run, at);
            let Some(child) = self.child(node, c) else { return Open::default() };
            node = child;
            at += len;
        }
    }

    /// The slots of the characters by which something follows a node. No word ends with a space.
    fn slots(&self, node: usize) -> u64 {
        let (here, next) = (self.nodes[node], self.nodes[node + 1]);
        let tail = &self.tails[here.tail as usize..next.tail as usize];
        let labels = &self.labels[here.children as usize..next.children as usize];
        labels.iter().copied().chain(tail.chars().next()).fold(0, |slots, c| slots | 1 << slot(c))
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
            if here.ends < next.ends {
                ending(here.ends, next.ends, at);
            }
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
/// What leaves of so many bytes the first ones.
const FIRST: [u128; LONGEST_RUN + 1] = {
    let mut first = [0; LONGEST_RUN + 1];
    let mut len = 1;
    while len <= LONGEST_RUN {
        first[len] = first[len - 1] << 8 | 0xff;
        len += 1;
    }
    first
};
/// Whether a byte is an ASCII letter or digit.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    plain
};
/// Places for runs; a power of two.
const RUNS: usize = 1 << 13;

/// What stands at the beginning of the runs met lately. A run is a whole row of ASCII letters and digits, or a character that is not
/// ASCII with the one after it if that is none either.
#[derive(Default)]
pub(crate) struct Memo {
    /// By a hash of the run; a place whose run is 0 is free.
    runs: Vec<Run>,
    used: usize,
    words: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Default)]
struct Run {
    /// Its bytes in lower case, filled up with zeros.
    run: u128,
    /// Its words.
    from: u32,
    to: u32,
    open: Open,
}

/// Where a walk goes on after a run.
#[derive(Clone, Copy, Default)]
struct Open {
    /// After which node, at which length.
    node: u32,
    len: u32,
    /// The slots of the characters one of which must follow the run; none where no walk goes on.
    next: u64,
    /// The slots of those one of which must come next where a space follows.
    spaced: u64,
}

impl Open {
    /// Whether a word may stand here that is longer than the run, which ends at `end`. It hardly ever says so for nothing.
    fn may_go_on(&self, bytes: &[u8], end: usize) -> bool {
        if self.next == 0 {
            return false;
        }
        match bytes.get(end) {
            Some(b' ') => self.next >> slot(' ') & 1 != 0 && slot_at(bytes, end + 1).is_none_or(|slot| self.spaced >> slot & 1 != 0),
            Some(_) => slot_at(bytes, end).is_some_and(|slot| self.next >> slot & 1 != 0),
            None => false,
        }
    }
}

/// One of 64 slots for each character: the last six bits of its last byte, in lower case where it is ASCII.
fn slot(c: char) -> u32 {
    c.to_ascii_lowercase() as u32 & 63
}

/// The slot of the character at `at`.
fn slot_at(bytes: &[u8], at: usize) -> Option<u32> {
    let first = *bytes.get(at)?;
    Some(u32::from(bytes.get(at + length(first) - 1)?.to_ascii_lowercase() & 63))
}

/// How many bytes a character has that begins with this one.
fn length(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

impl Memo {
    /// With room for some thousand runs.
    pub(crate) fn new() -> Memo {
        Memo { runs: vec![Run::default(); RUNS], ..Memo::default() }
    }

    /// What is remembered of the run that goes from `start` to `end`, or is found out by `begun`: the words it begins with, each with its
    /// length, and where a walk goes on. Nothing where the run is too long.
    fn of(&mut self, text: &str, start: usize, end: usize, begun: impl FnOnce(&mut Vec<(u32, u32)>) -> Open) -> Option<(&[(u32, u32)], Open)> {
        let len = end - start;
        if len > LONGEST_RUN || self.runs.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let mut key = match bytes[start..].first_chunk::<LONGEST_RUN>() {
            Some(chunk) => u128::from_le_bytes(*chunk),
            None => bytes[start..end].iter().rev().fold(0, |key, b| key << 8 | u128::from(*b)),
        };
        if bytes[start].is_ascii() {
            // Lower case: letters and digits alone stand there.
            key |= u128::from_le_bytes([0x20; LONGEST_RUN]);
        }
        key &= FIRST[len];
        let hash = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut place = (hash >> 40) as usize % RUNS;
        while self.runs[place].run != key {
            if self.runs[place].run == 0 {
                if self.used > RUNS / 4 * 3 {
                    // Full: what is met most is soon met again.
                    self.runs.fill(Run::default());
                    self.words.clear();
                    self.used = 0;
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
