//! Where the plan asks for a second person (双人复核): what people write down on some sheets and forms is compared with the
//! paper by somebody else.

use std::collections::HashSet;

use super::document::{Document, DocumentBody};
use super::identity::{MeterId, ParameterId};
use super::model::SiteModel;

impl SiteModel {
    /// The parameters of which no value that a person gave stands without a second one having looked at it, on whatever
    /// sheet or form it was given: whoever types past the sheet is no exception.
    pub fn of_second_person(&self) -> HashSet<ParameterId> {
        let sheets = self.sheets.iter().filter(|sheet| sheet.second_person);
        let forms = self.document_forms.iter().filter(|form| form.second_person);
        sheets
            .flat_map(|sheet| &sheet.rows)
            .chain(forms.flat_map(|form| &form.rows))
            .copied()
            .collect()
    }

    /// Whether it asks for one of what is filed on a document: by its form, or, of a calibration, by the meter.
    pub fn asks_second_person_of(&self, document: &Document) -> bool {
        match document.body {
            DocumentBody::Calibration { meter, .. } => self.asks_of_meter(meter),
            _ => self.form(&document.form).is_some_and(|form| form.second_person),
        }
    }

    /// Whether it asks for one of a change of a counter's meter: by the meter, or by a sheet on which the counter is written
    /// down, of which a change gives two values.
    pub fn asks_second_person_of_change(&self, counter: ParameterId) -> bool {
        let meter = self.parameter(counter).and_then(|counter| counter.meter);
        meter.is_some_and(|meter| self.asks_of_meter(meter)) || self.of_second_person().contains(&counter)
    }

    fn asks_of_meter(&self, meter: MeterId) -> bool {
        self.meters.iter().any(|known| known.id == meter && known.second_person)
    }

    /// Whether it asks for one anywhere.
    pub fn has_second_person(&self) -> bool {
        let of_sheets = self.sheets.iter().any(|sheet| sheet.second_person);
        let of_forms = self.document_forms.iter().any(|form| form.second_person);
        of_sheets || of_forms || self.meters.iter().any(|meter| meter.second_person)
    }
}
