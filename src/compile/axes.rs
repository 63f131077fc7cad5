//! Which axes of its contexts change a use case's decision, and the decisions along those alone.

use crate::decide::engine::Layout;
use crate::model::{Axis, UseCase, World};
use crate::table::format;

/// All decisions of a use case as a grid: its axes in their order.
pub(super) struct Grid<'a> {
    world: &'a World,
    level: usize,
    layout: &'a Layout,
    /// Per cell of the layout the number of its decision.
    decisions: &'a [usize],
    /// Per axis the positions of the layout that stand in the table, each the first of a run of equal ones.
    kept: Vec<Vec<usize>>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(
        world: &'a World,
        use_case: &UseCase,
        layout: &'a Layout,
        decisions: &'a [usize],
    ) -> Self {
        let level = use_case.classification;
        let mut grid = Self { world, level, layout, decisions, kept: Vec::new() };
        grid.kept = (0..layout.axes.len()).map(|dimension| grid.distinct(dimension)).collect();
        grid
    }

    fn size(&self, dimension: usize) -> usize {
        self.layout.axes.get(dimension).map_or(1, |(_, positions)| positions.len())
    }

    /// How far apart neighbours on a dimension stand in the list of decisions.
    fn stride(&self, dimension: usize) -> usize {
        self.layout.axes.iter().skip(dimension + 1).map(|(_, positions)| positions.len()).product()
    }

    /// Whether two positions of a dimension decide alike whatever the others are.
    fn alike(&self, dimension: usize, a: usize, b: usize) -> bool {
        let stride = self.stride(dimension);
        self.decisions.chunks(stride * self.size(dimension)).all(|chunk| {
            let at = |position: usize| chunk.get(position * stride..(position + 1) * stride);
            at(a) == at(b)
        })
    }

    /// The positions of a dimension that stand in the table: one where it changes nothing; of bands the first of
    /// every run of equal ones; else all.
    fn distinct(&self, dimension: usize) -> Vec<usize> {
        let size = self.size(dimension);
        let starts: Vec<usize> =
            (0..size).filter(|at| *at == 0 || !self.alike(dimension, at - 1, *at)).collect();
        let axis = self.layout.axes.get(dimension).map(|(axis, _)| *axis);
        match axis {
            _ if starts.len() == 1 => vec![0],
            Some(Axis::Budget | Axis::Share(_)) => starts,
            _ => (0..size).collect(),
        }
    }

    /// The axes of the table.
    pub(super) fn axes(&self) -> Vec<format::Axis> {
        let varying = self.layout.axes.iter().zip(&self.kept).filter(|(_, kept)| kept.len() > 1);
        let axes = varying.filter_map(|((axis, positions), kept)| {
            let (values, cuts) = match axis {
                Axis::Classification => (Some(self.world.classifications.get(self.level..)?.to_vec()), None),
                Axis::Budget | Axis::Share(_) => {
                    // A run of bands ends where the next begins: the band before it says with which cut.
                    let starts = kept.iter().skip(1).filter_map(|start| positions.get(*start));
                    let bands = self.world.bands_of(*axis);
                    let ends = starts.filter_map(|start| bands.get(start.checked_sub(1)?));
                    (None, Some(ends.map(crate::model::Band::cut).collect()))
                }
                Axis::Fact(fact) => (Some(self.world.facts[*fact].values.clone()), None),
            };
            Some(format::Axis { fact: self.world.axis_name(*axis), values, cuts })
        });
        axes.collect()
    }

    /// The decisions along the axes, the first axis slowest.
    pub(super) fn cells(&self) -> Vec<usize> {
        let mut offsets = vec![0];
        for (dimension, kept) in self.kept.iter().enumerate() {
            let stride = self.stride(dimension);
            offsets =
                offsets.iter().flat_map(|offset| kept.iter().map(move |at| offset + at * stride)).collect();
        }
        offsets.into_iter().filter_map(|offset| self.decisions.get(offset).copied()).collect()
    }
}
