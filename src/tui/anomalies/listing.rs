//! Which anomalies are listed, and in which order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::alike::{Group, alike};
use crate::domain::model::Name;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::AnomalyView;
use crate::locale::Localizer;
use crate::quality::anomaly::{AnomalyId, Holder, Stage};
use crate::quality::flag::Check;
use crate::tui::plant::Plant;

/// Whether it is still to be said what an anomaly is.
pub const fn awaits_decision(anomaly: &AnomalyView) -> bool {
    anomaly.work.stage.awaits_decision() && anomaly.work.found
}

/// Whether an anomaly only has to be closed: it is decided, or the checks find it no longer.
pub const fn awaits_closing(anomaly: &AnomalyView) -> bool {
    anomaly.work.stage.is_open() && !awaits_decision(anomaly)
}

/// A saved view of the queue (视图).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Saved {
    /// All that stand in it.
    #[default]
    Open,
    /// Those of which nobody has said what they are.
    Undecided,
    /// Those that whoever sits here has.
    Mine,
    /// Those that only have to be closed.
    ToClose,
    /// Those that go on.
    Going,
}

impl Saved {
    /// The view after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Open => Self::Undecided,
            Self::Undecided => Self::Mine,
            Self::Mine => Self::ToClose,
            Self::ToClose => Self::Going,
            Self::Going => Self::Open,
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::Open => Text::new("tui-anomaly-view-open"),
            Self::Undecided => Text::new("tui-anomaly-view-undecided"),
            Self::Mine => Text::new("tui-anomaly-view-mine"),
            Self::ToClose => Text::new("tui-anomaly-view-to-close"),
            Self::Going => Text::new("tui-anomaly-view-going"),
        }
    }

    /// Whether an anomaly is of it, for somebody.
    pub fn has(self, anomaly: &AnomalyView, me: Option<&str>) -> bool {
        match self {
            Self::Open => true,
            Self::Undecided => awaits_decision(anomaly),
            Self::Mine => {
                let holder = anomaly.work.holder.as_ref();
                holder.is_some_and(|holder| Some(holder.name.as_str()) == me)
            }
            Self::ToClose => awaits_closing(anomaly),
            Self::Going => anomaly.signs.going,
        }
    }
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The next deadline first, then the most at stake.
    #[default]
    Due,
    /// The most at stake first.
    Stake,
    /// The newest first.
    Began,
    /// By tag.
    Tag,
    /// By name.
    Name,
    /// By check, the gravest of each first.
    Check,
    /// By how far the work has come, then by who has it.
    Stage,
    /// By who has it.
    Who,
    /// The most frequent first.
    Before,
    /// By number: as they were found.
    Number,
}

impl Order {
    /// The order after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Due => Self::Stake,
            Self::Stake => Self::Began,
            Self::Began => Self::Tag,
            Self::Tag => Self::Name,
            Self::Name => Self::Check,
            Self::Check => Self::Stage,
            Self::Stage => Self::Who,
            Self::Who => Self::Before,
            Self::Before => Self::Number,
            Self::Number => Self::Due,
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::Due => Text::new("tui-anomaly-order-due"),
            Self::Stake => Text::new("tui-anomaly-order-stake"),
            Self::Began => Text::new("tui-anomaly-order-began"),
            Self::Tag => Text::new("tui-anomaly-order-tag"),
            Self::Name => Text::new("tui-anomaly-order-name"),
            Self::Check => Text::new("tui-anomaly-order-check"),
            Self::Stage => Text::new("tui-anomaly-order-stage"),
            Self::Who => Text::new("tui-anomaly-order-who"),
            Self::Before => Text::new("tui-anomaly-order-before"),
            Self::Number => Text::new("tui-anomaly-order-number"),
        }
    }
}

/// Which anomalies are listed.
pub struct Wanted<'a> {
    /// The view.
    pub saved: Saved,
    /// Whoever sits here, by the name under which they do things.
    pub me: Option<&'a str>,
    /// What an anomaly must contain, in lower case.
    pub words: &'a [String],
    /// Names of the checks, in lower case.
    pub checks: &'a BTreeMap<Check, String>,
    /// Names of the stages, in lower case.
    pub stages: &'a BTreeMap<Stage, String>,
    /// The language that is shown: by it names stand in order.
    pub localizer: &'a Localizer,
}

/// How the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorted {
    /// By what.
    pub by: Order,
    /// Whether what would come last comes first.
    pub reversed: bool,
}

/// Who an anomaly is with: who decided on it, else who has it.
pub const fn with_whom(anomaly: &AnomalyView) -> Option<&Holder> {
    match &anomaly.work.settled {
        Some(settled) => Some(&settled.by),
        None => anomaly.work.holder.as_ref(),
    }
}

impl Wanted<'_> {
    fn has(&self, plant: &Plant, anomaly: &AnomalyView) -> bool {
        self.saved.has(anomaly, self.me) && self.words.iter().all(|word| self.contains(plant, anomaly, word))
    }

    fn contains(&self, plant: &Plant, anomaly: &AnomalyView, word: &str) -> bool {
        let work = &anomaly.work;
        let in_name = |name: &str| name.to_lowercase().contains(word);
        let in_either = |name: &Name| in_name(&name.zh) || in_name(&name.en);
        let in_holder = || {
            work.holder.as_ref().is_some_and(|holder| {
                let person = plant.model.person(&holder.name);
                in_name(&holder.name) || person.is_some_and(|person| in_either(&person.name))
            })
        };
        let in_cause = || {
            let number = work.settled.as_ref().and_then(|settled| settled.cause);
            let cause = number.and_then(|number| plant.model.anomalies.cause(number));
            cause.is_some_and(|cause| in_either(&cause.name))
        };
        self.checks
            .get(&anomaly.signs.check())
            .is_some_and(|check| check.contains(word))
            || self.stages.get(&work.stage).is_some_and(|stage| stage.contains(word))
            || word
                .strip_prefix('#')
                .is_some_and(|number| number == anomaly.anomaly.to_string())
            || plant
                .place_of(anomaly.parameter)
                .is_some_and(|place| plant.contains(place, word))
            || in_holder()
            || in_cause()
    }
}

/// What of an anomaly comes first where nothing else decides: its deadline, what is at stake, its number.
const fn urgency(anomaly: &AnomalyView) -> (Instant, Reverse<i64>, AnomalyId) {
    (anomaly.due, Reverse(anomaly.signs.stake_mg), anomaly.anomaly)
}

/// Anomalies whose groups somebody folded or unfolded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByHand {
    folded: BTreeSet<AnomalyId>,
    unfolded: BTreeSet<AnomalyId>,
}

impl ByHand {
    /// Folds a group, or unfolds it.
    pub fn turn(&mut self, members: &[AnomalyId], is_folded: bool) {
        let (into, from) = if is_folded {
            (&mut self.folded, &mut self.unfolded)
        } else {
            (&mut self.unfolded, &mut self.folded)
        };
        for member in members {
            from.remove(member);
            into.insert(*member);
        }
    }

    /// Whether a group is folded that would be by itself, or would not: what was said of one of its members holds for all.
    fn holds(&self, members: &[AnomalyId], folds_itself: bool) -> bool {
        if members.iter().any(|member| self.unfolded.contains(member)) {
            false
        } else {
            folds_itself || members.iter().any(|member| self.folded.contains(member))
        }
    }

    /// Forgets those that are gone.
    pub fn keep(&mut self, is_there: impl Fn(&AnomalyId) -> bool) {
        self.folded.retain(&is_there);
        self.unfolded.retain(&is_there);
    }
}

/// What is listed.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The rows: an anomaly each, of a folded group its first.
    pub rows: Vec<AnomalyId>,
    /// The members of groups that are folded, by their first, which is among them.
    pub folded: BTreeMap<AnomalyId, Vec<AnomalyId>>,
    /// The first of the group to which an anomaly belongs, of those that belong to one.
    pub first_of: BTreeMap<AnomalyId, AnomalyId>,
    /// The members of groups that are not folded, likewise.
    pub unfolded: BTreeMap<AnomalyId, Vec<AnomalyId>>,
}

impl Listing {
    /// The listed anomalies, those in folded groups too, by row.
    pub fn all(&self) -> impl Iterator<Item = AnomalyId> {
        self.rows.iter().flat_map(|row| {
            let members = self.folded.get(row).map_or(&[][..], Vec::as_slice);
            let alone = members.is_empty().then_some(*row);
            alone.into_iter().chain(members.iter().copied())
        })
    }

    /// The row that shows an anomaly: its own, or that of the group in which it is folded.
    pub fn place_of(&self, anomaly: AnomalyId) -> Option<usize> {
        let first = self
            .first_of
            .get(&anomaly)
            .filter(|first| self.folded.contains_key(first));
        let shown = first.unwrap_or(&anomaly);
        self.rows.iter().position(|row| row == shown)
    }

    /// The anomalies that are wanted, groups folded where they fold themselves, or as somebody wants them.
    /// Costs sorting as many as there are.
    pub fn of(plant: &Plant, wanted: &Wanted<'_>, sorted: Sorted, by_hand: &ByHand) -> Self {
        let listed = list(plant, wanted, sorted);
        let views = listed.iter().filter_map(|id| plant.anomalies.get(id));
        let mut listing = Self::default();
        for Group { members, folds_itself } in alike(views) {
            let Some(&first) = members.first() else { continue };
            listing.first_of.extend(members.iter().map(|member| (*member, first)));
            if by_hand.holds(&members, folds_itself) {
                listing.folded.insert(first, members);
            } else {
                listing.unfolded.insert(first, members);
            }
        }
        let place: BTreeMap<AnomalyId, usize> = listed.iter().copied().zip(0..).collect();
        let mut shown: BTreeSet<AnomalyId> = BTreeSet::new();
        for id in listed {
            // A group stands where the most urgent of its members would: folded as its first, else all of them together, the
            // first of them first.
            let Some(first) = listing.first_of.get(&id).copied() else {
                listing.rows.push(id);
                continue;
            };
            if !shown.insert(first) {
                continue;
            }
            listing.rows.push(first);
            let members = listing.unfolded.get(&first).map_or(&[][..], Vec::as_slice);
            let mut others: Vec<AnomalyId> = members.iter().copied().filter(|member| *member != first).collect();
            others.sort_by_key(|member| place.get(member).copied());
            listing.rows.extend(others);
        }
        listing
    }
}

/// The anomalies that are listed.
fn list(plant: &Plant, wanted: &Wanted<'_>, sorted: Sorted) -> Vec<AnomalyId> {
    let mut listed: Vec<&AnomalyView> = plant
        .anomalies
        .values()
        .filter(|anomaly| wanted.has(plant, anomaly))
        .collect();
    match sorted.by {
        Order::Due => listed.sort_by_key(|anomaly| urgency(anomaly)),
        Order::Stake => listed.sort_by_key(|anomaly| (Reverse(anomaly.signs.stake_mg), urgency(anomaly))),
        Order::Began => listed.sort_by_key(|anomaly| (Reverse(anomaly.signs.from), urgency(anomaly))),
        Order::Tag => listed.sort_by_key(|anomaly| {
            let parameter = plant.parameter_of(anomaly.parameter);
            // What the model does not know any more has no tag and comes last.
            let tag = parameter.map(|parameter| parameter.tag.as_str());
            (tag.is_none(), tag, urgency(anomaly))
        }),
        Order::Name => listed.sort_by_key(|anomaly| {
            let parameter = plant.parameter_of(anomaly.parameter);
            let name = parameter.map(|parameter| (wanted.localizer.name(&parameter.name), parameter.tag.as_str()));
            (name.is_none(), name, urgency(anomaly))
        }),
        Order::Check => {
            listed.sort_by_key(|anomaly| (anomaly.signs.check(), Reverse(anomaly.signs.flag), urgency(anomaly)));
        }
        Order::Who => listed.sort_by_key(|anomaly| {
            // As the column shows it.
            let name = with_whom(anomaly).map(|whom| {
                let person = plant.model.person(&whom.name);
                person.map_or(whom.name.as_str(), |person| wanted.localizer.name(&person.name))
            });
            (name.is_none(), name, urgency(anomaly))
        }),
        Order::Stage => listed.sort_by_key(|anomaly| {
            let holder = anomaly.work.holder.as_ref().map(|holder| holder.name.as_str());
            (anomaly.work.stage, holder, urgency(anomaly))
        }),
        Order::Before => listed.sort_by_key(|anomaly| (Reverse(anomaly.before), urgency(anomaly))),
        Order::Number => listed.sort_by_key(|anomaly| anomaly.anomaly),
    }
    if sorted.reversed {
        listed.reverse();
    }
    listed.into_iter().map(|anomaly| anomaly.anomaly).collect()
}
