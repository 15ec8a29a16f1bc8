//! What looks wrong about a form (疑点): told before it is filed, and no obstacle to who has looked.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::shares;
use crate::domain::document::{Document, DocumentBody, DocumentForm, Given, Span, plain_number};
use crate::domain::identity::Sequence;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::text::{Text, clean};
use crate::domain::time::{DAY_MS, Instant, Month};
use crate::engine::view::DocumentView;
use crate::entry::doubt::slipped;

/// A document that is to be filed, with what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    /// The model in force.
    pub model: &'a SiteModel,
    /// Its form.
    pub form: &'a DocumentForm,
    /// The documents of the form that stand, the newest first.
    pub standing: &'a [DocumentView],
    /// The batches of a report's form, likewise.
    pub batches: &'a [DocumentView],
    /// Documents that are filed with it and stand before it, in their order.
    pub beside: &'a [Document],
    /// The site's clock.
    pub now: Instant,
}

/// A document that another is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other<'a> {
    pub(super) document: &'a Document,
    /// The record that filed it; none where it is filed with the other.
    record: Option<Sequence>,
}

impl<'a> Paper<'a> {
    /// What it is held against, the newest first.
    pub(super) fn others(&self) -> impl Iterator<Item = Other<'a>> + use<'a> {
        let beside = self
            .beside
            .iter()
            .rev()
            .map(|document| Other { document, record: None });
        let standing = self.standing.iter().map(|view| Other {
            document: &view.document,
            record: Some(view.record),
        });
        beside.chain(standing)
    }
}

/// From how many times the value before, or as little, a value is far from it.
const FAR: f64 = 3.0;

/// How near, as a share, a value is to what it is taken for once its point stands elsewhere.
const NEAR: f64 = 0.25;

/// How many documents of the same time are named, the newest first.
const MOST_NAMED: usize = 3;

/// Everything that looks wrong, the field first.
pub fn doubts(paper: &Paper<'_>, document: &Document) -> Vec<(String, Text)> {
    let mut doubts = Vec::new();
    for given in document.values() {
        if let Some(parameter) = paper.model.parameter(given.parameter) {
            let found = of_value(paper, document, parameter, given);
            doubts.extend(found.map(|why| (parameter.tag.clone(), why)));
        }
    }
    match &document.body {
        DocumentBody::Batch { span, .. } => doubts.extend(of_batch(paper, document, *span)),
        DocumentBody::Laboratory {
            batch,
            tested_on,
            analysis,
            ..
        } => {
            doubts.extend(of_report(paper, document, batch, *tested_on));
            doubts.extend(shares::of_analysis(paper, document, analysis));
        }
        DocumentBody::Invoice { issued_on, span, .. } => doubts.extend(of_invoice(paper, document, *issued_on, *span)),
        DocumentBody::Stock { at, .. } => {
            doubts.extend(of_stock(paper, document, *at));
            doubts.extend(long_ago(paper, paper.model.zone.local(*at).date()).map(|why| ("at".to_owned(), why)));
        }
        DocumentBody::Calibration { on, .. } => {
            doubts.extend(long_ago(paper, *on).map(|why| ("on".to_owned(), why)));
        }
    }
    doubts
}

/// Neither of this month nor of the last: as a rule the wrong month or year.
fn long_ago(paper: &Paper<'_>, day: NaiveDate) -> Option<Text> {
    let today = Month::of(paper.model.zone.local(paper.now).date());
    let of = Month::of(day);
    (of != today && of != today.previous())
        .then(|| Text::new("form-doubt-month").with("month", of).with("today", today))
}

fn of_value(paper: &Paper<'_>, document: &Document, parameter: &Parameter, given: &Given) -> Option<Text> {
    let span = match &document.body {
        DocumentBody::Laboratory { .. } => Some(Span {
            from: paper.now,
            to: paper.now,
        }),
        _ => document.span(),
    };
    let readings = document.readings(paper.model, paper.form, span).ok()?;
    let counted = readings.iter().find(|reading| reading.parameter == parameter.id)?.value;
    let value = crate::domain::decimal::from_count(counted, parameter.decimals);
    let before = paper.others().find_map(|other| {
        let mut values = other.document.values().iter();
        let given = values.find(|other| other.parameter == parameter.id)?;
        Some((given.value, other.document))
    });
    shares::of_value(parameter, given.value, before.map(|(last, _)| last))
        .or_else(|| of_last(document, parameter, given.value, before))
        .or_else(|| of_limits(parameter, value))
}

fn of_limits(parameter: &Parameter, value: Decimal) -> Option<Text> {
    let (possible, operating) = (parameter.possible, parameter.operating);
    if possible.excludes(value) {
        Some(Text::new("entry-doubt-impossible").with("limits", possible))
    } else if operating.excludes(value) {
        Some(Text::new("entry-doubt-limits").with("limits", operating))
    } else {
        None
    }
}

/// Held against the value of the last document, in the same time where both are for one.
fn of_last(
    document: &Document,
    parameter: &Parameter,
    value: Decimal,
    before: Option<(Decimal, &Document)>,
) -> Option<Text> {
    let (last, standing) = before?;
    let rate = |value: Decimal, span: Option<Span>| {
        let days = span.map_or(0, |span| span.to.since(span.from)).to_f64()? / DAY_MS.to_f64()?;
        let value = value.to_f64()?;
        Some(if days > 0.0 { value / days } else { value })
    };
    let (now, then) = (rate(value, document.span())?, rate(last, standing.span())?);
    if now == 0.0 || then == 0.0 || now.signum() != then.signum() {
        return None;
    }
    let times = now / then;
    let shown = || format!("{} {}", last.normalize(), parameter.unit.symbol());
    if slipped(times, |times| (times - 1.0).abs() < NEAR).is_some() {
        return Some(
            Text::new("form-doubt-point")
                .with("last", shown())
                .with("number", clean(&standing.number)),
        );
    }
    (!(1.0 / FAR..=FAR).contains(&times)).then(|| {
        Text::new("form-doubt-far")
            .with("last", shown())
            .with("number", clean(&standing.number))
    })
}

/// Documents of the same time, or some of it, are told with what stands on them: whoever looks sees whether it is the same thing
/// once more. None where there are none.
fn of_same_time<'a>(paper: &Paper<'_>, id: &'static str, others: impl Iterator<Item = Other<'a>>) -> Option<Text> {
    let mut others = others.peekable();
    others.peek()?;
    let named = others.by_ref().take(MOST_NAMED);
    let named: Vec<String> = named.map(|other| as_named(paper, other.document)).collect();
    let text = Text::new(id).with("documents", named.join("; "));
    Some(text.with_count("more", others.count()))
}

/// A document by its number, its days and its values.
fn as_named(paper: &Paper<'_>, document: &Document) -> String {
    let day = |at: Instant| paper.model.zone.local(at).date();
    let span = document.span();
    let days = span.map(|span| (day(span.from), day(span.to.plus(-1)).max(day(span.from))));
    let days = days.map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}..{last}")
        }
    });
    let values = document.values().iter().filter_map(|given| {
        let parameter = paper.model.parameter(given.parameter)?;
        Some(format!("{} {}", given.value.normalize(), parameter.unit.symbol()))
    });
    let said: Vec<String> = days.into_iter().chain(values).collect();
    if said.is_empty() {
        clean(&document.number).into_owned()
    } else {
        format!("{} ({})", clean(&document.number), said.join(", "))
    }
}

fn of_batch(paper: &Paper<'_>, document: &Document, span: Span) -> Vec<(String, Text)> {
    let is_of_same_time = |other: &Other<'_>| {
        let theirs = other.document.span();
        theirs.is_some_and(|theirs| theirs.overlaps(&span)) && other.document.number != document.number
    };
    let overlapping = of_same_time(paper, "form-doubt-overlap", paper.others().filter(is_of_same_time));
    let mut doubts: Vec<(String, Text)> = overlapping.map(|why| ("from".to_owned(), why)).into_iter().collect();
    let day = paper.model.zone.local(span.from).date();
    doubts.extend(long_ago(paper, day).map(|why| ("from".to_owned(), why)));
    doubts
}

fn of_report(paper: &Paper<'_>, document: &Document, number: &str, tested_on: NaiveDate) -> Vec<(String, Text)> {
    let mut doubts = Vec::new();
    let number = plain_number(number);
    let is_it = |batch: &&DocumentView| plain_number(&batch.document.number) == number;
    let batch = paper.batches.iter().find(is_it);
    let is_of_it = |other: &&Document| other.batch().is_some_and(|theirs| plain_number(theirs) == number);
    let beside = paper.beside.iter().filter(is_of_it).map(|other| other.number.as_str());
    let stored = batch.iter().flat_map(|batch| batch.tests.iter().map(String::as_str));
    let tests: Vec<&str> = stored.chain(beside).collect();
    if !tests.is_empty() {
        let why = Text::new("form-doubt-tested").with("reports", clean(&tests.join(", ")));
        doubts.push(("batch".to_owned(), why));
    }
    let span = batch.and_then(|batch| batch.document.span());
    doubts.extend(span.and_then(|span| of_other_batches(paper, document, (&number, span))));
    let began = span.map(|span| paper.model.zone.local(span.from).date());
    if let Some(began) = began.filter(|began| tested_on < *began) {
        let why = Text::new("form-doubt-before-batch").with("began", began);
        doubts.push(("tested".to_owned(), why));
    }
    doubts
}

/// Two batches of the same time are weighed with the same hours: whoever reports on the second is told of the first.
fn of_other_batches(paper: &Paper<'_>, document: &Document, (number, span): (&str, Span)) -> Option<(String, Text)> {
    let numbers = paper.batches.iter().filter_map(|batch| {
        let theirs = batch.document.span().filter(|theirs| theirs.overlaps(&span));
        theirs.map(|_| plain_number(&batch.document.number))
    });
    let numbers: Vec<String> = numbers.filter(|theirs| theirs != number).collect();
    // As a rule there are none, and no report is looked at.
    if numbers.is_empty() {
        return None;
    }
    let is_of_them = |other: &Other<'_>| {
        let batch = other.document.batch().map(plain_number);
        batch.is_some_and(|batch| numbers.contains(&batch)) && has_value_of_same(document, other.document)
    };
    let told = of_same_time(paper, "form-doubt-other-batch", paper.others().filter(is_of_them))?;
    Some(("batch".to_owned(), told))
}

/// What was there at an instant is said once: a later one takes the place of the one before.
fn of_stock(paper: &Paper<'_>, document: &Document, at: Instant) -> Option<(String, Text)> {
    let is_again = |other: &Other<'_>| {
        let is_then = matches!(other.document.body, DocumentBody::Stock { at: theirs, .. } if theirs == at);
        is_then && has_value_of_same(document, other.document)
    };
    let again = paper.others().find(is_again)?;
    let why = Text::new("form-doubt-stock-again").with("number", clean(&again.document.number));
    Some(("at".to_owned(), why))
}

/// Whether two documents name a parameter together.
fn has_value_of_same(one: &Document, other: &Document) -> bool {
    let mut values = one.values().iter();
    values.any(|value| other.values().iter().any(|theirs| theirs.parameter == value.parameter))
}

fn of_invoice(paper: &Paper<'_>, document: &Document, issued_on: NaiveDate, span: Span) -> Vec<(String, Text)> {
    let mut doubts = Vec::new();
    let overlapping = || {
        // That a number is filed already is no doubt: it is refused.
        let others = paper.others();
        let others = others.filter(|other| plain_number(&other.document.number) != plain_number(&document.number));
        let others = others.filter(|other| other.document.span().is_some_and(|theirs| theirs.overlaps(&span)));
        // Of other things another invoice may be of the same time.
        others.filter(|other| has_value_of_same(document, other.document))
    };
    let is_same = |other: &Other<'_>| other.document.values() == document.values();
    if let Some(same) = overlapping().find(is_same) {
        let number = clean(&same.document.number);
        let why = match same.record {
            Some(record) => Text::new("form-doubt-same-invoice")
                .with("number", number)
                .with("record", record),
            None => Text::new("form-doubt-same-invoice-beside").with("number", number),
        };
        doubts.push(("number".to_owned(), why));
    } else {
        let told = of_same_time(paper, "form-doubt-overlap", overlapping());
        doubts.extend(told.map(|why| ("from".to_owned(), why)));
    }
    let began = paper.model.zone.local(span.from).date();
    if issued_on < began {
        doubts.push((
            "issued".to_owned(),
            Text::new("form-doubt-issued-before").with("began", began),
        ));
    }
    doubts.extend(long_ago(paper, issued_on).map(|why| ("issued".to_owned(), why)));
    // A quarter may be billed at once, but by its end one is billed.
    let ended = paper.model.zone.local(span.to.plus(-1)).date();
    doubts.extend(long_ago(paper, ended).map(|why| ("from".to_owned(), why)));
    let is_credit = document.values().iter().any(|given| given.value.is_sign_negative());
    if is_credit {
        doubts.push(("number".to_owned(), Text::new("form-doubt-credit")));
    }
    doubts
}
