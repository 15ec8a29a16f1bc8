//! What a model is made of, as things with fields. Every part is taken apart by all of its fields, so that the compiler asks
//! for what a new field is called here.

use super::{Collector, Sort, Thing, aims, clock, duration, forms, sheets, word, words};
use crate::domain::identity::{MeterId, NodeId, ParameterId};
use crate::domain::model::{
    Binding, Book, CrewRotation, Meter, Name, Node, Parameter, Person, Post, Product, Provisional, Runs, ShiftSlot,
    SiteModel, Source,
};

/// Takes a thing: its sort, what stays of it when its name changes, its key and its fields.
pub(super) trait Add: FnMut(Sort, String, &str, Collector) {}

impl<F: FnMut(Sort, String, &str, Collector)> Add for F {}

/// Keys and tags of what others refer to by permanent ids.
#[derive(Clone, Copy)]
struct Called<'m>(&'m SiteModel);

impl Called<'_> {
    fn node(self, id: NodeId) -> Option<String> {
        self.0.node(id).map(|node| node.key.clone())
    }

    fn meter(self, id: MeterId) -> Option<String> {
        let found = self.0.meters.iter().find(|meter| meter.id == id);
        found.map(|meter| meter.key.clone())
    }

    fn parameter(self, id: ParameterId) -> Option<String> {
        let found = self.0.parameter(id);
        found.map(|parameter| parameter.tag.clone())
    }
}

pub(super) fn things(model: &SiteModel) -> Vec<Thing> {
    let mut things = Vec::new();
    let mut add = |sort, identity: String, key: &str, fields: Collector| {
        things.push(Thing {
            sort,
            identity,
            key: key.to_owned(),
            fields: fields.0,
        });
    };
    let SiteModel {
        key,
        name,
        sector,
        zone,
        day_start_minutes,
        simulated,
        shifts,
        rotation,
        nodes,
        meters,
        parameters,
        sources,
        products,
        books,
        plans,
        references,
        relations,
        sheets,
        document_forms,
        posts,
        persons,
        retention_years,
        anomalies,
        alarms,
        sign_on_idle_ms,
        // What ids come next is no part of the plant.
        next: _,
    } = model;
    let called = Called(model);
    let site = Collector::default()
        .name(name)
        .with("sector", sector)
        .with("zone", zone.name())
        .with("day_start", clock(*day_start_minutes))
        .with("simulated", simulated)
        .with("retention_years", retention_years)
        .with("sign_on_idle", duration(*sign_on_idle_ms))
        .alarms(alarms)
        .anomalies(anomalies);
    add(Sort::Site, String::new(), key, site);
    add_shifts(shifts, rotation.as_ref(), &mut add);
    for node in nodes {
        add_node(node, called, &mut add);
    }
    for meter in meters {
        add_meter(meter, &mut add);
    }
    for parameter in parameters {
        add_parameter(parameter, called, &mut add);
    }
    for source in sources {
        add_source(source, called, &mut add);
    }
    for product in products {
        add_product(product, called, &mut add);
    }
    for book in books {
        add_book(book, called, &mut add);
    }
    aims::add_aims(model, (plans, references), &mut add);
    aims::add_relations(model, relations, &mut add);
    sheets::add_sheets(model, sheets, &mut add);
    forms::add_forms(model, document_forms, &mut add);
    for post in posts {
        add_post(post, &mut add);
    }
    for person in persons {
        add_person(person, &mut add);
    }
    things
}

fn add_shifts(shifts: &[ShiftSlot], rotation: Option<&CrewRotation>, add: &mut impl Add) {
    for (place, shift) in shifts.iter().enumerate() {
        let ShiftSlot {
            key,
            name,
            start_minutes,
        } = shift;
        let fields = Collector::default()
            .name(name)
            .with("start", clock(*start_minutes))
            .with("place", place + 1);
        add(Sort::Shift, key.clone(), key, fields);
    }
    if let Some(CrewRotation { crews, anchor, cycle }) = rotation {
        let crew = |place: &usize| crews.get(*place).map_or("?", |crew| crew.zh.as_str());
        let row = |slots: &Vec<usize>| slots.iter().map(crew).collect::<Vec<_>>().join(" ");
        let names = |pick: fn(&Name) -> &str| crews.iter().map(pick).collect::<Vec<_>>().join(", ");
        let fields = Collector::default()
            .with("crews", names(|crew| &crew.zh))
            .with("crews_en", names(|crew| &crew.en))
            .with("anchor", anchor)
            .with("cycle", cycle.iter().map(row).collect::<Vec<_>>().join(" / "));
        add(Sort::Rotation, String::new(), "rotation", fields);
    }
}

fn add_node(node: &Node, called: Called<'_>, add: &mut impl Add) {
    let Node {
        id,
        key,
        name,
        level,
        parent,
        upstream,
        runs,
    } = node;
    let mut fields = Collector::default()
        .name(name)
        .with("level", word(*level))
        .maybe("parent", parent.and_then(|id| called.node(id)))
        .maybe("upstream", upstream.and_then(|id| called.node(id)));
    if let Some(Runs {
        parameter,
        above,
        after_ms,
    }) = runs
    {
        fields = fields
            .maybe("runs.parameter", called.parameter(*parameter))
            .with("runs.above", above)
            .with("runs.after", duration(*after_ms));
    }
    add(Sort::Node, id.to_string(), key, fields);
}

fn add_meter(meter: &Meter, add: &mut impl Add) {
    let Meter {
        id,
        key,
        name,
        serial,
        accuracy,
        calibrated_on,
        calibrated_until,
        multiplier,
        rollover,
        second_person,
    } = meter;
    let fields = Collector::default()
        .name(name)
        .with("serial", serial)
        .with("accuracy", accuracy)
        .maybe("calibrated_on", *calibrated_on)
        .maybe("calibrated_until", *calibrated_until)
        .with("multiplier", multiplier)
        .maybe("rollover", *rollover)
        .with("second_person", second_person);
    add(Sort::Meter, id.to_string(), key, fields);
}

fn add_parameter(parameter: &Parameter, called: Called<'_>, add: &mut impl Add) {
    let Parameter {
        id,
        tag,
        name,
        kind,
        unit,
        decimals,
        node,
        meter,
        interval_ms,
        gap_limit_ms,
        integration,
        possible,
        operating,
        deadband,
        delay_ms,
        origins,
        key,
        // Given by the program when the parameter is made, and never changed.
        block_hours: _,
        capacity,
        missing,
        untested,
        checks,
        alarms,
        calendar,
    } = parameter;
    let length = duration(*interval_ms);
    let interval = match calendar {
        Some(calendar) if calendar.longest_ms() == *interval_ms => calendar.word().to_owned(),
        Some(calendar) => format!("{} ({length})", calendar.word()),
        None => length,
    };
    let fields = Collector::default()
        .name(name)
        .with("kind", word(*kind))
        .with("unit", unit)
        .with("decimals", decimals)
        .maybe("node", called.node(*node))
        .maybe("meter", meter.and_then(|id| called.meter(id)))
        .with("interval", interval)
        .with("gap_limit", duration(*gap_limit_ms))
        .with("integration", word(*integration))
        .limits("possible", *possible)
        .limits("operating", *operating)
        .with("deadband", deadband)
        .with("delay", duration(*delay_ms))
        .with("origins", words(origins))
        .with("key", key)
        .maybe("capacity", *capacity)
        .missing(missing.as_ref(), |id| called.parameter(id))
        .untested(untested.as_ref())
        .checks(checks.as_ref(), |id| called.parameter(id))
        .parameter_alarms(alarms.as_ref());
    add(Sort::Parameter, id.to_string(), tag, fields);
}

fn add_source(source: &Source, called: Called<'_>, add: &mut impl Add) {
    let Source {
        id,
        key,
        name,
        node,
        method,
        inputs,
    } = source;
    let mut fields = Collector::default()
        .name(name)
        .maybe("node", called.node(*node))
        .with("method", method);
    for (input, binding) in inputs {
        let inside = |field: &str| format!("inputs.{input}.{field}");
        fields = match binding {
            Binding::Parameter {
                parameter,
                window,
                provisional,
            } => {
                let fields = fields
                    .maybe(&inside("parameter"), called.parameter(*parameter))
                    .with(&inside("window"), word(*window));
                match provisional {
                    None => fields,
                    Some(Provisional::Factor(factor)) => fields.with(&inside("provisional.factor"), factor),
                    Some(Provisional::Constant(constant)) => fields.constant(&inside("provisional"), constant),
                }
            }
            Binding::Factor { key: factor, data_year } => fields
                .with(&inside("factor"), factor)
                .maybe(&inside("data_year"), *data_year),
            Binding::Constant(constant) => fields.constant(&format!("inputs.{input}"), constant),
        };
    }
    add(Sort::Source, id.to_string(), key, fields);
}

fn add_product(product: &Product, called: Called<'_>, add: &mut impl Add) {
    let Product {
        id,
        key,
        name,
        node,
        parameter,
        unit,
    } = product;
    let fields = Collector::default()
        .name(name)
        .maybe("node", called.node(*node))
        .maybe("parameter", called.parameter(*parameter))
        .with("unit", unit);
    add(Sort::Product, id.to_string(), key, fields);
}

fn add_book(book: &Book, called: Called<'_>, add: &mut impl Add) {
    let Book {
        id,
        key,
        name,
        standard,
        edition,
        boundary,
        gases,
        gwp_set,
        factor_sets,
        measured_only,
    } = book;
    let fields = Collector::default()
        .name(name)
        .with("standard", standard)
        .with("edition", edition)
        .maybe("boundary", called.node(*boundary))
        .with("gases", words(gases))
        .with("gwp_set", gwp_set)
        .with("factor_sets", factor_sets.join(", "))
        .with("measured_only", measured_only);
    add(Sort::Book, id.to_string(), key, fields);
}

fn add_post(post: &Post, add: &mut impl Add) {
    let Post {
        user,
        group,
        roles,
        shared,
    } = post;
    // A group and a user may have one name; the mark of a group keeps them apart.
    let name = match (user, group) {
        (Some(user), _) => user.clone(),
        (None, Some(group)) => format!("@{group}"),
        (None, None) => String::new(),
    };
    let fields = Collector::default().with("roles", words(roles)).with("shared", shared);
    add(Sort::Post, name.clone(), &name, fields);
}

fn add_person(person: &Person, add: &mut impl Add) {
    let Person {
        staff_number,
        name,
        roles,
        user,
    } = person;
    let fields = Collector::default()
        .name(name)
        .with("roles", words(roles))
        .maybe("user", user.as_ref());
    add(Sort::Person, staff_number.clone(), staff_number, fields);
}
