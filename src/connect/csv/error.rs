//! Why a whole file cannot be taken in.

use thiserror::Error;

use super::lines::LONGEST_LINE;
use crate::connect::mapping::MappingFault;
use crate::domain::text::{Explained, Text};
use crate::domain::time::ZoneError;
use crate::locale::foreign::system_reason;

/// Why a file cannot be taken in, or not further. Rows and cells that cannot be used are no errors: they are refused one
/// by one.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The file cannot be read.
    #[error("cannot read: {0}")]
    Read(#[source] std::io::Error),
    /// The mapping does not fit the site.
    #[error("the mapping does not fit the site: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Mapping(Vec<MappingFault>),
    /// The start of a file without stamps does not exist in its zone.
    #[error("the start given in the mapping: {0}")]
    Start(ZoneError),
    /// A repair was asked for that needs what the mapping does not say.
    #[error("the day-end repair needs local stamps and an interval shorter than 12 hours in the mapping")]
    Repair,
    /// The file's byte-order mark contradicts the mapping.
    #[error("the mapping says {declared}, but the file begins with the mark of {found}")]
    OtherEncoding {
        /// Encoding of the mapping.
        declared: &'static str,
        /// Encoding of the mark.
        found: &'static str,
    },
    /// The file is an Excel workbook.
    #[error("the file is an Excel workbook or an archive, not text")]
    Workbook,
    /// A line is longer than any row can be.
    #[error("line {line} is longer than {LONGEST_LINE} bytes")]
    LineTooLong {
        /// Its number, from 1.
        line: u32,
    },
    /// The file is empty, or has nothing after the lines to skip.
    #[error("the file has no rows")]
    Empty,
    /// The header cannot be read.
    #[error("the header in line {line} cannot be read: {why}")]
    Header {
        /// Its line, from 1.
        line: u32,
        /// Why.
        why: Text,
    },
    /// Columns that the mapping names are not in the file.
    #[error("columns missing: {missing}; the file has: {found}")]
    ColumnsMissing {
        /// Their names.
        missing: String,
        /// Names of the columns that are there.
        found: String,
    },
    /// Columns that the mapping names are in the file twice.
    #[error("columns are in the file twice: {0}")]
    ColumnsTwice(String),
    /// Columns of the file that the mapping does not speak of.
    #[error("columns that the mapping does not name: {0}")]
    ColumnsUnmapped(String),
}

impl Explained for IntakeError {
    fn text(&self) -> Text {
        match self {
            Self::Read(error) => Text::new("intake-read").with_text("error", system_reason(error)),
            Self::Mapping(faults) => {
                let text = Text::new("intake-mapping").with_count("count", faults.len());
                match faults.first() {
                    Some(fault) => text.with_text("first", fault.text()),
                    None => text.with("first", ""),
                }
            }
            Self::Start(error) => Text::new("intake-start").with_text("why", error.text()),
            Self::Repair => Text::new("mapping-repair-needs-interval"),
            Self::OtherEncoding { declared, found } => Text::new("intake-encoding-other")
                .with("declared", declared)
                .with("found", found),
            Self::Workbook => Text::new("intake-workbook"),
            Self::LineTooLong { line } => Text::new("intake-line-too-long")
                .with("line", line)
                .with("limit", LONGEST_LINE),
            Self::Empty => Text::new("intake-empty"),
            Self::Header { line, why } => Text::new("intake-header")
                .with("line", line)
                .with_text("why", why.clone()),
            Self::ColumnsMissing { missing, found } => Text::new("intake-columns-missing")
                .with("missing", missing)
                .with("found", found),
            Self::ColumnsTwice(columns) => Text::new("intake-columns-twice").with("columns", columns),
            Self::ColumnsUnmapped(columns) => Text::new("intake-columns-unmapped").with("columns", columns),
        }
    }
}
