//! `carbonwatch list`: the newest value of every parameter, as a table (参数一览).

use std::path::PathBuf;

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::LiveParameter;
use crate::tui::panes::live::state_text;
use crate::tui::plant::{age, condition, value};
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, RequestBody};

/// Arguments of `carbonwatch list`.
#[derive(Debug, Clone, clap::Args)]
pub struct ListArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Only key parameters
    #[arg(long)]
    pub key: bool,
    /// Only parameters whose tag or name contains this
    #[arg(long, value_name = "NAME")]
    pub filter: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints what the Live pane lists.
pub fn run(arguments: &ListArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let snapshot = snapshot(&mut daemon)?;
    context.localizer.keep_time_of(snapshot.model.zone);
    let wanted = Wanted::new(arguments.key, arguments.filter.as_deref());
    let now = snapshot.state.now;
    let zone = Some(snapshot.model.zone);
    let table = Table {
        simulated: snapshot.simulated,
        columns: vec![
            Column::words("mark", "cli-column-mark"),
            Column::words("tag", "cli-column-tag"),
            Column::words("name", "cli-column-name"),
            Column::figures("value", Text::new("cli-column-value")),
            Column::words("unit", "cli-column-unit"),
            Column::words("state", "cli-column-state"),
            Column::words("at", "cli-column-of"),
            Column::figures("age_s", Text::new("cli-column-age")),
        ],
        rows: snapshot
            .parameters
            .iter()
            .filter(|parameter| wanted.takes(parameter))
            .map(|parameter| {
                let condition = condition(parameter, now);
                let number = value(parameter).map_or(Cell::Nothing, Cell::decimal);
                vec![
                    Cell::words(condition.mark().to_string().trim()),
                    Cell::words(&parameter.tag),
                    Cell::words(context.localizer.name(&parameter.name)),
                    number,
                    Cell::words(context.localizer.unit(&parameter.unit)),
                    Cell::Text(state_text(parameter, condition)),
                    parameter
                        .newest
                        .map_or(Cell::Nothing, |newest| Cell::Time(newest.at, zone)),
                    age(parameter, now).map_or(Cell::Nothing, |age| Cell::Count(age / 1000)),
                ]
            })
            .collect(),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

/// Everything that the daemon shows at once.
pub(super) fn snapshot(daemon: &mut Link) -> Result<Snapshot, Failure> {
    daemon.send(RequestBody::Watch)?;
    loop {
        match daemon.hear()? {
            FromDaemon::Snapshot(snapshot) => return Ok(*snapshot),
            FromDaemon::Reply { result: Err(why), .. } => return Err(Failure::refused(why)),
            FromDaemon::Reply { result: Ok(_), .. } | FromDaemon::Post { .. } | FromDaemon::Roles(_) => {}
            FromDaemon::Delta(_) | FromDaemon::Goodbye(_) => return Err(unexpected()),
        }
    }
}

/// Which parameters are wanted.
pub(super) struct Wanted {
    key: bool,
    filter: Option<String>,
}

impl Wanted {
    pub(super) fn new(key: bool, filter: Option<&str>) -> Self {
        Self {
            key,
            filter: filter.map(str::to_lowercase),
        }
    }

    pub(super) fn takes(&self, parameter: &LiveParameter) -> bool {
        let contains = |text: &str| {
            let filter = self.filter.as_deref();
            filter.is_none_or(|filter| text.to_lowercase().contains(filter))
        };
        (!self.key || parameter.key)
            && (contains(&parameter.tag) || contains(&parameter.name.zh) || contains(&parameter.name.en))
    }
}

/// One parameter in one line, for people who read line by line: tag, name, value, unit, state, time.
pub(super) fn line(parameter: &LiveParameter, now: Instant, context: &Context) -> String {
    let localizer = &context.localizer;
    let value = value(parameter).map_or_else(|| "-".to_owned(), |value| value.to_string());
    localizer.text(
        &Text::new("cli-plain-value")
            .with("tag", &parameter.tag)
            .with_name("name", &parameter.name)
            .with("value", value)
            .with("unit", localizer.unit(&parameter.unit))
            .with_text("state", state_text(parameter, condition(parameter, now))),
    )
}
