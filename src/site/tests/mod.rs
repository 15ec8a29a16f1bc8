//! The reader against the real rules: every template is clean, and every mistake is found at its place.

#![allow(clippy::string_slice)]

mod assigning;
mod mistakes;

use proptest::prelude::*;

use super::*;
use crate::accounting::rules::RuleSet;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Binding, Provisional, SiteModel, Window};
use crate::domain::text::Explained;
use crate::locale::{Language, Localizer};

fn rules() -> &'static RuleSet {
    crate::catalogue::rule_set().unwrap()
}

fn model(text: &str) -> SiteModel {
    let proposal = read(text, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    assign(&proposal, None).unwrap()
}

fn told(problems: &[Problem]) -> String {
    let localizer = Localizer::new(Language::English);
    problems
        .iter()
        .map(|problem| localizer.text(&problem.text()) + "\n")
        .collect()
}

fn text_of(name: &str) -> &'static str {
    template(name).unwrap().text
}

#[test]
fn every_template_is_clean_and_becomes_a_model() {
    for template in TEMPLATES {
        let model = model(template.text);
        assert!(!model.nodes.is_empty() && !model.books.is_empty(), "{}", template.name);
        for source in &model.sources {
            crate::accounting::binding::bind(&model, source, rules())
                .unwrap_or_else(|error| panic!("{}: {error:?}", template.name));
        }
    }
}

#[test]
fn the_power_template_says_what_it_means() {
    let model = model(text_of("power"));
    let coal = &model.sources[0];
    assert_eq!(
        coal.inputs["net_calorific_value"],
        Binding::Parameter {
            parameter: ParameterId(2),
            window: Window::Month,
            provisional: Some(Provisional::Factor("bituminous-coal.net-calorific-value".into())),
        }
    );
    let flow = &model.parameters[0];
    assert_eq!(
        (flow.interval_ms, flow.gap_limit_ms, flow.delay_ms),
        (10_000, 120_000, 30_000)
    );
    assert_eq!(flow.block_hours, 1);
    let counter = &model.parameters[4];
    assert_eq!((counter.gap_limit_ms, counter.block_hours), (3 * 900_000, 24));
    assert_eq!(model.meters[1].multiplier.to_string(), "132000");
    assert_eq!(model.rotation.as_ref().unwrap().cycle[1], vec![4, 0, 1]);
    assert_eq!(model.next.parameter, 10);
    assert_eq!(model.day_start_minutes, 0);
}

/// Line and column of a byte offset, counted the slow way.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (line, column)
}

/// Whatever a text is, reading it ends, and every problem stands on a line and column that the text has.
fn hold_to_the_text(text: &str) {
    if let Err(problems) = read(text, "site.toml", rules()) {
        assert!(!problems.is_empty());
        let lines: Vec<&str> = text.split('\n').collect();
        for problem in problems {
            let line = lines.get(problem.line - 1).expect("a line of the file");
            assert!(
                problem.column >= 1 && problem.column <= line.chars().count() + 1,
                "{problem}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn garbage_is_refused_in_place(text in "\\PC{0,200}|[\\[\\]a-z=\"'{}\n #.,0-9\u{1b}]{0,200}") {
        hold_to_the_text(&text);
    }

    #[test]
    fn a_damaged_template_is_read_or_refused_in_place(
        which in 0..TEMPLATES.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[\\[\\]a-z=\"{}\n0-9锅\u{1b}]{0,6}"), 1..4),
    ) {
        let mut characters: Vec<char> = TEMPLATES[which].text.chars().collect();
        for (at, length, insert) in cuts {
            let at = at.index(characters.len());
            let end = (at + length).min(characters.len());
            characters.splice(at..end, insert.chars());
        }
        hold_to_the_text(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn hostile_shapes_end_in_problems() {
    let deep = 50_000;
    for text in [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}", "{a=".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
        format!("[[{}a]]", "a.".repeat(deep)),
        "x".repeat(LARGEST_FILE + 1),
        "[[node]]\n".repeat(20_000),
        "a = 1\n".repeat(20_000),
    ] {
        hold_to_the_text(&text);
        assert!(read(&text, "site.toml", rules()).is_err());
    }
}

#[test]
fn a_large_plant_is_read_in_time() {
    use std::fmt::Write;
    let mut text = text_of("minimal").to_owned();
    for place in 0..5_000 {
        write!(
            text,
            "[[parameter]]\ntag = \"P{place}\"\nname = \"x\"\nkind = \"amount\"\nunit = \"kWh\"\ndecimals = 2\nnode = \"production\"\n"
        )
        .unwrap();
    }
    for place in 0..500 {
        write!(
            text,
            "[[source]]\nkey = \"s{place}\"\nname = \"x\"\nnode = \"production\"\nmethod = \"electricity.purchased@1\"\n[source.inputs]\nelectricity = {{ parameter = \"P{place}\" }}\ngrid_factor = {{ factor = \"grid.national\" }}\n"
        )
        .unwrap();
    }
    let start = std::time::Instant::now();
    let first = model(&text);
    let second = assign(&read(&text, "site.toml", rules()).unwrap(), Some(&first)).unwrap();
    assert_eq!(differences(Some(&first), &second), vec![]);
    assert_eq!((first.parameters.len(), first.sources.len()), (5_001, 501));
    // Far more than it takes without optimisation; a quadratic step would pass it.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
