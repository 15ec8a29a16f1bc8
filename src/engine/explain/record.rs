//! What a record did: readings before and after it, and the model before and after it.

use std::sync::Arc;

use crate::domain::decimal::from_count;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::reading::{Slot, Version};
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::{Part, Target};

use super::described;
use super::reading::slot_label;

/// A reading before and after a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingChange {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Its tag.
    pub tag: String,
    /// Which reading.
    pub slot: Slot,
    /// Symbol of its unit.
    pub unit: String,
    /// The value on top before, if there was one.
    pub before: Option<String>,
    /// The value on top after, if there is one.
    pub after: Option<String>,
}

impl ReadingChange {
    /// Both values, with a dash for none.
    fn values(&self) -> String {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
        format!("{} → {}", shown(&self.before), shown(&self.after))
    }

    /// In one line.
    pub fn text(&self) -> Text {
        Text::new("record-change-reading")
            .with("tag", &self.tag)
            .with_text("slot", slot_label(self.slot))
            .with("values", self.values())
            .with("unit", &self.unit)
    }

    /// As a part of an explanation.
    pub fn part(&self) -> Part {
        Part {
            label: Text::new("record-reading")
                .with("tag", &self.tag)
                .with_text("slot", slot_label(self.slot)),
            value: Some(self.values()),
            unit: Some(self.unit.clone()),
            numbers: None,
            remark: None,
            target: Some(Target::Reading {
                parameter: self.parameter,
                slot: self.slot,
            }),
        }
    }
}

impl Engine {
    /// What a record made of a reading: the value that stood on top before it, and the one after it.
    pub fn change_by(
        &self,
        history: &dyn History,
        record: Sequence,
        parameter: ParameterId,
        slot: Slot,
    ) -> Result<ReadingChange, Refusal> {
        let series = self.series(parameter)?;
        let versions = self.versions_of(history, parameter, slot)?;
        let on_top_after = |record: Sequence| {
            let then: Vec<Version> = versions
                .iter()
                .filter(|version| version.sequence <= record)
                .map(|version| Version {
                    withdrawn_by: if version.withdrawn_by > record {
                        Sequence(0)
                    } else {
                        version.withdrawn_by
                    },
                    ..*version
                })
                .collect();
            let top = series.on_top(&then).into_iter().next();
            top.map(|top| from_count(top.value, series.decimals).to_string())
        };
        let (tag, unit) = self
            .models
            .versions()
            .filter_map(|applied| described(&applied.model, parameter).ok())
            .last()
            .map_or_else(
                || (parameter.to_string(), String::new()),
                |parameter| (parameter.tag.clone(), parameter.unit.symbol().to_owned()),
            );
        Ok(ReadingChange {
            parameter,
            tag,
            slot,
            unit,
            before: on_top_after(Sequence(record.0.saturating_sub(1))),
            after: on_top_after(record),
        })
    }

    /// The model that a record put in force, after the one that was in force before it; `None` where it is none of those
    /// records.
    pub fn model_by(&self, record: Sequence) -> Option<(Option<&Arc<SiteModel>>, &Arc<SiteModel>)> {
        let mut before = None;
        for applied in self.models.versions() {
            if applied.sequence == record {
                return Some((before, &applied.model));
            }
            before = Some(&applied.model);
        }
        None
    }
}
