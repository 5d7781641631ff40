//! The cost of a review beside its floor: what pulldown-cmark alone needs to parse the same text.
//!
//! `cargo bench --bench review`. Needs the corpora beside the checkout (`../shared/corpora`), else it falls back on the fixtures.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sekisho::{Draft, ReviewOptions, Reviewer, SourceText};
use std::hint::black_box;
use std::path::Path;

/// Every draft of a folder, in the order of its names.
fn drafts(dir: &Path) -> Vec<String> {
    let mut paths: Vec<_> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    paths.sort();
    paths.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect()
}

fn corpus(name: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = drafts(&root.join("../shared/corpora").join(name).join("docs"));
    if found.is_empty() { drafts(&root.join("fixtures/drafts")) } else { found }
}

/// The longest draft, with as many others behind it as it takes, cut at 100 kB.
fn hundred_kilobytes(texts: &[String]) -> String {
    let mut longest: Vec<&String> = texts.iter().collect();
    longest.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let mut draft = longest.into_iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    let whole = (0..=draft.len().min(100_000)).rev().find(|at| draft.is_char_boundary(*at));
    draft.truncate(whole.unwrap_or(0));
    draft
}

fn floor(texts: &[String]) -> usize {
    texts.iter().map(|t| pulldown_cmark::Parser::new_ext(t, pulldown_cmark::Options::all()).into_offset_iter().count()).sum()
}

fn review(reviewer: &Reviewer<'_>, texts: &[String]) -> usize {
    let one = |text: &String| {
        let draft = Draft::parse(SourceText::new("draft.md", text.as_str()));
        reviewer.review(&draft, &ReviewOptions::default()).findings.len()
    };
    texts.iter().map(one).sum()
}

fn benches(criterion: &mut Criterion) {
    let reviewer = Reviewer::builtin();
    for name in ["cuad", "ja"] {
        let texts = corpus(name);
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::from_parameter("parse-floor"), |b| b.iter(|| black_box(floor(&texts))));
        group.bench_function(BenchmarkId::from_parameter("review"), |b| b.iter(|| black_box(review(reviewer, &texts))));
        group.finish();
        // What an editor does at every keystroke: the draft is read anew.
        let draft = hundred_kilobytes(&texts);
        let mut group = criterion.benchmark_group("edit-100-kB");
        group.throughput(Throughput::Bytes(draft.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| black_box(review(reviewer, std::slice::from_ref(&draft)))));
        group.finish();
    }
}

criterion_group!(all, benches);
criterion_main!(all);
