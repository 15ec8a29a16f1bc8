//! Relations between parameters, in a `site.toml` (参数关系): balances, quotients and emissions to a product.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::build::name;
use super::check::{Links, filled, refer, unique};
use super::checks::{CLAUSE, SPAN, refuse};
use super::fields::{Form, NAME, NAME_EN, Shape, may, must};
use super::problem::{Problems, remedy_for};
use super::row::{At, Row};
use crate::domain::decimal::parse_decimal;
use crate::domain::identity::{BookId, ParameterId, ProductId};
use crate::domain::model::Limits;
use crate::domain::reading::ParameterKind;
use crate::domain::relation::{AgainstPast, Relating, Relation, RelationWindow, Term};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::{Unit, UnitError};
use crate::quality::Span;
use crate::quality::together::{BalanceSettings, PastSettings, RatioSettings};

const TERM: &str =
    "A term: TAG, or change(TAG) of a level that is watched, and behind ` * ` tags of tested values and numbers.";

/// `[[balance]]`.
pub(super) const BALANCE: Shape = Shape {
    name: "balance",
    about: "Two sides that should be the same in every window: two meters, sub-meters and the main one, purchase and use, carbon in and out.",
    fields: &[
        must("key", Form::Key, "Key, by which anomalies name it."),
        NAME,
        NAME_EN,
        CLAUSE,
        must("left", Form::List(&Form::Words), TERM),
        must("right", Form::List(&Form::Words), TERM),
        may(
            "relative",
            Form::Number,
            "Share of the larger side by which they may differ.",
        ),
        may(
            "absolute",
            Form::Number,
            "Amount by which they may differ beside, a window, in the unit of the first term.",
        ),
        must(
            "window",
            Form::Duration,
            "Hours that divide a day, days up to 30, or month.",
        ),
    ],
};

/// `[[ratio]]`.
pub(super) const RATIO: Shape = Shape {
    name: "ratio",
    about: "A quotient that keeps to a band, or to what it was: an intensity, a specific consumption, an apparent factor.",
    fields: &[
        must("key", Form::Key, "Key, by which anomalies name it."),
        NAME,
        NAME_EN,
        CLAUSE,
        must("above", Form::Words, TERM),
        must("below", Form::Words, TERM),
        may("usual", Form::Table(&SPAN), "The band."),
        may("against_past", Form::Table(&PAST), "How far it may be off what it was."),
        must(
            "least",
            Form::Number,
            "Least value below the line, a window, of which the quotient says something.",
        ),
        must(
            "window",
            Form::Duration,
            "Hours that divide a day, days up to 30, or month.",
        ),
    ],
};

/// `[[intensity]]`.
pub(super) const INTENSITY: Shape = Shape {
    name: "intensity",
    about: "What is emitted at a product's node and below it by its output, in tCO2e by the product's unit, which keeps to a band, or to what it was.",
    fields: &[
        must("key", Form::Key, "Key, by which anomalies name it."),
        NAME,
        NAME_EN,
        CLAUSE,
        must("product", Form::Key, "Key of the product."),
        may(
            "book",
            Form::Key,
            "Key of the book whose emissions count; the first where it is missing.",
        ),
        may("usual", Form::Table(&SPAN), "The band."),
        may("against_past", Form::Table(&PAST), "How far it may be off what it was."),
        must(
            "least",
            Form::Number,
            "Least output, a window, of which the intensity says something, in the product's unit.",
        ),
        must(
            "window",
            Form::Duration,
            "Hours that divide a day, days up to 30, or month.",
        ),
    ],
};

/// `against_past`.
pub(crate) const PAST: Shape = Shape {
    name: "against_past",
    about: "What the quotient was in the windows before.",
    fields: &[
        must(
            "share",
            Form::Number,
            "Share of the median of the windows before by which it may be off.",
        ),
        must(
            "windows",
            Form::Whole(2, 1_000),
            "How many windows before it are looked at.",
        ),
    ],
};

/// Why a term cannot be read.
struct Fault {
    what: Text,
    remedy: Text,
}

/// A term as it is written, with the unit that it has, where that is known.
struct Written {
    term: Term,
    unit: Option<Unit>,
}

/// Reads a term: a tag, and behind ` * ` tags of tested values and numbers.
fn read(file: &Row, links: &Links<'_>, written: &str) -> Result<Written, Fault> {
    let rows = file.rows("parameter");
    let found = |tag: &str| {
        let &place = links.parameters.get(tag)?;
        Some((rows.get(place)?, ParameterId(u32::try_from(place).ok()?)))
    };
    let unknown = |tag: &str| Fault {
        what: Text::new("site-unresolved")
            .with("field", "parameter")
            .with("key", clean(tag)),
        remedy: remedy_for(tag, links.parameters.keys().copied()),
    };
    let unfit = |what: &'static str, tag: &str| Fault {
        what: Text::new(what).with("given", clean(tag)),
        remedy: Text::new("site-remedy-term"),
    };
    let mut parts = written.split([' ', '\u{a0}']).filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    let changing = first.strip_prefix("change(").and_then(|rest| rest.strip_suffix(')'));
    let first = changing.unwrap_or(first);
    let (parameter, id) = found(first).ok_or_else(|| unknown(first))?;
    let kind: Option<ParameterKind> = parameter.choice("kind");
    if changing.is_some() && kind.is_some_and(|kind| kind != ParameterKind::State) {
        return Err(unfit("site-term-change", first));
    }
    let mut unit = match (kind, parameter.unit("unit")) {
        (Some(ParameterKind::Flow), Some(unit)) => unit.integrated().ok(),
        (_, unit) => unit.cloned(),
    };
    let mut term = Term {
        parameter: id,
        by: Vec::new(),
        factor: Decimal::ONE,
        change: changing.is_some(),
    };
    while let Some(sign) = parts.next() {
        let (true, Some(part)) = (matches!(sign, "*" | "×"), parts.next()) else {
            return Err(unfit("site-term", written));
        };
        if let Some((by, id)) = found(part) {
            if by
                .choice::<ParameterKind>("kind")
                .is_some_and(|kind| kind != ParameterKind::Property)
            {
                return Err(unfit("site-term-not-tested", part));
            }
            if !kind.is_none_or(ParameterKind::is_quantity) {
                return Err(unfit("site-term-of-quantity", first));
            }
            unit = unit.zip(by.unit("unit")).and_then(|(unit, by)| unit.times(by).ok());
            term.by.push(id);
        } else if let Ok(number) = parse_decimal(part) {
            let product = term.factor.checked_mul(number).filter(|_| number > Decimal::ZERO);
            term.factor = product.ok_or_else(|| unfit("site-term-number", part))?;
        } else {
            return Err(unknown(part));
        }
    }
    Ok(Written { term, unit })
}

/// Reads a term and tells what is wrong with it.
fn told(problems: &Problems<'_>, file: &Row, links: &Links<'_>, written: &At<&str>) -> Option<Written> {
    read(file, links, written.value)
        .map_err(|fault| problems.push(written.at, fault.what, fault.remedy))
        .ok()
}

/// Checks all relations.
pub(super) fn check_relations(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    let (balances, ratios, intensities) = (file.rows("balance"), file.rows("ratio"), file.rows("intensity"));
    // Anomalies name a relation by its key, of whichever sort it is.
    let mut known: BTreeMap<&str, &Row> = BTreeMap::new();
    for rows in [balances, ratios, intensities] {
        let own = unique(problems, rows, "key");
        for (key, row) in own.iter().filter_map(|(key, place)| Some((*key, rows.get(*place)?))) {
            let Some(first) = known.get(key) else {
                known.insert(key, row);
                continue;
            };
            let (line, _) = problems.place(first.place("key"));
            let what = Text::new("site-duplicate").with("key", key).with("line", line);
            problems.push(row.place("key"), what, Text::new("site-remedy-rename-one"));
        }
    }
    for balance in balances {
        check_balance(problems, file, links, balance);
    }
    for ratio in ratios {
        check_window(problems, ratio);
        for key in ["above", "below"] {
            let Some(value) = ratio.words(key) else { continue };
            let at = ratio.place(key);
            told(problems, file, links, &At { at, value });
        }
        check_quotient(problems, ratio);
    }
    for intensity in intensities {
        check_window(problems, intensity);
        check_emissions(problems, file, links, intensity);
        check_quotient(problems, intensity);
    }
}

fn check_window(problems: &Problems<'_>, row: &Row) {
    let Some(window) = row.milliseconds("window") else {
        return;
    };
    if RelationWindow::of_length(window).is_none() {
        problems.push(
            row.place("window"),
            Text::new("site-relation-window"),
            Text::new("site-remedy-relation-window"),
        );
    }
}

fn check_balance(problems: &Problems<'_>, file: &Row, links: &Links<'_>, row: &Row) {
    check_window(problems, row);
    let mut first: Option<Unit> = None;
    for side in ["left", "right"] {
        filled(problems, row, side);
        for written in row.words_of(side) {
            let Some(unit) = told(problems, file, links, &written).and_then(|term| term.unit) else {
                continue;
            };
            match &first {
                None => first = Some(unit),
                Some(first) => tell_unit(problems, written.at, unit.ratio_to(first).err()),
            }
        }
    }
    let terms = vec![(0, 1.0), (1, -1.0)];
    if let Some(window_ms) = row
        .milliseconds("window")
        .filter(|_| is_sound(row, &["relative", "absolute"]))
    {
        let made = BalanceSettings::new(terms, real(row, "relative"), real(row, "absolute"), window_ms);
        tell_settings(problems, row, made.err().as_ref());
    }
}

/// An intensity of something that is never emitted would always be nothing.
fn check_emissions(problems: &Problems<'_>, file: &Row, links: &Links<'_>, row: &Row) {
    let product = refer(problems, row, "product", &links.products).and_then(|place| file.rows("product").get(place));
    let book = if row.has("book") {
        refer(problems, row, "book", &links.books)
    } else {
        Some(0)
    };
    let book = book.and_then(|place| file.rows("book").get(place));
    let node = product.and_then(|product| product.words("node"));
    let boundary = book.and_then(|book| book.words("boundary"));
    let (Some(node), Some(boundary), true) = (node, boundary, links.tree_is_sound) else {
        return;
    };
    let emits = file.rows("source").iter().any(|source| {
        let above = source.words("node").map(|at| links.above(file, at)).unwrap_or_default();
        above.contains(&node) && above.contains(&boundary)
    });
    if !emits {
        let what = Text::new("site-intensity-of-nothing")
            .with("node", node)
            .with("book", book.and_then(|book| book.words("key")).unwrap_or_default());
        problems.push(
            row.place("product"),
            what,
            Text::new("site-remedy-intensity-of-nothing"),
        );
    }
}

/// The band of a quotient, what it is held against, and of what it says nothing.
fn check_quotient(problems: &Problems<'_>, row: &Row) {
    let span = row.row("usual").map(|span| {
        let end = |key| span.number(key).and_then(|number| number.to_f64());
        Span::new("usual", end("low"), end("high"))
    });
    let past = row
        .row("against_past")
        .filter(|past| past.has("share") && past.has("windows"));
    let past = past.map(|past| PastSettings::new(real(past, "share"), windows(past)).map_err(|error| (past, error)));
    match (span.transpose(), past.transpose()) {
        (Err(error), _) => tell_settings(problems, row, Some(&error)),
        (_, Err((past, error))) => tell_settings(problems, past, Some(&error)),
        (Ok(usual), Ok(past)) => {
            let keys = ["least", "usual", "against_past"];
            let Some(window_ms) = row.milliseconds("window").filter(|_| is_sound(row, &keys)) else {
                return;
            };
            let made = RatioSettings::new((0, 1), usual, past, real(row, "least"), window_ms);
            let is_missing = past.is_none() && row.has("against_past");
            tell_settings(problems, row, made.err().filter(|_| !is_missing).as_ref());
        }
    }
}

/// Whether nothing that was given for some keys was refused.
fn is_sound(row: &Row, keys: &[&str]) -> bool {
    keys.iter().all(|key| !row.refused(key))
}

fn tell_unit(problems: &Problems<'_>, at: usize, error: Option<UnitError>) {
    if let Some(error) = error {
        let what = Text::new("site-unfit-value")
            .with("key", "unit")
            .with_text("reason", error.text());
        problems.push(at, what, Text::new("site-remedy-convertible"));
    }
}

fn tell_settings(problems: &Problems<'_>, row: &Row, error: Option<&crate::quality::SettingsError>) {
    if let Some(error) = error {
        refuse(problems, row, error);
    }
}

fn real(row: &Row, key: &str) -> f64 {
    row.number(key).and_then(|number| number.to_f64()).unwrap_or(0.0)
}

fn windows(past: &Row) -> u32 {
    past.whole("windows")
        .and_then(|windows| u32::try_from(windows).ok())
        .unwrap_or(0)
}

/// The relations of a file without problems. `None` where something is missing after all, which the checks exclude.
pub(super) fn relations(file: &Row, links: &Links<'_>) -> Option<Vec<Relation>> {
    let term = |written: &str| Some(read(file, links, written).ok()?.term);
    let side =
        |row: &Row, key: &str| -> Option<Vec<Term>> { row.words_of(key).map(|written| term(written.value)).collect() };
    let balances = file.rows("balance").iter().map(|row| {
        let relating = Relating::Balance {
            left: side(row, "left")?,
            right: side(row, "right")?,
            relative: row.number("relative").unwrap_or_default(),
            absolute: row.number("absolute").unwrap_or_default(),
        };
        relation(row, relating)
    });
    let ratios = file.rows("ratio").iter().map(|row| {
        let relating = Relating::Ratio {
            above: term(row.words("above")?)?,
            below: term(row.words("below")?)?,
            usual: usual(row),
            least: row.number("least")?,
            past: past(row),
        };
        relation(row, relating)
    });
    let intensities = file.rows("intensity").iter().map(|row| {
        let place = *links.products.get(row.words("product")?)?;
        let counted = file.rows("product").get(place)?.words("parameter")?;
        let relating = Relating::Intensity {
            product: ProductId(u32::try_from(place).ok()?),
            book: BookId(match row.words("book") {
                Some(book) => u32::try_from(*links.books.get(book)?).ok()?,
                None => 0,
            }),
            output: Term {
                parameter: ParameterId(u32::try_from(*links.parameters.get(counted)?).ok()?),
                by: Vec::new(),
                factor: Decimal::ONE,
                change: false,
            },
            usual: usual(row),
            least: row.number("least")?,
            past: past(row),
        };
        relation(row, relating)
    });
    balances.chain(ratios).chain(intensities).collect()
}

fn usual(row: &Row) -> Option<Limits> {
    row.row("usual").map(|span| Limits {
        low: span.number("low"),
        high: span.number("high"),
    })
}

fn past(row: &Row) -> Option<AgainstPast> {
    let past = row.row("against_past")?;
    Some(AgainstPast {
        share: past.number("share")?,
        windows: windows(past),
    })
}

fn relation(row: &Row, relating: Relating) -> Option<Relation> {
    Some(Relation {
        key: row.words("key")?.to_owned(),
        name: name(row)?,
        clause: row.words("clause").map(str::to_owned),
        window: RelationWindow::of_length(row.milliseconds("window")?)?,
        relating,
    })
}
