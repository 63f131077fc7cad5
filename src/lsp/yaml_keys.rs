//! Which key of which schema stands at a place of a YAML file that may be half written: by indentation, not by a parser.

use std::sync::OnceLock;

use serde_json::Value as Json;

use super::yaml_lists;
use crate::source::FileKind;
use crate::yaml::schema::Schema;

/// A place in a YAML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The keys that lead to it, lists left out.
    pub(super) path: Vec<String>,
    /// The key whose value is being written, if one is.
    pub(super) key: Option<String>,
    /// Where the word begins that is being written.
    pub(super) start: usize,
    /// It is an entry of the list that is the value of that key.
    pub(super) is_entry: bool,
    /// The keys that stand beside it already.
    pub(super) beside: Vec<String>,
    /// The entries that the list has already in which it is one.
    pub(super) listed: Vec<String>,
}

/// What ends a line for an editor.
pub(super) const ENDS: [char; 2] = ['\n', '\r'];

fn schema_of(kind: FileKind) -> Option<&'static Json> {
    static SCHEMAS: [OnceLock<Option<Json>>; 3] = [const { OnceLock::new() }; 3];
    let (schema, at) = match kind {
        FileKind::Registry => (Schema::Registry, 0),
        FileKind::Estate => (Schema::Estate, 1),
        FileKind::Config => (Schema::Config, 2),
        FileKind::Policy | FileKind::Ignored => return None,
    };
    SCHEMAS.get(at)?.get_or_init(|| serde_json::from_str(schema.text()).ok()).as_ref()
}

/// What a key at a place means, and where it stands.
pub(super) fn about(kind: FileKind, text: &str, offset: usize) -> Option<(String, usize, usize)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = text.get(..offset)?;
    let start = before.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    let after = text.get(offset..)?;
    let end = offset + after.find(|c| !is_word(c)).unwrap_or(after.len());
    let key = text.get(start..end).filter(|key| !key.is_empty())?;
    if !text.get(end..)?.trim_start_matches(' ').starts_with(':') {
        return None;
    }
    let place = place(text, start)?;
    let object = walk(schema_of(kind)?, &place.path)?;
    let property = property(schema_of(kind)?, object, key)?;
    let said = property.get("description").or_else(|| property.get("title"))?.as_str()?;
    Some((format!("`{key}`: {said}{}", values_in_words(schema_of(kind)?, property)), start, end))
}

fn values_in_words(root: &Json, property: &Json) -> String {
    let values = values_of(root, property);
    if values.is_empty() { String::new() } else { format!("\n\none of `{}`", values.join("`, `")) }
}

/// The keys that can stand at a place, each with what it means.
pub(super) fn keys(kind: FileKind, place: &Place) -> Vec<(String, String)> {
    let Some(root) = schema_of(kind) else { return Vec::new() };
    let Some(object) = walk(root, &place.path) else { return Vec::new() };
    let properties = object.get("properties").and_then(Json::as_object);
    let about = |key: &String| {
        let property = property(root, object, key)?;
        Some(property.get("description").or_else(|| property.get("title"))?.as_str()?.to_owned())
    };
    let keys = properties.into_iter().flatten().map(|(key, _)| (key.clone(), about(key).unwrap_or_default()));
    keys.collect()
}

/// The values that the key at a place may have, where its schema lists them.
pub(super) fn values(kind: FileKind, place: &Place) -> Vec<String> {
    let found = || {
        let root = schema_of(kind)?;
        let property = property(root, walk(root, &place.path)?, place.key.as_deref()?)?;
        Some(values_of(root, property))
    };
    found().unwrap_or_default()
}

fn values_of(root: &Json, property: &Json) -> Vec<String> {
    let property = items(root, property);
    let listed = property.get("enum").and_then(Json::as_array);
    let mut values: Vec<String> =
        listed.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    if property.get("type").and_then(Json::as_str) == Some("boolean") {
        values.extend(["true", "false"].map(str::to_owned));
    }
    values
}

fn resolved<'a>(root: &'a Json, place: &'a Json) -> &'a Json {
    let reference = place.get("$ref").and_then(Json::as_str).and_then(|text| text.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(place)
}

/// Of a list what stands in it, and of several kinds of thing the map.
fn items<'a>(root: &'a Json, place: &'a Json) -> &'a Json {
    let mut place = resolved(root, place);
    for _ in 0..4 {
        let kinds = ["oneOf", "anyOf"].iter().find_map(|key| place.get(*key)?.as_array());
        let map = kinds.and_then(|kinds| {
            kinds.iter().map(|kind| resolved(root, kind)).find(|kind| kind.get("properties").is_some())
        });
        let Some(next) = place.get("items").or(map) else { break };
        place = resolved(root, next);
    }
    place
}

fn property<'a>(root: &'a Json, object: &'a Json, key: &str) -> Option<&'a Json> {
    let known = object.get("properties").and_then(|properties| properties.get(key));
    let other = || object.get("additionalProperties").filter(|other| other.is_object());
    known.or_else(other).map(|found| resolved(root, found))
}

/// The object at a path.
fn walk<'a>(root: &'a Json, path: &[String]) -> Option<&'a Json> {
    let mut place = root;
    for key in path {
        place = items(root, property(root, place, key)?);
    }
    Some(place)
}

/// The keys that lead to a place, and the key whose value it is in.
pub(super) fn place(text: &str, offset: usize) -> Option<Place> {
    let before = text.get(..offset)?;
    let line_start = before.rfind(ENDS).map_or(0, |at| at + 1);
    let line = before.get(line_start..)?;
    if line.contains(" #") || line.trim_start().starts_with('#') {
        return None;
    }
    let word =
        line.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '*' | ':' | '@')));
    let word = word
        .map_or(0, |at| at + line.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let start = line_start + word;
    let at = column(line, word);
    let path = above(before.get(..line_start)?, at);
    let head = line.get(..word)?;
    let content = head.trim_start_matches([' ', '-']);
    let (key, rest) = match content.split_once(':').filter(|_| !content.starts_with(['{', '['])) {
        Some((name, rest)) => (Some(bare(name)), rest),
        None => (None, content),
    };
    let is_keyed = key.is_some();
    let flow = Flow::of(path, key, rest);
    if let Some(open) = flow.open.last() {
        let (key, beside) = (flow.key().cloned(), open.keys.clone());
        let listed = if open.is_list { yaml_lists::on_line(&open.entries, text, offset) } else { Vec::new() };
        return Some(Place { path: flow.path, key, start, is_entry: false, beside, listed });
    }
    let is_item = head.trim_start().starts_with('-');
    // An entry of a list on lines of its own may be a value of the key above.
    let key = if !is_keyed && is_item { flow.path.last().cloned() } else { flow.key };
    let is_first = content.is_empty();
    let beside = if is_first { beside(text, line_start, line, at) } else { Vec::new() };
    let is_entry = !is_keyed && is_item;
    let listed = if is_entry { yaml_lists::on_lines(text, line_start) } else { Vec::new() };
    Some(Place { path: flow.path, key, start, is_entry, beside, listed })
}

/// A key without the quotes around it.
pub(super) fn bare(key: &str) -> String {
    key.trim().trim_matches(['"', '\'']).to_owned()
}

/// What braces and brackets of a line are open at its end.
struct Flow {
    /// The keys that lead there.
    path: Vec<String>,
    /// The key of the line.
    key: Option<String>,
    open: Vec<Open>,
}

/// An open brace or bracket.
struct Open {
    is_list: bool,
    /// The key whose value is being written: in a list that of the list.
    key: Option<String>,
    /// The keys that it has already.
    keys: Vec<String>,
    /// The entries that it has already; of a map the value of its `name`.
    entries: Vec<String>,
    /// It stands behind a key, which leads to what is in it.
    is_deeper: bool,
}

impl Flow {
    /// Reads what stands behind the key of a line.
    fn of(path: Vec<String>, key: Option<String>, rest: &str) -> Self {
        let mut flow = Self { path, key, open: Vec::new() };
        let (mut word, mut quote) = (String::new(), None);
        for c in rest.chars() {
            if quote.is_some() || matches!(c, '"' | '\'') {
                quote = if quote == Some(c) { None } else { quote.or(Some(c)) };
                word.push(c);
                continue;
            }
            match c {
                '{' | '[' => flow.begin(c == '['),
                '}' | ']' => {
                    flow.part(false, &word);
                    flow.end();
                }
                ':' | ',' => flow.part(c == ':', &word),
                c => {
                    word.push(c);
                    continue;
                }
            }
            word.clear();
        }
        flow
    }

    fn key(&self) -> Option<&String> {
        self.open.last().map_or(self.key.as_ref(), |open| open.key.as_ref())
    }

    fn begin(&mut self, is_list: bool) {
        let key = self.key().cloned();
        let deeper = key.clone().filter(|_| !is_list);
        let is_deeper = deeper.is_some();
        self.path.extend(deeper);
        let (keys, entries) = (Vec::new(), Vec::new());
        self.open.push(Open { is_list, key: key.filter(|_| is_list), keys, entries, is_deeper });
    }

    fn end(&mut self) {
        let Some(ended) = self.open.pop() else { return };
        if ended.is_deeper {
            self.path.pop();
        }
        if let Some(open) = self.open.last_mut().filter(|open| open.is_list && !ended.is_list) {
            open.entries.extend(ended.entries);
        }
    }

    /// A key, or the end of one and its value.
    fn part(&mut self, is_key: bool, word: &str) {
        let Some(open) = self.open.last_mut() else { return };
        let is_entry =
            if open.is_list { !bare(word).is_empty() } else { open.key.as_deref() == Some("name") };
        open.entries.extend((is_entry && !is_key).then(|| bare(word)));
        if !open.is_list {
            open.key = is_key.then(|| bare(word));
            open.keys.extend(open.key.clone());
        }
    }
}

/// The column of what a line says, and its key; none of a line that says nothing.
fn content(line: &str) -> Option<(usize, Option<&str>)> {
    let content = line.trim_start_matches([' ', '-']);
    let is_said = !content.is_empty() && !content.starts_with('#');
    is_said.then(|| (line.len() - content.len(), content.split_once(':').map(|(key, _)| key)))
}

/// The keys in the same column of the same map as what stands in a column of a line.
fn beside(text: &str, line_start: usize, line: &str, column: usize) -> Vec<String> {
    let is_item = |line: &str| line.trim_start().starts_with('-');
    let (before, after) =
        (text.get(..line_start).unwrap_or_default(), text.get(line_start..).unwrap_or_default());
    let mut found = Vec::new();
    let mut take = |key: Option<&str>| {
        found.extend(key.map(bare));
    };
    let above = before.split(ENDS).rev().filter_map(|line| Some((line, content(line)?)));
    for (other, (at, key)) in above.take_while(|(_, (at, _))| *at >= column && !is_item(line)) {
        if at == column {
            take(key);
            if is_item(other) {
                break;
            }
        }
    }
    let below = after.split(ENDS).skip(1).filter_map(|line| Some((line, content(line)?)));
    for (other, (at, key)) in below.take_while(|(_, (at, _))| *at >= column) {
        if at == column {
            if is_item(other) {
                break;
            }
            take(key);
        }
    }
    found
}

/// The column of what stands in a line: behind the dashes of lists.
fn column(line: &str, word: usize) -> usize {
    let head = line.get(..word).unwrap_or_default();
    if head.trim_start_matches([' ', '-']).is_empty() {
        word
    } else {
        head.len() - head.trim_start_matches([' ', '-']).len()
    }
}

/// The keys of the lines above that lead to a column.
fn above(text: &str, column: usize) -> Vec<String> {
    let (mut path, mut below) = (Vec::new(), column);
    for line in text.split(ENDS).rev() {
        if below == 0 {
            break;
        }
        let content = line.trim_start_matches([' ', '-']);
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let at = line.len() - content.len();
        let is_item = line.trim_start().starts_with('-');
        if at < below {
            if let Some((key, _)) = content.split_once(':') {
                path.push(bare(key));
            }
            below = if is_item { line.len() - line.trim_start().len() } else { at };
            // The key of a list may stand in the column of its dashes.
            if is_item {
                below += 1;
            }
        } else if is_item && line.len() - line.trim_start().len() < below {
            below = line.len() - line.trim_start().len() + 1;
        }
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::{about, keys, place, values};
    use crate::source::FileKind;

    const REGISTRY: &str = "providers:\n  openai:\n    hosting: cl\n    dpa: {status: con}\n    models:\n      - name: a\n        tier: pre\n        \n";

    fn at(needle: &str) -> usize {
        REGISTRY.find(needle).map_or(0, |at| at + needle.len())
    }

    #[test]
    fn keys_and_values_are_found_by_indentation() {
        let of = |offset| place(REGISTRY, offset).unwrap_or_else(|| panic!("no place"));
        let hosting = of(at("hosting: cl"));
        assert_eq!(
            (hosting.path.join("."), hosting.key.as_deref()),
            ("providers.openai".into(), Some("hosting"))
        );
        assert_eq!(values(FileKind::Registry, &hosting), ["cloud", "private-cloud", "self-hosted"]);
        let status = of(at("status: con"));
        assert_eq!(
            (status.path.join("."), status.key.as_deref()),
            ("providers.openai.dpa".into(), Some("status"))
        );
        assert_eq!(values(FileKind::Registry, &status), ["none", "pending", "confirmed"]);
        let tier = of(at("tier: pre"));
        assert_eq!(tier.path.join("."), "providers.openai.models");
        assert_eq!(values(FileKind::Registry, &tier), ["economy", "standard", "premium"]);
        let new = of(REGISTRY.len() - 1);
        assert_eq!((new.path.join("."), new.key), ("providers.openai.models".into(), None));
        let known = keys(
            FileKind::Registry,
            &place(REGISTRY, REGISTRY.len() - 1).unwrap_or_else(|| panic!("no place")),
        );
        assert!(known.iter().any(|(key, about)| key == "context_window" && !about.is_empty()));
    }

    #[test]
    fn a_key_is_explained_by_its_schema() {
        let said = about(FileKind::Registry, REGISTRY, at("hosti")).map(|(text, ..)| text);
        assert_eq!(
            said.as_deref(),
            Some("`hosting`: Who runs the machines.\n\none of `cloud`, `private-cloud`, `self-hosted`")
        );
        assert_eq!(about(FileKind::Registry, REGISTRY, at("hosting: c")), None);
    }
}
