//! Entry: a key in the cells of a sheet of 500 rows by 31 days, the page opened, a block pasted into it, a workbook read, a block of documents.
//! `cargo bench --bench entry`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![allow(
    clippy::print_stdout,
    reason = "the 95th of a hundred is no figure that a bench has a column for"
)]

#[path = "../tests/made/workbook.rs"]
mod made;
mod site;

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::actor::{Actor, Role};
use carbonwatch::domain::document::{DocumentForm, FormKind};
use carbonwatch::domain::identity::{ParameterId, Sequence};
use carbonwatch::domain::model::{Name, SiteModel};
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind, Quality};
use carbonwatch::domain::sheet::{EntrySheet, SheetPage};
use carbonwatch::domain::time::{Instant, Month};
use carbonwatch::engine::Engine;
use carbonwatch::engine::documents::MOST_FILED;
use carbonwatch::engine::history::MemoryHistory;
use carbonwatch::engine::view::{Flooded, SheetView};
use carbonwatch::entry::form::{Paper, lines, look_at};
use carbonwatch::entry::{Block, Sheet, Workbook};
use carbonwatch::locale::{Language, Localizer};
use carbonwatch::tui::glyphs::Glyphs;
use carbonwatch::tui::keymap::Keymap;
use carbonwatch::tui::link::LinkEvent;
use carbonwatch::tui::model::{Model, Shown};
use carbonwatch::tui::pane::Pane;
use carbonwatch::tui::panes;
use carbonwatch::tui::theme::Themes;
use carbonwatch::tui::update::{Effect, Msg, update};
use carbonwatch::wire::live::{LiveState, Snapshot};
use carbonwatch::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

const ROWS: usize = 500;
const DAYS: usize = 31;
const DAY_MS: i64 = 86_400_000;
const KEY: &str = "daily";
const PAGE: SheetPage = SheetPage::Month(Month { year: 2025, month: 1 });

/// A plant of 5,000 parameters; the last 500 that have states are on a daily sheet.
fn model() -> SiteModel {
    let mut model = load_model(5_000, 500).expect("model");
    for parameter in &mut model.parameters {
        parameter.origins.push(Origin::Typed);
    }
    let states = model.parameters.iter().rev();
    let states = states.filter(|parameter| parameter.kind == ParameterKind::State);
    let rows: Vec<ParameterId> = states.map(|parameter| parameter.id).take(ROWS).collect();
    assert_eq!(rows.len(), ROWS, "not enough states");
    model.sheets = vec![EntrySheet {
        key: KEY.to_owned(),
        name: Name::default(),
        rows,
        rounds: vec![0],
        due_ms: 0,
        origin: Origin::Typed,
        // What a second person is to look at costs a look-up more.
        second_person: true,
    }];
    model
}

fn value(row: usize, day: usize) -> i64 {
    i64::try_from(40_000 + row * 17 + day % 7).expect("a small number")
}

/// The plant after a month on which every cell of the sheet was filled.
fn filled() -> (SiteModel, Engine, MemoryHistory) {
    let model = model();
    let now = START + 32 * DAY_MS;
    let (mut engine, mut history) = founded(&model, now);
    let sheet = model.sheet(KEY).expect("sheet");
    for (day, round) in sheet.rounds_of(&model, PAGE).iter().enumerate() {
        let readings = sheet.rows.iter().enumerate().map(|(row, parameter)| Incoming {
            parameter: *parameter,
            slot: round.slot(ParameterKind::State),
            value: value(row, day),
            quality: Quality::Good,
        });
        decide(&mut engine, &history, now, intake(readings.collect()));
        history.apply(engine.take_rows().expect("rows"));
    }
    (model, engine, history)
}

fn page(engine: &Engine, history: &MemoryHistory) -> SheetView {
    engine.sheet_page(history, KEY, PAGE).expect("page")
}

/// What a page costs of which every cell is filled.
#[divan::bench(sample_count = 50)]
fn page_of_500_rows_by_31_days(bencher: Bencher) {
    let (_, engine, history) = filled();
    let view = page(&engine, &history);
    let standing = view.rows.iter().flat_map(|row| &row.cells).flatten().count();
    assert_eq!(standing, ROWS * DAYS, "not the page meant");
    bencher.bench_local(|| black_box(page(&engine, &history)));
}

/// What is seen of a block before any of it is put down: as the values were before, and every second far from them, so that
/// all other rows are looked through.
#[divan::bench(args = [false, true], sample_count = 10)]
fn block_of_10000_cells(bencher: Bencher, is_far: bool) {
    let (model, engine, history) = filled();
    let view = page(&engine, &history);
    let sheet = Sheet::new(&model, &view, Origin::Typed);
    let mut text = String::new();
    for row in 0..400 {
        let known = sheet.row(row).expect("row").parameter;
        text.push_str(&known.tag);
        for day in 0..25 {
            let count = value(row, day) * if is_far && day % 2 == 0 { 3 } else { 1 } + 1;
            let shown = carbonwatch::domain::decimal::from_count(count, known.decimals);
            write!(text, "\t{shown}").expect("written");
        }
        text.push('\n');
    }
    bencher.bench_local(|| {
        let block = Block::parse(&text).expect("block");
        let placed = block.placed(&sheet, (0, 0)).expect("placed");
        assert!(placed.iter().all(|one| one.entered.is_ok()), "not the block meant");
        placed
    });
}

/// What it costs to read a workbook.
#[divan::bench(sample_count = 10)]
fn workbook_of_100000_cells(bencher: Bencher) {
    let mut rows = String::new();
    for row in 0..1_000 {
        rows.push_str("<row>");
        for column in 0..100 {
            write!(rows, "<c><v>{row}.{column}5</v></c>").expect("written");
        }
        rows.push_str("</row>");
    }
    let bytes = made::workbook(&[("S", &rows, "")]);
    bencher.bench_local(|| {
        let read = Workbook::read(&bytes, None).expect("workbook");
        assert_eq!(read.block.rows.len(), 1_000, "not the workbook meant");
        read
    });
}

/// As many reports as are filed at once, each with its batch and a value for each of twelve parameters, looked at one by one.
#[divan::bench(sample_count = 20)]
fn block_of_400_documents(bencher: Bencher) {
    let mut model = model();
    for tested in model.parameters.iter_mut().rev().take(12) {
        tested.kind = ParameterKind::Property;
    }
    let rows: Vec<ParameterId> = model.parameters.iter().rev().take(12).map(|known| known.id).collect();
    let tags: Vec<String> = (model.parameters.iter().rev().take(12))
        .map(|known| known.tag.clone())
        .collect();
    let form = DocumentForm {
        key: "reports".to_owned(),
        name: Name::default(),
        kind: FormKind::Laboratory,
        rows,
        batches: Some("batches".to_owned()),
        basis: None,
        total_moisture: None,
        second_person: false,
    };
    model.document_forms = vec![form.clone()];
    let mut text = format!("number\tbatch\ttested\t{}\n", tags.join("\t"));
    for line in 0..MOST_FILED {
        let values = ["12"; 12].join("\t");
        writeln!(text, "L-{line}\tB-{line}\t2025-01-15\t{values}").expect("a text");
    }
    let paper = Paper {
        model: &model,
        form: &form,
        standing: &[],
        batches: &[],
        beside: &[],
        now: Instant(START),
    };
    bencher.bench_local(|| {
        let block = Block::parse(&text).expect("a block");
        let lines = lines(&block, (&model, &form)).expect("documents");
        let looked = look_at(&paper, &lines);
        assert!(looked.iter().all(|one| one.read.is_ok()), "each can be read");
        black_box(looked)
    });
}

fn say(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

/// A terminal on which the sheet is open.
fn opened(width: u16, height: u16) -> Model {
    let (site, mut engine, history) = filled();
    let now = Instant(START + 30 * DAY_MS);
    let state = LiveState {
        now,
        sequence: Sequence(62),
        shift: None,
        flooded: Flooded::default(),
        queue: 0,
        unsigned: None,
        totals: engine.totals(&history, now).expect("totals"),
        free_bytes: 1 << 40,
        refusing: None,
        chain_head: "9f3ac1d2".into(),
        chain_damaged: None,
        feeds: Vec::new(),
    };
    let snapshot = Snapshot {
        number: 0,
        key: site.key.clone(),
        name: site.name.clone(),
        simulated: true,
        nodes: engine.nodes(),
        parameters: engine.live_parameters(&history).expect("parameters"),
        model: Box::new(site),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state,
    };
    let shown = Shown {
        localizer: Arc::new(Localizer::new(Language::Chinese)),
        chinese_drawable: true,
        theme: Themes::default().load("dark").expect("theme"),
        themes: Themes::default().names(),
        glyphs: Glyphs::UNICODE,
        keymap: Arc::new(Keymap::shipped()),
    };
    let mut model = Model::new(shown, Size::new(width, height));
    let operator = Actor {
        roles: vec![Role::Operator],
        ..Actor::daemon()
    };
    update(&mut model, Msg::Link(LinkEvent::up(operator)));
    say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    update(&mut model, Msg::Clock(Duration::from_millis(300)));
    press(&mut model, KeyCode::Char('3'));
    assert_eq!(model.pane, Pane::Entry, "not the pane meant");
    for effect in press(&mut model, KeyCode::Enter) {
        if let Effect::Ask(Request {
            id,
            body: RequestBody::Sheet { .. },
            ..
        }) = effect
        {
            let view = page(&engine, &history);
            let result = Ok(ReplyBody::Sheet(Box::new(view), Box::default()));
            say(&mut model, FromDaemon::Reply { id, result });
        }
    }
    model
}

/// What a key costs until it is on the screen, in the middle of the sheet: a digit, and the digit taken away again.
#[divan::bench(args = [(80, 24), (200, 60)], sample_count = 1_000)]
fn key_in_a_sheet_of_500_rows_by_31_days(bencher: Bencher, (width, height): (u16, u16)) {
    let mut model = opened(width, height);
    for _ in 0..250 {
        press(&mut model, KeyCode::Down);
    }
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
    let mut took: Vec<Duration> = Vec::new();
    let mut keys = [KeyCode::Char('4'), KeyCode::Backspace].into_iter().cycle();
    bencher.bench_local(|| {
        let began = std::time::Instant::now();
        press(&mut model, keys.next().expect("a key"));
        terminal.draw(|frame| panes::draw(&model, frame)).expect("drawn");
        took.push(began.elapsed());
    });
    let open = model.entry.open.as_ref().expect("open");
    assert_eq!(open.at.0, 250, "not the cell meant");
    took.sort_unstable();
    if let Some(slow) = took.get(took.len() * 95 / 100) {
        println!("95 of 100 keys: {slow:?} or less, of {}", took.len());
    }
}
