//! Both languages say the same things, and all that the sources name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn localizer(language: Language) -> Localizer {
    Localizer::new(language)
}

/// Ids of a catalogue with the arguments each names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let id = line.split_once('=').expect("a message has `=`").0.trim().to_owned();
            assert!(!found.contains_key(&id), "{id} stands twice");
            found.insert(id.clone(), BTreeSet::new());
            current = Some(id);
        }
        let Some(id) = &current else { continue };
        for rest in line.split('$').skip(1) {
            let argument = rest
                .chars()
                .take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
                .collect();
            found.get_mut(id).unwrap().insert(argument);
        }
    }
    found
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

/// The ids that the sources name outside their tests, each with the file that names it.
fn ids_in_sources() -> Vec<(String, PathBuf)> {
    let mut sources = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs", &mut sources);
    let mut ids = Vec::new();
    for path in sources {
        if path.file_stem().is_some_and(|stem| stem == "tests")
            || path.components().any(|part| part.as_os_str() == "tests")
        {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let code = source.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for call in ["Text::new(", ".plain("] {
            for rest in code.split(call).skip(1) {
                if let Some(literal) = rest.trim_start().strip_prefix('"') {
                    ids.push((literal.split('"').next().unwrap().to_owned(), path.clone()));
                }
            }
        }
    }
    ids
}

#[test]
fn both_languages_have_the_same_ids_with_the_same_arguments() {
    for &(room, chinese, english) in CATALOGUES {
        let (chinese, english) = (messages(chinese), messages(english));
        for (id, arguments) in &chinese {
            assert_eq!(
                Some(arguments),
                english.get(id),
                "{room}.ftl: {id}, Chinese left, English right"
            );
        }
        for id in english.keys() {
            assert!(chinese.contains_key(id), "{room}.ftl: {id} has no Chinese");
        }
    }
}

#[test]
fn every_catalogue_can_be_read_and_no_id_stands_in_two() {
    for language in Language::ALL {
        let mut seen = BTreeMap::new();
        for &(room, chinese, english) in CATALOGUES {
            let source = if language == Language::Chinese {
                chinese
            } else {
                english
            };
            if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
                panic!("{language}/{room}.ftl: {errors:?}");
            }
            for id in messages(source).into_keys() {
                if let Some(other) = seen.insert(id.clone(), room) {
                    panic!("{language}: {id} stands in {other}.ftl and {room}.ftl");
                }
            }
        }
    }
}

#[test]
fn every_file_is_in_the_table() {
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/locale"),
        "ftl",
        &mut found,
    );
    assert_eq!(found.len(), CATALOGUES.len() * Language::ALL.len(), "{found:?}");
    for path in found {
        let room = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(
            CATALOGUES.iter().any(|(listed, ..)| *listed == room),
            "{room}.ftl is not in the table"
        );
    }
}

#[test]
fn every_id_in_the_sources_has_a_message_in_both_languages() {
    let ids = ids_in_sources();
    assert!(ids.len() > 10, "the search found only {ids:?}");
    for language in Language::ALL {
        let localizer = localizer(language);
        let missing: Vec<_> = ids
            .iter()
            .filter(|(id, _)| {
                localizer
                    .bundle
                    .get_message(id)
                    .and_then(|message| message.value())
                    .is_none()
            })
            .collect();
        assert!(missing.is_empty(), "{language}: no message for {missing:?}");
    }
}

#[test]
fn arguments_are_put_in_without_marks_and_cleaned() {
    let text = Text::new("unit-not-a-rate").with("unit", "t\u{1b}[2J\u{202e}");
    let shown = localizer(Language::English).text(&text);
    assert!(shown.starts_with("t\u{fffd}[2J\u{fffd} is not a rate"), "{shown:?}");
    assert!(!shown.contains(['\u{2068}', '\u{2069}', '\u{1b}']), "{shown:?}");
}

#[test]
fn texts_stand_in_texts_in_the_same_language() {
    let text = Text::new("number-unreadable").with_text("given", Text::new("age-minutes").with_count("n", 9));
    assert_eq!(localizer(Language::English).text(&text), "“9 min” is not a number.");
    assert_eq!(localizer(Language::Chinese).text(&text), "“9 分”不是数。");
}

#[test]
fn a_text_that_is_missing_or_lacks_an_argument_shows_its_id() {
    let localizer = localizer(Language::Chinese);
    let unknown = Text::new("no-such-id").with("path", "a\u{1b}b").with_count("n", 2);
    assert_eq!(localizer.text(&unknown), r#"no-such-id path="a\u{1b}b" n=2"#);
    assert_eq!(localizer.text(&Text::new("zone-unknown")), "zone-unknown");
    let mut deep = Text::new("age-days").with_count("n", 1);
    for _ in 0..200 {
        deep = Text::new("number-unreadable").with_text("given", deep);
    }
    assert!(localizer.text(&deep).contains("number-unreadable given="));
}

#[test]
fn names_fall_back_to_the_other_language() {
    let both = Name {
        zh: "一号炉".into(),
        en: "Furnace 1".into(),
    };
    let chinese_only = Name {
        zh: "一号炉".into(),
        en: String::new(),
    };
    assert_eq!(localizer(Language::English).name(&both), "Furnace 1");
    assert_eq!(localizer(Language::Chinese).name(&both), "一号炉");
    assert_eq!(localizer(Language::English).name(&chinese_only), "一号炉");
}

#[test]
fn the_multiple_of_ten_thousand_is_written_as_the_language_does() {
    let (chinese, english) = (localizer(Language::Chinese), localizer(Language::English));
    assert_eq!(chinese.unit("10^4Nm3/h"), "万Nm3/h");
    assert_eq!(english.unit("GJ/10^4Nm3"), "GJ/10^4Nm3");
    assert_eq!(english.unit("t/h"), "t/h");
    assert_eq!(english.unit("104"), "104");
}

#[test]
fn ages_are_given_in_their_largest_whole_unit() {
    let english = localizer(Language::English);
    for (milliseconds, shown) in [
        (-5_000, "0 s"),
        (999, "0 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (3_599_999, "59 min"),
        (3_600_000, "1 h"),
        (86_399_999, "23 h"),
        (86_400_000, "1 d"),
        (i64::MAX, "106751991167 d"),
    ] {
        assert_eq!(english.age(milliseconds), shown);
    }
    assert_eq!(localizer(Language::Chinese).age(3 * 3_600_000), "3 小时");
}

#[test]
fn a_localizer_can_be_shared_between_threads() {
    fn shared<Shared: Send + Sync>() {}
    shared::<Localizer>();
}

/// Nouns that stand after counts, in the plural.
const PLURALS: &[&str] = &[
    "books",
    "bytes",
    "cells",
    "columns",
    "connections",
    "crews",
    "days",
    "factors",
    "faults",
    "feeds",
    "fields",
    "files",
    "hours",
    "inputs",
    "lines",
    "meters",
    "methods",
    "minutes",
    "nodes",
    "parameters",
    "parts",
    "places",
    "problems",
    "readings",
    "records",
    "rows",
    "seconds",
    "shifts",
    "sources",
    "tests",
    "values",
];

/// Messages whose number is a limit of the program and never one.
const NEVER_ONE: &[&str] = &[
    "anomaly-text-too-long",
    "anomaly-too-many-readings",
    "checked-too-long",
    "checked-too-many",
    "daemon-too-many-of-user",
    "intake-line-too-long",
    "ledger-too-wide",
    "readings-too-many",
    "tui-too-small",
    "wire-batch-too-large",
];

#[test]
fn no_english_message_puts_a_plural_after_one() {
    let localizer = localizer(Language::English);
    let mut checked = 0;
    for &(room, _, english) in CATALOGUES {
        for (id, arguments) in messages(english) {
            let text = arguments.iter().fold(
                Text {
                    id: id.clone().into(),
                    arguments: Vec::new(),
                },
                |mut text, argument| {
                    text.arguments.push((argument.clone().into(), TextValue::Count(1)));
                    text
                },
            );
            let shown = localizer.text(&text);
            for clause in shown.split(['.', ',', ';', ':', '(', ')', '“', '”']) {
                let words: Vec<&str> = clause.split_whitespace().collect();
                for (place, _) in words.iter().enumerate().filter(|(_, word)| **word == "1") {
                    // An adjective or two may stand between: 1 more hourly cells.
                    let after = words.iter().skip(place + 1).take(3);
                    let mut after = after.take_while(|word| !["1", "brought", "in"].contains(*word));
                    let plural = after.find(|word| PLURALS.contains(*word));
                    assert!(
                        plural.is_none() || NEVER_ONE.contains(&id.as_str()),
                        "{room}.ftl: {id} says {shown:?}"
                    );
                }
            }
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

/// The arguments by which an English message chooses between one and more.
fn chosen_by(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    let lines: Vec<&str> = source.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            current = line.split_once('=').unwrap().0.trim().to_owned();
        }
        let next = lines.get(place + 1).map_or("", |next| next.trim());
        if let Some((before, _)) = line.rsplit_once(" ->")
            && next.starts_with("[one]")
        {
            let argument = before.rsplit_once('$').unwrap().1.trim().to_owned();
            found.entry(current.clone()).or_default().insert(argument);
        }
    }
    found
}

#[test]
fn what_chooses_a_plural_is_given_as_a_number() {
    let mut choosers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for &(_, _, english) in CATALOGUES {
        choosers.extend(chosen_by(english));
    }
    assert!(choosers.len() > 20, "{choosers:?}");
    let mut sources = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs", &mut sources);
    for path in sources {
        let source = fs::read_to_string(&path).unwrap();
        for call in source.split("Text::new(").skip(1) {
            let Some((id, rest)) = call
                .trim_start()
                .strip_prefix('"')
                .and_then(|call| call.split_once('"'))
            else {
                continue;
            };
            let built = rest.split(';').next().unwrap_or_default();
            for argument in choosers.get(id).into_iter().flatten() {
                assert!(
                    !built.contains(&format!(".with(\"{argument}\"")),
                    "{}: {id} gets {argument} as words",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn times_are_told_in_plant_time_once_the_plant_is_known() {
    use crate::domain::period::Period;
    use crate::domain::time::Instant;

    let at = Instant(1_735_660_800_000);
    let zone = PlantZone::parse("Asia/Shanghai").unwrap();
    let hour = Period::Hour(zone.hour_of(at));
    let text = Text::new("reading-interval")
        .with_instant("from", at)
        .with_period("to", hour);
    let localizer = localizer(Language::English);
    assert_eq!(localizer.text(&text), "2024-12-31T16:00:00Z – 2024-12-31 16:00");
    localizer.keep_time_of(zone);
    assert_eq!(localizer.text(&text), "2025-01-01 00:00:00 – 2025-01-01 00:00");
    assert_eq!(
        localizer.for_programs(&text),
        "2025-01-01T00:00:00+08:00 – 2025-01-01T00:00:00+08:00"
    );
    assert_eq!(localizer.other().text(&text), localizer.text(&text));
}
