//! Terms used and not defined, defined and not used, used before they are defined.

use super::contracts::Contract;
use super::{Checker, Context, Sheet};
use crate::fold::is_cjk;
use crate::library::{Confidence, Severity};
use crate::outline::{DefinedTerm, Draft, UnitKind};
use aho_corasick::AhoCorasick;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// More terms than this a draft's reader does not keep: what is missing then may only not have been read.
const MOST: usize = 200;
/// A term of art is used at least so often before its missing definition is a fault.
const OFTEN: usize = 3;

pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    if !readable(context.draft, &context.contracts) {
        return;
    }
    let text = context.folded.text();
    let whole = |at: &usize| text[*at..].starts_with(is_cjk) || !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
    for (i, places) in context.places.terms.iter().enumerate() {
        let uses: Vec<usize> = places.iter().copied().filter(whole).collect();
        if uses.len() != 1 && !context.checker.japanese {
            continue;
        }
        let (term, folded) = (&context.draft.terms()[i], context.terms[i].as_str());
        let Some(defined) = uses.iter().copied().find(|at| formal(context, text, *at, name(folded))) else { continue };
        if uses.len() == 1 {
            unused(context, term, folded, defined, sheet);
        } else {
            early(context, term, folded, &uses, defined, sheet);
        }
    }
    if context.checker.japanese { undefined_ja(context, sheet) } else { undefined_en(context, sheet) }
}

/// Whether the terms of a draft are all its own, and all read.
fn readable(draft: &Draft, contracts: &[Contract]) -> bool {
    draft.terms().len() < MOST && !contracts.iter().any(|c| c.amends)
}

/// What the folded text is searched for to judge each term; empty where nothing would be said of it.
pub(super) fn sought(checker: &Checker<'_>, draft: &Draft, contracts: &[Contract], folded: &[String]) -> Vec<String> {
    let readable = readable(draft, contracts);
    let judged = |term: &DefinedTerm, folded: &str| readable && is_judged(checker, draft, term, name(folded));
    let terms = draft.terms().iter().zip(folded);
    terms.map(|(term, folded)| if judged(term, folded) { singular(name(folded)) } else { String::new() }).collect()
}

/// A folded term without the marks that end it.
fn name(folded: &str) -> &str {
    folded.trim_end_matches([':', ',', ';']).trim()
}

/// Whether anything is said of a term.
fn is_judged(checker: &Checker<'_>, draft: &Draft, term: &DefinedTerm, name: &str) -> bool {
    let skipped = checker.list("defined-anyway").iter().any(|w| w.eq_ignore_ascii_case(name));
    let proper = draft.parties().iter().any(|p| p.label.contains(&term.term) || term.term.contains(&p.label));
    // An abbreviation given in passing, two names for one thing, and a pair under one name are habits, not faults.
    let short = name.is_ascii() && name.len() <= 6 && name.chars().filter(char::is_ascii_uppercase).count() >= 2;
    let paired = name.contains(['/', '&', '(']) || [" or ", " and ", "及び", "又は"].iter().any(|w| name.contains(w));
    let broken = name.is_ascii() && (name.contains('-') || name.starts_with(|c: char| c.is_ascii_lowercase())) || term.term.contains('\u{ad}');
    !(skipped || proper || short || paired || broken || name.chars().count() < 2)
}

/// A term without a plural ending.
fn singular(term: &str) -> String {
    let stem = term.strip_suffix("ies").or_else(|| term.strip_suffix('s').filter(|t| t.len() > 3 && !t.ends_with('s')));
    stem.filter(|_| term.is_ascii()).unwrap_or(term).to_owned()
}

/// Whether the term at `at` stands between quotation marks in a definition: 以下「…」という, (the "…"), "…" means.
fn formal(context: &Context<'_>, text: &str, at: usize, term: &str) -> bool {
    let Some(front) = text[..at].strip_suffix(['「', '"', '『']) else { return false };
    let Some(back) = text.get(at + term.len()..).and_then(|b| b.strip_prefix(['」', '"', '』'])) else { return false };
    if ["\" or", "\" and", "\",", "\", or", "\" (or"].iter().any(|w| front.trim_end().ends_with(w))
        || [" or \"", " and \"", ", or \"", " (or \""].iter().any(|w| back.starts_with(w))
    {
        return false;
    }
    let mut from = front.len().saturating_sub(60);
    while !front.is_char_boundary(from) {
        from += 1;
    }
    let lead = &front[from..];
    let mut opened = context.slot("defining-before").filter_map(|w| lead.rfind(w).map(|i| &lead[i + w.len()..]));
    let before = opened.any(|rest| rest.chars().count() <= 30 && !rest.contains([')', '。', '.', '」']));
    let closed = context.slot("defining-after").any(|w| back.starts_with(w));
    let forward = context.slot("defining-forward").any(|w| back.trim_start().starts_with(w));
    forward || before && closed
}

fn unused(context: &Context<'_>, term: &DefinedTerm, folded: &str, at: usize, sheet: &mut Sheet<'_>) {
    let span = context.source(at, at + folded.len());
    sheet.add("term-unused", Severity::Note, Confidence::Medium, span, &[("term", &term.term)]);
}

/// Japanese only: an English reader looks a capitalised term up wherever it is defined.
fn early(context: &Context<'_>, term: &DefinedTerm, folded: &str, uses: &[usize], defined: usize, sheet: &mut Sheet<'_>) {
    let text = context.folded.text();
    let article = |at: usize| {
        let i = context.folded.statements().partition_point(|s| s.body.start <= at).checked_sub(1)?;
        let statement = &context.folded.statements()[i];
        (statement.body.start <= at && at < statement.body.end).then_some((statement.article, context.contract_of(statement.unit), statement.unit))
    };
    let Some((Some(home), contract, _)) = article(defined) else { return };
    let heading = context.heading(home);
    if context.slot("definition-headings").any(|w| heading.contains(w)) || context.draft.units()[home].kind != UnitKind::Article {
        return;
    }
    let len = folded.len();
    let alone = |at: usize| {
        let joined = |c: Option<char>| c.is_some_and(|c| is_cjk(c) && !('\u{3041}'..='\u{3096}').contains(&c) && !matches!(c, '\u{3001}'..='\u{301f}' | '・'));
        !joined(text[..at].chars().next_back()) && !joined(text[at + len..].chars().next())
    };
    for at in uses.iter().copied().take_while(|at| *at < defined) {
        let Some((Some(other), own, unit)) = article(at) else { continue };
        let nearby = &context.pointers[context.pointers.partition_point(|p| p.at.end + 60 < at)..];
        let announced = nearby.iter().take_while(|p| p.at.start <= at + len + 12).any(|p| {
            let near = p.at.end <= at && at - p.at.end <= 60 || p.at.start >= at + len && p.at.start - at - len <= 12;
            near && context.folded.statements()[p.statement].unit == unit
        });
        if own != contract || other == home || announced || !alone(at) || context.draft.units()[other].kind != UnitKind::Article {
            continue;
        }
        let number = context.draft.path(home);
        let slots = [("term", term.term.as_str()), ("number", number.as_str())];
        sheet
            .add("term-before-definition", Severity::Note, Confidence::Medium, context.source(at, at + len), &slots)
            .push(context.source(defined, defined + len));
        return;
    }
}

/// 本○○ used as a defined term and never defined.
fn undefined_ja(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let text = context.folded.text();
    let defined = &context.terms;
    let any = defined.iter().any(|d| d.starts_with('本') && !context.slot("defined-anyway").any(|w| w == d));
    if !any || context.contracts.len() > 1 {
        return;
    }
    let mut runs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // Runs that stand in quotation marks, and those that words of definition follow.
    let (mut quoted, mut introduced): (BTreeSet<&str>, HashSet<&str>) = (BTreeSet::new(), HashSet::new());
    for (at, _) in text.match_indices('本') {
        let before = text[..at].chars().next_back();
        let noun = |c: char| is_cjk(c) && !('\u{3041}'..='\u{3096}').contains(&c) && !matches!(c, '\u{3001}'..='\u{301f}' | '・');
        let len: usize = text[at..].chars().take(16).take_while(|c| noun(*c)).map(char::len_utf8).sum();
        let run = &text[at..at + len];
        if ["とい", "とは", ":"].iter().any(|w| text[at + len..].starts_with(w)) {
            introduced.insert(run);
        }
        if matches!(before, Some('「' | '『')) {
            quoted.insert(run);
        }
        if len >= "本製品".len() && !before.is_some_and(noun) {
            runs.entry(run).or_default().push(at);
        }
    }
    for (run, places) in runs.iter().filter(|(_, places)| places.len() >= 2) {
        let plain = context.slot("not-terms").any(|w| run.starts_with(w)) || context.slot("not-term-endings").any(|w| run.ends_with(w));
        let known = quoted.range::<&str, _>(run..).next().is_some_and(|q| q.starts_with(run))
            || defined.iter().any(|d| run.starts_with(d.as_str()) || d.starts_with(run));
        // The longest run of which the others are compounds.
        let mut shorter = run.char_indices().skip(1).filter_map(|(i, _)| runs.get(&run[..i]));
        if plain || known || introduced.contains(run) || shorter.any(|places| places.len() > 1) {
            continue;
        }
        if places.iter().any(|p| context.slot("announcing").any(|w| text[..*p].ends_with(w))) {
            continue;
        }
        let span = context.source(places[0], places[0] + run.len());
        let count = places.len().to_string();
        sheet.add("term-undefined", Severity::Warning, Confidence::Medium, span, &[("term", run), ("n", &count)]);
    }
}

/// Terms of art of the lexicon, written as defined terms and never defined.
fn undefined_en(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let text = context.folded.text();
    let formal = context.draft.terms().iter().filter(|t| t.term.starts_with(|c: char| c.is_ascii_uppercase())).count();
    if formal < 3 || context.contracts.len() > 1 {
        return;
    }
    let words = context.checker.list("terms-of-art");
    // The longest where several begin at one place; what begins inside another is part of it.
    let found = context.places.terms_of_art.iter().enumerate().flat_map(|(i, places)| places.iter().map(move |at| (*at, i)));
    let mut found: Vec<(usize, usize)> = found.filter(|(at, i)| text[*at..].starts_with(words[*i])).collect();
    found.sort_by_key(|(at, i)| (*at, Reverse(words[*i].len())));
    let mut uses_of: Vec<Vec<usize>> = vec![Vec::new(); words.len()];
    let mut read = 0;
    for (at, i) in found {
        if at >= read {
            read = at + words[i].len();
            if alone_en(text, at, read) {
                uses_of[i].push(at);
            }
        }
    }
    for (word, uses) in words.iter().zip(uses_of).filter(|(_, uses)| uses.len() >= OFTEN) {
        let stem = singular(word);
        let quoted = memchr::memmem::find_iter(text.as_bytes(), &stem).any(|at| {
            let front = text[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
            let back = text[at + stem.len()..].trim_start_matches(|c: char| c.is_ascii_lowercase());
            let means = ["means", "mean ", "shall mean", "refers to", "has the meaning", "shall have the meaning", "includes", "is defined", "shall include"];
            front.ends_with(['"', '\'']) || back.starts_with(['"', '\'', ':', '-']) || means.iter().any(|m| back.trim_start().starts_with(m))
        });
        if quoted {
            continue;
        }
        if imports(context) {
            return;
        }
        let count = uses.len().to_string();
        let span = context.source(uses[0], uses[0] + word.len());
        sheet.add("term-undefined", Severity::Warning, Confidence::Medium, span, &[("term", word), ("n", &count)]);
    }
}

/// Whether a draft takes definitions from elsewhere.
fn imports(context: &Context<'_>) -> bool {
    // Words in capitals stand in no text in lower case.
    let words = || context.slot("imported-definitions").filter(|w| !w.bytes().any(|b| b.is_ascii_uppercase()));
    let automaton = context.checker.imported.get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(words()).ok());
    automaton.as_ref().is_some_and(|a| a.is_match(context.folded.text()))
}

/// Whether a capitalised term stands in the middle of a sentence and is no part of a longer name.
fn alone_en(text: &str, start: usize, end: usize) -> bool {
    let front = text[..start].strip_suffix(' ').unwrap_or("");
    let word = front.rsplit([' ', '\n']).next().unwrap_or("");
    let after = text[end..].strip_prefix(' ').unwrap_or("");
    let joined = text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-') || after.starts_with(|c: char| c.is_ascii_uppercase());
    word.ends_with(|c: char| c.is_ascii_lowercase()) && word.starts_with(|c: char| c.is_ascii_lowercase()) && !joined
}
