//! Stores of redb whose process died while it began them. A path enters; what stands in the way of beginning the store again is gone.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek};
use std::path::Path;

/// A store begins with a mark of so many bytes, which is written last: until then they are zero, and nothing was ever committed.
const MARK: usize = 9;

/// Empties the file of a store that was never whole and that nobody holds. Any other file is left alone.
///
/// # Errors
///
/// `WouldBlock` where another process is beginning the store just now; the disk.
pub(super) fn clear(path: &Path) -> io::Result<()> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !is_unborn(&file)? {
        return Ok(());
    }
    match file.try_lock() {
        // It may have become whole in the meantime.
        Ok(()) if is_unborn(&file)? => file.set_len(0),
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn is_unborn(mut file: &File) -> io::Result<bool> {
    file.rewind()?;
    let mut beginning = Vec::with_capacity(MARK);
    file.take(MARK as u64).read_to_end(&mut beginning)?;
    Ok(!beginning.is_empty() && beginning.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_store_that_was_never_whole_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        clear(&path).unwrap();
        assert!(!path.exists());
        for (bytes, left) in
            [(vec![0; 4096], 0), (vec![0; 3], 0), (b"redb".to_vec(), 4), (b"\0\0\0\0\0\0\0\0a".to_vec(), 9)]
        {
            std::fs::write(&path, bytes).unwrap();
            clear(&path).unwrap();
            assert_eq!(std::fs::metadata(&path).unwrap().len(), left);
        }
        std::fs::write(&path, [0; 100]).unwrap();
        let held = File::open(&path).unwrap();
        held.lock().unwrap();
        assert_eq!(clear(&path).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 100);
    }
}
