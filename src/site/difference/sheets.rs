//! Entry sheets, as fields.

use super::{Collector, Sort, clock, duration, words};
use crate::domain::model::SiteModel;

/// Sheets.
pub(super) fn add_sheets(model: &SiteModel, add: &mut impl FnMut(Sort, String, &str, Collector)) {
    for sheet in &model.sheets {
        let tag = |id| model.parameter(id).map_or("?", |parameter| parameter.tag.as_str());
        let rows: Vec<&str> = sheet.rows.iter().map(|row| tag(*row)).collect();
        let rounds: Vec<String> = sheet.rounds.iter().map(|round| clock(*round)).collect();
        let fields = Collector::default()
            .name(&sheet.name)
            .with("rows", rows.join(", "))
            .with("rounds", rounds.join(", "))
            .with("due", duration(sheet.due_ms))
            .with("origin", words(&[sheet.origin]))
            .maybe("second_person", sheet.second_person.then_some(true));
        add(Sort::Sheet, sheet.key.clone(), &sheet.key, fields);
    }
}
