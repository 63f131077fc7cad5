//! The worlds of the benchmarks check, as they are measured and with every clause.

use govctl::diag::Severity;
use govctl::table::format::Table;
use govctl::{compile, load, workspace};

use crate::bench_world::{AS_OF, Size, World};

const SMALL: Size = Size { use_cases: 60, models: 40, rules: 30 };

fn compiles(world: &World) -> Table {
    let folder = tempfile::tempdir().expect("a folder");
    world.write(folder.path()).expect("written");
    let as_of = AS_OF.parse().expect("a day");
    let workspace = workspace::read(load::load(folder.path()).expect("a workspace"), as_of);
    let checked = workspace.check();
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<&str> = errors.map(|finding| finding.message.as_str()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    compile::compile(&checked.verified(&workspace).expect("no errors"))
}

#[test]
fn the_worlds_of_the_benchmarks_compile() {
    compiles(&World::new(SMALL));
}

/// Places within places, what falls together, every kind of price, each trigger, budgets of models and facts, days.
#[test]
fn so_they_do_with_every_clause() {
    let table = compiles(&World::with_every_clause(SMALL));
    let models = || table.models.iter();
    assert!(models().any(|model| model.failure_domain != model.provider));
    assert!(models().any(|model| model.batch_discount.is_some()));
    assert!(models().any(|model| model.cached_input_usd_per_1m.is_some()));
    assert!(models().any(|model| model.long_prompt.is_some()));
    let triggers: std::collections::BTreeSet<&str> = table
        .decisions
        .iter()
        .flat_map(|decision| &decision.paths)
        .flat_map(|path| path.on.iter().map(|trigger| trigger.name()))
        .collect();
    assert_eq!(triggers.len(), 8, "{triggers:?}");
    let axes = || table.grids.iter().flatten();
    for fact in ["home", "tenant", "budget.our-premium.remaining"] {
        assert!(axes().any(|axis| axis.fact == fact), "{fact}");
    }
    assert_eq!(table.ends.as_deref(), Some("start of rule no-previews-from-next-year"));
}
