//! `carbonwatch correct`, `withdraw` and `meter-change`: what people put right (更正、撤销、换表).

use std::path::PathBuf;

use super::attachment::{opened, send};
use super::context::{Context, Ending, unexpected};
use super::enter::doubted;
use super::explain::find_parameter;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::meant::Meant;
use super::restated;
use super::value::whole;
use super::when::read_instant;
use crate::domain::decimal::{NumberError, count, parse_decimal};
use crate::domain::identity::Sequence;
use crate::domain::model::Parameter;
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::text::{Text, clean};
use crate::engine::command::{MeterChange, Provenance, Seen};
use crate::engine::overlaps::ToBring;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch correct`.
#[derive(Debug, Clone, clap::Args)]
pub struct CorrectArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Tag of the parameter
    pub tag: String,
    /// Time of the reading in plant time; of an interval its start
    #[arg(value_name = "YYYY-MM-DDTHH:MM")]
    pub at: String,
    /// The right value, in the parameter's unit
    #[arg(allow_hyphen_values = true)]
    pub value: String,
    /// Which reading is meant, where several stand at that time
    #[command(flatten)]
    pub meant: Meant,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// A file that stands behind the correction: a photo of the meter, the report itself; may be given several times
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// Do not ask where a new value would count beside what stands
    #[arg(long)]
    pub yes: bool,
}

/// Arguments of `carbonwatch withdraw`.
#[derive(Debug, Clone, clap::Args)]
pub struct WithdrawArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Number of the journal record that brought the readings
    #[arg(value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: u64,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// Arguments of `carbonwatch meter-change`.
#[derive(Debug, Clone, clap::Args)]
pub struct MeterChangeArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Tag of the counter
    pub tag: String,
    /// When, in plant time
    #[arg(value_name = "YYYY-MM-DDTHH:MM")]
    pub at: String,
    /// Last value of the old meter, as its register shows it; missing where it was not read
    #[arg(long = "final", value_name = "VALUE")]
    pub last: Option<String>,
    /// First value of the new meter, likewise
    #[arg(long, value_name = "VALUE")]
    pub initial: Option<String>,
    /// Serial number of the new meter
    #[arg(long)]
    pub serial: String,
    /// Multiplier of the new meter; as before where it is left out
    #[arg(long)]
    pub multiplier: Option<String>,
    /// Register value at which the new meter starts again from 0; as before where it is left out
    #[arg(long)]
    pub rollover: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// Puts a reading above what was delivered.
pub fn correct(arguments: &CorrectArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let parameter = find_parameter(&model, &arguments.tag)?;
    let at = read_instant(&arguments.at, &model.zone)?;
    let value = counted(&arguments.value, parameter)?;
    let ReplyBody::NamedReadings(there) = daemon.ask(RequestBody::NamedReadings {
        parameter: parameter.id,
        at,
    })?
    else {
        return Err(unexpected());
    };
    let slot = arguments.meant.slot((parameter, at), &there)?;
    // What is corrected takes the place of what stands; a new value may count beside it.
    if arguments.meant.new {
        let origin = Origin::Correction;
        let slots = vec![(parameter.id, slot, value)];
        let doubts = doubted(ToBring::Readings { origin, slots }, &mut daemon)?;
        for one in &doubts.told {
            context.say(&one.why);
        }
        if !doubts.told.is_empty() {
            let question = Text::new("cli-enter-confirm");
            context.agree(arguments.yes, &question, "cli-plan-declined", "cli-correct-needs-yes")?;
        }
    }
    let standing = there.iter().find(|reading| reading.slot == slot);
    let seen = vec![standing.map(|reading| reading.record)];
    let (uploads, attachments) = opened(&arguments.attach)?;
    send(uploads, &mut daemon)?;
    let request = RequestBody::Correct {
        provenance: Provenance {
            name: "correct".to_owned(),
            reason: Some(arguments.reason.clone()),
            attachments,
            seen: Some(Box::new(Seen {
                standing: seen,
                ..Seen::default()
            })),
            ..Provenance::default()
        },
        readings: vec![Incoming {
            parameter: parameter.id,
            slot,
            value,
            quality: Quality::Good,
        }],
    };
    let ReplyBody::Intake(outcome) = daemon.write(request)? else {
        return Err(unexpected());
    };
    if let Some((_, why)) = outcome.refused.into_iter().next() {
        return Err(Failure::refused(why));
    }
    if let Some(sequence) = outcome.sequence {
        recorded(sequence, &arguments.site, context);
    } else {
        context.say(&Text::new("cli-nothing-new"));
        if !arguments.attach.is_empty() {
            context.say(&Text::new("entry-not-attached"));
        }
    }
    for left in &outcome.left_sealed {
        context.say(left);
    }
    restated::show(&outcome.restated, model.simulated, OutputFormat::Table, context)?;
    Ok(Outcome::Done)
}

/// Withdraws what a record brought.
pub fn withdraw(arguments: &WithdrawArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    // What the daemon refuses it says with times, which are told in the plant's.
    let model = context.model(&mut daemon)?;
    let request = RequestBody::Withdraw {
        sequence: Sequence(arguments.record),
        reason: arguments.reason.clone(),
    };
    restated::tell(daemon.write(request)?, &arguments.site, model.simulated, context)
}

/// Records that a counter's meter was replaced or reset.
pub fn meter_change(arguments: &MeterChangeArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let parameter = find_parameter(&model, &arguments.tag)?;
    let value = |given: &Option<String>| given.as_deref().map(|given| counted(given, parameter)).transpose();
    for given in [&arguments.multiplier, &arguments.rollover].into_iter().flatten() {
        parse_decimal(given).map_err(|error| Failure::number(&error))?;
    }
    let request = RequestBody::ChangeMeter(MeterChange {
        parameter: parameter.id,
        at: read_instant(&arguments.at, &model.zone)?,
        final_value: value(&arguments.last)?,
        initial_value: value(&arguments.initial)?,
        serial: arguments.serial.clone(),
        // Without digits: the multiplier in force.
        multiplier: arguments.multiplier.clone().unwrap_or_default(),
        rollover: arguments.rollover.clone(),
        reason: arguments.reason.clone(),
    });
    restated::tell(daemon.write(request)?, &arguments.site, model.simulated, context)
}

/// Says under which record a thing stands.
pub(super) fn recorded(sequence: Sequence, site: &std::path::Path, context: &Context) {
    context.say(
        &Text::new("cli-recorded")
            .with("site", site.display())
            .with("sequence", sequence),
    );
}

/// A value as a count of the parameter's quantum. What a person types must fit: nothing is rounded away unseen.
fn counted(given: &str, parameter: &Parameter) -> Result<i64, Failure> {
    let wrong = |error: NumberError| Failure::number(&error);
    let counted = count(parse_decimal(given).map_err(wrong)?, parameter.decimals).map_err(wrong)?;
    if counted.rounded {
        return Err(Failure::usage(
            Text::new("cli-too-many-digits")
                .with("given", clean(given))
                .with_count("decimals", parameter.decimals),
        ));
    }
    Ok(counted.count)
}
