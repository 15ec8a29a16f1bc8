//! Which of the readings at one time a correction means (更正对象): as it is named on the command line, and how each of several
//! can be named where that is not enough.

use super::failure::Failure;
use super::value::{NotInRange, whole};
use crate::domain::decimal::from_count;
use crate::domain::document::plain_number;
use crate::domain::identity::Sequence;
use crate::domain::model::Parameter;
use crate::domain::reading::{ParameterKind, Slot};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::NamedReading;

/// Names one of several readings at a time.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Meant {
    /// Length of its interval in seconds
    #[arg(long, value_name = "SECONDS", value_parser = whole::<u32>(1..=31_622_400))]
    pub span: Option<u32>,
    /// Number of the journal record that brought it
    #[arg(long, value_name = "RECORD", value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: Option<u64>,
    /// Number of the document on which it stands
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// Its own id, as `explain` writes it behind #
    #[arg(long, value_name = "ID", value_parser = own_id)]
    pub id: Option<u64>,
    /// There is no reading that is corrected: a value is put where none stands
    #[arg(long, conflicts_with_all = ["record", "document", "id"])]
    pub new: bool,
}

fn own_id(given: &str) -> Result<u64, NotInRange> {
    u64::from_str_radix(given.trim().trim_start_matches('#'), 16).map_err(|_| NotInRange::Id)
}

impl Meant {
    fn is(&self, reading: &NamedReading) -> bool {
        let is_of = |number: &String| {
            let known = reading.documents.iter();
            known
                .map(|known| plain_number(known))
                .any(|known| known == plain_number(number))
        };
        self.span.is_none_or(|span| span == reading.slot.span_s)
            && self.id.is_none_or(|id| id == reading.slot.own_id)
            && self
                .record
                .is_none_or(|record| reading.records.contains(&Sequence(record)))
            && self.document.as_ref().is_none_or(is_of)
    }

    /// Where the reading stands that is meant, of those that stand at a time.
    pub(super) fn slot(&self, (parameter, at): (&Parameter, Instant), there: &[NamedReading]) -> Result<Slot, Failure> {
        let meant: Vec<&NamedReading> = there.iter().filter(|reading| self.is(reading)).collect();
        match meant.as_slice() {
            [one] if !self.new => Ok(one.slot),
            [] if self.new => match (self.span, parameter.kind) {
                (None, ParameterKind::Amount) => Err(Failure::usage(Text::new("cli-correct-no-span"))),
                (span, _) => Ok(Slot {
                    span_s: span.unwrap_or(0),
                    ..Slot::instant(at)
                }),
            },
            [] if there.is_empty() => Err(Failure::refused(
                Text::new("cli-correct-nothing")
                    .with("tag", clean(&parameter.tag))
                    .with_instant("at", at),
            )),
            [] => Err(known("cli-correct-not-among", parameter, there)),
            _ if self.new => Err(known("cli-correct-not-new", parameter, there)),
            _ => Err(known("cli-correct-several", parameter, there)),
        }
    }
}

/// A refusal that lists what stands at the time, each with how it can be named.
fn known(id: &'static str, parameter: &Parameter, there: &[NamedReading]) -> Failure {
    let listed = there.iter().map(|reading| {
        let value = from_count(reading.value, parameter.decimals);
        Text::new("cli-correct-one")
            .with("value", value)
            .with("unit", parameter.unit.symbol())
            .with_instant("from", reading.slot.at)
            .with_instant("to", reading.slot.end())
            .with_text("origin", reading.origin.text())
            .with("name", clean(&name_of(reading, there)))
    });
    let text = Text::new(id).with_count("count", there.len());
    Failure::refused(match Text::joined(listed) {
        Some(listed) => text.with_text("known", listed),
        None => text,
    })
}

/// What names a reading and no other of several, in the words of the command line.
fn name_of(reading: &NamedReading, there: &[NamedReading]) -> String {
    let is_only = |meant: &Meant| there.iter().filter(|other| meant.is(other)).count() == 1;
    let by_document = reading.documents.iter().map(|number| {
        let meant = Meant {
            document: Some(number.clone()),
            ..Meant::default()
        };
        (meant, format!("--document {}", quoted(number)))
    });
    let by_record = reading.records.iter().map(|record| {
        let meant = Meant {
            record: Some(record.0),
            ..Meant::default()
        };
        (meant, format!("--record {record}"))
    });
    let by_id = Meant {
        id: Some(reading.slot.own_id),
        ..Meant::default()
    };
    let by_id = (by_id, format!("--id {:x}", reading.slot.own_id));
    let mut names = by_document.chain(by_record).chain([by_id]);
    let found = names.find(|(meant, _)| is_only(meant)).map(|(_, name)| name);
    // Interval and id together are where it stands: nothing else stands there.
    found.unwrap_or_else(|| {
        let Slot { span_s, own_id, .. } = reading.slot;
        match span_s {
            0 => format!("--id {own_id:x}"),
            _ => format!("--span {span_s} --id {own_id:x}"),
        }
    })
}

/// A number as a shell reads it as one word.
fn quoted(number: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./".contains(character);
    if number.chars().all(is_plain) {
        number.to_owned()
    } else {
        format!("'{}'", number.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::Origin;

    fn standing(own_id: u64, span_s: u32, record: u64, document: Option<&str>) -> NamedReading {
        NamedReading {
            slot: Slot {
                span_s,
                own_id,
                ..Slot::instant(Instant(0))
            },
            value: 1_000,
            origin: Origin::Invoice,
            record: Sequence(record),
            records: vec![Sequence(record)],
            documents: document.into_iter().map(str::to_owned).collect(),
        }
    }

    fn named(words: &str) -> Meant {
        use clap::{Args, FromArgMatches};
        let command = Meant::augment_args(clap::Command::new("correct"));
        let given = command.try_get_matches_from(std::iter::once("correct").chain(words.split(' ')));
        Meant::from_arg_matches(&given.unwrap()).unwrap()
    }

    #[test]
    fn each_of_several_readings_at_one_time_is_named_by_the_words_that_its_refusal_lists() {
        const MONTH_S: u32 = 30 * 86_400;
        let several = [
            standing(7, MONTH_S, 12, Some("R-1")),
            standing(8, MONTH_S, 13, Some("R-1/C")),
            // Two trucks of one file, and what was typed.
            standing(9, 60, 20, None),
            standing(10, 60, 20, None),
            standing(0, MONTH_S, 21, None),
            standing(0, 60, 20, None),
        ];
        let names: Vec<String> = several.iter().map(|reading| name_of(reading, &several)).collect();
        assert_eq!(
            names,
            [
                "--document R-1",
                "--document R-1/C",
                "--id 9",
                "--id a",
                "--record 21",
                "--span 60 --id 0"
            ]
        );
        for (name, reading) in names.iter().zip(&several) {
            let meant = named(name);
            let found: Vec<&NamedReading> = several.iter().filter(|other| meant.is(other)).collect();
            assert_eq!(found, [reading], "{name}");
        }
        // Numbers are the same whatever capitals and spaces they are written with.
        assert!(named("--document r-1").is(&several[0]));
        assert_eq!(quoted("发票 3"), "'发票 3'");
    }
}
