//! Floor 9, second half: structural faults of the draft itself.
//!
//! References that lead nowhere or elsewhere, terms used and not defined, blanks left open, labels no party has, numbers given twice,
//! and words of the house that must not leave it. Nothing here says what a contract should contain; a check that cannot be sure is
//! silent, because a false alarm costs a reader more than a fault unseen.

mod blanks;
mod contracts;
mod parties;
mod places;
mod protected;
mod references;
mod terms;

use crate::fold::{Folded, Statement, fold_text};
use crate::library::{Confidence, PhraseId, ProtectedWord, Severity, Tongue};
use crate::outline::{Draft, Language, Reference, UnitId, UnitKind, references_at};
use crate::signal::Scanner;
use crate::span::{FoldedSpan, Span};
use aho_corasick::AhoCorasick;
use contracts::Contract;
use places::Places;
use protected::Protected;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The structural checks: code and name. The names are those of `codes.toml` and of the message texts.
pub const CHECKS: [(&str, &str); 13] = [
    ("SK201", "dangling-reference"),
    ("SK202", "wrong-reference"),
    ("SK203", "survival-omits"),
    ("SK204", "term-undefined"),
    ("SK205", "term-unused"),
    ("SK206", "term-before-definition"),
    ("SK207", "blank-open"),
    ("SK208", "party-drift"),
    ("SK209", "party-swap"),
    ("SK210", "duplicate-number"),
    ("SK211", "mixed-numbering"),
    ("SK212", "protected-word"),
    ("SK213", "number-gap"),
];

/// A structural fault of a draft.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Its code: `SK201`.
    pub code: &'static str,
    /// Its name: `dangling-reference`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it stands, in bytes of the decoded text.
    pub span: Span,
    /// Other places it concerns: the other definition, the other blanks of the line.
    pub related: Vec<Span>,
    /// What was read and what to do about it.
    pub message: String,
}

/// The signals of a tongue that the checks go by.
const SIGNALS: [&str; 3] = ["survival", "survival-by-nature", "survival-expected"];

/// The checks of one language, compiled.
///
/// ```
/// use sekisho::check::Checker;
/// use sekisho::fold::Folded;
/// use sekisho::{ClauseLibrary, Draft, Language, SourceText};
/// let library = ClauseLibrary::builtin();
/// let checker = Checker::new(library.tongue(Language::Ja), Language::Ja, &[]);
/// let draft = Draft::parse(SourceText::new("a.md", "第1条（目的）\n甲は、第9条に従う。\n\n第2条（期間）\n1年とする。\n\n第3条（管轄）\n東京とする。"));
/// let faults = checker.check(&draft, &Folded::new(&draft), library.tongue(Language::Ja));
/// assert_eq!(faults[0].code, "SK201");
/// ```
#[derive(Clone, Debug)]
pub struct Checker<'l> {
    tongue: &'l Tongue,
    scanner: Scanner,
    /// Of [`SIGNALS`], in that order.
    signals: [Option<usize>; 3],
    protected: Protected,
    /// Words by which a draft takes its definitions from elsewhere, made ready when they are first needed.
    imported: OnceLock<Option<AhoCorasick>>,
    /// The slots of the tongue that list words: `a|b|c`.
    lists: BTreeMap<&'l str, Vec<&'l str>>,
    japanese: bool,
}

impl<'l> Checker<'l> {
    /// Compiles the checks for drafts in one language; a mixed draft is checked as Japanese. Costs well under a millisecond beside
    /// the protected words, which cost about a microsecond each.
    pub fn new(tongue: &'l Tongue, language: Language, protected: &[ProtectedWord]) -> Checker<'l> {
        let japanese = language != Language::En;
        let own = tongue.only(&SIGNALS);
        let split = |text: &'l str| text.split('|').filter(|w| !w.is_empty()).collect();
        Checker {
            tongue,
            scanner: Scanner::new(&own, japanese),
            signals: SIGNALS.map(|s| own.signal(s)),
            protected: Protected::new(protected),
            imported: OnceLock::new(),
            lists: tongue.slots.iter().map(|(name, text)| (name.as_str(), split(text))).collect(),
            japanese,
        }
    }

    /// The same checks without a phrase.
    pub(crate) fn without(&self, phrase: PhraseId) -> Self {
        Checker { scanner: self.scanner.without(phrase), ..self.clone() }
    }

    /// The words of a slot that lists several.
    fn list(&self, slot: &str) -> &[&'l str] {
        self.lists.get(slot).map_or(&[], Vec::as_slice)
    }

    /// The faults of a draft, in the order of the text, with messages in the language of `messages`. Costs linear time in the text.
    pub fn check(&self, draft: &Draft, folded: &Folded, messages: &Tongue) -> Vec<Fault> {
        let context = Context::new(self, draft, folded);
        let mut sheet = Sheet { messages, faults: Vec::new() };
        references::check(&context, &mut sheet);
        contracts::check(&context, &mut sheet);
        terms::check(&context, &mut sheet);
        blanks::check(&context, &mut sheet);
        parties::check(&context, &mut sheet);
        self.protected.check(&context, &mut sheet);
        sheet.faults.sort_by(|a, b| (a.span.start, a.code, a.span.end).cmp(&(b.span.start, b.code, b.span.end)));
        sheet.faults
    }
}

/// Checks one draft: [`Checker::new`] and [`Checker::check`] in one call. Messages are in the language of `tongue`.
///
/// ```
/// use sekisho::fold::Folded;
/// use sekisho::{ClauseLibrary, Draft, Language, SourceText};
/// let draft = Draft::parse(SourceText::new("a.md", "1. PRICE. The price is USD ______ a unit.\n\n2. TERM. One year."));
/// let tongue = ClauseLibrary::builtin().tongue(Language::En);
/// let faults = sekisho::check::check(&draft, &Folded::new(&draft), tongue, &[]);
/// assert_eq!(faults[0].code, "SK207");
/// ```
pub fn check(draft: &Draft, folded: &Folded, tongue: &Tongue, protected: &[ProtectedWord]) -> Vec<Fault> {
    Checker::new(tongue, draft.language(), protected).check(draft, folded, tongue)
}

/// Where faults are written down.
struct Sheet<'a> {
    messages: &'a Tongue,
    faults: Vec<Fault>,
}

impl Sheet<'_> {
    /// Adds a fault; gives the list of its related places.
    fn add(&mut self, name: &'static str, severity: Severity, confidence: Confidence, span: Span, slots: &[(&str, &str)]) -> &mut Vec<Span> {
        self.add_as(name, name, severity, confidence, span, slots)
    }

    /// Adds a fault whose message text has another name.
    fn add_as(&mut self, name: &'static str, message: &str, severity: Severity, confidence: Confidence, span: Span, slots: &[(&str, &str)]) -> &mut Vec<Span> {
        let code = CHECKS.iter().find(|(_, n)| *n == name).map_or("", |(c, _)| *c);
        let message = filled(self.messages.message(message), slots);
        self.faults.push(Fault { code, name, severity, confidence, span, related: Vec::new(), message });
        let last = self.faults.len() - 1;
        &mut self.faults[last].related
    }
}

/// Puts values into `{slots}`; a value is never looked into again.
fn filled(text: &str, slots: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 40);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        let value = slots.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v);
        // A value from the draft stays one short line.
        let line: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect();
        out.push_str(line.trim());
        rest = after;
    }
    out + rest
}

/// A reference and the place it stands in.
struct Pointer {
    reference: Reference,
    statement: usize,
    contract: usize,
    /// The reference in the folded text.
    at: FoldedSpan,
}

/// A draft made ready for the checks.
struct Context<'a> {
    checker: &'a Checker<'a>,
    draft: &'a Draft,
    folded: &'a Folded,
    contracts: Vec<Contract>,
    /// The labels of the parties and the terms, folded.
    labels: Vec<String>,
    terms: Vec<String>,
    places: Places,
    pointers: Vec<Pointer>,
}

impl<'a> Context<'a> {
    fn new(checker: &'a Checker<'a>, draft: &'a Draft, folded: &'a Folded) -> Self {
        let contracts = contracts::contracts(draft, checker.list("amending-titles"), checker.list("amending-openings"));
        let labels: Vec<String> = draft.parties().iter().map(|p| fold_text(&p.label)).collect();
        let terms: Vec<String> = draft.terms().iter().map(|t| fold_text(&t.term)).collect();
        let sought = terms::sought(checker, draft, &contracts, &terms);
        let places = Places::read(folded.text(), &sought, &labels, checker.list("party-roles"), checker.list("terms-of-art"));
        let mut context = Context { checker, draft, folded, contracts, labels, terms, places, pointers: Vec::new() };
        context.pointers = context.read_pointers();
        context
    }

    fn read_pointers(&self) -> Vec<Pointer> {
        let mut out = Vec::new();
        let mut places = self.places.references.iter().copied().peekable();
        for (i, statement) in self.folded.statements().iter().enumerate() {
            let body = statement.body;
            while places.next_if(|at| *at < body.start).is_some() {}
            let own = std::iter::from_fn(|| places.next_if(|at| *at < body.end)).map(|at| at - body.start);
            if self.draft.units()[statement.unit].kind == UnitKind::Cell {
                continue;
            }
            let contract = self.contract_of(statement.unit);
            for reference in references_at(self.body(statement), own) {
                let at = FoldedSpan::new(body.start + reference.start, body.start + reference.end);
                out.push(Pointer { reference, statement: i, contract, at });
            }
        }
        out
    }

    fn text(&self) -> &'a str {
        self.draft.source().text()
    }

    fn body(&self, statement: &Statement) -> &'a str {
        statement.body.slice(self.folded.text())
    }

    /// The statements of a contract.
    fn statements_of(&self, contract: &Contract) -> &'a [Statement] {
        let all = self.folded.statements();
        let place = |unit: UnitId| all.partition_point(|s| s.unit < unit);
        &all[place(contract.units.start)..place(contract.units.end)]
    }

    /// The pointers in the contract of that index.
    fn pointers_of(&self, contract: usize) -> &[Pointer] {
        let place = |contract: usize| self.pointers.partition_point(|p| p.contract < contract);
        &self.pointers[place(contract)..place(contract + 1)]
    }

    fn contract_of(&self, unit: UnitId) -> usize {
        self.contracts.partition_point(|c| c.units.start <= unit).saturating_sub(1)
    }

    /// An article's heading, folded; empty where it has none.
    fn heading(&self, unit: UnitId) -> &'a str {
        let headings = self.folded.headings();
        headings.binary_search_by_key(&unit, |h| h.unit).map_or("", |i| headings[i].text.slice(self.folded.text()))
    }

    fn source(&self, from: usize, to: usize) -> Span {
        self.folded.source_span(FoldedSpan::new(from, to))
    }

    fn slot(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.checker.list(name).iter().copied()
    }

    /// For each text which of [`SIGNALS`] it raises.
    fn raised<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<[bool; 3]> {
        let observed = self.checker.scanner.observe_texts(texts);
        observed.iter().map(|o| self.checker.signals.map(|s| s.is_some_and(|s| o.has(s)))).collect()
    }
}
