//! Sections that people write in another shape than the published one: read where it can mean one thing only, and
//! named where it cannot.

use crate::import::{Notes, text};
use crate::source::Spanned;
use crate::yaml::{Kind, Value};

/// The providers by name; also of a list in which each says what it is called.
pub(super) fn providers(top: &Value, notes: &mut Notes) -> Result<Vec<(Spanned<String>, Value)>, String> {
    const IS_NONE: &str = "this is not a `governance:` document: ";
    let Some((key, written)) = top.entry("providers") else {
        return Err(format!("{IS_NONE}it has no `providers`"));
    };
    let Kind::List(items) = &written.kind else {
        if written.entries().is_empty() {
            return Err(format!("{IS_NONE}its `providers` is {} and names none", text::kind(written)));
        }
        return Ok(written.entries().to_vec());
    };
    let mut found: Vec<(Spanned<String>, Value)> = Vec::new();
    for item in items {
        let named = ["name", "id", "provider"].iter().find_map(|key| Some((*key, item.get(key)?.spanned()?)));
        let Some((key, name)) = named else {
            notes.left(item.span, "an entry of `providers` that does not say what it is called");
            continue;
        };
        if found.iter().any(|(known, _)| known.value == name.value) {
            let shown = text::comment(&name.value);
            notes.left(item.span, format!("`{shown}` stands in `providers` again: the first entry counts"));
            continue;
        }
        let rest = item.entries().iter().filter(|(other, _)| other.value != key).cloned();
        found.push((name, Value { span: item.span, kind: Kind::Map(rest.collect()) }));
    }
    if found.is_empty() {
        return Err(format!("{IS_NONE}its `providers` is a list in which nothing has a name"));
    }
    notes.read(key.span, "`providers` as a map: it is a list whose entries have names");
    Ok(found)
}

/// The maps of a section that is one; also of a list of them, which count together.
pub(super) fn maps<'a>(section: &'a Value, name: &str, notes: &mut Notes) -> Vec<&'a Value> {
    if let Kind::Map(_) = section.kind {
        return vec![section];
    }
    let is_map = |item: &&Value| matches!(item.kind, Kind::Map(_));
    for item in section.items().iter().filter(|item| !is_map(item)) {
        let what = text::kind(item);
        notes.left(item.span, format!("an entry of `{name}`: it is {what}, `{}`, and no map", shown(item)));
    }
    let found: Vec<&Value> = section.items().iter().filter(is_map).collect();
    if found.is_empty() {
        let what = text::kind(section);
        notes.left(
            section.span,
            format!("`{name}`: it is {what}, `{}`, and says nothing that can be read", shown(section)),
        );
    } else {
        notes.read(
            section.span,
            format!("`{name}` as one map: it is a list, and what its entries say holds together"),
        );
    }
    found
}

/// True or false, also where it is written as text, which is then said.
pub(super) fn truth(key: &str, value: &Value, notes: &mut Notes) -> Option<bool> {
    let is = quiet_truth(value)?;
    if let Some(written) = value.text() {
        let own = ["true", "false"].contains(&written.trim().to_ascii_lowercase().as_str());
        let why = if own { "it is written as a text" } else { "so it was in YAML 1.1" };
        notes.read(value.span, format!("`{}` as {is}: {why}", text::comment(key)));
    }
    Some(is)
}

/// The same, of which nothing is said.
pub(super) fn quiet_truth(value: &Value) -> Option<bool> {
    if let Kind::Bool(is) = value.kind {
        return Some(is);
    }
    match value.text()?.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A rule with what a map calls it.
pub(super) struct Rule<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) value: &'a Value,
}

/// Keys by which a map is one rule and not several.
const OF_A_RULE: [&str; 4] = ["action", "rule", "when", "condition"];

/// The rules of a section: a list of them, one alone, or a map with a name for each.
pub(super) fn rules<'a>(section: &'a Value, notes: &mut Notes) -> Vec<Rule<'a>> {
    let unnamed = |value: &'a Value| Rule { name: None, value };
    match &section.kind {
        Kind::List(items) => items.iter().map(unnamed).collect(),
        Kind::Map(_)
            if OF_A_RULE.iter().any(|key| section.get(key).is_some_and(|value| value.text().is_some())) =>
        {
            notes.read(
                section.span,
                "`routing_policies` as one rule: it is a map with what a rule has, and no list",
            );
            vec![unnamed(section)]
        }
        Kind::Map(entries) => {
            if !entries.is_empty() {
                notes.read(
                    section.span,
                    "`routing_policies` as a list: it is a map, whose keys are the names of the rules",
                );
            }
            entries.iter().map(|(name, value)| Rule { name: Some(&name.value), value }).collect()
        }
        _ => {
            let what = text::kind(section);
            notes.left(
                section.span,
                format!("`routing_policies`: it is {what}, `{}`, and no list of rules", shown(section)),
            );
            Vec::new()
        }
    }
}

/// Says that a key stands in several of the maps that count together, with different values; whether it does.
pub(super) fn twice(key: &Spanned<String>, value: &Value, before: &Value, notes: &mut Notes) -> bool {
    let differs = text::flow(value) != text::flow(before);
    if differs {
        let named = text::comment(&key.value);
        notes.left(
            key.span,
            format!("`{named}: {}`: an entry before it says `{}`, which counts", shown(value), shown(before)),
        );
    }
    differs
}

fn shown(value: &Value) -> String {
    text::comment(&text::flow(value))
}
