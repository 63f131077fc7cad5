//! Policy text that was put into a YAML file.

use super::slip::{Slip, above, line_at, short};

/// What begins a statement that has a name and a block.
const BLOCKS: [&str; 10] =
    ["rule", "failover", "budget", "quota", "audit", "guarantee", "test", "compliance", "cost", "latency"];

/// What begins a list of names.
const LISTS: [&str; 10] = [
    "classifications",
    "regions",
    "compliance",
    "data",
    "capabilities",
    "teams",
    "business_units",
    "projects",
    "applications",
    "precedence",
];

/// What to do with it.
pub(super) const MOVE: &str =
    "move the statement to a file of `policies/` whose name ends in `.gov`: registry and estate are YAML";

/// The statement of a policy at or above the place where the parser gave up.
pub(super) fn find(text: &str, at: usize) -> Option<Slip> {
    let here = line_at(text, at);
    // Between the beginning of a statement and what no YAML parser reads stand lines that are no YAML either.
    let mut lines = std::iter::once(here).chain(above(text, here));
    let line = lines.find(|line| is_head(line.body()))?;
    let body = line.body();
    let start = line.start + line.column;
    Some(Slip {
        start,
        end: start + body.len(),
        message: format!("`{}` is a statement of a policy", short(body.trim_end_matches(['{', ' ']))),
        help: MOVE.to_owned(),
    })
}

/// Whether a text begins like a statement of a policy.
pub(super) fn is_head(text: &str) -> bool {
    let text = text.trim_start();
    let line = text.lines().next().unwrap_or_default();
    let mut words = line.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    if first.ends_with(':') || second.starts_with(':') {
        return false;
    }
    let opens = || line.contains('{') && !line.contains(": ");
    match first {
        "compliance" | "cost" | "latency" | "preference" if second == "rule" => true,
        "attribution" => second.starts_with('{'),
        "fact" => words.next() == Some("in"),
        first if BLOCKS.contains(&first) && opens() => true,
        first if LISTS.contains(&first) => {
            let names = line.get(first.len()..).unwrap_or_default();
            names.contains([',', '<', '>']) && !names.contains([':', '[', '"'])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_head;

    #[test]
    fn a_statement_is_told_from_a_key() {
        for head in [
            "compliance rule q {",
            "rule \"q\" {",
            "budget q {",
            "attribution {",
            "fact t in {a, b} default a",
            "regions eu, us",
            "classifications public < internal",
        ] {
            assert!(is_head(head), "{head}");
        }
        for key in [
            "regions: [eu, us]",
            "compliance: [gdpr]",
            "data [pii, health]",
            "budget: 5",
            "test",
            "latency {p95_ms: 3}",
        ] {
            assert!(!is_head(key), "{key}");
        }
    }
}
