//! `carbonwatch handover` and `carbonwatch sign`: the sheet of a shift's handover, and a signature under it (交接班).

use std::io;
use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::note::carried;
use super::output::{Cell, Column, Table};
use crate::domain::handover::{MEETING_MS, ShiftName, Side};
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::handover::HandOver;
use crate::engine::view::HandoverView;
use crate::report::closing::closed_by;
use crate::report::handover::{emitted, line, mark, shift, signed};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch handover`.
#[derive(Debug, Clone, clap::Args)]
pub struct HandoverArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which shift: plant day and key, such as 2025-03-01/day; the one at hand where it is left out
    pub shift: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// For which crew somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Crew {
    /// The one that goes
    Outgoing,
    /// The one that comes
    Incoming,
}

/// Arguments of `carbonwatch sign`.
#[derive(Debug, Clone, clap::Args)]
pub struct SignArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which shift: plant day and key, such as 2025-03-01/day
    pub shift: String,
    /// For which crew
    #[arg(value_enum)]
    pub crew: Crew,
    /// A remark; of whoever comes, a reservation
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
    /// Do not ask where the shift goes on for long
    #[arg(long)]
    pub yes: bool,
}

/// Prints the sheet.
pub fn show(arguments: &HandoverArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let wanted = arguments.shift.as_deref().map(named).transpose()?;
    let view = ask(&mut daemon, wanted)?;
    let table = table(&view, &model);
    if arguments.format == OutputFormat::Table {
        context.print_table(&table, arguments.format)?;
    } else {
        let facts = [
            ("shift", Cell::words(view.shift.to_string())),
            ("from", Cell::Time(view.from, Some(model.zone))),
            ("to", Cell::Time(view.to, Some(model.zone))),
        ];
        let table = for_programs(table, &view, &model);
        table.print_with(&facts, arguments.format, &context.localizer, &mut io::stdout().lock())?;
    }
    for said in head(&view, &model) {
        context.say(&said);
    }
    Ok(Outcome::Done)
}

/// The shift that was typed.
fn named(typed: &str) -> Result<ShiftName, Failure> {
    typed.parse().map_err(Failure::usage)
}

fn ask(daemon: &mut Link, shift: Option<ShiftName>) -> Result<HandoverView, Failure> {
    match daemon.ask(RequestBody::Handover { shift })? {
        ReplyBody::Handover(view) => Ok(*view),
        _ => Err(unexpected()),
    }
}

/// What is beside the table: which shift, what it emitted, who signed.
fn head(view: &HandoverView, model: &SiteModel) -> Vec<Text> {
    let mut said = vec![
        Text::new("cli-handover-head")
            .with_text("shift", shift(&view.shift, view.crew, model))
            .with("key", &view.shift)
            .with_instant("from", view.from)
            .with_instant("to", view.to)
            .with("record", view.record),
    ];
    said.extend(
        view.emitted
            .iter()
            .filter_map(|(now, signed)| emitted(now, signed.as_ref(), model)),
    );
    for side in Side::ALL {
        said.push(signed(side, view.signature(side)));
    }
    said.extend(view.closed.as_ref().map(closed_by));
    if view.more > 0 {
        said.push(Text::new("handover-more").with_count("count", view.more));
    }
    said
}

fn table(view: &HandoverView, model: &SiteModel) -> Table {
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("kind", "cli-column-handover-kind"),
            Column::words("tag", "cli-column-tag"),
            Column::words("what", "cli-column-handover-what"),
            Column::words("since", "cli-column-since"),
            Column::words("mark", "cli-column-handover-mark"),
        ],
        rows: view
            .lines
            .iter()
            .map(|one| {
                let said = line(&one.item, model);
                vec![
                    Cell::Text(said.kind),
                    Cell::words(said.tag),
                    Cell::Text(said.what),
                    said.since.map_or(Cell::Nothing, |at| Cell::Time(at, Some(model.zone))),
                    mark(one.mark).map_or(Cell::Nothing, Cell::Text),
                ]
            })
            .collect(),
    }
}

/// The table with what people read beside it: what the shift emitted in every book, and who signed, a row each; of each line the
/// record that brought it, and how it stands with a note that is carried forward.
fn for_programs(mut table: Table, view: &HandoverView, model: &SiteModel) -> Table {
    table.columns.extend([
        Column::figures("figure_t", Text::new("cli-column-handover-figure")),
        Column::figures("signed_t", Text::new("cli-column-handover-signed")),
        Column::words("by", "cli-column-handover-by"),
        Column::words("record", "cli-column-handover-record"),
        Column::words("carried", "cli-column-carried"),
    ]);
    for (row, one) in table.rows.iter_mut().zip(&view.lines) {
        let record = one.item.record();
        row.extend([
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
            record.map_or(Cell::Nothing, |record| Cell::words(record.to_string())),
            carried(one.item.carried()),
        ]);
    }
    let time = |at| Cell::Time(at, Some(model.zone));
    for (now, signed) in &view.emitted {
        let (Some(what), Some(book)) = (
            emitted(now, signed.as_ref(), model),
            model.books.iter().find(|book| book.id == now.book),
        ) else {
            continue;
        };
        table.rows.push(vec![
            Cell::Text(Text::new("handover-kind-emitted")),
            Cell::words(&book.key),
            Cell::Text(what),
            time(view.from),
            Cell::Nothing,
            Cell::tonnes(now.milligrams),
            signed
                .as_ref()
                .map_or(Cell::Nothing, |signed| Cell::tonnes(signed.milligrams)),
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
        ]);
    }
    for side in Side::ALL {
        let signature = view.signature(side);
        table.rows.push(vec![
            Cell::Text(Text::new("handover-kind-signature")),
            Cell::Nothing,
            Cell::Text(signed(side, signature)),
            signature.map_or(Cell::Nothing, |signature| time(signature.at)),
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
            signature.map_or(Cell::Nothing, |signature| Cell::words(&signature.by)),
            signature.map_or(Cell::Nothing, |signature| Cell::words(signature.record.to_string())),
            Cell::Nothing,
        ]);
    }
    table
}

/// Signs.
pub fn sign(arguments: &SignArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let shift = named(&arguments.shift)?;
    let view = ask(&mut daemon, Some(shift.clone()))?;
    let side = match arguments.crew {
        Crew::Outgoing => Side::Outgoing,
        Crew::Incoming => Side::Incoming,
    };
    if let Some(told) = early(&view, side) {
        context.say(&told);
        let question = Text::new("cli-sign-confirm");
        context.agree(arguments.yes, &question, "cli-sign-declined", "cli-sign-needs-yes")?;
    }
    let handover = HandOver {
        shift,
        side,
        remark: arguments.remark.clone(),
        at: view.at,
    };
    let pin = daemon.pin();
    let ReplyBody::Recorded(sequence) = daemon.write(RequestBody::HandOver { handover, pin })? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// What whoever goes is told before they are asked, where their shift goes on for longer than the crews meet: it may be the wrong shift.
fn early(view: &HandoverView, side: Side) -> Option<Text> {
    let is_early = side == Side::Outgoing && view.signature(side).is_none() && view.to.since(view.at) > MEETING_MS;
    is_early.then(|| {
        Text::new("cli-sign-goes-on")
            .with("shift", &view.shift)
            .with_instant("end", view.to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::Sequence;
    use crate::domain::time::Instant;
    use crate::engine::handover::Emitted;
    use crate::engine::view::SignatureView;

    /// A shift of eight hours that whoever goes has signed, looked at when it was so old.
    fn signed_at(at: i64) -> HandoverView {
        HandoverView {
            shift: "2025-03-01/day".parse().unwrap(),
            crew: None,
            from: Instant(0),
            to: Instant(28_800_000),
            goes_on: at < 28_800_000,
            lines: Vec::new(),
            more: 0,
            closed: None,
            emitted: Vec::new(),
            signatures: vec![SignatureView {
                side: Side::Outgoing,
                by: "1001".to_owned(),
                name: None,
                at: Instant(28_000_000),
                record: Sequence(7),
                remark: Some("belt 2 slips".to_owned()),
            }],
            record: Sequence(9),
            at: Instant(at),
        }
    }

    #[test]
    fn whoever_signs_long_before_the_end_is_asked_and_told_when_that_is() {
        let unsigned = |at| HandoverView {
            signatures: Vec::new(),
            ..signed_at(at)
        };
        let asked = early(&unsigned(7_200_000), Side::Outgoing).unwrap();
        for language in crate::locale::Language::ALL {
            let localizer = crate::locale::Localizer::new(language);
            localizer.keep_time_of(crate::domain::time::PlantZone::parse("Asia/Shanghai").unwrap());
            let said = localizer.text(&asked);
            assert!(said.contains("16:00") && said.contains("2025-03-01/day"), "{said}");
        }
        // While the crews meet it is the time for it, and a second signature is refused without a question.
        assert_eq!(early(&unsigned(27_000_000), Side::Outgoing), None);
        assert_eq!(early(&unsigned(7_200_000), Side::Incoming), None);
        assert_eq!(early(&signed_at(7_200_000), Side::Outgoing), None);
    }

    #[test]
    fn programs_get_the_shifts_figures_and_who_signed() {
        let rules = crate::catalogue::rule_set().unwrap();
        let text = crate::site::template("demo").unwrap().text;
        let model = crate::site::assign(&crate::site::read(text, "site.toml", rules).unwrap(), None).unwrap();
        let figure = |milligrams| Emitted {
            book: model.books[0].id,
            milligrams,
            unknown_hours: 0,
        };
        let view = HandoverView {
            emitted: vec![(figure(412_600_000_000), Some(figure(411_000_000_000)))],
            ..signed_at(29_000_000)
        };
        let table = for_programs(table(&view, &model), &view, &model);
        let localizer = crate::locale::Localizer::new(crate::locale::Language::English);
        let rows = table.json_rows(&localizer).to_string();
        for wanted in ["412.6", "411", "1001", "belt 2 slips", &model.books[0].key] {
            assert!(rows.contains(wanted), "{wanted}: {rows}");
        }
        // The crew that comes has not signed, and that is said too.
        assert_eq!(table.rows.len(), 3);
        let widths: Vec<usize> = table.rows.iter().map(Vec::len).collect();
        assert_eq!(widths, [table.columns.len(); 3]);
    }
}
