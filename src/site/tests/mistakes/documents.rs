//! Mistakes in forms of documents.

use super::{Case, case};

pub(super) const CASES: &[Case] = &[
    case(
        "demo",
        "key = \"gas-invoices\"",
        "key = \"rounds\"",
        "site-form-key-taken",
        "\"rounds\"",
    ),
    case(
        "demo",
        "key = \"gas-invoices\"",
        "key = \"calibration\"",
        "site-form-key-taken",
        "\"calibration\"",
    ),
    case(
        "demo",
        "rows = [\"UT-LPG\"]",
        "rows = [\"UT-LPQ\"]",
        "site-unresolved",
        "\"UT-LPQ\"",
    ),
    case(
        "demo",
        "rows = [\"UT-LPG\"]",
        "rows = [\"COAL-NCV\"]",
        "site-form-row-kind",
        "\"COAL-NCV\"",
    ),
    case(
        "demo",
        "rows = [\"UT-LPG\"]",
        "rows = [\"UT-LPG\", \"UT-LPG\"]",
        "site-repeated",
        "\"UT-LPG\"]",
    ),
    case(
        "demo",
        "kind = \"invoice\"\nrows = [\"UT-LPG\"]",
        "kind = \"invoice\"",
        "site-form-without-rows",
        "[[form]]",
    ),
    case(
        "demo",
        "rows = [\"UT-LPG\"]",
        "rows = [\"UT-LPG\"]\nbasis = \"ar\"",
        "site-form-not-a-report",
        "\"ar\"",
    ),
    case(
        "demo",
        "batches = \"coal-batches\"\n",
        "",
        "site-form-without-batches",
        "[[form]]",
    ),
    case(
        "demo",
        "batches = \"coal-batches\"",
        "batches = \"coal-bathces\"",
        "site-unresolved",
        "\"coal-bathces\"",
    ),
    case(
        "demo",
        "total_moisture = \"COAL-MAR\"",
        "total_moisture = \"COAL-MR\"",
        "site-unresolved",
        "\"COAL-MR\"",
    ),
    case(
        "demo",
        "basis = \"ar\"",
        "basis = \"wet\"",
        "site-unknown-word",
        "\"wet\"",
    ),
];
