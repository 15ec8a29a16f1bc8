//! The rules by which a parameter's readings are judged (检查规则): its plan's, over what is known of it and the defaults of
//! its kind.

use rust_decimal::prelude::ToPrimitive;

use crate::accounting::binding::{BoundValue, factor_value};
use crate::accounting::exact::{Exact, Rounding};
use crate::domain::checks::CheckPlan;
use crate::domain::decimal::from_count;
use crate::domain::identity::SourceId;
use crate::domain::model::{Limits, Parameter, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::time::Instant;
use crate::quality::checks::gap::GapSettings;
use crate::quality::defaults::{Known, least_load};
use crate::quality::rules::Rules;
use crate::quality::{Span, plan};

use super::Engine;
use super::series::Series;

impl Engine {
    /// The rules of a parameter: its plan's, and by default those of its kind, its limits and its interval.
    pub(super) fn rules_of(&self, model: &SiteModel, series: &Series, parameter: &Parameter, at: Instant) -> Rules {
        let span = |key, limits: &Limits| {
            let end = |limit: Option<rust_decimal::Decimal>| limit.and_then(|limit| limit.to_f64());
            Span::new(key, end(limits.low), end(limits.high)).ok()
        };
        let rollover = series.counter_rule_at(at).and_then(|rule| rule.rollover);
        let known = Known {
            kind: Some(parameter.kind),
            sensor: span("possible", &parameter.possible),
            operator: span("operating", &parameter.operating),
            interval_ms: parameter.interval_ms,
            rollover: rollover.and_then(|count| from_count(count, parameter.decimals).to_f64()),
            has_load: parameter.checks.as_ref().is_some_and(|checks| checks.load.is_some()),
            least_load: parameter
                .checks
                .as_ref()
                .and_then(|checks| model.parameter(checks.load?))
                .and_then(|load| least_load(span("possible", &load.possible))),
            published: self.published_value(parameter, at),
        };
        let usual = CheckPlan::default();
        let plan = parameter.checks.as_ref().unwrap_or(&usual);
        // What contradicts itself is told where the model is checked; here it spoils no other check.
        let mut rules = plan::rules(model.zone, &known, plan).rules;
        // What the ledger takes for continuous is no gap.
        if plan.gap.is_usual()
            && rules.gap.is_some()
            && let Ok(gap) = GapSettings::new(parameter.gap_limit_ms)
        {
            rules.gap = Some(gap);
        }
        // Without the load of its process a level tells more of the process than of the sensor.
        if plan.shift.is_usual() && !known.has_load && parameter.kind != ParameterKind::State {
            rules.shift = None;
        }
        rules
    }

    /// What is published for a tested value, in its unit, as of an instant: the catalogue factor that stands in for it until
    /// a test arrives, in the first book of its source; from the least to the most where sources
    /// name different ones.
    fn published_value(&self, parameter: &Parameter, at: Instant) -> Option<(f64, f64)> {
        let bound = self.models.newest()?;
        let month = self.zone.month_of(self.zone.hour_of(at));
        let stand_in = |source: SourceId| {
            let book = bound.model().books.iter().find(|book| bound.belongs(book.id, source))?;
            let inputs = bound.source(source)?.inputs.iter();
            let mut values = inputs.filter_map(|input| {
                let BoundValue::Property {
                    parameter: id,
                    scale,
                    provisional: Some(stand_in),
                    ..
                } = &input.value
                else {
                    return None;
                };
                let BoundValue::Factor { key, data_year, target } = stand_in.as_ref() else {
                    return None;
                };
                let resolved = self.rules.resolve(&book.factor_sets, key, *data_year, month).ok()?;
                let quanta = factor_value(&resolved, target)
                    .ok()?
                    .checked_div(Exact::from_ratio(*scale))
                    .ok()?;
                let quanta = quanta.to_decimal(6, Rounding::HalfEven).ok()?.to_f64()?;
                (*id == parameter.id).then(|| quanta / 10_f64.powi(i32::try_from(parameter.decimals).unwrap_or(0)))
            });
            values.next()
        };
        let sources = self.models.sources_by_property(parameter.id);
        let published = sources.filter_map(|(source, _)| stand_in(source));
        published.fold(None, |known: Option<(f64, f64)>, value| {
            let (low, high) = known.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
    }
}
