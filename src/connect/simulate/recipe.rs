//! How each parameter of a model behaves: what drives it, between which values, how often, and how late it is told.
//!
//! Any model can be driven: kind, unit, limits, interval and meter decide. The parameters of the demo plant have
//! recipes of their own ([`super::demo`]), so that its coal, steam, power and heat belong together.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::SimulateError;
use super::curve::{Aspect, Curve, FULL, Profile};
use super::demo;
use super::random::Stream;
use crate::domain::decimal::count;
use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::model::{Level, Limits, Parameter, SiteModel};
use crate::domain::reading::{LARGEST_COUNT, Origin, ParameterKind};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};
use crate::domain::unit::Unit;

/// The largest span of a signal in quanta, so that a span times a million parts fits into 64 bits.
const LARGEST_SPAN: i64 = 1_000_000_000_000;

/// Parts × milliseconds of an hour at full capacity.
const FULL_HOUR: i128 = FULL as i128 * HOUR_MS as i128;

/// A straight function of a curve: a share that is always there, and the rest following the curve or running against it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drive {
    /// Which of the plant's curves.
    pub(super) curve: usize,
    /// Parts of a million that are there even at rest.
    pub(super) base: i64,
    /// Whether it falls as the curve rises, as oxygen in flue gas does.
    pub(super) inverse: bool,
}

impl Drive {
    /// The driven level at an instant, 0 to [`FULL`].
    pub(super) fn level(self, curves: &mut [Curve], at: Instant) -> i64 {
        let level = curves.get_mut(self.curve).map_or(0, |curve| curve.level(at));
        let driven = self.base + (FULL - self.base) * level / FULL;
        if self.inverse { FULL - driven } else { driven }
    }

    /// The integral of the driven level from the year 2000, in parts × milliseconds; never falls.
    pub(super) fn integral(self, curves: &mut [Curve], at: Instant) -> i64 {
        let at = at.clamp(Instant::EARLIEST, Instant::LATEST);
        let integral = curves.get_mut(self.curve).map_or(0, |curve| curve.integral(at));
        let moving = FULL - self.base;
        self.base * at.since(Instant::EARLIEST) + integral / FULL * moving + integral % FULL * moving / FULL
    }
}

/// What a parameter's readings are made of. All values are counts of its quantum.
#[derive(Debug, Clone, Copy)]
pub(super) enum Behaviour {
    /// A flow or a state: a value at an instant.
    Signal {
        /// Value at level 0.
        low: i64,
        /// Distance from there to the value at full level.
        span: i64,
        /// Noise in parts of a million of the value (flows) or of the span (states).
        noise: i64,
        /// Whether noise and drift scale with the value, so that nothing flows at rest.
        flow: bool,
        /// What a spike shows: above what is possible, where the plan says what that is.
        spike: i64,
    },
    /// A totaliser.
    Register {
        /// Thousandths of register quanta that an hour at full level adds.
        an_hour: i64,
        /// Where it starts again from 0.
        modulus: Option<i64>,
        /// Where it stood in the year 2000.
        offset: i64,
    },
    /// A quantity for each interval.
    Interval {
        /// Thousandths of quanta that an hour at full level makes.
        an_hour: i64,
    },
    /// Deliveries with tickets, by truck, in working hours.
    Tickets {
        /// Lightest load.
        low: i64,
        /// Distance to the heaviest.
        span: i64,
        /// Most trucks in an hour.
        most: i64,
    },
    /// A laboratory's result for an interval.
    Sample {
        /// Usual value.
        centre: i64,
        /// How far a result lies from it at most.
        reach: i64,
    },
}

/// When a parameter is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schedule {
    /// At every multiple of an interval, told `latency_ms` later.
    Grid {
        /// Milliseconds between readings.
        interval_ms: i64,
        /// Milliseconds from the reading, or its interval's end, to its arrival.
        latency_ms: i64,
    },
    /// When a truck has been weighed.
    Tickets,
    /// Once a calendar month, some days after its end: a laboratory's report, an invoice.
    Monthly,
}

/// Everything that is needed to make a parameter's readings.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) parameter: ParameterId,
    pub(super) tag: String,
    pub(super) decimals: u32,
    pub(super) drive: Drive,
    pub(super) behaviour: Behaviour,
    pub(super) schedule: Schedule,
    /// Which gateway its readings come through; readings of one gateway are late together.
    pub(super) gateway: usize,
    /// The parameter's own draws.
    pub(super) draws: Stream,
    /// Factor from counts to the parameter's unit: the meter's for a register, one for all others.
    pub(super) multiplier: Decimal,
}

impl Recipe {
    /// Exact quantity in thousandths of a quantum made from the year 2000 to an instant; `None` for what has none.
    pub(super) fn quantity(&self, curves: &mut [Curve], at: Instant) -> Option<i128> {
        let an_hour = match self.behaviour {
            Behaviour::Register { an_hour, .. } | Behaviour::Interval { an_hour } => i128::from(an_hour),
            Behaviour::Signal { span, flow: true, .. } => i128::from(span) * 1000,
            Behaviour::Signal { .. } | Behaviour::Tickets { .. } | Behaviour::Sample { .. } => return None,
        };
        Some(i128::from(self.drive.integral(curves, at)) * an_hour / FULL_HOUR)
    }
}

/// The recipes of a whole model, with the curves that drive them.
#[derive(Debug, Clone)]
pub(super) struct Workings {
    pub(super) curves: Vec<Curve>,
    pub(super) recipes: Vec<Recipe>,
    /// Draws of each gateway.
    pub(super) gateways: Vec<Stream>,
}

/// Works out how every parameter of a model behaves under a seed.
pub(super) fn recipes(model: &SiteModel, seed: u64) -> Result<Workings, SimulateError> {
    let root = Stream::new(seed);
    let ahead_ms = standard_offset(model);
    let processes = processes(model);
    let keys: BTreeMap<NodeId, &str> = model.nodes.iter().map(|node| (node.id, node.key.as_str())).collect();
    let mut curves = Vec::new();
    let mut curve_places: BTreeMap<(NodeId, bool), usize> = BTreeMap::new();
    let mut gateways = Vec::new();
    let mut gateway_places: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut recipes = Vec::with_capacity(model.parameters.len());
    // What only people write down, people write down in a simulated plant too.
    let made = model
        .parameters
        .iter()
        .filter(|parameter| !matches!(parameter.origins.as_slice(), [Origin::Typed | Origin::Invoice]));
    for parameter in made {
        let special = demo::recipe(&parameter.tag);
        let process = processes.get(&parameter.node).copied().unwrap_or(parameter.node);
        let process_draws = root.part(1).part(u64::from(process.0));
        let aspect = special.map_or(Aspect::Load, |special| special.aspect);
        let curve = *curve_places
            .entry((process, aspect == Aspect::StartUpFuel))
            .or_insert_with(|| {
                let profile = keys
                    .get(&process)
                    .and_then(|key| demo::profile(key))
                    .unwrap_or_else(|| match process_draws.below(0, 3) {
                        0 => Profile::Unit,
                        1 => Profile::Shop,
                        _ => Profile::Steady,
                    });
                curves.push(Curve::new(process_draws, profile, aspect, ahead_ms));
                curves.len() - 1
            });
        let gateway = *gateway_places.entry(process).or_insert_with(|| {
            gateways.push(root.part(2).part(u64::from(process.0)));
            gateways.len() - 1
        });
        let draws = root.part(3).part(u64::from(parameter.id.0));
        let drive = match special {
            Some(special) => Drive {
                curve,
                base: special.base,
                inverse: special.inverse,
            },
            None => Drive {
                curve,
                base: if parameter.kind == ParameterKind::State {
                    300_000
                } else {
                    0
                },
                inverse: parameter.kind == ParameterKind::State && draws.below(-1, 4) == 0,
            },
        };
        let meter = parameter
            .meter
            .and_then(|meter| model.meters.iter().find(|candidate| candidate.id == meter))
            .filter(|_| parameter.kind == ParameterKind::Counter);
        let multiplier = meter.map_or(Decimal::ONE, |meter| meter.multiplier);
        let rollover = meter.and_then(|meter| meter.rollover);
        let range = special.map(|special| (special.low, special.high));
        recipes.push(Recipe {
            parameter: parameter.id,
            tag: parameter.tag.clone(),
            decimals: parameter.decimals,
            drive,
            behaviour: behaviour(parameter, draws, range, multiplier, rollover)?,
            schedule: schedule(parameter, draws),
            gateway,
            draws,
            multiplier,
        });
    }
    Ok(Workings {
        curves,
        recipes,
        gateways,
    })
}

/// Milliseconds by which the plant's clock is ahead of UTC in January: the simulator's days know no clock changes.
pub(super) fn standard_offset(model: &SiteModel) -> i64 {
    let local = model.zone.local(Instant::EARLIEST).and_utc().timestamp_millis();
    (local - Instant::EARLIEST.0).clamp(-DAY_MS, DAY_MS)
}

/// The process above each node; a node above all processes stands for itself.
fn processes(model: &SiteModel) -> BTreeMap<NodeId, NodeId> {
    let mut processes = BTreeMap::new();
    // Parents stand before children.
    for node in &model.nodes {
        let process = match (node.level, node.parent) {
            (Level::Equipment, Some(parent)) => processes.get(&parent).copied().unwrap_or(node.id),
            _ => node.id,
        };
        processes.insert(node.id, process);
    }
    processes
}

fn schedule(parameter: &Parameter, draws: Stream) -> Schedule {
    const LONGEST_INTERVAL: i64 = 27 * DAY_MS;
    let interval_ms = parameter.interval_ms;
    let grid = |interval_ms: i64, least: i64, spread: i64| Schedule::Grid {
        interval_ms,
        latency_ms: least + draws.below(-2, spread),
    };
    match parameter.kind {
        ParameterKind::Property if interval_ms <= 0 => Schedule::Monthly,
        ParameterKind::Property | ParameterKind::Amount if interval_ms >= LONGEST_INTERVAL => Schedule::Monthly,
        ParameterKind::Amount if interval_ms <= 0 => Schedule::Tickets,
        // A sample is tested, a sheet is typed, hours after its day.
        ParameterKind::Property => grid(interval_ms, 4 * HOUR_MS, 4 * HOUR_MS),
        _ if interval_ms >= DAY_MS => grid(interval_ms, 8 * HOUR_MS, 2 * HOUR_MS),
        ParameterKind::Amount if interval_ms >= 300_000 => grid(interval_ms, 5_000, 85_000),
        _ if interval_ms <= 0 => grid(10_000, 150, 850),
        _ => grid(interval_ms, 150, 850),
    }
}

fn behaviour(
    parameter: &Parameter,
    draws: Stream,
    range: Option<(i64, i64)>,
    multiplier: Decimal,
    rollover: Option<Decimal>,
) -> Result<Behaviour, SimulateError> {
    let counted = Counted { parameter };
    let possible = counted.limits(parameter.possible)?;
    let operating = counted.limits(parameter.operating)?;
    let range = match range {
        Some((low, high)) => Some((counted.thousandths(low)?, counted.thousandths(high)?)),
        None => None,
    };
    // Only the demo plant's own meters are simulated with every quirk of theirs; others stay inside what is given.
    let high = operating.1.or(possible.1.map(|high| high / 10 * 8));
    let interval_ms = if parameter.interval_ms > 0 {
        parameter.interval_ms
    } else {
        HOUR_MS
    };
    let full = |given: Option<i64>, table: &[(&str, i64)]| match given {
        Some(given) if given > 0 => Ok(given),
        _ => counted.usual(table),
    };
    Ok(match parameter.kind {
        ParameterKind::Flow => {
            let (low, high) = match range {
                Some(range) => range,
                None => (0, full(high, USUAL_FLOWS)? / 100 * 97),
            };
            signal(low, high, possible, true)
        }
        ParameterKind::State => {
            let (low, high) = match range {
                Some(range) => range,
                None => match (operating, possible) {
                    ((Some(low), Some(high)), _) | (_, (Some(low), Some(high))) => {
                        let margin = high.saturating_sub(low) / 5;
                        (low + margin, high - margin)
                    }
                    ((_, Some(high)), _) | (_, (_, Some(high))) => (high / 2, high / 10 * 9),
                    ((Some(low), _), _) | (_, (Some(low), _)) => (low, low.saturating_add(low.saturating_abs() / 2)),
                    _ => (counted.usual(USUAL_STATES)? / 2, counted.usual(USUAL_STATES)?),
                },
            };
            signal(low, high, possible, false)
        }
        ParameterKind::Counter => {
            let full = match range {
                Some((_, high)) => high,
                None => full(None, USUAL_QUANTITIES)? / 10 * (4 + draws.below(-3, 7)),
            };
            let modulus = match rollover {
                Some(rollover) => Some(counted.count(rollover)?).filter(|&modulus| modulus > 0),
                None => None,
            };
            // Counts of the parameter's unit an hour, in thousandths of counts of the register.
            let mut an_hour = divided(i128::from(full) * 1000, multiplier).ok_or_else(|| counted.error())?;
            if let Some(modulus) = modulus {
                // A register that could turn round between two readings could not be read.
                let most = i128::from(modulus) * 100 * i128::from(HOUR_MS) / i128::from(interval_ms);
                an_hour = i64::try_from(i128::from(an_hour).min(most)).map_err(|_| counted.error())?;
            }
            Behaviour::Register {
                an_hour: an_hour.clamp(0, LARGEST_SPAN),
                modulus,
                offset: modulus.map_or(0, |modulus| draws.below(-4, modulus)),
            }
        }
        ParameterKind::Amount if parameter.interval_ms <= 0 => {
            let (low, high) = match (range, possible.1) {
                (Some(range), _) => range,
                (None, Some(high)) => (high / 10 * 6, high / 10 * 9),
                (None, None) => {
                    let usual = counted.usual(USUAL_TRUCKS)?;
                    (usual / 10 * 7, usual)
                }
            };
            Behaviour::Tickets {
                low,
                span: high.saturating_sub(low).max(0),
                most: 3,
            }
        }
        ParameterKind::Amount => {
            let full = match (range, high) {
                (Some((_, high)), _) => high,
                // A limit of an amount is one of its interval, not of an hour.
                (None, Some(high)) => {
                    i64::try_from(i128::from(high) * i128::from(HOUR_MS) / i128::from(interval_ms) * 9 / 10)
                        .map_err(|_| counted.error())?
                }
                (None, None) => full(None, USUAL_QUANTITIES)?,
            };
            Behaviour::Interval {
                an_hour: full.clamp(0, LARGEST_SPAN).saturating_mul(1000),
            }
        }
        ParameterKind::Property => {
            let (low, high) = match (range, operating, possible) {
                (Some(range), ..) => range,
                (None, (Some(low), Some(high)), _) | (None, _, (Some(low), Some(high))) => {
                    let margin = high.saturating_sub(low) / 5 * 2;
                    (low + margin, high - margin)
                }
                _ => {
                    let usual = counted.usual(USUAL_PROPERTIES)?;
                    (usual - usual / 40, usual + usual / 40)
                }
            };
            Behaviour::Sample {
                centre: i64::midpoint(low, high),
                reach: high.saturating_sub(low).max(0) / 2,
            }
        }
    })
}

fn signal(low: i64, high: i64, possible: (Option<i64>, Option<i64>), flow: bool) -> Behaviour {
    let span = high.saturating_sub(low).clamp(0, LARGEST_SPAN);
    let beyond = possible.1.unwrap_or(low.saturating_add(span.saturating_mul(2)));
    Behaviour::Signal {
        low,
        span,
        noise: if flow { 9_000 } else { 12_000 },
        flow,
        spike: beyond
            .saturating_add(beyond.saturating_abs() / 5)
            .saturating_add(1)
            .min(LARGEST_COUNT),
    }
}

/// Turns what stands in a parameter's plan into counts of its quantum.
struct Counted<'a> {
    parameter: &'a Parameter,
}

impl Counted<'_> {
    fn error(&self) -> SimulateError {
        SimulateError::Scale {
            tag: self.parameter.tag.clone(),
        }
    }

    fn count(&self, value: Decimal) -> Result<i64, SimulateError> {
        count(value, self.parameter.decimals)
            .map(|counted| counted.count)
            .map_err(|_| self.error())
    }

    fn thousandths(&self, value: i64) -> Result<i64, SimulateError> {
        self.count(Decimal::new(value, 3))
    }

    fn limits(&self, limits: Limits) -> Result<(Option<i64>, Option<i64>), SimulateError> {
        let counted = |limit: Option<Decimal>| limit.map(|limit| self.count(limit)).transpose();
        Ok((counted(limits.low)?, counted(limits.high)?))
    }

    /// The usual value of the first unit in a table that measures the same as the parameter's; 100 of any other.
    fn usual(&self, table: &[(&str, i64)]) -> Result<i64, SimulateError> {
        let mut usual = Decimal::ONE_HUNDRED;
        for &(symbol, thousandths) in table {
            let Ok(ratio) = Unit::parse(symbol).and_then(|unit| unit.ratio_to(&self.parameter.unit)) else {
                continue;
            };
            usual = Decimal::new(thousandths, 3)
                .checked_mul(Decimal::try_from_i128_with_scale(ratio.numerator, 0).map_err(|_| self.error())?)
                .and_then(|scaled| {
                    let denominator = Decimal::try_from_i128_with_scale(ratio.denominator, 0).ok()?;
                    scaled.checked_div(denominator)
                })
                .ok_or_else(|| self.error())?;
            break;
        }
        self.count(usual).map(|count| count.clamp(1, LARGEST_SPAN))
    }
}

fn divided(value: i128, divisor: Decimal) -> Option<i64> {
    let value = Decimal::try_from_i128_with_scale(value, 0).ok()?;
    let quotient = value.checked_div(divisor)?.round();
    i64::try_from(quotient.mantissa() / 10_i128.checked_pow(quotient.scale())?).ok()
}

/// Rates of a middling piece of equipment, in thousandths of the unit.
const USUAL_FLOWS: &[(&str, i64)] = &[
    ("t/h", 60_000),
    ("MW", 12_000),
    ("Nm3/h", 6_000_000),
    ("m3/h", 250_000),
    ("tC/h", 20_000),
    ("tCO2/h", 80_000),
];

/// Quantities that such a piece makes or takes in an hour.
const USUAL_QUANTITIES: &[(&str, i64)] = &[
    ("t", 60_000),
    ("MWh", 12_000),
    ("Nm3", 6_000_000),
    ("m3", 250_000),
    ("pcs", 40_000),
    ("tC", 20_000),
    ("tCO2", 80_000),
];

/// A truck's load.
const USUAL_TRUCKS: &[(&str, i64)] = &[("t", 38_000), ("Nm3", 4_000_000), ("m3", 30_000)];

/// Upper end of what is usually watched.
const USUAL_STATES: &[(&str, i64)] = &[
    ("°C", 540_000),
    ("MPa", 9_800),
    ("%", 8_000),
    ("A", 400_000),
    ("V", 6_000_000),
    ("Hz", 50_000),
    ("t", 900_000),
    ("MWh", 12_000),
];

/// What laboratories find in coal and gas.
const USUAL_PROPERTIES: &[(&str, i64)] = &[
    ("GJ/t", 21_500),
    ("tC/GJ", 26),
    ("tC/t", 560),
    ("GJ/10^4Nm3", 389_310),
    ("tC/10^4Nm3", 5_956),
    ("%", 12_000),
    ("tCO2/t", 2_000),
    ("tCO2/MWh", 600),
];
