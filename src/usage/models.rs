//! What bills call models, and what the registry says that their tokens cost.

use std::collections::{BTreeMap, BTreeSet};

use super::report::nanos;
use crate::event::price::{Price, Rates};
use crate::event::provider::{self, Seller};
use crate::event::{Event, Field, Nanos};
use crate::model::{Model, ModelId, World};
use crate::number::Rational;

/// The models of a world by what bills call them.
#[derive(Debug)]
pub struct Models<'a> {
    world: &'a World,
    providers: BTreeSet<&'a str>,
    prices: BTreeMap<ModelId, Price>,
}

impl<'a> Models<'a> {
    /// Of a world.
    pub fn new(world: &'a World) -> Self {
        let providers = world.models.iter().map(|model| world.names.name(model.provider_symbol)).collect();
        Self {
            world,
            providers,
            prices: world.models.enumerated().map(|(id, model)| (id, price(model))).collect(),
        }
    }

    /// The one model that is meant by a name and what its provider is called.
    pub(super) fn find(&self, provider: Option<&str>, stated: &str) -> Option<ModelId> {
        let of_provider = provider.filter(|provider| self.providers.contains(provider));
        let whole = of_provider.map(|provider| format!("{provider}/{stated}"));
        let candidates = whole.iter().map(String::as_str).chain([stated]);
        let mut found = candidates.map(|name| self.world.find_model(name)).find(|found| !found.is_empty())?;
        let name = |id: ModelId| self.world.names.name(self.world.models[id].provider_symbol);
        if let Some(said) = provider.filter(|_| of_provider.is_none()) {
            found = provider::most_alike(said, found.into_iter().map(|id| (id, self.seller(id))));
        }
        let [one] = found.as_slice() else { return None };
        // What one of our providers sold is not another one's model of the same name.
        of_provider.is_none_or(|provider| name(*one) == provider).then_some(*one)
    }

    fn seller(&self, id: ModelId) -> Seller<'_> {
        let model = &self.world.models[id];
        let protocol = model.endpoint.iter().find(|(key, _)| key == "protocol");
        let hosting = model.hosting.map(|hosting| self.world.names.name(hosting));
        Seller {
            name: self.world.names.name(model.provider_symbol),
            protocol: protocol.and_then(|(_, value)| value.text()),
            is_own: hosting == Some("self-hosted"),
        }
    }

    /// What a provider is called here; as stated where no name is it in other letters.
    pub(super) fn provider(&self, stated: &str) -> String {
        let ours = self.providers.iter().find(|ours| ours.eq_ignore_ascii_case(stated));
        ours.map_or(stated, |ours| ours).to_owned()
    }

    /// What the tokens of an event cost by the registry; none where it states none, or no model with a price.
    pub(super) fn cost(&self, event: &Event<'_>) -> Option<Nanos> {
        let provider = event.text(Field::Provider);
        let names = [Field::Route, Field::ResponseModel, Field::RequestModel];
        let id = names.into_iter().find_map(|field| self.find(provider, event.text(field)?))?;
        Some(self.prices.get(&id)?.cost(event)?.usual)
    }
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
