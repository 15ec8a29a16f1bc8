//! What would come of a decision before it is made: the months that it restates, as many lines as there is room for.

use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use crate::domain::text::Text;
use crate::engine::view::Restated;
use crate::locale::figures;

/// The months that are restated, a line each; where there are none, that is said.
pub(super) fn restated_lines(model: &Model, plant: &Plant, restated: &[Restated]) -> Vec<(String, Tone)> {
    if restated.is_empty() {
        let nothing = Text::new("tui-anomaly-preview-nothing-restated");
        return vec![(model.shown.text(&nothing), Tone::Text)];
    }
    let lines = restated.iter();
    lines
        .map(|restated| (restated_text(model, plant, restated), Tone::Text))
        .collect()
}

/// A source's month before and after: the figures are never cut, names are.
fn restated_text(model: &Model, plant: &Plant, restated: &Restated) -> String {
    let shown = &model.shown;
    let tonnes = |milligrams: i128| figures::tonnes(milligrams, 3);
    let difference = restated.after - restated.before;
    let sign = if difference > 0 { "+" } else { "" };
    let figures = format!(
        "{}  {} -> {} tCO2e ({sign}{})",
        restated.month,
        tonnes(restated.before),
        tonnes(restated.after),
        tonnes(difference)
    );
    let book = plant.state.totals.iter().find(|totals| totals.key == restated.book);
    let book = book.map_or(restated.book.as_str(), |book| shown.localizer.name(&book.name));
    let source = shown.localizer.name(&restated.name);
    format!("{figures}  {source}  {book}")
}

/// Draws lines; where there is no room for all, the last says how many more there are.
pub(super) fn draw_lines(model: &Model, mut lines: Vec<(String, Tone)>, part: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (part.width(), usize::from(part.height()));
    let left_out = lines.len().saturating_sub(height);
    if left_out > 0 {
        lines.truncate(height.saturating_sub(1));
        let more = Text::new("tui-anomaly-preview-more").with_count("count", left_out + 1);
        lines.push((shown.text(&more), Tone::Advisory));
    }
    for (row, (line, tone)) in (0..part.height()).zip(lines) {
        part.put(0, row, width, &line, shown.style(tone));
    }
}
