//! Models that newly serve a use case and lead to an address, or take a key, that no request for it went to before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::destinations::{UPSTREAM, Way, first, how, provider, reached, said};
use super::extent;
use super::gate::Moved;
use super::grid::{Grid, Part};
use super::rename::Names;
use super::sides::Side;
use super::store::{NumberedDecision, Store};
use crate::limits::MAX_COMPARED_CONTEXTS;
use crate::limits::shown;
use crate::model::words::some;
use crate::vocabulary::Trigger;

/// What a model newly leads to: its key and its value; none: an address or a key that it does not state, though all others
/// do.
type Led<'a> = (&'a str, Option<&'a str>);

/// A model by which a use case newly goes somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fresh {
    key: String,
    value: Option<String>,
    id: String,
    use_case: String,
    /// Stands for the contexts, and for how it serves in each.
    contexts: String,
    /// Whether the model served before, and led elsewhere.
    is_moved: bool,
}

impl Fresh {
    /// What stands for where a model goes that went elsewhere before; none of others, or by another key.
    pub(super) fn of_moved(&self, by: &str, ids: &[&String]) -> Option<String> {
        let is_it = self.is_moved && self.key == by && ids.contains(&&self.id);
        is_it.then(|| self.bound())
    }

    /// Whether the model did not serve before.
    pub(super) fn is_other(&self) -> bool {
        !self.is_moved
    }

    fn bound(&self) -> String {
        format!("{}\u{1f}{}\u{1f}{}", self.use_case, self.id, self.contexts)
    }
}

/// Models that did not serve a use case before and lead to where no request for it went, though it did go to their
/// provider: of another provider it is the provider that is new. Where the provider itself was said to be reached is
/// known. Of a new use case those that served nobody. What any of the old sides reaches is known. Models that served before
/// and led elsewhere are among them, for they may serve in more contexts now.
pub(super) fn found(
    store: &Store,
    olds: &[&Side],
    serving: &BTreeSet<String>,
    new: &Side,
    names: &Names,
) -> Vec<Fresh> {
    let serving = || olds.iter().flat_map(|old| &old.serving).chain(serving);
    let served: BTreeSet<&String> = serving().map(|id| new_id(names, id)).collect();
    let known = Known::by(serving(), olds);
    let old_names: BTreeMap<&String, &String> =
        names.of_kind("use_case").map(|(old, new)| (new, old)).collect();
    let elsewhere = elsewhere(olds, new, names);
    // Use cases that are decided alike are gone through once.
    let mut known_contexts = HashMap::new();
    let mut found = Vec::new();
    for (name, case) in &new.cases {
        let old_name = *old_names.get(name).unwrap_or(&name);
        let now = Part { side: new, case };
        let before = olds.iter().filter_map(|old| Some(Part { side: old, case: old.cases.get(old_name)? }));
        let before: Vec<Part> = before.collect();
        if before.iter().any(|before| before.decides_like(now)) {
            continue;
        }
        let own: BTreeSet<String> = before.iter().flat_map(|part| reached(store, part.case)).collect();
        let by_own = (!before.is_empty()).then(|| Known::by(own.iter(), olds));
        let had: BTreeSet<&String> = own.iter().map(|id| new_id(names, id)).collect();
        let had = if by_own.is_some() { &had } else { &served };
        let is_fresh = |id: &String| !had.contains(id) || elsewhere.contains(id);
        for id in reached(store, case).into_iter().filter(is_fresh) {
            let Some((id, way)) = new.ways.get_key_value(&id) else { continue };
            let provider = provider(id);
            let known = by_own.as_ref().filter(|own| own.has(provider)).unwrap_or(&known);
            let is_led = |(key, value): &Led| !known.leads_to(provider, key, *value);
            let leads: Vec<Led> = leads(way).filter(|_| known.has(provider)).filter(is_led).collect();
            if leads.is_empty() {
                continue;
            }
            let own = (case.level, case.axes.as_slice(), case.cells.as_slice(), id);
            let contexts = known_contexts.entry(own).or_insert_with(|| contexts(store, now, id));
            found.extend(leads.into_iter().map(|(key, value)| Fresh {
                key: key.to_owned(),
                value: value.map(str::to_owned),
                id: id.clone(),
                use_case: name.clone(),
                contexts: contexts.clone(),
                is_moved: had.contains(id),
            }));
        }
    }
    found
}

/// The models of the new side that led elsewhere on an old one.
fn elsewhere<'a>(olds: &[&'a Side], new: &'a Side, names: &'a Names) -> BTreeSet<&'a String> {
    let ways = olds.iter().flat_map(|old| &old.ways).map(|(id, way)| (new_id(names, id), way));
    let moved = ways.filter(|(id, way)| new.ways.get(*id).is_some_and(|now| now != *way));
    moved.map(|(id, _)| id).collect()
}

fn new_id<'a>(names: &'a Names, id: &'a String) -> &'a String {
    names.of("model", id).unwrap_or(id)
}

/// The same as entries: what leads to the same is one.
pub(super) fn moved(found: &[Fresh]) -> Vec<Moved> {
    let mut groups: BTreeMap<Led, Vec<&Fresh>> = BTreeMap::new();
    for one in found {
        groups.entry((one.key.as_str(), one.value.as_deref())).or_default().push(one);
    }
    let moved = groups.into_iter().map(|((key, value), all)| {
        let ids: BTreeSet<&String> = all.iter().map(|one| &one.id).collect();
        let cases: BTreeSet<&String> = all.iter().map(|one| &one.use_case).collect();
        let (ids, cases): (Vec<&String>, Vec<&String>) =
            (ids.into_iter().collect(), cases.into_iter().collect());
        let be = if ids.len() == 1 { "is" } else { "are" };
        let whom = some(&cases, shown::DIFF_NAMES);
        let leads = match (key, value) {
            ("api_key_env", None) => "with no stated key".to_owned(),
            _ => format!("{} {}", how(key), said(key, value.map(str::to_owned))),
        };
        let text =
            format!("{} {be} newly reached {leads}, where no request for {whom} went before", first(&ids));
        // Whom else it concerns is accepted with it, and where.
        Moved::loosened(text).binding(all.iter().map(|one| one.bound()).collect())
    });
    moved.collect()
}

/// Stands for the contexts in which a model serves, and how.
fn contexts(store: &Store, part: Part, id: &str) -> String {
    let grid = Grid::new(part, part);
    // A use case with more is not compared, which is said of it.
    if grid.len() > MAX_COMPARED_CONTEXTS {
        return String::new();
    }
    let say = |cell| store.get(cell).map(|outcome| role(store, outcome, id)).unwrap_or_default();
    extent::of_contexts(&grid, |_, at| part.case.cells.get(at).copied(), say)
}

/// As what a model serves: first, and on which triggers.
fn role(store: &Store, outcome: &NumberedDecision, id: &str) -> String {
    let first = outcome.primary.as_ref().and_then(|target| store.models.get(target.model));
    let first = first.filter(|portrait| portrait.model.id == id).map(|_| "primary");
    let tries = |on: &&crate::model::Trigger| {
        store.route(outcome, Some(**on)).any(|(_, portrait)| portrait.model.id == id)
    };
    let on = Trigger::ALL.iter().filter(tries).map(|on| on.name());
    first.into_iter().chain(on).collect::<Vec<_>>().join(" ")
}

/// Where a way leads: what it states, and that it states no address or no key.
fn leads(way: &Way) -> impl Iterator<Item = Led<'_>> {
    let stated = way.iter().filter(|(key, _)| !["protocol", UPSTREAM].contains(&key.as_str()));
    let stated = stated.map(|(key, value)| (key.as_str(), Some(value.as_str())));
    let absent = ["base_url", "api_key_env"].into_iter().filter(|key| !way.contains_key(*key));
    stated.chain(absent.map(|key| (key, None)))
}

/// Where requests go that go to some models.
struct Known<'a> {
    by_provider: BTreeMap<&'a str, Vec<&'a Way>>,
    sides: &'a [&'a Side],
}

impl<'a> Known<'a> {
    fn by(ids: impl Iterator<Item = &'a String>, sides: &'a [&'a Side]) -> Self {
        let mut by_provider: BTreeMap<&str, Vec<&Way>> = BTreeMap::new();
        for id in ids {
            let ways = sides.iter().filter_map(|side| side.ways.get(id));
            by_provider.entry(provider(id)).or_default().extend(ways);
        }
        Self { by_provider, sides }
    }

    fn has(&self, provider: &str) -> bool {
        self.by_provider.contains_key(provider)
    }

    /// That a provider itself states nothing makes it known to nobody that its models do not either.
    fn leads_to(&self, provider: &str, key: &str, value: Option<&str>) -> bool {
        let ways = self.by_provider.get(provider).into_iter().flatten().copied();
        let usual = self.sides.iter().filter_map(|side| side.usual_ways.get(provider));
        let usual = usual.filter(|_| value.is_some());
        let mut ways = ways.chain(usual);
        ways.any(|way| way.get(key).map(String::as_str) == value)
    }
}
