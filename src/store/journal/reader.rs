//! Reading the journal while it is written, from any thread.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::Head;
use super::chain::ChainHash;
use super::damage::{Damage, JournalError, Place};
use super::published::Shared;
use super::record::Record;
use super::sealing;
use super::segment::{Form, SegmentFile, SegmentReader, list};
use crate::domain::identity::Sequence;

/// A reader of the journal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct JournalReader {
    shared: Arc<Shared>,
}

/// What walking through the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Segments read.
    pub segments: u64,
    /// Frames read.
    pub frames: u64,
    /// Records read and found good.
    pub records: u64,
    /// How many of them have no payload any more.
    pub dropped: u64,
    /// The last of these.
    pub last_dropped: Option<Sequence>,
    /// The last good record and the chain up to it.
    pub head: Head,
    /// The first bad place; nothing after it was read.
    pub bad: Option<Place>,
    /// Where the expected hash stands in the chain, when one was asked for and found.
    pub expected_at: Option<Sequence>,
}

impl JournalReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// A reader of a journal that nobody writes to, such as a backup's, up to a known end. Nothing in it is changed.
    pub fn of_directory(directory: &Path, site: Uuid, head: Head) -> Result<Self, JournalError> {
        let segments = list(directory)?;
        Ok(Self::new(Arc::new(Shared::still(directory, site, segments, head))))
    }

    /// The end of the journal: the last record that is on the medium.
    pub fn head(&self) -> Head {
        self.shared.look(|published| published.head)
    }

    /// The first bad place that any reader has met since the journal was opened.
    pub fn damaged(&self) -> Option<Place> {
        self.shared.damaged()
    }

    /// The records from a number up to the head as it is now, each checked against its checksums and the chain.
    /// After an error the iterator ends.
    pub fn records_from(&self, from: Sequence) -> Records {
        Records {
            reader: self.clone(),
            next: from.max(Sequence(1)),
            last: self.head(),
            hash: None,
            segment: None,
            ready: VecDeque::new(),
            failed: false,
            segments: 0,
            frames: 0,
        }
    }

    /// One record; `None` when its number lies beyond the head. Reads one block of one segment.
    pub fn read(&self, sequence: Sequence) -> Result<Option<Record>, JournalError> {
        if sequence.0 == 0 || sequence > self.head().sequence {
            return Ok(None);
        }
        let found = self.open_segment_with(sequence, true).and_then(|mut segment| {
            let frame = segment.frame_with(sequence)?;
            frame.ok_or_else(|| missing(&segment, sequence))
        });
        let (_, records) = found.inspect_err(|error| self.shared.note(error))?;
        Ok(records.into_iter().find(|record| record.sequence == sequence))
    }

    /// Walks through every segment, frame and record from the first to the head. An expected hash (as printed on a
    /// close or a report) is looked for in the chain on the way.
    ///
    /// # Errors
    /// Only where a file cannot be read; damage is part of the report.
    pub fn verify_chain(&self, expect: Option<ChainHash>) -> Result<ChainReport, JournalError> {
        self.walk_chain(expect, &mut |_| {})
    }

    /// The same, with each record shown on the way.
    ///
    /// # Errors
    /// As [`JournalReader::verify_chain`].
    pub fn walk_chain(
        &self,
        expect: Option<ChainHash>,
        visit: &mut dyn FnMut(&Record),
    ) -> Result<ChainReport, JournalError> {
        let mut records = self.records_from(Sequence(1));
        let mut report = ChainReport {
            segments: 0,
            frames: 0,
            records: 0,
            dropped: 0,
            last_dropped: None,
            head: Head {
                epoch: records.last.epoch,
                sequence: Sequence(0),
                hash: ChainHash::ZERO,
            },
            bad: None,
            expected_at: None,
        };
        // The empty chain has a hash too; a restore of an empty site names it.
        if expect == Some(ChainHash::ZERO) {
            report.expected_at = Some(Sequence(0));
        }
        records.hash = Some(ChainHash::ZERO);
        for record in records.by_ref() {
            match record {
                Ok(record) => {
                    visit(&record);
                    report.records += 1;
                    if record.payload.kept().is_none() {
                        report.dropped += 1;
                        report.last_dropped = Some(record.sequence);
                    }
                    report.head = Head {
                        epoch: record.epoch,
                        sequence: record.sequence,
                        hash: record.hash,
                    };
                    if expect == Some(record.hash) {
                        report.expected_at = Some(record.sequence);
                    }
                }
                Err(JournalError::Corrupt(place)) => report.bad = Some(place),
                Err(error) => return Err(error),
            }
        }
        let Head { sequence, hash, .. } = records.last;
        if report.bad.is_none() && (report.head.sequence, report.head.hash) != (sequence, hash) {
            report.bad = Some(Place {
                file: self.shared.directory.clone(),
                offset: 0,
                sequence,
                damage: Damage::Chain,
            });
        }
        report.segments = records.segments;
        report.frames = records.frames;
        Ok(report)
    }

    /// Compresses the oldest closed segment that is still plain; `false` when there is none. For a thread of its own:
    /// it neither waits for the writer nor keeps it waiting.
    pub fn seal_next(&self) -> Result<bool, JournalError> {
        let plain = self.shared.look(|published| {
            let closed = published.segments.len().saturating_sub(1);
            published
                .segments
                .iter()
                .take(closed)
                .find(|segment| segment.form == Form::Plain)
                .cloned()
        });
        let Some(plain) = plain else {
            return Ok(false);
        };
        let sealed = sealing::seal(&self.shared.directory, &plain, &*self.shared.disk)?;
        self.replace(&plain, &sealed)?;
        Ok(true)
    }

    /// Drops payloads from the oldest compressed segment that ends at or before the record `through`, and from which
    /// none were dropped yet under the seal of the record `seal`; `false` when there is none. `droppable` says which.
    /// The digests of what goes stay, so that the chain through all records can be checked as before. For a thread of
    /// its own, like [`Self::seal_next`].
    pub fn drop_next(
        &self,
        seal: Sequence,
        through: Sequence,
        droppable: &dyn Fn(&Record) -> bool,
    ) -> Result<bool, JournalError> {
        let next = self.shared.look(|published| {
            let ends = published.segments.iter().skip(1).map(|segment| segment.first);
            let due = |form| match form {
                Form::Plain => false,
                Form::Sealed => true,
                Form::Dropped(under) => under < seal,
            };
            published
                .segments
                .iter()
                .zip(ends)
                .find(|(segment, next)| due(segment.form) && next.0 <= through.0.saturating_add(1))
                .map(|(segment, _)| segment.clone())
        });
        let Some(segment) = next else {
            return Ok(false);
        };
        let shared = &self.shared;
        let dropped = sealing::drop_payloads(&shared.directory, &segment, seal, droppable, &*shared.disk)
            .inspect_err(|error| shared.note(error))?;
        self.replace(&segment, &dropped)?;
        Ok(true)
    }

    /// The last record of the newest segment from which payloads were dropped; 0 when there is none. Records after it
    /// are whole.
    pub fn dropped_through(&self) -> Sequence {
        self.shared.look(|published| {
            let place = published
                .segments
                .iter()
                .rposition(|segment| matches!(segment.form, Form::Dropped(_)));
            let next = place.and_then(|place| published.segments.get(place + 1));
            match (place, next) {
                (None, _) => Sequence(0),
                (Some(_), Some(next)) => Sequence(next.first.0.saturating_sub(1)),
                (Some(_), None) => published.head.sequence,
            }
        })
    }

    /// Leads readers to another file of a segment, and removes the one that they were led to.
    fn replace(&self, old: &SegmentFile, new: &SegmentFile) -> Result<(), JournalError> {
        self.shared.change(|published| {
            for segment in &mut published.segments {
                if segment.first == new.first {
                    *segment = new.clone();
                }
            }
        });
        // Only now: who was led to the old file looks again.
        sealing::remove_original(old, &*self.shared.disk)?;
        Ok(())
    }

    /// The segment files up to the head as it is now, each with how many of its bytes count (`None`: all).
    pub(in crate::store) fn segments(&self) -> (Vec<(SegmentFile, Option<u64>)>, Head) {
        self.shared.look(|published| {
            let count = published.segments.len();
            let files = published.segments.iter().enumerate().map(|(place, segment)| {
                let limit = (place + 1 == count && segment.form == Form::Plain).then_some(published.durable);
                (segment.clone(), limit)
            });
            (files.collect(), published.head)
        })
    }

    /// Opens the segment that holds a record. Sealing may replace a file between looking and opening: then once more.
    fn open_segment_with(&self, sequence: Sequence, near: bool) -> Result<SegmentReader, JournalError> {
        let mut attempts = 0;
        loop {
            let (segments, head) = self.segments();
            let found = segments
                .partition_point(|(segment, _)| segment.first <= sequence)
                .checked_sub(1)
                .and_then(|place| segments.get(place));
            let Some((segment, limit)) = found else {
                return Err(JournalError::Corrupt(Place {
                    file: self.shared.directory.clone(),
                    offset: 0,
                    sequence: sequence.min(head.sequence),
                    damage: Damage::Gap,
                }));
            };
            let opened = if near {
                SegmentReader::open_near(segment, *limit, sequence)
            } else {
                SegmentReader::open(segment, *limit)
            };
            attempts += 1;
            match opened {
                Err(JournalError::Io(error)) if error.source.kind() == io::ErrorKind::NotFound && attempts < 3 => {}
                other => return other.and_then(|reader| reader.of_site(self.shared.site)),
            }
        }
    }
}

fn missing(segment: &SegmentReader, sequence: Sequence) -> JournalError {
    JournalError::Corrupt(Place {
        file: segment.path.clone(),
        offset: segment.offset,
        sequence,
        damage: Damage::Gap,
    })
}

/// Records in order; see [`JournalReader::records_from`].
pub struct Records {
    reader: JournalReader,
    next: Sequence,
    last: Head,
    /// The chain up to the record before `next`, once known.
    hash: Option<ChainHash>,
    segment: Option<SegmentReader>,
    ready: VecDeque<Record>,
    failed: bool,
    segments: u64,
    frames: u64,
}

impl Records {
    /// Opens the segment that holds the next record, and checks that it follows the one before.
    fn enter_segment(&mut self) -> Result<SegmentReader, JournalError> {
        let segment = self.reader.open_segment_with(self.next, true)?;
        self.segments += 1;
        if segment.next == segment.header.first && segment.next == self.next {
            if self.hash.is_some_and(|hash| hash != segment.header.previous) {
                return Err(JournalError::Corrupt(Place {
                    file: segment.path,
                    offset: 0,
                    sequence: self.next,
                    damage: Damage::Chain,
                }));
            }
            self.hash = Some(segment.header.previous);
        }
        Ok(segment)
    }

    /// Reads the frame that holds the next record.
    fn fetch(&mut self) -> Result<(), JournalError> {
        loop {
            let mut segment = match self.segment.take() {
                Some(segment) => segment,
                None => self.enter_segment()?,
            };
            let offset = segment.offset;
            let Some((header, records)) = segment.frame_with(self.next)? else {
                // The next record must be the first of the next segment.
                let (segments, _) = self.reader.segments();
                if segments.iter().any(|(file, _)| file.first == self.next) && segment.header.first < self.next {
                    continue;
                }
                return Err(missing(&segment, self.next));
            };
            let follows = header.first != self.next || self.hash.is_none_or(|hash| hash == header.previous);
            if !follows {
                return Err(JournalError::Corrupt(Place {
                    file: segment.path.clone(),
                    offset,
                    sequence: header.first,
                    damage: Damage::Chain,
                }));
            }
            self.frames += 1;
            self.hash = records.last().map(|record| record.hash);
            let next = self.next;
            self.ready
                .extend(records.into_iter().filter(|record| record.sequence >= next));
            self.segment = Some(segment);
            return Ok(());
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.next > self.last.sequence {
            return None;
        }
        if self.ready.is_empty()
            && let Err(error) = self.fetch()
        {
            self.failed = true;
            self.reader.shared.note(&error);
            return Some(Err(error));
        }
        let record = self.ready.pop_front()?;
        self.next = record.sequence.next();
        Some(Ok(record))
    }
}
