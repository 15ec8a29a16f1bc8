//! What is possible but hardly meant (合理性): values, limits and bindings that a plant engineer would mistype. Such a model
//! can be put in force; it is told before it is. What cannot be at all is an error.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::check::Links;
use super::problem::Problems;
use super::row::Row;
use super::vocabulary::InputTerms;
use crate::accounting::binding::value_in;
use crate::accounting::exact::Exact;
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::domain::unit::Unit;

/// The range in which an input's values lie in practice, in the unit in which the methods take it.
struct Usual {
    input: &'static str,
    unit: &'static str,
    low: Decimal,
    high: Decimal,
}

const fn usual(input: &'static str, unit: &'static str, low: (i64, u32), high: (i64, u32)) -> Usual {
    Usual {
        input,
        unit,
        low: decimal(low),
        high: decimal(high),
    }
}

/// Digits and how many of them stand after the point.
const fn decimal((digits, scale): (i64, u32)) -> Decimal {
    // No literal here has more than 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small literals")]
    Decimal::from_parts(digits as u32, 0, 0, false, scale)
}

/// Wide on purpose: from the leanest gas to pure carbon, so that only slips of unit or of a power of ten fall outside.
const USUAL: &[Usual] = &[
    usual("oxidation_factor", "%", (50, 0), (100, 0)),
    usual("carbon_content", "tC/t", (1, 1), (1, 0)),
    usual("carbon_content", "tC/10⁴Nm³", (5, 1), (40, 0)),
    usual("carbon_content_per_heat", "tC/GJ", (8, 3), (8, 2)),
    usual("net_calorific_value", "GJ/t", (2, 0), (130, 0)),
    usual("net_calorific_value", "GJ/10⁴Nm³", (20, 0), (1300, 0)),
    usual("grid_factor", "tCO2/MWh", (0, 0), (15, 1)),
    usual("heat_factor", "tCO2/GJ", (0, 0), (3, 1)),
    usual("steam_enthalpy", "kJ/kg", (2000, 0), (4200, 0)),
    usual("feed_water_enthalpy", "kJ/kg", (0, 0), (1800, 0)),
    usual("water_temperature", "°C", (0, 0), (250, 0)),
    usual("reference_temperature", "°C", (0, 0), (60, 0)),
    usual("specific_heat", "kJ/kg/°C", (35, 1), (55, 1)),
];

fn usual_of(terms: &InputTerms) -> Option<&'static Usual> {
    USUAL
        .iter()
        .find(|usual| usual.input == terms.key && Unit::parse(usual.unit).is_ok_and(|unit| unit == terms.unit))
}

/// Whether an input is a share of a whole, which no value exceeds: a percentage, or a mass of carbon in a mass.
fn is_share(unit: &Unit) -> bool {
    matches!(unit.symbol(), "%" | "tC/t")
}

/// A value that stands in the model: impossible or unusual, after conversion into the unit of its input.
pub(super) fn check_value(problems: &Problems<'_>, terms: &InputTerms, binding: &Row) {
    let (Some(given), Some(unit)) = (binding.number("value"), binding.unit("unit")) else {
        return;
    };
    // What does not convert is a problem of its own.
    let Ok(value) = value_in(given, unit, &terms.unit) else {
        return;
    };
    let at = binding.place("value");
    let what = |id: &'static str| {
        Text::new(id)
            .with("input", &terms.key)
            .with("given", given.normalize())
            .with("given-unit", unit)
    };
    let usual = usual_of(terms);
    let whole = match terms.unit.symbol() {
        "%" => Decimal::ONE_HUNDRED,
        _ => Decimal::ONE,
    };
    if is_share(&terms.unit) && value > Exact::from_decimal(whole) {
        let what = what("site-more-than-all")
            .with("whole", whole)
            .with("unit", &terms.unit);
        problems.push(at, what, Text::new("site-remedy-share"));
        return;
    }
    // A temperature may lie below zero; nothing else here may.
    if value.is_negative() && usual.is_some_and(|usual| !usual.unit.contains("°C") || usual.input == "specific_heat") {
        problems.push(at, what("site-below-nothing"), Text::new("site-remedy-not-negative"));
        return;
    }
    let Some(usual) = usual else { return };
    let outside = value < Exact::from_decimal(usual.low) || value > Exact::from_decimal(usual.high);
    if !outside {
        return;
    }
    let is_fraction =
        terms.unit.symbol() == "%" && unit.symbol() == "%" && given > Decimal::ZERO && given <= Decimal::ONE;
    let remedy = if is_fraction {
        Text::new("site-remedy-fraction")
            .with("given", given.normalize())
            .with("percent", (given * Decimal::ONE_HUNDRED).normalize())
    } else {
        Text::new("site-remedy-unusual")
    };
    let what = what("site-unusual-value")
        .with("low", usual.low)
        .with("high", usual.high)
        .with("unit", &terms.unit);
    problems.warn(at, what, remedy);
}

/// A tested value whose possible range has nothing in common with what is usual: its unit is hardly the right one.
pub(super) fn check_tested(problems: &Problems<'_>, terms: &InputTerms, parameter: &Row) {
    let (Some(usual), Some(limits), Some(unit)) = (usual_of(terms), parameter.row("possible"), parameter.unit("unit"))
    else {
        return;
    };
    let end = |key| {
        limits
            .number(key)
            .and_then(|number| value_in(number, unit, &terms.unit).ok())
    };
    let above = end("low").is_some_and(|low| low >= Exact::from_decimal(usual.high));
    let below = end("high").is_some_and(|high| high <= Exact::from_decimal(usual.low));
    if above || below {
        let what = Text::new("site-unusual-limits")
            .with("tag", parameter.words("tag").unwrap_or_default())
            .with("input", &terms.key)
            .with("low", usual.low)
            .with("high", usual.high)
            .with("unit", &terms.unit);
        problems.warn(limits.at, what, Text::new("site-remedy-unusual-limits"));
    }
}

/// What is unusual in a file that has no errors in the rows concerned.
pub(super) fn check_plausible(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    for parameter in file.rows("parameter") {
        check_share(problems, parameter);
        check_deadband(problems, parameter);
        check_rollover(problems, file, links, parameter);
    }
    check_meters(problems, file);
    check_books(problems, file, links);
    check_day(problems, file);
    check_crews(problems, file);
}

/// A tested share in per cent lies between nothing and all.
fn check_share(problems: &Problems<'_>, parameter: &Row) {
    let is_share = parameter.choice::<ParameterKind>("kind") == Some(ParameterKind::Property)
        && parameter.unit("unit").is_some_and(|unit| unit.symbol() == "%");
    let Some(limits) = parameter.row("possible").filter(|_| is_share) else {
        return;
    };
    let low = limits.number("low").filter(|&low| low < Decimal::ZERO);
    let high = limits.number("high").filter(|&high| high > Decimal::ONE_HUNDRED);
    for (field, given) in [("low", low), ("high", high)] {
        if let Some(given) = given {
            let what = Text::new("site-share-limits").with("key", field).with("given", given);
            problems.warn(limits.place(field), what, Text::new("site-remedy-share"));
        }
    }
}

/// A deadband as wide as the operating range lets no alarm return.
fn check_deadband(problems: &Problems<'_>, parameter: &Row) {
    let Some(limits) = parameter.row("operating") else {
        return;
    };
    if let (Some(deadband), Some(low), Some(high)) = (
        parameter.number("deadband"),
        limits.number("low"),
        limits.number("high"),
    ) && low < high
        && deadband >= high - low
    {
        problems.warn(
            parameter.place("deadband"),
            Text::new("site-wide-deadband").with("given", deadband),
            Text::new("site-remedy-wide-deadband"),
        );
    }
}

/// A counter shows values from 0 up to its rollover: its possible range is that one.
fn check_rollover(problems: &Problems<'_>, file: &Row, links: &Links<'_>, parameter: &Row) {
    let is_counter = parameter.choice::<ParameterKind>("kind") == Some(ParameterKind::Counter);
    let meter = parameter.words("meter").and_then(|key| links.meters.get(key));
    let meter = meter.and_then(|&place| file.rows("meter").get(place));
    let (true, Some(limits), Some(rollover)) = (
        is_counter,
        parameter.row("possible"),
        meter.and_then(|meter| meter.number("rollover")),
    ) else {
        return;
    };
    let tag = parameter.words("tag").unwrap_or_default();
    if let Some(high) = limits.number("high").filter(|&high| high != rollover) {
        let id = if high < rollover {
            "site-limit-below-rollover"
        } else {
            "site-limit-above-rollover"
        };
        let what = Text::new(id)
            .with("tag", tag)
            .with("given", high)
            .with("rollover", rollover);
        problems.warn(limits.place("high"), what, Text::new("site-remedy-rollover-limit"));
    }
}

/// A meter that measures nothing was hardly meant so.
fn check_meters(problems: &Problems<'_>, file: &Row) {
    let used: BTreeSet<&str> = file
        .rows("parameter")
        .iter()
        .filter_map(|parameter| parameter.words("meter"))
        .collect();
    for meter in file.rows("meter") {
        if let Some(key) = meter.words("key").filter(|key| !used.contains(key)) {
            problems.warn(
                meter.place("key"),
                Text::new("site-idle-meter").with("key", key),
                Text::new("site-remedy-idle-meter"),
            );
        }
    }
}

/// A book without sources is always zero.
fn check_books(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    // Where the tree is none, nothing can be said of what lies below what; and a site may begin without sources.
    if !links.tree_is_sound || file.rows("source").is_empty() {
        return;
    }
    for book in file.rows("book") {
        let Some(boundary) = book.words("boundary") else {
            continue;
        };
        let has_one = file
            .rows("source")
            .iter()
            .filter_map(|source| source.words("node"))
            .any(|node| links.above(file, node).contains(&boundary));
        if !has_one && links.nodes.contains_key(boundary) {
            problems.warn(
                book.place("boundary"),
                Text::new("site-empty-book").with("key", book.words("key").unwrap_or_default()),
                Text::new("site-remedy-empty-book"),
            );
        }
    }
}

/// Where no shift begins with the plant's day, one shift lies in two days.
fn check_day(problems: &Problems<'_>, file: &Row) {
    let Some(site) = file.row("site") else { return };
    let start = site.minutes("day_start").unwrap_or(0);
    let mut starts = file
        .rows("shift")
        .iter()
        .filter_map(|shift| shift.minutes("start"))
        .peekable();
    if starts.peek().is_some() && !starts.any(|shift| shift == start) {
        let what = Text::new("site-day-inside-shift").with("given", format!("{:02}:{:02}", start / 60, start % 60));
        problems.warn(site.place("day_start"), what, Text::new("site-remedy-day-inside-shift"));
    }
}

/// A crew that never works was forgotten in the cycle.
fn check_crews(problems: &Problems<'_>, file: &Row) {
    let Some(rotation) = file.row("rotation") else { return };
    let working: BTreeSet<&str> = rotation
        .list("cycle")
        .iter()
        .flat_map(|day| day.value.words())
        .map(|crew| crew.value)
        .collect();
    for crew in rotation.words_of("crews") {
        if !working.is_empty() && !working.contains(crew.value) {
            problems.warn(
                crew.at,
                Text::new("site-idle-crew").with("crew", crew.value),
                Text::new("site-remedy-idle-crew"),
            );
        }
    }
}
