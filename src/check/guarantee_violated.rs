//! `guarantee-violated`: some context breaks a guarantee.

use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::{Decision, reference};
use crate::diag::{Code, Finding, Severity};
use crate::model::{Context, Guarantee, UseCase, World};

pub(super) const RULE: Rule = Rule {
    code: Code("guarantee-violated"),
    severity: Severity::Error,
    family: Family::Guarantees,
    summary: "some context breaks a guarantee",
    run: Some(run),
};

/// A context in which a target breaks a part of a guarantee.
struct Counterexample<'a> {
    distance: usize,
    use_case: &'a UseCase,
    context: &'a Context,
    decision: &'a Decision,
    broken: reference::Broken,
}

fn run(survey: &Survey) -> Vec<Finding> {
    survey.world.guarantees.iter().filter_map(|guarantee| violated(survey, guarantee)).collect()
}

fn violated(survey: &Survey, guarantee: &Guarantee) -> Option<Finding> {
    let world = survey.world;
    let mut smallest: Option<Counterexample> = None;
    let mut use_cases = Vec::new();
    for decided in survey.decided() {
        let before = use_cases.len();
        for (context, decision) in decided.pairs() {
            if !reference::premise_holds(world, decided.use_case, context, guarantee) {
                continue;
            }
            let broken = reference::breaks(world, decided.use_case, context, decision, guarantee);
            let Some(broken) = broken else { continue };
            if use_cases.len() == before {
                use_cases.push(decided.name());
            }
            let distance = world.distance(decided.use_case, context);
            if smallest.as_ref().is_none_or(|known| distance < known.distance) {
                let use_case = decided.use_case;
                smallest = Some(Counterexample { distance, use_case, context, decision, broken });
            }
        }
    }
    let found = smallest?;
    let model = world.models.get(found.broken.model)?;
    let part = guarantee.parts.get(found.broken.part)?;
    let (name, use_case) = (&guarantee.name.value, &found.use_case.name.value);
    let place = if found.decision.targets.first().is_some_and(|t| t.model == found.broken.model) {
        "the primary"
    } else {
        "a failover target"
    };
    let verb = if part.never { "is not false of it" } else { "is not true of it" };
    let message = format!("guarantee `{name}` does not hold: `{use_case}` can reach `{}`, {place}", model.id);
    let command = command(world, found.use_case, found.context);
    Some(
        RULE.finding(guarantee.name.span, message)
            .label("promised here")
            .related(part.span, verb)
            .related(model.name.span, format!("`{}`", model.id))
            .related(found.use_case.name.span, "the use case")
            .note(format!("see it with `{command}`"))
            .help("add a rule that keeps such models out, or narrow the guarantee's `for`")
            .use_cases(use_cases)
            .context(world.show_context(found.context)),
    )
}

/// A request that shows a context, as a command line; values at their defaults are left out.
pub(super) fn command(world: &World, use_case: &UseCase, context: &Context) -> String {
    let baseline = world.baseline(use_case);
    let mut command = format!("govctl resolve {}", shell(&use_case.name.value));
    let shown = world.show_context(context);
    for ((name, value), (_, usual)) in shown.iter().zip(world.show_context(&baseline)) {
        if *value == usual {
            continue;
        }
        command += &match name.as_str() {
            "classification" => format!(" --classification {}", shell(value)),
            "budget.remaining" => format!(" --budget-remaining {value}"),
            fact => format!(" --fact {}", shell(&format!("{fact}={value}"))),
        };
    }
    command
}

/// A word as a shell takes it.
pub(super) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
