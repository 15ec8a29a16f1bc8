//! What is wrong with a mapping file, and where.

use std::fmt;
use std::ops::Range;

use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::place;

/// A fault of a mapping file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingFault {
    /// Name of the mapping file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to do.
    pub why: Text,
}

impl fmt::Display for MappingFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}: {}", self.file, self.line, self.column, self.why)
    }
}

impl std::error::Error for MappingFault {}

impl Explained for MappingFault {
    fn text(&self) -> Text {
        Text::new("mapping-fault")
            .with("file", clean(&self.file))
            .with("line", self.line)
            .with("column", self.column)
            .with_text("why", self.why.clone())
    }
}

/// A value with the place where the mapping file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// Line, from 1.
    pub(crate) line: u32,
    /// Column in characters, from 1.
    pub(crate) column: u32,
}

impl<T> Located<T> {
    /// A fault at this place of a mapping file.
    pub(crate) fn fault(&self, file: &str, why: Text) -> MappingFault {
        MappingFault {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            why,
        }
    }
}

/// Collects the faults of one file.
pub(super) struct Faults<'text> {
    file: &'text str,
    text: &'text str,
    pub(super) found: Vec<MappingFault>,
}

impl<'text> Faults<'text> {
    /// None yet.
    pub(super) fn new(file: &'text str, text: &'text str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    /// Adds one at a place of the text.
    pub(super) fn at(&mut self, span: &Range<usize>, why: Text) {
        let located = self.locate(span, ());
        self.found.push(located.fault(self.file, why));
    }

    /// Ties a value to its place.
    pub(super) fn locate<T>(&self, span: &Range<usize>, value: T) -> Located<T> {
        let (line, column) = place(self.text, span.start);
        Located { value, line, column }
    }
}
