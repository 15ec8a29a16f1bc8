//! What a parameter's plan says of missing data: the keys of `missing`, what must hold among them, and what they become.

use rust_decimal::Decimal;

use super::check::{Links, refer};
use super::fields::{Field, Form, Shape, may, must};
use super::problem::Problems;
use super::row::{Row, choice};
use crate::domain::decimal::count;
use crate::domain::identity::ParameterId;
use crate::domain::missing::{
    FixedAmount, LoadBands, MissingPlan, MissingRule, Take, TakeOfMonths, Tier, TierTable, UntestedPlan,
};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text};
use crate::domain::time::HOUR_MS;

/// Rules for missing data.
pub(super) const RULES: &[&str] = &[
    "none",
    "hold",
    "neighbours",
    "previous-days",
    "load-band",
    "tiers",
    "fixed",
    UntestedPlan::NAME,
];
/// Tables of tiers.
pub(super) const TABLES: &[&str] = &["40-cfr-75-table-1", "40-cfr-75-table-2", "hj-75-2017"];
/// What a tier takes.
pub(super) const TAKES: &[&str] = &["neighbours", "mean", "percentile", "highest", "nothing"];
/// Which end is the careful one.
pub(super) const CAREFUL: &[&str] = &["high", "low"];

/// The most hours that a rule looks back on: three years.
const MOST_HOURS: i64 = 26_280;

/// Bands of load where the file does not say.
const USUAL_BANDS: u32 = 10;

/// Hours of the same load that are looked back on where the file does not say (40 CFR 75.33).
const USUAL_HOURS: u32 = 2_160;

/// `missing.tiers`.
pub(super) const TIER: Shape = Shape {
    name: "tiers",
    about: "A tier: for which availability and length of an outage it holds, and what it takes. The first that fits counts.",
    fields: &[
        must(
            "availability",
            Form::Whole(0, 100),
            "Per cent of the year's hours that must have been valid, at least.",
        ),
        may(
            "outage",
            Form::Whole(1, 8784),
            "Hours that the outage may last at most; any length where it is missing.",
        ),
        must("take", Form::Choice(TAKES), "What is taken."),
        may("percent", Form::Whole(1, 100), "Which percentile; 100 is the greatest."),
        may(
            "hours",
            Form::Whole(1, MOST_HOURS),
            "Valid hours that are looked back on.",
        ),
        may(
            "or_neighbours",
            Form::Flag,
            "Whether the mean of the hours before and after is taken where it is more careful.",
        ),
    ],
};

/// `missing` of a parameter.
pub(super) const MISSING: Shape = Shape {
    name: "missing",
    about: "How hours of a quantity that were not measured are filled, or what stands for months in which a property was not tested.",
    fields: &[
        must("rule", Form::Choice(RULES), "The rule."),
        may(
            "days",
            Form::Whole(1, 31),
            "previous-days: how many days are looked back on.",
        ),
        may(
            "load",
            Form::Tag,
            "load-band, tiers: the parameter that tells the load.",
        ),
        may(
            "top",
            Form::Number,
            "The load at the upper end of the highest band: of a flow in its unit, of others per hour.",
        ),
        may(
            "bands",
            Form::Whole(1, 100),
            "How many bands of load there are; 10 where it is missing.",
        ),
        may(
            "hours",
            Form::Whole(1, MOST_HOURS),
            "load-band: valid hours of the same load that are looked back on; 2160 where it is missing.",
        ),
        may("table", Form::Choice(TABLES), "tiers: a table of a rule, or"),
        may("tiers", Form::Tables(&TIER), "tiers of one's own."),
        may(
            "first_hours",
            Form::Whole(0, MOST_HOURS),
            "tiers: valid hours before which the mean of the hours before and after is taken.",
        ),
        may(
            "value",
            Form::Number,
            "What an hour counts by rule fixed, as the highest of a tier, and where the rule has nothing to rest on: of a flow its mean, of others the quantity of an hour.",
        ),
        may("origin", Form::Words, "Where that value comes from."),
        may(
            "careful",
            Form::Choice(CAREFUL),
            "tiers: which end is on the safe side; high where it is missing. tested-months: the month at that end is taken; their mean where it is missing.",
        ),
        may(
            "least",
            Form::Whole(1, 11),
            "tested-months: months of the calendar year that must have been tested; where they are fewer, what stands in for the source's input does.",
        ),
        may(
            "wait",
            Form::Duration,
            "How long after an hour its data may still come before it is filled.",
        ),
        may(
            "longest",
            Form::Duration,
            "How much of an outage is filled at most; 31 d where it is missing.",
        ),
    ],
};

/// The keys that a rule takes beside those that every rule takes.
fn keys_of(rule: &str) -> &'static [&'static str] {
    match rule {
        "previous-days" => &["days"],
        "load-band" => &["load", "top", "bands", "hours"],
        "tiers" => &["table", "tiers", "first_hours", "load", "top", "bands", "careful"],
        UntestedPlan::NAME => &["least", "careful"],
        _ => &[],
    }
}

/// The keys that the rules for quantities take, each of them.
const KEYS_OF_QUANTITIES: [&str; 4] = ["value", "origin", "wait", "longest"];

/// The keys without which a rule cannot be.
fn needs_of(rule: &str) -> &'static [&'static str] {
    match rule {
        "previous-days" => &["days"],
        "load-band" => &["load", "top"],
        "fixed" => &["value"],
        UntestedPlan::NAME => &["least"],
        _ => &[],
    }
}

/// Checks what the file says of missing data.
pub(super) fn check_missing(problems: &Problems<'_>, parameters: &[Row], links: &Links<'_>) {
    for parameter in parameters {
        if let Some(missing) = parameter.row("missing") {
            check_plan(problems, parameters, parameter, missing, links);
        }
    }
}

fn check_plan(problems: &Problems<'_>, parameters: &[Row], parameter: &Row, missing: &Row, links: &Links<'_>) {
    let Some(rule) = missing.words("rule") else { return };
    let kind: Option<ParameterKind> = parameter.choice("kind");
    let is_awaited = kind.is_none_or(|kind| {
        kind.is_quantity() && (kind != ParameterKind::Amount || parameter.milliseconds("interval").unwrap_or(0) > 0)
    });
    if rule == UntestedPlan::NAME {
        if kind.is_some_and(|kind| kind != ParameterKind::Property) {
            problems.push(
                missing.place("rule"),
                Text::new("site-missing-not-tested").with("tag", parameter.words("tag").unwrap_or_default()),
                Text::new("site-remedy-missing-not-tested"),
            );
        }
    } else if rule != "none" && !is_awaited {
        problems.push(
            missing.place("rule"),
            Text::new("site-missing-not-awaited").with("tag", parameter.words("tag").unwrap_or_default()),
            Text::new("site-remedy-missing-not-awaited"),
        );
    }
    for &Field { key, .. } in MISSING.fields {
        let is_common = key == "rule" || rule != UntestedPlan::NAME && KEYS_OF_QUANTITIES.contains(&key);
        let is_known = is_common || keys_of(rule).contains(&key);
        if missing.has(key) && !is_known {
            problems.push(
                missing.place(key),
                Text::new("site-missing-other-rule").with("key", key).with("rule", rule),
                Text::new("site-remedy-remove-key").with("key", key),
            );
        }
    }
    for &key in needs_of(rule) {
        need(problems, missing, "rule", key, rule);
    }
    check_value(problems, parameter, missing);
    check_load(problems, parameters, parameter, missing, links);
    if rule == "tiers" {
        check_tiers(problems, missing);
    }
    if missing.milliseconds("longest").is_some_and(|longest| longest < HOUR_MS) {
        problems.push(
            missing.place("longest"),
            Text::new("site-missing-longest"),
            Text::new("site-remedy-missing-longest"),
        );
    }
}

/// A problem where a rule, or what a tier takes, lacks a key; told where it is named.
fn need(problems: &Problems<'_>, row: &Row, named_by: &str, key: &'static str, rule: &str) {
    if !row.has(key) && !row.refused(key) {
        problems.push(
            row.place(named_by),
            Text::new("site-missing-needs").with("rule", rule).with("key", key),
            Text::new("site-remedy-missing-needs").with("key", key),
        );
    }
}

/// A value needs its origin, and must be something that a reading could be.
fn check_value(problems: &Problems<'_>, parameter: &Row, missing: &Row) {
    if missing.has("value") != missing.has("origin") {
        let (given, absent) = if missing.has("value") {
            ("value", "origin")
        } else {
            ("origin", "value")
        };
        problems.push(
            missing.place(given),
            Text::new("site-missing-value-alone")
                .with("given", given)
                .with("absent", absent),
            Text::new("site-remedy-missing-needs").with("key", absent),
        );
    }
    let decimals = parameter
        .whole("decimals")
        .and_then(|digits| u32::try_from(digits).ok());
    let mut is_counted = true;
    if let (Some(value), Some(decimals)) = (missing.number("value"), decimals)
        && let Err(error) = count(value, decimals)
    {
        is_counted = false;
        let what = Text::new("site-unfit-value")
            .with("key", "value")
            .with_text("reason", error.text());
        problems.push(missing.place("value"), what, Text::new("site-remedy-smaller"));
    }
    // Of a flow it is a mean, which must be one that could be read.
    let kind: Option<ParameterKind> = parameter.choice("kind");
    if let (Some(value), Some(possible), Some(ParameterKind::Flow)) = (
        missing.number("value").filter(|_| is_counted),
        parameter.row("possible"),
        kind,
    ) {
        let low = possible.number("low").filter(|low| value < *low);
        let high = possible.number("high").filter(|high| value > *high);
        if let Some(limit) = low.or(high) {
            let what = Text::new("site-missing-impossible")
                .with("given", value.normalize())
                .with("limit", limit.normalize());
            problems.push(
                missing.place("value"),
                what,
                Text::new("site-remedy-missing-impossible"),
            );
        }
    }
}

fn check_load(problems: &Problems<'_>, parameters: &[Row], parameter: &Row, missing: &Row, links: &Links<'_>) {
    if missing.has("load") != missing.has("top") && missing.words("rule") == Some("tiers") {
        let key = if missing.has("load") { "top" } else { "load" };
        need(problems, missing, "rule", key, "tiers");
    }
    if let Some(top) = missing.number("top").filter(|&top| top <= Decimal::ZERO) {
        problems.push(
            missing.place("top"),
            Text::new("site-negative").with("key", "top").with("given", top),
            Text::new("site-remedy-missing-top"),
        );
    }
    let Some(load) = refer(problems, missing, "load", &links.parameters).and_then(|place| parameters.get(place)) else {
        return;
    };
    let is_fit = load
        .choice::<ParameterKind>("kind")
        .is_none_or(ParameterKind::is_quantity);
    if !is_fit || load.words("tag") == parameter.words("tag") {
        problems.push(
            missing.place("load"),
            Text::new("site-missing-load").with("tag", missing.words("load").unwrap_or_default()),
            Text::new("site-remedy-missing-load"),
        );
    }
}

/// Tiers must leave nothing out, and none may stand behind one that always fits first.
fn check_tiers(problems: &Problems<'_>, missing: &Row) {
    if missing.has("table") == missing.has("tiers") {
        problems.push(
            missing.place("rule"),
            Text::new("site-missing-table-or-tiers"),
            Text::new("site-remedy-missing-table-or-tiers"),
        );
        return;
    }
    let mut takes_highest = missing
        .words("table")
        .is_some_and(|table| table != TierTable::Hj75.name());
    let rows = missing.rows("tiers");
    let bounds = |tier: &Row| Some((tier.whole("availability")?, tier.whole("outage")));
    for (place, tier) in rows.iter().enumerate() {
        let take = tier.words("take");
        takes_highest |= take == Some("highest");
        for (key, takers) in [
            ("percent", &["percentile"][..]),
            ("or_neighbours", &["percentile"]),
            ("hours", &["percentile", "mean"]),
        ] {
            let is_taken = take.is_none_or(|take| takers.contains(&take));
            if tier.has(key) && !is_taken {
                problems.push(
                    tier.place(key),
                    Text::new("site-missing-other-rule")
                        .with("key", key)
                        .with("rule", take.unwrap_or_default()),
                    Text::new("site-remedy-remove-key").with("key", key),
                );
            } else if take.is_some() && is_taken && key != "or_neighbours" {
                need(problems, tier, "take", key, take.unwrap_or_default());
            }
        }
        let Some((availability, outage)) = bounds(tier) else {
            continue;
        };
        let hides = |before: &(i64, Option<i64>)| {
            before.0 <= availability && before.1.is_none_or(|most| outage.is_some_and(|outage| outage <= most))
        };
        if rows.iter().take(place).filter_map(bounds).any(|before| hides(&before)) {
            problems.push(
                tier.place("availability"),
                Text::new("site-missing-tier-hidden"),
                Text::new("site-remedy-missing-tier-hidden"),
            );
        }
    }
    let leaves_out = rows
        .last()
        .and_then(bounds)
        .is_some_and(|(availability, outage)| availability > 0 || outage.is_some());
    if leaves_out || (missing.has("tiers") && !missing.refused("tiers") && rows.is_empty()) {
        problems.push(
            missing.place("tiers"),
            Text::new("site-missing-tiers-end"),
            Text::new("site-remedy-missing-tiers-end"),
        );
    }
    if takes_highest {
        need(problems, missing, "rule", "value", "tiers");
    }
}

/// What stands for months in which a property was not tested.
pub(super) fn untested_plan(row: &Row) -> Option<UntestedPlan> {
    (row.words("rule")? == UntestedPlan::NAME).then_some(())?;
    Some(UntestedPlan {
        least_months: whole(row, "least")?,
        take: row.choice("careful").map_or(TakeOfMonths::Mean, TakeOfMonths::Careful),
    })
}

/// What a parameter's plan for missing data becomes; `load` finds a parameter by its tag.
pub(super) fn missing_plan(row: &Row, load: impl Fn(&Row) -> Option<u32>) -> Option<MissingPlan> {
    let bands = || {
        Some(LoadBands {
            load: ParameterId(load(row)?),
            top: row.number("top")?,
            count: whole(row, "bands").unwrap_or(USUAL_BANDS),
        })
    };
    let rule = match row.words("rule")? {
        "hold" => MissingRule::Hold,
        "neighbours" => MissingRule::Neighbours,
        "previous-days" => MissingRule::PreviousDays {
            days: whole(row, "days")?,
        },
        "load-band" => MissingRule::LoadBand {
            bands: bands()?,
            hours: whole(row, "hours").unwrap_or(USUAL_HOURS),
        },
        "tiers" => {
            let table: Option<TierTable> = row.words("table").and_then(choice);
            MissingRule::Tiers {
                tiers: match table {
                    Some(table) => table.tiers(),
                    None => row.rows("tiers").iter().filter_map(tier).collect(),
                },
                bands: if row.has("load") { Some(bands()?) } else { None },
                first_hours: whole(row, "first_hours").unwrap_or_else(|| table.map_or(0, TierTable::first_hours)),
                table,
            }
        }
        "fixed" => MissingRule::Fixed,
        _ => return None,
    };
    Some(MissingPlan {
        rule,
        careful: row.choice("careful").unwrap_or_default(),
        otherwise: row.number("value").map(|value| FixedAmount {
            value,
            origin: row.words("origin").unwrap_or_default().to_owned(),
        }),
        wait_ms: row.milliseconds("wait"),
        longest_hours: row
            .milliseconds("longest")
            .and_then(|longest| u32::try_from(longest / HOUR_MS).ok()),
    })
}

fn whole(row: &Row, key: &str) -> Option<u32> {
    row.whole(key).and_then(|given| u32::try_from(given).ok())
}

fn tier(row: &Row) -> Option<Tier> {
    let hours = || whole(row, "hours");
    Some(Tier {
        availability: whole(row, "availability")?,
        outage: whole(row, "outage"),
        take: match row.words("take")? {
            "neighbours" => Take::Neighbours,
            "mean" => Take::Mean { hours: hours()? },
            "percentile" => Take::Percentile {
                percent: whole(row, "percent")?,
                hours: hours()?,
                or_neighbours: row.flag("or_neighbours"),
            },
            "nothing" => Take::Nothing,
            _ => Take::Highest,
        },
    })
}
