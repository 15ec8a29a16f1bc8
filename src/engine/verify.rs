//! Verification: everything computed again from the readings, and compared with what is stored, bit for bit.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounting::bucket::{Bucket, BucketDay};
use crate::accounting::cell::CellSum;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::Gas;
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Verdict, Version};
use crate::domain::text::Text;
use crate::domain::time::{DayBlock, Hour, Month};

use super::evaluate::Evaluator;
use super::history::History;
use super::recorded::Recorded;
use super::series::{Series, point};
use super::{Broken, Engine};

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Readings gone through, all versions.
    pub readings: u64,
    /// Buckets compared.
    pub buckets: u64,
    /// Cells compared.
    pub cells: u64,
    /// What differs; empty when all is sound. No more than a hundred are named.
    pub findings: Vec<Text>,
}

/// Findings named before a verification only counts on.
const MOST_FINDINGS: usize = 100;

impl Verification {
    pub(super) fn find(&mut self, text: Text) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(text);
        }
    }
}

impl Engine {
    /// Computes buckets from readings, cells from buckets and month sums from cells, and compares each with what is
    /// stored; in sealed months the sums only. What rests on records alone is compared with the journal, where that is whole. Costs the
    /// whole history.
    pub fn verify(&self, history: &dyn History, recorded: Option<&Recorded>) -> Result<Verification, Broken> {
        let mut verification = Verification::default();
        for series in self.series.iter().flatten() {
            self.verify_series(history, series, &mut verification)?;
        }
        for book in self.models.all_books() {
            for source in self.models.all_sources() {
                self.verify_source(history, book, source, &mut verification)?;
            }
        }
        if let Some(recorded) = recorded {
            self.verify_recorded(history, recorded, &mut verification)?;
        }
        Ok(verification)
    }

    pub(super) fn tag_of(&self, parameter: ParameterId) -> String {
        self.models
            .versions()
            .flat_map(|version| &version.model.parameters)
            .filter(|other| other.id == parameter)
            .map(|other| other.tag.clone())
            .last()
            .unwrap_or_default()
    }

    fn verify_series(
        &self,
        history: &dyn History,
        series: &Series,
        verification: &mut Verification,
    ) -> Result<(), Broken> {
        let mut days: BTreeMap<DayBlock, BucketDay> = BTreeMap::new();
        let mut shares = Vec::new();
        let mut before: Option<Version> = None;
        let mut last_slot = None;
        let mut first_hour = None;
        let mut longest_span_s = 0;
        let mut newest = None;
        for start in self.blocks_from(history, series.id, Hour(i32::MIN))? {
            let (versions, _) = self.block_versions(history, series.id, start)?;
            verification.readings += versions.len() as u64;
            for version in &versions {
                if Some(version.slot) < last_slot || series.block_of(self.zone.hour_of(version.slot.at)) != start {
                    verification.find(
                        Text::new("verify-reading-misplaced")
                            .with("tag", self.tag_of(series.id))
                            .with_instant("at", version.slot.at),
                    );
                }
                last_slot = Some(version.slot);
                longest_span_s = longest_span_s.max(version.slot.span_s);
            }
            for version in series.on_top(&versions) {
                newest = Some(version);
                if version.verdict != Verdict::Counts {
                    continue;
                }
                first_hour.get_or_insert(self.zone.hour_of(version.slot.at));
                match series.kind {
                    ParameterKind::Flow | ParameterKind::Counter => {
                        if let Some(before) = before {
                            series.pair_shares(&self.zone, point(&before), point(&version), &mut |share| {
                                shares.push(share);
                            });
                        }
                    }
                    ParameterKind::Amount => {
                        Series::own_shares(&self.zone, version.slot, version.value, &mut |share| shares.push(share));
                    }
                    ParameterKind::Property | ParameterKind::State => {}
                }
                before = Some(version);
                for share in shares.drain(..) {
                    let day = days.entry(share.hour.day_block()).or_default();
                    if let Some(bucket) = day.hours.get_mut(share.hour.place_in_block()) {
                        bucket.put(&share);
                    }
                }
            }
        }
        if last_slot != series.row.last_slot
            || first_hour != series.row.first_hour
            || longest_span_s != series.row.longest_span_s
            || newest != series.row.newest
            || (series.is_paired() && before.map(|last| (last.slot.at, last.value)) != series.row.last_counting)
        {
            verification.find(Text::new("verify-series-end").with("tag", self.tag_of(series.id)));
        }
        let mut stored = self.bucket_days(history, series.id, DayBlock(i32::MIN / 24), None)?;
        stored.extend(days.keys());
        for day in stored {
            let kept = self.bucket_day(history, series.id, day)?;
            let computed = days.get(&day).cloned().unwrap_or_default();
            for (hour, (kept, computed)) in day.hours().zip(kept.hours.iter().zip(&computed.hours)) {
                if self.is_sealed(hour) {
                    continue;
                }
                verification.buckets += u64::from(kept.exists() || computed.exists());
                let blank = Bucket::default();
                // A bucket that no interval touches is not stored, so nothing may be left in it.
                let differs = if computed.exists() {
                    kept != computed
                } else {
                    *kept != blank
                };
                if differs {
                    verification.find(
                        Text::new("verify-bucket-differs")
                            .with("tag", self.tag_of(series.id))
                            .with_period("hour", Period::Hour(hour))
                            .with("stored", kept.quantity)
                            .with("computed", computed.quantity),
                    );
                }
            }
        }
        Ok(())
    }

    fn verify_source(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        verification: &mut Verification,
    ) -> Result<(), Broken> {
        let gases = self.gases_of(source);
        let mut hours: BTreeSet<Hour> = BTreeSet::new();
        for parameter in self.models.quantities_of(source) {
            let mut days = self.bucket_days(history, parameter, DayBlock(i32::MIN / 24), None)?;
            days.extend(self.substitute_days(history, parameter, DayBlock(i32::MIN / 24), None)?);
            hours.extend(days.into_iter().flat_map(DayBlock::hours));
        }
        for &gas in &gases {
            for day in self.cell_days(history, book, source, gas, DayBlock(i32::MIN / 24))? {
                hours.extend(day.hours());
            }
        }
        let mut evaluator = Evaluator::new(self, history, book, source);
        let mut months = super::post::MonthCache::default();
        let mut sums: BTreeMap<(Gas, Month), CellSum> = BTreeMap::new();
        let mut day = None;
        let mut days = BTreeMap::new();
        for hour in hours {
            if day != Some(hour.day_block()) {
                day = Some(hour.day_block());
                for &gas in &gases {
                    days.insert(gas, self.cell_day(history, book, source, gas, hour.day_block())?);
                }
            }
            let computed = evaluator.cell(hour)?;
            for &gas in &gases {
                let stored = days
                    .get(&gas)
                    .and_then(|day| day.hours.get(hour.place_in_block()))
                    .copied()
                    .flatten();
                // What is sealed stands, whatever would come of it today; its sums must be those of its cells.
                let expected = if self.is_sealed(hour) {
                    stored
                } else {
                    computed.cell.filter(|_| computed.gas == gas)
                };
                let compared = !self.is_sealed(hour) && (expected.is_some() || stored.is_some());
                verification.cells += u64::from(compared);
                if let Some(cell) = &expected {
                    sums.entry((gas, months.month_of(&self.zone, hour)))
                        .or_default()
                        .put(cell);
                }
                if expected != stored {
                    verification.find(
                        Text::new("verify-cell-differs")
                            .with("source", source)
                            .with_period("hour", Period::Hour(hour))
                            .with("stored", stored.map_or(0, |cell| cell.co2e_mg))
                            .with("computed", expected.map_or(0, |cell| cell.co2e_mg)),
                    );
                }
            }
        }
        let stored = self.stored_months(history, book, source, &gases)?;
        let all: BTreeSet<(Gas, Month)> = sums.keys().copied().chain(stored).collect();
        for (gas, month) in all {
            let stored = self.month_sum(history, book, source, gas, month)?;
            let computed = sums.get(&(gas, month)).copied().unwrap_or_default();
            if stored != computed {
                verification.find(
                    Text::new("verify-sum-differs")
                        .with("source", source)
                        .with("month", month)
                        .with("stored", stored.co2e_mg)
                        .with("computed", computed.co2e_mg),
                );
            }
        }
        Ok(())
    }

    /// Months of which a source has a sum.
    fn stored_months(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gases: &BTreeSet<Gas>,
    ) -> Result<BTreeSet<(Gas, Month)>, Broken> {
        let mut months: BTreeSet<(Gas, Month)> = self
            .sums
            .iter()
            .filter(|((b, s, ..), cached)| *b == book && *s == source && !cached.value.is_empty())
            .map(|(&(_, _, gas, month), _)| (gas, month))
            .collect();
        for &gas in gases {
            let prefix = super::keys::cells_of(book, source, gas);
            history.scan(
                super::history::Tree::MonthSums,
                &prefix,
                &super::keys::after_prefix(&prefix),
                &mut |key, _| {
                    months.extend(super::keys::month_of(key).map(|month| (gas, month)));
                    true
                },
            )?;
        }
        Ok(months)
    }
}
