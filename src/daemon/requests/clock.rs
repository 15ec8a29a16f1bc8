//! The clock: shown; a simulated site's pushed forward; a jump that a real site holds back confirmed.

use crate::domain::actor::Actor;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::wire::answers::ClockView;
use crate::wire::live::known_time;
use crate::wire::message::ReplyBody;

use super::super::clock::SiteClock;
use super::super::system;
use super::super::writer::Writer;

pub(super) fn show(writer: &mut Writer) -> ReplyBody {
    let now = writer.now();
    ReplyBody::Clock(ClockView {
        now: known_time(now),
        simulated: matches!(writer.clock, SiteClock::Own(_)),
        held_ms: writer.clock.held_ms(),
    })
}

pub(super) fn push(writer: &mut Writer, now: Instant) -> Result<ReplyBody, Text> {
    if matches!(writer.clock, SiteClock::Wall(_)) {
        return Err(Text::new("daemon-clock-real"));
    }
    if !now.is_plausible() {
        return Err(Text::new("daemon-clock-implausible"));
    }
    writer.clock.push(now);
    Ok(ReplyBody::Done)
}

pub(super) fn confirm(writer: &mut Writer, actor: &Actor) -> Result<ReplyBody, Text> {
    let SiteClock::Wall(clock) = &mut writer.clock else {
        return Err(Text::new("daemon-clock-simulated"));
    };
    if !clock.confirm(system::clocks()) {
        return Err(Text::new("daemon-clock-nothing-held"));
    }
    tracing::warn!(uid = actor.uid, "a jump of the system's clock was confirmed");
    Ok(show(writer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::clock::WallClock;
    use crate::daemon::writer::group::tests::writer;

    #[test]
    fn what_people_write_down_says_what_time_it_is_only_where_nothing_else_has() {
        use crate::domain::identity::ParameterId;
        use crate::domain::reading::{Incoming, Origin, Quality, Slot};

        let newest = |origin: Origin, has_time: bool| {
            let reading = Incoming {
                parameter: ParameterId(1),
                slot: Slot::instant(Instant(7)),
                value: 1,
                quality: Quality::Good,
            };
            let body = crate::wire::message::RequestBody::Intake {
                origin,
                provenance: crate::engine::command::Provenance::default(),
                readings: vec![reading],
            };
            super::super::newest_instant(&body, has_time)
        };
        assert_eq!(newest(Origin::Simulated, true), Some(Instant(7)));
        assert_eq!(newest(Origin::Typed, true), None);
        assert_eq!(newest(Origin::Typed, false), Some(Instant(7)));
        assert!(!SiteClock::Own(Instant::EARLIEST).has_time() && SiteClock::Own(Instant::EARLIEST.plus(1)).has_time());
    }

    #[test]
    fn a_jump_is_shown_and_confirmed_and_only_a_simulated_site_is_pushed() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        let shown = |reply| match reply {
            ReplyBody::Clock(view) => view,
            other => panic!("{other:?}"),
        };
        let view = shown(show(&mut writer));
        assert_eq!((view.simulated, view.held_ms), (false, None));
        assert_eq!(
            confirm(&mut writer, &Actor::daemon()).unwrap_err().id,
            "daemon-clock-nothing-held"
        );
        assert_eq!(
            push(&mut writer, Instant(i64::MAX)).unwrap_err().id,
            "daemon-clock-real"
        );
        // The newest record is of a time that the system's clock has not reached.
        let ahead = system::clocks().wall.plus(3_600_000);
        writer.clock = SiteClock::Wall(WallClock::start(Some(ahead), system::clocks()));
        let held = shown(show(&mut writer)).held_ms.unwrap();
        assert!((-3_600_000..-3_500_000).contains(&held), "{held}");
        assert_eq!(shown(confirm(&mut writer, &Actor::daemon()).unwrap()).held_ms, None);
        // A simulated site has no time before its data.
        writer.clock = SiteClock::Own(Instant::EARLIEST);
        let view = shown(show(&mut writer));
        assert_eq!((view.simulated, view.now), (true, None));
        assert_eq!(writer.live_state().time(), None);
        assert_eq!(writer.live_state().shift, None);
        push(&mut writer, ahead).unwrap();
        assert_eq!(shown(show(&mut writer)).now, Some(ahead));
        assert_eq!(
            confirm(&mut writer, &Actor::daemon()).unwrap_err().id,
            "daemon-clock-simulated"
        );
    }
}
