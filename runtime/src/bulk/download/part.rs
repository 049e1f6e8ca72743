//! The file on disk: written beside its target, locked against others, synced, and renamed when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::promise::{Digest, Promise};
use crate::bulk::error::{Error, ErrorKind};
use crate::bulk::folder;

/// How much is read at once.
const BLOCK: usize = 1 << 20;
/// Chunks between network and disk.
const AHEAD: usize = 16;
/// How often the lock is tried, and the wait between: a download that was just dropped writes its last bytes still.
const TRIES: u32 = 200;
const TRY_EVERY: Duration = Duration::from_millis(50);

/// What is called when the bytes on disk have grown.
pub(super) type Progress = Option<Arc<dyn Fn(u64) + Send + Sync>>;

/// A file that is being written.
pub(super) struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
}

/// Takes bytes to disk and hashes them, on a thread of its own.
pub(super) struct Writer {
    sender: mpsc::Sender<Message>,
    thread: JoinHandle<Result<(Part, Digest), Error>>,
}

enum Message {
    Data(Bytes),
    Restart,
}

impl Part {
    /// Opens what is there of the file that is to stand at `target`, or begins it.
    ///
    /// # Errors
    ///
    /// The disk, or another download to the same target.
    pub(super) async fn open(target: &Path) -> Result<Self, Error> {
        let file_name = target.file_name().unwrap_or_default();
        if file_name.is_empty() {
            return Err(Error::refused(format!("`{}` is no path of a file", target.display())));
        }
        // Who reads all files of a folder passes over those with a dot.
        let is_hidden = file_name.as_encoded_bytes().starts_with(b".");
        let mut name = OsString::from(if is_hidden { "" } else { "." });
        name.push(file_name);
        name.push(".part");
        let path = target.with_file_name(name);
        for _ in 0..TRIES {
            let (target, path) = (target.to_owned(), path.clone());
            if let Some(part) = blocking(move || Self::try_open(target, path)).await? {
                return Ok(part);
            }
            tokio::time::sleep(TRY_EVERY).await;
        }
        let text = format!("another download writes `{}`", path.display());
        Err(Error::new(ErrorKind::File, text))
    }

    fn try_open(target: PathBuf, path: PathBuf) -> Result<Option<Self>, Error> {
        let step = format_args!("cannot open `{}`", path.display()).to_string();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| Error::file(&step, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(Error::file(step, error)),
        }
        // Who held the lock may have renamed the file meanwhile.
        let same = is_at(&file, &path).map_err(|error| Error::file(step, error))?;
        Ok(same.then_some(Self { target, path, file }))
    }

    /// What is on disk already, hashed; nothing where it cannot be held against a checksum or is longer than the file.
    pub(super) async fn take_up(mut self, promise: &Promise) -> Result<(Self, Digest), Error> {
        let promise = promise.clone();
        blocking(move || {
            let mut digest = promise.digest();
            let length = self.file.metadata().map_err(|error| self.failed("read", error))?.len();
            if length > 0 && promise.checksum.is_some() && promise.size.is_some_and(|size| length <= size) {
                read_into(&mut self.file, &mut digest).map_err(|error| self.failed("read", error))?;
            } else {
                self.clear()?;
            }
            Ok((self, digest))
        })
        .await
    }

    /// Begins to take bytes after those that `digest` has seen.
    pub(super) fn write(self, promise: &Promise, digest: Digest, progress: Progress) -> Writer {
        let (sender, mut receiver) = mpsc::channel(AHEAD);
        let promise = promise.clone();
        let thread = spawn_blocking(move || {
            let (mut part, mut digest) = (self, digest);
            let mut messages = Vec::with_capacity(AHEAD);
            while receiver.blocking_recv_many(&mut messages, AHEAD) > 0 {
                for message in messages.drain(..) {
                    match message {
                        Message::Data(chunk) => {
                            part.file.write_all(&chunk).map_err(|error| part.failed("write", error))?;
                            digest.update(&chunk);
                        }
                        Message::Restart => {
                            part.clear()?;
                            digest = promise.digest();
                        }
                    }
                }
                if let Some(progress) = &progress {
                    progress(digest.bytes);
                }
            }
            Ok((part, digest))
        });
        Writer { sender, thread }
    }

    /// Throws away what is there.
    pub(super) async fn discard(mut self) -> Result<Self, Error> {
        blocking(move || self.clear().map(|()| self)).await
    }

    /// Takes the file away.
    pub(super) async fn remove(self) -> Result<(), Error> {
        blocking(move || fs::remove_file(&self.path).map_err(|error| self.failed("remove", error))).await
    }

    /// Puts the whole file in its place: synced, renamed, and the folder synced, so that it stays there.
    pub(super) async fn finish(self) -> Result<(), Error> {
        blocking(move || {
            self.file.sync_all().map_err(|error| self.failed("sync", error))?;
            fs::rename(&self.path, &self.target).map_err(|error| self.failed("rename", error))?;
            folder::sync_of(&self.target).map_err(|error| self.failed("sync the folder of", error))
        })
        .await
    }

    fn clear(&mut self) -> Result<(), Error> {
        let cleared = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        cleared.map(|_| ()).map_err(|error| self.failed("empty", error))
    }

    fn failed(&self, step: &str, error: io::Error) -> Error {
        Error::file(format_args!("cannot {step} `{}`", self.path.display()), error)
    }
}

impl Writer {
    /// Takes the next bytes. `false` where the disk failed: [`end`](Self::end) tells why.
    pub(super) async fn data(&self, chunk: Bytes) -> bool {
        self.sender.send(Message::Data(chunk)).await.is_ok()
    }

    /// Forgets what was taken.
    pub(super) async fn restart(&self) -> bool {
        self.sender.send(Message::Restart).await.is_ok()
    }

    /// Waits until all is written.
    pub(super) async fn end(self) -> Result<(Part, Digest), Error> {
        drop(self.sender);
        joined(self.thread).await
    }
}

/// The digest of a file that stands at `path`, if one of `size` bytes does.
pub(super) async fn standing(path: &Path, promise: &Promise, size: u64) -> Result<Option<Digest>, Error> {
    let (path, mut digest) = (path.to_owned(), promise.digest());
    blocking(move || {
        let failed = |error| Error::file(format_args!("cannot read `{}`", path.display()), error);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(failed)?,
        };
        if file.metadata().map_err(failed)?.len() != size {
            return Ok(None);
        }
        read_into(&mut file, &mut digest).map_err(failed)?;
        Ok(Some(digest))
    })
    .await
}

fn read_into(file: &mut File, digest: &mut Digest) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(length) => digest.update(block.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    joined(spawn_blocking(work)).await
}

async fn joined<T>(thread: JoinHandle<Result<T, Error>>) -> Result<T, Error> {
    // It neither panics nor is cancelled; the runtime may be shutting down.
    thread
        .await
        .unwrap_or_else(|error| Err(Error::file("the disk's thread ended", io::Error::other(error.to_string()))))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
