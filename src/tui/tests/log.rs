//! The audit log: what it shows, what it asks for, and that the reader's place stays.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::Slot;
use crate::domain::text::Text;
use crate::domain::time::{Instant, Month};
use crate::engine::view::{Explanation, Part, Target};
use crate::locale::Language;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::pane::Pane;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::Delta;
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};
use crate::wire::records::{ChainView, KindFilter, RecordFilter, RecordPage, RecordView, TailFrom};

const HEAD: u64 = 18_204;

/// A record of the fixture's journal; every fourth has something to tell.
fn record(sequence: u64) -> RecordView {
    let (kind, what, changes, from) = match sequence % 12 {
        0 => (
            "correction",
            Text::new("record-correction")
                .with_count("count", 1)
                .with("reason", "秤零点漂移 weigher drifted"),
            vec![
                Text::new("record-change-reading")
                    .with("tag", "FT-2041")
                    .with_text(
                        "slot",
                        Text::new("reading-at").with_instant("at", Instant(1_763_618_700_000)),
                    )
                    .with("values", "128.4 → 121.9")
                    .with("unit", "t/h"),
            ],
            "correct",
        ),
        4 => (
            "readings",
            Text::new("record-readings")
                .with_count("count", 3)
                .with("from", "lab-2025-11.csv"),
            vec![
                Text::new("record-change-restated")
                    .with_name(
                        "name",
                        &crate::domain::model::Name {
                            zh: "1号锅炉".into(),
                            en: "Boiler 1".into(),
                        },
                    )
                    .with("month", "2025-11")
                    .with("book", "shanxi")
                    .with("values", "27,801.123 → 27,912.400"),
            ],
            "lab-2025-11.csv",
        ),
        8 => (
            "dropped",
            Text::new("record-dropped").with_count("bytes", 40_100),
            Vec::new(),
            "",
        ),
        9 => (
            "unreadable",
            Text::new("record-unreadable").with_text(
                "why",
                Text::new("daemon-chain-broken").with("place", "seg-000000000001.cwj, byte 4711, record 18201"),
            ),
            Vec::new(),
            "",
        ),
        _ => (
            "readings",
            Text::new("record-readings")
                .with_count("count", 412)
                .with("from", "dcs"),
            Vec::new(),
            "dcs",
        ),
    };
    let readable = !matches!(kind, "dropped" | "unreadable");
    let person = matches!(kind, "correction") || from.starts_with("lab");
    RecordView {
        approval: None,
        sequence: Sequence(sequence),
        at: (kind != "unreadable").then(|| {
            Instant(1_763_618_709_000 + (i64::try_from(sequence).unwrap() - i64::try_from(HEAD).unwrap()) * 5_000)
        }),
        actor: readable.then(|| {
            if person {
                Actor {
                    uid: 1007,
                    user: "zhangw".into(),
                    person: Some("100234".into()),
                    roles: vec![Role::CarbonAccountant],
                    shared: false,
                }
            } else {
                Actor::daemon()
            }
        }),
        kind: kind.into(),
        from: from.into(),
        what,
        changes,
        hash: if kind == "unreadable" {
            String::new()
        } else {
            format!("{sequence:08x}").repeat(8)
        },
    }
}

fn page(from: u64, to: u64, reached: u64, head: u64) -> RecordPage {
    RecordPage {
        records: (from..=to).map(record).collect(),
        reached: Sequence(reached),
        chain: ChainView {
            head: Sequence(head),
            digest: "9f3ac1d2".repeat(8),
            sealed_through: Some(Month { year: 2022, month: 12 }),
            damaged: None,
        },
    }
}

fn asked(effects: &[Effect]) -> Option<&Request> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Ask(request) if matches!(request.body, RequestBody::Tail { .. }) => Some(request),
        _ => None,
    })
}

fn from_of(effects: &[Effect]) -> Option<TailFrom> {
    match asked(effects)?.body {
        RequestBody::Tail { from, .. } => Some(from),
        _ => None,
    }
}

fn reply(model: &mut Model, page: RecordPage) -> Vec<Effect> {
    let id = model.log.asked.expect("a page was asked for").request;
    let message = FromDaemon::Reply {
        id,
        result: Ok(ReplyBody::Records(Box::new(page))),
    };
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

/// A model that shows the log with its first page.
fn opened(language: Language, width: u16, height: u16) -> Model {
    let mut model = model(language, "dark", width, height);
    let effects = press(&mut model, KeyCode::Char('0'));
    assert_eq!(model.pane, Pane::Log);
    assert_eq!(from_of(&effects), Some(TailFrom::Newest));
    reply(&mut model, page(HEAD - 119, HEAD, HEAD - 119, HEAD));
    model
}

/// So many more records were written.
fn grow(model: &mut Model, head: u64) -> Vec<Effect> {
    let mut state = model.plant.as_ref().unwrap().state.clone();
    state.sequence = Sequence(head);
    update(model, Msg::Clock(model.elapsed + Duration::from_secs(1)));
    let delta = Delta {
        number: model.plant.as_ref().unwrap().number_for_tests() + 1,
        values: Vec::new(),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state,
    };
    update(
        model,
        Msg::Link(LinkEvent::Message(Box::new(FromDaemon::Delta(Box::new(delta))))),
    )
}

#[test]
fn the_log_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened(language, width, height);
            for _ in 0..8 {
                press(&mut model, KeyCode::Down);
            }
            insta::assert_snapshot!(format!("log_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

#[test]
fn a_damaged_chain_comes_first_and_a_filter_is_named() {
    for language in Language::ALL {
        let mut model = opened(language, 80, 24);
        type_keys(&mut model, "s");
        let mut empty = page(1, 0, HEAD - 4_096, HEAD);
        empty.chain.damaged = Some(Text::new("daemon-chain-broken").with("place", "seg-1, byte 4711, record 18201"));
        reply(&mut model, empty);
        type_keys(&mut model, "/张 FT");
        insta::assert_snapshot!(format!("log_damaged_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn the_newest_is_followed_until_one_moves_and_then_the_place_stays() {
    let mut model = opened(Language::English, 80, 24);
    let effects = grow(&mut model, HEAD + 2);
    assert_eq!(from_of(&effects), Some(TailFrom::After(Sequence(HEAD))));
    reply(&mut model, page(HEAD + 1, HEAD + 2, HEAD + 2, HEAD + 2));
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD + 2));

    later(&mut model);
    press(&mut model, KeyCode::Down);
    let place = (model.log.selected().unwrap().sequence, model.log.cursor - model.log.top);
    let effects = grow(&mut model, HEAD + 3);
    assert_eq!(from_of(&effects), Some(TailFrom::After(Sequence(HEAD + 2))));
    let before: Vec<String> = drawn(&model).0.lines().skip(4).take(12).map(str::to_owned).collect();
    reply(&mut model, page(HEAD + 3, HEAD + 3, HEAD + 3, HEAD + 3));
    let after: Vec<String> = drawn(&model).0.lines().skip(4).take(12).map(str::to_owned).collect();
    assert_eq!(
        (model.log.selected().unwrap().sequence, model.log.cursor - model.log.top),
        place
    );
    assert_eq!(before, after);
    assert!(drawn(&model).0.contains("1 newer"), "{}", drawn(&model).0);

    press(&mut model, KeyCode::Home);
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD + 3));
    assert!(model.log.following);
}

#[test]
fn what_came_under_the_cursor_just_now_is_not_what_a_key_means() {
    let mut model = opened(Language::English, 80, 24);
    let _ = grow(&mut model, HEAD + 1);
    reply(&mut model, page(HEAD + 1, HEAD + 1, HEAD + 1, HEAD + 1));
    // Enter was on its way to the one before.
    let effects = press(&mut model, KeyCode::Enter);
    assert_eq!(explained(&effects), Some(Sequence(HEAD)));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD));

    press(&mut model, KeyCode::Home);
    let _ = grow(&mut model, HEAD + 2);
    reply(&mut model, page(HEAD + 2, HEAD + 2, HEAD + 2, HEAD + 2));
    later(&mut model);
    let effects = press(&mut model, KeyCode::Enter);
    assert_eq!(explained(&effects), Some(Sequence(HEAD + 2)));
    press(&mut model, KeyCode::Esc);

    // While a command is typed, what it is about stays.
    press(&mut model, KeyCode::Home);
    type_keys(&mut model, ":withdraw wrong");
    let _ = grow(&mut model, HEAD + 3);
    reply(&mut model, page(HEAD + 3, HEAD + 3, HEAD + 3, HEAD + 3));
    later(&mut model);
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD + 2));
    // Nor is a command about what came just before its first key.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Home);
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD + 3));
    let _ = grow(&mut model, HEAD + 4);
    reply(&mut model, page(HEAD + 4, HEAD + 4, HEAD + 4, HEAD + 4));
    type_keys(&mut model, ":withdraw wrong");
    later(&mut model);
    assert_eq!(model.log.selected().unwrap().sequence, Sequence(HEAD + 3));
}

/// Lets a second pass.
fn later(model: &mut Model) {
    update(model, Msg::Clock(model.elapsed + Duration::from_secs(1)));
}

fn explained(effects: &[Effect]) -> Option<Sequence> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(request) => match &request.body {
            RequestBody::Explain(Target::Record { sequence }) => Some(*sequence),
            _ => None,
        },
        _ => None,
    })
}

#[test]
fn far_back_only_a_window_is_held_and_what_is_new_is_counted() {
    let mut model = opened(Language::English, 80, 24);
    let mut oldest = HEAD - 119;
    for _ in 0..12 {
        let effects = press(&mut model, KeyCode::End);
        assert_eq!(from_of(&effects), Some(TailFrom::Before(Sequence(oldest))));
        reply(&mut model, page(oldest - 200, oldest - 1, oldest - 200, HEAD));
        oldest -= 200;
    }
    assert_eq!(model.log.records.len(), 1000);
    assert!(model.log.newest < Sequence(HEAD));
    press(&mut model, KeyCode::End);
    // What is new far above is counted, not fetched.
    reply(&mut model, page(oldest - 200, oldest - 1, oldest - 200, HEAD));
    assert_eq!(from_of(&grow(&mut model, HEAD + 5)), None);
    assert!(drawn(&model).0.contains(" newer above"), "{}", drawn(&model).0);
    // The way up is read again.
    let newest = model.log.newest;
    for _ in 0..100 {
        let effects = press(&mut model, KeyCode::PageUp);
        if let Some(from) = from_of(&effects) {
            assert_eq!(from, TailFrom::After(newest));
            return;
        }
    }
    panic!("nothing was asked for on the way up");
}

#[test]
fn a_filter_goes_to_the_daemon_and_a_search_in_vain_ends() {
    let mut model = opened(Language::English, 80, 24);
    let effects = type_keys_effects(&mut model, "/z");
    let expected = RecordFilter {
        kinds: KindFilter::All,
        words: "z".into(),
    };
    let Some(RequestBody::Tail { filter, .. }) = asked(&effects).map(|request| request.body.clone()) else {
        panic!("{effects:?}")
    };
    assert_eq!(filter, expected);
    // While that is answered one types on: the answer counts no more, and the words as they are now are asked for.
    assert_eq!(asked(&type_keys_effects(&mut model, "h")), None);
    let effects = reply(&mut model, page(HEAD, HEAD, HEAD, HEAD));
    let Some(RequestBody::Tail { filter, .. }) = asked(&effects).map(|request| request.body.clone()) else {
        panic!("{effects:?}")
    };
    assert_eq!(filter.words, "zh");
    let mut head = HEAD * 100;
    let mut effects = reply(&mut model, page(1, 0, head - 4096, head));
    let mut asked_for = 0;
    while let Some(TailFrom::Before(before)) = from_of(&effects) {
        head = before.0;
        effects = reply(&mut model, page(1, 0, head - 4096, HEAD * 100));
        asked_for += 1;
    }
    assert_eq!(asked_for, 15);
    assert!(
        drawn(&model).0.contains("Nothing fits in records"),
        "{}",
        drawn(&model).0
    );
    press(&mut model, KeyCode::Enter);
    assert!(from_of(&press(&mut model, KeyCode::Down)).is_some());
}

#[test]
fn a_record_opens_into_what_it_did_and_from_there_one_goes_to_the_parameter() {
    let mut model = opened(Language::English, 80, 24);
    let effects = press(&mut model, KeyCode::Enter);
    let target = Target::Record {
        sequence: Sequence(HEAD),
    };
    let Some(Effect::Ask(request)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(request.body, RequestBody::Explain(target.clone()));
    let explanation = Explanation {
        target,
        parts: vec![Part {
            label: Text::new("plain-name"),
            value: None,
            unit: None,
            numbers: None,
            remark: None,
            target: Some(Target::Reading {
                parameter: ParameterId(8),
                slot: Slot {
                    at: Instant(0),
                    span_s: 0,
                    own_id: 0,
                },
            }),
        }],
        ..explanation()
    };
    let message = FromDaemon::Reply {
        id: request.id,
        result: Ok(ReplyBody::Explanation(Box::new(explanation))),
    };
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(message))));
    press(&mut model, KeyCode::Char('o'));
    assert_eq!((model.pane, model.live.selected), (Pane::Live, Some(ParameterId(8))));
}

fn type_keys_effects(model: &mut Model, keys: &str) -> Vec<Effect> {
    keys.chars().flat_map(|key| press(model, KeyCode::Char(key))).collect()
}

#[test]
fn the_selected_record_is_withdrawn_with_its_reason_and_what_comes_of_it_is_said() {
    let mut model = opened(Language::English, 80, 24);
    let of = model.log.selected().unwrap().sequence;
    let run = |model: &mut Model, line: &str| {
        type_keys(model, line);
        press(model, KeyCode::Enter)
    };
    run(&mut model, ":withdraw ");
    assert!(drawn(&model).0.contains("Say why after it"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    let effects = run(&mut model, ":withdraw mistyped");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request {
            id,
            key: Some(_),
            body: RequestBody::Withdraw { sequence, reason },
        }) => Some((*id, *sequence, reason.clone())),
        _ => None,
    });
    let (id, sequence, reason) = asked.unwrap();
    assert_eq!((sequence, reason.as_str()), (of, "mistyped"));
    let message = FromDaemon::Reply {
        id,
        result: Ok(ReplyBody::Recorded(Sequence(999))),
    };
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(message))));
    assert!(
        drawn(&model)
            .0
            .contains(&format!("Record {of} was withdrawn (record 999)"))
    );
    // In the Live pane no record is looked at.
    press(&mut model, KeyCode::Char('1'));
    run(&mut model, ":withdraw x");
    assert!(drawn(&model).0.contains("Go to the record first"));
}
