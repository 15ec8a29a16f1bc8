//! What every subcommand has at hand: its language, its way out, and the way to the daemon.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Sheet, Table};
use super::pin;
use crate::daemon::starting::connect_or_start;
use crate::domain::model::{Name, SiteModel};
use crate::domain::pin::Pin;
use crate::domain::text::{Text, clean};
use crate::locale::{Language, Localizer};
use crate::wire::client::{Client, ClientError};
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

/// What every subcommand has at hand.
#[derive(Debug)]
pub struct Context {
    /// The reader's language.
    pub localizer: Localizer,
    /// The language that was asked for by `--lang`, if one was: the terminal trusts it more than the environment.
    pub asked_language: Option<Language>,
    /// Who signs on before anything is asked of a daemon, if it was said.
    pub staff_number: Option<String>,
}

/// How a subcommand ends.
pub type Ending = Result<Outcome, Failure>;

impl Context {
    /// Tells people something, beside the data.
    pub fn say(&self, text: &Text) {
        // Who closed his standard error does not want to hear it.
        let _ = writeln!(io::stderr().lock(), "{}", self.localizer.text(text));
    }

    /// A person by name, where one is known, else by staff number or login.
    pub fn person(&self, name: Option<&Name>, by: &str) -> String {
        clean(name.map_or(by, |name| self.localizer.name(name))).into_owned()
    }

    /// Whether people read what [`Self::say`] says, as it is said.
    pub fn is_watched() -> bool {
        io::stderr().is_terminal()
    }

    /// Prints a table to standard output.
    pub fn print_table(&self, table: &Table, format: OutputFormat) -> Result<(), Failure> {
        Ok(table.print(format, &self.localizer, &mut io::stdout().lock())?)
    }

    /// Prints a sheet to standard output.
    pub fn print_sheet(&self, sheet: &Sheet, format: OutputFormat) -> Result<(), Failure> {
        Ok(sheet.print(format, &self.localizer, &mut io::stdout().lock())?)
    }

    /// Goes on where `yes` was given or somebody on a terminal agrees; otherwise fails as `declined` says, or where there is
    /// nobody to ask as `needs_yes` does.
    pub fn agree(
        &self,
        yes: bool,
        question: &Text,
        declined: &'static str,
        needs_yes: &'static str,
    ) -> Result<(), Failure> {
        self.agree_or(yes, question, Text::new(declined), needs_yes)
    }

    /// The same, where what is said to whoever declines has to tell something.
    pub fn agree_or(&self, yes: bool, question: &Text, declined: Text, needs_yes: &'static str) -> Result<(), Failure> {
        if yes {
            return Ok(());
        }
        match self.confirm(question) {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::refused(declined)),
            None => Err(Failure::usage(Text::new(needs_yes))),
        }
    }

    /// Asks for a yes on a terminal; `None` where there is none to ask.
    fn confirm(&self, question: &Text) -> Option<bool> {
        if !io::stdin().is_terminal() || !Self::is_watched() {
            return None;
        }
        let mut error = io::stderr().lock();
        let asked = write!(error, "{} ", self.localizer.text(question)).and_then(|()| error.flush());
        drop(error);
        let mut answer = String::new();
        if asked.is_err() || io::stdin().read_line(&mut answer).is_err() {
            return None;
        }
        Some(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
    }

    /// The site's daemon, started where none runs.
    pub fn daemon(&self, site: &Path) -> Result<Link, Failure> {
        let runtime = runtime()?;
        let client = runtime.block_on(connect_or_start(site, self.localizer.language(), |text| self.say(text)))?;
        self.signed_on(Link::new(runtime, client, site, self.localizer.language()))
    }

    /// The link, with the person signed on who was named. Whatever is refused from here on is told in the plant's time, so the
    /// model is asked for first of all; where there is none, or it may not be seen, that is for whoever needs it to say.
    fn signed_on(&self, mut link: Link) -> Result<Link, Failure> {
        if let Ok(model) = model_of(&mut link) {
            self.localizer.keep_time_of(model.zone);
            link.model = Some(model);
        }
        if let Some(staff_number) = &self.staff_number {
            let pin = pin::ask(&Text::new("cli-pin-ask").with("staff_number", staff_number), self)?;
            link.person = Some((staff_number.clone(), pin));
            let (runtime, client) = (&link.runtime, &mut link.client);
            runtime.block_on(sign_on(client, link.person.as_ref()))?;
        }
        Ok(link)
    }

    /// The model in force.
    pub fn model(&self, daemon: &mut Link) -> Result<SiteModel, Failure> {
        let model = match daemon.model.take() {
            Some(model) => model,
            None => model_of(daemon)?,
        };
        self.localizer.keep_time_of(model.zone);
        Ok(*model)
    }

    /// The site's daemon, if one runs.
    pub fn running_daemon(&self, site: &Path) -> Result<Link, Failure> {
        let runtime = runtime()?;
        let client = runtime.block_on(Client::connect(site))?;
        self.signed_on(Link::new(runtime, client, site, self.localizer.language()))
    }
}

fn model_of(daemon: &mut Link) -> Result<Box<SiteModel>, Failure> {
    match daemon.ask(RequestBody::Model)? {
        ReplyBody::Model(model) => Ok(model),
        _ => Err(unexpected()),
    }
}

/// A runtime for one thread of waiting.
pub fn runtime() -> Result<Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Signs a person on, where one was named.
async fn sign_on(client: &mut Client, person: Option<&(String, Pin)>) -> Result<(), ClientError> {
    if let Some((staff_number, pin)) = person {
        client.sign_on(staff_number.clone(), pin.clone()).await?;
    }
    Ok(())
}

/// The daemon's end of a conversation, for code that simply waits.
#[derive(Debug)]
pub struct Link {
    /// Where it waits.
    pub(super) runtime: Runtime,
    /// The connection.
    pub(super) client: Client,
    /// The site that it is to.
    site: PathBuf,
    /// In which language a daemon that has to be started writes.
    language: Language,
    /// Who signed on, with their PIN.
    person: Option<(String, Pin)>,
    /// The model as it was when the connection was made, until a command takes it.
    model: Option<Box<SiteModel>>,
}

impl Link {
    /// A connection at which nobody has signed on.
    pub(super) fn new(runtime: Runtime, client: Client, site: &Path, language: Language) -> Self {
        Self {
            runtime,
            client,
            site: site.to_owned(),
            language,
            person: None,
            model: None,
        }
    }

    /// The PIN with which somebody signed on, for what is signed.
    pub(super) fn pin(&self) -> Option<Pin> {
        self.person.as_ref().map(|(_, pin)| pin.clone())
    }

    /// Asks and waits.
    pub fn ask(&mut self, body: RequestBody) -> Result<ReplyBody, Failure> {
        Ok(self.runtime.block_on(self.client.ask(body))?)
    }

    /// Asks for a write. Where the connection ends before the answer, it is asked once more over another one under the same
    /// key, so that it is carried out once; where that cannot be, nobody knows what became of it, and that is said.
    pub fn write(&mut self, body: RequestBody) -> Result<ReplyBody, Failure> {
        let key = uuid::Uuid::new_v4();
        let lost = match self.runtime.block_on(self.client.ask_with(Some(key), body.clone())) {
            Err(error) if error.is_cut() => error,
            answer => return Ok(answer?),
        };
        let (site, person) = (&self.site, self.person.as_ref());
        let again = self.runtime.block_on(async {
            let mut client = connect_or_start(site, self.language, |_| {}).await?;
            sign_on(&mut client, person).await?;
            let reply = client.ask_with(Some(key), body).await?;
            Ok::<_, Failure>((client, reply))
        });
        match again {
            Ok((client, reply)) => {
                self.client = client;
                Ok(reply)
            }
            Err(refused) if refused.outcome == Outcome::Finding => Err(refused),
            Err(_) => Err(Failure::unanswered(&lost, &self.site)),
        }
    }

    /// Waits for whatever the daemon says next.
    pub fn hear(&mut self) -> Result<FromDaemon, Failure> {
        Ok(self.runtime.block_on(self.client.next())?)
    }

    /// Sends without waiting.
    pub fn send(&mut self, body: RequestBody) -> Result<u64, Failure> {
        Ok(self.runtime.block_on(self.client.send(None, body))?)
    }

    /// Waits for an answer.
    pub fn answer(&mut self, id: u64) -> Result<ReplyBody, Failure> {
        Ok(self.runtime.block_on(self.client.answer(id))?)
    }

    /// Waits until the daemon ends the connection.
    pub fn wait_for_end(&mut self) {
        // Any answer is none to a question that was not asked: only the end of the connection ends this.
        while self.runtime.block_on(self.client.answer(u64::MAX)).is_ok() {}
    }
}

/// The runtime of a conversation, and its end of the connection.
pub(super) fn runtime_of(link: Link) -> (Runtime, Client) {
    (link.runtime, link.client)
}

/// The failure of an answer that does not fit the question.
pub fn unexpected() -> Failure {
    ClientError::Unexpected.into()
}
