//! A cell opened: its formula, the numbers in it, and what each input is; and the factors among them.

use crate::accounting::binding::BoundSource;
use crate::accounting::exact::Exact;
use crate::accounting::rules::{Factor, MethodDefinition};
use crate::catalogue::wording;
use crate::domain::identity::{BookId, SourceId};
use crate::domain::model::{Gas, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Hour;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::evaluate::{Evaluator, Input, NoValue, Origin};
use crate::engine::history::History;
use crate::engine::models::BoundModel;
use crate::engine::totals::cell_figure;
use crate::engine::view::{Explanation, Part, Target};

use super::numbers::{minutes, operand, result, shown};
use super::sealed::other_today;
use super::{emission, named, tag, unknown};

impl Engine {
    pub(super) fn explain_cell(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        source: SourceId,
        hour: Hour,
    ) -> Result<Explanation, Refusal> {
        let in_force = self.models.at(hour).ok_or_else(unknown)?;
        let bound = in_force.source(source).ok_or_else(unknown)?;
        let rules = in_force.book(book).ok_or_else(unknown)?;
        let name = in_force
            .model()
            .source(source)
            .map(|source| source.name.clone())
            .ok_or_else(unknown)?;
        let title = Text::new("explain-cell")
            .with_name("name", &name)
            .with_period("period", Period::Hour(hour));
        let mut evaluator = Evaluator::new(self, history, book, source);
        let cell = self.cell_of_hour(history, book, source, hour)?;
        let today = evaluator.cell(hour)?.cell;
        let mut explanation = emission(
            Target::Cell { book, source, hour },
            title,
            &cell.as_ref().map(cell_figure).unwrap_or_default(),
        );
        if cell.is_none() {
            explanation.value = None;
            explanation.remarks.push(Text::new("explain-no-cell"));
        }
        let definition = self.rules.method(&bound.method);
        let mut values = Vec::new();
        for (place, input) in bound.inputs.iter().enumerate() {
            let found = evaluator.input(in_force, bound, place, input, hour)?;
            let value = found.as_ref().ok().map(|found| found.value);
            values.extend(value.map(|value| (input.key.as_str(), input.unit.symbol().to_owned(), value)));
            explanation.parts.push(Part {
                label: input_label(definition, &input.key),
                value: value.map(shown),
                unit: Some(input.unit.symbol().to_owned()),
                numbers: None,
                remark: Some(self.input_remark(in_force, &found, hour)?),
                target: Some(Target::Input {
                    book,
                    source,
                    input: input.key.clone(),
                    hour,
                }),
            });
        }
        let numbers = definition
            .filter(|_| values.len() == bound.inputs.len())
            .and_then(|definition| self.reckoned(bound, definition, &rules.gwp_set, &values, ""));
        // The numbers are today's, and stand with the figure only where they make it.
        let other = other_today((cell.as_ref(), today.as_ref()), numbers.as_deref());
        if let Some(definition) = definition {
            explanation.formula = Some(definition.formula.clone());
            if other.is_none() && values.len() == bound.inputs.len() {
                explanation.numbers = numbers;
                explanation.remarks.push(Text::new("explain-rounded"));
            }
            explanation.remarks.push(method_remark(definition));
        }
        explanation.remarks.extend(other);
        explanation.remarks.push(
            Text::new("explain-in-force")
                .with("book", &rules.key)
                .with("standard", clean(&rules.standard))
                .with("edition", clean(&rules.edition))
                .with("model", in_force.applied.sequence)
                .with("rules", self.rules_sequence),
        );
        if model.simulated {
            explanation.remarks.push(Text::new("figure-simulated"));
        }
        Ok(explanation)
    }

    /// The formula with its numbers and its result before it is rounded; `per` is what comes after its unit.
    pub(super) fn reckoned(
        &self,
        bound: &BoundSource,
        definition: &MethodDefinition,
        gwp_set: &str,
        values: &[(&str, String, Exact)],
        per: &str,
    ) -> Option<String> {
        let exact: Vec<Exact> = values.iter().map(|(.., value)| *value).collect();
        let mass = (bound.function)(&exact).ok()?;
        let numbers = with_numbers(&definition.formula, values);
        if bound.gas == Gas::CarbonDioxide {
            return Some(format!("{numbers} {} t{per}", result(mass)));
        }
        let warming = self.rules.gwp(gwp_set, bound.gas)?;
        let equivalent = mass.checked_mul(Exact::from_decimal(warming)).ok()?;
        Some(format!(
            "{numbers} {} t{per}; {} t{per} × {warming} {} tCO2e{per}",
            result(mass),
            shown(mass),
            result(equivalent)
        ))
    }

    /// Where the value of an input came from, in short.
    pub(super) fn input_remark(
        &self,
        in_force: &BoundModel,
        found: &Result<Input, NoValue>,
        hour: Hour,
    ) -> Result<Text, Refusal> {
        let input = match found {
            Ok(input) => input,
            Err(why) => return Ok(no_value(in_force, why)),
        };
        let remark = match &input.origin {
            Origin::Bucket {
                parameter,
                missing_ms,
                posted,
                ..
            } => {
                let missing = missing_ms - self.to_come_ms(self.series(*parameter)?, hour).min(*missing_ms);
                let text = if posted.substitute.is_some() {
                    let filled = posted.bucket.missing_ms();
                    Text::new("explain-bucket-substituted").with("minutes", minutes(filled))
                } else if missing > 0 {
                    Text::new("explain-bucket-missing").with("minutes", minutes(missing))
                } else {
                    Text::new("explain-bucket-of")
                };
                text.with("tag", tag(in_force.model(), *parameter))
            }
            Origin::Tests { parameter, tests, .. } => Text::new("explain-tests")
                .with("tag", tag(in_force.model(), *parameter))
                .with_count("tests", *tests),
            Origin::TestedMonths {
                parameter,
                year,
                months,
            } => Text::new("explain-tested-months")
                .with("tag", tag(in_force.model(), *parameter))
                .with("year", year)
                .with_count("months", *months),
            Origin::Factor(factor) => factor_remark(factor),
            Origin::Constant(constant) => Text::new("explain-constant")
                .with("value", constant.value)
                .with("unit", &constant.unit)
                .with_name("origin", &wording::in_both(&constant.origin)),
        };
        Ok(if input.provisional {
            Text::new("explain-provisional").with_text("of", remark)
        } else {
            remark
        })
    }

    pub(super) fn explain_factor(&self, id: &str) -> Result<Explanation, Refusal> {
        let factor = self
            .rules
            .factors()
            .iter()
            .find(|factor| factor.id == id)
            .ok_or_else(unknown)?;
        let mut remarks = vec![
            Text::new("factor-source")
                .with_name("document", &wording::in_both(&factor.document))
                .with_name("table", &wording::in_both(&factor.table))
                .with("set", &factor.factor_set),
            factor.trust.text(),
            Text::new("factor-adopted").with("record", self.rules_sequence),
        ];
        if let Some(year) = factor.data_year {
            remarks.push(Text::new("factor-data-year").with("year", year));
        }
        if !factor.notes.is_empty() {
            remarks.push(Text::new("plain-name").with_name("name", &wording::in_both(&factor.notes)));
        }
        Ok(Explanation {
            target: Target::Factor { id: id.to_owned() },
            title: Text::new("explain-factor")
                .with_name("name", &factor.name)
                .with("key", &factor.key),
            value: Some(factor.value.to_string()),
            unit: Some(factor.unit.symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks,
            parts: Vec::new(),
        })
    }
}

/// What an input is called.
pub(super) fn input_label(definition: Option<&MethodDefinition>, key: &str) -> Text {
    definition.and_then(|definition| definition.input(key)).map_or_else(
        || Text::new("explain-input-key").with("key", key),
        |input| named(&input.name),
    )
}

/// By which method something is reckoned, and where it stands.
pub(super) fn method_remark(definition: &MethodDefinition) -> Text {
    Text::new("explain-method")
        .with("method", definition.reference())
        .with_name("name", &definition.name)
        .with_name("document", &wording::in_both(&definition.document))
        .with_name("table", &wording::in_both(&definition.table))
}

/// Why an input has no value.
pub(super) fn no_value(in_force: &BoundModel, why: &NoValue) -> Text {
    match why {
        NoValue::Value(error) => error.text(),
        NoValue::NotTested(parameter) => Text::new("explain-not-tested").with("tag", tag(in_force.model(), *parameter)),
    }
}

/// A factor with its value and where it stands.
pub(super) fn factor_remark(factor: &Factor) -> Text {
    let text = match factor.data_year {
        Some(year) => Text::new("explain-factor-of-year").with("year", year),
        None => Text::new("explain-factor-of"),
    };
    text.with("key", &factor.key)
        .with("value", factor.value)
        .with("unit", &factor.unit)
        .with_name("document", &wording::in_both(&factor.document))
}

/// The formula with the inputs' values and units in the places of their names.
fn with_numbers(formula: &str, values: &[(&str, String, Exact)]) -> String {
    let mut numbers = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, numbers: &mut String| {
        match values.iter().find(|(key, ..)| key == word) {
            Some((_, unit, value)) => {
                numbers.push_str(&operand(&shown(*value)));
                numbers.push(' ');
                numbers.push_str(unit);
            }
            None => numbers.push_str(word),
        }
        word.clear();
    };
    for character in formula.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            word.push(character);
        } else {
            flush(&mut word, &mut numbers);
            numbers.push(character);
        }
    }
    flush(&mut word, &mut numbers);
    numbers
}
