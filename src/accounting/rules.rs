//! The rules in force (核算规则): factors, GWP sets and method definitions, as an `adopt` record copies them into the
//! journal. A new program changes no figure: what counts is the copy.

use std::cmp::Ordering;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::exact::Rounding;
use crate::domain::model::{Gas, Name, Window};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Month;
use crate::domain::unit::Unit;

/// The factor set that is looked into after those that a book names: what the authorities announce for the whole
/// country, whatever the sector's standard (grid factors, the default factor of heat).
pub const NATIONAL_FACTOR_SET: &str = "national";

/// How a value was obtained, and so how far it may be relied on (可信程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Exact arithmetic from what the rule says.
    Computed,
    /// Two independent publications quote the same value of the announcement.
    TwoSources,
    /// From a published data set.
    Dataset,
    /// From one transcription that names table and page: to be confirmed against the document.
    Transcription,
    /// From one publication that quotes the document: to be confirmed against it.
    Secondary,
}

impl Trust {
    /// Whether people are told to confirm the value against the document before they report with it (待核对).
    pub const fn to_be_confirmed(self) -> bool {
        matches!(self, Self::Transcription | Self::Secondary)
    }

    /// The code under which the digest takes it; never changes.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Computed => 0,
            Self::TwoSources => 1,
            Self::Dataset => 2,
            Self::Transcription => 3,
            Self::Secondary => 4,
        }
    }
}

impl Explained for Trust {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Computed => "trust-computed",
            Self::TwoSources => "trust-two-sources",
            Self::Dataset => "trust-dataset",
            Self::Transcription => "trust-transcription",
            Self::Secondary => "trust-secondary",
        })
    }
}

/// One row of a factor table (排放因子、缺省值).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// What it is asked for by, such as `bituminous-coal.net-calorific-value` or `grid.north-china`.
    pub key: String,
    /// The set it belongs to, such as `GB/T 32151.34-2024`.
    pub factor_set: String,
    /// Id of this very row; never given to another.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Value in `unit`, with the digits of the document.
    pub value: Decimal,
    /// Unit.
    pub unit: Unit,
    /// Year of the data behind it (数据年份), which is not the year in which it is used.
    pub data_year: Option<i32>,
    /// First day on which it may be used.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be used.
    pub valid_to: Option<NaiveDate>,
    /// Day on which it was published.
    pub published: Option<NaiveDate>,
    /// The document that it stands in.
    pub document: String,
    /// Table or clause of that document.
    pub table: String,
    /// How it was obtained.
    pub trust: Trust,
    /// What else is to be known of it.
    pub notes: String,
}

impl Factor {
    /// Whether it may be used for a month: the month's first day lies within its validity.
    pub fn is_valid_in(&self, month: Month) -> bool {
        let day = month.first_day();
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    fn order(&self, other: &Self) -> Ordering {
        let place = |factor: &Self| (factor.data_year, factor.valid_from);
        self.factor_set
            .cmp(&other.factor_set)
            .then_with(|| self.key.cmp(&other.key))
            .then_with(|| place(self).cmp(&place(other)))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// The global warming potential of one substance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GwpValue {
    /// The substance, such as `CH4` or `HFC-134a`.
    pub substance: String,
    /// The gas as which it is accounted.
    pub gas: Gas,
    /// Tonnes of CO₂ equivalent in one tonne of it, over 100 years.
    pub value: Decimal,
    /// Id of this row.
    pub id: String,
    /// What else is to be known of it; empty for most.
    #[serde(default)]
    pub notes: String,
}

/// A set of global warming potentials (全球变暖潜势), such as `AR5`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GwpSet {
    /// Name, as books give it.
    pub name: String,
    /// The document that it stands in.
    pub document: String,
    /// How it was obtained.
    pub trust: Trust,
    /// Its values.
    pub values: Vec<GwpValue>,
}

/// The emission categories of the reports (排放类别; GB/T 32150). A category's sign is that of its sources' results:
/// what is sold or recovered is negative, so that a total is a plain sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Category {
    /// 化石燃料燃烧.
    FuelCombustion = 0,
    /// 生产过程.
    Process = 1,
    /// 购入电力.
    PurchasedElectricity = 2,
    /// 购入热力.
    PurchasedHeat = 3,
    /// 输出电力, negative.
    SoldElectricity = 4,
    /// 输出热力, negative.
    SoldHeat = 5,
    /// 回收利用与固碳, negative.
    Recovery = 6,
}

impl Category {
    /// All categories, in the order of reports and of their codes.
    pub const ALL: [Self; 7] = [
        Self::FuelCombustion,
        Self::Process,
        Self::PurchasedElectricity,
        Self::PurchasedHeat,
        Self::SoldElectricity,
        Self::SoldHeat,
        Self::Recovery,
    ];

    /// The code under which it is stored; never changes.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The category of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether it is left out of the total without electricity and heat, which reports print beside the full one.
    pub const fn is_energy_indirect(self) -> bool {
        matches!(
            self,
            Self::PurchasedElectricity | Self::PurchasedHeat | Self::SoldElectricity | Self::SoldHeat
        )
    }
}

impl Explained for Category {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::FuelCombustion => "category-fuel-combustion",
            Self::Process => "category-process",
            Self::PurchasedElectricity => "category-purchased-electricity",
            Self::PurchasedHeat => "category-purchased-heat",
            Self::SoldElectricity => "category-sold-electricity",
            Self::SoldHeat => "category-sold-heat",
            Self::Recovery => "category-recovery",
        })
    }
}

/// What an input is to its method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputRole {
    /// The activity (活动数据): a quantity of each hour, from a flow, a counter or an amount.
    Quantity,
    /// An intensive value that may be tested: a property parameter, a factor or a constant.
    Property,
    /// A value that a document gives: a factor or a constant.
    Factor,
}

/// An input of a method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputDefinition {
    /// Key in `site.toml` and in the formula.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Unit in which the function takes it.
    pub unit: Unit,
    /// What it is to the method.
    pub role: InputRole,
    /// The windows over which a parameter may be taken; the first is the usual one. Empty for factors.
    pub windows: Vec<Window>,
}

/// A versioned method (核算方法): what people and the engine have to know of it besides its function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodDefinition {
    /// Id without version, such as `combustion.mass`.
    pub id: String,
    /// Version; a version that was shipped is never changed.
    pub version: u32,
    /// Name.
    pub name: Name,
    /// Category of its results.
    pub category: Category,
    /// Gas of its results.
    pub gas: Gas,
    /// Inputs in the order in which the function takes them.
    pub inputs: Vec<InputDefinition>,
    /// The formula as shown to people, with the inputs' keys in it.
    pub formula: String,
    /// The document that it stands in.
    pub document: String,
    /// Clause or equation of that document.
    pub table: String,
    /// How a cell is rounded.
    pub rounding: Rounding,
}

impl MethodDefinition {
    /// Id with version, such as `combustion.mass@1`: how sources name it.
    pub fn reference(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// The input of a key.
    pub fn input(&self, key: &str) -> Option<&InputDefinition> {
        self.inputs.iter().find(|input| input.key == key)
    }

    fn is_referred_to_by(&self, reference: &str) -> bool {
        reference
            .split_once('@')
            .is_some_and(|(id, version)| id == self.id && version.parse() == Ok(self.version))
    }
}

/// A factor found for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved<'rules> {
    /// The row.
    pub factor: &'rules Factor,
    /// Whether it stands in until the factor of the accounting year itself is published (暂用).
    pub provisional: bool,
}

/// Why no factor can be given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactorError {
    /// No set has the key.
    #[error("the adopted rules have no factor {key:?}")]
    UnknownKey {
        /// What was asked for.
        key: String,
    },
    /// Other sets have the key, those of the book do not.
    #[error("factor {key:?} is in none of the book's factor sets; it is in {found_in}")]
    NotInSets {
        /// What was asked for.
        key: String,
        /// The sets that have it.
        found_in: String,
    },
    /// The key has rows, none for that month.
    #[error(
        "factor {key:?} has no row for {month} (there are {available}): name a data_year, or give a constant with its \
         origin"
    )]
    NotForPeriod {
        /// What was asked for.
        key: String,
        /// For which month.
        month: Month,
        /// The data years or validities that there are.
        available: String,
    },
    /// The data year that was named is not there.
    #[error("factor {key:?} has no row of data year {data_year} (there are {available})")]
    NoSuchDataYear {
        /// What was asked for.
        key: String,
        /// The data year that was named.
        data_year: i32,
        /// The data years or validities that there are.
        available: String,
    },
}

impl Explained for FactorError {
    fn text(&self) -> Text {
        match self {
            Self::UnknownKey { key } => Text::new("factor-unknown-key").with("key", clean(key)),
            Self::NotInSets { key, found_in } => Text::new("factor-not-in-sets")
                .with("key", clean(key))
                .with("sets", clean(found_in)),
            Self::NotForPeriod { key, month, available } => Text::new("factor-not-for-period")
                .with("key", clean(key))
                .with("month", month)
                .with("available", clean(available)),
            Self::NoSuchDataYear {
                key,
                data_year,
                available,
            } => Text::new("factor-no-such-data-year")
                .with("key", clean(key))
                .with("year", data_year)
                .with("available", clean(available)),
        }
    }
}

/// Everything that an `adopt` record copies. Kept in one order, whatever order it was given in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Parts")]
pub struct RuleSet {
    factors: Vec<Factor>,
    gwp_sets: Vec<GwpSet>,
    methods: Vec<MethodDefinition>,
}

/// A rule set as it is read: in any order.
#[derive(Deserialize)]
struct Parts {
    factors: Vec<Factor>,
    gwp_sets: Vec<GwpSet>,
    methods: Vec<MethodDefinition>,
}

impl From<Parts> for RuleSet {
    fn from(parts: Parts) -> Self {
        Self::new(parts.factors, parts.gwp_sets, parts.methods)
    }
}

impl RuleSet {
    /// A rule set of these parts, put in order.
    pub fn new(mut factors: Vec<Factor>, mut gwp_sets: Vec<GwpSet>, mut methods: Vec<MethodDefinition>) -> Self {
        factors.sort_by(Factor::order);
        gwp_sets.sort_by(|one, two| one.name.cmp(&two.name));
        for set in &mut gwp_sets {
            set.values.sort_by(|one, two| one.substance.cmp(&two.substance));
        }
        methods.sort_by(|one, two| (&one.id, one.version).cmp(&(&two.id, two.version)));
        Self {
            factors,
            gwp_sets,
            methods,
        }
    }

    /// All factors, by set, key, data year and validity.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// All GWP sets by name.
    pub fn gwp_sets(&self) -> &[GwpSet] {
        &self.gwp_sets
    }

    /// All methods by id and version.
    pub fn methods(&self) -> &[MethodDefinition] {
        &self.methods
    }

    /// The names of the factor sets, each once.
    pub fn factor_set_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.factors.iter().map(|factor| factor.factor_set.as_str()).collect();
        names.dedup();
        names
    }

    /// All rows of a key, whatever their set.
    pub fn factors_of(&self, key: &str) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(move |factor| factor.key == key)
    }

    /// The rows of a key in a set, older before newer.
    fn rows(&self, factor_set: &str, key: &str) -> &[Factor] {
        let place = |factor: &Factor| {
            factor
                .factor_set
                .as_str()
                .cmp(factor_set)
                .then_with(|| factor.key.as_str().cmp(key))
        };
        let start = self.factors.partition_point(|factor| place(factor) == Ordering::Less);
        let end = self
            .factors
            .partition_point(|factor| place(factor) != Ordering::Greater);
        self.factors.get(start..end).unwrap_or(&[])
    }

    /// The factor of a key for a month.
    ///
    /// The first of `factor_sets` that has a usable row gives it; [`NATIONAL_FACTOR_SET`] is looked into last. A row is
    /// usable when the month's first day lies within its validity and, where rows carry a data year, when that is the
    /// one that `data_year` names. Where none is named, the newest data year not after the accounting year is taken; the
    /// answer is provisional when that is older than the accounting year, since the year's own factor will be published
    /// later. A data year after the accounting year is never chosen by itself.
    pub fn resolve(
        &self,
        factor_sets: &[String],
        key: &str,
        data_year: Option<i32>,
        month: Month,
    ) -> Result<Resolved<'_>, FactorError> {
        let sets = || {
            factor_sets
                .iter()
                .map(String::as_str)
                .chain(std::iter::once(NATIONAL_FACTOR_SET))
        };
        for set in sets() {
            let found = self
                .rows(set, key)
                .iter()
                .rfind(|factor| factor.is_valid_in(month) && usable_data_year(factor, data_year, month));
            if let Some(factor) = found {
                return Ok(Resolved {
                    factor,
                    provisional: data_year.is_none() && factor.data_year.is_some_and(|year| year < month.year),
                });
            }
        }
        let in_sets: Vec<&Factor> = sets().flat_map(|set| self.rows(set, key)).collect();
        if in_sets.is_empty() {
            let mut elsewhere: Vec<&str> = self.factors_of(key).map(|factor| factor.factor_set.as_str()).collect();
            elsewhere.dedup();
            return Err(if elsewhere.is_empty() {
                FactorError::UnknownKey { key: key.to_owned() }
            } else {
                FactorError::NotInSets {
                    key: key.to_owned(),
                    found_in: elsewhere.join(", "),
                }
            });
        }
        let key = key.to_owned();
        let available = availability(&in_sets);
        Err(match data_year {
            Some(data_year) => FactorError::NoSuchDataYear {
                key,
                data_year,
                available,
            },
            None => FactorError::NotForPeriod { key, month, available },
        })
    }

    /// Tonnes of CO₂ equivalent in a tonne of a gas, by a named set. `None` when the set is unknown, or when the gas is a
    /// family (HFCs, PFCs) whose members each have a value of their own, or when the set has none for it.
    pub fn gwp(&self, set: &str, gas: Gas) -> Option<Decimal> {
        let substance = match gas {
            Gas::CarbonDioxide => "CO2",
            Gas::Methane => "CH4",
            Gas::NitrousOxide => "N2O",
            Gas::SulphurHexafluoride => "SF6",
            Gas::NitrogenTrifluoride => "NF3",
            Gas::Hydrofluorocarbons | Gas::Perfluorocarbons => return None,
        };
        self.gwp_of_substance(set, substance)
    }

    /// Tonnes of CO₂ equivalent in a tonne of a substance such as `HFC-134a`, by a named set.
    pub fn gwp_of_substance(&self, set: &str, substance: &str) -> Option<Decimal> {
        self.gwp_sets
            .iter()
            .find(|candidate| candidate.name == set)?
            .values
            .iter()
            .find(|value| value.substance == substance)
            .map(|value| value.value)
    }

    /// The method of a reference such as `combustion.mass@1`.
    pub fn method(&self, reference: &str) -> Option<&MethodDefinition> {
        self.methods.iter().find(|method| method.is_referred_to_by(reference))
    }

    /// BLAKE3 digest of all of it: the same for the same rules, on any machine and by any later version.
    pub fn digest(&self) -> [u8; 32] {
        super::digest::of_rules(self)
    }
}

fn usable_data_year(factor: &Factor, named: Option<i32>, month: Month) -> bool {
    match (factor.data_year, named) {
        (None, None) => true,
        (Some(year), None) => year <= month.year,
        (year, Some(named)) => year == Some(named),
    }
}

/// What there is, in short: `data year 2021, data year 2022` or `from 2015-01-01 to 2020-12-31`.
fn availability(factors: &[&Factor]) -> String {
    let day = |date: Option<NaiveDate>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
    let mut parts: Vec<String> = factors
        .iter()
        .map(|factor| match factor.data_year {
            Some(year) => year.to_string(),
            None => format!("{}/{}", day(factor.valid_from), day(factor.valid_to)),
        })
        .collect();
    parts.dedup();
    parts.join(", ")
}

#[cfg(test)]
mod tests;
