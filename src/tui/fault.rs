//! What is wrong with a file of the user's own, and where.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::{place, toml_reason};

/// A fault of a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub file: PathBuf,
    /// Line and column in characters, from 1; none where the file as a whole is meant.
    pub at: Option<(u32, u32)>,
    /// What is wrong.
    pub why: Text,
}

impl Explained for FileFault {
    fn text(&self) -> Text {
        let file = self.file.display().to_string();
        let file = clean(&file);
        match self.at {
            Some((line, column)) => Text::new("tui-fault-at")
                .with("file", file)
                .with("line", line)
                .with("column", column),
            None => Text::new("tui-fault").with("file", file),
        }
        .with_text("why", self.why.clone())
    }
}

/// A file that is read, for telling where in it something is wrong.
#[derive(Debug, Clone, Copy)]
pub struct Source<'text> {
    /// Its path.
    pub file: &'text Path,
    /// What it holds.
    pub text: &'text str,
}

impl Source<'_> {
    /// A fault at a place of the file.
    pub fn fault(&self, span: &Range<usize>, why: Text) -> FileFault {
        FileFault {
            file: self.file.to_owned(),
            at: Some(place(self.text, span.start)),
            why,
        }
    }

    /// What the parser says.
    pub fn malformed(&self, error: &toml::de::Error) -> FileFault {
        let why = toml_reason(error, self.text);
        match error.span() {
            Some(span) => self.fault(&span, why),
            None => FileFault {
                file: self.file.to_owned(),
                at: None,
                why,
            },
        }
    }
}
