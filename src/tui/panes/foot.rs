//! The totals (合计) at the foot of the Live pane: what the plant emits now, this shift, this day, month and year.

use super::super::model::{Focus, Model, TotalOf, Wanted};
use super::super::plant::{Plant, figure};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::text::Text;
use crate::engine::view::{Figure, Planned, Totals};
use crate::locale::figures;

/// Its rows.
pub const HEIGHT: u16 = 5;

/// Digits after the point of a tonne on this pane: kilograms.
const DIGITS: u32 = 3;

/// From this many milligrams on a plan is shown in whole tonnes.
const LARGE_PLAN: i128 = 1_000_000_000_000;

/// Draws the totals of the chosen book.
pub fn draw(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let Some(totals) = plant.totals(model.live.book) else {
        canvas.put(
            1,
            0,
            width,
            &shown.text(&Text::new("tui-no-books")),
            shown.style(Tone::Dim),
        );
        return;
    };
    let books = plant.state.totals.len();
    let book = Text::new("tui-book")
        .with("name", shown.localizer.name(&totals.name))
        .with_count("number", model.live.book.checked_rem(books).unwrap_or(0) + 1)
        .with_count("books", books);
    let book = shown.text(&book);
    let rate = match totals.rate {
        Some(rate) => Text::new("tui-rate").with("rate", figures::tonnes(rate, DIGITS)),
        None => Text::new("tui-rate-none"),
    };
    let rate = shown.text(&rate);
    let rate_width = u16::try_from(cells::width(&rate)).unwrap_or(u16::MAX);
    let book_room = width.saturating_sub(rate_width).saturating_sub(4);
    let after_book = canvas.put(1, 0, book_room, &book, shown.style(Tone::Dim));
    // The rate, and beside it what causes it, as far as there is room.
    let causes = causes(model, plant, totals, width.saturating_sub(after_book + rate_width + 4));
    let causes_width = u16::try_from(cells::width(&causes)).unwrap_or(u16::MAX);
    canvas.put_right(0, 0, width.saturating_sub(1), &causes, shown.style(Tone::Dim));
    let rate_end = width.saturating_sub(1).saturating_sub(causes_width);
    canvas.put_right(0, 0, rate_end, &rate, shown.style(Tone::Title));

    let share = width / 4;
    for (place, total) in (0..).zip(TotalOf::ALL) {
        let mut cell = canvas.part(place * share, 1, share, 3);
        draw_total(model, total, figure(totals, total), &mut cell);
        draw_plan(model, planned(totals, total), &mut cell);
    }
    draw_intensity(model, plant, totals, &mut canvas.part(0, 4, width, 1));
}

/// The greatest causes of the rate, as many as fit: ` = boiler 12.1 + furnace 2.0 + …`.
fn causes(model: &Model, plant: &Plant, totals: &Totals, room: u16) -> String {
    let shown = &model.shown;
    let mut text = String::new();
    let mut left_out = totals.rate.unwrap_or(0);
    for cause in &totals.causes {
        let Some(source) = plant.model.source(cause.source) else {
            continue;
        };
        let joint = if text.is_empty() { " = " } else { " + " };
        let name = cells::fit(shown.localizer.name(&source.name), 24, shown.glyphs.ellipsis);
        let longer = format!("{text}{joint}{name} {}", figures::tonnes(cause.rate, DIGITS));
        // Room is kept for the sign that there are more.
        if cells::width(&longer) + 4 > usize::from(room) {
            break;
        }
        text = longer;
        left_out -= cause.rate;
    }
    if !text.is_empty() && left_out != 0 {
        text.push_str(if left_out < 0 { " - " } else { " + " });
        text.push(shown.glyphs.ellipsis);
    }
    text
}

/// What the plan gives to one of the totals.
const fn planned(totals: &Totals, total: TotalOf) -> Option<&Planned> {
    match total {
        TotalOf::Shift => totals.planned.shift.as_ref(),
        TotalOf::Day => totals.planned.day.as_ref(),
        TotalOf::Month => totals.planned.month.as_ref(),
        TotalOf::Year => totals.planned.year.as_ref(),
    }
}

/// What was planned up to now, and by how much more was emitted.
fn draw_plan(model: &Model, planned: Option<&Planned>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let Some(planned) = planned else {
        let text = shown.text(&Text::new("tui-plan-none"));
        canvas.put(2, 2, canvas.width().saturating_sub(3), &text, shown.style(Tone::Dim));
        return;
    };
    let digits = u32::from(planned.by_now < LARGE_PLAN);
    let amount = figures::tonnes(planned.by_now, digits);
    let full = shown.text(&Text::new("tui-plan").with("amount", amount));
    let (more, tone) = planned.above.as_deref().map_or((String::new(), Tone::Dim), deviation);
    let room = canvas.width().saturating_sub(3);
    // Where both do not fit, the deviation says more than the amount.
    let fits = cells::width(&full) + 1 + cells::width(&more) <= usize::from(room);
    let text = if fits {
        full
    } else {
        shown.text(&Text::new("tui-plan-short"))
    };
    let after = canvas.put(2, 2, room, &text, shown.style(Tone::Dim)) + 1;
    canvas.put(after, 2, (room + 2).saturating_sub(after), &more, shown.style(tone));
}

/// A deviation in per cent with its sign, and how it looks: what is more than it ought to be stands out.
fn deviation(above: &str) -> (String, Tone) {
    let more = !above.starts_with('-') && above.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if more {
        (format!("+{above}%"), Tone::Warning)
    } else {
        (format!("{above}%"), Tone::Dim)
    }
}

/// The intensity of the first product against its reference, and what the crew on duty saved or lost.
fn draw_intensity(model: &Model, plant: &Plant, totals: &Totals, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let crew = shown.text(&crew_text(model, plant));
    let known = totals.intensities.first().and_then(|intensity| {
        let mut products = plant.model.products.iter();
        Some((intensity, products.find(|product| product.id == intensity.product)?))
    });
    let Some((intensity, product)) = known else {
        let none = shown.text(&Text::new("tui-intensity-no-product"));
        let after = canvas.put(1, 0, width.saturating_sub(2), &none, shown.style(Tone::Dim)) + 3;
        let room = width.saturating_sub(after + 1);
        canvas.put_right(after, 0, room, &crew, shown.style(Tone::Dim));
        return;
    };
    let crew_width = u16::try_from(cells::width(&crew)).unwrap_or(u16::MAX).min(width / 2);
    let room = width.saturating_sub(crew_width).saturating_sub(4);
    let value = Text::new("tui-intensity")
        .with("value", intensity.value.as_deref().unwrap_or("--"))
        .with("unit", &*shown.localizer.unit(product.unit.symbol()));
    let mut parts = vec![(shown.text(&value), Tone::Text)];
    if let Some(reference) = &intensity.reference {
        let text = Text::new("tui-intensity-reference").with("value", reference);
        parts.push((shown.text(&text), Tone::Dim));
    }
    parts.extend(intensity.above.as_deref().map(deviation));
    // Figures are never cut: where room is short, the product's name is.
    let needed: usize = parts.iter().map(|(text, _)| cells::width(text) + 1).sum();
    let name_room = usize::from(room).saturating_sub(needed);
    let name = cells::fit(shown.localizer.name(&product.name), name_room, shown.glyphs.ellipsis);
    let mut column = canvas.put(1, 0, room, &name, shown.style(Tone::Text)) + 1;
    for (text, tone) in parts {
        column = canvas.put(column, 0, (room + 2).saturating_sub(column), &text, shown.style(tone)) + 1;
    }
    let beside = width.saturating_sub(crew_width + 1);
    canvas.put_right(beside, 0, crew_width, &crew, shown.style(Tone::Text));
}

/// What the crew on duty saved or lost so far.
fn crew_text(model: &Model, plant: &Plant) -> Text {
    let view = model.live.crews.as_ref().map(|known| &known.view);
    let compared = match view {
        Some(Wanted::Here(view)) => view.shift,
        Some(Wanted::Refused(why)) => return Text::new("tui-crew-not-compared").with_text("why", why.clone()),
        Some(Wanted::Awaited(_)) | None => return Text::new("tui-crew-awaited"),
    };
    let crew = plant.state.shift.and_then(|shift| {
        let rotation = plant.model.rotation.as_ref()?;
        rotation.crews.get(shift.crew?)
    });
    let (Some(compared), Some(crew)) = (compared, crew) else {
        return Text::new("tui-crew-no-shift");
    };
    let crew = model.shown.localizer.name(crew);
    if compared.hours == 0 {
        return Text::new("tui-crew-no-hours").with("crew", crew);
    }
    let saved = compared.saved();
    let text = if saved < 0 {
        Text::new("tui-crew-lost")
    } else {
        Text::new("tui-crew-saved")
    };
    text.with("crew", crew)
        .with("amount", figures::tonnes(saved.saturating_abs(), DIGITS))
        .with_count("hours", compared.hours)
}

fn draw_total(model: &Model, total: TotalOf, figure: Option<Figure>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let selected = model.live.focus == Focus::Totals(total) && model.overlays.is_empty();
    let (label_style, figure_style) = if selected {
        (shown.style(Tone::Selected), shown.style(Tone::Selected))
    } else {
        (shown.style(Tone::Dim), shown.style(Tone::Title))
    };
    if selected {
        canvas.style_row(0, label_style);
        canvas.style_row(1, figure_style);
        canvas.set(0, 1, shown.glyphs.cursor, figure_style);
    }
    let label = shown.text(&total.label());
    let room = canvas.width();
    let mut column = canvas.put(1, 0, room, &label, label_style) + 1;
    // In full, or, where that is too long, in short; the gravest come first, should there be no room for all four.
    let marks = figure.map_or_else(Vec::new, marks);
    let long: Vec<String> = marks.iter().map(|mark| shown.text(&mark.long)).collect();
    let needed: usize = long.iter().map(|mark| cells::width(mark) + 1).sum();
    let fits = usize::from(column) + needed <= usize::from(room);
    for (mark, long) in marks.iter().zip(long) {
        let text = if fits { long } else { shown.text(&mark.short) };
        let style = if selected { label_style } else { shown.style(mark.tone) };
        column = canvas.put(column, 0, room, &text, style) + 1;
    }
    let text = match figure {
        Some(figure) => figures::tonnes(figure.milligrams, DIGITS),
        None => "--".to_owned(),
    };
    let unit = " tCO2e";
    let text = if text.len() + unit.len() + 2 <= usize::from(room) {
        text + unit
    } else {
        text
    };
    canvas.put(2, 1, room.saturating_sub(2), &text, figure_style);
}

/// Something that must be said of a figure.
pub(super) struct Mark {
    pub(super) long: Text,
    short: Text,
    pub(super) tone: Tone,
}

/// What must be said of a figure, the gravest first.
pub(super) fn marks(figure: Figure) -> Vec<Mark> {
    let mark = |hours: u32, long: Text, short: Text, tone: Tone| (hours > 0).then_some(Mark { long, short, tone });
    [
        mark(
            figure.failed_hours,
            Text::new("tui-mark-failed"),
            Text::new("tui-mark-failed-short"),
            Tone::Alarm,
        ),
        mark(
            figure.incomplete_hours,
            Text::new("tui-mark-incomplete"),
            Text::new("tui-mark-incomplete-short"),
            Tone::Warning,
        ),
        mark(
            figure.overlapping_hours,
            Text::new("tui-mark-overlapping"),
            Text::new("tui-mark-overlapping-short"),
            Tone::Warning,
        ),
        mark(
            figure.substituted_hours,
            Text::new("tui-mark-substituted"),
            Text::new("tui-mark-substituted-short"),
            Tone::Substituted,
        ),
        mark(
            figure.provisional_hours,
            Text::new("tui-mark-provisional"),
            Text::new("tui-mark-provisional-short"),
            Tone::Advisory,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
