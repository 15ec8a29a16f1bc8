//! A simulated plant and the stream of what it delivers, in order of arrival.

use rust_decimal::Decimal;

use super::curve::{Curve, FULL};
use super::faults::{CATCH_UP, DayFaults, Imperfection, Imperfections, Stretch, outages};
use super::random::{Stream, scaled};
use super::recipe::{Behaviour, Recipe, Schedule, recipes, standard_offset};
use super::{Delivery, SimulateError};
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::{Incoming, LARGEST_COUNT, Origin, Quality, Slot};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant, Month, PlantZone};

/// Deliveries that are made, sorted and handed out together: few enough to stay in a processor's cache.
const BATCH: i64 = 16_384;

/// Longest stretch that is simulated at once.
const LONGEST_STEP_MS: i64 = 6 * HOUR_MS;

/// Longest time by which a single delivery is overtaken or repeated; what a stream that starts anew must look back on.
const LOOK_BACK_MS: i64 = 300_000;

/// Latency above which readings do not come through a gateway.
const LONGEST_LINK_MS: i64 = 120_000;

/// How many months before the present one a laboratory may still report on.
const LABORATORY_MONTHS: usize = 3;

/// A simulated plant (模拟工厂).
#[derive(Debug, Clone)]
pub struct Plant {
    zone: PlantZone,
    ahead_ms: i64,
    imperfections: Imperfections,
    curves: Vec<Curve>,
    recipes: Vec<Recipe>,
    gateways: Vec<Stream>,
    /// By parameter, in the order of the recipes.
    faults: Vec<DayFaults>,
    /// By gateway: outages that matter in the present step.
    outages: Vec<Vec<Stretch>>,
    calendar: Calendar,
    /// Milliseconds that hold about [`BATCH`] deliveries.
    step_ms: i64,
    /// What was made but arrives later.
    pending: Vec<Delivery>,
    batch: Vec<Delivery>,
    /// Up to when everything was made; `None` when a stream was not read to its end.
    made_until: Option<Instant>,
}

/// The months on which laboratories and suppliers report at present.
#[derive(Debug, Clone, Default)]
struct Calendar {
    /// The month of the present step comes first, earlier ones follow: month, start, end.
    months: Vec<(Month, Instant, Instant)>,
}

impl Plant {
    /// A plant with all imperfections.
    pub fn new(model: &SiteModel, seed: u64) -> Result<Self, SimulateError> {
        Self::with_imperfections(model, seed, Imperfections::ALL)
    }

    /// A plant with chosen imperfections.
    pub fn with_imperfections(
        model: &SiteModel,
        seed: u64,
        imperfections: Imperfections,
    ) -> Result<Self, SimulateError> {
        if model.parameters.is_empty() {
            return Err(SimulateError::NothingToSimulate);
        }
        let made = recipes(model, seed)?;
        let an_hour: i64 = made
            .recipes
            .iter()
            .map(|recipe| match recipe.schedule {
                Schedule::Grid { interval_ms, .. } => HOUR_MS / interval_ms + 1,
                Schedule::Tickets | Schedule::Monthly => 1,
            })
            .sum();
        Ok(Self {
            zone: model.zone,
            ahead_ms: standard_offset(model),
            imperfections,
            faults: vec![DayFaults::UNKNOWN; made.recipes.len()],
            outages: vec![Vec::new(); made.gateways.len()],
            curves: made.curves,
            recipes: made.recipes,
            gateways: made.gateways,
            calendar: Calendar::default(),
            step_ms: (BATCH * HOUR_MS / an_hour.max(1)).clamp(1, LONGEST_STEP_MS),
            pending: Vec::new(),
            batch: Vec::new(),
            made_until: None,
        })
    }

    /// Everything that arrives from `from` up to, not including, `to`, in order of arrival.
    ///
    /// Successive calls whose ranges meet continue where the last one ended, at no cost; any other `from` costs about
    /// five simulated minutes.
    pub fn deliveries(&mut self, from: Instant, to: Instant) -> Deliveries<'_> {
        let from = from.clamp(Instant::EARLIEST.plus(DAY_MS), Instant::LATEST);
        let to = to.clamp(from, Instant::LATEST);
        self.batch.clear();
        if self.made_until != Some(from) {
            self.pending.clear();
            let mut at = from.plus(-LOOK_BACK_MS);
            while at < from {
                let until = at.plus(self.step_ms).min(from);
                self.make(at, until);
                at = until;
            }
            self.batch.clear();
        }
        self.made_until = None;
        Deliveries {
            plant: self,
            next: 0,
            made: from,
            to,
        }
    }

    /// What a perfect meter would have counted between two instants, in the parameter's unit (of a flow: in its unit
    /// times hours). `None` for parameters that count nothing or whose quantity is not continuous (states, properties,
    /// deliveries by ticket).
    pub fn truth(&mut self, parameter: ParameterId, from: Instant, to: Instant) -> Option<Decimal> {
        let recipe = self.recipes.iter().find(|recipe| recipe.parameter == parameter)?;
        let at = |at: Instant| match recipe.behaviour {
            Behaviour::Signal { .. } => at,
            _ => wandering(recipe, self.imperfections, at),
        };
        let start = recipe.quantity(&mut self.curves, at(from))?;
        let end = recipe.quantity(&mut self.curves, at(to))?;
        Decimal::try_from_i128_with_scale(end - start, recipe.decimals + 3)
            .ok()?
            .checked_mul(recipe.multiplier)
    }

    /// How many parameters the plant has.
    pub fn parameters(&self) -> usize {
        self.recipes.len()
    }

    /// Makes the batch of everything that arrives from `from` up to, not including, `to`.
    fn make(&mut self, from: Instant, to: Instant) {
        self.batch.clear();
        let batch = &mut self.batch;
        self.pending.retain(|delivery| {
            let due = delivery.arrives < to;
            if due {
                batch.push(*delivery);
            }
            !due
        });
        for (list, draws) in self.outages.iter_mut().zip(&self.gateways) {
            list.clear();
            if self.imperfections.has(Imperfection::Late) {
                list.extend(outages(*draws, from.plus(-2 * LOOK_BACK_MS), to));
            }
        }
        self.calendar.turn_to(self.zone, from);
        let mut maker = Maker {
            from,
            to,
            ahead_ms: self.ahead_ms,
            imperfections: self.imperfections,
            curves: &mut self.curves,
            batch: &mut self.batch,
            pending: &mut self.pending,
        };
        for (recipe, faults) in self.recipes.iter().zip(&mut self.faults) {
            match recipe.schedule {
                Schedule::Grid {
                    interval_ms,
                    latency_ms,
                } => {
                    let none: &[Stretch] = &[];
                    // What people bring hours later needs no gateway.
                    let outages = if latency_ms > LONGEST_LINK_MS {
                        none
                    } else {
                        self.outages.get(recipe.gateway).map_or(none, Vec::as_slice)
                    };
                    maker.grid(recipe, faults, outages, interval_ms, latency_ms);
                }
                Schedule::Tickets => maker.tickets(recipe),
                Schedule::Monthly => maker.monthly(recipe, &self.calendar.months),
            }
        }
        self.batch.sort_unstable_by_key(|delivery| {
            let incoming = &delivery.incoming;
            (
                delivery.arrives,
                incoming.parameter,
                incoming.slot,
                incoming.value,
                incoming.quality,
            )
        });
    }
}

impl Calendar {
    /// Makes this the calendar of the month in which an instant lies.
    fn turn_to(&mut self, zone: PlantZone, at: Instant) {
        let inside = |&(_, start, end): &(Month, Instant, Instant)| start <= at && at < end;
        if self.months.first().is_some_and(inside) {
            return;
        }
        let month = zone.month_of(zone.hour_of(at));
        self.months = std::iter::successors(Some(month), |month| Some(month.previous()))
            .take(LABORATORY_MONTHS + 1)
            .map(|month| {
                let start = zone.day_start(month.first_day(), 0);
                (month, start, zone.day_start(month.next().first_day(), 0))
            })
            .collect();
    }
}

/// A stream of deliveries in order of arrival.
#[derive(Debug)]
pub struct Deliveries<'a> {
    plant: &'a mut Plant,
    /// Next place in the plant's batch.
    next: usize,
    made: Instant,
    to: Instant,
}

impl Iterator for Deliveries<'_> {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.plant.batch.get(self.next) {
                self.next += 1;
                return Some(*delivery);
            }
            if self.made >= self.to {
                self.plant.made_until = Some(self.to);
                return None;
            }
            let until = self.made.plus(self.plant.step_ms).min(self.to);
            self.plant.make(self.made, until);
            self.made = until;
            self.next = 0;
        }
    }
}

/// Makes the deliveries of one step.
struct Maker<'a> {
    from: Instant,
    to: Instant,
    ahead_ms: i64,
    imperfections: Imperfections,
    curves: &'a mut [Curve],
    batch: &'a mut Vec<Delivery>,
    pending: &'a mut Vec<Delivery>,
}

impl Maker<'_> {
    fn deliver(&mut self, arrives: Instant, incoming: Incoming) {
        let delivery = Delivery {
            arrives,
            origin: Origin::Simulated,
            incoming,
        };
        if arrives < self.to {
            self.batch.push(delivery);
        } else {
            self.pending.push(delivery);
        }
    }

    /// The number of the first grid point at or after an instant. Grids stand on the plant's own midnight.
    fn first_point(&self, at: Instant, interval_ms: i64) -> i64 {
        let local = at.0 + self.ahead_ms;
        -(-local).div_euclid(interval_ms)
    }

    fn grid(
        &mut self,
        recipe: &Recipe,
        faults: &mut DayFaults,
        outages: &[Stretch],
        interval_ms: i64,
        latency_ms: i64,
    ) {
        // What comes at its time.
        let mut number = self.first_point(self.from.plus(-latency_ms), interval_ms);
        let last = self.first_point(self.to.plus(-latency_ms), interval_ms);
        while number < last {
            let read = Instant(number * interval_ms - self.ahead_ms);
            if !outages.iter().any(|outage| outage.holds(read)) {
                self.reading(recipe, faults, interval_ms, number, read, read.plus(latency_ms), true);
            }
            number += 1;
        }
        // What a gateway kept while its link was down.
        for outage in outages {
            let begun = outage.to.plus(latency_ms);
            let reached = outage.from.plus(self.from.since(begun).max(0).saturating_mul(CATCH_UP));
            let mut number = self.first_point(reached, interval_ms);
            loop {
                let read = Instant(number * interval_ms - self.ahead_ms);
                let arrives = begun.plus(read.since(outage.from) / CATCH_UP);
                if read >= outage.to || arrives >= self.to {
                    break;
                }
                if arrives >= self.from {
                    self.reading(recipe, faults, interval_ms, number, read, arrives, false);
                }
                number += 1;
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the innermost loop; a struct of its own would say no more"
    )]
    #[inline]
    fn reading(
        &mut self,
        recipe: &Recipe,
        faults: &mut DayFaults,
        interval_ms: i64,
        number: i64,
        read: Instant,
        arrives: Instant,
        fresh: bool,
    ) {
        faults.turn_to(read, recipe.draws, self.imperfections);
        if faults.gap.holds(read) {
            return;
        }
        // One draw serves all rare events; each looks at bits of its own.
        let bits = recipe.draws.draw(number);
        let slice = |shift: u32, width: u32| (bits >> shift) & ((1 << width) - 1);
        let imperfections = self.imperfections;
        let has = |imperfection| imperfections.has(imperfection);
        let mut quality = Quality::Good;
        let (slot, mut value) = match recipe.behaviour {
            Behaviour::Signal { .. } => {
                let (at, number) = if faults.stuck.holds(read) {
                    let number = self.first_point(faults.stuck.from, interval_ms);
                    (Instant(number * interval_ms - self.ahead_ms), number)
                } else {
                    (read, number)
                };
                let mut value = self.signal(recipe, faults, at, number);
                if let Behaviour::Signal { spike, .. } = recipe.behaviour
                    && slice(20, 15) == 0
                    && has(Imperfection::Spikes)
                {
                    value = spike;
                }
                (Slot::instant(read), value)
            }
            Behaviour::Register { modulus, offset, .. } => {
                let at = wandering(recipe, self.imperfections, read);
                let counted = recipe.quantity(self.curves, at).unwrap_or(0) / 1000 + i128::from(offset);
                let shown = match modulus {
                    Some(modulus) => counted.rem_euclid(i128::from(modulus)),
                    None => counted,
                };
                (Slot::instant(read), i64::try_from(shown).unwrap_or(LARGEST_COUNT))
            }
            Behaviour::Interval { .. } => {
                let start = read.plus(-interval_ms);
                (interval_slot(start, read), self.made(recipe, start, read))
            }
            Behaviour::Sample { centre, reach } => {
                let start = read.plus(-interval_ms);
                (
                    interval_slot(start, read),
                    centre + recipe.draws.part(5).around(number, reach),
                )
            }
            Behaviour::Tickets { .. } => return,
        };
        if has(Imperfection::QualityMarks) && matches!(recipe.behaviour, Behaviour::Signal { .. }) {
            match slice(35, 14) {
                0 => {
                    quality = Quality::Bad;
                    value = 0;
                }
                1..=4 => quality = Quality::Uncertain,
                _ => {}
            }
        }
        let incoming = Incoming {
            parameter: recipe.parameter,
            slot,
            value,
            quality,
        };
        let overtaken = fresh && slice(0, 10) == 0 && has(Imperfection::OutOfOrder);
        let arrives = if overtaken {
            arrives
                .plus((interval_ms * 3 / 2 + scaled(bits.rotate_left(17), interval_ms * 3)).min(LOOK_BACK_MS - 130_000))
        } else {
            arrives
        };
        self.deliver(arrives, incoming);
        if slice(10, 10) == 0 && has(Imperfection::Duplicates) {
            self.deliver(arrives.plus(200 + scaled(bits.rotate_left(33), 120_000)), incoming);
        }
    }

    /// What an amount's parameter made between two instants, in quanta; successive intervals add up.
    fn made(&mut self, recipe: &Recipe, start: Instant, end: Instant) -> i64 {
        let mut up_to = |at| {
            let at = wandering(recipe, self.imperfections, at);
            recipe.quantity(self.curves, at).unwrap_or(0) / 1000
        };
        let made = up_to(end) - up_to(start);
        i64::try_from(made).unwrap_or(LARGEST_COUNT)
    }

    /// A flow's or a state's value at an instant.
    #[inline]
    fn signal(&mut self, recipe: &Recipe, faults: &DayFaults, at: Instant, number: i64) -> i64 {
        let Behaviour::Signal {
            low, span, noise, flow, ..
        } = recipe.behaviour
        else {
            return 0;
        };
        let exact = span * recipe.drive.level(self.curves, at) / FULL;
        let mut parts = faults.drift(at);
        if self.imperfections.has(Imperfection::Noise) {
            // Two dice make the middle likelier than the ends.
            let bits = recipe.draws.draw(number);
            let [.., first, second] = bits.to_le_bytes();
            parts += noise * (i64::from(first) + i64::from(second) - 255) / 255;
        }
        let of = if flow { exact } else { span };
        let value = low + exact + scaled_parts(of, parts);
        if flow { value.max(0).min(low + span) } else { value }
    }

    fn tickets(&mut self, recipe: &Recipe) {
        const LONGEST_PAPERWORK: i64 = 25 * 60_000;
        const FIRST_HOUR: i64 = 6;
        const LAST_HOUR: i64 = 21;
        let Behaviour::Tickets { low, span, most } = recipe.behaviour else {
            return;
        };
        let draws = recipe.draws.part(6);
        let earliest = self.from.plus(self.ahead_ms - LONGEST_PAPERWORK).0.div_euclid(HOUR_MS);
        let latest = self.to.plus(self.ahead_ms).0.div_euclid(HOUR_MS);
        for hour in earliest..=latest {
            if !(FIRST_HOUR..=LAST_HOUR).contains(&hour.rem_euclid(24)) {
                continue;
            }
            for truck in 0..draws.below(hour * 8, most + 1) {
                let place = hour * 8 + 1 + truck;
                let seconds = draws.part(1).below(place, 3600);
                let weighed = Instant(hour * HOUR_MS + seconds * 1000 - self.ahead_ms);
                let arrives = weighed.plus(60_000 + draws.part(2).below(place, LONGEST_PAPERWORK - 60_000));
                if arrives < self.from || arrives >= self.to {
                    continue;
                }
                let incoming = Incoming {
                    parameter: recipe.parameter,
                    slot: Slot {
                        // The weighing takes its minute.
                        at: weighed,
                        span_s: 60,
                        own_id: own_id(&format!("{}-{place}", recipe.tag)),
                    },
                    value: low + draws.part(3).below(place, span + 1),
                    quality: Quality::Good,
                };
                self.deliver(arrives, incoming);
                if self.imperfections.has(Imperfection::Duplicates) && draws.part(4).below(place, 40) == 0 {
                    // The ticket is printed and read in once more.
                    self.deliver(arrives, incoming);
                }
            }
        }
    }

    fn monthly(&mut self, recipe: &Recipe, months: &[(Month, Instant, Instant)]) {
        let draws = recipe.draws.part(7);
        // The step may run into the next month, but no one reports on a month before its end.
        for &(month, start, end) in months {
            let place = i64::from(month.year) * 12 + i64::from(month.month);
            // Office hours of the fourth to sixth day after the month.
            let reported = end.plus(DAY_MS * (3 + draws.part(1).below(place, 3)) + 8 * HOUR_MS);
            let reported = reported.plus(draws.part(2).below(place, 9 * HOUR_MS));
            let again = reported.plus(DAY_MS);
            let revised = reported.plus(DAY_MS * (2 + draws.part(6).below(place, 6)));
            let one_in_six = |part| draws.part(part).below(place, 6) == 0;
            let repeats = self.imperfections.has(Imperfection::Duplicates) && one_in_six(3);
            let revises = self.imperfections.has(Imperfection::Revisions) && one_in_six(4);
            for (arrives, happens, revision) in [
                (reported, true, false),
                (again, repeats, false),
                (revised, revises, true),
            ] {
                if !happens || arrives < self.from || arrives >= self.to {
                    continue;
                }
                let value = match recipe.behaviour {
                    Behaviour::Sample { centre, reach } if revision => centre + draws.part(5).around(place, reach),
                    Behaviour::Sample { centre, reach } => centre + draws.around(place, reach),
                    Behaviour::Interval { .. } if !revision => self.made(recipe, start, end),
                    _ => continue,
                };
                let incoming = Incoming {
                    parameter: recipe.parameter,
                    slot: Slot {
                        own_id: own_id(&format!("{}-{month}", recipe.tag)),
                        ..interval_slot(start, end)
                    },
                    value,
                    quality: Quality::Good,
                };
                self.deliver(arrives, incoming);
            }
        }
    }
}

/// The instant whose curve a register or an interval follows: its own consumers are now a minute ahead of the process,
/// now behind. Never runs backwards, so no register does.
fn wandering(recipe: &Recipe, imperfections: Imperfections, at: Instant) -> Instant {
    const REACH_MS: i64 = 90_000;
    if !imperfections.has(Imperfection::Noise) {
        return at;
    }
    let draws = recipe.draws.part(8);
    let hour = at.0.div_euclid(HOUR_MS);
    let (from, to) = (draws.around(hour, REACH_MS), draws.around(hour + 1, REACH_MS));
    at.plus(from + ((to - from) * at.0.rem_euclid(HOUR_MS)).div_euclid(HOUR_MS))
}

/// A million-part of a value, without overflow for any span.
fn scaled_parts(value: i64, parts: i64) -> i64 {
    let product = i128::from(value) * i128::from(parts) / i128::from(FULL);
    i64::try_from(product).unwrap_or(0)
}

fn interval_slot(start: Instant, end: Instant) -> Slot {
    Slot {
        at: start,
        span_s: u32::try_from(end.since(start) / 1000).unwrap_or(u32::MAX),
        own_id: 0,
    }
}

/// Digest of a ticket's or a sample's number; never 0, which stands for none.
fn own_id(number: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(blake3::hash(number.as_bytes()).as_bytes()) {
        *to = *from;
    }
    u64::from_le_bytes(first).max(1)
}

#[cfg(test)]
#[path = "plant_tests.rs"]
mod tests;
