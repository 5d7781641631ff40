//! A library as bytes: everything [`super::load`] makes of its files, so that a start need not make it again.
//!
//! `build.rs` writes them and the program it builds reads them, from the same types; no other program ever sees them.

use super::load::{self, Lazy};
use super::{Clause, ClauseLibrary, LibraryError, LibraryFile, Playbook, ProtectedWord, Question, Tongue};
use serde::Deserialize;

/// A library without its languages.
type Rest = (Vec<Clause>, Vec<Playbook>, Vec<Question>, Vec<ProtectedWord>);

/// Why bytes that cannot be read are no error to be told.
const OURS: &str = "build.rs wrote these bytes from the types that read them";

impl ClauseLibrary {
    /// The library, its Japanese and its English as bytes. Further examples are tests, and left out.
    ///
    /// # Errors
    /// Every fault found in the files.
    #[allow(dead_code, reason = "build.rs calls it")]
    pub(crate) fn prepare(files: Vec<LibraryFile>) -> Result<[Vec<u8>; 3], Vec<LibraryError>> {
        let files: Vec<LibraryFile> = files.into_iter().filter(|f| f.path.rsplit('/').next() != Some(load::EXAMPLES)).collect();
        let ClauseLibrary { clauses, playbooks, questions, protected, ja, en } = ClauseLibrary::from_files(&files)?;
        Ok([
            postcard::to_allocvec(&(clauses, playbooks, questions, protected)).expect(OURS),
            postcard::to_allocvec(&*ja).expect(OURS),
            postcard::to_allocvec(&*en).expect(OURS),
        ])
    }

    /// The library of such bytes; each language is read when it is first asked for.
    pub(crate) fn prepared(library: &[u8], ja: &'static [u8], en: &'static [u8]) -> ClauseLibrary {
        let (clauses, playbooks, questions, protected): Rest = read(library);
        let [ja, en] = [ja, en].map(|bytes| Lazy::new(Box::new(move || read::<Tongue>(bytes))));
        ClauseLibrary { clauses, playbooks, questions, ja, en, protected }
    }
}

fn read<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> T {
    postcard::from_bytes(bytes).expect(OURS)
}
