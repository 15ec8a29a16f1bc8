//! What whoever brings values saw where they go (提交时所见): a page that was looked at some seconds ago may hold something else by
//! now, and nobody is to write over what they have not seen.

use std::collections::BTreeMap;

use crate::domain::decimal::from_count;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Parameter;
use crate::domain::reading::{Incoming, Version};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Hour;

use super::history::History;
use super::view::time_of;
use super::{Broken, Engine};

impl Engine {
    /// Why readings are not taken: something else stands in their place than was seen there, by their places. What says the
    /// same as stands there may always be said again.
    ///
    /// Costs the blocks in which they lie, each read once.
    pub(super) fn changed_meanwhile(
        &self,
        history: &dyn History,
        incoming: &[Incoming],
        seen: &[Option<Sequence>],
    ) -> Result<BTreeMap<usize, Text>, Broken> {
        let mut blocks: BTreeMap<(ParameterId, Hour), Vec<usize>> = BTreeMap::new();
        for (place, reading) in incoming.iter().enumerate().take(seen.len()) {
            // What is no parameter or of no time is refused for that.
            if let Ok(series) = self.series(reading.parameter)
                && reading.slot.at.is_plausible()
            {
                let block = series.block_of(self.zone.hour_of(reading.slot.at));
                blocks.entry((reading.parameter, block)).or_default().push(place);
            }
        }
        let mut changed = BTreeMap::new();
        for ((parameter, block), places) in blocks {
            let tops = self.tops_in(history, parameter, block)?;
            let known = self.model().and_then(|model| model.parameter(parameter));
            for place in places {
                let (Some(reading), Some(&seen), Some(known)) = (incoming.get(place), seen.get(place), known) else {
                    continue;
                };
                let top = tops.iter().find(|top| top.slot == reading.slot);
                let is_same = top.map(|top| top.sequence) == seen || top.is_some_and(|top| top.value == reading.value);
                if !is_same {
                    changed.insert(place, why(known, reading, (top, seen)));
                }
            }
        }
        Ok(changed)
    }
}

fn why(parameter: &Parameter, reading: &Incoming, (top, seen): (Option<&Version>, Option<Sequence>)) -> Text {
    let text = match top {
        Some(top) => Text::new("reading-changed-meanwhile")
            .with("value", from_count(top.value, parameter.decimals))
            .with("unit", parameter.unit.symbol())
            .with_text("origin", top.origin.text())
            .with("record", top.sequence),
        None => Text::new("reading-gone-meanwhile").with("record", seen.unwrap_or_default()),
    };
    // Of an amount people say by when it was written down: its beginning alone would name another round.
    text.with("tag", clean(&parameter.tag))
        .with_text("at", time_of(reading.slot))
}
