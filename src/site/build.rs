//! Builds the model that a checked file describes, with the entries' places in the file as their ids.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::alarms::{alarm_plan, parameter_alarms};
use super::anomalies::anomaly_plan;
use super::check::{Index, Links, number};
use super::checks::plan_of_sound;
use super::fields::SECOND_PERSON_OF_METER;
use super::forms::form;
use super::missing::{missing_plan, untested_plan};
use super::relations::relations;
use super::row::{Row, Value, choice, words_in};
use super::sheets::sheet;
use super::vocabulary::Vocabulary;
use crate::domain::checks::CheckPlan;
use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, SourceId};
use crate::domain::model::{
    Binding, Book, Constant, CrewRotation, Limits, Meter, Name, NextIdentities, Node, Parameter, Person, Post, Product,
    Provisional, Runs, STATUTORY_RETENTION_YEARS, ShiftSlot, SiteModel, Source, USUAL_SIGN_ON_IDLE_MS, Window,
};
use crate::domain::plan::{Amounts, Plan, Reference};
use crate::domain::reading::Origin;
use crate::domain::time::HOUR_MS;

/// How long an equipment is at or below its bound before it counts as stopped, where the file does not say.
const USUAL_STOP_MS: i64 = 5 * 60_000;

/// The model of a file without problems. `None` where something is missing after all, which the checks exclude.
pub(super) fn build(file: &Row, links: &Links<'_>, rules: &dyn Vocabulary) -> Option<SiteModel> {
    let site = file.row("site")?;
    let parameters: Vec<Parameter> =
        numbered(file.rows("parameter"), |row, id| parameter(row, ParameterId(id), links))?;
    let sources = numbered(file.rows("source"), |row, id| source(row, SourceId(id), links, rules))?;
    Some(SiteModel {
        key: words(site, "key")?,
        name: name(site)?,
        sector: words(site, "sector")?,
        zone: site.zone("zone")?,
        day_start_minutes: site.minutes("day_start").unwrap_or(0),
        simulated: site.flag("simulated"),
        shifts: file.rows("shift").iter().map(shift).collect::<Option<_>>()?,
        rotation: match file.row("rotation") {
            Some(row) => Some(rotation(row)?),
            None => None,
        },
        nodes: parents_first(numbered(file.rows("node"), |row, id| node(row, NodeId(id), links))?),
        meters: numbered(file.rows("meter"), |row, id| meter(row, MeterId(id)))?,
        parameters,
        sources,
        products: numbered(file.rows("product"), |row, id| product(row, ProductId(id), links))?,
        books: numbered(file.rows("book"), |row, id| book(row, BookId(id), links))?,
        plans: file
            .rows("plan")
            .iter()
            .map(|row| plan(row, &links.books))
            .collect::<Option<_>>()?,
        references: file
            .rows("reference")
            .iter()
            .map(|row| reference(row, links))
            .collect::<Option<_>>()?,
        relations: relations(file, links)?,
        sheets: file
            .rows("sheet")
            .iter()
            .map(|row| sheet(row, links))
            .collect::<Option<_>>()?,
        document_forms: file
            .rows("form")
            .iter()
            .map(|row| form(row, links))
            .collect::<Option<_>>()?,
        posts: file.rows("post").iter().map(post).collect(),
        persons: file.rows("person").iter().map(person).collect::<Option<_>>()?,
        alarms: alarm_plan(file.row("alarms")),
        anomalies: anomaly_plan(file.row("anomalies")),
        retention_years: site
            .whole("retention_years")
            .and_then(|years| u32::try_from(years).ok())
            .unwrap_or(STATUTORY_RETENTION_YEARS),
        sign_on_idle_ms: site.milliseconds("sign_on_idle").unwrap_or(USUAL_SIGN_ON_IDLE_MS),
        next: NextIdentities::default(),
    })
}

/// Builds every row with its place in the file, from 0, as its id.
fn numbered<T>(rows: &[Row], make: impl Fn(&Row, u32) -> Option<T>) -> Option<Vec<T>> {
    rows.iter()
        .enumerate()
        .map(|(place, row)| make(row, u32::try_from(place).ok()?))
        .collect()
}

/// The id of the entry that a key refers to.
fn linked(row: &Row, field: &str, index: &Index<'_>) -> Option<u32> {
    u32::try_from(*index.get(row.words(field)?)?).ok()
}

fn words(row: &Row, key: &str) -> Option<String> {
    row.words(key).map(str::to_owned)
}

/// The name of an entry in both languages; the Chinese one stands for an English one that is missing.
pub(super) fn name(row: &Row) -> Option<Name> {
    both(row, "name", "name_en")
}

/// Words in both languages, likewise.
pub(super) fn both(row: &Row, zh: &str, en: &str) -> Option<Name> {
    let zh = words(row, zh)?;
    let en = words(row, en).unwrap_or_else(|| zh.clone());
    Some(Name { zh, en })
}

fn shift(row: &Row) -> Option<ShiftSlot> {
    Some(ShiftSlot {
        key: words(row, "key")?,
        name: name(row)?,
        start_minutes: row.minutes("start")?,
    })
}

fn rotation(row: &Row) -> Option<CrewRotation> {
    let crews: Vec<&str> = row.words_of("crews").map(|crew| crew.value).collect();
    let english: Vec<&str> = row.words_of("crews_en").map(|crew| crew.value).collect();
    let day = |slots: &Value| match slots {
        Value::List(slots) => words_in(slots)
            .map(|given| crews.iter().position(|&crew| crew == given.value))
            .collect(),
        _ => None,
    };
    Some(CrewRotation {
        crews: crews
            .iter()
            .enumerate()
            .map(|(place, &crew)| Name {
                zh: crew.to_owned(),
                en: english.get(place).copied().unwrap_or(crew).to_owned(),
            })
            .collect(),
        anchor: row.date("anchor")?,
        cycle: row
            .list("cycle")
            .iter()
            .map(|slots| day(&slots.value))
            .collect::<Option<_>>()?,
    })
}

fn node(row: &Row, id: NodeId, links: &Links<'_>) -> Option<Node> {
    Some(Node {
        id,
        key: words(row, "key")?,
        name: name(row)?,
        level: row.choice("level")?,
        parent: linked(row, "parent", &links.nodes).map(NodeId),
        upstream: linked(row, "upstream", &links.nodes).map(NodeId),
        runs: row.row("runs").and_then(|row| runs(row, links)),
    })
}

fn runs(row: &Row, links: &Links<'_>) -> Option<Runs> {
    Some(Runs {
        parameter: ParameterId(linked(row, "parameter", &links.parameters)?),
        above: row.number("above")?,
        after_ms: row.milliseconds("after").unwrap_or(USUAL_STOP_MS),
    })
}

/// The same nodes, every parent before its children, otherwise in the order of the file.
fn parents_first(nodes: Vec<Node>) -> Vec<Node> {
    let mut placed: BTreeSet<NodeId> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(nodes.len());
    let mut waiting = nodes;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for node in waiting {
            if node.parent.is_none_or(|parent| placed.contains(&parent)) {
                placed.insert(node.id);
                ordered.push(node);
            } else {
                later.push(node);
            }
        }
        if later.len() == before {
            // Only a circle would do this, and the checks refuse circles.
            ordered.append(&mut later);
        }
        waiting = later;
    }
    ordered
}

fn meter(row: &Row, id: MeterId) -> Option<Meter> {
    Some(Meter {
        id,
        key: words(row, "key")?,
        name: name(row)?,
        serial: words(row, "serial").unwrap_or_default(),
        accuracy: words(row, "accuracy").unwrap_or_default(),
        calibrated_on: row.date("calibrated_on"),
        calibrated_until: row.date("calibrated_until"),
        multiplier: row.number("multiplier").unwrap_or(Decimal::ONE),
        rollover: row.number("rollover"),
        second_person: row.flag(SECOND_PERSON_OF_METER.key),
    })
}

fn limits(row: &Row, field: &str) -> Limits {
    row.row(field).map_or_else(Limits::default, |limits| Limits {
        low: limits.number("low"),
        high: limits.number("high"),
    })
}

fn parameter(row: &Row, id: ParameterId, links: &Links<'_>) -> Option<Parameter> {
    let kind = row.choice("kind")?;
    let interval_ms = row.milliseconds("interval").unwrap_or(0);
    let default_gap = if interval_ms > 0 { 3 * interval_ms } else { HOUR_MS };
    let planned: Vec<Origin> = row
        .words_of("origins")
        .filter_map(|origin| choice(origin.value))
        .collect();
    Some(Parameter {
        id,
        tag: words(row, "tag")?,
        name: name(row)?,
        kind,
        unit: row.unit("unit")?.clone(),
        decimals: u32::try_from(row.whole("decimals")?).ok()?,
        node: NodeId(linked(row, "node", &links.nodes)?),
        meter: linked(row, "meter", &links.meters).map(MeterId),
        interval_ms,
        gap_limit_ms: row.milliseconds("gap_limit").unwrap_or(default_gap),
        integration: row.choice("integration").unwrap_or_default(),
        possible: limits(row, "possible"),
        operating: limits(row, "operating"),
        deadband: row.number("deadband").unwrap_or_default(),
        delay_ms: row.milliseconds("delay").unwrap_or(0),
        origins: if planned.is_empty() {
            Origin::DEFAULT_ORDER.to_vec()
        } else {
            planned
        },
        key: row.flag("key"),
        block_hours: Parameter::block_hours_for(kind, interval_ms),
        capacity: row.number("capacity"),
        missing: row
            .row("missing")
            .and_then(|missing| missing_plan(missing, |row| linked(row, "load", &links.parameters))),
        untested: row.row("missing").and_then(untested_plan),
        checks: row
            .row("checks")
            .map(|checks| checks_plan(checks, links))
            .filter(|plan| !plan.is_usual()),
        alarms: row.row("alarms").and_then(parameter_alarms),
        calendar: row.calendar("interval"),
    })
}

fn checks_plan(row: &Row, links: &Links<'_>) -> CheckPlan {
    CheckPlan {
        load: linked(row, "load", &links.parameters).map(ParameterId),
        ..plan_of_sound(row)
    }
}

fn constant(row: &Row) -> Option<Constant> {
    Some(Constant {
        value: row.number("value")?,
        unit: row.unit("unit")?.clone(),
        origin: words(row, "origin")?,
    })
}

fn provisional(row: &Row) -> Option<Provisional> {
    match row.words("factor") {
        Some(factor) => Some(Provisional::Factor(factor.to_owned())),
        None => constant(row).map(Provisional::Constant),
    }
}

fn source(row: &Row, id: SourceId, links: &Links<'_>, rules: &dyn Vocabulary) -> Option<Source> {
    let method = rules.method(row.words("method")?)?;
    let mut inputs = BTreeMap::new();
    for (key, binding) in row.named("inputs") {
        let terms = method.inputs.iter().find(|terms| terms.key == key.value)?;
        let bound = if binding.has("parameter") {
            Binding::Parameter {
                parameter: ParameterId(linked(binding, "parameter", &links.parameters)?),
                window: binding
                    .choice("window")
                    .or_else(|| terms.windows.first().copied())
                    .unwrap_or(Window::Hour),
                provisional: match binding.row("provisional") {
                    Some(row) => Some(provisional(row)?),
                    None => None,
                },
            }
        } else if let Some(factor) = binding.words("factor") {
            Binding::Factor {
                key: factor.to_owned(),
                data_year: binding.whole("data_year").and_then(|year| i32::try_from(year).ok()),
            }
        } else {
            Binding::Constant(constant(binding)?)
        };
        inputs.insert(key.value.clone(), bound);
    }
    Some(Source {
        id,
        key: words(row, "key")?,
        name: name(row)?,
        node: NodeId(linked(row, "node", &links.nodes)?),
        method: method.name,
        inputs,
    })
}

fn product(row: &Row, id: ProductId, links: &Links<'_>) -> Option<Product> {
    Some(Product {
        id,
        key: words(row, "key")?,
        name: name(row)?,
        node: NodeId(linked(row, "node", &links.nodes)?),
        parameter: ParameterId(linked(row, "parameter", &links.parameters)?),
        unit: row.unit("unit")?.clone(),
    })
}

fn book(row: &Row, id: BookId, links: &Links<'_>) -> Option<Book> {
    Some(Book {
        id,
        key: words(row, "key")?,
        name: name(row)?,
        standard: words(row, "standard")?,
        edition: words(row, "edition")?,
        boundary: NodeId(linked(row, "boundary", &links.nodes)?),
        gases: row.words_of("gases").filter_map(|gas| choice(gas.value)).collect(),
        gwp_set: words(row, "gwp_set")?,
        factor_sets: row.words_of("factor_sets").map(|set| set.value.to_owned()).collect(),
        measured_only: row.flag("measured_only"),
    })
}

fn plan(row: &Row, books: &Index<'_>) -> Option<Plan> {
    Some(Plan {
        book: BookId(linked(row, "book", books)?),
        year: row.whole("year").and_then(|year| i32::try_from(year).ok()),
        amounts: match row.number("amount") {
            Some(amount) => Amounts::Year(amount),
            None => Amounts::Months(row.list("months").iter().filter_map(number).collect()),
        },
    })
}

fn reference(row: &Row, links: &Links<'_>) -> Option<Reference> {
    Some(Reference {
        book: BookId(linked(row, "book", &links.books)?),
        product: ProductId(linked(row, "product", &links.products)?),
        intensity: row.number("intensity")?,
        origin: words(row, "origin")?,
    })
}

fn post(row: &Row) -> Post {
    Post {
        user: words(row, "user"),
        group: words(row, "group"),
        roles: row.words_of("roles").filter_map(|role| choice(role.value)).collect(),
        shared: row.flag("shared"),
    }
}

fn person(row: &Row) -> Option<Person> {
    Some(Person {
        staff_number: words(row, "staff_number")?,
        name: name(row)?,
        roles: row.words_of("roles").filter_map(|role| choice(role.value)).collect(),
        user: words(row, "user"),
    })
}
