//! What alarm figures are held against (性能目标): the values that ANSI/ISA-18.2-2016, clause 16, recommends, as public
//! sources quote them, and whether a period keeps to them.
//!
//! | figure | aim | at most |
//! |---|---|---|
//! | average rate, an operator and ten minutes | 1 | 2 |
//! | most alarms in ten minutes | 10 | 10 |
//! | ten-minute intervals above ten | 1 % | 1 % |
//! | time in flood | 1 % | 1 % |
//! | ten most frequent alarms together | 1 % | 5 % |
//! | alarms that chatter | 0 | 0 |
//! | stale alarms at once | 4 | 4 |
//! | critical of all | 1 % | 1 % |
//! | high and critical of all | 5 % | 10 % |
//! | low of all, at least | 80 % | 70 % |
//!
//! The standard's shares of priorities (about 80, 15 and 5 per cent) are goals without a margin; the margins in the last two
//! rows are ours, so that one alarm more does not turn a good month into a bad one. A verdict asks for thirty days: fewer
//! tell of the days, not of the alarm system.

use rust_decimal::Decimal;

use super::figures::{Figures, INTERVAL_MS};
use super::priority::Priority;
use super::ratio::Ratio;
use crate::domain::text::{Explained, Text};
use crate::domain::time::DAY_MS;

/// Days before which there is no verdict.
pub const DAYS_FOR_VERDICT: i64 = 30;

/// A figure with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    /// Average rate (平均报警率).
    Average,
    /// The most in one interval (峰值报警率).
    Peak,
    /// Intervals with too many.
    OverPeak,
    /// Time in flood (泛滥时间占比).
    InFlood,
    /// The most frequent together (高频报警占比).
    MostFrequent,
    /// Alarms that chatter.
    Chattering,
    /// Stale alarms at once.
    Stale,
    /// Share of critical alarms.
    Critical,
    /// Share of high and critical alarms.
    HighAndCritical,
    /// Share of low alarms.
    Low,
}

impl Indicator {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Average,
        Self::Peak,
        Self::OverPeak,
        Self::InFlood,
        Self::MostFrequent,
        Self::Chattering,
        Self::Stale,
        Self::Critical,
        Self::HighAndCritical,
        Self::Low,
    ];

    /// Aim and outermost value.
    pub const fn target(self) -> Target {
        let (aim, outermost) = match self {
            Self::Average => (Ratio::new(1, 1), Ratio::new(2, 1)),
            Self::Peak => (Ratio::new(10, 1), Ratio::new(10, 1)),
            Self::OverPeak | Self::InFlood | Self::Critical => (Ratio::new(1, 100), Ratio::new(1, 100)),
            Self::MostFrequent => (Ratio::new(1, 100), Ratio::new(5, 100)),
            Self::Chattering => (Ratio::new(0, 1), Ratio::new(0, 1)),
            Self::Stale => (Ratio::new(4, 1), Ratio::new(4, 1)),
            Self::HighAndCritical => (Ratio::new(5, 100), Ratio::new(10, 100)),
            Self::Low => (Ratio::new(80, 100), Ratio::new(70, 100)),
        };
        Target {
            aim,
            outermost,
            at_least: matches!(self, Self::Low),
        }
    }

    /// Whether it is a share, to be shown in per cent.
    pub const fn is_share(self) -> bool {
        !matches!(self, Self::Average | Self::Peak | Self::Chattering | Self::Stale)
    }

    /// A value of it as people read it, in per cent where it is a share; none where there is nothing of which it could be one.
    pub fn shown(self, ratio: Ratio, digits: u32) -> Option<Decimal> {
        if self.is_share() {
            ratio.percent(digits)
        } else {
            ratio.rounded(digits)
        }
    }

    /// Its value of a period.
    pub fn of(self, figures: &Figures) -> Ratio {
        let whole = |count: usize| Ratio::new(u64::try_from(count).unwrap_or(u64::MAX), 1);
        let share = |wanted: &[Priority]| {
            let parts = figures.priorities.iter().filter(|one| wanted.contains(&one.priority));
            Ratio::new(parts.map(|one| one.share.part).sum(), figures.alarms)
        };
        match self {
            Self::Average => figures.average,
            Self::Peak => Ratio::new(figures.peak.map_or(0, |peak| peak.alarms), 1),
            Self::OverPeak => figures.over_peak,
            Self::InFlood => figures.in_flood,
            Self::MostFrequent => figures.most_frequent_share,
            Self::Chattering => whole(figures.chattering.len()),
            Self::Stale => Ratio::new(figures.stale_at_once.most, 1),
            Self::Critical => share(&[Priority::Critical]),
            Self::HighAndCritical => share(&[Priority::Critical, Priority::High]),
            Self::Low => share(&[Priority::Low]),
        }
    }
}

/// Aim and outermost value of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// What is good.
    pub aim: Ratio,
    /// What can still be dealt with.
    pub outermost: Ratio,
    /// Whether more is better.
    pub at_least: bool,
}

/// How a figure stands to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// There is nothing of which it could be a figure.
    Nothing,
    /// As it should be.
    Good,
    /// It can be dealt with.
    Bearable,
    /// It asks for something to be done about the alarms.
    Missed,
}

impl Target {
    /// How a value stands to it. Exact: nothing is rounded before it is compared.
    pub fn judge(&self, value: Ratio) -> Standing {
        if value.whole == 0 {
            return Standing::Nothing;
        }
        let keeps = |bound: Ratio| {
            if self.at_least {
                bound.is_at_most(value)
            } else {
                value.is_at_most(bound)
            }
        };
        if keeps(self.aim) {
            Standing::Good
        } else if keeps(self.outermost) {
            Standing::Bearable
        } else {
            Standing::Missed
        }
    }
}

/// A figure, held against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub indicator: Indicator,
    /// Its value.
    pub value: Ratio,
    /// How it stands.
    pub standing: Standing,
}

/// All figures that have a target, held against it.
pub fn judge(figures: &Figures) -> [Judged; 10] {
    Indicator::ALL.map(|indicator| {
        let value = indicator.of(figures);
        Judged {
            indicator,
            value,
            standing: indicator.target().judge(value),
        }
    })
}

/// Whether the period is long enough for a verdict on the alarm system. The last thirty days end with the site's now, which
/// the clock of who asks runs ahead of: an interval makes no difference.
pub const fn is_long_enough(figures: &Figures) -> bool {
    figures.to.since(figures.from) + INTERVAL_MS >= DAYS_FOR_VERDICT * DAY_MS
}

impl Explained for Indicator {
    fn text(&self) -> Text {
        match self {
            Self::Average => Text::new("alarm-figure-average"),
            Self::Peak => Text::new("alarm-figure-peak"),
            Self::OverPeak => Text::new("alarm-figure-over-peak"),
            Self::InFlood => Text::new("alarm-figure-in-flood"),
            Self::MostFrequent => Text::new("alarm-figure-most-frequent"),
            Self::Chattering => Text::new("alarm-figure-chattering"),
            Self::Stale => Text::new("alarm-figure-stale"),
            Self::Critical => Text::new("alarm-figure-critical"),
            Self::HighAndCritical => Text::new("alarm-figure-high-and-critical"),
            Self::Low => Text::new("alarm-figure-low"),
        }
    }
}

impl Explained for Standing {
    fn text(&self) -> Text {
        match self {
            Self::Nothing => Text::new("alarm-standing-nothing"),
            Self::Good => Text::new("alarm-standing-good"),
            Self::Bearable => Text::new("alarm-standing-bearable"),
            Self::Missed => Text::new("alarm-standing-missed"),
        }
    }
}
