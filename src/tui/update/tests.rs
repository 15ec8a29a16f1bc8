//! Keys and messages, one by one.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::*;
use crate::domain::identity::{BookId, NodeId, ParameterId};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, Slot};
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::view::Target;
use crate::locale::Language;
use crate::tui::model::Columns;
use crate::tui::model::{Focus, Row, Sort, TotalOf};
use crate::tui::overlay::Answer;
use crate::tui::panes::columns::Column;
use crate::tui::preferences::{Kept, Preferences};
use crate::tui::tests::{actor, answer, explanation, live_value, model, model_of, press, snapshot, type_keys};
use crate::wire::live::Delta;
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

fn watching() -> Model {
    model(Language::English, "dark", 80, 24)
}

fn listed(model: &Model) -> Vec<u32> {
    let plant = model.plant.as_ref().unwrap();
    model
        .live
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::Parameter(place) => Some(plant.parameters[*place].id.0),
            Row::Group(_) => None,
        })
        .collect()
}

fn delta(model: &mut Model, number: u64, values: Vec<(ParameterId, crate::engine::view::LiveValue)>) -> Vec<Effect> {
    let state = snapshot().state;
    let delta = FromDaemon::Delta(Box::new(Delta {
        number,
        values,
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state,
    }));
    update(model, Msg::Link(LinkEvent::Message(Box::new(delta))))
}

fn asked(effects: &[Effect]) -> &Target {
    match effects {
        [
            Effect::Ask(Request {
                body: RequestBody::Explain(target),
                ..
            }),
        ] => target,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_are_grouped_along_the_tree() {
    let model = watching();
    assert_eq!(listed(&model), [4, 3, 1, 2, 5, 6, 7, 8, 9]);
    assert!(matches!(model.live.rows[0], Row::Group(0)));
    assert_eq!(model.live.selected, Some(ParameterId(4)), "headings are never selected");
}

#[test]
fn orders_follow_one_another_and_keep_the_selection() {
    let mut model = watching();
    press(&mut model, KeyCode::Down);
    assert_eq!(model.live.selected, Some(ParameterId(3)));
    type_keys(&mut model, "s");
    assert_eq!(model.live.sort, Sort::Condition);
    assert_eq!(listed(&model), [6, 3, 7, 2, 8, 1, 4, 5, 9]);
    assert_eq!(model.live.selected, Some(ParameterId(3)));
    type_keys(&mut model, "s");
    assert_eq!(listed(&model), [2, 4, 1, 7, 3, 9, 5, 8, 6]);
    type_keys(&mut model, "s");
    assert_eq!(listed(&model), [3, 5, 7, 9, 2, 8, 1, 4, 6]);
    assert_eq!(model.live.cursor, 0);
    type_keys(&mut model, "s");
    assert_eq!(model.live.sort, Sort::Plant);
    assert_eq!(model.live.selected, Some(ParameterId(3)));
}

#[test]
fn the_filter_takes_what_is_typed_and_looks_in_both_languages() {
    let mut model = watching();
    type_keys(&mut model, "/BOIL q");
    assert_eq!(listed(&model), [0_u32; 0]);
    press(&mut model, KeyCode::Backspace);
    assert_eq!(listed(&model), [1, 2]);
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.live.focus, Focus::Rows);
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.live.filter.text(), "");
    type_keys(&mut model, "/煤气");
    assert_eq!(listed(&model), [7, 8]);
    update(&mut model, Msg::Paste("\u{1b}压力\n".into()));
    assert_eq!(model.live.filter.text(), "煤气压力");
    press(&mut model, KeyCode::Esc);
    assert_eq!(listed(&model).len(), 9);
}

#[test]
fn key_parameters_only() {
    let mut model = watching();
    type_keys(&mut model, "K");
    assert_eq!(listed(&model), [4, 2, 6, 8]);
    type_keys(&mut model, "K");
    assert_eq!(listed(&model).len(), 9);
}

#[test]
fn the_cursor_stays_inside_and_in_view() {
    let mut model = model(Language::English, "dark", 80, 20);
    for _ in 0..30 {
        press(&mut model, KeyCode::Down);
        let body = crate::tui::panes::live::body_height(model.size);
        assert!(model.live.cursor >= model.live.top && model.live.cursor < model.live.top + body);
    }
    assert_eq!(model.live.selected, Some(ParameterId(9)));
    press(&mut model, KeyCode::Home);
    assert_eq!((model.live.selected, model.live.top), (Some(ParameterId(4)), 0));
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::PageUp);
    press(&mut model, KeyCode::PageUp);
    assert_eq!(model.live.selected, Some(ParameterId(4)));
}

#[test]
fn a_held_display_keeps_its_values_and_the_plant_goes_on() {
    let mut model = watching();
    type_keys(&mut model, " ");
    delta(
        &mut model,
        2,
        vec![(ParameterId(1), live_value(777, 0, Origin::Connector))],
    );
    update(&mut model, Msg::Clock(Duration::from_secs(60)));
    let value = |model: &Model| {
        model
            .displayed()
            .unwrap()
            .0
            .parameter_of(ParameterId(1))
            .unwrap()
            .newest
            .unwrap()
            .value
    };
    assert_eq!(value(&model), 1_284);
    assert_eq!(model.displayed().unwrap().1, Duration::from_millis(300));
    type_keys(&mut model, " ");
    assert_eq!(value(&model), 777);
}

#[test]
fn books_follow_one_another() {
    let mut model = watching();
    press(&mut model, KeyCode::Tab);
    assert_eq!(model.live.book, 1);
    type_keys(&mut model, "b");
    assert_eq!(model.live.book, 0);
}

#[test]
fn every_total_opens_its_own_period() {
    for (steps, expected) in [
        (1, Period::Day(chrono::NaiveDate::from_ymd_opt(2025, 11, 20).unwrap())),
        (2, Period::Month(Month { year: 2025, month: 11 })),
        (3, Period::Year(2025)),
        (9, Period::Year(2025)),
    ] {
        let mut model = watching();
        type_keys(&mut model, "t");
        for _ in 0..steps {
            press(&mut model, KeyCode::Right);
        }
        let effects = press(&mut model, KeyCode::Enter);
        let Target::Node { book, node, period } = asked(&effects) else {
            panic!("{effects:?}")
        };
        assert_eq!((*book, *node, *period), (BookId(1), NodeId(1), expected));
    }
    let mut model = watching();
    type_keys(&mut model, "t");
    let effects = press(&mut model, KeyCode::Enter);
    let Target::Node {
        period: Period::Hours(from, to),
        ..
    } = asked(&effects)
    else {
        panic!("{effects:?}")
    };
    let zone = &model.plant.as_ref().unwrap().model.zone;
    let hour = |hour| zone.local(zone.hour_start(hour)).format("%H").to_string();
    assert_eq!((hour(*from), hour(*to)), ("08".into(), "16".into()));
}

#[test]
fn a_plant_without_shifts_has_no_shift_to_open() {
    let mut snapshot = snapshot();
    snapshot.state.shift = None;
    snapshot.state.totals[0].shift = None;
    let mut model = model_of(snapshot, Language::English, "dark", 80, 24);
    type_keys(&mut model, "t");
    assert_eq!(model.live.focus, Focus::Totals(TotalOf::Shift));
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(model.overlays, []);
}

#[test]
fn the_newest_reading_opens_at_the_start_of_its_interval() {
    let mut snapshot = snapshot();
    let mut newest = live_value(5, 0, Origin::Typed);
    newest.span_s = 3_600;
    snapshot.parameters[3].newest = Some(newest);
    let mut model = model_of(snapshot, Language::English, "dark", 80, 24);
    let effects = press(&mut model, KeyCode::Char('e'));
    let expected = Target::Reading {
        parameter: ParameterId(4),
        slot: Slot {
            at: newest.at.plus(-3_600_000),
            span_s: 3_600,
            own_id: 0,
        },
    };
    assert_eq!(asked(&effects), &expected);
}

#[test]
fn a_parameter_without_a_value_opens_nothing() {
    let mut model = watching();
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Char('e')), []);
}

#[test]
fn explanations_open_step_by_step_and_close_likewise() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('e'));
    let id = model.last_request;
    let reply = |model: &mut Model, id, result| {
        let reply = FromDaemon::Reply { id, result };
        update(model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    };
    reply(&mut model, id + 7, Err(Text::new("wire-closed")));
    let steps = |model: &Model| match model.overlays.last() {
        Some(Overlay::Explain(steps)) => steps.clone(),
        _ => Vec::new(),
    };
    assert_eq!(
        steps(&model)[0].answer,
        Answer::Awaited(id),
        "an answer to something else changes nothing"
    );
    reply(&mut model, id, Ok(ReplyBody::Explanation(Box::new(explanation()))));
    assert_eq!(
        steps(&model)[0].selected,
        Some(1),
        "the first part that opens is selected"
    );

    // The way on keeps to what has a target.
    press(&mut model, KeyCode::Up);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Enter);
    assert!(matches!(asked(&effects), Target::Node { .. }));
    assert_eq!(steps(&model).len(), 2);
    let refused = model.last_request;
    reply(&mut model, refused, Err(Text::new("wire-closed")));
    let effects = press(&mut model, KeyCode::Enter);
    assert!(
        matches!(asked(&effects), Target::Node { .. }),
        "what was refused is asked again"
    );
    assert_eq!(steps(&model).len(), 2);
    press(&mut model, KeyCode::Backspace);
    assert_eq!(steps(&model).len(), 1);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlays, []);
}

#[test]
fn what_was_asked_while_the_link_was_down_is_asked_again() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('e'));
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    type_keys(&mut model, "?");
    let effects = update(&mut model, Msg::Link(LinkEvent::up(actor())));
    let bodies: Vec<_> = effects
        .iter()
        .map(|effect| match effect {
            Effect::Ask(request) => (request.id, request.body.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(bodies[0].1, RequestBody::Watch);
    assert!(matches!(bodies[1].1, RequestBody::Explain(_)));
    let reply = FromDaemon::Reply {
        id: bodies[1].0,
        result: Ok(ReplyBody::Explanation(Box::new(explanation()))),
    };
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    press(&mut model, KeyCode::Esc);
    match model.overlays.last() {
        Some(Overlay::Explain(steps)) => assert!(matches!(steps[0].answer, Answer::Here(_))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_delta_out_of_turn_is_not_taken() {
    let mut model = watching();
    let values = vec![(ParameterId(1), live_value(777, 0, Origin::Connector))];
    let effects = delta(&mut model, 3, values);
    assert!(matches!(
        &effects[..],
        [Effect::Ask(Request {
            body: RequestBody::Watch,
            ..
        })]
    ));
    let parameter = model.plant.as_ref().unwrap().parameter_of(ParameterId(1)).unwrap();
    assert_eq!(parameter.newest.unwrap().value, 1_284);
}

#[test]
fn language_and_theme_change_while_it_runs() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('L'));
    assert_eq!(model.shown.localizer.language(), Language::Chinese);
    let effects = press(&mut model, KeyCode::Char('T'));
    assert_eq!(effects, [Effect::LoadTheme(ThemeWish::After("dark".into()))]);
    let light = crate::tui::theme::Themes::default().load("light").unwrap();
    let read = |loaded| Msg::Theme {
        loaded,
        passed_over: Vec::new(),
        names: vec!["light".into()],
    };
    update(&mut model, read(Ok(light)));
    assert_eq!(model.shown.theme.name(), "light");
    update(&mut model, read(Err(Text::new("wire-closed"))));
    assert_eq!(
        model.shown.theme.name(),
        "light",
        "a bad file leaves the theme that there was"
    );
    assert!(model.shown.text(&model.notice.clone().unwrap()).contains("未采用"));
    press(&mut model, KeyCode::Char('L'));
    model.shown.chinese_drawable = false;
    press(&mut model, KeyCode::Char('L'));
    assert_eq!(
        model.shown.localizer.language(),
        Language::English,
        "where Chinese cannot be drawn it stays English"
    );
}

#[test]
fn a_notice_goes_with_the_next_key() {
    let mut model = watching();
    model.notice = Some(Text::new("tui-notice-not-utf8"));
    press(&mut model, KeyCode::Down);
    assert_eq!(model.notice, None);
}

#[test]
fn a_row_is_copied_as_a_sheet_takes_it() {
    let mut snapshot = snapshot();
    snapshot.parameters[0].tag = "FT\u{1b}]52;".into();
    let mut model = model_of(snapshot, Language::English, "dark", 80, 24);
    type_keys(&mut model, "/coal feed");
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Char('y'));
    let row = "FT\u{fffd}]52;\tBoiler 1 coal feed\t128.4\tt/h\t2025-11-20 14:05:05";
    assert_eq!(effects, [Effect::Copy(row.into())]);
    update(
        &mut model,
        Msg::Copied(Copied {
            first: row.into(),
            clipboard: true,
            file: Ok("/home/z/outbox/copied.txt".into()),
        }),
    );
    let notice = model.shown.text(&model.notice.clone().unwrap());
    assert!(notice.contains("/home/z/outbox/copied.txt"), "{notice}");
}

#[test]
fn an_explanation_is_copied_as_text_and_asked_for_again() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('e'));
    assert_eq!(
        press(&mut model, KeyCode::Char('y')),
        [],
        "there is nothing to copy yet"
    );
    let reply = FromDaemon::Reply {
        id: model.last_request,
        result: Ok(ReplyBody::Explanation(Box::new(explanation()))),
    };
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    let effects = press(&mut model, KeyCode::Char('y'));
    let [Effect::Copy(text)] = &effects[..] else {
        panic!("{effects:?}")
    };
    for expected in [
        "2025-11 is too large",
        "27801.123456789 tCO2e",
        "20000.000000000 + 7801.123456789",
        "gas \u{fffd}[31m",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(matches!(asked(&effects), Target::Reading { .. }));
    match model.overlays.last() {
        Some(Overlay::Explain(steps)) => assert_eq!(steps.len(), 1),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_totals_lead_to_the_filter_and_back() {
    let mut model = watching();
    type_keys(&mut model, "t/");
    assert_eq!(model.live.focus, Focus::Filter);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.live.focus, Focus::Rows);
}

#[test]
fn a_paste_where_nothing_is_typed_is_dropped_and_counted() {
    let mut model = watching();
    assert_eq!(update(&mut model, Msg::Paste("q\nq\n".into())), []);
    assert_eq!(update(&mut model, Msg::Paste("q".into())), []);
    let notice = model.shown.text(&model.notice.clone().unwrap());
    assert!(notice.starts_with("5 characters were pasted"), "{notice}");
    assert_eq!(model.overlays, []);
}

#[test]
fn a_megabyte_pasted_into_a_field_fills_it_and_no_more() {
    let mut model = watching();
    type_keys(&mut model, "/");
    update(&mut model, Msg::Paste("长".repeat(350_000)));
    assert_eq!(model.live.filter.text().chars().count(), 64);
    let notice = model.shown.text(&model.notice.clone().unwrap());
    assert!(notice.contains("full"), "{notice}");
}

#[test]
fn the_window_is_named_after_what_wants_attention() {
    let mut model = model_of(snapshot(), Language::Chinese, "dark", 80, 24);
    assert_eq!(update(&mut model, Msg::Clock(Duration::from_millis(1_200))), []);
    assert_eq!(model.titled, "P1:0 P2:0 due:1 demo carbonwatch");
    // What is named there are alarms; that a value grows old is none before the daemon says so.
    let effects = update(&mut model, Msg::Clock(Duration::from_secs(61)));
    let is_title = |effect: &Effect| matches!(effect, Effect::Title(_));
    assert!(!effects.iter().any(is_title), "{effects:?}");
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    let effects = update(&mut model, Msg::Link(down));
    assert_eq!(effects, [Effect::Title("?? demo carbonwatch".into())]);
}

#[test]
fn a_link_that_is_back_says_what_was_missed() {
    let mut model = watching();
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    update(&mut model, Msg::Clock(Duration::from_secs(130)));
    update(&mut model, Msg::Link(LinkEvent::up(actor())));
    let mut later = snapshot();
    later.state.sequence.0 += 1_204;
    let message = FromDaemon::Snapshot(Box::new(later));
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(message))));
    let notice = model.shown.text(&model.notice.clone().unwrap());
    assert_eq!(
        notice,
        "Connected again after 2 min; 1204 records came meanwhile. What is shown is current."
    );
}

#[test]
fn a_pane_key_leaves_what_covered_the_pane() {
    let mut model = watching();
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "?");
    assert_eq!(model.overlays.len(), 2);
    type_keys(&mut model, "1");
    assert_eq!((model.overlays.len(), model.pane), (0, Pane::Live));
    type_keys(&mut model, "/1");
    assert_eq!(model.live.filter.text(), "1", "in a text field a digit is typed");
}

/// The stretches that are asked for.
fn stretches(effects: &[Effect]) -> Vec<(i64, i64, u16)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask(Request {
                body: RequestBody::Courses { from, to, columns, .. },
                ..
            }) => Some((to.since(*from), to.0, *columns)),
            _ => None,
        })
        .collect()
}

const DAY_MS: i64 = 86_400_000;

#[test]
fn a_chart_is_zoomed_moved_and_compared() {
    let mut model = watching();
    let opened = stretches(&press(&mut model, KeyCode::Enter));
    assert_eq!(opened.len(), 1);
    assert_eq!(
        (opened[0].0, opened[0].2),
        (66 * 22 * 60_000, 66),
        "in columns of 22 minutes"
    );
    let end = opened[0].1;
    let zoomed = stretches(&press(&mut model, KeyCode::Char('+')));
    assert_eq!(zoomed[0].0, 66 * 440_000);
    type_keys(&mut model, "-");
    let moved = stretches(&press(&mut model, KeyCode::PageUp));
    assert!(
        (moved[0].1 - (end - DAY_MS / 2)).abs() < DAY_MS / 30,
        "half a stretch back"
    );
    let back = stretches(&press(&mut model, KeyCode::PageDown));
    assert_eq!(back[0].1, end, "what is to come is not known");
    let compared = stretches(&press(&mut model, KeyCode::Char('c')));
    assert_eq!(compared[1].1, compared[0].1 - DAY_MS);
    let compared = stretches(&press(&mut model, KeyCode::Char('c')));
    assert_eq!(compared[1].1, compared[0].1 - 7 * DAY_MS);
    type_keys(&mut model, "c");
    assert_eq!(stretches(&press(&mut model, KeyCode::Char('c'))).len(), 1);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlays, []);
    let again = stretches(&press(&mut model, KeyCode::Enter));
    assert_eq!(again[0].0, opened[0].0, "the span is kept");
}

#[test]
fn a_chart_that_ends_now_is_asked_for_again_when_a_column_has_passed() {
    let mut model = watching();
    let effects = press(&mut model, KeyCode::Enter);
    answer(&mut model, effects);
    let column = Duration::from_secs(22 * 60);
    assert_eq!(stretches(&update(&mut model, Msg::Clock(column / 2))), []);
    let effects = update(&mut model, Msg::Clock(column + Duration::from_secs(1)));
    assert_eq!(stretches(&effects).len(), 1);
    assert_eq!(
        stretches(&update(&mut model, Msg::Clock(column * 3))),
        [],
        "one answer is awaited at a time"
    );
    answer(&mut model, effects);
    // In the past nothing changes.
    let effects = press(&mut model, KeyCode::PageUp);
    answer(&mut model, effects);
    assert_eq!(stretches(&update(&mut model, Msg::Clock(column * 9))), []);
}

#[test]
fn the_cursor_of_a_chart_opens_the_reading_under_it() {
    let mut model = watching();
    let effects = press(&mut model, KeyCode::Enter);
    answer(&mut model, effects);
    press(&mut model, KeyCode::Home);
    let effects = press(&mut model, KeyCode::Enter);
    let Target::Reading { parameter, slot } = asked(&effects) else {
        panic!("{effects:?}")
    };
    let Some(Overlay::Chart(chart)) = model.overlays.first() else {
        panic!()
    };
    let first = chart.line.course.as_ref().unwrap().known[0].values.unwrap();
    assert_eq!((*parameter, slot.at), (chart.parameter, first.last_at));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.context(), Context::Chart, "back in the chart");
}

#[test]
fn trends_are_asked_for_what_is_on_the_screen_and_again_with_the_next_cell() {
    let mut model = watching();
    assert!(model.live.trends_asked.is_none(), "the fixture answers");
    type_keys(&mut model, "/煤");
    assert_eq!(stretches(&press(&mut model, KeyCode::Enter)), [], "all is known");
    let effects = update(&mut model, Msg::Clock(Duration::from_secs(360)));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request {
            body: RequestBody::Courses { parameters, .. },
            ..
        }) => Some(parameters),
        _ => None,
    });
    let parameters = asked.expect("a new cell has begun");
    assert_eq!(parameters.len(), model.live.listed, "only what is listed");
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    let effects = update(&mut model, Msg::Link(LinkEvent::up(actor())));
    assert_eq!(
        stretches(&effects).len(),
        1,
        "the answer that was lost is asked for again"
    );
}

#[test]
fn columns_are_chosen_and_kept_for_the_person() {
    let mut model = watching();
    type_keys(&mut model, "c");
    assert_eq!(model.context(), Context::Columns);
    // The name goes away; the value cannot; the unit goes before it.
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Char(' '));
    let kept = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Ask(Request {
                body: RequestBody::KeepPreferences { text },
                ..
            }) => Some(Preferences::parse(text)),
            _ => None,
        })
    };
    let preferences = kept(&effects).expect("what changed is kept");
    assert!(!preferences.columns.0.contains(&Column::Name));
    press(&mut model, KeyCode::Home);
    press(&mut model, KeyCode::Down);
    assert_eq!(
        kept(&press(&mut model, KeyCode::Char(' '))),
        None,
        "one request waits at a time"
    );
    assert!(model.live.columns.0.contains(&Column::Value));
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Left);
    assert_eq!(model.live.columns.0[..3], [Column::Tag, Column::Unit, Column::Value]);
    let Some(Effect::Ask(Request { id, .. })) = effects.first() else {
        panic!("{effects:?}")
    };
    let reply = FromDaemon::Reply {
        id: *id,
        result: Ok(ReplyBody::Done),
    };
    let effects = update(&mut model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    let preferences = kept(&effects).expect("and what changed meanwhile");
    assert_eq!(preferences.columns, model.live.columns);
    type_keys(&mut model, "r");
    assert_eq!(model.live.columns, Columns::default());
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.context(), Context::Live);
}

#[test]
fn what_was_kept_holds_when_one_comes_back() {
    let mut model = watching();
    model.kept = Kept::Unknown;
    let effects = update(&mut model, Msg::Clock(Duration::from_secs(1)));
    let Some(Effect::Ask(Request {
        id,
        body: RequestBody::Preferences,
        ..
    })) = effects.first()
    else {
        panic!("{effects:?}")
    };
    let text = "sort = \"age\"\nbook = \"beijing\"\nnonsense = 7\n".to_owned();
    let reply = FromDaemon::Reply {
        id: *id,
        result: Ok(ReplyBody::Preferences(Some(text))),
    };
    update(&mut model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    assert_eq!((model.live.sort, model.live.book), (Sort::Age, 1));
}
