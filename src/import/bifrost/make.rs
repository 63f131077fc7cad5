//! Use cases of callers: who serves each, and who steps in.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::callers::{Caller, Config, VirtualKey};
use super::keys::{Allowed, blocks};
use super::providers::{self, Providers};
use super::rules::{Asked, Target, Way};
use crate::catalogue::Catalogue;
use crate::import::chains::joined;
use crate::import::condition::{Test, first_counts};
use crate::import::draft::{Draft, Failover, Route, Step, UseCase};
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_LINKS, MAX_IMPORTED_PICKS, MAX_IMPORTED_STEPS, MAX_IMPORTED_TESTS};
use crate::model::words::some_plain;
use crate::vocabulary::Trigger;

/// What makes the gateway fall back: every error that no plugin stops.
const TRIGGERS: &[&str] = Trigger::NAMES;

/// What may still be written.
pub(super) struct Bounds {
    pub(super) tests: usize,
    pub(super) links: usize,
    pub(super) work: usize,
}

/// Makes use cases of callers.
pub(super) struct Make<'a> {
    pub(super) draft: &'a mut Draft,
    pub(super) providers: &'a mut Providers,
    pub(super) keys: &'a [VirtualKey],
    pub(super) notes: &'a mut Notes,
    /// Where it is looked up which models a provider has.
    pub(super) catalogue: Option<&'a Catalogue>,
    /// How many keys and providers were looked at.
    pub(super) work: usize,
    /// Whether something may serve what is being looked at that cannot be carried over.
    pub(super) is_lost: bool,
}

/// Who serves first, and who steps in for each of these.
struct Served {
    chains: Vec<Vec<Step>>,
    first: Vec<Step>,
    retry: Option<u64>,
    /// Whether something else may serve that cannot be carried over.
    is_lost: bool,
}

/// Steps in their order, each once.
#[derive(Default)]
struct Steps {
    all: Vec<Step>,
    met: BTreeSet<Step>,
}

impl Steps {
    fn add(&mut self, step: Step) {
        if self.met.insert(step.clone()) {
            self.all.push(step);
        }
    }
}

/// Why there is no use case of a caller whom nobody serves.
fn unserved(caller: &Caller, served: &[Served]) -> &'static str {
    if caller.model.is_some() && served.iter().any(|served| served.is_lost) {
        "nothing says which of its providers has it, so there is no use case to write; name the model in a key of the provider"
    } else if caller.model.is_some() {
        "no provider that it may ask serves it"
    } else {
        "callers may ask for any other model too, so there is no use case to write; name the models they need"
    }
}

/// Why no key of a provider serves a model.
fn no_key(keys: &Allowed) -> String {
    let Allowed::These(listed) = keys else { return "no key of the provider serves it".to_owned() };
    let names: Vec<String> = listed.names.iter().map(|name| format!("`{}`", text::comment(name))).collect();
    if names.is_empty() {
        return "no key of the provider may be used for it, since `key_ids` names none".to_owned();
    }
    format!("no key of the provider that may be used for it serves it, of {}", some_plain(&names, 5))
}

impl Make<'_> {
    /// Writes a caller as a use case, with where its requests go and who steps in.
    pub(super) fn use_case(&mut self, caller: &Caller, ways: &[Way], asked: &Asked, bounds: &mut Bounds) {
        let shown = text::comment(&caller.name);
        let tests: Vec<Test> = ways.iter().map(|way| way.when.clone()).collect();
        let Some(tests) = first_counts(&tests, &mut bounds.tests) else {
            self.notes.left(
                caller.span,
                format!("`{shown}`: the conditions come to more than {MAX_IMPORTED_TESTS} comparisons"),
            );
            return;
        };
        let key = caller.key.and_then(|at| self.keys.get(at));
        let served: Vec<Served> = ways.iter().map(|way| self.served(caller, key, way)).collect();
        if served.iter().all(|served| served.first.is_empty()) {
            self.notes.left(caller.span, format!("`{shown}`: {}", unserved(caller, &served)));
            return;
        }
        let team = key.and_then(|key| key.team.as_ref()).map(|team| team.name.clone());
        let mut one = UseCase {
            name: caller.name.clone(),
            span: caller.span,
            team,
            serves: Vec::new(),
            routes: Vec::new(),
            comments: Vec::new(),
        };
        if caller.model.is_none() {
            one.comments.push("For every model that nothing else here names.".to_owned());
        }
        let decisive = ways.iter().zip(&tests).filter(|(_, when)| **when != Test::Never);
        asked.decide(decisive.filter_map(|(way, _)| way.rule));
        let use_case = self.draft.use_cases.len();
        for ((way, served), when) in ways.iter().zip(served).zip(tests) {
            if when == Test::Never {
                continue;
            }
            for step in &served.first {
                if let Step::Endpoint(at) = step
                    && !one.serves.contains(at)
                {
                    one.serves.push(*at);
                }
            }
            let is_lost = served.first.is_empty() && served.is_lost;
            if is_lost {
                let rule = way.rule.map_or_else(String::new, |rule| {
                    format!(" by the rule `{}`", text::comment(&rule.title))
                });
                self.notes.state(caller.span, format!("what serves `{shown}`{rule} where no other rule here decides: nothing that does could be carried over, so a rule `…-unknown` forbids it until you state it"));
            }
            let end = match way.rule {
                _ if is_lost => "-unknown".to_owned(),
                _ if served.first.is_empty() => "-refused".to_owned(),
                Some(rule) => format!("-{}", rule.title),
                None => String::new(),
            };
            self.failover(use_case, caller, &end, (&when, &served), bounds);
            one.routes.push(Route {
                when,
                first: served.first,
                is_lost,
                title: format!("{}{end}", one.name),
            });
        }
        self.draft.use_cases.push(one);
    }

    fn failover(
        &mut self,
        use_case: usize,
        caller: &Caller,
        end: &str,
        (when, served): (&Test, &Served),
        bounds: &mut Bounds,
    ) {
        let (chains, lost) = joined(served.chains.iter().filter(|chain| chain.len() > 1).cloned());
        if lost {
            self.notes.left(caller.span, format!("`{}`: the failover order of the less likely targets: one statement cannot hold it beside that of the likeliest target", text::comment(&caller.name)));
        }
        if chains.is_empty() {
            return;
        }
        let Some(left) = bounds.links.checked_sub(chains.iter().map(Vec::len).sum()) else {
            self.notes.left(caller.span, format!("failover beyond {MAX_IMPORTED_LINKS} steps in total"));
            return;
        };
        bounds.links = left;
        self.draft.failovers.push(Failover {
            use_case,
            suffix: end.to_owned(),
            when: when.clone(),
            on: TRIGGERS.to_vec(),
            chains,
            retry: served.retry,
            cooldown: None,
            comments: Vec::new(),
        });
    }

    /// Who serves a way's requests.
    fn served(&mut self, caller: &Caller, key: Option<&VirtualKey>, way: &Way) -> Served {
        self.is_lost = false;
        let (targets, fallbacks) = if let Some(rule) = way.rule {
            (Cow::Borrowed(&*rule.targets), Cow::Borrowed(&*rule.fallbacks))
        } else {
            let (targets, fallbacks) = self.listed(caller, key, way);
            (Cow::Owned(targets), Cow::Owned(fallbacks))
        };
        let mut picks = Steps::default();
        let mut retry = None;
        for target in targets.iter() {
            let model = target.model.clone().or_else(|| way.model.clone());
            let Some(provider) = target.provider.clone().or_else(|| way.provider.clone()) else {
                self.by_key(model, caller, key, way, &mut picks);
                continue;
            };
            if let (Some(rule), Some(key)) = (way.rule, key)
                && !key.reaches_all
                && !key.configs.iter().any(|config| config.provider == provider)
            {
                self.notes.read(rule.span, format!("the rule `{}` leads `{}` to `{}`, which its virtual key does not list: rules take precedence over the key, though newer versions of Bifrost refuse such a request", text::comment(&rule.title), text::comment(&caller.name), text::comment(&provider)));
            }
            retry = retry.or_else(|| self.retries(&provider));
            self.steps(&provider, model.as_deref(), &target.keys, caller, way, &mut picks);
        }
        let mut picks = picks.all;
        if picks.len() > MAX_IMPORTED_PICKS {
            let shown = text::comment(&caller.name);
            self.notes.left(
                caller.span,
                format!("`{shown}`: targets beyond {MAX_IMPORTED_PICKS} that chance picks"),
            );
            picks.truncate(MAX_IMPORTED_PICKS);
        }
        let mut later = Steps::default();
        for target in fallbacks.iter() {
            if later.all.len() > MAX_IMPORTED_STEPS {
                break;
            }
            let model = target.model.clone().or_else(|| way.model.clone());
            if let Some(provider) = target.provider.clone().or_else(|| way.provider.clone()) {
                self.steps(&provider, model.as_deref(), &target.keys, caller, way, &mut later);
            } else {
                self.refused("fallback", model.as_deref(), caller, way);
            }
        }
        let mut is_cut = false;
        let chain = |first: &Step| -> Vec<Step> {
            let rest = later.all.iter().filter(|step| *step != first).cloned();
            let mut chain: Vec<Step> = std::iter::once(first.clone()).chain(rest).collect();
            is_cut |= chain.len() > MAX_IMPORTED_STEPS;
            chain.truncate(MAX_IMPORTED_STEPS);
            chain
        };
        let likely = if way.rule.is_some() { picks.len() } else { 1 };
        let chains = picks.iter().take(likely).map(chain).collect();
        if is_cut {
            let shown = text::comment(&caller.name);
            self.notes.left(caller.span, format!("`{shown}`: fallbacks beyond {MAX_IMPORTED_STEPS}"));
        }
        Served { chains, first: picks, retry, is_lost: self.is_lost }
    }

    /// A rule that names no provider leaves it to the virtual key.
    fn by_key(
        &mut self,
        model: Option<String>,
        caller: &Caller,
        key: Option<&VirtualKey>,
        way: &Way,
        picks: &mut Steps,
    ) {
        let again = Way { when: Test::Always, rule: None, provider: None, model };
        let (candidates, _) = self.listed(caller, key, &again);
        if candidates.is_empty() && !self.is_lost {
            self.refused("target", again.model.as_deref(), caller, way);
        }
        for candidate in candidates {
            let of = candidate.provider.clone().unwrap_or_default();
            self.steps(&of, again.model.as_deref(), &candidate.keys, caller, way, picks);
        }
    }

    /// Lists a target of a rule that nobody serves, since it names no provider.
    fn refused(&mut self, what: &str, model: Option<&str>, caller: &Caller, way: &Way) {
        let Some(rule) = way.rule else { return };
        let [rule_name, name] = [&rule.title, &caller.name].map(|name| text::comment(name));
        let model =
            model.map_or_else(|| "without a model".to_owned(), |model| format!("`{}`", text::comment(model)));
        self.notes.left(rule.span, format!("the {what} {model} of the rule `{rule_name}`, for `{name}`: it names no provider, and none that may be asked serves it, so requests that go there fail"));
    }

    /// What a virtual key lists for a model: by weight, and all others step in.
    fn listed(&mut self, caller: &Caller, key: Option<&VirtualKey>, way: &Way) -> (Vec<Target>, Vec<Target>) {
        let Some(key) = key else {
            return (
                way.provider.iter().map(|provider| Target::of(provider, Allowed::All)).collect(),
                Vec::new(),
            );
        };
        let Some(model) = &way.model else {
            self.is_lost = true;
            return (Vec::new(), Vec::new());
        };
        self.work += key.configs.len();
        let mut fitting: Vec<&Config> = Vec::new();
        for config in &key.configs {
            let is_asked = way.provider.as_ref().is_none_or(|provider| *provider == config.provider);
            if !is_asked || !config.models.has(model) || blocks(&config.blacklisted, model) {
                continue;
            }
            if self.may_have(config, model) {
                fitting.push(config);
            } else {
                self.is_lost = true;
                self.notes.left(caller.span, format!("`{}/{}`: the key allows every model of the provider, and nothing says that it has this one", text::comment(&config.provider), text::comment(model)));
            }
        }
        fitting.sort_by(|a, b| b.weight.cmp(&a.weight));
        let mut all: Vec<Target> =
            fitting.iter().map(|config| Target::of(&config.provider, config.keys.clone())).collect();
        let mut weighted = fitting.iter().filter(|config| config.weight.is_some()).count();
        if key.reaches_all {
            for at in self.providers.serving(model) {
                let name =
                    self.providers.all.get(*at).map(|provider| provider.name.clone()).unwrap_or_default();
                if !key.configs.iter().any(|config| config.provider == name) {
                    all.push(Target::of(&name, Allowed::All));
                }
            }
        }
        if weighted > 1 {
            self.notes.read(caller.span, format!("`{}` is spread over {weighted} providers by weight: here they are tried in that order, and the ones not picked become fallbacks", text::comment(&caller.name)));
        }
        if weighted == 0 {
            weighted = all.len().min(1);
        }
        (all.iter().take(weighted).cloned().collect(), all)
    }

    /// Whether a provider can be taken to have a model: the file names it there, or the catalogue lists it.
    fn may_have(&self, config: &Config, model: &str) -> bool {
        let Some(at) = self.providers.find(&config.provider) else { return true };
        config.models != Allowed::All
            || self.providers.serving(model).contains(&at)
            || self.catalogue.is_some_and(|catalogue| catalogue.find(&[&config.provider], &[model]).is_some())
    }

    fn retries(&self, provider: &str) -> Option<u64> {
        self.providers.find(provider).and_then(|at| self.providers.all.get(at)?.retries)
    }

    /// Adds the endpoints of a provider for a model, or the name that none has.
    fn steps(
        &mut self,
        provider: &str,
        model: Option<&str>,
        keys: &Allowed,
        caller: &Caller,
        way: &Way,
        steps: &mut Steps,
    ) {
        let span = way.rule.map_or(caller.span, |rule| rule.span);
        let Some(at) = self.providers.find(provider) else {
            let name = format!("{provider}/{}", model.unwrap_or(providers::OPEN));
            self.notes.state(
                span,
                format!(
                    "who `{}` is: requests are sent there, but no provider has that name; the name is kept, so that `check` reports it",
                    text::comment(&name)
                ),
            );
            steps.add(Step::Unknown(name));
            return;
        };
        self.work += self.providers.keys(provider);
        let found = self.providers.endpoints(at, model, keys, self.draft, self.notes);
        if found.is_empty() {
            self.notes.left(
                span,
                format!(
                    "`{}/{}`: {}",
                    text::comment(provider),
                    text::comment(model.unwrap_or("*")),
                    no_key(keys)
                ),
            );
        }
        if found.len() > 1 {
            self.notes.read(
                span,
                format!(
                    "`{}/{}` through keys in {} places: here they stand in an order, by weight",
                    text::comment(provider),
                    text::comment(model.unwrap_or("*")),
                    found.len()
                ),
            );
        }
        for endpoint in found {
            steps.add(Step::Endpoint(endpoint));
        }
    }
}
