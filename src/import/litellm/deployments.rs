//! `model_list`: public names and the deployments that serve them.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Walk;
use super::names::Beside;
use super::settle::{Statement, settle};
use super::{Config, ENVIRONMENT, budgets, credentials, params, place, ranks, routers, stated, vendors};
use crate::catalogue::litellm::Stated;
use crate::catalogue::vendor;
use crate::import::draft::{Draft, Endpoint, Options};
use crate::import::provider::{self, Base};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::source::{FileId, Span};
use crate::yaml::{Kind, Value};

/// A public name.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) span: Span,
    /// Those that a request without a tag may reach, where tags count.
    untagged: BTreeSet<usize>,
    /// Endpoints, in the order in which they are asked.
    pub(super) serves: Vec<usize>,
    /// How they step in for each other.
    pub(super) walk: Walk,
    /// How often a call is repeated, for deployments that say so themselves.
    pub(super) retries: BTreeMap<usize, u64>,
    /// The team that alone may ask for it.
    pub(super) team: Option<String>,
    /// Where deployments say for which team they are.
    teams: Vec<(Span, String)>,
    pub(super) comments: Vec<String>,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            name: String::new(),
            span: Span::start_of(FileId::NONE),
            untagged: BTreeSet::new(),
            serves: Vec::new(),
            walk: Walk::default(),
            retries: BTreeMap::new(),
            team: None,
            teams: Vec::new(),
            comments: Vec::new(),
        }
    }
}

/// A deployment as written.
pub(super) struct Deployment<'a> {
    pub(super) entry: &'a Value,
    pub(super) params: &'a Value,
    prefix: String,
    /// The provider's own id of the model.
    pub(super) model: String,
    /// The same with what stands in front of it for the proxy alone.
    asked: String,
    base: Option<Base>,
    /// What tells two accounts apart; never shown.
    key: Option<String>,
    /// What else tells two accounts apart.
    account: Vec<(&'static str, String)>,
    /// The key that says where calls go, with what it says.
    region: Option<(&'static str, String)>,
}

/// What makes two entries one endpoint: provider, model, address, account with its key, and region.
type Identity = (String, String, Option<Base>, (Option<String>, Vec<(&'static str, String)>), Option<String>);

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
    let whose = Whose::of(&deployments);
    let filters = config.first(&["router_settings"], "enable_tag_filtering");
    let filters = filters.is_some_and(|value| matches!(value.kind, Kind::Bool(true)));
    let mut known: BTreeMap<Identity, usize> = BTreeMap::new();
    let mut groups = Groups::default();
    let mut statements: Vec<Vec<Statement>> = Vec::new();
    for one in &deployments {
        params::secrets(one.params, notes);
        let provider = whose.provider(one);
        let region = one.region.as_ref().map(|(_, region)| region.clone());
        let account = (one.key.clone(), one.account.clone());
        let base = one.base.as_ref().and_then(Base::apart);
        let identity = (provider.clone(), one.model.clone(), base, account, region);
        let at = *known.entry(identity).or_insert_with(|| {
            draft.endpoints.push(endpoint(one, provider, notes));
            statements.push(Vec::new());
            draft.endpoints.len() - 1
        });
        if let (Some(endpoint), Some(all)) = (draft.endpoints.get_mut(at), statements.get_mut(at)) {
            all.push(statement(one, endpoint, filters, notes));
        }
        beside.add(one.entry, one.params, at);
        groups.add(one, at, notes);
    }
    draft.name_endpoints();
    let mut limits = Vec::new();
    for (at, (endpoint, all)) in draft.endpoints.iter_mut().zip(&statements).enumerate() {
        limits.extend(settle(endpoint, all, notes).map(|(usd, of)| (at, usd, of)));
    }
    budgets::of_models(&limits, draft);
    (groups.all(filters, notes), beside)
}

/// Whose the addresses of deployments are.
struct Whose<'a> {
    /// What is spoken with each machine; where that is several things, the one whose own it is.
    spoken: BTreeMap<Base, &'a str>,
    /// The addresses of a provider.
    bases: BTreeMap<&'a str, BTreeSet<Option<Base>>>,
}

impl<'a> Whose<'a> {
    fn of(deployments: &'a [Deployment]) -> Self {
        let mut whose = Self { spoken: BTreeMap::new(), bases: BTreeMap::new() };
        for one in deployments {
            let Some(base) = &one.base else { continue };
            let family = vendor::family(&one.prefix);
            let spoken = whose.spoken.entry(base.machine()).or_insert(family);
            if provider::is_protocol(spoken, base) && !provider::is_protocol(family, base) {
                *spoken = family;
            }
        }
        for one in deployments {
            let base = one.base.as_ref().filter(|base| base.vendor().is_none());
            whose.bases.entry(whose.family(one)).or_default().insert(base.map(Base::machine));
        }
        whose
    }

    /// What the provider of a deployment is configured as.
    fn family(&self, one: &'a Deployment) -> &'a str {
        let spoken = one.base.as_ref().and_then(|base| self.spoken.get(&base.machine()));
        spoken.copied().unwrap_or_else(|| vendor::family(&one.prefix))
    }

    /// What it is called in the registry: one name for one machine, and for one vendor.
    fn provider(&self, one: &'a Deployment) -> String {
        let family = self.family(one);
        let has_others = self.bases.get(family).is_some_and(|bases| bases.len() > 1);
        provider::name(family, one.base.as_ref(), has_others).0
    }
}

/// Public names as they are found.
#[derive(Default)]
struct Groups {
    list: Vec<(Group, Vec<ranks::Rank>)>,
    places: BTreeMap<String, usize>,
}

impl Groups {
    /// Takes down that a deployment serves its name.
    fn add(&mut self, one: &Deployment, at: usize, notes: &mut Notes) {
        let named = one.entry.get("model_name").and_then(|name| Some((name.text()?, name.span)));
        let Some((name, span)) = named else { return };
        let team = one.entry.get("model_info").and_then(|info| info.get("team_id"));
        let stated = team.and_then(|team| Some((team.span, team.text()?.to_owned())));
        let team = stated.as_ref().map(|(_, team)| team.clone());
        let place = *self.places.entry(name.to_owned()).or_insert_with(|| {
            let group = Group { name: name.to_owned(), span, team: team.clone(), ..Group::default() };
            self.list.push((group, Vec::new()));
            self.list.len() - 1
        });
        let Some((group, ranks)) = self.list.get_mut(place) else { return };
        group.team = group.team.take().filter(|known| Some(known) == team.as_ref());
        group.teams.extend(stated);
        let tags = one.params.get("tags").map(Value::items).unwrap_or_default();
        if tags.iter().any(|tag| tag.text() == Some("default")) {
            group.untagged.insert(at);
        }
        let rank = ranks::rank(one.entry, one.params, notes);
        let what = format!("`num_retries` of `{}`", text::comment(name));
        let retries = one.params.get("num_retries");
        let retries = retries.and_then(|value| stated::whole(value, &what, notes));
        if let Some(known) = group.serves.iter().position(|known| *known == at) {
            let before = ranks.get_mut(known).map(|rank| (rank, group.retries.get(&at).copied()));
            ranks::again(name, one.params, before, (rank, retries), notes);
        } else {
            group.serves.push(at);
            ranks.push(rank);
            group.retries.extend(retries.map(|number| (at, number)));
        }
    }

    /// All names, each with its deployments in order; `filters`: a request is asked for its tags.
    fn all(self, filters: bool, notes: &mut Notes) -> Vec<Group> {
        let mut all = Vec::new();
        for (mut group, mut ranks) in self.list {
            if group.team.is_none() {
                for (span, team) in std::mem::take(&mut group.teams) {
                    let (shown, team) = (text::comment(&group.name), text::comment(&team));
                    notes.left(span, format!("`team_id: {team}` of a deployment of `{shown}`: it is for that team alone, and others of the name are not, while a use case is for one team or for all"));
                }
            }
            if filters && !group.untagged.is_empty() && group.untagged.len() < group.serves.len() {
                let shown = text::comment(&group.name);
                notes.read(group.span, format!("`{shown}` as its deployments with the tag `default`: with `enable_tag_filtering` a request without a tag reaches no other one"));
                let pairs = group.serves.iter().copied().zip(ranks);
                let kept = pairs.filter(|(at, _)| group.untagged.contains(at));
                (group.serves, ranks) = kept.unzip();
            }
            all.push(ranks::ordered(group, &ranks, notes));
        }
        all
    }
}

/// What a deployment states of its endpoint.
fn statement(one: &Deployment, endpoint: &mut Endpoint, filters: bool, notes: &mut Notes) -> Statement {
    let mut statement = Statement::read(one.entry, one.params, notes);
    params::others(one, &statement, filters, notes);
    if !statement.has_price() && params::other_unit(one, notes).is_some() {
        statement.drop_prices(notes);
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
    let stated = |value: &'a Value| value.text().filter(|text| !text.is_empty());
    let name = entry.get("model_name").and_then(stated);
    let params = entry.get("litellm_params");
    let model = params.and_then(|params| params.get("model")).and_then(stated);
    let (Some(name), Some(params), Some(model)) = (name, params, model) else {
        notes.left(entry.span, incomplete(entry));
        return None;
    };
    if name.contains('*') {
        beside.wildcards.push(name.to_owned());
    } else {
        beside.left.insert(name.to_owned());
    }
    named(entry, (name, params, model), (options, beside), notes)
}

/// Why an entry is no deployment.
fn incomplete(entry: &Value) -> String {
    let model = entry.get("litellm_params").and_then(|params| params.get("model"));
    let wrong = [("model_name", entry.get("model_name")), ("litellm_params.model", model)];
    let wrong =
        wrong.into_iter().find_map(|(key, value)| Some((key, value.filter(|value| value.text().is_none())?)));
    match wrong {
        Some((key, value)) => format!(
            "an entry of `model_list` whose `{key}` is {}, `{}`, and no text",
            text::kind(value),
            text::comment(&text::flow(value))
        ),
        None => "an entry of `model_list` without `model_name` or `litellm_params.model`".to_owned(),
    }
}

/// Who serves a deployment under which name; listed where nobody can know.
fn named<'a>(
    entry: &'a Value,
    (name, params, model): (&str, &'a Value, &str),
    (options, beside): (Options, &mut Beside),
    notes: &mut Notes,
) -> Option<Deployment<'a>> {
    let shown = text::comment(name);
    if name.contains('*') || model.contains('*') {
        notes.left(entry.span, format!("the wildcard `{shown}` for `{}`: callers may ask for any model that matches, so there is no use case to write; name the models they need", text::comment(model)));
        return None;
    }
    if let Some(router) = routers::read(name, entry, params, model) {
        beside.routers.push(router);
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
    if stated.is_none() && prefix != model && !vendors::is_one(&prefix) {
        notes.read(entry.span, format!("`{}` as the provider of `{shown}`: LiteLLM knows none of that name, and refuses the deployment unless `custom_provider_map` or its list of models has it", text::comment(&prefix)));
    }
    let addresses = ["api_base", "base_url", "aws_bedrock_runtime_endpoint", "sagemaker_base_url"];
    let base = addresses.into_iter().find_map(|key| params.get(key));
    let key = params.get("api_key").and_then(Value::text).map(str::to_owned);
    let base = base.and_then(|base| Base::read(base, ENVIRONMENT, notes));
    let (within, own) = place::route(&prefix, &model);
    let region = place::region(params).or(within);
    let (asked, model) = (model.clone(), own.to_owned());
    let account = credentials::account(params);
    Some(Deployment { entry, params, prefix, model, asked, base, key, account, region })
}

fn endpoint(one: &Deployment, provider: String, notes: &mut Notes) -> Endpoint {
    let entry = one.entry;
    let mut comments = Vec::new();
    let span = entry.get("model_name").map_or(entry.span, |name| name.span);
    if let Some((key, region)) = &one.region {
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
    // At another vendor's own address it is that vendor's model, whoever's protocol is spoken there.
    let sold_by = one.base.as_ref().and_then(Base::vendor).unwrap_or(&one.prefix);
    asked_as.push(format!("{sold_by}/{}", one.asked));
    if one.asked != one.model {
        asked_as.push(format!("{sold_by}/{}", one.model));
    }
    let (base_url, variable) = match &one.base {
        Some(Base::Url(url)) => (Some(url.clone()), None),
        Some(Base::Variable(name)) => (None, Some(name)),
        None => (None, None),
    };
    comments.extend(
        variable.map(|name| format!("Its address is in the environment variable `{}`.", text::comment(name))),
    );
    comments.extend(credentials::shown(one.params, params::is_secret));
    let key_env = one.key.as_deref();
    let key_env = key_env.and_then(|key| key.strip_prefix(ENVIRONMENT).or_else(|| params::filled_in(key)));
    let key_env = key_env.map(str::to_owned);
    Endpoint {
        provider,
        name: String::new(),
        model: one.model.clone(),
        asked_as,
        elsewhere: vendor::elsewhere(sold_by, one.base.as_ref().map(Base::address)),
        no_price: false,
        of: None,
        protocol: Some(one.prefix.clone()),
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
