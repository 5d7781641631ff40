//! Files that are written.

use super::input::Problem;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file whole or not at all: beside it, to the disk, then in its place. Its permissions stay; a link stays a link.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let name = path.display().to_string();
    let attempt = || -> io::Result<Option<Problem>> {
        let target = match fs::canonicalize(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => path.to_owned(),
            found => found?,
        };
        let held = fs::metadata(&target).ok();
        if held.as_ref().is_some_and(|m| !m.is_file()) {
            return Ok(Some(Problem::NotAFile { name: name.clone() }));
        }
        let permissions = held.map(|m| m.permissions());
        if permissions.as_ref().is_some_and(|p| p.readonly()) {
            return Ok(Some(Problem::ReadOnly { name: name.clone() }));
        }
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".sekisho-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|e| e.error)?;
        // The name lives in the folder. Some systems cannot sync one, and the file is safe either way.
        let _ = fs::File::open(folder).and_then(|f| f.sync_all());
        Ok(None)
    };
    match attempt() {
        Ok(None) => Ok(()),
        Ok(Some(problem)) => Err(problem),
        Err(error) => Err(Problem::Write { name, error }),
    }
}
