//! Validation against our JSON Schemas, every error at its line and column in the YAML and in people's words.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Wrong};
use jsonschema::{Draft, PatternOptions, Validator};
use num_traits::ToPrimitive;
use serde_json::Value as Json;

use super::find::{Finder, find};
use super::pointer::{example, home, properties};
use super::shape::Shape;
use super::{Kind, Value, advice, names, policy, shown};
use crate::diag::fix::{Change, FILL_IN, Fix};
use crate::diag::quantity::Wanted;
use crate::diag::{Finding, code};
use crate::limits::{MAX_FINDINGS_PER_FILE, MAX_SCHEMA_FAULTS};
use crate::source::{Span, Spanned};

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
    /// Its text.
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

#[expect(clippy::too_many_lines, reason = "one arm for each kind of fault")]
fn explain<'a>(
    schema: &Json,
    finder: &mut Finder<'a>,
    document: &'a Value,
    error: &ValidationError,
) -> Vec<Finding> {
    let (value, key) = find(finder, document, error.instance_path().as_str());
    let what = key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
    let at = |span: Span, message: String, help: String| {
        let finding = Finding::error(code::SCHEMA, span, message);
        if help.is_empty() { finding } else { finding.help(help) }
    };
    let written = shown::value(value, key);
    let is_entry = error.instance_path().as_str().ends_with(|c: char| c.is_ascii_digit());
    let one = match error.kind() {
        Wrong::AdditionalProperties { unexpected } => {
            let known = properties(schema, error.schema_path().as_str());
            let mut unknown: Vec<&(Spanned<String>, Value)> =
                unexpected.iter().filter_map(|name| finder.entry(value, name)).collect();
            // No more are shown.
            unknown.sort_by_key(|(key, _)| key.span);
            unknown.truncate(MAX_FINDINGS_PER_FILE);
            let (path, map) = (error.schema_path().as_str(), value);
            let of = |key: &str| home(schema, path, key);
            if let Some(finding) = advice::headless(&known, map, &unknown, of) {
                return vec![finding];
            }
            let unknown = unknown.into_iter();
            let told = unknown
                .map(|(key, value)| {
                    let home = home(schema, path, &key.value);
                    let present: Vec<&str> =
                        map.entries().iter().map(|(key, _)| key.value.as_str()).collect();
                    let finding = unknown_key(&key.value, key.span, (&known, &present), home);
                    advice::said_otherwise(finding, key, value, (&known, &present))
                })
                .collect();
            return advice::together(told);
        }
        Wrong::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            if advice::is_misspelt(name, value, &properties(schema, error.schema_path().as_str())) {
                return Vec::new();
            }
            let title = value.get("name").and_then(Value::text);
            let (span, owner) = match title {
                Some(title) => (value.get("name").map_or(value.span, |name| name.span), format!("`{title}`")),
                None if is_entry => (head(value), format!("an entry of {what}")),
                None => (head(value), what),
            };
            let example = example(schema, error.schema_path().as_str(), name);
            let finding = at(span, format!("{owner} has no `{name}`"), advice::missing(name, example));
            if name == "owner" {
                let change = Change::Beside(span, "owner", FILL_IN.to_owned());
                finding.fix(Fix::not_safe("add an `owner` to fill in", change))
            } else {
                finding
            }
        }
        Wrong::Enum { options } => {
            at(value.span, format!("{what} cannot be {written}"), advice::allowed(value, options))
        }
        Wrong::Type { .. } if key.is_none() && value.text().is_some_and(policy::is_head) => at(
            place(value),
            "the file holds statements of a policy, and no keys".to_owned(),
            policy::MOVE.to_owned(),
        ),
        Wrong::Type { .. } if key.is_none() => {
            at(place(value), format!("the file holds {written} and no keys"), advice::for_root(schema))
        }
        Wrong::Type { kind } => {
            let help = advice::for_type(value, &type_name(kind), key, is_entry);
            let list = matches!(value.kind, Kind::List(_)) && type_name(kind) == "object";
            let dash = Span { end: value.span.start + 1, ..value.span };
            // `"false"` is no `false`.
            let in_quotes =
                |text: &str| matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok();
            let written = match &value.kind {
                Kind::String(text) if in_quotes(text) => format!("the text `\"{text}\"`"),
                _ => written,
            };
            at(
                if list { dash } else { place(value) },
                mistyped(key, is_entry, &wanted(kind, key), &written),
                help,
            )
        }
        Wrong::Pattern { .. } => {
            at(value.span, format!("{what} cannot be {written}"), advice::for_pattern(value, key))
        }
        Wrong::PropertyNames { .. } => {
            let bad = value.entries().iter().find(|(key, _)| key.value.contains('/') || key.value.is_empty());
            let (span, name) = bad.map_or((value.span, ""), |(key, _)| (key.span, key.value.as_str()));
            at(
                span,
                format!("a provider cannot be called `{name}`"),
                "a provider's name has no `/`".to_owned(),
            )
        }
        Wrong::OneOfNotValid { .. } | Wrong::OneOfMultipleValid { .. } => at(
            head(value),
            format!("{what} names its keys by `url` or by `file`, by one of them"),
            "write `{url: \"https://…\"}` or `{file: keys.json}`".to_owned(),
        ),
        Wrong::UniqueItems => return repeated(value, &what),
        Wrong::Minimum { limit } => {
            bound(value.span, &what, &written, [&format!("at least {limit}"), &format!("{limit} or more")])
        }
        Wrong::ExclusiveMinimum { limit } => bound(
            value.span,
            &what,
            &written,
            [&format!("more than {limit}"), &format!("a number above {limit}")],
        ),
        Wrong::Maximum { limit } => {
            bound(value.span, &what, &written, [&format!("at most {limit}"), &format!("{limit} or less")])
        }
        Wrong::MinLength { .. } => {
            let finding = at(
                value.span,
                format!("{what} is empty"),
                advice::empty(schema, error.schema_path().as_str(), key),
            );
            if key == Some("owner") {
                let change = Change::Name(value.span, FILL_IN.to_owned());
                finding.fix(Fix::not_safe("write an `owner` to fill in", change))
            } else {
                finding
            }
        }
        Wrong::MaxLength { limit } => at(
            value.span,
            format!("{what} is longer than {limit} characters"),
            "use a shorter name".to_owned(),
        ),
        _ => at(
            value.span,
            format!("{what} cannot be {written}"),
            "`govctl explain schema` shows a file that is right".to_owned(),
        ),
    };
    vec![one]
}

fn mistyped(key: Option<&str>, is_entry: bool, wanted: &str, written: &str) -> String {
    match key {
        Some(key) if is_entry => format!("an entry of `{key}` is {wanted}, not {written}"),
        Some(key) => format!("`{key}` is {wanted}, not {written}"),
        None => format!("expected {wanted}, found {written}"),
    }
}

/// The type's name; empty where there are several.
fn type_name(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(_) => String::new(),
    }
}

/// A number past a bound: what it should be, and what to write.
fn bound(span: Span, what: &str, written: &str, [should, write]: [&str; 2]) -> Finding {
    Finding::error(code::SCHEMA, span, format!("{what} is {should}, not {written}"))
        .help(format!("write {write}"))
}

/// A key that the schema does not know, and what has it.
pub(super) fn unknown_key(
    name: &str,
    span: Span,
    (known, present): (&[String], &[&str]),
    home: Option<&'static str>,
) -> Finding {
    let finding = Finding::error(code::SCHEMA, span, format!("there is no key `{name}` here"));
    match name {
        "routing_policies" => finding.help(
            "routing is written in policies/*.gov: `compliance rule restricted-stays-home { when classification == restricted require model.hosting == self-hosted because \"…\" }`",
        ),
        "failover_policies" => finding.help(
            "failover is written in policies/*.gov: `failover standard { follow registry match compliance, classification above 3x cost block log as governance-event notify \"team@example.com\" }`",
        ),
        _ => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            finding.label("unknown key").help(advice::unknown_key(name, &known, present, home))
        }
    }
}

/// The items of a set that stand in it before.
fn repeated(value: &Value, what: &str) -> Vec<Finding> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut findings = Vec::new();
    for item in value.items() {
        if findings.len() >= MAX_FINDINGS_PER_FILE {
            break;
        }
        let json = to_json(item).to_string();
        if let Some(first) = seen.get(&json) {
            let message = format!("{} appears twice in {what}", shown::value(item, None));
            findings.push(
                Finding::error(code::SCHEMA, item.span, message)
                    .label("again here")
                    .related(*first, "first here")
                    .help("remove one of the two: a set holds each name once")
                    .fix(Fix::safe("remove it here", Change::Item(item.span))),
            );
        } else {
            seen.insert(json, item.span);
        }
    }
    findings
}

fn wanted(kind: &TypeKind, key: Option<&str>) -> String {
    let word = |name: String| match name.as_str() {
        "string" if matches!(key.and_then(Wanted::of_key), Some(Wanted::Percent | Wanted::Growth)) => {
            "a percent such as `99.9%`".to_owned()
        }
        "string" if matches!(key.and_then(Wanted::of_key), Some(Wanted::Days)) => {
            "a retention such as `30-days`".to_owned()
        }
        "string" => "text".to_owned(),
        "integer" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "a map".to_owned(),
        other => other.to_owned(),
    };
    match kind {
        TypeKind::Single(kind) => word(kind.to_string()),
        TypeKind::Multiple(kinds) => {
            let words: Vec<String> = kinds.iter().map(|kind| word(kind.to_string())).collect();
            words.join(" or ")
        }
    }
}

/// The first key of a map, or the value itself: a place that is never too large to draw.
fn head(value: &Value) -> Span {
    value.entries().first().map_or(value.span, |(key, _)| key.span)
}

/// The value, of a list over several lines its first item.
fn place(value: &Value) -> Span {
    value
        .items()
        .first()
        .map_or_else(|| head(value), |first| if first.span == value.span { first.span } else { head(first) })
}
