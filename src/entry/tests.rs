//! Cells, doubts and blocks on a small sheet.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::block::cell_name;
use super::cell::{Value, read};
use super::doubt::{Around, Doubt, doubts};
use super::gap::hours_around;
use super::heading::Arrangement;
use super::known::Place;
use super::register::Register;
use super::{Block, Entered, Sheet};
use crate::domain::document::FormKind;
use crate::domain::identity::{MeterId, NodeId, ParameterId, Sequence};
use crate::domain::model::{Integration, Limits, Meter, Name, Parameter, SiteModel};
use crate::domain::reading::{Origin, ParameterKind, Slot};
use crate::domain::sheet::{EntrySheet, SheetPage};
use crate::domain::text::TextValue;
use crate::domain::time::{Instant, Month, PlantZone};
use crate::domain::unit::Unit;
use crate::engine::view::{Overlap, RegisterChange, RegisterRule, SheetRow, SheetView, Standing, Together};
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
        interval_ms: 0,
        calendar: None,
        gap_limit_ms: 3_600_000,
        integration: Integration::Step,
        possible: Limits {
            low: Some(Decimal::ZERO),
            high: Some(Decimal::from(20_000)),
        },
        operating: Limits::default(),
        deadband: Decimal::ZERO,
        delay_ms: 0,
        origins: vec![Origin::Connector, Origin::Typed],
        key: true,
        block_hours: 24,
        capacity: None,
        missing: None,
        untested: None,
        checks: None,
        alarms: None,
    }
}

/// Three rows: a pressure near 12,345, a temperature near 540.0, a register.
fn model() -> SiteModel {
    SiteModel {
        parameters: vec![
            parameter(1, "P", ParameterKind::State, "kPa", 0),
            parameter(2, "T", ParameterKind::State, "°C", 1),
            Parameter {
                meter: Some(MeterId(1)),
                ..parameter(3, "W", ParameterKind::Counter, "m3", 0)
            },
        ],
        meters: vec![Meter {
            id: MeterId(1),
            key: "W".to_owned(),
            name: Name::default(),
            serial: String::new(),
            accuracy: String::new(),
            calibrated_on: None,
            calibrated_until: None,
            multiplier: Decimal::ONE,
            rollover: Some(Decimal::from(10_000)),
            second_person: false,
        }],
        sheets: vec![EntrySheet {
            key: "s".to_owned(),
            name: Name::default(),
            rows: vec![ParameterId(1), ParameterId(2), ParameterId(3)],
            rounds: vec![0, 480, 960],
            due_ms: 0,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
    }
}

fn view(model: &SiteModel) -> SheetView {
    let sheet = &model.sheets[0];
    let page = SheetPage::Day("2025-03-01".parse::<NaiveDate>().unwrap());
    let start = sheet.rounds_of(model, page)[0].at;
    let row = |id: u32, before: [i64; 2]| SheetRow {
        parameter: ParameterId(id),
        cells: vec![None; 3],
        beside: Vec::new(),
        filled: Vec::new(),
        register: None,
        before: before
            .iter()
            .zip([60, 120])
            .map(|(value, minutes)| (Slot::instant(start.plus(-minutes * 60_000)), *value))
            .collect(),
        after: None,
        changes: Vec::new(),
    };
    SheetView {
        sheet: sheet.key.clone(),
        page,
        rounds: sheet.rounds_of(model, page),
        rows: vec![row(1, [12_300, 12_400]), row(2, [5_400, 5_390]), row(3, [1_000, 900])],
        returned: Vec::new(),
    }
}

fn with<T>(look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let model = model();
    let view = view(&model);
    look(&Sheet::new(&model, &view, Origin::Typed))
}

fn count(text: &str, row: usize) -> Result<Entered, String> {
    with(|sheet| {
        let row = sheet.row(row).unwrap();
        read(text, &row, row.last_sent(0).map(|(_, value)| value)).map_err(|why| why.id.to_string())
    })
}

fn counted(text: &str, row: usize) -> i64 {
    match count(text, row) {
        Ok(Entered::Value(value)) => value.count,
        other => panic!("{text}: {other:?}"),
    }
}

fn doubts_of(text: &str, row: usize) -> Vec<Doubt> {
    with(|sheet| {
        let known = sheet.row(row).unwrap();
        let before = known.last_sent(0);
        match read(text, &known, before.map(|(_, value)| value)).unwrap() {
            Entered::Value(value) => doubts(sheet, (row, 0), &value, Around { before, after: None }),
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn a_cell_says_a_value_that_it_was_not_read_or_that_it_is_as_before() {
    assert_eq!(counted("540.5", 1), 5_405);
    assert_eq!(counted(" ５４０．５ ", 1), 5_405);
    assert_eq!(counted("12,345", 0), 12_345);
    assert_eq!(counted("12.345 MPa", 0), 12_345);
    assert_eq!(counted("=500+40.5", 1), 5_405);
    // What is reckoned is rounded, half to even.
    assert_eq!(counted("=1/3", 1), 3);
    assert_eq!(count("", 1), Ok(Entered::Empty));
    for missing in ["/", "—", "--", "缺"] {
        assert_eq!(count(missing, 1), Ok(Entered::Missing), "{missing}");
    }
    let Ok(Entered::Value(Value {
        count: 5_400,
        ditto: Some(reason),
        ..
    })) = count("' gauge stuck", 1)
    else {
        panic!()
    };
    assert_eq!(reason, "gauge stuck");
}

#[test]
fn what_cannot_be_read_is_refused_with_what_to_write() {
    for (text, row, why) in [
        ("540,5", 1, "number-comma-only"),
        // Either would be refused: it is not advised.
        ("540,55", 1, "number-comma-unclear"),
        ("12,5", 0, "number-comma-unclear"),
        ("540.55", 1, "entry-too-many-digits"),
        ("12.5", 0, "entry-too-many-digits"),
        ("'", 1, "entry-ditto-reason"),
        ("=1+", 1, "entry-formula"),
        ("=1/0", 1, "entry-formula-value"),
        ("abc", 1, "number-unreadable"),
        ("NaN", 1, "number-not-finite"),
        ("12 t", 1, "unit-not-convertible"),
        // What the terminal kept of a line as it went: a reason cut short would pass for a whole one, and what was not read too.
        ("' gauge st…|", 1, "entry-cut"),
        ("/…|", 1, "entry-cut"),
        ("12.…| ", 1, "entry-cut"),
    ] {
        let refused = count(text, row).unwrap_err();
        let alike = refused == why || why == "unit-not-convertible" && refused.starts_with("unit-");
        assert!(alike, "{text}: {refused}");
    }
    // There is nothing before the first.
    let first = with(|sheet| {
        read("' stuck", &sheet.row(1).unwrap(), None)
            .unwrap_err()
            .id
            .to_string()
    });
    assert_eq!(first, "entry-ditto-nothing");
}

#[test]
fn mistakes_are_seen_while_they_can_be_mended() {
    // The point forgotten, and put where it does not belong.
    assert_eq!(doubts_of("5405", 1), [Doubt::Point(5_405, 5_400)]);
    assert_eq!(doubts_of("12", 0), [Doubt::Point(12_000, 12_300)]);
    // A value of the row above.
    assert!(matches!(doubts_of("541", 0).as_slice(), [Doubt::OtherRow(1)]));
    assert_eq!(doubts_of("12300", 0), []);
    assert_eq!(doubts_of("541.2", 1), []);
    assert_eq!(doubts_of("25000", 0)[0], Doubt::Impossible);
    assert!(matches!(doubts_of("1800", 0).as_slice(), [Doubt::Far(12_300)]));
    // A register.
    assert_eq!(doubts_of("990", 2), [Doubt::Fell(1_000)]);
    assert_eq!(doubts_of("1700", 2), [Doubt::Faster(700, 100)]);
    assert_eq!(doubts_of("1110", 2), []);
    let beyond = Doubt::BeyondRegister(Decimal::from(10_000));
    assert_eq!(doubts_of("10000", 2), [Doubt::Faster(9_000, 100), beyond]);
    assert_eq!(doubts_of("9999", 2), [Doubt::Faster(8_999, 100)]);
    assert_eq!(doubts_of("12,300", 0), [Doubt::Grouped]);
}

#[test]
fn what_a_register_counted_is_told_times_its_multiplier_and_over_its_end() {
    let mut model = model();
    model.meters[0].multiplier = Decimal::from(6_000);
    let mut view = view(&model);
    view.rows[2].before = vec![(Slot::instant(Instant(0)), 9_990), (Slot::instant(Instant(0)), 9_970)];
    let sheet = Sheet::new(&model, &view, Origin::Typed);
    let look = |count: i64| {
        let value = Value {
            count,
            decimals: Some(0),
            grouped: false,
            ditto: None,
        };
        let before = Some((Instant(0), 9_990));
        doubts(&sheet, (2, 0), &value, Around { before, after: None })
    };
    assert_eq!(look(12), [Doubt::RolledOver(9_990, 22)]);
    let localizer = Localizer::new(Language::English);
    let told = localizer.text(&look(12)[0].text(&sheet, 2));
    assert!(told.contains("132000 m3"), "{told}");
    // Far more than before, also over its end.
    assert_eq!(look(500), [Doubt::Faster(510, 20)]);
    let told = localizer.text(&look(500)[0].text(&sheet, 2));
    assert!(told.contains("3060000 m3") && told.contains("120000 m3"), "{told}");
    // A meter that was changed counts as the change says, whatever the plan has.
    let mut changed = view.clone();
    changed.rows[2].register = Some(RegisterRule {
        multiplier: Decimal::from(30),
        rollover: Some(10_000),
    });
    let sheet = Sheet::new(&model, &changed, Origin::Typed);
    let told = localizer.text(&Doubt::RolledOver(9_990, 22).text(&sheet, 2));
    assert!(told.contains("660 m3"), "{told}");
    // More than half of its range is no rollover.
    assert_eq!(look(6_000), [Doubt::Fell(9_990)]);
}

#[test]
fn what_stands_already_is_not_written_over_unseen() {
    let model = model();
    let mut view = view(&model);
    let standing = |value, origin| {
        Some(Standing {
            value,
            origin,
            counts: true,
            record: Sequence(7),
            check: None,
        })
    };
    view.rows[1].cells[0] = standing(5_400, Origin::Connector);
    view.rows[0].cells[0] = standing(12_300, Origin::Typed);
    let tested = Overlap {
        slot: Slot::instant(view.rounds[0].at),
        value: 990,
        origin: Origin::Laboratory,
        record: Sequence(8),
        document: Some((FormKind::Laboratory, "L-1".to_owned())),
        together: Together::OneSample,
        more: 0,
    };
    view.rows[2].beside = vec![Some(tested.clone()), None, None];
    let sheet = Sheet::new(&model, &view, Origin::Typed);
    let look = |row: usize, count: i64| {
        let value = Value {
            count,
            decimals: Some(0),
            grouped: false,
            ditto: None,
        };
        doubts(&sheet, (row, 0), &value, Around::default())
    };
    assert_eq!(look(1, 5_410), [Doubt::Other(Origin::Connector, 5_400, true)]);
    assert_eq!(look(0, 12_310), [Doubt::Sent(12_300)]);
    assert_eq!(look(0, 12_300), []);
    // A report tested the same time.
    assert_eq!(look(2, 1_010), [Doubt::Beside(tested)]);
    let said = look(2, 1_010)[0].text(&sheet, 2);
    let said = Localizer::new(Language::English).text(&said);
    assert!(said.contains("L-1, record 8") && said.contains("one sample"), "{said}");
}

#[test]
fn a_block_keeps_its_rows_whatever_ends_them() {
    for text in ["1\t2\r\n\r\n3\t4\r\n", "1\t2\n\n3\t4\n", "1\t2\r\r3\t4"] {
        let block = Block::parse(text).unwrap();
        assert_eq!(block.rows.len(), 3, "{text:?}");
        assert_eq!(block.rows[1], [""]);
    }
    assert_eq!(Block::parse("\"a\"\"b\"\tc").unwrap().rows[0], ["a\"b", "c"]);
    assert!(!Block::parse("12").unwrap().is_several());
    assert!(Block::parse(&"1\t".repeat(200_000)).is_err());
}

#[test]
fn a_block_is_put_where_it_fits_or_by_tags() {
    with(|sheet| {
        let placed = |text: &str, at| Block::parse(text).unwrap().placed(sheet, at);
        let all = placed("12300\t/\n540\t541,5\n1,100\t1200", (0, 0)).unwrap();
        assert_eq!(all.len(), 6);
        assert_eq!(all[1].entered, Ok(Entered::Missing));
        assert!(all[3].entered.is_err());
        // A register is held against the cell before it in the block.
        assert!(matches!(&all[5].entered, Ok(Entered::Value(value)) if value.count == 1_200));
        // It does not fit from the second row on, nor in the last column.
        assert!(placed("1\n2\n3", (1, 0)).is_err());
        assert!(placed("1\t2", (0, 2)).is_err());
        // By tags, in another order.
        let named = placed("T\t540.1\nP\t12301", (2, 1)).unwrap();
        assert_eq!((named[0].at, named[1].at), ((1, 1), (0, 1)));
        assert!(placed("T\t540.1\nX\t1", (0, 0)).is_err());
        // What is put down is what the line of the cell can show.
        let odd = placed("' gau\u{200b}ge stuck\u{a0}", (1, 1)).unwrap();
        assert_eq!(odd[0].text, "' gauge stuck");
        assert!(matches!(&odd[0].entered, Ok(Entered::Value(value)) if value.ditto.as_deref() == Some("gauge stuck")));
        // Whole degrees where tenths are usual.
        let coarse = placed("541\t542", (1, 0)).unwrap();
        assert!(coarse[0].doubts.is_empty(), "{:?}", coarse[0].doubts);
    });
}

/// The same three rows on the page of March 2025 of a daily sheet.
fn daily<T>(look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let mut model = model();
    model.sheets[0].rounds = vec![0];
    let page = SheetPage::Month(Month { year: 2025, month: 3 });
    let rounds = model.sheets[0].rounds_of(&model, page);
    let mut view = view(&model);
    (view.page, view.rounds) = (page, rounds);
    for row in &mut view.rows {
        row.cells = vec![None; 31];
    }
    look(&Sheet::new(&model, &view, Origin::Typed))
}

/// Where the cells of a block go and what they say; why not, with the cell at fault.
fn arranged(text: &str) -> Result<Vec<(Place, String)>, String> {
    daily(|sheet| {
        let placed = Block::parse(text).unwrap().placed(sheet, (0, 4));
        let placed = placed.map_err(|why| {
            let cell = why.arguments.iter().find(|(name, _)| name == "cell");
            match cell {
                Some((_, TextValue::Words(cell))) => format!("{} {cell}", why.id),
                _ => why.id.to_string(),
            }
        })?;
        Ok(placed.into_iter().map(|one| (one.at, one.text)).collect())
    })
}

fn at(row: usize, column: usize, text: &str) -> (Place, String) {
    ((row, column), text.to_owned())
}

#[test]
fn days_above_columns_say_where_the_cells_go() {
    // In any order, with what is empty left out.
    let expected = Ok(vec![
        at(1, 0, "540"),
        at(1, 30, "541"),
        at(0, 0, ""),
        at(0, 30, "12300"),
    ]);
    for heading in [
        "\t2025-03-31\t2025-03-01",
        "Coal\t2025/3/31\t2025年3月1日",
        "\t31\t1日",
        "位号/日期\t３１\t1",
        "tag\t31\t2025-03-01",
    ] {
        assert_eq!(
            arranged(&format!("{heading}\nT\t541\t540\n\nP\t12300\t")),
            expected,
            "{heading}"
        );
    }
    // A title line above that is empty, a column before that is.
    assert_eq!(arranged("\n\t\t2025-03-02\n\tT\t541"), Ok(vec![at(1, 1, "541")]));
    // Without tags the lines follow each other.
    assert_eq!(
        arranged("2025-03-02\t2025-03-05\n1\t2\n3"),
        Ok(vec![at(0, 1, "1"), at(0, 4, "2"), at(1, 1, "3")])
    );
    // Without days the columns do, from where the first is put.
    assert_eq!(arranged("T\t541\t542"), Ok(vec![at(1, 4, "541"), at(1, 5, "542")]));
    assert_eq!(arranged("8\t9\n541\t542").map(|all| all.len()), Ok(4));
}

#[test]
fn days_beside_lines_say_so_too() {
    let expected = Ok(vec![at(1, 0, "540"), at(1, 2, "541"), at(0, 0, ""), at(0, 2, "12300")]);
    for (third, first) in [("2025-03-03", "2025-03-01"), ("3", "1"), ("3日", "2025-3-1")] {
        let text = format!("日期\tT\tP\n{third}\t541\t12300\n\t\n{first}\t540\t");
        assert_eq!(arranged(&text), expected, "{text}");
    }
}

#[test]
fn headings_that_nobody_can_be_sure_of_are_refused_by_cell() {
    for (text, why) in [
        ("\t3/1\nT\t541", "entry-heading-unclear B1"),
        ("\t03/01/2025\nT\t541", "entry-heading-unclear B1"),
        ("\t2025-02-30\nT\t541", "entry-heading-unclear B1"),
        ("\t2025-03-01 08:00\nT\t541", "entry-heading-unclear B1"),
        ("\t2025-04-01\nT\t541", "entry-heading-other-month B1"),
        ("\t2025-03-01\tunit\nT\t541\tkPa", "entry-heading-no-day C1"),
        ("\t2025-03-01\t\nT\t541\t542", "entry-heading-none C2"),
        ("\t2025-03-01\t1\nT\t541\t542", "entry-heading-twice C1"),
        ("\t1\nT\t541\nT\t542", "entry-heading-twice A3"),
        ("\t1\nT\t541\n\t542", "entry-heading-none B3"),
        ("\t1\nT\t541\nX\t542", "entry-heading-tag A3"),
        // No heading, but a tag that is misspelt: 8 and 9 are values.
        ("TT\t8\t9\nT\t541\t542", "entry-heading-tag A1"),
        ("x\t2025-03-01\nX\t541", "entry-heading-tag A2"),
        ("日期\tT\tX\n3\t541\t1", "entry-heading-tag C1"),
        ("日期\tT\n3\t541\n32\t542", "entry-heading-no-day A3"),
        ("日期\tT\n3\t541\n\t542", "entry-heading-none B3"),
    ] {
        assert_eq!(arranged(text), Err(why.to_owned()), "{text:?}");
    }
    // On a sheet with rounds there are no days, but lines without a tag.
    with(|sheet| {
        let block = Block::parse("\t1\t2\nT\t541\t542").unwrap();
        assert_eq!(block.placed(sheet, (0, 0)).unwrap_err().id, "entry-heading-none");
    });
}

#[test]
fn dates_say_which_month_is_meant() {
    let month = |text: &str| {
        let block = Block::parse(text).unwrap();
        let arranged = Arrangement::of(&block, &["P", "T", "W"], true).unwrap();
        arranged.month().map_err(|why| why.id.to_string())
    };
    let march = Month { year: 2025, month: 3 };
    assert_eq!(month("\t2025-03-01\t2\nT\t1\t2"), Ok(Some(march)));
    assert_eq!(month("\tT\n2025-03-09\t2"), Ok(Some(march)));
    assert_eq!(month("\t1\t2\nT\t1\t2"), Ok(None));
    assert_eq!(month("T\t1\t2"), Ok(None));
    assert_eq!(
        month("\t2025-03-31\t2025-04-01\nT\t1\t2"),
        Err("entry-heading-months".to_owned())
    );
}

#[test]
fn what_is_nearest_before_is_what_was_before() {
    let model = model();
    let mut view = view(&model);
    view.rows[1].cells[1] = Some(Standing {
        value: 5_500,
        origin: Origin::Typed,
        counts: true,
        record: Sequence(7),
        check: None,
    });
    let sheet = Sheet::new(&model, &view, Origin::Typed);
    let row = sheet.row(1).unwrap();
    assert_eq!(row.sent_between(1, 2).map(|(_, value)| value), Some(5_500));
    assert_eq!(row.sent_between(2, 2), None);
    assert_eq!(cell_name((0, 0)), "A1");
    assert_eq!(
        (cell_name((2, 25)), cell_name((9, 26)), cell_name((0, 702))),
        ("Z3".into(), "AA10".into(), "AAA1".into())
    );
}

#[test]
fn a_gap_goes_from_what_stands_before_a_cell_to_what_stands_behind_it() {
    let zone = model().zone;
    let at = |hour: u32, minute: u32| {
        let day: NaiveDate = "2025-03-01".parse().unwrap();
        let local = day.and_hms_opt(hour, minute, 0).unwrap();
        zone.instant(local, crate::domain::time::FoldChoice::Refuse).unwrap()
    };
    let stands = |counts: bool| {
        Some(Standing {
            value: 1_000,
            origin: Origin::Typed,
            counts,
            record: Sequence(1),
            check: None,
        })
    };
    // Of a row of a kind with such cells, the hours of the gap around one at a time.
    let gap = |kind: ParameterKind, cells: [Option<Standing>; 3], column: usize, now: Instant| {
        let mut model = model();
        model.parameters[2].kind = kind;
        let mut view = view(&model);
        view.rows[2].cells = cells.to_vec();
        view.rows[2].before.clear();
        let sheet = Sheet::new(&model, &view, Origin::Typed);
        let found = hours_around(&sheet, (2, column), now);
        found
            .map(|(from, to)| (zone.shown_hour(from), zone.shown_hour(to)))
            .map_err(|why| why.id.to_string())
    };
    let hours = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
    let (none, value, out) = (None, stands(true), stands(false));
    let evening = at(20, 30);
    let of_counter = |cells, column| gap(ParameterKind::Counter, cells, column, evening);
    assert_eq!(
        of_counter([value, none, value], 1),
        hours("2025-03-01 00:00", "2025-03-01 16:00")
    );
    assert_eq!(
        of_counter([value, none, none], 1),
        hours("2025-03-01 00:00", "2025-03-01 20:00")
    );
    assert_eq!(
        of_counter([value, out, none], 2),
        hours("2025-03-01 00:00", "2025-03-01 20:00")
    );
    assert_eq!(
        of_counter([none, none, value], 0),
        hours("2025-02-28 16:00", "2025-03-01 16:00")
    );
    let of_amount = |cells, column| gap(ParameterKind::Amount, cells, column, evening);
    assert_eq!(
        of_amount([value, none, value], 1),
        hours("2025-03-01 00:00", "2025-03-01 08:00")
    );
    assert_eq!(
        of_amount([value, none, none], 1),
        hours("2025-03-01 00:00", "2025-03-01 16:00")
    );
    let why = |id: &str| Err(id.to_owned());
    assert_eq!(of_counter([value, none, none], 0), why("entry-gap-stands"));
    assert_eq!(
        gap(ParameterKind::State, [none; 3], 1, evening),
        why("fill-not-awaited")
    );
    assert_eq!(gap(ParameterKind::Property, [none; 3], 1, evening), why("fill-tested"));
    let counter = ParameterKind::Counter;
    assert_eq!(
        gap(counter, [value, none, none], 2, at(15, 0)),
        why("entry-gap-not-over")
    );
    assert_eq!(
        gap(counter, [none, value, none], 2, at(16, 30)),
        hours("2025-03-01 08:00", "2025-03-01 16:00")
    );
}

#[test]
fn a_register_is_held_against_both_of_its_neighbours_over_a_change_of_its_meter() {
    let model = model();
    let mut view = view(&model);
    let standing = |value| {
        Some(Standing {
            value,
            origin: Origin::Typed,
            counts: true,
            record: Sequence(7),
            check: None,
        })
    };
    view.rows[2].cells[2] = standing(1_200);
    let look = |view: &SheetView, count: i64| {
        let sheet = Sheet::new(&model, view, Origin::Typed);
        let row = sheet.row(2).unwrap();
        let value = Value {
            count,
            decimals: Some(0),
            grouped: false,
            ditto: None,
        };
        let around = Around {
            before: row.last_sent(1),
            after: row.next_sent(1),
        };
        doubts(&sheet, (2, 1), &value, around)
    };
    let at = view.rounds[2].at;
    assert_eq!(look(&view, 1_100), []);
    assert_eq!(look(&view, 1_300), [Doubt::FallsBack((at, 1_200))]);
    // So is what is pasted, against what is pasted behind it.
    let placed = |text: &str| {
        let sheet = Sheet::new(&model, &view, Origin::Typed);
        let placed = Block::parse(text).unwrap().placed(&sheet, (2, 0)).unwrap();
        placed.into_iter().map(|one| one.doubts).collect::<Vec<_>>()
    };
    assert_eq!(placed("1250\t1300\t1400"), [vec![], vec![], vec![Doubt::Sent(1_200)]]);
    let second = view.rounds[1].at;
    assert_eq!(placed("1150\t1100")[0], [Doubt::FallsBack((second, 1_100))]);

    // Its meter was changed: the old one ended with 1,050, the new one began with 0.
    view.rows[2].cells[2] = standing(60);
    view.rows[2].changes = vec![RegisterChange {
        at: view.rounds[1].at.plus(-60_000),
        last: Some(1_050),
        first: Some(0),
        multipliers: (Decimal::ONE, Decimal::TEN),
    }];
    let sheet = Sheet::new(&model, &view, Origin::Typed);
    let row = sheet.row(2).unwrap();
    let register = Register::of(&model, &row);
    let parts = register.parts(row.last_sent(1).unwrap(), (view.rounds[1].at, 30));
    let counted: Vec<_> = parts.iter().map(|part| (part.counted(), part.multiplier)).collect();
    assert_eq!(counted, [(Some(50), Decimal::ONE), (Some(30), Decimal::TEN)]);
    assert_eq!(look(&view, 30), []);
    assert_eq!(look(&view, 70), [Doubt::FallsBack((at, 60))]);
    assert_eq!(look(&view, -1)[0], Doubt::Fell(0));
    assert_eq!(look(&view, 2_000), [Doubt::FallsBack((at, 60))]);
}

#[test]
fn a_record_names_its_rounds_and_says_each_reason_once() {
    let value = |ditto: Option<&str>| Value {
        count: 100,
        decimals: None,
        grouped: false,
        ditto: ditto.map(str::to_owned),
    };
    with(|sheet| {
        let stuck = || value(Some("gauge stuck"));
        let values = [
            ((0, 0), stuck()),
            ((1, 0), stuck()),
            ((2, 0), value(None)),
            ((0, 2), stuck()),
            ((2, 2), value(Some("no access"))),
        ];
        let (provenance, readings) = sheet.recorded(&values, None);
        assert_eq!(readings.len(), 5);
        assert_eq!(provenance.reason.as_deref(), Some("P, T: gauge stuck; W: no access"));
        assert_eq!(provenance.name, "sheet s 2025-03-01 00:00:00 .. 2025-03-01 16:00:00");
        let (provenance, _) = sheet.recorded(&values[..2], None);
        assert_eq!(provenance.name, "sheet s 2025-03-01 00:00:00");
        // However many reasons there are, the record can be written.
        let values: Vec<_> = (0..60)
            .map(|place| ((place % 3, 0), value(Some(&format!("{place} {}", "x".repeat(60))))))
            .collect();
        let reason = sheet.recorded(&values, None).0.reason.unwrap();
        assert!(
            reason.chars().count() <= crate::engine::command::LONGEST_REASON,
            "{reason}"
        );
        let (_, left) = reason.rsplit_once("; +").unwrap();
        assert_eq!(left.parse::<usize>().unwrap() + reason.matches(": ").count(), 60);
    });
}

#[test]
fn a_tag_that_is_given_twice_one_by_one_is_refused() {
    with(|sheet| {
        let tag = sheet.tags()[0].to_owned();
        let block = Block {
            rows: vec![vec![tag.clone(), "1".to_owned()], vec![tag, "2".to_owned()]],
            is_named: true,
            ..Block::default()
        };
        assert_eq!(block.placed(sheet, (0, 0)).unwrap_err().id, "entry-block-tag-twice");
    });
}

#[test]
fn a_preview_refuses_what_would_be_refused_as_of_a_time_to_come() {
    let model = model();
    let view = view(&model);
    let first = view.rounds[0].at;
    let ids = |now: Instant| {
        let sheet = Sheet::new(&model, &view, Origin::Typed).at(now);
        let placed = Block::parse("101\n").unwrap().placed(&sheet, (0, 0)).unwrap();
        placed[0].entered.as_ref().map_err(|why| why.id.to_string()).err()
    };
    assert_eq!(ids(first.plus(-23 * 3_600_000)), None);
    assert_eq!(ids(first.plus(-25 * 3_600_000)), Some("reading-not-yet".to_owned()));
}

#[test]
fn what_is_named_one_by_one_was_shown_by_no_spreadsheet() {
    with(|sheet| {
        let tag = sheet.tags()[0].to_owned();
        let rows = vec![vec![tag, "123".to_owned()]];
        let doubts = |is_named| {
            let block = Block {
                rows: rows.clone(),
                is_named,
                ..Block::default()
            };
            block.placed(sheet, (0, 0)).unwrap()[0].doubts.clone()
        };
        let is_of_digits = |doubt: &Doubt| matches!(doubt, Doubt::FewerDigits(_));
        let (pasted, typed) = (doubts(false), doubts(true));
        assert_eq!(pasted.iter().filter(|doubt| !is_of_digits(doubt)).count(), typed.len());
        assert!(!typed.iter().any(is_of_digits));
    });
}
