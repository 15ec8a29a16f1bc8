//! Files as plants export them, good and bad.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::model::{Limits, Name, Parameter};
use crate::domain::reading::Quality;
use crate::domain::reading::{ParameterKind, Slot};
use crate::domain::text::Explained;
use crate::domain::time::Instant;
use crate::domain::time::PlantZone;
use crate::domain::unit::Unit;
use crate::locale::{Language, Localizer};

fn parameter(id: u32, tag: &str, kind: ParameterKind, unit: &str, decimals: u32) -> Parameter {
    Parameter {
        id: ParameterId(id),
        tag: tag.to_owned(),
        name: Name::default(),
        kind,
        unit: Unit::parse(unit).unwrap(),
        decimals,
        node: NodeId(1),
        meter: None,
        interval_ms: 900_000,
        calendar: None,
        gap_limit_ms: 1_800_000,
        integration: crate::domain::model::Integration::Step,
        possible: Limits::default(),
        operating: Limits::default(),
        deadband: rust_decimal::Decimal::ZERO,
        delay_ms: 0,
        origins: Vec::new(),
        key: false,
        block_hours: 24,
        capacity: None,
        missing: None,
        untested: None,
        checks: None,
        alarms: None,
    }
}

pub(in crate::connect) fn model(zone: &str) -> SiteModel {
    SiteModel {
        sector: "steel".into(),
        parameters: vec![
            parameter(1, "FT-1", ParameterKind::Flow, "t/h", 3),
            parameter(2, "E-1", ParameterKind::Amount, "kWh", 1),
            parameter(3, "C-1", ParameterKind::Counter, "t", 2),
            parameter(4, "给煤量", ParameterKind::Amount, "t", 3),
            parameter(5, "TI-1", ParameterKind::State, "°C", 1),
        ],
        ..SiteModel::empty("site", PlantZone::parse(zone).unwrap())
    }
}

fn mapping(text: &str) -> Mapping {
    Mapping::parse("test.toml", text).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn open<'a>(bytes: &'a [u8], text: &str) -> Result<CsvSource<Cursor<&'a [u8]>>, IntakeError> {
    CsvSource::open(
        Cursor::new(bytes),
        &mapping(text),
        &model("Asia/Shanghai"),
        IntakeOptions::default(),
    )
}

/// All of a file in one batch, taken in small ones.
fn all(bytes: &[u8], text: &str) -> Batch {
    let mut source = open(bytes, text).unwrap();
    let mut whole = Batch::default();
    while let Some(mut batch) = source.next_batch(7).unwrap() {
        assert_eq!(batch.readings.len(), batch.lines.len());
        whole.readings.append(&mut batch.readings);
        whole.lines.append(&mut batch.lines);
        whole.refused.append(&mut batch.refused);
        whole.warnings.append(&mut batch.warnings);
        whole.rows += batch.rows;
        whole.refused_rows += batch.refused_rows;
        whole.missing += batch.missing;
        whole.ignored += batch.ignored;
        whole.rounded += batch.rounded;
        whole.repaired += batch.repaired;
        whole.bytes_read = batch.bytes_read;
    }
    whole
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/intake/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn at(text: &str) -> Instant {
    Instant(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

fn slot(start: &str, span_s: u32) -> Slot {
    Slot {
        at: at(start),
        span_s,
        own_id: 0,
    }
}

fn reasons(batch: &Batch) -> Vec<(u32, &str, &str)> {
    batch
        .refused
        .iter()
        .map(|refusal| (refusal.line, refusal.field.as_str(), refusal.why.id.as_ref()))
        .collect()
}

const WIDE: &str = r#"
    layout = "wide"
    ignore_others = true
    [stamp]
    column = "time"
    format = "%Y-%m-%d %H:%M"
    marks = "end"
    interval = "15 min"
    [column."FT-1"]
    parameter = "FT-1"
    [column."E-1"]
    parameter = "E-1"
    negative = "refuse"
"#;

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    let batch = all(&fixture("mark.csv"), WIDE);
    assert!(batch.refused.is_empty(), "{:?}", batch.refused);
    assert_eq!(batch.lines, [2, 2, 3, 3]);
    // A flow stands at the start of its quarter hour, an amount over it.
    assert_eq!(batch.readings[0].slot, slot("2025-03-01T00:00:00+08:00", 0));
    assert_eq!(batch.readings[0].value, 1500);
    assert_eq!(batch.readings[1].slot, slot("2025-03-01T00:00:00+08:00", 900));
    assert_eq!(batch.readings[1].value, 100);
    assert_eq!(batch.bytes_read, fixture("mark.csv").len() as u64);
}

#[test]
fn chinese_tags_with_semicolons_and_decimal_commas() {
    let text = r#"
        layout = "long"
        delimiter = ";"
        encoding = "gb18030"
        decimal_comma = true
        missing = ["", "—"]
        id = "单号"
        [stamp]
        column = "时间"
        format = "%Y年%m月%d日 %H:%M"
        [quality]
        good = ["好"]
        uncertain = ["可疑"]
        [long]
        parameter = "位号"
        value = "数值"
        quality = "质量"
        [tag."一号锅炉.给煤量"]
        parameter = "给煤量"
        unit = "kg"
    "#;
    let batch = all(&fixture("gb18030.csv"), text);
    assert_eq!(
        reasons(&batch),
        [(5, "位号", "intake-parameter-unknown"), (6, "", "intake-bytes")]
    );
    assert!(batch.refused[0].row.contains("二号锅炉"));
    assert_eq!(batch.missing, 1);
    let values: Vec<_> = batch
        .readings
        .iter()
        .map(|reading| (reading.value, reading.quality))
        .collect();
    assert_eq!(
        values,
        // 12.5 kg are 12.5 quanta of 1 kg: half to even.
        [(12, Quality::Good), (30, Quality::Uncertain), (7, Quality::Good)]
    );
    assert_eq!(batch.rounded, 1);
    assert_eq!(batch.readings[0].slot.at, batch.readings[1].slot.at);
    assert_ne!(batch.readings[0].slot.own_id, batch.readings[1].slot.own_id);
    assert_eq!(batch.readings[0].slot.own_id, own_id("榆A-001"));
    assert!(
        batch.warnings.is_empty(),
        "two trucks in a minute are not time going backwards"
    );
}

#[test]
fn utf_16_is_read_and_a_contradicting_mark_is_an_error() {
    let utf_16 = WIDE.replace("layout", "encoding = \"utf-16le\"\nlayout");
    let only_flow = utf_16.split("[column.\"E-1\"]").next().unwrap();
    let batch = all(&fixture("utf16.csv"), only_flow);
    assert_eq!(batch.readings.len(), 1);
    assert!(matches!(
        open(&fixture("utf16.csv"), WIDE),
        Err(IntakeError::OtherEncoding { found: "UTF-16LE", .. })
    ));
    assert!(matches!(
        open(&fixture("mark.csv"), only_flow),
        Err(IntakeError::OtherEncoding { found: "UTF-8", .. })
    ));
}

const DAY_END: &str = r#"
    layout = "wide"
    [stamp]
    column = "date"
    format = "%d/%m/%Y %H:%M"
    marks = "end"
    interval = "15 min"
    repair = "day-end"
    [column.Usage]
    parameter = "E-1"
"#;

#[test]
fn the_day_end_is_repaired_and_nothing_else() {
    let batch = all(&fixture("day-end.csv"), DAY_END);
    assert_eq!((batch.rows, batch.repaired), (192, 2));
    assert!(batch.warnings.is_empty());
    for pair in batch.readings.windows(2) {
        assert_eq!(pair[1].slot.at.since(pair[0].slot.at), 900_000);
    }
    assert_eq!(batch.readings[191].slot.end(), at("2018-01-03T00:00:00+08:00"));

    let unrepaired = all(&fixture("day-end.csv"), &DAY_END.replace("repair = \"day-end\"", ""));
    assert_eq!(unrepaired.repaired, 0);
    let lines: Vec<_> = unrepaired.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(lines, [97, 193]);

    // After a gap nobody can tell which midnight is meant.
    let gap = "date,Usage\n1/1/2018 23:30,1\n1/1/2018 0:00,1\n2/1/2018 0:00,1\n";
    let batch = all(gap.as_bytes(), DAY_END);
    assert_eq!(reasons(&batch), [(3, "date", "intake-stamp-day-end")]);
    assert_eq!((batch.readings.len(), batch.repaired), (2, 0));
}

#[test]
fn the_repair_of_a_long_file_goes_parameter_by_parameter() {
    let text = r#"
        layout = "long"
        [stamp]
        column = "t"
        format = "%d/%m/%Y %H:%M"
        marks = "end"
        interval = "15 min"
        repair = "day-end"
        [long]
        parameter = "p"
        value = "v"
    "#;
    let rows = "t,p,v\n1/1/2018 23:45,E-1,1\n1/1/2018 23:45,C-1,1\n1/1/2018 0:00,E-1,2\n1/1/2018 0:00,C-1,2\n";
    let batch = all(rows.as_bytes(), text);
    assert_eq!((batch.readings.len(), batch.repaired), (4, 2));
    assert!(batch.warnings.is_empty());
    // A counter is read at the stamp, an amount holds over the interval before it.
    assert_eq!(batch.readings[2].slot, slot("2018-01-01T23:45:00+08:00", 900));
    assert_eq!(batch.readings[3].slot, slot("2018-01-02T00:00:00+08:00", 0));
}

#[test]
fn files_without_header_and_stamps_are_counted_off() {
    let text = r##"
        layout = "wide"
        delimiter = "whitespace"
        columns = ["flow", "temperature"]
        comment = "#"
        [stamp]
        start = "2014-01-01 00:00"
        interval = "1 h"
        [column.flow]
        parameter = "FT-1"
        [column.temperature]
        parameter = "TI-1"
    "##;
    let batch = all(&fixture("no-header.dat"), text);
    assert_eq!(reasons(&batch), [(5, "flow", "number-not-finite")]);
    let got: Vec<_> = batch
        .readings
        .iter()
        .map(|reading| (reading.slot.at, reading.value))
        .collect();
    let hour = |hour: i64| at("2014-01-01T00:00:00+08:00").plus(hour * 3_600_000);
    assert_eq!(
        got,
        [
            (hour(0), 1500),
            (hour(0), 200),
            (hour(1), 2500),
            (hour(1), 210),
            (hour(2), 220)
        ]
    );
    assert_eq!(batch.lines, [2, 2, 3, 3, 5]);

    let by_place = text
        .replace("columns = [\"flow\", \"temperature\"]", "header = false")
        .replace("column.flow", "column.1")
        .replace("column.temperature", "column.2");
    assert_eq!(all(&fixture("no-header.dat"), &by_place).readings, batch.readings);
}

#[test]
fn bad_rows_and_cells_are_refused_one_by_one() {
    let batch = all(&fixture("bad.csv"), WIDE);
    assert_eq!(
        reasons(&batch),
        [
            (3, "FT-1", "number-not-finite"),
            (4, "FT-1", "number-not-finite"),
            (4, "E-1", "number-too-large"),
            (5, "FT-1", "number-comma"),
            (6, "E-1", "intake-negative"),
            (7, "", "intake-field-count"),
            (8, "time", "intake-stamp-range"),
            (9, "time", "intake-stamp-range"),
            (10, "time", "intake-stamp-unreadable"),
            (11, "time", "intake-stamp-empty"),
            (12, "", "intake-quote-open"),
            (15, "", "intake-nul"),
            (16, "", "intake-bytes"),
        ]
    );
    assert_eq!(batch.lines, [2, 2, 3, 5, 6, 13, 13, 17, 18, 18]);
    assert_eq!(batch.missing, 1);
    assert_eq!(batch.refused_rows, 8);
    for refusal in &batch.refused {
        assert!(!refusal.row.is_empty());
        assert!(
            !refusal.row.contains(|character: char| character.is_control()),
            "{:?}",
            refusal.row
        );
    }
}

#[test]
fn gaps_and_folds_of_local_time_are_refused_or_decided() {
    let text = WIDE.replace("column = \"time\"", "column = \"time\"\nzone = \"Europe/Berlin\"");
    let file = "time,FT-1,E-1\n2025-03-30 02:30,1,1\n2025-10-26 02:30,1,1\n";
    assert_eq!(
        reasons(&all(file.as_bytes(), &text)),
        [(2, "time", "zone-gap"), (3, "time", "zone-fold")]
    );
    let later = all(file.as_bytes(), &text.replace("[stamp]", "[stamp]\nfold = \"later\""));
    assert_eq!(later.readings[1].slot.end(), at("2025-10-26T01:30:00Z"));
}

#[test]
fn calendar_intervals_follow_the_calendar() {
    let text = r#"
        layout = "wide"
        [stamp]
        column = "month"
        format = "%Y-%m"
        marks = "start"
        interval = "1 month"
        [column.coal]
        parameter = "E-1"
        unit = "MWh"
    "#;
    let batch = all("month,coal\n2024-02,1.5\n2024-03,2\n".as_bytes(), text);
    assert_eq!(batch.readings[0].slot, slot("2024-02-01T00:00:00+08:00", 29 * 86_400));
    assert_eq!(batch.readings[0].value, 15_000);
}

#[test]
fn date_and_time_in_two_columns_and_an_hour_of_24() {
    let text = r#"
        layout = "wide"
        [stamp]
        date = "d"
        time = "t"
        format = "%Y/%m/%d %H:%M"
        [column.c]
        parameter = "C-1"
    "#;
    let batch = all("d,t,c\n2024/12/31,24:00,1\n2025/01/01,,1\n,01:00,2\n".as_bytes(), text);
    assert_eq!(batch.readings.len(), 1);
    assert_eq!(batch.readings[0].slot, slot("2025-01-01T00:00:00+08:00", 0));
    assert_eq!(
        reasons(&batch),
        [(3, "d", "intake-stamp-unreadable"), (4, "d", "intake-stamp-empty")]
    );
}

#[test]
fn headings_may_be_broken_over_lines() {
    let text = WIDE.replace("column = \"time\"", "column = \"sample time\"");
    let batch = all(b"\"sample\r\ntime\",FT-1,E-1\r\n2025-03-01 00:15,1,2\r\n", &text);
    assert_eq!((batch.readings.len(), batch.lines[0]), (2, 3));
}

#[test]
fn a_repair_may_be_asked_for_where_the_mapping_allows_it() {
    let options = IntakeOptions {
        repair: Some(Repair::DayEnd),
    };
    let bytes = fixture("day-end.csv");
    let opened = |text: &str| CsvSource::open(Cursor::new(&bytes), &mapping(text), &model("Asia/Shanghai"), options);
    let unasked = DAY_END.replace("repair = \"day-end\"", "");
    assert_eq!(opened(&unasked).unwrap().next_batch(1000).unwrap().unwrap().repaired, 2);
    let no_interval = unasked
        .replace("marks = \"end\"", "")
        .replace("interval = \"15 min\"", "");
    assert!(matches!(opened(&no_interval), Err(IntakeError::Repair)));
}

#[test]
fn units_may_stand_in_the_rows() {
    let text = r#"
        layout = "long"
        ignore_others = true
        [stamp]
        column = "t"
        format = "rfc3339"
        [long]
        parameter = "p"
        value = "v"
        unit = "u"
    "#;
    let file = "t,p,v,u\n2025-01-01T00:00:00Z,C-1,1500,kg\n2025-01-01T01:00:00Z,C-1,2,t\n\
        2025-01-01T02:00:00Z,C-1,2,kWh\n2025-01-01T02:00:00Z,X,2,kWh\n2025-01-01T03:00:00Z,C-1,3,\n\
        2025-01-01T04:00:00Z,C-1,-3,kg\n";
    let batch = all(file.as_bytes(), text);
    let values: Vec<_> = batch.readings.iter().map(|reading| reading.value).collect();
    assert_eq!(values, [150, 200, 300]);
    assert_eq!(batch.ignored, 1);
    // Counters cannot be negative even where the mapping does not say so.
    assert_eq!(
        reasons(&batch),
        [(4, "u", "unit-dimension"), (7, "v", "intake-negative")]
    );
}

/// A file that never ends and has no line break, and counts what is taken of it.
struct Endless(usize);

impl Read for Endless {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        target.fill(b'7');
        self.0 += target.len();
        assert!(self.0 < 8 * LONGEST_LINE, "read on and on");
        Ok(target.len())
    }
}

#[test]
fn a_file_without_a_line_break_is_refused_before_it_is_read() {
    let opened = CsvSource::open(
        Endless(0),
        &mapping(WIDE),
        &model("Asia/Shanghai"),
        IntakeOptions::default(),
    );
    assert!(matches!(opened, Err(IntakeError::LineTooLong { line: 1 })));
    // After good rows, those are given first.
    let mut source = CsvSource::open(
        Cursor::new("time,FT-1,E-1\n2025-03-01 00:15,1,2\n".as_bytes()).chain(Endless(0)),
        &mapping(WIDE),
        &model("Asia/Shanghai"),
        IntakeOptions::default(),
    )
    .unwrap();
    assert_eq!(source.next_batch(100).unwrap().unwrap().readings.len(), 2);
    assert!(matches!(
        source.next_batch(100),
        Err(IntakeError::LineTooLong { line: 3 })
    ));
}

#[test]
fn files_that_do_not_fit_the_mapping_are_refused_whole() {
    let refused = |bytes: &[u8]| open(bytes, WIDE).err().expect("refused").text().id;
    assert_eq!(refused(b"PK\x03\x04...."), "intake-workbook");
    assert_eq!(refused(b""), "intake-empty");
    assert_eq!(refused(b"t\x00i\x00m\x00e\x00"), "intake-header");
    assert_eq!(refused(b"time;FT-1;E-1\n"), "intake-columns-missing");
    assert_eq!(refused(b"time,FT-1,E-1,E-1\n"), "intake-columns-twice");
    let strict = WIDE.replace("ignore_others = true", "");
    let error = open(b"time,FT-1,E-1,Extra\n", &strict).err().unwrap();
    assert!(matches!(&error, IntakeError::ColumnsUnmapped(columns) if columns == "Extra"));
    let unknown = WIDE.replace("parameter = \"E-1\"", "parameter = \"E-2\"\nunit = \"t\"");
    let Err(IntakeError::Mapping(faults)) = open(b"", &unknown) else {
        panic!("an unknown parameter")
    };
    assert_eq!(
        (faults[0].line, faults[0].why.id.as_ref()),
        (12, "mapping-parameter-unknown")
    );
    let wrong_unit = WIDE.replace("parameter = \"E-1\"", "parameter = \"E-1\"\nunit = \"t\"");
    assert!(mapping(&wrong_unit).check_against(&model("Asia/Shanghai")).is_err());
}

#[test]
fn what_was_refused_is_written_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let localizer = Localizer::new(Language::English);
    let words = |text: &Text| localizer.text(text);
    let input = folder.path().join("bad.csv");
    let batch = all(&fixture("bad.csv"), WIDE);
    let mut file = RefusedFile::beside(&input, &words);
    file.write(&batch.refused[..3]).unwrap();
    file.write(&batch.refused[3..]).unwrap();
    let path = file.finish().unwrap().unwrap();
    assert_eq!(path, folder.path().join("bad.refused.csv"));
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.starts_with("\u{feff}Line,Column,Field,Why,Row\n3,2,FT-1,"));
    assert_eq!(written.lines().count(), batch.refused.len() + 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let mut summary = IntakeSummary::default();
    summary.add(&batch);
    assert_eq!((summary.rows, summary.readings, summary.refused), (16, 10, 13));
    assert_eq!(summary.first, Some(at("2025-02-28T23:45:00+08:00")));
    assert_eq!(summary.last, Some(at("2025-03-01T03:15:00+08:00")));

    let nothing = RefusedFile::beside(&folder.path().join("good.txt"), &words);
    assert_eq!(nothing.finish().unwrap(), None);
}

/// Rows as a file may hold them: anything between good rows and garbage.
fn row() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "2025-03-0[1-9] [0-2][0-9]:[0-5][0-9],-?[0-9]{0,4},[0-9.]{0,4}".prop_map(String::into_bytes),
        "[0-9\"a, :;\\-\u{e9}中]{0,30}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>().prop_filter("one line", |&byte| byte != b'\n'), 0..30),
    ]
}

proptest! {
    #[test]
    fn every_row_is_accounted_for_once(rows in proptest::collection::vec(row(), 0..40), limit in 1_usize..20) {
        let mut file = b"time,FT-1,E-1\n".to_vec();
        for row in &rows {
            file.extend_from_slice(row);
            file.push(b'\n');
        }
        let mut source = open(&file, WIDE).unwrap();
        let mut summary = IntakeSummary::default();
        let mut last_line = 0;
        while let Some(batch) = source.next_batch(limit).unwrap() {
            prop_assert!(batch.readings.len() + batch.refused.len() <= limit.max(2));
            prop_assert!(batch.lines.iter().all(|&line| line > last_line));
            last_line = batch.lines.iter().copied().chain(batch.refused.iter().map(|refusal| refusal.line)).max().unwrap_or(last_line);
            summary.add(&batch);
        }
        let blank = |row: &&Vec<u8>| !row.iter().all(|byte| matches!(byte, b' ' | b'\r'));
        let lines = rows.iter().filter(blank).count() as u64;
        if file.contains(&b'"') {
            prop_assert!(summary.rows <= lines);
        } else {
            prop_assert_eq!(summary.rows, lines);
        }
        // Two mapped cells in every row that was not refused as a whole.
        let cells = 2 * (summary.rows - summary.refused_rows);
        prop_assert_eq!(cells, summary.readings + summary.missing + summary.refused - summary.refused_rows);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), encoding in 0_usize..3) {
        let encoding = ["utf-8", "gb18030", "utf-16le"][encoding];
        let text = format!("encoding = \"{encoding}\"\nheader = false\ndelimiter = \";\"\n{}", WIDE.replace("\"time\"", "\"1\"").replace("column.\"FT-1\"", "column.2").replace("column.\"E-1\"", "column.3"));
        if let Ok(mut source) = open(&bytes, &text) {
            while let Ok(Some(_)) = source.next_batch(5) {}
        }
    }
}
