//! Sliding windows (滑动窗口) with exact contents: no figure is ever carried on by subtracting, so none drifts.

use serde::{Deserialize, Serialize};

use std::collections::VecDeque;

use super::figure::counted;
use crate::domain::time::Instant;

/// Mean and scatter of some values, which can be put together with others (Chan, Golub and `LeVeque` 1979).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moments {
    /// How many values.
    pub count: u32,
    /// Their mean; 0 where there are none.
    pub mean: f64,
    /// Sum of the squares of their distances from the mean.
    pub squares: f64,
}

impl Moments {
    /// Of one value.
    pub const fn of(value: f64) -> Self {
        Self {
            count: 1,
            mean: value,
            squares: 0.0,
        }
    }

    /// Of these values and those together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let count = self.count.saturating_add(other.count);
        let share = f64::from(other.count) / f64::from(count);
        let apart = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + other.squares + apart * apart * f64::from(self.count) * share,
        }
    }

    /// Takes a value in.
    pub fn take(&mut self, value: f64) {
        *self = self.with(Self::of(value));
    }

    /// Standard deviation with n − 1; 0 of fewer than two values.
    pub fn deviation(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        let variance = self.squares / f64::from(self.count - 1);
        // What is beyond all numbers stays so; rounding may leave a little less than nothing.
        if variance < 0.0 { 0.0 } else { variance.sqrt() }
    }
}

/// The mean of some values, for where their scatter is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Mean {
    /// How many values.
    pub count: u32,
    /// Their mean; 0 where there are none.
    pub mean: f64,
}

impl Mean {
    /// Takes a value in.
    pub fn take(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        self.mean += (value - self.mean) / f64::from(self.count);
    }
}

/// The moments of the values of a stretch of time: two stacks, each with the moments from its bottom on, so that taking
/// the oldest value away is looking one entry further, not subtracting.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MomentsWindow {
    window_ms: i64,
    /// The older values, the oldest last, each with the moments of it and all newer ones in this stack.
    old: Vec<(Instant, Moments)>,
    /// The newer values, the newest last.
    new: Vec<(Instant, f64)>,
    /// The moments of the newer values.
    new_moments: Moments,
    /// When the oldest value was taken in that is or was in the window since it was last empty.
    since: Instant,
}

impl MomentsWindow {
    /// An empty window over `window_ms`: of the values with stamps in (at − window, at].
    pub const fn new(window_ms: i64) -> Self {
        Self {
            window_ms,
            old: Vec::new(),
            new: Vec::new(),
            new_moments: Moments {
                count: 0,
                mean: 0.0,
                squares: 0.0,
            },
            since: Instant(0),
        }
    }

    /// Moves the window on to a stamp, which must not be before the last one.
    pub fn move_to(&mut self, at: Instant) {
        let edge = at.plus(-self.window_ms);
        loop {
            match self.old.last() {
                Some(&(oldest, _)) if oldest <= edge => {
                    self.old.pop();
                }
                Some(_) => return,
                None => {
                    // Only of an empty stack the other is turned over, so each value is turned once.
                    if self.new.first().is_none_or(|&(oldest, _)| oldest > edge) {
                        return;
                    }
                    let mut moments = Moments::default();
                    while let Some((at, value)) = self.new.pop() {
                        moments = Moments::of(value).with(moments);
                        self.old.push((at, moments));
                    }
                    self.new_moments = Moments::default();
                }
            }
        }
    }

    /// Takes a value in, with the window moved on to it.
    pub fn push(&mut self, at: Instant, value: f64) {
        self.move_to(at);
        if self.old.is_empty() && self.new.is_empty() {
            self.since = at;
        }
        self.new.push((at, value));
        self.new_moments.take(value);
    }

    /// The moments of what is in the window.
    pub fn moments(&self) -> Moments {
        self.old
            .last()
            .map_or(self.new_moments, |(_, moments)| moments.with(self.new_moments))
    }

    /// Whether values have come for as long as the window is.
    pub fn is_full(&self, at: Instant) -> bool {
        self.moments().count > 0 && at.since(self.since) >= self.window_ms
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.window_ms);
    }
}

/// An entry of a monotonic queue.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Extreme {
    number: u64,
    value: f64,
    /// Stamp of the reading after it; that of the reading itself while there is none.
    next: Instant,
}

/// The longest run up to the newest reading whose values lie within a tolerance, looked at over a bounded time.
///
/// Two monotonic queues hold the run's smallest and largest value; each reading enters and leaves each queue once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    tolerance: f64,
    window_ms: i64,
    lowest: VecDeque<Extreme>,
    highest: VecDeque<Extreme>,
    number: u64,
    first: u64,
    since: Instant,
}

impl Run {
    /// An empty run. What is older than `window_ms`, but for the last reading at or before that edge, is not compared any
    /// more; the run goes on.
    pub const fn new(tolerance: f64, window_ms: i64) -> Self {
        Self {
            tolerance,
            window_ms,
            lowest: VecDeque::new(),
            highest: VecDeque::new(),
            number: 0,
            first: 0,
            since: Instant(0),
        }
    }

    /// Takes the next reading in.
    pub fn push(&mut self, at: Instant, value: f64) {
        if self.lowest.is_empty() {
            self.since = at;
            self.first = self.number;
        }
        let edge = at.plus(-self.window_ms);
        let entry = Extreme {
            number: self.number,
            value,
            next: at,
        };
        self.number += 1;
        for (queue, sign) in [(&mut self.lowest, 1.0), (&mut self.highest, -1.0)] {
            // The reading before this one is always the last of both queues.
            if let Some(last) = queue.back_mut() {
                last.next = at;
            }
            while queue.back().is_some_and(|last| last.value * sign >= value * sign) {
                queue.pop_back();
            }
            queue.push_back(entry);
            while queue.len() > 1 && queue.front().is_some_and(|first| first.next <= edge) {
                queue.pop_front();
            }
        }
        while self.range() > self.tolerance {
            let low = self.lowest.front().map_or(u64::MAX, |first| first.number);
            let high = self.highest.front().map_or(u64::MAX, |first| first.number);
            let queue = if low < high {
                &mut self.lowest
            } else {
                &mut self.highest
            };
            let Some(gone) = queue.pop_front() else { break };
            self.first = gone.number + 1;
            self.since = gone.next;
            let first = self.first;
            for queue in [&mut self.lowest, &mut self.highest] {
                while queue.len() > 1 && queue.front().is_some_and(|entry| entry.number < first) {
                    queue.pop_front();
                }
            }
        }
    }

    /// Largest less smallest value of the run.
    pub fn range(&self) -> f64 {
        match (self.highest.front(), self.lowest.front()) {
            (Some(highest), Some(lowest)) => highest.value - lowest.value,
            _ => 0.0,
        }
    }

    /// Stamp of the run's first reading.
    pub const fn since(&self) -> Instant {
        self.since
    }

    /// How many readings the run has.
    pub const fn count(&self) -> u64 {
        self.number - self.first
    }

    /// Begins anew with the next reading.
    pub fn clear(&mut self) {
        self.lowest.clear();
        self.highest.clear();
    }
}

/// The last values in their order and in the order of size: median and scatter of a fixed number of values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sorted {
    most: usize,
    arrived: VecDeque<f64>,
    ordered: Vec<f64>,
}

impl Sorted {
    /// Of the last `most` values.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            arrived: VecDeque::new(),
            ordered: Vec::new(),
        }
    }

    /// Takes a value in; the oldest of too many goes.
    pub fn push(&mut self, value: f64) {
        if self.arrived.len() == self.most
            && let Some(oldest) = self.arrived.pop_front()
        {
            let place = self.ordered.partition_point(|&other| other < oldest);
            if place < self.ordered.len() {
                self.ordered.remove(place);
            }
        }
        self.arrived.push_back(value);
        let place = self.ordered.partition_point(|&other| other < value);
        self.ordered.insert(place, value);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.arrived.clear();
        self.ordered.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ordered.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    /// The median; of an even number the mean of the two in the middle. `None` of none.
    pub fn median(&self) -> Option<f64> {
        let length = self.ordered.len();
        let high = *self.ordered.get(length / 2)?;
        if length % 2 == 1 {
            return Some(high);
        }
        let low = *self.ordered.get(length / 2 - 1)?;
        Some(f64::midpoint(low, high))
    }

    /// The median distance from a centre, of an even number the larger of the two in the middle. Found by walking from
    /// the centre outwards in the sorted values, half of them at most.
    pub fn median_distance(&self, centre: f64) -> Option<f64> {
        let wanted = self.ordered.len() / 2;
        let mut above = self.ordered.partition_point(|&value| value < centre);
        let mut below = above;
        let mut distance = None;
        for _ in 0..=wanted {
            let up = self.ordered.get(above).map(|value| value - centre);
            let down = below
                .checked_sub(1)
                .and_then(|place| self.ordered.get(place))
                .map(|value| centre - value);
            distance = match (down, up) {
                (Some(down), Some(up)) if down <= up => {
                    below -= 1;
                    Some(down)
                }
                (_, Some(up)) => {
                    above += 1;
                    Some(up)
                }
                (Some(down), None) => {
                    below -= 1;
                    Some(down)
                }
                (None, None) => return distance,
            };
        }
        distance
    }
}

/// Mean distance of values from zero that forgets exponentially; a value counts at most three times what is usual, so that
/// what is to be found does not widen its own limit. What is usual at first is told by a median.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Usual {
    mean: f64,
    count: u32,
    /// The first distances, until there are enough.
    first: Option<Box<Sorted>>,
}

/// Values after which [`Usual`] says something.
const LEAST_USUAL: u32 = 30;

/// Weight of the newest value once many came.
const USUAL_WEIGHT: f64 = 1.0 / 200.0;

/// One of the first distances counts at most so many times their median.
const MOST_AT_FIRST: f64 = 6.0;

impl Usual {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            mean: 0.0,
            count: 0,
            first: None,
        }
    }

    /// Takes a distance in; one that is not finite says nothing.
    pub fn take(&mut self, distance: f64) {
        if !distance.is_finite() {
            return;
        }
        self.count = self.count.saturating_add(1);
        if self.mean > 0.0 {
            let weight = (1.0 / f64::from(self.count)).max(USUAL_WEIGHT);
            self.mean += (distance.min(3.0 * self.mean) - self.mean) * weight;
            return;
        }
        let most = usize::try_from(LEAST_USUAL).unwrap_or(usize::MAX);
        let first = self.first.get_or_insert_with(|| Box::new(Sorted::new(most)));
        first.push(distance);
        if first.len() == most {
            // Where nothing ever moved the next ones tell.
            self.mean = mean_at_first(first);
            self.first = None;
        }
    }

    /// The mean, once enough values came.
    pub fn get(&self) -> Option<f64> {
        (self.count >= LEAST_USUAL).then_some(self.mean)
    }
}

impl Default for Usual {
    fn default() -> Self {
        Self::new()
    }
}

/// The mean of distances, each cut to some times their median, or to the least of their largest fifth where most are 0.
fn mean_at_first(first: &Sorted) -> f64 {
    let distances = &first.ordered;
    let median = first.median().unwrap_or(0.0);
    let upper = distances.get(distances.len() * 4 / 5).copied().unwrap_or(0.0);
    let most = MOST_AT_FIRST * if median > 0.0 { median } else { upper };
    let count = counted(distances.len());
    distances.iter().map(|distance| distance.min(most) / count).sum()
}

/// The standard deviation of values whose mean distance from their centre is this, were they normal.
pub fn deviation_of_mean_distance(distance: f64) -> f64 {
    distance * 1.253_314_137_315_5
}

/// The median of some values, which are put in order; `None` of none.
pub fn median_of(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let length = values.len();
    let high = *values.get(length / 2)?;
    if length % 2 == 1 {
        return Some(high);
    }
    Some(f64::midpoint(*values.get(length / 2 - 1)?, high))
}

/// The robust standard deviation of residuals: 1.4826 times their median distance from their median.
pub fn robust_deviation(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    let Some(centre) = median_of(&mut sorted) else {
        return 0.0;
    };
    let mut distances: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    let median = median_of(&mut distances).unwrap_or(0.0) * 1.4826;
    if median > 0.0 {
        return median;
    }
    // More than half of the values are the same: their mean distance still says something of the others.
    let mean = values.iter().map(|value| (value - centre).abs()).sum::<f64>() / counted(values.len()).max(1.0);
    deviation_of_mean_distance(mean)
}
