//! What stands in the time of a file's readings: told before any of them is taken in, since both would count.

use std::fs::File;

use super::ImportArguments;
use crate::cli::context::{Context, Link};
use crate::cli::enter::doubted;
use crate::cli::failure::Failure;
use crate::connect::csv::{Batch, CsvSource, IntakeOptions};
use crate::connect::mapping::Mapping;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{ParameterKind, Slot};
use crate::domain::text::{Text, clean};
use crate::engine::overlaps::ToBring;

/// Values that are told one by one.
const TOLD: u64 = 10;

/// Whether what stands in the time of a parameter's reading counts beside it.
const fn may_count_twice(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::Amount | ParameterKind::Property)
}

/// Reads the file for what it speaks of, and asks whether to go on where something stands there already. A file that cannot
/// count twice, as a stream of rates and registers, is not read for that.
pub(super) fn look(
    arguments: &ImportArguments,
    (mapping, options): (&Mapping, IntakeOptions),
    (model, daemon): (&SiteModel, &mut Link),
    context: &Context,
) -> Result<(), Failure> {
    let of_file = |known: &&Parameter| may_count_twice(known) && mapping.may_bring(&known.tag);
    if arguments.yes || !model.parameters.iter().any(|known| of_file(&known)) {
        return Ok(());
    }
    let file = File::open(&arguments.file).map_err(|error| Failure::file(&arguments.file, &error))?;
    let Ok(mut source) = CsvSource::open(file, mapping, model, options) else {
        // Why it cannot be read is told when it is.
        return Ok(());
    };
    let mut found = 0_u64;
    while let Ok(Some(batch)) = source.next_batch(super::BATCH) {
        let (lines, slots) = slots(&batch, model);
        if slots.is_empty() {
            continue;
        }
        let origin = arguments.origin.into();
        let doubts = doubted(ToBring::Readings { origin, slots }, daemon)?;
        for one in doubts.told {
            found += 1;
            let line = usize::try_from(one.place).ok().and_then(|place| lines.get(place));
            if let Some(line) = line.filter(|_| found <= TOLD) {
                context.say(
                    &Text::new("cli-import-overlap")
                        .with("line", line)
                        .with("tag", clean(&one.field))
                        .with_text("said", one.why),
                );
            }
        }
        found += u64::from(doubts.more);
    }
    if found == 0 {
        return Ok(());
    }
    if found > TOLD {
        context.say(&Text::new("cli-import-more-overlaps").with_count("more", found - TOLD));
    }
    let question = Text::new("cli-enter-confirm");
    context.agree(arguments.yes, &question, "cli-plan-declined", "cli-import-needs-yes")
}

/// Of what the readings of a batch speak that may count twice, each with its line.
fn slots(batch: &Batch, model: &SiteModel) -> (Vec<u32>, Vec<(ParameterId, Slot, i64)>) {
    let readings = batch.readings.iter().zip(&batch.lines);
    let wanted = readings.filter(|(reading, _)| model.parameter(reading.parameter).is_some_and(may_count_twice));
    wanted
        .map(|(reading, &line)| (line, (reading.parameter, reading.slot, reading.value)))
        .unzip()
}
