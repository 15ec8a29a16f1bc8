//! Handovers of shifts (交接班): a sheet that writes itself, and who signed it.
//!
//! A signature is a record that holds the sheet as the person saw it. It freezes nothing: what comes to the shift afterwards
//! is shown beside it as come after signing, and, once its month is closed, as come after closing. A signature that is missing holds up nobody.
//! One that was made in error is withdrawn by another record.

mod gathered;
mod item;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::handover::{AT_HAND_MS, LONGEST_REMARK, MEETING_MS, ShiftName, Side};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::note::Carried;
use crate::domain::period::Shift;
use crate::domain::sheet::Round;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{HOUR_MS, Instant};

use super::closing::{ClosingRow, closed_by};
use super::command::{Refusal, kept_remark};
use super::event::{Event, Withdrawn};
use super::history::{History, Row, Tree};
use super::view::{HandoverLine, HandoverView, Mark, SignatureView};
use super::{Broken, Engine, keys};

pub use gathered::MOST_OF_A_KIND;
use gathered::second_check_item;
pub use item::{Emitted, Item, Sheet};

/// How long ago the sheet may have been written that somebody signs.
const LOOKED_AT_MS: i64 = HOUR_MS;

/// Somebody signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The handover of which shift.
    pub shift: ShiftName,
    /// For which crew.
    pub side: Side,
    /// A remark; of whoever comes, a reservation (保留意见).
    pub remark: Option<String>,
    /// When the sheet was written of which they say that they saw it.
    pub at: Instant,
}

/// Somebody signed, with what they saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The handover of which shift.
    pub shift: ShiftName,
    /// For which crew.
    pub side: Side,
    /// A remark; of whoever comes, a reservation.
    pub remark: Option<String>,
    /// The sheet as they saw it.
    pub sheet: Sheet,
}

/// A signature that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignatureRow {
    by: Actor,
    at: Instant,
    record: Sequence,
    remark: Option<String>,
    sheet: Sheet,
}

impl SignatureRow {
    /// Of a record.
    pub(super) fn new(handed: &HandedOver, by: &Actor, at: Instant, record: Sequence) -> Self {
        Self {
            by: by.clone(),
            at,
            record,
            remark: handed.remark.clone(),
            sheet: handed.sheet.clone(),
        }
    }

    /// From its bytes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Broken> {
        rmp_serde::from_slice(bytes).map_err(|_| Broken::Row("a signature of a handover cannot be read"))
    }
}

/// Which signature.
pub(super) type Place = (ShiftName, Side);

/// Signatures that are not handed over to the store yet; `None` for one that was withdrawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Signatures(BTreeMap<Place, Option<SignatureRow>>);

impl Signatures {
    /// By shift and side.
    pub(super) const fn unsaved(&self) -> &BTreeMap<Place, Option<SignatureRow>> {
        &self.0
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let row = |(place, row): (Place, Option<SignatureRow>)| {
            let value = row.as_ref().map(rmp_serde::to_vec_named).transpose();
            Ok(Row {
                tree: Tree::Handovers,
                key: key(&place),
                value: value.map_err(|error| Broken::Record(error.to_string()))?,
            })
        };
        std::mem::take(&mut self.0).into_iter().map(row).collect()
    }
}

/// Day, slot, 0, side: no key holds a zero.
fn key((shift, side): &Place) -> Vec<u8> {
    let side = match side {
        Side::Outgoing => 0,
        Side::Incoming => 1,
    };
    let day = keys::ordered(shift.day.num_days_from_ce());
    [&day, shift.slot.as_bytes(), &[0, side]].concat()
}

/// The signature that a key names.
pub(super) fn place_of(key: &[u8]) -> Option<Place> {
    let (day, rest) = key.split_at_checked(4)?;
    let day = NaiveDate::from_num_days_from_ce_opt(keys::signed(day)?)?;
    let (slot, [0, side]) = rest.split_last_chunk::<2>()? else {
        return None;
    };
    let side = match side {
        0 => Side::Outgoing,
        1 => Side::Incoming,
        _ => return None,
    };
    let slot = String::from_utf8(slot.to_vec()).ok()?;
    Some((ShiftName { day, slot }, side))
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

impl Engine {
    fn signature(&self, history: &dyn History, place: &Place) -> Result<Option<SignatureRow>, Broken> {
        if let Some(row) = self.signatures.0.get(place) {
            return Ok(row.clone());
        }
        let bytes = history.get(Tree::Handovers, &key(place))?;
        bytes.map(|bytes| SignatureRow::read(&bytes)).transpose()
    }

    /// A shift of the newest model.
    fn shift_of(&self, name: &ShiftName, now: Instant) -> Result<(&SiteModel, Shift), Refusal> {
        let model = self.model().ok_or_else(|| refuse(Text::new("handover-no-shifts")))?;
        let shift = model
            .shift_named(name)
            .ok_or_else(|| refuse(Text::new("handover-unknown-shift").with("shift", name)))?;
        if shift.start > now {
            let text = Text::new("handover-not-begun").with("shift", name);
            return Err(refuse(text.with_instant("at", shift.start)));
        }
        Ok((model, shift))
    }

    /// What a signature must be, and the sheet that it is for: without what came after the person looked.
    pub(super) fn plan_handover(&self, history: &dyn History, asked: HandOver, by: &Actor) -> Result<Event, Refusal> {
        let HandOver {
            shift: name,
            side,
            remark,
            at,
        } = asked;
        let (now, at) = (self.now, at.min(self.now));
        if now.since(at) > LOOKED_AT_MS {
            return Err(refuse(Text::new("handover-looked-long-ago").with_instant("at", at)));
        }
        let (model, shift) = self.shift_of(&name, now)?;
        if side == Side::Incoming && now < shift.end.plus(-MEETING_MS) {
            let text = Text::new("handover-goes-on").with("shift", &name);
            return Err(refuse(text.with_instant("end", shift.end)));
        }
        if let Some(signed) = self.signature(history, &(name.clone(), side))? {
            let text = Text::new("handover-signed-already")
                .with("by", clean(signed.by.name()))
                .with_instant("at", signed.at)
                .with("record", signed.record);
            return Err(refuse(text));
        }
        let other = self.signature(history, &(name.clone(), side.other()))?;
        if other.is_some_and(|other| other.by.name() == by.name()) {
            let text = Text::new("handover-to-oneself").with_text("side", side.other().text());
            return Err(refuse(text.with("by", clean(by.name()))));
        }
        let remark = kept_remark(remark, LONGEST_REMARK, "handover-remark-too-long")?;
        let mut sheet = self.gather(history, model, &shift, now)?;
        // What came after the person looked they did not see.
        sheet.at = at;
        sheet.items.retain(|item| item.came().is_none_or(|came| came <= at));
        sheet.items = sheet.items.into_iter().map(|item| item.as_at(at)).collect();
        Ok(Event::HandedOver(Box::new(HandedOver {
            shift: name,
            side,
            remark,
            sheet,
        })))
    }

    /// Takes a signature in.
    pub(super) fn put_signature(&mut self, record: Sequence, handed: &HandedOver, by: &Actor) {
        let row = SignatureRow::new(handed, by, self.now, record);
        self.signatures.0.insert((handed.shift.clone(), handed.side), Some(row));
    }

    /// Takes a signature away.
    pub(super) fn remove_signature(&mut self, place: &Place) {
        self.signatures.0.insert(place.clone(), None);
    }

    /// A signature is taken back whole.
    pub(super) fn plan_signature_withdrawal(
        &self,
        history: &dyn History,
        of: Sequence,
        handed: HandedOver,
        reason: String,
    ) -> Result<Event, Refusal> {
        let place = (handed.shift, handed.side);
        let standing = self.signature(history, &place)?;
        if standing.is_none_or(|standing| standing.record != of) {
            return Err(refuse(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        Ok(Event::Withdrawn(Withdrawn {
            handover: Some(place),
            ..Withdrawn::new(of, reason)
        }))
    }

    /// The shift whose handover is at hand: the one on duty, or, for its first hour, the one before as long as both crews
    /// have not signed. None where the plant keeps no shifts.
    fn at_hand(&self, history: &dyn History, now: Instant) -> Result<Option<ShiftName>, Broken> {
        let Some((model, shift)) = self.model().and_then(|model| Some((model, model.shift_at(now)?))) else {
            return Ok(None);
        };
        if now.since(shift.start) < AT_HAND_MS
            && let Some(before) = self.unsigned_before(history, model, &shift)?
        {
            return Ok(Some(before));
        }
        Ok(model.name_of_shift(&shift))
    }

    fn unsigned_before(
        &self,
        history: &dyn History,
        model: &SiteModel,
        shift: &Shift,
    ) -> Result<Option<ShiftName>, Broken> {
        let before = model
            .shift_before(shift)
            .and_then(|before| model.name_of_shift(&before));
        let Some(before) = before else { return Ok(None) };
        for side in Side::ALL {
            if self.signature(history, &(before.clone(), side))?.is_none() {
                return Ok(Some(before));
            }
        }
        Ok(None)
    }

    /// The shift before the one on duty, where a crew has not signed its handover.
    pub fn unsigned_handover(&self, history: &dyn History, now: Instant) -> Result<Option<ShiftName>, Broken> {
        match self.model().and_then(|model| Some((model, model.shift_at(now)?))) {
            Some((model, shift)) => self.unsigned_before(history, model, &shift),
            None => Ok(None),
        }
    }

    /// The sheet of a shift's handover, of the one at hand where none is named: as it was signed, and what came after
    /// that; as it is, where nobody has signed.
    pub fn handover(
        &self,
        history: &dyn History,
        now: Instant,
        name: Option<ShiftName>,
    ) -> Result<HandoverView, Refusal> {
        let name = match name {
            Some(name) => name,
            None => self
                .at_hand(history, now)?
                .ok_or_else(|| refuse(Text::new("handover-no-shifts")))?,
        };
        let (model, shift) = self.shift_of(&name, now)?;
        let sheet = self.gather(history, model, &shift, now)?;
        let mut signed = Vec::new();
        for side in Side::ALL {
            let row = self.signature(history, &(name.clone(), side))?;
            signed.extend(row.map(|row| (side, row)));
        }
        // Of two, what the crew that goes has signed is what is handed over.
        let base = signed.first().map(|(_, row)| &row.sheet);
        // What comes to a shift of a closed month came after that, and not only after signing.
        let closed = self.closed_with(history, (shift.start, shift.end))?;
        let mut lines: Vec<HandoverLine> = match base {
            Some(base) => self.compare_sheets(history, model, (base, &sheet), (&shift, closed.as_ref()))?,
            None => sheet.items.iter().cloned().map(HandoverLine::plain).collect(),
        };
        // What a person handed over by name comes before what stands by itself, however much that is, and whichever came first
        // when it was signed.
        lines.sort_by_key(|line| match line.item.carried() {
            Some(Carried::Open) => 0,
            Some(Carried::Closed(_)) => 1,
            None => 2,
        });
        let signed_of = |emitted: &Emitted| {
            let mut of_base = base.into_iter().flat_map(|base| &base.emitted);
            of_base.find(|signed| signed.book == emitted.book).copied()
        };
        Ok(HandoverView {
            crew: shift.crew,
            from: shift.start,
            to: shift.end,
            goes_on: now < shift.end,
            lines,
            more: base.unwrap_or(&sheet).more,
            closed: closed.as_ref().map(|closed| closed_by(closed, model)),
            emitted: sheet
                .emitted
                .iter()
                .map(|emitted| (*emitted, signed_of(emitted)))
                .collect(),
            signatures: signed
                .into_iter()
                .map(|(side, row)| SignatureView {
                    side,
                    name: model.name_of(&row.by).cloned(),
                    by: row.by.name().to_owned(),
                    at: row.at,
                    record: row.record,
                    remark: row.remark,
                })
                .collect(),
            record: sheet.record,
            at: sheet.at,
            shift: name,
        })
    }

    /// What was signed, with what became of it, and what came after.
    fn compare_sheets(
        &self,
        history: &dyn History,
        model: &SiteModel,
        (signed, latest): (&Sheet, &Sheet),
        (shift, closed): (&Shift, Option<&ClosingRow>),
    ) -> Result<Vec<HandoverLine>, Refusal> {
        let mut lines = Vec::new();
        for item in &signed.items {
            let line = match item {
                Item::Note { record, at, .. } => match self.note_row(history, (*at, *record))? {
                    Some(row) => {
                        let now = item.clone().carried_as(row.carried);
                        HandoverLine {
                            mark: if now == *item { Mark::Same } else { Mark::Changed },
                            item: now,
                        }
                    }
                    None => HandoverLine {
                        item: item.clone(),
                        mark: Mark::Gone,
                    },
                },
                Item::Round { sheet, at, missing, of } => match round_of(model, sheet, *at) {
                    Some((rows, round)) => {
                        let still = self.missing_in(history, rows, &round)?;
                        HandoverLine {
                            mark: if still == *missing { Mark::Same } else { Mark::Changed },
                            item: Item::Round {
                                sheet: sheet.clone(),
                                at: *at,
                                missing: still,
                                of: *of,
                            },
                        }
                    }
                    // Of a round that the model does not have any more stands what was signed.
                    None => HandoverLine::plain(item.clone()),
                },
                Item::SecondCheck { record, .. } => match self.second_check(history, *record)? {
                    Some(view) => {
                        let now = second_check_item(view);
                        HandoverLine {
                            mark: if now == *item { Mark::Same } else { Mark::Changed },
                            item: now,
                        }
                    }
                    // What was taken back nobody looks at any more.
                    None => HandoverLine {
                        item: item.clone(),
                        mark: Mark::Gone,
                    },
                },
                item => HandoverLine::plain(item.clone()),
            };
            lines.push(line);
        }
        let is_known = |item: &Item| signed.items.iter().any(|known| known.is_of_same(item));
        let goes_on = latest.at < shift.end;
        let is_after = |item: &Item| match item {
            Item::Alarm { .. }
            | Item::Anomaly { .. }
            | Item::Note { .. }
            | Item::Round { .. }
            | Item::SecondCheck { .. } => {
                // The clock of a simulated site may stand while records are written.
                let is_recorded_after = item.record().is_some_and(|record| record > signed.record);
                is_recorded_after || item.came().is_some_and(|came| came > signed.at)
            }
            Item::Silent { .. } | Item::Calibration { .. } => goes_on,
        };
        let mark_of = |item: &Item| {
            let is_later = closed.is_some_and(|closed| match (item.record(), item.came()) {
                (Some(record), _) => record > closed.record,
                (None, came) => came.is_some_and(|came| came > closed.at),
            });
            if is_later { Mark::AfterClosing } else { Mark::After }
        };
        let after = latest.items.iter().filter(|item| is_after(item) && !is_known(item));
        lines.extend(after.map(|item| HandoverLine {
            item: item.clone(),
            mark: mark_of(item),
        }));
        Ok(lines)
    }
}

/// The rows and the round of a sheet at an instant, where the model has it.
fn round_of<'m>(model: &'m SiteModel, sheet: &str, at: Instant) -> Option<(&'m [ParameterId], Round)> {
    let sheet = model.sheet(sheet)?;
    let rounds = sheet.rounds_of(model, sheet.page_at(model, at));
    let round = rounds.into_iter().find(|round| round.at == at)?;
    Some((&sheet.rows, round))
}
