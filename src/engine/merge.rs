//! Merging readings into what is there: new ones, versions seen before, new versions of old ones, late ones.
//!
//! A reading after everything that its parameter has costs the same whatever the history holds. Late readings are
//! gathered by block, and each block is opened once.

use std::collections::BTreeMap;

use crate::accounting::quantity::{Point, Share};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{ParameterKind, Slot, Verdict, Version};
use crate::domain::time::{Hour, Instant};

use super::block::Block;
use super::event::Layer;
use super::history::History;
use super::readings::Side;
use super::series::{Series, point};
use super::view::LiveValue;
use super::{Broken, Engine};

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing was known of its slot.
    New,
    /// Its slot had other versions.
    Replacing,
    /// It was there already.
    Duplicate,
}

/// A change to be made to a block.
enum Edit {
    /// A version to be put in, with its place in the batch.
    Put(usize, Version),
    /// A layer to be withdrawn by a record.
    Withdraw(Layer, Sequence),
}

impl Edit {
    fn slot(&self) -> Slot {
        match self {
            Self::Put(_, version) => version.slot,
            Self::Withdraw(layer, _) => layer.slot,
        }
    }
}

/// Edits of old blocks, by parameter and block.
type Edits = BTreeMap<(ParameterId, Hour), Vec<Edit>>;

impl Engine {
    /// Puts versions in, in the order given, and says what became of each. Parameters are known.
    pub(super) fn merge(
        &mut self,
        history: &dyn History,
        versions: impl Iterator<Item = (ParameterId, Version)>,
    ) -> Result<Vec<Fate>, Broken> {
        let mut fates = Vec::new();
        let mut late: Edits = BTreeMap::new();
        for (place, (parameter, version)) in versions.enumerate() {
            fates.push(Fate::New);
            if !self.append(history, parameter, &version)? {
                let hour = self.zone.hour_of(version.slot.at);
                let block = self.series(parameter)?.block_of(hour);
                late.entry((parameter, block))
                    .or_default()
                    .push(Edit::Put(place, version));
            }
        }
        self.edit(history, late, &mut fates)?;
        Ok(fates)
    }

    /// Withdraws layers.
    pub(super) fn withdraw(&mut self, history: &dyn History, layers: &[Layer], by: Sequence) -> Result<(), Broken> {
        let mut edits: Edits = BTreeMap::new();
        for &layer in layers {
            let hour = self.zone.hour_of(layer.slot.at);
            let block = self.series(layer.parameter)?.block_of(hour);
            edits
                .entry((layer.parameter, block))
                .or_default()
                .push(Edit::Withdraw(layer, by));
        }
        self.edit(history, edits, &mut Vec::new())
    }

    /// Puts a version at the end of its series; `false` when it belongs somewhere before the end.
    #[inline]
    fn append(&mut self, history: &dyn History, parameter: ParameterId, version: &Version) -> Result<bool, Broken> {
        let zone = self.zone;
        let hour = zone.hour_of(version.slot.at);
        let series = self.series_mut(parameter)?;
        if series.row.last_slot.is_some_and(|last| version.slot <= last) {
            return Ok(false);
        }
        let start = series.block_of(hour);
        if series.open.is_none() && series.row.newest_block.is_some() {
            self.open_newest(history, parameter)?;
        }
        let series = self.series_mut(parameter)?;
        match &mut series.open {
            Some(block) if block.start == start => block.push(version),
            open => {
                let mut block = Block::empty(start);
                block.push(version);
                if let Some(before) = open.replace(block) {
                    self.blocks.insert((parameter, before.start), before);
                }
            }
        }
        self.checks.came(parameter, version.slot.at);
        let series = self.series_mut(parameter)?;
        series.row_dirty = true;
        series.row.newest_block = series.open.as_ref().map(|block| (block.start, block.pieces()));
        series.row.last_slot = Some(version.slot);
        series.row.longest_span_s = series.row.longest_span_s.max(version.slot.span_s);
        series.row.newest = Some(*version);
        if version.verdict == Verdict::Counts {
            series.row.first_hour = Some(series.row.first_hour.map_or(hour, |first| first.min(hour)));
            let before = series.row.last_counting;
            if series.row.last_counting.is_none_or(|(at, _)| at < version.slot.at) {
                series.row.before_last_counting = before;
            }
            series.row.last_counting = Some((version.slot.at, version.value));
            match series.kind {
                ParameterKind::Flow | ParameterKind::Counter => {
                    if let Some((at, value)) = before {
                        let from = Point { at, value };
                        self.post_pair(history, parameter, from, point(version), 1)?;
                    }
                }
                ParameterKind::Amount => self.post_own(history, parameter, version, 1)?,
                ParameterKind::Property => {
                    self.touch_property(parameter, version)?;
                    self.touch_relations(parameter, (version.slot.at, self.held_until(parameter, version.slot)?));
                }
                ParameterKind::State => self.touch_relations(parameter, (version.slot.at, version.slot.at)),
            }
        }
        Ok(true)
    }

    /// Makes edits to old blocks and posts what changed.
    fn edit(&mut self, history: &dyn History, edits: Edits, fates: &mut [Fate]) -> Result<(), Broken> {
        for ((parameter, start), edits) in edits {
            let (mut versions, pieces) = self.block_versions(history, parameter, start)?;
            let before = self.series(parameter)?.on_top(&versions);
            let mut changed = false;
            let mut longest = 0;
            let mut stretch: Option<(Instant, Instant)> = None;
            for edit in edits {
                let slot = edit.slot();
                stretch = stretch
                    .map(|(from, to)| (from.min(slot.at), to.max(slot.at)))
                    .or(Some((slot.at, slot.at)));
                let from = versions.partition_point(|version| version.slot < slot);
                let to = versions.partition_point(|version| version.slot <= slot);
                let there = versions.get_mut(from..to).unwrap_or(&mut []);
                match edit {
                    Edit::Put(place, version) => {
                        // What machines deliver again is a duplicate for ever. People who say again what was withdrawn
                        // mean it, and who says again what was said before something else as well: only the uppermost that
                        // stands of their kind is the same. Who types again what a second person returned means that too.
                        let said = |other: &Version| {
                            other.value == version.value
                                && other.origin == version.origin
                                && other.quality == version.quality
                        };
                        let seen = if version.origin.is_by_machine() {
                            there.iter().any(said)
                        } else {
                            let mut standing = there.iter().rev().filter(|other| other.stands());
                            match standing.find(|other| other.origin == version.origin) {
                                Some(other) if said(other) => {
                                    let record = other.sequence;
                                    !self.was_returned(history, record, (parameter, slot))?
                                }
                                _ => false,
                            }
                        };
                        if let Some(fate) = fates.get_mut(place) {
                            *fate = match (seen, there.is_empty()) {
                                (true, _) => Fate::Duplicate,
                                (false, true) => Fate::New,
                                (false, false) => Fate::Replacing,
                            };
                        }
                        if !seen {
                            versions.insert(to, version);
                            longest = longest.max(slot.span_s);
                            changed = true;
                        }
                    }
                    Edit::Withdraw(layer, by) => {
                        for version in there.iter_mut().filter(|version| version.sequence == layer.sequence) {
                            version.withdrawn_by = by;
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                continue;
            }
            if let Some(stretch) = stretch {
                self.checks.changed(parameter, stretch);
            }
            let series = self.series_mut(parameter)?;
            if longest > series.row.longest_span_s {
                series.row.longest_span_s = longest;
                series.row_dirty = true;
            }
            let after = series.on_top(&versions);
            if let Some((from, to)) = stretch.filter(|_| !series.kind.is_quantity()) {
                let last = versions.iter().rev().find(|version| version.slot.at <= to);
                let until = match last {
                    Some(last) => self.held_until(parameter, last.slot)?,
                    None => to,
                };
                self.touch_relations(parameter, (from, until));
            }
            self.put_block(parameter, start, &versions, pieces);
            self.post_difference(history, parameter, start, &before, &after)?;
            self.renew_first(history, parameter, start, &after)?;
            self.renew_ends(history, parameter, start, &versions, &after)?;
        }
        Ok(())
    }

    /// Until when a value may hold at most: to the end of its interval, an instant's as long as the plan lets it.
    fn held_until(&self, parameter: ParameterId, slot: Slot) -> Result<Instant, Broken> {
        let series = self.series(parameter)?;
        let longest_ms = i64::from(series.row.longest_span_s) * 1000;
        let holds_ms = if series.kind == ParameterKind::Property {
            series.hold_ms
        } else {
            0
        };
        Ok(slot.end().max(slot.at.plus(holds_ms.max(longest_ms))))
    }

    /// Puts a block that was written anew where it belongs.
    fn put_block(&mut self, parameter: ParameterId, start: Hour, versions: &[Version], pieces: u16) {
        let block = Block::rewritten(start, versions, pieces);
        let Ok(series) = self.series_mut(parameter) else {
            return;
        };
        if series.row.newest_block.is_none_or(|(newest, _)| newest <= start) {
            series.row.newest_block = Some((start, block.pieces()));
            series.row_dirty = true;
            if let Some(before) = series.open.replace(block)
                && before.start != start
            {
                self.blocks.insert((parameter, before.start), before);
            }
        } else {
            self.blocks.insert((parameter, start), block);
        }
    }

    /// Posts the difference between what counted in a block and what counts now.
    fn post_difference(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
        before: &[Version],
        after: &[Version],
    ) -> Result<(), Broken> {
        let counting = |tops: &[Version]| -> Vec<Version> {
            tops.iter()
                .filter(|version| version.verdict == Verdict::Counts)
                .copied()
                .collect()
        };
        let (before, after) = (counting(before), counting(after));
        let same = |left: &Version, right: &Version| left.slot == right.slot && left.value == right.value;
        let head = before
            .iter()
            .zip(&after)
            .take_while(|(left, right)| same(left, right))
            .count();
        let tail = before
            .iter()
            .rev()
            .zip(after.iter().rev())
            .take(before.len().min(after.len()) - head)
            .take_while(|(left, right)| same(left, right))
            .count();
        let middle = |all: &[Version]| all.get(head..all.len() - tail).unwrap_or(&[]).to_vec();
        let (old, new) = (middle(&before), middle(&after));
        if old.is_empty() && new.is_empty() {
            return Ok(());
        }
        let series = self.series(parameter)?;
        if series.kind == ParameterKind::Amount {
            for version in &old {
                self.post_own(history, parameter, version, -1)?;
            }
            for version in &new {
                self.post_own(history, parameter, version, 1)?;
            }
        } else if series.is_paired() {
            let left = match head.checked_sub(1).and_then(|place| before.get(place)) {
                Some(version) => Some(*version),
                None => self.nearest_counting(history, parameter, start, Side::Before)?,
            };
            let right = match before.len().checked_sub(tail).and_then(|place| before.get(place)) {
                Some(version) => Some(*version),
                None => self.nearest_counting(history, parameter, start, Side::After)?,
            };
            for (middle, sign) in [(&old, -1), (&new, 1)] {
                let chain: Vec<Version> = left.into_iter().chain(middle.iter().copied()).chain(right).collect();
                for (from, to) in chain.iter().zip(chain.iter().skip(1)) {
                    self.post_pair(history, parameter, point(from), point(to), sign)?;
                }
            }
        } else if series.kind == ParameterKind::Property {
            // An instant's value holds until the next one, so what lies before a change is touched as well.
            let reach = head
                .checked_sub(1)
                .and_then(|place| before.get(place))
                .filter(|version| version.slot.span_s == 0)
                .copied();
            for version in old.iter().chain(&new).chain(reach.iter()) {
                self.touch_property(parameter, version)?;
            }
        }
        Ok(())
    }

    /// Computes everything that a series keeps of its ends again: which version stands on top may have changed anywhere.
    pub(super) fn renew_row(&mut self, history: &dyn History, parameter: ParameterId) -> Result<(), Broken> {
        let Some((newest, _)) = self.series(parameter)?.row.newest_block else {
            return Ok(());
        };
        let first = self.nearest_counting(history, parameter, Hour(i32::MIN), Side::After)?;
        let first_hour = first.map(|version| self.zone.hour_of(version.slot.at));
        let series = self.series_mut(parameter)?;
        series.row.first_hour = first_hour;
        series.row_dirty = true;
        let (versions, _) = self.block_versions(history, parameter, newest)?;
        let tops = self.series(parameter)?.on_top(&versions);
        self.renew_ends(history, parameter, newest, &versions, &tops)
    }

    /// After an edit of a block: the first hour of which a reading that counts speaks.
    fn renew_first(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
        tops: &[Version],
    ) -> Result<(), Broken> {
        let zone = self.zone;
        let series = self.series(parameter)?;
        let known = series.row.first_hour;
        let was_here = known.is_some_and(|hour| series.block_of(hour) == start);
        let here = tops.iter().find(|version| version.verdict == Verdict::Counts);
        let first = match here.map(|version| zone.hour_of(version.slot.at)) {
            Some(hour) if was_here => Some(hour),
            Some(hour) => Some(known.map_or(hour, |known| known.min(hour))),
            // The one that was first does not count any more.
            None if was_here => self
                .nearest_counting(history, parameter, start, Side::After)?
                .map(|version| zone.hour_of(version.slot.at)),
            None => known,
        };
        if first != known {
            let series = self.series_mut(parameter)?;
            series.row.first_hour = first;
            series.row_dirty = true;
        }
        Ok(())
    }

    /// After an edit of a block: what is newest, and the last that count.
    fn renew_ends(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        start: Hour,
        versions: &[Version],
        tops: &[Version],
    ) -> Result<(), Broken> {
        let series = self.series(parameter)?;
        let is_newest = series.row.newest_block.is_none_or(|(newest, _)| newest <= start);
        // What stands in later blocks is untouched.
        let reached = |at: Instant| self.zone.hour_of(at).0 < start.0 + series.block_hours;
        let needs = |at: Option<(Instant, i64)>| at.is_none_or(|(at, _)| reached(at));
        if !is_newest && !needs(series.row.last_counting) && !needs(series.row.before_last_counting) {
            return Ok(());
        }
        let newest = match (series.row.newest, tops.last()) {
            (Some(newest), _) if !reached(newest.slot.at) => Some(newest),
            (_, Some(top)) => Some(*top),
            (_, None) => self.nearest_top(history, parameter, start, Side::Before, |_| true)?,
        };
        let last_slot = if is_newest {
            versions.last().map(|version| version.slot).max(series.row.last_slot)
        } else {
            series.row.last_slot
        };
        let ends = self.last_two_counting(history, parameter)?;
        let series = self.series_mut(parameter)?;
        series.row.newest = newest;
        series.row.last_slot = last_slot;
        series.row.last_counting = ends.0.map(|version| (version.slot.at, version.value));
        series.row.before_last_counting = ends.1.map(|version| (version.slot.at, version.value));
        series.row_dirty = true;
        Ok(())
    }

    /// The last reading that counts, and the last one before its instant.
    fn last_two_counting(
        &self,
        history: &dyn History,
        parameter: ParameterId,
    ) -> Result<(Option<Version>, Option<Version>), Broken> {
        let mut last: Option<Version> = None;
        let mut block = self.series(parameter)?.row.newest_block.map(|(start, _)| start);
        while let Some(start) = block {
            for version in self.counting_in(history, parameter, start)?.iter().rev() {
                match last {
                    None => last = Some(*version),
                    Some(last_version) if version.slot.at < last_version.slot.at => {
                        return Ok((last, Some(*version)));
                    }
                    Some(_) => {}
                }
            }
            block = self.block_before(history, parameter, start)?;
        }
        Ok((last, None))
    }

    /// Posts the shares between two neighbours: in when `sign` is 1, out when it is −1.
    pub(super) fn post_pair(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        from: Point,
        to: Point,
        sign: i32,
    ) -> Result<(), Broken> {
        let zone = self.zone;
        let mut shares: ShareList = ShareList::default();
        self.series(parameter)?
            .pair_shares(&zone, from, to, &mut |share| shares.push(share));
        for share in shares.iter() {
            self.post_share(history, parameter, share, sign)?;
        }
        Ok(())
    }

    fn post_own(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
        sign: i32,
    ) -> Result<(), Broken> {
        let mut shares = ShareList::default();
        Series::own_shares(&self.zone, version.slot, version.value, &mut |share| shares.push(share));
        for share in shares.iter() {
            self.post_share(history, parameter, share, sign)?;
        }
        Ok(())
    }
}

/// Shares of one interval. Most intervals lie in one hour, and those take no memory of their own.
#[derive(Default)]
struct ShareList {
    first: Option<Share>,
    more: Vec<Share>,
}

impl ShareList {
    fn push(&mut self, share: Share) {
        if self.first.is_none() {
            self.first = Some(share);
        } else {
            self.more.push(share);
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Share> {
        self.first.iter().chain(&self.more)
    }
}

/// A version as the newest value of its parameter.
pub(super) fn live_value(version: &Version) -> LiveValue {
    LiveValue {
        at: version.slot.end(),
        span_s: version.slot.span_s,
        own_id: version.slot.own_id,
        value: version.value,
        origin: version.origin,
        quality: version.quality,
        verdict: version.verdict,
        filled_to: None,
    }
}
