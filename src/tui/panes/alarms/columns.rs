//! The columns of the Alarms pane: where they begin and how wide they are on a list of a width.

use crate::domain::text::Text;

/// Cells before the first column: the cursor, the marks, a gap.
pub(super) const MARKS: u16 = 8;

/// Narrowest column of names; where there is less room there is none.
const NARROWEST_NAME: u16 = 8;

/// Widest column of names.
const WIDEST_NAME: u16 = 40;

/// A column: its first cell, and how many it has; none where it is left out.
type Column = (u16, u16);

/// The columns.
pub(super) struct Columns {
    pub(super) tag: Column,
    pub(super) name: Column,
    pub(super) kind: Column,
    /// The worst value against the limit; of what is listed as active.
    pub(super) value: Column,
    pub(super) since: Column,
    pub(super) who: Column,
    /// How it is hidden; of what is listed as hidden.
    pub(super) state: Column,
    pub(super) reason: Column,
}

impl Columns {
    /// On a list of a width, with the widest tag of the plant.
    pub(super) fn new(width: u16, widest_tag: u16, hidden: bool) -> Self {
        let roomy = width >= 110;
        let tag = widest_tag.clamp(4, if roomy { 20 } else { 9 });
        let kind = 9;
        let room = width.saturating_sub(MARKS);
        let (middle, last) = if hidden { (14, 12) } else { (20, 7) };
        let middle = if roomy && !hidden { 30 } else { middle };
        let used = tag + kind + middle + last + 3;
        let left = room.saturating_sub(used);
        // Who answered stands where there is a name as well.
        let who = match (hidden, left) {
            (true, _) | (_, ..=17) => 0,
            _ if roomy => 14,
            _ => 8,
        };
        let left = left.saturating_sub(who + u16::from(who > 0));
        let name = left.saturating_sub(1).min(WIDEST_NAME);
        let name = match (hidden, name) {
            (_, ..NARROWEST_NAME) => 0,
            // Of what is hidden the reason matters more.
            (true, name) => (name / 2).max(NARROWEST_NAME),
            (false, name) => name,
        };
        let after = |(at, room): Column| at + room + u16::from(room > 0);
        let tag = (MARKS, tag);
        let name = (after(tag), name);
        let kind = (after(name), kind);
        let none = (width, 0);
        if hidden {
            let state = (after(kind), middle);
            let reason_at = after(state);
            return Self {
                tag,
                name,
                kind,
                value: none,
                since: none,
                who: none,
                state,
                reason: (reason_at, width.saturating_sub(reason_at + 1)),
            };
        }
        let value = (after(kind), middle);
        let since = (after(value), last);
        Self {
            tag,
            name,
            kind,
            value,
            since,
            who: (after(since), who),
            state: none,
            reason: none,
        }
    }

    /// What stands over them.
    pub(super) fn headings(&self) -> [(Text, Column); 8] {
        [
            (Text::new("tui-column-tag"), self.tag),
            (Text::new("tui-column-name"), self.name),
            (Text::new("tui-alarm-what"), self.kind),
            (Text::new("tui-alarm-value"), self.value),
            (Text::new("tui-alarm-since"), self.since),
            (Text::new("tui-alarm-who"), self.who),
            (Text::new("tui-column-state"), self.state),
            (Text::new("tui-alarm-reason"), self.reason),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_column_reaches_beyond_the_list_or_over_another() {
        for hidden in [false, true] {
            for width in 60..300 {
                for tag in [0, 7, 200] {
                    let columns = Columns::new(width, tag, hidden);
                    let stand: Vec<Column> = columns
                        .headings()
                        .into_iter()
                        .map(|(_, column)| column)
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
    fn at_80_columns_there_is_room_for_a_name_and_for_who_answered() {
        let columns = Columns::new(80, 8, false);
        assert!(
            columns.name.1 >= 12 && columns.who.1 == 8,
            "{:?} {:?}",
            columns.name,
            columns.who
        );
        assert_eq!(Columns::new(60, 8, false).who.1, 0);
    }
}
