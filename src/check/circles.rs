//! The elementary circles of a graph, each once, shortest first, bounded: a bound shortens the list and never empties it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::seen::cut;
use crate::diag::Finding;
use crate::limits::{MAX_CIRCLE_STEPS, MAX_CIRCLES};
use crate::work;

/// Circles of a graph.
#[derive(Debug, PartialEq, Eq)]
pub struct Circles<N> {
    /// Each from its smallest node, the shortest first.
    pub found: Vec<Vec<N>>,
    /// Whether there may be more.
    pub is_cut: bool,
}

impl<N> Circles<N> {
    /// A finding of each; the last says that there may be more, where that is so.
    pub(super) fn findings(self, finding: impl FnMut(Vec<N>) -> Option<Finding>) -> Vec<Finding> {
        cut(self.found.into_iter().filter_map(finding).collect(), self.is_cut, "circles")
    }
}

/// Elementary circles of a graph: of every set of nodes that reach each other a shortest one, and beyond these the
/// shortest first, up to [`MAX_CIRCLES`].
pub fn circles<N: Copy + Ord>(edges: impl IntoIterator<Item = (N, N)>) -> Circles<N> {
    let edges: BTreeSet<(N, N)> = edges.into_iter().collect();
    let nodes: BTreeSet<N> = edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut graph: DiGraph<N, ()> = DiGraph::with_capacity(nodes.len(), edges.len());
    let indices: BTreeMap<N, NodeIndex> =
        nodes.into_iter().map(|node| (node, graph.add_node(node))).collect();
    for (from, to) in &edges {
        if let (Some(&from), Some(&to)) = (indices.get(from), indices.get(to)) {
            graph.add_edge(from, to, ());
        }
    }
    let mut found: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
    let (mut others, mut is_cut) = (BTreeSet::new(), false);
    // Without recursion: a line of statements may be longer than the stack of a thread.
    for component in kosaraju_scc(&graph) {
        let set = Set::new(&graph, &component);
        let Some(shortest) = set.shortest() else { continue };
        if !set.is_one_circle() {
            let (more, all) = set.by_length();
            is_cut |= !all;
            others.extend(more.into_iter().map(|circle| (circle.len(), circle)));
        }
        found.insert((shortest.len(), shortest));
    }
    for circle in others {
        if found.len() < MAX_CIRCLES {
            found.insert(circle);
        } else if !found.contains(&circle) {
            is_cut = true;
            break;
        }
    }
    let named = |circle: Vec<usize>| -> Vec<N> {
        circle.into_iter().filter_map(|at| graph.node_weight(NodeIndex::new(at)).copied()).collect()
    };
    Circles { found: found.into_iter().map(|(_, circle)| named(circle)).collect(), is_cut }
}

/// Nodes that reach each other, with the edges between them in both directions, sorted.
struct Set {
    next: BTreeMap<usize, Vec<usize>>,
    before: BTreeMap<usize, Vec<usize>>,
}

impl Set {
    fn new<N>(graph: &DiGraph<N, ()>, component: &[NodeIndex]) -> Self {
        let inside: BTreeSet<usize> = component.iter().map(|node| node.index()).collect();
        let mut set = Self { next: BTreeMap::new(), before: BTreeMap::new() };
        for &node in &inside {
            let next: BTreeSet<usize> = graph.neighbors(NodeIndex::new(node)).map(NodeIndex::index).collect();
            for to in next.into_iter().filter(|to| inside.contains(to)) {
                set.next.entry(node).or_default().push(to);
                set.before.entry(to).or_default().push(node);
            }
        }
        set
    }

    /// Whether each leads to one other: then there is one circle.
    fn is_one_circle(&self) -> bool {
        self.next.values().all(|next| next.len() == 1)
    }

    /// A circle as short as any; none where nothing comes back.
    fn shortest(&self) -> Option<Vec<usize>> {
        let mut best: Option<Vec<usize>> = None;
        let mut steps = 0;
        for &start in self.next.keys() {
            let most = best.as_ref().map_or(usize::MAX, Vec::len);
            if let Some(circle) = self.back_to(start, most, &mut steps) {
                best = Some(circle);
            }
            if steps > MAX_CIRCLE_STEPS || self.is_one_circle() {
                break;
            }
        }
        best.map(|mut circle| {
            let first = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
            circle.rotate_left(first);
            circle
        })
    }

    /// The shortest way from a node back to it, if it takes fewer than so many nodes.
    fn back_to(&self, start: usize, most: usize, steps: &mut usize) -> Option<Vec<usize>> {
        let mut from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([(start, 1)]);
        while let Some((node, length)) = queue.pop_front() {
            if length >= most {
                return None;
            }
            for &next in self.next.get(&node).into_iter().flatten() {
                work::step();
                *steps += 1;
                if next == start {
                    let mut circle: Vec<usize> =
                        std::iter::successors(Some(node), |node| from.get(node).copied()).collect();
                    circle.reverse();
                    return Some(circle);
                }
                if let std::collections::btree_map::Entry::Vacant(place) = from.entry(next) {
                    place.insert(node);
                    queue.push_back((next, length + 1));
                }
            }
        }
        None
    }

    /// Circles in the order of their lengths, at most [`MAX_CIRCLES`]: all of one length, then all of the next that may be;
    /// and whether these are all.
    fn by_length(&self) -> (Vec<Vec<usize>>, bool) {
        let mut search = Search { set: self, found: Vec::new(), steps: 0, length: 1, longer: None };
        loop {
            search.longer = None;
            for &start in self.next.keys() {
                search.from(start);
                if search.found.len() >= MAX_CIRCLES || search.steps > MAX_CIRCLE_STEPS {
                    return (search.found, false);
                }
            }
            match search.longer {
                Some(longer) => search.length = longer,
                None => return (search.found, true),
            }
        }
    }

    /// Per node that is not smaller than another, how many steps lead from it to that other.
    fn distances(&self, to: usize, steps: &mut usize) -> BTreeMap<usize, usize> {
        let mut distances = BTreeMap::from([(to, 0)]);
        let mut queue = VecDeque::from([(to, 0)]);
        while let Some((node, distance)) = queue.pop_front() {
            for &before in self.before.get(&node).into_iter().flatten().filter(|before| **before > to) {
                *steps += 1;
                if let std::collections::btree_map::Entry::Vacant(place) = distances.entry(before) {
                    place.insert(distance + 1);
                    queue.push_back((before, distance + 1));
                }
            }
        }
        distances
    }
}

struct Search<'a> {
    set: &'a Set,
    found: Vec<Vec<usize>>,
    steps: usize,
    /// The length of the circles that are looked for.
    length: usize,
    /// The smallest greater length that some circle may have.
    longer: Option<usize>,
}

impl Search<'_> {
    /// Circles of the length whose smallest node is `start`, by a depth-first search without recursion that never
    /// goes where the way back is too long.
    fn from(&mut self, start: usize) {
        let distances = self.set.distances(start, &mut self.steps);
        let mut path = vec![start];
        let mut stack = vec![self.next(start)];
        while let Some(options) = stack.last_mut() {
            // To look whether a node is on the path takes as long as the path is.
            self.steps += 1 + path.len() / 16;
            if self.found.len() >= MAX_CIRCLES || self.steps > MAX_CIRCLE_STEPS {
                return;
            }
            let Some(node) = options.pop_front() else {
                stack.pop();
                path.pop();
                continue;
            };
            let Some(back) = distances.get(&node) else { continue };
            let least = path.len() + back;
            if least > self.length {
                self.longer = Some(self.longer.map_or(least, |longer| longer.min(least)));
            } else if node == start {
                if least == self.length {
                    self.found.push(path.clone());
                }
            } else if !path.contains(&node) {
                path.push(node);
                let next = self.next(node);
                stack.push(next);
            }
        }
    }

    fn next(&self, node: usize) -> VecDeque<usize> {
        self.set.next.get(&node).into_iter().flatten().copied().collect()
    }
}

/// `a -> b -> a`, in back quotes.
pub(super) fn drawing(names: &[&str]) -> String {
    let back = names.first().copied().into_iter();
    let all: Vec<&str> = names.iter().copied().chain(back).collect();
    format!("`{}`", all.join(" -> "))
}

#[cfg(test)]
mod tests {
    use super::Circles;
    use crate::limits::MAX_CIRCLES;

    /// All circles of a graph.
    fn circles(edges: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
        let Circles { found, is_cut } = super::circles(edges);
        assert_eq!(is_cut, found.len() == MAX_CIRCLES);
        found
    }

    #[test]
    fn a_node_that_leads_to_itself_is_a_circle() {
        assert_eq!(circles([(0, 0), (0, 1)]), [vec![0]]);
    }

    #[test]
    fn circles_come_by_length_and_each_once() {
        let edges = [(0, 1), (1, 0), (1, 2), (2, 0), (2, 3), (3, 2)];
        assert_eq!(circles(edges), [vec![0, 1], vec![2, 3], vec![0, 1, 2]]);
    }

    #[test]
    fn a_long_circle_is_found() {
        let n = 3_000;
        let found = circles((0..n).map(|node| (node, (node + 1) % n)));
        assert_eq!(found, [(0..n).collect::<Vec<usize>>()]);
    }

    #[test]
    fn a_line_longer_than_a_small_stack_is_walked_to_its_end() {
        let walk = || circles((0..20_000).map(|node| (node, node + 1)).chain([(20_000, 19_999)]));
        let thread = std::thread::Builder::new().stack_size(128 * 1024).spawn(walk);
        let found = thread.expect("a thread starts").join().expect("its stack is enough");
        assert_eq!(found, [vec![19_999, 20_000]]);
    }

    #[test]
    fn a_dense_graph_shortens_the_list_of_every_set_and_empties_none() {
        let dense = |from: usize, to: usize| {
            (from..to).flat_map(move |a| (from..to).filter(move |b| *b != a).map(move |b| (a, b)))
        };
        let found = circles(dense(0, 60).chain([(60, 61), (61, 62), (62, 60)]));
        assert_eq!(found.len(), MAX_CIRCLES);
        assert!(found.contains(&vec![60, 61, 62]));
        assert!(found.iter().filter(|circle| circle.len() == 2).count() == MAX_CIRCLES - 1);
    }

    #[test]
    fn every_set_has_a_circle_however_many_there_are() {
        let found = circles((0..150).flat_map(|pair| [(2 * pair, 2 * pair + 1), (2 * pair + 1, 2 * pair)]));
        assert_eq!(found.len(), 150);
    }
}
