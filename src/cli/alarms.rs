//! `carbonwatch alarms`, `alarm` and `kpi`: alarms without a screen, and the figures by which alarms are judged
//! (报警、报警性能指标).

use std::io;
use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, unexpected};
use super::correct::recorded;
use super::explain::find_parameter;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::list::snapshot;
use super::output::{Cell, Column, Table};
use super::value::whole;
use super::when::read_period;
use crate::domain::decimal::from_count;
use crate::domain::model::{Name, SiteModel};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::alarms::AlarmDeed;
use crate::engine::view::{AlarmView, LiveParameter, grouped};
use crate::quality::alarm::figures::{Figures, Frequent};
use crate::quality::alarm::flood::Flood;
use crate::quality::alarm::group::Group;
use crate::quality::alarm::ratio::Ratio;
use crate::quality::alarm::target::{Judged, is_long_enough, judge};
use crate::quality::alarm::{AlarmId, Kind, action_on};
use crate::wire::live::Snapshot;
use crate::wire::message::{ReplyBody, RequestBody};

/// Digits after the point of shares and rates.
const DIGITS: u32 = 2;

/// Arguments of `carbonwatch alarms`.
#[derive(Debug, Clone, clap::Args)]
pub struct AlarmsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Those that are shelved, suppressed or out of service, instead of those that are shown to the operator
    #[arg(long)]
    pub hidden: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// What can be done to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deed {
    /// Acknowledge it
    Acknowledge,
    /// Let a latched one go
    Reset,
    /// Hide it for a time
    Shelve,
    /// Take it off the shelf
    Unshelve,
    /// Take it out of service
    Remove,
    /// Put it into service again
    Restore,
}

/// Of what an alarm speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// Nothing comes
    NoData,
    /// Marked bad by its source
    MarkedBad,
    /// Below the second low limit
    LowLow,
    /// Below the low operating limit
    Low,
    /// Above the high operating limit
    High,
    /// Above the second high limit
    HighHigh,
}

impl Of {
    const fn kind(self) -> Kind {
        match self {
            Self::NoData => Kind::NoData,
            Self::MarkedBad => Kind::MarkedBad,
            Self::LowLow => Kind::LowLow,
            Self::Low => Kind::Low,
            Self::High => Kind::High,
            Self::HighHigh => Kind::HighHigh,
        }
    }
}

/// Arguments of `carbonwatch alarm`.
#[derive(Debug, Clone, clap::Args)]
pub struct AlarmArguments {
    /// The site's directory
    pub site: PathBuf,
    /// What is done
    #[arg(value_enum)]
    pub deed: Deed,
    /// Tag of the parameter
    pub tag: String,
    /// Which of its alarms; all that are in the list where it is left out
    #[arg(long, value_enum)]
    pub of: Option<Of>,
    /// For how long it is shelved
    #[arg(long, value_parser = whole::<i64>(1..=10_080))]
    pub minutes: Option<i64>,
    /// Whether a shelved one also comes back when it returns to normal
    #[arg(long)]
    pub one_shot: bool,
    /// Why it is shelved or taken out of service
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// Arguments of `carbonwatch kpi`.
#[derive(Debug, Clone, clap::Args)]
pub struct KpiArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which period: 2025, 2025-Q1, 2025-03, 2025-03-01, or a stretch of hours
    pub period: String,
    /// The ten most frequent alarms instead of the figures
    #[arg(long, conflicts_with = "floods")]
    pub top: bool,
    /// The floods instead of the figures
    #[arg(long)]
    pub floods: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Lists alarms.
pub fn list(arguments: &AlarmsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let snapshot = snapshot(&mut daemon)?;
    context.localizer.keep_time_of(snapshot.model.zone);
    let mut alarms: Vec<&AlarmView> = snapshot
        .alarms
        .iter()
        .filter(|alarm| alarm.state.label().is_hidden() == arguments.hidden)
        .collect();
    // The most urgent first, what is owed an answer before what has one, then the oldest.
    alarms.sort_by_key(|alarm| {
        let answered = !alarm.state.answered.owes_acknowledgement();
        (answered, std::cmp::Reverse(alarm.priority), alarm.since, alarm.alarm)
    });
    let active = snapshot.alarms.iter().filter(|alarm| !alarm.state.label().is_hidden());
    let feeds = snapshot.state.feeds.iter().map(|feed| feed.name.as_str());
    let found = grouped(&snapshot.parameters, &snapshot.nodes, active, feeds);
    let table = Table {
        simulated: snapshot.simulated,
        columns: vec![
            Column::words("priority", "cli-column-priority"),
            Column::words("state", "cli-column-state"),
            Column::words("tag", "cli-column-tag"),
            Column::words("name", "cli-column-name"),
            Column::words("of", "cli-column-alarm-of"),
            Column::figures("worst", Text::new("cli-column-worst")),
            Column::figures("limit", Text::new("cli-column-limit")),
            Column::words("unit", "cli-column-unit"),
            Column::words("since", "cli-column-since"),
            Column::words("told", "cli-column-told"),
            Column::words("answered_by", "cli-column-answered-by"),
            Column::words("remark", "cli-column-remark"),
            Column::figures("at_stake_t", Text::new("cli-column-stake")),
            Column::words("owed", "cli-column-owed"),
            Column::figures("act_within_min", Text::new("cli-column-act-within")),
            Column::words("action", "cli-column-action"),
            Column::figures("group", Text::new("cli-column-group")),
            Column::words("first_out", "cli-column-first-out"),
        ],
        rows: alarms
            .iter()
            .map(|alarm| {
                let mut cells = row(alarm, &snapshot, context);
                cells.extend(group_of(alarm, &found, &snapshot));
                cells
            })
            .collect(),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn row(alarm: &AlarmView, snapshot: &Snapshot, context: &Context) -> Vec<Cell> {
    let zone = Some(snapshot.model.zone);
    let parameter = parameter_of(snapshot, alarm.alarm);
    let ranking = alarm.ranking;
    let time = |at: Option<Instant>| at.map_or(Cell::Nothing, |at| Cell::Time(at, zone));
    let count = |count: Option<i64>| {
        count.zip(parameter).map_or(Cell::Nothing, |(count, parameter)| {
            Cell::decimal(from_count(count, parameter.decimals))
        })
    };
    vec![
        Cell::Text(alarm.priority.text()),
        Cell::Text(alarm.state.label().text()),
        Cell::words(parameter.map_or_else(|| alarm.alarm.parameter.to_string(), |parameter| parameter.tag.clone())),
        Cell::words(parameter.map_or("", |parameter| context.localizer.name(&parameter.name))),
        Cell::Text(alarm.alarm.kind.text()),
        count(alarm.worst.filter(|_| alarm.limit.is_some())),
        count(alarm.limit),
        Cell::words(
            context
                .localizer
                .unit(parameter.map_or("", |parameter| &parameter.unit)),
        ),
        time(alarm.since),
        time(alarm.told),
        alarm
            .answered_by
            .as_ref()
            .map_or(Cell::Nothing, |by| Cell::words(clean(&by.name))),
        remark(alarm),
        ranking.map_or(Cell::Nothing, |ranking| Cell::tonnes(i128::from(ranking.at_stake_mg))),
        ranking.map_or(Cell::Nothing, |ranking| Cell::Text(ranking.owed.text())),
        ranking.map_or(Cell::Nothing, |ranking| {
            Cell::count(ranking.time_to_act_ms.div_euclid(60_000))
        }),
        Cell::Text(action_on(&snapshot.model, alarm.alarm)),
    ]
}

/// The number of its group, of one that is not alone in it, and which alarm was the first of that.
fn group_of(alarm: &AlarmView, found: &[Group], snapshot: &Snapshot) -> [Cell; 2] {
    let mut numbered = (1_i64..).zip(found.iter().filter(|group| group.members.len() > 1));
    let own = numbered.find(|(_, group)| group.members.iter().any(|member| member.alarm == alarm.alarm));
    let Some((number, first)) = own.and_then(|(number, group)| Some((number, group.first()?.alarm))) else {
        return [Cell::Nothing, Cell::Nothing];
    };
    let tag = parameter_of(snapshot, first).map_or_else(|| first.parameter.to_string(), |found| found.tag.clone());
    let first = Text::new("cli-alarm-first-out")
        .with("tag", clean(&tag))
        .with_text("of", first.kind.text());
    [Cell::Count(number), Cell::Text(first)]
}

/// Why it is hidden and until when, or that it chatters.
fn remark(alarm: &AlarmView) -> Cell {
    let state = &alarm.state;
    if let Some(out) = &state.out_of_service {
        return Cell::Text(
            Text::new("alarm-remark-out")
                .with_instant("since", out.since)
                .with("reason", clean(&out.reason)),
        );
    }
    if let Some(reason) = state.suppressions.iter().next() {
        return Cell::Text(reason.text());
    }
    if let Some(shelf) = &state.shelf {
        return Cell::Text(
            Text::new("alarm-remark-shelved")
                .with_instant("until", shelf.until)
                .with("reason", clean(&shelf.reason)),
        );
    }
    if alarm.chatters {
        return Cell::Text(Text::new("alarm-remark-chatters"));
    }
    Cell::Nothing
}

fn parameter_of(snapshot: &Snapshot, alarm: AlarmId) -> Option<&LiveParameter> {
    let mut parameters = snapshot.parameters.iter();
    parameters.find(|parameter| parameter.id == alarm.parameter)
}

/// Does something to alarms of a parameter.
pub fn deed(arguments: &AlarmArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let snapshot = snapshot(&mut daemon)?;
    context.localizer.keep_time_of(snapshot.model.zone);
    let parameter = find_parameter(&snapshot.model, &arguments.tag)?.id;
    let listed = snapshot.alarms.iter().map(|alarm| alarm.alarm);
    let alarms: Vec<AlarmId> = match arguments.of.map(Of::kind) {
        Some(kind) => vec![AlarmId { parameter, kind }],
        None => listed.filter(|alarm| alarm.parameter == parameter).collect(),
    };
    if alarms.is_empty() {
        return Err(Failure::refused(
            Text::new("cli-alarm-none").with("tag", clean(&arguments.tag)),
        ));
    }
    // To the second: nobody sets a shelf by the millisecond.
    let now = Instant(snapshot.state.now.0.div_euclid(1_000).saturating_mul(1_000));
    let until = arguments
        .minutes
        .map(|minutes| now.plus(minutes.saturating_mul(60_000)));
    let reason = arguments.reason.clone();
    let deed = match arguments.deed {
        Deed::Acknowledge => AlarmDeed::Acknowledge,
        Deed::Reset => AlarmDeed::Reset,
        Deed::Shelve => AlarmDeed::Shelve {
            until,
            one_shot: arguments.one_shot,
            reason,
        },
        Deed::Unshelve => AlarmDeed::Unshelve,
        Deed::Remove => AlarmDeed::RemoveFromService { reason },
        Deed::Restore => AlarmDeed::ReturnToService,
    };
    let ReplyBody::Alarms(outcome) = daemon.write(RequestBody::Alarms { alarms, deed })? else {
        return Err(unexpected());
    };
    for (alarm, why) in &outcome.refused {
        let text = Text::new("cli-alarm-refused")
            .with_text("of", alarm.kind.text())
            .with_text("why", why.clone());
        context.say(&text);
    }
    match outcome.sequence {
        Some(sequence) => {
            recorded(sequence, &arguments.site, context);
            Ok(if outcome.refused.is_empty() {
                Outcome::Done
            } else {
                Outcome::Finding
            })
        }
        None => Ok(Outcome::Finding),
    }
}

/// Prints the alarm figures of a period, each against its target.
pub fn kpi(arguments: &KpiArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let period = read_period(&arguments.period, &model.zone)?;
    let (from, to) = period.hours(&model.zone, model.day_start_minutes);
    let request = RequestBody::AlarmFigures {
        from: model.zone.hour_start(from),
        to: model.zone.hour_start(to),
    };
    let ReplyBody::AlarmFigures(figures) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    if arguments.top {
        context.print_table(&most_frequent(&figures, &model, context), arguments.format)?;
        return Ok(Outcome::Done);
    }
    if arguments.floods {
        context.print_table(&floods(&figures, &model), arguments.format)?;
        return Ok(Outcome::Done);
    }
    let zone = Some(model.zone);
    let count = |count: u64| Cell::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let facts = [
        ("from", Cell::Time(figures.from, zone)),
        ("to", Cell::Time(figures.to, zone)),
        ("alarms", count(figures.alarms)),
        ("floods", Cell::count(figures.floods.len())),
        ("standing", count(figures.standing.at_end)),
        ("most_standing", count(figures.standing.most)),
        ("chattering", Cell::count(figures.chattering.len())),
        ("stale", Cell::count(figures.stale.len())),
    ];
    let table = indicators(&figures, model.simulated);
    table.print_with(&facts, arguments.format, &context.localizer, &mut io::stdout().lock())?;
    if arguments.format == OutputFormat::Table {
        context.say(&counted(&figures));
        if figures.from > model.zone.hour_start(from) {
            context.say(&Text::new("cli-kpi-clipped").with_instant("from", figures.from));
        }
        if !is_long_enough(&figures) {
            context.say(&Text::new("cli-kpi-too-short"));
        }
    }
    Ok(Outcome::Done)
}

/// What was counted, in a sentence.
fn counted(figures: &Figures) -> Text {
    Text::new("cli-kpi-counted")
        .with_count("alarms", figures.alarms)
        .with_count("floods", figures.floods.len())
        .with_count("standing", figures.standing.at_end)
        .with_instant("from", figures.from)
        .with_instant("to", figures.to)
}

fn indicators(figures: &Figures, simulated: bool) -> Table {
    let row = |judged: Judged| {
        let target = judged.indicator.target();
        let shown = |ratio: Ratio| {
            let value = judged.indicator.shown(ratio, DIGITS);
            value.map_or(Cell::Nothing, Cell::decimal)
        };
        vec![
            Cell::Text(judged.indicator.text()),
            shown(judged.value),
            shown(target.aim),
            shown(target.outermost),
            Cell::words(if judged.indicator.is_share() { "%" } else { "" }),
            Cell::Text(judged.standing.text()),
        ]
    };
    Table {
        simulated,
        columns: vec![
            Column::words("figure", "cli-column-figure"),
            Column::figures("value", Text::new("cli-column-value")),
            Column::figures("aim", Text::new("cli-column-aim")),
            Column::figures("bound", Text::new("cli-column-bound")),
            Column::words("unit", "cli-column-unit"),
            Column::words("standing", "cli-column-standing"),
        ],
        rows: judge(figures).map(row).into_iter().collect(),
    }
}

/// The floods, in the order of time.
fn floods(figures: &Figures, model: &SiteModel) -> Table {
    let zone = Some(model.zone);
    let count = |count: u64| Cell::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let row = |flood: &Flood| {
        vec![
            Cell::Time(flood.first, zone),
            Cell::Time(flood.declared, zone),
            flood.ended.map_or(Cell::Nothing, |ended| Cell::Time(ended, zone)),
            count(flood.alarms),
            count(flood.peak),
        ]
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("first", "cli-column-first-alarm"),
            Column::words("declared", "cli-column-declared"),
            Column::words("ended", "cli-column-ended"),
            Column::figures("alarms", Text::new("cli-column-alarms")),
            Column::figures("peak", Text::new("cli-column-peak")),
        ],
        rows: figures.floods.iter().map(|(_, flood)| row(flood)).collect(),
    }
}

/// The most frequent alarms, then those that chattered or were stale besides.
fn most_frequent(figures: &Figures, model: &SiteModel, context: &Context) -> Table {
    let row = |alarm: AlarmId, frequent: Option<&Frequent>| {
        let parameter = model.parameter(alarm.parameter);
        let unknown = Name::default();
        let name = parameter.map_or(&unknown, |parameter| &parameter.name);
        let share = frequent.and_then(|frequent| frequent.share.percent(DIGITS));
        let marks = [
            (figures.chattering.contains(&alarm), "tui-figures-chatters"),
            (figures.stale.contains(&alarm), "tui-figures-stale"),
        ];
        let marks = marks
            .into_iter()
            .filter(|(is_so, _)| *is_so)
            .map(|(_, id)| Text::new(id));
        vec![
            Cell::words(parameter.map_or_else(|| alarm.parameter.to_string(), |parameter| parameter.tag.clone())),
            Cell::words(context.localizer.name(name)),
            Cell::Text(alarm.kind.text()),
            frequent.map_or(Cell::Nothing, |frequent| {
                Cell::Count(i64::try_from(frequent.times).unwrap_or(i64::MAX))
            }),
            share.map_or(Cell::Nothing, Cell::decimal),
            Text::joined(marks).map_or(Cell::Nothing, Cell::Text),
        ]
    };
    let frequent = figures.most_frequent.iter();
    let others = figures.other_nuisances();
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("tag", "cli-column-tag"),
            Column::words("name", "cli-column-name"),
            Column::words("of", "cli-column-alarm-of"),
            Column::figures("times", Text::new("cli-column-times")),
            Column::figures("share_percent", Text::new("cli-column-share")),
            Column::words("nuisance", "cli-column-nuisance"),
        ],
        rows: frequent
            .map(|frequent| row(frequent.alarm, Some(frequent)))
            .chain(others.into_iter().map(|alarm| row(alarm, None)))
            .collect(),
    }
}
