//! Providers and models: inheritance, evidence, dates.

use std::collections::HashMap;
use std::sync::Arc;

use super::build::Builder;
use super::expiry::Indexed;
use super::names::{Set, Symbol};
use super::reference::Unresolved;
use super::view::{View, stale};
use super::{Expiry, FailoverTo, Model, ModelId, Provider, ProviderId, Table, VocabularyKind};
use crate::number::{Rational, SECONDS_PER_DAY, over, times, whole};
use crate::registry::{self as written, Certification, Registry};
use crate::source::{Span, Spanned};
use crate::vocabulary::ModelTier;
use crate::yaml::Value;

/// A model as written: its id, its provider by index and as written, and itself.
type Entry<'a> = (String, ProviderId, &'a written::Provider, &'a written::Model);

impl Builder {
    /// All providers by name and all models by id.
    pub(super) fn registry(&mut self, registry: &Registry) -> (Table<Provider>, Table<Model>, Vec<Expiry>) {
        let mut order: Vec<&written::Provider> = registry.providers.iter().collect();
        order.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        let mut providers: Vec<Provider> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut repeated = Vec::new();
        for (at, provider) in order.into_iter().enumerate() {
            let id = ProviderId::new(at);
            self.references.providers.insert(provider.name.value.clone(), id);
            providers.push(self.provider(provider));
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for model in &provider.models {
                if let Some(&first) = seen.get(model.name.value.as_str()) {
                    let what = format!("in `{}`, the model", provider.name.value);
                    self.duplicate(&what, &model.name.value, model.name.span, first);
                    repeated.push((id, provider, model));
                    continue;
                }
                seen.insert(&model.name.value, model.name.span);
                entries.push((format!("{}/{}", provider.name.value, model.name.value), id, provider, model));
            }
        }
        let mut providers: Table<Provider> = providers.into();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        for (index, (id, provider, _, model)) in numbered(&entries) {
            self.references.ids.insert(id.clone(), index);
            self.references.names.push(id.clone());
            self.references.bare.entry(model.name.value.clone()).or_default().push(index);
            providers[*provider].models.push(index);
        }
        self.aliases(&entries);
        let models = entries.iter().map(|entry| self.model(entry));
        let models = models.collect();
        let expiries = self.all_expiries(registry, &entries);
        // Read for what else is wrong with them, then dropped.
        for (provider_id, provider, model) in repeated {
            self.model(&(model.name.value.clone(), provider_id, provider, model));
        }
        (providers, models, expiries)
    }

    fn all_expiries(&self, registry: &Registry, entries: &[Entry]) -> Vec<Expiry> {
        let mut by_provider: HashMap<&str, Vec<Indexed>> = HashMap::new();
        for (index, (id, _, provider, model)) in numbered(entries) {
            by_provider.entry(&provider.name.value).or_default().push((index, id, model));
        }
        let of = |provider: &written::Provider| {
            let models = by_provider.get(provider.name.value.as_str()).map_or(&[][..], Vec::as_slice);
            self.expiries(provider, models)
        };
        registry.providers.iter().flat_map(of).collect()
    }

    fn aliases(&mut self, entries: &[Entry]) {
        let bare: HashMap<&str, Span> =
            entries.iter().map(|(.., model)| (model.name.value.as_str(), model.name.span)).collect();
        let mut in_order: Vec<(ModelId, &str, &Spanned<String>)> = Vec::new();
        for (index, (_, _, provider, model)) in numbered(entries) {
            in_order.extend(model.aliases.iter().map(|alias| (index, provider.name.value.as_str(), alias)));
        }
        in_order.sort_by_key(|(.., alias)| alias.span);
        let mut first: HashMap<&str, Span> = HashMap::new();
        for (index, provider, alias) in in_order {
            let name = alias.value.as_str();
            if let Some(&before) = bare.get(name).or_else(|| first.get(name)) {
                self.duplicate("the alias", name, alias.span, before);
                continue;
            }
            first.insert(name, alias.span);
            self.references.aliases.insert(name.to_owned(), index);
            self.references.full_aliases.insert(format!("{provider}/{name}"), index);
        }
    }

    fn provider(&mut self, provider: &written::Provider) -> Provider {
        let facts = &provider.facts;
        if let Some(regions) = &facts.regions {
            self.set(VocabularyKind::Regions, &regions.value);
        }
        if let Some(list) = &facts.compliance {
            self.certifications(&list.value);
        }
        // What a provider states counts as used, even where it has no models.
        self.jurisdictions.extend(facts.jurisdiction.iter().map(|j| j.value.clone()));
        self.failure_domains.extend(facts.failure_domain.iter().map(|domain| domain.value.clone()));
        let symbol = self.names.intern(&provider.name.value);
        Provider {
            name: provider.name.clone(),
            symbol,
            owner: provider
                .owner
                .as_ref()
                .map(|owner| owner.value.clone())
                .filter(|owner| !owner.trim().is_empty()),
            rate_limits: facts.rate_limits.clone(),
            endpoint: merged(&facts.endpoint, &[]),
            models: Vec::new(),
            stale: stale(facts, self.moment.day()),
        }
    }

    /// Checks the names of certifications against the vocabulary.
    fn certifications(&mut self, list: &[Certification]) {
        let before = self.findings.len();
        for entry in list {
            self.member(VocabularyKind::Compliance, &entry.name.value, entry.name.span, true);
        }
        self.listed(before, &list.iter().map(|entry| entry.name.value.as_str()));
    }

    /// Checks the names that a model states, and notes which of them are used.
    fn named_by(&mut self, model: &written::Model) {
        if let Some(regions) = &model.facts.regions {
            self.set(VocabularyKind::Regions, &regions.value);
        }
        if let Some(list) = &model.facts.compliance {
            self.certifications(&list.value);
        }
        // What any model states counts as used, even where its evidence has expired.
        self.jurisdictions.extend(model.facts.jurisdiction.iter().map(|j| j.value.clone()));
        self.failure_domains.extend(model.facts.failure_domain.iter().map(|domain| domain.value.clone()));
    }

    fn model(&mut self, (id, index, provider, model): &Entry) -> Model {
        self.named_by(model);
        let moment = Arc::clone(&self.moment);
        let owners = (provider.name.value.as_str(), id.as_str());
        let view = View { moment: &moment, owners, provider: &provider.facts, model: &model.facts };
        let capabilities = model.capabilities.as_ref();
        let retired = view.retired(model);
        let lifecycle = model.lifecycle.as_ref().map_or("active", |lifecycle| &lifecycle.value);
        let lifecycle = if retired { "retired" } else { lifecycle };
        let jurisdiction = view.stated("jurisdiction", |facts| facts.jurisdiction.as_ref());
        let compliance = view.stated("compliance", |facts| facts.compliance.as_ref());
        let regions = view.stated("regions", |facts| facts.regions.as_ref());
        let retention = view.stated("data_retention", |facts| facts.data_retention.as_ref());
        let dpa = view.stated("dpa", |facts| facts.dpa.as_ref());
        let hosting = view.stated("hosting", |facts| facts.hosting.as_ref());
        Model {
            id: id.to_owned(),
            symbol: self.names.intern(id),
            provider: *index,
            provider_symbol: self.names.intern(&provider.name.value),
            name: model.name.clone(),
            aliases: model.aliases.iter().map(|alias| alias.value.clone()).collect(),
            approved: model.approved_use_cases.clone(),
            ceiling: self.level_of(&model.data_classification_max.value, model.data_classification_max.span),
            ceiling_span: model.data_classification_max.span,
            compliance: compliance.map(|list| self.held(&view, &list.value)),
            compliance_span: compliance.map(|list| list.span),
            regions: regions.map(|list| self.set(VocabularyKind::Regions, &list.value)),
            regions_span: regions.map(|list| list.span),
            capabilities: capabilities.map(|list| self.set(VocabularyKind::Capabilities, &list.value)),
            region_selectable: view.region_selectable(),
            failure_domain: self.failure_domain(provider, model),
            capabilities_span: capabilities.map(|list| list.span),
            hosting: hosting.map(|name| self.names.intern(&name.value)),
            jurisdiction: jurisdiction.map(|name| self.names.intern(&name.value)),
            lifecycle: self.names.intern(lifecycle),
            retired,
            lifecycle_span: lifecycle_span(model),
            sunset: model.sunset.as_ref().map(|date| date.value),
            tier: model.tier.as_ref().and_then(|tier| ModelTier::parse(&tier.value)),
            dpa: dpa.and_then(|dpa| view.dpa_status(dpa)),
            dpa_lapsed: dpa.and_then(|dpa| view.dpa_lapsed(dpa)),
            retention: retention.map(|days| times(&whole(days.value), SECONDS_PER_DAY)),
            retention_span: retention.map(|days| days.span),
            latency_p50: seconds(model.latency_p50.as_ref()),
            latency_p95: seconds(model.latency_p95.as_ref()),
            availability: view.stated("availability", |f| f.availability.as_ref()).map(|p| p.value.clone()),
            context_window: model.context_window.as_ref().map(|n| whole(n.value)),
            context_window_span: model.context_window.as_ref().map(|n| n.span),
            trains_on_data: copy(view.stated("trains_on_data", |facts| facts.trains_on_data.as_ref())),
            open_weights: copy(view.stated("open_weights", |facts| facts.open_weights.as_ref())),
            input_cost: model.price.input.clone(),
            output_cost: model.price.output.clone(),
            cached_input_cost: model.price.cached_input.clone(),
            long_prompt: model.price.long_prompt.clone(),
            batch_discount: model.price.batch_discount.clone(),
            price_span: model.price.span,
            max_daily_spend_usd: model.max_daily_spend_usd.clone(),
            failover_to: self.failover_to(model),
            rate_limits: model.facts.rate_limits.clone(),
            endpoint: merged(&provider.facts.endpoint, &model.facts.endpoint),
            profile: merged(&provider.facts.profile, &model.facts.profile),
            endings: view.endings(model, retired),
            evidence: view.evidence(),
            stale: stale(&model.facts, self.moment.day()),
            lapsed: view.lapsed(),
        }
    }

    /// The certifications held on the as-of date.
    fn held(&mut self, view: &View, list: &[Certification]) -> Set {
        let held = list.iter().filter(|entry| view.holds(entry));
        let symbols: Vec<Symbol> = held.map(|entry| self.names.intern(&entry.name.value)).collect();
        symbols.into_iter().collect()
    }

    /// What falls together with a model, and a value that conditions may name.
    fn failure_domain(&mut self, provider: &written::Provider, model: &written::Model) -> Symbol {
        let stated = model.facts.failure_domain.as_ref().or(provider.facts.failure_domain.as_ref());
        let name = stated.map_or(&provider.name.value, |domain| &domain.value);
        self.names.intern(name)
    }

    fn failover_to(&mut self, model: &written::Model) -> FailoverTo {
        let Some(link) = &model.failover_to else { return FailoverTo::NotStated };
        let Some(name) = &link.value else { return FailoverTo::Nowhere(link.span) };
        // Links may lead to models that are lowered later: only the index is needed.
        match self.references.model(name) {
            Ok(id) => FailoverTo::Model(id, link.span),
            Err(Unresolved::Several(_) | Unresolved::Nothing) => {
                self.model_reference(name, link.span);
                FailoverTo::NotStated
            }
        }
    }
}

fn copy(flag: Option<&Spanned<bool>>) -> Option<bool> {
    flag.map(|flag| flag.value)
}

fn seconds(ms: Option<&Spanned<Rational>>) -> Option<Rational> {
    ms.map(|ms| over(&ms.value, 1000))
}

/// Where it is said how far a model is in its life.
fn lifecycle_span(model: &written::Model) -> Option<Span> {
    let sunset = model.sunset.as_ref().map(|day| day.span);
    model.lifecycle.as_ref().map(|lifecycle| lifecycle.span).or(sunset)
}

/// The models as written, by the index that each gets.
fn numbered<'e, 'a>(entries: &'e [Entry<'a>]) -> impl Iterator<Item = (ModelId, &'e Entry<'a>)> {
    entries.iter().enumerate().map(|(at, entry)| (ModelId::new(at), entry))
}

/// The provider's keys, each replaced by the model's where it has it.
fn merged(provider: &[(Spanned<String>, Value)], model: &[(Spanned<String>, Value)]) -> Vec<(String, Value)> {
    let inherited = provider.iter().filter(|(key, _)| !model.iter().any(|(own, _)| own.value == key.value));
    let mut all: Vec<(String, Value)> =
        inherited.chain(model).map(|(key, value)| (key.value.clone(), value.clone())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}
