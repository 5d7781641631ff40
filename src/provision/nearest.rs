//! What comes nearest to a clause that the draft does not have, and why it does not count.

use super::{Evidence, Reader, View, articles, condition_holds};
use crate::fold::Folded;
use crate::library::{Bilingual, Condition, Stance};
use crate::outline::Draft;
use crate::signal::{Observed, Signals};

/// Passages named for one clause, at most.
pub const MOST_PASSAGES: usize = 3;

/// A passage that comes near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// Where it stands.
    pub evidence: Evidence,
    /// Why it does not count.
    pub reason: Reason,
}

/// Why a passage does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// As the library says.
    Known(Bilingual),
    /// It would, but for something else that stands with it: another subject, an exception.
    Blocked,
    /// It holds a part of what is asked for.
    Part,
    /// It says what the duty lacks, but not of this duty.
    Elsewhere,
}

impl Reader<'_> {
    /// The passages that come nearest to a clause the draft is silent on, by its index in the library. Costs the draft's statements
    /// times the clause's readings.
    pub fn nearest(&self, draft: &Draft, folded: &Folded, signals: &Signals, clause: usize) -> Vec<Near> {
        let view = View { draft, folded, signals, kind: "", reader: self, articles: articles(folded) };
        let recogniser = &self.tongue.recognisers[clause];
        let mut found: Vec<(usize, usize, Near)> = Vec::new();
        for (rank, near) in recogniser.near_misses.iter().enumerate() {
            let mut statement = |i: usize, at: Evidence| found.push((rank, i, Near { evidence: at, reason: Reason::Known(near.reason.clone()) }));
            if near.condition.is_empty() {
                for heading in folded.headings().iter().filter(|h| view.signals.headings.get(&h.unit).is_some_and(|o| raised(&near.heading, o))) {
                    let span = folded.source_span(heading.text);
                    let quote = span.slice(draft.source().text()).to_owned();
                    let first = folded.statements().partition_point(|s| s.unit < heading.unit);
                    statement(first, Evidence { span, quote, unit: heading.unit });
                }
                continue;
            }
            for (i, observed) in signals.statements.iter().enumerate() {
                let heading = || {
                    let article = folded.statements()[i].article.and_then(|a| signals.headings.get(&a));
                    near.heading.is_empty() || article.is_some_and(|o| raised(&near.heading, o))
                };
                if condition_holds(&near.condition, &[observed]) && heading() {
                    statement(i, view.evidence(i));
                }
            }
        }
        let rank = recogniser.near_misses.len();
        for (i, observed) in signals.statements.iter().enumerate() {
            let closeness = |c: &Condition| closeness(c, observed);
            let readings = recogniser.readings.iter().filter(|r| r.stance == Stance::Affirmed);
            let best = readings.filter_map(|r| closeness(&r.condition)).min_by_key(|reason| *reason == Reason::Part);
            found.extend(best.map(|reason| (rank + usize::from(reason == Reason::Part), i, Near { evidence: view.evidence(i), reason })));
        }
        found.sort_by_key(|(rank, i, _)| (*rank, *i));
        let mut seen = Vec::new();
        found.retain(|(_, i, _)| {
            let new = !seen.contains(i);
            if new && seen.len() < MOST_PASSAGES {
                seen.push(*i);
            }
            new && seen.last() == Some(i)
        });
        found.truncate(MOST_PASSAGES);
        found.into_iter().map(|(_, _, near)| near).collect()
    }

    /// Statements that say what an element asks for, but outside the provisions of its clause.
    pub fn elsewhere(&self, draft: &Draft, folded: &Folded, signals: &Signals, clause: usize, element: &str) -> Vec<Near> {
        let view = View { draft, folded, signals, kind: "", reader: self, articles: articles(folded) };
        let Some(element) = self.tongue.recognisers[clause].elements.iter().find(|e| e.name == element) else { return Vec::new() };
        let holds = |(_, o): &(usize, &Observed)| condition_holds(&element.condition, &[*o]);
        let found = signals.statements.iter().enumerate().filter(holds).take(MOST_PASSAGES);
        found.map(|(i, _)| Near { evidence: view.evidence(i), reason: Reason::Elsewhere }).collect()
    }
}

fn raised(signals: &[usize], observed: &Observed) -> bool {
    signals.iter().any(|s| observed.has(*s))
}

/// How a statement falls short of a reading, where it comes near at all.
fn closeness(condition: &Condition, observed: &Observed) -> Option<Reason> {
    let groups: Vec<&[usize]> = condition.all.iter().map(Vec::as_slice).chain((!condition.any.is_empty()).then_some(condition.any.as_slice())).collect();
    let met = groups.iter().filter(|g| raised(g, observed)).count();
    let blocked = raised(&condition.none, observed);
    match groups.len() - met {
        0 if blocked => Some(Reason::Blocked),
        // All of it, but too far apart or under another heading; or all but one of several parts, the first among them.
        0 => Some(Reason::Part),
        1 if met > 0 && raised(groups[0], observed) => Some(Reason::Part),
        _ => None,
    }
}
