use super::*;

fn draft(text: &str) -> Draft {
    Draft::parse(SourceText::new("t.md", text))
}

/// One line a unit: kind, path, heading, first words.
fn shape(text: &str) -> Vec<String> {
    let d = draft(text);
    let line = |(i, u): (usize, &Unit)| {
        let text: String = d.visible(&u.text).chars().take(12).collect();
        let title = d.visible(&u.title);
        format!("{:?} {} [{title}] {text}", u.kind, d.path(i)).trim_end().to_owned()
    };
    d.units().iter().enumerate().map(line).collect()
}

#[test]
fn articles_paragraphs_and_items() {
    let text = "# 秘密保持契約書\n\n甲（以下「甲」という。）と乙は合意する。\n\n**第１条　（目的）**\n\n１．甲は、次の情報を開示する。\n（１）図面\n（２）試作品\n２．乙は、これを守る。\n\n第２条\n（複製）\n乙は複製しない。";
    assert_eq!(
        shape(text),
        [
            "Title  [] 秘密保持契約書",
            "Preamble  [] 甲（以下「甲」という。）",
            "Article 第1条 [目的]",
            "Paragraph 第1条 1. [] 甲は、次の情報を開示する",
            "Item 第1条 1.（１） [] 図面",
            "Item 第1条 1.（２） [] 試作品",
            "Paragraph 第1条 2. [] 乙は、これを守る。",
            "Article 第2条 [複製]",
            "Paragraph 第2条 [] 乙は複製しない。",
        ]
    );
}

#[test]
fn english_articles_and_items() {
    let text =
        "SUPPLY AGREEMENT\n\n7. CONFIDENTIALITY. Supplier shall not:\n\n(a) copy;\n\n(b) disclose.\n\n7.2 Use. Supplier shall use it.\n\n8. TERM. One year.";
    assert_eq!(
        shape(text),
        [
            "Title  [] SUPPLY AGREE",
            "Article 7. [CONFIDENTIALITY] Supplier sha",
            "Item 7.(a) [] copy;",
            "Item 7.(b) [] disclose.",
            "Paragraph 7.2 [] Use. Supplie",
            "Article 8. [TERM] One year.",
        ]
    );
}

#[test]
fn unnumbered_headings_are_articles() {
    let text = "甲と乙は、次のとおり合意する。\n\n# (目的)\n\n本契約は目的を定める。\n\n# (返還)\n\n1.  乙は返す。\n\n    1.  図面\n\n3.  甲は受ける。\n\n# (期間)\n\n1年";
    assert_eq!(
        shape(text),
        [
            "Preamble  [] 甲と乙は、次のとおり合意",
            "Article 目的 [目的]",
            "Paragraph 目的 [] 本契約は目的を定める。",
            "Article 返還 [返還]",
            "Paragraph 返還 1. [] 乙は返す。",
            "Paragraph 返還 1. 1. [] 図面",
            "Paragraph 返還 3. [] 甲は受ける。",
            "Article 期間 [期間]",
            "Paragraph 期間 [] 1年",
        ]
    );
}

#[test]
fn a_proviso_on_its_own_line_stays_with_its_sentence() {
    let d = draft("第1条（再委託）\n乙は再委託してはならない。\n\nただし、甲が承諾したときは、この限りでない。");
    assert_eq!(d.units().len(), 2);
    assert!(d.visible(&d.units()[1].text).contains("この限りでない"));
}

#[test]
fn a_broken_line_goes_on() {
    let d = draft("第1条（秘密保持）\n乙は、秘密情報を複\n製してはならない。\n甲は何もしない。");
    assert_eq!(d.visible(&d.units()[1].text), "乙は、秘密情報を複製してはならない。");
    assert_eq!(d.units().len(), 3);
}

#[test]
fn any_text_gives_a_draft() {
    for text in ["", "\n\n", "第", "(", "1.", "「", "\u{feff}", "- ", "第1条第1条第1条", "| |\n|-|\n| 第1条 |"] {
        draft(text);
    }
}

#[test]
fn a_wrapped_sentence_is_no_heading() {
    let text = "6．秘密情報のうち、乙の記憶\nに残ったものは、この限りでない。\n\n7．乙は、受領した秘密情\n報を複写しない。\n\n8．目的\n乙は、複製しない。";
    assert_eq!(
        shape(text),
        ["Article 6. [] 秘密情報のうち、乙の記憶", "Article 7. [] 乙は、受領した秘密情報を", "Article 8. [目的]", "Paragraph 8. [] 乙は、複製しない。"]
    );
}

#[test]
fn an_item_that_stands_further_in_is_below_its_neighbour() {
    let text = "第1条（例外）\n\n1. 次の情報は、秘密情報から除く。\n  1. 公知の情報\n  1. 独自に開発した情報\n1. 甲は何もしない。";
    assert_eq!(
        shape(text),
        [
            "Article 第1条 [例外]",
            "Paragraph 第1条 1. [] 次の情報は、秘密情報から",
            "Paragraph 第1条 1. 1. [] 公知の情報",
            "Paragraph 第1条 1. 2. [] 独自に開発した情報",
            "Paragraph 第1条 2. [] 甲は何もしない。",
        ]
    );
}
