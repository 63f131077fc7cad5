//! Routing rules: a condition, an action, perhaps a fallback and a reason.

use super::names::{self, same};
use super::{Document, beside, condition, shapes};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Value};

/// Rules as text.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) text: String,
    /// Whether it holds no rule.
    pub(super) is_empty: bool,
    /// Use cases that conditions name.
    pub(super) use_cases: Vec<Spanned<String>>,
}

/// What an action does.
struct Action {
    tier: &'static str,
    clause: String,
    /// Whether something else may stand behind what it prefers.
    prefers: bool,
    /// Certifications that it asks for and that nothing in the file holds.
    unheld: Vec<&'static str>,
}

impl Action {
    fn promise(clause: impl Into<String>) -> Self {
        Self { tier: "compliance", clause: clause.into(), prefers: false, unheld: Vec::new() }
    }

    fn wish(tier: &'static str, clause: impl Into<String>) -> Self {
        Self { tier, clause: clause.into(), prefers: true, unheld: Vec::new() }
    }
}

/// Reads all rules, and lists what cannot be carried over.
pub(super) fn read(document: &Document, policies: Option<&Value>, notes: &mut Notes) -> Rules {
    let mut rules = Rules {
        text: format!("# The routing rules of {}, one by one.\n", document.file),
        is_empty: true,
        ..Rules::default()
    };
    let Some(policies) = policies else { return rules };
    let mut taken = text::Names::default();
    let mut asked = None;
    for (at, rule) in shapes::rules(policies, notes).iter().enumerate() {
        let span = rule.value.span;
        if at >= MAX_IMPORTED_ENTRIES {
            notes.left(span, format!("rules beyond {MAX_IMPORTED_ENTRIES}"));
            break;
        }
        if let Err(why) = one(document, rule, &mut rules, &mut taken, &mut asked, notes) {
            notes.left(span, why);
        }
    }
    if let Some(span) = asked {
        notes.state(span, "a budget: a rule asks how much of it is left, and the file has none");
    }
    rules
}

/// What a rule is called in notes.
fn that(written: &str) -> String {
    match text::comment(written.trim()) {
        nothing if nothing.is_empty() => "the rule without a condition".to_owned(),
        shown => format!("the rule `{shown}`"),
    }
}

/// Refuses a rule that is switched off.
fn switched(rule: &Value, that: &str, notes: &mut Notes) -> Result<(), String> {
    let Some(enabled) = rule.get("enabled") else { return Ok(()) };
    match shapes::truth("enabled", enabled, notes) {
        Some(false) => return Err(format!("{that}: it is switched off by `enabled: false`")),
        Some(true) => {}
        None => {
            notes.left(enabled.span, format!("`enabled` of {that} is neither true nor false, so it counts"));
        }
    }
    Ok(())
}

/// The condition of a rule; why there is no rule where nobody can tell what it is.
fn asked_of(rule: &Value) -> Result<Option<&Value>, String> {
    let keys = ["rule", "when", "condition"];
    let is_nothing = |value: &Value| {
        matches!(value.kind, Kind::Null) || value.text().is_some_and(|text| text.trim().is_empty())
    };
    let stated: Vec<(&str, &Value)> = keys
        .into_iter()
        .filter_map(|key| Some((key, rule.get(key)?)))
        .filter(|(_, value)| !is_nothing(value))
        .collect();
    if let Some((key, value)) = stated.iter().find(|(_, value)| value.text().is_none()) {
        let shown = text::comment(&text::flow(value));
        return Err(format!("a rule whose `{key}` is {}, `{shown}`, and no text", text::kind(value)));
    }
    let [first, rest @ ..] = stated.as_slice() else { return Ok(None) };
    if let Some((key, value)) = rest.iter().find(|(_, value)| value.text() != first.1.text()) {
        return Err(format!(
            "{}: its `{}` is another condition, `{}`",
            that(first.1.text().unwrap_or_default()),
            key,
            text::comment(value.text().unwrap_or_default())
        ));
    }
    Ok(Some(first.1))
}

fn one(
    document: &Document,
    &shapes::Rule { name: called, value: rule }: &shapes::Rule,
    rules: &mut Rules,
    taken: &mut text::Names,
    asked: &mut Option<Span>,
    notes: &mut Notes,
) -> Result<(), String> {
    if !matches!(rule.kind, Kind::Map(_)) {
        return Err(format!(
            "a rule that is {}, `{}`, and no map",
            text::kind(rule),
            text::comment(&text::flow(rule))
        ));
    }
    let expression = asked_of(rule)?;
    let written = expression.and_then(Value::text);
    let that = that(written.unwrap_or_default());
    switched(rule, &that, notes)?;
    let condition = written.map_or_else(|| Ok(condition::Condition::default()), condition::read);
    let condition = condition.map_err(|why| format!("{that}: {}", text::comment(&why)))?;
    let named = rule.get("action").ok_or_else(|| format!("{that}: it has no action"))?;
    let named = named.spanned().ok_or_else(|| {
        let written = text::comment(&text::flow(named));
        format!("{that}: its action is {}, `{written}`, and no text", text::kind(named))
    })?;
    let action = action(document, &named, rule, notes)
        .ok_or_else(|| format!("{that}: `{}` is not a known action", text::comment(&named.value)))?;
    let days = beside::read(rule, &that, action.prefers, notes)?;
    for name in &action.unheld {
        notes.state(
            named.span,
            format!("who holds `{name}`: {that} asks for it, and no provider in the file states it"),
        );
    }
    for (level, classification) in &condition.levels {
        notes.state(
            expression.map_or(rule.span, |value| value.span),
            format!("where `{}` stands among the {level}", text::comment(classification)),
        );
    }
    let span = expression.map_or(rule.span, |value| value.span);
    rules.use_cases.extend(condition.use_cases.into_iter().map(|name| Spanned::new(name, span)));
    for reading in &condition.readings {
        notes.read(span, format!("{that}: {}", text::comment(reading)));
    }
    if condition.asks_budget {
        asked.get_or_insert(span);
    }
    if written.is_none() {
        let action = text::comment(&named.value);
        notes.read(rule.span, format!("a rule without a condition, `{action}`, as one for every request"));
    }
    beside::spare(rule, &that, notes);
    let title = ["name", "id"].iter().find_map(|key| rule.get(key).and_then(Value::text));
    let title = title.or(called).unwrap_or(&named.value);
    let name = text::slug(title, taken);
    let when = condition.when.map(|when| format!("  when {when}\n")).unwrap_or_default();
    let reason = ["reason", "because"].iter().find_map(|key| rule.get(key).and_then(Value::text));
    let because = reason.map(|reason| format!("  because {}\n", text::string(reason))).unwrap_or_default();
    if reason.is_none() {
        notes.state(rule.span, format!("a reason for {that}"));
    }
    rules.is_empty = false;
    rules.text +=
        &format!("\n{} rule {name} {{\n{days}{when}  {}\n{because}}}\n", action.tier, action.clause);
    Ok(())
}

/// What an action says in the language; none where it is not understood.
fn action(document: &Document, named: &Spanned<String>, rule: &Value, notes: &mut Notes) -> Option<Action> {
    let word = named.value.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    let fallback = rule.get("fallback").filter(|fallback| match &fallback.kind {
        Kind::Null => false,
        Kind::List(items) => !items.is_empty(),
        _ => true,
    });
    let action = match word.as_str() {
        "block" | "deny" | "reject" => Action::promise("forbid true"),
        "route_to_cheapest_eligible" | "route_to_cheapest" | "prefer_cheapest" => {
            Action::wish("cost", "prefer cheapest")
        }
        "route_to_fastest_eligible" | "route_to_fastest" | "prefer_fastest" => {
            Action::wish("latency", "prefer fastest")
        }
        _ => targeted(document, &word, fallback.is_some())?,
    };
    let Some(fallback) = fallback else { return Some(action) };
    Some(with_fallback(document, action, fallback, notes))
}

/// An action that goes on to what its rule names as the fallback: one name, or several in turn.
fn with_fallback(document: &Document, mut action: Action, fallback: &Value, notes: &mut Notes) -> Action {
    let ranks = ["prefer cheapest", "prefer fastest"].contains(&action.clause.as_str());
    let items = if let Kind::List(items) = &fallback.kind {
        items.as_slice()
    } else {
        std::slice::from_ref(fallback)
    };
    for item in items {
        let Some(target) = item.text().and_then(|text| target(document, text)) else {
            let written = text::comment(&text::flow(item));
            notes.left(item.span, format!("`fallback: {written}`: no provider or model has that name"));
            continue;
        };
        if action.prefers && !ranks {
            action.clause = format!("{}, {target}", action.clause);
        } else {
            notes.left(item.span, "a `fallback` beside an action that chooses no model: a promise has no fallback, and a ranking already goes on to the next model");
        }
    }
    action
}

/// Actions that name something.
fn targeted(document: &Document, word: &str, has_fallback: bool) -> Option<Action> {
    if let Some(rest) = word.strip_prefix("prefer_") {
        return Some(Action::wish("preference", format!("prefer {}", target(document, rest)?)));
    }
    if let Some(rest) = word.strip_prefix("block_").or_else(|| word.strip_prefix("forbid_")) {
        return Some(Action::promise(format!("forbid {}", fact(document, rest)?)));
    }
    if let Some(rest) = word.strip_prefix("require_") {
        let mut action = Action::promise("");
        let clauses: Option<Vec<String>> =
            rest.split("_and_").map(|part| required(document, part, &mut action.unheld)).collect();
        action.clause = clauses?.join("\n  ");
        return Some(action);
    }
    let rest = word.strip_prefix("route_to_").or_else(|| word.strip_prefix("use_"))?;
    let only = rest.strip_suffix("_only");
    if only.is_none() && has_fallback {
        // Something else may serve, so it is a wish.
        return Some(Action::wish("preference", format!("prefer {}", target(document, rest)?)));
    }
    Some(Action::promise(format!("require {}", fact(document, only.unwrap_or(rest))?)))
}

/// What `require_…` asks for: a region, a fact of the model, or a certification that everybody knows.
fn required(document: &Document, word: &str, unheld: &mut Vec<&'static str>) -> Option<String> {
    if let Some(region) = names::region(document, word) {
        return Some(format!("process in {}", text::name(&region)));
    }
    if let Some(fact) = fact(document, word) {
        return Some(format!("require {fact}"));
    }
    let known = names::known_certification(word)?;
    unheld.push(known);
    Some(format!("require model.compliance has {}", text::name(known)))
}

/// A condition on the model: how it is hosted, who serves it, what it holds.
fn fact(document: &Document, word: &str) -> Option<String> {
    let word = word.strip_suffix("_providers").or_else(|| word.strip_suffix("_provider")).unwrap_or(word);
    let fixed = match word {
        "self_hosted" | "selfhosted" | "on_prem" | "on_premises" => "model.hosting == self-hosted",
        "private_cloud" => "model.hosting == private-cloud",
        "cloud" => "model.hosting == cloud",
        "zero_retention" | "zdr" => "model.retention <= 0 days",
        "dpa" => "model.dpa == confirmed",
        "no_training" => "model.trains_on_data == false",
        "open_weights" | "open_source" => "model.open_weights",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_owned());
    }
    let certification = names::certification(word);
    if let Some(name) = names::certifications(document).into_iter().find(|name| same(name, certification)) {
        return Some(format!("model.compliance has {}", text::name(name)));
    }
    let model = target(document, word)?;
    let kind = if model.contains('/') { "model.id" } else { "model.provider" };
    Some(format!("{kind} == {model}"))
}

/// A provider or model that a word means, as a selector of the language.
fn target(document: &Document, word: &str) -> Option<String> {
    let word = word.strip_suffix("_models").or_else(|| word.strip_suffix("_model")).unwrap_or(word);
    let provider = document.providers.iter().find(|(name, _)| same(&name.value, word));
    if let Some((name, _)) = provider {
        return Some(text::name(&name.value));
    }
    let models = document.providers.iter().flat_map(|(provider, value)| {
        let models = value.get("models").map(Value::items).unwrap_or_default();
        models.iter().filter_map(move |model| Some((provider.value.as_str(), model.get("name")?.text()?)))
    });
    let mut models =
        models.filter(|(provider, name)| same(name, word) || same(&format!("{provider}/{name}"), word));
    let (provider, name) = models.next()?;
    models.next().is_none().then(|| text::string(&format!("{provider}/{name}")))
}
