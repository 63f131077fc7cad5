//! How high everything stands: boxes are packed column by column, in the order that keeps links short and level.
//!
//! Boxes (providers) are stacked from the top in an order; the order is that of the middles of what each is linked with,
//! tried again and again, and then neighbours are swapped while links climb less:
//!
//! ```text
//! column 0      column 1             column 0      column 1
//! ┌ a ────┐     ┌ c ────┐            ┌ a ────┐     ┌ d ────┐
//! │ a1 ───┼──╲╱─┼─ c1   │            │ a1 ───┼─────┼─ d1   │
//! └───────┘  ╱╲ └───────┘     →      └───────┘     └───────┘
//! ┌ b ────┐ ╱  ╲┌ d ────┐            ┌ b ────┐     ┌ c ────┐
//! │ b1 ───┼╱    ╲─ d1   │            │ b1 ───┼─────┼─ c1   │
//! └───────┘     └───────┘            └───────┘     └───────┘
//! ```

use super::columns::Columns;
use super::{BOX_GAP, NODE_GAP, PADDING, Shape, TITLE, at};

/// Rounds of ordering by the middle of what is linked.
const ROUNDS: usize = 12;
/// Most trial orders.
const TRIALS: usize = 400;

/// Where models and boxes begin, in pixels from above.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    /// By model.
    pub(super) nodes: Vec<i64>,
    /// By box: upper edge and height.
    pub(super) boxes: Vec<(i64, i64)>,
    /// By box: its first column, which loose boxes were free to choose.
    pub(super) first: Vec<usize>,
    /// Height of the whole.
    pub(super) height: i64,
}

/// An order of boxes, and in each of its models.
#[derive(Debug, Clone)]
struct Order {
    boxes: Vec<usize>,
    nodes: Vec<usize>,
}

pub(super) fn lanes(shape: &Shape, columns: &Columns) -> Lanes {
    let mut order = Order { boxes: (0..shape.boxes).collect(), nodes: (0..shape.nodes.len()).collect() };
    order.boxes.sort_by_key(|id| columns.boxes.get(*id).map(|of| (of.loose, of.first, *id)));
    let mut best = (order.clone(), stack(shape, columns, &order));
    for _ in 0..ROUNDS {
        let lanes = stack(shape, columns, &order);
        by_middles(shape, columns, &lanes, &mut order);
        keep_better(shape, columns, order.clone(), &mut best);
    }
    swap(shape, columns, &mut best);
    let mut lanes = best.1;
    for _ in 0..4 {
        level(shape, columns, &mut lanes);
    }
    lanes
}

fn keep_better(shape: &Shape, columns: &Columns, order: Order, best: &mut (Order, Lanes)) -> bool {
    let lanes = stack(shape, columns, &order);
    let better = cost(shape, &lanes) < cost(shape, &best.1);
    if better {
        *best = (order, lanes);
    }
    better
}

/// Swaps neighbours while that helps.
fn swap(shape: &Shape, columns: &Columns, best: &mut (Order, Lanes)) {
    let mut trials = 0;
    let mut improved = true;
    while improved && trials < TRIALS {
        improved = false;
        for (list, length) in [(true, shape.boxes), (false, shape.nodes.len())] {
            for place in 1..length {
                if trials >= TRIALS {
                    return;
                }
                trials += 1;
                let mut order = best.0.clone();
                if list {
                    order.boxes.swap(place - 1, place);
                } else {
                    order.nodes.swap(place - 1, place);
                }
                improved |= keep_better(shape, columns, order, best);
            }
        }
    }
}

/// How much links climb, and how high the whole is.
fn cost(shape: &Shape, lanes: &Lanes) -> i64 {
    let climbs: i64 = shape.links.iter().map(|link| climb(shape, lanes, link.from, link.to).abs()).sum();
    climbs * 2 + lanes.height
}

/// How much lower the second model stands than the first.
fn climb(shape: &Shape, lanes: &Lanes, from: usize, to: usize) -> i64 {
    let middle = |id: usize| shape.nodes.get(id).map_or(0, |node| at(&lanes.nodes, id) + node.height / 2);
    middle(to) - middle(from)
}

/// Packs boxes from the top in an order.
fn stack(shape: &Shape, columns: &Columns, order: &Order) -> Lanes {
    let mut free = vec![0i64; columns.count];
    let mut lanes = Lanes {
        nodes: vec![0; shape.nodes.len()],
        boxes: vec![(0, 0); shape.boxes],
        first: vec![0; shape.boxes],
        height: 0,
    };
    for &number in &order.boxes {
        let Some(of) = columns.boxes.get(number) else { continue };
        let span = of.last - of.first;
        let top_at = |first: usize| (first..=first + span).map(|column| at(&free, column)).max().unwrap_or(0);
        let anywhere = (0..columns.count - span).min_by_key(|first| (top_at(*first), *first)).unwrap_or(0);
        let first = if of.loose { anywhere } else { of.first };
        let top = top_at(first);
        let mut fill = vec![top + TITLE; span + 1];
        let own = order.nodes.iter().filter(|id| shape.nodes.get(**id).is_some_and(|n| n.in_box == number));
        for &id in own {
            let column = at(&columns.of, id) - of.first;
            let height = shape.nodes.get(id).map_or(0, |node| node.height);
            if let (Some(place), Some(y)) = (lanes.nodes.get_mut(id), fill.get_mut(column)) {
                *place = *y;
                *y += height + NODE_GAP;
            }
        }
        let bottom = fill.iter().max().copied().unwrap_or(top) - NODE_GAP + PADDING;
        free.iter_mut().skip(first).take(span + 1).for_each(|y| *y = bottom + BOX_GAP);
        if let (Some(place), Some(start)) = (lanes.boxes.get_mut(number), lanes.first.get_mut(number)) {
            *place = (top, bottom - top);
            *start = first;
        }
        lanes.height = lanes.height.max(bottom);
    }
    lanes
}

/// Orders boxes and models by the middle of the models that they are linked with.
fn by_middles(shape: &Shape, columns: &Columns, lanes: &Lanes, order: &mut Order) {
    let mut of_node = vec![(0i64, 0i64); shape.nodes.len()];
    let mut of_box = vec![(0i64, 0i64); shape.boxes];
    let in_box = |id: usize| shape.nodes.get(id).map_or(0, |node| node.in_box);
    for link in &shape.links {
        for (own, other) in [(link.from, link.to), (link.to, link.from)] {
            let middle = climb(shape, lanes, own, other)
                + at(&lanes.nodes, own)
                + shape.nodes.get(own).map_or(0, |node| node.height / 2);
            let outside = in_box(own) != in_box(other);
            let slots = [of_node.get_mut(own), of_box.get_mut(in_box(own)).filter(|_| outside)];
            for slot in slots.into_iter().flatten() {
                *slot = (slot.0 + middle, slot.1 + 1);
            }
        }
    }
    let mean = |sum: (i64, i64), own: i64| if sum.1 == 0 { own } else { sum.0 / sum.1 };
    order.nodes.sort_by_key(|id| (mean(at(&of_node, *id), at(&lanes.nodes, *id)), *id));
    order.boxes.sort_by_key(|id| {
        let loose = columns.boxes.get(*id).is_some_and(|of| of.loose);
        (loose, mean(at(&of_box, *id), at(&lanes.boxes, *id).0), *id)
    });
}

/// Moves boxes up or down where there is room, so that their links run level.
fn level(shape: &Shape, columns: &Columns, lanes: &mut Lanes) {
    for number in 0..shape.boxes {
        let mut climbs: Vec<i64> = Vec::new();
        let inside = |id: usize| shape.nodes.get(id).is_some_and(|node| node.in_box == number);
        for link in &shape.links {
            match (inside(link.from), inside(link.to)) {
                (true, false) => climbs.push(climb(shape, lanes, link.from, link.to)),
                (false, true) => climbs.push(-climb(shape, lanes, link.from, link.to)),
                _ => {}
            }
        }
        climbs.sort_unstable();
        let Some(&wanted) = climbs.get(climbs.len() / 2) else { continue };
        let (top, height) = at(&lanes.boxes, number);
        let (mut low, mut high) = (0, lanes.height - height);
        let span = |id: usize| {
            let of = columns.boxes.get(id).copied().unwrap_or_default();
            let first = at(&lanes.first, id);
            (first, first + of.last - of.first)
        };
        let (first, last) = span(number);
        for other in (0..shape.boxes).filter(|other| *other != number) {
            let (other_first, other_last) = span(other);
            if other_first > last || first > other_last {
                continue;
            }
            let (other_top, other_height) = at(&lanes.boxes, other);
            if other_top < top {
                low = low.max(other_top + other_height + BOX_GAP);
            } else {
                high = high.min(other_top - height - BOX_GAP);
            }
        }
        let moved = if low > high { 0 } else { (top + wanted).clamp(low, high) - top };
        if let Some(place) = lanes.boxes.get_mut(number) {
            place.0 += moved;
        }
        for (y, node) in lanes.nodes.iter_mut().zip(&shape.nodes) {
            if node.in_box == number {
                *y += moved;
            }
        }
    }
}
