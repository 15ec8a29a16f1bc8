//! Where the keys of motion lead in a list.

use super::super::keymap::Action;

/// The place to which a key leads from another: at the most the last. `None` for a key of another kind.
pub(super) fn moved(at: usize, action: Action, page: usize, last: usize) -> Option<usize> {
    let to = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at.saturating_add(1),
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at.saturating_add(page),
        Action::First => 0,
        Action::Last => last,
        _ => return None,
    };
    Some(to.min(last))
}

/// The same in a list whose last place is followed by its first.
pub(super) fn around(at: usize, action: Action, page: usize, last: usize) -> Option<usize> {
    match action {
        Action::Up if at == 0 => Some(last),
        Action::Down if at >= last => Some(0),
        _ => moved(at, action, page, last),
    }
}

/// Whether the key leads towards the end of the list; the first place is sought from before it.
pub(super) fn is_forwards(action: Action) -> bool {
    matches!(action, Action::Down | Action::PageDown | Action::First)
}

/// The first row on a screen of so many rows, so that the cursor is seen and the list scrolls as little as is needed.
pub(super) fn scrolled(top: usize, cursor: usize, height: usize) -> usize {
    top.min(cursor).max((cursor + 1).saturating_sub(height))
}

/// The same in a list of so many rows: where there is room below, it scrolls back as far as that goes.
pub(super) fn within(top: usize, cursor: usize, height: usize, rows: usize) -> usize {
    scrolled(top, cursor, height).min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_no_further_than_the_ends() {
        assert_eq!(moved(0, Action::Up, 10, 30), Some(0));
        assert_eq!(moved(29, Action::PageDown, 10, 30), Some(30));
        assert_eq!(moved(4, Action::Last, 10, 0), Some(0));
        assert_eq!(moved(7, Action::PageDown, usize::MAX, 30), Some(30));
        assert_eq!(moved(7, Action::Sort, 10, 30), None);
    }

    #[test]
    fn a_list_scrolls_as_little_as_is_needed() {
        assert_eq!(scrolled(5, 7, 10), 5);
        assert_eq!(scrolled(5, 3, 10), 3);
        assert_eq!(scrolled(5, 15, 10), 6);
        assert_eq!(scrolled(0, 0, 1), 0);
        // After the window was made large again nothing stays scrolled away for which there is room.
        assert_eq!(within(6, 15, 20, 16), 0);
        assert_eq!(within(6, 15, 12, 16), 4);
        assert_eq!(within(6, 15, 5, 16), 11);
    }

    #[test]
    fn a_ring_has_no_ends_for_single_steps() {
        assert_eq!(around(0, Action::Up, 10, 30), Some(30));
        assert_eq!(around(30, Action::Down, 10, 30), Some(0));
        assert_eq!(around(28, Action::PageDown, 10, 30), Some(30));
        assert_eq!(around(0, Action::Down, 10, 0), Some(0));
    }
}
