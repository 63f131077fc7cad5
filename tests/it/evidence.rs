//! `cost` and `who`: what they say is what `resolve`, `outages` and another registry say.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::bundle::{self, root, run, status, stderr, stdout};
use crate::schemas;

const EXAMPLES: [&str; 3] = ["examples/logistics", "examples/hospital", "examples/saas"];

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--format", "json"]].concat());
    assert!(status(&output) < 2, "{arguments:?}: {}", stderr(&output));
    bundle::json(&output)
}

fn nanos(value: &Value) -> govctl::event::Nanos {
    govctl::event::money::parse(value.as_str().expect("an amount")).expect("an amount")
}

#[test]
fn every_dimension_adds_up_to_the_same_money_and_outages_say_the_same() {
    for example in EXAMPLES {
        let folder = root(example);
        let by = |dimension: &str| {
            let report = json(&folder, &["cost", "--by", dimension]);
            schemas::holds("cost", &report);
            report
        };
        let total = by("use_case")["total"].clone();
        for dimension in
            ["business_unit", "team", "project", "application", "classification", "provider", "model"]
        {
            let report = by(dimension);
            assert_eq!(report["total"], total, "{example} {dimension}");
            let groups = report["groups"].as_array().expect("groups");
            let sum = |key: &str| groups.iter().map(|group| nanos(&group[key])).sum::<govctl::event::Nanos>();
            for key in ["baseline", "dearest"] {
                assert_eq!(sum(key), nanos(&total[key]), "{example} {dimension}");
            }
        }
        // What a failure domain adds to the bill is what `outages` says: the rerouted on top, the stopped off.
        let outages = json(&folder, &["outages", "-k", "1", "--all"]);
        for one in outages["combinations"].as_array().expect("combinations") {
            let name = &one["down"][0];
            let downs = total["down"].as_array().expect("failure domains");
            let down = downs.iter().find(|down| down["failure_domain"] == *name).expect("the same domains");
            let stopped = one["use_cases"]
                .as_array()
                .expect("hits")
                .iter()
                .filter(|hit| hit["route"].is_null())
                .count();
            assert_eq!(down["stopped"], stopped, "{example} {name}");
        }
    }
}

#[test]
fn csv_and_focus_have_a_row_for_everything() {
    let folder = root("examples/logistics");
    let csv = stdout(&run(&folder, &["cost", "--by", "team", "--format", "csv"]));
    let report = json(&folder, &["cost", "--by", "team"]);
    for group in report["groups"].as_array().expect("groups") {
        let value = group["value"].as_str().expect("a team");
        let baseline = group["baseline"].as_str().expect("an amount");
        assert!(csv.contains(&format!("team,{value},baseline,{baseline}\n")), "{csv}");
    }
    let focus = stdout(&run(&folder, &["cost", "--format", "focus"]));
    let rows: Vec<&str> = focus.lines().collect();
    let columns = |row: &str| govctl::event::row::cells(row).len();
    assert!(rows.len() > 3 && rows.iter().all(|row| columns(row) == columns(rows[0])), "{focus}");
    assert!(rows[1].starts_with("2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,"));
}

#[test]
fn who_rests_on_a_provider_is_who_it_serves_and_without_it_is_what_resolve_says() {
    for example in EXAMPLES {
        let folder = root(example);
        let all = json(&folder, &["resolve", "--all"]);
        let matrix = json(&folder, &["who"]);
        schemas::holds("who", &matrix);
        let models = matrix["models"].as_array().expect("models").iter();
        let providers: BTreeSet<&str> = models
            .filter_map(|model| model["model"].as_str()?.split_once('/').map(|(provider, _)| provider))
            .collect();
        for provider in providers {
            let answer = json(&folder, &["who", "--provider", provider]);
            schemas::holds("who", &answer);
            let rests = answer["use_cases"].as_array().expect("use cases");
            let is_its =
                |model: &Value| model.as_str().is_some_and(|id| id.starts_with(&format!("{provider}/")));
            for one in all.as_array().expect("all use cases") {
                let serves = is_its(&one["primary"]["model"]);
                let rest = rests.iter().find(|rest| rest["use_case"] == one["use_case"]);
                assert_eq!(
                    rest.is_some_and(|rest| rest["part"] == "primary"),
                    serves,
                    "{example} {provider}"
                );
            }
            for rest in rests {
                let name = rest["use_case"].as_str().expect("a name");
                let down = json(&folder, &["resolve", name, "--down", provider]);
                assert_eq!(rest["without"]["model"], down["route"], "{example} {name} without {provider}");
                if down["route"].is_null() {
                    assert_eq!(
                        rest["without"]["terminal"], down["then"],
                        "{example} {name} without {provider}"
                    );
                }
            }
        }
    }
}

#[test]
fn who_rests_on_a_certification_is_who_changes_when_the_registry_loses_it() {
    let folder = crate::audit::workspace();
    let rests = |arguments: &[&str]| -> Vec<(String, String)> {
        let answer = json(folder.path(), &[&["who"], arguments].concat());
        schemas::holds("who", &answer);
        let one = |rest: &Value| {
            let text = |key: &str| rest[key].as_str().expect("text").to_owned();
            (text("use_case"), text("part"))
        };
        answer["use_cases"].as_array().expect("use cases").iter().map(one).collect()
    };
    let of = |name: &str, part: &str| (name.to_owned(), part.to_owned());
    assert_eq!(rests(&["--certification", "gdpr", "--of", "north"]), [of("letters", "failover")]);
    assert_eq!(rests(&["--certification", "gdpr"]), [of("letters", "primary")]);
    assert_eq!(rests(&["--certification", "soc2"]), []);
    assert_eq!(rests(&["--agreement", "house"]), []);
    assert_eq!(
        rests(&["--region", "us"]),
        [of("numbers", "primary")],
        "`letters` may be processed in the eu only, and what is restricted stays in the house"
    );
    assert_eq!(rests(&["--model", "beta"]), [of("letters", "failover"), of("numbers", "failover")]);
}

#[test]
fn a_question_about_nothing_is_refused_with_what_there_is() {
    let folder = crate::audit::workspace();
    let refused = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["who"], arguments].concat());
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
        stderr(&output)
    };
    assert_eq!(
        refused(&["--provider", "nort"]),
        "error: no provider is called `nort`; did you mean `north`?\n"
    );
    assert_eq!(refused(&["--certification", "soc2", "--of", "idle"]), "error: `idle` does not hold `soc2`\n");
    assert_eq!(refused(&["--agreement", "idle"]), "error: `idle` has no confirmed agreement\n");
}
