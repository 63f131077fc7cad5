//! Tables that are well-formed JSON with a digest that fits, and say something impossible all the same.

use serde_json::{Value, json};

use super::{EXAMPLE, edited, example, load, refusal, sealed};

/// Why the example is refused with one value replaced: its code, and the words after "the table is refused".
fn refused(pointer: &str, value: Value) -> String {
    let Err(error) = load(&edited(pointer, Some(value))) else { return "loads".to_owned() };
    let said = error.to_string();
    let said = said.strip_prefix("the table is refused").expect("the beginning of every refusal");
    let said = said.strip_prefix(" at ").or_else(|| said.strip_prefix(": ")).expect("a place or a reason");
    format!("{}: {said}", error.code())
}

#[test]
fn one_value_replaced_is_refused_with_its_code_place_and_reason() {
    let mut cases = 0;
    let mut written = String::new();
    for line in include_str!("refusals.txt").lines() {
        if line.starts_with("    ") {
            continue;
        }
        written += &format!("{line}\n");
        if let Some((pointer, value)) = line.split_once(" = ").filter(|_| line.starts_with('/')) {
            cases += 1;
            written += &format!("    {}\n", refused(pointer, serde_json::from_str(value).expect(value)));
        }
    }
    assert!(cases > 130, "{cases} cases");
    if std::env::var_os("GOVCTL_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/refusals.txt"), &written)
            .expect("written");
    } else {
        assert_eq!(written, include_str!("refusals.txt"));
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
    let mut another = table["models"][0].clone();
    another["id"] = json!("anthropic/another");
    another["name"] = json!("another");
    table["models"].as_array_mut().expect("models").push(another);
    table["models"].as_array_mut().expect("models").rotate_right(1);
    for part in ["target_lists", "decisions"] {
        renumber(&mut table[part]);
    }
    assert_eq!(refusal(&sealed(table)), "the table is refused at `models[0]`: no decision names it");
}

/// Counts every model one further.
fn renumber(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(renumber),
        Value::Object(members) => {
            for (key, value) in members {
                match value.as_u64().filter(|_| key == "model") {
                    Some(model) => *value = json!(model + 1),
                    None => renumber(value),
                }
            }
        }
        _ => {}
    }
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
    table["grids"][1] = json!(axes);
    assert_eq!(refusal(&sealed(table)), "the table is refused at `grids[1]`: they make too many cells");
}

#[test]
fn a_cut_has_one_form_and_splits_the_shares() {
    for cut in [
        "20%", "<20", "<", "<%", "<=", "<020%", "<20.0%", "<20.%", "<.5%", "<-1%", "< 20%", ">20%", "<0%",
        "<=100%", "<100.5%", "<1000%", "<+5%", "<1e1%",
    ] {
        let message = format!("range: `grids[0][1].cuts[0]`: `{cut}` is not a cut of 0% to 100%");
        assert_eq!(refused("/grids/0/1/cuts/0", json!(cut)), message);
    }
    for cut in
        ["<=0%", "<100%", "<0.000000000000000000000000000000000000000000000000000000000001%", "<=99.9%"]
    {
        assert!(load(&edited("/grids/0/1/cuts/0", Some(json!(cut)))).is_ok(), "{cut}");
    }
}
