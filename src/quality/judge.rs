//! The judge of a channel (判定器): all its checks over readings in the order of time.

use std::sync::Arc;

use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};

use super::checks::attenuated::Attenuated;
use super::checks::counter::Counter;
use super::checks::flat::Flat;
use super::checks::noise::Noise;
use super::checks::outlier::Outlier;
use super::checks::rate::Rate;
use super::checks::repeated::Repeated;
use super::checks::shift::Shift;
use super::checks::spike::Spike;
use super::checks::unit_slip::UnitSlip;
use super::checks::{Point, band};
use super::finding::Finding;
use super::flag::{Check, Flag, Flags, Rule};
use super::rules::Rules;
use crate::domain::time::{HOUR_MS, Instant, PlantZone};

/// A reading as it is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Its stamp.
    pub at: Instant,
    /// Its value; NaN where there is none.
    pub value: f64,
    /// The load of the process at that time, by another channel; NaN where none is known.
    pub load: f64,
}

impl Reading {
    /// A reading without a load.
    pub const fn new(at: Instant, value: f64) -> Self {
        Self {
            at,
            value,
            load: f64::NAN,
        }
    }
}

/// A flag that holds for readings that came before, from one stamp to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Of which check.
    pub check: Check,
    /// The flag.
    pub flag: Flag,
    /// From this stamp.
    pub from: Instant,
    /// To this stamp.
    pub to: Instant,
}

/// What a judge says beside a reading's flags. The lists grow; whoever calls empties them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// What was found. A finding that begins before the reading flags the readings before it too.
    pub findings: Vec<Finding>,
    /// Flags of earlier readings that are settled now.
    pub settled: Vec<Settled>,
}

impl Output {
    /// Empties both lists.
    pub fn clear(&mut self) {
        self.findings.clear();
        self.settled.clear();
    }
}

/// The plant's month and hour of the day, kept for an hour.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Calendar {
    number: i64,
    month: u8,
    hour: u8,
}

/// All checks of one channel. It is given each reading once, in the order of time; a copy of it is its state, and so are
/// its bytes, with the rules by which it was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Judge {
    #[serde(skip, default = "no_rules")]
    rules: Arc<Rules>,
    last: Option<Instant>,
    signal: f64,
    calendar: Calendar,
    counter: Option<Box<Counter>>,
    spike: Option<Box<Spike>>,
    rate: Option<Box<Rate>>,
    flat: Option<Box<Flat>>,
    attenuated: Option<Box<Attenuated>>,
    outlier: Option<Box<Outlier>>,
    noise: Option<Box<Noise>>,
    shift: Option<Box<Shift>>,
    unit: Option<Box<UnitSlip>>,
    repeated: Option<Box<Repeated>>,
}

fn no_rules() -> Arc<Rules> {
    Arc::new(Rules::none(PlantZone::UTC))
}

impl Judge {
    /// A judge that was kept, with the rules by which it judged.
    #[must_use]
    pub fn under(mut self, rules: Arc<Rules>) -> Self {
        self.rules = rules;
        self
    }

    /// A reading that a person keeps out: nothing is said of it, and where it stands is no gap.
    pub fn pass_over(&mut self, at: Instant) {
        self.signal = f64::NAN;
        self.last = Some(at);
        if let Some(spike) = &mut self.spike {
            spike.interrupt();
        }
    }

    /// The stamp of the last reading that has a value.
    pub const fn last(&self) -> Option<Instant> {
        self.last
    }

    /// A judge that has seen nothing.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self {
            last: None,
            signal: f64::NAN,
            calendar: Calendar {
                number: i64::MIN,
                month: 1,
                hour: 0,
            },
            counter: rules.counter.map(|_| Box::new(Counter::new())),
            spike: rules.spike.map(|_| Box::new(Spike::new())),
            rate: rules.rate.map(|_| Box::new(Rate::new())),
            flat: rules.flat.as_ref().map(|settings| Box::new(Flat::new(settings))),
            attenuated: rules
                .attenuated
                .as_ref()
                .map(|settings| Box::new(Attenuated::new(settings))),
            outlier: rules.outlier.map(|settings| Box::new(Outlier::new(settings))),
            noise: rules.noise.as_ref().map(|settings| Box::new(Noise::new(settings))),
            shift: rules.shift.map(|_| Box::new(Shift::new())),
            unit: rules.unit.as_ref().map(|_| Box::new(UnitSlip::new())),
            repeated: rules.repeated.map(|settings| Box::new(Repeated::new(settings))),
            rules,
        }
    }

    /// The rules by which it judges.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// What the last reading showed to the checks: its value, or of a register what it counted in an hour; NaN where it
    /// showed nothing that can be compared with other channels.
    pub const fn signal(&self) -> f64 {
        self.signal
    }

    /// Every check of these rules with one flag.
    fn all(&self, flag: Flag) -> Flags {
        let rules = &*self.rules;
        let mut flags = Flags::NONE.with(Check::Stamp, flag).with(Check::Range, flag);
        let asked = [
            (Check::Gap, rules.gap.is_some()),
            (Check::Spike, rules.spike.is_some()),
            (Check::Rate, rules.rate.is_some()),
            (Check::Flat, rules.flat.is_some()),
            (Check::Attenuated, rules.attenuated.is_some()),
            (Check::Band, !rules.bands.is_empty()),
            (Check::Outlier, rules.outlier.is_some()),
            (Check::Noise, rules.noise.is_some()),
            (Check::Shift, rules.shift.is_some()),
            (Check::Counter, rules.counter.is_some()),
            (Check::Unit, rules.unit.is_some()),
            (Check::Repeated, rules.repeated.is_some()),
            (Check::Published, rules.published.is_some()),
        ];
        for (check, _) in asked.into_iter().filter(|(_, asked)| *asked) {
            flags.set(check, flag);
        }
        flags
    }

    /// The flags of a stamp for which two different values came: neither is compared with anything.
    pub fn contested(&mut self, at: Instant, low: f64, high: f64, output: &mut Output) -> Flags {
        self.signal = f64::NAN;
        let gap = if at.is_plausible() {
            self.gap(at, &mut output.findings)
        } else {
            None
        };
        output
            .findings
            .push(Finding::at(Rule::Contested, Flag::Suspect, at, low, high).against(high));
        let mut flags = self.all(Flag::Unknown).with(Check::Stamp, Flag::Suspect);
        if let Some(infinite) = [low, high].into_iter().find(|value| value.is_infinite()) {
            let finding = Finding::at(Rule::NotFinite, Flag::Bad, at, infinite, f64::NAN);
            output.findings.push(finding);
            flags.set(Check::Range, Flag::Bad);
        }
        if let Some(gap) = gap {
            flags.set(Check::Gap, gap);
        }
        flags
    }

    /// What is now known of earlier readings since no more come: their last blocks are settled as they are.
    pub fn finish(&mut self, output: &mut Output) {
        if let (Some(attenuated), Some(settings)) = (&mut self.attenuated, &self.rules.attenuated) {
            output.settled.extend(attenuated.finish(settings, &mut output.findings));
        }
        if let (Some(noise), Some(settings)) = (&mut self.noise, &self.rules.noise) {
            output.settled.extend(noise.finish(settings, &mut output.findings));
        }
        if let (Some(shift), Some(settings)) = (&mut self.shift, &self.rules.shift) {
            let settled = shift.finish(settings, &mut output.findings);
            output.settled.extend(settled);
        }
    }

    /// Judges the silence before a stamp that has a value, whatever is said of the value.
    fn gap(&mut self, at: Instant, findings: &mut Vec<Finding>) -> Option<Flag> {
        let last = self.last.replace(at);
        self.rules.gap.map(|gap| gap.judge(last, at, findings))
    }

    /// Judges the next reading: its flags, and what is now known of earlier ones.
    ///
    /// What must not be believed at all (no number, outside the sensor's span, a register that fell) is not shown to the
    /// other checks, so that it spoils nothing they remember.
    pub fn judge(&mut self, reading: &Reading, output: &mut Output) -> Flags {
        let at = reading.at;
        self.signal = f64::NAN;
        if reading.value.is_nan() {
            if let Some(spike) = &mut self.spike {
                spike.interrupt();
            }
            return self.all(Flag::Missing);
        }
        let rules = Arc::clone(&self.rules);
        let findings = &mut output.findings;
        if !at.is_plausible() {
            findings.push(Finding::at(Rule::StampRange, Flag::Bad, at, reading.value, f64::NAN));
            return self.all(Flag::Unknown).with(Check::Stamp, Flag::Bad);
        }
        if reading.value.is_infinite() {
            findings.push(Finding::at(Rule::NotFinite, Flag::Bad, at, reading.value, f64::NAN));
            return self.all(Flag::Unknown).with(Check::Range, Flag::Bad);
        }
        let mut flags = Flags::NONE.with(Check::Stamp, Flag::Good);
        let mut point = Point {
            at,
            value: reading.value,
            load: reading.load,
        };
        let gap = self.gap(at, findings);
        let range = rules.range.map_or(Flag::Good, |range| range.judge(&point, findings));
        if let Some(gap) = gap {
            flags.set(Check::Gap, gap);
        }
        flags.set(Check::Range, range);
        if range == Flag::Bad {
            let mut others = self.all(Flag::Unknown);
            for (check, flag) in flags.iter() {
                others.set(check, flag);
            }
            return others;
        }
        if let (Some(counter), Some(settings)) = (&mut self.counter, &rules.counter) {
            let counted = counter.judge(settings, at, reading.value, findings);
            if counted.flag == Flag::Bad {
                let gap = flags.of(Check::Gap);
                let mut others = self.all(Flag::Unknown);
                others.set(Check::Stamp, Flag::Good);
                others.set(Check::Range, range);
                others.set(Check::Counter, Flag::Bad);
                if let Some(gap) = gap {
                    others.set(Check::Gap, gap);
                }
                return others;
            }
            if let (Some(flat), Some(settings)) = (&mut self.flat, &rules.flat) {
                flags.set(Check::Flat, flat.judge(settings, &point, findings));
            }
            let Some(an_hour) = counted.an_hour else {
                let mut others = self.all(Flag::Unknown);
                for (check, flag) in flags.iter() {
                    others.set(check, flag);
                }
                return others.with(Check::Counter, counted.flag);
            };
            flags.set(Check::Counter, counted.flag);
            point.value = an_hour;
        } else if let (Some(flat), Some(settings)) = (&mut self.flat, &rules.flat) {
            flags.set(Check::Flat, flat.judge(settings, &point, findings));
        }
        self.look(&rules, &point, flags, output)
    }

    /// The checks that look at a signal: a value, or the speed of a register.
    fn look(&mut self, rules: &Rules, point: &Point, mut flags: Flags, output: &mut Output) -> Flags {
        self.signal = point.value;
        let findings = &mut output.findings;
        if rules.need_the_hour() {
            self.turn_to(point.at);
        }
        if let (Some(spike), Some(settings)) = (&mut self.spike, &rules.spike) {
            if let Some((middle, flag)) = spike.judge(settings, point, findings) {
                output.settled.push(Settled {
                    check: Check::Spike,
                    flag,
                    from: middle,
                    to: middle,
                });
            }
            flags.set(Check::Spike, Flag::Unknown);
        }
        if let (Some(rate), Some(settings)) = (&mut self.rate, &rules.rate) {
            flags.set(Check::Rate, rate.judge(settings, point, findings));
        }
        if !rules.bands.is_empty() {
            let (month, hour) = (u32::from(self.calendar.month), u32::from(self.calendar.hour));
            flags.set(Check::Band, band::judge(&rules.bands, month, hour, point, findings));
        }
        if let Some(outlier) = &mut self.outlier {
            flags.set(Check::Outlier, outlier.judge(point, findings));
        }
        let mut slipped = false;
        if let (Some(unit), Some(settings)) = (&mut self.unit, &rules.unit) {
            let flag = unit.judge(settings, point, findings);
            slipped = flag == Flag::Suspect;
            flags.set(Check::Unit, flag);
        }
        if let (Some(attenuated), Some(settings)) = (&mut self.attenuated, &rules.attenuated) {
            let is_flat = flags.of(Check::Flat).is_some_and(Flag::is_raised);
            let (flag, settled) = attenuated.judge(settings, point, slipped || is_flat, findings);
            output.settled.extend(settled);
            flags.set(Check::Attenuated, flag);
        }
        if let (Some(noise), Some(settings)) = (&mut self.noise, &rules.noise) {
            let (flag, settled) = noise.judge(settings, point, slipped, findings);
            output.settled.extend(settled);
            flags.set(Check::Noise, flag);
        }
        if let (Some(shift), Some(settings)) = (&mut self.shift, &rules.shift) {
            // A value in another unit says nothing of a sensor's level.
            if !slipped {
                let settled = shift.judge(settings, point, u32::from(self.calendar.hour), findings);
                output.settled.extend(settled);
            }
            flags.set(Check::Shift, Flag::Unknown);
        }
        if let Some(repeated) = &mut self.repeated {
            flags.set(Check::Repeated, repeated.judge(point, findings));
        }
        if let Some(published) = &rules.published {
            flags.set(Check::Published, published.judge(point, findings));
        }
        flags
    }

    fn turn_to(&mut self, at: Instant) {
        let number = at.0.div_euclid(HOUR_MS / 4);
        if number == self.calendar.number {
            return;
        }
        let local = self.rules.zone.local(at);
        self.calendar = Calendar {
            number,
            month: u8::try_from(local.month()).unwrap_or(1),
            hour: u8::try_from(local.hour()).unwrap_or(0),
        };
    }
}
