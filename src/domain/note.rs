//! Notes (记事): what people write beside the figures, such as "changed coal", with the time and the thing of which it
//! speaks; and those that are handed over from shift to shift until somebody closes them (待续事项).

use serde::{Deserialize, Serialize};

use super::identity::{NodeId, ParameterId, Sequence};
use super::model::SiteModel;
use super::text::{Text, clean};
use super::time::Instant;

/// The most characters of a note: a line of a logbook.
pub const LONGEST_NOTE: usize = 400;

/// Of what a note speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Of the whole site.
    #[default]
    Site,
    /// Of a process or an equipment.
    Node(NodeId),
    /// Of a parameter.
    Parameter(ParameterId),
}

/// A note as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Of which time it speaks.
    pub at: Instant,
    /// Of what.
    pub about: About,
    /// One line.
    pub text: String,
    /// Whether it is handed over from shift to shift until somebody closes it (转交下一班).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carry: bool,
}

/// How it stands with a note that is carried forward (待续事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// Nobody has closed it (未结).
    Open,
    /// Somebody did (已结).
    Closed(Closed),
}

/// Who closed a note that was carried forward, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Who: staff number, or the user of the post.
    pub by: String,
    /// When.
    pub at: Instant,
    /// In which record, which is withdrawn to open the note again.
    pub record: Sequence,
    /// What came of it, where they said so (处理结果).
    pub remark: Option<String>,
}

/// Somebody closes a note that is carried forward (结束).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteClosing {
    /// The note's record.
    pub of: Sequence,
    /// What came of it; most of what is done needs no word.
    pub remark: Option<String>,
}

impl Carried {
    /// In which state a note begins.
    pub fn of(note: &Note) -> Option<Self> {
        note.carry.then_some(Self::Open)
    }

    /// Who closed it, where somebody did.
    pub const fn closed(&self) -> Option<&Closed> {
        match self {
            Self::Open => None,
            Self::Closed(closed) => Some(closed),
        }
    }

    /// In a few words: open, or by whom it was closed.
    pub fn text(&self) -> Text {
        let Some(closed) = self.closed() else {
            return Text::new("note-carried-open");
        };
        let text = match &closed.remark {
            Some(remark) => Text::new("note-carried-closed-remark").with("remark", clean(remark)),
            None => Text::new("note-carried-closed"),
        };
        text.with("by", clean(&closed.by))
            .with_instant("at", closed.at.to_second())
            .with("record", closed.record)
    }
}

impl About {
    /// Whether a note about this is to be read beside `other`: one of the two is the other, or is in it.
    pub fn concerns(self, other: Self, model: &SiteModel) -> bool {
        match (self, other) {
            (Self::Site, _) | (_, Self::Site) => true,
            (Self::Parameter(one), Self::Parameter(other)) => one == other,
            (Self::Parameter(parameter), Self::Node(node)) | (Self::Node(node), Self::Parameter(parameter)) => {
                let of = model.parameter(parameter).map(|found| found.node);
                of.is_some_and(|of| is_within(model, of, node))
            }
            (Self::Node(one), Self::Node(other)) => is_within(model, one, other) || is_within(model, other, one),
        }
    }
}

/// Whether a node is another one or below it.
fn is_within(model: &SiteModel, node: NodeId, above: NodeId) -> bool {
    model.way_up(node).any(|id| id == above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::{Level, Name, Node};
    use crate::domain::time::PlantZone;

    fn model() -> SiteModel {
        let node = |id, parent: Option<u32>| Node {
            id: NodeId(id),
            key: id.to_string(),
            name: Name::default(),
            level: Level::Equipment,
            parent: parent.map(NodeId),
            upstream: None,
            runs: None,
        };
        SiteModel {
            nodes: vec![node(1, None), node(2, Some(1)), node(3, Some(2)), node(4, Some(1))],
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    #[test]
    fn a_note_concerns_what_is_above_and_below_it_but_not_what_is_beside_it() {
        let (model, node) = (model(), |id| About::Node(NodeId(id)));
        assert!(node(3).concerns(node(1), &model));
        assert!(node(1).concerns(node(3), &model));
        assert!(!node(3).concerns(node(4), &model));
        assert!(About::Site.concerns(node(4), &model));
        assert!(node(4).concerns(About::Site, &model));
    }
}
