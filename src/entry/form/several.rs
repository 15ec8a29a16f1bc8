//! Several documents at once: a block with the fields of a form above its columns, each line a document.

use super::fields::{Called, FormField};
use super::read::Filled;
use crate::domain::text::{Text, clean};
use crate::entry::Block;
use crate::entry::block::cell_name;
use crate::entry::number::plain;

/// A document of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line in which it stands, from 1.
    pub line: usize,
    /// The texts of its fields.
    pub filled: Filled,
}

/// Reads a block. Its first line that says something names the fields: by their words, by the tags or names of parameters, or
/// by what `called` says that they are called. Lines without anything are left out; a column without a name must be empty.
pub fn lines(block: &Block, fields: &[FormField], called: impl Fn(&Called) -> Vec<String>) -> Result<Vec<Line>, Text> {
    let says = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    let mut rows = (1_usize..).zip(&block.rows).filter(|(_, row)| says(row));
    let Some((first, heading)) = rows.next() else {
        return Err(Text::new("form-block-empty"));
    };
    let mut columns: Vec<Option<&str>> = Vec::with_capacity(heading.len());
    for (place, cell) in heading.iter().enumerate() {
        let named = plain(cell).to_lowercase();
        if named.is_empty() {
            columns.push(None);
            continue;
        }
        let is_it = |field: &&FormField| {
            field.key.to_lowercase() == named || called(&field.called).iter().any(|name| name.to_lowercase() == named)
        };
        let field = fields.iter().find(is_it).ok_or_else(|| {
            let known: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
            Text::new("form-block-heading")
                .with("cell", cell_name((first - 1, place)))
                .with("given", clean(cell))
                .with("known", known.join(", "))
        })?;
        if columns.contains(&Some(field.key.as_str())) {
            return Err(Text::new("form-block-twice")
                .with("cell", cell_name((first - 1, place)))
                .with("given", clean(cell)));
        }
        columns.push(Some(&field.key));
    }
    let mut lines = Vec::new();
    for (line, row) in rows {
        let mut filled = Filled::new();
        for (place, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            let Some(key) = columns.get(place).copied().flatten() else {
                return Err(Text::new("form-block-unnamed")
                    .with("cell", cell_name((line - 1, place)))
                    .with("given", clean(cell)));
            };
            filled.insert(key.to_owned(), cell.clone());
        }
        lines.push(Line { line, filled });
    }
    if lines.is_empty() {
        return Err(Text::new("form-block-empty"));
    }
    Ok(lines)
}
