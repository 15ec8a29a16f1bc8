//! Every level of an explanation redone from what it shows.

use std::str::FromStr;

use crate::accounting::exact::Exact;
use crate::domain::model::{Binding, Integration, Window};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, Quality, Slot};
use crate::domain::text::Text;
use crate::domain::time::{Hour, Month, PlantZone};
use crate::engine::command::{CommandBody, MeterChange};
use crate::engine::series::{Series, point};
use crate::engine::view::{Explanation, NowOf, Part, Target};
use crate::locale::{Language, Localizer};

use super::plant::{
    BOILER, BOOK, CARBON, COAL, GRID, HEATING_VALUE, OIL, OXYGEN, POWER, QUARTER, Site, at, interval, model, reading,
};

fn decimal(text: &str) -> Exact {
    Exact::from_decimal(rust_decimal::Decimal::from_str(text).unwrap())
}

/// Reckons what stands in an explanation: sums, differences, products, quotients, squares, round and square brackets
/// (rounded to a quantum), with the units after the numbers passed over.
struct Calculator<'a> {
    words: Vec<&'a str>,
    place: usize,
    quantum: Exact,
}

impl<'a> Calculator<'a> {
    #[expect(clippy::string_slice, reason = "places come from the characters of the same text")]
    fn reckon(numbers: &'a str, quantum: &str) -> Exact {
        let mut words = Vec::new();
        let mut rest = numbers.trim();
        while let Some(first) = rest.chars().next() {
            let length = if first.is_ascii_digit()
                || (first == '-' && rest[1..].starts_with(|digit: char| digit.is_ascii_digit()))
            {
                rest[1..]
                    .find(|character: char| !character.is_ascii_digit() && character != '.')
                    .map_or(rest.len(), |end| end + 1)
            } else if first.is_alphabetic() || first == '%' {
                // A unit reaches up to the next space.
                let end = rest.find([' ', ')', ']']).unwrap_or(rest.len());
                rest = rest[end..].trim_start();
                continue;
            } else {
                first.len_utf8()
            };
            words.push(&rest[..length]);
            rest = rest[length..].trim_start();
        }
        let mut calculator = Self {
            words,
            place: 0,
            quantum: decimal(quantum),
        };
        let value = calculator.sum();
        assert_eq!(
            calculator.place,
            calculator.words.len(),
            "{numbers}: {:?}",
            calculator.words
        );
        value
    }

    fn next_is(&mut self, signs: &[&str]) -> Option<&'a str> {
        let word = *self.words.get(self.place)?;
        signs.contains(&word).then(|| {
            self.place += 1;
            word
        })
    }

    fn sum(&mut self) -> Exact {
        let mut value = self.product();
        while let Some(sign) = self.next_is(&["+", "−"]) {
            let other = self.product();
            value = if sign == "+" {
                value.checked_add(other)
            } else {
                value.checked_sub(other)
            }
            .unwrap();
        }
        value
    }

    fn product(&mut self) -> Exact {
        let mut value = self.operand();
        while let Some(sign) = self.next_is(&["×", "÷", "/"]) {
            let other = self.operand();
            value = if sign == "×" {
                value.checked_mul(other)
            } else {
                value.checked_div(other)
            }
            .unwrap();
        }
        value
    }

    fn operand(&mut self) -> Exact {
        let mut value = if self.next_is(&["("]).is_some() {
            let value = self.sum();
            assert!(self.next_is(&[")"]).is_some());
            value
        } else if self.next_is(&["["]).is_some() {
            let value = self.sum();
            assert!(self.next_is(&["]"]).is_some());
            let quanta = value.checked_div(self.quantum).unwrap();
            let rounded = quanta
                .round_to_integer(crate::accounting::exact::Rounding::HalfEven)
                .unwrap();
            Exact::integer(rounded).checked_mul(self.quantum).unwrap()
        } else {
            self.place += 1;
            decimal(self.words[self.place - 1])
        };
        if self.next_is(&["²"]).is_some() {
            value = value.checked_mul(value).unwrap();
        }
        value
    }
}

#[expect(clippy::needless_pass_by_value, reason = "targets are made where they are asked for")]
fn explain(site: &Site, target: Target) -> Explanation {
    site.engine.explain(&site.history, &target).unwrap()
}

fn hour(minutes: i64) -> Hour {
    let zone = model().zone;
    zone.hour_of(at(minutes))
}

fn bucket(site: &Site, parameter: crate::domain::identity::ParameterId, minutes: i64) -> Explanation {
    explain(
        site,
        Target::Bucket {
            parameter,
            hour: hour(minutes),
        },
    )
}

fn sum(parts: &[Part]) -> Exact {
    parts
        .iter()
        .filter_map(|part| part.value.as_deref())
        .fold(Exact::ZERO, |sum, value| sum.checked_add(decimal(value)).unwrap())
}

/// Each line's figure is what its numbers give, and the lines add up to the bucket.
fn assert_redone(site: &Site, explanation: &Explanation, quantum: &str) {
    let Target::Bucket { parameter, hour } = explanation.target else {
        panic!("{:?}", explanation.target);
    };
    for part in &explanation.parts {
        let Some(value) = &part.value else { continue };
        match &part.numbers {
            Some(numbers) => assert_eq!(Calculator::reckon(numbers, quantum), decimal(value), "{numbers}"),
            None => assert_eq!(value, "0", "{part:?}"),
        }
    }
    let counted = site.engine.bucket(&site.history, parameter, hour).unwrap().quantity;
    let series: &Series = site.engine.series(parameter).unwrap();
    let parts = if explanation.unit.as_deref() == Some("t") && series.is_paired() {
        2_000
    } else {
        1
    };
    let expected = Exact::ratio(counted, parts * 10_i128.pow(series.decimals)).unwrap();
    assert_eq!(sum(&explanation.parts), expected, "{explanation:#?}");
}

fn meter_change(minutes: i64, last: Option<i64>, first: Option<i64>, serial: &str) -> CommandBody {
    CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(minutes),
        final_value: last,
        initial_value: first,
        serial: serial.to_owned(),
        multiplier: "60".to_owned(),
        rollover: Some("1000".to_owned()),
        reason: "replaced".to_owned(),
    })
}

#[test]
fn an_hour_in_which_a_meter_was_changed_lists_both_meters_parts() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, -10, 9_998_000),
            reading(POWER, 20, 2_000),
            reading(POWER, 50, 100_000),
            reading(POWER, 80, 130_000),
        ],
    );
    // The old meter ran on to 4.000, the new one began at 999.000 and went through its own rollover.
    site.command(meter_change(30, Some(4_000), Some(999_000), "NEW-7"))
        .unwrap();
    let explanation = bucket(&site, POWER, 0);
    assert_redone(&site, &explanation, "0.001");
    let numbers: Vec<&str> = explanation
        .parts
        .iter()
        .filter_map(|part| part.numbers.as_deref())
        .collect();
    assert_eq!(
        numbers,
        [
            "(2 + 10000 − 9998) × 30 − (2 + 10000 − 9998) × 30 × 600 s ÷ 1800 s",
            "(4 − 2) × 30",
            "(100 + 1000 − 999) × 60",
            "(130 − 100) × 60 × 600 s ÷ 1800 s",
        ]
    );
    let english = Localizer::new(Language::English);
    english.keep_time_of(model().zone);
    let said: Vec<String> = explanation
        .parts
        .iter()
        .map(|part| english.text(part.remark.as_ref().unwrap()))
        .collect();
    assert!(
        said[1].contains("old meter up to its last value 4 (record 4)"),
        "{said:#?}"
    );
    assert!(
        said[1].contains("multiplier 30, the register starts again from 0 at 10000"),
        "{said:#?}"
    );
    assert!(
        said[2].contains("new meter NEW-7 from its first value 999 (record 4)"),
        "{said:#?}"
    );
    assert!(
        said[2].contains("multiplier 60, the register starts again from 0 at 1000"),
        "{said:#?}"
    );
    assert_eq!(
        explanation.parts[2].target,
        Some(Target::Record {
            sequence: crate::domain::identity::Sequence(4)
        })
    );
    assert_eq!(
        english.text(&explanation.parts[1].label),
        "2025-01-01 00:20:00 – 2025-01-01 00:30:00"
    );
    // 80 kWh by the first reading's share, 60 by the old meter, 6060 by the new one, 600 of the last stretch.
    assert_eq!(explanation.value.as_deref(), Some("6800"));
}

#[test]
fn a_meter_that_was_not_read_at_its_change_leaves_its_stretch_missing_and_says_so() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, 0, 1_000),
            reading(POWER, 40, 20_000),
            reading(POWER, 60, 21_000),
        ],
    );
    site.command(meter_change(10, None, Some(15_000), "N")).unwrap();
    let explanation = bucket(&site, POWER, 0);
    assert_redone(&site, &explanation, "0.001");
    assert_eq!(explanation.parts[0].value.as_deref(), Some("0"));
    assert!(
        explanation.parts[0]
            .remark
            .as_ref()
            .unwrap()
            .to_string()
            .contains("stretch-old-not-read")
    );
    assert_eq!(explanation.value.as_deref(), Some("360"));
}

#[test]
fn a_step_credits_the_reading_whose_value_holds() {
    let mut plant = model();
    plant.parameters[0].integration = Integration::Step;
    let mut site = Site::bare();
    site.apply(plant);
    site.bring(
        Origin::Connector,
        vec![
            reading(COAL, -1, 90_000),
            reading(COAL, 1, 100_000),
            reading(COAL, 2, 40_000),
            reading(COAL, 5, 10_000),
            reading(COAL, 59, 70_000),
            reading(COAL, 61, 20_000),
        ],
    );
    let explanation = bucket(&site, COAL, 0);
    assert_redone(&site, &explanation, "0.0000005");
    let lines: Vec<(&str, &str)> = explanation
        .parts
        .iter()
        .filter_map(|part| Some((part.numbers.as_deref()?, part.value.as_deref()?)))
        .collect();
    assert_eq!(
        lines,
        [
            ("90 t/h × 60 s", "5400"),
            ("100 t/h × 60 s", "6000"),
            ("40 t/h × 180 s", "7200"),
            ("70 t/h × 60 s", "4200"),
        ]
    );
    // The line opens the reading whose value it takes, and the stretch of 54 min is a gap.
    let slot = Slot::instant(at(2));
    assert_eq!(
        explanation.parts[2].target,
        Some(Target::Reading { parameter: COAL, slot })
    );
    let gap = explanation.parts[3].remark.as_ref().unwrap().to_string();
    assert!(gap.contains(r#"stretch-gap minutes="54" limit="3""#), "{gap}");
    assert_eq!(
        explanation.numbers.as_deref(),
        Some("5400 + 6000 + 7200 + 0 + 4200 = 22800 t/h·s; 22800 t/h·s ÷ 3600 s/h ≈ 6.333333333333 t")
    );
    assert_eq!(explanation.formula.as_deref(), Some("Σ v × Δt"));
}

#[test]
fn a_trapezoid_shows_both_ends_and_where_the_hour_cuts_it() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(COAL, -1, 90_000),
            reading(COAL, 1, 100_000),
            reading(COAL, 3, 100_000),
            reading(COAL, 5, 40_001),
        ],
    );
    let explanation = bucket(&site, COAL, 0);
    assert_redone(&site, &explanation, "0.0000005");
    let numbers: Vec<&str> = explanation
        .parts
        .iter()
        .filter_map(|part| part.numbers.as_deref())
        .collect();
    assert_eq!(
        numbers,
        [
            "90 t/h × 60 s + (100 − 90) × (120 s)² ÷ (2 × 120 s) − (100 − 90) × (60 s)² ÷ (2 × 120 s)",
            "100 t/h × 120 s",
            "(100 + 40.001) t/h ÷ 2 × 120 s",
        ]
    );
    // The newest reading makes nothing with a later one yet; it can be opened all the same.
    assert!(explanation.parts[3].value.is_none());
    assert!(explanation.parts[3].target.is_some());
}

#[test]
fn a_flow_by_the_day_is_converted_by_the_day() {
    let mut plant = model();
    plant.parameters[0].unit = crate::domain::unit::Unit::parse("t/d").unwrap();
    let mut site = Site::bare();
    site.apply(plant);
    site.bring(
        Origin::Connector,
        (0..=20).map(|step| reading(COAL, step * 3, 2_400_000)).collect(),
    );
    let explanation = bucket(&site, COAL, 0);
    assert_eq!(explanation.value.as_deref(), Some("100"));
    assert_eq!(
        explanation.numbers.as_deref(),
        Some("Σ = 8640000 t/d·s; 8640000 t/d·s ÷ 86400 s/d = 100 t")
    );
}

#[test]
fn amounts_over_several_hours_show_how_much_falls_into_one() {
    let mut site = Site::new();
    site.bring(
        Origin::Typed,
        vec![
            interval(OIL, -20, 150, 10_000),
            reading(OIL, 30, 2_500),
            interval(QUARTER, 0, 15, 1_000),
        ],
    );
    let explanation = bucket(&site, OIL, 0);
    assert_redone(&site, &explanation, "0.001");
    assert_eq!(
        explanation.parts[0].numbers.as_deref(),
        Some("[10 × 4800 s ÷ 9000 s] − [10 × 1200 s ÷ 9000 s]")
    );
    assert!(explanation.remarks.iter().any(|remark| remark.id == "bucket-brackets"));
    assert_eq!(explanation.parts[1].numbers.as_deref(), Some("2.5"));
    assert_redone(&site, &bucket(&site, QUARTER, 0), "0.001");
}

fn input(site: &Site, key: &str, minutes: i64) -> Explanation {
    explain(
        site,
        Target::Input {
            book: BOOK,
            source: BOILER,
            input: key.to_owned(),
            hour: hour(minutes),
        },
    )
}

#[test]
fn a_months_mean_shows_each_test_with_its_weight() {
    let mut site = Site::new();
    let day = 24 * 60;
    // 100 t/h in the first hour of the first day, 50 t/h in the first of the second.
    for (start, value) in [(0, 100_000), (day, 50_000)] {
        let readings = (0..=60).map(|minute| reading(COAL, start + minute, value)).collect();
        site.bring(Origin::Connector, readings);
    }
    site.bring(
        Origin::Laboratory,
        vec![
            interval(HEATING_VALUE, 0, 24 * 60, 26_000),
            interval(HEATING_VALUE, day, 24 * 60, 27_500),
        ],
    );
    let explanation = input(&site, "net_calorific_value", 0);
    assert_eq!(explanation.formula.as_deref(), Some("Σqc ÷ Σq"));
    assert_eq!(explanation.numbers.as_deref(), Some("3975 ÷ 150 = 26.5 GJ/t"));
    assert_eq!(explanation.value.as_deref(), Some("26.5"));
    let weights: Vec<&str> = explanation
        .parts
        .iter()
        .filter_map(|part| part.numbers.as_deref())
        .collect();
    assert_eq!(weights, ["q × c: 100 t × 26.000 = 2600", "q × c: 50 t × 27.500 = 1375"]);
    assert!(matches!(
        explanation.parts[0].target,
        Some(Target::Reading {
            parameter: HEATING_VALUE,
            ..
        })
    ));
    // The cell names it, opens it, and its numbers give the cell.
    let cell = explain(
        &site,
        Target::Cell {
            book: BOOK,
            source: BOILER,
            hour: hour(0),
        },
    );
    assert_eq!(cell.parts[1].target, Some(explanation.target));
    assert_eq!(
        cell.numbers.as_deref(),
        Some("100 t × 26.5 GJ/t × 0.0261 tC/GJ × 99 % × 44/12 = 251.06895 t")
    );
    assert_eq!(cell.value.as_deref(), Some("251.068950000"));
}

#[test]
fn tests_of_one_day_are_shown_as_one_sample_that_weighs_once() {
    let mut site = Site::new();
    let day = 24 * 60;
    for (start, value) in [(0, 100_000), (day, 100_000)] {
        let readings = (0..=60).map(|minute| reading(COAL, start + minute, value)).collect();
        site.bring(Origin::Connector, readings);
    }
    let mut again = interval(HEATING_VALUE, day, 24 * 60, 28_000);
    again.slot.own_id = 1;
    let tests = vec![
        interval(HEATING_VALUE, 0, 24 * 60, 20_000),
        interval(HEATING_VALUE, day, 24 * 60, 26_000),
        again,
    ];
    site.bring(Origin::Laboratory, tests);
    let numbers = |explanation: &Explanation| {
        let parts = explanation.parts.iter();
        let parts = parts.filter_map(|part| part.numbers.clone()).collect::<Vec<_>>();
        (explanation.numbers.clone().unwrap(), parts)
    };
    let explanation = input(&site, "net_calorific_value", 0);
    let (mean, weights) = numbers(&explanation);
    assert_eq!(mean, "4700 ÷ 200 = 23.5 GJ/t");
    assert_eq!(explanation.value.as_deref(), Some("23.5"));
    assert_eq!(
        weights,
        [
            "q × c: 100 t × 20.000 = 2000",
            "q × c: 100 t × (26.000 + 28.000) ÷ 2 = 2700"
        ]
    );
    assert_eq!(explanation.parts.len(), 3);
    assert!(explanation.remarks.iter().any(|remark| remark.id == "explain-samples"));
    // Where nothing was burnt the samples are as many as days.
    let mut idle = Site::new();
    idle.bring(Origin::Connector, vec![reading(COAL, 0, 0), reading(COAL, 1, 0)]);
    let tests = [(0, 20_000, 0), (day, 26_000, 0), (day, 28_000, 1)].map(|(from, value, own_id)| {
        let mut test = interval(HEATING_VALUE, from, 24 * 60, value);
        test.slot.own_id = own_id;
        test
    });
    idle.bring(Origin::Laboratory, tests.to_vec());
    let (mean, _) = numbers(&input(&idle, "net_calorific_value", 0));
    assert_eq!(mean, "(20.000 + (26.000 + 28.000) ÷ 2) ÷ 2 = 23.5 GJ/t");
    // And of one sample alone it is the mean.
    let mut alone = Site::new();
    alone.bring(Origin::Connector, vec![reading(COAL, 0, 0), reading(COAL, 1, 0)]);
    alone.bring(Origin::Laboratory, tests[1..].to_vec());
    let explanation = input(&alone, "net_calorific_value", 0);
    assert_eq!(numbers(&explanation).0, "(26.000 + 28.000) ÷ 2 = 27 GJ/t");
    assert!(
        explanation
            .remarks
            .iter()
            .any(|remark| remark.id == "explain-one-sample")
    );
}

#[test]
fn a_mean_without_any_quantity_is_a_plain_one_and_a_single_test_is_itself() {
    let mut site = Site::new();
    site.bring(Origin::Connector, vec![reading(COAL, 0, 0), reading(COAL, 1, 0)]);
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 24 * 60, 26_000)]);
    let explanation = input(&site, "net_calorific_value", 0);
    assert_eq!(explanation.numbers.as_deref(), Some("26.000 GJ/t"));
    site.bring(
        Origin::Laboratory,
        vec![interval(HEATING_VALUE, 24 * 60, 24 * 60, 27_000)],
    );
    let explanation = input(&site, "net_calorific_value", 0);
    assert_eq!(
        explanation.numbers.as_deref(),
        Some("(26.000 + 27.000) ÷ 2 = 26.5 GJ/t")
    );
    assert!(
        explanation
            .remarks
            .iter()
            .any(|remark| remark.id == "explain-plain-mean")
    );
}

#[test]
fn a_test_that_ends_within_the_hour_weighs_by_its_time() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect(),
    );
    site.bring(
        Origin::Laboratory,
        vec![interval(CARBON, 0, 15, 26), interval(CARBON, 15, 600, 30)],
    );
    let explanation = input(&site, "carbon_content_per_heat", 0);
    assert_eq!(explanation.numbers.as_deref(), Some("104.4 ÷ 3600 = 0.029 tC/GJ"));
    let weights: Vec<&str> = explanation
        .parts
        .iter()
        .filter_map(|part| part.numbers.as_deref())
        .collect();
    assert_eq!(weights, ["q × c: 900 s × 0.026 = 23.4", "q × c: 2700 s × 0.030 = 81"]);
}

#[test]
fn what_stands_in_for_a_test_is_named_with_its_conversion() {
    let mut plant = model();
    if let Some(Binding::Parameter {
        provisional, window, ..
    }) = plant.sources[0].inputs.get_mut("net_calorific_value")
    {
        *window = Window::Month;
        *provisional = Some(crate::domain::model::Provisional::Constant(
            crate::domain::model::Constant {
                value: "26700".parse().unwrap(),
                unit: crate::domain::unit::Unit::parse("kJ/kg").unwrap(),
                origin: "合同".to_owned(),
            },
        ));
    }
    let mut site = Site::bare();
    site.apply(plant);
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 1_000), reading(COAL, 1, 1_000)],
    );
    let explanation = input(&site, "net_calorific_value", 0);
    assert_eq!(explanation.value.as_deref(), Some("26.7"));
    assert_eq!(explanation.numbers.as_deref(), Some("26700 kJ/kg × 0.001 = 26.7 GJ/t"));
    let stand_in = explanation.remarks[0].to_string();
    assert!(
        stand_in.starts_with(r#"explain-stand-in tag="NCV" window=Month"#),
        "{stand_in}"
    );
    assert!(matches!(explanation.parts[0].target, Some(Target::Record { .. })));
}

#[test]
fn a_quantity_is_converted_with_the_factor_shown() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![reading(POWER, 0, 1_000_000), reading(POWER, 60, 1_025_000)],
    );
    let explanation = explain(
        &site,
        Target::Input {
            book: BOOK,
            source: GRID,
            input: "electricity".to_owned(),
            hour: hour(0),
        },
    );
    assert_eq!(
        explanation.numbers.as_deref(),
        Some("750 kWh × 0.001 MWh/kWh = 0.75 MWh")
    );
    assert_eq!(
        explanation.parts[0].target,
        Some(Target::Bucket {
            parameter: POWER,
            hour: hour(0)
        })
    );
}

#[test]
fn a_parameter_adds_up_from_its_hours_to_its_year() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        (0..=50)
            .map(|step| reading(POWER, step * 60, 1_000_000 + step * 7_000))
            .collect(),
    );
    let january = Period::Month(Month { year: 2025, month: 1 });
    for period in [
        Period::Year(2025),
        january,
        Period::Day(chrono::NaiveDate::from_ymd_opt(2025, 1, 2).unwrap()),
    ] {
        let explanation = explain(
            &site,
            Target::Quantity {
                parameter: POWER,
                period,
            },
        );
        assert_eq!(
            sum(&explanation.parts),
            decimal(explanation.value.as_deref().unwrap()),
            "{period:?}"
        );
        for part in &explanation.parts {
            let below = explain(&site, part.target.clone().unwrap());
            assert_eq!(below.value, part.value, "{period:?}");
        }
    }
    let tests = explain(
        &site,
        Target::Quantity {
            parameter: HEATING_VALUE,
            period: january,
        },
    );
    assert_eq!((tests.value, tests.parts.len()), (None, 0));
}

#[test]
fn a_long_stretch_is_opened_by_the_calendar() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        (0..=120)
            .map(|step| reading(POWER, step * 24 * 60, 1_000_000 + step * 7_000))
            .collect(),
    );
    let month = 31 * 24;
    for (hours, parts) in [(48, 48), (100, 5), (90 * 24, 90), (120 * 24, 4)] {
        let period = Period::Hours(hour(0), Hour(hour(0).0 + hours));
        let explanation = explain(
            &site,
            Target::Quantity {
                parameter: POWER,
                period,
            },
        );
        assert_eq!(explanation.parts.len(), parts, "{hours}");
        assert_eq!(
            sum(&explanation.parts),
            decimal(explanation.value.as_deref().unwrap()),
            "{hours}"
        );
    }
    let january = Period::Hours(hour(0), Hour(hour(0).0 + month));
    assert_eq!(
        explain(
            &site,
            Target::Quantity {
                parameter: POWER,
                period: january
            }
        )
        .parts
        .len(),
        31
    );
}

#[test]
fn a_state_has_no_quantity_and_lists_its_values() {
    let mut site = Site::new();
    site.bring(Origin::Connector, vec![reading(OXYGEN, 5, 3_200)]);
    let explanation = bucket(&site, OXYGEN, 0);
    assert_eq!(explanation.value, None);
    assert_eq!(explanation.parts[0].value.as_deref(), Some("3.200"));
    assert!(explanation.remarks.iter().all(|remark| remark.id != "bucket-nothing"));
}

#[test]
fn every_level_adds_up_to_the_one_above() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        (0..=1_500)
            .map(|step| reading(COAL, step, 80_000 + step % 7_000))
            .collect(),
    );
    site.bring(
        Origin::Connector,
        (0..=30)
            .map(|step| reading(POWER, step * 60, 1_000_000 + step * 7_001))
            .collect(),
    );
    let mut open = vec![Target::Node {
        book: BOOK,
        node: crate::domain::identity::NodeId(1),
        period: Period::Year(2025),
    }];
    let mut opened = 0;
    while let Some(target) = open.pop() {
        let explanation = explain(&site, target.clone());
        opened += 1;
        if !matches!(target, Target::Node { .. } | Target::Source { .. }) {
            continue;
        }
        let total = decimal(explanation.value.as_deref().unwrap());
        assert_eq!(sum(&explanation.parts), total, "{target:?}");
        open.extend(explanation.parts.into_iter().filter_map(|part| part.target));
    }
    assert!(opened > 50, "{opened}");
}

#[test]
fn stretches_give_what_is_posted() {
    let mut site = Site::new();
    let readings: Vec<_> = (0..40)
        .map(|step| reading(POWER, step * 17, (step * 333_333) % 10_000_000))
        .collect();
    site.bring(Origin::Connector, readings);
    for (minutes, last, first) in [
        (33, Some(700_000), Some(5_000)),
        (40, None, None),
        (300, Some(9_999_000), None),
    ] {
        site.command(meter_change(minutes, last, first, "x")).unwrap();
    }
    let zone: PlantZone = model().zone;
    for minutes in (0..12).map(|hour| hour * 60) {
        assert_redone(&site, &bucket(&site, POWER, minutes), "0.001");
    }
    let series = site.engine.series(POWER).unwrap();
    let tops = site.engine.tops_between(&site.history, POWER, at(0), at(700)).unwrap();
    for pair in tops.windows(2) {
        let (mut posted, mut shown) = (Vec::new(), Vec::new());
        series.pair_shares(&zone, point(&pair[0]), point(&pair[1]), &mut |share| posted.push(share));
        for stretch in series.stretches(point(&pair[0]), point(&pair[1])) {
            stretch.shares(&zone, &mut |share| shown.push(share));
        }
        assert_eq!(posted, shown);
    }
}

#[test]
fn a_reading_that_does_not_count_is_listed_and_gives_nothing() {
    let mut site = Site::new();
    let mut bad = reading(COAL, 1, 500_000);
    bad.quality = Quality::Bad;
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 100_000), bad, reading(COAL, 2, 100_000)],
    );
    let explanation = bucket(&site, COAL, 0);
    assert_redone(&site, &explanation, "0.0000005");
    let excluded = explanation
        .parts
        .iter()
        .find(|part| {
            part.remark
                .as_ref()
                .is_some_and(|remark| remark.to_string().contains("reading-excluded"))
        })
        .unwrap();
    assert!(excluded.value.is_none());
    assert!(excluded.target.is_some());
}

#[test]
fn what_is_emitted_now_is_the_sum_of_its_sources_and_the_quotient_of_its_output() {
    let mut site = Site::young();
    site.now = at(60);
    let minutes = (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect();
    site.bring(Origin::Connector, minutes);
    site.bring(Origin::Connector, vec![interval(QUARTER, 45, 15, 50_000)]);
    site.bring(
        Origin::Connector,
        vec![reading(POWER, 45, 1_000), reading(POWER, 60, 1_700)],
    );
    let whole = explain(
        &site,
        Target::Now {
            book: BOOK,
            of: NowOf::Book,
        },
    );
    let shown = site.engine.totals(&site.history, site.now).unwrap();
    let rate = Exact::ratio(shown[0].rate.unwrap(), 1_000_000_000).unwrap();
    assert_eq!(decimal(whole.value.as_deref().unwrap()), rate);
    let by_hour = |part: &&Part| part.unit.as_deref() == Some("tCO2e/h");
    let sum = |explanation: &Explanation| {
        let known = explanation
            .parts
            .iter()
            .filter(by_hour)
            .filter_map(|part| part.value.as_deref());
        known.fold(Exact::ratio(0, 1).unwrap(), |sum, value| {
            sum.checked_add(decimal(value)).unwrap()
        })
    };
    assert_eq!(sum(&whole), rate);
    // What is not known says so, and everything leads on.
    let oil = whole
        .parts
        .iter()
        .filter(by_hour)
        .find(|part| part.value.is_none())
        .unwrap();
    assert_eq!(oil.remark.as_ref().unwrap().id, "explain-now-too-old");
    assert!(whole.parts.iter().all(|part| part.target.is_some()));
    let of_oil = explain(&site, oil.target.clone().unwrap());
    let unknown = of_oil.parts.iter().find(|part| part.value.is_none()).unwrap();
    assert_eq!(unknown.remark.as_ref().unwrap().id, "explain-now-no-reading");
    // Each source is its method's formula with what its readings make an hour, and a milligram is rounded once.
    let milligram = Exact::ratio(1, 1_000_000_000).unwrap();
    let mut converted = 0;
    for part in whole.parts.iter().filter(by_hour).filter(|part| part.value.is_some()) {
        let rate = explain(&site, part.target.clone().unwrap());
        assert_eq!(rate.value, part.value);
        let numbers = rate.numbers.unwrap().replace(" %", " ÷ 100");
        let (reckoned, told) = numbers.split_once(['=', '≈']).unwrap();
        let told = decimal(told.trim().trim_end_matches(" t/h"));
        let value = decimal(rate.value.as_deref().unwrap());
        for (exact, rounded) in [(Calculator::reckon(reckoned, "1"), told), (told, value)] {
            let difference = exact.checked_sub(rounded).unwrap();
            assert!(
                difference < milligram && Exact::ZERO.checked_sub(milligram).unwrap() < difference,
                "{numbers}: {exact} {rounded}"
            );
        }
        for input in &rate.parts {
            assert!(input.target.is_some());
            if let Some(numbers) = &input.numbers {
                converted += 1;
                let (reckoned, told) = numbers.split_once('=').unwrap();
                let told = told.split_whitespace().next().unwrap();
                assert_eq!(Some(told), input.value.as_deref());
                assert_eq!(Calculator::reckon(reckoned, "1"), decimal(told), "{numbers}");
            }
        }
    }
    assert!(converted > 0);

    let of_product = whole.parts.last().unwrap();
    let product = explain(&site, of_product.target.clone().unwrap());
    assert_eq!(
        (&product.value, &product.numbers),
        (&of_product.value, &of_product.numbers)
    );
    assert_eq!(product.value, shown[0].intensities[0].value);
    let numbers = product.numbers.as_deref().unwrap();
    let (division, told) = numbers.split_once(['=', '≈']).unwrap();
    let difference = Calculator::reckon(division, "1")
        .checked_sub(decimal(told.trim()))
        .unwrap();
    let tolerance = Exact::ratio(1, 1_000_000_000_000).unwrap();
    assert!(difference < tolerance && Exact::ratio(0, 1).unwrap().checked_sub(tolerance).unwrap() < difference);
    let output = product.parts.last().unwrap();
    assert!(matches!(
        output.target,
        Some(Target::Reading { parameter: QUARTER, .. })
    ));
    // What cannot be says nothing of what is made now.
    site.bring(Origin::Connector, vec![interval(QUARTER, 60, 15, 999_999_999_999)]);
    let beyond = explain(&site, of_product.target.clone().unwrap());
    assert_eq!((beyond.value, &beyond.parts.last().unwrap().value), (None, &None));
    // Long after the last reading nothing of it is known.
    site.now = at(10_000);
    site.command(CommandBody::Tick).unwrap();
    let stale = explain(
        &site,
        Target::Now {
            book: BOOK,
            of: NowOf::Book,
        },
    );
    assert_eq!(stale.value, None);
    assert!(stale.parts.iter().all(|part| part.value.is_none()));
}

#[test]
fn minutes_that_have_not_come_are_not_missing() {
    let mut site = Site::young();
    site.now = at(20);
    site.bring(
        Origin::Connector,
        (0..=20)
            .filter(|minute| !(5..=9).contains(minute))
            .map(|minute| reading(COAL, minute, 100_000))
            .collect(),
    );
    let told = |site: &Site| -> Vec<(String, String)> {
        let remarks = bucket(site, COAL, 0).remarks;
        let is_length = |text: &&Text| ["bucket-missing", "bucket-to-come"].contains(&&*text.id);
        remarks
            .iter()
            .filter(is_length)
            .map(|text| (text.id.to_string(), Localizer::new(Language::English).text(text)))
            .collect()
    };
    let told_now = told(&site);
    assert_eq!(told_now[0].0, "bucket-missing");
    assert!(told_now[0].1.starts_with("6 min"), "{told_now:?}");
    assert_eq!(told_now[1].0, "bucket-to-come");
    assert!(told_now[1].1.starts_with("40 min"), "{told_now:?}");
    // Once the readings stay away, what has passed is missing.
    site.now = at(50);
    site.command(CommandBody::Tick).unwrap();
    let told_later = told(&site);
    assert!(
        told_later[0].1.starts_with("36 min") && told_later[1].1.starts_with("10 min"),
        "{told_later:?}"
    );
    site.now = at(70);
    site.command(CommandBody::Tick).unwrap();
    assert_eq!(told(&site).len(), 1);
}

#[test]
fn a_plan_is_told_where_its_emissions_are_explained() {
    let mut planned = model();
    planned.plans = vec![crate::domain::plan::Plan {
        book: BOOK,
        year: Some(2025),
        amounts: crate::domain::plan::Amounts::Year(rust_decimal::Decimal::from(8760)),
    }];
    let mut site = Site::young();
    site.now = at(24 * 60);
    site.apply(planned);
    let year = Target::Node {
        book: BOOK,
        node: crate::domain::identity::NodeId(1),
        period: Period::Year(2025),
    };
    let told = explain(&site, year).remarks;
    let remark = told.iter().find(|text| text.id == "explain-planned-below").unwrap();
    let words = Localizer::new(Language::English).text(remark);
    assert!(
        words.starts_with("Plan: 24.000000000 tCO2e up to now of 8760") && words.contains("100.0 % below"),
        "{words}"
    );
}
