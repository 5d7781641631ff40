//! What comes nearest to a clause that the draft does not have, and why it does not count.

use super::{Evidence, Reader, condition_holds, evidence};
use crate::fold::{Folded, Heading};
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
    /// It is a caption: it names the subject and says nothing of it.
    Caption,
    /// It says what the duty lacks, but not of this duty.
    Elsewhere,
}

impl Reader<'_> {
    /// The passages that come nearest to a clause the draft is silent on, by its index in the library. Costs the places of the signals
    /// that the clause's readings begin with.
    pub fn nearest(&self, draft: &Draft, folded: &Folded, signals: &Signals, clause: usize) -> Vec<Near> {
        let recogniser = &self.tongue.recognisers[clause];
        // By rank and statement: where it stands, and why it does not count.
        let mut found: Vec<(usize, usize, Place, Reason)> = Vec::new();
        for (rank, near) in recogniser.near_misses.iter().enumerate() {
            let reason = || Reason::Known(near.reason.clone());
            if near.condition.is_empty() {
                for heading in folded.headings().iter().filter(|h| signals.headings.get(&h.unit).is_some_and(|o| raised(&near.heading, o))) {
                    let first = folded.statements().partition_point(|s| s.unit < heading.unit);
                    found.push((rank, first, Place::Heading(*heading), reason()));
                }
                continue;
            }
            let heading = |i: usize| {
                let article = folded.statements()[i].article.and_then(|a| signals.headings.get(&a));
                near.heading.is_empty() || article.is_some_and(|o| raised(&near.heading, o))
            };
            for i in signals.raising(near.condition.all.first().unwrap_or(&near.condition.any)) {
                if condition_holds(&near.condition, &[&signals.statements[i]]) && heading(i) {
                    found.push((rank, i, Place::Statement, reason()));
                }
            }
        }
        let rank = recogniser.near_misses.len();
        let conditions: Vec<&Condition> = recogniser.readings.iter().filter(|r| r.stance == Stance::Affirmed).map(|r| &r.condition).collect();
        // A statement that raises none of the first signals of a reading is not near it.
        let first: Vec<usize> = conditions.iter().flat_map(|c| c.all.first().unwrap_or(&c.any)).copied().collect();
        for i in signals.raising(&first) {
            let reasons = conditions.iter().filter_map(|c| closeness(c, &signals.statements[i]));
            let caption = folded.statements()[i].caption;
            let best = reasons.min_by_key(|reason| *reason == Reason::Part).map(|reason| if caption { Reason::Caption } else { reason });
            found.extend(best.map(|reason| (rank + usize::from(reason != Reason::Blocked), i, Place::Statement, reason)));
        }
        found.sort_by_key(|(rank, i, ..)| (*rank, *i));
        let mut seen = Vec::new();
        found.retain(|(_, i, ..)| {
            let new = seen.len() < MOST_PASSAGES && !seen.contains(i);
            if new {
                seen.push(*i);
            }
            new
        });
        let near = |(_, i, place, reason)| match place {
            Place::Statement => Near { evidence: evidence(draft, folded, i), reason },
            Place::Heading(heading) => {
                let span = folded.source_span(heading.text);
                Near { evidence: Evidence { span, quote: span.slice(draft.source().text()).to_owned(), unit: heading.unit }, reason }
            }
        };
        found.into_iter().map(near).collect()
    }

    /// Statements that say what an element asks for, but outside the provisions of its clause.
    pub fn elsewhere(&self, draft: &Draft, folded: &Folded, signals: &Signals, clause: usize, element: &str) -> Vec<Near> {
        let Some(element) = self.tongue.recognisers[clause].elements.iter().find(|e| e.name == element) else { return Vec::new() };
        let first = element.condition.all.first().unwrap_or(&element.condition.any);
        let holds = |i: &usize| condition_holds(&element.condition, &[&signals.statements[*i]]);
        let found = signals.raising(first).into_iter().filter(holds).take(MOST_PASSAGES);
        found.map(|i| Near { evidence: evidence(draft, folded, i), reason: Reason::Elsewhere }).collect()
    }
}

/// What a passage is.
enum Place {
    Statement,
    Heading(Heading),
}

fn raised(signals: &[usize], observed: &Observed) -> bool {
    signals.iter().any(|s| observed.has(*s))
}

/// How a statement falls short of a reading, where it comes near at all.
fn closeness(condition: &Condition, observed: &Observed) -> Option<Reason> {
    let groups = || condition.all.iter().chain((!condition.any.is_empty()).then_some(&condition.any));
    if !groups().next().is_some_and(|first| raised(first, observed)) {
        return None;
    }
    match groups().filter(|group| !raised(group, observed)).count() {
        0 if raised(&condition.none, observed) => Some(Reason::Blocked),
        // All of it, but too far apart or under another heading; or all but one of several parts, the first among them.
        0 | 1 => Some(Reason::Part),
        _ => None,
    }
}
