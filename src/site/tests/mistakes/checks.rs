//! Mistakes in what a plan says of quality checks.

use super::super::*;
use super::{Case, case};

/// What stands in the plan of the demo's coal flow.
const PLACE: &str = "missing = { rule = \"load-band\", load = \"U1-LOAD\"";

/// A case of checks of the demo's coal flow.
macro_rules! coal {
    ($checks:literal, $id:literal, $at:literal) => {
        case(
            "demo",
            PLACE,
            concat!(
                "checks = ",
                $checks,
                "\nmissing = { rule = \"load-band\", load = \"U1-LOAD\""
            ),
            $id,
            $at,
        )
    };
}

pub(super) const CASES: &[Case] = &[
    coal!(
        "{ range = { sensor = { low = 10, high = 0 } } }",
        "site-unfit-value",
        "{ low = 10"
    ),
    coal!(
        "{ range = { operator = { low = -1, high = 30 } } }",
        "site-unfit-value",
        "{ low = -1"
    ),
    coal!("{ flat = { window = \"none\" } }", "site-unfit-value", "\"none\""),
    coal!("{ flat = { window = \"0 s\" } }", "site-unfit-words", "\"0 s\""),
    coal!("{ flat = { least = 9 } }", "site-missing-key", "{ least"),
    coal!("{ gap = \"200 year\" }", "site-unfit-words", "\"200"),
    coal!("{ rate = { suspect = \"NaN\" } }", "site-unfit-value", "\"NaN\""),
    coal!("{ rate = { suspect = 0 } }", "site-unfit-value", "0 }"),
    coal!("{ flats = { window = \"1 h\" } }", "site-unknown-key", "flats"),
    coal!("{ flat = { window = \"1 h\", days = 3 } }", "site-unknown-key", "days"),
    coal!("{ load = \"U1-COAL\" }", "site-check-load", "\"U1-COAL\""),
    coal!("{ load = \"U1-GEN\" }", "site-check-load", "\"U1-GEN\""),
    coal!("{ load = \"U1-LOD\" }", "site-unresolved", "\"U1-LOD\""),
    coal!(
        "{ spike = { suspect = 1, times = 9 } }",
        "site-check-spike",
        "{ suspect"
    ),
    coal!("{ spike = { suspect = 2, bad = 1 } }", "site-unfit-value", "1 }"),
    coal!(
        "{ band = [{ months = [1], usual = { low = 1 } }] }",
        "site-check-band",
        "{ months"
    ),
    coal!(
        "{ load = \"U1-LOAD\", band = [{ usual = { low = 1 } }, { load = {}, usual = { low = 1 } }] }",
        "site-unfit-value",
        "{}"
    ),
    coal!(
        "{ band = [{ load = { low = 1 }, usual = { low = 1 } }] }",
        "site-check-load-unknown",
        "{ low"
    ),
    coal!(
        "{ flat = { window = \"1 h\", least_load = 3 } }",
        "site-check-load-unknown",
        "3 }"
    ),
    coal!(
        "{ shift = { by = \"load\", block = \"1 h\", learn = 24 } }",
        "site-check-no-load",
        "\"load\""
    ),
    coal!("{ without = [\"flat\", \"flat\"] }", "site-repeated", "\"flat\"]"),
    coal!("{ without = [\"band\"] }", "site-unknown-word", "\"band\""),
    coal!(
        "{ noise = { deviation = 1, block = \"1 h\", learn = 24 } }",
        "site-check-scatter",
        "{ deviation"
    ),
    coal!("{ noise = { times = 3 } }", "site-check-scatter", "{ times"),
    coal!(
        "{ attenuated = { times = \"0.5\", block = \"1 h\", learn = 24 } }",
        "site-unfit-value",
        "\"0.5\""
    ),
    coal!(
        "{ noise = { block = \"1 min\", learn = 24 } }",
        "site-unfit-value",
        "\"1 min\""
    ),
    coal!(
        "{ without = [\"flat\"], flat = { window = \"1 h\" } }",
        "site-check-both",
        "\"flat\""
    ),
    // Nothing is published for what a scale weighs.
    coal!(
        "{ published = { share = \"0.1\" } }",
        "site-check-not-tested+",
        "{ share"
    ),
    coal!("{ gap = \"1 s\" }", "site-unfit-value", "\"1 s\""),
    coal!("{ flat = { window = \"30 s\" } }", "site-unfit-value", "\"30 s\""),
    coal!(
        "{ flat = { window = \"1 h\", idle = { low = -1e6, high = 1e6 } } }",
        "site-unfit-value",
        "{ low"
    ),
    coal!(
        "{ band = [{ usual = { low = 1 } }, { months = [1, 2], usual = { low = 2 } }] }",
        "site-unfit-value",
        "{ low = 2"
    ),
    coal!("{ band = [{ usual = { low = 90000 } }] }", "site-unfit-value", "{ low"),
    coal!(
        "{ attenuated = { deviation = 2, window = \"1 h\" }, noise = { deviation = 1, window = \"1 h\" } }",
        "site-unfit-value",
        "1, window"
    ),
    coal!("{ typing = { within = \"none\" } }", "site-unfit-value", "\"none\""),
    coal!("{ typing = { regular = 0 } }", "site-unfit-value", "0 }"),
    coal!("{ arrival = { late = \"none\" } }", "site-unfit-value", "\"none\""),
    coal!("{ counter = {} }", "site-check-not-counter", "{}"),
    coal!("{ counter = { rollover = 5 } }", "site-unknown-key+", "rollover"),
    coal!(
        "{ unit = { factors = [10000000], window = \"1 d\" } }",
        "site-unfit-value",
        "[10000000"
    ),
];

fn demo(checks: &str) -> String {
    text_of("demo").replacen(PLACE, &format!("checks = {checks}\n{PLACE}"), 1)
}

#[test]
fn all_faults_of_checks_are_told_at_once_with_remedies() {
    let text = demo(
        "{ load = \"nothing\", gap = \"none\", rate = { suspect = \"NaN\" }, flat = { window = \"none\", idle = {} }, \
         range = { sensor = { low = 1, high = 0 }, operator = {} }, noises = 1, band = [{ usual = {} }, { usual = { low = 2, high = 1 } }] }",
    );
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let line = text[..text.find("checks = { load = \"nothing\"").unwrap()]
        .matches('\n')
        .count()
        + 1;
    assert!(
        problems.iter().all(|problem| problem.line == line),
        "{}",
        told(&problems)
    );
    assert_eq!(problems.len(), 9, "{}", told(&problems));
    let shown = told(&problems);
    for part in [
        "nothing",
        "NaN",
        "upside down",
        "neither low nor high",
        "noises",
        "checks nothing",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for problem in &problems {
            let shown = localizer.text(&problem.text());
            assert!(!shown.contains("site-") && !shown.contains("quality-"), "{shown}");
        }
    }
}

#[test]
fn checks_that_contradict_known_limits_are_told() {
    // The sensor's span of the check leaves the operating limits outside.
    let problems = read(
        &demo("{ range = { sensor = { low = 0, high = 20 } } }"),
        "site.toml",
        rules(),
    )
    .unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(told(&problems).contains("not inside"), "{}", told(&problems));
    // More in an hour than the meter shows before it begins anew.
    let text = text_of("power").replacen(
        "tag = \"EM-GEN1\"",
        "tag = \"EM-GEN1\"\nchecks = { counter = { most_an_hour = \"1e12\" } }",
        1,
    );
    assert!(read(&text, "site.toml", rules()).is_err());
}
