//! What holds for any text.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use sekisho::check::check;
use sekisho::fold::{Folded, fold_text};
use sekisho::library::ProtectedWord;
use sekisho::span::FoldedSpan;
use sekisho::{ClauseLibrary, Draft, Language, ReviewOptions, Reviewer, SourceText, edit};

/// Texts made of what drafts are made of, and of what they are not.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "第1条（目的）",
        "第２条の２",
        "\n",
        "\n\n",
        "\r\n",
        "1. ",
        "（１）",
        "①",
        "ア　",
        "- ",
        "| a | b |\n|---|---|\n| 乙は | 複製 |\n",
        "> ",
        "    ",
        "# ",
        "**",
        "「秘密情報」",
        "乙は、",
        "甲及び乙は、",
        "秘密情報を",
        "複製してはならない。",
        "次の各号に掲げる行為をしてはならない。",
        "ただし、",
        "この限りでない。",
        "合併",
        "ﾘﾊﾞｰｽ",
        "（以下「甲」という。）",
        "&amp;",
        "<!-- x -->",
        "<table><tr><td>",
        "</td></tr></table>",
        "Article 5. ",
        "5.2(a)",
        "(iv) ",
        "Supplier shall not ",
        "copy the Confidential Information",
        "; provided that ",
        ". ",
        "confiden-\ntial",
        "\u{feff}",
        "\u{200b}",
        "が\u{3099}",
        "😀",
        "\0",
        "```",
        "---\n",
        "IN WITNESS WHEREOF",
    ]);
    prop::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => "\\PC{0,6}"], 0..40).prop_map(|v| v.concat())
}

/// The same, with what the structural checks look for.
fn checked_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "第3条（秘密保持）",
        "第三条",
        "第1条の2第4項",
        "前条",
        "前項の",
        "第9条（代金）",
        "別紙2",
        "別紙1\n",
        "会社法第2条",
        "から第9条まで",
        "及び第3項",
        "存続する。",
        "Section 9 (Confidentiality)",
        "Sections 3 through 12 survive",
        "Article IV",
        "Exhibit B",
        "Exhibit A: List\n",
        "“Products” means goods. ",
        "(the \"Buyer\")",
        "The Vendor shall ",
        "「本製品」とは、",
        "本図面を",
        "（以下「乙」という。）",
        "丙は、",
        "●",
        "○○",
        "［　］",
        "[●]",
        "____",
        "20XX年●月",
        "　　　　年　　月",
        "${名前}",
        "[date]",
        "ﾎﾞﾛ",
        "ﾝ鋼",
        "ボロン鋼",
        "gamma-",
        "alloys",
        "塩\n浴",
        "株式会社東（以下「甲」という。）",
        "甲：株式会社東\n",
        "1. TERM. ",
        "2.2 ",
        "\n\n",
        "。",
        ". ",
        "IN WITNESS WHEREOF\n",
        "第1条\n",
        "第2条\n",
    ]);
    (text(), prop::collection::vec(piece, 0..40)).prop_map(|(a, b)| b.concat() + &a + &b.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reviewing_never_fails_and_quotes_the_source(text in text()) {
        let draft = Draft::parse(SourceText::new("t.md", text.clone()));
        let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
        for facts in &review.provisions.facts {
            for provision in &facts.provisions {
                let e = &provision.evidence;
                prop_assert!(text.is_char_boundary(e.span.start) && text.is_char_boundary(e.span.end));
                prop_assert_eq!(e.span.slice(&text), e.quote.as_str());
            }
        }
        prop_assert!(review.assessments.len() >= 6);
        let fixed = edit::apply(&text, &review.edits());
        let mut rest = fixed.chars();
        prop_assert!(text.chars().all(|c| rest.any(|d| d == c)), "an insertion lost text");
    }

    #[test]
    fn the_map_is_exact(text in text()) {
        let draft = Draft::parse(SourceText::new("t.md", text.clone()));
        let folded = Folded::new(&draft);
        let mut last = 0;
        for statement in folded.statements() {
            let span = folded.source_span(statement.body);
            prop_assert!(span.end <= text.len() && text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            prop_assert!(span.start >= last, "statements run backwards");
            last = span.start;
            for (i, c) in statement.body.slice(folded.text()).char_indices() {
                let at = statement.body.start + i;
                let one = folded.source_span(FoldedSpan::new(at, at + c.len_utf8()));
                prop_assert!(text.is_char_boundary(one.start) && text.is_char_boundary(one.end), "{c:?} maps inside a character");
            }
        }
    }

    #[test]
    fn checking_never_fails_and_points_into_the_source(text in checked_text()) {
        let draft = Draft::parse(SourceText::new("t.md", text.clone()));
        let folded = Folded::new(&draft);
        let words = [("ﾎﾞﾛﾝ鋼", Some("材料X")), ("gamma alloy", None), ("塩浴", None)];
        let words = words.map(|(word, instead)| ProtectedWord { word: word.to_owned(), instead: instead.map(str::to_owned), note: None });
        for language in [Language::Ja, Language::En] {
            let tongue = ClauseLibrary::builtin().tongue(language);
            for fault in check(&draft, &folded, tongue, &words) {
                for span in fault.related.iter().chain([&fault.span]) {
                    prop_assert!(text.get(span.start..span.end).is_some(), "{:?}", fault);
                }
                prop_assert!(!fault.code.is_empty() && !fault.message.is_empty());
            }
        }
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
        let once = fold_text(&text);
        prop_assert_eq!(fold_text(&once), once);
    }
}
