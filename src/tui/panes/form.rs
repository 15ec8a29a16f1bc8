//! A form (单据录入画面): its fields one under the other, what is said of the one under the cursor, and what was filed lately.

mod several;

use ratatui::layout::Size;

use super::super::form::{OpenForm, Over};
use super::super::model::{Model, Shown, Wanted};
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW};
use crate::domain::decimal::from_count;
use crate::domain::document::{Document, Span};
use crate::domain::text::{Text, clean};
use crate::engine::view::DocumentView;
use crate::entry::form::{Asked, Called, FormField, Sort, label, read};
use crate::wire::records::RecordView;

pub use self::several::several_height;

/// Rows above the fields, and below them.
pub(super) const HEADING: u16 = 2;
pub(super) const FOOT: u16 = 6;

/// Width of what a field is called, and where its text begins.
const LABEL: u16 = 30;
const LEFT: u16 = LABEL + 4;

/// Width of a text.
const TEXT: u16 = 28;

/// How many fields a screen of a size shows.
pub fn form_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + FOOT))
}

/// What something is called.
pub fn words(shown: &Shown, called: &Called) -> String {
    clean(&called.words(&shown.localizer)).into_owned()
}

/// What a field is called by its key.
fn field_words(shown: &Shown, open: &OpenForm, key: &str) -> String {
    let field = open.fields.iter().find(|field| field.key == key);
    field.map_or_else(|| clean(key).into_owned(), |field| words(shown, &field.called))
}

/// What is said of a field, behind what it is called.
fn of_field(shown: &Shown, open: &OpenForm, (key, why): (&str, &Text)) -> String {
    let said = Text::new("tui-form-of-field").with("field", field_words(shown, open, key));
    shown.text(&said.with_text("why", why.clone()))
}

/// Draws a form; gives where one types.
pub fn draw(model: &Model, plant: &Plant, open: &OpenForm, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let title = words(shown, &label(&open.form));
    canvas.put(1, 0, width, &title, shown.style(Tone::Title));
    let state = if open.filing.is_some() {
        Text::new("tui-entry-sending")
    } else if open.texts.is_empty() {
        Text::new("tui-form-empty")
    } else if open.is_kept {
        Text::new("tui-form-kept")
    } else {
        Text::new("tui-form-not-kept")
    };
    canvas.put_right(
        0,
        0,
        width.saturating_sub(1),
        &shown.text(&state),
        shown.style(Tone::Dim),
    );
    let rows = height.saturating_sub(FOOT);
    match (&open.over, &open.attaching.inbox) {
        (Some(Over::Picking(picking)), _) => {
            super::inbox::draw_picking(model, plant, picking, canvas);
            return None;
        }
        (Some(Over::Several(several)), _) => {
            several::draw(model, plant, (open, several), canvas);
            return None;
        }
        (None, Some(inbox)) => {
            super::inbox::draw_attaching(model, plant, (inbox, &open.attaching), canvas);
            return None;
        }
        (None, None) => {}
    }
    let mut cursor = None;
    let mut next = HEADING;
    for (row, place) in (HEADING..rows).zip(open.top..open.fields.len()) {
        if let Some(field) = open.fields.get(place) {
            let here = draw_field(
                model,
                plant,
                open,
                (field, place == open.at),
                &mut canvas.part(0, row, width, 1),
            );
            cursor = cursor.or(here.map(|(column, _)| (column, row)));
        }
        next = row + 1;
    }
    let attached = super::inbox::attached(model, &open.attaching);
    let mut in_foot = None;
    match attached {
        Some(attached) if next < rows => {
            canvas.put(2, next, width.saturating_sub(3), &attached, shown.style(Tone::Text));
            next += 1;
        }
        attached => in_foot = attached.map(|attached| (attached, Tone::Text)),
    }
    draw_lately(
        model,
        plant,
        open,
        &mut canvas.part(0, next + 1, width, rows.saturating_sub(next + 1)),
    );
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Rule));
    let lines = below(model, plant, open);
    let mut row = rows + 1;
    for (text, tone) in in_foot.into_iter().chain(lines) {
        for line in cells::wrap(&text, usize::from(width.saturating_sub(2)).max(2)) {
            if row >= height {
                return cursor;
            }
            canvas.put(1, row, width.saturating_sub(1), &line, shown.style(tone));
            row += 1;
        }
    }
    cursor
}

/// A field with what is written into it; where one types.
fn draw_field(
    model: &Model,
    plant: &Plant,
    open: &OpenForm,
    (field, is_here): (&FormField, bool),
    canvas: &mut Canvas<'_>,
) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let tone = if is_here { Tone::Key } else { Tone::Text };
    if is_here {
        canvas.set(0, 0, shown.glyphs.cursor, shown.style(tone));
    }
    canvas.put(2, 0, LABEL, &words(shown, &field.called), shown.style(tone));
    let is_wrong = open.wrong.contains_key(&field.key);
    let is_doubted = open
        .doubted
        .as_ref()
        .is_some_and(|(_, found)| found.iter().any(|(key, _)| *key == field.key));
    let mark = if is_wrong {
        "!"
    } else if is_doubted {
        "?"
    } else if field.is_required && open.text(&field.key).is_empty() && !is_here {
        "*"
    } else {
        ""
    };
    canvas.put(LEFT - 2, 0, 1, mark, shown.style(Tone::Warning));
    let hint = hint(shown, plant, field);
    let beside = LEFT + TEXT + 1;
    canvas.put(
        beside,
        0,
        canvas.width().saturating_sub(beside + 1),
        &hint,
        shown.style(Tone::Dim),
    );
    if !is_here {
        canvas.put(LEFT, 0, TEXT, &clean(open.text(&field.key)), shown.style(Tone::Typed));
        return None;
    }
    let style = shown.style(Tone::Selected);
    canvas.put(LEFT, 0, TEXT, &" ".repeat(usize::from(TEXT)), style);
    Some(open.field.draw(canvas, LEFT, 0, TEXT, style))
}

/// What a field takes, in a few words.
fn hint(shown: &Shown, plant: &Plant, field: &FormField) -> String {
    match &field.sort {
        Sort::Value(id) => {
            let unit = plant.model.parameter(*id).map_or("", |known| known.unit.symbol());
            format!("{}  {}", clean(&shown.localizer.unit(unit)), clean(&field.key))
        }
        Sort::PerCent => "%".to_owned(),
        Sort::Day => shown.text(&Text::new("tui-form-hint-day")),
        Sort::Time => shown.text(&Text::new("tui-form-hint-time")),
        Sort::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|(word, _)| word.as_str()).collect();
            clean(&words.join(" ")).into_owned()
        }
        Sort::Words | Sort::Number => String::new(),
    }
}

/// What is to be said below the fields, the most urgent first.
fn below(model: &Model, plant: &Plant, open: &OpenForm) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let mut lines = Vec::new();
    if let Some(fault) = &open.fault {
        lines.push((shown.text(fault), Tone::Warning));
    }
    if let Some((texts, found)) = &open.doubted
        && *texts == open.texts
    {
        lines.push((shown.text(&Text::new("tui-form-doubted")), Tone::Advisory));
        for (key, why) in found {
            lines.push((of_field(shown, open, (key, why)), Tone::Text));
        }
        return lines;
    }
    let here = open.here().map(|field| field.key.as_str()).unwrap_or_default();
    let own = open.wrong.get_key_value(here);
    let others = open.wrong.iter().filter(|(key, _)| key.as_str() != here);
    for (key, why) in own.into_iter().chain(others) {
        lines.push((of_field(shown, open, (key, why)), Tone::Warning));
    }
    if let Some(field) = open.here()
        && let Sort::Choice(choices) = &field.sort
    {
        let named = choices
            .iter()
            .map(|(word, called)| format!("{} {}", clean(word), words(shown, called)));
        let named: Vec<String> = named.collect();
        lines.push((choices_in(model, open.field.text(), &named, lines.len()), Tone::Dim));
    }
    if here == "batch" {
        let waiting = open.known_batches().iter().filter(|batch| batch.tests.is_empty());
        let numbers: Vec<String> = waiting
            .take(12)
            .map(|batch| clean(&batch.document.number).into_owned())
            .collect();
        if !numbers.is_empty() {
            let text = Text::new("tui-form-batches").with("numbers", numbers.join("  "));
            lines.push((shown.text(&text), Tone::Dim));
        }
    }
    if let Ok(Asked::Document(document)) = read(&plant.model, &open.form, &open.said()) {
        lines.extend(counts_as(model, plant, open, &document));
    }
    lines
}

/// As many choices as there is room for below so many lines, with how many more there are; what is typed leaves those that fit.
fn choices_in(model: &Model, typed: &str, named: &[String], below: usize) -> String {
    let typed = typed.trim().to_lowercase();
    let fits = |name: &&String| name.to_lowercase().split(' ').any(|word| word.starts_with(&typed));
    let mut left: Vec<&String> = named.iter().filter(fits).collect();
    if left.is_empty() {
        left = named.iter().collect();
    }
    let width = usize::from(model.size.width.saturating_sub(2)).max(2);
    let rows = usize::from(FOOT - 1).saturating_sub(below).max(1);
    let mut said = String::new();
    for (place, name) in left.iter().enumerate() {
        let more = left.len() - place - 1;
        let longer = if said.is_empty() {
            (*name).clone()
        } else {
            format!("{said}  {name}")
        };
        let rest = (more > 0).then(|| {
            model
                .shown
                .text(&Text::new("tui-form-more-choices").with_count("count", more))
        });
        let whole = format!("{longer}  {}", rest.unwrap_or_default());
        if place > 0 && cells::wrap(&whole, width).len() > rows {
            let more = Text::new("tui-form-more-choices").with_count("count", left.len() - place);
            return format!("{said}  {}", model.shown.text(&more));
        }
        said = longer;
    }
    said
}

/// What the values of a document will count as, where they are converted.
fn counts_as(model: &Model, plant: &Plant, open: &OpenForm, document: &Document) -> Option<(String, Tone)> {
    let basis = open.form.basis?;
    let now = plant.now(model.elapsed);
    let readings = document
        .readings(&plant.model, &open.form, Some(Span { from: now, to: now }))
        .ok()?;
    let counted: Vec<String> = readings
        .iter()
        .filter_map(|reading| {
            let known = plant.model.parameter(reading.parameter)?;
            let value = from_count(reading.value, known.decimals);
            Some(format!("{} {value} {}", clean(&known.tag), known.unit.symbol()))
        })
        .collect();
    let text = Text::new("tui-form-counts-as")
        .with("basis", basis.letters())
        .with("values", counted.join(", "));
    (!counted.is_empty()).then(|| (model.shown.text(&text), Tone::Text))
}

/// The documents that were filed last.
fn draw_lately(model: &Model, plant: &Plant, open: &OpenForm, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    if canvas.height() < 2 {
        return;
    }
    let width = canvas.width();
    if let Some(records) = &open.records {
        return draw_records(model, records, canvas);
    }
    let title = match &open.standing {
        Wanted::Here(documents) if documents.is_empty() => Text::new("tui-form-none-yet"),
        Wanted::Here(_) => Text::new("tui-form-lately"),
        Wanted::Awaited(_) => Text::new("tui-explain-awaited"),
        Wanted::Refused(why) => why.clone(),
    };
    canvas.put(
        1,
        0,
        width.saturating_sub(1),
        &shown.text(&title),
        shown.style(Tone::Dim),
    );
    for (row, view) in (1..canvas.height()).zip(open.known()) {
        let line = line_of(plant, view);
        canvas.put(2, row, width.saturating_sub(2), &line, shown.style(Tone::Dim));
    }
}

/// The records that came last of a form that makes no documents, the newest first.
fn draw_records(model: &Model, records: &Wanted<Vec<RecordView>>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let (title, records) = match records {
        Wanted::Here(records) if records.is_empty() => (Text::new("tui-form-none-yet"), [].as_slice()),
        Wanted::Here(records) => (Text::new("tui-form-recorded-lately"), records.as_slice()),
        Wanted::Awaited(_) => (Text::new("tui-explain-awaited"), [].as_slice()),
        Wanted::Refused(why) => (why.clone(), [].as_slice()),
    };
    canvas.put(
        1,
        0,
        width.saturating_sub(1),
        &shown.text(&title),
        shown.style(Tone::Dim),
    );
    for (row, record) in (1..canvas.height()).zip(records.iter().rev()) {
        let said = Text::joined(record.changes.iter().chain([&record.what]).cloned());
        let said = said.map_or_else(String::new, |said| shown.text(&said));
        let line = format!("#{}  {said}", record.sequence);
        canvas.put(2, row, width.saturating_sub(2), &line, shown.style(Tone::Dim));
    }
}

/// A document in one line: its record, its number, and what it says.
fn line_of(plant: &Plant, view: &DocumentView) -> String {
    let document = &view.document;
    format!(
        "#{}  {}  {}",
        view.record,
        clean(&document.number),
        said_of(plant, document)
    )
}

/// What a document says behind its number: its batch, its time and its values.
fn said_of(plant: &Plant, document: &Document) -> String {
    let day = |at| plant.model.zone.local(at).format("%Y-%m-%d").to_string();
    let time = document.span().map_or_else(String::new, |span| day(span.from));
    let values = document.values().iter().filter_map(|given| {
        let known = plant.model.parameter(given.parameter)?;
        Some(format!(
            "{} {} {}",
            known.tag,
            given.value.normalize(),
            known.unit.symbol()
        ))
    });
    let values: Vec<String> = values.collect();
    let batch = document.batch().unwrap_or_default();
    let parts = [batch, &time, &values.join(", ")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    clean(&parts.join("  ")).into_owned()
}
