//! `carbonwatch findings`: what the quality checks find in the readings of a site (数据异常).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::explain::find_parameter;
use super::failure::Outcome;
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::when::read_period;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::view::EpisodeView;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch findings`.
#[derive(Debug, Clone, clap::Args)]
pub struct FindingsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// The stretch: a month, day or hour, or FROM..TO; at most 92 days
    pub period: String,
    /// Tag of the one parameter to check; all where it is left out
    #[arg(long, value_name = "TAG")]
    pub parameter: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints the episodes of a stretch; ends with 1 where there are some.
pub fn run(arguments: &FindingsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let tag = arguments.parameter.as_deref();
    let parameter = tag.map(|tag| find_parameter(&model, tag)).transpose()?;
    let (from, to) = read_period(&arguments.period, &model.zone)?.hours(&model.zone, model.day_start_minutes);
    let request = RequestBody::Checked {
        parameter: parameter.map(|parameter| parameter.id),
        from: model.zone.hour_start(from),
        to: model.zone.hour_start(to),
    };
    let ReplyBody::Checked(found) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    context.print_table(&table(&found, &model), arguments.format)?;
    Ok(if found.is_empty() {
        Outcome::Done
    } else {
        Outcome::Finding
    })
}

fn table(found: &[EpisodeView], model: &SiteModel) -> Table {
    let tag = |episode: &EpisodeView| {
        let found = model.parameter(episode.parameter);
        Cell::words(found.map_or("?", |parameter| &parameter.tag))
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("parameter", "cli-column-tag"),
            Column::words("from", "qc-column-from"),
            Column::words("to", "qc-column-to"),
            Column::words("check", "qc-column-check"),
            Column::words("flag", "cli-column-flag"),
            Column::figures("findings", Text::new("qc-column-findings")),
            Column::words("worst", "qc-column-worst"),
        ],
        rows: found
            .iter()
            .map(|episode| {
                vec![
                    tag(episode),
                    Cell::Time(episode.from, Some(model.zone)),
                    Cell::Time(episode.to, Some(model.zone)),
                    Cell::Text(episode.check.clone()),
                    Cell::Text(episode.flag.clone()),
                    Cell::count(i64::from(episode.findings)),
                    Cell::Text(episode.why.clone()),
                ]
            })
            .collect(),
    }
}
