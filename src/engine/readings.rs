//! Reading blocks, wherever they are: in memory, or in the past.

use std::collections::BTreeSet;

use crate::domain::identity::ParameterId;
use crate::domain::reading::{Slot, Verdict, Version};
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant};

use super::block::{Block, unpack};
use super::command::Refusal;
use super::history::{History, Tree};
use super::merge::live_value;
use super::view::{LiveValue, NamedReading};
use super::{Broken, Engine, keys};

/// The most readings of one answer.
const MOST_READINGS: usize = 100_000;

/// A side of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What is older.
    Before,
    /// What is newer.
    After,
}

/// Whether a version counts in the ledger.
fn counts(version: &Version) -> bool {
    version.verdict == Verdict::Counts
}

impl Engine {
    /// Brings the newest block of a series into memory.
    pub(super) fn open_newest(&mut self, history: &dyn History, parameter: ParameterId) -> Result<(), Broken> {
        let Some((start, pieces)) = self.series(parameter)?.row.newest_block else {
            return Ok(());
        };
        let last = history
            .get(
                Tree::Readings,
                &keys::readings(parameter, start, pieces.saturating_sub(1)),
            )?
            .ok_or(Broken::Row("the newest piece of a parameter's readings is missing"))?;
        self.series_mut(parameter)?.open = Some(Block::open(start, pieces, last)?);
        Ok(())
    }

    /// All versions in a block, and the number of its pieces.
    pub(super) fn block_versions(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
    ) -> Result<(Vec<Version>, u16), Broken> {
        let series = self.series(parameter)?;
        let in_memory = series
            .open
            .as_ref()
            .filter(|block| block.start == start)
            .or_else(|| self.blocks.get(&(parameter, start)));
        if let Some(block) = in_memory {
            let versions = block.versions(|piece| {
                history
                    .get(Tree::Readings, &keys::readings(parameter, start, piece))?
                    .ok_or(Broken::Row("a piece of a parameter's readings is missing"))
            })?;
            return Ok((versions, block.pieces()));
        }
        let prefix = keys::readings_block(parameter, start);
        let mut versions = Vec::new();
        let mut pieces = 0;
        let mut broken = Ok(());
        history.scan(
            Tree::Readings,
            &prefix,
            &keys::after_prefix(&prefix),
            &mut |_, bytes| {
                pieces += 1;
                broken = unpack(bytes, |version| versions.push(version));
                broken.is_ok()
            },
        )?;
        broken?;
        Ok((versions, pieces))
    }

    /// The versions on top in a block; those kept out of the ledger too.
    pub(super) fn tops_in(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
    ) -> Result<Vec<Version>, Broken> {
        let (versions, _) = self.block_versions(history, parameter, start)?;
        Ok(self.series(parameter)?.on_top(&versions))
    }

    /// The versions on top that count, in a block.
    pub(super) fn counting_in(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
    ) -> Result<Vec<Version>, Broken> {
        let mut tops = self.tops_in(history, parameter, start)?;
        tops.retain(counts);
        Ok(tops)
    }

    /// The block before another, if there is one.
    pub(super) fn block_before(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
    ) -> Result<Option<Hour>, Broken> {
        let in_memory = self
            .blocks
            .range((parameter, Hour(i32::MIN))..(parameter, start))
            .next_back()
            .map(|(&(_, block), _)| block);
        let open = self.open_start(parameter)?.filter(|&open| open < start);
        let in_past = history
            .last_before(
                Tree::Readings,
                &keys::readings_block(parameter, start),
                &keys::parameter(parameter),
            )?
            .and_then(|(key, _)| keys::block_of(&key));
        Ok(in_memory.max(open).max(in_past))
    }

    /// The block after another, if there is one.
    pub(super) fn block_after(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
    ) -> Result<Option<Hour>, Broken> {
        let in_memory = self
            .blocks
            .range((parameter, Hour(start.0.saturating_add(1)))..=(parameter, Hour(i32::MAX)))
            .next()
            .map(|(&(_, block), _)| block);
        let open = self.open_start(parameter)?.filter(|&open| open > start);
        let in_past = history
            .first_after(
                Tree::Readings,
                &keys::readings(parameter, start, u16::MAX),
                &keys::after_prefix(&keys::parameter(parameter)),
            )?
            .and_then(|(key, _)| keys::block_of(&key));
        Ok([in_memory, open, in_past].into_iter().flatten().min())
    }

    fn open_start(&self, parameter: ParameterId) -> Result<Option<Hour>, Broken> {
        Ok(self.series(parameter)?.row.newest_block.map(|(start, _)| start))
    }

    /// The reading that counts nearest to a block, on one side of it.
    pub(super) fn nearest_counting(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
        side: Side,
    ) -> Result<Option<Version>, Broken> {
        self.nearest_top(history, parameter, start, side, counts)
    }

    /// The version on top nearest to a block, on one side of it, of those that are wanted.
    pub(super) fn nearest_top(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
        side: Side,
        wanted: impl Fn(&Version) -> bool,
    ) -> Result<Option<Version>, Broken> {
        let mut from = start;
        loop {
            let next = match side {
                Side::Before => self.block_before(history, parameter, from)?,
                Side::After => self.block_after(history, parameter, from)?,
            };
            let Some(block) = next else {
                return Ok(None);
            };
            let tops = self.tops_in(history, parameter, block)?;
            let nearest = match side {
                Side::Before => tops.iter().rev().find(|version| wanted(version)),
                Side::After => tops.iter().find(|version| wanted(version)),
            };
            if let Some(version) = nearest {
                return Ok(Some(*version));
            }
            from = block;
        }
    }

    /// The versions on top whose slots touch the time from `from` to `to`, in order; those kept out of the ledger too.
    pub(super) fn tops_between(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Version>, Broken> {
        let series = self.series(parameter)?;
        let reach = from.plus(-i64::from(series.row.longest_span_s) * 1000);
        let mut block = Some(series.block_of(self.zone.hour_of(reach)));
        let mut found = Vec::new();
        while let Some(start) = block {
            if self.zone.hour_start(start) >= to {
                break;
            }
            let (versions, _) = self.block_versions(history, parameter, start)?;
            found.extend(
                series
                    .on_top(&versions)
                    .into_iter()
                    .filter(|version| version.slot.at < to && (version.slot.end() > from || version.slot.at >= from)),
            );
            block = self.block_after(history, parameter, start)?;
        }
        Ok(found)
    }

    /// A parameter's effective readings whose slots touch the time from `from` to `to`, in order; those kept out of the
    /// ledger too.
    pub fn readings(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<(Slot, LiveValue)>, Refusal> {
        if self.series(parameter).is_err() {
            return Err(Refusal::Request(Text::new("explain-unknown")));
        }
        let mut readings = Vec::new();
        // What is asked for and cannot be shown is not read either.
        self.each_top(history, parameter, (from, to), &mut |version| {
            readings.push((version.slot, live_value(version)));
            readings.len() <= MOST_READINGS
        })?;
        if readings.len() > MOST_READINGS {
            return Err(Refusal::Request(
                Text::new("readings-too-many").with_count("most", MOST_READINGS),
            ));
        }
        Ok(readings)
    }

    /// The readings that stand at an instant, with everything by which each can be named: there may be several, as an
    /// invoice and its credit note.
    pub fn named_readings(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        at: Instant,
    ) -> Result<Vec<NamedReading>, Refusal> {
        if self.series(parameter).is_err() {
            return Err(Refusal::Request(Text::new("explain-unknown")));
        }
        let mut tops = Vec::new();
        self.each_top(history, parameter, (at, at.plus(1)), &mut |version| {
            tops.extend((version.slot.at == at).then_some(*version));
            true
        })?;
        let mut named = Vec::with_capacity(tops.len());
        for top in tops {
            let mut versions = self.versions_of(history, parameter, top.slot)?;
            versions.retain(Version::stands);
            let mut documents = Vec::new();
            for version in &versions {
                documents.extend(self.document_behind(history, parameter, version)?);
            }
            let mut documents: Vec<String> = documents.into_iter().map(|document| document.number).collect();
            documents.dedup();
            named.push(NamedReading {
                slot: top.slot,
                value: top.value,
                origin: top.origin,
                record: top.sequence,
                records: versions.iter().map(|version| version.sequence).collect(),
                documents,
            });
        }
        Ok(named)
    }

    /// All versions of one slot, in the order of their records.
    pub(super) fn versions_of(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        slot: Slot,
    ) -> Result<Vec<Version>, Broken> {
        let block = self.series(parameter)?.block_of(self.zone.hour_of(slot.at));
        let (mut versions, _) = self.block_versions(history, parameter, block)?;
        versions.retain(|version| version.slot == slot);
        Ok(versions)
    }

    /// The effective version of one slot.
    pub(super) fn top_at(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        slot: Slot,
    ) -> Result<Option<Version>, Broken> {
        let versions = self.versions_of(history, parameter, slot)?;
        Ok(self.series(parameter)?.on_top(&versions).into_iter().next())
    }

    /// Shows the effective versions of a stretch one after the other, a block at a time, until `show` has enough.
    pub(super) fn each_top(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Instant, Instant),
        show: &mut dyn FnMut(&Version) -> bool,
    ) -> Result<(), Broken> {
        let series = self.series(parameter)?;
        let mut start = from;
        while start < to {
            let block = series.block_of(self.zone.hour_of(start));
            let end = self.zone.hour_start(Hour(block.0.saturating_add(series.block_hours)));
            let end = end.min(to);
            for version in self.tops_between(history, parameter, start, end)? {
                // An interval that reaches over from the block before has been shown.
                if (start == from || version.slot.at >= start) && !show(&version) {
                    return Ok(());
                }
            }
            let next = self.block_after(history, parameter, block)?;
            start = next.map_or(to, |next| self.zone.hour_start(next).max(end));
        }
        Ok(())
    }

    /// All blocks of a parameter from one on, in order.
    pub(super) fn blocks_from(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
    ) -> Result<Vec<Hour>, Broken> {
        let mut blocks: BTreeSet<Hour> = self
            .blocks
            .range((parameter, from)..=(parameter, Hour(i32::MAX)))
            .map(|(&(_, block), _)| block)
            .collect();
        if let Some(open) = self.open_start(parameter)?.filter(|&open| open >= from) {
            blocks.insert(open);
        }
        history.scan(
            Tree::Readings,
            &keys::readings_block(parameter, from),
            &keys::after_prefix(&keys::parameter(parameter)),
            &mut |key, _| {
                if let Some(block) = keys::block_of(key) {
                    blocks.insert(block);
                }
                true
            },
        )?;
        Ok(blocks.into_iter().collect())
    }
}
