//! The Ledger pane (台账): emissions by nodes and sources, categories, gases or books over a period and its parts, with
//! shares and changes; below, everything about the selected figure.

mod detail;
mod figures;

use ratatui::layout::Size;
use ratatui::style::{Modifier, Style};

use super::super::ledger::{FIGURE_ROOM, Order, Sheet, TOTAL_ROOM, change, per_mille, signed, tenths};
use super::super::model::{LinkState, Model};
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::engine::view::{Grouping, LedgerRow, Step};
use crate::report::ledger::row_name;

use figures::mark;

/// Rows of the pane that are not the table's: title, headings, the rule below and the details.
const AROUND: u16 = 3 + detail::HEIGHT;

/// Screens from this width on show shares and changes beside the columns.
const ROOMY: u16 = 120;

/// Narrowest and widest column of names.
const NAME: (u16, u16) = (16, 44);

/// Width of the shares' column.
const SHARE: u16 = 6;

/// Width of the changes' columns.
const CHANGE: u16 = 8;

/// Width of the intensities' column.
const INTENSITY: u16 = 20;

/// Width of the whole period's column with its mark.
#[expect(clippy::cast_possible_truncation, reason = "a few cells")]
const TOTAL: u16 = TOTAL_ROOM as u16 + 1;

/// Width of a column with its mark.
#[expect(clippy::cast_possible_truncation, reason = "a few cells")]
const FIGURE: u16 = FIGURE_ROOM as u16 + 1;

/// How many rows the table has on a screen of a size.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + AROUND))
}

/// How many columns are seen beside the whole period's.
pub fn visible_columns(model: &Model) -> usize {
    model.ledger.sheet.as_ref().map_or(0, |sheet| {
        Columns::new(model.size.width, sheet, model.ledger.column).seen
    })
}

/// Where the columns begin and how wide they are; what is not shown has no width.
struct Columns {
    name: (u16, u16),
    total: (u16, u16),
    share: (u16, u16),
    before: (u16, u16),
    year_ago: (u16, u16),
    intensity: (u16, u16),
    /// Where the first of the periods' columns begins.
    periods: u16,
    /// How many of them are seen.
    seen: usize,
}

impl Columns {
    fn new(width: u16, sheet: &Sheet, column: usize) -> Self {
        let roomy = width >= ROOMY;
        // On a narrow screen who goes into the columns sees more of them instead of shares and changes.
        let beside = roomy || column == 0;
        let year = beside && sheet.table.compared.is_none_or(|compared| compared.year_ago.is_some());
        let gap = |width: u16| width + u16::from(width > 0);
        let share = if beside { SHARE } else { 0 };
        let before = if beside { CHANGE } else { 0 };
        let year_ago = if year { CHANGE } else { 0 };
        let intensity = if roomy && sheet.intensity { INTENSITY } else { 0 };
        let fixed = gap(TOTAL) + gap(share) + gap(before) + gap(year_ago) + gap(intensity);
        let rest = width.saturating_sub(1 + fixed + 1);
        let most = if beside { NAME.1 } else { 24 };
        let wanted = sheet.widest.saturating_add(2).clamp(NAME.0, most).min(rest);
        let seen = (rest.saturating_sub(wanted) / (FIGURE + 1)).min(u16::try_from(sheet.columns()).unwrap_or(u16::MAX));
        // Figures stay near the names they belong to, but what no column takes is the names'.
        let left = rest.saturating_sub(wanted + seen * (FIGURE + 1));
        let name = (wanted + left).min(NAME.1.max(wanted));
        let mut at = 1;
        let mut next = |width: u16| {
            let column = (at, width);
            at += gap(width);
            column
        };
        Self {
            name: next(name),
            total: next(TOTAL),
            share: next(share),
            before: next(before),
            year_ago: next(year_ago),
            intensity: next(intensity),
            periods: at,
            seen: usize::from(seen),
        }
    }

    /// The columns that are seen with where they begin.
    fn periods(&self, first: usize) -> impl Iterator<Item = (usize, u16)> {
        (first.max(1)..)
            .zip((self.periods..).step_by(usize::from(FIGURE + 1)))
            .take(self.seen)
    }
}

/// Draws the pane.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) {
    let Some((plant, _)) = model.displayed() else { return };
    let (width, height) = (canvas.width(), canvas.height());
    let body = height.saturating_sub(AROUND);
    if let Some(sheet) = &model.ledger.sheet {
        draw_title(model, plant, Some(sheet), &mut canvas.part(0, 0, width, 1));
        draw_table(model, plant, sheet, &mut canvas.part(0, 1, width, body + 1));
        draw_rule(model, sheet, &mut canvas.part(0, body + 2, width, 1));
        let mut part = canvas.part(0, body + 3, width, detail::HEIGHT);
        if draw_refusal(model, &mut part) == 0 {
            detail::draw(model, plant, sheet, &mut part);
        }
    } else {
        draw_title(model, plant, None, &mut canvas.part(0, 0, width, 1));
        let mut part = canvas.part(1, 2, width.saturating_sub(2), height.saturating_sub(2));
        if draw_refusal(model, &mut part) == 0 {
            let text = if plant.state.time().is_none() {
                Text::new("tui-ledger-no-time")
            } else {
                Text::new("tui-explain-awaited")
            };
            let room = part.width();
            part.put(1, 0, room, &model.shown.text(&text), model.shown.style(Tone::Dim));
        }
    }
}

/// Everything about the selected figure as text.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, _) = model.displayed()?;
    detail::as_text(model, plant, model.ledger.sheet.as_ref()?)
}

/// Why what is wanted was refused, if it was; gives the rows that it took.
fn draw_refusal(model: &Model, canvas: &mut Canvas<'_>) -> u16 {
    let Some((question, why)) = &model.ledger.refused else {
        return 0;
    };
    let shown = &model.shown;
    let key = shown
        .keymap
        .key_of(model.context(), super::super::keymap::Action::Refresh);
    let text = Text::new("tui-ledger-refused")
        .with_period("period", question.period)
        .with_text("why", why.clone())
        .with("key", key.map_or_else(String::new, ToString::to_string));
    let lines = cells::wrap(&shown.text(&text), usize::from(canvas.width().saturating_sub(2)).max(2));
    let mut taken = 0;
    for (row, line) in (0..canvas.height()).zip(lines) {
        let room = canvas.width();
        canvas.put(1, row, room, &line, shown.style(Tone::Warning));
        taken = row + 1;
    }
    taken
}

/// What the table shows at the left; at the right as of which record, and what is awaited.
fn draw_title(model: &Model, plant: &Plant, sheet: Option<&Sheet>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let awaited = model.ledger.awaited.as_ref().filter(|_| model.link == LinkState::Up);
    let other = awaited.filter(|(_, question)| sheet.is_none_or(|sheet| sheet.question != *question));
    let record = sheet.map(|sheet| Text::new("tui-ledger-record").with("sequence", sheet.table.sequence));
    let right = match (other, record) {
        (Some((_, question)), _) => shown.text(&Text::new("tui-ledger-asking").with_period("period", question.period)),
        (None, Some(record)) if awaited.is_some() => format!("{} {}", shown.text(&record), shown.glyphs.ellipsis),
        (None, Some(record)) => shown.text(&record),
        (None, None) => String::new(),
    };
    let tone = if other.is_some() { Tone::Advisory } else { Tone::Dim };
    canvas.put_right(0, 0, width.saturating_sub(1), &right, shown.style(tone));
    let room = width.saturating_sub(u16::try_from(cells::width(&right)).unwrap_or(width) + 3);
    let Some(sheet) = sheet else { return };
    let question = &sheet.question;
    let mut column = 1;
    let mut put = |text: &Text, tone: Tone| {
        let left = room.saturating_sub(column);
        column = canvas.put(column, 0, left, &shown.text(text), shown.style(tone)) + 2;
    };
    let period = Text::new("tui-ledger-period").with_period("period", question.period);
    put(&period, Tone::Title);
    put(
        &match question.step {
            Step::Hour => Text::new("tui-ledger-by-hour"),
            Step::Day => Text::new("tui-ledger-by-day"),
            Step::Month => Text::new("tui-ledger-by-month"),
            Step::Whole => Text::new("tui-ledger-by-nothing"),
        },
        Tone::Dim,
    );
    put(
        &match question.by {
            Grouping::Tree => Text::new("tui-ledger-tree"),
            Grouping::Category => Text::new("tui-ledger-category"),
            Grouping::Gas => Text::new("tui-ledger-gas"),
            Grouping::Book => Text::new("tui-ledger-book"),
        },
        Tone::Text,
    );
    let books = plant.state.totals.len();
    let place = plant
        .state
        .totals
        .iter()
        .position(|totals| totals.book == sheet.table.book);
    if let Some((place, totals)) = place.and_then(|place| Some((place, plant.state.totals.get(place)?))) {
        let book = Text::new("tui-book")
            .with("name", shown.localizer.name(&totals.name))
            .with_count("number", place + 1)
            .with_count("books", books);
        put(&book, Tone::Dim);
    }
}

fn draw_table(model: &Model, plant: &Plant, sheet: &Sheet, canvas: &mut Canvas<'_>) {
    let columns = Columns::new(canvas.width(), sheet, model.ledger.column);
    draw_headings(model, plant, sheet, &columns, canvas);
    if sheet.table.rows.len() <= 1 {
        let room = canvas.width();
        let text = model.shown.text(&Text::new("tui-ledger-empty"));
        canvas.put(3, 3, room.saturating_sub(4), &text, model.shown.style(Tone::Advisory));
    }
    let (zone, day_start) = (&plant.model.zone, plant.model.day_start_minutes);
    let hour = zone.hour_of(plant.now(model.displayed().map_or(model.elapsed, |(_, elapsed)| elapsed)));
    // Of what is still to come nothing is known, and nothing is not nought.
    let begun = |column: usize| sheet.period(column).hours(zone, day_start).0 <= hour;
    let rows = model.ledger.rows.iter().enumerate().skip(model.ledger.top);
    for (line, (index, &place)) in (1..canvas.height()).zip(rows) {
        if let Some(row) = sheet.row(place) {
            let selected = index == model.ledger.cursor;
            draw_row(model, sheet, (place, row), selected, line, (&columns, &begun), canvas);
        }
    }
}

/// The headings whose room is given, with it.
pub fn headings() -> [(Text, u16); 6] {
    [
        (Text::new("tui-ledger-name"), NAME.0),
        (Text::new("tui-ledger-total"), TOTAL - 1),
        (Text::new("tui-ledger-share"), SHARE),
        (Text::new("tui-ledger-before"), CHANGE),
        (Text::new("tui-ledger-year-ago"), CHANGE),
        (Text::new("tui-ledger-intensity"), INTENSITY),
    ]
}

fn draw_headings(model: &Model, plant: &Plant, sheet: &Sheet, columns: &Columns, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let [name, total, share, before, year_ago, intensity] = headings();
    let (column, room) = columns.name;
    canvas.put(
        column + 2,
        0,
        room.saturating_sub(2),
        &shown.text(&name.0),
        shown.style(Tone::Title),
    );
    let whole = shown.text(&total.0);
    draw_figures_heading(model, sheet, plant, 0, (columns.total.0, TOTAL), &whole, canvas);
    for ((column, room), heading) in [
        (columns.share, share),
        (columns.before, before),
        (columns.year_ago, year_ago),
        (columns.intensity, intensity),
    ] {
        canvas.put_right(column, 0, room, &shown.text(&heading.0), shown.style(Tone::Title));
    }
    for (column, at) in columns.periods(model.ledger.first) {
        let label = label(plant, sheet.period(column));
        draw_figures_heading(model, sheet, plant, column, (at, FIGURE), &label, canvas);
    }
}

/// The heading of a column of figures: under the cursor, by what is sorted, noted, sealed.
fn draw_figures_heading(
    model: &Model,
    sheet: &Sheet,
    plant: &Plant,
    column: usize,
    (at, width): (u16, u16),
    label: &str,
    canvas: &mut Canvas<'_>,
) {
    let glyphs = &model.shown.glyphs;
    let here = column == model.ledger.column;
    let style = model.shown.style(if here { Tone::Selected } else { Tone::Title });
    let descending = model.ledger.order == Order::Greatest(column);
    let sorted = if descending {
        String::from(glyphs.descending)
    } else {
        String::new()
    };
    // The last cell is the marks'.
    canvas.put_right(at, 0, width - 1, &format!("{sorted}{label}"), style);
    let period = sheet.period(column);
    if model.ledger.is_noted(period, &plant.model) {
        canvas.set(at + width - 1, 0, 'n', model.shown.style(Tone::Title));
    } else if sheet.is_sealed(period, &plant.model) {
        canvas.set(at + width - 1, 0, glyphs.sealed, model.shown.style(Tone::Dim));
    }
}

/// What a column is called in few cells: `14:00`, `11-20`, `2025-11`.
fn label(plant: &Plant, period: Period) -> String {
    let zone = &plant.model.zone;
    let start = |hour| zone.local(zone.hour_start(hour));
    match period {
        Period::Hour(hour) => start(hour).format("%H:%M").to_string(),
        Period::Day(date) => date.format("%m-%d").to_string(),
        Period::Hours(from, _) => start(from).format("%m-%d").to_string(),
        Period::Month(_) | Period::Year(_) => period.shown(zone),
    }
}

fn draw_row(
    model: &Model,
    sheet: &Sheet,
    (place, row): (usize, &LedgerRow),
    selected: bool,
    line: u16,
    (columns, begun): (&Columns, &dyn Fn(usize) -> bool),
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let ground = shown.style(Tone::Selected);
    if selected {
        canvas.style_row(line, ground);
        canvas.set(0, line, shown.glyphs.cursor, ground);
    }
    let style = |tone: Tone| match tone {
        Tone::Text | Tone::Dim | Tone::Title if selected => ground,
        tone if selected => ground.patch(shown.style(tone)),
        tone => shown.style(tone),
    };
    draw_name(model, sheet, (place, row), line, columns.name, &style, canvas);
    let mut figure = |column: usize, at: u16, width: u16, digits: u32| {
        let Some(figure) = sheet.figure(place, column).filter(|_| column == 0 || begun(column)) else {
            return;
        };
        let here = selected && column == model.ledger.column;
        let text = figures::text(figure, digits, usize::from(width - 1));
        let look = if here {
            // Where the row is reversed itself, the line below tells the figure apart.
            style(Tone::Text).add_modifier(Modifier::REVERSED | Modifier::UNDERLINED)
        } else {
            style(if column == 0 { Tone::Text } else { Tone::Dim })
        };
        canvas.put_right(at, line, width - 1, &text, look);
        if let Some((mark, tone)) = mark(figure) {
            canvas.set(at + width - 1, line, mark, style(tone));
        }
    };
    figure(0, columns.total.0, TOTAL, sheet.total_digits);
    for (column, at) in columns.periods(model.ledger.first) {
        figure(column, at, FIGURE, sheet.column_digits);
    }
    let mut put = |(column, room): (u16, u16), text: Option<String>| {
        if room > 0 {
            // A number that is cut would be another number.
            let fitting = text.map(|text| {
                let room = usize::from(room);
                if text.len() <= room { text } else { "#".repeat(room) }
            });
            let text = fitting.unwrap_or_else(|| "--".to_owned());
            canvas.put_right(column, line, room, &text, style(Tone::Dim));
        }
    };
    if columns.share.1 == 0 {
        return;
    }
    let whole = sheet.row(sheet.whole(place)).map(|row| row.total.milligrams);
    let share = whole.and_then(|whole| per_mille(row.total.milligrams, whole));
    put(columns.share, share.map(tenths));
    let compared = |earlier: Option<i128>| {
        let comparison = row.comparison?;
        change(comparison.here, earlier?).map(signed)
    };
    put(columns.before, compared(row.comparison.and_then(|one| one.before)));
    put(columns.year_ago, compared(row.comparison.and_then(|one| one.year_ago)));
    let intensity = row.intensity.iter().find_map(|intensity| {
        let value = intensity.value.as_deref()?;
        Some(format!("{value}/{}", shown.localizer.unit(&intensity.unit)))
    });
    if let Some(intensity) = intensity {
        put(columns.intensity, Some(intensity));
    }
}

/// The name with its place in the tree; where the order is not the tree's, with the row above it after it.
fn draw_name(
    model: &Model,
    sheet: &Sheet,
    (place, row): (usize, &LedgerRow),
    line: u16,
    (column, room): (u16, u16),
    style: &impl Fn(Tone) -> Style,
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let name = row_name(row, &shown.localizer);
    let tree = model.ledger.order == Order::Plant;
    let below = sheet.below.get(place).copied().unwrap_or(false);
    let indent = if tree {
        u16::try_from(row.depth).unwrap_or(0).min(8) * 2
    } else {
        0
    };
    if tree && below {
        let folded = sheet
            .paths
            .get(place)
            .is_some_and(|path| model.ledger.folded.contains(path));
        let glyph = if folded {
            shown.glyphs.folded
        } else {
            shown.glyphs.unfolded
        };
        canvas.set(column + indent, line, glyph, style(Tone::Dim));
    }
    let tone = if below { Tone::Title } else { Tone::Text };
    let end = column + room;
    let from = column + indent + 2;
    let after = canvas.put(from, line, end.saturating_sub(from), &name, style(tone));
    if !tree && !below && row.depth > 1 {
        let parent = sheet.parent(place).and_then(|parent| sheet.row(parent));
        if let Some(parent) = parent {
            let words = format!(" {} {}", shown.glyphs.of, row_name(parent, &shown.localizer));
            canvas.put(after, line, end.saturating_sub(after), &words, style(Tone::Dim));
        }
    }
}

/// The rule between table and details, with what decides the table on it, and the total that must stand beside the whole.
fn draw_rule(model: &Model, sheet: &Sheet, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let room = canvas.width();
    let mut column = 2;
    let mut put = |text: &Text, tone: Tone| {
        column = canvas.put(column, 0, room, &format!(" {} ", shown.text(text)), shown.style(tone)) + 1;
    };
    let rows = Text::new("tui-listed")
        .with_count("listed", model.ledger.rows.len())
        .with_count("all", sheet.table.rows.len());
    put(&rows, Tone::Dim);
    put(
        &match model.ledger.order {
            Order::Plant => Text::new("tui-sort-plant"),
            Order::Greatest(_) => Text::new("tui-ledger-greatest"),
        },
        Tone::Dim,
    );
    if sheet.question.by != Grouping::Book {
        let direct = crate::locale::figures::tonnes(sheet.table.direct.milligrams, sheet.total_digits);
        put(&Text::new("tui-ledger-direct").with("tonnes", direct), Tone::Dim);
    }
}

/// What the marks of the pane mean, the gravest first.
pub fn marks(model: &Model) -> Vec<(String, Text)> {
    let mut marks: Vec<(String, Text)> = figures::MARKS
        .iter()
        .map(|(mark, text)| (String::from(*mark), Text::new(text)))
        .collect();
    marks.push((
        String::from(model.shown.glyphs.sealed),
        Text::new("tui-ledger-mark-sealed"),
    ));
    marks
}
