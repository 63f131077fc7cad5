//! What rules and guarantees promise on a day: no decision tells that a guarantee promises less, and not every one that a
//! rule does.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::conditions::{self, text};
use crate::diff::latent::said_by;
use crate::diff::rename::Names;
use crate::model::World;

/// A promise: what, with the word that promises it, and for which requests; both canonical.
pub(super) type Promise = (String, String);

/// What the rules and guarantees in force promise, each with one of them that does: its kind and its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Promises(BTreeMap<Promise, (&'static str, String)>);

impl Promises {
    pub(super) fn of(world: &World) -> Self {
        let all = world.guarantees.iter().flat_map(|one| {
            let whom = text(world, one.premise.as_ref());
            one.parts.iter().map(move |part| {
                let word = if part.never { "never" } else { "always" };
                let what = format!("{word} {}", text(world, Some(&part.expr)));
                ((what, whom.clone()), ("guarantee", one.name.value.clone()))
            })
        });
        let of_rules = world.rules.iter().flat_map(|rule| {
            let whom = text(world, rule.when.as_ref());
            said_by(world, rule)
                .into_iter()
                .map(move |what| ((what, whom.clone()), ("rule", rule.name.value.clone())))
        });
        Self(all.chain(of_rules).collect())
    }

    /// The promises that another side does not make in the same words for the same requests, each with who makes it.
    pub(super) fn missing(&self, new: &Self, names: &Names) -> Vec<(Promise, &(&'static str, String))> {
        let mut kept: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for (what, whom) in new.0.keys() {
            kept.entry(what).or_default().insert(whom);
        }
        let renamed = self.0.iter().map(|((what, whom), of)| {
            ((conditions::renamed(what, names), conditions::renamed(whom, names)), of)
        });
        let is_kept = |(what, whom): &Promise| {
            kept.get(what)
                .is_some_and(|whoms| whoms.contains(whom) || whoms.iter().any(|whom| whom.is_empty()))
        };
        renamed.filter(|(promise, _)| !is_kept(promise)).collect()
    }
}
