//! Texts made to hurt: every one must be read in time that grows with its length.
//!
//! There is no clock here. Each text is so large that a cost growing with its square would keep the test from ending, and what is read of it
//! is counted. The growth itself is measured in instructions by `benches/growth.py`.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::outline::UnitKind;
use sekisho::{Draft, Review, ReviewOptions, Reviewer, SourceText};

fn review(text: String) -> (Draft, Review) {
    let draft = Draft::parse(SourceText::new("t.md", text));
    let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
    for finding in &review.findings {
        for evidence in &finding.evidence {
            assert_eq!(draft.source().text().get(evidence.span.start..evidence.span.end), Some(evidence.quote.as_str()));
        }
    }
    (draft, review)
}

fn provisions(review: &Review, clause: &str) -> usize {
    review.facts(clause).map_or(0, |f| f.provisions.len())
}

#[test]
fn one_line_of_many_sentences() {
    let sentence = "乙は、甲の秘密情報を第三者に開示してはならない。";
    let count = 2_000_000 / sentence.len();
    let (draft, review) = review(format!("第1条（秘密保持）\n{}", sentence.repeat(count)));
    assert_eq!(draft.units().len(), 2);
    assert_eq!(provisions(&review, "third-party-disclosure"), count);
}

#[test]
fn one_sentence_of_many_words() {
    review(format!("1. SECRECY. {}", "the supplier shall disclose information and ".repeat(50_000)));
    review(format!("第1条（目的）\n{}", "乙は秘密情報を開示し".repeat(50_000)));
    review(format!("第1条（目的）\n乙は開示してはならない。{}", "ただし、甲が承諾したときは、この限りでない。".repeat(20_000)));
}

#[test]
fn nested_brackets_quotes_and_lists() {
    for (open, close) in [("（", "）"), ("(", ")"), ("[", "]"), ("「", "」"), ("\"", "\""), ("<", ">"), ("**", "**"), ("`", "")] {
        review(format!("第1条（目的）\n{}甲{}", open.repeat(100_000), close.repeat(100_000)));
    }
    for mark in ["> ", ">", "- ", "1. "] {
        review(format!("{}甲", mark.repeat(100_000)));
    }
    let levels: String = (0..400).map(|level| format!("{}- 甲\n", "  ".repeat(level))).collect();
    review(levels);
}

#[test]
fn items_without_numbers_and_lists_set_in() {
    let (_, review) =
        review(format!("1. SECRECY.\n\n{}", "The Recipient shall not:\n\ndisclose the Confidential Information to any third party;\n\n".repeat(20_000)));
    assert_eq!(provisions(&review, "third-party-disclosure"), 20_000);
    let (draft, _) = self::review(format!("1. 次の情報を除く。\n{}", "  1. 公知の情報\n".repeat(50_000)));
    assert_eq!(draft.units().len(), 50_001);
    self::review("a:\n\nb:\n\n".repeat(50_000));
}

#[test]
fn articles_without_end() {
    let (draft, _) = review("第1条".repeat(1_000_000));
    assert_eq!(draft.units().len(), 1);
    let (draft, _) = review("第1条\n".repeat(100_000));
    let articles = draft.units().iter().filter(|u| u.kind == UnitKind::Article).count();
    assert!(articles >= 50_000, "{articles}");
    review((1..40_000).map(|n| format!("第{n}条（秘密）\n乙は、第{}条に従う。\n\n", n / 2 + 1)).collect());
    review("第1条（あ）\n甲\n第2条（い）\n乙\n".repeat(20_000));
}

#[test]
fn items_below_one_another() {
    let lead = "第1条（禁止）\n乙は、次の行為をしてはならない。\n";
    review(format!("{lead}{}", "（1）秘密情報の複製\n".repeat(40_000)));
    review(format!("{lead}{}", (1..40_000).map(|n| format!("（{n}）秘密情報の複製\n")).collect::<String>()));
    review(format!("1. USE.\n\n{}", "(a) the supplier shall:\n\n(i) disclose:\n\n(A) copy:\n\n".repeat(10_000)));
}

#[test]
fn faults_without_end() {
    for part in ["［　　］を", "\"甲\" ", "第9条、", "&amp; 甲", "以下「甲」という。", "「乙」とは、"] {
        review(format!("第1条（目的）\n甲は、{}", part.repeat(40_000)));
    }
    for part in ["Section 9, ", "the \"Term\" means x, ", "a.", "__ ", "Exhibit B and "] {
        review(format!("1. A.\n\n2. B.\n\n3. C. It {}", part.repeat(40_000)));
    }
    for run in ["_", " ", "　", "X", "●", "$", "<"] {
        review(format!("第1条（目的）\n甲は、{}*", run.repeat(400_000)));
    }
    let terms = (0..20_000).map(|n| format!("「用語{n}」とは、情報をいう。本{}製、本{n}製\n", char::from_u32(0x4e00 + n % 5000).unwrap()));
    review(format!("第1条（定義）\n「本件」とは、甲をいう。{}", terms.collect::<String>()));
}

#[test]
fn lines_that_belong_to_one_text() {
    review(format!("1. A. The\n{}", "supplier shall disclose the\n".repeat(40_000)));
    review(format!("第1条（目的）\n甲は\n{}", "住所\n".repeat(40_000)));
    review(format!("| 甲 | 乙 |\n|---|---|\n{}", "| 第1条 | 乙 |\n".repeat(20_000)));
    review("<table><tr><td>甲</td></tr></table>\n\n".repeat(10_000));
}

#[test]
fn a_column_is_counted_in_characters_however_long_its_line_is() {
    let text = format!("{}\n{}", "甲".repeat(3000), "乙a".repeat(200_000));
    let source = SourceText::new("t.md", text.clone());
    for at in [0, 3, 8997, 9000, 9001, 9004, 9005, 12_289, 500_001] {
        let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
        assert_eq!(source.line_column(at).column, text[line..at].chars().count() + 1, "{at}");
    }
}
