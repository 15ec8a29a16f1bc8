//! `carbonwatch approve`: a version of the plan that somebody else put in force is approved, or not (批准).

use std::path::PathBuf;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::value::whole;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::second_check::{CheckVerdict, SecondCheck};
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{KindFilter, RecordFilter, TailFrom};

/// Arguments of `carbonwatch approve`.
#[derive(Debug, Clone, clap::Args)]
pub struct ApproveArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Number of the record that put the version in force; the newest version where it is left out
    #[arg(value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: Option<u64>,
    /// It is not approved: what must be changed
    #[arg(long, value_name = "REASON")]
    pub refuse: Option<String>,
}

/// Approves, or says why not.
pub fn run(arguments: &ApproveArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let of = match arguments.record {
        Some(record) => Sequence(record),
        None => newest(&mut daemon)?,
    };
    let verdict = match &arguments.refuse {
        Some(reason) => CheckVerdict::Returned {
            reason: reason.clone(),
            cells: Vec::new(),
        },
        None => CheckVerdict::Agreed,
    };
    let request = RequestBody::Approve(SecondCheck { of, verdict });
    let ReplyBody::Recorded(sequence) = daemon.write(request)? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// The record that put the newest version in force.
fn newest(daemon: &mut Link) -> Result<Sequence, Failure> {
    let mut from = TailFrom::Newest;
    loop {
        let request = RequestBody::Tail {
            count: 1,
            from,
            filter: RecordFilter {
                kinds: KindFilter::Only("apply".to_owned()),
                words: String::new(),
            },
            changes: false,
        };
        let ReplyBody::Records(page) = daemon.ask(request)? else {
            return Err(unexpected());
        };
        if let Some(record) = page.records.last() {
            return Ok(record.sequence);
        }
        // So many are looked at for one answer and no more.
        if page.reached.0 <= 1 {
            return Err(Failure::refused(Text::new("cli-approve-nothing")));
        }
        from = TailFrom::Before(page.reached);
    }
}
