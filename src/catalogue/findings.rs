//! What `check --catalogue` finds: prices that have moved, models that nobody lists, ends that nobody states.

use std::collections::{BTreeMap, BTreeSet};

use super::Catalogue;
use super::facts::{Fact, Model, PRICE_KEYS, models};
use super::refresh::{Change, Disagreement, Wanted, compare};
use crate::diag::{Code, Finding, Silenced};
use crate::model::words::joined;
use crate::source::{FileId, FileKind, SourceFile, Sources, Span};
use crate::yaml::{self, Value};

/// A stated price that catalogues list otherwise.
pub const PRICE_DRIFT: Code = Code("price-drift");
/// A model that no catalogue lists.
pub const UNKNOWN_MODEL: Code = Code("unknown-model");
/// A model that catalogues know to end, and the registry does not.
pub const RETIRING_UNSTATED: Code = Code("retiring-unstated");

/// Everything that catalogues say against a workspace's registry; `kept` are the lines of a file on which a comment
/// silences a kind of finding.
pub fn find(
    sources: &Sources,
    catalogues: &[Catalogue],
    kept: impl Fn(FileId, &SourceFile, Code) -> Vec<Span>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, file) in sources.of_kind(FileKind::Registry).filter(|(_, file)| file.readable) {
        let (Some(root), _) = yaml::parse(id, &file.text) else { continue };
        let outcome = compare(&root, &file.text, catalogues, None, Wanted::ALL);
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
        let mut by_model: BTreeMap<&str, (Vec<&Change>, Vec<&Disagreement>)> = BTreeMap::new();
        for change in &outcome.changes {
            by_model.entry(&change.model).or_default().0.push(change);
        }
        for one in outcome.disagreements.iter().filter(|one| one.taken.is_none()) {
            by_model.entry(&one.model).or_default().1.push(one);
        }
        let read = models(&root);
        let by_id: BTreeMap<&str, &Model> = read.iter().map(|model| (model.id.as_str(), model)).collect();
        let kept = |code| kept(id, file, code);
        let (prices, ends) = (kept(PRICE_DRIFT), kept(RETIRING_UNSTATED));
        let keys = [&PRICE_KEYS[..], &["batch_discount"]].concat();
        for (id, (changes, disputes)) in &by_model {
            let Some(model) = by_id.get(id) else { continue };
            let drifted = drift(changes, disputes).map(|one| at_comment(one, model, &keys, &prices));
            findings.extend(drifted.iter().flat_map(|first| beside(first, changes, &prices)));
            findings.extend(drifted);
            findings.extend(ending(changes).map(|one| at_comment(one, model, &["lifecycle"], &ends)));
        }
    }
    findings
}

/// Whether a place lies in a line.
fn is_in(line: &Span, place: Span) -> bool {
    line.file == place.file && line.start <= place.start && place.start <= line.end
}

/// A finding about a whole model where a comment silences it: at the model's name or at one of these keys.
fn at_comment(mut finding: Finding, model: &Model, keys: &[&str], lines: &[Span]) -> Finding {
    let has_comment = |place: &Span| lines.iter().any(|line| is_in(line, *place));
    if !has_comment(&finding.primary.span) {
        let entries = model.value.entries().iter().filter(|(key, _)| keys.contains(&key.value.as_str()));
        let inner = |value: &'_ Value| value.entries().iter().map(|(key, _)| key.span).collect::<Vec<_>>();
        let places = entries.flat_map(|(key, value)| std::iter::once(key.span).chain(inner(value)));
        let place = places.chain([model.span()]).find(has_comment);
        finding.primary.span = place.unwrap_or(finding.primary.span);
    }
    finding
}

/// Prices of a model that comments of their own keep, beside the one where its finding stands.
fn beside(first: &Finding, changes: &[&Change], lines: &[Span]) -> Vec<Finding> {
    let place = first.primary.span;
    if !lines.iter().any(|line| is_in(line, place)) {
        return Vec::new();
    }
    let of_line = |line: &Span| {
        let there: Vec<&Change> = changes.iter().copied().filter(|change| is_in(line, change.span)).collect();
        drift(&there, &[])
    };
    lines.iter().filter(|line| !is_in(line, place)).filter_map(of_line).collect()
}

/// What a comment keeps as it stands: models with the code of what it silences.
pub fn kept(root: &Value, silenced: &[Silenced]) -> BTreeSet<(String, Code)> {
    let is_within = |outer: Span, inner: Span| {
        outer.file == inner.file && outer.start <= inner.start && inner.start <= outer.end
    };
    let of = |model: &Model| {
        let about = silenced.iter().filter(|one| is_within(model.value.span, one.finding.primary.span));
        about.map(|one| (model.id.clone(), one.finding.code)).collect::<Vec<_>>()
    };
    models(root).iter().flat_map(of).collect()
}

/// The finding that a fact is part of where the registry has it otherwise.
pub fn code_of(fact: Fact) -> Option<Code> {
    match fact {
        Fact::ContextWindow => None,
        fact if fact.is_lifecycle() => Some(RETIRING_UNSTATED),
        _ => Some(PRICE_DRIFT),
    }
}

/// Models whose price no catalogue can know: self-hosted ones, and those that are not priced per token.
fn own_models(root: &Value) -> Vec<String> {
    [hosted_models(root), otherwise_priced(root)].concat()
}

/// Models that are not priced per token.
pub(super) fn otherwise_priced(root: &Value) -> Vec<String> {
    models(root).into_iter().filter(|model| model.unit().is_none()).map(|model| model.id).collect()
}

/// Models that run on machines of one's own.
pub(super) fn hosted_models(root: &Value) -> Vec<String> {
    let top = root.get("governance").unwrap_or(root);
    let hosted = |id: &str, value: &Value| {
        let provider = id.split('/').next().and_then(|name| top.get("providers")?.get(name));
        let hosting = value.get("hosting").or_else(|| provider?.get("hosting"));
        hosting.and_then(Value::text) == Some("self-hosted")
    };
    let all = models(root).into_iter();
    all.filter(|model| hosted(&model.id, model.value)).map(|model| model.id).collect()
}

/// One finding for the stated prices of a model that differ from what is listed, also where catalogues do not agree on
/// what they are instead.
fn drift(changes: &[&Change], disputes: &[&Disagreement]) -> Option<Finding> {
    let is_price = |fact: Fact| fact.is_price() || fact == Fact::BatchDiscount;
    let moved = |change: &&&Change| change.old.is_some() && change.fact.is_some_and(is_price);
    let moved: Vec<&&Change> = changes.iter().filter(moved).collect();
    let disputed: Vec<(&&Disagreement, &(String, Span))> = disputes
        .iter()
        .filter(|one| is_price(one.fact))
        .filter_map(|one| Some((one, one.against.as_ref()?)))
        .collect();
    let (model, span, by) = match (moved.first(), disputed.first()) {
        (Some(first), _) => (&first.model, first.span, format!("in `{}`", first.source)),
        (None, Some((first, (_, span)))) => {
            let names: Vec<String> = first.said.iter().map(|(name, _)| format!("in `{name}`")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            (&first.model, *span, format!("{}, which do not agree on it", joined(&names)))
        }
        (None, None) => return None,
    };
    let mut finding = Finding::warning(PRICE_DRIFT, span, format!("`{model}` has another price {by}"));
    for change in &moved {
        let old = change.old.as_deref().unwrap_or_default();
        finding = finding.note(format!("`{}` is `{old}` here and `{}` there", change.key, change.new));
    }
    for (one, (old, _)) in &disputed {
        let said: Vec<String> = one.said.iter().map(|(name, text)| format!("`{text}` in `{name}`")).collect();
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        finding = finding.note(format!("`{}` is `{old}` here, {}", one.key, joined(&said)));
    }
    let own = "a contract's own prices are worth an `allow(price-drift)`";
    Some(finding.help(if disputed.is_empty() {
        format!("`govctl registry refresh` takes the listed prices; {own}")
    } else {
        format!(
            "`govctl registry refresh --prefer FILE` takes those of the catalogue that you believe; {own}"
        )
    }))
}

/// One finding for an end that the registry does not state so.
fn ending(changes: &[&Change]) -> Option<Finding> {
    let ends: Vec<&&Change> =
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
