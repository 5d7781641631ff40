//! A table of rows in a file, and going on with one that was interrupted.
//!
//! Drafts are written one after another, each as a block of rows. So of a table that ends anywhere, every draft but the last is complete:
//! the last one is cut off and reviewed again.

use super::{Ending, Session};
use crate::library::ClauseLibrary;
use crate::render::rows::{self, COLUMNS, Form};
use crate::render::words::{Words, fill};
use crate::review::fingerprint;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The table and the drafts it already holds.
pub(super) struct Archive {
    name: String,
    file: File,
    /// Their paths, as the table writes them.
    pub kept: HashSet<String>,
}

/// What rows of one run have in common: the program, its library, and what it was asked.
pub(super) fn mark(session: &Session, asked: &impl std::fmt::Debug) -> String {
    let mut parts = vec![env!("CARGO_PKG_VERSION").to_owned(), format!("{asked:?}")];
    if std::ptr::eq(session.library(), ClauseLibrary::builtin()) {
        parts.extend(ClauseLibrary::builtin_files().into_iter().map(|f| f.text));
    } else {
        parts.push(format!("{:?}", session.library()));
    }
    fingerprint(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

impl Archive {
    /// A new table, or with `resume` one to go on with. A file that is there is never overwritten.
    pub(super) fn open(path: &Path, form: Form, run: &str, resume: bool, words: &Words) -> Result<Archive, Ending> {
        let name = path.display().to_string();
        let failed = |error: io::Error| Ending::bad(fill(words.not_read, &[("name", &name), ("error", &error)]));
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let mut file = match options.create_new(true).open(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && resume => options.create_new(false).open(path).map_err(failed)?,
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(Ending::bad(fill(words.table_exists, &[("name", &name)]))),
            other => other.map_err(|error| Ending::bad(fill(words.not_written, &[("name", &name), ("error", &error)])))?,
        };
        let Some((kept, end)) = scan(&mut file, form, run).map_err(failed)? else {
            return Err(Ending::bad(fill(words.other_table, &[("name", &name)])));
        };
        let mut archive = Archive { name, file, kept };
        let cut = archive.file.set_len(end).and_then(|()| archive.file.seek(SeekFrom::Start(end)));
        cut.map_err(|e| archive.stopped(&e, words))?;
        if end == 0 {
            archive.write(rows::open(form).as_bytes(), words)?;
        }
        Ok(archive)
    }

    /// Adds rows.
    pub(super) fn write(&mut self, bytes: &[u8], words: &Words) -> Result<(), Ending> {
        self.file.write_all(bytes).map_err(|e| self.stopped(&e, words))
    }

    /// Everything on the disk.
    pub(super) fn close(self, words: &Words) -> Result<(), Ending> {
        self.file.sync_all().map_err(|e| self.stopped(&e, words))
    }

    fn stopped(&self, error: &io::Error, words: &Words) -> Ending {
        Ending::bad(fill(words.table_stopped, &[("name", &self.name), ("error", error)]))
    }
}

/// The drafts that a table holds completely, and where they end. Nothing where it is not a table of this run.
fn scan(file: &mut File, form: Form, run: &str) -> io::Result<Option<(HashSet<String>, u64)>> {
    let mut table = Table { run, kept: HashSet::new(), last: None, end: 0 };
    let ours = match form {
        Form::Jsonl => table.jsonl(BufReader::new(file))?,
        Form::Csv => table.csv(BufReader::new(file))?,
    };
    Ok(ours.then_some((table.kept, table.end)))
}

struct Table<'r> {
    run: &'r str,
    kept: HashSet<String>,
    /// The draft whose rows came last.
    last: Option<String>,
    /// Where they begin.
    end: u64,
}

impl Table<'_> {
    /// A whole row that begins at byte `at`. False where it is of another run.
    fn row(&mut self, path: &str, run: &str, at: u64) -> bool {
        if run != self.run {
            return false;
        }
        if self.last.as_deref() != Some(path) {
            self.kept.extend(self.last.replace(path.to_owned()));
            self.end = at;
        }
        true
    }

    /// Whether this is a table of ours. Reading stops where a row is not whole.
    fn jsonl(&mut self, mut from: impl BufRead) -> io::Result<bool> {
        #[derive(serde::Deserialize)]
        struct Mark {
            path: String,
            run: String,
        }
        let (mut at, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let read = from.read_until(b'\n', &mut line)? as u64;
            let row = line.strip_suffix(b"\n").and_then(|l| serde_json::from_slice::<Mark>(l).ok());
            match row {
                Some(mark) if self.row(&mark.path, &mark.run, at) => {}
                // The first row, cut short, is all there is: begin again.
                None if at == 0 && !line.ends_with(b"\n") => return Ok(line.is_empty() || b"{\"path\":".iter().zip(&line).all(|(a, b)| a == b)),
                _ => return Ok(at > 0),
            }
            at += read;
        }
    }

    fn csv(&mut self, mut from: impl BufRead) -> io::Result<bool> {
        let head = rows::open(Form::Csv);
        let mut first = Vec::new();
        from.by_ref().take(head.len() as u64).read_to_end(&mut first)?;
        if first != head.as_bytes() {
            return Ok(head.as_bytes().starts_with(&first));
        }
        self.end = head.len() as u64;
        let (start, mut any) = (self.end, false);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(from);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).unwrap_or(false) {
            let at = start + record.position().map_or(0, csv::Position::byte);
            let whole = record.len() == COLUMNS.len();
            if !whole || !self.row(&record[0], &record[COLUMNS.len() - 1], at) {
                // The first row: cut short, or of another run.
                return Ok(any || !whole || self.run.starts_with(&record[COLUMNS.len() - 1]));
            }
            any = true;
        }
        Ok(true)
    }
}
