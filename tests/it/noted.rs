//! Values that are valid and mean something else: `check` notes each on stderr, in every format, and finds nothing more.

use std::fmt::Write as _;

use crate::bundle::{self, json, run, status, stderr};

/// A file of the base of the mistakes, what stands there, what is written instead, and what is noted.
const NOTED: &[[&str; 4]] = &[
    [
        "estate/claims.yaml",
        "    team: sales",
        "    team: claim",
        "estate/claims.yaml:25: `team: claim` stands once, and `team: claims` 2 times: they are two, so write one word where one is meant",
    ],
    [
        "estate/claims.yaml",
        "    team: claims\n    data_classification: confidential\n    workload",
        "    team: clams\n    data_classification: confidential\n    workload",
        "",
    ],
    [
        "estate/claims.yaml",
        "    team: sales",
        "    team: sales, claims",
        "estate/claims.yaml:25: `team` is one name, `sales, claims`, comma and all: `team` holds no list",
    ],
    [
        "estate/claims.yaml",
        "    owner: sales@",
        "    owner: ${OWNER}#",
        "estate/claims.yaml:23: `owner` is read with `${OWNER}` in it as it stands: nothing is put in for that; write the value itself",
    ],
    [
        "registry/north.yaml",
        "    hosting: cloud\n",
        "    hosting: cloud\n    jurisdiction: EU\n",
        "registry/quay.yaml:5: `jurisdiction: eu` stands once, and `jurisdiction: EU` once: they are two, so write one word where one is meant",
    ],
    [
        "registry/north.yaml",
        "- name: clipper-mini",
        "- name: north/clipper-mini",
        "registry/north.yaml:23: the id of this model is `north/north/clipper-mini`: the provider stands before the name already, so write `name: clipper-mini`",
    ],
    [
        "registry/north.yaml",
        "protocol: openai",
        "protocol: open-ai",
        "registry/north.yaml:12: `protocol: open-ai` is none that a gateway is set up for: did you mean `openai`?",
    ],
    [
        "registry/north.yaml",
        "protocol: openai",
        "protocol: http",
        "registry/north.yaml:12: `protocol: http` is how requests travel, and not the API: write the API that it speaks, as in `protocol: openai`",
    ],
    [
        "registry/north.yaml",
        "compliance: [soc2, gdpr]",
        "compliance: [soc2, {name: gdpr, expires: }]",
        "registry/north.yaml:7: `expires` holds nothing, and is read as if it were not there: write its value, or leave it out",
    ],
    [
        "registry/north.yaml",
        "p50_ms: 700",
        "p50_ms: 7000",
        "registry/north.yaml:22: `p95_ms` is 2200, and `p50_ms` 7000: 95 of 100 answers take at least as long as half of them; are the two mixed up?",
    ],
    [
        "registry/north.yaml",
        "    hosting: cloud\n",
        "    hosting: cloud\n    evidence: [{facts: [regions], read_on: 2027-01-01}]\n",
        "registry/north.yaml:5: `read_on: 2027-01-01` lies after 2026-11-21, the day that is asked about: nothing was read on a day to come",
    ],
    [
        "registry/north.yaml",
        "    hosting: cloud\n",
        "    hosting: cloud\n    jurisdiction: !us\n",
        "registry/north.yaml:5: `jurisdiction` holds nothing: `!us` is a tag of YAML, behind which nothing stands; write the value, in quotes if it begins so",
    ],
    [
        "policies/tests.gov",
        "use_case claims.triage\n",
        "use_case claims.triage, classification public\n",
        "policies/tests.gov:11: test `triage goes north` is given classification `public`, and `claims.triage` is `confidential` by its own data, which nothing lowers: it is tested as `confidential`",
    ],
    [
        "estate/claims.yaml",
        "use_cases:\n",
        "drills:\n  - {use_case: quotes, date: 2026-11-03, down: [north], result: passed, answered_by: quay/clipper-larg}\nuse_cases:\n",
        "estate/claims.yaml:2: this drill was answered by `quay/clipper-larg`, and no model is called so: did you mean `quay/clipper-large`?",
    ],
    [
        "estate/claims.yaml",
        "use_cases:\n",
        "drills:\n  - {use_case: quotes, date: 2026-12-03, down: [north], result: passed}\nuse_cases:\n",
        "estate/claims.yaml:2: `date: 2026-12-03` lies after 2026-11-21, the day that is asked about: a drill that was not held yet counts for nothing",
    ],
];

/// The base of the mistakes, in which one text stands for another.
fn workspace([path, old, new]: [&str; 3]) -> tempfile::TempDir {
    let base = std::fs::read_to_string(bundle::root("tests/cases/mistakes/base.txt")).expect("the base");
    let mut files = bundle::files(&base);
    for file in &mut files {
        if file.path == path {
            assert!(file.text.contains(old), "{path}: {old}");
            file.text = file.text.replacen(old, new, 1);
        }
        if file.path == "registry/quay.yaml" && new.contains("jurisdiction: EU") {
            file.text = file
                .text
                .replace("    hosting: self-hosted\n", "    hosting: self-hosted\n    jurisdiction: eu\n");
        }
    }
    bundle::unpack(&files)
}

#[test]
fn a_value_that_means_something_else_is_noted_in_every_format() {
    let mut wrong = String::new();
    for [path, old, new, noted] in NOTED {
        let folder = workspace([path, old, new]);
        let plain = run(folder.path(), &["check", "--as-of", "2026-11-21"]);
        let noted = if noted.is_empty() { String::new() } else { format!("note: {noted}\n") };
        for format in ["human", "json", "sarif", "github"] {
            let output = run(folder.path(), &["check", "--as-of", "2026-11-21", "--format", format]);
            if stderr(&output) != noted || status(&output) != status(&plain) {
                let _ = writeln!(wrong, "{format}, {new:?}:\n{}", stderr(&output));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_review_dated_ahead_is_noted_and_not_found() {
    let folder = workspace(["estate/claims.yaml", "use_cases:\n", "use_cases:\n"]);
    let reviews =
        "reviews: [{name: quarter, owner: a@harbour.example, cadence: monthly, last: 2026-12-01}]\n";
    std::fs::write(folder.path().join("govctl.yaml"), reviews).expect("govctl.yaml");
    let output = run(folder.path(), &["check", "--as-of", "2026-11-21", "--format", "json"]);
    assert_eq!(
        stderr(&output),
        "note: govctl.yaml:1: `last: 2026-12-01` lies after 2026-11-21, the day that is asked about: a review that was not held yet counts as held\n"
    );
    let found = json(&output);
    let found = found["findings"].as_array().expect("findings");
    assert!(found.iter().all(|finding| finding["code"] != "review-due"), "{found:?}");
}

#[test]
fn the_names_of_a_list_that_stands_twice_are_names() {
    let folder = workspace(["policies/words.gov", "regions eu, us\n", "regions us\nregions eu\n"]);
    let found = json(&run(folder.path(), &["check", "--as-of", "2026-11-21", "--format", "json"]));
    let found = found["findings"].as_array().expect("findings");
    let codes: Vec<&str> = found.iter().filter_map(|finding| finding["code"].as_str()).collect();
    assert_eq!(codes, ["duplicate-name"]);
}
