//! What a changed model adds, removes, renames and changes, for `carbonwatch plan`.

mod aims;
mod alarms;
mod forms;
mod sheets;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::anomaly::AnomalyPlan;
use crate::domain::identity::{MeterId, NodeId, ParameterId};
use crate::domain::missing::{MissingPlan, MissingRule, Take, TakeOfMonths, Tier, TierTable, UntestedPlan};
use crate::domain::model::{Binding, Constant, Limits, Name, Provisional, SiteModel};
use crate::domain::text::Text;

/// Sorts of things that a model is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// The site itself.
    Site,
    /// A shift slot (班次).
    Shift,
    /// The rotation of the crews (倒班).
    Rotation,
    /// A node.
    Node,
    /// A meter.
    Meter,
    /// A parameter.
    Parameter,
    /// A source.
    Source,
    /// A product.
    Product,
    /// A book.
    Book,
    /// An emission plan (碳排放计划).
    Plan,
    /// A reference intensity (基准强度).
    Reference,
    /// A relation between parameters (参数关系).
    Relation,
    /// An entry sheet (录入表).
    Sheet,
    /// A form of documents (单据格式).
    Form,
    /// A post (岗位).
    Post,
    /// A person.
    Person,
}

impl Sort {
    /// What the sort is called.
    pub const fn text(self) -> Text {
        Text::new(match self {
            Self::Site => "site-sort-site",
            Self::Shift => "site-sort-shift",
            Self::Rotation => "site-sort-rotation",
            Self::Node => "site-sort-node",
            Self::Meter => "site-sort-meter",
            Self::Parameter => "site-sort-parameter",
            Self::Source => "site-sort-source",
            Self::Product => "site-sort-product",
            Self::Book => "site-sort-book",
            Self::Plan => "site-sort-plan",
            Self::Reference => "site-sort-reference",
            Self::Relation => "site-sort-relation",
            Self::Sheet => "site-sort-sheet",
            Self::Form => "site-sort-form",
            Self::Post => "site-sort-post",
            Self::Person => "site-sort-person",
        })
    }
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its key in `site.toml`, with a point before keys inside it: `inputs.heat.factor`.
    pub field: String,
    /// Its value before; `site-value-none` where it had none.
    pub old: Text,
    /// Its value after.
    pub new: Text,
}

/// How a thing differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is the same thing under another name, maybe with other fields too.
    Renamed {
        /// The former name.
        from: String,
        /// What else differs.
        fields: Vec<FieldChange>,
    },
    /// Fields of it differ.
    Changed {
        /// Which, in the order of their names.
        fields: Vec<FieldChange>,
    },
}

/// One thing that differs between two models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its sort.
    pub sort: Sort,
    /// Its key, tag or staff number; the new one when it was renamed.
    pub key: String,
    /// How it differs.
    pub change: Change,
}

/// All differences, by sort and then in the order of `after`, with what was removed behind.
pub fn differences(before: Option<&SiteModel>, after: &SiteModel) -> Vec<Difference> {
    let old = before.map(things).unwrap_or_default();
    let new = things(after);
    let mut found = Vec::new();
    for sort in [
        Sort::Site,
        Sort::Shift,
        Sort::Rotation,
        Sort::Node,
        Sort::Meter,
        Sort::Parameter,
        Sort::Source,
        Sort::Product,
        Sort::Book,
        Sort::Plan,
        Sort::Reference,
        Sort::Relation,
        Sort::Post,
        Sort::Person,
    ] {
        let of_sort =
            |things: &'_ [Thing]| -> Vec<Thing> { things.iter().filter(|thing| thing.sort == sort).cloned().collect() };
        let (old, new) = (of_sort(&old), of_sort(&new));
        let identities = |things: &[Thing]| -> BTreeMap<String, Thing> {
            things
                .iter()
                .map(|thing| (thing.identity.clone(), thing.clone()))
                .collect()
        };
        let (known_before, known_after) = (identities(&old), identities(&new));
        for thing in &new {
            let change = match known_before.get(&thing.identity) {
                None => Change::Added,
                Some(known) => {
                    let fields = changed_fields(&known.fields, &thing.fields);
                    if known.key != thing.key {
                        Change::Renamed {
                            from: known.key.clone(),
                            fields,
                        }
                    } else if fields.is_empty() {
                        continue;
                    } else {
                        Change::Changed { fields }
                    }
                }
            };
            found.push(Difference {
                sort,
                key: thing.key.clone(),
                change,
            });
        }
        for known in &old {
            if !known_after.contains_key(&known.identity) {
                found.push(Difference {
                    sort,
                    key: known.key.clone(),
                    change: Change::Removed,
                });
            }
        }
    }
    found
}

/// Values of fields by name.
type Fields = BTreeMap<String, String>;

/// Something with an identity, a name and fields.
#[derive(Clone)]
struct Thing {
    sort: Sort,
    /// What stays when the name changes: the permanent id, or the name where there is none.
    identity: String,
    key: String,
    fields: Fields,
}

fn changed_fields(old: &Fields, new: &Fields) -> Vec<FieldChange> {
    let text = |value: Option<&String>| {
        value.map_or_else(
            || Text::new("site-value-none"),
            |value| Text::new("site-value").with("value", value),
        )
    };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|&name| old.get(name) != new.get(name))
        .map(|name| FieldChange {
            field: name.clone(),
            old: text(old.get(name)),
            new: text(new.get(name)),
        })
        .collect()
}

/// The name that serde gives a variant, which is its name in the file.
pub(super) fn word<T: Serialize + DeserializeOwned>(variant: T) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn words<T: Serialize + DeserializeOwned + Copy>(variants: &[T]) -> String {
    variants
        .iter()
        .map(|&variant| word(variant))
        .collect::<Vec<_>>()
        .join(", ")
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

pub(super) fn duration(milliseconds: i64) -> String {
    const STEPS: [(i64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")];
    if milliseconds == 0 {
        return "none".to_owned();
    }
    STEPS
        .into_iter()
        .find(|&(length, _)| milliseconds % length == 0)
        .map_or_else(
            || format!("{milliseconds} ms"),
            |(length, unit)| format!("{} {unit}", milliseconds / length),
        )
}

/// A tier on one line, by the words of the file.
fn tier(tier: &Tier) -> String {
    let outage = tier.outage.map_or_else(String::new, |hours| format!(" outage {hours}"));
    let take = match tier.take {
        Take::Neighbours => "neighbours".to_owned(),
        Take::Mean { hours } => format!("mean {hours}"),
        Take::Percentile {
            percent,
            hours,
            or_neighbours,
        } => format!(
            "percentile {percent} {hours}{}",
            if or_neighbours { " or_neighbours" } else { "" }
        ),
        Take::Highest => "highest".to_owned(),
        Take::Nothing => "nothing".to_owned(),
    };
    format!("{}{outage}: {take}", tier.availability)
}

/// Collects fields, leaving out those without a value.
#[derive(Default)]
pub(super) struct Collector(Fields);

impl Collector {
    pub(super) fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.0.insert(key.to_owned(), format!("{value}"));
        self
    }

    pub(super) fn maybe(self, key: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    fn name(self, name: &Name) -> Self {
        self.with("name", &name.zh).with("name_en", &name.en)
    }

    /// Whether a key inside this one has a value.
    pub(super) fn says_of(&self, key: &str) -> bool {
        let inside = |field: &String| field.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        self.0.keys().any(inside)
    }

    pub(super) fn limits(self, key: &str, limits: Limits) -> Self {
        self.maybe(&format!("{key}.low"), limits.low)
            .maybe(&format!("{key}.high"), limits.high)
    }

    /// How anomalies are worked on.
    fn anomalies(self, plan: &AnomalyPlan) -> Self {
        let fields = self
            .with("anomalies.second_person_from", plan.second_person_from)
            .with("anomalies.evidence_days", plan.evidence_days);
        plan.causes.iter().zip(1..).fold(fields, |fields, (cause, place)| {
            let key = format!("anomalies.cause.{}", cause.number);
            let said = format!(
                "{place}. {} / {} ({})",
                cause.name.zh,
                cause.name.en,
                cause.class.name()
            );
            fields.with(&key, said)
        })
    }

    /// A plan for missing data; `parameter` is what one is called.
    fn missing(self, plan: Option<&MissingPlan>, parameter: impl Fn(ParameterId) -> Option<String>) -> Self {
        let Some(plan) = plan else { return self };
        let load = plan.rule.load();
        let mut fields = self
            .with("missing.rule", plan.rule.name())
            .with("missing.careful", word(plan.careful))
            .maybe("missing.load", load.and_then(|bands| parameter(bands.load)))
            .maybe("missing.top", load.map(|bands| bands.top))
            .maybe("missing.bands", load.map(|bands| bands.count))
            .maybe("missing.value", plan.otherwise.as_ref().map(|fixed| fixed.value))
            .maybe("missing.origin", plan.otherwise.as_ref().map(|fixed| &fixed.origin))
            .maybe("missing.wait", plan.wait_ms.map(duration))
            .maybe("missing.longest", plan.longest_hours.map(|hours| format!("{hours} h")));
        match &plan.rule {
            MissingRule::PreviousDays { days } => fields = fields.with("missing.days", days),
            MissingRule::LoadBand { hours, .. } => fields = fields.with("missing.hours", hours),
            MissingRule::Tiers {
                tiers,
                first_hours,
                table,
                ..
            } => {
                fields = fields
                    .with("missing.first_hours", first_hours)
                    .maybe("missing.table", table.map(TierTable::name));
                if table.is_none() {
                    fields = fields.with("missing.tiers", tiers.iter().map(tier).collect::<Vec<_>>().join("; "));
                }
            }
            MissingRule::Hold | MissingRule::Neighbours | MissingRule::Fixed => {}
        }
        fields
    }

    /// What stands for untested months.
    fn untested(self, plan: Option<&UntestedPlan>) -> Self {
        let Some(plan) = plan else { return self };
        let fields = self
            .with("missing.rule", UntestedPlan::NAME)
            .with("missing.least", plan.least_months);
        match plan.take {
            TakeOfMonths::Mean => fields,
            TakeOfMonths::Careful(careful) => fields.with("missing.careful", word(careful)),
        }
    }

    fn constant(self, key: &str, constant: &Constant) -> Self {
        self.with(&format!("{key}.value"), constant.value)
            .with(&format!("{key}.unit"), &constant.unit)
            .with(&format!("{key}.origin"), &constant.origin)
    }
}

fn things(model: &SiteModel) -> Vec<Thing> {
    let node = |id: NodeId| model.node(id).map(|node| node.key.clone());
    let meter = |id: MeterId| {
        model
            .meters
            .iter()
            .find(|meter| meter.id == id)
            .map(|meter| meter.key.clone())
    };
    let parameter = |id: ParameterId| {
        let found = model.parameter(id);
        found.map(|parameter| parameter.tag.clone())
    };
    let mut things = Vec::new();
    let mut add = |sort, identity: String, key: &str, fields: Collector| {
        things.push(Thing {
            sort,
            identity,
            key: key.to_owned(),
            fields: fields.0,
        });
    };
    let site = Collector::default()
        .name(&model.name)
        .with("sector", &model.sector)
        .with("zone", model.zone.name())
        .with("day_start", clock(model.day_start_minutes))
        .with("simulated", model.simulated)
        .with("retention_years", model.retention_years)
        .with("sign_on_idle", format!("{} s", model.sign_on_idle_ms / 1000))
        .alarms(&model.alarms)
        .anomalies(&model.anomalies);
    add(Sort::Site, String::new(), &model.key, site);
    for (place, shift) in model.shifts.iter().enumerate() {
        let fields = Collector::default()
            .name(&shift.name)
            .with("start", clock(shift.start_minutes))
            .with("place", place + 1);
        add(Sort::Shift, shift.key.clone(), &shift.key, fields);
    }
    if let Some(rotation) = &model.rotation {
        let crew = |place: &usize| rotation.crews.get(*place).map_or("?", |crew| crew.zh.as_str());
        let row = |slots: &Vec<usize>| slots.iter().map(crew).collect::<Vec<_>>().join(" ");
        let names = |pick: fn(&Name) -> &str| rotation.crews.iter().map(pick).collect::<Vec<_>>().join(", ");
        let fields = Collector::default()
            .with("crews", names(|crew| &crew.zh))
            .with("crews_en", names(|crew| &crew.en))
            .with("anchor", rotation.anchor)
            .with("cycle", rotation.cycle.iter().map(row).collect::<Vec<_>>().join(" / "));
        add(Sort::Rotation, String::new(), "rotation", fields);
    }
    for entry in &model.nodes {
        let fields = Collector::default()
            .name(&entry.name)
            .with("level", word(entry.level))
            .maybe("parent", entry.parent.and_then(node))
            .maybe("upstream", entry.upstream.and_then(node))
            .maybe(
                "runs.parameter",
                entry.runs.as_ref().and_then(|runs| parameter(runs.parameter)),
            )
            .maybe("runs.above", entry.runs.as_ref().map(|runs| runs.above))
            .maybe("runs.after", entry.runs.as_ref().map(|runs| runs.after_ms));
        add(Sort::Node, entry.id.to_string(), &entry.key, fields);
    }
    for entry in &model.meters {
        let fields = Collector::default()
            .name(&entry.name)
            .with("serial", &entry.serial)
            .with("accuracy", &entry.accuracy)
            .maybe("calibrated_on", entry.calibrated_on)
            .maybe("calibrated_until", entry.calibrated_until)
            .with("multiplier", entry.multiplier)
            .maybe("rollover", entry.rollover);
        add(Sort::Meter, entry.id.to_string(), &entry.key, fields);
    }
    for entry in &model.parameters {
        let fields = Collector::default()
            .name(&entry.name)
            .with("kind", word(entry.kind))
            .with("unit", &entry.unit)
            .with("decimals", entry.decimals)
            .maybe("node", node(entry.node))
            .maybe("meter", entry.meter.and_then(meter))
            .with("interval", duration(entry.interval_ms))
            .with("gap_limit", duration(entry.gap_limit_ms))
            .with("integration", word(entry.integration))
            .limits("possible", entry.possible)
            .limits("operating", entry.operating)
            .with("deadband", entry.deadband)
            .with("delay", duration(entry.delay_ms))
            .with("origins", words(&entry.origins))
            .with("key", entry.key)
            .maybe("capacity", entry.capacity)
            .missing(entry.missing.as_ref(), parameter)
            .untested(entry.untested.as_ref())
            .checks(entry.checks.as_ref(), parameter)
            .parameter_alarms(entry.alarms.as_ref());
        add(Sort::Parameter, entry.id.to_string(), &entry.tag, fields);
    }
    for entry in &model.sources {
        let mut fields = Collector::default()
            .name(&entry.name)
            .maybe("node", node(entry.node))
            .with("method", &entry.method);
        for (input, binding) in &entry.inputs {
            let key = |field: &str| format!("inputs.{input}.{field}");
            fields = match binding {
                Binding::Parameter {
                    parameter: bound,
                    window,
                    provisional,
                } => {
                    let fields = fields
                        .maybe(&key("parameter"), parameter(*bound))
                        .with(&key("window"), word(*window));
                    match provisional {
                        None => fields,
                        Some(Provisional::Factor(factor)) => fields.with(&key("provisional.factor"), factor),
                        Some(Provisional::Constant(constant)) => fields.constant(&key("provisional"), constant),
                    }
                }
                Binding::Factor { key: factor, data_year } => {
                    fields.with(&key("factor"), factor).maybe(&key("data_year"), *data_year)
                }
                Binding::Constant(constant) => fields.constant(&format!("inputs.{input}"), constant),
            };
        }
        add(Sort::Source, entry.id.to_string(), &entry.key, fields);
    }
    for entry in &model.products {
        let fields = Collector::default()
            .name(&entry.name)
            .maybe("node", node(entry.node))
            .maybe("parameter", parameter(entry.parameter))
            .with("unit", &entry.unit);
        add(Sort::Product, entry.id.to_string(), &entry.key, fields);
    }
    for entry in &model.books {
        let fields = Collector::default()
            .name(&entry.name)
            .with("standard", &entry.standard)
            .with("edition", &entry.edition)
            .maybe("boundary", node(entry.boundary))
            .with("gases", words(&entry.gases))
            .with("gwp_set", &entry.gwp_set)
            .with("factor_sets", entry.factor_sets.join(", "))
            .with("measured_only", entry.measured_only);
        add(Sort::Book, entry.id.to_string(), &entry.key, fields);
    }
    aims::add_aims(model, &mut add);
    aims::add_relations(model, &mut add);
    sheets::add_sheets(model, &mut add);
    forms::add_forms(model, &mut add);
    for entry in &model.posts {
        // A group and a user may have one name; the mark of a group keeps them apart.
        let name = match (&entry.user, &entry.group) {
            (Some(user), _) => user.clone(),
            (None, Some(group)) => format!("@{group}"),
            (None, None) => String::new(),
        };
        let fields = Collector::default()
            .with("roles", words(&entry.roles))
            .with("shared", entry.shared);
        add(Sort::Post, name.clone(), &name, fields);
    }
    for entry in &model.persons {
        let fields = Collector::default()
            .name(&entry.name)
            .with("roles", words(&entry.roles))
            .maybe("user", entry.user.as_ref());
        add(Sort::Person, entry.staff_number.clone(), &entry.staff_number, fields);
    }
    things
}
