//! The command line: one file per subcommand.
//!
//! Data go to standard output, messages to standard error. Exit codes are those of [`failure::Outcome`]: 0 done, 1 a
//! finding or a refusal, 2 a command line that makes no sense, 3 no daemon or no permission, 74 a file or the connection
//! failed.

pub mod alarms;
pub mod anomalies;
pub mod approve;
mod attachment;
pub mod backup;
pub mod calc;
pub mod check;
pub mod clock;
pub mod closing;
pub mod completions;
pub mod context;
pub mod correct;
pub mod demo;
pub mod documents;
pub mod enter;
pub mod explain;
pub mod failure;
pub mod fill;
pub mod findings;
pub mod format;
pub mod handover;
pub mod help;
pub mod import;
pub mod init;
pub mod intake;
pub mod ledger;
pub mod list;
pub mod manual;
pub mod meant;
pub mod mistake;
pub mod note;
pub mod output;
pub mod pin;
mod plain;
pub mod plan;
pub mod qc;
pub mod quality_plan;
pub mod replay;
mod restated;
pub mod restore;
pub mod seal;
pub mod second_check;
pub mod serve;
pub mod status;
pub mod stop;
pub mod tail;
pub mod value;
pub mod verify;
pub mod watch;
pub mod when;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use self::context::{Context, Ending};
pub use self::failure::{Failure, Outcome};
use crate::locale::{Language, Localizer};

/// carbonwatch: carbon-emission management for plant control rooms
#[derive(Debug, clap::Parser)]
#[command(name = "carbonwatch", version, arg_required_else_help = true)]
pub struct Arguments {
    /// Language: zh or en
    #[arg(long, global = true, value_name = "zh|en")]
    pub lang: Option<Language>,
    /// Who acts, by staff number, on a login that several people share; the PIN is asked for, or is the first line of standard input
    #[arg(long, global = true, value_name = "NUMBER")]
    pub staff: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a new site
    Init(init::InitArguments),
    /// Check a site's model
    Check(check::CheckArguments),
    /// Serve a site
    Serve(serve::ServeArguments),
    /// Watch a site
    Watch(watch::WatchArguments),
    /// Try it on a simulated plant in a throw-away site
    Demo(demo::DemoArguments),
    /// Stop a site's daemon
    Stop(stop::StopArguments),
    /// State of daemon and site
    Status(status::StatusArguments),
    /// The newest value of every parameter
    List(list::ListArguments),
    /// The site's clock
    Clock(clock::ClockArguments),
    /// What a changed model would restate
    Plan(plan::PlanArguments),
    /// Put a changed model in force
    Apply(plan::ApplyArguments),
    /// Approve a version of the plan that somebody else put in force
    Approve(approve::ApproveArguments),
    /// Put this program's rules in force
    Adopt(plan::AdoptArguments),
    /// Take a CSV file in
    Import(import::ImportArguments),
    /// Feed a file into the daemon at a chosen speed
    Replay(replay::ReplayArguments),
    /// The entry sheets with the rounds that are being made
    Sheets(enter::SheetsArguments),
    /// The forms of a site, or the fields of one
    Forms(documents::FormsArguments),
    /// The documents that were filed on a form
    Documents(documents::DocumentsArguments),
    /// Give out a file that was attached to a document or to values
    Attachment(attachment::AttachmentArguments),
    /// Write values down on an entry sheet
    Enter(enter::EnterArguments),
    /// What a second person is to look at, or has returned
    SecondChecks(second_check::SecondChecksArguments),
    /// Agree with what somebody else wrote down, or return it
    SecondCheck(second_check::SecondCheckArguments),
    /// Correct a reading
    Correct(correct::CorrectArguments),
    /// Withdraw what a record brought
    Withdraw(correct::WithdrawArguments),
    /// Alarms that stand or wait for an answer
    Alarms(alarms::AlarmsArguments),
    /// Acknowledge alarms, shelve them, take them out of service
    Alarm(alarms::AlarmArguments),
    /// Data anomalies that wait for a checker
    Anomalies(anomalies::AnomaliesArguments),
    /// Say what data anomalies are, close them
    Anomaly(anomalies::AnomalyArguments),
    /// Alarm figures of a period against their targets
    Kpi(alarms::KpiArguments),
    /// Decide what stands in for hours that were not measured
    Fill(fill::FillArguments),
    /// How much of each quantity was measured
    Availability(fill::AvailabilityArguments),
    /// Record that a meter was replaced or reset
    MeterChange(correct::MeterChangeArguments),
    /// Write a note beside the figures
    Note(note::NoteArguments),
    /// What was noted
    Notes(note::NotesArguments),
    /// Close a note that is carried forward from shift to shift
    NoteClose(note::NoteCloseArguments),
    /// What the data-quality plan asks for in a month, what arrived, and what is evidence of that
    QualityPlan(quality_plan::QualityPlanArguments),
    /// The months of a year, with what was issued of them
    Months(closing::MonthsArguments),
    /// Close a month: issue its figures
    CloseMonth(closing::CloseMonthArguments),
    /// The sheet of a shift's handover
    Handover(handover::HandoverArguments),
    /// Sign the handover of a shift
    Sign(handover::SignArguments),
    /// What the quality checks find in the readings of a site
    Findings(findings::FindingsArguments),
    /// Set a person's PIN for signing on
    Pin(pin::PinArguments),
    /// Emissions by node and source
    Ledger(ledger::LedgerArguments),
    /// How a figure came about
    Explain(explain::ExplainArguments),
    /// The newest journal records
    Tail(tail::TailArguments),
    /// Check chain, rows and figures
    Verify(verify::VerifyArguments),
    /// Copy a live site
    Backup(backup::BackupArguments),
    /// Seal months whose readings need not be kept any longer
    Seal(seal::SealArguments),
    /// Make a backup a site again
    Restore(restore::RestoreArguments),
    /// Calculate one method with numbers given here
    Calc(calc::CalcArguments),
    /// Check any CSV file by rules
    Qc(qc::QcArguments),
    /// Completions for a shell
    Completions(completions::CompletionsArguments),
    /// The manual pages
    Manual(manual::ManualArguments),
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let asked_language = language(&arguments);
    let localizer = Localizer::new(asked_language.unwrap_or_else(Language::of_process));
    let command = help::localised(Arguments::command(), &localizer);
    let mut context = Context {
        localizer,
        asked_language,
        staff_number: None,
    };
    let parsed = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return answered(&error, &context),
    };
    context.staff_number = arguments.staff;
    let ending = run(&arguments.command, &context);
    let flushed = io::stdout().flush();
    match ending.and_then(|outcome| Ok(flushed.map(|()| outcome)?)) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            if !failure.is_end_of_reader() {
                context.say(&failure.text);
            }
            failure.outcome.into()
        }
    }
}

/// What a command line gets that asks for help or for the version, or that makes no sense.
fn answered(error: &clap::Error, context: &Context) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Who closed his standard output does not want to read it.
            let _ = error.print();
            Outcome::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Outcome::Usage
        }
        _ => {
            for text in mistake::told(error) {
                context.say(&text);
            }
            Outcome::Usage
        }
    }
    .into()
}

/// The language that the arguments ask for, if they do, before they are parsed: help and mistakes are told in it too.
fn language(arguments: &[OsString]) -> Option<Language> {
    let mut words = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(word) = words.next() {
        let asked = match word.split_once('=') {
            Some(("--lang", asked)) => Some(asked),
            _ if word == "--lang" => words.next(),
            _ => None,
        };
        if let Some(language) = asked.and_then(|asked| asked.parse().ok()) {
            return Some(language);
        }
    }
    None
}

fn run(command: &Command, context: &Context) -> Ending {
    let localizer = &context.localizer;
    match command {
        Command::Init(arguments) => {
            init::run(arguments, &mut io::stdout().lock(), localizer)?;
            Ok(Outcome::Done)
        }
        Command::Check(arguments) => {
            let checked = check::run(arguments, &mut io::stdout().lock(), localizer)?;
            Ok(match checked {
                check::Checked::Clean => Outcome::Done,
                check::Checked::Faulty => Outcome::Finding,
            })
        }
        Command::Serve(arguments) => serve::run(arguments, context),
        Command::Watch(arguments) => watch::run(arguments, context),
        Command::Demo(arguments) => demo::run(arguments, context),
        Command::Stop(arguments) => stop::run(arguments, context),
        Command::Status(arguments) => status::run(arguments, context),
        Command::Clock(arguments) => clock::run(arguments, context),
        Command::Plan(arguments) => plan::plan(arguments, context),
        Command::Apply(arguments) => plan::apply(arguments, context),
        Command::Approve(arguments) => approve::run(arguments, context),
        Command::Adopt(arguments) => plan::adopt(arguments, context),
        Command::Import(arguments) => import::run(arguments, context),
        Command::Replay(arguments) => replay::run(arguments, context),
        Command::Correct(arguments) => correct::correct(arguments, context),
        Command::Withdraw(arguments) => correct::withdraw(arguments, context),
        Command::Alarms(arguments) => alarms::list(arguments, context),
        Command::Anomalies(arguments) => anomalies::list(arguments, context),
        Command::Anomaly(arguments) => anomalies::work(arguments, context),
        Command::Alarm(arguments) => alarms::deed(arguments, context),
        Command::Kpi(arguments) => alarms::kpi(arguments, context),
        Command::Sheets(arguments) => enter::sheets(arguments, context),
        Command::Enter(arguments) => enter::enter(arguments, context),
        Command::SecondChecks(arguments) => second_check::list(arguments, context),
        Command::SecondCheck(arguments) => second_check::say(arguments, context),
        Command::Forms(arguments) => documents::forms(arguments, context),
        Command::Documents(arguments) => documents::documents(arguments, context),
        Command::Attachment(arguments) => attachment::attachment(arguments, context),
        Command::Fill(arguments) => fill::fill(arguments, context),
        Command::Availability(arguments) => fill::availability(arguments, context),
        Command::MeterChange(arguments) => correct::meter_change(arguments, context),
        Command::Note(arguments) => note::write(arguments, context),
        Command::Notes(arguments) => note::list(arguments, context),
        Command::NoteClose(arguments) => note::close(arguments, context),
        Command::QualityPlan(arguments) => quality_plan::run(arguments, context),
        Command::Months(arguments) => closing::list(arguments, context),
        Command::CloseMonth(arguments) => closing::close(arguments, context),
        Command::Handover(arguments) => handover::show(arguments, context),
        Command::Sign(arguments) => handover::sign(arguments, context),
        Command::Findings(arguments) => findings::run(arguments, context),
        Command::Pin(arguments) => pin::run(arguments, context),
        Command::Ledger(arguments) => ledger::run(arguments, context),
        Command::Explain(arguments) => explain::run(arguments, context),
        Command::Tail(arguments) => tail::run(arguments, context),
        Command::Verify(arguments) => verify::run(arguments, context),
        Command::Restore(arguments) => restore::run(arguments, context),
        Command::Backup(arguments) => backup::run(arguments, context),
        Command::Seal(arguments) => seal::run(arguments, context),
        Command::List(arguments) => list::run(arguments, context),
        Command::Completions(arguments) => {
            let command = help::localised(Arguments::command(), localizer);
            completions::run(arguments, command, &mut io::stdout().lock())?;
            Ok(Outcome::Done)
        }
        Command::Manual(arguments) => {
            let command = help::localised(Arguments::command(), localizer);
            manual::run(arguments, command, &mut io::stdout().lock())?;
            Ok(Outcome::Done)
        }
        Command::Qc(arguments) => qc::run(arguments, context),
        Command::Calc(arguments) => {
            calc::run(arguments, &mut io::stdout().lock(), localizer)?;
            Ok(Outcome::Done)
        }
    }
}
