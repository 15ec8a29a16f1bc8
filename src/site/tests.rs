//! The reader against the real rules: every template is clean, and every mistake is found at its place.

#![allow(clippy::string_slice)]

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

/// A template with one place changed gives exactly one problem, of this id, at this place.
struct Case {
    template: &'static str,
    from: &'static str,
    to: &'static str,
    id: &'static str,
    /// The problem stands where this begins in the changed text, looked for from the change on; the change itself if
    /// empty.
    at: &'static str,
}

const fn case(
    template: &'static str,
    from: &'static str,
    to: &'static str,
    id: &'static str,
    at: &'static str,
) -> Case {
    Case {
        template,
        from,
        to,
        id,
        at,
    }
}

const CASES: &[Case] = &[
    // Form.
    case(
        "minimal",
        "sector =",
        "sektor = \"x\"\nsector =",
        "site-unknown-key",
        "",
    ),
    case("minimal", "serial =", "serail =", "site-unknown-key", ""),
    case("minimal", "name = \"总电表\"\n", "", "site-missing-key", "[[meter]]"),
    case("minimal", "decimals = 2", "decimals = 10", "site-whole-outside", "10"),
    case(
        "minimal",
        "decimals = 2",
        "decimals = \"2\"",
        "site-wrong-form",
        "\"2\"",
    ),
    case(
        "minimal",
        "kind = \"counter\"",
        "kind = \"contour\"",
        "site-unknown-word",
        "\"contour\"",
    ),
    case(
        "minimal",
        "\"Asia/Shanghai\"",
        "\"Asia/Peking\"",
        "site-unfit-value",
        "",
    ),
    case("minimal", "\"15 min\"", "\"15 minutes\"", "site-wrong-form", ""),
    case("minimal", "\"00:00\"", "\"24:00\"", "site-wrong-form", ""),
    case("minimal", "low = \"0\"", "low = nan", "site-unfit-value", "nan"),
    case("minimal", "low = \"0\"", "low = \"1,5\"", "site-unfit-value", "\"1,5\""),
    case("minimal", "low = \"0\"", "low = 1e40", "site-unfit-value", "1e40"),
    case("minimal", "low = \"0\"", "low = 0x10", "site-wrong-form", "0x10"),
    case("minimal", "name = \"总电表\"", "name = \"\"", "site-empty-text", "\"\""),
    case(
        "minimal",
        "name = \"总电表\"",
        "name = \"\\u001b[2J\"",
        "site-unsafe-text",
        "\"\\u001b",
    ),
    case(
        "minimal",
        "name = \"总电表\"",
        "name = \"a\\u202eb\"",
        "site-unsafe-text",
        "\"a\\u202e",
    ),
    case(
        "minimal",
        "key = \"main\"",
        "key = \"ma in\"",
        "site-spaced-text",
        "\"ma in\"",
    ),
    case(
        "minimal",
        "key = \"main\"",
        "key = \"ma/in\"",
        "site-key-characters",
        "\"ma/in\"",
    ),
    case("minimal", "[[post]]", "[post]", "site-wrong-form", "[post]"),
    case(
        "minimal",
        "unit = \"kWh\"",
        "unit = \"kWhh\"",
        "site-unfit-value",
        "\"kWhh\"",
    ),
    // Tree.
    case(
        "power",
        "level = \"equipment\"\nparent = \"generation\"",
        "level = \"equipment\"\nparent = \"plant\"",
        "site-wrong-level",
        "\"plant\"",
    ),
    case(
        "power",
        "parent = \"generation\"",
        "parent = \"generatoin\"",
        "site-unresolved",
        "\"generatoin\"",
    ),
    case(
        "power",
        "level = \"process\"\nparent = \"plant\"",
        "level = \"process\"\nparent = \"unit-1\"",
        "site-loop",
        "\"unit-1\"",
    ),
    case(
        "power",
        "level = \"process\"\nparent = \"plant\"",
        "level = \"process\"\nparent = \"generation\"",
        "site-loop",
        "\"generation\"",
    ),
    case(
        "power",
        "level = \"process\"\nparent = \"plant\"",
        "level = \"process\"",
        "site-no-parent",
        "[[node]]",
    ),
    case(
        "power",
        "name_en = \"Common auxiliaries\"\nlevel = \"process\"\nparent = \"plant\"",
        "level = \"enterprise\"",
        "site-two-roots",
        "\"enterprise\"",
    ),
    case(
        "power",
        "key = \"auxiliaries\"",
        "key = \"unit-1\"",
        "site-duplicate+",
        "\"unit-1\"",
    ),
    // Meters and parameters.
    case(
        "power",
        "meter = \"belt-scale-1\"",
        "meter = \"belt-scale-9\"",
        "site-unresolved",
        "\"belt-scale-9\"",
    ),
    case(
        "power",
        "multiplier = \"132000\"",
        "multiplier = 0",
        "site-not-positive",
        "0",
    ),
    case(
        "power",
        "rollover = \"100000000\"",
        "rollover = -1",
        "site-not-positive",
        "-1",
    ),
    case(
        "power",
        "calibrated_until = 2025-01-09",
        "calibrated_until = 2023-01-09",
        "site-calibration-inverted",
        "2023",
    ),
    case("power", "unit = \"t/h\"", "unit = \"t\"", "site-unfit-value", "\"t\""),
    case(
        "power",
        "unit = \"GJ\"\ndecimals = 2\nnode = \"generation\"",
        "unit = \"GJ/h\"\ndecimals = 2\nnode = \"generation\"",
        "site-rate-for-quantity+",
        "\"GJ/h\"",
    ),
    case(
        "power",
        "meter = \"heat-meter\"\n",
        "",
        "site-counter-without-meter",
        "[[parameter]]",
    ),
    case(
        "power",
        "kind = \"counter\"\nunit = \"GJ\"",
        "kind = \"counter\"\nintegration = \"step\"\nunit = \"GJ\"",
        "site-integration-not-flow",
        "\"step\"",
    ),
    case(
        "power",
        "gap_limit = \"2 min\"",
        "gap_limit = \"1 s\"",
        "site-gap-below-interval",
        "\"1 s\"",
    ),
    case(
        "power",
        "operating = { low = \"60\", high = \"320\" }",
        "operating = { low = \"320\", high = \"60\" }",
        "site-limits-inverted",
        "\"320\"",
    ),
    case(
        "power",
        "operating = { low = \"60\", high = \"320\" }",
        "operating = { low = \"60\", high = \"500\" }",
        "site-limits-outside",
        "\"500\"",
    ),
    case(
        "power",
        "possible = { low = \"0\", high = \"400\" }",
        "possible = { low = \"0\", high = \"1e13\" }",
        "site-unfit-value",
        "\"1e13\"",
    ),
    case(
        "power",
        "deadband = \"2\"\ndelay = \"30 s\"",
        "deadband = \"-2\"\ndelay = \"30 s\"",
        "site-negative",
        "\"-2\"",
    ),
    case(
        "power",
        "origins = [\"laboratory\", \"typed\"]",
        "origins = [\"typed\", \"typed\"]",
        "site-repeated",
        "\"typed\"]",
    ),
    case(
        "power",
        "tag = \"LAB-CC\"",
        "tag = \"LAB-NCV\"",
        "site-duplicate+",
        "\"LAB-NCV\"",
    ),
    // Sources.
    case(
        "power",
        "method = \"electricity.purchased@1\"",
        "method = \"electricity.purchased@2\"",
        "site-unknown-word",
        "\"electricity.purchased@2\"",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "",
        "site-missing-input",
        "[source.inputs]",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "fuel_mass = { parameter = \"1HFB10CW002\" }",
        "site-unresolved",
        "\"1HFB10CW002\"",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "fuel_mass = { parameter = \"1HAH10CT001\" }",
        "site-not-a-quantity",
        "\"1HAH10CT001\"",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "fuel_mass = { value = 3, unit = \"t\", origin = \"x\" }",
        "site-quantity-needs-parameter",
        "fuel_mass",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "fuel_mass = { parameter = \"1HFB10CW001\" }\nfuel_volume = { factor = \"x\" }",
        "site-unknown-input",
        "fuel_volume",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "fuel_mass = { parameter = \"1HFB10CW001\", window = \"hour\" }",
        "site-quantity-window",
        "\"hour\"",
    ),
    case(
        "power",
        "fuel_mass = { parameter = \"OIL-STARTUP\" }",
        "fuel_mass = { parameter = \"1HFB10CW001\" }",
        "site-claimed-twice",
        "\"1HFB10CW001\"",
    ),
    case(
        "power",
        "electricity = { parameter = \"EM-STANDBY\" }",
        "electricity = { parameter = \"OIL-STARTUP\" }",
        "site-input-unit+",
        "\"OIL-STARTUP\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { factor = \"grid.natoinal\" }",
        "site-unknown-word",
        "\"grid.natoinal\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { factor = \"diesel.oxidation-factor\" }",
        "site-input-unit",
        "\"diesel.oxidation-factor\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { factor = \"grid.national\", data_year = 2001 }",
        "site-no-data-year",
        "2001",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { parameter = \"LAB-NCV\" }",
        "site-factor-not-parameter",
        "\"LAB-NCV\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { }",
        "site-binding-ways",
        "grid_factor",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { factor = \"grid.national\", value = 1 }",
        "site-binding-ways",
        "grid_factor",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { factor = \"grid.national\", unit = \"t\" }",
        "site-idle-key",
        "\"t\"",
    ),
    case(
        "power",
        "value = \"99\", unit = \"%\",",
        "value = \"99\",",
        "site-value-without",
        "\"99\"",
    ),
    case(
        "power",
        "value = \"99\", unit = \"%\",",
        "value = \"99\", unit = \"t\",",
        "site-input-unit",
        "\"t\"",
    ),
    case(
        "power",
        "provisional = { factor = \"bituminous-coal.net-calorific-value\" }",
        "provisional = { }",
        "site-provisional-ways",
        "{ }",
    ),
    case(
        "power",
        "parameter = \"LAB-NCV\", window",
        "parameter = \"EM-GEN1\", window",
        "site-not-a-property",
        "\"EM-GEN1\"",
    ),
    case(
        "power",
        "oxidation_factor = { factor = \"diesel.oxidation-factor\" }",
        "oxidation_factor = { parameter = \"LAB-NCV\", window = \"hour\" }",
        "site-window+",
        "\"hour\"",
    ),
    // Products and books.
    case(
        "power",
        "parameter = \"EM-GEN1\"\nunit = \"MWh\"",
        "parameter = \"EM-GEN1\"\nunit = \"t\"",
        "site-unfit-value",
        "\"t\"",
    ),
    case(
        "power",
        "parameter = \"EM-GEN1\"\nunit = \"MWh\"",
        "parameter = \"LAB-CC\"\nunit = \"MWh\"",
        "site-not-a-quantity",
        "\"LAB-CC\"",
    ),
    case(
        "power",
        "gwp_set = \"AR5\"",
        "gwp_set = \"AR55\"",
        "site-unknown-word",
        "\"AR55\"",
    ),
    case("power", "gases = [\"CO2\"]", "gases = []", "site-empty-list", "[]"),
    case(
        "power",
        "gases = [\"CO2\"]",
        "gases = [\"CO2\", \"CO2\"]",
        "site-repeated",
        "\"CO2\"]",
    ),
    case(
        "power",
        "boundary = \"plant\"\ngases = [\"CO2\"]",
        "boundary = \"plan\"\ngases = [\"CO2\"]",
        "site-unresolved",
        "\"plan\"",
    ),
    case(
        "minimal",
        "factor_sets = [\"GB/T 32151.34-2024\"]",
        "factor_sets = [\"GB/T 32151.34\"]",
        "site-unknown-word",
        "\"GB/T 32151.34\"",
    ),
    // Shifts and rights.
    case(
        "power",
        "start = \"16:00\"",
        "start = \"08:00\"",
        "site-shift-same-start",
        "\"08:00\"",
    ),
    case(
        "power",
        "start = \"16:00\"",
        "start = \"04:00\"",
        "site-shift-order",
        "\"04:00\"",
    ),
    case(
        "power",
        "[\"五值\", \"一值\", \"二值\"]",
        "[\"五值\", \"一值\"]",
        "site-cycle-row",
        "",
    ),
    case(
        "power",
        "[\"五值\", \"一值\", \"二值\"]",
        "[\"五值\", \"一值\", \"六值\"]",
        "site-unresolved",
        "\"六值\"",
    ),
    case(
        "power",
        "[\"五值\", \"一值\", \"二值\"]",
        "[\"五值\", \"一值\", \"一值\"]",
        "site-crew-twice",
        "\"一值\"]",
    ),
    case(
        "power",
        "crews_en = [\"Crew 1\", ",
        "crews_en = [",
        "site-crew-names",
        "[\"Crew 2\"",
    ),
    case(
        "power",
        "user = \"control-room\"",
        "user = \"control-room\"\ngroup = \"x\"",
        "site-post-user-or-group",
        "[[post]]",
    ),
    case(
        "power",
        "group = \"carbon-admin\"",
        "group = \"carbon\"",
        "site-duplicate",
        "\"carbon\"",
    ),
    case(
        "power",
        "roles = [\"administrator\"]",
        "roles = [\"admin\"]",
        "site-unknown-word",
        "\"admin\"",
    ),
    case(
        "power",
        "staff_number = \"0001\"",
        "staff_number = \"0001\"\nuser = \"control-room\"",
        "site-person-shared-login",
        "\"control-room\"",
    ),
    // Broken TOML.
    case("minimal", "decimals = 2", "decimals = ", "site-syntax", "\n"),
    case(
        "minimal",
        "decimals = 2",
        "decimals = 2\ndecimals = 3",
        "site-syntax",
        "decimals = 3",
    ),
];

/// Line and column of a byte offset, counted the slow way.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (line, column)
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let mut failures = Vec::new();
    for case in CASES {
        let original = text_of(case.template);
        let change = original
            .find(case.from)
            .unwrap_or_else(|| panic!("{:?} is not in {}", case.from, case.template));
        let text = original.replacen(case.from, case.to, 1);
        let wanted = if case.at.starts_with("[[") || case.at.starts_with("[source") {
            text[..change].rfind(case.at).unwrap()
        } else {
            change + text[change..].find(case.at).unwrap()
        };
        let (id, alone) = case.id.strip_suffix('+').map_or((case.id, true), |id| (id, false));
        match read(&text, "site.toml", rules()) {
            Ok(_) => failures.push(format!("{:?} → {:?}: no problem", case.from, case.to)),
            Err(problems) => {
                let found = problems
                    .iter()
                    .any(|problem| problem.what.id == id && (problem.line, problem.column) == place(&text, wanted));
                if !found || (alone && problems.len() != 1) {
                    failures.push(format!(
                        "{:?} → {:?}: wanted {id} at {:?}, got\n{}",
                        case.from,
                        case.to,
                        place(&text, wanted),
                        told(&problems)
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = text_of("power")
        .replacen("\"Asia/Shanghai\"", "\"Mars\"", 1)
        .replacen("multiplier = \"132000\"", "multiplier = \"0\"", 1)
        .replacen("unit = \"t/h\"", "unit = \"t\"", 1)
        .replacen("@1", "@9", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let ids: Vec<&str> = problems.iter().map(|problem| problem.what.id.as_ref()).collect();
    assert_eq!(
        ids,
        [
            "site-unfit-value",
            "site-not-positive",
            "site-unfit-value",
            "site-unknown-word"
        ]
    );
    let text = text
        .replacen("sector =", "sektor =", 1)
        .replacen("[rotation]", "[rotation", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let ids: Vec<&str> = problems.iter().map(|problem| problem.what.id.as_ref()).collect();
    assert!(
        ids.contains(&"site-syntax") && ids.contains(&"site-unknown-key"),
        "{ids:?}"
    );
}

#[test]
fn messages_are_whole_in_both_languages() {
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for template in TEMPLATES {
            assert!(
                !localizer.text(&template.about()).contains("site-"),
                "{}",
                template.name
            );
        }
        for case in CASES {
            let text = text_of(case.template).replacen(case.from, case.to, 1);
            for problem in read(&text, "site.toml", rules()).err().into_iter().flatten() {
                let shown = localizer.text(&problem.text());
                assert!(!shown.contains("site-"), "{shown}");
                assert!(shown.starts_with(&format!("site.toml:{}:{}", problem.line, problem.column)));
            }
        }
    }
}

#[test]
fn two_problems_of_one_flow_name_both_sources() {
    let text = text_of("power").replacen("parameter = \"OIL-STARTUP\" }", "parameter = \"1HFB10CW001\" }", 1);
    let shown = told(&read(&text, "site.toml", rules()).unwrap_err());
    assert!(
        shown.contains("unit-1-start-up-oil") && shown.contains("“unit-1-coal”"),
        "{shown}"
    );
}

#[test]
fn numbers_keep_every_digit() {
    let text = text_of("power").replacen("high = \"400\"", "high = 0.1000000000000000055511151", 1);
    let text = text.replacen("operating = { low = \"60\", high = \"320\" }", "", 1);
    let high = model(&text).parameters[0].possible.high.unwrap();
    assert_eq!(high.to_string(), "0.1000000000000000055511151");
}

mod assigning {
    use super::*;

    fn proposal(text: &str) -> Proposal {
        read(text, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)))
    }

    fn ids(problems: &[Problem]) -> Vec<&str> {
        problems.iter().map(|problem| problem.what.id.as_ref()).collect()
    }

    #[test]
    fn the_same_file_again_changes_nothing() {
        for template in TEMPLATES {
            let first = model(template.text);
            let second = assign(&proposal(template.text), Some(&first)).unwrap();
            assert_eq!(first, second);
            assert_eq!(differences(Some(&first), &second), vec![]);
        }
    }

    #[test]
    fn ids_stay_with_their_objects_and_are_never_given_again() {
        let text = text_of("minimal");
        let first = model(text);
        // The parameter gets another tag without `was`: another object.
        let other = text.replace("EM-001", "EM-002");
        let second = assign(&proposal(&other), Some(&first)).unwrap();
        assert_eq!(second.parameters[0].id, ParameterId(2));
        assert_eq!(second.next.parameter, 3);
        // The first tag comes back: it is new again, since what was removed is gone.
        let third = assign(&proposal(text), Some(&second)).unwrap();
        assert_eq!(third.parameters[0].id, ParameterId(3));
        assert_eq!(third.nodes, first.nodes);
        let Binding::Parameter { parameter, .. } = third.sources[0].inputs["electricity"] else {
            panic!()
        };
        assert_eq!(parameter, ParameterId(3));
    }

    #[test]
    fn a_renamed_object_keeps_its_id() {
        let text = text_of("minimal");
        let first = model(text);
        let renamed =
            text.replace("EM-001", "EM-002")
                .replacen("tag = \"EM-002\"", "tag = \"EM-002\"\nwas = \"EM-001\"", 1);
        let second = assign(&proposal(&renamed), Some(&first)).unwrap();
        assert_eq!(second.parameters[0].id, first.parameters[0].id);
        let found = differences(Some(&first), &second);
        assert_eq!(
            found[0],
            Difference {
                sort: Sort::Parameter,
                key: "EM-002".into(),
                change: Change::Renamed {
                    from: "EM-001".into(),
                    fields: vec![]
                }
            }
        );
        // The source names the parameter by its new tag.
        assert_eq!(found[1].sort, Sort::Source);
        assert_eq!(found.len(), 2);
        // `was` may stay in the file after it was applied.
        assert_eq!(assign(&proposal(&renamed), Some(&second)).unwrap(), second);
        // Without a model in force there is nothing to rename.
        assert!(assign(&proposal(&renamed), None).is_ok());
    }

    #[test]
    fn what_may_not_change_is_refused_with_its_place() {
        let text = text_of("minimal");
        let first = model(text);
        for (from, to, id) in [
            ("Asia/Shanghai", "Asia/Tokyo", "site-zone-changed"),
            ("day_start =", "simulated = true\nday_start =", "site-simulated-changed"),
            ("kind = \"counter\"", "kind = \"amount\"", "site-parameter-changed"),
            ("unit = \"kWh\"", "unit = \"MWh\"", "site-parameter-changed"),
            ("decimals = 2", "decimals = 3", "site-parameter-changed"),
        ] {
            let changed = text.replacen(from, to, 1);
            let problems = assign(&proposal(&changed), Some(&first)).unwrap_err();
            assert_eq!(ids(&problems), [id], "{to}");
            let offset = changed.find(to).unwrap();
            assert_eq!(problems[0].line, place(&changed, offset).0, "{to}");
        }
    }

    #[test]
    fn former_names_that_cannot_be_are_refused() {
        let text = text_of("minimal");
        let first = model(text);
        let node = |key: &str, was: &str| {
            format!(
                "{text}\n[[node]]\nkey = \"{key}\"\nname = \"x\"\nlevel = \"process\"\nparent = \"plant\"\nwas = \"{was}\"\n"
            )
        };
        let refused = |text: &str, in_force: &SiteModel| {
            ids(&assign(&proposal(text), Some(in_force)).unwrap_err())
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(refused(&node("new", "production"), &first), ["site-was-still-there"]);
        assert_eq!(refused(&node("new", "nothing"), &first), ["site-was-unknown"]);
        let second = assign(&proposal(&node("other", "other")), Some(&first)).unwrap();
        let onto = node("other", "production");
        assert_eq!(refused(&onto, &second), ["site-rename-onto-another"]);
        let twice = node("a", "other")
            + "[[node]]\nkey = \"b\"\nname = \"x\"\nlevel = \"process\"\nparent = \"plant\"\nwas = \"other\"\n";
        assert_eq!(refused(&twice, &second), ["site-was-twice"]);
    }

    #[test]
    fn block_hours_are_kept_when_the_interval_changes() {
        let text = text_of("minimal");
        let first = model(text);
        let changed = text.replacen("\"15 min\"", "\"1 s\"", 1);
        assert_eq!(model(&changed).parameters[0].block_hours, 1);
        let second = assign(&proposal(&changed), Some(&first)).unwrap();
        assert_eq!(second.parameters[0].block_hours, 24);
        let found = differences(Some(&first), &second);
        let [
            Difference {
                change: Change::Changed { fields },
                ..
            },
        ] = found.as_slice()
        else {
            panic!("{found:?}")
        };
        let names: Vec<&str> = fields.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(names, ["gap_limit", "interval"]);
        assert_eq!(fields[1].new.to_string(), "site-value value=\"1 s\"");
    }

    #[test]
    fn a_first_model_is_all_new_and_a_shrunk_one_loses() {
        let first = model(text_of("power"));
        let added = differences(None, &first);
        assert!(added.iter().all(|found| found.change == Change::Added));
        assert_eq!(added.len(), 1 + 3 + 1 + 4 + 5 + 9 + 3 + 3 + 2 + 3 + 1);
        let text = text_of("power");
        let start = text.find("[[product]]\nkey = \"heat\"").unwrap();
        let end = start + text[start..].find("# ----").unwrap();
        let shrunk = format!("{}{}", &text[..start], &text[end..]);
        let second = assign(&proposal(&shrunk), Some(&first)).unwrap();
        let found = differences(Some(&first), &second);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].key.as_str(), &found[0].change), ("heat", &Change::Removed));
        assert_eq!(second.next.product, first.next.product);
    }
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
