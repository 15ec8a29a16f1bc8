//! Permanent identities. Given once, in the journal's `apply` record, and never used again for anything else: names and
//! tags may change, these do not.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! identity {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

identity!(
    /// A node of the enterprise → process → equipment tree (企业、工序、设备).
    NodeId
);
identity!(
    /// A meter (计量器具).
    MeterId
);
identity!(
    /// A parameter (参数): one thing that is measured, typed or delivered.
    ParameterId
);
identity!(
    /// An emission source (排放源): a method bound to inputs.
    SourceId
);
identity!(
    /// A book (账簿): one rule set under which the same data are accounted.
    BookId
);
identity!(
    /// A product (产品) whose output is the denominator of an intensity.
    ProductId
);

/// The number of a journal record: 1 is the first, and no number is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub u64);

impl Sequence {
    /// The number after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
