//! Cells of an entry sheet as they are sent: as they were seen, and in the names of all who typed them.

use std::collections::{BTreeSet, HashMap};

use crate::domain::actor::Actor;
use crate::domain::draft::Draft;
use crate::domain::identity::ParameterId;
use crate::domain::text::{Text, as_typed, clean};
use crate::domain::time::Instant;
use crate::engine::command::{Provenance, SeenCell};
use crate::store::drafts::DraftPage;

use super::super::writer::Writer;
use super::sheets::told;

/// Whoever sends cells of a page saw what is typed in them. Where somebody else has typed something else into one since, or taken
/// back what they had typed, none of them is taken: a colleague's cell would be sent as it was, and what they put right would be
/// lost. What is their own people may send whether it was kept or not: the line may have been down.
///
/// Who typed them is what the daemon itself knows, from the same look at what is kept: whoever sends them may leave nobody out
/// who could then be the second person of what they typed.
pub(super) fn check(writer: &Writer, actor: &Actor, provenance: &mut Provenance) -> Result<(), Text> {
    let seen = provenance.seen.as_deref().filter(|seen| !seen.cells.is_empty());
    let Some((cells, of)) = seen.and_then(|seen| Some((&seen.cells, seen.page.as_ref()?))) else {
        return Ok(());
    };
    let of_page = DraftPage {
        site: &writer.shared.site,
        sheet: &of.sheet,
        page: of.page,
    };
    let kept = of_page.read().map_err(|error| told(&error))?;
    let drafts = kept.cells.iter().map(|draft| ((draft.parameter, draft.round), draft));
    let drafts: HashMap<_, &Draft> = drafts.collect();
    let is_anothers = |by: &&String| *by != actor.name();
    let mut typists = BTreeSet::new();
    for cell in cells {
        let draft = drafts.get(&(cell.parameter, cell.round)).copied();
        let draft_by = draft.map(|draft| &draft.by).filter(is_anothers);
        let seen_by = cell.by.as_ref().filter(is_anothers);
        match draft {
            Some(draft) if draft.text == as_typed(&cell.text) => typists.extend(draft_by),
            Some(draft) if draft_by.or(seen_by).is_some() => return Err(changed(writer, draft)),
            None if seen_by.is_some() => return Err(gone(writer, cell)),
            _ => {}
        }
    }
    let left_out = typists.into_iter().filter(|by| !provenance.typed_by.contains(by));
    let left_out: Vec<String> = left_out.cloned().collect();
    provenance.typed_by.extend(left_out);
    Ok(())
}

/// That somebody has typed something else into a cell.
fn changed(writer: &Writer, draft: &Draft) -> Text {
    let text = Text::new("sheet-cell-changed")
        .with("by", clean(&draft.by))
        .with("theirs", clean(&draft.text));
    of_cell(text, writer, (draft.parameter, draft.round))
}

/// That what a colleague had typed into a cell is there no more.
fn gone(writer: &Writer, cell: &SeenCell) -> Text {
    let text = Text::new("sheet-cell-gone")
        .with("by", clean(cell.by.as_deref().unwrap_or_default()))
        .with("theirs", clean(&cell.text));
    of_cell(text, writer, (cell.parameter, cell.round))
}

fn of_cell(text: Text, writer: &Writer, (parameter, round): (ParameterId, Instant)) -> Text {
    let known = writer.ground.model().and_then(|model| model.parameter(parameter));
    text.with("tag", clean(known.map_or("", |parameter| &parameter.tag)))
        .with_instant("at", round)
}

#[cfg(test)]
mod tests {
    use super::super::sheets::tests::{PAGE, operator, with_sheet};
    use super::*;
    use crate::daemon::writer::group::tests::{intake, writer};
    use crate::domain::draft::DraftChange;
    use crate::domain::reading::Origin;
    use crate::domain::sheet::OfSheet;
    use crate::engine::command::{CommandBody, Seen};
    use crate::wire::message::{ReplyBody, RequestBody};

    const CELL: ParameterId = ParameterId(1);
    const ROUND: Instant = Instant(1_000);

    /// Keeps what somebody typed into the cell.
    fn keep(writer: &Writer, by: &Actor, seen: Option<&str>, text: Option<&str>) {
        let of_page = DraftPage {
            site: &writer.shared.site,
            sheet: "stock",
            page: PAGE,
        };
        let change = DraftChange {
            parameter: CELL,
            round: ROUND,
            seen: seen.map(str::to_owned),
            text: text.map(str::to_owned),
        };
        let kept = of_page.change(&[change], by.name(), Instant(5)).unwrap();
        assert!(kept.contested.is_empty());
    }

    /// The cell as somebody saw it who sends it, as theirs or as a colleague's.
    fn seen(text: &str, by: Option<&str>) -> Provenance {
        Provenance {
            reason: Some("the scale".to_owned()),
            seen: Some(Box::new(Seen {
                page: Some(OfSheet {
                    sheet: "stock".to_owned(),
                    page: PAGE,
                }),
                cells: vec![SeenCell {
                    parameter: CELL,
                    round: ROUND,
                    text: text.to_owned(),
                    by: by.map(str::to_owned),
                }],
                ..Seen::default()
            })),
            ..Provenance::default()
        }
    }

    fn sent(writer: &Writer, by: &Actor, text: &str, whose: Option<&str>) -> Result<(), String> {
        check(writer, by, &mut seen(text, whose)).map_err(|why| why.id.into_owned())
    }

    #[test]
    fn a_colleagues_cell_is_sent_as_it_was_seen_or_not_at_all() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        assert_eq!(
            sent(&writer, &li, "62", None),
            Ok(()),
            "nothing is kept, and it is their own"
        );
        keep(&writer, &wang, None, Some("62"));
        for whose in [Some("2002"), None] {
            assert_eq!(sent(&writer, &li, "62", whose), Ok(()));
            assert_eq!(sent(&writer, &li, "61", whose).unwrap_err(), "sheet-cell-changed");
            assert_eq!(sent(&writer, &wang, "61", whose), Ok(()), "it is their own");
        }
        // What was theirs is not sent for them once they have taken it back, whoever types there then.
        keep(&writer, &wang, Some("62"), None);
        assert_eq!(sent(&writer, &li, "62", Some("2002")).unwrap_err(), "sheet-cell-gone");
        assert_eq!(
            sent(&writer, &wang, "62", Some("2002")),
            Ok(()),
            "who signed on meanwhile"
        );
        keep(&writer, &li, None, Some("63"));
        assert_eq!(
            sent(&writer, &li, "62", Some("2002")).unwrap_err(),
            "sheet-cell-changed"
        );
        keep(&writer, &li, Some("63"), Some("62"));
        assert_eq!(sent(&writer, &li, "62", Some("2002")), Ok(()));
    }

    #[test]
    fn a_colleagues_cell_that_was_sent_is_answered_as_it_was_when_asked_once_more() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        keep(&writer, &wang, None, Some("62"));
        let mut send = |key: u128| {
            let (mut job, answer) = intake(0..1);
            job.actor = li.clone();
            job.key = Some(uuid::Uuid::from_u128(key));
            if let RequestBody::Intake { origin, provenance, .. } = &mut job.body {
                *origin = Origin::Typed;
                *provenance = seen("62", Some("2002"));
            }
            writer.commit(vec![job]);
            let answer = answer.try_recv().unwrap();
            // As the terminal does with what was taken.
            keep(&writer, &li, Some("62"), None);
            answer
        };
        let first = send(1);
        assert!(matches!(&first, Ok(ReplyBody::Intake(outcome)) if outcome.sequence.is_some()));
        assert_eq!(send(1), first);
        assert_eq!(send(2).unwrap_err().id, "sheet-cell-gone");
    }

    #[test]
    fn who_typed_a_cell_is_known_whatever_its_sender_says() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        keep(&writer, &wang, None, Some("62"));
        let mut typed_by = |by: &Actor, said: &[&str], is_correction: bool| {
            let provenance = Provenance {
                typed_by: said.iter().map(|name| (*name).to_owned()).collect(),
                ..seen("62", None)
            };
            let (readings, origin) = (Vec::new(), Origin::Typed);
            let body = if is_correction {
                RequestBody::Correct { provenance, readings }
            } else {
                RequestBody::Intake {
                    origin,
                    provenance,
                    readings,
                }
            };
            match super::super::command(&mut writer, by, body).unwrap() {
                CommandBody::Intake { provenance, .. } | CommandBody::Correct { provenance, .. } => provenance.typed_by,
                other => panic!("{other:?}"),
            }
        };
        for is_correction in [false, true] {
            assert_eq!(typed_by(&li, &[], is_correction), ["2002"]);
            assert_eq!(typed_by(&li, &["2002"], is_correction), ["2002"]);
            assert_eq!(typed_by(&li, &["2003"], is_correction), ["2003", "2002"]);
            assert!(typed_by(&wang, &[], is_correction).is_empty(), "it is their own");
        }
    }
}
