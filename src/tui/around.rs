//! What is done around the screen: the window's title, the clipboard, the outbox (发件箱) and the inbox, the user's themes.

use std::fs::{DirBuilder, File, OpenOptions, rename};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::mpsc::UnboundedSender;

use super::inbox::files_in;
use super::own::OwnPlaces;
use super::theme::Themes;
use super::update::{Copied, Effect, Msg, ThemeWish};
use super::workbook;
use crate::connect::upload::Upload;
use crate::domain::attachment::Attachment;
use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::system_reason;

/// Most bytes that are put into a clipboard: terminals pass over longer ones, some without their end.
const LARGEST_CLIPBOARD: usize = 74_994;

/// Most bytes of a string that GNU screen passes on to its terminal.
const SCREEN_PIECE: usize = 700;

/// Name of the file that holds what was copied last.
const COPIED: &str = "copied.txt";

/// Name of the threads that do something beside the loop. What panics there is caught and told: the screen goes on.
pub(super) const ASIDE: &str = "aside";

/// What stands between us and the user's own terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Between {
    /// Nothing that takes part.
    #[default]
    Nothing,
    /// tmux, which passes the clipboard on by itself or, where it does not, as something passed through.
    Tmux,
    /// GNU screen, which passes on only what is passed through, in pieces.
    Screen,
}

impl Between {
    /// As an environment tells.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        if set("TMUX") {
            Self::Tmux
        } else if set("STY") {
            Self::Screen
        } else {
            Self::Nothing
        }
    }
}

/// Does what concerns the terminal and the user's files, and says what came of it.
#[derive(Debug)]
pub struct Around<W> {
    out: W,
    between: Between,
    themes: Themes,
    places: OwnPlaces,
    /// The file that was picked last to be attached, once it is open. Each pick has a place of its own, so that one that takes
    /// longer than the next does not come in its way.
    upload: Arc<Mutex<Option<Upload>>>,
    /// Where it is told what was done beside the loop.
    done: UnboundedSender<Msg>,
}

impl<W: Write> Around<W> {
    /// For a terminal and a user; of what takes its time it is told by and by what came of it.
    pub fn new(out: W, between: Between, themes: Themes, places: &OwnPlaces, done: UnboundedSender<Msg>) -> Self {
        Self {
            out,
            between,
            themes,
            places: places.clone(),
            upload: Arc::default(),
            done,
        }
    }

    /// Does what an effect asks for, or has it done. What the terminal refuses is no reason to stop.
    pub fn carry_out(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Title(title) => {
                // Only letters of ASCII: a title in a wrong encoding is worse than a short one.
                let title: String = title
                    .chars()
                    .filter(|character| matches!(character, ' '..='~'))
                    .collect();
                let _ = write!(self.out, "\x1b]0;{title}\x07").and_then(|()| self.out.flush());
                None
            }
            Effect::Bell => {
                let _ = self.out.write_all(b"\x07").and_then(|()| self.out.flush());
                None
            }
            Effect::Copy(text) => Some(Msg::Copied(self.copy(&text))),
            Effect::Write { name, text } => Some(Msg::Written(self.put(&name, &text))),
            Effect::LoadTheme(wish) => Some(self.load(&wish)),
            Effect::LookIntoInbox { whose } => Some(self.look_into_inbox(whose.as_deref())),
            Effect::OpenAttachment { whose, name, number } => {
                let told = move |opened| Msg::AttachmentOpened { number, opened };
                match self.file(whose.as_deref(), &name) {
                    Ok(path) => self.open_attachment(path, told),
                    Err(why) => Some(told(Err(why))),
                }
            }
            Effect::ReadWorkbook {
                whose,
                name,
                worksheet,
                number,
            } => {
                let told = move |found| Msg::WorkbookRead { number, found };
                match self.file(whose.as_deref(), &name) {
                    Ok(path) => self.aside(move || workbook::read(&path, worksheet.as_deref()), told),
                    Err(why) => Some(told(Err(why))),
                }
            }
            Effect::ReadAttachment { at } => Some(Msg::AttachmentRead(self.read_attachment(at))),
            Effect::Ask(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => None,
        }
    }

    fn inbox(&self, whose: Option<&str>) -> Result<PathBuf, Text> {
        self.places.inbox(whose).ok_or_else(|| Text::new("tui-no-home"))
    }

    /// Has something done that takes its time, by a thread for which nobody waits: whoever leaves need not wait for a disk.
    /// What came of it is told later, whatever becomes of the thread; where it cannot even begin, at once.
    fn aside<T>(
        &self,
        work: impl FnOnce() -> Result<T, Text> + Send + 'static,
        told: impl Fn(Result<T, Text>) -> Msg + Copy + Send + 'static,
    ) -> Option<Msg> {
        let done = self.done.clone();
        let begun = thread::Builder::new().name(ASIDE.to_owned()).spawn(move || {
            let came = catch_unwind(AssertUnwindSafe(work));
            let came = came.unwrap_or_else(|_| Err(Text::new("tui-aside-failed")));
            drop(done.send(told(came)));
        });
        begun.err().map(|error| told(Err(system_reason(&error))))
    }

    fn look_into_inbox(&self, whose: Option<&str>) -> Msg {
        let directory = self.inbox(whose);
        let contents = directory.clone().and_then(|directory| {
            files_in(&directory).map_err(|error| {
                Text::new("tui-fault")
                    .with("file", directory.display())
                    .with_text("why", system_reason(&error))
            })
        });
        let directory = directory.map_or_else(|_| PathBuf::new(), |directory| self.places.told(&directory));
        Msg::Inbox { directory, contents }
    }

    /// A file by its name alone: what stands elsewhere is not in the inbox.
    fn file(&self, whose: Option<&str>, name: &str) -> Result<PathBuf, Text> {
        let directory = self.inbox(whose)?;
        let path = directory.join(name);
        if path.parent() == Some(directory.as_path()) {
            Ok(path)
        } else {
            Err(Text::new("upload-not-a-file").with("path", clean(name)))
        }
    }

    /// Opens a file that is to be attached, and reads all of it once.
    fn open_attachment(
        &mut self,
        path: PathBuf,
        told: impl Fn(Result<Attachment, Text>) -> Msg + Copy + Send + 'static,
    ) -> Option<Msg> {
        let place = Arc::default();
        self.upload = Arc::clone(&place);
        let open = move || {
            let upload = Upload::open(&path).map_err(|error| error.text())?;
            let attachment = upload.attachment.clone();
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(upload);
            Ok(attachment)
        };
        self.aside(open, told)
    }

    fn read_attachment(&self, at: u64) -> Result<(u64, Vec<u8>), Text> {
        let mut upload = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        let upload = upload.as_mut().ok_or_else(|| Text::new("attachment-changed"))?;
        let bytes = upload.part(at).map_err(|error| error.text())?;
        Ok((at, bytes))
    }

    fn load(&self, wish: &ThemeWish) -> Msg {
        let (loaded, passed_over) = match wish {
            ThemeWish::Named(name) => (self.themes.load(name), Vec::new()),
            ThemeWish::After(name) => self.themes.after(name),
        };
        Msg::Theme {
            loaded: loaded.map_err(|error| error.text()),
            passed_over: passed_over.iter().map(Explained::text).collect(),
            names: self.themes.names(),
        }
    }

    fn copy(&mut self, text: &str) -> Copied {
        let clipboard = text.len() <= LARGEST_CLIPBOARD;
        if clipboard {
            let _ = self
                .out
                .write_all(&clipboard_sequence(text, self.between))
                .and_then(|()| self.out.flush());
        }
        Copied {
            first: text.lines().next().unwrap_or_default().to_owned(),
            clipboard,
            file: self.put(COPIED, text),
        }
    }

    /// Puts a text into the outbox; only its owner may read it.
    fn put(&self, name: &str, text: &str) -> Result<PathBuf, Text> {
        let Some(outbox) = &self.places.outbox() else {
            return Err(Text::new("tui-no-home"));
        };
        let path = outbox.join(name);
        match put(outbox, &path, text) {
            Ok(()) => Ok(self.places.told(&path)),
            Err(error) => Err(Text::new("tui-fault")
                .with("file", path.display())
                .with_text("why", system_reason(&error))),
        }
    }
}

fn put(directory: &Path, path: &Path, text: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    // Whoever fetches the file meanwhile gets the old one or the new one.
    let half = path.with_extension("part");
    let mut file: File = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&half)?;
    file.write_all(text.as_bytes())?;
    drop(file);
    rename(half, path)
}

/// The sequence that puts a text into the clipboard of the user's own terminal (OSC 52), through what stands between.
fn clipboard_sequence(text: &str, between: Between) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    match between {
        Between::Nothing => plain.into_bytes(),
        // Whether tmux takes the plain one or passes the other through is its user's setting; both say the same.
        Between::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")).into_bytes(),
        Between::Screen => plain
            .as_bytes()
            .chunks(SCREEN_PIECE)
            .flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;
    use crate::domain::attachment::Digest;

    fn around_with(places: &OwnPlaces, between: Between) -> (Around<Vec<u8>>, UnboundedReceiver<Msg>) {
        let (done_in, done) = unbounded_channel();
        (
            Around::new(Vec::new(), between, Themes::default(), places, done_in),
            done,
        )
    }

    fn places(state: &Path) -> OwnPlaces {
        OwnPlaces {
            config: None,
            state: Some(state.to_owned()),
            home: None,
        }
    }

    fn around(state: &Path, between: Between) -> Around<Vec<u8>> {
        around_with(&places(state), between).0
    }

    fn copied(around: &mut Around<Vec<u8>>, text: &str) -> Copied {
        match around.carry_out(Effect::Copy(text.into())) {
            Some(Msg::Copied(copied)) => copied,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_copy_goes_to_the_clipboard_and_to_a_file_that_only_its_owner_reads() {
        let state = tempfile::tempdir().unwrap();
        let mut around = around(state.path(), Between::Nothing);
        let outcome = copied(&mut around, "a\nb");
        assert_eq!(around.out, b"\x1b]52;c;YQpi\x07");
        let path = state.path().join("outbox/copied.txt");
        assert_eq!((outcome.file, outcome.clipboard), (Ok(path.clone()), true));
        assert_eq!(outcome.first, "a");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\nb");
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_place_below_the_home_is_told_as_people_write_it() {
        let home = tempfile::tempdir().unwrap();
        let places = OwnPlaces {
            config: None,
            state: Some(home.path().join(".local/state/carbonwatch")),
            home: Some(home.path().to_owned()),
        };
        let (mut around, _) = around_with(&places, Between::Nothing);
        let told = PathBuf::from("~/.local/state/carbonwatch/outbox/copied.txt");
        assert_eq!(copied(&mut around, "a").file, Ok(told));
        let elsewhere = PathBuf::from("/srv/outbox/copied.txt");
        assert_eq!(places.told(&elsewhere), elsewhere);
    }

    #[test]
    fn what_is_too_long_for_a_clipboard_goes_to_the_file_only() {
        let state = tempfile::tempdir().unwrap();
        let mut around = around(state.path(), Between::Nothing);
        let outcome = copied(&mut around, &"x".repeat(LARGEST_CLIPBOARD + 1));
        assert!(around.out.is_empty() && !outcome.clipboard);
        assert_eq!(outcome.file.unwrap().metadata().unwrap().len(), 74_995);
    }

    #[test]
    fn what_stands_between_passes_the_clipboard_on() {
        let through_tmux = String::from_utf8(clipboard_sequence("a", Between::Tmux)).unwrap();
        assert_eq!(through_tmux, "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\");
        let pieces = clipboard_sequence(&"x".repeat(2_000), Between::Screen);
        let pieces = String::from_utf8(pieces).unwrap();
        assert_eq!(pieces.matches("\x1bP").count(), 4);
        assert!(pieces.split("\x1b\\").all(|piece| piece.len() <= 768));
        let of = |name: &'static str| Between::from_environment(move |asked| (asked == name).then(|| "x".to_owned()));
        assert_eq!(
            (of("TMUX"), of("STY"), of("TERM")),
            (Between::Tmux, Between::Screen, Between::Nothing)
        );
    }

    #[test]
    fn a_user_without_a_home_is_told() {
        let (mut around, _) = around_with(&OwnPlaces::default(), Between::Nothing);
        assert_eq!(copied(&mut around, "a").file, Err(Text::new("tui-no-home")));
    }

    #[test]
    fn a_file_is_opened_beside_the_loop_and_the_one_picked_last_is_read() {
        let state = tempfile::tempdir().unwrap();
        let (mut around, mut done) = around_with(&places(state.path()), Between::Nothing);
        let inbox = state.path().join("inbox");
        std::fs::create_dir(&inbox).unwrap();
        for name in ["first.pdf", "second.pdf"] {
            std::fs::write(inbox.join(name), name).unwrap();
        }
        let open = |name: &str, number| Effect::OpenAttachment {
            whose: None,
            name: name.to_owned(),
            number,
        };
        assert_eq!(around.carry_out(open("first.pdf", 7)), None);
        assert_eq!(around.carry_out(open("second.pdf", 8)), None);
        let mut told = [done.blocking_recv().unwrap(), done.blocking_recv().unwrap()];
        told.sort_by_key(|told| matches!(told, Msg::AttachmentOpened { number: 8, .. }));
        for (told, (of, name)) in told.iter().zip([(7, "first.pdf"), (8, "second.pdf")]) {
            let Msg::AttachmentOpened { number, opened } = told else {
                panic!("{told:?}")
            };
            let digest = Digest::of(name.as_bytes());
            assert_eq!((*number, opened.as_ref().map(|opened| opened.digest)), (of, Ok(digest)));
        }
        let read = around.carry_out(Effect::ReadAttachment { at: 0 });
        assert_eq!(read, Some(Msg::AttachmentRead(Ok((0, b"second.pdf".to_vec())))));
        // What stands elsewhere is not in the inbox, and is told at once.
        let elsewhere = around.carry_out(open("../outbox/copied.txt", 9));
        assert!(matches!(
            elsewhere,
            Some(Msg::AttachmentOpened {
                number: 9,
                opened: Err(_)
            })
        ));
        let read = |name: &str| Effect::ReadWorkbook {
            whose: None,
            name: name.to_owned(),
            worksheet: None,
            number: 10,
        };
        let elsewhere = around.carry_out(read("../inbox/first.pdf"));
        assert!(matches!(
            elsewhere,
            Some(Msg::WorkbookRead {
                number: 10,
                found: Err(_)
            })
        ));
        assert_eq!(around.carry_out(read("first.pdf")), None);
        let Some(Msg::WorkbookRead {
            number: 10,
            found: Err(why),
        }) = done.blocking_recv()
        else {
            panic!("it is told")
        };
        assert_eq!(why.id, "entry-workbook-other");
    }

    #[test]
    fn whatever_becomes_of_a_thread_who_waits_is_told() {
        let (around, mut done) = around_with(&OwnPlaces::default(), Between::Nothing);
        let broken = || -> Result<PathBuf, Text> { panic!("a library met something of which it never thought") };
        assert_eq!(around.aside(broken, Msg::Written), None);
        let told = done.blocking_recv();
        assert_eq!(told, Some(Msg::Written(Err(Text::new("tui-aside-failed")))));
    }

    #[test]
    fn the_bell_is_one_character() {
        let state = tempfile::tempdir().unwrap();
        let mut around = around(state.path(), Between::Nothing);
        assert_eq!(around.carry_out(Effect::Bell), None);
        assert_eq!(around.out, b"\x07");
    }

    #[test]
    fn a_title_is_ascii() {
        let state = tempfile::tempdir().unwrap();
        let mut around = around(state.path(), Between::Nothing);
        around.carry_out(Effect::Title("P1:2 \u{7}锅炉 demo".into()));
        assert_eq!(around.out, b"\x1b]0;P1:2  demo\x07");
    }
}
