//! Configurations of the `LiteLLM` proxy: public names, the deployments behind them, and fallbacks as the proxy follows them.

mod budgets;
mod credentials;
mod deployments;
mod failover;
mod fallbacks;
mod group;
mod lists;
mod merge;
mod names;
mod params;
mod place;
mod ranks;
mod rest;
mod routers;
mod routing;
mod settle;
mod stated;
mod vendors;
mod walk;

use names::Names;

use super::draft::{Draft, Options};
use super::{Imported, Note, Notes, text};
use crate::source::{FileId, Sources, Span};
use crate::yaml::{Kind, Value};

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

/// A configuration with what it includes, as one document.
struct Config<'a> {
    documents: &'a [(FileId, Value)],
}

impl<'a> Config<'a> {
    /// The values of a key within a section, over all documents.
    fn all(&self, section: &str, key: &str) -> Vec<&'a Value> {
        let sections = self.documents.iter().filter_map(|(_, root)| root.get(section));
        sections.filter_map(|section| section.get(key)).collect()
    }

    /// The value that counts where several sections and documents may have it: the first that is not null.
    fn first(&self, sections: &[&str], key: &str) -> Option<&'a Value> {
        let stated = |value: &&Value| value.kind != Kind::Null;
        sections.iter().find_map(|section| self.all(section, key).into_iter().find(stated))
    }

    /// The value of a list that counts where the router may have one and the module another: `LiteLLM` takes the first
    /// that holds something.
    fn holding(&self, key: &str) -> Option<&'a Value> {
        let sections = ["router_settings", "litellm_settings"];
        sections
            .iter()
            .find_map(|section| self.all(section, key).into_iter().find(|value| !is_nothing(value)))
    }
}

/// Whether a value is one that `LiteLLM` takes for not there where it could be a list.
fn is_nothing(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Bool(false) => true,
        Kind::String(text) => text.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Makes a workspace of a configuration and the files that it includes; `beside` is said already about how they were read.
pub fn import(
    sources: &Sources,
    documents: &[(FileId, Value)],
    beside: Vec<Note>,
    options: Options,
) -> Result<Imported, String> {
    let mut notes = Notes(beside);
    let first = documents.first().map_or(FileId::NONE, |(id, _)| *id);
    let mut root = merge::merged(sources, documents, &mut notes);
    credentials::resolve(&mut root, &mut notes);
    let merged = [(first, root)];
    let config = Config { documents: &merged };
    if !merged.iter().any(|(_, root)| root.get("model_list").is_some()) {
        return Err("this is not a LiteLLM proxy configuration: it has no `model_list`".to_owned());
    }
    let path = documents.first().map_or("", |(id, _)| sources.path(*id));
    let source = text::comment(path.rsplit(['/', '\\']).next().unwrap_or(path));
    let mut draft = Draft::default();
    let (groups, beside) = deployments::read(&config, &mut draft, options, &mut notes);
    let mut walks = names::use_cases(&config, &groups, &beside, &mut draft, &mut notes);
    routing::add(&config, &mut walks, &mut draft, &mut notes);
    let picked = routers::add(&beside.routers, &mut walks, &mut draft, &mut notes);
    let names = Names::new(&draft, walks, beside, picked);
    failover::write(&config, &names, &mut draft, options, &mut notes);
    budgets::read(&config, &mut draft, &mut notes);
    rest::list(&config, &mut notes);
    Ok(draft.write(&source, options, notes))
}
