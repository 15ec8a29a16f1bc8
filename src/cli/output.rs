//! Answers without a screen: tables for people, JSON and CSV for programs. One form of data, three ways to write it.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use super::format::OutputFormat;
use crate::domain::text::Text;
use crate::locale::Localizer;
pub use crate::report::table::{Cell, Column, Table};

impl Table {
    /// Prints the table.
    pub fn print(&self, format: OutputFormat, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        self.print_with(&[], format, localizer, out)
    }

    /// Prints the table with facts of the whole, which programs get: JSON beside the rows, CSV in every row.
    pub fn print_with(
        &self,
        facts: &[(&'static str, Cell)],
        format: OutputFormat,
        localizer: &Localizer,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            OutputFormat::Table => self.print_for_people(localizer, out),
            OutputFormat::Json => {
                let mut object: Map<String, Value> = Map::new();
                object.insert("simulated".to_owned(), json!(self.simulated));
                for (key, cell) in facts {
                    object.insert((*key).to_owned(), cell.json(localizer));
                }
                object.insert("rows".to_owned(), self.json_rows(localizer));
                print_json(&Value::Object(object), out)
            }
            OutputFormat::Csv => self.write_csv(facts, localizer, out),
        }
    }

    /// The rows as JSON objects.
    pub fn json_rows(&self, localizer: &Localizer) -> Value {
        self.rows.iter().map(|row| self.json_row(row, localizer)).collect()
    }

    fn json_row(&self, row: &[Cell], localizer: &Localizer) -> Value {
        let fields = self.columns.iter().zip(row);
        Value::Object(
            fields
                .map(|(column, cell)| (column.key.clone(), cell.json(localizer)))
                .collect::<Map<_, _>>(),
        )
    }

    fn print_for_people(&self, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        if self.simulated {
            writeln!(out, "{}", localizer.plain("cli-simulated"))?;
        }
        let titles: Vec<String> = self
            .columns
            .iter()
            .map(|column| localizer.text(&column.title))
            .collect();
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.for_people(localizer)).collect())
            .collect();
        let widths: Vec<usize> = titles
            .iter()
            .enumerate()
            .map(|(place, title)| {
                let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.width());
                cells.max().unwrap_or(0).max(title.width())
            })
            .collect();
        for row in std::iter::once(&titles).chain(&rows) {
            let mut line = String::new();
            for ((cell, width), column) in row.iter().zip(&widths).zip(&self.columns) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                if column.figures {
                    line.push_str(&padding);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.push_str(&padding);
                }
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// An answer of named fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Whether the data are simulated.
    pub simulated: bool,
    /// Name for programs, label for people, value.
    pub fields: Vec<(&'static str, Text, Cell)>,
}

impl Sheet {
    /// Adds a field.
    pub fn add(&mut self, key: &'static str, label: &'static str, cell: Cell) {
        self.fields.push((key, Text::new(label), cell));
    }

    /// The fields as a JSON object.
    pub fn json(&self, localizer: &Localizer) -> Map<String, Value> {
        let mut object: Map<String, Value> = Map::new();
        object.insert("simulated".to_owned(), json!(self.simulated));
        for (key, _, cell) in &self.fields {
            object.insert((*key).to_owned(), cell.json(localizer));
        }
        object
    }

    /// Prints the sheet.
    pub fn print(&self, format: OutputFormat, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        match format {
            OutputFormat::Table => {
                if self.simulated {
                    writeln!(out, "{}", localizer.plain("cli-simulated"))?;
                }
                let labels: Vec<String> = self.fields.iter().map(|(_, label, _)| localizer.text(label)).collect();
                let width = labels.iter().map(|label| label.width()).max().unwrap_or(0);
                for (label, (_, _, cell)) in labels.iter().zip(&self.fields) {
                    let padding = " ".repeat(width.saturating_sub(label.width()));
                    writeln!(out, "{label}{padding}  {}", cell.for_people(localizer))?;
                }
                Ok(())
            }
            OutputFormat::Json => print_json(&Value::Object(self.json(localizer)), out),
            OutputFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                let keys = self.fields.iter().map(|(key, ..)| *key);
                writer.write_record(keys.chain(["simulated"]))?;
                let cells = self.fields.iter().map(|(_, _, cell)| cell.csv(localizer));
                writer.write_record(cells.chain([self.simulated.to_string()]))?;
                writer.flush()
            }
        }
    }
}

/// Prints JSON with a newline at its end.
pub fn print_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{Instant, PlantZone};
    use crate::locale::Language;

    fn table() -> Table {
        Table {
            simulated: true,
            columns: vec![
                Column::words("name", "cli-column-name"),
                Column::figures("2025-03", Text::new("cli-column-total")),
            ],
            rows: vec![
                vec![
                    Cell::words("高炉\u{1b}[2J"),
                    Cell::Number("1234.500000000".into(), "1,234.500".into()),
                ],
                vec![Cell::words("=SUM(A1)"), Cell::Nothing],
            ],
        }
    }

    fn printed(format: OutputFormat) -> String {
        let mut out = Vec::new();
        table()
            .print(format, &Localizer::new(Language::English), &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_see_the_mark_aligned_figures_and_no_escape_sequences() {
        let shown = printed(OutputFormat::Table);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(!shown.contains('\u{1b}'));
        assert_eq!(lines[1].width(), lines[2].width(), "{shown}");
        assert!(lines[2].ends_with("1,234.500"));
    }

    #[test]
    fn programs_get_every_digit_and_the_mark() {
        let value: Value = serde_json::from_str(&printed(OutputFormat::Json)).unwrap();
        assert_eq!(value["simulated"], true);
        assert_eq!(value["rows"][0]["2025-03"], "1234.500000000");
        assert_eq!(value["rows"][1]["2025-03"], Value::Null);
        let shown = printed(OutputFormat::Csv);
        assert!(shown.starts_with("name,2025-03,simulated\n"), "{shown}");
        assert!(shown.contains("1234.500000000,true"));
        assert!(shown.contains("'=SUM(A1)"));
    }

    #[test]
    fn programs_get_the_facts_of_the_whole() {
        let facts = [
            ("book", Cell::words("site")),
            ("periods", Cell::List(vec!["2025".into()])),
        ];
        let printed = |format| {
            let mut out = Vec::new();
            let localizer = Localizer::new(Language::English);
            table().print_with(&facts, format, &localizer, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let value: Value = serde_json::from_str(&printed(OutputFormat::Json)).unwrap();
        assert_eq!((&value["book"], &value["periods"][0]), (&json!("site"), &json!("2025")));
        let shown = printed(OutputFormat::Csv);
        assert!(shown.starts_with("name,2025-03,book,periods,simulated\n"), "{shown}");
        assert!(shown.contains("1234.500000000,site,2025,true"), "{shown}");
    }

    #[test]
    fn people_read_plant_time_and_programs_utc() {
        let zone = PlantZone::parse("Asia/Shanghai").unwrap();
        let cell = Cell::Time(Instant::EARLIEST, Some(zone));
        let localizer = Localizer::new(Language::English);
        assert_eq!(cell.for_people(&localizer), "2000-01-01 08:00:00 +08:00");
        assert_eq!(cell.csv(&localizer), "2000-01-01T00:00:00Z");
        assert_eq!(cell.json(&localizer), json!("2000-01-01T00:00:00Z"));
    }
}
