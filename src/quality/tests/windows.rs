//! Windows that slide against windows that are looked through from the beginning each time.

use proptest::prelude::*;

use super::*;
use crate::quality::window::{Moments, MomentsWindow, Run, Sorted};

/// Steps of time and values: few values, so that runs happen.
fn series() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((1_i64..30, -4_i64..4), 1..80)
}

fn stamped(series: &[(i64, i64)]) -> Vec<(Instant, f64)> {
    let mut now = START;
    series
        .iter()
        .map(|&(step, value)| {
            now = now.plus(step * 1000);
            (now, f64::from(i32::try_from(value).unwrap()))
        })
        .collect()
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn moments_are_those_of_the_window(series in series(), window in 1_i64..200) {
        let values = stamped(&series);
        let mut sliding = MomentsWindow::new(window * 1000);
        for (place, &(now, value)) in values.iter().enumerate() {
            sliding.push(now, value);
            let inside: Vec<f64> = values[..=place]
                .iter()
                .filter(|(then, _)| now.since(*then) < window * 1000)
                .map(|(_, value)| *value)
                .collect();
            let count = f64::from(u32::try_from(inside.len()).unwrap());
            let mean = inside.iter().sum::<f64>() / count;
            let squares: f64 = inside.iter().map(|value| (value - mean).powi(2)).sum();
            let moments = sliding.moments();
            prop_assert_eq!(moments.count as usize, inside.len());
            prop_assert!((moments.mean - mean).abs() < 1e-9 && (moments.squares - squares).abs() < 1e-7);
        }
    }

    #[test]
    fn a_run_lasts_as_long_as_its_definition_says(series in series(), window in 1_i64..200, tolerance in 0_i64..3) {
        let values = stamped(&series);
        let tolerance = f64::from(i32::try_from(tolerance).unwrap());
        let mut run = Run::new(tolerance, window * 1000);
        for (place, &(now, value)) in values.iter().enumerate() {
            run.push(now, value);
            let edge = now.plus(-window * 1000);
            // The window begins with the last reading at or before its edge.
            let first = values[..=place].iter().rposition(|(then, _)| *then <= edge);
            let covered = first.is_some_and(|first| {
                let inside = values[first..=place].iter().map(|(_, value)| *value);
                let (low, high) = (inside.clone().fold(f64::MAX, f64::min), inside.fold(f64::MIN, f64::max));
                high - low <= tolerance
            });
            prop_assert_eq!(now.since(run.since()) >= window * 1000, covered, "at {}", place);
        }
    }

    #[test]
    fn medians_are_those_of_the_last_values(values in prop::collection::vec(-50_i32..50, 1..80), most in 1_usize..20) {
        let mut sorted = Sorted::new(most);
        for place in 0..values.len() {
            sorted.push(f64::from(values[place]));
            let mut inside: Vec<f64> = values[(place + 1).saturating_sub(most)..=place]
                .iter()
                .map(|&value| f64::from(value))
                .collect();
            inside.sort_by(f64::total_cmp);
            let middle = inside.len() / 2;
            let median = if inside.len() % 2 == 1 { inside[middle] } else { f64::midpoint(inside[middle - 1], inside[middle]) };
            prop_assert_eq!(sorted.median(), Some(median));
            let mut distances: Vec<f64> = inside.iter().map(|value| (value - median).abs()).collect();
            distances.sort_by(f64::total_cmp);
            prop_assert_eq!(sorted.median_distance(median), Some(distances[middle]));
        }
    }
}

#[test]
fn moments_do_not_drift_however_long_they_slide() {
    let mut window = MomentsWindow::new(60_000);
    for second in 0..2_000_000_i64 {
        // A large value now and then: what is subtracted afterwards would leave its rounding behind.
        let value = if second % 1000 == 0 {
            1e12
        } else {
            1.0 + f64::from(u8::try_from(second % 2).unwrap())
        };
        window.push(Instant(second * 1000), value);
    }
    let moments = window.moments();
    assert_eq!(moments.count, 60);
    assert!(
        (moments.mean - 1.5).abs() < 1e-12 && (moments.squares - 15.0).abs() < 1e-9,
        "{moments:?}"
    );
}

#[test]
fn moments_of_parts_are_those_of_the_whole() {
    let values = [3.0, -1.0, 4.0, 1.0, -5.0, 9.0];
    let all = values
        .iter()
        .fold(Moments::default(), |sum, &value| sum.with(Moments::of(value)));
    let (left, right) = values.split_at(2);
    let part = |part: &[f64]| {
        part.iter()
            .fold(Moments::default(), |sum, &value| sum.with(Moments::of(value)))
    };
    let together = part(left).with(part(right));
    assert!((all.mean - together.mean).abs() < 1e-12 && (all.squares - together.squares).abs() < 1e-9);
}
