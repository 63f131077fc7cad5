//! Fallbacks as the proxy follows them: from name to name, on every error, each name once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::lists::{self, List, Rule};
use super::names::{Names, Served};
use super::walk::Walk;
use super::{Config, is_nothing, stated};
use crate::catalogue::Catalogue;
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_WORK;
use crate::model::words;
use crate::vocabulary::Trigger;
use crate::yaml::Value;

/// After how many attempts the proxy no longer follows a fallback's own fallbacks, where nothing else is said.
const DEFAULT_DEPTH: u64 = 5;

/// Everything that makes the proxy fall back; what a caller did wrong does too.
pub(super) const TRIGGERS: &[&str] = Trigger::NAMES;

/// The kinds of errors that lists are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Error {
    /// `fallbacks`.
    Other,
    /// `content_policy_fallbacks`.
    Content,
    /// `context_window_fallbacks`.
    Context,
}

impl Error {
    /// What the name of a statement about it ends in.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Other => "",
            Self::Content => "-content-policy",
            Self::Context => "-context-window",
        }
    }
}

/// The lists of a configuration.
pub(super) struct Fallbacks<'a> {
    names: &'a Names,
    /// Who is asked under a name that leads to nobody.
    stand_in: Option<String>,
    /// What stands behind the names in the lists.
    targets: Vec<&'a Value>,
    general: List,
    content: List,
    context: List,
    /// After how many attempts no more lists are followed.
    pub(super) depth: u64,
    /// Whether some of these may lead to the next `order` of a name.
    pub(super) has_hops: bool,
    /// Entries that some walk came by, of each list.
    used: RefCell<[BTreeSet<usize>; 3]>,
    /// How many more names may be looked at.
    left: Cell<usize>,
}

/// The names that are tried after one, for some triggers.
pub(super) struct Path {
    pub(super) error: Error,
    pub(super) on: Vec<&'static str>,
    pub(super) targets: Vec<String>,
    /// The first target that is asked only where others fail in different ways, if there are such.
    pub(super) apart: Option<String>,
    /// Names that are asked only where several deployments of the name fail in different ways.
    pub(super) mixed: Vec<String>,
    /// The targets after an error for which the next `order` is not tried, where these are others.
    pub(super) without_order: Option<Vec<String>>,
    /// Whether there are more targets than are followed.
    pub(super) is_cut: bool,
    /// The first circle: names that fall back to each other in turn, the last to the first.
    pub(super) circle: Option<Vec<String>>,
}

/// The entry that a name's failure leads to.
pub(super) struct Found<'a> {
    pub(super) list: &'a List,
    pub(super) at: usize,
    rule: Rule,
    /// Whether it is that of the name that was asked for, which the proxy goes on with where a fallback has none.
    pub(super) is_resumed: bool,
}

impl Found<'_> {
    /// Whether the file says that the name has these fallbacks; a default leads back to a name only because it is
    /// everybody's.
    pub(super) fn is_written(&self) -> bool {
        !self.is_resumed && self.rule != Rule::Everybody
    }
}

const SECTIONS: [&str; 2] = ["router_settings", "litellm_settings"];

/// Reads all lists, and says of each name in them that leads elsewhere than it seems where that is.
pub(super) fn read<'a>(
    config: &Config<'a>,
    catalogue: Option<&Catalogue>,
    names: &'a Names,
    notes: &mut Notes,
) -> Fallbacks<'a> {
    let mut targets: Vec<&Value> = Vec::new();
    let mut list = |key: &'static str| {
        let mut found = List::new(key);
        let used = config.holding(key);
        beside(config, key, used, notes);
        if let Some(list) = used {
            found.read(list, notes);
            let maps = list.items().iter().flat_map(Value::entries).chain(list.entries());
            targets.extend(maps.map(|(_, value)| value));
        }
        found
    };
    let (mut general, mut content, mut context) =
        (list("fallbacks"), list("content_policy_fallbacks"), list("context_window_fallbacks"));
    let default = config.holding("default_fallbacks");
    beside(config, "default_fallbacks", default, notes);
    if let Some(default) = default {
        general.everybody(default, notes);
        targets.push(default);
    }
    let stand_in = general.stand_in().filter(|name| !matches!(names.find(name), Served::Nobody));
    let stand_in = stand_in.map(str::to_owned);
    for list in [&mut general, &mut content, &mut context] {
        list.infer(catalogue);
    }
    let depth = config.first(&SECTIONS, "max_fallbacks");
    let depth = depth.and_then(|depth| stated::whole(depth, "`max_fallbacks`", notes));
    let depth = depth.unwrap_or(DEFAULT_DEPTH);
    if let Some(list) = config.holding("fallbacks").or(default).filter(|_| !general.is_empty()) {
        notes.read(list.span, "fallbacks as LiteLLM follows them: on every error, even one of the caller's own making (400, 401), and on to the fallback's own fallbacks, or, where it has none, on with those of the name that was asked for; callers can also send their own `fallbacks`, which no policy sees");
    }
    if !general.is_empty() {
        for (list, error) in
            [(&content, "an answer that is filtered"), (&context, "a prompt that is too long")]
        {
            list.say_first(error, notes);
        }
    }
    Fallbacks {
        names,
        stand_in,
        targets,
        general,
        content,
        context,
        depth,
        has_hops: names.has_hops(),
        used: RefCell::default(),
        left: Cell::new(MAX_IMPORTED_WORK),
    }
}

/// Says which of two lists of fallbacks is followed, where the router has one and the module has one that holds something.
fn beside(config: &Config, key: &str, used: Option<&Value>, notes: &mut Notes) {
    let [router, module] = SECTIONS.map(|section| config.all(section, key).into_iter().next());
    let (Some(router), Some(module), Some(used)) = (router, module, used) else { return };
    if used.span == module.span {
        notes.read(
            router.span,
            format!("`{key}` of `litellm_settings`, since that of `router_settings` is empty: LiteLLM passes over an empty list"),
        );
    } else if !is_nothing(module) && text::flow(module) != text::flow(router) {
        notes.left(
            module.span,
            format!("`{key}` of `litellm_settings`: the value in `router_settings` takes precedence"),
        );
    }
}

impl Fallbacks<'_> {
    /// Whether there are no fallbacks at all.
    pub(super) fn are_empty(&self) -> bool {
        [&self.general, &self.content, &self.context].into_iter().all(List::is_empty)
    }

    /// Whether some error has a list of its own.
    pub(super) fn has_special(&self) -> bool {
        !self.content.is_empty() || !self.context.is_empty()
    }

    /// How many fallbacks the `order` of a name's deployments uses up after an error.
    pub(super) fn hops(&self, name: &str, error: Error) -> u64 {
        if error == Error::Other { self.names.walk(name).hops() } else { 0 }
    }

    /// Whom a router may pick.
    pub(super) fn picked(&self, name: &str) -> &[String] {
        self.names.picked(name)
    }

    /// The list of an error, with its number; `fallbacks` where it has none of its own.
    fn of(&self, error: Error) -> (usize, &List) {
        match error {
            Error::Content if !self.content.is_empty() => (1, &self.content),
            Error::Context if !self.context.is_empty() => (2, &self.context),
            _ => (0, &self.general),
        }
    }

    /// How a name fails that is to fail in some way: under a name that leads to nobody, nobody answers.
    pub(super) fn fails(&self, name: &str, error: Error) -> Error {
        match self.names.find(name) {
            Served::Nobody if self.stand_in.is_none() => Error::Other,
            _ => error,
        }
    }

    /// Who is asked under a name that leads to nobody: the first of everybody's fallbacks.
    pub(super) fn stand_in(&self, name: &str) -> Option<&str> {
        self.stand_in.as_deref().filter(|_| matches!(self.names.find(name), Served::Nobody))
    }

    /// The entry of a name in the list of an error: its own, else that of the name that was asked for, else everybody's.
    pub(super) fn entry(&self, error: Error, name: &str, asked: &str) -> Option<Found<'_>> {
        let (number, list) = self.of(error);
        let own = list.find(name);
        let specific = |found: &(usize, Rule)| found.1 != Rule::Everybody;
        let resumed = || list.find(asked).filter(specific).filter(|_| name != asked);
        let (at, rule, is_resumed) = match own.filter(specific) {
            Some((at, rule)) => (at, rule, false),
            None => match resumed() {
                Some((at, rule)) => (at, rule, true),
                None => own.map(|(at, rule)| (at, rule, false))?,
            },
        };
        if let Some(used) = self.used.borrow_mut().get_mut(number) {
            used.insert(at);
        }
        Some(Found { list, at, rule, is_resumed })
    }

    /// Takes one of the names that may be looked at; whether there was one.
    pub(super) fn take_step(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether no more names may be looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// The paths of a name, one for each list that differs.
    pub(super) fn paths(&self, name: &str, notes: &mut Notes) -> Vec<Path> {
        let mut on = TRIGGERS.to_vec();
        let mut paths = Vec::new();
        let names_of_router = self.names.picked(name);
        for (error, trigger, list) in [
            (Error::Content, Trigger::ContentFiltered.name(), &self.content),
            (Error::Context, Trigger::ContextExceeded.name(), &self.context),
        ] {
            if list.is_empty() {
                continue;
            }
            on.retain(|other| *other != trigger);
            if list.find(name).is_some() || names_of_router.iter().any(|name| list.find(name).is_some()) {
                paths.push(Walk::path(self, name, error, vec![trigger]));
            }
        }
        paths.insert(0, Walk::path(self, name, Error::Other, on));
        for path in &paths {
            if let Some(found) = self.entry(path.error, name, name) {
                found.list.say(name, found.at, found.rule, notes);
            }
        }
        paths
    }

    /// Says which names fall back to each other, once for each circle: a check does only when nothing else is amiss.
    pub(super) fn say_circles(&self, paths: &[Path], notes: &mut Notes) {
        for path in paths {
            let Some(circle) = &path.circle else { continue };
            let shown: Vec<String> = circle.iter().map(|name| text::comment(name)).collect();
            let first = circle.iter().enumerate().min_by_key(|(_, name)| *name).map_or(0, |(at, _)| at);
            let mut turned: Vec<&str> = shown.iter().map(String::as_str).collect();
            turned.rotate_left(first);
            let found = circle.get(first).and_then(|name| self.entry(path.error, name, name));
            let Some(span) = found.and_then(|found| found.list.place(found.at)) else { continue };
            let which = match turned.as_slice() {
                [one] => format!("`{one}` falls back to itself"),
                several => format!("the fallbacks of {} form a circle", words::some(several, 20)),
            };
            if circle.first().is_some_and(|name| self.names.mistaken(name).is_some()) {
                notes.read(span, format!("{which}: LiteLLM tries each name once, and so does the chain"));
                continue;
            }
            notes.read(span, format!("{which}: LiteLLM tries each name once; the chains stay closed, so that `check` reports it once each model has a price and each name is known"));
        }
    }

    /// Says of targets that are no public names where they lead; `kept` are those that stand in some chain as they are.
    pub(super) fn say_lost(&self, kept: &BTreeSet<&str>, notes: &mut Notes) {
        for value in &self.targets {
            lost(value, self.names, (self.stand_in.as_deref(), kept), notes);
        }
    }

    /// Lists the entries that are nobody's; to be asked when all paths are known.
    pub(super) fn list_unused(&self, names: &Names, notes: &mut Notes) {
        let used = self.used.borrow();
        for (list, used) in [&self.general, &self.content, &self.context].into_iter().zip(used.iter()) {
            list.list_unused(used, names, notes);
        }
        let is_nobody = |name: &&str| matches!(names.find(name), Served::Nobody);
        let items = self.targets.iter().flat_map(|value| lists::targets(value));
        let stands_in = self.stand_in.is_some() && items.into_iter().any(|name| is_nobody(&name.as_str()));
        if let (Some((at, span)), Some(used), false) = (self.general.for_everybody(), used.first(), stands_in)
            && !used.contains(&at)
        {
            notes.left(span, "the fallbacks for everybody: no chain comes to them, since every name has fallbacks of its own");
        }
    }
}

/// Says of targets that are no public names where they lead.
fn lost(value: &Value, names: &Names, (stand_in, kept): (Option<&str>, &BTreeSet<&str>), notes: &mut Notes) {
    let reached = stand_in.map(|name| {
        format!("LiteLLM asks `{}` in its place, the first of everybody's fallbacks", text::comment(name))
    });
    let items = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
    for item in items {
        let Some(name) = lists::target(item) else { continue };
        let shown = text::comment(name);
        let then = if kept.contains(name) {
            "the name is kept in the chain, so that `check` reports it"
        } else {
            "no chain comes to it"
        };
        if let Some(model) = names.mistaken(name) {
            notes.left(item.span, format!("the fallback `{shown}`: no public name is spelled that way, so {}; it is left out, since a chain would take it for the model `{}`", reached.as_deref().unwrap_or("LiteLLM reaches nobody"), text::comment(model)));
            continue;
        }
        match names.find(name) {
            Served::Public(_) => {}
            Served::Model(_) => notes.read(item.span, format!("the fallback `{shown}` as the deployments with that `model` or `id`: no public name is spelled that way, and LiteLLM then looks there")),
            Served::Wildcard(pattern) => {
                let pattern = text::comment(pattern);
                match names.registered(name) {
                    Some((_, model)) => notes.read(item.span, format!("the fallback `{shown}`, which the wildcard `{pattern}` serves, as the model `{}`", text::comment(model))),
                    None => notes.state(item.span, format!("which model `{shown}` is: this fallback has no entry of its own, and the wildcard `{pattern}` serves it; {then}")),
                }
            }
            Served::Left => notes.state(item.span, format!("which model `{shown}` is: its entry in `model_list` was not carried over; {then}")),
            Served::Nobody => {
                let reached = reached.as_ref().map(|reached| format!("; {reached}")).unwrap_or_default();
                notes.state(item.span, format!("who `{shown}` is: it is a fallback, but no public name is spelled that way{reached}; {then}"));
            }
        }
    }
}
