//! `drill-too-slow`: in a drill an answer took longer than the use case allows.

use super::{Check, Family, Run, drill_due};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Drill, World, words};
use crate::number::{counted, round_half_even, whole};

pub(super) const CHECK: Check = Check {
    code: Code("drill-too-slow"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "in its last drill a use case was answered later than its `latency_sla_ms`",
    why: "A failover that comes too late is an outage too: attempts that time out and retries before the next model add up, and no file shows how long they take together.",
    example: example!("drill-too-slow"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    if world.drills.is_empty() {
        return Vec::new();
    }
    let ids = world.use_cases.ids();
    ids.flat_map(|id| drill_due::last_ones(world, id)).filter_map(|drill| slow(world, drill)).collect()
}

fn slow(world: &World, drill: &Drill) -> Option<Finding> {
    let use_case = &world.use_cases[drill.use_case];
    let (took, allowed) = (drill.resolution_ms.as_ref()?, use_case.latency_sla.as_ref()? * whole(1000));
    if took.value <= allowed {
        return None;
    }
    let (name, down) = (&use_case.name.value, drill.down.iter().map(|down| down.name(world)));
    let milliseconds = |number| counted(round_half_even(number, 3));
    let message = format!(
        "with {} down, `{name}` was answered after {} ms and allows {} ms",
        words::list(&down.collect::<Vec<_>>()),
        milliseconds(&took.value),
        milliseconds(&allowed)
    );
    let mut finding = CHECK.finding(took.span, message).use_cases([name.clone()]);
    if let Some(span) = use_case.spans.latency_sla {
        finding = finding.related(span, "asked for here");
    }
    Some(finding.help("fewer retries, a shorter time-out or a faster next model; then rehearse it again"))
}
