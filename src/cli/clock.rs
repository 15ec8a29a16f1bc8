//! `carbonwatch clock`: the site's clock (现场时钟), and whether it follows the system's.

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::failure::Outcome;
use super::format::OutputFormat;
use super::output::{Cell, Sheet};
use crate::domain::text::Text;
use crate::domain::time::{Instant, PlantZone};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch clock`.
#[derive(Debug, Clone, clap::Args)]
pub struct ClockArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Follow a jump of the system's clock that is held back
    #[arg(long)]
    pub confirm: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Asks the running daemon; none is started.
pub fn run(arguments: &ClockArguments, context: &Context) -> Ending {
    let mut daemon = context.running_daemon(&arguments.site)?;
    let question = if arguments.confirm {
        RequestBody::ConfirmClock
    } else {
        RequestBody::Clock
    };
    let ReplyBody::Clock(view) = daemon.ask(question)? else {
        return Err(unexpected());
    };
    let zone = context.model(&mut daemon).ok().map(|model| model.zone);
    let mut sheet = Sheet {
        simulated: view.simulated,
        fields: Vec::new(),
    };
    sheet.add("now", "cli-field-now", time_cell(view.now, zone, arguments.format));
    let system = view.now.zip(view.held_ms).map(|(now, held)| now.plus(held));
    let system = system.map_or(Cell::Nothing, |system| Cell::Time(system, zone));
    sheet.add("system", "cli-field-system-time", system);
    sheet.add(
        "held_ms",
        "cli-field-held",
        view.held_ms.map_or(Cell::Nothing, Cell::Count),
    );
    context.print_sheet(&sheet, arguments.format)?;
    if let Some(held) = view.held_ms {
        context.say(
            &Text::new("cli-clock-held")
                .with_count("minutes", held / 60_000)
                .with("site", arguments.site.display()),
        );
        return Ok(Outcome::Finding);
    }
    Ok(Outcome::Done)
}

/// The site's time; people are told in words that there is none yet.
pub(super) fn time_cell(now: Option<Instant>, zone: Option<PlantZone>, format: OutputFormat) -> Cell {
    match now {
        Some(now) => Cell::Time(now, zone),
        None if format == OutputFormat::Table => Cell::Text(Text::new("cli-no-time-yet")),
        None => Cell::Nothing,
    }
}
