//! `carbonwatch enter` and `sheets`: what people write down on entry sheets, without a screen (录入).

mod form;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::attachment::{opened, send};
use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::restated;
use super::when::read_instant;
use crate::domain::decimal::from_count;
use crate::domain::model::SiteModel;
use crate::domain::sheet::{EntrySheet, SheetPage};
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, Month};
use crate::engine::command::Provenance;
use crate::engine::view::{IntakeOutcome, SheetView};
use crate::entry::block::LARGEST_FILE;
use crate::entry::cell::Value;
use crate::entry::heading::Arrangement;
use crate::entry::known::{Place, tags};
use crate::entry::{Block, Entered, Placed, Sheet, Source, Workbook};
use crate::wire::message::{ReplyBody, RequestBody};

pub(super) use form::doubted;

/// The name by which standard input is asked for.
const STANDARD_INPUT: &str = "-";

/// Arguments of `carbonwatch sheets`.
#[derive(Debug, Clone, clap::Args)]
pub struct SheetsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch enter`.
#[derive(Debug, Clone, clap::Args)]
pub struct EnterArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Key of the sheet or the form
    pub sheet: String,
    /// Values as they are typed into the cells, each behind its tag; of a form each behind the name of its field
    #[arg(
        value_name = "TAG=TEXT",
        required_unless_present_any = ["block", "workbook"],
        conflicts_with_all = ["block", "workbook"]
    )]
    pub values: Vec<String>,
    /// The round, in plant time, or any time of the day on a daily sheet; where it is left out, as the dates of a block say, or
    /// the one that is being made
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub round: Option<String>,
    /// A file of cells parted by tabs, as a spreadsheet copies them; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub block: Option<PathBuf>,
    /// A workbook (.xlsx), with a worksheet like such a block; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "block")]
    pub workbook: Option<PathBuf>,
    /// Which worksheet, where several have something in them
    #[arg(long, value_name = "NAME", requires = "workbook")]
    pub worksheet: Option<String>,
    /// A file that stands behind the document or the values: a scan, the invoice itself, a photo of the paper sheet; may be given
    /// several times
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// Only show what the cells say
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask where something looks wrong
    #[arg(long)]
    pub yes: bool,
    /// How to print what the cells say
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Lists the sheets, each with the round that is being made.
pub fn sheets(arguments: &SheetsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let now = now(&mut daemon)?;
    let ReplyBody::Rounds(made) = daemon.ask(RequestBody::Rounds)? else {
        return Err(unexpected());
    };
    let row = |sheet: &EntrySheet| {
        let round = now.and_then(|now| {
            let rounds = sheet.rounds_of(&model, sheet.page_at(&model, now));
            rounds.get(EntrySheet::round_at(&rounds, now)).copied()
        });
        let time = |at: Option<Instant>| at.map_or(Cell::Nothing, |at| Cell::Time(at, Some(model.zone)));
        vec![
            Cell::words(clean(&sheet.key)),
            Cell::words(clean(context.localizer.name(&sheet.name))),
            Cell::count(i64::try_from(sheet.rows.len()).unwrap_or(i64::MAX)),
            Cell::count(i64::try_from(sheet.rounds.len()).unwrap_or(i64::MAX)),
            time(round.map(|round| round.at)),
            time(round.map(|round| round.at.plus(sheet.due_ms))),
            made.iter()
                .find(|one| one.sheet == sheet.key)
                .map_or(Cell::Nothing, |one| Cell::count(one.missing)),
        ]
    };
    let table = Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("sheet", "cli-column-sheet"),
            Column::words("name", "cli-column-name"),
            Column::figures("rows", Text::new("cli-column-rows")),
            Column::figures("rounds", Text::new("cli-column-rounds")),
            Column::words("round", "cli-column-round"),
            Column::words("due", "cli-column-due-by"),
            Column::figures("missing", Text::new("cli-column-round-missing")),
        ],
        rows: model.sheets.iter().map(row).collect(),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

/// Takes values as if they had been typed into the cells of a round. All of them are taken, or none.
pub fn enter(arguments: &EnterArguments, context: &Context) -> Ending {
    let given = given(arguments)?;
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    if let Some(form) = model.form(&arguments.sheet) {
        return form::file(form, &given, arguments, (&model, &mut daemon), context);
    }
    let sheet = model.sheet(&arguments.sheet).ok_or_else(|| {
        let unknown = Text::new("sheet-or-form-unknown").with("key", clean(&arguments.sheet));
        Failure::usage(unknown)
    })?;
    let at = arguments.round.as_ref().map(|given| read_instant(given, &model.zone));
    let at = at.transpose()?;
    // A site that has no time yet has nothing to come either.
    let now = now(&mut daemon)?;
    let (page, at) = match (at, page_of_dates(&given.block, sheet, &model, at.is_some())?) {
        // What dates there are must be of the round's page: they are held against it as they are placed.
        (Some(at), _) => (sheet.page_at(&model, at), Some(at)),
        (None, Some(page)) => (page, None),
        (None, None) => {
            let now = now.ok_or_else(|| Failure::usage(Text::new("cli-enter-no-time")))?;
            (sheet.page_at(&model, now), Some(now))
        }
    };
    let asked = RequestBody::Sheet {
        sheet: sheet.key.clone(),
        page,
    };
    let ReplyBody::Sheet(view, _) = daemon.ask(asked)? else {
        return Err(unexpected());
    };
    let column = at.map(|at| column_of(&view, at, arguments.round.is_some(), sheet));
    let column = column.transpose()?.unwrap_or(0);
    let known = Sheet::new(&model, &view, sheet.origin);
    let known = match now {
        Some(now) => known.at(now),
        None => known,
    };
    for remark in &given.remarks {
        context.say(remark);
    }
    let placed = given.block.placed(&known, (0, column)).map_err(Failure::usage)?;
    context.print_table(&table(&known, &placed), arguments.format)?;
    let values = values(&placed)?;
    let (uploads, attachments) = opened(&arguments.attach)?;
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    if values.is_empty() {
        context.say(&nothing_recorded(arguments));
        return Ok(Outcome::Done);
    }
    let other_month = now.and_then(|now| of_other_month(&view, &placed, (&model, now)));
    if let Some(why) = &other_month {
        context.say(why);
    }
    if other_month.is_some() || placed.iter().any(|one| !one.doubts.is_empty()) {
        let question = Text::new("cli-enter-confirm");
        context.agree(arguments.yes, &question, "cli-plan-declined", "cli-enter-needs-yes")?;
    }
    // What is not recorded is not kept either.
    send(uploads, &mut daemon)?;
    let (provenance, readings) = known.recorded(&values, given.source.as_ref());
    let provenance = Provenance {
        attachments,
        ..provenance
    };
    let body = RequestBody::Intake {
        origin: sheet.origin,
        provenance,
        readings,
    };
    let ReplyBody::Intake(outcome) = daemon.write(body)? else {
        return Err(unexpected());
    };
    if outcome.sequence.is_none() && !arguments.attach.is_empty() {
        context.say(&Text::new("entry-not-attached"));
    }
    tell(&outcome, model.simulated, arguments, context)
}

/// A round neither of this month nor of the last, which nobody has navigated to: as a rule the wrong month or year.
fn of_other_month(view: &SheetView, placed: &[Placed], (model, now): (&SiteModel, Instant)) -> Option<Text> {
    let today = Month::of(model.plant_day(now));
    let days = placed
        .iter()
        .filter_map(|one| Some(Month::of(view.rounds.get(one.at.1)?.day)));
    let other = days
        .into_iter()
        .find(|month| *month != today && *month != today.previous())?;
    Some(Text::new("form-doubt-month").with("month", other).with("today", today))
}

/// What is given to be entered.
struct Given {
    block: Block,
    /// What people should know of it.
    remarks: Vec<Text>,
    /// The file from which it comes.
    source: Option<Source>,
    /// Whether it is a block, or values one by one.
    is_block: bool,
}

/// The cells that are given: in a file, or one by one behind their tags.
fn given(arguments: &EnterArguments) -> Result<Given, Failure> {
    let file = arguments.workbook.as_ref().or(arguments.block.as_ref());
    let Some(file) = file else {
        let cells = arguments.values.iter().map(|given| {
            let (tag, text) = given
                .split_once('=')
                .ok_or_else(|| Failure::usage(Text::new("cli-enter-no-tag").with("given", clean(given))))?;
            Ok(vec![tag.to_owned(), text.to_owned()])
        });
        return Ok(Given {
            block: Block {
                rows: cells.collect::<Result<_, Failure>>()?,
                is_named: true,
                ..Block::default()
            },
            remarks: Vec::new(),
            source: None,
            is_block: false,
        });
    };
    let bytes = bytes_of(file)?;
    let read = if arguments.workbook.is_some() {
        Workbook::read(&bytes, arguments.worksheet.as_deref()).map_err(Failure::usage)?
    } else {
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| Failure::file(file, &io::Error::new(io::ErrorKind::InvalidData, error)))?;
        Workbook {
            block: Block::parse(text).map_err(Failure::usage)?,
            remarks: Vec::new(),
        }
    };
    let name = file.file_name().filter(|_| file.as_os_str() != STANDARD_INPUT);
    Ok(Given {
        block: read.block,
        remarks: read.remarks,
        is_block: true,
        source: name.map(|name| Source::of(&name.to_string_lossy(), &bytes)),
    })
}

/// All of a file, or of standard input. One that is too large is refused: its first half alone would say something else.
fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == STANDARD_INPUT {
        io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes))
    };
    let length = read.map_err(|error| Failure::file(file, &error))?;
    if u64::try_from(length).is_ok_and(|length| length <= LARGEST_FILE) {
        return Ok(bytes);
    }
    Err(Failure::usage(
        Text::new("entry-file-too-large")
            .with("path", file.display())
            .with_count("most", LARGEST_FILE / (1024 * 1024)),
    ))
}

/// The page of a daily sheet that the dates of a block say.
fn page_of_dates(
    block: &Block,
    sheet: &EntrySheet,
    model: &SiteModel,
    is_dated: bool,
) -> Result<Option<SheetPage>, Failure> {
    let tags = tags(model, sheet.rows.iter().copied());
    let arranged = Arrangement::of(block, &tags, sheet.is_daily()).map_err(Failure::usage)?;
    let month = arranged.month().map_err(Failure::usage)?;
    // Days without a month would land in that of today, whichever was meant.
    if month.is_none() && arranged.has_days() && !is_dated {
        return Err(Failure::usage(Text::new("cli-enter-which-month")));
    }
    Ok(month.map(SheetPage::Month))
}

fn now(daemon: &mut Link) -> Result<Option<Instant>, Failure> {
    match daemon.ask(RequestBody::Clock)? {
        ReplyBody::Clock(clock) => Ok(clock.now),
        _ => Err(unexpected()),
    }
}

/// The column of a round. One that is named must be one of the sheet's, so that nothing is put down at a time at which nobody
/// looked.
fn column_of(view: &SheetView, at: Instant, is_named: bool, sheet: &EntrySheet) -> Result<usize, Failure> {
    let place = EntrySheet::round_at(&view.rounds, at);
    let is_round = sheet.is_daily() || view.rounds.get(place).is_some_and(|round| round.at == at);
    if !is_named || is_round {
        let by_day = view.rounds.iter().position(|round| round.from <= at && at < round.to);
        return Ok(if sheet.is_daily() {
            by_day.unwrap_or(place)
        } else {
            place
        });
    }
    let times = sheet
        .rounds
        .iter()
        .map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60));
    let times: Vec<String> = times.collect();
    Err(Failure::usage(
        Text::new("cli-enter-no-round").with("rounds", times.join(", ")),
    ))
}

fn table(sheet: &Sheet<'_>, placed: &[Placed]) -> Table {
    let row = |one: &Placed| {
        let parameter = sheet.row(one.at.0).map(|row| row.parameter);
        let round = sheet.round(one.at.1);
        let doubts: Vec<Text> = one.doubts.iter().map(|doubt| doubt.text(sheet, one.at.0)).collect();
        let (value, says) = match &one.entered {
            Ok(Entered::Value(value)) => {
                let shown = from_count(value.count, parameter.map_or(0, |known| known.decimals)).to_string();
                (Cell::Number(shown.clone(), shown), Text::sentences(doubts))
            }
            Ok(Entered::Missing) => (Cell::Nothing, Some(Text::new("tui-entry-block-missing"))),
            Ok(Entered::Empty) => (Cell::Nothing, Some(Text::new("tui-entry-block-empty"))),
            Err(why) => (Cell::Nothing, Some(why.clone())),
        };
        vec![
            Cell::words(parameter.map_or_else(String::new, |known| known.tag.clone())),
            round.map_or(Cell::Nothing, |round| Cell::Time(round.at, Some(sheet.model.zone))),
            Cell::words(clean(&one.text)),
            value,
            says.map_or(Cell::Nothing, Cell::Text),
        ]
    };
    Table {
        simulated: sheet.model.simulated,
        columns: vec![
            Column::words("tag", "cli-column-tag"),
            Column::words("round", "cli-column-round"),
            Column::words("text", "cli-column-typed"),
            Column::figures("value", Text::new("cli-column-value")),
            Column::words("says", "cli-column-says"),
        ],
        rows: placed.iter().map(row).collect(),
    }
}

/// What the cells say; nothing where one cannot be read.
fn values(placed: &[Placed]) -> Result<Vec<(Place, Value)>, Failure> {
    let wrong = placed.iter().filter(|one| one.entered.is_err()).count();
    if wrong > 0 {
        return Err(Failure::refused(
            Text::new("cli-enter-unreadable").with_count("count", wrong),
        ));
    }
    let values = placed.iter().filter_map(|one| match &one.entered {
        Ok(Entered::Value(value)) => Some((one.at, value.clone())),
        Ok(Entered::Empty | Entered::Missing) | Err(_) => None,
    });
    Ok(values.collect())
}

/// That no cell holds a value, and where files were to be attached, that they were not either.
fn nothing_recorded(arguments: &EnterArguments) -> Text {
    let nothing = Text::new("cli-enter-nothing");
    let attached = (!arguments.attach.is_empty()).then(|| Text::new("entry-not-attached"));
    Text::sentences(std::iter::once(nothing.clone()).chain(attached)).unwrap_or(nothing)
}

/// Says what came of it: under which record it stands, and what it restated.
fn tell(outcome: &IntakeOutcome, simulated: bool, arguments: &EnterArguments, context: &Context) -> Ending {
    match outcome.sequence {
        Some(sequence) => {
            recorded(sequence, &arguments.site, context);
            if outcome.duplicate > 0 {
                context.say(&Text::new("tui-entry-duplicate").with_count("count", outcome.duplicate));
            }
        }
        // Where something was refused nothing is new because of that.
        None if outcome.refused.is_empty() => context.say(&Text::new("cli-nothing-new")),
        None => {}
    }
    if outcome.excluded > 0 {
        context.say(&Text::new("tui-entry-excluded").with_count("count", outcome.excluded));
    }
    for left in &outcome.left_sealed {
        context.say(left);
    }
    restated::show(&outcome.restated, simulated, arguments.format, context)?;
    match outcome.refused.first() {
        Some((_, why)) => Err(Failure::refused(why.clone())),
        None => Ok(Outcome::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Localizer};

    #[test]
    fn that_nothing_was_recorded_is_said() {
        use clap::{CommandFactory as _, FromArgMatches as _};
        let told = |more: &[&str], language| {
            let words = ["carbonwatch", "enter", "site", "rounds", "TAG=/"];
            let command = crate::cli::Arguments::command();
            let matches = command.try_get_matches_from(words.iter().chain(more)).unwrap();
            let (_, matches) = matches.subcommand().unwrap();
            let arguments = EnterArguments::from_arg_matches(matches).unwrap();
            Localizer::new(language).text(&nothing_recorded(&arguments))
        };
        assert!(told(&[], Language::English).contains("nothing was recorded"));
        assert!(told(&[], Language::Chinese).contains("未作记录"));
        assert!(told(&["--attach", "a.jpg"], Language::English).contains("not attached"));
    }
}
