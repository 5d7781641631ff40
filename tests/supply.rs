//! What sekisho is built from, and with what.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::Path;

fn read(name: &str) -> toml::Table {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap().parse().unwrap()
}

#[test]
fn both_lock_files_know_one_registry_and_no_repository() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let lock = read(lock);
        for package in lock["package"].as_array().unwrap() {
            let name = package["name"].as_str().unwrap();
            match package.get("source").map(|s| s.as_str().unwrap()) {
                Some(source) => {
                    assert!(source.starts_with("registry+") && source.ends_with("crates.io-index"), "{name} comes from {source}");
                    assert!(package.get("checksum").is_some(), "{name} has no checksum");
                }
                None => assert!(name.starts_with("sekisho"), "{name} comes from nowhere"),
            }
        }
    }
}

#[test]
fn the_fuzzer_builds_what_is_shipped() {
    // Both lock files name the same version of what both use: what was fuzzed is what is released.
    let versions = |lock: &str| -> Vec<(String, String)> {
        let text = |p: &toml::Value, key: &str| p[key].as_str().unwrap().to_owned();
        read(lock)["package"].as_array().unwrap().iter().map(|p| (text(p, "name"), text(p, "version"))).collect()
    };
    let shipped = versions("Cargo.lock");
    for name in ["pulldown-cmark", "aho-corasick", "toml", "encoding_rs", "chardetng", "unicode-normalization", "toml_edit", "serde_json"] {
        let of = |all: &[(String, String)]| all.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect::<Vec<_>>();
        assert_eq!(of(&shipped), of(&versions("fuzz/Cargo.lock")), "{name}: cargo update -p {name} in fuzz/");
    }
}

#[test]
fn the_oldest_compiler_is_said_once() {
    let package = read("Cargo.toml");
    let msrv = package["package"]["rust-version"].as_str().unwrap().to_owned();
    for name in ["README.md", "README.ja.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        assert!(text.contains(&format!("rustup.rs) {msrv}")), "{name} says another version than Cargo.toml");
    }
    assert!(msrv.split('.').count() >= 2);
}
