//! `drill-due`: a failover that nobody has rehearsed lately, or whose last drill failed.

use super::{Check, Family, Run};
use crate::decide::outage;
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Code, Finding, Severity};
use crate::model::{Down, Drill, UseCaseId, World, days_between, words};
use crate::vocabulary::Criticality;

pub(super) const CHECK: Check = Check {
    code: Code("drill-due"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "no drill of a use case has passed lately, or its last one failed",
    why: "A chain that worked when it was deployed can fail silently months later: keys expire, limits shrink, models are renamed. A drill finds that on a quiet morning, an outage at night.",
    example: example!("drill-due"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    if world.drills.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for decided in survey.decided() {
        if has_way_out(world, &decided)
            && !world
                .drills_of(decided.id)
                .any(|drill| world.counts(drill) && elsewhere(world, &decided, drill).is_none())
        {
            findings.push(due(world, &decided));
        }
        findings.extend(
            last_ones(world, decided.id).filter(|drill| !drill.passed).map(|drill| again(world, drill)),
        );
    }
    findings
}

/// Whether an outage leads anywhere: to another model, or to what is queued or degraded. Otherwise there is nothing to
/// rehearse, and that is another finding's to say.
fn has_way_out(world: &World, decided: &Decided) -> bool {
    let baseline = decided.baseline;
    let ends = || outage::terminal(world, baseline, None).kind().name() != "block";
    baseline.chain_targets().len() > 1 || (baseline.primary.is_some() && ends())
}

fn due(world: &World, decided: &Decided) -> Finding {
    let (name, days) = (&decided.use_case.name.value, decided.use_case.drill_days());
    let finding =
        |message: String| CHECK.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
    let passed = world.drills_of(decided.id).find(|drill| drill.passed);
    let finding = match passed {
        Some(drill) if world.counts(drill) => {
            let (answered, expected) = elsewhere(world, decided, drill).unwrap_or_default();
            let date = drill.date;
            let message = if world.find_model(answered).is_empty() {
                format!(
                    "it is not known what the drill of `{name}` on {date} proves: `{answered}` answered, and no model is called so"
                )
            } else {
                format!(
                    "the drill of `{name}` on {date} went elsewhere: `{answered}` answered, and {expected} now"
                )
            };
            finding(message).related(drill.span, "this one")
        }
        None => finding(format!("no drill of `{name}` has passed")),
        Some(drill) => {
            let ago = days_between(drill.date, world.as_of);
            let ago = if ago == 1 { "1 day".to_owned() } else { format!("{ago} days") };
            let message = format!("the last drill of `{name}` that passed was on {}, {ago} ago", drill.date);
            finding(message).related(drill.span, "this one")
        }
    };
    let every = match decided.use_case.criticality {
        Criticality::High => format!("its criticality is high: rehearse it every {days} days"),
        Criticality::Normal | Criticality::Low => format!("rehearse it every {days} days"),
    };
    finding.help(format!("{every}; `govctl drill plan` says which outages prove most"))
}

/// What answered in a drill and, in words, what would answer now, where that is another model: such a drill proves nothing.
fn elsewhere<'w>(world: &'w World, decided: &Decided, drill: &'w Drill) -> Option<(&'w str, String)> {
    let answered = drill.answered_by.as_deref()?;
    let targets = decided.baseline.chain_targets();
    let is_down = |model| drill.down.iter().any(|down| down.takes(world, model));
    let expected = targets.iter().map(|target| target.model).find(|model| !is_down(*model));
    if expected.is_some_and(|model| world.find_model(answered).contains(&model)) {
        return None;
    }
    let expected = expected
        .map_or_else(|| "nothing would".to_owned(), |model| format!("`{}` would", world.models[model].id));
    Some((answered, expected))
}

fn again(world: &World, drill: &Drill) -> Finding {
    let name = world.use_cases[drill.use_case].name.value.as_str();
    let down: Vec<&str> = drill.down.iter().map(|down| down.name(world)).collect();
    let message = format!(
        "the drill of `{name}` on {} with {} down failed, and none has passed since",
        drill.date,
        words::list(&down)
    );
    let finding = CHECK.finding(drill.span, message).use_cases([name.to_owned()]);
    finding.help("mend what failed, rehearse the same outage again and add that drill")
}

/// The last drill of each outage of a use case.
pub(super) fn last_ones(world: &World, use_case: UseCaseId) -> impl Iterator<Item = &Drill> {
    let mut seen: Vec<Vec<Down>> = Vec::new();
    world.drills_of(use_case).filter(move |drill| {
        let mut down = drill.down.clone();
        down.sort();
        down.dedup();
        let is_new = !seen.contains(&down);
        if is_new {
            seen.push(down);
        }
        is_new
    })
}
