//! A comparison in words that a person and a pull request read alike.

use super::causes::{Cause, How};
use super::change::{Detail, Example};
use super::kind::Kind;
use super::money::Parts;
use super::phrase::Phrase;
use super::{Change, Diff, Named, Origin};
use crate::model::Trigger;
use crate::model::words::{count, number};
use crate::number::whole;
use crate::table::format::AxisName;

mod money;
mod portfolio;
mod quiet;
mod statements;
mod summary;

pub use money::{Row, amounts, cost, spend, spent, total};
pub use portfolio::portfolio;
pub use quiet::quiet;
pub use statements::{budgets, findings, latent, obligations};
pub use summary::summary;

/// What to call the difference as a whole: one line without a final period.
pub fn headline(diff: &Diff) -> String {
    let compared = format!(
        "{} of {} compared",
        count(diff.contexts, "context", "contexts"),
        count(diff.use_cases, "use case", "use cases")
    );
    if diff.changes.is_empty() {
        return format!("no decision changes: {compared}");
    }
    let changed = count(diff.changes.len(), "use case changes", "use cases change");
    let risks: Vec<String> = [Kind::Widened, Kind::Unroutable, Kind::Narrowed]
        .into_iter()
        .filter(|kind| diff.count(*kind) > 0)
        .map(|kind| format!("{} {}", diff.count(kind), kind.name()))
        .collect();
    let risks = if risks.is_empty() { "none widened".to_owned() } else { risks.join(", ") };
    format!("{changed}, {risks}: {compared}")
}

/// What is compared with what.
pub fn sides(diff: &Diff) -> Phrase {
    let (old, new) = (&diff.old, &diff.new);
    let from = Phrase::of("from ").then(side(old));
    let on = |side: &Named| side.as_of.clone();
    if old.as_of == new.as_of {
        return from.words(" to ").then(side(new)).words(", both on ").figures(on(new));
    }
    let from = from.words(" on ").figures(on(old));
    from.words(" to ").then(side(new)).words(" on ").figures(on(new))
}

/// What kind of side it is, its name, and of a revision the commit.
fn side(side: &Named) -> Phrase {
    let named = Phrase::of(side.origin.kind()).words(" ").name(&side.label);
    match &side.origin {
        Origin::Commit(id) => named.words(" (commit ").text(id.as_str()).words(")"),
        Origin::Folder | Origin::Table => named,
    }
}

/// Whom a change concerns: the owner and the team of its use case.
pub fn concerned(change: &Change) -> Option<Phrase> {
    let owner = change.owner.as_ref().map(|owner| Phrase::of("owned by ").text(owner.as_str()));
    let team = change.team.as_ref().map(|team| Phrase::of("team ").text(team.as_str()));
    let parts: Vec<Phrase> = owner.into_iter().chain(team).collect();
    (!parts.is_empty()).then(|| Phrase::joined(parts, ", "))
}

/// The kinds of a change, what to be feared most first.
pub fn kinds(change: &Change) -> Vec<Kind> {
    let kinds = change.kinds();
    Kind::BY_RISK.into_iter().filter(|kind| kinds.has(*kind)).collect()
}

/// The names of kinds.
pub fn names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<&str>>().join(", ")
}

/// What makes the cost another, behind the name of the kind: a price, the expected use, or both.
pub fn behind(kind: Kind, change: &Change) -> &'static str {
    let is_nothing = |parts: &Parts| parts.volume == whole(0);
    match (kind, change.compared.is_priced, change.compared.is_other_volume) {
        (Kind::Cost, false, true) if change.parts.as_ref().is_some_and(is_nothing) => " (expected use)",
        (Kind::Cost, true, true) => " (price and volume)",
        (Kind::Cost, true, false) => " (price)",
        (Kind::Cost, false, true) => " (volume)",
        _ => "",
    }
}

/// The details of a change that show one context, together.
pub fn by_example(change: &Change) -> Vec<(Vec<&Detail>, &Example)> {
    let mut details: Vec<&Detail> = change.compared.details.iter().collect();
    details.sort_by_key(|detail| detail.kind.risk());
    let mut groups: Vec<(Vec<&Detail>, &Example)> = Vec::new();
    for detail in details {
        match groups.iter_mut().find(|(_, example)| **example == detail.example) {
            Some((group, _)) => group.push(detail),
            None => groups.push((vec![detail], &detail.example)),
        }
    }
    groups
}

/// `widened, primary in 2 contexts; cost in 4; for example by default`.
pub fn extent(details: &[&Detail], example: &Example) -> Phrase {
    let mut groups: Vec<(usize, Vec<&str>)> = Vec::new();
    for detail in details {
        match groups.iter_mut().find(|(contexts, _)| *contexts == detail.contexts) {
            Some((_, names)) => names.push(detail.kind.name()),
            None => groups.push((detail.contexts, vec![detail.kind.name()])),
        }
    }
    let groups = groups.iter().enumerate().map(|(at, (contexts, names))| {
        let contexts = if at == 0 { count(*contexts, "context", "contexts") } else { number(*contexts) };
        format!("{} in {contexts}", names.join(", "))
    });
    let extent = groups.collect::<Vec<String>>().join("; ");
    // A single context is no example, it is all there is.
    let only = details.iter().all(|detail| detail.contexts == 1);
    Phrase::default().figures(extent).words(if only { ", " } else { "; for example " }).then(context(example))
}

/// The context of an example, as far as it is not the usual one.
fn context(example: &Example) -> Phrase {
    if example.unusual.is_empty() {
        return Phrase::of("by default");
    }
    let parts = example.unusual.iter().map(|(name, value)| match name {
        AxisName::Classification => Phrase::default().text(value.as_str()).words(" data"),
        AxisName::Remaining => Phrase::default().text(value.as_str()).words(" of the budget left"),
        AxisName::RemainingOf(_) | AxisName::Fact(_) => Phrase::default().text(format!("{name} {value}")),
    });
    Phrase::of("with ").then(Phrase::joined(parts, ", "))
}

/// What makes some kinds of a change: one thing, or several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The things, several only where they are needed together.
    pub causes: Vec<&'a Cause>,
    /// How they make the kinds.
    pub how: How,
    /// Which kinds, what to be feared most first; none where they are all of the change.
    pub kinds: Vec<Kind>,
}

impl Reason<'_> {
    /// The words before its things.
    pub fn because(&self) -> &'static str {
        match self.how {
            How::Alone => "because",
            How::Together => "because together",
            How::Perhaps => "perhaps because",
        }
    }

    /// The kinds, behind a colon; nothing where they are all.
    pub fn of(&self) -> String {
        if self.kinds.is_empty() { String::new() } else { format!(": {}", names(&self.kinds)) }
    }
}

/// Why a change happens, what makes the kind to be feared most first.
pub fn reasons(change: &Change) -> Vec<Reason<'_>> {
    let kinds = kinds(change);
    let mut reasons: Vec<Reason> = Vec::new();
    for kind in &kinds {
        let of_kind = change.causes.iter().filter_map(|cause| Some((cause, cause.how(*kind)?)));
        let (together, apart): (Vec<_>, Vec<_>) = of_kind.partition(|(_, how)| *how == How::Together);
        let apart = apart.into_iter().map(|(cause, how)| (vec![cause], how));
        let together: Vec<&Cause> = together.into_iter().map(|(cause, _)| cause).collect();
        let together = (!together.is_empty()).then_some((together, How::Together));
        for (causes, how) in apart.chain(together) {
            match reasons.iter_mut().find(|known| known.how == how && known.causes == causes) {
                Some(known) => known.kinds.push(*kind),
                None => reasons.push(Reason { causes, how, kinds: vec![*kind] }),
            }
        }
    }
    for reason in reasons.iter_mut().filter(|reason| reason.kinds.len() == kinds.len()) {
        reason.kinds.clear();
    }
    reasons
}

/// Targets in order, and what happens then; of another failure than an outage also which.
pub fn route(on: Option<Trigger>, targets: &[String], then: &str) -> String {
    if targets.is_empty() {
        return "no model: block".to_owned();
    }
    let on = on.map(|on| format!(" on {}", on.name())).unwrap_or_default();
    let mut targets = targets.iter();
    let first = targets.next().map(String::as_str).unwrap_or_default();
    let rest: String = targets.map(|target| format!(" → {target}")).collect();
    format!("{first}{on}{rest}, then {then}")
}

/// Whether both sides of an example route alike.
pub fn same_route(example: &Example) -> bool {
    example.old == example.new && example.old_then == example.new_then
}
