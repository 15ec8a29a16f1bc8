//! What stands in the time of values that are to be brought (同期已有值): an invoice beside what was typed of its days, a test
//! beside another one. Nothing of that is refused; whoever brings it is told what becomes of both before it counts twice.
//!
//! Costs the readings that stand in the time of those that are asked about, and no others.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::domain::document::{Document, FormKind};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, ParameterKind, Slot, Verdict, Version};

use super::command::Refusal;
use super::history::History;
use super::intake::LONGEST_SPAN_S;
use super::series::Series;
use super::view::{Doubted, Overlap, Together};
use super::{Broken, Engine};

/// What is to be brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToBring {
    /// Documents. Others of the same form are held against them by their numbers, and left out here.
    Documents(Vec<Document>),
    /// Readings of a file. One that is there already, or another version of which is, counts no second time: which of them does
    /// is a matter of the plan. Deliveries that the same way brought, each with an id of its own, are left out as well.
    Readings {
        /// By which way they come.
        origin: Origin,
        /// Of what they are.
        slots: Vec<(ParameterId, Slot)>,
    },
}

/// A value that is to be brought.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    place: u32,
    slot: Slot,
    origin: Origin,
    /// Its value and the form of its document, where it is of one.
    of_document: Option<(i64, &'a str)>,
}

impl Asked<'_> {
    /// Whether a version that stands beside it is left out.
    fn leaves_out(&self, version: &Version) -> bool {
        match self.of_document {
            Some((value, _)) => version.slot == self.slot && version.value == value,
            None => self.slot.own_id != 0 && version.slot.own_id != 0 && self.origin == version.origin,
        }
    }
}

/// The documents of records, each record looked up once.
#[derive(Default)]
pub(super) struct Behind(HashMap<Sequence, Vec<Document>>);

impl Behind {
    /// The document of which a version comes.
    fn of(
        &mut self,
        engine: &Engine,
        history: &dyn History,
        (parameter, version): (ParameterId, &Version),
    ) -> Result<Option<&Document>, Broken> {
        // What machines bring comes of no document, and is many records.
        if version.origin.is_by_machine() {
            return Ok(None);
        }
        let documents = match self.0.entry(version.sequence) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(engine.documents_of(history, version.sequence)?),
        };
        let mut documents = documents.iter();
        Ok(documents.rfind(|document| document.brought(parameter, version.slot)))
    }
}

/// Whether two times have something in common, or are one instant.
pub(super) fn touches(one: Slot, other: Slot) -> bool {
    one.at == other.at || one.at < other.end() && other.at < one.end()
}

/// What becomes of a value that stands and of a new one in its time; none where they have nothing to do with each other.
pub(super) fn together(series: &Series, (slot, origin): (Slot, Origin), standing: &Version) -> Option<Together> {
    if standing.slot == slot {
        let takes_place = series.rank(origin) >= series.rank(standing.origin);
        return Some(if takes_place {
            Together::Replaced
        } else {
            Together::Beneath
        });
    }
    if standing.verdict != Verdict::Counts || !touches(slot, standing.slot) {
        return None;
    }
    match series.kind {
        ParameterKind::Amount => Some(Together::AddUp),
        ParameterKind::Property => {
            let is_of_sample = (slot.at, slot.span_s) == (standing.slot.at, standing.slot.span_s);
            Some(if is_of_sample {
                Together::OneSample
            } else {
                Together::Mean
            })
        }
        ParameterKind::Flow | ParameterKind::Counter | ParameterKind::State => None,
    }
}

impl Engine {
    /// What looks wrong about what is to be brought, by what stands already, in the order in which it was asked about.
    pub fn doubts(&self, history: &dyn History, to_bring: &ToBring) -> Result<Vec<Doubted>, Refusal> {
        let mut found = self.overlaps(history, to_bring)?;
        if let ToBring::Documents(documents) = to_bring {
            for (place, document) in (0..).zip(documents) {
                let of_meter = self.doubt_of_certificate(document);
                found.extend(of_meter.map(|(field, why)| Doubted {
                    place,
                    field: field.to_owned(),
                    why,
                }));
            }
        }
        found.sort_by_key(|one: &Doubted| one.place);
        Ok(found)
    }

    /// What stands in its time.
    fn overlaps(&self, history: &dyn History, to_bring: &ToBring) -> Result<Vec<Doubted>, Refusal> {
        let mut asked: BTreeMap<ParameterId, Vec<Asked<'_>>> = BTreeMap::new();
        match to_bring {
            ToBring::Documents(documents) => {
                for (place, document) in (0..).zip(documents) {
                    for reading in self.readings_that_come_of(history, document)? {
                        asked.entry(reading.parameter).or_default().push(Asked {
                            place,
                            slot: reading.slot,
                            origin: document.kind().origin(),
                            of_document: Some((reading.value, &document.form)),
                        });
                    }
                }
            }
            ToBring::Readings { origin, slots } => {
                for (place, &(parameter, slot)) in (0..).zip(slots) {
                    asked.entry(parameter).or_default().push(Asked {
                        place,
                        slot,
                        origin: *origin,
                        of_document: None,
                    });
                }
            }
        }
        let mut behind = Behind::default();
        let mut found = Vec::new();
        for (parameter, mut asked) in asked {
            let of_ledger = |one: &Asked<'_>| {
                one.slot.at.is_plausible() && one.slot.end().is_plausible() && one.slot.span_s <= LONGEST_SPAN_S
            };
            asked.retain(of_ledger);
            asked.sort_unstable_by_key(|one| (one.slot, one.place));
            let mut rest = asked.as_slice();
            while let Some(first) = rest.first() {
                // Those whose times follow each other without a gap are looked up together.
                let mut end = first.slot.end();
                let together = rest.iter().take_while(|one| {
                    let goes_on = one.slot.at <= end;
                    end = end.max(one.slot.end());
                    goes_on
                });
                let (stretch, further) = rest.split_at(together.count());
                self.overlaps_of(history, (parameter, stretch), &mut behind, &mut found)?;
                rest = further;
            }
        }
        Ok(found)
    }

    /// Those of one parameter, in a stretch of time.
    fn overlaps_of(
        &self,
        history: &dyn History,
        (parameter, asked): (ParameterId, &[Asked<'_>]),
        behind: &mut Behind,
        found: &mut Vec<Doubted>,
    ) -> Result<(), Broken> {
        let known = self.model().and_then(|model| model.parameter(parameter));
        let (Ok(series), Some(known), Some(first)) = (self.series(parameter), known, asked.first()) else {
            return Ok(());
        };
        let end = asked.iter().map(|one| one.slot.end()).max().unwrap_or(first.slot.at);
        let tops = self.tops_between(history, parameter, first.slot.at, end.max(first.slot.at.plus(1)))?;
        let longest = tops
            .iter()
            .map(|top| i64::from(top.slot.span_s) * 1000)
            .max()
            .unwrap_or(0);
        for one in asked {
            let from = tops.partition_point(|top| top.slot.at < one.slot.at.plus(-longest));
            let in_reach = tops.get(from..).unwrap_or_default().iter();
            let in_reach = in_reach.take_while(|top| top.slot.at <= one.slot.end());
            if one.of_document.is_none() && in_reach.clone().any(|top| top.slot == one.slot) {
                continue;
            }
            let mut overlap: Option<Overlap> = None;
            for top in in_reach {
                let Some(together) = together(series, (one.slot, one.origin), top) else {
                    continue;
                };
                let document = behind.of(self, history, (parameter, top))?;
                let is_of_form = |(_, form)| document.is_some_and(|theirs| theirs.form == form);
                if one.leaves_out(top) || one.of_document.is_some_and(is_of_form) {
                    continue;
                }
                match &mut overlap {
                    Some(overlap) => overlap.more = overlap.more.saturating_add(1),
                    None => overlap = Some(overlap_of(top, together, document)),
                }
            }
            found.extend(overlap.map(|overlap| Doubted {
                place: one.place,
                field: known.tag.clone(),
                why: overlap.text(known),
            }));
        }
        Ok(())
    }

    /// A version that stands beside something.
    pub(super) fn overlap_with(
        &self,
        history: &dyn History,
        (parameter, version): (ParameterId, &Version),
        (together, more): (Together, u32),
        behind: &mut Behind,
    ) -> Result<Overlap, Broken> {
        let document = behind.of(self, history, (parameter, version))?;
        let overlap = overlap_of(version, together, document);
        Ok(Overlap { more, ..overlap })
    }
}

fn overlap_of(version: &Version, together: Together, document: Option<&Document>) -> Overlap {
    let named = |document: &Document| -> (FormKind, String) { (document.kind(), document.number.clone()) };
    Overlap {
        slot: version.slot,
        value: version.value,
        origin: version.origin,
        record: version.sequence,
        document: document.map(named),
        together,
        more: 0,
    }
}
