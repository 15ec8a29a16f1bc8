//! What a person prefers (个人设置): columns and their order, the order of rows, key parameters only, book, how charts are
//! drawn, and whether alarms sound and blink. The daemon keeps it for the person; what is on the screen only for now (a filter, a held display, a cursor)
//! is no part of it.
//!
//! A text that cannot be read, or a word in it that means nothing to this program, hinders nothing: the rest holds.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::alarms::Signals;
use super::anomalies::{LONGEST_FILTER, MOST_FILTERS, Order, Saved};
use super::chart::Span;
use super::model::{Columns, Model, Sort};
use super::panes::columns::Column;

/// What a person prefers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Preferences {
    /// The columns of the Live pane in their order.
    pub columns: Columns,
    /// The order of its rows.
    pub sort: Sort,
    /// Whether only key parameters are listed.
    pub key_only: bool,
    /// Key of the book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// How long a stretch charts show.
    pub span: Span,
    /// Whether charts are drawn in braille dots.
    pub braille: bool,
    /// How alarms are signalled.
    pub alarms: Signals,
    /// How anomalies are listed.
    pub anomalies: AnomalyPreferences,
}

/// How a person likes anomalies listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AnomalyPreferences {
    /// Their order.
    pub order: Order,
    /// Whether that is reversed.
    pub reversed: bool,
    /// Which of them.
    pub view: Saved,
    /// Filters that are kept.
    pub filters: Vec<String>,
}

impl AnomalyPreferences {
    fn read(table: &toml::Table) -> Self {
        let known: toml::Table = read(table, "anomalies").unwrap_or_default();
        let mut filters: Vec<String> = read(&known, "filters").unwrap_or_default();
        filters.retain(|filter| !filter.trim().is_empty() && filter.chars().count() <= LONGEST_FILTER);
        filters.truncate(MOST_FILTERS);
        Self {
            order: read(&known, "order").unwrap_or_default(),
            reversed: read(&known, "reversed").unwrap_or_default(),
            view: read(&known, "view").unwrap_or_default(),
            filters,
        }
    }
}

/// What of a person's preferences is known, and what the daemon keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Kept {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// Asked for under this number.
    Awaited(u64),
    /// Kept as this text.
    As(String),
    /// Being kept as this text, under this number.
    Keeping(u64, String),
}

impl Preferences {
    /// Those that hold on the screen.
    pub fn of(model: &Model) -> Self {
        let live = &model.live;
        let totals = model.plant.as_ref().and_then(|plant| plant.totals(live.book));
        Self {
            columns: live.columns.clone(),
            sort: live.sort,
            key_only: live.key_only,
            book: totals.map(|totals| totals.key.clone()),
            span: live.span,
            braille: live.braille,
            alarms: model.alarms.signals,
            anomalies: AnomalyPreferences {
                order: model.anomalies.order,
                reversed: model.anomalies.reversed,
                view: model.anomalies.saved,
                filters: model.anomalies.filters.clone(),
            },
        }
    }

    /// As they are kept.
    pub fn text(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// From what was kept; what is missing or means nothing is as for somebody new.
    pub fn parse(text: &str) -> Self {
        let table: toml::Table = text.parse().unwrap_or_default();
        let mut columns: Vec<Column> = read(&table, "columns").unwrap_or_default();
        columns.dedup();
        let shown = |column: &Column| columns.iter().filter(|other| *other == column).count() == 1;
        let usable = columns.contains(&Column::Value) && columns.iter().all(shown);
        Self {
            columns: if usable { Columns(columns) } else { Columns::default() },
            sort: read(&table, "sort").unwrap_or_default(),
            key_only: read(&table, "key_only").unwrap_or_default(),
            book: read(&table, "book"),
            span: read(&table, "span").unwrap_or_default(),
            braille: read(&table, "braille").unwrap_or_default(),
            alarms: read(&table, "alarms").unwrap_or_default(),
            anomalies: AnomalyPreferences::read(&table),
        }
    }

    /// Makes them hold on the screen.
    pub fn apply(self, model: &mut Model) {
        let live = &mut model.live;
        live.columns = self.columns;
        live.sort = self.sort;
        live.key_only = self.key_only;
        live.span = self.span;
        live.braille = self.braille;
        model.alarms.signals = self.alarms;
        model.anomalies.order = self.anomalies.order;
        model.anomalies.reversed = self.anomalies.reversed;
        model.anomalies.saved = self.anomalies.view;
        model.anomalies.filters = self.anomalies.filters;
        let books = model.plant.as_ref().map_or(&[][..], |plant| &plant.state.totals);
        if let Some(book) = books.iter().position(|totals| Some(&totals.key) == self.book.as_ref()) {
            model.live.book = book;
        }
    }
}

fn read<T: DeserializeOwned>(table: &toml::Table, key: &str) -> Option<T> {
    table.get(key)?.clone().try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn they_come_back_as_they_were_kept() {
        let preferences = Preferences {
            columns: Columns(vec![Column::Value, Column::Tag, Column::Trend]),
            sort: Sort::Age,
            key_only: true,
            book: Some("db14".to_owned()),
            span: Span::Week,
            braille: true,
            alarms: Signals {
                quiet: true,
                steady: true,
            },
            anomalies: AnomalyPreferences {
                order: Order::Stake,
                reversed: true,
                view: Saved::Undecided,
                filters: vec!["缺数 u1".to_owned(), "range".to_owned()],
            },
        };
        assert_eq!(Preferences::parse(&preferences.text()), preferences);
        assert_eq!(
            Preferences::parse(&Preferences::default().text()),
            Preferences::default()
        );
    }

    #[test]
    fn what_means_nothing_hinders_nothing() {
        assert_eq!(Preferences::parse("\u{0} no = [toml"), Preferences::default());
        let partly =
            Preferences::parse("sort = \"age\"\nspan = \"century\"\ncolumns = [\"tag\", \"nonsense\"]\nkey_only = 3");
        assert_eq!(
            partly,
            Preferences {
                sort: Sort::Age,
                ..Preferences::default()
            }
        );
        for columns in ["[]", "[\"tag\"]", "[\"value\", \"tag\", \"value\"]"] {
            let text = format!("columns = {columns}");
            assert_eq!(
                Preferences::parse(&text).columns,
                Columns::default(),
                "a row without its value says nothing"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,200}") {
            let read = Preferences::parse(&text);
            prop_assert!(read.columns.0.contains(&Column::Value));
        }
    }
}
