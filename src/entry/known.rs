//! What is known of a sheet while people type: its rows as the model describes them, and what stands around a cell.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::cell::Value;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::sheet::Round;
use crate::domain::text::clean;
use crate::engine::command::Provenance;
use crate::engine::view::{SheetRow, SheetView, Standing};

/// Row and column of a cell on a page.
pub type Place = (usize, usize);

/// A page of a sheet with the parameters of its rows.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The model in force.
    pub model: &'a SiteModel,
    /// The page.
    pub view: &'a SheetView,
    /// As what its values are taken.
    pub origin: Origin,
    /// The parameters of all rows: a model does not find them at once, and for one row all of it is not worth looking through.
    parameters: OnceCell<Vec<Option<&'a Parameter>>>,
}

/// A file from which values come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The BLAKE3 digest of all of it, in hex.
    pub digest: String,
}

impl Source {
    /// A file of a name with all that is in it.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: clean(name).into_owned(),
            digest: blake3::hash(bytes).to_hex().to_string(),
        }
    }

    /// Where documents of a form come from that are read of it.
    pub fn of_documents(&self, form: &str) -> Provenance {
        Provenance {
            name: format!("{form}: {}", self.name),
            digest: Some(self.digest.clone()),
            ..Provenance::default()
        }
    }
}

/// A row of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// What is written down in it.
    pub parameter: &'a Parameter,
    /// What stands in it.
    pub row: &'a SheetRow,
}

/// The tags of parameters, in order; nothing for one that the model does not have any more.
pub fn tags(model: &SiteModel, parameters: impl IntoIterator<Item = ParameterId>) -> Vec<&str> {
    let tag = |id| model.parameter(id).map_or("", |parameter| parameter.tag.as_str());
    parameters.into_iter().map(tag).collect()
}

impl<'a> Sheet<'a> {
    /// A page of a sheet of a model.
    pub fn new(model: &'a SiteModel, view: &'a SheetView, origin: Origin) -> Self {
        Self {
            model,
            view,
            origin,
            parameters: OnceCell::new(),
        }
    }

    /// The tags of its rows, in order; nothing for one that the model does not have any more.
    pub fn tags(&self) -> Vec<&'a str> {
        let tag = |known: Option<&'a Parameter>| known.map_or("", |known| known.tag.as_str());
        self.parameters().iter().copied().map(tag).collect()
    }

    fn parameters(&self) -> &[Option<&'a Parameter>] {
        self.parameters.get_or_init(|| {
            let known = self.model.parameters.iter();
            let known: HashMap<ParameterId, &Parameter> = known.map(|known| (known.id, known)).collect();
            let rows = self.view.rows.iter();
            rows.map(|row| known.get(&row.parameter).copied()).collect()
        })
    }

    /// All rows in order, each with its place, but for those of parameters that the model does not have any more.
    pub fn rows(&self) -> impl Iterator<Item = (usize, Row<'a>)> {
        let rows = self.view.rows.iter().zip(self.parameters()).enumerate();
        rows.filter_map(|(place, (row, parameter))| {
            Some((
                place,
                Row {
                    parameter: (*parameter)?,
                    row,
                },
            ))
        })
    }

    /// A row; none of a parameter that the model does not have any more.
    pub fn row(&self, place: usize) -> Option<Row<'a>> {
        let row = self.view.rows.get(place)?;
        let parameter = match self.parameters.get() {
            Some(known) => known.get(place).copied().flatten(),
            None => self.model.parameter(row.parameter),
        };
        Some(Row {
            parameter: parameter?,
            row,
        })
    }

    /// The reading that a value in a cell makes.
    fn reading(&self, (row, column): (usize, usize), count: i64) -> Option<Incoming> {
        let parameter = self.row(row)?.parameter;
        Some(Incoming {
            parameter: parameter.id,
            slot: self.round(column)?.slot(parameter.kind),
            value: count,
            quality: Quality::Good,
        })
    }

    /// What is recorded of values in cells, in order: their readings, under the name of the sheet, of the first one's round and
    /// of the file where they come from one, and why some are as before.
    pub fn recorded(&self, values: &[(Place, Value)], source: Option<&Source>) -> (Provenance, Vec<Incoming>) {
        let readings = values.iter().filter_map(|(at, value)| self.reading(*at, value.count));
        let reasons = values.iter().filter_map(|((row, _), value)| {
            let tag = &self.row(*row)?.parameter.tag;
            Some(format!("{tag}: {}", value.ditto.as_ref()?))
        });
        let reasons: Vec<String> = reasons.collect();
        let first = values.first().and_then(|((_, column), _)| self.round(*column));
        let round = first.map_or_else(String::new, |round| self.model.zone.shown(round.at));
        let file = source.map_or_else(String::new, |source| format!(": {}", source.name));
        let provenance = Provenance {
            name: format!("sheet {} {round}{file}", self.view.sheet),
            digest: source.map(|source| source.digest.clone()),
            reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
            ..Provenance::default()
        };
        (provenance, readings.collect())
    }

    /// A column.
    pub fn round(&self, place: usize) -> Option<&'a Round> {
        self.view.rounds.get(place)
    }
}

impl Row<'_> {
    /// What stands in a column.
    pub fn standing(&self, column: usize) -> Option<Standing> {
        self.row.cells.get(column).copied().flatten()
    }

    /// What a document's test of the same interval says beside a column.
    pub fn beside(&self, column: usize) -> Option<i64> {
        self.row.beside.get(column).copied().flatten()
    }

    /// The last value before a column that counts, of those that were sent.
    pub fn last_sent(&self, column: usize) -> Option<i64> {
        let of_page = self.row.cells.iter().take(column).rev().flatten();
        let before = self.row.before.first().map(|(_, value)| *value);
        of_page
            .filter(|cell| cell.counts)
            .map(|cell| cell.value)
            .next()
            .or(before)
    }

    /// The last value that counts of those that were sent in columns from one to before another.
    pub fn sent_between(&self, from: usize, to: usize) -> Option<i64> {
        let between = self.row.cells.get(from..to)?.iter().rev().flatten();
        between.filter(|cell| cell.counts).map(|cell| cell.value).next()
    }

    /// The values that were sent before a column, the newest first.
    pub fn earlier(&self, column: usize) -> impl Iterator<Item = i64> {
        let of_page = self.row.cells.iter().take(column).rev().flatten();
        let of_page = of_page.filter(|cell| cell.counts).map(|cell| cell.value);
        of_page.chain(self.row.before.iter().map(|(_, value)| *value))
    }
}
