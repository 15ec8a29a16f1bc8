//! Drop folders (投递目录): for every mapping `SITE/mappings/NAME.toml`, finished files in `SITE/drop/NAME` are taken in.
//!
//! A thread of its own reads and waits; what it reads goes the way of every other intake.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment, SystemTime};

use crate::connect::csv::{CsvSource, IntakeOptions, IntakeSummary, Refusal, RefusedFile};
use crate::connect::drop_folder::{Candidate, DropFolder, Outcome, Taken};
use crate::connect::mapping::Mapping;
use crate::domain::actor::Actor;
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::command::Provenance;
use crate::locale::{Language, Localizer};
use crate::wire::message::{Feed, ReplyBody, RequestBody};

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
}

/// Starts the thread.
pub(super) fn start(shared: Arc<Shared>) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("feeds".to_owned()).spawn(move || {
        let localizer = Localizer::new(Language::of_process());
        let words = move |text: &Text| localizer.text(text);
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
            let trouble = work(shared, name, source, words).err();
            report(shared, name, source, trouble);
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
            }
            None => match DropFolder::open(&shared.site.join("drop").join(&name), SETTLE_MS, words) {
                Ok(folder) => {
                    let mapping = read_mapping(&path);
                    sources.insert(name, Source { folder, stamp, mapping });
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
                .with("error", error)
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
fn work(shared: &Shared, name: &str, source: &mut Source<'_>, words: Words<'_>) -> Result<(), Text> {
    let mapping = source.mapping.as_ref().map_err(Clone::clone)?;
    let now = system::clocks().wall;
    let candidates = source.folder.scan(now).map_err(|error| error.text())?;
    for candidate in candidates {
        if shared.stop.borrow().is_some() {
            return Ok(());
        }
        take(shared, name, mapping, &mut source.folder, &candidate, words)?;
    }
    Ok(())
}

fn take(
    shared: &Shared,
    name: &str,
    mapping: &Mapping,
    folder: &mut DropFolder<'_>,
    candidate: &Candidate,
    words: Words<'_>,
) -> Result<(), Text> {
    let mut taken = match folder.take(candidate).map_err(|error| error.text())? {
        Taken::Ready(taken) => taken,
        Taken::Repeated(as_file) => {
            tracing::info!(feed = name, file = candidate.name, as_file, "a file came again");
            return Ok(());
        }
        Taken::Changed => return Ok(()),
    };
    let unreadable = |error: io::Error| {
        Text::new("daemon-drop-unreadable")
            .with("file", &candidate.name)
            .with("error", error)
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&taken.file).map_err(unreadable)?;
    taken.file.rewind().map_err(unreadable)?;
    let provenance = Provenance {
        name: format!("{name}/{}", candidate.name),
        digest: Some(hasher.finalize().to_hex().to_string()),
        ..Provenance::default()
    };
    let model = shared.model().ok_or_else(|| Text::new("daemon-no-model"))?;
    let mut refused = RefusedFile::at(folder.refused_path(candidate), words);
    let mut summary = IntakeSummary::default();
    // A file is finished only after everything in it was acknowledged: what fails before that leaves it where it is.
    let read = read(
        shared,
        &taken.file,
        mapping,
        &model,
        &provenance,
        &mut summary,
        &mut refused,
    );
    let refused = refused.finish().map_err(unreadable)?;
    let outcome = match read {
        Ok(()) => Outcome::of(&summary, refused),
        Err(Failed::File(why)) => Outcome::Refused { why, refused },
        Err(Failed::Daemon(why)) => {
            if let Some(refused) = refused {
                let _ = fs::remove_file(refused);
            }
            return Err(why);
        }
    };
    let moved = folder.finish(candidate, taken, outcome).map_err(|error| error.text())?;
    tracing::info!(
        feed = name,
        file = candidate.name,
        readings = summary.readings,
        refused = summary.refused,
        ?moved,
        "a dropped file was taken"
    );
    Ok(())
}

/// Why a file was not taken.
enum Failed {
    /// The file is at fault.
    File(Text),
    /// The daemon cannot take anything now.
    Daemon(Text),
}

fn read(
    shared: &Shared,
    file: &File,
    mapping: &Mapping,
    model: &crate::domain::model::SiteModel,
    provenance: &Provenance,
    summary: &mut IntakeSummary,
    refused: &mut RefusedFile<'_>,
) -> Result<(), Failed> {
    let at_fault = |error: &dyn Explained| Failed::File(error.text());
    let unwritable = |error: io::Error| Failed::Daemon(Text::new("daemon-drop-refusals").with("error", error));
    let mut source =
        CsvSource::open(file, mapping, model, IntakeOptions::default()).map_err(|error| at_fault(&error))?;
    while let Some(batch) = source.next_batch(BATCH).map_err(|error| at_fault(&error))? {
        summary.add(&batch);
        refused.write(&batch.refused).map_err(unwritable)?;
        if batch.readings.is_empty() {
            continue;
        }
        let request = RequestBody::Intake {
            origin: Origin::File,
            provenance: Provenance {
                lines: batch.lines.clone(),
                ..provenance.clone()
            },
            readings: batch.readings,
        };
        let answer = shared.ask(Actor::daemon(), None, request).map_err(Failed::Daemon)?;
        let ReplyBody::Intake(outcome) = answer else {
            continue;
        };
        for (place, why) in outcome.refused {
            let line = usize::try_from(place).ok().and_then(|place| batch.lines.get(place));
            summary.refused += 1;
            let refusal = Refusal {
                line: line.copied().unwrap_or(0),
                column: None,
                field: String::new(),
                row: String::new(),
                why,
            };
            refused.write(&[refusal]).map_err(unwritable)?;
        }
    }
    Ok(())
}

fn report(shared: &Shared, name: &str, source: &Source<'_>, trouble: Option<Text>) {
    let status = source.folder.status();
    shared.feeds.report(Feed {
        name: clean(name).into_owned(),
        last: status.last_file.clone().unwrap_or_default(),
        at: status.last_taken,
        lag_ms: status.lag_ms(system::clocks().wall),
        clock_offset_ms: status.clock_offset_ms,
        trouble: trouble.or_else(|| status.notes.first().cloned()),
    });
}
