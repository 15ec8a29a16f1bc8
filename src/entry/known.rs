//! What is known of a sheet while people type: its rows as the model describes them, and what stands around a cell.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::cell::Value;
use super::register::Stand;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::sheet::Round;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::command::{AHEAD_MS, LONGEST_REASON, Provenance, Seen};
use crate::engine::view::{FilledHours, Overlap, SheetRow, SheetView, Standing};
use crate::quality::arrival::USUAL_AHEAD_MS;

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
    /// What time it is, where what is to come is to be told from what was.
    pub now: Option<Instant>,
    /// The parameters of all rows: a model does not find them at once, and for one row all of it is not worth looking through.
    parameters: OnceCell<Vec<Option<&'a Parameter>>>,
}

/// A file from which values come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The columns of its page.
    pub rounds: &'a [Round],
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
            now: None,
            parameters: OnceCell::new(),
        }
    }

    /// The page as it is at an instant.
    #[must_use]
    pub fn at(self, now: Instant) -> Self {
        Self { now: Some(now), ..self }
    }

    /// By how much of a round it is too early, in milliseconds: further than clocks differ. A round of a whole day may be
    /// written down as soon as the day has begun.
    pub fn ahead(&self, column: usize) -> Option<i64> {
        let round = self.round(column)?;
        let at = if round.is_daily { round.from } else { round.at };
        Some(at.since(self.now?)).filter(|ahead| *ahead > USUAL_AHEAD_MS)
    }

    /// Why a value would be refused as one of a time that is to come, so that a preview promises nothing that is not done.
    pub(super) fn refused_as_early(&self, (row, column): Place) -> Option<Text> {
        let (now, round) = (self.now?, self.round(column)?);
        let until = round.slot(self.row(row)?.parameter.kind).end();
        (until > now.plus(AHEAD_MS)).then(|| {
            Text::new("reading-not-yet")
                .with_instant("at", until)
                .with_instant("now", now)
        })
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
                    rounds: &self.view.rounds,
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
            rounds: &self.view.rounds,
        })
    }

    /// The reading that a value in a cell makes.
    fn reading(&self, parameter: &Parameter, column: usize, count: i64) -> Option<Incoming> {
        Some(Incoming {
            parameter: parameter.id,
            slot: self.round(column)?.slot(parameter.kind),
            value: count,
            quality: Quality::Good,
        })
    }

    /// What is recorded of values in cells, in order: their readings, with what stood in the cells, under the name of the sheet, of the first and the last of
    /// their rounds and of the file where they come from one, and why some are as before.
    pub fn recorded(&self, values: &[(Place, Value)], source: Option<&Source>) -> (Provenance, Vec<Incoming>) {
        let (readings, standing) = values
            .iter()
            .filter_map(|((row, column), value)| {
                let row = self.row(*row)?;
                let reading = self.reading(row.parameter, *column, value.count)?;
                Some((reading, row.standing(*column).map(|standing| standing.record)))
            })
            .unzip();
        let reasons = values.iter().filter_map(|((row, _), value)| {
            let tag = self.row(*row)?.parameter.tag.as_str();
            Some((tag, value.ditto.as_deref()?))
        });
        let columns = || values.iter().map(|((_, column), _)| *column);
        let shown = |column: Option<usize>| {
            let round = column.and_then(|column| self.round(column));
            round.map(|round| self.model.zone.shown(round.at))
        };
        let (first, last) = (columns().min(), columns().max());
        let rounds = match (shown(first), shown(last)) {
            (Some(first), Some(last)) if first != last => format!("{first} .. {last}"),
            (first, _) => first.unwrap_or_default(),
        };
        let file = source.map_or_else(String::new, |source| format!(": {}", source.name));
        let provenance = Provenance {
            name: format!("sheet {} {rounds}{file}", self.view.sheet),
            digest: source.map(|source| source.digest.clone()),
            reason: reasons_of(reasons),
            seen: Some(Box::new(Seen {
                standing,
                ..Seen::default()
            })),
            ..Provenance::default()
        };
        (provenance, readings)
    }

    /// A column.
    pub fn round(&self, place: usize) -> Option<&'a Round> {
        self.view.rounds.get(place)
    }
}

/// How many tags are named for a reason that many have, where all of them would be too much.
const FEW_TAGS: usize = 3;

/// Room that is left for how many more reasons there are, in characters.
const ROOM: usize = 16;

/// Why values are as before: each reason once, behind the tags of its values. What is longer than a reason may be is shortened,
/// with how many more there are.
fn reasons_of<'r>(reasons: impl Iterator<Item = (&'r str, &'r str)>) -> Option<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (tag, reason) in reasons {
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, tags)) if tags.contains(&tag) => {}
            Some((_, tags)) => tags.push(tag),
            None => groups.push((reason, vec![tag])),
        }
    }
    let said = |most: usize| {
        groups.iter().map(move |(reason, tags)| {
            let named: Vec<&str> = tags.iter().take(most).copied().collect();
            let more = tags.len() - named.len();
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            format!("{}{more}: {reason}", named.join(", "))
        })
    };
    let length = |text: &str| text.chars().count();
    let all = said(usize::MAX).collect::<Vec<String>>().join("; ");
    if length(&all) <= LONGEST_REASON {
        return (!all.is_empty()).then_some(all);
    }
    let mut short = String::new();
    let mut left = groups.len();
    for group in said(FEW_TAGS) {
        if length(&short) + length(&group) + ROOM > LONGEST_REASON {
            break;
        }
        if !short.is_empty() {
            short.push_str("; ");
        }
        short.push_str(&group);
        left -= 1;
    }
    if left > 0 {
        let _ = write!(short, "; +{left}");
    }
    Some(short)
}

impl Row<'_> {
    /// What stands in a column.
    pub fn standing(&self, column: usize) -> Option<Standing> {
        self.row.cells.get(column).copied().flatten()
    }

    /// What stands in for the missing hours of a column in which nothing is written down.
    pub fn filled(&self, column: usize) -> Option<FilledHours> {
        self.row.filled.get(column).copied().flatten()
    }

    /// What stands in the time of a column without being in it.
    pub fn beside(&self, column: usize) -> Option<&Overlap> {
        self.row.beside.get(column)?.as_ref()
    }

    /// The value that stands in a column and counts, with the instant of which it speaks.
    pub fn stand(&self, column: usize) -> Option<Stand> {
        let standing = self.standing(column).filter(|cell| cell.counts)?;
        Some((self.at(column)?, standing.value))
    }

    /// The instant of which a value in a column speaks.
    pub fn at(&self, column: usize) -> Option<Instant> {
        Some(self.rounds.get(column)?.slot(self.parameter.kind).at)
    }

    /// The last value before a column that counts, of those that were sent.
    pub fn last_sent(&self, column: usize) -> Option<Stand> {
        self.earlier(column).next()
    }

    /// The first behind a column, likewise; behind the page only of a register.
    pub fn next_sent(&self, column: usize) -> Option<Stand> {
        let of_page = (column + 1..self.row.cells.len()).find_map(|column| self.stand(column));
        of_page.or_else(|| self.row.after.map(|(slot, value)| (slot.at, value)))
    }

    /// The last value that counts of those that were sent in columns from one to before another.
    pub fn sent_between(&self, from: usize, to: usize) -> Option<Stand> {
        (from..to).rev().find_map(|column| self.stand(column))
    }

    /// The values that were sent before a column, the newest first.
    pub fn earlier(&self, column: usize) -> impl Iterator<Item = Stand> {
        let of_page = (0..column).rev().filter_map(|column| self.stand(column));
        of_page.chain(self.row.before.iter().map(|(slot, value)| (slot.at, *value)))
    }
}
