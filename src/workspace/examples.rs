//! The names of examples in help, put in the words of the workspace: what a person copies should exist there.

use crate::diag::{Finding, code};
use crate::estate::Estate;
use crate::registry::Registry;
use crate::source::Sources;

/// Puts names of the workspace where help gives those of an example.
///
/// What a person wrote is no example: the help of `avoid openai` speaks of that provider.
pub(super) fn name(findings: &mut [Finding], sources: &Sources, registry: &Registry, estate: &Estate) {
    let models = registry.providers.iter().flat_map(|provider| {
        let own = provider.models.iter();
        own.map(move |model| format!("{}/{}", provider.name.value, model.name.value))
    });
    let mut models: Vec<String> = models.filter(|name| is_plain(name)).collect();
    // The second of another provider, where there is one.
    let provider = |name: &String| name.split('/').next().map(str::to_owned);
    let first = models.first().and_then(provider);
    if let Some(other) = models.iter().position(|name| provider(name) != first) {
        models.swap(1, other);
    }
    let use_case = estate.use_cases.iter().map(|use_case| &use_case.name.value).find(|name| is_plain(name));
    let mut names: Vec<(&str, String)> = Vec::new();
    if let Some(use_case) = use_case {
        names.push(("`given use_case planning-agent`", format!("`given use_case {use_case}`")));
        names.push(("`given use_case NAME`", format!("`given use_case {use_case}`")));
    }
    if let [first, rest @ ..] = models.as_slice() {
        let second = rest.first().unwrap_or(first);
        let provider = first.split('/').next().unwrap_or_default();
        names.push(("`expect primary openai/gpt-4`", format!("`expect primary {first}`")));
        names.push(("`chain a/b -> c/d`", format!("`chain {first} -> {second}`")));
        names.push(("`forbid model.provider == openai`", format!("`forbid model.provider == {provider}`")));
        names.push(("`on openai`", format!("`on {provider}`")));
    }
    for finding in findings.iter_mut().filter(|finding| finding.code == code::SYNTAX) {
        let line = line(sources, finding);
        let Some(help) = &mut finding.help else { continue };
        for (example, own) in &names {
            let words = example.trim_matches('`').rsplit(' ').next().unwrap_or_default();
            if help.contains(example) && !line.contains(words) {
                *help = help.replace(example, own);
            }
        }
    }
}

/// The line in which a finding stands.
fn line<'s>(sources: &'s Sources, finding: &Finding) -> &'s str {
    let span = finding.primary.span;
    let Some(file) = sources.file(span.file) else { return "" };
    let (_, start) = file.line_at(span.start as usize);
    file.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// A short name that needs no quotes.
fn is_plain(name: &str) -> bool {
    name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}
