//! The endpoints of identity, bulk export and describe. Enters a path, leaves the endpoint and its name in scripts and in the log.

use http::Method;
use percent_encoding::percent_decode_str;

use super::object::Object;

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    Create(Object),
    List(Object),
    Enqueue(Object, String),
    Status(Object, String),
    File(Object, String),
    Cancel(Object, String),
    DescribeLeads,
    ActivityTypes,
    DescribeObject(String),
    DescribeMembers,
}

impl Endpoint {
    /// The endpoint at a path; none for a path that has no such thing, or an empty segment.
    pub(super) fn at(path: &str) -> Option<Self> {
        let segments: Option<Vec<_>> = path.strip_prefix('/')?.split('/').map(decoded).collect();
        let segments = segments?;
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        Some(match &*segments {
            ["identity", "oauth", "token"] => Self::Token,
            ["rest", "v1", "leads", "describe.json"] => Self::DescribeLeads,
            ["rest", "v1", "activities", "types.json"] => Self::ActivityTypes,
            ["rest", "v1", "customobjects", name, "describe.json"] => Self::DescribeObject((*name).to_owned()),
            ["rest", "v1", "programs", "members", "describe.json"] => Self::DescribeMembers,
            ["bulk", "v1", "leads", rest @ ..] => Self::of(Object::Leads, rest)?,
            ["bulk", "v1", "activities", rest @ ..] => Self::of(Object::Activities, rest)?,
            ["bulk", "v1", "customobjects", name, rest @ ..] => Self::of(Object::custom(*name), rest)?,
            ["bulk", "v1", "program", "members", rest @ ..] => Self::of(Object::ProgramMembers, rest)?,
            _ => return None,
        })
    }

    fn of(object: Object, rest: &[&str]) -> Option<Self> {
        Some(match rest {
            ["export.json"] => Self::List(object),
            ["export", "create.json"] => Self::Create(object),
            ["export", id, "enqueue.json"] => Self::Enqueue(object, (*id).to_owned()),
            ["export", id, "status.json"] => Self::Status(object, (*id).to_owned()),
            ["export", id, "file.json"] => Self::File(object, (*id).to_owned()),
            ["export", id, "cancel.json"] => Self::Cancel(object, (*id).to_owned()),
            _ => return None,
        })
    }

    /// `leads/create`, `customobjects/car_c/file`, `identity/token`.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Token => "identity/token".to_owned(),
            Self::Create(object) => format!("{object}/create"),
            Self::List(object) => format!("{object}/list"),
            Self::Enqueue(object, _) => format!("{object}/enqueue"),
            Self::Status(object, _) => format!("{object}/status"),
            Self::File(object, _) => format!("{object}/file"),
            Self::Cancel(object, _) => format!("{object}/cancel"),
            Self::DescribeLeads => "leads/describe".to_owned(),
            Self::ActivityTypes => "activities/types".to_owned(),
            Self::DescribeObject(name) => format!("customobjects/{name}/describe"),
            Self::DescribeMembers => "programs/members/describe".to_owned(),
        }
    }

    /// Whether it takes this method.
    pub(super) fn takes(&self, method: &Method) -> bool {
        match self {
            Self::Token => matches!(*method, Method::GET | Method::POST),
            Self::Create(_) | Self::Enqueue(..) | Self::Cancel(..) => *method == Method::POST,
            _ => *method == Method::GET,
        }
    }
}

/// A path's segment as it is meant; none for one that is empty.
fn decoded(segment: &str) -> Option<String> {
    if segment.is_empty() {
        return None;
    }
    percent_decode_str(segment).decode_utf8().ok().map(Into::into)
}

/// The parameters of a query or a form.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let name = |path| Endpoint::at(path).map(|endpoint| endpoint.name());
        assert_eq!(name("/bulk/v1/leads/export/create.json").as_deref(), Some("leads/create"));
        assert_eq!(name("/bulk/v1/customobjects/car_c/export.json").as_deref(), Some("customobjects/car_c/list"));
        assert_eq!(name("/bulk/v1/program/members/export/1/file.json").as_deref(), Some("program/members/file"));
        assert_eq!(Endpoint::at("/bulk/v1/leads/export/a%2Fb/status.json"), {
            Some(Endpoint::Status(Object::Leads, "a/b".to_owned()))
        });
        assert_eq!(name("/bulk/v1//leads/export.json"), None);
        assert_eq!(name("/bulk/v1/customobjects/export.json"), None);
    }

    #[test]
    fn forms() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(parameters("a=1+2&b=%26&c"), [pair("a", "1 2"), pair("b", "&"), pair("c", "")]);
    }
}
