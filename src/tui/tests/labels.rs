//! Labels fit their places in both languages.

use std::sync::Arc;

use super::*;
use crate::domain::text::{Explained, Text};
use crate::engine::event::RecordKind;
use crate::locale::{Language, Localizer};
use crate::quality::alarm::Kind;
use crate::quality::anomaly::Stage;
use crate::quality::flag::Check;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Overlay;
use crate::tui::pane::Pane;
use crate::tui::panes::log::kind_label;
use crate::tui::widgets::cells;

/// Labels with the cells that they may take: columns of the Live pane at 80 columns, marks, names of panes.
fn places() -> Vec<(Text, usize)> {
    let mut places = vec![
        (Text::new("tui-column-age"), 7),
        (Text::new("tui-column-state"), 9),
        (Text::new("tui-column-unit"), 4),
        (Text::new("tui-column-tag"), 4),
        (Text::new("tui-column-value"), 12),
        (Text::new("tui-column-bar"), 12),
        (Text::new("tui-column-trend"), 10),
        (Text::new("tui-state-impossible-short"), 6),
        (Text::new("tui-state-no-data-short"), 6),
        (Text::new("tui-state-doubtful-short"), 6),
        (Text::new("tui-origin-simulated-short"), 6),
        (Text::new("tui-origin-correction-short"), 6),
        (Text::new("tui-origin-invoice-short"), 6),
        (Text::new("tui-plan-none"), 17),
        (Text::new("tui-column-limits"), 20),
        (Text::new("tui-state-impossible"), 9),
        (Text::new("tui-state-bad"), 9),
        (Text::new("tui-state-no-data"), 9),
        (Text::new("tui-state-stale"), 9),
        (Text::new("tui-state-high"), 9),
        (Text::new("tui-state-low"), 9),
        (Text::new("tui-state-doubtful"), 9),
        (Text::new("tui-origin-connector"), 9),
        (Text::new("tui-origin-file"), 9),
        (Text::new("tui-origin-typed"), 9),
        (Text::new("tui-origin-laboratory"), 9),
        (Text::new("tui-origin-invoice"), 9),
        (Text::new("tui-origin-simulated"), 9),
        (Text::new("tui-origin-correction"), 9),
        (Text::new("tui-total-shift"), 6),
        (Text::new("tui-total-day"), 6),
        (Text::new("tui-total-month"), 6),
        (Text::new("tui-total-year"), 6),
    ];
    let kinds = RecordKind::ALL.iter().map(|kind| kind_label(kind.name()));
    places.extend(kinds.chain([Text::new("tui-log-kind-unknown")]).map(|kind| (kind, 10)));
    // Columns of the Alarms pane at 80 columns.
    places.extend([
        (Text::new("tui-alarm-what"), 9),
        (Text::new("tui-alarm-value"), 20),
        (Text::new("tui-alarm-since"), 7),
        (Text::new("tui-alarm-who"), 8),
        (Text::new("tui-alarm-kind-bad"), 9),
        (Text::new("tui-alarm-suppressed"), 14),
        (Text::new("tui-alarm-until").with("time", "15:05"), 14),
        (Text::new("tui-alarm-out-for").with("age", "100 min"), 14),
        (
            Text::new("tui-alarm-folded")
                .with_count("others", 99)
                .with_count("owed", 99),
            20,
        ),
    ]);
    // Columns of the Anomalies pane at 80 columns.
    places.extend([
        (Text::new("tui-anomaly-number"), 3),
        (Text::new("tui-anomaly-check"), 10),
        (Text::new("tui-anomaly-stage"), 11),
        (Text::new("tui-anomaly-stake"), 9),
        (Text::new("tui-anomaly-days"), 4),
        (Text::new("tui-anomaly-who"), 8),
        (Text::new("tui-anomaly-before"), 3),
        (Text::new("tui-anomaly-line-correction"), 11),
        (Text::new("tui-anomaly-line-cause"), 11),
        (Text::new("tui-anomaly-line-comment"), 11),
        (Text::new("tui-anomaly-line-evidence"), 11),
    ]);
    places.extend(Stage::ALL.map(|stage| (stage.text(), 11)));
    places.extend(Check::ALL.map(|check| (check.text(), 17)));
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::MarkedBad);
    places.extend(kinds.map(|kind| (kind.text(), 9)));
    places.extend(Pane::ALL.map(|pane| (pane.label(), 8)));
    places
}

#[test]
fn every_label_fits_its_place() {
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for (text, room) in places() {
            let shown = localizer.text(&text);
            assert!(
                cells::width(&shown) <= room,
                "{language}: {shown:?} has more than {room} cells"
            );
        }
    }
}

#[test]
fn the_last_line_keeps_help_and_the_way_out_at_every_width() {
    for language in Language::ALL {
        for width in [60, 80, 200] {
            let mut model = model(language, "mono", width, 24);
            for keys in ["", "t", "/", "\u{1b}?", ":", "'", "n"] {
                model.overlays.clear();
                type_keys(&mut model, keys);
                let lines = drawn(&model).0;
                let line = lines.lines().last().unwrap();
                assert!(cells::width(line) <= usize::from(width), "{line}");
                let last = if model.context().is_text_field() {
                    Action::Back
                } else {
                    Action::Quit
                };
                let label = model.shown.text(&last.label());
                assert!(line.contains(&label), "{language} {width} {keys:?}: {line}");
                press(&mut model, crossterm::event::KeyCode::Esc);
            }
        }
    }
}

#[test]
fn help_names_the_users_own_keys() {
    use std::path::Path;

    use crate::tui::fault::Source;
    use crate::tui::keymap::Keymap;

    let mut model = model(Language::English, "mono", 80, 24);
    let own = "[[live]]\naction = \"sort\"\nkeys = [\"f7\"]\nhint = true\n";
    let (keymap, faults) = Keymap::with_own(Source {
        file: Path::new("keys.toml"),
        text: own,
    });
    assert_eq!(faults, []);
    model.shown.keymap = Arc::new(keymap);
    assert!(drawn(&model).0.contains("F7 sort"));
    model.overlays.push(Overlay::Help {
        scrolled: 0,
        of: Context::Live,
    });
    assert!(drawn(&model).0.contains("F7 "), "{}", drawn(&model).0);
}
