//! Ledger tables as tables of cells (排放台账).

use std::io::{self, Write};

use super::table::{Cell, Column, Table};
use crate::domain::text::{Explained, Text};
use crate::engine::view::{Figure, Intensity, LedgerRow, LedgerTable, RowKind};
use crate::locale::Localizer;

/// The table, for people or for programs.
pub fn table(ledger: &LedgerTable, people: bool, localizer: &Localizer) -> Table {
    let mut columns = vec![
        Column::words("name", "cli-column-name"),
        Column::words("key", "cli-column-key"),
    ];
    if !people {
        columns.push(Column::figures("depth", Text::new("cli-column-depth")));
    }
    if ledger.labels.len() > 1 {
        for label in &ledger.labels {
            columns.push(Column::figures(
                format!("{label} t"),
                Text::new("cli-column-period").with("label", label),
            ));
        }
    }
    columns.push(Column::figures("total_t", Text::new("cli-column-total")));
    columns.push(Column::figures("intensity_t", Text::new("cli-column-intensity")));
    if !people {
        columns.push(Column::words("intensity_unit", "cli-column-unit"));
        columns.push(Column::words("intensity_product", "cli-column-product"));
    }
    columns.push(Column::words("remark", "cli-column-remark"));
    let rows: Vec<Vec<Cell>> = ledger
        .rows
        .iter()
        .map(|row| {
            let name = row_name(row, localizer);
            let indent = if people {
                "  ".repeat(usize::try_from(row.depth).unwrap_or(0))
            } else {
                String::new()
            };
            let mut cells = vec![Cell::Words(format!("{indent}{name}")), Cell::words(&row.key)];
            if !people {
                cells.push(Cell::count(row.depth));
            }
            if ledger.labels.len() > 1 {
                cells.extend(row.figures.iter().map(|figure| Cell::tonnes(figure.milligrams)));
            }
            cells.push(Cell::tonnes(row.total.milligrams));
            cells.extend(intensities(&row.intensity, people, localizer));
            cells.push(Cell::Words(row_remark(row, localizer)));
            cells
        })
        .collect();
    Table {
        simulated: ledger.simulated,
        columns,
        rows,
    }
}

/// The name of a row.
pub fn row_name(row: &LedgerRow, localizer: &Localizer) -> String {
    match row.kind {
        RowKind::Category(category) => localizer.text(&category.text()),
        RowKind::Node | RowKind::Source | RowKind::Gas(_) | RowKind::Book => localizer.name(&row.name).to_owned(),
    }
}

/// The table as CSV, as `carbonwatch ledger --format csv` prints it.
pub fn csv(ledger: &LedgerTable, period: &str, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table(ledger, false, localizer);
    table.rows.push(direct_row(ledger, localizer));
    table.write_csv(&facts(ledger, period), localizer, out)
}

/// What programs are told of the whole table.
pub fn facts(ledger: &LedgerTable, period: &str) -> Vec<(&'static str, Cell)> {
    vec![
        ("book", Cell::words(&ledger.book_key)),
        ("period", Cell::words(period)),
        ("sequence", Cell::count(ledger.sequence.0)),
    ]
}

/// The emissions per unit of each product: one cell for people, value, unit and product for programs.
fn intensities(intensities: &[Intensity], people: bool, localizer: &Localizer) -> Vec<Cell> {
    let made: Vec<(&str, &str, &str)> = intensities
        .iter()
        .filter_map(|intensity| {
            let product = localizer.name(&intensity.product);
            Some((intensity.value.as_deref()?, intensity.unit.as_str(), product))
        })
        .collect();
    if people {
        let shown: Vec<String> = made
            .iter()
            .map(|(value, unit, product)| format!("{value}/{} {product}", localizer.unit(unit)))
            .collect();
        return vec![Cell::words(shown.join("; "))];
    }
    let list = |words: Vec<&str>| Cell::List(words.into_iter().map(str::to_owned).collect());
    vec![
        list(made.iter().map(|(value, ..)| *value).collect()),
        list(made.iter().map(|(_, unit, _)| *unit).collect()),
        list(made.iter().map(|(.., product)| *product).collect()),
    ]
}

/// The whole without electricity and heat, as the last row of a CSV table.
pub fn direct_row(ledger: &LedgerTable, localizer: &Localizer) -> Vec<Cell> {
    let steps = if ledger.labels.len() > 1 {
        ledger.labels.len()
    } else {
        0
    };
    let mut cells = vec![
        Cell::Text(Text::new("cli-ledger-direct")),
        Cell::words("direct"),
        Cell::count(0),
    ];
    cells.extend(std::iter::repeat_n(Cell::Nothing, steps));
    cells.push(Cell::tonnes(ledger.direct.milligrams));
    cells.extend([Cell::Nothing, Cell::Nothing, Cell::Nothing]);
    cells.push(Cell::Words(remark(&ledger.direct, localizer)));
    cells
}

/// What must be said of a row: of its figure, and of the outputs by which that is divided.
fn row_remark(row: &LedgerRow, localizer: &Localizer) -> String {
    let own = Some(remark(&row.total, localizer)).filter(|own| !own.is_empty());
    let filled = row.intensity.iter().filter(|intensity| intensity.substituted_hours > 0);
    let filled = filled.map(|intensity| {
        let text = Text::new("cli-remark-output-substituted")
            .with_count("hours", intensity.substituted_hours)
            .with_name("product", &intensity.product);
        localizer.text(&text)
    });
    own.into_iter().chain(filled).collect::<Vec<_>>().join(" ")
}

/// What must be said of a figure, in words.
pub fn remark(figure: &Figure, localizer: &Localizer) -> String {
    [
        ("cli-remark-provisional", figure.provisional_hours),
        ("cli-remark-incomplete", figure.incomplete_hours),
        ("cli-remark-substituted", figure.substituted_hours),
        ("cli-remark-overlapping", figure.overlapping_hours),
        ("cli-remark-failed", figure.failed_hours),
    ]
    .into_iter()
    .filter(|&(_, hours)| hours > 0)
    .map(|(id, hours)| localizer.text(&Text::new(id).with_count("hours", hours)))
    .collect::<Vec<_>>()
    .join(" ")
}
