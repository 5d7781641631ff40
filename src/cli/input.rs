//! From paths to drafts. What cannot be read is kept as a problem, and the rest goes on.

use super::Ending;
use crate::fold::fold_text;
use crate::outline::Draft;
use crate::render::words::{Words, fill};
use crate::review::ReviewOptions;
use crate::source::{DecodeError, MAX_BYTES, SourceText};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Ends of the names that a folder is searched for.
const EXTENSIONS: [&str; 3] = ["md", "markdown", "txt"];
const STDIN: &str = "<stdin>";

/// A draft to be read.
#[derive(Debug)]
pub(super) enum Input {
    File(PathBuf),
    Stdin { name: String, bytes: Vec<u8> },
}

impl Input {
    /// What the draft is called.
    pub(super) fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin { name, .. } => name.clone(),
        }
    }
}

/// Why an input could not be processed.
#[derive(Debug)]
pub(super) enum Problem {
    Read {
        name: String,
        error: io::Error,
    },
    Decode(DecodeError),
    Walk(String),
    NoPlaybook {
        name: String,
        kind: String,
    },
    NoParty {
        name: String,
        party: String,
        parties: Vec<String>,
    },
    Encode {
        name: String,
        char: char,
        encoding: &'static str,
    },
    ReadOnly {
        name: String,
    },
    /// A pipe or a device: there is nothing to put a new file in the place of.
    NotAFile {
        name: String,
    },
    /// The file is no longer what was read.
    Changed {
        name: String,
    },
    /// Decoding and encoding again does not give the bytes that were read.
    NotFaithful {
        name: String,
        encoding: &'static str,
    },
    Write {
        name: String,
        error: io::Error,
    },
}

impl Problem {
    /// What is wrong and what to do.
    pub(super) fn say(&self, words: &Words) -> String {
        match self {
            Problem::Read { name, error } => match error.kind() {
                io::ErrorKind::NotFound => fill(words.no_such_file, &[("name", name)]),
                io::ErrorKind::PermissionDenied => fill(words.denied, &[("name", name)]),
                _ => fill(words.not_read, &[("name", name), ("error", error)]),
            },
            Problem::Decode(DecodeError::TooLarge { name, bytes }) => fill(words.too_large, &[("name", name), ("bytes", bytes), ("most", &MAX_BYTES)]),
            Problem::Decode(DecodeError::Binary { name, offset, line }) => fill(words.binary, &[("name", name), ("offset", offset), ("line", line)]),
            Problem::Decode(DecodeError::Malformed { name, encoding, offset, line }) => {
                let text = if *encoding == "UTF-8" { words.malformed } else { words.malformed_guess };
                fill(text, &[("name", name), ("encoding", encoding), ("offset", offset), ("line", line)])
            }
            Problem::Walk(error) => error.clone(),
            Problem::NoPlaybook { name, kind } => fill(words.no_playbook, &[("name", name), ("kind", kind)]),
            Problem::NoParty { name, party, parties } => {
                let parties = if parties.is_empty() { "-".to_owned() } else { parties.join(words.comma) };
                fill(words.no_party, &[("name", name), ("party", party), ("parties", &parties)])
            }
            Problem::Encode { name, char, encoding } => fill(words.cannot_encode, &[("name", name), ("char", char), ("encoding", encoding)]),
            Problem::ReadOnly { name } => fill(words.read_only, &[("name", name)]),
            Problem::NotAFile { name } => fill(words.not_a_file, &[("name", name)]),
            Problem::Changed { name } => fill(words.changed, &[("name", name)]),
            Problem::NotFaithful { name, encoding } => fill(words.not_faithful, &[("name", name), ("encoding", encoding)]),
            Problem::Write { name, error } => fill(words.not_written, &[("name", name), ("error", error)]),
        }
    }
}

/// What the paths of a command line come to.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// What to read, in the order of the paths, those of a folder by name; each once.
    pub inputs: Vec<Input>,
    /// Folders and files that could not even be opened.
    pub problems: Vec<Problem>,
    /// Folders without a draft.
    pub empty: Vec<PathBuf>,
}

impl Collected {
    /// The lines that name folders without a draft.
    pub(super) fn say_empty(&self, words: &Words) -> Vec<String> {
        let kinds = EXTENSIONS.map(|e| format!("*.{e}")).join(", ");
        self.empty.iter().map(|f| fill(words.empty_folder, &[("name", &f.display()), ("kinds", &kinds)])).collect()
    }
}

/// The one draft that a path names.
pub(super) fn one(path: &Path) -> Result<Input, Problem> {
    let collected = collect(std::slice::from_ref(&path.to_owned()), None).unwrap_or_default();
    match (collected.problems.into_iter().next(), collected.inputs.into_iter().next()) {
        (Some(problem), _) => Err(problem),
        (None, Some(input)) => Ok(input),
        (None, None) => Err(Problem::Read { name: path.display().to_string(), error: io::ErrorKind::NotFound.into() }),
    }
}

/// Finds the drafts that the arguments name; reads standard input where it is one of them.
pub(super) fn collect(paths: &[PathBuf], stdin_filename: Option<&str>) -> Result<Collected, Ending> {
    let dashes = paths.iter().filter(|p| p.as_os_str() == "-").count();
    if dashes > 1 {
        return Err(Ending::bad("`-` can be given only once"));
    }
    if stdin_filename.is_some() && dashes == 0 {
        return Err(Ending::bad("--stdin-filename names the draft on standard input; give `-` as a path"));
    }
    let mut out = Collected::default();
    let mut seen = std::collections::BTreeSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = stdin_filename.unwrap_or(STDIN).to_owned();
            match read_all(io::stdin().lock()) {
                Ok(bytes) => out.inputs.push(Input::Stdin { name, bytes }),
                Err(error) => out.problems.push(Problem::Read { name, error }),
            }
        } else if path.is_dir() {
            let before = out.inputs.len() + out.problems.len();
            let mut any = false;
            for entry in ignore::WalkBuilder::new(path).sort_by_file_path(Path::cmp).build() {
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) && is_draft(entry.path()) => {
                        any = true;
                        if seen.insert(entry.path().to_owned()) {
                            out.inputs.push(Input::File(entry.into_path()));
                        }
                    }
                    Ok(_) => {}
                    Err(error) => out.problems.push(Problem::Walk(error.to_string())),
                }
            }
            if !any && before == out.inputs.len() + out.problems.len() {
                out.empty.push(path.clone());
            }
        } else if seen.insert(path.clone()) {
            out.inputs.push(Input::File(path.clone()));
        }
    }
    Ok(out)
}

fn is_draft(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    EXTENSIONS.iter().any(|e| extension.eq_ignore_ascii_case(e))
}

/// Reads a draft.
pub(super) fn read(input: &Input) -> Result<Draft, Problem> {
    let decode = |name: String, bytes: &[u8]| SourceText::decode(name, bytes).map(Draft::parse).map_err(Problem::Decode);
    match input {
        Input::Stdin { name, bytes } => decode(name.clone(), bytes),
        Input::File(path) => {
            let name = input.name();
            match File::open(path).and_then(read_all) {
                Ok(bytes) => decode(name, &bytes),
                Err(error) => Err(Problem::Read { name, error }),
            }
        }
    }
}

/// Reads a draft that is to be reviewed: our own party, where it is named, must be one of its parties.
pub(super) fn read_for(input: &Input, options: &ReviewOptions) -> Result<Draft, Problem> {
    let draft = read(input)?;
    match no_party(std::slice::from_ref(&draft), options) {
        Some(problem) => Err(problem),
        None => Ok(draft),
    }
}

/// Our own party is named, but no draft of the contract has it.
pub(super) fn no_party(drafts: &[Draft], options: &ReviewOptions) -> Option<Problem> {
    let party = options.party.as_ref()?;
    let labels: Vec<&String> = drafts.iter().flat_map(|d| d.parties()).map(|p| &p.label).collect();
    if labels.iter().any(|l| fold_text(l) == fold_text(party)) {
        return None;
    }
    let parties = labels.into_iter().cloned().collect();
    Some(Problem::NoParty { name: drafts.first()?.source().name().to_owned(), party: party.clone(), parties })
}

/// Everything, but never much more than a draft may have: the decoder refuses what is longer.
fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
