//! From one table to the next in the folder of a running proxy.
//!
//! Envoy reads clusters before routes, and forgets at once what a file names no more. So the files first hold what both
//! tables need, then the routes change, and what only the old routes led to goes last.

use std::collections::BTreeSet;

use serde_json::Value;

/// The files of what routes lead to, in the order in which they must appear.
pub const LED_TO: [&str; 2] = ["xds/clusters.json", "xds/listeners.json"];

/// A new file with the old one's other resources; none where it has no others, or is no such file.
pub fn both(old: &str, new: &str) -> Option<String> {
    let (old, mut new): (Value, Value) = (serde_json::from_str(old).ok()?, serde_json::from_str(new).ok()?);
    let name = |resource: &Value| resource.get("name").and_then(Value::as_str).map(str::to_owned);
    let resources = new.get_mut("resources")?.as_array_mut()?;
    let known: BTreeSet<String> = resources.iter().filter_map(name).collect();
    let others = old.get("resources")?.as_array()?.iter();
    let others: Vec<Value> =
        others.filter(|one| name(one).is_some_and(|name| !known.contains(&name))).cloned().collect();
    if others.is_empty() {
        return None;
    }
    resources.extend(others);
    Some(format!("{new}\n"))
}

#[cfg(test)]
mod tests {
    use super::both;

    #[test]
    fn what_is_new_wins_and_what_is_old_stays_beside_it() {
        let old = r#"{"version_info":"1","resources":[{"name":"a","of":1},{"name":"b","of":1}]}"#;
        let new = r#"{"version_info":"2","resources":[{"name":"b","of":2},{"name":"c","of":2}]}"#;
        let both_of = r#"{"resources":[{"name":"b","of":2},{"name":"c","of":2},{"name":"a","of":1}],"version_info":"2"}"#;
        assert_eq!(both(old, new).map(|text| text.trim().to_owned()).as_deref(), Some(both_of));
        assert_eq!(both(new, new), None);
        assert_eq!(both("no JSON", new), None);
    }
}
