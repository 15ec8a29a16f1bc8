//! The clock: a simulated site's is pushed forward, a real site's jump that is held back is confirmed.

use crate::domain::actor::{Actor, Right};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::clock::SiteClock;
use super::super::system;
use super::super::writer::Writer;

pub(super) fn answer(writer: &mut Writer, actor: &Actor, now: Instant) -> Result<ReplyBody, Text> {
    match &mut writer.clock {
        SiteClock::Own(_) => {
            if !now.is_plausible() {
                return Err(Text::new("daemon-clock-implausible"));
            }
            writer.clock.push(now);
            Ok(ReplyBody::Done)
        }
        SiteClock::Wall(clock) => {
            if !actor.may(Right::Administer) {
                return Err(Text::new("daemon-clock-administrator"));
            }
            if clock.confirm(system::clocks()) {
                tracing::warn!(uid = actor.uid, "a jump of the wall clock was confirmed");
                Ok(ReplyBody::Done)
            } else {
                Err(Text::new("daemon-clock-nothing-held"))
            }
        }
    }
}
