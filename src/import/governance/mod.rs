//! `governance:` documents, as articles publish them: providers, routing rules and what failover must keep.

mod beside;
mod condition;
mod estate;
mod failover;
mod links;
mod names;
mod providers;
mod rules;
mod shapes;

use super::{Imported, Notes, text};
use crate::source::{FileId, Sources, Spanned};
use crate::yaml::Value;

/// What the document is called in comments, and its parts.
struct Document<'a> {
    /// The name of the file, without folders.
    file: String,
    sources: &'a Sources,
    providers: &'a [(Spanned<String>, Value)],
}

impl Document<'_> {
    /// The comment behind a value, if there is one on its line.
    fn comment(&self, value: &Value) -> Option<String> {
        let text = &self.sources.file(value.span.file)?.text;
        let rest = text.get(value.span.end as usize..)?.lines().next()?;
        let rest = rest.trim_start_matches([']', '}', '"', '\'']);
        let comment = rest.trim_start().strip_prefix('#')?;
        let said = text::comment(comment.trim());
        (rest.starts_with(char::is_whitespace) && !said.is_empty()).then(|| format!("   # {said}"))
    }
}

/// The parts of a document that are read.
const PARTS: [&str; 3] = ["providers", "routing_policies", "failover_policies"];

/// Makes a workspace of a document; why not where it is none of this kind.
pub fn import(sources: &Sources, id: FileId, root: &Value) -> Result<Imported, String> {
    let top = root.get("governance").unwrap_or(root);
    let mut notes = Notes::default();
    let providers = shapes::providers(top, &mut notes)?;
    let path = sources.path(id);
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let document = Document { file: text::comment(&file), sources, providers: &providers };
    let outer = if std::ptr::eq(top, root) { &[][..] } else { root.entries() };
    for (key, _) in top.entries().iter().chain(outer) {
        if !PARTS.contains(&key.value.as_str()) && key.value != "governance" {
            notes.left(key.span, format!("`{}`: unknown section", text::comment(&key.value)));
        }
    }
    let registry = providers::write(&document, &mut notes);
    links::say_circles(&document, &mut notes);
    let rules = rules::read(&document, top.get("routing_policies"), &mut notes);
    let policies = top.get("failover_policies");
    let failover = policies.and_then(|policies| failover::write(&document, policies, &mut notes));
    if policies.is_none() {
        links::say_unfollowed(&document, &mut notes);
    }
    if rules.is_empty && failover.is_none() {
        notes.state(top.span, "at least one statement, such as a rule or `failover NAME { … }`: the file has none that could be carried over, and a workspace needs one");
    }
    let (estate, use_cases) = estate::write(&document, &rules.use_cases, &mut notes);
    let mut files = vec![("registry/providers.yaml", registry.text), ("estate/use-cases.yaml", estate)];
    files.push(("policies/routing.gov", text::policy(&rules.text)));
    if let Some(failover) = failover {
        files.push(("policies/failover.gov", text::policy(&failover)));
    }
    Ok(Imported {
        files,
        notes: notes.sorted(),
        providers: registry.providers,
        models: registry.models,
        use_cases,
    })
}
