//! How long the texts in a request may be. They end up in journal records and messages, where nobody needs a book.

use crate::domain::attachment::{Attachment, LARGEST_PART, LONGEST_FILE_NAME, MOST_ATTACHMENTS};
use crate::domain::document::{Document, LONGEST_FIELD, MOST_FORM_ROWS};
use crate::domain::draft::{FileChange, LONGEST_CELL};
use crate::domain::note::LONGEST_NOTE;
use crate::domain::pin::Pin;
use crate::domain::sheet::{MOST_ROUNDS, MOST_ROWS};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, HOUR_MS, Hour, Instant};
use crate::engine::closing::LONGEST_REASON as LONGEST_CLOSING_REASON;
pub use crate::engine::command::LONGEST_REASON;
use crate::engine::command::{Provenance, Seen};
use crate::engine::course::{LONGEST_STRETCH, MOST_COLUMNS, MOST_COURSES};
use crate::engine::documents::MOST_FILED;
use crate::engine::overlaps::ToBring;
use crate::engine::second_check::{CheckVerdict, MOST_FOLLOWED};
use crate::engine::view::Target;

use crate::store::personal::{FORM_BLOCKS, FORM_DRAFTS, PREFERENCES};

use super::message::{LARGEST_BATCH, RequestBody};
use super::records::KindFilter;

/// The most books of which somebody says what they have seen.
const MOST_BOOKS: usize = 1_000;

/// Longest name of where readings came from, in characters: a folder and a file name have at most 255 each.
pub const LONGEST_NAME: usize = 1000;

/// The most people who are named as having typed values that another one sends.
pub const MOST_TYPISTS: usize = 50;

/// Longest digest, in hex digits.
pub const LONGEST_DIGEST: usize = 128;

/// Longest serial number of a meter, in characters.
pub const LONGEST_SERIAL: usize = 200;

/// Longest number that is given as a text, in characters.
pub const LONGEST_NUMBER: usize = 100;

/// Longest path, in characters: what the system takes.
pub const LONGEST_PATH: usize = 4096;

/// Longest key of a factor or a method, in characters.
pub const LONGEST_KEY: usize = 200;

/// Longest name of whose files of a page they are, in characters: a staff number in hexadecimal digits, and what it is.
const LONGEST_OWNER: usize = 8 * LONGEST_STAFF_NUMBER + 8;

/// Longest words to look for, in characters.
pub const LONGEST_WORDS: usize = 200;

/// The most cells of an entry sheet that are kept at once: those of the largest page.
pub const MOST_CELLS: usize = MOST_ROWS * MOST_ROUNDS;

/// Longest staff number, in characters.
pub const LONGEST_STAFF_NUMBER: usize = 64;

/// Longest PIN as it may be typed, in characters: what is longer than a PIN may be is wrong, and is looked at no further.
pub const LONGEST_TYPED_PIN: usize = 64;

fn of_document(document: &Document) -> Result<(), Text> {
    within("wire-limit-key", &document.form, LONGEST_KEY)?;
    let values = document.values().len();
    if values > MOST_FORM_ROWS {
        return Err(Text::new("wire-values-too-many")
            .with_count("given", values)
            .with_count("most", MOST_FORM_ROWS));
    }
    attached(document.attachments.iter())?;
    let mut words = document.words().into_iter();
    words.try_for_each(|words| within("wire-limit-words", words, LONGEST_FIELD))
}

fn pin_within(pin: Option<&Pin>) -> Result<(), Text> {
    within("wire-limit-pin", pin.map_or("", Pin::digits), LONGEST_TYPED_PIN)
}

fn documents_within(documents: &[Document]) -> Result<(), Text> {
    if documents.len() > MOST_FILED {
        return Err(Text::new("documents-too-many").with_count("most", MOST_FILED));
    }
    documents.iter().try_for_each(of_document)
}

fn batch_within(readings: usize) -> Result<(), Text> {
    if readings > LARGEST_BATCH {
        return Err(Text::new("wire-batch-too-large")
            .with_count("given", readings)
            .with_count("most", LARGEST_BATCH));
    }
    Ok(())
}

fn attached<'a>(attachments: impl ExactSizeIterator<Item = &'a Attachment>) -> Result<(), Text> {
    few_files(attachments.len())?;
    names_within(attachments)
}

fn few_files(files: usize) -> Result<(), Text> {
    if files > MOST_ATTACHMENTS {
        return Err(Text::new("attachments-too-many").with_count("most", MOST_ATTACHMENTS));
    }
    Ok(())
}

fn names_within<'a>(attachments: impl Iterator<Item = &'a Attachment>) -> Result<(), Text> {
    let mut names = attachments.map(|attachment| attachment.name.as_str());
    names.try_for_each(|name| within("wire-limit-words", name, LONGEST_FILE_NAME))
}

/// Whether everything in a request is within its limit; the error says what is not, and what the limit is.
pub fn check(body: &RequestBody) -> Result<(), Text> {
    match body {
        RequestBody::Intake {
            provenance, readings, ..
        }
        | RequestBody::Correct { provenance, readings } => {
            batch_within(readings.len())?;
            provenance_within(provenance, readings.len())
        }
        RequestBody::Withdraw { reason, .. } => within("wire-limit-reason", reason, LONGEST_REASON),
        RequestBody::Fill(fill) | RequestBody::PlanFill(fill) => {
            within("wire-limit-reason", &fill.reason, LONGEST_REASON)
        }
        RequestBody::Alarms { deed, .. } => {
            within("wire-limit-reason", deed.reason().unwrap_or_default(), LONGEST_REASON)
        }
        RequestBody::Anomalies { deed, .. } | RequestBody::PlanAnomalies { deed, .. } => {
            let mut words = deed.words().into_iter();
            words.try_for_each(|words| within("wire-limit-words", words, LONGEST_REASON))
        }
        RequestBody::AlarmFigures { from, to } | RequestBody::PastAnomalies { from, to } => stretch(*from, *to),
        RequestBody::Availability { from, to } => hours(*from, *to),
        RequestBody::ChangeMeter(change) => {
            within("wire-limit-serial", &change.serial, LONGEST_SERIAL)?;
            within("wire-limit-number", &change.multiplier, LONGEST_NUMBER)?;
            if let Some(rollover) = &change.rollover {
                within("wire-limit-number", rollover, LONGEST_NUMBER)?;
            }
            within("wire-limit-reason", &change.reason, LONGEST_REASON)
        }
        RequestBody::Apply { digest, .. } | RequestBody::Adopt { digest } => {
            within("wire-limit-digest", digest, LONGEST_DIGEST)
        }
        RequestBody::Verify { expect } => within(
            "wire-limit-digest",
            expect.as_deref().unwrap_or_default(),
            LONGEST_DIGEST,
        ),
        RequestBody::File { provenance, documents } => {
            provenance_within(provenance, 0)?;
            documents_within(documents)
        }
        RequestBody::Attach { bytes, .. } if bytes.len() > LARGEST_PART => Err(Text::new("wire-part-too-large")
            .with_count("given", bytes.len())
            .with_count("most", LARGEST_PART)),
        RequestBody::Documents { form, .. } | RequestBody::DraftBlock { form } => {
            within("wire-limit-key", form, LONGEST_KEY)
        }
        RequestBody::Doubts(ToBring::Documents(documents)) => documents_within(documents),
        RequestBody::Doubts(ToBring::Readings { slots, .. }) => batch_within(slots.len()),
        RequestBody::SecondCheck(check) | RequestBody::Approve(check) => match &check.verdict {
            CheckVerdict::Returned { cells, .. } if cells.len() > MOST_FOLLOWED => {
                Err(Text::new("wire-cells-too-many")
                    .with_count("given", cells.len())
                    .with_count("most", MOST_FOLLOWED))
            }
            CheckVerdict::Returned { reason, .. } => within("wire-limit-reason", reason, LONGEST_REASON),
            CheckVerdict::Agreed => Ok(()),
        },
        RequestBody::HandOver { handover, pin } => {
            within("wire-limit-key", &handover.shift.slot, LONGEST_KEY)?;
            within(
                "wire-limit-words",
                handover.remark.as_deref().unwrap_or_default(),
                LONGEST_REASON,
            )?;
            pin_within(pin.as_ref())
        }
        RequestBody::CloseMonth { closing, pin } => {
            within(
                "wire-limit-reason",
                closing.reason.as_deref().unwrap_or_default(),
                LONGEST_CLOSING_REASON,
            )?;
            if closing.shown.len() > MOST_BOOKS {
                return Err(Text::new("wire-books-too-many").with_count("most", MOST_BOOKS));
            }
            pin_within(pin.as_ref())
        }
        RequestBody::Handover { shift } => within(
            "wire-limit-key",
            shift.as_ref().map_or("", |shift| &shift.slot),
            LONGEST_KEY,
        ),
        RequestBody::Note(note) => within("wire-limit-note", &note.text, LONGEST_NOTE),
        RequestBody::CloseNote(closing) => {
            let remark = closing.remark.as_deref().unwrap_or_default();
            within("wire-limit-note", remark, LONGEST_NOTE)
        }
        RequestBody::Seal(seal) => within("wire-limit-digest", &seal.export, LONGEST_DIGEST),
        RequestBody::Backup { directory } | RequestBody::SealExport { directory, .. } => {
            within("wire-limit-path", directory, LONGEST_PATH)
        }
        RequestBody::Explain(Target::Factor { id } | Target::Input { input: id, .. }) => {
            within("wire-limit-key", id, LONGEST_KEY)
        }
        RequestBody::Tail { filter, .. } => {
            if let KindFilter::Only(kind) = &filter.kinds {
                within("wire-limit-words", kind, LONGEST_WORDS)?;
            }
            within("wire-limit-words", &filter.words, LONGEST_WORDS)
        }
        RequestBody::Courses {
            parameters,
            from,
            to,
            columns,
        } => courses(parameters.len(), *from, *to, *columns),
        RequestBody::Sheet { sheet, .. } => within("wire-limit-key", sheet, LONGEST_KEY),
        RequestBody::Draft { sheet, changes, .. } => {
            within("wire-limit-key", sheet, LONGEST_KEY)?;
            if changes.len() > MOST_CELLS {
                return Err(Text::new("wire-cells-too-many")
                    .with_count("given", changes.len())
                    .with_count("most", MOST_CELLS));
            }
            let mut texts = changes.iter().filter_map(|change| change.text.as_deref());
            texts.try_for_each(|text| within("wire-limit-cell", text, LONGEST_CELL))
        }
        RequestBody::DraftFiles { sheet, changes, .. } => {
            within("wire-limit-key", sheet, LONGEST_KEY)?;
            few_files(changes.len())?;
            for change in changes {
                if let FileChange::TakenOver { of, .. } = change {
                    within("wire-limit-key", of, LONGEST_OWNER)?;
                }
            }
            names_within(changes.iter().filter_map(FileChange::attached))
        }
        RequestBody::KeepDraftBlock { form, text } => {
            within("wire-limit-key", form, LONGEST_KEY)?;
            within(
                "wire-limit-block",
                text.as_deref().unwrap_or_default(),
                FORM_BLOCKS.longest,
            )
        }
        RequestBody::KeepFormDrafts { text } => within("wire-limit-form", text, FORM_DRAFTS.longest),
        RequestBody::KeepPreferences { text } => within("wire-limit-preferences", text, PREFERENCES.longest),
        RequestBody::SignOn { staff_number, pin, .. } => {
            within("wire-limit-staff-number", staff_number, LONGEST_STAFF_NUMBER)?;
            pin_within(Some(pin))
        }
        RequestBody::SetPin { staff_number, old, new } => {
            within("wire-limit-staff-number", staff_number, LONGEST_STAFF_NUMBER)?;
            let mut pins = [old.as_ref(), Some(new)].into_iter().flatten();
            pins.try_for_each(|pin| pin_within(Some(pin)))
        }
        RequestBody::Status
        | RequestBody::QualityPlan { .. }
        | RequestBody::Months { .. }
        | RequestBody::Rounds
        | RequestBody::Attach { .. }
        | RequestBody::Attachment { .. }
        | RequestBody::SignOff { .. }
        | RequestBody::StillHere
        | RequestBody::Model
        | RequestBody::Watch
        | RequestBody::Unwatch
        | RequestBody::Plan { .. }
        | RequestBody::PlanAdoption
        | RequestBody::Ledger(_)
        | RequestBody::LedgerAsKnown { .. }
        | RequestBody::Explain(_)
        | RequestBody::Readings { .. }
        | RequestBody::NamedReadings { .. }
        | RequestBody::Anomaly(_)
        | RequestBody::Checked { .. }
        | RequestBody::Crews { .. }
        | RequestBody::Notes { .. }
        | RequestBody::SecondChecks
        | RequestBody::CheckedRecord { .. }
        | RequestBody::Preferences
        | RequestBody::FormDrafts
        | RequestBody::Clock
        | RequestBody::SetClock { .. }
        | RequestBody::ConfirmClock
        | RequestBody::Shutdown => Ok(()),
    }
}

fn provenance_within(provenance: &Provenance, readings: usize) -> Result<(), Text> {
    within("wire-limit-name", &provenance.name, LONGEST_NAME)?;
    let digest = provenance.digest.as_deref().unwrap_or_default();
    within("wire-limit-digest", digest, LONGEST_DIGEST)?;
    let reason = provenance.reason.as_deref().unwrap_or_default();
    within("wire-limit-reason", reason, LONGEST_REASON)?;
    attached(provenance.attachments.iter())?;
    if provenance.typed_by.len() > MOST_TYPISTS {
        return Err(Text::new("wire-typists-too-many").with_count("most", MOST_TYPISTS));
    }
    let mut typists = provenance.typed_by.iter();
    typists.try_for_each(|name| within("wire-limit-words", name, LONGEST_NAME))?;
    if provenance.lines.len() > readings {
        return Err(Text::new("wire-lines-too-many")
            .with_count("lines", provenance.lines.len())
            .with_count("readings", readings));
    }
    provenance
        .seen
        .as_deref()
        .map_or(Ok(()), |seen| seen_within(seen, readings))
}

fn seen_within(seen: &Seen, readings: usize) -> Result<(), Text> {
    let sheet = seen.page.as_ref().map_or("", |of| &of.sheet);
    within("wire-limit-key", sheet, LONGEST_KEY)?;
    if seen.cells.len() > readings {
        return Err(Text::new("wire-cells-too-many")
            .with_count("given", seen.cells.len())
            .with_count("most", readings));
    }
    for cell in &seen.cells {
        within("wire-limit-cell", &cell.text, LONGEST_CELL)?;
        let by = cell.by.as_deref().unwrap_or_default();
        within("wire-limit-words", by, LONGEST_NAME)?;
    }
    if seen.standing.len() > readings {
        return Err(Text::new("wire-seen-too-many")
            .with_count("seen", seen.standing.len())
            .with_count("readings", readings));
    }
    Ok(())
}

fn courses(parameters: usize, from: Instant, to: Instant, columns: u16) -> Result<(), Text> {
    if !(1..=MOST_COURSES).contains(&parameters) {
        return Err(Text::new("wire-courses")
            .with_count("given", parameters)
            .with_count("most", MOST_COURSES));
    }
    if !(1..=MOST_COLUMNS).contains(&columns) {
        return Err(Text::new("wire-columns")
            .with_count("given", columns)
            .with_count("most", MOST_COLUMNS));
    }
    stretch(from, to)
}

/// A stretch of time has an end, and is not longer than anybody can look at.
fn stretch(from: Instant, to: Instant) -> Result<(), Text> {
    if to <= from || to.since(from) > LONGEST_STRETCH {
        return Err(Text::new("wire-stretch").with_count("days", LONGEST_STRETCH / DAY_MS));
    }
    Ok(())
}

/// What of each hour is looked at is looked at of a stretch that ends.
fn hours(from: Hour, to: Hour) -> Result<(), Text> {
    let hours = i64::from(to.0) - i64::from(from.0);
    if (1..=LONGEST_STRETCH / HOUR_MS).contains(&hours) {
        return Ok(());
    }
    Err(Text::new("wire-stretch").with_count("days", LONGEST_STRETCH / DAY_MS))
}

fn within(what: &'static str, text: &str, most: usize) -> Result<(), Text> {
    // No character is more than four bytes, so that a text is not counted through for being long.
    if text.len() <= most || (text.len() <= most.saturating_mul(4) && text.chars().count() <= most) {
        return Ok(());
    }
    Err(Text::new("wire-text-too-long")
        .with_text("what", Text::new(what))
        .with_count("most", most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::attachment::Digest;
    use crate::domain::identity::Sequence;
    use crate::domain::reading::Origin;
    use crate::domain::sheet::{OfSheet, SheetPage};
    use crate::domain::time::Month;
    use crate::engine::command::MeterChange;
    use crate::locale::{Language, Localizer};
    use crate::store::personal::{Owner, Theirs};

    fn id(body: &RequestBody) -> Option<String> {
        check(body).err().map(|text| text.id.to_string())
    }

    fn intake(provenance: Provenance) -> RequestBody {
        RequestBody::Intake {
            origin: Origin::File,
            provenance,
            readings: Vec::new(),
        }
    }

    #[test]
    fn texts_up_to_their_limit_pass_and_longer_ones_do_not() {
        let named = |name: String| {
            intake(Provenance {
                name,
                ..Provenance::default()
            })
        };
        // A character counts as one, however many bytes it has.
        assert_eq!(id(&named("厂".repeat(LONGEST_NAME))), None);
        assert_eq!(
            id(&named("厂".repeat(LONGEST_NAME + 1))).as_deref(),
            Some("wire-text-too-long")
        );
        assert_eq!(
            id(&named("x".repeat(LONGEST_NAME + 1))).as_deref(),
            Some("wire-text-too-long")
        );
        let withdraw = |length| RequestBody::Withdraw {
            sequence: Sequence(1),
            reason: "x".repeat(length),
        };
        assert_eq!(id(&withdraw(LONGEST_REASON)), None);
        assert_eq!(id(&withdraw(LONGEST_REASON + 1)).as_deref(), Some("wire-text-too-long"));
        let lines = intake(Provenance {
            lines: vec![1],
            ..Provenance::default()
        });
        assert_eq!(id(&lines).as_deref(), Some("wire-lines-too-many"));
    }

    #[test]
    fn files_of_readings_are_no_more_and_called_no_longer_than_those_of_documents() {
        let attached = |count: usize, name: &str| {
            let file = Attachment {
                name: name.to_owned(),
                bytes: 1,
                digest: Digest::of(b"photo"),
            };
            intake(Provenance {
                attachments: vec![file; count],
                ..Provenance::default()
            })
        };
        assert_eq!(id(&attached(MOST_ATTACHMENTS, &"图".repeat(LONGEST_FILE_NAME))), None);
        let too_long = attached(1, &"图".repeat(LONGEST_FILE_NAME + 1));
        assert_eq!(id(&too_long).as_deref(), Some("wire-text-too-long"));
        let too_many = attached(MOST_ATTACHMENTS + 1, "a.jpg");
        assert_eq!(id(&too_many).as_deref(), Some("attachments-too-many"));
    }

    #[test]
    fn what_is_kept_of_a_page_and_of_a_form_has_its_limits() {
        let file = |name: &str| {
            FileChange::Attached(Attachment {
                name: name.to_owned(),
                bytes: 1,
                digest: Digest::of(b"photo"),
            })
        };
        let of_page = |changes: Vec<FileChange>| RequestBody::DraftFiles {
            sheet: "rounds".to_owned(),
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
            changes,
        };
        assert_eq!(id(&of_page(vec![file("a.jpg"); MOST_ATTACHMENTS])), None);
        let too_many = of_page(vec![file("a.jpg"); MOST_ATTACHMENTS + 1]);
        assert_eq!(id(&too_many).as_deref(), Some("attachments-too-many"));
        let too_long = of_page(vec![file(&"图".repeat(LONGEST_FILE_NAME + 1))]);
        assert_eq!(id(&too_long).as_deref(), Some("wire-text-too-long"));
        let over = |of: String| {
            let file = Attachment {
                name: "a.jpg".to_owned(),
                bytes: 1,
                digest: Digest::of(b"photo"),
            };
            of_page(vec![FileChange::TakenOver { file, of }])
        };
        let longest = Owner::Person("\u{10ffff}".repeat(LONGEST_STAFF_NUMBER)).file_name();
        assert_eq!(id(&over(longest.clone())), None);
        assert_eq!(id(&over(longest + "00")).as_deref(), Some("wire-text-too-long"));
        let block = |length| RequestBody::KeepDraftBlock {
            form: "reports".to_owned(),
            text: Some("x".repeat(length)),
        };
        assert_eq!(id(&block(FORM_BLOCKS.longest)), None);
        assert_eq!(
            id(&block(FORM_BLOCKS.longest + 1)).as_deref(),
            Some("wire-text-too-long")
        );
    }

    #[test]
    fn what_is_too_long_is_named_in_both_languages() {
        let long = || "9".repeat(1 << 20);
        let page = SheetPage::Month(Month { year: 2025, month: 3 });
        let change = |serial, multiplier, rollover, reason| {
            RequestBody::ChangeMeter(MeterChange {
                parameter: crate::domain::identity::ParameterId(1),
                at: crate::domain::time::Instant(0),
                final_value: None,
                initial_value: None,
                serial,
                multiplier,
                rollover,
                reason,
            })
        };
        let some = || "1".to_owned();
        let bodies = [
            change(long(), some(), None, some()),
            change(some(), long(), None, some()),
            change(some(), some(), Some(long()), some()),
            change(some(), some(), None, long()),
            RequestBody::Adopt { digest: long() },
            RequestBody::Verify { expect: Some(long()) },
            RequestBody::Backup { directory: long() },
            RequestBody::Explain(Target::Factor { id: long() }),
            intake(Provenance {
                digest: Some(long()),
                ..Provenance::default()
            }),
            intake(Provenance {
                seen: Some(Box::new(Seen {
                    page: Some(OfSheet { sheet: long(), page }),
                    ..Seen::default()
                })),
                ..Provenance::default()
            }),
            intake(Provenance {
                reason: Some(long()),
                ..Provenance::default()
            }),
        ];
        for body in bodies {
            let text = check(&body).unwrap_err();
            assert!(text.to_string().len() < 200);
            for language in [Language::Chinese, Language::English] {
                let said = Localizer::new(language).text(&text);
                assert!(!said.contains("wire-"), "{said}");
            }
        }
    }
}
