//! Several documents reviewed as one contract.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::assess::Outcome;
use sekisho::review::BundleReview;
use sekisho::{Draft, ReviewOptions, Reviewer, SourceText};

const MASTER: &str = "# 取引基本契約書\n\n株式会社青井（以下「甲」という。）と株式会社赤井（以下「乙」という。）は、契約する。\n\n第1条（秘密情報）\n秘密情報の取扱いについては、別途締結する秘密保持契約による。\n\n第2条（再委託）\n乙は、業務を自由に第三者に再委託することができる。\n";
const NDA: &str = "# 秘密保持契約書\n\n第1条（秘密保持）\n甲及び乙は、相手方の秘密情報を秘密として保持し、第三者に開示してはならず、目的外に使用してはならない。\n\n第2条（再委託）\n甲及び乙は、相手方の承諾なく業務を第三者に再委託してはならない。\n";
const ORDER: &str = "# 注文書\n\n品名　部品A\n";

fn review(texts: &[(&str, &str)]) -> BundleReview {
    let drafts: Vec<Draft> = texts.iter().map(|(name, text)| Draft::parse(SourceText::new(*name, *text))).collect();
    Reviewer::builtin().review_bundle(&drafts, &ReviewOptions::default())
}

fn outcome(review: &BundleReview, clause: &str) -> Outcome {
    review.assessments.iter().find(|a| a.clause == clause).unwrap().outcome
}

#[test]
fn a_requirement_met_in_any_document_is_met() {
    let review = review(&[("master.md", MASTER), ("nda.md", NDA)]);
    assert_eq!(outcome(&review, "purpose-limitation"), Outcome::Met);
    assert!(review.reviews.iter().flat_map(|r| &r.findings).all(|f| f.clause != "purpose-limitation"));
}

#[test]
fn what_one_document_denies_is_contrary() {
    let review = review(&[("master.md", MASTER)]);
    assert_eq!(outcome(&review, "subcontracting-approval"), Outcome::Contrary);
}

#[test]
fn a_reference_is_undetermined_until_the_document_is_there() {
    let alone = review(&[("master.md", MASTER), ("order.md", ORDER)]);
    assert_eq!(outcome(&alone, "no-copy"), Outcome::Undetermined);
    let finding = alone.reviews[0].findings.iter().find(|f| f.clause == "no-copy").unwrap();
    assert!(finding.message.contains("取り寄せ"), "{}", finding.message);
    assert_eq!(outcome(&review(&[("master.md", MASTER), ("nda.md", NDA)]), "no-copy"), Outcome::Missing);
}

#[test]
fn documents_that_contradict_each_other_are_a_finding_with_both_places() {
    let review = review(&[("master.md", MASTER), ("nda.md", NDA)]);
    assert_eq!(outcome(&review, "subcontracting-approval"), Outcome::Contrary);
    let finding = review.reviews[0].findings.iter().find(|f| f.clause == "subcontracting-approval").unwrap();
    assert!(finding.message.contains("矛盾"), "{}", finding.message);
    assert_eq!((finding.related[0].path.as_str(), finding.related[0].unit.as_str()), ("nda.md", "第2条"));
}

#[test]
fn every_requirement_has_one_home_and_no_documents_give_an_empty_review() {
    let three = review(&[("master.md", MASTER), ("nda.md", NDA), ("order.md", ORDER)]);
    let homes: usize = three.reviews.iter().map(|r| r.assessments.len()).sum();
    assert_eq!(homes, three.assessments.len());
    assert!(review(&[]).assessments.is_empty());
}
