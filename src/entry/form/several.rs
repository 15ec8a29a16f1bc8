//! Several documents at once: a block with the fields of a form above its columns, each line a document.

use super::Asked;
use super::doubt::{Paper, doubts};
use super::fields::{FormField, fields, grouped, in_words};
use super::read::{Filled, Wrong, read};
use super::refused::refused;
use crate::domain::document::{Document, DocumentForm, FormKind};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::engine::documents::MOST_FILED;
use crate::engine::view::{Doubted, Doubts};
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

/// A document of a block as it will be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The line in which it stands, from 1.
    pub line: usize,
    /// Its number as it is written.
    pub number: String,
    /// What it says, or everything that is wrong about it.
    pub read: Result<Document, Vec<Wrong>>,
    /// What looks wrong about it, by field.
    pub doubts: Vec<(String, Text)>,
}

/// Looks at the documents of a block one after the other, each with those before it. `paper` is of none of them.
pub fn look_at(paper: &Paper<'_>, lines: &[Line]) -> Vec<Looked> {
    let mut beside: Vec<Document> = paper.beside.to_vec();
    let mut looked = Vec::with_capacity(lines.len());
    for Line { line, filled } in lines {
        let paper = Paper {
            beside: &beside,
            ..*paper
        };
        let read = match read(paper.model, paper.form, filled) {
            Ok(Asked::Document(document)) => match refused(&paper, &document) {
                refused if refused.is_empty() => Ok(*document),
                refused => Err(refused),
            },
            // A block of meter changes is refused before.
            Ok(Asked::MeterChange(_)) => Err(Vec::new()),
            Err(wrong) => Err(wrong),
        };
        let doubts = read.as_ref().map_or_else(
            |_| Vec::new(),
            |document| {
                let mut found = doubts(&paper, document);
                found.extend(grouped(paper.model, paper.form, filled));
                found
            },
        );
        looked.push(Looked {
            line: *line,
            number: filled.get("number").cloned().unwrap_or_default(),
            read: read.clone(),
            doubts,
        });
        beside.extend(read.ok());
    }
    looked
}

/// Adds what looks wrong about documents by what stands already, and what filing them would refuse. Both are of those that can be
/// read, by their place among them.
pub fn add_doubts(looked: &mut [Looked], known: &Doubts) {
    let mut readable: Vec<&mut Looked> = looked.iter_mut().filter(|one| one.read.is_ok()).collect();
    let place_of = |one: &Doubted| usize::try_from(one.place).ok();
    for one in &known.told {
        if let Some(looked) = place_of(one).and_then(|place| readable.get_mut(place)) {
            looked.doubts.push((one.field.clone(), one.why.clone()));
        }
    }
    for one in &known.refused {
        if let Some(looked) = place_of(one).and_then(|place| readable.get_mut(place)) {
            match &mut looked.read {
                Ok(_) => looked.read = Err(vec![one.into()]),
                Err(others) => others.push(one.into()),
            }
        }
    }
}

/// Reads a block. Its first line that says something names the fields: by their words, by the tags or names of parameters, or
/// by what they are called in either language, as choices are. Lines without anything are left out; a column without a name must be empty.
/// Changes of meters are records of their own, one by one, and come in no block.
pub fn lines(block: &Block, (model, form): (&SiteModel, &DocumentForm)) -> Result<Vec<Line>, Text> {
    if form.kind == FormKind::MeterChange {
        return Err(Text::new("form-block-meter-changes"));
    }
    let fields = fields(model, form);
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
        let is_it =
            |field: &&FormField| field.key.to_lowercase() == named || field.called.names().any(|name| name == named);
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
        let filled = in_words(&fields, &filled);
        lines.push(Line { line, filled });
    }
    if lines.is_empty() {
        return Err(Text::new("form-block-empty"));
    }
    if lines.len() > MOST_FILED {
        return Err(Text::new("documents-too-many").with_count("most", MOST_FILED));
    }
    Ok(lines)
}
