//! How a playbook is chosen, extended and held against a draft.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::assess::Outcome;
use sekisho::library::LibraryError;
use sekisho::review::Choice;
use sekisho::{ClauseLibrary, Draft, LibraryFile, Review, ReviewOptions, Reviewer, SourceText};

const HOUSE: &str = r#"
id = "nda.house"
extends = "nda.discloser"
title = { ja = "当社の秘密保持契約", en = "Our NDA" }
drop = ["change-of-control"]

[[requirement]]
clause = "no-copy"
severity = "error"
reason = { ja = "社内規程による。", en = "House rules." }
"#;

fn load(files: &[(&str, &str)]) -> Result<ClauseLibrary, Vec<LibraryError>> {
    let mut all = ClauseLibrary::builtin_files();
    all.extend(files.iter().map(|(path, text)| LibraryFile::new(*path, *text)));
    ClauseLibrary::from_files(&all)
}

fn review(library: &ClauseLibrary, text: &str, options: &ReviewOptions) -> Review {
    Reviewer::new(library).review(&Draft::parse(SourceText::new("draft.md", text)), options)
}

#[test]
fn a_house_playbook_replaces_drops_and_keeps_what_it_extends() {
    let library = load(&[("playbooks/nda.house.toml", HOUSE)]).unwrap();
    let (base, house) = (library.playbook("nda.discloser").unwrap(), library.playbook("nda.house").unwrap());
    assert_eq!(house.kinds, base.kinds);
    assert_eq!(house.side, base.side);
    assert_eq!(house.requirements.len(), base.requirements.len() - 1);
    let no_copy = house.requirements.iter().find(|r| r.clause == "no-copy").unwrap();
    assert_eq!(no_copy.reason.en, "House rules.");
    // The base gives way to what extends it.
    let review = review(&library, "# Non-Disclosure Agreement\n\n1. Secrecy\nEach party keeps it secret.\n", &ReviewOptions::default());
    assert_eq!((review.playbook.as_str(), review.choice), ("nda.house", Choice::Kind));
}

#[test]
fn faults_in_a_playbook_are_named_with_their_line() {
    let said = |text: &str| load(&[("playbooks/nda.house.toml", text)]).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let title = "title = { ja = \"あ\", en = \"a\" }\n";
    assert!(said(&format!("id = \"nda.house\"\nextends = \"nda.house\"\n{title}")).contains("nda.house.toml:2: extends: `nda.house` extends itself"));
    assert!(said(&format!("id = \"nda.house\"\nextends = \"nda\"\n{title}")).contains("no playbook is called `nda`"));
    assert!(said(&format!("id = \"nda.house\"\n{title}")).contains("says its `kinds` and its `side`"));
    assert!(said(&format!("id = \"nda.house\"\nextends = \"nda.discloser\"\ndrop = [\"audit-x\"]\n{title}")).contains("does not ask for `audit-x`"));
    let bound = "\n[[requirement]]\nclause = \"confidentiality\"\nseverity = \"error\"\nvalues = [{ name = \"x\", at-least = \"long\" }]\nreason = { ja = \"あ\", en = \"a\" }\n";
    let said = said(&format!("id = \"nda.house\"\nextends = \"nda.discloser\"\n{title}{bound}"));
    assert!(said.contains("`confidentiality` has no value `x`") && said.contains("`long` is not a quantity"), "{said}");
}

#[test]
fn a_duty_of_our_side_alone_is_no_protection_for_us() {
    let text = "# 秘密保持契約書\n\n株式会社青井（以下「甲」という。）と株式会社赤井（以下「乙」という。）は、契約する。\n\n第1条（秘密保持）\n甲は、乙の秘密情報を秘密として保持し、第三者に開示してはならない。\n";
    let library = ClauseLibrary::builtin();
    let outcome = |party: Option<&str>| {
        let review = review(library, text, &ReviewOptions { party: party.map(str::to_owned), ..ReviewOptions::default() });
        review.assessments.iter().find(|a| a.clause == "confidentiality").unwrap().clone()
    };
    let ours = outcome(Some("甲"));
    assert!(ours.outcome == Outcome::Missing && ours.ours_only, "{ours:?}");
    assert_eq!(outcome(Some("乙")).outcome, Outcome::Weak);
    assert_eq!(outcome(None).outcome, Outcome::Weak);
}

#[test]
fn a_missing_clause_shows_what_came_nearest() {
    let text = "# 秘密保持契約書\n\n第1条（商標）\n乙は、甲の商標を複製してはならない。\n";
    let review = review(ClauseLibrary::builtin(), text, &ReviewOptions::default());
    let finding = review.findings.iter().find(|f| f.clause == "no-copy").unwrap();
    assert_eq!(finding.nearest.len(), 1);
    assert!(finding.nearest[0].evidence.quote.contains("商標を複製") && !finding.nearest[0].reason.is_empty());
}

/// `KIND.how.lang.md`: a contract of that kind, told by its title or its recitals.
#[test]
fn kinds_are_told_from_the_front() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kinds");
    let wrong: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let draft = Draft::parse(SourceText::new(&name, std::fs::read_to_string(&path).unwrap()));
            let kind = Reviewer::builtin().review(&draft, &ReviewOptions::default()).provisions.kind;
            (name.split('.').next() != Some(kind.as_str())).then(|| format!("{name}: {kind}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}
