//! Of what, and of which time, the figure speaks that a target names.

use crate::domain::identity::SourceId;
use crate::domain::model::SiteModel;
use crate::domain::note::About;
use crate::domain::time::Hour;

use super::view::{NowOf, Target};

impl Target {
    /// What in the plant the figure is of; `None` for factors and records, and for what the model does not have.
    pub fn about(&self, model: &SiteModel) -> Option<About> {
        let of_source = |id: SourceId| {
            let found = model.sources.iter().find(|source| source.id == id)?;
            Some(About::Node(found.node))
        };
        match *self {
            Self::Node { node, .. } | Self::Category { node, .. } | Self::Gas { node, .. } => Some(About::Node(node)),
            Self::Source { source, .. }
            | Self::Cell { source, .. }
            | Self::Input { source, .. }
            | Self::Now {
                of: NowOf::Source(source),
                ..
            } => of_source(source),
            Self::Quantity { parameter, .. }
            | Self::Bucket { parameter, .. }
            | Self::Substitute { parameter, .. }
            | Self::Reading { parameter, .. } => Some(About::Parameter(parameter)),
            Self::Now { of: NowOf::Book, .. } => Some(About::Site),
            Self::Now {
                of: NowOf::Product(id), ..
            } => {
                let found = model.products.iter().find(|product| product.id == id);
                found.map(|product| About::Node(product.node))
            }
            Self::Factor { .. } | Self::Record { .. } => None,
        }
    }

    /// The hours of the figure: from the first up to, not including, the second. Of a reading the hour in which it begins.
    pub fn hours(&self, model: &SiteModel) -> Option<(Hour, Hour)> {
        match *self {
            Self::Node { period, .. }
            | Self::Category { period, .. }
            | Self::Gas { period, .. }
            | Self::Source { period, .. }
            | Self::Quantity { period, .. } => Some(period.hours(&model.zone, model.day_start_minutes)),
            Self::Cell { hour, .. }
            | Self::Input { hour, .. }
            | Self::Bucket { hour, .. }
            | Self::Substitute { hour, .. } => Some((hour, hour.next())),
            Self::Reading { slot, .. } => {
                let hour = model.zone.hour_of(slot.at);
                Some((hour, hour.next()))
            }
            Self::Now { .. } | Self::Factor { .. } | Self::Record { .. } => None,
        }
    }
}
