//! The inbox over a form's fields or a page's cells: files to be attached or read, the newest first, with those that are attached.

use ratatui::layout::Size;

use super::super::attaching::Attaching;
use super::super::inbox::{Beside, Inbox, Line};
use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::super::workbook::Picking;
use super::form::{FOOT, HEADING};
use crate::domain::attachment::{Attachment, size};
use crate::domain::text::{Text, clean};

/// Columns of a file's mark, length and time.
const MARK: u16 = 2;
const LENGTH: u16 = 10;
const TIME: u16 = 18;

/// Rows above the files, in which it is said what they are.
const SAID: u16 = 2;

/// How many files a screen of a size shows.
pub fn inbox_height(size: Size) -> usize {
    super::form::form_height(size).saturating_sub(usize::from(SAID))
}

/// The inbox with what it is open for.
struct List<'a> {
    inbox: &'a Inbox,
    /// What is attached already.
    beside: Beside<'a>,
    /// What is said where there is nothing in it, and where there is.
    told: [Text; 2],
}

impl List<'_> {
    /// Draws it, and something to be said below it.
    fn draw(self, model: &Model, plant: &Plant, canvas: &mut Canvas<'_>, below: Option<(String, Tone)>) {
        let shown = &model.shown;
        let Self { inbox, beside, told } = self;
        let [empty, files] = told.map(|told| told.with("directory", inbox.directory.display()));
        let listed = inbox.lines(beside);
        let said = match &inbox.contents {
            None => Text::new("tui-explain-awaited"),
            Some(Err(why)) => why.clone(),
            Some(Ok(_)) if listed.is_empty() => empty,
            Some(Ok(_)) => files,
        };
        let said = shown.text(&said);
        draw_frame(model, canvas, (&said, listed.is_empty()), below, |canvas| {
            let width = canvas.width();
            for (row, (place, line)) in (0..canvas.height()).zip(listed.iter().enumerate().skip(inbox.top)) {
                let is_here = place == inbox.at;
                draw_line(model, plant, (*line, is_here), &mut canvas.part(0, row, width, 1));
            }
        });
    }
}

/// Draws what is said, a list under it, and something below; where there is nothing to list, what is said has its room.
fn draw_frame(
    model: &Model,
    canvas: &mut Canvas<'_>,
    (said, is_empty): (&str, bool),
    below: Option<(String, Tone)>,
    list: impl FnOnce(&mut Canvas<'_>),
) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let rows = height.saturating_sub(FOOT);
    let room = usize::from(width.saturating_sub(2)).max(2);
    let first = HEADING + SAID;
    let end = if is_empty { rows } else { first };
    for (row, line) in (HEADING..end).zip(cells::wrap(said, room)) {
        canvas.put(1, row, width.saturating_sub(1), &line, shown.style(Tone::Dim));
    }
    list(&mut canvas.part(0, first, width, rows.saturating_sub(first)));
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Rule));
    let Some((text, tone)) = below else { return };
    for (row, line) in (rows + 1..height).zip(cells::wrap(&text, room)) {
        canvas.put(1, row, width.saturating_sub(1), &line, shown.style(tone));
    }
}

fn draw_line(model: &Model, plant: &Plant, (line, is_here): (Line<'_>, bool), canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let style = shown.style(if is_here { Tone::Key } else { Tone::Text });
    if is_here {
        canvas.set(0, 0, shown.glyphs.cursor, style);
    }
    let named = MARK + 2;
    let at = |written| plant.model.zone.local(written).format("%Y-%m-%d %H:%M").to_string();
    let (name, bytes, beside) = match line {
        Line::Attached(attachment) => (&attachment.name, attachment.bytes, String::new()),
        Line::Others(theirs, file) => {
            let by = Text::new("tui-inbox-of-other").with("by", clean(&theirs.by));
            (&file.name, file.bytes, shown.text(&by))
        }
        Line::File(file) => (&file.name, file.bytes, at(file.written)),
        Line::Unnamed(count) => {
            let told = shown.text(&Text::new("tui-inbox-unnamed").with_count("count", count));
            canvas.put(named, 0, width.saturating_sub(named + 1), &told, shown.style(Tone::Dim));
            return;
        }
    };
    if matches!(line, Line::Attached(_)) {
        canvas.put(MARK, 0, 1, "+", shown.style(Tone::Typed));
    }
    let room = width.saturating_sub(named + LENGTH + TIME + 2);
    canvas.put(named, 0, room, &clean(name), style);
    let right = width.saturating_sub(TIME + 1);
    canvas.put_right(right.saturating_sub(LENGTH), 0, LENGTH, &size(bytes), style);
    canvas.put(right + 2, 0, TIME, &beside, shown.style(Tone::Dim));
}

/// Draws the inbox while a workbook is picked from it, or its worksheets.
pub(super) fn draw_picking(model: &Model, plant: &Plant, picking: &Picking, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let reading = picking.reading.as_ref().map(|reading| {
        let text = Text::new("tui-workbook-reading").with("name", clean(&reading.name));
        (shown.text(&text), Tone::Text)
    });
    let fault = picking.fault.as_ref().map(|why| (shown.text(why), Tone::Alarm));
    let below = reading.or(fault);
    let Some(choice) = &picking.choice else {
        let list = List {
            inbox: &picking.inbox,
            beside: Beside::default(),
            told: [Text::new("tui-workbook-empty"), Text::new("tui-workbook-files")],
        };
        list.draw(model, plant, canvas, below);
        return;
    };
    let said = shown.text(&Text::new("tui-workbook-worksheets").with("name", clean(&choice.file)));
    draw_frame(model, canvas, (&said, false), below, |canvas| {
        let width = canvas.width();
        for (row, (place, name)) in (0..canvas.height()).zip(choice.names.iter().enumerate().skip(choice.top)) {
            let is_here = place == choice.at;
            let style = shown.style(if is_here { Tone::Key } else { Tone::Text });
            if is_here {
                canvas.set(0, row, shown.glyphs.cursor, style);
            }
            canvas.put(MARK, row, width.saturating_sub(MARK + 1), &clean(name), style);
        }
    });
}

/// What is attached, in one line; none where nothing is and nothing is on its way.
pub(super) fn attached(model: &Model, attaching: &Attaching) -> Option<String> {
    let mut parts = names(&attaching.attachments);
    let reading = attaching.reading.iter();
    parts.extend(reading.map(|reading| format!("{} …", clean(&reading.name))));
    parts.extend(attaching.sending.iter().map(|sending| {
        let per_cent = sending.have.saturating_mul(100) / sending.attachment.bytes.max(1);
        format!("{} {per_cent} %…", clean(&sending.attachment.name))
    }));
    told(model, &parts)
}

/// The same of what is attached for good.
pub(super) fn attached_for_good(model: &Model, attachments: &[Attachment]) -> Option<String> {
    told(model, &names(attachments))
}

fn names(attachments: &[Attachment]) -> Vec<String> {
    let name = |attachment: &Attachment| format!("{} {}", clean(&attachment.name), size(attachment.bytes));
    attachments.iter().map(name).collect()
}

fn told(model: &Model, parts: &[String]) -> Option<String> {
    let text = Text::new("tui-form-attached").with("files", parts.join(", "));
    (!parts.is_empty()).then(|| model.shown.text(&text))
}

/// Draws the inbox while a file is picked to be attached, with what is on its way below it.
pub(super) fn draw_attaching(
    model: &Model,
    plant: &Plant,
    (inbox, attaching): (&Inbox, &Attaching),
    canvas: &mut Canvas<'_>,
) {
    let files = if attaching.others.is_empty() {
        "tui-inbox-files"
    } else {
        "tui-inbox-files-others"
    };
    let list = List {
        inbox,
        beside: attaching.beside(),
        told: [Text::new("tui-inbox-empty"), Text::new(files)],
    };
    let below = attached(model, attaching).map(|attached| (attached, Tone::Text));
    list.draw(model, plant, canvas, below);
}
