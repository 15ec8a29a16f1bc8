//! The site model in force (现场模型): what the plant is, with permanent identities.
//!
//! `site.toml` only proposes a model; [`SiteModel`] is what an `apply` record of the journal put in force. It is checked
//! before it is built ([`crate::domain`] trusts it): references resolve, trees have no loop, dimensions fit.

mod limits;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::actor::{Actor, Role};
use super::alarms::{AlarmPlan, ParameterAlarms};
use super::anomaly::AnomalyPlan;
use super::calendar::CalendarInterval;
use super::checks::{CheckPlan, Setting};
use super::document::DocumentForm;
use super::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, SourceId};
use super::missing::{MissingPlan, UntestedPlan};
use super::plan::{Plan, Reference};
use super::reading::{Origin, ParameterKind};
use super::relation::Relation;
use super::sheet::EntrySheet;
use super::time::PlantZone;
use super::unit::Unit;

pub use limits::Limits;

/// A name in the plant's two languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The levels of the tree that DB14/T 2970-2024, 6.1.3 a) asks figures for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 企业.
    Enterprise,
    /// 工序.
    Process,
    /// 设备设施.
    Equipment,
}

/// The whole plant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteModel {
    /// Short key of the site, as in its `site.toml`.
    pub key: String,
    /// Name of the enterprise's site.
    pub name: Name,
    /// Sector, for templates and reports.
    pub sector: String,
    /// Zone of the plant's calendar; never changes.
    pub zone: PlantZone,
    /// Minutes after midnight at which the plant's day begins (日界).
    pub day_start_minutes: u32,
    /// Whether everything in this site is made by the simulator.
    pub simulated: bool,
    /// Shift slots in the order of the day; empty when the plant keeps no shifts.
    pub shifts: Vec<ShiftSlot>,
    /// Crews and how they rotate through the slots.
    pub rotation: Option<CrewRotation>,
    /// The tree, parents before children; the first is the enterprise.
    pub nodes: Vec<Node>,
    /// Meters.
    pub meters: Vec<Meter>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Emission sources.
    pub sources: Vec<Source>,
    /// Products.
    pub products: Vec<Product>,
    /// Books.
    pub books: Vec<Book>,
    /// Emission plans; records of models without any do not name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<Plan>,
    /// Reference intensities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Relations between parameters that should hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Entry sheets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<EntrySheet>,
    /// Forms of documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub document_forms: Vec<DocumentForm>,
    /// Which Unix users and groups hold which roles.
    pub posts: Vec<Post>,
    /// People by staff number.
    pub persons: Vec<Person>,
    /// Years after the end of a month for which its readings stay in the journal (原始记录保存年限).
    #[serde(default = "statutory_retention_years")]
    pub retention_years: u32,
    /// How data anomalies are worked on; records of models that say nothing do not name it.
    #[serde(default, skip_serializing_if = "AnomalyPlan::is_usual")]
    pub anomalies: AnomalyPlan,
    /// What holds for all alarms; records of models that say nothing do not name it.
    #[serde(default, skip_serializing_if = "AlarmPlan::is_usual")]
    pub alarms: AlarmPlan,
    /// Milliseconds without a key after which a person is signed off at a shared post; 0 for never.
    #[serde(default = "usual_sign_on_idle")]
    pub sign_on_idle_ms: i64,
    /// The next ids to be given; ids of what was removed are never given again.
    pub next: NextIdentities,
}

impl SiteModel {
    /// A person by staff number.
    pub fn person(&self, staff_number: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.staff_number == staff_number)
    }

    /// The person who acted, where one is known and still in the model.
    pub fn person_of(&self, actor: &Actor) -> Option<&Person> {
        self.person(actor.person.as_deref()?)
    }

    /// The name of the person who acted, likewise.
    pub fn name_of(&self, actor: &Actor) -> Option<&Name> {
        self.person_of(actor).map(|person| &person.name)
    }

    /// A site of which nothing is known but its key and its time zone.
    pub fn empty(key: &str, zone: PlantZone) -> Self {
        Self {
            key: key.to_owned(),
            name: Name::default(),
            sector: String::new(),
            zone,
            day_start_minutes: 0,
            simulated: false,
            shifts: Vec::new(),
            rotation: None,
            nodes: Vec::new(),
            meters: Vec::new(),
            parameters: Vec::new(),
            sources: Vec::new(),
            products: Vec::new(),
            books: Vec::new(),
            plans: Vec::new(),
            references: Vec::new(),
            relations: Vec::new(),
            sheets: Vec::new(),
            document_forms: Vec::new(),
            posts: Vec::new(),
            persons: Vec::new(),
            retention_years: STATUTORY_RETENTION_YEARS,
            anomalies: AnomalyPlan::default(),
            alarms: AlarmPlan::default(),
            sign_on_idle_ms: USUAL_SIGN_ON_IDLE_MS,
            next: NextIdentities::default(),
        }
    }
}

/// Years for which the records behind an annual report must be kept: at least five (碳排放权交易管理暂行条例, 2024,
/// article 11). The two standards name no number and leave the setting to the plant (DB14/T 2970-2024, 7.5.2 c).
pub const STATUTORY_RETENTION_YEARS: u32 = 5;

const fn statutory_retention_years() -> u32 {
    STATUTORY_RETENTION_YEARS
}

/// Milliseconds without a key after which a person is signed off where the site does not say: half an hour.
pub const USUAL_SIGN_ON_IDLE_MS: i64 = 30 * 60_000;

const fn usual_sign_on_idle() -> i64 {
    USUAL_SIGN_ON_IDLE_MS
}

/// The next permanent id of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextIdentities {
    /// For nodes.
    pub node: u32,
    /// For meters.
    pub meter: u32,
    /// For parameters.
    pub parameter: u32,
    /// For sources.
    pub source: u32,
    /// For products.
    pub product: u32,
    /// For books.
    pub book: u32,
}

impl Default for NextIdentities {
    fn default() -> Self {
        Self {
            node: 1,
            meter: 1,
            parameter: 1,
            source: 1,
            product: 1,
            book: 1,
        }
    }
}

/// A shift slot (班次) of the plant's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftSlot {
    /// Key, such as `night`.
    pub key: String,
    /// Name, such as 夜班.
    pub name: Name,
    /// Minutes after local midnight at which it begins; it ends where the next begins.
    pub start_minutes: u32,
}

/// Which crew (值、班组) works which slot, day by day, in a cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewRotation {
    /// Names of the crews.
    pub crews: Vec<Name>,
    /// The plant day on which the cycle's first row holds.
    pub anchor: NaiveDate,
    /// One row a day of the cycle; one crew index for every slot, in the slots' order.
    pub cycle: Vec<Vec<usize>>,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Permanent id.
    pub id: NodeId,
    /// Key in `site.toml`.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Level.
    pub level: Level,
    /// Parent; none for the enterprise.
    pub parent: Option<NodeId>,
    /// What stands upstream of it in the process (上游设备) and takes it along when it fails; the parent where the plan does
    /// not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<NodeId>,
    /// When it runs; where the plan does not say, it always does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
}

/// When an equipment or a process runs (运行判据).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The parameter that tells it: a load, a current, a speed.
    pub parameter: ParameterId,
    /// It runs while that is above this, in the parameter's unit.
    pub above: Decimal,
    /// Milliseconds at or below it after which the equipment is stopped.
    pub after_ms: i64,
}

/// A meter (计量器具). What happened to it (replacements, resets) is a record, not part of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// Permanent id.
    pub id: MeterId,
    /// Key in `site.toml`.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Serial number.
    pub serial: String,
    /// Accuracy class as printed on it, such as `0.5S`.
    pub accuracy: String,
    /// Last calibration.
    pub calibrated_on: Option<NaiveDate>,
    /// Until when that calibration holds.
    pub calibrated_until: Option<NaiveDate>,
    /// Factor from the register to the parameter's unit (倍率), such as the transformer ratio.
    pub multiplier: Decimal,
    /// Register value at which a counter starts again from 0, in register units.
    pub rollover: Option<Decimal>,
    /// Whether a second person looks at its calibrations and at its changes (双人复核).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_person: bool,
}

/// How a flow is integrated between two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Integration {
    /// The earlier value holds until the later reading.
    #[default]
    Step,
    /// Straight line between the two.
    Trapezoid,
}

/// A parameter (参数).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Permanent id.
    pub id: ParameterId,
    /// Tag, such as `FT-2041`; may change.
    pub tag: String,
    /// Name.
    pub name: Name,
    /// Kind; never changes.
    pub kind: ParameterKind,
    /// Unit of its readings; never changes.
    pub unit: Unit,
    /// Digits after the point that are kept: the quantum is 10 to the minus this; never changes.
    pub decimals: u32,
    /// Where it belongs.
    pub node: NodeId,
    /// What measures it; none for typed values.
    pub meter: Option<MeterId>,
    /// Expected interval between readings, in milliseconds; 0 when none is expected, and of one of the calendar its longest.
    pub interval_ms: i64,
    /// Longest time between two readings over which a flow is integrated, in milliseconds.
    pub gap_limit_ms: i64,
    /// How a flow is integrated.
    pub integration: Integration,
    /// What is physically possible; a reading outside it stays out of the ledger.
    pub possible: Limits,
    /// Operating limits, for alarms.
    pub operating: Limits,
    /// Change below which an alarm does not return, in the parameter's unit.
    pub deadband: Decimal,
    /// Time for which a limit must be passed before an alarm is raised, in milliseconds.
    pub delay_ms: i64,
    /// Order in which origins win, best first; a correction always wins.
    pub origins: Vec<Origin>,
    /// Whether the operator's first screen shows it (关键参数).
    pub key: bool,
    /// Hours of readings kept in one block; given when the parameter is made, never changes.
    pub block_hours: u32,
    /// Of a counter the most that can pass in an hour (最大小时计量), in its unit after the meter's multiplier: whatever meter
    /// stands there, a rise beyond it is wrong and not posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Decimal>,
    /// How missing hours are filled; records of models that say nothing do not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingPlan>,
    /// What stands in for a tested value in months in which nothing was tested; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untested: Option<UntestedPlan>,
    /// What is said of its quality checks; records of models that say nothing do not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<CheckPlan>,
    /// What is said of its alarms; records of models that say nothing do not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarms: Option<ParameterAlarms>,
    /// The interval of the calendar in each of which a value is expected; records of models that name none do not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarInterval>,
}

impl Parameter {
    /// Rank of an origin: the larger wins. A correction wins over everything, an origin the plan does not name over none.
    pub fn rank(&self, origin: Origin) -> usize {
        if origin == Origin::Correction {
            return usize::MAX;
        }
        self.origins
            .iter()
            .rev()
            .position(|&listed| listed == origin)
            .map_or(0, |place| place + 1)
    }

    /// Milliseconds after the end of an hour for which its data may still come before it is filled: where the plan does
    /// not say, as long as a gap may be, and of amounts, which are delivered behind their time, two intervals.
    pub fn fill_wait_ms(&self) -> i64 {
        let usual = match self.kind {
            ParameterKind::Amount => self.interval_ms.saturating_mul(2),
            _ => self.gap_limit_ms,
        };
        self.missing.as_ref().and_then(|plan| plan.wait_ms).unwrap_or(usual)
    }

    /// The ways by which the plan says that its values come, best first; none where the plan does not say it.
    pub fn planned_origins(&self) -> &[Origin] {
        if self.origins == Origin::DEFAULT_ORDER {
            &[]
        } else {
            &self.origins
        }
    }

    /// Whether its values may come by a way as the plan says, at a site that is simulated or not: corrections may always, and
    /// where the plan turns the check off every way is one.
    pub fn may_come_by(&self, origin: Origin, is_simulated: bool) -> bool {
        let is_off = self.checks.as_ref().is_some_and(|plan| plan.origin == Setting::Off);
        match origin {
            Origin::Correction => true,
            Origin::Simulated if is_simulated => true,
            _ => is_off || self.origins.contains(&origin),
        }
    }

    /// Whether every hour ought to be covered: trucks and invoices come when they come, and tests are no quantities.
    pub const fn expects_coverage(&self) -> bool {
        match self.kind {
            ParameterKind::Flow | ParameterKind::Counter => true,
            ParameterKind::Amount => self.interval_ms > 0,
            ParameterKind::Property | ParameterKind::State => false,
        }
    }

    /// The block size for a kind and an expected interval: an hour for readings closer than a minute, a day for others,
    /// a year for what is tested or invoiced less than daily.
    pub const fn block_hours_for(kind: ParameterKind, interval_ms: i64) -> u32 {
        const DAY_MS: i64 = 86_400_000;
        match kind {
            ParameterKind::Property | ParameterKind::Amount if interval_ms == 0 || interval_ms >= DAY_MS => 24 * 366,
            _ if interval_ms > 0 && interval_ms < 60_000 => 1,
            _ => 24,
        }
    }
}

/// The window over which an input of a method is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The hour itself.
    Hour,
    /// The interval that was tested.
    Test,
    /// The calendar month: the mean of its tests, weighted by the source's quantity over each test interval.
    Month,
    /// The calendar year, weighted likewise.
    Year,
}

/// A value that stands in the model, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constant {
    /// The value.
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
    /// Where it comes from: contract, certificate, supplier's letter.
    pub origin: String,
}

/// What is used until a tested value arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provisional {
    /// A catalogue factor.
    Factor(String),
    /// A value in the model.
    Constant(Constant),
}

/// What an input of a source's method is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// A parameter of the site.
    Parameter {
        /// Which.
        parameter: ParameterId,
        /// Over which window it is taken.
        window: Window,
        /// What stands in while a property has no value.
        provisional: Option<Provisional>,
    },
    /// A factor of the adopted catalogue, by key; the book's factor sets and the month decide which row.
    Factor {
        /// Key, such as `grid.north-china` or `bituminous-coal.oxidation-factor`.
        key: String,
        /// Data year (数据年份), where the rule names one; otherwise the newest not after the accounting year.
        data_year: Option<i32>,
    },
    /// A value in the model.
    Constant(Constant),
}

/// An emission source (排放源): a method bound to inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Permanent id.
    pub id: SourceId,
    /// Key in `site.toml`.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Where it stands in the tree.
    pub node: NodeId,
    /// Method with version, such as `combustion.mass@1`.
    pub method: String,
    /// Inputs by the method's names.
    pub inputs: BTreeMap<String, Binding>,
}

/// A product (产品) and the parameter that counts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Permanent id.
    pub id: ProductId,
    /// Key in `site.toml`.
    pub key: String,
    /// Name.
    pub name: Name,
    /// The node whose intensity it is the denominator of.
    pub node: NodeId,
    /// What counts it.
    pub parameter: ParameterId,
    /// Unit of the denominator.
    pub unit: Unit,
}

/// A greenhouse gas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[repr(u8)]
pub enum Gas {
    /// Carbon dioxide.
    #[serde(rename = "CO2")]
    CarbonDioxide = 0,
    /// Methane.
    #[serde(rename = "CH4")]
    Methane = 1,
    /// Nitrous oxide.
    #[serde(rename = "N2O")]
    NitrousOxide = 2,
    /// Hydrofluorocarbons.
    #[serde(rename = "HFCs")]
    Hydrofluorocarbons = 3,
    /// Perfluorocarbons.
    #[serde(rename = "PFCs")]
    Perfluorocarbons = 4,
    /// Sulphur hexafluoride.
    #[serde(rename = "SF6")]
    SulphurHexafluoride = 5,
    /// Nitrogen trifluoride.
    #[serde(rename = "NF3")]
    NitrogenTrifluoride = 6,
}

impl Gas {
    /// All gases.
    pub const ALL: [Self; 7] = [
        Self::CarbonDioxide,
        Self::Methane,
        Self::NitrousOxide,
        Self::Hydrofluorocarbons,
        Self::Perfluorocarbons,
        Self::SulphurHexafluoride,
        Self::NitrogenTrifluoride,
    ];

    /// Its formula, or the common name of its group.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::CarbonDioxide => "CO2",
            Self::Methane => "CH4",
            Self::NitrousOxide => "N2O",
            Self::Hydrofluorocarbons => "HFCs",
            Self::Perfluorocarbons => "PFCs",
            Self::SulphurHexafluoride => "SF6",
            Self::NitrogenTrifluoride => "NF3",
        }
    }
}

/// A book (账簿): the rule set under which the data are accounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Permanent id.
    pub id: BookId,
    /// Key in `site.toml`.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Standard, such as `DB14/T 2970`.
    pub standard: String,
    /// Edition, such as `2024`.
    pub edition: String,
    /// The node that the boundary takes in, with all below it.
    pub boundary: NodeId,
    /// Gases that count.
    pub gases: Vec<Gas>,
    /// Name of the GWP set, such as `AR5`.
    pub gwp_set: String,
    /// Factor sets, the first that has a row wins.
    pub factor_sets: Vec<String>,
    /// Whether missing hours stay missing in this book instead of being filled by the parameters' plans.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub measured_only: bool,
}

impl SiteModel {
    /// A node by its permanent id.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// A sheet by its key.
    pub fn sheet(&self, key: &str) -> Option<&EntrySheet> {
        self.sheets.iter().find(|sheet| sheet.key == key)
    }

    /// A parameter by its permanent id.
    pub fn parameter(&self, id: ParameterId) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }

    /// A source by its permanent id.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// A node and those above it. A model in force is a tree, no deeper than it has nodes; of one with a loop the way ends.
    pub fn way_up(&self, from: NodeId) -> impl Iterator<Item = NodeId> {
        let parent = |id: &NodeId| self.node(*id)?.parent;
        std::iter::successors(Some(from), parent).take(self.nodes.len() + 1)
    }
}

/// A Unix user or group and the roles its terminals have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Unix user name, or
    pub user: Option<String>,
    /// Unix group name.
    pub group: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Whether several people share the login, so that a person must sign on to sign.
    pub shared: bool,
}

/// A person by staff number (工号).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Staff number.
    pub staff_number: String,
    /// Name.
    pub name: Name,
    /// Roles held in person.
    pub roles: Vec<Role>,
    /// Personal Unix login, where there is one.
    pub user: Option<String>,
}
