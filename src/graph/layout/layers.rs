//! Layers: how many links lead to a model at most, once no link runs back.

use super::{Shape, at};

/// The layer of each model, and which links run from right to left.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// By model; none where no link touches it.
    pub(super) of: Vec<Option<usize>>,
    /// By link.
    pub(super) backward: Vec<bool>,
    /// How many there are.
    pub(super) count: usize,
}

pub(super) fn layers(shape: &Shape) -> Layers {
    let (forward, backward) = acyclic(shape);
    let mut linked = vec![false; shape.nodes.len()];
    let mut depth = vec![0usize; shape.nodes.len()];
    for node in forward.iter().flat_map(|(from, to)| [*from, *to]) {
        if let Some(slot) = linked.get_mut(node) {
            *slot = true;
        }
    }
    for &node in &topological(shape.nodes.len(), &forward) {
        let next = at(&depth, node) + 1;
        for (_, to) in forward.iter().filter(|(from, _)| *from == node) {
            if let Some(slot) = depth.get_mut(*to) {
                *slot = next.max(*slot);
            }
        }
    }
    pull_sources(&forward, &mut depth);
    let of: Vec<Option<usize>> =
        linked.iter().zip(&depth).map(|(linked, depth)| linked.then_some(*depth)).collect();
    let count = of.iter().flatten().max().map_or(1, |deepest| deepest + 1);
    Layers { of, backward, count }
}

/// The links turned so that they form no circle, those that matter most kept as they are.
fn acyclic(shape: &Shape) -> (Vec<(usize, usize)>, Vec<bool>) {
    let mut order: Vec<usize> = (0..shape.links.len()).collect();
    order.sort_by_key(|&link| (shape.links.get(link).map(|link| link.rank), link));
    let mut successors: Vec<Vec<usize>> = vec![Vec::new(); shape.nodes.len()];
    let mut backward = vec![false; shape.links.len()];
    for number in order {
        let Some(link) = shape.links.get(number).filter(|link| link.from != link.to) else { continue };
        let back = reaches(&successors, link.to, link.from);
        let (from, to) = if back { (link.to, link.from) } else { (link.from, link.to) };
        if let Some(list) = successors.get_mut(from).filter(|list| !list.contains(&to)) {
            list.push(to);
        }
        if let Some(slot) = backward.get_mut(number) {
            *slot = back;
        }
    }
    let forward =
        successors.iter().enumerate().flat_map(|(from, list)| list.iter().map(move |to| (from, *to)));
    (forward.collect(), backward)
}

fn reaches(successors: &[Vec<usize>], from: usize, wanted: usize) -> bool {
    let mut seen = vec![false; successors.len()];
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if node == wanted {
            return true;
        }
        if let Some(slot) = seen.get_mut(node).filter(|seen| !**seen) {
            *slot = true;
            open.extend(successors.get(node).into_iter().flatten());
        }
    }
    false
}

/// Every model after all that lead to it.
fn topological(count: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut waiting = vec![0usize; count];
    for (_, to) in links {
        if let Some(slot) = waiting.get_mut(*to) {
            *slot += 1;
        }
    }
    let mut order: Vec<usize> = (0..count).filter(|node| at(&waiting, *node) == 0).collect();
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for (_, to) in links.iter().filter(|(from, _)| *from == node) {
            if let Some(slot) = waiting.get_mut(*to) {
                *slot -= 1;
                if *slot == 0 {
                    order.push(*to);
                }
            }
        }
    }
    order
}

/// A model that nothing leads to stands right before the first that it leads to: its links are short.
fn pull_sources(links: &[(usize, usize)], depth: &mut [usize]) {
    for node in 0..depth.len() {
        if links.iter().any(|(_, to)| *to == node) {
            continue;
        }
        let first = links.iter().filter(|(from, _)| *from == node).map(|(_, to)| at(depth, *to)).min();
        if let (Some(first), Some(slot)) = (first, depth.get_mut(node)) {
            *slot = first.saturating_sub(1);
        }
    }
}
