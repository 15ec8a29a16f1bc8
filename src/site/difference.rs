//! What a changed model adds, removes, renames and changes, for `carbonwatch plan`.

mod aims;
mod alarms;
mod forms;
mod sheets;
mod things;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::anomaly::AnomalyPlan;
use crate::domain::identity::ParameterId;
use crate::domain::missing::{MissingPlan, MissingRule, Take, TakeOfMonths, Tier, TierTable, UntestedPlan};
use crate::domain::model::{Constant, Limits, Name, SiteModel};
use crate::domain::text::Text;

use things::things;

/// Sorts of things that a model is made of, in the order in which differences are told.
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
    // By the sorts that there are, so that none is ever left out of a list of them.
    let sorts: BTreeSet<Sort> = old.iter().chain(&new).map(|thing| thing.sort).collect();
    for sort in sorts {
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
        let AnomalyPlan {
            causes,
            second_person_from,
            evidence_days,
        } = plan;
        let fields = self
            .with("anomalies.second_person_from", second_person_from)
            .with("anomalies.evidence_days", evidence_days);
        causes.iter().zip(1..).fold(fields, |fields, (cause, place)| {
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
        let MissingPlan {
            rule,
            careful,
            otherwise,
            wait_ms,
            longest_hours,
        } = plan;
        let load = rule.load();
        let mut fields = self
            .with("missing.rule", rule.name())
            .with("missing.careful", word(*careful))
            .maybe("missing.load", load.and_then(|bands| parameter(bands.load)))
            .maybe("missing.top", load.map(|bands| bands.top))
            .maybe("missing.bands", load.map(|bands| bands.count))
            .maybe("missing.value", otherwise.as_ref().map(|fixed| fixed.value))
            .maybe("missing.origin", otherwise.as_ref().map(|fixed| &fixed.origin))
            .maybe("missing.wait", wait_ms.map(duration))
            .maybe("missing.longest", longest_hours.map(|hours| format!("{hours} h")));
        match rule {
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
        let Some(UntestedPlan { least_months, take }) = plan else {
            return self;
        };
        let fields = self
            .with("missing.rule", UntestedPlan::NAME)
            .with("missing.least", least_months);
        match take {
            TakeOfMonths::Mean => fields,
            TakeOfMonths::Careful(careful) => fields.with("missing.careful", word(*careful)),
        }
    }

    fn constant(self, key: &str, constant: &Constant) -> Self {
        let Constant { value, unit, origin } = constant;
        self.with(&format!("{key}.value"), value)
            .with(&format!("{key}.unit"), unit)
            .with(&format!("{key}.origin"), origin)
    }
}
