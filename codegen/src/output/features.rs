//! The features of the generated crate's manifest: the lines between two marks are codegen's, the others are not.

/// The line before codegen's.
pub(super) const START: &str = "# Written by codegen from here to the end mark.";

/// The line after codegen's.
pub(super) const END: &str = "# End of what codegen writes.";

/// `manifest` with `features` between the marks; `None` where they are missing.
#[must_use]
pub fn replace(manifest: &str, features: &str) -> Option<String> {
    let mut lines = manifest.split_inclusive('\n');
    let mut before = String::new();
    loop {
        let line = lines.next()?;
        before.push_str(line);
        if line.trim() == START {
            break;
        }
    }
    let end = lines.find(|line| line.trim() == END)?;
    Some(format!("{before}{features}{end}{}", lines.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_between_the_marks_change() {
        let manifest = format!("[features]\n{START}\ndefault = []\nold = []\n{END}\nserde = []\n");
        let replaced = replace(&manifest, "default = [\"v1\"]\nv1 = []\n");
        assert_eq!(replaced, Some(format!("[features]\n{START}\ndefault = [\"v1\"]\nv1 = []\n{END}\nserde = []\n")));
        assert_eq!(replaced.as_deref().and_then(|text| replace(text, "default = []\nold = []\n")), Some(manifest));
    }

    #[test]
    fn both_marks_must_be_there_in_their_order() {
        for manifest in [String::new(), format!("{START}\n"), format!("{END}\n"), format!("{END}\n{START}\n")] {
            assert_eq!(replace(&manifest, "v1 = []\n"), None);
        }
    }

    #[test]
    fn the_end_mark_may_be_the_last_line() {
        assert_eq!(replace(&format!("{START}\n{END}"), "a\n"), Some(format!("{START}\na\n{END}")));
    }
}
