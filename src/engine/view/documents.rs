//! Documents as screens and lists show them.

use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Name;
use crate::domain::reading::Origin;
use crate::domain::time::Instant;

/// A document that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    /// The document.
    pub document: Document,
    /// The record that filed it.
    pub record: Sequence,
    /// Who filed it: a staff number, or a login where no person is known.
    pub by: String,
    /// Their name, where one is known.
    pub name: Option<Name>,
    /// When.
    pub at: Instant,
    /// Of a batch, the numbers of the reports on it.
    pub tests: Vec<String>,
    /// Values of it in whose place another one stands.
    pub superseded: Vec<Superseded>,
}

/// Another value stands in the place of one that a document brought (已更正).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// What stands, in counts of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// The record that brought it.
    pub record: Sequence,
}
