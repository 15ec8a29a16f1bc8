//! The cells of a record (格), kept as what they mostly are: all rounds of a page for all its rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::CellOf;
use crate::domain::identity::ParameterId;
use crate::domain::reading::Slot;

/// Cells, each once. Parameters that share their times stand together, so that a full page costs its edges and not its area.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub(in crate::engine) struct Cells(Vec<(Vec<ParameterId>, Vec<Slot>)>);

/// As rows may hold them: those of before named each cell.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Together(Vec<(Vec<ParameterId>, Vec<Slot>)>),
    Each(Vec<CellOf>),
}

impl From<Stored> for Cells {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Together(together) => Self(together),
            Stored::Each(cells) => cells.into_iter().collect(),
        }
    }
}

impl FromIterator<CellOf> for Cells {
    fn from_iter<Given: IntoIterator<Item = CellOf>>(cells: Given) -> Self {
        let mut of_parameters: BTreeMap<ParameterId, BTreeSet<Slot>> = BTreeMap::new();
        for (parameter, slot) in cells {
            of_parameters.entry(parameter).or_default().insert(slot);
        }
        let mut together: BTreeMap<BTreeSet<Slot>, Vec<ParameterId>> = BTreeMap::new();
        for (parameter, slots) in of_parameters {
            together.entry(slots).or_default().push(parameter);
        }
        let together = together.into_iter();
        Self(
            together
                .map(|(slots, parameters)| (parameters, slots.into_iter().collect()))
                .collect(),
        )
    }
}

impl Cells {
    /// Whether there is none.
    pub(in crate::engine) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub(in crate::engine) fn count(&self) -> usize {
        let counts = self.0.iter();
        counts.map(|(parameters, slots)| parameters.len() * slots.len()).sum()
    }

    /// Whether a cell is one of them.
    pub(in crate::engine) fn contains(&self, (parameter, slot): CellOf) -> bool {
        self.0.iter().any(|(parameters, slots)| {
            parameters.binary_search(&parameter).is_ok() && slots.binary_search(&slot).is_ok()
        })
    }

    /// All of them, those of a parameter one after the other by time.
    pub(in crate::engine) fn iter(&self) -> impl Iterator<Item = CellOf> {
        self.0.iter().flat_map(|(parameters, slots)| {
            let of_one = |&parameter| slots.iter().map(move |&slot| (parameter, slot));
            parameters.iter().flat_map(of_one)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    fn cell(parameter: u32, at: i64) -> CellOf {
        (ParameterId(parameter), Slot::instant(Instant(at)))
    }

    #[test]
    fn a_page_costs_its_edges_and_every_cell_is_found_again() {
        let page = (1..=500).flat_map(|row| (0..31).map(move |day| cell(row, day)));
        let holes: Vec<CellOf> = page.filter(|one| *one != cell(7, 3)).collect();
        let cells: Cells = holes.iter().rev().copied().collect();
        assert_eq!(cells.count(), 500 * 31 - 1);
        let mut found: Vec<CellOf> = cells.iter().collect();
        found.sort_unstable();
        assert_eq!(found, holes);
        assert!(cells.contains(cell(7, 4)) && !cells.contains(cell(7, 3)) && !cells.contains(cell(501, 1)));
        let stored = rmp_serde::to_vec_named(&cells).unwrap();
        assert!(stored.len() < 8_000, "{}", stored.len());
        assert_eq!(rmp_serde::from_slice::<Cells>(&stored).unwrap(), cells);
        assert!(Cells::default().is_empty());
    }

    #[test]
    fn cells_that_were_named_one_by_one_are_read() {
        let named = vec![cell(2, 5), cell(1, 5), cell(1, 6)];
        let stored = rmp_serde::to_vec_named(&named).unwrap();
        assert_eq!(
            rmp_serde::from_slice::<Cells>(&stored).unwrap(),
            named.into_iter().collect()
        );
    }
}
