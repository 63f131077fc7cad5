//! Why a model serves a request, and why another does not.

use super::{Question, and};
use crate::decide::{Excluded, Gate, reference};
use crate::model::words::set;
use crate::model::{Model, ModelId, PreferKind, RuleId, Tier};
use crate::number::{self, whole};

/// Why the request goes to this model, to stand right after its name.
pub(super) fn of_route(question: &Question, route: ModelId) -> String {
    let ranking = question.ranking();
    let primary = ranking.first().copied();
    if primary != Some(route) {
        let first = primary.map_or("", |id| question.id(id));
        return format!(", the first of its targets that is up (normally `{first}`)");
    }
    let Some(&second) = ranking.get(1) else {
        return ", the only model that may serve it".to_owned();
    };
    let count = ranking.len();
    match reference::deciding(question.world, question.use_case, question.context, route, second) {
        reference::Deciding::Preference(rule, position) => preferred(question, rule, position),
        reference::Deciding::Cost => format!(", the cheapest of the {count} models that may serve it"),
        reference::Deciding::Id => {
            format!(
                ", the first by name of those that may serve it at the same cost as `{}`",
                question.id(second)
            )
        }
    }
}

fn preferred(question: &Question, rule: RuleId, position: usize) -> String {
    let Some(rule) = question.world.rules.get(rule) else { return String::new() };
    let how = match rule.prefers.get(position).map(|prefer| &prefer.kind) {
        Some(PreferKind::Cheapest) => "as the cheapest ",
        Some(PreferKind::Fastest) => "as the fastest ",
        Some(PreferKind::MostAvailable) => "as the most available ",
        _ => "",
    };
    match &rule.because {
        Some(reason) => format!(", {how}by rule `{}` ({})", rule.name.value, clause(reason)),
        None => format!(", {how}by rule `{}`", rule.name.value),
    }
}

/// A reason as it stands inside a sentence.
pub(super) fn clause(reason: &str) -> String {
    reason.trim().trim_end_matches('.').replace('\n', " ")
}

/// The strongest reason why the obvious alternative is out: the model that the least keeps from serving, the cheaper
/// the more obvious.
pub(super) fn alternative(question: &Question) -> Option<String> {
    let world = question.world;
    let excluded = reference::exclusions(world, question.use_case, question.context);
    let reached = question.decision.reaches();
    // What the failover was meant to lead to is the alternative that people have in mind.
    let walked = question.decision.path(question.on).into_iter().flat_map(|path| &path.left_out).find_map(
        |left_out| {
            let excluded = excluded.iter().find(|excluded| excluded.model == left_out.model)?;
            Some((excluded, world.models.get(left_out.model)?))
        },
    );
    if let Some((excluded, model)) = walked {
        return Some(format!("`{}` is out because {}", model.id, strongest(question, model, excluded)));
    }
    let candidates = excluded.iter().filter(|e| !reached.contains(&e.model));
    let candidates = candidates.filter_map(|e| Some((e, world.models.get(e.model)?)));
    let nearest = candidates.min_by(|(a, x), (b, y)| {
        let key = |e: &Excluded| (e.gates.contains(&Gate::Lifecycle), e.gates.len() + e.rules.len());
        let cost = || question.use_case.blended_cost(x).cmp(&question.use_case.blended_cost(y));
        key(a).cmp(&key(b)).then_with(cost).then_with(|| x.id.cmp(&y.id))
    });
    let (excluded, model) = nearest?;
    Some(format!("`{}` is out because {}", model.id, strongest(question, model, excluded)))
}

/// The strongest of the reasons that exclude a model.
pub(super) fn strongest(question: &Question, model: &Model, excluded: &Excluded) -> String {
    let order = [
        Gate::ComplianceCoverage,
        Gate::ClassificationCeiling,
        Gate::Residency,
        Gate::Retention,
        Gate::Lifecycle,
    ];
    if let Some(gate) = order.into_iter().find(|gate| excluded.gates.contains(gate)) {
        return gate_words(question, model, gate);
    }
    let rules = excluded.rules.iter().filter_map(|id| question.world.rules.get(*id));
    let strongest = rules.min_by_key(|rule| (rule.tier != Tier::Compliance, rule.name.value.clone()));
    if let Some(rule) = strongest {
        let because = rule.because.as_ref().map(|r| format!(" ({})", clause(r))).unwrap_or_default();
        return format!("rule `{}` excludes it{because}", rule.name.value);
    }
    let rest = [Gate::Capability, Gate::ApprovedUseCase].into_iter();
    let gate = rest.into_iter().find(|gate| excluded.gates.contains(gate));
    gate.map_or_else(|| "nothing is known against it".to_owned(), |gate| gate_words(question, model, gate))
}

/// Why a gate does not let a model pass.
pub fn gate_words(question: &Question, model: &Model, gate: Gate) -> String {
    let (world, use_case) = (question.world, question.use_case);
    let days = |seconds: &number::Rational| number::exact(&(seconds / whole(86_400)));
    match gate {
        Gate::ApprovedUseCase => format!("it is not approved for `{}`", use_case.name.value),
        Gate::ClassificationCeiling => {
            let cap = world.classifications.get(model.ceiling).map_or("", String::as_str);
            format!("it may see no more than `{cap}` data")
        }
        Gate::ComplianceCoverage => {
            let held = model.compliance.clone().unwrap_or_default();
            format!("it does not hold {}", set(world, &use_case.compliance.without(&held)))
        }
        Gate::Residency => match &model.regions {
            Some(regions) if !regions.is_empty() => {
                format!(
                    "it processes in {} and not in {}",
                    set(world, regions),
                    set(world, &use_case.residency)
                )
            }
            _ => format!("nothing says that it processes in {}", set(world, &use_case.residency)),
        },
        Gate::Retention => {
            let max = use_case.retention_max.as_ref().map(days).unwrap_or_default();
            match &model.retention {
                Some(kept) => format!("it keeps data for {} days where {max} are allowed", days(kept)),
                None => format!("nothing says how long it keeps data, and {max} days are allowed"),
            }
        }
        Gate::Lifecycle => "it is retired".to_owned(),
        Gate::Capability => {
            let held = model.capabilities.clone().unwrap_or_default();
            let lacking = world.names.sorted(&use_case.capabilities.without(&held));
            let lacking: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
            if lacking.is_empty() {
                "its context window is too small or not stated".to_owned()
            } else {
                format!("it does not offer {}", and(&lacking))
            }
        }
    }
}
