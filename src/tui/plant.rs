//! The plant as the daemon told it: snapshot and deltas put together, and what the Live pane says of each parameter.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use super::alarms::is_owed;
use super::model::{Row, Sort, TotalOf};
use super::pinyin;
use super::trend::Trends;
use super::widgets::cells;
use crate::domain::calibration::DueCalibration;
use crate::domain::decimal::from_count;
use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::model::{Name, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{Quality, Slot, Verdict};
use crate::domain::time::{Instant, Month};
use crate::engine::view::{AlarmView, AnomalyView, Figure, LiveParameter, LiveValue, NodeView, Target, Totals};
use crate::locale::figures;
use crate::quality::alarm::{AlarmId, Kind};
use crate::quality::anomaly::AnomalyId;
use crate::wire::live::{Delta, LiveState, Snapshot, surplus};

/// How long the plant's clock is carried on without word from the daemon. Then it stands, so that a link that is silent
/// looks like one.
const CARRIED_ON: Duration = Duration::from_secs(5);

/// What the screen says of a parameter's newest value, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Outside what is possible; out of the ledger.
    Impossible,
    /// Marked bad by its deliverer; out of the ledger.
    Bad,
    /// There never was a value.
    NoData,
    /// Older than it may be.
    Stale,
    /// Older than it may be, and the time since is filled by its plan (替代).
    Substituted,
    /// Above the upper operating limit.
    High,
    /// Below the lower operating limit.
    Low,
    /// Doubted by its deliverer.
    Doubtful,
    /// Nothing to say.
    Normal,
}

impl Condition {
    /// The mark before the row.
    pub const fn mark(self) -> char {
        match self {
            Self::Impossible => '!',
            Self::Bad | Self::NoData | Self::Stale | Self::Substituted | Self::Doubtful => '?',
            Self::High | Self::Low => '~',
            Self::Normal => ' ',
        }
    }
}

/// What wants attention: parameters by their marks, and what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attention {
    /// Outside what is possible: `!`.
    pub impossible: usize,
    /// Outside an operating limit: `~`.
    pub beyond: usize,
    /// Without a value that can be trusted: `?`.
    pub doubtful: usize,
    /// Calibrations that have run out or soon will.
    pub due: usize,
}

/// Widths in cells of the widest texts that stand in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Widest {
    /// Of the tags.
    pub tag: u16,
    /// Of the units.
    pub unit: u16,
    /// Of the values when they were first told, with room for a digit more.
    pub value: u16,
}

/// The plant.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Site's key.
    pub key: String,
    /// Site's name.
    pub name: Name,
    /// Whether everything in it is made by the simulator.
    pub simulated: bool,
    /// The model in force.
    pub model: Arc<SiteModel>,
    /// The tree.
    pub nodes: Arc<[NodeView]>,
    /// The parameters.
    pub parameters: Vec<LiveParameter>,
    /// Alarms of which there is something to say.
    pub alarms: BTreeMap<AlarmId, AlarmView>,
    /// Anomalies in the checkers' queue.
    pub anomalies: BTreeMap<AnomalyId, AnomalyView>,
    /// What changes all the time.
    pub state: LiveState,
    /// Widths of what stands in columns.
    pub widest: Widest,
    /// How the parameters that were on the screen went in the last hour.
    pub trends: Trends,
    /// When the daemon was last heard, on the terminal's own clock.
    pub heard: Duration,
    /// The time that was shown last: a clock does not go backwards for having been carried on.
    shown: Instant,
    /// Number of the last message.
    number: u64,
    /// Place of each parameter.
    places: Arc<HashMap<ParameterId, usize>>,
    /// Place of each node.
    node_places: Arc<HashMap<NodeId, usize>>,
    /// What the filter looks in, per parameter: tag, both names, unit, in lower case.
    searched: Arc<[String]>,
    /// Groups in the order of the tree: the node's place, its parameters' places.
    groups: Arc<[(usize, Vec<usize>)]>,
    /// Parameters of no known node.
    homeless: Arc<[usize]>,
}

impl Plant {
    /// From a snapshot that was heard at `heard`.
    pub fn new(snapshot: Snapshot, heard: Duration) -> Self {
        let places: HashMap<_, _> = places(snapshot.parameters.iter().map(|parameter| parameter.id));
        let node_places: HashMap<_, _> = self::places(snapshot.nodes.iter().map(|node| node.id));
        let searched = snapshot.parameters.iter().map(searched).collect();
        let widest = Widest {
            tag: widest(&snapshot.parameters, |parameter| &parameter.tag),
            unit: widest(&snapshot.parameters, |parameter| &parameter.unit),
            value: snapshot.parameters.iter().map(value_width).max().unwrap_or(0),
        };
        let mut of_node: HashMap<NodeId, Vec<usize>> = HashMap::new();
        let mut homeless = Vec::new();
        for (place, parameter) in snapshot.parameters.iter().enumerate() {
            if node_places.contains_key(&parameter.node) {
                of_node.entry(parameter.node).or_default().push(place);
            } else {
                homeless.push(place);
            }
        }
        let groups = in_tree_order(&snapshot.nodes)
            .into_iter()
            .filter_map(|place| {
                let node = snapshot.nodes.get(place)?;
                Some((place, of_node.remove(&node.id)?))
            })
            .collect();
        Self {
            key: snapshot.key,
            name: snapshot.name,
            simulated: snapshot.simulated,
            model: Arc::new(*snapshot.model),
            nodes: snapshot.nodes.into(),
            parameters: snapshot.parameters,
            alarms: snapshot.alarms.into_iter().map(|alarm| (alarm.alarm, alarm)).collect(),
            anomalies: snapshot
                .anomalies
                .into_iter()
                .map(|anomaly| (anomaly.anomaly, anomaly))
                .collect(),
            state: snapshot.state,
            widest,
            trends: Trends::default(),
            heard,
            shown: Instant::EARLIEST,
            number: snapshot.number,
            places: Arc::new(places),
            node_places: Arc::new(node_places),
            searched,
            groups,
            homeless: homeless.into(),
        }
    }

    /// Takes a delta in; `false` if one before it was missed, so that a new snapshot is needed.
    pub fn take(&mut self, delta: Delta, heard: Duration) -> bool {
        if delta.number != self.number.saturating_add(1) {
            return false;
        }
        self.number = delta.number;
        // What was carried on too far, as the clock of a simulated plant may be, waits to be caught up with; a clock that was
        // set back is followed.
        let shown = self.clock(heard);
        self.heard = heard;
        self.state = delta.state;
        let ahead = shown.since(self.state.now);
        self.shown = if (0..=milliseconds(CARRIED_ON)).contains(&ahead) {
            shown
        } else {
            self.state.now
        };
        for (id, value) in delta.values {
            let place = self.places.get(&id).copied();
            if let Some(parameter) = place.and_then(|place| self.parameters.get_mut(place)) {
                parameter.newest = Some(value);
                self.trends.heard(id, &value);
            }
        }
        for (id, alarm) in delta.alarms {
            match alarm {
                Some(alarm) => self.alarms.insert(id, alarm),
                None => self.alarms.remove(&id),
            };
        }
        for (id, anomaly) in delta.anomalies {
            match anomaly {
                Some(anomaly) => self.anomalies.insert(id, anomaly),
                None => self.anomalies.remove(&id),
            };
        }
        // What a new terminal would not be told, this one does not go on knowing.
        for id in surplus(self.anomalies.values()) {
            self.anomalies.remove(&id);
        }
        true
    }

    /// The number of the message that the next delta follows.
    #[cfg(test)]
    pub(super) fn number_for_tests(&self) -> u64 {
        self.number
    }

    /// The site's clock as it is shown: carried on for a moment without word from the daemon, then standing.
    pub fn clock(&self, elapsed: Duration) -> Instant {
        let carried = self.silent(elapsed).min(CARRIED_ON);
        self.state.now.plus(milliseconds(carried)).max(self.shown)
    }

    /// The site's now, for ages: it goes on whether or not the daemon is heard.
    pub fn now(&self, elapsed: Duration) -> Instant {
        self.state.now.plus(milliseconds(self.silent(elapsed))).max(self.shown)
    }

    /// How long the daemon has not been heard.
    pub fn silent(&self, elapsed: Duration) -> Duration {
        elapsed.saturating_sub(self.heard)
    }

    /// The parameter at a place.
    pub fn parameter(&self, place: usize) -> Option<&LiveParameter> {
        self.parameters.get(place)
    }

    /// A parameter by id.
    pub fn parameter_of(&self, id: ParameterId) -> Option<&LiveParameter> {
        self.places.get(&id).and_then(|&place| self.parameters.get(place))
    }

    /// The place of a parameter.
    pub fn place_of(&self, id: ParameterId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// Whether tag, names or unit of the parameter at a place contain a word in lower case.
    pub fn contains(&self, place: usize, word: &str) -> bool {
        let Some((parameter, searched)) = self.parameters.get(place).zip(self.searched.get(place)) else {
            return false;
        };
        // One letter begins half of all words.
        let initials = word.len() > 1 && pinyin::find(&parameter.name.zh, word).is_some();
        initials || searched.contains(word)
    }

    /// Names of a node and those above it up to, but without, the enterprise; the enterprise alone for itself.
    pub fn path(&self, place: usize) -> Vec<&Name> {
        let mut path = Vec::new();
        let mut next = self.nodes.get(place);
        while let Some(node) = next {
            // A tree that bites its own tail ends here instead of never.
            if path.len() >= 16 || (node.parent.is_none() && !path.is_empty()) {
                break;
            }
            path.push(&node.name);
            next = node
                .parent
                .and_then(|parent| self.node_places.get(&parent))
                .and_then(|&place| self.nodes.get(place));
        }
        path.reverse();
        path
    }

    /// The place of a node.
    pub fn node_place(&self, id: NodeId) -> Option<usize> {
        self.node_places.get(&id).copied()
    }

    /// The first parameter of a node or of what is below it.
    pub fn first_below(&self, id: NodeId) -> Option<ParameterId> {
        let node = self.node_place(id)?;
        let below = |place: usize| {
            let mut next = self.nodes.get(place);
            let mut steps = 0;
            while let Some(at) = next.filter(|_| steps < 16) {
                if at.id == id {
                    return true;
                }
                steps += 1;
                next = at.parent.and_then(|parent| self.nodes.get(self.node_place(parent)?));
            }
            false
        };
        let own = self.groups.iter().find(|(place, _)| *place == node);
        let group = own.or_else(|| self.groups.iter().find(|(place, _)| below(*place)))?;
        group.1.first().and_then(|&place| Some(self.parameters.get(place)?.id))
    }

    /// The rows of the Live pane: what fits the filter, in the order asked for, grouped where the order is the plant's.
    pub fn rows(&self, sort: Sort, filter: &str, key_only: bool, now: Instant) -> Vec<Row> {
        let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
        let listed = |&place: &usize| {
            let Some(parameter) = self.parameters.get(place) else {
                return false;
            };
            (!key_only || parameter.key) && words.iter().all(|word| self.contains(place, word))
        };
        let mut rows = Vec::new();
        if sort == Sort::Plant {
            for (node, members) in &*self.groups {
                let heading = rows.len();
                rows.push(Row::Group(*node));
                rows.extend(members.iter().copied().filter(listed).map(Row::Parameter));
                if rows.len() == heading + 1 {
                    rows.pop();
                }
            }
            rows.extend(self.homeless.iter().copied().filter(listed).map(Row::Parameter));
            return rows;
        }
        let mut places: Vec<usize> = (0..self.parameters.len()).filter(listed).collect();
        let tag = |place: usize| self.parameters.get(place).map(|parameter| parameter.tag.as_str());
        match sort {
            Sort::Plant => {}
            Sort::Tag => places.sort_by_key(|&place| (tag(place), place)),
            Sort::Condition => places.sort_by_cached_key(|&place| {
                let condition = self.parameters.get(place).map(|parameter| condition(parameter, now));
                (condition.unwrap_or(Condition::Normal), place)
            }),
            Sort::Age => places.sort_by_key(|&place| {
                let newest = self.parameters.get(place).and_then(|parameter| parameter.newest);
                (newest.map(|value| value.at), place)
            }),
        }
        places.into_iter().map(Row::Parameter).collect()
    }

    /// Whether a parameter has an alarm in the operator's list that nobody has answered for.
    pub fn owes_answer(&self, parameter: ParameterId) -> bool {
        let id = |kind| AlarmId { parameter, kind };
        let mut alarms = self.alarms.range(id(Kind::NoData)..=id(Kind::HighHigh));
        alarms.any(|(_, alarm)| is_owed(alarm.state.label()))
    }

    /// What wants attention, listed or not.
    pub fn attention(&self, now: Instant) -> Attention {
        let mut attention = Attention::default();
        for parameter in &self.parameters {
            let condition = condition(parameter, now);
            match condition {
                Condition::Impossible => attention.impossible += 1,
                Condition::High | Condition::Low => attention.beyond += 1,
                Condition::Bad
                | Condition::NoData
                | Condition::Stale
                | Condition::Substituted
                | Condition::Doubtful => {
                    attention.doubtful += 1;
                }
                Condition::Normal => {}
            }
        }
        attention.due = self.due_at(now).len();
        attention
    }

    /// The calibrations that are due; none as long as the plant has no time.
    pub fn due(&self, elapsed: Duration) -> Vec<DueCalibration<'_>> {
        self.due_at(self.now(elapsed))
    }

    fn due_at(&self, now: Instant) -> Vec<DueCalibration<'_>> {
        match self.state.time() {
            Some(_) => self.model.due_calibrations(self.model.zone.local(now).date()),
            None => Vec::new(),
        }
    }

    /// The totals of a book, counted round.
    pub fn totals(&self, book: usize) -> Option<&Totals> {
        let books = self.state.totals.len();
        self.state.totals.get(book.checked_rem(books)?)
    }

    /// What explains one of a book's totals at an instant; `None` where the plant keeps no such figure.
    pub fn total_target(&self, book: usize, total: TotalOf, now: Instant) -> Option<Target> {
        let totals = self.totals(book)?;
        let node = self.model.books.iter().find(|known| known.id == totals.book)?.boundary;
        let zone = &self.model.zone;
        let date = zone.local(now).date();
        let period = match total {
            TotalOf::Shift => {
                let shift = self.state.shift?;
                totals.shift?;
                Period::Hours(zone.hour_of(shift.start), zone.hour_of(shift.end))
            }
            TotalOf::Day => Period::Day(self.model.plant_day(now)),
            TotalOf::Month => Period::Month(Month::of(date)),
            TotalOf::Year => Period::Year(Month::of(date).year),
        };
        Some(Target::Node {
            book: totals.book,
            node,
            period,
        })
    }
}

/// One of a book's figures.
pub fn figure(totals: &Totals, total: TotalOf) -> Option<Figure> {
    match total {
        TotalOf::Shift => totals.shift,
        TotalOf::Day => Some(totals.day),
        TotalOf::Month => Some(totals.month),
        TotalOf::Year => Some(totals.year),
    }
}

/// The newest value of a parameter as a number.
pub fn value(parameter: &LiveParameter) -> Option<Decimal> {
    parameter
        .newest
        .map(|newest| from_count(newest.value, parameter.decimals))
}

/// Age of the newest value in milliseconds, never negative.
pub fn age(parameter: &LiveParameter, now: Instant) -> Option<i64> {
    parameter.newest.map(|newest| now.since(newest.at).max(0))
}

/// What explains a parameter's newest value.
pub fn reading_target(parameter: &LiveParameter) -> Option<Target> {
    let newest = parameter.newest?;
    Some(Target::Reading {
        parameter: parameter.id,
        slot: Slot {
            at: newest.at.plus(-i64::from(newest.span_s) * 1000),
            span_s: newest.span_s,
            own_id: newest.own_id,
        },
    })
}

/// Whether the silence after a parameter's newest value is filled by its plan up to now, as far as it can be.
fn is_filled(parameter: &LiveParameter, newest: LiveValue, now: Instant) -> bool {
    match (newest.filled_to, parameter.filled_for_ms) {
        (Some(filled_to), Some(most)) => filled_to > newest.at && now.since(filled_to) <= most,
        _ => false,
    }
}

/// What the screen says of a parameter's newest value.
pub fn condition(parameter: &LiveParameter, now: Instant) -> Condition {
    let Some(newest) = parameter.newest else {
        return Condition::NoData;
    };
    let value = from_count(newest.value, parameter.decimals);
    let above = |limit: Option<Decimal>| limit.is_some_and(|limit| value > limit);
    let below = |limit: Option<Decimal>| limit.is_some_and(|limit| value < limit);
    if newest.verdict == Verdict::OutOfRange || above(parameter.possible.high) || below(parameter.possible.low) {
        Condition::Impossible
    } else if newest.verdict == Verdict::MarkedBad || newest.quality == Quality::Bad {
        Condition::Bad
    } else if parameter.stale_after_ms > 0 && now.since(newest.at) >= parameter.stale_after_ms {
        if is_filled(parameter, newest, now) {
            Condition::Substituted
        } else {
            Condition::Stale
        }
    } else if above(parameter.operating.high) {
        Condition::High
    } else if below(parameter.operating.low) {
        Condition::Low
    } else if newest.quality == Quality::Uncertain {
        Condition::Doubtful
    } else {
        Condition::Normal
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn places<Id: std::hash::Hash + Eq>(ids: impl Iterator<Item = Id>) -> HashMap<Id, usize> {
    ids.enumerate().map(|(place, id)| (id, place)).collect()
}

fn widest(parameters: &[LiveParameter], text: impl Fn(&LiveParameter) -> &str) -> u16 {
    let width = parameters.iter().map(|parameter| cells::width(text(parameter))).max();
    u16::try_from(width.unwrap_or(0)).unwrap_or(u16::MAX)
}

/// Width of a parameter's newest value, with room for one digit more.
fn value_width(parameter: &LiveParameter) -> u16 {
    let newest = parameter
        .newest
        .map(|newest| figures::counted(newest.value, parameter.decimals));
    u16::try_from(newest.map_or(0, |newest| newest.len() + 1)).unwrap_or(u16::MAX)
}

fn searched(parameter: &LiveParameter) -> String {
    let Name { zh, en } = &parameter.name;
    format!("{} {zh} {en} {}", parameter.tag, parameter.unit).to_lowercase()
}

/// Places of the nodes, each before what is below it and that before the next beside it.
fn in_tree_order(nodes: &[NodeView]) -> Vec<usize> {
    let mut below: HashMap<Option<NodeId>, Vec<usize>> = HashMap::new();
    for (place, node) in nodes.iter().enumerate() {
        below.entry(node.parent).or_default().push(place);
    }
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let mut open: Vec<usize> = below.get(&None).into_iter().flatten().rev().copied().collect();
    while let Some(place) = open.pop() {
        if !seen.insert(place) {
            continue;
        }
        order.push(place);
        if let Some(node) = nodes.get(place) {
            open.extend(below.get(&Some(node.id)).into_iter().flatten().rev());
        }
    }
    // Nodes that no root reaches are shown all the same.
    order.extend((0..nodes.len()).filter(|place| !seen.contains(place)));
    order
}
