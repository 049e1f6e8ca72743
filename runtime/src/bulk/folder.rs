//! Folders whose entries last: a path enters; what was made or renamed there is on disk.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes a folder, and those that it lies in, and puts their names on disk.
///
/// # Errors
///
/// The disk, or something else of that name.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make(parent)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => match sync_of(folder) {
            // One may add to a folder that one may not read.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
            synced => synced,
        },
    }
}

/// Puts the names in the folder of a file on disk: a rename lasts.
///
/// # Errors
///
/// The disk.
#[cfg(unix)]
pub(super) fn sync_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_of(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_with_those_that_they_lie_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c");
        make(&path).unwrap();
        make(&path).unwrap();
        make(Path::new("")).unwrap();
        assert!(path.is_dir());
        fs::write(path.join("file"), "").unwrap();
        assert_eq!(make(&path.join("file")).unwrap_err().kind(), ErrorKind::AlreadyExists);
        sync_of(&path.join("file")).unwrap();
    }
}
