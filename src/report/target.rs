//! What to explain, in words that can be typed again after `carbonwatch explain`.

use std::borrow::Cow;

use crate::domain::identity::{BookId, NodeId, ParameterId, SourceId};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::reading::Slot;
use crate::domain::text::clean;
use crate::domain::time::{Hour, Instant, PlantZone};
use crate::engine::view::{NowOf, Target};

/// An instant as it can be typed: in plant time, with the offset where the local time occurs twice.
fn instant_words(at: Instant, zone: &PlantZone) -> String {
    if zone.is_fold(at) {
        zone.rfc3339(at)
    } else {
        zone.local(at).format("%Y-%m-%dT%H:%M:%S%.f").to_string()
    }
}

/// An hour as it can be typed.
pub fn hour_words(hour: Hour, zone: &PlantZone) -> String {
    let start = zone.hour_start(hour);
    if zone.is_fold(start) {
        zone.rfc3339(start)
    } else {
        zone.local(start).format("%Y-%m-%dT%H").to_string()
    }
}

/// A period as it can be typed.
pub fn period_words(period: Period, zone: &PlantZone) -> String {
    match period {
        Period::Hour(at) => format!("hour:{}", hour_words(at, zone)),
        Period::Day(date) => format!("day:{date}"),
        Period::Month(month) => format!("month:{month}"),
        Period::Year(year) => format!("year:{year:04}"),
        Period::Hours(from, to) => format!("{}..{}", hour_words(from, zone), hour_words(to, zone)),
    }
}

/// A period as `carbonwatch ledger` takes it.
pub fn typed_period(period: Period, zone: &PlantZone) -> String {
    let words = period_words(period, zone);
    match words.split_once(':') {
        Some((sort, rest)) if ["hour", "day", "month", "year"].contains(&sort) => rest.to_owned(),
        _ => words,
    }
}

/// A slot as it can be typed; with its length only where asked for, since few times have more than one reading.
pub fn slot_words(slot: Slot, with_span: bool, zone: &PlantZone) -> String {
    let at = instant_words(slot.at, zone);
    match (with_span, slot.own_id) {
        (false, 0) => at,
        (true, 0) => format!("{at}/{}s", slot.span_s),
        (_, own_id) => format!("{at}/{}s#{own_id:x}", slot.span_s),
    }
}

/// A target in the words of the command line, as `carbonwatch explain` reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetWords {
    words: Vec<String>,
    /// Key of the book, where the figure belongs to one.
    pub book: Option<String>,
}

impl TargetWords {
    /// Of a target.
    pub fn of(target: &Target, model: &SiteModel) -> Self {
        let zone = &model.zone;
        // What is not in the model in force any more has no key to be named by.
        let unknown = || "?".to_owned();
        let source = |id: SourceId| {
            let found = model.source(id);
            found.map_or_else(unknown, |source| source.key.clone())
        };
        let node = |id: NodeId| {
            let found = model.node(id);
            found.map_or_else(unknown, |node| node.key.clone())
        };
        let tag = |id: ParameterId| {
            let found = model.parameter(id);
            found.map_or_else(unknown, |parameter| parameter.tag.clone())
        };
        let (words, book) = match target {
            Target::Node { node: id, period, book } => (
                vec![format!("node:{}", node(*id)), period_words(*period, zone)],
                Some(*book),
            ),
            Target::Category {
                book,
                node: id,
                category,
                period,
            } => (
                vec![
                    format!("category:{}@{}", category.key(), node(*id)),
                    period_words(*period, zone),
                ],
                Some(*book),
            ),
            Target::Gas {
                book,
                node: id,
                gas,
                period,
            } => (
                vec![
                    format!("gas:{}@{}", gas.symbol(), node(*id)),
                    period_words(*period, zone),
                ],
                Some(*book),
            ),
            Target::Source {
                source: id,
                period,
                book,
            } => (
                vec![format!("source:{}", source(*id)), period_words(*period, zone)],
                Some(*book),
            ),
            Target::Cell { source: id, hour, book } => (
                vec![format!("cell:{}@{}", source(*id), hour_words(*hour, zone))],
                Some(*book),
            ),
            Target::Input {
                source: id,
                input,
                hour,
                book,
            } => (
                vec![format!("input:{}/{input}@{}", source(*id), hour_words(*hour, zone))],
                Some(*book),
            ),
            Target::Now { book, of } => {
                let words = match of {
                    NowOf::Book => "now".to_owned(),
                    NowOf::Source(id) => format!("rate:{}", source(*id)),
                    NowOf::Product(id) => {
                        let found = model.products.iter().find(|product| product.id == *id);
                        format!("now:{}", found.map_or_else(unknown, |product| product.key.clone()))
                    }
                };
                (vec![words], Some(*book))
            }
            Target::Quantity { parameter, period } => (
                vec![format!("parameter:{}", tag(*parameter)), period_words(*period, zone)],
                None,
            ),
            Target::Bucket { parameter, hour } => (
                vec![format!("bucket:{}@{}", tag(*parameter), hour_words(*hour, zone))],
                None,
            ),
            Target::Substitute { parameter, hour } => (
                vec![format!("substitute:{}@{}", tag(*parameter), hour_words(*hour, zone))],
                None,
            ),
            Target::Reading { parameter, slot } => (
                vec![format!(
                    "reading:{}@{}",
                    tag(*parameter),
                    slot_words(*slot, false, zone)
                )],
                None,
            ),
            Target::Factor { id } => (vec![format!("factor:{id}")], None),
            Target::Record { sequence } => (vec![format!("record:{sequence}")], None),
        };
        let key = |book: BookId| {
            let found = model.books.iter().find(|known| known.id == book);
            found.map(|book| book.key.clone())
        };
        Self {
            words: words.iter().map(|word| clean(word).into_owned()).collect(),
            book: book.and_then(key),
        }
    }

    /// The words as programs get them.
    pub fn joined(&self) -> String {
        self.words.join(" ")
    }

    /// The words as they are typed into a shell.
    pub fn for_shell(&self) -> String {
        self.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// The option that names the book, where it is not the one that is taken without it.
    pub fn book_option(&self, model: &SiteModel) -> String {
        let first = model.books.first().map(|book| book.key.as_str());
        match self.book.as_deref() {
            Some(book) if Some(book) != first => format!(" --book {}", quoted(book)),
            _ => String::new(),
        }
    }
}

/// A word as a shell takes it: in quotes where it has characters that mean something there.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |character: char| character.is_alphanumeric() || "_.:@/+,%=-".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\\''")))
}
