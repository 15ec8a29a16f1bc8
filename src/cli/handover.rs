//! `carbonwatch handover` and `carbonwatch sign`: the sheet of a shift's handover, and a signature under it (交接班).

use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use crate::domain::handover::{ShiftName, Side};
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::handover::HandOver;
use crate::engine::view::HandoverView;
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
}

/// Prints the sheet.
pub fn show(arguments: &HandoverArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let wanted = arguments.shift.as_deref().map(named).transpose()?;
    let view = ask(&mut daemon, wanted)?;
    context.print_table(&table(&view, &model), arguments.format)?;
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

/// Signs.
pub fn sign(arguments: &SignArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let shift = named(&arguments.shift)?;
    let view = ask(&mut daemon, Some(shift.clone()))?;
    let handover = HandOver {
        shift,
        side: match arguments.crew {
            Crew::Outgoing => Side::Outgoing,
            Crew::Incoming => Side::Incoming,
        },
        remark: arguments.remark.clone(),
        at: view.at,
    };
    let pin = daemon.pin.clone();
    let ReplyBody::Recorded(sequence) = daemon.write(RequestBody::HandOver { handover, pin })? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}
