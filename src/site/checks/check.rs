//! What must hold for the checks of a site's parameters, beyond what holds for any table of checks.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::read::planned;
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::domain::time::PlantZone;
use crate::quality::Span;
use crate::quality::defaults::Known;
use crate::site::check::{Links, refer};
use crate::site::problem::Problems;
use crate::site::row::Row;

/// Checks what the file says of quality checks.
pub(in crate::site) fn check_checks(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    let zone = file.row("site").and_then(|site| site.zone("zone"));
    for parameter in file.rows("parameter") {
        let Some(checks) = parameter.row("checks") else {
            continue;
        };
        let known = known(file, links, parameter, checks);
        planned(problems, checks, zone.unwrap_or(PlantZone::UTC), &known);
        check_load(problems, file, links, parameter, checks);
        if checks.has("counter") && known.kind.is_some_and(|kind| kind != ParameterKind::Counter) {
            problems.push(
                checks.place("counter"),
                Text::new("site-check-not-counter").with("tag", parameter.words("tag").unwrap_or_default()),
                Text::new("site-remedy-remove-key").with("key", "counter"),
            );
        }
        if checks.has("published") && known.kind.is_some_and(|kind| kind != ParameterKind::Property) {
            problems.push(
                checks.place("published"),
                Text::new("site-check-not-tested").with("tag", parameter.words("tag").unwrap_or_default()),
                Text::new("site-remedy-remove-key").with("key", "published"),
            );
        }
    }
}

/// What the file says of a parameter that its checks rest on. What is wrong with it is told where it is checked.
fn known(file: &Row, links: &Links<'_>, parameter: &Row, checks: &Row) -> Known {
    let real = |number: Option<Decimal>| number.and_then(|number| number.to_f64());
    let span = |key| {
        let limits = parameter.row(key)?;
        Span::new(key, real(limits.number("low")), real(limits.number("high"))).ok()
    };
    let meter = parameter.words("meter").and_then(|key| links.meters.get(key));
    let meter = meter.and_then(|&place| file.rows("meter").get(place));
    let rollover = meter.and_then(|meter| meter.number("rollover"));
    Known {
        kind: parameter.choice("kind"),
        sensor: span("possible"),
        operator: span("operating"),
        interval_ms: parameter.milliseconds("interval").unwrap_or(0),
        rollover: real(rollover.filter(|&rollover| rollover > Decimal::ZERO)),
        has_load: checks.has("load"),
        least_load: None,
        published: has_published(file, parameter).then_some((1.0, 1.0)),
    }
}

/// Whether some catalogue factor stands in for a parameter until a test arrives. Which it is does not matter here: that
/// the catalogue has it is checked where it is named.
fn has_published(file: &Row, parameter: &Row) -> bool {
    let inputs = file.rows("source").iter().flat_map(|source| source.named("inputs"));
    inputs.into_iter().any(|(_, binding)| {
        let is_bound = binding.words("parameter").is_some() && binding.words("parameter") == parameter.words("tag");
        let stand_in = binding.row("provisional");
        is_bound && stand_in.is_some_and(|stand_in| stand_in.has("factor"))
    })
}

/// A load is told by another parameter that has a value at any time.
fn check_load(problems: &Problems<'_>, file: &Row, links: &Links<'_>, parameter: &Row, checks: &Row) {
    if !checks.has("load") {
        return;
    }
    let parameters = file.rows("parameter");
    let Some(load) = refer(problems, checks, "load", &links.parameters).and_then(|place| parameters.get(place)) else {
        return;
    };
    let kind: Option<ParameterKind> = load.choice("kind");
    let has_values = kind.is_none_or(|kind| matches!(kind, ParameterKind::Flow | ParameterKind::State));
    if !has_values || load.words("tag") == parameter.words("tag") {
        problems.push(
            checks.place("load"),
            Text::new("site-check-load").with("tag", checks.words("load").unwrap_or_default()),
            Text::new("site-remedy-check-load"),
        );
    }
}
