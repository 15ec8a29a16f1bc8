//! Documents as screens and lists show them.

use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
use crate::domain::identity::Sequence;
use crate::domain::model::Name;
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
}
