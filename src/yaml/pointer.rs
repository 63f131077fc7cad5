//! What a schema says at a path: the keys of an object, an example of a value, and where else a key stands.

use super::schema::Schema;
use super::{Kind, Value};
use serde_json::Value as Json;

/// The keys that the object at a schema path knows.
pub(super) fn properties(schema: &Json, path: &str) -> Vec<String> {
    let properties = object(schema, path).get("properties").and_then(Json::as_object);
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

/// Whether the object must have a key that a schema path leads through.
pub(super) fn is_required(schema: &Json, path: &str, key: &str) -> bool {
    let Some((owner, _)) = path.rsplit_once(&format!("/properties/{key}/")) else { return false };
    let required = object(schema, &format!("{owner}/required")).get("required").and_then(Json::as_array);
    required.is_some_and(|all| all.iter().any(|name| name.as_str() == Some(key)))
}

/// What the schema gives as an example of a key of the object at a path.
pub(super) fn example<'a>(schema: &'a Json, path: &str, key: &str) -> Option<&'a Json> {
    let property = object(schema, path).get("properties")?.get(key)?;
    let own = property.get("examples").or_else(|| resolved(schema, property).get("examples"));
    own?.get(0)
}

/// The object at a schema path; the path ends in the keyword that failed.
fn object<'a>(schema: &'a Json, path: &str) -> &'a Json {
    let mut place = schema;
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        place = resolved(schema, place);
        let part = part.replace("~1", "/").replace("~0", "~");
        let next = match place {
            Json::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ if part == "$ref" => Some(place),
            other => other.get(&part),
        };
        let Some(next) = next else { break };
        place = next;
    }
    resolved(schema, place)
}

/// What stands in the place of a reference.
pub(super) fn resolved<'a>(schema: &'a Json, place: &'a Json) -> &'a Json {
    let reference = place.get("$ref").and_then(Json::as_str).and_then(|text| text.strip_prefix('#'));
    reference.and_then(|pointer| schema.pointer(pointer)).unwrap_or(place)
}

/// What a reference names, and of alternatives the one of the value's kind.
pub(super) fn of_kind<'a>(root: &'a Json, schema: &'a Json, value: &Value) -> &'a Json {
    let schema = resolved(root, schema);
    let wanted = match value.kind {
        Kind::List(_) => "array",
        _ => "object",
    };
    let of_type = |part: &&Json| part.get("type").and_then(Json::as_str) == Some(wanted);
    let alternatives = schema.get("oneOf").and_then(Json::as_array);
    alternatives.and_then(|parts| parts.iter().find(of_type)).unwrap_or(schema)
}

/// What has a key that the object at a path does not have: `a provider`, `a model`, `a use case`.
pub(super) fn home(schema: &Json, path: &str, key: &str) -> Option<&'static str> {
    const HOMES: [(&str, &str); 3] =
        [("provider", "a provider"), ("model", "a model"), ("use_case", "a use case")];
    let here = object(schema, path);
    HOMES.into_iter().find_map(|(name, words)| {
        let there = schema.get("$defs")?.get(name)?;
        let is_other = !std::ptr::eq(here, there);
        (is_other && there.get("properties")?.get(key).is_some()).then_some(words)
    })
}

/// Whether registry, estate or configuration has a key of this name somewhere.
pub(super) fn is_key(name: &str) -> bool {
    let quoted = format!("\"{name}\": {{");
    [Schema::Registry, Schema::Estate, Schema::Config].iter().any(|schema| schema.text().contains(&quoted))
}
