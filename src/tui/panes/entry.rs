//! The Entry pane (录入画面): the sheets, and the cells of the page that is open, in the order of the plant's paper.

mod below;
mod block;
mod gap;

use ratatui::layout::Size;

use super::super::entry::{Focus, Opened};
use super::super::keymap::{Action, Context};
use super::super::model::{Model, Wanted};
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW, form, inbox, second_check};
use crate::domain::decimal::from_count;
use crate::domain::document::DocumentForm;
use crate::domain::sheet::{EntrySheet, Round};
use crate::domain::text::{Explained, Text, clean};
use crate::engine::view::{CheckMark, Standing};
use crate::entry::form::label as form_label;
use crate::entry::{Entered, Row, Sheet};

pub use self::block::block_height;

/// Rows above the cells: what is open, and the rounds.
const HEADING: u16 = 2;

/// Rows below them.
const FOOT: u16 = 5;

/// Width of a cell with the gap before it.
const CELL: u16 = 10;

/// Width of a tag, of a name and of a unit.
const TAG: u16 = 12;
const NAME: u16 = 16;
const UNIT: u16 = 7;

/// The first cell's column.
const LEFT: u16 = 2 + TAG + 1 + NAME + 1 + UNIT;

/// How many rows of cells a screen of a size shows.
pub fn grid_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + FOOT))
}

/// How many columns of cells.
pub fn grid_width(size: Size) -> usize {
    usize::from(size.width.saturating_sub(LEFT) / CELL)
}

/// Draws the pane; gives where one types.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let (plant, _) = model.displayed()?;
    match (&model.entry.open, &model.entry.form) {
        (Some(open), _) => draw_page(model, plant, open, canvas),
        (None, Some(open)) => form::draw(model, plant, open, canvas),
        (None, None) if model.entry.checks.is_open => second_check::draw(model, plant, &model.entry.checks, canvas),
        (None, None) => {
            draw_list(model, plant, canvas);
            None
        }
    }
}

/// The sheets, each with the round that is being made and until when it is due.
fn draw_list(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    canvas.put(
        1,
        0,
        width,
        &shown.text(&Text::new("tui-entry-sheets")),
        shown.style(Tone::Title),
    );
    let forms: Vec<&DocumentForm> = plant.model.forms().collect();
    if plant.model.sheets.is_empty() && forms.is_empty() {
        let nothing = shown.text(&Text::new("tui-entry-no-sheets"));
        for (row, line) in (2..canvas.height()).zip(cells::wrap(&nothing, usize::from(width.saturating_sub(2)).max(2)))
        {
            canvas.put(1, row, width, &line, shown.style(Tone::Dim));
        }
        return;
    }
    let now = plant.now(model.elapsed);
    let rows = usize::from(canvas.height().saturating_sub(1)).max(1);
    let top = (model.entry.chosen + 1).saturating_sub(rows);
    let sheets = plant.model.sheets.iter().enumerate().skip(top);
    for (row, (place, sheet)) in (1..canvas.height()).zip(sheets) {
        let name = clean(shown.localizer.name(&sheet.name)).into_owned();
        let rounds = sheet.rounds_of(&plant.model, sheet.page_at(&plant.model, now));
        let round = rounds.get(EntrySheet::round_at(&rounds, now));
        let mut tone = Tone::Text;
        let due = round.map_or_else(String::new, |round| {
            let zone = &plant.model.zone;
            let until = round.at.plus(sheet.due_ms);
            let made = model.entry.rounds.here().map_or(&[][..], Vec::as_slice);
            let made = made.iter().find(|one| one.sheet == sheet.key && one.at == round.at);
            let id = match (made, until < now) {
                (Some(made), _) if made.missing == 0 => "tui-entry-made",
                (Some(_), true) => "tui-entry-overdue",
                (None, true) => "tui-entry-was-due",
                (_, false) => "tui-entry-due",
            };
            tone = if id == "tui-entry-overdue" {
                Tone::Warning
            } else {
                Tone::Text
            };
            let text = Text::new(id)
                .with("round", label(plant, round))
                .with("due", zone.local(until).format("%m-%d %H:%M"))
                .with_count("missing", made.map_or(0, |made| made.missing))
                .with_count("rows", sheet.rows.len());
            shown.text(&text)
        });
        draw_listed(model, place, (&name, &due), tone, &mut canvas.part(0, row, width, 1));
    }
    // The row of a place that is not above the screen.
    let row_of = |place: usize| u16::try_from(place.saturating_sub(top) + 1).unwrap_or(u16::MAX);
    let sheets = plant.model.sheets.len();
    let skipped = top.saturating_sub(sheets);
    for (row, (place, form)) in (row_of(sheets)..canvas.height()).zip((sheets..).zip(&forms).skip(skipped)) {
        let is_begun = model.entry.form_drafts.contains_key(&form.key);
        let state = Text::new(if is_begun { "tui-form-begun" } else { "tui-form-form" });
        let kind = shown.text(&state.with_text("kind", form.kind.text()));
        let name = form::words(shown, &form_label(form));
        draw_listed(
            model,
            place,
            (&name, &kind),
            Tone::Text,
            &mut canvas.part(0, row, width, 1),
        );
    }
    let last = sheets + forms.len();
    if plant.model.has_second_person() && row_of(last) < canvas.height() {
        let title = shown.text(&Text::new("tui-second-check-title"));
        let counts = shown.text(&second_check::counts(&model.entry.checks));
        let mut line = canvas.part(0, row_of(last), width, 1);
        draw_listed(model, last, (&title, &counts), Tone::Text, &mut line);
    }
}

/// A line of the list: what it is, and how it stands with it.
fn draw_listed(model: &Model, place: usize, (name, state): (&str, &str), tone: Tone, line: &mut Canvas<'_>) {
    let shown = &model.shown;
    let is_chosen = place == model.entry.chosen;
    let style_of = |tone| shown.style(if is_chosen { Tone::Selected } else { tone });
    let style = style_of(Tone::Text);
    if is_chosen {
        line.style_row(0, style);
        line.set(1, 0, shown.glyphs.cursor, style);
    }
    line.put(3, 0, 30, name, style);
    line.put(34, 0, line.width().saturating_sub(35), state, style_of(tone));
}

/// What stands over a column: the time of a round, or the day.
fn label(plant: &Plant, round: &Round) -> String {
    let form = if round.is_daily { "%m-%d" } else { "%H:%M" };
    if round.is_daily {
        round.day.format(form).to_string()
    } else {
        plant.model.zone.local(round.at).format(form).to_string()
    }
}

fn draw_page(model: &Model, plant: &Plant, open: &Opened, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let width = canvas.width();
    let name = plant.model.sheet(&open.sheet).map_or_else(
        || clean(&open.sheet).into_owned(),
        |sheet| clean(shown.localizer.name(&sheet.name)).into_owned(),
    );
    let title = format!("{name}  {}", open.page);
    canvas.put(1, 0, width, &title, shown.style(Tone::Title));
    let files = open.attaching.attachments.len();
    let attached = (files > 0).then(|| Text::new("tui-entry-state-attached").with_count("count", files));
    let lost = model.entry.lost_of(model.person().as_deref()).count();
    let lost = (lost > 0).then(|| {
        let key = shown.keymap.key_of(Context::Grid, Action::Lost);
        Text::new("tui-entry-state-lost")
            .with_count("count", lost)
            .with("key", key.map(ToString::to_string).unwrap_or_default())
    });
    let state: Vec<String> = lost
        .into_iter()
        .chain(attached)
        .chain([state(open)])
        .map(|text| shown.text(&text))
        .collect();
    canvas.put_right(0, 0, width.saturating_sub(1), &state.join("  "), shown.style(Tone::Dim));
    let said = match &open.view {
        Wanted::Here(_) => None,
        Wanted::Awaited(_) => Some((Text::new("tui-explain-awaited"), Tone::Dim)),
        Wanted::Refused(why) => Some((why.clone(), Tone::Advisory)),
    };
    if let Some((text, tone)) = said {
        let lines = cells::wrap(&shown.text(&text), usize::from(width.saturating_sub(2)).max(2));
        for (row, line) in (HEADING..canvas.height()).zip(lines) {
            canvas.put(1, row, width, &line, shown.style(tone));
        }
        return None;
    }
    let sheet = open.known(&plant.model)?;
    let attaching = open.attaching();
    match (&open.focus, &attaching.inbox) {
        (Focus::Asking | Focus::Correcting(_), Some(inbox)) => {
            inbox::draw_attaching(model, plant, (inbox, attaching), canvas);
        }
        (Focus::Block(laid), _) => block::draw(model, plant, &sheet, laid, canvas),
        (Focus::Picking(picking), _) => inbox::draw_picking(model, plant, picking, canvas),
        (Focus::Gap(form), _) => {
            draw_grid(model, plant, open, &sheet, canvas);
            return gap::draw(model, plant, form, canvas);
        }
        _ => return draw_grid(model, plant, open, &sheet, canvas),
    }
    None
}

/// How much was typed and not sent, and whether the daemon keeps it.
fn state(open: &Opened) -> Text {
    let typed = open.typed.len();
    if open.sending.is_some() {
        Text::new("tui-entry-sending")
    } else if !open.unsaved.is_empty() {
        Text::new("tui-entry-state-unsaved")
            .with_count("count", typed)
            .with_count("unsaved", open.unsaved.len())
    } else if typed > 0 {
        Text::new("tui-entry-state-kept").with_count("count", typed)
    } else if open.is_untouched() {
        Text::new("tui-entry-state-untouched")
    } else {
        Text::new("tui-entry-state-none")
    }
}

fn draw_grid(
    model: &Model,
    plant: &Plant,
    open: &Opened,
    sheet: &Sheet<'_>,
    canvas: &mut Canvas<'_>,
) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let rows = height.saturating_sub(FOOT);
    let columns = grid_width(model.size);
    let in_view: Vec<(usize, u16)> = (open.corner.1..open.size().1)
        .take(columns)
        .zip(0..)
        .map(|(column, place)| (column, LEFT + place * CELL))
        .collect();
    for &(column, at) in &in_view {
        if let Some(round) = sheet.round(column) {
            let tone = if column == open.at.1 { Tone::Key } else { Tone::Title };
            canvas.put_right(at, 1, CELL - 1, &label(plant, round), shown.style(tone));
        }
    }
    let mut cursor = None;
    // What is scrolled away is not forgotten.
    if let Some(text) = out_of_view(open, (usize::from(rows.saturating_sub(HEADING)), columns)) {
        canvas.put(2, 1, LEFT - 3, &shown.text(&text), shown.style(Tone::Dim));
    }
    for (row, place) in (HEADING..rows).zip(open.corner.0..open.size().0) {
        let is_here = place == open.at.0;
        // A model does not find a parameter at once: not for every cell anew.
        let known = sheet.row(place);
        if let Some(known) = &known {
            draw_row_head(model, known, is_here, &mut canvas.part(0, row, LEFT, 1));
        }
        let cell = |column: usize| {
            let cell = known.as_ref().map(|known| cell(plant, open, known, (place, column)));
            cell.unwrap_or((String::new(), Tone::Text))
        };
        for &(column, at) in &in_view {
            let is_typed_here = is_here && column == open.at.1;
            if is_typed_here && open.focus == Focus::Grid {
                canvas.put(
                    at,
                    row,
                    CELL,
                    &" ".repeat(usize::from(CELL)),
                    shown.style(Tone::Selected),
                );
                // What stands there is seen until one types.
                if open.field.is_empty() {
                    let (text, _) = cell(column);
                    canvas.put_right(at, row, CELL - 1, &text, shown.style(Tone::Selected));
                }
                cursor = Some(
                    open.field
                        .draw(canvas, at + 1, row, CELL - 1, shown.style(Tone::Selected)),
                );
            } else {
                let (text, tone) = cell(column);
                let tone = if is_typed_here { Tone::Selected } else { tone };
                canvas.put_right(at, row, CELL - 1, &text, shown.style(tone));
            }
        }
    }
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Rule));
    let below = below::draw(
        model,
        plant,
        open,
        sheet,
        &mut canvas.part(0, rows + 1, width, FOOT - 1),
    );
    below.or(cursor)
}

/// Which rows and rounds are seen, where not all of them are.
fn out_of_view(open: &Opened, (height, width): (usize, usize)) -> Option<Text> {
    let (rows, columns) = open.size();
    let part = |id: &'static str, first: usize, room: usize, of: usize| {
        (room < of).then(|| {
            Text::new(id)
                .with_count("first", first + 1)
                .with_count("last", (first + room).min(of))
                .with_count("of", of)
        })
    };
    let parts = [
        part("tui-entry-rows-seen", open.corner.0, height, rows),
        part("tui-entry-rounds-seen", open.corner.1, width, columns),
    ];
    Text::joined(parts.into_iter().flatten())
}

fn draw_row_head(model: &Model, row: &Row<'_>, is_here: bool, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let tone = if is_here { Tone::Key } else { Tone::Text };
    if is_here {
        canvas.set(0, 0, shown.glyphs.cursor, shown.style(tone));
    }
    canvas.put(2, 0, TAG, &clean(&row.parameter.tag), shown.style(tone));
    let name = clean(shown.localizer.name(&row.parameter.name)).into_owned();
    canvas.put(2 + TAG + 1, 0, NAME, &name, shown.style(Tone::Dim));
    let unit = clean(&shown.localizer.unit(row.parameter.unit.symbol())).into_owned();
    canvas.put(2 + TAG + 1 + NAME + 1, 0, UNIT, &unit, shown.style(Tone::Dim));
}

/// What a cell shows: what was typed into it, else what stands there. A mark tells what is not sent, what somebody else
/// typed, what looked wrong and what the daemon does not keep yet.
fn cell(plant: &Plant, open: &Opened, known: &Row<'_>, at: (usize, usize)) -> (String, Tone) {
    let decimals = known.parameter.decimals;
    let typed = open.cell(at).and_then(|cell| Some((cell, open.typed.get(&cell)?)));
    if let Some((cell, typed)) = typed {
        let text = match open.entered_in(&plant.model, known, at) {
            Some(Ok(Entered::Value(value))) => from_count(value.count, decimals).to_string(),
            _ => typed.text.clone(),
        };
        let mark = match (open.unsaved.contains_key(&cell), &typed.by, typed.is_doubted) {
            (true, _, _) => "*",
            (false, Some(_), true) => "?@",
            (false, Some(_), false) => "@",
            (false, None, true) => "?",
            (false, None, false) => "+",
        };
        return (fitted(&text, mark), Tone::Typed);
    }
    match known.standing(at.1) {
        Some(standing) => (standing_text(standing, decimals), standing_tone(standing)),
        None if known.filled(at.1).is_some() => (fitted("-", "s"), Tone::Dim),
        None => ("-".to_owned(), Tone::Dim),
    }
}

/// A number with its mark as a cell has room for both: zeros at its end go first, and then it is cut, which is seen. A mark is
/// never left out: it may say that the value does not count.
fn fitted(text: &str, mark: &str) -> String {
    let room = usize::from(CELL - 1).saturating_sub(mark.len());
    let fits = |text: &str| text.chars().count() <= room;
    if fits(text) {
        return format!("{text}{mark}");
    }
    let short = match text.split_once('.') {
        Some((whole, digits)) => match digits.trim_end_matches('0') {
            "" => whole.to_owned(),
            digits => format!("{whole}.{digits}"),
        },
        None => text.to_owned(),
    };
    if fits(&short) {
        return format!("{short}{mark}");
    }
    let cut: String = short.chars().take(room.saturating_sub(1)).collect();
    format!("{cut}>{mark}")
}

fn standing_text(standing: Standing, decimals: u32) -> String {
    let mark = match standing.check {
        _ if !standing.counts => "!",
        Some(CheckMark::Awaits) => "~",
        Some(CheckMark::Returned) => "^",
        Some(CheckMark::Agreed) | None => " ",
    };
    fitted(&from_count(standing.value, decimals).to_string(), mark)
}

const fn standing_tone(standing: Standing) -> Tone {
    if standing.counts && !matches!(standing.check, Some(CheckMark::Returned)) {
        Tone::Text
    } else {
        Tone::Warning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_too_wide_never_loses_its_mark() {
        assert_eq!(fitted("12345.0", "+"), "12345.0+");
        assert_eq!(fitted("12345.000", "+"), "12345+");
        assert_eq!(fitted("123456.700", "!"), "123456.7!");
        assert_eq!(fitted("1234567.891", "?@"), "123456>?@");
        assert_eq!(fitted("123456789012", "!"), "1234567>!");
        for (text, mark) in [("-0.000000001", "?@"), ("99999999999999", "*")] {
            let shown = fitted(text, mark);
            assert!(
                shown.ends_with(mark) && shown.chars().count() < usize::from(CELL),
                "{shown}"
            );
        }
    }
}
