//! The real loop, driven by a stream of events on a test backend.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crossterm::event::{Event, KeyCode};
use futures_util::Stream;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

use super::*;
use crate::domain::reading::Origin;
use crate::engine::view::Target;
use crate::locale::Language;
use crate::tui::event_loop::drive;
use crate::tui::link::{Link, LinkEvent};
use crate::tui::update::{Effect, Msg};
use crate::wire::live::Delta;
use crate::wire::message::{FromDaemon, Request, RequestBody};

/// Input as crossterm's stream gives it: it keeps the waker of whoever asked first in vain, and wakes that one alone.
struct Typed {
    keys: mpsc::UnboundedReceiver<Event>,
    first: Option<Waker>,
}

impl Stream for Typed {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let waker = self.first.get_or_insert_with(|| context.waker().clone()).clone();
        let polled = self.keys.poll_recv(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            self.first = None;
        }
        polled.map(|event| event.map(io::Result::Ok))
    }
}

/// The ends of the loop that the test holds.
struct Outside {
    keys: mpsc::UnboundedSender<Event>,
    events: mpsc::Sender<LinkEvent>,
    requests: mpsc::Receiver<Request>,
    done: mpsc::UnboundedSender<Msg>,
}

impl Outside {
    async fn say(&self, message: FromDaemon) {
        self.events.send(LinkEvent::Message(Box::new(message))).await.unwrap();
    }

    /// The next request but those for what the Live pane draws besides values.
    async fn asked(&mut self) -> RequestBody {
        loop {
            let body = self.requests.recv().await.unwrap().body;
            if !matches!(
                body,
                RequestBody::Courses { .. } | RequestBody::Crews { .. } | RequestBody::Preferences
            ) {
                return body;
            }
        }
    }

    fn press(&self, code: KeyCode) {
        self.keys.send(pressed(code)).unwrap();
    }
}

/// Runs the loop while `scene` plays outside; gives the last screen and the titles that were set.
async fn played<F: Future<Output = ()> + Send + 'static>(scene: impl FnOnce(Outside) -> F) -> (String, Vec<Effect>) {
    let mut model = model(Language::English, "dark", 80, 24);
    model.plant = None;
    model.titled.clear();
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let (keys, typed) = mpsc::unbounded_channel();
    let (events_in, events) = mpsc::channel(8);
    let (requests, requests_out) = mpsc::channel(8);
    let input = Typed {
        keys: typed,
        first: None,
    };
    let mut titles = Vec::new();
    let (done_in, done) = mpsc::unbounded_channel();
    let running = drive(
        &mut terminal,
        input,
        Link { events, requests },
        done,
        pending(),
        |effect| {
            titles.push(effect);
            None
        },
        &mut model,
    );
    let outside = Outside {
        keys,
        events: events_in,
        requests: requests_out,
        done: done_in,
    };
    // On a task of its own: what wakes it does not wake the loop.
    let scene = tokio::spawn(scene(outside));
    running.await.unwrap();
    scene.await.unwrap();
    (terminal.backend().to_string(), titles)
}

#[tokio::test(start_paused = true)]
async fn watches_shows_explains_and_quits() {
    let (screen, titles) = played(|mut outside| async move {
        outside.events.send(LinkEvent::up(actor())).await.unwrap();
        assert_eq!(outside.asked().await, RequestBody::Watch);
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        sleep(Duration::from_millis(300)).await;
        outside.press(KeyCode::Char('e'));
        let request = outside.asked().await;
        assert!(
            matches!(request, RequestBody::Explain(Target::Reading { .. })),
            "{request:?}"
        );
        outside.press(KeyCode::Esc);
        sleep(Duration::from_millis(10)).await;
        outside.press(KeyCode::Char('q'));
    })
    .await;
    assert!(screen.contains("FT-2041"), "{screen}");
    assert_eq!(titles, [Effect::Title("P1:0 P2:0 due:1 demo carbonwatch".into())]);
}

#[tokio::test(start_paused = true)]
async fn a_missed_delta_asks_for_everything_again() {
    played(|mut outside| async move {
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        let state = snapshot().state;
        for number in [2, 4] {
            let delta = Delta {
                number,
                values: Vec::new(),
                alarms: Vec::new(),
                anomalies: Vec::new(),
                state: state.clone(),
            };
            outside.say(FromDaemon::Delta(Box::new(delta))).await;
        }
        assert_eq!(outside.asked().await, RequestBody::Watch);
        outside.press(KeyCode::Char('q'));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_data_neither_starves_keys_nor_keeps_the_screen_still() {
    let (screen, _) = played(|outside| async move {
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        for number in 2..500 {
            let delta = Delta {
                number,
                values: vec![(
                    snapshot().parameters[0].id,
                    live_value(i64::try_from(number).unwrap(), 0, Origin::Connector),
                )],
                alarms: Vec::new(),
                anomalies: Vec::new(),
                state: snapshot().state,
            };
            outside.say(FromDaemon::Delta(Box::new(delta))).await;
        }
        sleep(Duration::from_millis(300)).await;
        let began = Instant::now();
        outside.press(KeyCode::Char('q'));
        outside.keys.closed().await;
        assert!(began.elapsed() < Duration::from_millis(50));
    })
    .await;
    assert!(screen.contains("49.9 t/h"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn the_clock_goes_on_by_itself_and_stands_when_the_daemon_is_silent() {
    let (screen, _) = played(|outside| async move {
        outside.events.send(LinkEvent::up(actor())).await.unwrap();
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        sleep(Duration::from_secs(20)).await;
        drop(outside);
    })
    .await;
    assert!(screen.contains("14:05:14"), "{screen}");
    assert!(
        screen.contains("daemon silent for 19 s") || screen.contains("daemon silent for 20 s"),
        "{screen}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_keys_is_not_executed() {
    let (screen, _) = played(|outside| async move {
        outside.events.send(LinkEvent::up(actor())).await.unwrap();
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        for character in "quit; rm everything\nq".chars() {
            outside.press(if character == '\n' {
                KeyCode::Enter
            } else {
                KeyCode::Char(character)
            });
        }
        sleep(Duration::from_millis(300)).await;
        drop(outside);
    })
    .await;
    assert!(screen.contains("21 characters were pasted"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn what_was_done_beside_the_loop_is_told_at_once() {
    let (screen, _) = played(|outside| async move {
        outside.events.send(LinkEvent::up(actor())).await.unwrap();
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        sleep(Duration::from_millis(300)).await;
        outside.done.send(Msg::Written(Ok("~/outbox/x.csv".into()))).unwrap();
        sleep(Duration::from_millis(1)).await;
        drop(outside);
    })
    .await;
    assert!(screen.contains("~/outbox/x.csv"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_it() {
    let mut model = model(Language::English, "dark", 80, 24);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let (_events_in, events) = mpsc::channel(8);
    let (requests, _requests_out) = mpsc::channel(8);
    // Nothing is done beside it, and that ends nothing.
    let (_, done) = mpsc::unbounded_channel();
    let (signal, signalled) = oneshot::channel::<()>();
    let input = futures_util::stream::pending();
    signal.send(()).unwrap();
    let ended = async move { drop(signalled.await) };
    drive(
        &mut terminal,
        input,
        Link { events, requests },
        done,
        ended,
        |_| None,
        &mut model,
    )
    .await
    .unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_being_typed_is_kept_however_the_end_of_the_terminal_is_seen() {
    let ends: [&dyn Fn() -> Vec<io::Result<Event>>; 2] = [&|| vec![Ok(pressed(KeyCode::Char('9')))], &|| {
        vec![
            Ok(pressed(KeyCode::Char('9'))),
            Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        ]
    }];
    for end in ends {
        let mut model = super::entry::on_a_page();
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let (_events_in, events) = mpsc::channel(8);
        let (requests, mut requests_out) = mpsc::channel(8);
        let (_, done) = mpsc::unbounded_channel();
        let input = futures_util::stream::iter(end());
        let link = Link { events, requests };
        let is_error = end().last().is_some_and(Result::is_err);
        let ended = drive(&mut terminal, input, link, done, pending(), |_| None, &mut model).await;
        assert_eq!(ended.is_err(), is_error);
        let mut kept = None;
        while let Ok(request) = requests_out.try_recv() {
            if let RequestBody::Draft { changes, .. } = request.body {
                kept = changes[0].text.clone();
            }
        }
        assert_eq!(kept.as_deref(), Some("9…|"), "the key was typed before the end");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_taken_when_it_comes_and_not_when_the_clock_moves() {
    let (_, effects) = played(|mut outside| async move {
        outside.events.send(LinkEvent::up(actor())).await.unwrap();
        assert_eq!(outside.asked().await, RequestBody::Watch);
        outside.say(FromDaemon::Snapshot(Box::new(snapshot()))).await;
        sleep(Duration::from_millis(300)).await;
        for _ in 0..5 {
            let pressed_at = Instant::now();
            outside.press(KeyCode::Char('e'));
            assert!(matches!(outside.asked().await, RequestBody::Explain(_)));
            assert_eq!(pressed_at.elapsed(), Duration::ZERO);
            outside.press(KeyCode::Esc);
            sleep(Duration::from_millis(1)).await;
        }
        outside.press(KeyCode::Char('q'));
    })
    .await;
    assert!(!effects.is_empty());
}
