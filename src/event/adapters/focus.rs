//! FOCUS: the open format of cloud bills, 1.2 to 1.4, as CSV or JSON. A row is a charge, not a request.

use serde_json::{Map, Value};

use super::{Adapter, Event, Fault, Field, Fields, in_dollars, metadata, tags, take, take_first, text, time};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "focus",
    about: "FOCUS exports of bills: charges, with our dimensions under `Tags`; nothing about single requests",
    states: Fields::of(&[
        Field::Time,
        Field::Provider,
        Field::ResponseModel,
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
    read: |record, each| each(event(record)),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    time(&mut event, record, "ChargePeriodStart")?;
    // `ProviderName` until 1.2, `ServiceProviderName` since.
    take_first(&mut event, Field::Provider, record, &["ServiceProviderName", "ProviderName"])?;
    take(&mut event, Field::Billed, record, "BilledCost")?;
    take(&mut event, Field::Effective, record, "EffectiveCost")?;
    in_dollars(record, "BillingCurrency")?;
    if let Some(tags) = tags(record, "Tags")? {
        metadata(&mut event, &tags)?;
        // What LiteLLM's own export calls a team.
        if let Some(team) = text(&tags, "team_alias").filter(|_| !event.has(Field::Team)) {
            event.set(Field::Team, event::Value::Text(team.into_owned().into()));
        }
    }
    take_first(
        &mut event,
        Field::ResponseModel,
        record,
        &["x_Model", "ResourceName", "SkuId", "ResourceId"],
    )?;
    Ok(event)
}
