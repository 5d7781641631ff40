//! Floor 9: what the draft says against what it should say.
//!
//! Every requirement of a playbook gets exactly one outcome. The same facts and playbook always give the same assessments.

use crate::library::{ClauseLibrary, Playbook, Requirement, Severity, Stance};
use crate::provision::{Facts, Provisions};

/// How a requirement came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The draft has it, with every element asked for.
    Met,
    /// The draft has it, but an element is lacking.
    Weak,
    /// The draft does not say.
    Missing,
    /// The draft says the opposite.
    Contrary,
    /// It is not asked of this kind of contract.
    NotApplicable,
    /// The draft leaves it to a document that was not given.
    Undetermined,
}

/// One requirement and its outcome.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Assessment {
    /// The clause.
    pub clause: String,
    /// The outcome.
    pub outcome: Outcome,
    /// How bad that is; the severity of the requirement where it is met.
    pub severity: Severity,
    /// The elements asked for that are lacking; each entry names those of which one would do.
    pub lacking: Vec<Vec<String>>,
}

/// Holds the facts of a draft against a playbook.
pub fn assess(library: &ClauseLibrary, provisions: &Provisions, playbook: &Playbook) -> Vec<Assessment> {
    let facts = |clause: &str| library.clauses().iter().position(|c| c.id == clause).and_then(|i| provisions.facts.get(i));
    let one = |requirement: &Requirement| {
        let elsewhere = requirement.elsewhere.as_deref().and_then(facts).is_some_and(|f| f.stance == Stance::Affirmed);
        let asked = requirement.kinds.is_empty() || requirement.kinds.contains(&provisions.kind);
        let (outcome, lacking) = match facts(&requirement.clause) {
            _ if !asked => (Outcome::NotApplicable, Vec::new()),
            Some(facts) => outcome(facts, requirement, elsewhere),
            None => (Outcome::Undetermined, Vec::new()),
        };
        let severity = match outcome {
            Outcome::Weak => requirement.weak,
            Outcome::Undetermined => Severity::Note,
            _ => requirement.severity,
        };
        Assessment { clause: requirement.clause.clone(), outcome, severity, lacking }
    };
    playbook.requirements.iter().map(one).collect()
}

fn outcome(facts: &Facts, requirement: &Requirement, elsewhere: bool) -> (Outcome, Vec<Vec<String>>) {
    match facts.stance {
        Stance::Denied => (Outcome::Contrary, Vec::new()),
        Stance::Silent if elsewhere => (Outcome::Undetermined, Vec::new()),
        Stance::Silent => (Outcome::Missing, Vec::new()),
        Stance::Affirmed => {
            let has = |names: &&Vec<String>| !names.iter().any(|n| facts.elements.get(n).copied().unwrap_or(false));
            let lacking: Vec<Vec<String>> = requirement.elements.iter().filter(has).cloned().collect();
            (if lacking.is_empty() { Outcome::Met } else { Outcome::Weak }, lacking)
        }
    }
}
