//! What the libraries and the system say in English, as texts in both languages: the reasons of TOML's parser and those of
//! the system's calls. What is not known here keeps its own words, behind a sentence of ours.

use std::io::{self, ErrorKind};

use crate::domain::text::{Text, clean};

/// Longest piece of a file that is quoted, in characters.
const LONGEST_PIECE: usize = 40;

/// Why a TOML text cannot be read, with the piece at which it fails.
pub fn toml_reason(error: &toml::de::Error, source: &str) -> Text {
    let piece = error.span().and_then(|span| source.get(span)).map(str::trim);
    let reason = match piece {
        // Of a value that is missing the parser says that it has no quotes.
        Some("") if error.message().starts_with("string values") => Text::new("toml-no-value"),
        _ => reason_of(error.message()),
    };
    // What names a word has quoted it.
    let names = !reason.arguments.is_empty() && reason.id != "toml-wrong-form";
    match piece {
        Some(piece)
            if !names && !piece.is_empty() && !piece.contains('\n') && piece.chars().count() <= LONGEST_PIECE =>
        {
            Text::new("toml-at")
                .with_text("reason", reason)
                .with("piece", clean(piece))
        }
        _ => reason,
    }
}

/// Line and column, from 1, of a byte offset.
pub fn place(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

/// The parser's descriptions, which are fixed sentences, and what they are here.
const DESCRIPTIONS: &[(&str, &str)] = &[
    ("duplicate key", "toml-duplicate-key"),
    ("cannot extend value", "toml-key-taken"),
    ("cannot recurse", "toml-too-deep"),
    ("recursion limit", "toml-too-deep"),
    ("carriage return", "toml-carriage-return"),
    ("extra `=`", "toml-extra-equals"),
    ("extra assignment", "toml-extra-equals"),
    ("unexpected `=`", "toml-extra-equals"),
    ("extra comma", "toml-extra-comma"),
    ("invalid comment", "toml-comment"),
    ("missing comment", "toml-comment"),
    ("unexpected content between comment", "toml-comment"),
    ("invalid unquoted key", "toml-key"),
    ("unquoted keys cannot be empty", "toml-key"),
    ("keys cannot be multi-line", "toml-key"),
    ("missing key", "toml-key"),
    ("key with no value", "toml-no-value"),
    ("missing value", "toml-no-value"),
    ("invalid key-value pair", "toml-no-equals"),
    ("invalid inline table element", "toml-no-equals"),
    ("missing assignment", "toml-no-equals"),
    ("missing comma", "toml-no-comma"),
    ("missing opening quote", "toml-quotes"),
    ("string values must be quoted", "toml-quotes"),
    ("invalid literal string", "toml-quotes"),
    ("invalid multi-line literal string", "toml-quotes"),
    ("invalid basic string", "toml-quotes"),
    ("invalid multi-line basic string", "toml-quotes"),
    ("missing escaped value", "toml-escape"),
    ("too few unicode value digits", "toml-escape"),
    ("integers with a radix", "toml-number"),
    ("radix must be lowercase", "toml-number"),
    ("redundant", "toml-number"),
    ("unexpected leading zero", "toml-number"),
    ("unexpected sign", "toml-number"),
    ("`_` may only go", "toml-number"),
    ("invalid value", "toml-value"),
    ("unclosed array table", "toml-heading"),
    ("unclosed table", "toml-heading"),
    ("missing table open", "toml-heading"),
    ("unclosed array", "toml-list"),
    ("missing array opening", "toml-list"),
    ("unclosed inline table", "toml-table"),
    ("missing inline table opening", "toml-table"),
    ("unexpected content", "toml-unexpected"),
    ("unexpected key or value", "toml-unexpected"),
    ("invalid datetime", "toml-date"),
    ("invalid date", "toml-date"),
    ("invalid time", "toml-date"),
    ("invalid offset", "toml-date"),
    ("invalid year", "toml-date"),
    ("invalid month", "toml-date"),
    ("invalid day", "toml-date"),
    ("invalid hour", "toml-date"),
    ("invalid minute", "toml-date"),
    ("invalid second", "toml-date"),
];

fn reason_of(message: &str) -> Text {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return named("toml-unknown-field", rest);
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        return named("toml-unknown-word", rest);
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return Text::new("toml-missing-field").with("key", clean(first_quoted(rest)));
    }
    if let Some(rest) = message.strip_prefix("duplicate field ") {
        return Text::new("toml-duplicate-field").with("key", clean(first_quoted(rest)));
    }
    let form = ["invalid type: ", "invalid value: ", "invalid length "]
        .into_iter()
        .find_map(|start| message.strip_prefix(start));
    if let Some((_, wanted)) = form.and_then(|rest| rest.split_once(", expected ")) {
        return Text::new("toml-wrong-form").with_text("wanted", form_of(wanted));
    }
    DESCRIPTIONS
        .iter()
        .find(|(start, _)| message.starts_with(start))
        .map_or_else(
            || Text::new("toml-other").with("message", clean(message)),
            |&(_, id)| Text::new(id),
        )
}

/// A text about a word that is not known, with those that are: both stand in backquotes, the unknown one first.
fn named(id: &'static str, rest: &str) -> Text {
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let given = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    Text::new(id)
        .with("given", clean(given))
        .with("known", clean(&known.join(", ")))
}

fn first_quoted(words: &str) -> &str {
    words.split('`').nth(1).unwrap_or(words)
}

/// What serde calls the form that a value should have.
fn form_of(wanted: &str) -> Text {
    let id = match wanted.trim_end_matches('.') {
        "a string" | "str" | "a character" | "string" => "toml-form-text",
        "a boolean" => "toml-form-flag",
        "a sequence" => "toml-form-list",
        "a map" => "toml-form-table",
        whole if whole == "an integer" || whole.starts_with(['u', 'i']) && whole.len() <= 5 => "toml-form-whole",
        "f64" | "f32" | "a number" => "toml-form-number",
        table if table.starts_with("struct ") => "toml-form-table",
        other => return Text::new("toml-other").with("message", clean(other)),
    };
    Text::new(id)
}

/// Why a call of the system failed.
pub fn system_reason(error: &io::Error) -> Text {
    let id = match error.kind() {
        ErrorKind::NotFound => "system-not-found",
        ErrorKind::PermissionDenied => "system-not-permitted",
        ErrorKind::AlreadyExists => "system-exists",
        ErrorKind::IsADirectory => "system-is-a-directory",
        ErrorKind::NotADirectory => "system-not-a-directory",
        ErrorKind::DirectoryNotEmpty => "system-not-empty",
        ErrorKind::ReadOnlyFilesystem => "system-read-only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "system-full",
        ErrorKind::FileTooLarge => "system-too-large",
        ErrorKind::InvalidFilename => "system-bad-name",
        ErrorKind::InvalidData => "system-not-text",
        ErrorKind::BrokenPipe => "system-reader-gone",
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "system-connection",
        ErrorKind::TimedOut => "system-timed-out",
        ErrorKind::OutOfMemory => "system-memory",
        _ => return Text::new("system-other").with("error", clean(&error.to_string())),
    };
    Text::new(id)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::locale::{Language, Localizer};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how they fail to be read is looked at")]
    struct Sample {
        name: String,
        count: Option<u32>,
        flag: Option<bool>,
        list: Option<Vec<String>>,
        sort: Option<Sort>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Sort {
        Long,
        Wide,
    }

    /// A text that cannot be read, the reason, and the piece.
    const FAULTS: &[(&str, &str, &str)] = &[
        ("name = ", "toml-no-value", ""),
        ("name", "toml-no-value", ""),
        ("name \"a\"", "toml-no-value", ""),
        ("name = \"a", "toml-quotes", ""),
        ("name = a", "toml-quotes", "a"),
        ("name = 'a", "toml-quotes", ""),
        ("name = \"C:\\data\"", "toml-escape", ""),
        ("name = \"a\"\nname = \"b\"", "toml-duplicate-key", "name"),
        ("[name\n", "toml-heading", ""),
        ("[[name]\n", "toml-heading", ""),
        ("list = [\"a\" \"b\"]\nname=\"a\"", "toml-no-comma", ""),
        ("list = [\"a\",\nname=\"a\"", "toml-extra-equals", ""),
        ("name == \"a\"", "toml-extra-equals", ""),
        ("count = 01\nname=\"a\"", "toml-number", ""),
        ("count = 1__0\nname=\"a\"", "toml-number", ""),
        ("name = \"a\" b", "toml-unexpected", ""),
        ("count = 2024-13-01\nname = \"a\"", "toml-date", ""),
        ("名称 = \"a\"", "toml-key", "名称"),
        ("nmae = \"a\"", "toml-unknown-field", ""),
        ("count = 1", "toml-missing-field", ""),
        ("name = 1", "toml-wrong-form", "1"),
        ("name = \"a\"\ncount = \"b\"", "toml-wrong-form", "\"b\""),
        ("name = \"a\"\ncount = -1", "toml-wrong-form", "-1"),
        ("name = \"a\"\nflag = 1", "toml-wrong-form", "1"),
        ("name = \"a\"\nlist = \"b\"", "toml-wrong-form", "\"b\""),
        ("name = \"a\"\nsort = \"tall\"", "toml-unknown-word", ""),
    ];

    #[test]
    fn every_reason_of_the_parser_is_told_in_each_language() {
        let mut failures = Vec::new();
        for &(source, id, piece) in FAULTS {
            let error = toml::from_str::<Sample>(source).expect_err(source);
            let text = toml_reason(&error, source);
            let told = text.to_string();
            let shown = Localizer::new(Language::Chinese).text(&text);
            let english = ["expected", "toml-", "invalid", "missing", "unknown"];
            if !told.contains(id)
                || !told.contains(&format!("{piece:?}")) && !piece.is_empty()
                || english.iter().any(|word| shown.contains(word))
            {
                failures.push(format!("{source:?}: {told}; {shown}; from {}", error.message()));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn what_the_system_says_has_words_in_each_language() {
        let missing = io::Error::from(ErrorKind::NotFound);
        let unknown = io::Error::other("a \u{1b}[2J fault");
        for language in Language::ALL {
            let localizer = Localizer::new(language);
            assert!(!localizer.text(&system_reason(&missing)).contains("system-"));
            let shown = localizer.text(&system_reason(&unknown));
            assert!(shown.contains("fault") && !shown.contains('\u{1b}'), "{shown}");
        }
    }

    #[test]
    fn every_reason_has_words() {
        for language in Language::ALL {
            let localizer = Localizer::new(language);
            for &(start, id) in DESCRIPTIONS {
                let shown = localizer.text(&reason_of(start));
                assert!(shown != id && !shown.starts_with("toml-"), "{shown}");
            }
        }
    }
}
