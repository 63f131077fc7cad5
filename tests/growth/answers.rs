//! What single questions take.

use govctl::decide::survey::Survey;
use govctl::explain::{Explanation, Question};
use govctl::graph::build::{self, Scope};
use govctl::graph::dot;
use govctl::who::posture;
use govctl::{load, render, workspace};

use crate::text::{Workspace, each, listed, model, provider};
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
    let answer = |survey: &Survey| {
        let contexts: Vec<_> =
            survey.decided().map(|decided| survey.world.baseline(decided.use_case)).collect();
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
    };
    measured("a circle that is drawn", 300, |n| cost(&circle(n), answer));
}
