//! Floor 8: signals to what the draft provides.
//!
//! A provision is a place that takes a stance on a clause. The stance of the draft falls out of its provisions; where there is none the
//! draft is silent.

mod binds;
mod nearest;
mod values;

use crate::fold::Folded;
use crate::library::{ClauseLibrary, Condition, PhraseId, Reading, Recogniser, Scope, SignalId, Stance, Tongue};
use crate::outline::{DefinedTerm, Draft, Language, UnitId, UnitKind};
use crate::signal::{Observed, Scanner, Signals};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

pub use nearest::{MOST_PASSAGES, Near, Reason};
pub use values::ReadValue;

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Evidence {
    /// The place in the decoded text.
    pub span: Span,
    /// The text at that place, exactly.
    pub quote: String,
    /// The unit it stands in.
    pub unit: UnitId,
}

/// A place in the draft that takes a stance on a clause.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Provision {
    /// The reading that saw it.
    pub reading: String,
    /// The stance it takes.
    pub stance: Stance,
    /// Whether it prevails over provisions of the other stance.
    pub overrides: bool,
    /// The parties it binds, as the draft calls them; empty where that could not be read.
    pub binds: Vec<String>,
    /// Where it was read.
    pub evidence: Evidence,
    /// The statement it stands in.
    #[serde(skip)]
    pub statement: usize,
}

/// What the draft says of one clause.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Facts {
    /// The clause's id.
    pub clause: String,
    /// The stance of the draft.
    pub stance: Stance,
    /// Each element of the clause, and whether the draft has it.
    pub elements: BTreeMap<String, bool>,
    /// The parties bound by the provisions that decide the stance.
    pub binds: Vec<String>,
    /// Values read in them.
    pub values: BTreeMap<String, ReadValue>,
    /// Every provision, the deciding stance first, each in the order of the draft.
    pub provisions: Vec<Provision>,
}

/// What a draft says.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Provisions {
    /// The kind of contract.
    pub kind: String,
    /// What it says of each clause, in the library's order.
    pub facts: Vec<Facts>,
    /// The draft's own words for its protected information.
    pub information: Vec<String>,
    /// What was observed, by the language it was read as.
    #[serde(skip)]
    pub observed: Vec<(Language, Signals)>,
}

impl Facts {
    /// The provisions that decide the stance.
    pub fn deciding(&self) -> impl Iterator<Item = &Provision> {
        self.provisions.iter().filter(|p| p.stance == self.stance)
    }
}

impl Provisions {
    /// Two languages' reading of one draft: what either says holds, and a denial in one stands where the other is silent.
    pub fn merge(mut self, other: Provisions) -> Provisions {
        for (mine, theirs) in self.facts.iter_mut().zip(other.facts) {
            let take = match (mine.stance, theirs.stance) {
                (Stance::Silent, _) => true,
                (Stance::Denied, Stance::Affirmed) => true,
                (a, b) if a == b => {
                    for (name, has) in &theirs.elements {
                        *mine.elements.entry(name.clone()).or_default() |= has;
                    }
                    mine.provisions.extend(theirs.provisions.iter().cloned());
                    false
                }
                _ => false,
            };
            if take {
                *mine = theirs;
            }
        }
        if self.kind == "other" {
            self.kind = other.kind;
        }
        self.information.extend(other.information);
        self.observed.extend(other.observed);
        self
    }
}

/// One language of a library, compiled.
#[derive(Clone, Debug)]
pub struct Reader<'l> {
    library: &'l ClauseLibrary,
    tongue: &'l Tongue,
    scanner: Scanner,
    /// For the signals of [`INFORMATION`] alone.
    terms: Scanner,
    information: [Option<SignalId>; 4],
    /// Readings by the signal that calls for a look at them: (clause, reading).
    by_signal: Vec<Vec<(usize, usize)>>,
    japanese: bool,
}

/// Names of the signals by which a draft's own terms are told to mean its protected information.
const INFORMATION: [&str; 4] = ["names-information", "means-information", "heads-information", "not-information"];

/// A heading further down than this (in bytes) is no title.
const FRONT: usize = 600;
/// Recitals further down than this (in bytes) say nothing of the kind.
const OPENING: usize = 2500;
/// A line of the front no longer than this (in bytes) may be the contract's name.
const NAME_LINE: usize = 120;
/// How many statements count as recitals where a draft has no preamble.
const RECITALS: usize = 3;
/// A line of the recitals no longer than this (in folded bytes) is read as a title.
const SUBJECT_LINE: usize = 90;

impl<'l> Reader<'l> {
    /// Compiles one language of a library: `En`, or Japanese for anything else.
    pub fn new(library: &'l ClauseLibrary, language: Language) -> Self {
        let tongue = library.tongue(language);
        let japanese = language != Language::En;
        let mut by_signal = vec![Vec::new(); tongue.signals.len()];
        for (c, recogniser) in tongue.recognisers.iter().enumerate() {
            for (r, reading) in recogniser.readings.iter().enumerate() {
                let keys = reading.condition.all.first().unwrap_or(&reading.condition.any);
                keys.iter().for_each(|k| by_signal[*k].push((c, r)));
            }
        }
        let terms = Scanner::new(&tongue.only(&INFORMATION), japanese);
        Reader { library, tongue, scanner: Scanner::new(tongue, japanese), terms, information: INFORMATION.map(|s| tongue.signal(s)), by_signal, japanese }
    }

    /// The same reader without a phrase.
    pub(crate) fn without(&self, phrase: PhraseId) -> Self {
        Reader { scanner: self.scanner.without(phrase), terms: self.terms.without(phrase), ..self.clone() }
    }

    /// The draft's own words for its protected information.
    pub fn information(&self, draft: &Draft) -> Vec<String> {
        let [names, means, heads, other] = self.information;
        let raises = |text: &str, signal: Option<SignalId>| signal.is_some_and(|s| self.terms.observe_text(text).has(s));
        // What a term is said to mean counts only where the thing it names is information, not who receives it.
        let means = |t: &DefinedTerm| raises(&t.meaning, means) && (t.head.is_empty() || raises(&t.head, heads));
        // A Japanese noun means what it ends with: 個人情報保護法 is a law.
        let name = |t: &DefinedTerm| {
            let skip = if self.japanese { t.term.chars().count().saturating_sub(4) } else { 0 };
            raises(&t.term.chars().skip(skip).collect::<String>(), names)
        };
        // Whoever receives the information is named in the same breath as it.
        let receivers: Vec<String> = self.tongue.slot("one-party").split('|').filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let party = |t: &DefinedTerm| {
            let term = t.term.to_lowercase();
            receivers.iter().any(|w| term.contains(w))
        };
        let chosen = draft.terms().iter().filter(|t| (name(t) || means(t)) && !party(t));
        chosen.filter(|t| !raises(&t.term, other)).map(|t| crate::fold::fold_text(&t.term)).collect()
    }

    /// The signals of a draft.
    pub fn signals(&self, draft: &Draft, folded: &Folded) -> Signals {
        self.scanner.scan(folded, &self.information(draft))
    }

    /// The name of a signal, for people.
    pub fn signal_name(&self, signal: SignalId) -> &str {
        &self.tongue.signals[signal]
    }

    /// What the draft says, in this language.
    pub fn read(&self, draft: &Draft, folded: &Folded) -> Provisions {
        let information = self.information(draft);
        let signals = self.scanner.scan(folded, &information);
        let kind = self.kind(draft, folded, &signals);
        let view = View {
            draft,
            folded,
            signals: &signals,
            kind: &kind,
            reader: self,
            articles: articles(folded),
            names: binds::Names::new(draft, self.tongue, self.japanese),
        };
        let found = view.provisions();
        let mut facts = Vec::with_capacity(found.len());
        for (clause, provisions) in self.library.clauses().iter().zip(found).enumerate().map(|(i, (c, p))| ((i, c), p)) {
            facts.push(view.facts(clause.0, &clause.1.id, clause.1.prefer, provisions));
        }
        let language = if self.japanese { Language::Ja } else { Language::En };
        Provisions { kind, facts, information, observed: vec![(language, signals)] }
    }

    /// The kind of contract: by its title, else by its recitals.
    fn kind(&self, draft: &Draft, folded: &Folded, signals: &Signals) -> String {
        // The title, else the first heading without a number: a title below a covering note.
        let heading = draft.units().iter().take_while(|u| u.span.start <= FRONT).find(|u| !u.title.is_empty()).filter(|u| u.label.is_none());
        for shown in [Some(draft.title()), heading.map(|u| draft.visible(&u.title))].into_iter().flatten() {
            let title = self.scanner.observe_text(&shown);
            if let Some(kind) = self.tongue.kinds.iter().find(|k| title.has(k.title)) {
                return kind.id.clone();
            }
        }
        // A line of its own that names the contract, below an annex's number or a form's head.
        let text = draft.source().text();
        let end = (0..=FRONT.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let front = &text[..end];
        let lines = self.scanner.observe_texts(front.lines().filter(|l| l.len() <= NAME_LINE));
        if let Some(kind) = self.tongue.kinds.iter().find(|k| lines.iter().any(|l| l.has(k.recitals))) {
            return kind.id.clone();
        }
        let bare = !draft.units().iter().any(|u| u.kind == UnitKind::Article);
        let front = |i: &usize| {
            let kind = draft.units()[folded.statements()[*i].unit].kind;
            let near = draft.units()[folded.statements()[*i].unit].span.start <= OPENING;
            // Whoever begins with the parties under a number of their own names the contract there.
            let named = draft.units()[folded.statements()[*i].unit].span.start <= FRONT && draft.title().is_empty();
            near && (bare || named || matches!(kind, UnitKind::Title | UnitKind::Preamble)) || bare && *i < RECITALS
        };
        let count = folded.statements().len().min(40);
        let recitals: Vec<usize> = (0..count).filter(front).collect();
        for kind in &self.tongue.kinds {
            // A title may stand among the first lines, as a subject line does in a letter.
            let title = |i: usize| folded.statements()[i].body.len() <= SUBJECT_LINE && signals.statements[i].has(kind.title);
            if recitals.iter().any(|i| title(*i) || signals.statements[*i].has(kind.recitals)) {
                return kind.id.clone();
            }
        }
        "other".to_owned()
    }
}

/// A statement as evidence.
fn evidence(draft: &Draft, folded: &Folded, statement: usize) -> Evidence {
    let s = &folded.statements()[statement];
    let span = with_marks(draft.source().text(), folded.source_span(s.body));
    Evidence { span, quote: span.slice(draft.source().text()).to_owned(), unit: s.unit }
}

/// A span with the mark that opens its bold or slanted words, where only the one that closes them stands in it.
fn with_marks(text: &str, span: Span) -> Span {
    let halved = |mark: &&&str| text[..span.start].ends_with(**mark) && span.slice(text).matches(**mark).count() % 2 == 1;
    Span { start: span.start - ["**", "__", "*", "_"].iter().find(halved).map_or(0, |mark| mark.len()), ..span }
}

/// The article a statement counts to; what stands in none counts as one.
fn article_of(statement: &crate::fold::Statement) -> UnitId {
    statement.article.unwrap_or(UnitId::MAX)
}

/// Statements of each article, by the article's unit.
fn articles(folded: &Folded) -> BTreeMap<UnitId, Vec<usize>> {
    let mut out: BTreeMap<UnitId, Vec<usize>> = BTreeMap::new();
    for (i, statement) in folded.statements().iter().enumerate() {
        out.entry(article_of(statement)).or_default().push(i);
    }
    out
}

struct View<'a> {
    draft: &'a Draft,
    folded: &'a Folded,
    signals: &'a Signals,
    kind: &'a str,
    reader: &'a Reader<'a>,
    articles: BTreeMap<UnitId, Vec<usize>>,
    names: binds::Names,
}

impl View<'_> {
    /// The provisions of each clause.
    fn provisions(&self) -> Vec<Vec<Provision>> {
        let tongue = self.reader.tongue;
        let mut out: Vec<Vec<Provision>> = vec![Vec::new(); tongue.recognisers.len()];
        let mut wide: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
        let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (i, observed) in self.signals.statements.iter().enumerate() {
            if self.folded.statements()[i].caption {
                continue;
            }
            seen.clear();
            let mut last = usize::MAX;
            for hit in &observed.hits {
                if hit.signal == last {
                    continue;
                }
                last = hit.signal;
                for (c, r) in &self.reader.by_signal[hit.signal] {
                    if !seen.insert((*c, *r)) {
                        continue;
                    }
                    let reading = &tongue.recognisers[*c].readings[*r];
                    if !self.here(reading, i) {
                        continue;
                    }
                    match reading.scope {
                        Scope::Sentence | Scope::Statement => {
                            if let Some(at) = self.holds(reading, observed).filter(|_| self.is_own(reading, i, observed)) {
                                out[*c].push(self.provision(reading, i, at));
                            }
                        }
                        scope => {
                            let place = self.place(scope, i);
                            if wide.insert((*c, *r, place)) && condition_holds(&reading.condition, &self.around(scope, i)) {
                                out[*c].push(self.provision(reading, i, hit.start));
                            }
                        }
                    }
                }
            }
        }
        out
    }

    /// What a wide scope is remembered by.
    fn place(&self, scope: Scope, statement: usize) -> usize {
        let s = &self.folded.statements()[statement];
        match scope {
            Scope::Unit => s.unit,
            Scope::Draft => 0,
            _ => article_of(s),
        }
    }

    /// Whether a reading may be taken at this statement: the kind of contract, the article's heading.
    fn here(&self, reading: &Reading, statement: usize) -> bool {
        if !reading.kinds.is_empty() && !reading.kinds.iter().any(|k| k == self.kind) {
            return false;
        }
        if reading.heading.is_empty() && reading.not_heading.is_empty() {
            return true;
        }
        let heading = self.folded.statements()[statement].article.and_then(|a| self.signals.headings.get(&a));
        let raises = |signals: &[SignalId]| heading.is_some_and(|h| signals.iter().any(|s| h.has(*s)));
        (reading.heading.is_empty() || raises(&reading.heading)) && !raises(&reading.not_heading)
    }

    /// Whether what a reading asks for stands in the statement's own words, at least in part: what a lead-in says by itself was read
    /// where the lead-in stands.
    fn is_own(&self, reading: &Reading, statement: usize, observed: &Observed) -> bool {
        let s = &self.folded.statements()[statement];
        if s.before.is_empty() && s.after.is_empty() {
            return true;
        }
        let own = self.folded.own_words(s);
        let asked = reading.condition.all.iter().flatten().chain(&reading.condition.any);
        asked.flat_map(|signal| observed.of(*signal)).any(|hit| hit.start < own.end && own.start < hit.end)
    }

    /// Whether a statement fulfils a reading, and where in it.
    fn holds(&self, reading: &Reading, observed: &Observed) -> Option<usize> {
        let condition = &reading.condition;
        let first = condition.all.first().unwrap_or(&condition.any);
        let start = |signals: &[SignalId]| signals.iter().filter_map(|s| observed.of(*s).next()).map(|h| h.start).min();
        if reading.scope == Scope::Statement && reading.near.is_none() {
            return condition_holds(condition, &[observed]).then(|| start(first)).flatten();
        }
        // Around each hit of the first signal: the others in its sentence, within reach.
        let anchors = first.iter().flat_map(|s| observed.of(*s));
        for anchor in anchors {
            let close = |hit: &&crate::signal::Hit| {
                let sentence = reading.scope != Scope::Sentence || hit.sentence == anchor.sentence;
                let apart = if hit.start > anchor.end { hit.start - anchor.end } else { anchor.start.saturating_sub(hit.end) };
                sentence && reading.near.is_none_or(|n| apart <= n.saturating_mul(if self.reader.japanese { 3 } else { 1 }))
            };
            let raised = |signals: &[SignalId]| signals.iter().any(|s| observed.of(*s).any(|h| close(&h)));
            let all = condition.all.iter().all(|any| raised(any));
            if all && (condition.any.is_empty() || raised(&condition.any)) && !raised(&condition.none) {
                return Some(anchor.start);
            }
        }
        None
    }

    /// Everything observed in a scope around a statement.
    fn around(&self, scope: Scope, statement: usize) -> Vec<&Observed> {
        let s = &self.folded.statements()[statement];
        let all = &self.signals.statements;
        match scope {
            Scope::Sentence | Scope::Statement => vec![&all[statement]],
            Scope::Draft => all.iter().collect(),
            Scope::Unit => {
                // The statements of a unit stand together.
                let from = self.folded.statements().partition_point(|other| other.unit < s.unit);
                let own = self.folded.statements()[from..].iter().take_while(|other| other.unit == s.unit);
                all[from..].iter().zip(own).map(|(o, _)| o).collect()
            }
            Scope::Article => self.articles.get(&article_of(s)).into_iter().flatten().map(|i| &all[*i]).collect(),
        }
    }

    fn provision(&self, reading: &Reading, statement: usize, at: usize) -> Provision {
        let s = &self.folded.statements()[statement];
        let binds = self.names.bound(&self.folded.read(s), at);
        Provision {
            reading: reading.name.clone(),
            stance: reading.stance,
            overrides: reading.overrides,
            binds,
            evidence: evidence(self.draft, self.folded, statement),
            statement,
        }
    }

    fn facts(&self, clause: usize, id: &str, prefer: Stance, mut provisions: Vec<Provision>) -> Facts {
        let recogniser: &Recogniser = &self.reader.tongue.recognisers[clause];
        let stance = stance(&provisions, prefer);
        // One place may fulfil several readings; it is one provision.
        provisions.sort_by_key(|p| (p.stance != stance, p.statement, !p.overrides));
        provisions.dedup_by_key(|p| (p.stance, p.statement));
        let deciding: Vec<&Provision> = provisions.iter().filter(|p| p.stance == stance).collect();
        let mut elements = BTreeMap::new();
        for element in &recogniser.elements {
            // Provisions of one place are looked around once.
            let mut seen: BTreeSet<usize> = BTreeSet::new();
            let mut new = |p: &Provision| matches!(element.scope, Scope::Sentence | Scope::Statement) || seen.insert(self.place(element.scope, p.statement));
            let mut around = deciding.iter().filter(|p| new(p)).map(|p| self.around(element.scope, p.statement));
            let holds = stance == Stance::Affirmed && around.any(|observed| condition_holds(&element.condition, &observed));
            elements.insert(element.name.clone(), holds);
        }
        let mut values = BTreeMap::new();
        for value in &recogniser.values {
            let read = deciding.iter().find_map(|p| {
                let statement = &self.folded.statements()[p.statement];
                let near: Vec<usize> = value.near.iter().flat_map(|s| self.signals.statements[p.statement].of(*s)).map(|h| h.start).collect();
                values::read(value.reader, &self.folded.read(statement), &near)
            });
            values.extend(read.map(|r| (value.name.clone(), r)));
        }
        let mut binds: Vec<String> = Vec::new();
        for label in deciding.iter().flat_map(|p| &p.binds) {
            if !binds.contains(label) {
                binds.push(label.clone());
            }
        }
        Facts { clause: id.to_owned(), stance, elements, binds, values, provisions }
    }
}

/// The stance that provisions come to: one that prevails, else the preferred one, else the only one.
fn stance(provisions: &[Provision], prefer: Stance) -> Stance {
    let has = |stance: Stance| provisions.iter().any(|p| p.stance == stance);
    let prevails = provisions.iter().find(|p| p.overrides).map(|p| p.stance);
    let other = if prefer == Stance::Denied { Stance::Affirmed } else { Stance::Denied };
    prevails.or(has(prefer).then_some(prefer)).or(has(other).then_some(other)).unwrap_or(Stance::Silent)
}

/// Whether a condition holds over everything observed.
fn condition_holds(condition: &Condition, observed: &[&Observed]) -> bool {
    let raised = |signal: &SignalId| observed.iter().any(|o| o.has(*signal));
    condition.all.iter().all(|any| any.iter().any(raised))
        && (condition.any.is_empty() || condition.any.iter().any(raised))
        && !condition.none.iter().any(raised)
}
