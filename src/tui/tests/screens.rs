//! What the screens look like, and that nothing that a plant or a user can do breaks them.

use std::time::{Duration, Instant};

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;

use super::*;
use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::model::Name;
use crate::domain::reading::Origin;
use crate::domain::text::Text;
use crate::engine::view::Part;
use crate::locale::Language;
use crate::tui::glyphs::Glyphs;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::update::{Msg, update};
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, ReplyBody};

fn link(model: &mut Model, event: LinkEvent) {
    update(model, Msg::Link(event));
}

fn reply(model: &mut Model, result: Result<ReplyBody, Text>) {
    let id = model.last_request;
    link(model, LinkEvent::Message(Box::new(FromDaemon::Reply { id, result })));
}

/// Opens the explanation of the month's total.
fn explain_month(model: &mut Model) {
    type_keys(model, "t");
    press(model, KeyCode::Right);
    press(model, KeyCode::Right);
    press(model, KeyCode::Enter);
    reply(model, Ok(ReplyBody::Explanation(Box::new(explanation()))));
}

#[test]
fn live_at_80_by_24() {
    for language in Language::ALL {
        let model = model(language, "dark", 80, 24);
        insta::assert_snapshot!(format!("live_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn live_at_200_by_60() {
    for language in Language::ALL {
        let mut model = model(language, "dark", 200, 60);
        press(&mut model, KeyCode::End);
        press(&mut model, KeyCode::Home);
        type_keys(&mut model, "/煤");
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("live_200x60_{language}"), drawn(&model).0);
    }
}

#[test]
fn a_silence_that_is_filled_is_marked_and_explained() {
    let mut snapshot = snapshot();
    let silent = &mut snapshot.parameters[6];
    silent.filled_for_ms = Some(2 * 3_600_000);
    if let Some(newest) = &mut silent.newest {
        newest.filled_to = Some(newest.at.plus(300_000));
    }
    for language in Language::ALL {
        let mut model = model_of(snapshot.clone(), language, "mono", 80, 24);
        type_keys(&mut model, "/FT-33");
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("filled_80x24_{language}"), drawn(&model).0);
        let mut model = model_of(snapshot.clone(), language, "mono", 200, 60);
        type_keys(&mut model, "/FT-33");
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("filled_200x60_{language}"), drawn(&model).0);
    }
    // What was filled hours ago says nothing of the time since.
    if let Some(newest) = &mut snapshot.parameters[6].newest {
        newest.at = newest.at.plus(-5 * 3_600_000);
        newest.filled_to = Some(newest.at.plus(3_600_000));
    }
    let model = model_of(snapshot, Language::English, "mono", 80, 24);
    let (lines, _) = drawn(&model);
    let row = lines.lines().find(|line| line.contains("FT-3302")).unwrap();
    assert!(row.contains("stale"), "{row}");
}

/// A chart as it looks when everything is there: compared with the week before, the cursor on what was typed.
fn chart(language: Language, width: u16, height: u16) -> Model {
    let mut model = model(language, "mono", width, height);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Enter);
    answer(&mut model, effects);
    type_keys(&mut model, "c");
    let effects = press(&mut model, KeyCode::Char('c'));
    answer(&mut model, effects);
    press(&mut model, KeyCode::Home);
    for _ in 0..usize::from(width - 14) * 3 / 4 {
        press(&mut model, KeyCode::Right);
    }
    model
}

#[test]
fn chart_of_a_parameter() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let model = chart(language, width, height);
            insta::assert_snapshot!(format!("chart_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
    let mut model = chart(Language::English, 80, 24);
    model.shown.glyphs = Glyphs::ASCII;
    insta::assert_snapshot!("chart_80x24_ascii", drawn(&model).0);
    let mut model = chart(Language::English, 80, 24);
    let effects = press(&mut model, KeyCode::Char('d'));
    answer(&mut model, effects);
    insta::assert_snapshot!("chart_80x24_braille", drawn(&model).0);
}

#[test]
fn columns_to_choose_from() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = model(language, "mono", width, height);
            type_keys(&mut model, "cjj ");
            press(&mut model, KeyCode::Up);
            type_keys(&mut model, " ");
            insta::assert_snapshot!(format!("columns_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

#[test]
fn crews_compared() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = model(language, "mono", width, height);
            let effects = press(&mut model, KeyCode::Char('w'));
            assert!(drawn(&model).0.contains('…'), "it says that it waits");
            answer(&mut model, effects);
            insta::assert_snapshot!(format!("crews_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

#[test]
fn what_is_due_is_counted_listed_and_gone_to() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = model(language, "mono", width, height);
            assert_eq!(model.attention.due, 1);
            type_keys(&mut model, ":due");
            press(&mut model, KeyCode::Enter);
            insta::assert_snapshot!(format!("due_{width}x{height}_{language}"), drawn(&model).0);
            press(&mut model, KeyCode::Enter);
            assert!(model.overlays.is_empty());
            let selected = model.live.selected.unwrap();
            let plant = model.plant.as_ref().unwrap();
            let parameter = plant.model.parameter(selected);
            let meter = plant.due(model.elapsed)[0].meter.id;
            assert_eq!(parameter.unwrap().meter, Some(meter));
        }
    }
}

#[test]
fn what_is_abnormal_looks_so_with_colours_and_without() {
    for theme in ["dark", "mono"] {
        let model = model(Language::English, theme, 80, 24);
        insta::assert_snapshot!(format!("looks_80x24_{theme}"), drawn(&model).1);
    }
}

#[test]
fn explanation_and_help() {
    let sizes = [(80, 24), (200, 60)];
    for (language, (width, height)) in Language::ALL.into_iter().flat_map(|one| sizes.map(|size| (one, size))) {
        let mut model = model(language, "mono", width, height);
        explain_month(&mut model);
        press(&mut model, KeyCode::Enter);
        reply(&mut model, Ok(ReplyBody::Explanation(Box::new(explanation()))));
        press(&mut model, KeyCode::Down);
        let size = format!("{width}x{height}_{language}");
        insta::assert_snapshot!(format!("explain_{size}"), drawn(&model).0);
        type_keys(&mut model, "xt?");
        insta::assert_snapshot!(format!("help_{size}"), drawn(&model).0);
    }
}

#[test]
fn paging_through_an_explanation_passes_over_nothing() {
    for (width, height) in [(80, 24), (200, 60)] {
        let mut model = model(Language::English, "mono", width, height);
        explain_month(&mut model);
        press(&mut model, KeyCode::Enter);
        let mut long = explanation();
        let pattern = long.parts[1].clone();
        let label = |place: usize| format!("line-{place}-");
        long.parts = (0..70)
            .map(|place| Part {
                label: Text::new("reading-origin")
                    .with("origin", label(place))
                    .with("record", "a name that is long enough to be broken ".repeat(place % 3)),
                numbers: Some("(1 + 2) × 3".into()),
                remark: Some(Text::new("tui-explain-awaited")),
                ..pattern.clone()
            })
            .collect();
        reply(&mut model, Ok(ReplyBody::Explanation(Box::new(long))));
        for key in [KeyCode::PageDown, KeyCode::PageUp] {
            let mut seen = String::new();
            for _ in 0..40 {
                seen.push_str(&drawn(&model).0);
                press(&mut model, key);
            }
            for place in 0..70 {
                assert!(seen.contains(&label(place)), "{width}×{height} {key:?}: {place}");
            }
        }
    }
}

#[test]
fn a_lost_daemon_shows_at_once_and_values_go_on_ageing() {
    let mut model = model(Language::Chinese, "dark", 80, 24);
    link(
        &mut model,
        LinkEvent::Down {
            why: Text::new("wire-closed"),
            retry_in: Duration::from_secs(4),
        },
    );
    update(&mut model, Msg::Clock(Duration::from_secs(90)));
    let (lines, _) = drawn(&model);
    assert!(
        lines.lines().nth(1).unwrap().contains("连接中断，数据停在 14:05:09"),
        "{lines}"
    );
    // The clock stands; ages do not.
    assert!(lines.lines().next().unwrap().contains("14:05:14"), "{lines}");
    assert!(lines.contains("FT-2041 "), "{lines}");
    let row = lines.lines().find(|line| line.contains("FT-2041")).unwrap();
    assert!(
        row.contains("1 分") && row.contains("停滞") && row.contains('?'),
        "{row}"
    );
}

#[test]
fn before_anything_is_known_the_screen_says_so() {
    let mut model = model(Language::English, "mono", 80, 24);
    model.plant = None;
    assert!(drawn(&model).0.contains("Connecting to the daemon"));
    link(
        &mut model,
        LinkEvent::Down {
            why: Text::new("wire-silent"),
            retry_in: Duration::from_secs(4),
        },
    );
    assert!(
        drawn(&model)
            .0
            .contains("NO CONNECTION, next attempt in 4 s: The daemon does not answer.")
    );
}

#[test]
fn what_keeps_data_out_takes_the_banner() {
    let mut snapshot = snapshot();
    snapshot.state.refusing = Some(Text::new("number-too-large").with("given", "disk"));
    let model = model_of(snapshot, Language::English, "dark", 80, 24);
    assert!(drawn(&model).0.contains("NOTHING IS ACCEPTED: disk is too large"));
}

#[test]
fn a_feed_in_trouble_is_named() {
    let mut snapshot = snapshot();
    for feed in &mut snapshot.state.feeds {
        feed.trouble = Some(Text::new("number-comma").with("given", "1,5"));
    }
    let model = model_of(snapshot, Language::English, "dark", 200, 24);
    let line = drawn(&model).0.lines().nth(1).unwrap().to_owned();
    assert!(
        line.contains("feed dcs: “1,5” has a comma") && line.contains("(+1)"),
        "{line}"
    );
}

#[test]
fn a_simulated_site_is_marked_on_every_pane_and_a_real_one_on_none() {
    for language in Language::ALL {
        let mut simulated = model(language, "dark", 60, 20);
        assert!(drawn(&simulated).0.contains("SIMULATED"));
        type_keys(&mut simulated, "?");
        assert!(drawn(&simulated).0.contains("SIMULATED"));
        let mut snapshot = snapshot();
        snapshot.simulated = false;
        assert!(
            !drawn(&model_of(snapshot, language, "dark", 200, 60))
                .0
                .contains("SIMULATED")
        );
    }
}

#[test]
fn ascii_glyphs_keep_every_line_in_ascii_but_the_plants_own_words() {
    let mut snapshot = snapshot();
    for parameter in &mut snapshot.parameters {
        parameter.unit = "t".into();
    }
    let mut model = model_of(snapshot, Language::English, "mono", 200, 60);
    model.shown.glyphs = Glyphs::ASCII;
    let (lines, _) = drawn(&model);
    let foreign: String = lines.chars().filter(|character| !character.is_ascii()).collect();
    assert_eq!(foreign, "", "{lines}");
}

#[test]
fn names_from_outside_cannot_break_a_line() {
    let mut snapshot = snapshot();
    let hostile = [
        "\u{1b}[2J\u{1b}]0;gone\u{7}",
        "\u{202e}gnihton\u{200f}\u{2066}",
        "👨‍👩‍👧‍👦👍🏽🇨🇳☎️ a\u{301}\u{301}\u{301}",
        &"汉字很长".repeat(50),
        "two\nlines\r\tand a tab",
        "\u{fdfd}ﷺ\u{1160}\u{115f}",
    ];
    for (place, parameter) in snapshot.parameters.iter_mut().enumerate() {
        let words = hostile[place % hostile.len()];
        parameter.tag = words.to_owned();
        parameter.name = Name {
            zh: words.into(),
            en: words.into(),
        };
        parameter.unit = words.to_owned();
    }
    snapshot.name.en = hostile[0].into();
    snapshot.nodes[3].name.en = hostile[1].into();
    snapshot.state.chain_head = hostile[3].into();
    snapshot.state.totals[0].name.en = hostile[2].into();
    for (width, height) in [(80, 24), (200, 60)] {
        let model = model_of(snapshot.clone(), Language::English, "mono", width, height);
        let (lines, _) = drawn(&model);
        assert_eq!(lines.lines().count(), usize::from(height));
        for character in lines.chars().filter(|character| *character != '\n') {
            assert!(!crate::domain::text::is_unsafe_for_display(character), "{character:?}");
        }
        insta::assert_snapshot!(format!("hostile_{width}x{height}"), lines);
    }
}

#[test]
fn a_number_is_never_cut() {
    let mut snapshot = snapshot();
    snapshot.parameters[0].newest = Some(live_value(-999_999_999_999_999, 1, Origin::Connector));
    snapshot.parameters[0].decimals = 3;
    snapshot.parameters[1].newest = Some(live_value(1_234_567_890, 1, Origin::Connector));
    let model = model_of(snapshot, Language::English, "mono", 80, 24);
    let (lines, _) = drawn(&model);
    let row = |tag: &str| lines.lines().find(|line| line.contains(tag)).unwrap().to_owned();
    assert!(row("FT-2041").contains("############"), "{lines}");
    assert!(row("AI-2110").contains(" 123456789.0 "), "{lines}");
}

#[test]
fn any_size_can_be_drawn() {
    let mut model = model(Language::Chinese, "dark", 80, 24);
    for size in [
        (1, 1),
        (1, 24),
        (2, 2),
        (60, 20),
        (59, 20),
        (1000, 300),
        (60, 300),
        (1000, 20),
        (80, 19),
    ] {
        update(&mut model, Msg::Resize(Size::new(size.0, size.1)));
        let (lines, _) = drawn(&model);
        assert_eq!(lines.lines().count(), usize::from(size.1), "{size:?}");
    }
}

#[test]
fn a_small_window_says_what_is_needed() {
    let model = model(Language::English, "dark", 50, 10);
    assert!(drawn(&model).0.contains("at least 60"), "{}", drawn(&model).0);
}

fn large(count: u32) -> Snapshot {
    let mut snapshot = snapshot();
    let pattern = snapshot.parameters.clone();
    snapshot.parameters = (0..count)
        .map(|number| {
            let mut parameter = pattern[number as usize % pattern.len()].clone();
            parameter.id = ParameterId(number);
            parameter.tag = format!("TAG-{number:05}");
            parameter.node = NodeId(number % 4 + 1);
            parameter
        })
        .collect();
    snapshot
}

#[test]
fn five_thousand_parameters_do_not_make_a_key_slow() {
    let mut model = model_of(large(5_000), Language::Chinese, "dark", 80, 24);
    let mut slowest = Duration::ZERO;
    for code in [
        KeyCode::Down,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::Char('s'),
        KeyCode::Down,
    ] {
        // The best of a few, so that a busy machine does not decide.
        let mut model_of_key = Duration::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            press(&mut model, code);
            drawn(&model);
            model_of_key = model_of_key.min(began.elapsed());
        }
        slowest = slowest.max(model_of_key);
    }
    // Unoptimised and with a new terminal for each draw; the program itself is an order of magnitude quicker.
    assert!(slowest < Duration::from_millis(100), "{slowest:?}");
}

fn any_key() -> impl Strategy<Value = KeyCode> {
    prop_oneof![
        3 => prop::char::range(' ', '~').prop_map(KeyCode::Char),
        1 => any::<char>().prop_map(KeyCode::Char),
        4 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::Up, KeyCode::Down, KeyCode::Left, KeyCode::Right,
            KeyCode::PageUp, KeyCode::PageDown, KeyCode::Home, KeyCode::End, KeyCode::Backspace, KeyCode::F(1),
        ]),
    ]
}

#[derive(Debug, Clone)]
enum Happening {
    Key(KeyCode),
    Resize(u16, u16),
    Second(u64),
    Lost,
    Back,
    Snapshot(u32),
    Reply(bool),
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => any_key().prop_map(Happening::Key),
        1 => (1_u16..220, 1_u16..70).prop_map(|(width, height)| Happening::Resize(width, height)),
        1 => (0_u64..100_000).prop_map(Happening::Second),
        1 => Just(Happening::Lost),
        1 => Just(Happening::Back),
        1 => (0_u32..40).prop_map(Happening::Snapshot),
        2 => any::<bool>().prop_map(Happening::Reply),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_that_happens_breaks_the_screen(happenings in prop::collection::vec(any_happening(), 1..40)) {
        let mut model = model(Language::Chinese, "dark", 80, 24);
        for happening in happenings {
            match happening {
                Happening::Key(code) => { press(&mut model, code); }
                Happening::Resize(width, height) => { update(&mut model, Msg::Resize(Size::new(width, height))); }
                Happening::Second(seconds) => { update(&mut model, Msg::Clock(Duration::from_secs(seconds))); }
                Happening::Lost => link(&mut model, LinkEvent::Down { why: Text::new("wire-closed"), retry_in: Duration::from_secs(1) }),
                Happening::Back => link(&mut model, LinkEvent::up(actor())),
                Happening::Snapshot(count) => {
                    let message = FromDaemon::Snapshot(Box::new(large(count)));
                    link(&mut model, LinkEvent::Message(Box::new(message)));
                }
                Happening::Reply(good) => {
                    let result = if good {
                        Ok(ReplyBody::Explanation(Box::new(explanation())))
                    } else {
                        Err(Text::new("wire-closed"))
                    };
                    reply(&mut model, result);
                }
            }
            drawn(&model);
            let live = &model.live;
            prop_assert!(live.rows.is_empty() || live.cursor < live.rows.len());
        }
    }
}

#[test]
fn a_plant_without_products_and_crews_says_both() {
    for language in Language::ALL {
        let mut bare = snapshot();
        for totals in &mut bare.state.totals {
            totals.intensities.clear();
        }
        let mut model = model_of(bare, language, "mono", 80, 24);
        let refused = Text::new("crews-no-rotation");
        let crews = model.live.crews.as_mut().unwrap();
        crews.view = crate::tui::model::Wanted::Refused(refused);
        let lines = drawn(&model).0;
        let no_product = model.shown.text(&Text::new("tui-intensity-no-product"));
        let line = lines.lines().find(|line| line.contains(&no_product)).unwrap();
        let after = line.split(&no_product).nth(1).unwrap();
        assert!(after.starts_with("  ") && after.trim().len() > 6, "{language}: {line}");
    }
}

#[test]
fn a_damaged_chain_is_said_on_every_pane() {
    for language in Language::ALL {
        let mut snapshot = snapshot();
        snapshot.state.chain_damaged = Some(Text::new("daemon-chain-broken").with("place", "segment 3"));
        let model = model_of(snapshot, language, "mono", 80, 24);
        let said = model.shown.text(&Text::new("tui-chain-damaged"));
        assert!(drawn(&model).0.contains(&said), "{}", drawn(&model).0);
    }
}

#[test]
fn the_clock_waits_rather_than_going_back_and_follows_one_that_was_set_back() {
    let mut model = model(Language::English, "mono", 80, 24);
    let delta = |model: &mut Model, back_ms: i64| {
        let plant = model.plant.as_ref().unwrap();
        let mut state = plant.state.clone();
        state.now = state.now.plus(-back_ms);
        let delta = crate::wire::live::Delta {
            number: plant.number_for_tests() + 1,
            values: Vec::new(),
            alarms: Vec::new(),
            anomalies: Vec::new(),
            state,
        };
        link(model, LinkEvent::Message(Box::new(FromDaemon::Delta(Box::new(delta)))));
    };
    let clock = |model: &Model| model.plant.as_ref().unwrap().clock(model.elapsed);
    let start = clock(&model);
    for _ in 0..5 {
        let before = clock(&model);
        let later = model.elapsed + Duration::from_millis(900);
        update(&mut model, Msg::Clock(later));
        delta(&mut model, 0);
        assert!(clock(&model) >= before);
    }
    // It was carried on once and then waits: it does not run away either.
    assert!(clock(&model) <= start.plus(1_000));
    delta(&mut model, 3_600_000);
    assert!(clock(&model) < start);
}
