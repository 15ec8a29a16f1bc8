//! Mistakes in what is said of alarms.

use super::{Case, case};

const ALARMS: &str = concat!(
    "alarms = { high_high = \"29\", off_delay = \"30 s\", action = \"核对负荷与煤质，必要时减煤；报告值长并记入日志\", ",
    "action_en = \"Check load and coal quality, take coal off if need be; tell the shift supervisor and note it\" }"
);
/// A parameter that is no key one.
const NOT_KEY: &str = "interval = \"30 s\"\ngap_limit = \"5 min\"\npossible = { low = \"0\", high = \"380\" }";
const PERSON: &str = "[[person]]\nstaff_number = \"1001\"";

/// A table of all alarms before the people.
macro_rules! site {
    ($alarms:literal, $id:literal, $at:literal) => {
        case(
            "demo",
            PERSON,
            concat!("[alarms]\n", $alarms, "\n[[person]]\nstaff_number = \"1001\""),
            $id,
            $at,
        )
    };
}

pub(super) const CASES: &[Case] = &[
    case(
        "demo",
        ALARMS,
        "alarms = { high_high = \"26\" }",
        "site-alarms-second",
        "\"26\"",
    ),
    case("demo", ALARMS, "alarms = { low_low = 9 }", "site-alarms-second", "9"),
    case(
        "demo",
        ALARMS,
        "alarms = { high_high = 41 }",
        "site-alarms-impossible",
        "41",
    ),
    case(
        "demo",
        ALARMS,
        "alarms = { compliance = \"perhaps\" }",
        "site-unknown-word",
        "\"perhaps\"",
    ),
    case("demo", ALARMS, "alarms = { action = 7 }", "site-wrong-form", "7"),
    case(
        "demo",
        ALARMS,
        "alarms = { actions = [{ of = \"silence\", action = \"go\" }] }",
        "site-unknown-word",
        "\"silence\"",
    ),
    case(
        "demo",
        ALARMS,
        "alarms = { actions = [{ of = \"low\", action = \"go\" }, { of = \"low\", action = \"wait\" }] }",
        "site-alarms-action-twice",
        "\"low\", action = \"wait\"",
    ),
    case(
        "demo",
        NOT_KEY,
        concat!(
            "alarms = { latching = true }\n",
            "interval = \"30 s\"\ngap_limit = \"5 min\"\npossible = { low = \"0\", high = \"380\" }"
        ),
        "site-alarms-not-key",
        "{ latching",
    ),
    site!("longest_shelf = \"none\"", "site-alarms-shelf", "\"none\""),
    site!(
        "consequence = { minor = 10, major = 5, severe = 50 }",
        "site-unfit-value",
        "5"
    ),
    site!(
        "consequence = { minor = -1, major = 5, severe = 50 }",
        "site-unfit-value",
        "-1"
    ),
    site!(
        "urgency = { at_once = \"1 h\", soon = \"30 min\", shift = \"8 h\" }",
        "site-unfit-value",
        "\"30 min\""
    ),
    site!(
        "urgency = { at_once = \"none\", soon = \"30 min\", shift = \"8 h\" }",
        "site-unfit-value",
        "\"none\""
    ),
];
