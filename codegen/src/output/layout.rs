//! Tokens to text: prettyplease for each item, and the blank lines that it leaves out.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::{Attribute, File, ImplItem, Item, ItemMacro};

/// The file with `header` as its first line.
///
/// # Errors
///
/// Tokens that are not items of Rust: a fault of what emitted them.
pub fn pretty(header: &str, tokens: TokenStream) -> Result<String, syn::Error> {
    let file: File = syn::parse2(tokens)?;
    let mut text = header.to_owned();
    if !file.attrs.is_empty() {
        text.push('\n');
        text.push_str(&unparse(file.attrs, Vec::new()));
    }
    let mut previous = None;
    for item in file.items {
        let kind = Kind::of(&item);
        if previous != Some(kind) || kind == Kind::Other {
            text.push('\n');
        }
        previous = Some(kind);
        match macro_(&item) {
            Some(lines) => text.push_str(&lines),
            None => text.push_str(&unparse(Vec::new(), vec![spaced(item)])),
        }
    }
    Ok(text)
}

fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs, items })
}

/// Items of one kind stand together without blank lines, but for those of the last.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Use,
    PublicUse,
    Module,
    Other,
}

impl Kind {
    fn of(item: &Item) -> Self {
        match item {
            Item::Use(item) if matches!(item.vis, syn::Visibility::Inherited) => Self::Use,
            Item::Use(_) => Self::PublicUse,
            // Attributes in plenty set a module off.
            Item::Mod(item) if item.attrs.len() < 2 => Self::Module,
            _ => Self::Other,
        }
    }
}

/// With blank lines around the functions of an `impl`: prettyplease prints one where nothing stands.
fn spaced(item: Item) -> Item {
    let Item::Impl(mut item) = item else { return item };
    let items = std::mem::take(&mut item.items);
    for member in items {
        if let Some(previous) = item.items.last()
            && (matches!(member, ImplItem::Fn(_))
                || std::mem::discriminant(previous) != std::mem::discriminant(&member))
        {
            item.items.push(ImplItem::Verbatim(TokenStream::new()));
        }
        item.items.push(member);
    }
    Item::Impl(item)
}

/// A macro over a name and a list in braces, `list!(Name { a: b, c: d });`, which prettyplease would fill like text: one entry a line, or one
/// line where there is but one entry.
fn macro_(item: &Item) -> Option<String> {
    let Item::Macro(ItemMacro { attrs, ident: None, mac, .. }) = item else { return None };
    let tokens: Vec<_> = mac.tokens.clone().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Group(group)] = tokens.as_slice() else { return None };
    if !attrs.is_empty() || group.delimiter() != Delimiter::Brace {
        return None;
    }
    let path = mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
    let entries = entries(group.stream());
    Some(match entries.as_slice() {
        [] => format!("{path}!({name} {{}});\n"),
        [entry] => format!("{path}!({name} {{ {entry} }});\n"),
        entries => {
            let lines: String = entries.iter().map(|entry| format!("    {entry},\n")).collect();
            format!("{path}!({name} {{\n{lines}}});\n")
        }
    })
}

/// The texts between commas.
fn entries(tokens: TokenStream) -> Vec<String> {
    let mut entries = Vec::new();
    let mut entry = String::new();
    // Whether the next word is set off from what is before it.
    let mut space = false;
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                entries.push(std::mem::take(&mut entry));
                space = false;
            }
            TokenTree::Punct(punct) => {
                space = punct.as_char() == ':' && punct.spacing() == Spacing::Alone && !entry.ends_with(':');
                entry.push(punct.as_char());
            }
            word => {
                if space {
                    entry.push(' ');
                }
                entry.push_str(&word.to_string());
                space = true;
            }
        }
    }
    if !entry.is_empty() {
        entries.push(entry);
    }
    entries
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn pretty_items(tokens: TokenStream) -> String {
        pretty("// header\n", tokens).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn blank_lines_stand_between_items_but_not_within_uses_and_modules() {
        let text = pretty_items(quote! {
            //! Docs.
            mod a;
            #[cfg(feature = "b")]
            mod b;
            pub use a::A;
            pub use b::B;
            use c::C;
            const D: u8 = 1;
            const E: u8 = 2;
        });
        let expected = "// header\n\n//! Docs.\n\nmod a;\n#[cfg(feature = \"b\")]\nmod b;\n\npub use a::A;\npub use b::B;\n\nuse c::C;\n\n\
                        const D: u8 = 1;\n\nconst E: u8 = 2;\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn functions_of_an_impl_are_set_off_and_their_text_is_left_alone() {
        let text = pretty_items(quote! {
            impl A for B {
                type X = u8;
                const Y: u8 = 1;
                const Z: u8 = 2;
                /// Ends with a brace }
                fn f() -> &'static str { "}\n\nfn g() {\n}" }
                #[doc = " }"]
                fn g() {}
            }
        });
        assert_eq!(
            text,
            "// header\n\nimpl A for B {\n    type X = u8;\n\n    const Y: u8 = 1;\n    const Z: u8 = 2;\n\n    /// Ends with a brace }\n    \
             fn f() -> &'static str {\n        \"}\\n\\nfn g() {\\n}\"\n    }\n\n    /// }\n    fn g() {}\n}\n"
        );
    }

    #[test]
    fn lists_in_macros_stand_one_entry_a_line() {
        let text = pretty_items(quote! {
            runtime::json_struct!(A { required r#type: "t, u", repeated b: "@b" });
            runtime::list!(C { item: Nillable<super::D> });
            runtime::json_struct!(E {});
            runtime::enumeration!(F, "F");
        });
        assert_eq!(
            text,
            "// header\n\nruntime::json_struct!(A {\n    required r#type: \"t, u\",\n    repeated b: \"@b\",\n});\n\n\
             runtime::list!(C { item: Nillable<super::D> });\n\nruntime::json_struct!(E {});\n\nruntime::enumeration!(F, \"F\");\n"
        );
    }

    #[test]
    fn what_is_not_rust_is_an_error() {
        assert!(pretty("", quote!(struct)).is_err());
    }
}
