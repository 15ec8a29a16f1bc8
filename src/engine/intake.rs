//! Taking readings in (接收读数): which can be taken, what exact rules say of them, and whether they wait for a second person.

use std::collections::BTreeSet;

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Incoming, LARGEST_COUNT, Origin, Slot, Verdict};
use crate::domain::text::Text;

use super::command::{AHEAD_MS, Answer, Provenance, Refusal};
use super::event::{Event, Readings};
use super::history::History;
use super::merge::Fate;
use super::view::{IntakeOutcome, LiveValue};
use super::{Broken, Engine};

/// The longest interval of a reading: a year and a month, for invoices and stock-taking. Work grows with the hours that
/// an interval covers.
pub(super) const LONGEST_SPAN_S: u32 = 400 * 86_400;

/// The most hours that the intervals of one batch may cover together.
const MOST_HOURS: u64 = 2_000_000;

/// Whether the intervals of one batch cover no more than that.
pub(super) fn check_width(slots: impl Iterator<Item = Slot>) -> Result<(), Refusal> {
    let hours: u64 = slots.map(|slot| u64::from(slot.span_s / 3600)).sum();
    if hours > MOST_HOURS {
        return Err(Refusal::Request(Text::new("intake-too-wide")));
    }
    Ok(())
}

impl Engine {
    /// Judges and merges readings; those that cannot be taken are named one by one, the others go in.
    pub(super) fn take_in(
        &mut self,
        history: &dyn History,
        (sequence, by): (Sequence, &Actor),
        (origin, mut provenance): (Origin, Provenance),
        incoming: &[Incoming],
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(Option<Event>, Answer), Refusal> {
        let mut outcome = IntakeOutcome::default();
        check_width(incoming.iter().map(|reading| reading.slot))?;
        let seen = provenance.seen.take().unwrap_or_default();
        let changed = self.changed_meanwhile(history, incoming, &seen.standing)?;
        let mut places = Vec::with_capacity(incoming.len());
        let mut readings = Readings {
            origin,
            provenance,
            readings: Vec::with_capacity(incoming.len()),
        };
        for (place, reading) in incoming.iter().enumerate() {
            let judged = match changed.get(&place) {
                Some(why) => Err(why.clone()),
                None if self.is_early(history, origin, reading)? => Err(Text::new("reading-not-yet")
                    .with_instant("at", reading.slot.end())
                    .with_instant("now", self.now)),
                None => self.judge(reading),
            };
            match judged {
                // A correction that cannot count would make the figure vanish: it is a slip of the pen.
                Ok(Verdict::OutOfRange) if origin == Origin::Correction => {
                    // It was judged by its series, so there is one.
                    let decimals = self.series(reading.parameter).map_or(0, |series| series.decimals);
                    let value = crate::domain::decimal::from_count(reading.value, decimals);
                    let text = Text::new("correction-out-of-range").with("value", value.normalize());
                    outcome.refused.push((u32::try_from(place).unwrap_or(u32::MAX), text));
                }
                Ok(verdict) => {
                    places.push(place);
                    readings
                        .readings
                        .push((reading.parameter, reading.slot, reading.value, reading.quality, verdict));
                }
                Err(text) => outcome.refused.push((u32::try_from(place).unwrap_or(u32::MAX), text)),
            }
        }
        let fates = self.merge(history, readings.versions(sequence))?;
        let mut fate = fates.iter();
        let mut changed = BTreeSet::new();
        let lines = std::mem::take(&mut readings.provenance.lines);
        let mut kept_lines = Vec::with_capacity(lines.len());
        let mut place = places.iter();
        readings.readings.retain(|&(parameter, _, _, _, verdict)| {
            let line = place.next().and_then(|&place| lines.get(place));
            let fate = fate.next().copied().unwrap_or(Fate::Duplicate);
            match fate {
                Fate::Duplicate => {
                    outcome.duplicate += 1;
                    return false;
                }
                Fate::New => outcome.accepted += 1,
                Fate::Replacing => outcome.replaced += 1,
            }
            if verdict != Verdict::Counts {
                outcome.excluded += 1;
            }
            kept_lines.extend(line);
            changed.insert(parameter);
            true
        });
        readings.provenance.lines = kept_lines;
        if readings.readings.is_empty() {
            return Ok((None, Answer::Intake(outcome)));
        }
        // A file that was dropped is a machine's, and one that somebody imports is theirs.
        let is_imported = origin.may_be_by_person() && !by.is_daemon();
        let is_by_person = !origin.is_by_machine() || is_imported;
        readings.provenance.awaits_second_person =
            is_by_person && self.is_of_second_person(readings.readings.iter().map(|reading| reading.0));
        outcome.sequence = Some(sequence);
        self.newest_of(changed.into_iter(), values)?;
        Ok((Some(Event::Readings(readings)), Answer::Intake(outcome)))
    }

    /// Whether a reading can be taken, and what exact rules say of it.
    pub(super) fn judge(&self, reading: &Incoming) -> Result<Verdict, Text> {
        let series = self
            .series(reading.parameter)
            .map_err(|_| Text::new("reading-unknown-parameter").with("parameter", reading.parameter))?;
        if !(-LARGEST_COUNT..=LARGEST_COUNT).contains(&reading.value) {
            return Err(Text::new("reading-too-large").with("value", reading.value));
        }
        if !reading.slot.at.is_plausible() || !reading.slot.end().is_plausible() {
            return Err(Text::new("reading-implausible-time").with_instant("at", reading.slot.at));
        }
        self.check_unsealed(reading.slot.at)?;
        if reading.slot.span_s > LONGEST_SPAN_S {
            return Err(Text::new("reading-too-long").with_count("days", LONGEST_SPAN_S / 86_400));
        }
        if reading.slot.at > self.now.plus(AHEAD_MS) {
            return Err(Text::new("reading-in-future")
                .with_instant("at", reading.slot.at)
                .with_instant("now", self.now));
        }
        Ok(series.verdict(reading.value, reading.quality))
    }

    /// Whether a reading is of a time that is to come, as far as that is refused of the way by which it comes: what people write
    /// down is, as documents are. A machine's value of an interval that goes on may be corrected.
    fn is_early(&self, history: &dyn History, origin: Origin, reading: &Incoming) -> Result<bool, Broken> {
        let until = reading.slot.end();
        if !until.is_plausible() || until <= self.now.plus(AHEAD_MS) {
            return Ok(false);
        }
        Ok(match origin {
            Origin::Typed | Origin::Laboratory | Origin::Invoice => true,
            Origin::Correction if self.series(reading.parameter).is_ok() => {
                self.top_at(history, reading.parameter, reading.slot)?.is_none()
            }
            Origin::Correction | Origin::Connector | Origin::File | Origin::Simulated => false,
        })
    }
}
