//! Prepares the built-in library: its files are parsed, checked and their patterns written out here, once, and not at every start.
//!
//! The floors that do so are those of the program itself; none of them uses a floor after `library`.
#![allow(dead_code, missing_docs, unused_imports, reason = "the program uses what this does not")]

#[path = "src"]
mod floors {
    pub mod fold;
    pub mod library;
    pub mod markdown;
    pub mod outline;
    pub mod source;
    pub mod span;
}

// Each floor calls the others `crate::…`.
use floors::{fold, library, markdown, outline, source, span};
use library::{ClauseLibrary, LibraryFile};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const FOLDER: &str = "clause-library";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={FOLDER}");
    for floor in ["fold", "library", "markdown", "outline", "source", "span"] {
        println!("cargo:rerun-if-changed=src/{floor}.rs");
        if Path::new("src").join(floor).is_dir() {
            println!("cargo:rerun-if-changed=src/{floor}");
        }
    }
    let mut files = Vec::new();
    read(Path::new(FOLDER), &mut files)?;
    match ClauseLibrary::prepare(files) {
        Ok(prepared) => {
            let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
            ["library", "ja", "en"].iter().zip(prepared).try_for_each(|(name, bytes)| fs::write(out.join(name).with_extension("bin"), bytes))
        }
        Err(errors) => {
            errors.iter().for_each(|e| println!("cargo::error={FOLDER}/{e}"));
            Ok(())
        }
    }
}

/// The files below a folder, their paths relative to the library's.
fn read(folder: &Path, out: &mut Vec<LibraryFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, out)?;
        } else {
            let name = path.strip_prefix(FOLDER).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            out.push(LibraryFile::new(name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
