//! Workbooks (XLSX) for tests and benches, with every cell as it is written here. `s="1"` makes a number a date.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A workbook of worksheets: of each its name, its rows, and what stands behind them.
pub(crate) fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let numbers = 1..=sheets.len();
    let listed = numbers
        .clone()
        .zip(sheets)
        .map(|(number, (name, ..))| format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#));
    let related = numbers.clone().map(|number| {
        format!(r#"<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#)
    });
    let parts = numbers.zip(sheets).map(|(number, (_, rows, behind))| {
        let sheet = format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>"#);
        (format!("xl/worksheets/sheet{number}.xml"), sheet)
    });
    let listed: Vec<String> = listed.collect();
    let related: Vec<String> = related.collect();
    let mut parts: Vec<(String, String)> = parts.collect();
    let (listed, related) = (listed.concat(), related.concat());
    parts.extend([
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{PACKAGE}">{related}<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
            ),
        ),
    ]);
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    archive(&parts)
}

/// An archive of parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).expect("a part begins");
        writer.write_all(bytes).expect("a part is written");
    }
    writer.finish().expect("an archive ends").into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
