//! Sites on disk, for what is measured with journal, state and daemon.

use std::path::Path;
use std::time::Duration;

use carbonwatch::catalogue::rule_set;
use carbonwatch::daemon::ground::Ground;
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::command::{Command, CommandBody, RecordToAppend};
use carbonwatch::store::{Checkpointer, SiteIdentity, Store};

/// A command of the daemon's own at an instant.
pub(crate) fn command(now: i64, body: CommandBody) -> Command {
    Command {
        now: Instant(now),
        actor: Actor::daemon(),
        key: None,
        body,
    }
}

/// The commands that found a site at an instant.
pub(crate) fn founding(model: &SiteModel, now: i64) -> [Command; 2] {
    [
        command(
            now,
            CommandBody::Adopt {
                rules: Box::new(rule_set().expect("rules").clone()),
            },
        ),
        command(
            now,
            CommandBody::Apply {
                model: Box::new(model.clone()),
                digest: String::new(),
                effective_from: None,
            },
        ),
    ]
}

/// Opens a site's journal and state; its folders are there.
pub(crate) fn open(site: &Path, model: &SiteModel) -> Ground {
    if SiteIdentity::read(site).is_err() {
        SiteIdentity::create(site).expect("identity");
    }
    let (store, _) = Store::open(site).expect("store");
    let (_lock, _, journal, state) = store.into_parts();
    let checkpointer = Checkpointer::start(state.clone(), Box::new(|_| {})).expect("checkpointer");
    Ground::open(journal, state, checkpointer, model.zone).expect("ground")
}

/// Decides a command and keeps what it says.
pub(crate) fn commit(ground: &mut Ground, command: Command) {
    let decision = ground.decide(command).expect("decided");
    let records: Vec<RecordToAppend> = decision.record.into_iter().collect();
    let count = records.len() as u64;
    ground.commit(records, count).expect("committed");
}

/// Waits until everything that was committed is in the state.
pub(crate) fn checkpoint(ground: &mut Ground) {
    while !ground.checkpoint(true).expect("checkpoint") || ground.is_checkpointing() {
        std::thread::sleep(Duration::from_millis(5));
    }
}
