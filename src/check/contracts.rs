//! The contracts of a file, each with its own articles and numbers, and the faults of the numbering itself.

use super::{Context, Sheet};
use crate::fold::fold_text;
use crate::library::{Confidence, Severity};
use crate::outline::{Draft, Scheme, Target, UnitId, UnitKind};
use crate::span::Span;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// A labelled article.
#[derive(Clone, Debug)]
pub(super) struct Article {
    pub unit: UnitId,
    pub scheme: Scheme,
    pub number: u32,
    pub branch: u32,
    /// Whether its number is written in kanji.
    pub kanji: bool,
}

/// One of the contracts in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Contract {
    pub units: Range<UnitId>,
    pub span: (usize, usize),
    pub articles: Vec<Article>,
    /// Units by their full number: 5, 5.2, 5.2.1.
    pub numbers: HashMap<Vec<u32>, UnitId>,
    /// Its title, folded.
    pub title: String,
    /// Whether it changes another contract, whose articles its references may mean.
    pub amends: bool,
    /// Whether its articles are only listed: a table of contents.
    pub listing: bool,
    /// Articles for which one heading stands together: the first and the last number.
    ranges: Vec<(u32, u32)>,
    /// Numbers that stand where a label could stand, read or not; looked for when they are first asked for.
    seen: OnceCell<HashSet<Vec<u32>>>,
    facts: Facts,
}

/// What is asked of the articles of a contract again and again.
#[derive(Clone, Debug, Default)]
struct Facts {
    scheme: Option<Scheme>,
    complete: bool,
    last: u32,
    /// The first article of each number and branch.
    by_number: HashMap<(u32, u32), usize>,
}

impl Facts {
    fn of(articles: &[Article]) -> Facts {
        let first = articles.first().map(|a| a.scheme);
        let main = articles.iter().filter(|a| a.branch == 0);
        let mut by_number = HashMap::new();
        for (i, article) in articles.iter().enumerate() {
            by_number.entry((article.number, article.branch)).or_insert(i);
        }
        Facts {
            scheme: first.filter(|first| articles.iter().all(|a| a.scheme == *first)),
            complete: articles.len() >= 3 && main.enumerate().all(|(i, a)| a.number as usize == i + 1),
            last: articles.iter().map(|a| a.number).max().unwrap_or(0),
            by_number,
        }
    }
}

impl Contract {
    /// The way its articles are marked: the only one, or none.
    pub fn scheme(&self) -> Option<Scheme> {
        self.facts.scheme
    }

    /// Whether its articles count from 1 without a gap or a double; branches aside.
    pub fn complete(&self) -> bool {
        self.facts.complete
    }

    /// Whether its articles begin at 1.
    pub fn begins(&self) -> bool {
        self.articles.len() >= 2 && self.articles.first().is_some_and(|a| a.number == 1)
    }

    /// The highest number among its articles.
    pub fn last(&self) -> u32 {
        self.facts.last
    }

    pub fn article(&self, number: u32, branch: u32) -> Option<&Article> {
        self.facts.by_number.get(&(number, branch)).map(|i| &self.articles[*i])
    }

    /// Whether a number stands in its part of the text where a label could stand, read or not.
    pub fn sees(&self, text: &str, number: &[u32]) -> bool {
        let seen = || tokens(text, self.span).flat_map(|n| (1..=n.len().min(4)).map(move |i| n[..i].to_vec())).collect();
        matches!(number, [n] if self.ranges.iter().any(|(from, to)| (from..=to).contains(&n))) || self.seen.get_or_init(seen).contains(number)
    }

    /// The article that a unit begins.
    pub fn article_at(&self, unit: UnitId) -> Option<&Article> {
        self.articles.binary_search_by_key(&unit, |a| a.unit).ok().map(|i| &self.articles[i])
    }
}

/// Reads the contracts of a draft. `amending` are words of titles that change another contract,
/// `opening_words` words by which the opening of such a one is known.
pub(super) fn contracts(draft: &Draft, amending: &[&str], opening_words: &[&str]) -> Vec<Contract> {
    let starts = starts(draft);
    let mut out = Vec::with_capacity(starts.len());
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(draft.units().len());
        let from = if i == 0 { 0 } else { draft.units()[*start].span.start };
        let to = draft.units().get(end).map_or(draft.source().text().len(), |u| u.span.start);
        let mut contract = contract(draft, *start..end);
        contract.span = (from, to);
        let opening = &draft.source().text()[from..to];
        let opening = opening[..opening.char_indices().nth(300).map_or(opening.len(), |(i, _)| i)].to_lowercase();
        let title = contract.title.to_lowercase();
        let amended = opening_words.iter().any(|w| opening.contains(w));
        contract.amends = amended || amending.iter().any(|w| title.contains(&w.to_lowercase()));
        out.push(contract);
    }
    out
}

/// The first unit of each contract: where the articles begin again at 1, from the heading that stands before them.
fn starts(draft: &Draft) -> Vec<UnitId> {
    let mut starts = vec![0];
    let (mut highest, mut last) = (0, 0);
    for (id, unit) in draft.units().iter().enumerate() {
        let Some(label) = unit.label.as_ref().filter(|_| unit.kind == UnitKind::Article) else { continue };
        if label.ordinal == 1 && label.branch == 0 && highest >= 2 {
            let heading = (last + 1..id).rev().find(|i| matches!(draft.units()[*i].kind, UnitKind::Heading | UnitKind::Title | UnitKind::Annex));
            starts.push(heading.unwrap_or(id));
            highest = 0;
        }
        highest = highest.max(label.ordinal);
        last = id;
    }
    starts
}

fn contract(draft: &Draft, units: Range<UnitId>) -> Contract {
    let mut out = Contract { units: units.clone(), ..Contract::default() };
    let mut texts = 0;
    let mut with_text: Vec<UnitId> = Vec::new();
    for id in units {
        let unit = &draft.units()[id];
        if out.title.is_empty() && matches!(unit.kind, UnitKind::Title | UnitKind::Heading) && out.articles.is_empty() {
            let pieces = if unit.text.is_empty() { &unit.title } else { &unit.text };
            out.title = fold_text(&draft.visible(pieces));
        }
        if let Some(article) = unit.article.filter(|_| !unit.text.is_empty()) {
            if with_text.last() != Some(&article) {
                with_text.push(article);
            }
            texts += 1;
        }
        let Some(label) = &unit.label else { continue };
        let written = || fold_text(label.span.slice(draft.source().text()));
        // A line of a table of contents.
        if [&unit.title, &unit.text].iter().any(|p| memchr::memmem::find(draft.visible_text(p).as_bytes(), b". . .").is_some()) {
            continue;
        }
        if unit.kind == UnitKind::Article {
            // 第7条〜第17条: one heading for several.
            let title = if unit.title.is_empty() { String::new() } else { fold_text(&draft.visible_text(&unit.title)) };
            let end = title.strip_prefix(['~', '-']).and_then(|t| crate::outline::references(t).first().map(|r| r.target.clone()));
            if let Some(Target::Article(end)) = end {
                out.ranges.push((label.ordinal, end.number.min(label.ordinal.saturating_add(100))));
            }
            let kanji = label.scheme == Scheme::Jo && !written().bytes().any(|b| b.is_ascii_digit());
            out.articles.push(Article { unit: id, scheme: label.scheme, number: label.ordinal, branch: label.branch, kanji });
            out.numbers.entry(vec![label.ordinal]).or_insert(id);
        } else if matches!(label.scheme, Scheme::Decimal(n) if n > 1) {
            out.numbers.entry(dotted(&written())).or_insert(id);
        }
    }
    with_text.sort_unstable();
    let filled = out.articles.iter().filter(|a| with_text.binary_search(&a.unit).is_ok()).count();
    out.facts = Facts::of(&out.articles);
    out.listing = out.articles.len() >= 3 && (filled * 3 < out.articles.len() || texts * 2 < out.articles.len());
    out
}

/// The components of `Section 5.2.1`.
pub(super) fn dotted(written: &str) -> Vec<u32> {
    let digits = written.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-')).unwrap_or(digits.len());
    digits[..end].split(['.', '-']).map_while(|p| p.parse().ok()).collect()
}

/// Numbers in a part of a text that stand where a label could stand: at the start of a line or after a sentence, and not after "Section".
fn tokens(text: &str, (from, to): (usize, usize)) -> impl Iterator<Item = Vec<u32>> {
    let bytes = text.as_bytes();
    let mut at = from;
    std::iter::from_fn(move || {
        while at < to {
            let start = at;
            let inside = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
            if bytes[start].is_ascii_digit() {
                while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) {
                    at += 1;
                }
                if !inside && label_like(text, start) {
                    return Some(dotted(&text[start..at]));
                }
                continue;
            }
            at += 1;
            // The words for an article: of ASCII letters, or 第.
            let article = match bytes[start] {
                b'a' | b'A' => !inside && bytes.get(at).is_some_and(|b| b.eq_ignore_ascii_case(&b'r')),
                b's' | b'S' => !inside && bytes.get(at).is_some_and(|b| b.eq_ignore_ascii_case(&b'e')),
                byte => byte == 0xe7 && text.is_char_boundary(start),
            };
            if let Some(label) = article.then(|| worded(text, start)).flatten() {
                return Some(vec![label]);
            }
        }
        None
    })
}

/// What stands before a number, where it could be a label.
fn label_like(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(24);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let front = text[from..at].trim_end_matches([' ', '\t', '\n', '\r', '*', '#', '\u{a0}', '\u{3000}', '_', '(', '§']);
    let word = front.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let cited = ["section", "sections", "article", "articles", "clause", "clauses", "paragraph", "and", "or", "through", "to", "no", "of", "in", "under", "by"];
    let touching = text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '$' | '.' | '-' | '/' | '第'));
    // "Section 12.3 Notices": a heading whose label was not read.
    let heading = {
        let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let rest = rest.trim_start_matches([' ', '\t', '-', '\u{2013}', '\u{2014}', ':', '"']);
        let before = front[..front.len() - word.len()].trim_end();
        rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '\n' | '\r'))
            && (before.is_empty() || before.ends_with(['.', ';', ':', '*', '#', '-']) || line_begins(text, from + before.len(), word))
    };
    !touching && (!cited.contains(&word.to_ascii_lowercase().as_str()) && !front.ends_with([',', '-']) || heading)
}

/// Whether a line break stands between a place and the word after it.
fn line_begins(text: &str, at: usize, word: &str) -> bool {
    text[at..].find(word).is_some_and(|i| text[at..at + i].contains(['\n', '\r']))
}

/// 第4条 or ARTICLE IV at the start of a line, in whatever form.
fn worded(text: &str, at: usize) -> Option<u32> {
    let rest = &text[at..];
    let japanese = rest.starts_with('第');
    let article = rest.get(..7).is_some_and(|w| w.eq_ignore_ascii_case("article") || w.eq_ignore_ascii_case("section"));
    if !japanese && !article {
        return None;
    }
    let mut from = at.saturating_sub(60);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let front = &text[from..at];
    let line = front.rfind(['\n', '\r', '|', '>']).map_or(front, |i| &front[i + 1..]);
    let begins = !line.contains(char::is_alphanumeric) || article && front.trim_end().ends_with(['.', ';', ':']);
    let label = crate::outline::read_label(rest.get(..rest.char_indices().nth(24).map_or(rest.len(), |(i, _)| i))?).filter(|_| begins)?;
    label.readings.first().filter(|(s, _)| matches!(s, Scheme::Jo | Scheme::Article | Scheme::Section)).map(|(_, n)| *n)
}

/// Double numbers, gaps and mixed numbering.
pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    for contract in context.contracts.iter().filter(|c| !c.listing && !c.amends) {
        doubles(context, contract, sheet);
        mixed(context, contract, sheet);
        gaps(context, contract, sheet);
    }
}

fn label_span(context: &Context<'_>, unit: UnitId) -> Span {
    let unit = &context.draft.units()[unit];
    unit.label.as_ref().map_or(unit.span, |l| l.span)
}

fn doubles(context: &Context<'_>, contract: &Contract, sheet: &mut Sheet<'_>) {
    // Only where every other number is in its place is a double one a slip of the pen.
    let jo = contract.scheme() == Some(Scheme::Jo);
    let orderly = contract.articles.windows(2).all(|w| w[1].number == w[0].number || w[1].number == w[0].number + 1 || jo && w[1].number > w[0].number);
    if !contract.begins() || !orderly || contract.scheme().is_none() {
        return;
    }
    let mut firsts: BTreeMap<(u32, u32), UnitId> = BTreeMap::new();
    for article in &contract.articles {
        let Some(first) = firsts.get(&(article.number, article.branch)) else {
            firsts.insert((article.number, article.branch), article.unit);
            continue;
        };
        let titled = [*first, article.unit].iter().all(|u| !context.draft.units()[*u].title.is_empty());
        let same = context.heading(*first) == context.heading(article.unit);
        // "14.A." counts on in letters.
        let counts_on = [*first, article.unit].iter().any(|u| {
            let span = label_span(context, *u);
            let rest = context.text().get(span.end..).unwrap_or("");
            // A Markdown list may say another number than it counts.
            let written = fold_text(span.slice(context.text()));
            let other = written.bytes().any(|b| b.is_ascii_digit()) && dotted(&written).first() != Some(&article.number);
            other || rest.strip_prefix('.').unwrap_or(rest).starts_with(|c: char| c.is_ascii_alphanumeric())
        });
        if counts_on {
            return;
        }
        if !same && (titled || jo) {
            let span = label_span(context, article.unit);
            let number = context.draft.path(article.unit);
            sheet
                .add("duplicate-number", Severity::Error, Confidence::High, span, &[("number", number.trim_end_matches('.'))])
                .push(label_span(context, *first));
        }
    }
}

fn mixed(context: &Context<'_>, contract: &Contract, sheet: &mut Sheet<'_>) {
    let jo: Vec<&Article> = contract.articles.iter().filter(|a| a.scheme == Scheme::Jo).collect();
    let kanji = jo.iter().filter(|a| a.kanji).count();
    if jo.len() < 3 || kanji == 0 || kanji == jo.len() {
        return;
    }
    let few = kanji * 2 <= jo.len();
    let (odd, usual) = (jo.iter().find(|a| a.kanji == few), jo.iter().find(|a| a.kanji != few));
    if let (Some(odd), Some(usual)) = (odd, usual) {
        let written = |a: &Article| fold_text(label_span(context, a.unit).slice(context.text()));
        let slots = [("number", written(odd)), ("other", written(usual))];
        let slots: Vec<(&str, &str)> = slots.iter().map(|(k, v)| (*k, v.as_str())).collect();
        sheet.add("mixed-numbering", Severity::Note, Confidence::High, label_span(context, odd.unit), &slots).push(label_span(context, usual.unit));
    }
}

fn gaps(context: &Context<'_>, contract: &Contract, sheet: &mut Sheet<'_>) {
    let Some(scheme) = contract.scheme().filter(|_| contract.begins() && contract.articles.len() >= 4) else { return };
    let mut found = Vec::new();
    for pair in contract.articles.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if b.number <= a.number && (b.number, b.branch) <= (a.number, a.branch) {
            return;
        }
        if b.number > a.number + 1 {
            found.push((a, b));
        }
    }
    // More gaps than one or two are lost numbers, not a struck article.
    let [(a, b)] = found.as_slice() else { return };
    let missing = (a.number + 1..b.number).collect::<Vec<_>>();
    if missing.len() > 2 || missing.iter().any(|n| contract.sees(context.text(), &[*n])) {
        return;
    }
    let between = numbered_between(context, a.unit, b.unit, missing[0]);
    let span = label_span(context, b.unit);
    let (before, after) = (context.draft.path(a.unit), context.draft.path(b.unit));
    if let Some(odd) = between {
        let slots = [("number", span_text(context, odd)), ("other", before)];
        let slots: Vec<(&str, &str)> = slots.iter().map(|(k, v)| (*k, v.as_str())).collect();
        sheet.add("mixed-numbering", Severity::Warning, Confidence::High, odd, &slots).push(label_span(context, a.unit));
    } else if scheme != Scheme::Decimal(1) {
        sheet.add("number-gap", Severity::Warning, Confidence::High, span, &[("before", &before), ("after", &after)]).push(label_span(context, a.unit));
    }
}

fn span_text(context: &Context<'_>, span: Span) -> String {
    fold_text(span.slice(context.text()))
}

/// A label in another style that bears the missing number: 第1条, 2., 第3条.
fn numbered_between(context: &Context<'_>, from: UnitId, to: UnitId, number: u32) -> Option<Span> {
    let mut numbers = (from + 1..to).filter_map(|u| context.draft.units()[u].label.as_ref()).filter(|l| matches!(l.scheme, Scheme::Decimal(1) | Scheme::Kanji));
    let found = numbers.clone().find(|l| l.ordinal == number)?;
    // It is that article only where it does not count the paragraphs of the one before.
    (numbers.all(|l| l.ordinal == number)).then_some(found.span)
}
