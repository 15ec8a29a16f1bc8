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
/// A process takes at least so long to go from one end of its span to the other, unless it stops or starts.
const SPAN_SECONDS: f64 = 60.0;
/// Readings over which a channel shows how much it scatters, and by which factor it may scatter more and less than it did
/// while it learned. A sound signal calms down more often than it becomes unruly.
const SCATTER_READINGS: i64 = 60;
pub(super) const NOISE_TIMES: f64 = 3.0;
pub(super) const ATTENUATED_TIMES: f64 = 5.0;
/// What people type or test is far off after so many values like it, at so many standard deviations, of which one is at
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
/// | kind | gap | range | spike | rate | flat | scatter | unit | shift | register | copied, outlier | published |
/// |---|---|---|---|---|---|---|---|---|---|---|---|
/// | flow, state | yes | yes | yes | below 60 s | yes | yes | yes | yes | | | |
/// | counter | yes | | | | 12 h | | | yes | yes | | |
/// | amount | yes | yes | | | | | yes | | | daily or rarer | |
/// | property | | yes | | | | | yes | | | yes | half of it off |
///
/// The scatter is that of `noise` and `attenuated`, by blocks. Bands have no default: what is usual in a month, at an hour or
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
        let idle = known.lowest()?;
        let least = u32::try_from(FLAT_READINGS / 3).unwrap_or(10);
        rules.flat = Some(
            FlatSettings::new(0.0, flat_ms, None, least)?
                .idle(idle)
                .least_load(known.least_load)?,
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
        rules.rate = rate(kind, known)?;
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
        let least = known.span_length().map_or(0.0, |length| length * OUTLIER_SHARE);
        rules.outlier = Some(OutlierSettings::new(OUTLIER_VALUES, OUTLIER_SCORE, least)?.idle(Some(zero)));
    }
    if let (ParameterKind::Property, Some(published)) = (kind, known.published) {
        rules.published = PublishedSettings::new(published, PUBLISHED_SHARE).ok();
    }
    Ok(rules)
}

/// How much a signal may and must scatter, against what it is used to.
fn scatter(rules: &mut Rules, known: &Known) -> Result<(), SettingsError> {
    let interval = known.interval_ms;
    let block_ms = interval.saturating_mul(SCATTER_READINGS).max(HOUR_MS);
    // What comes so rarely shows a process, not how its sensor scatters.
    if interval <= 0 || block_ms > DAY_MS {
        return Ok(());
    }
    let learn = u32::try_from((LEARN_DAYS * DAY_MS / block_ms).max(24)).unwrap_or(168);
    let usual = |times| UsualScatterSettings::new(times, block_ms, learn);
    rules.noise = Some(NoiseSettings::Usual(usual(NOISE_TIMES)?));
    rules.attenuated = Some(
        AttenuatedSettings::usual(usual(ATTENUATED_TIMES)?)
            .idle(known.lowest()?)
            .least_load(known.least_load)?,
    );
    Ok(())
}

/// How fast a signal may change: not from end to end of its span within a minute, where readings come faster than that. A
/// flow may stop and start at once.
fn rate(kind: ParameterKind, known: &Known) -> Result<Option<RateSettings>, SettingsError> {
    let fastest = known.span_length().map(|length| length / SPAN_SECONDS);
    let is_shown = known.interval_ms > 0 && real(known.interval_ms) < SPAN_SECONDS * 1000.0 / 2.0;
    let Some(fastest) = fastest.filter(|fastest| is_shown && *fastest > 0.0 && fastest.is_finite()) else {
        return Ok(None);
    };
    let span = known.sensor.or(known.operator);
    let still = least_load(span).filter(|_| kind == ParameterKind::Flow);
    let idle = still.map(|still| Span::new("idle", None, Some(still))).transpose()?;
    Ok(Some(RateSettings::new(fastest, None)?.idle(idle)))
}
