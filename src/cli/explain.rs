//! `sekisho explain`: all that the library knows of one clause.

use super::{Against, Ending, House, Session, input};
use crate::examples::stance_name;
use crate::library::{Clause, ClauseLibrary, Condition, Example, Gap, Playbook, Reading, Requirement, Scope, SignalId, TemplateSection, Tongue};
use crate::outline::Language;
use crate::render::frame::{pad, width, wrap};
use crate::render::words::{Words, fill};
use crate::render::{Document, human};
use crate::review::{Finding, Reviewer};
use clap::Args;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// The clause's id or code, as listed by `sekisho clauses`; with --finding, the draft
    #[arg(value_name = "CLAUSE|DRAFT")]
    clause: String,
    /// Explain a finding of a draft: its code, its clause, or the first characters of its fingerprint
    #[arg(long, value_name = "FINDING")]
    finding: Option<String>,
    #[command(flatten)]
    against: Against,
    #[command(flatten)]
    pub(super) house: House,
}

/// Patterns shown of one signal.
const MOST_PATTERNS: usize = 6;
/// Words shown of one set.
const MOST_WORDS: usize = 5;

pub(super) fn run(session: &mut Session, args: &ExplainArgs) -> Result<Ending, Ending> {
    if let Some(wanted) = &args.finding {
        return finding(session, args, wanted);
    }
    let library = session.library();
    let Some(index) = library.clauses().iter().position(|c| c.id == args.clause || c.code.eq_ignore_ascii_case(&args.clause)) else {
        let ids: Vec<&str> = library.clauses().iter().map(|c| c.id.as_str()).collect();
        return Err(Ending::bad(format!("no clause is called `{}`; there are: {}", args.clause, ids.join(", "))));
    };
    let page = Page {
        library,
        clause: &library.clauses()[index],
        index,
        tongue: library.tongue(session.language()),
        language: session.language(),
        words: session.words(),
        width: session.width(),
    };
    let text = page.text();
    session.print_plain(&text)?;
    Ok(Ending::CLEAN)
}

/// The findings of a draft that are so called, each with the whole of what came near it.
fn finding(session: &mut Session, args: &ExplainArgs, wanted: &str) -> Result<Ending, Ending> {
    let options = args.against.options(session)?;
    let input = input::one(Path::new(&args.clause)).map_err(|p| Ending::bad(p.say(session.words())))?;
    let draft = input::read_for(&input, &options).map_err(|p| Ending::bad(p.say(session.words())))?;
    let reviewer = Reviewer::new(session.library());
    let review = reviewer.review(&draft, &options);
    let document = Document { library: reviewer.library(), draft: &draft, review: &review };
    let is_it = |f: &&Finding| f.code.eq_ignore_ascii_case(wanted) || f.clause == wanted || wanted.len() >= 4 && f.fingerprint.starts_with(wanted);
    let texts: Vec<String> =
        review.findings.iter().filter(is_it).map(|f| human::finding(document, f, human::Options { width: session.width(), full: true })).collect();
    if texts.is_empty() {
        let known: Vec<String> = review.findings.iter().map(|f| format!("{} ({})", f.code, f.fingerprint)).collect();
        return Err(Ending::bad(format!("{} has no finding `{wanted}`; there are: {}", args.clause, known.join(", "))));
    }
    session.print(&texts.concat())?;
    Ok(Ending::CLEAN)
}

struct Page<'a> {
    library: &'a ClauseLibrary,
    clause: &'a Clause,
    index: usize,
    tongue: &'a Tongue,
    language: Language,
    words: &'static Words,
    width: usize,
}

impl Page<'_> {
    fn text(&self) -> String {
        let (clause, words) = (self.clause, self.words);
        let mut out = format!("{} {}: {}\n\n", clause.code, clause.id, words.pick(&clause.title));
        self.prose(&mut out, "", words.pick(&clause.proposition));
        if clause.preview {
            out.push('\n');
            self.prose(&mut out, "", words.preview_why);
        }
        for (head, text) in [(words.why, &clause.why), (words.source, &clause.source)] {
            let _ = writeln!(out, "\n{head}");
            self.prose(&mut out, "  ", words.pick(text));
        }
        self.readings(&mut out);
        self.elements(&mut out);
        self.playbooks(&mut out);
        self.example(&mut out, words.fails, |e| e.stance != "affirmed");
        self.example(&mut out, words.passes, |e| e.stance == "affirmed");
        self.template(&mut out);
        out
    }

    fn prose(&self, out: &mut String, indent: &str, text: &str) {
        for line in text.lines().flat_map(|l| wrap(l, self.width.saturating_sub(indent.len()))) {
            let _ = writeln!(out, "{indent}{line}");
        }
    }

    fn readings(&self, out: &mut String) {
        let Some(recogniser) = self.tongue.recognisers.get(self.index) else { return };
        let _ = writeln!(out, "\n{}", self.words.looks_for);
        let mut used = BTreeSet::new();
        for reading in &recogniser.readings {
            let _ = writeln!(out, "  {} ({}): {}", reading.name, stance_name(reading.stance), self.reading(reading));
            used.extend(signals(&reading.condition));
        }
        used.extend(recogniser.elements.iter().flat_map(|e| signals(&e.condition)));
        let _ = writeln!(out, "\n{}", self.words.signals);
        for signal in used {
            self.signal(out, signal);
        }
    }

    fn name(&self, signal: SignalId) -> &str {
        let name = self.tongue.signals[signal].as_str();
        name.strip_prefix(self.clause.id.as_str()).and_then(|n| n.strip_prefix('/')).unwrap_or(name)
    }

    fn condition(&self, condition: &Condition) -> String {
        let any = |signals: &[SignalId]| signals.iter().map(|s| self.name(*s)).collect::<Vec<_>>().join(" | ");
        let one = |signals: &[SignalId]| if signals.len() > 1 { format!("({})", any(signals)) } else { any(signals) };
        let mut parts: Vec<String> = condition.all.iter().map(|s| one(s)).collect();
        if !condition.any.is_empty() {
            parts.push(one(&condition.any));
        }
        let mut out = parts.join(" + ");
        if !condition.none.is_empty() {
            let _ = write!(out, " - {}", one(&condition.none));
        }
        out
    }

    fn reading(&self, reading: &Reading) -> String {
        let mut out = format!("{}; within {}", self.condition(&reading.condition), scope_name(reading.scope));
        let names = |signals: &[SignalId]| signals.iter().map(|s| self.name(*s)).collect::<Vec<_>>().join(" | ");
        if let Some(near) = reading.near {
            let _ = write!(out, "; near {near}");
        }
        if !reading.heading.is_empty() {
            let _ = write!(out, "; heading {}", names(&reading.heading));
        }
        if !reading.not_heading.is_empty() {
            let _ = write!(out, "; not-heading {}", names(&reading.not_heading));
        }
        if !reading.kinds.is_empty() {
            let _ = write!(out, "; kinds {}", reading.kinds.join(" | "));
        }
        if reading.overrides {
            out.push_str("; overrides");
        }
        out
    }

    fn signal(&self, out: &mut String, signal: SignalId) {
        let patterns: Vec<String> = self.tongue.patterns.iter().filter(|p| p.signal == signal).map(|p| self.pattern(&p.elements)).collect();
        if patterns.is_empty() {
            return;
        }
        let _ = writeln!(out, "  {}", self.name(signal));
        for pattern in patterns.iter().take(MOST_PATTERNS) {
            self.prose(out, "    ", pattern);
        }
        if patterns.len() > MOST_PATTERNS {
            let _ = writeln!(out, "    … (+{})", patterns.len() - MOST_PATTERNS);
        }
    }

    fn pattern(&self, elements: &[(Gap, usize)]) -> String {
        let mut out = String::new();
        for (i, (gap, atom)) in elements.iter().enumerate() {
            out.push_str(match gap {
                _ if i == 0 => "",
                Gap::Adjacent => " ",
                Gap::Near => " .. ",
                Gap::Far => " ... ",
            });
            let words = self.tongue.words_of(*atom);
            let more = if words.len() > MOST_WORDS { "|…" } else { "" };
            let shown: Vec<&str> = words.take(MOST_WORDS).collect();
            if shown.len() == 1 { out.push_str(shown[0]) } else { out.push_str(&format!("({}{more})", shown.join("|"))) }
        }
        out
    }

    fn elements(&self, out: &mut String) {
        if self.clause.elements.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.words.elements);
        let column = self.clause.elements.keys().map(|n| width(n)).max().unwrap_or(0);
        let recogniser = self.tongue.recognisers.get(self.index);
        for (name, title) in &self.clause.elements {
            let element = recogniser.and_then(|r| r.elements.iter().find(|e| e.name == *name));
            let how = element.map_or_else(String::new, |e| format!("  [{}; within {}]", self.condition(&e.condition), scope_name(e.scope)));
            let _ = writeln!(out, "  {}  {}{how}", pad(name, column), self.words.pick(title));
        }
    }

    fn playbooks(&self, out: &mut String) {
        let asks = |p: &'_ Playbook| p.requirements.iter().find(|r| r.clause == self.clause.id).cloned();
        let asking: Vec<(&Playbook, Requirement)> = self.library.playbooks().iter().filter_map(|p| Some((p, asks(p)?))).collect();
        if asking.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.words.asked_by);
        for (playbook, requirement) in asking {
            let elements: Vec<String> = requirement.elements.iter().map(|any| any.join("|")).collect();
            let elements = if elements.is_empty() { String::new() } else { format!(" [{}]", elements.join(", ")) };
            let _ = writeln!(out, "  {}: {}{elements}", playbook.id, self.words.severity(requirement.severity));
            self.prose(out, "    ", self.words.pick(&requirement.reason));
        }
    }

    /// An example in the language asked for, else in the other.
    fn example(&self, out: &mut String, head: &str, fits: impl Fn(&&Example) -> bool) {
        let lang = if self.language == Language::En { "en" } else { "ja" };
        let all = || self.clause.examples.iter().filter(&fits);
        let Some(example) = all().find(|e| e.lang == lang).or_else(|| all().next()) else { return };
        let _ = writeln!(out, "\n{head} ({})", example.stance);
        self.prose(out, "  ", &example.text);
    }

    fn template(&self, out: &mut String) {
        let Some(template) = self.clause.template(self.language) else {
            let _ = writeln!(out, "\n{}", self.words.no_template);
            return;
        };
        let _ = writeln!(out, "\n{}", fill(self.words.template, &[("source", &template.source), ("date", &template.date)]));
        for (section, paragraphs) in &template.sections {
            let head = match section {
                TemplateSection::Article(title) => format!("article: {title}"),
                TemplateSection::Element(name) => format!("element: {name}"),
                TemplateSection::Contrary => "contrary".to_owned(),
            };
            let _ = writeln!(out, "  # {head}");
            for paragraph in paragraphs {
                self.prose(out, "    ", paragraph);
            }
        }
        if let Some(note) = &template.note {
            self.prose(out, "  ", &fill(self.words.note, &[("note", note)]));
        }
    }
}

fn signals(condition: &Condition) -> impl Iterator<Item = SignalId> {
    condition.all.iter().flatten().chain(&condition.any).copied()
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Sentence => "sentence",
        Scope::Statement => "statement",
        Scope::Unit => "unit",
        Scope::Article => "article",
        Scope::Draft => "draft",
    }
}
