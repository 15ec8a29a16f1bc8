//! Answers about daemon and site: clock, status, verification, exports.

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::model::Name;
use crate::domain::text::Text;
use crate::domain::time::{Instant, Month};
use crate::engine::attendance::Since;
use crate::engine::closing::MonthsToSeal;
use crate::engine::sealed::{SealInForce, YearCut};

use super::live::LiveState;

/// The site's clock (现场时钟), as `clock` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// The site's time, once there is one.
    pub now: Option<Instant>,
    /// Whether the site is simulated and its time comes with its data.
    pub simulated: bool,
    /// By how many milliseconds the system's clock is ahead (behind when negative), while a jump of it is held back.
    pub held_ms: Option<i64>,
}

/// A person signed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOnView {
    /// Who is at the post now.
    pub actor: Actor,
    /// The record of it.
    pub sequence: Sequence,
    /// What happened since the person sat at a post last; `None` where they never did.
    pub since: Option<Since>,
    /// How many tries with their staff number were wrong since the last that was right, as far as the daemon remembers.
    pub wrong: u32,
}

/// What `status` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// Program version of the daemon.
    pub program: String,
    /// Process id of the daemon.
    pub pid: u32,
    /// Site's key.
    pub key: String,
    /// Site's name.
    pub name: Name,
    /// Whether everything in it is simulated.
    pub simulated: bool,
    /// What changes all the time.
    pub state: LiveState,
    /// Sequence up to which the state store holds everything.
    pub checkpoint: Sequence,
    /// Clients connected.
    pub clients: u32,
    /// Counts of parameters, and of those stale.
    pub parameters: u32,
    /// Parameters whose newest value is older than their limit, or that never had one.
    pub stale: u32,
    /// Resident memory of the daemon in bytes.
    pub resident_bytes: u64,
    /// What recovery found when the daemon started.
    pub recovery: Vec<Text>,
    /// The seal in force.
    pub sealed: Option<SealInForce>,
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyView {
    /// Whether everything was as it must be.
    pub sound: bool,
    /// Records read in the chain.
    pub records: u64,
    /// Rows read.
    pub rows: u64,
    /// Cells recomputed.
    pub cells: u64,
    /// The last month that is sealed: it and those before were not computed again.
    pub sealed_through: Option<Month>,
    /// Records whose payloads were dropped under a seal.
    pub dropped: u64,
    /// Digest of the chain's head, in hex.
    pub head: String,
    /// What is wrong, each with its place.
    pub findings: Vec<Text>,
}

/// An export that was verified for a seal, and what is to be known before it is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealExportView {
    /// The last month that is to be sealed.
    pub through: Month,
    /// The record up to which it is right.
    pub applied: Sequence,
    /// BLAKE3 digest of the file, in hex.
    pub export: String,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Where it is.
    pub path: String,
    /// Where its copy is.
    pub copy: String,
    /// What is to be known of the months that are sealed.
    #[serde(default)]
    pub months: MonthsToSeal,
    /// What the seal cuts of the year in which it ends.
    #[serde(default)]
    pub cut: Vec<YearCut>,
}
