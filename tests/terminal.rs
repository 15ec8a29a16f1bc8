//! The whole program on a pseudo-terminal: it starts a daemon, shows the site, explains, and gives the terminal back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant as Moment};

use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, Origin, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::command::Provenance;
use carbonwatch::wire::client::Client;
use carbonwatch::wire::message::{ReplyBody, RequestBody};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

/// How long to wait for what must come; a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

const PROGRAM: &str = env!("CARGO_BIN_EXE_carbonwatch");

/// A site whose daemon is stopped in the end.
struct Site(tempfile::TempDir);

impl Site {
    fn of_template(template: &str) -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        let made = Command::new(PROGRAM)
            .args(["init", "--template", template])
            .arg(site.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        site
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("site")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = Command::new(PROGRAM).arg("stop").arg(self.path()).output();
    }
}

/// The program on a terminal of its own.
struct Seat {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Seat {
    fn watching(site: &Path, environment: &[(&str, &str)]) -> Self {
        Self::reading(site, environment, None)
    }

    /// A terminal whose other end reads no more than a few bytes at each pace, where one is given.
    fn reading(site: &Path, environment: &[(&str, &str)], pace: Option<Duration>) -> Self {
        Self::with(site, &[], environment, pace)
    }

    fn with(site: &Path, options: &[&str], environment: &[(&str, &str)], pace: Option<Duration>) -> Self {
        let (rows, columns) = (24, 80);
        let size = PtySize {
            rows,
            cols: columns,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(PROGRAM);
        command.arg("watch");
        command.arg(site);
        command.args(options);
        for name in ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR", "COLORTERM"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            // The terminal lives as long as somebody reads from it.
            let _master = pair.master;
            let mut bytes = vec![0; if pace.is_some() { 8 } else { 65_536 }];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                thread::sleep(pace.unwrap_or_default());
                let read = bytes.get(..count).unwrap_or_default().to_vec();
                if sender.send(read).is_err() {
                    return;
                }
            }
        });
        Self {
            screen: vt100::Parser::new(rows, columns, 0),
            output,
            keys,
            child,
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Presses keys after a while in which no hand presses so many, so that they are taken for keys.
    fn press_by_hand(&mut self, keys: &str) {
        thread::sleep(Duration::from_millis(250));
        self.press(keys);
    }

    /// Waits until the screen is as it should be.
    fn until(&mut self, what: &str, expected: impl Fn(&vt100::Screen) -> bool) {
        let began = Moment::now();
        while !expected(self.screen.screen()) {
            let shown = self.screen.screen().contents();
            assert!(began.elapsed() < PATIENCE, "no {what}:\n{shown}");
            match self.output.recv_timeout(Duration::from_millis(50)) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Timeout) => {}
                // Nothing comes any more.
                Err(RecvTimeoutError::Disconnected) => panic!("the program ended before any {what}:\n{shown}"),
            }
        }
    }

    /// Sends a signal to the program.
    fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    fn until_it_shows(&mut self, words: &str) {
        self.until(words, |screen| screen.contents().contains(words));
    }
}

#[test]
fn watches_a_site_in_both_languages_and_gives_the_terminal_back() {
    let site = Site::of_template("demo");
    let mut seat = Seat::watching(&site.path(), &[("LANG", "zh_CN.UTF-8")]);
    seat.until_it_shows("模拟 SIMULATED");
    seat.until_it_shows("U1-COAL");
    assert!(seat.screen.screen().alternate_screen());

    seat.press("/coal");
    // The foot is drawn last: with it the list is whole, whatever came in between.
    seat.until("filtered list", |screen| {
        let shown = screen.contents();
        shown.contains("筛选：coal") && !shown.contains("U1-STEAM")
    });
    seat.press("\x1b");
    seat.until_it_shows("U1-STEAM");
    seat.press("L");
    seat.until_it_shows("Unit 1 load");
    seat.press("?");
    seat.until_it_shows("Keys");
    seat.press("?");
    seat.until_it_shows("U1-COAL");

    // From the year's total to what it rests on.
    seat.press("t\x1b[C\x1b[C\x1b[C\r");
    seat.until_it_shows("Rests on");
    seat.press("\x1b");
    seat.until_it_shows("U1-COAL");

    // Nobody answers what is asked of this terminal, and nothing waits for it; no shell takes it over.
    seat.press("\x0c");
    seat.press("\x1a");
    seat.until_it_shows("no shell with job");
    seat.press("j");
    seat.until("line that is no notice", |screen| {
        !screen.contents().contains("no shell")
    });

    seat.press("q");
    seat.until("terminal given back", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    });
    assert!(seat.child.wait().unwrap().success());
}

#[test]
fn a_terminal_without_colours_or_chinese_is_served_as_it_is() {
    let site = Site::of_template("demo");
    let console = [("LANG", "zh_CN.UTF-8"), ("TERM", "linux"), ("NO_COLOR", "1")];
    let mut seat = Seat::watching(&site.path(), &console);
    seat.until_it_shows("The Linux console cannot draw Chinese");
    seat.until_it_shows("SIMULATED");
    let screen = seat.screen.screen();
    for row in 0..24 {
        for column in 0..80 {
            let cell = screen.cell(row, column).unwrap();
            let plain = (vt100::Color::Default, vt100::Color::Default);
            assert_eq!((cell.fgcolor(), cell.bgcolor()), plain, "row {row}, column {column}");
        }
    }
    seat.press("\x03");
    seat.until("terminal given back", |screen| !screen.alternate_screen());
    assert!(seat.child.wait().unwrap().success());
}

/// A value of the unit's load, at a time.
fn load(model: &SiteModel, at: Instant, value: i64) -> RequestBody {
    let parameter = model.parameters.iter().find(|parameter| parameter.tag == "U1-LOAD");
    RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance {
            name: "test".to_owned(),
            ..Provenance::default()
        },
        readings: vec![Incoming {
            parameter: parameter.unwrap().id,
            slot: Slot::instant(at),
            value,
            quality: Quality::Good,
        }],
    }
}

#[tokio::test]
async fn twenty_terminals_do_not_notice_one_that_is_stopped_and_one_that_hardly_reads() {
    let site = Site::of_template("demo");
    let english = [("LANG", "C.UTF-8")];
    let mut stopped = Seat::watching(&site.path(), &english);
    stopped.until_it_shows("U1-LOAD");
    let _slow = Seat::reading(&site.path(), &english, Some(Duration::from_millis(500)));
    let mut seats: Vec<Seat> = (0..18).map(|_| Seat::watching(&site.path(), &english)).collect();
    for seat in &mut seats {
        seat.until_it_shows("U1-LOAD");
    }
    stopped.signal("-STOP");
    let mut client = Client::connect(&site.path()).await.unwrap();
    let ReplyBody::Model(model) = client.ask(RequestBody::Model).await.unwrap() else {
        panic!("not a model");
    };
    // More than what any buffer on the way to a terminal that does not read could hold.
    let start = Instant(1_740_758_400_000);
    for second in 0..3_000 {
        let body = load(&model, start.plus(second * 1_000), 2_000 + second % 700);
        let ReplyBody::Intake(outcome) = client.ask(body).await.unwrap() else {
            panic!("not an intake");
        };
        assert_eq!((outcome.accepted, outcome.refused.len()), (1, 0));
    }
    let last = load(&model, start.plus(3_000_000), 2_817);
    client.ask(last).await.unwrap();
    for seat in &mut seats {
        seat.until_it_shows("28.17");
    }
    // Who comes back sees how it is now.
    stopped.signal("-CONT");
    stopped.until_it_shows("28.17");
    for seat in &mut seats {
        seat.press("q");
        assert!(seat.child.wait().unwrap().success());
    }
}

#[tokio::test]
async fn an_alarm_is_seen_acknowledged_and_shelved() {
    let site = Site::of_template("demo");
    let mut seat = Seat::watching(&site.path(), &[("LANG", "C.UTF-8")]);
    seat.until_it_shows("U1-LOAD");
    seat.press("2");
    seat.until_it_shows("No alarms");
    let mut client = Client::connect(&site.path()).await.unwrap();
    let ReplyBody::Model(model) = client.ask(RequestBody::Model).await.unwrap() else {
        panic!("not a model");
    };
    // Above the operating limit for longer than its delay.
    let start = Instant(1_740_758_400_000);
    for second in (0..=90).step_by(10) {
        client
            .ask(load(&model, start.plus(second * 1_000), 5_500))
            .await
            .unwrap();
    }
    // Others that are silent meanwhile have alarms of their own.
    seat.until_it_shows("55.00 > 50.00 MW");
    seat.press("/LOAD");
    seat.until_it_shows("filter: LOAD");
    seat.press_by_hand("\r");
    seat.until_it_shows("a ack ");
    seat.press("a");
    seat.until_it_shows("One alarm acknowledged (record");
    // The daemon says so: nobody owes an answer any more.
    seat.until_it_shows("State acknowledged");
    seat.press("s");
    seat.until_it_shows("Shelve one alarm");
    seat.press("30m");
    seat.until_it_shows("30m  ");
    seat.press_by_hand("\r");
    seat.until_it_shows("Say why after it");
    seat.press(" parts");
    seat.until_it_shows("30m parts");
    seat.press_by_hand("\r");
    seat.until_it_shows("One alarm shelved (record");
    seat.until_it_shows("1 shelved");
    seat.press("\t");
    seat.until_it_shows("until ");
    seat.until_it_shows("parts");
    seat.press("u");
    seat.until_it_shows("No alarm fits the filter");
    seat.press("q");
    assert!(seat.child.wait().unwrap().success());
}

#[test]
fn the_wall_waits_for_its_site_and_outlives_its_daemon() {
    let made = Site::of_template("demo");
    let place = made.0.path().join("later");
    let english = [("LANG", "C.UTF-8")];
    let mut wall = Seat::with(&place, &["--wall"], &english, None);
    wall.until_it_shows("next attempt");
    std::fs::rename(made.path(), &place).unwrap();
    let run = |argument: &str| {
        let done = Command::new(PROGRAM).arg(argument).arg(&place).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    run("list");
    wall.until_it_shows("Year tCO2e");
    run("stop");
    wall.until_it_shows("next attempt");
    run("list");
    wall.until("figures without a banner", |screen| {
        let shown = screen.contents();
        shown.contains("Year tCO2e") && !shown.contains("next attempt")
    });
    wall.press("q");
    assert!(wall.child.wait().unwrap().success());
    run("stop");
}

/// Kills the daemon of a site without a word.
fn kill_daemon(site: &Path) {
    let pattern = format!("serve .*{}", site.display());
    let killed = Command::new("pkill").args(["-9", "-f", &pattern]).status().unwrap();
    assert!(killed.success(), "no daemon of {}", site.display());
}

#[tokio::test]
async fn a_round_is_written_down_with_the_keypad_alone_whatever_happens_to_daemon_and_line() {
    let site = Site::of_template("demo");
    let path = site.path();
    let english = [("LANG", "C.UTF-8")];
    let mut seat = Seat::watching(&path, &english);
    seat.until_it_shows("SIMULATED");

    // What was written down the day before.
    let mut client = Client::connect(&path).await.unwrap();
    let ReplyBody::Model(model) = client.ask(RequestBody::Model).await.unwrap() else {
        panic!()
    };
    let sheet = model.sheet("rounds").unwrap().clone();
    // A simulated site's clock stands until it is pushed.
    let now = Instant(1_740_790_000_000);
    client.ask(RequestBody::SetClock { now }).await.unwrap();
    let rounds = sheet.rounds_of(&model, sheet.page_at(&model, now).previous());
    let before = [50, 980, 215, 880, 2310, 61, 72, 68, 120, 10_400];
    for (round, less) in [(&rounds[rounds.len() - 2], 50), (&rounds[rounds.len() - 1], 0)] {
        let readings = sheet
            .rows
            .iter()
            .zip(before)
            .enumerate()
            .map(|(place, (id, value))| Incoming {
                parameter: *id,
                slot: round.slot(model.parameter(*id).unwrap().kind),
                value: if place == 9 { value - less } else { value },
                quality: Quality::Good,
            });
        let body = RequestBody::Intake {
            origin: Origin::Typed,
            provenance: Provenance {
                name: "yesterday".to_owned(),
                ..Provenance::default()
            },
            readings: readings.collect(),
        };
        let ReplyBody::Intake(outcome) = client.ask(body).await.unwrap() else {
            panic!()
        };
        assert_eq!(outcome.refused, []);
    }
    drop(client);

    seat.press("3");
    seat.until_it_shows("Operating rounds");
    seat.press_by_hand("\r");
    seat.until_it_shows("BH-WATER-TOT");
    seat.until_it_shows("nothing typed, nothing sent");
    // A keypad has digits, a point, a minus, the signs of sums, and Enter.
    let type_cell = |seat: &mut Seat, text: &str| {
        seat.press_by_hand(text);
        seat.press_by_hand("\r");
    };
    type_cell(&mut seat, "51");
    // The point forgotten; what is typed next takes its place.
    type_cell(&mut seat, "981");
    seat.until_it_shows("point where it belongs");
    type_cell(&mut seat, "9.81");
    // The next row's value in this one.
    type_cell(&mut seat, "88");
    seat.until_it_shows("BH-FAN-A: is this the right row");
    type_cell(&mut seat, "216");
    type_cell(&mut seat, "88.4");
    type_cell(&mut seat, "=462/2");
    seat.until_it_shows("5 typed, kept");

    kill_daemon(&path);
    seat.until_it_shows("next attempt");
    for text in ["61", "72", "68", "12.5"] {
        type_cell(&mut seat, text);
    }
    // What the daemon does not keep is marked.
    seat.until_it_shows("12.5*");
    let listed = Command::new(PROGRAM).arg("list").arg(&path).output().unwrap();
    assert!(listed.status.success(), "{listed:?}");
    seat.until_it_shows("9 typed, kept");

    // The line is cut.
    seat.signal("-HUP");
    let _ = seat.child.wait();
    let mut other = Seat::watching(&path, &english);
    other.until_it_shows("SIMULATED");
    other.press("3");
    other.until_it_shows("Operating rounds");
    other.press_by_hand("\r");
    other.until_it_shows("9 typed, kept");
    // It goes on where it was left.
    type_cell(&mut other, "10450");
    other.until_it_shows("10 typed, 0 empty");
    other.press_by_hand("\r");
    other.until_it_shows("10 values were taken");
    other.until("sheet that is sent", |screen| {
        let shown = screen.contents();
        shown.contains("nothing to send")
            && ["51", "9.81", "216", "231.0", "12.5", "10450"]
                .iter()
                .all(|value| shown.contains(value))
    });
}

/// Time between two keys of a practised hand on a numeric keypad: some 10,000 an hour.
const BETWEEN_KEYS: Duration = Duration::from_millis(350);

/// A shift's sixty values by keypad, as fast as a hand is; with the time and the keystrokes that it took.
#[tokio::test]
#[allow(clippy::print_stderr, reason = "what it took is the point of it")]
#[ignore = "takes as long as a hand takes: cargo test --test terminal -- --ignored --nocapture"]
async fn a_shifts_sixty_values_are_typed_in_under_three_minutes() {
    let site = Site::of_template("demo");
    let path = site.path();
    let file = path.join("site.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (mut rows, mut gauges) = (Vec::new(), Vec::new());
    for number in 1..=60 {
        rows.push(format!("\"G-{number:02}\""));
        gauges.push(format!(
            "\n[[parameter]]\ntag = \"G-{number:02}\"\nname = \"仪表\"\nkind = \"state\"\nunit = \"%\"\ndecimals = 1\n\
             node = \"unit-1\"\npossible = {{ low = 0, high = 200 }}\norigins = [\"typed\"]\n"
        ));
    }
    let rows = rows.join(", ");
    let sheet = format!(
        "\n[[sheet]]\nkey = \"shift\"\nname = \"本班\"\nname_en = \"The shift\"\nrows = [{rows}]\n\
         rounds = [\"00:00\", \"08:00\", \"16:00\"]\n"
    );
    let text = [text, gauges.concat(), sheet].concat();
    std::fs::write(&file, text).unwrap();
    let mut seat = Seat::watching(&path, &[("LANG", "C.UTF-8")]);
    seat.until_it_shows("SIMULATED");
    let mut client = Client::connect(&path).await.unwrap();
    let ReplyBody::Model(model) = client.ask(RequestBody::Model).await.unwrap() else {
        panic!()
    };
    let now = Instant(1_740_790_000_000);
    client.ask(RequestBody::SetClock { now }).await.unwrap();
    let sheet = model.sheet("shift").unwrap().clone();
    // What stood in the round before: each about its own value.
    let usual = |place: usize| 300 + 7 * i64::try_from(place).unwrap();
    let rounds = sheet.rounds_of(&model, sheet.page_at(&model, now).previous());
    let readings = sheet.rows.iter().enumerate().map(|(place, id)| Incoming {
        parameter: *id,
        slot: rounds[rounds.len() - 1].slot(model.parameter(*id).unwrap().kind),
        value: usual(place),
        quality: Quality::Good,
    });
    let body = RequestBody::Intake {
        origin: Origin::Typed,
        provenance: Provenance::default(),
        readings: readings.collect(),
    };
    client.ask(body).await.unwrap();
    drop(client);
    seat.press("3");
    seat.until_it_shows("The shift");
    let listed = model.sheets.iter().position(|other| other.key == "shift").unwrap();
    for _ in 0..listed {
        seat.press_by_hand("j");
    }
    seat.press_by_hand("\r");
    seat.until_it_shows("G-01");
    let (began, mut pressed) = (Moment::now(), 0_u32);
    let mut type_cell = |seat: &mut Seat, text: &str| {
        for key in text.chars().chain(['\r']) {
            thread::sleep(BETWEEN_KEYS);
            seat.press(key.encode_utf8(&mut [0; 4]));
            pressed += 1;
        }
    };
    for place in 0..60 {
        let value = usual(place) + 3;
        let right = format!("{}.{}", value / 10, value % 10);
        match place {
            // The point forgotten, and the value of a row far below.
            20 => {
                type_cell(&mut seat, &value.to_string());
                seat.until_it_shows("point where it belongs");
            }
            40 => {
                type_cell(&mut seat, "3.0");
                seat.until_it_shows("Far from the value before");
            }
            _ => {}
        }
        type_cell(&mut seat, &right);
    }
    seat.until_it_shows("60 typed, 0 empty");
    type_cell(&mut seat, "");
    seat.until_it_shows("60 values were taken");
    let took = began.elapsed();
    eprintln!("60 values: {pressed} keystrokes, {} s", took.as_secs());
    assert!(took < Duration::from_secs(180), "{pressed} keystrokes, {took:?}");
}
