//! What cuts the models that could follow a primary: shared by the `no-failover` findings.

use std::collections::BTreeMap;

use super::out::Out;
use crate::decide::{LeftOut, Path};
use crate::diag::Finding;
use crate::limits::shown;
use crate::model::words::{count, some};
use crate::model::{Above, Candidates, Context, Failover, FailoverTo, Model, UseCase, World};
use crate::number;

/// Says why a path has no target: what its statement leaves out, or that nobody else may serve.
pub(super) fn explain(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    primary: &Model,
    path: &Path,
    mut finding: Finding,
) -> Finding {
    let failover = &world.failovers[path.failover];
    if failover.limit == 0 {
        return finding.note("`limit 0 hops` lets nothing follow the primary");
    }
    if matches!(failover.candidates, Candidates::Registry)
        && matches!(primary.failover_to, FailoverTo::NotStated)
    {
        return finding.note(format!("`{}` states no `failover_to`", primary.id));
    }
    let mut cuts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for left_out in &path.left_out {
        let model = &world.models[left_out.model];
        for cut in cuts_of(failover, left_out) {
            cuts.entry(cut).or_default().push(&model.id);
        }
    }
    for (cut, models) in cuts {
        let (how_many, names) = (count(models.len(), "model", "models"), some(&models, shown::MODELS_CUT));
        finding = finding.note(format!("`{cut}` leaves out {how_many}: {names}"));
    }
    if path.left_out.is_empty() && matches!(failover.candidates, Candidates::Ranking) {
        let out = Out::of(world, use_case, context);
        if out.is_empty() {
            return finding.note("the registry has no other model");
        }
        return out.told(shown::MODELS_CUT, finding);
    }
    if path.left_out.is_empty()
        && let Candidates::Chains(_) = failover.candidates
    {
        let name = &failover.name.value;
        return finding.note(format!("on the chains of `{name}` nothing comes after `{}`", primary.id));
    }
    finding
}

/// The clauses that leave a candidate out.
fn cuts_of(failover: &Failover, left_out: &LeftOut) -> Vec<String> {
    let aspects = left_out.mismatches.iter().map(|aspect| format!("match {}", aspect.name()));
    let block = failover.above.iter().find(|above| Some(above.span) == left_out.too_dear);
    aspects.chain(block.map(written)).collect()
}

fn written(above: &Above) -> String {
    let action = above.action.kind().name();
    format!("above {}x cost {action}", number::exact(&above.multiplier))
}
