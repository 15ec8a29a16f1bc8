//! Mistakes in shifts, crews, posts and people.

use super::{Case, case};

pub(super) const CASES: &[Case] = &[
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
    case(
        "power",
        "staff_number = \"0001\"",
        "staff_number = \"0001\"\nname = \"x\"\nroles = [\"viewer\"]\n[[person]]\nstaff_number = \"0001\"",
        "site-duplicate",
        "\"0001\"\nname = \"请",
    ),
    case(
        "power",
        "[[person]]\nstaff_number = \"0001\"",
        "[anomalies]\nsecond_person_from = -1\n[[person]]\nstaff_number = \"0001\"",
        "site-negative",
        "-1",
    ),
    case(
        "power",
        "[[person]]\nstaff_number = \"0001\"",
        "[[anomalies.cause]]\nnumber = 7\nname = \"a\"\nclass = \"meter\"\n[[anomalies.cause]]\nnumber = 7\nname = \"b\"\nclass = \"meter\"\n[[person]]\nstaff_number = \"0001\"",
        "site-duplicate",
        "7\nname = \"b\"",
    ),
    case(
        "power",
        "[[person]]\nstaff_number = \"0001\"",
        "[[anomalies.cause]]\nnumber = 7\nname = \"a\"\nclass = \"weather\"\n[[person]]\nstaff_number = \"0001\"",
        "site-unknown-word",
        "\"weather\"",
    ),
];
