//! Configurations of the `LiteLLM` proxy: public names, the deployments behind them, and fallbacks as the proxy follows them.

mod budgets;
mod deployments;
mod fallbacks;
mod lists;
mod names;
mod ranks;
mod rest;
mod settle;
mod stated;
mod vendors;

use std::collections::BTreeSet;

use fallbacks::Path;
use names::{Names, Served};

use super::condition::Test;
use super::draft::{Draft, Failover, Options, Step, UseCase};
use super::{Imported, Note, Notes, text};
use crate::limits::{MAX_IMPORTED_LINKS, MAX_IMPORTED_STEPS};
use crate::source::{FileId, Sources, Span};
use crate::yaml::Value;

/// What a value that names an environment variable begins with.
const ENVIRONMENT: &str = "os.environ/";

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

/// Makes a workspace of a configuration and the files that it includes; `beside` is said already about how they were read.
pub fn import(
    sources: &Sources,
    documents: &[(FileId, Value)],
    beside: Vec<Note>,
    options: Options,
) -> Result<Imported, String> {
    let config = Config { documents };
    if !documents.iter().any(|(_, root)| root.get("model_list").is_some()) {
        return Err("this is not a LiteLLM proxy configuration: it has no `model_list`".to_owned());
    }
    let mut notes = Notes(beside);
    let path = documents.first().map_or("", |(id, _)| sources.path(*id));
    let source = text::comment(path.rsplit(['/', '\\']).next().unwrap_or(path));
    let mut draft = Draft::default();
    let (groups, beside) = deployments::read(&config, &mut draft, options, &mut notes);
    names::use_cases(&config, &groups, &beside, &mut draft, &mut notes);
    let names = Names::new(&draft, beside);
    failovers(&config, &names, &mut draft, options, &mut notes);
    budgets::read(&config, &mut draft, &mut notes);
    rest::list(&config, &mut notes);
    Ok(draft.write(&source, options, notes))
}

/// The failover statements of every public name.
fn failovers(config: &Config, names: &Names, draft: &mut Draft, options: Options, notes: &mut Notes) {
    let lists = fallbacks::read(config, options.catalogue, names, notes);
    let sections = ["router_settings", "litellm_settings"];
    let retry = config.first(&sections, "num_retries");
    let retry = retry.and_then(|value| stated::whole(value, "`num_retries`", notes));
    let cooldown = config.first(&sections, "cooldown_time");
    let cooldown = cooldown.and_then(|value| stated::number(value, "`cooldown_time`", notes));
    let cooldown = cooldown
        .filter(|seconds| *seconds > crate::number::whole(0))
        .map(|seconds| format!("{} seconds", crate::number::exact(&seconds)));
    let mut found = Vec::new();
    let mut left = Some(MAX_IMPORTED_LINKS);
    for (at, use_case) in draft.use_cases.iter().enumerate() {
        let paths = lists.paths(&use_case.name, notes);
        let Some(links) = left.filter(|_| !lists.is_spent()) else {
            let shown = text::comment(&use_case.name);
            notes.left(use_case.span, format!("failover of `{shown}` and all names after it: the fallbacks lead to too many steps in total"));
            break;
        };
        lists.say_circles(&paths, notes);
        for path in paths {
            if path.is_cut {
                let shown = text::comment(&use_case.name);
                notes.left(use_case.span, format!("fallbacks of `{shown}` beyond {MAX_IMPORTED_STEPS}"));
            }
            let (steps, comments) = chain(use_case, &path, names, links);
            left = left.and_then(|left| left.checked_sub(steps.len()));
            if steps.len() > 1 && left.is_some() {
                found.push(Failover {
                    use_case: at,
                    suffix: path.suffix.to_owned(),
                    when: Test::Always,
                    on: path.on,
                    chains: vec![steps],
                    retry,
                    cooldown: cooldown.clone(),
                    comments,
                });
            }
        }
    }
    // Whoever was not looked at may use any entry.
    if left.is_some() && !lists.is_spent() {
        lists.list_unused(names, notes);
    }
    draft.failovers = found;
}

/// A name's own deployments and those of the names behind it, in turn, with what is to be said about them. Whoever gets
/// more steps than there may be drops them all.
fn chain(use_case: &UseCase, path: &Path, names: &Names, most: usize) -> (Vec<Step>, Vec<String>) {
    let mut comments = Vec::new();
    let mut steps: Vec<Step> = use_case.serves.iter().map(|at| Step::Endpoint(*at)).collect();
    let mut met: BTreeSet<usize> = use_case.serves.iter().copied().collect();
    if steps.len() > 1 && path.suffix.is_empty() {
        let shown = text::comment(&use_case.name);
        comments.push(format!("`{shown}` has {} deployments of its own, which come first.", steps.len()));
    }
    for target in &path.targets {
        if steps.len() > most {
            break;
        }
        match names.find(target) {
            Served::Public(serves) | Served::Model(serves) => {
                steps.extend(serves.iter().filter(|at| met.insert(**at)).map(|at| Step::Endpoint(*at)));
            }
            // What a wildcard serves may be a model that is here under another name.
            Served::Wildcard(_) if names.registered(target).is_some() => {
                let at = names.registered(target).map(|(at, _)| at);
                steps.extend(at.filter(|at| met.insert(*at)).map(Step::Endpoint));
            }
            _ if names.mistaken(target).is_some() => {}
            _ => steps.push(Step::Unknown(target.clone())),
        }
    }
    let ends = path.circle.as_ref().and_then(|circle| circle.first().zip(circle.last()));
    if let Some((to, from)) = ends {
        let back = match names.find(to) {
            Served::Public(serves) | Served::Model(serves) => serves.first(),
            _ => None,
        };
        if let Some(first) = back {
            let (from, to) = (text::comment(from), text::comment(to));
            comments.push(format!(
                "A circle: `{from}` falls back to `{to}`, which was tried before. LiteLLM tries each name once: take out the last arrow."
            ));
            steps.push(Step::Endpoint(*first));
        }
    }
    (steps, comments)
}
