//! Floor 10: template text fitted to the draft.
//!
//! A new article goes after the one it belongs to, under a number that breaks no reference; a lacking element goes into the existing
//! article as a paragraph. Nothing is ever taken out.

mod fill;
mod style;

use crate::assess::{Assessment, Outcome};
use crate::fold::Folded;
use crate::library::{Clause, ClauseLibrary, Stance, Template};
use crate::outline::{Draft, Language, Scheme, Unit, UnitId, UnitKind};
use crate::provision::Facts;
use crate::review::Review;
use fill::Filler;
use std::collections::BTreeMap;
use style::{HeadingShape, ParagraphShape, begins_blank, breaks_once, contract_of, ends_blank, line_end, pieces_span};

/// Text that would close a finding, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// The template and the part of it: `no-copy/ja#article`.
    pub template: String,
    /// The text, numbered and filled as the draft does.
    pub text: String,
    /// Where it goes: a byte of the decoded text.
    pub insert_at: usize,
    /// Slots that could not be filled; each stands in the text as a visible blank.
    pub open_slots: Vec<String>,
    /// Whether a person must look before it is applied: always, for legal text.
    pub applicability: Applicability,
    /// What `fix` inserts at `insert_at`: the text with the line breaks that set it apart.
    #[serde(skip)]
    pub insert: String,
    /// Its place among the suggestions that go in at one place.
    #[serde(skip)]
    pub rank: usize,
}

/// How far a suggestion may be applied without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Complete text; a person reviews it.
    NeedsReview,
    /// Text with blanks that a person must fill.
    HasBlanks,
}

/// A suggestion for each assessment, where there is text for it.
pub(crate) fn suggest(library: &ClauseLibrary, draft: &Draft, folded: &Folded, review: &Review) -> Vec<Option<Suggestion>> {
    let _ = folded;
    let language = if draft.language() == Language::En { Language::En } else { Language::Ja };
    let bound = receiver(library, review, language);
    let filler = Filler::new(draft, library.tongue(language), &review.provisions.information, bound);
    let mut writer = Writer { draft, review, filler, language, branches: BTreeMap::new(), ends: BTreeMap::new(), paragraphs: BTreeMap::new(), rank: 0 };
    // Paragraphs come before the new articles that go in at the same place.
    let mut out: Vec<Option<Suggestion>> = vec![None; review.assessments.len()];
    for articles in [false, true] {
        for (i, assessment) in review.assessments.iter().enumerate() {
            let Some(clause) = library.clause(&assessment.clause) else { continue };
            let Some(template) = clause.template(language) else { continue };
            if out[i].is_none() {
                writer.filler.of_receiver = template.receiver;
                out[i] = writer.suggest(clause, template, assessment, articles);
            }
        }
    }
    out
}

/// The one party that every duty of a receiver in the draft binds, where there is only one.
fn receiver<'r>(library: &ClauseLibrary, review: &'r Review, language: Language) -> Option<&'r str> {
    let of_receiver = |f: &&Facts| library.clause(&f.clause).and_then(|c| c.template(language)).is_some_and(|t| t.receiver);
    let affirmed = review.provisions.facts.iter().filter(of_receiver).filter(|f| f.stance == Stance::Affirmed);
    let mut bound = affirmed.flat_map(Facts::deciding).map(|p| &p.binds[..]).filter(|b| !b.is_empty());
    let [first] = bound.next()? else { return None };
    bound.all(|b| b == std::slice::from_ref(first)).then_some(first)
}

struct Writer<'a> {
    draft: &'a Draft,
    review: &'a Review,
    filler: Filler<'a>,
    language: Language,
    /// Branches given out below each article: 第12条の2, の3.
    branches: BTreeMap<UnitId, u32>,
    /// New articles at the end of each contract, by its first article.
    ends: BTreeMap<UnitId, u32>,
    /// Paragraphs given out in each article.
    paragraphs: BTreeMap<UnitId, u32>,
    rank: usize,
}

impl Writer<'_> {
    fn suggest(&mut self, clause: &Clause, template: &Template, assessment: &Assessment, articles: bool) -> Option<Suggestion> {
        let name = |part: &str| format!("{}/{}#{part}", clause.id, if self.language == Language::En { "en" } else { "ja" });
        let pick = match assessment.outcome {
            Outcome::Missing => None,
            Outcome::Contrary => Some(template.contrary().map(|p| (name("contrary"), p.to_vec()))?),
            // A paragraph beside a value that is out of bounds would not mend it.
            Outcome::Weak if !assessment.outside.is_empty() => return None,
            Outcome::Weak => {
                let chosen: Option<Vec<(&String, &[String])>> =
                    assessment.lacking.iter().map(|names| names.iter().find_map(|n| template.element(n).map(|p| (n, p)))).collect();
                let chosen = chosen.filter(|c| !c.is_empty())?;
                let names: Vec<&str> = chosen.iter().map(|(n, _)| n.as_str()).collect();
                Some((name(&names.join("+")), chosen.iter().flat_map(|(_, p)| p.iter().cloned()).collect()))
            }
            _ => return None,
        };
        match pick {
            Some((template, paragraphs)) if !articles => {
                let facts = self.review.facts(&clause.id)?;
                let unit = facts.deciding().next().map(|p| p.evidence.unit)?;
                Some(self.paragraphs(template, &paragraphs, unit))
            }
            None if articles => {
                let (title, paragraphs) = template.article()?;
                let anchor = self.anchor(template);
                Some(self.article(name("article"), title, paragraphs, anchor))
            }
            _ => None,
        }
    }

    /// The article after which a new one best goes: that of the first clause of `after` the draft has.
    fn anchor(&self, template: &Template) -> Option<UnitId> {
        let units = self.draft.units();
        let of = |clause: &String| {
            let facts = self.review.facts(clause)?;
            let provisions = facts.deciding().filter(|_| facts.stance == Stance::Affirmed);
            provisions.filter_map(|p| units[p.evidence.unit].article).find(|a| units[*a].kind == UnitKind::Article)
        };
        template.after.iter().find_map(of)
    }

    fn article(&mut self, template: String, title: &str, paragraphs: &[String], anchor: Option<UnitId>) -> Suggestion {
        let units = self.draft.units();
        let contract = contract_of(self.draft, anchor);
        let Some(last) = contract.last().copied() else { return self.unnumbered(template, title, paragraphs) };
        // Text in the line of the heading is the draft's way only where most articles have it.
        let run_in = contract.iter().filter(|id| self.draft.visible(&units[**id].text).chars().count() > 25).count() * 2 > contract.len();
        let shape = |id: UnitId| HeadingShape::of(self.draft, &units[id]).map(|s| s.with_text_in_line(run_in));
        let anchored = anchor.and_then(|a| shape(a).map(|s| (a, s)));
        let references = self.draft.source().text().contains("条");
        let inside = anchored.filter(|(_, s)| s.branches() || !(s.numbered() || self.language == Language::Ja && references));
        let (after, shape, ordinal, branch) = match inside {
            Some((a, shape)) => {
                let (ordinal, branch) = self.next_branch(&contract, a);
                // After the branches it already has.
                let label = |id: UnitId| units[id].label.as_ref().map(|l| l.ordinal);
                let same = contract.iter().rev().find(|id| branch > 0 && label(**id) == Some(ordinal)).copied();
                (same.unwrap_or(a), shape, ordinal, branch)
            }
            None => {
                // One article whose heading could not be told is no style to go on with.
                let titled = contract.iter().rev().find_map(|id| shape(*id).filter(|s| s.titled));
                let Some(shape) = shape(last).filter(|s| s.titled).or(titled).or_else(|| contract.iter().rev().find_map(|id| shape(*id))) else {
                    return self.unnumbered(template, title, paragraphs);
                };
                let highest = contract.iter().filter_map(|id| units[*id].label.as_ref()).map(|l| l.ordinal).max().unwrap_or(0);
                let given = self.ends.entry(contract[0]).or_insert(0);
                *given += 1;
                (last, shape, highest.saturating_add(*given), 0)
            }
        };
        let blank = self.spaced(after);
        let mut open = Vec::new();
        let number = if branch > 0 { 0 } else { ordinal };
        let begins = self.paragraph_starts(&contract, number, paragraphs.len());
        let filled: Vec<String> = paragraphs.iter().zip(begins).map(|(p, b)| format!("{b}{}", self.filler.fill(p, &mut open))).collect();
        let title = self.filler.fill(title, &mut open);
        let heading = shape.write(ordinal, branch, &title);
        let (nl, gap) = self.breaks(blank);
        let text = if shape.run_in && !shape.titled {
            format!("{heading}{}", filled.join(&gap))
        } else if shape.run_in {
            let sep = if heading.ends_with(['）', ')']) && self.language == Language::Ja { "" } else { " " };
            format!("{}{sep}{}", heading.trim_end(), filled.join(&gap))
        } else {
            // A heading in a line of its own, then the text as the draft sets it.
            let between = if self.heading_is_close(&contract) { nl } else { &gap };
            format!("{heading}{between}{}", filled.join(between))
        };
        let at = self.end_of_article(after);
        self.finish(template, text, at, open, blank)
    }

    /// The next free branch below an article: 第12条の2, or の3 where that is taken.
    fn next_branch(&mut self, contract: &[UnitId], article: UnitId) -> (u32, u32) {
        let label = |id: UnitId| self.draft.units()[id].label.as_ref();
        let Some(own) = label(article) else { return (0, 0) };
        let taken = contract.iter().filter_map(|id| label(*id)).filter(|l| l.ordinal == own.ordinal).map(|l| l.branch).max().unwrap_or(0);
        let given = self.branches.entry(article).or_insert(taken.max(1));
        *given += 1;
        (own.ordinal, *given)
    }

    /// A draft without articles: the text, under a plain heading, before the signatures.
    fn unnumbered(&mut self, template: String, title: &str, paragraphs: &[String]) -> Suggestion {
        let units = self.draft.units();
        let body = |u: &&Unit| !matches!(u.kind, UnitKind::Closing | UnitKind::Annex);
        let at = units.iter().take_while(body).map(|u| u.span.end).max().unwrap_or(self.draft.source().text().len());
        let mut open = Vec::new();
        let title = self.filler.fill(title, &mut open);
        let heading = if self.language == Language::Ja { format!("（{title}）") } else { title };
        let filled: Vec<String> = paragraphs.iter().map(|p| self.filler.fill(p, &mut open)).collect();
        let (_, gap) = self.breaks(true);
        let text = format!("{heading}{gap}{}", filled.join(&gap));
        let at = self.boundary(at);
        self.finish(template, text, at, open, true)
    }

    /// New paragraphs in the article that holds `unit`, numbered on.
    fn paragraphs(&mut self, template: String, paragraphs: &[String], unit: UnitId) -> Suggestion {
        let units = self.draft.units();
        let article = units[unit].article.filter(|a| units[*a].kind == UnitKind::Article);
        let mut open = Vec::new();
        let filled: Vec<String> = paragraphs.iter().map(|p| self.filler.fill(p, &mut open)).collect();
        let Some(article) = article else {
            let heading = units[unit].article;
            let at = heading.map_or_else(|| self.boundary(units[unit].span.end), |h| self.end_of_article(h));
            let (_, gap) = self.breaks(true);
            return self.finish(template, filled.join(&gap), at, open, true);
        };
        let own: Vec<&Unit> = units.iter().filter(|u| u.article == Some(article) && u.parent == Some(article)).collect();
        let labelled = own.iter().rev().find_map(|u| ParagraphShape::of(self.draft, u).map(|s| (s, u.label.as_ref().map_or(0, |l| l.ordinal))));
        let plain = own.iter().filter(|u| u.label.is_none() && u.kind == UnitKind::Paragraph).count();
        let contract = contract_of(self.draft, Some(article));
        let labelled_none = labelled.is_none();
        let plain_numbers = self.plain_numbers(&contract);
        // The first paragraph may stand in the line of the number.
        let one = plain == 1 || plain == 0 && !units[article].text.is_empty();
        let marks: Vec<String> = (0..=paragraphs.len() as u32 + 1).map(|n| self.mark(&contract, n)).collect();
        let mark = |n: u32| marks.get(n as usize).cloned().unwrap_or_default();
        // One stray `13.` below unnumbered headings is no style to go on with.
        let stray = units[article].label.is_none() && self.language == Language::En;
        let shape = match labelled.filter(|(s, _)| !(stray && s.is_plain_number())) {
            Some((shape, n)) => Some((shape, n)),
            // A first paragraph carries no number; the second carries 2.
            None if self.language == Language::Ja && plain <= 1 => self.paragraph_shape(&contract).map(|s| (s, 1)),
            None => None,
        };
        let number = units[article].label.as_ref().map_or(0, |l| l.ordinal);
        let indent = self.indent(article);
        let mut lines = Vec::new();
        for text in filled {
            let given = self.paragraphs.entry(article).or_insert(0);
            *given += 1;
            let second = self.language == Language::Ja && one && labelled_none && !plain_numbers;
            let begin = match &shape {
                Some((s, n)) => s.write(number, n.saturating_add(*given)),
                None if second => mark(given.saturating_add(1)),
                None => indent.clone(),
            };
            lines.push(format!("{begin}{text}"));
        }
        let blank = self.spaced_inside(article);
        let (_, gap) = self.breaks(blank);
        let at = self.end_of_article(article);
        self.finish(template, lines.join(&gap), at, open, blank)
    }

    /// How the paragraphs of a new article begin.
    fn paragraph_starts(&self, contract: &[UnitId], article: u32, count: usize) -> Vec<String> {
        let indent = contract.last().map_or(String::new(), |a| self.indent(*a));
        let shape = self.paragraph_shape(contract).filter(|_| count > 1);
        let first = self.draft.units().iter().any(|u| u.label.as_ref().is_some_and(|l| l.ordinal == 1) && ParagraphShape::of(self.draft, u).is_some());
        let begin = |k: usize| match &shape {
            Some(s) if first || (k > 0 && self.language == Language::Ja) => s.write(article, k as u32 + 1),
            None if k > 0 && self.language == Language::Ja && !self.plain_numbers(contract) => self.mark(contract, k as u32 + 1),
            _ => indent.clone(),
        };
        (0..count).map(begin).collect()
    }

    /// The number of a Japanese paragraph where the draft shows none: in the script of its articles.
    fn mark(&self, contract: &[UnitId], n: u32) -> String {
        let source = self.draft.source().text();
        let label = contract.iter().find_map(|a| self.draft.units()[*a].label.as_ref()).map_or("", |l| l.span.slice(source));
        format!("{}　", style::number_like(label, n))
    }

    /// How the draft begins numbered paragraphs, from the last one it has.
    fn paragraph_shape(&self, contract: &[UnitId]) -> Option<ParagraphShape> {
        let units = self.draft.units();
        let inside = |u: &&Unit| u.article.is_some_and(|a| contract.binary_search(&a).is_ok());
        let shape = units.iter().rev().filter(inside).find_map(|u| ParagraphShape::of(self.draft, u))?;
        (!(self.plain_numbers(contract) && shape.is_plain_number())).then_some(shape)
    }

    /// Whether articles themselves are numbered `1.`: a paragraph numbered so would be an article.
    fn plain_numbers(&self, contract: &[UnitId]) -> bool {
        contract.iter().filter_map(|a| self.draft.units()[*a].label.as_ref()).any(|l| l.scheme == Scheme::Decimal(1))
    }

    /// The white space before an article's unnumbered text.
    fn indent(&self, article: UnitId) -> String {
        let source = self.draft.source().text();
        let unit = self.draft.units().iter().find(|u| u.article == Some(article) && u.label.is_none() && u.kind == UnitKind::Paragraph);
        let Some(text) = unit.and_then(|u| pieces_span(&u.text)) else { return String::new() };
        let start = source[..text.start].rfind('\n').map_or(0, |i| i + 1);
        let shown = text.slice(source);
        let inner = &shown[..shown.len() - shown.trim_start().len()];
        let lead = &source[start..text.start];
        if lead.chars().all(char::is_whitespace) { format!("{lead}{inner}") } else { String::new() }
    }

    /// The last unit that stands in an article.
    fn last_unit(&self, article: UnitId) -> UnitId {
        let units = self.draft.units();
        let goes_on = |id: &UnitId| units[*id].article == Some(article);
        (article..units.len()).take_while(goes_on).last().unwrap_or(article)
    }

    fn end_of_article(&self, article: UnitId) -> usize {
        let last = self.last_unit(article);
        let end = self.draft.units()[article..=last].iter().map(|u| u.span.end).max().unwrap_or(0);
        self.boundary(end)
    }

    /// The nearest place at or after `at` where a line ends outside tables, quotes and HTML.
    fn boundary(&self, at: usize) -> usize {
        let source = self.draft.source().text();
        let mut at = line_end(source, at);
        for solid in self.draft.solid() {
            if solid.start <= at && at < solid.end {
                at = solid.end;
            }
        }
        source[..at].trim_end_matches(['\n', '\r', ' ', '\u{3000}', '\t']).len().max(self.last_visible(at))
    }

    /// Trailing white space of a line belongs to it: keep it before what is inserted.
    fn last_visible(&self, at: usize) -> usize {
        let source = self.draft.source().text();
        let shown = source[..at].trim_end_matches(['\n', '\r', ' ', '\u{3000}', '\t']).len();
        line_end(source, shown)
    }

    /// Whether articles stand apart by blank lines.
    fn spaced(&self, article: UnitId) -> bool {
        let source = self.draft.source().text();
        let end = self.end_of_article(article);
        let next = source[end..].trim_start_matches([' ', '\u{3000}', '\t', '\r']);
        if next.trim().is_empty() {
            let start = self.draft.units()[article].span.start;
            return ends_blank(source[..start].trim_end_matches([' ', '#', '*', '\u{3000}']));
        }
        next.trim_start_matches('\n').len() + 1 < next.len() || begins_blank(next)
    }

    /// Whether the paragraphs of an article stand apart by blank lines.
    fn spaced_inside(&self, article: UnitId) -> bool {
        let source = self.draft.source().text();
        let last = self.draft.units()[self.last_unit(article)].span.start;
        let start = source[..last].rfind('\n').map_or(0, |i| i + 1);
        last <= self.draft.units()[article].span.start || ends_blank(&source[..start]) || start == 0
    }

    /// Whether text follows headings without a blank line.
    fn heading_is_close(&self, contract: &[UnitId]) -> bool {
        let source = self.draft.source().text();
        let close = |id: &&UnitId| {
            let unit = &self.draft.units()[**id];
            let end = line_end(source, unit.span.end);
            breaks_once(&source[end..])
        };
        let count = contract.iter().take(8).filter(close).count();
        count * 2 > contract.len().min(8)
    }

    fn breaks(&self, blank: bool) -> (&'static str, String) {
        let nl = self.draft.source().newline();
        (nl, if blank { nl.repeat(2) } else { nl.to_owned() })
    }

    fn finish(&mut self, template: String, text: String, at: usize, open_slots: Vec<String>, blank: bool) -> Suggestion {
        let source = self.draft.source().text();
        let (nl, gap) = self.breaks(blank);
        let lead = if at == 0 { "" } else { &gap };
        let more = source[at..].chars().filter(|c| *c != '\r').nth(1).is_some();
        let crowded = blank && more && breaks_once(&source[at..]);
        let insert = format!("{lead}{text}{}", if crowded { nl } else { "" });
        self.rank += 1;
        let applicability = if open_slots.is_empty() { Applicability::NeedsReview } else { Applicability::HasBlanks };
        Suggestion { template, text, insert_at: at, open_slots, applicability, insert, rank: self.rank }
    }
}
