//! Reads the checks of a table into a plan, and tells what is wrong with them at its place.

use rust_decimal::Decimal;

use crate::domain::checks::{
    ArrivalPlan, AttenuatedPlan, BandPlan, CheckPlan, Comparison, CounterPlan, FlatPlan, OutlierPlan, PublishedPlan,
    RangePlan, RatePlan, RepeatedPlan, ScatterPlan, Setting, ShiftPlan, SpikePlan, SpikeSize, TypingPlan, UnitPlan,
};
use crate::domain::model::Limits;
use crate::domain::text::{Explained, Text};
use crate::domain::time::PlantZone;
use crate::quality::defaults::Known;
use crate::quality::flag::Check;
use crate::quality::plan::{self, Refused};
use crate::quality::{Rules, SettingsError};
use crate::site::check::repeated;
use crate::site::fields::Form;
use crate::site::problem::Problems;
use crate::site::row::{Row, Value};

/// The plan of a table of checks and the rules that it makes; none, with all faults told, where anything is wrong. The
/// load is left out of the plan: who reads the table knows what it names.
pub(crate) fn planned(
    problems: &Problems<'_>,
    row: &Row,
    zone: PlantZone,
    known: &Known,
) -> Option<(CheckPlan, Rules)> {
    let before = problems.count();
    let plan = plan_of(row, &|at, what| problems.push(at, what, Text::new("site-remedy-check")));
    needs_load(problems, row);
    without(problems, row);
    let planned = plan::rules(zone, known, &plan);
    for refused in &planned.refused {
        tell(problems, row, refused);
    }
    (problems.count() == before).then_some((plan, planned.rules))
}

/// What is said of a load needs one.
fn needs_load(problems: &Problems<'_>, row: &Row) {
    if row.has("load") {
        return;
    }
    let idle = row.row("flat").map(|flat| (flat, "least_load"));
    let bands = row.rows("band").iter().map(|band| (band, "load"));
    for (table, key) in idle.into_iter().chain(bands).filter(|(table, key)| table.has(key)) {
        problems.push(
            table.place(key),
            Text::new("site-check-load-unknown").with("key", key),
            Text::new("site-remedy-add-key").with("example", example_of_load(row)),
        );
    }
}

/// How a load is named: by a parameter's tag, or by a channel.
fn example_of_load(row: &Row) -> &'static str {
    let is_tag = row.shape.field("load").is_some_and(|field| field.form == Form::Tag);
    if is_tag { "load = \"TAG\"" } else { "load = \"CHANNEL\"" }
}

/// A check that is not made has no settings.
fn without(problems: &Problems<'_>, row: &Row) {
    repeated(problems, row, "without");
    for check in row.words_of("without").filter(|check| row.has(check.value)) {
        problems.push(
            check.at,
            Text::new("site-check-both").with("key", check.value),
            Text::new("site-remedy-remove-one"),
        );
    }
}

/// The plan of a table in which nothing is wrong.
pub(in crate::site) fn plan_of_sound(row: &Row) -> CheckPlan {
    plan_of(row, &|_, _| ())
}

/// Tells what was refused of a plan at the key that it is about.
pub(crate) fn tell(problems: &Problems<'_>, row: &Row, refused: &Refused) {
    let key = refused.check.name();
    let table = match refused.check {
        Check::Gap => None,
        Check::Band => row.rows(key).get(refused.place),
        _ => row.row(key),
    };
    match (table, &refused.error) {
        (Some(table), SettingsError::NoLoad { key }) => {
            problems.push(
                table.place(key),
                Text::new("site-check-no-load"),
                Text::new("site-remedy-add-key").with("example", example_of_load(row)),
            );
        }
        (Some(table), error) => refuse(problems, table, error),
        (None, error) => push(problems, row.place(key), key, error),
    }
}

/// Tells what was refused of a table's settings.
pub(crate) fn refuse(problems: &Problems<'_>, row: &Row, error: &SettingsError) {
    push(problems, row.place(error.key()), row.shape.name, error);
}

fn push(problems: &Problems<'_>, at: usize, name: &str, error: &SettingsError) {
    problems.push(
        at,
        Text::new("site-unfit-value")
            .with("key", name)
            .with_text("reason", error.text()),
        Text::new("site-remedy-check"),
    );
}

/// Whoever is told where something stands that cannot be read as settings, and what it is.
type Tell<'t> = &'t dyn Fn(usize, Text);

/// What a table says of each check. A check that lacks a key, or has one that was refused, is left as if nothing was said:
/// the fault has been told.
fn plan_of(row: &Row, tell: Tell<'_>) -> CheckPlan {
    let unsaid = Unsaid { row };
    CheckPlan {
        clause: row.words("clause").map(str::to_owned),
        load: None,
        gap: match row.milliseconds("gap") {
            None => unsaid.setting("gap"),
            Some(0) => Setting::Off,
            Some(longest_ms) => Setting::Set(longest_ms),
        },
        range: unsaid.or_set("range", |row| {
            Some(RangePlan {
                sensor: limits(row, "sensor"),
                operator: limits(row, "operator"),
            })
        }),
        counter: unsaid.or_set("counter", |row| {
            Some(CounterPlan {
                most_an_hour: row.number("most_an_hour"),
            })
        }),
        spike: unsaid.or_set("spike", |row| spike(row, tell)),
        rate: unsaid.or_set("rate", rate),
        flat: unsaid.or_set("flat", flat),
        attenuated: unsaid.or_set("attenuated", |row| attenuated(row, tell)),
        bands: row.rows("band").iter().filter_map(|row| band(row, tell)).collect(),
        outlier: unsaid.or_set("outlier", |row| Some(outlier(row))),
        noise: unsaid.or_set("noise", |row| scatter(row, tell)),
        shift: unsaid.or_set("shift", shift),
        unit: unsaid.or_set("unit", unit),
        repeated: unsaid.or_set("repeated", |row| {
            Some(RepeatedPlan {
                most: whole(row, "most"),
                except: limits(row, "except"),
            })
        }),
        typing: unsaid.or_set("typing", |row| Some(typing(row))),
        arrival: unsaid.or_set("arrival", |row| {
            Some(ArrivalPlan {
                late_ms: row.milliseconds("late"),
                ahead_ms: row.milliseconds("ahead"),
            })
        }),
        calibration: unsaid.setting("calibration"),
        origin: unsaid.setting("origin"),
        published: unsaid.or_set("published", |row| {
            Some(PublishedPlan {
                value: row.number("value"),
                share: row.number("share"),
            })
        }),
    }
}

/// Checks of which a table says no settings.
struct Unsaid<'r> {
    row: &'r Row,
}

impl Unsaid<'_> {
    fn setting<Plan>(&self, key: &str) -> Setting<Plan> {
        if self.row.words_of("without").any(|check| check.value == key) {
            Setting::Off
        } else {
            Setting::Usual
        }
    }

    fn or_set<Plan>(&self, key: &str, read: impl FnOnce(&Row) -> Option<Plan>) -> Setting<Plan> {
        // A channel of a file has fewer keys than a parameter.
        let table = self.row.shape.field(key).and_then(|_| self.row.row(key));
        match table {
            None => self.setting(key),
            Some(row) => read(row).map_or(Setting::Usual, Setting::Set),
        }
    }
}

fn typing(row: &Row) -> TypingPlan {
    TypingPlan {
        late_ms: row.milliseconds("late"),
        rounds: whole(row, "rounds"),
        within_ms: row.milliseconds("within"),
        regular: row.number("regular"),
    }
}

fn whole(row: &Row, key: &str) -> Option<u32> {
    row.whole(key).map(|whole| u32::try_from(whole).unwrap_or(u32::MAX))
}

fn limits(row: &Row, key: &str) -> Option<Limits> {
    row.row(key).map(|limits| Limits {
        low: limits.number("low"),
        high: limits.number("high"),
    })
}

fn spike(row: &Row, tell: Tell<'_>) -> Option<SpikePlan> {
    // What belongs to the other kind of limit would never speak.
    let stray = (row.has("suspect") && row.has("least")) || (row.has("times") && row.has("bad"));
    let limit = match (row.number("suspect"), row.number("times")) {
        (Some(suspect), None) if !stray => SpikeSize::Fixed {
            suspect,
            bad: row.number("bad"),
        },
        (None, Some(times)) if !stray => SpikeSize::Usual {
            times,
            least: row.number("least"),
        },
        _ if row.refused("suspect") || row.refused("times") => return None,
        _ => {
            tell(row.at, Text::new("site-check-spike"));
            return None;
        }
    };
    let method: Option<Comparison> = row.choice("method");
    Some(SpikePlan {
        method: method.unwrap_or_default(),
        limit,
    })
}

fn rate(row: &Row) -> Option<RatePlan> {
    Some(RatePlan {
        suspect: row.number("suspect")?,
        bad: row.number("bad"),
        idle: limits(row, "idle"),
    })
}

fn flat(row: &Row) -> Option<FlatPlan> {
    Some(FlatPlan {
        window_ms: row.milliseconds("window")?,
        bad_ms: row.milliseconds("bad"),
        tolerance: row.number("tolerance"),
        least: whole(row, "least"),
        idle: limits(row, "idle"),
        least_load: row.number("least_load"),
    })
}

fn attenuated(row: &Row, tell: Tell<'_>) -> Option<AttenuatedPlan> {
    Some(AttenuatedPlan {
        scatter: scatter(row, tell)?,
        idle: limits(row, "idle"),
    })
}

/// A limit over a window, or what is usual by blocks; what belongs to the other of both would never speak.
fn scatter(row: &Row, tell: Tell<'_>) -> Option<ScatterPlan> {
    const FIXED: [&str; 3] = ["deviation", "window", "least"];
    const USUAL: [&str; 3] = ["times", "block", "learn"];
    let says = |keys: [&str; 3]| keys.iter().any(|key| row.has(key));
    let read = match (says(FIXED), says(USUAL)) {
        (true, false) => row
            .number("deviation")
            .zip(row.milliseconds("window"))
            .map(|(deviation, window_ms)| ScatterPlan::Fixed {
                deviation,
                window_ms,
                least: whole(row, "least"),
            }),
        (false, true) => row
            .milliseconds("block")
            .zip(whole(row, "learn"))
            .map(|(block_ms, learn)| ScatterPlan::Usual {
                times: row.number("times"),
                block_ms,
                learn,
            }),
        _ => None,
    };
    if read.is_none() && !FIXED.iter().chain(&USUAL).any(|key| row.refused(key)) {
        tell(row.at, Text::new("site-check-scatter"));
    }
    read
}

fn band(row: &Row, tell: Tell<'_>) -> Option<BandPlan> {
    let (Ok(months), Ok(hours)) = (ends(row, "months"), ends(row, "hours")) else {
        tell(row.at, Text::new("site-check-band"));
        return None;
    };
    Some(BandPlan {
        months,
        hours,
        load: limits(row, "load"),
        usual: limits(row, "usual")?,
    })
}

/// First and last of a list of two.
fn ends(row: &Row, key: &str) -> Result<Option<(u32, u32)>, ()> {
    let ends: Vec<u32> = row
        .list(key)
        .iter()
        .filter_map(|value| match value.value {
            Value::Whole(whole) => u32::try_from(whole).ok(),
            _ => None,
        })
        .collect();
    match ends.as_slice() {
        &[first, last] => Ok(Some((first, last))),
        [] if !row.has(key) => Ok(None),
        _ => Err(()),
    }
}

fn outlier(row: &Row) -> OutlierPlan {
    OutlierPlan {
        values: whole(row, "values"),
        score: row.number("score"),
        deviation: row.number("deviation"),
        idle: limits(row, "idle"),
    }
}

fn shift(row: &Row) -> Option<ShiftPlan> {
    Some(ShiftPlan {
        by: row.choice("by"),
        steps: whole(row, "steps"),
        block_ms: row.milliseconds("block")?,
        learn: whole(row, "learn")?,
        weight: row.number("weight"),
        times: row.number("times"),
        follow_ms: row.milliseconds("follow"),
    })
}

fn unit(row: &Row) -> Option<UnitPlan> {
    let factors: Vec<Decimal> = row
        .list("factors")
        .iter()
        .filter_map(|value| match value.value {
            Value::Number(number) => Some(number),
            _ => None,
        })
        .collect();
    Some(UnitPlan {
        factors: (row.has("factors") && !row.refused("factors")).then_some(factors),
        window_ms: row.milliseconds("window")?,
    })
}
