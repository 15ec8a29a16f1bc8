//! `carbonwatch note`, `notes` and `note-close`: what people write beside the figures (记事), what was written, and closing what is
//! carried forward (结束待续事项).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::value::whole;
use super::when::{read_instant, read_period};
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::note::{About, Carried, Note, NoteClosing};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::notes::MOST_NOTES;
use crate::engine::view::NoteView;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch note`.
#[derive(Debug, Clone, clap::Args)]
pub struct NoteArguments {
    /// The site's directory
    pub site: PathBuf,
    /// One line
    pub text: String,
    /// Of which time it speaks, in plant time; now where none is given
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Of what: the tag of a parameter or the key of a node; the whole site where nothing is given
    #[arg(long, value_name = "NAME")]
    pub about: Option<String>,
    /// Hand it over from shift to shift until somebody closes it
    #[arg(long)]
    pub carry: bool,
}

/// Arguments of `carbonwatch note-close`.
#[derive(Debug, Clone, clap::Args)]
pub struct NoteCloseArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Number of the note's record
    #[arg(value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: u64,
    /// What came of it
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
}

/// Arguments of `carbonwatch notes`.
#[derive(Debug, Clone, clap::Args)]
pub struct NotesArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Period, such as 2025-03-01; all notes where none is given
    pub period: Option<String>,
    /// Only what concerns this: the tag of a parameter or the key of a node
    #[arg(long, value_name = "NAME")]
    pub about: Option<String>,
    /// Only what is carried forward and open
    #[arg(long)]
    pub open: bool,
    /// How many of the newest
    #[arg(short = 'n', long, default_value_t = 100, value_parser = whole::<u32>(1..=u64::from(MOST_NOTES)))]
    pub count: u32,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Writes a note.
pub fn write(arguments: &NoteArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let about = about(arguments.about.as_deref(), &model)?;
    let at = match &arguments.at {
        Some(given) => read_instant(given, &model.zone)?,
        None => now(&mut daemon)?,
    };
    let note = Note {
        at,
        about,
        text: arguments.text.clone(),
        carry: arguments.carry,
    };
    let ReplyBody::Recorded(sequence) = daemon.write(RequestBody::Note(note))? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// Closes a note that is carried forward.
pub fn close(arguments: &NoteCloseArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    // What the daemon refuses it says with times, which are told in the plant's.
    context.model(&mut daemon)?;
    let closing = NoteClosing {
        of: Sequence(arguments.record),
        remark: arguments.remark.clone(),
    };
    let ReplyBody::Recorded(sequence) = daemon.write(RequestBody::CloseNote(closing))? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// The site's time.
fn now(daemon: &mut super::context::Link) -> Result<Instant, Failure> {
    let ReplyBody::Clock(clock) = daemon.ask(RequestBody::Clock)? else {
        return Err(unexpected());
    };
    clock.now.ok_or_else(|| Failure::usage(Text::new("cli-note-no-time")))
}

/// Prints notes.
pub fn list(arguments: &NotesArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let about = about(arguments.about.as_deref(), &model)?;
    let (from, to) = match &arguments.period {
        Some(given) => {
            let (from, to) = read_period(given, &model.zone)?.hours(&model.zone, model.day_start_minutes);
            (model.zone.hour_start(from), model.zone.hour_start(to))
        }
        None => (Instant::EARLIEST, Instant::LATEST),
    };
    let request = RequestBody::Notes {
        about,
        from,
        to,
        count: arguments.count,
        open: arguments.open,
    };
    let ReplyBody::Notes(found) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    context.print_table(&table(&found.notes, &model, context), arguments.format)?;
    if found.more {
        context.say(&Text::new("cli-notes-more"));
    }
    Ok(Outcome::Done)
}

fn table(notes: &[NoteView], model: &SiteModel, context: &Context) -> Table {
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("at", "cli-column-of"),
            Column::words("about", "cli-column-about"),
            Column::words("text", "cli-column-note"),
            Column::words("carried", "cli-column-carried"),
            Column::words("by", "cli-column-user"),
            Column::words("written", "cli-column-written"),
            Column::figures("record", Text::new("cli-column-record")),
        ],
        rows: notes
            .iter()
            .map(|note| {
                vec![
                    Cell::Time(note.at, Some(model.zone)),
                    Cell::Words(about_words(note.about, model, context)),
                    Cell::Words(clean(&note.text).into_owned()),
                    carried(note.carried.as_ref()),
                    Cell::Words(clean(note.by.name()).into_owned()),
                    Cell::Time(note.written, Some(model.zone)),
                    Cell::count(note.sequence.0),
                ]
            })
            .collect(),
    }
}

/// How it stands with a note that is carried forward; nothing of one that is not.
pub(super) fn carried(carried: Option<&Carried>) -> Cell {
    carried.map_or(Cell::Nothing, |carried| Cell::Text(carried.text()))
}

/// Of what a note speaks, as it may be typed after `--about`; the whole site in words.
fn about_words(about: About, model: &SiteModel, context: &Context) -> String {
    let named = match about {
        About::Site => return context.localizer.text(&Text::new("note-about-site")),
        About::Node(id) => model.node(id).map(|node| &node.key),
        About::Parameter(id) => model.parameter(id).map(|found| &found.tag),
    };
    named.map_or_else(
        || context.localizer.text(&Text::new("note-about-gone")),
        |named| clean(named).into_owned(),
    )
}

/// What a name means: a tag before a key.
fn about(given: Option<&str>, model: &SiteModel) -> Result<About, Failure> {
    let Some(given) = given else {
        return Ok(About::Site);
    };
    let parameter = model.parameters.iter().find(|parameter| parameter.tag == given);
    let node = model.nodes.iter().find(|node| node.key == given);
    match (parameter, node) {
        (Some(parameter), _) => Ok(About::Parameter(parameter.id)),
        (None, Some(node)) => Ok(About::Node(node.id)),
        (None, None) => Err(Failure::usage(
            Text::new("cli-note-about-unknown").with("given", clean(given)),
        )),
    }
}
