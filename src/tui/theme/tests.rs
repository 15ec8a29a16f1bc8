//! Themes: those that ship, and files of one's own.

use super::*;
use crate::locale::{Language, Localizer};

fn named(name: &str) -> Theme {
    Themes::default().load(name).unwrap()
}

#[test]
fn every_shipped_theme_has_every_tone() {
    for (name, _) in SHIPPED {
        let theme = named(name);
        for tone in Tone::ALL {
            assert!(theme.tones.contains_key(&tone), "{name} has no {tone:?}");
        }
    }
}

#[test]
fn the_theme_without_colours_has_none_and_still_marks_what_is_abnormal() {
    let mono = named("mono");
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
    for (tone, style) in &named("16-colour").tones {
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
        let theme = named(name);
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
    let themes = Themes::default();
    let mut theme = named("dark");
    for _ in SHIPPED {
        let (next, passed_over) = themes.after(theme.name());
        assert!(passed_over.is_empty());
        theme = next.unwrap();
    }
    assert_eq!(theme, named("dark"));
}

/// A directory of one's own themes.
fn own(files: &[(&str, &str)]) -> (tempfile::TempDir, Themes) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(format!("{name}.toml")), text).unwrap();
    }
    let own = Some(directory.path().to_owned());
    (directory, Themes { own })
}

#[test]
fn a_theme_of_ones_own_stands_over_the_one_that_ships() {
    let (_directory, themes) = own(&[
        ("dark", "inherits = \"dark\"\n[tones]\nalarm = { foreground = \"9\" }"),
        (
            "厂用",
            "inherits = \"dark\"\n[palette]\nink = \"#102030\"\n[tones]\ntext = { foreground = \"ink\" }",
        ),
        (".hidden", ""),
    ]);
    let dark = themes.load("dark").unwrap();
    assert_eq!(dark.style(Tone::Alarm).fg, Some(Color::Indexed(9)));
    assert_eq!(dark.style(Tone::Warning), named("dark").style(Tone::Warning));
    let own = themes.load("厂用").unwrap();
    assert_eq!(own.style(Tone::Text).fg, Some(Color::Rgb(16, 32, 48)));
    assert_eq!(
        own.style(Tone::Alarm).fg,
        Some(Color::Indexed(9)),
        "it inherits from one's own"
    );
    assert_eq!(themes.names().last().map(String::as_str), Some("厂用"));
    assert_eq!(themes.names().len(), SHIPPED.len() + 1);
}

#[test]
fn mistakes_are_told_with_their_places() {
    for (text, place, word) in [
        (
            "[tones]\ntext = { foreground = \"greyish\" }",
            "own.toml:2:23: ",
            "greyish",
        ),
        ("inherits = \"dark\"\n[tones]\nloud = {}", "own.toml:3:1: ", "loud"),
        ("inherits = \"pink\"", "own.toml:1:12: ", "pink"),
        ("inherits = \"own\"", "own.toml:1:12: ", "own"),
        ("inherits = \"other\"", "other.toml:2:12: ", "own"),
        ("[tones]\ntext = {}", "own.toml: ", "dim"),
        ("colours = 1", "own.toml:1:1: ", "colours"),
        ("[tones", "own.toml:1:", ""),
    ] {
        let (_directory, themes) = own(&[("own", text), ("other", "\ninherits = \"own\"")]);
        let told = themes.load("own").unwrap_err().text();
        for language in Language::ALL {
            let shown = Localizer::new(language).text(&told).replace('：', ": ");
            assert!(shown.contains(place) && shown.contains(word), "{text:?}: {shown}");
        }
    }
}

#[test]
fn what_is_bad_is_passed_over_and_no_name_leads_elsewhere() {
    let (_directory, themes) = own(&[("a", "[tones"), ("b", "inherits = \"light\"")]);
    let (next, passed_over) = themes.after("mono");
    assert_eq!((next.unwrap().name(), passed_over.len()), ("b", 1));
    for name in ["../dark", "", "/etc/passwd", "dark.toml"] {
        assert!(matches!(themes.load(name), Err(ThemeError::Unknown { .. })), "{name}");
    }
}

/// Lightness of one of the 256 colours, from 0 to 255.
fn lightness(colour: Option<Color>) -> u32 {
    let Some(Color::Indexed(index)) = colour else { return 0 };
    let part = |step: u32| [0, 95, 135, 175, 215, 255][step as usize];
    let index = u32::from(index);
    let (red, green, blue) = match index {
        16..=231 => (
            part((index - 16) / 36),
            part((index - 16) / 6 % 6),
            part((index - 16) % 6),
        ),
        232..=255 => (8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10),
        _ => panic!("{index} looks different everywhere"),
    };
    (red * 299 + green * 587 + blue * 114) / 1000
}

#[test]
fn who_cannot_tell_colours_tells_the_colour_blind_theme_by_lightness_and_form() {
    let theme = named("colour-blind");
    let alarm = lightness(theme.style(Tone::Alarm).bg);
    let warning = lightness(theme.style(Tone::Warning).fg);
    assert!(alarm > warning + 30, "{alarm} {warning}");
    assert!(theme.style(Tone::Stale).add_modifier.contains(Modifier::UNDERLINED));
    assert!(theme.style(Tone::Warning).add_modifier.contains(Modifier::BOLD));
    assert_eq!(theme.style(Tone::Advisory).add_modifier, Modifier::empty());
}
