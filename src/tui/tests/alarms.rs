//! The Alarms pane: what it shows, what its keys ask for, and that nothing is done before the daemon says so.

use std::time::Duration;

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;
use ratatui::style::Modifier;

use super::*;
use crate::domain::actor::Role;
use crate::domain::identity::{NodeId, ParameterId, Sequence};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::alarms::{AlarmDeed, AlarmsOutcome};
use crate::engine::view::{AlarmView, Answerer, Flooded, Target};
use crate::locale::Language;
use crate::quality::alarm::flood::Flood;
use crate::quality::alarm::priority::{Bounds, Compliance};
use crate::quality::alarm::state::{AlarmState, Answered, OutOfService, Shelf, Suppression, Suppressions};
use crate::quality::alarm::{AlarmId, Kind, Priority};
use crate::tui::alarms::Signals;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::pane::Pane;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::{Delta, Snapshot};
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};

fn id(parameter: u32, kind: Kind) -> AlarmId {
    AlarmId {
        parameter: ParameterId(parameter),
        kind,
    }
}

/// An alarm that was raised so many seconds ago.
fn alarm(id: AlarmId, answered: Answered, priority: Priority, ago_s: i64) -> AlarmView {
    let at = snapshot().state.now.plus(-ago_s * 1000);
    let (limit, worst) = if id.kind.is_limit() {
        (Some(2_000), Some(2_106))
    } else {
        (None, None)
    };
    AlarmView {
        alarm: id,
        feed: None,
        state: AlarmState {
            answered,
            ..AlarmState::NORMAL
        },
        priority,
        ranking: Some(Bounds::usual().rank(12_300_000_000, Compliance::DataPlan, 900_000)),
        since: Some(at),
        told: Some(at.plus(15_000)),
        changed: at,
        limit,
        worst,
        chatters: false,
        answered_by: None,
    }
}

fn answerer(name: &str, at: Instant) -> Answerer {
    Answerer {
        name: name.into(),
        at,
        record: Sequence(18_190),
    }
}

/// What a plant has on a bad day: a group whose first has been acknowledged, one that has gone, hidden ones.
fn alarms() -> Vec<AlarmView> {
    use Answered::{Acknowledged, ReturnedUnacknowledged, Unacknowledged};
    let now = snapshot().state.now;
    let mut acknowledged = alarm(id(1, Kind::HighHigh), Acknowledged, Priority::Critical, 620);
    acknowledged.answered_by = Some(answerer("zhangw", now.plus(-300_000)));
    let mut returned = alarm(id(7, Kind::LowLow), ReturnedUnacknowledged, Priority::Medium, 8_000);
    returned.worst = Some(-500_000);
    returned.limit = Some(0);
    returned.changed = now.plus(-400_000);
    let mut chattering = alarm(id(8, Kind::High), Unacknowledged, Priority::Low, 70);
    chattering.chatters = true;
    let mut shelved = alarm(id(9, Kind::High), Unacknowledged, Priority::High, 4_000);
    shelved.state.shelf = Some(Shelf {
        since: now.plus(-600_000),
        until: now.plus(3_600_000),
        one_shot: true,
        reason: "皮带秤校准 calibrating \u{1b}[2J".into(),
    });
    shelved.answered_by = Some(answerer("lig", now.plus(-600_000)));
    let mut suppressed = alarm(id(1, Kind::High), Acknowledged, Priority::High, 640);
    suppressed.state.suppressions = Suppressions::NONE.with(Suppression::Severer);
    let mut out = alarm(id(6, Kind::MarkedBad), Answered::Unannounced, Priority::Medium, 90_000);
    out.state.out_of_service = Some(OutOfService {
        since: now.plus(-3 * 86_400_000),
        reason: "工作票 4711 transmitter removed".into(),
    });
    vec![
        acknowledged,
        alarm(id(2, Kind::High), Unacknowledged, Priority::High, 600),
        alarm(id(6, Kind::High), Unacknowledged, Priority::Medium, 560),
        alarm(id(3, Kind::NoData), Unacknowledged, Priority::Low, 3_000),
        returned,
        chattering,
        shelved,
        suppressed,
        out,
    ]
}

fn plant(alarms: Vec<AlarmView>) -> Snapshot {
    Snapshot { alarms, ..snapshot() }
}

fn flood() -> Flooded {
    let now = snapshot().state.now;
    Flooded {
        lasts: Some(Flood {
            first: now.plus(-620_000),
            declared: now.plus(-300_000),
            ended: None,
            alarms: 23,
            peak: 14,
        }),
        rate: 12,
    }
}

/// A terminal that shows the alarms of a plant.
fn opened(snapshot: Snapshot, language: Language, width: u16, height: u16) -> Model {
    let mut model = model_of(snapshot, language, "dark", width, height);
    press(&mut model, KeyCode::Char('2'));
    assert_eq!(model.pane, Pane::Alarms);
    later(&mut model);
    model
}

fn english() -> Model {
    opened(plant(alarms()), Language::English, 80, 24)
}

/// Lets a second pass, so that what the daemon changed is what keys mean.
fn later(model: &mut Model) -> Vec<Effect> {
    update(model, Msg::Clock(model.elapsed + Duration::from_secs(1)))
}

fn say(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

fn changed(model: &mut Model, alarms: Vec<(AlarmId, Option<AlarmView>)>) -> Vec<Effect> {
    let delta = Delta {
        number: model.plant.as_ref().unwrap().number_for_tests() + 1,
        values: Vec::new(),
        alarms,
        anomalies: Vec::new(),
        state: model.plant.as_ref().unwrap().state.clone(),
    };
    say(model, FromDaemon::Delta(Box::new(delta)))
}

fn asked(effects: &[Effect]) -> Option<(u64, Vec<AlarmId>, AlarmDeed)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request {
            id,
            key: Some(_),
            body: RequestBody::Alarms { alarms, deed },
        }) => Some((*id, alarms.clone(), deed.clone())),
        _ => None,
    })
}

fn reply(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) {
    say(model, FromDaemon::Reply { id, result });
}

fn done(model: &mut Model, request: u64, done: u32, refused: Vec<(AlarmId, Text)>) {
    let outcome = AlarmsOutcome {
        sequence: (done > 0).then_some(Sequence(18_205)),
        done,
        refused,
    };
    reply(model, request, Ok(ReplyBody::Alarms(outcome)));
}

fn notice(model: &Model) -> String {
    let notice = model.notice.as_ref();
    notice.map_or_else(String::new, |notice| model.shown.text(notice))
}

fn listed(model: &Model) -> Vec<AlarmId> {
    model.alarms.listing.rows.iter().map(|row| row.alarm).collect()
}

#[test]
fn the_alarms_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(60, 20), (80, 24), (200, 60)] {
            let mut model = opened(plant(alarms()), language, width, height);
            press(&mut model, KeyCode::Char(' '));
            let name = format!("alarms_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
            press(&mut model, KeyCode::Tab);
            let name = format!("alarms_hidden_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
            let model = opened(plant(Vec::new()), language, width, height);
            let name = format!("alarms_none_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
        }
    }
}

#[test]
fn a_flood_is_one_line_and_folds_the_groups() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut flooded = plant(alarms());
            flooded.state.flooded = flood();
            let model = opened(flooded, language, width, height);
            let name = format!("alarms_flood_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
        }
    }
}

#[test]
fn what_is_folded_is_not_acknowledged_unseen() {
    let mut model = opened(plant(alarms().into_iter().take(3).collect()), Language::English, 80, 24);
    assert_eq!(listed(&model).len(), 3);
    // A flood begins: the state alone says so.
    let mut state = model.plant.as_ref().unwrap().state.clone();
    state.flooded = flood();
    let delta = Delta {
        number: model.plant.as_ref().unwrap().number_for_tests() + 1,
        values: Vec::new(),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state,
    };
    say(&mut model, FromDaemon::Delta(Box::new(delta)));
    assert_eq!(listed(&model).len(), 1);
    later(&mut model);
    assert_eq!(asked(&press(&mut model, KeyCode::Char('A'))), None);
    assert!(notice(&model).contains("folded"), "{}", notice(&model));
    // The first of them is answered for: the key shows the others.
    assert_eq!(asked(&press(&mut model, KeyCode::Char('a'))), None);
    assert_eq!(listed(&model).len(), 3);
    let (_, alarms, _) = asked(&press(&mut model, KeyCode::Char('A'))).unwrap();
    assert_eq!(alarms, [id(2, Kind::High), id(6, Kind::High)]);
}

#[test]
fn the_line_for_a_reason_and_the_help() {
    for language in Language::ALL {
        let mut model = opened(plant(alarms()), language, 80, 24);
        type_keys(&mut model, "s2h ");
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("alarms_shelve_80x24_{language}"), drawn(&model).0);
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Char('?'));
        press(&mut model, KeyCode::End);
        insta::assert_snapshot!(format!("alarms_help_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn what_nobody_answered_for_comes_first_and_groups_begin_with_their_first() {
    let model = english();
    let expected = [
        // One group, as urgent as its most urgent: on the boiler within minutes.
        id(1, Kind::HighHigh),
        id(2, Kind::High),
        id(6, Kind::High),
        id(8, Kind::High),
        id(3, Kind::NoData),
        id(7, Kind::LowLow),
    ];
    assert_eq!(listed(&model), expected);
    let lines = drawn(&model).0;
    assert!(lines.contains("6 alarms  5 unacknowledged"), "{lines}");
    assert!(lines.contains("2 Alarms*5"), "{lines}");
    assert_eq!(model.titled, "P1:2 P2:4 due:1 demo carbonwatch");
}

#[test]
fn a_group_is_folded_and_unfolded() {
    let mut model = english();
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Left);
    assert_eq!(listed(&model).len(), 4);
    assert_eq!(model.alarms.selected, Some(id(1, Kind::HighHigh)));
    let lines = drawn(&model).0;
    assert!(lines.contains("+2 (2 unack.)"), "{lines}");
    // It has the priority of its worst, and asks for an answer while one of them does.
    assert!(lines.contains("1*"), "{lines}");
    press(&mut model, KeyCode::Enter);
    assert_eq!(listed(&model).len(), 6);
    assert_eq!(model.overlays, []);
    // In a flood they are folded by themselves, and unfolded by hand.
    let mut flooded = plant(alarms());
    flooded.state.flooded = flood();
    say(&mut model, FromDaemon::Snapshot(Box::new(flooded)));
    assert_eq!(listed(&model).len(), 4);
    press(&mut model, KeyCode::Home);
    press(&mut model, KeyCode::Right);
    assert_eq!(listed(&model).len(), 6);
}

#[test]
fn a_folded_group_names_its_worst() {
    let mut of_group: Vec<AlarmView> = alarms().into_iter().take(3).collect();
    of_group[0].priority = Priority::Low;
    of_group[1].priority = Priority::Critical;
    of_group[1].state.answered = Answered::Acknowledged;
    let mut model = opened(plant(of_group), Language::English, 80, 24);
    press(&mut model, KeyCode::Left);
    assert_eq!(listed(&model), [id(1, Kind::HighHigh)]);
    let lines = drawn(&model).0;
    assert!(lines.contains("1*"), "{lines}");
    assert!(lines.contains("worst AI-2110"), "{lines}");
}

#[test]
fn what_the_plan_puts_upstream_explains_the_alarms_of_another_process() {
    let boiler = alarm(id(1, Kind::HighHigh), Answered::Unacknowledged, Priority::High, 620);
    let furnace = alarm(id(7, Kind::LowLow), Answered::Unacknowledged, Priority::High, 560);
    for upstream in [None, Some(NodeId(3))] {
        let mut plant = plant(vec![furnace.clone(), boiler.clone()]);
        // The blast furnace lives on the boiler's steam, though it belongs to another process.
        for node in plant.nodes.iter_mut().filter(|node| node.key == "iron") {
            node.upstream = upstream;
        }
        let mut model = opened(plant, Language::English, 80, 24);
        press(&mut model, KeyCode::Home);
        press(&mut model, KeyCode::Left);
        let rows = listed(&model);
        match upstream {
            None => assert_eq!(rows.len(), 2, "{rows:?}"),
            Some(_) => assert_eq!(rows, [id(1, Kind::HighHigh)]),
        }
    }
}

#[test]
fn what_to_do_and_why_so_urgent_stand_on_a_screen_of_80_columns() {
    for language in Language::ALL {
        let model = opened(plant(alarms()), language, 80, 24);
        let lines = drawn(&model).0;
        let wanted = match language {
            Language::English => ["To do Compare with the local instrument", "12.3 tCO2e in a shift"],
            Language::Chinese => ["处置 与就地表计核对", "一班涉及 12.3 tCO2e"],
        };
        for wanted in wanted {
            assert!(lines.contains(wanted), "{lines}");
        }
    }
}

#[test]
fn one_is_acknowledged_and_the_list_waits_for_the_daemon() {
    let mut model = english();
    press(&mut model, KeyCode::Down);
    let (request, alarms, deed) = asked(&press(&mut model, KeyCode::Char('a'))).unwrap();
    assert_eq!((alarms, deed), (vec![id(2, Kind::High)], AlarmDeed::Acknowledge));
    assert!(model.alarms.is_asked(id(2, Kind::High)));
    assert_eq!(model.alarms.tally.unacknowledged, 5);
    done(&mut model, request, 1, Vec::new());
    assert_eq!(notice(&model), "One alarm acknowledged (record 18205).");
    assert!(!model.alarms.is_asked(id(2, Kind::High)));
    assert_eq!(model.alarms.tally.unacknowledged, 5);
    let mut answered = alarm(id(2, Kind::High), Answered::Acknowledged, Priority::High, 600);
    answered.answered_by = Some(answerer("zhangw", snapshot().state.now));
    changed(&mut model, vec![(answered.alarm, Some(answered))]);
    assert_eq!(model.alarms.tally.unacknowledged, 4);
}

#[test]
fn those_on_the_screen_are_acknowledged_and_no_others() {
    let many = (1..=9).flat_map(|parameter| {
        Kind::ALL.map(|kind| {
            let ago = i64::from(parameter) * 1_000;
            alarm(id(parameter, kind), Answered::Unacknowledged, Priority::High, ago)
        })
    });
    let mut model = opened(plant(many.collect()), Language::English, 80, 24);
    let height = crate::tui::panes::alarms::body_height(model.size);
    assert!(listed(&model).len() > height);
    press(&mut model, KeyCode::PageDown);
    press(&mut model, KeyCode::PageDown);
    let (request, alarms, _) = asked(&press(&mut model, KeyCode::Char('A'))).unwrap();
    let top = model.alarms.top;
    assert_eq!(alarms, listed(&model)[top..top + height]);
    assert!(
        notice(&model).starts_with(&format!("Asked for {height} alarms")),
        "{}",
        notice(&model)
    );
    let why = Text::new("alarm-refused-unknown");
    let refused = alarms.iter().take(4).map(|id| (*id, why.clone())).collect();
    done(&mut model, request, 10, refused);
    let notice = notice(&model);
    assert!(
        notice.starts_with("10 alarms acknowledged (record 18205). Not "),
        "{notice}"
    );
    assert!(notice.ends_with("2 more were refused."), "{notice}");
}

#[test]
fn nothing_is_asked_for_where_nothing_is_owed_on_the_screen() {
    let mut model = opened(plant(Vec::new()), Language::English, 80, 24);
    for key in ["A", "a", "s", "o", "u", "i", "R", "e", "r", " ", "f"] {
        let effects: Vec<Effect> = key
            .chars()
            .flat_map(|key| press(&mut model, KeyCode::Char(key)))
            .collect();
        assert_eq!(asked(&effects), None, "{key}");
        assert_eq!(model.overlays, [], "{key}");
    }
    assert_eq!(press(&mut model, KeyCode::Enter), []);
}

#[test]
fn picked_ones_get_the_deed_together() {
    let mut model = english();
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char(' '));
    assert!(drawn(&model).0.contains("2 picked"));
    type_keys(&mut model, "s");
    type_keys(&mut model, "2h once calibrating");
    let (request, alarms, deed) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!(alarms, [id(1, Kind::HighHigh), id(6, Kind::High)]);
    let now = model.plant.as_ref().unwrap().now(model.elapsed);
    let expected = AlarmDeed::Shelve {
        until: Some(now.plus(7_200_000)),
        one_shot: true,
        reason: "calibrating".into(),
    };
    assert_eq!(deed, expected);
    // While that is under way the line stays as it is.
    type_keys(&mut model, "xyz");
    assert!(drawn(&model).0.contains("2h once calibrating"), "{}", drawn(&model).0);
    done(&mut model, request, 2, Vec::new());
    assert_eq!(model.overlays, []);
    assert!(model.alarms.picked.is_empty());
    assert_eq!(notice(&model), "2 alarms shelved (record 18205).");
}

#[test]
fn a_shelf_without_end_or_reason_is_not_asked_for_and_a_refused_one_is_put_right() {
    let mut model = english();
    for (typed, said) in [
        ("", "Say for how long"),
        ("calibrating", "Say for how long"),
        ("30m", "Say why after it: 30m"),
    ] {
        type_keys(&mut model, "s");
        type_keys(&mut model, typed);
        assert_eq!(asked(&press(&mut model, KeyCode::Enter)), None);
        assert!(drawn(&model).0.contains(said), "{}", drawn(&model).0);
        press(&mut model, KeyCode::Esc);
    }
    type_keys(&mut model, "s9h parts");
    let (request, alarms, _) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    done(
        &mut model,
        request,
        0,
        vec![(alarms[0], Text::new("alarm-refused-never-shelved"))],
    );
    assert!(drawn(&model).0.contains("must not be shelved"), "{}", drawn(&model).0);
    type_keys(&mut model, "!");
    let (request, ..) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    reply(&mut model, request, Err(Text::new("daemon-right-answer")));
    assert!(matches!(model.overlays.last(), Some(Overlay::Reason(sheet)) if sheet.fault.is_some()));
    // Over a connection that is lost nobody knows.
    let (..) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    update(&mut model, Msg::Link(LinkEvent::up(actor())));
    assert!(drawn(&model).0.contains("the list tells"), "{}", drawn(&model).0);
}

#[test]
fn hidden_ones_come_back_and_what_stands_is_taken_out_of_service() {
    let mut model = english();
    press(&mut model, KeyCode::Tab);
    assert_eq!(
        listed(&model),
        [id(9, Kind::High), id(1, Kind::High), id(6, Kind::MarkedBad)]
    );
    let (_, alarms, deed) = asked(&press(&mut model, KeyCode::Char('u'))).unwrap();
    assert_eq!((alarms, deed), (vec![id(9, Kind::High)], AlarmDeed::Unshelve));
    press(&mut model, KeyCode::End);
    let (_, alarms, deed) = asked(&press(&mut model, KeyCode::Char('i'))).unwrap();
    assert_eq!(
        (alarms, deed),
        (vec![id(6, Kind::MarkedBad)], AlarmDeed::ReturnToService)
    );
    press(&mut model, KeyCode::Esc);
    assert_eq!(listed(&model).len(), 6);
    // An operator may not; the line says so before anything is typed, and the daemon decides.
    type_keys(&mut model, "o");
    assert!(
        drawn(&model).0.contains("zhangw may not correct readings."),
        "{}",
        drawn(&model).0
    );
    press(&mut model, KeyCode::Enter);
    assert!(
        drawn(&model).0.contains("Say why: a work permit"),
        "{}",
        drawn(&model).0
    );
    type_keys(&mut model, "permit 4711");
    let (request, _, deed) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    let expected = AlarmDeed::RemoveFromService {
        reason: "permit 4711".into(),
    };
    assert_eq!(deed, expected);
    done(&mut model, request, 1, Vec::new());
    assert_eq!(notice(&model), "One alarm taken out of service (record 18205).");
}

#[test]
fn a_refusal_leaves_the_alarms_that_it_is_about_and_is_read_whole() {
    let mut model = english();
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "s90h x");
    let (request, ..) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    let why = Text::new("alarm-refused-shelf-too-long")
        .with("given", "90 h")
        .with("longest", "8 h");
    done(&mut model, request, 0, vec![(id(2, Kind::High), why)]);
    let lines = drawn(&model).0;
    let sheet = lines.split("Shelve one alarm").nth(1).unwrap();
    assert!(sheet.contains("AI-2110"), "{lines}");
    let words: Vec<&str> = sheet.split_whitespace().collect();
    assert!(
        words.join(" ").contains("taken out of service by an approved change."),
        "{lines}"
    );
}

#[test]
fn the_keys_of_the_hidden_list_bring_back() {
    let mut model = english();
    assert!(!drawn(&model).0.contains("u unshelve"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Tab);
    let lines = drawn(&model).0;
    assert!(lines.contains("u unshelve") && !lines.contains("a ack"), "{lines}");
}

#[test]
fn what_neither_sounds_nor_blinks_says_so() {
    let mut model = english();
    model.alarms.signals = Signals {
        quiet: true,
        steady: true,
    };
    let lines = drawn(&model).0;
    assert!(lines.contains("no bell") && lines.contains("no blink"), "{lines}");
}

#[test]
fn a_latched_one_is_reset_and_what_the_daemon_refuses_is_told() {
    let mut model = english();
    let (request, _, deed) = asked(&press(&mut model, KeyCode::Char('R'))).unwrap();
    assert_eq!(deed, AlarmDeed::Reset);
    let right = Text::new("daemon-right-answer");
    let why = Text::new("daemon-sign-on-first").with_text("right", right);
    reply(&mut model, request, Err(why));
    assert!(drawn(&model).0.contains("sign on first"), "{}", drawn(&model).0);
    assert_eq!(model.alarms.asked, []);
}

#[test]
fn what_somebody_picked_and_typed_goes_with_them() {
    let mut model = english();
    press(&mut model, KeyCode::Char(' '));
    type_keys(&mut model, ":bell off");
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "s2h par");
    let gone = FromDaemon::Post {
        actor: actor(),
        how: crate::domain::actor::SignOff::Idle,
    };
    say(&mut model, gone);
    assert_eq!(model.overlays, []);
    assert!(model.alarms.picked.is_empty() && !model.alarms.signals.quiet);
}

#[test]
fn the_live_pane_marks_what_nobody_has_answered_for() {
    let mut model = english();
    press(&mut model, KeyCode::Char('1'));
    let lines = drawn(&model).0;
    let marked = |tag: &str| lines.lines().any(|line| line.contains(&format!("*{tag}")));
    assert!(marked("AI-2110") && marked("JE-2500") && marked("FT-3302"), "{lines}");
    assert!(!marked("FT-2041") && !marked("LIME"), "{lines}");
}

#[test]
fn at_a_shared_post_somebody_signs_on_first() {
    let mut model = english();
    let mut shared = actor();
    shared.shared = true;
    shared.roles = vec![Role::Operator];
    update(&mut model, Msg::Link(LinkEvent::up(shared)));
    type_keys(&mut model, "s");
    assert!(drawn(&model).0.contains("sign on first"), "{}", drawn(&model).0);
}

#[test]
fn without_a_connection_nothing_is_asked_for() {
    let mut model = english();
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    assert_eq!(asked(&press(&mut model, KeyCode::Char('A'))), None);
    assert!(notice(&model).contains("no connection"), "{}", notice(&model));
    type_keys(&mut model, "s2h parts");
    assert_eq!(asked(&press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("2h parts"), "{}", drawn(&model).0);
}

#[test]
fn the_cursor_stays_sensible_when_alarms_go() {
    let mut model = english();
    press(&mut model, KeyCode::End);
    assert_eq!(model.alarms.selected, Some(id(7, Kind::LowLow)));
    changed(&mut model, vec![(id(7, Kind::LowLow), None)]);
    assert_eq!(model.alarms.selected, Some(id(3, Kind::NoData)));
    // The key was on its way to the one that went.
    assert_eq!(asked(&press(&mut model, KeyCode::Char('a'))), None);
    assert!(notice(&model).contains("look again"), "{}", notice(&model));
    later(&mut model);
    assert!(asked(&press(&mut model, KeyCode::Char('a'))).is_some());
    // Who moves after that sees what there is.
    press(&mut model, KeyCode::End);
    changed(&mut model, vec![(id(3, Kind::NoData), None)]);
    press(&mut model, KeyCode::Up);
    assert!(asked(&press(&mut model, KeyCode::Char('a'))).is_some());
    let back = alarm(id(3, Kind::NoData), Answered::Unacknowledged, Priority::Low, 3_000);
    changed(&mut model, vec![(back.alarm, Some(back))]);
    press(&mut model, KeyCode::End);
    // One above it stays selected when others come before it.
    let urgent = alarm(id(4, Kind::High), Answered::Unacknowledged, Priority::Critical, 1);
    changed(&mut model, vec![(urgent.alarm, Some(urgent.clone()))]);
    assert_eq!(model.alarms.selected, Some(id(3, Kind::NoData)));
    assert_eq!(listed(&model)[0], urgent.alarm);
    // Nor is what came just now acknowledged with those that were seen.
    let (_, alarms, _) = asked(&press(&mut model, KeyCode::Char('A'))).unwrap();
    assert!(!alarms.contains(&urgent.alarm), "{alarms:?}");
    later(&mut model);
    let (_, alarms, _) = asked(&press(&mut model, KeyCode::Char('A'))).unwrap();
    assert!(alarms.contains(&urgent.alarm), "{alarms:?}");
    let all = listed(&model).into_iter().map(|id| (id, None)).collect();
    changed(&mut model, all);
    assert_eq!(
        (model.alarms.selected, model.alarms.cursor, model.alarms.top),
        (None, 0, 0)
    );
    drawn(&model);
}

#[test]
fn the_filter_looks_at_tag_names_and_kind() {
    let mut model = english();
    for (words, expected) in [
        ("AI-", vec![id(2, Kind::High)]),
        ("煤气 low", vec![id(7, Kind::LowLow)]),
        ("no data", vec![id(3, Kind::NoData)]),
        ("nothing like it", vec![]),
    ] {
        type_keys(&mut model, "/");
        type_keys(&mut model, words);
        assert_eq!(listed(&model), expected, "{words}");
        press(&mut model, KeyCode::Esc);
    }
    type_keys(&mut model, "/zzz");
    assert!(drawn(&model).0.contains("No alarm fits"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Esc);
    assert_eq!(listed(&model).len(), 6);
    type_keys(&mut model, ":filter boiler");
    press(&mut model, KeyCode::Enter);
    assert_eq!(listed(&model).len(), 2);
}

#[test]
fn an_alarm_opens_its_chart_its_reading_its_record_and_its_note() {
    let mut model = english();
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Enter);
    let Some(Overlay::Chart(chart)) = model.overlays.last() else {
        panic!("{:?}", model.overlays)
    };
    assert_eq!(chart.parameter, ParameterId(7));
    let since = snapshot().state.now.plus(-8_000_000);
    let now = model.plant.as_ref().unwrap().now(model.elapsed);
    let wide = crate::tui::chart::columns(crate::tui::panes::chart::plot_width(model.size), false);
    let (from, to) = chart.stretch(now, wide);
    assert!(from <= since && since < to, "{from:?} {to:?}");
    assert!(chart.cursor.is_some());
    press(&mut model, KeyCode::Esc);
    let explained = |effects: Vec<Effect>| match effects.first() {
        Some(Effect::Ask(Request {
            body: RequestBody::Explain(target),
            ..
        })) => target.clone(),
        other => panic!("{other:?}"),
    };
    let target = explained(press(&mut model, KeyCode::Char('e')));
    assert!(matches!(target, Target::Reading { parameter, .. } if parameter == ParameterId(7)));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('r'));
    assert!(notice(&model).contains("Nobody"), "{}", notice(&model));
    press(&mut model, KeyCode::Home);
    let target = explained(press(&mut model, KeyCode::Char('r')));
    let sequence = Sequence(18_190);
    assert_eq!(target, Target::Record { sequence });
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('n'));
    let Some(Overlay::Note(note)) = model.overlays.last() else {
        panic!("{:?}", model.overlays)
    };
    assert_eq!(note.about(), crate::domain::note::About::Parameter(ParameterId(1)));
    // An alarm of long ago has its chart then.
    let old = alarm(id(1, Kind::Low), Answered::Unacknowledged, Priority::High, 30 * 86_400);
    let mut model = opened(plant(vec![old]), Language::English, 80, 24);
    press(&mut model, KeyCode::Enter);
    let Some(Overlay::Chart(chart)) = model.overlays.last() else {
        panic!("{:?}", model.overlays)
    };
    assert!(chart.end.is_some());
}

#[test]
fn the_bell_rings_once_a_second_for_what_does_not_wait() {
    let bell = |effects: &[Effect]| effects.contains(&Effect::Bell);
    let raised = |parameter: u32, priority: Priority| {
        let alarm = alarm(id(parameter, Kind::Low), Answered::Unacknowledged, priority, 0);
        (alarm.alarm, Some(alarm))
    };
    let mut model = english();
    assert!(!bell(&changed(&mut model, vec![raised(2, Priority::Medium)])));
    assert!(bell(&changed(&mut model, vec![raised(4, Priority::High)])));
    // What was announced already sounds no more.
    later(&mut model);
    assert!(!bell(&changed(&mut model, vec![raised(4, Priority::High)])));
    assert!(bell(&changed(&mut model, vec![raised(5, Priority::Critical)])));
    // Another within the same second sounds when that is over.
    assert!(!bell(&changed(&mut model, vec![raised(6, Priority::Critical)])));
    let effects = later(&mut model);
    assert!(bell(&effects), "{effects:?}");
    let effects = later(&mut model);
    assert!(!bell(&effects), "{effects:?}");
    // One that has gone before it was seen, or that is hidden, does not.
    let mut gone = raised(7, Priority::Critical);
    gone.1.as_mut().unwrap().state.answered = Answered::ReturnedUnacknowledged;
    assert!(!bell(&changed(&mut model, vec![gone])));
    type_keys(&mut model, ":bell off");
    press(&mut model, KeyCode::Enter);
    assert!(!bell(&changed(&mut model, vec![raised(8, Priority::Critical)])));
    assert!(model.alarms.signals.quiet);
    type_keys(&mut model, ":bell on");
    press(&mut model, KeyCode::Enter);
    later(&mut model);
    assert!(bell(&changed(&mut model, vec![raised(9, Priority::Critical)])));
}

#[test]
fn only_what_is_urgent_and_not_answered_blinks_unless_nothing_is_to() {
    let mut model = english();
    let blinks = |model: &Model| {
        drawn(model)
            .1
            .lines()
            .filter(|look| look.contains("SLOW_BLINK"))
            .count()
    };
    let marked = drawn(&model).1;
    assert!(marked.contains(&format!("{:?}", Modifier::SLOW_BLINK)) || blinks(&model) > 0);
    assert_eq!(blinks(&model), 1, "{marked}");
    type_keys(&mut model, ":blink off");
    press(&mut model, KeyCode::Enter);
    assert_eq!(blinks(&model), 0);
}

#[test]
fn hostile_names_and_every_size_are_drawn() {
    let mut hostile = plant(alarms());
    for parameter in &mut hostile.parameters {
        parameter.tag = "标\u{1b}[2J".repeat(40);
        parameter.name.zh = "炉".repeat(200);
        parameter.name.en = "\u{202e}\u{7}".repeat(200);
        parameter.unit = "千".repeat(50);
    }
    hostile.alarms.push(alarm(
        id(4_000_000_000, Kind::High),
        Answered::Unacknowledged,
        Priority::Critical,
        -90_000,
    ));
    hostile.alarms[0].worst = Some(i64::MIN);
    hostile.alarms[0].limit = Some(i64::MAX);
    hostile.alarms[1].since = None;
    hostile.alarms[1].told = None;
    for language in Language::ALL {
        let mut model = opened(hostile.clone(), language, 80, 24);
        for keys in ["", "s", "\u{1b}"] {
            type_keys(&mut model, keys);
            for hidden in [false, true] {
                for (width, height) in [(80, 24), (60, 20), (140, 20), (1, 1), (300, 90), (139, 40)] {
                    update(&mut model, Msg::Resize(Size::new(width, height)));
                    drawn(&model);
                }
                if hidden && model.overlays.is_empty() {
                    press(&mut model, KeyCode::Tab);
                }
            }
            press(&mut model, KeyCode::Esc);
        }
    }
}

#[test]
fn a_frame_of_a_thousand_alarms_is_cheap() {
    let mut large = plant(Vec::new());
    let one = large.parameters[0].clone();
    large.parameters = (0..1_000)
        .map(|place| {
            let mut parameter = one.clone();
            parameter.id = ParameterId(place);
            parameter.tag = format!("FT-{place:04}");
            parameter
        })
        .collect();
    large.alarms = (0..1_000)
        .map(|place| {
            let ago = i64::from(place) * 100;
            alarm(id(place, Kind::High), Answered::Unacknowledged, Priority::High, ago)
        })
        .collect();
    let mut model = opened(large, Language::Chinese, 200, 60);
    assert_eq!(model.alarms.listing.fitting, 1_000);
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
    fn no_keys_in_any_order_break_it(keys in "[aAsuoiRrefp khjl gG/?2:ny 0-9一次]{0,40}", width in 1_u16..200, height in 1_u16..60) {
        let mut model = opened(plant(alarms()), Language::Chinese, 80, 24);
        update(&mut model, Msg::Resize(Size::new(width, height)));
        for key in keys.chars() {
            press(&mut model, KeyCode::Char(key));
            press(&mut model, KeyCode::Enter);
        }
        for code in [KeyCode::Tab, KeyCode::Esc, KeyCode::Left, KeyCode::Right, KeyCode::PageDown, KeyCode::End] {
            press(&mut model, code);
            drawn(&model);
        }
    }
}
