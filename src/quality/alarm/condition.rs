//! When a parameter is in alarm (报警条件): limits, no data, marked bad by its source; with deadband (报警死区), on-delay
//! and off-delay (延时).
//!
//! **Deadband.** A high alarm is raised above its limit and returns at or below limit − deadband, a low one is raised below
//! its limit and returns at or above limit + deadband. Without a deadband the two are exact opposites, so that no value is
//! neither. A deadband belongs to the return: while the alarm is not active, a value within it is an ordinary one and ends
//! a delay that runs; while the alarm is active, such a value keeps it active.
//!
//! **Delays.** The on-delay asks that the value be beyond the limit without a break, the off-delay that it be returned
//! without a break (ANSI/ISA-18.2-2016, clause 10; OPC 10000-9, 5.8.2: `OnDelay`, `OffDelay`). A value holds until the next
//! one. A delay is over when its end has passed without a word to the contrary: a value that comes at the very end still
//! counts, so that a delay as long as the interval between readings does hold back a single stray one. What is raised or
//! returns by a delay is dated to the delay's end, whenever that is noticed: the outcome depends on the readings alone,
//! never on how often somebody looks.
//!
//! **No data is not "normal".** A gap, or values that cannot be used, say nothing of the process. A limit alarm is frozen
//! by them: an active one stays active, an inactive one stays inactive, and a delay that runs stands still, to go on with
//! the next value. Were silence taken for a return, a torn wire would clear the very alarm that it hides (as happened to
//! others: prometheus#14085); were it taken for a breach, every gap would be an alarm of the process. That there is
//! nothing to be seen is an alarm of its own, [`Kind::NoData`]. The last value is taken to hold for [`Condition::hold_ms`];
//! what is longer is a gap, without anybody having to say so.
//!
//! **Late values.** Alarms are about now. What is older than the newest word is left to the checks and the ledger: an
//! alarm that was announced cannot be unannounced. A word for the same instant takes the place of the one before.

use serde::{Deserialize, Serialize};

use super::identity::Kind;
use crate::domain::reading::{Quality, Verdict};
use crate::domain::time::Instant;
use crate::quality::settings::{SettingsError, window};

/// What comes of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// A usable value, in counts of the parameter's quantum.
    Value(i64),
    /// A value that its source marked as not to be used.
    Marked,
    /// A value that its source did not mark but that is not possible, so that nothing can be told by it.
    Impossible,
    /// Nothing: a gap is known of.
    Nothing,
}

impl Observation {
    /// What a reading is to alarms. A value of which its source is not certain is usable.
    pub const fn of_reading(value: i64, quality: Quality, verdict: Verdict) -> Self {
        match (quality, verdict) {
            (Quality::Bad, _) | (_, Verdict::MarkedBad) => Self::Marked,
            (Quality::Good | Quality::Uncertain, Verdict::OutOfRange) => Self::Impossible,
            (Quality::Good | Quality::Uncertain, Verdict::Counts) => Self::Value(value),
        }
    }
}

impl From<Option<i64>> for Observation {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// Above a limit.
    Above {
        /// The limit; itself still inside.
        limit: i64,
        /// By how much a value must be below it again.
        deadband: i64,
        /// Whether it is the upper of two.
        second: bool,
    },
    /// Below a limit.
    Below {
        /// The limit; itself still inside.
        limit: i64,
        /// By how much a value must be above it again.
        deadband: i64,
        /// Whether it is the lower of two.
        second: bool,
    },
    /// Nothing comes for as long as the on-delay says, counted from the last word, usable or not.
    NoData,
    /// What comes is marked bad by its source.
    MarkedBad,
}

/// What an observation says to a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// In alarm.
    Beyond,
    /// Not so far back as to be returned: whatever was, stays.
    Between,
    /// Not in alarm.
    Inside,
    /// Nothing.
    Unknown,
}

impl Test {
    /// Of which kind its alarm is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Above { second: false, .. } => Kind::High,
            Self::Above { second: true, .. } => Kind::HighHigh,
            Self::Below { second: false, .. } => Kind::Low,
            Self::Below { second: true, .. } => Kind::LowLow,
            Self::NoData => Kind::NoData,
            Self::MarkedBad => Kind::MarkedBad,
        }
    }

    /// The limit, of an alarm of one.
    pub const fn limit(self) -> Option<i64> {
        match self {
            Self::Above { limit, .. } | Self::Below { limit, .. } => Some(limit),
            Self::NoData | Self::MarkedBad => None,
        }
    }

    /// The value at which an active alarm has returned, of a limit.
    pub const fn returns_at(self) -> Option<i64> {
        match self {
            Self::Above { limit, deadband, .. } => Some(limit.saturating_sub(deadband)),
            Self::Below { limit, deadband, .. } => Some(limit.saturating_add(deadband)),
            Self::NoData | Self::MarkedBad => None,
        }
    }

    const fn word(self, observation: Observation) -> Word {
        match (self, observation) {
            (Self::NoData, Observation::Nothing) | (Self::MarkedBad, Observation::Marked) => Word::Beyond,
            (Self::NoData, _) | (Self::MarkedBad, Observation::Value(_)) => Word::Inside,
            (Self::Above { limit, deadband, .. }, Observation::Value(value)) => {
                if value > limit {
                    Word::Beyond
                } else if value > limit.saturating_sub(deadband) {
                    Word::Between
                } else {
                    Word::Inside
                }
            }
            (Self::Below { limit, deadband, .. }, Observation::Value(value)) => {
                if value < limit {
                    Word::Beyond
                } else if value < limit.saturating_add(deadband) {
                    Word::Between
                } else {
                    Word::Inside
                }
            }
            (Self::Above { .. } | Self::Below { .. } | Self::MarkedBad, _) => Word::Unknown,
        }
    }

    /// Whether a value is farther out than another.
    const fn is_worse(self, value: i64, than: i64) -> bool {
        match self {
            Self::Above { .. } => value > than,
            Self::Below { .. } => value < than,
            Self::NoData | Self::MarkedBad => false,
        }
    }
}

/// A condition with its delays. It cannot be held in a form that contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    test: Test,
    on_delay_ms: i64,
    off_delay_ms: i64,
    hold_ms: i64,
}

impl Condition {
    /// A condition.
    ///
    /// Refused where the deadband or a delay is negative, where `hold_ms` (for how long a value speaks when none follows)
    /// is not above 0, and where no data has no on-delay, since it would be an alarm between any two readings. An off-delay
    /// that is longer than a value holds is right: it takes several values to return.
    pub fn new(test: Test, on_delay_ms: i64, off_delay_ms: i64, hold_ms: i64) -> Result<Self, SettingsError> {
        let delay = |key, given: i64| if given == 0 { Ok(0) } else { window(key, given) };
        if let Test::Above { deadband, .. } | Test::Below { deadband, .. } = test
            && deadband < 0
        {
            return Err(SettingsError::NotPositive {
                key: "deadband",
                given: deadband.to_string(),
            });
        }
        if test == Test::NoData {
            window("on-delay", on_delay_ms)?;
        }
        Ok(Self {
            test,
            on_delay_ms: delay("on-delay", on_delay_ms)?,
            off_delay_ms: delay("off-delay", off_delay_ms)?,
            hold_ms: window("hold", hold_ms)?,
        })
    }

    /// What it looks at.
    pub const fn test(&self) -> Test {
        self.test
    }

    /// How long it must be in alarm before it is raised, in milliseconds.
    pub const fn on_delay_ms(&self) -> i64 {
        self.on_delay_ms
    }

    /// How long it must have returned before it returns, in milliseconds.
    pub const fn off_delay_ms(&self) -> i64 {
        self.off_delay_ms
    }

    /// For how long a value speaks when none follows, in milliseconds.
    pub const fn hold_ms(&self) -> i64 {
        self.hold_ms
    }
}

/// That an alarm was raised or returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The condition has held for its on-delay.
    Raised {
        /// When it began to hold: by this the first of a group is found.
        since: Instant,
        /// When the delay was over.
        at: Instant,
    },
    /// It has been over for its off-delay.
    Returned {
        /// When it ended.
        since: Instant,
        /// When the delay was over.
        at: Instant,
    },
}

/// Changes in the order of time.
pub type Changes = std::iter::Flatten<std::array::IntoIter<Option<Change>, 3>>;

fn none() -> Changes {
    [None, None, None].into_iter().flatten()
}

/// A delay that runs: for how long it had run at the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Running {
    since: Instant,
    run_ms: i64,
}

/// Where a condition stands (条件状态): small, of fixed size, to be kept with the alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    active: bool,
    /// Since when it is so; of one that never changed, since when it is watched.
    changed: Instant,
    /// Instant of the newest word.
    heard: Instant,
    /// Whether the newest word spoke for the change that would come next, so that a delay may run.
    turns: bool,
    running: Option<Running>,
    /// The value farthest out since the condition began to hold.
    worst: Option<i64>,
}

impl Watch {
    /// Watching begins: not in alarm, whatever is the case. What is beyond a limit from the beginning is raised by its
    /// first value, what never speaks by the on-delay of no data from here on.
    pub fn begun(condition: &Condition, at: Instant) -> Self {
        let silent = condition.test == Test::NoData;
        Self {
            active: false,
            changed: at,
            heard: at,
            turns: silent,
            running: silent.then_some(Running { since: at, run_ms: 0 }),
            worst: None,
        }
    }

    /// The same under another condition, from an instant on. What stands stays until a word says that it is over: that a
    /// limit was changed says nothing of the process, and nothing has come of what is silent. What does not stand is watched
    /// anew.
    #[must_use]
    pub fn under(&self, condition: &Condition, at: Instant) -> Self {
        if !self.active {
            return Self::begun(condition, at);
        }
        Self {
            turns: false,
            running: None,
            ..*self
        }
    }

    /// Whether the condition is in alarm, delays reckoned in.
    pub const fn is_active(&self) -> bool {
        self.active
    }

    /// Since when it is as it is.
    pub const fn changed(&self) -> Instant {
        self.changed
    }

    /// The value farthest out since the condition last began to hold; kept after the return, for the record.
    pub const fn worst(&self) -> Option<i64> {
        self.worst
    }

    /// Takes an observation of an instant. Costs the same however much came before. The changes are in the order of time:
    /// those of delays that were over before, then that of the observation itself.
    pub fn observe(&mut self, condition: &Condition, at: Instant, observation: Observation) -> Changes {
        if at < self.heard {
            return none();
        }
        let [first, second] = self.ends(condition, at);
        // A delay may have ended, and been announced, after the instant of which a belated word speaks.
        let at = at.max(self.changed);
        let run_ms = self.run_ms(condition, at);
        let change = self.hear(condition, at, observation, run_ms);
        [first, second, change].into_iter().flatten()
    }

    /// Takes a word in, with how long the delay that runs has run by then.
    fn hear(&mut self, condition: &Condition, at: Instant, observation: Observation, run_ms: i64) -> Option<Change> {
        self.heard = at;
        let word = condition.test.word(observation);
        let wanted = if self.active { Word::Inside } else { Word::Beyond };
        match word {
            Word::Unknown => {
                self.turns = false;
                if let Some(running) = &mut self.running {
                    running.run_ms = run_ms;
                }
            }
            word if word == wanted => {
                self.turns = true;
                if self.running.is_none() && !self.active {
                    self.worst = None;
                }
                let since = self.running.map_or(at, |running| running.since);
                self.running = Some(Running { since, run_ms });
                if run_ms >= self.delay_ms(condition) {
                    self.worsen(condition, word, observation);
                    return Some(self.turn(condition, since, at));
                }
            }
            // Silence is measured by words: each begins it anew.
            _ if self.awaits_silence(condition) => {
                self.turns = true;
                self.running = Some(Running { since: at, run_ms: 0 });
            }
            _ => {
                self.turns = false;
                self.running = None;
            }
        }
        self.worsen(condition, word, observation);
        None
    }

    /// Time passes without a word: ends the delays that were over before this instant.
    pub fn pass(&mut self, condition: &Condition, now: Instant) -> Changes {
        let [first, second] = self.ends(condition, now);
        [first, second, None].into_iter().flatten()
    }

    /// A limit's alarm changes once without a word. One of silence may return, and be raised again since nothing more came.
    fn ends(&mut self, condition: &Condition, now: Instant) -> [Option<Change>; 2] {
        let first = self.end(condition, now);
        [first, first.and_then(|_| self.end(condition, now))]
    }

    fn end(&mut self, condition: &Condition, now: Instant) -> Option<Change> {
        let over = self.over(condition)?;
        let since = self.running?.since;
        (over < now).then(|| self.turn(condition, since, over))
    }

    /// The first instant at which [`Watch::pass`] would change something, if no word comes before: when to look again.
    pub fn due(&self, condition: &Condition) -> Option<Instant> {
        self.over(condition).map(|over| over.plus(1))
    }

    /// When the delay that runs will be over; none where none runs, or the last word does not speak for so long.
    fn over(&self, condition: &Condition) -> Option<Instant> {
        let running = self.running.filter(|_| self.turns)?;
        let rest = self.delay_ms(condition).saturating_sub(running.run_ms);
        (rest <= self.spoken_ms(condition)).then(|| self.heard.plus(rest))
    }

    /// Whether silence is what would raise the alarm.
    fn awaits_silence(&self, condition: &Condition) -> bool {
        condition.test == Test::NoData && !self.active
    }

    /// For how long the newest word speaks. Silence goes on by itself; that something came is over once it would count as
    /// silence again.
    fn spoken_ms(&self, condition: &Condition) -> i64 {
        if self.awaits_silence(condition) {
            i64::MAX
        } else if condition.test == Test::NoData {
            condition.hold_ms.min(condition.on_delay_ms - 1)
        } else {
            condition.hold_ms
        }
    }

    /// For how long the delay has run up to an instant.
    fn run_ms(&self, condition: &Condition, at: Instant) -> i64 {
        let passed = if self.turns {
            at.since(self.heard).clamp(0, self.spoken_ms(condition))
        } else {
            0
        };
        self.running.map_or(0, |running| running.run_ms.saturating_add(passed))
    }

    fn delay_ms(&self, condition: &Condition) -> i64 {
        if self.active {
            condition.off_delay_ms
        } else {
            condition.on_delay_ms
        }
    }

    fn worsen(&mut self, condition: &Condition, word: Word, observation: Observation) {
        if let (Word::Beyond, Observation::Value(value)) = (word, observation)
            && self.worst.is_none_or(|worst| condition.test.is_worse(value, worst))
        {
            self.worst = Some(value);
        }
    }

    fn turn(&mut self, condition: &Condition, since: Instant, at: Instant) -> Change {
        self.active = !self.active;
        self.changed = at;
        // What has come back may fall silent again: from its last word on.
        let silent = self.awaits_silence(condition);
        self.turns = silent;
        self.running = silent.then_some(Running {
            since: self.heard,
            run_ms: 0,
        });
        if self.active {
            Change::Raised { since, at }
        } else {
            Change::Returned { since, at }
        }
    }
}

/// Refuses limits of one parameter that contradict each other: a second limit that is not beyond the first, a low one that
/// is not below a high one, and a deadband that reaches from one side to the other, so that no value would be normal.
pub fn agree(conditions: &[Condition]) -> Result<(), SettingsError> {
    let find = |kind| conditions.iter().map(|one| one.test).find(|test| test.kind() == kind);
    let limit = |kind| match find(kind) {
        Some(Test::Above { limit, .. } | Test::Below { limit, .. }) => Some(limit),
        _ => None,
    };
    let ascending = |key, low: Option<i64>, high: Option<i64>| match (low, high) {
        (Some(low), Some(high)) if low >= high => Err(SettingsError::UpsideDown {
            key,
            low: low.to_string(),
            high: high.to_string(),
        }),
        _ => Ok(()),
    };
    ascending("high-high", limit(Kind::High), limit(Kind::HighHigh))?;
    ascending("low-low", limit(Kind::LowLow), limit(Kind::Low))?;
    let lows = [Kind::Low, Kind::LowLow];
    let highs = [Kind::High, Kind::HighHigh];
    for (low, high) in lows.into_iter().flat_map(|low| highs.map(|high| (low, high))) {
        ascending("operating", limit(low), limit(high))?;
        let returns = |kind| find(kind).and_then(Test::returns_at);
        ascending("deadband", limit(low), returns(high))?;
        ascending("deadband", returns(low), limit(high))?;
    }
    Ok(())
}
