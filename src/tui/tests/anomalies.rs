//! The Anomalies pane: what it shows, which anomalies are listed and in which order, and what is asked about them.

mod folded;
mod kept;
mod past;
mod triage;

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::layout::Size;
use rust_decimal::Decimal;

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Name, Person};
use crate::domain::note::About;
use crate::domain::text::Text;
use crate::engine::anomalies::{AnomaliesOutcome, AnomalyDeed, AnomalyHistory, AnomalyPreview, Entry, Signs};
use crate::engine::course::{Course, CourseColumn, CourseMarks, Extent, MadeOf, Measure};
use crate::engine::view::{AnomalyView, NoteView, Restated, Target};
use crate::locale::Language;
use crate::quality::anomaly::{AnomalyId, Correction, Disposition, Holder, Settled, Stage, Work};
use crate::quality::flag::{Flag, Rule};
use crate::tui::anomalies::{COURSE_COLUMNS, Order, Saved, around};
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::pane::Pane;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::{Delta, Snapshot};
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

const DAY_MS: i64 = 86_400_000;

fn holder(name: &str, ago_s: i64) -> Holder {
    Holder {
        name: name.into(),
        at: snapshot().state.now.plus(-ago_s * 1000),
    }
}

/// An anomaly that began so many seconds ago and lasted a minute.
fn anomaly(id: u32, parameter: u32, rule: Rule, ago_s: i64, stake_mg: i64) -> AnomalyView {
    let now = snapshot().state.now;
    let from = now.plus(-ago_s * 1000);
    let to = from.plus(60_000);
    AnomalyView {
        anomaly: AnomalyId(id),
        parameter: ParameterId(parameter),
        signs: Signs {
            part: 0,
            rule,
            flag: Flag::Suspect,
            from,
            to,
            worst: (from, to, from),
            findings: 3,
            value: Some(Decimal::new(2_106, 1)),
            limit: Some(Decimal::new(2_000, 1)),
            reference: Some(Decimal::new(2_1, 1)),
            window_ms: 600_000,
            clause: (id == 12).then(|| "4.3.2".to_owned()),
            going: false,
            stake_mg,
            parts: Vec::new(),
            related: None,
        },
        raised: from,
        record: Sequence(18_000 + u64::from(id)),
        before: id % 4,
        due: now.plus(20 * DAY_MS + 3_600_000),
        work: Work::NEW,
        nonconformity: None,
        evidence: None,
        last: None,
    }
}

fn settled(disposition: Disposition, cause: u16, by: &str, record: u64) -> Settled {
    Settled {
        disposition,
        cause: Some(cause),
        by: holder(by, 1_200),
        record: Sequence(record),
    }
}

/// A queue with everything in it that the screen distinguishes.
fn anomalies() -> Vec<AnomalyView> {
    let now = snapshot().state.now;
    let mut going = anomaly(3, 2, Rule::Flat, 7_200, 12_400_000_000);
    going.signs.going = true;
    going.signs.to = now.plus(-5_000);
    going.signs.flag = Flag::Bad;
    let mut assigned = anomaly(5, 1, Rule::SpikeAverage, 90_000, 800_000_000);
    assigned.work.stage = Stage::Assigned;
    assigned.work.holder = Some(holder("E01", 7_000));
    assigned.due = now.plus(3 * DAY_MS + 7_000);
    let mut taken = anomaly(7, 7, Rule::Gap, 200_000, 1_234_567_000_000);
    taken.signs.flag = Flag::Bad;
    taken.work.stage = Stage::Investigating;
    taken.work.holder = Some(holder("zhangw", 600));
    taken.last = Some(Entry {
        by: "zhangw".into(),
        at: now.plus(-600_000),
        record: Sequence(18_150),
        deed: AnomalyDeed::Take,
    });
    let mut decided = anomaly(9, 8, Rule::Scale, 400_000, 55_000_000_000);
    decided.work.stage = Stage::Disposed;
    decided.work.holder = Some(holder("E01", 5_000));
    decided.work.settled = Some(settled(
        Disposition::Correct(Correction::Times(Decimal::new(1, 3))),
        6,
        "E01",
        18_160,
    ));
    decided.due = now.plus(-2 * DAY_MS);
    decided.nonconformity = Some("NC-2025-014 \u{1b}[2J".into());
    decided.last = Some(Entry {
        by: "E01".into(),
        at: now.plus(-1_200_000),
        record: Sequence(18_160),
        deed: AnomalyDeed::Dispose {
            disposition: Disposition::Correct(Correction::Times(Decimal::new(1, 3))),
            cause: Some(6),
            comment: "kg/h 误作 t/h".into(),
            evidence: String::new(),
        },
    });
    let mut gone = anomaly(11, 6, Rule::Step, 30_000, 0);
    gone.work.stage = Stage::Assigned;
    gone.work.holder = Some(holder("E02", 9_000));
    gone.work.found = false;
    let fresh = anomaly(12, 1, Rule::BandHigh, 3_000, 4_200_000_000);
    vec![going, assigned, taken, decided, gone, fresh]
}

fn person(number: &str, zh: &str, en: &str, role: Role) -> Person {
    Person {
        staff_number: number.into(),
        name: Name {
            zh: zh.into(),
            en: en.into(),
        },
        roles: vec![role],
        user: None,
    }
}

fn plant(anomalies: Vec<AnomalyView>) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.state.queue = u32::try_from(anomalies.len()).unwrap();
    snapshot.anomalies = anomalies;
    snapshot.model.persons = vec![
        person("E01", "李审核", "Li", Role::DataQualityChecker),
        person("E02", "王核算", "Wang", Role::CarbonAccountant),
    ];
    snapshot
}

/// A course around an anomaly that rises in it.
fn course_around(parameter: ParameterId, anomaly: &AnomalyView) -> Course {
    let (from, to) = around(anomaly);
    let columns = COURSE_COLUMNS;
    let known = (0..columns).map(|column| {
        let value = if (columns / 3..columns * 2 / 3).contains(&column) {
            900
        } else {
            100
        };
        CourseColumn {
            column,
            values: Some(Extent {
                low: value,
                high: value,
                first: value,
                last: value,
                last_at: from,
                sum: i128::from(value),
                weight: 1,
                count: 1,
            }),
            gap_ms: 0,
            marks: CourseMarks::default(),
            stand_in: None,
        }
    });
    Course {
        parameter,
        from,
        to,
        columns,
        made_of: MadeOf::Readings,
        measure: Measure::Value,
        known: known.collect(),
    }
}

/// Whoever sits here checks data.
fn checker() -> Actor {
    Actor {
        roles: vec![Role::DataQualityChecker],
        ..actor()
    }
}

/// A terminal that shows the anomalies of a plant to a checker.
fn opened(snapshot: Snapshot, language: Language, width: u16, height: u16) -> Model {
    let mut model = model_of(snapshot.clone(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(checker())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    answer(&mut model, effects);
    press(&mut model, KeyCode::Char('5'));
    assert_eq!(model.pane, Pane::Anomalies);
    later(&mut model);
    model
}

fn english() -> Model {
    opened(plant(anomalies()), Language::English, 80, 24)
}

fn later(model: &mut Model) -> Vec<Effect> {
    update(model, Msg::Clock(model.elapsed + Duration::from_secs(1)))
}

fn changed(model: &mut Model, anomalies: Vec<(AnomalyId, Option<AnomalyView>)>) -> Vec<Effect> {
    let delta = Delta {
        number: model.plant.as_ref().unwrap().number_for_tests() + 1,
        values: Vec::new(),
        alarms: Vec::new(),
        anomalies,
        state: model.plant.as_ref().unwrap().state.clone(),
    };
    say(model, FromDaemon::Delta(Box::new(delta)))
}

/// The deed that was asked for.
fn asked(effects: Vec<Effect>) -> Option<(u64, Vec<u32>, AnomalyDeed)> {
    bodies(effects).into_iter().find_map(|(id, body)| match body {
        RequestBody::Anomalies { anomalies, deed } => {
            Some((id, anomalies.into_iter().map(|anomaly| anomaly.0).collect(), deed))
        }
        _ => None,
    })
}

/// What was asked of a decision beforehand.
fn planned(effects: Vec<Effect>) -> Option<(u64, Vec<u32>, AnomalyDeed)> {
    bodies(effects).into_iter().find_map(|(id, body)| match body {
        RequestBody::PlanAnomalies { anomalies, deed } => {
            Some((id, anomalies.into_iter().map(|anomaly| anomaly.0).collect(), deed))
        }
        _ => None,
    })
}

fn preview(decided: u32, refused: Vec<(AnomalyId, Text)>) -> ReplyBody {
    let restated = |book: &str, month: &str, after| Restated {
        book: book.into(),
        source: "boiler-1".into(),
        name: Name {
            zh: "1号锅炉燃煤".into(),
            en: "Boiler 1 coal".into(),
        },
        month: month.into(),
        before: 27_801_123_456_789,
        after,
        is_closed: false,
    };
    ReplyBody::AnomalyPreview(Box::new(AnomalyPreview {
        decided,
        readings: 12,
        restated: if decided > 0 {
            vec![
                restated("shanxi", "2025-11", 27_800_001_000_000),
                restated("beijing", "2025-11", 27_901_000_000_000),
            ]
        } else {
            Vec::new()
        },
        refused,
    }))
}

fn done(model: &mut Model, request: u64, done: u32, refused: Vec<(AnomalyId, Text)>) -> Vec<Effect> {
    let outcome = AnomaliesOutcome {
        sequence: (done > 0).then_some(Sequence(18_205)),
        done,
        readings: 12,
        refused,
        restated: Vec::new(),
    };
    reply(model, request, Ok(ReplyBody::Anomalies(outcome)))
}

fn notice(model: &Model) -> String {
    let notice = model.notice.as_ref();
    notice.map_or_else(String::new, |notice| model.shown.text(notice))
}

fn listed(model: &Model) -> Vec<u32> {
    model.anomalies.listing.rows.iter().map(|row| row.0).collect()
}

fn select(model: &mut Model, id: u32) {
    press(model, KeyCode::Home);
    while model.anomalies.selected != Some(AnomalyId(id)) {
        press(model, KeyCode::Down);
    }
}

#[test]
fn the_queue_at_every_size() {
    for language in Language::ALL {
        for (width, height) in [(60, 20), (80, 24), (200, 60)] {
            let mut model = opened(plant(anomalies()), language, width, height);
            press(&mut model, KeyCode::Char(' '));
            let name = format!("anomalies_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
            let model = opened(plant(Vec::new()), language, width, height);
            let name = format!("anomalies_none_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
        }
        let mut model = opened(plant(anomalies()), language, 80, 24);
        press(&mut model, KeyCode::Char('?'));
        press(&mut model, KeyCode::End);
        insta::assert_snapshot!(format!("anomalies_help_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn the_sheets_at_every_size() {
    for language in Language::ALL {
        for (width, height) in [(60, 20), (80, 24), (200, 60)] {
            let mut model = opened(plant(anomalies()), language, width, height);
            // Two together, of which a colleague has decided on one already.
            press(&mut model, KeyCode::Char(' '));
            press(&mut model, KeyCode::Char(' '));
            type_keys(&mut model, "m/1000");
            press(&mut model, KeyCode::Tab);
            type_keys(&mut model, "6");
            let (request, ..) = planned(later(&mut model)).unwrap();
            let why = Text::new("anomaly-refused-disposed")
                .with("by", "E01")
                .with_instant("at", snapshot().state.now.plus(-1_200_000));
            reply(&mut model, request, Ok(preview(1, vec![(AnomalyId(9), why)])));
            let name = format!("anomalies_dispose_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
        }
        let mut model = opened(plant(anomalies()), language, 80, 24);
        type_keys(&mut model, "a");
        insta::assert_snapshot!(format!("anomalies_assign_80x24_{language}"), drawn(&model).0);
        press(&mut model, KeyCode::Esc);
        type_keys(&mut model, "uwrong factor");
        insta::assert_snapshot!(format!("anomalies_take_back_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn the_next_deadline_comes_first_then_the_most_at_stake() {
    let mut model = english();
    assert_eq!(listed(&model), [9, 5, 7, 3, 12, 11]);
    let mut orders = Vec::new();
    for _ in 0..10 {
        press(&mut model, KeyCode::Char('s'));
        orders.push((model.anomalies.order, listed(&model)));
    }
    let expected = [
        (Order::Stake, vec![7, 9, 3, 12, 5, 11]),
        (Order::Began, vec![12, 3, 11, 5, 7, 9]),
        (Order::Tag, vec![3, 5, 12, 7, 9, 11]),
        (Order::Name, vec![7, 5, 12, 3, 11, 9]),
        (Order::Check, vec![7, 5, 3, 12, 11, 9]),
        (Order::Stage, vec![3, 12, 5, 11, 7, 9]),
        (Order::Who, vec![9, 5, 11, 7, 3, 12]),
        (Order::Before, vec![7, 3, 11, 9, 5, 12]),
        (Order::Number, vec![3, 5, 7, 9, 11, 12]),
        (Order::Due, vec![9, 5, 7, 3, 12, 11]),
    ];
    assert_eq!(orders, expected);
    let lines = drawn(&model).0;
    assert!(
        lines.contains("6 anomalies  4 undecided  2 to close  1 mine"),
        "{lines}"
    );
    assert!(lines.contains("1,307.0"), "{lines}");
}

#[test]
fn views_and_filter_keep_off_what_is_not_wanted() {
    let mut model = english();
    let mut views = Vec::new();
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
        views.push((model.anomalies.saved, listed(&model)));
    }
    let expected = [
        (Saved::Undecided, vec![5, 7, 3, 12]),
        (Saved::Mine, vec![7]),
        (Saved::ToClose, vec![9, 11]),
        (Saved::Going, vec![3]),
        (Saved::Open, vec![9, 5, 7, 3, 12, 11]),
    ];
    assert_eq!(views, expected);
    for (words, expected) in [
        ("AI-", vec![3]),
        ("煤气", vec![9, 7]),
        ("spike", vec![5]),
        ("looked", vec![7]),
        ("李审", vec![9, 5]),
        ("e02", vec![11]),
        ("小数点", vec![9]),
        ("boiler assigned", vec![5]),
        ("#12", vec![12]),
        ("nothing like it", vec![]),
    ] {
        type_keys(&mut model, "/");
        type_keys(&mut model, words);
        assert_eq!(listed(&model), expected, "{words}");
        press(&mut model, KeyCode::Esc);
    }
    type_keys(&mut model, "/zzz");
    press(&mut model, KeyCode::Enter);
    assert!(drawn(&model).0.contains("No anomaly fits"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, ":filter spike");
    press(&mut model, KeyCode::Enter);
    assert_eq!(listed(&model), [5]);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Tab);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.anomalies.saved, Saved::Open);
}

#[test]
fn what_colleagues_do_is_seen_and_the_selected_one_stays_under_the_cursor() {
    let mut model = english();
    select(&mut model, 3);
    let mut urgent = anomaly(13, 4, Rule::Rate, 60, 9_000_000_000);
    urgent.due = snapshot().state.now;
    changed(&mut model, vec![(urgent.anomaly, Some(urgent))]);
    assert_eq!(listed(&model), [9, 13, 5, 7, 3, 12, 11]);
    assert_eq!(model.anomalies.selected, Some(AnomalyId(3)));
    assert_eq!(model.anomalies.cursor, 4);
    let mut taken = anomalies().remove(0);
    taken.work.stage = Stage::Investigating;
    taken.work.holder = Some(holder("E01", 0));
    changed(&mut model, vec![(taken.anomaly, Some(taken))]);
    assert!(drawn(&model).0.contains("Li for 0 s") || drawn(&model).0.contains("looked into"));
    assert_eq!(model.anomalies.tally.open, 7);
    // It leaves the queue: a key on its way to it is not one for the next.
    changed(&mut model, vec![(AnomalyId(3), None)]);
    assert_eq!(model.anomalies.selected, Some(AnomalyId(12)));
    assert_eq!(asked(press(&mut model, KeyCode::Char('t'))), None);
    assert!(notice(&model).contains("look again"), "{}", notice(&model));
    later(&mut model);
    assert!(asked(press(&mut model, KeyCode::Char('t'))).is_some());
    let all = listed(&model).into_iter().map(|id| (AnomalyId(id), None)).collect();
    changed(&mut model, all);
    assert_eq!((model.anomalies.selected, model.anomalies.cursor), (None, 0));
    assert!(drawn(&model).0.contains("No anomalies"));
    for key in "txabcdefimouw r".chars() {
        let effects = press(&mut model, KeyCode::Char(key));
        assert!(bodies(effects).is_empty(), "{key}");
        assert_eq!(model.overlays, [], "{key}");
    }
}

#[test]
fn rows_stand_as_what_is_shown_of_them_and_the_other_way_round() {
    let mut model = english();
    let by = |model: &mut Model, order: Order| {
        for _ in 0..12 {
            if model.anomalies.order != order {
                press(model, KeyCode::Char('s'));
            }
        }
        listed(model)
    };
    assert_eq!(by(&mut model, Order::Number), [3, 5, 7, 9, 11, 12]);
    press(&mut model, KeyCode::Char('R'));
    assert_eq!(listed(&model), [12, 11, 9, 7, 5, 3]);
    assert!(drawn(&model).0.contains("reversed"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Char('R'));
    // Who decided counts as who has it, by the name that is shown: Li, Wang, zhangw, nobody.
    assert_eq!(by(&mut model, Order::Who), [9, 5, 11, 7, 3, 12]);
    // By the shown language's name: auxiliary fan before blast furnace, boiler, furnace, gas.
    let names = |model: &Model| -> Vec<String> {
        let (plant, _) = model.displayed().unwrap();
        let name = |id: &u32| {
            let parameter = plant.anomalies[&AnomalyId(*id)].parameter;
            let name = &plant.parameter_of(parameter).unwrap().name;
            model.shown.localizer.name(name).to_owned()
        };
        listed(model).iter().map(name).collect()
    };
    by(&mut model, Order::Name);
    assert!(names(&model).is_sorted(), "{:?}", names(&model));
    let mut chinese = opened(plant(anomalies()), Language::Chinese, 80, 24);
    by(&mut chinese, Order::Name);
    assert!(names(&chinese).is_sorted(), "{:?}", names(&chinese));
}

#[test]
fn notes_on_it_and_on_its_neighbours_stand_on_a_screen_of_80_columns() {
    for language in Language::ALL {
        let mut model = opened(plant(anomalies()), language, 80, 24);
        press(&mut model, KeyCode::Down);
        press(&mut model, KeyCode::Down);
        let asked = bodies(later(&mut model));
        let notes = asked.iter().find_map(|(request, body)| match body {
            RequestBody::Notes { from, to, .. } => Some((*request, *from, *to)),
            _ => None,
        });
        let (request, from, to) = notes.unwrap();
        let signs = &anomalies()[2].signs;
        assert!(from < signs.from && to > signs.to, "as long as the trend that is drawn");
        let (plant, _) = model.displayed().unwrap();
        let beside = crate::tui::anomalies::neighbours(plant, &anomalies()[2])[1];
        let now = snapshot().state.now;
        let mut noted = super::fixture::notes(now.plus(-DAY_MS), now);
        let first = NoteView {
            at: from.plus(1),
            ..noted.notes[0].clone()
        };
        noted.more = false;
        noted.notes = [(beside, "second"), (ParameterId(7), "third")]
            .map(|(parameter, text)| NoteView {
                about: About::Parameter(parameter),
                text: text.to_owned(),
                ..first.clone()
            })
            .into();
        reply(&mut model, request, Ok(ReplyBody::Notes(Box::new(noted))));
        let lines = drawn(&model).0;
        assert!(lines.contains("third"), "{lines}");
        let more = match language {
            Language::English => "+1 more",
            Language::Chinese => "另有 1 条",
        };
        assert!(lines.contains(more), "{lines}");
        // Where there is room, both are told, the neighbour's with its tag.
        update(&mut model, Msg::Resize(Size::new(200, 60)));
        assert!(drawn(&model).0.contains("second"), "{}", drawn(&model).0);
    }
}

#[test]
fn the_daemon_is_asked_about_the_selected_one_once_the_cursor_rests() {
    let mut model = opened(plant(anomalies()), Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Down);
    assert!(bodies(effects).is_empty());
    let asked = bodies(later(&mut model));
    let [
        (history, RequestBody::Anomaly(of)),
        (notes, RequestBody::Notes { .. }),
        (courses, RequestBody::Courses { parameters, .. }),
    ] = asked.as_slice()
    else {
        panic!("{asked:?}")
    };
    assert_eq!(*of, AnomalyId(7));
    // Nor is it asked again while it is awaited or known.
    assert!(bodies(later(&mut model)).is_empty());
    let mut similar = anomaly(2, 7, Rule::Gap, 900_000, 0);
    similar.work.stage = Stage::Closed;
    similar.work.settled = Some(settled(Disposition::GapFill, 3, "E02", 17_000));
    let found = AnomalyHistory {
        anomaly: anomalies().remove(2),
        log: anomalies().remove(2).last.into_iter().collect(),
        similar: vec![similar],
    };
    reply(&mut model, *history, Ok(ReplyBody::Anomaly(Box::new(found))));
    let now = snapshot().state.now;
    let mut noted = super::fixture::notes(now.plus(-DAY_MS), now);
    noted.notes[1].about = About::Parameter(ParameterId(7));
    reply(&mut model, *notes, Ok(ReplyBody::Notes(Box::new(noted))));
    // Its own course, and those of its neighbours.
    assert_eq!(parameters[0], ParameterId(7));
    assert!(parameters.len() > 1, "{parameters:?}");
    let went = parameters.iter().map(|id| course_around(*id, &anomalies()[2]));
    reply(&mut model, *courses, Ok(ReplyBody::Courses(went.collect())));
    assert!(bodies(later(&mut model)).is_empty());
    update(&mut model, Msg::Resize(Size::new(200, 60)));
    let lines = drawn(&model).0;
    assert!(lines.contains("#2 11-10") && lines.contains("filled by the"), "{lines}");
    assert!(lines.contains("换新煤种 changed"), "{lines}");
    let tags: Vec<&str> = lines
        .lines()
        .filter(|line| line.contains('[') && line.contains(']'))
        .collect();
    assert!(tags.len() >= parameters.len(), "{lines}");
    // What is done with it makes that old.
    let mut taken = anomalies().remove(2);
    taken.last = Some(Entry {
        by: "E01".into(),
        at: now,
        record: Sequence(18_200),
        deed: AnomalyDeed::Comment { text: "x".into() },
    });
    changed(&mut model, vec![(taken.anomaly, Some(taken))]);
    assert_eq!(bodies(later(&mut model)).len(), 1);
    // Elsewhere nothing is asked.
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('1'));
    let elsewhere = bodies(later(&mut model));
    assert!(
        !elsewhere
            .iter()
            .any(|(_, body)| matches!(body, RequestBody::Anomaly(_))),
        "{elsewhere:?}"
    );
}

#[test]
fn an_anomaly_opens_its_chart_its_reading_its_record_and_its_note() {
    let mut model = english();
    select(&mut model, 9);
    press(&mut model, KeyCode::Enter);
    assert!(matches!(model.overlays.last(), Some(Overlay::Chart(chart)) if chart.parameter == ParameterId(8)));
    press(&mut model, KeyCode::Esc);
    let explained = |effects: Vec<Effect>| {
        bodies(effects).into_iter().find_map(|(_, body)| match body {
            RequestBody::Explain(target) => Some(target),
            _ => None,
        })
    };
    let target = explained(press(&mut model, KeyCode::Char('e')));
    assert!(matches!(target, Some(Target::Reading { parameter, .. }) if parameter == ParameterId(8)));
    press(&mut model, KeyCode::Esc);
    let of = |sequence| {
        Some(Target::Record {
            sequence: Sequence(sequence),
        })
    };
    assert_eq!(explained(press(&mut model, KeyCode::Char('r'))), of(18_160));
    press(&mut model, KeyCode::Esc);
    select(&mut model, 12);
    assert_eq!(explained(press(&mut model, KeyCode::Char('r'))), of(18_012));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('n'));
    let Some(Overlay::Note(note)) = model.overlays.last() else {
        panic!("{:?}", model.overlays)
    };
    assert_eq!(note.about(), crate::domain::note::About::Parameter(ParameterId(1)));
    press(&mut model, KeyCode::Esc);
    let copied = press(&mut model, KeyCode::Char('y'));
    assert!(
        matches!(copied.first(), Some(Effect::Copy(text)) if text.starts_with("#12 FT-2041")),
        "{copied:?}"
    );
    type_keys(&mut model, ":export ");
    let written = press(&mut model, KeyCode::Enter);
    assert!(
        written.iter().any(|effect| matches!(effect, Effect::Write { name, text } if name.starts_with("anomalies-") && text.lines().count() == 7)),
        "{written:?}"
    );
}

#[test]
fn ascii_glyphs_keep_every_line_in_ascii_but_the_plants_own_words() {
    let own_words = |anomaly: &AnomalyView| anomaly.anomaly == AnomalyId(9);
    let mut snapshot = plant(anomalies().into_iter().filter(|anomaly| !own_words(anomaly)).collect());
    for parameter in &mut snapshot.parameters {
        parameter.unit = "t".into();
    }
    let mut model = opened(snapshot, Language::English, 200, 60);
    model.shown.glyphs = crate::tui::glyphs::Glyphs::ASCII;
    press(&mut model, KeyCode::Char(' '));
    let all_ascii = |model: &Model| {
        let lines = drawn(model).0;
        let foreign: String = lines.chars().filter(|character| !character.is_ascii()).collect();
        assert_eq!(foreign, "", "{lines}");
    };
    all_ascii(&model);
    type_keys(&mut model, "m/1000");
    all_ascii(&model);
    press(&mut model, KeyCode::Tab);
    type_keys(&mut model, "6");
    let (request, ..) = planned(later(&mut model)).unwrap();
    reply(&mut model, request, Ok(preview(1, Vec::new())));
    // The book of the fixture has a name of its own.
    let lines = drawn(&model).0;
    assert!(lines.contains("27,801.123 -> 27,800.001"), "{lines}");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "a");
    all_ascii(&model);
}

#[test]
fn hostile_names_and_every_size_are_drawn() {
    let mut hostile = plant(anomalies());
    for parameter in &mut hostile.parameters {
        parameter.tag = "标\u{1b}[2J".repeat(40);
        parameter.name.zh = "炉".repeat(200);
        parameter.name.en = "\u{202e}\u{7}".repeat(200);
        parameter.unit = "千".repeat(50);
    }
    for cause in &mut hostile.model.anomalies.causes {
        cause.name.zh = "因\u{1b}[2J".repeat(40);
    }
    let mut strange = anomaly(u32::MAX, 4_000_000_000, Rule::Contested, -90_000, i64::MAX);
    strange.signs.value = None;
    strange.nonconformity = Some("\u{1b}[2J".repeat(60));
    hostile.anomalies.push(strange);
    for language in Language::ALL {
        let mut model = opened(hostile.clone(), language, 80, 24);
        for keys in ["", "m", "a", "u", "c", "/"] {
            type_keys(&mut model, keys);
            for (width, height) in [(80, 24), (60, 20), (140, 20), (1, 1), (300, 90), (139, 40)] {
                update(&mut model, Msg::Resize(Size::new(width, height)));
                drawn(&model);
            }
            press(&mut model, KeyCode::Esc);
        }
    }
}

#[test]
fn a_frame_of_a_thousand_anomalies_is_cheap() {
    let many = (0..1_000).map(|id| anomaly(id, id % 9 + 1, Rule::SpikeAverage, i64::from(id) * 100, i64::from(id)));
    let mut model = opened(plant(many.collect()), Language::Chinese, 200, 60);
    assert_eq!(listed(&model).len(), 1_000);
    let began = std::time::Instant::now();
    for _ in 0..20 {
        drawn(&model);
        press(&mut model, KeyCode::Down);
    }
    // Without optimisation, on whatever machine: an order of magnitude, no more.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_keys_in_any_order_break_it(keys in "[tabcdefimouwxrspHO khjl gG/?5:ny 0-9*.录入]{0,40}", width in 1_u16..200, height in 1_u16..60) {
        let mut model = opened(plant(anomalies()), Language::Chinese, 80, 24);
        update(&mut model, Msg::Resize(Size::new(width, height)));
        for key in keys.chars() {
            press(&mut model, KeyCode::Char(key));
            press(&mut model, KeyCode::Enter);
            press(&mut model, KeyCode::Tab);
        }
        for code in [KeyCode::Tab, KeyCode::Esc, KeyCode::Left, KeyCode::Right, KeyCode::PageDown, KeyCode::End] {
            press(&mut model, code);
            drawn(&model);
        }
        prop_assert!(model.anomalies.cursor < model.anomalies.listing.rows.len().max(1));
    }
}
