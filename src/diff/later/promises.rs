//! What rules and guarantees promise on a day: no decision tells that a guarantee promises less, and not every one that a
//! rule does.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::conditions::{self, text};
use crate::diff::latent::{ClauseSaid, Implied, said_by, said_in};
use crate::diff::rename::Names;
use crate::model::World;

/// A promise: what, with the word that promises it, and for which requests; both canonical.
pub(super) type Promise = (String, String);

/// Who makes a promise: the kind and the name.
pub(super) type By = (&'static str, String);

/// The world of a side on a day: its own, or one that was made for that day.
pub(super) enum Worldly<'a> {
    Own(&'a World),
    Made(Box<World>),
}

impl Worldly<'_> {
    pub(super) fn world(&self) -> &World {
        match self {
            Self::Own(world) => world,
            Self::Made(world) => world,
        }
    }
}

/// What the rules and guarantees in force promise, each with one of them that does and the place of its clause.
pub(super) struct Promises<'a> {
    of: Worldly<'a>,
    said: BTreeMap<Promise, (By, usize)>,
}

impl<'a> Promises<'a> {
    pub(super) fn of(of: Worldly<'a>) -> Self {
        let world = of.world();
        let of_guarantees = world.guarantees.iter().flat_map(|one| {
            let by = ("guarantee", one.name.value.clone());
            all(said_in(world, one), text(world, one.premise.as_ref()), by)
        });
        let of_rules = world.rules.iter().flat_map(|rule| {
            let by = ("rule", rule.name.value.clone());
            all(said_by(world, rule), text(world, rule.when.as_ref()), by)
        });
        let all = of_guarantees.chain(of_rules).enumerate();
        let said = all.map(|(at, (promise, by))| (promise, (by, at))).collect();
        Self { of, said }
    }

    /// What a statement promises that another side does not.
    pub(super) fn beside<'b>(&'b self, old: &'b Self, by: &'b By) -> impl Iterator<Item = String> + 'b {
        let own = self.said.iter().filter(move |(one, (of, _))| of == by && !old.said.contains_key(*one));
        own.map(|((what, whom), _)| format!("in its place {what} {whom}"))
    }

    /// The promises that another side makes for the same requests neither in the same words nor in stricter ones, each with
    /// who makes it. At most `left` parts of them are compared.
    pub(super) fn missing(&self, new: &Promises, names: &Names, left: &mut usize) -> Vec<(Promise, &By)> {
        let unsaid = self.unsaid(new, names);
        if unsaid.is_empty() {
            return Vec::new();
        }
        let implied = Implied::new(self.of.world(), new.of.world(), names);
        let (old, clauses) = (understood(self.of.world()), understood(new.of.world()));
        let mut for_whom: BTreeMap<(&str, &str), Vec<(&str, ClauseSaid)>> = BTreeMap::new();
        for ((_, whom), ((kind, name), at)) in &new.said {
            let clause = clauses.get(*at).map(|clause| (name.as_str(), *clause));
            for_whom.entry((kind, whom)).or_default().extend(clause);
        }
        let mut is_kept = |whom: &str, (kind, name): &By, at: usize| {
            let whoms = [Some(whom), Some("").filter(|_| !whom.is_empty())].into_iter().flatten();
            let all = whoms.filter_map(|whom| for_whom.get(&(*kind, whom))).flatten();
            // One that is only stricter mostly keeps its name.
            let (own, others): (Vec<_>, Vec<_>) = all.partition(|(of, _)| of == name);
            let all: Vec<ClauseSaid> = own.into_iter().chain(others).map(|(_, clause)| clause).collect();
            old.get(at).is_some_and(|gone| implied.keeps(*gone, &all, left))
        };
        let missing = unsaid.into_iter().filter(|((_, whom), by, at)| !is_kept(whom, by, *at));
        missing.map(|(promise, by, _)| (promise, by)).collect()
    }

    /// Those that another side does not make in the same words for the same requests, with the places of their clauses.
    fn unsaid(&self, new: &Promises, names: &Names) -> Vec<(Promise, &By, usize)> {
        let mut kept: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for (what, whom) in new.said.keys() {
            kept.entry(what).or_default().insert(whom);
        }
        let renamed = self.said.iter().map(|((what, whom), (by, at))| {
            ((conditions::renamed(what, names), conditions::renamed(whom, names)), by, *at)
        });
        let is_kept = |(what, whom): &Promise| {
            kept.get(what)
                .is_some_and(|whoms| whoms.contains(whom) || whoms.iter().any(|whom| whom.is_empty()))
        };
        renamed.filter(|(promise, ..)| !is_kept(promise)).collect()
    }
}

/// What somebody promises to the same requests.
fn all(said: Vec<String>, whom: String, by: By) -> impl Iterator<Item = (Promise, By)> {
    said.into_iter().map(move |what| ((what, whom.clone()), by.clone()))
}

/// The clauses of all guarantees and rules, in the order in which they are said.
fn understood(world: &World) -> Vec<ClauseSaid<'_>> {
    let of = |is_false: bool, expr| if is_false { ClauseSaid::False(expr) } else { ClauseSaid::True(expr) };
    let parts = world.guarantees.iter().flat_map(|one| &one.parts);
    let parts = parts.map(|part| of(part.never, &part.expr));
    let of_rules = world.rules.iter().flat_map(|rule| {
        let promises = rule.promises.iter().map(|promise| of(promise.forbid, &promise.expr));
        promises.chain(rule.process_in.iter().map(ClauseSaid::Places))
    });
    parts.chain(of_rules).collect()
}
