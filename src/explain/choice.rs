//! Why the primary is the primary, and what is the obvious alternative.

use super::compose::{Part, Worth};
use super::explanation::{Cause, Explanation, Step, fits};
use super::words::{and, beside, clause};
use super::{kept_out, reason};
use crate::decide::reference::{Deciding, Removed};
use crate::model::{Model, ModelId, PreferKind, RuleId};

/// When so few are eligible, what narrowed them is the reason that people look for.
const FEW: usize = 2;

/// Why the request goes to the primary, to stand right after its name, in wordings from full to brief.
///
/// What keeps others out comes before what orders those that are left.
pub(super) fn wordings(explanation: &Explanation) -> Vec<(Worth, String)> {
    let is_only = explanation.ranking().len() == 1;
    let which = |counted: bool| {
        if is_only { "the only model that may serve it".to_owned() } else { ordered(explanation, counted) }
    };
    let (counted, plain) = (format!(", {}", which(true)), format!(", {}", which(false)));
    let is_few = explanation.ranking().len() <= FEW;
    let narrowed =
        [2, 1].map(|most| Some(explanation.narrowed(most)).filter(|by| is_few && !by.parts.is_empty()));
    let [Some(two), Some(one)] = &narrowed else {
        let rule = ordering(explanation);
        return with_reason(explanation, &counted, rule)
            .into_iter()
            .chain([(Worth::Count, counted), (Worth::Kept, plain)])
            .collect();
    };
    let by_promise = match two.parts.first().and_then(|(causes, _)| causes.first()) {
        Some(Cause::Rule(rule)) => Some(*rule),
        Some(Cause::Gate(_)) | None => None,
    };
    let (two, one) = (kept_out::narrowed(explanation, two), kept_out::narrowed(explanation, one));
    let (full, uncounted) = (format!("{counted}: {two}"), format!("{plain}: {two}"));
    let rule = by_promise.or_else(|| ordering(explanation));
    let mut all: Vec<(Worth, String)> = with_reason(explanation, &full, rule).into_iter().collect();
    all.extend([(Worth::Count, full), (Worth::Order, uncounted)]);
    // Of several the promises that keep others out are not why it is the first.
    let of =
        |kept_out: &str| if is_only { format!(", as {kept_out}") } else { format!("{plain}: {kept_out}") };
    all.extend([(Worth::More, of(&two)), (Worth::Cause, of(&one)), (Worth::Kept, plain.clone())]);
    all
}

/// The first rule that orders the models that may serve.
fn ordering(explanation: &Explanation) -> Option<RuleId> {
    explanation.steps().iter().find_map(|step| match step.by {
        Deciding::Preference(rule, _) => Some(rule),
        Deciding::Cost | Deciding::Id => None,
    })
}

/// The same with the rule's own reason behind its name; none where it states none.
fn with_reason(explanation: &Explanation, why: &str, rule: Option<RuleId>) -> Option<(Worth, String)> {
    let rule = &explanation.world().rules[rule?];
    let (name, because) = (format!("rule `{}`", rule.name.value), rule.because.as_ref()?);
    Some((Worth::Because, why.replacen(&name, &format!("{name} ({})", clause(because)), 1)))
}

/// The keys that decided, last to first: `the cheapest among the 2 that rule `good` prefers`.
///
/// What one rule prefers by several clauses in a row is said once, with what they leave together.
fn ordered(explanation: &Explanation, counted: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    let rule_of = |step: &Step| match clause_of(explanation, step.by) {
        Some((rule, PreferKind::Where(_) | PreferKind::Selectors(_))) => Some(rule),
        _ => None,
    };
    let of_one = |a: &&Step, b: &&Step| rule_of(a).is_some() && rule_of(a) == rule_of(b);
    let steps: Vec<&Step> = explanation.steps().iter().collect();
    let steps: Vec<&Step> = steps.chunk_by(of_one).filter_map(|steps| steps.last()).copied().collect();
    for (at, step) in steps.iter().enumerate() {
        let of = match parts.len() {
            0 if counted => format!(" of the {} models that may serve it", step.before),
            _ => String::new(),
        };
        let before = at.checked_sub(1).and_then(|at| steps.get(at)).and_then(|step| rule_of(step));
        parts.push(match step.after {
            1 => last(explanation, step, &of, before),
            many => {
                let next = steps.get(at + 1).and_then(|next| clause_of(explanation, next.by));
                among(explanation, step.by, many, next.map(|(rule, _)| rule))
            }
        });
    }
    let mut text = parts.pop().unwrap_or_default();
    // How many a rule prefers is the least of what is said.
    let rule_of = |part: &String| {
        part.split_once(" that rule ").map(|(_, rest)| rest.trim_end_matches(" prefers").to_owned())
    };
    let is_bare = |part: &String| !counted && rule_of(part).is_some();
    for parts in parts.chunk_by(|a, b| is_bare(a) && is_bare(b)).rev() {
        let rules: Vec<String> = parts.iter().filter(|part| is_bare(part)).filter_map(rule_of).collect();
        match (rules.as_slice(), parts) {
            ([], [part, ..]) => text += &format!(" among the {part}"),
            ([one], _) => text += &format!(" that rule {one} prefers"),
            (several, _) => text += &format!(" that rules {} prefer", and(several)),
        }
    }
    text
}

/// A key that leaves several; its rule is not named where it is that of the next key, which is said before it.
fn among(explanation: &Explanation, by: Deciding, many: usize, next: Option<&str>) -> String {
    match clause_of(explanation, by) {
        Some((rule, kind)) => {
            let by = if next == Some(rule) { String::new() } else { format!(" by rule `{rule}`") };
            match kind {
                PreferKind::Cheapest => format!("{many} cheapest{by}"),
                PreferKind::Fastest => format!("{many} fastest{by}"),
                PreferKind::MostAvailable => format!("{many} most available{by}"),
                PreferKind::Where(_) | PreferKind::Selectors(_) => {
                    format!("{many} that rule `{rule}` prefers")
                }
            }
        }
        None => format!("{many} cheapest"),
    }
}

/// The key that leaves the primary alone.
///
/// The rule is not named where it is the one that prefers what the key chooses from.
fn last(explanation: &Explanation, step: &Step, of: &str, before: Option<&str>) -> String {
    match clause_of(explanation, step.by) {
        Some((rule, kind)) => {
            let by = if before == Some(rule) { String::new() } else { format!(" by rule `{rule}`") };
            match kind {
                PreferKind::Cheapest => format!("the cheapest{by}"),
                PreferKind::Fastest => format!("the fastest{}{by}", known(explanation, kind)),
                PreferKind::MostAvailable => format!("the most available{}{by}", known(explanation, kind)),
                PreferKind::Where(_) | PreferKind::Selectors(_) => format!("put first by rule `{rule}`"),
            }
        }
        None if step.by == Deciding::Cost => format!("the cheapest{of}"),
        None => format!("the first by name{of}"),
    }
}

/// ` known` where some model does not state what a preference orders by.
fn known(explanation: &Explanation, kind: &PreferKind) -> &'static str {
    let mut models = explanation.ranking().iter().map(|model| explanation.model(*model));
    if models.all(|model| states_order(model, kind)) { "" } else { " known" }
}

/// Whether a model states what a preference orders by.
fn states_order(model: &Model, kind: &PreferKind) -> bool {
    match kind {
        PreferKind::Fastest => model.latency_p95.is_some(),
        PreferKind::MostAvailable => model.availability.is_some(),
        PreferKind::Cheapest | PreferKind::Where(_) | PreferKind::Selectors(_) => true,
    }
}

/// The name of the rule of a key, and what its clause orders by.
pub(super) fn clause_of<'a>(
    explanation: &Explanation<'a>,
    by: Deciding,
) -> Option<(&'a str, &'a PreferKind)> {
    let Deciding::Preference(rule, position) = by else { return None };
    let rule = &explanation.world().rules[rule];
    Some((rule.name.value.as_str(), &rule.prefers.get(position)?.kind))
}

/// What puts one model of the ranking before another.
pub fn before(explanation: &Explanation, first: ModelId, second: ModelId) -> String {
    let by = explanation.reading.deciding(first, second);
    let behind = explanation.model(second);
    let (first, second) = (explanation.id(first), explanation.id(second));
    match clause_of(explanation, by) {
        Some((rule, PreferKind::Cheapest)) => format!("`{first}` is cheaper (rule `{rule}`)"),
        Some((rule, kind @ (PreferKind::Fastest | PreferKind::MostAvailable))) => {
            let how = if matches!(kind, PreferKind::Fastest) { "faster" } else { "more available" };
            let known = if states_order(behind, kind) { "" } else { " is known to be" };
            format!("`{first}` is {how} than `{second}`{known} (rule `{rule}`)")
        }
        Some((rule, PreferKind::Where(_) | PreferKind::Selectors(_))) => {
            format!("rule `{rule}` puts `{first}` before it")
        }
        None if by == Deciding::Cost => format!("`{first}` is cheaper"),
        None => format!("`{first}` costs the same and comes first by name"),
    }
}

/// The model that a reader would expect instead: one that can do the work, approved rather than not, cheaper than the
/// primary or of a higher tier; and why it is not, while there is room.
pub(super) fn alternative(explanation: &Explanation) -> Option<Part> {
    let primary = explanation.decision().primary;
    let first = primary.map(|primary| explanation.model(primary));
    let reached = explanation.decision().reaches();
    let reading = &explanation.reading;
    let attracts = |removed: &&Removed| {
        let model = explanation.model(removed.model);
        let is_better = primary.zip(first).is_none_or(|(primary, first)| {
            let cheaper = reading.cost(removed.model) < reading.cost(primary);
            cheaper || (model.tier.is_some() && model.tier > first.tier)
        });
        is_better && !reached.contains(&removed.model)
    };
    let rank = |removed: &&Removed| {
        let id = explanation.id(removed.model);
        (Cause::of(removed).len(), reading.cost(removed.model), id)
    };
    let approved = explanation.contenders().filter(attracts).min_by_key(rank);
    let removed = approved.or_else(|| {
        explanation.removed().iter().filter(|removed| fits(removed)).filter(attracts).min_by_key(rank)
    })?;
    let why = reason::strongest(explanation, removed, true)?;
    let briefly = reason::strongest(explanation, removed, false)?;
    let cost = primary.map(|primary| reading.multiplier(primary, removed.model));
    let cost = cost.and_then(|times| beside(&times)).map(|words| format!(" ({words})")).unwrap_or_default();
    let other = format!("not `{}`{cost}, as ", explanation.id(removed.model));
    let wordings =
        [format!("{other}{why}"), format!("{other}{briefly}")].map(|words| (Worth::Alternative, words));
    Some(Part::clause(wordings.into_iter().chain([(Worth::Kept, String::new())]).collect()))
}
