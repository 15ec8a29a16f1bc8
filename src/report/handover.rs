//! Sheets of handovers in words (交接班记录): what the terminal lists and the command line prints.

use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, SiteModel};
use crate::domain::note::{About, Carried, Closed};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::handover::{Emitted, Item};
use crate::engine::view::{Mark, SignatureView};
use crate::locale::figures;
use crate::quality::alarm::Label;

/// Digits after the point of a tonne: kilograms.
const DIGITS: u32 = 3;

/// A line in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What sort of thing it is.
    pub kind: Text,
    /// The tag of its parameter, the key of its sheet, the serial number of its meter.
    pub tag: String,
    /// What is said of it.
    pub what: Text,
    /// Since when, or when.
    pub since: Option<Instant>,
}

/// A thing of a sheet in words.
pub fn line(item: &Item, model: &SiteModel) -> Line {
    let tag = |parameter: ParameterId| {
        let known = model.parameter(parameter);
        known.map_or_else(|| parameter.to_string(), |known| clean(&known.tag).into_owned())
    };
    match item {
        Item::Alarm {
            alarm,
            label,
            since,
            until,
            reason,
        } => Line {
            kind: Text::new("handover-kind-alarm"),
            tag: tag(alarm.parameter),
            what: alarm_text(alarm.kind.text(), *label, *until, reason.as_deref()),
            since: Some(*since),
        },
        Item::Anomaly {
            anomaly,
            parameter,
            rule,
            from,
            stage,
            is_fault,
            ..
        } => {
            let text = if *is_fault {
                Text::new("handover-anomaly-fault")
            } else {
                Text::new("handover-anomaly")
            };
            Line {
                kind: Text::new("handover-kind-anomaly"),
                tag: tag(*parameter),
                what: text
                    .with("number", anomaly)
                    .with_text("check", rule.check().text())
                    .with_text("stage", stage.text()),
                since: Some(*from),
            }
        }
        Item::Silent { parameter, since } => Line {
            kind: Text::new("handover-kind-silent"),
            tag: tag(*parameter),
            what: match since {
                Some(_) => Text::new("handover-silent"),
                None => Text::new("handover-silent-ever"),
            },
            since: *since,
        },
        Item::Calibration { meter, until } => {
            let meter = model.meters.iter().find(|known| known.id == *meter);
            Line {
                kind: Text::new("handover-kind-calibration"),
                tag: meter.map_or_else(String::new, |meter| clean(&meter.serial).into_owned()),
                what: Text::new("handover-calibration")
                    .with_name("name", meter.map_or(&Name::default(), |meter| &meter.name))
                    .with("until", until),
                since: None,
            }
        }
        Item::Round { sheet, at, missing, of } => {
            let known = model.sheet(sheet);
            let text = if *missing == 0 {
                Text::new("handover-round-made")
            } else {
                Text::new("handover-round")
            };
            Line {
                kind: Text::new("handover-kind-round"),
                tag: clean(sheet).into_owned(),
                what: text
                    .with_name("name", known.map_or(&Name::default(), |sheet| &sheet.name))
                    .with_count("missing", *missing)
                    .with_count("of", *of),
                since: Some(*at),
            }
        }
        Item::SecondCheck {
            record,
            by,
            written,
            mark,
            reason,
        } => Line {
            kind: Text::new("handover-kind-second-check"),
            tag: String::new(),
            what: match reason {
                Some(reason) => Text::new("handover-second-check-returned").with("reason", clean(reason)),
                None => Text::new("handover-second-check"),
            }
            .with_text("state", mark.text())
            .with("record", record)
            .with_text("by", person(by, model)),
            since: Some(*written),
        },
        Item::Note {
            record,
            at,
            about,
            text,
            by,
            written,
            carried,
        } => Line {
            kind: match carried {
                Some(_) => Text::new("handover-kind-note-carried"),
                None => Text::new("handover-kind-note"),
            },
            tag: match about {
                About::Parameter(parameter) => tag(*parameter),
                About::Node(node) => model
                    .node(*node)
                    .map_or_else(String::new, |node| clean(&node.key).into_owned()),
                About::Site => String::new(),
            },
            what: match carried {
                None => Text::new("handover-note"),
                Some(Carried::Open) => Text::new("handover-note-carried"),
                Some(Carried::Closed(closed)) => closed_text(closed, model),
            }
            .with("text", clean(text))
            .with_text("by", person(by, model))
            .with_instant("written", written.to_second())
            .with("record", record),
            since: Some(*at),
        },
    }
}

/// By whom a note was closed, and what came of it.
fn closed_text(closed: &Closed, model: &SiteModel) -> Text {
    let text = match &closed.remark {
        Some(remark) => Text::new("handover-note-closed-remark").with("remark", clean(remark)),
        None => Text::new("handover-note-closed"),
    };
    text.with_text("closer", person(&closed.by, model))
        .with_instant("at", closed.at.to_second())
        .with("closing", closed.record)
}

/// A person of a record by name, where the model knows them; else as the record has them.
fn person(by: &str, model: &SiteModel) -> Text {
    match model.person(by) {
        Some(known) => Text::new("handover-by").with_name("by", &known.name),
        None => Text::new("handover-by").with("by", clean(by)),
    }
}

fn alarm_text(kind: Text, label: Label, until: Option<Instant>, reason: Option<&str>) -> Text {
    let text = match (until, reason) {
        (Some(until), reason) => Text::new("handover-alarm-until")
            .with_instant("until", until)
            .with("reason", clean(reason.unwrap_or_default())),
        (None, Some(reason)) => Text::new("handover-alarm-reason").with("reason", clean(reason)),
        (None, None) => Text::new("handover-alarm"),
    };
    text.with_text("kind", kind).with_text("state", label.text())
}

/// What became of a line since somebody signed; nothing where nothing did.
pub fn mark(mark: Mark) -> Option<Text> {
    match mark {
        Mark::Same => None,
        Mark::After => Some(Text::new("handover-mark-after")),
        Mark::AfterClosing => Some(Text::new("handover-mark-after-closing")),
        Mark::Changed => Some(Text::new("handover-mark-changed")),
        Mark::Gone => Some(Text::new("handover-mark-gone")),
    }
}

/// A shift in words: its day, its slot's name and its crew's.
pub fn shift(name: &ShiftName, crew: Option<usize>, model: &SiteModel) -> Text {
    let slot = model.shifts.iter().find(|slot| slot.key == name.slot);
    let crew = crew.and_then(|crew| model.rotation.as_ref()?.crews.get(crew));
    let text = match crew {
        Some(crew) => Text::new("handover-shift-crew").with_name("crew", crew),
        None => Text::new("handover-shift"),
    };
    match slot {
        Some(slot) => text.with_name("slot", &slot.name),
        None => text.with("slot", clean(&name.slot)),
    }
    .with("day", name.day)
}

/// What a book's sources emitted in the shift, as it is known now, and as it was signed where that was something else.
pub fn emitted(now: &Emitted, signed: Option<&Emitted>, model: &SiteModel) -> Option<Text> {
    let book = model.books.iter().find(|book| book.id == now.book)?;
    let tonnes = |milligrams| figures::tonnes(milligrams, DIGITS);
    let text = match signed.filter(|signed| signed.milligrams != now.milligrams) {
        Some(signed) => Text::new("handover-emitted-since").with("signed", tonnes(signed.milligrams)),
        None => Text::new("handover-emitted"),
    };
    let text = text.with_name("book", &book.name).with("now", tonnes(now.milligrams));
    Some(match now.unknown_hours {
        0 => text,
        hours => Text::new("handover-emitted-unknown")
            .with_text("emitted", text)
            .with_count("hours", hours),
    })
}

/// Who signed for a crew, and with what remark; that nobody did.
pub fn signed(side: Side, signature: Option<&SignatureView>) -> Text {
    let Some(signature) = signature else {
        return Text::new("handover-unsigned").with_text("side", side.text());
    };
    let text = match (&signature.remark, side) {
        (Some(remark), Side::Incoming) => Text::new("handover-signed-reserved").with("remark", clean(remark)),
        (Some(remark), Side::Outgoing) => Text::new("handover-signed-remark").with("remark", clean(remark)),
        (None, _) => Text::new("handover-signed"),
    };
    let text = match &signature.name {
        Some(name) => text.with_name("by", name),
        None => text.with("by", clean(&signature.by)),
    };
    text.with_text("side", side.text())
        .with_instant("at", signature.at.to_second())
        .with("record", signature.record)
}
