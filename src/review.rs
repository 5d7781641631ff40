//! Floor 11: the one call that runs the floors.

use crate::assess::{self, Assessment, Outcome};
use crate::edit::Edit;
use crate::fold::Folded;
use crate::library::{ClauseLibrary, Playbook, Severity};
use crate::outline::{Draft, Language};
use crate::provision::{Evidence, Facts, Provisions, Reader};
use crate::span::Span;
use std::sync::OnceLock;

pub use crate::library::Confidence;

/// A requirement that is not met.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// The clause's code.
    pub code: String,
    /// The clause.
    pub clause: String,
    /// What became of it.
    pub outcome: Outcome,
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
    /// Text that would close it.
    pub suggestions: Vec<crate::suggest::Suggestion>,
    /// The same for the same fault in an amended draft; lines, widths and numbers do not change it.
    pub fingerprint: String,
}

/// How to review.
#[derive(Clone, Debug, Default)]
pub struct ReviewOptions {
    /// The playbook; chosen by the kind of contract where not given.
    pub playbook: Option<String>,
    /// The language of messages; the draft's where not given.
    pub language: Option<Language>,
}

/// What a review found.
#[derive(Clone, Debug)]
pub struct Review {
    /// The playbook it was held against.
    pub playbook: String,
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

/// A library made ready to review drafts; compiles each language when its first draft comes.
#[derive(Debug)]
pub struct Reviewer<'l> {
    library: &'l ClauseLibrary,
    ja: OnceLock<Reader<'l>>,
    en: OnceLock<Reader<'l>>,
}

impl<'l> Reviewer<'l> {
    /// A reviewer with a library.
    pub fn new(library: &'l ClauseLibrary) -> Self {
        Reviewer { library, ja: OnceLock::new(), en: OnceLock::new() }
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
        let playbook = self.playbook(options.playbook.as_deref(), &provisions.kind);
        let assessments = playbook.map_or_else(Vec::new, |p| assess::assess(self.library, &provisions, p));
        let language = options.language.unwrap_or(draft.language());
        let mut review = Review {
            playbook: playbook.map_or_else(String::new, |p| p.id.clone()),
            side: playbook.map_or_else(String::new, |p| p.side.clone()),
            provisions,
            assessments,
            findings: Vec::new(),
            language,
        };
        if let Some(playbook) = playbook {
            review.findings = self.findings(draft, &folded, &review, playbook);
        }
        review
    }

    /// The playbook of that id, or the first one for the kind of contract, or the first one for any kind.
    pub fn playbook(&self, id: Option<&str>, kind: &str) -> Option<&'l Playbook> {
        if let Some(id) = id {
            return self.library.playbook(id);
        }
        let all = self.library.playbooks();
        all.iter().find(|p| p.kinds.iter().any(|k| k == kind)).or_else(|| all.iter().find(|p| p.kinds.iter().any(|k| k == "other")))
    }

    fn findings(&self, draft: &Draft, folded: &Folded, review: &Review, playbook: &Playbook) -> Vec<Finding> {
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
            let fingerprint = fingerprint(&[&clause.code, outcome_name(assessment.outcome), &assessment.lacking.concat().join(",")]);
            out.push(Finding {
                code: clause.code.clone(),
                clause: clause.id.clone(),
                outcome: assessment.outcome,
                severity: assessment.severity,
                confidence,
                message,
                span,
                evidence,
                suggestions: suggestion.into_iter().collect(),
                fingerprint,
            });
        }
        out.sort_by(|a, b| (b.severity, a.span.start, &a.code).cmp(&(a.severity, b.span.start, &b.code)));
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

fn message(
    tongue: &crate::library::Tongue,
    language: Language,
    clause: &crate::library::Clause,
    assessment: &Assessment,
    reason: &crate::library::Bilingual,
) -> String {
    let pick = |text: &crate::library::Bilingual| if language == Language::En { text.en.clone() } else { text.ja.clone() };
    let names = |names: &Vec<String>| {
        let or = tongue.slot("or").to_owned();
        names.iter().filter_map(|n| clause.elements.get(n)).map(&pick).collect::<Vec<_>>().join(&or)
    };
    let lacking: Vec<String> = assessment.lacking.iter().map(names).collect();
    tongue
        .message(outcome_name(assessment.outcome))
        .replace("{title}", &pick(&clause.title))
        .replace("{lacking}", &lacking.join(tongue.slot("comma")))
        .replace("{reason}", &pick(reason))
        .trim()
        .to_owned()
}

/// FNV-1a over the parts: stable between versions and machines.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
