//! The event's schema and its page say what the program reads.

use govctl::audit::Kind as Violation;
use govctl::event::adapters;
use govctl::event::{Field, Kind};
use serde_json::{Map, Value, json};

use crate::bundle::{bless, root};
use crate::schemas;

/// The schema of events, from the list of fields.
fn schema() -> Value {
    let mut properties = Map::new();
    for field in Field::ALL {
        for key in std::iter::once(field.key()).chain(field.other_keys().iter().copied()) {
            let mut of = match field.kind() {
                Kind::Text => json!({"type": ["string", "null"]}),
                Kind::Count => json!({"type": ["integer", "null"], "minimum": 0}),
                Kind::Percent => json!({"type": ["number", "string", "null"]}),
                Kind::Money => json!({"type": ["number", "string", "null"]}),
                Kind::List => json!({"type": ["array", "null"], "items": {"type": "string"}}),
                Kind::Pairs => {
                    json!({"type": ["object", "null"], "additionalProperties": {"type": "string"}})
                }
                Kind::Anything => json!({}),
            };
            of["description"] = json!(field.about());
            properties.insert(key.to_owned(), of);
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An audit event: what is logged of one request",
        "description": "docs/events.md; keys that are not listed are left alone",
        "type": "object",
        "required": ["time"],
        "anyOf": [{"required": ["use_case"]}, {"required": ["endpoint_tag"]}],
        "properties": properties,
    })
}

#[test]
fn the_schema_of_events_is_that_of_the_fields() {
    let text = serde_json::to_string_pretty(&schema()).expect("JSON") + "\n";
    let path = root("schemas/event.schema.json");
    if bless() {
        std::fs::write(&path, &text).expect("the schema is written");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the schema"), text);
}

/// The lists of docs/events.md, each by its mark.
fn lists() -> [(&'static str, String); 3] {
    let keys = |field: Field| {
        let all: Vec<String> = std::iter::once(field.key())
            .chain(field.other_keys().iter().copied())
            .map(|key| format!("`{key}`"))
            .collect();
        all.join(", also ")
    };
    let kind = |field: Field| match field.kind() {
        Kind::Text => "text",
        Kind::Count => "whole number",
        Kind::Percent => "percent",
        Kind::Money => "US dollars",
        Kind::List => "list",
        Kind::Pairs => "by name",
        Kind::Anything => "anything",
    };
    let fields: String = Field::ALL
        .iter()
        .map(|field| format!("| {} | {} | {} |\n", keys(*field), kind(*field), field.about()))
        .collect();
    let kinds: String =
        Violation::ALL.iter().map(|kind| format!("| `{}` | {} |\n", kind.code(), kind.about())).collect();
    let formats: String = adapters::ALL
        .iter()
        .map(|adapter| {
            let lacks: Vec<String> =
                adapter.states.others().map(|field| format!("`{}`", field.key())).collect();
            let lacks = if lacks.is_empty() { "nothing".to_owned() } else { lacks.join(", ") };
            format!("| `{}` | {} | {lacks} |\n", adapter.name, adapter.about)
        })
        .collect();
    [
        ("fields", format!("| key | value | what it is |\n| --- | --- | --- |\n{fields}")),
        ("kinds", format!("| code | what is wrong |\n| --- | --- |\n{kinds}")),
        (
            "formats",
            format!("| format | what it is | what it cannot state |\n| --- | --- | --- |\n{formats}"),
        ),
    ]
}

#[test]
fn the_page_of_events_lists_fields_kinds_and_formats() {
    let path = root("docs/events.md");
    let text = std::fs::read_to_string(&path).expect("a document");
    let mut wanted = text.clone();
    for (mark, list) in lists() {
        let open = format!("<!-- {mark} -->\n");
        let (before, rest) = wanted.split_once(&open).expect("a mark");
        let (_, after) = rest.split_once("<!-- end -->").expect("its end");
        wanted = format!("{before}{open}{list}<!-- end -->{after}");
    }
    if bless() {
        std::fs::write(&path, &wanted).expect("the document is written");
    } else {
        assert_eq!(text, wanted, "GOVCTL_BLESS=1 cargo test rewrites it");
    }
}

#[test]
fn the_examples_have_the_schema_of_events() {
    let page = std::fs::read_to_string(root("docs/events.md")).expect("a document");
    let (_, block) = page.split_once("```json\n").expect("an example");
    let (block, _) = block.split_once("```").expect("its end");
    let log = std::fs::read_to_string(root("examples/logistics/logs/november.ndjson")).expect("a log");
    for text in log.lines().chain([block]) {
        schemas::holds("event", &serde_json::from_str(text).expect("JSON"));
        assert!(govctl::event::json::read(text.as_bytes()).is_ok());
    }
}
