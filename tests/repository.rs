//! The house inspects itself: floors, names, and what must not be in the engine.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path, extension: &str, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, extension, out);
        } else if path.extension().is_some_and(|e| e == extension) {
            out.push(path);
        }
    }
    out.sort();
}

fn sources() -> Vec<(String, String)> {
    let mut out = Vec::new();
    files(&root().join("src"), "rs", &mut out);
    let name = |p: &PathBuf| p.strip_prefix(root().join("src")).unwrap().to_string_lossy().replace('\\', "/");
    out.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

/// The floors, top to bottom of the list in ARCHITECTURE.md; one may use those before it. `review` and `suggest` share floor data.
const FLOORS: [&str; 16] = [
    "span",
    "source",
    "markdown",
    "outline",
    "fold",
    "library",
    "signal",
    "provision",
    "assess",
    "check",
    "edit",
    "suggest",
    "review",
    "examples",
    "render",
    "cli",
];

/// Uses that go upward, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 1] = [("suggest", "review", "a suggestion is fitted to what the review read")];

#[test]
fn each_floor_uses_only_those_below_it() {
    let rank: BTreeMap<&str, usize> = FLOORS.iter().enumerate().map(|(i, f)| (*f, i)).collect();
    let mut faults = Vec::new();
    for (name, text) in sources() {
        let floor = name.split(['/', '.']).next().unwrap();
        let Some(own) = rank.get(floor) else { continue };
        for (i, line) in text.lines().enumerate() {
            for used in line.split("crate::").skip(1).map(|u| u.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()) {
                let excepted = EXCEPTIONS.iter().any(|(a, b, _)| *a == floor && *b == used);
                if rank.get(used).is_some_and(|r| r > own) && !excepted {
                    faults.push(format!("{name}:{}: {floor} uses {used}", i + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Words of the subject matter: they belong in the clause library. The readers of numbering, parties, definitions and values are exempt.
const LEGAL_WORDS: [&str; 22] = [
    "秘密保持",
    "機密",
    "複製",
    "返還",
    "破棄",
    "廃棄",
    "再委託",
    "合併",
    "事業譲渡",
    "支配権",
    "承諾",
    "漏えい",
    "目的外",
    "confidential",
    "copying",
    "subcontract",
    "merger",
    "change of control",
    "disclose",
    "destroy",
    "receiving party",
    "consent",
];

#[test]
fn the_engine_holds_no_contract_vocabulary() {
    let exempt = ["outline/", "provision/values.rs", "render/words.rs", "cli"];
    let mut faults = Vec::new();
    for (name, text) in sources() {
        if exempt.iter().any(|e| name.starts_with(e)) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (i, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            // The name of the one group the engine adds a draft's own terms to is a name, not a pattern.
            let line = line.replace("\"confidential-information\"", "");
            for word in LEGAL_WORDS.iter().filter(|w| line.to_lowercase().contains(*w)) {
                faults.push(format!("{name}:{}: {word}", i + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn below_the_hosts_nothing_touches_the_world() {
    let mut faults = Vec::new();
    for (name, text) in sources() {
        if name.starts_with("cli") || name == "main.rs" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["std::fs", "std::env", "std::net", "std::time", "std::process", "println!", "eprintln!"] {
            let used = code.lines().any(|l| l.contains(word) && !l.trim_start().starts_with("//"));
            if used {
                faults.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn names_line_up_on_every_floor() {
    let library = sekisho::ClauseLibrary::builtin();
    for clause in library.clauses() {
        let folder = root().join("clause-library/clauses").join(&clause.id);
        assert!(folder.join("clause.toml").is_file(), "{}", clause.id);
        assert!(root().join(format!("docs/clauses/{}.md", clause.id)).is_file(), "docs/clauses/{}.md is missing: run docs/generate", clause.id);
    }
}

#[test]
fn nothing_names_a_machine() {
    let mut all = Vec::new();
    for extension in ["rs", "toml", "md", "py", "yml"] {
        files(&root().join("src"), extension, &mut all);
        files(&root().join("clause-library"), extension, &mut all);
        files(&root().join("docs"), extension, &mut all);
    }
    for name in ["README.md", "README.ja.md", "ARCHITECTURE.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md", "Cargo.toml"] {
        all.push(root().join(name));
    }
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for word in ["/root/", "/home/", "/tmp/", "localhost"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}
