//! Limits on money: of providers, of deployments, of the proxy.

use super::Config;
use crate::import::draft::Draft;
use crate::import::{Notes, text};
use crate::number;
use crate::yaml::Value;

/// A period of the language, where one is as long.
fn period(written: &str) -> Option<&'static str> {
    match written {
        "1d" | "24h" => Some("day"),
        "7d" | "1w" => Some("week"),
        "30d" | "1mo" => Some("month"),
        _ => None,
    }
}

fn amount(value: &Value) -> Option<String> {
    let usd = value.number().filter(|usd| **usd > number::whole(0))?;
    Some(number::exact(usd))
}

/// The daily limit of a deployment.
pub(super) fn daily(params: &Value) -> Option<String> {
    let duration = params.get("budget_duration").and_then(Value::text).unwrap_or_default();
    params.get("max_budget").and_then(amount).filter(|_| period(duration) == Some("day"))
}

/// A deployment's limit for a longer period, as a budget on its model; one that fits no period is listed.
pub(super) fn longer(
    params: &Value,
    at: usize,
    limits: &mut Vec<(usize, String, &'static str)>,
    notes: &mut Notes,
) {
    let Some(limit) = params.get("max_budget") else { return };
    let duration = params.get("budget_duration").and_then(Value::text).unwrap_or_default();
    match (amount(limit), period(duration)) {
        (Some(_), Some("day")) => {}
        (Some(usd), Some(of)) => limits.push((at, usd, of)),
        _ => notes.left(
            limit.span,
            format!(
                "`max_budget: {}` for `{}`: a budget is for a day, a week, a month, a quarter or a year",
                text::comment(&text::flow(limit)),
                text::comment(duration)
            ),
        ),
    }
}

/// Writes the limits of deployments.
pub(super) fn of_models(limits: &[(usize, String, &'static str)], draft: &mut Draft) {
    let mut taken = text::Names::default();
    for (at, usd, of) in limits {
        let Some(endpoint) = draft.endpoints.get(*at) else { continue };
        let name = text::slug(&format!("{} spend", endpoint.id()), &mut taken);
        let on = text::string(&endpoint.id());
        draft.money +=
            &format!("\nbudget {name} {{\n  on {on}\n  limit {usd} usd per {of}\n  at 100% block\n}}\n");
    }
}

/// Budgets of providers and of the whole proxy.
pub(super) fn read(config: &Config, draft: &mut Draft, notes: &mut Notes) {
    let mut taken = text::Names::default();
    let sections = ["router_settings", "general_settings", "litellm_settings"];
    for configured in sections.iter().flat_map(|section| config.all(section, "provider_budget_config")) {
        for (provider, limits) in configured.entries() {
            let shown = text::comment(&provider.value);
            let limit = limits.get("budget_limit").and_then(amount);
            let of = limits.get("time_period").and_then(Value::text).and_then(period);
            let mut on: Vec<String> = Vec::new();
            for endpoint in &draft.endpoints {
                let name = text::name(&endpoint.provider);
                let is_its = endpoint.protocol.as_deref().unwrap_or(&endpoint.provider) == provider.value;
                if is_its && !on.contains(&name) {
                    on.push(name);
                }
            }
            let (Some(limit), Some(of), false) = (limit, of, on.is_empty()) else {
                notes.left(
                    provider.span,
                    format!(
                        "the budget of `{shown}`: its limit, its period or its provider has no equivalent"
                    ),
                );
                continue;
            };
            let name = text::slug(&format!("{} spend", provider.value), &mut taken);
            draft.money += &format!(
                "\nbudget {name} {{\n  on {}\n  limit {limit} usd per {of}\n  at 100% block\n}}\n",
                on.join(", ")
            );
            notes.read(provider.span, format!("the budget of `{shown}` blocks once it is used up; LiteLLM goes on to the next provider, whatever that one is cleared for"));
        }
    }
    if let Some(limit) = config.first(&["litellm_settings"], "max_internal_user_budget") {
        let duration =
            config.first(&["litellm_settings"], "internal_user_budget_duration").and_then(Value::text);
        match (amount(limit), duration.and_then(period)) {
            (Some(usd), Some(of)) => {
                let name = text::slug("each user", &mut taken);
                draft.money += &format!(
                    "\nbudget {name} {{\n  per user\n  limit {usd} usd per {of}\n  at 100% block\n}}\n"
                );
            }
            _ => notes.left(limit.span, "`max_internal_user_budget`: no period of the language is as long as its `internal_user_budget_duration`"),
        }
    }
    let Some(limit) = config.first(&["litellm_settings"], "max_budget") else { return };
    let duration = config.first(&["litellm_settings"], "budget_duration").and_then(Value::text);
    match (amount(limit), duration.and_then(period)) {
        (Some(usd), Some(of)) => {
            let name = text::slug("whole proxy", &mut taken);
            draft.money += &format!("\nbudget {name} {{\n  limit {usd} usd per {of}\n  at 100% block\n}}\n");
        }
        _ => notes
            .left(limit.span, "`max_budget`: no period of the language is as long as its `budget_duration`"),
    }
}
