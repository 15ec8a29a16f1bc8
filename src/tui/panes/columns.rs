//! The columns (列) of the Live pane: which there are, how wide they are on a screen, and which are left out where there is
//! no room for all.

use serde::{Deserialize, Serialize};

use super::super::plant::Widest;
use crate::domain::text::Text;

/// Cells before the first column: the cursor, the two marks, a gap.
pub const MARKS: u16 = 4;

/// Narrowest column of names. What is left out for want of room is left out to keep this.
const NARROWEST_NAME: u16 = 9;

/// Widest column of names. Figures stay near the names they belong to: what names do not need goes to the bar.
const WIDEST_NAME: u16 = 40;

/// Widest limit bar.
const WIDEST_BAR: u16 = 40;

/// Narrowest limit bar that says anything.
const BAR: u16 = 12;

/// Cells of the trend: six minutes each.
pub const TREND: u16 = 10;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Tag.
    Tag,
    /// Name.
    Name,
    /// Newest value.
    Value,
    /// Its unit.
    Unit,
    /// Where it stands between its limits.
    Bar,
    /// How it went in the last hour.
    Trend,
    /// The limits in figures.
    Limits,
    /// How old it is.
    Age,
    /// What is wrong with it, or where it came from.
    State,
}

impl Column {
    /// All columns in their order.
    pub const ALL: [Self; 9] = [
        Self::Tag,
        Self::Name,
        Self::Value,
        Self::Unit,
        Self::Bar,
        Self::Trend,
        Self::Limits,
        Self::Age,
        Self::State,
    ];

    /// Those that are left out first where there is no room. A row without tag and value says nothing.
    const DISPENSABLE: [Self; 7] = [
        Self::Limits,
        Self::Trend,
        Self::Bar,
        Self::Unit,
        Self::Age,
        Self::State,
        Self::Name,
    ];

    /// Its heading.
    pub fn heading(self) -> Text {
        match self {
            Self::Tag => Text::new("tui-column-tag"),
            Self::Name => Text::new("tui-column-name"),
            Self::Value => Text::new("tui-column-value"),
            Self::Unit => Text::new("tui-column-unit"),
            Self::Bar => Text::new("tui-column-bar"),
            Self::Trend => Text::new("tui-column-trend"),
            Self::Limits => Text::new("tui-column-limits"),
            Self::Age => Text::new("tui-column-age"),
            Self::State => Text::new("tui-column-state"),
        }
    }

    /// Whether what stands in it stands flush right.
    pub const fn is_flush_right(self) -> bool {
        matches!(self, Self::Value | Self::Age)
    }

    /// Its width on a list that is `list` cells wide; names and bars get what is left over besides.
    fn width(self, list: u16, widest: Widest) -> u16 {
        let narrow = list < 90;
        let roomy = list >= 110;
        match self {
            Self::Tag => widest.tag.clamp(4, if roomy { 20 } else { 9 }),
            Self::Name => NARROWEST_NAME,
            Self::Value if roomy => 16,
            Self::Value => widest.value.clamp(9, 12),
            Self::Unit => widest.unit.clamp(
                4,
                if narrow {
                    5
                } else if roomy {
                    14
                } else {
                    9
                },
            ),
            Self::Bar => BAR,
            Self::Trend => TREND,
            Self::Limits => 20,
            Self::Age => 7,
            Self::State if narrow => 6,
            Self::State => 9,
        }
    }
}

/// A column on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub column: Column,
    /// Its first cell.
    pub at: u16,
    /// Its width in cells.
    pub width: u16,
}

/// The chosen columns as they stand on a list that is `list` cells wide.
pub fn placed(chosen: &[Column], list: u16, widest: Widest) -> Vec<Placed> {
    let mut columns: Vec<(Column, u16)> = chosen
        .iter()
        // Limits in figures stand where there is room for more than what one looks at all the time.
        .filter(|&&column| column != Column::Limits || list >= 110)
        .map(|&column| (column, column.width(list, widest)))
        .collect();
    let needed = |columns: &[(Column, u16)]| {
        columns
            .iter()
            .map(|(_, width)| width + 1)
            .sum::<u16>()
            .saturating_sub(1)
    };
    let room = list.saturating_sub(MARKS);
    for dispensable in Column::DISPENSABLE {
        if needed(&columns) <= room {
            break;
        }
        columns.retain(|&(column, _)| column != dispensable);
    }
    let mut rest = room.saturating_sub(needed(&columns));
    for (grows, most) in [(Column::Name, WIDEST_NAME), (Column::Bar, WIDEST_BAR)] {
        if let Some((_, width)) = columns.iter_mut().find(|(column, _)| *column == grows) {
            let more = rest.min(most.saturating_sub(*width));
            *width += more;
            rest -= more;
        }
    }
    let mut at = MARKS;
    columns
        .into_iter()
        .map(|(column, width)| {
            let placed = Placed { column, at, width };
            at += width + 1;
            placed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDEST: Widest = Widest {
        tag: 8,
        unit: 5,
        value: 9,
    };

    fn columns(width: u16) -> Vec<(Column, u16)> {
        let placed = placed(&Column::ALL, width, WIDEST);
        placed.iter().map(|placed| (placed.column, placed.width)).collect()
    }

    #[test]
    fn at_80_columns_there_is_room_for_a_bar_of_12_and_a_trend_of_10_cells() {
        let columns = columns(80);
        assert!(columns.contains(&(Column::Bar, 12)), "{columns:?}");
        assert!(columns.contains(&(Column::Trend, 10)), "{columns:?}");
        assert!(columns.contains(&(Column::Name, 12)), "{columns:?}");
    }

    #[test]
    fn no_column_reaches_beyond_the_list_or_over_another() {
        for width in 40..300 {
            let placed = placed(&Column::ALL, width, WIDEST);
            for pair in placed.windows(2) {
                assert!(pair[0].at + pair[0].width < pair[1].at, "{width}: {pair:?}");
            }
            let last = placed.last().unwrap();
            assert!(last.at + last.width <= width, "{width}: {last:?}");
            assert!(placed.iter().any(|placed| placed.column == Column::Value));
        }
        assert_eq!(
            columns(60).iter().filter(|(column, _)| *column == Column::Bar).count(),
            0
        );
    }
}
