//! Which files are generated from, and what is said of those that would be passed over.

const WSDL: &str = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:example:a"/>"#;

fn generate(files: &[(&str, &str)]) -> Result<codegen::Generated, codegen::Failure> {
    codegen::generate(&files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn failure(files: &[(&str, &str)]) -> String {
    generate(files).map_or_else(|failure| failure.to_string(), |_| "it is right".to_owned())
}

#[test]
fn the_newest_version_is_the_default_whatever_the_order_of_names() {
    let generated = generate(&[
        ("wsdl/shop-1_9.wsdl", WSDL),
        ("wsdl/shop-1_10.wsdl", WSDL),
        ("wsdl/shop-1.2.wsdl", WSDL),
        ("wsdl/shop.toml", ""),
    ])
    .unwrap();
    assert_eq!(
        generated.features,
        "default = [\"v1_10\"]\nall-versions = [\"v1_2\", \"v1_9\", \"v1_10\"]\nv1_2 = []\nv1_9 = []\nv1_10 = []\n"
    );
    let sources: Vec<_> = generated.versions.iter().map(|version| version.source.as_str()).collect();
    assert_eq!(sources, ["wsdl/shop-1.2.wsdl", "wsdl/shop-1_9.wsdl", "wsdl/shop-1_10.wsdl"]);
}

#[test]
fn what_is_generated_does_not_depend_on_where_the_folder_is() {
    let here = generate(&[("wsdl/shop-1_0.wsdl", WSDL)]).unwrap();
    let there = generate(&[("/home/me/../you/wsdl/shop-1_0.wsdl", WSDL)]).unwrap();
    assert_eq!(here.files, there.files);
}

#[test]
fn a_second_service_is_an_error() {
    let shown = failure(&[("in/shop-1_0.wsdl", WSDL), ("in/shop-1_1.wsdl", WSDL), ("in/weather-1_0.wsdl", WSDL)]);
    assert_eq!(
        shown,
        format!(
            "in/weather-1_0.wsdl:1:1: error: a second service, `weather`, beside `shop`\n1 | {WSDL}\n  | ^\n\
             note: the first is `shop` (in/shop-1_0.wsdl:1:1)\n\
             help: a crate holds the versions of one service: give each a folder and a crate of its own\n"
        )
    );
    // The same name in another folder is another service: its facts are others.
    let shown = failure(&[("in/a/shop-1_0.wsdl", WSDL), ("in/b/shop-1_0.wsdl", WSDL)]);
    assert!(shown.starts_with("in/b/shop-1_0.wsdl:1:1: error: a second service, `shop`, beside `shop`\n"), "{shown}");
}

#[test]
fn a_misspelt_name_is_an_error() {
    for name in ["shop.wsdl", "shop-1_0b.wsdl", "shop_1_1.wsdl", "-1_0.wsdl", "shop-.wsdl", "shop-1_0.WSDL"] {
        let path = format!("in/{name}");
        let shown = failure(&[(&path, WSDL), ("in/shop-2_0.wsdl", WSDL)]);
        assert_eq!(
            shown,
            format!(
                "{path}:1:1: error: expected a name of the form `<service>-<version>.wsdl`, the version being numbers with `_` \
                 between\n1 | {WSDL}\n  | ^\nnote: no other WSDL imports this one\n"
            )
        );
    }
    let shown = failure(&[("in/shop-2_0.wsdl", WSDL), ("in/Shop.toml", "\n"), ("in/other/x.toml", "")]);
    assert_eq!(
        shown,
        "in/Shop.toml:1:1: error: expected the name `shop.toml`: facts of no service here\n1 | \n  | ^\n"
    );
}

#[test]
fn a_version_that_is_there_twice_is_an_error() {
    let shown = failure(&[("in/shop-1.0.wsdl", WSDL), ("in/shop-1_0.wsdl", WSDL)]);
    assert!(
        shown.starts_with("in/shop-1_0.wsdl:1:1: error: the version `v1_0` is there twice\n")
            && shown.ends_with("note: the first (in/shop-1.0.wsdl:1:1)\n"),
        "{shown}"
    );
}

#[test]
fn what_another_imports_is_no_version_of_its_own() {
    let root = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:example:b">
  <import namespace="urn:example:a" location="abstract-2_0.wsdl"/>
  <import namespace="urn:example:a" location="types.wsdl"/>
</definitions>"#;
    let files = [("shop-1_0.wsdl", root), ("abstract-2_0.wsdl", WSDL), ("types.wsdl", WSDL)];
    let generated = generate(&files).unwrap();
    assert_eq!(generated.versions.len(), 1);
    assert_eq!(generated.versions[0].source, "shop-1_0.wsdl");
}

#[test]
fn nothing_to_generate_from_is_an_error() {
    for files in [&[][..], &[("in/types.xsd", "<x/>")]] {
        assert_eq!(failure(files), "error: there is no `<service>-<version>.wsdl` to generate from\n");
    }
}
