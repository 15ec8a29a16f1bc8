//! Entry sheets: what stands on a page, and what people typed and attached and have not sent yet.

use std::path::Path;

use crate::domain::actor::Actor;
use crate::domain::attachment::{Attachment, MOST_ATTACHMENTS};
use crate::domain::draft::{DraftChange, Drafted, FileChange, KeptOfPage};
use crate::domain::sheet::{Cells, OfSheet, SheetPage, page_of, unknown};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::SheetView;
use crate::store::drafts::{DraftError, DraftPage};
use crate::wire::message::{ReplyBody, RequestBody};

use super::super::writer::Writer;
use super::Question;
use super::attachments::check_here;

/// Why drafts could not be read or kept.
pub(super) fn told(error: &DraftError) -> Text {
    match error {
        DraftError::TooMany => Text::new("daemon-drafts-too-many"),
        DraftError::TooManyFiles => Text::new("attachments-too-many").with_count("most", MOST_ATTACHMENTS),
        DraftError::File(_) | DraftError::Unreadable(..) => {
            Text::new("daemon-drafts-failed").with("error", clean(&error.to_string()))
        }
    }
}

/// The rounds that are being made.
pub(super) fn rounds(writer: &mut Writer) -> Question {
    let now = writer.now();
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let rounds = snapshot.ask(|engine, history| Ok(engine.rounds_being_made(history, now)?))?;
        Ok(ReplyBody::Rounds(rounds))
    })
}

pub(super) fn question(writer: &Writer, actor: &Actor, sheet: String, page: SheetPage) -> Question {
    let (snapshot, site) = (writer.ground.snapshot(), writer.shared.site.clone());
    let by = actor.clone();
    Box::new(move || {
        let view: SheetView = snapshot.ask(|engine, history| engine.sheet_page(history, &sheet, page))?;
        let of_page = DraftPage {
            site: &site,
            sheet: &sheet,
            page,
        };
        let mut drafts = of_page.read().map_err(|error| told(&error))?;
        let rows = view.rows.iter().map(|row| row.parameter);
        let cells = Cells::of(rows, &view.rounds);
        drafts.cells.retain(|draft| cells.has((draft.parameter, draft.round)));
        let kept = KeptOfPage {
            attached: drafts.files_of(&by),
            others: drafts.files_of_others(&by),
            drafts: drafts.cells,
        };
        Ok(ReplyBody::Sheet(Box::new(view), Box::new(kept)))
    })
}

pub(super) fn drafting(
    writer: &Writer,
    actor: &Actor,
    (sheet, page): (String, SheetPage),
    changes: Vec<DraftChange>,
    at: Instant,
) -> Question {
    // The model is enough: a snapshot for every cell that is typed would be dear.
    let (model, site) = (writer.ground.model().cloned(), writer.shared.site.clone());
    let by = actor.name().to_owned();
    Box::new(move || {
        // Only cells that there are: a client may say what it likes, and a plan may have changed since it did. What was typed
        // into others waits, unseen, until a plan has them again.
        let model = model.ok_or_else(|| unknown(&sheet))?;
        let (known, rounds) = page_of(&model, &sheet, page)?;
        let cells = Cells::of(known.rows.iter().copied(), &rounds);
        let (places, kept): (Vec<u32>, Vec<DraftChange>) = (0..)
            .zip(&changes)
            .filter(|(_, change)| cells.has((change.parameter, change.round)))
            .map(|(place, change)| (place, change.clone()))
            .unzip();
        let of_page = DraftPage {
            site: &site,
            sheet: &sheet,
            page,
        };
        let mut drafted: Drafted = of_page.change(&kept, &by, at).map_err(|error| told(&error))?;
        let place_of = |place: &u32| places.get(usize::try_from(*place).ok()?).copied();
        drafted.contested = drafted.contested.iter().filter_map(place_of).collect();
        drafted.gone = (0..)
            .zip(&changes)
            .filter(|(_, change)| !cells.has((change.parameter, change.round)))
            .map(|(place, _)| place)
            .collect();
        drafted.drafts.retain(|draft| cells.has((draft.parameter, draft.round)));
        Ok(ReplyBody::Drafted(Box::new(drafted)))
    })
}

/// Keeps what is attached to a page for who attached it. Only files that the site has: what is sent later can name each of them.
pub(super) fn attaching(
    writer: &Writer,
    actor: &Actor,
    (sheet, page): (String, SheetPage),
    changes: Vec<FileChange>,
) -> Question {
    let (model, site) = (writer.ground.model().cloned(), writer.shared.site.clone());
    let by = actor.clone();
    Box::new(move || {
        let model = model.ok_or_else(|| unknown(&sheet))?;
        page_of(&model, &sheet, page)?;
        let attached: Vec<&Attachment> = changes.iter().filter_map(FileChange::attached).collect();
        attached.iter().try_for_each(|file| file.check())?;
        check_here(&site, attached)?;
        let of_page = DraftPage {
            site: &site,
            sheet: &sheet,
            page,
        };
        let files = of_page.attach(&changes, &by).map_err(|error| told(&error))?;
        Ok(ReplyBody::DraftFiles(files))
    })
}

/// Files that go with a record from the page to which they were attached.
pub struct FromPage {
    of: OfSheet,
    files: Vec<FileChange>,
    by: Actor,
}

impl FromPage {
    /// What of a request is attached to a page as long as it is not recorded.
    pub fn named_in(body: &RequestBody, by: &Actor) -> Option<Self> {
        let RequestBody::Intake { provenance, .. } = body else {
            return None;
        };
        let taken_off = |file: &Attachment| FileChange::TakenOff(file.digest);
        let files: Vec<FileChange> = provenance.attachments.iter().map(taken_off).collect();
        let seen = provenance.seen.as_deref().filter(|_| !files.is_empty())?;
        let of = seen.page.clone()?;
        let by = by.clone();
        Some(Self { of, files, by })
    }

    /// The record is written: they are taken off the page, so that none of them stands behind another one too, whatever becomes
    /// of the terminal. The record stands all the same where that fails.
    pub fn take_off(&self, site: &Path) {
        let of_page = DraftPage {
            site,
            sheet: &self.of.sheet,
            page: self.of.page,
        };
        if let Err(error) = of_page.attach(&self.files, &self.by) {
            let error = error.to_string();
            tracing::warn!(error = %clean(&error), "files that were sent could not be taken off their page");
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::{intake, writer};
    use crate::domain::actor::Role;
    use crate::domain::attachment::Digest;
    use crate::domain::identity::ParameterId;
    use crate::domain::model::Name;
    use crate::domain::reading::Origin;
    use crate::domain::sheet::EntrySheet;
    use crate::domain::time::Month;
    use crate::engine::command::{CommandBody, Seen};
    use crate::store::attachments::{Attachments, Part};

    pub(in super::super) const PAGE: SheetPage = SheetPage::Month(Month { year: 2025, month: 3 });

    pub(in super::super) fn operator(person: &str) -> Actor {
        Actor {
            uid: 7,
            user: "desk".to_owned(),
            person: Some(person.to_owned()),
            roles: vec![Role::Operator],
            shared: true,
        }
    }

    /// Gives the site a daily sheet.
    pub(in super::super) fn with_sheet(writer: &mut Writer) {
        let mut model = writer.ground.model().map(|model| (**model).clone()).unwrap();
        let rows: Vec<ParameterId> = model.parameters.iter().take(1).map(|parameter| parameter.id).collect();
        model.sheets.push(EntrySheet {
            key: "stock".to_owned(),
            name: Name::default(),
            rows,
            rounds: vec![720],
            due_ms: 3_600_000,
            origin: Origin::Typed,
            second_person: false,
        });
        let apply = CommandBody::Apply {
            model: Box::new(model),
            digest: "00".to_owned(),
            effective_from: None,
        };
        writer.command(&Actor::daemon(), apply).unwrap();
    }

    /// Makes its round another time of the day.
    fn at_another_time(writer: &mut Writer, minutes: u32) {
        let mut model = writer.ground.model().map(|model| (**model).clone()).unwrap();
        model.sheets[0].rounds = vec![minutes];
        let apply = CommandBody::Apply {
            model: Box::new(model),
            digest: minutes.to_string(),
            effective_from: None,
        };
        writer.command(&Actor::daemon(), apply).unwrap();
    }

    #[test]
    fn what_was_typed_into_cells_that_the_plan_took_away_waits_unseen_and_is_not_sent() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let li = operator("2001");
        let change = |writer: &Writer| {
            let model = writer.ground.model().cloned().unwrap();
            let (_, rounds) = page_of(&model, "stock", PAGE).unwrap();
            DraftChange {
                parameter: model.sheets[0].rows[0],
                round: rounds[3].at,
                seen: None,
                text: Some("41".to_owned()),
            }
        };
        let draft = |writer: &Writer, change: DraftChange| {
            let asked = drafting(writer, &li, ("stock".to_owned(), PAGE), vec![change], Instant(0));
            match asked() {
                Ok(ReplyBody::Drafted(drafted)) => (drafted.drafts.len(), drafted.gone),
                other => panic!("{other:?}"),
            }
        };
        let given = |writer: &Writer| match question(writer, &li, "stock".to_owned(), PAGE)() {
            Ok(ReplyBody::Sheet(_, kept)) => kept.drafts.len(),
            other => panic!("{other:?}"),
        };
        let noon = change(&writer);
        assert_eq!((draft(&writer, noon.clone()), given(&writer)), ((1, vec![]), 1));
        at_another_time(&mut writer, 480);
        assert_eq!(given(&writer), 0);
        let morning = change(&writer);
        assert_eq!(
            draft(&writer, morning),
            (1, vec![]),
            "what waits unseen is not among them"
        );
        let other = DraftChange {
            text: Some("99".to_owned()),
            ..noon
        };
        assert_eq!(draft(&writer, other), (1, vec![0]), "nor is it changed");
        at_another_time(&mut writer, 720);
        assert_eq!(given(&writer), 1);
    }

    fn photo() -> Attachment {
        Attachment {
            name: "photo.jpg".to_owned(),
            bytes: 5,
            digest: Digest::of(b"photo"),
        }
    }

    fn kept(writer: &Writer, by: &Actor, changes: Vec<FileChange>) -> Result<Vec<Attachment>, String> {
        let asked = attaching(writer, by, ("stock".to_owned(), PAGE), changes);
        match asked() {
            Ok(ReplyBody::DraftFiles(files)) => Ok(files),
            Ok(other) => panic!("{other:?}"),
            Err(why) => Err(why.id.into_owned()),
        }
    }

    #[test]
    fn only_files_that_the_site_has_are_kept_and_only_for_who_attached_them() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        let attached = vec![FileChange::Attached(photo())];
        assert_eq!(kept(&writer, &li, attached.clone()).unwrap_err(), "attachment-not-here");
        let part = Part {
            digest: photo().digest,
            of: 5,
            at: 0,
            bytes: b"photo",
        };
        Attachments::of(site.path()).take(part).unwrap();
        assert_eq!(kept(&writer, &li, attached.clone()).unwrap(), [photo()]);
        let untidy = Attachment {
            name: "a\u{1b}[2J".to_owned(),
            ..photo()
        };
        let untidy = vec![FileChange::Attached(untidy)];
        assert_eq!(kept(&writer, &li, untidy).unwrap_err(), "attachment-name");
        let elsewhere = attaching(&writer, &li, ("nowhere".to_owned(), PAGE), attached);
        assert_eq!(elsewhere().unwrap_err().id, "sheet-unknown");
        // With the page each gets their own.
        let given = |by: &Actor| match question(&writer, by, "stock".to_owned(), PAGE)() {
            Ok(ReplyBody::Sheet(_, kept)) => kept.attached,
            other => panic!("{other:?}"),
        };
        assert_eq!((given(&li), given(&wang)), (vec![photo()], Vec::new()));
        let taken_off = vec![FileChange::TakenOff(photo().digest)];
        assert_eq!(kept(&writer, &wang, taken_off.clone()).unwrap(), []);
        assert_eq!(given(&li), [photo()]);
        assert_eq!(kept(&writer, &li, taken_off).unwrap(), []);
        assert_eq!(given(&li), []);
    }

    #[test]
    fn files_that_went_with_a_record_come_off_the_page_of_who_sent_them() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        let part = Part {
            digest: photo().digest,
            of: 5,
            at: 0,
            bytes: b"photo",
        };
        Attachments::of(site.path()).take(part).unwrap();
        let attached = vec![FileChange::Attached(photo())];
        for by in [&li, &wang] {
            kept(&writer, by, attached.clone()).unwrap();
        }
        let of_page = DraftPage {
            site: site.path(),
            sheet: "stock",
            page: PAGE,
        };
        let left = |by: &Actor| of_page.read().unwrap().files_of(by);
        let mut send = |key: u128| {
            let (mut job, answer) = intake(0..1);
            job.actor = li.clone();
            job.key = Some(uuid::Uuid::from_u128(key));
            if let RequestBody::Intake { origin, provenance, .. } = &mut job.body {
                *origin = Origin::Typed;
                provenance.attachments = vec![photo()];
                let sheet = "stock".to_owned();
                provenance.seen = Some(Box::new(Seen {
                    page: Some(OfSheet { sheet, page: PAGE }),
                    ..Seen::default()
                }));
            }
            writer.commit(vec![job]);
            match answer.try_recv().unwrap() {
                Ok(ReplyBody::Intake(outcome)) => outcome.sequence.is_some(),
                other => panic!("{other:?}"),
            }
        };
        assert!(send(1));
        assert_eq!((left(&li), left(&wang)), (Vec::new(), vec![photo()]));
        // Nothing is recorded: they wait for a record.
        of_page.attach(&attached, &li).unwrap();
        assert!(!send(2));
        assert_eq!(left(&li), [photo()]);
        // Asked once more, as where the daemon was stopped before it took them off.
        assert!(send(1));
        assert_eq!(left(&li), []);
    }
}
