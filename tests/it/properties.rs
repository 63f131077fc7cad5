//! Random workspaces: checking never panics, and what compiles decides as the reference does, everywhere.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use govctl::compile;
use govctl::decide::{outage, reference, show};
use govctl::model::{Context, Date, UseCase, World};
use govctl::number;
use govctl::source::load;
use govctl::table::{DecisionTable, LoadOptions, Request};
use govctl::workspace::{self, Workspace};
use proptest::prelude::*;

use crate::bundle;

/// Choices drawn in advance: proptest shrinks them towards 0, which is always the plainest choice.
struct Dice<'a> {
    rolls: &'a [u16],
    at: usize,
}

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        let roll = self.rolls.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(roll) % sides.max(1)
    }

    /// True once in so many.
    fn rarely(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    fn pick<'b>(&mut self, of: &[&'b str]) -> &'b str {
        of[self.roll(of.len())]
    }

    /// Some of a list, joined.
    fn some(&mut self, of: &[&str]) -> String {
        let picked: Vec<&str> = of.iter().filter(|_| self.roll(2) == 1).copied().collect();
        picked.join(", ")
    }
}

const LEVELS: [&str; 4] = ["public", "internal", "confidential", "restricted"];
const CERTIFICATES: [&str; 3] = ["soc2", "gdpr", "hipaa"];
const REGIONS: [&str; 3] = ["eu", "us", "asia"];
const SKILLS: [&str; 2] = ["tools", "vision"];
const DATA: [&str; 2] = ["pii", "health"];
const PERCENTS: [&str; 7] = ["20%", "50%", "0%", "100%", "12.5%", "80%", "33.3333%"];

struct Shape {
    models: Vec<String>,
    providers: usize,
    use_cases: usize,
    tenant: bool,
    place: bool,
}

/// A workspace: registry, estate, policies.
pub(crate) fn workspace(rolls: &[u16]) -> [(&'static str, String); 3] {
    let dice = &mut Dice { rolls, at: 0 };
    let providers = 1 + dice.roll(3);
    let count = 1 + dice.roll(6);
    let models = (0..count).map(|model| format!("p{}/m{model}", model % providers)).collect();
    let shape = Shape {
        models,
        providers,
        use_cases: 1 + dice.roll(3),
        tenant: dice.roll(2) == 1,
        place: dice.rarely(3),
    };
    [
        ("registry/main.yaml", registry(dice, &shape)),
        ("estate/main.yaml", estate(dice, &shape)),
        ("policies/main.gov", policies(dice, &shape)),
    ]
}

fn registry(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = "providers:\n".to_owned();
    for provider in 0..shape.providers {
        let _ = writeln!(text, "  p{provider}:\n    owner: o@example.com");
        facts(dice, &mut text, "    ", 4);
        text += "    models:\n";
        for (number, _) in
            shape.models.iter().enumerate().filter(|(number, _)| number % shape.providers == provider)
        {
            let _ = writeln!(text, "      - name: m{number}");
            let approved = dice.pick(&["\"*\"", "u0, u1, u2", "\"u*\"", "u0", ""]);
            let _ = writeln!(text, "        approved_use_cases: [{approved}]");
            let ceiling = LEVELS[3 - dice.roll(4).min(dice.roll(4))];
            let _ = writeln!(text, "        data_classification_max: {ceiling}");
            text += "        ";
            text += match dice.roll(4) {
                0 => "cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 2\n",
                1 => "cost_per_1k_tokens_input: 0.003\n        cost_per_1k_tokens_output: 0.015\n",
                2 => {
                    "pricing: {unit: compute-seconds, per_second: 0.0042, tokens_per_second: 700, overhead: 20%}\n"
                }
                _ => {
                    "pricing: {unit: characters, per_1k_input: 0, per_1k_output: 0, characters_per_token: 3}\n"
                }
            };
            if dice.roll(2) == 0 {
                let _ = writeln!(text, "        context_window: {}", dice.pick(&["128000", "32000", "8000"]));
            }
            if dice.roll(2) == 0 {
                let _ = writeln!(
                    text,
                    "        latency: {{p50_ms: 100, p95_ms: {}}}",
                    dice.pick(&["900", "2000", "2500"])
                );
            }
            if dice.rarely(3) {
                let _ = writeln!(text, "        tier: {}", dice.pick(&["economy", "standard", "premium"]));
            }
            if dice.rarely(4) {
                let _ = writeln!(text, "        aliases: [a{number}]");
            }
            if dice.rarely(4) {
                let later = (number + 1).min(shape.models.len() - 1);
                let to = if later == number { "null".to_owned() } else { shape.models[later].clone() };
                let _ = writeln!(text, "        failover_to: {to}");
            }
            if dice.rarely(6) {
                let life = dice.pick(&[
                    "status: deprecated",
                    "sunset: 2026-11-22",
                    "sunset: 2026-11-21",
                    "status: retired",
                ]);
                let _ = writeln!(text, "        lifecycle: {{{life}}}");
            }
            if dice.roll(3) < 2 {
                text += "        capabilities: [tools, vision]\n";
            }
            facts(dice, &mut text, "        ", 6);
        }
    }
    text
}

/// Facts that a provider or a model may state.
fn facts(dice: &mut Dice, text: &mut String, indent: &str, seldom: usize) {
    let mut fact = |dice: &mut Dice, line: String| {
        if dice.roll(seldom) < 2 {
            let _ = writeln!(text, "{indent}{line}");
        }
    };
    let hosting = dice.pick(&["cloud", "private-cloud", "self-hosted"]);
    fact(dice, format!("hosting: {hosting}"));
    let regions = dice.pick(&["eu, us, asia", "eu", "us", "eu, us", ""]);
    fact(dice, format!("regions: [{regions}]"));
    let held = dice.pick(&[
        "soc2, gdpr, hipaa",
        "soc2, gdpr",
        "soc2",
        "",
        "soc2, {name: gdpr, expires: 2026-11-20}",
    ]);
    fact(dice, format!("compliance: [{held}]"));
    let retention = dice.pick(&["zero-retention", "30-days", "custom-365-days"]);
    fact(dice, format!("data_retention: {retention}"));
    let trains = dice.pick(&["false", "true"]);
    fact(dice, format!("trains_on_data: {trains}"));
    let availability = dice.pick(&["99.9%", "99%", "100%"]);
    fact(dice, format!("availability: {availability}"));
    let dpa =
        dice.pick(&["{status: confirmed}", "{status: confirmed, renews: 2026-11-20}", "{status: none}"]);
    fact(dice, format!("dpa: {dpa}"));
}

fn estate(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = "use_cases:\n".to_owned();
    for number in 0..shape.use_cases {
        let _ = writeln!(text, "  - name: u{number}\n    owner: o@example.com\n    team: t{}", number % 2);
        let _ = writeln!(text, "    data_classification: {}", LEVELS[1 + dice.roll(3) * dice.roll(2)]);
        let _ = writeln!(text, "    risk: {}", dice.pick(&["minimal", "limited", "high"]));
        let _ = writeln!(text, "    data: [{}]\n    data_sources: [{{name: d}}]", dice.some(&DATA));
        if dice.rarely(3) {
            let _ = writeln!(text, "    endpoint_tag: tag.u{number}");
        }
        if dice.rarely(5) {
            let _ = writeln!(text, "    compliance: [{}]", dice.some(&CERTIFICATES));
        }
        if dice.rarely(5) {
            let _ = writeln!(text, "    residency: [{}]", dice.some(&REGIONS));
        }
        if dice.rarely(6) {
            let _ = writeln!(
                text,
                "    retention_max: {}",
                dice.pick(&["365-days", "30-days", "zero-retention"])
            );
        }
        if dice.rarely(6) {
            let _ = writeln!(text, "    capabilities: [{}]\n    min_context: 8000", dice.some(&SKILLS));
        }
        let _ = writeln!(text, "    latency_sla_ms: {}", dice.pick(&["3000", "2000"]));
        if dice.roll(2) == 1 {
            let volume = dice.pick(&[
                "{requests: 10, input_tokens: 9000000, output_tokens: 70000}",
                "{requests: 0, input_tokens: 0, output_tokens: 0}",
            ]);
            let _ = writeln!(text, "    expected_monthly: {volume}");
        }
    }
    text
}

fn policies(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = String::new();
    if dice.rarely(3) {
        text += "classifications public < internal < confidential < restricted\n";
    }
    if dice.rarely(3) {
        text += "precedence compliance > preference > cost > latency\n";
    }
    text += "compliance soc2, gdpr, hipaa\nregions eu, us, asia\ndata pii, health\n";
    if shape.tenant {
        text += "fact tenant in {standard, premium, \"free tier\"} default standard\n";
    }
    if shape.place {
        text += "fact place in regions default eu\n";
    }
    // One rule with wishes a tier at most, so that most workspaces are unambiguous.
    for tier in ["compliance", "cost", "latency", "preference"] {
        for number in 0..dice.roll(3) {
            rule(dice, shape, &mut text, tier, number);
        }
    }
    failovers(dice, shape, &mut text);
    money(dice, shape, &mut text);
    if dice.rarely(3) {
        let (premise, claim) = (expression(dice, shape, false, 1), expression(dice, shape, true, 1));
        let word = dice.pick(&["always", "never"]);
        let _ = writeln!(text, "guarantee g {{ for {premise} {word} {claim} because \"b\" }}");
    }
    if dice.rarely(3) {
        let bound = dice.pick(&[
            "chain.length <= 3",
            "chain.max_cost_multiplier <= 900x",
            "chain.providers >= 1",
            "chain.availability >= 90%",
        ]);
        let _ = writeln!(text, "guarantee c {{ always {bound} because \"b\" }}");
    }
    if dice.rarely(4) {
        let _ = writeln!(
            text,
            "test \"t\" {{ given use_case u0, budget.remaining 15%, down p0 expect never p0 }}"
        );
    }
    text
}

fn rule(dice: &mut Dice, shape: &Shape, text: &mut String, tier: &str, number: usize) {
    let _ = write!(text, "{tier} rule {tier}-{number} {{ ");
    // Without a wish of its own where another of the tier may have one.
    let wishes = number == 0;
    if !wishes || dice.roll(3) > 0 {
        let _ = write!(text, "when {} ", expression(dice, shape, false, 2));
    }
    if wishes {
        for _ in 0..dice.roll(3) {
            let wish = match dice.roll(5) {
                0 => "cheapest".to_owned(),
                1 => "fastest".to_owned(),
                2 => "most-available".to_owned(),
                3 => format!("where {}", expression(dice, shape, true, 1)),
                _ => format!("{}, p0", shape.models[dice.roll(shape.models.len())]),
            };
            let _ = write!(text, "prefer {wish} ");
        }
    }
    if dice.rarely(4) {
        let promise = expression(dice, shape, true, 1);
        let _ = write!(text, "{} {promise} ", dice.pick(&["require", "forbid"]));
    }
    text.push_str("because \"a reason\" }\n");
}

fn failovers(dice: &mut Dice, shape: &Shape, text: &mut String) {
    let mut earlier: Vec<String> = Vec::new();
    for number in 0..dice.roll(4) {
        let _ = write!(text, "failover f{number} {{ ");
        if number > 0 {
            let _ = write!(text, "when {} ", expression(dice, shape, false, 1));
        }
        match dice.roll(5) {
            0 => text.push_str("follow ranking "),
            1 => text.push_str("none "),
            2 => text.push_str("follow registry "),
            // Ascending, so never a circle.
            _ => {
                let from = dice.roll(shape.models.len());
                let chain: Vec<&str> =
                    shape.models.iter().skip(from).step_by(1 + dice.roll(2)).map(String::as_str).collect();
                if chain.len() > 1 {
                    let _ = write!(text, "chain {} ", chain.join(" -> "));
                } else {
                    text.push_str("follow ranking ");
                }
            }
        }
        if dice.rarely(5) {
            let aspect = dice.pick(&[
                "compliance",
                "classification",
                "residency",
                "retention",
                "hosting",
                "capabilities",
            ]);
            let _ = write!(text, "match {aspect} ");
        }
        if dice.roll(2) == 1 {
            let _ = write!(text, "limit {} hops ", dice.roll(5));
        }
        if dice.roll(2) == 1 {
            text.push_str(
                "above 1.5x cost notify \"a@example.com\" above 2x cost throttle above 0.5x cost confirm ",
            );
        }
        if dice.rarely(4) {
            text.push_str("above 100x cost block ");
        }
        text.push_str(
            ["", "then queue for 15 minutes ", "then degrade \"sorry\" ", "then block ", "then queue "]
                [dice.roll(5)],
        );
        text.push_str(
            ["", "on timeout, unavailable retry 2 times log as event notify \"a\", \"b\" "][dice.roll(2)],
        );
        if earlier.len() > 1 {
            let _ = write!(text, "overrides {} ", earlier[1..].join(", "));
        }
        earlier.push(format!("f{number}"));
        text.push_str("because \"b\" }\n");
    }
}

fn money(dice: &mut Dice, shape: &Shape, text: &mut String) {
    if dice.roll(2) == 1 {
        let per = dice.pick(&["", "per team ", "per use_case ", "per model "]);
        let _ = writeln!(
            text,
            "budget whole {{ {per}limit 100000 usd per month at 80% notify \"a\" owner \"a\" escalate \"b\" }}"
        );
    }
    if dice.rarely(3) {
        text.push_str("budget part { when team == t0 limit 10 usd per day at 90% throttle owner \"a\" escalate \"b\" }\n");
    }
    if dice.rarely(3) {
        text.push_str("quota q { when workload == interactive on p0 limit 100 requests per minute limit 5 tokens per minute }\n");
    }
    if dice.rarely(3) {
        text.push_str("attribution { require team, use_case, user mode chargeback anomaly above 20% }\n");
    }
    if dice.rarely(3) {
        text.push_str("audit a { when data has pii retain 3 years lineage required mask pii owner \"a\" }\n");
    }
    if dice.rarely(3) {
        let when = if shape.use_cases > 1 { "use_case != u1" } else { "use_case == u0" };
        let _ = writeln!(text, "audit b {{ when {when} retain 400 days mask health, pii }}");
    }
}

/// A condition that fits its types, about the request or also about a candidate.
fn expression(dice: &mut Dice, shape: &Shape, candidate: bool, depth: usize) -> String {
    if depth > 0 {
        match dice.roll(6) {
            3 => return format!("not ({})", expression(dice, shape, candidate, depth - 1)),
            word @ 4.. => {
                let word = if word == 4 { "and" } else { "or" };
                let (left, right) = (
                    expression(dice, shape, candidate, depth - 1),
                    expression(dice, shape, candidate, depth - 1),
                );
                return format!("({left} {word} {right})");
            }
            _ => {}
        }
    }
    let order = dice.pick(&["<", ">=", "<=", ">", "==", "!="]);
    let percent = dice.pick(&PERCENTS);
    let level = dice.pick(&LEVELS);
    let certificate = dice.pick(&CERTIFICATES);
    if candidate && dice.roll(3) > 0 {
        return match dice.roll(14) {
            0 => format!("model.hosting {} cloud", dice.pick(&["!=", "=="])),
            1 => format!("model.compliance has {certificate}"),
            2 => "model.compliance covers regulations".to_owned(),
            3 => "model.regions covers residency".to_owned(),
            4 => format!("model.data_classification_max {order} {level}"),
            5 => format!("model.retention {order} 30 days"),
            6 => "model.trains_on_data".to_owned(),
            7 => format!("model.availability {order} 99.5%"),
            8 => format!("model.cost {order} 5 usd per 1m tokens"),
            9 => "model.latency_p95 <= latency_sla".to_owned(),
            10 => format!("model.provider in [p0, p{}]", shape.providers - 1),
            11 => format!("model.context_window {order} 32000"),
            12 => "model.dpa >= pending".to_owned(),
            _ => format!("model.id != {}", shape.models[dice.roll(shape.models.len())]),
        };
    }
    match dice.roll(11) {
        0 => format!("budget.remaining {order} {percent}"),
        1 => format!("classification {order} {level}"),
        2 => format!("use_case == u{}", dice.roll(shape.use_cases)),
        3 => format!("data has {}", dice.pick(&DATA)),
        4 => format!("budget.remaining in [{percent}, 40%]"),
        5 => format!("risk {order} limited"),
        6 => format!("classification in [{level}, public]"),
        7 if shape.tenant => format!("tenant {} premium", dice.pick(&["==", "!="])),
        8 if shape.tenant => "tenant in [premium, \"free tier\"]".to_owned(),
        9 if shape.place => "residency has place".to_owned(),
        10 => "not regulated_output".to_owned(),
        _ => format!("compliance has {certificate}"),
    }
}

pub(crate) fn read(files: &[(&str, String)]) -> Workspace {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("write");
    }
    let as_of: Date = bundle::AS_OF.parse().expect("a day");
    workspace::read(load::load(folder.path()).expect("the workspace"), as_of)
}

/// What a table and the reference each say of one request, as comparable text.
fn compare(
    table: &DecisionTable,
    world: &World,
    use_case: &UseCase,
    context: &Context,
) -> Result<(), TestCaseError> {
    let wanted = reference::decide(world, use_case, context).expect("no error was found");
    let shown = world.show_context(context);
    let facts: Vec<(&str, &str)> =
        shown.iter().skip(2).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let budget = number::exact(&context.budget);
    let found = table.decide(&Request {
        use_case: &use_case.name.value,
        classification: Some(&shown[0].1),
        budget_remaining: Some(&budget),
        facts: &facts,
    });
    let ids: Vec<&str> = found.targets().iter().map(|target| target.model().id.as_str()).collect();
    let wanted_ids: Vec<&str> =
        wanted.targets.iter().map(|target| world.models[target.model].id.as_str()).collect();
    prop_assert_eq!(ids, wanted_ids, "targets of {} in {:?}", use_case.name.value, shown);
    let multipliers: Vec<&str> = found.targets().iter().map(|target| target.cost_multiplier()).collect();
    let wanted_multipliers: Vec<String> =
        wanted.targets.iter().map(|target| show::multiplier(&target.multiplier)).collect();
    prop_assert_eq!(multipliers, wanted_multipliers);
    let rules: Vec<&str> = wanted.rules.iter().map(|id| world.rules[*id].name.value.as_str()).collect();
    prop_assert_eq!(found.rules(), rules, "rules of {} in {:?}", use_case.name.value, shown);
    let failover = wanted.failover.map(|id| world.failovers[id].name.value.clone());
    prop_assert_eq!(found.failover().map(|failover| failover.name.clone()), failover);
    let then = serde_json::to_value(found.then()).expect("JSON").to_string();
    let terminal = show::terminal(outage::terminal(world, &wanted).kind());
    prop_assert!(then.contains(terminal), "{} is not {}", then, terminal);
    Ok(())
}

/// Values of `budget.remaining` at, just beside and between everything that a condition may name.
fn budgets() -> impl Iterator<Item = String> {
    let thresholds = ["0", "12.5", "20", "33.3333", "40", "50", "80", "100"];
    let beside =
        ["0.0001", "12.4999", "12.5001", "19.9999", "20.0001", "33.33329", "33.33331", "39", "41", "99.9999"];
    thresholds.into_iter().chain(beside).map(str::to_owned)
}

static COMPILED: AtomicUsize = AtomicUsize::new(0);
static ALL: AtomicUsize = AtomicUsize::new(0);

fn holds(rolls: &[u16]) -> Result<(), TestCaseError> {
    let files = workspace(rolls);
    let read_workspace = read(&files);
    let checked = read_workspace.check();
    ALL.fetch_add(1, Ordering::Relaxed);
    // The generator writes what fits: only what the policy means may be wrong, never its form.
    let form = ["syntax", "schema", "unknown-name", "duplicate-name", "duplicate-clause", "type-mismatch"];
    let broken = checked.findings.iter().find(|finding| form.contains(&finding.code.0));
    prop_assert!(broken.is_none(), "{:?}\n{}", broken, files[2].1);
    let Some(world) = &read_workspace.world else { return Err(TestCaseError::fail("no world")) };
    let Some(verified) = checked.verified(&read_workspace) else { return Ok(()) };
    COMPILED.fetch_add(1, Ordering::Relaxed);
    let text = compile::compile(&verified).to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default());
    let table = table.map_err(|error| TestCaseError::fail(format!("{error}")))?;
    let difference = compile::verify::verify(&table, &verified);
    prop_assert!(difference.is_ok(), "{:?}", difference);
    for use_case in &world.use_cases {
        for context in world.contexts(use_case) {
            compare(&table, world, use_case, &context)?;
        }
        for budget in budgets() {
            let budget = number::parse_decimal(&budget).expect("a decimal");
            compare(&table, world, use_case, &Context { budget, ..world.baseline(use_case) })?;
        }
    }
    // Compiled again from the same bytes it is the same, and so it is with the statements in another order.
    let again = read(&files);
    let again =
        again.check().verified(&again).map(|verified| compile::compile(&verified).to_canonical_json());
    prop_assert_eq!(Some(&text), again.as_ref());
    Ok(())
}

/// The eligible models of every use case in every context.
fn eligible(workspace: &Workspace) -> Option<Vec<(String, Vec<String>)>> {
    let world = workspace.world.as_ref()?;
    let mut all = Vec::new();
    for use_case in &world.use_cases {
        for context in world.contexts(use_case) {
            let out = reference::exclusions(world, use_case, &context);
            let left =
                (0..world.models.len()).filter(|model| out.iter().all(|excluded| excluded.model != *model));
            let left = left.map(|model| world.models[model].id.clone()).collect();
            all.push((format!("{} {:?}", use_case.name.value, world.show_context(&context)), left));
        }
    }
    Some(all)
}

/// Few enough that `cargo test` stays quick; `PROPTEST_CASES=5000` looks further.
pub(crate) fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_compiles_decides_as_the_reference_does(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        holds(&rolls)?;
    }

    /// A reader can add any `require` without making routing less safe.
    #[test]
    fn a_promise_only_ever_narrows(rolls in prop::collection::vec(any::<u16>(), 0..400), more in prop::collection::vec(any::<u16>(), 8)) {
        let mut files = workspace(&rolls);
        let before = eligible(&read(&files));
        let dice = &mut Dice { rolls: &more, at: 0 };
        let word = dice.pick(&["require", "forbid"]);
        // About the candidate alone: another threshold would make other contexts.
        let promise = ["model.hosting == cloud", "model.trains_on_data", "model.cost < 5 usd per 1m tokens", "not model.compliance has soc2"][dice.roll(4)];
        let _ = writeln!(files[2].1, "preference rule one-more {{ {word} {promise} because \"b\" }}");
        let after = eligible(&read(&files));
        prop_assert_eq!(before.is_some(), after.is_some());
        for ((place, before), (other, after)) in before.into_iter().flatten().zip(after.into_iter().flatten()) {
            prop_assert_eq!(&place, &other);
            prop_assert!(after.iter().all(|model| before.contains(model)), "{}: {:?} became {:?}", place, before, after);
        }
    }

    /// A reader can delete any wish without making routing less safe; the order of statements does not matter.
    #[test]
    fn wishes_and_the_order_of_statements_admit_no_model(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        let files = workspace(&rolls);
        let before = eligible(&read(&files));
        let mut bare = files.clone();
        bare[2].1 = bare[2].1.replace("prefer cheapest ", "").replace("prefer fastest ", "").replace("prefer most-available ", "");
        prop_assert_eq!(&before, &eligible(&read(&bare)));
        let mut turned = files.clone();
        turned[2].1 = files[2].1.lines().rev().map(|line| format!("{line}\n")).collect();
        let turned = read(&turned);
        prop_assert_eq!(&before, &eligible(&turned));
        let read_files = read(&files);
        let one = read_files.check().verified(&read_files).map(|verified| compile::compile(&verified).decisions);
        let other = turned.check().verified(&turned).map(|verified| compile::compile(&verified).decisions);
        prop_assert_eq!(one, other);
    }

    /// Whatever stands in the files, reading and checking them end.
    #[test]
    fn words_of_the_language_in_any_order_are_survived(words in prop::collection::vec(any::<u16>(), 0..60)) {
        const WORDS: [&str; 40] = [
            "rule", "cost", "compliance", "failover", "test", "guarantee", "budget", "quota", "audit", "fact", "a", "b", "{", "}",
            "when", "require", "prefer", "where", "chain", "->", "follow", "ranking", "none", "then", "queue", "for", "5", "%",
            "classification", "==", "not", "and", "(", ")", "[", ",", "\"x\"", "given", "expect", "# c\n",
        ];
        let text: Vec<&str> = words.iter().map(|word| WORDS[usize::from(*word) % WORDS.len()]).collect();
        let mut files = workspace(&[]);
        files[2].1 = text.join(" ");
        let workspace = read(&files);
        let checked = workspace.check();
        prop_assert!(workspace.world.is_some() || checked.has_errors());
    }
}

#[test]
fn the_generator_makes_workspaces_that_compile() {
    // The plainest one does, and of random ones a good part: else the properties above would say nothing.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..40 {
        let rolls: Vec<u16> = (0..400)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                u16::try_from(state >> 48).unwrap_or_default()
            })
            .collect();
        holds(&rolls).expect("the property");
    }
    let (compiled, all) = (COMPILED.load(Ordering::Relaxed), ALL.load(Ordering::Relaxed));
    eprintln!("{compiled} of {all} random workspaces compile");
    assert!(compiled * 6 >= all, "only {compiled} of {all} compile");
}
