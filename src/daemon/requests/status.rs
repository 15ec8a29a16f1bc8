//! The state of daemon and site.

use std::sync::atomic::Ordering;

use crate::domain::text::{Explained, Text};
use crate::store::JournalError;
use crate::wire::answers::StatusView;
use crate::wire::message::ReplyBody;

use super::super::refused::told;
use super::super::system;
use super::super::writer::Writer;

pub(super) fn answer(writer: &mut Writer) -> Result<ReplyBody, Text> {
    let state = writer.live_state();
    let now = state.now;
    let checkpoint = writer.ground.state().applied();
    let model = writer.shared.model().ok_or_else(|| Text::new("daemon-no-model"))?;
    let (engine, history) = writer.ground.engine();
    let sealed = engine.sealed().cloned();
    let parameters = engine.live_parameters(history).map_err(told)?;
    let stale = parameters.iter().filter(|parameter| {
        let too_old = |at| parameter.stale_after_ms > 0 && now.since(at) > parameter.stale_after_ms;
        parameter.newest.is_none_or(|newest| too_old(newest.at))
    });
    let stale = u32::try_from(stale.count()).unwrap_or(u32::MAX);
    let mut recovery = writer.recovery.clone();
    recovery.extend(
        writer
            .ground
            .reader()
            .damaged()
            .map(|place| JournalError::Corrupt(place).text()),
    );
    Ok(ReplyBody::Status(Box::new(StatusView {
        program: format!("carbonwatch {}", env!("CARGO_PKG_VERSION")),
        pid: std::process::id(),
        key: model.key.clone(),
        name: model.name.clone(),
        simulated: model.simulated,
        state,
        checkpoint,
        clients: writer.shared.clients.load(Ordering::Relaxed),
        parameters: u32::try_from(parameters.len()).unwrap_or(u32::MAX),
        stale,
        resident_bytes: system::resident_bytes(),
        recovery,
        sealed,
    })))
}
