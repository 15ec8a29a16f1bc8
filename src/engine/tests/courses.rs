//! Courses: what a chart draws is what the readings were.

use crate::domain::identity::ParameterId;
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::time::Instant;
use crate::engine::course::{Course, CourseColumn, CourseMarks, MOST_READ, MadeOf, Measure};

use super::plant::{COAL, OIL, OXYGEN, POWER, QUARTER, Site, at, interval, reading};

fn course(site: &Site, parameter: ParameterId, from: i64, to: i64, columns: u16, now: i64) -> Course {
    let courses = site
        .engine
        .courses(&site.history, &[parameter], (at(from), at(to)), columns, at(now));
    courses.unwrap().remove(0)
}

fn column(course: &Course, place: u16) -> Option<CourseColumn> {
    course.known.iter().find(|column| column.column == place).copied()
}

fn ends(course: &Course, place: u16) -> Option<(i64, i64, u32)> {
    let values = column(course, place)?.values?;
    Some((values.low, values.high, values.count))
}

fn minutes(parameter: ParameterId, from: i64, to: i64, value: impl Fn(i64) -> i64) -> Vec<Incoming> {
    (from..to)
        .map(|minute| reading(parameter, minute, value(minute)))
        .collect()
}

#[test]
fn values_gaps_and_what_must_be_said_of_them() {
    let mut site = Site::new();
    // An hour of minutes with twenty minutes missing in it.
    let present = |minute: &Incoming| !(at(20)..at(40)).contains(&minute.slot.at);
    let all = minutes(COAL, 0, 60, |minute| 60_000 + minute);
    site.bring(Origin::Connector, all.into_iter().filter(present).collect());
    site.bring(Origin::Typed, vec![reading(COAL, 45, 77_000)]);
    site.bring(Origin::Correction, vec![reading(COAL, 50, 50_000)]);
    let bad = Incoming {
        quality: Quality::Bad,
        ..reading(COAL, 55, 999_000)
    };
    site.bring(Origin::Correction, vec![bad]);
    site.checkpoint();
    let course = course(&site, COAL, 0, 60, 12, 60);
    assert_eq!((course.made_of, course.measure), (MadeOf::Readings, Measure::Value));
    assert_eq!(ends(&course, 0), Some((60_000, 60_004, 5)));
    // Minute 19 is the last before the gap: three columns lie in it whole, one in part.
    let gaps: Vec<i64> = (0..12)
        .map(|place| column(&course, place).map_or(0, |column| column.gap_ms / 60_000))
        .collect();
    assert_eq!(gaps, [0, 0, 0, 1, 5, 5, 5, 5, 0, 0, 0, 0]);
    assert_eq!(column(&course, 5).unwrap().values, None);
    let marks = |place| column(&course, place).unwrap().marks;
    // What is measured stands over what is typed; a correction stands over both.
    assert!(!marks(9).has(CourseMarks::TYPED));
    assert!(marks(10).has(CourseMarks::CORRECTED));
    assert_eq!(ends(&course, 10), Some((50_000, 60_054, 5)));
    assert!(marks(11).has(CourseMarks::REFUSED));
    assert_eq!(ends(&course, 11), Some((60_056, 60_059, 4)));
}

#[test]
fn a_value_holds_up_to_its_limit_and_then_there_is_a_gap_until_now() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 60_000), reading(COAL, 2, 61_000)],
    );
    // At minute 4 the value of minute 2 still holds; the limit is three minutes.
    let held = course(&site, COAL, 0, 10, 10, 4);
    assert_eq!(ends(&held, 1), Some((60_000, 60_000, 0)));
    assert_eq!(ends(&held, 3), Some((61_000, 61_000, 0)));
    assert_eq!(column(&held, 4), None);
    let stale = course(&site, COAL, 0, 10, 10, 8);
    assert_eq!(
        column(&stale, 3).map(|column| (column.values, column.gap_ms)),
        Some((None, 60_000))
    );
    assert_eq!(column(&stale, 8), None, "what is to come is no gap");
    // What held at the beginning was read before it.
    assert_eq!(ends(&course(&site, COAL, 1, 3, 4, 3), 0), Some((60_000, 60_000, 0)));
    // Before the first reading ever nothing is missing.
    assert!(course(&site, COAL, -60, 0, 6, 8).known.is_empty());
}

#[test]
fn counters_and_amounts_are_told_by_the_hour() {
    let mut site = Site::new();
    // 30 kWh for one of the register, which passes its rollover at 10,000.
    let register = |quarter: i64, value: i64| reading(POWER, quarter * 15, value * 1000);
    site.bring(
        Origin::Connector,
        vec![register(0, 9_990), register(1, 9_995), register(2, 5), register(3, 6)],
    );
    let course_of = course(&site, POWER, 0, 45, 3, 45);
    assert_eq!(course_of.measure, Measure::PerHour);
    assert_eq!(ends(&course_of, 0), Some((600_000, 600_000, 1)));
    assert_eq!(ends(&course_of, 1), Some((1_200_000, 1_200_000, 1)));
    let whole = course(&site, POWER, 0, 45, 1, 45).known[0].values.unwrap();
    assert_eq!((whole.low, whole.high), (120_000, 1_200_000));
    // 150 + 300 + 30 kWh in three quarters are 640 kW.
    assert_eq!(whole.sum, 640_000 * whole.weight);

    site.bring(
        Origin::File,
        vec![interval(QUARTER, 0, 15, 2_500), interval(QUARTER, 15, 15, 5_000)],
    );
    let course_of = course(&site, QUARTER, 0, 30, 2, 30);
    assert_eq!(ends(&course_of, 0), Some((10_000, 10_000, 1)));
    assert_eq!(ends(&course_of, 1), Some((20_000, 20_000, 1)));

    // Trucks: what came in an hour.
    site.bring(
        Origin::File,
        vec![interval(OIL, 70, 0, 8_000), interval(OIL, 80, 0, 9_000)],
    );
    let course_of = course(&site, OIL, 0, 180, 3, 180);
    assert_eq!(course_of.made_of, MadeOf::Hours);
    assert_eq!(ends(&course_of, 1), Some((17_000, 17_000, 1)));
    assert_eq!(course_of.known.len(), 1, "no truck is no gap");
}

#[test]
fn a_long_stretch_is_made_of_hours_with_the_same_sums() {
    let mut site = Site::new();
    for day in 0..3 {
        let readings = minutes(COAL, day * 1440, (day + 1) * 1440, |minute| 60_000 + minute % 97);
        site.bring(Origin::Connector, readings);
    }
    site.bring(Origin::Connector, vec![reading(COAL, 3 * 1440, 60_000)]);
    site.checkpoint();
    let days = 500;
    let hours = course(&site, COAL, 0, days * 1440, 250, 3 * 1440);
    assert_eq!(hours.made_of, MadeOf::Hours);
    let short = site
        .engine
        .course(&site.history, COAL, (at(0), at(4 * 1440)), 2, at(3 * 1440), 10)
        .unwrap();
    assert_eq!(short.made_of, MadeOf::Hours);
    let read = course(&site, COAL, 0, 4 * 1440, 2, 3 * 1440);
    assert_eq!(read.made_of, MadeOf::Readings);
    for place in 0..2 {
        let (hourly, read) = (column(&short, place).unwrap(), column(&read, place).unwrap());
        let (hourly, read) = (hourly.values.unwrap(), read.values.unwrap());
        // Straight lines between minutes that rise and fall: the mean over time is within a quantum of that of readings.
        let mean = |sum: i128, weight: i128| sum * 1000 / weight;
        assert!((mean(hourly.sum, hourly.weight) - mean(read.sum, read.weight)).abs() < 1000);
        assert!(hourly.low >= read.low && hourly.high <= read.high);
    }
    assert!(hours.known.iter().all(|column| column.gap_ms == 0));
}

#[test]
fn what_has_no_hours_is_read_as_far_as_may_be_and_says_so() {
    let mut site = Site::new();
    for day in 0..8 {
        let readings = minutes(OXYGEN, day * 1440, (day + 1) * 1440, |minute| 3_000 + minute % 7);
        site.bring(Origin::Connector, readings);
        site.checkpoint();
    }
    let all = (at(0), at(8 * 1440));
    let part = site
        .engine
        .course(&site.history, OXYGEN, all, 2, at(8 * 1440), 2_000)
        .unwrap();
    let read: u32 = part
        .known
        .iter()
        .filter_map(|column| column.values)
        .map(|values| values.count)
        .sum();
    assert!(read < 6 * 1440, "{read}");
    assert!(part.known.iter().all(|column| column.marks.has(CourseMarks::PARTIAL)));
    assert!(
        part.known.iter().all(|column| column.gap_ms == 0),
        "what was not read is no gap"
    );
    let whole = site
        .engine
        .course(&site.history, OXYGEN, all, 2, at(8 * 1440), MOST_READ)
        .unwrap();
    assert!(whole.known.iter().all(|column| column.marks == CourseMarks::default()));
    assert_eq!(
        whole
            .known
            .iter()
            .filter_map(|column| column.values)
            .map(|values| values.count)
            .sum::<u32>(),
        8 * 1440
    );
}

#[test]
fn an_unknown_parameter_is_refused() {
    let site = Site::new();
    let nowhere = ParameterId(99);
    let stretch = (Instant(0), at(1));
    assert!(
        site.engine
            .courses(&site.history, &[nowhere], stretch, 3, at(1))
            .is_err()
    );
}
