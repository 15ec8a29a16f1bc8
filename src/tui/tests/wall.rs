//! The wall display: large figures, nothing to work with.

use std::time::Duration;

use crossterm::event::KeyCode;
use ratatui::layout::Size;

use super::*;
use crate::domain::text::Text;
use crate::locale::Language;
use crate::tui::glyphs::Glyphs;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::update::{Effect, Msg, update};

fn wall(language: Language, width: u16, height: u16) -> Model {
    let mut model = model(language, "mono", width, height);
    model.wall = true;
    model
}

fn after(model: &mut Model, seconds: u64) {
    let later = model.elapsed + Duration::from_secs(seconds);
    update(model, Msg::Clock(later));
}

#[test]
fn the_wall_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let model = wall(language, width, height);
            insta::assert_snapshot!(format!("wall_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
    let mut model = wall(Language::English, 200, 60);
    model.shown.glyphs = Glyphs::ASCII;
    insta::assert_snapshot!("wall_200x60_ascii", drawn(&model).0);
    let drawn = drawn(&model).0;
    assert!(drawn.contains("######") && !drawn.contains(['█', '▟', '▀']));
}

#[test]
fn what_does_not_fit_takes_turns_and_comes_again() {
    let mut model = wall(Language::English, 80, 24);
    let first = drawn(&model).0;
    let key = model
        .plant
        .as_ref()
        .unwrap()
        .parameters
        .iter()
        .find(|one| one.key)
        .unwrap();
    let name = key.name.en.clone();
    let body = |shown: &str| shown.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert!(first.contains("Year") && !body(&first).contains(&name));
    after(&mut model, 15);
    let second = drawn(&model).0;
    assert!(
        !body(&second).contains("Year") && body(&second).contains(&name),
        "{second}"
    );
    after(&mut model, 15);
    assert!(body(&drawn(&model).0).contains("Year"));
}

#[test]
fn keys_change_how_it_looks_and_nothing_else() {
    let mut model = wall(Language::English, 80, 24);
    let before = drawn(&model).0;
    for key in "jkS:n'/4?0ewctx gG12".chars() {
        assert_eq!(press(&mut model, KeyCode::Char(key)), [], "{key}");
    }
    for code in [KeyCode::Enter, KeyCode::Esc, KeyCode::F(1), KeyCode::Down] {
        assert_eq!(press(&mut model, code), []);
    }
    assert_eq!(drawn(&model).0, before);
    type_keys(&mut model, "L");
    assert!(drawn(&model).0.contains("本年"));
    assert!(matches!(
        press(&mut model, KeyCode::Char('T'))[..],
        [Effect::LoadTheme(_)]
    ));
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
    // It asks for nothing but what it shows.
    assert_eq!(update(&mut model, Msg::Resize(Size::new(200, 60))), []);
}

#[test]
fn a_wall_whose_daemon_is_gone_says_so_and_keeps_its_figures() {
    let mut model = wall(Language::English, 80, 24);
    let figures = |model: &Model| drawn(model).0.lines().skip(2).collect::<Vec<_>>().join("\n");
    let before = figures(&model);
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(8),
    };
    update(&mut model, Msg::Link(down));
    assert!(drawn(&model).0.contains("next attempt in 8 s"), "{}", drawn(&model).0);
    assert_eq!(figures(&model), before);
    // Before it was ever there.
    let mut model = Model::new(model.shown.clone(), Size::new(80, 24));
    model.wall = true;
    assert!(!drawn(&model).0.is_empty());
}

#[test]
fn any_size_is_drawn() {
    let mut model = wall(Language::Chinese, 80, 24);
    for width in (1..=260).step_by(7) {
        for height in (1..=80).step_by(3) {
            model.size = Size::new(width, height);
            drawn(&model);
        }
    }
}
