//! The running state of a parameter: its newest reading, the last that counts, and the rules by which pairs of readings
//! become quantities.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounting::quantity::{
    CounterRule, FlowRule, Point, Share, amount_shares, counter_shares, flow_shares, missing_shares,
};
use crate::domain::decimal;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Integration, Parameter, SiteModel};
use crate::domain::reading::{Origin, ParameterKind, Slot, Verdict, Version};
use crate::domain::time::{Hour, Instant, PlantZone};
use crate::domain::unit::Ratio;

use super::Broken;
use super::block::Block;
use super::command::MeterChange;

/// A meter change with the record that brought it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecordedChange {
    pub(super) sequence: Sequence,
    pub(super) change: MeterChange,
}

/// How intervals of a parameter become shares, from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PostingRule {
    Flow(FlowRule),
    Counter(CounterRule),
    Amount,
    /// Properties and states are not quantities.
    None,
}

/// A stretch of time that one rule turns into a quantity: from a reading, or the first value of a new meter, to the next
/// reading, or the last value of the old meter. A difference never spans two meters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) from: Instant,
    /// Value at its beginning; `None` where a new meter was not read.
    pub(super) first: Option<i64>,
    /// The meter change with which it begins, if it does not begin with a reading.
    pub(super) begins_with: Option<&'a RecordedChange>,
    pub(super) to: Instant,
    /// Value at its end; `None` where an old meter was not read.
    pub(super) last: Option<i64>,
    /// The meter change with which it ends, if it does not end with a reading.
    pub(super) ends_with: Option<&'a RecordedChange>,
    pub(super) rule: PostingRule,
}

impl Stretch<'_> {
    /// What it gives to each hour that it touches.
    pub(super) fn shares(&self, zone: &PlantZone, visit: &mut impl FnMut(Share)) {
        let end = |at, value: Option<i64>| value.map(|value| Point { at, value });
        match (end(self.from, self.first), end(self.to, self.last), self.rule) {
            (Some(first), Some(last), PostingRule::Flow(rule)) => flow_shares(zone, rule, first, last, visit),
            (Some(first), Some(last), PostingRule::Counter(rule)) => counter_shares(zone, rule, first, last, visit),
            _ => missing_shares(zone, self.from, self.to, visit),
        }
    }
}

/// What is kept of a series in its row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct SeriesRow {
    /// The greatest slot of any version.
    pub(super) last_slot: Option<Slot>,
    /// The version that stands on top at the newest slot that has one.
    pub(super) newest: Option<Version>,
    /// The last two that count, for pairs and for the rate.
    pub(super) last_counting: Option<(Instant, i64)>,
    pub(super) before_last_counting: Option<(Instant, i64)>,
    /// The longest interval ever delivered, in seconds: how far back an interval may reach.
    pub(super) longest_span_s: u32,
    /// The first hour of which a reading that counts speaks.
    pub(super) first_hour: Option<Hour>,
    /// First hour of the newest block, and the number of its pieces.
    pub(super) newest_block: Option<(Hour, u16)>,
    /// Meter changes in the order in which they were recorded.
    pub(super) changes: Vec<RecordedChange>,
}

/// A parameter's running state.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) id: ParameterId,
    pub(super) kind: ParameterKind,
    pub(super) decimals: u32,
    pub(super) block_hours: i32,
    /// Origins by rank: index is the origin's code.
    ranks: [usize; Origin::ALL.len()],
    /// What is possible, in counts.
    low: Option<i64>,
    high: Option<i64>,
    /// Count that a counter's register never reaches: it starts again from 0 there.
    register_end: Option<i64>,
    /// How long an instant's value of a property holds at most, in milliseconds.
    pub(super) hold_ms: i64,
    /// Whether every hour ought to be covered; trucks and invoices come when they come.
    pub(super) expects_coverage: bool,
    /// Milliseconds after its end for which an hour may still get data before it is filled.
    pub(super) fill_wait_ms: i64,
    /// Hours of an outage that are filled at most, where the plan says so.
    pub(super) longest_filled_hours: Option<u32>,
    /// Rules by the instant from which they hold; the first holds from the beginning.
    rules: Vec<(Instant, PostingRule)>,
    pub(super) row: SeriesRow,
    pub(super) row_dirty: bool,
    /// The newest block, once it was touched.
    pub(super) open: Option<Block>,
}

/// A rollover or a limit as a count; beyond what a reading may be it never binds.
fn as_count(value: rust_decimal::Decimal, decimals: u32) -> Option<i64> {
    decimal::count(value, decimals).ok().map(|counted| counted.count)
}

fn ratio_of(value: rust_decimal::Decimal) -> Option<Ratio> {
    Ratio::new(value.mantissa(), 10_i128.checked_pow(value.scale())?)
}

/// The rules with what can pass while each holds; one that holds on while that changes becomes several.
fn with_capacities(
    rules: Vec<(Instant, PostingRule)>,
    capacities: &[(Instant, Option<Ratio>)],
) -> Vec<(Instant, PostingRule)> {
    if capacities.iter().all(|(_, capacity)| capacity.is_none()) {
        return rules;
    }
    let starts: BTreeSet<Instant> = rules
        .iter()
        .map(|(start, _)| *start)
        .chain(capacities.iter().map(|(start, _)| *start))
        .collect();
    let mut found: Vec<(Instant, PostingRule)> = Vec::new();
    for start in starts {
        let Some(&(_, mut rule)) = rules.iter().rev().find(|(from, _)| *from <= start) else {
            continue;
        };
        if let PostingRule::Counter(rule) = &mut rule {
            let holding = capacities.iter().rev().find(|(from, _)| *from <= start);
            rule.capacity = holding.and_then(|(_, capacity)| *capacity);
        }
        if found.last().is_none_or(|(_, last)| *last != rule) {
            found.push((start, rule));
        }
    }
    found
}

impl Series {
    pub(super) fn new(parameter: &Parameter, row: SeriesRow) -> Self {
        let mut series = Self {
            id: parameter.id,
            kind: parameter.kind,
            decimals: parameter.decimals,
            block_hours: i32::try_from(parameter.block_hours).unwrap_or(24).max(1),
            ranks: [0; Origin::ALL.len()],
            low: None,
            high: None,
            register_end: None,
            hold_ms: 0,
            expects_coverage: false,
            fill_wait_ms: 0,
            longest_filled_hours: None,
            rules: Vec::new(),
            row,
            row_dirty: false,
            open: None,
        };
        series.describe(parameter);
        series
    }

    /// Takes names, limits and origins over from the newest model.
    pub(super) fn describe(&mut self, parameter: &Parameter) {
        self.ranks = Origin::ALL.map(|origin| parameter.rank(origin));
        self.low = parameter.possible.low.and_then(|low| as_count(low, self.decimals));
        self.high = parameter.possible.high.and_then(|high| as_count(high, self.decimals));
        self.hold_ms = parameter.gap_limit_ms;
        if let Some(plan) = &parameter.missing {
            self.fill_wait_ms = parameter.fill_wait_ms();
            self.longest_filled_hours = plan.longest_hours;
        }
        self.expects_coverage = parameter.expects_coverage();
    }

    /// Works the rules out anew from all models in the order of their records, and the meter changes among them.
    ///
    /// A model that says the same of a meter as the one before it says nothing new: a meter change recorded between the
    /// two goes on holding.
    pub(super) fn set_rules<'a>(&mut self, models: impl Iterator<Item = (Sequence, Instant, &'a SiteModel)>) {
        let mut rules: Vec<(Instant, PostingRule)> = Vec::new();
        let mut said: Option<CounterRule> = None;
        // What can pass is not the meter's: it goes on over a change of that.
        let mut capacities: Vec<(Instant, Option<Ratio>)> = Vec::new();
        let mut changes = self.row.changes.iter().peekable();
        for (sequence, from, model) in models {
            while let Some(change) = changes.next_if(|change| change.sequence < sequence) {
                Self::put_change(&mut rules, change, self.decimals);
            }
            let Some(parameter) = model.parameter(self.id) else {
                continue;
            };
            let rule = match parameter.kind {
                ParameterKind::Flow => PostingRule::Flow(FlowRule {
                    integration: parameter.integration,
                    gap_limit_ms: parameter.gap_limit_ms,
                }),
                ParameterKind::Counter => {
                    let quanta = 10_i128
                        .checked_pow(self.decimals)
                        .and_then(|quanta| Ratio::new(quanta, 1));
                    let capacity = parameter.capacity.and_then(ratio_of).zip(quanta);
                    capacities.retain(|&(start, _)| start < from);
                    capacities.push((from, capacity.and_then(|(capacity, quanta)| capacity.times(quanta))));
                    let rule = Self::counter_rule(model, parameter, self.decimals);
                    if said == Some(rule) {
                        continue;
                    }
                    said = Some(rule);
                    PostingRule::Counter(rule)
                }
                ParameterKind::Amount => PostingRule::Amount,
                ParameterKind::Property | ParameterKind::State => PostingRule::None,
            };
            rules.retain(|&(start, _)| start < from);
            rules.push((from, rule));
        }
        for change in changes {
            Self::put_change(&mut rules, change, self.decimals);
        }
        let rules = with_capacities(rules, &capacities);
        self.register_end = match rules.last() {
            Some((_, PostingRule::Counter(rule))) => rule.rollover,
            _ => None,
        };
        self.rules = rules;
    }

    fn counter_rule(model: &SiteModel, parameter: &Parameter, decimals: u32) -> CounterRule {
        let meter = parameter.meter;
        let meter = meter.and_then(|id| model.meters.iter().find(|meter| meter.id == id));
        CounterRule {
            multiplier: meter.and_then(|meter| ratio_of(meter.multiplier)).unwrap_or(Ratio::ONE),
            rollover: meter
                .and_then(|meter| meter.rollover)
                .and_then(|rollover| as_count(rollover, decimals)),
            capacity: None,
        }
    }

    /// A change holds from its instant until what was recorded before it says something later.
    fn put_change(rules: &mut Vec<(Instant, PostingRule)>, change: &RecordedChange, decimals: u32) {
        let change = &change.change;
        let number = |text: &str| decimal::parse_decimal(text).ok();
        let rule = PostingRule::Counter(CounterRule {
            multiplier: number(&change.multiplier).and_then(ratio_of).unwrap_or(Ratio::ONE),
            rollover: change
                .rollover
                .as_deref()
                .and_then(number)
                .and_then(|rollover| as_count(rollover, decimals)),
            capacity: None,
        });
        rules.retain(|&(start, _)| start != change.at);
        let place = rules.partition_point(|&(start, _)| start < change.at);
        rules.insert(place, (change.at, rule));
    }

    pub(super) fn rules(&self) -> &[(Instant, PostingRule)] {
        &self.rules
    }

    fn rule_at(&self, at: Instant) -> PostingRule {
        match self.rules.as_slice() {
            [] => PostingRule::None,
            [(_, only)] => *only,
            rules => {
                let place = rules.partition_point(|&(start, _)| start <= at);
                rules
                    .get(place.saturating_sub(1))
                    .map_or(PostingRule::None, |&(_, rule)| rule)
            }
        }
    }

    /// How differences are taken at an instant; `None` where this is no counter.
    pub(super) fn counter_rule_at(&self, at: Instant) -> Option<CounterRule> {
        match self.rule_at(at) {
            PostingRule::Counter(rule) => Some(rule),
            _ => None,
        }
    }

    /// Whether a flow's earlier value holds until the next reading at an instant.
    pub(super) fn is_step_at(&self, at: Instant) -> bool {
        matches!(self.rule_at(at), PostingRule::Flow(rule) if rule.integration == Integration::Step)
    }

    /// Whether neighbouring readings make a quantity together.
    pub(super) fn is_paired(&self) -> bool {
        matches!(self.kind, ParameterKind::Flow | ParameterKind::Counter)
    }

    /// The block in which an hour lies.
    pub(super) fn block_of(&self, hour: Hour) -> Hour {
        Hour(hour.0.div_euclid(self.block_hours).saturating_mul(self.block_hours))
    }

    /// The hour after a block that begins with one.
    pub(super) const fn block_end(&self, start: Hour) -> Hour {
        Hour(start.0.saturating_add(self.block_hours))
    }

    /// What an exact rule says of a value.
    pub(super) fn verdict(&self, value: i64, quality: crate::domain::reading::Quality) -> Verdict {
        if quality == crate::domain::reading::Quality::Bad {
            Verdict::MarkedBad
        } else if self.low.is_some_and(|low| value < low)
            || self.high.is_some_and(|high| value > high)
            || self.register_end.is_some_and(|end| value < 0 || value >= end)
        {
            Verdict::OutOfRange
        } else {
            Verdict::Counts
        }
    }

    /// The version of each slot that stands on top: the best origin, and of its versions the newest. Slots of which every
    /// version was withdrawn have none.
    pub(super) fn on_top(&self, versions: &[Version]) -> Vec<Version> {
        let mut tops: Vec<Version> = Vec::with_capacity(versions.len());
        let mut slot = None;
        for version in versions {
            let fresh = slot != Some(version.slot);
            slot = Some(version.slot);
            if !version.stands() {
                continue;
            }
            match tops.last_mut() {
                Some(top) if !fresh && top.slot == version.slot => {
                    if self.ranks_over(version, top) {
                        *top = *version;
                    }
                }
                _ => tops.push(*version),
            }
        }
        tops
    }

    /// Whether origins win in the same order as in another state of the series.
    pub(super) fn ranks_alike(&self, other: &Self) -> bool {
        self.ranks == other.ranks
    }

    /// How high an origin ranks by the plan.
    pub(super) fn rank(&self, origin: Origin) -> usize {
        self.ranks.get(usize::from(origin.code())).copied().unwrap_or(0)
    }

    /// Whether a later-stored version of the same slot takes the place of the one on top.
    fn ranks_over(&self, version: &Version, top: &Version) -> bool {
        (self.rank(version.origin), version.sequence) >= (self.rank(top.origin), top.sequence)
    }

    /// Shares of the time between two neighbouring readings that count.
    pub(super) fn pair_shares(&self, zone: &PlantZone, before: Point, after: Point, visit: &mut impl FnMut(Share)) {
        match self.rule_at(before.at) {
            PostingRule::Flow(rule) => flow_shares(zone, rule, before, after, visit),
            PostingRule::Counter(rule) => {
                if self.row.changes.is_empty() {
                    counter_shares(zone, rule, before, after, visit);
                } else {
                    for stretch in self.stretches(before, after) {
                        stretch.shares(zone, visit);
                    }
                }
            }
            PostingRule::Amount | PostingRule::None => {}
        }
    }

    /// The stretches of the time between two neighbouring readings that count, in order: one, or where a counter's meter
    /// was changed between them one for each meter.
    pub(super) fn stretches(&self, before: Point, after: Point) -> Vec<Stretch<'_>> {
        let mut changes: Vec<&RecordedChange> = self
            .row
            .changes
            .iter()
            .filter(|recorded| recorded.change.at > before.at && recorded.change.at <= after.at)
            .collect();
        changes.sort_by_key(|recorded| recorded.change.at);
        let mut stretches = Vec::with_capacity(changes.len() + 1);
        let mut from = (before.at, Some(before.value), None);
        let ends = changes
            .into_iter()
            .map(|recorded| (recorded.change.at, recorded.change.final_value, Some(recorded)))
            .chain([(after.at, Some(after.value), None)]);
        for (to, last, ends_with) in ends {
            let (from_at, first, begins_with) = from;
            stretches.push(Stretch {
                from: from_at,
                first,
                begins_with,
                to,
                last,
                ends_with,
                rule: self.rule_at(from_at),
            });
            from = (
                to,
                ends_with.and_then(|recorded| recorded.change.initial_value),
                ends_with,
            );
        }
        stretches
    }

    /// Shares of one reading that stands for itself.
    pub(super) fn own_shares(zone: &PlantZone, slot: Slot, value: i64, visit: &mut impl FnMut(Share)) {
        amount_shares(zone, slot.at, slot.span_s, value, visit);
    }

    /// The series' row as bytes.
    pub(super) fn encode_row(&self) -> Result<Vec<u8>, Broken> {
        rmp_serde::to_vec_named(&self.row).map_err(|error| Broken::Record(error.to_string()))
    }

    /// A series' row from its bytes.
    pub(super) fn decode_row(bytes: &[u8]) -> Result<SeriesRow, Broken> {
        rmp_serde::from_slice(bytes).map_err(|_| Broken::Row("a parameter's state cannot be read"))
    }
}

/// A version as a point of its series.
pub(super) const fn point(version: &Version) -> Point {
    Point {
        at: version.slot.at,
        value: version.value,
    }
}
