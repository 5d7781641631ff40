//! Floor 7: folded text to signals.
//!
//! One Aho–Corasick pass finds every word the library knows; patterns are then matched over the words found, never over the text. A
//! pattern is looked at only where its rarest word stands, so the cost is that of the pass.

use crate::fold::{Folded, glue};
use crate::library::{AtomId, Gap, PhraseId, SignalId, Tongue, TonguePattern};
use crate::outline::UnitId;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::HashMap;

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
}

#[derive(Clone, Debug)]
struct Word {
    /// It must not go on to the left.
    left: bool,
    /// It must not go on to the right.
    right: bool,
    atoms: Vec<AtomId>,
}

/// A compiled tongue.
#[derive(Clone, Debug)]
pub struct Scanner {
    automaton: AhoCorasick,
    words: Vec<Word>,
    patterns: Vec<TonguePattern>,
    /// Patterns by the atom they are looked up under.
    by_key: Vec<Vec<usize>>,
    stops: Option<AtomId>,
    open: Vec<AtomId>,
    japanese: bool,
}

/// What one statement's scan needs; kept between statements so that nothing is allocated twice.
#[derive(Default)]
struct Scratch {
    text: String,
    /// Hits of each atom, by place.
    atoms: Vec<Vec<(usize, usize)>>,
    touched: Vec<AtomId>,
    breaks: Vec<usize>,
    reach: Vec<(usize, usize)>,
    next: Vec<(usize, usize)>,
}

impl Scanner {
    /// Compiles a tongue. Costs about a microsecond a word.
    pub fn new(tongue: &Tongue, japanese: bool) -> Scanner {
        let mut by_text: HashMap<&str, usize> = HashMap::new();
        let mut texts: Vec<&str> = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        for (atom, members) in tongue.atoms.iter().enumerate() {
            for member in members {
                let i = *by_text.entry(member.as_str()).or_insert_with(|| {
                    let stem = member.trim_end_matches('*');
                    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                    words.push(Word { left: edge(stem.chars().next()), right: edge(stem.chars().next_back()) && !member.ends_with('*'), atoms: Vec::new() });
                    texts.push(stem);
                    words.len() - 1
                });
                if words[i].atoms.last() != Some(&atom) {
                    words[i].atoms.push(atom);
                }
            }
        }
        // Two words may differ only by `*`: the automaton reports both.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts)
            .unwrap_or_else(|_| AhoCorasick::new([""; 0]).unwrap_or_else(|_| unreachable!("an empty automaton builds")));
        let mut uses = vec![0usize; tongue.atoms.len()];
        for word in &words {
            word.atoms.iter().for_each(|a| uses[*a] += 1);
        }
        let mut by_key = vec![Vec::new(); tongue.atoms.len()];
        let mut patterns = Vec::new();
        for pattern in &tongue.patterns {
            // Fewer and longer words are rarer.
            let rarity = |atom: AtomId| {
                let shortest = tongue.atoms[atom].iter().map(|w| w.len()).min().unwrap_or(0);
                (uses[atom] * 8 / shortest.max(1), usize::MAX - shortest)
            };
            let key = pattern.elements.iter().map(|(_, a)| *a).min_by_key(|a| rarity(*a));
            if let Some(key) = key {
                by_key[key].push(patterns.len());
                patterns.push(pattern.clone());
            }
        }
        Scanner { automaton, words, patterns, by_key, stops: tongue.stops, open: tongue.open_atoms.clone(), japanese }
    }

    /// The same scanner without a phrase. Costs far less than compiling it anew.
    pub(crate) fn without(&self, phrase: PhraseId) -> Scanner {
        let mut scanner = self.clone();
        scanner.by_key.iter_mut().for_each(|patterns| patterns.retain(|p| self.patterns[*p].phrase != phrase));
        scanner
    }

    /// Reads the signals of a draft. `terms` are the draft's own words for its protected information.
    pub fn scan(&self, folded: &Folded, terms: &[String]) -> Signals {
        let terms = (!terms.is_empty()).then(|| AhoCorasick::new(terms).ok()).flatten();
        let mut scratch = self.scratch();
        let mut parts = Vec::new();
        let mut statements = Vec::with_capacity(folded.statements().len());
        for statement in folded.statements() {
            folded.parts(statement, &mut parts);
            scratch.text.clear();
            scratch.breaks.clear();
            for part in &parts {
                let piece = part.slice(folded.text());
                glue(&mut scratch.text, piece);
                let at = scratch.text.len();
                scratch.text.push_str(piece);
                // A sentence that ends before or inside the part begins another one of the statement.
                let inside = statement.sentences.iter().filter(|end| part.start <= **end && **end < part.end && **end > statement.body.start);
                scratch.breaks.extend(inside.map(|end| at + end - part.start));
            }
            statements.push(self.observe(&mut scratch, terms.as_ref()));
        }
        let mut headings = HashMap::new();
        for heading in folded.headings() {
            scratch.breaks.clear();
            scratch.text.clear();
            scratch.text.push_str(heading.text.slice(folded.text()));
            headings.insert(heading.unit, self.observe(&mut scratch, terms.as_ref()));
        }
        Signals { statements, headings }
    }

    /// The signals of a text by itself, folded first.
    pub fn observe_text(&self, text: &str) -> Observed {
        let mut scratch = self.scratch();
        scratch.text = crate::fold::fold_text(text);
        self.observe(&mut scratch, None)
    }

    fn scratch(&self) -> Scratch {
        Scratch { atoms: vec![Vec::new(); self.by_key.len()], ..Scratch::default() }
    }

    fn observe(&self, scratch: &mut Scratch, terms: Option<&AhoCorasick>) -> Observed {
        for atom in scratch.touched.drain(..) {
            scratch.atoms[atom].clear();
        }
        let bytes = scratch.text.as_bytes();
        let goes_on = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        for found in self.automaton.find_overlapping_iter(&scratch.text) {
            let word = &self.words[found.pattern().as_usize()];
            if word.left && found.start() > 0 && goes_on(found.start() - 1) || word.right && goes_on(found.end()) {
                continue;
            }
            for atom in &word.atoms {
                let hits = &mut scratch.atoms[*atom];
                if hits.is_empty() {
                    scratch.touched.push(*atom);
                }
                hits.push((found.start(), found.end()));
            }
        }
        if let Some(terms) = terms {
            for found in terms.find_iter(&scratch.text) {
                if !self.japanese && (found.start() > 0 && goes_on(found.start() - 1) || goes_on(found.end())) {
                    continue;
                }
                for atom in &self.open {
                    if scratch.atoms[*atom].is_empty() {
                        scratch.touched.push(*atom);
                    }
                    scratch.atoms[*atom].push((found.start(), found.end()));
                }
            }
        }
        for atom in &scratch.touched {
            scratch.atoms[*atom].sort_unstable();
        }
        let mut out = Observed::default();
        for i in 0..scratch.touched.len() {
            for pattern in &self.by_key[scratch.touched[i]] {
                let TonguePattern { signal, elements, .. } = &self.patterns[*pattern];
                if elements.iter().all(|(_, a)| !scratch.atoms[*a].is_empty()) {
                    self.matches(*signal, elements, scratch, &mut out);
                }
            }
        }
        out.hits.sort_unstable();
        out.hits.dedup();
        out
    }

    /// Every place where a pattern's chain of elements ends, each by its shortest chain. Linear in the hits of its elements.
    fn matches(&self, signal: SignalId, elements: &[(Gap, AtomId)], scratch: &mut Scratch, out: &mut Observed) {
        let Scratch { text, atoms, breaks, reach, next, .. } = scratch;
        reach.clear();
        reach.extend(&atoms[elements[0].1]);
        let stops: &[(usize, usize)] = self.stops.map_or(&[], |s| &atoms[s]);
        for (gap, atom) in &elements[1..] {
            next.clear();
            let limit = crate::library::reach(*gap, self.japanese);
            // `reach` holds (start of the chain, end of its last element); hits are by start, chains by end.
            reach.sort_unstable_by_key(|(start, end)| (*end, *start));
            let mut i = 0;
            for (start, end) in &atoms[*atom] {
                while i < reach.len() && reach[i].1 <= *start {
                    i += 1;
                }
                // The nearest chain that ends before this element; a longer gap can only be worse.
                let Some((from, to)) = i.checked_sub(1).map(|j| reach[j]) else { continue };
                let between = &text[to..*start];
                let fits = match gap {
                    Gap::Adjacent => between.len() <= limit && between.chars().all(is_mark),
                    _ => {
                        between.len() <= limit && !breaks.iter().any(|b| to <= *b && *b <= *start) && {
                            let k = stops.partition_point(|(s, _)| *s < to);
                            stops[k..].iter().take_while(|(s, _)| s < start).all(|(_, e)| e > start)
                        }
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
        for (start, end) in reach.iter() {
            let sentence = breaks.iter().filter(|b| *b <= start).count();
            out.hits.push(Hit { signal, start: *start, end: *end, sentence });
        }
    }
}

/// What may stand between adjacent elements: a space or a mark.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | ',' | '、' | '・' | '"' | '\'' | '(' | ')' | '「' | '」' | '『' | '』' | '/' | '-' | '.' | '*' | '[' | ']' | ':' | ';')
}
