//! What bills call models, and what the registry says that their tokens cost.

use std::collections::BTreeMap;

use super::report::nanos;
use crate::event::Event;
use crate::event::models::{self, Meant, Sold};
use crate::event::price::{Cost, Price, Rates};
use crate::model::{Model, ModelId, World};
use crate::number::Rational;

/// The models of a world by what bills call them.
#[derive(Debug)]
pub struct Models<'a> {
    world: &'a World,
    ids: Vec<ModelId>,
    names: models::Models,
    prices: BTreeMap<ModelId, Price>,
    /// Whether each use case is a batch.
    batches: BTreeMap<&'a str, bool>,
}

impl<'a> Models<'a> {
    /// Of a world.
    pub fn new(world: &'a World) -> Self {
        Self {
            world,
            ids: world.models.ids().collect(),
            names: models::Models::new(sold(world)),
            prices: world.models.enumerated().map(|(id, model)| (id, price(model))).collect(),
            batches: batches(world).collect(),
        }
    }

    /// The one model that is meant by a name and what its provider is called.
    pub(super) fn find(&self, provider: Option<&str>, stated: &str) -> Option<ModelId> {
        self.one(&self.names.named(stated, provider, &|_| None))
    }

    /// The one model that an event means.
    pub(super) fn of(&self, event: &Event<'_>) -> Option<ModelId> {
        self.one(&self.names.of(event, &|_| None))
    }

    fn one(&self, meant: &Meant) -> Option<ModelId> {
        let Meant::One(at) = meant else { return None };
        self.ids.get(*at).copied()
    }

    /// The id of a model.
    pub(super) fn id(&self, model: ModelId) -> &'a str {
        &self.world.models[model].id
    }

    /// What a provider is called here: the one whose name shares most words with what is stated; as stated where there is
    /// none or several.
    pub(super) fn provider(&self, stated: &str) -> String {
        self.names.provider_like(stated).unwrap_or(stated).to_owned()
    }

    /// What the tokens of an event cost by the registry; none where it states none, or no model with a price.
    pub(super) fn cost(&self, model: ModelId, event: &Event<'_>) -> Option<Cost> {
        self.prices.get(&model)?.cost(event, || self.batches.get(event.use_case()?).copied())
    }

    /// Whether an event's prompt was one of those that its model charges otherwise; none where the model charges all
    /// alike, or the event does not say it.
    pub(super) fn is_long(&self, model: ModelId, event: &Event<'_>) -> Option<bool> {
        self.prices.get(&model)?.is_long(event)
    }
}

/// Whether each use case is a batch, by name and endpoint tag.
pub fn batches(world: &World) -> impl Iterator<Item = (&str, bool)> {
    world
        .use_cases
        .iter()
        .flat_map(|use_case| super::names(use_case).map(|(called, _)| (called, use_case.usage.batch)))
}

/// The models of a world as somebody sells them, in its order.
pub fn sold(world: &World) -> impl Iterator<Item = Sold> {
    world.models.iter().map(|model| {
        let endpoint = |name: &str| {
            let of = model.endpoint.iter().find(|(key, _)| key == name);
            of.and_then(|(_, value)| value.text()).map(str::to_owned)
        };
        let hosting = model.hosting.map(|hosting| world.names.name(hosting));
        Sold {
            provider: world.names.name(model.provider_symbol).to_owned(),
            name: model.name.value.clone(),
            aliases: model.aliases.iter().cloned().chain(endpoint("model")).collect(),
            protocol: endpoint("protocol"),
            is_own: hosting == Some("self-hosted"),
        }
    })
}

fn price(model: &Model) -> Price {
    let rates = |input: &Rational, cached: Option<&Rational>, output: &Rational| Rates {
        input: nanos(input),
        cached: nanos(cached.unwrap_or(input)),
        output: nanos(output),
    };
    let plain = rates(&model.input_cost, model.cached_input_cost.as_ref(), &model.output_cost);
    let long = model
        .long_prompt
        .as_ref()
        .map(|long| (long.above_tokens, rates(&long.input, long.cached_input.as_ref(), &long.output)));
    Price::new(plain, long, model.batch_discount.as_ref().map(nanos))
}
