//! What stands beside an anomaly on the screen (趋势与相邻参数): how its parameter went around it, and how those did that belong
//! to it.

use super::super::plant::Plant;
use crate::domain::identity::ParameterId;
use crate::domain::time::{HOUR_MS, Instant};
use crate::engine::view::AnomalyView;

/// Columns of a course.
pub const COURSE_COLUMNS: u16 = 24;

/// The most neighbours.
const MOST: usize = 3;

/// The stretch that is shown: as long before it and behind it as it is itself, half an hour at least.
pub fn around(anomaly: &AnomalyView) -> (Instant, Instant) {
    let signs = &anomaly.signs;
    let length = signs.to.since(signs.from).max(HOUR_MS / 2);
    (signs.from.plus(-length), signs.to.plus(length))
}

/// Its parameter, and those beside it: of a relation those of which it speaks, else others of its equipment, key ones first.
pub fn neighbours(plant: &Plant, anomaly: &AnomalyView) -> Vec<ParameterId> {
    let own = anomaly.parameter;
    let related = anomaly.signs.related.as_ref().and_then(|related| {
        let mut relations = plant.model.relations.iter();
        relations.find(|relation| relation.key == related.key)
    });
    let mut all = vec![own];
    if let Some(relation) = related {
        for parameter in relation.parameters() {
            if !all.contains(&parameter) {
                all.push(parameter);
            }
        }
    }
    let node = plant.parameter_of(own).map(|parameter| parameter.node);
    let of_node = plant.parameters.iter().filter(|other| Some(other.node) == node);
    let mut beside: Vec<_> = of_node.collect();
    beside.sort_by_key(|other| !other.key);
    for other in beside {
        if !all.contains(&other.id) {
            all.push(other.id);
        }
    }
    all.truncate(MOST + 1);
    all
}
