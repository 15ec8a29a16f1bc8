//! The rules of a plan (检查设置 → 检查规则): what a [`CheckPlan`] says, over what is known and the defaults of the kind.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use thiserror::Error;

use super::arrival::ArrivalSettings;
use super::checks::attenuated::AttenuatedSettings;
use super::checks::band::BandSettings;
use super::checks::counter::CounterSettings;
use super::checks::flat::FlatSettings;
use super::checks::gap::GapSettings;
use super::checks::noise::NoiseSettings;
use super::checks::outlier::OutlierSettings;
use super::checks::published::PublishedSettings;
use super::checks::range::RangeSettings;
use super::checks::rate::RateSettings;
use super::checks::repeated::RepeatedSettings;
use super::checks::shift::ShiftSettings;
use super::checks::spike::{SpikeLimit, SpikeMethod, SpikeSettings};
use super::checks::standstill::Standstill;
use super::checks::unit_slip::{COARSE_FACTORS, UnitSettings};
use super::checks::usual_scatter::UsualScatterSettings;
use super::contradiction::contradictions;
use super::defaults::{self, Known};
use super::flag::Check;
use super::profile::ProfileBy;
use super::qartod::QartodRules;
use super::rules::Rules;
use super::settings::{SettingsError, Span};
use super::typing::TypingSettings;
use crate::domain::checks::{
    ArrivalPlan, AttenuatedPlan, BandPlan, CheckPlan, Comparison, FlatPlan, OutlierPlan, ProfilePlan, PublishedPlan,
    RatePlan, RepeatedPlan, ScatterPlan, Setting, ShiftPlan, SpikePlan, SpikeSize, TypingPlan, UnitPlan,
};
use crate::domain::model::Limits;
use crate::domain::time::PlantZone;

/// Readings without which nothing is said, where the plan does not say.
pub(super) const USUAL_LEAST: u32 = 5;
/// Values before an outlier, and how far off it is (Iglewicz and Hoaglin 1993).
const OUTLIER_VALUES: u32 = 61;
const OUTLIER_SCORE: f64 = 3.5;

/// A check of a plan whose settings contradict themselves.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{check}: {error}", check = check.name())]
pub struct Refused {
    /// Which check.
    pub check: Check,
    /// Which of its tables, where it has several; else 0.
    pub place: usize,
    /// What is wrong, and with which key of that table.
    pub error: SettingsError,
}

/// The rules that a plan makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The rules. A check that was refused is not among them; the others are.
    pub rules: Rules,
    /// All that was refused.
    pub refused: Vec<Refused>,
}

/// The rules of a parameter of which something is known and of which its plan says something: the plan's settings where it
/// has any, the defaults of the kind where it says nothing.
///
/// Spans that the plan gives stand for those that are known, for the defaults of other checks too. Known limits that
/// contradict each other are told where they are given; here the defaults then do without the operators'.
pub fn rules(zone: PlantZone, known: &Known, plan: &CheckPlan) -> Planned {
    let mut maker = Maker { refused: Vec::new() };
    let range = plan.range.set();
    let sensor = range.and_then(|range| range.sensor.as_ref());
    let sensor = maker.span(Check::Range, 0, "sensor", sensor);
    let operator = range.and_then(|range| range.operator.as_ref());
    let operator = maker.span(Check::Range, 0, "operator", operator);
    let spans_are_sound = sensor.is_ok() && operator.is_ok();
    let least_load = plan.flat.set().and_then(|flat| flat.least_load).map(real);
    let known = Known {
        sensor: sensor.ok().flatten().or(known.sensor),
        operator: operator.ok().flatten().or(known.operator),
        least_load: least_load.or(known.least_load),
        ..*known
    };
    let mut rules = defaults::rules(zone, &known)
        .or_else(|_| {
            defaults::rules(
                zone,
                &Known {
                    operator: None,
                    ..known
                },
            )
        })
        .unwrap_or_else(|_| Rules::none(zone));
    rules.clause.clone_from(&plan.clause);
    choose(&mut rules.gap, &plan.gap, |&longest_ms| maker.gap(longest_ms));
    choose(&mut rules.range, &plan.range, |_| {
        let made = spans_are_sound.then(|| RangeSettings::new(known.sensor, known.operator))?;
        maker.made(Check::Range, 0, made)
    });
    choose(&mut rules.counter, &plan.counter, |counter| {
        let made = CounterSettings::new(known.rollover, counter.most_an_hour.map(real));
        maker.made(Check::Counter, 0, made)
    });
    choose(&mut rules.spike, &plan.spike, |spike| maker.spike(spike));
    choose(&mut rules.rate, &plan.rate, |rate| maker.rate(rate));
    choose(&mut rules.flat, &plan.flat, |flat| maker.flat(flat));
    choose(&mut rules.attenuated, &plan.attenuated, |attenuated| {
        maker.attenuated(attenuated, &known)
    });
    let bands = plan.bands.iter().enumerate();
    rules.bands = bands.filter_map(|(place, band)| maker.band(place, band)).collect();
    choose(&mut rules.outlier, &plan.outlier, |outlier| maker.outlier(outlier));
    choose(&mut rules.noise, &plan.noise, |noise| maker.noise(noise, &known));
    choose(&mut rules.shift, &plan.shift, |shift| {
        maker.shift(shift, known.has_load)
    });
    choose(&mut rules.unit, &plan.unit, |unit| maker.unit(unit));
    choose(&mut rules.repeated, &plan.repeated, |repeated| maker.repeated(repeated));
    choose(&mut rules.published, &plan.published, |published| {
        maker.published(published, &known)
    });
    maker.typing(plan, &known);
    maker.arrival(plan, &known);
    // Of what was refused by itself nothing more is said.
    let mut contradictions = contradictions(plan, &known, &rules);
    let is_told = |refused: &Refused| {
        let mut told = maker.refused.iter();
        told.any(|told| (told.check, told.place) == (refused.check, refused.place))
    };
    contradictions.retain(|refused| !is_told(refused));
    maker.refused.extend(contradictions);
    Planned {
        rules,
        refused: maker.refused,
    }
}

/// When what people type of a parameter is to be asked about; none where the plan says not to, or contradicts itself.
pub fn typing(plan: &CheckPlan, interval_ms: i64) -> Option<TypingSettings> {
    let made = match &plan.typing {
        Setting::Off => return None,
        Setting::Usual => typing_of(&TypingPlan::default(), interval_ms),
        Setting::Set(plan) => typing_of(plan, interval_ms),
    };
    made.ok()
}

fn typing_of(plan: &TypingPlan, interval_ms: i64) -> Result<TypingSettings, SettingsError> {
    TypingSettings::new(
        interval_ms,
        plan.late_ms,
        plan.rounds,
        plan.within_ms,
        plan.regular.map(real),
    )
}

/// When readings of a parameter come late, or before their time; likewise.
pub fn arrival(plan: &CheckPlan, usual: ArrivalSettings) -> Option<ArrivalSettings> {
    match &plan.arrival {
        Setting::Off => None,
        Setting::Usual => Some(usual),
        Setting::Set(plan) => arrival_of(plan, usual).ok(),
    }
}

fn arrival_of(plan: &ArrivalPlan, usual: ArrivalSettings) -> Result<ArrivalSettings, SettingsError> {
    ArrivalSettings::new(
        plan.late_ms.or(usual.late_ms()),
        plan.ahead_ms.unwrap_or(usual.ahead_ms()),
    )
}

/// What the conventions of QARTOD have of a plan.
pub fn qartod(plan: &CheckPlan) -> Result<QartodRules, Refused> {
    let refuse = |check| move |error| Refused { check, place: 0, error };
    let mut rules = QartodRules::default();
    if let Some(range) = plan.range.set() {
        let span = |key, limits: Option<&Limits>| limits.map(|limits| span_of(key, limits)).transpose();
        let sensor = span("sensor", range.sensor.as_ref()).map_err(refuse(Check::Range))?;
        let operator = span("operator", range.operator.as_ref()).map_err(refuse(Check::Range))?;
        rules = rules.range(sensor, operator);
    }
    if let Some(SpikePlan {
        method,
        limit: SpikeSize::Fixed { suspect, bad },
    }) = plan.spike.set()
    {
        rules = rules
            .spike(method_of(*method), real(*suspect), bad.map(real))
            .map_err(refuse(Check::Spike))?;
    }
    if let Some(rate) = plan.rate.set() {
        rules = rules
            .rate(real(rate.suspect), rate.bad.map(real))
            .map_err(refuse(Check::Rate))?;
    }
    if let Some(flat) = plan.flat.set() {
        rules = rules
            .flat(flat.tolerance.map_or(0.0, real), flat.window_ms, flat.bad_ms)
            .map_err(refuse(Check::Flat))?;
    }
    Ok(rules)
}

/// Puts what the plan says in the place of the default.
fn choose<Plan, Settings>(
    usual: &mut Option<Settings>,
    plan: &Setting<Plan>,
    make: impl FnOnce(&Plan) -> Option<Settings>,
) {
    match plan {
        Setting::Usual => {}
        Setting::Off => *usual = None,
        Setting::Set(plan) => *usual = make(plan),
    }
}

/// A number as it is judged by; what cannot be one is refused as such by the check.
fn real(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

fn span_of(key: &'static str, limits: &Limits) -> Result<Span, SettingsError> {
    Span::new(key, limits.low.map(real), limits.high.map(real))
}

const fn method_of(method: Comparison) -> SpikeMethod {
    match method {
        Comparison::Average => SpikeMethod::Average,
        Comparison::Differential => SpikeMethod::Differential,
    }
}

/// Makes settings, and keeps why some could not be made.
struct Maker {
    refused: Vec<Refused>,
}

impl Maker {
    fn made<Made>(&mut self, check: Check, place: usize, made: Result<Made, SettingsError>) -> Option<Made> {
        made.map_err(|error| self.refused.push(Refused { check, place, error }))
            .ok()
    }

    /// A span that may be left out; an error where it was refused, which has been kept.
    fn span(
        &mut self,
        check: Check,
        place: usize,
        key: &'static str,
        limits: Option<&Limits>,
    ) -> Result<Option<Span>, ()> {
        let span = limits.map(|limits| span_of(key, limits)).transpose();
        self.made(check, place, span).ok_or(())
    }

    fn gap(&mut self, longest_ms: i64) -> Option<GapSettings> {
        self.made(Check::Gap, 0, GapSettings::new(longest_ms))
    }

    fn spike(&mut self, plan: &SpikePlan) -> Option<SpikeSettings> {
        let limit = match plan.limit {
            SpikeSize::Fixed { suspect, bad } => SpikeLimit::Fixed {
                suspect: real(suspect),
                bad: bad.map(real),
            },
            SpikeSize::Usual { times, least } => SpikeLimit::Usual {
                times: real(times),
                least: least.map_or(0.0, real),
            },
        };
        self.made(Check::Spike, 0, SpikeSettings::new(method_of(plan.method), limit))
    }

    fn rate(&mut self, plan: &RatePlan) -> Option<RateSettings> {
        let idle = self.span(Check::Rate, 0, "idle", plan.idle.as_ref());
        let made = RateSettings::new(real(plan.suspect), plan.bad.map(real));
        let settings = self.made(Check::Rate, 0, made)?;
        Some(settings.idle(idle.ok()?))
    }

    fn flat(&mut self, plan: &FlatPlan) -> Option<FlatSettings> {
        let idle = self.span(Check::Flat, 0, "idle", plan.idle.as_ref());
        let tolerance = plan.tolerance.map_or(0.0, real);
        let least = plan.least.unwrap_or(USUAL_LEAST);
        let made = FlatSettings::new(tolerance, plan.window_ms, plan.bad_ms, least);
        let settings = self.made(Check::Flat, 0, made)?;
        let still = Standstill::new(idle.ok()?, plan.least_load.map(real));
        Some(settings.still(self.made(Check::Flat, 0, still)?))
    }

    fn attenuated(&mut self, plan: &AttenuatedPlan, known: &Known) -> Option<AttenuatedSettings> {
        let idle = self.span(Check::Attenuated, 0, "idle", plan.idle.as_ref());
        let made = match plan.scatter {
            ScatterPlan::Fixed {
                deviation,
                window_ms,
                least,
            } => AttenuatedSettings::new(real(deviation), window_ms, least.unwrap_or(USUAL_LEAST)),
            ScatterPlan::Usual { times, block_ms, learn } => {
                let times = times.map_or(defaults::ATTENUATED_TIMES, real);
                UsualScatterSettings::new(times, block_ms, learn, known.interval_ms).map(AttenuatedSettings::usual)
            }
        };
        let settings = self.made(Check::Attenuated, 0, made)?;
        let still = match idle.ok()? {
            Some(idle) => Standstill::new(Some(idle), known.least_load),
            None => defaults::standstill(known),
        };
        let still = self.made(Check::Attenuated, 0, still)?;
        Some(settings.still(still))
    }

    fn band(&mut self, place: usize, plan: &BandPlan) -> Option<BandSettings> {
        let load = self.span(Check::Band, place, "load", plan.load.as_ref());
        let usual = self.made(Check::Band, place, span_of("usual", &plan.usual));
        let made = BandSettings::new(plan.months, plan.hours, load.ok()?, usual?);
        self.made(Check::Band, place, made)
    }

    fn outlier(&mut self, plan: &OutlierPlan) -> Option<OutlierSettings> {
        let idle = self.span(Check::Outlier, 0, "idle", plan.idle.as_ref());
        let made = OutlierSettings::new(
            plan.values.unwrap_or(OUTLIER_VALUES),
            plan.score.map_or(OUTLIER_SCORE, real),
            plan.deviation.map_or(0.0, real),
        );
        let settings = self.made(Check::Outlier, 0, made)?;
        Some(settings.idle(idle.ok()?))
    }

    fn noise(&mut self, plan: &ScatterPlan, known: &Known) -> Option<NoiseSettings> {
        let made = match *plan {
            ScatterPlan::Fixed {
                deviation,
                window_ms,
                least,
            } => NoiseSettings::new(real(deviation), window_ms, least.unwrap_or(USUAL_LEAST)),
            ScatterPlan::Usual { times, block_ms, learn } => {
                let times = times.map_or(defaults::NOISE_TIMES, real);
                UsualScatterSettings::new(times, block_ms, learn, known.interval_ms).map(NoiseSettings::usual)
            }
        };
        let settings = self.made(Check::Noise, 0, made)?;
        let still = self.made(Check::Noise, 0, defaults::standstill(known))?;
        Some(settings.still(still))
    }

    fn shift(&mut self, plan: &ShiftPlan, has_load: bool) -> Option<ShiftSettings> {
        let by = match plan.by {
            Some(ProfilePlan::Hour) => Ok(ProfileBy::HourOfDay),
            Some(ProfilePlan::Nothing) => Ok(ProfileBy::Nothing),
            None if !has_load => Ok(ProfileBy::HourOfDay),
            Some(ProfilePlan::Load) if !has_load => Err(SettingsError::NoLoad { key: "by" }),
            Some(ProfilePlan::Load) | None => ProfileBy::load(plan.steps.unwrap_or(defaults::LOAD_STEPS)),
        };
        let by = self.made(Check::Shift, 0, by)?;
        let made = ShiftSettings::new(
            by,
            plan.block_ms,
            plan.learn,
            plan.weight.map_or(defaults::SHIFT_WEIGHT, real),
            plan.times.map_or(defaults::SHIFT_TIMES, real),
            plan.follow_ms,
        );
        self.made(Check::Shift, 0, made)
    }

    fn unit(&mut self, plan: &UnitPlan) -> Option<UnitSettings> {
        let factors: Vec<f64> = match &plan.factors {
            None => COARSE_FACTORS.to_vec(),
            Some(factors) => factors.iter().copied().map(real).collect(),
        };
        self.made(Check::Unit, 0, UnitSettings::new(&factors, plan.window_ms))
    }

    fn published(&mut self, plan: &PublishedPlan, known: &Known) -> Option<PublishedSettings> {
        let value = plan.value.map(|value| (real(value), real(value))).or(known.published);
        let share = plan.share.map_or(defaults::PUBLISHED_SHARE, real);
        let made = value
            .ok_or(SettingsError::Nothing { key: "value" })
            .and_then(|value| PublishedSettings::new(value, share))
            .and_then(|settings| {
                // Nothing that is possible would pass.
                let (low, high) = settings.passes();
                let is_apart = known
                    .sensor
                    .is_some_and(|sensor| high < sensor.low() || low > sensor.high());
                if is_apart && plan.value.is_some() {
                    return Err(SettingsError::NotInside {
                        key: "value",
                        outer: "possible",
                    });
                }
                Ok(settings)
            });
        self.made(Check::Published, 0, made)
    }

    /// Settings that are not a judge's are held against each other all the same.
    fn typing(&mut self, plan: &CheckPlan, known: &Known) {
        if let Some(plan) = plan.typing.set() {
            self.made(Check::Typing, 0, typing_of(plan, known.interval_ms));
        }
    }

    fn arrival(&mut self, plan: &CheckPlan, known: &Known) {
        if let Some(plan) = plan.arrival.set() {
            let usual = ArrivalSettings::usual(known.interval_ms, 0);
            self.made(Check::Arrival, 0, arrival_of(plan, usual));
        }
    }

    fn repeated(&mut self, plan: &RepeatedPlan) -> Option<RepeatedSettings> {
        let except = self.span(Check::Repeated, 0, "except", plan.except.as_ref());
        let made = RepeatedSettings::new(plan.most.unwrap_or(1), except.ok().flatten());
        let settings = self.made(Check::Repeated, 0, made);
        settings.filter(|_| except.is_ok())
    }
}
