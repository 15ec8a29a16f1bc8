//! Every mistake is found, at its place, and told in both languages.

use super::*;

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
    case("minimal", "\"15 min\"", "\"15 minutes\"", "site-unfit-words", ""),
    case("minimal", "\"00:00\"", "\"24:00\"", "site-unfit-words", ""),
    case("minimal", "low = \"0\"", "low = nan", "site-unfit-value", "nan"),
    case("minimal", "low = \"0\"", "low = \"1,5\"", "site-unfit-value", "\"1,5\""),
    case("minimal", "low = \"0\"", "low = 1e40", "site-unfit-value", "1e40"),
    case("minimal", "low = \"0\"", "low = 0x10", "site-other-base", "0x10"),
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
    case(
        "steel",
        "factor_sets = [\"GB/T 32151.34-2024\"]",
        "factor_sets = [\"GB/T 32151.99-2024\"]",
        "site-unknown-word",
        "\"GB/T 32151.99",
    ),
    case(
        "minimal",
        "factor_sets = [\"GB/T 32151.34-2024\"]          #",
        "factor_sets = [\"NDRC-2013-steel\"]\n[[parameter]]\ntag = \"M\"\nname = \"x\"\nkind = \"amount\"\nunit = \"t\"\n\
         decimals = 1\nnode = \"plant\"\n[[source]]\nkey = \"coke\"\nname = \"x\"\nnode = \"plant\"\n\
         method = \"combustion.heat-from-mass@1\"\n[source.inputs]\nfuel_mass = { parameter = \"M\" }\n\
         net_calorific_value = { factor = \"coke.net-calorific-value\" }\n\
         carbon_content_per_heat = { factor = \"petroleum-coke.carbon-content-per-heat\" }\n\
         oxidation_factor = { factor = \"coke.oxidation-factor\" } #",
        "site-factor-not-in-sets",
        "\"petroleum-coke",
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
fn a_source_that_no_book_takes_in_is_told() {
    let text = text_of("minimal");
    let narrow = text
        .replacen("boundary = \"plant\"", "boundary = \"production\"", 1)
        .replacen("node = \"production\"\nmethod", "node = \"plant\"\nmethod", 1);
    let start = text.find("[[book]]").unwrap();
    let end = start + text[start..].find("# ").unwrap();
    let end = end + text[end..].find("\n\n").unwrap();
    let without = format!("{}{}", &text[..start], &text[end..]);
    for text in [narrow, without] {
        let problems = read(&text, "site.toml", rules()).unwrap_err();
        assert_eq!(problems.len(), 1, "{}", told(&problems));
        assert_eq!(problems[0].what.id, "site-source-in-no-book");
    }
}

#[test]
fn numbers_keep_every_digit() {
    let text = text_of("power").replacen("high = \"400\"", "high = 0.1000000000000000055511151", 1);
    let text = text.replacen("operating = { low = \"60\", high = \"320\" }", "", 1);
    let high = model(&text).parameters[0].possible.high.unwrap();
    assert_eq!(high.to_string(), "0.1000000000000000055511151");
}
