//! Rules for those who give none (默认规则): by kind of parameter, spans, interval and quantum.
//!
//! They are meant to be quiet on a sound channel. What a plant knows of its process (rates, bands, balances) finds more.

use super::checks::attenuated::AttenuatedSettings;
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
use super::figure::real;
use super::profile::ProfileBy;
use super::rules::Rules;
use super::settings::{SettingsError, Span};
use crate::domain::reading::ParameterKind;
use crate::domain::time::{DAY_MS, HOUR_MS, PlantZone};

/// Missing intervals that are no gap yet.
const GAP_INTERVALS: i64 = 3;
/// A spike is so many standard deviations of the channel's own small steps high, and at least so much of its span.
const SPIKE_TIMES: f64 = 12.0;
const SPIKE_SHARE: f64 = 0.02;
/// A signal is flat after so many equal readings, and not before so long.
const FLAT_READINGS: i64 = 30;
const FLAT_LEAST_MS: i64 = HOUR_MS / 3;
/// A register counts slowly: it is flat later.
const COUNTER_FLAT_LEAST_MS: i64 = 12 * HOUR_MS;
/// Days in which a profile is learned, and how far beyond what it saw then is too far.
const LEARN_DAYS: i64 = 7;
pub(super) const SHIFT_TIMES: f64 = 1.5;
pub(super) const SHIFT_WEIGHT: f64 = 0.2;
/// Steps of a load profile.
pub(super) const LOAD_STEPS: u32 = 12;
/// A flow takes at least so long to go from one end of its span to the other, unless it stops or starts, and what is less
/// than this share of the span is not called a change.
const SPAN_SECONDS: f64 = 60.0;
const RATE_SHARE: f64 = 0.15;
/// Readings over which a channel shows how much it scatters, and by which factor it may scatter more and less than it did
/// while it learned. A sound signal calms down more often than it becomes unruly.
const SCATTER_READINGS: i64 = 60;
const LEAST_LEARNED: i64 = 24;
pub(super) const NOISE_TIMES: f64 = 3.0;
pub(super) const ATTENUATED_TIMES: f64 = 5.0;
/// What is tested is far off after so many values like it, at so many standard deviations, of which one is at
/// least so much of the span.
const OUTLIER_VALUES: u32 = 31;
const OUTLIER_SCORE: f64 = 6.0;
const OUTLIER_SHARE: f64 = 0.01;
/// A tested value may be off what is published by so much of it: coals differ, and what is published for them may be meant
/// to be dear.
pub(super) const PUBLISHED_SHARE: f64 = 0.5;
/// Time over which values show in which unit they are: after a week-end, a Monday is nothing new.
const UNIT_WINDOW_MS: i64 = 8 * DAY_MS;

/// Share of a load's span below which its process stands still.
const STANDS_STILL: f64 = 0.02;

/// Load below which a process stands still where nobody says, of the span of what tells the load.
pub fn least_load(span: Option<Span>) -> Option<f64> {
    let span = span?;
    Some(span.low().max(0.0) + span.length()? * STANDS_STILL)
}

/// What is known of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Its kind; without one there are no defaults.
    pub kind: Option<ParameterKind>,
    /// What its sensor can show.
    pub sensor: Option<Span>,
    /// What operators call possible.
    pub operator: Option<Span>,
    /// Time between two readings, in milliseconds; 0 where none is expected.
    pub interval_ms: i64,
    /// Where a register goes back to zero.
    pub rollover: Option<f64>,
    /// Whether the load of its process is known by another channel.
    pub has_load: bool,
    /// Load below which its process stands still, where that is known.
    pub least_load: Option<f64>,
    /// What is published for it, where it is a tested value: from the least to the most.
    pub published: Option<(f64, f64)>,
}

impl Known {
    /// Length of what operators call possible, or of what the sensor can show.
    fn span_length(&self) -> Option<f64> {
        self.operator.or(self.sensor).and_then(|span| span.length())
    }

    /// All that can be, with its length: what the sensor can show, or where that is not known what operators call possible.
    fn whole_span(&self) -> Option<(Span, f64)> {
        let whole = |span: Option<Span>| {
            let span = span?;
            let length = span.length().filter(|length| *length > 0.0 && length.is_finite())?;
            Some((span, length))
        };
        whole(self.sensor).or_else(|| whole(self.operator))
    }

    /// What a flow shows that stands still: a flow of nothing is not a sensor that is stuck. Of a state nothing is known.
    fn lowest(&self) -> Result<Option<Span>, SettingsError> {
        if self.kind != Some(ParameterKind::Flow) {
            return Ok(None);
        }
        let low = self.sensor.map_or(0.0, |sensor| sensor.low()).max(0.0);
        Span::new("idle", None, Some(low)).map(Some)
    }
}

/// The rules of a parameter of which this is known.
///
/// | kind | gap | range | spike | rate | flat | scatter | unit | shift | register | copied | outlier | published |
/// |---|---|---|---|---|---|---|---|---|---|---|---|---|
/// | flow | yes | yes | yes | below 30 s | yes | yes | yes | yes | | | | |
/// | state | yes | yes | yes | | yes | with a load | yes | yes | | | | |
/// | counter | yes | | | | 12 h | | | yes | yes | | | |
/// | amount | yes | yes | | | | | yes | | | daily or rarer | | |
/// | property | | yes | | | | | yes | | | yes | yes | half of it off |
///
/// The scatter is that of `noise` and `attenuated`, by blocks, where it is known when the process stands still. A state may
/// be a current or a valve, which jump; an amount has its week-ends. Bands have no default: what is usual in a month, at an hour or
/// at a load is a table of the plant's own; what can be learned of it is the profile of `shift`.
pub fn rules(zone: PlantZone, known: &Known) -> Result<Rules, SettingsError> {
    let mut rules = Rules::none(zone);
    let Some(kind) = known.kind else {
        return Ok(rules);
    };
    let (signal, register) = match kind {
        ParameterKind::Flow | ParameterKind::State => (true, false),
        ParameterKind::Counter => (true, true),
        ParameterKind::Amount | ParameterKind::Property => (false, false),
    };
    let interval = known.interval_ms;
    if interval > 0 && kind != ParameterKind::Property {
        rules.gap = Some(GapSettings::new(interval.saturating_mul(GAP_INTERVALS))?);
    }
    if !register && (known.sensor.is_some() || known.operator.is_some()) {
        rules.range = Some(RangeSettings::new(known.sensor, known.operator)?);
    }
    if register {
        rules.counter = Some(CounterSettings::new(known.rollover, None)?);
    }
    if signal && interval > 0 {
        let least_ms = if register { COUNTER_FLAT_LEAST_MS } else { FLAT_LEAST_MS };
        let flat_ms = interval.saturating_mul(FLAT_READINGS).max(least_ms);
        let least = u32::try_from(FLAT_READINGS / 3).unwrap_or(10);
        rules.flat = Some(
            FlatSettings::new(0.0, flat_ms, None, least)?.still(Standstill::new(known.lowest()?, known.least_load)?),
        );
        let block_ms = interval.saturating_mul(10).clamp(HOUR_MS, DAY_MS);
        let by = if known.has_load {
            ProfileBy::load(LOAD_STEPS)?
        } else {
            ProfileBy::HourOfDay
        };
        let learn = u32::try_from((LEARN_DAYS * DAY_MS / block_ms).max(24)).unwrap_or(168);
        rules.shift = Some(ShiftSettings::new(
            by,
            block_ms,
            learn,
            SHIFT_WEIGHT,
            SHIFT_TIMES,
            None,
        )?);
    }
    if signal && !register {
        scatter(&mut rules, known)?;
        rules.rate = rate(known)?;
        let least = known.span_length().map_or(0.0, |length| length * SPIKE_SHARE);
        let limit = SpikeLimit::Usual {
            times: SPIKE_TIMES,
            least,
        };
        rules.spike = Some(SpikeSettings::new(SpikeMethod::Differential, limit)?);
    }
    if !register && kind != ParameterKind::State {
        let window_ms = interval.saturating_mul(50).max(UNIT_WINDOW_MS);
        rules.unit = Some(UnitSettings::new(&COARSE_FACTORS, window_ms)?);
    }
    // What meters count by the hour may well be the same twice; what people type or test once a day hardly ever is.
    let by_people = kind == ParameterKind::Property || kind == ParameterKind::Amount && interval >= DAY_MS;
    if by_people {
        let zero = Span::new("except", Some(0.0), Some(0.0))?;
        rules.repeated = Some(RepeatedSettings::new(1, Some(zero))?);
        if kind == ParameterKind::Property {
            let least = known.span_length().map_or(0.0, |length| length * OUTLIER_SHARE);
            rules.outlier = Some(OutlierSettings::new(OUTLIER_VALUES, OUTLIER_SCORE, least)?.idle(Some(zero)));
        }
    }
    if let (ParameterKind::Property, Some(published)) = (kind, known.published) {
        rules.published = PublishedSettings::new(published, PUBLISHED_SHARE).ok();
    }
    Ok(rules)
}

/// When a process stands still: below a load, and of a flow at its lowest values, on both sides of nothing where it may run
/// backwards.
pub(super) fn standstill(known: &Known) -> Result<Standstill, SettingsError> {
    Standstill::new(idle(known)?, known.least_load)
}

/// The values of a flow that stands still, by what its sensor can show; none of a state, and none where that is not known.
fn idle(known: &Known) -> Result<Option<Span>, SettingsError> {
    let Some((span, length)) = known.whole_span().filter(|_| known.kind == Some(ParameterKind::Flow)) else {
        return Ok(None);
    };
    let least = length * STANDS_STILL;
    let low = (span.low() < 0.0).then_some(-least);
    Span::new("idle", low, Some(span.low().max(0.0) + least)).map(Some)
}

/// How much a signal may and must scatter, against what it is used to.
fn scatter(rules: &mut Rules, known: &Known) -> Result<(), SettingsError> {
    let interval = known.interval_ms;
    let block_ms = interval.saturating_mul(SCATTER_READINGS).max(HOUR_MS);
    let learn = (LEARN_DAYS * DAY_MS).div_euclid(block_ms);
    let still = standstill(known)?;
    // What comes so rarely shows a process, not how its sensor scatters; and what a sensor shows at a standstill is not what
    // it shows otherwise.
    if interval <= 0 || learn < LEAST_LEARNED || still == Standstill::NEVER {
        return Ok(());
    }
    let learn = u32::try_from(learn).unwrap_or(u32::MAX);
    let usual = |times| UsualScatterSettings::new(times, block_ms, learn, interval);
    rules.noise = Some(NoiseSettings::usual(usual(NOISE_TIMES)?).still(still));
    rules.attenuated = Some(AttenuatedSettings::usual(usual(ATTENUATED_TIMES)?).still(still));
    Ok(())
}

/// How fast a flow may change: not from end to end of its span within a minute, where readings come faster than that. It may
/// stop and start at once.
fn rate(known: &Known) -> Result<Option<RateSettings>, SettingsError> {
    let is_shown = known.interval_ms > 0 && real(known.interval_ms) < SPAN_SECONDS * 1000.0 / 2.0;
    let Some((_, length)) = known
        .whole_span()
        .filter(|_| is_shown && known.kind == Some(ParameterKind::Flow))
    else {
        return Ok(None);
    };
    let settings = RateSettings::new(length / SPAN_SECONDS, None)?.least(length * RATE_SHARE)?;
    Ok(Some(settings.idle(idle(known)?)))
}
