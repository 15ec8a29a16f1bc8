//! Values that are none, series of one value, settings that contradict themselves.

use proptest::prelude::*;

use super::*;
use crate::quality::checks::band::BandSettings;
use crate::quality::flag::{Check, Flag};
use crate::quality::settings::SettingsError;

proptest! {
    #![proptest_config(config(5))]

    #[test]
    fn no_value_makes_any_check_panic_or_say_that_nothing_is_good(
        bits in prop::collection::vec(prop_oneof![any::<u64>(), Just(f64::NAN.to_bits()), Just(f64::INFINITY.to_bits()), Just(0)], 1..120),
        stamps in prop::collection::vec(prop_oneof![9 => 0_i64..40, 1 => -1_000_000_000_000_000_i64..1_000_000_000_000_000], 1..120)
    ) {
        let mut rules = all_checks();
        rules.range = None;
        let rules = Arc::new(rules);
        let mut now = 0_i64;
        let readings: Vec<Reading> = bits.iter().zip(stamps.iter().cycle()).map(|(&bits, &step)| {
            now = now.saturating_add(step.max(1));
            Reading::new(at(now.min(1_000_000_000_000)), f64::from_bits(bits))
        }).collect();
        let (flags, _) = judged(&rules, &readings);
        for (reading, flags) in readings.iter().zip(flags) {
            if reading.value.is_nan() {
                prop_assert_eq!(flags.together(), Flag::Missing);
            } else if reading.value.is_infinite() {
                prop_assert_eq!(flags.together(), Flag::Bad);
            } else {
                prop_assert_ne!(flags.together(), Flag::Missing);
            }
        }
    }
}

#[test]
fn a_single_value_is_not_judged_by_what_it_has_no_neighbours_for() {
    let rules = Arc::new(all_checks());
    let (flags, findings) = judged(&rules, &[Reading::new(START, 1.0)]);
    assert!(findings.is_empty());
    for (check, wanted) in [
        (Check::Range, Flag::Good),
        (Check::Gap, Flag::Unknown),
        (Check::Spike, Flag::Unknown),
        (Check::Rate, Flag::Unknown),
        (Check::Outlier, Flag::Unknown),
        (Check::Shift, Flag::Unknown),
    ] {
        assert_eq!(flags[0].of(check), Some(wanted), "{check:?}");
    }
    assert_eq!(flags[0].of(Check::Counter), None);
}

#[test]
fn settings_that_contradict_themselves_are_refused_with_their_key() {
    let span = |low, high| Span::new("usual", Some(low), Some(high));
    let refused: Vec<SettingsError> = vec![
        span(2.0, 1.0).unwrap_err(),
        RangeSettings::new(None, None).unwrap_err(),
        RangeSettings::new(span(0.0, 1.0).ok(), span(0.0, 2.0).ok()).unwrap_err(),
        GapSettings::new(0).unwrap_err(),
        RateSettings::new(0.0, None).unwrap_err(),
        RateSettings::new(2.0, Some(1.0)).unwrap_err(),
        FlatSettings::new(-1.0, 1, None, 2).unwrap_err(),
        FlatSettings::new(0.0, 0, None, 2).unwrap_err(),
        FlatSettings::new(0.0, 10, Some(5), 2).unwrap_err(),
        FlatSettings::new(0.0, 10, None, 1).unwrap_err(),
        NoiseSettings::new(f64::INFINITY, 10, 3).unwrap_err(),
        OutlierSettings::new(3, 3.5, 0.0).unwrap_err(),
        ShiftSettings::new(ProfileBy::Nothing, 0, 24, 0.2, 1.5, None).unwrap_err(),
        ShiftSettings::new(ProfileBy::Nothing, 1, 24, 1.5, 1.5, None).unwrap_err(),
        ShiftSettings::new(ProfileBy::Nothing, 1, 24, 0.2, 0.5, None).unwrap_err(),
        ShiftSettings::new(ProfileBy::Nothing, 10, 24, 0.2, 1.5, Some(5)).unwrap_err(),
        UnitSettings::new(&[], 10).unwrap_err(),
        UnitSettings::new(&[1.5], 10).unwrap_err(),
        ProfileBy::load(1).unwrap_err(),
        BandSettings::new(Some((0, 3)), None, None, span(0.0, 1.0).unwrap()).unwrap_err(),
    ];
    let localizer = crate::locale::Localizer::new(crate::locale::Language::English);
    for error in refused {
        let text = localizer.text(&crate::domain::text::Explained::text(&error));
        assert!(text.contains(&format!("“{}”", error.key())), "{text}");
    }
}
