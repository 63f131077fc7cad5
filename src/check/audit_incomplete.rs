//! `audit-incomplete`: what must be accounted for is not audited in full.

use super::{Check, Family, Run};
use crate::decide::Audit;
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::{self, list};
use crate::model::{UseCase, World};
use crate::vocabulary::Risk;

pub(super) const CHECK: Check = Check {
    code: Code("audit-incomplete"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "personal or regulated data, high risk or regulated output without a full audit",
    why: "When somebody asks what happened to a person's data, the answer needs records that were kept, and somebody who answers for them. Where the output is regulated, it also needs to be known what the answer was made from.",
    example: example!("audit-incomplete"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    survey.decided().filter_map(|decided| finding(survey.world, &decided)).collect()
}

fn finding(world: &World, decided: &Decided) -> Option<Finding> {
    let use_case = decided.use_case;
    let why = why(world, use_case)?;
    let (at, context, audit, lacks) = decided
        .pairs()
        .enumerate()
        .map(|(at, (context, decision))| {
            let audit = decision.audit.as_deref();
            (at, context, audit, lacks(use_case, audit))
        })
        .filter(|(.., lacks)| !lacks.is_empty())
        .min_by_key(|(at, ..)| decided.space.distance(*at))?;
    let is_baseline = decided.space.distance(at) == 0;
    let somewhere = if is_baseline { "" } else { "in some contexts " };
    let name = &use_case.name.value;
    let message = match audit {
        None => format!("{somewhere}no audit statement covers `{name}`, which {why}"),
        Some(_) => format!("{somewhere}the audit of `{name}`, which {why}, has no {}", list(&lacks)),
    };
    let clauses: Vec<&str> = lacks
        .iter()
        .map(|clause| match *clause {
            "retain" => "`retain 1 year`",
            "owner" => "`owner \"…\"`",
            _ => "`lineage required`",
        })
        .collect();
    let help = format!(
        "write {} in an audit statement that covers it, as with `when use_case == {}`",
        words::joined(&clauses),
        words::written(name)
    );
    let finding = CHECK.finding(use_case.name.span, message).help(help).use_cases([decided.name()]);
    Some(if is_baseline { finding } else { finding.context(world.show_context(context)) })
}

/// Why requests of a use case must be accounted for; none where nothing says so.
fn why(world: &World, use_case: &UseCase) -> Option<String> {
    if !use_case.data.is_empty() {
        return Some(format!("carries {}", words::set(world, &use_case.data)));
    }
    if !use_case.regulations.is_empty() {
        return Some(format!("falls under {}", words::set(world, &use_case.regulations)));
    }
    if use_case.risk == Some(Risk::High) {
        return Some("is of high risk".to_owned());
    }
    use_case.regulated_output.then(|| "has regulated output".to_owned())
}

/// The clauses that are missing.
fn lacks(use_case: &UseCase, audit: Option<&Audit>) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if audit.is_none_or(|audit| audit.retain_days.is_none()) {
        lacks.push("retain");
    }
    if audit.is_none_or(|audit| audit.owners.is_empty()) {
        lacks.push("owner");
    }
    if use_case.regulated_output && audit.is_none_or(|audit| !audit.lineage) {
        lacks.push("lineage");
    }
    lacks
}
