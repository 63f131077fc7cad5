//! What single questions take.

use govctl::accepted::Accepted;
use govctl::cost::forecast::{By, Forecast};
use govctl::decide::survey::Survey;
use govctl::explain::{Explanation, Question};
use govctl::graph::build::{self, Scope};
use govctl::graph::dot;
use govctl::outages::{self, drills};
use govctl::render::drills::Planned;
use govctl::render::human::Style;
use govctl::review::{self, Input, markdown};
use govctl::source::Sources;
use govctl::who::posture;
use govctl::{load, number, render, workspace};

use crate::text::{Workspace, each, listed, model, provider, use_case};
use crate::{Cost, Counted, Files, measured, written};

/// What an answer takes, without what deciding does.
fn cost(files: &Files, answer: fn(&Survey) -> String) -> Cost {
    let folder = written(files);
    let loaded = load::load(folder.path()).expect("a workspace");
    let workspace = workspace::read(loaded, "2026-11-21".parse().expect("a day"));
    let checked = workspace.check();
    let survey = checked.survey.as_ref().expect("decided");
    let counted = Counted::new();
    assert!(!answer(survey).is_empty());
    counted.cost()
}

#[test]
fn what_one_model_holds() {
    let held = |n| {
        let facts = format!("    compliance: [{}]\n", listed(n, |at| format!("c{at}")));
        Workspace::new().registry(provider("alpha", &facts, &model("m", 1, ""))).files()
    };
    let answer = |survey: &Survey| render::who::matrix(&posture::all(survey.world), 100);
    measured("what one model holds", 300, |n| cost(&held(n), answer));
}

#[test]
fn a_circle_that_is_drawn() {
    let circle = |n: usize| {
        let models = each(n, |at| {
            model(&format!("m{at}"), at + 1, &format!(", failover_to: alpha/m{}", (at + 1) % n))
        });
        let failover = "failover standard {\n  follow  registry\n  because \"b\"\n}\n";
        Workspace::new().registry(provider("alpha", "", &models)).failover(failover).files()
    };
    measured("a circle that is drawn", 300, |n| cost(&circle(n), drawn));
}

/// The failover graph of all use cases.
fn drawn(survey: &Survey) -> String {
    let contexts: Vec<_> = survey.decided().map(|decided| survey.world.baseline(decided.use_case)).collect();
    let asked = survey.decided().zip(&contexts).map(|(decided, context)| Question {
        world: survey.world,
        use_case: decided.use_case,
        context,
        decision: decided.baseline,
        on: None,
        down: &[],
        stated: &[],
    });
    let explained: Vec<Explanation> = asked.map(Explanation::of).collect();
    dot::write(&build::build(survey.world, &explained, Scope::All))
}

const PLAIN: Style = Style { color: false, width: 100, columns: usize::MAX };

/// So many use cases, each of which goes through so many providers in turn.
fn served(use_cases: usize, providers: usize) -> Files {
    let registry = each(providers, |at| provider(&format!("p{at}"), "", &model("m", at + 1, "")));
    let failover = format!("failover standard {{ follow ranking limit {providers} hops because \"b\" }}\n");
    let estate = each(use_cases, |at| use_case(&format!("u{at}"), ""));
    Workspace::new().registry(registry).estate(estate).failover(&failover).files()
}

#[test]
fn use_cases_over_every_link() {
    measured("use cases over every link", 100, |n| cost(&served(n, 6), drawn));
}

/// Twice as many use cases and targets are twice as many to take down: those that are decided alike fare alike.
#[test]
fn use_cases_and_targets_that_fall() {
    let answer = |survey: &Survey| {
        let report = outages::report(survey, 1).expect("few enough");
        let mut text = String::new();
        let mut take = |piece: &str| {
            text += piece;
            Ok(())
        };
        render::outages::write(&report, false, PLAIN, &mut take).expect("written");
        let plan = drills::plan(survey.world, &report);
        let as_of = survey.world.as_of;
        text + &render::drills::human(&Planned { plan: &plan, report: &report, most: 5, as_of }, PLAIN)
    };
    measured("use cases and targets that fall", 60, |n| cost(&served(n, n), answer));
}

#[test]
fn use_cases_and_targets_that_cost() {
    let answer = |survey: &Survey| render::cost::human(&Forecast::new(survey), By::UseCase, 100);
    measured("use cases and targets that cost", 60, |n| cost(&served(n, n), answer));
}

/// What is written of each use case and failure domain is passed on, and none of it is kept.
#[test]
fn answers_that_are_passed_on() {
    let answer = |survey: &Survey| {
        let mut sink = |_: &str| Ok(());
        let forecast = Forecast::new(survey);
        render::cost::json(&forecast, By::UseCase, survey.world.as_of, &mut sink).expect("written");
        render::cost::csv(&forecast, By::UseCase, &mut |_| Ok(())).expect("written");
        let report = outages::report(survey, 1).expect("few enough");
        render::outages_json::write(&report, &mut sink).expect("written");
        "written".to_owned()
    };
    measured("answers that are passed on", 100, |n| cost(&served(n, 6), answer));
}

#[test]
fn use_cases_on_one_page() {
    let answer = |survey: &Survey| {
        let page = review::page(&Input {
            name: "it",
            sources: &Sources::default(),
            also: &[],
            survey,
            findings: &[],
            open: &[],
            kinds: &[],
            silenced: &[],
            accepted: &Accepted::default(),
            reviews: &[],
            since: None,
            spent: None,
            ledger: None,
            pairs: &[],
            logged: None,
            concentration: &number::whole(50),
        });
        markdown::render(&page)
    };
    measured("use cases on one page", 100, |n| cost(&served(n, 6), answer));
}
