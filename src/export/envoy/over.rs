//! From one table to the next in the folder of a running proxy.
//!
//! A connection that is open keeps the listener that it came by, with its scripts and its routes. So everything that only
//! listeners of one table lead to carries the table's mark, and the files of a table keep what the one before it needs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The files of what connections lead to, in the order in which they must appear.
pub const LED_TO: [&str; 2] = ["xds/clusters.json", "xds/listeners.json"];

/// What names end with that belong to one table alone, by its digest.
pub fn mark(digest: &str) -> String {
    let digits = digest.strip_prefix("sha256:").unwrap_or(digest);
    format!("@{}", digits.chars().take(16).collect::<String>())
}

/// Lets the files of a table keep what that of the files before it needs; `old` reads one of these.
pub fn keep(files: &mut BTreeMap<String, String>, old: impl Fn(&str) -> Option<String>) {
    for path in LED_TO {
        let both = |new: &String| both(&old(path)?, new);
        if let Some(text) = files.get(path).and_then(both) {
            files.insert(path.to_owned(), text);
        }
    }
}

/// A new file with those resources of the old one that belong to its own table alone; none where it has none, or is no
/// such file. They stand first: a listener must not come before what it leads to.
fn both(old: &str, new: &str) -> Option<String> {
    let (mut old, mut new): (Value, Value) =
        (serde_json::from_str(old).ok()?, serde_json::from_str(new).ok()?);
    let of_old = mark(old.get("version_info")?.as_str()?);
    let is_same = new.get("version_info") == old.get("version_info");
    let name = |resource: &Value| resource.get("name").and_then(Value::as_str).map(str::to_owned);
    let resources = new.get_mut("resources")?.as_array_mut()?;
    let known: BTreeSet<String> = resources.iter().filter_map(name).collect();
    // The same table again: what it kept of the one before it, it keeps.
    let is_kept = |name: &String| {
        !known.contains(name) && if is_same { name.contains('@') } else { name.ends_with(&of_old) }
    };
    let mut kept = std::mem::take(old.get_mut("resources")?.as_array_mut()?);
    kept.retain(|resource| name(resource).is_some_and(|name| is_kept(&name)));
    if kept.is_empty() {
        return None;
    }
    kept.append(resources);
    *resources = kept;
    Some(format!("{new}\n"))
}

#[cfg(test)]
mod tests {
    use super::both;

    fn file(version: &str, names: &[&str]) -> String {
        let resources: Vec<_> =
            names.iter().map(|name| serde_json::json!({"name": name, "of": version})).collect();
        serde_json::json!({"version_info": version, "resources": resources}).to_string()
    }

    #[test]
    fn what_only_the_table_before_needs_stays_in_front_of_what_is_new() {
        let (old, new) = (file("1", &["a@0", "b@1", "front"]), file("2", &["b@2", "front"]));
        let kept = both(&old, &new).unwrap_or_default();
        let wanted = r#"{"resources":[{"name":"b@1","of":"1"},{"name":"b@2","of":"2"},{"name":"front","of":"2"}],"version_info":"2"}"#;
        assert_eq!(kept.trim(), wanted);
        assert_eq!(both(&kept, &new).map(|text| text.trim().to_owned()).as_deref(), Some(wanted));
        assert_eq!(both(&new, &new), None);
        assert_eq!(both("no JSON", &new), None);
    }
}
