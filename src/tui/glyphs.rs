//! Characters that are not words: drawn in Unicode, or in ASCII where the terminal cannot be trusted with more.

/// The characters of lines, bars and cuts; each takes one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Ends a text that was cut.
    pub ellipsis: char,
    /// Rule between parts of the screen.
    pub rule: char,
    /// Rule between columns.
    pub column_rule: char,
    /// A limit bar's empty cell.
    pub track: char,
    /// A limit on a bar.
    pub limit: char,
    /// The value on a bar.
    pub marker: char,
    /// Before the selected row.
    pub cursor: char,
    /// Between the steps of a path.
    pub step: char,
    /// A trend's cell, from the lowest to the highest.
    pub heights: [char; 8],
    /// A chart's cell with its upper dot, its lower dot, both.
    pub halves: [char; 3],
    /// Whether braille may be drawn; many fonts of terminals lack it, so that it is never drawn unasked.
    pub braille: bool,
    /// Before a row whose lower rows are hidden.
    pub folded: char,
    /// Before a row whose lower rows are shown.
    pub unfolded: char,
    /// Before the heading by which rows are ordered, the greatest first.
    pub descending: char,
    /// After what is sealed.
    pub sealed: char,
    /// Between a name and what it belongs to.
    pub of: char,
}

impl Glyphs {
    /// For terminals with a UTF-8 locale.
    pub const UNICODE: Self = Self {
        ellipsis: '…',
        rule: '─',
        column_rule: '│',
        track: '·',
        limit: '│',
        marker: '█',
        cursor: '▶',
        step: '›',
        heights: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        halves: ['▀', '▄', '█'],
        braille: true,
        folded: '▸',
        unfolded: '▾',
        descending: '▼',
        sealed: '§',
        of: '·',
    };

    /// For all others.
    pub const ASCII: Self = Self {
        ellipsis: '>',
        rule: '-',
        column_rule: '|',
        track: '.',
        limit: '|',
        marker: '#',
        cursor: '>',
        step: '/',
        heights: ['_', '_', '.', '.', '-', '-', '^', '^'],
        halves: ['\'', '.', ':'],
        braille: false,
        folded: '+',
        unfolded: '-',
        descending: 'v',
        sealed: 's',
        of: '<',
    };
}
