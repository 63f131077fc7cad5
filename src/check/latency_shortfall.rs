//! `latency-shortfall`: a target is slower than the use case allows, or its latency is unknown.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::number::{counted, round_half_even, whole};

pub(super) const CHECK: Check = Check {
    code: Code("latency-shortfall"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a target is slower than the use case allows, or its latency is unknown",
    why: "A target answers slower than the use case allows: users wait in the best case and time out into the next failover in the worst.",
    example: example!("latency-shortfall"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let Some(allowed) = &decided.use_case.latency_sla else { continue };
        let reached = decided.baseline.reaches();
        let models = reached.iter().map(|id| &world.models[*id]);
        let slow = models.filter(|model| model.latency_p95.as_ref().is_none_or(|p95| p95 > allowed));
        let slow: Vec<_> = slow.collect();
        let Some(first) = slow.first() else { continue };
        let milliseconds =
            |seconds: &crate::number::Rational| counted(round_half_even(&(seconds * whole(1000)), 3));
        let (name, allowed) = (&decided.use_case.name.value, milliseconds(allowed));
        let message = match &first.latency_p95 {
            Some(p95) => {
                format!(
                    "`{name}` allows {allowed} ms and `{}` takes {} ms at p95",
                    first.id,
                    milliseconds(p95)
                )
            }
            None => {
                format!("`{name}` allows {allowed} ms and the p95 latency of `{}` is not known", first.id)
            }
        };
        let mut finding = CHECK.finding(decided.use_case.name.span, message);
        if let Some(span) = decided.use_case.spans.latency_sla {
            finding = finding.related(span, "asked for here");
        }
        for model in slow {
            finding = finding.related(model.name.span, format!("`{}`", model.id));
        }
        findings.push(
            finding
                .help("route to a faster model, or state `latency: {p95_ms: …}` in the registry")
                .use_cases([decided.name()]),
        );
    }
    findings
}
