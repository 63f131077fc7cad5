//! What rules and guarantees promise on a day: no decision tells that a guarantee promises less, and not every one that a
//! rule does.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::conditions::{self, text};
use crate::diff::latent::{said_by, said_in};
use crate::diff::rename::Names;
use crate::model::World;

/// A promise: what, with the word that promises it, and for which requests; both canonical.
pub(super) type Promise = (String, String);

/// Who makes a promise: the kind and the name.
pub(super) type By = (&'static str, String);

/// What the rules and guarantees in force promise, each with one of them that does: its kind and its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Promises(BTreeMap<Promise, By>);

impl Promises {
    pub(super) fn of(world: &World) -> Self {
        let of_guarantees = world.guarantees.iter().flat_map(|one| {
            let by = ("guarantee", one.name.value.clone());
            all(said_in(world, one), text(world, one.premise.as_ref()), by)
        });
        let of_rules = world.rules.iter().flat_map(|rule| {
            let by = ("rule", rule.name.value.clone());
            all(said_by(world, rule), text(world, rule.when.as_ref()), by)
        });
        Self(of_guarantees.chain(of_rules).collect())
    }

    /// What a statement promises that another side does not.
    pub(super) fn beside<'a>(&'a self, old: &'a Self, by: &'a By) -> impl Iterator<Item = String> + 'a {
        let own = self.0.iter().filter(move |(promise, of)| *of == by && !old.0.contains_key(*promise));
        own.map(|((what, whom), _)| format!("in its place {what} {whom}"))
    }

    /// The promises that another side does not make in the same words for the same requests, each with who makes it.
    pub(super) fn missing(&self, new: &Self, names: &Names) -> Vec<(Promise, &By)> {
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

/// What somebody promises to the same requests.
fn all(said: Vec<String>, whom: String, by: By) -> impl Iterator<Item = (Promise, By)> {
    said.into_iter().map(move |what| ((what, whom.clone()), by.clone()))
}
