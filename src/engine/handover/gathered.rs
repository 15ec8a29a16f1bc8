//! What is handed over at the end of a shift, or up to now: gathered from what the engine knows.
//!
//! Costs what stands now, the pages on which the shift's rounds lie, the shift's notes, those that are carried forward and open, and
//! its hours of every source; of a shift that is over also the alarms that have ended since, and a look at the key of every anomaly that has left the queue.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::domain::calibration::due;
use crate::domain::handover::MEETING_MS;
use crate::domain::identity::Sequence;
use crate::domain::model::{Meter, SiteModel};
use crate::domain::note::About;
use crate::domain::period::Shift;
use crate::domain::time::{DAY_MS, Hour, Instant};
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::{AlarmView, AnomalyView, LiveParameter, NoteView, SecondCheckView};
use crate::engine::{Broken, Engine};
use crate::quality::alarm::Label;
use crate::quality::anomaly::Disposition;

use super::item::{Emitted, Item, Sheet};

/// The most things of a kind that a sheet holds.
pub const MOST_OF_A_KIND: usize = 200;

/// How far before a shift's end an anomaly may have begun that has been closed since, and still is on its sheet.
const CLOSED_SINCE_MS: i64 = 31 * DAY_MS;

/// Things of every kind, and how many more there are of them.
#[derive(Default)]
struct Gathered {
    items: Vec<Item>,
    more: usize,
}

impl Gathered {
    fn put(&mut self, items: impl IntoIterator<Item = Item>) {
        let mut items = items.into_iter();
        self.items.extend(items.by_ref().take(MOST_OF_A_KIND));
        self.more += items.count();
    }
}

impl Engine {
    /// The sheet of a shift as it is now, or as it was when the shift was over.
    pub(super) fn gather(
        &self,
        history: &dyn History,
        model: &SiteModel,
        shift: &Shift,
        now: Instant,
    ) -> Result<Sheet, Refusal> {
        let goes_on = now < shift.end;
        // Who hid an alarm and what is silent is known of now alone: for the time of a handover that is as it was.
        let is_at_hand = now < shift.end.plus(MEETING_MS);
        let mut gathered = Gathered::default();
        let mut alarms = if goes_on {
            Vec::new()
        } else {
            self.stood_at(history, shift.end.plus(-1))?
        };
        if is_at_hand {
            let mut live = self.alarms();
            live.retain(|alarm| alarm.began() < shift.end);
            live.sort_by_key(|alarm| (alarm.state.label(), Reverse(alarm.priority), alarm.began()));
            for item in live.into_iter().map(alarm_item) {
                if !alarms.iter().any(|known| known.is_of_same(&item)) {
                    alarms.push(item);
                }
            }
        }
        gathered.put(alarms);
        gathered.put(self.unsettled(history, shift, goes_on)?.iter().map(anomaly_item));
        if is_at_hand {
            let parameters = self.live_parameters(history)?;
            let is_silent_then =
                |item: &Item| !matches!(item, Item::Silent { since: Some(since), .. } if *since >= shift.end);
            let silent = parameters.iter().filter_map(|parameter| silent_item(parameter, now));
            gathered.put(silent.filter(is_silent_then));
        }
        let (today, _) = model.zone.date_and_minute(now.min(shift.end));
        let as_it_was = |meter: &Meter| {
            if goes_on {
                Ok(self.as_calibrated(meter))
            } else {
                self.as_calibrated_on(history, meter, (shift.end, today))
            }
        };
        let meters = model
            .meters
            .iter()
            .map(as_it_was)
            .collect::<Result<Vec<Meter>, Broken>>()?;
        gathered.put(due(&meters, today).into_iter().map(|due| Item::Calibration {
            meter: due.meter.id,
            until: due.until,
        }));
        gathered.put(self.unmade_rounds(history, model, shift, now)?);
        if is_at_hand {
            let (checks, more) = self.second_checks(history)?;
            gathered.more += more;
            gathered.put(
                checks
                    .into_iter()
                    .filter(|check| check.at < shift.end)
                    .map(second_check_item),
            );
        }
        let carried = self.carried_in(history, shift)?.into_iter().map(note_item);
        let of_shift = self.shift_notes(history, shift)?;
        let records: BTreeSet<_> = of_shift.iter().filter_map(Item::record).collect();
        // What is of the shift is told, however much is carried.
        gathered.put(carried.filter(|note| note.record().is_none_or(|record| !records.contains(&record))));
        gathered.put(of_shift);
        Ok(Sheet {
            at: now,
            record: Sequence(self.next.0.saturating_sub(1)),
            items: gathered.items,
            more: u32::try_from(gathered.more).unwrap_or(u32::MAX),
            emitted: self.emitted_by_book(history, model, shift, now)?,
        })
    }

    /// The alarms that stood at an instant of the past.
    fn stood_at(&self, history: &dyn History, at: Instant) -> Result<Vec<Item>, Broken> {
        let mut stood = self.occurrences(history, at, at.plus(1))?;
        stood.retain(|one| one.stands_at(at));
        stood.sort_by_key(|one| (Reverse(one.priority), one.raised));
        let item = |one: &crate::quality::alarm::Occurrence| Item::Alarm {
            alarm: one.alarm,
            label: match one.acknowledged {
                Some(acknowledged) if acknowledged <= at => Label::Acknowledged,
                _ => Label::Unacknowledged,
            },
            since: one.raised,
            until: None,
            reason: None,
        };
        Ok(stood.iter().map(item).collect())
    }

    /// The anomalies that nobody has closed, or had not at the shift's end; those with the most at stake first.
    fn unsettled(&self, history: &dyn History, shift: &Shift, goes_on: bool) -> Result<Vec<AnomalyView>, Refusal> {
        let mut all = self.anomalies();
        all.retain(|anomaly| anomaly.signs.from < shift.end);
        if !goes_on {
            let begun = (shift.end.plus(-CLOSED_SINCE_MS), shift.end);
            let left = self.anomalies_outside(history, begun)?;
            let is_later = |anomaly: &AnomalyView| {
                let closed = anomaly.work.closed.as_ref();
                closed.is_some_and(|closed| closed.at >= shift.end)
            };
            all.extend(left.into_iter().filter(is_later));
        }
        all.sort_by_key(|anomaly| (Reverse(anomaly.signs.stake_mg), anomaly.anomaly));
        Ok(all)
    }

    /// The shift's rounds, as far as they were to be made by now, of which cells are empty.
    fn unmade_rounds(
        &self,
        history: &dyn History,
        model: &SiteModel,
        shift: &Shift,
        now: Instant,
    ) -> Result<Vec<Item>, Refusal> {
        let mut items = Vec::new();
        let to = shift.end.min(now.plus(1));
        for sheet in &model.sheets {
            // A page may end within the shift.
            let pages = [
                sheet.page_at(model, shift.start),
                sheet.page_at(model, shift.end.plus(-1)),
            ];
            let is_one = pages[0] == pages[1];
            for page in pages.into_iter().take(if is_one { 1 } else { 2 }) {
                let rounds = sheet.rounds_of(model, page);
                for round in rounds.iter().filter(|round| (shift.start..to).contains(&round.at)) {
                    let missing = self.missing_in(history, &sheet.rows, round)?;
                    if missing > 0 {
                        items.push(Item::Round {
                            sheet: sheet.key.clone(),
                            at: round.at,
                            missing,
                            of: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
                        });
                    }
                }
            }
        }
        Ok(items)
    }

    fn shift_notes(&self, history: &dyn History, shift: &Shift) -> Result<Vec<Item>, Broken> {
        let most = u32::try_from(MOST_OF_A_KIND).unwrap_or(u32::MAX);
        let found = self.notes(history, About::Site, (shift.start, shift.end), most)?;
        Ok(found.notes.into_iter().map(note_item).collect())
    }

    /// What the sources of every book emitted in a shift.
    fn emitted_by_book(
        &self,
        history: &dyn History,
        model: &SiteModel,
        shift: &Shift,
        now: Instant,
    ) -> Result<Vec<Emitted>, Broken> {
        let hours: (Hour, Hour) = (self.zone.hour_of(shift.start), self.zone.hour_of(shift.end));
        let mut all = Vec::new();
        for book in &model.books {
            let mut emitted = Emitted {
                book: book.id,
                milligrams: 0,
                unknown_hours: 0,
            };
            for (source, gas) in self.source_gases() {
                let sum = self.hours_sum(history, book.id, source, gas, hours)?;
                let running = self.running(history, book.id, source, gas, now)?;
                let figure = self.figure_of(book.id, source, &sum, &running, hours, now);
                emitted.milligrams += figure.milligrams;
                emitted.unknown_hours += figure.incomplete_hours + figure.failed_hours;
            }
            all.push(emitted);
        }
        Ok(all)
    }
}

fn alarm_item(view: AlarmView) -> Item {
    let (since, label) = (view.began(), view.state.label());
    let (until, reason) = match (view.state.shelf, view.state.out_of_service) {
        (_, Some(out)) => (None, Some(out.reason)),
        (Some(shelf), None) => (Some(shelf.until), Some(shelf.reason)),
        (None, None) => (None, None),
    };
    Item::Alarm {
        alarm: view.alarm,
        label,
        since,
        until,
        reason,
    }
}

fn note_item(note: NoteView) -> Item {
    Item::Note {
        record: note.sequence,
        at: note.at,
        about: note.about,
        by: note.by.name().to_owned(),
        written: note.written,
        text: note.text,
        carried: note.carried,
    }
}

pub(super) fn second_check_item(view: SecondCheckView) -> Item {
    Item::SecondCheck {
        record: view.record,
        by: view.by,
        written: view.at,
        mark: view.mark,
        reason: view.looked.and_then(|looked| looked.reason),
    }
}

fn anomaly_item(view: &AnomalyView) -> Item {
    let settled = view.work.settled.as_ref();
    Item::Anomaly {
        anomaly: view.anomaly,
        parameter: view.parameter,
        rule: view.signs.rule,
        from: view.signs.from,
        stage: view.work.stage,
        is_fault: settled.is_some_and(|settled| matches!(settled.disposition, Disposition::InstrumentFault)),
        record: view.record,
        raised: view.raised,
    }
}

fn silent_item(parameter: &LiveParameter, now: Instant) -> Option<Item> {
    let since = parameter.newest.map(|newest| newest.at);
    let is_silent = parameter.stale_after_ms > 0 && since.is_none_or(|at| now.since(at) > parameter.stale_after_ms);
    is_silent.then_some(Item::Silent {
        parameter: parameter.id,
        since,
    })
}
