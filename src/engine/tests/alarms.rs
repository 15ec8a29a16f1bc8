//! Alarms as the engine keeps them: raised by readings and by silence, answered by people, the same after a crash and after
//! a replay from nothing.

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::domain::alarms::{AlarmPlan, Compliance, ParameterAlarms};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Limits, Runs, SiteModel};
use crate::domain::reading::{Origin, Quality};
use crate::domain::time::Instant;
use crate::engine::alarms::{AlarmDeed, AlarmsOutcome};
use crate::engine::command::{Answer, CommandBody, Provenance};
use crate::engine::view::AlarmView;
use crate::quality::alarm::{AlarmId, Kind, Label, Priority};

use super::plant::{COAL, OXYGEN, POWER, Site, at, model, reading};

const HIGH: AlarmId = AlarmId {
    parameter: COAL,
    kind: Kind::High,
};
const SILENT: AlarmId = AlarmId {
    parameter: COAL,
    kind: Kind::NoData,
};

/// Coal is to lie below thirty tonnes an hour, five minutes long; nothing else is watched.
fn watched() -> SiteModel {
    let mut watched = model();
    for parameter in &mut watched.parameters {
        parameter.key = parameter.id == COAL;
    }
    let coal = watched.parameters.iter_mut().find(|parameter| parameter.id == COAL);
    let coal = coal.unwrap();
    coal.operating = Limits {
        low: None,
        high: Some(30.into()),
    };
    coal.deadband = 1.into();
    coal.delay_ms = 5 * 60_000;
    let boiler = coal.node;
    let boiler = watched.nodes.iter_mut().find(|node| node.id == boiler).unwrap();
    boiler.runs = Some(Runs {
        parameter: OXYGEN,
        above: 2.into(),
        after_ms: 10 * 60_000,
    });
    watched
}

fn site() -> Site {
    let mut site = Site::young();
    site.apply(watched());
    site
}

/// A minute's reading of coal, in tonnes an hour.
fn coal(site: &mut Site, minute: i64, tonnes: i64) {
    site.now = site.now.max(at(minute));
    site.bring(Origin::Connector, vec![reading(COAL, minute, tonnes * 1_000)]);
}

/// What tells whether the boiler runs.
fn load(site: &mut Site, minute: i64, value: i64) {
    let decimals = watched().parameter(OXYGEN).unwrap().decimals;
    site.now = site.now.max(at(minute));
    site.bring(
        Origin::Connector,
        vec![reading(OXYGEN, minute, value * 10_i64.pow(decimals))],
    );
}

fn tick(site: &mut Site, minute: i64) {
    site.now = site.now.max(at(minute));
    site.command(CommandBody::Tick).unwrap();
}

fn deed(site: &mut Site, alarm: AlarmId, deed: AlarmDeed) -> AlarmsOutcome {
    let alarms = vec![alarm];
    match site.command(CommandBody::Alarms { alarms, deed }).unwrap() {
        Answer::Alarms(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

fn refused(outcome: &AlarmsOutcome) -> &str {
    assert_eq!(outcome.sequence, None);
    &outcome.refused[0].1.id
}

fn label(site: &Site, alarm: AlarmId) -> Label {
    site.engine
        .alarm(alarm)
        .map_or(Label::Normal, |view| view.state.label())
}

/// All alarms, and all that was announced, when time has passed up to the site's now: a crash forgets how late it was.
fn everything(site: &Site) -> (Vec<AlarmView>, String) {
    let mut site = site.clone();
    site.engine.set_now(site.now);
    site.engine.pass_alarms(&site.history).unwrap();
    let figures = site.engine.alarm_figures(&site.history, at(-1), at(1_000_000)).unwrap();
    (site.engine.alarms(), format!("{figures:?}"))
}

/// They are the same after a crash, and after a replay from nothing.
fn assert_kept(site: &Site) {
    let brought_up = |mut other: Site| {
        other.now = site.now;
        everything(&other)
    };
    let mut crashed = site.clone();
    crashed.crash();
    assert_eq!(brought_up(crashed), everything(site), "after a crash");
    let mut stored = site.clone();
    stored.checkpoint();
    stored.crash();
    assert_eq!(brought_up(stored), everything(site), "from rows alone");
    assert_eq!(brought_up(site.replayed()), everything(site), "from nothing");
}

#[test]
fn a_limit_that_is_passed_for_its_delay_raises_an_alarm_that_is_answered() {
    let mut site = site();
    for minute in 0..10 {
        coal(&mut site, minute, 29);
    }
    assert_eq!(site.engine.alarms(), []);
    for minute in 10..=15 {
        coal(&mut site, minute, 31 + minute - 10);
    }
    // The delay's end itself still hears what comes at it.
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    let raised = site.engine.alarm(HIGH).unwrap();
    assert_eq!((raised.since, raised.told), (Some(at(10)), Some(at(15))));
    assert_eq!((raised.limit, raised.worst), (Some(30_000), Some(36_000)));
    let acknowledged = deed(&mut site, HIGH, AlarmDeed::Acknowledge);
    assert_eq!((acknowledged.done, acknowledged.refused.len()), (1, 0));
    let answered = site.engine.alarm(HIGH).unwrap();
    assert_eq!(answered.state.label(), Label::Acknowledged);
    assert_eq!(answered.answered_by.map(|by| by.record), acknowledged.sequence);
    let again = deed(&mut site, HIGH, AlarmDeed::Acknowledge);
    assert_eq!(refused(&again), "alarm-refused-nothing-to-acknowledge");
    // Within the deadband it stands; below it returns.
    coal(&mut site, 17, 30);
    assert_eq!(label(&site, HIGH), Label::Acknowledged);
    coal(&mut site, 18, 29);
    assert_eq!(label(&site, HIGH), Label::Normal);
    assert_kept(&site);
    let figures = site.engine.alarm_figures(&site.history, at(0), at(60)).unwrap();
    assert_eq!((figures.alarms, figures.acknowledged.part), (1, 1));
    assert_eq!(figures.time_to_acknowledge_ms.part, 0);
}

#[test]
fn silence_is_an_alarm_of_its_own_and_clears_no_other() {
    let mut site = site();
    for minute in 0..10 {
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    tick(&mut site, 11);
    assert_eq!(label(&site, SILENT), Label::Normal);
    assert!(site.engine.alarms_due() <= at(13), "{:?}", site.engine.alarms_due());
    tick(&mut site, 30);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    let silent = site.engine.alarm(SILENT).unwrap();
    assert!(
        silent.told.unwrap() < at(30),
        "dated to the delay's end, whoever looks when"
    );
    assert_eq!(silent.priority, Priority::Medium, "the data plan owes it, soon");
    coal(&mut site, 31, 20);
    assert_eq!(label(&site, SILENT), Label::ReturnedUnacknowledged);
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    assert_kept(&site);
}

#[test]
fn what_is_marked_bad_is_told_and_says_nothing_of_limits() {
    let mut site = site();
    coal(&mut site, 0, 20);
    site.now = at(1);
    let mut bad = reading(COAL, 1, 99_000);
    bad.quality = Quality::Bad;
    site.bring(Origin::Connector, vec![bad]);
    let marked = AlarmId {
        parameter: COAL,
        kind: Kind::MarkedBad,
    };
    tick(&mut site, 2);
    let delay = watched().parameters[0].delay_ms / 60_000;
    for minute in 2..=1 + delay {
        site.now = at(minute);
        let mut bad = reading(COAL, minute, 99_000);
        bad.quality = Quality::Bad;
        site.bring(Origin::Connector, vec![bad]);
    }
    assert_eq!(label(&site, marked), Label::Unacknowledged);
    assert_eq!(label(&site, HIGH), Label::Normal);
    assert_kept(&site);
}

#[test]
fn what_is_imported_of_the_past_raises_nothing() {
    let mut site = site();
    site.now = at(100_000);
    let readings = (0..500).map(|minute| reading(COAL, minute, 90_000)).collect();
    site.bring(Origin::File, readings);
    assert_eq!(label(&site, HIGH), Label::Normal);
    // Nothing came of late, which is another matter.
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_kept(&site);
}

#[test]
fn a_shelf_ends_by_itself_and_none_is_without_end() {
    let mut site = site();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    let shelve = |until: Option<Instant>, reason: &str| AlarmDeed::Shelve {
        until,
        one_shot: false,
        reason: reason.to_owned(),
    };
    for (wanted, why) in [
        (shelve(None, "calibrating"), "alarm-refused-shelf-without-end"),
        (shelve(Some(at(5)), "calibrating"), "alarm-refused-shelf-end-past"),
        (shelve(Some(at(60)), " "), "alarm-refused-no-reason"),
        (
            shelve(Some(at(6).plus(8 * 3_600_000 + 1)), "calibrating"),
            "alarm-refused-shelf-too-long",
        ),
    ] {
        let outcome = deed(&mut site, HIGH, wanted.clone());
        assert_eq!(refused(&outcome), why, "{wanted:?}");
    }
    deed(&mut site, HIGH, shelve(Some(at(60)), "calibrating"));
    assert_eq!(label(&site, HIGH), Label::Shelved);
    let hidden = deed(&mut site, HIGH, AlarmDeed::Acknowledge);
    assert_eq!(refused(&hidden), "alarm-refused-hidden");
    assert_kept(&site);
    for minute in 7..=58 {
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Shelved);
    assert!(site.engine.alarms_due() <= at(60));
    tick(&mut site, 61);
    assert_eq!(
        label(&site, HIGH),
        Label::Unacknowledged,
        "it stands still, and asks anew"
    );
    assert_eq!(site.engine.alarm(HIGH).unwrap().told, Some(at(60)));
    assert_kept(&site);
}

#[test]
fn what_is_refused_of_some_is_done_to_the_others() {
    let mut site = site();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    let unknown = AlarmId {
        parameter: POWER,
        kind: Kind::High,
    };
    let before = site.engine.next_sequence();
    let alarms = vec![unknown, HIGH, SILENT, HIGH];
    let answer = site
        .command(CommandBody::Alarms {
            alarms,
            deed: AlarmDeed::Acknowledge,
        })
        .unwrap();
    let Answer::Alarms(outcome) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((outcome.sequence, outcome.done), (Some(before), 1));
    let refused: Vec<(AlarmId, &str)> = outcome.refused.iter().map(|(id, why)| (*id, &*why.id)).collect();
    assert_eq!(
        refused,
        [
            (unknown, "alarm-refused-unknown"),
            (SILENT, "alarm-refused-nothing-to-acknowledge")
        ]
    );
    // What is refused of all makes no record.
    assert_eq!(deed(&mut site, unknown, AlarmDeed::Reset).sequence, None);
    assert_eq!(site.engine.next_sequence(), Sequence(before.0 + 1));
    let none = site.command(CommandBody::Alarms {
        alarms: Vec::new(),
        deed: AlarmDeed::Acknowledge,
    });
    assert!(none.is_err());
}

#[test]
fn what_stands_goes_on_under_another_limit_and_ends_with_a_parameter_that_is_no_key_any_more() {
    let mut site = site();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    // The same again changes nothing.
    site.apply(watched());
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    let mut higher = watched();
    higher.parameters[0].operating.high = Some(40.into());
    site.apply(higher);
    // Nothing has come that lies within the new limit.
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    assert_eq!(site.engine.alarm(HIGH).unwrap().limit, Some(40_000));
    assert_kept(&site);
    coal(&mut site, 7, 39);
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    for minute in 8..=14 {
        coal(&mut site, minute, 41);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    assert_kept(&site);
    let mut unwatched = watched();
    unwatched.parameters[0].key = false;
    site.apply(unwatched);
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    deed(&mut site, HIGH, AlarmDeed::Acknowledge);
    assert_eq!(site.engine.alarms(), []);
    assert_kept(&site);
}

#[test]
fn no_other_deadband_and_no_other_gap_limit_clears_an_alarm() {
    let mut site = site();
    for minute in 0..10 {
        coal(&mut site, minute, 35);
    }
    tick(&mut site, 30);
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    let mut other = watched();
    other.parameters[0].deadband = 2.into();
    other.parameters[0].gap_limit_ms = 20 * 60_000;
    site.apply(other);
    tick(&mut site, 90);
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_kept(&site);
    // Of the new deadband a value within it says nothing, one beyond it that it is over.
    coal(&mut site, 91, 29);
    assert_eq!(label(&site, SILENT), Label::ReturnedUnacknowledged);
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    coal(&mut site, 92, 28);
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    assert_kept(&site);
    // What the model names no more has ended; named again it begins from nothing.
    for minute in 93..=99 {
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    let mut unlimited = watched();
    unlimited.parameters[0].operating.high = None;
    site.apply(unlimited);
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    site.apply(watched());
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    for minute in 100..=106 {
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    assert_kept(&site);
}

#[test]
fn time_before_anything_was_watched_is_no_quiet_time() {
    let mut site = site();
    let began = site.engine.now();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    let long_before = began.plus(-40 * 24 * 3_600_000);
    let figures = site.engine.alarm_figures(&site.history, long_before, at(60)).unwrap();
    assert!(figures.from >= began && figures.from <= at(0), "{:?}", figures.from);
    assert_eq!(figures.alarms, 1);
    let later = site.engine.alarm_figures(&site.history, at(3), at(60)).unwrap();
    assert_eq!(later.from, at(3));
    assert_kept(&site);
}

#[test]
fn silence_tells_which_feed_fell_silent() {
    let mut site = site();
    for minute in 0..=3 {
        site.now = at(minute);
        let provenance = Provenance {
            name: format!("dcs-1/{minute}.csv"),
            ..Provenance::default()
        };
        let readings = vec![reading(COAL, minute, 35_000)];
        let brought = CommandBody::Intake {
            origin: Origin::Connector,
            readings,
            provenance,
        };
        site.command(brought).unwrap();
    }
    tick(&mut site, 30);
    let feed = |site: &Site, alarm| site.engine.alarm(alarm).unwrap().feed;
    assert_eq!(feed(&site, SILENT).as_deref(), Some("dcs-1"));
    assert_eq!(site.engine.alarm(HIGH).and_then(|high| high.feed), None);
    assert_kept(&site);
}

#[test]
fn an_alarm_tells_on_what_its_priority_rests() {
    let mut site = site();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    tick(&mut site, 30);
    let high = site.engine.alarm(HIGH).unwrap().ranking.unwrap();
    assert_eq!((high.owed, high.time_to_act_ms), (Compliance::OwnGoal, 30 * 60_000));
    let silent = site.engine.alarm(SILENT).unwrap();
    let ranking = silent.ranking.unwrap();
    assert_eq!(
        (ranking.owed, ranking.time_to_act_ms),
        (Compliance::DataPlan, 15 * 60_000)
    );
    assert_eq!(ranking.priority, Some(silent.priority));
}

#[test]
fn a_shelf_that_ends_leaves_the_silence_after_it_to_be_told() {
    let mut site = site();
    coal(&mut site, 0, 20);
    tick(&mut site, 10);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    let shelve = AlarmDeed::Shelve {
        until: Some(at(60)),
        one_shot: false,
        reason: "calibrating".to_owned(),
    };
    deed(&mut site, SILENT, shelve);
    for minute in 11..=59 {
        coal(&mut site, minute, 20);
    }
    tick(&mut site, 60);
    assert!(site.engine.alarms_due() < at(64), "{:?}", site.engine.alarms_due());
    tick(&mut site, 100);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_kept(&site);
}

#[test]
fn announcements_of_one_instant_and_alarms_that_stand_for_months_are_counted() {
    let mut site = site();
    for minute in 0..=6 {
        coal(&mut site, minute, 35);
    }
    for _ in 0..3 {
        let shelve = AlarmDeed::Shelve {
            until: Some(at(60)),
            one_shot: false,
            reason: "x".to_owned(),
        };
        deed(&mut site, HIGH, shelve);
        deed(&mut site, HIGH, AlarmDeed::Unshelve);
    }
    let counted = |site: &Site, from: i64, to: i64| site.engine.alarm_figures(&site.history, at(from), at(to)).unwrap();
    tick(&mut site, 7);
    assert_eq!(counted(&site, 0, 60).alarms, 4);
    deed(&mut site, HIGH, AlarmDeed::Acknowledge);
    site.checkpoint();
    assert_eq!(counted(&site, 0, 60).alarms, 4);
    // It stands for forty days; so does the silence since.
    let days = 40 * 1_440;
    tick(&mut site, days);
    let figures = counted(&site, days - 1_440, days);
    assert_eq!(
        (figures.alarms, figures.standing.at_end, figures.stale.len()),
        (0, 2, 2)
    );
    for minute in days + 1..=days + 3 {
        coal(&mut site, minute, 20);
    }
    site.checkpoint();
    let figures = counted(&site, days - 1_440, days);
    assert_eq!((figures.alarms, figures.standing.most), (0, 2), "as it was then");
    assert_kept(&site);
}

#[test]
fn on_a_simulated_site_time_passes_with_the_readings() {
    let mut simulated = watched();
    simulated.simulated = true;
    let mut site = Site::asleep();
    site.apply(simulated);
    // A batch of half an hour brings the clock forward: no minute of it was silent.
    let batch = |from: i64, tonnes: i64| (from..from + 30).map(move |minute| reading(COAL, minute, tonnes * 1_000));
    for from in [0, 30, 60] {
        site.now = at(from + 29);
        site.bring(Origin::Simulated, batch(from, 20).collect());
        assert_eq!(site.engine.alarms(), []);
    }
    site.now = at(119);
    let mut mixed: Vec<_> = batch(90, 35).collect();
    mixed.reverse();
    site.bring(Origin::Simulated, mixed);
    let raised = site.engine.alarm(HIGH).unwrap();
    assert_eq!(
        (raised.since, raised.told),
        (Some(at(90)), Some(at(95))),
        "in the order of time"
    );
    assert_eq!(label(&site, SILENT), Label::Normal);
    assert_kept(&site);
}

#[test]
fn a_past_that_is_filled_in_is_not_watched() {
    let mut simulated = watched();
    simulated.simulated = true;
    let mut site = Site::asleep();
    site.apply(simulated);
    for day in 0..20 {
        // One reading an hour, far more seldom than the plan expects, and far beyond the limit.
        site.now = at(day * 1_440 + 1_380);
        let readings = (0..24)
            .map(|hour| reading(COAL, day * 1_440 + hour * 60, 90_000))
            .collect();
        let provenance = Provenance {
            past: true,
            ..Provenance::default()
        };
        site.command(CommandBody::Intake {
            origin: Origin::Simulated,
            provenance,
            readings,
        })
        .unwrap();
        tick(&mut site, day * 1_440 + 1_380);
    }
    assert_eq!(site.engine.alarms(), []);
    let present = 20 * 1_440;
    site.now = at(present + 9);
    site.bring(
        Origin::Simulated,
        (present..present + 10)
            .map(|minute| reading(COAL, minute, 20_000))
            .collect(),
    );
    assert_eq!(site.engine.alarms(), []);
    tick(&mut site, present + 100);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_kept(&site);
}

#[test]
fn while_the_equipment_stands_still_its_alarms_are_suppressed() {
    let mut site = site();
    for minute in 0..=6 {
        load(&mut site, minute, 9);
        coal(&mut site, minute, 35);
    }
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    load(&mut site, 7, 1);
    coal(&mut site, 7, 20);
    for minute in 8..=16 {
        load(&mut site, minute, 2);
    }
    assert_eq!(label(&site, HIGH), Label::ReturnedUnacknowledged);
    assert_eq!(
        label(&site, SILENT),
        Label::Unacknowledged,
        "it fell silent before it counted as stopped"
    );
    // At its bound for ten minutes: it stands still, and so does the silence of its meter.
    load(&mut site, 17, 2);
    tick(&mut site, 18);
    for alarm in [HIGH, SILENT] {
        assert_eq!(label(&site, alarm), Label::Suppressed);
    }
    assert_kept(&site);
    tick(&mut site, 200);
    assert_eq!(label(&site, SILENT), Label::Suppressed);
    let refused_deed = deed(&mut site, SILENT, AlarmDeed::Acknowledge);
    assert_eq!(refused(&refused_deed), "alarm-refused-hidden");
    // It runs again and its meter still says nothing.
    load(&mut site, 201, 5);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_eq!(
        label(&site, HIGH),
        Label::ReturnedUnacknowledged,
        "what was owed before is owed still"
    );
    assert_kept(&site);
    // A model that says nothing of it suppresses nothing.
    for minute in 202..=213 {
        load(&mut site, minute, 0);
    }
    assert_eq!(label(&site, SILENT), Label::Suppressed);
    let mut unsaid = watched();
    unsaid.nodes.iter_mut().for_each(|node| node.runs = None);
    site.apply(unsaid);
    assert_eq!(label(&site, SILENT), Label::Unacknowledged);
    assert_kept(&site);
}

#[derive(Debug, Clone)]
enum Act {
    Load(i64, i64),
    Read(i64, i64, u8),
    Silence(i64),
    Late(i64, i64),
    Deed(u8, u8),
    Model(bool),
    Checkpoint,
    Crash,
}

fn arbitrary_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (1i64..4, 25i64..40, 0u8..10).prop_map(|(minutes, tonnes, quality)| Act::Read(minutes, tonnes, quality)),
        3 => (0i64..20, 0i64..6).prop_map(|(minutes, value)| Act::Load(minutes, value)),
        2 => (1i64..90).prop_map(Act::Silence),
        1 => (1i64..30, 25i64..40).prop_map(|(ago, tonnes)| Act::Late(ago, tonnes)),
        3 => (0u8..6, 0u8..3).prop_map(|(which, alarm)| Act::Deed(which, alarm)),
        1 => any::<bool>().prop_map(Act::Model),
        1 => Just(Act::Checkpoint),
        1 => Just(Act::Crash),
    ]
}

fn act(site: &mut Site, minute: &mut i64, act: &Act) {
    match act {
        Act::Read(minutes, tonnes, quality) => {
            *minute += minutes;
            site.now = site.now.max(at(*minute));
            let mut one = reading(COAL, *minute, tonnes * 1_000);
            one.quality = if *quality == 0 { Quality::Bad } else { Quality::Good };
            site.bring(Origin::Connector, vec![one]);
        }
        Act::Load(minutes, value) => {
            *minute += minutes;
            load(site, *minute, *value);
        }
        Act::Silence(minutes) => {
            *minute += minutes;
            tick(site, *minute);
        }
        Act::Late(ago, tonnes) => {
            site.bring(Origin::Connector, vec![reading(COAL, *minute - ago, tonnes * 1_000)]);
        }
        Act::Deed(which, alarm) => {
            let alarm = [Kind::High, Kind::NoData, Kind::MarkedBad][usize::from(*alarm)];
            let wanted = match which {
                0 | 1 => AlarmDeed::Acknowledge,
                2 => AlarmDeed::Shelve {
                    until: Some(site.now.plus(20 * 60_000)),
                    one_shot: *minute % 2 == 0,
                    reason: "x".to_owned(),
                },
                3 => AlarmDeed::Unshelve,
                4 => AlarmDeed::RemoveFromService { reason: "x".to_owned() },
                _ => AlarmDeed::ReturnToService,
            };
            deed(
                site,
                AlarmId {
                    parameter: COAL,
                    kind: alarm,
                },
                wanted,
            );
        }
        Act::Model(other) => {
            let mut changed = watched();
            if *other {
                changed.parameters[0].operating.high = Some(33.into());
                changed.nodes.iter_mut().for_each(|node| node.runs = None);
            }
            site.apply(changed);
        }
        Act::Checkpoint => site.checkpoint(),
        Act::Crash => site.crash(),
    }
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn alarms_are_the_same_whatever_crashes_and_whenever_somebody_looks(
        acts in prop::collection::vec(arbitrary_act(), 1..60),
        looks in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let (mut site, mut minute) = (site(), 0);
        // The same without crashes, and looked at at other times.
        let (mut other, mut other_minute) = (self::site(), 0);
        let looks: Vec<usize> = looks.iter().map(|look| look.index(acts.len())).collect();
        for (place, one) in acts.iter().enumerate() {
            act(&mut site, &mut minute, one);
            if !matches!(one, Act::Crash | Act::Checkpoint) {
                act(&mut other, &mut other_minute, one);
            }
            if looks.contains(&place) {
                let now = other.now;
                other.engine.set_now(now);
                other.engine.pass_alarms(&other.history).unwrap();
            }
        }
        prop_assert_eq!(everything(&site), everything(&other));
        assert_kept(&site);
    }
}

#[test]
fn of_parameters_that_are_no_key_nothing_is_watched() {
    let mut unwatched = model();
    unwatched
        .parameters
        .iter_mut()
        .for_each(|parameter| parameter.key = false);
    let mut site = Site::young();
    site.apply(unwatched);
    tick(&mut site, 100_000);
    assert_eq!(site.engine.alarms(), []);
    assert_eq!(
        site.engine.alarm(AlarmId {
            parameter: ParameterId(u32::MAX),
            kind: Kind::Low
        }),
        None
    );
}

/// Coal as before, with a second limit of forty tonnes, alarms that latch, and a longer shelf.
fn sharper() -> SiteModel {
    let mut sharper = watched();
    sharper.alarms = AlarmPlan {
        longest_shelf_ms: Some(10 * 60_000),
        consequence: None,
        urgency_ms: None,
    };
    for parameter in &mut sharper.parameters {
        if parameter.id == COAL {
            parameter.delay_ms = 0;
            parameter.alarms = Some(ParameterAlarms {
                high_high: Some(40.into()),
                off_delay_ms: 2 * 60_000,
                latching: true,
                compliance: Some(Compliance::Law),
                act_within_ms: Some(60_000),
                ..ParameterAlarms::default()
            });
        }
    }
    sharper
}

const HIGH_HIGH: AlarmId = AlarmId {
    parameter: COAL,
    kind: Kind::HighHigh,
};

#[test]
fn while_the_severer_limit_is_passed_the_milder_asks_for_nothing() {
    let mut site = Site::young();
    site.apply(sharper());
    coal(&mut site, 0, 20);
    // Both limits are passed at once: one alarm is announced.
    coal(&mut site, 1, 45);
    assert_eq!(label(&site, HIGH_HIGH), Label::Unacknowledged);
    assert_eq!(label(&site, HIGH), Label::Suppressed);
    assert_eq!(site.engine.alarm_flood(at(1)).rate, 1);
    assert_eq!(site.engine.alarm(HIGH_HIGH).unwrap().priority, Priority::Critical);
    assert_kept(&site);
    // Back between the limits: the severer latches, and the milder asks now.
    coal(&mut site, 2, 35);
    assert_eq!(
        label(&site, HIGH_HIGH),
        Label::Unacknowledged,
        "it must be kept for two minutes"
    );
    coal(&mut site, 5, 35);
    assert_eq!(label(&site, HIGH_HIGH), Label::LatchedUnacknowledged);
    assert_eq!(label(&site, HIGH), Label::Unacknowledged);
    deed(&mut site, HIGH_HIGH, AlarmDeed::Acknowledge);
    assert_eq!(label(&site, HIGH_HIGH), Label::LatchedAcknowledged);
    deed(&mut site, HIGH_HIGH, AlarmDeed::Reset);
    assert_eq!(label(&site, HIGH_HIGH), Label::Normal);
    assert_kept(&site);
    // The second limit goes with the model: what it hid is told again.
    coal(&mut site, 6, 50);
    assert_eq!(label(&site, HIGH), Label::Suppressed);
    let mut without = sharper();
    for parameter in &mut without.parameters {
        parameter.alarms = None;
    }
    site.apply(without);
    assert_ne!(label(&site, HIGH), Label::Suppressed);
    assert_kept(&site);
}

#[test]
fn a_shelf_lasts_as_long_as_the_site_allows() {
    let mut site = Site::young();
    site.apply(sharper());
    coal(&mut site, 0, 35);
    let shelve = |minutes: i64| AlarmDeed::Shelve {
        until: Some(at(minutes)),
        one_shot: false,
        reason: "test".to_owned(),
    };
    assert_eq!(
        refused(&deed(&mut site, HIGH, shelve(11))),
        "alarm-refused-shelf-too-long"
    );
    assert_eq!(deed(&mut site, HIGH, shelve(10)).done, 1);
    let mut never = sharper();
    for parameter in &mut never.parameters {
        if let Some(said) = &mut parameter.alarms {
            said.never_shelved = true;
        }
    }
    let mut site = Site::young();
    site.apply(never);
    coal(&mut site, 0, 35);
    assert_eq!(
        refused(&deed(&mut site, HIGH, shelve(5))),
        "alarm-refused-never-shelved"
    );
}
