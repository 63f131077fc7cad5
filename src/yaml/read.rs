//! YAML text into values, by serde-saphyr; everything it refuses is one finding with a place.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned as Located};

use super::schema::Schema;
use super::{Kind, Value, meant, nulls, quick, refusal, scalar};
use crate::diag::{Finding, code};
use crate::limits::shown;
use crate::limits::{MAX_YAML_ALIASES, MAX_YAML_DEPTH, MAX_YAML_NODES, MAX_YAML_UNFOLDED_BYTES};
use crate::source::{FileId, Span, Spanned, visible};

/// The one key whose null says something (deliberately none) and is kept.
pub(super) const KEEPS_NULL: &str = "failover_to";

/// The document of a file; none where it is empty. What cannot be read is a `schema` finding.
pub fn parse(id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    match parse_plain(id, text) {
        Some(value) => (Some(value), Vec::new()),
        None => parse_whole(id, text),
    }
}

/// The same of a file that has a schema: a key that holds nothing and that the schema does not know is a finding.
pub fn parse_as(schema: Schema, id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    // The quick reader takes no nulls.
    match parse_plain(id, text) {
        Some(value) => (Some(value), Vec::new()),
        None => parse_rest(schema, id, text),
    }
}

/// The same of a file that [`parse_plain`] does not take.
pub fn parse_rest(schema: Schema, id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    let (mut document, mut findings) = parse_keeping(id, text, options(serde_saphyr::MergeKeyPolicy::Error));
    // What is left of a file with braces of a template in it is not what anybody meant.
    if findings.iter().any(|finding| finding.message == NO_KEY || finding.message.starts_with(NO_TEMPLATE)) {
        return (None, findings);
    }
    if let Some(document) = &mut document {
        findings.extend(meant::mend(schema, text, document));
        findings.extend(nulls::unknown(schema, document));
        nulls::leave_out(document);
    }
    (document, findings)
}

/// The same without the library, where a file is in the plain part of YAML; it finds nothing to report there.
pub fn parse_plain(id: FileId, text: &str) -> Option<Value> {
    quick::parse(id, text)
}

/// The same by the library alone: slower, and there to be compared with.
pub fn parse_whole(id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    parse_with(id, text, serde_saphyr::MergeKeyPolicy::Error)
}

/// The same of a file that is not ours: merge keys are followed, as its own program does.
pub fn parse_foreign(id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    parse_with(id, text, serde_saphyr::MergeKeyPolicy::Merge)
}

/// The same of a file that compares with nulls in what stands under one key.
pub fn parse_comparing(id: FileId, text: &str, key: &str) -> (Option<Value>, Vec<Finding>) {
    let (mut document, findings) = parse_keeping(id, text, options(serde_saphyr::MergeKeyPolicy::Merge));
    if let Some(document) = &mut document {
        nulls::leave_out_beside(document, Some(key));
    }
    (document, findings)
}

fn parse_with(
    id: FileId,
    text: &str,
    merge_keys: serde_saphyr::MergeKeyPolicy,
) -> (Option<Value>, Vec<Finding>) {
    let (mut document, findings) = parse_keeping(id, text, options(merge_keys));
    document.iter_mut().for_each(nulls::leave_out);
    (document, findings)
}

/// The document of a file with the keys that hold nothing, for edits.
pub(super) fn parse_as_written(id: FileId, text: &str) -> (Option<Value>, Vec<Finding>) {
    match parse_plain(id, text) {
        Some(value) => (Some(value), Vec::new()),
        None => parse_keeping(id, text, options(serde_saphyr::MergeKeyPolicy::Error)),
    }
}

/// A document with the keys that hold nothing.
pub(super) fn parse_keeping(
    id: FileId,
    text: &str,
    options: serde_saphyr::Options,
) -> (Option<Value>, Vec<Finding>) {
    if text.trim().is_empty() {
        return (None, Vec::new());
    }
    UNFOLDED.set(text.len().saturating_add(MAX_YAML_UNFOLDED_BYTES));
    let parsed = serde_saphyr::from_str_with_options::<Located<Raw>>(text, options);
    match parsed {
        Ok(root) => {
            let mut build = Build { id, text, findings: hidden(id, text).into_iter().collect() };
            let value = build.value(root);
            match value.kind {
                Kind::Null => (None, build.findings),
                _ => (Some(value), build.findings),
            }
        }
        Err(error) => {
            let refused = refusal::refusal(id, text, &error);
            let findings = match hidden(id, text) {
                // Where it stands in the line that is refused, or in the one above, it is what is wrong there.
                Some(found) if refused.message.contains(&unseen_of(&found)) => vec![refused],
                Some(found) if is_near(text, &found, &refused) => vec![found],
                found => std::iter::once(refused).chain(found).collect(),
            };
            (None, findings)
        }
    }
}

/// A finding where the text, its comments included, has a character that does not show.
fn hidden(id: FileId, text: &str) -> Option<Finding> {
    let (at, c) = visible::hidden_in_prose(text)?;
    let span = Span::new(id, at, at + c.len_utf8());
    let message = format!("the character {} does not show", visible::code_point(c));
    Some(Finding::error(code::SCHEMA, span, message).help("remove it, or write a space where one is meant"))
}

/// The number of the character that a finding of [`hidden`] names.
fn unseen_of(found: &Finding) -> String {
    found.message.split(' ').find(|word| word.starts_with("U+")).unwrap_or("U+").to_owned()
}

/// Whether a place lies in the line of another one, or in the line above it.
fn is_near(text: &str, found: &Finding, refused: &Finding) -> bool {
    let (found, refused) = (found.primary.span.start as usize, refused.primary.span.start as usize);
    let (first, last) = (found.min(refused), found.max(refused));
    let between = text.get(first..last).unwrap_or_default().matches('\n').count();
    between == 0 || (between == 1 && found < refused)
}

pub(super) fn options(merge_keys: serde_saphyr::MergeKeyPolicy) -> serde_saphyr::Options {
    let budget = serde_saphyr::budget! {
        max_events: MAX_YAML_NODES.saturating_mul(2),
        max_nodes: MAX_YAML_NODES,
        max_depth: MAX_YAML_DEPTH,
        flow_nesting_limit: MAX_YAML_DEPTH,
        max_aliases: MAX_YAML_ALIASES,
        max_anchors: MAX_YAML_ALIASES,
        max_recorded_anchor_events: MAX_YAML_ALIASES.saturating_mul(100),
        max_documents: 1,
        max_total_scalar_bytes: usize::MAX,
    };
    serde_saphyr::options! {
        budget: budget,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        merge_keys: merge_keys,
        strict_booleans: true,
        with_snippet: false,
    }
}

/// A node as serde-saphyr hands it over; scalars are read again from the source text.
enum Raw {
    Scalar(String),
    List(Vec<Located<Raw>>),
    Map(Vec<(Located<Raw>, Located<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

thread_local! {
    /// How many bytes of texts may still be read of the document at hand: the library does not count what aliases repeat.
    static UNFOLDED: Cell<usize> = const { Cell::new(0) };
}

/// A text of the document, while all together are few enough.
fn text<E: serde::de::Error>(text: String) -> Result<Raw, E> {
    match UNFOLDED.get().checked_sub(text.len()) {
        Some(left) => {
            UNFOLDED.set(left);
            Ok(Raw::Scalar(text))
        }
        None => Err(E::custom("aliases repeat too much")),
    }
}

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.to_string()))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Raw, E> {
        text(value.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Raw, E> {
        text(value)
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Raw, E> {
        Ok(Raw::Scalar(String::from_utf8_lossy(value).into_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(String::new()))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(String::new()))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// What is said of braces in the place of a key, which templates have.
const NO_KEY: &str = "a key is a plain name, not a list or a map";

/// How it is told of what stands in the braces of a template.
const NO_TEMPLATE: &str = "nothing is put in for `{{";

/// Turns nodes into values with spans.
struct Build<'a> {
    id: FileId,
    text: &'a str,
    findings: Vec<Finding>,
}

impl Build<'_> {
    fn value(&mut self, node: Located<Raw>) -> Value {
        let span = self.span(node.referenced);
        let defined = self.span(node.defined);
        match node.value {
            Raw::Scalar(text) => self.scalar(text, span, defined),
            Raw::List(items) => {
                let items: Vec<Value> = items.into_iter().map(|item| self.value(item)).collect();
                let last = items.last().map_or(span, |item| item.span);
                Value { span: widened(span, last), kind: Kind::List(items) }
            }
            Raw::Map(entries) => self.map(entries, span),
        }
    }

    fn map(&mut self, raw: Vec<(Located<Raw>, Located<Raw>)>, span: Span) -> Value {
        let mut entries = Vec::with_capacity(raw.len());
        let mut whole = span;
        for (key, value) in raw {
            let key_span = self.span(key.referenced);
            let Raw::Scalar(_) = &key.value else {
                self.no_key(key_span);
                continue;
            };
            let key = self.value(key);
            let name = match key.kind {
                Kind::String(text) | Kind::Number { text, .. } => text,
                Kind::Bool(value) => value.to_string(),
                _ => "null".to_owned(),
            };
            let value = self.value(value);
            if entries.is_empty() {
                whole = key.span;
            }
            whole = widened(widened(whole, key.span), value.span);
            entries.push((Spanned::new(name, key.span), value));
        }
        Value { span: whole, kind: Kind::Map(entries) }
    }

    /// A scalar at `span`, written at `defined` (the two differ for an alias).
    fn scalar(&mut self, text: String, span: Span, defined: Span) -> Value {
        let written = self.text.get(defined.start as usize..defined.end as usize).unwrap_or_default();
        let written = without_properties(written);
        let kind = match written.chars().next() {
            Some('"' | '\'' | '|' | '>') => Kind::String(text),
            _ if written.contains('\n') => Kind::String(text),
            _ => scalar::plain(written.trim()),
        };
        if let Kind::Number { exact: None, text } = &kind {
            let message = format!("`{}` cannot be read as an exact number", shortened(text));
            self.find(span, &message, "write an ordinary decimal, or the text in quotes");
        }
        Value { span, kind }
    }

    /// A list or a map in the place of a key: `{{ NAME }}` of a template.
    fn no_key(&mut self, key: Span) {
        let rest = self.text.get(key.start as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let template = line.find("}}").and_then(|end| line.get(..end + 2));
        let is_template = |written: &&str| written.starts_with('{') && written.len() <= shown::TEMPLATE;
        match template.filter(is_template) {
            Some(inner) => {
                let message = format!("{NO_TEMPLATE}{}` here", inner.get(1..).unwrap_or_default());
                self.find(key, &message, "write the value itself, in quotes if it has braces");
            }
            None => self.find(
                key,
                NO_KEY,
                "nothing is put in for a variable here: write the value itself, in quotes if it has braces",
            ),
        }
    }

    fn find(&mut self, span: Span, message: &str, help: &str) {
        if self.findings.len() < crate::limits::MAX_FINDINGS_PER_FILE {
            self.findings.push(Finding::error(code::SCHEMA, span, message.to_owned()).help(help));
        }
    }

    /// The bytes of a node, white space around it left out.
    fn span(&self, location: Location) -> Span {
        let place = location.span();
        let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok());
        let start = number(place.byte_offset()).unwrap_or(0).min(self.text.len());
        let length = number(place.byte_len()).unwrap_or(0);
        let end = start.saturating_add(length).min(self.text.len());
        let kept = self.text.get(start..end).map_or(0, |text| text.trim_end().len());
        Span::new(self.id, start, start + kept)
    }
}

/// A scalar without the anchor and tag before it.
fn without_properties(written: &str) -> &str {
    let mut rest = written.trim_start();
    while rest.starts_with(['&', '!']) {
        rest = rest.split_once(char::is_whitespace).map_or("", |(_, after)| after.trim_start());
    }
    rest
}

/// A span that reaches to the end of another of the same file; aliases lead elsewhere and are left out.
fn widened(span: Span, last: Span) -> Span {
    if last.start >= span.start { span.to(last) } else { span }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        text.chars().take(shown::QUOTED).collect::<String>() + "…"
    }
}
