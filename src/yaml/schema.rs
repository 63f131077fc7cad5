//! Validation against our JSON Schemas, every error at its line and column in the YAML and in people's words.

use std::sync::OnceLock;

use jsonschema::error::ValidationError;
use jsonschema::{Draft, PatternOptions, Validator};
use num_traits::ToPrimitive;
use serde_json::Value as Json;

use super::fault::explain;
use super::find::Finder;
use super::pointer::properties;
use super::shape::Shape;
use super::{Kind, Value, advice, names};
use crate::diag::{Finding, code};
use crate::limits::{MAX_FINDINGS_PER_FILE, MAX_SCHEMA_FAULTS};
use crate::source::Span;

/// The schemas of a workspace's YAML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `schemas/registry.schema.json`.
    Registry,
    /// `schemas/estate.schema.json`.
    Estate,
    /// `schemas/config.schema.json`.
    Config,
    /// `schemas/accepted.schema.json`.
    Accepted,
}

impl Schema {
    /// The JSON Schema as it is built in.
    pub fn text(self) -> &'static str {
        match self {
            Self::Registry => include_str!("../../schemas/registry.schema.json"),
            Self::Estate => include_str!("../../schemas/estate.schema.json"),
            Self::Config => include_str!("../../schemas/config.schema.json"),
            Self::Accepted => include_str!("../../schemas/accepted.schema.json"),
        }
    }

    /// The quick way to say that a document keeps it.
    fn shape(self) -> Option<&'static Shape> {
        static SHAPES: [OnceLock<Option<Shape>>; 4] = [const { OnceLock::new() }; 4];
        let read = || Shape::new(&serde_json::from_str(self.text()).ok()?);
        SHAPES.get(self as usize)?.get_or_init(read).as_ref()
    }

    /// The schema itself.
    pub(super) fn json(self) -> Option<&'static Json> {
        self.compiled().map(|(json, _)| json)
    }

    fn compiled(self) -> Option<&'static (Json, Validator)> {
        static REGISTRY: OnceLock<Option<(Json, Validator)>> = OnceLock::new();
        static ESTATE: OnceLock<Option<(Json, Validator)>> = OnceLock::new();
        static CONFIG: OnceLock<Option<(Json, Validator)>> = OnceLock::new();
        static ACCEPTED: OnceLock<Option<(Json, Validator)>> = OnceLock::new();
        let cell = match self {
            Self::Registry => &REGISTRY,
            Self::Estate => &ESTATE,
            Self::Config => &CONFIG,
            Self::Accepted => &ACCEPTED,
        };
        let compile = || {
            let schema: Json = serde_json::from_str(self.text()).ok()?;
            let options = jsonschema::options().with_draft(Draft::Draft202012);
            let validator = options.with_pattern_options(PatternOptions::regex()).build(&schema).ok()?;
            Some((schema, validator))
        };
        cell.get_or_init(compile).as_ref()
    }
}

/// Everything in a document that breaks its schema.
pub fn validate(schema: Schema, document: &Value) -> Vec<Finding> {
    if keeps(schema, document) {
        return names::check(document);
    }
    validate_whole(schema, document)
}

/// Whether the quick way knows that a document keeps its schema.
pub fn keeps(schema: Schema, document: &Value) -> bool {
    schema.shape().is_some_and(|shape| shape.keeps(document))
}

/// The same by the validator alone: slower, and there to be compared with.
pub fn validate_whole(schema: Schema, document: &Value) -> Vec<Finding> {
    let Some((text, validator)) = schema.compiled() else {
        let message = "the schema that comes with this program is broken";
        return vec![Finding::error(code::SCHEMA, document.span, message)];
    };
    let json = to_json(document);
    let mut findings = names::check(document);
    if validator.is_valid(&json) {
        return findings;
    }
    let unread: Vec<Span> = findings.iter().map(|finding| finding.primary.span).collect();
    let named = advice::named_by_key(document);
    let is_told = |error: &ValidationError| {
        let path = error.instance_path().as_str();
        named.iter().any(|(entry, _)| {
            path.strip_prefix(entry.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let errors = validator.iter_errors(&json).filter(|error| !is_told(error));
    let mut finder = Finder::default();
    let errors = errors.take(MAX_SCHEMA_FAULTS);
    let told = errors.flat_map(|error| explain(text, &mut finder, document, &error));
    // What cannot be a text at all breaks nothing else.
    findings.extend(told.filter(|finding| !unread.contains(&finding.primary.span)));
    findings.extend(named.iter().map(|(_, finding)| finding.clone()));
    findings.sort_by_key(|finding| finding.primary.span);
    findings.truncate(MAX_FINDINGS_PER_FILE);
    findings
}

/// Whether a key of a map that lacks stands there in other letters or words, which its own finding says.
pub fn is_misspelt(name: &str, map: &Value, schema: Schema, kind: &str) -> bool {
    let known = schema.json().map(|json| properties(json, &format!("/$defs/{kind}/properties")));
    known.is_some_and(|known| advice::is_misspelt(name, map, &known))
}

/// Whether a kind of entry has a key of this name.
pub fn has_key(name: &str, schema: Schema, kind: &str) -> bool {
    let pointer = format!("/$defs/{kind}/properties");
    let known = schema.json().and_then(|json| json.pointer(&pointer)).and_then(Json::as_object);
    known.is_some_and(|known| known.contains_key(name))
}

/// A document as the validator takes it; numbers only need to be of the right size and kind here.
pub fn to_json(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::String(text) => Json::String(text.clone()),
        Kind::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Kind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.value.clone(), to_json(value))).collect())
        }
        Kind::Number { exact, .. } => {
            let whole =
                exact.as_ref().filter(|number| number.is_integer()).and_then(|n| n.to_integer().to_i64());
            match whole {
                Some(whole) => Json::from(whole),
                None => Json::from(exact.as_ref().and_then(ToPrimitive::to_f64).unwrap_or(0.0)),
            }
        }
    }
}
