//! What the rules in force know, as far as a site model may name it: methods with their inputs, factors, sets.

use crate::accounting::rules::{InputRole, MethodDefinition, NATIONAL_FACTOR_SET, RuleSet};
use crate::domain::model::Window;
use crate::domain::unit::Unit;

/// What an input of a method stands for, which decides what it may be bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// Activity data (活动数据): a flow, a counter or an amount of the site.
    Quantity,
    /// An intensive value (品质参数): a property of the site, a factor, or a value in the model.
    Property,
    /// A factor (因子): of the catalogue, or a value in the model.
    Factor,
}

/// An input of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTerms {
    /// Its name in the formula.
    pub key: String,
    /// The unit in which the formula takes it.
    pub unit: Unit,
    /// What it stands for.
    pub kind: InputKind,
    /// The windows over which a parameter may be taken; the first holds when the file names none. Empty for factors.
    pub windows: Vec<Window>,
}

/// A method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodTerms {
    /// Name with version, such as `combustion.mass@1`.
    pub name: String,
    /// Its inputs; every one must be bound.
    pub inputs: Vec<InputTerms>,
}

/// A factor, as all its rows together have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorTerms {
    /// Its unit.
    pub unit: Unit,
    /// The sets that have it.
    pub sets: Vec<String>,
    /// Whether every book finds it, whatever sets it names.
    pub is_national: bool,
    /// The data years that it has; empty where its rows carry none.
    pub data_years: Vec<i32>,
}

/// The words that a rule set gives a meaning to.
pub trait Vocabulary {
    /// The method of a name with version.
    fn method(&self, name: &str) -> Option<MethodTerms>;
    /// The names of all methods, with versions.
    fn methods(&self) -> Vec<String>;
    /// The factor of a key.
    fn factor(&self, key: &str) -> Option<FactorTerms>;
    /// The keys of all factors.
    fn factors(&self) -> Vec<String>;
    /// The names of the factor sets.
    fn factor_sets(&self) -> Vec<String>;
    /// The names of the GWP sets.
    fn gwp_sets(&self) -> Vec<String>;
}

impl From<InputRole> for InputKind {
    fn from(role: InputRole) -> Self {
        match role {
            InputRole::Quantity => Self::Quantity,
            InputRole::Property => Self::Property,
            InputRole::Factor => Self::Factor,
        }
    }
}

impl Vocabulary for RuleSet {
    fn method(&self, name: &str) -> Option<MethodTerms> {
        let method = self.methods().iter().find(|method| method.reference() == name)?;
        Some(MethodTerms {
            name: method.reference(),
            inputs: method
                .inputs
                .iter()
                .map(|input| InputTerms {
                    key: input.key.clone(),
                    unit: input.unit.clone(),
                    kind: input.role.into(),
                    windows: input.windows.clone(),
                })
                .collect(),
        })
    }

    fn methods(&self) -> Vec<String> {
        self.methods().iter().map(MethodDefinition::reference).collect()
    }

    fn factor(&self, key: &str) -> Option<FactorTerms> {
        let unit = self.factors_of(key).next()?.unit.clone();
        let mut sets: Vec<String> = self.factors_of(key).map(|factor| factor.factor_set.clone()).collect();
        sets.dedup();
        let mut data_years: Vec<i32> = self.factors_of(key).filter_map(|factor| factor.data_year).collect();
        data_years.sort_unstable();
        data_years.dedup();
        Some(FactorTerms {
            unit,
            is_national: sets.iter().any(|set| set == NATIONAL_FACTOR_SET),
            sets,
            data_years,
        })
    }

    fn factors(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.factors().iter().map(|factor| factor.key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn factor_sets(&self) -> Vec<String> {
        self.factor_set_names().into_iter().map(str::to_owned).collect()
    }

    fn gwp_sets(&self) -> Vec<String> {
        self.gwp_sets().iter().map(|set| set.name.clone()).collect()
    }
}
