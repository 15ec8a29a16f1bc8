//! Relations between parameters: looked at window by window, the same whatever the order in which readings came.

use proptest::prelude::*;
use proptest::test_runner::Config;
use rust_decimal::Decimal;

use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{NodeId, ParameterId, ProductId};
use crate::domain::model::{Binding, Level, Limits, Node, Person, Provisional, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::relation::{AgainstPast, Relating, Relation, RelationWindow, Term};
use crate::domain::time::{Hour, Instant};
use crate::engine::anomalies::{AnomaliesOutcome, AnomalyDeed};
use crate::engine::command::{Answer, CommandBody};
use crate::locale::{Language, Localizer};
use crate::quality::anomaly::{AnomalyId, Correction, Disposition, Stage};
use crate::quality::flag::{Check, Rule};

use super::plant::{
    BOILER, BOOK, COAL, GRID, HEATING_VALUE, NEW_YEAR, OXYGEN, POWER, QUARTER, QUARTERS, START_UP, Site, at, interval,
    judge, model, name, piece, reading,
};

fn term(parameter: ParameterId) -> Term {
    Term {
        parameter,
        by: Vec::new(),
        factor: Decimal::ONE,
        change: false,
    }
}

fn relation(key: &str, hours: u32, relating: Relating) -> Relation {
    Relation {
        key: key.to_owned(),
        name: name(key),
        clause: Some("5.2".to_owned()),
        window: RelationWindow::hours(hours).unwrap(),
        relating,
    }
}

/// t of coal a kWh, hour by hour: 0.0004, within a tenth of it.
fn consumption() -> Relation {
    let usual = Limits {
        low: Some(Decimal::new(36, 5)),
        high: Some(Decimal::new(44, 5)),
    };
    let ratio = Relating::Ratio {
        above: term(COAL),
        below: term(QUARTER),
        usual: Some(usual),
        least: Decimal::from(10_000),
        past: None,
    };
    relation("consumption", 1, ratio)
}

fn with(relations: Vec<Relation>) -> SiteModel {
    SiteModel { relations, ..model() }
}

fn site_with(relations: Vec<Relation>, minute: i64) -> Site {
    let mut site = Site::young();
    site.apply(with(relations));
    site.now = at(minute);
    site
}

/// Rule, first and last hour, how many windows.
fn found(site: &Site) -> Vec<(Rule, i64, i64, u32)> {
    let hour = |at: crate::domain::time::Instant| at.since(NEW_YEAR).div_euclid(3_600_000);
    let mut all: Vec<(Rule, i64, i64, u32)> = site
        .engine
        .anomalies()
        .iter()
        .filter(|one| matches!(one.signs.check(), Check::Balance | Check::Ratio))
        .inspect(|one| assert_eq!(one.work.stage, Stage::New))
        .map(|one| {
            (
                one.signs.rule,
                hour(one.signs.from),
                hour(one.signs.to),
                one.signs.findings,
            )
        })
        .collect();
    all.sort_unstable();
    all
}

/// Coal at so many kg an hour, by the hour of each minute.
fn coal(minutes: std::ops::Range<i64>, per_hour: impl Fn(i64) -> i64) -> Vec<Incoming> {
    minutes
        .map(|minute| reading(COAL, minute, per_hour(minute / 60) + minute * 7 % 13))
        .collect()
}

/// Fifty thousand kWh a quarter of an hour.
fn quarters(hours: std::ops::Range<i64>) -> Vec<Incoming> {
    (hours.start * 4..hours.end * 4)
        .map(|quarter| interval(QUARTER, quarter * 15, 15, 50_000_000 + quarter * 7 % 13))
        .collect()
}

/// Twelve hours, of which three burn half as much again.
fn day() -> Vec<Incoming> {
    let burnt = coal(0..721, |hour| if (4..7).contains(&hour) { 120_000 } else { 80_000 });
    [burnt, quarters(0..12)].concat()
}

#[test]
fn a_quotient_outside_its_band_is_one_anomaly_of_all_its_windows_and_goes_when_it_is_put_right() {
    let mut site = site_with(vec![consumption()], 730);
    site.bring(Origin::Connector, day());
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 4, 6, 3)]);
    let one = site
        .engine
        .anomalies()
        .into_iter()
        .find(|one| one.signs.check() == Check::Ratio)
        .unwrap();
    assert_eq!(one.parameter, COAL);
    let checked = site
        .engine
        .checked(&site.history, Some(COAL), (at(0), at(720)))
        .unwrap();
    let why = one.signs.why("");
    assert!(
        checked
            .iter()
            .any(|episode| episode.why == why && episode.from == one.signs.from),
        "{checked:?}"
    );
    assert!(one.signs.stake_mg > 0);
    let words = Localizer::new(Language::English).text(&one.signs.why(""));
    for part in ["consumption", "FT-1 / Q", "t/kWh", "0.0006", "5.2"] {
        assert!(words.contains(part), "{words}");
    }
    // The middle hour is put right.
    let right = coal(300..360, |_| 80_000);
    site.bring(Origin::Correction, right);
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 4, 6, 2)], "what was one stays one");
    let all = site.engine.anomalies();
    let one = all.iter().find(|one| one.signs.check() == Check::Ratio).unwrap();
    assert_eq!(one.signs.stretches().len(), 2, "and says nothing of the hour between");
    site.bring(Origin::Correction, coal(240..481, |_| 80_000));
    judge(&mut site);
    assert_eq!(found(&site), []);
    site.assert_sound();
}

#[test]
fn a_window_is_looked_at_when_all_of_it_has_come_or_after_an_hour() {
    let mut site = site_with(vec![consumption()], 300);
    site.bring(Origin::Connector, coal(0..301, |_| 120_000));
    site.bring(Origin::Connector, quarters(0..4));
    judge(&mut site);
    assert_eq!(
        found(&site),
        [(Rule::RatioHigh, 0, 3, 4)],
        "the fifth hour lacks its electricity"
    );
    site.bring(Origin::Connector, quarters(4..5));
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 0, 4, 5)]);
    // An hour of which too little was measured says nothing, however long one waits.
    site.bring(
        Origin::Connector,
        [coal(301..330, |_| 120_000), quarters(5..6)].concat(),
    );
    site.now = at(600);
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 0, 4, 5)]);
    let crashed = {
        let mut again = site.clone();
        again.crash();
        judge(&mut again);
        again
    };
    assert_eq!(crashed.engine.anomalies(), site.engine.anomalies());
}

#[test]
fn sides_that_should_be_the_same_are_held_against_each_other_in_one_unit() {
    // Heat of the coal against electricity at an efficiency of 36 %: 80 t × 25 GJ/t against 200,000 kWh.
    let balance = Relating::Balance {
        left: vec![Term {
            by: vec![HEATING_VALUE],
            ..term(COAL)
        }],
        right: vec![Term {
            factor: Decimal::new(2_778, 3),
            ..term(QUARTER)
        }],
        relative: Decimal::new(2, 2),
        absolute: Decimal::ZERO,
    };
    let mut site = site_with(vec![relation("heat", 2, balance)], 730);
    // The plant's day begins at 8:00, its windows of two hours at even hours.
    site.bring(Origin::Connector, day());
    judge(&mut site);
    assert_eq!(found(&site), [], "nothing was tested");
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 1_440, 25_000)]);
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::Imbalance, 4, 7, 2)]);
    let one = site
        .engine
        .anomalies()
        .into_iter()
        .find(|one| one.signs.check() == Check::Balance)
        .unwrap();
    // Two hours of 120 t instead of 80: 2,000 GJ too much.
    let off = one.signs.value.unwrap();
    assert!((off - Decimal::from(2_000)).abs() < Decimal::from(5), "{off}");
    assert_eq!(one.signs.related.unwrap().unit, "GJ");
    // A poorer coal is what it was.
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 240, 180, 16_667)]);
    site.now = at(900);
    judge(&mut site);
    assert_eq!(
        found(&site).len(),
        1,
        "a composite of the day and one of hours: their mean counts"
    );
}

#[test]
fn fuel_that_rises_without_load_is_held_against_what_it_was() {
    let past = Relating::Ratio {
        above: term(COAL),
        below: term(QUARTER),
        usual: None,
        least: Decimal::from(10_000),
        past: Some(AgainstPast {
            share: Decimal::new(1, 1),
            windows: 4,
        }),
    };
    let mut site = site_with(vec![relation("rise", 1, past)], 1_450);
    let burnt = coal(0..1_441, |hour| if (10..12).contains(&hour) { 92_000 } else { 80_000 });
    site.bring(Origin::Connector, [burnt, quarters(0..24)].concat());
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioRose, 10, 11, 2)]);
    // What was before it is put right: now it was always so, and falls behind it.
    site.bring(Origin::Correction, coal(300..600, |_| 92_000));
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioFell, 12, 13, 2), (Rule::RatioRose, 5, 6, 2)]);
}

/// Emissions to electricity, hour by hour.
fn emissions() -> Relation {
    let usual = Limits {
        low: Some(Decimal::new(12, 1)),
        high: Some(Decimal::new(18, 1)),
    };
    let intensity = Relating::Intensity {
        product: ProductId(1),
        book: BOOK,
        output: term(QUARTER),
        usual: Some(usual),
        least: Decimal::TEN,
        past: None,
    };
    relation("emissions", 1, intensity)
}

/// A register that hardly counts, for so many hours.
fn power(hours: i64) -> Vec<Incoming> {
    (0..=hours * 4)
        .map(|quarter| reading(POWER, quarter * 15, 1_000 + quarter))
        .collect()
}

#[test]
fn what_a_stock_lost_is_what_was_used() {
    // Percent of a bin against percent: its level falls by what the other says.
    let level = |change| Term { change, ..term(OXYGEN) };
    let balance = Relating::Balance {
        left: vec![level(true)],
        right: vec![Term {
            factor: Decimal::new(1, 1),
            ..level(false)
        }],
        relative: Decimal::ZERO,
        absolute: Decimal::ONE,
    };
    let mut site = site_with(vec![relation("stock", 1, balance)], 190);
    // It stands at 20 %, and rises by 8 % in the second hour: the mean of an hour is about a tenth of 20 %, so 2 %.
    let level_at = |minute: i64| match minute {
        0..60 => 20_000,
        60..120 => 20_000 + (minute - 60) * 8_000 / 60,
        _ => 28_000,
    };
    site.bring(
        Origin::Connector,
        (0..=180)
            .map(|minute| reading(OXYGEN, minute, level_at(minute)))
            .collect(),
    );
    judge(&mut site);
    let told = found(&site);
    // Nothing, where 2 % were due; 8 %, where 2.4 %; nothing again.
    assert_eq!(told, [(Rule::Imbalance, 0, 2, 3)]);
    let all = site.engine.anomalies();
    let one = all.iter().find(|one| one.signs.check() == Check::Balance).unwrap();
    let worst = one.signs.value.unwrap();
    assert!(
        worst > Decimal::new(559, 2) && worst < Decimal::new(562, 2),
        "8 % for 2.4 %: {worst}"
    );
    let words = Localizer::new(Language::English).text(&one.signs.why(""));
    assert!(words.contains("change(O2)"), "{words}");
}

#[test]
fn emissions_to_a_product_keep_to_their_band_and_follow_what_is_tested() {
    let mut site = site_with(vec![emissions()], 730);
    site.bring(Origin::Connector, [day(), power(11)].concat());
    judge(&mut site);
    // The hour of which one source's quantity has not come says nothing, however much the others emitted.
    assert_eq!(found(&site), [(Rule::RatioHigh, 4, 6, 3)]);
    let all = site.engine.anomalies();
    let one = all.iter().find(|one| one.signs.check() == Check::Ratio).unwrap();
    assert_eq!(one.parameter, QUARTER);
    let emitted: i128 = (4..7)
        .flat_map(|hour| {
            let hour = Hour(site.engine.zone.hour_of(at(0)).0 + hour);
            [BOILER, GRID, START_UP, QUARTERS].map(|source| (source, hour))
        })
        .map(|(source, hour)| site.figure(source, Period::Hour(hour)).milligrams)
        .sum();
    assert_eq!(i128::from(one.signs.stake_mg), emitted);
    let words = Localizer::new(Language::English).text(&one.signs.why(""));
    for part in ["emissions", "tCO2e (plant, shanxi) / Q", "tCO2e/MWh", "5.2"] {
        assert!(words.contains(part), "{words}");
    }
    let checked = site.engine.checked(&site.history, None, (at(0), at(720))).unwrap();
    assert!(
        checked.iter().any(|episode| episode.why == one.signs.why("")),
        "{checked:?}"
    );
    // The month's coal turns out to be poorer: no quantity changes, and all is well.
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 720, 18_000)]);
    judge(&mut site);
    assert_eq!(found(&site), []);
    site.assert_sound();
}

#[test]
fn what_stands_at_another_node_belongs_to_another_intensity() {
    let mut site = site_with(vec![emissions()], 730);
    site.bring(Origin::Connector, [day(), power(12)].concat());
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 4, 6, 3)]);
    // The boiler is no longer the product's.
    let mut other = with(vec![emissions()]);
    other.nodes.push(Node {
        id: NodeId(3),
        key: "sales".to_owned(),
        name: name("sales"),
        level: Level::Process,
        parent: Some(NodeId(1)),
        upstream: None,
        runs: None,
    });
    other.products[0].node = NodeId(3);
    for source in other.sources.iter_mut().filter(|source| source.id != BOILER) {
        source.node = NodeId(3);
    }
    other.next.node = 4;
    site.apply(other);
    judge(&mut site);
    let low = found(&site);
    assert_eq!(low.len(), 1);
    assert_eq!((low[0].0, low[0].3), (Rule::RatioLow, 12));
    site.assert_sound();
}

#[test]
fn a_test_far_from_what_is_published_is_told_before_there_is_another() {
    let mut model = model();
    let stand_in = |model: &mut SiteModel, key: &str| {
        let boiler = model.sources.iter_mut().find(|source| source.id == BOILER).unwrap();
        let binding = boiler.inputs.get_mut("net_calorific_value").unwrap();
        let Binding::Parameter { provisional, .. } = binding else {
            panic!("{binding:?}");
        };
        *provisional = Some(Provisional::Factor(key.to_owned()));
    };
    model.books[0].factor_sets = vec!["GB/T 32151.34-2024".to_owned()];
    stand_in(&mut model, "bituminous-coal.net-calorific-value");
    let mut site = Site::young();
    site.apply(model);
    site.now = at(30);
    // 1.9 GJ/t instead of 19.
    site.bring(Origin::Typed, vec![interval(HEATING_VALUE, 0, 30, 1_900)]);
    judge(&mut site);
    let told = |site: &Site| -> Vec<Rule> {
        let all = site.engine.anomalies();
        all.iter()
            .filter(|one| one.parameter == HEATING_VALUE && one.signs.check() == Check::Published)
            .map(|one| one.signs.rule)
            .collect()
    };
    assert_eq!(told(&site), [Rule::OffPublished]);
    site.bring(Origin::Correction, vec![interval(HEATING_VALUE, 0, 30, 19_000)]);
    judge(&mut site);
    assert_eq!(told(&site), []);
}

#[test]
fn a_new_relation_is_looked_at_for_some_time_back_and_one_that_goes_leaves_nothing_to_do() {
    let mut site = site_with(Vec::new(), 730);
    site.bring(Origin::Connector, day());
    judge(&mut site);
    assert_eq!(found(&site), []);
    site.apply(with(vec![consumption()]));
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioHigh, 4, 6, 3)]);
    site.apply(with(Vec::new()));
    judge(&mut site);
    site.assert_sound();
}

#[test]
fn readings_by_a_way_that_the_plan_does_not_name_are_told_as_one() {
    let mut model = model();
    for parameter in &mut model.parameters {
        if parameter.id == OXYGEN {
            parameter.origins = vec![Origin::Connector];
        }
    }
    let mut site = Site::young();
    site.apply(model);
    site.now = at(30);
    site.bring(
        Origin::Connector,
        (0..10).map(|minute| reading(OXYGEN, minute, minute)).collect(),
    );
    let told = |site: &Site| -> Vec<(i64, i64)> {
        let minute = |instant: crate::domain::time::Instant| instant.since(at(0)) / 60_000;
        let all = site.engine.anomalies();
        let plan = all.iter().filter(|one| one.signs.rule == Rule::UnplannedOrigin);
        plan.map(|one| (minute(one.signs.from), minute(one.signs.to))).collect()
    };
    judge(&mut site);
    assert_eq!(told(&site), []);
    site.bring(
        Origin::File,
        (10..20).map(|minute| reading(OXYGEN, minute, minute)).collect(),
    );
    site.bring(
        Origin::File,
        (20..25).map(|minute| reading(OXYGEN, minute, minute)).collect(),
    );
    judge(&mut site);
    assert_eq!(told(&site), [(10, 24)]);
    site.bring(Origin::Correction, vec![reading(OXYGEN, 3, 9)]);
    judge(&mut site);
    assert_eq!(told(&site), [(10, 24)], "a correction is always by a person's word");
    site.assert_sound();
}

fn checker(staff_number: &str) -> Actor {
    Actor {
        person: Some(staff_number.to_owned()),
        roles: vec![Role::DataQualityChecker],
        ..Actor::daemon()
    }
}

/// A model with somebody who may decide.
fn staffed(mut model: SiteModel) -> SiteModel {
    model.persons = vec![Person {
        staff_number: "li".to_owned(),
        name: name("li"),
        user: None,
        roles: vec![Role::DataQualityChecker],
    }];
    model
}

fn decide(site: &mut Site, anomalies: Vec<AnomalyId>, disposition: Disposition) -> AnomaliesOutcome {
    let deed = AnomalyDeed::Dispose {
        disposition,
        cause: Some(1),
        comment: String::new(),
        evidence: String::new(),
    };
    match site
        .asked_by(checker("li"), None, CommandBody::Anomalies { anomalies, deed })
        .unwrap()
    {
        Answer::Anomalies(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

fn standing(site: &Site) -> Vec<(i64, i64, Stage)> {
    let hour = |at: Instant| at.since(NEW_YEAR).div_euclid(3_600_000);
    let all = site.engine.anomalies();
    let of = all
        .iter()
        .filter(|one| matches!(one.signs.check(), Check::Balance | Check::Ratio));
    let mut told: Vec<_> = of
        .map(|one| (hour(one.signs.from), hour(one.signs.to), one.work.stage))
        .collect();
    told.sort_unstable();
    told
}

#[test]
fn what_adjoins_a_decided_window_stands_on_its_own_before_it_and_behind() {
    let mut site = Site::young();
    site.apply(staffed(with(vec![consumption()])));
    site.now = at(730);
    site.bring(Origin::Connector, day());
    judge(&mut site);
    let id = site
        .engine
        .anomalies()
        .into_iter()
        .find(|one| one.signs.check() == Check::Ratio)
        .unwrap()
        .anomaly;
    // A relation does not say which meter is wrong: it changes no reading.
    for disposition in [
        Disposition::Reject,
        Disposition::GapFill,
        Disposition::Correct(Correction::Times(Decimal::TWO)),
    ] {
        let outcome = decide(&mut site, vec![id], disposition);
        assert_eq!(
            (outcome.done, outcome.refused[0].1.id.as_ref()),
            (0, "anomaly-of-relation-readings")
        );
    }
    let outcome = decide(&mut site, vec![id], Disposition::InstrumentFault);
    assert_eq!((outcome.done, outcome.readings), (1, 0));
    assert_eq!(standing(&site), [(4, 6, Stage::Disposed)]);
    site.bring(Origin::Correction, coal(180..240, |_| 120_000));
    judge(&mut site);
    assert_eq!(standing(&site), [(3, 3, Stage::New), (4, 6, Stage::Disposed)]);
    site.bring(Origin::Correction, coal(421..480, |_| 120_000));
    judge(&mut site);
    assert_eq!(
        standing(&site),
        [(3, 3, Stage::New), (4, 6, Stage::Disposed), (7, 7, Stage::New)]
    );
    site.assert_sound();
}

#[test]
fn what_was_found_by_a_relation_that_is_no_more_is_found_no_longer() {
    let mut site = site_with(vec![consumption()], 730);
    site.bring(Origin::Connector, day());
    judge(&mut site);
    assert_eq!(standing(&site).len(), 1);
    // Above and below the line are swapped: it is told under the other parameter.
    let Relating::Ratio {
        above, below, least, ..
    } = consumption().relating
    else {
        panic!()
    };
    let swapped = Relating::Ratio {
        above: below,
        below: above,
        usual: Some(Limits {
            low: Some(Decimal::from(2_200)),
            high: None,
        }),
        least: least / Decimal::from(1_000),
        past: None,
    };
    site.apply(with(vec![relation("consumption", 1, swapped)]));
    judge(&mut site);
    let all = site.engine.anomalies();
    let of: Vec<_> = all.iter().filter(|one| one.signs.check() == Check::Ratio).collect();
    assert_eq!(
        (of.len(), of[0].parameter, of[0].signs.rule),
        (1, QUARTER, Rule::RatioLow)
    );
    site.apply(with(Vec::new()));
    judge(&mut site);
    assert_eq!(standing(&site), []);
    site.assert_sound();
}

#[test]
fn a_state_of_which_little_is_known_says_nothing() {
    let usual = Limits {
        low: Some(Decimal::ONE),
        high: None,
    };
    let ratio = Relating::Ratio {
        above: term(OXYGEN),
        below: term(QUARTER),
        usual: Some(usual),
        least: Decimal::from(10_000),
        past: None,
    };
    let mut site = site_with(vec![relation("o2", 1, ratio)], 250);
    let minutes = |minutes: std::ops::Range<i64>| {
        minutes
            .map(|minute| reading(OXYGEN, minute, 3_000 + minute % 7))
            .collect()
    };
    site.bring(Origin::Connector, quarters(0..4));
    site.bring(Origin::Connector, minutes(0..61));
    site.bring(Origin::Connector, minutes(100..110));
    judge(&mut site);
    assert_eq!(found(&site), [(Rule::RatioLow, 0, 0, 1)]);
}

#[test]
fn only_what_came_by_another_way_is_kept_out_for_that() {
    let mut model = staffed(model());
    for parameter in &mut model.parameters {
        if parameter.id == OXYGEN {
            parameter.origins = vec![Origin::Connector];
        }
    }
    let mut site = Site::young();
    site.apply(model);
    site.now = at(300);
    let typed = |minutes: [i64; 2]| minutes.map(|minute| reading(OXYGEN, minute, 5_000)).to_vec();
    site.bring(
        Origin::Connector,
        (0..200)
            .map(|minute| reading(OXYGEN, minute, 3_000 + minute % 7))
            .collect(),
    );
    // Far apart in one record: two things.
    site.bring(Origin::File, [typed([210, 211]), typed([280, 281])].concat());
    judge(&mut site);
    let of_plan = |site: &Site| -> Vec<AnomalyId> {
        let all = site.engine.anomalies();
        let of = all.iter().filter(|one| one.signs.rule == Rule::UnplannedOrigin);
        of.map(|one| one.anomaly).collect()
    };
    let ids = of_plan(&site);
    assert_eq!(ids.len(), 2);
    let words = Localizer::new(Language::English);
    let all = site.engine.anomalies();
    let first = all.iter().find(|one| one.anomaly == ids[0]).unwrap();
    assert!(words.text(&first.signs.why("")).contains("file"));
    // A planned reading comes between the two that were not.
    site.bring(Origin::Connector, vec![reading(OXYGEN, 210, 3_001)]);
    judge(&mut site);
    let outcome = decide(&mut site, vec![ids[0]], Disposition::Reject);
    assert_eq!((outcome.done, outcome.readings), (1, 1));
}

proptest! {
    #![proptest_config(Config::with_cases(48))]

    /// In whatever pieces and order readings come, with restarts between, the same is found in the end.
    #[test]
    fn the_order_of_arrival_does_not_change_what_is_found(
        order in proptest::collection::vec(0_u8..5, 16),
        restarts in proptest::collection::vec(any::<bool>(), 5),
    ) {
        let past = Relating::Ratio {
            above: term(COAL),
            below: term(QUARTER),
            usual: None,
            least: Decimal::from(10_000),
            past: Some(AgainstPast { share: Decimal::new(2, 1), windows: 3 }),
        };
        let relations = || vec![consumption(), relation("rise", 1, past.clone()), emissions()];
        let all = [day(), power(12)].concat();
        let mut straight = site_with(relations(), 800);
        straight.bring(Origin::Connector, all.clone());
        judge(&mut straight);
        prop_assert!(found(&straight).len() >= 4);

        let mut shuffled = site_with(relations(), 800);
        for number in 0..5_u8 {
            let part = piece(&all, &order, number);
            if !part.is_empty() {
                shuffled.bring(Origin::Connector, part);
            }
            judge(&mut shuffled);
            if restarts.get(usize::from(number)) == Some(&true) {
                shuffled.checkpoint();
                shuffled.crash();
            }
        }
        judge(&mut shuffled);
        shuffled.assert_sound();
        prop_assert_eq!(found(&shuffled), found(&straight));
    }
}
