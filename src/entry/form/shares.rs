//! Shares of an analysis that cannot be, or were hardly meant (分析数据核对): moistures and ash against each other and against the
//! report before.

use rust_decimal::Decimal;

use super::doubt::Paper;
use crate::domain::document::{Analysis, Document, DocumentBody};
use crate::domain::model::Parameter;
use crate::domain::text::Text;

/// From how many times as much on the value before says that a value below 1 is a share rather than a percentage.
const TIMES: Decimal = Decimal::TEN;

/// What looks wrong about the shares of a report's analysis, the field first.
pub(super) fn of_analysis(paper: &Paper<'_>, document: &Document, analysis: &Analysis) -> Vec<(String, Text)> {
    let total = paper.form.total_moisture.and_then(|row| {
        let mut values = document.values().iter();
        values.find(|given| given.parameter == row).map(|given| given.value)
    });
    let total = total.or(analysis.total_moisture);
    let mut doubts = Vec::new();
    let mut doubt = |field: &str, why| doubts.push((field.to_owned(), why));
    if let (Some(moisture), Some(total)) = (analysis.moisture, total)
        && moisture > total
    {
        let why = Text::new("form-doubt-inherent")
            .with("moisture", moisture.normalize())
            .with("total", total.normalize());
        doubt("moisture", why);
    }
    if let (Some(moisture), Some(ash)) = (analysis.moisture, analysis.ash)
        && moisture.checked_add(ash).is_none_or(|sum| sum > Decimal::ONE_HUNDRED)
    {
        doubt("ash", Text::new("form-doubt-over-hundred"));
    }
    for (place, (field, value)) in shares_of(analysis).into_iter().enumerate() {
        let last = paper.others().find_map(|other| match &other.document.body {
            DocumentBody::Laboratory { analysis, .. } => shares_of(analysis).get(place)?.1,
            _ => None,
        });
        if let Some(why) = value.zip(last).and_then(|(value, last)| as_share(value, last)) {
            doubt(field, why);
        }
    }
    doubts
}

/// The shares of an analysis by their fields.
const fn shares_of(analysis: &Analysis) -> [(&'static str, Option<Decimal>); 3] {
    [
        ("total-moisture", analysis.total_moisture),
        ("moisture", analysis.moisture),
        ("ash", analysis.ash),
    ]
}

/// The same of a value of a parameter, against the one before.
pub(super) fn of_value(parameter: &Parameter, value: Decimal, last: Option<Decimal>) -> Option<Text> {
    let last = last.filter(|_| parameter.unit.symbol() == "%")?;
    as_share(value, last)
}

fn as_share(value: Decimal, last: Decimal) -> Option<Text> {
    let is_share = value > Decimal::ZERO && value < Decimal::ONE;
    let times = last.checked_div(value).filter(|times| is_share && *times >= TIMES)?;
    // Near ten times as much the point is rather in another place.
    let is_slipped = times < TIMES * Decimal::new(125, 2);
    (!is_slipped).then(|| {
        Text::new("form-doubt-share")
            .with("value", value.normalize())
            .with("last", last.normalize())
    })
}
