//! `sekisho check`: review drafts and report.

use super::input::{self, Collected, Input, Problem};
use super::{DraftArgs, Ending, Format, Session};
use crate::library::Severity;
use crate::outline::{Draft, Language};
use crate::render::words::{fill, words};
use crate::render::{Bundle, Document, Tally, human, json};
use crate::review::{ReviewOptions, Reviewer};
use clap::{Args, ValueEnum};
use rayon::prelude::*;

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) drafts: DraftArgs,
    /// Review all the drafts as one contract, the first of them the main one
    #[arg(long)]
    bundle: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// Report the stance of every clause in the library (JSON), whatever the playbook asks for
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
    let options = Options { review: args.drafts.against.options(session)?, human: human::Options { width: session.width(), full: args.full } };
    let collected = input::collect(&args.drafts.paths, args.drafts.stdin_filename.as_deref())?;
    if args.bundle {
        return bundle(session, args, &collected, &options);
    }
    let json = args.format == Format::Json;
    let mut tally = Tally::default();
    tally.unread = collected.problems.len();
    let mut language = session.lang;
    let mut problems: Vec<Problem> = Vec::new();
    if json {
        session.print_bytes(json::open().as_bytes())?;
    }
    for chunk in collected.inputs.chunks(CHUNK) {
        let reviewer = Reviewer::new(session.library.get());
        // Collected in the order of the input, whichever thread was first.
        let done: Vec<Result<Done, Problem>> = chunk.par_iter().map(|input| review(&reviewer, input, args, &options)).collect();
        for one in done {
            match one {
                Ok(done) => {
                    if json && tally.documents > 0 {
                        session.print_bytes(json::BETWEEN.as_bytes())?;
                    }
                    language = language.or(Some(done.language));
                    tally.add(&done.tally);
                    if json {
                        session.print_bytes(done.report.as_bytes())?
                    } else {
                        session.print(&done.report)?
                    }
                    problems.extend(done.problem);
                }
                Err(problem) => {
                    tally.unread += 1;
                    problems.push(problem);
                }
            }
        }
    }
    let language = language.unwrap_or_else(|| session.language());
    if json {
        session.print_bytes(json::close(&tally).as_bytes())?;
    } else if tally.documents > 0 {
        session.print(&human::summary(&tally, language))?;
    }
    let words = words(language);
    collected.say_empty(words).iter().for_each(|line| session.say(line));
    collected.problems.iter().chain(&problems).for_each(|p| session.say(&p.say(words)));
    let failed = collected.problems.len() + problems.len();
    Ok(ending(args, &tally, failed, language))
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
        Format::Json => {
            let report = json::bundle(bundle, args.all_clauses);
            session.print_bytes((json::open() + &report + &json::close_bundle(bundle, &tally)).as_bytes())?;
        }
        Format::Human => {
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
}

fn review(reviewer: &Reviewer<'_>, input: &Input, args: &CheckArgs, options: &Options) -> Result<Done, Problem> {
    let draft = input::read_for(input, &options.review)?;
    let review = reviewer.review(&draft, &options.review);
    let document = Document { library: reviewer.library(), draft: &draft, review: &review };
    let report = match args.format {
        Format::Json => json::document(document, args.all_clauses),
        Format::Human => human::document(document, options.human),
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
