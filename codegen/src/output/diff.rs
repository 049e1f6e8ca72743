//! A plan to be read: what `--check` prints.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::{Change, Plan};

/// How many lines of one file's differences are shown.
const LINES: usize = 60;

/// The differences in unified form: of each file its first lines, and how many lines differ in all.
#[must_use]
pub fn diff(plan: &Plan, root: &Path) -> String {
    plan.changes.iter().map(|change| file(change, root)).collect()
}

/// How many files differ, and how.
#[must_use]
pub fn summary(plan: &Plan) -> String {
    if plan.changes.is_empty() {
        return format!("{} files are up to date", plan.unchanged);
    }
    let count = |wanted: fn(&Change) -> bool| plan.changes.iter().filter(|change| wanted(change)).count();
    let missing = count(|change| change.old.is_none());
    let removed = count(|change| change.new.is_none());
    let changed = plan.changes.len() - missing - removed;
    let unchanged = plan.unchanged;
    format!("{changed} files differ, {missing} are missing, {removed} are to be removed, {unchanged} are up to date")
}

fn file(change: &Change, root: &Path) -> String {
    let name = change.path.strip_prefix(root).unwrap_or(&change.path).display().to_string().replace('\\', "/");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => changed(&name, old, new),
        (None, Some(new)) => format!("{name}: missing, {} lines\n", new.lines().count()),
        (Some(old), None) => format!("{name}: to be removed, {} lines\n", old.lines().count()),
        (None, None) => String::new(),
    }
}

fn changed(name: &str, old: &str, new: &str) -> String {
    // Files without much in common are compared no longer than that; the result is longer then, and still right.
    let diff = TextDiff::configure().timeout(Duration::from_secs(2)).diff_lines(old, new);
    let (mut added, mut removed) = (0, 0);
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Insert => added += 1,
            ChangeTag::Delete => removed += 1,
            ChangeTag::Equal => {}
        }
    }
    let unified = diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    let total = unified.lines().count();
    let mut out = format!("{name}: {added} lines added, {removed} removed\n");
    for line in unified.lines().take(LINES) {
        out.push_str(line);
        out.push('\n');
    }
    if total > LINES {
        // Writing to a string never fails.
        let _ = writeln!(out, "… {} more lines", total - LINES);
    }
    out
}
