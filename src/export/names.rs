//! Names that a gateway has to tell apart: headers and claims of attributes, and headers that have a meaning already.

use std::collections::BTreeMap;

use super::Refused;
use super::request::{RequestSettings, header_name};
use crate::table::format::Table;

/// Headers that gateways, providers and HTTP itself give a meaning. One that ends with `-` stands for all that begin so.
const TAKEN: [&str; 39] = [
    "accept",
    "accept-",
    "access-control-",
    "age",
    "allow",
    "anthropic-",
    "api-key",
    "authorization",
    "cache-control",
    "cf-",
    "connection",
    "content-",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "helicone-",
    "host",
    "idempotency-key",
    "keep-alive",
    "openai-",
    "proxy-",
    "retry-after",
    "sec-",
    "server",
    "set-cookie",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-api-key",
    "x-decide-",
    "x-envoy-",
    "x-forwarded-",
    "x-request-id",
];

/// The same, of gateways that this project exports to.
const OF_GATEWAYS: [&str; 5] = ["x-ai-eg-", "x-amz-", "x-bf-", "x-litellm-", "x-portkey-"];

/// Every attribute that a request of this table may state.
pub(crate) fn attributes(table: &Table) -> Vec<String> {
    let fixed = ["use_case", "classification", "budget.remaining"].map(str::to_owned);
    let budgets = table.budgets.iter().map(|budget| format!("budget.{}.remaining", budget.name));
    fixed.into_iter().chain(budgets).chain(table.facts.keys().cloned()).collect()
}

/// Refuses what a gateway that reads headers and claims could not tell apart.
pub fn check(table: &Table) -> Result<(), Refused> {
    let request = RequestSettings::read(&table.request);
    prefix(&request.header_prefix)?;
    let headers = attributes(table).into_iter().map(|name| (header_name(&name), name));
    if let Some((header, [first, second])) = twice(headers) {
        return Err(Refused {
            message: format!(
                "`{first}` and `{second}` would both be stated by the header `{}{header}`",
                request.header_prefix
            ),
            help: "names of headers have no case: rename one of the two".to_owned(),
        });
    }
    if request.jwks.is_none() {
        return Ok(());
    }
    let claims = attributes(table).into_iter().chain(["use_cases".to_owned()]);
    // A fact may be called as the list of use cases is.
    let fact = table.facts.contains_key("use_cases").then(|| "use_cases".to_owned());
    let claims = claims.collect::<std::collections::BTreeSet<String>>().into_iter().chain(fact);
    if let Some((claim, [first, second])) = twice(claims.map(|name| (request.claim(&name), name))) {
        let (first, second) = if first == second {
            (format!("the fact `{first}`"), "the use cases of a caller".to_owned())
        } else {
            (format!("`{first}`"), format!("`{second}`"))
        };
        return Err(Refused {
            message: format!("{first} and {second} would both be stated by the claim `{claim}`"),
            help: "rename one of the two, or give one a claim of its own under `request.claims`".to_owned(),
        });
    }
    Ok(())
}

/// The key of an attribute where metadata has no `.` in keys.
pub(crate) fn metadata_key(attribute: &str) -> String {
    attribute.replace('.', "_")
}

/// Refuses what such metadata could not tell apart: one key cannot have two values.
pub(crate) fn metadata(table: &Table) -> Result<(), Refused> {
    let keys = attributes(table).into_iter().map(|name| (metadata_key(&name), name));
    let Some((key, [first, second])) = twice(keys) else { return Ok(()) };
    Err(Refused {
        message: format!("`{first}` and `{second}` would both be stated by the key `{key}` of the metadata"),
        help: "a key has `_` where an attribute has `.`: rename one of the two".to_owned(),
    })
}

/// The first key that two names have.
fn twice(pairs: impl Iterator<Item = (String, String)>) -> Option<(String, [String; 2])> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (key, name) in pairs {
        if let Some(first) = seen.insert(key.clone(), name.clone()) {
            return Some((key, [first, name]));
        }
    }
    None
}

/// A prefix under which a header with a meaning of its own stands, or that stands under one.
fn prefix(prefix: &str) -> Result<(), Refused> {
    let meets =
        |taken: &&str| taken.starts_with(prefix) || (taken.ends_with('-') && prefix.starts_with(taken));
    let Some(taken) = TAKEN.iter().chain(&OF_GATEWAYS).copied().find(meets) else {
        return Ok(());
    };
    let which = if taken.ends_with('-') {
        format!("headers that begin with `{taken}` have")
    } else {
        format!("the header `{taken}` has")
    };
    Err(Refused {
        message: format!("`request.header_prefix` is `{prefix}`, and {which} a meaning already"),
        help: "write a prefix of your own in govctl.yaml, such as `x-govctl-` or `x-acme-`".to_owned(),
    })
}
