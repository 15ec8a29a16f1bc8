//! What to explain, in the words of the command line: read, and written so that it can be typed again.

use crate::accounting::rules::Category;
use crate::cli::context::{Link, unexpected};
use crate::cli::failure::Failure;
use crate::cli::ledger::{find_book, find_node};
use crate::cli::when::{read_instant, read_period};
use crate::domain::identity::{BookId, NodeId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Gas, Parameter, SiteModel};
use crate::domain::reading::Slot;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant, PlantZone};
use crate::engine::view::{NowOf, Target};
use crate::report::target::{quoted, slot_words};
use crate::wire::message::{ReplyBody, RequestBody};

/// What to explain, in the words of the command line.
pub(super) fn read_target(
    given: &[String],
    book: Option<&str>,
    model: &SiteModel,
    daemon: &mut Link,
) -> Result<Target, Failure> {
    let wrong = || Failure::usage(Text::new("cli-not-a-target").with("given", clean(&given.join(" "))));
    let book = match book {
        Some(key) => find_book(model, key)?,
        None => model.books.first().map(|book| book.id).ok_or_else(wrong)?,
    };
    let (first, second) = match given {
        // Programs get both words of a target in one, and may hand them back so.
        [one]
            if ["book:", "node:", "category:", "gas:", "source:", "parameter:"]
                .iter()
                .any(|sort| one.starts_with(sort)) =>
        {
            let (first, second) = one.split_once(' ').ok_or_else(wrong)?;
            (first, Some(second))
        }
        [one] => (one.as_str(), None),
        [one, two] => (one.as_str(), Some(two.as_str())),
        _ => return Err(wrong()),
    };
    let zone = &model.zone;
    let at_hour = |value: &str| -> Result<(String, Hour), Failure> {
        let (what, at) = value.rsplit_once('@').ok_or_else(wrong)?;
        Ok((what.to_owned(), zone.hour_of(read_instant(at, zone)?)))
    };
    let boundary_over = |period: &str| -> Result<Target, Failure> {
        Ok(Target::Node {
            book,
            node: boundary(model, book).ok_or_else(wrong)?,
            period: read_period(period, zone)?,
        })
    };
    let (sort, value) = first.split_once(':').unwrap_or(("", first));
    match (sort, second) {
        ("book", Some(period)) => {
            let book = find_book(model, value)?;
            Ok(Target::Node {
                book,
                node: boundary(model, book).ok_or_else(wrong)?,
                period: read_period(period, zone)?,
            })
        }
        ("node", Some(period)) => Ok(Target::Node {
            book,
            node: find_node(model, value)?,
            period: read_period(period, zone)?,
        }),
        ("category", Some(period)) => {
            let (category, node) = grouped(value, model, book).ok_or_else(wrong)?;
            let found = Category::ALL.into_iter().find(|known| known.key() == category);
            Ok(Target::Category {
                book,
                node,
                category: found.ok_or_else(wrong)?,
                period: read_period(period, zone)?,
            })
        }
        ("gas", Some(period)) => {
            let (gas, node) = grouped(value, model, book).ok_or_else(wrong)?;
            let found = Gas::ALL.into_iter().find(|known| known.symbol() == gas);
            Ok(Target::Gas {
                book,
                node,
                gas: found.ok_or_else(wrong)?,
                period: read_period(period, zone)?,
            })
        }
        ("source", Some(period)) => Ok(Target::Source {
            book,
            source: find_source(model, value)?,
            period: read_period(period, zone)?,
        }),
        ("parameter", Some(period)) => Ok(Target::Quantity {
            parameter: find_parameter(model, value)?.id,
            period: read_period(period, zone)?,
        }),
        ("cell", None) => {
            let (source, hour) = at_hour(value)?;
            Ok(Target::Cell {
                book,
                source: find_source(model, &source)?,
                hour,
            })
        }
        ("input", None) => {
            let (input, hour) = at_hour(value)?;
            let (source, input) = input.rsplit_once('/').ok_or_else(wrong)?;
            Ok(Target::Input {
                book,
                source: find_source(model, source)?,
                input: input.to_owned(),
                hour,
            })
        }
        ("bucket", None) => {
            let (tag, hour) = at_hour(value)?;
            Ok(Target::Bucket {
                parameter: find_parameter(model, &tag)?.id,
                hour,
            })
        }
        ("substitute", None) => {
            let (tag, hour) = at_hour(value)?;
            Ok(Target::Substitute {
                parameter: find_parameter(model, &tag)?.id,
                hour,
            })
        }
        ("reading", None) => {
            let (tag, slot) = value.rsplit_once('@').ok_or_else(wrong)?;
            let parameter = find_parameter(model, tag)?.id;
            let asked = AskedSlot::read(slot, zone).ok_or_else(wrong)??;
            asked.find(parameter, tag, model, daemon)
        }
        ("", None) if value == "now" => Ok(Target::Now { book, of: NowOf::Book }),
        ("now", None) => {
            let found = model.products.iter().find(|product| product.key == value);
            Ok(Target::Now {
                book,
                of: NowOf::Product(found.ok_or_else(wrong)?.id),
            })
        }
        ("rate", None) => Ok(Target::Now {
            book,
            of: NowOf::Source(find_source(model, value)?),
        }),
        ("factor", None) => Ok(Target::Factor { id: value.to_owned() }),
        ("record", None) => Ok(Target::Record {
            sequence: Sequence(value.parse().map_err(|_| wrong())?),
        }),
        ("" | "year" | "month" | "day" | "hour", None) => boundary_over(first),
        // A period that has a colon of its own, as 2018-03-01T14:00.
        (sort, None) if sort.starts_with(|first: char| first.is_ascii_digit()) => boundary_over(first),
        _ => Err(wrong()),
    }
}

/// What is before the `@`, and the node after it; the book's boundary where there is none.
fn grouped<'value>(value: &'value str, model: &SiteModel, book: BookId) -> Option<(&'value str, NodeId)> {
    match value.split_once('@') {
        Some((group, key)) => {
            let node = model.nodes.iter().find(|node| node.key == key)?;
            Some((group, node.id))
        }
        None => Some((value, boundary(model, book)?)),
    }
}

fn boundary(model: &SiteModel, book: BookId) -> Option<NodeId> {
    let found = model.books.iter().find(|known| known.id == book);
    found.map(|book| book.boundary)
}

/// A reading as people name it: the instant or the beginning of its interval, and where several begin then the length of
/// the interval and the deliverer's own id: `2018-03-01T14:15:00`, `…/900s`, `…#1f2e`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AskedSlot {
    at: Instant,
    span_s: Option<u32>,
    own_id: Option<u64>,
}

impl AskedSlot {
    /// Reads one; `None` where span or id are not numbers.
    fn read(given: &str, zone: &PlantZone) -> Option<Result<Self, Failure>> {
        let (given, own_id) = match given.split_once('#') {
            Some((given, id)) => (given, Some(u64::from_str_radix(id, 16).ok()?)),
            None => (given, None),
        };
        let (given, span_s) = match given.split_once('/') {
            Some((given, span)) => (given, Some(span.strip_suffix('s')?.parse().ok()?)),
            None => (given, None),
        };
        Some(read_instant(given, zone).map(|at| Self { at, span_s, own_id }))
    }

    fn is(self, slot: Slot) -> bool {
        slot.at == self.at
            && self.span_s.is_none_or(|span_s| span_s == slot.span_s)
            && self.own_id.is_none_or(|own_id| own_id == slot.own_id)
    }

    /// The one reading that is meant.
    fn find(self, parameter: ParameterId, tag: &str, model: &SiteModel, daemon: &mut Link) -> Result<Target, Failure> {
        let request = RequestBody::Readings {
            parameter,
            from: self.at,
            to: self.at.plus(1),
        };
        let ReplyBody::Readings(readings) = daemon.ask(request)? else {
            return Err(unexpected());
        };
        let slots: Vec<Slot> = readings
            .into_iter()
            .map(|(slot, _)| slot)
            .filter(|slot| self.is(*slot))
            .collect();
        match slots.as_slice() {
            [] => Err(Failure::refused(
                Text::new("cli-no-reading").with_instant("at", self.at),
            )),
            [slot] => Ok(Target::Reading { parameter, slot: *slot }),
            several => {
                let named: Vec<String> = several
                    .iter()
                    .map(|slot| format!("reading:{tag}@{}", slot_words(*slot, true, &model.zone)))
                    .map(|words| quoted(&words).into_owned())
                    .collect();
                Err(Failure::refused(
                    Text::new("cli-several-readings")
                        .with_instant("at", self.at)
                        .with("known", clean(&named.join(" "))),
                ))
            }
        }
    }
}

fn find_source(model: &SiteModel, key: &str) -> Result<SourceId, Failure> {
    let found = model
        .sources
        .iter()
        .find(|source| source.key == key)
        .map(|source| source.id);
    found.ok_or_else(|| Failure::usage(Text::new("cli-no-source").with("given", clean(key))))
}

/// The parameter of a tag.
pub(in crate::cli) fn find_parameter<'model>(
    model: &'model SiteModel,
    tag: &str,
) -> Result<&'model Parameter, Failure> {
    let found = model.parameters.iter().find(|parameter| parameter.tag == tag);
    found.ok_or_else(|| Failure::usage(Text::new("cli-no-parameter").with("given", clean(tag))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::Period;
    use crate::report::target::{hour_words, period_words};

    fn zone(name: &str) -> PlantZone {
        PlantZone::parse(name).unwrap()
    }

    #[test]
    fn a_reading_is_named_so_that_it_is_found_again() {
        let zone = zone("Asia/Shanghai");
        let at = read_instant("2018-03-01T14:15:00", &zone).unwrap().plus(250);
        for (span_s, own_id) in [(0, 0), (900, 0), (900, 0x1f2e), (0, 7)] {
            let slot = Slot { at, span_s, own_id };
            let words = slot_words(slot, true, &zone);
            let asked = AskedSlot::read(&words, &zone).unwrap().unwrap();
            assert!(asked.is(slot), "{words}");
            let other = Slot {
                own_id: own_id + 1,
                ..slot
            };
            assert_eq!(asked.is(other), own_id == 0, "{words}");
        }
        assert!(AskedSlot::read("2018-03-01T14:15/x", &zone).is_none());
    }

    #[test]
    fn an_hour_that_occurs_twice_is_named_with_its_offset() {
        let zone = zone("Europe/Berlin");
        let first = read_instant("2025-10-26T02:00:00+02:00", &zone).unwrap();
        for at in [first, first.plus(3_600_000)] {
            let hour = zone.hour_of(at);
            let words = hour_words(hour, &zone);
            assert_eq!(zone.hour_of(read_instant(&words, &zone).unwrap()), hour, "{words}");
            let period = Period::Hour(hour);
            assert_eq!(read_period(&period_words(period, &zone), &zone), Ok(period));
        }
        let stretch = Period::Hours(zone.hour_of(first), zone.hour_of(first.plus(7_200_000)));
        assert_eq!(read_period(&period_words(stretch, &zone), &zone), Ok(stretch));
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("bucket:FT-2041@2018-03-01T14"), "bucket:FT-2041@2018-03-01T14");
        assert_eq!(quoted("reading:A@x#1f"), "'reading:A@x#1f'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
