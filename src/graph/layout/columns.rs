//! Columns: each layer is one, and models that no link touches fill up the boxes.

use super::layers::Layers;
use super::{Shape, at};

/// Most models one below the other in a box before another column is used for those that no link touches.
const TALL: usize = 4;

/// The column of each model, and how the boxes lie over the columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// How many columns there are.
    pub(super) count: usize,
    /// By model; of boxes without links counted from the box's first column.
    pub(super) of: Vec<usize>,
    /// The columns of each provider's box.
    pub(super) boxes: Vec<BoxColumns>,
    /// By link: whether it runs from right to left.
    pub(super) backward: Vec<bool>,
}

/// From where to where a box reaches, and whether it may lie elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BoxColumns {
    pub(super) first: usize,
    pub(super) last: usize,
    /// Whether no link touches it, so that it may stand anywhere.
    pub(super) loose: bool,
}

pub(super) fn columns(shape: &Shape, layers: &Layers) -> Columns {
    let wide =
        (1..=shape.nodes.len()).find(|columns| columns * columns * 5 >= shape.nodes.len() * 2).unwrap_or(1);
    let count = layers.count.max(wide);
    let mut of: Vec<usize> = layers.of.iter().map(|layer| layer.unwrap_or(0)).collect();
    let mut boxes = Vec::new();
    for number in 0..shape.boxes {
        let nodes = shape.nodes.iter().enumerate().filter(|(_, node)| node.in_box == number);
        let nodes: Vec<usize> = nodes.map(|(id, _)| id).collect();
        let (linked, free): (Vec<usize>, Vec<usize>) =
            nodes.iter().partition(|id| layers.of.get(**id).is_some_and(Option::is_some));
        let (mut first, mut last) =
            match (linked.iter().map(|id| at(&of, *id)).min(), linked.iter().map(|id| at(&of, *id)).max()) {
                (Some(first), Some(last)) => (first, last),
                _ => (0, (free.len().div_ceil(TALL).max(1) - 1).min(count - 1)),
            };
        while (last - first + 1) * TALL < nodes.len() && last - first + 1 < count {
            if last + 1 < count {
                last += 1;
            } else {
                first -= 1;
            }
        }
        fill(&mut of, &linked, &free, first, last);
        boxes.push(BoxColumns { first, last, loose: linked.is_empty() });
    }
    Columns { count, of, boxes, backward: layers.backward.clone() }
}

/// Puts models that no link touches where the fewest stand.
fn fill(of: &mut [usize], linked: &[usize], free: &[usize], first: usize, last: usize) {
    let mut load = vec![0usize; last - first + 1];
    for id in linked {
        if let Some(slot) = load.get_mut(at(of, *id) - first) {
            *slot += 1;
        }
    }
    for id in free {
        let Some((column, _)) = load.iter().enumerate().min_by_key(|(column, load)| (**load, *column)) else {
            continue;
        };
        if let (Some(place), Some(slot)) = (of.get_mut(*id), load.get_mut(column)) {
            *place = first + column;
            *slot += 1;
        }
    }
}
