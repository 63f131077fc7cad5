//! Slips that leave YAML whole and another document than was meant: each is one finding, and what is read on is what was
//! meant, so that nothing else is said of it.

use serde_json::Value as Json;

use super::schema::Schema;
use super::slip::short;
use super::{Kind, Value, advice, apparent, nulls, pointer, scalar};
use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{Span, Spanned, listed};

/// The entries of a map.
type Entries = Vec<(Spanned<String>, Value)>;

/// A finding for each of them; the document, keys that hold nothing included, is then as it was meant.
pub(super) fn mend(schema: Schema, text: &str, document: &mut Value) -> Vec<Finding> {
    let Some(root) = schema.json() else { return Vec::new() };
    let mut mend = Mend { root, text, findings: Vec::new() };
    mend.value(root, "", document);
    mend.findings
}

struct Mend<'a> {
    root: &'a Json,
    text: &'a str,
    findings: Vec<Finding>,
}

impl<'a> Mend<'a> {
    fn find(&mut self, span: Span, message: String, help: String) {
        self.findings.push(Finding::error(code::SCHEMA, span, message).help(help));
    }

    fn value(&mut self, schema: &'a Json, key: &str, value: &mut Value) {
        if self.findings.len() >= MAX_FINDINGS_PER_FILE {
            return;
        }
        let schema = pointer::of_kind(self.root, schema, value);
        match &mut value.kind {
            Kind::List(items) => self.items(schema, key, items),
            Kind::Map(entries) => {
                let known = schema.get("properties").and_then(Json::as_object);
                self.commas(entries);
                if let Some(known) = known {
                    let known: Vec<&str> = known.keys().map(String::as_str).collect();
                    self.colons(schema, &known, entries);
                    self.below(schema, &known, entries);
                    self.comments(schema, entries);
                }
                for (key, value) in entries {
                    let of = known.and_then(|known| known.get(&key.value));
                    if let Some(of) = of.or_else(|| schema.get("additionalProperties")) {
                        self.value(of, &key.value, value);
                    }
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number { .. } | Kind::String(_) => {}
        }
    }

    /// Entries that have their name as a key, and tags in the place of a name.
    fn items(&mut self, schema: &'a Json, key: &str, items: &mut Vec<Value>) {
        let Some(of) = schema.get("items") else { return };
        items.retain(|item| !self.is_tag(key, item));
        for item in items {
            let resolved = pointer::of_kind(self.root, of, item);
            if let Kind::Map(entries) = &mut item.kind {
                self.named(key, resolved, entries);
            }
            self.value(of, key, item);
        }
    }

    /// `[!us]`: a tag, behind which nothing stands.
    fn is_tag(&mut self, key: &str, item: &Value) -> bool {
        let Some(tag) = (item.kind == Kind::Null).then(|| tag_at(self.text, item.span)).flatten() else {
            return false;
        };
        let start = tag.0;
        let span = Span::new(item.span.file, start, start + tag.1.len());
        let message = format!("`{}` is a tag of YAML, behind which nothing stands", short(tag.1));
        self.find(span, message, advice::negation(key));
        true
    }

    /// `- gpt-4o:` with its keys below it: the first key of the entry is its name.
    fn named(&mut self, list: &str, schema: &'a Json, entries: &mut [(Spanned<String>, Value)]) {
        let known = |key: &str| schema.get("properties").is_some_and(|known| known.get(key).is_some());
        let alone = entries.len() == 1;
        let has_name = entries.iter().any(|(key, _)| key.value == "name");
        let Some((name, value)) = entries.first_mut() else { return };
        if has_name || !known("name") || known(&name.value) || !self.is_bare(value) {
            return;
        }
        let begins = self.text.get(..name.span.start as usize).unwrap_or_default().trim_end_matches(' ');
        let Some(dash) = begins.strip_suffix('-').map(str::len) else { return };
        let rest = self.text.get(name.span.end as usize..).unwrap_or_default();
        let colon = usize::from(rest.starts_with(':'));
        let span = Span::new(name.span.file, dash, name.span.end as usize + colon);
        let said = name.value.clone();
        let message = format!("an entry of `{list}` has the key `name`, and not `{}`", short(&said));
        let help = match (list, alone) {
            ("compliance", true) => format!("write `- {said}`"),
            _ => format!("write `- name: {said}`"),
        };
        let place = name.span;
        value.kind = Kind::String(said);
        value.span = place;
        "name".clone_into(&mut name.value);
        self.find(span, message, help);
    }

    /// `{requests: 400,000}`: the commas of a number end it.
    fn commas(&mut self, entries: &mut Entries) {
        let mut at = 0;
        while at < entries.len() && self.findings.len() < MAX_FINDINGS_PER_FILE {
            let Some((_, value)) = entries.get(at) else { break };
            at += 1;
            let Kind::Number { text, .. } = &value.kind else { continue };
            if text.len() > 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let more = entries
                .iter()
                .skip(at)
                .take_while(|(key, value)| is_thousands(&key.value) && self.is_bare(value));
            let more: Vec<Spanned<String>> = more.map(|(key, _)| key.clone()).collect();
            let Some(last) = more.last() else { continue };
            let whole = more.iter().fold(text.clone(), |whole, part| whole + &part.value);
            let span = value.span.to(last.span);
            let written = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let message = format!("the commas of `{}` end the number", short(written));
            let help = format!("write `{whole}`");
            let Some((_, value)) = entries.get_mut(at - 1) else { break };
            *value = Value { span, kind: scalar::plain(&whole) };
            entries.drain(at..at + more.len());
            self.find(span, message, help);
        }
    }

    /// `{status = confirmed}`: another sign in the place of the colon.
    fn colons(&mut self, schema: &'a Json, known: &[&str], entries: &mut [(Spanned<String>, Value)]) {
        for (key, value) in entries.iter_mut().filter(|(key, _)| !known.contains(&key.value.as_str())) {
            if value.kind != Kind::Null {
                continue;
            }
            let Some((name, text)) = nulls::with_colon(&key.value).filter(|(name, _)| known.contains(name))
            else {
                continue;
            };
            let of = schema.get("properties").and_then(|known| known.get(name));
            let of = of.map(|of| pointer::resolved(self.root, of)).and_then(|of| of.get("type"));
            let is_list = of.and_then(Json::as_str) == Some("array") && !text.starts_with('[');
            let one = scalar::plain(text.trim_matches(['"', '\'']));
            let (finding, kind) = if is_list {
                let item = Value { span: key.span, kind: one };
                (nulls::slip(key, name, &format!("[{text}]")), Kind::List(vec![item]))
            } else {
                (nulls::slip(key, name, text), one)
            };
            let name = name.to_owned();
            *value = Value { span: key.span, kind };
            key.value = name;
            self.findings.push(finding);
        }
    }

    /// `dpa:` with its keys in the lines below, and not deeper.
    fn below(&mut self, schema: &'a Json, known: &[&str], entries: &mut Entries) {
        let mut at = 0;
        while at < entries.len() {
            at += 1;
            let Some((outer, value)) = entries.get(at - 1) else { break };
            let column = self.is_bare(value).then(|| self.column(outer.span));
            let Some(column) = column.flatten() else { continue };
            let Some(of) = schema.get("properties").and_then(|known| known.get(&outer.value)) else {
                continue;
            };
            let Some(inner) = inner_keys(pointer::resolved(self.root, of)) else { continue };
            let is_inner = |(key, value): &&(Spanned<String>, Value)| {
                !known.contains(&key.value.as_str())
                    && self.column(key.span) == Some(column)
                    && is_of((&key.value, value), &inner, (known, &outer.value))
            };
            let count = entries.iter().skip(at).take_while(is_inner).count();
            let Some((first, _)) = entries.get(at).filter(|_| count > 0) else { continue };
            let (outer, place, first) = (outer.value.clone(), first.span, first.value.clone());
            let lines = if count == 1 { "it".to_owned() } else { format!("these {count} keys") };
            let message = format!("`{}` stands beside `{outer}`, and not below it", short(&first));
            let mut moved: Entries = entries.drain(at..at + count).collect();
            let called = renamed(&mut moved, &inner);
            let help = format!("indent {lines} by {} spaces, deeper than `{outer}`{called}", column + 2);
            self.find(place, message, help);
            if let Some((_, value)) = entries.get_mut(at - 1) {
                value.span = moved.iter().fold(place, |whole, (key, value)| {
                    if value.span.start >= key.span.start { whole.to(value.span) } else { whole.to(key.span) }
                });
                value.kind = Kind::Map(moved);
            }
        }
    }

    /// `owner: #support`: a comment in the place of a text that has to be there.
    fn comments(&mut self, schema: &'a Json, entries: &mut [(Spanned<String>, Value)]) {
        let required = schema.get("required").and_then(Json::as_array);
        let is_required =
            |key: &str| required.is_some_and(|all| all.iter().any(|name| name.as_str() == Some(key)));
        for (key, value) in entries.iter_mut().filter(|(key, _)| is_required(&key.value)) {
            if !self.is_bare(value) {
                continue;
            }
            let start = key.span.start as usize;
            let rest = self.text.get(start..).unwrap_or_default();
            // What follows a value that is empty may hold a comment of its own: `{owner: , team: a} # later`.
            let Some((_, behind)) = rest.split_once(':') else { continue };
            if !behind.trim_start_matches([' ', '\t']).starts_with('#') {
                continue;
            }
            let line = rest.lines().next().unwrap_or_default();
            let Some((_, written)) = line.split_once(':') else { continue };
            let Some(whole) = apparent::hidden(written.trim()) else { continue };
            let span = Span::new(key.span.file, start, start + line.trim_end().len());
            let message = format!("`{}` is a comment: `{}` holds nothing", short(&whole), key.value);
            value.kind = Kind::String(whole.clone());
            value.span = span;
            self.find(
                span,
                message,
                format!("write `{}: \"{whole}\"`: a comment begins with `#`", key.value),
            );
        }
    }

    /// Whether nothing at all is written as a value.
    fn is_bare(&self, value: &Value) -> bool {
        value.kind == Kind::Null && {
            let written = self.text.get(value.span.start as usize..value.span.end as usize);
            written.is_none_or(|written| written.trim().is_empty())
        }
    }

    /// The column of a key that begins its line.
    fn column(&self, key: Span) -> Option<usize> {
        let before = self.text.get(..key.start as usize)?;
        let head = before.trim_end_matches([' ', '-']);
        (head.is_empty() || head.ends_with('\n')).then_some(before.len() - head.len())
    }
}

/// Three digits, the last of them with a fraction behind them.
fn is_thousands(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 3 && digits(whole) && digits(fraction)
}

/// The keys of a map, none where any may stand in it; of what is no map there is nothing.
fn inner_keys(schema: &Json) -> Option<Vec<&str>> {
    if schema.get("type").and_then(Json::as_str) != Some("object") {
        return None;
    }
    let known = schema.get("properties").and_then(Json::as_object);
    Some(known.map(|known| known.keys().map(String::as_str).collect()).unwrap_or_default())
}

/// Keys in other words, called as ours are; what is said of that.
fn renamed(entries: &mut Entries, known: &[&str]) -> String {
    let mut names = Vec::new();
    for (key, _) in entries.iter_mut().filter(|(key, _)| !known.contains(&key.value.as_str())) {
        let help = advice::unknown_key(&key.value, known, &[], None);
        let ours = help.strip_prefix("did you mean `").and_then(|help| help.strip_suffix("`?"));
        if let Some(ours) = known.iter().find(|known| Some(**known) == ours) {
            names.push(format!("`{ours}`"));
            (*ours).clone_into(&mut key.value);
        }
    }
    if names.is_empty() { String::new() } else { format!(", and write {}", listed::joined(&names, "and")) }
}

/// Whether a key that is none of the outer map is one of an inner map, be it in other words.
fn is_of((key, value): (&str, &Value), inner: &[&str], (outer, name): (&[&str], &str)) -> bool {
    let is_meant = |known: &[&str]| {
        let help = advice::unknown_key(key, known, &[], None);
        help.starts_with("did you mean") && help != format!("did you mean `{name}`?")
    };
    if inner.is_empty() {
        // Providers, and settings of a gateway.
        let is_provider = outer.contains(&"providers");
        return if is_provider { matches!(value.kind, Kind::Map(_)) } else { !is_meant(outer) };
    }
    inner.contains(&key) || (is_meant(inner) && !is_meant(outer))
}

/// A tag at the place of a value, or behind the mark before it, where that is all that is written.
fn tag_at(text: &str, span: Span) -> Option<(usize, &str)> {
    let at = span.start as usize;
    let word = |at: usize| {
        let rest = text.get(at..)?;
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(rest.len());
        rest.get(..end).filter(|word| word.len() > 1 && word.starts_with('!')).map(|word| (at, word))
    };
    let before = || {
        let head = text.get(..at)?.trim_end_matches(' ');
        let begins =
            head.rfind(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | '{')).map_or(0, |at| at + 1);
        word(begins).filter(|(start, word)| start + word.len() == head.len())
    };
    word(at).or_else(before)
}
