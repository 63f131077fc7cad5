//! How cells are numbered, and one walk over those of a use case: what an exporter, a verifier and test vectors go through.
//!
//! Cells are numbered as an odometer counts, the last axis the fastest.
//! Of axes with 2, 3 and 2 positions these are the strides, and cell 9 stands at 1, 1, 1:
//!
//! ```text
//! axis       A   B   C
//! positions  2   3   2
//! stride     6   2   1     9 = 1·6 + 1·2 + 1·1
//! ```

use super::format::{Axis, AxisName, Table, UseCase};
use super::load::DecisionTable;

/// The axes of a list of cells, the last one first, each with its stride: how many cells apart two neighbours on it stand.
/// It is never 0: an axis without positions counts as one with a single one.
pub fn strides<A>(
    axes: impl IntoIterator<IntoIter: DoubleEndedIterator<Item = A>>,
    positions: impl Fn(&A) -> usize,
) -> impl Iterator<Item = (A, usize)> {
    let mut next = 1usize;
    axes.into_iter().rev().map(move |axis| {
        let stride = next;
        next = next.saturating_mul(positions(&axis).max(1));
        (axis, stride)
    })
}

/// Moves to the next cell, given how many positions each axis has. Whether there is one; after the last stands the first.
pub fn following(
    at: &mut [usize],
    positions: impl IntoIterator<IntoIter: DoubleEndedIterator<Item = usize> + ExactSizeIterator>,
) -> bool {
    for (position, size) in at.iter_mut().zip(positions).rev() {
        *position = position.saturating_add(1);
        if *position < size {
            return true;
        }
        *position = 0;
    }
    false
}

/// A cell and the position on every axis that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context<'t> {
    /// Its position among the use case's cells.
    pub cell: usize,
    /// Index into `decisions`.
    pub decision: usize,
    axes: &'t [Axis],
    positions: Vec<usize>,
}

/// The part of an axis that a context stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position<'t> {
    /// A classification or a value of a fact.
    Value(&'t str),
    /// A band of a remaining share: what satisfies `cut` and none before it.
    Band {
        /// The cut below, which is not satisfied; none for the lowest band.
        not: Option<&'t str>,
        /// The cut that is; none for the highest band.
        cut: Option<&'t str>,
    },
}

impl<'t> Position<'t> {
    /// The value; of a share the first cut that it satisfies, or `above`.
    pub fn stated(self) -> &'t str {
        match self {
            Self::Value(value) => value,
            Self::Band { cut, .. } => cut.unwrap_or("above"),
        }
    }
}

impl<'t> Context<'t> {
    /// The axes by name, each with where the context stands on it.
    pub fn positions(&self) -> impl Iterator<Item = (AxisName<&'t str>, Position<'t>)> + '_ {
        self.axes.iter().zip(&self.positions).map(|(axis, at)| (axis.name(), position(axis, *at)))
    }
}

fn position(axis: &Axis, at: usize) -> Position<'_> {
    match (&axis.values, &axis.cuts) {
        (Some(values), _) => Position::Value(values.get(at).map_or("", String::as_str)),
        (None, cuts) => {
            let cuts = cuts.as_deref().unwrap_or_default();
            let not = at.checked_sub(1).and_then(|before| cuts.get(before)).map(String::as_str);
            Position::Band { not, cut: cuts.get(at).map(String::as_str) }
        }
    }
}

/// Goes through the cells of a use case in order: the first axis slowest.
#[derive(Debug, Clone)]
pub struct Contexts<'t> {
    axes: &'t [Axis],
    cells: &'t [usize],
    next: usize,
    positions: Vec<usize>,
}

impl<'t> Iterator for Contexts<'t> {
    type Item = Context<'t>;

    fn next(&mut self) -> Option<Context<'t>> {
        let decision = *self.cells.get(self.next)?;
        let positions = self.positions.clone();
        let context = Context { cell: self.next, decision, axes: self.axes, positions };
        self.next += 1;
        following(&mut self.positions, self.axes.iter().map(Axis::positions));
        Some(context)
    }
}

impl Table {
    /// The axes of a use case.
    pub fn axes(&self, use_case: &UseCase) -> &[Axis] {
        self.grids.get(use_case.axes).map_or(&[], Vec::as_slice)
    }

    /// Every cell of a use case with the context that leads to it.
    pub fn contexts<'t>(&'t self, use_case: &'t UseCase) -> Contexts<'t> {
        let axes = self.axes(use_case);
        Contexts { axes, cells: &use_case.cells, next: 0, positions: vec![0; axes.len()] }
    }
}

impl DecisionTable {
    /// Every use case with all its cells.
    pub fn walk(&self) -> impl Iterator<Item = (&UseCase, Contexts<'_>)> {
        let table = self.table();
        table.use_cases.iter().map(|use_case| (use_case, table.contexts(use_case)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strides_number_the_cells_in_the_order_of_the_walk() {
        let sizes = [2usize, 3, 2];
        let mut at = [0; 3];
        for cell in 0..12 {
            let offsets = strides(sizes.iter().zip(at), |(size, _)| **size);
            assert_eq!(offsets.map(|((_, at), stride)| at * stride).sum::<usize>(), cell);
            assert_eq!(following(&mut at, sizes), cell < 11);
        }
        assert_eq!(at, [0; 3]);
    }

    #[test]
    fn without_axes_there_is_one_cell() {
        assert!(!following(&mut [], []));
    }
}
