//! Themes (配色): what each meaning looks like. TOML files in `themes/`, embedded in the program.
//!
//! Normal is grey, colour is for what is abnormal, and no meaning stands by colour alone: every mark has its own glyph,
//! and the theme without colours tells the tones apart by bold, underline and reverse.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::fault::{FileFault, Source};
use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::system_reason;

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
    /// Filled in for what was not measured.
    Substituted,
    /// Made by the simulator.
    Simulated,
    /// The display is held.
    Frozen,
    /// A notice across the screen.
    Banner,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 16] = [
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
        Self::Substituted,
        Self::Simulated,
        Self::Frozen,
        Self::Banner,
    ];

    /// Its name in theme files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Dim => "dim",
            Self::Title => "title",
            Self::Rule => "rule",
            Self::Header => "header",
            Self::Selected => "selected",
            Self::Key => "key",
            Self::Advisory => "advisory",
            Self::Warning => "warning",
            Self::Alarm => "alarm",
            Self::Stale => "stale",
            Self::Typed => "typed",
            Self::Substituted => "substituted",
            Self::Simulated => "simulated",
            Self::Frozen => "frozen",
            Self::Banner => "banner",
        }
    }
}

/// Names and sources of the themes that ship, in the order in which a key goes through them.
const SHIPPED: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("16-colour", include_str!("../../themes/16-colour.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// Ending of a theme's file.
const ENDING: &str = ".toml";

/// Longest name of a theme, in characters.
const LONGEST_NAME: usize = 40;

/// Why a theme cannot be used.
#[derive(Debug, Error)]
pub enum ThemeError {
    /// There is none of that name.
    #[error("no theme is called {name:?}: there are {}", known.join(", "))]
    Unknown {
        /// The name.
        name: String,
        /// Names of all there are.
        known: Vec<String>,
    },
    /// A file is no theme.
    #[error("{}: {}", .0.file.display(), .0.why)]
    Fault(FileFault),
}

impl Explained for ThemeError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown { name, known } => Text::new("tui-theme-unknown")
                .with("name", clean(name))
                .with("known", clean(&known.join(", "))),
            Self::Fault(fault) => fault.text(),
        }
    }
}

/// A theme as its file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    /// The theme whose tones hold where this one names none.
    inherits: Option<Spanned<String>>,
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
    foreground: Option<Spanned<String>>,
    background: Option<Spanned<String>>,
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
    name: String,
    tones: BTreeMap<Tone, Style>,
}

/// The themes that there are: those that ship, and the user's own, which come first where both have a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Themes {
    /// The directory of the user's own.
    pub own: Option<PathBuf>,
}

/// The text of a theme's file.
struct Sheet {
    file: PathBuf,
    text: Cow<'static, str>,
    /// Whether it is the user's own.
    own: bool,
}

impl Themes {
    /// Names of all there are, those that ship first.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = SHIPPED.map(|(name, _)| name.to_owned()).to_vec();
        let entries = self.own.as_ref().and_then(|own| fs::read_dir(own).ok());
        let mut own: Vec<String> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(ENDING)?.to_owned()))
            .filter(|name| is_name(name) && !names.contains(name))
            .collect();
        own.sort();
        names.extend(own);
        names
    }

    /// A theme by its name, read anew.
    pub fn load(&self, name: &str) -> Result<Theme, ThemeError> {
        let tones = self.tones(name, &mut Vec::new())?;
        if let Some(missing) = Tone::ALL.iter().find(|tone| !tones.contains_key(tone)) {
            let why = Text::new("tui-theme-missing").with("tone", missing.name());
            let file = self.sheet(name, false)?.file;
            return Err(ThemeError::Fault(FileFault { file, at: None, why }));
        }
        let name = name.to_owned();
        Ok(Theme { name, tones })
    }

    /// The theme after another one, and why those between them cannot be used.
    pub fn after(&self, name: &str) -> (Result<Theme, ThemeError>, Vec<ThemeError>) {
        let names = self.names();
        let place = names.iter().position(|known| known == name).unwrap_or(0);
        let following = names.iter().cycle().skip(place + 1).take(names.len());
        let mut passed_over = Vec::new();
        for name in following {
            match self.load(name) {
                Ok(theme) => return (Ok(theme), passed_over),
                Err(error) => passed_over.push(error),
            }
        }
        (self.load(name), passed_over)
    }

    fn unknown(&self, name: &str) -> ThemeError {
        ThemeError::Unknown {
            name: name.to_owned(),
            known: self.names(),
        }
    }

    /// The file of a theme. The user's own of the same name is passed over where it is the one that asks.
    fn sheet(&self, name: &str, but_own: bool) -> Result<Sheet, ThemeError> {
        let own = self.own.as_ref().filter(|_| !but_own && is_name(name));
        if let Some(own) = own {
            let file = own.join(format!("{name}{ENDING}"));
            match fs::read_to_string(&file) {
                Ok(text) => {
                    return Ok(Sheet {
                        file,
                        text: text.into(),
                        own: true,
                    });
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let why = system_reason(&error);
                    return Err(ThemeError::Fault(FileFault { file, at: None, why }));
                }
            }
        }
        let shipped = SHIPPED.into_iter().find(|(shipped, _)| *shipped == name);
        let (name, text) = shipped.ok_or_else(|| self.unknown(name))?;
        Ok(Sheet {
            file: Path::new("themes").join(format!("{name}{ENDING}")),
            text: text.into(),
            own: false,
        })
    }

    /// The tones of a theme over those it inherits. `heirs` are the files that came here, with those that may not come
    /// again.
    fn tones(&self, name: &str, heirs: &mut Vec<PathBuf>) -> Result<BTreeMap<Tone, Style>, ThemeError> {
        // A file of one's own that inherits from the theme of its own name means the one that ships.
        let asks_for_itself = heirs
            .last()
            .is_some_and(|heir| heir.file_stem().is_some_and(|stem| stem == name));
        let sheet = self.sheet(name, asks_for_itself)?;
        let source = Source {
            file: &sheet.file,
            text: &sheet.text,
        };
        let file: ThemeFile =
            toml::from_str(&sheet.text).map_err(|error| ThemeError::Fault(source.malformed(&error)))?;
        heirs.push(sheet.file.clone());
        let mut styles = match &file.inherits {
            None => BTreeMap::new(),
            Some(parent) => {
                let fault = |why: Text| ThemeError::Fault(source.fault(&parent.span(), why));
                let name = parent.get_ref();
                let again = self.sheet(
                    name,
                    sheet.own && sheet.file.file_stem().is_some_and(|stem| stem == &**name),
                );
                match again {
                    Err(error @ ThemeError::Unknown { .. }) => return Err(fault(error.text())),
                    Ok(again) if heirs.contains(&again.file) => {
                        return Err(fault(Text::new("tui-theme-endless").with("name", clean(name))));
                    }
                    _ => self.tones(name, heirs)?,
                }
            }
        };
        for (tone, looks) in &file.tones {
            let colour = |written: &Option<Spanned<String>>| match written {
                None => Ok(None),
                Some(written) => {
                    let word = written.get_ref();
                    let meant = file.palette.get(word).unwrap_or(word);
                    meant.parse::<Color>().map(Some).map_err(|_| {
                        let why = Text::new("tui-theme-colour").with("colour", clean(word));
                        ThemeError::Fault(source.fault(&written.span(), why))
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
}

/// Whether a name can be that of a theme's file: nothing that leads elsewhere, nothing that steers a terminal.
fn is_name(name: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(fits)
}

impl Theme {
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

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a tone looks like.
    pub fn style(&self, tone: Tone) -> Style {
        self.tones.get(&tone).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
