//! Floor 4: visible lines to a contract.
//!
//! Legal structure is read from the labels that stand in the text (第１条, Article 5, (iv)), not from Markdown's lists. Whatever is not
//! recognised stays as a paragraph of the article it stands in: nothing is dropped.

mod numbering;
mod parties;
mod references;
mod terms;
pub(crate) mod words;

pub use numbering::{Label, Scheme, read_label, to_roman};
pub use parties::Party;
pub use references::{AnnexTarget, ArticleTarget, ArticleWord, Reference, Target, references};
pub(crate) use references::{REFERENCE_WORDS, references_at};
pub use terms::DefinedTerm;

use crate::markdown::{self, BlockKind, Blocks, Line, Run};
use crate::source::SourceText;
use crate::span::Span;
use std::borrow::Cow;

/// Index of a unit in [`Draft::units`].
pub type UnitId = usize;

/// The language a draft is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
    /// Both, at length.
    Mixed,
}

/// What a unit is in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// The contract's title.
    Title,
    /// Text before the first article: the parties, recitals.
    Preamble,
    /// A heading that numbers nothing: a chapter, a caption.
    Heading,
    /// An article (条).
    Article,
    /// A paragraph (項), numbered or not.
    Paragraph,
    /// An item (号) or a subdivision of one.
    Item,
    /// A cell of a table.
    Cell,
    /// The closing formula and the signature block.
    Closing,
    /// An annex (別紙) and what it says.
    Annex,
}

/// A label as written and as understood.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnitLabel {
    /// Where it stands.
    pub span: Span,
    /// How it numbers.
    pub scheme: Scheme,
    /// Its ordinal.
    pub ordinal: u32,
    /// The branch of 第12条の2; 0 where there is none.
    pub branch: u32,
}

/// A stretch of a unit's text; the first of a line is marked.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    /// The visible run.
    pub run: Run,
    /// Whether a line break stands before it.
    pub after_break: bool,
}

/// A numbered or unnumbered piece of the contract.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Its label, where it has one.
    pub label: Option<UnitLabel>,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
    /// The article (or heading) it stands in; its own index for an article.
    pub article: Option<UnitId>,
    /// The heading of an article, without brackets.
    pub title: Vec<Piece>,
    /// Its own text, without its label and without that of the units below it.
    pub text: Vec<Piece>,
    /// From its label to the end of its own text.
    pub span: Span,
    /// The first Markdown block it stands in.
    #[serde(skip)]
    pub block: usize,
    /// The last Markdown block it stands in.
    #[serde(skip)]
    pub last_block: usize,
}

/// A draft read as a contract. Building one never fails.
#[derive(Clone, Debug)]
pub struct Draft {
    source: SourceText,
    units: Vec<Unit>,
    language: Language,
    parties: Vec<Party>,
    terms: Vec<DefinedTerm>,
    solid: Vec<Span>,
}

impl Draft {
    /// Reads a draft. Costs linear time in the text; any text gives a draft.
    ///
    /// ```
    /// use sekisho::{Draft, SourceText};
    /// let draft = Draft::parse(SourceText::new("nda.md", "第１条（目的）\n甲は、乙に情報を開示する。"));
    /// assert_eq!(draft.units()[0].label.as_ref().unwrap().ordinal, 1);
    /// ```
    pub fn parse(source: SourceText) -> Draft {
        let Blocks { lines, solid } = markdown::read(source.text());
        let language = language(source.text());
        let texts: Vec<TextLine<'_>> = lines.iter().map(|l| TextLine::new(source.text(), l)).collect();
        let units = Builder::new(source.text(), regime(&lines, &texts, language), language).build(&lines, &texts);
        drop(texts);
        let parties = parties::read(source.text(), &units);
        let terms = terms::read(source.text(), &units, &parties);
        Draft { source, units, language, parties, terms, solid }
    }

    /// The text it was read from.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// Its units, in the order of the text.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The parties, as the draft calls them.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// Tables, block quotes and HTML at the top level: text can be added after them, not inside.
    pub fn solid(&self) -> &[Span] {
        &self.solid
    }

    /// The terms it defines.
    pub fn terms(&self) -> &[DefinedTerm] {
        &self.terms
    }

    /// The visible text of some pieces, line breaks as one space.
    pub fn visible(&self, pieces: &[Piece]) -> String {
        visible(self.source.text(), pieces)
    }

    /// The same, copied only where it is not one stretch of the source.
    pub(crate) fn visible_text<'a>(&'a self, pieces: &'a [Piece]) -> Cow<'a, str> {
        visible_text(self.source.text(), pieces)
    }

    /// The title of the contract, empty where none was found.
    pub fn title(&self) -> String {
        let title = self.units.iter().find(|u| u.kind == UnitKind::Title);
        title.map_or_else(String::new, |u| self.visible(&u.text))
    }

    /// How people point at a unit: `第5条第2項(1)`, `Article 5, 5.2(a)`; the heading where it has no number; empty outside any.
    pub fn path(&self, unit: UnitId) -> String {
        let mut parts = Vec::new();
        let mut at = Some(unit);
        while let Some(id) = at {
            let u = &self.units[id];
            if let Some(label) = &u.label {
                let written = label.span.slice(self.source.text());
                let full = matches!(label.scheme, Scheme::Decimal(n) if n > 1);
                parts.push(label_path(label, written, u.kind));
                if full || parts.len() > 6 {
                    break;
                }
            } else if u.kind == UnitKind::Article || u.kind == UnitKind::Heading {
                parts.push(self.visible(&u.title).chars().take(40).collect());
                break;
            }
            at = u.parent;
        }
        parts.reverse();
        parts.concat()
    }
}

fn label_path(label: &UnitLabel, written: &str, kind: UnitKind) -> String {
    let branch = if label.branch > 0 { format!("の{}", label.branch) } else { String::new() };
    match (label.scheme, kind) {
        (Scheme::Jo, _) => format!("第{}条{branch}", label.ordinal),
        (Scheme::Article, _) => format!("Article {}", label.ordinal),
        (Scheme::Section, _) => format!("Section {}", label.ordinal),
        (Scheme::Ko, _) => format!("第{}項", label.ordinal),
        (Scheme::Decimal(1), UnitKind::Article) => format!("{}.", label.ordinal),
        (Scheme::Decimal(1), _) => format!(" {}.", label.ordinal),
        (Scheme::Bullet, _) => String::new(),
        (Scheme::Decimal(_), _) => written.trim().trim_end_matches('.').to_owned(),
        _ => written.trim().trim_matches(['*', '#', ' ']).to_owned(),
    }
}

pub(crate) fn visible(source: &str, pieces: &[Piece]) -> String {
    visible_text(source, pieces).into_owned()
}

/// The same, copied only where it is not one stretch of the source.
pub(crate) fn visible_text<'a>(source: &'a str, pieces: &'a [Piece]) -> Cow<'a, str> {
    if let [piece] = pieces {
        return Cow::Borrowed(piece.run.text(source).trim());
    }
    let mut out = String::with_capacity(pieces.iter().map(|p| p.run.text(source).len() + 1).sum());
    for piece in pieces {
        let text = piece.run.text(source);
        if piece.after_break && !out.is_empty() {
            // A hyphen at the end of a line splits a word.
            let split =
                out.ends_with('-') && out[..out.len() - 1].ends_with(|c: char| c.is_ascii_lowercase()) && text.starts_with(|c: char| c.is_ascii_lowercase());
            if split {
                out.pop();
            } else if !(out.ends_with(is_cjk) && text.starts_with(is_cjk)) {
                out.push(' ');
            }
        }
        out.push_str(text);
    }
    out.truncate(out.trim_end().len());
    out.drain(..out.len() - out.trim_start().len());
    Cow::Owned(out)
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}')
}

/// By count: a Japanese character says about as much as four Latin letters.
fn language(text: &str) -> Language {
    // Blocks so short that a byte holds their count.
    let letters = |block: &[u8]| usize::from(block.iter().map(|b| u8::from(b.is_ascii_alphabetic())).sum::<u8>());
    let latin: usize = text.as_bytes().chunks(255).map(letters).sum();
    let cjk = if text.is_ascii() { 0 } else { text.chars().filter(|c| is_cjk(*c)).count() * 4 };
    if cjk * 10 < latin {
        Language::En
    } else if latin > cjk / 2 && latin > 2000 {
        Language::Mixed
    } else {
        Language::Ja
    }
}

/// How the articles of this draft are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regime {
    Jo,
    Article,
    Section,
    /// Markdown headings, numbered or not.
    Headings,
    /// `1.` at the top.
    Decimal,
    /// Short unnumbered lines that stand alone.
    Captions,
    /// No articles.
    None,
}

struct Builder<'a> {
    source: &'a str,
    regime: Regime,
    japanese: bool,
    units: Vec<Unit>,
    /// Open labelled units, outermost first.
    stack: Vec<Open>,
    article: Option<UnitId>,
    closing: bool,
    annex: Option<UnitId>,
    /// An article whose heading is still to come on the next line.
    untitled: bool,
    /// The last unit that is neither an item nor a cell.
    lead: Option<UnitId>,
}

struct Open {
    scheme: Scheme,
    depth: usize,
    ordinal: u32,
    /// The number as written: Markdown lists may say `1.` every time.
    written: u32,
    unit: UnitId,
}

/// A line as text, with the way back to its runs, and the label it begins with.
struct TextLine<'a> {
    text: Cow<'a, str>,
    runs: &'a [Run],
    label: Option<Label>,
}

impl<'a> TextLine<'a> {
    fn new(source: &'a str, line: &'a Line) -> Self {
        let text = match line.runs.as_slice() {
            [run] => Cow::Borrowed(run.text(source)),
            runs => Cow::Owned(runs.iter().map(|r| r.text(source)).collect()),
        };
        let label = read_label(&text);
        TextLine { text, runs: &line.runs, label }
    }

    /// The runs of bytes `from..to` of the visible text.
    fn slice(&self, source: &str, from: usize, to: usize) -> impl Iterator<Item = Run> {
        let mut at = 0;
        self.runs.iter().filter_map(move |run| {
            let len = run.text(source).len();
            let (a, b) = (from.max(at), to.min(at + len));
            let start = run.span.start + a.saturating_sub(at);
            at += len;
            let part = || Run { span: Span::new(start, start + b - a), shows: None };
            (a < b).then(|| if run.shows.is_some() { run.clone() } else { part() })
        })
    }
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, regime: Regime, language: Language) -> Self {
        Builder {
            source,
            regime,
            japanese: language != Language::En,
            units: Vec::new(),
            stack: Vec::new(),
            article: None,
            closing: false,
            annex: None,
            untitled: false,
            lead: None,
        }
    }

    fn build(mut self, lines: &[Line], texts: &[TextLine<'_>]) -> Vec<Unit> {
        let mut before = None;
        for (line, text) in lines.iter().zip(texts) {
            // A page number cuts a sentence in two; it is no part of either.
            if line.kind == BlockKind::Text && line.marker.is_none_or(|m| m.len() == 1) && is_page_number(text.text.trim()) {
                continue;
            }
            self.line(line, text, before);
            before = Some((line, text));
        }
        self.units
    }

    fn line(&mut self, line: &Line, text: &TextLine<'_>, before: Option<(&Line, &TextLine<'_>)>) {
        let label = self.label(line, text);
        let same_block = before.is_some_and(|(b, _)| b.block == line.block) && line.marker.is_none();
        if let Some((label, in_text)) = label {
            let from = if in_text { label.len } else { 0 };
            if let Some(reading) = self.choose(&label, line.depth)
                && !(same_block && self.runs_on(&reading, &text.text, before.map(|(_, b)| b)))
            {
                let reading = if in_text { reading } else { self.counted(reading, line.depth) };
                self.labelled(line, text, from, reading, label.branch);
                return;
            }
        }
        let shown = text.text.trim();
        let heading = matches!(line.kind, BlockKind::Heading(_));
        if self.untitled && !shown.is_empty() && is_short_title(shown, self.japanese) {
            self.untitled = false;
            let unit = self.units.len() - 1;
            let (from, to) = unbracketed(&text.text);
            let title = self.pieces(text, from, to, false);
            self.extend(unit, line);
            self.units[unit].title = title;
            return;
        }
        self.untitled = false;
        if same_block && self.title_goes_on(shown) {
            let last = self.units.len() - 1;
            let pieces = self.pieces(text, 0, text.text.len(), true);
            self.extend(last, line);
            let unit = &mut self.units[last];
            unit.text = std::mem::take(&mut unit.title);
            unit.text.extend(pieces);
            return;
        }
        if self.units.is_empty() && (heading || is_title(shown, self.japanese)) {
            return self.plain(line, text, UnitKind::Title);
        }
        if heading || (self.regime == Regime::Captions && line.kind == BlockKind::Text && !same_block && is_caption(shown)) {
            self.stack.clear();
            self.closing = false;
            let kind = match self.regime {
                Regime::Headings | Regime::Captions => UnitKind::Article,
                _ => UnitKind::Heading,
            };
            let (from, to) = unbracketed(&text.text);
            let title = self.pieces(text, from, to, false);
            let id = self.open(line, kind, None, None);
            self.units[id].title = title;
            self.units[id].article = Some(id);
            self.article = Some(id);
            return;
        }
        let body = self.article.is_some() || self.units.len() > 4;
        if body && (words::begins(shown, &words::CLOSINGS) || shown == "以上") {
            self.closing = true;
            self.stack.clear();
        } else if body && !self.closing && line.kind == BlockKind::Text && is_signature(shown) {
            self.close_signatures();
        }
        if self.closing {
            return self.plain(line, text, UnitKind::Closing);
        }
        if line.kind == BlockKind::Cell {
            return self.plain(line, text, UnitKind::Cell);
        }
        if self.joins(line, shown, same_block) {
            let last = self.units.len() - 1;
            let pieces = self.pieces(text, 0, text.text.len(), true);
            self.extend(last, line);
            self.units[last].text.extend(pieces);
            return;
        }
        let kind = match (self.annex, self.article) {
            (Some(_), None) => UnitKind::Annex,
            (_, Some(_)) => UnitKind::Paragraph,
            (None, None) if self.regime == Regime::None => UnitKind::Paragraph,
            _ => UnitKind::Preamble,
        };
        self.plain(line, text, kind);
    }

    /// The line's label: in its text, or else its list marker.
    fn label(&self, line: &Line, text: &TextLine<'_>) -> Option<(Label, bool)> {
        let own = text.label.clone();
        let Some(marker) = line.marker else {
            return own.map(|l| (l, true));
        };
        match own {
            Some(l) if l.readings[0].0 != Scheme::Bullet => Some((l, true)),
            _ => {
                let written = format!("{} ", marker.slice(self.source));
                let mut readings = read_label(&written).map(|l| l.readings).unwrap_or_default();
                if let Some(first) = written.chars().next().filter(char::is_ascii_digit) {
                    debug_assert!(first.is_ascii_digit());
                    let n = written.trim_end_matches([' ', '.', ')']).parse().unwrap_or(1);
                    readings = vec![(Scheme::Decimal(1), n)];
                } else if readings.is_empty() {
                    readings = vec![(Scheme::Bullet, 0)];
                }
                Some((Label { readings, branch: 0, len: 0 }, false))
            }
        }
    }

    /// Which reading of a label fits what is open: the successor of an open ordinal, else a first one, else the first reading.
    fn choose(&self, label: &Label, depth: usize) -> Option<(Scheme, u32)> {
        let depth = depth.saturating_sub(1);
        let follows = |&&(scheme, n): &&(Scheme, u32)| {
            let open = self.stack.iter().rev().find(|o| o.scheme == scheme && o.depth == depth);
            open.is_some_and(|o| o.ordinal + 1 == n)
        };
        let first = label.readings.iter().find(follows);
        let first = first.or_else(|| label.readings.iter().find(|(_, n)| *n == 1));
        first.or(label.readings.first()).copied()
    }

    /// A list that says `1.` every time counts on, as Markdown shows it.
    fn counted(&self, reading: (Scheme, u32), depth: usize) -> (Scheme, u32) {
        let depth = depth.saturating_sub(1);
        let open = self.stack.iter().rev().find(|o| o.scheme == reading.0 && o.depth == depth);
        match open {
            Some(open) if reading.1 == 1 && open.written == 1 => (reading.0, open.ordinal.saturating_add(1)),
            _ => reading,
        }
    }

    /// Whether a label is really the middle of a sentence that a line break cut: a bare number or a letter after an unfinished line.
    fn runs_on(&self, reading: &(Scheme, u32), text: &str, before: Option<&TextLine<'_>>) -> bool {
        let bare = matches!(reading.0, Scheme::Decimal(1) | Scheme::Lower | Scheme::Upper | Scheme::Roman);
        let Some(before) = before else { return false };
        if !bare || self.units.is_empty() || self.stack.iter().any(|o| o.scheme == reading.0 && o.ordinal + 1 == reading.1) {
            return false;
        }
        let shown = before.text.trim_end();
        let open = shown.ends_with([',', '、']) || shown.ends_with(|c: char| c.is_ascii_lowercase());
        open && reading.1 != 1 && !text.is_empty() && self.units.last().is_some_and(|u| u.kind != UnitKind::Title)
    }

    fn labelled(&mut self, line: &Line, text: &TextLine<'_>, from: usize, reading: (Scheme, u32), branch: u32) {
        let (scheme, ordinal) = reading;
        let depth = line.depth.saturating_sub(1);
        self.untitled = false;
        let heading = matches!(line.kind, BlockKind::Heading(_));
        let is_article = match (scheme, self.regime) {
            (Scheme::Jo, _) => true,
            (Scheme::Article, _) => true,
            (Scheme::Section, Regime::Article) => false,
            (Scheme::Section, _) => true,
            (Scheme::Annex | Scheme::Chapter, _) => false,
            (Scheme::Bullet, _) => false,
            (_, Regime::Headings) => heading,
            (Scheme::Decimal(1), Regime::Decimal) => depth == 0 && !self.under_item(ordinal),
            _ => false,
        };
        if scheme != Scheme::Bullet {
            self.closing = false;
        }
        if self.closing {
            return self.plain(line, text, UnitKind::Closing);
        }
        let label_span = if from > 0 { text.slice(self.source, 0, from).map(|run| run.span).reduce(Span::join) } else { line.marker };
        let label = label_span.map(|span| UnitLabel { span, scheme, ordinal, branch });
        let kind = match scheme {
            _ if is_article => UnitKind::Article,
            Scheme::Annex => UnitKind::Annex,
            Scheme::Chapter => UnitKind::Heading,
            Scheme::Ko | Scheme::Decimal(_) | Scheme::Section => UnitKind::Paragraph,
            _ => UnitKind::Item,
        };
        let parent = if matches!(kind, UnitKind::Article | UnitKind::Annex | UnitKind::Heading) {
            self.stack.clear();
            None
        } else {
            self.parent_for(scheme, depth, ordinal)
        };
        let above = if is_article && self.japanese { self.caption_above(&text.text, from, heading) } else { None };
        let id = self.open(line, kind, label, parent);
        let written = if from > 0 { ordinal } else { self.written(line).unwrap_or(ordinal) };
        self.stack.push(Open { scheme, depth, ordinal, written, unit: id });
        let whole = text.text.len();
        match kind {
            UnitKind::Article => {
                self.annex = None;
                self.article = Some(id);
                self.units[id].article = Some(id);
                let (title, body) = split_title(&text.text, from, self.japanese, heading);
                self.units[id].title = self.pieces(text, title.0, title.1, false);
                self.units[id].text = self.pieces(text, body, whole, false);
                self.untitled = title.0 == title.1 && text.text[body.min(whole)..].trim().is_empty();
                if let Some((title, span)) = above {
                    self.units[id].title = title;
                    self.units[id].span = span.join(self.units[id].span);
                    self.untitled = false;
                }
            }
            UnitKind::Annex | UnitKind::Heading => {
                self.annex = (kind == UnitKind::Annex).then_some(id).or(self.annex);
                self.article = None;
                self.units[id].title = self.pieces(text, from, whole, false);
            }
            _ => self.units[id].text = self.pieces(text, from, whole, false),
        }
    }

    /// The number of a list marker as written.
    fn written(&self, line: &Line) -> Option<u32> {
        line.marker?.slice(self.source).trim_end_matches(['.', ')']).parse().ok()
    }

    /// Under `Regime::Decimal` a `1.` that starts below an item is that item's, not the contract's.
    fn under_item(&self, ordinal: u32) -> bool {
        let open = self.stack.first().is_some_and(|o| o.ordinal >= 1);
        let ended = || self.units.last().is_some_and(|u| visible_text(self.source, &u.text).ends_with(['.', '。']));
        // After a full stop the numbers begin again, as in a second part or a second contract.
        ordinal == 1 && open && !ended()
    }

    fn parent_for(&mut self, scheme: Scheme, depth: usize, ordinal: u32) -> Option<UnitId> {
        let key = |o: &Open| o.scheme == scheme && o.depth == depth;
        if let Some(i) = self.stack.iter().rposition(key) {
            // Siblings have one parent, and so one lead-in.
            let parent = self.units[self.stack[i].unit].parent;
            self.stack.truncate(i);
            return parent;
        } else if let Scheme::Decimal(n) = scheme {
            // 5.2 goes under 5, never under (a); a first paragraph that has no number is followed by 2.
            let keep = |o: &Open| matches!(o.scheme, Scheme::Decimal(m) if m < n && o.depth <= depth) || is_article_scheme(o.scheme);
            if n > 1 || ordinal > 1 {
                while self.stack.last().is_some_and(|o| !keep(o)) {
                    self.stack.pop();
                }
            }
        }
        while self.stack.last().is_some_and(|o| o.depth > depth) {
            self.stack.pop();
        }
        let top = self.stack.last().map(|o| o.unit);
        if ordinal > 1 && matches!(scheme, Scheme::Decimal(_)) {
            return top.or(self.article);
        }
        // Items hang on the paragraph that leads them in, where the last one under the same unit has no number of its own.
        let anchor = top.or(self.article);
        match self.lead {
            Some(l) if self.units[l].label.is_none() && self.units[l].parent == anchor && !self.units[l].text.is_empty() => Some(l),
            _ => anchor,
        }
    }

    /// Whether an unlabelled line goes on with the unit before it.
    fn joins(&self, line: &Line, shown: &str, same_block: bool) -> bool {
        let Some(last) = self.units.last() else { return false };
        if matches!(last.kind, UnitKind::Title | UnitKind::Cell | UnitKind::Closing | UnitKind::Heading) || line.marker.is_some() {
            return false;
        }
        let tail = last.text.last().map(|p| p.run.text(self.source).trim_end());
        let Some(tail) = tail.filter(|t| !t.is_empty()) else {
            // An article whose own line was only its heading: the text below is a paragraph of it.
            return false;
        };
        // The heading of the article that follows.
        if self.japanese
            && shown.starts_with(['（', '('])
            && shown.ends_with(['）', ')'])
            && !shown.contains('。')
            && shown.chars().count() <= 32
            && !tail.ends_with('、')
        {
            return false;
        }
        let proviso = words::begins(shown, &words::PROVISO_OPENERS);
        let ended = tail.ends_with(['。', '.', ';', ':', '：', '；', '」', '”']);
        if same_block {
            // Lines of one block: a sentence a line is a paragraph a line, anything else is one text.
            return !ended || proviso || last.label.is_some();
        }
        let mut lengths = last.text.iter().scan(0, |all, p| {
            *all += p.run.text(self.source).len();
            Some(*all)
        });
        let mut long = || lengths.any(|all| all > 60);
        let word = tail.rsplit(' ').next().unwrap_or("");
        let unfinished = words::UNFINISHED.contains(&word) || tail.ends_with(|c: char| c.is_ascii_lowercase()) && long() && !is_caption(shown);
        let cut = !self.japanese && unfinished;
        proviso && self.japanese || !ended && (shown.starts_with(|c: char| c.is_ascii_lowercase()) || tail.ends_with(['、', ',']) || cut)
    }

    /// A signature block without a closing formula: the party's name above its first line belongs to it.
    fn close_signatures(&mut self) {
        self.closing = true;
        self.stack.clear();
        for unit in self.units.iter_mut().rev() {
            let text = visible(self.source, &unit.text);
            let capitals = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
            let last = text.rsplit([' ', ',']).next().unwrap_or("").trim_end_matches('.').to_lowercase();
            let firm = words::ABBREVIATIONS.contains(&last.as_str());
            let short = text.chars().count() <= if capitals { 120 } else { 60 };
            let name = unit.label.is_none() && unit.kind == UnitKind::Paragraph && short && (firm || !text.ends_with(['。', '.', ';', ':']));
            let company = unit.label.is_none() && unit.kind == UnitKind::Paragraph && text.len() <= 60 && text.contains(':') && !text.ends_with(':');
            // What announces the signatures: "Accepted:".
            let announces = unit.label.is_none() && unit.kind == UnitKind::Paragraph && text.ends_with([':', '：']) && text.chars().count() <= 40;
            if !name && !company && !announces {
                break;
            }
            (unit.kind, unit.article, unit.parent) = (UnitKind::Closing, None, None);
        }
    }

    /// The bracketed line before an article without a heading of its own, taken from where it was put: statutes set headings so.
    fn caption_above(&mut self, text: &str, from: usize, heading: bool) -> Option<(Vec<Piece>, Span)> {
        let (title, _) = split_title(text, from, true, heading);
        let last = self.units.last().filter(|u| matches!(u.kind, UnitKind::Paragraph | UnitKind::Preamble) && u.label.is_none())?;
        let [piece] = &last.text[..] else { return None };
        let shown = piece.run.text(self.source);
        let inner = shown.trim().strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
        if title.0 != title.1 || piece.run.shows.is_some() || inner.contains(['（', '(', '。']) || inner.chars().count() > 30 {
            return None;
        }
        let start = piece.run.span.start + shown.find(inner)?;
        let run = Run { span: Span::new(start, start + inner.len()), shows: None };
        let span = last.span;
        self.units.pop();
        self.lead = None;
        Some((vec![Piece { run, after_break: false }], span))
    }

    fn plain(&mut self, line: &Line, text: &TextLine<'_>, kind: UnitKind) {
        if kind == UnitKind::Paragraph {
            // Text that carries no number ends the items before it and belongs to the article.
            while self.stack.last().is_some_and(|o| !is_article_scheme(o.scheme) && Some(o.unit) != self.article) {
                self.stack.pop();
            }
        }
        let parent = match kind {
            UnitKind::Paragraph | UnitKind::Cell => self.article,
            UnitKind::Annex => self.annex,
            _ => None,
        };
        let id = self.open(line, kind, None, parent);
        self.units[id].text = self.pieces(text, 0, text.text.len(), false);
    }

    fn open(&mut self, line: &Line, kind: UnitKind, label: Option<UnitLabel>, parent: Option<UnitId>) -> UnitId {
        let article = match kind {
            UnitKind::Title | UnitKind::Preamble | UnitKind::Closing | UnitKind::Heading | UnitKind::Annex => None,
            _ => self.article,
        };
        self.units.push(Unit {
            kind,
            label,
            parent,
            article,
            title: Vec::new(),
            text: Vec::new(),
            span: line.span(),
            block: line.block,
            last_block: line.block,
        });
        if !matches!(kind, UnitKind::Item | UnitKind::Cell) {
            self.lead = Some(self.units.len() - 1);
        }
        self.units.len() - 1
    }

    /// Whether the article's heading, on a line of its own without brackets, was the front of a sentence: the next line of its
    /// paragraph begins with a particle.
    fn title_goes_on(&self, shown: &str) -> bool {
        let Some(unit) = self.units.last().filter(|u| u.kind == UnitKind::Article && u.label.is_some() && u.text.is_empty()) else { return false };
        let Some(first) = unit.title.first() else { return false };
        let bracketed = self.source[..first.run.span.start].ends_with(['（', '(', '【', '［', '[', '「']);
        !bracketed && shown.starts_with(['を', 'が', 'に', 'の', 'は']) && !shown.starts_with("はじめ")
    }

    fn extend(&mut self, unit: UnitId, line: &Line) {
        let unit = &mut self.units[unit];
        unit.span = unit.span.join(line.span());
        unit.last_block = line.block;
    }

    fn pieces(&self, text: &TextLine<'_>, from: usize, to: usize, after_break: bool) -> Vec<Piece> {
        let mark = |(i, run)| Piece { run, after_break: after_break && i == 0 };
        text.slice(self.source, from, to).enumerate().map(mark).collect()
    }
}

fn is_article_scheme(scheme: Scheme) -> bool {
    matches!(scheme, Scheme::Jo | Scheme::Article)
}

fn regime(lines: &[Line], texts: &[TextLine<'_>], language: Language) -> Regime {
    let (mut jo, mut article, mut section, mut headings, mut decimal, mut captions) = (0, 0, 0, 0, 0, 0);
    let mut last_block = usize::MAX;
    for (i, (line, text)) in lines.iter().zip(texts).enumerate() {
        let heading = matches!(line.kind, BlockKind::Heading(_));
        headings += usize::from(heading && i > 0);
        match text.label.as_ref().map(|l| l.readings[0].0) {
            Some(Scheme::Jo) => jo += 1,
            Some(Scheme::Article) => article += 1,
            Some(Scheme::Section) => section += 1,
            Some(Scheme::Decimal(1)) if line.depth == 0 => decimal += 1,
            None if line.marker.is_some_and(|m| m.len() > 1) && line.depth == 1 => decimal += 1,
            None if line.block != last_block && is_caption(text.text.trim()) => captions += 1,
            _ => {}
        }
        last_block = line.block;
    }
    let several = |n: usize| n >= 2;
    match () {
        () if jo >= 1 => Regime::Jo,
        () if several(article) => Regime::Article,
        () if several(section) => Regime::Section,
        () if headings >= 3 => Regime::Headings,
        () if several(decimal) => Regime::Decimal,
        () if captions >= 4 && language != Language::Ja => Regime::Captions,
        () if headings >= 1 => Regime::Headings,
        () => Regime::None,
    }
}

/// The bytes of a heading inside its brackets, or all of it.
fn unbracketed(text: &str) -> (usize, usize) {
    let trimmed = text.trim();
    let start = text.len() - text.trim_start().len();
    let inner = trimmed.strip_prefix(['（', '(', '【', '［', '[']).and_then(|t| t.strip_suffix(['）', ')', '】', '］', ']']));
    match inner {
        Some(inner) if !inner.contains(['（', '(']) => {
            let open = trimmed.chars().next().map_or(0, char::len_utf8);
            (start + open, start + open + inner.len())
        }
        _ => (start, start + trimmed.len()),
    }
}

/// Splits what follows an article's label into its heading and its text: (heading bytes, first byte of the text).
fn split_title(text: &str, from: usize, japanese: bool, heading: bool) -> ((usize, usize), usize) {
    let rest = &text[from..];
    let lead = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '．' | '：' | '-' | '–' | '—' | '*')).len();
    let start = from + lead;
    let rest = &text[start..];
    let shown = rest.trim_end_matches(|c: char| c.is_whitespace() || c == '*');
    let none = ((start, start), start);
    if shown.is_empty() {
        return none;
    }
    if let Some(open) = shown.chars().next().filter(|c| matches!(c, '（' | '(' | '【' | '［' | '[' | '「')) {
        let end = shown.find(['）', ')', '】', '］', ']', '」']).unwrap_or(shown.len());
        let close = shown[end..].chars().next().map_or(0, char::len_utf8);
        if shown[..end].chars().count() <= 60 {
            return ((start + open.len_utf8(), start + end), start + end + close);
        }
    }
    if heading {
        return ((start, start + shown.len()), text.len());
    }
    if japanese && shown.chars().any(is_cjk) {
        // A subject with its comma begins a sentence, wherever the line is wrapped.
        if shown.chars().count() <= 30 && !shown.contains('。') && !shown.contains("は、") {
            return ((start, start + shown.len()), text.len());
        }
        if let Some(gap) = shown.find(['\u{3000}', ' '])
            && shown[..gap].chars().count() <= 15
            && !shown[..gap].contains(['、', '。'])
        {
            return ((start, start + gap), start + gap);
        }
        return none;
    }
    // A run-in heading: "CONFIDENTIALITY. The Supplier shall …"
    for (i, c) in shown.char_indices().take(90) {
        let after = shown[i + c.len_utf8()..].starts_with(' ');
        if matches!(c, '.' | ':') && after && is_headline(&shown[..i]) {
            return ((start, start + i), start + i + c.len_utf8());
        }
    }
    let short = shown.split_whitespace().count() <= 5 && !shown.ends_with(['.', ',', ';', ':']);
    if shown.len() <= 90 && (short || is_headline(shown.trim_end_matches('.'))) {
        return ((start, start + shown.len()), text.len());
    }
    none
}

/// English words that read as a heading: nearly every long word is capitalised.
fn is_headline(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| w.len() > 3 && w.starts_with(|c: char| c.is_alphabetic()));
    let (mut upper, mut all) = (0, 0);
    for word in words {
        all += 1;
        upper += usize::from(word.starts_with(|c: char| c.is_uppercase()));
    }
    all > 0 && upper * 3 >= all * 2 && text.split_whitespace().count() <= 12 || (all == 0 && !text.trim().is_empty() && text.len() <= 12)
}

/// A page number and nothing else: `7`, `- 7 -`, `Page 7 of 12`, `7/12`.
fn is_page_number(text: &str) -> bool {
    if text.len() > 20 {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | '—' | ' ' | '/' | '\u{c}'));
    digits > 0
        && digits <= 6
        && (rest.is_empty() || rest.eq_ignore_ascii_case("page") || rest.eq_ignore_ascii_case("of") || {
            let lower = rest.to_ascii_lowercase();
            lower.starts_with("page ") && lower.trim_start_matches("page ").trim_matches(|c: char| c.is_ascii_digit() || c == ' ') == "of"
        })
}

/// A line of a signature block.
fn is_signature(text: &str) -> bool {
    let short = || text.chars().count() <= 50 && !text.ends_with(['。', ';']);
    let date = || {
        let digits: usize = text
            .chars()
            .take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c) || matches!(c, '○' | '〇' | '　' | ' ' | 'X'))
            .map(char::len_utf8)
            .sum();
        text[digits..].starts_with('年') && text.contains('月') && text.chars().count() <= 20
    };
    let signature = text.len() <= 80 && (text.ends_with("Signature") || text.ends_with("(Signature)") || text.ends_with("signature"));
    let line = || memchr::memmem::find(text.as_bytes(), b"________").is_some() && text.chars().filter(|c| c.is_alphanumeric()).count() <= 40;
    signature || text.len() <= 200 && short() && (date() || words::begins(text, &words::SIGNATURES)) || line()
}

fn is_caption(text: &str) -> bool {
    text.len() <= 70 && text.len() >= 4 && !text.ends_with(['.', ',', ';', ':', '_']) && !text.contains(['_', '"', '“']) && text.is_ascii() && is_headline(text)
}

fn is_title(text: &str, japanese: bool) -> bool {
    let limit = if japanese { 40 } else { 120 };
    text.chars().count() <= limit && !text.contains('。') && !text.ends_with([',', ';', '、'])
}

fn is_short_title(text: &str, japanese: bool) -> bool {
    let bracketed = text.starts_with(['（', '(', '【']) && text.ends_with(['）', ')', '】']);
    if japanese && text.chars().any(is_cjk) {
        return text.chars().count() <= 40 && !text.contains('。') && !text.ends_with('、') && (bracketed || text.chars().count() <= 25);
    }
    bracketed || (text.len() <= 90 && is_headline(text) && !text.ends_with([',', ';']))
}

#[cfg(test)]
mod tests;
