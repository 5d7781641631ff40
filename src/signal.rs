//! Floor 7: folded text to signals.
//!
//! One pass finds every word the library knows; patterns are then matched over the words found, never over the text. A pattern is looked
//! at only where its rarest word and all its others stand, so the cost is that of the pass.

mod trie;

use crate::fold::{Folded, glue};
use crate::library::{AtomId, Gap, SignalId, Tongue};
use crate::outline::UnitId;
use aho_corasick::AhoCorasick;
use std::collections::HashMap;

pub(crate) use trie::Trie;

/// A signal raised in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Which.
    pub signal: SignalId,
    /// Where it begins in the statement as it is read, in bytes.
    pub start: usize,
    /// Where it ends there.
    pub end: usize,
    /// Which sentence of the statement, from 0.
    pub sentence: usize,
}

/// The signals of one statement.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Sorted by signal, then place.
    pub hits: Vec<Hit>,
}

impl Observed {
    /// Whether a signal was raised.
    pub fn has(&self, signal: SignalId) -> bool {
        self.of(signal).next().is_some()
    }

    /// The hits of a signal, in order.
    pub fn of(&self, signal: SignalId) -> impl Iterator<Item = &Hit> {
        let from = self.hits.partition_point(|h| h.signal < signal);
        self.hits[from..].iter().take_while(move |h| h.signal == signal)
    }
}

/// The signals of a draft in one language.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// For each statement of the folded draft, in order.
    pub statements: Vec<Observed>,
    /// For each heading, by its article.
    pub headings: HashMap<UnitId, Observed>,
    /// For each signal the statements that raise it, in order.
    raising: Vec<Vec<u32>>,
}

impl Signals {
    /// The statements that raise one of some signals, in order.
    pub fn raising(&self, signals: &[SignalId]) -> Vec<usize> {
        let mut out: Vec<usize> = signals.iter().filter_map(|s| self.raising.get(*s)).flatten().map(|i| *i as usize).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// A pattern, its sets of words by their place in the scanner.
#[derive(Debug)]
struct Pattern {
    signal: SignalId,
    elements: Vec<(Gap, usize)>,
}

/// A compiled tongue.
#[derive(Debug)]
pub struct Scanner {
    trie: Trie,
    /// For each word whether it must not go on to the right; to the left the trie sees to it.
    ends: Vec<bool>,
    /// For each word, and at last for the draft's own terms, the sets it is in: a row of bits.
    member: Vec<u64>,
    /// The length of such a row.
    row: usize,
    sets: usize,
    signals: usize,
    patterns: Vec<Pattern>,
    /// For each word, and at last for the draft's own terms, the patterns that are looked up under it.
    by_word: Vec<Vec<u32>>,
    stops: Option<usize>,
    japanese: bool,
}

/// A word found.
#[derive(Clone, Copy)]
struct Found {
    word: u32,
    start: usize,
    end: usize,
}

/// What one text's scan needs; kept between texts so that nothing is allocated twice.
#[derive(Default)]
struct Scratch {
    breaks: Vec<usize>,
    found: Vec<Found>,
    /// Counts the texts: what bears another number is left from an earlier one.
    turn: u32,
    words: Vec<u32>,
    patterns: Vec<u32>,
    /// The sets of which a word stands in the text.
    present: Vec<u64>,
    /// For each set its turn, and its range in `places`.
    sets: Vec<(u32, usize, usize)>,
    places: Vec<(usize, usize)>,
    reach: Vec<(usize, usize)>,
    next: Vec<(usize, usize)>,
}

impl Scanner {
    /// Compiles a tongue. Costs about a microsecond a word.
    pub fn new(tongue: &Tongue, japanese: bool) -> Scanner {
        // The sets that are asked for.
        let mut places: Vec<Option<usize>> = vec![None; tongue.atoms.len()];
        let mut used: Vec<AtomId> = Vec::new();
        for atom in tongue.patterns.iter().flat_map(|p| &p.elements).map(|(_, a)| *a).chain(tongue.stops) {
            places[atom].get_or_insert_with(|| {
                used.push(atom);
                used.len() - 1
            });
        }
        let mut by_text: HashMap<&str, usize> = HashMap::new();
        let mut texts: Vec<&str> = Vec::new();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for (set, atom) in used.iter().enumerate() {
            for member in &tongue.atoms[*atom] {
                let i = *by_text.entry(member.as_str()).or_insert_with(|| {
                    texts.push(member);
                    sets.push(Vec::new());
                    texts.len() - 1
                });
                sets[i].push(set);
            }
        }
        let stems: Vec<String> = texts.iter().map(|t| t.trim_end_matches('*').to_ascii_lowercase()).collect();
        let (trie, order) = Trie::new(&stems);
        let closes = |i: &usize| !texts[*i].ends_with('*') && stems[*i].ends_with(|c: char| c.is_ascii_alphanumeric());
        let ends = order.iter().map(closes).collect();
        let row = used.len().div_ceil(64);
        let mut member = vec![0; row * (order.len() + 1)];
        let open = tongue.open_atoms.iter().filter_map(|a| places[*a]).collect();
        let members: Vec<&Vec<usize>> = order.iter().map(|i| &sets[*i]).chain([&open]).collect();
        let mut words_of: Vec<Vec<u32>> = vec![Vec::new(); used.len()];
        for (word, sets) in members.into_iter().enumerate() {
            for set in sets {
                member[word * row + set / 64] |= 1 << (set % 64);
                words_of[*set].push(word as u32);
            }
        }
        // Fewer and longer words are rarer.
        let rarity = |set: usize| {
            let shortest = tongue.atoms[used[set]].iter().map(|w| w.len()).min().unwrap_or(0);
            (words_of[set].len() * 8 / shortest.max(1), usize::MAX - shortest)
        };
        let rarities: Vec<_> = (0..used.len()).map(rarity).collect();
        let mut by_word = vec![Vec::new(); order.len() + 1];
        let mut patterns = Vec::with_capacity(tongue.patterns.len());
        for pattern in &tongue.patterns {
            let elements: Vec<(Gap, usize)> = pattern.elements.iter().filter_map(|(gap, atom)| places[*atom].map(|set| (*gap, set))).collect();
            if let Some(key) = elements.iter().map(|(_, set)| *set).min_by_key(|set| rarities[*set]) {
                words_of[key].iter().for_each(|w| by_word[*w as usize].push(patterns.len() as u32));
                patterns.push(Pattern { signal: pattern.signal, elements });
            }
        }
        Scanner {
            trie,
            ends,
            member,
            row,
            sets: used.len(),
            signals: tongue.signals.len(),
            patterns,
            by_word,
            stops: tongue.stops.and_then(|s| places[s]),
            japanese,
        }
    }

    /// Reads the signals of a draft. `terms` are the draft's own words for its protected information.
    pub fn scan(&self, folded: &Folded, terms: &[String]) -> Signals {
        let terms = (!terms.is_empty()).then(|| AhoCorasick::new(terms).ok()).flatten();
        let mut scratch = Scratch::default();
        let mut text = String::new();
        let mut parts = Vec::new();
        let mut statements: Vec<Observed> = Vec::with_capacity(folded.statements().len());
        for statement in folded.statements() {
            folded.parts(statement, &mut parts);
            text.clear();
            scratch.breaks.clear();
            let mut at = 0;
            for part in &parts {
                let piece = part.slice(folded.text());
                if parts.len() > 1 {
                    glue(&mut text, piece);
                    at = text.len();
                    text.push_str(piece);
                }
                // A sentence that ends before or inside the part begins another one of the statement.
                let inside = statement.sentences.iter().filter(|end| part.start <= **end && **end < part.end && **end > statement.body.start);
                scratch.breaks.extend(inside.map(|end| at + end - part.start));
            }
            let read = if parts.len() > 1 { text.as_str() } else { parts[0].slice(folded.text()) };
            statements.push(self.observe(read, &mut scratch, terms.as_ref()));
        }
        let mut headings = HashMap::new();
        scratch.breaks.clear();
        for heading in folded.headings() {
            headings.insert(heading.unit, self.observe(heading.text.slice(folded.text()), &mut scratch, terms.as_ref()));
        }
        let mut raising = vec![Vec::new(); self.signals];
        for (i, observed) in statements.iter().enumerate() {
            for hits in observed.hits.chunk_by(|a, b| a.signal == b.signal) {
                raising[hits[0].signal].push(i as u32);
            }
        }
        Signals { statements, headings, raising }
    }

    /// The signals of a text by itself, folded first.
    pub fn observe_text(&self, text: &str) -> Observed {
        self.observe(&crate::fold::fold_text(text), &mut Scratch::default(), None)
    }

    fn observe(&self, text: &str, scratch: &mut Scratch, terms: Option<&AhoCorasick>) -> Observed {
        let bytes = text.as_bytes();
        let goes_on = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let found = &mut scratch.found;
        found.clear();
        self.trie.find(text, |word, start, end| {
            if !(self.ends[word as usize] && goes_on(end)) {
                found.push(Found { word, start, end });
            }
        });
        if let Some(terms) = terms {
            let before = found.len();
            let word = self.ends.len() as u32;
            for term in terms.find_iter(text) {
                if self.japanese || !(term.start() > 0 && goes_on(term.start() - 1) || goes_on(term.end())) {
                    found.push(Found { word, start: term.start(), end: term.end() });
                }
            }
            if found.len() > before {
                found.sort_unstable_by_key(|f| (f.start, f.end));
            }
        }
        let mut out = Observed::default();
        if !found.is_empty() {
            self.raise(text, scratch, &mut out);
            out.hits.sort_unstable();
            out.hits.dedup();
        }
        out
    }

    /// The patterns that hold over the words found.
    fn raise(&self, text: &str, scratch: &mut Scratch, out: &mut Observed) {
        scratch.begin(self);
        for i in 0..scratch.found.len() {
            let word = scratch.found[i].word as usize;
            if std::mem::replace(&mut scratch.words[word], scratch.turn) != scratch.turn {
                let row = &self.member[word * self.row..][..self.row];
                scratch.present.iter_mut().zip(row).for_each(|(all, own)| *all |= own);
            }
        }
        for i in 0..scratch.found.len() {
            let word = scratch.found[i].word as usize;
            if std::mem::take(&mut scratch.words[word]) != scratch.turn {
                continue;
            }
            for pattern in &self.by_word[word] {
                let elements = &self.patterns[*pattern as usize].elements;
                let all = elements.iter().all(|(_, set)| scratch.present[set / 64] >> (set % 64) & 1 == 1);
                if all && std::mem::replace(&mut scratch.patterns[*pattern as usize], scratch.turn) != scratch.turn {
                    self.matches(text, &self.patterns[*pattern as usize], scratch, out);
                }
            }
        }
    }

    /// The places of a set's words in the text, as a range of `scratch.places`: by start, then end.
    fn places(&self, set: usize, scratch: &mut Scratch) -> std::ops::Range<usize> {
        let (turn, from, to) = scratch.sets[set];
        if turn == scratch.turn {
            return from..to;
        }
        let from = scratch.places.len();
        let held = scratch.found.iter().filter(|f| self.member[f.word as usize * self.row + set / 64] >> (set % 64) & 1 == 1);
        scratch.places.extend(held.map(|f| (f.start, f.end)));
        scratch.sets[set] = (scratch.turn, from, scratch.places.len());
        from..scratch.places.len()
    }

    /// Every place where a pattern's chain of elements ends, each by its shortest chain. Linear in the places of its elements.
    fn matches(&self, text: &str, pattern: &Pattern, scratch: &mut Scratch, out: &mut Observed) {
        let Pattern { signal, elements } = pattern;
        let first = self.places(elements[0].1, scratch);
        scratch.reach.clear();
        scratch.reach.extend_from_slice(&scratch.places[first]);
        for (gap, set) in &elements[1..] {
            let range = self.places(*set, scratch);
            let stops = self.stops.filter(|_| *gap != Gap::Adjacent).map_or(0..0, |s| self.places(s, scratch));
            let Scratch { places, breaks, reach, next, .. } = scratch;
            let stops = &places[stops];
            next.clear();
            let limit = crate::library::reach(*gap, self.japanese);
            // `reach` holds (start of the chain, end of its last element); places are by start, chains by end.
            reach.sort_unstable_by_key(|(start, end)| (*end, *start));
            let mut i = 0;
            for (start, end) in &places[range] {
                while i < reach.len() && reach[i].1 <= *start {
                    i += 1;
                }
                // The nearest chain that ends before this element; a longer gap can only be worse.
                let Some((from, to)) = i.checked_sub(1).map(|j| reach[j]) else { continue };
                let between = &text[to..*start];
                let fits = between.len() <= limit
                    && match gap {
                        Gap::Adjacent => between.chars().all(is_mark),
                        _ => {
                            let crossed = breaks.get(breaks.partition_point(|b| *b < to)).is_some_and(|b| b <= start);
                            let k = stops.partition_point(|(s, _)| *s < to);
                            !crossed && stops[k..].iter().take_while(|(s, _)| s < start).all(|(_, e)| e > start)
                        }
                    };
                if fits {
                    next.push((from, *end));
                }
            }
            std::mem::swap(reach, next);
            if reach.is_empty() {
                return;
            }
        }
        for (start, end) in &scratch.reach {
            let sentence = scratch.breaks.partition_point(|b| b <= start);
            out.hits.push(Hit { signal: *signal, start: *start, end: *end, sentence });
        }
    }
}

impl Scratch {
    /// Makes ready for the patterns of another text.
    fn begin(&mut self, scanner: &Scanner) {
        if self.words.is_empty() {
            self.words = vec![0; scanner.by_word.len()];
            self.patterns = vec![0; scanner.patterns.len()];
            self.present = vec![0; scanner.row];
            self.sets = vec![(0, 0, 0); scanner.sets];
        }
        self.turn += 1;
        self.places.clear();
        self.present.fill(0);
    }
}

/// What may stand between adjacent elements: a space or a mark.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | ',' | '、' | '・' | '"' | '\'' | '(' | ')' | '「' | '」' | '『' | '』' | '/' | '-' | '.' | '*' | '[' | ']' | ':' | ';')
}
