//! Putting this program's rules in force, and what that would restate.

use crate::accounting::rules::RuleSet;
use crate::catalogue;
use crate::domain::text::{Explained, Text};
use crate::engine::command::CommandBody;
use crate::engine::view::PlanView;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::text_of;

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

pub(super) fn plan(writer: &mut Writer) -> Result<ReplyBody, Text> {
    let (rules, digest) = planned_rules()?;
    let (engine, history) = writer.ground.engine();
    let same = engine
        .rules()
        .is_some_and(|in_force| in_force.digest() == rules.digest());
    let change = if same {
        Text::new("daemon-rules-same")
    } else {
        Text::new("daemon-rules-new").with("digest", &digest)
    };
    let restated = engine.plan_rules(history, rules).map_err(text_of)?;
    Ok(ReplyBody::Plan(Box::new(PlanView {
        digest,
        changes: vec![change],
        warnings: Vec::new(),
        dating: None,
        restated,
    })))
}
