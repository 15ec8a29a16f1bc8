//! A substitute opened: by which rule it came about, on which hours it rests, and what it gives to its hour.

use crate::accounting::exact::Exact;
use crate::accounting::substitute::{Basis, LookBack, Substitute, whole_hour};
use crate::domain::identity::ParameterId;
use crate::domain::missing::{MissingRule, TierTable};
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::{Text, clean};
use crate::domain::time::{HOUR_MS, Hour};
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::substitutes::Posted;
use crate::engine::view::{Explanation, Part, Target};
use crate::engine::{Broken, Engine};

use super::numbers::{minutes, operand, quantity_in_unit, quantity_unit, result, shown};
use super::{described, unknown};

/// The most hours that are named one by one.
const MOST_HOURS_NAMED: usize = 31;

/// The most numbers of a sum that are written out.
const MOST_NUMBERS: usize = 8;

impl Engine {
    pub(super) fn explain_substitute(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        hour: Hour,
    ) -> Result<Explanation, Refusal> {
        let described = described(model, parameter)?;
        let bucket = self.bucket(history, parameter, hour)?;
        let substitute = self.substitute(history, parameter, hour)?.ok_or_else(unknown)?;
        let unit = quantity_unit(described);
        let amount = substitute.amount(&bucket);
        let missing = bucket.missing_ms();
        let mut explanation = Explanation {
            target: Target::Substitute { parameter, hour },
            title: Text::new("explain-substitute")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with_period("period", Period::Hour(hour)),
            value: Some(shown(quantity_in_unit(described, amount))),
            unit: Some(unit.symbol().to_owned()),
            formula: Some(formula(&substitute).to_owned()),
            numbers: None,
            remarks: vec![basis_text(self, described, &substitute)],
            parts: Vec::new(),
        };
        if missing == 0 {
            explanation.remarks.push(Text::new("substitute-withdrawn"));
        }
        let (whole, part) = match substitute.hourly {
            Some(hourly) => (hourly, format!("{} ÷ 60", minutes(missing))),
            None => (
                bucket.quantity,
                format!("{} ÷ {}", minutes(missing), minutes(bucket.covered_ms)),
            ),
        };
        let share = (missing != HOUR_MS).then(|| {
            format!(
                "{} {unit} × {part} {} {unit}",
                operand(&shown(quantity_in_unit(described, whole))),
                result(quantity_in_unit(described, amount))
            )
        });
        let rests_on = self.rests_on(history, parameter, hour, &substitute)?;
        let reckoned = reckoned_mean(described, &substitute, &rests_on);
        explanation.numbers = Some(match (reckoned, share) {
            (Some(reckoned), Some(share)) => format!("{reckoned}; {share}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => format!("{} {unit}", shown(quantity_in_unit(described, whole))),
        });
        explanation
            .remarks
            .extend(self.plan_remarks(parameter, hour, &substitute));
        let outage = substitute.outage;
        if substitute.basis != Basis::OwnHour && substitute.basis != Basis::Person {
            explanation.remarks.push(
                Text::new(if outage.open {
                    "substitute-outage-open"
                } else {
                    "substitute-outage"
                })
                .with_instant("from", self.zone.hour_start(outage.from))
                .with_count("hours", outage.hours),
            );
        }
        explanation.remarks.push(Text::new("substitute-fixed"));
        put_basis_parts(described, hour, rests_on, bucket.quantity, &mut explanation);
        explanation.parts.push(Part {
            label: Text::new("substitute-record").with("record", substitute.decided_by),
            value: None,
            unit: None,
            numbers: None,
            remark: None,
            target: Some(Target::Record {
                sequence: substitute.decided_by,
            }),
        });
        Ok(explanation)
    }

    /// The hours on which a substitute rests, each with what it counts as a whole hour now.
    fn rests_on(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        substitute: &Substitute,
    ) -> Result<Vec<(Hour, Option<i128>)>, Broken> {
        let looked_back = self.looked_back(history, parameter, hour, substitute)?;
        if !looked_back.is_empty() {
            return Ok(looked_back
                .into_iter()
                .map(|(value, hour)| (hour, Some(value)))
                .collect());
        }
        let mut rests_on = Vec::new();
        for hour in hours_of(&substitute.basis) {
            rests_on.push((hour, whole_hour(&self.bucket(history, parameter, hour)?)));
        }
        Ok(rests_on)
    }

    /// What the plan of then says, and from where its own values are.
    fn plan_remarks(&self, parameter: ParameterId, hour: Hour, substitute: &Substitute) -> Vec<Text> {
        let Some(in_force) = self.models.at(hour) else {
            return Vec::new();
        };
        let plan = in_force.parameter(parameter).and_then(|found| found.missing.as_ref());
        let Some(plan) = plan.filter(|_| substitute.basis != Basis::Person) else {
            return Vec::new();
        };
        let mut remarks = vec![
            Text::new("substitute-plan")
                .with_text("rule", rule_text(&plan.rule))
                .with("record", in_force.applied.sequence),
        ];
        if let (Some(_), Basis::Mean { back } | Basis::Percentile { back, .. }) = (plan.rule.load(), &substitute.basis)
            && back.band.is_none()
        {
            remarks.push(Text::new("substitute-load-unknown"));
        }
        if let (Some(fixed), Basis::Fixed | Basis::Otherwise) = (&plan.otherwise, &substitute.basis) {
            remarks.push(
                Text::new("substitute-fixed-origin")
                    .with("value", fixed.value)
                    .with("origin", clean(&fixed.origin)),
            );
        }
        remarks
    }
}

/// The mean with its numbers, as the hours are now.
fn reckoned_mean(parameter: &Parameter, substitute: &Substitute, rests_on: &[(Hour, Option<i128>)]) -> Option<String> {
    let is_mean = matches!(
        substitute.basis,
        Basis::Neighbours { .. } | Basis::PreviousDays { .. } | Basis::Mean { .. }
    );
    let hourly = substitute.hourly.filter(|_| is_mean && rests_on.len() > 1)?;
    let mut sum = Exact::ZERO;
    let mut named = Vec::new();
    for (_, value) in rests_on {
        let value = quantity_in_unit(parameter, (*value)?);
        sum = sum.checked_add(value).unwrap_or(sum);
        named.push(operand(&shown(value)));
    }
    let count = i128::try_from(rests_on.len()).unwrap_or(1);
    let mean = sum.checked_div(Exact::integer(count)).unwrap_or(Exact::ZERO);
    let summed = if named.len() <= MOST_NUMBERS {
        format!("({})", named.join(" + "))
    } else {
        format!("Σ {}", operand(&shown(sum)))
    };
    let written = format!("{summed} ÷ {count} {}", result(mean));
    let kept = quantity_in_unit(parameter, hourly);
    Some(if kept == mean {
        format!("{written} {}", quantity_unit(parameter))
    } else {
        format!("{written} -> {} {}", shown(kept), quantity_unit(parameter))
    })
}

/// The hours on which it rests, and what is measured of its own.
fn put_basis_parts(
    parameter: &Parameter,
    hour: Hour,
    rests_on: Vec<(Hour, Option<i128>)>,
    measured: i128,
    explanation: &mut Explanation,
) {
    let part = |label: &'static str, of: Hour, quanta: Option<i128>| Part {
        label: Text::new(label).with_period("hour", Period::Hour(of)),
        value: quanta.map(|quanta| shown(quantity_in_unit(parameter, quanta))),
        unit: Some(quantity_unit(parameter).symbol().to_owned()),
        numbers: None,
        remark: None,
        target: Some(Target::Bucket {
            parameter: parameter.id,
            hour: of,
        }),
    };
    if rests_on.len() > MOST_HOURS_NAMED {
        let text = Text::new("substitute-hours-named").with_count("named", MOST_HOURS_NAMED);
        explanation.remarks.push(text.with_count("hours", rests_on.len()));
    }
    let named = rests_on.into_iter().take(MOST_HOURS_NAMED);
    let named = named.map(|(of, whole)| part("substitute-hour", of, whole));
    explanation.parts.extend(named);
    explanation
        .parts
        .push(part("substitute-measured", hour, Some(measured)));
}

/// The hours on which it rests, as far as they are named one by one.
fn hours_of(basis: &Basis) -> Vec<Hour> {
    match basis {
        Basis::Hold { before } => vec![*before],
        Basis::Neighbours { before, after } => before.iter().chain(after).copied().collect(),
        Basis::PreviousDays { hours } => hours.clone(),
        Basis::Percentile { at, .. } => vec![*at],
        Basis::OwnHour | Basis::Mean { .. } | Basis::Fixed | Basis::Otherwise | Basis::Person => Vec::new(),
    }
}

/// How a substitute is reckoned, in signs.
fn formula(substitute: &Substitute) -> &'static str {
    match substitute.basis {
        Basis::OwnHour => "q × missing ÷ measured",
        Basis::Neighbours {
            before: Some(_),
            after: Some(_),
        } => "(q(-1) + q(+1)) ÷ 2 × missing ÷ 60",
        Basis::Neighbours { after: Some(_), .. } => "q(+1) × missing ÷ 60",
        Basis::Hold { .. } | Basis::Neighbours { .. } => "q(-1) × missing ÷ 60",
        Basis::PreviousDays { .. } | Basis::Mean { .. } => "Σq ÷ n × missing ÷ 60",
        Basis::Percentile { .. } => "q[rank] × missing ÷ 60",
        Basis::Fixed | Basis::Otherwise | Basis::Person => "q × missing ÷ 60",
    }
}

fn look_back(engine: &Engine, text: Text, back: &LookBack) -> Text {
    let text = text
        .with_count("hours", back.hours)
        .with_instant("from", engine.zone.hour_start(back.from))
        .with_instant("to", engine.zone.hour_start(back.to.next()));
    match back.band {
        Some(band) => Text::new("substitute-of-band").with_text("of", text).with("band", band),
        None => text,
    }
}

/// On what a substitute rests.
pub(super) fn basis_text(engine: &Engine, parameter: &Parameter, substitute: &Substitute) -> Text {
    let hour = |hour: Hour| Period::Hour(hour);
    match &substitute.basis {
        Basis::OwnHour => Text::new("substitute-own-hour"),
        Basis::Hold { before } => Text::new("substitute-hold").with_period("hour", hour(*before)),
        Basis::Neighbours {
            before: Some(before),
            after: Some(after),
        } => Text::new("substitute-neighbours")
            .with_period("before", hour(*before))
            .with_period("after", hour(*after)),
        Basis::Neighbours { before, after } => match before.or(*after) {
            Some(only) => Text::new("substitute-one-neighbour").with_period("hour", hour(only)),
            None => Text::new("substitute-otherwise"),
        },
        Basis::PreviousDays { hours } => Text::new("substitute-previous-days").with_count("days", hours.len()),
        Basis::Mean { back } => look_back(engine, Text::new("substitute-mean"), back),
        Basis::Percentile {
            back, percent, rank, ..
        } => {
            let value = substitute.hourly.map(|hourly| quantity_in_unit(parameter, hourly));
            let text = Text::new("substitute-percentile")
                .with("percent", percent)
                .with("rank", rank)
                .with("value", value.map(shown).unwrap_or_default());
            look_back(engine, text, back)
        }
        Basis::Fixed => Text::new("substitute-by-plan"),
        Basis::Otherwise => Text::new("substitute-otherwise"),
        Basis::Person => Text::new("substitute-person"),
    }
}

/// A rule for missing data in words.
pub(in crate::engine) fn rule_text(rule: &MissingRule) -> Text {
    match rule {
        MissingRule::Hold => Text::new("missing-rule-hold"),
        MissingRule::Neighbours => Text::new("missing-rule-neighbours"),
        MissingRule::PreviousDays { days } => Text::new("missing-rule-previous-days").with_count("days", *days),
        MissingRule::LoadBand { bands, hours } => Text::new("missing-rule-load-band")
            .with_count("hours", *hours)
            .with("bands", bands.count),
        MissingRule::Tiers { table, .. } => match table {
            Some(TierTable::Part75Table1) => Text::new("missing-rule-table-1"),
            Some(TierTable::Part75Table2) => Text::new("missing-rule-table-2"),
            Some(TierTable::Hj75) => Text::new("missing-rule-hj-75"),
            None => Text::new("missing-rule-tiers"),
        },
        MissingRule::Fixed => Text::new("missing-rule-fixed"),
    }
}

/// The line of a substitute among the parts of what rests on it; `None` where nothing stands in.
pub(super) fn substitute_part(engine: &Engine, parameter: &Parameter, hour: Hour, posted: &Posted) -> Option<Part> {
    let substitute = posted.substitute.as_ref()?;
    Some(Part {
        label: Text::new("explain-substitute-of")
            .with("tag", &parameter.tag)
            .with("minutes", minutes(posted.bucket.missing_ms())),
        value: Some(shown(quantity_in_unit(parameter, posted.substituted()))),
        unit: Some(quantity_unit(parameter).symbol().to_owned()),
        numbers: None,
        remark: Some(basis_text(engine, parameter, substitute)),
        target: Some(Target::Substitute {
            parameter: parameter.id,
            hour,
        }),
    })
}
