//! Which phrases of a library nothing depends on: each is left out in turn, and the drafts that it alone reads are read again. A phrase that
//! changed nothing stays out while the others are tried, so that all those named can go together.
//!
//! A phrase whose absence changes no answer on any example or draft is idle: it covers what another phrase covers, or what nobody
//! writes. It costs time, and a lawyer who reads the library trusts it for nothing.

use crate::examples;
use crate::fold::Folded;
use crate::library::{ClauseLibrary, PhraseId, SignalId, Stance};
use crate::outline::{Draft, Language};
use crate::provision::Reader;
use crate::review::{ReviewOptions, Reviewer};
use crate::signal::{Observed, Scanner};
use crate::source::SourceText;
use std::collections::HashMap;
use std::fmt::Write;

/// A phrase that no answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlePhrase {
    /// The file, relative to the library's folder.
    pub file: String,
    /// Where in the file, in bytes.
    pub at: usize,
    /// The signal it raises, as messages name it.
    pub signal: String,
    /// The language it is for.
    pub language: Language,
    /// Whether any example or draft holds it at all; if so, others of its signal cover it wherever it matters.
    pub raised: bool,
}

/// A draft with the answers that the whole library gives.
#[derive(Debug)]
struct Case {
    draft: Draft,
    answers: String,
    ja: Raised,
    en: Raised,
}

/// Where the phrases of one language stand in one draft.
#[derive(Debug, Default)]
struct Raised {
    /// The places of each phrase.
    places: HashMap<PhraseId, Vec<usize>>,
    /// How many phrases raise the same signal at a place.
    together: Vec<u32>,
}

impl Raised {
    /// Whether a phrase raises its signal where no other does.
    fn alone(&self, phrase: PhraseId) -> bool {
        self.places.get(&phrase).is_some_and(|places| places.iter().any(|p| self.together[*p] == 1))
    }

    fn leave_out(&mut self, phrase: PhraseId) {
        for place in self.places.remove(&phrase).unwrap_or_default() {
            self.together[place] -= 1;
        }
    }
}

impl Case {
    fn raised(&self, language: Language) -> &Raised {
        if language == Language::En { &self.en } else { &self.ja }
    }
}

/// A library with the drafts it is tried on: its own examples, and others.
///
/// ```
/// use sekisho::idle::Trial;
/// use sekisho::{ClauseLibrary, LibraryFile};
/// let clause = r#"
/// id = "greeting"
/// title = { ja = "挨拶", en = "Greeting" }
/// proposition = { ja = "挨拶がある", en = "there is a greeting" }
/// why = { ja = "礼", en = "manners" }
/// source = { ja = "礼法", en = "manners" }
/// [signals.en]
/// greets = ["good morning", "good evening"]
/// [[reading]]
/// name = "greets"
/// stance = "affirmed"
/// all = ["greets"]
/// [[example]]
/// lang = "en"
/// text = "Good morning."
/// stance = "affirmed"
/// "#;
/// let library = ClauseLibrary::from_files(&[LibraryFile::new("clauses/greeting/clause.toml", clause)]).unwrap();
/// let mut trial = Trial::new(&library, Vec::new());
/// let phrases = trial.phrases();
/// let idle = trial.idle_together(phrases);
/// assert_eq!(idle.len(), 1);
/// assert_eq!(&clause[idle[0].at..][..14], "\"good evening\"");
/// ```
#[derive(Debug)]
pub struct Trial<'l> {
    reviewer: Reviewer<'l>,
    /// The smallest first: they settle most phrases.
    cases: Vec<Case>,
}

impl<'l> Trial<'l> {
    /// Reads the library's examples and the drafts.
    pub fn new(library: &'l ClauseLibrary, drafts: Vec<Draft>) -> Trial<'l> {
        let reviewer = Reviewer::new(library);
        let traces = [Language::Ja, Language::En].map(|l| Trace::new(&reviewer, l));
        let own = library.clauses().iter().flat_map(|c| &c.examples).map(|e| Draft::parse(SourceText::new("example.md", examples::text(library, e))));
        let case = |draft: Draft| {
            let folded = Folded::new(&draft);
            let mixed = draft.language() == Language::Mixed;
            let of = |language: Language, trace: &Trace<'_>| {
                let read = mixed || draft.language() == language || language == Language::Ja && draft.language() != Language::En;
                if read { trace.raised(&draft, &folded) } else { Raised::default() }
            };
            let (ja, en) = (of(Language::Ja, &traces[0]), of(Language::En, &traces[1]));
            Case { answers: answers(&reviewer, &draft), draft, ja, en }
        };
        let mut cases: Vec<Case> = own.chain(drafts).map(case).collect();
        cases.sort_by_key(|c| c.draft.source().text().len());
        drop(traces);
        Trial { reviewer, cases }
    }

    /// Every phrase of the library.
    pub fn phrases(&self) -> Vec<(Language, PhraseId)> {
        let of = |language: Language| (0..self.reviewer.library().tongue(language).phrases.len()).map(move |p| (language, p));
        of(Language::Ja).chain(of(Language::En)).collect()
    }

    /// Whether every answer stays as it is without the phrase. Costs one reading of each draft where it alone raises a signal, until one
    /// answers otherwise.
    pub fn is_idle(&self, language: Language, phrase: PhraseId) -> bool {
        self.stays(&self.reviewer.without(language, phrase), language, phrase)
    }

    fn stays(&self, reviewer: &Reviewer<'_>, language: Language, phrase: PhraseId) -> bool {
        !self.cases.iter().filter(|c| c.raised(language).alone(phrase)).any(|c| answers(reviewer, &c.draft) != c.answers)
    }

    /// Those of some phrases that every answer stays without when all of them are left out; of two that cover each other, the one that
    /// stands in fewer drafts. Costs as much as asking for each by itself.
    pub fn idle_together(&mut self, phrases: impl IntoIterator<Item = (Language, PhraseId)>) -> Vec<IdlePhrase> {
        let drafts = |(language, phrase): &(Language, PhraseId)| self.cases.iter().filter(|c| c.raised(*language).places.contains_key(phrase)).count();
        let mut phrases: Vec<_> = phrases.into_iter().map(|p| (drafts(&p), p)).collect();
        phrases.sort();
        let mut idle = Vec::new();
        for (drafts, (language, phrase)) in phrases {
            let reviewer = self.reviewer.without(language, phrase);
            if !self.stays(&reviewer, language, phrase) {
                continue;
            }
            self.reviewer = reviewer;
            self.cases.iter_mut().for_each(|c| if language == Language::En { c.en.leave_out(phrase) } else { c.ja.leave_out(phrase) });
            idle.push(self.phrase(language, phrase, drafts > 0));
        }
        idle
    }

    fn phrase(&self, language: Language, phrase: PhraseId, raised: bool) -> IdlePhrase {
        let tongue = self.reviewer.library().tongue(language);
        let signal = tongue.patterns.iter().find(|p| p.phrase == phrase).map_or("", |p| &tongue.signals[p.signal]);
        let written = &tongue.phrases[phrase];
        IdlePhrase { file: tongue.files[written.file].clone(), at: written.span.start, signal: signal.to_owned(), language, raised }
    }
}

/// Everything a draft is answered with, as text to compare.
fn answers(reviewer: &Reviewer<'_>, draft: &Draft) -> String {
    let review = reviewer.review(draft, &ReviewOptions::default());
    let mut out = format!("{} {:?}\n", review.provisions.kind, review.provisions.information);
    for facts in &review.provisions.facts {
        let _ = write!(out, "{} {:?} {:?} {:?} {:?}", facts.clause, facts.stance, facts.elements, facts.binds, facts.values);
        for provision in facts.deciding() {
            let _ = write!(out, " {:?}", provision.evidence.span);
        }
    }
    let folded = Folded::new(draft);
    for (language, signals) in &review.provisions.observed {
        let silent = review.provisions.facts.iter().enumerate().filter(|(_, f)| f.stance == Stance::Silent);
        for near in silent.flat_map(|(i, _)| reviewer.reader(*language).nearest(draft, &folded, signals, i)) {
            let _ = write!(out, " {:?} {:?}", near.evidence.span, near.reason);
        }
    }
    for finding in &review.findings {
        let _ = write!(out, "{} {} {:?}", finding.code, finding.message, finding.span);
    }
    out
}

/// One language in which each phrase is told from the others of its signal.
struct Trace<'r> {
    reader: &'r Reader<'r>,
    scanner: Scanner,
    signal_of: HashMap<PhraseId, SignalId>,
}

impl<'r> Trace<'r> {
    fn new(reviewer: &'r Reviewer<'_>, language: Language) -> Trace<'r> {
        let tongue = reviewer.library().tongue(language);
        let signal_of = tongue.patterns.iter().map(|p| (p.phrase, p.signal)).collect();
        Trace { reader: reviewer.reader(language), scanner: Scanner::new(&tongue.traced(), language != Language::En), signal_of }
    }

    fn raised(&self, draft: &Draft, folded: &Folded) -> Raised {
        let signals = self.scanner.scan(folded, &self.reader.information(draft));
        let front = [draft.title().to_owned()].into_iter().chain(draft.units().iter().take(40).map(|u| draft.visible(&u.title)));
        let terms = draft.terms().iter().flat_map(|t| [&t.term, &t.head, &t.meaning]).cloned();
        let loose: Vec<Observed> = front.chain(terms).map(|t| self.scanner.observe_text(&t)).collect();
        let mut out = Raised::default();
        for observed in signals.statements.iter().chain(signals.headings.values()).chain(&loose) {
            let mut place_of: HashMap<(SignalId, usize, usize), usize> = HashMap::new();
            for hit in &observed.hits {
                let place = *place_of.entry((self.signal_of[&hit.signal], hit.start, hit.end)).or_insert_with(|| {
                    out.together.push(0);
                    out.together.len() - 1
                });
                out.together[place] += 1;
                out.places.entry(hit.signal).or_default().push(place);
            }
        }
        out
    }
}
