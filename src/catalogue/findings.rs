//! What `check --catalogue` finds: prices that have moved, models that nobody lists, ends that nobody states.

use super::Catalogue;
use super::facts::{Fact, models};
use super::refresh::{Change, compare};
use crate::diag::{Code, Finding};
use crate::source::{FileKind, Sources};
use crate::yaml::{self, Value};

/// A stated price that catalogues list otherwise.
pub const PRICE_DRIFT: Code = Code("price-drift");
/// A model that no catalogue lists.
pub const UNKNOWN_MODEL: Code = Code("unknown-model");
/// A model that catalogues know to end, and the registry does not.
pub const RETIRING_UNSTATED: Code = Code("retiring-unstated");

/// Everything that catalogues say against a workspace's registry.
pub fn find(sources: &Sources, catalogues: &[Catalogue]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, file) in sources.of_kind(FileKind::Registry).filter(|(_, file)| file.readable) {
        let (Some(root), _) = yaml::parse(id, &file.text) else { continue };
        let outcome = compare(&root, &file.text, catalogues, None, &|_| true);
        let own = own_models(&root);
        for (model, span) in outcome.unknown.iter().filter(|(model, _)| !own.contains(model)) {
            let message = format!("no catalogue lists `{model}` under the names that the registry knows");
            let help = "say what its provider calls it: `endpoint: {model: …}`, or correct the name";
            findings.push(Finding::warning(UNKNOWN_MODEL, *span, message).help(help));
        }
        for (model, span, why) in outcome.elsewhere.iter().filter(|(model, _, _)| !own.contains(model)) {
            let message = format!("no catalogue lists `{model}` as it is sold to you: {why}");
            let help = "its price is that of a contract: keep it yourself, with an `allow(unknown-model)` that says which";
            findings.push(Finding::warning(UNKNOWN_MODEL, *span, message).help(help));
        }
        let mut changes: &[Change] = &outcome.changes;
        while let Some(first) = changes.first() {
            let of_one = changes.iter().take_while(|change| change.model == first.model).count();
            let (of_model, rest) = changes.split_at(of_one);
            findings.extend(drift(of_model));
            findings.extend(ending(of_model));
            changes = rest;
        }
    }
    findings
}

/// Models that nobody sells: self-hosted, or priced by what they cost to run.
pub(super) fn own_models(root: &Value) -> Vec<String> {
    let top = root.get("governance").unwrap_or(root);
    let hosted = |id: &str, value: &Value| {
        let provider = id.split('/').next().and_then(|name| top.get("providers")?.get(name));
        let hosting = value.get("hosting").or_else(|| provider?.get("hosting"));
        hosting.and_then(Value::text) == Some("self-hosted")
    };
    let all = models(root).into_iter();
    all.filter(|model| model.unit().is_none() || hosted(&model.id, model.value))
        .map(|model| model.id)
        .collect()
}

/// One finding for the stated prices of a model that differ.
fn drift(changes: &[Change]) -> Option<Finding> {
    let is_price = |change: &&Change| {
        change.old.is_some() && change.fact.is_some_and(|fact| fact.is_price() || fact == Fact::BatchDiscount)
    };
    let moved: Vec<&Change> = changes.iter().filter(is_price).collect();
    let first = moved.first()?;
    let message = format!("`{}` has another price in `{}`", first.model, first.source);
    let mut finding = Finding::warning(PRICE_DRIFT, first.span, message);
    for change in &moved {
        let old = change.old.as_deref().unwrap_or_default();
        finding = finding.note(format!("`{}` is `{old}` here and `{}` there", change.key, change.new));
    }
    Some(finding.help(
        "`govctl registry refresh` takes the listed prices; a contract's own prices are worth an `allow(price-drift)`",
    ))
}

/// One finding for an end that the registry does not state so.
fn ending(changes: &[Change]) -> Option<Finding> {
    let ends: Vec<&Change> =
        changes.iter().filter(|change| change.fact.is_some_and(Fact::is_lifecycle)).collect();
    let first = ends.iter().find(|change| change.fact == Some(Fact::Sunset)).or(ends.first())?;
    let (model, by) = (&first.model, &first.source);
    let message = match first.fact {
        Some(Fact::Sunset) => {
            format!("`{model}` is gone from {} by `{by}`, and the registry does not state it", first.new)
        }
        _ => format!("`{model}` is deprecated by `{by}`, and the registry does not state it"),
    };
    let help = "state it: `lifecycle: {sunset: …}`; `govctl registry refresh` does";
    Some(Finding::warning(RETIRING_UNSTATED, first.span, message).help(help))
}
