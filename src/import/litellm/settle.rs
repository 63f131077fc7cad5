//! What the deployments of one model state of it, each for itself, settled into one statement of the registry.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Map;

use super::{budgets, stated};
use crate::catalogue::litellm::{CAPABILITIES, Stated};
use crate::import::draft::Endpoint;
use crate::import::{Notes, text};
use crate::model::words;
use crate::number;
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// What one deployment states.
pub(super) struct Statement {
    name: String,
    span: Span,
    /// By key, as text: exact numbers, `true`, `false`, `5 usd per day`.
    values: BTreeMap<String, String>,
}

const INPUT: &str = "input_cost_per_token";
const OUTPUT: &str = "output_cost_per_token";
const BUDGET: &str = "max_budget";
const WINDOW: &str = "max_input_tokens";
const BASE: &str = "base_model";
const LIMITS: [&str; 2] = ["rpm", "tpm"];

/// Whether a key is a price of tokens that a registry may have a field for.
fn is_price(key: &str) -> bool {
    [INPUT, OUTPUT, "cache_read_input_token_cost"].into_iter().any(|begin| {
        key.strip_prefix(begin).is_some_and(|rest| {
            let step = rest.strip_prefix("_above_").and_then(|rest| rest.strip_suffix("k_tokens"));
            rest.is_empty() || rest == "_batches" || step.is_some_and(|n| n.parse::<u32>().is_ok())
        })
    })
}

fn is_fact(key: &str) -> bool {
    key == WINDOW || key == BASE || CAPABILITIES.iter().any(|(known, _)| *known == key)
}

impl Statement {
    /// Reads a deployment; what is no value of its kind is listed.
    pub(super) fn read(entry: &Value, params: &Value, notes: &mut Notes) -> Self {
        let name = entry.get("model_name");
        let mut read = Self {
            name: name.and_then(Value::text).map(text::comment).unwrap_or_default(),
            span: name.map_or(entry.span, |name| name.span),
            values: BTreeMap::new(),
        };
        let info = entry.get("model_info");
        let places =
            [("`litellm_params`", Some(params)), ("`model_info`", info), ("the entry itself", Some(entry))];
        for (place, map) in places {
            for (key, value) in map.map(Value::entries).unwrap_or_default() {
                let is_ours = is_price(&key.value)
                    || LIMITS.contains(&key.value.as_str())
                    || (is_fact(&key.value) && key.value != BASE && place == "`model_info`");
                if is_ours {
                    read.take(&key.value, value, place, notes);
                }
            }
        }
        if let Some((usd, of)) = budgets::of_deployment(entry, params, &read.name, notes) {
            read.values.insert(BUDGET.to_owned(), format!("{usd} usd per {of}"));
        }
        let base = info.and_then(|info| info.get(BASE)?.text());
        read.values.extend(base.map(|base| (BASE.to_owned(), base.to_owned())));
        let mode = info.and_then(|info| info.get("mode")).and_then(Value::text);
        if mode == Some("embedding") && read.values.contains_key(INPUT) {
            read.values.entry(OUTPUT.to_owned()).or_insert_with(|| "0".to_owned());
        }
        read.leave_what_has_no_field();
        read
    }

    fn take(&mut self, key: &str, value: &Value, place: &str, notes: &mut Notes) {
        let what = format!("`{key}` of `{}`", self.name);
        let found = match &value.kind {
            Kind::Bool(is) if key.starts_with("supports_") => Some(is.to_string()),
            _ if key.starts_with("supports_") => {
                notes.left(value.span, format!("{what}: it is neither true nor false"));
                None
            }
            _ if is_price(key) => stated::number(value, &what, notes).map(|number| number::exact(&number)),
            _ => stated::whole(value, &what, notes).map(|number| number.to_string()),
        };
        let Some(found) = found else { return };
        match self.values.get(key) {
            Some(before) if *before != found => {
                notes.left(
                    value.span,
                    format!(
                        "{what}, {found} in {place}: the value {before} in another place takes precedence"
                    ),
                );
            }
            _ => {
                self.values.insert(key.to_owned(), found);
            }
        }
    }

    /// Prices of batches and long prompts that are not of a shape that a registry knows are nobody's.
    fn leave_what_has_no_field(&mut self) {
        let stated = self.stated();
        let long = stated.long_prompt.map(|long| format!("_above_{}k_tokens", long.above_tokens / 1000));
        self.values.retain(|key, _| {
            let is_batch = key.ends_with("_batches");
            let is_long = key.contains("_above_");
            let is_known_step = || long.as_ref().is_some_and(|long| key.ends_with(long));
            (!is_batch || stated.batch_discount.is_some()) && (!is_long || is_known_step())
        });
    }

    fn stated(&self) -> Stated {
        read(&self.values)
    }

    /// Whether a key is in the registry, or said to be elsewhere.
    pub(super) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key) || LIMITS.contains(&key)
    }

    /// Whether it states a price that is not zero.
    pub(super) fn has_price(&self) -> bool {
        let zero = |key| self.values.get(key).is_none_or(|price| price == "0");
        self.is_priced() && !(zero(INPUT) && zero(OUTPUT))
    }

    fn is_priced(&self) -> bool {
        self.values.contains_key(INPUT) && self.values.contains_key(OUTPUT)
    }

    /// Takes its prices for none: they are in another unit.
    pub(super) fn drop_prices(&mut self, notes: &mut Notes) {
        let prices = self.values.iter().filter(|(key, _)| is_price(key));
        let prices: Vec<String> = prices.map(|(key, value)| format!("`{key}: {value}`")).collect();
        if !prices.is_empty() {
            notes.left(
                self.span,
                format!(
                    "of `{}`: {}: beside a price in another unit, this is not what the model costs",
                    self.name,
                    prices.join(", ")
                ),
            );
        }
        self.values.retain(|key, _| !is_price(key));
    }
}

/// Values under keys of `LiteLLM`'s own list of models.
fn read(values: &BTreeMap<String, String>) -> Stated {
    let mut map = Map::new();
    for (key, value) in values {
        let value = match value.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            number => number.into(),
        };
        map.insert(key.clone(), value);
    }
    Stated::read(&map)
}

/// Writes what the deployments of an endpoint state into it, and says where they differ. The limit for a longer period
/// than a day, if there is one.
pub(super) fn settle(
    endpoint: &mut Endpoint,
    all: &[Statement],
    notes: &mut Notes,
) -> Option<(String, String)> {
    let keys: BTreeSet<&String> = all.iter().flat_map(|one| one.values.keys()).collect();
    // Prices belong together. Nothing for nothing is believed only if all say so.
    let paid = all.iter().find(|one| one.has_price());
    let free = || all.first().filter(|_| all.iter().all(Statement::is_priced));
    let part = || all.iter().find(|one| !one.is_priced() && one.values.keys().any(|key| is_price(key)));
    let prices = paid.or_else(free).or_else(part);
    let id = text::comment(&endpoint.id());
    let mut values = BTreeMap::new();
    for key in keys {
        let from = if is_price(key) { prices } else { all.iter().find(|one| one.values.contains_key(key)) };
        let chosen = from.and_then(|one| Some((one, one.values.get(key)?)));
        differences(&id, key, chosen, all, notes);
        if let Some((_, value)) = chosen {
            values.insert(key.clone(), value.clone());
        }
    }
    let count = |key: &str| values.get(key).and_then(|number| number.parse().ok());
    (endpoint.requests_per_minute, endpoint.tokens_per_minute) = (count("rpm"), count("tpm"));
    endpoint.stated = read(&values);
    endpoint.asked_as.splice(0..0, values.get(BASE).cloned());
    let (usd, of) = values.get(BUDGET)?.split_once(" usd per ")?;
    if of == "day" {
        endpoint.max_daily_spend = Some(usd.to_owned());
        return None;
    }
    Some((usd.to_owned(), of.to_owned()))
}

/// Says which deployments state something else under a key, or nothing.
fn differences(
    id: &str,
    key: &str,
    chosen: Option<(&Statement, &String)>,
    all: &[Statement],
    notes: &mut Notes,
) {
    let value = chosen.map(|(_, value)| value);
    let others: Vec<&Statement> = all
        .iter()
        .filter(|one| one.values.get(key) != value && (one.values.contains_key(key) || !is_fact(key)))
        .collect();
    let Some(first) = others.first() else { return };
    let said = |one: &&Statement| match one.values.get(key) {
        Some(value) => format!("`{}` states {value}", one.name),
        None => format!("`{}` states none", one.name),
    };
    let mut met = BTreeSet::new();
    let others: Vec<String> = others.iter().map(said).filter(|said| met.insert(said.clone())).collect();
    let others = words::some_plain(&others, 5);
    match chosen {
        Some((from, value)) => notes.read(
            first.span,
            format!("`{key}` of `{id}` as `{}` states it, {value}: {others}, and the registry has one model for all", from.name),
        ),
        None => notes.left(
            first.span,
            format!("`{key}` of `{id}`: {others}; a price of zero counts only if every deployment of the model states it"),
        ),
    }
}
