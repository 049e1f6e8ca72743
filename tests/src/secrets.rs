//! Secrets in every form in which they might show, and a watch over all that a test binary logs.
//!
//! Enter secrets and texts, leaves the form that a text shows. Signatures of requests and tokens of the fake are known by their shape, so
//! that nobody has to name each.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The length of a signature: HMAC-SHA1 in hexadecimal digits.
const SIGNATURE: usize = 40;

/// Texts that must not show, in all their forms.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeSet<String>);

impl Secrets {
    /// These secrets.
    #[must_use]
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut new = Self::default();
        new.add(secrets);
        new
    }

    /// More secrets.
    pub fn add<'s>(&mut self, secrets: impl IntoIterator<Item = &'s str>) {
        for secret in secrets {
            assert!(secret.len() >= 8, "`{secret}` would be found by chance");
            self.0.extend(forms(secret));
        }
    }

    /// What `text` shows that it must not: a secret in one of its forms, a signature, a token of the fake.
    #[must_use]
    pub fn find<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        let secret = self.0.iter().find(|form| text.contains(&***form)).map(String::as_str);
        secret.or_else(|| signature(text)).or_else(|| token(text))
    }

    /// # Panics
    ///
    /// Where the text shows one.
    pub fn check(&self, text: &str) {
        if let Some(found) = self.find(text) {
            panic!("`{found}` shows in {text}");
        }
    }
}

/// As it is; percent-encoded (RFC 3986, section 2.1); in base64 wherever in a longer text it begins (RFC 4648, sections 4 and 5); in
/// hexadecimal digits; and as the numbers that `Debug` makes of bytes.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let percent = |digits: fn(u8) -> String| {
        bytes.iter().fold(String::new(), |text, byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => text + &char::from(*byte).to_string(),
            other => text + &digits(*other),
        })
    };
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let numbers = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let plain = [secret.to_owned(), percent(|byte| format!("%{byte:02X}")), percent(|byte| format!("%{byte:02x}"))];
    let base64 = [STANDARD, URL_SAFE].into_iter().flat_map(|alphabet| {
        let engine = GeneralPurpose::new(&alphabet, NO_PAD);
        (0..3).map(move |shift| {
            let text = engine.encode([&[0; 2][..shift], bytes].concat());
            // A digit that shares its bits with what stands beside the secret may be any.
            text[(shift * 8).div_ceil(6)..(shift + bytes.len()) * 8 / 6].to_owned()
        })
    });
    plain.into_iter().chain([hex.to_uppercase(), hex, numbers]).chain(base64).collect()
}

fn signature(text: &str) -> Option<&str> {
    text.split(|character: char| !character.is_ascii_hexdigit()).find(|run| run.len() == SIGNATURE)
}

/// The fake's tokens are a UUID and `:fake`.
fn token(text: &str) -> Option<&str> {
    let ends = [":fake", "%3Afake", "%3afake"].into_iter().flat_map(|end| text.match_indices(end));
    ends.map(|(at, _)| at).find_map(|at| {
        let begin = text[..at].rfind(|character: char| !character.is_ascii_hexdigit() && character != '-');
        let uuid = &text[begin.map_or(0, |begin| begin + text[begin..].chars().next().map_or(1, char::len_utf8))..at];
        (uuid.len() == 36).then_some(uuid)
    })
}

/// `Display` and `Debug` of an error and of all that is beneath it.
#[must_use]
pub fn shown(error: &dyn Error) -> String {
    let mut shown = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let _ = writeln!(shown, "{error}\n{error:?}\n{error:#?}");
        next = error.source();
    }
    shown
}

/// What the watch knows.
#[derive(Default)]
struct Watched {
    secrets: Secrets,
    targets: BTreeSet<String>,
}

static WATCHED: LazyLock<Mutex<Watched>> = LazyLock::new(|| {
    // Whoever has set another subscriber for the whole binary is told at once.
    tracing_subscriber::registry().with(Watch).init();
    Mutex::default()
});

fn watched() -> MutexGuard<'static, Watched> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches over all that this binary logs from now on, at all levels, from all crates, on all threads. Where one of `secrets` shows, or a
/// signature, or a token, the binary ends with an error.
pub fn watch<'s>(secrets: impl IntoIterator<Item = &'s str>) {
    watched().secrets.add(secrets);
}

/// The targets of what was logged so far, as `hyper_util::client`.
#[must_use]
pub fn targets() -> BTreeSet<String> {
    watched().targets.clone()
}

struct Watch;

impl<S: Subscriber> Layer<S> for Watch {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        see(attributes.metadata(), |text| attributes.record(text));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        values.record(&mut text);
        look(&mut watched(), &text.0);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        see(event.metadata(), |text| event.record(text));
    }
}

fn see(metadata: &Metadata<'_>, record: impl FnOnce(&mut Text)) {
    let mut text = Text::default();
    record(&mut text);
    let mut watched = watched();
    // What comes from the crate `log` says itself where it is from.
    let target = text.0.split_once("log.target=\"").and_then(|(_, rest)| rest.split_once('"'));
    let target = target.map_or(metadata.target(), |(target, _)| target);
    if !watched.targets.contains(target) {
        watched.targets.insert(target.to_owned());
    }
    look(&mut watched, &text.0);
}

fn look(watched: &mut Watched, text: &str) {
    if let Some(found) = watched.secrets.find(text) {
        // A panic here could be lost in a task that nobody waits for.
        let _ = writeln!(std::io::stderr(), "`{found}` is logged: {text}");
        std::process::exit(101);
    }
}

/// The fields of a span or an event.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let _ = write!(self.0, "{}={} ", field.name(), shown(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secrets = Secrets::new(["a secret/of 24 bytes+?~"]);
        for text in [
            "<a secret/of 24 bytes+?~>",
            "key=a%20secret%2Fof%2024%20bytes%2B%3F%7E&",
            "key=a%20secret%2fof%2024%20bytes%2b%3f%7e&",
            "[97, 32, 115, 101, 99, 114, 101, 116, 47, 111, 102, 32, 50, 52, 32, 98, 121, 116, 101, 115, 43, 63, 126]",
            "6120736563726574 6f 612073656372657 612073656372657 6120736563726574_2f6f66203234206279746573 2b3f7e \
             61207365637265742f6f662032342062797465732b3f7e",
        ] {
            assert!(secrets.find(text).is_some(), "{text}");
        }
        let engine = base64::engine::general_purpose::STANDARD;
        for before in ["", "1", "12", "123", "user:"] {
            for after in ["", "1", "12"] {
                assert!(secrets.find(&engine.encode(format!("{before}a secret/of 24 bytes+?~{after}"))).is_some());
            }
        }
        assert_eq!(secrets.find("a secret of 24 bytes"), None);
    }

    #[test]
    fn signatures_and_tokens_are_known_by_their_shape() {
        let secrets = Secrets::default();
        let signature = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(secrets.find(&format!("sig=\"{signature}\"")), Some(signature));
        assert_eq!(secrets.find(&format!("sha256 {signature}{}", &signature[..24])), None);
        let uuid = "0b4a2d6e-1111-4222-8333-444455556666";
        assert_eq!(secrets.find(&format!("Bearer {uuid}:fake")), Some(uuid));
        assert_eq!(secrets.find("fake::fake"), None);
        assert_eq!(secrets.find(&format!("job {uuid}")), None);
    }
}
