//! Several documents that make one contract: a master agreement, its NDA, an order form.

use super::{Choice, Related, Review, ReviewOptions, Reviewer};
use crate::assess::{self, Assessment, Outcome};
use crate::fold::Folded;
use crate::library::Stance;
use crate::outline::Draft;
use crate::provision::{Facts, Provisions};

/// What a review of several documents as one contract found.
#[derive(Clone, Debug)]
pub struct BundleReview {
    /// The playbook the contract was held against; empty where the library has none.
    pub playbook: String,
    /// Why that one: by the kind of the first document, where none was asked for.
    pub choice: Choice,
    /// Whose interest that serves.
    pub side: String,
    /// One for each requirement of the playbook, over all the documents.
    pub assessments: Vec<Assessment>,
    /// Each document with what it says itself, and the findings that are shown in it. Its assessments are those that
    /// were made by what it says.
    pub reviews: Vec<Review>,
}

impl<'l> Reviewer<'l> {
    /// Reviews several documents as one contract, the first of them the main one. A requirement that any of them meets is met; text
    /// that is missing from all of them is suggested for the first; where one says the opposite of another, the requirement is contrary.
    /// A reference to a document of another kind is followed where that kind is among them.
    ///
    /// ```
    /// use sekisho::{Draft, ReviewOptions, Reviewer, SourceText};
    /// let parse = |name, text| Draft::parse(SourceText::new(name, text));
    /// let master = parse("master.md", "# 取引基本契約書\n\n第1条（目的）\n甲は乙に部品を発注する。\n");
    /// let nda = parse("nda.md", "# 秘密保持契約書\n\n第1条（複製）\n乙は、甲の秘密情報を複製してはならない。\n");
    /// let review = Reviewer::builtin().review_bundle(&[master, nda], &ReviewOptions::default());
    /// let no_copy = review.assessments.iter().find(|a| a.clause == "no-copy").map(|a| a.outcome);
    /// assert_ne!(no_copy, Some(sekisho::assess::Outcome::Missing));
    /// ```
    pub fn review_bundle(&self, drafts: &[Draft], options: &ReviewOptions) -> BundleReview {
        let folded: Vec<Folded> = drafts.iter().map(Folded::new).collect();
        let provisions: Vec<Provisions> = drafts.iter().zip(&folded).map(|(d, f)| self.provisions(d, f)).collect();
        let Some(first) = provisions.first() else {
            return BundleReview { playbook: String::new(), choice: Choice::Fallback, side: String::new(), assessments: Vec::new(), reviews: Vec::new() };
        };
        let chosen = self.playbook(options, &first.kind);
        let (whole, homes) = merge(&provisions);
        let party = options.party.as_deref().map(crate::fold::fold_text);
        let supplied = self.supplied(&provisions);
        let assess = |(p, _)| {
            let mut read = whole.clone();
            read.facts.iter_mut().filter(|f| supplied.contains(&f.clause)).for_each(|f| f.stance = Stance::Silent);
            assess::assess(self.library, &read, p, party.as_deref())
        };
        let assessments: Vec<Assessment> = chosen.map_or_else(Vec::new, assess);
        let index = |clause: &str| self.library.clauses().iter().position(|c| c.id == clause);
        let home = |a: &Assessment| index(&a.clause).map_or(0, |i| homes[i]);
        let reviews = provisions.iter().enumerate().map(|(i, own)| {
            let here = |a: &Assessment| if home(a) == i { a.clone() } else { Assessment { outcome: Outcome::NotApplicable, ..a.clone() } };
            let mut review = Review {
                playbook: chosen.map_or_else(String::new, |(p, _)| p.id.clone()),
                choice: chosen.map_or(Choice::Fallback, |(_, why)| why),
                side: chosen.map_or_else(String::new, |(p, _)| p.side.clone()),
                provisions: own.clone(),
                assessments: assessments.iter().map(here).collect(),
                findings: Vec::new(),
                language: options.language.unwrap_or(drafts[i].language()),
            };
            review.findings = self.findings(&drafts[i], &folded[i], &review, chosen.map(|(p, _)| p), options);
            for finding in review.findings.iter_mut().filter(|f| f.outcome == Some(Outcome::Contrary)) {
                finding.related = against(drafts, &provisions, i, &finding.clause);
                if !finding.related.is_empty() {
                    let tongue = self.library.tongue(review.language);
                    let title = self.library.clause(&finding.clause).map_or("", |c| super::pick(review.language, &c.title));
                    finding.message = tongue.message("contradiction").replace("{title}", title);
                }
            }
            review.assessments.retain(|a| a.outcome != Outcome::NotApplicable);
            review
        });
        let reviews = reviews.collect();
        BundleReview {
            playbook: chosen.map_or_else(String::new, |(p, _)| p.id.clone()),
            choice: chosen.map_or(Choice::Fallback, |(_, why)| why),
            side: chosen.map_or_else(String::new, |(p, _)| p.side.clone()),
            assessments,
            reviews,
        }
    }

    /// Clauses that leave something to another document, where such a document is among them.
    fn supplied(&self, provisions: &[Provisions]) -> Vec<String> {
        let says = |p: &Provisions, clause: &String| p.facts.iter().any(|f| f.clause == *clause && f.stance == Stance::Affirmed);
        let supplies = |kind: &str, clause: &String| {
            let mut playbooks = self.library.playbooks().iter().filter(|p| p.kinds.iter().any(|k| k == kind));
            playbooks.any(|p| p.supplies.contains(clause))
        };
        let given = |clause: &String| {
            let mut saying = provisions.iter().enumerate().filter(|(_, p)| says(p, clause)).peekable();
            // What nobody leaves to another document is left as it was read.
            saying.peek().is_some() && saying.all(|(i, _)| provisions.iter().enumerate().any(|(j, p)| i != j && supplies(&p.kind, clause)))
        };
        self.library.clauses().iter().map(|c| &c.id).filter(|c| given(c)).cloned().collect()
    }
}

/// The facts of the whole, and for each clause the document it is best read in.
fn merge(provisions: &[Provisions]) -> (Provisions, Vec<usize>) {
    let mut whole = provisions[0].clone();
    let mut homes = vec![0; whole.facts.len()];
    for (clause, facts) in whole.facts.iter_mut().enumerate() {
        let all = || provisions.iter().map(|p| &p.facts[clause]).enumerate();
        let affirmed = |f: &Facts| f.stance == Stance::Affirmed;
        let prevails = |f: &Facts| f.deciding().any(|p| p.overrides);
        let denied = all().find(|(_, f)| f.stance == Stance::Denied);
        let best = all().filter(|(_, f)| affirmed(f)).max_by_key(|(i, f)| (f.elements.values().filter(|has| **has).count(), std::cmp::Reverse(*i)));
        let deciding = match (denied, best) {
            // The opposite stands unless a document says that it prevails.
            (Some(_), Some(_)) if all().any(|(_, f)| affirmed(f) && prevails(f)) => best,
            (Some(denied), _) => Some(denied),
            (None, best) => best,
        };
        let Some((home, found)) = deciding else { continue };
        homes[clause] = home;
        *facts = found.clone();
        if found.stance == Stance::Affirmed {
            for (_, other) in all().filter(|(i, f)| *i != home && affirmed(f)) {
                other.elements.iter().for_each(|(name, has)| *facts.elements.entry(name.clone()).or_default() |= has);
                for (name, value) in &other.values {
                    facts.values.entry(name.clone()).or_insert_with(|| value.clone());
                }
                facts.provisions.extend(other.provisions.iter().cloned());
            }
        }
    }
    (whole, homes)
}

/// What the other documents say against one.
fn against(drafts: &[Draft], provisions: &[Provisions], one: usize, clause: &str) -> Vec<Related> {
    let others = provisions.iter().enumerate().filter(|(i, _)| *i != one);
    let affirming = others.filter_map(|(i, p)| p.facts.iter().find(|f| f.clause == clause && f.stance == Stance::Affirmed).map(|f| (i, f)));
    affirming.flat_map(|(i, f)| f.deciding().take(1).map(move |p| Related::of(&drafts[i], &p.evidence))).collect()
}
