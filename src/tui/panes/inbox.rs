//! The inbox over a form's fields: files to be attached, the newest first, with those that are.

use ratatui::layout::Size;

use super::super::form::OpenForm;
use super::super::inbox::{Inbox, Line};
use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::attachment::size;
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

/// Draws it.
pub(super) fn draw(model: &Model, plant: &Plant, open: &OpenForm, inbox: &Inbox, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let said = match &inbox.files {
        None => Text::new("tui-explain-awaited"),
        Some(Err(why)) => why.clone(),
        Some(Ok(files)) if files.is_empty() => {
            Text::new("tui-inbox-empty").with("directory", inbox.directory.display())
        }
        Some(Ok(_)) => Text::new("tui-inbox-files").with("directory", inbox.directory.display()),
    };
    let said = cells::wrap(&shown.text(&said), usize::from(width.saturating_sub(2)).max(2));
    // Where there is nothing to list, all of it has room.
    let listed = inbox.lines(&open.attachments);
    let lines = if listed.is_empty() { canvas.height() } else { SAID };
    for (row, line) in (0..lines).zip(said) {
        canvas.put(1, row, width.saturating_sub(1), &line, shown.style(Tone::Dim));
    }
    for (row, (place, line)) in (SAID..canvas.height()).zip(listed.iter().enumerate().skip(inbox.top)) {
        let is_here = place == inbox.at;
        let style = shown.style(if is_here { Tone::Key } else { Tone::Text });
        if is_here {
            canvas.set(0, row, shown.glyphs.cursor, style);
        }
        let (name, bytes, written) = match line {
            Line::Attached(attachment) => (&attachment.name, attachment.bytes, None),
            Line::File(file) => (&file.name, file.bytes, Some(file.written)),
        };
        if written.is_none() {
            canvas.put(MARK, row, 1, "+", shown.style(Tone::Typed));
        }
        let named = MARK + 2;
        let room = width.saturating_sub(named + LENGTH + TIME + 2);
        canvas.put(named, row, room, &clean(name), style);
        let right = width.saturating_sub(TIME + 1);
        canvas.put_right(right.saturating_sub(LENGTH), row, LENGTH, &size(bytes), style);
        let at = written.map(|at| plant.model.zone.local(at).format("%Y-%m-%d %H:%M").to_string());
        canvas.put(right + 2, row, TIME, &at.unwrap_or_default(), shown.style(Tone::Dim));
    }
}

/// What is attached, in one line; none where nothing is and nothing is on its way.
pub(super) fn attached(model: &Model, open: &OpenForm) -> Option<String> {
    let mut parts: Vec<String> = open
        .attachments
        .iter()
        .map(|attachment| format!("{} {}", clean(&attachment.name), size(attachment.bytes)))
        .collect();
    parts.extend(open.sending.as_ref().map(|sending| {
        let per_cent = sending.have.saturating_mul(100) / sending.attachment.bytes.max(1);
        format!("{} {per_cent} %…", clean(&sending.attachment.name))
    }));
    let text = Text::new("tui-form-attached").with("files", parts.join(", "));
    (!parts.is_empty()).then(|| model.shown.text(&text))
}
