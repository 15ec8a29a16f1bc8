//! The columns of the Anomalies pane: where they begin and how wide they are on a list of a width.

use crate::domain::text::Text;

/// Cells before the first column: the cursor, the marks, a gap.
const MARKS: u16 = 6;

/// Narrowest column of names; where there is less room there is none.
const NARROWEST_NAME: u16 = 8;

/// Widest column of names.
const WIDEST_NAME: u16 = 40;

/// Lists from this width on tell who has it, for how long it has been and how often it was before.
const WITH_PEOPLE: u16 = 76;

/// Lists from this width on have room for words.
const ROOMY: u16 = 124;

/// A column: its first cell, and how many it has; none where it is left out.
type Column = (u16, u16);

/// The columns.
pub(super) struct Columns {
    pub(super) number: Column,
    pub(super) tag: Column,
    pub(super) name: Column,
    pub(super) check: Column,
    pub(super) stage: Column,
    pub(super) stake: Column,
    pub(super) due: Column,
    pub(super) age: Column,
    pub(super) who: Column,
    pub(super) before: Column,
}

impl Columns {
    /// On a list of a width, with the widest tag of the plant and the last number that was given.
    pub(super) fn new(width: u16, widest_tag: u16, last_number: u32) -> Self {
        let roomy = width >= ROOMY;
        let digits = u16::try_from(last_number.checked_ilog10().map_or(1, |log| log + 1)).unwrap_or(u16::MAX);
        let number = digits.max(3);
        let tag = widest_tag.clamp(4, if roomy { 20 } else { 9 });
        let (check, stage, stake) = if roomy { (17, 11, 12) } else { (10, 0, 9) };
        let due = 4;
        let (age, who, before) = match width {
            ROOMY.. => (7, 20, 4),
            WITH_PEOPLE.. => (7, 11, 3),
            _ => (0, 0, 0),
        };
        let others = [number, tag, check, stage, stake, due, age, who, before];
        let used: u16 = others.into_iter().filter(|room| *room > 0).map(|room| room + 1).sum();
        // The last column needs no gap after it, the name needs one.
        let left = width.saturating_sub(MARKS + used);
        let name = if left < NARROWEST_NAME {
            0
        } else {
            left.min(WIDEST_NAME)
        };
        let mut at = MARKS;
        let mut next = |room: u16| {
            let column = (at, room);
            at += room + u16::from(room > 0);
            column
        };
        Self {
            number: next(number),
            tag: next(tag),
            name: next(name),
            check: next(check),
            stage: next(stage),
            stake: next(stake),
            due: next(due),
            age: next(age),
            who: next(who),
            before: next(before),
        }
    }

    /// What stands over them, and whether it stands flush right, as figures do.
    pub(super) fn headings(&self) -> [(Text, Column, bool); 10] {
        [
            (Text::new("tui-anomaly-number"), self.number, true),
            (Text::new("tui-column-tag"), self.tag, false),
            (Text::new("tui-column-name"), self.name, false),
            (Text::new("tui-anomaly-check"), self.check, false),
            (Text::new("tui-anomaly-stage"), self.stage, false),
            (Text::new("tui-anomaly-stake"), self.stake, true),
            (Text::new("tui-anomaly-days"), self.due, true),
            (Text::new("tui-column-age"), self.age, false),
            (Text::new("tui-anomaly-who"), self.who, false),
            (Text::new("tui-anomaly-before"), self.before, true),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_column_reaches_beyond_the_list_or_over_another() {
        for width in 60..300 {
            for tag in [0, 7, 200] {
                for last in [0, 99, u32::MAX] {
                    let columns = Columns::new(width, tag, last);
                    let stand: Vec<Column> = columns
                        .headings()
                        .into_iter()
                        .map(|(_, column, _)| column)
                        .filter(|(_, room)| *room > 0)
                        .collect();
                    for pair in stand.windows(2) {
                        assert!(pair[0].0 + pair[0].1 < pair[1].0, "{width}: {pair:?}");
                    }
                    let last = stand.last().unwrap();
                    assert!(last.0 + last.1 <= width, "{width}: {last:?}");
                }
            }
        }
    }

    #[test]
    fn at_80_columns_there_is_room_for_a_name_and_for_who_has_it() {
        let columns = Columns::new(80, 8, 999);
        assert!(columns.name.1 >= 10 && columns.who.1 == 11, "{:?}", columns.name);
        let narrow = Columns::new(60, 8, 999);
        assert!(narrow.who.1 == 0 && narrow.name.1 >= 8, "{:?}", narrow.name);
    }
}
