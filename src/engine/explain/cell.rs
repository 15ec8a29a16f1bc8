//! A cell opened: its formula, the numbers in it, and where each input came from; and the factors among them.

use crate::accounting::binding::BoundSource;
use crate::accounting::exact::Exact;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Hour;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::evaluate::{Evaluator, Input, NoValue, Origin, weighted_properties};
use crate::engine::history::History;
use crate::engine::models::{BoundModel, WindowKey};
use crate::engine::totals::cell_figure;
use crate::engine::view::{Explanation, Part, Target};

use super::{emission, minutes, named, shown, tag, unknown};

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
            .sources
            .iter()
            .find(|other| other.id == source)
            .map(|source| source.name.clone())
            .ok_or_else(unknown)?;
        let title = Text::new("explain-cell")
            .with_name("name", &name)
            .with("period", self.label(Period::Hour(hour)));
        let mut evaluator = Evaluator::new(self, history, book, source);
        let cell = evaluator.cell(hour)?.cell;
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
        let mut formula = definition.map(|definition| definition.formula.clone());
        let mut values = Vec::new();
        for (place, input) in bound.inputs.iter().enumerate() {
            let found = evaluator.input(in_force, bound, place, input, hour)?;
            if let Ok(found) = &found {
                values.push((input.key.clone(), shown(found.value), found.value));
            }
            let label = definition
                .and_then(|definition| definition.input(&input.key))
                .map_or_else(
                    || Text::new("explain-input").with("key", &input.key),
                    |input| named(&input.name),
                );
            explanation.parts.push(self.input_part(
                history,
                in_force,
                bound,
                label,
                input.unit.symbol(),
                found,
                hour,
            )?);
        }
        if let Some(formula) = &mut formula
            && values.len() == bound.inputs.len()
        {
            explanation.numbers = Some(with_numbers(formula, &values));
            let exact: Vec<Exact> = values.iter().map(|(.., value)| *value).collect();
            if let Ok(result) = (bound.function)(&exact) {
                explanation
                    .remarks
                    .push(Text::new("explain-unrounded").with("value", shown(result)));
            }
        }
        explanation.formula = formula;
        if let Some(definition) = definition {
            explanation.remarks.push(
                Text::new("explain-method")
                    .with("method", definition.reference())
                    .with_name("name", &definition.name)
                    .with("document", &definition.document)
                    .with("table", &definition.table),
            );
        }
        explanation.remarks.push(
            Text::new("explain-in-force")
                .with("book", &rules.key)
                .with("standard", &rules.standard)
                .with("edition", &rules.edition)
                .with("model", in_force.applied.sequence)
                .with("rules", self.rules_sequence),
        );
        if model.simulated {
            explanation.remarks.push(Text::new("figure-simulated"));
        }
        Ok(explanation)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "an input is explained by all that it was taken from"
    )]
    fn input_part(
        &self,
        history: &dyn History,
        in_force: &BoundModel,
        bound: &BoundSource,
        label: Text,
        unit: &str,
        found: Result<Input, NoValue>,
        hour: Hour,
    ) -> Result<Part, Refusal> {
        let input = match found {
            Ok(input) => input,
            Err(why) => {
                let remark = match why {
                    NoValue::Value(error) => error.text(),
                    NoValue::NotTested(parameter) => {
                        Text::new("explain-not-tested").with("tag", tag(in_force.model(), parameter))
                    }
                };
                return Ok(Part {
                    label,
                    value: None,
                    unit: Some(unit.to_owned()),
                    remark: Some(remark),
                    target: None,
                });
            }
        };
        let (remark, target) = match &input.origin {
            Origin::Bucket {
                parameter, missing_ms, ..
            } => {
                let tag = tag(in_force.model(), *parameter);
                let remark = if *missing_ms > 0 {
                    Text::new("explain-bucket-missing")
                        .with("tag", tag)
                        .with("minutes", minutes(*missing_ms))
                } else {
                    Text::new("explain-bucket-of").with("tag", tag)
                };
                let target = Target::Bucket {
                    parameter: *parameter,
                    hour,
                };
                (remark, Some(target))
            }
            Origin::Tests { parameter, tests } => {
                let window = weight_window(bound, *parameter);
                let (from, to) = self.window_hours(window, hour);
                let first = self
                    .tests_between(history, *parameter, from, to)?
                    .first()
                    .map(|test| test.version.slot);
                (
                    Text::new("explain-tests")
                        .with("tag", tag(in_force.model(), *parameter))
                        .with_count("tests", *tests),
                    match (window, first) {
                        (WindowKey::Test, Some(_)) | (_, None) => Some(Target::Bucket {
                            parameter: *parameter,
                            hour,
                        }),
                        (_, Some(_)) => Some(Target::Bucket {
                            parameter: *parameter,
                            hour: from,
                        }),
                    },
                )
            }
            Origin::Factor(factor) => (
                Text::new("explain-factor-of")
                    .with("key", &factor.key)
                    .with("value", factor.value)
                    .with("unit", &factor.unit)
                    .with("document", &factor.document)
                    .with(
                        "year",
                        factor.data_year.map_or_else(String::new, |year| year.to_string()),
                    ),
                Some(Target::Factor { id: factor.id.clone() }),
            ),
            Origin::Constant(constant) => (
                Text::new("explain-constant")
                    .with("value", constant.value)
                    .with("unit", &constant.unit)
                    .with("origin", clean(&constant.origin)),
                None,
            ),
        };
        let remark = if input.provisional {
            Text::new("explain-provisional").with_text("of", remark)
        } else {
            remark
        };
        Ok(Part {
            label,
            value: Some(shown(input.value)),
            unit: Some(unit.to_owned()),
            remark: Some(remark),
            target,
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
                .with("document", &factor.document)
                .with("table", &factor.table)
                .with("set", &factor.factor_set),
            factor.trust.text(),
            Text::new("factor-adopted").with("record", self.rules_sequence),
        ];
        if let Some(year) = factor.data_year {
            remarks.push(Text::new("factor-data-year").with("year", year));
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

fn weight_window(bound: &BoundSource, parameter: ParameterId) -> WindowKey {
    weighted_properties(bound)
        .find(|(other, _)| *other == parameter)
        .map_or(WindowKey::Test, |(_, window)| window)
}

/// The formula with the inputs' values in the places of their names.
fn with_numbers(formula: &str, values: &[(String, String, Exact)]) -> String {
    let mut numbers = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, numbers: &mut String| {
        match values.iter().find(|(key, ..)| key == word) {
            Some((_, value, _)) => numbers.push_str(value),
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
