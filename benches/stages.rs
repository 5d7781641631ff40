//! The time of each floor of a review beside that of the parser alone, in one run and one thread.
//!
//! `cargo bench --bench stages [-- CORPUS ROUNDS]`, where the corpus is `cuad`, `ja` or `contractnli`. A short one is reviewed again and
//! again until it comes to 20 MB. Needs the corpora beside the checkout (`../shared/corpora`), else it falls back on the fixtures. Each
//! figure is the least of its rounds; how to read them: docs/performance.md.

#![allow(clippy::print_stdout, reason = "a table for people")]

use sekisho::check::Checker;
use sekisho::fold::Folded;
use sekisho::{Draft, Language, ReviewOptions, Reviewer, SourceText};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ENOUGH: usize = 20_000_000;

fn drafts(dir: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths.iter().filter_map(|p| std::fs::read(p).ok()).collect()
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = drafts(&root.join("../shared/corpora").join(name).join("docs"));
    if found.is_empty() { drafts(&root.join("fixtures/drafts")) } else { found }
}

/// Runs one stage over every draft and adds up its time; what it makes is dropped outside the clock, as a stage hands it on.
fn timed<T>(total: &mut Duration, stage: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = black_box(stage());
    *total += start.elapsed();
    made
}

const STAGES: [&str; 9] = ["parser alone", "decode", "markdown", "parse", "fold", "signals", "provisions", "check", "whole review"];

fn round(texts: &[Vec<u8>], times: usize) -> [Duration; 9] {
    let mut t = [Duration::ZERO; 9];
    let reviewer = Reviewer::builtin();
    let library = reviewer.library();
    let checkers = [Language::Ja, Language::En].map(|l| Checker::new(library.tongue(l), l, &[]));
    for _ in 0..times {
        for bytes in texts {
            let text = std::str::from_utf8(bytes).unwrap_or("");
            timed(&mut t[0], || pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all()).into_offset_iter().count());
            let source = timed(&mut t[1], || SourceText::decode("draft.md", bytes));
            let Ok(source) = source else { continue };
            timed(&mut t[2], || sekisho::markdown::read(source.text()));
            let draft = timed(&mut t[3], || Draft::parse(source));
            let folded = timed(&mut t[4], || Folded::new(&draft));
            let reader = reviewer.reader(draft.language());
            timed(&mut t[5], || reader.signals(&draft, &folded));
            timed(&mut t[6], || reader.read(&draft, &folded));
            let english = draft.language() == Language::En;
            timed(&mut t[7], || checkers[usize::from(english)].check(&draft, &folded, library.tongue(draft.language())));
            timed(&mut t[8], || {
                let draft = Draft::parse(SourceText::decode("draft.md", bytes).unwrap_or_else(|_| SourceText::new("", "")));
                reviewer.review(&draft, &ReviewOptions::default()).findings.len()
            });
        }
    }
    t
}

fn main() {
    // `cargo test --benches` runs it too, and wants no figures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let names = args.first().map_or(vec!["cuad", "ja"], |n| vec![n.as_str()]);
    let rounds: usize = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(3);
    for name in names {
        let texts = corpus(name);
        let once: usize = texts.iter().map(Vec::len).sum();
        let times = ENOUGH.div_ceil(once.max(1));
        let bytes = once * times;
        let mut least = [Duration::MAX; 9];
        round(&texts, 1);
        for _ in 0..rounds {
            round(&texts, times).iter().zip(&mut least).for_each(|(t, l)| *l = (*l).min(*t));
        }
        println!("{name}: {:.1} MB, {} drafts", bytes as f64 / 1e6, texts.len() * times);
        for (stage, time) in STAGES.iter().zip(least) {
            let ratio = time.as_secs_f64() / least[0].as_secs_f64();
            println!("  {stage:<14} {:>8.1} ms {ratio:>7.1} × {:>8.1} MB/s", time.as_secs_f64() * 1e3, bytes as f64 / 1e6 / time.as_secs_f64());
        }
    }
}
