//! References that lead nowhere, or to an article of another subject, and survival lists that leave one out.

use super::contracts::Contract;
use super::{Context, Pointer, Sheet};
use crate::fold::{Statement, is_cjk};
use crate::library::{Confidence, Severity};
use crate::outline::{AnnexTarget, ArticleTarget, ArticleWord, Scheme, Target, UnitId, UnitKind, references};
use crate::span::Span;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Places of [`super::SIGNALS`].
const SURVIVAL: usize = 0;
const BY_NATURE: usize = 1;
const EXPECTED: usize = 2;

/// A reference so far beyond the last article points into another text.
const FAR: u32 = 30;

/// An English reference farther than this beyond the last article speaks of numbers that were lost.
const NEAR: u32 = 4;

pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let annexes = Annexes::read(context);
    let paragraphs = paragraph_counts(context);
    let mut lost: Vec<&Pointer> = Vec::new();
    for pointer in context.pointers.iter().filter(|p| !p.reference.foreign) {
        let contract = &context.contracts[pointer.contract];
        if contract.listing || contract.amends {
            continue;
        }
        // "ARTICLE VII “Plan”": a heading that was not read as one.
        let body = context.folded.statements()[pointer.statement].body;
        if pointer.at.start == body.start && matches!(&pointer.reference.target, Target::Article(t) if t.word != ArticleWord::Jo) {
            continue;
        }
        let is_lost = match &pointer.reference.target {
            Target::Annex(annex) => annexes.lacks(annex),
            Target::PreviousArticle => first_article(context, contract, pointer),
            Target::PreviousParagraph => first_paragraph(context, contract, pointer),
            Target::Paragraph(n) => own_article(context, pointer).is_some_and(|a| lacks_paragraph(context, &paragraphs, a, *n)),
            Target::Article(target) => lacks_article(context, contract, target, &paragraphs),
        };
        if is_lost {
            lost.push(pointer);
        }
    }
    dangling(context, &lost, sheet);
    for (i, contract) in context.contracts.iter().enumerate() {
        if !contract.listing && !contract.amends {
            subjects(context, i, sheet);
            survival(context, i, sheet);
        }
    }
}

/// One fault for each unit that is not there; further references to it are related places.
fn dangling(context: &Context<'_>, lost: &[&Pointer], sheet: &mut Sheet<'_>) {
    let mut first: HashMap<(usize, String), usize> = HashMap::new();
    for pointer in lost {
        let contract = &context.contracts[pointer.contract];
        let written = pointer.at.slice(context.folded.text());
        let span = context.folded.source_span(pointer.at);
        let article = own_article(context, pointer).filter(|_| !matches!(pointer.reference.target, Target::Article(_) | Target::Annex(_)));
        let key = (pointer.contract, format!("{:?} {article:?}", pointer.reference.target));
        if let Some(i) = first.get(&key) {
            sheet.faults[*i].related.push(span);
            continue;
        }
        first.insert(key, sheet.faults.len());
        let last = contract.articles.iter().max_by_key(|a| (a.number, a.branch)).map_or_else(String::new, |a| context.draft.path(a.unit));
        let slots = [("reference", written), ("last", last.trim_end_matches('.'))];
        let (name, confidence) = match pointer.reference.target {
            Target::Annex(_) => ("dangling-annex", Confidence::Medium),
            Target::PreviousArticle | Target::PreviousParagraph => ("dangling-previous", Confidence::High),
            Target::Paragraph(_) | Target::Article(ArticleTarget { paragraph: Some(_), .. }) => ("dangling-paragraph", Confidence::Medium),
            Target::Article(_) => ("dangling-reference", Confidence::High),
        };
        let severity = if confidence == Confidence::High { Severity::Error } else { Severity::Warning };
        sheet.add_as("dangling-reference", name, severity, confidence, span, &slots);
    }
}

fn own_article(context: &Context<'_>, pointer: &Pointer) -> Option<UnitId> {
    let statement = &context.folded.statements()[pointer.statement];
    statement.article.filter(|a| context.draft.units()[*a].kind == UnitKind::Article)
}

fn is_jo(contract: &Contract) -> bool {
    contract.begins() && contract.scheme() == Some(Scheme::Jo)
}

/// 前条 in the first article.
fn first_article(context: &Context<'_>, contract: &Contract, pointer: &Pointer) -> bool {
    let first = contract.articles.first().map(|a| a.unit);
    is_jo(contract) && first.is_some() && own_article(context, pointer) == first
}

/// 前項 in the first sentence of an article.
fn first_paragraph(context: &Context<'_>, contract: &Contract, pointer: &Pointer) -> bool {
    let statement = &context.folded.statements()[pointer.statement];
    let unit = &context.draft.units()[statement.unit];
    let plain =
        matches!(unit.kind, UnitKind::Article | UnitKind::Paragraph) && unit.label.as_ref().is_none_or(|l| l.ordinal == 1 || unit.kind == UnitKind::Article);
    let Some(article) = own_article(context, pointer).filter(|_| plain && is_jo(contract)) else { return false };
    let before = pointer.statement.checked_sub(1).map(|i| &context.folded.statements()[i]);
    let opens = before.is_none_or(|b| b.article != Some(article));
    // The reference stands in the first of its sentences: a proviso may look back at the sentence before it.
    opens && statement.sentences.first().is_some_and(|end| pointer.at.end <= *end)
}

/// The most paragraphs an article can be said to have, however they are counted.
fn paragraph_counts(context: &Context<'_>) -> Vec<u32> {
    let units = context.draft.units();
    let (mut labelled, mut plain) = (vec![0; units.len()], vec![0; units.len()]);
    for unit in units {
        let Some(article) = unit.article else { continue };
        let ordinal = unit.label.as_ref().filter(|_| unit.kind != UnitKind::Article).map_or(0, |l| l.ordinal);
        labelled[article] = ordinal.max(labelled[article]);
        plain[article] += u32::from(!unit.text.is_empty());
    }
    labelled.into_iter().zip(plain).map(|(labelled, plain)| labelled.max(plain)).collect()
}

fn lacks_paragraph(context: &Context<'_>, counts: &[u32], article: UnitId, n: u32) -> bool {
    let jo = context.draft.units()[article].label.as_ref().is_some_and(|l| l.scheme == Scheme::Jo);
    jo && counts[article] > 0 && n > counts[article]
}

fn lacks_article(context: &Context<'_>, contract: &Contract, target: &ArticleTarget, paragraphs: &[u32]) -> bool {
    let Some(scheme) = contract.scheme() else { return false };
    if target.number == 0 || target.number > contract.last() + FAR {
        return false;
    }
    if target.word == ArticleWord::Jo {
        let sure = is_jo(contract) || scheme == Scheme::Decimal(1) && contract.complete();
        if let Some(article) = contract.article(target.number, target.branch) {
            return target.paragraph.is_some_and(|n| sure && lacks_paragraph(context, paragraphs, article.unit, n));
        }
        let elsewhere =
            context.contracts.len() > 1 && attached(context, contract) && context.contracts.iter().any(|c| c.article(target.number, target.branch).is_some());
        return sure && !elsewhere && (target.branch > 0 || !contract.sees(context.text(), &[target.number]));
    }
    let fits = match target.word {
        ArticleWord::Article => matches!(scheme, Scheme::Article | Scheme::Decimal(1)) && target.below.is_empty(),
        _ => matches!(scheme, Scheme::Section | Scheme::Decimal(1)) || scheme == Scheme::Article && !target.below.is_empty(),
    };
    fits && contract.complete() && !is_there(context, contract, target)
}

/// Whether a later part of a file belongs to the one before it: 附則, a schedule with its own numbers.
fn attached(context: &Context<'_>, contract: &Contract) -> bool {
    let title = contract.title.to_lowercase();
    contract.units.start > 0 && !context.slot("contract-titles").any(|w| title.ends_with(&w.to_lowercase()))
}

/// Whether a numbered unit is there, or may be: its number stands where a label could, or the numbers beside it were lost.
fn is_there(context: &Context<'_>, contract: &Contract, target: &ArticleTarget) -> bool {
    let known = |n: &[u32]| contract.numbers.contains_key(n) || contract.sees(context.text(), n);
    if !known(&[target.number]) {
        // Far beyond the last one, or in a short contract, the numbers of the articles were lost.
        return target.number > contract.last() + NEAR || contract.articles.len() < 5;
    }
    let Some(below) = target.below.first().copied() else { return true };
    if known(&[target.number, below]) {
        return true;
    }
    let beside = (1..=below).take_while(|i| known(&[target.number, *i])).count();
    beside < 2
}

/// The annexes that stand in a file.
struct Annexes {
    there: HashSet<AnnexTarget>,
    /// Words under which at least one annex stands in the file.
    words: HashSet<(&'static str, bool)>,
}

impl Annexes {
    fn read(context: &Context<'_>) -> Annexes {
        let mut annexes = Annexes { there: HashSet::new(), words: HashSet::new() };
        for line in context.text().lines() {
            let line = line.trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, '#' | '*' | '【' | '<' | '＜' | '[' | '(' | '（' | '「' | '"' | '|' | '-' | '・' | '>' | '“' | '■')
            });
            // Most lines begin with a character that begins no annex, however it folds.
            let begins = line.chars().next();
            if begins.is_none_or(begins_no_annex) {
                continue;
            }
            let head = &line[..line.char_indices().nth(40).map_or(line.len(), |(i, _)| i)];
            let head = crate::fold::fold_text(head);
            let Some(first) = references(&head).into_iter().next().filter(|r| r.start == 0) else { continue };
            if let Target::Annex(annex) = first.target {
                let rest = &head[first.end..];
                let titled = line.chars().count() <= 60
                    && !line.contains('。')
                    && !rest.starts_with(['に', 'の', 'を', 'は', ','])
                    && !rest.trim_start().starts_with(|c: char| c.is_ascii_lowercase());
                if titled {
                    annexes.words.insert((annex.word, annex.lettered));
                }
                annexes.there.insert(annex);
            }
        }
        // A heading that was run into the text: "… Exhibit C Cell Lines", "b) Attachment 2: Assets".
        for pointer in &context.pointers {
            let Target::Annex(annex) = &pointer.reference.target else { continue };
            let rest = &context.folded.text()[pointer.at.end..];
            let next = rest.strip_prefix(' ').unwrap_or(rest);
            let heads = rest.len() > next.len() && next.starts_with(|c: char| c.is_uppercase())
                || rest.starts_with([':', '\n'])
                || next.starts_with(['-', ':'])
                || rest.is_empty();
            if heads {
                annexes.there.insert(annex.clone());
            }
        }
        annexes
    }

    fn lacks(&self, annex: &AnnexTarget) -> bool {
        self.words.contains(&(annex.word, annex.lettered)) && !self.there.contains(annex) && annex.number > 0
    }
}

/// Whether a character folds to itself and begins no word for an annex.
fn begins_no_annex(c: char) -> bool {
    match c {
        'A' | 'E' | 'S' | '_' | '別' | '添' | '附' | '付' => false,
        '!'..='~' | 'ぁ'..='ん' | '一'..='龥' => true,
        _ => false,
    }
}

// ---- SK202 ----

/// A heading or subject as it is compared: letters only, lower case, without the endings that say nothing.
fn plain(context: &Context<'_>, words: &str) -> String {
    let kept: String = words.chars().filter(|c| c.is_alphanumeric() || *c == 'ー').flat_map(char::to_lowercase).collect();
    let cut = context.slot("heading-endings").find_map(|e| kept.strip_suffix(e).filter(|k| k.chars().count() >= 2).map(str::to_owned));
    cut.unwrap_or(kept)
}

/// Whether two subjects have a word, or in Japanese two characters in a row, in common.
fn akin(a: &str, b: &str) -> bool {
    let grams = |text: &str| -> HashSet<String> {
        if text.contains(is_cjk) {
            let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            chars.windows(2).map(|w| w.iter().collect()).collect()
        } else {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() >= 3);
            words.map(|w| w.to_ascii_lowercase().chars().take(5).collect()).collect()
        }
    };
    let (a, b) = (grams(a), grams(b));
    a.is_empty() || b.is_empty() || a.iter().any(|g| b.contains(g))
}

/// What a unit says it is about: its heading, or the first words of its text.
fn head<'a>(context: &Context<'a>, unit: UnitId) -> &'a str {
    let heading = context.heading(unit);
    if !heading.is_empty() {
        return heading;
    }
    let statements = context.folded.statements();
    let first = statements.get(statements.partition_point(|s| s.unit < unit)).filter(|s| s.unit == unit);
    let body = first.map_or("", |s| context.body(s));
    let end = body.char_indices().nth(80).map_or(body.len(), |(i, _)| i);
    body[..end].split(['.', ':', '。']).next().unwrap_or("")
}

/// The units of a contract by what they say they are about.
fn units_by_subject(context: &Context<'_>, contract: &Contract) -> HashMap<String, Vec<UnitId>> {
    let mut out: HashMap<String, Vec<UnitId>> = HashMap::new();
    for unit in contract.numbers.values() {
        out.entry(plain(context, head(context, *unit))).or_default().push(*unit);
    }
    for article in contract.articles.iter().filter(|a| a.branch > 0) {
        out.entry(plain(context, context.heading(article.unit))).or_default().push(article.unit);
    }
    out
}

fn subjects(context: &Context<'_>, index: usize, sheet: &mut Sheet<'_>) {
    let contract = &context.contracts[index];
    if contract.scheme().is_none() || !contract.begins() {
        return;
    }
    let by_subject: OnceCell<HashMap<String, Vec<UnitId>>> = OnceCell::new();
    for pointer in context.pointers_of(index).iter().filter(|p| !p.reference.foreign) {
        let Target::Article(target) = &pointer.reference.target else { continue };
        let Some(unit) = unit_of(contract, target) else { continue };
        // Section 1(h) (Definitions): the subject is that of a part no number is kept for.
        if pointer.at.slice(context.folded.text()).contains('(') {
            continue;
        }
        let Some(subject) = subject(context, pointer) else { continue };
        let here = head(context, unit);
        if here.is_empty() || akin(&subject, here) || says(context, contract, unit, &subject) {
            continue;
        }
        let by_subject = by_subject.get_or_init(|| units_by_subject(context, contract));
        let Some([other]) = by_subject.get(&plain(context, &subject)).map(Vec::as_slice) else { continue };
        let above = |number: &Vec<u32>| contract.numbers.get(number) == Some(other);
        if *other == unit || (1..=target.below.len()).any(|n| above(&full(target)[..n].to_vec())) {
            continue;
        }
        let (other_path, number) = (context.draft.path(*other), pointer.at.slice(context.folded.text()));
        let slots = [("reference", number), ("heading", here), ("subject", subject.as_str()), ("other", other_path.trim_end_matches('.'))];
        let related = label_span(context, *other);
        sheet.add("wrong-reference", Severity::Error, Confidence::High, context.folded.source_span(pointer.at), &slots).push(related);
    }
}

fn label_span(context: &Context<'_>, unit: UnitId) -> Span {
    let unit = &context.draft.units()[unit];
    unit.label.as_ref().map_or(unit.span, |l| l.span)
}

fn unit_of(contract: &Contract, target: &ArticleTarget) -> Option<UnitId> {
    if target.word == ArticleWord::Jo || target.branch > 0 {
        return contract.article(target.number, target.branch).map(|a| a.unit);
    }
    contract.numbers.get(&full(target)).copied()
}

/// All components of a number: 5, 5.2, 5.2.1.
fn full(target: &ArticleTarget) -> Vec<u32> {
    let mut full = vec![target.number];
    full.extend(&target.below);
    full
}

/// The subject a reference names: in brackets after it, or as the duty it is the source of.
fn subject(context: &Context<'_>, pointer: &Pointer) -> Option<String> {
    let body = context.body(&context.folded.statements()[pointer.statement]);
    if let Some((from, to)) = pointer.reference.subject {
        return Some(body.get(from..to)?.to_owned());
    }
    let after = body.get(pointer.reference.end..)?;
    if let Some(rest) = context.slot("subject-links").find_map(|l| after.strip_prefix(l)) {
        let noun: String = rest
            .chars()
            .take_while(|c| is_cjk(*c) && !('\u{3041}'..='\u{3096}').contains(c) && !matches!(c, '、' | '。' | '「' | '」' | '・'))
            .take(16)
            .collect();
        let subject = context.slot("subject-ends").find_map(|e| noun.strip_suffix(e))?;
        return (subject.chars().count() >= 2).then(|| subject.to_owned());
    }
    let front = body.get(..pointer.reference.start)?;
    let mut words = front.rsplit(' ').filter(|w| !w.is_empty()).take(8).skip_while(|w| context.slot("subject-links").any(|l| l == *w));
    let end = words.next()?;
    context.slot("subject-ends").any(|e| e == end).then_some(())?;
    let subject = words.next()?;
    (subject.len() >= 5 && subject.bytes().all(|b| b.is_ascii_alphabetic())).then(|| subject.to_owned())
}

/// Whether an article's own text has the subject's words.
fn says(context: &Context<'_>, contract: &Contract, article: UnitId, subject: &str) -> bool {
    let stem: String = subject.to_lowercase().chars().take(if subject.contains(is_cjk) { 4 } else { 8 }).collect();
    // Articles follow each other: behind the first statement of the next one nothing is this one's.
    let from = context.folded.statements().partition_point(|s| s.unit < article);
    let rest = context.folded.statements()[from..].iter().take_while(|s| s.unit < contract.units.end && s.article.is_none_or(|a| a <= article));
    let own = rest.filter(|s| s.article == Some(article) || s.unit == article);
    own.take(200).any(|s| context.body(s).to_lowercase().contains(&stem))
}

// ---- SK203 ----

fn survival(context: &Context<'_>, index: usize, sheet: &mut Sheet<'_>) {
    let contract = &context.contracts[index];
    if contract.scheme().is_none() || !contract.begins() {
        return;
    }
    let raised = context.raised(contract.articles.iter().map(|a| context.heading(a.unit)));
    let kept: Vec<u32> = contract.articles.iter().zip(raised).filter(|(_, raised)| raised[EXPECTED]).map(|(a, _)| a.number).collect();
    if kept.is_empty() {
        return;
    }
    let statements = context.folded.statements();
    let groups = context.pointers_of(index).chunk_by(|a, b| a.statement == b.statement);
    let named = groups.map(|group| (group, numbers(contract, &statements[group[0].statement], group)));
    let named: Vec<(&[Pointer], BTreeSet<u32>)> = named.filter(|(_, numbers)| !numbers.is_empty()).collect();
    let raised = context.raised(named.iter().map(|(group, _)| context.body(&statements[group[0].statement])));
    let mut listed: BTreeSet<u32> = BTreeSet::new();
    let mut places: Vec<usize> = Vec::new();
    for ((group, numbers), raised) in named.into_iter().zip(raised).filter(|(_, raised)| raised[SURVIVAL]) {
        if raised[BY_NATURE] || raised[EXPECTED] || group.iter().any(|p| p.reference.foreign) {
            return;
        }
        if numbers.len() >= 2 {
            places.push(group[0].statement);
        }
        listed.extend(numbers);
    }
    let [place] = places.as_slice() else { return };
    if kept.iter().any(|k| listed.contains(k)) || survives_itself(context, contract, &kept) {
        return;
    }
    let Some(article) = contract.articles.iter().find(|a| a.number == kept[0]) else { return };
    let statement = &context.folded.statements()[*place];
    let number = context.draft.path(article.unit);
    let slots = [("number", number.trim_end_matches('.')), ("heading", context.heading(article.unit))];
    sheet
        .add("survival-omits", Severity::Warning, Confidence::Medium, context.folded.source_span(statement.body), &slots)
        .push(label_span(context, article.unit));
}

/// The articles of this contract that a statement names, ranges filled in.
fn numbers(contract: &Contract, statement: &Statement, group: &[Pointer]) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    let own = statement.article.and_then(|unit| contract.article_at(unit)).map(|a| a.number);
    let mut last = 0;
    for pointer in group {
        let number = match &pointer.reference.target {
            Target::Article(target) => target.number,
            Target::PreviousArticle => own.map_or(0, |n| n.saturating_sub(1)),
            _ => continue,
        };
        if pointer.reference.through && last > 0 && number > last && number - last < 100 {
            out.extend(last..number);
        }
        out.insert(number);
        last = number;
    }
    out.remove(&0);
    out
}

/// Whether the article itself says that it stays in force.
fn survives_itself(context: &Context<'_>, contract: &Contract, numbers: &[u32]) -> bool {
    let units: HashSet<UnitId> = contract.articles.iter().filter(|a| numbers.contains(&a.number)).map(|a| a.unit).collect();
    let own = context.folded.statements().iter().filter(|s| s.article.is_some_and(|a| units.contains(&a)));
    own.into_iter().any(|s| context.raised([context.folded.read(s).as_str()])[0][SURVIVAL])
}
