//! How the parameter of an anomaly and its neighbours went around it, a line of heights each; the anomaly stands in brackets.

use rust_decimal::prelude::ToPrimitive;

use super::super::super::anomalies::{COURSE_COLUMNS, around};
use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::trend::heights_of;
use super::super::detail::Line;
use crate::domain::model::Limits;
use crate::domain::text::{Text, clean};
use crate::engine::course::{Course, Measure};
use crate::engine::view::{AnomalyView, LiveParameter};

/// The courses that are known, its own first.
pub(super) fn lines(model: &Model, plant: &Plant, anomaly: &AnomalyView, most: usize) -> Vec<Line> {
    let known = model.anomalies.background.as_ref();
    let known = known.filter(|known| known.anomaly == anomaly.anomaly);
    let Some(Some(Wanted::Here(courses))) = known.map(|known| &known.courses) else {
        return Vec::new();
    };
    let line = |course: &Course| {
        let parameter = plant.parameter_of(course.parameter)?;
        let label = Text::new("tui-anomaly-course").with("tag", clean(&parameter.tag));
        let is_own = course.parameter == anomaly.parameter;
        let tone = if is_own { Tone::Advisory } else { Tone::Text };
        let mut text = heights(model, anomaly, course, parameter);
        if is_own {
            text.push_str(&limits(parameter));
        }
        Some((label, text, tone))
    };
    courses.iter().take(most).filter_map(line).collect()
}

/// Its limits, for what is higher or lower than the others.
fn limits(parameter: &LiveParameter) -> String {
    let limits = if parameter.operating == Limits::default() {
        &parameter.possible
    } else {
        &parameter.operating
    };
    let end = |end: Option<rust_decimal::Decimal>| end.map_or_else(String::new, |end| end.normalize().to_string());
    match (limits.low, limits.high) {
        (None, None) => String::new(),
        _ => format!(" {}..{}", end(limits.low), end(limits.high)),
    }
}

fn heights(model: &Model, anomaly: &AnomalyView, course: &Course, parameter: &LiveParameter) -> String {
    let glyphs = &model.shown.glyphs;
    let mut means: Vec<Option<f64>> = vec![None; usize::from(COURSE_COLUMNS)];
    for column in &course.known {
        let mean = column.values.and_then(|values| {
            let (sum, weight) = (values.sum.to_f64()?, values.weight.to_f64()?);
            if values.weight == 0 {
                values.last.to_f64()
            } else {
                Some(sum / weight)
            }
        });
        if let Some(place) = means.get_mut(usize::from(column.column)) {
            *place = mean;
        }
    }
    // The limits are of values; what is counted has none by the hour.
    let limits = if course.measure == Measure::Value {
        parameter.operating
    } else {
        Limits::default()
    };
    let (from, to) = around(anomaly);
    let length = to.since(from).max(1);
    let column_of = |at: crate::domain::time::Instant| {
        usize::try_from(at.since(from).saturating_mul(i64::from(COURSE_COLUMNS)) / length).unwrap_or(0)
    };
    let (first, last) = (column_of(anomaly.signs.from), column_of(anomaly.signs.to));
    let mut text = String::new();
    for (place, height) in heights_of(&means, parameter.decimals, limits).into_iter().enumerate() {
        if place == first {
            text.push('[');
        }
        let glyph = height.and_then(|height| glyphs.heights.get(usize::from(height)));
        text.push(glyph.copied().unwrap_or(' '));
        if place == last {
            text.push(']');
        }
    }
    text
}
