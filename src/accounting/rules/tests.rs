use super::*;
use crate::domain::model::Name;
use crate::domain::text::{Explained, Text};
use crate::domain::unit::Unit;

/// Set, key, value, data year, first and last day.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    Option<i32>,
    Option<&'static str>,
    Option<&'static str>,
);

fn rules(rows: &[Row]) -> RuleSet {
    let date = |text: &str| text.parse().unwrap();
    let factors = rows
        .iter()
        .enumerate()
        .map(|(place, &(set, key, value, data_year, from, to))| Factor {
            key: key.into(),
            factor_set: set.into(),
            id: format!("R-{place}"),
            name: Name::default(),
            value: value.parse().unwrap(),
            unit: Unit::parse("tCO2/MWh").unwrap(),
            data_year,
            valid_from: from.map(date),
            valid_to: to.map(date),
            published: None,
            document: "a document".into(),
            table: String::new(),
            trust: Trust::Dataset,
            notes: String::new(),
        })
        .collect();
    RuleSet::new(factors, Vec::new(), Vec::new())
}

fn month(year: i32, month: u32) -> Month {
    Month { year, month }
}

fn sets(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn grid() -> RuleSet {
    rules(&[
        ("national", "grid", "0.53", Some(2023), None, None),
        ("national", "grid", "0.55", Some(2021), None, None),
        ("national", "grid", "0.54", Some(2022), None, None),
    ])
}

fn value(rules: &RuleSet, names: &[&str], key: &str, data_year: Option<i32>, at: Month) -> (String, bool) {
    let names = sets(names);
    let resolved = rules.resolve(&names, key, data_year, at).unwrap();
    (resolved.factor.value.to_string(), resolved.provisional)
}

#[test]
fn the_newest_data_year_not_after_the_accounting_year_is_taken() {
    let rules = grid();
    assert_eq!(
        value(&rules, &[], "grid", None, month(2021, 12)),
        ("0.55".into(), false)
    );
    assert_eq!(value(&rules, &[], "grid", None, month(2022, 1)), ("0.54".into(), false));
    assert_eq!(value(&rules, &[], "grid", None, month(2025, 7)), ("0.53".into(), true));
}

#[test]
fn a_later_data_year_is_never_chosen_by_itself() {
    let error = grid().resolve(&[], "grid", None, month(2018, 3)).unwrap_err();
    assert_eq!(
        error,
        FactorError::NotForPeriod {
            key: "grid".into(),
            month: month(2018, 3),
            available: "2021, 2022, 2023".into()
        }
    );
}

#[test]
fn a_named_data_year_holds_whatever_the_accounting_year() {
    let rules = grid();
    assert_eq!(
        value(&rules, &[], "grid", Some(2021), month(2018, 3)),
        ("0.55".into(), false)
    );
    assert_eq!(
        value(&rules, &[], "grid", Some(2021), month(2025, 3)),
        ("0.55".into(), false)
    );
    assert!(matches!(
        rules.resolve(&[], "grid", Some(2019), month(2025, 3)),
        Err(FactorError::NoSuchDataYear { data_year: 2019, .. })
    ));
}

#[test]
fn validity_goes_by_the_first_day_of_the_month() {
    let rules = rules(&[
        ("national", "k", "1", None, Some("2015-01-01"), Some("2020-12-31")),
        ("national", "k", "2", None, Some("2021-01-01"), Some("2021-06-30")),
        ("national", "k", "3", None, Some("2021-04-15"), None),
    ]);
    let at = |year, number| value(&rules, &[], "k", None, month(year, number)).0;
    assert_eq!(at(2020, 12), "1");
    assert_eq!(at(2021, 1), "2");
    assert_eq!(at(2021, 4), "2");
    // Both are valid in May and June: the later one holds.
    assert_eq!(at(2021, 5), "3");
    assert_eq!(at(2030, 1), "3");
    assert!(rules.resolve(&[], "k", None, month(2014, 12)).is_err());
}

#[test]
fn the_first_set_of_the_book_with_a_usable_row_wins_and_the_national_one_comes_last() {
    let rules = rules(&[
        ("A", "k", "1", None, Some("2025-01-01"), None),
        ("B", "k", "2", None, None, None),
        ("national", "k", "3", None, None, None),
        ("C", "other", "4", None, None, None),
    ]);
    let at = |names: &[&str], year| value(&rules, names, "k", None, month(year, 6)).0;
    assert_eq!(at(&["A", "B"], 2025), "1");
    assert_eq!(at(&["B", "A"], 2025), "2");
    assert_eq!(at(&["A", "B"], 2024), "2");
    assert_eq!(at(&["A"], 2024), "3");
    assert_eq!(at(&[], 2024), "3");
    let names = sets(&["A", "B"]);
    assert_eq!(
        rules.resolve(&names, "other", None, month(2024, 1)),
        Err(FactorError::NotInSets {
            key: "other".into(),
            found_in: "C".into()
        })
    );
    assert_eq!(
        rules.resolve(&names, "none", None, month(2024, 1)),
        Err(FactorError::UnknownKey { key: "none".into() })
    );
}

#[test]
fn the_order_in_which_rules_are_given_does_not_matter() {
    let forward = grid();
    let mut rows = forward.factors().to_vec();
    rows.reverse();
    let backward = RuleSet::new(rows, Vec::new(), Vec::new());
    assert_eq!(forward, backward);
    assert_eq!(forward.digest(), backward.digest());
}

#[test]
fn the_digest_sees_every_change() {
    let original = grid();
    let changed = |change: fn(&mut Factor)| {
        let mut rows = original.factors().to_vec();
        change(&mut rows[0]);
        RuleSet::new(rows, Vec::new(), Vec::new()).digest()
    };
    let changes: [fn(&mut Factor); 9] = [
        |row| row.value = "0.550".parse().unwrap(),
        |row| row.unit = Unit::parse("kgCO2/kWh").unwrap(),
        |row| row.name.zh.push('x'),
        |row| row.data_year = None,
        |row| row.valid_to = "2024-01-01".parse().ok(),
        |row| row.published = "2024-01-01".parse().ok(),
        |row| row.table.push('1'),
        |row| row.trust = Trust::Secondary,
        |row| row.notes.push('x'),
    ];
    let mut digests: Vec<[u8; 32]> = changes.into_iter().map(changed).collect();
    digests.push(original.digest());
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), changes.len() + 1);
}

#[test]
fn a_copy_in_the_journal_is_the_same_rule_set() {
    let shipped = crate::catalogue::rule_set().unwrap();
    let json: RuleSet = serde_json::from_slice(&serde_json::to_vec(shipped).unwrap()).unwrap();
    let packed: RuleSet = rmp_serde::from_slice(&rmp_serde::to_vec_named(shipped).unwrap()).unwrap();
    assert_eq!(&json, shipped);
    assert_eq!(&packed, shipped);
    assert_eq!(packed.digest(), shipped.digest());
}

#[test]
fn methods_are_found_by_their_reference() {
    let shipped = crate::catalogue::rule_set().unwrap();
    assert_eq!(
        shipped.method("combustion.mass@1").unwrap().reference(),
        "combustion.mass@1"
    );
    for unknown in ["combustion.mass", "combustion.mass@2", "combustion.mass@x", "@1", ""] {
        assert!(shipped.method(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn categories_keep_their_codes() {
    for category in Category::ALL {
        assert_eq!(Category::from_code(category.code()), Some(category));
    }
    assert_eq!(Category::from_code(7), None);
    assert_eq!(Category::SoldHeat.code(), 5);
    assert_eq!(
        Category::ALL.into_iter().filter(|one| one.is_energy_indirect()).count(),
        4
    );
}

#[test]
fn every_text_stands_in_both_languages() {
    use crate::locale::{Language, Localizer};
    let (key, available) = ("k".to_owned(), "2021".to_owned());
    let mut texts: Vec<Text> = Category::ALL.iter().map(Explained::text).collect();
    texts.extend(
        [
            Trust::Computed,
            Trust::TwoSources,
            Trust::Dataset,
            Trust::Transcription,
            Trust::Secondary,
        ]
        .map(|trust| trust.text()),
    );
    texts.extend(
        [
            FactorError::UnknownKey { key: key.clone() },
            FactorError::NotInSets {
                key: key.clone(),
                found_in: "A".into(),
            },
            FactorError::NotForPeriod {
                key: key.clone(),
                month: month(2018, 1),
                available: available.clone(),
            },
            FactorError::NoSuchDataYear {
                key,
                data_year: 2019,
                available,
            },
        ]
        .map(|error| error.text()),
    );
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for text in &texts {
            let shown = localizer.text(text);
            assert!(!shown.contains(text.id.as_ref()), "{language}: {shown}");
        }
    }
}

mod against_a_plain_search {
    use proptest::prelude::*;

    use super::*;

    /// What `resolve` promises, without order or index: the best usable row of the first set that has one.
    fn expected<'rules>(
        rules: &'rules RuleSet,
        names: &[String],
        data_year: Option<i32>,
        at: Month,
    ) -> Option<&'rules Factor> {
        names
            .iter()
            .map(String::as_str)
            .chain([NATIONAL_FACTOR_SET])
            .find_map(|set| {
                rules
                    .factors()
                    .iter()
                    .filter(|row| row.factor_set == set && row.key == "k" && row.is_valid_in(at))
                    .filter(|row| match data_year {
                        Some(named) => row.data_year == Some(named),
                        None => row.data_year.is_none_or(|year| year <= at.year),
                    })
                    .max_by_key(|row| (row.data_year, row.valid_from, row.id.clone()))
            })
    }

    proptest! {
        #[test]
        fn resolves_alike(
            rows in prop::collection::vec((0_usize..4, prop::bool::weighted(0.8), prop::option::of(2018_i32..2026), prop::option::of(2018_i32..2026)), 0..24),
            order in prop::collection::vec(0_usize..3, 0..3),
            data_year in prop::option::weighted(0.3, 2018_i32..2026),
            year in 2017_i32..2027,
        ) {
            const SETS: [&str; 4] = ["A", "B", "C", NATIONAL_FACTOR_SET];
            let template = grid().factors()[0].clone();
            let rows = rows.into_iter().enumerate().map(|(place, (set, wanted, data_year, from))| Factor {
                id: format!("R-{place:02}"),
                factor_set: SETS[set].to_owned(),
                key: if wanted { "k" } else { "j" }.to_owned(),
                data_year,
                valid_from: from.map(|year| month(year, 1).first_day()),
                ..template.clone()
            }).collect();
            let rules = RuleSet::new(rows, Vec::new(), Vec::new());
            let names: Vec<String> = order.into_iter().map(|set| SETS[set].to_owned()).collect();
            let at = month(year, 5);
            let found = rules.resolve(&names, "k", data_year, at);
            prop_assert_eq!(found.as_ref().ok().map(|resolved| resolved.factor), expected(&rules, &names, data_year, at));
            if let (Ok(resolved), None) = (found, data_year) {
                prop_assert!(resolved.factor.data_year.is_none_or(|data| data <= year));
                prop_assert_eq!(resolved.provisional, resolved.factor.data_year.is_some_and(|data| data < year));
            }
        }
    }
}
