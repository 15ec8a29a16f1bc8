//! Reads the inputs from the command line.

use rust_decimal::Decimal;

use super::{CalcArguments, CalcError};
use crate::accounting::binding::{ValueError, factor_value, value_in};
use crate::accounting::exact::Exact;
use crate::accounting::rules::{Factor, FactorError, InputDefinition, MethodDefinition, Resolved, RuleSet};
use crate::domain::decimal::{NumberError, parse_decimal};
use crate::domain::time::Month;
use crate::domain::unit::Unit;

/// An input with its value.
pub(super) struct GivenInput<'rules> {
    pub(super) definition: &'rules InputDefinition,
    /// In the definition's unit.
    pub(super) value: Exact,
    /// The catalogue's row, where it came from there.
    pub(super) factor: Option<Resolved<'rules>>,
}

/// All inputs of a method in its order.
pub(super) fn read_inputs<'rules>(
    arguments: &CalcArguments,
    method: &'rules MethodDefinition,
    rules: &'rules RuleSet,
) -> Result<Vec<GivenInput<'rules>>, CalcError> {
    let month = arguments.month.as_deref().map(parse_month).transpose()?;
    let mut given: Vec<Option<GivenInput<'rules>>> = method.inputs.iter().map(|_| None).collect();
    for argument in &arguments.inputs {
        let (name, value) = argument
            .split_once(['=', '＝'])
            .ok_or_else(|| CalcError::NotAnInput(argument.clone()))?;
        let place = find_input(method, name.trim())?;
        let (Some(definition), Some(slot)) = (method.inputs.get(place), given.get_mut(place)) else {
            continue;
        };
        if slot.is_some() {
            return Err(CalcError::GivenTwice(definition.key.clone()));
        }
        let value = value.trim();
        *slot = Some(match value.strip_prefix('@') {
            Some(reference) => of_factor(definition, reference, arguments, month, rules)?,
            None => of_number(definition, value)?,
        });
    }
    let missing: Vec<String> = method
        .inputs
        .iter()
        .zip(&given)
        .filter(|(_, given)| given.is_none())
        .map(|(definition, _)| format!("{} ({})", definition.key, super::print::shown_unit(&definition.unit)))
        .collect();
    if !missing.is_empty() {
        return Err(CalcError::Missing {
            method: method.reference(),
            missing: missing.join(", "),
        });
    }
    Ok(given.into_iter().flatten().collect())
}

/// The place of an input by its name, or by a beginning that only one input has.
fn find_input(method: &MethodDefinition, name: &str) -> Result<usize, CalcError> {
    let key = name.replace('-', "_");
    let beginning: Vec<usize> = method
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| !key.is_empty() && input.key.starts_with(&key))
        .map(|(place, _)| place)
        .collect();
    let exact = method.inputs.iter().position(|input| input.key == key);
    match (exact, beginning.as_slice()) {
        (Some(place), _) | (None, &[place]) => Ok(place),
        _ => {
            let known: Vec<&str> = method.inputs.iter().map(|input| input.key.as_str()).collect();
            Err(CalcError::UnknownInput {
                method: method.reference(),
                input: name.to_owned(),
                known: known.join(", "),
            })
        }
    }
}

fn of_number<'rules>(definition: &'rules InputDefinition, given: &str) -> Result<GivenInput<'rules>, CalcError> {
    let (number, unit) = split_number(given);
    let input = || definition.key.clone();
    let number = parse_decimal(number).map_err(|error| CalcError::Number { input: input(), error })?;
    let is_share = definition.unit.symbol() == "%";
    // 0.98 for 98 % is the commonest slip, and would make the result a hundredth of what it is.
    if is_share && unit.is_empty() && number > Decimal::ZERO && number < Decimal::TWO {
        return Err(CalcError::Fraction {
            input: input(),
            given: number.normalize(),
            percent: (number * Decimal::ONE_HUNDRED).normalize(),
        });
    }
    let unit = if unit.is_empty() {
        definition.unit.clone()
    } else {
        Unit::parse(unit).map_err(|error| CalcError::Unit { input: input(), error })?
    };
    let value = value_in(number, &unit, &definition.unit).map_err(|error| match error {
        ValueError::Unit(error) => CalcError::Unit { input: input(), error },
        ValueError::Arithmetic(_) | ValueError::Factor(_) => CalcError::Number {
            input: input(),
            error: NumberError::TooLarge(given.to_owned()),
        },
    })?;
    if is_share && value > Exact::from_decimal(Decimal::ONE_HUNDRED) {
        return Err(CalcError::MoreThanAll {
            input: input(),
            given: given.to_owned(),
        });
    }
    Ok(GivenInput {
        definition,
        value,
        factor: None,
    })
}

/// Splits `1200 t` into number and unit. What does not begin like a number is all number, and refused as such.
fn split_number(given: &str) -> (&str, &str) {
    let is_digit = |character: Option<&char>| character.is_some_and(char::is_ascii_digit);
    let characters: Vec<char> = given.chars().collect();
    let mut length = 0;
    while let Some(character) = characters.get(length) {
        let after = characters.get(length + 1);
        let belongs = match character {
            '0'..='9' | '.' | ',' | '，' => true,
            '+' | '-' => length == 0 || matches!(characters.get(length - 1), Some('e' | 'E')),
            'e' | 'E' => is_digit(after) || (matches!(after, Some('+' | '-')) && is_digit(characters.get(length + 2))),
            _ => false,
        };
        if !belongs {
            break;
        }
        length += 1;
    }
    let bytes: usize = characters
        .iter()
        .take(length)
        .map(|character| character.len_utf8())
        .sum();
    match given.split_at_checked(bytes) {
        Some((number, unit)) if !number.is_empty() => (number.trim(), unit.trim()),
        _ => (given, ""),
    }
}

/// A factor by `key` or `key/data-year`.
fn of_factor<'rules>(
    definition: &'rules InputDefinition,
    reference: &str,
    arguments: &CalcArguments,
    month: Option<Month>,
    rules: &'rules RuleSet,
) -> Result<GivenInput<'rules>, CalcError> {
    let input = || definition.key.clone();
    let (key, data_year) = match reference.split_once('/') {
        None => (reference, None),
        Some((key, year)) => {
            let parsed = year.trim().parse().map_err(|_| CalcError::Year {
                input: input(),
                year: year.to_owned(),
            })?;
            (key, Some(parsed))
        }
    };
    let failed = |error: ValueError| CalcError::Factor { input: input(), error };
    let sets = chosen_sets(key, arguments, rules, &input())?;
    let month = match month {
        Some(month) => month,
        // A named data year decides by itself, and what never changes needs no month.
        None if data_year.is_some() || !changes_with_time(key, &sets, rules) => Month { year: 2000, month: 1 },
        None => {
            return Err(CalcError::PeriodNeeded {
                input: input(),
                key: key.to_owned(),
            });
        }
    };
    let factor = rules
        .resolve(&sets, key, data_year, month)
        .map_err(|error| failed(ValueError::Factor(error)))?;
    let value = factor_value(&factor, &definition.unit).map_err(failed)?;
    Ok(GivenInput {
        definition,
        value,
        factor: Some(factor),
    })
}

/// The factor sets to look into: those that were named, or the only one that has the key.
fn chosen_sets(key: &str, arguments: &CalcArguments, rules: &RuleSet, input: &str) -> Result<Vec<String>, CalcError> {
    if !arguments.factor_sets.is_empty() {
        return Ok(arguments.factor_sets.clone());
    }
    let mut sets: Vec<String> = rules.factors_of(key).map(|factor| factor.factor_set.clone()).collect();
    sets.dedup();
    match sets.len() {
        0 => Err(CalcError::Factor {
            input: input.to_owned(),
            error: ValueError::Factor(FactorError::UnknownKey { key: key.to_owned() }),
        }),
        1 => Ok(sets),
        _ => Err(CalcError::SeveralSets {
            input: input.to_owned(),
            key: key.to_owned(),
            sets: sets.join(", "),
        }),
    }
}

fn changes_with_time(key: &str, sets: &[String], rules: &RuleSet) -> bool {
    let timed =
        |factor: &Factor| factor.data_year.is_some() || factor.valid_from.is_some() || factor.valid_to.is_some();
    rules
        .factors_of(key)
        .filter(|factor| {
            sets.contains(&factor.factor_set) || factor.factor_set == crate::accounting::rules::NATIONAL_FACTOR_SET
        })
        .any(timed)
}

fn parse_month(given: &str) -> Result<Month, CalcError> {
    let month = || {
        let (year, month) = given.trim().split_once('-')?;
        let month = Month {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
        };
        ((1..=12).contains(&month.month) && (1990..=2100).contains(&month.year)).then_some(month)
    };
    month().ok_or_else(|| CalcError::Month(given.to_owned()))
}
