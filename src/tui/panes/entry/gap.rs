//! The gap form at the foot of the page: which hours, how much of them was measured, and what would stand in for the rest.

use super::super::super::gap::{GapForm, Part};
use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::outcome::{draw_lines, restated_lines};
use crate::domain::model::Parameter;
use crate::domain::text::{Text, clean};
use crate::engine::availability::Availability;
use crate::engine::filling::{Fill, FillBy, FillPreview};

/// Rows for how much was measured.
const MEASURED: u16 = 2;

/// Rows for what would come of it.
const PREVIEW: u16 = 5;

/// Width of the labels.
const LABELS: u16 = 12;

/// Draws it over the foot of the page; gives where the cursor of the line stands that has the keys.
pub(super) fn draw(model: &Model, plant: &Plant, form: &GapForm, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let parameter = plant.model.parameter(form.parameter)?;
    let width = canvas.width();
    let lines = u16::try_from(Part::ALL.len()).unwrap_or(4);
    let height = (1 + MEASURED + lines + PREVIEW).min(canvas.height());
    let mut part = canvas.part(0, canvas.height() - height, width, height);
    part.clear(shown.style(Tone::Text));
    part.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let title = Text::new("tui-gap-title")
        .with("tag", clean(&parameter.tag))
        .with_name("name", &parameter.name);
    part.put(
        2,
        0,
        width,
        &format!(" {} ", shown.text(&title)),
        shown.style(Tone::Title),
    );
    let decision = form.decision(parameter, &plant.model.zone);
    let measured = decision.as_ref().ok().and_then(|fill| measured(form, fill));
    if let Some((text, tone)) = measured {
        let room = usize::from(width.saturating_sub(2)).max(2);
        for (row, line) in (1..=MEASURED).zip(cells::wrap(&shown.text(&text), room)) {
            part.put(1, row, width.saturating_sub(1), &line, shown.style(tone));
        }
    }
    let mut cursor = None;
    for (row, line) in (1 + MEASURED..).zip(Part::ALL) {
        let at = draw_field(model, parameter, form, line, &mut part.part(0, row, width, 1));
        if line == form.part {
            cursor = Some(at);
        }
    }
    let first = 1 + MEASURED + lines;
    let mut below = part.part(1, first, width.saturating_sub(2), height.saturating_sub(first));
    let room = usize::from(below.width()).max(2);
    let said = |text: &Text, tone: Tone| -> Vec<(String, Tone)> {
        let lines = cells::wrap(&shown.text(text), room);
        lines.into_iter().map(|line| (line, tone)).collect()
    };
    let lines = match (&form.fault, &decision) {
        (Some(fault), _) => said(fault, Tone::Warning),
        (None, Err(why)) => said(why, Tone::Advisory),
        (None, Ok(fill)) => match form.preview_of(fill) {
            Some(Wanted::Here(preview)) => outcome(model, plant, preview),
            Some(Wanted::Refused(why)) => {
                let texts = [Some(why.clone()), left_missing(form, fill)];
                let text = Text::sentences(texts.into_iter().flatten());
                said(&text.unwrap_or_else(|| why.clone()), Tone::Warning)
            }
            Some(Wanted::Awaited(_)) | None => said(&Text::new("tui-anomaly-preview-awaited"), Tone::Advisory),
        },
    };
    draw_lines(model, lines, &mut below);
    cursor
}

/// How much of the hours was measured, what stands in for the rest, and what the plan says.
fn measured(form: &GapForm, fill: &Fill) -> Option<(Text, Tone)> {
    Some(match form.measured_of((fill.from, fill.to))? {
        Wanted::Here(Some(found)) => (measured_text(found), Tone::Dim),
        Wanted::Here(None) => return None,
        Wanted::Awaited(_) => (Text::new("tui-explain-awaited"), Tone::Dim),
        Wanted::Refused(why) => (why.clone(), Tone::Warning),
    })
}

/// What to do where the plan holds already and leaves hours missing all the same.
fn left_missing(form: &GapForm, fill: &Fill) -> Option<Text> {
    let Wanted::Here(Some(found)) = form.measured_of((fill.from, fill.to))? else {
        return None;
    };
    let is_left = fill.by == FillBy::Plan && found.missing > 0;
    is_left.then(|| Text::new("tui-gap-left").with_count("missing", found.missing))
}

fn measured_text(found: &Availability) -> Text {
    let rule = found.rule.clone().unwrap_or_else(|| Text::new("tui-gap-no-plan"));
    let text = if found.to_come > 0 {
        Text::new("tui-gap-measured-so-far").with_count("come", found.to_come)
    } else {
        Text::new("tui-gap-measured")
    };
    text.with_count("expected", found.expected)
        .with_count("valid", found.valid)
        .with_count("plan", found.by_plan)
        .with_count("person", found.by_person)
        .with_count("missing", found.missing)
        .with_text("rule", rule)
}

/// A line that is filled in; gives where its cursor stands.
fn draw_field(model: &Model, parameter: &Parameter, form: &GapForm, line: Part, part: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let width = part.width();
    let (label, hint) = match line {
        Part::From => (Text::new("tui-gap-from"), Text::new("tui-gap-hour-hint")),
        Part::To => (Text::new("tui-gap-to"), Text::new("tui-gap-hour-hint")),
        Part::Value => {
            let unit = clean(&shown.localizer.unit(parameter.unit.symbol())).into_owned();
            (
                Text::new("tui-gap-value"),
                Text::new("tui-gap-value-hint").with("unit", unit),
            )
        }
        Part::Reason => (Text::new("tui-gap-reason"), Text::new("tui-gap-reason-hint")),
    };
    let has_keys = line == form.part;
    if has_keys {
        part.set(0, 0, shown.glyphs.cursor, shown.style(Tone::Key));
    }
    let tone = if has_keys { Tone::Title } else { Tone::Dim };
    part.put(1, 0, LABELS, &shown.text(&label), shown.style(tone));
    let field = form.field(line);
    let at = 1 + LABELS + 1;
    let cursor = field.draw(part, at, 0, width.saturating_sub(at), shown.style(Tone::Text));
    if field.is_empty() {
        // One cell stays free for the cursor.
        let room = width.saturating_sub(at + 3);
        part.put(at + 2, 0, room, &shown.text(&hint), shown.style(Tone::Dim));
    }
    cursor
}

/// What would stand in for the hours, and what that restates.
fn outcome(model: &Model, plant: &Plant, preview: &FillPreview) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let parts = preview.parts.iter().map(|part| {
        let because = part.remark.as_ref().map(|remark| shown.text(remark));
        let filled = shown.text(&part.filled_text());
        let line = [Some(filled), because].into_iter().flatten().collect::<Vec<_>>();
        (line.join("  "), Tone::Title)
    });
    let mut lines: Vec<(String, Tone)> = parts.collect();
    if preview.measured > 0 {
        let measured = Text::new("cli-fill-measured").with_count("hours", preview.measured);
        lines.push((shown.text(&measured), Tone::Text));
    }
    lines.extend(restated_lines(model, plant, &preview.restated));
    lines
}
