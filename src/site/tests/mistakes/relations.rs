//! Mistakes in relations between parameters.

use super::*;
use super::{Case, case};

const LEFT: &str = "left = [\"RF1-GAS\"]";
const STEEL: &str = "product = \"steel\"\nleast";
const ABOVE: &str = "above = \"U1-COAL\"";

pub(super) const CASES: &[Case] = &[
    case("demo", LEFT, "left = [\"RF1-GAZ\"]", "site-unresolved", "\"RF1-GAZ\""),
    case("demo", LEFT, "left = []", "site-empty-list+", "[]"),
    case("demo", LEFT, "left = [\"RF1-GAS / 2\"]", "site-term", "\"RF1-GAS / 2\""),
    case("demo", LEFT, "left = [\"RF1-GAS *\"]", "site-term", "\"RF1-GAS *\""),
    case(
        "demo",
        LEFT,
        "left = [\"RF1-GAS * -2\"]",
        "site-term-number",
        "\"RF1-GAS * -2\"",
    ),
    case(
        "demo",
        LEFT,
        "left = [\"RF1-GAS * U1-O2\"]",
        "site-term-not-tested",
        "\"RF1-GAS * U1-O2\"",
    ),
    case(
        "demo",
        LEFT,
        "left = [\"U1-O2 * GAS-NCV\"]",
        "site-term-of-quantity",
        "\"U1-O2 * GAS-NCV\"",
    ),
    case(
        "demo",
        LEFT,
        "left = [\"change(RF1-GAS)\"]",
        "site-term-change",
        "\"change(RF1-GAS)\"",
    ),
    // Heat on one side, gas on the other.
    case(
        "demo",
        LEFT,
        "left = [\"RF1-GAS * GAS-NCV\"]",
        "site-unfit-value",
        "\"RF1-GAS-TOT\"",
    ),
    case(
        "demo",
        ABOVE,
        "above = \"U1-COAL * nothing\"",
        "site-unresolved",
        "\"U1-COAL * nothing\"",
    ),
    case(
        "demo",
        "key = \"coal-use\"",
        "key = \"mill-power\"",
        "site-duplicate",
        "\"mill-power\"",
    ),
    case(
        "demo",
        "key = \"mill-power\"",
        "key = \"furnace-gas\"",
        "site-duplicate",
        "\"furnace-gas\"",
    ),
    case(
        "demo",
        "relative = \"0.03\"",
        "relative = \"0\"",
        "site-unfit-value",
        "\"0\"",
    ),
    case(
        "demo",
        "relative = \"0.03\"",
        "relative = \"-0.02\"",
        "site-unfit-value",
        "\"-0.02\"",
    ),
    case(
        "demo",
        "against_past = { share = \"0.1\"",
        "against_past = { share = \"0\"",
        "site-unfit-value",
        "\"0\"",
    ),
    case(
        "demo",
        "usual = { low = \"0.4\"",
        "usual = { low = \"1.4\"",
        "site-unfit-value",
        "{ low",
    ),
    case(
        "demo",
        "least = 10\nwindow = \"1 h\"",
        "least = 0\nwindow = \"1 h\"",
        "site-unfit-value",
        "0\n",
    ),
    case(
        "demo",
        "least = 10\nwindow = \"1 h\"",
        "least = 10\nwindow = \"5 h\"",
        "site-relation-window",
        "\"5 h\"",
    ),
    case(
        "demo",
        "least = 10\nwindow = \"1 h\"",
        "least = 10\nwindow = \"none\"",
        "site-relation-window+",
        "\"none\"",
    ),
    case(
        "demo",
        STEEL,
        "product = \"iron\"\nleast",
        "site-unresolved",
        "\"iron\"",
    ),
    case(
        "demo",
        STEEL,
        "product = \"steel\"\nbook = \"db\"\nleast",
        "site-unresolved",
        "\"db\"",
    ),
    // Nothing stands at the node of what is only sold.
    case(
        "demo",
        "node = \"demo-rolling\"\nparameter = \"RM1-OUT\"",
        "node = \"coal-yard\"\nparameter = \"RM1-OUT\"",
        "site-intensity-of-nothing",
        "\"steel\"",
    ),
    case(
        "demo",
        "key = \"steel-intensity\"",
        "key = \"mill-power\"",
        "site-duplicate",
        "\"mill-power\"",
    ),
];

#[test]
fn a_ratio_without_anything_to_keep_to_is_refused() {
    let text = text_of("demo")
        .replacen("usual = { low = \"0.4\", high = \"0.75\" }\n", "", 1)
        .replacen("against_past = { share = \"0.1\", windows = 24 }\n", "", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    assert!(told(&problems).contains("usual"), "{}", told(&problems));
}
