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

/// Twelve yes-or-no facts once made a table of megabytes, and seventeen none at all.
#[test]
fn facts_that_a_statement_reads_for_others_cost_nothing() {
    use std::fmt::Write as _;
    let (mut registry, mut estate) = ("providers:\n".to_owned(), "use_cases:\n".to_owned());
    let mut policy =
        "failover standard {\n  follow  ranking\n  because \"any model may answer\"\n}\n".to_owned();
    for at in 0..16 {
        let _ = writeln!(
            registry,
            "  p{at}:\n    owner: a@example.com\n    models:\n      - {{name: m, approved_use_cases: [\"*\"], \
             data_classification_max: restricted, cost_per_1m_tokens_input: {at}, cost_per_1m_tokens_output: 1}}"
        );
        let _ = writeln!(
            estate,
            "  - {{name: u{at}, owner: a@example.com, data_classification: internal, team: t{at}}}"
        );
        let next = (at + 1) % 16;
        let _ = writeln!(
            policy,
            "fact no_p{at} in {{yes, no}} default no\ncompliance rule without-p{at} {{\n  when    team == t{at} and \
             (no_p{at} == yes or no_p{next} == yes)\n  forbid  model.provider == p{at}\n  because \"they asked\"\n}}"
        );
    }
    let files = [("registry/r.yaml", registry), ("estate/e.yaml", estate), ("policies/p.gov", policy)];
    let files = files.map(|(path, text)| (path.to_owned(), text)).to_vec();
    let table = compiles(&World { providers: vec![], models: vec![], use_cases: vec![], files });
    assert_eq!(table.proof.contexts, 16 * 3 * (1 << 16), "every context is proved");
    let bytes = table.to_canonical_json().len();
    assert!(bytes < 100_000 && table.decisions.len() < 100, "{bytes} bytes, {}", table.decisions.len());
}
