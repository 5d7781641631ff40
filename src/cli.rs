//! Floor 13: the command line. Each command has a room; what they share is here.
//!
//! Exit codes: 0 clean, 1 findings at or above `--fail-on`, 2 bad usage, configuration or library, 3 nothing to read. The last line on
//! standard error says why a code is not 0.

mod archive;
mod check;
mod checklist;
mod clauses;
mod dump;
mod eval;
mod explain;
mod fix;
mod input;
mod library;
mod output;

use crate::library::ClauseLibrary;
use crate::outline::Language;
use crate::render::frame::clean_lines;
use crate::render::words::{Words, words};
use crate::review::ReviewOptions;
use anstream::{AutoStream, ColorChoice};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const ABOUT: &str = "Reads a draft contract and says which protections against technology leakage it has, and which are missing, weak or turned around";

#[derive(Debug, Parser)]
#[command(name = "sekisho", version, about = ABOUT, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 clean, 1 findings at or above --fail-on, 2 bad usage, configuration or library, 3 nothing to read.")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Debug)]
struct Global {
    #[command(flatten)]
    house: House,
    /// Leave the built-in library out: only the folders of --library count
    #[arg(long, global = true, help_heading = "Library and language")]
    no_builtin: bool,
    /// Language of messages [default: that of the draft]
    #[arg(long, global = true, value_enum, value_name = "LANG", help_heading = "Library and language")]
    lang: Option<Lang>,
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Library and language")]
    color: Color,
}

/// Accepted before the command and after it. Not a global argument of clap's: of those given on both sides, it keeps one side.
#[derive(Args, Debug)]
struct House {
    /// Add a house library: its files count over the built-in ones of the same path, a later library's over an earlier one's
    #[arg(long = "library", value_name = "DIR", help_heading = "Library and language")]
    dirs: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Review drafts and report what is missing, weak or turned around
    Check(check::CheckArgs),
    /// The checklist before signature: what the drafts answer themselves, and what only people can
    Checklist(checklist::ChecklistArgs),
    /// Add the suggested text to a draft: print it, show a diff, or write the file
    Fix(fix::FixArgs),
    /// Explain a clause: why it matters, what is looked for, examples, the suggested text
    Explain(explain::ExplainArgs),
    /// List the clauses of the library
    Clauses(clauses::ClausesArgs),
    /// Show what was read of a draft, stage by stage
    Dump(dump::DumpArgs),
    /// Score the library on contracts whose answers are known
    Eval(eval::EvalArgs),
    /// Work with a clause library
    Library(library::LibraryArgs),
}

impl Command {
    /// The library folders given after the command.
    fn dirs(&self) -> &[PathBuf] {
        match self {
            Command::Check(args) => &args.drafts.house.dirs,
            Command::Checklist(args) => &args.drafts.house.dirs,
            Command::Fix(args) => &args.drafts.house.dirs,
            Command::Explain(args) => &args.house.dirs,
            Command::Clauses(args) => &args.house.dirs,
            Command::Dump(args) => &args.house.dirs,
            Command::Eval(args) => &args.house.dirs,
            Command::Library(args) => args.dirs(),
        }
    }
}

/// Which drafts to review, and against what.
#[derive(Args, Debug)]
struct DraftArgs {
    /// Files, folders (searched for *.md, *.markdown and *.txt), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to call the draft read from standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    #[command(flatten)]
    against: Against,
    #[command(flatten)]
    house: House,
}

/// What to hold a draft against.
#[derive(Args, Debug)]
struct Against {
    /// The playbook to hold every draft against [default: chosen by the kind of contract]
    #[arg(long, value_name = "ID")]
    playbook: Option<String>,
    /// The side the playbook must serve, where it is chosen: discloser, recipient, buyer, …
    #[arg(long, value_name = "SIDE", conflicts_with = "playbook")]
    side: Option<String>,
    /// Leave out the findings of a code or clause (SK207, no-copy); may be given again
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Our own party, as the draft calls it (甲, Supplier): a duty that binds nobody else is then no protection
    #[arg(long, value_name = "LABEL")]
    party: Option<String>,
}

impl Against {
    /// How to review. A playbook or side that the library does not know is refused before anything is read.
    fn options(&self, session: &Session) -> Result<ReviewOptions, Ending> {
        let playbooks = session.library().playbooks();
        if let Some(id) = self.playbook.as_ref().filter(|id| session.library().playbook(id).is_none()) {
            let ids: Vec<&str> = playbooks.iter().map(|p| p.id.as_str()).collect();
            return Err(Ending::bad(format!("no playbook is called `{id}`; there are: {}", ids.join(", "))));
        }
        if let Some(side) = self.side.as_ref().filter(|side| !playbooks.iter().any(|p| p.side == **side)) {
            let sides: BTreeSet<&str> = playbooks.iter().map(|p| p.side.as_str()).collect();
            return Err(Ending::bad(format!("no playbook serves the side `{side}`; there are: {}", sides.into_iter().collect::<Vec<_>>().join(", "))));
        }
        let known =
            |i: &String| session.library().clause(i).is_some() || crate::check::CHECKS.iter().any(|(code, name)| code.eq_ignore_ascii_case(i) || name == i);
        if let Some(unknown) = self.ignore.iter().find(|i| !known(i)) {
            return Err(Ending::bad(format!("no clause or check is called `{unknown}`; sekisho clauses lists the clauses")));
        }
        Ok(ReviewOptions {
            playbook: self.playbook.clone(),
            side: self.side.clone(),
            party: self.party.clone(),
            language: session.lang,
            ignore: self.ignore.clone(),
        })
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    /// Japanese
    Ja,
    /// English
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Frames and tables for people; not a stable format
    Human,
    /// JSON, schema sekisho/1
    Json,
}

/// How a command ended: its exit code, and why where that is not 0.
#[derive(Debug)]
struct Ending {
    code: u8,
    why: String,
}

impl Ending {
    const CLEAN: Ending = Ending { code: 0, why: String::new() };

    /// Bad usage, configuration or library.
    fn bad(why: impl Into<String>) -> Ending {
        Ending { code: 2, why: why.into() }
    }
}

impl From<io::Error> for Ending {
    fn from(error: io::Error) -> Ending {
        Ending::bad(format!("the output cannot be written: {error}"))
    }
}

/// What every command works with.
struct Session {
    library: library::Held,
    lang: Option<Language>,
    color: ColorChoice,
    /// Whoever reads standard output has gone; nothing more is written, the exit code stays what it would have been.
    gone: Cell<bool>,
}

impl Session {
    fn new(global: &Global, command: &Command) -> Result<Session, Ending> {
        let lang = global.lang.map(|l| if matches!(l, Lang::Ja) { Language::Ja } else { Language::En });
        let color = match global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let mut session = Session { library: library::Held::Builtin, lang, color, gone: Cell::new(false) };
        // `library check` reads its own, over these.
        if !matches!(command, Command::Library(_)) {
            let dirs: Vec<PathBuf> = global.house.dirs.iter().chain(command.dirs()).cloned().collect();
            session.library = library::load(&session, &dirs, global.no_builtin)?;
        }
        Ok(session)
    }

    fn library(&self) -> &ClauseLibrary {
        self.library.get()
    }

    /// The language where no draft gives one: `--lang`, else the locale's.
    fn language(&self) -> Language {
        let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        self.lang.unwrap_or_else(|| if locale().is_some_and(|l| l.starts_with("ja")) { Language::Ja } else { Language::En })
    }

    fn words(&self) -> &'static Words {
        words(self.language())
    }

    /// Columns a line may have.
    fn width(&self) -> usize {
        std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).map_or(100, |c: usize| c.clamp(40, 400))
    }

    /// Text on standard output, its colours stripped where they are not wanted.
    fn print(&self, text: &str) -> Result<(), Ending> {
        let color = self.color;
        self.write(|| AutoStream::new(io::stdout().lock(), color).write_all(text.as_bytes()))
    }

    /// Text on standard output as it is; on a terminal without what a terminal would obey.
    fn print_plain(&self, text: &str) -> Result<(), Ending> {
        self.print_encoded(text, text.as_bytes())
    }

    /// Bytes on standard output as they are; on a terminal the text they stand for, without what a terminal would obey.
    fn print_encoded(&self, text: &str, bytes: &[u8]) -> Result<(), Ending> {
        self.write(|| {
            let mut out = io::stdout().lock();
            let written = if out.is_terminal() { out.write_all(clean_lines(text).as_bytes()) } else { out.write_all(bytes) };
            written.and_then(|()| out.flush())
        })
    }

    fn write(&self, write: impl FnOnce() -> io::Result<()>) -> Result<(), Ending> {
        if self.gone.get() {
            return Ok(());
        }
        match write() {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.gone.set(true);
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// A line on standard error.
    fn say(&self, line: &str) {
        // Nothing can be done where even that cannot be written.
        let _ = writeln!(AutoStream::new(io::stderr().lock(), self.color), "{}", clean_lines(line));
    }
}

/// Runs the command line and gives its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let ending = Session::new(&cli.global, &cli.command).and_then(|mut session| match &cli.command {
        Command::Check(args) => check::run(&mut session, args),
        Command::Checklist(args) => checklist::run(&mut session, args),
        Command::Fix(args) => fix::run(&mut session, args),
        Command::Explain(args) => explain::run(&mut session, args),
        Command::Clauses(args) => clauses::run(&mut session, args),
        Command::Dump(args) => dump::run(&mut session, args),
        Command::Eval(args) => eval::run(&mut session, args),
        Command::Library(args) => library::run(&mut session, args, &cli.global),
    });
    let ending = ending.unwrap_or_else(|e| e);
    if ending.code != 0 {
        let _ = writeln!(io::stderr().lock(), "exit {}: {}", ending.code, clean_lines(&ending.why));
    }
    ExitCode::from(ending.code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn arguments_are_well_formed() {
        use clap::CommandFactory;
        super::Cli::command().debug_assert();
    }
}
