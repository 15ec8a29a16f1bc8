//! Texts for people, named by message id and arguments, so that whoever shows them chooses the language.
//!
//! The engine and the daemon never write a sentence: they name one. The terminal and the command line look it up in the
//! Fluent catalogues of [`crate::locale`]. The `Display` of a [`Text`] (`id key=value …`) is for logs only.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::model::Name;
use super::period::Period;
use super::time::Instant;

/// An argument of a [`Text`]. Values are shown as given; numbers keep every digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextValue {
    /// Words or figures from outside or from the model, cleaned of control characters before they are shown.
    Words(String),
    /// A name of the model, shown in the reader's language.
    Name(Name),
    /// A count, by which a language may choose its plural form.
    Count(i64),
    /// Another text, looked up in the same language.
    Text(Box<Text>),
    /// An instant: people read it in plant time, programs as RFC 3339 with the plant's offset.
    Instant(Instant),
    /// A period, likewise.
    Period(Period),
}

/// A message id with its arguments: a sentence that is not yet in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Fluent message id, lower case with hyphens.
    pub id: Cow<'static, str>,
    /// Arguments in the order in which they were given.
    pub arguments: Vec<(Cow<'static, str>, TextValue)>,
}

impl Text {
    /// A text without arguments.
    pub const fn new(id: &'static str) -> Self {
        Self {
            id: Cow::Borrowed(id),
            arguments: Vec::new(),
        }
    }

    /// Several texts as one, the first first; `None` of none.
    pub fn joined(texts: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::joined_by("explain-and", texts)
    }

    /// Several whole sentences as one text; `None` of none.
    pub fn sentences(texts: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::joined_by("explain-sentences", texts)
    }

    fn joined_by(id: &'static str, texts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let pair = |first, rest| Self::new(id).with_text("first", first).with_text("rest", rest);
        texts.into_iter().reduce(pair)
    }

    /// Adds words, or anything that displays as words.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.arguments
            .push((Cow::Borrowed(key), TextValue::Words(value.to_string())));
        self
    }

    /// Adds a name of the model, to be shown in the reader's language.
    #[must_use]
    pub fn with_name(mut self, key: &'static str, name: &Name) -> Self {
        self.arguments.push((Cow::Borrowed(key), TextValue::Name(name.clone())));
        self
    }

    /// Adds a count, by which a language may choose its plural form.
    #[must_use]
    pub fn with_count(mut self, key: &'static str, value: impl TryInto<i64>) -> Self {
        let count = value.try_into().unwrap_or(i64::MAX);
        self.arguments.push((Cow::Borrowed(key), TextValue::Count(count)));
        self
    }

    /// Adds an instant, to be shown in plant time.
    #[must_use]
    pub fn with_instant(mut self, key: &'static str, at: Instant) -> Self {
        self.arguments.push((Cow::Borrowed(key), TextValue::Instant(at)));
        self
    }

    /// Adds a period, to be shown in plant time.
    #[must_use]
    pub fn with_period(mut self, key: &'static str, period: Period) -> Self {
        self.arguments.push((Cow::Borrowed(key), TextValue::Period(period)));
        self
    }

    /// Adds another text, to be looked up in the same language.
    #[must_use]
    pub fn with_text(mut self, key: &'static str, value: Text) -> Self {
        self.arguments
            .push((Cow::Borrowed(key), TextValue::Text(Box::new(value))));
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.id)?;
        for (key, value) in &self.arguments {
            match value {
                TextValue::Words(words) => write!(formatter, " {key}={words:?}")?,
                TextValue::Name(name) => write!(formatter, " {key}={:?}", name.en)?,
                TextValue::Count(count) => write!(formatter, " {key}={count}")?,
                TextValue::Text(text) => write!(formatter, " {key}=({text})")?,
                TextValue::Instant(at) => write!(formatter, " {key}={at}")?,
                TextValue::Period(period) => write!(formatter, " {key}={period:?}")?,
            }
        }
        Ok(())
    }
}

/// An error, or anything else, that can be told to a person in their language.
pub trait Explained {
    /// What happened, where, and what to do, as a message id with arguments.
    fn text(&self) -> Text;
}

/// Longest text from outside that is kept; the rest is cut, with a mark.
const LONGEST_WORDS: usize = 4096;

/// Cleans text from outside: control characters, escape sequences' introducers and characters that reorder a line become
/// U+FFFD, so that nothing from a file or a client can steer a terminal or falsify a log line.
pub fn clean(words: &str) -> Cow<'_, str> {
    if words.len() <= LONGEST_WORDS && !words.chars().any(is_unsafe_for_display) {
        return Cow::Borrowed(words);
    }
    let mut cleaned: String = words
        .chars()
        .take(LONGEST_WORDS)
        .map(|character| {
            if is_unsafe_for_display(character) {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect();
    if words.chars().nth(LONGEST_WORDS).is_some() {
        cleaned.push('…');
    }
    Cow::Owned(cleaned)
}

/// What was typed as one line: cleaned, breaks of the line as spaces, since they part words as a space does.
pub fn one_line(words: &str) -> String {
    let line: String = words
        .trim()
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .collect();
    clean(&line).into_owned()
}

/// What of a text one line can hold that is typed: a break of the line parts words as a space does, those at its end are none of
/// it, and nothing else that cannot be seen is typed. What fields type, and what is kept of cells, is the same by this.
pub fn typable(text: &str) -> impl Iterator<Item = char> {
    let text = text.trim_end_matches(['\n', '\r']);
    text.chars().filter_map(|character| match character {
        '\n' | '\r' | '\t' => Some(' '),
        character if is_unsafe_for_display(character) => None,
        character => Some(character),
    })
}

/// A text as it would be typed into one line, without blanks around it.
pub fn as_typed(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.chars().any(is_unsafe_for_display) {
        Cow::Owned(typable(trimmed).collect::<String>().trim().to_owned())
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// Control characters (C0, DEL, C1), bidirectional overrides and isolates, zero-width characters that hide text, line
/// and paragraph separators.
pub fn is_unsafe_for_display(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_takes_escape_sequences_and_reordering_away() {
        assert_eq!(clean("boiler 1 锅炉"), "boiler 1 锅炉");
        assert_eq!(clean("a\u{1b}[31mb"), "a\u{fffd}[31mb");
        assert_eq!(clean("x\u{202e}y"), "x\u{fffd}y");
        assert_eq!(clean("\u{9b}2J"), "\u{fffd}2J");
    }

    #[test]
    fn what_is_typed_holds_nothing_that_cannot_be_seen() {
        for (text, typed) in [
            ("12.5", "12.5"),
            (" ' gau\u{200b}ge\tstuck\r\n", "' gauge stuck"),
            ("\u{feff} 锅炉\u{1b}", "锅炉"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(as_typed(text), typed, "{text:?}");
        }
    }

    #[test]
    fn cleaning_cuts_what_is_too_long() {
        let long = "长".repeat(LONGEST_WORDS + 10);
        let cleaned = clean(&long);
        assert_eq!(cleaned.chars().count(), LONGEST_WORDS + 1);
        assert!(cleaned.ends_with('…'));
    }

    #[test]
    fn display_names_every_argument() {
        let text = Text::new("site-missing")
            .with("path", "a b")
            .with_count("n", 3)
            .with_text("inner", Text::new("why"));
        assert_eq!(text.to_string(), r#"site-missing path="a b" n=3 inner=(why)"#);
    }
}
