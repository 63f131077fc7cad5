//! The published JSON Schema and the loader agree on what has the form of a table.

use serde_json::Value;

use super::{edited, example, keys, refusal};

fn schema() -> (Value, jsonschema::Validator) {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../schemas/table.schema.json")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    (schema, validator)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn the_example_has_its_schema() {
    let (_, validator) = schema();
    let errors: Vec<String> = validator.iter_errors(&example()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Whether a key is free: a name that the table's author chose.
fn is_free(parent: &str) -> bool {
    ["/sources", "/facts", "/tags", "/endpoint", "/profile", "/reasons", "/request"]
        .iter()
        .any(|free| parent.ends_with(free))
}

#[test]
fn every_key_is_in_the_schema_and_no_other() {
    let (_, validator) = schema();
    let mut places = Vec::new();
    keys("", &example(), &mut places);
    for place in places {
        let (parent, _) = place.rsplit_once('/').expect("a pointer");
        if is_free(parent) || place == "/digest" {
            continue;
        }
        assert!(!validator.is_valid(&parsed(&edited(&place, None))), "without {place}");
        let more = edited(&format!("{parent}/zz"), Some(Value::from(0)));
        assert!(!validator.is_valid(&parsed(&more)), "{parent} with another key");
    }
}

#[test]
fn what_has_another_form_is_refused_by_both() {
    let (_, validator) = schema();
    let cases = include_str!("refusals.txt");
    let (_, cases) = cases.split_once("# Values of another kind\n").expect("the section");
    let cases: Vec<&str> = cases.lines().filter_map(|line| line.strip_prefix('/')).collect();
    assert!(cases.len() > 15);
    for case in cases {
        let (pointer, value) = case.split_once(" = ").expect("a pointer and a value");
        let text = edited(&format!("/{pointer}"), Some(parsed(value)));
        assert!(!validator.is_valid(&parsed(&text)), "{case}");
        assert!(!refusal(&text).is_empty());
    }
}

/// People read a schema in an editor, a key at a time.
#[test]
fn every_key_has_a_title_and_a_description() {
    fn visit(place: &str, schema: &Value) {
        let titled = |schema: &Value| {
            schema.get("$ref").is_some()
                || schema.get("const").is_some_and(|_| !place.is_empty())
                || schema.get("enum").is_some()
                || (schema["title"].is_string() && schema["description"].is_string())
        };
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            assert!(titled(value), "{place}/{key} has no title and description");
        }
        match schema {
            Value::Object(members) => {
                members.iter().filter(|(key, _)| *key != "examples").for_each(|(key, value)| {
                    visit(&format!("{place}/{key}"), value);
                });
            }
            Value::Array(items) => items.iter().for_each(|item| visit(place, item)),
            _ => {}
        }
    }
    visit("", &schema().0);
}
