//! Floor 5: the draft as searchable statements.
//!
//! Widths, line breaks and stray emphasis are folded away; a statement is a sentence as a lawyer reads it, joined with the lead-in
//! that governs it and the provisos that narrow it. The map back to the source is exact.

mod sentence;
mod table;

use crate::outline::{Draft, Piece, UnitId, UnitKind, words};
use crate::span::{FoldedSpan, Span};
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::OnceLock;

pub(crate) use sentence::ends as sentence_ends;
pub(crate) use table::{cluster, is_cjk};

/// A lead-in longer than this (in folded bytes) is cut from its front, so that deep lists cost linear time.
const LONGEST_LEAD: usize = 1200;

/// A stretch of folded text and the source it came from.
#[derive(Clone, Copy, Debug)]
struct Segment {
    folded: usize,
    source: usize,
    /// Source bytes. As many as the folded ones where the two are the same text.
    len: usize,
    same: bool,
}

/// A sentence as a lawyer reads it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Statement {
    /// The unit it stands in.
    pub unit: UnitId,
    /// The article (or heading) that unit stands in.
    pub article: Option<UnitId>,
    /// Its own text: the sentence and its provisos.
    pub body: FoldedSpan,
    /// Ends of the sentences in `body`.
    pub sentences: Vec<usize>,
    /// What is read before it: the lead-in, or the part of it before 「次の行為」.
    pub before: Vec<FoldedSpan>,
    /// What is read after its first sentence: the rest of a Japanese lead-in.
    pub after: Vec<FoldedSpan>,
    /// Whether it names a subject and says nothing of it: a caption, or a line of a table of contents.
    pub caption: bool,
}

/// The heading of an article.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Heading {
    /// The article.
    pub unit: UnitId,
    /// Its heading, folded.
    pub text: FoldedSpan,
}

/// A folded draft.
#[derive(Clone, Debug)]
pub struct Folded {
    text: String,
    segments: Vec<Segment>,
    statements: Vec<Statement>,
    headings: Vec<Heading>,
}

impl Folded {
    /// Folds a draft. Costs linear time in its text.
    pub fn new(draft: &Draft) -> Folded {
        let mut folder = Folder::default();
        let mut headings = Vec::new();
        let mut texts: Vec<FoldedSpan> = Vec::with_capacity(draft.units().len());
        for (id, unit) in draft.units().iter().enumerate() {
            let title = folder.pieces(draft.source().text(), &unit.title);
            if !title.is_empty() {
                headings.push(Heading { unit: id, text: title });
            }
            texts.push(folder.pieces(draft.source().text(), &unit.text));
        }
        let statements = statements(draft, &folder.text, &texts);
        Folded { text: folder.text, segments: folder.segments, statements, headings }
    }

    /// The folded text; units are separated by line breaks, which no pattern can cross.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The statements, in the order of the draft.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The headings, in the order of the draft.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Where a folded range stands in the source: the smallest source range on character boundaries that shows it.
    pub fn source_span(&self, span: FoldedSpan) -> Span {
        if span.is_empty() {
            let at = self.segment(span.start).map_or(0, |s| s.source);
            return Span::new(at, at);
        }
        let (Some(first), Some(last)) = (self.segment(span.start), self.segment(span.end - 1)) else {
            return Span::new(0, 0);
        };
        let start = if first.same { first.source + (span.start - first.folded) } else { first.source };
        let end = if last.same { last.source + (span.end - last.folded) } else { last.source + last.len };
        Span::new(start, end)
    }

    fn segment(&self, at: usize) -> Option<&Segment> {
        let i = self.segments.partition_point(|s| s.folded <= at);
        self.segments.get(i.checked_sub(1)?)
    }

    /// The text of a statement as it is read: lead-in, sentence, rest of the lead-in, provisos.
    pub fn read(&self, statement: &Statement) -> String {
        let mut parts = Vec::new();
        self.parts(statement, &mut parts);
        let mut out = String::new();
        for part in parts {
            let piece = part.slice(&self.text);
            glue(&mut out, piece);
            out.push_str(piece);
        }
        out
    }

    /// Which bytes of [`Folded::read`] are the statement's own words, not those of its lead-in: from the first to the last of them.
    pub fn own_words(&self, statement: &Statement) -> std::ops::Range<usize> {
        let mut parts = Vec::new();
        self.parts(statement, &mut parts);
        let mut out = String::new();
        let (mut start, mut end) = (usize::MAX, 0);
        for part in parts {
            let piece = part.slice(&self.text);
            glue(&mut out, piece);
            let at = out.len();
            out.push_str(piece);
            if statement.body.start <= part.start && part.end <= statement.body.end {
                start = start.min(at);
                // The rest of a lead-in stands between an item and the item's own provisos.
                end = if start == at { out.len() } else { end };
            }
        }
        start.min(end)..end
    }

    /// The folded ranges a statement is read from, in reading order.
    pub(crate) fn parts(&self, statement: &Statement, out: &mut Vec<FoldedSpan>) {
        out.clear();
        if statement.before.is_empty() && statement.after.is_empty() {
            out.push(statement.body);
            return;
        }
        out.extend(&statement.before);
        let first = statement.sentences.first().copied().unwrap_or(statement.body.end);
        let mut own = FoldedSpan::new(statement.body.start, first);
        if !statement.after.is_empty() {
            // A noun-final item may still end in 。; read inside its lead-in it does not.
            let text = own.slice(&self.text);
            own.end -= text.len() - text.trim_end_matches(['。', '.', ' ', '、', ';', ',']).len();
        }
        out.push(own);
        out.extend(&statement.after);
        if first < statement.body.end {
            out.push(FoldedSpan::new(first, statement.body.end));
        }
    }
}

/// A space between two parts, where the language of their edges wants one.
pub(crate) fn glue(out: &mut String, next: &str) {
    let (Some(a), Some(b)) = (out.chars().next_back(), next.chars().next()) else { return };
    if !is_cjk(a) && !is_cjk(b) && a != ' ' && b != ' ' {
        out.push(' ');
    }
}

/// Folds a text by itself, as patterns are folded.
pub fn fold_text(text: &str) -> String {
    if table::plain_run(text) == text.len() {
        return text.to_owned();
    }
    let once = |text: &str| {
        let mut folder = Folder::default();
        folder.run(text, 0);
        folder.text.trim().to_owned()
    };
    // A mark that folds to a space and itself (ﹰ) joins what stands before that space only when it is read again.
    once(&once(text))
}

#[derive(Default)]
struct Folder {
    text: String,
    segments: Vec<Segment>,
    /// A space is due before the next visible character: where it stands in the source and its length.
    space: Option<(usize, usize)>,
    /// Start of the piece being folded.
    begun: usize,
}

impl Folder {
    fn pieces(&mut self, source: &str, pieces: &[Piece]) -> FoldedSpan {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            let end = self.segments.last().map_or(0, |s| s.source + s.len);
            self.segments.push(Segment { folded: self.text.len(), source: end, len: 0, same: false });
            self.text.push('\n');
        }
        self.begun = self.text.len();
        self.space = None;
        for piece in pieces {
            if piece.after_break {
                self.line_break(piece.run.span.start, piece.run.text(source));
            }
            match &piece.run.shows {
                None => self.run(piece.run.span.slice(source), piece.run.span.start),
                Some(shows) => {
                    let (start, len) = (self.text.len(), piece.run.span.len());
                    let kept = self.segments.len();
                    self.run(shows, piece.run.span.start);
                    // Whatever an entity shows stands for the whole of it.
                    self.segments.truncate(kept);
                    self.space = self.space.map(|_| (piece.run.span.end, 0));
                    if self.text.len() > start {
                        self.segments.push(Segment { folded: start, source: piece.run.span.start, len, same: false });
                    }
                }
            }
        }
        FoldedSpan::new(self.begun, self.text.len())
    }

    /// A line break inside a text: nothing after a hyphen that splits a word, else a space.
    fn line_break(&mut self, at: usize, next: &str) {
        let tail = &self.text[self.begun..];
        let word = tail.strip_suffix('-').map(|t| t.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or(""));
        let splits = word.is_some_and(|w| w.len() >= 2 && !matches!(w.to_ascii_lowercase().as_str(), "non" | "self" | "third" | "co" | "sub" | "pre"));
        if splits && next.trim_start().starts_with(|c: char| c.is_ascii_lowercase()) {
            self.text.pop();
            if let Some(last) = self.segments.last_mut() {
                last.len = last.len.saturating_sub(1);
            }
            if self.segments.last().is_some_and(|s| s.folded >= self.text.len()) {
                self.segments.pop();
            }
            self.space = None;
        } else if word.is_none() {
            self.space = self.space.or(Some((at, 0)));
        }
    }

    fn run(&mut self, text: &str, source: usize) {
        let mut at = 0;
        let mut piece = String::new();
        while at < text.len() {
            let rest = &text[at..];
            let plain = table::plain_run(rest);
            if plain > 0 {
                self.settle_space(rest);
                self.push(&rest[..plain], source + at, plain, true);
                at += plain;
                continue;
            }
            // Emphasis marks that CommonMark leaves standing beside Japanese punctuation.
            let underscores = rest.starts_with("__") && !rest.starts_with("___") && rest[2..].starts_with(is_cjk) && !self.text[self.begun..].ends_with('_');
            if rest.starts_with("**") || underscores {
                let stars = rest.len() - rest.trim_start_matches('*').len();
                at += stars.max(2);
                continue;
            }
            let before = self.text[self.begun..].chars().next_back();
            piece.clear();
            let len = table::cluster(rest, before, &mut piece);
            if piece == " " || rest.starts_with(['\n', '\r']) {
                self.space = self.space.or(Some((source + at, len)));
                at += len;
                continue;
            }
            if !piece.is_empty() {
                self.settle_space(&piece);
                self.push(&piece, source + at, len, piece == rest[..len]);
            }
            at += len.max(1);
        }
    }

    /// Writes the space that is due, unless it stands at an edge or beside a character that is written without spaces.
    fn settle_space(&mut self, next: &str) {
        let Some((at, len)) = self.space.take() else { return };
        let before = self.text[self.begun..].chars().next_back();
        let (Some(a), Some(b)) = (before, next.chars().next()) else { return };
        if !is_cjk(a) && !is_cjk(b) {
            self.push(" ", at, len, len == 1);
        }
    }

    fn push(&mut self, piece: &str, source: usize, len: usize, same: bool) {
        let folded = self.text.len();
        self.text.push_str(piece);
        if let Some(last) = self.segments.last_mut() {
            let adjoins = last.same && same && last.source + last.len == source && last.folded + last.len == folded && last.folded >= self.begun;
            if adjoins {
                last.len += len;
                return;
            }
        }
        self.segments.push(Segment { folded, source, len, same });
    }
}

/// A lead-in as it is read around an item.
#[derive(Clone, Default)]
struct Lead {
    before: Vec<FoldedSpan>,
    after: Vec<FoldedSpan>,
}

fn statements(draft: &Draft, text: &str, texts: &[FoldedSpan]) -> Vec<Statement> {
    let units = draft.units();
    let mut out = Vec::new();
    // The lead each unit gives to its children, made when the unit is read; parents come before children.
    let mut leads: Vec<Option<Lead>> = Vec::with_capacity(units.len());
    // That of items without a number, for the next of them.
    let mut bare: Option<Lead> = None;
    for (id, unit) in units.iter().enumerate() {
        let own = texts[id];
        bare = id.checked_sub(1).filter(|_| unit.kind == UnitKind::Paragraph && unit.label.is_none()).and_then(|before| {
            let shown = texts[before].slice(text);
            let near = units[before].article == unit.article && units[before].kind != UnitKind::Title;
            if near && shown.ends_with(':') {
                return leads[before].clone();
            }
            let goes_on = units[before].last_block == unit.block || [";", "; or", "; and", ","].iter().any(|end| shown.ends_with(end));
            bare.take().filter(|_| near && goes_on)
        });
        let lead = match (unit.kind, unit.parent) {
            (UnitKind::Item | UnitKind::Paragraph, Some(parent)) if unit.label.is_some() && parent < id => leads[parent].clone().unwrap_or_default(),
            _ => bare.clone().unwrap_or_default(),
        };
        let ends = sentence::ends(own.slice(text));
        let mut start = own.start;
        let first = out.len();
        for end in ends {
            let end = own.start + end;
            let body = trimmed(text, FoldedSpan::new(start, end));
            start = end;
            if body.is_empty() {
                continue;
            }
            let proviso = out.len() > first && sentence::is_proviso(body.slice(text));
            if let Some(last) = out.last_mut().filter(|last: &&mut Statement| proviso && !last.caption) {
                last.body.end = body.end;
                last.sentences.push(body.end);
                continue;
            }
            let lead = if out.len() == first { lead.clone() } else { Lead::default() };
            let caption = lead.before.is_empty() && lead.after.is_empty() && is_caption(body.slice(text));
            out.push(Statement { unit: id, article: unit.article, body, sentences: vec![body.end], before: lead.before, after: lead.after, caption });
        }
        // What has no number leads by itself: how deep it stands cannot be told.
        let outer = if bare.is_some() { Lead::default() } else { lead };
        let given = out[first..].last().and_then(|s| lead_of(text, s, &outer));
        leads.push(given);
    }
    out
}

/// Whether a sentence without a pointer is left open for the items below it.
fn leads(sentence: &str) -> bool {
    let open = sentence.ends_with([':', ',', ';', '-', '、']);
    if !sentence.is_ascii() && sentence.contains(is_cjk) {
        return open || sentence.ends_with(['は', 'が', 'を', 'に']);
    }
    if sentence.ends_with('.') {
        return sentence.to_ascii_lowercase().contains("following");
    }
    // A caption is not a lead-in: "Term and Termination".
    open || sentence.split(' ').nth(3).is_some() && sentence.ends_with(|c: char| c.is_ascii_lowercase())
}

/// A table of contents may stand in one line; what is longer than this (in bytes) is taken for text.
const LONGEST_CAPTION: usize = 300;

/// Whether an English sentence is a caption: every word that carries meaning is written large, and none of them is a verb of drafting.
fn is_caption(text: &str) -> bool {
    if text.len() > LONGEST_CAPTION || !text.is_ascii() || text.ends_with([';', ',', '-']) || text.trim_end_matches(':').contains([':', '"', '_', '[']) {
        return false;
    }
    let is_word = |w: &&str| w.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut words = text.split(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')' | '/' | ',' | '.')).filter(is_word).peekable();
    words.peek().is_some() && words.all(|w| if w.starts_with(|c: char| c.is_ascii_uppercase()) { !words::says(w) } else { words::joins(w) })
}

fn trimmed(text: &str, span: FoldedSpan) -> FoldedSpan {
    let shown = span.slice(text);
    let start = span.start + (shown.len() - shown.trim_start().len());
    FoldedSpan::new(start, start + shown.trim().len())
}

/// The lead-in that a unit's last statement is to the items below it, if it reads as one.
fn lead_of(text: &str, statement: &Statement, own: &Lead) -> Option<Lead> {
    let shown = statement.body.slice(text);
    let mut lead = Lead { before: own.before.clone(), after: own.after.clone() };
    let at = |i: usize| statement.body.start + i;
    if let Some((from, to)) = pointer(shown) {
        // 。 at the very end would cut the reading short of the outer lead-in.
        lead.before.push(FoldedSpan::new(at(0), at(from)));
        lead.after.insert(0, FoldedSpan::new(at(to), statement.body.end));
    } else if !leads(shown) {
        return None;
    } else {
        lead.before.push(statement.body);
    }
    for side in [&mut lead.before, &mut lead.after] {
        side.retain(|s| !s.is_empty());
        let mut room = LONGEST_LEAD;
        side.retain(|s| {
            let fits = s.len() <= room;
            room = room.saturating_sub(s.len());
            fits
        });
    }
    Some(lead)
}

/// Where a Japanese lead-in points at its items: 乙は、「次の各号に掲げる行為」をしてはならない.
fn pointer(sentence: &str) -> Option<(usize, usize)> {
    static POINTERS: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    if sentence.is_ascii() {
        return None;
    }
    // The first pointer, the longest where several begin there.
    let pointers = POINTERS.get_or_init(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words::POINTERS).ok());
    let found = pointers.as_ref()?.find(sentence)?;
    let (from, word) = (found.start(), words::POINTERS[found.pattern().as_usize()]);
    let rest = &sentence[from + word.len()..];
    let clause = rest.find(['を', '、', '。']).unwrap_or(rest.len());
    let window: usize = rest[..clause].chars().take(30).map(char::len_utf8).sum();
    // The noun that is the topic (次に該当する情報は、), else the last one.
    let ends = |n: &str| rest[..window].match_indices(n).map(move |(i, n)| i + n.len()).collect::<Vec<_>>();
    let topic = words::POINTED.iter().flat_map(|n| ends(n)).filter(|end| words::TOPICS.iter().any(|t| rest[*end..].starts_with(t))).min();
    let end = topic.or_else(|| words::POINTED.iter().filter_map(|n| rest[..window].rfind(n).map(|i| i + n.len())).max());
    match end {
        Some(end) => Some((from, from + word.len() + end)),
        None => word.ends_with("各号").then_some((from, from + word.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceText;

    fn read(text: &str) -> Vec<String> {
        let folded = Folded::new(&Draft::parse(SourceText::new("t", text)));
        folded.statements().iter().map(|s| folded.read(s)).collect()
    }

    #[test]
    fn a_lead_in_is_read_around_its_noun_items() {
        let text = "第1条（禁止）\n乙は、次の各号に掲げる行為をしてはならない。\n（1）秘密情報の複製\n（2）試作品の分解。";
        assert_eq!(
            read(text),
            ["乙は、次の各号に掲げる行為をしてはならない。", "乙は、秘密情報の複製をしてはならない。", "乙は、試作品の分解をしてはならない。"]
        );
    }

    #[test]
    fn a_lead_in_points_with_its_topic() {
        let text = "第1条（除外）\n次に該当する情報は、秘密情報から除外されるものとする。\n（1）公知の情報\n";
        assert_eq!(read(text)[1], "公知の情報は、秘密情報から除外されるものとする。");
        let text = "第1条（除外）\n次に該当する情報は秘密情報から除外されるものとする。\n（1）公知の情報\n";
        assert_eq!(read(text)[1], "公知の情報は秘密情報から除外されるものとする。");
    }

    #[test]
    fn a_lead_in_is_read_before_items_without_numbers() {
        let text = "3. Duties\n\nThe Recipient agrees to:\n\nKeep the drawings secret.\nReturn them when asked.\n\nThe fee is due.\n\n4. Rest\n\nSecret is not what:\n\nis public;\n\nis found alone.\n\nThat is all.";
        let read = read(text);
        for wanted in [
            "The Recipient agrees to: Keep the drawings secret.",
            "The Recipient agrees to: Return them when asked.",
            "The fee is due.",
            "Secret is not what: is public;",
            "Secret is not what: is found alone.",
            "That is all.",
        ] {
            assert!(read.iter().any(|s| s == wanted), "{wanted}: {read:?}");
        }
    }

    #[test]
    fn an_english_lead_in_comes_first() {
        let text = "1. USE. Supplier shall not:\n\n(a) copy the Information; or\n\n(b) disclose it.\n\n2. TERM. One year.";
        assert_eq!(read(text)[1..3], ["Supplier shall not: copy the Information; or", "Supplier shall not: disclose it."]);
    }

    #[test]
    fn nested_lead_ins_nest() {
        let text = "1. END. Buyer may terminate if:\n\n(a) Supplier:\n\n(i) merges; or\n\n(ii) is sold.\n\n2. X. Y.";
        assert!(read(text).contains(&"Buyer may terminate if: Supplier: merges; or".to_owned()), "{:?}", read(text));
    }

    #[test]
    fn a_proviso_belongs_to_its_sentence() {
        let text = "第1条（再委託）\n乙は再委託してはならない。ただし、甲が承諾したときは、この限りでない。甲は支払う。";
        assert_eq!(read(text), ["乙は再委託してはならない。ただし、甲が承諾したときは、この限りでない。", "甲は支払う。"]);
    }

    #[test]
    fn broken_words_and_stray_marks_close_up() {
        assert_eq!(read("第1条\n（秘密）\n乙は、**「秘密情報」**を複\n製しない。")[0], "乙は、「秘密情報」を複製しない。");
        assert_eq!(read("1. A. B.\n\n2. X. The confiden-\ntial information\nis kept.")[1], "The confidential information is kept.");
        assert!(read("1. A. B.\n\n2. X. The non-\ndisclosure duty.")[1].contains("non-disclosure"));
    }

    #[test]
    fn a_caption_says_nothing() {
        let captions = |text: &str| {
            let folded = Folded::new(&Draft::parse(SourceText::new("t", text)));
            folded.statements().iter().filter(|s| s.caption).map(|s| folded.read(s)).collect::<Vec<_>>()
        };
        assert_eq!(captions("Assignment of this Agreement. Buyer shall pay."), ["Assignment of this Agreement."]);
        assert_eq!(captions("Assignment. Except as agreed, neither party may assign."), ["Assignment."]);
        assert_eq!(captions("11.1 For Convenience 11.2 For Cause 11.3 Following Change in Control of Customer").len(), 1);
        assert!(captions("NEITHER PARTY SHALL ASSIGN THIS AGREEMENT. Confidentiality: five years. Buyer Pays.").is_empty());
        assert!(captions("1. A. Buyer may terminate upon:\n\n(a) Change of Control\n\n2. B. Buyer pays.").iter().all(|c| !c.contains("Control")));
    }

    #[test]
    fn a_space_inside_code_maps_to_the_source() {
        let text = "```（１）> ```1. 甲";
        let folded = Folded::new(&Draft::parse(SourceText::new("t", text)));
        for (i, c) in folded.text().char_indices() {
            let span = folded.source_span(FoldedSpan::new(i, i + c.len_utf8()));
            assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        }
    }

    #[test]
    fn the_map_leads_back_to_the_source() {
        let text = "第１条（ﾘﾊﾞｰｽ）\n乙は、秘密情報 を&amp;複\n製しない。";
        let draft = Draft::parse(SourceText::new("t", text));
        let folded = Folded::new(&draft);
        for needle in ["秘密情報", "複製", "&", "を&複"] {
            let at = folded.text().find(needle).unwrap();
            let span = folded.source_span(FoldedSpan::new(at, at + needle.len()));
            assert!(fold_text(&span.slice(text).replace("&amp;", "&").replace('\n', "")).contains(needle), "{needle}: {}", span.slice(text));
        }
        let at = folded.text().find("リバース").unwrap();
        assert_eq!(folded.source_span(FoldedSpan::new(at, at + 12)).slice(text), "ﾘﾊﾞｰｽ");
    }
}
