//! A promise in other words is kept where those say as much, and gone where they say less.

use crate::diff_gate_attacked::gate;
use crate::diff_promises::RULE;

const P: &str = "policies/p.gov";

/// A promise, and others in its place.
type Instead = (&'static str, &'static [&'static str]);

/// What holds as much as what it stands for, or more.
const AS_MUCH: &[Instead] = &[
    // Split in two, for whom together there is everybody.
    (
        "when data has pii forbid model.trains_on_data",
        &[
            "when data has pii and classification >= confidential forbid model.trains_on_data",
            "when data has pii and classification < confidential forbid model.trains_on_data",
        ],
    ),
    (
        "forbid model.trains_on_data",
        &["when caller == us forbid model.trains_on_data", "when caller == eu forbid model.trains_on_data"],
    ),
    ("when not caller == us forbid model.trains_on_data", &["when caller == eu forbid model.trains_on_data"]),
    // For as many or more.
    (
        "when classification == restricted forbid model.trains_on_data",
        &["when classification >= confidential forbid model.trains_on_data"],
    ),
    (
        "when classification >= confidential forbid model.trains_on_data",
        &["when classification in [confidential, restricted] forbid model.trains_on_data"],
    ),
    (
        "when not (classification < confidential) forbid model.trains_on_data",
        &["when classification >= confidential forbid model.trains_on_data"],
    ),
    (
        "when not (not (data has pii)) forbid model.trains_on_data",
        &["when data has pii forbid model.trains_on_data"],
    ),
    // As much or more of models.
    ("require model.tier >= standard", &["require model.tier == premium"]),
    ("require model.tier == standard or model.tier == premium", &["require model.tier >= standard"]),
    ("forbid model.lifecycle == preview", &["require model.lifecycle != preview"]),
    ("require model.lifecycle == active", &["forbid model.lifecycle != active"]),
    ("forbid model.retention > 31 days", &["require model.retention <= 30 days"]),
    ("forbid model.hosting == self-hosted", &["require model.hosting == cloud"]),
    (
        "forbid model.trains_on_data or model.retention > 30 days",
        &["forbid model.trains_on_data", "forbid model.retention > 30 days"],
    ),
];

/// What holds less, whatever it looks like.
const LESS: &[Instead] = &[
    (
        "when data has pii forbid model.trains_on_data",
        &[
            "when data has pii and classification > confidential forbid model.trains_on_data",
            "when data has pii and classification < confidential forbid model.trains_on_data",
        ],
    ),
    (
        "forbid model.trains_on_data",
        &[
            "when caller == us forbid model.trains_on_data",
            "when caller == eu and data has pii forbid model.trains_on_data",
        ],
    ),
    (
        "when classification >= confidential forbid model.trains_on_data",
        &["when classification == restricted forbid model.trains_on_data"],
    ),
    ("require model.tier >= standard", &["require model.tier <= standard"]),
    ("require model.tier >= standard", &["require model.tier != economy or model.trains_on_data"]),
    ("forbid model.lifecycle == preview", &["require model.lifecycle != active"]),
    ("forbid model.retention > 30 days", &["require model.retention <= 31 days"]),
    (
        "forbid model.trains_on_data or model.retention > 30 days",
        &["forbid model.trains_on_data and model.retention > 30 days"],
    ),
];

#[test]
fn what_holds_as_much_in_other_words_passes() {
    let rule = |name: &str, body: &str| format!("compliance rule {name} {{ {body} because \"x\" }}\n");
    let facts = "fact caller in {eu, us} default us\n";
    let check = |old: &str, new: &[&str]| {
        let old = format!("{facts}{}", rule("c", old));
        let new: Vec<String> =
            new.iter().enumerate().map(|(at, body)| rule(&format!("c{at}"), body)).collect();
        let new = format!("{facts}{}", new.concat());
        gate(&[(P, RULE, &old)], &[(P, &old, &new)], "widened")
    };
    let gone = |report: &str| report.contains("rule c, ") || report.contains("rule `c`");
    for (old, new) in AS_MUCH {
        let (_, denied, report) = check(old, new);
        assert!(!gone(&report), "{old}: {denied}{report}");
    }
    // And less is less, whatever it looks like.
    for (old, new) in LESS {
        let (status, denied, report) = check(old, new);
        let is_told = gone(&report) || denied.contains("`widened`");
        assert!(status == 1 && is_told, "{old}: {denied}{report}");
    }
}
