//! What words of the format mean: certifications and regions.

use super::Document;
use crate::yaml::Value;

/// Certifications and laws that people name without saying who holds them.
const KNOWN: [&str; 14] = [
    "hipaa", "gdpr", "soc2", "soc1", "iso27001", "iso27701", "iso42001", "pci-dss", "fedramp", "hitrust",
    "ccpa", "c5", "irap", "tisax",
];

/// Regions that people name without saying who is there.
const REGIONS: [&str; 3] = ["eu", "us", "uk"];

/// A word without what only says that it is a certification.
pub(super) fn certification(word: &str) -> &str {
    let word = word.strip_prefix("compliance_").unwrap_or(word);
    let ends = ["_compliance", "_compliant", "_certified", "_certification"];
    ends.into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// A certification that everybody knows.
pub(super) fn known_certification(word: &str) -> Option<&'static str> {
    let word = certification(word);
    KNOWN.into_iter().find(|known| same(known, word) || (*known == "pci-dss" && word == "pci"))
}

/// The region that a word means: one that it calls a region, one that the file has, or one that everybody knows.
pub(super) fn region(document: &Document, word: &str) -> Option<String> {
    let begins = ["region_", "data_residency_", "residency_", "processing_in_"];
    let ends = ["_region", "_data_residency", "_residency", "_processing"];
    let called = begins
        .into_iter()
        .find_map(|begin| word.strip_prefix(begin))
        .or_else(|| ends.into_iter().find_map(|end| word.strip_suffix(end)));
    let regions = owners(document).filter_map(|owner| owner.get("regions").or_else(|| owner.get("region")));
    let mut regions = regions.flat_map(|value| match value.items() {
        [] => std::slice::from_ref(value),
        items => items,
    });
    let stated = regions.find_map(|item| item.text().filter(|text| same(text, called.unwrap_or(word))));
    let known = || REGIONS.into_iter().find(|known| *known == word);
    stated.or(called).or_else(known).map(str::to_owned)
}

fn owners<'a>(document: &'a Document) -> impl Iterator<Item = &'a Value> {
    document.providers.iter().flat_map(|(_, provider)| {
        let models = provider.get("models").map(Value::items).unwrap_or_default();
        models.iter().chain(std::iter::once(provider))
    })
}

/// Certifications that the file names.
pub(super) fn certifications<'a>(document: &'a Document) -> Vec<&'a str> {
    let lists = owners(document).filter_map(|owner| owner.get("compliance"));
    lists.flat_map(Value::items).filter_map(|item| item.text().or_else(|| item.get("name")?.text())).collect()
}

/// Whether two names differ in case and in what joins their words only.
pub(super) fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.')).map(|c| c.to_ascii_lowercase()).collect()
    };
    !a.is_empty() && plain(a) == plain(b)
}
