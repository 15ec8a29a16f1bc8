//! The alarm figures on the screen.

use std::collections::BTreeSet;

use crossterm::event::KeyCode;

use super::*;
use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::locale::Language;
use crate::quality::alarm::chatter::ChatterSettings;
use crate::quality::alarm::figures::{Figures, Scope, figures};
use crate::quality::alarm::flood::FloodSettings;
use crate::quality::alarm::identity::Operator;
use crate::quality::alarm::occurrence::Occurrence;
use crate::quality::alarm::{AlarmId, Kind, Priority};
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};

const MINUTE_MS: i64 = 60_000;

/// A day with a flood of twelve, a chattering alarm and one that has stood since yesterday.
fn counted() -> Figures {
    let now = snapshot().state.now;
    let one = |parameter: u32, kind: Kind, priority: Priority, ago: i64, lasts: Option<i64>| Occurrence {
        alarm: AlarmId {
            parameter: ParameterId(parameter),
            kind,
        },
        operator: Operator(0),
        priority,
        raised: now.plus(-ago * MINUTE_MS),
        ended: lasts.map(|lasts| now.plus((lasts - ago) * MINUTE_MS)),
        acknowledged: lasts.map(|_| now.plus((1 - ago) * MINUTE_MS)),
    };
    let mut all: Vec<Occurrence> = (0..12)
        .map(|place| {
            one(
                u32::try_from(place).unwrap() % 8 + 1,
                Kind::High,
                Priority::Low,
                300 - place / 3,
                Some(4),
            )
        })
        .collect();
    all.extend((0..9).map(|place| one(4, Kind::Low, Priority::High, 120 - place * 2, Some(1))));
    all.push(one(2, Kind::NoData, Priority::Medium, 1_900, None));
    let scope = Scope {
        from: now.plus(-2_000 * MINUTE_MS),
        to: now,
        operators: BTreeSet::from([Operator(0)]),
        flood: FloodSettings::STANDARD,
        chatter: ChatterSettings::STANDARD,
    };
    figures(&all, &scope)
}

fn opened(language: Language, width: u16, height: u16) -> (Model, u64, i64) {
    let mut model = model_of(snapshot(), language, "dark", width, height);
    press(&mut model, KeyCode::Char('2'));
    let (request, days) = asked(press(&mut model, KeyCode::Char('c')));
    (model, request, days)
}

/// The number of the request, and of how many days it is.
fn asked(effects: Vec<Effect>) -> (u64, i64) {
    let mut asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::Ask(Request {
            id,
            body: RequestBody::AlarmFigures { from, to },
            ..
        }) => Some((id, to.since(from) / (24 * 60 * MINUTE_MS))),
        _ => None,
    });
    asked.next().expect("figures are asked for")
}

fn reply(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) {
    let reply = FromDaemon::Reply { id, result };
    update(model, Msg::Link(LinkEvent::Message(Box::new(reply))));
}

#[test]
fn the_figures_at_every_size() {
    for language in Language::ALL {
        for (width, height) in [(60, 20), (80, 24), (200, 60)] {
            let (mut model, request, _) = opened(language, width, height);
            assert!(drawn(&model).0.contains('…'), "it says that it waits");
            reply(&mut model, request, Ok(ReplyBody::AlarmFigures(Box::new(counted()))));
            insta::assert_snapshot!(format!("figures_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

#[test]
fn arrows_go_through_lengths_of_time_and_a_refusal_is_told() {
    let (mut model, first, days) = opened(Language::English, 80, 24);
    assert_eq!(days, 30);
    assert_eq!(asked(press(&mut model, KeyCode::Left)).1, 7);
    assert_eq!(asked(press(&mut model, KeyCode::Left)).1, 1);
    let (request, days) = asked(press(&mut model, KeyCode::Right));
    assert_eq!(days, 7);
    // What was asked before comes too late.
    reply(&mut model, first, Ok(ReplyBody::AlarmFigures(Box::new(counted()))));
    assert!(drawn(&model).0.contains('…'));
    reply(&mut model, request, Err(Text::new("tui-explain-unexpected")));
    assert!(!drawn(&model).0.contains("Aim"));
    press(&mut model, KeyCode::Esc);
    assert!(model.overlays.is_empty());
}

#[test]
fn all_of_the_most_frequent_can_be_read_on_a_screen_of_80_columns() {
    let (mut model, request, _) = opened(Language::English, 80, 24);
    reply(&mut model, request, Ok(ReplyBody::AlarmFigures(Box::new(counted()))));
    let lines = drawn(&model).0;
    assert!(lines.contains("shorter time") && lines.contains("below"), "{lines}");
    press(&mut model, KeyCode::End);
    let lines = drawn(&model).0;
    let frequent = counted().most_frequent;
    assert!(lines.contains("0 below") && frequent.len() >= 9, "{lines}");
    assert!(
        lines.contains("1  AI-2110  no data") && lines.contains("1  PT-3303  high"),
        "{lines}"
    );
    press(&mut model, KeyCode::Home);
    assert!(drawn(&model).0.contains("0 above"));
}

#[test]
fn what_lies_before_the_watch_is_told_and_a_full_time_is_not_called_short() {
    let now = snapshot().state.now;
    let of = |days: i64| {
        let scope = Scope {
            from: now.plus(-days * 24 * 60 * MINUTE_MS + 3_000),
            to: now,
            operators: BTreeSet::from([Operator(0)]),
            flood: FloodSettings::STANDARD,
            chatter: ChatterSettings::STANDARD,
        };
        let (mut model, request, _) = opened(Language::English, 80, 24);
        let figures = figures(&[], &scope);
        reply(&mut model, request, Ok(ReplyBody::AlarmFigures(Box::new(figures))));
        drawn(&model).0
    };
    let full = of(30);
    assert!(
        !full.contains("watched since") && !full.contains("Fewer than"),
        "{full}"
    );
    let short = of(12);
    assert!(
        short.contains("watched since") && short.contains("Fewer than"),
        "{short}"
    );
}
