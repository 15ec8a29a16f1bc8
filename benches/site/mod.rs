//! A site in memory, to be measured.

use carbonwatch::catalogue::rule_set;
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, Origin};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::{Command, CommandBody, Decision, Provenance};
use carbonwatch::engine::history::MemoryHistory;

/// 2025-01-01 00:00 in Shanghai.
pub(crate) const START: i64 = 1_735_660_800_000;

/// Decides a command of the daemon.
pub(crate) fn decide(engine: &mut Engine, history: &MemoryHistory, now: i64, body: CommandBody) -> Decision {
    let command = Command {
        now: Instant(now),
        actor: Actor::daemon(),
        key: None,
        body,
    };
    engine.decide(history, command).expect("decided")
}

/// Readings as a connector brings them.
pub(crate) fn intake(readings: Vec<Incoming>) -> CommandBody {
    CommandBody::Intake {
        origin: Origin::Connector,
        provenance: Provenance::default(),
        readings,
    }
}

/// A site with this program's rules and a model in force.
pub(crate) fn founded(model: &SiteModel, now: i64) -> (Engine, MemoryHistory) {
    let history = MemoryHistory::default();
    let mut engine = Engine::empty(model.zone);
    let rules = Box::new(rule_set().expect("rules").clone());
    decide(&mut engine, &history, now, CommandBody::Adopt { rules });
    let apply = CommandBody::Apply {
        model: Box::new(model.clone()),
        digest: String::new(),
        effective_from: None,
    };
    decide(&mut engine, &history, now, apply);
    (engine, history)
}
