//! `sekisho dump`: what was read of a draft, stage by stage, for whoever asks why.

use super::{Ending, House, Session, input};
use crate::examples::stance_name;
use crate::fold::Folded;
use crate::outline::{Draft, Language, Unit};
use crate::render::frame::clean;
use crate::render::words::words;
use crate::review::Reviewer;
use crate::span::Span;
use clap::{Args, ValueEnum};
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct DumpArgs {
    /// What to show
    #[arg(long, value_enum, value_name = "STAGE")]
    stage: Stage,
    /// The draft, or - for standard input
    #[arg(value_name = "DRAFT")]
    path: PathBuf,
    #[command(flatten)]
    pub(super) house: House,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    /// Title, parties, defined terms, and each article, paragraph and item
    Outline,
    /// The sentences as they are searched, joined with their lead-ins
    Statements,
    /// The signals each sentence raises
    Signals,
    /// The places that take a stance on a clause
    Provisions,
}

pub(super) fn run(session: &mut Session, args: &DumpArgs) -> Result<Ending, Ending> {
    let collected = input::collect(std::slice::from_ref(&args.path), None)?;
    if let Some(problem) = collected.problems.first() {
        return Err(Ending::bad(problem.say(session.words())));
    }
    let [one] = collected.inputs.as_slice() else {
        return Err(Ending::bad(format!("{}: dump reads one draft", args.path.display())));
    };
    let draft = input::read(one).map_err(|p| Ending::bad(p.say(words(session.language()))))?;
    let text = match args.stage {
        Stage::Outline => outline(&draft),
        Stage::Statements => statements(&draft),
        Stage::Signals => signals(session, &draft),
        Stage::Provisions => provisions(session, &draft),
    };
    session.print_plain(&text)?;
    Ok(Ending::CLEAN)
}

fn place(span: Span) -> String {
    format!("{}..{}", span.start, span.end)
}

/// Debug names are the names in code.
fn lower(name: &impl std::fmt::Debug) -> String {
    format!("{name:?}").to_lowercase()
}

fn outline(draft: &Draft) -> String {
    let mut out = format!("language {}\nencoding {}\ntitle {}\n", lower(&draft.language()), draft.source().encoding(), clean(&draft.title()));
    for party in draft.parties() {
        let _ = writeln!(out, "party {}", clean(&party.label));
    }
    for term in draft.terms() {
        let _ = writeln!(out, "term {} = {}", clean(&term.term), clean(&term.meaning));
    }
    for (id, unit) in draft.units().iter().enumerate() {
        let _ = writeln!(out, "{}{}", "  ".repeat(depth(draft, unit)), unit_line(draft, id, unit));
    }
    out
}

fn depth(draft: &Draft, unit: &Unit) -> usize {
    let mut depth = 0;
    let mut at = unit.parent;
    while let Some(parent) = at.filter(|_| depth < 12) {
        depth += 1;
        at = draft.units()[parent].parent;
    }
    depth
}

fn unit_line(draft: &Draft, id: usize, unit: &Unit) -> String {
    let mut out = format!("{} [{}] {}", lower(&unit.kind), clean(draft.path(id).trim()), place(unit.span));
    if let Some(label) = &unit.label {
        let _ = write!(out, " label {}={:?} {}", clean(label.span.slice(draft.source().text())), label.scheme, label.ordinal);
        if label.branch > 0 {
            let _ = write!(out, "-{}", label.branch);
        }
    }
    let title = draft.visible(&unit.title);
    if !title.is_empty() {
        let _ = write!(out, " title {}", clean(&title));
    }
    let text = draft.visible(&unit.text);
    if !text.is_empty() {
        let _ = write!(out, ": {}", clean(&text));
    }
    out
}

fn statement_head(draft: &Draft, folded: &Folded, index: usize) -> String {
    let statement = &folded.statements()[index];
    let unit = &draft.units()[statement.unit];
    format!("[{}] {} {}", clean(draft.path(statement.unit).trim()), lower(&unit.kind), place(folded.source_span(statement.body)))
}

fn statements(draft: &Draft) -> String {
    let folded = Folded::new(draft);
    let mut out = String::new();
    for (i, statement) in folded.statements().iter().enumerate() {
        let _ = writeln!(out, "{}\n  {}", statement_head(draft, &folded, i), clean(&folded.read(statement)));
    }
    out
}

/// The languages a draft is read in.
fn languages(draft: &Draft) -> &'static [Language] {
    match draft.language() {
        Language::Ja => &[Language::Ja],
        Language::En => &[Language::En],
        Language::Mixed => &[Language::Ja, Language::En],
    }
}

fn signals(session: &Session, draft: &Draft) -> String {
    let folded = Folded::new(draft);
    let reviewer = Reviewer::new(session.library());
    let mut out = String::new();
    for language in languages(draft) {
        let reader = reviewer.reader(*language);
        let signals = reader.signals(draft, &folded);
        let information: Vec<String> = reader.information(draft).iter().map(|t| clean(t)).collect();
        let _ = writeln!(out, "language {}\nterms for protected information: {}", lower(language), information.join(", "));
        for heading in folded.headings() {
            let names: Vec<&str> = signals.headings.get(&heading.unit).into_iter().flat_map(|o| &o.hits).map(|h| reader.signal_name(h.signal)).collect();
            if !names.is_empty() {
                let _ = writeln!(out, "[{}] heading\n    {}", clean(draft.path(heading.unit).trim()), names.join(", "));
            }
        }
        for (i, statement) in folded.statements().iter().enumerate() {
            let text = folded.read(statement);
            let _ = writeln!(out, "{}\n  {}", statement_head(draft, &folded, i), clean(&text));
            for hit in &signals.statements[i].hits {
                let quote = text.get(hit.start..hit.end).unwrap_or_default();
                let _ = writeln!(out, "    {}: {}", reader.signal_name(hit.signal), clean(quote));
            }
        }
    }
    out
}

fn provisions(session: &Session, draft: &Draft) -> String {
    let folded = Folded::new(draft);
    let reviewer = Reviewer::new(session.library());
    let provisions = reviewer.provisions(draft, &folded);
    let mut out = format!("kind {}\n", provisions.kind);
    for facts in &provisions.facts {
        let _ = writeln!(out, "{}: {}", facts.clause, stance_name(facts.stance));
        let elements: Vec<&str> = facts.elements.iter().filter(|(_, has)| **has).map(|(name, _)| name.as_str()).collect();
        if !elements.is_empty() {
            let _ = writeln!(out, "  elements {}", elements.join(", "));
        }
        for (name, value) in &facts.values {
            let _ = writeln!(out, "  value {name} = {}", serde_json::to_string(value).unwrap_or_default());
        }
        for provision in &facts.provisions {
            let evidence = &provision.evidence;
            let overrides = if provision.overrides { ", overrides" } else { "" };
            let _ = write!(
                out,
                "  {} ({}{overrides}) [{}] {}",
                provision.reading,
                stance_name(provision.stance),
                clean(draft.path(evidence.unit).trim()),
                place(evidence.span)
            );
            if !provision.binds.is_empty() {
                let _ = write!(out, " binds {}", clean(&provision.binds.join(", ")));
            }
            let _ = writeln!(out, "\n    {}", clean(&evidence.quote.replace(['\n', '\r'], " ")));
        }
    }
    out
}
