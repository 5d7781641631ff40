//! `sekisho check`: review drafts and report.

use super::archive::{self, Archive};
use super::input::{self, Collected, Input, Problem};
use super::{DraftArgs, Ending, Session};
use crate::library::Severity;
use crate::outline::{Draft, Language};
use crate::render::rows::{self, Form};
use crate::render::words::{fill, words};
use crate::render::{Bundle, Document, Tally, human, json};
use crate::review::{ReviewOptions, Reviewer};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) drafts: DraftArgs,
    /// Review all the drafts as one contract, the first of them the main one
    #[arg(long)]
    bundle: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    /// Write the rows to a new file instead of standard output (jsonl, csv)
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Go on with the table in the file of --output: the drafts it already holds are not read again
    #[arg(long, requires = "output")]
    resume: bool,
    /// Threads to read drafts with [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Report the stance of every clause in the library (JSON and rows), whatever the playbook asks for
    #[arg(long)]
    all_clauses: bool,
    /// Show notes with their places and suggested text too
    #[arg(long)]
    full: bool,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = Level::Warning, value_name = "LEVEL")]
    fail_on: Level,
    /// Exit 0 after a run that worked, whatever was found
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Report {
    /// Frames and tables for people; not a stable format
    Human,
    /// JSON, schema sekisho/1
    Json,
    /// A table for archives: a JSON object for each draft and clause, one a line
    Jsonl,
    /// The same table as comma-separated values
    Csv,
}

impl Report {
    /// How rows are written, where the report is a table.
    fn form(self) -> Option<Form> {
        match self {
            Report::Human | Report::Json => None,
            Report::Jsonl => Some(Form::Jsonl),
            Report::Csv => Some(Form::Csv),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Note,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Note,
        }
    }
}

/// Drafts from which on a terminal shows how far the run is.
const MANY: usize = 100;

/// Drafts reviewed before their reports are written: enough for every thread, few enough to hold.
const CHUNK: usize = 64;

/// One draft's part of the output.
struct Done {
    report: String,
    tally: Tally,
    language: Language,
    /// What kept it from being reviewed in full.
    problem: Option<Problem>,
}

pub(super) fn run(session: &mut Session, args: &CheckArgs) -> Result<Ending, Ending> {
    let mut options =
        Options { review: args.drafts.against.options(session)?, human: human::Options { width: session.width(), full: args.full }, run: String::new() };
    let form = args.format.form();
    if args.output.is_some() && form.is_none() {
        return Err(Ending::bad("--output takes rows: give --format jsonl or --format csv too"));
    }
    if args.bundle && form.is_some() {
        return Err(Ending::bad("a bundle is one contract, not a table of them; give --format human or --format json"));
    }
    if form.is_some() {
        options.run = archive::mark(session, &(&options.review, args.all_clauses));
    }
    let mut collected = input::collect(&args.drafts.paths, args.drafts.stdin_filename.as_deref())?;
    if args.bundle {
        return bundle(session, args, &collected, &options);
    }
    let mut table = match (&args.output, form) {
        (Some(path), Some(form)) => Some(Archive::open(path, form, &options.run, args.resume, session.words())?),
        _ => None,
    };
    let kept = table.as_ref().map_or(0, |table| {
        let before = collected.inputs.len();
        let named = |name: String| if form == Some(Form::Csv) { rows::guarded(&name) } else { name };
        collected.inputs.retain(|i| !table.kept.contains(&named(i.name())));
        before - collected.inputs.len()
    });
    let session = &*session;
    let reviewer = Reviewer::new(session.library());
    // One draft alone is done before another thread has started.
    let pool = (collected.inputs.len() > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(args.jobs.map_or(0, usize::from)).build());
    let pool = pool.transpose().map_err(|e| Ending::bad(format!("the threads could not be started: {e}")))?;
    let bar = progress(collected.inputs.len(), table.is_some());
    let mut put = |text: &str| match &mut table {
        Some(table) => table.write(text.as_bytes(), session.words()),
        None => session.print_plain(text),
    };
    let mut tally = Tally::default();
    tally.unread = collected.problems.len();
    let mut language = session.lang;
    let mut problems: Vec<Problem> = Vec::new();
    match args.format {
        Report::Json => put(&json::open())?,
        // A table in a file has its head already.
        Report::Csv if args.output.is_none() => put(&rows::open(Form::Csv))?,
        _ => {}
    }
    for chunk in collected.inputs.chunks(CHUNK) {
        // Collected in the order of the input, whichever thread was first.
        let read = |input| review(&reviewer, input, args, &options);
        let done: Vec<Result<Done, Problem>> = match &pool {
            Some(pool) => pool.install(|| chunk.par_iter().map(read).collect()),
            None => chunk.iter().map(read).collect(),
        };
        for one in done {
            match one {
                Ok(done) => {
                    if args.format == Report::Json && tally.documents > 0 {
                        put(json::BETWEEN)?;
                    }
                    language = language.or(Some(done.language));
                    tally.add(&done.tally);
                    match args.format {
                        Report::Human => session.print(&done.report)?,
                        _ => put(&done.report)?,
                    }
                    problems.extend(done.problem);
                }
                Err(problem) => {
                    tally.unread += 1;
                    problems.push(problem);
                }
            }
        }
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    let language = language.unwrap_or_else(|| session.language());
    match args.format {
        Report::Json => put(&json::close(&tally))?,
        Report::Human if tally.documents > 0 => session.print(&human::summary(&tally, language))?,
        _ => {}
    }
    if let Some(table) = table {
        table.close(session.words())?;
    }
    let words = words(language);
    if kept > 0 {
        session.say(&fill(words.table_kept, &[("n", &kept)]));
    }
    collected.say_empty(words).iter().for_each(|line| session.say(line));
    collected.problems.iter().chain(&problems).for_each(|p| session.say(&p.say(words)));
    let failed = collected.problems.len() + problems.len();
    if kept > 0 && failed == 0 && tally.documents == 0 {
        return Ok(Ending::CLEAN);
    }
    Ok(ending(args, &tally, failed, language))
}

/// How far the run is, on standard error: only for many drafts, only on a terminal, and only where the report itself goes elsewhere.
fn progress(drafts: usize, to_file: bool) -> ProgressBar {
    let seen = drafts >= MANY && std::io::stderr().is_terminal() && (to_file || !std::io::stdout().is_terminal());
    let bar = ProgressBar::with_draw_target(Some(drafts as u64), if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
    bar.with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {percent}% {eta}").unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// All the drafts as one contract; one that cannot be read leaves the contract incomplete, and nothing is reported of it.
fn bundle(session: &mut Session, args: &CheckArgs, collected: &Collected, options: &Options) -> Result<Ending, Ending> {
    let read: Vec<Result<Draft, Problem>> = collected.inputs.iter().map(input::read).collect();
    let language = session.lang.or(read.iter().flatten().next().map(Draft::language)).unwrap_or_else(|| session.language());
    let words = words(language);
    collected.say_empty(words).iter().for_each(|line| session.say(line));
    let problems: Vec<&Problem> = collected.problems.iter().chain(read.iter().filter_map(|r| r.as_ref().err())).collect();
    if !problems.is_empty() {
        problems.iter().for_each(|p| session.say(&p.say(words)));
        return Ok(Ending::bad(fill(words.exit_unread, &[("n", &problems.len())])));
    }
    let drafts: Vec<Draft> = read.into_iter().flatten().collect();
    if drafts.is_empty() {
        return Ok(Ending { code: 3, why: words.exit_nothing.to_owned() });
    }
    if let Some(problem) = input::no_party(&drafts, &options.review) {
        return Ok(Ending::bad(problem.say(words)));
    }
    let review_options = ReviewOptions { language: Some(language), ..options.review.clone() };
    let review = Reviewer::new(session.library()).review_bundle(&drafts, &review_options);
    let bundle = Bundle { library: session.library(), drafts: &drafts, review: &review };
    let mut tally = Tally::default();
    review.reviews.iter().for_each(|r| tally.add(&Tally::findings_of(r)));
    tally.add(&Tally::assessments_of(&review.assessments));
    match args.format {
        Report::Json => {
            let report = json::bundle(bundle, args.all_clauses);
            session.print_plain(&(json::open() + &report + &json::close_bundle(bundle, &tally)))?;
        }
        _ => {
            let report = human::bundle(bundle, options.human);
            session.print(&(report + &human::summary(&tally, language)))?;
        }
    }
    if review.playbook.is_empty() && !args.all_clauses {
        let kind = review.reviews[0].provisions.kind.clone();
        return Ok(Ending::bad(Problem::NoPlaybook { name: drafts[0].source().name().to_owned(), kind }.say(words)));
    }
    Ok(ending(args, &tally, 0, language))
}

struct Options {
    review: ReviewOptions,
    human: human::Options,
    /// What the rows of this run have in common.
    run: String,
}

fn review(reviewer: &Reviewer<'_>, input: &Input, args: &CheckArgs, options: &Options) -> Result<Done, Problem> {
    let draft = input::read_for(input, &options.review)?;
    let review = reviewer.review(&draft, &options.review);
    let document = Document { library: reviewer.library(), draft: &draft, review: &review };
    let report = match args.format {
        Report::Human => human::document(document, options.human),
        Report::Json => json::document(document, args.all_clauses),
        Report::Jsonl => rows::document(document, args.all_clauses, Form::Jsonl, &options.run),
        Report::Csv => rows::document(document, args.all_clauses, Form::Csv, &options.run),
    };
    // Without a playbook nothing was asked of the draft, and a clean exit would be a false one.
    let unasked = review.playbook.is_empty() && !args.all_clauses;
    let problem = unasked.then(|| Problem::NoPlaybook { name: draft.source().name().to_owned(), kind: review.provisions.kind.clone() });
    Ok(Done { report, tally: Tally::of(&review), language: review.language, problem })
}

fn ending(args: &CheckArgs, tally: &Tally, failed: usize, language: Language) -> Ending {
    let words = words(language);
    let worse = tally.at_or_above(args.fail_on.into());
    if failed > 0 {
        Ending::bad(fill(words.exit_unread, &[("n", &failed)]))
    } else if tally.documents == 0 {
        Ending { code: 3, why: words.exit_nothing.to_owned() }
    } else if worse > 0 && !args.exit_zero {
        let level = words.severity(args.fail_on.into());
        Ending { code: 1, why: fill(words.exit_findings, &[("n", &worse), ("level", &level)]) }
    } else {
        Ending::CLEAN
    }
}
