//! FOCUS: the open format of cloud bills, 1.2 to 1.4, as CSV or JSON. A row is a charge, not a request.

use serde_json::{Map, Value};

use super::{Adapter, Event, Fault, Field, Fields, in_dollars, metadata, tags, take, take_first, text, time};
use super::{whole, without_attempt};
use crate::event::{self, Prompts, Value as Stated};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "focus",
    about: "FOCUS exports of bills: charges, with our dimensions under `Tags`; nothing about single requests",
    states: Fields::of(&[
        Field::Time,
        Field::Provider,
        Field::Route,
        Field::RequestModel,
        Field::ResponseModel,
        Field::InputTokens,
        Field::OutputTokens,
        Field::CachedTokens,
        Field::Requests,
        Field::Billed,
        Field::Effective,
        Field::UseCase,
        Field::EndpointTag,
        Field::BusinessUnit,
        Field::Team,
        Field::Project,
        Field::Application,
        Field::Environment,
    ]),
    recognizes: |record| {
        record.contains_key("ChargePeriodStart")
            && (record.contains_key("BilledCost") || record.contains_key("EffectiveCost"))
    },
    columns: &["ChargePeriodStart"],
    is_paged: false,
    read: |record, each| super::one(event(record), each),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    time(&mut event, record, "ChargePeriodStart")?;
    take(&mut event, Field::Billed, record, "BilledCost")?;
    take(&mut event, Field::Effective, record, "EffectiveCost")?;
    in_dollars(record, "BillingCurrency")?;
    let tags = tags(record, "Tags")?;
    if let Some(tags) = &tags {
        metadata(&mut event, tags)?;
        // What LiteLLM's own export calls a team.
        if let Some(team) = text(tags, "team_alias").filter(|_| !event.has(Field::Team)) {
            event.set(Field::Team, event::Value::Text(team.into_owned().into()));
        }
    }
    of_litellm(&mut event, record, tags.as_deref());
    // With a route of ours, `openai` is the protocol in which the gateway asked.
    let said = text(record, "ServiceProviderName").or_else(|| text(record, "ProviderName"));
    if !(event.has(Field::Route) && said.is_some_and(|said| said.eq_ignore_ascii_case("openai"))) {
        // `ProviderName` until 1.2, `ServiceProviderName` since.
        take_first(&mut event, Field::Provider, record, &["ServiceProviderName", "ProviderName"])?;
    }
    for name in NAMES.iter().filter_map(|key| text(record, key)) {
        event.may_be_called(name);
    }
    if let Some(name) = SHOWN.iter().find_map(|key| text(record, key)) {
        event.set(Field::ResponseModel, Stated::Text(name));
    }
    if text(record, "ServiceCategory").is_some_and(|category| !category.eq_ignore_ascii_case(CATEGORY)) {
        event.be_of_other_service();
    }
    tokens(&mut event, record);
    Ok(event)
}

/// Columns of which one names the model, or describes it, in the order in which they are tried.
const NAMES: [&str; 8] = [
    "x_Model",
    "ResourceName",
    "SkuId",
    "ResourceId",
    "SkuMeter",
    "x_SkuMeterName",
    "x_SkuDescription",
    "ChargeDescription",
];

/// The same in the order in which one shows what nobody knows: a description before what may be an account or a number.
const SHOWN: [&str; 8] = [
    "x_Model",
    "SkuMeter",
    "x_SkuMeterName",
    "x_SkuDescription",
    "ChargeDescription",
    "ResourceName",
    "SkuId",
    "ResourceId",
];

/// What FOCUS calls services that are models.
const CATEGORY: &str = "AI and Machine Learning";

/// The name under which a caller asked `LiteLLM`, which is a route of ours where the gateway is configured by us.
fn of_litellm(event: &mut Event<'_>, record: &Map<String, Value>, tags: Option<&Map<String, Value>>) {
    let group = tags.and_then(|tags| text(tags, "model_group"));
    let service = || text(record, "ServiceName").filter(|name| without_attempt(name).len() < name.len());
    let Some(group) = group.or_else(service) else { return };
    let name = without_attempt(&group).to_owned();
    let field = if name.contains('/') { Field::Route } else { Field::RequestModel };
    if !event.has(field) {
        event.set(field, Stated::Text(name.into()));
    }
}

/// How many tokens a charge is for, where its unit says tokens and its words which.
fn tokens(event: &mut Event<'_>, record: &Map<String, Value>) {
    let unit = text(record, "ConsumedUnit").unwrap_or_default().to_lowercase();
    let quantity = text(record, "ConsumedQuantity").and_then(|quantity| quantity.trim().parse::<f64>().ok());
    let (true, Some(quantity)) = (unit.contains("token"), quantity) else { return };
    let is_of = |words: &[&str]| unit.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    let factor = if is_of(&["1m", "m", "million", "1000000"]) {
        1e6
    } else if is_of(&["1k", "k", "thousand", "1000"]) {
        1e3
    } else {
        1.0
    };
    let Some(count) = whole(quantity * factor) else { return };
    let described: String =
        NAMES.iter().filter_map(|key| text(record, key)).map(|text| text.to_lowercase() + " ").collect();
    let says = |begins: &[&str]| {
        let mut words = described.split(|c: char| !c.is_alphanumeric());
        words.any(|word| begins.iter().any(|begin| word.starts_with(begin)))
    };
    let fields: &[Field] = if says(&["cach"]) {
        &[Field::InputTokens, Field::CachedTokens]
    } else if says(&["outp", "completion"]) {
        &[Field::OutputTokens]
    } else if says(&["inp", "prompt"]) {
        &[Field::InputTokens]
    } else {
        return;
    };
    for field in fields {
        event.set(*field, Stated::Count(count));
    }
    // How many requests that was stands nowhere, nor how long their prompts were.
    event.set(Field::Requests, Stated::Count(0));
    event.add_up(Prompts::Unsaid);
}
