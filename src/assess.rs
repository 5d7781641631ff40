//! Floor 9: what the draft says against what it should say.
//!
//! Every requirement of a playbook gets exactly one outcome. The same facts and playbook always give the same assessments.

use crate::library::{Bound, ClauseLibrary, Playbook, Quantity, Requirement, Severity, Stance};
use crate::provision::{Facts, Provisions, ReadValue};

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
    /// Values that were read and are outside what is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
    /// Whether the draft has it, but as a duty of our own side only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ours_only: bool,
}

/// A value outside its bounds.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Outside {
    /// The value.
    pub name: String,
    /// What was read.
    pub read: ReadValue,
    /// The bound it breaks, as the playbook writes it.
    pub bound: String,
    /// Whether that is the least it may be, or the most.
    pub at_least: bool,
}

/// Holds the facts of a draft against a playbook. `ours` is our own party's label, where it is known: a duty that binds nobody else is
/// no protection for us.
pub fn assess(library: &ClauseLibrary, provisions: &Provisions, playbook: &Playbook, ours: Option<&str>) -> Vec<Assessment> {
    let facts = |clause: &str| library.clauses().iter().position(|c| c.id == clause).and_then(|i| provisions.facts.get(i));
    let one = |requirement: &Requirement| {
        let elsewhere = requirement.elsewhere.as_deref().and_then(facts).is_some_and(|f| f.stance == Stance::Affirmed);
        let asked = requirement.kinds.is_empty() || requirement.kinds.contains(&provisions.kind);
        let blank = Assessment {
            clause: requirement.clause.clone(),
            outcome: Outcome::NotApplicable,
            severity: requirement.severity,
            lacking: Vec::new(),
            outside: Vec::new(),
            ours_only: false,
        };
        let mut assessment = match facts(&requirement.clause) {
            _ if !asked => blank,
            Some(own) => assessed(blank, own, &facts, requirement, elsewhere, ours),
            None => Assessment { outcome: Outcome::Undetermined, ..blank },
        };
        assessment.severity = match assessment.outcome {
            Outcome::Weak => requirement.weak,
            Outcome::Undetermined => Severity::Note,
            _ => requirement.severity,
        };
        assessment
    };
    playbook.requirements.iter().map(one).collect()
}

fn assessed<'f>(
    mut out: Assessment,
    facts: &'f Facts,
    other: &impl Fn(&str) -> Option<&'f Facts>,
    requirement: &Requirement,
    elsewhere: bool,
    ours: Option<&str>,
) -> Assessment {
    out.outcome = match facts.stance {
        Stance::Denied => Outcome::Contrary,
        Stance::Silent if elsewhere => Outcome::Undetermined,
        Stance::Silent => Outcome::Missing,
        Stance::Affirmed if requirement.counterparty && binds_only(facts, ours) => {
            out.ours_only = true;
            Outcome::Missing
        }
        Stance::Affirmed => {
            let affirmed = |f: &Facts| f.stance == Stance::Affirmed && !(requirement.counterparty && binds_only(f, ours));
            let has = |name: &String| match name.split_once('.') {
                Some((clause, name)) => other(clause).is_some_and(|f| f.elements.get(name) == Some(&true)),
                None => facts.elements.get(name).map_or_else(|| other(name).is_some_and(affirmed), |held| *held),
            };
            let lacking = requirement.elements.iter().filter(|names| !names.iter().any(has));
            // What is lacking is its own; that another clause would have done as well goes without saying.
            out.lacking = lacking.map(|names| names.iter().filter(|n| facts.elements.contains_key(*n)).cloned().collect()).collect();
            out.outside = requirement.values.iter().filter_map(|bound| outside(facts, bound)).collect();
            if out.lacking.is_empty() && out.outside.is_empty() { Outcome::Met } else { Outcome::Weak }
        }
    };
    out
}

/// Whether every provision that decides binds our own party and nobody else; one whose party could not be read may bind the other.
fn binds_only(facts: &Facts, ours: Option<&str>) -> bool {
    let Some(ours) = ours else { return false };
    facts.deciding().all(|p| !p.binds.is_empty() && p.binds.iter().all(|label| label == ours))
}

fn outside(facts: &Facts, bound: &Bound) -> Option<Outside> {
    let read = facts.values.get(&bound.name)?;
    let amount = match read {
        ReadValue::Duration { amount, unit } => f64::from(*amount) * Quantity::days(unit)?,
        ReadValue::Fraction { percent, .. } => *percent,
    };
    let broken = |bound: &Option<Quantity>, at_least: bool| {
        let bound = bound.as_ref().filter(|b| if at_least { amount < b.amount } else { amount > b.amount })?;
        Some(bound.written.clone())
    };
    let (written, at_least) = broken(&bound.at_least, true).map(|b| (b, true)).or_else(|| broken(&bound.at_most, false).map(|b| (b, false)))?;
    Some(Outside { name: bound.name.clone(), read: read.clone(), bound: written, at_least })
}
