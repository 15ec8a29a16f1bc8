//! A dropped file from being seen to being moved away, in one call.

use thiserror::Error;

use super::{Candidate, DropError, DropFolder, Finished, Outcome, Taken, TakenFile};
use crate::connect::csv::{Batch, CsvSource, IntakeError, IntakeOptions, IntakeSummary, Refusal, RefusedFile};
use crate::connect::intake::{Stopped, take_in};
use crate::connect::mapping::Mapping;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};

/// What became of a dropped file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// It was read, and moved or left for later as told.
    Read(Finished, IntakeSummary),
    /// The same content was taken whole before, as the file named here.
    Repeated(String),
    /// It changed before it was read, and is left for later.
    Changed,
}

/// Why a dropped file stays where it is, though nothing is wrong with its content.
#[derive(Debug, Error)]
pub enum DropStopped<E> {
    /// The folder or the file cannot be used.
    #[error(transparent)]
    Folder(DropError),
    /// The mapping does not fit the site, or the file cannot be read, or what was refused cannot be written.
    #[error(transparent)]
    Stopped(Stopped<E>),
}

impl<E: Explained> Explained for DropStopped<E> {
    fn text(&self) -> Text {
        match self {
            Self::Folder(error) => error.text(),
            Self::Stopped(stopped) => stopped.text(),
        }
    }
}

impl DropFolder<'_> {
    /// Takes a finished file in and moves it away. A batch must be durable when `deliver` returns; what it gives back was
    /// refused there.
    ///
    /// A file whose content is no good goes to `refused/`. Where the fault lies elsewhere (mapping, disk, delivery) it
    /// stays, and is tried again with a later scan.
    pub fn take_in<E>(
        &mut self,
        candidate: &Candidate,
        mapping: &Mapping,
        model: &SiteModel,
        limit: usize,
        mut deliver: impl FnMut(Batch, &TakenFile) -> Result<Vec<Refusal>, E>,
    ) -> Result<Dropped, DropStopped<E>> {
        let taken = match self.take(candidate, mapping).map_err(DropStopped::Folder)? {
            Taken::Ready(taken) => taken,
            Taken::Repeated(first) => return Ok(Dropped::Repeated(first)),
            Taken::Changed => return Ok(Dropped::Changed),
        };
        let words = self.words;
        let plain_words = |text: &Text| words(text);
        let mut refused = RefusedFile::at(self.refused_path(candidate), &plain_words);
        let mut summary = IntakeSummary::default();
        let outcome = CsvSource::open(&taken.file, mapping, model, IntakeOptions::default())
            .map_err(Stopped::Intake)
            .and_then(|mut source| {
                let deliver = |batch| deliver(batch, &taken);
                take_in(&mut source, limit, &mut summary, &mut refused, deliver)
            });
        let why = match outcome {
            Ok(()) => None,
            Err(Stopped::Intake(error)) if is_of_the_content(&error) => Some(error.text()),
            Err(stopped) => {
                self.hold(candidate);
                refused.abandon();
                return Err(DropStopped::Stopped(stopped));
            }
        };
        let refused = refused.finish().map_err(|error| {
            self.hold(candidate);
            DropStopped::Stopped(Stopped::Refusals(error))
        })?;
        let outcome = match why {
            Some(why) => Outcome::Refused { why, refused },
            None => Outcome::of(&summary, refused),
        };
        let finished = self.finish(candidate, taken, outcome).map_err(DropStopped::Folder)?;
        Ok(Dropped::Read(finished, summary))
    }
}

/// Whether an error is the file's own fault.
fn is_of_the_content(error: &IntakeError) -> bool {
    !matches!(
        error,
        IntakeError::Read(_) | IntakeError::Mapping(_) | IntakeError::Start(_) | IntakeError::Repair
    )
}
