//! What may be done to a draft without changing what it says, and what must change it. The fixtures are the drafts that are transformed.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use sekisho::assess::Outcome;
use sekisho::outline::{UnitKind, read_label};
use sekisho::{Draft, Language, Review, ReviewOptions, Reviewer, SourceText, Stance};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// Every fixture: its name and its text.
fn fixtures() -> &'static [(String, String)] {
    static FIXTURES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FIXTURES.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drafts");
        let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
        paths.sort();
        let read = |p: &std::path::PathBuf| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            let text = SourceText::decode("t.md", &std::fs::read(p).unwrap()).unwrap().text().to_owned();
            (name, text)
        };
        paths.iter().map(read).collect()
    })
}

fn draft(text: &str) -> Draft {
    Draft::parse(SourceText::new("t.md", text))
}

fn review(text: &str) -> Review {
    Reviewer::builtin().review(&draft(text), &ReviewOptions::default())
}

fn stances(text: &str) -> BTreeMap<String, Stance> {
    review(text).provisions.facts.into_iter().map(|f| (f.clause, f.stance)).collect()
}

/// The clauses whose stance is not the same in two texts.
fn differences(name: &str, before: &str, after: &str) -> Vec<String> {
    let (a, b) = (stances(before), stances(after));
    a.iter().filter(|(clause, stance)| b[*clause] != **stance).map(|(clause, stance)| format!("{name}: {clause} was {stance:?}, is {:?}", b[clause])).collect()
}

#[track_caller]
fn unchanged(transform: impl Fn(&str) -> String) {
    let mut changed = 0;
    let mut faults = Vec::new();
    for (name, text) in fixtures() {
        // Markdown's `1.` for every item counts only while it is that.
        let other = if name.contains("dropped-list-numbers") { text.clone() } else { transform(text) };
        changed += usize::from(other != *text);
        faults.extend(differences(name, text, &other));
    }
    assert!(changed >= 20, "only {changed} drafts were transformed");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

fn wide(c: char) -> char {
    if c.is_ascii_alphanumeric() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }
}

#[test]
fn full_width_letters_and_digits_say_the_same() {
    // Entities, tags and link targets are Markdown's own words: a line with one stays as it is. English in full-width letters is no
    // English any more; only its digits may be wide.
    let marked = |l: &str| l.contains(['&', '<', '[', '`']);
    unchanged(|text| {
        let japanese = draft(text).language() == Language::Ja;
        let wide = |c: char| if japanese || c.is_ascii_digit() { wide(c) } else { c };
        text.split_inclusive('\n').map(|l| if marked(l) { l.to_owned() } else { l.chars().map(wide).collect() }).collect()
    });
}

#[test]
fn half_width_digits_letters_and_brackets_say_the_same() {
    let narrow = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '（' | '）' | '：' => char::from_u32(c as u32 - 0xFEE0).unwrap(),
        c => c,
    };
    unchanged(|text| text.chars().map(narrow).collect());
}

#[test]
fn half_width_kana_say_the_same() {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ";
    let map: BTreeMap<char, char> = FULL.chars().zip(HALF.chars()).collect();
    unchanged(|text| text.chars().map(|c| *map.get(&c).unwrap_or(&c)).collect());
}

#[test]
fn the_ends_of_lines_say_nothing() {
    unchanged(|text| text.replace("\r\n", "\n").replace('\n', "\r\n"));
    unchanged(|text| text.replace("\r\n", "\n").replace('\n', "\r"));
    unchanged(|text| text.replace('\n', "  \n"));
}

/// The text with ten added to every 第N条, Article N and Section N, and to the number a line begins with.
fn renumbered(text: &str) -> String {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        let begin = line.len() - line.trim_start_matches(['#', ' ', '*']).len();
        while !rest.is_empty() {
            let at = line.len() - rest.len();
            let lead = ["第", "Article ", "ARTICLE ", "Section "].into_iter().find(|w| rest.starts_with(w));
            let n = lead.map_or(0, |w| digits(&rest[w.len()..]));
            let jo = lead == Some("第") && rest[lead.map_or(0, str::len) + n..].starts_with('条');
            let first = digits(rest);
            if n > 0 && n < 4 && (jo || lead != Some("第")) {
                let from = lead.unwrap().len();
                out.push_str(&rest[..from]);
                out.push_str(&(rest[from..from + n].parse::<u32>().unwrap() + 10).to_string());
                rest = &rest[from + n..];
            } else if at == begin && first > 0 && first < 3 && rest[first..].starts_with(". ") && !line.starts_with(' ') {
                out.push_str(&(rest[..first].parse::<u32>().unwrap() + 10).to_string());
                rest = &rest[first..];
            } else {
                let c = rest.chars().next().unwrap();
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

#[test]
fn numbers_of_articles_say_nothing() {
    assert_eq!(renumbered("第1条の2 第3項\n2. See Article 5."), "第11条の2 第3項\n12. See Article 15.");
    unchanged(renumbered);
}

/// Whether a line is running text that a word processor may break: not a heading, a table, a quotation, an indented or a short line.
fn running(line: &str) -> bool {
    line.chars().count() > 30
        && !line.starts_with(['#', '|', '>', ' ', '\u{3000}', '\t', '<', '`', '*', '+', '-', '!'])
        && !line.contains(['|', '<', '[', '`', '*', '_'])
}

/// Places where a line may be broken. Not before what reads as a label, as Markdown or as a heading of its own; an English line
/// only at a space.
fn breaks(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if running(line) {
            // What follows a number and is no longer than this may be a heading; nothing but its sense tells.
            let first = read_label(line).map_or(45, |l| l.len + 93);
            for (i, c) in line.char_indices().filter(|(i, _)| *i > first) {
                let rest = line[i..].trim_end();
                let before = line[..i].chars().next_back().unwrap();
                let japanese = !c.is_ascii() && !before.is_ascii() && c.is_alphabetic() && before.is_alphabetic();
                let english = before == ' ' && c.is_ascii_lowercase() && line[..i - 1].ends_with(|p: char| p.is_ascii_lowercase() || p == ',');
                if (japanese || english) && rest.chars().count() > 15 && read_label(rest).is_none() && !rest.starts_with(['第', '別', '付', '附', '添']) {
                    out.push(start + i);
                }
            }
        }
        start += line.len();
    }
    out
}

/// Text on a matter of its own, and as an article of its own.
const UNRELATED: [(&str, &str); 4] = [
    ("本契約に基づく代金は、日本円で支払う。", "All prices are stated in euros."),
    ("本製品の色は、青とする。", "The colour of the products is blue."),
    ("納入の場所は、買主の工場とする。", "Delivery takes place at the factory gate in the morning."),
    ("本契約の準拠法は、日本法とする。", "This Agreement is governed by the laws of England."),
];

/// Places before an article, outside tables and quotations, where a paragraph may stand by itself.
fn gaps(draft: &Draft) -> Vec<usize> {
    let text = draft.source().text();
    let starts = draft.units().iter().filter(|u| u.kind == UnitKind::Article).map(|u| text[..u.span.start].rfind('\n').map_or(0, |i| i + 1));
    starts.filter(|at| text[..*at].ends_with("\n\n") && !draft.solid().iter().any(|s| s.start <= *at && *at < s.end)).collect()
}

fn fixture() -> impl Strategy<Value = usize> {
    0..fixtures().len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn where_lines_are_wrapped_says_nothing(i in fixture(), picks in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let (name, text) = &fixtures()[i];
        let places = breaks(text);
        prop_assume!(!places.is_empty());
        let mut chosen: Vec<usize> = picks.iter().map(|p| places[p.index(places.len())]).collect();
        chosen.sort_unstable();
        chosen.dedup_by(|b, a| b.saturating_sub(*a) < 60);
        let mut wrapped = text.clone();
        for at in chosen.iter().rev() {
            let from = if text[..*at].ends_with(' ') { at - 1 } else { *at };
            wrapped.replace_range(from..*at, "\n");
        }
        let faults = differences(name, text, &wrapped);
        let shown: Vec<&str> = chosen.iter().map(|at| text[*at..].get(..text[*at..].char_indices().nth(12).map_or(0, |(i, _)| i)).unwrap()).collect();
        prop_assert!(faults.is_empty(), "{faults:?}, broken before {shown:?}");
    }

    #[test]
    fn text_on_another_matter_takes_nothing_away(i in fixture(), place in any::<prop::sample::Index>(), what in 0..UNRELATED.len()) {
        let (name, text) = &fixtures()[i];
        let draft = draft(text);
        let gaps = gaps(&draft);
        prop_assume!(!gaps.is_empty());
        let at = gaps[place.index(gaps.len())];
        let paragraph = if draft.language() == Language::En { UNRELATED[what].1 } else { UNRELATED[what].0 };
        let longer = format!("{}{paragraph}\n\n{}", &text[..at], &text[at..]);
        let (before, after) = (review(text), review(&longer));
        for (a, b) in before.assessments.iter().zip(&after.assessments).filter(|(a, _)| a.outcome == Outcome::Met) {
            prop_assert!(b.outcome != Outcome::Missing, "{name}: {} is {:?} after “{paragraph}”", b.clause, b.outcome);
            prop_assert_eq!(&a.clause, &b.clause);
        }
    }

    #[test]
    fn without_its_provisions_a_clause_is_gone(i in fixture(), pick in any::<prop::sample::Index>()) {
        let (name, text) = &fixtures()[i];
        let facts = review(text).provisions.facts;
        let affirmed: Vec<&str> = facts.iter().filter(|f| f.stance == Stance::Affirmed).map(|f| f.clause.as_str()).collect();
        prop_assume!(!affirmed.is_empty());
        let clause = affirmed[pick.index(affirmed.len())];
        let mut left = text.clone();
        // What stood behind a deciding provision decides next; each round takes out all that is found.
        for round in 0.. {
            let facts = review(&left).provisions.facts.into_iter().find(|f| f.clause == clause).unwrap();
            if facts.stance != Stance::Affirmed {
                break;
            }
            prop_assert!(round < 4, "{name}: {clause} is still affirmed: {:?}", facts.provisions);
            let mut spans: Vec<_> = facts.provisions.iter().map(|p| p.evidence.span).collect();
            spans.sort_unstable();
            prop_assert!(spans.iter().all(|s| !s.is_empty()));
            spans.dedup_by(|b, a| {
                let one = b.start <= a.end;
                *a = if one { a.join(*b) } else { *a };
                one
            });
            spans.iter().rev().for_each(|s| left.replace_range(s.start..s.end, ""));
        }
    }

    #[test]
    fn fixing_a_broken_draft_is_fixing_once(i in fixture(), cut in any::<prop::sample::Index>(), len in 1usize..400) {
        // A draft with a piece of it gone: comments, tables and quotations that no longer close, articles without a heading.
        let text = &fixtures()[i].1;
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        let from = cut.index(ends.len());
        let broken = format!("{}{}", &text[..ends[from]], &text[*ends.get(from + len).unwrap_or(&text.len())..]);
        let once = Reviewer::builtin().fix(&draft(&broken), &ReviewOptions::default());
        let mut rest = once.text.chars();
        prop_assert!(broken.chars().all(|c| rest.any(|d| d == c)), "an insertion lost text");
        let options = ReviewOptions { playbook: Some(once.review.playbook.clone()), ..ReviewOptions::default() };
        let twice = Reviewer::builtin().fix(&draft(&once.text), &options);
        prop_assert!(twice.text == once.text, "fixing twice is not fixing once: {:?}", twice.review.edits());
    }
}
