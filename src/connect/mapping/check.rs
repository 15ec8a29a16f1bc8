//! From the written form of a mapping to the checked one, with every fault named.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDateTime;
use chrono::format::StrftimeItems;
use encoding_rs::{Encoding, UTF_8};
use toml::Spanned;

use super::fault::{Faults, MappingFault};
use super::{
    Bound, Delimiter, Field, Header, Layout, LongColumns, Mapping, Marks, QualityWords, Repair, StampColumns,
    StampFormat, StampRule, written,
};
use crate::connect::csv::stamp;
use crate::connect::interval::{FileZone, Interval};
use crate::domain::reading::Quality;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::Unit;
use crate::locale::foreign::toml_reason;

/// Reads and checks a mapping file.
pub(super) fn check(file: &str, text: &str) -> Result<Mapping, Vec<MappingFault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut faults = Faults::new(file, text);
    let written: written::Written = match toml::from_str(text) {
        Ok(written) => written,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            faults.at(
                &span,
                Text::new("mapping-syntax").with_text("reason", toml_reason(&error, text)),
            );
            return Err(faults.found);
        }
    };
    let stamp_span = written.stamp.span();
    let delimiter = delimiter(written.delimiter.as_ref(), &mut faults);
    let header = header(written.header.as_ref(), written.columns, &mut faults);
    let encoding = encoding(written.encoding.as_ref(), &mut faults);
    let stamp = stamp_rule(written.stamp.into_inner(), &stamp_span, &mut faults);
    let quality = quality_words(written.quality, &mut faults);
    let layout = layout(&written.layout, written.long, written.column, written.tag, &mut faults);
    if let Some(comment) = written.comment.as_ref().filter(|comment| comment.as_ref().is_empty()) {
        faults.at(&comment.span(), Text::new("mapping-comment-empty"));
    }
    match (stamp, layout) {
        (Some(stamp), Some(layout)) if faults.found.is_empty() => Ok(Mapping {
            file: file.to_owned(),
            digest: *blake3::hash(text.as_bytes()).as_bytes(),
            delimiter,
            header,
            encoding,
            decimal_comma: written.decimal_comma,
            skip_lines: written.skip_lines,
            comment: written.comment.map(Spanned::into_inner),
            missing: written.missing.map_or_else(
                || BTreeSet::from([String::new()]),
                |words| words.iter().map(|word| word.trim().to_owned()).collect(),
            ),
            stamp,
            id: written.id,
            quality,
            layout,
            ignore_others: written.ignore_others,
        }),
        _ => Err(faults.found),
    }
}

pub(super) fn delimiter(written: Option<&Spanned<String>>, faults: &mut Faults<'_>) -> Delimiter {
    let Some(written) = written else {
        return Delimiter::Character(b',');
    };
    match written.as_ref().as_str() {
        "," => Delimiter::Character(b','),
        ";" => Delimiter::Character(b';'),
        "|" => Delimiter::Character(b'|'),
        "\t" | "tab" => Delimiter::Character(b'\t'),
        " " | "whitespace" => Delimiter::Whitespace,
        other => {
            faults.at(
                &written.span(),
                Text::new("mapping-delimiter").with("given", clean(other)),
            );
            Delimiter::Character(b',')
        }
    }
}

pub(super) fn header(
    written: Option<&Spanned<bool>>,
    columns: Option<Spanned<Vec<String>>>,
    faults: &mut Faults<'_>,
) -> Header {
    let Some(columns) = columns else {
        return if written.is_none_or(|header| *header.as_ref()) {
            Header::Row
        } else {
            Header::Places
        };
    };
    if let Some(header) = written.filter(|header| *header.as_ref()) {
        faults.at(&header.span(), Text::new("mapping-columns-with-header"));
    }
    let span = columns.span();
    let names: Vec<String> = columns.into_inner().iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = BTreeSet::new();
    for name in &names {
        if !seen.insert(name) {
            faults.at(&span, Text::new("mapping-columns-twice").with("name", clean(name)));
        }
    }
    Header::Listed(names)
}

pub(super) fn encoding(written: Option<&Spanned<String>>, faults: &mut Faults<'_>) -> &'static Encoding {
    let Some(written) = written else {
        return UTF_8;
    };
    // The label "gbk" names the same decoder in the WHATWG standard; "replacement" decodes nothing.
    Encoding::for_label_no_replacement(written.as_ref().as_bytes()).unwrap_or_else(|| {
        let why = Text::new("mapping-encoding").with("given", clean(written.as_ref()));
        faults.at(&written.span(), why);
        UTF_8
    })
}

pub(super) fn stamp_rule(written: written::Stamp, span: &Range<usize>, faults: &mut Faults<'_>) -> Option<StampRule> {
    let before = faults.found.len();
    let columns = match (written.column, written.date, written.time, &written.start) {
        (Some(column), None, None, None) => Some(StampColumns::One(column)),
        (None, Some(date), Some(time), None) => Some(StampColumns::Two(date, time)),
        (None, None, None, Some(start)) => {
            let local = local_time(start.as_ref());
            if local.is_none() {
                let why = Text::new("mapping-stamp-start").with("given", clean(start.as_ref()));
                faults.at(&start.span(), why);
            }
            local.map(StampColumns::Counted)
        }
        _ => {
            faults.at(span, Text::new("mapping-stamp-choice"));
            None
        }
    };
    let counted = written.start.is_some();
    let format = stamp_format(written.format.as_ref(), counted, span, faults);
    let zone = written.zone.as_ref().and_then(|zone| match zone.as_ref().as_str() {
        "plant" => None,
        name => FileZone::parse(name)
            .map_err(|error| faults.at(&zone.span(), error.text()))
            .ok(),
    });
    let interval = written.interval.as_ref().and_then(|interval| {
        let parsed = Interval::parse(interval.as_ref());
        if parsed.is_none() {
            let why = Text::new("mapping-interval").with("given", clean(interval.as_ref()));
            faults.at(&interval.span(), why);
        }
        parsed
    });
    let marks = match (written.marks, &written.interval) {
        (Some(written::Marks::Start), Some(_)) => Marks::Start,
        (Some(written::Marks::End), Some(_)) => Marks::End,
        (Some(written::Marks::Instant), _) | (None, None) => Marks::Instant,
        (Some(_), None) => {
            faults.at(span, Text::new("mapping-marks-without-interval"));
            Marks::Instant
        }
        (None, Some(_)) if counted => Marks::Start,
        (None, Some(interval)) => {
            faults.at(&interval.span(), Text::new("mapping-interval-without-marks"));
            Marks::Instant
        }
    };
    if counted && written.interval.is_none() {
        faults.at(span, Text::new("mapping-stamp-start-needs-interval"));
    }
    let rule = StampRule {
        columns: columns?,
        format: format?,
        zone,
        fold: written.fold,
        marks,
        interval,
        repair: written.repair.as_ref().map(|repair| match repair.as_ref() {
            written::Repair::DayEnd => Repair::DayEnd,
        }),
    };
    if let Some(repair) = written.repair.filter(|_| rule.repairable_interval_ms().is_none()) {
        faults.at(&repair.span(), Text::new("mapping-repair-needs-interval"));
    }
    (faults.found.len() == before).then_some(rule)
}

/// A local time in a mapping: `2014-01-01 00:00`, with or without seconds, or a `T` between.
fn local_time(text: &str) -> Option<NaiveDateTime> {
    [
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
    ]
    .iter()
    .find_map(|pattern| NaiveDateTime::parse_from_str(text.trim(), pattern).ok())
}

fn stamp_format(
    written: Option<&Spanned<String>>,
    counted: bool,
    span: &Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<StampFormat> {
    let Some(written) = written else {
        if counted {
            return Some(StampFormat::Rfc3339);
        }
        faults.at(span, Text::new("mapping-stamp-format-missing"));
        return None;
    };
    match written.as_ref().as_str() {
        "epoch-s" => Some(StampFormat::EpochSeconds),
        "epoch-ms" => Some(StampFormat::EpochMilliseconds),
        "rfc3339" => Some(StampFormat::Rfc3339),
        pattern => match StrftimeItems::new(pattern.trim()).parse_to_owned() {
            Ok(items) if stamp::tells_a_time(&items) => Some(StampFormat::Pattern(pattern.to_owned(), items)),
            _ => {
                let why = Text::new("mapping-stamp-format").with("given", clean(pattern));
                faults.at(&written.span(), why);
                None
            }
        },
    }
}

fn quality_words(written: Option<written::Quality>, faults: &mut Faults<'_>) -> QualityWords {
    let Some(written) = written else {
        return QualityWords(BTreeMap::from([
            ("good".to_owned(), Quality::Good),
            ("uncertain".to_owned(), Quality::Uncertain),
            ("bad".to_owned(), Quality::Bad),
        ]));
    };
    let mut words = BTreeMap::new();
    for (list, quality) in [
        (written.good, Quality::Good),
        (written.uncertain, Quality::Uncertain),
        (written.bad, Quality::Bad),
    ] {
        for word in list {
            let key = word.as_ref().trim().to_lowercase();
            if words.insert(key, quality).is_some_and(|earlier| earlier != quality) {
                let why = Text::new("mapping-quality-word-twice").with("word", clean(word.as_ref()));
                faults.at(&word.span(), why);
            }
        }
    }
    QualityWords(words)
}

fn layout(
    written: &Spanned<written::Layout>,
    long: Option<Spanned<written::Long>>,
    columns: BTreeMap<String, Spanned<written::Field>>,
    tags: BTreeMap<String, Spanned<written::Field>>,
    faults: &mut Faults<'_>,
) -> Option<Layout> {
    match written.as_ref() {
        written::Layout::Long => {
            for field in columns.values() {
                faults.at(&field.span(), Text::new("mapping-column-in-long"));
            }
            let Some(long) = long else {
                faults.at(&written.span(), Text::new("mapping-long-missing"));
                return None;
            };
            let long = long.into_inner();
            Some(Layout::Long(LongColumns {
                parameter: long.parameter,
                value: long.value,
                quality: long.quality,
                unit: long.unit,
                tags: fields(tags, false, faults),
            }))
        }
        written::Layout::Wide => {
            if let Some(long) = long {
                faults.at(&long.span(), Text::new("mapping-long-in-wide"));
            }
            for field in tags.values() {
                faults.at(&field.span(), Text::new("mapping-tag-in-wide"));
            }
            let named = columns.len();
            let fields = fields(columns, true, faults);
            if fields.len() == named && !fields.values().any(|field| matches!(field, Field::Bound(_))) {
                faults.at(&written.span(), Text::new("mapping-wide-empty"));
            }
            Some(Layout::Wide(fields))
        }
    }
}

fn fields(
    written: BTreeMap<String, Spanned<written::Field>>,
    wide: bool,
    faults: &mut Faults<'_>,
) -> BTreeMap<String, Field> {
    let mut fields = BTreeMap::new();
    let mut bound_before: BTreeMap<String, String> = BTreeMap::new();
    for (name, field) in written {
        let span = field.span();
        let field = field.into_inner();
        let parameter = match (field.parameter, field.ignore) {
            (Some(parameter), false) => parameter,
            (None, true) => {
                fields.insert(name.trim().to_owned(), Field::Ignored);
                continue;
            }
            _ => {
                faults.at(&span, Text::new("mapping-field-choice").with("name", clean(&name)));
                continue;
            }
        };
        let tag = parameter.as_ref().trim().to_owned();
        // In a long file two tags may be one parameter: a tag that was renamed half-way. Two columns of a row cannot.
        if let Some(other) = bound_before.insert(tag.clone(), name.clone()).filter(|_| wide) {
            let why = Text::new("mapping-parameter-twice")
                .with("tag", clean(&tag))
                .with("first", clean(&other))
                .with("second", clean(&name));
            faults.at(&parameter.span(), why);
        }
        let unit = field.unit.and_then(|unit| match Unit::parse(unit.as_ref()) {
            Ok(parsed) => Some(faults.locate(&unit.span(), parsed)),
            Err(error) => {
                faults.at(&unit.span(), error.text());
                None
            }
        });
        if let Some(quality) = field.quality.as_ref().filter(|_| !wide) {
            faults.at(&quality.span(), Text::new("mapping-quality-in-tag"));
        }
        let bound = Bound {
            parameter: faults.locate(&parameter.span(), tag),
            unit,
            quality: field.quality.map(|quality| quality.into_inner().trim().to_owned()),
            refuse_negative: field.negative.map(|negative| negative == written::Negative::Refuse),
        };
        fields.insert(name.trim().to_owned(), Field::Bound(bound));
    }
    fields
}
