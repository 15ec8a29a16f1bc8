//! Keys by context, and files of one's own.

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;
use crate::domain::text::Explained;
use crate::locale::{Language, Localizer};

fn event(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

fn typed(character: char) -> KeyEvent {
    event(KeyCode::Char(character), KeyModifiers::NONE)
}

#[test]
fn keys_depend_on_the_context() {
    let keymap = Keymap::shipped();
    assert_eq!(keymap.action(Context::Live, &typed('q')), Some(Action::Quit));
    assert_eq!(keymap.action(Context::Filter, &typed('q')), None);
    assert_eq!(keymap.action(Context::Live, &typed(' ')), Some(Action::Freeze));
    assert_eq!(keymap.action(Context::Explain, &typed(' ')), Some(Action::PageDown));
    let control = event(KeyCode::Char('c'), KeyModifiers::CONTROL);
    for context in [
        Context::Live,
        Context::Alarms,
        Context::Reason,
        Context::Anomalies,
        Context::Work,
        Context::Dispose,
        Context::Ledger,
        Context::Totals,
        Context::Filter,
        Context::Log,
        Context::Explain,
        Context::Crews,
        Context::Figures,
        Context::Past,
        Context::Sheets,
        Context::Form,
        Context::Inbox,
        Context::Handover,
        Context::Plan,
        Context::Signing,
        Context::Sheet,
        Context::Block,
        Context::Asking,
        Context::Correction,
        Context::Gap,
        Context::Due,
        Context::Lost,
        Context::Chart,
        Context::Columns,
        Context::Help,
        Context::Plain,
        Context::Palette,
        Context::Jump,
        Context::Note,
        Context::SignOn,
        Context::Since,
        Context::Wall,
    ] {
        // In a text field it leaves the field; nothing that was typed goes with the whole screen.
        let leaves = if context.is_text_field() {
            Action::Back
        } else {
            Action::Quit
        };
        assert_eq!(keymap.action(context, &control), Some(leaves), "{context:?}");
    }
    assert_eq!(
        keymap.action(Context::Live, &event(KeyCode::Char('G'), KeyModifiers::SHIFT)),
        Some(Action::Last)
    );
}

#[test]
fn full_width_keys_work_as_their_ascii_ones() {
    let keymap = Keymap::shipped();
    for (typed_as, action) in [
        ('？', Action::Help),
        ('ｑ', Action::Quit),
        ('／', Action::Filter),
        ('、', Action::Filter),
        ('\u{3000}', Action::Freeze),
        ('Ｌ', Action::Language),
        ('：', Action::Command),
        ('‘', Action::Jump),
        ('’', Action::Jump),
        ('１', Action::PaneLive),
    ] {
        assert_eq!(
            keymap.action(Context::Live, &typed(typed_as)),
            Some(action),
            "{typed_as}"
        );
    }
}

#[test]
fn own_keys_come_before_those_that_ship() {
    let own = "[[live]]\naction = \"quit\"\nkeys = [\"/\", \"ctrl-alt-x\", \"f10\"]\n";
    let (keymap, faults) = with_own(own);
    assert_eq!(faults, [""; 0]);
    assert_eq!(keymap.action(Context::Live, &typed('/')), Some(Action::Quit));
    assert_eq!(keymap.action(Context::Live, &typed('s')), Some(Action::Sort));
    let both = event(KeyCode::Char('x'), KeyModifiers::CONTROL | KeyModifiers::ALT);
    assert_eq!(keymap.action(Context::Live, &both), Some(Action::Quit));
    let names: Vec<_> = keymap
        .bindings(Context::Live)
        .next()
        .unwrap()
        .keys
        .iter()
        .map(Key::to_string)
        .collect();
    assert_eq!(names, ["/", "Ctrl-Alt-x", "F10"]);
}

/// A user's file with what is said of it, in English.
fn with_own(text: &str) -> (Keymap, Vec<String>) {
    let (keymap, faults) = Keymap::with_own(Source {
        file: Path::new("keys.toml"),
        text,
    });
    let english = Localizer::new(Language::English);
    (keymap, faults.iter().map(|fault| english.text(&fault.text())).collect())
}

#[test]
fn mistakes_are_told_with_their_places_and_what_is_right_holds() {
    let own = "[[live]]\naction = \"dance\"\nkeys = [\"d\"]\n\n[[live]]\naction = \"quit\"\nkeys = [\"f13\", \"Q\"]\n\n\
               [[nowhere]]\naction = \"quit\"\nkeys = []\n";
    let (keymap, faults) = with_own(own);
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(
        faults[0].starts_with("keys.toml:2:10: there is no action “dance”"),
        "{faults:?}"
    );
    assert!(faults[1].starts_with("keys.toml:7:9: “f13” is not a key"), "{faults:?}");
    assert!(
        faults[2].starts_with("keys.toml:9:3: there is no place “nowhere”"),
        "{faults:?}"
    );
    assert_eq!(keymap.action(Context::Live, &typed('Q')), Some(Action::Quit));
    assert_eq!(keymap.action(Context::Live, &typed('s')), Some(Action::Sort));
}

#[test]
fn a_key_bound_twice_in_one_place_is_reported_and_the_first_holds() {
    let own = "[[live]]\naction = \"quit\"\nkeys = [\"x\"]\n[[live]]\naction = \"sort\"\nkeys = [\"z\", \"x\"]\n\
               [[global]]\naction = \"help\"\nkeys = [\"x\"]\n";
    let (keymap, faults) = with_own(own);
    assert_eq!(
        faults,
        ["keys.toml:6:14: x does “quit” here already; this one is passed over"]
    );
    assert_eq!(keymap.action(Context::Live, &typed('x')), Some(Action::Quit));
    assert_eq!(keymap.action(Context::Live, &typed('z')), Some(Action::Sort));
    assert_eq!(keymap.action(Context::Help, &typed('x')), Some(Action::Help));
}

#[test]
fn a_file_that_is_no_toml_leaves_the_keys_that_ship() {
    let (keymap, faults) = with_own("[[live]]\naction = quit\n");
    assert!(
        faults.len() == 1 && faults[0].starts_with("keys.toml:2:10: "),
        "{faults:?}"
    );
    assert_eq!(keymap, Keymap::shipped());
}

#[test]
fn the_keys_that_ship_have_no_fault_and_no_chord_of_tmux_or_the_shell() {
    let (_, faults) = file::read(Source {
        file: Path::new("keymap.toml"),
        text: DEFAULTS,
    });
    assert_eq!(faults, []);
    for (context, bindings) in Keymap::shipped().0 {
        // A text field is a line of a shell, with the shell's chords.
        if context.is_text_field() || context == Context::Text {
            continue;
        }
        for key in bindings.iter().flat_map(|binding| &binding.keys) {
            let own = ["Ctrl-c", "Ctrl-l", "Ctrl-z"].contains(&key.to_string().as_str());
            assert!(own || !(key.ctrl || key.alt), "{context:?}: {key}");
        }
    }
}

#[test]
fn every_shipped_binding_can_be_reached() {
    let keymap = Keymap::shipped();
    for context in [
        Context::Live,
        Context::Ledger,
        Context::Totals,
        Context::Filter,
        Context::Log,
        Context::Explain,
        Context::Crews,
        Context::Figures,
        Context::Past,
        Context::Sheets,
        Context::Form,
        Context::Handover,
        Context::Plan,
        Context::Signing,
        Context::Sheet,
        Context::Block,
        Context::Due,
        Context::Lost,
        Context::Chart,
        Context::Columns,
        Context::Help,
        Context::Plain,
        Context::Palette,
        Context::Jump,
    ] {
        for binding in keymap.bindings(context) {
            let reached = binding.keys.iter().any(|key| {
                let mut modifiers = KeyModifiers::NONE;
                modifiers.set(KeyModifiers::CONTROL, key.ctrl);
                modifiers.set(KeyModifiers::ALT, key.alt);
                keymap.action(context, &event(key.code, modifiers)) == Some(binding.action)
            });
            assert!(reached, "{context:?}: {:?}", binding.action);
        }
    }
}

#[test]
fn a_line_feed_is_enter() {
    let feed = event(KeyCode::Char('j'), KeyModifiers::CONTROL);
    let enter = event(KeyCode::Enter, KeyModifiers::NONE);
    assert_eq!(Key::of(&feed), Key::of(&enter));
    let keymap = Keymap::shipped();
    for context in [Context::Grid, Context::SignOn, Context::Form] {
        assert_eq!(keymap.action(context, &feed), keymap.action(context, &enter));
        assert!(keymap.action(context, &feed).is_some());
    }
}
