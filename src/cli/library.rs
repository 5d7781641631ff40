//! `sekisho library`, and how every command comes by its library.

use super::input::{self, Problem};
use super::{Ending, Global, House, Session};
use crate::examples;
use crate::idle::{IdlePhrase, Trial};
use crate::library::{ClauseLibrary, LARGEST_FILE, LibraryError, LibraryFile};
use crate::outline::Draft;
use crate::render::words::fill;
use clap::{Args, Subcommand};
use rayon::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct LibraryArgs {
    #[command(subcommand)]
    command: LibraryCommand,
}

#[derive(Debug, Subcommand)]
enum LibraryCommand {
    /// Validate a library and run the examples of every clause
    ///
    /// A folder that holds lexicon/ is taken as a library of its own, any other is laid over the built-in one.
    Check {
        /// The library's folder
        dir: PathBuf,
        #[command(flatten)]
        house: House,
    },
    /// List the phrases that no answer depends on
    ///
    /// Each phrase of the library's signals is left out in turn, and its examples and the drafts given here are read again. A phrase that
    /// changes nothing is either covered by another one or lacks an example that shows what it is for.
    Idle {
        /// The library's folder
        dir: PathBuf,
        /// Drafts or folders to read besides the library's own examples
        drafts: Vec<PathBuf>,
        /// Ask only for the phrases of this clause
        #[arg(long, value_name = "ID")]
        clause: Option<String>,
        #[command(flatten)]
        house: House,
    },
}

impl LibraryArgs {
    pub(super) fn dirs(&self) -> &[PathBuf] {
        match &self.command {
            LibraryCommand::Check { house, .. } | LibraryCommand::Idle { house, .. } => &house.dirs,
        }
    }
}

/// A library that is built in or was read.
#[derive(Debug)]
pub(super) enum Held {
    Builtin,
    Read(Box<ClauseLibrary>),
}

impl Held {
    pub(super) fn get(&self) -> &ClauseLibrary {
        match self {
            Held::Builtin => ClauseLibrary::builtin(),
            Held::Read(library) => library,
        }
    }
}

/// The library that the options ask for.
pub(super) fn load(session: &Session, dirs: &[PathBuf], no_builtin: bool) -> Result<Held, Ending> {
    if dirs.is_empty() && no_builtin {
        return Err(Ending::bad("--no-builtin leaves no library; give --library DIR"));
    }
    if dirs.is_empty() { Ok(Held::Builtin) } else { read(session, dirs, no_builtin).map(|l| Held::Read(Box::new(l))) }
}

fn read(session: &Session, dirs: &[PathBuf], no_builtin: bool) -> Result<ClauseLibrary, Ending> {
    let mut files = if no_builtin { Vec::new() } else { ClauseLibrary::builtin_files() };
    for dir in dirs {
        files.extend(files_of(dir)?);
    }
    ClauseLibrary::from_files(&files).map_err(|errors| {
        for error in &errors {
            session.say(&located(error, dirs).to_string());
        }
        Ending::bad(format!("the library is not valid: {} (see above)", errors.len()))
    })
}

/// The files of a library folder, in the order of their paths.
fn files_of(dir: &Path) -> Result<Vec<LibraryFile>, Ending> {
    if !dir.is_dir() {
        return Err(Ending::bad(format!("{}: no such folder; --library names the folder of a clause library", dir.display())));
    }
    let mut files = Vec::new();
    // Hidden files and what is neither TOML nor Markdown are left out, nothing else: what a library holds does not depend on .gitignore.
    for entry in ignore::WalkBuilder::new(dir).standard_filters(false).hidden(true).sort_by_file_path(Path::cmp).build() {
        let entry = entry.map_err(|e| Ending::bad(e.to_string()))?;
        let known = entry.path().extension().is_some_and(|e| e == "toml" || e == "md");
        if !known || !entry.file_type().is_some_and(|t| t.is_file()) {
            continue;
        }
        let path = entry.path().strip_prefix(dir).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        let large = entry.metadata().is_ok_and(|m| m.len() > LARGEST_FILE as u64);
        if large {
            return Err(Ending::bad(format!("{}:1: file: larger than {LARGEST_FILE} bytes", entry.path().display())));
        }
        let text = std::fs::read_to_string(entry.path()).map_err(|e| {
            let why = if e.kind() == std::io::ErrorKind::InvalidData { "not UTF-8; save it as UTF-8".to_owned() } else { e.to_string() };
            Ending::bad(format!("{}:1: file: {why}", entry.path().display()))
        })?;
        files.push(LibraryFile::new(path, text));
    }
    Ok(files)
}

/// The error with its file's path as it stands on the disk, where it does.
fn located(error: &LibraryError, dirs: &[PathBuf]) -> LibraryError {
    let on_disk = dirs.iter().rev().map(|d| d.join(&error.file)).find(|p| p.is_file());
    let file = on_disk.map_or_else(|| error.file.clone(), |p| p.display().to_string());
    LibraryError { file, ..error.clone() }
}

pub(super) fn run(session: &mut Session, args: &LibraryArgs, global: &Global) -> Result<Ending, Ending> {
    let (LibraryCommand::Check { dir, .. } | LibraryCommand::Idle { dir, .. }) = &args.command;
    let whole = global.no_builtin || dir.join("lexicon").is_dir();
    let dirs: Vec<PathBuf> = global.house.dirs.iter().chain(args.dirs()).chain([dir]).cloned().collect();
    let library = read(session, &dirs, whole)?;
    match &args.command {
        LibraryCommand::Check { .. } => check(session, &library),
        LibraryCommand::Idle { drafts, clause, .. } => idle(session, &library, dir, drafts, clause.as_deref()),
    }
}

fn check(session: &mut Session, library: &ClauseLibrary) -> Result<Ending, Ending> {
    let failures = examples::run_examples(library);
    let mut report: String = failures.iter().map(|f| format!("{f}\n")).collect();
    let words = session.words();
    report.push_str(&fill(words.examples, &[("n", &examples::count(library)), ("failed", &failures.len())]));
    report.push('\n');
    session.print(&crate::render::frame::clean_lines(&report))?;
    if failures.is_empty() {
        return Ok(Ending::CLEAN);
    }
    Ok(Ending { code: 1, why: fill(words.exit_examples, &[("n", &failures.len())]) })
}

fn idle(session: &mut Session, library: &ClauseLibrary, dir: &Path, paths: &[PathBuf], clause: Option<&str>) -> Result<Ending, Ending> {
    let clause = clause.map(|id| library.clause(id).ok_or_else(|| Ending::bad(format!("no clause is called `{id}`")))).transpose()?;
    let collected = input::collect(paths, None)?;
    let read: Vec<Result<Draft, Problem>> = collected.inputs.par_iter().map(input::read).collect();
    let mut drafts = Vec::new();
    for draft in collected.problems.into_iter().map(Err).chain(read) {
        match draft {
            Ok(draft) => drafts.push(draft),
            Err(problem) => session.say(&problem.say(session.words())),
        }
    }
    let mut trial = Trial::new(library, drafts);
    let mut phrases = trial.phrases();
    if let Some(clause) = clause {
        let file = format!("clauses/{}/clause.toml", clause.id);
        phrases.retain(|(language, phrase)| {
            let tongue = library.tongue(*language);
            tongue.files[tongue.phrases[*phrase].file] == file
        });
    }
    // Most are needed even while all others are there, and that is asked on every processor.
    let candidates: Vec<_> = phrases.par_iter().filter(|(language, phrase)| trial.is_idle(*language, *phrase)).copied().collect();
    let mut idle: Vec<IdlePhrase> = trial.idle_together(candidates);
    // A phrase of a library this one is laid over is not this one's fault.
    idle.retain(|p| dir.join(&p.file).is_file());
    idle.sort_by(|a, b| (&a.file, a.at).cmp(&(&b.file, b.at)));
    let words = session.words();
    let mut report = String::new();
    let mut text = (String::new(), String::new());
    for phrase in &idle {
        if text.0 != phrase.file {
            text = (phrase.file.clone(), std::fs::read_to_string(dir.join(&phrase.file)).unwrap_or_default());
        }
        let before = text.1.get(..phrase.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let written = text.1[before.len()..].lines().next().unwrap_or_default();
        let end = closing_quote(written);
        let why = if phrase.raised { words.idle_covered } else { words.idle_unseen };
        let _ = writeln!(report, "{}:{line}: {}: {}: {why}", dir.join(&phrase.file).display(), phrase.signal, &written[..end]);
    }
    let _ = writeln!(report, "{}", fill(words.idle, &[("n", &phrases.len()), ("idle", &idle.len())]));
    session.print(&crate::render::frame::clean_lines(&report))?;
    Ok(if idle.is_empty() { Ending::CLEAN } else { Ending { code: 1, why: fill(words.exit_idle, &[("n", &idle.len())]) } })
}

/// Where the quoted text at the beginning of a line ends, in bytes.
fn closing_quote(line: &str) -> usize {
    let quote = line.chars().next().unwrap_or('"');
    line.char_indices().skip(1).find(|(i, c)| *c == quote && !line[..*i].ends_with('\\')).map_or(line.len(), |(i, _)| i + 1)
}
