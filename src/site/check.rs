//! What must hold between the entries of a `site.toml`: unique keys, references, the tree, units, limits, books.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::aims::check_plans;
use super::alarms::{check_alarms, check_parameter_alarms};
use super::anomalies::check_anomalies;
use super::checks::check_checks;
use super::forms::check_forms;
use super::missing::check_missing;
use super::people::{check_rights, check_rotation, check_shifts};
use super::problem::{Problems, remedy_for};
use super::relations::check_relations;
use super::row::{At, Row, Value};
use super::sheets::check_sheets;
use super::vocabulary::Vocabulary;
use crate::domain::decimal::count;
use crate::domain::model::Level;
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text};
use crate::domain::unit::{Unit, UnitError};

/// Places of entries by key; of two with one key the first.
pub(super) type Index<'r> = BTreeMap<&'r str, usize>;

/// Where the entries that others refer to stand in their lists.
pub(super) struct Links<'r> {
    pub(super) nodes: Index<'r>,
    pub(super) meters: Index<'r>,
    pub(super) parameters: Index<'r>,
    pub(super) products: Index<'r>,
    pub(super) books: Index<'r>,
    /// Whether the tree is a tree: where it is not, what lies below what cannot be said.
    pub(super) tree_is_sound: bool,
}

impl Links<'_> {
    /// A node with all above it.
    pub(super) fn above<'r>(&self, file: &'r Row, node: &'r str) -> Vec<&'r str> {
        let nodes = file.rows("node");
        let mut above = Vec::new();
        let mut next = Some(node);
        // A circle of parents is a problem of its own; here it must only come to an end.
        while let Some(key) = next.filter(|key| !above.contains(key)) {
            above.push(key);
            next = self.nodes.get(key).and_then(|&place| nodes.get(place)?.words("parent"));
        }
        above
    }
}

/// Runs all checks but those of the sources' inputs.
pub(super) fn check<'r>(file: &'r Row, rules: &dyn Vocabulary, problems: &Problems<'_>) -> Links<'r> {
    let nodes = unique(problems, file.rows("node"), "key");
    let before = problems.count();
    check_tree(problems, file.rows("node"), &nodes);
    let links = Links {
        tree_is_sound: problems.count() == before,
        nodes,
        meters: unique(problems, file.rows("meter"), "key"),
        parameters: unique(problems, file.rows("parameter"), "tag"),
        products: unique(problems, file.rows("product"), "key"),
        books: unique(problems, file.rows("book"), "key"),
    };
    unique(problems, file.rows("source"), "key");
    for meter in file.rows("meter") {
        check_meter(problems, meter);
    }
    for parameter in file.rows("parameter") {
        refer(problems, parameter, "node", &links.nodes);
        refer(problems, parameter, "meter", &links.meters);
        check_parameter(problems, parameter);
        check_parameter_alarms(problems, parameter);
    }
    check_missing(problems, file.rows("parameter"), &links);
    check_checks(problems, file, &links);
    check_runs(problems, file.rows("node"), file.rows("parameter"), &links);
    check_products(problems, file, &links);
    check_books(problems, file.rows("book"), &links.nodes, rules);
    check_plans(problems, file, &links);
    check_relations(problems, file, &links);
    check_sheets(problems, file, &links);
    check_forms(problems, file, &links);
    check_shifts(problems, file.rows("shift"));
    if let Some(rotation) = file.row("rotation") {
        check_rotation(problems, rotation, file.rows("shift").len());
    }
    check_rights(problems, file);
    if let Some(alarms) = file.row("alarms") {
        check_alarms(problems, alarms);
    }
    if let Some(anomalies) = file.row("anomalies") {
        check_anomalies(problems, anomalies);
    }
    links
}

/// Places by key, with a problem for every key that is given twice.
pub(super) fn unique<'r>(problems: &Problems<'_>, rows: &'r [Row], field: &str) -> Index<'r> {
    let mut index = Index::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(key) = row.words(field) else { continue };
        if let Some(first) = index.get(key).and_then(|&first| rows.get(first)) {
            let (line, _) = problems.place(first.place(field));
            let what = Text::new("site-duplicate").with("key", key).with("line", line);
            problems.push(row.place(field), what, Text::new("site-remedy-rename-one"));
        } else {
            index.insert(key, place);
        }
    }
    index
}

/// Follows a reference; a problem where it leads nowhere.
pub(super) fn refer(problems: &Problems<'_>, row: &Row, field: &'static str, index: &Index<'_>) -> Option<usize> {
    let key = row.words(field)?;
    let found = index.get(key).copied();
    if found.is_none() {
        let what = Text::new("site-unresolved").with("field", field).with("key", key);
        problems.push(row.place(field), what, remedy_for(key, index.keys().copied()));
    }
    found
}

/// What tells that equipment runs must be something that has a value at any time.
fn check_runs(problems: &Problems<'_>, nodes: &[Row], parameters: &[Row], links: &Links<'_>) {
    for runs in nodes.iter().filter_map(|node| node.row("runs")) {
        let told_by = refer(problems, runs, "parameter", &links.parameters).and_then(|place| parameters.get(place));
        let kind = told_by.and_then(|parameter| parameter.choice::<ParameterKind>("kind"));
        if kind.is_some_and(|kind| !matches!(kind, ParameterKind::Flow | ParameterKind::State)) {
            problems.push(
                runs.place("parameter"),
                Text::new("site-runs-kind").with("tag", runs.words("parameter").unwrap_or_default()),
                Text::new("site-remedy-runs-kind"),
            );
        }
    }
}

fn check_tree(problems: &Problems<'_>, nodes: &[Row], index: &Index<'_>) {
    let mut root: Option<&Row> = None;
    let parents: Vec<Option<usize>> = nodes
        .iter()
        .map(|node| refer(problems, node, "parent", index))
        .collect();
    let in_loop = looped(&parents);
    let mut told = BTreeSet::new();
    for (place, node) in nodes.iter().enumerate() {
        let level: Option<Level> = node.choice("level");
        if in_loop.contains(&place) {
            if told.insert(place) {
                let circle = circle_from(&parents, place);
                told.extend(circle.iter().copied());
                let names: Vec<&str> = circle
                    .iter()
                    .chain(circle.first())
                    .filter_map(|&member| nodes.get(member)?.words("key"))
                    .collect();
                let what = Text::new("site-loop").with("circle", names.join(" → "));
                problems.push(node.place("parent"), what, Text::new("site-remedy-loop"));
            }
            continue;
        }
        if level == Some(Level::Enterprise) {
            if node.has("parent") {
                problems.push(
                    node.place("parent"),
                    Text::new("site-root-has-parent"),
                    Text::new("site-remedy-remove-parent"),
                );
            }
            if let Some(first) = root {
                let (line, _) = problems.place(first.place("level"));
                let what = Text::new("site-two-roots").with("line", line);
                problems.push(node.place("level"), what, Text::new("site-remedy-one-root"));
            } else {
                root = Some(node);
            }
            continue;
        }
        let (Some(level), false) = (level, node.refused("parent")) else {
            continue;
        };
        let wanted = if level == Level::Process {
            Level::Enterprise
        } else {
            Level::Process
        };
        if !node.has("parent") {
            let what = Text::new("site-no-parent").with("key", node.words("key").unwrap_or_default());
            problems.push(node.at, what, level_remedy(wanted));
            continue;
        }
        let above: Option<Level> = parents
            .get(place)
            .and_then(|&parent| nodes.get(parent?)?.choice("level"));
        if above.is_some_and(|above| above != wanted) {
            let what = Text::new("site-wrong-level")
                .with("key", node.words("key").unwrap_or_default())
                .with("parent", node.words("parent").unwrap_or_default());
            problems.push(node.place("parent"), what, level_remedy(wanted));
        }
    }
    check_upstream(problems, nodes, &parents, index);
    let levels_known = nodes.iter().all(|node| !node.refused("level") && node.has("level"));
    if let (None, Some(first), true, true) = (root, nodes.first(), levels_known, in_loop.is_empty()) {
        problems.push(first.at, Text::new("site-no-root"), Text::new("site-remedy-one-root"));
    }
}

/// What stands upstream must not, in the end, stand downstream of itself; where nothing is said it is the parent.
fn check_upstream(problems: &Problems<'_>, nodes: &[Row], parents: &[Option<usize>], index: &Index<'_>) {
    let upstream: Vec<Option<usize>> = nodes
        .iter()
        .zip(parents)
        .map(|(node, parent)| refer(problems, node, "upstream", index).or(*parent))
        .collect();
    let mut in_loop = looped(&upstream);
    // A circle of parents is told as one.
    in_loop.retain(|place| !looped(parents).contains(place));
    let named = |place: &usize| nodes.get(*place).filter(|node| node.has("upstream"));
    let Some((place, node)) = in_loop.iter().find_map(|place| Some((*place, named(place)?))) else {
        return;
    };
    let circle = circle_from(&upstream, place);
    let names: Vec<&str> = circle
        .iter()
        .chain(circle.first())
        .filter_map(|&member| nodes.get(member)?.words("key"))
        .collect();
    problems.push(
        node.place("upstream"),
        Text::new("site-upstream-loop").with("circle", names.join(" → ")),
        Text::new("site-remedy-upstream-loop"),
    );
}

fn level_remedy(wanted: Level) -> Text {
    Text::new(match wanted {
        Level::Enterprise => "site-remedy-under-enterprise",
        Level::Process | Level::Equipment => "site-remedy-under-process",
    })
}

/// Only what a counter counts has a capacity, and one through which nothing can pass counts nothing.
fn check_capacity(problems: &Problems<'_>, parameter: &Row) {
    let Some(given) = parameter.number("capacity") else {
        return;
    };
    let kind: Option<ParameterKind> = parameter.choice("kind");
    if kind.is_some_and(|kind| kind != ParameterKind::Counter) {
        problems.push(
            parameter.place("capacity"),
            Text::new("site-capacity-not-counter").with("tag", parameter.words("tag").unwrap_or_default()),
            Text::new("site-remedy-remove-key").with("key", "capacity"),
        );
    } else if given <= Decimal::ZERO {
        let what = Text::new("site-not-positive")
            .with("key", "capacity")
            .with("given", given);
        problems.push(parameter.place("capacity"), what, Text::new("site-remedy-positive"));
    }
}

/// The nodes that lie on a circle of parents.
fn looped(parents: &[Option<usize>]) -> BTreeSet<usize> {
    let mut members = BTreeSet::new();
    let mut finished = vec![false; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut on_path = BTreeSet::new();
        let mut next = Some(start);
        while let Some(place) = next {
            if finished.get(place).copied().unwrap_or(true) {
                break;
            }
            if !on_path.insert(place) {
                members.extend(path.iter().copied().skip_while(|&member| member != place));
                break;
            }
            path.push(place);
            next = parents.get(place).copied().flatten();
        }
        for place in path {
            if let Some(done) = finished.get_mut(place) {
                *done = true;
            }
        }
    }
    members
}

/// The circle on which a node lies, from it upwards.
fn circle_from(parents: &[Option<usize>], start: usize) -> Vec<usize> {
    let mut circle = vec![start];
    let mut next = parents.get(start).copied().flatten();
    while let Some(place) = next.filter(|&place| place != start && circle.len() <= parents.len()) {
        circle.push(place);
        next = parents.get(place).copied().flatten();
    }
    circle
}

fn check_meter(problems: &Problems<'_>, meter: &Row) {
    for field in ["multiplier", "rollover"] {
        if let Some(given) = meter.number(field).filter(|&number| number <= Decimal::ZERO) {
            let what = Text::new("site-not-positive").with("key", field).with("given", given);
            problems.push(meter.place(field), what, Text::new("site-remedy-positive"));
        }
    }
    if let (Some(on), Some(until)) = (meter.date("calibrated_on"), meter.date("calibrated_until"))
        && until < on
    {
        let what = Text::new("site-calibration-inverted")
            .with("on", on)
            .with("until", until);
        problems.push(
            meter.place("calibrated_until"),
            what,
            Text::new("site-remedy-swap-dates"),
        );
    }
}

fn check_parameter(problems: &Problems<'_>, parameter: &Row) {
    let kind: Option<ParameterKind> = parameter.choice("kind");
    if let (Some(kind), Some(unit)) = (kind, parameter.unit("unit")) {
        check_kind_and_unit(problems, parameter, kind, unit);
    }
    if kind == Some(ParameterKind::Counter) && !parameter.has("meter") {
        problems.push(
            parameter.at,
            Text::new("site-counter-without-meter").with("tag", parameter.words("tag").unwrap_or_default()),
            Text::new("site-remedy-counter-meter"),
        );
    }
    if parameter.has("integration") && kind.is_some_and(|kind| kind != ParameterKind::Flow) {
        problems.push(
            parameter.place("integration"),
            Text::new("site-integration-not-flow"),
            Text::new("site-remedy-remove-key").with("key", "integration"),
        );
    }
    if let (Some(interval), Some(gap)) = (parameter.milliseconds("interval"), parameter.milliseconds("gap_limit"))
        && gap < interval
    {
        problems.push(
            parameter.place("gap_limit"),
            Text::new("site-gap-below-interval"),
            Text::new("site-remedy-gap"),
        );
    }
    let decimals = parameter
        .whole("decimals")
        .and_then(|digits| u32::try_from(digits).ok());
    let countable = |row: &Row, field: &'static str| {
        if let (Some(value), Some(decimals)) = (row.number(field), decimals)
            && let Err(error) = count(value, decimals)
        {
            let what = Text::new("site-unfit-value")
                .with("key", field)
                .with_text("reason", error.text());
            problems.push(row.place(field), what, Text::new("site-remedy-smaller"));
        }
    };
    for field in ["possible", "operating"] {
        let Some(limits) = parameter.row(field) else { continue };
        countable(limits, "low");
        countable(limits, "high");
        if let (Some(low), Some(high)) = (limits.number("low"), limits.number("high"))
            && low >= high
        {
            let what = Text::new("site-limits-inverted")
                .with("key", field)
                .with("low", low)
                .with("high", high);
            problems.push(limits.place("low"), what, Text::new("site-remedy-swap-limits"));
        }
    }
    if let (Some(possible), Some(operating)) = (parameter.row("possible"), parameter.row("operating")) {
        let (lowest, highest) = (possible.number("low"), possible.number("high"));
        let is_outside = |end: &str| {
            operating.number(end).is_some_and(|end| {
                lowest.is_some_and(|lowest| end < lowest) || highest.is_some_and(|highest| end > highest)
            })
        };
        let (below, above) = (is_outside("low"), is_outside("high"));
        for (field, outside) in [("low", below), ("high", above)] {
            if outside {
                problems.push(
                    operating.place(field),
                    Text::new("site-limits-outside").with("key", field),
                    Text::new("site-remedy-limits-outside"),
                );
            }
        }
    }
    countable(parameter, "deadband");
    check_capacity(problems, parameter);
    if let Some(given) = parameter.number("deadband").filter(|&number| number < Decimal::ZERO) {
        let what = Text::new("site-negative").with("key", "deadband").with("given", given);
        problems.push(parameter.place("deadband"), what, Text::new("site-remedy-not-negative"));
    }
    repeated(problems, parameter, "origins");
}

/// A flow needs a rate; what is counted or delivered must not be one.
fn check_kind_and_unit(problems: &Problems<'_>, parameter: &Row, kind: ParameterKind, unit: &Unit) {
    let is_rate = unit.dimension().is_rate();
    match kind {
        ParameterKind::Flow if !is_rate => {
            let what = Text::new("site-unfit-value")
                .with("key", "unit")
                .with_text("reason", UnitError::NotARate(unit.symbol().to_owned()).text());
            problems.push(parameter.place("unit"), what, Text::new("site-remedy-rate"));
        }
        ParameterKind::Counter | ParameterKind::Amount if is_rate => {
            let what = Text::new("site-rate-for-quantity")
                .with("unit", unit)
                .with("kind", parameter.words("kind").unwrap_or_default());
            problems.push(parameter.place("unit"), what, Text::new("site-remedy-quantity"));
        }
        _ => {}
    }
}

/// A problem for every word that a list holds twice.
pub(super) fn repeated(problems: &Problems<'_>, row: &Row, field: &'static str) {
    let mut seen = BTreeSet::new();
    for word in row.words_of(field) {
        if !seen.insert(word.value) {
            problems.push(
                word.at,
                Text::new("site-repeated").with("key", field).with("given", word.value),
                Text::new("site-remedy-remove-one"),
            );
        }
    }
}

/// A problem for a list that holds nothing.
pub(super) fn filled(problems: &Problems<'_>, row: &Row, field: &'static str) {
    if row.has(field) && !row.refused(field) && row.list(field).is_empty() {
        problems.push(
            row.place(field),
            Text::new("site-empty-list").with("key", field),
            Text::new("site-remedy-fill-list"),
        );
    }
}

fn check_products(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    let parameters = file.rows("parameter");
    for product in file.rows("product") {
        refer(problems, product, "node", &links.nodes);
        let Some(parameter) =
            refer(problems, product, "parameter", &links.parameters).and_then(|place| parameters.get(place))
        else {
            continue;
        };
        let Some(kind) = parameter.choice::<ParameterKind>("kind") else {
            continue;
        };
        if !kind.is_quantity() {
            let what = Text::new("site-not-a-quantity")
                .with("tag", product.words("parameter").unwrap_or_default())
                .with("kind", parameter.words("kind").unwrap_or_default());
            problems.push(
                product.place("parameter"),
                what,
                Text::new("site-remedy-quantity-parameter"),
            );
        } else if let (Some(from), Some(to)) = (parameter.unit("unit"), product.unit("unit"))
            && let Err(error) = converts(kind, from, to)
        {
            let what = Text::new("site-unfit-value")
                .with("key", "unit")
                .with_text("reason", error.text());
            problems.push(product.place("unit"), what, Text::new("site-remedy-convertible"));
        }
    }
}

/// The number that a value of a list is.
pub(super) const fn number(value: &At<Value>) -> Option<Decimal> {
    match value.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// Whether readings of a kind in one unit give values in another: a flow's after integration over the hour.
pub(super) fn converts(kind: ParameterKind, from: &Unit, to: &Unit) -> Result<(), UnitError> {
    match kind {
        // A flow whose unit is no rate is a problem of its own.
        ParameterKind::Flow if !from.dimension().is_rate() => Ok(()),
        ParameterKind::Flow => from.hourly_ratio_to(to).map(|_| ()),
        _ => from.ratio_to(to).map(|_| ()),
    }
}

fn check_books(problems: &Problems<'_>, books: &[Row], nodes: &Index<'_>, rules: &dyn Vocabulary) {
    let gwp_sets = rules.gwp_sets();
    let factor_sets = rules.factor_sets();
    for book in books {
        refer(problems, book, "boundary", nodes);
        filled(problems, book, "gases");
        repeated(problems, book, "gases");
        filled(problems, book, "factor_sets");
        repeated(problems, book, "factor_sets");
        if let Some(given) = book
            .words("gwp_set")
            .filter(|given| !gwp_sets.iter().any(|set| set == given))
        {
            problems.push(
                book.place("gwp_set"),
                Text::new("site-unknown-word")
                    .with("key", "gwp_set")
                    .with("given", given),
                remedy_for(given, gwp_sets.iter().map(String::as_str)),
            );
        }
        for given in book.words_of("factor_sets") {
            if !factor_sets.iter().any(|set| set == given.value) {
                problems.push(
                    given.at,
                    Text::new("site-unknown-word")
                        .with("key", "factor_sets")
                        .with("given", given.value),
                    remedy_for(given.value, factor_sets.iter().map(String::as_str)),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_tails_are_not_part_of_them() {
        // 0 ← 1; 2 → 3 → 4 → 2; 5 hangs below 2; 6 is its own parent; 7 leads nowhere.
        let parents = [None, Some(0), Some(3), Some(4), Some(2), Some(2), Some(6), None];
        assert_eq!(looped(&parents), BTreeSet::from([2, 3, 4, 6]));
        assert_eq!(circle_from(&parents, 3), vec![3, 4, 2]);
        assert_eq!(circle_from(&parents, 6), vec![6]);
    }
}
