//! Structural faults: each check finds its fault in a small draft, and is silent where there is none.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::check::{CHECKS, Fault, check};
use sekisho::fold::Folded;
use sekisho::library::ProtectedWord;
use sekisho::{ClauseLibrary, Draft, Language, LibraryFile, SourceText};

fn faults_with(text: &str, protected: &[ProtectedWord]) -> Vec<(String, Fault)> {
    let draft = Draft::parse(SourceText::new("t.md", text));
    let folded = Folded::new(&draft);
    let faults = check(&draft, &folded, ClauseLibrary::builtin().tongue(draft.language()), protected);
    for fault in &faults {
        for span in fault.related.iter().chain([&fault.span]) {
            assert!(text.get(span.start..span.end).is_some(), "{fault:?}");
        }
        assert!(!fault.message.is_empty() && !fault.message.contains(['{', '}']) || fault.message.contains("${"), "{fault:?}");
        assert!(!fault.span.is_empty(), "{fault:?}");
    }
    faults.into_iter().map(|f| (f.span.slice(text).to_owned(), f)).collect()
}

/// Codes and the words they stand on.
fn faults(text: &str) -> Vec<(&'static str, String)> {
    faults_with(text, &[]).into_iter().map(|(at, f)| (f.code, at)).collect()
}

fn of(text: &str, code: &str) -> Vec<String> {
    faults(text).into_iter().filter(|(c, _)| *c == code).map(|(_, at)| at).collect()
}

const FRONT: &str = "# 部品取引契約書\n\n株式会社天城鋳造（以下「甲」という。）と伊東精密株式会社（以下「乙」という。）は、次のとおり契約する。\n\n";

fn ja(articles: &str) -> String {
    format!("{FRONT}{articles}")
}

fn en(articles: &str) -> String {
    format!(
        "# SUPPLY AGREEMENT\n\nThis Agreement is made between Amagi Castings Inc. (the \"Supplier\") and Ito Precision Ltd. (the \"Buyer\").\n\n{articles}\n\n9. NOTICES. The Supplier shall notify the Buyer.\n"
    )
}

const SOUND_JA: &str = "第1条（目的）\n甲は、乙に部品を売り渡し、乙は、これを買い受ける。\n\n第2条（代金）\n1　乙は、甲に代金を支払う。\n2　前項の支払は、月末に行う。\n\n第3条（秘密保持）\n1　甲及び乙は、相手方の秘密を漏らさない。\n2　前項の定めは、第2条第1項の代金の額にも及ぶ。\n\n第4条（解除）\n甲は、乙が前条に違反したときは、会社法第965条にかかわらず、解除することができる。\n\n第5条（協議）\n甲及び乙は、疑義を協議する。\n";

#[test]
fn a_sound_japanese_draft_has_no_fault() {
    assert_eq!(faults(&ja(SOUND_JA)), []);
}

#[test]
fn a_sound_english_draft_has_no_fault() {
    let text = "1. SALE. The Supplier shall sell castings.\n\n2. PRICE. The Buyer shall pay under Section 1.\n\n3. SECRECY.\n\n3.1 The Buyer shall keep prices secret.\n\n3.2 Section 3.1 survives.\n\n3.3 Nothing limits Section 365 of the Bankruptcy Code, Article 82 of the EC Treaty or Section 44 of the Tooling Agreement.\n\n4. TERM. The Supplier may end it.\n\n5. WAIVER. The Buyer may waive.\n\n6. LAW. Japan.\n\n7. NOTICE. The Supplier shall give it.\n\n8. END. The Buyer may end it.";
    assert_eq!(faults(&en(text)), []);
}

#[test]
fn references_that_lead_nowhere() {
    for (from, to, at) in [
        ("第2条第1項の代金", "第12条の代金", "第12条"),
        ("第2条第1項の代金", "第2条第5項の代金", "第2条第5項"),
        ("乙に部品を売り渡し", "前条により乙に部品を売り渡し", "前条"),
        ("1　乙は、甲に代金を", "1　乙は、前項により甲に代金を", "前項"),
        ("前項の定めは", "第7項の定めは", "第7項"),
        ("第2条第1項の代金", "第2条の2の代金", "第2条の2"),
    ] {
        assert!(SOUND_JA.contains(from), "{from}");
        assert_eq!(of(&ja(&SOUND_JA.replace(from, to)), "SK201"), [at], "{to}");
    }
    let en = |reference: &str| {
        en(&format!(
            "1. SALE. The Supplier shall sell subject to {reference}.\n\n2. PRICE.\n\n2.1 The Buyer shall pay.\n\n2.2 It shall pay in time.\n\n3. TERM. One year.\n\n4. WAIVER. None.\n\n5. LAW. Japan.\n\n6. END. It ends.\n\n7. RISK. None.\n\n8. TAX. None."
        ))
    };
    assert_eq!(of(&en("Section 11"), "SK201"), ["Section 11"]);
    assert_eq!(of(&en("Section 2.5 hereof"), "SK201"), ["Section 2.5"]);
    for sound in [
        "Section 8",
        "Section 2.2",
        "Sections 3 through 6",
        "Section 11 of the Tooling Agreement",
        "Section 12 thereof",
        "Rule 12b-2",
        "Section 365(n) of the Bankruptcy Code",
    ] {
        assert_eq!(of(&en(sound), "SK201"), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn references_into_other_texts_are_no_faults() {
    for other in [
        "会社法第965条",
        "下請法第63条",
        "基本契約第55条",
        "同法第43条",
        "著作権法第27条及び第28条",
        "「技術指針」第42条",
        "民法（明治29年法律第89号）第709条",
        "原契約の第31条",
    ] {
        let text = ja(&SOUND_JA.replace("会社法第965条", other));
        assert_eq!(of(&text, "SK201"), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn annexes_that_are_not_attached() {
    let text = ja(&format!("{}\n別紙1　仕様\n寸法を定める。\n", SOUND_JA.replace("代金を支払う", "別紙1及び別紙3の代金を支払う")));
    assert_eq!(of(&text, "SK201"), ["別紙3"]);
    let none = ja(&SOUND_JA.replace("代金を支払う", "別紙3の代金を支払う"));
    assert_eq!(of(&none, "SK201"), Vec::<String>::new(), "annexes may be in files of their own");
    let text = en("1. SALE. The Supplier shall sell the castings listed in Exhibit A at the prices in Exhibit B.\n\n2. TERM. One year.")
        + "\nExhibit A: Castings\n\nBrackets.\n";
    assert_eq!(of(&text, "SK201"), ["Exhibit B"]);
}

#[test]
fn each_contract_of_a_file_is_its_own() {
    let second =
        "\n---\n\n# 秘密保持契約書\n\n第1条（秘密）\n甲及び乙は、秘密を守る。\n\n第2条（期間）\n期間は、第5条による。\n\n第3条（管轄）\n東京とする。\n";
    assert_eq!(of(&(ja(SOUND_JA) + second), "SK201"), ["第5条"]);
    assert_eq!(of(&(ja(SOUND_JA) + &second.replace("第5条", "第3条")), "SK210"), Vec::<String>::new());
}

#[test]
fn references_to_another_subject() {
    let text = |r: &str| ja(&SOUND_JA.replace("乙が前条に違反", &format!("乙が{r}に違反")));
    assert_eq!(of(&text("第2条（秘密保持）"), "SK202"), ["第2条"]);
    assert_eq!(of(&text("第2条に定める秘密保持義務"), "SK202"), ["第2条"]);
    for sound in ["第3条（秘密保持）", "第3条に定める秘密保持義務", "第2条（代金の支払）", "第2条（以下「支払条項」という。）"]
    {
        assert_eq!(of(&text(sound), "SK202"), Vec::<String>::new(), "{sound}");
    }
    let text = |r: &str| {
        en(&format!(
            "1. SALE. The Supplier shall sell.\n\n2. PRICE. The Buyer shall pay.\n\n3. CONFIDENTIALITY. The Buyer shall keep secrets.\n\n4. TERM. Subject to {r}, one year."
        ))
    };
    assert_eq!(of(&text("Section 2 (Confidentiality)"), "SK202"), ["Section 2"]);
    assert_eq!(of(&text("the confidentiality obligations set forth in Section 2"), "SK202"), ["Section 2"]);
    for sound in ["Section 3 (Confidentiality)", "the confidentiality obligations in Section 3", "Section 2 (Price and payment)"] {
        assert_eq!(of(&text(sound), "SK202"), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn survival_lists_that_leave_confidentiality_out() {
    let text = |list: &str| ja(&SOUND_JA.replace("甲及び乙は、疑義を協議する。", &format!("本契約の終了後も、{list}の規定は、なお効力を有する。")));
    assert_eq!(of(&text("第1条、第2条及び第4条"), "SK203").len(), 1);
    for sound in ["第1条、第3条及び第4条", "第2条から第4条まで", "第1条、第2条その他その性質上存続すべき条項"] {
        assert_eq!(of(&text(sound), "SK203"), Vec::<String>::new(), "{sound}");
    }
    let text = |list: &str| {
        en(&format!(
            "1. SALE. The Supplier shall sell.\n\n2. PRICE. The Buyer shall pay.\n\n3. CONFIDENTIALITY. The Buyer shall keep secrets.\n\n4. SURVIVAL. {list} shall survive termination of this Agreement."
        ))
    };
    assert_eq!(of(&text("Sections 1 and 2"), "SK203").len(), 1);
    for sound in ["Sections 1, 2 and 3", "Sections 1 through 3", "Sections 1, 2 and those provisions which by their nature"] {
        assert_eq!(of(&text(sound), "SK203"), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn terms_without_a_definition_or_a_use() {
    let text = "第1条（定義）\n1　「本製品」とは、鋳物をいう。\n2　「本試作」とは、試しに作ることをいう。\n\n第2条（売買）\n甲は、本製品を売り、本図面を渡す。\n\n第3条（返却）\n乙は、本図面を返す。\n";
    assert_eq!(of(&ja(text), "SK204"), ["本図面"]);
    assert_eq!(of(&ja(text), "SK205"), ["本試作"]);
    let defined = text.replace("本図面を渡す", "図面（以下「本図面」という。）を渡す").replace("試しに作る", "本試作として作る");
    assert_eq!((of(&ja(&defined), "SK204"), of(&ja(&defined), "SK205")), (vec![], vec![]));
    let text = "1. DEFINITIONS. \"Castings\" means cast parts. \"Plant\" means the plant at Amagi. \"Drawings\" means plans.\n\n2. SALE. The Supplier shall sell Castings made at the Plant and keep the Confidential Information.\n\n3. USE. The Buyer shall use the Confidential Information for Castings and return the Confidential Information.";
    assert_eq!(of(&en(text), "SK204"), ["Confidential Information"]);
    assert_eq!(of(&en(text), "SK205"), ["Drawings"]);
    let sound = text.replace("\"Drawings\" means plans", "\"Confidential Information\" means secrets");
    assert_eq!((of(&en(&sound), "SK204"), of(&en(&sound), "SK205")), (vec![], vec![]));
}

#[test]
fn terms_used_in_an_earlier_article() {
    let text = "第1条（返却）\n乙は、貸与図面を返す。\n\n第2条（貸与）\n甲が渡す図面（以下「貸与図面」という。）は、甲のものとする。\n\n第3条（複写）\n貸与図面は写さない。\n";
    assert_eq!(of(&ja(text), "SK206"), ["貸与図面"]);
    for sound in [text.replace("乙は、貸与図面を", "乙は、第2条に定める貸与図面を"), text.replace("第2条（貸与）", "第2条（定義）")]
    {
        assert_eq!(of(&ja(&sound), "SK206"), Vec::<String>::new());
    }
}

#[test]
fn blanks_left_open() {
    let text = ja(&SOUND_JA.replace("代金を支払う", "金●円を支払う").replace("月末に行う", "［支払日］に行う"));
    assert_eq!(of(&text, "SK207"), ["●", "［支払日］"]);
    let signed = format!("{}\n本契約の成立を証するため、本書2通を作成する。\n\n20XX年●月●日\n\n甲　住所　＿＿＿＿\n　　氏名　○○○○\n", ja(SOUND_JA));
    assert_eq!(of(&signed, "SK207"), Vec::<String>::new());
    let text = en("1. SALE. The Supplier shall sell ____ castings by [●].\n\n2. PRICE. USD [***] each, or [*].\n\n3. TERM. [insert term].");
    assert_eq!(of(&text, "SK207"), ["____ castings by [●]", "[insert term]"]);
    let text = en("1. SALE. [BUYER NAME] shall pay at [business address].\n\n2. PRICE. USD 1 each [Signature page follows] [Confidential].");
    assert_eq!(of(&text, "SK207"), ["[BUYER NAME] shall pay at [business address]"]);
    assert_eq!(of(&ja(&SOUND_JA.replace("月末に行う", "[銀行名]に行う")), "SK207"), ["[銀行名]"]);
    let signed = en("1. SALE. It sells.\n\n2. TERM. One year.")
        + "\nIN WITNESS WHEREOF, the parties sign.\n\nBy: ______________\nName: ____________\nDate: ____________\n";
    assert_eq!(of(&signed, "SK207"), Vec::<String>::new());
}

#[test]
fn labels_no_party_has() {
    assert_eq!(of(&ja(&SOUND_JA.replace("甲は、乙が前条に", "丙は、乙が前条に")), "SK208"), ["丙"]);
    assert_eq!(of(&ja(&SOUND_JA.replace("1　乙は、甲に代金", "1　受託者は、甲に代金")), "SK208"), ["受託者"]);
    let filler = "2. PRICE. The Buyer shall pay. The Buyer may pay early. The Supplier shall give a receipt. The Supplier will wait. The Buyer agrees to that. The Supplier must ship. The Buyer must accept. The Buyer will inspect.";
    let text = |subject: &str| en(&format!("1. SALE. The {subject} shall sell castings.\n\n{filler}"));
    assert_eq!(of(&text("Vendor"), "SK208"), ["Vendor"]);
    assert_eq!(of(&text("Suplier").replace("(the \"Buyer\")", "(the \"Buyer\"). The Supplier, as supplier, and the Supplier"), "SK208"), ["Suplier"]);
    for sound in ["Supplier", "Supplier's Vendor", "Suppliers"] {
        assert_eq!(of(&text(sound), "SK208"), Vec::<String>::new(), "{sound}");
    }
    let other =
        ja(&SOUND_JA.replace("乙に部品を売り渡し", "乙に、丙株式会社（以下「丙」という。）の部品を売り渡し").replace("甲は、乙が前条", "丙は、乙が前条"));
    assert_eq!(of(&other, "SK208"), Vec::<String>::new());
}

#[test]
fn labels_that_change_hands() {
    let signed = |a: &str, b: &str| {
        format!("{}\n本契約の成立を証するため、本書2通を作成する。\n\n甲：静岡県熱海市1番\n　　{a}\n\n乙：静岡県伊東市2番\n　　{b}\n", ja(SOUND_JA))
    };
    assert_eq!(of(&signed("伊東精密株式会社", "株式会社天城鋳造"), "SK209").len(), 1);
    assert_eq!(of(&signed("株式会社天城鋳造", "伊東精密株式会社"), "SK209"), Vec::<String>::new());
    let signed = |a: &str, b: &str| {
        en("1. SALE. It sells.\n\n2. TERM. One year.")
            + &format!("\nIN WITNESS WHEREOF, the parties sign.\n\nSUPPLIER: {a}\n\nBy: ____\n\nBUYER: {b}\n\nBy: ____\n")
    };
    assert_eq!(of(&signed("Ito Precision Ltd.", "Amagi Castings Inc."), "SK209").len(), 1);
    assert_eq!(of(&signed("Amagi Castings Inc.", "Ito Precision Ltd."), "SK209"), Vec::<String>::new());
}

#[test]
fn numbers_given_twice_left_out_or_written_in_two_ways() {
    let text = ja(&SOUND_JA.replace("第5条（協議）", "第4条（協議）"));
    assert_eq!(of(&text, "SK210"), ["第4条"]);
    let text = ja(&SOUND_JA.replace("第3条（秘密保持）", "第三条（秘密保持）"));
    assert_eq!(of(&text, "SK211"), ["第三条"]);
    let text = ja(&SOUND_JA.replace("第5条（協議）", "第6条（協議）"));
    assert_eq!(of(&text, "SK213"), ["第6条"]);
    let text = ja(&SOUND_JA.replace("第5条（協議）", "第5条　削除\n\n第6条（協議）"));
    assert_eq!(of(&text, "SK213"), Vec::<String>::new());
    let text =
        "# LICENCE AGREEMENT\n\nArticle 1. Grant\n\nA grants.\n\nArticle 2. Fee\n\nB pays.\n\nArticle 3. Term\n\nOne year.\n\nArticle 5. Law\n\nJapan.\n";
    assert_eq!(of(text, "SK213"), ["Article 5."]);
    assert_eq!(of(&text.replace("Article 5. Law", "Article 3. Law"), "SK210"), ["Article 3."]);
}

fn protected() -> Vec<ProtectedWord> {
    let word = |word: &str, instead: Option<&str>| ProtectedWord { word: word.to_owned(), instead: instead.map(str::to_owned), note: None };
    vec![word("ﾎﾞﾛﾝ鋼", Some("材料X")), word("gamma alloy", Some("Alloy G")), word("Tsubame", Some("Tsubame-Zero")), word("foundry", None), word("塩浴", None)]
}

#[test]
fn protected_words_in_any_form() {
    for (written, at) in [
        ("ボロン鋼", "ボロン鋼"),
        ("ﾎﾞﾛﾝ鋼", "ﾎﾞﾛﾝ鋼"),
        ("ボロ\nン鋼", "ボロ\nン鋼"),
        ("塩**浴**", "塩**浴"),
        ("ＧＡＭＭＡ　ＡＬＬＯＹ", "ＧＡＭＭＡ　ＡＬＬＯＹ"),
        (" gamma-alloys ", "gamma-alloys"),
        (" GammaAlloy ", "GammaAlloy"),
        (" foundries ", "foundries"),
        (" TSUBAME ", "TSUBAME"),
    ] {
        let text = ja(&SOUND_JA.replace("代金を支払う", &format!("{written}の代金を支払う")));
        let found: Vec<String> = faults_with(&text, &protected()).into_iter().filter(|(_, f)| f.code == "SK212").map(|(at, _)| at).collect();
        assert_eq!(found, [at], "{written}");
    }
    for sound in ["Tsubame-Zero", "gammas alloying", "digamma alloy", "材料X", "ボロン", "塩と浴", "foundrywork"] {
        let text = ja(&SOUND_JA.replace("代金を支払う", &format!(" {sound} の代金を支払う")));
        assert!(faults_with(&text, &protected()).iter().all(|(_, f)| f.code != "SK212"), "{sound}");
    }
    let message = faults_with("1. A. The gamma alloy.", &protected())[0].1.message.clone();
    assert!(message.contains("Alloy G"), "{message}");
}

#[test]
fn a_house_list_is_part_of_a_house_library() {
    let mut files = ClauseLibrary::builtin_files();
    files.push(LibraryFile::new("protected.toml", "[[word]]\nword = \"ﾎﾞﾛﾝ鋼\"\nuse = \"材料X\"\nnote = \"開発1課\"\n"));
    let library = ClauseLibrary::from_files(&files).unwrap();
    assert_eq!(library.protected()[0].word, "ボロン鋼");
    for (text, says) in [
        ("[[word]]\nword = \"a\"\n", "protected.toml:2: word: a protected word has at least two letters"),
        ("[[word]]\nwrod = \"ab\"\n", "protected.toml:2: wrod"),
        ("[[word]]\nword = \"ab\"\n\n[[word]]\nword = \"ＡＢ\"\n", "protected.toml:5: word: `AB` stands twice"),
    ] {
        files.last_mut().unwrap().text = text.to_owned();
        let errors = ClauseLibrary::from_files(&files).unwrap_err();
        assert!(errors[0].to_string().starts_with(says), "{}", errors[0]);
    }
}

#[test]
fn every_check_has_its_code_and_its_texts() {
    let codes = include_str!("../clause-library/codes.toml");
    for (code, name) in CHECKS {
        assert!(codes.contains(&format!("[{code}]\nname = \"{name}\"")), "{code}");
        for language in [Language::Ja, Language::En] {
            assert!(!ClauseLibrary::builtin().tongue(language).message(name).is_empty(), "{name}");
        }
    }
}

#[test]
fn amendments_speak_of_another_contract() {
    let text = "# 部品取引契約書の変更に関する覚書\n\n甲及び乙は、原契約を次のとおり改める。\n\n第1条\n第28条を削る。\n\n第2条\n第31条（秘密保持）を改める。\n\n第3条\n効力を生ずる。\n";
    assert_eq!(of(text, "SK201"), Vec::<String>::new());
}

#[test]
fn time_is_linear_in_the_text() {
    let piece = "第1条（目的）\n甲は、●円を、第99条及び会社法第3条により丙に支払う。 Section 4.2(a), [___] XX 　　　　　　年 「本書」とは、\n";
    let time = |n: usize| {
        let text = piece.repeat(n);
        let started = std::time::Instant::now();
        faults_with(&text, &protected());
        started.elapsed().as_secs_f64()
    };
    time(50);
    let (small, large) = (time(400), time(3200));
    assert!(large < small * 8.0 * 4.0 + 0.5, "{small} {large}");
    for piece in ["●", "_", "　", "[", "第", "X", "\"", "「", "Section ", "14.", "別紙1", "(", "乙"] {
        faults_with(&piece.repeat(60_000), &protected());
    }
}

/// Drafts kept as files, so that `library idle` reads them too: `SK203-….ja.md` has that finding, `sound-….ja.md` has none of it.
#[test]
fn survival_lists_kept_as_fixtures() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/structure");
    let mut seen = 0;
    for path in std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let faults = if name.ends_with(".ja.md") { ja(&text) } else { en(&text) };
        assert_eq!(of(&faults, "SK203").len(), usize::from(name.starts_with("SK203")), "{name}");
        seen += 1;
    }
    assert!(seen >= 6);
}
