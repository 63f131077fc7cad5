//! The engine and the reference decide alike, and so find alike.

use govctl::check;
use govctl::decide::engine::{Decisions, Statement};
use govctl::decide::reference::{self, Reading};
use govctl::decide::survey::{Case, Survey};
use govctl::decide::telling::Telling;
use govctl::model::{Context, UseCase, World};
use govctl::number;
use proptest::prelude::*;

use crate::bundle;
use crate::properties::{budgets, cases, read};
use crate::worlds::workspace;

fn alike(rolls: &[u16]) -> Result<(), TestCaseError> {
    let files = workspace(rolls);
    let workspace = read(&files);
    let Some(world) = &workspace.world else {
        return Err(TestCaseError::fail(format!(
            "no world: {:?}",
            workspace.findings.iter().map(|f| (f.code, f.message.clone())).collect::<Vec<_>>()
        )));
    };
    let (fast, slow) = (Survey::new(world), Survey::by_reference(world));
    for (one, other) in fast.cases.iter().zip(&slow.cases) {
        let use_case = &world.use_cases[one.id];
        for ((context, fast), (_, slow)) in fast.pairs(one).zip(slow.pairs(other)) {
            let place = (&use_case.name.value, world.show_context(context));
            prop_assert_eq!(fast, slow, "{:?}\n{}\n{}\n{}", place, files[0].1, files[1].1, files[2].1);
        }
        every_context(world, &fast, one)?;
        let engine = &fast.engine;
        let space = engine.space(use_case).expect("few enough");
        for (at, context) in space.contexts.iter().enumerate() {
            let place = (&use_case.name.value, world.show_context(context));
            if one.decisions.is_some() && reference::decide(world, use_case, context).is_ok() {
                let (fast, slow) =
                    (engine.ranking(use_case, at), Reading::of(world, use_case, context).ranking());
                prop_assert_eq!(fast, slow, "ranking of {:?}", place);
            }
            for (id, guarantee) in world.guarantees.enumerated() {
                let held = engine.held(use_case, &space, Statement::Guarantee(id)).at(at);
                let holds = reference::premise_holds(world, use_case, context, guarantee);
                prop_assert_eq!(held, holds, "`for` of {} in {:?}", guarantee.name.value, place);
            }
        }
    }
    requests_between(world, &fast)?;
    prop_assert_eq!(check::check(&fast), check::check(&slow), "{}", files[2].1);
    Ok(())
}

/// Contexts that are decided as one are decided alike by the reference, each is counted once, and what a plain reading
/// tells apart counts as many.
fn every_context(world: &World, fast: &Survey, case: &Case) -> Result<(), TestCaseError> {
    let use_case = &world.use_cases[case.id];
    let Some(decisions) = &case.decisions else { return Ok(()) };
    let telling = Telling::new(world, use_case);
    let mut counted = vec![0u64; decisions.space.contexts.len()];
    for context in world.contexts(use_case) {
        let slow = reference::decide(world, use_case, &context);
        let shown = world.show_context(&context);
        prop_assert_eq!(fast.decision(case, &context), Some(&slow), "{:?}", &shown);
        let told = stands_for(world, use_case, &telling, &context);
        prop_assert_eq!(&reference::decide(world, use_case, &told), &slow, "{:?}", &shown);
        for guarantee in &world.guarantees {
            let holds = |context| reference::premise_holds(world, use_case, context, guarantee);
            prop_assert_eq!(holds(&told), holds(&context), "{:?}", &shown);
        }
        counted[decisions.space.find(world, use_case, &context).expect("it is one of them")] += 1;
    }
    for (at, counted) in counted.iter().enumerate() {
        prop_assert_eq!(decisions.space.weight(at), *counted);
    }
    let told: u64 = Telling::new(world, use_case).contexts(world, use_case).map(|(_, weight)| weight).sum();
    prop_assert_eq!(told, world.count_contexts(use_case));
    Ok(())
}

/// The context that stands for another one in a plain reading.
fn stands_for(world: &World, use_case: &UseCase, telling: &Telling, context: &Context) -> Context {
    let mut shown = context.clone();
    for axis in world.axes(use_case) {
        let position = world.position(use_case, context, axis).expect("it is on the axis");
        let of = telling.along(axis).expect("an axis").of[position];
        world.move_to(use_case, &mut shown, axis, of);
    }
    shown
}

/// A request whose budget is none that shows a context is decided as the context that it falls into.
fn requests_between(world: &World, fast: &Survey) -> Result<(), TestCaseError> {
    for case in &fast.cases {
        let use_case = &world.use_cases[case.id];
        for budget in budgets().filter(|_| case.decisions.is_some()) {
            let budget = number::parse_decimal(&budget).expect("a decimal");
            let asked = Context { budget, ..world.baseline(use_case) };
            let slow = reference::decide(world, use_case, &asked);
            prop_assert_eq!(fast.decision(case, &asked), Some(&slow), "{:?}", world.show_context(&asked));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_decides_and_finds_as_the_reference_does(rolls in prop::collection::vec(any::<u16>(), 0..600)) {
        alike(&rolls)?;
    }
}

#[test]
fn use_cases_that_nothing_tells_apart_are_decided_once() {
    let text = "=== registry/main.yaml
providers:
  alpha:
    owner: o
    models:
      - {name: a1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2}
  beta:
    owner: o
    models:
      - {name: b1, approved_use_cases: [picked, chat], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2}
=== estate/main.yaml
use_cases:
  - {name: chat, owner: o, data_classification: internal}
  - {name: mail, owner: o, data_classification: internal, project: x}
  - {name: plan, owner: p, data_classification: internal, project: y, endpoint_tag: e}
  - {name: other, owner: o, data_classification: internal, team: blue}
  - {name: another, owner: o, data_classification: internal, team: green}
  - {name: known, owner: o, data_classification: internal, team: red}
  - {name: named, owner: o, data_classification: internal}
  - {name: picked, owner: o, data_classification: internal}
  - {name: secret, owner: o, data_classification: restricted}
=== policies/main.gov
failover standard { follow ranking because \"b\" }
cost rule a { when team == red or not (use_case != named) prefer beta because \"b\" }
";
    let files = bundle::files(text);
    let files: Vec<(&str, String)> =
        files.iter().map(|file| (file.path.as_str(), file.text.clone())).collect();
    let workspace = read(&files);
    let world = workspace.world.as_ref().expect("a world");
    let survey = Survey::new(world);
    let name = |id| world.use_cases[id].name.value.as_str();
    let first: Vec<&str> = survey.engine.first_alike().into_iter().map(name).collect();
    // They stand in the order of their names: `other`, `picked` and `plan` are like one before them.
    assert_eq!(first, ["another", "chat", "known", "mail", "named", "another", "chat", "mail", "secret"]);
    for case in &survey.cases {
        assert_eq!(survey.cases[case.id].id, case.id);
        // What states no team has no decision where one is asked for.
        if case.missing.is_empty() {
            let alone = survey.engine.decide(case.id).expect("few contexts");
            let decisions = case.decisions.as_ref();
            let of = |decisions: &Decisions| (decisions.distinct.clone(), decisions.cells.clone());
            assert_eq!(decisions.map(of), Some(of(&alone)));
        }
    }
}
