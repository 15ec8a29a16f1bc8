//! The command line with its palette, and the jump by name.

use crossterm::event::KeyCode;
use ratatui::layout::Size;

use super::*;
use crate::domain::identity::ParameterId;
use crate::locale::Language;
use crate::tui::keymap::Context;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::update::{Effect, Msg, ThemeWish, update};

fn watching(language: Language) -> Model {
    model(language, "dark", 80, 24)
}

/// Types a command and presses Enter.
fn command(model: &mut Model, line: &str) -> Vec<Effect> {
    type_keys(model, ":");
    type_keys(model, line);
    press(model, KeyCode::Enter)
}

fn fault(model: &Model) -> String {
    match model.overlays.last() {
        Some(Overlay::Palette(palette)) => palette
            .fault
            .as_ref()
            .map_or_else(String::new, |fault| model.shown.text(fault)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_typed_is_done() {
    let mut model = watching(Language::English);
    assert_eq!(command(&mut model, "q"), [Effect::Quit]);
    let mut model = watching(Language::English);
    let wish = ThemeWish::Named("mono".into());
    assert_eq!(command(&mut model, "theme mono"), [Effect::LoadTheme(wish)]);
    command(&mut model, "language zh");
    assert_eq!(model.shown.localizer.language(), Language::Chinese);
    command(&mut model, "filter 煤气");
    assert_eq!(model.live.filter.text(), "煤气");
    assert_eq!(model.live.listed, 2);
    command(&mut model, "book beijing");
    assert_eq!(model.live.book, 1);
    command(&mut model, "pane live");
    command(&mut model, "ｆｉｌｔｅｒ　");
    assert_eq!((model.live.filter.text(), model.overlays.len()), ("", 0));
}

#[test]
fn what_cannot_be_done_says_why_and_leaves_the_line() {
    let mut model = watching(Language::English);
    command(&mut model, "theme pink");
    assert!(
        fault(&model).contains("pink") && fault(&model).contains("dark"),
        "{}",
        fault(&model)
    );
    for _ in 0..20 {
        press(&mut model, KeyCode::Backspace);
    }
    assert_eq!(fault(&model), "", "typing on takes the complaint away");
    type_keys(&mut model, "zzzz");
    press(&mut model, KeyCode::Enter);
    assert!(fault(&model).contains("zzzz"));
    press(&mut model, KeyCode::Esc);
    model.shown.chinese_drawable = false;
    command(&mut model, "language zh");
    assert!(fault(&model).contains("cannot draw Chinese"), "{}", fault(&model));
}

#[test]
fn some_letters_are_enough_in_either_language() {
    let mut model = watching(Language::English);
    command(&mut model, "srt");
    assert_eq!(model.live.sort, crate::tui::model::Sort::Condition);
    let mut model = watching(Language::Chinese);
    assert_eq!(command(&mut model, "tc"), [Effect::Quit], "退出 by its initials");
    command(&mut model, "帮助");
    assert_eq!(model.context(), Context::Help);
}

#[test]
fn a_command_is_completed_and_its_words_are_offered() {
    let mut model = watching(Language::English);
    type_keys(&mut model, ":the");
    let entries = |model: &Model| match model.overlays.last() {
        Some(Overlay::Palette(palette)) => palette.clone(),
        other => panic!("{other:?}"),
    };
    press(&mut model, KeyCode::Tab);
    assert_eq!(entries(&model).field.text(), "theme ");
    type_keys(&mut model, "cont");
    let wish = ThemeWish::Named("high-contrast".into());
    assert_eq!(press(&mut model, KeyCode::Enter), [Effect::LoadTheme(wish)]);
}

#[test]
fn the_palette_does_what_a_key_of_the_place_does() {
    let mut model = watching(Language::English);
    press(&mut model, KeyCode::Char('e'));
    assert_eq!(model.context(), Context::Explain);
    command(&mut model, "close");
    assert_eq!(model.overlays, []);
}

#[test]
fn a_jump_finds_by_tag_name_id_and_pinyin() {
    for (typed, id) in [
        ("FT-2041", 1),
        ("ft-33", 7),
        ("#9", 9),
        ("rlmd", 5),
        ("厂用", 3),
        ("furnace t", 6),
        ("1hglyq", 2),
        ("iron", 7),
        ("boiler-1", 1),
    ] {
        let mut model = watching(Language::English);
        type_keys(&mut model, "/nothing fits");
        press(&mut model, KeyCode::Esc);
        type_keys(&mut model, "'");
        type_keys(&mut model, typed);
        press(&mut model, KeyCode::Enter);
        assert_eq!(model.live.selected, Some(ParameterId(id)), "{typed}");
        assert_eq!(model.overlays, []);
    }
}

#[test]
fn a_jump_lifts_what_hides_its_goal() {
    let mut model = watching(Language::English);
    command(&mut model, "filter gas");
    command(&mut model, "goto JE-2500");
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.live.selected, Some(ParameterId(3)));
    assert!(model.live.filter.is_empty());
}

#[test]
fn the_cursor_of_the_terminal_stands_where_one_types() {
    for keys in [":the", "'煤", "/煤气"] {
        let mut model = watching(Language::Chinese);
        type_keys(&mut model, keys);
        let position = cursor(&model).expect(keys);
        let (lines, _) = drawn(&model);
        let line = lines.lines().nth(usize::from(position.y)).unwrap();
        let before: String = keys.chars().skip(1).collect();
        let typed = line.find(&before).unwrap_or_else(|| panic!("{keys}: {line}"));
        let width = crate::tui::widgets::cells::width(line.get(..typed + before.len()).unwrap());
        assert_eq!(usize::from(position.x), width, "{keys}");
    }
    assert_eq!(cursor(&watching(Language::Chinese)), None);
}

#[test]
fn what_is_listed_is_exported_as_a_table() {
    let mut snapshot = snapshot();
    snapshot.parameters[6].tag = "=1+1".into();
    let mut model = model_of(snapshot, Language::Chinese, "dark", 80, 24);
    command(&mut model, "filter 煤气");
    let effects = command(&mut model, "export 班报");
    let [Effect::Write { name, text }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "班报-20251120-140509.csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "位号,名称,数值,单位,时刻,状态");
    assert_eq!(lines[1], "'=1+1,高炉煤气流量,-0.500,Nm3/h,2025-11-20 13:56:09,停滞");
    assert_eq!(lines.len(), 3);
    command(&mut model, "export ../x");
    assert!(fault(&model).contains("文件名"), "{}", fault(&model));
}

#[test]
fn the_item_is_shown_without_borders() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = model(language, "dark", width, height);
            type_keys(&mut model, "/FT-2041");
            press(&mut model, KeyCode::Enter);
            type_keys(&mut model, "v");
            insta::assert_snapshot!(format!("plain_{width}x{height}_{language}"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            assert_eq!(model.overlays, []);
        }
    }
}

#[test]
fn command_line_and_jump_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = watching(language);
            update(&mut model, Msg::Resize(Size::new(width, height)));
            type_keys(&mut model, ":");
            insta::assert_snapshot!(format!("palette_{width}x{height}_{language}"), drawn(&model).0);
            type_keys(&mut model, "theme ");
            press(&mut model, KeyCode::Down);
            insta::assert_snapshot!(format!("palette_words_{width}x{height}_{language}"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            type_keys(&mut model, "'mq");
            insta::assert_snapshot!(format!("jump_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}
