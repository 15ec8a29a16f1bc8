//! What is known of a month: plain data, gathered by the engine.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::CalendarInterval;
use crate::domain::identity::{BookId, MeterId, ParameterId, SourceId};
use crate::domain::model::Name;
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, Instant, Month};
use crate::quality::alarm::{AlarmId, Priority};
use crate::quality::anomaly::{AnomalyId, Stage};

/// A month of a site, as far as it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Which month.
    pub month: Month,
    /// When it began.
    pub from: Instant,
    /// When it ended; where it runs, now.
    pub to: Instant,
    /// The site's now.
    pub now: Instant,
    /// Whether it runs.
    pub runs: bool,
    /// Whether the site had a reading that counts before it ended.
    pub has_begun: bool,
    /// The days of the stretch, first and last.
    pub days: (NaiveDate, NaiveDate),
    /// Every parameter that a plan of the month knows, as the last of those has it.
    pub parameters: Vec<ParameterFacts>,
    /// Every source.
    pub sources: Vec<SourceFacts>,
    /// Every meter that measures something.
    pub meters: Vec<MeterFacts>,
    /// The rounds that were due in the month.
    pub rounds: Vec<RoundFacts>,
    /// The alarms that were announced in the month, or stood in it without an answer.
    pub alarms: Vec<AlarmFacts>,
    /// The anomalies of which readings lie in the month.
    pub anomalies: Vec<AnomalyFacts>,
    /// Whether there may be more of them.
    pub anomalies_cut: bool,
    /// What was emitted, by book.
    pub books: Vec<BookFacts>,
}

impl Facts {
    /// The tag of a parameter.
    pub(super) fn tag(&self, parameter: ParameterId) -> &str {
        let known = self.parameters.iter().find(|one| one.parameter == parameter);
        known.map_or("", |known| &known.tag)
    }
}

/// A parameter: what is planned, and what arrived.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own, in any combination"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParameterFacts {
    /// Which.
    pub parameter: ParameterId,
    /// Its tag.
    pub tag: String,
    /// Its kind.
    pub kind: ParameterKind,
    /// By which ways its values are to come, as the plan says; none where it does not.
    pub origins: Vec<Origin>,
    /// Whether a machine may bring them.
    pub by_machine: bool,
    /// How often, in milliseconds; 0 where that is not planned.
    pub interval_ms: i64,
    /// The interval of the calendar in each of which a value is to come, where that is planned.
    pub calendar: Option<CalendarInterval>,
    /// Whether nothing came in the month, and by its interval something ought to have.
    pub is_lacking: bool,
    /// How long after a month what it lacks may still come, in milliseconds.
    pub late_ms: i64,
    /// Until when what it lacks of the month may still come: so long after the end of its interval, which may be later than
    /// the month's.
    pub due: Instant,
    /// Whether an alarm, a check or a relation watches its values.
    pub is_watched: bool,
    /// What measures it.
    pub meter: Option<MeterId>,
    /// How missing hours are to be filled; none where that is not planned.
    pub missing_rule: Option<Text>,
    /// Whether it is a key parameter.
    pub is_key: bool,
    /// Whether a source, a product, a relation, a sheet or another parameter's plan uses it.
    pub is_used: bool,
    /// Age in milliseconds from which its value is stale; 0 where it never is.
    pub stale_after_ms: i64,
    /// From when on the plan asks for its values, and they could come; none where that is not before the month's end.
    pub since: Option<Instant>,
    /// Whether a value that counts came of it before the month's end.
    pub had_value: bool,
    /// Of when its newest value is that counts; none where it never had one.
    pub newest: Option<Instant>,
    /// How often its values were to come, and came, over each stretch of the month in which plans asked for them as often; none
    /// where nothing was to come.
    #[serde(default)]
    pub frequency: Vec<Frequency>,
    /// Whether it was taken out of the plan before the month ended, or now.
    #[serde(default)]
    pub is_removed: bool,
    /// What arrived in the month.
    pub arrived: Arrived,
    /// Anomalies of the month by which values came in a way that is not planned.
    pub unplanned: u32,
    /// Anomalies of the month that are not closed.
    pub open_anomalies: u32,
}

impl ParameterFacts {
    /// In how many intervals a value was to come.
    pub fn expected(&self) -> u32 {
        self.frequency.iter().map(|stretch| stretch.expected).sum()
    }

    /// In how many of them one did; where none was to, how many values came.
    pub fn valid(&self) -> u32 {
        let asked: u32 = self.frequency.iter().map(|stretch| stretch.valid).sum();
        asked + self.arrived.unasked
    }

    /// Hundredths of a per cent that came, of the stretch of which the least did: stretches in which the plan asked in different
    /// ways are not added up. None where nothing was to come.
    pub fn share(&self) -> Option<u32> {
        self.frequency.iter().map(Frequency::share).min()
    }

    /// Whether nothing came in the month and it is not due yet: of the month that runs not even an interval has passed, or
    /// what is delivered for a day and more, a test or an invoice, comes behind it for as long as the plan lets it; and so after
    /// the month.
    pub fn may_come(&self, facts: &Facts) -> bool {
        if self.arrived.any {
            return false;
        }
        let comes_behind = match self.kind {
            ParameterKind::Property => true,
            ParameterKind::Amount => self.interval_ms >= DAY_MS,
            ParameterKind::Flow | ParameterKind::Counter | ParameterKind::State => false,
        };
        let asked_ms = facts
            .to
            .since(self.since.map_or(facts.from, |since| since.max(facts.from)));
        let is_young = asked_ms < self.interval_ms;
        if facts.runs {
            comes_behind && asked_ms <= self.interval_ms.saturating_add(self.late_ms) || is_young
        } else {
            comes_behind && self.may_be_late(facts)
        }
    }

    /// Whether it ought to have had a value at all by the month's end: the plan asks for it for an interval and as long as it may
    /// be late, or the month lacks it; where no interval is planned, at once.
    pub(super) fn was_due(&self, facts: &Facts) -> bool {
        let is_overdue = |since: Instant| {
            let first = since.plus(self.interval_ms);
            first <= facts.to && facts.now.since(first) > self.late_ms
        };
        self.interval_ms == 0 || self.since.is_some_and(is_overdue) || self.is_lacking && !self.may_come(facts)
    }

    /// Whether the month is not over for so long that what it lacks could not come any more.
    pub(super) fn may_be_late(&self, facts: &Facts) -> bool {
        facts.now.since(facts.to) <= self.late_ms
    }
}

/// How often a value was to come over a stretch of a month, and did (监测频次).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequency {
    /// When the stretch began.
    pub from: Instant,
    /// When it ended.
    pub to: Instant,
    /// In how many intervals a value was to come; of what comes more often than every five minutes hours.
    pub expected: u32,
    /// In how many of them one did.
    pub valid: u32,
    /// Of tests: in how many of the others one may still come.
    pub awaited: u32,
}

impl Frequency {
    /// Hundredths of a per cent that came, rounded half to even.
    pub fn share(&self) -> u32 {
        hundredths(i128::from(self.valid.min(self.expected)), i128::from(self.expected))
    }

    /// Whether fewer came than so many hundredths of a per cent of as many, as it is and not as it is rounded.
    fn is_below_of(&self, hundredths: u32, whole: u32) -> bool {
        u64::from(self.valid.min(whole)) * 10_000 < u64::from(hundredths) * u64::from(whole)
    }

    /// Whether fewer came than so many hundredths of a per cent of what is due.
    pub fn is_below(&self, hundredths: u32) -> bool {
        self.is_below_of(hundredths, self.expected.saturating_sub(self.awaited))
    }

    /// Whether fewer came than so many hundredths of a per cent of what was to come, due or not.
    pub fn is_incomplete(&self, hundredths: u32) -> bool {
        self.is_below_of(hundredths, self.expected)
    }
}

/// What arrived of a parameter in a month: of a quantity what became of its hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Arrived {
    /// How many values came, up to 750, where none was to come by the interval.
    #[serde(default)]
    pub unasked: u32,
    /// Hours of a quantity that should have been measured.
    #[serde(default)]
    pub hours: u32,
    /// Hours filled by the plan.
    pub by_plan: u32,
    /// Hours filled by a person.
    pub by_person: u32,
    /// Of those that should have come the hours that are older than a gap may be.
    pub settled: u32,
    /// Hours that nothing fills.
    pub missing: u32,
    /// Of them those that are older than a gap may be.
    pub long_missing: u32,
    /// Whether a value of the month is there at all.
    pub any: bool,
}

/// A part of a whole in hundredths of a per cent, rounded half to even; nothing of nothing is nothing.
pub(super) fn hundredths(part: i128, whole: i128) -> u32 {
    let Some(scaled) = part.checked_mul(10_000).filter(|_| whole > 0) else {
        return 0;
    };
    let (share, rest) = (scaled.div_euclid(whole), scaled.rem_euclid(whole));
    let is_up = match rest.cmp(&(whole - rest)) {
        Ordering::Less => false,
        Ordering::Equal => share % 2 == 1,
        Ordering::Greater => true,
    };
    u32::try_from(share + i128::from(is_up)).unwrap_or(0)
}

/// A source: what it is computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// Which.
    pub source: SourceId,
    /// Its key.
    pub key: String,
    /// Parameters that it takes and that had no value before the month's end, where nothing stands in for them.
    pub without_value: Vec<ParameterId>,
}

/// A meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterFacts {
    /// Which.
    pub meter: MeterId,
    /// Its serial number, or its key.
    pub name: String,
    /// On how many days of the month what it measures has values.
    pub days: u32,
    /// How it was calibrated on them; where there are none, on all of the month.
    pub covered: Covered,
}

/// How a meter was calibrated on some days (检定覆盖).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Covered {
    /// The last day for which the certificate of the last of them holds; of the first that none covers, where there is one.
    /// None where that is not known.
    pub until: Option<NaiveDate>,
    /// Those of them that no certificate covers.
    pub uncovered: Option<Uncovered>,
    /// The first of which a certificate speaks that waits for a second person.
    #[serde(default)]
    pub awaits: Option<NaiveDate>,
}

/// Days on which a meter was read without being calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncovered {
    /// The first.
    pub first: NaiveDate,
    /// How many.
    pub days: u32,
    /// Why the first is none.
    pub why: NotCovered,
}

/// Why a day is covered by no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotCovered {
    /// The last one held until a day.
    Over(NaiveDate),
    /// The meter was found unfit on a day (不合格).
    Rejected(NaiveDate),
    /// The first one is of a later day.
    Later(NaiveDate),
    /// None is known, or not until when it holds.
    Unknown,
}

/// A round of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundFacts {
    /// Key of the sheet.
    pub sheet: String,
    /// When it is made.
    pub at: Instant,
    /// Cells without a value, or with one that nobody wrote down.
    pub missing: u32,
    /// Cells that were written down when the round was overdue already.
    pub late: u32,
    /// How long after that the last of them was, in milliseconds.
    pub late_ms: i64,
    /// Cells.
    pub of: u32,
}

/// An alarm as it was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmFacts {
    /// Which.
    pub alarm: AlarmId,
    /// How urgent.
    pub priority: Priority,
    /// How long the shift was in which it was announced, in milliseconds.
    pub shift_ms: i64,
    /// When.
    pub raised: Instant,
    /// When somebody acknowledged it.
    pub acknowledged: Option<Instant>,
}

/// An anomaly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyFacts {
    /// Which.
    pub anomaly: AnomalyId,
    /// Of which parameter.
    pub parameter: ParameterId,
    /// When it was found.
    pub raised: Instant,
    /// How far it has come.
    pub stage: Stage,
    /// Whether somebody said what it is, and why.
    pub has_cause: bool,
}

/// What was emitted in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookFacts {
    /// Which book.
    pub book: BookId,
    /// Its name.
    pub name: Name,
    /// Milligrams of `CO2e` in all; of each hour its size, whichever sign it has.
    pub milligrams: i128,
    /// Of them those that rest on measured and tested values alone, and on factors that others publish.
    pub measured: i128,
    /// What stands in for something, by source.
    pub stand_ins: Vec<StandInFacts>,
    /// Values that the plan takes from a document where its method lets them be tested (缺省值), by source.
    pub defaults: Vec<DefaultFacts>,
}

/// A value that a source takes from a document, or of the plan's own, where it could be tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultFacts {
    /// Which source.
    pub source: SourceId,
    /// Its name.
    pub name: Name,
    /// Name of the method's input.
    pub input: Name,
    /// In how many hours.
    pub hours: u32,
    /// A parameter beside the source that was tested for the same meanwhile, and that no source took.
    pub tested: Option<ParameterId>,
}

/// What stands in for something in a source's hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandInFacts {
    /// Which source.
    pub source: SourceId,
    /// Its name.
    pub name: Name,
    /// For what.
    pub of: StandsInFor,
    /// In how many hours.
    pub hours: u32,
}

/// For what something stands in (暂估).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandsInFor {
    /// A test that did not come.
    Test(ParameterId),
    /// The factor of the data year, which is not published yet: nobody at the plant can bring it.
    Factor,
    /// For what is not known any more: the cell is sealed, and by what is known today nothing stands in.
    Sealed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_to_even_and_judged_as_they_are() {
        for (part, whole, share) in [
            (489_275, 1_000_000, 4_893),
            (12_345, 1_000_000, 123),
            (12_350, 1_000_000, 124),
            (12_450, 1_000_000, 124),
            (1, 3, 3_333),
            (2, 3, 6_667),
            (7, 7, 10_000),
            (0, 7, 0),
            (7, 0, 0),
        ] {
            assert_eq!(hundredths(part, whole), share, "{part} of {whole}");
        }
        let frequency = Frequency {
            from: Instant(0),
            to: Instant(1),
            expected: 100_000,
            valid: 97_996,
            awaited: 0,
        };
        assert_eq!(frequency.share(), 9_800);
        assert!(frequency.is_below(9_800) && !frequency.is_below(9_799));
        // What may still come lacks nothing.
        let awaits = Frequency {
            awaited: 2_004,
            ..frequency
        };
        assert!(!awaits.is_below(9_800) && awaits.is_incomplete(9_800));
    }
}
