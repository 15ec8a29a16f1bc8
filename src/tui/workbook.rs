//! A workbook of the inbox on its way into the cells of a page (工作簿).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::inbox::{Inbox, Reading};
use crate::domain::text::{Text, clean};
use crate::entry::block::LARGEST_FILE;
use crate::entry::workbook::Worksheets;
use crate::entry::{Source, Workbook};
use crate::locale::foreign::system_reason;

/// What a file of the inbox holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Cells, with the file they are from.
    Cells(Workbook, Source),
    /// Several worksheets have something in them: their names.
    Several(Vec<String>),
}

/// The worksheets of which one is to be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The file's name.
    pub file: String,
    /// Theirs.
    pub names: Vec<String>,
    /// The one under the cursor.
    pub at: usize,
    /// The first on the screen.
    pub top: usize,
}

/// A workbook as it is picked for the page that is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picking {
    /// The inbox.
    pub inbox: Inbox,
    /// The file that is being read.
    pub reading: Option<Reading>,
    /// Its worksheets, where one is to be chosen.
    pub choice: Option<Choice>,
    /// Why the last one cannot be taken.
    pub fault: Option<Text>,
}

/// Reads a file: a regular one, by whatever name it is there. Takes seconds at worst.
pub fn read(path: &Path, worksheet: Option<&str>) -> Result<Found, Text> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let failed = |error: &std::io::Error| {
        Text::new("tui-fault")
            .with("file", clean(&name))
            .with_text("why", system_reason(error))
    };
    // Before it is opened: a pipe would be waited for. What a link leads to is not in the inbox.
    let known = std::fs::symlink_metadata(path).map_err(|error| failed(&error))?;
    if !known.is_file() {
        return Err(Text::new("tui-workbook-not-a-file").with("name", clean(&name)));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(&error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST_FILE {
        return Err(Text::new("entry-file-too-large")
            .with("path", clean(&name))
            .with_count("most", LARGEST_FILE / (1024 * 1024)));
    }
    Ok(match Workbook::look_at(&bytes, worksheet)? {
        Worksheets::Meant(workbook) => Found::Cells(workbook, Source::of(&name, &bytes)),
        Worksheets::Several(names) => Found::Several(names),
    })
}

#[cfg(test)]
mod tests;
