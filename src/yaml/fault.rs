//! What is told of a place that breaks its schema, in people's words.

use std::collections::HashMap;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Wrong};
use serde_json::Value as Json;

use super::find::{Finder, find};
use super::pointer::{example, home, properties};
use super::schema::to_json;
use super::{Kind, Value, advice, policy, shown};
use crate::diag::fix::{Change, FILL_IN, Fix};
use crate::diag::quantity::Wanted;
use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{Span, Spanned};

/// One place that breaks the schema.
struct Fault<'a, 's> {
    schema: &'s Json,
    /// Where the broken part of the schema stands in it.
    path: &'s str,
    value: &'a Value,
    /// Its key; none at the top of a document and in lists of lists.
    key: Option<&'a str>,
    is_entry: bool,
    /// What it is called.
    what: String,
    /// The value as it is shown.
    written: String,
}

/// The findings of one error of the validator.
pub(super) fn explain<'a>(
    schema: &Json,
    finder: &mut Finder<'a>,
    document: &'a Value,
    error: &ValidationError,
) -> Vec<Finding> {
    let (value, key) = find(finder, document, error.instance_path().as_str());
    let fault = Fault {
        schema,
        path: error.schema_path().as_str(),
        value,
        key,
        is_entry: error.instance_path().as_str().ends_with(|c: char| c.is_ascii_digit()),
        what: key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`")),
        written: shown::value(value, key),
    };
    match error.kind() {
        Wrong::AdditionalProperties { unexpected } => fault.unknown_keys(finder, unexpected),
        Wrong::Required { property } => {
            fault.missing(property.as_str().unwrap_or_default()).into_iter().collect()
        }
        Wrong::UniqueItems => repeated(value, &fault.what),
        Wrong::Type { kind } => vec![fault.of_another_type(kind)],
        other => vec![fault.of_value(other)],
    }
}

fn at(span: Span, message: String, help: String) -> Finding {
    let finding = Finding::error(code::SCHEMA, span, message);
    if help.is_empty() { finding } else { finding.help(help) }
}

impl<'a> Fault<'a, '_> {
    fn unknown_keys(&self, finder: &mut Finder<'a>, unexpected: &[String]) -> Vec<Finding> {
        let known = properties(self.schema, self.path);
        let map = self.value;
        let mut unknown: Vec<&(Spanned<String>, Value)> =
            unexpected.iter().filter_map(|name| finder.entry(map, name)).collect();
        // No more are shown.
        unknown.sort_by_key(|(key, _)| key.span);
        unknown.truncate(MAX_FINDINGS_PER_FILE);
        let of = |key: &str| home(self.schema, self.path, key);
        if let Some(finding) = advice::headless(&known, map, &unknown, of) {
            return vec![finding];
        }
        let told = unknown
            .into_iter()
            .map(|(key, value)| {
                let present: Vec<&str> = map.entries().iter().map(|(key, _)| key.value.as_str()).collect();
                let finding = unknown_key(&key.value, key.span, (&known, &present), of(&key.value));
                advice::said_otherwise(finding, key, value, (&known, &present))
            })
            .collect();
        advice::together(told)
    }

    /// A key that lacks; none where it stands there misspelt, which is told there.
    fn missing(&self, name: &str) -> Option<Finding> {
        let value = self.value;
        if advice::is_misspelt(name, value, &properties(self.schema, self.path)) {
            return None;
        }
        let title = value.get("name").and_then(Value::text);
        let (span, owner) = match title {
            Some(title) => (value.get("name").map_or(value.span, |name| name.span), format!("`{title}`")),
            None if self.is_entry => (head(value), format!("an entry of {}", self.what)),
            None => (head(value), self.what.clone()),
        };
        let example = example(self.schema, self.path, name);
        let finding = at(span, format!("{owner} has no `{name}`"), advice::missing(name, example));
        Some(if name == "owner" {
            let change = Change::Beside(span, "owner", FILL_IN.to_owned());
            finding.fix(Fix::not_safe("add an `owner` to fill in", change))
        } else {
            finding
        })
    }

    fn of_another_type(&self, kind: &TypeKind) -> Finding {
        let (value, key) = (self.value, self.key);
        if key.is_none() && value.text().is_some_and(policy::is_head) {
            let message = "the file holds statements of a policy, and no keys".to_owned();
            return at(place(value), message, policy::MOVE.to_owned());
        }
        if key.is_none() {
            let message = format!("the file holds {} and no keys", self.written);
            return at(place(value), message, advice::for_root(self.schema));
        }
        let help = advice::for_type(value, &type_name(kind), key, self.is_entry);
        let list = matches!(value.kind, Kind::List(_)) && type_name(kind) == "object";
        let dash = Span { end: value.span.start + 1, ..value.span };
        // `"false"` is no `false`.
        let in_quotes = |text: &str| matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok();
        let written = match &value.kind {
            Kind::String(text) if in_quotes(text) => format!("the text `\"{text}\"`"),
            _ => self.written.clone(),
        };
        let span = if list { dash } else { place(value) };
        at(span, mistyped(key, self.is_entry, &wanted(kind, key), &written), help)
    }

    /// A value of the right type that cannot stand there.
    fn of_value(&self, wrong: &Wrong) -> Finding {
        let (value, key, what, written) = (self.value, self.key, &self.what, &self.written);
        let not_so = |help: String| at(value.span, format!("{what} cannot be {written}"), help);
        match wrong {
            Wrong::Enum { options } => not_so(advice::allowed(value, options)),
            Wrong::Pattern { .. } => not_so(advice::for_pattern(value, key)),
            Wrong::PropertyNames { .. } => {
                let bad =
                    value.entries().iter().find(|(key, _)| key.value.contains('/') || key.value.is_empty());
                let (span, name) = bad.map_or((value.span, ""), |(key, _)| (key.span, key.value.as_str()));
                let message = format!("a provider cannot be called `{name}`");
                at(span, message, "a provider's name has no `/`".to_owned())
            }
            Wrong::OneOfNotValid { .. } | Wrong::OneOfMultipleValid { .. } => at(
                head(value),
                format!("{what} names its keys by `url` or by `file`, by one of them"),
                "write `{url: \"https://…\"}` or `{file: keys.json}`".to_owned(),
            ),
            Wrong::Minimum { limit } => {
                self.past([&format!("at least {limit}"), &format!("{limit} or more")])
            }
            Wrong::ExclusiveMinimum { limit } => {
                self.past([&format!("more than {limit}"), &format!("a number above {limit}")])
            }
            Wrong::Maximum { limit } => self.past([&format!("at most {limit}"), &format!("{limit} or less")]),
            Wrong::MinLength { .. } => {
                let help = advice::empty(self.schema, self.path, key);
                let finding = at(value.span, format!("{what} is empty"), help);
                if key == Some("owner") {
                    let change = Change::Name(value.span, FILL_IN.to_owned());
                    finding.fix(Fix::not_safe("write an `owner` to fill in", change))
                } else {
                    finding
                }
            }
            Wrong::MaxLength { limit } => {
                let message = format!("{what} is longer than {limit} characters");
                at(value.span, message, "use a shorter name".to_owned())
            }
            _ => not_so("`govctl explain schema` shows a file that is right".to_owned()),
        }
    }

    /// A number past a bound: what it should be, and what to write.
    fn past(&self, [should, write]: [&str; 2]) -> Finding {
        let message = format!("{} is {should}, not {}", self.what, self.written);
        at(self.value.span, message, format!("write {write}"))
    }
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
