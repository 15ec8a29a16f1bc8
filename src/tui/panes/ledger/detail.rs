//! The selected figure in full: shares, changes with what it is compared with, intensities, and what must be said of it.

use super::super::super::ledger::{Sheet, change, per_mille, signed, tenths};
use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::engine::view::Figure;
use crate::locale::figures;
use crate::report::ledger::row_name;

/// Its rows: the figure, and what is said of it.
pub(super) const HEIGHT: u16 = 4;

/// Draws the details of the selected figure.
pub(super) fn draw(model: &Model, plant: &Plant, sheet: &Sheet, canvas: &mut Canvas<'_>) {
    let Some(((name, value), said)) = said(model, plant, sheet) else {
        return;
    };
    let width = canvas.width();
    let used = u16::try_from(cells::width(&value)).unwrap_or(width);
    let room = width.saturating_sub(used + 4);
    let style = model.shown.style(Tone::Title);
    let after = canvas.put(1, 0, room, &name, style);
    canvas.put(after + 2, 0, width, &value, style);
    flow(model, &said, canvas);
}

/// The details as text, a saying a line.
pub(super) fn as_text(model: &Model, plant: &Plant, sheet: &Sheet) -> Option<String> {
    let ((name, value), said) = said(model, plant, sheet)?;
    let first = format!("{name}  {value}");
    let record = Text::new("tui-ledger-record").with("sequence", sheet.table.sequence);
    let lines = std::iter::once(first).chain(said.into_iter().map(|(text, _)| text));
    let lines = lines.chain([model.shown.text(&record)]);
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// The selected row with its period and figure, and what is said of it.
#[expect(clippy::type_complexity, reason = "drawn and written here only")]
fn said(model: &Model, plant: &Plant, sheet: &Sheet) -> Option<((String, String), Vec<(String, Tone)>)> {
    let shown = &model.shown;
    let column = model.ledger.column;
    let place = model.ledger.place()?;
    let (row, figure) = (sheet.row(place)?, sheet.figure(place, column)?);
    let value = figures::decimal(tonnes_of_milligrams(figure.milligrams));
    let period = Text::new("tui-ledger-period").with_period("period", sheet.period(column));
    let name = format!("{}  {}", row_name(row, &shown.localizer), shown.text(&period));

    let mut said: Vec<(String, Tone)> = marks(figure)
        .into_iter()
        .map(|(text, tone)| (shown.text(&text), tone))
        .collect();
    if sheet.is_sealed(sheet.period(column), &plant.model) {
        said.push((shown.text(&Text::new("tui-ledger-sealed")), Tone::Dim));
    }
    let mut say = |text: Text| said.push((shown.text(&text), Tone::Text));
    shares(model, sheet, place, column).into_iter().for_each(&mut say);
    let hour = plant.model.zone.hour_of(plant.now(model.displayed()?.1));
    let (_, end) = sheet
        .period(column)
        .hours(&plant.model.zone, plant.model.day_start_minutes);
    changes(sheet, place, column, end <= hour)
        .into_iter()
        .for_each(&mut say);
    let intensities = row.intensity.iter().filter(|_| column == 0);
    for intensity in intensities {
        if let Some(value) = &intensity.value {
            let unit = shown.localizer.unit(&intensity.unit);
            say(Text::new("tui-ledger-intensity-of")
                .with("value", value)
                .with("unit", unit)
                .with_name("product", &intensity.product));
            if intensity.substituted_hours > 0 {
                say(Text::new("tui-ledger-output-substituted").with_count("hours", intensity.substituted_hours));
            }
        }
    }
    Some(((name, format!("{value} tCO2e")), said))
}

/// Puts sayings side by side, each whole where it fits into a line.
fn flow(model: &Model, said: &[(String, Tone)], canvas: &mut Canvas<'_>) {
    let width = canvas.width();
    let (mut row, mut column) = (1_u16, 1_u16);
    for (text, tone) in said {
        let needed = u16::try_from(cells::width(text)).unwrap_or(u16::MAX);
        if column > 1 && column.saturating_add(needed) >= width {
            row += 1;
            column = 1;
        }
        let room = width.saturating_sub(column + 1);
        column = canvas.put(column, row, room, text, model.shown.style(*tone)) + 3;
    }
}

/// Of the row above, and of the whole.
fn shares(model: &Model, sheet: &Sheet, place: usize, column: usize) -> Vec<Text> {
    let mass = |place: usize| Some(sheet.figure(place, column)?.milligrams);
    let share = |of: usize| per_mille(mass(place)?, mass(of)?).map(tenths);
    let named = |of: usize| {
        let row = sheet.row(of)?;
        Some(row_name(row, &model.shown.localizer))
    };
    let whole = sheet.whole(place);
    let parent = sheet.parent(place).filter(|&parent| parent != whole);
    let above = Some(whole).filter(|&whole| whole != place);
    [parent, above]
        .into_iter()
        .flatten()
        .filter_map(|of| {
            let text = Text::new("tui-ledger-share-of");
            Some(text.with("share", share(of)?).with("of", named(of)?))
        })
        .collect()
}

/// Against the period before and a year ago; a column that is over against the one before it.
fn changes(sheet: &Sheet, place: usize, column: usize, over: bool) -> Vec<Text> {
    let said = |here: i128, before: i128, period: Period| {
        let difference = figures::tonnes(here - before, 3);
        let text = Text::new("tui-ledger-change")
            .with(
                "difference",
                if here > before {
                    format!("+{difference}")
                } else {
                    difference
                },
            )
            .with_period("period", period);
        change(here, before).map(|change| text.with("change", signed(change)))
    };
    let mass = |column: usize| Some(sheet.figure(place, column)?.milligrams);
    if column > 0 {
        let before = column.checked_sub(1).filter(|&before| before > 0 && over);
        let said = before.and_then(|before| said(mass(column)?, mass(before)?, sheet.period(before)));
        return said.into_iter().collect();
    }
    let comparison = sheet.row(place).and_then(|row| row.comparison);
    let (Some(compared), Some(comparison)) = (sheet.table.compared, comparison) else {
        return Vec::new();
    };
    let before = comparison
        .before
        .and_then(|before| said(comparison.here, before, compared.before));
    let year_ago = comparison
        .year_ago
        .zip(compared.year_ago)
        .and_then(|(before, period)| said(comparison.here, before, period));
    before.into_iter().chain(year_ago).collect()
}

/// What must be said of a figure, the gravest first.
fn marks(figure: &Figure) -> Vec<(Text, Tone)> {
    let mark = |hours: u32, id: &'static str, tone: Tone| {
        (hours > 0).then(|| (Text::new(id).with_count("hours", hours), tone))
    };
    [
        mark(figure.failed_hours, "tui-ledger-failed", Tone::Alarm),
        mark(figure.incomplete_hours, "tui-ledger-incomplete", Tone::Warning),
        mark(figure.overlapping_hours, "tui-ledger-overlapping", Tone::Warning),
        mark(figure.substituted_hours, "tui-ledger-substituted", Tone::Substituted),
        mark(figure.provisional_hours, "tui-ledger-provisional", Tone::Advisory),
    ]
    .into_iter()
    .flatten()
    .collect()
}
