//! Notes (记事): what people write beside the figures, such as "changed coal", with the time and the thing of which it
//! speaks.

use serde::{Deserialize, Serialize};

use super::identity::{NodeId, ParameterId};
use super::model::SiteModel;
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
