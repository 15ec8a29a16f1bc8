//! The two languages: which one to speak, and the look-up of [`Text`]s in the Fluent catalogues that are embedded in the
//! program.
//!
//! Every room has one file a language. Tests hold both languages to the same ids with the same arguments, and every id
//! that the sources name to a message in both.

pub mod figures;
pub mod foreign;
mod language;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use self::language::{Language, UnknownLanguage};
use crate::domain::model::Name;
use crate::domain::text::{Text, TextValue, clean};
use crate::domain::time::PlantZone;

/// How deep texts may stand in texts; deeper ones are shown as their ids.
const DEEPEST: u32 = 16;

macro_rules! catalogues {
    ($($room:literal),+ $(,)?) => {
        /// Room, its texts in Chinese, its texts in English.
        const CATALOGUES: &[(&str, &str, &str)] = &[
            $((
                $room,
                include_str!(concat!("zh-CN/", $room, ".ftl")),
                include_str!(concat!("en/", $room, ".ftl")),
            )),+
        ];
    };
}

catalogues!(
    "accounting",
    "alarm",
    "anomaly",
    "catalogue",
    "cli",
    "connect",
    "daemon",
    "domain",
    "engine",
    "entry",
    "quality",
    "site",
    "store",
    "tui",
    "wire",
);

/// For whom a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Times in plant time, with the offset only where it is needed.
    Person,
    /// Times as RFC 3339 with the plant's offset.
    Program,
}

/// Looks texts up in one language. Can be shared between threads; switching the language means another one.
pub struct Localizer {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    /// The plant's zone, once it is known; until then times are shown in UTC and say so.
    zone: OnceLock<PlantZone>,
}

impl fmt::Debug for Localizer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Localizer").field(&self.language).finish()
    }
}

impl Localizer {
    /// All texts in a language.
    pub fn new(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // The marks that isolate arguments from the text's direction are cells that terminals draw as boxes.
        bundle.set_use_isolating(false);
        for &(_, chinese, english) in CATALOGUES {
            let source = match language {
                Language::Chinese => chinese,
                Language::English => english,
            };
            // A catalogue with a mistake in it gives what can be read; tests allow no mistake and no id twice.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self {
            language,
            bundle,
            zone: OnceLock::new(),
        }
    }

    /// Shows times in a plant's time from now on. A plant's zone never changes, so the first stays.
    pub fn keep_time_of(&self, zone: PlantZone) {
        let _ = self.zone.set(zone);
    }

    /// All texts in the other language, in the same plant's time.
    #[must_use]
    pub fn other(&self) -> Self {
        Self {
            zone: self.zone.clone(),
            ..Self::new(self.language.other())
        }
    }

    /// The language it speaks.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A text in this language, safe to show. A text whose id or argument is missing is shown as `id key=value …`.
    pub fn text(&self, text: &Text) -> String {
        self.resolve(text, Reader::Person, 0)
    }

    /// A text in this language for a program's output: its times are RFC 3339 with the plant's offset.
    pub fn for_programs(&self, text: &Text) -> String {
        self.resolve(text, Reader::Program, 0)
    }

    /// A text without arguments, by its id alone.
    pub fn plain(&self, id: &'static str) -> String {
        self.text(&Text::new(id))
    }

    /// A name in this language, or in the other where it has none in this; as it was given, so not cleaned.
    pub fn name<'name>(&self, name: &'name Name) -> &'name str {
        let (first, second) = match self.language {
            Language::Chinese => (&name.zh, &name.en),
            Language::English => (&name.en, &name.zh),
        };
        if first.is_empty() { second } else { first }
    }

    /// A unit's symbol as this language writes it: `10^4` is 万 in Chinese.
    pub fn unit<'symbol>(&self, symbol: &'symbol str) -> Cow<'symbol, str> {
        match self.language {
            Language::Chinese if symbol.contains("10^4") => Cow::Owned(symbol.replace("10^4", "万")),
            _ => Cow::Borrowed(symbol),
        }
    }

    /// A time span in its largest whole unit, cut: `4 s`, `9 min`, `3 小时`. Negative spans count as none.
    pub fn age(&self, milliseconds: i64) -> String {
        const MINUTE: i64 = 60;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        let seconds = (milliseconds / 1000).max(0);
        let text = match seconds {
            0..MINUTE => Text::new("age-seconds").with_count("n", seconds),
            MINUTE..HOUR => Text::new("age-minutes").with_count("n", seconds / MINUTE),
            HOUR..DAY => Text::new("age-hours").with_count("n", seconds / HOUR),
            _ => Text::new("age-days").with_count("n", seconds / DAY),
        };
        self.text(&text)
    }

    fn resolve(&self, text: &Text, reader: Reader, depth: u32) -> String {
        self.found(text, reader, depth)
            .unwrap_or_else(|| clean(&text.to_string()).into_owned())
    }

    fn found(&self, text: &Text, reader: Reader, depth: u32) -> Option<String> {
        let pattern = self.bundle.get_message(&text.id)?.value()?;
        if depth > DEEPEST {
            return None;
        }
        let mut arguments = FluentArgs::with_capacity(text.arguments.len());
        for (key, value) in &text.arguments {
            let value = match value {
                TextValue::Words(words) => FluentValue::from(clean(words)),
                TextValue::Count(count) => FluentValue::from(*count),
                TextValue::Name(name) => FluentValue::from(clean(self.name(name))),
                TextValue::Text(inner) => FluentValue::from(self.resolve(inner, reader, depth + 1)),
                TextValue::Instant(at) => FluentValue::from(match (self.zone.get(), reader) {
                    (None, _) => at.to_string(),
                    (Some(zone), Reader::Person) => zone.shown(*at),
                    (Some(zone), Reader::Program) => zone.rfc3339(*at),
                }),
                TextValue::Period(period) => {
                    let utc = PlantZone::UTC;
                    let zone = self.zone.get().unwrap_or(&utc);
                    FluentValue::from(match reader {
                        Reader::Person => period.shown(zone),
                        Reader::Program => period.rfc3339(zone),
                    })
                }
            };
            arguments.set(key.as_ref(), value);
        }
        let mut errors = Vec::new();
        let shown = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        let has_inner = text
            .arguments
            .iter()
            .any(|(_, value)| matches!(value, TextValue::Text(_)));
        let shown = if has_inner && self.language == Language::Chinese {
            one_stop(&shown)
        } else {
            shown.into_owned()
        };
        errors.is_empty().then_some(shown)
    }
}

/// A whole sentence within another one keeps the full stop of one of them, and none before a semicolon.
fn one_stop(shown: &str) -> String {
    shown.replace("。。", "。").replace("。；", "；").replace("。;", "；")
}

#[cfg(test)]
mod tests;
