//! `model_list`: public names and the deployments that serve them.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Beside;
use super::settle::{Statement, settle};
use super::{Config, ENVIRONMENT, budgets, ranks};
use crate::catalogue::litellm::Stated;
use crate::import::draft::{Draft, Endpoint, Options};
use crate::import::provider::{self, Base};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::number::Rational;
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// Parameters that become something in the workspace.
const TAKEN: [&str; 13] = [
    "model",
    "custom_llm_provider",
    "api_base",
    "base_url",
    "api_key",
    "order",
    "weight",
    "max_budget",
    "budget_duration",
    "region_name",
    "aws_region_name",
    "vertex_location",
    "vertex_ai_location",
];

/// Ends of names of parameters that hold secrets.
const SECRETS: [&str; 7] =
    ["api_key", "access_key_id", "secret_access_key", "token", "password", "secret", "credentials"];

/// What people write where a server asks for no key.
const NO_KEYS: [&str; 5] = ["", "none", "dummy", "empty", "-"];

/// A public name.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) span: Span,
    /// Endpoints, in the order in which they are asked.
    pub(super) serves: Vec<usize>,
    /// The team that alone may ask for it.
    pub(super) team: Option<String>,
    pub(super) comments: Vec<String>,
}

/// A deployment as written.
struct Deployment<'a> {
    entry: &'a Value,
    params: &'a Value,
    prefix: String,
    model: String,
    base: Option<Base>,
    /// What tells two accounts apart; never shown.
    key: Option<String>,
}

/// What makes two entries one endpoint: provider, model, address, key and region.
type Identity = (String, String, Option<Base>, Option<String>, Option<String>);

/// Reads all deployments into endpoints, and the names that they serve.
pub(super) fn read(
    config: &Config,
    draft: &mut Draft,
    options: Options,
    notes: &mut Notes,
) -> (Vec<Group>, Beside) {
    let mut beside = Beside::default();
    let lists = config.documents.iter().filter_map(|(_, root)| root.get("model_list"));
    let entries: Vec<&Value> = lists.flat_map(Value::items).collect();
    if let Some(entry) = entries.get(MAX_IMPORTED_ENTRIES) {
        notes.left(entry.span, format!("deployments beyond {MAX_IMPORTED_ENTRIES}"));
    }
    let entries = entries.into_iter().take(MAX_IMPORTED_ENTRIES);
    let deployments: Vec<Deployment> =
        entries.filter_map(|entry| deployment(entry, options, &mut beside, notes)).collect();
    let mut bases: BTreeMap<&str, BTreeSet<Option<&Base>>> = BTreeMap::new();
    for one in &deployments {
        bases.entry(one.prefix.as_str()).or_default().insert(one.base.as_ref());
    }
    let mut known: BTreeMap<Identity, usize> = BTreeMap::new();
    let mut groups: Vec<(Group, Vec<(Rational, Rational)>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut statements: Vec<Vec<Statement>> = Vec::new();
    for one in &deployments {
        secrets(one.params, notes);
        let has_others = bases.get(one.prefix.as_str()).is_some_and(|bases| bases.len() > 1);
        let (provider, protocol) = provider::name(&one.prefix, one.base.as_ref(), has_others);
        let region = region(one.params).map(|(_, region)| region.to_owned());
        let identity = (provider.clone(), one.model.clone(), one.base.clone(), one.key.clone(), region);
        let at = *known.entry(identity).or_insert_with(|| {
            draft.endpoints.push(endpoint(one, provider, protocol, notes));
            statements.push(Vec::new());
            draft.endpoints.len() - 1
        });
        if let (Some(endpoint), Some(all)) = (draft.endpoints.get_mut(at), statements.get_mut(at)) {
            all.push(statement(one, endpoint, notes));
        }
        beside.add(one.entry, one.params, at);
        let Some((name, span)) = one.entry.get("model_name").and_then(|name| Some((name.text()?, name.span)))
        else {
            continue;
        };
        let team =
            one.entry.get("model_info").and_then(|info| info.get("team_id")?.text()).map(str::to_owned);
        let place = *places.entry(name.to_owned()).or_insert_with(|| {
            let group = Group {
                name: name.to_owned(),
                span,
                serves: Vec::new(),
                team: team.clone(),
                comments: Vec::new(),
            };
            groups.push((group, Vec::new()));
            groups.len() - 1
        });
        if let Some((group, ranks)) = groups.get_mut(place) {
            group.team = group.team.take().filter(|known| Some(known) == team.as_ref());
            if !group.serves.contains(&at) {
                group.serves.push(at);
                ranks.push(ranks::rank(one.entry, one.params, notes));
            }
        }
    }
    draft.name_endpoints();
    let mut limits = Vec::new();
    for (at, (endpoint, all)) in draft.endpoints.iter_mut().zip(&statements).enumerate() {
        limits.extend(settle(endpoint, all, notes).map(|(usd, of)| (at, usd, of)));
    }
    budgets::of_models(&limits, draft);
    (groups.into_iter().map(|(group, ranks)| ranks::ordered(group, &ranks, notes)).collect(), beside)
}

/// What a deployment states of its endpoint.
fn statement(one: &Deployment, endpoint: &mut Endpoint, notes: &mut Notes) -> Statement {
    let mut statement = Statement::read(one.entry, one.params, notes);
    others(one, &statement, notes);
    if !statement.has_price() && other_unit(one, notes).is_some() {
        statement.drop_prices();
        endpoint.no_price = true;
    }
    statement
}

/// Reads one entry; lists it where it cannot be one endpoint.
fn deployment<'a>(
    entry: &'a Value,
    options: Options,
    beside: &mut Beside,
    notes: &mut Notes,
) -> Option<Deployment<'a>> {
    let name = entry.get("model_name").and_then(Value::text);
    let params = entry.get("litellm_params");
    let model = params.and_then(|params| params.get("model")).and_then(Value::text);
    let (Some(name), Some(params), Some(model)) = (name, params, model) else {
        notes.left(entry.span, "an entry of `model_list` without `model_name` or `litellm_params.model`");
        return None;
    };
    if name.contains('*') {
        beside.wildcards.push(name.to_owned());
    } else {
        beside.left.insert(name.to_owned());
    }
    named(entry, (name, params, model), options, notes)
}

/// Who serves a deployment under which name; listed where nobody can know.
fn named<'a>(
    entry: &'a Value,
    (name, params, model): (&str, &'a Value, &str),
    options: Options,
    notes: &mut Notes,
) -> Option<Deployment<'a>> {
    let shown = text::comment(name);
    if name.contains('*') || model.contains('*') {
        notes.left(entry.span, format!("the wildcard `{shown}` for `{}`: callers may ask for any model that matches, so there is no use case to write; name the models they need", text::comment(model)));
        return None;
    }
    let stated = params.get("custom_llm_provider").and_then(Value::text);
    for (key, value) in [("model", Some(model)), ("custom_llm_provider", stated)] {
        if let Some(variable) = value.and_then(|value| value.strip_prefix(ENVIRONMENT)) {
            notes.state(entry.span, format!("which model `{shown}` is: its `{key}` is in the environment variable `{}`; write it out and import again, since without it there is no model and no use case", text::comment(variable)));
            return None;
        }
    }
    if [name, model].iter().any(|text| crate::source::visible::hidden_in_name(text).is_some()) {
        notes.left(entry.span, format!("`{shown}`: a name with characters that do not show"));
        return None;
    }
    let Some((prefix, model)) = provider::split(model, stated, options.catalogue) else {
        notes.left(
            entry.span,
            format!(
                "`{shown}`: `{}` does not say who serves it; write `provider/{}`",
                text::comment(model),
                text::comment(model)
            ),
        );
        return None;
    };
    if crate::source::visible::hidden_in_name(&prefix).is_some() || prefix.contains('/') {
        notes.left(
            entry.span,
            format!("`{shown}`: `{}` cannot be the name of a provider", text::comment(&prefix)),
        );
        return None;
    }
    let base = params.get("api_base").or_else(|| params.get("base_url"));
    let key = params.get("api_key").and_then(Value::text).map(str::to_owned);
    Some(Deployment { entry, params, prefix, model, base: base.and_then(|base| address(base, notes)), key })
}

fn address(value: &Value, notes: &mut Notes) -> Option<Base> {
    let written = value.text()?;
    if let Some(variable) = written.strip_prefix(ENVIRONMENT) {
        return Some(Base::Variable(variable.to_owned()));
    }
    if text::holds_secret(written) {
        notes.state(
            value.span,
            "an address that contains a password or a query: only its host is carried over",
        );
        let scheme = written.split_once("://").map_or("https", |(scheme, _)| scheme);
        return Some(Base::Url(format!("{scheme}://{}", text::host(written))));
    }
    Some(Base::Url(written.to_owned()))
}

/// Where a deployment says that it is called.
fn region(params: &Value) -> Option<(&'static str, &str)> {
    ["region_name", "aws_region_name", "vertex_location", "vertex_ai_location"]
        .into_iter()
        .find_map(|key| Some((key, params.get(key)?.text()?)))
        .filter(|(_, region)| !region.starts_with(ENVIRONMENT))
}

fn endpoint(one: &Deployment, provider: String, protocol: Option<String>, notes: &mut Notes) -> Endpoint {
    let (params, entry) = (one.params, one.entry);
    let info = entry.get("model_info");
    let mut comments = Vec::new();
    let span = entry.get("model_name").map_or(entry.span, |name| name.span);
    if let Some((key, region)) = region(params) {
        comments.push(format!(
            "Calls go to `{}` (`{key}`); only the contract says whether data is processed there and nowhere else.",
            text::comment(region)
        ));
        notes.state(
            span,
            format!(
                "whether `{}` is processed only in `{}`, as its `{key}` suggests",
                text::comment(&one.model),
                text::comment(region)
            ),
        );
    }
    let mut asked_as: Vec<String> = Vec::new();
    asked_as.extend(info.and_then(|info| info.get("base_model")?.text()).map(str::to_owned));
    asked_as.push(format!("{}/{}", one.prefix, one.model));
    let (base_url, variable) = match &one.base {
        Some(Base::Url(url)) => (Some(url.clone()), None),
        Some(Base::Variable(name)) => (None, Some(name)),
        None => (None, None),
    };
    comments.extend(
        variable.map(|name| format!("Its address is in the environment variable `{}`.", text::comment(name))),
    );
    let key_env = one.key.as_ref().and_then(|key| key.strip_prefix(ENVIRONMENT)).map(str::to_owned);
    Endpoint {
        provider,
        name: String::new(),
        model: one.model.clone(),
        asked_as,
        no_price: false,
        of: None,
        protocol: protocol.or_else(|| Some(one.prefix.clone())),
        base_url,
        key_env,
        stated: Stated::default(),
        requests_per_minute: None,
        tokens_per_minute: None,
        max_daily_spend: None,
        comments,
        span: Some(span),
    }
}

/// A price of a deployment that is not per token: said, since a registry has none of that kind.
fn other_unit(one: &Deployment, notes: &mut Notes) -> Option<()> {
    let places = [Some(one.params), one.entry.get("model_info")];
    let keys = places.into_iter().flatten().flat_map(Value::entries).map(|(key, _)| key);
    let mut units = keys.filter(|key| {
        let unit =
            ["input_cost_per_", "output_cost_per_"].iter().find_map(|begin| key.value.strip_prefix(begin));
        unit.is_some_and(|unit| !unit.starts_with("token"))
    });
    let key = units.next()?;
    notes.state(
        key.span,
        format!(
            "what `{}` costs per token: the file has `{}`",
            text::comment(&one.model),
            text::comment(&key.value)
        ),
    );
    Some(())
}

/// Whether a parameter holds a secret; a price per token does not.
fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|end| key.ends_with(end)) && !key.contains("_cost_per_")
}

/// Keys that stand in the file itself: said, never shown.
fn secrets(params: &Value, notes: &mut Notes) {
    for (key, value) in params.entries() {
        let is_secret = is_secret(&key.value);
        let is_written = |text: &str| {
            !text.starts_with(ENVIRONMENT) && !NO_KEYS.contains(&text.to_ascii_lowercase().as_str())
        };
        if is_secret && value.text().is_some_and(is_written) {
            notes.state(
                value.span,
                format!(
                    "`{}` is written in the file itself: it is not carried over; keep it in the environment",
                    text::comment(&key.value)
                ),
            );
        }
    }
}

/// Parameters without an equivalent.
fn others(one: &Deployment, statement: &Statement, notes: &mut Notes) {
    let of = |map: &Value, taken: &[&str]| -> Vec<String> {
        let keys = map.entries().iter().map(|(key, _)| key.value.as_str());
        keys.filter(|key| !taken.contains(key) && !is_secret(key) && !statement.has(key))
            .map(|key| format!("`{}`", text::comment(key)))
            .collect()
    };
    let mut names = of(one.params, &TAKEN);
    if let Some(info) = one.entry.get("model_info") {
        names.extend(of(info, &["base_model", "team_id", "order"]));
    }
    names.extend(of(one.entry, &["model_name", "litellm_params", "model_info"]));
    if names.is_empty() {
        return;
    }
    let tags = one.params.get("tags").filter(|tags| matches!(tags.kind, Kind::List(_)));
    let more =
        if tags.is_some() { "; requests with other tags go elsewhere, which no rule says" } else { "" };
    notes.left(one.params.span, format!("of `{}`: {}{more}", text::comment(&one.model), names.join(", ")));
}
