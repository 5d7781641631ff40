//! The library that comes with sekisho, as `build.rs` prepared it from the files in `clause-library`.

use crate::library::{ClauseLibrary, LibraryFile};
use include_dir::{Dir, include_dir};
use std::sync::LazyLock;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/clause-library");

impl ClauseLibrary {
    /// The library that comes with sekisho; prepared when sekisho is built, each language unpacked when it is first asked for. The examples
    /// of its `examples.toml` files are tests and left out; [`ClauseLibrary::from_files`] of [`ClauseLibrary::builtin_files`] has them.
    ///
    /// ```
    /// let library = sekisho::ClauseLibrary::builtin();
    /// assert!(library.clause("no-copy").is_some());
    /// ```
    pub fn builtin() -> &'static ClauseLibrary {
        static LIBRARY: LazyLock<ClauseLibrary> = LazyLock::new(|| {
            ClauseLibrary::prepared(
                include_bytes!(concat!(env!("OUT_DIR"), "/library.bin")),
                include_bytes!(concat!(env!("OUT_DIR"), "/ja.bin")),
                include_bytes!(concat!(env!("OUT_DIR"), "/en.bin")),
            )
        });
        &LIBRARY
    }

    /// The files of the built-in library.
    pub fn builtin_files() -> Vec<LibraryFile> {
        fn walk(dir: &Dir<'static>, out: &mut Vec<LibraryFile>) {
            for file in dir.files() {
                let text = file.contents_utf8().unwrap_or_default();
                out.push(LibraryFile::new(file.path().to_string_lossy().replace('\\', "/"), text));
            }
            dir.dirs().for_each(|d| walk(d, out));
        }
        let mut out = Vec::new();
        walk(&FILES, &mut out);
        out
    }
}
