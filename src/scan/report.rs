//! Hits for people, for programs, for code scanning; and the ones that a baseline knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Found, Hit, Place, Scanned, What, Words};
use crate::limits::shown;
use crate::model::words::{count, number};
use crate::render::json::to_text;
use crate::render::root::uri;
use crate::source::visible;

/// Hits that are known: by file and text, how many.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Baseline(BTreeMap<String, BTreeMap<String, usize>>);

impl Baseline {
    /// The hits of a scan.
    pub fn of(found: &[Found]) -> Self {
        let mut baseline = Self::default();
        for (file, hit) in all(found) {
            *baseline.0.entry(file.to_owned()).or_default().entry(known_as(hit)).or_default() += 1;
        }
        baseline
    }

    /// Takes out what is known, the first of a text in a file first: lines may have moved.
    pub fn leave_new(mut self, found: &mut Vec<Found>) {
        for one in found.iter_mut() {
            let known = self.0.entry(one.path.clone()).or_default();
            one.hits.retain(|hit| match known.get_mut(&known_as(hit)) {
                Some(left @ 1..) => {
                    *left -= 1;
                    false
                }
                _ => true,
            });
        }
        found.retain(|one| !one.hits.is_empty());
    }

    /// As a file.
    pub fn to_text(&self) -> String {
        to_text(&self.0)
    }

    /// From a file.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| format!("this is not a baseline: {error}"))
    }
}

/// What a baseline knows a hit by.
fn known_as(hit: &Hit) -> String {
    hit.mark.as_ref().map_or_else(|| hit.text.clone(), |mark| format!("{} sha256:{mark}", hit.text))
}

fn all(found: &[Found]) -> impl Iterator<Item = (&str, &Hit)> {
    found.iter().flat_map(|one| one.hits.iter().map(move |hit| (one.path.as_str(), hit)))
}

/// The places that a migration has to touch: hits in code and configuration.
pub fn score(found: &[Found]) -> usize {
    all(found).filter(|(_, hit)| hit.place == Place::Code).count()
}

/// What is to be said of a hit.
fn about(hit: &Hit, words: &Words, day: &str) -> String {
    let known = match hit.what {
        What::Endpoint => return "where a provider is reached".to_owned(),
        What::Key => return "looks like a key: have it replaced, and keep it in the environment".to_owned(),
        What::Model(at) => words.known.get(at).cloned().unwrap_or_default(),
    };
    let mut said = match &known.registered {
        Some(id) => {
            let ids: Vec<String> =
                std::iter::once(id).chain(&known.also).map(|id| format!("`{id}`")).collect();
            let approved =
                if known.approved.is_empty() { "nothing".to_owned() } else { known.approved.join(", ") };
            format!("{} of the registry, approved for {approved}", ids.join(" or "))
        }
        None => format!("not in the registry; listed for {}", known.providers.join(", ")),
    };
    if let Some(sunset) = &known.sunset {
        let tense = if sunset.as_str() <= day { "gone since" } else { "gone from" };
        said += &format!("; {tense} {sunset}");
    }
    said
}

/// For a terminal: what a migration has to touch, line by line, and the rest as numbers.
pub fn human(scanned: &Scanned, words: &Words, day: &str) -> String {
    let Scanned { found, files, left_out } = scanned;
    let mut text = String::new();
    for (path, hit) in all(found).filter(|(_, hit)| hit.place == Place::Code || hit.what == What::Key) {
        let place = format!("{}:{}:{}", visible::inline(path), hit.line, hit.column);
        let within = if hit.place == Place::Code { "" } else { hit.place.name() };
        let within = if within.is_empty() { String::new() } else { format!(" ({within})") };
        text += &format!("{place}: `{}`{within}: {}\n", visible::inline(&hit.text), about(hit, words, day));
    }
    let by = |test: &dyn Fn(&Hit) -> bool| all(found).filter(|(_, hit)| test(hit)).count();
    let rest: Vec<String> = Place::ALL
        .into_iter()
        .filter(|place| *place != Place::Code)
        .filter_map(|place| match by(&|hit| hit.place == place) {
            0 => None,
            n => Some(format!(
                "{} in {}",
                number(n),
                count(2, place.name(), &format!("{}s", place.name())).trim_start_matches("2 ")
            )),
        })
        .collect();
    let gone = by(&|hit| {
        let What::Model(at) = hit.what else { return false };
        let sunset = words.known.get(at).and_then(|known| known.sunset.as_deref());
        hit.place == Place::Code && sunset.is_some_and(|sunset| sunset <= day)
    });
    let score = score(found);
    if !text.is_empty() {
        text.push('\n');
    }
    text += &format!(
        "migration risk {}: {} that a migration has to touch",
        number(score),
        count(score, "place", "places"),
    );
    if gone > 0 {
        text += &format!(", {} of them a model that is gone", number(gone));
    }
    let touched = found.iter().filter(|one| one.hits.iter().any(|hit| hit.place == Place::Code)).count();
    text += &format!(", in {} of {}", number(touched), count(*files, "file", "files"));
    text.push('\n');
    if !rest.is_empty() {
        text += &format!("besides {}\n", rest.join(", "));
    }
    for (path, why) in left_out.iter().take(shown::NOT_SCANNED) {
        text += &format!("not looked into: {}: {}\n", visible::inline(path), visible::inline(why));
    }
    if let Some(more @ 1..) = left_out.len().checked_sub(shown::NOT_SCANNED) {
        text += &format!("not looked into: {}\n", count(more, "more file", "more files"));
    }
    text
}

fn code(what: What) -> &'static str {
    match what {
        What::Model(_) => "hardcoded-model",
        What::Endpoint => "hardcoded-endpoint",
        What::Key => "hardcoded-key",
    }
}

/// As `schemas/scan.schema.json` has it.
pub fn to_json(scanned: &Scanned, words: &Words) -> String {
    let Scanned { found, files, left_out } = scanned;
    let hits = all(found).map(|(path, hit)| {
        let known = match hit.what {
            What::Model(at) => words.known.get(at).cloned().unwrap_or_default(),
            _ => super::words::Known::default(),
        };
        json!({
            "code": code(hit.what), "file": path, "line": hit.line, "column": hit.column, "text": hit.text,
            "place": hit.place.name(), "registered": known.registered, "approved_use_cases": known.approved,
            "sunset": known.sunset,
        })
    });
    let hits: Vec<Value> = hits.collect();
    let left_out = left_out.iter().map(|(path, why)| json!({"file": path, "reason": why}));
    let left_out: Vec<Value> = left_out.collect();
    to_text(&json!({"score": score(found), "files": files, "hits": hits, "left_out": left_out}))
}

/// SARIF 2.1.0: what a migration has to touch, and keys wherever they stand.
pub fn sarif(scanned: &Scanned, words: &Words, day: &str) -> String {
    let rule = |id: &str, text: &str| json!({"id": id, "shortDescription": {"text": text}});
    let hits = all(&scanned.found).filter(|(_, hit)| hit.place == Place::Code || hit.what == What::Key);
    let left_out = scanned.left_out.iter().map(|(path, why)| {
        json!({
            "level": "warning",
            "message": {"text": format!("not looked into: {why}")},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}],
        })
    });
    let left_out: Vec<Value> = left_out.collect();
    let results: Vec<Value> = hits
        .map(|(path, hit)| {
            let end = u64::from(hit.column) + hit.text.chars().count() as u64;
            json!({
                "ruleId": code(hit.what),
                "level": if hit.what == What::Key { "error" } else { "warning" },
                "message": {"text": format!("`{}`: {}", hit.text, about(hit, words, day))},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(path)},
                    "region": {"startLine": hit.line, "startColumn": hit.column, "endColumn": end},
                }}],
            })
        })
        .collect();
    to_text(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "govctl", "version": env!("CARGO_PKG_VERSION"), "rules": [
                rule("hardcoded-model", "a model is named in code"),
                rule("hardcoded-endpoint", "a provider's address stands in code"),
                rule("hardcoded-key", "what looks like a key stands in a file"),
            ]}},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": left_out}],
            "results": results,
        }],
    }))
}
