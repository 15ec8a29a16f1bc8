//! Drop folders (投递目录): for every mapping `SITE/mappings/NAME.toml`, finished files in `SITE/drop/NAME` are taken in and
//! moved to `SITE/dropped/NAME`, into which only the daemon writes.
//!
//! A thread of its own reads and waits; what it reads goes the way of every other intake.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment, SystemTime};

use crate::connect::csv::{Batch, Refusal};
use crate::connect::drop_folder::{Candidate, DropError, DropFolder, Dropped, TakenFile};
use crate::connect::mapping::Mapping;
use crate::domain::actor::Actor;
use crate::domain::model::SiteModel;
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::command::Provenance;
use crate::locale::foreign::system_reason;
use crate::locale::{Language, Localizer};
use crate::store::SiteIdentity;
use crate::wire::live::Feed;
use crate::wire::message::{ReplyBody, RequestBody};

use super::job::Shared;
use super::system;

/// How often folders are looked into.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often it is looked whether the daemon stops.
const NAP: Duration = Duration::from_millis(100);

/// How long a file must be unchanged to be finished, in milliseconds.
const SETTLE_MS: i64 = 4000;

/// Readings in one request.
const BATCH: usize = 20_000;

/// Largest mapping file.
const LARGEST_MAPPING: u64 = 1 << 20;

type Words<'a> = &'a (dyn Fn(&Text) -> String + Send + Sync);

/// What tells one state of a file from another.
type Stamp = (SystemTime, u64);

/// One drop folder with its mapping.
struct Source<'a> {
    folder: DropFolder<'a>,
    stamp: Stamp,
    mapping: Result<Mapping, Text>,
    /// What stands in the way of files that wait.
    trouble: Option<Text>,
}

/// Starts the thread.
pub(super) fn start(shared: Arc<Shared>) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("feeds".to_owned()).spawn(move || {
        let localizer = Localizer::new(Language::of_process());
        let words = |text: &Text| {
            if let Some(model) = shared.model() {
                localizer.keep_time_of(model.zone);
            }
            localizer.text(text)
        };
        run(&shared, &words);
    })
}

fn run(shared: &Shared, words: Words<'_>) {
    let mut sources: BTreeMap<String, Source<'_>> = BTreeMap::new();
    let mut looked_at: Option<Moment> = None;
    while shared.stop.borrow().is_none() {
        if looked_at.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            std::thread::sleep(NAP);
            continue;
        }
        looked_at = Some(Moment::now());
        look_for_mappings(shared, &mut sources, words);
        for (name, source) in &mut sources {
            match work(shared, name, source) {
                Err(trouble) => source.trouble = Some(trouble),
                // A file that stays is not tried at every look: until it is, what stood in its way still does.
                Ok(()) if source.folder.holds_files() => {}
                Ok(()) => source.trouble = None,
            }
            report(shared, name, source);
        }
    }
}

/// The mappings of the site as they are now: new ones get a folder, changed ones are read again, others go.
fn look_for_mappings<'a>(shared: &Shared, sources: &mut BTreeMap<String, Source<'a>>, words: Words<'a>) {
    let found = mappings(&shared.site.join("mappings"));
    sources.retain(|name, _| {
        let stays = found.contains_key(name);
        if !stays {
            shared.feeds.remove(name);
        }
        stays
    });
    for (name, (path, stamp)) in found {
        match sources.get_mut(&name) {
            Some(source) if source.stamp == stamp => {}
            Some(source) => {
                source.stamp = stamp;
                source.mapping = read_mapping(&path);
                source.trouble = None;
                source.folder.try_again();
            }
            None => match open_folder(&shared.site, &name, words) {
                Ok(folder) => {
                    let mapping = read_mapping(&path);
                    let source = Source {
                        folder,
                        stamp,
                        mapping,
                        trouble: None,
                    };
                    sources.insert(name, source);
                }
                Err(error) => {
                    let trouble = Some(error.text());
                    shared.feeds.report(Feed {
                        name,
                        last: String::new(),
                        at: None,
                        lag_ms: None,
                        clock_offset_ms: None,
                        trouble,
                    });
                }
            },
        }
    }
}

fn open_folder<'a>(site: &Path, name: &str, words: Words<'a>) -> Result<DropFolder<'a>, DropError> {
    // Nobody raises the epoch of a site that is served. Where the file cannot be read the daemon would not have started.
    let epoch = SiteIdentity::read(site).map_or(1, |identity| identity.epoch);
    let folder = DropFolder::open(
        &site.join("drop").join(name),
        &site.join("dropped").join(name),
        SETTLE_MS,
        words,
    )?;
    Ok(folder.in_epoch(epoch))
}

fn mappings(directory: &Path) -> BTreeMap<String, (PathBuf, Stamp)> {
    let mut found = BTreeMap::new();
    // Where there is no such directory there are no mappings.
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_mapping = path.extension().is_some_and(|ending| ending == "toml");
        let name = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        let stamp = fs::metadata(&path)
            .ok()
            .filter(fs::Metadata::is_file)
            .and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        if let (true, Some(name), Some(stamp)) = (is_mapping, name, stamp)
            && !name.starts_with('.')
        {
            found.insert(name, (path, stamp));
        }
    }
    found
}

fn read_mapping(path: &Path) -> Result<Mapping, Text> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_MAPPING).read_to_string(&mut text))
        .map_err(|error| {
            Text::new("daemon-mapping-unreadable")
                .with("path", path.display())
                .with_text("error", system_reason(&error))
        })?;
    Mapping::parse(&path.display().to_string(), &text).map_err(|faults| {
        let first = faults
            .first()
            .map_or_else(|| Text::new("daemon-mapping-bad"), Explained::text);
        tracing::warn!(path = %path.display(), faults = faults.len(), "a mapping has faults");
        first
    })
}

/// Takes the finished files of a folder. The error is what is wrong with the source now.
fn work(shared: &Shared, name: &str, source: &mut Source<'_>) -> Result<(), Text> {
    let mapping = source.mapping.as_ref().map_err(Clone::clone)?;
    let model = shared.model().ok_or_else(|| Text::new("daemon-no-model"))?;
    let candidates = source
        .folder
        .scan(system::clocks().wall)
        .map_err(|error| error.text())?;
    let mut first_trouble = None;
    for candidate in &candidates {
        if shared.stop.borrow().is_some() {
            break;
        }
        // A file that cannot be taken does not keep the others waiting.
        if let Err(trouble) = take(shared, name, mapping, &model, &mut source.folder, candidate) {
            tracing::warn!(feed = name, file = candidate.name, why = ?trouble, "a dropped file stays where it is");
            first_trouble.get_or_insert(trouble);
        }
    }
    first_trouble.map_or(Ok(()), Err)
}

/// Takes a file in. One whose content is no good is moved away with the reason; an error leaves it where it is.
fn take(
    shared: &Shared,
    name: &str,
    mapping: &Mapping,
    model: &SiteModel,
    folder: &mut DropFolder<'_>,
    candidate: &Candidate,
) -> Result<(), Text> {
    // A file is finished only after everything in it was acknowledged.
    let dropped = folder.take_in(candidate, mapping, model, BATCH, |batch, taken| {
        deliver(shared, name, candidate, batch, taken)
    });
    match dropped.map_err(|error| error.text())? {
        Dropped::Read(moved, summary) => tracing::info!(
            feed = name,
            file = candidate.name,
            readings = summary.readings,
            refused = summary.refused,
            ?moved,
            "a dropped file was read"
        ),
        Dropped::Repeated(first) => tracing::info!(feed = name, file = candidate.name, first, "a file came again"),
        Dropped::Changed => {}
    }
    Ok(())
}

/// Why the daemon did not take a batch.
#[derive(Debug)]
struct Undelivered(Text);

impl Explained for Undelivered {
    fn text(&self) -> Text {
        self.0.clone()
    }
}

/// Hands a batch to the writer and waits until it is durable; gives back what was refused of it.
fn deliver(
    shared: &Shared,
    name: &str,
    candidate: &Candidate,
    batch: Batch,
    taken: &TakenFile,
) -> Result<Vec<Refusal>, Undelivered> {
    if batch.readings.is_empty() {
        return Ok(Vec::new());
    }
    let request = RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance {
            name: format!("{name}/{}", candidate.name),
            digest: Some(taken.content_digest()),
            lines: batch.lines.clone(),
            ..Provenance::default()
        },
        readings: batch.readings,
    };
    let answer = shared.ask(Actor::daemon(), None, request).map_err(Undelivered)?;
    let ReplyBody::Intake(outcome) = answer else {
        return Ok(Vec::new());
    };
    let refusal = |(place, why)| {
        let line = usize::try_from(place).ok().and_then(|place| batch.lines.get(place));
        Refusal {
            line: line.copied().unwrap_or(0),
            column: None,
            field: String::new(),
            row: String::new(),
            why,
        }
    };
    Ok(outcome.refused.into_iter().map(refusal).collect())
}

fn report(shared: &Shared, name: &str, source: &Source<'_>) {
    let status = source.folder.status();
    shared.feeds.report(Feed {
        name: clean(name).into_owned(),
        last: status.last_file.clone().unwrap_or_default(),
        at: status.last_taken,
        lag_ms: status.lag_ms(system::clocks().wall),
        clock_offset_ms: status.clock_offset_ms,
        trouble: source.trouble.clone().or_else(|| status.notes.first().cloned()),
    });
}
