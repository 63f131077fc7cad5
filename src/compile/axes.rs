//! Which parts of a context change a use case's decision, and the decisions along those alone.

use crate::model::{UseCase, World};
use crate::table::format::Axis;

/// The numbers of all decisions of a use case as a grid: classification, bands, facts by name.
pub(super) struct Grid<'a> {
    world: &'a World,
    level: usize,
    /// Positions per dimension.
    sizes: Vec<usize>,
    decisions: &'a [usize],
    /// Per dimension the positions that stand in the table, each the first of a run of equal ones.
    kept: Vec<Vec<usize>>,
}

const CLASSIFICATION: usize = 0;
const BUDGET: usize = 1;

impl<'a> Grid<'a> {
    pub(super) fn new(world: &'a World, use_case: &UseCase, decisions: &'a [usize]) -> Self {
        let level = use_case.classification;
        let mut sizes = vec![world.classifications.len() - level, world.bands.len()];
        sizes.extend(world.facts.iter().map(|fact| fact.values.len()));
        let mut grid = Self { world, level, sizes, decisions, kept: Vec::new() };
        grid.kept = (0..grid.sizes.len()).map(|dimension| grid.distinct(dimension)).collect();
        grid
    }

    /// How far apart neighbours on a dimension stand in the list of decisions.
    fn stride(&self, dimension: usize) -> usize {
        self.sizes.iter().skip(dimension + 1).product()
    }

    /// Whether two positions of a dimension decide alike whatever the others are.
    fn alike(&self, dimension: usize, a: usize, b: usize) -> bool {
        let (stride, size) = (self.stride(dimension), self.sizes.get(dimension).copied().unwrap_or(1));
        let block = stride * size;
        self.decisions.chunks(block).all(|chunk| {
            let at = |position: usize| chunk.get(position * stride..(position + 1) * stride);
            at(a) == at(b)
        })
    }

    /// The positions of a dimension that stand in the table: one where it changes nothing; of bands the first of
    /// every run of equal ones; else all.
    fn distinct(&self, dimension: usize) -> Vec<usize> {
        let size = self.sizes.get(dimension).copied().unwrap_or(1);
        let starts: Vec<usize> =
            (0..size).filter(|at| *at == 0 || !self.alike(dimension, at - 1, *at)).collect();
        if starts.len() == 1 {
            vec![0]
        } else if dimension == BUDGET {
            starts
        } else {
            (0..size).collect()
        }
    }

    /// The axes of the table.
    pub(super) fn axes(&self) -> Vec<Axis> {
        let listed = self.kept.iter().enumerate().filter(|(_, kept)| kept.len() > 1);
        let axes = listed.filter_map(|(dimension, kept)| match dimension {
            CLASSIFICATION => Some(Axis {
                fact: "classification".to_owned(),
                values: Some(self.world.classifications.get(self.level..)?.to_vec()),
                cuts: None,
            }),
            BUDGET => {
                // A run of bands ends where the next begins: the band before it says with which cut.
                let ends = kept.iter().skip(1).filter_map(|start| self.world.bands.get(start - 1));
                let cuts = ends.map(crate::model::Band::cut).collect();
                Some(Axis { fact: "budget.remaining".to_owned(), values: None, cuts: Some(cuts) })
            }
            _ => {
                let fact = self.world.facts.get(dimension - 2)?;
                Some(Axis { fact: fact.name.clone(), values: Some(fact.values.clone()), cuts: None })
            }
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
