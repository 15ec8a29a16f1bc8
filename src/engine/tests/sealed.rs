//! Sealed months: what stands, what is refused, and what goes on.

use crate::accounting::rules::RuleSet;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::Sequence;
use crate::domain::identity::SourceId;
use crate::domain::model::{Binding, Window};
use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::Month;
use crate::engine::command::{Answer, CommandBody, MeterChange, Provenance, Refusal};
use crate::engine::event::kind;
use crate::engine::sealed::{RestsOn, YearCut, is_droppable};
use crate::engine::view::{Explanation, Target};

use super::plant::{
    BOILER, BOOK, CARBON, COAL, NEW_YEAR, POWER, Site, at, delivered, interval, model, person, reading,
};

const JANUARY: Month = Month { year: 2025, month: 1 };
/// Minutes from the new year to the first of February.
const FEBRUARY: i64 = 31 * 1440;

fn why<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    match result {
        Err(Refusal::Request(text)) => text.id.into_owned(),
        other => panic!("{other:?}"),
    }
}

/// Coal on the first of January and around the turn to February, and a counter that is read on both sides of it.
fn filled() -> Site {
    let mut site = Site::new();
    site.bring(
        Origin::File,
        (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect(),
    );
    let turn = (-60..=60).map(|minute| reading(COAL, FEBRUARY + minute, 60_000));
    site.bring(Origin::File, turn.collect());
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, FEBRUARY - 600, 1_000),
            reading(POWER, FEBRUARY + 600, 9_000),
        ],
    );
    site.now = NEW_YEAR.plus(2_000 * 86_400_000);
    site
}

#[test]
fn only_what_the_law_lets_go_of_is_sealed_and_only_forwards() {
    let mut site = filled();
    let december = Month { year: 2024, month: 12 };
    site.now = NEW_YEAR.plus(1_830 * 86_400_000);
    assert_eq!(
        why(site.seal(JANUARY)),
        "sealed-too-early",
        "five years after its end, not its beginning"
    );
    assert_eq!(site.seal(december).map(|_| ()), Ok(()));
    site.now = site.now.plus(40 * 86_400_000);
    assert_eq!(why(site.seal(december)), "sealed-already");
    site.seal(JANUARY).unwrap();
    assert_eq!(why(site.seal(december)), "sealed-already");
    let mut longer = filled();
    longer.apply({
        let mut kept = model();
        kept.retention_years = 10;
        kept
    });
    assert_eq!(why(longer.seal(JANUARY)), "sealed-too-early");
}

#[test]
fn what_concerns_sealed_hours_is_refused_and_said() {
    let mut site = filled();
    let record = site.journal.last().unwrap().sequence;
    site.seal(JANUARY).unwrap();
    let outcome = site.bring(
        Origin::Connector,
        vec![
            reading(COAL, FEBRUARY - 1, 1),
            interval(COAL, FEBRUARY - 30, 60, 1),
            reading(COAL, FEBRUARY, 61_000),
        ],
    );
    assert_eq!((outcome.accepted + outcome.replaced, outcome.refused.len()), (1, 2));
    assert!(outcome.refused.iter().all(|(_, text)| text.id == "sealed-time"));
    let corrected = site.bring(Origin::Correction, vec![reading(COAL, 5, 1)]);
    assert_eq!(corrected.refused.len(), 1);
    assert_eq!(why(site.withdraw(record)), "sealed-time");
    let change = CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(FEBRUARY - 300),
        final_value: None,
        initial_value: None,
        serial: "n".to_owned(),
        multiplier: "2".to_owned(),
        rollover: None,
        reason: "test".to_owned(),
    });
    assert_eq!(why(site.command(change)), "sealed-time");
    let apply = |from| CommandBody::Apply {
        model: Box::new(model()),
        digest: "d".to_owned(),
        effective_from: from,
    };
    let zone = model().zone;
    assert_eq!(why(site.command(apply(None))), "sealed-model");
    assert_eq!(
        why(site.command(apply(Some(zone.hour_of(at(FEBRUARY - 60)))))),
        "sealed-model"
    );
    site.command(apply(Some(zone.hour_of(at(FEBRUARY))))).unwrap();
    site.assert_sound();
    site.replayed().assert_sound();
}

#[test]
fn sealed_figures_stand_whatever_comes_after_them() {
    let mut site = filled();
    let january = |site: &Site| site.figure(BOILER, Period::Month(JANUARY));
    let before = january(&site);
    site.seal(JANUARY).unwrap();
    // A reading on the turn changes the stretch before it, and the counter's difference reaches back ten hours.
    site.bring(
        Origin::Connector,
        vec![reading(COAL, FEBRUARY, 90_000), reading(POWER, FEBRUARY + 60, 2_000)],
    );
    let mut rules: RuleSet = crate::catalogue::rule_set().unwrap().clone();
    rules = serde_json::from_str(&serde_json::to_string(&rules).unwrap().replace("44", "88")).unwrap_or(rules);
    let _ = site.command(CommandBody::Adopt { rules: Box::new(rules) });
    assert_eq!(january(&site), before);
    site.assert_sound();
    site.checkpoint();
    site.crash();
    assert_eq!(january(&site), before);
    site.assert_sound();
    let explained = explain(&site, &of(BOILER, Period::Month(JANUARY)));
    assert!(says(&explained, "explain-sealed"));
    // The last sealed hour of the counter keeps the share that it had, whatever its readings say by now.
    let hour = model().zone.hour_of(at(FEBRUARY - 60));
    let explained = explain(&site, &Target::Bucket { parameter: POWER, hour });
    assert!(says(&explained, "explain-sealed-readings"), "{explained:#?}");
    assert_eq!(explained.numbers, None);
}

#[test]
fn whoever_corrects_is_told_what_of_it_lies_in_sealed_hours() {
    let mut site = filled();
    site.seal(JANUARY).unwrap();
    let corrected = |site: &mut Site, by, readings| {
        let correction = delivered(Origin::Correction, Provenance::default(), readings);
        match site.asked_by(by, None, correction).unwrap() {
            Answer::Intake(outcome) => outcome.left_sealed,
            other => panic!("{other:?}"),
        }
    };
    let somebody = || person("2001", Role::CarbonAccountant);
    // Half of the twenty hours of the stretch are sealed: 1.2 kWh more, times 30, of which half are left out.
    let left = corrected(&mut site, somebody(), vec![reading(POWER, FEBRUARY + 600, 10_200)]);
    let [left] = left.as_slice() else {
        panic!("{left:?}");
    };
    assert_eq!(left.id, "sealed-share-left");
    let said = format!("{:?}", left.arguments);
    assert!(said.contains("JE-1") && said.contains("\"18\""), "{said}");
    // What lies after the seal changes nothing before it; and a machine has nobody to be told.
    let later = |value| vec![reading(COAL, FEBRUARY + 30, value)];
    assert_eq!(corrected(&mut site, somebody(), later(70_000)), []);
    let by_itself = vec![reading(POWER, FEBRUARY + 600, 10_300)];
    assert_eq!(corrected(&mut site, Actor::daemon(), by_itself), []);
    site.assert_sound();
    site.replayed().assert_sound();
}

fn explain(site: &Site, target: &Target) -> Explanation {
    site.engine.explain(&site.history, target).unwrap()
}

fn of(source: SourceId, period: Period) -> Target {
    Target::Source {
        book: BOOK,
        source,
        period,
    }
}

fn says(explained: &Explanation, remark: &str) -> bool {
    explained.remarks.iter().any(|said| said.id == remark)
}

/// Coal in January and in March, whose carbon is tested once a year.
fn tested_by_the_year() -> Site {
    let mut site = Site::bare();
    let mut yearly = model();
    for (key, binding) in &mut yearly.sources[0].inputs {
        if let (true, Binding::Parameter { window, .. }) = (key == "carbon_content_per_heat", binding) {
            *window = Window::Year;
        }
    }
    site.apply(yearly);
    for from in [5 * 1440, MARCH + 5 * 1440] {
        let readings = (0..=60).map(|minute| reading(COAL, from + minute, 100_000));
        site.bring(Origin::Connector, readings.collect());
    }
    site.now = NEW_YEAR.plus(2_000 * 86_400_000);
    site
}

/// Minutes from the new year to the first of March.
const MARCH: i64 = 59 * 1440;

#[test]
fn a_test_of_the_rest_of_the_year_moves_no_sealed_figure_and_is_told_beside_it() {
    let mut site = tested_by_the_year();
    let month = |month| Period::Month(Month { year: 2025, month });
    let figure = |site: &Site, of| site.figure(BOILER, month(of)).milligrams;
    let before = figure(&site, 1);
    assert_eq!(before, figure(&site, 3));
    let zone = model().zone;
    let cell = |minutes| Target::Cell {
        book: BOOK,
        source: BOILER,
        hour: zone.hour_of(at(minutes)),
    };
    let (sealed, open) = (cell(5 * 1440), cell(MARCH + 5 * 1440));
    site.seal(JANUARY).unwrap();
    let plain = explain(&site, &sealed);
    assert!(plain.numbers.is_some() && says(&plain, "explain-sealed"), "{plain:#?}");
    assert!(!says(&plain, "explain-sealed-today-numbers"));
    // Till nothing else is known the month has nothing to say but that it is sealed; rounding is not told of it.
    let quiet = explain(&site, &of(BOILER, month(1)));
    assert!(
        !says(&quiet, "explain-rounding") && !says(&quiet, "explain-sealed-today"),
        "{quiet:#?}"
    );

    // 0.03 tC/GJ in place of the 0.0261 that stood in.
    let outcome = site.bring(Origin::Laboratory, vec![interval(CARBON, 130 * 1440, 1440, 30)]);
    let restated: Vec<&str> = outcome.restated.iter().map(|one| one.month.as_str()).collect();
    assert_eq!((outcome.accepted, restated), (1, vec!["2025-03"]));
    assert_eq!(figure(&site, 1), before);
    let after = figure(&site, 3);
    assert_eq!(after * 261, before * 300);

    let tonnes = |milligrams| super::super::explain::tonnes(milligrams);
    let told = explain(&site, &sealed);
    assert_eq!(told.value, Some(tonnes(before)), "what the ledger has");
    assert_eq!(told.numbers, None, "the numbers of today do not make it");
    let today = told
        .remarks
        .iter()
        .find(|said| said.id == "explain-sealed-today-numbers");
    let today = format!("{:?}", today.unwrap());
    assert!(today.contains(&tonnes(after)), "{today}");
    assert!(explain(&site, &open).numbers.is_some());
    assert_eq!(explain(&site, &open).value, Some(tonnes(after)));
    let whole = explain(&site, &of(BOILER, month(1)));
    assert_eq!(whole.value, Some(tonnes(before)));
    assert!(
        says(&whole, "explain-sealed-today") && !says(&whole, "explain-rounding"),
        "{whole:#?}"
    );
    let year = explain(&site, &of(BOILER, Period::Year(2025)));
    for remark in [
        "explain-sealed-partly",
        "explain-sealed-today",
        "explain-rounding-unsealed",
    ] {
        assert!(says(&year, remark), "{remark}: {year:#?}");
    }
    let input = |target: &Target| match *target {
        Target::Cell { hour, .. } => Target::Input {
            book: BOOK,
            source: BOILER,
            input: "carbon_content_per_heat".to_owned(),
            hour,
        },
        _ => panic!("{target:?}"),
    };
    assert!(says(&explain(&site, &input(&sealed)), "explain-sealed-input"));
    assert!(!says(&explain(&site, &input(&open)), "explain-sealed-input"));
    site.assert_sound();
    site.replayed().assert_sound();
}

#[test]
fn whoever_seals_within_a_year_is_told_what_its_later_tests_will_not_move() {
    let mut site = tested_by_the_year();
    let cuts = |site: &Site, month| {
        let through = Month { year: 2025, month };
        site.engine.cut_by_seal(&site.history, through).unwrap()
    };
    let cut = |months: &[u32], rests_on| YearCut {
        tag: "CC".to_owned(),
        months: months.iter().map(|&month| Month { year: 2025, month }).collect(),
        rests_on,
    };
    assert_eq!(cuts(&site, 1), [cut(&[1], RestsOn::StandIn)]);
    assert_eq!(cuts(&site, 4), [cut(&[1, 3], RestsOn::StandIn)]);
    assert_eq!(cuts(&site, 12), [], "a whole year");
    // February has cells, in which nothing but the gap between readings is.
    let march = Month { year: 2025, month: 3 };
    let told = site.engine.months_to_seal(&site.history, march).unwrap();
    assert_eq!(told.without_figures, [Month { year: 2025, month: 2 }]);
    assert_eq!(told.never_closed, [JANUARY, march]);
    let mut monthly = site.clone();
    site.bring(Origin::Laboratory, vec![interval(CARBON, 130 * 1440, 1440, 30)]);
    assert_eq!(cuts(&site, 4), [], "its one test is there");
    // Where a test is planned in every month, those of the rest are waited for.
    let mut planned = monthly.engine.model().unwrap().as_ref().clone();
    for parameter in &mut planned.parameters {
        if parameter.id == CARBON {
            parameter.calendar = Some(crate::domain::calendar::CalendarInterval::Month);
        }
    }
    monthly.apply(planned);
    monthly.bring(Origin::Laboratory, vec![interval(CARBON, 0, 1440, 30)]);
    assert_eq!(cuts(&monthly, 1), [cut(&[1], RestsOn::Tests(1))]);
    monthly.seal(JANUARY).unwrap();
    assert_eq!(cuts(&monthly, 2), [], "January was told then");
    assert_eq!(cuts(&monthly, 3), [cut(&[3], RestsOn::Tests(1))]);
}

#[test]
fn nothing_but_sealed_readings_of_machines_may_be_dropped() {
    let mut site = filled();
    site.now = NEW_YEAR;
    let typed = CommandBody::Intake {
        origin: Origin::Typed,
        provenance: Provenance::default(),
        readings: vec![reading(COAL, 70, 100_000)],
    };
    site.command(typed).unwrap();
    site.bring(Origin::Connector, vec![reading(COAL, 80, 100_000)]);
    // A file that somebody imports is theirs, whether or not the plan asks a second person for it.
    let imported = delivered(Origin::File, Provenance::default(), vec![reading(COAL, 90, 100_000)]);
    site.asked_by(person("2001", Role::CarbonAccountant), None, imported)
        .unwrap();
    site.now = NEW_YEAR.plus(2_000 * 86_400_000);
    site.seal(JANUARY).unwrap();
    let seal = &site.engine.sealed().unwrap().seal;
    let zone = model().zone;
    let droppable: Vec<Sequence> = site
        .journal
        .iter()
        .filter(|record| is_droppable(&zone, seal, record.kind(), 1, &record.payload))
        .map(|record| record.sequence)
        .collect();
    // Rules, model, two files of which the second reaches into February, the counter that does too, typed, connector,
    // imported.
    assert_eq!(droppable, [Sequence(3), Sequence(7)]);
    assert!(!is_droppable(&zone, seal, kind::READINGS, 1, b"nonsense"));
}

#[test]
fn the_state_keeps_which_seal_lets_go_of_readings() {
    let mut site = filled();
    site.seal(JANUARY).unwrap();
    let first = site.engine.sealed().unwrap().dropping().unwrap();
    assert_eq!(first.seal.through, JANUARY);
    site.now = site.now.plus(60 * 86_400_000);
    site.seal_keeping(Month { year: 2025, month: 2 }).unwrap();
    let kept = |site: &Site| site.engine.sealed().unwrap().dropping();
    assert_eq!(kept(&site), Some(first));
    assert_eq!(kept(&site.replayed()), kept(&site));
    let before = kept(&site);
    site.checkpoint();
    site.crash();
    assert_eq!(kept(&site), before);
    assert!(site.engine.sealed().unwrap().seal.through > JANUARY);
}
