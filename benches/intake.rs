//! How fast a file becomes readings, on one core: cells a second, long and wide.

use std::fmt::Write as _;
use std::io::Cursor;

use carbonwatch::connect::csv::{CsvSource, IntakeOptions};
use carbonwatch::connect::mapping::Mapping;
use carbonwatch::domain::identity::{NodeId, ParameterId};
use carbonwatch::domain::model::{Integration, Limits, Name, Parameter, SiteModel};
use carbonwatch::domain::reading::ParameterKind;
use carbonwatch::domain::time::PlantZone;
use carbonwatch::domain::unit::Unit;
use divan::Bencher;
use divan::counter::ItemsCount;
use rust_decimal::Decimal;

const COLUMNS: u32 = 10;
const ROWS: u32 = 10_000;

fn main() {
    divan::main();
}

#[allow(clippy::expect_used, reason = "constants of this file")]
fn model() -> SiteModel {
    let unit = Unit::parse("kWh").expect("a unit");
    SiteModel {
        simulated: true,
        parameters: (1..=COLUMNS)
            .map(|number| Parameter {
                id: ParameterId(number),
                tag: format!("E-{number}"),
                name: Name::default(),
                kind: ParameterKind::Amount,
                unit: unit.clone(),
                decimals: 3,
                node: NodeId(1),
                meter: None,
                interval_ms: 60_000,
                calendar: None,
                gap_limit_ms: 60_000,
                integration: Integration::Step,
                possible: Limits::default(),
                operating: Limits::default(),
                deadband: Decimal::ZERO,
                delay_ms: 0,
                origins: Vec::new(),
                key: false,
                block_hours: 24,
                capacity: None,
                missing: None,
                untested: None,
                checks: None,
                alarms: None,
            })
            .collect(),
        ..SiteModel::empty("bench", PlantZone::parse("Asia/Shanghai").expect("a zone"))
    }
}

const STAMP: &str =
    "[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M:%S\"\nmarks = \"start\"\ninterval = \"1 min\"\n";

fn stamp(row: u32) -> String {
    let (day, minute) = (row / 1440 + 1, row % 1440);
    format!("2025-03-{day:02} {:02}:{:02}:00", minute / 60, minute % 60)
}

fn value(row: u32, column: u32) -> String {
    format!("{}.{:02}", row * 7 % 5000, column * 13 % 100)
}

#[allow(clippy::expect_used, reason = "a bench that cannot run must stop")]
fn run(bencher: Bencher<'_, '_>, file: &str, mapping: &str, cells: u32) {
    let model = model();
    let mapping = Mapping::parse("bench.toml", mapping).expect("a mapping");
    bencher.counter(ItemsCount::new(cells)).bench(|| {
        let reader = Cursor::new(divan::black_box(file.as_bytes()));
        let mut source = CsvSource::open(reader, &mapping, &model, IntakeOptions::default()).expect("a file that fits");
        let mut readings = 0;
        while let Ok(Some(batch)) = source.next_batch(4096) {
            readings += batch.readings.len();
        }
        assert_eq!(u32::try_from(readings), Ok(cells));
    });
}

/// One column a parameter, with a unit to convert or without.
#[divan::bench(args = ["kWh", "MWh"])]
fn wide(bencher: Bencher<'_, '_>, unit: &str) {
    let mut file = "time".to_owned();
    let mut mapping = format!("layout = \"wide\"\n{STAMP}");
    for column in 1..=COLUMNS {
        let _ = write!(file, ",c{column}");
        let _ = write!(
            mapping,
            "[column.c{column}]\nparameter = \"E-{column}\"\nunit = \"{unit}\"\n"
        );
    }
    for row in 0..ROWS {
        file.push('\n');
        file.push_str(&stamp(row));
        for column in 1..=COLUMNS {
            file.push(',');
            file.push_str(&value(row, column));
        }
    }
    run(bencher, &file, &mapping, ROWS * COLUMNS);
}

/// One value a row; the rows of a stamp beside each other, as historians export them, or each parameter by itself.
#[divan::bench(args = ["by stamp", "by parameter"])]
fn long(bencher: Bencher<'_, '_>, order: &str) {
    let mapping = format!("layout = \"long\"\n{STAMP}[long]\nparameter = \"tag\"\nvalue = \"value\"\n");
    let mut file = "time,tag,value\n".to_owned();
    let mut line = |row: u32, column: u32| {
        let _ = writeln!(file, "{},E-{column},{}", stamp(row), value(row, column));
    };
    if order == "by stamp" {
        (0..ROWS).for_each(|row| (1..=COLUMNS).for_each(|column| line(row, column)));
    } else {
        (1..=COLUMNS).for_each(|column| (0..ROWS).for_each(|row| line(row, column)));
    }
    run(bencher, &file, &mapping, ROWS * COLUMNS);
}
