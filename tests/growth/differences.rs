//! What a comparison takes, for each dimension in which two sides can differ alone.

use std::sync::PoisonError;

use govctl::cost::Spending;
use govctl::diff::bounds::Bounds;
use govctl::diff::causes::{self, Text, Texts};
use govctl::diff::sides::Side;
use govctl::diff::statements::{self, Half};
use govctl::diff::store::Store;
use govctl::diff::{
    self, approvals, bounds, destinations, endpoints, gate, latent, looser, regrouped, render_human, spells,
    understood,
};
use govctl::render::human::Style;
use govctl::{load, workspace};

use crate::text::{Workspace, each, listed, model, provider, rule, use_case};
use crate::{ALONE, Cost, Counted, Files, measured, written};

/// Compares two workspaces as `diff --deny widened` does, without later days, and writes down what differs.
fn cost(old: &Files, new: &Files) -> Cost {
    let day = "2026-11-21".parse().expect("a day");
    let folders = [written(old), written(new)];
    let counted = Counted::new();
    let read = folders.each_ref().map(|folder| {
        let loaded = load::load(folder.path()).expect("a workspace");
        workspace::read_with_trees(loaded, day)
    });
    let checked = read.each_ref().map(|(workspace, _)| workspace.check());
    let surveys = checked.each_ref().map(|checked| checked.survey.as_ref().expect("decided"));
    let mut store = Store::default();
    let [before, after] = surveys.map(|survey| Side::of_workspace("side", survey, &mut store));
    let mut diff = diff::diff(&store, &before, &after);
    diff.gate = endpoints::moved(&diff.worse);
    diff.gate.extend(destinations::moved(&store, &before, &after, &diff.names));
    diff.gate.extend(understood::gone(&diff.changes));
    diff.gate.extend(understood::moved(&before, &after, &diff.names));
    let held = surveys.map(|survey| Bounds::of_world(survey.world));
    diff.gate.extend(bounds::moved(&held[0], &held[1], &diff.names));
    let expected = surveys.map(|survey| statements::expected(&Spending::new(survey)));
    let half = |side, expected| Half { side, expected };
    let halves = (half(&before, &expected[0]), half(&after, &expected[1]));
    diff.statements = statements::between(&store, halves.0, halves.1, &diff.names);
    let [(old, old_trees), (new, new_trees)] = &read;
    let [old_survey, new_survey] = surveys;
    let texts = Texts::new(
        Text { trees: old_trees, sources: &old.sources, as_of: day, survey: old_survey },
        Text { trees: new_trees, sources: &new.sources, as_of: day, survey: new_survey },
    );
    diff.gate.extend(spells::shortened(&texts));
    diff.gate.extend(regrouped::moved(&texts));
    diff.gate.extend(looser::moved(&texts, &diff));
    diff.gate.extend(spells::tests(&texts));
    let gained = approvals::gained(&diff, &store, &after, &texts);
    diff.gate.extend(gained);
    causes::find(&mut diff, &mut store, (&before, &after), &texts);
    let names = diff.names.clone();
    diff.latent = latent::find(&diff, &mut store, &after, &texts, &names).latent;
    let findings = diff::findings::between(
        (&read[0].0.sources, &checked[0].findings),
        (&read[1].0.sources, &checked[1].findings),
        diff.renamed(),
    );
    let style = Style { color: false, width: 100, columns: usize::MAX };
    assert!(!render_human::render(&diff, &findings, false, style).is_empty());
    assert!(diff.gate.iter().all(|moved: &gate::Moved| !moved.text.is_empty()));
    counted.cost()
}

/// A test for each dimension: its name, how much of it there is, and the two sides.
macro_rules! differences {
    ($($name:ident $n:literal $side:expr;)*) => {
        $(#[test]
        fn $name() {
            let side: fn(usize, usize) -> Workspace = $side;
            measured(stringify!($name), $n, |n| cost(&side(n, 0).files(), &side(n, 1).files()));
        })*
    };
}

/// A name that each side has for itself.
fn own(kind: &str, side: usize, at: usize) -> String {
    let own = if side == 0 { "x" } else { "y" };
    format!("{kind}{own}{at}")
}

differences! {
    nothing 100 |n, _| Workspace::new().policy(each(n, |at| rule(&format!("r{at}"), "cost", "  require model.tier != premium\n")));
    budgets_replaced 100 |n, side| Workspace::new().policy(each(n, |at| {
        format!("budget {} {{ limit {} usd per day owner \"o\" escalate \"e\" because \"b\" }}\n", own("b", side, at), at + 1)
    }));
    quotas_replaced 100 |n, side| Workspace::new().policy(each(n, |at| {
        format!("quota {} {{ limit {} requests per minute because \"b\" }}\n", own("q", side, at), at + 1)
    }));
    audits_replaced 100 |n, side| Workspace::new().policy(each(n, |at| {
        format!("audit {} {{ retain {} days owner \"o\" because \"b\" }}\n", own("a", side, at), at + 1 + side)
    }));
    rules_replaced 60 |n, side| Workspace::new().policy(each(n, |at| {
        rule(&own("r", side, at), "compliance", &format!("  require model.cost <= {} usd per 1m tokens\n", 100 + at + n * side))
    }));
    use_cases_replaced 60 |n, side| Workspace::new().estate(each(n, |at| use_case(&own("u", side, at), &format!(", team: t{at}"))));
    use_cases_that_change 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), &format!(", team: t{}", at * (1 - side)))));
    models_replaced 60 |n, side| Workspace::new()
        .registry(provider("alpha", "", &each(n, |at| model(&own("m", side, at), at + 1, ""))));
    models_of_other_prices 60 |n, side| Workspace::new()
        .registry(provider("alpha", "", &each(n, |at| model(&format!("m{at}"), if side == 0 { at + 1 } else { 2 * n - at }, ""))));
    facts_renamed 60 |n, side| Workspace::new()
        .policy(each(n, |at| format!("fact {} in {{a, b}} default a\n", own("f", side, at))));
    values_renamed 100 |n, side| Workspace::new()
        .policy(format!("fact f in {{{}}} default {}\n", listed(n, |at| own("v", side, at)), own("v", side, 0)));
    levels_renamed 60 |n, side| Workspace::new().policy(format!(
        "classifications public < internal < {} < restricted\n",
        (0..n).map(|at| own("l", side, at)).collect::<Vec<_>>().join(" < ")
    ));
    facts_of_another_default 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), "")))
        .policy(each(n, |at| {
            let default = if side == 0 { "a" } else { "b" };
            let when = format!("  when use_case == u{at} and f{at} == a\n  prefer beta\n");
            format!("fact f{at} in {{a, b}} default {default}\n") + &rule(&format!("r{at}"), "cost", &when)
        }));
    values_that_are_read_and_replaced 100 |n, side| Workspace::new()
        .policy(format!("fact f in {{v, {}}} default v\n", listed(n, |at| own("v", side, at)))
            + &rule("r", "cost", "  when f == v\n  prefer beta\n"));
    levels_in_another_order 60 |n, side| Workspace::new().policy(format!(
        "classifications public < internal < {} < restricted\n",
        (0..n).map(|at| format!("l{}", if side == 0 { at } else { n - 1 - at })).collect::<Vec<_>>().join(" < ")
    ));
    ceilings_that_are_raised 60 |n, side| Workspace::new().registry(provider("alpha", "", &each(n, |at| {
        let ceiling = if side == 0 { "internal" } else { "restricted" };
        model(&format!("m{at}"), at + 1, "").replace("restricted", ceiling)
    })));
    approvals_that_are_gained 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), "")))
        .registry(provider("alpha", "", &each(n, |at| {
            model(&format!("m{at}"), at + 1, "").replace("[\"*\"]", &format!("[u{}]", (at + side) % n))
        })));
    limits_that_are_raised 60 |n, side| Workspace::new().registry(provider("alpha", "", &each(n, |at| {
        model(&format!("m{at}"), at + 1, &format!(", max_daily_spend_usd: {}, failure_domain: d{}", at + 1 + side, at / (2 - side)))
    })));
    budgets_of_one_use_case_each_replaced 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), &format!(", team: t{at}"))))
        .policy(each(n, |at| {
            format!("budget {} {{\n  limit {} usd per day\n  when team == t{at}\n  owner \"o\"\n  escalate \"e\"\n  because \"b\"\n}}\n", own("b", side, at), at + 1)
        }) + &rule("r", "cost", "  when budget.remaining < 10%\n  require model.tier != premium\n"));
    regions_that_move 60 |n, side| Workspace::new().policy(format!(
        "regions {}\n",
        listed(n, |at| format!("o{at} {{ a{}, b{at} }}", if side == 0 { at } else { (at + 1) % n }))
    ));
    approvals_of_one_model_replaced 400 |n, side| Workspace::new()
        .registry(provider("alpha", "", &model("m", 1, "").replace("\"*\"", &format!("\"*\", {}", listed(n, |at| own("u", side, at))))));
    models_replaced_that_are_held_to_more 60 |n, side| Workspace::new().registry(provider("alpha", "", &each(n, |at| {
        let limit = format!(", max_daily_spend_usd: {}", at / (n / 4).max(1) + 1 + side);
        model(&own("m", side, at), at + 1, &limit)
    })));
    budgets_that_promises_read_raised 60 |n, side| Workspace::new()
        .estate(each(2, |at| use_case(&format!("u{at}"), &format!(", team: t{at}"))))
        .policy(format!("teams {}\n", listed(n, |at| format!("t{at}"))) + &each(n, |at| {
            let when = format!("  when team == t{at} and budget.b{at}.remaining < 20%\n");
            format!("budget b{at} {{ limit {} usd per day when team == t{at} owner \"o\" escalate \"e\" because \"b\" }}\n", at + 1 + side)
                + &rule(&format!("r{at}"), "compliance", &(when + "  require model.cost <= 100 usd per 1m tokens\n"))
        }));
    budgets_that_all_promises_read_raised 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), &format!(", team: t{at}"))))
        .policy(each(n, |at| {
            let when = format!("  when team == t{at} and budget.remaining < 20%\n");
            format!("budget b{at} {{ limit {} usd per day when team == t{at} owner \"o\" escalate \"e\" because \"b\" }}\n", at + 1 + side)
                + &rule(&format!("r{at}"), "compliance", &(when + "  require model.cost <= 100 usd per 1m tokens\n"))
        }));
    budgets_that_a_promise_reads_replaced 100 |n, side| Workspace::new()
        .policy(rule("r", "compliance", "  when budget.remaining < 20%\n  require model.cost <= 100 usd per 1m tokens\n")
            + &each(n, |at| {
                format!("budget {} {{ limit {} usd per day owner \"o\" escalate \"e\" because \"b\" }}\n", own("b", side, at), at + 1 + n * side)
            }));
    failover_statements_that_match_less 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), "")))
        .failover(&each(n, |at| {
            let matches = if side == 0 { "  match compliance, residency\n" } else { "" };
            format!("failover f{at} {{\n  when use_case == u{at}\n  follow ranking\n{matches}  because \"b\"\n}}\n")
        }));
    use_cases_renamed 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&own("u", side, at), &format!(", endpoint_tag: tag{at}"))));
    models_renamed 60 |n, side| Workspace::new().registry(provider("alpha", "", &each(n, |at| {
        let alias = if side == 0 { String::new() } else { format!(", aliases: [{}]", own("m", 0, at)) };
        model(&own("m", side, at), at + 1, &alias)
    })));
    teams_renamed 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), &format!(", team: {}", own("t", side, at)))));
    tests_replaced 60 |n, side| Workspace::new().policy(each(n, |at| {
        format!("test \"{}\" {{\n  given use_case chat\n  expect primary alpha\n}}\n", own("t", side, at))
    }));
    promises_beside_a_use_case_that_changes 60 |n, side| promised(n, |at| if at == 0 { side } else { 0 });
    promises_beside_use_cases_that_all_change 60 |n, side| promised(n, |_| side);
    promises_of_a_classification_that_changes 60 |n, side| Workspace::new()
        .estate(each(n, |at| use_case(&format!("u{at}"), &format!(", team: t{at}"))))
        .policy(format!("classifications public < internal < {} < restricted\n", if side == 0 { "x" } else { "y" })
            + &each(n, |at| {
                let when = format!("  when team == t{at} and classification >= restricted\n");
                rule(&format!("r{at}"), "compliance", &(when + "  require model.cost <= 100 usd per 1m tokens\n"))
            }));
}

/// A promise for each use case, which states something else on the other side.
fn promised(n: usize, side: impl Fn(usize) -> usize) -> Workspace {
    Workspace::new()
        .estate(each(n, |at| {
            let risk = if side(at) == 0 { "minimal" } else { "high" };
            use_case(&format!("u{at}"), &format!(", team: t{at}, risk: {risk}"))
        }))
        .policy(each(n, |at| {
            let when = format!("  when team == t{at} and risk == minimal\n");
            rule(&format!("r{at}"), "compliance", &(when + "  require model.cost <= 100 usd per 1m tokens\n"))
        }))
}

/// So many use cases, and facts of five values each of which leaves out a model where it has another value on each side.
fn facts_that_leave_out(use_cases: usize, side: usize) -> Files {
    let value = if side == 0 { "b" } else { "c" };
    let fact = |at: usize| {
        let name = format!("r{at}");
        let clauses = format!("  when f{at} == {value}\n  require model.id != alpha/m{at}\n");
        format!("fact f{at} in {{a, b, c, d, e}} default a\n") + &rule(&name, "compliance", &clauses)
    };
    Workspace::new()
        .registry(provider("alpha", "", &each(6, |at| model(&format!("m{at}"), at + 1, ""))))
        .estate(each(use_cases, |at| use_case(&format!("u{at}"), "")))
        .policy(each(4, fact))
        .files()
}

#[test]
fn use_cases_that_are_decided_alike_are_compared_once() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let of = |use_cases| cost(&facts_that_leave_out(use_cases, 0), &facts_that_leave_out(use_cases, 1)).steps;
    of(2);
    let (few, many) = (of(5), of(40));
    assert!(few > 0.0 && many <= 1.5 * few, "eight times as many use cases: {few} and {many} steps");
}
