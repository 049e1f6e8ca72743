//! The versions of the service. The operations speak the newest one's types; messages of the others are read as their own version demands and
//! carried over as XML, in which the versions hardly differ.

use runtime::soap::{Error, Operation, Visitor, read_request, read_response, write_response};
use runtime::xml::ReadOptions;

/// A version of the service, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V2_1,
    V2_2,
    V2_3,
    V2_7,
    V3_1,
}

impl Version {
    /// The version that a path's last part names.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "2_1" => Some(Self::V2_1),
            "2_2" => Some(Self::V2_2),
            "2_3" => Some(Self::V2_3),
            "2_7" => Some(Self::V2_7),
            "3_1" => Some(Self::V3_1),
            _ => None,
        }
    }

    fn visit(self, visitor: &mut impl Visitor) {
        match self {
            Self::V2_1 => generated::v2_1::operations::visit(visitor),
            Self::V2_2 => generated::v2_2::operations::visit(visitor),
            Self::V2_3 => generated::v2_3::operations::visit(visitor),
            Self::V2_7 => generated::v2_7::operations::visit(visitor),
            Self::V3_1 => generated::v3_1::operations::visit(visitor),
        }
    }

    /// Whether `envelope` is a request of `operation` in this version.
    pub(crate) fn check(self, operation: &str, envelope: &[u8]) -> Result<(), Error> {
        struct Check<'a>(&'a str, &'a [u8], Result<(), Error>);

        impl Visitor for Check<'_> {
            fn operation<O: Operation>(&mut self) {
                if O::NAME == self.0 {
                    self.2 = read_request::<O>(self.1, ReadOptions::new().strict(true)).map(|_| ());
                }
            }
        }

        let mut check = Check(operation, envelope, Ok(()));
        if self != Self::V3_1 {
            self.visit(&mut check);
        }
        check.2
    }

    /// The response `envelope` of the newest version in this one.
    pub(crate) fn rewrite(self, operation: &str, envelope: Vec<u8>) -> Result<Vec<u8>, Error> {
        struct Rewrite<'a>(&'a str, Result<Vec<u8>, Error>);

        impl Visitor for Rewrite<'_> {
            fn operation<O: Operation>(&mut self) {
                if O::NAME == self.0
                    && let Ok(envelope) = &self.1
                {
                    let response = read_response::<O>(envelope, ReadOptions::new());
                    self.1 = response.and_then(|response| write_response::<O>(&response));
                }
            }
        }

        let mut rewrite = Rewrite(operation, Ok(envelope));
        if self != Self::V3_1 {
            self.visit(&mut rewrite);
        }
        rewrite.1
    }
}
