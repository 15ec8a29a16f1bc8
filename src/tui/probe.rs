//! Asks the terminal at start what it is: how wide `中` and `─` come out, and whether it shows a picture at once.
//!
//! The locale says what the user's account is set to, not what the window at the other end of the line draws. The cursor
//! knows: after the three bytes of `中` it stands two cells further where they were taken as UTF-8, elsewhere otherwise.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long the answers may take, all together.
const PATIENCE: Duration = Duration::from_millis(200);

/// What is asked: the cursor after each sign, whether pictures can be shown at once (DECRQM 2026), and last what every
/// terminal answers (DA1), so that nobody waits for what does not come. The `x` keeps a terminal of another encoding
/// from taking the next escape for the second half of a character.
const QUESTIONS: &str = "\r中x\x1b[6n\r─x\x1b[6n\r\x1b[K\x1b[?2026$p\x1b[c";

/// Column, from 1, after `中x` where it was read as UTF-8.
const AFTER_HAN: u16 = 4;

/// Column after `─x` where lines are as wide as Chinese characters.
const AFTER_WIDE_RULE: u16 = 4;

/// What the terminal answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Whether it reads UTF-8; `None` where it did not say.
    pub utf8: Option<bool>,
    /// Whether signs of ambiguous width take two cells.
    pub ambiguous_wide: bool,
    /// Whether it shows at once what is marked as one picture.
    pub together: bool,
}

/// Asks, on a terminal that is raw, and waits as long as it must but no longer than [`PATIENCE`].
pub fn ask(out: &mut impl Write, input: &mut (impl Read + AsFd)) -> io::Result<Answers> {
    out.write_all(QUESTIONS.as_bytes())?;
    out.flush()?;
    let until = Instant::now() + PATIENCE;
    let mut heard = Vec::new();
    loop {
        let replies = Replies::read(&heard);
        let left = until.saturating_duration_since(Instant::now());
        if replies.complete || left.is_zero() {
            return Ok(replies.meaning());
        }
        let timeout = Timespec::try_from(left).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        let ready = {
            let mut waiting = [PollFd::new(&*input, PollFlags::IN)];
            poll(&mut waiting, Some(&timeout))?
        };
        if ready == 0 {
            continue;
        }
        let mut piece = [0; 256];
        let count = input.read(&mut piece)?;
        if count == 0 {
            return Ok(replies.meaning());
        }
        heard.extend_from_slice(piece.get(..count).unwrap_or_default());
    }
}

/// The sequences among what was heard.
#[derive(Debug, Default, PartialEq, Eq)]
struct Replies {
    columns: Vec<u16>,
    together: bool,
    complete: bool,
}

impl Replies {
    /// Finds the answers; keys that were pressed meanwhile are passed over.
    fn read(heard: &[u8]) -> Self {
        let mut replies = Self::default();
        for sequence in String::from_utf8_lossy(heard).split("\x1b[").skip(1) {
            let Some(end) = sequence.find(|character: char| character.is_ascii_alphabetic()) else {
                continue;
            };
            let (words, last) = (sequence.get(..end).unwrap_or_default(), sequence.get(end..=end));
            match last {
                Some("R") => {
                    let column = words.split_once(';').and_then(|(_, column)| column.parse::<u16>().ok());
                    replies.columns.extend(column);
                }
                // 1 and 2: the mode is known, and set or not.
                Some("y") => replies.together = matches!(words, "?2026;1$" | "?2026;2$"),
                Some("c") => replies.complete = true,
                _ => {}
            }
        }
        replies
    }

    fn meaning(&self) -> Answers {
        let utf8 = self.columns.first().map(|&column| column == AFTER_HAN);
        Answers {
            utf8,
            ambiguous_wide: utf8 == Some(true) && self.columns.get(1) == Some(&AFTER_WIDE_RULE),
            together: self.together,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;

    fn answered(reply: &'static [u8]) -> (Answers, Duration) {
        let (mut ours, mut theirs) = UnixStream::pair().unwrap();
        let terminal = thread::spawn(move || {
            let mut asked = vec![0; QUESTIONS.len()];
            theirs.read_exact(&mut asked).unwrap();
            theirs.write_all(reply).unwrap();
            // Kept open until the asker has heard: a closed line is no silent one.
            theirs
        });
        let mut out = ours.try_clone().unwrap();
        let began = Instant::now();
        let answers = ask(&mut out, &mut ours).unwrap();
        let took = began.elapsed();
        drop(terminal.join().unwrap());
        (answers, took)
    }

    #[test]
    fn the_cursor_tells_encoding_and_width() {
        let (answers, took) = answered(b"\x1b[1;4R\x1b[1;3R\x1b[?2026;2$y\x1b[?62;c");
        let modern = Answers {
            utf8: Some(true),
            ambiguous_wide: false,
            together: true,
        };
        assert_eq!(answers, modern);
        assert!(took < PATIENCE, "{took:?}");
        let (wide, _) = answered(b"j\x1b[1;4Rk\x1b[1;4R\x1b[?2026;0$y\x1b[?6c");
        assert_eq!(
            (wide.utf8, wide.ambiguous_wide, wide.together),
            (Some(true), true, false)
        );
        let (gbk, _) = answered(b"\x1b[1;5R\x1b[1;5R\x1b[?6c");
        assert_eq!((gbk.utf8, gbk.ambiguous_wide), (Some(false), false));
    }

    #[test]
    fn a_terminal_that_says_nothing_is_waited_for_once() {
        let (answers, took) = answered(b"");
        assert_eq!(answers, Answers::default());
        assert!(took >= PATIENCE && took < PATIENCE * 5, "{took:?}");
    }
}
