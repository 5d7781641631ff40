//! Floor 11: the one call that runs the floors.

mod bundle;

use crate::assess::{self, Assessment, Outcome};
use crate::check::{Checker, Fault};
use crate::edit::{self, Edit};
use crate::fold::Folded;
use crate::library::{Bilingual, Clause, ClauseLibrary, PhraseId, Playbook, Severity, Tongue};
use crate::outline::{Draft, Language};
use crate::provision::{Evidence, Facts, MOST_PASSAGES, Near, Provisions, ReadValue, Reader, Reason};
use crate::source::SourceText;
use crate::span::Span;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use crate::library::Confidence;
pub use bundle::BundleReview;

/// A requirement that is not met, or a structural fault of the draft.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// The clause's code.
    pub code: String,
    /// The clause; the check's name for a structural fault.
    pub clause: String,
    /// What became of the requirement; none for a structural fault.
    pub outcome: Option<Outcome>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What was read, why it matters, what to do.
    pub message: String,
    /// Where it is shown: what was read, or where the text would go.
    pub span: Span,
    /// What was read.
    pub evidence: Vec<Evidence>,
    /// What comes nearest to what is missing or lacking, and why it does not count; three at most.
    pub nearest: Vec<Passage>,
    /// What stands against it in other documents of the contract.
    pub related: Vec<Related>,
    /// Text that would close it.
    pub suggestions: Vec<crate::suggest::Suggestion>,
    /// The same for the same fault in an amended draft; lines, widths and numbers do not change it.
    pub fingerprint: String,
}

/// A passage that was read and does not count.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Passage {
    /// Where.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Why it does not count.
    pub reason: String,
}

/// A passage in another document of the contract.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Related {
    /// The document's name.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// How people point at the unit.
    pub unit: String,
    /// The text, exactly.
    pub quote: String,
}

impl Related {
    fn of(draft: &Draft, evidence: &Evidence) -> Related {
        let at = draft.source().line_column(evidence.span.start);
        let unit = draft.path(evidence.unit).trim().to_owned();
        Related { path: draft.source().name().to_owned(), line: at.line, column: at.column, unit, quote: evidence.quote.clone() }
    }
}

/// Why a playbook was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// It was asked for by its id.
    Given,
    /// By the kind of contract and the side asked for.
    KindAndSide,
    /// By the kind of contract; the first one for it.
    Kind,
    /// There is none for this kind; the one for any other kind.
    Fallback,
}

/// How to review.
#[derive(Clone, Debug, Default)]
pub struct ReviewOptions {
    /// The playbook; chosen by the kind of contract where not given.
    pub playbook: Option<String>,
    /// The side it must serve, where the playbook is chosen.
    pub side: Option<String>,
    /// Our own party, as the draft calls it: a duty that binds nobody else is no protection for us.
    pub party: Option<String>,
    /// The language of messages; the draft's where not given.
    pub language: Option<Language>,
    /// Codes and clauses whose findings are left out; assessments stay.
    pub ignore: Vec<String>,
}

/// What a review found.
#[derive(Clone, Debug)]
pub struct Review {
    /// The playbook it was held against; empty where the library has none.
    pub playbook: String,
    /// Why that one.
    pub choice: Choice,
    /// Whose interest that serves.
    pub side: String,
    /// What the draft says.
    pub provisions: Provisions,
    /// One for each requirement of the playbook.
    pub assessments: Vec<Assessment>,
    /// Requirements that are not met, the worst first.
    pub findings: Vec<Finding>,
    /// The language of its messages.
    pub language: Language,
}

/// A draft with the suggested text in it.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The review of the draft as it was; suggestions that were not made are left out of it.
    pub review: Review,
    /// The amended text.
    pub text: String,
}

/// Suggestions are taken back one by one no more often than this; then all are.
const MOST_ROUNDS: usize = 3;

/// A library made ready to review drafts; compiles each language when its first draft comes.
#[derive(Clone, Debug)]
pub struct Reviewer<'l> {
    library: &'l ClauseLibrary,
    ja: OnceLock<Reader<'l>>,
    en: OnceLock<Reader<'l>>,
    ja_checker: OnceLock<Checker<'l>>,
    en_checker: OnceLock<Checker<'l>>,
}

impl<'l> Reviewer<'l> {
    /// A reviewer with a library.
    pub fn new(library: &'l ClauseLibrary) -> Self {
        Reviewer { library, ja: OnceLock::new(), en: OnceLock::new(), ja_checker: OnceLock::new(), en_checker: OnceLock::new() }
    }

    /// The reviewer with the built-in library; compiled once a process.
    pub fn builtin() -> &'static Reviewer<'static> {
        static REVIEWER: OnceLock<Reviewer<'static>> = OnceLock::new();
        REVIEWER.get_or_init(|| Reviewer::new(ClauseLibrary::builtin()))
    }

    /// The library.
    pub fn library(&self) -> &'l ClauseLibrary {
        self.library
    }

    /// The compiled language: English, or Japanese for anything else.
    pub fn reader(&self, language: Language) -> &Reader<'l> {
        match language {
            Language::En => self.en.get_or_init(|| Reader::new(self.library, Language::En)),
            _ => self.ja.get_or_init(|| Reader::new(self.library, Language::Ja)),
        }
    }

    /// The same reviewer without a phrase of one language.
    pub(crate) fn without(&self, language: Language, phrase: PhraseId) -> Self {
        let mut out = self.clone();
        let (reader, checker) = if language == Language::En { (&mut out.en, &mut out.en_checker) } else { (&mut out.ja, &mut out.ja_checker) };
        *reader = self.reader(language).without(phrase).into();
        *checker = self.checker(language).without(phrase).into();
        out
    }

    /// The compiled structural checks of a language: English, or Japanese for anything else.
    fn checker(&self, language: Language) -> &Checker<'l> {
        let cell = if language == Language::En { &self.en_checker } else { &self.ja_checker };
        cell.get_or_init(|| Checker::new(self.library.tongue(language), language, self.library.protected()))
    }

    /// What a draft says.
    pub fn provisions(&self, draft: &Draft, folded: &Folded) -> Provisions {
        let first = self.reader(draft.language()).read(draft, folded);
        if draft.language() != Language::Mixed {
            return first;
        }
        let second = self.reader(Language::En).read(draft, folded);
        first.merge(second)
    }

    /// Reviews a draft: parse, read, assess, suggest. The same draft, library and options always give the same review.
    ///
    /// ```
    /// use sekisho::{Draft, Reviewer, ReviewOptions, SourceText};
    /// let draft = Draft::parse(SourceText::new("nda.md", "# 秘密保持契約書\n\n第1条（秘密保持）\n乙は、秘密情報を秘密として保持する。"));
    /// let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
    /// assert!(review.findings.iter().any(|f| f.clause == "return-destruction"));
    /// ```
    pub fn review(&self, draft: &Draft, options: &ReviewOptions) -> Review {
        let folded = Folded::new(draft);
        let provisions = self.provisions(draft, &folded);
        let chosen = self.playbook(options, &provisions.kind);
        let party = options.party.as_deref().map(crate::fold::fold_text);
        let assessments = chosen.map_or_else(Vec::new, |(p, _)| assess::assess(self.library, &provisions, p, party.as_deref()));
        let mut review = Review {
            playbook: chosen.map_or_else(String::new, |(p, _)| p.id.clone()),
            choice: chosen.map_or(Choice::Fallback, |(_, why)| why),
            side: chosen.map_or_else(String::new, |(p, _)| p.side.clone()),
            provisions,
            assessments,
            findings: Vec::new(),
            language: options.language.unwrap_or(draft.language()),
        };
        review.findings = self.findings(draft, &folded, &review, chosen.map(|(p, _)| p), options);
        review
    }

    /// Reviews a draft and makes every suggestion that closes its finding, so that fixing what was fixed changes nothing.
    ///
    /// Text is only put where it is read: what would land in an unclosed comment, or be read as part of something else, is taken out of
    /// the review's suggestions and out of the text. Costs a review or two more than [`Reviewer::review`].
    ///
    /// ```
    /// use sekisho::{Draft, Reviewer, ReviewOptions, SourceText};
    /// let draft = Draft::parse(SourceText::new("nda.md", "# 秘密保持契約書\n\n第1条（秘密保持）\n乙は、秘密情報を秘密として保持する。\n"));
    /// let fixed = Reviewer::builtin().fix(&draft, &ReviewOptions::default());
    /// assert!(fixed.text.contains("返還"));
    /// ```
    pub fn fix(&self, draft: &Draft, options: &ReviewOptions) -> Fixed {
        let mut review = self.review(draft, options);
        // What the draft is held against must not change with what is put into it.
        let options = ReviewOptions { playbook: Some(review.playbook.clone()).filter(|p| !p.is_empty()), ..options.clone() };
        let source = draft.source();
        for round in 0.. {
            let edits = review.edits();
            let text = edit::apply(source.text(), &edits);
            if edits.is_empty() {
                return Fixed { review, text };
            }
            let again = self.review(&Draft::parse(SourceText::new(source.name(), text.as_str())), &options);
            let open: Vec<&str> = again.findings.iter().filter(|f| !f.suggestions.is_empty()).map(|f| f.clause.as_str()).collect();
            if open.is_empty() {
                return Fixed { review, text };
            }
            let ours = review.findings.iter().any(|f| !f.suggestions.is_empty() && open.contains(&f.clause.as_str()));
            // Where they disturb each other and none can be told apart, none is made.
            let all = !ours || round >= MOST_ROUNDS;
            review.findings.iter_mut().filter(|f| all || open.contains(&f.clause.as_str())).for_each(|f| f.suggestions.clear());
        }
        unreachable!("the last round leaves no edit")
    }

    /// The playbook asked for, or the first one for the kind of contract (and the side), or the first one for any other kind. One that
    /// another extends for the same kind and side gives way to it.
    pub fn playbook(&self, options: &ReviewOptions, kind: &str) -> Option<(&'l Playbook, Choice)> {
        if let Some(id) = &options.playbook {
            return self.library.playbook(id).map(|p| (p, Choice::Given));
        }
        let all = self.library.playbooks();
        let serves = |p: &Playbook, kind: &str| p.kinds.iter().any(|k| k == kind) && options.side.as_ref().is_none_or(|s| *s == p.side);
        let given_way = |p: &Playbook, kind: &str| all.iter().any(|o| o.extends.as_ref() == Some(&p.id) && o.side == p.side && serves(o, kind));
        let best = |kind: &str| all.iter().filter(|p| serves(p, kind) && !given_way(p, kind)).max_by_key(|p| (p.first, std::cmp::Reverse(&p.id)));
        let why = if options.side.is_some() { Choice::KindAndSide } else { Choice::Kind };
        best(kind).map(|p| (p, why)).or_else(|| best("other").map(|p| (p, Choice::Fallback)))
    }

    /// The findings of a draft, the worst first.
    fn findings(&self, draft: &Draft, folded: &Folded, review: &Review, playbook: Option<&Playbook>, options: &ReviewOptions) -> Vec<Finding> {
        let mut out = self.faults(draft, folded, review.language);
        if let Some(playbook) = playbook {
            out.extend(self.shortfalls(draft, folded, review, playbook));
        }
        out.retain(|f| !options.ignore.iter().any(|i| i.eq_ignore_ascii_case(&f.code) || *i == f.clause));
        out.sort_by(|a, b| (b.severity, a.span.start, &a.code).cmp(&(a.severity, b.span.start, &b.code)));
        out
    }

    /// The structural faults of a draft.
    fn faults(&self, draft: &Draft, folded: &Folded, language: Language) -> Vec<Finding> {
        let source = draft.source().text();
        let unit = |at: usize| draft.units().partition_point(|u| u.span.start <= at).saturating_sub(1);
        let evidence = |span: Span| Evidence { span, quote: span.slice(source).to_owned(), unit: unit(span.start) };
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut one = |fault: Fault| {
            let evidence = evidence(fault.span);
            let related = fault.related.iter().map(|span| Evidence { span: *span, quote: span.slice(source).to_owned(), unit: unit(span.start) });
            let key = crate::fold::fold_text(&evidence.quote);
            let count = seen.entry(format!("{} {key}", fault.code)).or_insert(0);
            *count += 1;
            Finding {
                code: fault.code.to_owned(),
                clause: fault.name.to_owned(),
                outcome: None,
                severity: fault.severity,
                confidence: fault.confidence,
                message: fault.message,
                span: fault.span,
                nearest: Vec::new(),
                related: related.map(|e| Related::of(draft, &e)).collect(),
                suggestions: Vec::new(),
                fingerprint: fingerprint(&[fault.code, &key, &count.to_string()]),
                evidence: vec![evidence],
            }
        };
        // A lexicon that has no text for a check leaves it out.
        let faults = self.checker(draft.language()).check(draft, folded, self.library.tongue(language));
        faults.into_iter().filter(|f| !f.message.is_empty()).map(&mut one).collect()
    }

    fn shortfalls(&self, draft: &Draft, folded: &Folded, review: &Review, playbook: &Playbook) -> Vec<Finding> {
        let suggestions = crate::suggest::suggest(self.library, draft, folded, review);
        let mut out = Vec::new();
        for ((assessment, requirement), suggestion) in review.assessments.iter().zip(&playbook.requirements).zip(suggestions) {
            if matches!(assessment.outcome, Outcome::Met | Outcome::NotApplicable) {
                continue;
            }
            let Some(clause) = self.library.clause(&assessment.clause) else { continue };
            let facts = review.facts(&assessment.clause);
            let evidence: Vec<Evidence> = facts.into_iter().flat_map(|f| f.deciding()).map(|p| p.evidence.clone()).collect();
            let at = suggestion.as_ref().map_or_else(|| title_span(draft), |s| Span::new(s.insert_at, s.insert_at));
            let span = evidence.first().map_or(at, |e| e.span);
            let confidence = match assessment.outcome {
                Outcome::Undetermined => Confidence::Low,
                Outcome::Weak => Confidence::Medium,
                _ => Confidence::High,
            };
            let tongue = self.library.tongue(review.language);
            let message = message(tongue, review.language, clause, assessment, &requirement.reason);
            let outside: Vec<&str> = assessment.outside.iter().map(|o| o.name.as_str()).collect();
            let lacking = [assessment.lacking.concat().join(","), outside.join(",")].join("");
            let fingerprint = fingerprint(&[&clause.code, outcome_name(assessment.outcome), &lacking]);
            let nearest = self.passages(draft, folded, review, assessment);
            out.push(Finding {
                code: clause.code.clone(),
                clause: clause.id.clone(),
                outcome: Some(assessment.outcome),
                severity: assessment.severity,
                confidence,
                message,
                span,
                evidence,
                nearest,
                related: Vec::new(),
                suggestions: suggestion.into_iter().collect(),
                fingerprint,
            });
        }
        out
    }
}

impl<'l> Reviewer<'l> {
    /// What comes nearest to what a finding says is missing or lacking.
    fn passages(&self, draft: &Draft, folded: &Folded, review: &Review, assessment: &Assessment) -> Vec<Passage> {
        let Some(clause) = self.library.clauses().iter().position(|c| c.id == assessment.clause) else { return Vec::new() };
        let tongue = self.library.tongue(review.language);
        let title = pick(review.language, &self.library.clauses()[clause].title);
        let mut out: Vec<Passage> = Vec::new();
        let mut add = |near: Near, reason: String| {
            let new = !out.iter().any(|p| p.evidence.span == near.evidence.span);
            if new && out.len() < MOST_PASSAGES {
                out.push(Passage { evidence: near.evidence, reason });
            }
        };
        if assessment.ours_only {
            for provision in review.facts(&assessment.clause).into_iter().flat_map(Facts::deciding) {
                let reason = tongue.message("near-ours").replace("{party}", &provision.binds.join(tongue.slot("comma")));
                add(Near { evidence: provision.evidence.clone(), reason: Reason::Part }, reason);
            }
        }
        for (language, signals) in &review.provisions.observed {
            let reader = self.reader(*language);
            match assessment.outcome {
                Outcome::Missing if !assessment.ours_only => {
                    for near in reader.nearest(draft, folded, signals, clause) {
                        let reason = match &near.reason {
                            Reason::Known(text) => pick(review.language, text).to_owned(),
                            Reason::Blocked => tongue.message("near-blocked").replace("{title}", title),
                            Reason::Caption => tongue.message("near-caption").replace("{title}", title),
                            _ => tongue.message("near-part").replace("{title}", title),
                        };
                        add(near, reason);
                    }
                }
                Outcome::Weak => {
                    let own: Vec<Span> = review.facts(&assessment.clause).into_iter().flat_map(Facts::deciding).map(|p| p.evidence.span).collect();
                    for element in assessment.lacking.iter().flatten() {
                        let name = self.library.clauses()[clause].elements.get(element).map_or(element.as_str(), |t| pick(review.language, t));
                        let reason = tongue.message("near-elsewhere").replace("{element}", name);
                        let found = reader.elsewhere(draft, folded, signals, clause, element);
                        found.into_iter().filter(|n| !own.contains(&n.evidence.span)).for_each(|near| add(near, reason.clone()));
                    }
                }
                _ => {}
            }
        }
        out
    }
}

impl Review {
    /// What the draft says of a clause.
    pub fn facts(&self, clause: &str) -> Option<&Facts> {
        self.provisions.facts.iter().find(|f| f.clause == clause)
    }

    /// The edits that make every suggestion, in the order of the draft.
    pub fn edits(&self) -> Vec<Edit> {
        let suggestions = self.findings.iter().flat_map(|f| &f.suggestions);
        let mut edits: Vec<(usize, usize, Edit)> = suggestions.map(|s| (s.insert_at, s.rank, Edit { at: s.insert_at, insert: s.insert.clone() })).collect();
        edits.sort_by_key(|(at, rank, _)| (*at, *rank));
        edits.into_iter().map(|(_, _, e)| e).collect()
    }

    /// The worst severity among its findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}

fn title_span(draft: &Draft) -> Span {
    draft.units().first().map_or(Span::new(0, 0), |u| u.span)
}

/// The word for an outcome in data: `missing`, `weak`, `contrary`, …
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::Weak => "weak",
        Outcome::Missing => "missing",
        Outcome::Contrary => "contrary",
        Outcome::NotApplicable => "not-applicable",
        Outcome::Undetermined => "undetermined",
    }
}

fn pick(language: Language, text: &Bilingual) -> &str {
    if language == Language::En { &text.en } else { &text.ja }
}

fn message(tongue: &Tongue, language: Language, clause: &Clause, assessment: &Assessment, reason: &Bilingual) -> String {
    let names = |names: &Vec<String>| {
        let or = tongue.slot("or").to_owned();
        names.iter().filter_map(|n| clause.elements.get(n)).map(|t| pick(language, t)).collect::<Vec<_>>().join(&or)
    };
    let mut lacking: Vec<String> = assessment.lacking.iter().map(names).collect();
    lacking.extend(assessment.outside.iter().map(|o| {
        let name = if o.at_least { "at-least" } else { "at-most" };
        tongue.say(name, &[("read", &written(tongue, &o.read)), ("bound", &quantity(tongue, &o.bound))])
    }));
    let name = if assessment.ours_only { "ours-only" } else { outcome_name(assessment.outcome) };
    let values = [("title", pick(language, &clause.title)), ("lacking", &lacking.join(tongue.slot("comma"))), ("reason", pick(language, reason))];
    tongue.say(name, &values).trim().to_owned()
}

/// A value as people write it.
fn written(tongue: &Tongue, value: &ReadValue) -> String {
    match value {
        ReadValue::Duration { amount, unit } => quantity(tongue, &format!("{amount} {unit}{}", if *amount == 1 { "" } else { "s" })),
        ReadValue::Fraction { percent, .. } => format!("{percent:.0} %"),
    }
}

/// `3 years` in the language's own words; unknown units stay as they are.
fn quantity(tongue: &Tongue, text: &str) -> String {
    let (amount, unit) = text.split_once(' ').unwrap_or((text, ""));
    match tongue.slot(&format!("unit-{}", unit.trim_end_matches('s'))) {
        "" => text.to_owned(),
        word => format!("{amount}{word}"),
    }
}

/// FNV-1a over the parts: stable between versions and machines.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
