//! The fuzz targets without a fuzzer: every crash that was ever found, and seeds that are mutated the same way each time.
//!
//! `SEKISHO_FUZZ_SECONDS=60 cargo test --release --test fuzz` goes on for so long with other mutations each time; `fuzz/run` calls it where cargo-fuzz is
//! not installed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail loudly, and a long run says how far it came")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use targets::{TARGETS, Target};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
    out.sort();
}

/// Runs a target, and keeps the input where it fails.
fn run(target: Target, input: &[u8]) {
    let name = target.name;
    let result = std::panic::catch_unwind(|| (target.run)(input));
    if result.is_err() {
        let path = root().join("target").join(format!("fuzz-{name}"));
        std::fs::write(&path, input).unwrap();
        panic!("target {name} fails; the input is in {}: mend it and add it to fixtures/crashes/{name}/", path.display());
    }
}

#[test]
fn no_crash_comes_back() {
    let mut all = Vec::new();
    files(&root().join("fixtures/crashes"), &mut all);
    assert!(!all.is_empty());
    for path in all {
        let name = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let target = TARGETS.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("{} belongs to no target", path.display()));
        run(*target, &std::fs::read(&path).unwrap());
    }
}

/// A small generator of numbers (xorshift): the same seed gives the same mutations everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// What breaks readers: marks of Markdown, TOML, numbering and Unicode.
const PIECES: [&str; 40] = [
    "\n",
    "\n\n",
    "\r",
    "\t",
    "\u{3000}",
    "# ",
    "- ",
    "> ",
    "```\n",
    "<!--",
    "-->",
    "<table>",
    "|",
    "**",
    "__",
    "&amp;",
    "\\",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{1b}[31m",
    "が\u{3099}",
    "ﾎﾟ",
    "第1条（",
    "第９９９９９９９９９９条",
    "1. ",
    "（１）",
    "①",
    "ただし、",
    "次の各号",
    "Article 5. ",
    "(iv) ",
    "; provided that ",
    "+++\n",
    "[[reading]]\n",
    "id = \"x\"\n",
    "{",
    "}",
    "\"",
    "..",
];

fn mutate(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    // Small inputs are quick and break the same things.
    let from = dice.below(seed.len().saturating_sub(2000));
    let mut out = seed[from..seed.len().min(from + 2000)].to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(out.len() + 1);
        let to = (at + dice.below(40)).min(out.len());
        match dice.below(6) {
            0 => drop(out.drain(at..to)),
            1 => drop(out.splice(at..at, PIECES[dice.below(PIECES.len())].bytes())),
            2 => drop(out.splice(at..to, PIECES[dice.below(PIECES.len())].repeat(dice.below(60)).bytes())),
            3 if to > at => out[at] ^= 1 << dice.below(8),
            4 => {
                let piece = out[at..to].to_vec();
                drop(out.splice(at..at, piece));
            }
            _ => {
                let start = dice.below(other.len());
                drop(out.splice(at..to, other[start..other.len().min(start + 300)].iter().copied()));
            }
        }
    }
    out
}

#[test]
fn mutated_seeds_hold() {
    let seconds: Option<u64> = std::env::var("SEKISHO_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |d| d.as_nanos() as u64);
    let mut dice = Dice(if seconds.is_some() { clock | 1 } else { 0x5EC1_540F });
    for target in TARGETS {
        let mut paths = Vec::new();
        target.seeds.iter().for_each(|f| files(&root().join(f), &mut paths));
        // The corpora beside the checkout differ from place to place: only a run that is asked for draws on them.
        let seeds: Vec<PathBuf> = paths.into_iter().filter(|p| seconds.is_some() || p.starts_with(root()) && !p.to_string_lossy().contains("..")).collect();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        let until = seconds.map(|s| Instant::now() + Duration::from_secs(s / TARGETS.len() as u64));
        let mut done = 0;
        while until.map_or(done < 150, |u| Instant::now() < u) {
            let [seed, other] = [dice.below(seeds.len()), dice.below(seeds.len())].map(|i| std::fs::read(&seeds[i]).unwrap());
            run(target, &mutate(&seed, &other, &mut dice));
            done += 1;
        }
        println!("{}: {done} inputs", target.name);
    }
}
