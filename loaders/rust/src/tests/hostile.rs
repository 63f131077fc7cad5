//! Tables that someone has changed, cut short or made up.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EXAMPLE, edited, example, load, sealed};
use crate::{DecisionTable, LoadOptions, Request};

fn loads(bytes: &[u8]) -> bool {
    DecisionTable::from_slice(bytes, &LoadOptions::default()).is_ok()
}

#[test]
fn a_table_with_any_bit_flipped_is_refused() {
    let mut bytes = EXAMPLE.as_bytes().to_vec();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            assert!(!loads(&bytes), "bit {bit} of byte {at}");
            bytes[at] ^= 1 << bit;
        }
    }
    assert!(loads(&bytes));
}

#[test]
fn a_table_cut_short_or_grown_is_refused() {
    let bytes = EXAMPLE.as_bytes();
    for at in 0..bytes.len() {
        assert!(!loads(&bytes[..at]), "cut at {at}");
        assert!(!loads(&bytes[at + 1..]), "from {at}");
        let without = [&bytes[..at], &bytes[at + 1..]].concat();
        assert!(!loads(&without), "without byte {at}");
    }
    for more in ["\n", " ", "\0", "{}", ","] {
        assert!(
            !loads(format!("{EXAMPLE}{more}").as_bytes()) && !loads(format!("{more}{EXAMPLE}").as_bytes())
        );
    }
}

#[test]
fn what_is_no_utf8_is_refused() {
    let at = EXAMPLE.find("standard").expect("a name");
    let mut bytes = EXAMPLE.as_bytes().to_vec();
    bytes[at] = 0xff;
    let error = DecisionTable::from_slice(&bytes, &LoadOptions::default()).expect_err("no UTF-8");
    assert_eq!(error.to_string(), format!("the table is refused: it is not UTF-8 at byte {at}"));
}

#[test]
fn a_table_that_is_too_large_is_refused_unread() {
    let bytes = vec![b' '; (256 << 20) + 1];
    let error = DecisionTable::from_slice(&bytes, &LoadOptions::default()).expect_err("too large");
    assert_eq!(error.to_string(), "the table is refused: it is larger than 268435456 bytes");
}

/// Many budgets in a row, many axes, many facts: the time grows with the size and not with its square.
#[test]
fn large_tables_load_in_time() {
    let start = Instant::now();
    let mut table = example();
    let mut budgets = Vec::new();
    for at in 0..20_000 {
        let mut budget = table["budgets"][0].clone();
        budget["name"] = json!(format!("b{at:05}"));
        budget["within"] = if at == 0 { Value::Null } else { json!(format!("b{:05}", at - 1)) };
        budgets.push(budget);
    }
    table["budgets"] = json!(budgets);
    for at in 0..20_000 {
        table["facts"][format!("f{at}")] = json!({"values": ["a"], "default": "a"});
    }
    let mut use_cases = table["use_cases"].as_array().expect("use cases").clone();
    for at in 0..20_000 {
        let mut use_case = use_cases[1].clone();
        use_case["name"] = json!(format!("u{at:05}"));
        use_case["endpoint_tag"] = json!(format!("t{at:05}"));
        use_cases.push(use_case);
    }
    table["use_cases"] = json!(use_cases);
    let table = load(&sealed(table)).expect("it loads");
    for at in (0..20_000).step_by(7) {
        let (name, tag) = (format!("u{at:05}"), format!("t{at:05}"));
        let by_name = table.decide(&Request::of(&name)).use_case().expect("a use case");
        assert_eq!(by_name.name, name);
        assert_eq!(table.decide(&Request::of(&tag)).use_case(), Some(by_name));
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

/// Values that people, scripts and attackers put where they do not belong.
pub(super) fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3i64..9).prop_map(Value::from),
        Just(json!(9_007_199_254_740_991_u64)),
        Just(json!([])),
        Just(json!({})),
        Just(json!("")),
        Just(json!("inf")),
        Just(json!("<=50%")),
        Just(json!("standard")),
        ".{0,5}".prop_map(Value::String),
    ]
}

pub(super) fn pointers(prefix: &str, value: &Value, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return,
    };
    for (key, value) in children {
        let pointer = format!("{prefix}/{key}");
        pointers(&pointer, value, found);
        found.push(pointer);
    }
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!loads(&bytes));
    }

    /// With a digest that fits, a changed table is refused, or is as good a table as any: it answers, and reads again.
    #[test]
    fn a_table_changed_anywhere_is_refused_or_whole(
        at in any::<prop::sample::Index>(),
        value in prop::option::of(any_value()),
        level in prop::option::of("public|internal|confidential|restricted|secret"),
        budget in prop::option::of("-?[0-9]{1,3}(\\.[0-9]{1,3})?"),
    ) {
        let mut places = Vec::new();
        pointers("", &example(), &mut places);
        let place = &places[at.index(places.len())];
        prop_assume!(place != "/digest");
        let text = edited(place, value);
        if let Ok(table) = load(&text) {
            prop_assert_eq!(table.table().to_canonical_json(), text);
            for use_case in ["customer-communication", "support.reply", "planning", ""] {
                let request = Request {
                    use_case,
                    classification: level.as_deref(),
                    budget_remaining: budget.as_deref(),
                    budgets: &[("company", "50")],
                    facts: &[("tenant", "premium")],
                };
                let decision = table.decide(&request);
                for path in decision.paths() {
                    prop_assert!(decision.primary().is_some() && path.failover().is_some());
                    prop_assert_eq!(decision.on(path.triggers()[0]).map(|same| same.targets().count()), Some(path.targets().count()));
                }
            }
        }
    }
}
