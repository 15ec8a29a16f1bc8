//! A whole file from its first row to its last: batches go to whoever delivers them, refusals into a file.

use std::io::{self, Read};

use thiserror::Error;

use super::csv::{Batch, CsvSource, IntakeError, IntakeSummary, Refusal, RefusedFile};
use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;

/// Why a file was not taken in to its end. What was delivered before stays delivered.
#[derive(Debug, Error)]
pub enum Stopped<E> {
    /// The file cannot be taken in further.
    #[error(transparent)]
    Intake(IntakeError),
    /// What was refused cannot be written.
    #[error("the file of refused rows cannot be written: {0}")]
    Refusals(#[source] io::Error),
    /// A batch was not delivered.
    #[error("a batch was not delivered: {0}")]
    Delivery(E),
}

impl<E: Explained> Explained for Stopped<E> {
    fn text(&self) -> Text {
        match self {
            Self::Intake(error) => error.text(),
            Self::Refusals(error) => Text::new("intake-refusals-unwritable").with_text("error", system_reason(error)),
            Self::Delivery(error) => error.text(),
        }
    }
}

/// Takes a file in to its end, in batches of at most `limit` readings and refusals. The summary counts what was
/// delivered, also where the file ended early.
///
/// `deliver` gives back what of its batch was refused where it was delivered to: that stands with the other refusals.
pub fn take_in<R: Read, E>(
    source: &mut CsvSource<R>,
    limit: usize,
    summary: &mut IntakeSummary,
    refused: &mut RefusedFile<'_>,
    mut deliver: impl FnMut(Batch) -> Result<Vec<Refusal>, E>,
) -> Result<(), Stopped<E>> {
    while let Some(batch) = source.next_batch(limit).map_err(Stopped::Intake)? {
        refused.write(&batch.refused).map_err(Stopped::Refusals)?;
        let mut after = *summary;
        after.add(&batch);
        let refused_there = deliver(batch).map_err(Stopped::Delivery)?;
        let count = u64::try_from(refused_there.len()).unwrap_or(u64::MAX);
        after.readings = after.readings.saturating_sub(count);
        after.refused += count;
        *summary = after;
        refused.write(&refused_there).map_err(Stopped::Refusals)?;
    }
    Ok(())
}
