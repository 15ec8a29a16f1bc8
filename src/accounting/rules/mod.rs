//! The rules in force (核算规则): factors, GWP sets and method definitions, as an `adopt` record copies them into the
//! journal. A new program changes no figure: what counts is the copy.

mod factor;
mod method;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use self::factor::{Factor, FactorError, GwpSet, GwpValue, Resolved, Trust};
use self::factor::{availability, usable_data_year};
pub use self::method::{Category, InputDefinition, InputRole, MethodDefinition};
use crate::domain::model::Gas;
use crate::domain::time::Month;

/// The factor set that is looked into after those that a book names: what the authorities announce for the whole
/// country, whatever the sector's standard (grid factors, the default factor of heat).
pub const NATIONAL_FACTOR_SET: &str = "national";

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
