//! The sheet in which one says what anomalies are, at the foot of the pane: the lines that are filled in, the root causes by
//! their numbers, and what the daemon says would come of it.

use rust_decimal::Decimal;

use super::super::super::anomalies::{DisposeSheet, Part};
use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::detail::tag_of;
use super::super::outcome::{draw_lines, restated_lines};
use super::detail::causes;
use super::sheet::anomaly_row;
use super::words::why_of;
use crate::domain::text::Text;
use crate::engine::anomalies::AnomalyPreview;
use crate::quality::anomaly::{AnomalyId, Correction};

/// Width of a column of root causes.
const CAUSE: u16 = 38;

/// Rows that root causes take at most.
const MOST_CAUSES: u16 = 5;

/// Rows that the preview may take.
const PREVIEW: u16 = 5;

/// Rows of the pane that stay to be seen above the sheet.
const ABOVE: u16 = 3;

/// Width of the labels.
const LABELS: u16 = 12;

/// Draws it; gives where the cursor of the line stands that has the keys.
pub fn draw(model: &Model, sheet: &DisposeSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let Some((plant, _)) = model.displayed() else {
        return canvas.on_screen(0, 0);
    };
    let width = canvas.width();
    let usual = usual_cause(sheet, plant);
    let causes = causes(model, plant, &sheet.typed_cause(), usual);
    let beside = (width.saturating_sub(2) / CAUSE).max(1);
    let needed = u16::try_from(causes.len().div_ceil(usize::from(beside))).unwrap_or(MOST_CAUSES);
    let lines = u16::try_from(sheet.parts().len()).unwrap_or(4);
    let room = canvas.height().saturating_sub(ABOVE + 2 + lines + PREVIEW);
    let cause_rows = needed.min(MOST_CAUSES).min(room.max(1));
    let height = (2 + lines + cause_rows + PREVIEW).min(canvas.height());
    let mut part = canvas.part(0, canvas.height() - height, width, height);
    part.clear(shown.style(Tone::Text));
    part.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let title = Text::new("tui-anomaly-dispose-title")
        .with_text("what", sheet.conclusion.label())
        .with_count("count", sheet.anomalies.len());
    let title = format!(" {} ", shown.text(&title));
    part.put(2, 0, width, &title, shown.style(Tone::Title));
    draw_which(model, plant, &sheet.anomalies, &mut part);
    let mut row = 2;
    let mut cursor = part.on_screen(0, 0);
    for &line in sheet.parts() {
        let has_keys = line == sheet.part;
        let at = draw_line(model, sheet, line, row, &mut part);
        if has_keys {
            cursor = at;
        }
        row += 1;
        if line == Part::Cause {
            draw_causes(model, &causes, beside, &mut part.part(0, row, width, cause_rows));
            row += cause_rows;
        }
    }
    let mut below = part.part(1, row, width.saturating_sub(2), PREVIEW);
    draw_preview(model, plant, sheet, &mut below);
    cursor
}

/// The root cause that stands where no number is typed.
fn usual_cause(sheet: &DisposeSheet, plant: &Plant) -> Option<u16> {
    let class = sheet.conclusion.disposition(Correction::Times(Decimal::ONE)).class()?;
    let mut causes = plant.model.anomalies.causes.iter();
    causes.find(|cause| cause.class == class).map(|cause| cause.number)
}

/// The anomalies that it is about, as many as fit in a line; of a single one why it was found.
fn draw_which(model: &Model, plant: &Plant, anomalies: &[AnomalyId], part: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = part.width();
    let style = shown.style(Tone::Text);
    if let [id] = anomalies {
        let why = plant.anomalies.get(id).map(|anomaly| {
            let tag = tag_of(plant, anomaly.parameter);
            format!("#{id} {tag}  {}", why_of(model, plant, anomaly))
        });
        part.put(
            1,
            1,
            width.saturating_sub(2),
            &why.unwrap_or_else(|| format!("#{id}")),
            style,
        );
        return;
    }
    let mut column = 1;
    for (place, &id) in anomalies.iter().enumerate() {
        let Some(row) = anomaly_row(model, id) else { continue };
        let text = format!("{} {}", row.left, row.right);
        let left = anomalies.len() - place;
        let needed = u16::try_from(cells::width(&text)).unwrap_or(u16::MAX);
        if place > 0 && needed.saturating_add(6) > width.saturating_sub(column) {
            part.put(column, 1, width, &format!("+{left}"), shown.style(Tone::Dim));
            return;
        }
        column = part.put(column, 1, width.saturating_sub(column + 5), &text, style) + 2;
    }
}

/// A line that is filled in; gives where its cursor stands.
fn draw_line(model: &Model, sheet: &DisposeSheet, line: Part, row: u16, part: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let width = part.width();
    let (label, hint) = match line {
        Part::Correction => (
            Text::new("tui-anomaly-line-correction"),
            Text::new("tui-anomaly-line-correction-hint"),
        ),
        Part::Cause => (
            Text::new("tui-anomaly-line-cause"),
            Text::new("tui-anomaly-line-cause-hint"),
        ),
        Part::Comment => (
            Text::new("tui-anomaly-line-comment"),
            Text::new("tui-anomaly-line-comment-hint"),
        ),
        Part::Evidence => (
            Text::new("tui-anomaly-line-evidence"),
            Text::new("tui-anomaly-line-evidence-hint"),
        ),
    };
    let has_keys = line == sheet.part;
    if has_keys {
        part.set(0, row, shown.glyphs.cursor, shown.style(Tone::Key));
    }
    let tone = if has_keys { Tone::Title } else { Tone::Dim };
    part.put(1, row, LABELS, &shown.text(&label), shown.style(tone));
    let field = sheet.field(line);
    let at = 1 + LABELS + 1;
    let cursor = field.draw(part, at, row, width.saturating_sub(at), shown.style(Tone::Text));
    if field.is_empty() {
        // One cell stays free for the cursor.
        let room = width.saturating_sub(at + 3);
        part.put(at + 2, row, room, &shown.text(&hint), shown.style(Tone::Dim));
    }
    cursor
}

fn draw_causes(model: &Model, causes: &[(String, bool)], beside: u16, part: &mut Canvas<'_>) {
    let shown = &model.shown;
    let rows = part.height().max(1);
    for (place, (text, is_meant)) in (0..).zip(causes) {
        let (column, row) = (place / rows, place % rows);
        if column >= beside {
            return;
        }
        let at = 2 + column * CAUSE;
        let (mark, tone) = if *is_meant {
            (shown.glyphs.cursor, Tone::Title)
        } else {
            (' ', Tone::Dim)
        };
        part.set(at, row, mark, shown.style(tone));
        part.put(at + 2, row, CAUSE - 3, text, shown.style(tone));
    }
}

/// What would come of it, or what is missing.
fn draw_preview(model: &Model, plant: &Plant, sheet: &DisposeSheet, part: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = usize::from(part.width()).max(2);
    let said = |part: &mut Canvas<'_>, text: &Text, tone: Tone| {
        let lines = cells::wrap(&shown.text(text), width);
        for (row, line) in (0..part.height()).zip(lines) {
            part.put(0, row, part.width(), &line, shown.style(tone));
        }
    };
    if let Some(fault) = &sheet.fault {
        return said(part, fault, Tone::Warning);
    }
    if sheet.awaited.is_some() {
        return said(part, &Text::new("tui-alarm-sent"), Tone::Advisory);
    }
    let decision = match sheet.decision(&plant.model.anomalies) {
        Ok(decision) => decision,
        Err(missing) => return said(part, &missing, Tone::Advisory),
    };
    match sheet.preview_of(decision) {
        Some(Wanted::Here(preview)) => draw_outcome(model, plant, preview, part),
        Some(Wanted::Refused(why)) => said(part, why, Tone::Warning),
        Some(Wanted::Awaited(_)) | None => said(part, &Text::new("tui-anomaly-preview-awaited"), Tone::Advisory),
    }
}

fn draw_outcome(model: &Model, plant: &Plant, preview: &AnomalyPreview, part: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = part.width();
    let height = usize::from(part.height());
    let (head, tone) = if preview.decided > 0 {
        let head = Text::new("tui-anomaly-preview")
            .with_count("decided", preview.decided)
            .with_count("readings", preview.readings);
        (head, Tone::Title)
    } else {
        (Text::new("tui-anomaly-nothing-to-decide"), Tone::Warning)
    };
    let mut lines = vec![(shown.text(&head), tone)];
    for (id, why) in &preview.refused {
        let left = anomaly_row(model, *id).map_or_else(|| format!("#{id}"), |row| row.left);
        let refused = Text::new("tui-anomaly-refused").with("anomaly", left);
        let text = shown.text(&refused.with_text("why", why.clone()));
        // Of a few there is room for what to do instead; of many for which they are.
        if preview.refused.len() * 2 < height {
            let wrapped = cells::wrap(&text, usize::from(width).max(2));
            lines.extend(wrapped.into_iter().map(|line| (line, Tone::Warning)));
        } else {
            lines.push((text, Tone::Warning));
        }
    }
    if preview.decided > 0 || !preview.restated.is_empty() {
        lines.extend(restated_lines(model, plant, &preview.restated));
    }
    draw_lines(model, lines, part);
}
