//! The demo plant: a coal-fired unit that makes power and heat (热电联产机组), and a small rolling shop (轧钢车间).
//!
//! Its template is `site/templates/demo.toml`. What belongs together follows one curve: at 50 MW the boiler burns 27 t
//! of coal an hour and makes 190 t of steam.

use super::curve::{Aspect, FULL, Profile};

/// How a parameter of the demo plant behaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct DemoRecipe {
    /// Which curve of its process it follows.
    pub(super) aspect: Aspect,
    /// Parts of a million that are there even at rest.
    pub(super) base: i64,
    /// Whether it falls as the curve rises.
    pub(super) inverse: bool,
    /// Thousandths of its unit at rest; for amounts, registers and flows 0.
    pub(super) low: i64,
    /// Thousandths of its unit at full level; of amounts and registers, for an hour.
    pub(super) high: i64,
}

/// The recipe of a tag of the demo plant.
pub(super) fn recipe(tag: &str) -> Option<DemoRecipe> {
    RECIPES
        .iter()
        .find(|(known, _)| *known == tag)
        .map(|(_, recipe)| *recipe)
}

/// The profile of a process of the demo plant, by its key.
pub(super) fn profile(key: &str) -> Option<Profile> {
    match key {
        "demo-power" => Some(Profile::Unit),
        "demo-rolling" => Some(Profile::Shop),
        "demo-utilities" => Some(Profile::Steady),
        _ => None,
    }
}

const fn follows(high: i64) -> DemoRecipe {
    between(0, high)
}

const fn between(low: i64, high: i64) -> DemoRecipe {
    DemoRecipe {
        aspect: Aspect::Load,
        base: 0,
        inverse: false,
        low,
        high,
    }
}

/// Follows with a part that is there even at rest, in thousandths of full level.
const fn resting(base: i64, high: i64) -> DemoRecipe {
    DemoRecipe {
        base: base * (FULL / 1000),
        ..between(0, high)
    }
}

const fn against(low: i64, high: i64) -> DemoRecipe {
    DemoRecipe {
        inverse: true,
        ..between(low, high)
    }
}

const fn start_up(high: i64) -> DemoRecipe {
    DemoRecipe {
        aspect: Aspect::StartUpFuel,
        ..between(0, high)
    }
}

/// By tag; figures in thousandths of the unit.
const RECIPES: &[(&str, DemoRecipe)] = &[
    // Unit 1: 50 MW, 240 t/h boiler.
    ("U1-LOAD", follows(50_000)),
    ("U1-COAL", follows(27_000)),
    ("U1-STEAM", follows(236_000)),
    ("U1-FEEDWATER", resting(10, 243_000)),
    ("U1-AIR", resting(20, 262_000)),
    ("U1-O2", against(2_600, 9_000)),
    ("U1-FLUE-T", between(72_000, 142_000)),
    ("U1-STEAM-P", between(2_400, 9_700)),
    ("U1-STEAM-T", between(310_000, 538_000)),
    ("U1-OIL", start_up(2_800)),
    ("U1-LIMESTONE", follows(1_450)),
    ("U1-GEN", follows(50_000_000)),
    ("U1-AUX", resting(120, 4_300_000)),
    ("U1-EXPORT", follows(44_800_000)),
    ("U1-HEAT", follows(90_000)),
    ("COAL-TRUCK", between(30_500, 39_500)),
    ("COAL-NCV", between(20_350, 21_450)),
    ("COAL-CC", between(26, 27)),
    ("COAL-MAR", between(8_200, 11_600)),
    // Rolling shop.
    ("RF1-GAS", resting(60, 3_100_000)),
    ("RF1-GAS-TOT", resting(60, 3_100_000)),
    ("RF1-CHARGE", follows(62_000)),
    ("RF1-T", between(880_000, 1_255_000)),
    ("RF1-O2", against(1_200, 6_500)),
    ("RM1-KW", resting(60, 5_600_000)),
    ("RM1-EL", resting(60, 5_600_000)),
    ("RM1-OUT", follows(60_400)),
    ("RM1-MOTOR", resting(20, 640_000)),
    ("GAS-NCV", between(385_000, 393_000)),
    // Utilities.
    ("UT-EL", resting(250, 900_000)),
    ("UT-STEAM-HEAT", resting(100, 11_000)),
    ("UT-DIESEL", follows(48)),
    ("UT-WATER", resting(150, 190_000)),
    ("UT-AIR-P", between(560, 720)),
];
