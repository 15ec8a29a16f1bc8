//! The whole program over files that need no site: how it ends, and where it says what.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Command, Output, Stdio};

const RULES: &str = "[file.stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\n\
    [channel.v]\nrange = { sensor = { low = 0, high = 10 } }\n";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_carbonwatch"))
        .args(["--lang", "en", "qc"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn a_file_without_a_site_ends_as_other_commands_do() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let rules = path("rules.toml", RULES);
    let wrong = path(
        "wrong.toml",
        "[channel.v]\nrange = { sensor = { low = 9, high = 1 } }\nspice = 1\n",
    );
    let clean = path("clean.csv", "time,v\n2025-01-01 00:00,1\n2025-01-01 00:01,2\n");
    let header = path("header.csv", "time,v\n");
    let faulty = path("faulty.csv", "time,v\n2025-01-01 00:00,1\n2025-01-01 00:01,20\nx\n");
    let missing = directory.path().join("missing.csv").to_str().unwrap().to_owned();
    for (arguments, code, words) in [
        (vec![&*clean, "--rules", &rules], 0, vec!["good"]),
        (vec![&*header, "--rules", &rules], 1, vec!["no rows"]),
        (vec![&*faulty, "--rules", &rules], 1, vec!["20 is above 10", "Line 4"]),
        (
            vec![&*faulty, "--rules", &rules, "--format", "csv"],
            1,
            vec!["\n3,2025-01-01T00:01:00Z,v,20,bad,4,T,BadSensorFailure,"],
        ),
        (
            vec![&*faulty, "--rules", &rules, "--compat", "qartod", "--format", "csv"],
            1,
            vec!["v,20,4,4,"],
        ),
        (
            vec![&*clean, "--rules", &wrong],
            1,
            vec!["wrong.toml:2:20:", "wrong.toml:3:1:", "lacks “file”"],
        ),
        (vec![&*missing, "--rules", &rules], 74, vec!["missing.csv"]),
        (vec![&*clean], 2, vec!["--rules"]),
    ] {
        let output = run(&arguments);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {word}\n{said}");
        }
    }
}

#[test]
fn the_rules_for_public_data_are_rules() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/public");
    let directory = tempfile::tempdir().unwrap();
    for (name, channels) in [("tennessee-eastman.toml", 52), ("gas-turbine.toml", 11)] {
        let rules = folder.join(name);
        let text = std::fs::read_to_string(&rules).unwrap();
        let named: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("[channel.")?.split(']').next())
            .collect();
        assert_eq!(named.len(), channels, "{name}");
        let row = |stamp: &str, value: &str| format!("{stamp}{}\n", format!(",{value}").repeat(channels));
        let file = directory.path().join("rows.csv");
        let rows = [
            format!("time,{}\n", named.join(",")),
            row("2014-01-01T00:00:00Z", "120"),
            row("2014-01-01T01:00:00Z", "121"),
        ];
        std::fs::write(&file, rows.concat()).unwrap();
        let output = run(&[file.to_str().unwrap(), "--rules", rules.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {said}");
        assert!(said.is_empty(), "{name}: {said}");
    }
}
