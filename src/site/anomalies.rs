//! How data anomalies are worked on, in a `site.toml` (数据异常处置): root causes by number, when a second person is needed,
//! by when evidence has to be kept.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::fields::{Form, NAME, NAME_EN, Shape, may, must};
use super::problem::Problems;
use super::row::Row;
use crate::domain::anomaly::{AnomalyPlan, CausePhrase};
use crate::domain::model::Name;
use crate::domain::text::Text;

/// Classes of root causes.
pub(super) const CLASSES: &[&str] = &["meter", "communication", "entry", "process", "real-change", "factor"];

/// `[anomalies]`.
pub(super) const ANOMALIES: Shape = Shape {
    name: "anomalies",
    about: "How data anomalies are worked on.",
    fields: &[
        may(
            "second_person_from",
            Form::Number,
            "tCO2e at stake from which on another person than the one who decided has to close an anomaly; 10 where it is missing.",
        ),
        may(
            "evidence_days",
            Form::Whole(0, 3_660),
            "Days after the end of a month within which its evidence has to be kept; 40 where it is missing.",
        ),
        may(
            "cause",
            Form::Tables(&CAUSE),
            "Root causes in the order in which they are offered, in place of the usual ones.",
        ),
    ],
};

const CAUSE: Shape = Shape {
    name: "anomalies.cause",
    about: "A root cause.",
    fields: &[
        must(
            "number",
            Form::Whole(1, 999),
            "Its number. Records name it by that: never give it to another.",
        ),
        NAME,
        NAME_EN,
        must("class", Form::Choice(CLASSES), "What it is a case of."),
    ],
};

/// What must hold of it.
pub(super) fn check_anomalies(problems: &Problems<'_>, anomalies: &Row) {
    if let Some(given) = anomalies
        .number("second_person_from")
        .filter(|from| *from < Decimal::ZERO)
    {
        problems.push(
            anomalies.place("second_person_from"),
            Text::new("site-negative")
                .with("key", "second_person_from")
                .with("given", given),
            Text::new("site-remedy-not-negative"),
        );
    }
    let mut known: BTreeMap<i64, &Row> = BTreeMap::new();
    for cause in anomalies.rows("cause") {
        let Some(number) = cause.whole("number") else { continue };
        if let Some(first) = known.get(&number) {
            let (line, _) = problems.place(first.place("number"));
            let what = Text::new("site-duplicate").with("key", number).with("line", line);
            problems.push(cause.place("number"), what, Text::new("site-remedy-rename-one"));
        } else {
            known.insert(number, cause);
        }
    }
}

/// The plan of a table without problems; what it does not say is as usual.
pub(super) fn anomaly_plan(anomalies: Option<&Row>) -> AnomalyPlan {
    let usual = AnomalyPlan::default();
    let Some(row) = anomalies else { return usual };
    let causes: Vec<CausePhrase> = row.rows("cause").iter().filter_map(cause).collect();
    AnomalyPlan {
        causes: if causes.is_empty() { usual.causes } else { causes },
        second_person_from: row.number("second_person_from").unwrap_or(usual.second_person_from),
        evidence_days: row
            .whole("evidence_days")
            .and_then(|days| u32::try_from(days).ok())
            .unwrap_or(usual.evidence_days),
    }
}

fn cause(row: &Row) -> Option<CausePhrase> {
    let zh = row.words("name")?;
    Some(CausePhrase {
        number: row.whole("number").and_then(|number| u16::try_from(number).ok())?,
        name: Name {
            zh: zh.to_owned(),
            en: row.words("name_en").unwrap_or(zh).to_owned(),
        },
        class: row.choice("class")?,
    })
}
