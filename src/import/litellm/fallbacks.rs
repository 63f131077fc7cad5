//! Fallbacks as the proxy follows them: from name to name, on every error, each name once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::lists::{self, List, Rule};
use super::names::{Names, Served};
use super::{Config, is_nothing, stated};
use crate::catalogue::Catalogue;
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_STEPS, MAX_IMPORTED_WORK};
use crate::model::words;
use crate::yaml::Value;

/// How deep the proxy goes from fallback to fallback where nothing else is said.
const DEFAULT_DEPTH: u64 = 5;

/// The deepest that is followed, whatever is said.
const DEEPEST: u64 = 50;

/// Everything that makes the proxy fall back; what a caller did wrong does too.
pub(super) const TRIGGERS: [&str; 8] = [
    "rate-limited",
    "server-error",
    "timeout",
    "unavailable",
    "content-filtered",
    "context-exceeded",
    "out-of-credit",
    "unauthorized",
];

/// The lists of a configuration.
pub(super) struct Fallbacks {
    general: List,
    content: List,
    context: List,
    depth: u64,
    /// Entries that some walk came by, of each list.
    used: RefCell<[BTreeSet<usize>; 3]>,
    /// How many more names may be looked at.
    left: Cell<usize>,
}

/// The names that are tried after one, for some triggers.
pub(super) struct Path {
    pub(super) suffix: &'static str,
    pub(super) on: Vec<&'static str>,
    pub(super) targets: Vec<String>,
    /// Whether there are more targets than are followed.
    pub(super) is_cut: bool,
    /// The first circle: names that fall back to each other in turn, the last to the first.
    pub(super) circle: Option<Vec<String>>,
}

const SECTIONS: [&str; 2] = ["router_settings", "litellm_settings"];

/// Reads all lists, and says of each name in them that leads elsewhere than it seems where that is.
pub(super) fn read(
    config: &Config,
    catalogue: Option<&Catalogue>,
    names: &Names,
    notes: &mut Notes,
) -> Fallbacks {
    let mut list = |key: &'static str| {
        let mut found = List::new(key);
        let used = config.holding(key);
        beside(config, key, used, notes);
        if let Some(list) = used {
            found.read(list, notes);
            let maps = list.items().iter().flat_map(Value::entries).chain(list.entries());
            maps.for_each(|(_, value)| lost(value, names, notes));
        }
        found
    };
    let (mut general, mut content, mut context) =
        (list("fallbacks"), list("content_policy_fallbacks"), list("context_window_fallbacks"));
    let default = config.holding("default_fallbacks");
    beside(config, "default_fallbacks", default, notes);
    if let Some(default) = default {
        general.everybody(default, notes);
        lost(default, names, notes);
    }
    for list in [&mut general, &mut content, &mut context] {
        list.infer(catalogue);
    }
    let depth = config.first(&SECTIONS, "max_fallbacks");
    let depth = depth.and_then(|depth| stated::whole(depth, "`max_fallbacks`", notes));
    let depth = depth.unwrap_or(DEFAULT_DEPTH).min(DEEPEST);
    if let Some(list) = config.holding("fallbacks").or(default) {
        notes.read(list.span, "fallbacks as LiteLLM follows them: on every error, even one of the caller's own making (400, 401), and on to the fallback's own fallbacks; callers can also send their own `fallbacks`, which no policy sees");
    }
    if !general.is_empty() {
        for (list, error) in
            [(&content, "an answer that is filtered"), (&context, "a prompt that is too long")]
        {
            list.say_alone(error, notes);
        }
    }
    Fallbacks {
        general,
        content,
        context,
        depth,
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

impl Fallbacks {
    /// Whether there are no fallbacks at all.
    pub(super) fn are_empty(&self) -> bool {
        [&self.general, &self.content, &self.context].into_iter().all(List::is_empty)
    }

    /// The list of an error, with its number; none where the error has none of its own.
    fn special(&self, suffix: &str) -> Option<(usize, &List)> {
        let found = match suffix {
            "-content-policy" => (1, &self.content),
            "-context-window" => (2, &self.context),
            _ => return None,
        };
        (!found.1.is_empty()).then_some(found)
    }

    /// The entry of a name: where the error has a list of its own, only that one is asked.
    fn entry(&self, suffix: &str, name: &str) -> Option<(&List, usize, Rule)> {
        let (number, list) = self.special(suffix).unwrap_or((0, &self.general));
        let (at, rule) = list.find(name)?;
        if let Some(used) = self.used.borrow_mut().get_mut(number) {
            used.insert(at);
        }
        Some((list, at, rule))
    }

    /// Whether no more names may be looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// The paths of a name, one for each list that differs.
    pub(super) fn paths(&self, name: &str, notes: &mut Notes) -> Vec<Path> {
        let mut on = TRIGGERS.to_vec();
        let mut paths = Vec::new();
        for (suffix, trigger) in
            [("-content-policy", "content-filtered"), ("-context-window", "context-exceeded")]
        {
            let Some((_, list)) = self.special(suffix) else { continue };
            on.retain(|other| *other != trigger);
            if list.find(name).is_some() {
                paths.push(self.path(name, suffix, vec![trigger]));
            }
        }
        paths.insert(0, self.path(name, "", on));
        for path in &paths {
            if let Some((list, at, rule)) = self.entry(path.suffix, name) {
                list.say(name, at, rule, notes);
            }
        }
        paths
    }

    fn path(&self, name: &str, suffix: &'static str, on: Vec<&'static str>) -> Path {
        let path = Path { suffix, on, targets: Vec::new(), is_cut: false, circle: None };
        let mut walk =
            Walk { lists: self, path, stack: vec![name.to_owned()], met: BTreeSet::from([name.to_owned()]) };
        walk.below(name);
        walk.path
    }

    /// Says which names fall back to each other, once for each circle: a check does only when nothing else is amiss.
    pub(super) fn say_circles(&self, paths: &[Path], notes: &mut Notes) {
        for path in paths {
            let Some(circle) = &path.circle else { continue };
            let shown: Vec<String> = circle.iter().map(|name| text::comment(name)).collect();
            let first = circle.iter().enumerate().min_by_key(|(_, name)| *name).map_or(0, |(at, _)| at);
            let mut turned: Vec<&str> = shown.iter().map(String::as_str).collect();
            turned.rotate_left(first);
            let Some((list, at, _)) = circle.get(first).and_then(|name| self.entry(path.suffix, name)) else {
                continue;
            };
            let Some(span) = list.place(at) else { continue };
            let which = match turned.as_slice() {
                [one] => format!("`{one}` falls back to itself"),
                several => format!("the fallbacks of {} form a circle", words::some(several, 20)),
            };
            notes.read(span, format!("{which}: LiteLLM tries each name once; the chains stay closed, so that `check` reports it once each model has a price and each name is known"));
        }
    }

    /// Lists the entries that are nobody's; to be asked when all paths are known.
    pub(super) fn list_unused(&self, names: &Names, notes: &mut Notes) {
        let used = self.used.borrow();
        for (list, used) in [&self.general, &self.content, &self.context].into_iter().zip(used.iter()) {
            list.list_unused(used, names, notes);
        }
    }
}

/// A walk from name to name: depth first, each name once, as deep as the proxy goes.
struct Walk<'a> {
    lists: &'a Fallbacks,
    path: Path,
    /// The names that lead to where the walk is.
    stack: Vec<String>,
    /// All names that were met.
    met: BTreeSet<String>,
}

impl Walk<'_> {
    fn below(&mut self, name: &str) {
        let lists = self.lists;
        let Some((list, at, rule)) = lists.entry(self.path.suffix, name) else { return };
        // A default leads back to a name only because it is everybody's.
        let is_written = rule != Rule::Everybody;
        for target in list.targets(at) {
            let left = lists.left.get();
            self.path.is_cut |= self.path.targets.len() >= MAX_IMPORTED_STEPS && !self.met.contains(target);
            if self.path.is_cut || left == 0 {
                return;
            }
            lists.left.set(left - 1);
            if self.met.insert(target.clone()) {
                self.path.targets.push(target.clone());
                if (self.stack.len() as u64) < lists.depth {
                    self.stack.push(target.clone());
                    self.below(target);
                    self.stack.pop();
                }
            } else if is_written && self.path.circle.is_none() {
                let back = self.stack.iter().position(|above| above == target);
                self.path.circle = back.and_then(|at| self.stack.get(at..)).map(<[String]>::to_vec);
            }
        }
    }
}

/// Says of targets that are no public names where they lead.
fn lost(value: &Value, names: &Names, notes: &mut Notes) {
    let items = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
    for item in items {
        let Some(name) = lists::target(item) else { continue };
        let shown = text::comment(name);
        if let Some(model) = names.mistaken(name) {
            notes.left(item.span, format!("the fallback `{shown}`: no public name is spelled that way, so LiteLLM reaches nobody; it is left out, since a chain would take it for the model `{}`", text::comment(model)));
            continue;
        }
        match names.find(name) {
            Served::Public(_) => {}
            Served::Model(_) => notes.read(item.span, format!("the fallback `{shown}` as the deployments with that `model` or `id`: no public name is spelled that way, and LiteLLM then looks there")),
            Served::Wildcard(pattern) => {
                let pattern = text::comment(pattern);
                match names.registered(name) {
                    Some((_, model)) => notes.read(item.span, format!("the fallback `{shown}`, which only the wildcard `{pattern}` serves, as the model `{}`", text::comment(model))),
                    None => notes.state(item.span, format!("which model `{shown}` is: only the wildcard `{pattern}` serves this fallback; the name is kept in the chain, so that `check` reports it")),
                }
            }
            Served::Left => notes.state(item.span, format!("which model `{shown}` is: its entry in `model_list` was not carried over; the name is kept in the chain, so that `check` reports it")),
            Served::Nobody => notes.state(item.span, format!("who `{shown}` is: it is a fallback, but no public name is spelled that way; the name is kept in the chain, so that `check` reports it")),
        }
    }
}
