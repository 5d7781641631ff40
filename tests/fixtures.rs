//! Every fixture draft, held against the answer a lawyer gave by reading it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::{Draft, ReviewOptions, Reviewer, SourceText, Stance};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[allow(dead_code, reason = "for people")]
    covers: String,
    kind: String,
    parties: Vec<String>,
    affirmed: Vec<String>,
    denied: Vec<String>,
    #[serde(default)]
    #[allow(dead_code, reason = "for people")]
    note: Option<String>,
}

const SIX: [&str; 6] = ["confidentiality", "purpose-limitation", "no-copy", "return-destruction", "subcontracting-approval", "change-of-control"];

/// Answers that are still wrong, each to be mended in the knowledge; one that comes right must leave the list.
const STILL_WRONG: &[(&str, &str)] = &[];

/// What is read of every fixture of a language, for a person to read: a line a clause with its stance, elements, place and first words.
fn reading(language: &str) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drafts");
    let mut names: Vec<String> = std::fs::read_dir(&dir).unwrap().flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|n| n.starts_with(&format!("{language}-")) && n.ends_with(".md"));
    names.sort();
    let mut out = String::new();
    for name in names {
        let draft = Draft::parse(SourceText::decode(name.clone(), &std::fs::read(dir.join(&name)).unwrap()).unwrap());
        let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
        let parties: Vec<&str> = draft.parties().iter().map(|p| p.label.as_str()).collect();
        let terms: Vec<&str> = review.provisions.information.iter().map(String::as_str).collect();
        let _ = writeln!(out, "{name}: {} ({}); {}; {}", review.provisions.kind, review.playbook, parties.join(", "), terms.join(", "));
        for clause in SIX {
            let facts = review.facts(clause).unwrap();
            let outcome = review.assessments.iter().find(|a| a.clause == clause).map_or("-", |a| sekisho::review::outcome_name(a.outcome));
            let elements: Vec<&str> = facts.elements.iter().filter(|(_, has)| **has).map(|(name, _)| name.as_str()).collect();
            let place = facts.deciding().next().map_or(String::new(), |p| {
                let quote: String = p.evidence.quote.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(44).collect();
                format!(" {} 「{quote}」 {}", draft.path(p.evidence.unit).trim(), facts.binds.join(","))
            });
            let _ = writeln!(out, "  {clause}: {} {outcome} [{}]{place}", sekisho::examples::stance_name(facts.stance), elements.join(" "));
        }
    }
    out
}

#[test]
fn japanese_drafts_as_they_are_read() {
    insta::assert_snapshot!("ja", reading("ja"));
}

#[test]
fn english_drafts_as_they_are_read() {
    insta::assert_snapshot!("en", reading("en"));
}

fn hold(language: &str) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drafts");
    let text = std::fs::read_to_string(dir.join(format!("expected.{language}.toml"))).unwrap();
    let expected: BTreeMap<String, Expected> = toml::from_str(&text).unwrap();
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(&dir).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with(&format!("{language}-")) || expected.contains_key(&name), "{name} has no expectation");
    }
    for (name, want) in &expected {
        let bytes = std::fs::read(dir.join(name)).unwrap_or_else(|_| panic!("{name} is missing"));
        let draft = Draft::parse(SourceText::decode(name.clone(), &bytes).unwrap());
        let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
        if review.provisions.kind != want.kind {
            faults.push(format!("{name}: kind {} wants {}", review.provisions.kind, want.kind));
        }
        let parties: Vec<&str> = draft.parties().iter().map(|p| p.label.as_str()).collect();
        for label in want.parties.iter().filter(|p| !parties.contains(&p.as_str())) {
            faults.push(format!("{name}: party {label} not among {parties:?}"));
        }
        for clause in SIX {
            let has = |list: &[String]| list.iter().any(|c| c == clause);
            let stance = if has(&want.affirmed) {
                Stance::Affirmed
            } else if has(&want.denied) {
                Stance::Denied
            } else {
                Stance::Silent
            };
            let facts = review.facts(clause).unwrap();
            let still_wrong = STILL_WRONG.contains(&(name.as_str(), clause));
            if still_wrong && facts.stance == stance {
                faults.push(format!("{name}: {clause} has come right; take it off the list"));
            } else if facts.stance != stance && !still_wrong {
                let quote: String = facts.deciding().next().map_or(String::new(), |p| p.evidence.quote.chars().take(80).collect());
                faults.push(format!("{name}: {clause} is {:?}, wants {stance:?} {quote}", facts.stance));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn japanese_drafts_read_as_a_lawyer_reads_them() {
    hold("ja");
}

#[test]
fn english_drafts_read_as_a_lawyer_reads_them() {
    hold("en");
}
