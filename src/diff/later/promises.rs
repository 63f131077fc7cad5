//! What rules and guarantees promise on a day: no decision tells that a guarantee promises less, and not every one that a
//! rule does.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::conditions::{self, text};
use crate::diff::latent::{ClauseSaid, Implied, SaidTo, said_by, said_in};
use crate::diff::rename::Names;
use crate::limits::effort;
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

    /// The world of that day.
    pub(super) fn world(&self) -> &World {
        self.of.world()
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
        let mut alike = Alike::default();
        for ((what, whom), ((kind, name), at)) in &new.said {
            let Some(clause) = clauses.get(*at) else { continue };
            alike.by_name.entry((kind, name)).or_default().push(*clause);
            alike.by_whom.entry((kind, whom)).or_default().push(*clause);
            alike.by_words.entry(what).or_default().push(*clause);
        }
        let mut is_kept = |promise: &Promise, by: &By, at: usize| {
            let all = alike.to(promise, by);
            old.get(at).is_some_and(|gone| implied.keeps(*gone, &all, left))
        };
        let missing = unsaid.into_iter().filter(|(promise, by, at)| !is_kept(promise, by, *at));
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

/// The clauses of a side, by in what they may be like one of the other side.
#[derive(Default)]
struct Alike<'a> {
    /// By the statement: one that is only stricter mostly keeps its name.
    by_name: BTreeMap<(&'static str, &'a str), Vec<SaidTo<'a>>>,
    /// By the kind of statement, and for which requests.
    by_whom: BTreeMap<(&'static str, &'a str), Vec<SaidTo<'a>>>,
    /// Those that say the same, word for word.
    by_words: BTreeMap<&'a str, Vec<SaidTo<'a>>>,
}

impl<'a> Alike<'a> {
    /// Those that may say what a promise of the other side says.
    fn to(&self, (what, whom): &Promise, (kind, name): &By) -> Vec<SaidTo<'a>> {
        let of_all = (!whom.is_empty()).then_some("");
        let by_whom = [Some(whom.as_str()), of_all].into_iter().flatten();
        let lists = std::iter::once(self.by_name.get(&(*kind, name.as_str())))
            .chain(by_whom.map(|whom| self.by_whom.get(&(*kind, whom))))
            .chain([self.by_words.get(what.as_str())]);
        lists.flatten().flat_map(|list| list.iter().take(effort::LATER_ALIKE_PROMISES)).copied().collect()
    }
}

/// What somebody promises to the same requests.
fn all(said: Vec<String>, whom: String, by: By) -> impl Iterator<Item = (Promise, By)> {
    said.into_iter().map(move |what| ((what, whom.clone()), by.clone()))
}

/// The clauses of all guarantees and rules, in the order in which they are said.
fn understood(world: &World) -> Vec<SaidTo<'_>> {
    let of = |is_false: bool, expr| if is_false { ClauseSaid::False(expr) } else { ClauseSaid::True(expr) };
    let parts = world
        .guarantees
        .iter()
        .flat_map(|one| one.parts.iter().map(move |part| (of(part.never, &part.expr), one.premise.as_ref())));
    let of_rules = world.rules.iter().flat_map(|rule| {
        let promises = rule.promises.iter().map(move |promise| of(promise.forbid, &promise.expr));
        let all = promises.chain(rule.process_in.iter().map(ClauseSaid::Places));
        all.map(|clause| (clause, rule.when.as_ref()))
    });
    parts.chain(of_rules).collect()
}
