//! Cells of an entry sheet as they are sent: as they were seen, and in the names of all who typed them.

use std::collections::{BTreeSet, HashMap};

use crate::domain::actor::Actor;
use crate::domain::draft::Draft;
use crate::domain::text::{Text, clean};
use crate::engine::command::Provenance;
use crate::store::drafts::DraftPage;

use super::super::writer::Writer;
use super::sheets::told;

/// Whoever sends cells of a page saw what is typed in them. Where somebody else has typed something else into one since, none of
/// them is taken: a colleague's cell would be sent as it was, and what they put right would be lost.
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
    let drafts = kept.cells.iter().filter(|draft| draft.by != actor.name());
    let drafts: HashMap<_, &Draft> = drafts.map(|draft| ((draft.parameter, draft.round), draft)).collect();
    let mut typists = BTreeSet::new();
    for cell in cells {
        let Some(draft) = drafts.get(&(cell.parameter, cell.round)) else {
            continue;
        };
        if Some(&draft.text) != cell.seen.as_ref() {
            return Err(changed(writer, draft));
        }
        typists.insert(&draft.by);
    }
    let left_out = typists.into_iter().filter(|by| !provenance.typed_by.contains(by));
    let left_out: Vec<String> = left_out.cloned().collect();
    provenance.typed_by.extend(left_out);
    Ok(())
}

/// That somebody else has typed something else into a cell.
fn changed(writer: &Writer, draft: &Draft) -> Text {
    let known = writer.ground.model().and_then(|model| model.parameter(draft.parameter));
    Text::new("sheet-cell-changed")
        .with("tag", clean(known.map_or("", |parameter| &parameter.tag)))
        .with_instant("at", draft.round)
        .with("by", clean(&draft.by))
        .with("theirs", clean(&draft.text))
}

#[cfg(test)]
mod tests {
    use super::super::sheets::tests::{PAGE, operator, with_sheet};
    use super::*;
    use crate::daemon::writer::group::tests::writer;
    use crate::domain::draft::DraftChange;
    use crate::domain::identity::ParameterId;
    use crate::domain::reading::Origin;
    use crate::domain::sheet::OfSheet;
    use crate::domain::time::Instant;
    use crate::engine::command::{CommandBody, Seen};
    use crate::wire::message::RequestBody;

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

    /// The cell as somebody saw it who sends it.
    fn of_cell(seen: &str) -> Provenance {
        Provenance {
            reason: Some("the scale".to_owned()),
            seen: Some(Box::new(Seen {
                page: Some(OfSheet {
                    sheet: "stock".to_owned(),
                    page: PAGE,
                }),
                cells: vec![DraftChange {
                    parameter: CELL,
                    round: ROUND,
                    seen: Some(seen.to_owned()),
                    text: None,
                }],
                ..Seen::default()
            })),
            ..Provenance::default()
        }
    }

    fn sent(writer: &Writer, by: &Actor, seen: &str) -> Result<(), String> {
        check(writer, by, &mut of_cell(seen)).map_err(|why| why.id.into_owned())
    }

    #[test]
    fn a_colleagues_cell_is_sent_as_it_was_seen_or_not_at_all() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        with_sheet(&mut writer);
        let [li, wang] = [operator("2001"), operator("2002")];
        assert_eq!(sent(&writer, &li, "62"), Ok(()), "nothing is kept there");
        keep(&writer, &wang, None, Some("62"));
        assert_eq!(sent(&writer, &li, "62"), Ok(()));
        assert_eq!(sent(&writer, &li, "61").unwrap_err(), "sheet-cell-changed");
        assert_eq!(sent(&writer, &wang, "61"), Ok(()), "it is their own");
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
                ..of_cell("62")
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
