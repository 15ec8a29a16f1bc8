//! The gap form over a page's cells (缺失数据): hours of a parameter that were not measured, and what is to stand in for them.

use std::time::Duration;

use super::model::Wanted;
use super::widgets::field::Field;
use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, PlantZone};
use crate::engine::availability::Availability;
use crate::engine::filling::{Fill, FillBy, FillPreview};
use crate::entry::cell::amount;
use crate::entry::time::{Named, named};
use crate::wire::limits::LONGEST_REASON;

/// Longest time and value that is typed, in characters.
const LONGEST_TIME: usize = 30;
const LONGEST_VALUE: usize = 40;

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first hour.
    From,
    /// The first hour after them.
    To,
    /// What a whole hour counts; nothing has the plan fill them.
    Value,
    /// Why.
    Reason,
}

impl Part {
    /// All of them, from above.
    pub const ALL: [Self; 4] = [Self::From, Self::To, Self::Value, Self::Reason];
}

/// What the daemon says of a stretch or of a decision, and of which.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<Of, What> {
    /// Of which.
    pub of: Of,
    /// What it says.
    pub what: Wanted<What>,
}

/// How much of a stretch was measured; nothing of what is not awaited in every hour.
pub type Measured = Told<(Hour, Hour), Option<Box<Availability>>>;

/// The form as it is filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct GapForm {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// The hours around the cell, and the first after them.
    pub around: (Hour, Hour),
    /// The first hour.
    pub from: Field,
    /// The first hour after them.
    pub to: Field,
    /// What a whole hour counts.
    pub value: Field,
    /// Why.
    pub reason: Field,
    /// The line that has the keys.
    pub part: Part,
    /// When something was typed on which the preview depends, on the terminal's own clock; none where nothing was.
    pub typed: Option<Duration>,
    /// How much of the hours was measured.
    pub measured: Option<Measured>,
    /// What would come of it; of the decision without its reason.
    pub preview: Option<Told<Fill, Box<FillPreview>>>,
    /// Why what was typed last could not be done.
    pub fault: Option<Text>,
}

impl GapForm {
    /// For the hours around a cell, to be filled by the plan.
    pub fn new(parameter: ParameterId, around: (Hour, Hour), zone: &PlantZone) -> Self {
        let time = |hour: Hour| {
            let mut field = Field::new(LONGEST_TIME);
            field.set(&zone.shown_hour(hour));
            field
        };
        Self {
            parameter,
            around,
            from: time(around.0),
            to: time(around.1),
            value: Field::new(LONGEST_VALUE),
            reason: Field::new(LONGEST_REASON),
            part: Part::Value,
            typed: None,
            measured: None,
            preview: None,
            fault: None,
        }
    }

    /// What a line holds.
    pub const fn field(&self, part: Part) -> &Field {
        match part {
            Part::From => &self.from,
            Part::To => &self.to,
            Part::Value => &self.value,
            Part::Reason => &self.reason,
        }
    }

    /// The line that has the keys.
    pub const fn field_mut(&mut self) -> &mut Field {
        match self.part {
            Part::From => &mut self.from,
            Part::To => &mut self.to,
            Part::Value => &mut self.value,
            Part::Reason => &mut self.reason,
        }
    }

    /// The decision, without its reason.
    pub fn decision(&self, parameter: &Parameter, zone: &PlantZone) -> Result<Fill, Text> {
        let value = self.value.text().trim();
        let by = if value.is_empty() {
            FillBy::Plan
        } else {
            FillBy::Value(amount(value, &parameter.unit)?.value)
        };
        Ok(Fill {
            parameter: self.parameter,
            from: hour(&self.from, self.around.0, zone)?,
            to: hour(&self.to, self.around.1, zone)?,
            by,
            reason: String::new(),
        })
    }

    /// What the daemon says would come of a decision; none where it was not asked.
    pub fn preview_of(&self, decision: &Fill) -> Option<&Wanted<Box<FillPreview>>> {
        let told = self.preview.as_ref().filter(|told| told.of == *decision)?;
        Some(&told.what)
    }

    /// How much the daemon says was measured of a stretch; none where it was not asked.
    pub fn measured_of(&self, hours: (Hour, Hour)) -> Option<&Wanted<Option<Box<Availability>>>> {
        let told = self.measured.as_ref().filter(|told| told.of == hours)?;
        Some(&told.what)
    }
}

/// The whole hour that is typed; what was not changed is `as_given`, of which an hour that comes twice has no other name.
fn hour(field: &Field, as_given: Hour, zone: &PlantZone) -> Result<Hour, Text> {
    let text = field.text().trim();
    if text == zone.shown_hour(as_given) {
        return Ok(as_given);
    }
    let Named::At(at) = named(text, zone)? else {
        return Err(Text::new("entry-not-a-time").with("given", clean(text)));
    };
    let hour = zone.hour_of(at);
    if zone.hour_start(hour) == at {
        Ok(hour)
    } else {
        Err(Text::new("cli-not-a-whole-hour").with("given", clean(text)))
    }
}
