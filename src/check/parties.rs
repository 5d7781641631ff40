//! Labels that no party has, and labels that change hands.

use super::contracts::Contract;
use super::{Context, Sheet};
use crate::fold::{fold_text, is_cjk};
use crate::library::{Confidence, Severity};
use crate::outline::UnitKind;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub(super) fn check(context: &Context<'_>, sheet: &mut Sheet<'_>) {
    let labels = &context.labels;
    // Where a file holds several contracts, each may have labels of its own.
    if context.contracts.len() == 1 && labels.len() >= 2 && labels.iter().all(|l| introduced(context.folded.text(), l)) {
        strangers(context, labels, sheet);
        misspelt(context, labels, sheet);
    }
    for contract in &context.contracts {
        swaps(context, contract, sheet);
    }
}

/// Whether a label is given as one: in quotation marks or brackets, or before a colon.
fn introduced(text: &str, label: &str) -> bool {
    let places = memchr::memmem::find_iter(text.as_bytes(), label).take(if label.is_empty() { 0 } else { 400 });
    places.into_iter().any(|i| {
        let (front, back) = (&text[..i], &text[i + label.len()..]);
        let opened = front.ends_with(['「', '"', '『', '(', '【', '\'']);
        let listed = (front.is_empty() || front.ends_with('\n')) && back.starts_with([':', '(']);
        let called = is_cjk_label(label) && ["とい", "と言", "とする", "とし"].iter().any(|w| back.starts_with(w));
        opened || listed || called
    })
}

fn is_cjk_label(label: &str) -> bool {
    label.starts_with(is_cjk)
}

/// Those of the places of a label, in either case, where it does something: 丙は, the Vendor shall.
fn acts<'a>(context: &'a Context<'_>, label: &'a str, places: &'a [usize]) -> impl Iterator<Item = usize> + use<'a> {
    let text = context.folded.text();
    let verbs = context.checker.list("acting");
    let japanese = is_cjk_label(label);
    places.iter().copied().filter(move |i| {
        let Some(back) = text[*i..].strip_prefix(label).filter(|back| verbs.iter().any(|v| back.starts_with(v))) else { return false };
        let front = &text[..text.len() - back.len() - label.len()];
        if japanese {
            !front.ends_with(|c: char| is_cjk(c) && !('\u{3041}'..='\u{3096}').contains(&c) && !matches!(c, '\u{3001}'..='\u{301f}'))
        } else {
            let word = front.trim_end().rsplit([' ', '\n']).next().unwrap_or("");
            front.ends_with(' ') && matches!(word, "the" | "The") || front.ends_with(". ") || front.ends_with('\n')
        }
    })
}

/// A label of the lexicon that acts in the draft and is no party's.
fn strangers(context: &Context<'_>, labels: &[String], sheet: &mut Sheet<'_>) {
    let text = context.folded.text();
    let acting = labels.iter().zip(&context.places.labels).map(|(l, places)| (l.as_str(), acts(context, l, places).count()));
    let acting: Vec<(&str, usize)> = acting.filter(|(_, n)| *n > 0).collect();
    let known: usize = acting.iter().map(|(_, n)| n).sum();
    if acting.len() < 2 || known < 4 {
        return;
    }
    for (role, places) in context.slot("party-roles").zip(&context.places.roles) {
        let places: Vec<usize> = acts(context, role, places).collect();
        // A label used as often as the parties' own was introduced in a way that could not be read.
        let Some(first) = places.first().filter(|_| places.len() * 4 <= known) else { continue };
        let lower = role.to_lowercase();
        let named = labels.iter().any(|l| l.to_lowercase().contains(&lower) || lower.contains(&l.to_lowercase()));
        if named || context.terms.iter().any(|d| d.contains(role)) || introduced(text, role) || described(text, role) {
            continue;
        }
        let all: Vec<&str> = acting.iter().map(|(l, _)| *l).collect();
        let all = all.join(context.checker.tongue.slot("comma"));
        let span = context.source(*first, first + role.len());
        let related = sheet.add("party-drift", Severity::Warning, Confidence::Medium, span, &[("label", role), ("labels", &all)]);
        related.extend(places[1..].iter().map(|p| context.source(*p, p + role.len())));
    }
}

/// Whether a role is tied to a label somewhere: 甲を委託者, 受託者である乙, 委託者甲.
fn described(text: &str, role: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), role).take(400).any(|i| {
        let (front, back) = (&text[..i], &text[i + role.len()..]);
        ["である", "たる", "甲", "乙", "(以下", "として", "とし、", " means", " shall mean", ", as"].iter().any(|w| back.starts_with(w))
            || ["甲を", "乙を", "甲は", "乙は", "甲が", "乙が"].iter().any(|w| front.ends_with(w))
    })
}

/// A word that differs from a label by one letter.
fn misspelt(context: &Context<'_>, labels: &[String], sheet: &mut Sheet<'_>) {
    let text = context.folded.text();
    // Only words that may be one of the labels or a slip of the pen for it.
    let labels_like: Vec<(char, usize)> = labels.iter().filter_map(|l| Some((l.chars().next()?, l.chars().count()))).filter(|(_, n)| *n >= 5).collect();
    if labels_like.is_empty() {
        return;
    }
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, 'ァ'..='ヺ' | 'ー');
    let firsts: BTreeSet<char> = labels_like.iter().map(|(first, _)| *first).filter(|c| letter(*c)).collect();
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for first in firsts {
        let first = first.to_string();
        for at in memchr::memmem::find_iter(text.as_bytes(), &first).filter(|at| !text[..*at].ends_with(letter)) {
            let word = text[at..].split(|c| !letter(c)).next().unwrap_or("");
            let length = word.chars().count();
            if labels_like.iter().any(|(_, n)| n.abs_diff(length) <= 1) {
                counts.entry(word).or_insert((0, at)).0 += 1;
            }
        }
    }
    let known: HashSet<&str> = context.slot("party-roles").collect();
    let mut found: BTreeMap<usize, (&str, &String)> = BTreeMap::new();
    for label in labels.iter().filter(|l| l.chars().count() >= 5 && counts.get(l.as_str()).is_some_and(|c| c.0 >= 5)) {
        for (word, (count, at)) in &counts {
            let close = word.chars().next() == label.chars().next() && word.chars().any(|c| c.is_lowercase() || !c.is_ascii()) && *count <= 2;
            if close && !known.contains(word) && !labels.iter().any(|l| l == word) && slip(word, label) {
                found.insert(*at, (word, label));
            }
        }
    }
    for (at, (word, label)) in found {
        let span = context.source(at, at + word.len());
        sheet.add_as("party-drift", "party-misspelt", Severity::Warning, Confidence::Medium, span, &[("word", word), ("label", label)]);
    }
}

/// Whether two words differ by one letter inside, or by two neighbours that changed places; endings are grammar, not slips.
fn slip(word: &str, label: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), label.chars().collect());
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if a.len() == b.len() {
        let one = front + back + 1 == long && back > 0;
        let swapped = front + back + 2 == long && a[front] == b[front + 1] && a[front + 1] == b[front];
        return one || swapped;
    }
    long == short + 1 && front + back >= short && front < short
}

// ---- SK209 ----

/// A label's holder as it is named in the introduction, and in the signature block.
fn swaps(context: &Context<'_>, contract: &Contract, sheet: &mut Sheet<'_>) {
    let holders = holders(context, contract);
    if holders.len() < 2 {
        return;
    }
    let blocks = blocks(context, contract, &holders);
    for (i, a) in holders.iter().enumerate() {
        for b in &holders[i + 1..] {
            if a.label == b.label && a.core != b.core {
                let slots = [("label", a.label.as_str()), ("first", a.name.as_str()), ("second", b.name.as_str())];
                sheet.add("party-swap", Severity::Error, Confidence::High, b.span, &slots).push(a.span);
                return;
            }
            let (Some(first), Some(second)) = (blocks.get(&a.label), blocks.get(&b.label)) else { continue };
            let crossed = first.0.contains(&b.core) && second.0.contains(&a.core) && !first.0.contains(&a.core) && !second.0.contains(&b.core);
            if crossed && a.core != b.core {
                let slots = [("label", a.label.as_str()), ("first", a.name.as_str()), ("second", b.name.as_str())];
                sheet.add("party-swap", Severity::Error, Confidence::High, first.1, &slots).push(a.span);
                return;
            }
        }
    }
}

struct Holder {
    label: String,
    name: String,
    core: String,
    span: crate::span::Span,
}

/// 東京精機株式会社（以下「甲」という。）, Tokyo Seiki Co., Ltd. ("Supplier"): names before the labels they are given.
fn holders(context: &Context<'_>, contract: &Contract) -> Vec<Holder> {
    let mut out = Vec::new();
    for statement in context.statements_of(contract).iter().take(40) {
        if !matches!(context.draft.units()[statement.unit].kind, UnitKind::Preamble | UnitKind::Title | UnitKind::Heading) {
            continue;
        }
        let body = context.body(statement);
        for label in &context.labels {
            for (i, _) in body.match_indices(label.as_str()).take(20) {
                let (front, back) = (&body[..i], &body[i + label.len()..]);
                let quoted = front.ends_with(['「', '"']) && back.starts_with(['」', '"']);
                let Some(name) = quoted.then(|| name(context, front)).flatten() else { continue };
                let core = core(context, name);
                if core.chars().count() >= 2 && !core.contains(['●', '○', '〇', '△', '_', '[', '$']) {
                    let at = statement.body.start + i;
                    out.push(Holder { label: label.clone(), name: name.to_owned(), core, span: context.source(at, at + label.len()) });
                }
            }
        }
    }
    out
}

/// The name that ends right before the bracket in which a label is given; it has a word that firms have.
fn name<'t>(context: &Context<'_>, front: &'t str) -> Option<&'t str> {
    let open = front.rfind('(')?;
    let inside = &front[open + 1..];
    if inside.chars().count() > 20 || inside.contains([')', '。']) {
        return None;
    }
    let name = front[..open].trim_end();
    let cut = name.rfind(['、', '。', '」', '\n', ':', ')']).map_or(0, |i| i + name[i..].chars().next().map_or(1, char::len_utf8));
    let name = &name[cut..];
    let name = ["between ", " and ", "という"].iter().filter_map(|w| name.rfind(w).map(|i| &name[i + w.len()..])).min_by_key(|n| n.len()).unwrap_or(name);
    let name = name.trim().trim_start_matches("と").trim();
    let firm = context.slot("firm-words").any(|w| name.contains(w));
    (firm && name.chars().count() <= 60).then_some(name)
}

/// A name without the words every firm has.
fn core(context: &Context<'_>, name: &str) -> String {
    let mut core = name.to_lowercase();
    for word in context.slot("firm-words") {
        core = core.replace(&word.to_lowercase(), "");
    }
    core.chars().filter(|c| c.is_alphanumeric() || *c == 'ー').collect()
}

/// What the signature block says under each label, squeezed, and where.
fn blocks(context: &Context<'_>, contract: &Contract, holders: &[Holder]) -> HashMap<String, (String, crate::span::Span)> {
    let mut out: HashMap<String, (String, crate::span::Span)> = HashMap::new();
    let mut current: Option<String> = None;
    for id in contract.units.clone() {
        let unit = &context.draft.units()[id];
        if unit.kind != UnitKind::Closing {
            continue;
        }
        let text = fold_text(&context.draft.visible(&unit.text));
        let bare = text.trim_start_matches(['(', '【', '[', '「', '"']);
        let label = holders.iter().map(|h| &h.label).find(|l| bare.get(..l.len()).is_some_and(|b| b.eq_ignore_ascii_case(l)));
        if let Some(label) = label
            .filter(|l| !bare[l.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || ('\u{3041}'..='\u{3096}').contains(&c) || c == '乙' || c == '及'))
        {
            current = Some(label.clone());
        }
        if let Some(label) = &current {
            let squeezed: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == 'ー').collect();
            let entry = out.entry(label.clone()).or_insert_with(|| (String::new(), unit.span));
            entry.0.push_str(&squeezed);
        }
    }
    out
}
