//! Who is asked after a name: from fallback to fallback, each name once, as deep as the proxy goes.

use std::collections::{BTreeSet, VecDeque};

use super::fallbacks::{Error, Fallbacks, Found, Path};
use crate::limits::MAX_IMPORTED_STEPS;

/// A walk on behalf of one name that failed by one kind of error.
pub(super) struct Walk<'a> {
    lists: &'a Fallbacks<'a>,
    /// The name that was asked for.
    asked: &'a str,
    /// How it failed.
    error: Error,
    pub(super) path: Path,
    /// Whether the next `order` of a name is tried before its fallbacks.
    orders: bool,
    /// All names that were met.
    met: BTreeSet<&'a str>,
    /// Names that were met on one pass.
    passed: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    /// The path of a name: first whom it asks where all fail in the same way, then whom else where they fail in
    /// different ways.
    pub(super) fn path(
        lists: &'a Fallbacks<'a>,
        asked: &'a str,
        error: Error,
        on: Vec<&'static str>,
    ) -> Path {
        let mut path = Self::walked(lists, asked, error, on.clone(), true);
        if lists.has_hops && error == Error::Other {
            let plain = Self::walked(lists, asked, error, on, false);
            path.is_cut |= plain.is_cut;
            path.without_order = Some(plain.targets).filter(|targets| *targets != path.targets);
        }
        path
    }

    fn walked(
        lists: &'a Fallbacks<'a>,
        asked: &'a str,
        error: Error,
        on: Vec<&'static str>,
        orders: bool,
    ) -> Path {
        let path = Path {
            error,
            on,
            targets: Vec::new(),
            apart: None,
            mixed: Vec::new(),
            without_order: None,
            is_cut: false,
            circle: None,
        };
        let met = BTreeSet::from([asked]);
        let mut walk = Walk { lists, asked, error, path, orders, met, passed: BTreeSet::new() };
        walk.pass(error);
        let same = walk.path.targets.len();
        if lists.has_special() {
            walk.pass(Error::Other);
        }
        let is_router = |name: &str| !lists.picked(name).is_empty();
        if lists.has_special() || is_router(asked) || walk.path.targets.iter().any(|name| is_router(name)) {
            walk.spread(false);
        }
        walk.path.apart = walk.path.targets.get(same).cloned();
        if lists.has_special() {
            let known = walk.path.targets.len();
            walk.spread(true);
            walk.path.mixed = walk.path.targets.split_off(known);
        }
        walk.path
    }

    /// Goes depth first where every fallback fails in one way.
    fn pass(&mut self, later: Error) {
        self.passed = BTreeSet::from([self.asked]);
        let hops = self.hops(self.asked, self.error);
        self.below(self.asked, (self.error, later), hops, &[self.asked]);
    }

    fn hops(&self, name: &str, error: Error) -> u64 {
        if self.orders { self.lists.hops(name, error) } else { 0 }
    }

    /// Asks whoever is listed for a name, which `trail` led to.
    fn below(&mut self, name: &str, (error, later): (Error, Error), depth: u64, trail: &[&'a str]) {
        let lists = self.lists;
        if depth >= lists.depth {
            return;
        }
        let Some(found) = lists.entry(error, name, self.asked) else { return };
        let start = [self.asked];
        let trail = if found.is_resumed { &start } else { trail };
        // Each attempt counts, along a list as well as down.
        let mut depth = depth;
        for target in found.list.targets(found.at) {
            if !self.may_look(target) {
                return;
            }
            if self.passed.insert(target) {
                depth += 1;
                self.add(target);
                let mut trail = trail.to_vec();
                trail.push(target);
                let fails = lists.fails(target, later);
                let hops = self.hops(target, fails);
                self.below(target, (fails, later), depth.saturating_add(hops), &trail);
            } else if found.is_written() && self.path.circle.is_none() {
                let back = trail.iter().position(|above| *above == target.as_str());
                let circle = back.and_then(|at| trail.get(at..));
                self.path.circle =
                    circle.map(|circle| circle.iter().map(|name| (*name).to_owned()).collect());
            }
        }
    }

    /// Adds whoever else some sequence of errors leads to, the nearest first. How deep each is, is the least that it can be.
    /// The name that was asked for may itself fail in `several` ways, where it has several deployments.
    fn spread(&mut self, several: bool) {
        let lists = self.lists;
        let mut queue = VecDeque::from([(self.asked, 0)]);
        let mut seen = BTreeSet::from([self.asked]);
        while let Some((name, depth)) = queue.pop_front() {
            if depth >= lists.depth {
                return;
            }
            let mut errors = vec![self.error];
            if name != self.asked || several {
                errors = [Error::Other, Error::Content, Error::Context]
                    .map(|error| lists.fails(name, error))
                    .to_vec();
                errors.dedup();
            }
            // Fallbacks of a router are those of the name that it picked, or else its own.
            let names = || std::iter::once(name).chain(lists.picked(name).iter().map(String::as_str));
            let entries =
                errors.iter().flat_map(|error| names().map(|name| lists.entry(*error, name, self.asked)));
            let found: Vec<Found> = entries.flatten().collect();
            for target in found.iter().flat_map(|found| found.list.targets(found.at)) {
                if !self.may_look(target) {
                    return;
                }
                if seen.insert(target.as_str()) {
                    self.add(target);
                    queue.push_back((target, depth + 1));
                }
            }
        }
    }

    /// Adds a target, with whoever is asked in its place.
    fn add(&mut self, target: &'a str) {
        let lists = self.lists;
        for name in [Some(target), lists.stand_in(target)].into_iter().flatten() {
            if self.met.insert(name) {
                self.path.targets.push(name.to_owned());
            }
        }
    }

    /// Whether there is room for another target, and work left.
    fn may_look(&mut self, target: &str) -> bool {
        self.path.is_cut |= self.path.targets.len() >= MAX_IMPORTED_STEPS && !self.met.contains(target);
        !self.path.is_cut && self.lists.take_step()
    }
}
