//! The floors that judge, held by a library of our own: every word of its language in a draft of one sentence, met and not met.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::assess::Outcome;
use sekisho::{ClauseLibrary, Draft, LibraryFile, Review, ReviewOptions, Reviewer, Severity, SourceText, Stance};

const HEAD: &str =
    "title = { ja = \"あ\", en = \"a\" }\nproposition = { ja = \"あ\", en = \"a\" }\nwhy = { ja = \"あ\", en = \"a\" }\nsource = { ja = \"あ\", en = \"a\" }\n";

/// A library with one clause, `x`, over the signals a, b, c, d, the denial `no` and the words `for ever`, and one playbook.
fn library(clause: &str, requirement: &str) -> ClauseLibrary {
    let signals = "[signals.en]\na = [\"alpha\"]\nb = [\"beta\"]\nc = [\"gamma\"]\nd = [\"delta\"]\nno = [\"omega\"]\nprevails = [\"notwithstanding\"]\nhead = [\"secrecy\"]\nnear = [\"kappa .. lambda\"]\nfar = [\"kappa ... lambda\"]\n";
    // What belongs to the whole file comes before its tables.
    let (top, tables) = clause.split_once('[').map_or((clause, String::new()), |(top, rest)| (top, format!("[{rest}")));
    let files = [
        ("lexicon/en.toml", "[[kinds]]\nid = \"nda\"\nname = \"n\"\ntitle = [\"secrets\"]\n[slots]\nboth-parties = \"each party\"\none-party = \"recipient\"\n[messages]\nmissing = \"m\"\n".to_owned()),
        ("clauses/x/clause.toml", format!("id = \"x\"\n{HEAD}{top}\n{signals}\n{tables}\n")),
        ("clauses/other/clause.toml", format!("id = \"other\"\n{HEAD}[signals.en]\nz = [\"zeta\"]\n[[reading]]\nname = \"z\"\nstance = \"affirmed\"\nall = [\"z\"]\n")),
        (
            "playbooks/p.toml",
            format!(
                "id = \"p\"\nkinds = [\"nda\", \"other\"]\nside = \"s\"\ntitle = {{ ja = \"あ\", en = \"a\" }}\n[[requirement]]\nclause = \"x\"\nseverity = \"error\"\nreason = {{ ja = \"あ\", en = \"a\" }}\n{requirement}\n"
            ),
        ),
    ];
    let files: Vec<LibraryFile> = files.into_iter().map(|(path, text)| LibraryFile::new(path, text)).collect();
    ClauseLibrary::from_files(&files).unwrap_or_else(|e| panic!("{e:?}"))
}

fn review(library: &ClauseLibrary, text: &str, party: Option<&str>) -> Review {
    let draft = Draft::parse(SourceText::new("d.md", text));
    let options = ReviewOptions { party: party.map(str::to_owned), ..ReviewOptions::default() };
    Reviewer::new(library).review(&draft, &options)
}

fn stance(clause: &str, text: &str) -> Stance {
    review(&library(clause, ""), text, None).facts("x").unwrap().stance
}

#[track_caller]
fn affirmed(clause: &str, text: &str) {
    assert_eq!(stance(clause, text), Stance::Affirmed, "{text}");
}

#[track_caller]
fn silent(clause: &str, text: &str) {
    assert_eq!(stance(clause, text), Stance::Silent, "{text}");
}

fn reading(rest: &str) -> String {
    format!("[[reading]]\nname = \"r\"\nstance = \"affirmed\"\n{rest}\n")
}

#[test]
fn all_any_and_none() {
    let all = reading("all = [\"a\", [\"b\", \"c\"]]");
    affirmed(&all, "1. Term. The alpha and the beta.");
    affirmed(&all, "1. Term. The gamma and the alpha.");
    silent(&all, "1. Term. The alpha alone.");
    silent(&all, "1. Term. The beta and the gamma.");
    let any = reading("all = [\"a\"]\nany = [\"b\", \"c\"]\nnone = [\"d\"]");
    affirmed(&any, "1. Term. The alpha and the gamma.");
    silent(&any, "1. Term. The alpha.");
    silent(&any, "1. Term. The alpha, the beta and the delta.");
    affirmed(&reading("any = [\"b\", \"c\"]"), "1. Term. The gamma.");
}

#[test]
fn scopes_reach_as_far_as_they_say() {
    let within = |scope: &str| reading(&format!("all = [\"a\", \"b\"]\nwithin = \"{scope}\""));
    let one = "1. Term. The alpha and the beta.";
    let proviso = "1. Term. The alpha holds; provided that the beta holds.";
    let unit = "1. Term. The alpha holds. The beta holds.";
    let article = "1. Term.\n\n1.1 The alpha holds.\n\n1.2 The beta holds.\n\n2. End. No more.";
    let draft = "1. Term. The alpha holds.\n\n2. End. The beta holds.";
    for (scope, reaches) in [("sentence", 1), ("statement", 2), ("unit", 3), ("article", 4)] {
        for (i, text) in [one, proviso, unit, article, draft].iter().enumerate() {
            // The proviso after a semicolon stays in its sentence.
            let holds = i < reaches || scope == "sentence" && i == 1;
            let read = stance(&within(scope), text) == Stance::Affirmed;
            assert_eq!(read, holds, "{scope}: {text}");
        }
    }
    for text in [one, unit, article, draft] {
        affirmed(&within("draft"), text);
    }
    // What is barred is barred in the whole scope.
    let bare = |scope: &str| reading(&format!("all = [\"a\"]\nnone = [\"b\"]\nwithin = \"{scope}\""));
    affirmed(&bare("unit"), article);
    silent(&bare("unit"), unit);
    silent(&bare("article"), article);
    affirmed(&bare("article"), draft);
}

#[test]
fn near_counts_from_end_to_start() {
    let near = |n: usize| reading(&format!("all = [\"a\", \"b\"]\nnear = {n}"));
    // Ten characters stand between the two words, whichever comes first.
    for text in ["1. Term. The alpha 12345678 beta.", "1. Term. The beta 12345678 alpha."] {
        affirmed(&near(10), text);
        silent(&near(9), text);
    }
    // Another alpha may be near enough.
    affirmed(&near(10), "1. Term. The alpha and a great deal more, then the alpha 12345678 beta.");
    affirmed(&near(9_000_000_000_000_000_000), "1. Term. The alpha 12345678 beta.");
    silent(&reading("all = [\"a\"]\nnone = [\"b\"]\nnear = 10"), "1. Term. The alpha 12345678 beta.");
    affirmed(&reading("all = [\"a\"]\nnone = [\"b\"]\nnear = 9"), "1. Term. The alpha 12345678 beta.");
}

#[test]
fn headings_and_kinds_decide_where_a_reading_counts() {
    let heading = reading("all = [\"a\"]\nheading = [\"head\"]");
    affirmed(&heading, "1. Secrecy. The alpha holds.\n\n2. End. No more.");
    silent(&heading, "1. Term. The alpha holds.\n\n2. End. No more.");
    let not = reading("all = [\"a\"]\nnot-heading = [\"head\"]");
    silent(&not, "1. Secrecy. The alpha holds.\n\n2. End. No more.");
    affirmed(&not, "1. Term. The alpha holds.\n\n2. End. No more.");
    let kinds = reading("all = [\"a\"]\nkinds = [\"nda\"]");
    affirmed(&kinds, "# Secrets\n\n1. Term. The alpha holds.\n\n2. End. No more.");
    silent(&kinds, "# Lease\n\n1. Term. The alpha holds.\n\n2. End. No more.");
}

#[test]
fn the_stance_that_prevails() {
    let both = "[[reading]]\nname = \"y\"\nstance = \"affirmed\"\nall = [\"a\"]\n[[reading]]\nname = \"n\"\nstance = \"denied\"\nall = [\"no\"]\n";
    let over = format!("{both}[[reading]]\nname = \"o\"\nstance = \"denied\"\nall = [\"prevails\"]\noverrides = true\n");
    let text = "1. Term. The alpha holds.\n\n2. End. The omega holds.";
    assert_eq!(stance(both, text), Stance::Affirmed);
    assert_eq!(stance(&format!("prefer = \"denied\"\n{both}"), text), Stance::Denied);
    assert_eq!(stance(&format!("prefer = \"affirmed\"\n{both}"), text), Stance::Affirmed);
    assert_eq!(stance(both, "1. Term. The omega holds."), Stance::Denied);
    assert_eq!(stance(&format!("prefer = \"denied\"\n{both}"), "1. Term. The alpha holds."), Stance::Affirmed);
    assert_eq!(stance(&over, "1. Term. The alpha holds.\n\n2. End. Notwithstanding that."), Stance::Denied);
    assert_eq!(stance(both, "1. Term. Nothing."), Stance::Silent);
    // The deciding provisions stand first, and alone give the parties, elements and values.
    let facts = review(&library(both, ""), "1. Term. The omega holds.\n\n2. End. The alpha holds.", None).provisions.facts.remove(1);
    assert_eq!(facts.clause, "x");
    assert_eq!(facts.provisions.iter().map(|p| p.stance).collect::<Vec<_>>(), [Stance::Affirmed, Stance::Denied]);
    assert_eq!(facts.deciding().map(|p| p.evidence.quote.as_str()).collect::<Vec<_>>(), ["The alpha holds."]);
}

#[test]
fn one_place_is_one_provision() {
    let two = reading("all = [\"a\"]") + &reading("all = [\"b\"]");
    let facts = review(&library(&two, ""), "1. Term. The alpha and the beta.\n\n2. End. The alpha again.", None).provisions.facts.remove(1);
    assert_eq!(facts.provisions.len(), 2);
    let wide = reading("all = [\"a\", \"b\"]\nwithin = \"article\"");
    let facts = review(&library(&wide, ""), "1. Term. The alpha holds. The beta holds. The alpha holds.", None).provisions.facts.remove(1);
    assert_eq!(facts.provisions.len(), 1);
}

#[test]
fn a_lead_in_is_read_once() {
    let text = "1. Duties. The Recipient shall keep the alpha and:\n\n(a) count the beta; and\n\n(b) burn the gamma.\n\n2. End. No more.";
    let facts = |clause: &str| review(&library(clause, ""), text, None).provisions.facts.remove(1).provisions;
    // What the lead-in says by itself is found where it stands, not again in every item.
    assert_eq!(facts(&reading("all = [\"a\"]")).len(), 1);
    let both = facts(&reading("all = [\"a\", \"b\"]"));
    assert_eq!(both.len(), 1);
    assert!(both[0].evidence.quote.contains("beta"), "{both:?}");
}

fn outcome(clause: &str, requirement: &str, text: &str) -> (Outcome, Severity) {
    let review = review(&library(clause, requirement), text, None);
    let one = review.assessments.iter().find(|a| a.clause == "x").unwrap();
    (one.outcome, one.severity)
}

#[test]
fn elements_are_asked_for_one_of_each() {
    let clause = reading("all = [\"a\"]")
        + "[element.first]\ntitle = { ja = \"あ\", en = \"a\" }\nany = [\"b\"]\nwithin = \"statement\"\n[element.second]\ntitle = { ja = \"あ\", en = \"a\" }\nall = [\"c\", \"d\"]\nnone = [\"no\"]\n";
    let text = |words: &str| format!("1. Term. The alpha and {words}.");
    let asked = "elements = [\"first|second\"]";
    assert_eq!(outcome(&clause, asked, &text("the beta")), (Outcome::Met, Severity::Error));
    assert_eq!(outcome(&clause, asked, &text("the gamma with delta")), (Outcome::Met, Severity::Error));
    assert_eq!(outcome(&clause, asked, &text("the gamma")), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, asked, &text("the gamma with delta, omega")), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, "elements = [\"first\", \"second\"]", &text("the beta")), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, "elements = [\"first\"]\nweak = \"note\"", &text("more")), (Outcome::Weak, Severity::Note));
    assert_eq!(outcome(&clause, "elements = [\"first\"]\nweak = \"error\"", &text("more")), (Outcome::Weak, Severity::Error));
    // An element counts where its scope reaches, beside a deciding provision.
    assert_eq!(outcome(&clause, "elements = [\"first\"]", "1. Term. The alpha. The beta."), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, "elements = [\"second\"]", "1. Term. The alpha. The gamma. The delta."), (Outcome::Met, Severity::Error));
    assert_eq!(outcome(&clause, "elements = [\"second\"]", "1. Term. The alpha.\n\n2. End. The gamma. The delta."), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, asked, "1. Term. The beta."), (Outcome::Missing, Severity::Error));
}

#[test]
fn another_clause_can_stand_for_an_element() {
    let clause = reading("all = [\"a\"]") + "[element.first]\ntitle = { ja = \"あ\", en = \"a\" }\nany = [\"b\"]\n";
    let other = clause.clone() + "[element.z]\ntitle = { ja = \"あ\", en = \"a\" }\nany = [\"c\"]\n";
    let asked = "elements = [\"first|other\"]";
    assert_eq!(outcome(&clause, asked, "1. Term. The alpha."), (Outcome::Weak, Severity::Warning));
    assert_eq!(outcome(&clause, asked, "1. Term. The alpha.\n\n2. End. The zeta."), (Outcome::Met, Severity::Error));
    // Only what is its own is named as lacking.
    let lacking = review(&library(&clause, asked), "1. Term. The alpha.", None).assessments[0].lacking.clone();
    assert_eq!(lacking, [["first".to_owned()]]);
    // A name of its own comes first, whatever other clauses are called.
    assert_eq!(outcome(&other, "elements = [\"z\"]", "1. Term. The alpha.\n\n2. End. The zeta."), (Outcome::Weak, Severity::Warning));
}

#[test]
fn a_quotation_keeps_the_mark_that_opens_it() {
    let clause = reading("all = [\"a\"]");
    let quote = |text: &str| review(&library(&clause, ""), text, None).facts("x").unwrap().provisions[0].evidence.quote.clone();
    assert_eq!(quote("# Term\n\n_Recipient_ keeps the alpha."), "_Recipient_ keeps the alpha.");
    assert_eq!(quote("# Term\n\n**Recipient** keeps the _alpha_."), "**Recipient** keeps the _alpha_.");
    assert_eq!(quote("# Term\n\n*Recipient keeps the alpha.*"), "Recipient keeps the alpha.");
}

#[test]
fn values_hold_at_their_bounds() {
    let clause = reading("all = [\"a\"]") + "[value.period]\nreader = \"duration\"\n[value.share]\nreader = \"fraction\"\nwithin = \"statement\"\n";
    let period =
        |bounds: &str, text: &str| outcome(&clause, &format!("values = [{{ name = \"period\", {bounds} }}]"), &format!("1. Term. The alpha for {text}.")).0;
    assert_eq!(period("at-least = \"3 years\"", "three (3) years"), Outcome::Met);
    assert_eq!(period("at-least = \"3 years\"", "36 months"), Outcome::Met);
    assert_eq!(period("at-least = \"3 years\"", "35 months"), Outcome::Weak);
    assert_eq!(period("at-least = \"2 weeks\"", "14 days"), Outcome::Met);
    assert_eq!(period("at-least = \"2 weeks\"", "13 days"), Outcome::Weak);
    assert_eq!(period("at-most = \"30 days\"", "30 days"), Outcome::Met);
    assert_eq!(period("at-most = \"30 days\"", "31 days"), Outcome::Weak);
    assert_eq!(period("at-least = \"10 days\", at-most = \"30 days\"", "9 days"), Outcome::Weak);
    assert_eq!(period("at-least = \"10 days\", at-most = \"30 days\"", "20 days"), Outcome::Met);
    // A value that cannot be read is no fault.
    assert_eq!(period("at-least = \"3 years\"", "a while"), Outcome::Met);
    let share =
        |bounds: &str, text: &str| outcome(&clause, &format!("values = [{{ name = \"share\", {bounds} }}]"), &format!("1. Term. The alpha of {text}.")).0;
    assert_eq!(share("at-most = \"50 %\"", "50 percent"), Outcome::Met);
    assert_eq!(share("at-most = \"50 %\"", "51 percent"), Outcome::Weak);
    assert_eq!(share("at-most = \"49 %\"", "a majority"), Outcome::Weak);
    let read = review(&library(&clause, "values = [{ name = \"period\", at-least = \"3 years\" }]"), "1. Term. The alpha for 2 years.", None);
    let outside = &read.assessments[0].outside[0];
    assert_eq!((outside.name.as_str(), outside.bound.as_str(), outside.at_least), ("period", "3 years", true));
}

#[test]
fn a_duty_of_our_side_alone_is_no_protection() {
    let clause = reading("all = [\"a\"]");
    let library = library(&clause, "binds = \"counterparty\"");
    let head = "This is made between Hill Ltd (the \"Supplier\") and Moor Ltd (the \"Buyer\").\n\n";
    let outcome = |text: &str, party: Option<&str>| {
        let review = review(&library, &format!("{head}1. Term. {text}"), party);
        (review.assessments[0].outcome, review.assessments[0].ours_only)
    };
    assert_eq!(outcome("The Supplier shall keep the alpha.", Some("Supplier")), (Outcome::Missing, true));
    assert_eq!(outcome("The Supplier shall keep the alpha.", Some("Buyer")), (Outcome::Met, false));
    assert_eq!(outcome("The Supplier shall keep the alpha.", None), (Outcome::Met, false));
    assert_eq!(outcome("Each party shall keep the alpha.", Some("Supplier")), (Outcome::Met, false));
    // One whose party could not be read may bind the other side, and one duty of theirs is enough.
    assert_eq!(outcome("There is an alpha.", Some("Supplier")), (Outcome::Met, false));
    assert_eq!(outcome("The Supplier shall keep the alpha.\n\n2. End. The Buyer shall keep the alpha.", Some("Supplier")), (Outcome::Met, false));
}

#[test]
fn kinds_and_other_documents_are_left_alone() {
    let clause = reading("all = [\"a\"]") + "[[reading]]\nname = \"n\"\nstance = \"denied\"\nall = [\"no\"]\n";
    let nda = "kinds = [\"nda\"]";
    assert_eq!(outcome(&clause, nda, "# Lease\n\n1. Term. Nothing."), (Outcome::NotApplicable, Severity::Error));
    assert_eq!(outcome(&clause, nda, "# Secrets\n\n1. Term. Nothing."), (Outcome::Missing, Severity::Error));
    let elsewhere = "elsewhere = \"other\"";
    assert_eq!(outcome(&clause, elsewhere, "1. Term. The zeta."), (Outcome::Undetermined, Severity::Note));
    assert_eq!(outcome(&clause, elsewhere, "1. Term. Nothing."), (Outcome::Missing, Severity::Error));
    assert_eq!(outcome(&clause, elsewhere, "1. Term. The zeta.\n\n2. End. The alpha."), (Outcome::Met, Severity::Error));
    assert_eq!(outcome(&clause, elsewhere, "1. Term. The zeta.\n\n2. End. The omega."), (Outcome::Contrary, Severity::Error));
}

#[test]
fn a_caption_provides_nothing() {
    let both = reading("all = [\"a\", \"b\"]");
    affirmed(&both, "1. Term. The party pays. Alpha of the beta.");
    silent(&both, "1. Term. The party pays. Alpha of the Beta.");
    silent(&both, "1. Term. The party pays. ALPHA OF THE BETA");
    affirmed(&both, "1. Term. The party pays. ALPHA IS THE BETA");
    affirmed(&both, "1. Term. The party pays for:\n\n(a) Alpha of the Beta");
    // What follows a caption is read for itself, even where it begins as a proviso does.
    affirmed(&both, "1. Term. The party pays. Gamma of the Delta. Except as agreed, the alpha is the beta.");
    let review = review(&library(&both, ""), "1. Term. The party pays. Alpha of the Beta.", None);
    assert_eq!(review.findings[0].nearest.len(), 1);
}

#[test]
fn a_bilingual_draft_says_what_either_language_says() {
    let clause = "[signals.ja]\nj = [\"秘密を守\"]\njno = [\"自由に漏ら\"]\n[[reading]]\nname = \"e\"\nstance = \"affirmed\"\nall = [\"a\"]\n[[reading]]\nname = \"eno\"\nstance = \"denied\"\nall = [\"no\"]\n[[reading]]\nname = \"j\"\nstance = \"affirmed\"\nall = [\"j\"]\n[[reading]]\nname = \"jno\"\nstance = \"denied\"\nall = [\"jno\"]\n";
    let library = library(clause, "");
    let said = |japanese: &str, english: &str| {
        // So much of both that neither is a few words in the other.
        let (also, more) = ("甲及び乙は、書類を整える。".repeat(60), "The parties keep their papers in good order. ".repeat(60));
        let text = format!("第1条（秘密）\n乙は、甲の書類について、{japanese}{also}\n\n1. Secrecy. As to papers of the other party, {english} {more}\n");
        let review = review(&library, &text, None);
        let facts = review.facts("x").unwrap().clone();
        (facts.stance, facts.provisions.len())
    };
    let (yes, no, nothing) = ("秘密を守るものとする。", "自由に漏らすことができる。", "これを綴じるものとする。");
    assert_eq!(said(nothing, "the omega. It rains."), (Stance::Denied, 1));
    assert_eq!(said(nothing, "the alpha. It rains."), (Stance::Affirmed, 1));
    assert_eq!(said(yes, "the paper is bound."), (Stance::Affirmed, 1));
    assert_eq!(said(no, "the alpha. It rains."), (Stance::Affirmed, 1));
    assert_eq!(said(no, "the paper is bound."), (Stance::Denied, 1));
    assert_eq!(said(yes, "the omega. It rains."), (Stance::Affirmed, 1));
    assert_eq!(said(yes, "the alpha. It rains."), (Stance::Affirmed, 2));
}

#[test]
fn a_gap_ends_with_the_sentence_and_at_its_reach() {
    let near = reading("all = [\"near\"]");
    let far = reading("all = [\"far\"]");
    affirmed(&near, "1. Term. The kappa of the lambda.");
    let between = |words: usize| format!("1. Term. The kappa {}of the lambda.", "and more ".repeat(words));
    affirmed(&near, &between(2));
    silent(&near, &between(40));
    affirmed(&far, &between(12));
    silent(&far, &between(400));
    silent(&far, "1. Term. The kappa. The lambda.");
    // Where the first word ends with the sentence itself.
    let japanese =
        |text: &str| stance("[signals.ja]\nj = [\"除く。 .. 乙\", \"甲 .. 守る\"]\n[[reading]]\nname = \"j\"\nstance = \"affirmed\"\nall = [\"j\"]\n", text);
    assert_eq!(japanese("第1条（秘密）\n丙は、書類を除く。乙は、帰る。"), Stance::Silent);
    assert_eq!(japanese("第1条（秘密）\n甲は、秘密を守る。"), Stance::Affirmed);
    assert_eq!(japanese("第1条（秘密）\n甲は、帰る。丙は、秘密を守る。"), Stance::Silent);
}

/// What a missing clause names as nearest: the reason and the beginning of each passage.
fn nearest(clause: &str, text: &str) -> Vec<String> {
    let review = review(&library(clause, ""), text, None);
    let finding = review.findings.iter().find(|f| f.clause == "x").unwrap();
    finding.nearest.iter().map(|near| format!("{}: {}", near.reason, near.evidence.quote)).collect()
}

#[test]
fn the_nearest_passages_in_their_order() {
    let near_miss = |rest: &str, reason: &str| format!("[[near-miss]]\n{rest}\nreason = {{ ja = \"あ\", en = \"{reason}\" }}\n");
    // Every signal of a statement leads to it, not its first alone.
    let clause = reading("all = [\"a\"]") + &near_miss("any = [\"d\"]", "delta");
    assert_eq!(nearest(&clause, "1. Term. The beta, the gamma and the delta."), ["delta: The beta, the gamma and the delta."]);
    // Headings stand where their articles stand.
    let clause = reading("all = [\"a\"]") + &near_miss("heading = [\"head\"]", "heading");
    let two = "## 1. Term\n\nNo more.\n\n## 2. Secrecy\n\nNone.\n\n## 3. Secrecy of papers\n\nNone.\n";
    assert_eq!(nearest(&clause, two), ["heading: Secrecy", "heading: Secrecy of papers"]);
    // What the library knows comes before what only falls short.
    let clause = reading("all = [\"a\"]\nnone = [\"d\"]") + &near_miss("any = [\"b\"]", "beta") + &near_miss("any = [\"c\"]", "gamma");
    let found = nearest(&clause, "1. Term. The alpha and the delta. The gamma. The beta.");
    assert!(
        found.len() == 3 && found[0].starts_with("beta: ") && found[1].starts_with("gamma: ") && found[2].ends_with("The alpha and the delta."),
        "{found:?}"
    );
}

#[test]
fn a_stop_stands_in_the_way_from_edge_to_edge() {
    let clause = "[signals.ja]\nj = [\"甲 .. 丙\"]\n[[reading]]\nname = \"j\"\nstance = \"affirmed\"\nall = [\"j\"]\n";
    let mut files = vec![
        LibraryFile::new("lexicon/ja.toml", "stops = [\"が\"]\n[slots]\n[messages]\nmissing = \"m\"\n"),
        LibraryFile::new("clauses/x/clause.toml", format!("id = \"x\"\n{HEAD}{clause}")),
    ];
    let stance = |files: &[LibraryFile], text: &str| review(&ClauseLibrary::from_files(files).unwrap(), text, None).facts("x").unwrap().stance;
    // Nothing stands between it and the words, or something on one side.
    for text in ["甲が丙", "甲が、丙", "甲、が丙"] {
        let text = format!("第1条（秘密）\n{text}を見る。");
        assert_eq!(stance(&files, &text), Stance::Silent, "{text}");
    }
    assert_eq!(stance(&files, "第1条（秘密）\n甲は丙を見る。"), Stance::Affirmed);
    files.remove(0);
    assert_eq!(stance(&files, "第1条（秘密）\n甲が丙を見る。"), Stance::Affirmed);
}

#[test]
fn the_sentences_of_an_item_are_its_own() {
    let clause = reading("all = [\"b\", \"c\"]\nwithin = \"sentence\"");
    let item = |own: &str| format!("1. Use. It rains. The recipient shall keep to the following rules for all of the papers:\n\n(a) {own}\n\n(b) no more.\n");
    affirmed(&clause, &item("one. Two. Three. Four the beta of the gamma. Five."));
    silent(&clause, &item("one the beta. Two the gamma. Three."));
}
