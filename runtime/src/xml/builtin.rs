//! Which of XML Schema's own simple types derive from which (Datatypes, section 3).

/// Whether the built-in `name` is `ancestor`, as [`SimpleType::NAME`](super::SimpleType::NAME) has it, or derived from it. A type of the schema's
/// own, which has no prefix there, is an enumeration of text: there, `xs:string` says nothing wrong.
pub(super) fn is_derived(name: &str, ancestor: &str) -> bool {
    let ancestor = ancestor.strip_prefix("xs:").unwrap_or("string");
    // What else is bound as a token has no base in common with it.
    if ancestor == "token" && matches!(name, "anyURI" | "NMTOKENS" | "IDREFS" | "ENTITIES") {
        return true;
    }
    let mut next = Some(name);
    while let Some(name) = next {
        if name == ancestor {
            return true;
        }
        next = base(name);
    }
    false
}

fn base(name: &str) -> Option<&'static str> {
    Some(match name {
        "normalizedString" => "string",
        "token" => "normalizedString",
        "language" | "Name" | "NMTOKEN" => "token",
        "NCName" => "Name",
        "ID" | "IDREF" | "ENTITY" => "NCName",
        "integer" => "decimal",
        "nonPositiveInteger" | "nonNegativeInteger" | "long" => "integer",
        "negativeInteger" => "nonPositiveInteger",
        "int" => "long",
        "short" => "int",
        "byte" => "short",
        "unsignedLong" | "positiveInteger" => "nonNegativeInteger",
        "unsignedInt" => "unsignedLong",
        "unsignedShort" => "unsignedInt",
        "unsignedByte" => "unsignedShort",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation() {
        for (name, ancestor) in [
            ("int", "xs:int"),
            ("byte", "xs:int"),
            ("unsignedByte", "xs:decimal"),
            ("ID", "xs:string"),
            ("ID", "xs:token"),
            ("anyURI", "xs:token"),
            ("string", "Color"),
            ("token", "Color"),
        ] {
            assert!(is_derived(name, ancestor), "{name} {ancestor}");
        }
        for (name, ancestor) in [
            ("long", "xs:int"),
            ("string", "xs:int"),
            ("string", "xs:token"),
            ("anyURI", "xs:string"),
            ("unsignedInt", "xs:int"),
            ("unheard", "xs:string"),
            ("int", "Color"),
            ("dateTime", "xs:date"),
        ] {
            assert!(!is_derived(name, ancestor), "{name} {ancestor}");
        }
    }
}
