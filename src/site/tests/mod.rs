//! The reader against the real rules: every template is clean, and every mistake is found at its place.

#![allow(clippy::string_slice)]

mod assigning;
mod mistakes;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::accounting::rules::RuleSet;
use crate::domain::calendar::CalendarInterval;
use crate::domain::checks::Setting;
use crate::domain::identity::ParameterId;
use crate::domain::missing::{Careful, FixedAmount, MissingPlan, MissingRule, Take, TierTable};
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

/// A template; of the demo without what it says of the checks of its coal, so that tests can say it.
fn text_of(name: &str) -> &'static str {
    static DEMO: LazyLock<String> = LazyLock::new(|| {
        let text = template("demo").unwrap().text;
        let (before, coal) = text.split_once("tag = \"U1-COAL\"").unwrap();
        let coal = coal.replacen("checks = { load = \"U1-LOAD\" }\n", "", 1);
        format!("{before}tag = \"U1-COAL\"{coal}")
    });
    match name {
        "demo" => &DEMO,
        name => template(name).unwrap().text,
    }
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

/// A file in which every key stands once at least.
const EVERYTHING: &str = include_str!("everything.toml");

/// The paths of all keys in a table, without the names that the file chooses itself.
fn paths_in(value: &toml::Value, path: &str, found: &mut std::collections::BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = if path == "/source/inputs" {
                    format!("{path}/*")
                } else {
                    format!("{path}/{key}")
                };
                found.insert(path.replace("/*", ""));
                paths_in(value, &path, found);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| paths_in(value, path, found)),
        _ => {}
    }
}

#[test]
fn every_key_can_be_read_and_none_is_read_in_vain() {
    fn known(shape: &fields::Shape, path: &str, found: &mut std::collections::BTreeSet<String>) {
        for field in shape.fields {
            let path = format!("{path}/{}", field.key);
            if let fields::Form::Table(inner) | fields::Form::Tables(inner) | fields::Form::Named(inner) = field.form {
                known(inner, &path, found);
            }
            found.insert(path);
        }
    }
    let mut wanted = std::collections::BTreeSet::new();
    known(&fields::FILE, "", &mut wanted);
    let mut used = std::collections::BTreeSet::new();
    paths_in(&toml::Value::Table(EVERYTHING.parse().unwrap()), "", &mut used);
    assert_eq!(used, wanted);

    let whole = read(EVERYTHING, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let lines: Vec<&str> = EVERYTHING.lines().collect();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(" = ")) {
        // Taken out without moving the lines after it, so that only the model can differ.
        let without: Vec<&str> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| if at == place { "" } else { line })
            .collect();
        if let Ok(less) = read(&without.join("\n"), "site.toml", rules()) {
            let model = |proposal: &Proposal| proposal.draft().clone();
            let is_was = line.starts_with("was");
            assert_eq!(model(&less) == model(&whole), is_was, "line {}: {line}", place + 1);
            assert_ne!(less, whole, "line {}: {line}", place + 1);
        }
    }
}

#[test]
fn everything_is_what_it_says() {
    let model = model(EVERYTHING);
    let counter = &model.parameters[0];
    assert_eq!(counter.possible.low.unwrap().to_string(), "-1");
    assert_eq!(counter.possible.high.unwrap().to_string(), "1000000");
    assert_eq!(counter.operating.high.unwrap().to_string(), "10.50");
    assert_eq!(model.meters[0].multiplier.to_string(), "1200.5");
    assert_eq!(model.day_start_minutes, 480);
    assert_eq!(model.retention_years, 7);
    assert_eq!(model.sign_on_idle_ms, 0);
    assert_eq!(model.shifts[0].start_minutes, 480);
    assert_eq!(model.rotation.unwrap().cycle, vec![vec![0, 1], vec![1, 0]]);
    assert_eq!(
        model.sources[1].inputs["grid_factor"],
        Binding::Factor {
            key: "grid.national".into(),
            data_year: Some(2022)
        }
    );
    let Binding::Parameter { window, .. } = model.sources[0].inputs["carbon_content_per_heat"] else {
        panic!()
    };
    assert_eq!(window, Window::Month);
    assert!(model.books[0].measured_only);
    let checks = counter.checks.as_ref().unwrap();
    assert_eq!(
        (checks.clause.as_deref(), checks.load),
        (Some("6.1.2"), Some(ParameterId(3)))
    );
    assert_eq!(checks.gap, Setting::Set(2 * 3_600_000));
    assert_eq!(checks.rate.set().unwrap().suspect.to_string(), "0.5");
    assert_eq!(
        (checks.bands[0].months, checks.bands[0].hours),
        (Some((11, 2)), Some((8, 17)))
    );
    assert_eq!(checks.range, Setting::Usual);
    let coal = model.parameters[1].checks.as_ref().unwrap();
    assert_eq!(
        (&coal.flat, &coal.gap, &coal.shift),
        (&Setting::Off, &Setting::Off, &Setting::Usual)
    );
    assert_eq!(coal.unit.set().unwrap().factors.as_ref().unwrap()[0].to_string(), "3.6");
    assert!(model.parameters[2].checks.is_none());
    let missing: Vec<&MissingPlan> = model
        .parameters
        .iter()
        .filter_map(|parameter| parameter.missing.as_ref())
        .collect();
    assert_eq!(
        missing[0],
        &MissingPlan {
            rule: MissingRule::PreviousDays { days: 3 },
            careful: Careful::High,
            otherwise: Some(FixedAmount {
                value: "12.5".parse().unwrap(),
                origin: "合同".to_owned()
            }),
            wait_ms: Some(3 * 3_600_000),
            longest_hours: Some(240),
        }
    );
    let MissingRule::LoadBand { hours, bands } = &missing[1].rule else {
        panic!("{:?}", missing[1])
    };
    assert_eq!((*hours, bands.load, bands.count), (720, counter.id, 5));
    assert_eq!(bands.top.to_string(), "250");
    assert!(matches!(
        &missing[2].rule,
        MissingRule::Tiers {
            table: Some(TierTable::Part75Table2),
            first_hours: 48,
            bands: None,
            ..
        }
    ));
    let MissingRule::Tiers { tiers, table: None, .. } = &missing[3].rule else {
        panic!("{:?}", missing[3])
    };
    assert_eq!(missing[3].careful, Careful::Low);
    let first = Take::Percentile {
        percent: 95,
        hours: 720,
        or_neighbours: true,
    };
    assert_eq!(
        (tiers[0].availability, tiers[0].outage, tiers[0].take),
        (90, Some(24), first)
    );
    assert_eq!(
        (tiers[1].availability, tiers[1].outage, tiers[1].take),
        (0, None, Take::Highest)
    );
}

#[test]
fn parents_stand_before_their_children_whatever_the_file_does() {
    let text = text_of("power");
    let start = text.find("[[node]]").unwrap();
    let end = start + text[start..].find("# ----").unwrap();
    let tree: Vec<&str> = text[start..end].split("[[node]]").skip(1).collect();
    let turned = format!(
        "[[node]]{}",
        tree.into_iter().rev().collect::<Vec<_>>().join("[[node]]")
    );
    let (straight, turned) = (model(text), model(&text.replace(&text[start..end], &turned)));
    assert_eq!(turned.nodes[0].key, "plant");
    for (place, node) in turned.nodes.iter().enumerate() {
        assert!(
            node.parent
                .is_none_or(|parent| turned.nodes[..place].iter().any(|above| above.id == parent))
        );
    }
    let parent_of = |model: &SiteModel, key: &str| {
        let node = model.nodes.iter().find(|node| node.key == key).unwrap();
        let parent = model.nodes.iter().find(|above| Some(above.id) == node.parent).unwrap();
        parent.key.clone()
    };
    for key in ["unit-1", "generation", "auxiliaries"] {
        assert_eq!(parent_of(&straight, key), parent_of(&turned, key));
    }
    // Ids follow the order of the file.
    assert_eq!(turned.nodes[0].id.0, 4);
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
    // A month is as long as it is; how long the longest is, is what its silence is held against.
    let monthly: Vec<_> = model.parameters.iter().filter(|one| one.calendar.is_some()).collect();
    assert_eq!(monthly.len(), 2);
    for one in monthly {
        assert_eq!(
            (one.calendar, one.interval_ms),
            (Some(CalendarInterval::Month), 2_678_400_000)
        );
    }
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
