//! What gateways and reports hold to, and no decision shows: how much providers and models may take and cost, what
//! spending is attributed to, and which models fall together.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::gate::Moved;
use super::rename::Names;
use crate::compile::parts;
use crate::limits::shown;
use crate::model::World;
use crate::model::words::some;
use crate::number::{Rational, exact, grouped, parse_decimal, whole};
use crate::registry::RateLimits;
use crate::source::Spanned;
use crate::table::format::{Attribution, Table};

/// What a side holds to.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    attribution: Option<Attribution>,
    /// By provider; a table does not say.
    providers: BTreeMap<String, Rates>,
    /// By model id; a table does not say.
    models: BTreeMap<String, OfModel>,
    /// What falls together with each model, by id.
    domains: BTreeMap<String, String>,
}

/// Requests and tokens a minute, as far as they are limited.
pub type Rates = [Option<u64>; 2];

/// Requests and tokens a minute, and US dollars a day.
pub type Limits = (Rates, Option<Rational>);

/// What is limited, in the order of [`Rates`].
const UNITS: [&str; 2] = ["requests per minute", "tokens per minute"];

const DAILY: &str = "usd per day";

/// What one model may take and cost.
#[derive(Debug, Clone)]
struct OfModel {
    provider: String,
    /// Its own limits; none: it shares those of its provider.
    own: Option<Rates>,
    /// US dollars a day.
    daily: Option<Rational>,
}

fn rates(limits: Option<&Spanned<RateLimits>>) -> Option<Rates> {
    limits.map(|limits| [limits.value.requests_per_minute, limits.value.tokens_per_minute])
}

impl Bounds {
    /// What a workspace holds to.
    pub fn of_world(world: &World) -> Self {
        let providers = world.providers.iter().map(|provider| {
            (provider.name.value.clone(), rates(provider.rate_limits.as_ref()).unwrap_or_default())
        });
        let models = world.models.iter().map(|model| {
            let provider = world.providers[model.provider].name.value.clone();
            let daily = model.max_daily_spend_usd.as_ref().map(|usd| usd.value.clone());
            (model.id.clone(), OfModel { provider, own: rates(model.rate_limits.as_ref()), daily })
        });
        let domain = |symbol| world.names.name(symbol).to_owned();
        Self {
            attribution: parts::attribution(world),
            providers: providers.collect(),
            models: models.collect(),
            domains: world.models.iter().map(|one| (one.id.clone(), domain(one.failure_domain))).collect(),
        }
    }

    /// What a table holds to, as far as it says.
    pub fn of_table(table: &Table) -> Self {
        let domains = table.models.iter().map(|model| (model.id.clone(), model.failure_domain.clone()));
        Self { attribution: table.attribution.clone(), domains: domains.collect(), ..Self::default() }
    }

    /// What a model is limited to.
    pub fn limits(&self, id: &str) -> Option<Limits> {
        let model = self.models.get(id)?;
        Some((self.effective(model), model.daily.clone()))
    }

    /// In what a model of this side is held to less than one of another side was, in words.
    pub fn looser(&self, id: &str, other: &Self, was: &str) -> Vec<String> {
        let (Some(after), Some(before)) = (self.models.get(id), other.models.get(was)) else {
            return Vec::new();
        };
        let mut steps = Steps::default();
        steps.turned(id, DAILY, before.daily.as_ref(), after.daily.as_ref());
        steps.rates(id, other.effective(before), self.effective(after));
        let looser = steps.0.into_keys().filter(|step| step.loosened);
        looser.map(|step| format!("{} {}", step.one, step.rest)).collect()
    }

    /// What a model can take at most, alone or with the others of its provider.
    fn effective(&self, model: &OfModel) -> Rates {
        model.own.or_else(|| self.providers.get(&model.provider).copied()).unwrap_or_default()
    }
}

/// What is held to less than before, and what more.
pub fn moved(old: &Bounds, new: &Bounds, names: &Names) -> Vec<Moved> {
    let mut all = attribution(old.attribution.as_ref(), new.attribution.as_ref());
    all.extend(limits(old, new, names));
    all.extend(domains(old, new, names));
    all
}

/// What spending is attributed to, how, and what of it somebody is told.
fn attribution(old: Option<&Attribution>, new: Option<&Attribution>) -> Vec<Moved> {
    let none = Attribution { require: Vec::new(), mode: None, anomaly_above: None };
    let (before, after) = (old.unwrap_or(&none), new.unwrap_or(&none));
    let beyond = |these: &Attribution, those: &Attribution| -> Vec<String> {
        these.require.iter().filter(|name| !those.require.contains(name)).cloned().collect()
    };
    let mut moved = Vec::new();
    let (gone, fresh) = (beyond(before, after), beyond(after, before));
    if !gone.is_empty() {
        let text = format!("attribution no longer requires {}", some(&gone, gone.len()));
        moved.push(Moved::loosened(text));
    }
    if !fresh.is_empty() {
        moved.push(Moved::noted(format!("attribution newly requires {}", some(&fresh, fresh.len()))));
    }
    if before.mode != after.mode {
        let word = |mode: &Option<String>| mode.as_ref().map_or("no".to_owned(), |mode| format!("`{mode}`"));
        let text = format!("attribution has {} mode, before {}", word(&after.mode), word(&before.mode));
        let is_less = strength(after) < strength(before);
        moved.push(Moved { loosened: is_less, ..Moved::noted(text) });
    }
    if before.anomaly_above != after.anomaly_above {
        let word = |above: &Option<String>| {
            above.as_ref().map_or("nothing".to_owned(), |above| format!("a rise above `{above}`"))
        };
        let (now, was) = (word(&after.anomaly_above), word(&before.anomaly_above));
        let text = format!("attribution calls {now} an anomaly, before {was}");
        let [now, was] = [after, before].map(|one| one.anomaly_above.as_deref().and_then(percent));
        moved.push(Moved { loosened: looser(was.as_ref(), now.as_ref()), ..Moved::noted(text) });
    }
    moved
}

/// A bill binds, what is only shown does not.
fn strength(attribution: &Attribution) -> usize {
    match attribution.mode.as_deref() {
        Some("chargeback") => 2,
        Some(_) => 1,
        None => 0,
    }
}

fn percent(text: &str) -> Option<Rational> {
    parse_decimal(text.strip_suffix('%')?)
}

/// Whether a limit is higher than before, or gone.
fn looser<T: Ord>(old: Option<&T>, new: Option<&T>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => new.cmp(old) == Ordering::Greater,
        (old, new) => old.is_some() && new.is_none(),
    }
}

/// What became of a limit, as said of one and of several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    loosened: bool,
    one: &'static str,
    many: &'static str,
    rest: String,
}

/// Limits that moved, with whose they are: those that moved alike are one entry.
#[derive(Default)]
struct Steps<'a>(BTreeMap<Step, Vec<&'a str>>);

impl<'a> Steps<'a> {
    fn turned(&mut self, whose: &'a str, unit: &str, old: Option<&Rational>, new: Option<&Rational>) {
        if old == new {
            return;
        }
        let amount = |limit: &Rational| grouped(&exact(limit));
        let now =
            new.map_or(format!("no limit in {unit}"), |new| format!("a limit of {} {unit}", amount(new)));
        let was = old.map_or("none".to_owned(), |old| format!("one of {}", amount(old)));
        let rest = format!("{now}, before {was}");
        let step = Step { loosened: looser(old, new), one: "has", many: "have", rest };
        self.0.entry(step).or_default().push(whose);
    }

    fn rates(&mut self, whose: &'a str, old: Rates, new: Rates) {
        for ((unit, old), new) in UNITS.into_iter().zip(old).zip(new) {
            self.turned(whose, unit, old.map(whole).as_ref(), new.map(whole).as_ref());
        }
    }

    /// A model that has limits of its own no longer counts against those of its provider, and the other way round.
    fn of_model(
        &mut self,
        id: &'a str,
        (old, before): (&Bounds, &OfModel),
        (new, after): (&Bounds, &OfModel),
    ) {
        self.turned(id, DAILY, before.daily.as_ref(), after.daily.as_ref());
        let (was, is) = (old.effective(before), new.effective(after));
        let shared = |bounds: &Bounds, model: &OfModel| {
            model.own.is_none()
                && bounds.providers.get(&model.provider).is_some_and(|all| *all != Rates::default())
        };
        match (shared(old, before), shared(new, after)) {
            // Of what is shared the provider's own entry tells.
            (true, true) if before.provider == after.provider => {}
            (true, false) if after.own.is_none() && before.provider == after.provider => {}
            (true, false) => {
                let rest = format!("the rate limits of `{}`: {} apart from them", before.provider, said(is));
                let step = Step { loosened: true, one: "no longer shares", many: "no longer share", rest };
                self.0.entry(step).or_default().push(id);
            }
            (false, true) if was != Rates::default() => {
                let loosened = was.iter().zip(&is).any(|(was, is)| looser(was.as_ref(), is.as_ref()));
                let rest = format!("the rate limits of `{}`, before {}", after.provider, said(was));
                self.0.entry(Step { loosened, one: "shares", many: "share", rest }).or_default().push(id);
            }
            (false, true) => {}
            _ => self.rates(id, was, is),
        }
    }
}

/// Limits in words.
fn said(rates: Rates) -> String {
    let limited = UNITS.into_iter().zip(rates);
    let limited =
        limited.filter_map(|(unit, limit)| Some(format!("{} {unit}", grouped(&limit?.to_string()))));
    let all = limited.collect::<Vec<String>>().join(" and ");
    if all.is_empty() { "no limit".to_owned() } else { all }
}

/// Limits of providers and models that both sides have. A table says nothing of them.
fn limits(old: &Bounds, new: &Bounds, names: &Names) -> Vec<Moved> {
    let mut steps = Steps::default();
    for (name, before) in &old.providers {
        if let Some(after) = new.providers.get(name) {
            steps.rates(name, *before, *after);
        }
    }
    for (id, before) in &old.models {
        let id = names.of("model", id).unwrap_or(id);
        if let Some(after) = new.models.get(id) {
            steps.of_model(id, (old, before), (new, after));
        }
    }
    let moved = steps.0.into_iter().map(|(step, whose)| {
        let verb = if whose.len() == 1 { step.one } else { step.many };
        let text = format!("{} {verb} {}", some(&whose, shown::DIFF_NAMES), step.rest);
        let rest = whose.iter().skip(shown::DIFF_NAMES).map(|name| (*name).to_owned());
        Moved { loosened: step.loosened, ..Moved::noted(text) }.binding(rest.collect())
    });
    moved.collect()
}

/// Models by what falls together with them.
type Groups<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a str>>>;

/// Models that no longer fall together, so that one counts as a spare for another, and those that newly do.
fn domains(old: &Bounds, new: &Bounds, names: &Names) -> Vec<Moved> {
    let (mut before, mut after): (Groups, Groups) = Default::default();
    for (id, was) in &old.domains {
        let id = names.of("model", id).unwrap_or(id);
        if let Some(is) = new.domains.get(id) {
            before.entry(was).or_default().entry(is).or_default().push(id);
            after.entry(is).or_default().entry(was).or_default().push(id);
        }
    }
    let parted = before.iter().filter(|(_, groups)| groups.len() > 1).map(|(was, groups)| {
        let text = format!("what fell together as `{was}` no longer does: {}", grouped_models(groups, "as"));
        let bound = groups.iter().flat_map(|(is, ids)| ids.iter().map(move |id| format!("{id} {is}")));
        Moved::loosened(text).binding(bound.collect())
    });
    let mut moved: Vec<Moved> = parted.collect();
    let joined = after.iter().filter(|(_, groups)| groups.len() > 1).map(|(is, groups)| {
        let text =
            format!("what falls together as `{is}` did not before: {}", grouped_models(groups, "from"));
        Moved::noted(text)
    });
    moved.extend(joined);
    let whole = before.iter().filter(|(_, groups)| groups.len() == 1);
    let renamed = whole.flat_map(|(was, groups)| groups.keys().map(move |is| (was, is)));
    let is_alone = |is: &str| after.get(is).is_some_and(|from| from.len() == 1);
    let renamed = renamed.filter(|(was, is)| was != is && is_alone(is));
    moved.extend(
        renamed.map(|(was, is)| Moved::noted(format!("what falls together as `{was}` is now called `{is}`"))),
    );
    moved
}

/// Some models, and where each of them belongs.
fn grouped_models(groups: &BTreeMap<&str, Vec<&str>>, how: &str) -> String {
    let shown = groups.iter().take(shown::DIFF_NAMES);
    let shown: Vec<String> =
        shown.map(|(name, ids)| format!("{} {how} `{name}`", some(ids, shown::DIFF_NAMES))).collect();
    match groups.len().saturating_sub(shown::DIFF_NAMES) {
        0 => shown.join("; "),
        more => format!("{}; and {more} more", shown.join("; ")),
    }
}
