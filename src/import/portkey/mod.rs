//! Portkey's configs: trees of strategies over targets, one use case each.

mod numbers;
mod query;
mod regex;
mod rest;
mod shape;
mod target;
mod tree;
mod triggers;
mod turn;

use std::collections::BTreeMap;

use self::numbers::whole;
use self::target::{Inherited, Targets};
use self::tree::{Branch, Walk};
use self::triggers::TRIGGERS;
use super::chains::joined;
use super::condition::{Test, first_counts};
use super::draft::{Draft, Failover, Options, Route, Step, UseCase};
use super::text::Names;
use super::{Imported, Notes, text};
use crate::limits::{MAX_IMPORTED_ENTRIES, MAX_IMPORTED_LINKS, MAX_IMPORTED_TESTS};
use crate::source::{FileId, Sources, Span};
use crate::yaml::Value;

/// Keys by one of which a config is known.
const SIGNS: [&str; 5] = ["strategy", "targets", "provider", "virtual_key", "override_params"];

/// A config with what it is called.
struct Config<'a> {
    name: String,
    span: Span,
    root: &'a Value,
}

/// Makes a workspace of configs.
pub fn import(
    sources: &Sources,
    documents: &[(FileId, Value)],
    options: Options,
) -> Result<Imported, String> {
    let mut notes = Notes::default();
    let mut configs = Vec::new();
    for (id, root) in documents {
        configs.extend(read(sources.path(*id), root, &mut notes));
    }
    if configs.is_empty() {
        return Err(
            "this is not a Portkey config: it has neither a `strategy` with `targets` nor a `provider`"
                .to_owned(),
        );
    }
    if let Some(config) = configs.get(MAX_IMPORTED_ENTRIES) {
        notes.left(config.span, format!("configs beyond {MAX_IMPORTED_ENTRIES}"));
        configs.truncate(MAX_IMPORTED_ENTRIES);
    }
    let mut draft = Draft::default();
    let mut targets = Targets::default();
    for config in &configs {
        survey(config.root, &Inherited::default(), &mut targets);
    }
    let mut names = Names::default();
    let mut bounds = Bounds { tests: MAX_IMPORTED_TESTS, links: MAX_IMPORTED_LINKS };
    for config in &configs {
        let mut walk =
            Walk { draft: &mut draft, targets: &mut targets, notes: &mut notes, has_timeout: false };
        let branches = walk.branches(config.root, &Inherited::default(), &config.name);
        let name = text::unique(&config.name, &mut names);
        use_case(&mut draft, (name, config.span), &branches, &mut bounds, &mut notes);
    }
    notes.read(configs.first().map_or(Span::start_of(FileId::NONE), |config| config.span), "each config as a use case: whoever sends a request to Portkey chooses its config and metadata, so something in front of it must set both");
    let source = documents.first().map_or("", |(id, _)| sources.path(*id));
    let source = text::comment(source.rsplit(['/', '\\']).next().unwrap_or(source));
    let source = if documents.len() > 1 { format!("{source} and other configs") } else { source };
    Ok(draft.write(&source, options, notes))
}

/// The configs of a file: one, or a list of them with names.
fn read<'a>(path: &str, root: &'a Value, notes: &mut Notes) -> Vec<Config<'a>> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let is_config = |value: &Value| SIGNS.iter().any(|sign| value.get(sign).is_some());
    if is_config(root) {
        return vec![Config { name: stem, span: root.span, root }];
    }
    let list = ["configs", "data"].iter().find_map(|key| root.get(key)).unwrap_or(root);
    let items = if list.items().is_empty() { std::slice::from_ref(list) } else { list.items() };
    let mut found = Vec::new();
    for item in items {
        let named = ["name", "slug", "id"].iter().find_map(|key| item.get(key)?.text());
        let root = item.get("config").unwrap_or(item);
        if is_config(root) {
            let name = named.unwrap_or(&stem).to_owned();
            found.push(Config { name, span: item.span, root });
        } else if root.text().is_some() {
            notes.left(root.span, "a config that is a text: save it as JSON of its own");
        } else if items.len() > 1 {
            notes.left(item.span, "an entry that is not a config");
        }
    }
    found
}

fn survey(node: &Value, inherited: &Inherited, targets: &mut Targets) {
    let children = node.get("targets").map(Value::items).unwrap_or_default();
    if node.get("strategy").is_none() {
        targets.survey(node, inherited);
    }
    for child in children {
        survey(child, &inherited.within(node), targets);
    }
}

/// What may still be written.
struct Bounds {
    tests: usize,
    links: usize,
}

/// A config as a use case, with where its requests go and who steps in.
fn use_case(
    draft: &mut Draft,
    (name, span): (String, Span),
    branches: &[Branch],
    bounds: &mut Bounds,
    notes: &mut Notes,
) {
    let shown = text::comment(&name);
    if crate::source::visible::hidden_in_name(&name).is_some() {
        notes.left(span, format!("`{shown}`: a name with characters that do not show"));
        return;
    }
    let tests: Vec<Test> = branches.iter().map(|branch| branch.when.clone()).collect();
    let Some(tests) = first_counts(&tests, &mut bounds.tests) else {
        notes.left(
            span,
            format!("`{shown}`: its conditions come to more than {MAX_IMPORTED_TESTS} comparisons"),
        );
        return;
    };
    let at = draft.use_cases.len();
    let mut one =
        UseCase { name, span, team: None, serves: Vec::new(), routes: Vec::new(), comments: Vec::new() };
    let refuses = |branch: &Branch| branch.picks.is_empty() && !branch.is_lost;
    let is_open = branches.iter().zip(&tests).any(|(branch, test)| refuses(branch) && *test != Test::Never);
    if is_open && branches.len() > 1 {
        one.comments.push(
            "Portkey refuses what no condition matches, also a request that states nothing.".to_owned(),
        );
    }
    for (branch, when) in branches.iter().zip(tests) {
        if when == Test::Never {
            continue;
        }
        let first: Vec<usize> = branch.picks.iter().filter_map(tree::Pick::first).collect();
        for endpoint in &first {
            if !one.serves.contains(endpoint) {
                one.serves.push(*endpoint);
            }
        }
        let is_lost = first.is_empty() && branch.is_lost;
        if is_lost {
            let by = branch
                .title
                .as_deref()
                .map_or_else(String::new, |title| format!(" by `{}`", text::comment(title)));
            notes.state(span, format!("what serves `{shown}`{by}: nothing that does could be carried over, so a rule `…-unknown` forbids it until you state it"));
        }
        let way = match (&branch.title, branches.len() > 1, first.is_empty()) {
            _ if is_lost => "-unknown".to_owned(),
            (_, _, true) => "-refused".to_owned(),
            (Some(title), true, _) => format!("-{title}"),
            _ => String::new(),
        };
        failovers(draft, (at, &way), &when, branch, bounds, notes, span);
        let first = first.into_iter().map(Step::Endpoint).collect();
        one.routes.push(Route { when, first, is_lost, title: format!("{}{way}", one.name) });
    }
    draft.use_cases.push(one);
}

/// One statement for all triggers with the same chains.
fn failovers(
    draft: &mut Draft,
    (use_case, way): (usize, &str),
    when: &Test,
    branch: &Branch,
    bounds: &mut Bounds,
    notes: &mut Notes,
    span: Span,
) {
    let mut groups: Vec<(Vec<Vec<usize>>, Vec<&'static str>)> = Vec::new();
    let mut lost = false;
    for (trigger, (name, _)) in TRIGGERS.iter().enumerate() {
        let chains = branch.picks.iter().filter_map(|pick| pick.chains.get(trigger));
        let (chains, is_less) = joined(chains.filter(|chain| chain.len() > 1).map(|chain| chain.to_vec()));
        lost |= is_less;
        if chains.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == chains) {
            Some((_, on)) => on.push(name),
            None => groups.push((chains, vec![name])),
        }
    }
    if lost {
        notes.left(span, "the failover order of the less likely targets: one statement cannot hold it beside that of the likeliest target");
    }
    let retries: BTreeMap<u64, Span> =
        branch.picks.iter().filter_map(|pick| whole(pick.retry?.get("attempts"))).collect();
    let retry = retries.keys().next_back().copied();
    if let (Some((_, span)), true) = (retries.iter().next(), retries.len() > 1 || groups.is_empty()) {
        let why = if groups.is_empty() {
            "nothing else is tried there, and `retry` belongs to a failover statement"
        } else {
            "the numbers differ; the highest is carried over"
        };
        notes.left(*span, format!("`retry`: {why}"));
    }
    for (at, (chains, on)) in groups.into_iter().enumerate() {
        let links: usize = chains.iter().map(Vec::len).sum();
        let Some(left) = bounds.links.checked_sub(links) else {
            notes.left(span, format!("failover beyond {MAX_IMPORTED_LINKS} steps in total"));
            return;
        };
        bounds.links = left;
        let suffix = if at == 0 {
            way.to_owned()
        } else {
            format!("{way}-{}", on.first().copied().unwrap_or_default())
        };
        let chains =
            chains.into_iter().map(|chain| chain.into_iter().map(Step::Endpoint).collect()).collect();
        draft.failovers.push(Failover {
            use_case,
            suffix,
            when: when.clone(),
            on,
            chains,
            retry,
            cooldown: None,
            comments: Vec::new(),
        });
    }
}
