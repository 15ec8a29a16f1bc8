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
use crate::wire::records::{KindFilter, RecordFilter, RecordView, TailFrom};

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
    let version = version(&mut daemon, arguments.record.map(Sequence))?;
    let of = version.sequence;
    // Which version that is, is seen before anything is said of it.
    context.say(
        &Text::new("cli-approve-version")
            .with("of", of)
            .with_text("what", version.what.clone()),
    );
    for change in &version.changes {
        context.say(change);
    }
    let verdict = match &arguments.refuse {
        Some(reason) => CheckVerdict::Returned {
            reason: reason.clone(),
            cells: Vec::new(),
        },
        None => CheckVerdict::Agreed,
    };
    let seen = version.approval.as_ref().and_then(|approval| approval.seen());
    let request = RequestBody::Approve(SecondCheck { of, verdict, seen });
    let ReplyBody::Recorded(sequence) = daemon.write(request)? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// The record that put a version in force: one of a number, or the newest.
fn version(daemon: &mut Link, of: Option<Sequence>) -> Result<RecordView, Failure> {
    let nothing = || match of {
        Some(of) => Failure::refused(Text::new("approval-none").with("of", of)),
        None => Failure::refused(Text::new("cli-approve-nothing")),
    };
    let mut from = of.map_or(TailFrom::Newest, |of| TailFrom::Before(of.next()));
    loop {
        let request = RequestBody::Tail {
            count: 1,
            from,
            filter: RecordFilter {
                kinds: KindFilter::Only("apply".to_owned()),
                words: String::new(),
            },
            changes: true,
        };
        let ReplyBody::Records(page) = daemon.ask(request)? else {
            return Err(unexpected());
        };
        if let Some(record) = page.records.into_iter().last() {
            let is_it = of.is_none_or(|of| of == record.sequence);
            return if is_it { Ok(record) } else { Err(nothing()) };
        }
        // So many are looked at for one answer and no more.
        if page.reached.0 <= 1 || of.is_some_and(|of| page.reached <= of) {
            return Err(nothing());
        }
        from = TailFrom::Before(page.reached);
    }
}
