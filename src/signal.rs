//! Floor 7: folded text to signals.
//!
//! One pass finds every word the library knows; patterns are then matched over the words found, never over the text. A pattern is looked
//! at only where its rarest word stands, and matched only where all its others do, so the cost is that of the pass.

mod trie;

use crate::fold::{Folded, glue};
use crate::library::{AtomId, Gap, PhraseId, SignalId, Tongue, TonguePattern};
use crate::outline::UnitId;
use aho_corasick::AhoCorasick;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

pub(crate) use trie::{Memo, Trie};

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
    raising: Lists,
}

impl Signals {
    /// The statements that raise one of some signals, in order.
    pub fn raising(&self, signals: &[SignalId]) -> Vec<usize> {
        let mut out: Vec<usize> = signals.iter().flat_map(|s| self.raising.of(*s)).map(|i| *i as usize).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// A pattern: its signal, its phrase, and the range of its elements.
#[derive(Clone, Debug)]
struct Pattern {
    signal: u32,
    phrase: u32,
    from: u32,
    to: u32,
}

/// Lists, one after the other.
#[derive(Clone, Debug, Default)]
struct Lists<T = u32> {
    from: Vec<u32>,
    all: Vec<T>,
}

impl<T> Lists<T> {
    fn new<I: IntoIterator<Item = T>>(lists: impl IntoIterator<Item = I>) -> Lists<T> {
        let mut out = Lists { from: vec![0], all: Vec::new() };
        for list in lists {
            out.all.extend(list);
            out.from.push(out.all.len() as u32);
        }
        out
    }

    fn len(&self) -> usize {
        self.from.len() - 1
    }

    /// The list of that number; empty where there are fewer.
    fn of(&self, i: usize) -> &[T] {
        match self.from.get(i..i + 2) {
            Some([from, to]) => &self.all[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

impl Lists {
    /// The values of each of so many keys, in their order.
    fn by_key(keys: usize, pairs: impl Iterator<Item = (usize, u32)> + Clone) -> Lists {
        let mut from = vec![0; keys + 1];
        pairs.clone().for_each(|(key, _)| from[key + 1] += 1);
        let mut all = 0;
        from.iter_mut().for_each(|n| {
            all += *n;
            *n = all;
        });
        let mut next = from.clone();
        let mut out = Lists { from, all: vec![0; all as usize] };
        for (key, value) in pairs {
            out.all[next[key] as usize] = value;
            next[key] += 1;
        }
        out
    }
}

/// Bits of some sets, 64 to a block; the sets in order.
fn blocks(sets: &[u32]) -> Vec<(u32, u64)> {
    sets.chunk_by(|a, b| a / 64 == b / 64).map(|block| (block[0] / 64, block.iter().map(|set| 1 << (set % 64)).sum())).collect()
}

/// The sets of a block of which a bit is given, in order.
fn members(block: usize, mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let set = (bits != 0).then(|| block * 64 + bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(set)
    })
}

/// A compiled tongue.
#[derive(Clone, Debug)]
pub struct Scanner {
    trie: Trie,
    /// For each word whether it goes on to the end of whatever it begins.
    starred: Vec<bool>,
    /// For each word, and at last for the draft's own terms, the sets it is in: which 64 of them, and a bit each.
    sets: Lists<(u32, u64)>,
    /// For each of them the signals it raises alone, each with the phrase that says so.
    raised: Lists<(u32, u32)>,
    /// For each set the patterns that are looked up under it, those of which it is the rarest; each after its next rarest set.
    under: Lists,
    /// The sets under which a pattern is looked up, a bit each.
    keys: Vec<u64>,
    /// For each pattern its sets, the rarest first.
    asked: Lists,
    patterns: Vec<Pattern>,
    /// Of all patterns, one after the other: gaps and sets.
    elements: Vec<(Gap, u32)>,
    /// How many signals the tongue has.
    signals: usize,
    stops: Option<usize>,
    japanese: bool,
    scratch: Pool,
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
    memo: Memo,
    breaks: Vec<usize>,
    found: Vec<Found>,
    /// The sets of which a word stands in the text, a bit each.
    present: Vec<u64>,
    /// The patterns of which every set is present.
    held: Vec<u32>,
    /// The sets they ask for, a bit each.
    asked: Vec<u64>,
    /// For each of those the list in `places` that is its own.
    slots: Vec<u32>,
    /// Places of the sets asked for, by start, then end.
    places: Vec<Vec<(usize, usize)>>,
    reach: Vec<(usize, usize)>,
    next: Vec<(usize, usize)>,
    hits: Vec<Hit>,
}

/// What is left of the scans of earlier drafts for later ones, one for each thread at most.
#[derive(Default)]
struct Pool(Mutex<Vec<Scratch>>);

impl Pool {
    fn take(&self) -> Scratch {
        let kept = self.0.lock().ok().and_then(|mut kept| kept.pop());
        kept.unwrap_or_else(|| Scratch { memo: Memo::new(), ..Scratch::default() })
    }

    fn put(&self, scratch: Scratch) {
        if let Ok(mut kept) = self.0.lock() {
            kept.push(scratch);
        }
    }
}

impl Clone for Pool {
    /// What is kept belongs to the words of one scanner.
    fn clone(&self) -> Self {
        Pool::default()
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pool")
    }
}

/// How often a word stands in a sentence, guessed by its length: short words are common ones.
fn commonness(word: &str) -> u32 {
    let letters = word.chars().count();
    match (word.is_ascii(), letters) {
        (true, 0..=3) => 400,
        (true, 4) => 160,
        (true, 5) => 80,
        (true, 6..=7) => 30,
        (true, _) => 12,
        (false, 0..=1) => 400,
        (false, 2) => 80,
        (false, 3) => 30,
        (false, _) => 8,
    }
}

impl Scanner {
    /// Compiles a tongue. Costs about a microsecond a word.
    pub fn new(tongue: &Tongue, japanese: bool) -> Scanner {
        // A pattern of one element is raised by each of its words alone; sets are what the others ask for.
        let (alone, longer): (Vec<&TonguePattern>, Vec<_>) = tongue.patterns.iter().partition(|p| p.elements.len() == 1);
        let atoms_of = |patterns: &[&TonguePattern]| -> Vec<AtomId> { patterns.iter().flat_map(|p| &p.elements).map(|(_, atom)| *atom).collect() };
        let asked_for: BTreeSet<AtomId> = atoms_of(&longer).into_iter().chain(tongue.stops).collect();
        let (texts, words) = (&tongue.words, &tongue.atoms);
        let mut shared: Vec<u32> = vec![0; texts.len()];
        asked_for.iter().flat_map(|atom| &words[*atom]).for_each(|word| shared[*word as usize] += 1);
        // Sets that share their commonest word are neighbours, so that a word's sets fill few blocks.
        let mut asked_for: Vec<AtomId> = asked_for.into_iter().collect();
        asked_for.sort_by_cached_key(|atom| words[*atom].iter().map(|word| (Reverse(shared[*word as usize]), *word)).min());
        let mut places: Vec<Option<usize>> = vec![None; tongue.atoms.len()];
        // For each word, and at last for the draft's own terms.
        let mut raised: Vec<Vec<(u32, u32)>> = vec![Vec::new(); texts.len() + 1];
        let is_open: BTreeSet<AtomId> = tongue.open_atoms.iter().copied().collect();
        let terms = texts.len();
        let members = |atom: AtomId| words[atom].iter().map(|word| *word as usize).chain(is_open.contains(&atom).then_some(terms));
        for (set, atom) in asked_for.iter().enumerate() {
            places[*atom] = Some(set);
        }
        let members = &members;
        let sets = Lists::by_key(terms + 1, asked_for.iter().zip(0..).flat_map(|(atom, set)| members(*atom).map(move |word| (word, set))));
        for pattern in alone {
            members(pattern.elements[0].1).for_each(|word| raised[word].push((pattern.signal as u32, pattern.phrase as u32)));
        }
        let stems: Vec<String> = texts.iter().map(|t| t.trim_end_matches('*').to_ascii_lowercase()).collect();
        let (trie, mut order) = Trie::new(&stems, |i| !texts[i].ends_with('*') && stems[i].ends_with(|c: char| c.is_ascii_alphanumeric()));
        let starred = order.iter().map(|i| texts[*i].ends_with('*')).collect();
        order.push(terms);
        // A word that many sets share is a common one too.
        let weights: Vec<u32> = texts.iter().zip(&shared).map(|(text, shared)| commonness(text) * (2 + shared)).collect();
        let commonness: Vec<u32> = asked_for.iter().map(|atom| words[*atom].iter().map(|word| weights[*word as usize]).sum()).collect();
        let mut patterns = Vec::with_capacity(longer.len());
        let mut asked: Vec<Vec<u32>> = Vec::with_capacity(longer.len());
        let mut elements = Vec::new();
        let mut under = vec![Vec::new(); asked_for.len()];
        for pattern in longer {
            let from = elements.len() as u32;
            elements.extend(pattern.elements.iter().filter_map(|(gap, atom)| places[*atom].map(|set| (*gap, set as u32))));
            let mut own: Vec<u32> = elements[from as usize..].iter().map(|(_, set)| *set).collect();
            own.sort_by_key(|set| (commonness[*set as usize], *set));
            own.dedup();
            if let Some(key) = own.first() {
                under[*key as usize].extend([*own.get(1).unwrap_or(key), patterns.len() as u32]);
                patterns.push(Pattern { signal: pattern.signal as u32, phrase: pattern.phrase as u32, from, to: elements.len() as u32 });
                asked.push(own);
            }
        }
        Scanner {
            trie,
            starred,
            sets: Lists::new(order.iter().map(|i| blocks(sets.of(*i)))),
            raised: Lists::new(order.iter().map(|i| std::mem::take(&mut raised[*i]))),
            keys: under.chunks(64).map(|sets| sets.iter().enumerate().map(|(i, list)| u64::from(!list.is_empty()) << i).sum()).collect(),
            under: Lists::new(under),
            asked: Lists::new(asked),
            patterns,
            elements,
            signals: tongue.signals.len(),
            stops: tongue.stops.and_then(|s| places[s]),
            japanese,
            scratch: Pool::default(),
        }
    }

    /// The same scanner without a phrase. Costs far less than compiling it anew.
    pub(crate) fn without(&self, phrase: PhraseId) -> Scanner {
        let mut scanner = self.clone();
        let other = |pair: &&[u32]| self.patterns[pair[1] as usize].phrase as usize != phrase;
        let left = |set| self.under.of(set).chunks_exact(2).filter(other).flatten().copied();
        scanner.under = Lists::new((0..self.under.len()).map(left));
        let left = |word| self.raised.of(word).iter().filter(|(_, own)| *own as usize != phrase).copied();
        scanner.raised = Lists::new((0..self.raised.len()).map(left));
        scanner
    }

    /// Reads the signals of a draft. `terms` are the draft's own words for its protected information.
    pub fn scan(&self, folded: &Folded, terms: &[String]) -> Signals {
        let terms = (!terms.is_empty()).then(|| AhoCorasick::new(terms).ok()).flatten();
        let mut scratch = self.scratch.take();
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
        self.scratch.put(scratch);
        // Each signal once, where its first hit stands.
        let first = |hits: &[Hit], k: usize| k == 0 || hits[k - 1].signal != hits[k].signal;
        let raised = statements
            .iter()
            .zip(0u32..)
            .flat_map(move |(o, i)| o.hits.iter().enumerate().filter(move |(k, _)| first(&o.hits, *k)).map(move |(_, hit)| (hit.signal, i)));
        let raising = Lists::by_key(self.signals, raised);
        Signals { statements, headings, raising }
    }

    /// The signals of a text by itself, folded first.
    pub fn observe_text(&self, text: &str) -> Observed {
        self.observe_texts([text]).pop().unwrap_or_default()
    }

    /// The signals of several texts, each by itself.
    pub fn observe_texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Observed> {
        let mut scratch = self.scratch.take();
        scratch.breaks.clear();
        let observed = texts.into_iter().map(|text| self.observe(&crate::fold::fold_text(text), &mut scratch, None)).collect();
        self.scratch.put(scratch);
        observed
    }

    fn observe(&self, text: &str, scratch: &mut Scratch, terms: Option<&AhoCorasick>) -> Observed {
        let bytes = text.as_bytes();
        let goes_on = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let found = &mut scratch.found;
        found.clear();
        self.trie.find(text, &mut scratch.memo, |word, start, end| {
            let more = if self.starred[word as usize] { bytes[end..].iter().take_while(|b| b.is_ascii_alphanumeric()).count() } else { 0 };
            found.push(Found { word, start, end: end + more });
        });
        if let Some(terms) = terms {
            let before = found.len();
            let word = self.sets.len() as u32 - 1;
            for term in terms.find_iter(text) {
                if self.japanese || !(term.start() > 0 && goes_on(term.start() - 1) || goes_on(term.end())) {
                    found.push(Found { word, start: term.start(), end: term.end() });
                }
            }
            if found.len() > before {
                found.sort_unstable_by_key(|f| (f.start, f.end));
            }
        }
        scratch.hits.clear();
        if !found.is_empty() {
            self.raise(text, scratch);
            scratch.hits.sort_unstable();
            scratch.hits.dedup();
        }
        Observed { hits: scratch.hits.clone() }
    }

    /// The patterns that hold over the words found.
    fn raise(&self, text: &str, scratch: &mut Scratch) {
        scratch.begin(self);
        let Scratch { breaks, found, present, held, asked, slots, places, hits, .. } = scratch;
        for Found { word, start, end } in found.iter().copied() {
            self.sets.of(word as usize).iter().for_each(|(block, bits)| present[*block as usize] |= bits);
            let hit = |signal: u32| Hit { signal: signal as usize, start, end, sentence: sentence(breaks, start) };
            hits.extend(self.raised.of(word as usize).iter().map(|(signal, _)| hit(*signal)));
        }
        let stands = |set: &u32| present[*set as usize / 64] >> (set % 64) & 1 == 1;
        for (block, (present, keys)) in present.iter().zip(&self.keys).enumerate() {
            for set in members(block, present & keys) {
                for pair in self.under.of(set).chunks_exact(2) {
                    // Nearly every pattern fails at its next rarest set.
                    if stands(&pair[0]) && self.asked.of(pair[1] as usize).iter().skip(2).all(stands) {
                        held.push(pair[1]);
                    }
                }
            }
        }
        if held.is_empty() {
            return;
        }
        let own = held.iter().flat_map(|p| self.asked.of(*p as usize)).copied();
        own.chain(self.stops.map(|s| s as u32)).for_each(|set| asked[set as usize / 64] |= 1 << (set % 64));
        let sets = asked.iter().enumerate().flat_map(|(block, bits)| members(block, *bits));
        for (slot, set) in sets.enumerate() {
            slots[set] = slot as u32;
            if places.len() <= slot {
                places.push(Vec::new());
            }
            places[slot].clear();
        }
        for found in found.iter() {
            for (block, bits) in self.sets.of(found.word as usize) {
                for set in members(*block as usize, bits & asked[*block as usize]) {
                    places[slots[set] as usize].push((found.start, found.end));
                }
            }
        }
        for i in 0..scratch.held.len() {
            self.matches(text, &self.patterns[scratch.held[i] as usize], scratch);
        }
    }

    /// Every place where a pattern's chain of elements ends, each by its shortest chain. Linear in the places of its elements.
    fn matches(&self, text: &str, pattern: &Pattern, scratch: &mut Scratch) {
        let Scratch { breaks, slots, places, reach, next, hits, .. } = scratch;
        let of = |set: u32| places[slots[set as usize] as usize].as_slice();
        let mut hit = |(start, end): &(usize, usize)| {
            hits.push(Hit { signal: pattern.signal as usize, start: *start, end: *end, sentence: sentence(breaks, *start) });
        };
        let elements = &self.elements[pattern.from as usize..pattern.to as usize];
        let (first, further) = (of(elements[0].1), &elements[1..]);
        reach.clear();
        reach.extend_from_slice(first);
        let stops = self.stops.map_or(&[][..], |set| of(set as u32));
        for (gap, set) in further {
            next.clear();
            let limit = crate::library::reach(*gap, self.japanese);
            // `reach` holds (start of the chain, end of its last element); places are by start, chains by end.
            reach.sort_unstable_by_key(|(start, end)| (*end, *start));
            let mut i = 0;
            for (start, end) in of(*set) {
                while i < reach.len() && reach[i].1 <= *start {
                    i += 1;
                }
                // The nearest chain that ends before this element; a longer gap can only be worse.
                let Some((from, to)) = i.checked_sub(1).map(|j| reach[j]) else { continue };
                if start - to > limit {
                    continue;
                }
                let fits = match gap {
                    Gap::Adjacent => text[to..*start].chars().all(is_mark),
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
        reach.iter().for_each(&mut hit);
    }
}

impl Scratch {
    /// Makes ready for the patterns of another text.
    fn begin(&mut self, scanner: &Scanner) {
        let sets = scanner.under.len();
        self.slots.resize(sets, 0);
        for bits in [&mut self.present, &mut self.asked] {
            bits.clear();
            bits.resize(sets.div_ceil(64), 0);
        }
        self.held.clear();
    }
}

/// Which sentence of a statement a place is in.
fn sentence(breaks: &[usize], at: usize) -> usize {
    breaks.partition_point(|b| *b <= at)
}

/// What may stand between adjacent elements: a space or a mark.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | ',' | '、' | '・' | '"' | '\'' | '(' | ')' | '「' | '」' | '『' | '』' | '/' | '-' | '.' | '*' | '[' | ']' | ':' | ';')
}
