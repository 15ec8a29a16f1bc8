//! Where the plan asks for a second person (双人复核): what people write down on some sheets and forms is compared with the
//! paper by somebody else.

use std::collections::HashSet;

use super::identity::ParameterId;
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

    /// Whether it asks for one anywhere.
    pub fn has_second_person(&self) -> bool {
        self.sheets.iter().any(|sheet| sheet.second_person) || self.document_forms.iter().any(|form| form.second_person)
    }
}
