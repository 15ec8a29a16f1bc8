//! What is possible but hardly meant is told, and stands in nobody's way; what cannot be does.

use super::super::*;
use super::{Case, case, mistaken};

/// A template with one place changed gives exactly one warning, of this id, at this place.
const DOUBTFUL: &[Case] = &[
    // A fraction where per cent stand, and other slips of unit and of powers of ten.
    case(
        "power",
        "value = \"99\", unit = \"%\"",
        "value = \"0.99\", unit = \"%\"",
        "site-unusual-value",
        "\"0.99\"",
    ),
    case(
        "power",
        "value = \"99\", unit = \"%\"",
        "value = \"1\", unit = \"%\"",
        "site-unusual-value",
        "\"1\"",
    ),
    case(
        "power",
        "value = \"99\", unit = \"%\"",
        "value = \"9.9\", unit = \"%\"",
        "site-unusual-value",
        "\"9.9\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { value = \"536.6\", unit = \"tCO2/MWh\", origin = \"x\" }",
        "site-unusual-value",
        "\"536.6\"",
    ),
    case(
        "power",
        "provisional = { factor = \"bituminous-coal.net-calorific-value\" }",
        "provisional = { value = \"26700\", unit = \"GJ/t\", origin = \"x\" }",
        "site-unusual-value",
        "\"26700\"",
    ),
    // Limits.
    case(
        "power",
        "deadband = \"2\"\ndelay = \"30 s\"",
        "deadband = \"260\"\ndelay = \"30 s\"",
        "site-wide-deadband",
        "\"260\"",
    ),
    // What nobody uses.
    case(
        "minimal",
        "[[parameter]]",
        "[[meter]]\nkey = \"second\"\nname = \"x\"\n[[parameter]]",
        "site-idle-meter",
        "\"second\"",
    ),
    // The day.
    case(
        "minimal",
        "[[node]]",
        "[[shift]]\nkey = \"all\"\nname = \"x\"\nstart = \"08:00\"\n[[node]]",
        "site-day-inside-shift",
        "",
    ),
];

/// Values that cannot be: errors.
const IMPOSSIBLE: &[Case] = &[
    case(
        "power",
        "value = \"99\", unit = \"%\"",
        "value = \"101\", unit = \"%\"",
        "site-more-than-all",
        "\"101\"",
    ),
    case(
        "power",
        "value = \"99\", unit = \"%\"",
        "value = \"-99\", unit = \"%\"",
        "site-below-nothing",
        "\"-99\"",
    ),
    case(
        "power",
        "grid_factor = { factor = \"grid.national\" }",
        "grid_factor = { value = \"-0.5\", unit = \"tCO2/MWh\", origin = \"x\" }",
        "site-below-nothing",
        "\"-0.5\"",
    ),
];

#[test]
fn what_is_hardly_meant_is_told_and_stands_in_nobodys_way() {
    let mut failures = Vec::new();
    for case in DOUBTFUL {
        let (text, at) = mistaken(case);
        match read(&text, "site.toml", rules()) {
            Err(problems) => failures.push(format!("{:?}: refused\n{}", case.to, told(&problems))),
            Ok(proposal) => {
                let (line, column) = place(&text, at);
                let found = proposal.warnings().iter().any(|warning| {
                    warning.what.id == case.id
                        && warning.severity == Severity::Warning
                        && (case.at.is_empty() || (warning.line, warning.column) == (line, column))
                });
                if !found || proposal.warnings().len() != 1 {
                    failures.push(format!(
                        "{:?}: wanted {} at {line}:{column}, got\n{}",
                        case.to,
                        case.id,
                        told(proposal.warnings())
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_cannot_be_is_refused() {
    for case in IMPOSSIBLE {
        let (text, at) = mistaken(case);
        let problems = read(&text, "site.toml", rules()).expect_err(case.to);
        assert_eq!(problems.len(), 1, "{}", told(&problems));
        assert_eq!(
            (problems[0].what.id.as_ref(), problems[0].severity),
            (case.id, Severity::Error)
        );
        assert_eq!((problems[0].line, problems[0].column), place(&text, at));
    }
}

#[test]
fn no_template_is_doubtful() {
    for template in TEMPLATES {
        let proposal = read(template.text, "site.toml", rules()).unwrap();
        assert!(
            proposal.warnings().is_empty(),
            "{}: {}",
            template.name,
            told(proposal.warnings())
        );
    }
}

#[test]
fn a_fraction_is_told_as_the_percentage_that_was_meant() {
    let (text, _) = mistaken(&DOUBTFUL[0]);
    let proposal = read(&text, "site.toml", rules()).unwrap();
    for language in Language::ALL {
        let shown = Localizer::new(language).text(&proposal.warnings()[0].text());
        assert!(shown.contains("\"99\"") && shown.contains("0.99"), "{shown}");
    }
}

#[test]
fn warnings_are_told_beside_errors_and_do_not_count_as_such() {
    let (text, _) = mistaken(&DOUBTFUL[0]);
    let text = text.replacen("unit = \"t/h\"", "unit = \"t\"", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let of = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    assert_eq!(
        (of(Severity::Error), of(Severity::Warning)),
        (1, 1),
        "{}",
        told(&problems)
    );
}

/// A counter whose limits and rollover disagree, a share with impossible limits, a book beside the sources, a tested value
/// in the wrong unit, and a crew without a shift.
#[test]
fn limits_and_boundaries_that_disagree_are_told() {
    let warned = |template: &str, from: &str, to: &str| {
        let text = text_of(template);
        assert!(text.contains(from), "{from}");
        let text = text.replacen(from, to, 1);
        let proposal = read(&text, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)));
        let ids: Vec<String> = proposal
            .warnings()
            .iter()
            .map(|warning| warning.what.id.to_string())
            .collect();
        ids.join(" ")
    };
    let possible = "possible = { low = \"0\" }";
    let limits = |high: &str| format!("possible = {{ low = \"0\", high = \"{high}\" }}");
    assert_eq!(
        warned("minimal", possible, &limits("99999")),
        "site-limit-below-rollover"
    );
    assert_eq!(
        warned("minimal", possible, &limits("99999999")),
        "site-limit-above-rollover"
    );
    assert_eq!(warned("minimal", possible, &limits("1000000")), "");
    let share = "[[parameter]]\ntag = \"W\"\nname = \"x\"\nkind = \"property\"\nunit = \"%\"\ndecimals = 2\n\
                 node = \"plant\"\npossible = { low = \"0\", high = \"400\" }\n[[source]]";
    assert_eq!(warned("minimal", "[[source]]", share), "site-share-limits");
    let book = "[[node]]\nkey = \"idle\"\nname = \"x\"\nlevel = \"process\"\nparent = \"plant\"\n\
                [[book]]\nkey = \"other\"\nname = \"x\"\nstandard = \"x\"\nedition = \"1\"\nboundary = \"idle\"\n\
                gases = [\"CO2\"]\ngwp_set = \"AR5\"\nfactor_sets = [\"GB/T 32151.34-2024\"]\n[[book]]";
    assert_eq!(warned("minimal", "[[book]]", book), "site-empty-book");
    let heat = "possible = { low = \"5\", high = \"40\" }";
    let in_joules = "possible = { low = \"5000\", high = \"40000\" }";
    assert_eq!(warned("power", heat, in_joules), "site-unusual-limits");
    let text = text_of("power").replace("[\"四值\", \"五值\", \"一值\"]", "[\"四值\", \"二值\", \"一值\"]");
    let text = text.replace("\"五值\", \"一值\", \"二值\"]", "\"四值\", \"一值\", \"二值\"]");
    let text = text.replace("[\"三值\", \"四值\", \"五值\"]", "[\"三值\", \"四值\", \"一值\"]");
    let proposal = read(&text, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    assert_eq!(proposal.warnings().len(), 1, "{}", told(proposal.warnings()));
    assert_eq!(proposal.warnings()[0].what.id, "site-idle-crew");
}
