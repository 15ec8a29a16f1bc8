//! What must hold between the sources and the rules: methods, inputs, units, and that no flow is counted twice.

use std::collections::BTreeMap;

use super::check::{Links, converts, refer};
use super::fields::WINDOWS;
use super::plausible::{check_tested, check_value};
use super::problem::{Problems, remedy_for};
use super::row::{Row, choice};
use super::vocabulary::{InputKind, InputTerms, MethodTerms, Vocabulary};
use crate::domain::model::Window;
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text};
use crate::domain::unit::{Unit, UnitError};

/// Who counted a parameter first: source and input, and where that stands.
struct Claim<'r> {
    source: &'r str,
    input: &'r str,
    at: usize,
}

/// Checks all sources.
pub(super) fn check_sources(file: &Row, links: &Links<'_>, rules: &dyn Vocabulary, problems: &Problems<'_>) {
    let checker = Checker {
        problems,
        rules,
        file,
        links,
        methods: rules.methods(),
        factors: rules.factors(),
        factor_sets: rules.factor_sets(),
    };
    let mut claims: BTreeMap<&str, Claim<'_>> = BTreeMap::new();
    for source in file.rows("source") {
        let node = refer(problems, source, "node", &links.nodes);
        if node.is_some() && links.tree_is_sound && checker.books_over(source).next().is_none() {
            let what = Text::new("site-source-in-no-book").with("source", source.words("key").unwrap_or_default());
            problems.push(source.place("node"), what, Text::new("site-remedy-source-in-no-book"));
        }
        let Some(method) = checker.method(source) else { continue };
        checker.unknown_and_missing(source, &method);
        // The method's own order, so that messages do not depend on how the file sorts its keys.
        for terms in &method.inputs {
            let Some((name, binding)) = source.named("inputs").iter().find(|(name, _)| name.value == terms.key) else {
                continue;
            };
            checker.binding(source, terms, name.at, binding);
            let (InputKind::Quantity, Some(tag)) = (terms.kind, binding.words("parameter")) else {
                continue;
            };
            let key = source.words("key").unwrap_or_default();
            if let Some(first) = claims.get(tag) {
                let (line, _) = problems.place(first.at);
                let what = Text::new("site-claimed-twice")
                    .with("tag", tag)
                    .with("source", key)
                    .with("input", &name.value)
                    .with("first-source", first.source)
                    .with("first-input", first.input)
                    .with("line", line);
                problems.push(binding.place("parameter"), what, Text::new("site-remedy-claimed-twice"));
            } else {
                let claim = Claim {
                    source: key,
                    input: &name.value,
                    at: binding.place("parameter"),
                };
                claims.insert(tag, claim);
            }
        }
    }
}

struct Checker<'c, 't> {
    problems: &'c Problems<'t>,
    rules: &'c dyn Vocabulary,
    file: &'c Row,
    links: &'c Links<'c>,
    methods: Vec<String>,
    factors: Vec<String>,
    factor_sets: Vec<String>,
}

impl Checker<'_, '_> {
    fn method(&self, source: &Row) -> Option<MethodTerms> {
        let name = source.words("method")?;
        let method = self.rules.method(name);
        if method.is_none() {
            self.problems.push(
                source.place("method"),
                Text::new("site-unknown-word").with("key", "method").with("given", name),
                remedy_for(name, self.methods.iter().map(String::as_str)),
            );
        }
        method
    }

    fn unknown_and_missing(&self, source: &Row, method: &MethodTerms) {
        let given = source.named("inputs");
        for (name, _) in given {
            if !method.inputs.iter().any(|terms| terms.key == name.value) {
                let what = Text::new("site-unknown-input")
                    .with("input", &name.value)
                    .with("method", &method.name);
                let known = method.inputs.iter().map(|terms| terms.key.as_str());
                self.problems.push(name.at, what, remedy_for(&name.value, known));
            }
        }
        if !source.has("inputs") || source.refused("inputs") {
            return;
        }
        for terms in &method.inputs {
            if !given.iter().any(|(name, _)| name.value == terms.key) {
                let what = Text::new("site-missing-input")
                    .with("input", &terms.key)
                    .with("method", &method.name);
                let example = match terms.kind {
                    InputKind::Quantity => format!("{} = {{ parameter = \"TAG\" }}", terms.key),
                    InputKind::Property => {
                        format!("{} = {{ parameter = \"TAG\", window = \"month\" }}", terms.key)
                    }
                    InputKind::Factor => format!("{} = {{ factor = \"KEY\" }}", terms.key),
                };
                let remedy = Text::new("site-remedy-bind")
                    .with("example", example)
                    .with("unit", &terms.unit);
                self.problems.push(source.place("inputs"), what, remedy);
            }
        }
    }

    fn binding(&self, source: &Row, terms: &InputTerms, at: usize, binding: &Row) {
        let ways = ["parameter", "factor", "value"]
            .into_iter()
            .filter(|way| binding.has(way))
            .count();
        if ways != 1 {
            self.problems.push(
                at,
                Text::new("site-binding-ways").with("input", &terms.key),
                Text::new("site-remedy-binding-ways"),
            );
            return;
        }
        if binding.has("parameter") {
            self.only_with(binding, &["data_year", "unit", "origin"], "parameter");
            self.parameter(source, terms, binding);
        } else if terms.kind == InputKind::Quantity {
            self.problems.push(
                at,
                Text::new("site-quantity-needs-parameter").with("input", &terms.key),
                Text::new("site-remedy-quantity-parameter"),
            );
        } else if binding.has("factor") {
            self.only_with(binding, &["window", "provisional", "unit", "origin"], "factor");
            self.factor(source, terms, binding);
        } else {
            self.only_with(binding, &["window", "provisional", "data_year"], "value");
            self.constant(terms, binding);
        }
    }

    /// Keys that mean nothing beside the way of binding that was chosen.
    fn only_with(&self, binding: &Row, idle: &[&'static str], way: &'static str) {
        for &key in idle {
            if binding.has(key) {
                self.problems.push(
                    binding.place(key),
                    Text::new("site-idle-key").with("key", key).with("way", way),
                    Text::new("site-remedy-remove-key").with("key", key),
                );
            }
        }
    }

    fn parameter(&self, source: &Row, terms: &InputTerms, binding: &Row) {
        let at = binding.place("parameter");
        let found = refer(self.problems, binding, "parameter", &self.links.parameters);
        let Some(parameter) = found.and_then(|place| self.file.rows("parameter").get(place)) else {
            return;
        };
        let Some(kind) = parameter.choice::<ParameterKind>("kind") else {
            return;
        };
        let fits = match terms.kind {
            InputKind::Quantity => kind.is_quantity(),
            InputKind::Property => kind == ParameterKind::Property,
            InputKind::Factor => false,
        };
        if !fits {
            let (what, remedy) = match terms.kind {
                InputKind::Quantity => ("site-not-a-quantity", "site-remedy-quantity-parameter"),
                InputKind::Property => ("site-not-a-property", "site-remedy-property-parameter"),
                InputKind::Factor => ("site-factor-not-parameter", "site-remedy-factor"),
            };
            let what = Text::new(what)
                .with("tag", binding.words("parameter").unwrap_or_default())
                .with("kind", parameter.words("kind").unwrap_or_default())
                .with("input", &terms.key);
            self.problems.push(at, what, Text::new(remedy));
            return;
        }
        if let Some(unit) = parameter.unit("unit") {
            self.convertible(at, terms, converts(kind, unit, &terms.unit));
        }
        if terms.kind == InputKind::Quantity {
            for key in ["window", "provisional"] {
                if binding.has(key) {
                    self.problems.push(
                        binding.place(key),
                        Text::new("site-quantity-window")
                            .with("key", key)
                            .with("input", &terms.key),
                        Text::new("site-remedy-remove-key").with("key", key),
                    );
                }
            }
        } else {
            check_tested(self.problems, terms, parameter);
            self.window(terms, binding);
            if let Some(provisional) = binding.row("provisional") {
                self.provisional(source, terms, provisional);
            }
        }
    }

    fn window(&self, terms: &InputTerms, binding: &Row) {
        let Some(given) = binding.choice::<Window>("window") else {
            return;
        };
        if !terms.windows.contains(&given) {
            let what = Text::new("site-window")
                .with("input", &terms.key)
                .with("given", binding.words("window").unwrap_or_default());
            let known = WINDOWS
                .iter()
                .copied()
                .filter(|word| choice(word).is_some_and(|window| terms.windows.contains(&window)));
            self.problems.push(binding.place("window"), what, remedy_for("", known));
        }
    }

    fn provisional(&self, source: &Row, terms: &InputTerms, provisional: &Row) {
        match (provisional.has("factor"), provisional.has("value")) {
            (true, false) => {
                self.only_with(provisional, &["unit", "origin"], "factor");
                self.factor(source, terms, provisional);
            }
            (false, true) => self.constant(terms, provisional),
            _ => self.problems.push(
                provisional.at,
                Text::new("site-provisional-ways").with("input", &terms.key),
                Text::new("site-remedy-provisional-ways"),
            ),
        }
    }

    fn factor(&self, source: &Row, terms: &InputTerms, binding: &Row) {
        let Some(key) = binding.words("factor") else { return };
        let at = binding.place("factor");
        let Some(factor) = self.rules.factor(key) else {
            self.problems.push(
                at,
                Text::new("site-unknown-word").with("key", "factor").with("given", key),
                remedy_for(key, self.factors.iter().map(String::as_str)),
            );
            return;
        };
        self.units(at, terms, &factor.unit);
        // A provisional factor cannot name a data year, and rows without one are good for any.
        if let Some(year) = binding.whole("data_year")
            && !factor.data_years.is_empty()
            && !factor.data_years.iter().any(|&known| i64::from(known) == year)
        {
            let what = Text::new("site-no-data-year").with("factor", key).with("year", year);
            let years: Vec<String> = factor.data_years.iter().map(i32::to_string).collect();
            let remedy = remedy_for("", years.iter().map(String::as_str));
            self.problems.push(binding.place("data_year"), what, remedy);
        }
        if factor.is_national {
            return;
        }
        for book in self.books_over(source) {
            let sets: Vec<&str> = book.words_of("factor_sets").map(|set| set.value).collect();
            // A set that is not known is a problem of its own, and might have been meant to be any.
            let are_known = sets
                .iter()
                .all(|&set| self.factor_sets.iter().any(|known| known == set));
            if are_known && !sets.is_empty() && !sets.iter().any(|&set| factor.sets.iter().any(|known| known == set)) {
                let what = Text::new("site-factor-not-in-sets")
                    .with("factor", key)
                    .with("book", book.words("key").unwrap_or_default());
                let remedy = Text::new("site-remedy-factor-sets").with("sets", factor.sets.join(", "));
                self.problems.push(at, what, remedy);
            }
        }
    }

    /// The books whose boundary takes a source in.
    fn books_over<'r>(&'r self, source: &'r Row) -> impl Iterator<Item = &'r Row> {
        let above = source.words("node").map(|node| self.links.above(self.file, node));
        let above = above.unwrap_or_default();
        let books = self.file.rows("book");
        // A boundary that leads nowhere is a problem of its own, and might have been meant to be any.
        books.iter().filter(move |book| {
            let boundary = book.words("boundary");
            boundary.is_none_or(|boundary| above.contains(&boundary) || !self.links.nodes.contains_key(boundary))
        })
    }

    fn constant(&self, terms: &InputTerms, binding: &Row) {
        for key in ["unit", "origin"] {
            if !binding.has(key) {
                let example = if key == "unit" {
                    format!("unit = \"{}\"", terms.unit)
                } else {
                    "origin = \"合同 2024-017\"".to_owned()
                };
                self.problems.push(
                    binding.place("value"),
                    Text::new("site-value-without").with("key", key),
                    Text::new("site-remedy-add-key").with("example", example),
                );
            }
        }
        if let Some(unit) = binding.unit("unit") {
            self.units(binding.place("unit"), terms, unit);
        }
        check_value(self.problems, terms, binding);
    }

    fn units(&self, at: usize, terms: &InputTerms, unit: &Unit) {
        self.convertible(at, terms, unit.ratio_to(&terms.unit).map(|_| ()));
    }

    fn convertible(&self, at: usize, terms: &InputTerms, converted: Result<(), UnitError>) {
        if let Err(error) = converted {
            let what = Text::new("site-input-unit")
                .with("input", &terms.key)
                .with_text("reason", error.text());
            self.problems
                .push(at, what, Text::new("site-remedy-input-unit").with("unit", &terms.unit));
        }
    }
}
