//! Conformance vectors of a table: requests with the answer that every loader must give.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::table::format::{Axis, AxisName, UseCase};
use crate::table::{Decision, DecisionTable, Position, Trigger};

/// How far beside an edge a share is tried: beyond every decimal that a policy is likely to state.
const BESIDE: &str = "000001";

/// Every vector of a table, one JSON object each. `name` is what `table` says: a file beside the vectors.
pub fn of_table(table: &DecisionTable, name: &str) -> Vec<String> {
    let mut vectors = Vectors { table, name, found: Vec::new(), seen: HashSet::new() };
    for (use_case, contexts) in table.walk() {
        let mut decisions = BTreeSet::new();
        for context in contexts {
            let positions: Vec<(AxisName<&str>, Position)> = context.positions().collect();
            let request = request(use_case, &positions);
            vectors.ask(&request, &[], None);
            // What is tried when something fails depends on the decision alone.
            if decisions.insert(context.decision) {
                vectors.failing(&request);
            }
        }
        vectors.edges(use_case);
        vectors.misspelt(use_case);
    }
    vectors.strangers();
    vectors.found
}

struct Vectors<'t> {
    table: &'t DecisionTable,
    name: &'t str,
    found: Vec<String>,
    /// Digests of what was found: its text alone takes most of the memory.
    seen: HashSet<[u8; 32]>,
}

impl Vectors<'_> {
    /// Adds a vector with the table's answer, once.
    fn ask(&mut self, request: &Map<String, Value>, down: &[&str], on: Option<Trigger>) {
        let decision = self.table.decide_metadata(request);
        let is_down = self.table.down(down);
        let outcome = match on {
            None => decision.route(|model| is_down.has(model)),
            Some(trigger) => decision.route_on(trigger, |model| is_down.has(model)),
        };
        let path = match on {
            None => decision.outage_path(),
            Some(trigger) => decision.on(trigger),
        };
        let vector = json!({
            "table": self.name,
            "as_of": self.table.table().as_of,
            "request": request,
            "down": down,
            "on": on.map(Trigger::name),
            "decision": decision.index(),
            "route": outcome.target().map(|target| &target.model().id),
            "then": path.map_or_else(|| json!({"action": "block"}), |path| json!(path.then())),
        })
        .to_string();
        if self.seen.insert(Sha256::digest(&vector).into()) {
            self.found.push(vector);
        }
    }

    /// Each trigger, each target down, and all that stand before another.
    fn failing(&mut self, request: &Map<String, Value>) {
        let table = self.table;
        let decision: Decision = table.decide_metadata(request);
        for trigger in Trigger::ALL {
            self.ask(request, &[], Some(trigger));
            for target in decision.on(trigger).into_iter().flat_map(|path| path.targets()) {
                self.ask(request, &[&target.model().id], Some(trigger));
            }
        }
        let after = decision.outage_path().into_iter().flat_map(|path| path.targets());
        let mut before: Vec<&str> = Vec::new();
        for target in decision.primary().into_iter().chain(after) {
            let model = target.model();
            for name in [&model.id, &model.provider, &model.failure_domain] {
                self.ask(request, &[name], None);
            }
            before.push(&model.id);
            self.ask(request, &before, None);
        }
    }

    /// Values on, just below and just above every edge of every band, and outside 0 to 100%.
    fn edges(&mut self, use_case: &UseCase) {
        let table = self.table.table();
        for axis in table.axes(use_case) {
            for cut in axis.cuts.iter().flatten() {
                let edge = cut.trim_start_matches(['<', '=']).trim_end_matches('%');
                for share in [edge.to_owned(), format!("{edge}%"), above(edge), below(edge)] {
                    self.with(use_case, &axis.fact, json!(share));
                }
            }
            if axis.cuts.is_some() {
                for share in ["0", "-1", "100", "100.5", "250%", "", "much", "5.", "1e1", "NaN"] {
                    self.with(use_case, &axis.fact, json!(share));
                }
                self.with(use_case, &axis.fact, json!(50));
            }
        }
    }

    /// Asks with one attribute stated.
    fn with(&mut self, use_case: &UseCase, attribute: &str, value: Value) {
        let mut request = plain(&use_case.name);
        if self.table.table().facts.contains_key(attribute) {
            request.insert("facts".to_owned(), json!({attribute: value}));
        } else {
            request.insert(attribute.to_owned(), value);
        }
        self.ask(&request, &[], None);
    }

    /// Names and values that are nearly right.
    fn misspelt(&mut self, use_case: &UseCase) {
        let name = &use_case.name;
        for other in [format!("{name}x"), name.to_uppercase(), format!(" {name}"), format!("{name}\0")] {
            self.ask(&plain(&other), &[], None);
        }
        if let Some(tag) = &use_case.endpoint_tag {
            self.ask(&plain(tag), &[], None);
            self.ask(&plain(&format!("{tag}.")), &[], None);
        }
        let classifications = self.table.table().classifications.clone();
        for level in &classifications {
            self.with(use_case, "classification", json!(level));
            self.with(use_case, "classification", json!(format!("{level}s")));
        }
        let table = self.table.table();
        let axes: Vec<Axis> = table.axes(use_case).to_vec();
        for axis in axes.iter().filter(|axis| matches!(axis.name(), AxisName::Fact(_))) {
            for value in axis.values.iter().flatten() {
                self.with(use_case, &axis.fact, json!(format!("{value}x")));
            }
            self.with(use_case, &axis.fact, Value::Null);
            self.with(use_case, &axis.fact, json!(true));
            self.with(use_case, &format!("{}x", axis.fact), json!("x"));
        }
    }

    /// Requests that state nothing, or what no table knows.
    fn strangers(&mut self) {
        self.ask(&Map::new(), &[], None);
        self.ask(&plain(""), &[], None);
        self.ask(&plain("no-such-use-case"), &[], None);
        let first = self.table.table().use_cases.first().map(|use_case| use_case.name.clone());
        if let Some(name) = first {
            for attribute in ["budget.no-such-budget.remaining", "budget", "model", "classification "] {
                let mut request = plain(&name);
                request.insert(attribute.to_owned(), json!("50"));
                self.ask(&request, &[], None);
            }
        }
    }
}

fn plain(use_case: &str) -> Map<String, Value> {
    Map::from_iter([("use_case".to_owned(), json!(use_case))])
}

/// The request that stands at a position of every axis.
fn request(use_case: &UseCase, positions: &[(AxisName<&str>, Position)]) -> Map<String, Value> {
    let mut request = plain(&use_case.name);
    let mut facts = Map::new();
    for (name, position) in positions {
        match *position {
            Position::Value(value) => match name {
                AxisName::Fact(fact) => drop(facts.insert((*fact).to_owned(), json!(value))),
                name => drop(request.insert(name.to_string(), json!(value))),
            },
            Position::Band { not, cut } => drop(request.insert(name.to_string(), json!(inside(not, cut)))),
        }
    }
    if !facts.is_empty() {
        request.insert("facts".to_owned(), Value::Object(facts));
    }
    request
}

/// A share in a band: its lower end if that belongs to it, else just above; the lowest band has 0%, or its own edge.
fn inside(not: Option<&str>, cut: Option<&str>) -> String {
    let edge = |cut: &str| cut.trim_start_matches(['<', '=']).trim_end_matches('%').to_owned();
    match (not, cut) {
        (Some(not), _) if not.starts_with("<=") => above(&edge(not)),
        (Some(not), _) => edge(not),
        (None, Some(_)) => "0".to_owned(),
        (None, None) => "100".to_owned(),
    }
}

/// A little more than a decimal.
fn above(decimal: &str) -> String {
    if decimal.contains('.') { format!("{decimal}{BESIDE}") } else { format!("{decimal}.{BESIDE}") }
}

/// A little less than a decimal: its last digit that is not 0 one less, and nines after it.
fn below(decimal: &str) -> String {
    let mut digits: Vec<char> = decimal.chars().collect();
    for digit in digits.iter_mut().rev().filter(|digit| **digit != '.') {
        match digit.to_digit(10) {
            Some(0) => *digit = '9',
            Some(more) => {
                *digit = char::from_digit(more - 1, 10).unwrap_or('0');
                let nines = if decimal.contains('.') { "9999" } else { ".9999" };
                return digits.into_iter().collect::<String>() + nines;
            }
            None => {}
        }
    }
    "-0.0001".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_less_and_a_little_more() {
        for (edge, less, more) in [
            ("20", "19.9999", "20.000001"),
            ("12.5", "12.49999", "12.5000001"),
            ("100", "099.9999", "100.000001"),
            ("0", "-0.0001", "0.000001"),
        ] {
            assert_eq!((below(edge).as_str(), above(edge).as_str()), (less, more));
        }
    }

    #[test]
    fn a_band_is_entered_where_it_begins() {
        assert_eq!(inside(None, Some("<20%")), "0");
        assert_eq!(inside(Some("<20%"), None), "20");
        assert_eq!(inside(Some("<=20%"), Some("<50%")), "20.000001");
    }
}
