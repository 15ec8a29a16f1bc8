//! Profiles (基准曲线): what a channel usually shows at an hour of the day or at a load, learned from blocks of readings.

use serde::{Deserialize, Serialize};

use super::figure::counted;
use super::settings::{SettingsError, count};
use super::window::{median_of, robust_deviation};

/// By what a profile tells what to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfileBy {
    /// By the plant's hour of the day.
    HourOfDay,
    /// By the load of the process, in so many steps between the smallest and the largest that was learned.
    Load {
        /// Number of steps.
        steps: u32,
    },
    /// By nothing: the mean of what was learned.
    Nothing,
}

impl ProfileBy {
    /// By load in 2 to 50 steps.
    pub fn load(steps: u32) -> Result<Self, SettingsError> {
        Ok(Self::Load {
            steps: count("steps", steps, 2, 50)?,
        })
    }
}

/// The mean of a block of readings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Hour of the day, 0 to 23, at its start.
    pub hour: u32,
    /// Mean load; NaN where none is known.
    pub load: f64,
    /// Mean value.
    pub value: f64,
}

/// What is expected: a value, and by how much it usually is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The value.
    pub value: f64,
    /// The standard deviation about it.
    pub deviation: f64,
}

/// A step of a profile that was learned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Step {
    /// Mean load of its blocks.
    load: f64,
    /// Mean value of its blocks.
    value: f64,
    deviation: f64,
}

/// A profile that was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    by: ProfileBy,
    /// Smallest and largest load.
    loads: (f64, f64),
    steps: Vec<Option<Step>>,
}

/// Residuals beyond so many standard deviations do not shape a profile.
const OUTSIDE: f64 = 5.0;

/// The least scatter of a step, as a share of that of the step that scatters most.
const LEAST_SHARE: f64 = 0.05;

/// How many blocks the scatter of all counts against that of a step.
const SHARED: f64 = 8.0;

impl Profile {
    /// Learns a profile; `None` where the blocks say nothing, as a load that is nowhere known.
    pub fn learn(by: ProfileBy, blocks: &[Block]) -> Option<Self> {
        let first = Self::fit(by, blocks, None)?;
        let residuals: Vec<f64> = blocks.iter().filter_map(|block| first.residual(block)).collect();
        let limit = OUTSIDE * robust_deviation(&residuals);
        if limit <= 0.0 {
            return Some(first);
        }
        // Once more without what was wrong while it learned.
        Self::fit(by, blocks, Some((&first, limit)))
    }

    fn fit(by: ProfileBy, blocks: &[Block], trusted: Option<(&Self, f64)>) -> Option<Self> {
        let usable = |block: &&Block| {
            (!matches!(by, ProfileBy::Load { .. }) || block.load.is_finite())
                && trusted.is_none_or(|(profile, limit)| {
                    profile.residual(block).is_some_and(|residual| residual.abs() <= limit)
                })
        };
        let count = match by {
            ProfileBy::HourOfDay => 24,
            ProfileBy::Load { steps } => usize::try_from(steps).unwrap_or(2),
            ProfileBy::Nothing => 1,
        };
        let loads = blocks
            .iter()
            .filter(usable)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), block| {
                (low.min(block.load), high.max(block.load))
            });
        let mut profile = Self {
            by,
            loads,
            steps: vec![None; count],
        };
        let mut of_steps: Vec<(Vec<f64>, Vec<f64>)> = vec![(Vec::new(), Vec::new()); count];
        for block in blocks.iter().filter(usable) {
            if let Some((loads, values)) = of_steps.get_mut(profile.place(block)) {
                loads.push(block.load);
                values.push(block.value);
            }
        }
        // Medians first, which what is wrong hardly moves; means of what then is trusted.
        let middle = |values: &mut Vec<f64>| {
            if trusted.is_none() {
                return median_of(values);
            }
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / counted(values.len()))
        };
        for (step, (loads, values)) in profile.steps.iter_mut().zip(&mut of_steps) {
            *step = middle(loads).zip(middle(values)).map(|(load, value)| Step {
                load,
                value,
                deviation: 0.0,
            });
        }
        if profile.steps.iter().all(Option::is_none) {
            return None;
        }
        profile.scatter(blocks, &usable);
        Some(profile)
    }

    /// Learns by how much blocks are off: by step, drawn towards the scatter of all.
    fn scatter(&mut self, blocks: &[Block], usable: &impl Fn(&&Block) -> bool) {
        let mut of_steps: Vec<Vec<f64>> = vec![Vec::new(); self.steps.len()];
        let mut all = Vec::new();
        for block in blocks.iter().filter(usable) {
            if let Some(residual) = self.residual(block) {
                all.push(residual);
                if let Some(list) = of_steps.get_mut(self.place(block)) {
                    list.push(residual);
                }
            }
        }
        let shared = robust_deviation(&all);
        for (step, residuals) in self.steps.iter_mut().zip(&of_steps) {
            if let Some(step) = step {
                let (own, count) = (robust_deviation(residuals), counted(residuals.len()));
                let variance = (own * own * count + shared * shared * SHARED) / (count + SHARED);
                step.deviation = variance.sqrt();
            }
        }
        let most = self.steps.iter().flatten().map(|step| step.deviation);
        let least = LEAST_SHARE * most.fold(0.0, f64::max);
        for step in self.steps.iter_mut().flatten().filter(|step| step.deviation <= 0.0) {
            step.deviation = least;
        }
    }

    /// Whether anything that was learned ever moved, by an amount that can be told.
    pub fn scatters(&self) -> bool {
        let mut steps = self.steps.iter().flatten();
        steps.any(|step| step.deviation > 0.0 && step.deviation.is_finite())
    }

    fn place(&self, block: &Block) -> usize {
        match self.by {
            ProfileBy::HourOfDay => usize::try_from(block.hour.min(23)).unwrap_or(0),
            ProfileBy::Nothing => 0,
            ProfileBy::Load { steps } => {
                let (low, high) = self.loads;
                let length = (high - low) / f64::from(steps);
                let edge = |step: u32| low + length * f64::from(step);
                let place = (1..steps).find(|&step| block.load < edge(step)).unwrap_or(steps);
                usize::try_from(place - 1).unwrap_or(0)
            }
        }
    }

    /// What is expected at the hour and load of a block; `None` where it was not learned.
    pub fn expected(&self, block: &Block) -> Option<Expected> {
        if !matches!(self.by, ProfileBy::Load { .. }) {
            let step = (*self.steps.get(self.place(block))?)?;
            return Some(Expected {
                value: step.value,
                deviation: step.deviation,
            });
        }
        let (low, high) = self.loads;
        let beyond = 0.05 * (high - low);
        if !(block.load >= low - beyond && block.load <= high + beyond) {
            return None;
        }
        // Between the middles of the two nearest steps, straight.
        let mut known = self.steps.iter().flatten();
        let mut left = known.next()?;
        let Some(mut right) = known.next() else {
            return Some(Expected {
                value: left.value,
                deviation: left.deviation,
            });
        };
        for step in known {
            if block.load <= right.load {
                break;
            }
            (left, right) = (right, step);
        }
        let apart = right.load - left.load;
        let share = if apart > 0.0 {
            (block.load - left.load) / apart
        } else {
            0.0
        };
        Some(Expected {
            value: left.value + (right.value - left.value) * share,
            deviation: left.deviation + (right.deviation - left.deviation) * share.clamp(0.0, 1.0),
        })
    }

    fn residual(&self, block: &Block) -> Option<f64> {
        Some(block.value - self.expected(block)?.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_load(load: f64, value: f64) -> Block {
        Block { hour: 0, load, value }
    }

    #[test]
    fn a_load_profile_lies_between_its_steps_and_ends_with_what_was_learned() {
        let blocks: Vec<Block> = (0..200)
            .map(|number| {
                let load = f64::from(number) / 2.0;
                at_load(load, 3.0 * load + if number % 2 == 0 { 0.5 } else { -0.5 })
            })
            .collect();
        let profile = Profile::learn(ProfileBy::load(10).unwrap(), &blocks).unwrap();
        for load in [0.0, 12.0, 50.0, 99.0, 102.0] {
            let expected = profile.expected(&at_load(load, 0.0)).unwrap();
            assert!((expected.value - 3.0 * load).abs() < 0.5, "{load}: {expected:?}");
            assert!((0.3..1.2).contains(&expected.deviation), "{load}: {expected:?}");
        }
        assert_eq!(profile.expected(&at_load(120.0, 0.0)), None);
        assert_eq!(profile.expected(&at_load(f64::NAN, 0.0)), None);
        assert_eq!(
            Profile::learn(ProfileBy::load(4).unwrap(), &[at_load(f64::NAN, 1.0)]),
            None
        );
    }

    #[test]
    fn what_was_wrong_while_it_learned_does_not_shape_it() {
        let mut blocks: Vec<Block> = (0..96)
            .map(|number| Block {
                hour: number % 24,
                load: f64::NAN,
                value: f64::from(number % 24) + f64::from(number % 5) * 0.1,
            })
            .collect();
        if let Some(block) = blocks.get_mut(30) {
            block.value = 1e6;
        }
        let profile = Profile::learn(ProfileBy::HourOfDay, &blocks).unwrap();
        for block in &blocks[..24] {
            let expected = profile.expected(block).unwrap();
            assert!((expected.value - f64::from(block.hour)).abs() < 0.5, "{expected:?}");
        }
    }
}
