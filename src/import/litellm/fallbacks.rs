//! Fallbacks as the proxy follows them: from name to name, on every error, each name once.

use std::collections::{BTreeMap, BTreeSet};

use super::Config;
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_STEPS;
use crate::number;
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// How deep the proxy goes from fallback to fallback where nothing else is said.
const DEFAULT_DEPTH: u64 = 5;

/// The deepest that is followed, whatever is said.
const DEEPEST: u64 = 50;

/// Everything that makes the proxy fall back; what a caller did wrong does too.
const TRIGGERS: [&str; 8] = [
    "rate-limited",
    "server-error",
    "timeout",
    "unavailable",
    "content-filtered",
    "context-exceeded",
    "out-of-credit",
    "unauthorized",
];

type Table = BTreeMap<String, Vec<String>>;

/// The lists of a configuration.
pub(super) struct Fallbacks {
    general: Table,
    content: Table,
    context: Table,
    default: Vec<String>,
    depth: u64,
}

/// The names that are tried after one, for some triggers.
pub(super) struct Path {
    pub(super) suffix: &'static str,
    pub(super) on: Vec<&'static str>,
    pub(super) targets: Vec<String>,
    /// The first name that falls back to one that led to it, and that one.
    pub(super) circle: Option<(String, String)>,
}

/// Reads all lists; what names nothing is listed.
pub(super) fn read(config: &Config, names: &BTreeMap<&str, usize>, notes: &mut Notes) -> Fallbacks {
    let mut table = |key: &str| {
        let mut table = Table::new();
        let router = config.all("router_settings", key);
        let module = config.all("litellm_settings", key);
        // The router takes the module's only where it has none of its own.
        let (used, unused) = if router.is_empty() { (module, Vec::new()) } else { (router, module) };
        for list in unused {
            notes.left(
                list.span,
                format!("`{key}` of `litellm_settings`: the value in `router_settings` takes precedence"),
            );
        }
        for list in used {
            entries(list, key, &mut table, notes);
        }
        table
    };
    let (general, content, context) =
        (table("fallbacks"), table("content_policy_fallbacks"), table("context_window_fallbacks"));
    let default = config.first(&["router_settings", "litellm_settings"], "default_fallbacks");
    let mut default: Vec<String> = default.map(targets).unwrap_or_default();
    default.extend(general.get("*").cloned().unwrap_or_default());
    let depth = config.first(&["router_settings", "litellm_settings"], "max_fallbacks");
    let depth =
        depth.and_then(Value::number).and_then(number::to_whole).unwrap_or(DEFAULT_DEPTH).min(DEEPEST);
    let first = config.first(&["router_settings", "litellm_settings"], "fallbacks");
    let first = first.or_else(|| config.first(&["router_settings", "litellm_settings"], "default_fallbacks"));
    if let Some(list) = first {
        notes.read(list.span, "fallbacks as LiteLLM follows them: on every error, even one of the caller's own making (400, 401), and on to the fallback's own fallbacks; callers can also send their own `fallbacks`, which no policy sees");
    }
    let fallbacks = Fallbacks { general, content, context, default, depth };
    Fallbacks::unknown(config, names, notes);
    fallbacks
}

/// A list of maps with one name each.
fn entries(list: &Value, key: &str, table: &mut Table, notes: &mut Notes) {
    if list.items().is_empty() && matches!(list.kind, Kind::List(_)) {
        return;
    }
    let maps = if list.items().is_empty() { std::slice::from_ref(list) } else { list.items() };
    for map in maps {
        if map.entries().is_empty() {
            notes.left(map.span, format!("an entry of `{key}` that does not map a name to a list"));
        }
        for (name, value) in map.entries() {
            let found = targets(value);
            if found.is_empty() {
                notes.left(
                    name.span,
                    format!("`{}` in `{key}`: it lists no fallback", text::comment(&name.value)),
                );
            }
            if value.items().iter().any(|item| item.entries().len() > 1) {
                notes.left(
                    value.span,
                    format!(
                        "parameters that `{key}` gives to the fallbacks of `{}`",
                        text::comment(&name.value)
                    ),
                );
            }
            if value.text().is_some() {
                notes.read(value.span, format!("text instead of a list in `{key}`: LiteLLM reads it letter by letter; here it is one name"));
            }
            if !table.contains_key(&name.value) {
                table.insert(name.value.clone(), found);
            }
        }
    }
}

fn targets(value: &Value) -> Vec<String> {
    let one = |value: &Value| value.text().or_else(|| value.get("model")?.text()).map(str::to_owned);
    if value.items().is_empty() {
        one(value).into_iter().collect()
    } else {
        value.items().iter().filter_map(one).collect()
    }
}

impl Fallbacks {
    /// Lists names that no deployment has.
    fn unknown(config: &Config, names: &BTreeMap<&str, usize>, notes: &mut Notes) {
        for key in ["fallbacks", "content_policy_fallbacks", "context_window_fallbacks", "default_fallbacks"]
        {
            for list in
                ["router_settings", "litellm_settings"].iter().flat_map(|section| config.all(section, key))
            {
                let maps = list.items().iter().flat_map(Value::entries).chain(list.entries());
                for (name, value) in maps {
                    if name.value != "*" && !names.contains_key(name.value.as_str()) {
                        notes.left(
                            name.span,
                            format!(
                                "the fallbacks of `{}`: no public name is spelled that way, so they are never used",
                                text::comment(&name.value)
                            ),
                        );
                    }
                    lost(value, names, notes);
                }
                lost(list, names, notes);
            }
        }
    }

    fn special(&self, suffix: &str, name: &str) -> Option<&Vec<String>> {
        match suffix {
            "-content-policy" => self.content.get(name),
            "-context-window" => self.context.get(name),
            _ => None,
        }
    }

    /// What is tried after a name: the list of the error, then that of all errors, else the default.
    fn next<'a>(&'a self, suffix: &str, name: &str) -> Vec<&'a String> {
        let general = self.general.get(name).unwrap_or(&self.default);
        self.special(suffix, name).into_iter().flatten().chain(general).collect()
    }

    /// The paths of a name, one for each list that differs.
    pub(super) fn paths<'a>(&'a self, name: &'a str) -> Vec<Path> {
        let mut on = TRIGGERS.to_vec();
        let mut paths = Vec::new();
        for (suffix, trigger) in
            [("-content-policy", "content-filtered"), ("-context-window", "context-exceeded")]
        {
            if self.special(suffix, name).is_some() {
                on.retain(|other| *other != trigger);
                paths.push(self.path(name, suffix, vec![trigger]));
            }
        }
        paths.insert(0, self.path(name, "", on));
        paths
    }

    fn path<'a>(&'a self, name: &'a str, suffix: &'static str, on: Vec<&'static str>) -> Path {
        let path = Path { suffix, on, targets: Vec::new(), circle: None };
        let mut walk = Walk { lists: self, path, stack: vec![name], met: BTreeSet::from([name]) };
        walk.below(name);
        walk.path
    }
}

/// A walk from name to name: depth first, each name once, as deep as the proxy goes.
struct Walk<'a> {
    lists: &'a Fallbacks,
    path: Path,
    /// The names that lead to where the walk is.
    stack: Vec<&'a str>,
    /// All names that were met.
    met: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn below(&mut self, name: &'a str) {
        let suffix = self.path.suffix;
        // A default leads back to a name only because it is everybody's.
        let is_written = self.lists.general.contains_key(name) || self.lists.special(suffix, name).is_some();
        for target in self.lists.next(suffix, name) {
            if self.path.targets.len() >= MAX_IMPORTED_STEPS {
                return;
            }
            if self.met.insert(target) {
                self.path.targets.push(target.clone());
                if (self.stack.len() as u64) < self.lists.depth {
                    self.stack.push(target);
                    self.below(target);
                    self.stack.pop();
                }
            } else if is_written && self.path.circle.is_none() && self.stack.contains(&target.as_str()) {
                self.path.circle = Some((name.to_owned(), target.clone()));
            }
        }
    }
}

/// Lists targets that no deployment has; they stay in the chains, where `check` shows them.
fn lost(value: &Value, names: &BTreeMap<&str, usize>, notes: &mut Notes) {
    let items = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
    for item in items {
        if let Some(name) = item.text().filter(|name| !names.contains_key(name)) {
            let span: Span = item.span;
            notes.state(span, format!("who `{}` is: it is a fallback, but no public name is spelled that way; the name is kept in the chain, so that `check` reports it", text::comment(name)));
        }
    }
}
