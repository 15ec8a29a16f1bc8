//! Missing hours of which a person decides: what that does is told before, data take it back, and so does a withdrawal.

use crate::accounting::substitute::Basis;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::missing::MissingRule;
use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::Hour;
use crate::engine::command::{CommandBody, Refusal};
use crate::engine::filling::{Fill, FillBy};
use crate::engine::view::AnomalyView;
use crate::locale::{Language, Localizer};
use crate::quality::flag::Rule;

use super::filling::{assert_kept, coal, hour, posted, site, substitute};
use super::plant::{BOILER, CARBON, COAL, GRID, QUARTERS, Site, at, judge, reading};

fn decision(from: i64, to: i64, by: FillBy) -> Fill {
    Fill {
        parameter: COAL,
        from: hour(from),
        to: hour(to),
        by,
        reason: "belt scale was calibrated".to_owned(),
    }
}

fn value(value: &str) -> FillBy {
    FillBy::Value(value.parse().unwrap())
}

fn fill(site: &mut Site, fill: Fill) -> Result<Sequence, String> {
    let record = site.engine.next_sequence();
    match site.command(CommandBody::Fill(fill)) {
        Ok(_) => Ok(record),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        Err(broken) => panic!("{broken}"),
    }
}

/// Four hours at twenty tonnes an hour, four without anything, two at thirty.
fn with_gap(rule: Option<&MissingRule>) -> Site {
    let mut site = match rule {
        Some(rule) => site(&[COAL], rule),
        None => Site::young(),
    };
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 480..=600, 30_000);
    site.pass_until(640);
    site
}

#[test]
fn what_a_decision_does_is_told_before_it_is_made() {
    let mut site = with_gap(None);
    assert_eq!(posted(&site, 5), 0);
    let before = site.clone();
    let wanted = decision(3, 9, value("24.5"));
    let preview = site.engine.rehearse_fill(&site.history, &wanted).unwrap();
    // Hours three and eight are measured whole.
    assert_eq!((preview.decided, preview.measured), (4, 2));
    assert_eq!(preview.parts.len(), 1);
    assert_eq!(preview.parts[0].value.as_deref(), Some("24.5"));
    assert_eq!(posted(&site, 5), 0, "a rehearsal changes nothing");
    assert_eq!(site.engine.next_sequence(), before.engine.next_sequence());
    let record = fill(&mut site, wanted).unwrap();
    for number in 4..8 {
        assert_eq!(posted(&site, number), 24_500, "{number}");
        assert_eq!(substitute(&site, COAL, number).unwrap().decided_by, record);
    }
    assert_eq!(posted(&site, 3), 20_000);
    let told: i128 = preview
        .restated
        .iter()
        .map(|restated| restated.after - restated.before)
        .sum();
    let total = |site: &Site| -> i128 {
        let sources = [BOILER, GRID, QUARTERS].iter();
        let figures = sources.map(|&source| site.figure(source, Period::Year(2025)).milligrams);
        figures.sum()
    };
    let done = total(&site) - total(&before);
    assert!(told > 0);
    assert_eq!(told, done);
    assert_kept(&site);
}

#[test]
fn a_persons_decision_stands_above_the_plan_until_it_is_taken_back() {
    let mut site = with_gap(Some(&MissingRule::Neighbours));
    assert_eq!(posted(&site, 5), 25_000);
    let record = fill(&mut site, decision(4, 6, value("1"))).unwrap();
    assert_eq!((posted(&site, 5), posted(&site, 6)), (1_000, 25_000));
    // The plan looks at the day again because something else in it changes, and leaves it alone.
    coal(&mut site, 600..=660, 31_000);
    site.pass_until(720);
    assert_eq!(posted(&site, 5), 1_000);
    assert_kept(&site);
    site.withdraw(record).unwrap();
    assert_eq!(posted(&site, 5), 25_000);
    assert_ne!(substitute(&site, COAL, 5).unwrap().basis, Basis::Person);
    let again = site.withdraw(record).unwrap_err();
    assert!(matches!(again, Refusal::Request(text) if text.id == "withdrawal-no-filling"));
    assert_kept(&site);
    // The same without a record to withdraw: back to the plan.
    fill(&mut site, decision(4, 8, value("2"))).unwrap();
    fill(&mut site, decision(4, 5, FillBy::Plan)).unwrap();
    assert_eq!((posted(&site, 4), posted(&site, 5)), (25_000, 2_000));
    assert_kept(&site);
}

#[test]
fn data_that_come_for_hours_filled_by_hand_count_and_whoever_checks_is_told() {
    let mut site = with_gap(None);
    fill(&mut site, decision(4, 8, value("24.5"))).unwrap();
    judge(&mut site);
    let told = |site: &Site| -> Vec<AnomalyView> {
        let mut all = site.engine.anomalies();
        all.retain(|one| one.signs.rule == Rule::CameOverFilled);
        all
    };
    assert_eq!(told(&site), []);
    // Two hours come, and eight minutes of a third, for which the person's value stands on.
    coal(&mut site, 241..=368, 21_000);
    assert_eq!(posted(&site, 5), 21_000);
    // A stop before anybody has looked loses nothing.
    site.checkpoint();
    site.crash();
    judge(&mut site);
    let [found] = told(&site).try_into().unwrap();
    let text = Localizer::new(Language::English).text(&found.signs.why("t/h"));
    assert_eq!(
        text,
        "Data came for 2 hours that somebody had filled by hand; they count now: 20.996 t/h on average, where 24.5 t/h had been put."
    );
    assert_eq!((found.signs.from, found.signs.to), (at(240), at(360)));
    assert_eq!(found.signs.stake_mg, 0, "what came counts");
    assert_kept(&site);
    // A correction of what came is somebody's own work.
    let before = told(&site);
    site.bring(Origin::Correction, vec![reading(COAL, 250, 22_000)]);
    judge(&mut site);
    assert_eq!(told(&site), before);
}

#[test]
fn without_a_plan_a_withdrawal_leaves_the_hours_missing() {
    let mut site = with_gap(None);
    let record = fill(&mut site, decision(4, 8, value("9"))).unwrap();
    assert_eq!(posted(&site, 6), 9_000);
    site.withdraw(record).unwrap();
    assert_eq!(posted(&site, 6), 0);
    assert_eq!(substitute(&site, COAL, 6), None);
    assert_kept(&site);
}

#[test]
fn data_that_come_after_all_take_a_persons_decision_back() {
    let mut site = with_gap(Some(&MissingRule::Hold));
    fill(&mut site, decision(4, 8, value("9"))).unwrap();
    coal(&mut site, 300..=360, 21_000);
    assert_eq!(posted(&site, 5), 21_000);
    assert_eq!(posted(&site, 6), 9_000);
    // Of the hour that they reach in part only the rest stays.
    coal(&mut site, 361..=390, 21_000);
    assert_eq!(posted(&site, 6), 15_000);
    assert_kept(&site);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut site = with_gap(Some(&MissingRule::Hold));
    let mut refused = |wanted: Fill| {
        let told = format!("{wanted:?}");
        fill(&mut site, wanted).expect_err(&told)
    };
    assert_eq!(refused(decision(4, 4, value("1"))), "fill-no-hours");
    assert_eq!(refused(decision(6, 4, value("1"))), "fill-no-hours");
    assert_eq!(refused(decision(0, 9_000, value("1"))), "fill-too-many");
    assert_eq!(refused(decision(9, 12, value("1"))), "fill-not-over");
    assert_eq!(refused(decision(1, 3, value("1"))), "fill-all-measured");
    assert_eq!(refused(decision(4, 6, FillBy::Plan)), "fill-none-by-hand");
    assert_eq!(
        refused(decision(4, 6, value("1.0000000000000000000000001"))),
        "fill-unfit"
    );
    assert_eq!(refused(decision(4, 6, value("99999999999999999999999"))), "fill-unfit");
    assert_eq!(refused(decision(4, 6, value("100001"))), "fill-impossible");
    let silent = Fill {
        reason: "  ".to_owned(),
        ..decision(4, 6, value("1"))
    };
    assert_eq!(refused(silent), "fill-needs-reason");
    let tested = Fill {
        parameter: CARBON,
        ..decision(4, 6, value("1"))
    };
    assert_eq!(refused(tested), "fill-tested");
    let unknown = Fill {
        parameter: ParameterId(9_999),
        ..decision(4, 6, value("1"))
    };
    assert_eq!(refused(unknown), "explain-unknown");
    let before = Fill {
        from: Hour(hour(0).0 - 1),
        ..decision(0, 2, value("1"))
    };
    assert_eq!(refused(before), "fill-before-first");
    let extreme = Fill {
        from: Hour(i32::MIN),
        to: Hour(i32::MAX),
        ..decision(4, 6, value("1"))
    };
    assert_eq!(refused(extreme), "fill-before-first");
    // What the plan decided is no person's to withdraw.
    let of_plan = substitute(&site, COAL, 5).unwrap().decided_by;
    let refusal = site.withdraw(of_plan).unwrap_err();
    assert!(matches!(refusal, Refusal::Request(text) if text.id == "withdrawal-of-filling"));
}

#[test]
fn availability_counts_hours_by_what_is_known_of_them() {
    let mut site = with_gap(Some(&MissingRule::Hold));
    fill(&mut site, decision(4, 5, value("9"))).unwrap();
    let found = |site: &Site, from: i64, to: i64| {
        let found = site.engine.availability(&site.history, hour(from), hour(to)).unwrap();
        found.into_iter().find(|found| found.parameter == COAL).unwrap()
    };
    let whole = found(&site, -100, 1_000);
    // Ten hours are over and ripe: four and two were measured, four were not.
    assert_eq!((whole.expected, whole.valid), (10, 6));
    assert_eq!((whole.by_plan, whole.by_person, whole.missing), (3, 1, 0));
    assert_eq!(whole.measured_ms, 6 * 3_600_000);
    assert!(whole.rule.is_some());
    let none = found(&site, 100, 200);
    assert_eq!((none.expected, none.valid, none.missing), (0, 0, 0));
    let mut bare = with_gap(None);
    let gap = found(&bare, 4, 8);
    assert_eq!((gap.expected, gap.missing), (4, 4));
    assert_eq!(gap.rule, None);
    // Three quarters of an hour are enough.
    coal(&mut bare, 241..=285, 20_000);
    assert_eq!(found(&bare, 4, 8).valid, 1);
    // What is tested or has no hours that must come is not listed.
    let listed = bare.engine.availability(&bare.history, hour(0), hour(5)).unwrap();
    assert!(listed.iter().all(|found| found.parameter != CARBON));
}
