//! The report for people: a frame for each finding, then every requirement with its outcome. Not a stable format.
//!
//! Colours are ANSI sequences; whoever prints the report strips them where they are not wanted.

use super::frame::{clean, fit, fit_end, mark, pad, width, wrap};
use super::words::{Words, fill, words};
use super::{Bundle, Document, OUTCOMES, Positions, Tally};
use crate::assess::{Assessment, Outcome};
use crate::library::Severity;
use crate::outline::Language;
use crate::provision::Evidence;
use crate::review::Finding;
use crate::suggest::Suggestion;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// How to show a report.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Columns a line may have.
    pub width: usize,
    /// Whether notes are shown as errors and warnings are, with their place and text; else each has a line.
    pub full: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { width: 100, full: false }
    }
}

const DIM: Style = AnsiColor::Blue.on_default().bold();
const BOLD: Style = Style::new().bold();
const PLUS: Style = AnsiColor::Green.on_default();

/// Places shown with their text for one finding; the others are named.
const MOST_PLACES: usize = 3;
/// Columns of a passage that is quoted in a line.
const QUOTE: usize = 60;
/// Lines shown of one place.
const MOST_LINES: usize = 4;

fn style_of(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// One draft: its findings, then its requirements. In the language of the review.
pub fn document(document: Document<'_>, options: Options) -> String {
    let positions = Positions::new(document);
    let page = Page { document, options, words: words(document.review.language), positions };
    let mut out = String::new();
    page.findings(&mut out);
    let places = |clause: &str| {
        let provisions = document.review.facts(clause).into_iter().flat_map(|f| f.deciding());
        provisions.map(|p| document.path(p.evidence.unit)).collect()
    };
    page.requirements(&mut out, &page.name(), &document.review.assessments, &places);
    out
}

/// One finding, with the whole of every passage that comes near it.
pub fn finding(document: Document<'_>, finding: &Finding, options: Options) -> String {
    let page = Page { document, options, words: words(document.review.language), positions: Positions::new(document) };
    let mut out = String::new();
    page.finding(&mut out, finding);
    let gutter = page.gutter(finding);
    for passage in &finding.nearest {
        let unit = document.path(passage.evidence.unit);
        let _ = writeln!(out, "{} {DIM}={DIM:#} {} {}", " ".repeat(gutter), clean(&unit), clean(&passage.reason));
        page.evidence(&mut out, &passage.evidence, gutter, style_of(Severity::Note));
    }
    let _ = writeln!(out, "{} {DIM}={DIM:#} {}", " ".repeat(gutter), fill(page.words.fingerprint, &[("fingerprint", &finding.fingerprint)]));
    out
}

/// Several drafts as one contract: the findings of each, then its requirements with the place and the document of each.
pub fn bundle(bundle: Bundle<'_>, options: Options) -> String {
    let mut out = String::new();
    let Some(main) = bundle.documents().next() else { return out };
    for document in bundle.documents() {
        let page = Page { document, options, words: words(document.review.language), positions: Positions::new(document) };
        page.findings(&mut out);
    }
    let page = Page { document: main, options, words: words(main.review.language), positions: Positions::new(main) };
    let names: Vec<String> = bundle.drafts.iter().map(|d| clean(d.source().name())).collect();
    let place = |(i, at): (usize, &Evidence)| {
        let unit = bundle.drafts[i].path(at.unit).trim().to_owned();
        format!("{} {unit}", names[i]).trim_end().to_owned()
    };
    let places = |clause: &str| bundle.places(clause).into_iter().map(place).collect();
    page.requirements(&mut out, &names.join(" + "), &bundle.review.assessments, &places);
    out
}

/// The last lines: counts over every draft, and what the report is not.
pub fn summary(tally: &Tally, language: Language) -> String {
    let words = words(language);
    let count = |s: Severity| tally.findings(s);
    let first = fill(
        words.summary,
        &[("documents", &tally.documents), ("error", &count(Severity::Error)), ("warning", &count(Severity::Warning)), ("note", &count(Severity::Note))],
    );
    let of = |o: Outcome| tally.outcome(o);
    let counts: Vec<String> = OUTCOMES.iter().filter(|o| of(**o) > 0).map(|o| format!("{} {}", words.outcome(*o), of(*o))).collect();
    let total: usize = OUTCOMES.iter().map(|o| of(*o)).sum();
    let second = fill(words.requirements, &[("total", &total), ("counts", &counts.join(words.comma))]);
    let second = if total == 0 { String::new() } else { format!("; {second}") };
    format!("{BOLD}{first}{second}{BOLD:#}\n{}\n", words.advice)
}

struct Page<'a> {
    document: Document<'a>,
    options: Options,
    words: &'static Words,
    positions: Positions,
}

impl Page<'_> {
    fn source(&self) -> &str {
        self.document.draft.source().text()
    }

    fn name(&self) -> String {
        clean(self.document.draft.source().name())
    }

    /// A line of the draft, from 1, without its line break; where it begins.
    fn line(&self, line: usize) -> (usize, &str) {
        let lines = self.document.draft.source().lines();
        let start = lines.line_start(line - 1);
        let end = if line < lines.lines() { lines.line_start(line) } else { self.source().len() };
        (start, self.source()[start..end].trim_end_matches(['\n', '\r']))
    }

    /// The findings, the worst first; notes in a line each where they are not asked for in full.
    fn findings(&self, out: &mut String) {
        let findings = &self.document.review.findings;
        let in_full = |f: &&Finding| self.options.full || f.severity > Severity::Note;
        findings.iter().filter(in_full).for_each(|f| self.finding(out, f));
        let notes: Vec<&Finding> = findings.iter().filter(|f| !in_full(f)).collect();
        for note in &notes {
            let style = style_of(note.severity);
            let head = format!("{style}{}[{}]{style:#} {}: ", self.words.severity(note.severity), note.code, note.clause);
            let plain = width(&format!("{}[{}] {}: ", self.words.severity(note.severity), note.code, note.clause));
            let _ = writeln!(out, "{head}{}", fit(&clean(&note.message), self.options.width.saturating_sub(plain)));
        }
        if !notes.is_empty() {
            let _ = writeln!(out, "  {DIM}={DIM:#} {}\n", self.words.notes_in_full);
        }
    }

    fn finding(&self, out: &mut String, finding: &Finding) {
        let style = style_of(finding.severity);
        let severity = self.words.severity(finding.severity);
        let at = self.positions.of(finding.span.start);
        let unit = self.document.unit_path(finding);
        let unit = if unit.is_empty() { String::new() } else { format!(" ({})", clean(&unit)) };
        let gutter = self.gutter(finding);
        let edge = " ".repeat(gutter);
        let _ = writeln!(out, "{style}{severity}[{}]{style:#}{BOLD} {}: {}{BOLD:#}", finding.code, finding.clause, clean(&finding.message));
        let _ = writeln!(out, "{edge}{DIM}-->{DIM:#} {}:{}:{}{unit}", self.name(), at.line, at.column);
        for evidence in finding.evidence.iter().take(MOST_PLACES) {
            self.evidence(out, evidence, gutter, style);
        }
        if finding.evidence.is_empty() && finding.suggestions.is_empty() {
            let (start, text) = self.line(at.line);
            let from = finding.span.start.saturating_sub(start);
            let _ = writeln!(out, "{edge} {DIM}|{DIM:#}");
            self.marked(out, at.line, text, (from, finding.span.end.saturating_sub(start)), gutter, style);
        }
        if finding.evidence.len() > MOST_PLACES {
            let place = |e: &Evidence| {
                let line = self.positions.of(e.span.start).line;
                let unit = self.document.path(e.unit);
                if unit.is_empty() { format!("{}:{line}", self.name()) } else { format!("{} :{line}", clean(&unit)) }
            };
            let rest = &finding.evidence[MOST_PLACES..];
            let places: Vec<String> = rest.iter().take(8).map(place).collect();
            let text = fill(self.words.more_places, &[("n", &rest.len()), ("places", &places.join(self.words.comma))]);
            let _ = writeln!(out, "{edge} {DIM}={DIM:#} {}", fit(&text, self.options.width));
        }
        // What stands in the very line that is shown needs no line of its own.
        let own = self.document.draft.source().name();
        for related in finding.related.iter().filter(|r| r.path != own || r.line != at.line) {
            let quote = fit(&clean(&related.quote.split_whitespace().collect::<Vec<_>>().join(" ")), QUOTE);
            let _ = writeln!(out, "{edge} {DIM}={DIM:#} {}:{} {}「{quote}」", clean(&related.path), related.line, clean(&related.unit));
        }
        self.nearest(out, finding, gutter);
        for suggestion in &finding.suggestions {
            self.suggestion(out, finding, suggestion, gutter);
        }
        out.push('\n');
    }

    /// What was read and does not count: a line each.
    fn nearest(&self, out: &mut String, finding: &Finding, gutter: usize) {
        let edge = " ".repeat(gutter);
        for passage in &finding.nearest {
            let line = self.positions.of(passage.evidence.span.start).line;
            let unit = self.document.path(passage.evidence.unit);
            let quote: String = passage.evidence.quote.split_whitespace().collect::<Vec<_>>().join(" ");
            let quote = fit(&clean(&quote), QUOTE);
            let text = fill(self.words.near, &[("line", &line), ("unit", &clean(&unit)), ("quote", &quote), ("reason", &passage.reason)]);
            for (i, row) in wrap(&text, self.room(gutter)).into_iter().enumerate() {
                let sign = if i == 0 { '=' } else { ' ' };
                let _ = writeln!(out, "{edge} {DIM}{sign}{DIM:#} {row}");
            }
        }
        if finding.outcome == Some(Outcome::Missing) && finding.nearest.is_empty() {
            let statements: usize = self.document.review.provisions.observed.iter().map(|(_, s)| s.statements.len()).max().unwrap_or(0);
            let _ = writeln!(out, "{edge} {DIM}={DIM:#} {}", fill(self.words.near_none, &[("n", &statements)]));
        }
    }

    /// Columns of the widest line number of a finding.
    fn gutter(&self, finding: &Finding) -> usize {
        let lines = self.document.draft.source().lines();
        let ends = finding.evidence.iter().take(MOST_PLACES).map(|e| e.span.end);
        let inserts = finding.suggestions.iter().filter_map(|s| self.next(s.insert_at).or(self.previous(s.insert_at)));
        let largest = ends.chain(inserts).chain([finding.span.start]).map(|at| lines.line_of(at) + 1).max();
        largest.unwrap_or(1).to_string().len()
    }

    fn evidence(&self, out: &mut String, evidence: &Evidence, gutter: usize, style: Style) {
        let edge = " ".repeat(gutter);
        let _ = writeln!(out, "{edge} {DIM}|{DIM:#}");
        let lines = self.document.draft.source().lines();
        let (first, last) = (lines.line_of(evidence.span.start), lines.line_of(evidence.span.end.saturating_sub(1).max(evidence.span.start)));
        let mut shown = 0;
        for line in first..=last {
            let (start, text) = self.line(line + 1);
            let from = evidence.span.start.max(start + text.len() - text.trim_start().len()) - start;
            let to = (evidence.span.end - start).min(text.trim_end().len());
            if from >= to {
                continue;
            }
            if shown == MOST_LINES {
                let _ = writeln!(out, "{DIM}{}{DIM:#}", ".".repeat(gutter.max(3)));
                break;
            }
            shown += 1;
            self.marked(out, line + 1, text, (from, to), gutter, style);
        }
    }

    fn marked(&self, out: &mut String, line: usize, text: &str, (from, to): (usize, usize), gutter: usize, style: Style) {
        let marked = mark(text, from, to, self.room(gutter));
        let edge = " ".repeat(gutter);
        let _ = writeln!(out, "{DIM}{line:>gutter$} |{DIM:#} {}", marked.text);
        let _ = writeln!(out, "{edge} {DIM}|{DIM:#} {}{style}{}{style:#}", " ".repeat(marked.before), "^".repeat(marked.under));
    }

    fn room(&self, gutter: usize) -> usize {
        self.options.width.saturating_sub(gutter + 3).max(20)
    }

    /// The last visible character before a place.
    fn previous(&self, at: usize) -> Option<usize> {
        let before = self.source().get(..at)?.trim_end();
        before.char_indices().next_back().map(|(i, _)| i)
    }

    /// The first visible character after a place.
    fn next(&self, at: usize) -> Option<usize> {
        let after = self.source().get(at..)?;
        let from = at + after.len() - after.trim_start().len();
        (from < self.source().len()).then_some(from)
    }

    fn suggestion(&self, out: &mut String, finding: &Finding, suggestion: &Suggestion, gutter: usize) {
        let lines = self.document.draft.source().lines();
        let edge = " ".repeat(gutter);
        let next = self.next(suggestion.insert_at);
        let head = next.map_or_else(|| self.words.add_at_end.to_owned(), |at| fill(self.words.add_before, &[("line", &(lines.line_of(at) + 1))]));
        let _ = writeln!(out, "{edge} {DIM}|{DIM:#}");
        let _ = writeln!(out, "{edge} {DIM}={DIM:#} {head}");
        let _ = writeln!(out, "{edge} {DIM}|{DIM:#}");
        if let Some(at) = self.previous(suggestion.insert_at) {
            let line = lines.line_of(at) + 1;
            let (start, text) = self.line(line);
            let text = &text[..(suggestion.insert_at - start).min(text.len())];
            let _ = writeln!(out, "{DIM}{line:>gutter$} |{DIM:#} {}", fit_end(text.trim_end(), self.room(gutter)));
        }
        for paragraph in suggestion.text.lines() {
            for row in wrap(paragraph, self.room(gutter)) {
                let _ = writeln!(out, "{edge} {PLUS}+ {row}{PLUS:#}");
            }
        }
        if let Some(at) = next {
            let line = lines.line_of(at) + 1;
            let (start, text) = self.line(line);
            let text = &text[suggestion.insert_at.saturating_sub(start).min(text.len())..];
            let _ = writeln!(out, "{DIM}{line:>gutter$} |{DIM:#} {}", fit(text, self.room(gutter)));
        }
        let mut notes = Vec::new();
        if !suggestion.open_slots.is_empty() {
            notes.push(fill(self.words.blanks, &[("blanks", &suggestion.open_slots.join(self.words.comma))]));
        }
        let template = self.document.library.clause(&finding.clause).and_then(|c| c.template(self.document.draft.language()));
        if let Some(note) = template.and_then(|t| t.note.as_ref()) {
            notes.push(fill(self.words.note, &[("note", note)]));
        }
        for note in notes {
            for (i, row) in wrap(&note, self.room(gutter)).into_iter().enumerate() {
                let sign = if i == 0 { '=' } else { ' ' };
                let _ = writeln!(out, "{edge} {DIM}{sign}{DIM:#} {row}");
            }
        }
    }

    fn requirements(&self, out: &mut String, name: &str, assessments: &[Assessment], places: &dyn Fn(&str) -> Vec<String>) {
        let Document { library, review, .. } = self.document;
        let tongue = library.tongue(review.language);
        let kind = tongue.kinds.iter().find(|k| k.id == review.provisions.kind);
        let kind = kind.map_or_else(|| self.words.kind_unknown.to_owned(), |k| fill(self.words.read_as, &[("kind", &k.name)]));
        let _ = writeln!(out, "{BOLD}{name}{BOLD:#}");
        let encoding = self.document.draft.source().encoding();
        if encoding != "UTF-8" {
            let _ = writeln!(out, "  {}", fill(self.words.encoded, &[("encoding", &encoding)]));
        }
        let _ = writeln!(out, "  {kind}");
        if let Some(playbook) = library.playbook(&review.playbook) {
            let how = self.words.choice(review.choice);
            let title = self.words.pick(&playbook.title);
            let _ = writeln!(out, "  {}", fill(how, &[("id", &playbook.id), ("title", &title)]));
        }
        let rows: Vec<[String; 5]> = assessments.iter().map(|a| self.row(a, places(&a.clause))).collect();
        let columns: Vec<usize> = (0..4).map(|i| rows.iter().map(|r| width(&r[i])).max().unwrap_or(0)).collect();
        for (row, assessment) in rows.iter().zip(assessments) {
            let style = match assessment.outcome {
                Outcome::Met => PLUS,
                Outcome::NotApplicable => Style::new(),
                _ => style_of(assessment.severity),
            };
            let cells: Vec<String> = row[1..4].iter().zip(&columns[1..]).map(|(c, w)| pad(c, *w)).collect();
            let line = format!("{}  {}", cells.join("  "), row[4]);
            let _ = writeln!(out, "  {style}{}{style:#} {}", row[0], fit(line.trim_end(), self.options.width.saturating_sub(4)));
        }
        out.push('\n');
    }

    /// Mark, outcome, code, title; then where it was read, or what is wrong.
    fn row(&self, assessment: &Assessment, found: Vec<String>) -> [String; 5] {
        let mark = match assessment.outcome {
            Outcome::Met => "✓",
            Outcome::Weak => "~",
            Outcome::NotApplicable => "-",
            Outcome::Undetermined => "?",
            Outcome::Missing | Outcome::Contrary => "✗",
        };
        let clause = self.document.library.clause(&assessment.clause);
        let title = clause.map_or(assessment.clause.as_str(), |c| self.words.pick(&c.title));
        let code = clause.map_or("", |c| c.code.as_str());
        let mut places: Vec<String> = Vec::new();
        for path in found {
            if !path.is_empty() && !places.contains(&path) {
                places.push(path);
            }
        }
        if places.len() > MOST_PLACES {
            places.truncate(MOST_PLACES);
            places.push("…".to_owned());
        }
        let mut last = Vec::new();
        if !matches!(assessment.outcome, Outcome::Met | Outcome::NotApplicable) {
            last.push(self.words.severity(assessment.severity).to_owned());
        }
        let name = |n: &String| clause.and_then(|c| c.elements.get(n)).map_or_else(|| n.clone(), |t| self.words.pick(t).to_owned());
        let lacking: Vec<String> = assessment.lacking.iter().map(|any| any.iter().map(name).collect::<Vec<_>>().join("/")).collect();
        if !lacking.is_empty() {
            last.push(fill(self.words.lacking, &[("names", &lacking.join(self.words.comma))]));
        }
        if !places.is_empty() {
            last.push(places.join(self.words.comma));
        }
        [mark.to_owned(), self.words.outcome(assessment.outcome).to_owned(), code.to_owned(), title.to_owned(), last.join("  ")]
    }
}
