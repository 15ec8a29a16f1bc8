//! What commands do.

use super::super::command::{Command, OFF, Word};
use super::super::model::Model;
use super::super::pane::Pane;
use super::super::sign_on::Purpose;
use super::{Effect, ThemeWish, alarms, anomalies, due, go_to, help, jump, live, log, note, plain, sign_on};
use crate::domain::text::Text;
use crate::locale::Language;

/// Does a command; the line from which it came is closed already. What cannot be done says why.
pub(super) fn run(model: &mut Model, command: &Command) -> Result<Vec<Effect>, Text> {
    let words = command.rest.as_str();
    match command.word {
        Word::Quit => return Ok(super::leaving::quit(model)),
        Word::Help => {
            let context = model.context();
            help::open(model, context);
        }
        Word::Theme => return Ok(vec![Effect::LoadTheme(ThemeWish::Named(words.to_owned()))]),
        Word::Language => {
            let wanted: Language = words.parse().map_err(|_| {
                Text::new("tui-command-needs")
                    .with("command", "language")
                    .with("known", "zh, en")
            })?;
            if wanted != model.shown.localizer.language() {
                model.shown.switch_language();
            }
            if wanted != model.shown.localizer.language() {
                return Err(Text::new("tui-no-chinese-here"));
            }
        }
        Word::Pane => {
            let pane = Pane::ALL.into_iter().find(|pane| pane.typed() == words);
            if let Some(pane) = pane {
                go_to(model, pane);
            }
        }
        Word::Filter => {
            model.overlays.clear();
            match model.pane {
                Pane::Log => log::filter_by(model, words),
                Pane::Alarms => alarms::filter_by(model, words),
                Pane::Anomalies => anomalies::filter_by(model, words),
                // The others have nothing to filter.
                Pane::Live | Pane::Ledger | Pane::Entry | Pane::Handover | Pane::Plan => {
                    go_to(model, Pane::Live);
                    live::filter_by(model, words);
                }
            }
        }
        Word::Export => {
            let named = words
                .chars()
                .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'));
            if !named {
                return Err(Text::new("tui-export-name"));
            }
            return Ok(plain::export(model, words));
        }
        Word::GoTo => jump::open(model, words),
        Word::Note => return Ok(note::open(model, words)),
        Word::Notes => {
            go_to(model, Pane::Log);
            log::only(model, "note");
        }
        Word::Due => due::open(model),
        Word::Withdraw => return log::withdraw(model, words),
        Word::SignOn => sign_on::open(model, Purpose::SignOn),
        Word::SignOff => return Ok(sign_on::sign_off(model)),
        Word::Pin => sign_on::open(model, Purpose::SetPin),
        Word::Since => sign_on::open_since(model),
        Word::Bell => model.alarms.signals.quiet = words == OFF,
        Word::Blink => model.alarms.signals.steady = words == OFF,
        Word::Book => {
            let books = model.displayed().map(|(plant, _)| &plant.state.totals);
            let place = books.and_then(|books| books.iter().position(|totals| totals.key == words));
            model.live.book = place.unwrap_or(model.live.book);
        }
    }
    Ok(Vec::new())
}
