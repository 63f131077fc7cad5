//! The elementary circles of a graph, each once, shortest first, bounded.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::limits::MAX_CIRCLES;

/// Most steps of the search: a dense graph has exponentially many paths.
const MAX_STEPS: usize = 200_000;

/// Every elementary circle of the graph over `0..nodes`: its nodes in order, from the smallest.
pub fn circles(nodes: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<usize, ()> = DiGraph::with_capacity(nodes, 0);
    let indices: Vec<NodeIndex> = (0..nodes).map(|node| graph.add_node(node)).collect();
    let edges: BTreeSet<(usize, usize)> = edges.into_iter().collect();
    for (from, to) in edges {
        if let (Some(&from), Some(&to)) = (indices.get(from), indices.get(to)) {
            graph.add_edge(from, to, ());
        }
    }
    let mut search = Search { graph: &graph, inside: BTreeSet::new(), found: Vec::new(), steps: 0 };
    for component in tarjan_scc(&graph) {
        search.inside = component.iter().map(|node| node.index()).collect();
        let starts: Vec<usize> = search.inside.iter().copied().collect();
        for start in starts {
            search.from(start);
        }
    }
    search.found.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    search.found.truncate(MAX_CIRCLES);
    search.found
}

struct Search<'a> {
    graph: &'a DiGraph<usize, ()>,
    inside: BTreeSet<usize>,
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Search<'_> {
    fn next(&self, node: usize, start: usize) -> Vec<usize> {
        let mut next: Vec<usize> = self.graph.neighbors(NodeIndex::new(node)).map(NodeIndex::index).collect();
        next.retain(|node| *node >= start && self.inside.contains(node));
        next.sort_unstable();
        next
    }

    /// Circles whose smallest node is `start`, by a depth-first search without recursion.
    fn from(&mut self, start: usize) {
        let mut path = vec![start];
        let mut stack = vec![self.next(start, start)];
        while let Some(options) = stack.last_mut() {
            self.steps += 1;
            if self.found.len() >= MAX_CIRCLES || self.steps > MAX_STEPS {
                return;
            }
            if options.is_empty() {
                stack.pop();
                path.pop();
                continue;
            }
            let node = options.remove(0);
            if node == start {
                self.found.push(path.clone());
            } else if !path.contains(&node) {
                path.push(node);
                let next = self.next(node, start);
                stack.push(next);
            }
        }
    }
}
