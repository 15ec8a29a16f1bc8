//! A parameter's quantity over a period: a year by its months, a month by its days, a day by its hours.

use crate::accounting::exact::Exact;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::substitutes::Posted;
use crate::engine::view::{Explanation, Part, Target};

use super::numbers::{quantity_in_unit, quantity_unit, shown};
use super::{MOST_PARTS, described};

impl Engine {
    pub(super) fn explain_quantity(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        period: Period,
    ) -> Result<Explanation, Refusal> {
        if let Period::Hour(hour) = period {
            return self.explain_bucket(history, model, parameter, hour);
        }
        let described = described(model, parameter)?;
        let mut explanation = Explanation {
            target: Target::Quantity { parameter, period },
            title: Text::new("explain-quantity")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with_period("period", period),
            value: None,
            unit: Some(quantity_unit(described).symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        let hours = self.period_hours(model, period);
        match described.kind {
            ParameterKind::Property | ParameterKind::State => {
                explanation.unit = None;
                explanation.remarks.push(Text::new("quantity-none"));
                if described.kind == ParameterKind::Property {
                    let tests = self.tests_between(history, parameter, hours.0, hours.1)?;
                    explanation.parts = tests
                        .iter()
                        .take(MOST_PARTS)
                        .map(|test| self.test_part(history, described, test))
                        .collect::<Result<_, _>>()?;
                }
                return Ok(explanation);
            }
            ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount => {}
        }
        let mut total = Exact::ZERO;
        let mut substituted = 0;
        for column in self.periods_below(model, period) {
            let posted = {
                let (from, to) = self.period_hours(model, column);
                self.posted_between(history, parameter, from, to, true)?
            };
            if posted.is_empty() {
                continue;
            }
            let sum = posted.values().map(Posted::quantity).sum();
            substituted += posted.values().filter(|posted| posted.substitute.is_some()).count();
            let value = quantity_in_unit(described, sum);
            total = total.checked_add(value).unwrap_or(total);
            explanation.parts.push(quantity_part(described, column, value));
        }
        explanation.value = (!explanation.parts.is_empty()).then(|| shown(total));
        explanation.formula = Some("Σ".to_owned());
        if substituted > 0 {
            explanation
                .remarks
                .push(Text::new("figure-substituted").with_count("hours", substituted));
        }
        Ok(explanation)
    }
}

fn quantity_part(parameter: &Parameter, period: Period, value: Exact) -> Part {
    Part {
        label: Text::new("explain-period").with_period("period", period),
        value: Some(shown(value)),
        unit: Some(quantity_unit(parameter).symbol().to_owned()),
        numbers: None,
        remark: None,
        target: Some(match period {
            Period::Hour(hour) => Target::Bucket {
                parameter: parameter.id,
                hour,
            },
            period => Target::Quantity {
                parameter: parameter.id,
                period,
            },
        }),
    }
}
