//! A key with its modifiers: as the terminal sends it, as files write it, as the screen names it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers. Shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub(super) code: KeyCode,
    pub(super) ctrl: bool,
    pub(super) alt: bool,
}

impl Key {
    /// The key of an event. What a Chinese input method makes of a key counts as the key, so that keys work while it is
    /// on. A line feed is Enter: some terminals, tmux among them, send it for that of the numeric keypad.
    pub fn of(event: &KeyEvent) -> Self {
        let is_ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        if is_line_feed(event) {
            return Self {
                code: KeyCode::Enter,
                ctrl: false,
                alt: event.modifiers.contains(KeyModifiers::ALT),
            };
        }
        let code = match event.code {
            KeyCode::Char(character) => KeyCode::Char(narrow(character)),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            other => other,
        };
        Self {
            code,
            ctrl: is_ctrl,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }

    /// A key as keymap files write it.
    pub fn parse(written: &str) -> Option<Self> {
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

/// Whether it is a line feed, which some terminals send for Enter, and for the end of a line of what is pasted.
pub fn is_line_feed(event: &KeyEvent) -> bool {
    event.modifiers.contains(KeyModifiers::CONTROL) && matches!(event.code, KeyCode::Char('j' | '\n'))
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

/// The ASCII character on whose key a Chinese input method has another: full-width letters and digits, and Chinese
/// punctuation.
pub const fn narrow(character: char) -> char {
    match character {
        // The full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(character as u32 - 0xfee0) {
            Some(ascii) => ascii,
            None => character,
        },
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '『' => '{',
        '』' => '}',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '·' => '`',
        '￥' => '$',
        '…' => '^',
        '—' => '_',
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
