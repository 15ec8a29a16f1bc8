//! A list with what is known of its selected row: beside it on wide screens, on others below a rule under it.

use ratatui::layout::Size;

use super::{ABOVE, BELOW, detail};

/// Screens from this width on show the details beside the list.
const WITH_DETAIL: u16 = 140;

/// Screens from this height on show more of the details below it.
const ROOMY: u16 = 40;

/// Rows above the list: what there is in all, the headings.
pub(super) const HEADING: u16 = 2;

/// How many rows the details have below the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// On screens of usual height.
    pub(super) usual: u16,
    /// On high ones.
    pub(super) roomy: u16,
}

impl Split {
    /// Rows of details below the rule on a screen of a size; none where they stand beside the list.
    pub(super) const fn under(self, size: Size) -> u16 {
        if size.width >= WITH_DETAIL {
            0
        } else if size.height >= ROOMY {
            self.roomy
        } else {
            self.usual
        }
    }

    /// How many rows the list has on a screen of a size.
    pub(super) const fn rows(self, size: Size) -> u16 {
        // The rule takes one.
        size.height
            .saturating_sub(ABOVE + BELOW + HEADING + 1 + self.under(size))
    }
}

/// Fewest rows of a list, so that the rule does not stand at its heading.
const LEAST_ROWS: u16 = 3;

impl Split {
    /// How many rows a list of so many entries has, and how many the details below the rule: what a short list leaves empty
    /// is theirs. An empty list keeps its rows for why it is empty.
    pub(super) fn shared(self, size: Size, listed: usize) -> (u16, u16) {
        let (rows, under) = (self.rows(size), self.under(size));
        let needed = u16::try_from(listed).unwrap_or(u16::MAX).max(LEAST_ROWS);
        if under == 0 || listed == 0 || needed >= rows {
            return (rows, under);
        }
        (needed, under + rows - needed)
    }
}

/// Width of the list on a screen of a width.
pub(super) const fn list_width(width: u16) -> u16 {
    if width >= WITH_DETAIL {
        width - detail::WIDTH
    } else {
        width
    }
}
