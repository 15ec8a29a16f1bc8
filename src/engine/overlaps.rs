//! What stands in the time of values that are to be brought (同期已有值): an invoice beside what was typed of its days, a test
//! beside another one. Nothing of that is refused; whoever brings it is told what becomes of both before it counts twice.
//!
//! Costs the readings that stand in the time of those that are asked about, each block of them read once, and as many meetings
//! as there are pairs that touch. Of a parameter that has a long interval the blocks before are read as well, as far back as it
//! may reach. What is asked about covers no more hours than one batch may bring, no more than [`MOST_MEETINGS`] are looked at, and
//! the answer tells no more than [`MOST_DOUBTS`].

mod sweep;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::document::{Document, FormKind};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, ParameterKind, Slot, Verdict, Version};
use crate::domain::text::Text;
use crate::domain::time::Hour;

use super::command::Refusal;
use super::history::History;
use super::intake::{LONGEST_SPAN_S, check_width};
use super::series::Series;
use super::view::{Doubted, Doubts, Overlap, Together};
use super::{Broken, Engine};

pub(super) use sweep::touches;
use sweep::{Sweep, Timed};

/// The most that is told one by one of what looks wrong; of the rest it is told how much there is.
pub const MOST_DOUBTS: usize = 100;

/// The most pairs of a value that is asked about and one that stands in its time: some tenths of a second. A month of minutes
/// beside a month of minutes has a hundred thousand; more than this is no plant's, and nobody is to hold up the others with it.
const MOST_MEETINGS: u32 = 4_000_000;

/// What is to be brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToBring {
    /// Documents. Others of the same form are held against them by their numbers, and left out here.
    Documents(Vec<Document>),
    /// Readings of a file. One that is there already, or of which a machine brought another version, counts no second time: which
    /// of them does is a matter of the plan. What a person gave is told. Deliveries that the same way brought, each with an id of its own, are left out as well.
    Readings {
        /// By which way they come.
        origin: Origin,
        /// Of what they are, and their values in counts of the parameter's quantum.
        slots: Vec<(ParameterId, Slot, i64)>,
    },
}

/// A value that is to be brought.
#[derive(Debug)]
struct Asked<'a> {
    place: u32,
    slot: Slot,
    origin: Origin,
    value: i64,
    /// The form of its document, where it is of one.
    of_document: Option<&'a str>,
    /// Whether it is there already, and so counts no second time.
    is_there: bool,
    /// The first that stands in its time, and how many more do.
    beside: Option<(Beside, u32)>,
}

/// What stands in the time of a value.
#[derive(Debug)]
struct Beside {
    version: Version,
    together: Together,
    document: Option<Arc<Document>>,
}

impl<'a> Asked<'a> {
    const fn new((place, slot, value): (u32, Slot, i64), origin: Origin, of_document: Option<&'a str>) -> Self {
        Self {
            place,
            slot,
            origin,
            value,
            of_document,
            is_there: false,
            beside: None,
        }
    }

    /// Whether its time is one that a reading may have; what has another is refused when it is brought.
    fn is_of_ledger(&self) -> bool {
        self.slot.at.is_plausible() && self.slot.end().is_plausible() && self.slot.span_s <= LONGEST_SPAN_S
    }

    /// Whether a version that stands beside it is left out.
    fn leaves_out(&self, version: &Version) -> bool {
        match self.of_document {
            Some(_) => version.slot == self.slot && version.value == self.value,
            None => self.slot.own_id != 0 && version.slot.own_id != 0 && self.origin == version.origin,
        }
    }
}

impl Timed for Asked<'_> {
    fn slot(&self) -> Slot {
        self.slot
    }
}

/// A version on top.
struct Top {
    version: Version,
    /// Whether the document of which it comes was looked up: that is done once, however many are asked about in its time.
    is_looked_up: bool,
    document: Option<Arc<Document>>,
}

impl Timed for Top {
    fn slot(&self) -> Slot {
        self.version.slot
    }
}

/// What looks wrong, before it is put in words.
enum Doubt {
    Beside(ParameterId, Beside, u32),
    OfField(&'static str, Text),
}

/// The documents of records, each record looked up once.
#[derive(Default)]
pub(super) struct Behind(HashMap<Sequence, Vec<Arc<Document>>>);

impl Behind {
    /// The document of which a version comes.
    fn of(
        &mut self,
        engine: &Engine,
        history: &dyn History,
        (parameter, version): (ParameterId, &Version),
    ) -> Result<Option<Arc<Document>>, Broken> {
        // What machines bring comes of no document, and is many records.
        if version.origin.is_by_machine() {
            return Ok(None);
        }
        let documents = match self.0.entry(version.sequence) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let documents = engine.documents_of(history, version.sequence)?;
                unknown.insert(documents.into_iter().map(Arc::new).collect())
            }
        };
        let mut documents = documents.iter();
        Ok(documents
            .rfind(|document| document.brought(parameter, version.slot))
            .cloned())
    }
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
    pub fn doubts(&self, history: &dyn History, to_bring: &ToBring) -> Result<Doubts, Refusal> {
        let mut found = self.overlaps(history, to_bring)?;
        let mut refused = Vec::new();
        if let ToBring::Documents(documents) = to_bring {
            for (place, document) in (0..).zip(documents) {
                let of_meter = self.doubt_of_certificate(document);
                found.extend(of_meter.map(|(field, why)| (place, Doubt::OfField(field, why))));
                let without = self.without_batch(history, document)?;
                refused.extend(without.map(|why| Doubted {
                    place,
                    field: "batch".to_owned(),
                    why,
                }));
            }
        }
        found.sort_by_key(|&(place, _)| place);
        let more = found.len().saturating_sub(MOST_DOUBTS);
        let told = found.into_iter().take(MOST_DOUBTS);
        Ok(Doubts {
            told: told.filter_map(|(place, doubt)| self.doubted(place, doubt)).collect(),
            more: u32::try_from(more).unwrap_or(u32::MAX),
            refused,
        })
    }

    /// In words.
    fn doubted(&self, place: u32, doubt: Doubt) -> Option<Doubted> {
        let (field, why) = match doubt {
            Doubt::Beside(parameter, beside, more) => {
                let known = self.model()?.parameter(parameter)?;
                let overlap = overlap_of(&beside.version, beside.together, beside.document.as_deref());
                (known.tag.clone(), Overlap { more, ..overlap }.text(known))
            }
            Doubt::OfField(field, why) => (field.to_owned(), why),
        };
        Some(Doubted { place, field, why })
    }

    /// What stands in its time.
    fn overlaps(&self, history: &dyn History, to_bring: &ToBring) -> Result<Vec<(u32, Doubt)>, Refusal> {
        let mut asked: BTreeMap<ParameterId, Vec<Asked<'_>>> = BTreeMap::new();
        match to_bring {
            ToBring::Documents(documents) => {
                for (place, document) in (0..).zip(documents) {
                    let origin = document.kind().origin();
                    for reading in self.readings_that_come_of(history, document)? {
                        let of_document = Some(document.form.as_str());
                        let one = Asked::new((place, reading.slot, reading.value), origin, of_document);
                        asked.entry(reading.parameter).or_default().push(one);
                    }
                }
            }
            ToBring::Readings { origin, slots } => {
                for (place, &(parameter, slot, value)) in (0..).zip(slots) {
                    let one = Asked::new((place, slot, value), *origin, None);
                    asked.entry(parameter).or_default().push(one);
                }
            }
        }
        for asked in asked.values_mut() {
            asked.retain(Asked::is_of_ledger);
        }
        check_width(asked.values().flatten().map(|one| one.slot))?;
        let mut behind = Behind::default();
        let mut meetings = MOST_MEETINGS;
        let mut found = Vec::new();
        for (parameter, asked) in asked {
            let Ok(series) = self.series(parameter) else {
                continue;
            };
            // What is not in the newest model any more has no name by which it could be told.
            if self.model().and_then(|model| model.parameter(parameter)).is_none() {
                continue;
            }
            for one in self.overlaps_of(history, (parameter, series), asked, (&mut behind, &mut meetings))? {
                let beside = one.beside.filter(|_| !one.is_there);
                found.extend(beside.map(|(first, more)| (one.place, Doubt::Beside(parameter, first, more))));
            }
        }
        Ok(found)
    }

    /// Those of one parameter, each with what stands in its time.
    fn overlaps_of<'a>(
        &self,
        history: &dyn History,
        (parameter, series): (ParameterId, &Series),
        asked: Vec<Asked<'a>>,
        (behind, meetings): (&mut Behind, &mut u32),
    ) -> Result<Vec<Asked<'a>>, Refusal> {
        let mut meet = |one: &mut Asked<'a>, top: &mut Top| {
            let too_many = || Refusal::Request(Text::new("overlaps-too-many"));
            *meetings = meetings.checked_sub(1).ok_or_else(too_many)?;
            let is_same = one.of_document.is_none()
                && one.slot == top.version.slot
                && (one.value == top.version.value || top.version.origin.is_by_machine());
            one.is_there |= is_same;
            if one.is_there || one.leaves_out(&top.version) {
                return Ok(());
            }
            let Some(together) = together(series, (one.slot, one.origin), &top.version) else {
                return Ok(());
            };
            if !top.is_looked_up {
                top.document = behind.of(self, history, (parameter, &top.version))?;
                top.is_looked_up = true;
            }
            let is_of_form = |form| top.document.as_ref().is_some_and(|theirs| theirs.form == form);
            if one.of_document.is_some_and(is_of_form) {
                return Ok(());
            }
            if let Some((_, more)) = &mut one.beside {
                *more = more.saturating_add(1);
            } else {
                let beside = Beside {
                    version: top.version,
                    together,
                    document: top.document.clone(),
                };
                one.beside = Some((beside, 0));
            }
            Ok::<(), Refusal>(())
        };
        let longest_ms = i64::from(series.row.longest_span_s) * 1000;
        let first_of = |slot: Slot| series.block_of(self.zone.hour_of(slot.at.plus(-longest_ms)));
        let mut sweep = Sweep::new(asked);
        let mut from = sweep.next().map(first_of);
        while let Some(at_least) = from {
            // Only blocks in which something is are read.
            let before = Hour(at_least.0.saturating_sub(1));
            let Some(block) = self.block_after(history, parameter, before)? else {
                break;
            };
            sweep.go_on(Slot::instant(self.zone.hour_start(block)), &mut meet)?;
            let needed = match sweep.next() {
                _ if sweep.is_reached() => block,
                Some(next) => first_of(next),
                None => break,
            };
            if needed > block {
                from = Some(needed);
                continue;
            }
            for version in self.tops_in(history, parameter, block)? {
                let top = Top {
                    version,
                    is_looked_up: false,
                    document: None,
                };
                sweep.stands(top, &mut meet)?;
            }
            from = Some(series.block_end(block));
        }
        sweep.end(&mut meet)
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
        let overlap = overlap_of(version, together, document.as_deref());
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
