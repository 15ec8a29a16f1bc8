//! How the rows of a file are written, apart from what they mean: for files that are read without a site.

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use serde::Deserialize;
use toml::Spanned;

use super::fault::Faults;
use super::{Delimiter, Header, MappingFault, StampRule, check, written};
use crate::domain::text::Text;
use crate::locale::foreign::toml_reason;

/// How the rows of a file are written. The keys are those of mapping files, in a table `[file]` of a file of another
/// sort.
#[derive(Debug, Clone)]
pub struct FileForm {
    /// What separates fields.
    pub delimiter: Delimiter,
    /// How columns get their names.
    pub header: Header,
    /// Encoding of the file.
    pub encoding: &'static Encoding,
    /// Whether numbers have a comma before their decimals.
    pub decimal_comma: bool,
    /// Lines to pass over at the beginning of the file, before the header.
    pub skip_lines: u32,
    /// What a line begins with that is a comment.
    pub comment: Option<String>,
    /// Words that say that there is no value.
    pub missing: BTreeSet<String>,
    /// How stamps are read.
    pub stamp: StampRule,
}

/// The text around the table, of which only the table is looked at here.
#[derive(Deserialize)]
struct Around {
    file: Spanned<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    delimiter: Option<Spanned<String>>,
    header: Option<Spanned<bool>>,
    columns: Option<Spanned<Vec<String>>>,
    encoding: Option<Spanned<String>>,
    #[serde(default)]
    decimal_comma: bool,
    #[serde(default)]
    skip_lines: u32,
    comment: Option<Spanned<String>>,
    #[serde(default)]
    missing: BTreeSet<String>,
    stamp: Spanned<written::Stamp>,
}

impl FileForm {
    /// Reads the table `[file]` of a text; `file` is the text's name, for the faults.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<MappingFault>> {
        let mut faults = Faults::new(file, text);
        let around: Around = match toml::from_str(text) {
            Ok(around) => around,
            Err(error) => {
                let reason = toml_reason(&error, text);
                faults.at(
                    &error.span().unwrap_or(0..0),
                    Text::new("mapping-syntax").with_text("reason", reason),
                );
                return Err(faults.found);
            }
        };
        let written = around.file.into_inner();
        let stamp_span = written.stamp.span();
        let delimiter = check::delimiter(written.delimiter.as_ref(), &mut faults);
        let header = check::header(written.header.as_ref(), written.columns, &mut faults);
        let encoding = check::encoding(written.encoding.as_ref(), &mut faults);
        let stamp = check::stamp_rule(written.stamp.into_inner(), &stamp_span, &mut faults);
        let mut missing = written.missing;
        missing.insert(String::new());
        match stamp {
            Some(stamp) if faults.found.is_empty() => Ok(Self {
                delimiter,
                header,
                encoding,
                decimal_comma: written.decimal_comma,
                skip_lines: written.skip_lines,
                comment: written.comment.map(Spanned::into_inner),
                missing,
                stamp,
            }),
            _ => Err(faults.found),
        }
    }
}
