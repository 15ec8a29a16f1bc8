//! Keys that no hand presses: what a terminal without bracketed paste makes of a paste. It is taken as the paste that it
//! is, so that nothing of it is executed.
//!
//! A held key repeats itself and is none: a burst has many different characters in next to no time.

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::keymap::is_line_feed;

/// Fewest characters of a burst.
const FEWEST: usize = 12;

/// Fewest different characters of a burst: a held key has one, two held after one another have two.
const FEWEST_KINDS: usize = 4;

/// In how much time they come. The quickest hand needs ten times as long.
const WITHIN: Duration = Duration::from_millis(100);

/// How long after a burst what comes still belongs to it.
const AFTER: Duration = Duration::from_millis(100);

/// In how much time a line feed that belongs to a carriage return comes behind it: nobody presses two keys so quickly, and what
/// scanners, scales and pastes send as the end of a line is one.
const ONE_END: Duration = Duration::from_millis(50);

/// Tells bursts from keys.
#[derive(Debug, Default)]
pub struct Bursts {
    /// When a carriage return came last, where nothing came behind it yet.
    returned: Option<Duration>,
    /// The last characters, with when they came.
    recent: VecDeque<(Duration, char)>,
    /// Until when what comes belongs to a burst.
    until: Option<Duration>,
}

impl Bursts {
    /// What came at one time: as it came, or with its keys taken as a paste.
    pub fn sift(&mut self, now: Duration, mut events: Vec<Event>) -> Vec<Event> {
        events.retain(|event| !self.ends_the_same_line(now, event));
        let typed: Vec<char> = events.iter().filter_map(character).collect();
        if typed.is_empty() {
            return events;
        }
        while self
            .recent
            .front()
            .is_some_and(|&(at, _)| now.saturating_sub(at) > WITHIN)
        {
            self.recent.pop_front();
        }
        self.recent.extend(typed.iter().map(|&character| (now, character)));
        // More than enough to tell by; a megabyte needs no more.
        while self.recent.len() > FEWEST * 4 {
            self.recent.pop_front();
        }
        let mut kinds: Vec<char> = self.recent.iter().map(|&(_, character)| character).collect();
        let many = kinds.len() >= FEWEST;
        kinds.sort_unstable();
        kinds.dedup();
        if !(many && kinds.len() >= FEWEST_KINDS || self.until.is_some_and(|until| now < until)) {
            self.until = None;
            return events;
        }
        self.until = Some(now + AFTER);
        let pasted = typed.into_iter().collect();
        // Esc and arrows still get one out of where one is; chords would do something.
        let is_chord =
            |event: &Event| matches!(event, Event::Key(key) if key.modifiers.contains(KeyModifiers::CONTROL));
        let rest = events
            .into_iter()
            .filter(|event| character(event).is_none() && !is_chord(event));
        [Event::Paste(pasted)].into_iter().chain(rest).collect()
    }

    /// Whether an event is the second half of the end of a line, after a carriage return: it would be a second Enter, and answer a
    /// question that nobody has seen.
    fn ends_the_same_line(&mut self, now: Duration, event: &Event) -> bool {
        let Event::Key(key) = event else { return false };
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let returned = self.returned.take();
        if is_line_feed(key) {
            return returned.is_some_and(|at| now.saturating_sub(at) <= ONE_END);
        }
        self.returned = (key.code == KeyCode::Enter).then_some(now);
        false
    }
}

/// The character that a key types, if it types one.
fn character(event: &Event) -> Option<char> {
    let Event::Key(key) = event else { return None };
    let KeyEvent {
        code, modifiers, kind, ..
    } = key;
    if *kind != KeyEventKind::Release && is_line_feed(key) {
        return Some('\n');
    }
    if *kind == KeyEventKind::Release || modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    match code {
        KeyCode::Char(character) => Some(*character),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Event> {
        text.chars()
            .map(|character| {
                let code = if character == '\n' {
                    KeyCode::Enter
                } else {
                    KeyCode::Char(character)
                };
                Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
            })
            .collect()
    }

    #[test]
    fn a_paste_without_brackets_is_a_paste() {
        let mut bursts = Bursts::default();
        let sifted = bursts.sift(Duration::ZERO, keys("quit now, all of you\nq"));
        assert_eq!(sifted, [Event::Paste("quit now, all of you\nq".into())]);
        // Its tail comes later and belongs to it; what a hand presses afterwards does not.
        let escape = Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        let chord = Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
        let late = [keys("q"), vec![escape.clone(), chord]].concat();
        let tail = bursts.sift(Duration::from_millis(60), late);
        assert_eq!(tail, [Event::Paste("q".into()), escape]);
        assert_eq!(bursts.sift(Duration::from_millis(400), keys("q")), keys("q"));
    }

    #[test]
    fn lines_that_end_with_a_line_feed_are_a_paste_as_well() {
        let feed = Event::Key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL));
        let rows = ["61.5", "9.82", "217.0"];
        let events: Vec<Event> = rows
            .iter()
            .flat_map(|row| [keys(row), vec![feed.clone()]].concat())
            .collect();
        let sifted = Bursts::default().sift(Duration::ZERO, events);
        assert_eq!(sifted, [Event::Paste("61.5\n9.82\n217.0\n".into())]);
    }

    #[test]
    fn a_line_feed_right_behind_a_carriage_return_is_no_second_enter() {
        let feed = || Event::Key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL));
        let mut bursts = Bursts::default();
        let at = Duration::from_millis;
        let both = [keys("5\n"), vec![feed()]].concat();
        assert_eq!(bursts.sift(at(0), both), keys("5\n"));
        // Nor where it comes in a piece of its own.
        assert_eq!(bursts.sift(at(1_000), keys("\n")), keys("\n"));
        assert_eq!(bursts.sift(at(1_010), vec![feed()]), []);
        // A key of its own it is behind anything else, behind another one, and later.
        assert_eq!(bursts.sift(at(1_020), vec![feed()]), [feed()]);
        assert_eq!(bursts.sift(at(1_030), vec![feed()]), [feed()]);
        assert_eq!(bursts.sift(at(2_000), keys("\n")), keys("\n"));
        assert_eq!(bursts.sift(at(2_200), vec![feed()]), [feed()]);
        // A paste has its rows once.
        let rows = ["61.5", "9.82", "217.0"];
        let events = rows
            .iter()
            .flat_map(|row| [keys(row), keys("\n"), vec![feed()]].concat());
        let sifted = Bursts::default().sift(Duration::ZERO, events.collect());
        assert_eq!(sifted, [Event::Paste("61.5\n9.82\n217.0\n".into())]);
    }

    #[test]
    fn a_slow_link_does_not_hide_it() {
        let mut bursts = Bursts::default();
        let mut pasted = 0;
        for (place, piece) in ["rm -", " all", " of i", "t \nq", "uit"].iter().enumerate() {
            let at = Duration::from_millis(10 * place as u64);
            pasted += usize::from(matches!(bursts.sift(at, keys(piece))[..], [Event::Paste(_)]));
        }
        assert_eq!(pasted, 3);
    }

    #[test]
    fn held_and_typed_keys_are_keys() {
        let mut bursts = Bursts::default();
        let held = keys(&"j".repeat(200));
        assert_eq!(bursts.sift(Duration::ZERO, held.clone()), held);
        let both = keys(&format!("{}{}", "j".repeat(20), "k".repeat(20)));
        assert_eq!(bursts.sift(Duration::from_millis(5), both.clone()), both);
        let arrows = vec![Event::Key(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE)); 100];
        assert_eq!(bursts.sift(Duration::from_millis(6), arrows.clone()), arrows);
        let mut bursts = Bursts::default();
        for (place, character) in "filter by something".chars().enumerate() {
            let at = Duration::from_millis(30 * place as u64);
            let key = keys(&character.to_string());
            assert_eq!(bursts.sift(at, key.clone()), key);
        }
    }
}
