//! A plan carried out: each file is whole at any moment, the old one or the new.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Change, Error, Plan};

/// Writes and removes what `plan` says.
///
/// # Errors
///
/// What cannot be written or removed; what was done before stays done.
pub fn write(plan: &Plan) -> Result<(), Error> {
    plan.changes.iter().try_for_each(change)
}

fn change(change: &Change) -> Result<(), Error> {
    let Some(folder) = change.path.parent() else { return Ok(()) };
    match &change.new {
        Some(text) => replace(folder, &change.path, text).map_err(Error::io(&change.path)),
        None => {
            fs::remove_file(&change.path).map_err(Error::io(&change.path))?;
            remove_empty(folder).map_err(Error::io(folder))
        }
    }
}

/// Writes beside the old file, and moves the new one into its place when it is safely on the disk.
fn replace(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".codegen-");
    // As any new file: what is temporary is private otherwise.
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn remove_empty(folder: &Path) -> io::Result<()> {
    if fs::read_dir(folder)?.next().is_none() {
        fs::remove_dir(folder)?;
    }
    Ok(())
}
