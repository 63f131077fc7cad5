//! JSON that is no table: a key too many or too few, a value of another kind.

use serde_json::{Value, json};

use super::{edited, example, keys, refusal, sealed};

#[test]
fn another_format_is_refused_before_its_keys_are_read() {
    let message =
        "the table is refused at `format`: `govctl-decision-table/2` is not `govctl-decision-table/1`";
    let mut table = example();
    table["format"] = json!("govctl-decision-table/2");
    table["new"] = json!(1);
    assert_eq!(refusal(&sealed(table)), message);
    assert_eq!(refusal("{}"), "the table is refused: missing field `format`");
    assert_eq!(
        refusal("{\"format\":1}"),
        "the table is refused at `format`: invalid type: integer `1`, expected a string"
    );
    let list = "the table is refused: invalid length 0, expected a decision table";
    assert_eq!(refusal("[]"), list);
    assert_eq!(refusal("7"), "the table is refused: invalid type: integer `7`, expected a decision table");
}

#[test]
fn every_key_is_there_and_no_other() {
    let mut places = Vec::new();
    keys("", &example(), &mut places);
    assert!(places.len() > 80, "{places:?}");
    for place in places {
        // Free names: their absence or presence is another matter.
        let free = ["/sources", "/facts", "/tags", "/endpoint", "/profile", "/reasons", "/request"];
        let (parent, key) = place.rsplit_once('/').expect("a pointer");
        if free.iter().any(|free| parent.ends_with(free)) {
            continue;
        }
        if place != "/digest" {
            let message = refusal(&edited(&place, None));
            let axis = ["values", "cuts"].contains(&key) && parent.contains("/grids/");
            let step = key == "notify" && parent.contains("/at/");
            assert!(
                message.contains(&format!("missing field `{key}`")) || axis || step,
                "{place}: {message}"
            );
        }
        let message = refusal(&edited(&format!("{parent}/zz"), Some(json!(0))));
        assert!(message.contains("unknown field `zz`"), "{place}: {message}");
    }
}

#[test]
fn null_stands_only_where_something_may_be_absent() {
    for pointer in ["/grids/0/1/values", "/grids/0/0/cuts", "/budgets/0/at/0/notify"] {
        let message = refusal(&edited(pointer, Some(Value::Null)));
        assert!(message.ends_with("invalid type: null, expected a list"), "{pointer}: {message}");
    }
}

#[test]
fn a_message_about_a_long_value_is_short() {
    let message = refusal(&edited("/models/1/retention_days", Some(json!("x\u{1b}".repeat(10_000)))));
    assert!(
        message.starts_with("the table is refused at `models[1].retention_days`: invalid type: string \"x")
    );
    assert!(message.len() < 500 && !message.contains('\u{1b}'), "{message}");
    let message = refusal(&edited(&format!("/models/1/{}", "\u{1b}[31m".repeat(500)), Some(json!(1))));
    assert!(message.len() < 2000 && !message.contains('\u{1b}'), "{message}");
}
