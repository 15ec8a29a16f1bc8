//! Putting this program's rules in force, and what that would restate.

use crate::accounting::rules::RuleSet;
use crate::catalogue;
use crate::domain::text::{Explained, Text};
use crate::engine::command::CommandBody;
use crate::engine::view::PlanView;
use crate::wire::message::ReplyBody;

use super::super::snapshot::Snapshot;
use super::super::writer::Writer;
use super::Question;

/// The rules that this program brings, and their digest in hex.
pub fn planned_rules() -> Result<(&'static RuleSet, String), Text> {
    let rules = catalogue::rule_set().map_err(|error| error.text())?;
    Ok((rules, blake3::Hash::from_bytes(rules.digest()).to_hex().to_string()))
}

pub(super) fn command(digest: &str) -> Result<CommandBody, Text> {
    let (rules, of_program) = planned_rules()?;
    if of_program != digest {
        return Err(Text::new("daemon-plan-outdated"));
    }
    Ok(CommandBody::Adopt {
        rules: Box::new(rules.clone()),
    })
}

pub(super) fn question(writer: &Writer) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || answer(&snapshot))
}

fn answer(snapshot: &Snapshot) -> Result<ReplyBody, Text> {
    let (rules, digest) = planned_rules()?;
    let same = snapshot
        .engine()
        .rules()
        .is_some_and(|in_force| in_force.digest() == rules.digest());
    let change = if same {
        Text::new("daemon-rules-same")
    } else {
        Text::new("daemon-rules-new").with("digest", &digest)
    };
    let restated = snapshot.ask(|engine, history| engine.plan_rules(history, rules))?;
    Ok(ReplyBody::Plan(Box::new(PlanView {
        digest,
        changes: vec![change],
        warnings: Vec::new(),
        dating: None,
        restated,
    })))
}
