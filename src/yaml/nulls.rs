//! Keys that hold nothing: absent where the schema knows them, and told where it does not.
//!
//! `{residency = eu}` is a key called `residency = eu` that holds nothing; read as absent, a promise would vanish in silence.

use serde_json::Value as Json;

use super::fault::unknown_key;
use super::read::KEEPS_NULL;
use super::schema::Schema;
use super::{Kind, Value, pointer};
use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{Span, Spanned};

/// Leaves out every key whose value is null, but for the one whose null says something.
pub(super) fn leave_out(value: &mut Value) {
    leave_out_beside(value, None);
}

/// The same, except in what stands under a key in which a null is a value.
pub(super) fn leave_out_beside(value: &mut Value, compared: Option<&str>) {
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| leave_out_beside(item, compared)),
        Kind::Map(entries) => {
            entries.retain(|(key, value)| value.kind != Kind::Null || key.value == KEEPS_NULL);
            for (key, value) in entries {
                if Some(key.value.as_str()) != compared {
                    leave_out_beside(value, compared);
                }
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number { .. } | Kind::String(_) => {}
    }
}

/// A finding for each key that holds nothing and that the schema does not know. A list in the braces of a map,
/// `{gdpr, hipaa}`, becomes the text that it is, so that it is told as one.
pub(super) fn unknown(schema: Schema, document: &mut Value) -> Vec<Finding> {
    let Some(root) = schema.json() else { return Vec::new() };
    let mut walk = Walk { root, findings: Vec::new(), lists: Vec::new() };
    walk.value(root, document);
    if !walk.lists.is_empty() {
        as_texts(document, &walk.lists);
    }
    walk.findings
}

fn as_texts(value: &mut Value, lists: &[Span]) {
    match &mut value.kind {
        Kind::Map(entries) if lists.contains(&value.span) => {
            let names: Vec<&str> = entries.iter().map(|(key, _)| key.value.as_str()).collect();
            value.kind = Kind::String(format!("{{{}}}", names.join(", ")));
        }
        Kind::Map(entries) => entries.iter_mut().for_each(|(_, value)| as_texts(value, lists)),
        Kind::List(items) => items.iter_mut().for_each(|item| as_texts(item, lists)),
        Kind::Null | Kind::Bool(_) | Kind::Number { .. } | Kind::String(_) => {}
    }
}

struct Walk<'a> {
    root: &'a Json,
    findings: Vec<Finding>,
    /// Lists in the braces of a map, a few.
    lists: Vec<Span>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Json, value: &Value) {
        if self.findings.len() >= MAX_FINDINGS_PER_FILE {
            return;
        }
        let schema = pointer::of_kind(self.root, schema, value);
        match &value.kind {
            Kind::List(items) => {
                if let Some(of) = schema.get("items") {
                    for item in items {
                        self.value(of, item);
                    }
                }
            }
            Kind::Map(entries) => {
                let is_list = schema.get("type").and_then(Json::as_str) == Some("array");
                if is_list && !entries.is_empty() && entries.iter().all(|(_, value)| value.kind == Kind::Null)
                {
                    if self.lists.len() < MAX_FINDINGS_PER_FILE {
                        self.lists.push(value.span);
                    }
                    return;
                }
                for (key, value) in entries {
                    self.entry(schema, key, value);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number { .. } | Kind::String(_) => {}
        }
    }

    fn entry(&mut self, map: &'a Json, key: &Spanned<String>, value: &Value) {
        let known = map.get("properties").and_then(Json::as_object);
        let is_null = value.kind == Kind::Null;
        if let Some(of) = known.and_then(|known| known.get(&key.value)) {
            self.value(of, value);
            return;
        }
        match map.get("additionalProperties") {
            Some(Json::Bool(false)) if is_null => {
                let known = known.map(|known| known.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
                let finding = unknown_key(&key.value, key.span, (&known, &[]), None);
                self.findings.push(finding);
            }
            // Written out, `null` is absent; a key after which nothing stands is a slip.
            _ if is_null && value.span.start >= value.span.end => {
                let finding = match with_colon(&key.value) {
                    Some((name, value)) => slip(key, name, value),
                    None => slip(key, &key.value, "…"),
                };
                self.findings.push(finding);
            }
            Some(of) => self.value(of, value),
            None => {}
        }
    }
}

/// A key and a value that stand in what was read as one key: `residency = eu`, `no-failover deny`.
pub(super) fn with_colon(key: &str) -> Option<(&str, &str)> {
    let end = key.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>'))?;
    let (name, rest) = key.split_at(end);
    let value = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '-' | ':'));
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

pub(super) fn slip(key: &Spanned<String>, name: &str, value: &str) -> Finding {
    let finding = Finding::error(code::SCHEMA, key.span, format!("`{}` holds nothing", key.value));
    finding.help(format!("write `{name}: {value}`"))
}
