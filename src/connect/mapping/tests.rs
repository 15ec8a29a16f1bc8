//! Mappings, good and bad.

use super::*;

fn faults(text: &str) -> Vec<(u32, u32, String)> {
    Mapping::parse("m.toml", text)
        .expect_err("faults")
        .into_iter()
        .map(|fault| (fault.line, fault.column, fault.why.id.into_owned()))
        .collect()
}

const GOOD: &str =
    "layout = \"wide\"\n[stamp]\ncolumn = \"t\"\nformat = \"%Y-%m-%d %H:%M\"\n[column.a]\nparameter = \"A\"\n";

#[test]
fn the_example_is_a_good_mapping() {
    let mapping = Mapping::parse("example.toml", EXAMPLE).unwrap();
    assert_eq!(mapping.stamp.marks, Marks::End);
    assert_eq!(mapping.quality.meaning("GOOD"), Some(Quality::Good));
    assert!(matches!(&mapping.layout, Layout::Wide(columns) if columns.len() == 2));
    // The long variant in its comments too.
    let long: String = EXAMPLE
        .split("[column.")
        .next()
        .unwrap()
        .replace("\"wide\"", "\"long\"");
    let tables = EXAMPLE
        .split("# [long]")
        .nth(1)
        .unwrap()
        .replace("\n# ", "\n")
        .replace("\n#\n", "\n\n");
    Mapping::parse("long.toml", &format!("{long}[long]{tables}")).unwrap();
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    assert!(Mapping::parse("m.toml", GOOD).is_ok());
    assert_eq!(
        faults(&GOOD.replace("column = \"t\"", "column = \"t\"\ncolour = 1")),
        [(4, 1, "mapping-syntax".into())]
    );
    assert_eq!(faults("layout = \"wide\"\n[stamp\n")[0].0, 2);
    assert_eq!(faults("")[0].2, "mapping-syntax");
}

#[test]
fn all_faults_of_the_meaning_are_told_at_once() {
    let text = "layout = \"wide\"\ndelimiter = \"::\"\nencoding = \"klingon\"\n[stamp]\ncolumn = \"t\"\n\
        format = \"%H:%M\"\nzone = \"Mars/Base\"\ninterval = \"soon\"\n[column.a]\nparameter = \"A\"\nunit = \"parsec\"\n\
        [column.b]\nparameter = \"A\"\n[column.c]\n";
    let found = faults(text);
    for (line, column, id) in [
        (2, 13, "mapping-delimiter"),
        (3, 12, "mapping-encoding"),
        (6, 10, "mapping-stamp-format"),
        (7, 8, "zone-unknown"),
        (8, 12, "mapping-interval"),
        (8, 12, "mapping-interval-without-marks"),
        (11, 8, "unit-unknown"),
        (13, 13, "mapping-parameter-twice"),
        (14, 1, "mapping-field-choice"),
    ] {
        assert!(found.contains(&(line, column, id.to_owned())), "{id}: {found:?}");
    }
    assert_eq!(found.len(), 9);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let wide = |stamp: &str| format!("layout = \"wide\"\n[stamp]\n{stamp}\n[column.a]\nparameter = \"A\"\n");
    let first = |text: &str| faults(text)[0].2.clone();
    let format = "format = \"%Y-%m-%d %H:%M\"";
    assert_eq!(first(&wide(format)), "mapping-stamp-choice");
    assert_eq!(first(&wide(&format!("date = \"d\"\n{format}"))), "mapping-stamp-choice");
    assert_eq!(first(&wide("column = \"t\"")), "mapping-stamp-format-missing");
    assert_eq!(
        first(&wide("start = \"2025-01-01 00:00\"")),
        "mapping-stamp-start-needs-interval"
    );
    assert_eq!(
        first(&wide("start = \"soon\"\ninterval = \"1 h\"")),
        "mapping-stamp-start"
    );
    assert_eq!(
        first(&wide(&format!("column = \"t\"\n{format}\nmarks = \"end\""))),
        "mapping-marks-without-interval"
    );
    assert_eq!(
        first(&wide(&format!("column = \"t\"\n{format}\nrepair = \"day-end\""))),
        "mapping-repair-needs-interval"
    );
    assert_eq!(
        first(&format!("columns = [\"a\", \"a\"]\n{GOOD}")),
        "mapping-columns-twice"
    );
    assert_eq!(
        first(&format!("header = true\ncolumns = [\"a\"]\n{GOOD}")),
        "mapping-columns-with-header"
    );
    assert_eq!(first(&format!("comment = \"\"\n{GOOD}")), "mapping-comment-empty");
    assert_eq!(first(&GOOD.replace("\"wide\"", "\"long\"")), "mapping-column-in-long");
    assert_eq!(
        first(&format!("{GOOD}[long]\nparameter = \"p\"\nvalue = \"v\"\n")),
        "mapping-long-in-wide"
    );
    assert_eq!(
        first(&GOOD.replace("[column.a]\nparameter = \"A\"", "")),
        "mapping-wide-empty"
    );
    assert_eq!(
        first(&format!("{GOOD}[quality]\ngood = [\"1\"]\nbad = [\"1\"]\n")),
        "mapping-quality-word-twice"
    );
}
