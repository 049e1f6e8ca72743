//! The location that an import names, as an input file.
//!
//! The importing file and the location enter, the imported file leaves. A location is a path relative to the importing file, or an
//! address that the input files may have as a path. Never looks anywhere but among the input files.

use crate::diag::Sources;

/// The file that `location` names in `from`, or the path that was looked for.
pub(super) fn find(sources: &Sources, from: u32, location: &str) -> Result<u32, String> {
    let path = if location.contains("://") { location.to_owned() } else { join(sources.path(from), location) };
    let same =
        || (0..u32::try_from(sources.len()).unwrap_or(u32::MAX)).find(|&file| join(sources.path(file), "") == path);
    sources.file(&path).or_else(same).ok_or(path)
}

/// `location` seen from the file `base`, without `.` and `..` where they can be resolved. An empty location is the file itself.
fn join(base: &str, location: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let folder = match location {
        "" => base,
        _ if location.starts_with('/') => "",
        _ => base.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    for segment in folder.split('/').chain(location.split('/')) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let absolute = if location.is_empty() || !location.starts_with('/') { base.starts_with('/') } else { true };
    format!("{}{}", if absolute { "/" } else { "" }, segments.join("/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn locations_are_relative_to_the_importing_file() {
        for (base, location, path) in [
            ("wsdl/a.wsdl", "b.xsd", "wsdl/b.xsd"),
            ("wsdl/a.wsdl", "./types/b.xsd", "wsdl/types/b.xsd"),
            ("wsdl/a.wsdl", "../b.xsd", "b.xsd"),
            ("wsdl/a.wsdl", "../../b.xsd", "../b.xsd"),
            ("a.wsdl", "b.xsd", "b.xsd"),
            ("/x/a.wsdl", "b.xsd", "/x/b.xsd"),
            ("x/a.wsdl", "/b.xsd", "/b.xsd"),
            ("./x/a.wsdl", "", "x/a.wsdl"),
        ] {
            assert_eq!(join(base, location), path, "{location} in {base}");
        }
    }

    #[test]
    fn files_are_found_under_any_spelling_of_their_path_and_under_addresses() {
        let files =
            ["./wsdl/a.wsdl", "./wsdl/b.xsd", "http://localhost/c.xsd"].map(|path| (path.to_owned(), String::new()));
        let sources = Sources::new(&BTreeMap::from(files));
        assert_eq!(find(&sources, 0, "b.xsd"), Ok(1));
        assert_eq!(find(&sources, 0, "../wsdl/./b.xsd"), Ok(1));
        assert_eq!(find(&sources, 0, "http://localhost/c.xsd"), Ok(2));
        assert_eq!(find(&sources, 0, "d.xsd"), Err("wsdl/d.xsd".to_owned()));
    }
}
