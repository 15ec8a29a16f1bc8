//! Entry sheets, as fields.

use super::things::Add;
use super::{Collector, Sort, clock, duration, words};
use crate::domain::model::SiteModel;
use crate::domain::sheet::EntrySheet;

/// Sheets.
pub(super) fn add_sheets(model: &SiteModel, sheets: &[EntrySheet], add: &mut impl Add) {
    let tag = |id| model.parameter(id).map_or("?", |parameter| parameter.tag.as_str());
    for sheet in sheets {
        let EntrySheet {
            key,
            name,
            rows,
            rounds,
            due_ms,
            origin,
            second_person,
        } = sheet;
        let rows: Vec<&str> = rows.iter().map(|row| tag(*row)).collect();
        let rounds: Vec<String> = rounds.iter().map(|round| clock(*round)).collect();
        let fields = Collector::default()
            .name(name)
            .with("rows", rows.join(", "))
            .with("rounds", rounds.join(", "))
            .with("due", duration(*due_ms))
            .with("origin", words(&[*origin]))
            .with("second_person", second_person);
        add(Sort::Sheet, key.clone(), key, fields);
    }
}
