//! Flags (质量标志): what a check says of a reading, and what all of them together say.

use serde::{Deserialize, Serialize};

use std::fmt;

use crate::domain::text::Text;

/// What is said of a reading. The order is that in which one flag outweighs another: a good one outweighs an unknown one,
/// as in the QARTOD roll-up, so that a check that is still learning hides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Flag {
    /// There is no value (缺失).
    Missing = 1,
    /// It was not evaluated, or not yet (未评定).
    Unknown = 2,
    /// Nothing was found (正常).
    Good = 3,
    /// A person should look at it (可疑).
    Suspect = 4,
    /// It must not be believed (无效).
    Bad = 5,
}

impl Flag {
    /// All flags, the weakest first.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Unknown, Self::Good, Self::Suspect, Self::Bad];

    const fn of_bits(bits: u64) -> Option<Self> {
        match bits {
            1 => Some(Self::Missing),
            2 => Some(Self::Unknown),
            3 => Some(Self::Good),
            4 => Some(Self::Suspect),
            5 => Some(Self::Bad),
            _ => None,
        }
    }

    /// The name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Good => "good",
            Self::Suspect => "suspect",
            Self::Bad => "bad",
        }
    }

    /// The name for people.
    pub const fn text(self) -> Text {
        match self {
            Self::Missing => Text::new("quality-missing"),
            Self::Unknown => Text::new("quality-unknown"),
            Self::Good => Text::new("quality-good"),
            Self::Suspect => Text::new("quality-suspect"),
            Self::Bad => Text::new("quality-bad"),
        }
    }

    /// Whether a person should look at it.
    pub const fn is_raised(self) -> bool {
        matches!(self, Self::Suspect | Self::Bad)
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A check. Its place in this list is its place in [`Flags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Check {
    /// Whether the stamp can be true, and has one value (时标).
    Stamp = 0,
    /// The time since the last value (缺数).
    Gap,
    /// Sensor and operator span (量程).
    Range,
    /// A single value off its neighbours (尖峰).
    Spike,
    /// Speed of change (变化率).
    Rate,
    /// A value that stays the same (死值).
    Flat,
    /// A signal that hardly moves (信号衰减).
    Attenuated,
    /// A band by month, hour or load (时段与负荷区间).
    Band,
    /// Far from what is usual lately (离群).
    Outlier,
    /// Scatter that has grown (噪声增大).
    Noise,
    /// A step or a drift off a profile (阶跃与漂移).
    Shift,
    /// A register that falls or runs too fast (累计量).
    Counter,
    /// A value in another unit (单位错位).
    Unit,
    /// A value equal to those before (照抄).
    Repeated,
    /// Two meters of one quantity, or a balance (比对与平衡).
    Balance,
    /// A quotient of two channels out of its band (比值).
    Ratio,
    /// A meter whose calibration has run out (检定到期).
    Calibration,
    /// How a value was typed (录入情况).
    Typing,
    /// A value that came otherwise than the plan says (与计划不符).
    Plan,
    /// A tested value far from what is published for it (缺省值比对).
    Published,
    /// When a reading came: long after its time, or before it (到达).
    Arrival,
}

impl Check {
    /// All checks in the order of their places.
    pub const ALL: [Self; 21] = [
        Self::Stamp,
        Self::Gap,
        Self::Range,
        Self::Spike,
        Self::Rate,
        Self::Flat,
        Self::Attenuated,
        Self::Band,
        Self::Outlier,
        Self::Noise,
        Self::Shift,
        Self::Counter,
        Self::Unit,
        Self::Repeated,
        Self::Balance,
        Self::Ratio,
        Self::Calibration,
        Self::Typing,
        Self::Plan,
        Self::Published,
        Self::Arrival,
    ];

    /// Whether it looks at one parameter's readings in the order of their stamps; others look at several parameters, or at
    /// what surrounds readings.
    pub const fn is_by_judge(self) -> bool {
        !matches!(
            self,
            Self::Balance | Self::Ratio | Self::Calibration | Self::Typing | Self::Plan | Self::Arrival
        )
    }

    /// The name for programs, which is also its key in a rules file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stamp => "stamp",
            Self::Gap => "gap",
            Self::Range => "range",
            Self::Spike => "spike",
            Self::Rate => "rate",
            Self::Flat => "flat",
            Self::Attenuated => "attenuated",
            Self::Band => "band",
            Self::Outlier => "outlier",
            Self::Noise => "noise",
            Self::Shift => "shift",
            Self::Counter => "counter",
            Self::Unit => "unit",
            Self::Repeated => "repeated",
            Self::Balance => "balance",
            Self::Ratio => "ratio",
            Self::Calibration => "calibration",
            Self::Typing => "typing",
            Self::Plan => "plan",
            Self::Published => "published",
            Self::Arrival => "arrival",
        }
    }

    /// The name for people.
    pub const fn text(self) -> Text {
        match self {
            Self::Stamp => Text::new("quality-check-stamp"),
            Self::Gap => Text::new("quality-check-gap"),
            Self::Range => Text::new("quality-check-range"),
            Self::Spike => Text::new("quality-check-spike"),
            Self::Rate => Text::new("quality-check-rate"),
            Self::Flat => Text::new("quality-check-flat"),
            Self::Attenuated => Text::new("quality-check-attenuated"),
            Self::Band => Text::new("quality-check-band"),
            Self::Outlier => Text::new("quality-check-outlier"),
            Self::Noise => Text::new("quality-check-noise"),
            Self::Shift => Text::new("quality-check-shift"),
            Self::Counter => Text::new("quality-check-counter"),
            Self::Unit => Text::new("quality-check-unit"),
            Self::Repeated => Text::new("quality-check-repeated"),
            Self::Balance => Text::new("quality-check-balance"),
            Self::Ratio => Text::new("quality-check-ratio"),
            Self::Calibration => Text::new("quality-check-calibration"),
            Self::Typing => Text::new("quality-check-typing"),
            Self::Plan => Text::new("quality-check-plan"),
            Self::Published => Text::new("quality-check-published"),
            Self::Arrival => Text::new("quality-check-arrival"),
        }
    }
}

/// The flags of one reading, one for each check that was asked, in eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(u64);

const BITS: u32 = 3;
const MASK: u64 = (1 << BITS) - 1;

impl Flags {
    /// No check was asked.
    pub const NONE: Self = Self(0);

    const fn shift(check: Check) -> u32 {
        check as u32 * BITS
    }

    /// The flag of a check; `None` where it was not asked.
    pub const fn of(self, check: Check) -> Option<Flag> {
        Flag::of_bits((self.0 >> Self::shift(check)) & MASK)
    }

    /// Sets the flag of a check.
    pub const fn set(&mut self, check: Check, flag: Flag) {
        let shift = Self::shift(check);
        self.0 = (self.0 & !(MASK << shift)) | ((flag as u64) << shift);
    }

    /// With the flag of a check.
    #[must_use]
    pub const fn with(mut self, check: Check, flag: Flag) -> Self {
        self.set(check, flag);
        self
    }

    /// Sets the flag of a check that was asked of a value: what is missing stays missing.
    pub fn settle(&mut self, check: Check, flag: Flag) {
        if self.of(check).is_some_and(|standing| standing != Flag::Missing) {
            self.set(check, flag);
        }
    }

    /// Likewise, unless a stronger one stands there.
    pub fn raise(&mut self, check: Check, flag: Flag) {
        if self.of(check).is_some_and(|standing| standing < flag) {
            self.settle(check, flag);
        }
    }

    /// The checks that were asked, with their flags.
    pub fn iter(self) -> impl Iterator<Item = (Check, Flag)> {
        Check::ALL
            .into_iter()
            .filter_map(move |check| Some((check, self.of(check)?)))
    }

    /// What all checks together say: the strongest flag; unknown where none was asked. A reading without a value has all
    /// its flags missing, so it is never good.
    pub fn together(self) -> Flag {
        self.iter().map(|(_, flag)| flag).max().unwrap_or(Flag::Unknown)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.iter().map(|(check, flag)| (check.name(), flag.name())))
            .finish()
    }
}

/// Why a flag was raised (原因码).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Rule {
    /// The stamp is outside the years that data may carry.
    StampRange,
    /// Two values came for one stamp.
    Contested,
    /// No value came for too long.
    Gap,
    /// The value is not a finite number.
    NotFinite,
    /// Below what the sensor can show.
    SensorLow,
    /// Above what the sensor can show.
    SensorHigh,
    /// Below what operators call possible.
    OperatorLow,
    /// Above what operators call possible.
    OperatorHigh,
    /// Off the mean of both neighbours.
    SpikeAverage,
    /// A step there and a step back.
    SpikeDifferential,
    /// It changed too fast.
    Rate,
    /// It stayed the same.
    Flat,
    /// It moved too little.
    Attenuated,
    /// Below the band of its month, hour or load.
    BandLow,
    /// Above it.
    BandHigh,
    /// Far from the median of the values before.
    Outlier,
    /// It scatters more than it may.
    Noise,
    /// The mean went off the profile (EWMA).
    Step,
    /// It goes away from the profile slowly (CUSUM).
    Drift,
    /// A register ran over its end.
    Rollover,
    /// A register begins anew near zero.
    Reset,
    /// A register fell.
    Fall,
    /// A register ran faster than its meter can.
    TooFast,
    /// A register that fell came back up to where it stood: the fall was wrong, and the rise was counted.
    CameBack,
    /// The value fits once it is taken in another unit.
    Scale,
    /// The value is that of the readings before.
    Repeated,
    /// Two meters or the sides of a balance disagree.
    Imbalance,
    /// A quotient is below its band.
    RatioLow,
    /// A quotient is above its band.
    RatioHigh,
    /// A quotient fell off what it was.
    RatioFell,
    /// A quotient rose off what it was: fuel without load.
    RatioRose,
    /// The meter's calibration had run out.
    CalibrationExpired,
    /// It was typed long after its time.
    TypedLate,
    /// Several rounds were typed in one go.
    TypedTogether,
    /// Last digits of typed values are too regular.
    RegularDigits,
    /// It came by a way that the plan does not name.
    UnplannedOrigin,
    /// It is far from what is published.
    OffPublished,
    /// It came long after its time.
    CameLate,
    /// It came for hours that a person had filled.
    CameOverFilled,
    /// Its stamp lies ahead of the clock.
    FutureStamp,
    /// There is more above the line of a quotient than the little below it can account for: fuel without load.
    WithoutLoad,
}

impl Rule {
    /// The check to which it belongs.
    pub const fn check(self) -> Check {
        match self {
            Self::StampRange | Self::Contested => Check::Stamp,
            Self::Gap => Check::Gap,
            Self::NotFinite | Self::SensorLow | Self::SensorHigh | Self::OperatorLow | Self::OperatorHigh => {
                Check::Range
            }
            Self::SpikeAverage | Self::SpikeDifferential => Check::Spike,
            Self::Rate => Check::Rate,
            Self::Flat => Check::Flat,
            Self::Attenuated => Check::Attenuated,
            Self::BandLow | Self::BandHigh => Check::Band,
            Self::Outlier => Check::Outlier,
            Self::Noise => Check::Noise,
            Self::Step | Self::Drift => Check::Shift,
            Self::Rollover | Self::Reset | Self::Fall | Self::TooFast | Self::CameBack => Check::Counter,
            Self::Scale => Check::Unit,
            Self::Repeated => Check::Repeated,
            Self::Imbalance => Check::Balance,
            Self::RatioLow | Self::RatioHigh | Self::RatioFell | Self::RatioRose | Self::WithoutLoad => Check::Ratio,
            Self::CalibrationExpired => Check::Calibration,
            Self::TypedLate | Self::TypedTogether | Self::RegularDigits => Check::Typing,
            Self::UnplannedOrigin => Check::Plan,
            Self::OffPublished => Check::Published,
            Self::CameLate | Self::CameOverFilled | Self::FutureStamp => Check::Arrival,
        }
    }

    /// The code for programs, which does not change.
    pub const fn code(self) -> &'static str {
        match self {
            Self::StampRange => "stamp.range",
            Self::Contested => "stamp.contested",
            Self::Gap => "gap",
            Self::NotFinite => "range.not-finite",
            Self::SensorLow => "range.sensor-low",
            Self::SensorHigh => "range.sensor-high",
            Self::OperatorLow => "range.operator-low",
            Self::OperatorHigh => "range.operator-high",
            Self::SpikeAverage => "spike.average",
            Self::SpikeDifferential => "spike.differential",
            Self::Rate => "rate",
            Self::Flat => "flat",
            Self::Attenuated => "attenuated",
            Self::BandLow => "band.low",
            Self::BandHigh => "band.high",
            Self::Outlier => "outlier",
            Self::Noise => "noise",
            Self::Step => "shift.step",
            Self::Drift => "shift.drift",
            Self::Rollover => "counter.rollover",
            Self::Reset => "counter.reset",
            Self::Fall => "counter.fall",
            Self::TooFast => "counter.too-fast",
            Self::CameBack => "counter.came-back",
            Self::Scale => "unit.scale",
            Self::Repeated => "repeated",
            Self::Imbalance => "balance",
            Self::RatioLow => "ratio.low",
            Self::RatioHigh => "ratio.high",
            Self::RatioFell => "ratio.fell",
            Self::RatioRose => "ratio.rose",
            Self::CalibrationExpired => "calibration.expired",
            Self::TypedLate => "typing.late",
            Self::TypedTogether => "typing.together",
            Self::RegularDigits => "typing.regular-digits",
            Self::UnplannedOrigin => "plan.origin",
            Self::OffPublished => "published",
            Self::CameLate => "arrival.late",
            Self::CameOverFilled => "arrival.filled-by-hand",
            Self::FutureStamp => "arrival.future",
            Self::WithoutLoad => "ratio.without-load",
        }
    }

    /// Whether the value that was looked at and its limit are in the channel's own unit; others are times, counts, factors or
    /// speeds.
    pub const fn is_in_unit(self) -> bool {
        !matches!(
            self,
            Self::StampRange
                | Self::Gap
                | Self::NotFinite
                | Self::Rate
                | Self::Scale
                | Self::Repeated
                | Self::CalibrationExpired
                | Self::TypedLate
                | Self::TypedTogether
                | Self::RegularDigits
                | Self::UnplannedOrigin
                | Self::CameLate
                | Self::FutureStamp
        )
    }

    /// Whether what is found by it is one thing with what another rule of its check found. How a value was typed and when one
    /// came are questions of their own.
    pub fn is_one_with(self, other: Self) -> bool {
        self == other || self.check() == other.check() && !matches!(self.check(), Check::Typing | Check::Arrival)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_place_and_every_flag_fits() {
        let mut flags = Flags::NONE;
        assert_eq!(flags.together(), Flag::Unknown);
        for (place, check) in Check::ALL.into_iter().enumerate() {
            assert_eq!(check as usize, place);
            for flag in Flag::ALL {
                flags.set(check, flag);
                assert_eq!(flags.of(check), Some(flag));
            }
            flags.set(check, Flag::Good);
        }
        assert_eq!(flags.iter().count(), Check::ALL.len());
        assert_eq!(flags.together(), Flag::Good);
    }

    #[test]
    fn the_strongest_flag_wins_and_no_data_is_never_good() {
        let flags = Flags::NONE
            .with(Check::Gap, Flag::Unknown)
            .with(Check::Range, Flag::Good);
        assert_eq!(flags.together(), Flag::Good);
        assert_eq!(flags.with(Check::Rate, Flag::Suspect).together(), Flag::Suspect);
        assert_eq!(
            flags
                .with(Check::Rate, Flag::Bad)
                .with(Check::Gap, Flag::Suspect)
                .together(),
            Flag::Bad
        );
        let missing = Flags::NONE
            .with(Check::Gap, Flag::Missing)
            .with(Check::Range, Flag::Missing);
        assert_eq!(missing.together(), Flag::Missing);
        let mut raised = flags;
        raised.raise(Check::Range, Flag::Unknown);
        raised.raise(Check::Rate, Flag::Bad);
        assert_eq!(raised, flags, "a check that was not asked says nothing");
        let mut settled = missing;
        settled.settle(Check::Range, Flag::Good);
        settled.raise(Check::Range, Flag::Bad);
        assert_eq!(settled, missing);
    }
}
