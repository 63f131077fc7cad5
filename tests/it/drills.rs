//! `drill plan`: what it asks to rehearse is what nothing proves, and once it is rehearsed nothing is left.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::bundle::{self, run, stdout};

const EXAMPLES: [&str; 3] = ["logistics", "hospital", "saas"];

fn plan(folder: &std::path::Path, more: &[&str]) -> Value {
    bundle::json(&run(folder, &[&["drill", "plan", "--format", "json"], more].concat()))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().expect("a list")
}

/// Drills of everything that a plan asks for, as YAML.
fn rehearsed(plan: &Value, result: &str) -> String {
    let mut text = "drills:\n".to_owned();
    for step in list(plan, "steps") {
        for route in list(step, "proves") {
            let _ = write!(
                text,
                "  - {{use_case: {}, date: 2026-11-20, down: {}, result: {result}",
                route["use_case"], step["down"]
            );
            match route["route"].as_str() {
                Some(model) => text += &format!(", answered_by: {model}}}\n"),
                None => text += "}\n",
            }
        }
    }
    text
}

#[test]
fn what_is_rehearsed_is_proven_and_what_failed_is_not() {
    for example in EXAMPLES {
        let folder = bundle::copy_of(example);
        let before = plan(folder.path(), &["-k", "2"]);
        let routes = before["routes"].as_u64().expect("a number");
        let asked: usize = list(&before, "steps").iter().map(|step| list(step, "proves").len()).sum();
        assert_eq!(routes, (asked + list(&before, "proven").len()) as u64);
        assert!(asked > 0, "{example} leaves nothing to rehearse");

        let file = folder.path().join("estate/rehearsed.yaml");
        std::fs::write(&file, rehearsed(&before, "passed")).expect("written");
        let after = plan(folder.path(), &["-k", "2"]);
        assert_eq!((after["routes"].as_u64(), list(&after, "steps").len()), (Some(routes), 0), "{example}");
        assert!(stdout(&run(folder.path(), &["drill", "plan"])).contains("nothing has to be rehearsed now"));

        std::fs::write(&file, rehearsed(&before, "failed")).expect("written");
        let failed = plan(folder.path(), &["-k", "2"]);
        let last: BTreeSet<&str> = list(&failed, "steps")
            .iter()
            .flat_map(|step| list(step, "proves"))
            .filter_map(|route| route["last"]["result"].as_str())
            .collect();
        assert_eq!(last.into_iter().collect::<Vec<_>>(), ["failed"], "{example}");
    }
}

#[test]
fn each_route_is_proven_by_one_outage_the_worst_first() {
    for example in EXAMPLES {
        let plan = plan(&bundle::root("examples").join(example), &["-k", "3"]);
        let mut seen = BTreeSet::new();
        let mut before = (usize::MAX, usize::MAX, usize::MAX);
        for step in list(&plan, "steps") {
            let counts = ["high", "normal", "low"].map(|level| {
                list(step, "proves").iter().filter(|route| route["criticality"] == level).count()
            });
            let counts = (counts[0], counts[1], counts[2]);
            assert!(counts <= before, "{example}: {step}");
            before = counts;
            for route in list(step, "proves") {
                assert!(seen.insert((route["use_case"].to_string(), route["route"].to_string())), "{route}");
            }
        }
    }
}

#[test]
fn a_drill_that_went_elsewhere_proves_nothing() {
    let folder = bundle::copy_of("hospital");
    let drills = folder.path().join("estate/drills.yaml");
    let text = std::fs::read_to_string(&drills).expect("drills");
    let moved =
        text.replacen("answered_by: bedrock-eu/claude-3-5-sonnet", "answered_by: mistral/mistral-large", 1);
    std::fs::write(&drills, moved).expect("written");
    let text = stdout(&run(folder.path(), &["drill", "plan"]));
    assert!(text.contains("went elsewhere 2026-11-04"), "{text}");
    // Of a model that nobody knows it is not said that the request went elsewhere.
    let text = std::fs::read_to_string(&drills).expect("drills");
    std::fs::write(&drills, text.replacen("mistral/mistral-large", "mistral/gone", 1)).expect("written");
    let text = stdout(&run(folder.path(), &["drill", "plan"]));
    assert!(text.contains("answered by an unknown model 2026-11-04"), "{text}");
    let report = stdout(&run(folder.path(), &["drill", "plan", "--format", "json"]));
    assert!(report.contains("\"unknown-model\""), "{report}");
    let text = stdout(&run(folder.path(), &["check"]));
    let unknown = "on 2026-11-04 proves: `mistral/gone` answered, and no model is called so";
    assert!(text.contains(unknown) && !text.contains("went elsewhere"), "{text}");
}

#[test]
fn a_drill_names_what_exists_and_a_day_of_the_calendar() {
    let folder = bundle::copy_of("hospital");
    let wrong = "drills:\n  - {use_case: ward-note, date: 2026-11-04, down: [azure], result: passed}\n";
    std::fs::write(folder.path().join("estate/drills.yaml"), wrong).expect("written");
    let text = stdout(&run(folder.path(), &["check"]));
    assert!(text.contains("no use case is called `ward-note`"), "{text}");
    assert!(text.contains("did you mean `ward.note`?"), "{text}");
    assert!(text.contains("no provider, failure domain or model is called `azure`"), "{text}");

    let wrong = "drills:\n  - {use_case: ward.note, date: 2026-02-30, down: [azure-eu], result: passed}\n  - {use_case: ward.note, date: 2026-02-03, down: [], result: passed}\n";
    std::fs::write(folder.path().join("estate/drills.yaml"), wrong).expect("written");
    let text = stdout(&run(folder.path(), &["check"]));
    assert!(text.contains("`date`: there is no day `2026-02-30`"), "{text}");
    assert!(text.contains("a drill takes something down, and `down` is empty"), "{text}");
}
