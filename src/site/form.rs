//! The forms of values: what they are called, how they are written, and how times are read.

use toml::de::DeValue;

use super::fields::{Field, Form, Shape};

/// What a form is called.
pub(crate) const fn wanted(form: &Form) -> &'static str {
    match form {
        Form::Key => "site-form-key",
        Form::Tag => "site-form-tag",
        Form::Words | Form::Choice(_) | Form::Unit | Form::Zone => "site-form-words",
        Form::Number => "site-form-number",
        Form::Whole(..) => "site-form-whole",
        Form::Flag => "site-form-flag",
        Form::Date => "site-form-date",
        Form::Clock => "site-form-clock",
        Form::Duration => "site-form-duration",
        Form::List(_) => "site-form-list",
        Form::Table(_) => "site-form-table",
        Form::Tables(_) => "site-form-tables",
        Form::Named(_) => "site-form-named",
    }
}

/// What a value is called in TOML.
pub(crate) const fn toml_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "site-toml-string",
        DeValue::Integer(_) => "site-toml-integer",
        DeValue::Float(_) => "site-toml-float",
        DeValue::Boolean(_) => "site-toml-boolean",
        DeValue::Datetime(_) => "site-toml-datetime",
        DeValue::Array(_) => "site-toml-array",
        DeValue::Table(_) => "site-toml-table",
    }
}

/// Words that are written in a manner of their own, by the key under which they stand.
const OWN_MANNER: &[(&str, &str)] = &[
    ("factor_sets", "[\"GB/T 32151.34-2024\"]"),
    ("standard", "\"DB14/T 2970\""),
    ("edition", "\"2024\""),
    ("left", "[\"FT-2041 * LAB-NCV\"]"),
    ("right", "[\"FT-2042\"]"),
    ("above", "\"FT-2041\""),
    ("below", "\"JE-2041\""),
];

/// How the value of a field is written.
pub(crate) fn example_of(field: &Field) -> String {
    let own = OWN_MANNER.iter().find(|(key, _)| *key == field.key);
    own.map_or_else(|| example(&field.form), |(_, example)| (*example).to_owned())
}

/// How a form is written.
pub(crate) fn example(form: &Form) -> String {
    match form {
        Form::Key => "\"boiler-1\"".to_owned(),
        Form::Tag => "\"FT-2041\"".to_owned(),
        Form::Words => "\"1号锅炉\"".to_owned(),
        Form::Number => "\"26.7\"".to_owned(),
        Form::Whole(low, _) => low.to_string(),
        Form::Flag => "true".to_owned(),
        Form::Date => "2024-01-31".to_owned(),
        Form::Clock => "\"08:00\"".to_owned(),
        Form::Duration => "\"15 min\"".to_owned(),
        Form::Unit => "\"t/h\"".to_owned(),
        Form::Zone => "\"Asia/Shanghai\"".to_owned(),
        Form::Choice(known) => format!("\"{}\"", known.first().copied().unwrap_or_default()),
        Form::List(of) => format!("[{}]", example(of)),
        Form::Table(shape) | Form::Tables(shape) => format!("{{ {} }}", first_key(shape)),
        Form::Named(shape) => format!("{{ NAME = {{ {} }} }}", first_key(shape)),
    }
}

fn first_key(shape: &Shape) -> String {
    shape
        .fields
        .first()
        .map(|field| format!("{} = {}", field.key, example_of(field)))
        .unwrap_or_default()
}

/// Minutes after midnight of `08:00`.
pub(crate) fn parse_clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let part = |digits: &str| {
        (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Milliseconds of `15 min`; `none` is 0. A month and a year have no length of their own.
pub(crate) fn parse_duration(text: &str) -> Option<i64> {
    const DAY: i64 = 86_400_000;
    if text == "none" {
        return Some(0);
    }
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (count, unit) = text.split_at_checked(digits)?;
    let unit_ms = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => DAY,
        _ => return None,
    };
    let length = count.parse::<i64>().ok()?.checked_mul(unit_ms)?;
    (1..=366 * DAY).contains(&length).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;

    #[test]
    fn durations_and_clocks() {
        assert_eq!(parse_duration("15 min"), Some(900_000));
        assert_eq!(parse_duration("1s"), Some(1000));
        assert_eq!(parse_duration("none"), Some(0));
        for wrong in [
            "",
            "15",
            "min",
            "-1 s",
            "0 s",
            "1.5 h",
            "9999999999999999999 d",
            "400 d",
            "1 week",
            "month",
        ] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
        assert_eq!(parse_clock("08:30"), Some(510));
        for wrong in ["8:00", "24:00", "08:60", "+8:00", "0800", ""] {
            assert_eq!(parse_clock(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_form_has_a_name_in_both_languages() {
        use crate::locale::{Language, Localizer};
        let forms = [
            Form::Key,
            Form::Tag,
            Form::Words,
            Form::Number,
            Form::Whole(0, 9),
            Form::Flag,
            Form::Date,
            Form::Clock,
            Form::Duration,
            Form::List(&Form::Key),
            Form::Table(&fields::SITE),
            Form::Tables(&fields::NODE),
            Form::Named(&fields::BINDING),
        ];
        for language in Language::ALL {
            let localizer = Localizer::new(language);
            for form in &forms {
                let id = wanted(form);
                assert_ne!(localizer.plain(id), id);
                assert!(!example(form).is_empty());
            }
            for value in ["\"a\"", "1", "1.0", "true", "2024-01-31", "[]", "{}"] {
                let id = toml_type(DeValue::parse(value).unwrap().get_ref());
                assert_ne!(localizer.plain(id), id);
            }
        }
    }
}
