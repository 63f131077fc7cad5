//! Help of clauses in other words, `only eu`, held against the registry: a name that no provider has is a region or a model.

use std::collections::BTreeSet;

use crate::diag::fix::{Applies, Change};
use crate::diag::{Finding, code};
use crate::estate::Estate;
use crate::limits::shown;
use crate::model::words::{reference, written};
use crate::registry::Registry;
use crate::syntax::tree::{File, StatementKind};

/// Says of a name that is no provider what it is a name of.
pub(super) fn name(findings: &mut [Finding], policies: &[File], registry: &Registry, estate: &Estate) {
    let said = |finding: &&mut Finding| {
        let help = finding.help.as_deref().unwrap_or_default();
        finding.code == code::SYNTAX
            && (help.contains(" model.provider == ")
                || help.contains("`model.id == ")
                || guessed(help).is_some())
    };
    let mut findings = findings.iter_mut().filter(said).peekable();
    if findings.peek().is_none() {
        return;
    }
    let regions = regions(policies, registry, estate);
    for finding in findings {
        let Some(mut help) = finding.help.clone() else { continue };
        if let Some((name, right)) = guessed(&help) {
            let is_provider = registry.providers.iter().any(|provider| provider.name.value == name);
            if !is_provider && !regions.contains(name) && models(registry, name).is_none() {
                continue;
            }
            help = right.to_owned();
            finding.help = Some(help.clone());
        }
        if let Some(name) = identified(&help)
            && regions.contains(name)
            && models(registry, name).is_none()
        {
            replace(finding, &help, &format!("model.id == {name}"), &format!("model.regions has {name}"));
            continue;
        }
        let Some((old, verb, name)) = tested(&help) else { continue };
        let bare = name.trim_matches('"');
        if registry.providers.iter().any(|provider| provider.name.value == bare) {
            continue;
        }
        let right = if regions.contains(bare) {
            if verb == "require" {
                format!("process in {}", written(bare))
            } else {
                format!("{verb} model.regions has {}", written(bare))
            }
        } else if let Some(tested) = models(registry, bare) {
            format!("{verb} {tested}")
        } else {
            continue;
        };
        replace(finding, &help, old, &right);
    }
}

/// The name that a help takes for a provider's, and what it says where that is so.
fn guessed(help: &str) -> Option<(&str, &str)> {
    help.strip_prefix("if `")?.split_once("` is a provider, ")
}

/// Says another text in a help and in the fixes that it gives, none of which is made unasked.
fn replace(finding: &mut Finding, help: &str, old: &str, right: &str) {
    for fix in &mut finding.fixes {
        for change in &mut fix.changes {
            if let Change::Text(_, text) = change {
                *text = text.replace(old, right);
            }
        }
        fix.title = fix.title.replace(old, right);
        fix.applies = fix.applies.max(Applies::Unsafe);
    }
    finding.help = Some(help.replace(old, right));
}

/// The name in `model.id == eu`, where a help gives that.
fn identified(help: &str) -> Option<&str> {
    let (_, rest) = help.split_once("`model.id == ")?;
    rest.get(..rest.find('`')?).filter(|name| !name.contains([' ', '"']))
}

/// `require model.provider == eu` in a help: all of it, its first word and the name.
fn tested(help: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = help.split_once(" model.provider == ")?;
    let verb = before.rsplit(['`', ' ']).next().filter(|verb| matches!(*verb, "require" | "forbid"))?;
    let name = rest.get(..rest.find('`')?).filter(|name| !name.contains(' '))?;
    let start = before.len() - verb.len();
    let end = help.len() - rest.len() + name.len();
    Some((help.get(start..end)?, verb, name))
}

/// Every region that anything states or lists.
fn regions<'t>(policies: &'t [File], registry: &'t Registry, estate: &'t Estate) -> BTreeSet<&'t str> {
    let mut all = BTreeSet::new();
    for provider in &registry.providers {
        let facts = std::iter::once(&provider.facts).chain(provider.models.iter().map(|model| &model.facts));
        let stated = facts.filter_map(|facts| facts.regions.as_ref()).flat_map(|regions| &regions.value);
        all.extend(stated.map(|region| region.value.as_str()));
    }
    let stated = estate.use_cases.iter().flat_map(|use_case| &use_case.residency);
    all.extend(stated.map(|region| region.value.as_str()));
    for statement in policies.iter().flat_map(|file| &file.statements) {
        if let StatementKind::Regions(regions) = &statement.kind {
            let mut names = Vec::new();
            for region in regions {
                region.names(&mut names);
            }
            all.extend(names.into_iter().map(|name| name.text.as_str()));
        }
    }
    all
}

/// The comparison with the models that have a name.
fn models(registry: &Registry, name: &str) -> Option<String> {
    let all = registry
        .providers
        .iter()
        .flat_map(|provider| provider.models.iter().map(move |model| (provider.name.value.as_str(), model)));
    let ids: Vec<String> = all
        .map(|(provider, model)| (format!("{provider}/{}", model.name.value), model))
        .filter(|(id, model)| {
            id == name || model.name.value == name || model.aliases.iter().any(|alias| alias.value == name)
        })
        .map(|(id, _)| reference(&id))
        .take(shown::OTHERS + 1)
        .collect();
    match ids.as_slice() {
        [] => None,
        [one] => Some(format!("model.id == {one}")),
        few if few.len() <= shown::OTHERS => Some(format!("model.id in [{}]", few.join(", "))),
        _ => None,
    }
}
