//! Which axes of its contexts change a use case's decision, and the decisions along those alone.

use crate::decide::engine::{Classes, Space};
use crate::model::{Axis, ClassificationId, UseCase, World};
use crate::table::{format, strides};

/// All decisions of a use case as a grid: its axes in their order.
pub(super) struct Grid<'a> {
    world: &'a World,
    level: ClassificationId,
    space: &'a Space,
    /// Per context of the space the number of its decision.
    decisions: &'a [usize],
    /// Per axis how far apart neighbouring classes of it stand in the list of decisions.
    strides: Vec<usize>,
    /// Per axis the positions that stand in the table: one where it changes nothing.
    kept: Vec<Vec<usize>>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(
        world: &'a World,
        use_case: &UseCase,
        space: &'a Space,
        decisions: &'a [usize],
    ) -> Self {
        let level = use_case.classification;
        let mut strides: Vec<usize> =
            strides(&space.axes, |classes| classes.shown.len()).map(|(_, stride)| stride).collect();
        strides.reverse();
        let mut grid = Self { world, level, space, decisions, strides, kept: Vec::new() };
        let axes = space.axes.iter().zip(&grid.strides);
        grid.kept = axes.map(|(classes, stride)| grid.positions(classes, *stride)).collect();
        grid
    }

    /// Whether two of so many classes of an axis decide alike whatever the others are.
    fn alike(&self, stride: usize, classes: usize, (a, b): (usize, usize)) -> bool {
        a == b
            || self.decisions.chunks(stride.saturating_mul(classes).max(1)).all(|chunk| {
                let at = |class: usize| chunk.get(class * stride..(class + 1) * stride);
                at(a) == at(b)
            })
    }

    /// The positions of an axis that stand in the table: one where it changes nothing; of bands the first of
    /// every run of equal ones; else all.
    fn positions(&self, classes: &Classes, stride: usize) -> Vec<usize> {
        let all = classes.shown.len();
        if (1..all).all(|class| self.alike(stride, all, (class - 1, class))) {
            return vec![0];
        }
        match classes.axis {
            Axis::Budget | Axis::Share(_) => {
                let starts = |at: &usize| {
                    at.checked_sub(1).is_none_or(|before| {
                        let (a, b) = (class(classes, before), class(classes, *at));
                        !self.alike(stride, all, (a, b))
                    })
                };
                (0..classes.of.len()).filter(starts).collect()
            }
            Axis::Classification | Axis::Fact(_) => (0..classes.of.len()).collect(),
        }
    }

    /// The axes of the table.
    pub(super) fn axes(&self) -> Vec<format::Axis> {
        let varying = self.space.axes.iter().zip(&self.kept).filter(|(_, kept)| kept.len() > 1);
        let axes = varying.map(|(classes, kept)| {
            let axis = classes.axis;
            let (values, cuts) = match axis {
                Axis::Classification => (Some(self.world.classifications.rest(self.level).to_vec()), None),
                Axis::Budget | Axis::Share(_) => {
                    // A run of bands ends where the next begins: the band before it says with which cut.
                    let bands = self.world.bands_of(axis);
                    let ends = kept.iter().skip(1).filter_map(|start| bands.get(start.checked_sub(1)?));
                    (None, Some(ends.map(crate::model::Band::cut).collect()))
                }
                Axis::Fact(fact) => (Some(self.world.facts[fact].values.as_slice().to_vec()), None),
            };
            format::Axis { fact: self.world.axis_name(axis), values, cuts }
        });
        axes.collect()
    }

    /// The decisions along the axes, the first axis slowest.
    pub(super) fn cells(&self) -> Vec<usize> {
        let mut offsets = vec![0];
        for ((classes, stride), kept) in self.space.axes.iter().zip(&self.strides).zip(&self.kept) {
            let along = |offset: usize| kept.iter().map(move |at| offset + class(classes, *at) * stride);
            offsets = offsets.iter().flat_map(|offset| along(*offset)).collect();
        }
        offsets.into_iter().filter_map(|offset| self.decisions.get(offset).copied()).collect()
    }
}

/// The class of a position.
fn class(classes: &Classes, position: usize) -> usize {
    classes.of.get(position).map_or(0, |class| *class as usize)
}
