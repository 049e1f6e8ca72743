//! Text and attribute values as XML: each character in one of its spellings, so that a parser gets exactly the text that enters.

use super::Source;

/// How a few characters of text are written.
#[derive(Clone, Copy)]
enum Style {
    /// As they are, but for what must be escaped.
    Plain,
    /// The same with `>` as it is where it may be, and line ends of other systems.
    Bare,
    /// `&#38;`.
    Decimal,
    /// `&#x26;`.
    Hexadecimal,
    /// In a CDATA section.
    Section,
}

/// Appends `value` as character data.
pub(super) fn text(value: &str, source: &mut Source<'_>, out: &mut String) {
    let characters: Vec<_> = value.chars().collect();
    let mut rest = &characters[..];
    loop {
        let style = match source.below(16) {
            8 | 9 => Style::Bare,
            10 => Style::Decimal,
            11 => Style::Hexadecimal,
            12 | 13 => Style::Section,
            style => {
                if style > 13 && !value.is_empty() {
                    out.push_str(["<!--]]>-->", "<?p a?>"][style - 14]);
                }
                Style::Plain
            }
        };
        // The white space of an empty element is text, and so is nothing in a section; neither is worth a section at the end of others.
        if rest.is_empty() && !matches!(style, Style::Section) {
            return;
        }
        let (now, later) = rest.split_at((1 + source.below(12)).min(rest.len()));
        match style {
            Style::Section => section(now, out),
            style => now.iter().for_each(|&character| one(character, style, source, out)),
        }
        if rest.is_empty() {
            return;
        }
        rest = later;
    }
}

fn one(character: char, style: Style, source: &mut Source<'_>, out: &mut String) {
    match (style, character) {
        (Style::Decimal, _) => out.push_str(&format!("&#{};", u32::from(character))),
        (Style::Hexadecimal, _) => hexadecimal(character, source, out),
        (_, '<') => out.push_str("&lt;"),
        (_, '&') => out.push_str("&amp;"),
        (_, '\r') => out.push_str("&#13;"),
        (Style::Bare, '>') if !out.ends_with("]]") => out.push('>'),
        (_, '>') => out.push_str("&gt;"),
        (Style::Bare, '\'') => out.push_str("&apos;"),
        (Style::Bare, '"') => out.push_str("&quot;"),
        (Style::Bare, '\n') => out.push_str(source.pick(&["\r\n", "\r"])),
        // After a CR of ours it would be part of one line end.
        (_, '\n') if out.ends_with('\r') => out.push_str("\r\n"),
        _ => out.push(character),
    }
}

fn hexadecimal(character: char, source: &mut Source<'_>, out: &mut String) {
    let code = u32::from(character);
    out.push_str(&match source.below(3) {
        0 => format!("&#x{code:X};"),
        1 => format!("&#x{code:x};"),
        _ => format!("&#x{code:06x};"),
    });
}

/// A CDATA section, or as many as it takes: it cannot hold its own end, and of a CR a parser would make a NL.
fn section(characters: &[char], out: &mut String) {
    const START: &str = "<![CDATA[";
    out.push_str(START);
    for &character in characters {
        match character {
            '\r' => out.push_str(&format!("]]>&#13;{START}")),
            '>' if out.ends_with("]]") => out.push_str(&format!("]]>{START}>")),
            _ => out.push(character),
        }
    }
    out.push_str("]]>");
}

/// Appends `value` as an attribute's value, with its quotes.
pub(super) fn attribute(value: &str, source: &mut Source<'_>, out: &mut String) {
    let quote = source.pick(&['"', '\'']);
    out.push(quote);
    let style = source.below(16);
    for character in value.chars() {
        match character {
            _ if style == 14 => hexadecimal(character, source, out),
            _ if style == 15 => out.push_str(&format!("&#{};", u32::from(character))),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '"' if quote == '"' => out.push_str("&quot;"),
            '\'' if quote == '\'' => out.push_str("&apos;"),
            '>' if style < 8 => out.push_str("&gt;"),
            // Bare, each would be a space.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            // Which is a spelling of a space, but for CR LF, which is one.
            ' ' if style == 13 && !out.ends_with('\r') => out.push_str(source.pick(&[" ", "\n", "\t", "\r\n", "\r"])),
            _ => out.push(character),
        }
    }
    out.push(quote);
}
