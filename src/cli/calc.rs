//! `carbonwatch calc`: one method with the numbers given on the command line, stateless (单项计算).
//!
//! It uses the very functions and factors of the ledger, so that a figure can be checked by hand, or a method tried
//! before a source is bound to it.

mod input;
mod print;

use std::io::{self, Write};

use rust_decimal::Decimal;
use thiserror::Error;

use self::input::{GivenInput, read_inputs};
use super::failure::number_text;
use super::format::OutputFormat;
use crate::accounting::binding::ValueError;
use crate::accounting::exact::{ArithmeticError, Exact};
use crate::accounting::methods::{self, MethodError};
use crate::accounting::rules::{MethodDefinition, RuleSet};
use crate::catalogue::{self, CatalogueError};
use crate::domain::decimal::NumberError;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::UnitError;
use crate::locale::Localizer;
use crate::locale::foreign::system_reason;

/// Arguments of `carbonwatch calc`.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct CalcArguments {
    /// Method, such as electricity.purchased@1; without a version, its newest one
    #[arg(required_unless_present = "list")]
    pub method: Option<String>,
    /// Inputs as name=value, with a unit where it is not the method's own, as `fuel_mass="1200 t"`, or a factor of the
    /// catalogue by its key and, where it has them, data year: `grid_factor=@grid.national/2022`
    #[arg(value_name = "NAME=VALUE")]
    pub inputs: Vec<String>,
    /// List the methods and their inputs
    #[arg(long)]
    pub list: bool,
    /// Factor set to look into, where several have a factor; may be given several times, the first that has it wins
    #[arg(long = "factor-set", value_name = "SET")]
    pub factor_sets: Vec<String>,
    /// Month for which factors are taken, as YYYY-MM
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Why nothing was calculated.
#[derive(Debug, Error)]
pub enum CalcError {
    /// No method was named.
    #[error("no method was named")]
    NoMethod,
    /// There is no such method.
    #[error("there is no method {0:?}")]
    UnknownMethod(String),
    /// An argument is not `name=value`.
    #[error("{0:?} is not of the form name=value")]
    NotAnInput(String),
    /// The method has no such input.
    #[error("{method} has no input {input:?}; it has {known}")]
    UnknownInput {
        /// The method.
        method: String,
        /// What was given.
        input: String,
        /// The inputs that there are.
        known: String,
    },
    /// An input was given twice.
    #[error("input {0:?} was given twice")]
    GivenTwice(String),
    /// Inputs were not given.
    #[error("{method} also needs {missing}")]
    Missing {
        /// The method.
        method: String,
        /// Keys and units of what is missing.
        missing: String,
    },
    /// A value is not a number.
    #[error("input {input}: {error}")]
    Number {
        /// Which input.
        input: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// A share was given without a unit, and is more like a fraction than like the percentage that it would be.
    #[error("input {input}: {given} without a unit is {given} %; write {percent}, or {given} %")]
    Fraction {
        /// Which input.
        input: String,
        /// What was given.
        given: Decimal,
        /// What was probably meant, in per cent.
        percent: Decimal,
    },
    /// A share of more than the whole.
    #[error("input {input}: {given} is more than 100 %")]
    MoreThanAll {
        /// Which input.
        input: String,
        /// What was given.
        given: String,
    },
    /// A unit is not known or does not fit.
    #[error("input {input}: {error}")]
    Unit {
        /// Which input.
        input: String,
        /// What is wrong with it.
        error: UnitError,
    },
    /// A factor cannot be used.
    #[error("input {input}: {error}")]
    Factor {
        /// Which input.
        input: String,
        /// What is wrong with it.
        error: ValueError,
    },
    /// A factor stands in several sets.
    #[error("input {input}: factor {key:?} is in several sets ({sets}): choose with --factor-set")]
    SeveralSets {
        /// Which input.
        input: String,
        /// Key of the factor.
        key: String,
        /// The sets that have it.
        sets: String,
    },
    /// A factor changes with time, and no time was named.
    #[error("input {input}: factor {key:?} depends on the period: write @{key}/YEAR, or give --month")]
    PeriodNeeded {
        /// Which input.
        input: String,
        /// Key of the factor.
        key: String,
    },
    /// Not a month.
    #[error("{0:?} is not a month: write it as 2025-03")]
    Month(String),
    /// Not a data year.
    #[error("input {input}: {year:?} is not a year")]
    Year {
        /// Which input.
        input: String,
        /// What was given.
        year: String,
    },
    /// The method gives no result.
    #[error(transparent)]
    Method(#[from] MethodError),
    /// The result cannot be shown.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

impl Explained for CalcError {
    fn text(&self) -> Text {
        match self {
            Self::NoMethod => Text::new("calc-no-method"),
            Self::UnknownMethod(method) => Text::new("calc-unknown-method").with("method", clean(method)),
            Self::NotAnInput(given) => Text::new("calc-not-an-input").with("given", clean(given)),
            Self::UnknownInput { method, input, known } => Text::new("calc-unknown-input")
                .with("method", clean(method))
                .with("input", clean(input))
                .with("known", known),
            Self::GivenTwice(input) => Text::new("calc-given-twice").with("input", clean(input)),
            Self::Missing { method, missing } => Text::new("calc-missing")
                .with("method", clean(method))
                .with("missing", missing),
            Self::Number { input, error } => Text::new("calc-input")
                .with("input", clean(input))
                .with_text("error", number_text(error)),
            Self::Fraction { input, given, percent } => Text::new("calc-fraction")
                .with("input", clean(input))
                .with("given", given)
                .with("percent", percent),
            Self::MoreThanAll { input, given } => Text::new("calc-more-than-all")
                .with("input", clean(input))
                .with("given", clean(given)),
            Self::Unit { input, error } => about(input, error),
            Self::Factor { input, error } => about(input, error),
            Self::SeveralSets { input, key, sets } => Text::new("calc-several-sets")
                .with("input", clean(input))
                .with("key", clean(key))
                .with("sets", clean(sets)),
            Self::PeriodNeeded { input, key } => Text::new("calc-period-needed")
                .with("input", clean(input))
                .with("key", clean(key)),
            Self::Month(given) => Text::new("calc-month").with("given", clean(given)),
            Self::Year { input, year } => Text::new("calc-year")
                .with("input", clean(input))
                .with("year", clean(year)),
            Self::Method(error) => error.text(),
            Self::Arithmetic(error) => error.text(),
            Self::Catalogue(error) => error.text(),
            Self::Write(error) => Text::new("calc-write").with_text("error", system_reason(error)),
        }
    }
}

fn about(input: &str, error: &impl Explained) -> Text {
    Text::new("calc-input")
        .with("input", clean(input))
        .with_text("error", error.text())
}

/// What was calculated.
struct Calculation<'rules> {
    method: &'rules MethodDefinition,
    inputs: Vec<GivenInput<'rules>>,
    /// Tonnes of the method's gas.
    result: Exact,
}

/// Calculates, or lists the methods, and prints the answer to `out`.
pub fn run(arguments: &CalcArguments, out: &mut dyn Write, localizer: &Localizer) -> Result<(), CalcError> {
    let rules = catalogue::rule_set()?;
    if arguments.list {
        return print::methods(rules.methods(), arguments.format, out, localizer);
    }
    let calculation = calculate(arguments, rules)?;
    print::calculation(&calculation, arguments.format, out, localizer)
}

fn calculate<'rules>(arguments: &CalcArguments, rules: &'rules RuleSet) -> Result<Calculation<'rules>, CalcError> {
    let named = arguments.method.as_deref().ok_or(CalcError::NoMethod)?;
    let method = find_method(rules, named).ok_or_else(|| CalcError::UnknownMethod(named.to_owned()))?;
    let inputs = read_inputs(arguments, method, rules)?;
    let values: Vec<Exact> = inputs.iter().map(|input| input.value).collect();
    let result = methods::evaluate(&method.reference(), &values)?;
    Ok(Calculation { method, inputs, result })
}

/// A method by its reference, or by its id alone: then its newest version.
fn find_method<'rules>(rules: &'rules RuleSet, named: &str) -> Option<&'rules MethodDefinition> {
    rules.method(named).or_else(|| {
        rules
            .methods()
            .iter()
            .filter(|method| method.id == named)
            .max_by_key(|method| method.version)
    })
}

#[cfg(test)]
mod tests;
