//! `sekisho checklist`: what the draft answers itself, what only people can, and their answers in a file beside it.

use super::input::{self, Problem};
use super::{DraftArgs, Ending, Session, output};
use crate::checklist::{self, Answers, Asked, State};
use crate::outline::Draft;
use crate::render::Bundle;
use crate::render::checklist::{Checklist, json, markdown};
use crate::render::words::{fill, words};
use crate::review::{BundleReview, ReviewOptions, Reviewer};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table, value};

#[derive(Args, Debug)]
pub(super) struct ChecklistArgs {
    #[command(flatten)]
    pub(super) drafts: DraftArgs,
    /// All the drafts are one contract, with one checklist; the answers stand beside the first
    #[arg(long)]
    bundle: bool,
    /// The file of answers [default: the draft's name with .checklist.toml after it]
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Answer a question: its id, =, and yes, no or not-applicable; give --by too
    #[arg(long = "answer", value_name = "ID=ANSWER", requires = "by")]
    given: Vec<String>,
    /// Who answers
    #[arg(long, value_name = "NAME", requires = "given")]
    by: Option<String>,
    /// When [default: today]
    #[arg(long, value_name = "DATE", requires = "given")]
    date: Option<String>,
    /// A note on the answer
    #[arg(long, value_name = "TEXT", requires = "given")]
    note: Option<String>,
    /// Write the file of answers: new questions are added, and answers typed into it are bound to the draft as it is now
    #[arg(long)]
    write: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = ListFormat::Markdown, value_name = "FORMAT")]
    format: ListFormat,
    /// Exit 0 after a run that worked, whatever is open
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// Markdown
    Markdown,
    /// JSON, schema sekisho-checklist/1
    Json,
}

/// One contract with its review and its answers.
struct Contract {
    drafts: Vec<Draft>,
    review: BundleReview,
    file: PathBuf,
    /// The file as it stands; empty where there is none.
    text: String,
    answers: Answers,
}

pub(super) fn run(session: &mut Session, args: &ChecklistArgs) -> Result<Ending, Ending> {
    let options = args.drafts.against.options(session)?;
    let collected = input::collect(&args.drafts.paths, args.drafts.stdin_filename.as_deref())?;
    let mut drafts = Vec::new();
    let mut problems = collected.problems;
    for input in &collected.inputs {
        match input::read(input) {
            Ok(draft) => drafts.push(draft),
            Err(problem) => problems.push(problem),
        }
    }
    let language = session.lang.or(drafts.first().map(Draft::language)).unwrap_or_else(|| session.language());
    let words = words(language);
    if !problems.is_empty() {
        problems.iter().for_each(|p| session.say(&p.say(words)));
        return Ok(Ending::bad(fill(words.exit_unread, &[("n", &problems.len())])));
    }
    if drafts.is_empty() {
        return Ok(Ending { code: 3, why: words.exit_nothing.to_owned() });
    }
    if args.write && args.answers.is_none() && args.drafts.paths.iter().any(|p| p.as_os_str() == "-") {
        return Err(Ending::bad("standard input has no file beside it; name one with --answers"));
    }
    let groups: Vec<Vec<Draft>> = if args.bundle { vec![drafts] } else { drafts.into_iter().map(|d| vec![d]).collect() };
    if groups.len() > 1 && (args.answers.is_some() || !args.given.is_empty()) {
        return Err(Ending::bad("--answers and --answer are for one contract; give one draft, or --bundle"));
    }
    let options = ReviewOptions { language: Some(language), ..options };
    let mut contracts = Vec::new();
    for drafts in groups {
        contracts.push(contract(session, args, drafts, &options)?);
    }
    if args.write || !args.given.is_empty() {
        for contract in &mut contracts {
            let text = amended(session, args, contract)?;
            if text != contract.text {
                output::write(&contract.file, text.as_bytes()).map_err(|p| Ending::bad(p.say(words)))?;
            }
            contract.answers = parsed(&contract.file, &text)?;
        }
    }
    let asked: Vec<Vec<Asked<'_>>> = contracts.iter().map(|c| questions(session, c)).collect();
    let list = |(contract, asked)| -> Checklist<'_> {
        let contract: &Contract = contract;
        let bundle = Bundle { library: session.library(), drafts: &contract.drafts, review: &contract.review };
        Checklist { contract: bundle, assessments: &contract.review.assessments, asked }
    };
    let lists: Vec<Checklist<'_>> = contracts.iter().zip(asked.iter().map(Vec::as_slice)).map(list).collect();
    let open: usize = lists.iter().map(Checklist::open).sum();
    let text = match args.format {
        ListFormat::Json => json(&lists, words),
        ListFormat::Markdown => lists.iter().map(|l| markdown(l, words)).collect::<Vec<_>>().join("\n"),
    };
    drop(lists);
    session.print(&text)?;
    Ok(if open == 0 || args.exit_zero { Ending::CLEAN } else { Ending { code: 1, why: fill(words.exit_open, &[("n", &open)]) } })
}

fn contract(session: &Session, args: &ChecklistArgs, drafts: Vec<Draft>, options: &ReviewOptions) -> Result<Contract, Ending> {
    let words = words(options.language.unwrap_or_else(|| session.language()));
    if let Some(problem) = input::no_party(&drafts, options) {
        return Err(Ending::bad(problem.say(words)));
    }
    let review = Reviewer::new(session.library()).review_bundle(&drafts, options);
    if review.playbook.is_empty() {
        let kind = review.reviews.first().map_or_else(String::new, |r| r.provisions.kind.clone());
        return Err(Ending::bad(Problem::NoPlaybook { name: drafts[0].source().name().to_owned(), kind }.say(words)));
    }
    let beside = || PathBuf::from(format!("{}.checklist.toml", drafts[0].source().name()));
    let file = args.answers.clone().unwrap_or_else(beside);
    let text = match std::fs::read_to_string(&file) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        other => other.map_err(|error| Ending::bad(Problem::Read { name: file.display().to_string(), error }.say(words)))?,
    };
    let answers = parsed(&file, &text)?;
    Ok(Contract { drafts, review, file, text, answers })
}

fn parsed(file: &Path, text: &str) -> Result<Answers, Ending> {
    checklist::parse(text).map_err(|e| Ending::bad(format!("{}: {e}", file.display())))
}

fn questions<'a>(session: &'a Session, contract: &'a Contract) -> Vec<Asked<'a>> {
    let documents: Vec<_> = contract.drafts.iter().zip(&contract.review.reviews).collect();
    checklist::ask(session.library(), &documents, &contract.answers)
}

/// The file of answers with new questions, the answers given now, and every unbound answer bound to the draft as it is. What people
/// wrote in it stays as they wrote it.
fn amended(session: &Session, args: &ChecklistArgs, contract: &Contract) -> Result<String, Ending> {
    let mut file: DocumentMut = contract.text.parse().map_err(|e| Ending::bad(format!("{}: {e}", contract.file.display())))?;
    let words = words(contract.review.reviews[0].language);
    let asked = questions(session, contract);
    if contract.text.is_empty() {
        file.decor_mut().set_prefix(format!("# {}\n", words.answers_head));
    }
    for asked in &asked {
        let mut new = Table::new();
        for (key, text) in [("question", words.pick(&asked.question.text)), ("answer", ""), ("by", ""), ("date", ""), ("note", "")] {
            new.insert(key, value(text));
        }
        let entry = file.entry(&asked.question.id).or_insert(Item::Table(new));
        if asked.state == State::Unbound
            && let Some(table) = entry.as_table_like_mut()
        {
            table.insert("draft", value(&asked.draft));
        }
    }
    for given in &args.given {
        let (id, reply) = given.split_once('=').unwrap_or((given, ""));
        let ids = || asked.iter().map(|a| a.question.id.as_str()).collect::<Vec<_>>().join(", ");
        let Some(asked) = asked.iter().find(|a| a.question.id == id) else {
            return Err(Ending::bad(format!("no question is called `{id}` here; there are: {}", ids())));
        };
        if !["yes", "no", "not-applicable"].contains(&reply) {
            return Err(Ending::bad(format!("`{reply}` is not an answer to `{id}`: yes, no or not-applicable")));
        }
        let today = || jiff::Zoned::now().date().to_string();
        let by = args.by.clone().unwrap_or_default();
        let date = args.date.clone().unwrap_or_else(today);
        let Some(table) = file.get_mut(id).and_then(Item::as_table_like_mut) else { continue };
        for (key, text) in [("answer", reply), ("by", &by), ("date", &date), ("note", args.note.as_deref().unwrap_or("")), ("draft", &asked.draft)] {
            table.insert(key, value(text));
        }
    }
    Ok(file.to_string())
}
