//! The loop: waits for keys, the daemon, a signal or the clock, takes in all that is there, then draws once.
//!
//! It works with any backend and any stream of input, so that tests drive the very loop that runs in a plant.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::io;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::Event;
use futures_util::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect, Size};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::burst::Bursts;
use super::link::Link;
use super::model::Model;
use super::panes;
use super::update::{Effect, Msg, update};

/// Shortest time between two draws for data. Keys are drawn at once.
const DATA_PACE: Duration = Duration::from_millis(200);

/// Most events taken in before a draw, so that a flood cannot keep the screen from being drawn.
const MOST_AT_ONCE: usize = 256;

/// What the loop woke up for.
enum Woken {
    Signal,
    Input(Option<io::Result<Event>>),
    Link(Option<super::link::LinkEvent>),
    Done(Msg),
    Time,
}

/// How long at most the daemon is waited for once the terminal is gone.
const PARTING: Duration = Duration::from_millis(500);

/// Why the loop ended.
enum Ended {
    /// Somebody left.
    Left,
    /// The line or the window is gone.
    Gone,
}

/// The daemon keeps what was typed last, as far as it answers in time.
async fn settle(link: &mut Link, model: &mut Model, mut effects: Vec<Effect>) {
    let last = Instant::now() + PARTING;
    loop {
        for effect in effects.drain(..) {
            if let Effect::Ask(request) = effect {
                drop(link.requests.try_send(request));
            }
        }
        if !model.entry.is_being_kept() {
            return;
        }
        match timeout_at(last, link.events.recv()).await {
            Ok(Some(event)) => effects = update(model, Msg::Link(event)),
            Ok(None) | Err(_) => return,
        }
    }
}

/// Runs until the user leaves, the input ends or `ended` is ready. `around` does what concerns the terminal around the
/// screen: its title, its clipboard; what takes its time it has done beside the loop, and `done` tells what came of it.
///
/// However it ends, what was being typed is kept: that the terminal is gone may be seen first where it is read from, where it is
/// drawn on, or by a signal.
pub async fn drive<B>(
    terminal: &mut Terminal<B>,
    input: impl Stream<Item = io::Result<Event>> + Unpin,
    mut link: Link,
    done: UnboundedReceiver<Msg>,
    ended: impl Future<Output = ()>,
    around: impl FnMut(Effect) -> Option<Msg>,
    model: &mut Model,
) -> io::Result<()>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
{
    let why = run(terminal, input, &mut link, done, ended, around, model).await;
    let effects = match &why {
        Ok(Ended::Left) => Vec::new(),
        Ok(Ended::Gone) | Err(_) => update(model, Msg::Parting),
    };
    settle(&mut link, model, effects).await;
    why.map(|_| ())
}

async fn run<B>(
    terminal: &mut Terminal<B>,
    mut input: impl Stream<Item = io::Result<Event>> + Unpin,
    link: &mut Link,
    mut done: UnboundedReceiver<Msg>,
    ended: impl Future<Output = ()>,
    mut around: impl FnMut(Effect) -> Option<Msg>,
    model: &mut Model,
) -> io::Result<Ended>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
{
    tokio::pin!(ended);
    let began = Instant::now();
    let size = terminal.size().map_err(io::Error::other)?;
    update(model, Msg::Resize(size));
    // A draw is due at this time, if one is.
    let mut due = Some(began);
    let mut drawn = began;
    let mut listening = true;
    let mut bursts = Bursts::default();
    loop {
        let deadline = due.unwrap_or_else(|| began + next_second(model));
        let woken = tokio::select! {
            biased;
            () = &mut ended => Woken::Signal,
            event = input.next() => Woken::Input(event),
            Some(message) = done.recv() => Woken::Done(message),
            () = sleep_until(deadline) => Woken::Time,
            event = link.events.recv(), if listening => Woken::Link(event),
        };
        let mut messages = vec![Msg::Clock(began.elapsed())];
        let mut typed = Vec::new();
        let mut at_once = false;
        // The end of the input; what was typed before it was typed.
        let mut gone = None;
        match woken {
            Woken::Signal | Woken::Input(None) => return Ok(Ended::Gone),
            Woken::Input(Some(Err(error))) => return Err(error),
            Woken::Input(Some(Ok(event))) => {
                at_once = true;
                typed.push(event);
            }
            Woken::Link(Some(event)) => messages.push(Msg::Link(event)),
            Woken::Link(None) => listening = false,
            Woken::Done(message) => {
                at_once = true;
                messages.push(message);
            }
            Woken::Time => at_once = true,
        }
        while messages.len() + typed.len() < MOST_AT_ONCE {
            // Asked with the loop's own waker: crossterm's stream keeps the first that it is given until something comes, and
            // would wake nobody for the next key if that were a waker of nobody.
            match poll_fn(|context| Poll::Ready(input.poll_next_unpin(context))).await {
                Poll::Ready(Some(Ok(event))) => {
                    at_once = true;
                    typed.push(event);
                }
                Poll::Ready(Some(Err(error))) => {
                    gone = Some(Err(error));
                    break;
                }
                Poll::Ready(None) => {
                    gone = Some(Ok(Ended::Gone));
                    break;
                }
                Poll::Pending => match link.events.try_recv() {
                    Ok(event) => messages.push(Msg::Link(event)),
                    Err(_) => break,
                },
            }
        }
        messages.extend(bursts.sift(began.elapsed(), typed).into_iter().filter_map(message_of));
        let knew_the_plant = model.plant.is_some();
        for message in messages {
            let mut effects = VecDeque::from(update(model, message));
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Quit => return Ok(Ended::Left),
                    Effect::Redraw => draw_all_again(terminal)?,
                    Effect::Bell
                    | Effect::Title(_)
                    | Effect::Copy(_)
                    | Effect::Write { .. }
                    | Effect::LoadTheme(_)
                    | Effect::LookIntoInbox { .. }
                    | Effect::OpenAttachment { .. }
                    | Effect::ReadAttachment { .. }
                    | Effect::ReadWorkbook { .. }
                    | Effect::Suspend => {
                        let suspended = effect == Effect::Suspend;
                        if let Some(outcome) = around(effect) {
                            effects.extend(update(model, outcome));
                        }
                        if suspended {
                            draw_all_again(terminal)?;
                        }
                    }
                    // Where the connection cannot take it, it is being made anew, and asks again by itself.
                    Effect::Ask(request) => drop(link.requests.try_send(request)),
                }
            }
        }
        if let Some(gone) = gone {
            return gone;
        }
        // The plant is seen as soon as it is known.
        at_once |= !knew_the_plant && model.plant.is_some();
        if at_once || drawn.elapsed() >= DATA_PACE {
            let drawing = terminal.draw(|frame| {
                // The terminal's size is what it is now, whether or not it was announced.
                let area = frame.area();
                let size = Size::new(area.width, area.height);
                if size != model.size {
                    update(model, Msg::Resize(size));
                }
                panes::draw(model, frame);
            });
            drawing.map_err(io::Error::other)?;
            drawn = Instant::now();
            due = None;
        } else {
            due = Some(drawn + DATA_PACE);
        }
    }
}

/// Forgets what the terminal shows. (`Terminal::clear` would ask for the cursor's place and wait for the answer, which the
/// stream of input takes.)
fn draw_all_again<B>(terminal: &mut Terminal<B>) -> io::Result<()>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
{
    let size = terminal.size().map_err(io::Error::other)?;
    terminal
        .resize(Rect::from((Position::ORIGIN, size)))
        .map_err(io::Error::other)
}

/// When, on the terminal's own clock, the shown second changes next.
fn next_second(model: &Model) -> Duration {
    let into = model
        .plant
        .as_ref()
        .map_or(0, |plant| plant.now(model.elapsed).0.rem_euclid(1000));
    model.elapsed + Duration::from_millis(1000 - into.unsigned_abs().min(999))
}

/// What an event of the terminal means; some mean nothing here.
fn message_of(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(Size::new(width, height))),
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}
