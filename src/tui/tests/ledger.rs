//! The Ledger pane: what it asks for, what it shows, and that nothing that a plant or an answer can be breaks it.

use std::time::{Duration, Instant as Moment};

use crossterm::event::KeyCode;

use super::*;
use crate::accounting::rules::Category;
use crate::domain::identity::{BookId, NodeId, Sequence, SourceId};
use crate::domain::model::{Gas, Name};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::view::{
    Compared, Comparison, Figure, Grouping, Intensity, LedgerQuestion, LedgerRow, LedgerTable, RowKind, Step, Target,
};
use crate::locale::Language;
use crate::tui::glyphs::Glyphs;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::panes::ledger::headings;
use crate::tui::update::{Effect, Msg, update};
use crate::tui::widgets::cells;
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

fn name(zh: &str, en: &str) -> Name {
    Name {
        zh: zh.into(),
        en: en.into(),
    }
}

/// The ledger questions among effects.
fn asked(effects: &[Effect]) -> Vec<LedgerQuestion> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask(request) => match &request.body {
                RequestBody::Ledger(question) => Some(question.clone()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

fn question(model: &Model) -> LedgerQuestion {
    model.ledger.awaited.as_ref().expect("asked").1.clone()
}

fn reply(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let id = model.ledger.awaited.as_ref().map_or(0, |(id, _)| *id);
    let message = FromDaemon::Reply { id, result };
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

/// Answers what was asked.
fn answer(model: &mut Model) -> Vec<Effect> {
    let table = table(model, &question(model));
    reply(model, Ok(ReplyBody::Ledger(Box::new(table))))
}

/// A terminal that shows the Ledger pane with an answer.
fn shown(language: Language, width: u16, height: u16) -> Model {
    let mut model = model(language, "dark", width, height);
    type_keys(&mut model, "4");
    answer(&mut model);
    model
}

fn columns(model: &Model, question: &LedgerQuestion) -> Vec<Period> {
    let site = &model.plant.as_ref().expect("plant").model;
    let (from, to) = question.period.hours(&site.zone, site.day_start_minutes);
    match (question.step, question.period) {
        (Step::Hour, _) => (from.0..to.0).map(|hour| Period::Hour(Hour(hour))).collect(),
        (Step::Day, Period::Month(month)) => month
            .first_day()
            .iter_days()
            .take_while(|date| Month::of(*date) == month)
            .map(Period::Day)
            .collect(),
        (Step::Month, Period::Year(year)) => Month::of_year(year).map(Period::Month).collect(),
        (_, period) => vec![period],
    }
}

/// The rows of the fixture by a grouping: depth, kind, key, name, tonnes.
fn rows(by: Grouping) -> Vec<(u32, RowKind, &'static str, Name, i64)> {
    let none = Name::default;
    let plant = || name("晋中示范钢铁", "Jinzhong Demo Steel");
    let sources = |depth| {
        [
            (
                depth,
                RowKind::Source,
                "coal",
                name("1号锅炉燃煤", "Boiler 1 coal"),
                30_123,
            ),
            (
                depth,
                RowKind::Source,
                "gas",
                name("高炉煤气", "Blast furnace gas"),
                12_044,
            ),
            (
                depth,
                RowKind::Source,
                "grid",
                name("外购电力", "Purchased electricity"),
                4_001,
            ),
            (depth, RowKind::Source, "sold", name("外供热力", "Heat sold"), -1_250),
        ]
    };
    let [coal, gas, grid, sold] = sources(2);
    let group = |category: Category, tonnes| (1, RowKind::Category(category), category.key(), none(), tonnes);
    match by {
        Grouping::Tree => vec![
            (0, RowKind::Node, "plant", plant(), 44_918),
            (1, RowKind::Source, "grid", grid.3.clone(), 4_001),
            (1, RowKind::Node, "power", name("自备电厂", "Power plant"), 28_873),
            (2, RowKind::Node, "boiler-1", name("1号锅炉", "Boiler 1"), 30_123),
            (3, RowKind::Source, "coal", coal.3.clone(), 30_123),
            sold,
            (1, RowKind::Node, "iron", name("炼铁", "Ironmaking"), 12_044),
            gas,
        ],
        Grouping::Category => vec![
            (0, RowKind::Node, "plant", plant(), 44_918),
            group(Category::FuelCombustion, 42_167),
            coal,
            gas,
            group(Category::PurchasedElectricity, 4_001),
            grid,
            group(Category::SoldHeat, -1_250),
            sold,
        ],
        Grouping::Gas => vec![
            (0, RowKind::Node, "plant", plant(), 44_918),
            (1, RowKind::Gas(Gas::CarbonDioxide), "CO2", name("CO2", "CO2"), 44_918),
            coal,
            gas,
            grid,
            sold,
        ],
        Grouping::Book => vec![
            (
                0,
                RowKind::Book,
                "shanxi",
                name("山西 DB14/T 2970—2024", "Shanxi DB14/T 2970-2024"),
                44_918,
            ),
            group(Category::FuelCombustion, 42_167),
            group(Category::PurchasedElectricity, 4_001),
            group(Category::SoldHeat, -1_250),
            (0, RowKind::Book, "beijing", name("北京 2015", "Beijing 2015"), 46_168),
            group(Category::FuelCombustion, 42_167),
            group(Category::PurchasedElectricity, 4_001),
        ],
    }
}

fn target(kind: RowKind, place: u32, period: Period) -> Target {
    let (book, node) = (BookId(1), NodeId(1));
    match kind {
        RowKind::Source => Target::Source {
            book,
            source: SourceId(place),
            period,
        },
        RowKind::Category(category) => Target::Category {
            book,
            node,
            category,
            period,
        },
        RowKind::Gas(gas) => Target::Gas {
            book,
            node,
            gas,
            period,
        },
        RowKind::Node | RowKind::Book => Target::Node {
            book,
            node: NodeId(place),
            period,
        },
    }
}

/// A table of the fixture's plant for a question.
fn table(model: &Model, question: &LedgerQuestion) -> LedgerTable {
    let plant = model.plant.as_ref().expect("plant");
    let zone = &plant.model.zone;
    let periods = columns(model, question);
    let now = zone.hour_of(plant.state.now);
    let hours = |period: Period| period.hours(zone, plant.model.day_start_minutes);
    let begun = |period: Period| hours(period).0 <= now;
    let running = hours(question.period).1 > now;
    let scale = match question.period {
        Period::Year(_) => 40_000,
        Period::Month(_) => 1_000,
        Period::Day(_) => 40,
        Period::Hour(_) | Period::Hours(..) => 2,
    };
    let rows = (1..)
        .zip(rows(question.by))
        .map(|(place, (depth, kind, key, name, tonnes))| {
            let milligrams = i128::from(tonnes) * 12_345_678 * scale;
            let share = |part: i128| Figure {
                milligrams: part,
                ..Figure::default()
            };
            let count = i128::try_from(periods.iter().filter(|&&period| begun(period)).count()).expect("few");
            let figures: Vec<Figure> = periods
                .iter()
                .enumerate()
                .map(|(column, &period)| {
                    let mut figure = share(if begun(period) { milligrams / count.max(1) } else { 0 });
                    figure.failed_hours = u32::from(key == "gas" && column == 3);
                    figure.incomplete_hours = u32::from(key == "grid" && column == 2);
                    figure.overlapping_hours = u32::from(key == "coal" && column == 5);
                    figure.provisional_hours = u32::from(key == "coal" && column > 5 && begun(period));
                    figure
                })
                .collect();
            let mut total = Figure::default();
            for figure in &figures {
                total.add(figure);
            }
            let comparison = question.compare.then(|| Comparison {
                here: total.milligrams,
                before: (key != "gas").then_some(total.milligrams / 100 * (90 + i128::from(place))),
                year_ago: (key == "plant" || key == "coal").then_some(total.milligrams / 100 * 112),
            });
            LedgerRow {
                kind,
                key: key.into(),
                name,
                depth,
                leaf: kind == RowKind::Source,
                figures,
                total,
                target: target(kind, place, question.period),
                intensity: if key == "iron" || place == 1 {
                    vec![Intensity {
                        product: self::name("铁水", "hot metal"),
                        output: "2512.4".into(),
                        unit: "t".into(),
                        value: Some("1.412345".into()),
                        substituted_hours: 0,
                    }]
                } else {
                    Vec::new()
                },
                comparison,
            }
        })
        .collect::<Vec<_>>();
    let (from, _) = hours(question.period);
    let here = if running {
        Period::Hours(from, now)
    } else {
        question.period
    };
    let direct = rows.first().map_or(Figure::default(), |row| row.total);
    LedgerTable {
        book: question.book.unwrap_or(BookId(1)),
        book_key: "shanxi".into(),
        sequence: plant.state.sequence,
        simulated: plant.simulated,
        labels: periods.iter().map(|period| period.shown(zone)).collect(),
        periods,
        rows,
        direct,
        compared: Some(Compared {
            here,
            before: Period::Hours(Hour(from.0 - 24), Hour(from.0 - 10)),
            year_ago: (!matches!(question.period, Period::Year(_)))
                .then_some(Period::Hours(Hour(from.0 - 8760), Hour(from.0 - 8746))),
        }),
        sealed_through: Some(Month { year: 2025, month: 3 }),
    }
}

#[test]
fn the_tables_at_both_sizes_in_both_languages() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let size = format!("{width}x{height}_{language}");
            let mut model = shown(language, width, height);
            insta::assert_snapshot!(format!("ledger_day_{size}"), drawn(&model).0);
            type_keys(&mut model, "s");
            insta::assert_snapshot!(format!("ledger_greatest_{size}"), drawn(&model).0);
            type_keys(&mut model, "sljj");
            insta::assert_snapshot!(format!("ledger_hours_{size}"), drawn(&model).0);
            type_keys(&mut model, "--");
            answer(&mut model);
            answer(&mut model);
            insta::assert_snapshot!(format!("ledger_year_{size}"), drawn(&model).0);
        }
    }
}

#[test]
fn the_groupings() {
    for language in Language::ALL {
        let mut model = shown(language, 80, 24);
        for by in ["category", "gas", "book"] {
            type_keys(&mut model, "c");
            answer(&mut model);
            insta::assert_snapshot!(format!("ledger_{by}_80x24_{language}"), drawn(&model).0);
        }
        type_keys(&mut model, "?");
        insta::assert_snapshot!(format!("ledger_help_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn waiting_and_refused() {
    for language in Language::ALL {
        let mut model = model(language, "mono", 80, 24);
        type_keys(&mut model, "4");
        insta::assert_snapshot!(format!("ledger_awaited_80x24_{language}"), drawn(&model).0);
        reply(&mut model, Err(Text::new("daemon-question-too-long")));
        insta::assert_snapshot!(format!("ledger_refused_80x24_{language}"), drawn(&model).0);
        // Old figures stay readable under their own period while others are awaited or refused.
        type_keys(&mut model, "r");
        answer(&mut model);
        type_keys(&mut model, "[");
        insta::assert_snapshot!(format!("ledger_asking_80x24_{language}"), drawn(&model).0);
        reply(&mut model, Err(Text::new("daemon-question-too-long")));
        insta::assert_snapshot!(format!("ledger_refused_later_80x24_{language}"), drawn(&model).0);
    }
}

#[test]
fn looks_with_colours_and_without() {
    for theme in ["dark", "16-colour", "mono"] {
        let mut model = model(Language::English, theme, 80, 24);
        type_keys(&mut model, "4");
        answer(&mut model);
        type_keys(&mut model, "ljj");
        insta::assert_snapshot!(format!("ledger_looks_80x24_{theme}"), drawn(&model).1);
    }
}

#[test]
fn an_empty_book_and_a_site_without_time_say_so() {
    let mut model = model(Language::English, "dark", 80, 24);
    type_keys(&mut model, "4");
    let mut empty = table(&model, &question(&model));
    empty.rows.truncate(1);
    empty.rows[0].total = Figure::default();
    empty.rows[0].intensity.clear();
    reply(&mut model, Ok(ReplyBody::Ledger(Box::new(empty))));
    assert!(drawn(&model).0.contains("no source yet"), "{}", drawn(&model).0);
    let mut snapshot = snapshot();
    snapshot.state.now = crate::domain::time::Instant::EARLIEST;
    let mut model = model_of(snapshot, Language::English, "dark", 80, 24);
    assert_eq!(asked(&press(&mut model, KeyCode::Char('4'))), []);
    assert!(drawn(&model).0.contains("no time yet"), "{}", drawn(&model).0);
}

#[test]
fn it_asks_for_what_runs_and_again_when_the_ledger_went_on_but_not_at_once() {
    let mut model = model(Language::English, "dark", 80, 24);
    let first = asked(&press(&mut model, KeyCode::Char('4')));
    assert_eq!(first.len(), 1);
    assert_eq!(
        first[0].period,
        Period::Day(chrono::NaiveDate::from_ymd_opt(2025, 11, 20).unwrap())
    );
    assert!(first[0].compare && first[0].step == Step::Hour && first[0].book == Some(BookId(1)));
    // One at a time.
    assert_eq!(asked(&press(&mut model, KeyCode::Char('['))), []);
    let next = asked(&answer(&mut model));
    assert_eq!(next.len(), 1);
    assert_eq!(
        next[0].period,
        Period::Day(chrono::NaiveDate::from_ymd_opt(2025, 11, 19).unwrap())
    );
    answer(&mut model);
    type_keys(&mut model, "t");
    answer(&mut model);
    // Nothing changed: nothing is asked.
    let clock = |model: &mut Model, seconds| asked(&update(model, Msg::Clock(Duration::from_secs(seconds))));
    assert_eq!(clock(&mut model, 100), []);
    model.plant.as_mut().unwrap().state.sequence = Sequence(18_300);
    assert_eq!(clock(&mut model, 101).len(), 1);
    answer(&mut model);
    model.plant.as_mut().unwrap().state.sequence = Sequence(18_301);
    assert_eq!(clock(&mut model, 103), []);
    assert_eq!(clock(&mut model, 106).len(), 1);
    answer(&mut model);
    // Who looks elsewhere, or holds the display, asks for nothing.
    model.plant.as_mut().unwrap().state.sequence = Sequence(18_302);
    type_keys(&mut model, "1");
    assert_eq!(clock(&mut model, 200), []);
    type_keys(&mut model, " ");
    type_keys(&mut model, "4");
    assert_eq!(clock(&mut model, 201), []);
}

#[test]
fn a_new_connection_is_asked_again() {
    let mut model = model(Language::English, "dark", 80, 24);
    type_keys(&mut model, "4");
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    assert_eq!(asked(&update(&mut model, Msg::Link(down))), []);
    let up = LinkEvent::up(actor());
    assert_eq!(asked(&update(&mut model, Msg::Link(up))).len(), 1);
}

#[test]
fn periods_are_walked_and_the_one_left_is_under_the_cursor_again() {
    let mut model = shown(Language::English, 200, 60);
    let period = |model: &Model| model.ledger.sheet.as_ref().unwrap().question.period;
    type_keys(&mut model, "-");
    answer(&mut model);
    assert_eq!(period(&model), Period::Month(Month { year: 2025, month: 11 }));
    assert_eq!(model.ledger.column, 20);
    type_keys(&mut model, "h+");
    answer(&mut model);
    assert_eq!(
        period(&model).shown(&model.plant.as_ref().unwrap().model.zone),
        "2025-11-19"
    );
    type_keys(&mut model, "+");
    answer(&mut model);
    assert_eq!(
        period(&model).shown(&model.plant.as_ref().unwrap().model.zone),
        "2025-11-19 23:00"
    );
    type_keys(&mut model, "]");
    answer(&mut model);
    assert_eq!(
        period(&model).shown(&model.plant.as_ref().unwrap().model.zone),
        "2025-11-20 00:00"
    );
    type_keys(&mut model, "---");
    while model.ledger.awaited.is_some() {
        answer(&mut model);
    }
    assert_eq!(period(&model), Period::Year(2025));
    assert_eq!(model.ledger.at, None);
    // There is nothing after what runs.
    assert_eq!(asked(&press(&mut model, KeyCode::Char(']'))), []);
}

#[test]
fn the_greatest_source_is_one_key_away_and_opens_into_its_own_figure() {
    let mut model = shown(Language::English, 80, 24);
    type_keys(&mut model, "s");
    let view = &model.ledger;
    let key = |place: usize| view.sheet.as_ref().unwrap().table.rows[place].key.as_str();
    let keys: Vec<&str> = view.rows.iter().map(|&place| key(place)).collect();
    assert_eq!(keys, ["plant", "coal", "gas", "grid", "sold"]);
    assert_eq!(view.cursor, 1);
    let effects = press(&mut model, KeyCode::Enter);
    let Some(Effect::Ask(request)) = effects.first() else {
        panic!("{effects:?}")
    };
    let RequestBody::Explain(Target::Source { period, .. }) = &request.body else {
        panic!("{request:?}")
    };
    assert_eq!(
        *period,
        Period::Day(chrono::NaiveDate::from_ymd_opt(2025, 11, 20).unwrap())
    );
    press(&mut model, KeyCode::Esc);
    // Back where one was.
    assert_eq!(model.ledger.cursor, 1);
    // A column's figure is explained for its own period.
    type_keys(&mut model, "l");
    let column = model.ledger.column;
    let effects = press(&mut model, KeyCode::Char('x'));
    let Some(Effect::Ask(request)) = effects.first() else {
        panic!("{effects:?}")
    };
    let RequestBody::Explain(Target::Source { period, .. }) = &request.body else {
        panic!("{request:?}")
    };
    assert_eq!(*period, model.ledger.sheet.as_ref().unwrap().table.periods[column - 1]);
}

#[test]
fn what_is_folded_stays_so_when_the_figures_are_new() {
    let mut model = shown(Language::English, 80, 24);
    type_keys(&mut model, "jjj ");
    let keys = |model: &Model| -> Vec<String> {
        let view = &model.ledger;
        let rows = view.rows.iter();
        rows.map(|&place| view.sheet.as_ref().unwrap().table.rows[place].key.clone())
            .collect()
    };
    assert_eq!(
        keys(&model),
        ["plant", "grid", "power", "boiler-1", "sold", "iron", "gas"]
    );
    // On a source the row above it is folded.
    type_keys(&mut model, "j ");
    assert_eq!(keys(&model), ["plant", "grid", "power", "iron", "gas"]);
    type_keys(&mut model, "[");
    answer(&mut model);
    assert_eq!(keys(&model), ["plant", "grid", "power", "iron", "gas"]);
    type_keys(&mut model, " ");
    assert_eq!(
        keys(&model),
        ["plant", "grid", "power", "boiler-1", "sold", "iron", "gas"]
    );
}

#[test]
fn what_is_shown_is_copied_and_written_as_the_command_line_prints_it() {
    let mut model = shown(Language::English, 80, 24);
    let effects = press(&mut model, KeyCode::Char('y'));
    let [Effect::Copy(line)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert!(
        line.starts_with("Jinzhong Demo Steel\t2025-11-20\t22181.726576160\t"),
        "{line}"
    );
    assert!(line.ends_with("\ttCO2e\tshanxi\t#18204"), "{line}");
    let effects = press(&mut model, KeyCode::Char('w'));
    let [Effect::Write { name, text }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "ledger-shanxi-2025-11-20-source-18204.csv");
    let mut lines = text.lines();
    let head = lines.next().unwrap();
    assert!(head.starts_with("name,key,depth,2025-11-20 00:00 t,"), "{head}");
    assert!(
        head.ends_with("total_t,intensity_t,intensity_unit,intensity_product,remark,book,period,sequence,simulated"),
        "{head}"
    );
    assert_eq!(lines.clone().count(), 9);
    assert!(lines.last().unwrap().contains(",direct,"), "{text}");
}

#[test]
fn headings_fit_their_columns_in_both_languages() {
    for language in Language::ALL {
        let localizer = crate::locale::Localizer::new(language);
        for (text, room) in headings() {
            let label = localizer.text(&text);
            assert!(
                cells::width(&label) <= usize::from(room),
                "{language}: {label} in {room}"
            );
        }
    }
}

#[test]
fn ascii_is_all_there_is_where_that_is_asked_for() {
    let mut model = shown(Language::English, 200, 60);
    model.shown.glyphs = Glyphs::ASCII;
    type_keys(&mut model, "j ");
    let (lines, _) = drawn(&model);
    let foreign: String = lines.chars().filter(|character| !character.is_ascii()).collect();
    // Stretches of hours have a dash of their own.
    assert_eq!(foreign.replace('–', ""), "", "{lines}");
}

/// A plant of many sources, deep and with names that are as long as names can be.
fn large(model: &Model, question: &LedgerQuestion, sources: usize) -> LedgerTable {
    let mut table = table(model, question);
    let pattern = table.rows[4].clone();
    table.rows.truncate(1);
    for place in 0..sources {
        let mut row = pattern.clone();
        row.depth = u32::try_from(place % 12 + 1).unwrap();
        row.leaf = false;
        row.key = format!("source-{place}");
        row.name = match place % 4 {
            0 => name(&"汉字很长".repeat(50), &"long words ".repeat(20)),
            1 => name("\u{1b}[2J锅炉", "\u{1b}[2Jboiler"),
            _ => name("焦炉", "Coke oven"),
        };
        row.total.milligrams = -1_000_000_000_000_000_000 * i128::try_from(place).unwrap();
        table.rows.push(row);
    }
    table
}

#[test]
fn deep_trees_and_endless_names_stay_within_their_columns() {
    for (width, height) in [(80, 24), (200, 60)] {
        let mut model = model(Language::Chinese, "dark", width, height);
        type_keys(&mut model, "4");
        let large = large(&model, &question(&model), 40);
        reply(&mut model, Ok(ReplyBody::Ledger(Box::new(large))));
        insta::assert_snapshot!(format!("ledger_deep_{width}x{height}"), drawn(&model).0);
        for size in [(60, 20), (61, 21), (1000, 300), (60, 300)] {
            update(&mut model, Msg::Resize(ratatui::layout::Size::new(size.0, size.1)));
            for keys in ["lllll", "s", "G", "hhhhhh"] {
                type_keys(&mut model, keys);
                drawn(&model);
            }
        }
    }
}

#[test]
fn five_hundred_sources_do_not_make_a_key_slow() {
    let mut model = model(Language::Chinese, "dark", 200, 60);
    type_keys(&mut model, "4");
    answer(&mut model);
    type_keys(&mut model, "-");
    let large = large(&model, &question(&model), 500);
    reply(&mut model, Ok(ReplyBody::Ledger(Box::new(large))));
    for key in ["j", "G", "s", "l"] {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let began = Moment::now();
            type_keys(&mut model, key);
            drawn(&model);
            best = best.min(began.elapsed());
        }
        // Unoptimised and with a new terminal for each draw.
        assert!(best < Duration::from_millis(100), "{key}: {best:?}");
    }
}

#[test]
fn columns_in_whose_time_something_was_noted_are_marked() {
    for (width, height) in [(80, 24), (200, 60)] {
        let mut model = shown(Language::English, width, height);
        let heading = |model: &Model| drawn(model).0.lines().nth(3).unwrap().to_owned();
        assert!(!heading(&model).contains("14:00n"), "{}", heading(&model));
        let id = model.ledger.noted_awaited.expect("asked");
        let notes = crate::tui::tests::fixture::notes(Instant::EARLIEST, Instant::LATEST);
        let result = Ok(ReplyBody::Notes(Box::new(notes)));
        let message = FromDaemon::Reply { id, result };
        update(&mut model, Msg::Link(LinkEvent::Message(Box::new(message))));
        // At 12:55 and at 09:05; the whole day has both.
        let marked = heading(&model);
        let marks: Vec<&str> = marked.split_whitespace().filter(|word| word.ends_with('n')).collect();
        let seen: &[&str] = if width == 80 {
            &["tCO2en"]
        } else {
            &["tCO2en", "12:00n", "09:00n"]
        };
        for mark in seen {
            assert!(marks.contains(mark), "{mark}: {marked}");
        }
        assert!(!marked.contains("11:00n"), "{marked}");
    }
}
