//! A reading opened into its versions, and what is known of its meter.

use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Slot, Verdict, Version};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::{Explanation, Part, Target};
use crate::engine::{Broken, Engine};

use super::described;

impl Engine {
    pub(super) fn explain_reading(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        slot: Slot,
    ) -> Result<Explanation, Refusal> {
        let described = described(model, parameter)?;
        let versions = self.versions_of(history, parameter, slot)?;
        let top = self.series(parameter)?.on_top(&versions).into_iter().next();
        let mut explanation = Explanation {
            target: Target::Reading { parameter, slot },
            title: Text::new("explain-reading")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with_text("slot", slot_label(slot)),
            value: top.map(|top| value_of(described, &top)),
            unit: Some(described.unit.symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        if versions.is_empty() {
            explanation.remarks.push(Text::new("reading-none"));
        }
        for version in versions.iter().rev() {
            let state = if !version.stands() {
                Text::new("version-withdrawn").with("by", version.withdrawn_by)
            } else if top == Some(*version) {
                Text::new("version-on-top")
            } else {
                Text::new("version-below")
            };
            let mut remark = Text::new("version-remark")
                .with_text("state", state)
                .with_text("origin", version.origin.text());
            remark = remark.with_text("verdict", verdict_text(version.verdict));
            let second_person = self.second_person_said(history, parameter, version)?;
            let remark = Text::sentences(std::iter::once(remark).chain(second_person));
            explanation.parts.push(Part {
                label: Text::new("version-of").with("record", version.sequence),
                value: Some(value_of(described, version)),
                unit: Some(described.unit.symbol().to_owned()),
                numbers: None,
                remark,
                target: Some(Target::Record {
                    sequence: version.sequence,
                }),
            });
        }
        if let Some(top) = &top {
            explanation.parts.extend(self.document_parts(history, parameter, top)?);
            explanation.parts.extend(self.attachment_parts(history, top)?);
        }
        let last = slot.end().plus(-1).max(slot.at);
        self.remark_meter(
            history,
            (model, described),
            (slot.end().plus(1), last),
            &mut explanation,
        )?;
        Ok(explanation)
    }

    /// The meter by the model, with the calibration that held at the last instant of which is told; and its newest change
    /// before another.
    pub(super) fn remark_meter(
        &self,
        history: &dyn History,
        (model, parameter): (&SiteModel, &Parameter),
        (until, last): (Instant, Instant),
        explanation: &mut Explanation,
    ) -> Result<(), Broken> {
        let meter = parameter
            .meter
            .and_then(|id| model.meters.iter().find(|meter| meter.id == id));
        let (day, _) = self.zone.date_and_minute(last);
        let meter = meter
            .map(|meter| self.as_calibrated_on(history, meter, (until, day)))
            .transpose()?;
        if let Some(meter) = meter {
            let is_unknown = meter.calibrated_on.is_none() && self.was_replaced_before(meter.id, until);
            let date = |date: Option<chrono::NaiveDate>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
            let words = |words: &str| {
                if words.is_empty() {
                    "—".to_owned()
                } else {
                    clean(words).into_owned()
                }
            };
            let id = if is_unknown {
                "explain-meter-uncalibrated"
            } else {
                "explain-meter"
            };
            explanation.remarks.push(
                Text::new(id)
                    .with_name("name", &meter.name)
                    .with("serial", words(&meter.serial))
                    .with("accuracy", words(&meter.accuracy))
                    .with("calibrated", date(meter.calibrated_on))
                    .with("until", date(meter.calibrated_until)),
            );
        }
        let newest = self.series(parameter.id).ok().and_then(|series| {
            let changes = series.row.changes.iter();
            changes
                .filter(|recorded| recorded.change.at < until)
                .max_by_key(|recorded| recorded.change.at)
        });
        if let Some(recorded) = newest {
            explanation.remarks.push(
                Text::new("explain-meter-change")
                    .with_instant("at", recorded.change.at)
                    .with("serial", clean(&recorded.change.serial))
                    .with("record", recorded.sequence),
            );
        }
        Ok(())
    }
}

/// The value of a version with all its digits.
pub(super) fn value_of(parameter: &Parameter, version: &Version) -> String {
    from_count(version.value, parameter.decimals).to_string()
}

/// An instant, or an interval from its beginning to its end.
pub(super) fn slot_label(slot: Slot) -> Text {
    if slot.span_s == 0 {
        Text::new("reading-at").with_instant("at", slot.at)
    } else {
        Text::new("reading-interval")
            .with_instant("from", slot.at)
            .with_instant("to", slot.end())
    }
}

/// By which way a version came, and by which record.
pub(super) fn origin_of(version: &Version) -> Text {
    Text::new("reading-origin")
        .with_text("origin", version.origin.text())
        .with("record", version.sequence)
}

pub(super) fn verdict_text(verdict: Verdict) -> Text {
    Text::new(match verdict {
        Verdict::Counts => "verdict-counts",
        Verdict::OutOfRange => "verdict-out-of-range",
        Verdict::MarkedBad => "verdict-marked-bad",
    })
}
