//! Where in a row things stand, and what they are: a mapping bound to a site model and to a file's header.

use std::collections::{BTreeMap, HashMap};

use super::stamp::Series;
use super::{IntakeError, one_line};
use crate::connect::mapping::{Bound, Field, Layout, LongColumns, Mapping, MappingFault, StampColumns};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::{Ratio, Unit};

/// A parameter as a file delivers it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) parameter: ParameterId,
    pub(super) kind: ParameterKind,
    pub(super) decimals: u32,
    /// Unit of the parameter, for files that name the unit in every row.
    pub(super) unit: Unit,
    /// How many of it one of the file's unit is.
    pub(super) ratio: Ratio,
    pub(super) refuse_negative: bool,
}

/// A column of a wide file.
#[derive(Debug)]
pub(super) struct WideColumn {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) quality: Option<usize>,
    pub(super) target: Target,
}

/// The columns of a long file, and what its tags are.
#[derive(Debug)]
pub(super) struct LongPlan {
    pub(super) parameter: usize,
    pub(super) value: usize,
    pub(super) quality: Option<usize>,
    pub(super) unit: Option<usize>,
    /// Place in `series` by tag; `None` for tags that are passed over.
    pub(super) tags: HashMap<String, Option<usize>>,
    pub(super) series: Vec<(Target, Series)>,
    /// Ratios of units met in rows, by series and unit.
    pub(super) ratios: HashMap<(usize, String), Ratio>,
}

/// Where the stamp stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum StampPlace {
    One(usize),
    Two(usize, usize),
    Counted,
}

/// Where values stand.
#[derive(Debug)]
pub(super) enum Body {
    Wide(Vec<WideColumn>, Series),
    Long(Box<LongPlan>),
}

/// A mapping bound to a model and a header.
#[derive(Debug)]
pub(super) struct Plan {
    /// Number of fields of a row.
    pub(super) width: usize,
    pub(super) stamp: StampPlace,
    pub(super) id: Option<usize>,
    pub(super) body: Body,
    pub(super) names: Vec<String>,
}

impl Plan {
    /// Name of a column, cleaned for showing.
    pub(super) fn name(&self, index: usize) -> String {
        self.names
            .get(index)
            .map(|name| clean(name).into_owned())
            .unwrap_or_default()
    }

    /// The most readings or refusals that one row can give.
    pub(super) fn most_of_a_row(&self) -> usize {
        match &self.body {
            Body::Wide(columns, _) => columns.len().max(1),
            Body::Long(_) => 1,
        }
    }
}

impl Mapping {
    /// Checks the mapping against a site model: tags that are unknown and units that do not fit, all at once.
    pub fn check_against(&self, model: &SiteModel) -> Result<(), Vec<MappingFault>> {
        bind(self, model).map(|_| ())
    }
}

/// Binds the columns or tags of a mapping to the parameters of a model.
pub(super) fn bind<'a>(
    mapping: &'a Mapping,
    model: &SiteModel,
) -> Result<BTreeMap<&'a str, Option<Target>>, Vec<MappingFault>> {
    let fields = match &mapping.layout {
        Layout::Wide(fields) => fields,
        Layout::Long(long) => &long.tags,
    };
    let mut faults = Vec::new();
    let mut targets = BTreeMap::new();
    for (name, field) in fields {
        let target = match field {
            Field::Ignored => None,
            Field::Bound(bound) => match bind_one(mapping, bound, model) {
                Ok(target) => Some(target),
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            },
        };
        targets.insert(name.as_str(), target);
    }
    if faults.is_empty() { Ok(targets) } else { Err(faults) }
}

fn bind_one(mapping: &Mapping, bound: &Bound, model: &SiteModel) -> Result<Target, MappingFault> {
    let tag = &bound.parameter.value;
    let Some(parameter) = model.parameters.iter().find(|parameter| parameter.tag == *tag) else {
        let why = Text::new("mapping-parameter-unknown").with("tag", clean(tag));
        return Err(bound.parameter.fault(&mapping.file, why));
    };
    let mut target = target_of(parameter);
    if let Some(unit) = &bound.unit {
        target.ratio = unit.value.ratio_to(&parameter.unit).map_err(|error| {
            let why = Text::new("mapping-unit-mismatch")
                .with("tag", clean(tag))
                .with_text("why", error.text());
            unit.fault(&mapping.file, why)
        })?;
    }
    if let Some(refuse) = bound.refuse_negative {
        target.refuse_negative = refuse;
    }
    Ok(target)
}

fn target_of(parameter: &Parameter) -> Target {
    Target {
        parameter: parameter.id,
        kind: parameter.kind,
        decimals: parameter.decimals,
        unit: parameter.unit.clone(),
        ratio: Ratio::ONE,
        refuse_negative: parameter.kind == ParameterKind::Counter,
    }
}

/// Looks the mapping's columns up among those of the file.
pub(super) fn plan(mapping: &Mapping, model: &SiteModel, names: Vec<String>) -> Result<Plan, IntakeError> {
    let targets = bind(mapping, model).map_err(IntakeError::Mapping)?;
    let mut columns = Columns::new(&names);
    let stamp = match &mapping.stamp.columns {
        StampColumns::One(column) => StampPlace::One(columns.find(column)),
        StampColumns::Two(date, time) => StampPlace::Two(columns.find(date), columns.find(time)),
        StampColumns::Counted(_) => StampPlace::Counted,
    };
    let id = mapping.id.as_ref().map(|column| columns.find(column));
    let body = match &mapping.layout {
        Layout::Wide(fields) => Body::Wide(wide(fields, targets, &mut columns), Series::default()),
        Layout::Long(long) => Body::Long(Box::new(long_plan(mapping, long, targets, model, &mut columns))),
    };
    columns.finish(matches!(mapping.layout, Layout::Wide(_)) && !mapping.ignore_others)?;
    Ok(Plan {
        width: names.len(),
        stamp,
        id,
        body,
        names,
    })
}

fn wide(
    fields: &BTreeMap<String, Field>,
    targets: BTreeMap<&str, Option<Target>>,
    columns: &mut Columns<'_>,
) -> Vec<WideColumn> {
    let mut plan = Vec::new();
    for (name, target) in targets {
        let Some(target) = target else {
            columns.may_have(name);
            continue;
        };
        let quality = match fields.get(name) {
            Some(Field::Bound(bound)) => bound.quality.as_ref().map(|column| columns.find(column)),
            _ => None,
        };
        plan.push(WideColumn {
            index: columns.find(name),
            name: clean(name).into_owned(),
            quality,
            target,
        });
    }
    plan.sort_by_key(|column| column.index);
    plan
}

fn long_plan(
    mapping: &Mapping,
    long: &LongColumns,
    targets: BTreeMap<&str, Option<Target>>,
    model: &SiteModel,
    columns: &mut Columns<'_>,
) -> LongPlan {
    let mut tags = HashMap::new();
    let mut series = Vec::new();
    for (name, target) in targets {
        let place = target.map(|target| {
            series.push((target, Series::default()));
            series.len() - 1
        });
        tags.insert(name.to_owned(), place);
    }
    for parameter in &model.parameters {
        if !mapping_names(mapping, &parameter.tag) {
            series.push((target_of(parameter), Series::default()));
            tags.insert(parameter.tag.clone(), Some(series.len() - 1));
        }
    }
    LongPlan {
        parameter: columns.find(&long.parameter),
        value: columns.find(&long.value),
        quality: long.quality.as_ref().map(|column| columns.find(column)),
        unit: long.unit.as_ref().map(|column| columns.find(column)),
        tags,
        series,
        ratios: HashMap::new(),
    }
}

/// Whether a mapping says what a tag of a long file means.
fn mapping_names(mapping: &Mapping, tag: &str) -> bool {
    matches!(&mapping.layout, Layout::Long(long) if long.tags.contains_key(tag))
}

/// Looks columns up by name, and notes those that are missing, ambiguous or not spoken of.
pub(super) struct Columns<'a> {
    names: &'a [String],
    spoken_of: Vec<bool>,
    missing: Vec<String>,
    twice: Vec<String>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(names: &'a [String]) -> Self {
        Self {
            names,
            spoken_of: vec![false; names.len()],
            missing: Vec::new(),
            twice: Vec::new(),
        }
    }

    /// The place of a column; a column that is missing or ambiguous is noted and the place means nothing.
    pub(super) fn find(&mut self, name: &str) -> usize {
        let place = self.may_have(name);
        if place.is_none() {
            self.missing.push(clean(name).into_owned());
        }
        place.unwrap_or(usize::MAX)
    }

    fn may_have(&mut self, name: &str) -> Option<usize> {
        let wanted = one_line(name);
        let mut places = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, other)| one_line(other) == wanted);
        let (place, _) = places.next()?;
        if places.next().is_some() {
            self.twice.push(clean(name).into_owned());
        }
        if let Some(spoken_of) = self.spoken_of.get_mut(place) {
            *spoken_of = true;
        }
        Some(place)
    }

    pub(super) fn finish(self, all_must_be_spoken_of: bool) -> Result<(), IntakeError> {
        let shown = |names: &mut dyn Iterator<Item = &String>| {
            let names: Vec<_> = names.take(50).map(|name| clean(name).into_owned()).collect();
            names.join(" | ")
        };
        if !self.missing.is_empty() {
            return Err(IntakeError::ColumnsMissing {
                missing: shown(&mut self.missing.iter()),
                found: shown(&mut self.names.iter()),
            });
        }
        if !self.twice.is_empty() {
            return Err(IntakeError::ColumnsTwice(shown(&mut self.twice.iter())));
        }
        let mut silent = self
            .names
            .iter()
            .zip(&self.spoken_of)
            .filter(|(name, spoken_of)| !**spoken_of && !name.is_empty())
            .map(|(name, _)| name)
            .peekable();
        if all_must_be_spoken_of && silent.peek().is_some() {
            return Err(IntakeError::ColumnsUnmapped(shown(&mut silent)));
        }
        Ok(())
    }
}
