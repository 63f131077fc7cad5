//! The contexts of one use case that have to be decided apart.
//!
//! A fact that nothing reads for a use case, or two values that everything reads alike, cannot make two decisions.
//! So the positions of each axis fall into classes, and one context is decided for each combination of classes:
//!
//! ```text
//! tenant:    standard  premium  trial     read by `tenant == premium` only
//! classes:       0        1       0       two contexts instead of three; the first stands for two
//! ```
//!
//! A class is shown by the baseline's position if that is in it, else by its first: so the context nearest to the
//! baseline, and of these the first, is among those that are decided.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use fixedbitset::FixedBitSet;

use super::Engine;
use crate::invariant::there;
use crate::model::{Axis, Context, UseCase, World};
use crate::table::{following, strides};

/// The contexts of a use case that are decided, and how many each of them stands for.
#[derive(Debug)]
pub struct Space {
    /// In the order in which contexts differ, the first slowest.
    pub axes: Vec<Classes>,
    /// One for each combination of classes.
    pub contexts: Vec<Context>,
    /// The position of the baseline among [`Space::contexts`].
    pub baseline: usize,
    /// Per context, in how many values it differs from the baseline.
    distances: Vec<u32>,
}

/// The positions of one axis by what reads them alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Classes {
    /// The axis that falls into these classes.
    pub axis: Axis,
    /// Per position its class.
    pub of: Vec<u32>,
    /// Per class the position that shows it, ascending.
    pub shown: Vec<usize>,
    /// Per class how many positions it has.
    pub sizes: Vec<u64>,
}

impl Space {
    /// The contexts of a use case whose axes fall into classes.
    pub(super) fn new(world: &World, use_case: &UseCase, axes: Vec<Classes>) -> Self {
        let usual = world.baseline(use_case);
        let mut contexts = Vec::new();
        let mut at = vec![0usize; axes.len()];
        loop {
            let mut context = usual.clone();
            for (classes, class) in axes.iter().zip(&at) {
                let position = *there(classes.shown.get(*class), "the class");
                world.move_to(use_case, &mut context, classes.axis, position);
            }
            contexts.push(context);
            if !following(&mut at, axes.iter().map(|classes| classes.shown.len())) {
                break;
            }
        }
        let mut space = Self { axes, contexts, baseline: 0, distances: Vec::new() };
        space.baseline = space.find(world, use_case, &usual).unwrap_or(0);
        space.distances = space.apart(space.baseline);
        space
    }

    /// Per context, in how many classes it differs from one of them.
    fn apart(&self, from: usize) -> Vec<u32> {
        let mut apart = vec![0u32];
        for classes in &self.axes {
            let own = self.class(from, classes.axis);
            let size = classes.shown.len();
            if size > 1 {
                let with = |before: &u32| {
                    let before = *before;
                    (0..size).map(move |class| before + u32::from(class != own))
                };
                apart = apart.iter().flat_map(with).collect();
            }
        }
        apart
    }

    /// In how many values one of [`Space::contexts`] differs from the baseline.
    pub fn distance(&self, at: usize) -> usize {
        self.distances.get(at).map_or(0, |distance| *distance as usize)
    }

    /// The context that decides any other one of the use case; none where a value is none of its axis.
    pub fn find(&self, world: &World, use_case: &UseCase, context: &Context) -> Option<usize> {
        let mut at = 0usize;
        for classes in &self.axes {
            let position = world.position(use_case, context, classes.axis)?;
            let class = *classes.of.get(position)? as usize;
            at = at.checked_mul(classes.shown.len())?.checked_add(class)?;
        }
        Some(at)
    }

    /// How many contexts one of [`Space::contexts`] stands for.
    pub fn weight(&self, at: usize) -> u64 {
        let sizes = strides(&self.axes, |classes| classes.shown.len()).map(|(classes, stride)| {
            classes.sizes.get(at / stride % classes.shown.len().max(1)).copied().unwrap_or(1)
        });
        sizes.fold(1, u64::saturating_mul)
    }

    /// The class of an axis in which a context lies; 0 where the use case has no such axis.
    pub(super) fn class(&self, at: usize, axis: Axis) -> usize {
        let mut axes = strides(&self.axes, |classes| classes.shown.len());
        let own = axes.find(|(classes, _)| classes.axis == axis);
        own.map_or(0, |(classes, stride)| at / stride % classes.shown.len().max(1))
    }

    /// The contexts in whose class of an axis something is true.
    pub(super) fn spread(&self, axis: Axis, truth: impl Fn(usize) -> bool) -> FixedBitSet {
        let mut found = FixedBitSet::with_capacity(self.contexts.len());
        let mut axes = strides(&self.axes, |classes| classes.shown.len());
        let Some((classes, stride)) = axes.find(|(classes, _)| classes.axis == axis) else {
            return found;
        };
        let shown = classes.shown.as_slice();
        let block = stride.saturating_mul(shown.len()).max(1);
        let holds: Vec<usize> =
            shown.iter().enumerate().filter(|(_, at)| truth(**at)).map(|(class, _)| class * stride).collect();
        for start in (0..self.contexts.len()).step_by(block) {
            for offset in &holds {
                found.insert_range(start + offset..start + offset + stride);
            }
        }
        found
    }
}

impl Classes {
    /// How many positions stand in a table at most: one where nothing reads the axis, of bands the first of each run of
    /// one class, else all.
    pub(super) fn width(&self) -> usize {
        if self.shown.len() <= 1 {
            return 1;
        }
        match self.axis {
            Axis::Budget | Axis::Share(_) => {
                let next = self.of.iter().zip(self.of.iter().skip(1));
                next.filter(|(one, next)| one != next).count().saturating_add(1)
            }
            Axis::Classification | Axis::Fact(_) => self.of.len(),
        }
    }
}

/// The positions of an axis on their way into classes.
#[derive(Debug, Clone)]
pub(super) struct Split {
    of: Vec<u32>,
    /// Per class how many positions it has.
    sizes: Vec<u64>,
}

impl Split {
    /// All positions alike.
    pub(super) fn new(positions: usize) -> Self {
        Self { of: vec![0; positions], sizes: vec![positions as u64] }
    }

    /// Every position a class of its own.
    pub(super) fn whole(&mut self) {
        if self.sizes.len() < self.of.len() {
            self.of = (0..).take(self.of.len()).collect();
            self.sizes = vec![1; self.of.len()];
        }
    }

    /// Tells apart where something is true and where it is not.
    pub(super) fn by(&mut self, truth: &FixedBitSet) {
        let size = self.of.len();
        let ones = truth.count_ones(..);
        if self.sizes.len() >= size || ones == 0 || ones >= size {
            return;
        }
        // The smaller side moves: a thousand conditions that hold of one value each cost one step each.
        let moving: Vec<usize> =
            if ones * 2 <= size { truth.ones().collect() } else { truth.zeroes().take(size).collect() };
        let mut leaving: BTreeMap<u32, u64> = BTreeMap::new();
        for class in moving.iter().filter_map(|at| self.of.get(*at)) {
            *leaving.entry(*class).or_default() += 1;
        }
        let mut to: BTreeMap<u32, u32> = BTreeMap::new();
        for at in moving {
            let Some(class) = self.of.get_mut(at) else { continue };
            let going = leaving.get(class).copied().unwrap_or(0);
            let Some(stays) = self.sizes.get(*class as usize).map(|all| all - going) else { continue };
            if stays == 0 {
                continue;
            }
            let sizes = &mut self.sizes;
            *class = *to.entry(*class).or_insert_with(|| {
                sizes.push(going);
                u32::try_from(sizes.len() - 1).unwrap_or(u32::MAX)
            });
        }
        for from in to.keys() {
            let going = leaving.get(from).copied().unwrap_or(0);
            if let Some(size) = self.sizes.get_mut(*from as usize) {
                *size -= going;
            }
        }
    }

    /// The classes, numbered by the position that shows them.
    pub(super) fn finish(&self, axis: Axis, usual: usize) -> Classes {
        if self.sizes.len() == 1 && usual < self.of.len() {
            let (of, sizes) = (self.of.clone(), self.sizes.clone());
            return Classes { axis, of, shown: vec![usual], sizes };
        }
        let mut shown: Vec<Option<usize>> = vec![None; self.sizes.len()];
        for (at, class) in self.of.iter().enumerate() {
            if let Some(first @ None) = shown.get_mut(*class as usize) {
                *first = Some(at);
            }
        }
        if let Some(own) = self.of.get(usual).and_then(|class| shown.get_mut(*class as usize)) {
            *own = Some(usual);
        }
        let classes = (0u32..).zip(shown);
        let mut order: Vec<(usize, u32)> = classes.filter_map(|(class, at)| Some((at?, class))).collect();
        order.sort_unstable();
        let mut numbers = vec![0u32; self.sizes.len()];
        for (number, (_, class)) in (0u32..).zip(&order) {
            if let Some(slot) = numbers.get_mut(*class as usize) {
                *slot = number;
            }
        }
        let size = |(_, class): &(usize, u32)| self.sizes.get(*class as usize).copied().unwrap_or(1);
        Classes {
            axis,
            of: self.of.iter().filter_map(|class| numbers.get(*class as usize).copied()).collect(),
            sizes: order.iter().map(size).collect(),
            shown: order.into_iter().map(|(at, _)| at).collect(),
        }
    }
}

impl Engine<'_> {
    /// Holds contexts of a use case of an earlier world for all that share their classes.
    pub fn adopt(&self, use_case: &UseCase, space: &Arc<Space>) -> Arc<Space> {
        let key = (use_case.classification, space.axes.clone());
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(spaces.entry(key).or_insert_with(|| Arc::clone(space)))
    }

    /// The contexts of a use case whose axes fall into classes that are known, held once for all that share them.
    pub fn spaced(&self, use_case: &UseCase, classes: Vec<Classes>) -> Arc<Space> {
        let key = (use_case.classification, classes);
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(space) = spaces.get(&key) {
            return Arc::clone(space);
        }
        let space = Arc::new(Space::new(self.world, use_case, key.1.clone()));
        spaces.insert(key, Arc::clone(&space));
        space
    }
}
