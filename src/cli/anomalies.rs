//! `carbonwatch anomalies` and `anomaly`: the checkers' queue without a screen, and the work on it (数据异常).

use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::list::snapshot;
use super::output::{Cell, Column, Table};
use super::restated;
use super::when::read_period;
use crate::domain::decimal::parse_decimal;
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::anomalies::{AnomalyDeed, AnomalyHistory, AnomalyPreview, Entry};
use crate::engine::view::AnomalyView;
use crate::quality::anomaly::{AnomalyId, Correction, Disposition};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch anomalies`.
#[derive(Debug, Clone, clap::Args)]
pub struct AnomaliesArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Those that have left the queue and began in this period, instead of those that stand in it
    #[arg(long, value_name = "PERIOD", conflicts_with = "causes")]
    pub past: Option<String>,
    /// Only those of which nobody has said what they are
    #[arg(long)]
    pub undecided: bool,
    /// The root causes of the site's plan, by number, instead of anomalies
    #[arg(long)]
    pub causes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// What can be done with an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Show it, with similar ones
    Show,
    /// Show what was done with it
    Log,
    /// Take it, to look into it
    Take,
    /// Give it to somebody
    Assign,
    /// Say something of it
    Comment,
    /// It is true as it is
    Real,
    /// Its values are corrected
    Correct,
    /// Its values do not count, the plan fills its hours
    GapFill,
    /// Its values do not count
    Reject,
    /// Its values do not count: the instrument was faulty
    InstrumentFault,
    /// Somebody typed it wrongly
    EntryError,
    /// Take a decision back
    TakeBack,
    /// Close it
    Close,
    /// Open a closed one again
    Reopen,
    /// A nonconformity was opened for it
    Link,
}

/// Arguments of `carbonwatch anomaly`.
#[derive(Debug, Clone, clap::Args)]
pub struct AnomalyArguments {
    /// The site's directory
    pub site: PathBuf,
    /// What is done
    #[arg(value_enum)]
    pub work: Work,
    /// Numbers of the anomalies
    #[arg(required = true)]
    pub numbers: Vec<u32>,
    /// Number of the root cause, as `carbonwatch anomalies SITE --causes` lists them
    #[arg(long)]
    pub cause: Option<u16>,
    /// What each value should have been, in the parameter's unit
    #[arg(long, allow_hyphen_values = true, conflicts_with = "times")]
    pub value: Option<String>,
    /// By what each value is multiplied
    #[arg(long, allow_hyphen_values = true)]
    pub times: Option<String>,
    /// To whom it is given, by staff number
    #[arg(long, value_name = "STAFF-NUMBER")]
    pub to: Option<String>,
    /// What there is to say
    #[arg(long, default_value = "")]
    pub comment: String,
    /// Where the evidence is
    #[arg(long, default_value = "")]
    pub evidence: String,
    /// Number of the nonconformity
    #[arg(long)]
    pub nonconformity: Option<String>,
    /// Only show what it would do
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Lists anomalies, or the root causes.
pub fn list(arguments: &AnomaliesArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    if arguments.causes {
        context.print_table(&causes(&model, context), arguments.format)?;
        return Ok(Outcome::Done);
    }
    let mut anomalies = if let Some(period) = &arguments.past {
        let (from, to) = read_period(period, &model.zone)?.hours(&model.zone, model.day_start_minutes);
        let request = RequestBody::PastAnomalies {
            from: model.zone.hour_start(from),
            to: model.zone.hour_start(to),
        };
        let ReplyBody::PastAnomalies(found) = daemon.ask(request)? else {
            return Err(unexpected());
        };
        found
    } else {
        let whole = snapshot(&mut daemon)?;
        let (queue, mut open) = (whole.state.queue, whole.anomalies);
        if usize::try_from(queue).is_ok_and(|queue| queue > open.len()) {
            context.say(
                &Text::new("tui-anomaly-only-some")
                    .with_count("shown", open.len())
                    .with_count("queue", queue),
            );
        }
        // As a checker works: what is due first, then what weighs most.
        open.sort_by_key(|one| (one.due, std::cmp::Reverse(one.signs.stake_mg), one.anomaly));
        open
    };
    if arguments.undecided {
        anomalies.retain(|one| one.work.stage.awaits_decision());
    }
    let mut table = table(&anomalies, &model);
    // People have it in the words.
    if arguments.format != OutputFormat::Table {
        detail(&mut table, &anomalies);
    }
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn causes(model: &SiteModel, context: &Context) -> Table {
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::figures("number", Text::new("cli-column-number")),
            Column::words("cause", "cli-column-cause"),
            Column::words("class", "cli-column-class"),
        ],
        rows: model
            .anomalies
            .causes
            .iter()
            .map(|cause| {
                vec![
                    Cell::count(i64::from(cause.number)),
                    Cell::words(context.localizer.name(&cause.name)),
                    Cell::Text(cause.class.text()),
                ]
            })
            .collect(),
    }
}

fn table(anomalies: &[AnomalyView], model: &SiteModel) -> Table {
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::figures("number", Text::new("cli-column-number")),
            Column::words("tag", "cli-column-tag"),
            Column::words("check", "qc-column-check"),
            Column::words("flag", "cli-column-flag"),
            Column::words("stage", "cli-column-stage"),
            Column::words("from", "qc-column-from"),
            Column::words("to", "qc-column-to"),
            Column::figures("stake_t", Text::new("cli-column-stake")),
            Column::words("due", "cli-column-due"),
            Column::figures("before", Text::new("cli-column-recurrence")),
            Column::words("holder", "cli-column-holder"),
            Column::words("decision", "cli-column-decision"),
            Column::words("why", "qc-column-worst"),
            Column::words("cause", "cli-column-cause"),
            Column::words("evidence", "cli-column-evidence"),
            Column::words("nonconformity", "cli-column-nonconformity"),
        ],
        rows: anomalies.iter().map(|one| row(one, model)).collect(),
    }
}

fn tag(parameter: crate::domain::identity::ParameterId, model: &SiteModel) -> Cell {
    let found = model.parameter(parameter);
    Cell::words(found.map_or_else(|| parameter.to_string(), |parameter| parameter.tag.clone()))
}

/// Adds what was found number by number.
fn detail(table: &mut Table, anomalies: &[AnomalyView]) {
    table.columns.extend([
        Column::words("rule", "cli-column-rule"),
        Column::figures("value", Text::new("cli-column-value")),
        Column::figures("limit", Text::new("cli-column-limit")),
        Column::figures("reference", Text::new("cli-column-reference")),
        Column::figures("window_ms", Text::new("cli-column-window")),
        Column::words("clause", "cli-column-clause"),
    ]);
    for (row, one) in table.rows.iter_mut().zip(anomalies) {
        let signs = &one.signs;
        let clause = signs.clause.as_ref();
        row.extend([
            Cell::words(signs.rule.code()),
            figure(signs.value),
            figure(signs.limit),
            figure(signs.reference),
            Cell::count(signs.window_ms),
            clause.map_or(Cell::Nothing, |clause| Cell::words(clean(clause))),
        ]);
    }
}

/// A number that a check looked at: all digits for programs.
fn figure(number: Option<rust_decimal::Decimal>) -> Cell {
    number.map_or(Cell::Nothing, |number| {
        let number = number.normalize().to_string();
        Cell::Number(number.clone(), number)
    })
}

fn row(one: &AnomalyView, model: &SiteModel) -> Vec<Cell> {
    let zone = Some(model.zone);
    let signs = &one.signs;
    let holder = one.work.holder.as_ref();
    let settled = one.work.settled.as_ref();
    let parameter = model.parameter(one.parameter);
    vec![
        Cell::count(i64::from(one.anomaly.0)),
        tag(one.parameter, model),
        Cell::Text(signs.check().text()),
        Cell::Text(signs.flag.text()),
        Cell::Text(one.work.stage.text()),
        Cell::Time(signs.from, zone),
        Cell::Time(signs.to, zone),
        Cell::tonnes(i128::from(signs.stake_mg)),
        Cell::Time(one.due, zone),
        Cell::count(i64::from(one.before)),
        holder.map_or(Cell::Nothing, |holder| Cell::words(clean(&holder.name))),
        settled.map_or(Cell::Nothing, |settled| Cell::Text(settled.disposition.text())),
        Cell::Text(signs.why(parameter.map_or("", |parameter| parameter.unit.symbol()))),
        cause_cell(settled.and_then(|settled| settled.cause), model),
        words(one.evidence.as_deref()),
        words(one.nonconformity.as_deref()),
    ]
}

/// What somebody wrote.
fn words(text: Option<&str>) -> Cell {
    text.map_or(Cell::Nothing, |text| Cell::words(clean(text)))
}

/// A root cause by its number, with its name where the plan knows it.
fn cause_cell(number: Option<u16>, model: &SiteModel) -> Cell {
    let Some(number) = number else {
        return Cell::Nothing;
    };
    Cell::Text(match model.anomalies.cause(number) {
        Some(cause) => Text::new("cli-anomaly-cause-named")
            .with("number", number)
            .with_name("name", &cause.name),
        None => Text::new("cli-anomaly-cause-number").with("number", number),
    })
}

/// Does something with anomalies, or shows one.
pub fn work(arguments: &AnomalyArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let anomalies: Vec<AnomalyId> = arguments.numbers.iter().map(|&number| AnomalyId(number)).collect();
    match arguments.work {
        Work::Show | Work::Log => show(&anomalies, arguments, &model, &mut daemon, context),
        Work::TakeBack => take_back(&anomalies, arguments, (&mut daemon, model.simulated), context),
        _ => {
            let deed = deed(arguments)?;
            let is_decision = matches!(deed, AnomalyDeed::Dispose { .. });
            if is_decision || arguments.dry_run {
                let preview = preview(&mut daemon, anomalies.clone(), deed.clone())?;
                tell(&preview, context);
                let table = restated::table(&preview.restated, model.simulated, context);
                context.print_table(&table, arguments.format)?;
                if arguments.dry_run {
                    return Ok(Outcome::Done);
                }
                if preview.decided == 0 {
                    return Ok(Outcome::Finding);
                }
                let question = Text::new("cli-fill-confirm");
                context.agree(arguments.yes, &question, "cli-plan-declined", "cli-fill-needs-yes")?;
            }
            done(&mut daemon, anomalies, deed, arguments, context)
        }
    }
}

fn done(
    daemon: &mut Link,
    anomalies: Vec<AnomalyId>,
    deed: AnomalyDeed,
    arguments: &AnomalyArguments,
    context: &Context,
) -> Ending {
    let ReplyBody::Anomalies(outcome) = daemon.write(RequestBody::Anomalies { anomalies, deed })? else {
        return Err(unexpected());
    };
    refused(&outcome.refused, context);
    if let Some(sequence) = outcome.sequence {
        recorded(sequence, &arguments.site, context);
    }
    Ok(if outcome.refused.is_empty() {
        Outcome::Done
    } else {
        Outcome::Finding
    })
}

fn refused(refused: &[(AnomalyId, Text)], context: &Context) {
    for (anomaly, why) in refused {
        context.say(
            &Text::new("anomaly-refused-one")
                .with("number", anomaly)
                .with_text("why", why.clone()),
        );
    }
}

fn preview(daemon: &mut Link, anomalies: Vec<AnomalyId>, deed: AnomalyDeed) -> Result<AnomalyPreview, Failure> {
    match daemon.ask(RequestBody::PlanAnomalies { anomalies, deed })? {
        ReplyBody::AnomalyPreview(preview) => Ok(*preview),
        _ => Err(unexpected()),
    }
}

/// What would be done, beside the table of what that restates.
fn tell(preview: &AnomalyPreview, context: &Context) {
    refused(&preview.refused, context);
    context.say(
        &Text::new("cli-anomaly-preview")
            .with_count("anomalies", preview.decided)
            .with_count("readings", preview.readings),
    );
    if preview.restated.is_empty() {
        context.say(&Text::new("cli-fill-restates-nothing"));
    }
}

/// An option that a deed cannot do without.
fn needed(given: Option<&String>, option: &'static str) -> Result<String, Failure> {
    given
        .cloned()
        .ok_or_else(|| Failure::usage(Text::new("cli-anomaly-needs-option").with("option", option)))
}

fn correction(arguments: &AnomalyArguments) -> Result<Correction, Failure> {
    let number = |text: &String| parse_decimal(text).map_err(|error| Failure::number(&error));
    match (&arguments.value, &arguments.times) {
        (Some(value), _) => Ok(Correction::Value(number(value)?)),
        (None, Some(times)) => Ok(Correction::Times(number(times)?)),
        (None, None) => Err(Failure::usage(
            Text::new("cli-anomaly-needs-option").with("option", "--value, --times"),
        )),
    }
}

fn deed(arguments: &AnomalyArguments) -> Result<AnomalyDeed, Failure> {
    let comment = || arguments.comment.clone();
    let disposition = match arguments.work {
        Work::Show | Work::Log | Work::TakeBack | Work::Take => return Ok(AnomalyDeed::Take),
        Work::Assign => {
            let to = needed(arguments.to.as_ref(), "--to")?;
            return Ok(AnomalyDeed::Assign { to });
        }
        Work::Comment => return Ok(AnomalyDeed::Comment { text: comment() }),
        Work::Close => return Ok(AnomalyDeed::Close { comment: comment() }),
        Work::Reopen => return Ok(AnomalyDeed::Reopen { reason: comment() }),
        Work::Link => {
            let nonconformity = needed(arguments.nonconformity.as_ref(), "--nonconformity")?;
            return Ok(AnomalyDeed::Link { nonconformity });
        }
        Work::Real => Disposition::Real,
        Work::Correct => Disposition::Correct(correction(arguments)?),
        Work::GapFill => Disposition::GapFill,
        Work::Reject => Disposition::Reject,
        Work::InstrumentFault => Disposition::InstrumentFault,
        Work::EntryError => Disposition::EntryError(correction(arguments)?),
    };
    Ok(AnomalyDeed::Dispose {
        disposition,
        cause: arguments.cause,
        comment: comment(),
        evidence: arguments.evidence.clone(),
    })
}

fn history(daemon: &mut Link, anomaly: AnomalyId) -> Result<AnomalyHistory, Failure> {
    match daemon.ask(RequestBody::Anomaly(anomaly))? {
        ReplyBody::Anomaly(found) => Ok(*found),
        _ => Err(unexpected()),
    }
}

/// Takes decisions back, by withdrawing their records.
fn take_back(
    anomalies: &[AnomalyId],
    arguments: &AnomalyArguments,
    (daemon, simulated): (&mut Link, bool),
    context: &Context,
) -> Ending {
    let mut records: Vec<Sequence> = Vec::new();
    let mut undecided = Vec::new();
    for &anomaly in anomalies {
        match history(daemon, anomaly)?.anomaly.work.settled {
            Some(settled) if records.contains(&settled.record) => {}
            Some(settled) => records.push(settled.record),
            None => undecided.push((anomaly, Text::new("anomaly-refused-not-disposed"))),
        }
    }
    refused(&undecided, context);
    for sequence in records {
        let reason = arguments.comment.clone();
        let reply = daemon.write(RequestBody::Withdraw { sequence, reason })?;
        restated::tell(reply, &arguments.site, simulated, context)?;
    }
    Ok(if undecided.is_empty() {
        Outcome::Done
    } else {
        Outcome::Finding
    })
}

/// Shows anomalies, each followed by others like it, the newest first; or what was done with them.
fn show(
    anomalies: &[AnomalyId],
    arguments: &AnomalyArguments,
    model: &SiteModel,
    daemon: &mut Link,
    context: &Context,
) -> Ending {
    let mut shown = Vec::new();
    let mut entries = Vec::new();
    for &anomaly in anomalies {
        let found = history(daemon, anomaly)?;
        shown.push(found.anomaly);
        shown.extend(found.similar);
        entries.extend(found.log.into_iter().map(|entry| (anomaly, entry)));
    }
    let table = if arguments.work == Work::Log {
        log(&entries, model)
    } else {
        table(&shown, model)
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn log(entries: &[(AnomalyId, Entry)], model: &SiteModel) -> Table {
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::figures("number", Text::new("cli-column-number")),
            Column::words("at", "cli-column-at"),
            Column::words("by", "cli-column-person"),
            Column::figures("record", Text::new("cli-column-record")),
            Column::words("deed", "cli-column-what"),
            Column::words("comment", "cli-column-comment"),
            Column::words("cause", "cli-column-cause"),
            Column::words("evidence", "cli-column-evidence"),
            Column::words("nonconformity", "cli-column-nonconformity"),
        ],
        rows: entries
            .iter()
            .map(|(anomaly, entry)| {
                let what = match &entry.deed {
                    AnomalyDeed::Dispose { disposition, .. } => disposition.text(),
                    deed => deed.text(),
                };
                vec![
                    Cell::count(i64::from(anomaly.0)),
                    Cell::Time(entry.at, Some(model.zone)),
                    Cell::words(clean(&entry.by)),
                    Cell::count(i64::try_from(entry.record.0).unwrap_or(i64::MAX)),
                    Cell::Text(what),
                    words(entry.deed.comment()),
                    cause_cell(entry.deed.cause(), model),
                    words(entry.deed.evidence()),
                    words(entry.deed.nonconformity()),
                ]
            })
            .collect(),
    }
}
