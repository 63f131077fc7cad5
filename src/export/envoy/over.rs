//! From one table to the next in the folder of a running proxy.
//!
//! A connection that is open keeps the listener that it came by, with its scripts and its routes. So everything that only
//! listeners of one table lead to carries the table's mark, and the files of a table keep what those before it need. No file
//! says when it came, so what counts is how many tables have come since.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::limits::MAX_KEPT_TABLES;

/// The files of what connections lead to, in the order in which they must appear.
pub const LED_TO: [&str; 2] = ["xds/clusters.json", "xds/listeners.json"];

/// What names end with that belong to one table alone, by its digest.
pub fn mark(digest: &str) -> String {
    let digits = digest.strip_prefix("sha256:").unwrap_or(digest);
    format!("@{}", digits.chars().take(16).collect::<String>())
}

/// Lets the files of a table keep what those before it need; `old` reads one of the files that are there.
pub fn keep(files: &mut BTreeMap<String, String>, old: impl Fn(&str) -> Option<String>) {
    for path in LED_TO {
        let both = |new: &String| both(&old(path)?, new);
        if let Some(text) = files.get(path).and_then(both) {
            let named: Vec<String> = keys(&text).filter(|key| !files.contains_key(key)).collect();
            files.extend(named.into_iter().filter_map(|key| Some((key.clone(), old(&key)?))));
            files.insert(path.to_owned(), text);
        }
    }
}

/// The files of keys that a file names: a start refuses listeners that name one that is gone.
fn keys(text: &str) -> impl Iterator<Item = String> {
    text.split("\"./xds/secrets/").skip(1).filter_map(|rest| {
        let (hash, _) = rest.split_once(".json\"")?;
        let is_ours = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_ours.then(|| format!("xds/secrets/{hash}.json"))
    })
}

/// A new file with those resources of the old one that belong to one table alone: its own and those that it has kept. None
/// where it has none, or is no such file. They stand first, the earliest table before all: a listener must not come before
/// what it leads to.
fn both(old: &str, new: &str) -> Option<String> {
    let (mut old, mut new): (Value, Value) =
        (serde_json::from_str(old).ok()?, serde_json::from_str(new).ok()?);
    let of_new = mark(new.get("version_info")?.as_str()?);
    let resources = new.get_mut("resources")?.as_array_mut()?;
    let known: BTreeSet<String> = resources.iter().filter_map(name).map(str::to_owned).collect();
    let mut kept = std::mem::take(old.get_mut("resources")?.as_array_mut()?);
    let latest = latest(&kept, &of_new);
    kept.retain(|resource| {
        let mark = name(resource).filter(|name| !known.contains(*name)).and_then(mark_of);
        // The same table in another form keeps what it had in the one before.
        mark.is_some_and(|mark| mark == of_new || latest.iter().any(|one| one == mark))
    });
    if kept.is_empty() {
        return None;
    }
    kept.append(resources);
    *resources = kept;
    Some(format!("{new}\n"))
}

fn name(resource: &Value) -> Option<&str> {
    resource.get("name")?.as_str()
}

/// What says to which table something belongs.
fn mark_of(name: &str) -> Option<&str> {
    name.rfind('@').and_then(|at| name.get(at..))
}

/// The marks of the last tables besides the new one, as they stand in a file.
fn latest(resources: &[Value], of_new: &str) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    for mark in resources.iter().filter_map(name).filter_map(mark_of) {
        if mark != of_new && marks.last().is_none_or(|last| last != mark) {
            marks.retain(|one| one != mark);
            marks.push(mark.to_owned());
        }
    }
    marks.split_off(marks.len().saturating_sub(MAX_KEPT_TABLES))
}

#[cfg(test)]
mod tests {
    use super::both;

    fn file(version: &str, names: &[&str]) -> String {
        let resources: Vec<_> =
            names.iter().map(|name| serde_json::json!({"name": name, "of": version})).collect();
        serde_json::json!({"version_info": version, "resources": resources}).to_string()
    }

    fn names(text: &str) -> Vec<String> {
        let file: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let resources = file["resources"].as_array().cloned().unwrap_or_default();
        resources.iter().filter_map(super::name).map(str::to_owned).collect()
    }

    #[test]
    fn what_only_the_table_before_needs_stays_in_front_of_what_is_new() {
        let (old, new) = (file("1", &["b@1", "front"]), file("2", &["b@2", "front"]));
        let kept = both(&old, &new).unwrap_or_default();
        let wanted = r#"{"resources":[{"name":"b@1","of":"1"},{"name":"b@2","of":"2"},{"name":"front","of":"2"}],"version_info":"2"}"#;
        assert_eq!(kept.trim(), wanted);
        assert_eq!(both(&kept, &new).map(|text| text.trim().to_owned()).as_deref(), Some(wanted));
        assert_eq!(both(&new, &new), None);
        assert_eq!(both("no JSON", &new), None);
    }

    #[test]
    fn so_many_tables_are_kept_and_the_earliest_goes_first() {
        let table = |number: usize| file(&number.to_string(), &[&format!("b@{number}"), "front"]);
        let mut running = table(0);
        for number in 1..7 {
            running = both(&running, &table(number)).unwrap_or_default();
        }
        assert_eq!(names(&running), ["b@2", "b@3", "b@4", "b@5", "b@6", "front"]);
        // One that comes back is the latest again.
        running = both(&running, &table(3)).unwrap_or_default();
        assert_eq!(names(&running), ["b@2", "b@4", "b@5", "b@6", "b@3", "front"]);
        running = both(&running, &table(7)).unwrap_or_default();
        assert_eq!(names(&running), ["b@4", "b@5", "b@6", "b@3", "b@7", "front"]);
    }
}
