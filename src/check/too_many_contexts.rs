//! `too-many-contexts`: a use case has more contexts than are decided.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::{Check, Family, Run};
use crate::decide::engine::{Apart, AtMost, Engine, Multiplied, TooMany};
use crate::diag::{Code, Finding, Severity};
use crate::limits::shown;
use crate::limits::{
    ASKED_FOR_EACH, MAX_ASKED, MAX_CELLS, MAX_CELLS_TOGETHER, MAX_CONTEXTS, MAX_CONTEXTS_TOGETHER,
    MAX_FACTS_TOGETHER, MAX_FINDINGS_PER_FILE,
};
use crate::model::words::{count, some_plain};
use crate::model::{Axis, Candidates, UseCase, UseCaseId, World};
use crate::number::grouped;
use crate::work;

pub(super) const CHECK: Check = Check {
    code: Code("too-many-contexts"),
    severity: Severity::Error,
    family: Family::Reading,
    summary: "a use case has more contexts than are decided",
    why: "Every context is decided before a policy is merged. A product of facts that nobody could go through is refused with its factors, rather than sampled or waited for.",
    example: example!("too-many-contexts"),
    hides: &[],
    run: Run::Reading,
};

/// So many facts are as good as none.
const FEW_FACTS: usize = 32;

/// The use cases that have too many contexts, those that are decided alike counted once, or too many cells in a table.
///
/// Where all contexts together are few enough, however they are decided, nothing has to be worked out.
pub fn find(world: &World) -> Vec<Finding> {
    if let Some(first) = world.use_cases.iter().next()
        && world.facts.len().saturating_sub(FEW_FACTS).saturating_mul(world.use_cases.len())
            > MAX_FACTS_TOGETHER
    {
        return vec![facts(world, first)];
    }
    let counts = || world.use_cases.iter().map(|use_case| world.count_contexts(use_case));
    let all = counts().fold(0, u64::saturating_add);
    let most_asked = MAX_ASKED.max(world.use_cases.len().saturating_mul(ASKED_FOR_EACH));
    let is_few = |asked: u64| asked <= most_asked as u64;
    if counts().all(|contexts| contexts <= MAX_CONTEXTS as u64)
        && all <= MAX_CONTEXTS_TOGETHER as u64
        && (is_few(all.saturating_mul(statements(world).saturating_add(steps(world))))
            || is_few(asked_at_most(world)))
    {
        return Vec::new();
    }
    let engine = Engine::new(world);
    let first = engine.first_alike();
    let mut known: HashMap<UseCaseId, Result<Apart, TooMany>> = HashMap::new();
    let mut sums = Sums { most_asked, ..Sums::default() };
    let mut findings = Vec::new();
    // Some at a time: past a sum nobody asks for the rest.
    for (ids, use_cases) in first.chunks(AT_ONCE).zip(world.use_cases.as_slice().chunks(AT_ONCE)) {
        let new: BTreeSet<UseCaseId> = ids.iter().copied().filter(|id| !known.contains_key(id)).collect();
        let count = |id: UseCaseId| {
            work::step();
            (id, engine.count_apart(&world.use_cases[id]))
        };
        known.par_extend(new.into_par_iter().map(count));
        for (use_case, id) in use_cases.iter().zip(ids) {
            if findings.len() >= MAX_FINDINGS_PER_FILE {
                return findings;
            }
            match known.get(id) {
                Some(Err(too_many)) => findings.push(alone(world, &engine, use_case, too_many)),
                Some(Ok(apart)) => {
                    if let Some(finding) = sums.add(use_case, *apart) {
                        findings.push(finding);
                        return findings;
                    }
                }
                None => {}
            }
        }
    }
    findings
}

/// How many use cases are counted at a time.
const AT_ONCE: usize = 256;

/// What there is to decide for several use cases together.
#[derive(Debug, Default)]
struct Sums {
    contexts: usize,
    cells: usize,
    asked: usize,
    /// Most times that statements may be asked.
    most_asked: usize,
}

impl Sums {
    /// Adds what there is to decide for one more; a finding where it becomes too much.
    fn add(&mut self, use_case: &UseCase, apart: Apart) -> Option<Finding> {
        let each = apart.asked.saturating_add(apart.steps);
        self.contexts = self.contexts.saturating_add(apart.contexts);
        self.asked = self.asked.saturating_add(apart.contexts.saturating_mul(each));
        self.cells = self.cells.saturating_add(apart.cells);
        if self.contexts > MAX_CONTEXTS_TOGETHER {
            return Some(with_others(use_case, self.contexts));
        }
        if self.cells > MAX_CELLS_TOGETHER {
            return Some(cells_with_others(use_case, self.cells));
        }
        (self.asked > self.most_asked).then(|| asking(use_case, apart, self.most_asked))
    }
}

/// How many times statements are asked at most, by the names in their conditions.
fn asked_at_most(world: &World) -> u64 {
    let most = AtMost::new(world);
    let each = world.use_cases.iter();
    let each =
        each.map(|use_case| world.count_contexts(use_case).saturating_mul(most.asked(use_case) as u64));
    each.fold(0, u64::saturating_add)
}

fn alone(world: &World, engine: &Engine, use_case: &UseCase, too_many: &TooMany) -> Finding {
    let name = &use_case.name.value;
    let message = match too_many.what {
        Multiplied::Contexts => {
            format!("`{name}` has more than {} contexts to decide apart", grouped(&MAX_CONTEXTS.to_string()))
        }
        Multiplied::Cells => format!(
            "`{name}` would take more than {} cells in the decision table",
            grouped(&MAX_CELLS.to_string())
        ),
    };
    let mut axes = too_many.axes.clone();
    axes.sort_by_key(|(axis, positions)| (std::cmp::Reverse(*positions), *axis));
    let mut finding = CHECK.finding(use_case.name.span, message);
    for (axis, positions) in axes.iter().take(shown::AXIS_READERS) {
        let readers = engine.readers(use_case, *axis);
        let by = match axis {
            Axis::Classification if readers.is_empty() => "the ceilings of models".to_owned(),
            // Thresholds cut a share for all use cases that have it.
            Axis::Budget | Axis::Share(_) if readers.is_empty() => "statements of other use cases".to_owned(),
            _ => some_plain(&readers, shown::AXIS_READERS),
        };
        finding =
            finding.note(format!("`{}` multiplies by {positions}: read by {by}", world.axis_name(*axis)));
    }
    let others: Vec<String> = axes
        .iter()
        .skip(shown::AXIS_READERS)
        .map(|(axis, positions)| format!("`{}` {positions}", world.axis_name(*axis)))
        .collect();
    if !others.is_empty() {
        finding = finding.note(format!("and others multiply: {}", some_plain(&others, shown::AXIS_READERS)));
    }
    finding.help(help(too_many.what, &axes))
}

fn help(what: Multiplied, axes: &[(Axis, usize)]) -> &'static str {
    match (axes.first(), what) {
        (Some((Axis::Budget | Axis::Share(_), _)), _) => {
            "compare what remains with fewer thresholds, or narrow the `when` of statements that need not apply here"
        }
        (_, Multiplied::Contexts) => {
            "narrow the `when` of statements that need not apply here, or let them tell fewer values of fewer facts apart"
        }
        (_, Multiplied::Cells) => {
            "give these facts fewer values, such as one for all that are treated alike, or narrow the `when` of statements that need not apply here"
        }
    }
}

/// What the steps of failover count as at most.
fn steps(world: &World) -> u64 {
    let steps = world.failovers.iter().map(|failover| match &failover.candidates {
        Candidates::None | Candidates::Ranking => 0,
        Candidates::Registry => world.models.len(),
        Candidates::Chains(chains) => chains.arrows.len(),
    });
    steps.fold(0, usize::saturating_add).saturating_mul(4) as u64
}

/// Too many facts for so many use cases, each of which can be told apart by any.
fn facts(world: &World, use_case: &UseCase) -> Finding {
    let message = format!(
        "{} and {}: the facts beyond {FEW_FACTS} of each use case come to more than {}",
        count(world.facts.len(), "fact", "facts"),
        count(world.use_cases.len(), "use case", "use cases"),
        grouped(&MAX_FACTS_TOGETHER.to_string())
    );
    CHECK
        .finding(use_case.name.span, message)
        .note("each context of a use case has a value of each fact".to_owned())
        .help("let fewer facts have more values")
}

/// How many statements there are that have a condition.
fn statements(world: &World) -> u64 {
    let deciding = world.rules.len() + world.failovers.len() + world.guarantees.len();
    (deciding + world.budgets.len() + world.quotas.len() + world.audits.len()) as u64
}

fn asking(use_case: &UseCase, apart: Apart, most: usize) -> Finding {
    let name = &use_case.name.value;
    let message = format!(
        "with `{name}`, more than {} statements are to be asked in the contexts of all use cases",
        grouped(&most.to_string())
    );
    let contexts = count(apart.contexts, "context that has", "contexts that have");
    let steps = match apart.steps {
        0 => String::new(),
        steps => format!(", with chains whose length counts as {}", count(steps, "more", "more")),
    };
    CHECK
        .finding(use_case.name.span, message)
        .note(format!(
            "it has {contexts} to be decided apart, and in each {} may hold{steps}",
            count(apart.asked, "statement", "statements")
        ))
        .help("narrow the `when` of statements that need not apply here, or let them read fewer facts, values and thresholds")
}

fn with_others(use_case: &UseCase, together: usize) -> Finding {
    let name = &use_case.name.value;
    let message = format!(
        "with `{name}`, more than {} contexts of all use cases are to be decided",
        grouped(&MAX_CONTEXTS_TOGETHER.to_string())
    );
    CHECK
        .finding(use_case.name.span, message)
        .note(format!(
            "{} contexts up to this use case, in the order of names",
            grouped(&together.to_string())
        ))
        .help("compare what remains with fewer thresholds, or let statements read fewer facts and values")
}

fn cells_with_others(use_case: &UseCase, cells: usize) -> Finding {
    let name = &use_case.name.value;
    let message = format!(
        "with `{name}`, the decision table would have more than {} cells for all use cases",
        grouped(&MAX_CELLS_TOGETHER.to_string())
    );
    CHECK
        .finding(use_case.name.span, message)
        .note(format!("{} cells up to this use case, in the order of names", grouped(&cells.to_string())))
        .help("give facts fewer values, such as one for all that are treated alike, or let statements read fewer of them")
}
