//! An input of a cell opened: the conversion of a quantity, the tests behind a mean with their weights, what stands in
//! while there is no test, a factor, a constant.

use crate::accounting::binding::{BoundInput, BoundSource, BoundValue};
use crate::accounting::exact::Exact;
use crate::catalogue::wording;
use crate::domain::decimal::from_count;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::{Constant, Parameter};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::Hour;
use crate::domain::unit::Unit;
use crate::engine::command::Refusal;
use crate::engine::evaluate::{Evaluator, Input, Origin, weighing_quantity};
use crate::engine::history::History;
use crate::engine::models::{BoundModel, WindowKey};
use crate::engine::tested::{Test, mean_of_sample, plain_mean, samples};
use crate::engine::view::{Explanation, Part, Target};
use crate::engine::{Broken, Engine};

use super::cell::{factor_remark, input_label, no_value};
use super::numbers::{conversion, operand, quantity_in_unit, quantity_unit, result, shown};
use super::reading::value_of;
use super::substitute::substitute_part;
use super::{described, joined, tag, unknown};

/// Tests of a property with what each sample of them weighs.
struct Weighted {
    tests: Vec<Test>,
    /// Of the samples, in order; empty where there is only one.
    weights: Vec<Exact>,
    /// Unit of the weights.
    unit: String,
}

/// An input of a source in an hour, with the model that is in force then.
#[derive(Clone, Copy)]
struct Opened<'a> {
    in_force: &'a BoundModel,
    bound: &'a BoundSource,
    input: &'a BoundInput,
    /// Of a property.
    window: Option<(ParameterId, WindowKey)>,
    /// Whether the book takes substitutes.
    filled: bool,
    hour: Hour,
}

impl Engine {
    pub(super) fn explain_input(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        key: &str,
        hour: Hour,
    ) -> Result<Explanation, Refusal> {
        let in_force = self.models.at(hour).ok_or_else(unknown)?;
        let bound = in_force.source(source).ok_or_else(unknown)?;
        let name = in_force
            .model()
            .source(source)
            .map(|source| source.name.clone())
            .ok_or_else(unknown)?;
        let (place, input) = bound
            .inputs
            .iter()
            .enumerate()
            .find(|(_, input)| input.key == key)
            .ok_or_else(unknown)?;
        let found = Evaluator::new(self, history, book, source).input(in_force, bound, place, input, hour)?;
        let label = input_label(self.rules.method(&bound.method), key);
        let mut explanation = Explanation {
            target: Target::Input {
                book,
                source,
                input: key.to_owned(),
                hour,
            },
            title: Text::new("explain-input")
                .with_text("input", label)
                .with_name("name", &name)
                .with_period("period", Period::Hour(hour)),
            value: found.as_ref().ok().map(|found| shown(found.value)),
            unit: Some(input.unit.symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        let window = match &input.value {
            BoundValue::Property { parameter, window, .. } => Some((*parameter, WindowKey::of(*window))),
            _ => None,
        };
        match found {
            Err(why) => explanation.remarks.push(no_value(in_force, &why)),
            Ok(found) => {
                if let (Some((parameter, window)), Origin::Factor(_) | Origin::Constant(_)) = (window, &found.origin) {
                    explanation
                        .remarks
                        .push(stand_in(in_force, parameter, window, hour, self));
                    if in_force.takes_substitutes(book) {
                        explanation
                            .remarks
                            .extend(self.too_few_months(history, &input.value, hour)?);
                    }
                } else if matches!(found.origin, Origin::TestedMonths { .. }) {
                    // Said where the months are opened.
                } else if found.provisional {
                    explanation.remarks.push(Text::new("explain-older-year"));
                }
                let asked = Opened {
                    in_force,
                    bound,
                    input,
                    window,
                    filled: in_force.takes_substitutes(book),
                    hour,
                };
                self.open_input(history, asked, &found, &mut explanation)?;
            }
        }
        Ok(explanation)
    }

    fn open_input(
        &self,
        history: &dyn History,
        asked: Opened<'_>,
        found: &Input,
        explanation: &mut Explanation,
    ) -> Result<(), Refusal> {
        let Opened {
            in_force,
            input,
            window,
            hour,
            ..
        } = asked;
        match &found.origin {
            Origin::Bucket { parameter, posted, .. } => {
                let parameter = described(in_force.model(), *parameter)?;
                let quantity = quantity_in_unit(parameter, posted.bucket.quantity);
                let unit = quantity_unit(parameter);
                let whole = quantity_in_unit(parameter, posted.quantity());
                explanation.numbers = Some(if posted.substitute.is_some() {
                    let substituted = quantity_in_unit(parameter, posted.substituted());
                    let sum = format!(
                        "{} + {} {} {unit}",
                        operand(&shown(quantity)),
                        operand(&shown(substituted)),
                        result(whole)
                    );
                    with_conversion(sum, &unit, input, found.value)
                } else {
                    converted(&shown(whole), &unit, input, found.value)
                });
                explanation.parts.push(Part {
                    label: Text::new("explain-bucket-of").with("tag", &parameter.tag),
                    value: Some(shown(quantity)),
                    unit: Some(unit.symbol().to_owned()),
                    numbers: None,
                    remark: None,
                    target: Some(Target::Bucket {
                        parameter: parameter.id,
                        hour,
                    }),
                });
                explanation.parts.extend(substitute_part(self, parameter, hour, posted));
            }
            Origin::Tests { parameter, .. } => {
                let parameter = described(in_force.model(), *parameter)?;
                let window = window.map_or(WindowKey::Test, |(_, window)| window);
                self.open_tests(history, asked, parameter, window, explanation)?;
                let mean = explanation.numbers.take().unwrap_or_default();
                explanation.numbers = Some(with_conversion(mean, &parameter.unit, input, found.value));
            }
            Origin::TestedMonths { parameter, year, .. } => {
                let parameter = described(in_force.model(), *parameter)?;
                self.open_tested_months(history, parameter, *year, hour, explanation)?;
                let taken = explanation.numbers.take().unwrap_or_default();
                explanation.numbers = Some(with_conversion(taken, &parameter.unit, input, found.value));
            }
            Origin::Factor(factor) => {
                explanation.numbers = Some(converted(&factor.value.to_string(), &factor.unit, input, found.value));
                explanation.parts.push(Part {
                    label: Text::new("explain-factor")
                        .with_name("name", &factor.name)
                        .with("key", &factor.key),
                    value: Some(factor.value.to_string()),
                    unit: Some(factor.unit.symbol().to_owned()),
                    numbers: None,
                    remark: Some(factor_remark(factor)),
                    target: Some(Target::Factor { id: factor.id.clone() }),
                });
            }
            Origin::Constant(constant) => {
                explanation.numbers = Some(converted(
                    &constant.value.to_string(),
                    &constant.unit,
                    input,
                    found.value,
                ));
                explanation.parts.push(constant_part(in_force, constant));
            }
        }
        Ok(())
    }

    /// The tests behind a mean, each with its weight, and the mean with the numbers in it, in the parameter's unit.
    fn open_tests(
        &self,
        history: &dyn History,
        asked: Opened<'_>,
        parameter: &Parameter,
        window: WindowKey,
        explanation: &mut Explanation,
    ) -> Result<(), Refusal> {
        let Opened {
            in_force, bound, hour, ..
        } = asked;
        let weighted = self.weighted(history, asked, parameter, window)?;
        let in_unit = |quanta: Exact| in_unit_of(parameter, quanta);
        // Of each sample its value, or the mean of its tests, as it is written in what is reckoned with it.
        let mut values: Vec<String> = Vec::new();
        let mut weight_sum = Exact::ZERO;
        let mut product_sum = Exact::ZERO;
        for (place, sample) in samples(&weighted.tests).enumerate() {
            let written = sample_in_numbers(parameter, sample);
            let mut product_of_sample = weighted.weights.get(place).map(|weight| {
                let mean = mean_of_sample(sample).map_or(Exact::ZERO, in_unit);
                let product = weight.checked_mul(mean).unwrap_or(Exact::ZERO);
                weight_sum = weight_sum.checked_add(*weight).unwrap_or(weight_sum);
                product_sum = product_sum.checked_add(product).unwrap_or(product_sum);
                format!(
                    "q × c: {} {} × {written} {}",
                    shown(*weight),
                    weighted.unit,
                    result(product)
                )
            });
            for test in sample {
                let mut part = self.test_part(history, parameter, test)?;
                // Said at the first of them: the sample weighs once.
                part.numbers = product_of_sample.take();
                explanation.parts.push(part);
            }
            values.push(written);
        }
        let (from, to) = self.window_hours(window, hour);
        let period = match window {
            WindowKey::Test => Period::Hour(hour),
            WindowKey::Month => Period::Month(self.zone.month_of(hour)),
            WindowKey::Year => Period::Year(self.zone.month_of(hour).year),
        };
        let unit = parameter.unit.symbol();
        let mean = plain_mean(&weighted.tests).map_or(Exact::ZERO, in_unit);
        let (formula, numbers, remark) = if let [_] = weighted.tests.as_slice() {
            let only = values.first().cloned().unwrap_or_default();
            ("c", format!("{only} {unit}"), Text::new("explain-one-test"))
        } else if let [only] = values.as_slice() {
            let numbers = format!("{only} {} {unit}", result(mean));
            ("Σc ÷ n", numbers, Text::new("explain-one-sample"))
        } else if weight_sum.is_zero() {
            (
                "Σc ÷ n",
                format!("({}) ÷ {} {} {unit}", values.join(" + "), values.len(), result(mean)),
                Text::new("explain-plain-mean"),
            )
        } else {
            let mean = product_sum.checked_div(weight_sum).unwrap_or(Exact::ZERO);
            let remark = match (window, weighing_quantity(bound)) {
                (WindowKey::Test, _) | (_, None) => Text::new("explain-weighted-by-time"),
                (_, Some(quantity)) => Text::new("explain-weighted-by").with("tag", tag(in_force.model(), quantity)),
            };
            (
                "Σqc ÷ Σq",
                format!("{} ÷ {} {} {unit}", shown(product_sum), shown(weight_sum), result(mean)),
                remark,
            )
        };
        explanation.formula = Some(formula.to_owned());
        explanation.numbers = Some(numbers);
        explanation.remarks.push(remark);
        if values.len() > 1 && values.len() < weighted.tests.len() {
            explanation.remarks.push(Text::new("explain-samples"));
        }
        if let Some(quantity) = weighing_quantity(bound).filter(|_| asked.filled && window != WindowKey::Test) {
            let posted = self.posted_between(history, quantity, from, to, true)?;
            if posted.values().any(|hour| hour.substitute.is_some()) {
                explanation.remarks.push(Text::new("substitute-weights"));
            }
        }
        explanation.remarks.push(
            Text::new("explain-window")
                .with("tag", &parameter.tag)
                .with_period("window", period)
                .with_instant("from", self.zone.hour_start(from))
                .with_instant("to", self.zone.hour_start(to)),
        );
        Ok(())
    }

    fn weighted(
        &self,
        history: &dyn History,
        asked: Opened<'_>,
        parameter: &Parameter,
        window: WindowKey,
    ) -> Result<Weighted, Refusal> {
        let Opened {
            in_force,
            bound,
            filled,
            hour,
            ..
        } = asked;
        let (from, to) = self.window_hours(window, hour);
        if window == WindowKey::Test {
            let tests = self.tests_between(history, parameter.id, from, to)?;
            let in_seconds = |covered_ms: i128| Exact::ratio(covered_ms, 1000).unwrap_or(Exact::ZERO);
            let weights = if samples(&tests).nth(1).is_some() {
                self.covered_ms(&tests, hour).into_iter().map(in_seconds).collect()
            } else {
                Vec::new()
            };
            return Ok(Weighted {
                tests,
                weights,
                unit: "s".to_owned(),
            });
        }
        let tests = self.tests_of_window(history, parameter.id, from, to)?;
        let mut weights = Vec::new();
        let mut unit = String::new();
        if samples(&tests).nth(1).is_some() {
            let counted: Result<Vec<i128>, Broken> = self.weights(history, bound, &tests, (from, to), filled);
            let quantity = weighing_quantity(bound)
                .map(|quantity| described(in_force.model(), quantity))
                .transpose()?;
            let in_unit = |weight: i128| quantity.map_or(Exact::ZERO, |quantity| quantity_in_unit(quantity, weight));
            weights = counted?.into_iter().map(in_unit).collect();
            unit = quantity.map_or_else(String::new, |quantity| quantity_unit(quantity).symbol().to_owned());
        }
        Ok(Weighted { tests, weights, unit })
    }
}

/// A number of a parameter's quanta in its unit.
fn in_unit_of(parameter: &Parameter, quanta: Exact) -> Exact {
    let quantum = Exact::from_decimal(from_count(1, parameter.decimals));
    quanta.checked_mul(quantum).unwrap_or(Exact::ZERO)
}

/// A sample's value as it is reckoned with, or the mean of its tests in numbers.
pub(super) fn sample_in_numbers(parameter: &Parameter, sample: &[Test]) -> String {
    let values: Vec<String> = sample
        .iter()
        .map(|test| operand(&value_of(parameter, &test.version)))
        .collect();
    match values.as_slice() {
        [only] => only.clone(),
        several => format!("({}) ÷ {}", several.join(" + "), several.len()),
    }
}

/// A value of one unit in that of an input, with the factor between them.
fn converted(value: &str, unit: &Unit, input: &BoundInput, in_input_unit: Exact) -> String {
    with_conversion(format!("{value} {unit}"), unit, input, in_input_unit)
}

fn with_conversion(written: String, unit: &Unit, input: &BoundInput, in_input_unit: Exact) -> String {
    let conversion = conversion(unit, &input.unit);
    if conversion.is_empty() {
        return written;
    }
    // What was reckoned before stands for itself: only its result is converted.
    let value = written
        .rsplit_once(['=', '≈'])
        .map(|(_, value)| value.trim().to_owned());
    let converted = format!(
        "{}{conversion} {} {}",
        value.as_deref().unwrap_or(&written),
        result(in_input_unit),
        input.unit
    );
    match value {
        Some(_) => format!("{written}; {converted}"),
        None => converted,
    }
}

/// That no test was there, and what the model gives in its stead.
fn stand_in(in_force: &BoundModel, parameter: ParameterId, window: WindowKey, hour: Hour, engine: &Engine) -> Text {
    let tag = tag(in_force.model(), parameter);
    let month = engine.zone.month_of(hour);
    let period = match window {
        WindowKey::Test => Period::Hour(hour),
        WindowKey::Month => Period::Month(month),
        WindowKey::Year => Period::Year(month.year),
    };
    Text::new("explain-stand-in")
        .with("tag", tag)
        .with_period("window", period)
}

/// A value of the model: it opens the record that put the model in force.
fn constant_part(in_force: &BoundModel, constant: &Constant) -> Part {
    Part {
        label: Text::new("explain-constant-label"),
        value: Some(constant.value.to_string()),
        unit: Some(constant.unit.symbol().to_owned()),
        numbers: None,
        remark: Some(joined(vec![
            Text::new("explain-constant-origin").with_name("origin", &wording::in_both(&constant.origin)),
            Text::new("explain-model-record").with("record", in_force.applied.sequence),
        ])),
        target: Some(Target::Record {
            sequence: in_force.applied.sequence,
        }),
    }
}
