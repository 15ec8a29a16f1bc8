//! Themes (配色): what each meaning looks like. TOML files in `themes/`, embedded in the program.
//!
//! Normal is grey, colour is for what is abnormal, and no meaning stands by colour alone: every mark has its own glyph,
//! and the theme without colours tells the tones apart by bold, underline and reverse.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use thiserror::Error;

use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::toml_reason;

/// What is drawn means one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Values and words.
    Text,
    /// What may stay in the background: units, tracks, what is normal.
    Dim,
    /// Headings.
    Title,
    /// Rules.
    Rule,
    /// First line of the screen.
    Header,
    /// Row under the cursor.
    Selected,
    /// Keys in the hint line.
    Key,
    /// Worth knowing.
    Advisory,
    /// Outside an operating limit.
    Warning,
    /// Impossible, or lost.
    Alarm,
    /// Too old, or never there.
    Stale,
    /// Typed by a person.
    Typed,
    /// Made by the simulator.
    Simulated,
    /// The display is held.
    Frozen,
    /// A notice across the screen.
    Banner,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Dim,
        Self::Title,
        Self::Rule,
        Self::Header,
        Self::Selected,
        Self::Key,
        Self::Advisory,
        Self::Warning,
        Self::Alarm,
        Self::Stale,
        Self::Typed,
        Self::Simulated,
        Self::Frozen,
        Self::Banner,
    ];
}

/// Names and sources of the themes that ship, in the order in which a key goes through them.
const SHIPPED: [(&str, &str); 5] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("16-colour", include_str!("../../themes/16-colour.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// How deep themes may inherit.
const DEEPEST: u32 = 8;

/// Why a theme cannot be used.
#[derive(Debug, Error)]
pub enum ThemeError {
    /// No theme of that name ships.
    #[error("no theme is called {0:?}: there are dark, light, high-contrast, 16-colour and mono")]
    Unknown(String),
    /// The file cannot be read as a theme.
    #[error("theme {name}: {source}")]
    Malformed {
        /// Its name.
        name: String,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// A colour that is neither in the palette nor known.
    #[error("theme {name}: {colour:?} is not a colour")]
    Colour {
        /// Its name.
        name: String,
        /// The colour as written.
        colour: String,
    },
    /// It inherits from itself.
    #[error("theme {0} inherits from itself")]
    Endless(String),
}

impl Explained for ThemeError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown(name) => Text::new("tui-theme-unknown")
                .with("name", clean(name))
                .with("known", SHIPPED.map(|(known, _)| known).join(", ")),
            Self::Malformed { name, source } => Text::new("tui-theme-malformed")
                .with("name", clean(name))
                .with_text("reason", toml_reason(source, "")),
            Self::Colour { name, colour } => Text::new("tui-theme-colour")
                .with("name", clean(name))
                .with("colour", clean(colour)),
            Self::Endless(name) => Text::new("tui-theme-endless").with("name", clean(name)),
        }
    }
}

/// A theme as its file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    /// The theme whose tones hold where this one names none.
    inherits: Option<String>,
    /// Names for colours.
    #[serde(default)]
    palette: BTreeMap<String, String>,
    /// The tones.
    #[serde(default)]
    tones: BTreeMap<Tone, ToneFile>,
}

/// A tone as its file says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToneFile {
    foreground: Option<String>,
    background: Option<String>,
    style: Vec<Look>,
}

/// How letters look besides their colours.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Look {
    Bold,
    Faint,
    Italic,
    Underline,
    Reverse,
}

impl Look {
    const fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Faint => Modifier::DIM,
            Self::Italic => Modifier::ITALIC,
            Self::Underline => Modifier::UNDERLINED,
            Self::Reverse => Modifier::REVERSED,
        }
    }
}

/// A theme ready to draw with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: &'static str,
    tones: BTreeMap<Tone, Style>,
}

impl Theme {
    /// Names of the themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.into_iter().map(|(name, _)| name)
    }

    /// A theme that ships, by name.
    pub fn named(name: &str) -> Result<Self, ThemeError> {
        let (name, source) = shipped(name)?;
        Ok(Self {
            name,
            tones: tones(name, source, 0)?,
        })
    }

    /// The theme for an environment: without colours where `NO_COLOR` is set (and not empty), the terminal's own sixteen
    /// where it does not say that it has more, otherwise the dark one.
    pub fn name_for(variable: impl Fn(&str) -> Option<String>) -> &'static str {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let terminal = set("TERM").unwrap_or_default();
        if set("NO_COLOR").is_some() || terminal == "dumb" || terminal.starts_with("vt") {
            "mono"
        } else if set("COLORTERM").is_some() || terminal.contains("256") || terminal.contains("direct") {
            "dark"
        } else {
            "16-colour"
        }
    }

    /// The theme after this one.
    #[must_use]
    pub fn next(&self) -> Self {
        let place = SHIPPED.iter().position(|(name, _)| *name == self.name).unwrap_or(0);
        SHIPPED
            .get(place + 1)
            .or_else(|| SHIPPED.first())
            .and_then(|(name, _)| Self::named(name).ok())
            .unwrap_or_else(|| self.clone())
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What a tone looks like.
    pub fn style(&self, tone: Tone) -> Style {
        self.tones.get(&tone).copied().unwrap_or_default()
    }
}

fn shipped(name: &str) -> Result<(&'static str, &'static str), ThemeError> {
    SHIPPED
        .into_iter()
        .find(|(shipped, _)| *shipped == name)
        .ok_or_else(|| ThemeError::Unknown(name.to_owned()))
}

/// The tones of a theme over those it inherits.
fn tones(name: &str, source: &str, depth: u32) -> Result<BTreeMap<Tone, Style>, ThemeError> {
    if depth > DEEPEST {
        return Err(ThemeError::Endless(name.to_owned()));
    }
    let file: ThemeFile = toml::from_str(source).map_err(|source| ThemeError::Malformed {
        name: name.to_owned(),
        source,
    })?;
    let mut styles = match &file.inherits {
        Some(parent) => {
            let (parent, source) = shipped(parent)?;
            tones(parent, source, depth + 1)?
        }
        None => BTreeMap::new(),
    };
    for (tone, looks) in &file.tones {
        let colour = |written: &Option<String>| match written {
            None => Ok(None),
            Some(written) => {
                let meant = file.palette.get(written).unwrap_or(written);
                meant.parse::<Color>().map(Some).map_err(|_| ThemeError::Colour {
                    name: name.to_owned(),
                    colour: written.clone(),
                })
            }
        };
        let style = Style {
            fg: colour(&looks.foreground)?,
            bg: colour(&looks.background)?,
            ..Style::default()
        };
        let modifier = looks.style.iter().map(|look| look.modifier()).collect();
        styles.insert(*tone, style.add_modifier(modifier));
    }
    Ok(styles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_theme_has_every_tone() {
        for (name, _) in SHIPPED {
            let theme = Theme::named(name).unwrap();
            for tone in Tone::ALL {
                assert!(theme.tones.contains_key(&tone), "{name} has no {tone:?}");
            }
        }
    }

    #[test]
    fn the_theme_without_colours_has_none_and_still_marks_what_is_abnormal() {
        let mono = Theme::named("mono").unwrap();
        for (tone, style) in &mono.tones {
            assert_eq!((style.fg, style.bg), (None, None), "{tone:?}");
        }
        for tone in [
            Tone::Warning,
            Tone::Alarm,
            Tone::Selected,
            Tone::Simulated,
            Tone::Banner,
            Tone::Frozen,
        ] {
            assert_ne!(mono.style(tone), mono.style(Tone::Text), "{tone:?}");
        }
    }

    #[test]
    fn sixteen_colours_are_enough_for_the_theme_of_that_name() {
        for (tone, style) in &Theme::named("16-colour").unwrap().tones {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(
                    !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                    "{tone:?} is {colour:?}"
                );
            }
        }
    }

    #[test]
    fn normal_is_grey() {
        for name in ["dark", "light"] {
            let theme = Theme::named(name).unwrap();
            for tone in [
                Tone::Text,
                Tone::Dim,
                Tone::Title,
                Tone::Rule,
                Tone::Header,
                Tone::Selected,
            ] {
                for colour in [theme.style(tone).fg, theme.style(tone).bg].into_iter().flatten() {
                    // 232 to 255 are the greys of the 256 colours; 16 and 231 are black and white.
                    assert!(
                        matches!(colour, Color::Indexed(232..=255 | 16 | 231) | Color::Reset),
                        "{name}: {tone:?} is {colour:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_environment_chooses_the_theme() {
        let chosen = |set: &[(&str, &str)]| {
            Theme::name_for(|name| {
                set.iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(chosen(&[("TERM", "xterm-256color")]), "dark");
        assert_eq!(chosen(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), "mono");
        assert_eq!(chosen(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), "dark");
        assert_eq!(chosen(&[("TERM", "linux")]), "16-colour");
        assert_eq!(chosen(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), "dark");
        assert_eq!(chosen(&[("TERM", "vt220")]), "mono");
        assert_eq!(chosen(&[]), "16-colour");
    }

    #[test]
    fn going_through_the_themes_comes_round() {
        let first = Theme::named("dark").unwrap();
        let mut theme = first.clone();
        for _ in SHIPPED {
            theme = theme.next();
        }
        assert_eq!(theme, first);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(matches!(Theme::named("pink"), Err(ThemeError::Unknown(name)) if name == "pink"));
        let told = Theme::named("pink").unwrap_err().text();
        for language in crate::locale::Language::ALL {
            let shown = crate::locale::Localizer::new(language).text(&told);
            assert!(shown.contains("pink") && shown.contains("high-contrast"), "{shown}");
        }
        let wrong = |source: &str| tones("own", source, 0).unwrap_err().to_string();
        assert!(wrong("[tones]\ntext = { foreground = \"greyish\" }").contains("greyish"));
        assert!(wrong("[tones]\nloud = {}").contains("loud"));
        assert!(wrong("inherits = \"pink\"").contains("pink"));
    }
}
