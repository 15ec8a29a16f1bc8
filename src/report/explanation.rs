//! Explanations as rows of a table (溯源).

use std::io::{self, Write};

use super::table::{Cell, Column, Table};
use super::target::TargetWords;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::view::{Explanation, Target};
use crate::locale::Localizer;

/// The columns.
pub fn columns() -> Vec<Column> {
    vec![
        Column::figures("depth", Text::new("cli-column-depth")),
        Column::words("label", "cli-column-name"),
        Column::figures("value", Text::new("cli-column-value")),
        Column::words("unit", "cli-column-unit"),
        Column::words("formula", "cli-column-formula"),
        Column::words("numbers", "cli-column-numbers"),
        Column::words("remark", "cli-column-remark"),
        Column::words("target", "cli-column-target"),
        Column::words("book", "cli-column-book"),
    ]
}

/// The rows of an explanation: itself, then its parts one deeper.
pub fn rows(explanation: &Explanation, depth: u32, model: &SiteModel, localizer: &Localizer) -> Vec<Vec<Cell>> {
    let number = |value: &Option<String>| {
        value
            .as_ref()
            .map_or(Cell::Nothing, |value| Cell::Number(value.clone(), value.clone()))
    };
    let words = |value: &Option<String>| value.as_ref().map_or(Cell::Nothing, Cell::words);
    let said = |text: &Text| localizer.for_programs(text);
    let row = |depth: u32, target: Option<&Target>, cells: [Cell; 6]| {
        let target = target.map(|target| TargetWords::of(target, model));
        let mut row = vec![Cell::count(depth)];
        row.extend(cells);
        row.push(words(&target.as_ref().map(TargetWords::joined)));
        row.push(words(&target.and_then(|target| target.book)));
        row
    };
    let own = row(
        depth,
        Some(&explanation.target),
        [
            Cell::Text(explanation.title.clone()),
            number(&explanation.value),
            words(&explanation.unit),
            words(&explanation.formula),
            words(&explanation.numbers),
            Cell::List(explanation.remarks.iter().map(said).collect()),
        ],
    );
    let parts = explanation.parts.iter().map(|part| {
        row(
            depth + 1,
            part.target.as_ref(),
            [
                Cell::Text(part.label.clone()),
                number(&part.value),
                words(&part.unit),
                Cell::Nothing,
                words(&part.numbers),
                part.remark.clone().map_or(Cell::Nothing, Cell::Text),
            ],
        )
    });
    std::iter::once(own).chain(parts).collect()
}

/// The steps of a way into an explanation as CSV: each with its parts, the first of them at depth 0.
pub fn csv<'steps>(
    steps: impl Iterator<Item = &'steps Explanation>,
    model: &SiteModel,
    localizer: &Localizer,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = Table {
        simulated: model.simulated,
        columns: columns(),
        rows: (0..)
            .zip(steps)
            .flat_map(|(step, explanation)| rows(explanation, step * 2, model, localizer))
            .collect(),
    };
    table.write_csv(&[], localizer, out)
}
