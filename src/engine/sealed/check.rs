//! Whether a seal may be set (封存前核对): whatever could still be put right in its months is put right before, because
//! nothing can be afterwards.

use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::second_check::Reach;

use super::first_hour_after;

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

impl Engine {
    /// Refuses a seal that may not be set: of months that are sealed already, or that are not as far back as the site
    /// keeps its readings; and of months of which a second person has still to speak.
    ///
    /// Costs a look at every record that waits for a second person.
    pub fn check_seal(&self, history: &dyn History, through: Month, reach: &Reach) -> Result<(), Refusal> {
        self.check_is_due(through)?;
        let end = self.zone.hour_start(first_hour_after(&self.zone, through));
        self.check_nothing_awaits(history, (through, end), reach)
    }

    fn check_is_due(&self, through: Month) -> Result<(), Refusal> {
        let Some(model) = self.model() else {
            return Err(refuse(Text::new("sealed-no-model")));
        };
        if let Some(sealed) = self.sealed()
            && through <= sealed.seal.through
        {
            return Err(refuse(self.sealed_text("sealed-already")));
        }
        let end = through.next();
        let years = i32::try_from(model.retention_years).unwrap_or(i32::MAX);
        let due = end.year.checked_add(years).map(|year| Month { year, ..end });
        let current = self.zone.month_of(self.zone.hour_of(self.now));
        match due {
            Some(due) if due <= current => Ok(()),
            _ => Err(refuse(
                Text::new("sealed-too-early")
                    .with("month", through)
                    .with_count("years", model.retention_years)
                    .with("due", due.map_or_else(|| "missing".to_owned(), |due| due.to_string())),
            )),
        }
    }
}
