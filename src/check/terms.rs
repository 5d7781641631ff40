//! Terms used and not defined, defined and not used, used before they are defined.

use super::{Context, Sheet};
use crate::fold::{fold_text, is_cjk};
use crate::library::{Confidence, Severity};
use crate::outline::{DefinedTerm, UnitKind};
use crate::signal::{Memo, Trie};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// More terms than this a draft's reader does not keep: what is missing then may only not have been read.
const MOST: usize = 200;
/// A term of art is used at least so often before its missing definition is a fault.
const OFTEN: usize = 3;

pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let terms = context.draft.terms();
    if terms.len() >= MOST || context.contracts.iter().any(|c| c.amends) {
        return;
    }
    let uses = Uses::read(context, terms);
    for (i, term) in terms.iter().enumerate() {
        let Some(defined) = uses.definition(context, i, term) else { continue };
        if uses.all[i].len() == 1 {
            unused(context, term, uses.all[i][0], sheet);
        } else if context.checker.japanese {
            early(context, term, &uses.all[i], defined, sheet);
        }
    }
    if context.checker.japanese { undefined_ja(context, sheet) } else { undefined_en(context, sheet) }
}

/// Where each term stands in the folded text.
struct Uses {
    /// For each term the start of every occurrence.
    all: Vec<Vec<usize>>,
    folded: Vec<String>,
}

impl Uses {
    fn read(context: &Context<'_>, terms: &[DefinedTerm]) -> Uses {
        let folded: Vec<String> = terms.iter().map(|t| fold_text(&t.term).trim_end_matches([':', ',', ';']).trim().to_owned()).collect();
        let mut uses = Uses { all: vec![Vec::new(); terms.len()], folded };
        let mut needles: Vec<(String, usize)> = Vec::new();
        for (i, term) in uses.folded.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            needles.push((singular(term), i));
        }
        let stems: Vec<String> = needles.iter().map(|(n, _)| n.to_ascii_lowercase()).collect();
        let (trie, order) = Trie::new(&stems, |_| false);
        let text = context.folded.text();
        trie.find(text, &mut Memo::default(), |word, at, _| {
            let inside = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) && !text[at..].starts_with(is_cjk);
            if !inside {
                uses.all[needles[order[word as usize]].1].push(at);
            }
        });
        uses
    }

    /// Where a term is defined in so many words, if it is: the place of its quotation.
    fn definition(&self, context: &Context<'_>, i: usize, term: &DefinedTerm) -> Option<usize> {
        let text = context.folded.text();
        let skipped = context.slot("defined-anyway").any(|w| w.eq_ignore_ascii_case(&self.folded[i]));
        let proper = context.draft.parties().iter().any(|p| p.label.contains(&term.term) || term.term.contains(&p.label));
        // An abbreviation given in passing, two names for one thing, and a pair under one name are habits, not faults.
        let short = self.folded[i].is_ascii() && self.folded[i].len() <= 6 && self.folded[i].chars().filter(char::is_ascii_uppercase).count() >= 2;
        let paired = self.folded[i].contains(['/', '&', '(']) || [" or ", " and ", "及び", "又は"].iter().any(|w| self.folded[i].contains(w));
        let broken = self.folded[i].is_ascii() && (self.folded[i].contains('-') || self.folded[i].starts_with(|c: char| c.is_ascii_lowercase()))
            || term.term.contains('\u{ad}');
        if skipped || proper || short || paired || broken || self.folded[i].chars().count() < 2 {
            return None;
        }
        self.all[i].iter().copied().find(|at| formal(context, text, *at, &self.folded[i]))
    }
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

fn unused(context: &Context<'_>, term: &DefinedTerm, at: usize, sheet: &mut Sheet<'_>) {
    let len = fold_text(&term.term).len();
    let span = context.source(at, at + len);
    sheet.add("term-unused", Severity::Note, Confidence::Medium, span, &[("term", &term.term)]);
}

/// Japanese only: an English reader looks a capitalised term up wherever it is defined.
fn early(context: &Context<'_>, term: &DefinedTerm, uses: &[usize], defined: usize, sheet: &mut Sheet<'_>) {
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
    let len = fold_text(&term.term).len();
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
    let defined: Vec<String> = context.draft.terms().iter().map(|t| fold_text(&t.term)).collect();
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
    let lists = &context.checker.words;
    // Words in capitals stand in no text in lower case.
    let imported = || context.slot("imported-definitions").filter(|w| !w.bytes().any(|b| b.is_ascii_uppercase()));
    let imported = lists.imported.get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(imported()).ok());
    if imported.as_ref().is_some_and(|i| i.is_match(text)) {
        return;
    }
    let words: Vec<&str> = context.slot("terms-of-art").collect();
    let automaton = lists.terms_of_art.get_or_init(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words).ok());
    let Some(automaton) = automaton else { return };
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    for found in automaton.find_iter(text) {
        if alone_en(text, found.start(), found.end()) {
            places.entry(found.pattern().as_usize()).or_default().push(found.start());
        }
    }
    for (i, word) in words.iter().enumerate() {
        let Some(uses) = places.get(&i).filter(|u| u.len() >= OFTEN) else { continue };
        let stem = singular(word);
        let quoted = text.match_indices(stem.as_str()).any(|(at, _)| {
            let front = text[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
            let back = text[at + stem.len()..].trim_start_matches(|c: char| c.is_ascii_lowercase());
            let means = ["means", "mean ", "shall mean", "refers to", "has the meaning", "shall have the meaning", "includes", "is defined", "shall include"];
            front.ends_with(['"', '\'']) || back.starts_with(['"', '\'', ':', '-']) || means.iter().any(|m| back.trim_start().starts_with(m))
        });
        if quoted {
            continue;
        }
        let count = uses.len().to_string();
        let span = context.source(uses[0], uses[0] + word.len());
        sheet.add("term-undefined", Severity::Warning, Confidence::Medium, span, &[("term", word), ("n", &count)]);
    }
}

/// Whether a capitalised term stands in the middle of a sentence and is no part of a longer name.
fn alone_en(text: &str, start: usize, end: usize) -> bool {
    let front = text[..start].strip_suffix(' ').unwrap_or("");
    let word = front.rsplit([' ', '\n']).next().unwrap_or("");
    let after = text[end..].strip_prefix(' ').unwrap_or("");
    let joined = text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-') || after.starts_with(|c: char| c.is_ascii_uppercase());
    word.ends_with(|c: char| c.is_ascii_lowercase()) && word.starts_with(|c: char| c.is_ascii_lowercase()) && !joined
}
