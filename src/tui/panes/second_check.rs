//! What a second person looks at (复核画面): the list of what is open, and a record value by value, beside what stood before
//! each and what became of it.

use ratatui::layout::Size;

use super::super::model::{Model, Wanted};
use super::super::plant::Plant;
use super::super::second_check::{OpenRecord, SecondChecks};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::note::short;
use super::{ABOVE, BELOW, inbox, say};
use crate::domain::decimal::from_count;
use crate::domain::document::Document;
use crate::domain::model::Name;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::documents::document_name;
use crate::engine::view::{CheckMark, CheckedCell, SecondCheckView};
use crate::wire::records::{CheckedRecord, SecondCheckListed};

/// Rows above the list, and below it with the rule over them.
const HEADING: u16 = 2;
const FOOT: u16 = 5;

/// Rows that a document takes above the values of its record, and what is attached to those.
const OF_DOCUMENT: u16 = 2;

/// The most documents whose words are shown above the values; of more the one of the value under the cursor is, below them.
const MOST_DOCUMENTS: usize = 3;

/// Columns of the list: record, time, person, state.
const RECORD: u16 = 7;
const TIME: u16 = 12;
const PERSON: u16 = 10;
const STATE: u16 = 10;

/// Columns of a record: mark, tag, name, value, unit, the value before.
const MARK: u16 = 3;
const TAG: u16 = 13;
const NAME: u16 = 14;
const WIDEST_NAME: u16 = 40;
const VALUE: u16 = 11;
const UNIT: u16 = 7;

/// How many lines of the list a screen of a size shows.
pub fn list_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + FOOT))
}

/// How many values of a record a screen of a size shows, under what is said of its documents and attachments.
pub fn record_height(size: Size, view: &CheckedRecord) -> usize {
    let documents = Some(view.documents.len()).filter(|count| *count <= MOST_DOCUMENTS);
    let said = documents.unwrap_or(1) + usize::from(!view.attachments.is_empty());
    let said = OF_DOCUMENT * u16::try_from(said).unwrap_or(0);
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + 1 + said + FOOT))
}

/// Draws what is open; gives where one types.
pub fn draw(model: &Model, plant: &Plant, checks: &SecondChecks, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    if let Some(record) = &checks.record {
        return draw_record(model, plant, record, canvas);
    }
    draw_list(model, plant, checks, canvas);
    None
}

/// How much waits and how much was returned.
pub fn counts(checks: &SecondChecks) -> Text {
    match checks.counts() {
        Some((awaits, returned)) => Text::new("tui-second-check-counts")
            .with_count("awaits", awaits)
            .with_count("returned", returned),
        None => Text::new("tui-explain-awaited"),
    }
}

fn person(model: &Model, name: Option<&Name>, by: &str) -> String {
    match name {
        Some(name) => clean(model.shown.localizer.name(name)).into_owned(),
        None => clean(by).into_owned(),
    }
}

fn draw_list(model: &Model, plant: &Plant, checks: &SecondChecks, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let title = shown.text(&Text::new("tui-second-check-title"));
    canvas.put(1, 0, width, &title, shown.style(Tone::Title));
    let counted = shown.text(&counts(checks));
    canvas.put_right(0, 0, width.saturating_sub(1), &counted, shown.style(Tone::Dim));
    match checks.list.view() {
        Some(Wanted::Here(_)) => {}
        Some(Wanted::Refused(why)) => return say(model, why, Tone::Advisory, HEADING, canvas),
        Some(Wanted::Awaited(_)) | None => {
            return say(model, &Text::new("tui-explain-awaited"), Tone::Dim, HEADING, canvas);
        }
    }
    if checks.lines().is_empty() {
        let nothing = if plant.model.has_second_person() {
            Text::new("tui-second-check-nothing")
        } else {
            Text::new("second-check-unplanned")
        };
        return say(model, &nothing, Tone::Dim, HEADING, canvas);
    }
    let rows = height.saturating_sub(FOOT);
    for (row, (place, line)) in (HEADING..rows).zip(checks.lines().iter().enumerate().skip(checks.top)) {
        draw_line(
            model,
            plant,
            line,
            place == checks.at,
            &mut canvas.part(0, row, width, 1),
        );
    }
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Rule));
    if let Some(line) = checks.lines().get(checks.at) {
        let said = [line.what.clone(), line.check.said()];
        put_lines(model, &said, Tone::Text, rows + 1, canvas);
    }
}

/// Texts one below the other, from a row to the last.
fn put_lines(model: &Model, texts: &[Text], tone: Tone, from: u16, canvas: &mut Canvas<'_>) {
    let room = usize::from(canvas.width().saturating_sub(2)).max(2);
    let lines = texts.iter().flat_map(|text| cells::wrap(&model.shown.text(text), room));
    let (width, height) = (canvas.width(), canvas.height());
    for (row, line) in (from..height).zip(lines) {
        canvas.put(1, row, width.saturating_sub(1), &line, model.shown.style(tone));
    }
}

fn draw_line(model: &Model, plant: &Plant, line: &SecondCheckListed, is_here: bool, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let check = &line.check;
    let tone = match check.mark {
        CheckMark::Returned => Tone::Warning,
        CheckMark::Awaits | CheckMark::Agreed => Tone::Text,
    };
    let style = shown.style(if is_here { Tone::Selected } else { tone });
    if is_here {
        canvas.style_row(0, style);
        canvas.set(0, 0, shown.glyphs.cursor, style);
    }
    canvas.put_right(1, 0, RECORD, &check.record.to_string(), style);
    let at = plant.model.zone.local(check.at).format("%m-%d %H:%M").to_string();
    let mut column = RECORD + 2;
    canvas.put(column, 0, TIME - 1, &at, style);
    column += TIME;
    // Names have what a wide screen leaves.
    let named = PERSON + width.saturating_sub(80) / 8;
    let by = person(model, check.name.as_ref(), &check.by);
    canvas.put(column, 0, named - 1, &by, style);
    column += named;
    let room = width.saturating_sub(column + STATE + 2);
    canvas.put(column, 0, room, &shown.text(&line.what), style);
    canvas.put_right(
        width.saturating_sub(STATE + 1),
        0,
        STATE,
        &shown.text(&state(check)),
        style,
    );
}

/// How it stands with a record, in a word.
fn state(check: &SecondCheckView) -> Text {
    match check.mark {
        CheckMark::Returned if check.is_replaced() => Text::new("tui-second-check-put-right"),
        CheckMark::Awaits if check.is_replaced() => Text::new("tui-second-check-replaced"),
        CheckMark::Awaits => Text::new("tui-second-check-awaits"),
        mark => mark.text(),
    }
}

fn draw_record(model: &Model, plant: &Plant, open: &OpenRecord, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let title = Text::new("tui-second-check-record").with("record", open.of);
    canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    let view = match &open.view {
        Wanted::Here(view) => view,
        Wanted::Refused(why) => {
            say(model, why, Tone::Advisory, HEADING, canvas);
            return None;
        }
        Wanted::Awaited(_) => {
            say(model, &Text::new("tui-explain-awaited"), Tone::Dim, HEADING, canvas);
            return None;
        }
    };
    let check = &view.listed.check;
    let by = Text::new("tui-second-check-by")
        .with("by", person(model, check.name.as_ref(), &check.by))
        .with("at", short(&plant.model.zone, check.at, plant.now(model.elapsed)))
        .with_text("state", state(check));
    canvas.put_right(0, 0, width.saturating_sub(1), &shown.text(&by), shown.style(Tone::Dim));
    let what = shown.text(&view.listed.what);
    canvas.put(1, 1, width.saturating_sub(1), &what, shown.style(Tone::Text));
    let mut row = HEADING;
    let documents: Vec<String> = if view.documents.len() > MOST_DOCUMENTS {
        let count = Text::new("tui-second-check-documents").with_count("count", view.documents.len());
        vec![shown.text(&count)]
    } else {
        view.documents
            .iter()
            .map(|document| words_of(model, document))
            .collect()
    };
    for said in documents
        .into_iter()
        .chain(inbox::attached_for_good(model, &view.attachments))
    {
        let lines = cells::wrap(&said, usize::from(width.saturating_sub(2)).max(2));
        for (line, row) in lines.iter().take(usize::from(OF_DOCUMENT)).zip(row..) {
            canvas.put(1, row, width.saturating_sub(1), line, shown.style(Tone::Dim));
        }
        row += OF_DOCUMENT;
    }
    draw_headings(model, &mut canvas.part(0, row, width, 1));
    let rows = height.saturating_sub(FOOT);
    for (row, (place, cell)) in (row + 1..rows).zip(view.cells.iter().enumerate().skip(open.top)) {
        let mut line = canvas.part(0, row, width, 1);
        draw_cell(model, plant, (open, view), (cell, place), &mut line);
    }
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Rule));
    draw_foot(model, plant, (open, view), rows + 1, canvas)
}

/// Where the columns of a record begin: mark, tag, name, time, value, unit, before.
fn columns(width: u16) -> [u16; 6] {
    let name = MARK + TAG + 1;
    // What a wide screen leaves goes to the name, as far as names go.
    let spare = width.saturating_sub(80).min(WIDEST_NAME - NAME);
    let time = name + NAME + spare + 1;
    let value = time + 12;
    let unit = value + VALUE + 1;
    [MARK, name, time, value, unit, unit + UNIT + 1]
}

fn draw_headings(model: &Model, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let [tag, name, time, value, unit, before] = columns(canvas.width());
    let style = shown.style(Tone::Title);
    let mut put = |column: u16, is_right: bool, id: &'static str| {
        let text = shown.text(&Text::new(id));
        if is_right {
            canvas.put_right(column, 0, VALUE, &text, style);
        } else {
            canvas.put(column, 0, NAME, &text, style);
        }
    };
    put(tag, false, "tui-second-check-tag");
    put(name, false, "tui-second-check-name");
    put(time, false, "tui-second-check-time");
    put(value, true, "tui-second-check-value");
    put(unit, false, "tui-second-check-unit");
    put(before, true, "tui-second-check-before");
}

fn draw_cell(
    model: &Model,
    plant: &Plant,
    (open, view): (&OpenRecord, &CheckedRecord),
    (cell, place): (&CheckedCell, usize),
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let is_here = place == open.at;
    let stands = cell
        .standing
        .is_some_and(|standing| standing.record == view.listed.check.record);
    let tone = if cell.is_returned && stands {
        Tone::Warning
    } else if stands {
        Tone::Text
    } else {
        Tone::Dim
    };
    let style = shown.style(if is_here { Tone::Selected } else { tone });
    if is_here {
        canvas.style_row(0, style);
        canvas.set(0, 0, shown.glyphs.cursor, style);
    }
    if open.picked.contains(&place) {
        canvas.set(1, 0, '*', style);
    } else if cell.is_returned {
        canvas.set(1, 0, '!', style);
    }
    let Some(parameter) = plant.model.parameter(cell.parameter) else {
        return;
    };
    let [tag, name, time, value, unit, before] = columns(canvas.width());
    canvas.put(tag, 0, TAG, &clean(&parameter.tag), style);
    let known = clean(shown.localizer.name(&parameter.name)).into_owned();
    canvas.put(name, 0, time.saturating_sub(name + 1), &known, style);
    let at = plant.model.zone.local(cell.slot.at).format("%m-%d %H:%M").to_string();
    canvas.put(time, 0, 11, &at, style);
    let number = |count: i64| from_count(count, parameter.decimals).to_string();
    canvas.put_right(value, 0, VALUE, &number(cell.value), style);
    let symbol = clean(&shown.localizer.unit(parameter.unit.symbol())).into_owned();
    canvas.put(unit, 0, UNIT, &symbol, style);
    let last = cell.before.map_or_else(|| "-".to_owned(), number);
    canvas.put_right(before, 0, VALUE, &last, style);
}

/// What is known of the value under the cursor, and what is asked or wrong.
fn draw_foot(
    model: &Model,
    plant: &Plant,
    (open, view): (&OpenRecord, &CheckedRecord),
    row: u16,
    canvas: &mut Canvas<'_>,
) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let width = canvas.width();
    let here = view.cells.get(open.at);
    let told: Vec<Text> = here
        .into_iter()
        .flat_map(|cell| [given(plant, view, cell), became(plant, view, cell)])
        .flatten()
        .collect();
    if let Some(text) = Text::sentences(told) {
        canvas.put(
            1,
            row,
            width.saturating_sub(1),
            &shown.text(&text),
            shown.style(Tone::Dim),
        );
    }
    if let Some(reason) = &open.reason {
        let asked = Text::new("tui-second-check-why").with_count("count", open.picked.len());
        let (text, tone) = match &open.fault {
            Some(fault) => (fault, Tone::Alarm),
            None => (&asked, Tone::Title),
        };
        canvas.put(
            1,
            row + 1,
            width.saturating_sub(1),
            &shown.text(text),
            shown.style(tone),
        );
        let style = shown.style(Tone::Selected);
        return Some(reason.draw(canvas, 1, row + 2, width.saturating_sub(2), style));
    }
    let (texts, tone) = match &open.fault {
        Some(fault) => (vec![fault.clone()], Tone::Alarm),
        None if open.asked.is_some() => (vec![Text::new("tui-entry-sending")], Tone::Dim),
        None => {
            let document = here.filter(|_| view.documents.len() > MOST_DOCUMENTS);
            let document = document.and_then(|cell| document_of(view, cell));
            let words = document.and_then(|document| said_by(model, document));
            let loading = (view.more > 0).then(|| Text::new("tui-second-check-loading").with_count("count", view.more));
            let said = words.into_iter().chain([view.listed.check.said()]).chain(loading);
            (said.collect(), Tone::Text)
        }
    };
    put_lines(model, &texts, tone, row + 1, canvas);
    None
}

/// What a document says besides its values, with its name.
fn said_by(model: &Model, document: &Document) -> Option<Text> {
    let known = model.plant.as_ref().map(|plant| &*plant.model);
    Text::joined(std::iter::once(document_name(document)).chain(document.said_under(known)))
}

fn words_of(model: &Model, document: &Document) -> String {
    said_by(model, document)
        .map(|said| model.shown.text(&said))
        .unwrap_or_default()
}

/// The document of a value; of several that speak of one batch the last one, which counts.
fn document_of<'a>(view: &'a CheckedRecord, cell: &CheckedCell) -> Option<&'a Document> {
    let mut documents = view.documents.iter();
    documents.rfind(|document| document.brought(cell.parameter, cell.slot))
}

/// The value as it stands on the paper, where it was converted.
fn given(plant: &Plant, view: &CheckedRecord, cell: &CheckedCell) -> Option<Text> {
    let parameter = plant.model.parameter(cell.parameter)?;
    let document = document_of(view, cell)?;
    let mut values = document.values().iter();
    let given = values.find(|given| given.parameter == cell.parameter)?;
    (given.value != from_count(cell.value, parameter.decimals)).then(|| {
        Text::new("tui-second-check-given")
            .with("number", clean(&document.number))
            .with("value", given.value.normalize())
            .with("unit", clean(parameter.unit.symbol()))
    })
}

/// What became of a value that does not stand as it was written.
fn became(plant: &Plant, view: &CheckedRecord, cell: &CheckedCell) -> Option<Text> {
    let parameter = plant.model.parameter(cell.parameter)?;
    match &cell.standing {
        Some(standing) if standing.record == view.listed.check.record => None,
        Some(standing) => Some(
            Text::new("tui-second-check-now")
                .with("value", from_count(standing.value, parameter.decimals))
                .with("unit", clean(parameter.unit.symbol()))
                .with("record", standing.record),
        ),
        None => Some(Text::new("tui-second-check-gone")),
    }
}
