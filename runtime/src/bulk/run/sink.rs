//! Where the rows of a window go.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use crate::bulk::folder;
use crate::bulk::ledger::{Counts, PlanRecord};
use crate::bulk::{JobInfo, TimeRange};

/// Why a sink failed.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Takes the files of finished jobs, one a window.
///
/// A window may be written more than once: what an earlier attempt left of it is replaced, and what other windows left stays.
pub trait Sink: Send + Sync + 'static {
    /// Where the window's file is to be downloaded to. Always the same for the same window.
    fn download_path(&self, window: &SinkWindow) -> PathBuf;

    /// Writes the rows of a window whose file stands at `file`: at its [download path](Self::download_path), or at that of the sink that goes
    /// before. Called where blocking is allowed; for the windows of a plan one after the other, in order.
    ///
    /// # Errors
    ///
    /// Whatever keeps a row from being written. Nothing of the window by this sink may then be seen by a reader.
    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError>;

    /// Removes what this sink no longer needs once the window's rows are written and the ledger says so.
    ///
    /// # Errors
    ///
    /// The disk fails.
    fn clean(&self, window: &SinkWindow) -> Result<(), SinkError>;
}

/// A window, as sinks see it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SinkWindow {
    /// The plan's name.
    pub plan: Arc<str>,
    /// The plan's record, with the schema.
    pub record: Arc<PlanRecord>,
    /// The window's number within the plan.
    pub number: u32,
    /// Its range, unless the plan has none.
    pub range: Option<TimeRange>,
    /// Its job.
    pub job: JobInfo,
    stop: Arc<AtomicBool>,
    /// The ranges of the plan's windows that are not written any more, those that meet taken together.
    finished: Arc<[TimeRange]>,
}

impl SinkWindow {
    pub(in crate::bulk) fn new(
        plan: &Arc<str>,
        record: &Arc<PlanRecord>,
        number: u32,
        range: Option<TimeRange>,
        job: JobInfo,
        stop: &Arc<AtomicBool>,
    ) -> Self {
        Self {
            plan: plan.clone(),
            record: record.clone(),
            number,
            range,
            job,
            stop: stop.clone(),
            finished: Arc::default(),
        }
    }

    pub(in crate::bulk) fn with_finished(self, finished: Vec<TimeRange>) -> Self {
        Self { finished: finished.into(), ..self }
    }

    pub(in crate::bulk) fn finished(&self) -> &[TimeRange] {
        &self.finished
    }

    /// Whether the run is gone, and writing should end with an error: nobody would learn of its success.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The name of the window's file without an extension, unique within the plan and in the order of windows: its number, and its range where
    /// it has one, `000007-20260301T000000Z-20260401T000000Z`.
    #[must_use]
    pub fn file_stem(&self) -> String {
        let number = self.number;
        match self.range {
            Some(range) => {
                let compact = |time: jiff::Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
                format!("{number:06}-{}-{}", compact(range.start()), compact(range.end()))
            }
            None => format!("{number:06}"),
        }
    }
}

impl<S: Sink + ?Sized> Sink for Arc<S> {
    fn download_path(&self, window: &SinkWindow) -> PathBuf {
        (**self).download_path(window)
    }

    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError> {
        (**self).write(window, file)
    }

    fn clean(&self, window: &SinkWindow) -> Result<(), SinkError> {
        (**self).clean(window)
    }
}

/// Both sinks, from one download: at the path of the first one. The counts are those of the sink that left out more; misfits, of the one that
/// has more. Where the second one fails, what the first one wrote of the window stands until the window is written again.
impl<A: Sink, B: Sink> Sink for (A, B) {
    fn download_path(&self, window: &SinkWindow) -> PathBuf {
        self.0.download_path(window)
    }

    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError> {
        let (first, second) = (self.0.write(window, file)?, self.1.write(window, file)?);
        let counts = if second.written <= first.written { second } else { first };
        Ok(Counts { misfits: first.misfits.max(second.misfits), ..counts })
    }

    fn clean(&self, window: &SinkWindow) -> Result<(), SinkError> {
        self.0.clean(window)?;
        self.1.clean(window)
    }
}

/// Leaves the files in a folder as they came, byte for byte; rows that come twice because windows meet stay.
#[derive(Clone, Debug)]
pub struct Raw {
    folder: PathBuf,
}

impl Raw {
    /// Files go into this folder, which is made if it is not there, and are called `<plan>-<number>-<range>.csv`, or `.tsv` or `.ssv`.
    #[must_use]
    pub fn new(folder: impl AsRef<Path>) -> Self {
        Self { folder: folder.as_ref().to_owned() }
    }

    /// Copies a file that another sink had downloaded: under another name first, which a crash leaves only until the next time.
    fn copy(&self, file: &Path, target: &Path, name: &str) -> io::Result<()> {
        folder::make(&self.folder)?;
        let path = self.folder.join(format!(".{name}.tmp"));
        let copied = fs::File::create(&path).and_then(|mut copy| {
            io::copy(&mut fs::File::open(file)?, &mut copy)?;
            copy.sync_all()?;
            fs::rename(&path, target)?;
            folder::sync_of(target)
        });
        if copied.is_err() {
            // Whatever it was, that error says more than that a file could not be removed.
            let _ = fs::remove_file(&path);
        }
        copied
    }

    fn name(window: &SinkWindow) -> String {
        format!("{}-{}.{}", window.plan, window.file_stem(), window.record.request.format().extension())
    }
}

impl Sink for Raw {
    fn download_path(&self, window: &SinkWindow) -> PathBuf {
        self.folder.join(Self::name(window))
    }

    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError> {
        let target = self.download_path(window);
        if file != target {
            self.copy(file, &target, &Self::name(window)).map_err(|error| format!("{}: {error}", target.display()))?;
        }
        let rows = window.job.records.unwrap_or_default();
        Ok(Counts { read: rows, written: rows, ..Counts::default() })
    }

    fn clean(&self, _: &SinkWindow) -> Result<(), SinkError> {
        Ok(())
    }
}
