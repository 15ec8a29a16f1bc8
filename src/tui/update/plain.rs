//! What can be copied or exported of what is shown, and keys of the view without borders.

use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::pane::Pane;
use super::super::panes::{self, plain};
use super::motion::moved;
use super::{Effect, alarms, anomalies, explain, handover, ledger, live, log, save};

/// The item that is selected or explained, as text.
pub(super) fn item(model: &Model) -> Option<String> {
    match (model.overlays.last(), model.pane) {
        (Some(Overlay::Explain(_)), _) => panes::explain::as_text(model),
        (Some(Overlay::Chart(_)), _) => panes::chart::as_text(model),
        (Some(Overlay::Due { .. }), _) => panes::due::as_text(model),
        (Some(Overlay::Lost { .. }), _) => panes::lost::as_text(model),
        (Some(_), _) | (None, Pane::Entry) => None,
        (None, Pane::Live) => panes::detail::as_text(model),
        (None, Pane::Alarms) => panes::alarms::as_text(model),
        (None, Pane::Anomalies) => panes::anomalies::as_text(model),
        (None, Pane::Handover) => panes::handover::as_text(model),
        (None, Pane::Plan) => panes::quality_plan::as_text(model),
        (None, Pane::Ledger) => panes::ledger::as_text(model),
        (None, Pane::Log) => panes::log::as_text(model),
    }
}

/// Opens the view without borders.
pub(super) fn open(model: &mut Model) {
    if let Some(text) = item(model) {
        model.overlays.push(Overlay::Plain { text, scrolled: 0 });
    }
}

/// A key in the view without borders.
pub(super) fn key(model: &mut Model, action: Action) {
    let size = model.size;
    let page = usize::from(size.height.saturating_sub(1)).max(1);
    let Some(Overlay::Plain { text, scrolled }) = model.overlays.last_mut() else {
        return;
    };
    let most = plain::lines(text, size.width).len().saturating_sub(page);
    match moved(*scrolled, action, page, most) {
        Some(line) => *scrolled = line,
        None => drop(model.overlays.pop()),
    }
}

/// Writes the table that the pane shows to a file of the outbox; `name` is the user's, without its ending.
pub(super) fn export(model: &Model, name: &str) -> Vec<Effect> {
    let Some((plant, elapsed)) = model.displayed() else {
        return Vec::new();
    };
    let at = plant.model.zone.local(plant.now(elapsed)).format("%Y%m%d-%H%M%S");
    let made = match (model.overlays.last(), model.pane) {
        (Some(Overlay::Explain(_)), _) => explain::csv(model),
        (_, Pane::Live) => of_rows(&live::table(model)).map(|text| (format!("live-{at}"), text)),
        (_, Pane::Alarms) => of_rows(&alarms::table(model)).map(|text| (format!("alarms-{at}"), text)),
        (_, Pane::Anomalies) => of_rows(&anomalies::table(model)).map(|text| (format!("anomalies-{at}"), text)),
        (_, Pane::Entry | Pane::Plan) => None,
        (_, Pane::Handover) => of_rows(&handover::table(model)).map(|text| (format!("handover-{at}"), text)),
        (_, Pane::Ledger) => ledger::csv(model),
        (_, Pane::Log) => of_rows(&log::table(model)).map(|text| (format!("log-{at}"), text)),
    };
    made.map_or_else(Vec::new, |(default, text)| {
        let name = if name.is_empty() {
            default
        } else {
            format!("{name}-{at}")
        };
        save(&format!("{name}.csv"), text)
    })
}

/// Rows as CSV.
fn of_rows(rows: &[Vec<String>]) -> Option<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A vector takes everything.
    let written = rows
        .iter()
        .all(|row| writer.write_record(row.iter().map(|cell| harmless(cell))).is_ok());
    let text = writer.into_inner().ok().filter(|_| written);
    text.and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Words that a spreadsheet would run as a formula get an apostrophe; numbers below zero are none.
fn harmless(cell: &str) -> String {
    let number = cell
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    if cell.starts_with(['=', '+', '-', '@']) && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
