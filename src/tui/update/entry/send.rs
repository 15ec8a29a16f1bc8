//! Rounds as they are sent: all that was typed into a column becomes one record, or all that was typed into the page.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::entry::{Cell, Focus, Opened, Sending};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model};
use super::super::{Effect, inbox, unanswered};
use super::{back_to_cells, files, held, keep_in_view};
use crate::domain::model::SiteModel;
use crate::domain::sheet::OfSheet;
use crate::domain::text::Text;
use crate::engine::command::{Provenance, Seen, SeenCell};
use crate::entry::cell::Value;
use crate::entry::known::Place;
use crate::entry::{Entered, Row, Sheet};
use crate::wire::limits::MOST_TYPISTS;
use crate::wire::message::RequestBody;

/// Asks whether the round under the cursor is to be sent, or all that hold something.
pub(super) fn ask_first(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    if open.unsent_columns().is_empty() {
        open.fault = Some(Text::new("tui-entry-nothing-to-send"));
    } else {
        open.focus = Focus::Asking;
        open.is_changed = false;
    }
    Vec::new()
}

/// A key while it is asked.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_ref() else {
        return Vec::new();
    };
    if open.attaching.inbox.is_some() {
        return inbox::key(model, action);
    }
    let sends = matches!(action, Action::Send | Action::SendAll);
    if sends && was_changed(model) {
        return Vec::new();
    }
    let Some(open) = model.entry.open.as_ref() else {
        return Vec::new();
    };
    match action {
        Action::Attach => inbox::open(model),
        Action::Send => {
            let here = open.at.1;
            let columns = open.unsent_columns().into_iter().filter(|column| *column == here);
            let columns = columns.collect();
            send(model, columns)
        }
        Action::SendAll => {
            let columns = open.unsent_columns();
            send(model, columns)
        }
        Action::Back => {
            if !inbox::let_go(model) {
                back_to_cells(model);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Whether what the question speaks of changed while it was open, or came back: it was looked at now, and asked for once more, it
/// is answered.
pub(super) fn was_changed(model: &mut Model) -> bool {
    let open = model.entry.open.as_mut();
    let was_changed = open.is_some_and(|open| std::mem::take(&mut open.is_changed));
    if was_changed {
        model.notice = Some(Text::new("tui-entry-looked-at"));
    }
    was_changed
}

/// Asks the daemon to take cells, and gives the keys back to them.
pub(super) fn ask(model: &mut Model, body: RequestBody, cells: Vec<(Cell, String)>) -> Effect {
    let (effect, asked) = unanswered::ask(model, body);
    if let Some(open) = model.entry.open.as_mut() {
        let at = open.cell(open.at);
        let question = held::take_off(open, at).map(Box::new);
        open.sending = Some(Sending {
            asked,
            cells,
            at,
            question,
        });
    }
    back_to_cells(model);
    effect
}

/// What was seen on the page, with what its cells hold as they are sent.
pub(super) fn seen_on(open: &Opened, standing: Option<Box<Seen>>, cells: &[(Cell, String)]) -> Seen {
    let cells = cells.iter().map(|(cell, text)| SeenCell {
        parameter: cell.0,
        round: cell.1,
        text: text.clone(),
        by: open.typed.get(cell).and_then(|typed| typed.by.clone()),
    });
    Seen {
        standing: standing.map(|seen| seen.standing).unwrap_or_default(),
        page: Some(OfSheet {
            sheet: open.sheet.clone(),
            page: open.page,
        }),
        cells: cells.collect(),
    }
}

/// What is typed into columns, to be sent as one record.
#[derive(Debug, Default)]
struct Gathered {
    values: Vec<(Place, Value)>,
    cells: Vec<(Cell, String)>,
    /// Others who typed some of them.
    typed_by: BTreeSet<String>,
    /// The first cell that cannot be read.
    wrong: Option<Place>,
}

impl Gathered {
    fn of(open: &Opened, model: &SiteModel, known: &Sheet<'_>, columns: Vec<usize>) -> Self {
        let mut found = Self::default();
        // All rows are looked up at once.
        let rows: BTreeMap<usize, Row<'_>> = known.rows().collect();
        for column in columns {
            for row in open.of_column(column).0 {
                let at = (row, column);
                let typed = open.cell(at).and_then(|cell| Some((cell, open.typed.get(&cell)?)));
                let Some(((cell, typed), row)) = typed.zip(rows.get(&row)) else {
                    continue;
                };
                match open.entered_in(model, row, at) {
                    Some(Ok(Entered::Value(value))) => {
                        found.values.push((at, value));
                        found.typed_by.extend(typed.by.clone());
                        found.cells.push((cell, typed.text.clone()));
                    }
                    // That nothing was read stays on the sheet.
                    Some(Ok(Entered::Missing | Entered::Empty)) | None => {}
                    Some(Err(_)) => found.wrong = found.wrong.or(Some(at)),
                }
            }
        }
        found
    }
}

/// Asks the daemon to take what is typed into columns. One cell that cannot be read holds all of it back.
fn send(model: &mut Model, columns: Vec<usize>) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_ref()) else {
        return Vec::new();
    };
    let Some(known) = open.known(&plant.model) else {
        return Vec::new();
    };
    let is_any = !columns.is_empty();
    let Gathered {
        values,
        cells,
        typed_by,
        wrong,
    } = Gathered::of(open, &plant.model, &known, columns);
    let source = model.entry.source_of(&cells);
    let (provenance, readings) = known.recorded(&values, source.as_deref());
    let provenance = Provenance {
        attachments: open.attaching.attachments.clone(),
        // None of them may be the second person of what they typed.
        seen: Some(Box::new(seen_on(open, provenance.seen, &cells))),
        typed_by: typed_by.into_iter().take(MOST_TYPISTS).collect(),
        ..provenance
    };
    let origin = known.origin;
    let fault = if wrong.is_some() {
        Some(Text::new("tui-entry-unreadable"))
    } else if !is_any {
        Some(Text::new("tui-entry-nothing-to-send"))
    } else if readings.is_empty() {
        Some(Text::new("tui-entry-only-missing"))
    } else if open.sending.is_some() {
        Some(Text::new("tui-entry-being-sent"))
    } else if open.attaching.is_busy() || (is_up && files::is_unsettled(model)) {
        Some(Text::new("tui-inbox-busy"))
    } else {
        (!is_up).then(|| Text::new("tui-entry-no-link"))
    };
    if fault.is_some() {
        if let Some(open) = model.entry.open.as_mut() {
            open.at = wrong.unwrap_or(open.at);
        }
        back_to_cells(model);
        keep_in_view(model);
        if let Some(open) = model.entry.open.as_mut() {
            open.fault = fault;
        }
        return Vec::new();
    }
    let body = RequestBody::Intake {
        origin,
        provenance,
        readings,
    };
    vec![ask(model, body, cells)]
}
