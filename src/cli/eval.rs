//! `sekisho eval`: the library against contracts whose answers are known.

use super::input::{self, Input, Problem};
use super::{Ending, House, Session};
use crate::eval::{self, Answer, Label, Labelled, Pair, Row};
use crate::fold::Folded;
use crate::library::Stance;
use crate::outline::Draft;
use crate::render::frame::clean;
use crate::review::Reviewer;
use crate::source::SourceText;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct EvalArgs {
    /// The known answers: a JSON object a line, {"file": …, "labels": {CLAUSE: {"stance": …, "evidence": [[start, end], …]}}}
    labels: PathBuf,
    /// The folder that their files are relative to
    dir: PathBuf,
    /// Only these clauses
    #[arg(long = "clause", value_name = "CLAUSE")]
    clauses: Vec<String>,
    /// Also cut the labelled evidence out of each contract rightly found affirmed, and count how often the answer turns
    #[arg(long)]
    flip: bool,
    /// List the contracts answered wrongly for this clause, with what the label and the answer point at
    #[arg(long, value_name = "CLAUSE")]
    misses: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value_t = EvalFormat::Human, value_name = "FORMAT")]
    format: EvalFormat,
    #[command(flatten)]
    pub(super) house: House,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EvalFormat {
    /// A table
    Human,
    /// A JSON list, a row a clause
    Json,
}

/// One contract with its text and what the library answers.
struct Answered {
    text: String,
    answers: BTreeMap<String, Answer>,
}

pub(super) fn run(session: &mut Session, args: &EvalArgs) -> Result<Ending, Ending> {
    let name = args.labels.display();
    let text = std::fs::read_to_string(&args.labels).map_err(|e| Ending::bad(format!("{name} cannot be read: {e}")))?;
    let mut rows = eval::parse(&text).map_err(|e| Ending::bad(format!("{name}: {e}; see sekisho eval --help for what a line holds")))?;
    if !args.clauses.is_empty() {
        rows.iter_mut().for_each(|r| r.labels.retain(|clause, _| args.clauses.contains(clause)));
    }
    let reviewer = Reviewer::new(session.library());
    let answered: Vec<Result<Answered, Problem>> = rows.par_iter().map(|row| answer(&reviewer, args, row)).collect();
    let mut contracts = Vec::new();
    for one in answered {
        contracts.push(one.map_err(|p| Ending::bad(p.say(session.words())))?);
    }
    let clauses: BTreeSet<&String> = rows.iter().flat_map(|r| r.labels.keys()).collect();
    let pairs = |clause: &str| -> Vec<Pair<'_>> {
        let both = rows.iter().zip(&contracts);
        both.filter_map(|(row, c)| row.labels.get(clause).map(|label| Pair { label, answer: c.answers.get(clause) })).collect()
    };
    let mut table: Vec<(Row, Option<f64>)> = Vec::new();
    for clause in &clauses {
        let flip = if args.flip { flipped(&reviewer, clause, &rows, &contracts) } else { None };
        table.push((eval::row(clause, &pairs(clause)), flip));
    }
    let all: Vec<Pair<'_>> = clauses.iter().flat_map(|c| pairs(c)).collect();
    if all.is_empty() {
        return Ok(Ending { code: 3, why: format!("{name} holds no labels{}", if args.clauses.is_empty() { "" } else { " for these clauses" }) });
    }
    let corpus = args.dir.canonicalize().ok().and_then(|d| d.file_name().map(|n| n.to_string_lossy().into_owned())).unwrap_or_default();
    let mut out = String::new();
    if let Some(clause) = &args.misses {
        misses(&mut out, clause, &rows, &contracts);
    }
    let known = |clause: &str| session.library().clause(clause).is_some();
    match args.format {
        EvalFormat::Human => print(&mut out, &corpus, &table, &eval::row("ALL", &all), args.flip, &known),
        EvalFormat::Json => {
            let rows: Vec<&Row> = table.iter().map(|(row, _)| row).collect();
            let _ = writeln!(out, "{}", crate::render::json::text(&rows));
        }
    }
    session.print(&out)?;
    Ok(Ending::CLEAN)
}

fn answer(reviewer: &Reviewer<'_>, args: &EvalArgs, row: &Labelled) -> Result<Answered, Problem> {
    let draft = input::read(&Input::File(args.dir.join(&row.file)))?;
    Ok(Answered { answers: answers(reviewer, &draft), text: draft.source().text().to_owned() })
}

fn answers(reviewer: &Reviewer<'_>, draft: &Draft) -> BTreeMap<String, Answer> {
    let provisions = reviewer.provisions(draft, &Folded::new(draft));
    provisions.facts.iter().map(|f| (f.clause.clone(), Answer::from(f))).collect()
}

/// Of the contracts rightly found affirmed, the share whose answer turns when the labelled evidence is cut out.
fn flipped(reviewer: &Reviewer<'_>, clause: &str, rows: &[Labelled], contracts: &[Answered]) -> Option<f64> {
    let chosen: Vec<(&Label, &Answered)> = rows
        .iter()
        .zip(contracts)
        .filter_map(|(row, c)| row.labels.get(clause).map(|l| (l, c)))
        .filter(|(l, c)| l.stance == Stance::Affirmed && !l.evidence.is_empty() && c.answers.get(clause).is_some_and(|a| a.stance == l.stance))
        .collect();
    let turns = |(label, contract): &&(&Label, &Answered)| {
        let draft = Draft::parse(SourceText::new("", cut(&contract.text, &label.evidence)));
        answers(reviewer, &draft).get(clause).is_some_and(|a| a.stance != Stance::Affirmed)
    };
    (!chosen.is_empty()).then(|| chosen.par_iter().filter(turns).count() as f64 / chosen.len() as f64)
}

/// A text without those bytes.
fn cut(text: &str, spans: &[(usize, usize)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    for (start, end) in spans.into_iter().rev() {
        let end = end.min(bytes.len());
        bytes.drain(start.min(end)..end);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn misses(out: &mut String, clause: &str, rows: &[Labelled], contracts: &[Answered]) {
    for (row, contract) in rows.iter().zip(contracts) {
        let Some(label) = row.labels.get(clause) else { continue };
        let answer = contract.answers.get(clause);
        if (Pair { label, answer }).right() {
            continue;
        }
        let name = |s: Stance| crate::examples::stance_name(s);
        let _ = writeln!(out, "-- {}: labelled {}, answered {}", row.file, name(label.stance), answer.map_or("unknown", |a| name(a.stance)));
        let mut quote = |what: &str, spans: &[(usize, usize)]| {
            for (start, end) in spans {
                let text = contract.text.get(*start..*end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
                let _ = writeln!(out, "   {what}: {}", clean(&text.chars().take(500).collect::<String>()));
            }
        };
        quote("label", &label.evidence);
        quote("found", answer.map_or(&[], |a| &a.evidence));
    }
}

fn print(out: &mut String, corpus: &str, table: &[(Row, Option<f64>)], all: &Row, flip: bool, known: &dyn Fn(&str) -> bool) {
    let head = if flip { "  flip" } else { "" };
    let _ = writeln!(out, "{:<12}{:<30}{:>5}    acc  base  missP missR missF affF  denyF ev   {head}", "corpus", "clause", "n");
    let cell = |v: Option<f64>| v.map_or_else(|| "    -".to_owned(), |v| format!("{v:5.3}"));
    let mut line = |row: &Row, turned: Option<f64>, note: &str| {
        let cells = [row.acc, row.base, row.miss_p, row.miss_r, row.miss_f, row.affirm_f, row.deny_f].map(|v| cell(Some(v))).join(" ");
        let turned = if flip { format!(" {}", cell(turned)) } else { String::new() };
        let _ = writeln!(out, "{corpus:<12}{:<30}{:>5}  {cells} {}{turned}{note}", row.clause, row.n, cell(row.ev));
    };
    for (row, turned) in table {
        line(row, *turned, if known(&row.clause) { "" } else { "  clause not in the library" });
    }
    line(all, None, "");
    let mean = |of: fn(&Row) -> f64| table.iter().map(|(row, _)| of(row)).sum::<f64>() / table.len().max(1) as f64;
    let (missing, affirmed, denied) = (mean(|r| r.miss_f), mean(|r| r.affirm_f), mean(|r| r.deny_f));
    let _ = writeln!(out, "{:<12}mean over clauses: F1 missing {missing:.3}, affirmed {affirmed:.3}, denied {denied:.3}", "");
}
