//! What other programs can call, a line each: a change here is a change for them, and belongs in CHANGELOG.md.
//!
//! Read from the source as it is written, so that it needs no other compiler. `INSTA_UPDATE=always cargo test --test api` takes a change over.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
    out.sort();
}

/// The public items of a file: each declaration in one line, up to its body. Fields and variants too, since programs name them.
fn items(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut out = Vec::new();
    let mut lines = code.lines();
    let mut owner = String::new();
    while let Some(line) = lines.next() {
        let depth = line.len() - line.trim_start().len();
        let line = line.trim();
        if depth == 0 && (line.starts_with("impl") || line.starts_with("pub ")) {
            owner = line.trim_end_matches('{').trim().to_owned();
        }
        // A variant stands in a public enum, four spaces deep, and begins with a capital.
        let variant = depth == 4 && owner.starts_with("pub enum") && line.starts_with(|c: char| c.is_ascii_uppercase());
        if !line.starts_with("pub ") && !variant {
            continue;
        }
        let mut item = line.to_owned();
        while !item.contains(['{', ';', ',']) || item.matches('(').count() > item.matches(')').count() {
            let Some(more) = lines.next() else { break };
            item = format!("{item} {}", more.trim());
        }
        let item = item.split(" {").next().unwrap().split(" = ").next().unwrap().trim_end_matches([';', ',', '{']).trim().to_owned();
        let inside = if depth > 0 { format!("{}: ", owner.split(" {").next().unwrap()) } else { String::new() };
        out.push(format!("{inside}{item}"));
    }
    out
}

#[test]
fn the_public_items() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    let mut out = String::new();
    for path in all {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        // The command line is a program, not a library.
        if name.starts_with("cli") {
            continue;
        }
        items(&std::fs::read_to_string(&path).unwrap()).iter().for_each(|i| writeln!(out, "{name}: {i}").unwrap());
    }
    assert!(out.contains("review.rs: impl<'l> Reviewer<'l>: pub fn review(&self, draft: &Draft, options: &ReviewOptions) -> Review"), "{out}");
    insta::assert_snapshot!(out);
}
