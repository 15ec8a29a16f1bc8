//! Workbooks that people and programs save, and what is none.

use super::*;

#[path = "../../../tests/made/workbook.rs"]
pub(crate) mod made;

use made::{archive, workbook};

fn one(rows: &str) -> Vec<u8> {
    workbook(&[("S", rows, "")])
}

fn refused(bytes: &[u8], worksheet: Option<&str>) -> Text {
    match Workbook::read(bytes, worksheet) {
        Err(why) => why,
        Ok(read) => panic!("{read:?}"),
    }
}

fn argument(text: &Text, key: &str) -> String {
    let found = text.arguments.iter().find(|(name, _)| *name == key);
    format!("{:?}", found.map(|(_, value)| value))
}

#[test]
fn numbers_are_what_was_typed() {
    for (stored, typed) in [
        ("0.28999999999999998", "0.29"),
        ("12.345000000000001", "12.345"),
        ("9.9999999999999995E-8", "0.0000001"),
        ("1E-7", "0.0000001"),
        ("123456789.125", "123456789.125"),
        ("5", "5"),
        ("5.0", "5"),
        ("-0", "0"),
        ("1E+20", "100000000000000000000"),
    ] {
        let read = Workbook::read(&one(&format!(r"<row><c><v>{stored}</v></c></row>")), None).unwrap();
        assert_eq!(read.block.rows, [[typed]], "{stored}");
        assert_eq!(read.remarks, []);
    }
}

#[test]
fn texts_go_through_and_empty_cells_keep_their_place() {
    let rows = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>１２．５</t></is></c><c r="D2" t="str"><v> / </v></c></row>
        <row r="4"><c r="A4" s="1"/><c r="B4" t="inlineStr"><is><t>1,234</t></is></c></row>"#;
    let read = Workbook::read(&one(rows), None).unwrap();
    let expected: [&[&str]; 4] = [&[""], &["", "１２．５", "", " / "], &[""], &["", "1,234"]];
    assert_eq!(read.block.rows, expected);
    assert!(read.block.is_exact);
}

#[test]
fn dates_are_dates_and_times_stay_with_them() {
    let rows = r#"<row><c s="1"><v>45717</v></c><c s="1"><v>45717.25</v></c><c s="1"><v>0.5</v></c><c t="d"><v>2025-03-01T00:00:00</v></c><c t="d"><v>2025-03-01</v></c></row>"#;
    let read = Workbook::read(&one(rows), None).unwrap();
    assert_eq!(
        read.block.rows,
        [[
            "2025-03-01",
            "2025-03-01 06:00:00",
            "12:00:00",
            "2025-03-01",
            "2025-03-01"
        ]]
    );
}

#[test]
fn errors_and_truth_values_are_told_by_cell_and_left_to_be_refused() {
    let rows = r#"<row r="3"><c r="B3" t="e"><v>#DIV/0!</v></c><c r="AA3" t="e"><v>#N/A</v></c><c r="AB3" t="b"><v>1</v></c></row>"#;
    let read = Workbook::read(&one(rows), None).unwrap();
    assert_eq!(read.block.rows[2][1], "#DIV/0!");
    assert_eq!(read.block.rows[2][27], "TRUE");
    let [remark] = read.remarks.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!(remark.id, "entry-workbook-unfit");
    let cells = argument(remark, "cells");
    assert!(cells.contains("B3 (#DIV/0!), AA3 (#N/A), AB3 (TRUE)"), "{cells}");
}

#[test]
fn of_formulas_the_last_value_is_taken_and_told() {
    let formulas = (1..=7).map(|row| {
        let next = row + 1;
        format!(r#"<row r="{row}"><c r="A{row}"><f>1+{row}</f><v>{next}</v></c></row>"#)
    });
    let formulas = formulas.collect::<Vec<_>>().concat();
    let read = Workbook::read(&one(&formulas), None).unwrap();
    assert_eq!(read.block.rows[6], ["8"]);
    let [remark] = read.remarks.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!(remark.id, "entry-workbook-formulas");
    assert!(
        argument(remark, "cells").contains("A1, A2, A3, A4, A5, …"),
        "{remark:?}"
    );
    assert!(argument(remark, "count").contains('7'), "{remark:?}");
    // One that comes to nothing is empty; one that was never worked out is refused, a shared one too.
    let nothing = r#"<row><c><v>1</v></c><c t="str"><f>IF(A1=1,"",A1)</f><v></v></c></row>"#;
    assert_eq!(Workbook::read(&one(nothing), None).unwrap().block.rows, [["1"]]);
    for never in [
        r#"<row r="2"><c r="C2"><f>A1+B1</f></c></row>"#,
        r#"<row r="2"><c r="C2"><f>A1+B1</f><v/></c></row>"#,
        r#"<row r="2"><c r="C2"><f t="shared" si="0"/></c></row>"#,
    ] {
        let why = refused(&one(never), None);
        assert_eq!(why.id, "entry-workbook-uncomputed", "{never}");
        assert!(argument(&why, "cells").contains("C2"), "{why:?}");
    }
}

#[test]
fn a_merged_region_over_data_is_refused() {
    let rows = r#"<row r="2"><c r="B2"><v>5</v></c></row>"#;
    let merged = |range: &str| {
        let behind = format!(r#"<mergeCells count="1"><mergeCell ref="{range}"/></mergeCells>"#);
        workbook(&[("S", rows, &behind)])
    };
    let why = refused(&merged("B2:D3"), None);
    assert_eq!(why.id, "entry-workbook-merged");
    assert!(argument(&why, "range").contains("B2:D3"), "{why:?}");
    assert!(Workbook::read(&merged("F2:G2"), None).is_ok());
    // Damaged: it ends before it begins.
    assert!(Workbook::read(&merged("ZZZZZZZZ2:A1"), None).is_err());
}

#[test]
fn of_several_worksheets_one_is_named() {
    let (a, b) = (r"<row><c><v>1</v></c></row>", r"<row><c><v>2</v></c></row>");
    let both = workbook(&[("March", a, ""), ("April", b, ""), ("Empty", "", "")]);
    let why = refused(&both, None);
    assert_eq!(why.id, "entry-workbook-several");
    assert!(argument(&why, "names").contains("March, April"), "{why:?}");
    let asked = Workbook::look_at(&both, None).unwrap();
    assert_eq!(asked, Worksheets::Several(vec!["March".to_owned(), "April".to_owned()]));
    let april = Workbook::read(&both, Some("April")).unwrap();
    assert_eq!(Workbook::look_at(&both, Some("April")), Ok(Worksheets::Meant(april)));
    assert_eq!(Workbook::read(&both, Some("April")).unwrap().block.rows, [["2"]]);
    assert_eq!(refused(&both, Some("May")).id, "entry-workbook-no-sheet");
    assert_eq!(refused(&both, Some("Empty")).id, "entry-workbook-empty-sheet");
    let only = workbook(&[("Empty", "", ""), ("April", b, "")]);
    assert_eq!(Workbook::read(&only, None).unwrap().block.rows, [["2"]]);
    assert_eq!(
        refused(&workbook(&[("Empty", "", "")]), None).id,
        "entry-workbook-empty"
    );
}

/// A container of Microsoft's older format with one stream of a name.
fn container(stream: &str) -> Vec<u8> {
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&OLE);
    for (at, value) in [(24, 0x3e_u16), (26, 3), (28, 0xfffe), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let none = 0xffff_fffe_u32;
    for (at, value) in [(44, 1_u32), (48, 1), (56, 4096), (60, none), (68, none), (76, 0)] {
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    header[80..].fill(0xff);
    let mut table = vec![0xff_u8; 512];
    table[..4].copy_from_slice(&0xffff_fffd_u32.to_le_bytes());
    table[4..8].copy_from_slice(&none.to_le_bytes());
    let mut directory = vec![0_u8; 512];
    for (place, (name, kind)) in [("Root Entry", 5), (stream, 2)].into_iter().enumerate() {
        let entry = &mut directory[place * 128..][..128];
        for (letter, unit) in name.encode_utf16().enumerate() {
            entry[letter * 2..][..2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64..66].copy_from_slice(&u16::try_from(name.len() * 2 + 2).unwrap().to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&none.to_le_bytes());
    }
    [header, table, directory].concat()
}

#[test]
fn what_is_no_workbook_is_told_what_it_is() {
    for (bytes, id) in [
        (b"".to_vec(), "entry-workbook-other"),
        (b"COAL-MAR\t5.1\n".to_vec(), "entry-workbook-other"),
        (archive(&[("content.xml", b"<office/>")]), "entry-workbook-other"),
        (b"PK\x03\x04 and no more".to_vec(), "entry-workbook-damaged"),
        (container("EncryptedPackage"), "entry-workbook-password"),
        (container("Workbook"), "entry-workbook-old"),
        (OLE.to_vec(), "entry-workbook-old"),
    ] {
        assert_eq!(refused(&bytes, None).id, id, "{bytes:?}");
    }
}

#[test]
fn a_workbook_that_is_cut_short_or_damaged_is_refused_wherever_it_is() {
    let whole = one(r#"<row r="1"><c r="A1"><v>12.5</v></c><c r="B1" s="1"><v>45717</v></c></row>"#);
    for length in 0..whole.len() {
        refused(&whole[..length], None);
    }
    // What its checksums do not tell, as the archive was made anew: no panic, whatever comes of it.
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="B1:A1"/></mergeCells></worksheet>"#;
    for place in 0..sheet.len() {
        for byte in [b'9', b'<', b'"', 0] {
            let mut mangled = sheet.as_bytes().to_vec();
            mangled[place] = byte;
            let _ = Workbook::read(&with_sheet(&mangled), None);
        }
    }
}

/// A workbook with a worksheet as it stands there.
fn with_sheet(sheet: &[u8]) -> Vec<u8> {
    archive(&[
        (
            "xl/workbook.xml",
            br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

#[test]
fn what_would_take_too_much_room_is_refused_before_it_does() {
    let bomb = vec![b' '; usize::try_from(MOST_UNPACKED).unwrap() + 1];
    let bomb = with_sheet(&bomb);
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    assert_eq!(refused(&bomb, None).id, "entry-workbook-unpacked");
    for (far, fits) in [("A1048576", false), ("A100001", false), ("B99999", true)] {
        let rows = format!(r#"<row><c r="{far}"><v>1</v></c></row>"#);
        assert_eq!(Workbook::read(&one(&rows), None).is_ok(), fits, "{far}");
    }
    let many = r"<c><v>1</v></c>".repeat(16_000);
    let many = format!("<row>{many}</row>").repeat(7);
    assert_eq!(refused(&one(&many), None).id, "entry-workbook-cells");
}
