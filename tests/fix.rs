//! A suggestion closes its finding: over every fixture, and every development document where they are at hand.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::{Draft, Language, ReviewOptions, Reviewer, SourceText, edit};
use std::path::{Path, PathBuf};

fn drafts(dir: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let mut out: Vec<PathBuf> =
        std::fs::read_dir(root).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|x| x == "md")).collect();
    out.sort();
    out
}

/// Whether `short` is what is left of `long` when insertions are taken out, in order.
fn keeps_everything(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|d| d == c))
}

fn check(path: &Path, playbook: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let options = ReviewOptions { playbook: playbook.map(str::to_owned), ..ReviewOptions::default() };
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = SourceText::decode(name.clone(), &std::fs::read(path).unwrap()).unwrap();
    let text = source.text().to_owned();
    let review = |text: &str| {
        let draft = Draft::parse(SourceText::new(name.clone(), text));
        (Reviewer::builtin().review(&draft, &options), draft)
    };
    let (first, draft) = review(&text);
    for clause in &first.provisions.facts {
        for p in &clause.provisions {
            if p.evidence.span.slice(&text) != p.evidence.quote || p.evidence.quote.is_empty() {
                faults.push(format!("{name}: {} quotes what is not there", clause.clause));
            }
        }
    }
    let fixed = edit::apply(&text, &first.edits());
    if !keeps_everything(&text, &fixed) {
        faults.push(format!("{name}: something was lost"));
    }
    let (second, _) = review(&fixed);
    for finding in second.findings.iter().filter(|f| !f.suggestions.is_empty()) {
        let before = first.findings.iter().find(|f| f.clause == finding.clause);
        let said = before.and_then(|f| f.suggestions.first()).map_or("nothing".to_owned(), |s| format!("{} at {}", s.template, s.insert_at));
        faults.push(format!("{name} ({:?}): {} is still {:?} {}, after {said}", draft.language(), finding.clause, finding.outcome, finding.message));
    }
    if edit::apply(&fixed, &second.edits()) != fixed {
        faults.push(format!("{name}: fixing twice is not fixing once"));
    }
    faults
}

fn hold(dirs: &[&str], playbooks: &[Option<&str>]) {
    let each = |p: PathBuf| playbooks.iter().flat_map(move |b| check(&p, *b).into_iter().map(move |f| format!("{}: {f}", b.unwrap_or("-"))));
    let faults: Vec<String> = dirs.iter().flat_map(|d| drafts(d)).flat_map(each).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn over_every_fixture() {
    assert!(drafts("fixtures/drafts").len() >= 40);
    let playbooks: Vec<Option<&str>> = Reviewer::builtin().library().playbooks().iter().map(|p| Some(p.id.as_str())).collect();
    hold(&["fixtures/drafts"], &playbooks);
}

#[test]
fn over_the_development_corpora() {
    hold(&["../shared/corpora/ja/docs", "../shared/corpora/contractnli/docs", "../shared/corpora/cuad/docs"], &[None]);
}

#[test]
fn language_is_told() {
    for path in drafts("fixtures/drafts") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let draft = Draft::parse(SourceText::decode(name.clone(), &std::fs::read(&path).unwrap()).unwrap());
        let expected = if name.starts_with("en-") { Language::En } else { Language::Ja };
        assert_eq!(draft.language(), expected, "{name}");
    }
}
