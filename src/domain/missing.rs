//! What the plan says of missing data (缺失数据处理): by which rule the hours of a quantity that were not measured are
//! filled (DB14/T 2970-2024, 8.1.1; DB11/T 1559-2018, 8.5 b).
//!
//! A plan names one rule for a parameter. What it gives is a substitute (替代值), posted beside what was measured and
//! never mixed with it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::identity::ParameterId;

/// How the missing hours of a parameter are filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingPlan {
    /// The rule.
    pub rule: MissingRule,
    /// Which end is the careful one.
    #[serde(default)]
    pub careful: Careful,
    /// What an hour counts where the rule has nothing to rest on, and what a tier means by the highest possible value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<FixedAmount>,
    /// Milliseconds after the end of an hour for which data may still come before it is filled; by the parameter's kind
    /// and interval where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
    /// Hours of an outage that are filled at most: of a longer one the rest stays missing until a person decides; 31 days
    /// where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_hours: Option<u32>,
}

/// What stands in for a tested value in months in which nothing was tested (未实测月份): something of the months of the same
/// calendar year that were, where there are enough of them; otherwise what the source's input takes until it is tested, which
/// is where a statutory default belongs.
///
/// Known from power generation: with fewer than three months of element carbon in a year the others take the default
/// (notice of the MEE of 2022-06-08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UntestedPlan {
    /// Months of the year that must have been tested, at least.
    pub least_months: u32,
    /// What is taken of them.
    pub take: TakeOfMonths,
}

/// What is taken of the months that were tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakeOfMonths {
    /// Their mean, each month counting alike (算术平均值).
    Mean,
    /// The month on the safe side (保守值).
    Careful(Careful),
}

impl UntestedPlan {
    /// The word of the rule in files and on the command line.
    pub const NAME: &'static str = "tested-months";
}

/// A quantity of an hour that stands in the model, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedAmount {
    /// Of a flow the mean over the hour, in the parameter's unit; of a counter or an amount its quantity in an hour,
    /// after the meter's multiplier.
    pub value: Decimal,
    /// Where it comes from: the guideline, the maker's plate, a permit.
    pub origin: String,
}

/// Whether a substitute that is too high or one that is too low is on the safe side (保守方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Careful {
    /// Too high: fuel, electricity taken in.
    #[default]
    High,
    /// Too low: what is given away, an output.
    Low,
}

/// A rule for missing data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingRule {
    /// The last valid hour before goes on (延用前值).
    Hold,
    /// The mean of the valid hours before and after the outage (前后均值); until it ends, the one before.
    Neighbours,
    /// The mean of the same hour of the days before that were valid then (前几日同时刻均值).
    PreviousDays {
        /// How many days are looked back on.
        days: u32,
    },
    /// The mean of the last valid hours in the same band of load (同负荷区间均值); of all where the load is not known.
    LoadBand {
        /// The bands.
        bands: LoadBands,
        /// How many valid hours are looked back on.
        hours: u32,
    },
    /// By availability and by the length of the outage (按可用率分级).
    Tiers {
        /// The first that fits counts.
        tiers: Vec<Tier>,
        /// Bands of load within which hours are looked back on; all hours where there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bands: Option<LoadBands>,
        /// Valid hours before which there is too little to look back on, and the neighbours' mean is taken.
        first_hours: u32,
        /// Name of the table that the tiers are, where they are one of a rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        table: Option<TierTable>,
    },
    /// A value that stands in the model (保守值、规定缺省值).
    Fixed,
}

/// Bands of load (负荷区间) of equal width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBands {
    /// The parameter whose hourly quantity is the load.
    pub load: ParameterId,
    /// Upper end of the highest band, in the load's unit as in [`FixedAmount::value`].
    pub top: Decimal,
    /// How many bands there are.
    pub count: u32,
}

/// A tier of [`MissingRule::Tiers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Per cent of the hours of the year, or of what the table names, before the outage's end that must have been valid, at
    /// least.
    pub availability: u32,
    /// Hours that the outage may last at most; any length where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<u32>,
    /// What is taken.
    pub take: Take,
}

/// What a tier takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// The mean of the hours before and after.
    Neighbours,
    /// The mean of the last valid hours.
    Mean {
        /// How many.
        hours: u32,
    },
    /// A percentile of the last valid hours, by nearest rank: the smallest value that at least so many per cent do not
    /// exceed. On the careful side of low it is taken from the other end.
    Percentile {
        /// Which; 100 is the greatest.
        percent: u32,
        /// How many hours.
        hours: u32,
        /// Whether the neighbours' mean is taken where it is more careful.
        or_neighbours: bool,
    },
    /// The value of [`MissingPlan::otherwise`].
    Highest,
    /// Nothing: the hours stay missing until a person decides.
    Nothing,
}

/// Tables of tiers that rules print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum TierTable {
    /// 40 CFR 75.33, table 1: concentrations, looked back on over 720 hours.
    #[serde(rename = "40-cfr-75-table-1")]
    Part75Table1,
    /// 40 CFR 75.33, table 2: flow, looked back on over 2,160 hours of the same band of load.
    #[serde(rename = "40-cfr-75-table-2")]
    Part75Table2,
    /// HJ 75-2017, emission amounts (排放量): by the capture rate of the quarter the most of the last 180, 720 or 2,160 valid
    /// hours; below 75 % the quarter has no value.
    #[serde(rename = "hj-75-2017")]
    Hj75,
}

/// The hours of a year, over which availability is counted where no table says otherwise.
pub const AVAILABILITY_HOURS: u32 = 8760;

impl TierTable {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Part75Table1, Self::Part75Table2, Self::Hj75];

    /// Its name in `site.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Part75Table1 => "40-cfr-75-table-1",
            Self::Part75Table2 => "40-cfr-75-table-2",
            Self::Hj75 => "hj-75-2017",
        }
    }

    /// The hours before the outage's end over which availability is counted: the year (40 CFR 75.32), the quarter (HJ 75).
    pub const fn availability_hours(self) -> u32 {
        match self {
            Self::Part75Table1 | Self::Part75Table2 => AVAILABILITY_HOURS,
            Self::Hj75 => 2190,
        }
    }

    /// Valid hours before which its first rule holds: the mean of the hours before and after (40 CFR 75.31).
    pub const fn first_hours(self) -> u32 {
        match self {
            Self::Part75Table1 => 720,
            Self::Part75Table2 => 2160,
            Self::Hj75 => 0,
        }
    }

    /// Its tiers.
    pub fn tiers(self) -> Vec<Tier> {
        let hours = self.first_hours();
        let tier = |availability, outage, take| Tier {
            availability,
            outage,
            take,
        };
        let most_of = |hours| Take::Percentile {
            percent: 100,
            hours,
            or_neighbours: false,
        };
        let short = match self {
            Self::Part75Table1 => Take::Neighbours,
            Self::Part75Table2 => Take::Mean { hours },
            Self::Hj75 => {
                return vec![
                    tier(90, Some(24), most_of(180)),
                    tier(90, None, most_of(720)),
                    tier(75, None, most_of(2160)),
                    tier(0, None, Take::Nothing),
                ];
            }
        };
        let percentile = |percent| Take::Percentile {
            percent,
            hours,
            or_neighbours: percent < 100,
        };
        vec![
            tier(95, Some(24), short),
            tier(95, None, percentile(90)),
            tier(90, Some(8), short),
            tier(90, None, percentile(95)),
            tier(80, None, percentile(100)),
            tier(0, None, Take::Highest),
        ]
    }
}

impl MissingRule {
    /// The parameters beside its own on which it looks.
    pub fn load(&self) -> Option<&LoadBands> {
        match self {
            Self::LoadBand { bands, .. } => Some(bands),
            Self::Tiers { bands, .. } => bands.as_ref(),
            Self::Hold | Self::Neighbours | Self::PreviousDays { .. } | Self::Fixed => None,
        }
    }

    /// Whether it looks back further than to the hour before the outage.
    pub const fn looks_back(&self) -> bool {
        matches!(
            self,
            Self::PreviousDays { .. } | Self::LoadBand { .. } | Self::Tiers { .. }
        )
    }

    /// The same, to be changed.
    pub fn load_mut(&mut self) -> Option<&mut LoadBands> {
        match self {
            Self::LoadBand { bands, .. } => Some(bands),
            Self::Tiers { bands, .. } => bands.as_mut(),
            Self::Hold | Self::Neighbours | Self::PreviousDays { .. } | Self::Fixed => None,
        }
    }

    /// Its name in `site.toml`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Neighbours => "neighbours",
            Self::PreviousDays { .. } => "previous-days",
            Self::LoadBand { .. } => "load-band",
            Self::Tiers { .. } => "tiers",
            Self::Fixed => "fixed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_end_with_a_tier_for_everything() {
        for table in TierTable::ALL {
            let tiers = table.tiers();
            let last = tiers.last().unwrap();
            assert_eq!((last.availability, last.outage), (0, None));
            assert!(
                tiers
                    .windows(2)
                    .all(|pair| pair[0].availability >= pair[1].availability)
            );
        }
        let quarter = TierTable::Hj75.tiers();
        assert_eq!(quarter.last().map(|tier| tier.take), Some(Take::Nothing));
        // Table 1 takes the hours before and after, table 2 the mean of the band of load.
        assert_eq!(TierTable::Part75Table1.tiers()[0].take, Take::Neighbours);
        assert_eq!(TierTable::Part75Table2.tiers()[2].take, Take::Mean { hours: 2160 });
    }
}
