//! `sekisho fix`: add the suggested text. Only insertions: whatever was in a draft stays, byte for byte and in order.

use super::input::{self, Input, Problem};
use super::{DraftArgs, Ending, Session, output};
use crate::outline::{Draft, Language};
use crate::render::Document;
use crate::render::words::{Words, fill, words};
use crate::review::{Fixed, Review, ReviewOptions, Reviewer};
use crate::source::SourceText;
use clap::Args;
use rayon::prelude::*;
use similar::TextDiff;
use std::path::Path;

#[derive(Args, Debug)]
pub(super) struct FixArgs {
    #[command(flatten)]
    pub(super) drafts: DraftArgs,
    /// Print a unified diff instead of the amended draft
    #[arg(long, conflicts_with = "write")]
    diff: bool,
    /// Write the amended drafts to their files
    #[arg(long)]
    write: bool,
}

/// An amended draft.
struct Amended {
    draft: Draft,
    text: String,
    language: Language,
    notes: Vec<String>,
}

pub(super) fn run(session: &mut Session, args: &FixArgs) -> Result<Ending, Ending> {
    let options = args.drafts.against.options(session)?;
    if args.write && args.drafts.paths.iter().any(|p| p.as_os_str() == "-") {
        return Err(Ending::bad("standard input cannot be written to; leave --write away, or name a file"));
    }
    let collected = input::collect(&args.drafts.paths, args.drafts.stdin_filename.as_deref())?;
    if !args.diff && !args.write && collected.inputs.len() > 1 {
        return Err(Ending::bad(format!("{} drafts cannot be printed as one; give one draft, or --diff, or --write", collected.inputs.len())));
    }
    let reviewer = Reviewer::new(session.library());
    let amended: Vec<Result<Amended, Problem>> = collected.inputs.par_iter().map(|i| amend(&reviewer, i, &options)).collect();
    let mut language = session.lang;
    let mut problems = Vec::new();
    let mut done = 0;
    for (input, one) in collected.inputs.iter().zip(amended) {
        let result = match one {
            Ok(one) => {
                language = language.or(Some(one.language));
                deliver(session, args, input, &one)?.map(|()| one.notes.iter().for_each(|n| session.say(n)))
            }
            Err(problem) => Err(problem),
        };
        match result {
            Ok(()) => done += 1,
            Err(problem) => problems.push(problem),
        }
    }
    let words = words(language.unwrap_or_else(|| session.language()));
    collected.say_empty(words).iter().for_each(|line| session.say(line));
    collected.problems.iter().chain(&problems).for_each(|p| session.say(&p.say(words)));
    let failed = collected.problems.len() + problems.len();
    Ok(match (failed, done) {
        (0, 0) => Ending { code: 3, why: words.exit_nothing.to_owned() },
        (0, _) => Ending::CLEAN,
        _ => Ending::bad(fill(words.exit_unread, &[("n", &failed)])),
    })
}

fn amend(reviewer: &Reviewer<'_>, input: &Input, options: &ReviewOptions) -> Result<Amended, Problem> {
    let draft = input::read_for(input, options)?;
    let Fixed { review, text } = reviewer.fix(&draft, options);
    if review.playbook.is_empty() {
        return Err(Problem::NoPlaybook { name: draft.source().name().to_owned(), kind: review.provisions.kind });
    }
    let notes = notes(Document { library: reviewer.library(), draft: &draft, review: &review }, words(review.language));
    Ok(Amended { text, language: review.language, notes, draft })
}

/// What was added to a draft, where, and what a person must fill in.
fn notes(document: Document<'_>, words: &Words) -> Vec<String> {
    let Document { library, draft, review } = document;
    let name = draft.source().name();
    let mut out = Vec::new();
    for finding in &review.findings {
        let title = library.clause(&finding.clause).map_or(finding.clause.as_str(), |c| words.pick(&c.title));
        for suggestion in &finding.suggestions {
            let place = place(draft, suggestion.insert_at, words);
            let text = if suggestion.open_slots.is_empty() { words.added } else { words.added_blanks };
            let blanks = suggestion.open_slots.join(words.comma);
            out.push(fill(text, &[("name", &name), ("code", &finding.code), ("title", &title), ("place", &place), ("blanks", &blanks)]));
        }
    }
    if out.is_empty() {
        out.push(fill(words.nothing_to_add, &[("name", &name)]));
    }
    let without = without_text(review);
    if without > 0 {
        out.push(fill(words.no_text, &[("name", &name), ("n", &without)]));
    }
    out
}

fn without_text(review: &Review) -> usize {
    review.findings.iter().filter(|f| f.suggestions.is_empty()).count()
}

fn place(draft: &Draft, at: usize, words: &Words) -> String {
    let text = draft.source().text();
    let after = text.get(at..).unwrap_or_default();
    let next = at + after.len() - after.trim_start().len();
    if next >= text.len() {
        return words.at_end.to_owned();
    }
    fill(words.before_line, &[("line", &(draft.source().lines().line_of(next) + 1))])
}

fn deliver(session: &mut Session, args: &FixArgs, input: &Input, one: &Amended) -> Result<Result<(), Problem>, Ending> {
    let source = one.draft.source();
    if args.diff {
        let diff = TextDiff::from_lines(source.text(), one.text.as_str());
        let text = diff.unified_diff().context_radius(3).header(source.name(), source.name()).to_string();
        session.print_plain(&text)?;
        return Ok(Ok(()));
    }
    let Some(bytes) = source.encode(&one.text) else { return Ok(Err(cannot_encode(source, &one.text))) };
    match input {
        Input::File(path) if args.write => {
            if one.text == source.text() {
                return Ok(Ok(()));
            }
            Ok(unchanged(path, source).and_then(|()| output::write(path, &bytes)))
        }
        _ => {
            session.print_encoded(&one.text, &bytes)?;
            Ok(Ok(()))
        }
    }
}

/// Whether the file still holds the draft, byte for byte as it would be written back: then only insertions change.
fn unchanged(path: &Path, source: &SourceText) -> Result<(), Problem> {
    let name = source.name().to_owned();
    let held = std::fs::read(path).map_err(|error| Problem::Read { name: name.clone(), error })?;
    if source.encode(source.text()).is_some_and(|bytes| bytes == held) {
        return Ok(());
    }
    let same = SourceText::decode(name.clone(), &held).is_ok_and(|s| s.text() == source.text());
    Err(if same { Problem::NotFaithful { name, encoding: source.encoding() } } else { Problem::Changed { name } })
}

fn cannot_encode(source: &SourceText, text: &str) -> Problem {
    let mut buffer = [0; 4];
    let char = text.chars().find(|c| source.encode(c.encode_utf8(&mut buffer)).is_none()).unwrap_or('\u{fffd}');
    Problem::Encode { name: source.name().to_owned(), char, encoding: source.encoding() }
}
