//! The dimensions, each alone.

use crate::grows;
use crate::text::{Workspace, each, listed, model, provider, rule, use_case};

/// A test for each dimension: its name, how much of it there is, and a workspace that has so much.
macro_rules! dimensions {
    ($($name:ident $n:literal $files:expr;)*) => {
        $(#[test]
        fn $name() {
            grows(stringify!($name), $n, $files);
        })*
    };
}

fn models(n: usize, more: impl Fn(usize) -> String) -> String {
    provider("alpha", "", &each(n, |at| model(&format!("m{at}"), at + 1, &more(at))))
}

fn use_cases(n: usize, more: impl Fn(usize) -> String) -> String {
    each(n, |at| use_case(&format!("u{at}"), &more(at)))
}

fn none(_: usize) -> String {
    String::new()
}

fn costs(at: usize) -> String {
    format!("model.cost <= {} usd per 1m tokens", 100 + at)
}

fn percent(at: usize, n: usize) -> String {
    format!(
        "{:.5}%",
        0.5 + f64::from(u32::try_from(at * 99).expect("few")) / f64::from(u32::try_from(n).expect("few"))
    )
}

const VOLUME: &str = ", expected_monthly: {requests: 10, input_tokens: 1000, output_tokens: 1000}";

dimensions! {
    use_cases_alone 200 |n| Workspace::new().estate(use_cases(n, none)).files();
    use_cases_that_state_much 150 |n| Workspace::new()
        .estate(use_cases(n, |at| format!(", team: t{at}, project: p{at}, application: a{at}, business_unit: b{at}")))
        .files();
    use_cases_and_targets 40 |n| Workspace::new()
        .registry(each(n, |at| provider(&format!("p{at}"), "", &model("m", at + 1, ""))))
        .estate(use_cases(n, none))
        .failover(&format!("failover standard {{ follow ranking limit {n} hops because \"b\" }}\n"))
        .files();
    use_cases_and_classifications 500 |n| {
        let levels: Vec<String> = (0..8 * n).map(|at| format!("c{at}")).collect();
        let highest = levels.last().cloned().unwrap_or_default();
        Workspace::new()
            .registry(provider("alpha", "", &model("m", 1, "").replace("restricted", &highest)))
            .estate(use_cases(n, none).replace("internal", "c0"))
            .policy(format!("classifications {}\n", levels.join(" < "))
                + &rule("r", "cost", "  when classification >= c3\n  prefer alpha\n"))
            .files()
    };
    use_cases_near_to_a_misspelt_name 200 |n| Workspace::new()
        .estate(use_cases(n, none))
        .policy(rule("r", "cost", "  when use_case == v1\n  prefer alpha\n"))
        .files();
    models_alone 200 |n| Workspace::new().registry(models(n, none)).files();
    models_that_none_may_ask_beside_rules_of_others 100 |n| Workspace::new()
        .registry(provider("alpha", "", &each(n, |at| format!(
            "      - {{name: m{at}, approved_use_cases: [plan], data_classification_max: restricted, \
             cost_per_1m_tokens_input: {}, cost_per_1m_tokens_output: 2}}\n",
            at + 1
        ))))
        .policy(each(n, |at| {
            rule(&format!("r{at}"), "compliance", &format!("  when use_case == chat and team == t{at}\n  require {}\n", costs(at)))
        }))
        .files();
    models_of_one_price 200 |n| Workspace::new()
        .registry(provider("alpha", "", &each(n, |at| model(&format!("m{at}"), 1, ""))))
        .files();
    providers 150 |n| Workspace::new()
        .registry(each(n, |at| provider(&format!("p{at}"), "", &model("m", at + 1, ""))))
        .files();
    aliases 200 |n| Workspace::new().registry(models(n, |at| format!(", aliases: [x{at}]"))).files();
    aliases_of_one_model 200 |n| Workspace::new()
        .registry(provider("alpha", "", &model("m", 1, &format!(", aliases: [{}]", listed(n, |at| format!("x{at}"))))))
        .files();
    certifications 200 |n| {
        let names = listed(n, |at| format!("c{at}"));
        Workspace::new()
            .registry(provider("alpha", &format!("    compliance: [{names}]\n"), &model("m", 1, "")))
            .estate(use_case("chat", &format!(", compliance: [{names}]")))
            .files()
    };
    certifications_that_end 150 |n| Workspace::new()
        .registry(each(n, |at| {
            let facts = "    compliance: [{name: soc2, expires: 2026-12-01}]\n";
            provider(&format!("p{at}"), facts, &model("m", at + 1, ""))
        }))
        .estate(use_case("chat", ", compliance: [soc2]"))
        .files();
    regions 200 |n| {
        let names = listed(n, |at| format!("r{at}"));
        Workspace::new()
            .registry(provider("alpha", &format!("    regions: [{names}]\n"), &model("m", 1, "")))
            .estate(use_case("chat", &format!(", residency: [{names}]")))
            .policy(format!("regions {names}\n"))
            .files()
    };
    regions_that_are_pinned_to 200 |n| {
        let names = listed(n, |at| format!("r{at}"));
        Workspace::new()
            .registry(provider(
                "alpha",
                &format!("    region_selectable: true\n    regions: [{names}]\n"),
                &model("m", 1, ""),
            ))
            .estate(use_case("chat", &format!(", residency: [{names}]")))
            .files()
    };
    rules_that_promise 200 |n| Workspace::new()
        .policy(each(n, |at| rule(&format!("r{at}"), "compliance", &format!("  require {}\n", costs(at)))))
        .files();
    rules_that_never_apply 200 |n| Workspace::new()
        .policy(each(n, |at| rule(&format!("r{at}"), "cost", "  when classification == public\n  prefer alpha\n")))
        .files();
    rules_that_all_prefer 200 |n| Workspace::new()
        .policy(each(n, |at| rule(&format!("r{at}"), "cost", "  prefer alpha\n")))
        .files();
    rules_of_a_team_each 100 |n| Workspace::new()
        .estate(use_cases(n, |at| format!(", team: t{at}")))
        .policy(each(n, |at| rule(&format!("r{at}"), "cost", &format!("  when team == t{at}\n  prefer alpha\n"))))
        .files();
    preferences_in_one_rule 200 |n| Workspace::new()
        .registry(models(n, none))
        .policy(rule("r", "cost", &format!("  prefer {}\n", listed(n, |at| format!("alpha/m{at}")))))
        .files();
    names_in_one_condition 200 |n| Workspace::new()
        .estate(use_cases(n, none))
        .policy(rule("r", "cost", &format!("  when use_case in [{}]\n  prefer alpha\n", listed(n, |at| format!("u{at}")))))
        .files();
    alternatives_in_one_condition 150 |n| Workspace::new()
        .policy(rule("r", "cost", &format!("  require {}\n", (0..n).map(costs).collect::<Vec<_>>().join(" or "))))
        .files();
    values_in_a_long_or 200 |n| Workspace::new()
        .policy(format!("fact f in {{w, {}}} default w\n", listed(n, |at| format!("v{at}")))
            + &rule("r", "cost", &format!(
                "  when {} or (f != w {})\n  require model.tier != premium\n",
                (0..n).map(|at| format!("f == v{at}")).collect::<Vec<_>>().join(" or "),
                each(n, |at| format!(" and f != v{at}")),
            )))
        .files();
    values_of_a_fact 200 |n| Workspace::new()
        .policy(format!("fact f in {{{}}} default v0\n", listed(n, |at| format!("v{at}")))
            + &rule("r", "cost", "  when f == v1\n  prefer beta\n"))
        .files();
    facts_that_nothing_reads 100 |n| Workspace::new()
        .policy(each(n, |at| format!("fact f{at} in {{a, b}} default a\n")))
        .files();
    thresholds_in_one_condition 150 |n| Workspace::new()
        .policy("budget b {\n  limit 10 usd per day\n}\n".to_owned()
            + &rule("r", "cost", &format!("  when budget.remaining in [{}]\n  prefer beta\n", listed(n, |at| percent(at, n)))))
        .files();
    overrides_one_after_the_other 150 |n| Workspace::new()
        .policy(each(n, |at| {
            let over = if at + 1 < n { format!("  overrides r{}\n", at + 1) } else { String::new() };
            rule(&format!("r{at}"), "cost", &format!("  prefer alpha\n{over}"))
        }))
        .files();
    overrides_in_a_circle 150 |n| Workspace::new()
        .policy(each(n, |at| {
            rule(&format!("r{at}"), "cost", &format!("  prefer alpha\n  overrides r{}\n", (at + 1) % n))
        }))
        .files();
    overrides_in_one_list 150 |n| Workspace::new()
        .policy(each(n, |at| rule(&format!("r{at}"), "cost", "  prefer alpha\n"))
            + &rule("top", "cost", &format!("  prefer beta\n  overrides {}\n", listed(n, |at| format!("r{at}")))))
        .files();
    failover_statements 100 |n| Workspace::new()
        .estate(use_cases(n, none))
        .failover(&each(n, |at| {
            format!("failover f{at} {{\n  when use_case == u{at}\n  follow ranking\n  because \"b\"\n}}\n")
        }))
        .files();
    failover_statements_that_override 150 |n| Workspace::new()
        .failover(&each(n, |at| {
            let over = if at + 1 < n { format!("  overrides f{}\n", at + 1) } else { String::new() };
            format!("failover f{at} {{\n  follow ranking\n{over}  because \"b\"\n}}\n")
        }))
        .files();
    links_of_the_registry 150 |n| Workspace::new()
        .failover("failover f {\n  follow registry\n  because \"b\"\n}\n")
        .registry(models(n, |at| match at {
            0 => ", failover_to: null".to_owned(),
            at => format!(", failover_to: alpha/m{}", at - 1),
        }))
        .files();
    models_in_one_chain 100 |n| Workspace::new()
        .registry(models(n, none))
        .failover(&format!(
            "failover f {{\n  chain {}\n  because \"b\"\n}}\n",
            (0..n).map(|at| format!("alpha/m{at}")).collect::<Vec<_>>().join(" -> ")
        ))
        .files();
    budgets 150 |n| Workspace::new()
        .policy(each(n, |at| format!("budget b{at} {{\n  limit {} usd per day\n}}\n", at + 10)))
        .files();
    budgets_of_a_use_case_each 100 |n| Workspace::new()
        .estate(use_cases(n, |_| VOLUME.to_owned()))
        .policy(each(n, |at| {
            format!("budget b{at} {{\n  when use_case == u{at}\n  limit {} usd per day\n}}\n", at + 10)
        }))
        .files();
    budgets_within_each_other 150 |n| Workspace::new()
        .policy(each(n, |at| {
            let within = at.checked_sub(1).map(|at| format!("  within b{at}\n")).unwrap_or_default();
            format!("budget b{at} {{\n  limit 10 usd per day\n{within}}}\n")
        }))
        .files();
    budgets_per_team 150 |n| Workspace::new()
        .estate(use_cases(n, |at| format!(", team: t{at}{VOLUME}")))
        .policy("budget b {\n  per team\n  limit 10 usd per day\n}\n".to_owned())
        .files();
    budgets_that_all_count_per_team 100 |n| Workspace::new()
        .estate(use_cases(10, |at| format!(", team: t{at}{VOLUME}")))
        .policy(each(n, |at| format!("budget b{at} {{\n  per team\n  limit 10 usd per day\n}}\n")))
        .files();
    quotas 150 |n| Workspace::new()
        .policy(each(n, |at| format!("quota q{at} {{\n  on alpha\n  limit {} requests per minute\n}}\n", at + 10)))
        .files();
    audits 150 |n| Workspace::new()
        .policy(each(n, |at| format!("audit a{at} {{\n  retain {} days\n  owner \"o\"\n}}\n", at + 1)))
        .files();
    guarantees 150 |n| Workspace::new()
        .policy(each(n, |at| format!("guarantee g{at} {{\n  always {}\n  because \"b\"\n}}\n", costs(at))))
        .files();
    guarantees_that_do_not_hold 100 |n| Workspace::new()
        .policy(each(n, |at| format!("guarantee g{at} {{\n  never {}\n  because \"b\"\n}}\n", costs(at))))
        .files();
    tests 100 |n| Workspace::new()
        .policy(each(n, |at| format!("test \"t{at}\" {{\n  given use_case chat\n  expect primary alpha\n}}\n")))
        .files();
    tests_that_fail 60 |n| Workspace::new()
        .policy(each(n, |at| format!("test \"t{at}\" {{\n  given use_case chat\n  expect primary beta\n}}\n")))
        .files();
    unknown_rules 200 |n| Workspace::new()
        .policy(rule("r", "cost", &format!("  prefer alpha\n  overrides {}\n", listed(n, |at| format!("nobody-{at}")))))
        .files();
    unknown_use_cases_beside_others 150 |n| Workspace::new()
        .estate(use_cases(n, none))
        .policy(each(n, |at| {
            rule(&format!("r{at}"), "compliance", &format!("  when use_case == x{at}\n  require {}\n", costs(at)))
        }))
        .files();
    unknown_teams 150 |n| Workspace::new()
        .estate(use_cases(n, |at| format!(", team: taem-{at}")))
        .policy(format!("teams {}\n", listed(n, |at| format!("team-{at}"))))
        .files();
    unknown_models 150 |n| Workspace::new()
        .registry(models(n, |at| format!(", failover_to: alpha/n{at}")))
        .files();
    approvals_of_nobody 150 |n| Workspace::new()
        .registry(provider("alpha", "", &each(n, |at| {
            model(&format!("m{at}"), at + 1, "").replace("\"*\"", &format!("chat, case-{at}"))
        })))
        .files();
    allow_comments 150 |n| Workspace::new()
        .policy(each(n, |at| format!("# govctl: allow(missing-reason) because of {at}\n")))
        .files();
    allow_comments_that_silence 100 |n| Workspace::new()
        .policy(each(n, |at| {
            let reason = format!("# govctl: allow(missing-reason) because of {at}\n");
            reason + &rule(&format!("r{at}"), "cost", &format!("  require {}\n", costs(at))).replace("  because \"b\"\n", "")
        }))
        .files();
    schema_errors 150 |n| Workspace::new().estate(each(n, |_| "  - {bad: 1}\n".to_owned())).files();
    syntax_errors 150 |n| Workspace::new().policy("what is this {\n}\n".repeat(n)).files();
    types_that_do_not_fit 150 |n| Workspace::new()
        .policy(each(n, |at| rule(&format!("r{at}"), "cost", "  when classification == 3\n  prefer alpha\n")))
        .files();
    names_that_stand_twice 150 |n| Workspace::new().policy(rule("x", "cost", "  prefer alpha\n").repeat(n)).files();
    use_cases_that_nothing_serves 150 |n| Workspace::new()
        .registry(provider("alpha", "", &model("m", 1, "").replace("\"*\"", "chat")))
        .estate(use_case("chat", "") + &use_cases(n, none))
        .files();
    statements_of_a_day_each 150 |n| Workspace::new()
        .policy(each(n, |at| {
            let day = format!("{}-{:02}-{:02}", 2027 + at / 336, 1 + at / 28 % 12, 1 + at % 28);
            rule(&format!("r{at}"), "cost", &format!("  prefer alpha\n  from {day}\n"))
        }))
        .files();
    lints 60 |n| Workspace::new()
        .config(format!("lints:\n{}", each(n, |at| format!("  nothing-{at}: warn\n"))))
        .files();
    comments 200 |n| Workspace::new().policy(each(n, |at| format!("# number {at}\n"))).files();
}
