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
    ("UT-AIR-P", between(560_000, 720_000)),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rust_decimal::Decimal;

    use super::*;
    use crate::connect::simulate::{Delivery, Imperfection, Imperfections, Plant};
    use crate::domain::decimal::from_count;
    use crate::domain::identity::ParameterId;
    use crate::domain::model::{Binding, SiteModel, Window};
    use crate::domain::reading::ParameterKind;
    use crate::domain::time::{DAY_MS, Instant};

    /// 2026-10-01 00:00 in Shanghai.
    const START: Instant = Instant(1_790_784_000_000);

    fn demo() -> SiteModel {
        let rules = crate::catalogue::rule_set().unwrap();
        let text = crate::site::template("demo").unwrap().text;
        let proposal = crate::site::read(text, "site.toml", rules).unwrap_or_else(|problems| panic!("{problems:?}"));
        crate::site::assign(&proposal, None).unwrap()
    }

    fn id_of(model: &SiteModel, tag: &str) -> ParameterId {
        let found = model.parameters.iter().find(|parameter| parameter.tag == tag);
        found.unwrap_or_else(|| panic!("no parameter {tag}")).id
    }

    #[test]
    fn the_template_and_the_recipes_know_the_same_tags() {
        let model = demo();
        assert!(model.simulated);
        // What is only written down on rounds or comes by invoice nobody simulates.
        let simulated = model
            .parameters
            .iter()
            .filter(|parameter| parameter.origins.iter().any(|origin| origin.is_by_machine()));
        let tags: BTreeSet<&str> = simulated.map(|parameter| parameter.tag.as_str()).collect();
        let known: BTreeSet<&str> = RECIPES.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(tags, known);
        for node in model
            .nodes
            .iter()
            .filter(|node| node.level == crate::domain::model::Level::Process)
        {
            assert!(profile(&node.key).is_some(), "{}", node.key);
        }
    }

    #[test]
    fn every_source_binds_and_all_kinds_are_shown() {
        let model = demo();
        let rules = crate::catalogue::rule_set().unwrap();
        for source in &model.sources {
            crate::accounting::binding::bind(&model, source, rules).unwrap_or_else(|errors| panic!("{errors:?}"));
        }
        let kinds: BTreeSet<u8> = model.parameters.iter().map(|parameter| parameter.kind as u8).collect();
        assert_eq!(kinds.len(), 5);
        let late = model
            .sources
            .iter()
            .flat_map(|source| source.inputs.values())
            .filter(|binding| {
                matches!(
                    binding,
                    Binding::Parameter {
                        window: Window::Month,
                        provisional: Some(_),
                        ..
                    }
                )
            });
        assert!(late.count() >= 3);
    }

    #[test]
    fn each_crew_works_two_days_two_evenings_two_nights_and_rests_twice() {
        let model = demo();
        let rotation = model.rotation.as_ref().unwrap();
        let slots: Vec<&str> = model.shifts.iter().map(|shift| shift.key.as_str()).collect();
        for crew in 0..4 {
            let worked: String = (0..8)
                .map(|day| {
                    let date = rotation.anchor + chrono::Days::new(day);
                    let slot = (0..3).find(|&slot| model.crew_of(date, slot) == Some(crew));
                    slot.and_then(|slot| slots[slot].chars().next()).unwrap_or('-')
                })
                .collect();
            assert!(worked.repeat(2).contains("ddeenn--"), "{worked}");
        }
    }

    #[test]
    fn what_belongs_together_fits_together() {
        let model = demo();
        let mut plant = Plant::with_imperfections(&model, 1, Imperfections::NONE).unwrap();
        let to = START.plus(40 * DAY_MS);
        let mut of = |tag: &str| plant.truth(id_of(&model, tag), START, to).unwrap();
        // Heat of the coal against power and heat: a plausible efficiency, and the belt scale agrees with the meters.
        let burnt = of("U1-COAL") * Decimal::new(209, 1);
        let made = of("U1-GEN") / Decimal::from(1000) * Decimal::new(36, 1) + of("U1-HEAT");
        let efficiency = made / burnt;
        assert!(
            efficiency > Decimal::new(40, 2) && efficiency < Decimal::new(60, 2),
            "{efficiency}"
        );
        let generated = of("U1-GEN");
        assert!(of("U1-AUX") + of("U1-EXPORT") < generated * Decimal::new(103, 2));
        assert!(of("U1-EXPORT") > generated * Decimal::new(80, 2));
        let rolled = of("RM1-OUT");
        assert!(rolled < of("RF1-CHARGE") && rolled > of("RF1-CHARGE") * Decimal::new(95, 2));
        // The shop's flow and its totaliser measure one gas.
        let (flow, total) = (of("RF1-GAS"), of("RF1-GAS-TOT"));
        assert!((flow - total).abs() < total / Decimal::from(100), "{flow} {total}");
    }

    #[test]
    fn forty_days_show_a_rollover_a_laboratory_report_and_trucks() {
        let mut model = demo();
        let imperfections = Imperfections::ALL
            .without(Imperfection::Spikes)
            .without(Imperfection::QualityMarks);
        let watched: BTreeMap<ParameterId, &str> = ["RF1-GAS-TOT", "COAL-NCV", "COAL-TRUCK", "U1-HEAT", "U1-LOAD"]
            .into_iter()
            .map(|tag| (id_of(&model, tag), tag))
            .collect();
        // The others are made alike whether they are there or not.
        model.parameters.retain(|parameter| watched.contains_key(&parameter.id));
        let mut plant = Plant::with_imperfections(&model, 1, imperfections).unwrap();
        let mut by_tag: BTreeMap<&str, Vec<Delivery>> = BTreeMap::new();
        for delivery in plant.deliveries(START, START.plus(40 * DAY_MS)) {
            if let Some(tag) = watched.get(&delivery.incoming.parameter) {
                by_tag.entry(tag).or_default().push(delivery);
            }
        }
        let mut register = by_tag["RF1-GAS-TOT"].clone();
        register.sort_by_key(|delivery| delivery.incoming.slot);
        let rolled = register
            .windows(2)
            .filter(|pair| pair[1].incoming.value < pair[0].incoming.value)
            .count();
        assert!((1..=4).contains(&rolled), "{rolled}");
        assert!(!by_tag["COAL-NCV"].is_empty());
        assert!(by_tag["COAL-TRUCK"].len() > 300);
        assert!(by_tag["U1-HEAT"].len() > 900);
        let loads = by_tag["U1-LOAD"]
            .iter()
            .map(|delivery| from_count(delivery.incoming.value, 2));
        let highest = loads.max().unwrap();
        assert!(highest > Decimal::from(40) && highest <= Decimal::from(50), "{highest}");
    }

    #[test]
    fn no_value_of_the_demo_plant_is_impossible_but_spikes() {
        let model = demo();
        let imperfections = Imperfections::ALL.without(Imperfection::Spikes);
        let mut plant = Plant::with_imperfections(&model, 2, imperfections).unwrap();
        let limits: BTreeMap<ParameterId, _> = model
            .parameters
            .iter()
            .map(|parameter| (parameter.id, parameter))
            .collect();
        for delivery in plant.deliveries(START, START.plus(5 * DAY_MS)) {
            let parameter = limits[&delivery.incoming.parameter];
            if parameter.kind == ParameterKind::Counter {
                continue;
            }
            let value = from_count(delivery.incoming.value, parameter.decimals);
            assert!(!parameter.possible.excludes(value), "{} shows {value}", parameter.tag);
        }
    }
}
