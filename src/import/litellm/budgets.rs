//! Limits on money: of providers, of deployments, of the proxy.

use std::collections::{BTreeMap, BTreeSet};

use super::{Config, stated};
use crate::import::draft::Draft;
use crate::import::{Notes, text};
use crate::number;
use crate::source::Spanned;
use crate::yaml::{Kind, Value};

/// A period of the language, where one is as long.
fn period(written: &str) -> Option<&'static str> {
    match written {
        "1d" | "24h" => Some("day"),
        "7d" | "1w" => Some("week"),
        "30d" | "1mo" => Some("month"),
        _ => None,
    }
}

/// An amount and its period; `what` is said with what is neither.
fn limit(
    amount: &Value,
    duration: Option<&Value>,
    what: &str,
    key: &str,
    notes: &mut Notes,
) -> Option<(String, &'static str)> {
    let usd = stated::number(amount, what, notes)?;
    if usd == number::whole(0) {
        notes.left(amount.span, format!("{what}: a budget is more than nothing"));
        return None;
    }
    let Some(duration) = duration else {
        notes.left(amount.span, format!("{what}: without `{key}` it is for no period"));
        return None;
    };
    let of = duration.text().and_then(period);
    if of.is_none() {
        let written = text::comment(&text::flow(duration));
        notes.left(
            duration.span,
            format!("{what} for `{written}`: a budget is for a day, a week, a month, a quarter or a year"),
        );
    }
    Some((number::exact(&usd), of?))
}

/// Says that a period of the router begins with a request, and one of the language with the calendar.
fn rolls(duration: Option<&Value>, of: &str, what: &str, notes: &mut Notes) {
    let Some(duration) = duration else { return };
    let written = text::comment(&text::flow(duration));
    notes.read(
        duration.span,
        format!(
            "{what} for `{written}` as one per {of} of the calendar: LiteLLM counts from the first request on"
        ),
    );
}

/// The limit of a deployment.
pub(super) fn of_deployment(
    entry: &Value,
    params: &Value,
    name: &str,
    notes: &mut Notes,
) -> Option<(String, &'static str)> {
    let what = format!("`max_budget` of `{name}`");
    let Some(amount) = params.get("max_budget") else {
        if let Some((key, _)) = params.entry("budget_duration") {
            notes
                .left(key.span, format!("`budget_duration` of `{name}`: there is no `max_budget` beside it"));
        }
        return None;
    };
    if entry.get("model_info").and_then(|info| info.get("id")).is_none() {
        notes.left(
            amount.span,
            format!("{what}: LiteLLM enforces it only where `model_info.id` names the deployment"),
        );
        return None;
    }
    let duration = params.get("budget_duration");
    let found = limit(amount, duration, &what, "budget_duration", notes)?;
    rolls(duration, found.1, &what, notes);
    Some(found)
}

/// Writes the limits of deployments for longer than a day.
pub(super) fn of_models(limits: &[(usize, String, String)], draft: &mut Draft) {
    let mut taken = text::Names::default();
    for (at, usd, of) in limits {
        let Some(endpoint) = draft.endpoints.get(*at) else { continue };
        let name = text::slug(&format!("{} spend", endpoint.id()), &mut taken);
        let on = text::string(&endpoint.id());
        draft.money += &written(&name, Some(&format!("on {on}")), usd, of);
    }
}

fn written(name: &str, scope: Option<&str>, usd: &str, of: &str) -> String {
    let scope = scope.map(|scope| format!("  {scope}\n")).unwrap_or_default();
    format!("\nbudget {name} {{\n{scope}  limit {usd} usd per {of}\n  at 100% block\n}}\n")
}

/// Budgets of providers and of the whole proxy.
pub(super) fn read(config: &Config, draft: &mut Draft, notes: &mut Notes) {
    let mut taken = text::Names::default();
    let called = called(draft);
    let sections = ["router_settings", "general_settings", "litellm_settings"];
    for configured in sections.iter().flat_map(|section| config.all(section, "provider_budget_config")) {
        if !matches!(configured.kind, Kind::Map(_)) {
            let (what, shown) = (text::kind(configured), text::comment(&text::flow(configured)));
            notes.left(
                configured.span,
                format!("`provider_budget_config`: it is {what}, `{shown}`, and no map"),
            );
        }
        for (provider, limits) in configured.entries() {
            of_provider(provider, limits, (draft, &called), &mut taken, notes);
        }
    }
    let of_proxy = [
        ("max_internal_user_budget", "internal_user_budget_duration", "each user", Some("per user")),
        ("max_budget", "budget_duration", "whole proxy", None),
    ];
    for (key, duration_key, title, scope) in of_proxy {
        let Some(amount) = config.first(&["litellm_settings"], key) else { continue };
        let duration = config.first(&["litellm_settings"], duration_key);
        let what = format!("`{key}` of `litellm_settings`");
        if let Some((usd, of)) = limit(amount, duration, &what, duration_key, notes) {
            let name = text::slug(title, &mut taken);
            draft.money += &written(&name, scope, &usd, of);
        }
    }
}

/// What the providers of the registry are called, by what the proxy calls them; in their order.
fn called(draft: &Draft) -> BTreeMap<String, Vec<String>> {
    let mut called: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for endpoint in &draft.endpoints {
        let theirs = endpoint.protocol.as_deref().unwrap_or(&endpoint.provider);
        if met.insert((theirs, endpoint.provider.as_str())) {
            called.entry(theirs.to_owned()).or_default().push(text::name(&endpoint.provider));
        }
    }
    called
}

/// The budget of one provider, under either of the names that its keys have.
fn of_provider(
    provider: &Spanned<String>,
    limits: &Value,
    (draft, called): (&mut Draft, &BTreeMap<String, Vec<String>>),
    taken: &mut text::Names,
    notes: &mut Notes,
) {
    let shown = text::comment(&provider.value);
    let what = format!("the budget of `{shown}`");
    let known = ["budget_limit", "max_budget", "time_period", "budget_duration"];
    for (key, _) in limits.entries().iter().filter(|(key, _)| !known.contains(&key.value.as_str())) {
        notes.left(key.span, format!("`{}` in {what}", text::comment(&key.value)));
    }
    let Some(amount) = limits.get("budget_limit").or_else(|| limits.get("max_budget")) else {
        notes.left(provider.span, format!("{what}: it has no `budget_limit`"));
        return;
    };
    let duration = limits.get("time_period").or_else(|| limits.get("budget_duration"));
    let Some((usd, of)) = limit(amount, duration, &what, "time_period", notes) else { return };
    rolls(duration, of, &what, notes);
    let Some(on) = called.get(&provider.value) else {
        notes.left(provider.span, format!("{what}: no deployment here is of that provider"));
        return;
    };
    let name = text::slug(&format!("{} spend", provider.value), taken);
    draft.money += &written(&name, Some(&format!("on {}", on.join(", "))), &usd, of);
    notes.read(provider.span, format!("the budget of `{shown}` blocks once it is used up; LiteLLM goes on to the next provider, whatever that one is cleared for"));
}
