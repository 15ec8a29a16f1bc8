//! Months in which nothing was tested, and the tested ones that stand for them.

use crate::domain::missing::{Careful, TakeOfMonths, UntestedPlan};
use crate::domain::model::{Binding, SiteModel, Window};
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::time::Month;
use crate::engine::sealed::{RestsOn, YearCut};
use crate::engine::view::{Explanation, Target};
use crate::locale::{Language, Localizer};

use super::plant::{BOILER, BOOK, COAL, HEATING_VALUE, Site, at, interval, model, reading};

/// Minutes after the new year at which the months of 2025 begin.
const MONTHS: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

fn begins(month: u32) -> i64 {
    MONTHS[month as usize - 1] * 1440
}

/// A month's composite, in thousandths of GJ/t.
fn tested(month: u32, value: i64) -> Incoming {
    let minutes = u32::try_from(begins(month + 1) - begins(month)).unwrap();
    interval(HEATING_VALUE, begins(month), minutes, value)
}

fn bring(site: &mut Site, month: u32, value: i64) -> Vec<(String, i128, i128)> {
    let outcome = site.bring(Origin::Laboratory, vec![tested(month, value)]);
    let restated = outcome.restated.into_iter();
    restated
        .map(|restated| (restated.month.as_str().to_owned(), restated.before, restated.after))
        .collect()
}

/// 100 t of coal in an hour of each of the first five months, under a plan.
fn site(plan: Option<UntestedPlan>) -> Site {
    let mut site = Site::bare();
    site.apply(planned(plan));
    for month in 1..=5 {
        let from = begins(month) + 5 * 1440;
        let readings = (0..=60).map(|minute| reading(COAL, from + minute, 100_000)).collect();
        site.bring(Origin::Connector, readings);
    }
    site
}

fn planned(plan: Option<UntestedPlan>) -> SiteModel {
    let mut model = model();
    for parameter in &mut model.parameters {
        if parameter.id == HEATING_VALUE {
            parameter.untested = plan;
        }
    }
    model
}

const fn mean_of(least_months: u32) -> UntestedPlan {
    UntestedPlan {
        least_months,
        take: TakeOfMonths::Mean,
    }
}

/// What 100 t emit at a heating value in thousandths of GJ/t: times 0.0261 tC/GJ, 0.99 and 44/12, in milligrams.
fn emitted(value: i128) -> i128 {
    100 * value * 261 * 99 * 44 * 1_000_000_000 / 1000 / 10_000 / 100 / 12
}

fn figures(site: &Site) -> Vec<i128> {
    (1..=5).map(|month| figure(site, month)).collect()
}

fn figure(site: &Site, month: u32) -> i128 {
    site.figure(BOILER, Period::Month(Month { year: 2025, month }))
        .milligrams
}

#[test]
fn with_too_few_tested_months_the_others_keep_the_default_and_with_enough_their_mean() {
    let mut site = site(Some(mean_of(3)));
    let default = emitted(26_700);
    assert_eq!(figures(&site), [default; 5]);
    bring(&mut site, 1, 20_000);
    let restated = bring(&mut site, 4, 24_000);
    assert_eq!(restated, [("2025-04".to_owned(), default, emitted(24_000))]);
    assert_eq!(
        figures(&site),
        [emitted(20_000), default, default, emitted(24_000), default]
    );
    // With the third (20 + 24 + 23.5)/3 = 22.5 GJ/t stand for the two that are left.
    let restated = bring(&mut site, 2, 23_500);
    let mean = emitted(22_500);
    let months: Vec<&str> = restated.iter().map(|(month, _, _)| month.as_str()).collect();
    assert_eq!(months, ["2025-02", "2025-03", "2025-05"]);
    assert_eq!(
        figures(&site),
        [emitted(20_000), emitted(23_500), mean, emitted(24_000), mean]
    );
    let marks = site.figure(BOILER, Period::Month(Month { year: 2025, month: 3 }));
    assert!(marks.provisional_hours > 0, "{marks:?}");
    site.assert_sound();
    // The month's own test takes its place by itself, and moves those that are left.
    bring(&mut site, 3, 26_500);
    assert_eq!(figure(&site, 3), emitted(26_500));
    assert_eq!(figure(&site, 5), emitted(23_500));
    site.assert_sound();
}

#[test]
fn a_withdrawn_test_takes_the_mean_back_with_it() {
    let mut site = site(Some(mean_of(2)));
    bring(&mut site, 1, 20_000);
    bring(&mut site, 2, 22_000);
    assert_eq!(figure(&site, 4), emitted(21_000));
    let newest = site.journal.last().unwrap().sequence;
    site.withdraw(newest).unwrap();
    assert_eq!(figures(&site)[1..], [emitted(26_700); 4]);
    site.assert_sound();
}

#[test]
fn the_careful_month_may_be_asked_for_and_a_year_tells_nothing_of_another() {
    let plan = |careful| {
        Some(UntestedPlan {
            least_months: 1,
            take: TakeOfMonths::Careful(careful),
        })
    };
    for (careful, taken) in [(Careful::High, 25_000), (Careful::Low, 21_000)] {
        let mut site = site(plan(careful));
        // December of the year before.
        let december = interval(HEATING_VALUE, -31 * 1440, 31 * 1440, 30_000);
        site.bring(Origin::Laboratory, vec![december]);
        assert_eq!(figure(&site, 1), emitted(26_700));
        bring(&mut site, 1, 21_000);
        bring(&mut site, 2, 25_000);
        assert_eq!(figure(&site, 3), emitted(taken), "{careful:?}");
        site.assert_sound();
    }
}

#[test]
fn a_book_that_takes_what_is_measured_only_keeps_the_default() {
    let mut site = site(Some(mean_of(1)));
    let mut model = planned(Some(mean_of(1)));
    model.books[0].measured_only = true;
    site.apply(model);
    bring(&mut site, 1, 20_000);
    assert_eq!(figure(&site, 2), emitted(26_700));
    site.assert_sound();
}

#[test]
fn a_plan_that_changes_restates_what_rests_on_it() {
    let mut site = site(None);
    bring(&mut site, 1, 20_000);
    assert_eq!(figure(&site, 2), emitted(26_700));
    let restated = site
        .engine
        .plan_model(&site.history, &planned(Some(mean_of(1))), None)
        .unwrap();
    assert!(
        restated.iter().any(|restated| restated.month.as_str() == "2025-02"),
        "{restated:?}"
    );
    site.apply(planned(Some(mean_of(1))));
    assert_eq!(figure(&site, 2), emitted(20_000));
    site.assert_sound();
    site.apply(planned(None));
    assert_eq!(figure(&site, 2), emitted(26_700));
    site.assert_sound();
}

fn explained(site: &Site, month: u32) -> Explanation {
    let hour = site.engine.zone.hour_of(at(begins(month) + 5 * 1440));
    let target = Target::Input {
        book: BOOK,
        source: BOILER,
        input: "net_calorific_value".to_owned(),
        hour,
    };
    site.engine.explain(&site.history, &target).unwrap()
}

#[test]
fn an_untested_month_opens_into_the_tested_ones_and_says_when_they_are_too_few() {
    let mut site = site(Some(mean_of(2)));
    bring(&mut site, 1, 20_000);
    let text = Localizer::new(Language::English);
    let told = |explanation: &Explanation| -> Vec<String> {
        explanation.remarks.iter().map(|remark| text.text(remark)).collect()
    };
    let too_few = explained(&site, 3);
    assert_eq!(too_few.value.as_deref(), Some("26.7"));
    assert!(
        told(&too_few).contains(&"Of 2025 one month was tested; from 2 on they would stand for the others.".to_owned()),
        "{:?}",
        told(&too_few)
    );
    // Two halves of February: the month counts as their plain mean, 22.
    let halves = [(0, 21_000), (14, 23_000)]
        .map(|(day, value)| interval(HEATING_VALUE, begins(2) + day * 1440, 14 * 1440, value));
    site.bring(Origin::Laboratory, halves.to_vec());
    let found = explained(&site, 3);
    assert_eq!(found.value.as_deref(), Some("21"));
    assert_eq!(found.formula.as_deref(), Some("Σm ÷ n"));
    assert_eq!(found.numbers.as_deref(), Some("(20 + 22) ÷ 2 = 21 GJ/t"));
    let numbers: Vec<&str> = found.parts.iter().filter_map(|part| part.numbers.as_deref()).collect();
    assert_eq!(numbers, ["(21.000 + 23.000) ÷ 2 = 22 GJ/t"]);
    // Each month, and under it the tests that can be opened.
    assert_eq!(found.parts.len(), 5);
    assert_eq!(found.parts.iter().filter(|part| part.target.is_some()).count(), 3);
    assert!(
        told(&found)
            .iter()
            .any(|line| line.contains("mean of the year's tested months, 2 at least")),
        "{:?}",
        told(&found)
    );
}

#[test]
fn a_tests_own_month_is_not_told_by_others_where_hours_of_it_stay_open() {
    let mut site = site(Some(mean_of(1)));
    let mut model = planned(Some(mean_of(1)));
    // By the test itself, not by the month.
    for source in &mut model.sources {
        if let Some(Binding::Parameter { window, .. }) = source.inputs.get_mut("net_calorific_value") {
            *window = Window::Test;
        }
    }
    site.apply(model);
    let first_days = interval(HEATING_VALUE, begins(1), 1440, 20_000);
    site.bring(Origin::Laboratory, vec![first_days]);
    // The coal of January was burnt on the sixth, which no test covers: the default; other months have January's mean.
    assert_eq!(figure(&site, 1), emitted(26_700));
    assert_eq!(figure(&site, 2), emitted(20_000));
    site.assert_sound();
}

#[test]
fn a_seal_before_the_untested_months_of_a_year_are_all_there_cuts_it() {
    let mut site = site(Some(mean_of(2)));
    bring(&mut site, 1, 20_000);
    bring(&mut site, 2, 22_000);
    site.now = site.now.plus(2_000 * 86_400_000);
    let month = |month| Month { year: 2025, month };
    let cuts = |site: &Site, through| site.engine.cut_by_seal(&site.history, month(through)).unwrap();
    assert_eq!(cuts(&site, 2), [], "each of them has a test of its own");
    let cut = YearCut {
        tag: "NCV".to_owned(),
        months: vec![month(3), month(4)],
        rests_on: RestsOn::TestedMonths(2),
    };
    assert_eq!(cuts(&site, 4), [cut]);
    site.seal(month(4)).unwrap();
    bring(&mut site, 6, 30_000);
    assert_eq!(figures(&site)[2..], [emitted(21_000), emitted(21_000), emitted(24_000)]);
    site.assert_sound();
    site.replayed().assert_sound();
    for later in 7..=12 {
        bring(&mut site, later, 24_000);
    }
    assert_eq!(cuts(&site, 5), [], "nothing of the rest of the year is to come");
}
