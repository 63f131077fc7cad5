//! Events as a faithful gateway would log them, and events with one thing wrong: always the same from one seed.

#![allow(clippy::indexing_slicing, reason = "it makes what it indexes, and only benches and tests run it")]
#![allow(dead_code, unreachable_pub, reason = "each program that includes this file uses a part of it")]

use std::sync::Arc;

use govctl::table::format::{Action, Model, Table};
use govctl::table::{Decision, DecisionTable, LoadOptions, Request, Target, Trigger};
use serde_json::{Map, Value, json};

pub type Event = Map<String, Value>;

/// Makes events for a table.
pub struct Maker {
    pub table: Arc<DecisionTable>,
    state: u64,
    made: u64,
}

/// What is planted, by code; `old-table` needs a second table.
pub const PLANTED: [&str; 22] = [
    "unreadable-event",
    "unknown-table",
    "expired-table",
    "unknown-use-case",
    "not-understood",
    "unknown-model",
    "not-allowed",
    "wrong-hop",
    "wrong-trigger",
    "wrong-region",
    "wrong-decision",
    "missing-tag",
    "wrong-tag",
    "missing-prompt-version",
    "missing-lineage",
    "test-in-production",
    "failover-not-logged",
    "not-confirmed",
    "masked-data",
    "raw-user",
    "cost-off",
    "missing-retention",
];

const HASHED: &str = "hmac-sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

impl Maker {
    pub fn new(table: &str, seed: u64) -> Self {
        let table = DecisionTable::from_slice(table.as_bytes(), &LoadOptions::default()).expect("a table");
        Self { table: Arc::new(table), state: seed, made: 0 }
    }

    /// A number below a bound (splitmix64).
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (bound.max(1) as u64)).expect("below the bound")
    }

    fn rarely(&mut self, once_in: usize) -> bool {
        self.below(once_in) == 0
    }

    /// An event in which nothing is wrong.
    pub fn clean(&mut self) -> Event {
        let (which, seconds) = (self.below(self.table.table().use_cases.len()), self.below(86_400));
        self.made += 1;
        let mut event = Map::new();
        event.insert("time".into(), json!(time(&self.table.table().as_of, seconds)));
        event.insert("request_id".into(), json!(format!("req_{:08}", self.made)));
        event.insert("correlation_id".into(), json!(format!("task_{:06}", self.made / 3)));
        event.insert("table".into(), json!(self.table.table().digest));
        event.insert("prompt_version".into(), json!("v3"));
        event.insert("environment".into(), json!("prod"));
        event.insert("data_mode".into(), json!("real"));
        event.insert("user".into(), json!(HASHED));
        self.state_request(which, &mut event);
        let table = Arc::clone(&self.table);
        let decision = decide(&table, &event);
        event.insert("decision".into(), json!(decision.index().expect("understood")));
        event.insert("policies".into(), json!(decision.rules()));
        duties(&decision, &mut event);
        match decision.primary() {
            None => {
                event.insert("status".into(), json!("blocked"));
            }
            Some(primary) => self.serve(&decision, primary, &mut event),
        }
        event
    }

    /// What the request states: a use case by one of its names, a classification, shares, facts.
    fn state_request(&mut self, which: usize, event: &mut Event) {
        let table = Arc::clone(&self.table);
        let table = table.table();
        let use_case = &table.use_cases[which];
        match &use_case.endpoint_tag {
            Some(tag) if self.rarely(4) => event.insert("endpoint_tag".into(), json!(tag)),
            _ => event.insert("use_case".into(), json!(use_case.name)),
        };
        for (name, value) in &use_case.tags {
            if name != "use_case" {
                event.insert(name.clone(), json!(value));
            }
        }
        if self.rarely(3) {
            let level = self.below(table.classifications.len());
            event.insert("classification".into(), json!(table.classifications[level]));
        }
        if self.rarely(2) {
            let share = self.below(101);
            event.insert(
                "budget.remaining".into(),
                if self.rarely(2) { json!(format!("{share}%")) } else { json!(share) },
            );
        }
        let mut shares = Map::new();
        for budget in &table.budgets {
            if self.rarely(3) && !budget.name.contains(' ') {
                shares.insert(budget.name.clone(), json!(format!("{}%", self.below(101))));
            }
        }
        if !shares.is_empty() {
            event.insert("budgets".into(), Value::Object(shares));
        }
        let mut facts = Map::new();
        for (name, fact) in &table.facts {
            if self.rarely(2) {
                let at = self.below(fact.values.len());
                facts.insert(name.clone(), json!(fact.values[at]));
            }
        }
        if !facts.is_empty() {
            event.insert("facts".into(), Value::Object(facts));
        }
    }

    /// Serves it at the primary, or fails over on some trigger.
    fn serve(&mut self, decision: &Decision<'_>, primary: Target<'_>, event: &mut Event) {
        let paths: Vec<_> = decision.paths().filter(|path| path.targets().count() > 0).collect();
        let mut target = primary;
        let mut hop = 0;
        if !paths.is_empty() && self.rarely(3) {
            let path = paths[self.below(paths.len())];
            let triggers: Vec<Trigger> = path.triggers().to_vec();
            let place = self.below(path.targets().count());
            target = path.targets().nth(place).expect("a target");
            hop = place + 1;
            let failover = path.failover().expect("a statement");
            event.insert("trigger".into(), json!(triggers[self.below(triggers.len())].name()));
            event.insert("failover".into(), json!(failover.name));
            if let Some(name) = &failover.log_as {
                event.insert("logged_as".into(), json!(name));
            }
            if target.actions().iter().any(|action| matches!(action, Action::Confirm {})) {
                event.insert("confirmed_by".into(), json!("on-call@example.com"));
            }
        }
        event.insert("hop".into(), json!(hop));
        event.insert("status".into(), json!("success"));
        event.insert("governance_ms".into(), json!(1 + self.below(3)));
        event.insert("provider_ms".into(), json!(200 + self.below(3000)));
        if let Some(regions) = target.regions()
            && !regions.is_empty()
        {
            event.insert("region".into(), json!(regions[self.below(regions.len())]));
        }
        name(target.model(), event);
        self.tokens(target.model(), event);
    }

    fn tokens(&mut self, model: &Model, event: &mut Event) {
        let input = if self.rarely(20) { 60_000 + self.below(90_000) } else { 100 + self.below(4000) };
        let (cached, output) = (self.below(input), 10 + self.below(900));
        event.insert("gen_ai.usage.input_tokens".into(), json!(input));
        event.insert("gen_ai.usage.output_tokens".into(), json!(output));
        if self.rarely(2) {
            event.insert("gen_ai.usage.cache_read.input_tokens".into(), json!(cached));
        }
        // Without it the price would be that of the use case, which a table does not say.
        let workload = if self.rarely(2) { "batch" } else { "interactive" };
        event.insert("workload".into(), json!(workload));
        price(model, event);
    }

    /// An event in which one thing is wrong, and nothing else; none where the table gives no occasion for it.
    pub fn planted(&mut self, code: &str) -> Option<Event> {
        (0..3000).find_map(|_| {
            let event = self.clean();
            self.spoil(code, event)
        })
    }

    fn spoil(&mut self, code: &str, mut event: Event) -> Option<Event> {
        let table = Arc::clone(&self.table);
        let decision = decide(&table, &event);
        let is_served = event["status"] == "success";
        let is_failover = event.get("hop").is_some_and(|hop| *hop != 0);
        match code {
            "unreadable-event" => drop(event.remove("time")),
            "unknown-table" => drop(set(&mut event, "table", json!("sha256:00"))),
            "expired-table" => {
                table.table().valid_until.as_ref()?;
                set(&mut event, "time", json!("2099-01-01T00:00:00Z"));
            }
            "unknown-use-case" => {
                event.remove("endpoint_tag");
                set(&mut event, "use_case", json!("no-such-use-case"));
            }
            "not-understood" if is_served => drop(set(&mut event, "classification", json!("cosmic"))),
            "unknown-model" if is_served => {
                event.remove("route");
                set(&mut event, "gen_ai.request.model", json!("omega-9"));
                event.remove("gen_ai.response.model");
            }
            "not-allowed" if is_served && !is_failover => {
                let allowed = |id: &str| {
                    decision.primary().is_some_and(|primary| primary.model().id == id)
                        || decision.paths().any(|path| path.targets().any(|target| target.model().id == id))
                };
                let model = table.table().models.iter().find(|model| !allowed(&model.id))?;
                event.remove("region");
                name(model, &mut event);
                price(model, &mut event);
            }
            "wrong-hop" if is_failover => {
                let hop = event["hop"].as_u64()?;
                set(&mut event, "hop", json!(hop + 1));
            }
            "wrong-trigger" if is_failover => {
                if self.rarely(2) {
                    event.remove("trigger");
                } else {
                    set(&mut event, "trigger", json!("bad-mood"));
                }
            }
            "wrong-region" if event.contains_key("region") => drop(set(&mut event, "region", json!("mars"))),
            "wrong-decision" => {
                let decision = event["decision"].as_u64()?;
                set(&mut event, "decision", json!(decision + 1));
            }
            _ => return self.spoil_evidence(code, event),
        }
        Some(event)
    }

    /// What is wrong with what an event tells of itself, rather than with where the request went.
    fn spoil_evidence(&mut self, code: &str, mut event: Event) -> Option<Event> {
        let table = Arc::clone(&self.table);
        let decision = decide(&table, &event);
        let audit = decision.audit();
        let is_served = event["status"] == "success";
        match code {
            "missing-tag" => drop(event.remove("team")?),
            "wrong-tag" if event.contains_key("team") => drop(set(&mut event, "team", json!("strangers"))),
            "missing-prompt-version" => drop(event.remove("prompt_version")),
            "missing-lineage" if audit.is_some_and(|audit| audit.lineage) => drop(event.remove("sources")),
            "test-in-production" => drop(set(&mut event, "data_mode", json!("demo"))),
            "failover-not-logged" => drop(event.remove("logged_as")?),
            "not-confirmed" => drop(event.remove("confirmed_by")?),
            "masked-data" if audit.is_some_and(|audit| !audit.mask.is_empty()) => {
                if self.rarely(2) {
                    set(&mut event, "data", json!(audit?.mask));
                } else {
                    set(&mut event, "gen_ai.input.messages", json!([{"role": "user"}]));
                    event.remove("masked");
                }
            }
            "raw-user" if audit.is_some_and(|audit| audit.mask.iter().any(|kind| kind == "pii")) => {
                drop(set(&mut event, "user", json!("jane@example.com")));
            }
            "cost-off" if is_served => {
                let cost: f64 = event["cost_usd"].as_str()?.parse().ok()?;
                set(&mut event, "billed_usd", json!(cost + 0.011));
            }
            "missing-retention" if audit.is_some_and(|audit| audit.retain_days.is_some()) => {
                drop(event.remove("retain_days"));
            }
            _ => return None,
        }
        Some(event)
    }
}

fn set(event: &mut Event, key: &str, value: Value) -> Option<Value> {
    event.insert(key.into(), value)
}

fn time(day: &str, seconds: usize) -> String {
    format!("{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn name(model: &Model, event: &mut Event) {
    for (key, value) in [
        ("route", &model.id),
        ("gen_ai.provider.name", &model.provider),
        ("gen_ai.request.model", &model.name),
        ("gen_ai.response.model", &model.name),
    ] {
        event.insert(key.into(), json!(value));
    }
}

fn duties(decision: &Decision<'_>, event: &mut Event) {
    let Some(audit) = decision.audit() else { return };
    if audit.lineage {
        event.insert("sources".into(), json!(["crm.tickets"]));
    }
    if !audit.mask.is_empty() {
        event.insert("masked".into(), json!(audit.mask));
    }
    if let Some(days) = audit.retain_days {
        event.insert("retain_days".into(), json!(days));
    }
}

/// What the table decides, asked as `resolve --table` asks it.
pub fn decide<'t>(table: &'t DecisionTable, event: &Event) -> Decision<'t> {
    let text = |key: &str| event.get(key).and_then(Value::as_str);
    let share = event.get("budget.remaining").map(|share| match share {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let pairs = |key: &str| -> Vec<(&str, &str)> {
        let pairs = event.get(key).and_then(Value::as_object);
        pairs
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
            .collect()
    };
    table.decide(&Request {
        use_case: text("use_case").or(text("endpoint_tag")).expect("a use case"),
        classification: text("classification"),
        budget_remaining: share.as_deref(),
        budgets: &pairs("budgets"),
        facts: &pairs("facts"),
    })
}

/// States the cost, worked out plainly and apart from the program: in floating point, written to nine decimals.
fn price(model: &Model, event: &mut Event) {
    let count = |key: &str| event.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let (input, output) = (count("gen_ai.usage.input_tokens"), count("gen_ai.usage.output_tokens"));
    let cached = count("gen_ai.usage.cache_read.input_tokens");
    let number = |text: &str| text.parse::<f64>().expect("a price");
    let (mut rates, mut cached_rate) =
        ((&model.input_usd_per_1m, &model.output_usd_per_1m), model.cached_input_usd_per_1m.as_ref());
    if let Some(long) =
        model.long_prompt.as_ref().filter(|long| input > number(&long.above_tokens.to_string()))
    {
        (rates, cached_rate) =
            ((&long.input_usd_per_1m, &long.output_usd_per_1m), long.cached_input_usd_per_1m.as_ref());
    }
    let cached_rate = cached_rate.unwrap_or(rates.0);
    let mut cost =
        ((input - cached) * number(rates.0) + cached * number(cached_rate) + output * number(rates.1)) / 1e6;
    if let Some(discount) = &model.batch_discount
        && event.get("workload").is_some_and(|workload| workload == "batch")
    {
        cost *= 1.0 - number(discount.trim_end_matches('%')) / 100.0;
    }
    event.insert("cost_usd".into(), json!(format!("{cost:.9}")));
}

/// The table of a text that has it.
pub fn parsed(text: &str) -> Table {
    serde_json::from_str(text).expect("a table")
}
