//! Whether a seal may be set (封存前核对): whatever could still be put right in its months is put right before, because
//! nothing can be afterwards.

use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Month};
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
    /// keeps its readings; of months of which the plans of missing hours, or a second person, have still to speak; and of
    /// months that changed since they were issued.
    ///
    /// Costs a look at every record that waits for a second person, and the sums of every closed month.
    pub fn check_seal(&self, history: &dyn History, through: Month, reach: &Reach) -> Result<(), Refusal> {
        let model = self.model().ok_or_else(|| refuse(Text::new("sealed-no-model")))?;
        self.check_is_due(model, through)?;
        let end = first_hour_after(&self.zone, through);
        self.check_is_decided(through, end)?;
        self.check_nothing_awaits(history, (through, self.zone.hour_start(end)), reach)?;
        self.check_issued(history, model, through)
    }

    /// What stands in for missing hours is decided as time passes, and by nobody once they are sealed.
    fn check_is_decided(&self, through: Month, end: Hour) -> Result<(), Refusal> {
        let undecided = self.undecided_before(end)?;
        match undecided.first() {
            Some(&first) => Err(refuse(
                Text::new("sealed-undecided")
                    .with("through", through)
                    .with_count("count", undecided.len())
                    .with("tag", clean(&self.tag_of(first))),
            )),
            None => Ok(()),
        }
    }

    fn check_is_due(&self, model: &SiteModel, through: Month) -> Result<(), Refusal> {
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
