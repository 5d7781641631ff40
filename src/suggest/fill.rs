//! Slots, register and width: template text made to read like the draft.

use super::style::widen;
use crate::library::Tongue;
use crate::outline::{Draft, Language};

/// What fills the slots of one draft's templates.
#[derive(Debug)]
pub(super) struct Filler<'a> {
    tongue: &'a Tongue,
    japanese: bool,
    parties: String,
    /// The one party that the draft's duties of a receiver bind, and the other one.
    receiver: Option<(String, String)>,
    /// Whether the template at hand states duties of a receiver.
    pub of_receiver: bool,
    information: String,
    agreement: String,
    purpose: String,
    other_register: bool,
    wide_digits: bool,
    narrow_brackets: bool,
    latin_marks: bool,
}

/// Party labels longer than this are company names; a sentence with two of them reads badly.
const LONGEST_LABEL: usize = 24;

impl<'a> Filler<'a> {
    /// `bound` is the label of the one party that receives information, where the draft has only one.
    pub(super) fn new(draft: &Draft, tongue: &'a Tongue, information: &[String], bound: Option<&str>) -> Self {
        let source = draft.source().text();
        let japanese = draft.language() != Language::En;
        let count = |needle: &str| count(source, needle);
        let prefer = |slot: &str, terms: &str| {
            let used = tongue.slot(terms).split('|').filter(|t| !t.is_empty()).map(|t| (count(t), t));
            let named = used.filter(|(n, _)| *n > 0).max_by_key(|(n, _)| *n);
            named.map_or_else(|| tongue.slot(slot), |(_, t)| t).to_owned()
        };
        // The register table pairs one form with the other: the draft is in the one it uses more.
        let forms = |side: fn(&(String, String)) -> &String| tongue.register.iter().map(|p| count(side(p))).sum::<usize>();
        let wide_digits = || source.chars().filter(|c| ('０'..='９').contains(c)).count() > source.bytes().filter(u8::is_ascii_digit).count();
        Filler {
            tongue,
            japanese,
            parties: labels(draft, japanese).map_or_else(|| tongue.slot("parties").to_owned(), |[a, b]| format!("{a}{}{b}", tongue.slot("and"))),
            receiver: bound.and_then(|bound| receiver(draft, bound, japanese)),
            of_receiver: false,
            information: own_words(draft, information).or_else(|| used_words(draft, tongue)).unwrap_or_else(|| tongue.slot("information").to_owned()),
            agreement: prefer("agreement", "agreement-terms"),
            purpose: prefer("purpose", "purpose-terms"),
            other_register: forms(|p| &p.1) > forms(|p| &p.0),
            wide_digits: japanese && wide_digits(),
            narrow_brackets: japanese && count("(") > count("（"),
            latin_marks: japanese && count("，") > count("、"),
        }
    }

    /// A template paragraph with its slots filled, and the names of those left blank.
    pub(super) fn fill(&self, template: &str, open: &mut Vec<String>) -> String {
        let mut out = self.register(template);
        if self.wide_digits {
            out = widen(&out);
        }
        if self.narrow_brackets {
            out = out.replace('（', "(").replace('）', ")");
        }
        if self.latin_marks {
            out = out.replace('、', "，");
        }
        let out = self.slots(&out, open);
        if self.japanese { out } else { capitalised(&out) }
    }

    /// Each slot of a text filled once: what the draft puts into one is never looked into for another.
    fn slots(&self, text: &str, open: &mut Vec<String>) -> String {
        let both = (self.parties.as_str(), self.tongue.slot("other"));
        let one = self.receiver.as_ref().filter(|_| self.of_receiver).map(|(receiver, other)| (receiver.as_str(), other.as_str()));
        let (parties, other) = one.unwrap_or(both);
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            match slot {
                "parties" => out.push_str(parties),
                "other" => out.push_str(other),
                "information" => out.push_str(&self.information.replace(both.1, other)),
                "agreement" => out.push_str(&self.agreement),
                "purpose" => out.push_str(&self.purpose),
                // The loader lets no slot pass that is none of these.
                blank => {
                    let name = blank.strip_prefix("blank:").unwrap_or(blank).trim().to_owned();
                    out.push_str(&if self.japanese { format!("［{name}］") } else { format!("[{name}]") });
                    if !open.contains(&name) {
                        open.push(name);
                    }
                }
            }
        }
        out + rest
    }

    fn register(&self, text: &str) -> String {
        if !self.other_register {
            return text.to_owned();
        }
        // Each place is turned once: the longest form that stands there.
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(c) = rest.chars().next() {
            let pair = self.tongue.register.iter().filter(|(from, _)| !from.is_empty() && rest.starts_with(from.as_str())).max_by_key(|(from, _)| from.len());
            match pair {
                Some((from, to)) => {
                    out.push_str(to);
                    rest = &rest[from.len()..];
                }
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }
}

/// How often a text stands in another.
fn count(text: &str, needle: &str) -> usize {
    memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()).count()
}

/// The draft's own term for the protected information: of those it defines, the one it uses most.
fn own_words(draft: &Draft, information: &[String]) -> Option<String> {
    let source = draft.source().text();
    let own = draft.terms().iter().filter(|t| information.contains(&crate::fold::fold_text(&t.term)) && t.term.chars().count() <= 30);
    own.max_by_key(|t| count(source, &t.term)).map(|t| t.term.clone())
}

/// A usual term for it that the draft uses without defining it.
fn used_words(draft: &Draft, tongue: &Tongue) -> Option<String> {
    let source = draft.source().text();
    let used = tongue.slot("information-terms").split('|').filter(|t| !t.is_empty());
    used.map(|t| (count(source, t), t)).filter(|(n, _)| *n >= 2).max_by_key(|(n, _)| *n).map(|(_, t)| t.to_owned())
}

/// The labels of the two parties, as a sentence names them.
fn labels(draft: &Draft, japanese: bool) -> Option<[String; 2]> {
    let labels: Vec<&str> = draft.parties().iter().map(|p| p.label.as_str()).collect();
    let [first, second] = labels[..] else { return None };
    if first.chars().count() > LONGEST_LABEL || second.chars().count() > LONGEST_LABEL {
        return None;
    }
    let named = |label: &str| {
        let source = draft.source().text();
        let bare = label.strip_prefix("the ").or_else(|| label.strip_prefix("The ")).unwrap_or(label);
        let article = || count(source, &format!("the {bare}")) + count(source, &format!("The {bare}"));
        if !japanese && (bare != label || article() * 2 > count(source, bare)) { format!("the {bare}") } else { bare.to_owned() }
    };
    Some([named(first), named(second)])
}

/// The party of that label, and the other one.
fn receiver(draft: &Draft, bound: &str, japanese: bool) -> Option<(String, String)> {
    let [a, b] = labels(draft, japanese)?;
    let at = draft.parties().iter().position(|p| p.label == bound)?;
    Some(if at == 0 { (a, b) } else { (b, a) })
}

/// The first letter of the text and of each sentence as a capital.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && c.is_alphabetic() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        if c == '.' {
            begins = true;
        } else if !c.is_whitespace() && !matches!(c, '"' | '“' | '(') {
            begins = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_capitals() {
        assert_eq!(capitalised("the Buyer shall pay. each party may stop."), "The Buyer shall pay. Each party may stop.");
    }
}
