//! The rules of a channel (检查规则): which checks it gets, with which settings.

use super::checks::attenuated::AttenuatedSettings;
use super::checks::band::BandSettings;
use super::checks::counter::CounterSettings;
use super::checks::flat::FlatSettings;
use super::checks::gap::GapSettings;
use super::checks::noise::NoiseSettings;
use super::checks::outlier::OutlierSettings;
use super::checks::published::PublishedSettings;
use super::checks::range::RangeSettings;
use super::checks::rate::RateSettings;
use super::checks::repeated::RepeatedSettings;
use super::checks::shift::ShiftSettings;
use super::checks::spike::SpikeSettings;
use super::checks::unit_slip::UnitSettings;
use crate::domain::time::PlantZone;

/// Which checks a channel gets. Stamps and numbers that are none are always looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The zone of hours and months.
    pub zone: PlantZone,
    /// Clause of the data-quality plan by which these rules are in force (数据质量控制计划条款).
    pub clause: Option<String>,
    /// Gaps.
    pub gap: Option<GapSettings>,
    /// Gross range.
    pub range: Option<RangeSettings>,
    /// A register. What it counts in an hour is then what other checks see, but for range and flat line.
    pub counter: Option<CounterSettings>,
    /// Spikes.
    pub spike: Option<SpikeSettings>,
    /// Rate of change.
    pub rate: Option<RateSettings>,
    /// Flat line.
    pub flat: Option<FlatSettings>,
    /// Attenuated signal.
    pub attenuated: Option<AttenuatedSettings>,
    /// Bands, the first that holds counts.
    pub bands: Vec<BandSettings>,
    /// Outliers.
    pub outlier: Option<OutlierSettings>,
    /// Noise.
    pub noise: Option<NoiseSettings>,
    /// Steps and drifts.
    pub shift: Option<ShiftSettings>,
    /// Values in another unit.
    pub unit: Option<UnitSettings>,
    /// Copied values.
    pub repeated: Option<RepeatedSettings>,
    /// Tested values held against what is published.
    pub published: Option<PublishedSettings>,
}

impl Rules {
    /// No rules but those that always hold.
    pub const fn none(zone: PlantZone) -> Self {
        Self {
            zone,
            clause: None,
            gap: None,
            range: None,
            counter: None,
            spike: None,
            rate: None,
            flat: None,
            attenuated: None,
            bands: Vec::new(),
            outlier: None,
            noise: None,
            shift: None,
            unit: None,
            repeated: None,
            published: None,
        }
    }

    /// Whether any check looks at values.
    pub fn look_at_values(&self) -> bool {
        let none = Self {
            clause: self.clause.clone(),
            ..Self::none(self.zone)
        };
        *self != none
    }

    /// Whether a check goes by the plant's hour or month.
    pub fn need_the_hour(&self) -> bool {
        !self.bands.is_empty() || self.shift.is_some_and(|shift| shift.by_hour())
    }

    /// How far back in time a reading can change the flags of those before it, in milliseconds, apart from its direct
    /// neighbour.
    pub fn reach_ms(&self) -> i64 {
        let flat = self.flat.map_or(0, |flat| flat.reach_ms());
        let shift = self.shift.map_or(0, |shift| shift.block_ms());
        let attenuated = self.attenuated.map_or(0, |attenuated| attenuated.reach_ms());
        let noise = self.noise.map_or(0, |noise| noise.reach_ms());
        flat.max(shift).max(attenuated).max(noise)
    }
}
