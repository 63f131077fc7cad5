//! Tables that are well-formed JSON with a digest that fits, and say something impossible all the same.

use serde_json::{Value, json};

use super::{EXAMPLE, edited, example, load, refusal, sealed};

/// Asserts why the example is refused with one value replaced.
fn refused(pointer: &str, value: Value, message: &str) {
    let refusal = refusal(&edited(pointer, Some(value)));
    let said = refusal.strip_prefix("the table is refused").expect("the beginning of every refusal");
    let said = said.strip_prefix(" at ").or_else(|| said.strip_prefix(": ")).expect("a place or a reason");
    assert_eq!(said, message, "at {pointer}");
}

#[test]
fn one_value_replaced_is_refused_with_its_place_and_reason() {
    let lines =
        include_str!("refusals.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() > 200, "{} lines", lines.len());
    for case in lines.chunks(2) {
        let (pointer, value) = case[0].split_once(" = ").expect("a pointer and a value");
        let message = case[1].strip_prefix("    ").expect("a message");
        refused(pointer, serde_json::from_str(value).expect(value), message);
    }
}

#[test]
fn a_digest_that_does_not_fit_is_refused() {
    let message = "the table is refused at `digest`: it does not fit the content: the table was changed after it was \
                   compiled";
    assert_eq!(refusal(&EXAMPLE.replace("\"cells\":[4]", "\"cells\":[3]")), message);
    let digest = load(EXAMPLE).expect("it loads").digest().to_owned();
    assert_eq!(refusal(&EXAMPLE.replace(&digest, &digest.replace("sha256", "sha512"))), message);
    let upper = digest.to_uppercase().replace("SHA256", "sha256");
    assert_eq!(refusal(&EXAMPLE.replace(&digest, &upper)), message);
    assert_eq!(refusal(&EXAMPLE.replace(&digest, "")), message);
}

#[test]
fn models_out_of_order_are_refused() {
    let mut table = example();
    table["models"].as_array_mut().expect("models").swap(0, 1);
    let message = "the table is refused at `models[1]`: `anthropic/claude-3-5-sonnet` stands after `azure-eu/gpt-4o-mini`";
    assert_eq!(refusal(&sealed(table)), message);
}

#[test]
fn models_that_no_decision_names_are_refused() {
    let mut table = example();
    for decision in table["decisions"].as_array_mut().expect("decisions") {
        decision["targets"] = json!([]);
    }
    assert_eq!(refusal(&sealed(table)), "the table is refused at `models[0]`: no decision names it");
}

#[test]
fn a_tag_may_be_the_name_of_its_own_use_case() {
    assert!(load(&edited("/use_cases/1/endpoint_tag", Some(json!("planning")))).is_ok());
}

#[test]
fn axes_that_multiply_past_every_number_are_refused() {
    let mut table = example();
    let values: Vec<String> = (0..2000).map(|value| format!("v{value}")).collect();
    let mut axes = Vec::new();
    for fact in ["f0", "f1", "f2", "f3", "f4", "f5"] {
        table["facts"][fact] = json!({"values": values, "default": "v0"});
        axes.push(json!({"fact": fact, "values": values}));
    }
    table["use_cases"][1]["axes"] = json!(axes);
    assert_eq!(
        refusal(&sealed(table)),
        "the table is refused at `use_cases[1].axes`: they make too many cells"
    );
}

#[test]
fn a_cut_has_one_form_and_splits_the_shares() {
    for cut in [
        "20%", "<20", "<", "<%", "<=", "<020%", "<20.0%", "<20.%", "<.5%", "<-1%", "< 20%", ">20%", "<0%",
        "<=100%", "<100.5%", "<1000%", "<+5%", "<1e1%",
    ] {
        let message = format!("`use_cases[0].axes[1].cuts[0]`: `{cut}` is no cut of 0% to 100%");
        refused("/use_cases/0/axes/1/cuts/0", json!(cut), &message);
    }
    for cut in
        ["<=0%", "<100%", "<0.000000000000000000000000000000000000000000000000000000000001%", "<=99.9%"]
    {
        assert!(load(&edited("/use_cases/0/axes/1/cuts/0", Some(json!(cut)))).is_ok(), "{cut}");
    }
}
