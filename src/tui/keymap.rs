//! Which key does what (键位), by context. The hint line and the help are made from the keymap in force, so that they
//! cannot say anything else than what the keys do.

use std::collections::BTreeMap;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;
use serde::de::Error as _;
use thiserror::Error;

use crate::domain::text::Text;

/// The keys that ship.
const DEFAULTS: &str = include_str!("keymap.toml");

/// Where a key is pressed; a section of a keymap file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// Everywhere but in text fields, after the place's own keys.
    Global,
    /// Every text field, after the field's own keys; what is bound to nothing there is typed.
    Text,
    /// The rows of the Live pane.
    Live,
    /// The totals at its foot.
    Totals,
    /// The filter's text field.
    Filter,
    /// An explanation.
    Explain,
    /// The help.
    Help,
    /// The command line with its palette.
    Palette,
    /// The jump by name.
    Jump,
}

impl Context {
    /// Whether characters are typed there. Keys that hold everywhere do not hold in a text field.
    pub const fn is_text_field(self) -> bool {
        matches!(self, Self::Filter | Self::Palette | Self::Jump)
    }
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Explain what is selected.
    Open,
    /// One step back.
    Back,
    /// Close the explanation with all its steps.
    Close,
    /// Start typing a filter.
    Filter,
    /// Keep the filter and go back to the rows.
    Accept,
    /// Do what is typed or selected.
    Run,
    /// Take over what is selected, to type on.
    Complete,
    /// To the beginning of what was typed.
    LineStart,
    /// To the end of what was typed.
    LineEnd,
    /// Delete the character before the cursor.
    Delete,
    /// Delete the character under the cursor.
    DeleteForward,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete all that was typed.
    Clear,
    /// Open the command line with its palette.
    Command,
    /// Jump to something by its name.
    Jump,
    /// Next order of the rows.
    Sort,
    /// Key parameters only, or all.
    KeyOnly,
    /// Hold the display, or let it go on.
    Freeze,
    /// Next book.
    Book,
    /// Go to the totals.
    Totals,
    /// To the Live pane.
    PaneLive,
    /// Help.
    Help,
    /// The other language.
    Language,
    /// Next theme.
    Theme,
    /// Draw everything again.
    Redraw,
    /// Copy what is selected or explained.
    Copy,
    /// Ask again.
    Refresh,
    /// Leave.
    Quit,
}

impl Action {
    /// What it does, for the hint line and the help.
    pub fn label(self) -> Text {
        match self {
            Self::Up => Text::new("tui-action-up"),
            Self::Down => Text::new("tui-action-down"),
            Self::Left => Text::new("tui-action-left"),
            Self::Right => Text::new("tui-action-right"),
            Self::PageUp => Text::new("tui-action-page-up"),
            Self::PageDown => Text::new("tui-action-page-down"),
            Self::First => Text::new("tui-action-first"),
            Self::Last => Text::new("tui-action-last"),
            Self::Open => Text::new("tui-action-open"),
            Self::Back => Text::new("tui-action-back"),
            Self::Close => Text::new("tui-action-close"),
            Self::Filter => Text::new("tui-action-filter"),
            Self::Accept => Text::new("tui-action-accept"),
            Self::Run => Text::new("tui-action-run"),
            Self::Complete => Text::new("tui-action-complete"),
            Self::LineStart => Text::new("tui-action-line-start"),
            Self::LineEnd => Text::new("tui-action-line-end"),
            Self::Delete => Text::new("tui-action-delete"),
            Self::DeleteForward => Text::new("tui-action-delete-forward"),
            Self::DeleteWord => Text::new("tui-action-delete-word"),
            Self::Clear => Text::new("tui-action-clear"),
            Self::Command => Text::new("tui-action-command"),
            Self::Jump => Text::new("tui-action-jump"),
            Self::Sort => Text::new("tui-action-sort"),
            Self::KeyOnly => Text::new("tui-action-key-only"),
            Self::Freeze => Text::new("tui-action-freeze"),
            Self::Book => Text::new("tui-action-book"),
            Self::Totals => Text::new("tui-action-totals"),
            Self::PaneLive => Text::new("tui-action-pane-live"),
            Self::Help => Text::new("tui-action-help"),
            Self::Language => Text::new("tui-action-language"),
            Self::Theme => Text::new("tui-action-theme"),
            Self::Redraw => Text::new("tui-action-redraw"),
            Self::Copy => Text::new("tui-action-copy"),
            Self::Refresh => Text::new("tui-action-refresh"),
            Self::Quit => Text::new("tui-action-quit"),
        }
    }
}

/// A key with its modifiers. Shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

impl Key {
    /// The key of an event. Full-width characters count as their ASCII ones, and the Chinese input method's `、` as the
    /// `/` that its key carries, so that keys work while an input method is on.
    pub fn of(event: &KeyEvent) -> Self {
        let code = match event.code {
            KeyCode::Char(character) => KeyCode::Char(narrow(character)),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            other => other,
        };
        Self {
            code,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }

    fn parse(written: &str) -> Option<Self> {
        let (ctrl, rest) = match written.strip_prefix("ctrl-") {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (alt, name) = match rest.strip_prefix("alt-") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let mut characters = name.chars();
        let code = match (characters.next(), characters.next()) {
            (Some(character), None) => KeyCode::Char(character),
            _ => named(name)?,
        };
        Some(Self { code, ctrl, alt })
    }
}

/// A key's name in keymap files.
fn named(name: &str) -> Option<KeyCode> {
    Some(match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "space" => KeyCode::Char(' '),
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        other => KeyCode::F(
            other
                .strip_prefix('f')?
                .parse()
                .ok()
                .filter(|number| (1..=12).contains(number))?,
        ),
    })
}

/// The ASCII character that a full-width one stands for.
pub fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let code = u32::from(character) - 0xfee0;
            char::from_u32(code).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        other => other,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            formatter.write_str("Ctrl-")?;
        }
        if self.alt {
            formatter.write_str("Alt-")?;
        }
        match self.code {
            KeyCode::Char(' ') => formatter.write_str("Space"),
            KeyCode::Char(character) => write!(formatter, "{character}"),
            KeyCode::F(number) => write!(formatter, "F{number}"),
            KeyCode::PageUp => formatter.write_str("PgUp"),
            KeyCode::PageDown => formatter.write_str("PgDn"),
            KeyCode::BackTab => formatter.write_str("Shift-Tab"),
            KeyCode::Backspace => formatter.write_str("Bksp"),
            other => write!(formatter, "{other:?}"),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Self::parse(&written).ok_or_else(|| D::Error::custom(format!("{written:?} is not a key")))
    }
}

/// Keys that do one thing in one context.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// What they do.
    pub action: Action,
    /// The keys; the first is named in the hint line.
    pub keys: Vec<Key>,
    /// Whether the hint line names it.
    #[serde(default)]
    pub hint: bool,
}

/// A keymap file that cannot be read.
#[derive(Debug, Error)]
#[error("the keymap cannot be read: {0}")]
pub struct KeymapError(
    /// What the parser said.
    #[from]
    pub toml::de::Error,
);

/// The keys in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Keymap(BTreeMap<Context, Vec<Binding>>);

impl Keymap {
    /// The keys that ship, with a user's own (a TOML text of the same form) before them.
    pub fn with_own(own: Option<&str>) -> Result<Self, KeymapError> {
        let mut keymap: Self = own.map(toml::from_str).transpose()?.unwrap_or_default();
        let defaults: Self = toml::from_str(DEFAULTS)?;
        for (context, bindings) in defaults.0 {
            keymap.0.entry(context).or_default().extend(bindings);
        }
        Ok(keymap)
    }

    /// What an event asks for in a context.
    pub fn action(&self, context: Context, event: &KeyEvent) -> Option<Action> {
        let key = Key::of(event);
        self.bindings(context)
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.action)
    }

    /// The key that is named for an action in a context.
    pub fn key_of(&self, context: Context, action: Action) -> Option<&Key> {
        self.bindings(context)
            .find(|binding| binding.action == action)?
            .keys
            .first()
    }

    /// The bindings of a context in order, its own before those of all text fields or of everywhere else.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        let after = if context.is_text_field() {
            Context::Text
        } else {
            Context::Global
        };
        let sections = [Some(context), Some(after).filter(|&after| after != context)];
        sections
            .into_iter()
            .flatten()
            .filter_map(|section| self.0.get(&section))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    fn typed(character: char) -> KeyEvent {
        event(KeyCode::Char(character), KeyModifiers::NONE)
    }

    #[test]
    fn keys_depend_on_the_context() {
        let keymap = Keymap::with_own(None).unwrap();
        assert_eq!(keymap.action(Context::Live, &typed('q')), Some(Action::Quit));
        assert_eq!(keymap.action(Context::Filter, &typed('q')), None);
        assert_eq!(keymap.action(Context::Live, &typed(' ')), Some(Action::Freeze));
        assert_eq!(keymap.action(Context::Explain, &typed(' ')), Some(Action::PageDown));
        let control = event(KeyCode::Char('c'), KeyModifiers::CONTROL);
        for context in [
            Context::Live,
            Context::Totals,
            Context::Filter,
            Context::Explain,
            Context::Help,
        ] {
            assert_eq!(keymap.action(context, &control), Some(Action::Quit), "{context:?}");
        }
        assert_eq!(
            keymap.action(Context::Live, &event(KeyCode::Char('G'), KeyModifiers::SHIFT)),
            Some(Action::Last)
        );
    }

    #[test]
    fn full_width_keys_work_as_their_ascii_ones() {
        let keymap = Keymap::with_own(None).unwrap();
        for (typed_as, action) in [
            ('？', Action::Help),
            ('ｑ', Action::Quit),
            ('／', Action::Filter),
            ('、', Action::Filter),
            ('\u{3000}', Action::Freeze),
            ('Ｌ', Action::Language),
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
        let keymap = Keymap::with_own(Some(own)).unwrap();
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

    #[test]
    fn mistakes_are_named() {
        for (own, named) in [
            ("[[live]]\naction = \"dance\"\nkeys = []", "dance"),
            ("[[live]]\naction = \"quit\"\nkeys = [\"f13\"]", "f13"),
            ("[[nowhere]]\naction = \"quit\"\nkeys = []", "nowhere"),
        ] {
            let error = Keymap::with_own(Some(own)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn every_shipped_binding_can_be_reached() {
        let keymap = Keymap::with_own(None).unwrap();
        for context in [
            Context::Live,
            Context::Totals,
            Context::Filter,
            Context::Explain,
            Context::Help,
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
}
