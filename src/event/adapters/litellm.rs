//! `LiteLLM`: rows of its spend logs, and the payload of its callbacks.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Fault, Field, Fields, has, metadata, object, sum, take, take_first, text};
use super::{tags, time, without_attempt};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "litellm",
    about: "LiteLLM's spend logs and the payload of its callbacks; what the table asks for under `govctl` in the \
            request's metadata",
    // Metadata may state everything that has a name there.
    states: Fields::ALL,
    recognizes: |record| {
        record.contains_key("startTime")
            && (record.contains_key("custom_llm_provider") || record.contains_key("model_group"))
            || is_page(record)
    },
    columns: &[],
    is_paged: true,
    read,
};

/// What the proxy's `/spend/logs/v2` answers: rows under `data`, and which page of how many it is.
fn is_page(record: &Map<String, Value>) -> bool {
    let rows = record.get("data").and_then(Value::as_array);
    rows.is_some_and(|rows| match rows.first() {
        Some(row) => row.get("startTime").is_some() && row.get("call_type").is_some(),
        None => record.contains_key("total_pages"),
    })
}

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let rows = record.get("data").and_then(Value::as_array).filter(|_| !record.contains_key("startTime"));
    let Some(rows) = rows else { return row(record, each) };
    let rows = rows.iter().map(|one| match one.as_object() {
        Some(record) => row(record, each),
        None => super::one(Err(Fault("a row under `data` is not an object".to_owned())), each),
    });
    rows.sum()
}

/// Calls that ask no model: of tools, files and stores. What is billed for one is not left out.
fn row<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let call = text(record, "call_type").unwrap_or_default();
    let asks_none = OF_NO_MODEL.iter().any(|word| call.contains(word));
    let is_billed = ["spend", "response_cost"].iter().any(|key| {
        text(record, key).and_then(|amount| event::money::parse(&amount)).is_some_and(|nanos| nanos != 0)
    });
    if asks_none && !is_billed {
        return 1;
    }
    super::one(event(record), each)
}

/// Words in the names of such calls.
const OF_NO_MODEL: [&str; 3] = ["mcp", "vector_store", "file"];

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    time(&mut event, record, "startTime")?;
    take_first(&mut event, Field::RequestId, record, &["request_id", "id"])?;
    take_first(&mut event, Field::CorrelationId, record, &["trace_id", "session_id"])?;
    let group = text(record, "model_group").map(|name| without_attempt(&name).to_owned());
    if let Some(group) = &group {
        let field = if group.contains('/') { Field::Route } else { Field::RequestModel };
        event.set(field, event::Value::Text(group.clone().into()));
    }
    if let Some(model) = text(record, "model") {
        // `openai/gpt-4-turbo`: the prefix is LiteLLM's word for the protocol.
        let bare = model.split_once('/').map_or(&*model, |(_, name)| name).to_owned();
        event.set(Field::ResponseModel, event::Value::Text(bare.into()));
    }
    // An answer from the proxy's own cache names the tokens of the first one, and asked no model for them.
    if !text(record, "cache_hit").is_some_and(|hit| hit.eq_ignore_ascii_case("true")) {
        take(&mut event, Field::InputTokens, record, "prompt_tokens")?;
        take(&mut event, Field::OutputTokens, record, "completion_tokens")?;
    }
    take_first(&mut event, Field::Billed, record, &["spend", "response_cost"])?;
    take_first(&mut event, Field::User, record, &["end_user", "user"])?;
    status(&mut event, record);
    if holds(record, "messages") || holds(record, "response") || holds_request(record) {
        event.set(Field::Content, event::Value::Present);
    }
    if let Some(all) = tags(record, "metadata")? {
        of_metadata(&mut event, &all)?;
    }
    if !is_protocol(record, event.has(Field::Route)) {
        take(&mut event, Field::Provider, record, "custom_llm_provider")?;
    }
    if !event.has(Field::Team) {
        take(&mut event, Field::Team, record, "team_id")?;
    }
    Ok(event)
}

/// Whether what is said of the provider is the protocol alone: `openai` is every server that speaks as `OpenAI` does,
/// unless its address is `OpenAI`'s own.
fn is_protocol(record: &Map<String, Value>, has_route: bool) -> bool {
    let said = text(record, "custom_llm_provider").unwrap_or_default();
    let base = text(record, "api_base").unwrap_or_default();
    let host = base.split_once("://").map_or(&*base, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let is_its_own = host == "openai.com" || host.ends_with(".openai.com");
    let is_word = ["openai", "custom_openai", "openai_like", "text-completion-openai"].contains(&&*said);
    is_word && !is_its_own && (has_route || !host.is_empty())
}

/// Whether something of prompt or answer stands under a key: what `LiteLLM` took out is not there.
fn holds(record: &Map<String, Value>, key: &str) -> bool {
    has(record, key) && !record.get(key).is_some_and(is_redacted)
}

/// Whether there are texts, and all that may be prompt or answer are what `LiteLLM` puts in their place.
fn is_redacted(value: &Value) -> bool {
    let (mut redacted, mut waiting) = (false, vec![(value, true)]);
    while let Some((value, is_text)) = waiting.pop() {
        match value {
            Value::String(text) if text == "redacted-by-litellm" => redacted = true,
            Value::String(text) if is_text && !text.is_empty() => match serde_json::from_str::<Value>(text) {
                Ok(inner @ (Value::Array(_) | Value::Object(_))) if is_redacted(&inner) => redacted = true,
                _ => return false,
            },
            Value::Array(list) => waiting.extend(list.iter().map(|one| (one, is_text))),
            Value::Object(pairs) => {
                let is_content = |key: &str| !OF_MESSAGES.contains(&key);
                waiting.extend(pairs.iter().map(|(key, value)| (value, is_content(key))));
            }
            _ => {}
        }
    }
    redacted
}

/// What a message says besides its text.
const OF_MESSAGES: [&str; 8] =
    ["role", "type", "id", "object", "model", "finish_reason", "name", "system_fingerprint"];

/// Whether the request as it came in stands there with its prompt.
fn holds_request(record: &Map<String, Value>) -> bool {
    let Some(request) = object(record, "proxy_server_request") else { return false };
    let body = object(&request, "body");
    let prompts = |of: &Map<String, Value>| {
        ["messages", "prompt", "input", "contents"].iter().any(|key| holds(of, key))
    };
    prompts(&request) || body.is_some_and(|body| prompts(&body))
}

fn status(event: &mut Event<'_>, record: &Map<String, Value>) {
    let word = match text(record, "status").as_deref() {
        Some("failure" | "error") => "error",
        Some(_) => "success",
        None => return,
    };
    event.set(Field::Status, event::Value::Text(word.into()));
    if word == "error"
        && let Some(of_error) = object(record, "error_information")
        && let Some(class) = text(&of_error, "error_class")
    {
        event.set(Field::Error, event::Value::Text(class.into_owned().into()));
    }
}

/// What the caller stated, who the caller's key belongs to, and the token counts that have no column of their own.
fn of_metadata(event: &mut Event<'_>, all: &Map<String, Value>) -> Result<(), Fault> {
    for of_request in ["requester_metadata", "spend_logs_metadata"] {
        if let Some(stated) = object(all, of_request) {
            metadata(event, &stated)?;
        }
    }
    metadata(event, all)?;
    if !event.has(Field::Team)
        && let Some(team) = text(all, "user_api_key_team_alias").or_else(|| text(all, "user_api_key_team_id"))
    {
        event.set(Field::Team, event::Value::Text(team.into_owned().into()));
    }
    of_usage(event, all);
    Ok(())
}

/// What of the tokens went to and from a cache, and what makes prices others than the ordinary ones.
fn of_usage(event: &mut Event<'_>, all: &Map<String, Value>) {
    let (usage, other) = (object(all, "usage_object"), object(all, "additional_usage_values"));
    let usages = || usage.iter().chain(&other);
    let details = usage.as_ref().and_then(|usage| object(usage, "prompt_tokens_details"));
    let count = |detail: &str, key: &str| {
        let of_details = details.as_ref().and_then(|details| sum(details, &[detail]));
        of_details.or_else(|| usages().find_map(|of| sum(of, &[key])))
    };
    let counts = [
        (Field::CachedTokens, count("cached_tokens", "cache_read_input_tokens")),
        (Field::CacheWriteTokens, count("cache_creation_tokens", "cache_creation_input_tokens")),
    ];
    for (field, count) in counts {
        if let Some(count) = count {
            event.set(field, event::Value::Count(count));
        }
    }
    let tiers =
        ["service_tier", "speed"].into_iter().flat_map(|key| usages().filter_map(move |of| text(of, key)));
    let mut tiers = tiers.filter(|tier| *tier != "standard" && *tier != "default");
    if let Some(tier) = tiers.next() {
        event.set(Field::Tier, event::Value::Text(tier.into_owned().into()));
    }
}
