//! What is not well-formed XML 1.0 with namespaces is refused, wherever it stands: in what is read and in what is skipped.

use generated::v3_1::operations::GetMultipleLeads;
use proptest::prelude::*;
use runtime::soap::read_response;
use runtime::xml::ReadOptions;

const OPEN: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:m='http://www.marketo.com/mktows/'>\
                    <s:Body><m:successGetMultipleLeads><result><returnCount>1</returnCount><remainingCount>0</remainingCount>\
                    <newStreamPosition/><leadRecordList><leadRecord>";
const CLOSE: &str = "</leadRecord></leadRecordList></result></m:successGetMultipleLeads></s:Body></s:Envelope>";

/// The error of a message, without its path.
fn error(xml: &str) -> Option<String> {
    let error = read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).err()?.to_string();
    Some(error.split_once("): ").map_or(error.clone(), |(_, message)| message.to_owned()))
}

/// A message with this in a lead, and one with this in an element that the schema does not have.
fn messages(piece: &str) -> [String; 2] {
    [format!("{OPEN}{piece}{CLOSE}"), format!("{OPEN}<skipped>{piece}</skipped>{CLOSE}")]
}

#[track_caller]
fn refused(cases: &[(&str, &str)]) {
    for (piece, message) in cases {
        for xml in messages(piece) {
            assert_eq!(error(&xml).as_deref(), Some(*message), "{piece}");
        }
    }
}

#[track_caller]
fn read(pieces: &[&str]) {
    for piece in pieces {
        for xml in messages(piece) {
            assert_eq!(error(&xml), None, "{piece}");
        }
    }
}

#[test]
fn names() {
    refused(&[
        ("<1/>", "not well-formed: `1` is no name of an element"),
        ("<-a/>", "not well-formed: `-a` is no name of an element"),
        ("<a:b:c/>", "not well-formed: `a:b:c` is no name of an element"),
        ("<:a/>", "not well-formed: `:a` is no name of an element"),
        ("<a:/>", "not well-formed: `a:` is no name of an element"),
        ("<a:1/>", "not well-formed: `a:1` is no name of an element"),
        ("<a\u{d7}/>", "not well-formed: `a×` is no name of an element"),
        ("<a\u{a0}b='1'/>", "not well-formed: `a b='1'` is no name of an element"),
        ("< a/>", "not well-formed: `<` begins no tag"),
        ("<a b:c:d='x'/>", "not well-formed: `b:c:d` is no name of an attribute"),
        ("<a 1='x'/>", "not well-formed: `1` is no name of an attribute"),
        ("<a :b='x'/>", "not well-formed: `:b` is no name of an attribute"),
        ("<a b&='1'/>", "not well-formed: `b&` is no name of an attribute"),
        ("<a xmlns:='u'/>", "not well-formed: `xmlns:` is no name of an attribute"),
        ("<a xmlns:1='u'/>", "not well-formed: `xmlns:1` is no name of an attribute"),
        ("<a xmlns:a:b='u'/>", "not well-formed: `xmlns:a:b` is no name of an attribute"),
    ]);
    read(&["<\u{e9}/>", "<a-1.b_c/>", "<a \u{e9}='x'/>", "<_/>", "<xml:a/>", "<a xml:lang='x'/>"]);
}

#[test]
fn attributes() {
    refused(&[
        ("<a b='1' b='2'/>", "not well-formed: the attribute `b` stands twice"),
        (
            "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>",
            "not well-formed: the attributes `x:b` and `y:b` have one name",
        ),
        ("<a xmlns:x='u' xmlns:x='v'/>", "not well-formed: the attribute `xmlns:x` stands twice"),
        ("<a xmlns='u' xmlns='v'/>", "not well-formed: the attribute `xmlns` stands twice"),
        ("<a b='1'c='2'/>", "not well-formed: there is no white space before the attribute `c`"),
        ("<a b/>", "not well-formed: an attribute's name must be followed by `=`"),
        ("<a b=1/>", "not well-formed: an attribute's value must stand in quotes"),
        ("<a b='1' c/>", "not well-formed: an attribute's name must be followed by `=`"),
        ("<a ='1'/>", "not well-formed: an attribute's name must be followed by `=`"),
        ("<a b='<'/>", "not well-formed: `<` in an attribute's value"),
        ("<a b='&x;'/>", "found the reference `&x;`, expected one of XML's own entities or an allowed character"),
        ("<a b='&amp'/>", "found the reference `&amp;`, expected one of XML's own entities or an allowed character"),
        (
            "<a b='&#xFFFF;'/>",
            "found the reference `&#xFFFF;`, expected one of XML's own entities or an allowed character",
        ),
        ("<Email></Email b='1'>", "not well-formed: found `</Email b='1'>`, expected `</Email>`"),
        ("<a/ >", "not well-formed: `a/` is no name of an element"),
    ]);
    read(&[
        "<a b='>'/>",
        "<a b=\"'\"/>",
        "<a b = '\"' />",
        "<a b='&#10;&lt;'/>",
        "<a xmlns:x='u' xmlns:y='v' x:b='1' y:b='2' b='3'/>",
    ]);
}

#[test]
fn namespaces() {
    refused(&[
        ("<a xmlns:xml='u'/>", "not well-formed: the prefix `xml` is declared for another namespace than its own"),
        (
            "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>",
            "not well-formed: another prefix than `xml` is declared for its namespace",
        ),
        (
            "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
            "not well-formed: another prefix than `xml` is declared for its namespace",
        ),
        ("<a xmlns:xmlns='u'/>", "not well-formed: the prefix `xmlns` is declared"),
        (
            "<a xmlns:x='http://www.w3.org/2000/xmlns/'/>",
            "not well-formed: a prefix is declared for the namespace of `xmlns`",
        ),
        (
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            "not well-formed: a prefix is declared for the namespace of `xmlns`",
        ),
        ("<a xmlns:x=''/>", "not well-formed: the prefix `x` is declared for no namespace"),
        ("<xmlns:a/>", "the prefix `xmlns` is not declared"),
        ("<x:a/>", "the prefix `x` is not declared"),
        ("<a x:b='1'/>", "the prefix `x` is not declared"),
    ]);
    read(&["<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", "<a xmlns=''/>", "<x:a xmlns:x='u' x:xmlns='1'/>"]);
}

#[test]
fn comments_and_instructions() {
    refused(&[
        ("<!-- a -- b -->", "not well-formed: `--` in a comment"),
        ("<!-- a --->", "not well-formed: `--` in a comment"),
        ("<?xml version='1.0'?>", "not well-formed: an XML declaration may only stand at the very beginning"),
        ("<?xml?>", "not well-formed: an XML declaration may only stand at the very beginning"),
        ("<?XML a?>", "not well-formed: a processing instruction for `xml`, which is reserved"),
        ("<? a?>", "not well-formed: a processing instruction without a name"),
        ("<?1 a?>", "not well-formed: a processing instruction without a name"),
        ("<?a:b c?>", "not well-formed: a processing instruction without a name"),
        ("<??>", "not well-formed: a processing instruction without a name"),
        ("<!a>", "not well-formed: `<!` begins neither a comment nor CDATA"),
        ("<!ENTITY a 'b'>", "not well-formed: `<!` begins neither a comment nor CDATA"),
        ("<!DOCTYPE a>", "found a document type declaration, which SOAP does not allow"),
    ]);
    read(&["<!---->", "<!-->-->", "<!-- - -->", "<?a?>", "<?xml-stylesheet a?>", "<?a ??>"]);
}

#[test]
fn text() {
    refused(&[
        ("<Email>a ]]> b</Email>", "not well-formed: `]]>` in text"),
        ("<Email>a & b</Email>", "not well-formed: `&` begins a reference that is not closed by `;`"),
        ("<Email>&;</Email>", "found the reference `&;`, expected one of XML's own entities or an allowed character"),
        ("<Email>&#;</Email>", "found the reference `&#;`, expected one of XML's own entities or an allowed character"),
        (
            "<Email>&#x;</Email>",
            "found the reference `&#x;`, expected one of XML's own entities or an allowed character",
        ),
        (
            "<Email>&#X41;</Email>",
            "found the reference `&#X41;`, expected one of XML's own entities or an allowed character",
        ),
        (
            "<Email>&#xFFFE;</Email>",
            "found the reference `&#xFFFE;`, expected one of XML's own entities or an allowed character",
        ),
        (
            "<Email>&#x110000;</Email>",
            "found the reference `&#x110000;`, expected one of XML's own entities or an allowed character",
        ),
        (
            "<Email>&#99999999999;</Email>",
            "found the reference `&#99999999999;`, expected one of XML's own entities or an allowed character",
        ),
        (
            "<Email>& amp;</Email>",
            "found the reference `& amp;`, expected one of XML's own entities or an allowed character",
        ),
        ("<Email>&lt</Email>", "not well-formed: `&` begins a reference that is not closed by `;`"),
        ("<Email>a < b</Email>", "not well-formed: `<` begins no tag"),
        ("<Email><</Email>", "not well-formed: `</Email` is no name of an element"),
        ("<Email><![cdata[a]]></Email>", "not well-formed: `<!` begins neither a comment nor CDATA"),
    ]);
    read(&[
        "<Email>a > b</Email>",
        "<Email>]] ></Email>",
        "<Email><![CDATA[a]]b]]]></Email>",
        "<Email>&#65;&#x1F600;&#x10FFFF;</Email>",
        "<Email>]</Email>",
    ]);
}

#[test]
fn nesting() {
    refused(&[
        ("<a></b>", "not well-formed: found `</b>`, expected `</a>`"),
        ("<a><b></a></b>", "not well-formed: found `</a>`, expected `</b>`"),
        ("<Email></Emai>", "not well-formed: found `</Emai>`, expected `</Email>`"),
        ("<Email></ Email>", "not well-formed: found `</ Email>`, expected `</Email>`"),
        ("<Email></Email/>", "not well-formed: found `</Email/>`, expected `</Email>`"),
    ]);
    assert_eq!(
        messages("</Email>").map(|xml| error(&xml).unwrap_or_default()),
        ["leadRecord", "skipped"].map(|open| format!("not well-formed: found `</Email>`, expected `</{open}>`"))
    );
    read(&["<Email></Email >", "<Email></Email\n>"]);
}

#[test]
fn around_the_root() {
    let around = |before: &str, after: &str| error(&format!("{before}{OPEN}{CLOSE}{after}"));
    for (before, after, message) in [
        ("", "a", "not well-formed: there is more after the end of the root element"),
        ("", "<a/>", "not well-formed: there is more after the end of the root element"),
        ("", "</a>", "not well-formed: there is more after the end of the root element"),
        ("", "&amp;", "not well-formed: there is more after the end of the root element"),
        ("", "<![CDATA[ ]]>", "not well-formed: there is more after the end of the root element"),
        ("", "<!-- -- -->", "not well-formed: `--` in a comment"),
        ("", "<?xml version='1.0'?>", "not well-formed: there is more after the end of the root element"),
        ("", "<!DOCTYPE a>", "not well-formed: there is more after the end of the root element"),
        ("", "<", "the input ends before the element does"),
        ("a", "", "found text `a`, expected only elements"),
        ("<a/>", "", "found element `a`, expected `{http://schemas.xmlsoap.org/soap/envelope/}Envelope`"),
        ("&#32;", "", "not well-formed: expected an element"),
        ("<![CDATA[ ]]>", "", "not well-formed: expected an element"),
        (" <?xml version='1.0'?>", "", "not well-formed: an XML declaration may only stand at the very beginning"),
        (
            "<?xml version='1.0'?><?xml version='1.0'?>",
            "",
            "not well-formed: an XML declaration may only stand at the very beginning",
        ),
        (
            "<?xml?>",
            "",
            "not well-formed: an XML declaration that is not like `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`",
        ),
        (
            "<?xml encoding='UTF-8'?>",
            "",
            "not well-formed: an XML declaration that is not like `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`",
        ),
        ("<?xml version='2.0'?>", "", "not well-formed: an XML declaration of another version than 1.0"),
        (
            "<?xml version='1.0' standalone='1'?>",
            "",
            "not well-formed: an XML declaration that is not like `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`",
        ),
        ("<!-- a --->", "", "not well-formed: `--` in a comment"),
    ] {
        assert_eq!(around(before, after).as_deref(), Some(message), "{before} {after}");
    }
    for (before, after) in [
        ("<?xml version='1.0'?>\n<!-- a --><?b?>", "\n<!-- a --><?b?>\n"),
        ("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\" ?>", ""),
    ] {
        assert_eq!(around(before, after), None, "{before} {after}");
    }
}

#[test]
fn quotations_are_short_however_long_the_names_are() {
    let long = "a".repeat(1_000_000);
    for piece in [
        format!("<{long}:{long}/>"),
        format!("<{long}></b>"),
        format!("<b></{long}>"),
        format!("<b {long}='1' {long}='2'/>"),
        format!("<b 1{long}='1'/>"),
        format!("<1{long}/>"),
        format!("<Email><{long}/></Email>"),
        format!("<Email>&{long};</Email>"),
        format!("<Id>{long}</Id>"),
        format!("<b xmlns:{long}=''/>"),
        long.to_string(),
        format!("<{long}><Id></b></{long}>"),
        format!(
            "<leadAttributeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='{long}' xsi:type='x:{long}'/>"
        ),
    ] {
        let xml = format!("{OPEN}{piece}{CLOSE}");
        let error = read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).unwrap_err();
        assert!(error.to_string().len() < 800, "{} bytes: {:.200}", error.to_string().len(), &piece);
        assert!(format!("{error:?}").len() < 1_200, "{:.200}", &piece);
    }
}

/// Changes to a text: where, how many characters go, what comes.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    let piece = prop_oneof![
        "[<>&;'\"/=!?:\\-\\[\\] ab1]{1,3}",
        prop::sample::select(vec![
            "<!--",
            "-->",
            "--",
            "<![CDATA[",
            "]]>",
            "<?",
            "?>",
            "<?xml",
            "&amp;",
            "&#65;",
            "xmlns=''",
            " xmlns:a='u'",
            " a:b='1'",
            "<a:b>",
            "</a:b>",
            "<Email>",
            "</Email>",
            "<Id/>",
            "/>",
            "</",
            "\u{e9}",
            "\u{d7}",
        ])
        .prop_map(str::to_owned),
        Just(String::new()),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, piece), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes of a message, if it reads it is well-formed: roxmltree is a second opinion.
    #[test]
    fn what_reads_is_well_formed(changes in changes()) {
        let lead = "<Id>1</Id ><x:more xmlns:x='urn:x' x:y='1' y=\"2\"><!-- c --><?p i?>&lt;t<![CDATA[&]]></x:more><Email>a&amp;b</Email>";
        let mut xml: Vec<char> = format!("<?xml version='1.0'?>{OPEN}{lead}{CLOSE}\n").chars().collect();
        for (at, removed, added) in changes {
            let at = at.index(xml.len() + 1).min(xml.len());
            let end = (at + removed).min(xml.len());
            xml.splice(at..end, added.chars());
        }
        let xml: String = xml.into_iter().collect();
        if error(&xml).is_none() {
            let second = roxmltree::Document::parse(&xml);
            prop_assert!(second.is_ok(), "{:?} in {}", second.err(), xml);
        }
    }
}
