//! Signing: a remark, and the PIN where several people share the login.

use super::super::handover::shift_text;
use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::signing::{Signed, SigningSheet, SigningStep};
use super::rights::lacking;
use super::{Effect, handover, quality_plan, write};
use crate::domain::actor::Right;
use crate::domain::text::{Explained, Text};
use crate::engine::view::MonthView;
use crate::wire::message::ReplyBody;

/// Opens a signature, for which a right is needed.
pub(super) fn open(model: &mut Model, of: Signed, right: Right) {
    let mut sheet = SigningSheet::new(of, model.signed_on.is_some());
    sheet.fault = lacking(model, right);
    model.overlays.push(Overlay::Signing(Box::new(sheet)));
}

fn signing(model: &mut Model) -> Option<&mut SigningSheet> {
    model.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Signing(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    if let Some(sheet) = signing(model) {
        sheet.fault = None;
    }
}

/// A key while a signature is typed. While the daemon is asked, it stays as it is.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let link = model.link.clone();
    let Some(sheet) = signing(model) else {
        return Vec::new();
    };
    match (action, sheet.step) {
        (Action::Back, _) if sheet.awaited.is_some() => {}
        (Action::Back, SigningStep::Remark) => drop(model.overlays.pop()),
        (Action::Back, SigningStep::Pin) => sheet.go_to(SigningStep::Remark),
        _ if sheet.awaited.is_some() => {}
        (Action::Accept, SigningStep::Remark) if sheet.needs_pin => sheet.go_to(SigningStep::Pin),
        (Action::Accept, SigningStep::Pin) if sheet.field.is_empty() => {
            sheet.fault = Some(Text::new("sign-pin-needed"));
        }
        (Action::Accept, _) if link != LinkState::Up => sheet.fault = Some(Text::new("tui-no-link")),
        (Action::Accept, _) => return send(model),
        _ => {}
    }
    Vec::new()
}

fn send(model: &mut Model) -> Vec<Effect> {
    let Some(request) = signing(model).map(|sheet| sheet.request()) else {
        return Vec::new();
    };
    let (effect, _) = write(model, request);
    let request = model.last_request;
    if let Some(sheet) = signing(model) {
        sheet.awaited = Some(request);
        sheet.fault = None;
    }
    vec![effect]
}

/// The connection is new: what was asked over the old one is not answered any more.
pub(super) fn link_is_up(model: &mut Model) {
    if let Some(sheet) = signing(model).filter(|sheet| sheet.awaited.is_some()) {
        sheet.awaited = None;
        sheet.go_to(SigningStep::Remark);
        sheet.fault = Some(Text::new(match sheet.of {
            Signed::Handover { .. } => "tui-signing-lost",
            Signed::Month(_) => "tui-closing-lost",
        }));
    }
}

/// Somebody else sits here: what another began to sign goes with them.
pub(super) fn somebody_else(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Signing(_)));
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if signing(model).is_none_or(|sheet| sheet.awaited != Some(id)) {
        return Err(result);
    }
    let record = match result {
        Ok(ReplyBody::Recorded(sequence)) => sequence,
        Ok(_) => {
            refused(model, Text::new("tui-explain-unexpected"));
            return Ok(Vec::new());
        }
        Err(why) => {
            let is_month = signing(model).is_some_and(|sheet| matches!(sheet.of, Signed::Month(_)));
            refused(model, why);
            // What it was refused for may be what is shown no more.
            return Ok(if is_month {
                quality_plan::look_again(model)
            } else {
                Vec::new()
            });
        }
    };
    let is_signing = |overlay: &Overlay| matches!(overlay, Overlay::Signing(_));
    let Some(place) = model.overlays.iter().position(is_signing) else {
        return Ok(Vec::new());
    };
    let Overlay::Signing(sheet) = model.overlays.remove(place) else {
        return Ok(Vec::new());
    };
    Ok(match sheet.of {
        Signed::Handover { shift, side, .. } => {
            let told = Text::new("tui-signing-done")
                .with_text("side", side.text())
                .with_text("shift", shift_text(model, &shift));
            model.notice = Some(told.with("sequence", record));
            handover::was_signed(model)
        }
        Signed::Month(month) => {
            let told = Text::new("tui-closing-done").with("month", month.month);
            model.notice = Some(told.with("record", record));
            quality_plan::look_again(model)
        }
    })
}

/// The figures of a month were looked at again: what is signed is what is shown, and what was typed stays.
pub(super) fn renew(model: &mut Model, month: MonthView) {
    if let Some(SigningSheet {
        of: Signed::Month(shown),
        awaited: None,
        ..
    }) = signing(model)
        && shown.month == month.month
    {
        *shown = month;
    }
}

fn refused(model: &mut Model, why: Text) {
    let Some(sheet) = signing(model) else {
        return;
    };
    sheet.awaited = None;
    // Nothing of a PIN stays.
    if sheet.step == SigningStep::Pin {
        sheet.go_to(SigningStep::Pin);
    }
    sheet.fault = Some(why);
}
