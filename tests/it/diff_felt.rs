//! A promise is gone although what it changed is harmless today, nobody can put it back, it goes only tomorrow, or words mean
//! more than they did.

use std::fs;

use crate::bundle::{status, stderr, stdout};
use crate::diff_promises::{Edit, diff, report, sides};

/// The gate is shut, and says why.
#[track_caller]
fn shut(base: &[Edit], edits: &[Edit], why: &str) {
    let folder = sides(base, edits);
    let output = diff(folder.path(), &["--deny", "widened"]);
    let text = stdout(&output).replace("\n  ", " ");
    assert_eq!(status(&output), 1, "{text}{}", stderr(&output));
    assert!(text.contains(&format!("gate loosened: {why}")), "{text}");
    // What is proposed is accepted.
    let proposed = stdout(&diff(folder.path(), &["--write-accept"]));
    fs::write(folder.path().join("accepted.yaml"), &proposed).expect("write");
    let accepted = diff(folder.path(), &["--deny", "widened", "--accept", "accepted.yaml"]);
    assert_eq!(status(&accepted), 0, "{proposed}{}{}", stdout(&accepted), stderr(&accepted));
}

const RESIDENT: Edit<'_> = ("estate/e.yaml", "team: hr}", "team: hr, residency: [eu]}");

#[test]
fn a_requirement_of_a_use_case_is_gone_though_only_its_pin_changes() {
    let gone = ("estate/e.yaml", ", residency: [eu]", "");
    let why = "use case `chat`: residency dropped: `eu`: `chat` is decided otherwise";
    shut(&[RESIDENT], &[gone], why);
    assert_eq!(report(&[RESIDENT], &[gone])["latent"], serde_json::json!([]));
}

#[test]
fn a_promise_is_gone_though_the_model_it_kept_out_is_of_the_same_provider() {
    let tried: Edit = (
        "registry/r.yaml",
        "  b:\n",
        "      - {name: y, lifecycle: {status: preview}, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 0.5, cost_per_1m_tokens_output: 0.5}\n  b:\n",
    );
    let rule: Edit = (
        "policies/p.gov",
        "guarantee g",
        "compliance rule steady {\n  when team == hr\n  forbid model.lifecycle == preview\n  because \"x\"\n}\nguarantee g",
    );
    let gone = ("policies/p.gov", "  forbid model.lifecycle == preview\n", "  prefer cheapest\n");
    let why = "rule `steady`: forbid dropped: `model.lifecycle == preview`: `chat` and `mail` are decided otherwise";
    shut(&[tried, rule], &[gone], why);
}

#[test]
fn a_promise_whose_words_are_gone_is_gone() {
    let sees: [Edit; 4] = [
        ("policies/p.gov", "compliance rule pd", "capabilities vision\ncompliance rule pd"),
        ("registry/r.yaml", "{name: x,", "{name: x, capabilities: [vision],"),
        ("registry/r.yaml", "{name: w,", "{name: w, capabilities: [vision],"),
        (
            "policies/p.gov",
            "guarantee g",
            "compliance rule pictures {\n  when use_case == chat\n  require model.capabilities has vision\n  because \"x\"\n}\nguarantee g",
        ),
    ];
    let blind: [Edit; 4] = [
        ("policies/p.gov", "capabilities vision\n", "capabilities tools\n"),
        ("policies/p.gov", "require model.capabilities has vision", "prefer b"),
        ("registry/r.yaml", "capabilities: [vision]", "capabilities: []"),
        ("registry/r.yaml", "capabilities: [vision]", "capabilities: []"),
    ];
    let why = "rule `pictures`: require dropped: `model.capabilities has vision`: it cannot be promised again, since something that it names is gone";
    shut(&sees, &blind, why);
}

#[test]
fn a_rule_that_promises_less_from_tomorrow_on_under_its_own_name_is_told() {
    let ends = ("policies/p.gov", "  forbid model.trains_on_data\n", "  until 2026-11-26\n");
    let goes_on = (
        "policies/p.gov",
        "guarantee g",
        "compliance rule pd {\n  when data has pii\n  from 2026-11-27\n  require model.dpa == confirmed\n  because \"gdpr\"\n}\nguarantee g",
    );
    // As it was until then.
    let keeps =
        ("policies/p.gov", "  until 2026-11-26\n", "  forbid model.trains_on_data\n  until 2026-11-26\n");
    let why = "from 2026-11-27, when rule `pd` begins and rule `pd` has ended, rule `pd` promises less";
    shut(&[], &[ends, keeps, goes_on], why);
}

#[test]
fn a_region_that_newly_lies_within_another_is_told() {
    let apart: [Edit; 2] = [
        ("policies/p.gov", "compliance rule pd", "regions eu, us\ncompliance rule pd"),
        ("registry/r.yaml", "regions: [eu]", "regions: [us]"),
    ];
    let within = ("policies/p.gov", "regions eu, us", "regions eu { us }");
    let why = "`us` newly lies within `eu`: whoever may be processed in `eu` may be processed in it";
    shut(&apart, &[within], why);
}

#[test]
fn a_model_that_is_asked_for_by_another_name_is_another_destination_whatever_it_was_called() {
    let other = ("registry/r.yaml", "{name: x,", "{name: x-unfiltered, aliases: [x],");
    shut(&[], &[other], "`a/x-unfiltered` is reached as `x-unfiltered`, before as `x`");
    let kept = ("registry/r.yaml", "{name: x,", "{name: x-new, aliases: [x], endpoint: {model: x},");
    let folder = sides(&[], &[kept]);
    let output = diff(folder.path(), &["--deny", "widened"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn who_accepts_that_a_promise_is_gone_accepts_it_for_the_same_requests_only() {
    let only_mail = ("policies/p.gov", "when data has pii", "when use_case == mail");
    let gone = ("policies/p.gov", "  forbid model.trains_on_data\n", "");
    let folder = sides(&[only_mail], &[gone]);
    let proposed = stdout(&diff(folder.path(), &["--write-accept"]));
    let wider = sides(&[], &[gone]);
    fs::write(wider.path().join("accepted.yaml"), &proposed).expect("write");
    let output = diff(wider.path(), &["--deny", "widened", "--accept", "accepted.yaml"]);
    assert_eq!(
        (status(&output), stderr(&output).lines().last()),
        (1, Some("denied: 1 promise that is gone"))
    );
}
