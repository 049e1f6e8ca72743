//! The same rules once more: over characters, without a buffer, a state or a thought for speed.

use super::Row;
use crate::bulk::Format;
use crate::bulk::rows::RowErrorKind;

type Failure = (u64, RowErrorKind);

/// A record: its fields with whether they were quoted, and how its line ends.
struct Line {
    fields: Vec<(String, bool)>,
    end: &'static str,
}

pub(super) fn read(file: &str, format: Format) -> Result<(Vec<String>, Vec<Row>), Failure> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    if file.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let delimiter = match format {
        Format::Csv => Some(','),
        Format::Tsv => Some('\t'),
        Format::Ssv => {
            let splits = |delimiter| {
                let line = line(&mut &*file, Some(delimiter), None);
                match line {
                    Ok(line) => Ok(line.fields.len() > 1),
                    Err(RowErrorKind::AfterQuote) => Ok(false),
                    Err(kind) => Err((1, kind)),
                }
            };
            if splits(';')? {
                Some(';')
            } else if splits(' ')? {
                Some(' ')
            } else if let Err(kind) = line(&mut &*file, Some(' '), None) {
                return Err((1, kind));
            } else {
                None
            }
        }
    };
    let mut left = file;
    let mut number = 1;
    let mut next = |crlf| {
        let before = left;
        let first = number;
        let line = line(&mut left, delimiter, crlf).map_err(|kind| (first, kind))?;
        number += before[..before.len() - left.len()].matches('\n').count() as u64;
        Ok((line, first, left.is_empty()))
    };
    let (header, _, mut ended) = next(None)?;
    let crlf = header.end == "\r\n";
    let header: Vec<_> = header.fields.into_iter().map(|(name, _)| name).collect();
    let mut rows = Vec::new();
    while !ended {
        let (line, first, last) = next(Some(crlf))?;
        ended = last;
        if line.fields.len() == header.len() {
            let null = |(text, quoted): (String, bool)| (quoted || text != "null").then_some(text);
            rows.push(line.fields.into_iter().map(null).collect());
        } else if line.fields.len() > 1 || line.fields[0] != (String::new(), false) {
            return Err((first, RowErrorKind::Ragged { found: line.fields.len(), expected: header.len() }));
        }
    }
    Ok((header, rows))
}

/// Takes a line off the text. `crlf` says how lines end, where it is known.
fn line(left: &mut &str, delimiter: Option<char>, crlf: Option<bool>) -> Result<Line, RowErrorKind> {
    let mut fields = Vec::new();
    loop {
        let quoted = left.starts_with('"');
        let mut text = String::new();
        if quoted {
            *left = &left[1..];
            loop {
                let end = left.find('"').ok_or(RowErrorKind::Truncated)?;
                text.push_str(&left[..end]);
                *left = &left[end + 1..];
                if !left.starts_with('"') {
                    break;
                }
                text.push('"');
                *left = &left[1..];
            }
        } else {
            let end = left.find(|c| c == '\n' || Some(c) == delimiter).unwrap_or(left.len());
            text.push_str(&left[..end]);
            *left = &left[end..];
        }
        if let Some(rest) = delimiter.and_then(|delimiter| left.strip_prefix(delimiter)) {
            *left = rest;
            fields.push((text, quoted));
            continue;
        }
        let mut end = "";
        if quoted && (*left == "\r" || left.starts_with("\r\n")) {
            *left = &left[1..];
            end = "\r\n";
        } else if quoted && !left.is_empty() && !left.starts_with('\n') {
            return Err(RowErrorKind::AfterQuote);
        } else if !quoted && text.ends_with('\r') && (crlf == Some(true) || crlf.is_none() && !left.is_empty()) {
            text.pop();
            end = "\r\n";
        }
        *left = left.strip_prefix('\n').unwrap_or(left);
        fields.push((text, quoted));
        return Ok(Line { fields, end });
    }
}
