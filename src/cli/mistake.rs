//! Mistakes on the command line, told in the reader's language: clap says which mistake it is and what it is about, the
//! words are the catalogues'.

use std::borrow::Cow;
use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::value::NotInRange;
use crate::domain::text::{Explained, Text, clean};
use crate::locale::UnknownLanguage;

/// Most known words that are listed.
const MOST_LISTED: usize = 30;

/// All that is told of a mistake: what it is, what was probably meant, and how the command is used.
pub fn told(error: &clap::Error) -> Vec<Text> {
    let mut lines = vec![what(error)];
    lines.extend(meant(error).map(|word| Text::new("cli-mistake-meant").with("word", word)));
    if let Some(usage) = words(error, ContextKind::Usage) {
        // clap puts its own title before the usage, in English.
        let usage = usage
            .split_once("Usage:")
            .map_or(usage.as_str(), |(_, usage)| usage)
            .trim();
        lines.push(Text::new("cli-usage").with("usage", usage));
    }
    lines.push(Text::new("cli-mistake-help"));
    lines
}

/// What is wrong.
fn what(error: &clap::Error) -> Text {
    let argument = || words(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = || words(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument if argument().starts_with('-') => {
            Text::new("cli-mistake-option").with("option", argument())
        }
        ErrorKind::UnknownArgument => Text::new("cli-mistake-surplus").with("given", argument()),
        ErrorKind::MissingSubcommand => Text::new("cli-mistake-no-command"),
        ErrorKind::InvalidSubcommand => Text::new("cli-mistake-command").with(
            "command",
            words(error, ContextKind::InvalidSubcommand).unwrap_or_default(),
        ),
        ErrorKind::InvalidValue if value().is_empty() => known(error, Text::new("cli-mistake-no-value"), &argument()),
        ErrorKind::InvalidValue => known(
            error,
            Text::new("cli-mistake-value").with("value", value()),
            &argument(),
        ),
        ErrorKind::ValueValidation => Text::new("cli-mistake-unfit")
            .with("value", value())
            .with("argument", argument())
            .with_text("reason", reason(error)),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            known(error, Text::new("cli-mistake-no-value"), &argument())
        }
        ErrorKind::TooManyValues => Text::new("cli-mistake-takes-none")
            .with("value", value())
            .with("argument", argument()),
        ErrorKind::MissingRequiredArgument => Text::new("cli-mistake-missing").with("arguments", argument()),
        ErrorKind::ArgumentConflict => {
            let other = words(error, ContextKind::PriorArg).unwrap_or_default();
            if other == argument() {
                Text::new("cli-mistake-twice").with("argument", other)
            } else {
                Text::new("cli-mistake-conflict")
                    .with("argument", argument())
                    .with("other", other)
            }
        }
        ErrorKind::InvalidUtf8 => Text::new("cli-mistake-encoding"),
        // What this program's arguments cannot cause, or what the system said.
        _ => Text::new("cli-mistake-other").with("error", clean(&error.to_string())),
    }
}

/// A text about an argument, with the values that it may have, where they are few.
fn known(error: &clap::Error, text: Text, argument: &str) -> Text {
    let known = words(error, ContextKind::ValidValue).unwrap_or_default();
    let text = text.with("argument", argument);
    if known.is_empty() {
        text
    } else {
        Text::new("cli-mistake-known")
            .with_text("what", text)
            .with("known", known)
    }
}

/// Why a value cannot be used.
fn reason(error: &clap::Error) -> Text {
    let source = error.source();
    if let Some(error) = source.and_then(|source| source.downcast_ref::<NotInRange>()) {
        return error.text();
    }
    if source.is_some_and(<dyn std::error::Error>::is::<UnknownLanguage>) {
        return Text::new("cli-mistake-language");
    }
    Text::new("cli-mistake-other").with("error", source.map_or_else(String::new, ToString::to_string))
}

/// What was probably meant.
fn meant(error: &clap::Error) -> Option<String> {
    [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| words(error, kind))
}

/// What clap says of a mistake under a name, in one line.
fn words(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let words = match error.get(kind)? {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(list) => {
            let mut listed: Vec<Cow<'_, str>> = list.iter().take(MOST_LISTED).map(|word| clean(word)).collect();
            if list.len() > MOST_LISTED {
                listed.push(Cow::Borrowed("…"));
            }
            listed.join(", ")
        }
        ContextValue::StyledStr(styled) => styled.to_string(),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    };
    (!words.is_empty() || kind == ContextKind::InvalidValue).then_some(words)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::cli::{Arguments, help};
    use crate::locale::{Language, Localizer};

    fn told_of(line: &str, language: Language) -> String {
        let localizer = Localizer::new(language);
        let command = help::localised(Arguments::command(), &localizer);
        let words = std::iter::once("carbonwatch").chain(line.split_whitespace());
        let parsed = command
            .try_get_matches_from(words)
            .and_then(|matches| Arguments::from_arg_matches(&matches));
        let error = parsed.expect_err(line);
        assert!(error.use_stderr(), "{line}");
        let lines: Vec<String> = told(&error).iter().map(|text| localizer.text(text)).collect();
        lines.join("\n")
    }

    /// A command line with a mistake, and what the message must hold in each language.
    const MISTAKES: &[(&str, &[&str])] = &[
        ("stats works", &["stats", "status"]),
        ("status", &["<"]),
        ("--lang zh", &["carbonwatch"]),
        ("status works --fomat json", &["--fomat", "--format"]),
        ("status works --format xml", &["xml", "table, json, csv"]),
        ("status works --format", &["--format", "table, json, csv"]),
        ("status works other", &["other"]),
        ("status works --feeds --totals", &["--feeds", "--totals"]),
        ("status works --feeds=1", &["--feeds", "1"]),
        ("status works --format json --format csv", &["--format"]),
        ("status works --lang fr", &["fr", "zh", "en"]),
        ("demo --days 4000", &["4000", "--days", "3650"]),
        ("demo --days many", &["many", "--days", "3650"]),
        ("replay works a.csv -m m --speed 0", &["--speed", "100000"]),
        ("replay works a.csv -m m --duplicate 2", &["--duplicate", "1"]),
        ("tail works -n -5", &["-5"]),
        ("withdraw works twelve --reason x", &["twelve"]),
        ("status works --\u{1b}[2J", &["\u{fffd}[2J"]),
    ];

    #[test]
    fn every_mistake_is_told_in_each_language_with_what_it_is_about() {
        for &(line, wanted) in MISTAKES {
            for language in Language::ALL {
                let told = told_of(line, language);
                for word in wanted {
                    assert!(told.contains(word), "{line} ({language}): {told}");
                }
                assert!(!told.contains("cli-") && !told.contains('\u{1b}'), "{line}: {told}");
            }
            let told = told_of(line, Language::Chinese);
            for english in [
                "error",
                "Usage",
                "unexpected",
                "invalid",
                "value",
                "tip",
                "OPTIONS",
                "required",
                "similar",
            ] {
                assert!(!told.contains(english), "{line}: {told}");
            }
            // Of a value that does not fit clap gives no usage: the argument is named.
            assert!(
                !told.contains("carbonwatch") || told.contains("用法：carbonwatch"),
                "{line}: {told}"
            );
        }
    }
}
