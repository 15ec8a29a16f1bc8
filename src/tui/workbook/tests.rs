//! Files of the inbox that are workbooks, and that are none.

use std::fs::{create_dir, write};
use std::os::unix::fs::symlink;

use super::*;
use crate::entry::workbook::tests::made;

#[test]
fn a_file_is_read_with_its_digest_and_what_is_none_is_told() {
    let inbox = tempfile::tempdir().unwrap();
    let at = |name: &str| inbox.path().join(name);
    let row = r"<row><c><v>12.5</v></c></row>";
    let one = made::workbook(&[("S", row, "")]);
    write(at("三月.xlsx"), &one).unwrap();
    let Ok(Found::Cells(workbook, source)) = read(&at("三月.xlsx"), None) else {
        panic!("it is a workbook")
    };
    assert_eq!(workbook.block.rows, [["12.5"]]);
    assert_eq!(source, Source::of("三月.xlsx", &one));
    assert_eq!(source.digest, blake3::hash(&one).to_hex().to_string());

    write(at("two.xlsx"), made::workbook(&[("A", row, ""), ("B", row, "")])).unwrap();
    let several = Found::Several(vec!["A".to_owned(), "B".to_owned()]);
    assert_eq!(read(&at("two.xlsx"), None), Ok(several));
    assert!(matches!(read(&at("two.xlsx"), Some("B")), Ok(Found::Cells(..))));
    assert_eq!(
        read(&at("two.xlsx"), Some("C")).unwrap_err().id,
        "entry-workbook-no-sheet"
    );

    let large = File::create(at("large.xlsx")).unwrap();
    large.set_len(LARGEST_FILE + 1).unwrap();
    write(at("scan.pdf"), "%PDF-1.4").unwrap();
    create_dir(at("folder")).unwrap();
    symlink(at("三月.xlsx"), at("link.xlsx")).unwrap();
    for (name, id) in [
        ("large.xlsx", "entry-file-too-large"),
        ("scan.pdf", "entry-workbook-other"),
        ("folder", "tui-workbook-not-a-file"),
        ("link.xlsx", "tui-workbook-not-a-file"),
        ("gone.xlsx", "tui-fault"),
    ] {
        assert_eq!(read(&at(name), None).unwrap_err().id, id, "{name}");
    }
}
