//! Rules with faults, files with faults, flags in the order of the file.

use std::fmt::Write as _;

use super::*;
use crate::locale::{Language, Localizer};

const FORM: &str = "[file.stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\n";

fn english() -> Localizer {
    Localizer::new(Language::English)
}

fn faults(text: &str) -> Vec<String> {
    let faults = rules::read("rules.toml", text).expect_err(text);
    faults.iter().map(|fault| english().text(fault)).collect()
}

/// The rows that `--format csv` prints, without the header.
fn checked(rules: &str, file: &str, as_qartod: bool) -> Vec<Vec<String>> {
    let rules = rules::read("rules.toml", rules).unwrap_or_else(|faults| panic!("{faults:?}"));
    let columns = Columns::read(file.as_bytes(), &rules).unwrap();
    let channels = if as_qartod {
        table::judge_as_qartod(&rules, &columns)
    } else {
        table::judge(&rules, &columns)
    };
    let told = Told {
        rules: &rules,
        columns: &columns,
        channels: &channels,
        as_numbers: as_qartod,
    };
    let (mut out, mut json, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    told.csv(&english(), &mut out).unwrap();
    told.json(&english(), &mut json).unwrap();
    told.summary(&english(), &mut shown).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let rows: Vec<Vec<String>> = csv::Reader::from_reader(out.as_slice())
        .into_records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(json["rows"].as_array().unwrap().len(), rows.len());
    rows
}

fn column(rows: &[Vec<String>], place: usize) -> Vec<&str> {
    rows.iter().map(|row| row[place].as_str()).collect()
}

#[test]
fn every_fault_of_a_rules_file_is_told_with_its_place() {
    let told = faults(&format!(
        "{FORM}\n[channel.a]\nrange = {{ sensor = {{ low = 10, high = 0 }} }}\nflat = {{ window = \"0 s\" }}\nspikes = 1\n\
         [channel.b]\nrate = {{ suspect = \"NaN\" }}\nload = \"c\"\n[[balance]]\nleft = [\"a\"]\nright = [\"x\"]\nrelative = 0.1\nwindow = \"1 h\"\n"
    ));
    let all = told.join("\n");
    for (place, word) in [
        ("rules.toml:6:", "upside down"),
        ("rules.toml:7:", "window"),
        ("rules.toml:8:1", "spikes"),
        ("rules.toml:10:", "NaN"),
        ("rules.toml:11:", "“c”"),
        ("rules.toml:14:", "“x”"),
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(place) && line.contains(word)),
            "{place} {word}:\n{all}"
        );
    }
    assert!(faults("x = ")[0].starts_with("rules.toml:1:"));
    assert!(faults("").iter().any(|line| line.contains("file")));
    let told = faults(
        "[file]\ndelimiter = \"xx\"\n[file.stamp]\ncolumn = \"t\"\nformat = \"%H\"\n[channel.a]\nnoise = { deviation = -1, window = \"1 h\" }\n",
    );
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn rows_keep_the_order_of_the_file_and_none_is_lost() {
    let rules = format!("{FORM}\n[channel.v]\nrange = {{ sensor = {{ low = 0, high = 10 }} }}\nclause = \"6.1\"\n");
    let file = "time,v\n\
        2025-01-01 00:10,1\n\
        2025-01-01 00:00,2\n\
        2025-01-01 00:20,NaN\n\
        2025-01-01 00:30,inf\n\
        2025-01-01 00:40,eleven\n\
        2025-01-01 00:50,11\n\
        not a stamp,3\n\
        2025-01-01 01:00\n\
        2025-01-01 01:10,\n\
        2025-01-01 00:10,1\n\
        2025-01-01 00:00,5\n";
    let rows = checked(&rules, file, false);
    assert_eq!(
        column(&rows, 4),
        [
            "good", "suspect", "missing", "bad", "bad", "bad", "bad", "bad", "missing", "good", "suspect"
        ]
    );
    assert_eq!(
        column(&rows, 0),
        ["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    );
    let causes = column(&rows, 10);
    assert_eq!(causes[1], "stamp.contested");
    assert_eq!(causes[3], "range.not-finite");
    assert_eq!(causes[4], "value.unreadable");
    assert_eq!(causes[5], "range.sensor-high");
    assert_eq!(causes[6], "row.refused");
    assert_eq!(column(&rows, 11)[1], "backwards");
    assert_eq!(column(&rows, 11)[9], "duplicate backwards");
    assert!(column(&rows, 12)[5].contains("plan clause 6.1"));
    assert_eq!(
        column(&rows, 6),
        ["N", "N", "B", "D", "D", "T", "D", "D", "B", "N", "N"]
    );
}

#[test]
fn what_a_meter_read_after_its_calibration_is_suspect() {
    let rules = format!("{FORM}\n[channel.v]\ncalibrated_until = \"2025-01-02\"\n");
    let file = "time,v\n\
        2025-01-02 23:59,1\n\
        2025-01-03 00:00,2\n\
        2025-01-04 12:00,\n\
        2025-01-01 00:00,3\n\
        2025-01-05 12:00,4\n";
    let rows = checked(&rules, file, false);
    assert_eq!(column(&rows, 4), ["good", "suspect", "missing", "good", "suspect"]);
    assert_eq!(column(&rows, 10), ["good", "suspect", "", "good", "suspect"]);
    assert_eq!(
        column(&rows, 11),
        ["", "calibration.expired", "", "", "calibration.expired"]
    );
}

#[test]
fn the_conventions_of_qartod_give_its_numbers() {
    let rules = format!(
        "{FORM}\n[channel.v]\nrange = {{ sensor = {{ low = 0, high = 10 }}, operator = {{ low = 2, high = 8 }} }}\n\
         spike = {{ method = \"average\", suspect = 3, bad = 6 }}\nflat = {{ window = \"3 min\", bad = \"5 min\", tolerance = 0.01 }}\n"
    );
    let mut file = "time,v\n".to_owned();
    for (minute, value) in ["2", "1", "", "11", "3", "3", "3", "3"].iter().enumerate() {
        writeln!(file, "2025-01-01 00:0{minute},{value}").unwrap();
    }
    let rows = checked(&rules, &file, true);
    assert_eq!(column(&rows, 8), ["1", "3", "9", "4", "1", "1", "1", "1"]);
    assert_eq!(column(&rows, 9), ["2", "2", "9", "2", "3", "1", "1", "2"]);
    assert_eq!(column(&rows, 10), ["1", "1", "9", "1", "1", "1", "1", "3"]);
}

#[test]
fn an_empty_file_a_file_of_one_row_and_a_missing_column_are_answered() {
    let rules = format!("{FORM}\n[channel.v]\nkind = \"flow\"\ninterval = \"1 min\"\n");
    assert_eq!(checked(&rules, "time,v\n", false).len(), 0);
    let rows = checked(&rules, "time,v\n2025-01-01 00:00,1\n", false);
    assert_eq!(column(&rows, 4), ["good"]);
    let parsed = rules::read("rules.toml", &rules).unwrap();
    assert!(Columns::read("".as_bytes(), &parsed).is_err());
    let error = Columns::read("time,w\n".as_bytes(), &parsed).unwrap_err();
    assert!(english().text(&error.text()).contains('v'));
}

#[test]
fn two_meters_and_a_ratio_are_checked_in_a_file() {
    let rules = format!(
        "{FORM}\n[channel.a]\n[channel.b]\n[[balance]]\nleft = [\"a\"]\nright = [\"b\"]\nrelative = 0.02\nwindow = \"10 min\"\n\
         [[ratio]]\nabove = \"a\"\nbelow = \"b\"\nusual = {{ low = 0.5, high = 2 }}\nleast = 1\nwindow = \"10 min\"\n"
    );
    let mut file = "time,a,b\n".to_owned();
    for minute in 0..40 {
        let second = if (10..20).contains(&minute) { 104 } else { 100 };
        writeln!(file, "2025-01-01 00:{minute:02},100,{second}").unwrap();
    }
    let rows = checked(&rules, &file, false);
    let suspects: Vec<&str> = rows
        .iter()
        .filter(|row| row[4] == "suspect")
        .map(|row| row[1].as_str())
        .collect();
    assert_eq!(suspects.len(), 20);
    assert!(suspects.iter().all(|time| time.contains("00:1")), "{suspects:?}");
}

#[test]
fn files_of_every_form_are_read() {
    let form = "[file]\ndelimiter = \";\"\ndecimal_comma = true\nskip_lines = 1\ncomment = \"#\"\nmissing = [\"坏值\"]\n\
        [file.stamp]\ndate = \"日期\"\ntime = \"时间\"\nformat = \"%d.%m.%Y %H:%M\"\n[channel.v]\ncolumn = \"煤量 t/h\"\n";
    let file = "export of 3 May\n日期;时间;煤量 t/h\n03.05.2025;08:00;1,5\n# noon\n03.05.2025;08:01;坏值\n03.05.2025;08:02;1.5\n";
    let rows = checked(form, file, false);
    assert_eq!(column(&rows, 3), ["1.5", "", ""]);
    assert_eq!(column(&rows, 4), ["good", "missing", "bad"]);
    let form = "[file]\ndelimiter = \"whitespace\"\ncolumns = [\"a\", \"b\"]\n\
        [file.stamp]\nstart = \"2025-01-01 00:00\"\ninterval = \"3 min\"\n[channel.b]\n";
    let rows = checked(form, "  1.0e+00  -2.5E-1\n 2 3\n", false);
    assert_eq!(column(&rows, 3), ["-0.25", "3"]);
    assert_eq!(column(&rows, 1), ["2025-01-01T00:00:00Z", "2025-01-01T00:03:00Z"]);
}

#[test]
fn the_example_of_the_readme_is_sound() {
    let readme = include_str!("../../../README.md");
    let section = readme.split("## Checking any file").nth(1).unwrap();
    let example = section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let rules = rules::read("rules.toml", example).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(rules.channels.len(), 2);
    assert_eq!(rules.together.len(), 1);
    let mut file = "time,U1-COAL,U1-LOAD\n".to_owned();
    for second in 0..60 {
        let coal = if second == 30 {
            41.0
        } else {
            20.0 + f64::from(second % 7) / 10.0
        };
        writeln!(file, "2025-01-01 00:{:02}:{:02},{coal},40", second / 6, second % 6 * 10).unwrap();
    }
    let rows = checked(example, &file, false);
    let bad: Vec<&Vec<String>> = rows.iter().filter(|row| row[4] == "bad").collect();
    assert_eq!(bad.len(), 1);
    assert!(bad[0].iter().any(|field| field.contains("plan clause 6.1.2")));
    let beside = section.split("```toml\n").nth(2).unwrap().split("```").next().unwrap();
    let rules = rules::read("rules.toml", &format!("{FORM}{beside}")).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(rules.channels[0].typing.is_some() && rules.channels[0].origins.len() == 2);
}

#[test]
fn the_last_block_of_a_file_is_judged_and_days_are_those_of_the_zone() {
    let rules = format!(
        "zone = \"Asia/Shanghai\"\n{FORM}\n[channel.a]\n[channel.b]\n[[balance]]\nleft = [\"a\"]\nright = [\"b\"]\nrelative = 0.02\nwindow = \"24 h\"\n"
    );
    let mut file = "time,a,b\n".to_owned();
    for hour in 0..24 {
        writeln!(file, "2025-01-01 {hour:02}:00,100,110").unwrap();
    }
    let rows = checked(&rules, &file, false);
    assert!(rows.iter().all(|row| row[4] == "suspect"), "{rows:?}");
    let causes = column(&rows, 9);
    assert!(causes.iter().all(|cause| *cause == causes[0]), "{causes:?}");
}

#[test]
fn a_load_that_is_bad_or_old_tells_nothing() {
    let rules = format!(
        "{FORM}\n[channel.v]\nload = \"p\"\nband = [{{ load = {{ low = 50 }}, usual = {{ low = 10 }} }}]\n\
         [channel.p]\ninterval = \"1 min\"\nrange = {{ sensor = {{ low = 0, high = 100 }} }}\n"
    );
    let file = "time,v,p\n\
        2025-01-01 00:00,1,60\n\
        2025-01-01 00:01,1,20\n\
        2025-01-01 00:02,1,900\n\
        2025-01-01 00:03,1,70\n\
        2025-01-01 00:06,1,\n\
        2025-01-01 00:07,1,\n";
    let rows = checked(&rules, file, false);
    let of_v: Vec<&str> = rows
        .iter()
        .filter(|row| row[2] == "v")
        .map(|row| row[4].as_str())
        .collect();
    assert_eq!(of_v, ["suspect", "good", "good", "suspect", "suspect", "good"]);
}

#[test]
fn a_zero_is_a_zero_and_an_empty_cell_of_a_contested_stamp_is_missing() {
    let rules = format!("{FORM}\n[channel.v]\n");
    let file = "time,v\n\
        2025-01-01 00:00,0\n\
        2025-01-01 00:00,-0.0\n\
        2025-01-01 00:01,1\n\
        2025-01-01 00:01,\n\
        2025-01-01 00:01,2\n\
        2025-01-01 00:02,\n\
        2025-01-01 00:02,\n";
    let rows = checked(&rules, file, false);
    assert_eq!(
        column(&rows, 4),
        ["good", "good", "suspect", "missing", "suspect", "missing", "missing"]
    );
    let arrivals: Vec<bool> = rows.iter().map(|row| row.contains(&"duplicate".to_owned())).collect();
    assert_eq!(arrivals, [false, true, false, false, false, false, false]);
}

#[test]
fn bad_and_contested_values_are_no_silence() {
    let rules = format!("{FORM}\n[channel.v]\ngap = \"2 min\"\nrange = {{ sensor = {{ low = 0, high = 10 }} }}\n");
    let file = "time,v\n\
        2025-01-01 00:00,1\n\
        2025-01-01 00:02,99\n\
        2025-01-01 00:04,1\n\
        2025-01-01 00:04,2\n\
        2025-01-01 00:06,1\n\
        2025-01-01 00:10,99\n";
    let rows = checked(&rules, file, false);
    let causes: Vec<bool> = rows
        .iter()
        .map(|row| row.iter().any(|field| field.contains("No value for")))
        .collect();
    assert_eq!(causes, [false, false, false, false, false, true]);
}

#[test]
fn limits_of_a_spike_that_would_never_speak_and_factors_too_large_are_refused() {
    for channel in [
        "spike = { suspect = 1, least = 1 }",
        "spike = { times = 8, bad = 10 }",
        "unit = { factors = [10000000], window = \"1 d\" }",
    ] {
        assert_eq!(
            faults(&format!("{FORM}\n[channel.v]\n{channel}\n")).len(),
            1,
            "{channel}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_told_in_order_with_its_channel() {
    let rules = rules::read("rules.toml", &format!("{FORM}\n[channel.a]\n[channel.b]\n")).unwrap();
    let file = "time,a,b\n2025-01-01 00:00,x,y\nz,1,1\n2025-01-01 00:01,1,w\n";
    let columns = Columns::read(file.as_bytes(), &rules).unwrap();
    let channels = table::judge(&rules, &columns);
    let told = Told {
        rules: &rules,
        columns: &columns,
        channels: &channels,
        as_numbers: false,
    };
    let mut shown = Vec::new();
    told.summary(&english(), &mut shown).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("Line ")).collect();
    let begins = ["Line 2, a:", "Line 2, b:", "Line 3:", "Line 4, b:"];
    assert_eq!(lines.len(), 4, "{shown}");
    assert!(
        lines.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)),
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn rules_without_an_end_are_too_large() {
    let failure = read_rules(Path::new("/dev/zero")).unwrap_err();
    assert!(english().text(&failure.text).contains("larger"));
}

#[test]
fn how_values_were_typed_and_came_is_told_by_columns_beside_them() {
    let rules = format!(
        "{FORM}\n[channel.coal]\ninterval = \"1 h\"\norigin = \"how\"\norigins = [\"typed\"]\n\
         typing = {{ at = \"typed\", rounds = 3, late = \"6 h\", regular = 99 }}\n"
    );
    let mut file = "time,coal,typed,how\n".to_owned();
    for row in 0..45 {
        let (day, hour) = (1 + row / 24, row % 24);
        // Within the hour, but for one round that comes a day later and three that come in one go; whole fives from 10 on.
        let typed = match row {
            2 => "2025-01-02 02:30".to_owned(),
            4..=6 => "2025-01-01 06:40".to_owned(),
            _ => format!("2025-01-{day:02} {hour:02}:20"),
        };
        let value = if row < 10 { 31 + row * 10 } else { 20 + row % 7 * 5 };
        let how = match row {
            8 => "connector",
            9 => "by fax",
            _ => "typed",
        };
        writeln!(file, "2025-01-{day:02} {hour:02}:00,{value},{typed},{how}").unwrap();
    }
    let rows = checked(&rules, &file, false);
    let causes: Vec<&str> = rows.iter().map(|row| row[row.len() - 4].as_str()).collect();
    for (row, cause) in causes.iter().enumerate() {
        let wanted = match row {
            2 => "typing.late",
            4..=6 => "typing.together",
            8 | 9 => "plan.origin",
            10..=39 => "typing.regular-digits",
            _ => "",
        };
        assert_eq!(*cause, wanted, "row {row}");
    }
    for (wrong, key) in [
        ("origins = [\"typed\"]", "origins"),
        ("origin = \"how\"", "origin"),
        ("typing = { late = \"1 h\" }", "late"),
        ("typing = { at = \"typed\", rounds = 2 }", "rounds"),
        ("typing = { regular = 100 }", "regular"),
    ] {
        let faults = faults(&format!("{FORM}\n[channel.coal]\n{wrong}\n"));
        assert!(
            faults[0].contains(key) && faults[0].contains("rules.toml:6:"),
            "{faults:?}"
        );
    }
}

#[test]
fn what_was_found_of_how_values_came_is_told_of_no_others() {
    let rules = format!(
        "{FORM}\n[channel.v]\ninterval = \"1 h\"\norigin = \"how\"\norigins = [\"typed\", \"connector\"]\n\
         typing = {{ at = \"typed\", rounds = 3 }}\n"
    );
    // Three rounds in one go, with those between them in time; one brought by a machine, one at a time nobody can read,
    // one that the laboratory tested, one corrected.
    let file = "time,v,typed,how\n\
        2025-01-01 00:00,1,2025-01-01 06:09,typed\n\
        2025-01-01 01:00,2,2025-01-01 01:01,typed\n\
        2025-01-01 02:00,3,2025-01-01 06:11,typed\n\
        2025-01-01 03:00,4,2025-01-01 06:10,connector\n\
        2025-01-01 04:00,5,yesterday,typed\n\
        2025-01-01 05:00,6,2025-01-01 06:12,typed\n\
        2025-01-01 05:00,6,2025-01-01 06:12,typed\n\
        2025-01-01 06:00,7,2025-01-01 06:00,laboratory\n\
        2025-01-01 07:00,8,2025-01-01 07:00,correction\n";
    let rows = checked(&rules, file, false);
    let causes: Vec<&str> = rows.iter().map(|row| row[row.len() - 4].as_str()).collect();
    let together = "typing.together";
    assert_eq!(
        causes,
        [together, "", together, "", "", together, "", "plan.origin", ""]
    );
    assert_eq!(rows[4][4], "good", "{:?}", rows[4]);
    assert!(rows[4].iter().any(|field| field.contains("yesterday")), "{:?}", rows[4]);
}

#[test]
fn of_two_values_for_one_stamp_only_the_infinite_one_is_called_so() {
    let file = "time,a\n2025-01-01 00:00,1\n2025-01-01 00:10,5\n2025-01-01 00:10,inf\n2025-01-01 00:20,2\n";
    let rows = checked(&format!("{FORM}[channel.a]\n"), file, false);
    assert_eq!(column(&rows, 4), ["good", "suspect", "bad", "good"]);
    let causes: Vec<&str> = rows.iter().map(|row| row[row.len() - 4].as_str()).collect();
    assert_eq!(causes[1], "stamp.contested");
    assert!(causes[2].contains("range.not-finite"), "{causes:?}");
}
