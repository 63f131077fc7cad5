//! What a name leads to, as the proxy's router looks it up: aliases first, then `model_list`, then deployments by model.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::group::Walk;
use super::routers::Router;
use super::{Config, deployments::Group};
use crate::import::draft::{Draft, UseCase};
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_ENTRIES, MAX_IMPORTED_LINKS};
use crate::source::Spanned;
use crate::yaml::{Kind, Value};

/// What `model_list` says beside the public names.
#[derive(Default)]
pub(super) struct Beside {
    /// Deployments by `litellm_params.model` and by `model_info.id`, which `LiteLLM` tries where no public name fits.
    pub(super) models: BTreeMap<String, Vec<usize>>,
    /// Public names with `*`.
    pub(super) wildcards: Vec<String>,
    /// Public names of entries that were not carried over.
    pub(super) left: BTreeSet<String>,
    /// Public names behind which the proxy picks another one.
    pub(super) routers: Vec<Router>,
}

/// Why an alias has none of the fallbacks of its target.
const LOOKED_UP: &str = "LiteLLM looks fallbacks up under the name that is asked for";

/// Everything that a name may lead to.
pub(super) struct Names {
    public: BTreeMap<String, Vec<usize>>,
    walks: BTreeMap<String, Walk>,
    nobody: Walk,
    beside: Beside,
    /// Whom each router may pick.
    picked: BTreeMap<String, Vec<String>>,
    /// The wildcards by what stands before their first `*`.
    by_prefix: BTreeMap<String, Vec<usize>>,
    /// How long these are.
    lengths: BTreeSet<usize>,
    /// Which wildcard fits a name that was asked for, if any.
    fitting: RefCell<BTreeMap<String, Option<usize>>>,
    /// What the policy language would take for a model: names and ids of the draft's, each with its place and id.
    registered: BTreeMap<String, (usize, String)>,
}

/// What one name leads to.
pub(super) enum Served<'a> {
    /// A public name.
    Public(&'a [usize]),
    /// No public name, but deployments whose `model` or `id` is spelled that way.
    Model(&'a [usize]),
    /// Only a wildcard.
    Wildcard(&'a str),
    /// An entry that was not carried over.
    Left,
    /// Nothing: the proxy answers with an error.
    Nobody,
}

impl Beside {
    /// Takes down a deployment that was carried over.
    pub(super) fn add(&mut self, entry: &Value, params: &Value, at: usize) {
        let id = entry.get("model_info").and_then(|info| info.get("id")?.text());
        for name in params.get("model").and_then(Value::text).into_iter().chain(id) {
            let serves = self.models.entry(name.to_owned()).or_default();
            if !serves.contains(&at) {
                serves.push(at);
            }
        }
    }
}

impl Names {
    pub(super) fn new(
        draft: &Draft,
        walks: BTreeMap<String, Walk>,
        mut beside: Beside,
        picked: BTreeMap<String, Vec<String>>,
    ) -> Self {
        beside.wildcards.sort_by_cached_key(|pattern| Reverse(specificity(pattern)));
        let public = draft.use_cases.iter().map(|one| (one.name.clone(), one.serves.clone())).collect();
        let registered = draft.endpoints.iter().enumerate().flat_map(|(at, one)| {
            [one.name.clone(), one.model.clone(), one.id()].map(|name| (name, (at, one.id())))
        });
        let registered = registered.collect();
        let mut by_prefix: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, pattern) in beside.wildcards.iter().enumerate() {
            let prefix = pattern.split('*').next().unwrap_or_default();
            by_prefix.entry(prefix.to_owned()).or_default().push(at);
        }
        let lengths = by_prefix.keys().map(String::len).collect();
        Self {
            public,
            walks,
            nobody: Walk::default(),
            beside,
            picked,
            by_prefix,
            lengths,
            fitting: RefCell::default(),
            registered,
        }
    }

    /// The most specific wildcard that fits a name.
    fn wildcard(&self, name: &str) -> Option<&String> {
        let known = self.fitting.borrow().get(name).copied();
        let found = known.unwrap_or_else(|| {
            let prefixes = self.lengths.iter().filter_map(|length| self.by_prefix.get(name.get(..*length)?));
            let fits = |at: &&usize| self.beside.wildcards.get(**at).is_some_and(|one| matches(one, name));
            let found = prefixes.filter_map(|all| all.iter().find(fits)).min().copied();
            self.fitting.borrow_mut().insert(name.to_owned(), found);
            found
        });
        self.beside.wildcards.get(found?)
    }

    /// The names of which the proxy picks one where a router is asked.
    pub(super) fn picked(&self, name: &str) -> &[String] {
        self.picked.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether some name has deployments of several `order`s.
    pub(super) fn has_hops(&self) -> bool {
        self.walks.values().any(|walk| walk.hops() > 0)
    }

    /// How the proxy goes from one deployment of a public name to another.
    pub(super) fn walk(&self, name: &str) -> &Walk {
        self.walks.get(name).unwrap_or(&self.nobody)
    }

    pub(super) fn find(&self, name: &str) -> Served<'_> {
        if let Some(serves) = self.public.get(name) {
            Served::Public(serves)
        } else if let Some(wildcard) = self.wildcard(name) {
            Served::Wildcard(wildcard)
        } else if let Some(serves) = self.beside.models.get(name) {
            Served::Model(serves)
        } else if self.beside.left.contains(name) {
            Served::Left
        } else {
            Served::Nobody
        }
    }

    /// The model that the policy language takes a name for.
    pub(super) fn registered(&self, name: &str) -> Option<(usize, &str)> {
        self.registered.get(name).map(|(at, id)| (*at, id.as_str()))
    }

    /// The model that the policy language would take the name of nobody for.
    pub(super) fn mistaken(&self, name: &str) -> Option<&str> {
        match self.find(name) {
            Served::Left | Served::Nobody => self.registered(name).map(|(_, id)| id),
            Served::Public(_) | Served::Model(_) | Served::Wildcard(_) => None,
        }
    }
}

/// How specific a pattern is to the proxy: by the length of the regular expression that it makes of it, then by its signs.
fn specificity(pattern: &str) -> (usize, usize) {
    let is_special = |c: char| "()[]{}?+-|^$\\.&~# \t\n\r".contains(c);
    let size = |c: char| {
        if c == '*' {
            (4, 3)
        } else if is_special(c) {
            (2, 1 + usize::from("()?+|^$\\".contains(c)))
        } else {
            (1, 0)
        }
    };
    pattern.chars().map(size).fold((0, 0), |(length, signs), (more, others)| (length + more, signs + others))
}

/// Whether a pattern of `*` fits the whole of a name.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

fn use_case(group: &Group) -> UseCase {
    UseCase {
        name: group.name.clone(),
        span: group.span,
        team: group.team.clone(),
        serves: group.serves.clone(),
        routes: Vec::new(),
        comments: group.comments.clone(),
    }
}

/// The public names as use cases. `model_group_alias` takes precedence over `model_list`, as in the proxy.
pub(super) fn use_cases(
    config: &Config,
    groups: &[Group],
    beside: &Beside,
    draft: &mut Draft,
    notes: &mut Notes,
) -> BTreeMap<String, Walk> {
    let mut walks: BTreeMap<String, Walk> =
        groups.iter().map(|group| (group.name.clone(), group.walk.clone())).collect();
    draft.use_cases.extend(groups.iter().map(use_case));
    let mut places: BTreeMap<String, usize> =
        groups.iter().enumerate().map(|(at, group)| (group.name.clone(), at)).collect();
    let own: BTreeMap<&str, &Group> = groups.iter().map(|group| (group.name.as_str(), group)).collect();
    let mut gone = BTreeSet::new();
    let mut left = MAX_IMPORTED_LINKS;
    for (alias, target) in aliases(config, notes) {
        let place = places.get(&alias.value).copied();
        let Some(named) = target.text().or_else(|| target.get("model")?.text()) else {
            unresolved(alias, place.is_some(), notes);
            continue;
        };
        let serves = own.get(named).map(|group| &group.serves).or_else(|| beside.models.get(named));
        let Some(serves) = serves else {
            missed(alias, named, place.is_some(), notes);
            gone.extend(place);
            continue;
        };
        let Some(rest) = left.checked_sub(serves.len()) else {
            let deployments = format!("aliases beyond {MAX_IMPORTED_LINKS} deployments in total");
            notes.left(alias.span, deployments);
            break;
        };
        left = rest;
        let (shown, of) = (text::comment(&alias.value), text::comment(named));
        let walk = own.get(named).map(|group| group.walk.clone());
        walks.insert(alias.value.clone(), walk.unwrap_or_else(|| Walk::beside(serves)));
        let is_full = draft.use_cases.len() >= MAX_IMPORTED_ENTRIES;
        match place.and_then(|at| draft.use_cases.get_mut(at)) {
            Some(_) if named == alias.value => {}
            Some(known) => {
                notes.read(alias.span, format!("requests for `{shown}` as those for `{of}`: the alias takes precedence over the entry of `model_list`"));
                known.comments = vec![format!("an alias leads it to `{of}`, and not to its own deployments")];
                known.serves.clone_from(serves);
            }
            None if is_full => {
                notes.left(alias.span, format!("use cases beyond {MAX_IMPORTED_ENTRIES}"));
                break;
            }
            None => {
                notes.read(alias.span, format!("the alias `{shown}` as a use case of its own, without the fallbacks of `{of}`: {LOOKED_UP}"));
                places.insert(alias.value.clone(), draft.use_cases.len());
                draft.use_cases.push(UseCase {
                    name: alias.value.clone(),
                    span: alias.span,
                    team: None,
                    serves: serves.clone(),
                    routes: Vec::new(),
                    comments: vec![format!("another name of `{of}`, without its fallbacks: {LOOKED_UP}")],
                });
            }
        }
    }
    let mut at = 0;
    draft.use_cases.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
    walks
}

/// The aliases, each with what it stands for.
fn aliases<'a>(config: &Config<'a>, notes: &mut Notes) -> Vec<&'a (Spanned<String>, Value)> {
    let aliases = config.all("router_settings", "model_group_alias");
    for map in aliases.iter().filter(|map| !matches!(map.kind, Kind::Map(_))) {
        let (what, shown) = (text::kind(map), text::comment(&text::flow(map)));
        notes.left(map.span, format!("`model_group_alias`: it is {what}, `{shown}`, and no map"));
    }
    let (named, others): (Vec<_>, Vec<_>) =
        aliases.into_iter().flat_map(Value::entries).partition(|(alias, _)| !alias.value.is_empty());
    for (alias, _) in others {
        notes.left(alias.span, "an alias without a name");
    }
    named
}

/// Lists an alias that is no name.
fn unresolved(alias: &Spanned<String>, is_own: bool, notes: &mut Notes) {
    let then = if is_own { "the entry of `model_list` counts" } else { "requests for it reach nobody" };
    notes.left(
        alias.span,
        format!(
            "the alias `{}`: LiteLLM resolves it only if it is a name, or a map with `model`; {then}",
            text::comment(&alias.value)
        ),
    );
}

/// Lists an alias of what `model_list` does not have.
fn missed(alias: &Spanned<String>, named: &str, is_own: bool, notes: &mut Notes) {
    let then = if is_own {
        "; requests for it reach nobody, although `model_list` has the name: the alias takes precedence"
    } else {
        ""
    };
    notes.left(
        alias.span,
        format!(
            "the alias `{}`: its target `{}` is not in `model_list`{then}",
            text::comment(&alias.value),
            text::comment(named)
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_wildcard_fits_the_whole_name() {
        assert!(matches("openai/*", "openai/gpt-4o") && matches("*", "x") && matches("a*c*e", "abcde"));
        assert!(!matches("openai/*", "azure/x") && !matches("a*c", "acb") && !matches("a*ba", "aba-"));
    }
}
