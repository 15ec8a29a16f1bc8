//! A small plant with everything in it that the screen distinguishes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::{Modifier, Style};
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, Sequence, SourceId};
use crate::domain::model::{
    Book, CrewRotation, Gas, Integration, Level, Limits, Meter, Name, Parameter, Product, ShiftSlot, SiteModel, Source,
};
use crate::domain::note::{About, Carried};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, ParameterKind, Quality, Verdict};
use crate::domain::text::Text;
use crate::domain::time::{FoldChoice, Instant, Month, PlantZone};
use crate::domain::unit::Unit;
use crate::engine::course::{Course, CourseColumn, CourseMarks, Extent, MadeOf, Measure, StandIn, column_start};
use crate::engine::crews::{Compared, CrewMonth, CrewsView, LoadClass};
use crate::engine::notes::NotesView;
use crate::engine::view::{
    Cause, Explanation, Figure, IntensityNow, LiveParameter, LiveValue, NodeView, NoteView, Part, Planned,
    PlannedTotals, Target, Totals,
};
use crate::locale::{Language, Localizer};
use crate::tui::glyphs::Glyphs;
use crate::tui::keymap::Keymap;
use crate::tui::link::LinkEvent;
use crate::tui::model::{Model, Shown};
use crate::tui::panes;
use crate::tui::theme::Themes;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::{Feed, LiveState, Snapshot};
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};

fn name(zh: &str, en: &str) -> Name {
    Name {
        zh: zh.into(),
        en: en.into(),
    }
}

/// 2025-11-20 14:05:09 in Shanghai.
fn now() -> Instant {
    let local = NaiveDate::from_ymd_opt(2025, 11, 20)
        .unwrap()
        .and_hms_opt(14, 5, 9)
        .unwrap();
    zone().instant(local, FoldChoice::Refuse).unwrap()
}

fn zone() -> PlantZone {
    static ZONE: LazyLock<PlantZone> = LazyLock::new(|| PlantZone::parse("Asia/Shanghai").unwrap());
    *ZONE
}

pub(in crate::tui) fn live_value(value: i64, age_s: i64, origin: Origin) -> LiveValue {
    LiveValue {
        at: now().plus(-age_s * 1000),
        span_s: 0,
        own_id: 0,
        value,
        origin,
        quality: Quality::Good,
        verdict: Verdict::Counts,
        filled_to: None,
    }
}

fn limits(low: i64, high: i64) -> Limits {
    Limits {
        low: Some(Decimal::from(low)),
        high: Some(Decimal::from(high)),
    }
}

fn parameter(id: u32, tag: &str, name: Name, unit: &str, decimals: u32, node: u32) -> LiveParameter {
    LiveParameter {
        id: ParameterId(id),
        tag: tag.into(),
        name,
        kind: ParameterKind::Flow,
        unit: unit.into(),
        decimals,
        node: NodeId(node),
        key: id.is_multiple_of(2),
        interval_ms: 5_000,
        stale_after_ms: 60_000,
        filled_for_ms: None,
        possible: limits(-10, 1_000),
        operating: limits(0, 200),
        newest: Some(live_value(100 * 10_i64.pow(decimals), 4, Origin::Connector)),
    }
}

fn parameters() -> Vec<LiveParameter> {
    let mut parameters = vec![
        parameter(1, "FT-2041", name("1号锅炉给煤量", "Boiler 1 coal feed"), "t/h", 1, 3),
        parameter(
            2,
            "AI-2110",
            name("1号锅炉烟气氧量", "Boiler 1 flue gas oxygen"),
            "%",
            1,
            3,
        ),
        parameter(3, "JE-2500", name("厂用电", "Auxiliary power"), "kW", 0, 2),
        parameter(4, "FQ-3001", name("外购电量表", "Purchased electricity"), "kWh", 2, 1),
        parameter(
            5,
            "NCV-COAL",
            name("入炉煤低位发热量", "Coal net calorific value"),
            "GJ/t",
            3,
            3,
        ),
        parameter(6, "TT-1001", name("炉膛温度", "Furnace temperature"), "°C", 1, 3),
        parameter(
            7,
            "FT-3302",
            name("高炉煤气流量", "Blast furnace gas flow"),
            "Nm3/h",
            3,
            4,
        ),
        parameter(8, "PT-3303", name("煤气压力", "Gas pressure"), "kPa", 2, 4),
        parameter(9, "LIME", name("石灰石消耗量", "Limestone used"), "t", 2, 4),
    ];
    let mut set = |place: usize, newest: Option<LiveValue>| parameters[place].newest = newest;
    set(0, Some(live_value(1_284, 4, Origin::Connector)));
    set(1, Some(live_value(2_106, 12, Origin::Connector)));
    set(2, None);
    set(3, Some(live_value(12_345_678_912, 3, Origin::Connector)));
    set(4, Some(live_value(21_345, 7_200, Origin::Laboratory)));
    set(
        5,
        Some(LiveValue {
            verdict: Verdict::OutOfRange,
            ..live_value(99_999, 2, Origin::Connector)
        }),
    );
    set(6, Some(live_value(-500, 540, Origin::Connector)));
    set(
        7,
        Some(LiveValue {
            quality: Quality::Uncertain,
            ..live_value(1_250, 5, Origin::Simulated)
        }),
    );
    set(8, Some(live_value(3_050, 30, Origin::Typed)));
    parameters[3].operating = Limits::default();
    parameters[3].possible = Limits::default();
    parameters[4].kind = ParameterKind::Property;
    parameters[4].stale_after_ms = 0;
    parameters
}

fn nodes() -> Vec<NodeView> {
    let node = |id: u32, key: &str, name: Name, level, parent: Option<u32>| NodeView {
        id: NodeId(id),
        key: key.into(),
        name,
        level,
        parent: parent.map(NodeId),
        upstream: None,
    };
    vec![
        node(
            1,
            "plant",
            name("晋中示范钢铁", "Jinzhong Demo Steel"),
            Level::Enterprise,
            None,
        ),
        node(2, "power", name("自备电厂", "Power plant"), Level::Process, Some(1)),
        node(4, "iron", name("炼铁", "Ironmaking"), Level::Process, Some(1)),
        node(3, "boiler-1", name("1号锅炉", "Boiler 1"), Level::Equipment, Some(2)),
    ]
}

fn source(id: u32, key: &str, name: Name) -> Source {
    Source {
        id: SourceId(id),
        key: key.into(),
        name,
        node: NodeId(3),
        method: "combustion.mass@1".into(),
        inputs: BTreeMap::new(),
    }
}

fn site() -> SiteModel {
    let slot = |key: &str, name: Name, start_minutes| ShiftSlot {
        key: key.into(),
        name,
        start_minutes,
    };
    let book = |id: u32, key: &str, name: Name| Book {
        id: BookId(id),
        key: key.into(),
        name,
        standard: "DB14/T 2970".into(),
        edition: "2024".into(),
        boundary: NodeId(1),
        gases: vec![Gas::CarbonDioxide],
        gwp_set: "AR5".into(),
        factor_sets: Vec::new(),
        measured_only: false,
    };
    SiteModel {
        name: name("晋中示范钢铁", "Jinzhong Demo Steel"),
        sector: "steel".into(),
        simulated: true,
        shifts: vec![
            slot("night", name("夜班", "Night"), 0),
            slot("day", name("白班", "Day"), 480),
            slot("evening", name("中班", "Evening"), 960),
        ],
        rotation: Some(CrewRotation {
            crews: vec![name("甲值", "Crew A"), name("乙值", "Crew B")],
            anchor: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
            cycle: vec![vec![0, 1, 0]],
        }),
        meters: vec![Meter {
            id: MeterId(1),
            key: "bw-3".into(),
            name: name("3号皮带秤", "Belt weigher 3"),
            serial: "BW-77123".into(),
            accuracy: "0.5".into(),
            calibrated_on: NaiveDate::from_ymd_opt(2024, 11, 1),
            calibrated_until: NaiveDate::from_ymd_opt(2025, 11, 1),
            multiplier: Decimal::ONE,
            rollover: None,
            second_person: false,
        }],
        parameters: vec![Parameter {
            id: ParameterId(1),
            tag: "FT-2041".into(),
            name: name("1号锅炉给煤量", "Boiler 1 coal feed"),
            kind: ParameterKind::Flow,
            unit: Unit::parse("t/h").unwrap(),
            decimals: 1,
            node: NodeId(3),
            meter: Some(MeterId(1)),
            interval_ms: 5_000,
            calendar: None,
            gap_limit_ms: 60_000,
            integration: Integration::Step,
            possible: limits(-10, 1_000),
            operating: limits(0, 200),
            deadband: Decimal::ONE,
            delay_ms: 0,
            origins: vec![Origin::Connector, Origin::Typed],
            key: true,
            block_hours: 1,
            capacity: None,
            missing: None,
            untested: None,
            checks: None,
            alarms: None,
        }],
        sources: vec![
            source(1, "boiler-1", name("1号锅炉燃煤", "Boiler 1 coal")),
            source(2, "grid", name("外购电力", "Purchased power")),
        ],
        products: vec![Product {
            id: ProductId(1),
            key: "power".into(),
            name: name("供电量", "Electricity supplied"),
            node: NodeId(2),
            parameter: ParameterId(1),
            unit: Unit::parse("MWh").unwrap(),
        }],
        books: vec![
            book(1, "shanxi", name("山西 DB14/T 2970—2024", "Shanxi DB14/T 2970-2024")),
            book(2, "beijing", name("北京 2015", "Beijing 2015")),
        ],
        ..SiteModel::empty("demo", zone())
    }
}

fn figure(milligrams: i128, provisional_hours: u32, incomplete_hours: u32) -> Figure {
    Figure {
        milligrams,
        provisional_hours,
        incomplete_hours,
        substituted_hours: 0,
        overlapping_hours: 0,
        failed_hours: 0,
    }
}

fn planned(whole: i128, by_now: i128, above: &str) -> Planned {
    Planned {
        whole,
        by_now,
        above: Some(above.into()),
    }
}

fn state() -> LiveState {
    let totals = |book: u32, key: &str, name: Name, rate| Totals {
        book: BookId(book),
        key: key.into(),
        name,
        rate,
        shift: Some(figure(412_600_000_000, 6, 0)),
        day: figure(1_234_567_891_234, 14, 2),
        month: figure(27_801_123_456_789, 470, 12),
        year: Figure {
            failed_hours: 3,
            ..figure(312_345_678_000_000, 470, 12)
        },
        causes: vec![
            Cause {
                source: SourceId(1),
                rate: 45_102_000_000,
            },
            Cause {
                source: SourceId(2),
                rate: 10_200_500_000,
            },
        ],
        planned: PlannedTotals {
            shift: Some(planned(440_000_000_000, 421_300_000_000, "-2.1")),
            day: Some(planned(1_900_000_000_000, 1_210_400_000_000, "2.0")),
            month: Some(planned(31_000_000_000_000, 28_500_000_000_000, "-2.5")),
            year: None,
        },
        intensities: vec![IntensityNow {
            product: ProductId(1),
            value: Some("0.842317".into()),
            reference: Some("0.871".into()),
            above: Some("-3.3".into()),
        }],
    };
    let feed = |name: &str, lag_ms| Feed {
        name: name.into(),
        last: "batch".into(),
        at: Some(now()),
        lag_ms: Some(lag_ms),
        clock_offset_ms: None,
        trouble: None,
    };
    LiveState {
        now: now(),
        sequence: Sequence(18_204),
        shift: site().shift_at(now()),
        flooded: crate::engine::view::Flooded::default(),
        queue: 0,
        unsigned: None,
        totals: vec![
            totals(
                1,
                "shanxi",
                name("山西 DB14/T 2970—2024", "Shanxi DB14/T 2970-2024"),
                Some(61_234_567_890),
            ),
            totals(2, "beijing", name("北京 2015", "Beijing 2015"), None),
        ],
        free_bytes: 812 << 30,
        refusing: None,
        chain_head: "9f3ac1d2".into(),
        chain_damaged: None,
        feeds: vec![feed("dcs", 1_200), feed("lab", 400)],
    }
}

pub(in crate::tui) fn snapshot() -> Snapshot {
    Snapshot {
        number: 1,
        key: "demo".into(),
        name: name("晋中示范钢铁", "Jinzhong Demo Steel"),
        simulated: true,
        model: Box::new(site()),
        nodes: nodes(),
        parameters: parameters(),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state: state(),
    }
}

pub(in crate::tui) fn explanation() -> Explanation {
    let month = Period::Month(Month { year: 2025, month: 11 });
    let target = Target::Node {
        book: BookId(1),
        node: NodeId(1),
        period: month,
    };
    let part = |label: &str, value: &str, target: Option<Target>| Part {
        label: Text::new("number-too-large").with("given", label),
        value: Some(value.into()),
        unit: Some("tCO2e".into()),
        numbers: None,
        remark: None,
        target,
    };
    Explanation {
        target: target.clone(),
        title: Text::new("number-too-large").with("given", "2025-11"),
        value: Some("27801.123456789".into()),
        unit: Some("tCO2e".into()),
        formula: Some("Σ sources".into()),
        numbers: Some("20000.000000000 + 7801.123456789 = 27801.123456789".into()),
        remarks: vec![Text::new("tui-calibration-overdue").with("until", "2025-11-01")],
        parts: vec![
            part("no way on", "1", None),
            part("boiler 锅炉", "20000.000000000", Some(target.clone())),
            Part {
                unit: None,
                ..part("digest", &"9f3ac1d2".repeat(12), None)
            },
            Part {
                remark: Some(Text::new("tui-explain-awaited")),
                ..part("gas \u{1b}[31m煤气", "7801.123456789", Some(target))
            },
        ],
    }
}

pub(in crate::tui) fn actor() -> Actor {
    Actor {
        uid: 1000,
        user: "zhangw".into(),
        person: None,
        roles: vec![Role::Operator],
        shared: false,
    }
}

fn shown(language: Language, theme: &str) -> Shown {
    Shown {
        localizer: Arc::new(Localizer::new(language)),
        chinese_drawable: true,
        theme: Themes::default().load(theme).unwrap(),
        themes: Themes::default().names(),
        glyphs: Glyphs::UNICODE,
        keymap: Arc::new(Keymap::shipped()),
    }
}

/// A terminal that watches the fixture's plant.
pub(in crate::tui) fn model(language: Language, theme: &str, width: u16, height: u16) -> Model {
    model_of(snapshot(), language, theme, width, height)
}

/// How a parameter of the fixture went: up and down between the limits of the others, with a gap; some have nothing.
pub(in crate::tui) fn course(parameter: ParameterId, from: Instant, to: Instant, columns: u16) -> Course {
    let wave = |column: u16| {
        let phase = i64::from(column) * 36 / i64::from(columns) + i64::from(parameter.0) * 5;
        1_000 + (phase % 36 - 18).abs() * 50
    };
    let gap = columns / 2..columns / 2 + columns.div_ceil(10);
    let column_ms = to.since(from) / i64::from(columns);
    let known = (0..columns).filter(|_| !parameter.0.is_multiple_of(3)).map(|column| {
        let mut marks = CourseMarks::default();
        if column * 10 / columns == 2 {
            marks.add(CourseMarks::CORRECTED);
        }
        if column * 10 / columns == 7 {
            marks.add(CourseMarks::TYPED);
        }
        let missing = gap.contains(&column);
        CourseColumn {
            column,
            values: (!missing).then(|| Extent {
                low: wave(column) - 20,
                high: wave(column) + 30,
                first: wave(column),
                last: wave(column),
                last_at: column_start(from, to, columns, column),
                sum: i128::from(wave(column)) * 6,
                weight: 6,
                count: 6,
            }),
            gap_ms: if missing { column_ms } else { 0 },
            // Of the gap the second half is filled.
            stand_in: (missing && column >= columns / 2 + columns.div_ceil(10) / 2).then(|| StandIn {
                low: 1_500,
                high: 1_500,
                sum: 1_500 * i128::from(column_ms),
                filled_ms: column_ms,
            }),
            marks,
        }
    });
    Course {
        parameter,
        from,
        to,
        columns,
        made_of: MadeOf::Readings,
        measure: Measure::Value,
        known: known.collect(),
    }
}

/// Answers what is asked for the rows on the screen and the foot.
pub(in crate::tui) fn answer(model: &mut Model, effects: Vec<Effect>) {
    for effect in effects {
        let Effect::Ask(Request { id, body, .. }) = effect else {
            continue;
        };
        let body = match body {
            RequestBody::Courses {
                parameters,
                from,
                to,
                columns,
            } => {
                let courses = parameters
                    .into_iter()
                    .map(|parameter| course(parameter, from, to, columns));
                ReplyBody::Courses(courses.collect())
            }
            RequestBody::Crews { month, .. } => ReplyBody::Crews(Box::new(crews(month))),
            RequestBody::Notes { from, to, .. } => ReplyBody::Notes(Box::new(notes(from, to))),
            RequestBody::Preferences => ReplyBody::Preferences(None),
            RequestBody::KeepPreferences { .. } => ReplyBody::Done,
            _ => continue,
        };
        let reply = FromDaemon::Reply { id, result: Ok(body) };
        update(model, Msg::Link(LinkEvent::Message(Box::new(reply))));
    }
}

/// What was noted in the fixture's plant.
pub(super) fn notes(from: Instant, to: Instant) -> NotesView {
    let note = |minutes: i64, sequence, about, text: &str| NoteView {
        sequence: Sequence(sequence),
        at: now().plus(-minutes * 60_000),
        about,
        text: text.into(),
        by: actor(),
        name: (sequence == 18_011).then(|| name("张值长", "Zhang")),
        written: now().plus(-minutes * 60_000 + 45_000),
        carried: (sequence == 18_011).then_some(Carried::Open),
    };
    let notes = vec![
        note(70, 18_190, About::Parameter(ParameterId(1)), "换新煤种 changed coal"),
        note(300, 18_011, About::Site, "visitors \u{1b}[2J in the control room"),
    ];
    NotesView {
        notes: notes
            .into_iter()
            .rev()
            .filter(|note| (from..to).contains(&note.at))
            .collect(),
        more: false,
    }
}

/// The fixture's crews: one saved what the other lost.
fn crews(month: Option<Month>) -> CrewsView {
    let compared = |hours, left_out, emitted, expected| Compared {
        hours,
        left_out,
        emitted,
        expected,
    };
    let class = |up_to: &str, hours, intensity: Option<&str>| LoadClass {
        up_to: up_to.into(),
        hours,
        intensity: intensity.map(Into::into),
    };
    CrewsView {
        book: BookId(1),
        product: ProductId(1),
        name: name("供电量", "Electricity supplied"),
        unit: "MWh".into(),
        shift: Some(compared(6, 0, 411_300_000_000, 412_534_000_000)),
        month: month.unwrap_or(Month { year: 2025, month: 11 }),
        crews: vec![
            CrewMonth {
                crew: 0,
                compared: compared(288, 24, 17_334_120_450_000, 17_392_334_000_000),
            },
            CrewMonth {
                crew: 1,
                compared: compared(148, 0, 8_911_456_000_000, 8_853_242_450_000),
            },
        ],
        classes: vec![
            class("90", 212, Some("0.912345")),
            class("100", 4, None),
            class("0", 7, Some("1.250000")),
        ],
    }
}

/// A terminal that watches a plant.
pub(in crate::tui) fn model_of(snapshot: Snapshot, language: Language, theme: &str, width: u16, height: u16) -> Model {
    let mut model = Model::new(shown(language, theme), Size::new(width, height));
    update(&mut model, Msg::Link(LinkEvent::up(actor())));
    let message = FromDaemon::Snapshot(Box::new(snapshot));
    let effects = update(&mut model, Msg::Link(LinkEvent::Message(Box::new(message))));
    answer(&mut model, effects);
    update(&mut model, Msg::Clock(Duration::from_millis(300)));
    model
}

/// Presses a key.
pub(in crate::tui) fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

/// The line is cut.
pub(in crate::tui) fn cut(model: &mut Model) {
    let why = Text::new("wire-daemon-gone");
    let retry_in = std::time::Duration::from_secs(1);
    update(model, Msg::Link(LinkEvent::Down { why, retry_in }));
}

/// Presses characters one after the other.
pub(in crate::tui) fn type_keys(model: &mut Model, keys: &str) {
    for key in keys.chars() {
        press(model, KeyCode::Char(key));
    }
}

/// The event of a key.
pub(in crate::tui) fn pressed(code: KeyCode) -> crossterm::event::Event {
    crossterm::event::Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// What the screen shows: its lines, then the looks of what does not look like plain text.
pub(in crate::tui) fn drawn(model: &Model) -> (String, String) {
    let mut terminal = Terminal::new(TestBackend::new(model.size.width, model.size.height)).unwrap();
    terminal.draw(|frame| panes::draw(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    (lines(buffer), looks(buffer, model))
}

/// Where the terminal's cursor stands, if it is shown.
pub(in crate::tui) fn cursor(model: &Model) -> Option<ratatui::layout::Position> {
    let mut terminal = Terminal::new(TestBackend::new(model.size.width, model.size.height)).unwrap();
    terminal.draw(|frame| panes::draw(model, frame)).unwrap();
    let shown = terminal.backend().cursor_visible();
    shown.then(|| terminal.backend().cursor_position())
}

/// The lines of a buffer as a terminal shows them.
fn lines(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let mut covered = 0;
        for cell in row {
            if covered > 0 {
                covered -= 1;
                assert_eq!(
                    cell.symbol(),
                    " ",
                    "the second cell of a wide character holds something"
                );
                continue;
            }
            text.push_str(cell.symbol());
            covered = cell.symbol().width().saturating_sub(1);
        }
        assert_eq!(covered, 0, "a wide character hangs over the edge: {text}");
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

/// Stretches of a row that do not look like plain text: `row:from-to look`.
fn looks(buffer: &Buffer, model: &Model) -> String {
    let plain = model.shown.style(crate::tui::theme::Tone::Text);
    let mut text = String::new();
    for (y, row) in buffer.content.chunks(usize::from(buffer.area.width).max(1)).enumerate() {
        let mut from = 0;
        while let Some(first) = row.get(from) {
            let style = |cell: &ratatui::buffer::Cell| Style {
                fg: Some(cell.fg),
                bg: Some(cell.bg),
                add_modifier: cell.modifier,
                ..Style::default()
            };
            let length = row[from..]
                .iter()
                .take_while(|cell| style(cell) == style(first))
                .count();
            let is_plain = first.modifier == Modifier::empty()
                && plain.fg.is_none_or(|fg| fg == first.fg)
                && first.bg == ratatui::style::Color::Reset;
            if !is_plain {
                let _ = writeln!(
                    text,
                    "{y}:{from}-{} {}/{} {:?}",
                    from + length - 1,
                    first.fg,
                    first.bg,
                    first.modifier
                );
            }
            from += length;
        }
    }
    text
}

/// The daemon says something.
pub(in crate::tui) fn say(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

/// The daemon answers a request.
pub(in crate::tui) fn reply(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    say(model, FromDaemon::Reply { id, result })
}

/// What the daemon was asked.
pub(in crate::tui) fn bodies(effects: Vec<Effect>) -> Vec<(u64, RequestBody)> {
    let body = |effect| match effect {
        Effect::Ask(Request { id, body, .. }) => Some((id, body)),
        _ => None,
    };
    effects.into_iter().filter_map(body).collect()
}
