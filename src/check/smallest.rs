//! The smallest set of promises whose removal leaves a model to a use case.

use std::collections::HashMap;

use super::out::Kept;
use crate::decide::{outside, reference};
use crate::limits::effort;
use crate::model::{Context, Model, RuleId, UseCase, UseCaseId, World};
use crate::source::Span;

/// A promise: its rule and its clause.
pub(super) type Named<'a> = (&'a str, Span);

/// What is left to a use case: the model, and the promises that would have to go.
pub(super) type Left<'a> = Option<(&'a Model, Vec<Named<'a>>)>;

/// What was found of use cases that are decided alike, each context once.
#[derive(Default)]
pub(super) struct Known<'a>(HashMap<UseCaseId, Vec<(Context, Kept, Left<'a>)>>);

impl<'a> Known<'a> {
    /// What keeps models out, and the same as [`find`], of the first of the use cases that are decided alike.
    pub(super) fn find(
        &mut self,
        world: &'a World,
        (first_alike, use_case): (UseCaseId, &UseCase),
        context: &Context,
    ) -> (Kept, Left<'a>) {
        let known = self.0.entry(first_alike).or_default();
        if let Some((_, kept, left)) = known.iter().find(|(of, ..)| of == context) {
            return (kept.clone(), left.clone());
        }
        let kept = Kept::of(world, use_case, context);
        let left = find(world, use_case, context);
        known.push((context.clone(), kept.clone(), left.clone()));
        (kept, left)
    }
}

/// The model that is left with the fewest promises gone, and these promises; none where gates alone keep every model out.
///
/// What is processed elsewhere may meet other promises, so these are counted anew for each set of `process in` clauses.
fn find<'a>(world: &'a World, use_case: &UseCase, context: &Context) -> Left<'a> {
    let rules = reference::applying(world, use_case, context);
    let clauses: Vec<(&str, Span)> =
        outside::clauses(world, &rules).map(|(_, name, clause)| (name, clause.span)).collect();
    let mut best: Option<(&Model, Vec<Named>)> = None;
    for gone in subsets(clauses.len()).take(effort::PROCESS_SETS) {
        let fewest = best.as_ref().map_or(usize::MAX, |(_, promises)| promises.len());
        if gone.len() >= fewest {
            break;
        }
        let named: Vec<Named> = gone.iter().filter_map(|at| clauses.get(*at).copied()).collect();
        let without: Vec<Span> = named.iter().map(|(_, span)| *span).collect();
        let kept_out = reference::kept_out_by_promises(world, use_case, context, &rules, &without);
        for (model, broken) in kept_out {
            let count = named.len() + broken.len();
            if best.as_ref().is_none_or(|(_, promises)| count < promises.len()) {
                let broken = broken.iter().filter_map(|broken| place(world, broken));
                best = Some((model, named.iter().copied().chain(broken).collect()));
            }
        }
    }
    best
}

fn place<'a>(world: &'a World, (rule, position): &(RuleId, usize)) -> Option<Named<'a>> {
    let rule = &world.rules[*rule];
    Some((rule.name.value.as_str(), rule.promises.get(*position)?.span))
}

/// The sets of positions below `n`, the smaller first.
fn subsets(n: usize) -> impl Iterator<Item = Vec<usize>> {
    let mut of_size: Vec<Vec<usize>> = vec![Vec::new()];
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == of_size.len() {
            let larger = |set: &Vec<usize>| {
                let from = set.last().map_or(0, |last| last + 1);
                let set = set.clone();
                (from..n).map(move |next| set.iter().copied().chain([next]).collect::<Vec<usize>>())
            };
            of_size = of_size.iter().flat_map(larger).take(effort::PROCESS_SETS).collect();
            at = 0;
        }
        at += 1;
        of_size.get(at - 1).cloned()
    })
}

#[cfg(test)]
mod tests {
    use super::subsets;

    #[test]
    fn the_smaller_sets_come_first_and_each_once() {
        let sets: Vec<Vec<usize>> = subsets(3).collect();
        let wanted: [&[usize]; 8] = [&[], &[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]];
        assert_eq!(sets, wanted.map(<[usize]>::to_vec));
        assert_eq!(subsets(40).take(2_000).count(), 2_000);
    }
}
