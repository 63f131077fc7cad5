//! Configurations of the `LiteLLM` proxy: public names, the deployments behind them, and fallbacks as the proxy follows them.

mod budgets;
mod deployments;
mod fallbacks;
mod rest;

use std::collections::BTreeMap;

use super::condition::Test;
use super::draft::{Draft, Failover, Options, Step, UseCase};
use super::{Imported, Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::source::{FileId, Sources, Span};
use crate::yaml::{Kind, Value};

/// The files that a configuration includes, as written, each with its place.
pub fn includes(root: &Value) -> Vec<(Span, String)> {
    let Some(list) = root.get("include") else { return Vec::new() };
    let one = |value: &Value| Some((value.span, value.text()?.to_owned()));
    if list.items().is_empty() {
        one(list).into_iter().collect()
    } else {
        list.items().iter().filter_map(one).collect()
    }
}

/// A configuration with what it includes.
struct Config<'a> {
    documents: &'a [(FileId, Value)],
}

impl<'a> Config<'a> {
    /// The values of a key within a section, over all documents.
    fn all(&self, section: &str, key: &str) -> Vec<&'a Value> {
        let sections = self.documents.iter().filter_map(|(_, root)| root.get(section));
        sections.filter_map(|section| section.get(key)).collect()
    }

    /// The value that counts where several sections and documents may have it: the first.
    fn first(&self, sections: &[&str], key: &str) -> Option<&'a Value> {
        sections.iter().find_map(|section| self.all(section, key).into_iter().next())
    }
}

/// Makes a workspace of a configuration and the files that it includes.
pub fn import(
    sources: &Sources,
    documents: &[(FileId, Value)],
    unread: &[(Span, String)],
    options: Options,
) -> Result<Imported, String> {
    let config = Config { documents };
    if !documents.iter().any(|(_, root)| root.get("model_list").is_some()) {
        return Err("this is not a LiteLLM proxy configuration: it has no `model_list`".to_owned());
    }
    let mut notes = Notes::default();
    for (span, why) in unread {
        notes.left(*span, why.clone());
    }
    let path = documents.first().map_or("", |(id, _)| sources.path(*id));
    let source = text::comment(path.rsplit(['/', '\\']).next().unwrap_or(path));
    let mut draft = Draft::default();
    let groups = deployments::read(&config, &mut draft, options, &mut notes);
    for group in &groups {
        let comments = group.comments.clone();
        let use_case = UseCase {
            name: group.name.clone(),
            span: group.span,
            team: group.team.clone(),
            serves: group.serves.clone(),
            routes: Vec::new(),
            comments,
        };
        draft.use_cases.push(use_case);
    }
    failovers(&config, &mut draft, &mut notes);
    aliases(&config, &mut draft, &mut notes);
    budgets::read(&config, &mut draft, &mut notes);
    rest::list(&config, &mut notes);
    Ok(draft.write(&source, options, notes))
}

/// The failover statements of every public name.
fn failovers(config: &Config, draft: &mut Draft, notes: &mut Notes) {
    let names: BTreeMap<&str, usize> =
        draft.use_cases.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
    let lists = fallbacks::read(config, &names, notes);
    let retry = config.first(&["router_settings", "litellm_settings"], "num_retries");
    let retry = retry.and_then(Value::number).and_then(crate::number::to_whole);
    let cooldown =
        config.first(&["router_settings", "litellm_settings"], "cooldown_time").and_then(|value| {
            let seconds = value.number().filter(|seconds| **seconds > crate::number::whole(0))?;
            Some(format!("{} seconds", crate::number::exact(seconds)))
        });
    let mut found = Vec::new();
    for (at, use_case) in draft.use_cases.iter().enumerate() {
        for path in lists.paths(&use_case.name) {
            let mut comments = Vec::new();
            let mut steps: Vec<Step> = use_case.serves.iter().map(|at| Step::Endpoint(*at)).collect();
            if steps.len() > 1 && path.suffix.is_empty() {
                comments.push(format!(
                    "`{}` has {} deployments of its own, which come first.",
                    text::comment(&use_case.name),
                    steps.len()
                ));
            }
            for target in &path.targets {
                match names.get(target.as_str()).and_then(|at| draft.use_cases.get(*at)) {
                    Some(group) => {
                        let own = group.serves.iter().map(|at| Step::Endpoint(*at));
                        let new: Vec<Step> = own.filter(|step| !steps.contains(step)).collect();
                        steps.extend(new);
                    }
                    None => steps.push(Step::Unknown(target.clone())),
                }
            }
            if let Some((from, to)) = &path.circle {
                let back = names.get(to.as_str()).and_then(|at| draft.use_cases.get(*at));
                if let Some(first) = back.and_then(|group| group.serves.first()) {
                    let (from, to) = (text::comment(from), text::comment(to));
                    comments.push(format!(
                        "A circle: `{from}` falls back to `{to}`, which was tried before. LiteLLM tries each name once: take out the last arrow."
                    ));
                    steps.push(Step::Endpoint(*first));
                }
            }
            if steps.len() > 1 {
                found.push(Failover {
                    use_case: at,
                    suffix: path.suffix.to_owned(),
                    when: Test::Always,
                    on: path.on.clone(),
                    chains: vec![steps],
                    retry,
                    cooldown: cooldown.clone(),
                    comments,
                });
            }
        }
    }
    draft.failovers = found;
}

/// `model_group_alias`: further names of public names, which `LiteLLM` gives none of their fallbacks.
fn aliases(config: &Config, draft: &mut Draft, notes: &mut Notes) {
    for aliases in config.all("router_settings", "model_group_alias") {
        for (alias, target) in aliases.entries() {
            let named = match &target.kind {
                Kind::List(items) => items.first().and_then(Value::text),
                _ => target.get("model").and_then(Value::text).or_else(|| target.text()),
            };
            let shown = text::comment(&alias.value);
            let group = named.and_then(|named| draft.use_cases.iter().find(|one| one.name == named));
            let Some(group) = group else {
                notes.left(alias.span, format!("the alias `{shown}`: its target is not in `model_list`"));
                continue;
            };
            if draft.use_cases.iter().any(|one| one.name == alias.value) {
                notes.left(alias.span, format!("the alias `{shown}`: `model_list` has the same name"));
                continue;
            }
            if draft.use_cases.len() >= MAX_IMPORTED_ENTRIES {
                notes.left(alias.span, format!("use cases beyond {MAX_IMPORTED_ENTRIES}"));
                break;
            }
            let of = text::comment(&group.name);
            let comments = vec![format!(
                "another name of `{of}`, without its fallbacks: LiteLLM follows none for an alias"
            )];
            notes.read(alias.span, format!("the alias `{shown}` as a use case of its own, without the fallbacks of `{of}`: LiteLLM follows none for an alias"));
            let serves = group.serves.clone();
            draft.use_cases.push(UseCase {
                name: alias.value.clone(),
                span: alias.span,
                team: None,
                serves,
                routes: Vec::new(),
                comments,
            });
        }
    }
}
