//! The engine and the reference decide alike, and so find alike.

use govctl::check;
use govctl::decide::engine::Statement;
use govctl::decide::reference;
use govctl::decide::survey::{Case, Survey};
use govctl::decide::telling::Telling;
use govctl::model::{Context, World};
use govctl::number;
use proptest::prelude::*;

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
                let (fast, slow) = (engine.ranking(use_case, at), reference::rank(world, use_case, context));
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
    let mut counted = vec![0u64; decisions.space.contexts.len()];
    for context in world.contexts(use_case) {
        let slow = reference::decide(world, use_case, &context);
        let shown = world.show_context(&context);
        prop_assert_eq!(fast.decision(case, &context), Some(&slow), "{:?}", &shown);
        counted[decisions.space.find(world, use_case, &context).expect("it is one of them")] += 1;
    }
    for (at, counted) in counted.iter().enumerate() {
        prop_assert_eq!(decisions.space.weight(at), *counted);
    }
    let told: u64 = Telling::new(world, use_case).contexts(world, use_case).map(|(_, weight)| weight).sum();
    prop_assert_eq!(told, world.count_contexts(use_case));
    Ok(())
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
