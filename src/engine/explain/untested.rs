//! An untested month opened: the tested months of its year that stand for it, each with its tests, and what is taken of them;
//! or that they are too few.

use crate::accounting::binding::BoundValue;
use crate::accounting::exact::Exact;
use crate::domain::decimal::from_count;
use crate::domain::missing::{Careful, TakeOfMonths, UntestedPlan};
use crate::domain::model::Parameter;
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::Hour;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::tested::samples;
use crate::engine::untested::TestedMonth;
use crate::engine::view::{Explanation, Part};
use crate::engine::{Broken, Engine};

use super::input::sample_in_numbers;
use super::numbers::{operand, result, shown};

/// The rule for untested months in words.
pub(in crate::engine) fn untested_rule_text(plan: UntestedPlan) -> Text {
    let key = match plan.take {
        TakeOfMonths::Mean => "untested-rule-mean",
        TakeOfMonths::Careful(Careful::High) => "untested-rule-high",
        TakeOfMonths::Careful(Careful::Low) => "untested-rule-low",
    };
    Text::new(key).with_count("least", plan.least_months)
}

impl Engine {
    /// That the tested months of the year are too few to stand for others, where the plan asks for some and the month of an
    /// hour is none of them.
    pub(super) fn too_few_months(
        &self,
        history: &dyn History,
        value: &BoundValue,
        hour: Hour,
    ) -> Result<Option<Text>, Broken> {
        let BoundValue::Property {
            parameter,
            untested: Some(plan),
            ..
        } = value
        else {
            return Ok(None);
        };
        let month = self.zone.month_of(hour);
        let tested = self.tested_months(history, *parameter, month.year)?;
        if tested.iter().any(|tested| tested.month == month) {
            return Ok(None);
        }
        Ok(Some(
            Text::new("explain-too-few-months")
                .with("year", month.year)
                .with_count("months", tested.len())
                .with("least", plan.least_months),
        ))
    }

    /// The tested months of a year, what is taken of them in numbers, and by which rule.
    pub(super) fn open_tested_months(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        year: i32,
        hour: Hour,
        explanation: &mut Explanation,
    ) -> Result<(), Refusal> {
        let Some(plan) = parameter.untested else { return Ok(()) };
        let quantum = Exact::from_decimal(from_count(1, parameter.decimals));
        let in_unit = |quanta: Exact| quanta.checked_mul(quantum).unwrap_or(Exact::ZERO);
        let unit = parameter.unit.symbol();
        let months = self.tested_months(history, parameter.id, year)?;
        let mut values = Vec::with_capacity(months.len());
        for TestedMonth { month, tests, mean } in &months {
            let mean = in_unit(*mean);
            values.push(operand(&shown(mean)));
            let tested: Vec<String> = samples(tests)
                .map(|sample| sample_in_numbers(parameter, sample))
                .collect();
            let written = match tested.as_slice() {
                [only] => only.clone(),
                several => format!("({}) ÷ {}", several.join(" + "), several.len()),
            };
            explanation.parts.push(Part {
                label: Text::new("explain-tested-month")
                    .with_period("month", Period::Month(*month))
                    .with_count("tests", tests.len()),
                value: Some(shown(mean)),
                unit: Some(unit.to_owned()),
                numbers: (tests.len() > 1).then(|| format!("{written} {} {unit}", result(mean))),
                remark: None,
                target: None,
            });
            for test in tests {
                explanation.parts.push(self.test_part(history, parameter, test)?);
            }
        }
        let month = self.zone.month_of(hour);
        let taken = plan.of_months(month, &months).map_or(Exact::ZERO, in_unit);
        let listed = values.join(" + ");
        let (formula, numbers) = match plan.take {
            TakeOfMonths::Mean => (
                "Σm ÷ n",
                format!("({listed}) ÷ {} {} {unit}", months.len(), result(taken)),
            ),
            TakeOfMonths::Careful(Careful::High) => ("max m", format!("{} {unit}", shown(taken))),
            TakeOfMonths::Careful(Careful::Low) => ("min m", format!("{} {unit}", shown(taken))),
        };
        explanation.formula = Some(formula.to_owned());
        explanation.numbers = Some(numbers);
        explanation.remarks.push(
            Text::new("explain-untested-month")
                .with("tag", &parameter.tag)
                .with_period("month", Period::Month(month))
                .with_text("rule", untested_rule_text(plan)),
        );
        Ok(())
    }
}
