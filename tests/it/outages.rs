//! `outages`: every combination, told as `resolve --down` would, worst first, within the width of a page.

use std::collections::BTreeSet;

use govctl::decide::outage::{self, Outcome};
use govctl::decide::{reference, show};
use govctl::model::{Down, Model, UseCaseId, World};
use govctl::outages::{self, Combination, Report};
use govctl::workspace::Workspace;
use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::bundle::{self, run, status, stderr, stdout};
use crate::properties;
use crate::worlds;

/// What a request gets while failure domains are down, by the reference alone.
fn told(world: &World, use_case: UseCaseId, down: &[&str]) -> Option<(String, String)> {
    let use_case = &world.use_cases[use_case];
    let decision = reference::decide(world, use_case, &world.baseline(use_case)).expect("defined");
    let falls = |model: &Model| down.contains(&world.names.name(model.failure_domain));
    let models = world.models.enumerated().filter(|(_, model)| falls(model));
    let down: Vec<Down> = models.map(|(id, _)| Down::Model(id)).collect();
    match outage::outcome(world, &decision, None, &down) {
        Outcome::Unroutable => None,
        Outcome::Terminal => {
            Some((outage::terminal(world, &decision, None).kind().name().to_owned(), String::new()))
        }
        Outcome::Route(model) => {
            let chain = decision.chain_targets();
            let target = chain.iter().find(|target| target.model == model).expect("a target");
            Some((world.models[model].id.clone(), show::multiplier(&target.multiplier)))
        }
    }
}

/// What the report says of the same.
fn said(report: &Report, combination: Option<&Combination>, service: usize) -> Option<(String, String)> {
    let found = &report.services[service];
    let hit = combination.and_then(|c| report.hits(c).into_iter().find(|hit| hit.service == service));
    match hit.map(|hit| hit.route) {
        None => found.targets.first().map(|target| (target.model.to_owned(), "1".to_owned())),
        Some(None) => Some((found.then.to_owned(), String::new())),
        Some(Some(position)) => {
            let target = &found.targets[position];
            Some((target.model.to_owned(), target.cost_multiplier.clone()))
        }
    }
}

fn holds(workspace: &Workspace, most_down: usize) -> Result<(), TestCaseError> {
    let Some(world) = &workspace.world else { return Ok(()) };
    let checked = workspace.check();
    let survey = checked.survey.as_ref().expect("a survey");
    let report = outages::report(survey, most_down).expect("few enough");
    let mut seen = BTreeSet::new();
    for combination in &report.combinations {
        prop_assert!(!combination.down.is_empty() && combination.down.len() <= most_down);
        prop_assert!(seen.insert(combination.down.clone()), "{:?} twice", combination.down);
        for (service, decided) in survey.decided().enumerate() {
            let told = told(world, decided.id, &combination.down);
            prop_assert_eq!(&told, &said(&report, Some(combination), service), "{:?}", combination.down);
            let hit = report.hits(combination).into_iter().find(|hit| hit.service == service);
            // Together: whichever of them comes back, the use case fares otherwise.
            let each = (0..combination.down.len()).all(|back| {
                let mut fewer = combination.down.clone();
                fewer.remove(back);
                self::told(world, decided.id, &fewer) != told
            });
            prop_assert_eq!(hit.is_some_and(|hit| hit.together), hit.is_some() && each);
        }
    }
    let n = report.failure_domains.len();
    prop_assert_eq!(
        report.combinations.len(),
        n + if most_down > 1 { n * n.saturating_sub(1) / 2 } else { 0 }
    );
    for pair in report.combinations.windows(2) {
        prop_assert!((pair[0].stopped, pair[0].rerouted) >= (pair[1].stopped, pair[1].rerouted));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: properties::cases(), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_combination_is_told_as_the_reference_decides(rolls in prop::collection::vec(any::<u16>(), 0..400), most in 1usize..3) {
        holds(&properties::read(&worlds::workspace(&rolls)), most)?;
    }
}

fn outages(workspace: &str, arguments: &[&str]) -> Value {
    bundle::json(&run(&bundle::root(workspace), &[&["outages", "--format", "json"], arguments].concat()))
}

#[test]
fn the_worst_combination_comes_first_with_what_it_stops_and_costs() {
    let report = outages("examples/logistics", &[]);
    let worst = &report["combinations"][0];
    assert_eq!(worst["down"], json!(["anthropic", "self_hosted"]));
    assert_eq!(worst["stopped"], json!({"total": 3, "high": 2, "normal": 1, "low": 0}));
    assert_eq!(worst["stops_first"], "route-planning");
    assert_eq!(worst["monthly_requests_stopped"], 120_000);
    assert_eq!(worst["monthly_cost"], json!({"normal": "1293.60", "down": "1260.00"}));
    let analysis = worst["use_cases"].as_array().expect("use cases");
    let analysis = analysis.iter().find(|change| change["use_case"] == "analysis").expect("analysis");
    assert_eq!(analysis["route"], "openai/gpt-4-turbo");
    assert_eq!(analysis["cost_multiplier"], "2.8205");
    assert_eq!(analysis["monthly_cost"], json!({"normal": "390.00", "down": "1100.00"}));
    assert_eq!(analysis["only_together"], false);
}

#[test]
fn one_provider_at_a_time_with_k_1_and_never_more_than_there_are() {
    let one = outages("examples/logistics", &["-k", "1"]);
    assert_eq!(one["combinations"].as_array().expect("combinations").len(), 3);
    assert_eq!(one["most_down"], 1);
    let all = outages("examples/logistics", &["-k", "99"]);
    assert_eq!(all["combinations"].as_array().expect("combinations").len(), 7);
    assert_eq!(all["most_down"], 3);
    let none = run(&bundle::root("examples/logistics"), &["outages", "-k", "0"]);
    assert_eq!((status(&none), stdout(&none).as_str()), (2, ""));
}

/// Two providers of one failure domain and a third, one model each: `chat` goes through them in turn.
fn shared_domain() -> tempfile::TempDir {
    let case = bundle::root("tests/cases/check/test-failed/near-miss-failure-domain-down.txt");
    bundle::unpack_text(&std::fs::read_to_string(case).expect("the case"))
}

#[test]
fn what_shares_a_failure_domain_goes_down_together() {
    let folder = shared_domain();
    let report = bundle::json(&run(folder.path(), &["outages", "--format", "json"]));
    assert_eq!(report["failure_domains"], json!(["cloud-us", "gamma"]));
    let alone = &report["combinations"][1];
    assert_eq!(alone["down"], json!(["cloud-us"]));
    assert_eq!(alone["use_cases"][0]["route"], "gamma/c1");
}

#[test]
fn a_failure_domain_is_down_by_its_name_with_a_workspace_and_with_a_table() {
    let folder = shared_domain();
    let resolve = |more: &[&str]| {
        let arguments = [&["resolve", "chat", "--format", "json", "--down"], more].concat();
        let output = run(folder.path(), &arguments);
        (status(&output), stdout(&output), stderr(&output))
    };
    let route = |more: &[&str]| {
        let answer: Value = serde_json::from_str(&resolve(more).1).expect("JSON");
        answer["route"].clone()
    };
    let table = folder.path().join("table.json");
    assert_eq!(status(&run(folder.path(), &["compile", "-o", table.to_str().expect("UTF-8")])), 0);
    for from in [&[][..], &["--table", table.to_str().expect("UTF-8")]] {
        assert_eq!(route(&[&["cloud-us"], from].concat()), "gamma/c1");
        assert_eq!(route(&[&["alpha"], from].concat()), "beta/b1");
        assert_eq!(route(&[&["a1"], from].concat()), "beta/b1");
        assert_eq!(resolve(&[&["cloud"], from].concat()).0, 2);
    }
    assert_eq!(
        resolve(&["cloud-usa"]).2,
        "error: no provider, failure domain or model is called `cloud-usa`; did you mean `cloud-us`?\n"
    );
}

/// So many providers, each with one model, all of them targets of one use case.
fn many_providers(count: usize) -> tempfile::TempDir {
    let mut registry = "providers:\n".to_owned();
    for provider in 0..count {
        registry += &format!(
            "  provider-with-a-very-long-name-number-{provider}:\n    owner: o@example.com\n    models:\n      - {{name: a-model-whose-name-is-long-too-{provider}, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: {provider}, cost_per_1m_tokens_output: {provider}}}\n"
        );
    }
    bundle::unpack_text(&format!(
        "=== registry/main.yaml\n{registry}=== estate/main.yaml\nuse_cases:\n  - {{name: a-use-case-with-a-name-as-long-as-they-come, owner: o@example.com, data_classification: internal}}\n=== policies/main.gov\nfailover standard {{ follow ranking limit {count} hops then queue because \"b\" }}\n"
    ))
}

#[test]
fn more_combinations_than_can_be_worked_out_are_refused_with_the_number_that_can() {
    let folder = many_providers(40);
    let output = run(folder.path(), &["outages", "-k", "3"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert_eq!(
        stderr(&output),
        "error: up to 3 of 40 failure domains down are 10700 combinations, and at most 10000 are worked out; ask for \
         fewer with `-k 2`\n"
    );
    assert_eq!(status(&run(folder.path(), &["outages", "-k", "2"])), 0);
}

#[test]
fn a_pipe_gets_every_name_whole() {
    let folder = many_providers(12);
    let all = stdout(&run(folder.path(), &["outages", "--all", "-k", "3"]));
    let cut = all.lines().find(|line| line.contains('…') && !line.contains("more"));
    assert_eq!(cut, None);
    let was: Vec<&str> =
        all.lines().filter_map(|line| line.split_once(" was ")).map(|(_, was)| was).collect();
    assert!(!was.is_empty() && was.iter().all(|model| model.contains('/')), "{was:?}");
}

#[test]
fn examples_fit_on_a_wide_page() {
    for example in ["logistics", "hospital", "logistics-as-published"] {
        let output = run(&bundle::root("examples").join(example), &["outages", "--all"]);
        for line in stdout(&output).lines() {
            assert!(line.width() <= 140, "{} columns: {line}", line.width());
        }
    }
}

#[test]
fn a_use_case_whose_decision_is_not_defined_is_left_out_with_status_1() {
    let folder = bundle::unpack_text(
        "=== registry/main.yaml\nproviders:\n  p:\n    owner: o@example.com\n    models:\n      - {name: m, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n=== estate/main.yaml\nuse_cases:\n  - {name: fine, owner: o@example.com, data_classification: internal, risk: high}\n  - {name: odd, owner: o@example.com, data_classification: internal}\n  - {name: none, owner: o@example.com, data_classification: restricted, risk: high}\n=== policies/main.gov\nfailover standard { none because \"b\" }\ncost rule x { when risk == high prefer cheapest because \"b\" }\n",
    );
    let output = run(folder.path(), &["outages", "--format", "json"]);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("left out"), "{}", stderr(&output));
    let report = bundle::json(&output);
    assert_eq!(report["undecided"], json!(["odd"]));
    let human = run(folder.path(), &["outages"]);
    assert!(stdout(&human).contains("1 use case has no model even with everything up: `none`"));
    // Nothing is resolved at all: not even asked.
    std::fs::write(folder.path().join("policies/main.gov"), "failover standard { nonne }\n").expect("write");
    let output = run(folder.path(), &["outages"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
}

/// What is stopped costs nothing in both: `outages` and `cost` state one difference, but for the cent of rounding.
#[test]
fn an_outage_adds_as_much_as_cost_says() {
    let nanos = |value: &Value| {
        govctl::event::money::parse(value.as_str().expect("an amount")).expect("an amount of dollars")
    };
    for example in ["examples/hospital", "examples/logistics", "examples/enterprise"] {
        let cost = bundle::json(&run(&bundle::root(example), &["cost", "--format", "json"]));
        let report = outages(example, &["-k", "1"]);
        for combination in report["combinations"].as_array().expect("combinations") {
            let down = cost["total"]["down"].as_array().expect("failure domains").iter();
            let mut down = down.filter(|one| one["failure_domain"] == combination["down"][0]);
            let by_cost = nanos(&down.next().expect("it")["usd"]) - nanos(&cost["total"]["baseline"]);
            let of = &combination["monthly_cost"];
            let off = (nanos(&of["down"]) - nanos(&of["normal"]) - by_cost).abs();
            assert!(off <= 10_000_000, "{example} {}: {off}", combination["down"]);
        }
        // What programs add up is the total.
        let sum: i128 =
            cost["groups"].as_array().expect("groups").iter().map(|of| nanos(&of["baseline"])).sum();
        assert_eq!(sum, nanos(&cost["total"]["baseline"]), "{example}");
    }
}
