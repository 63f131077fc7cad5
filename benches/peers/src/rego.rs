//! regorus: the whole question as one rule, by its interpreter and by its virtual machine.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};
use serde_json::{Value as Json, json};

use crate::question::{Candidate, Need, Question, SHORT, tiers};
use crate::requests::Asked;

/// As one would write it: sets of names, a rule for each alternative.
pub const NATURAL: &str = r#"
package routing
import rego.v1

uc := data.use_cases[input.use_case]

approved(m) if "*" in m.approved_domains
approved(m) if uc.domain in m.approved_domains

at_home(m) if input.level < 3
at_home(m) if m.self_hosted

somewhere(m) if count(uc.residency_names) == 0
somewhere(m) if {
    some region in uc.residency_names
    region in m.region_names
}

agreed(m) if not uc.has_data
agreed(m) if m.agreed

forgotten(m) if not input.withheld
forgotten(m) if not uc.has_pii
forgotten(m) if m.retention <= 30

proven(m) if not uc.regulated
proven(m) if m.tier >= 1

modest(m) if not input.trial
modest(m) if { m.tier >= 0; m.tier < 2 }

cheap(m, cost) if not input.short
cheap(m, cost) if cost <= uc.cap

ranked := sort([[cost, m.id] |
    some m in data.models
    approved(m)
    input.level <= m.ceiling
    every name in uc.compliance_names { name in m.compliance_names }
    somewhere(m)
    m.retention <= uc.retention
    m.usable
    every name in uc.capability_names { name in m.capability_names }
    m.window >= uc.window
    at_home(m)
    agreed(m)
    forgotten(m)
    proven(m)
    m.p95 <= uc.latency
    modest(m)
    cost := (m.input * uc.inputs) + (m.output * uc.outputs)
    cheap(m, cost)
])

targets := array.slice([pair[1] | some pair in ranked; pair[0] <= 3 * ranked[0][0]], 0, 3)
"#;

/// Tuned for speed: bits for sets, and what depends on the request alone worked out by the host and sent along.
pub const TUNED: &str = r#"
package routing
import rego.v1

uc := data.use_cases[input.use_case]

ranked := sort([[cost, m.id] |
    some m in data.models
    input.level <= m.ceiling
    m.self_hosted_bit >= input.home
    m.retention <= input.retention
    bits.and(m.approved, uc.approved) != 0
    bits.and(m.compliance, uc.compliance) == uc.compliance
    bits.and(m.regions, uc.residency) != 0
    m.usable
    bits.and(m.capabilities, uc.capabilities) == uc.capabilities
    m.window >= uc.window
    m.agreed_bit >= uc.has_data_bit
    m.tier >= input.low
    m.tier <= input.high
    m.p95 <= uc.latency
    cost := (m.input * uc.inputs) + (m.output * uc.outputs)
    cost <= input.cap
])

targets := array.slice([pair[1] | some pair in ranked; pair[0] <= 3 * ranked[0][0]], 0, 3)
"#;

const RULE: &str = "data.routing.targets";

/// regorus with a policy and a world.
pub enum Rego<'a> {
    Interpreter(&'a Question, Box<Engine>),
    Machine(&'a Question, Box<RegoVM>),
}

impl<'a> Rego<'a> {
    pub fn interpreter(question: &'a Question, policy: &str) -> Self {
        Self::Interpreter(question, Box::new(engine(question, policy)))
    }

    /// None where it does not compile for the machine.
    pub fn machine(question: &'a Question, policy: &str) -> Result<Self, String> {
        let mut engine = engine(question, policy);
        let rule: Rc<str> = RULE.into();
        let compiled = engine.compile_with_entrypoint(&rule).map_err(|error| error.to_string())?;
        let program = Compiler::compile_from_policy(&compiled, &[RULE]).map_err(|error| error.to_string())?;
        let mut machine = RegoVM::new_with_policy(compiled);
        machine.set_max_instructions(usize::MAX);
        machine.load_program(program);
        machine.set_data(engine.get_data()).map_err(|error| error.to_string())?;
        Ok(Self::Machine(question, Box::new(machine)))
    }

    /// The answer's ids; empty where there is none.
    pub fn answer(&mut self, asked: &Asked) -> Vec<String> {
        let value = match self {
            Self::Interpreter(question, engine) => {
                engine.set_input(input(question, asked));
                engine.eval_rule(RULE.to_owned()).unwrap_or(Value::Undefined)
            }
            Self::Machine(question, machine) => {
                machine.set_input(input(question, asked));
                machine.execute_entry_point_by_index(0).unwrap_or(Value::Undefined)
            }
        };
        let ids = value.as_array().map(|ids| ids.iter().filter_map(|id| id.as_string().ok()));
        ids.map(|ids| ids.map(|id| id.to_string()).collect()).unwrap_or_default()
    }
}

/// Parses and compiles a policy, without data.
pub fn compile(policy: &str) {
    let mut engine = Engine::new();
    engine.add_policy("routing.rego".to_owned(), policy.to_owned()).expect("the policy parses");
    engine.compile_with_entrypoint(&RULE.into()).expect("the policy compiles");
}

fn engine(question: &Question, policy: &str) -> Engine {
    let mut engine = Engine::new();
    engine.add_policy("routing.rego".to_owned(), policy.to_owned()).expect("the policy parses");
    let models: Vec<Json> = question.candidates.iter().map(model).collect();
    let use_cases: serde_json::Map<String, Json> =
        question.needs.iter().map(|need| (need.name.clone(), use_case(need))).collect();
    let data = json!({"models": models, "use_cases": use_cases});
    engine
        .add_data(Value::from_json_str(&data.to_string()).expect("the data are read"))
        .expect("the data are added");
    engine
}

fn input(question: &Question, asked: &Asked) -> Value {
    let need = &question.needs[asked.at];
    let (withheld, trial) = (asked.facts[0].1 == "withheld", asked.facts[1].1 == "trial");
    let short = asked.percent < SHORT;
    let (low, high) = tiers(need.regulated, trial);
    let retention = if withheld && need.has_pii { need.retention.min(30) } else { need.retention };
    let number = |number: i64| Value::from(number);
    let pairs = [
        ("use_case", Value::from(need.name.as_str())),
        ("level", number(i64::try_from(asked.level).unwrap_or(0))),
        ("withheld", Value::from(withheld)),
        ("trial", Value::from(trial)),
        ("short", Value::from(short)),
        ("home", number(i64::from(asked.level == 3))),
        ("retention", number(retention)),
        ("low", number(low)),
        ("high", number(high)),
        ("cap", number(if short { need.cap } else { i64::MAX })),
    ];
    let mut input = Value::new_object();
    let object = input.as_object_mut().expect("an object");
    for (key, value) in pairs {
        object.insert(Value::from(key), value);
    }
    input
}

fn model(model: &Candidate) -> Json {
    json!({
        "id": model.id, "approved": model.approved, "approved_domains": model.approved_domains,
        "ceiling": model.ceiling, "compliance": model.compliance, "compliance_names": model.compliance_names,
        "regions": model.regions, "region_names": model.region_names, "retention": model.retention,
        "usable": model.usable, "capabilities": model.capabilities, "capability_names": model.capability_names,
        "window": model.window, "self_hosted": model.self_hosted, "self_hosted_bit": i64::from(model.self_hosted),
        "agreed": model.agreed, "agreed_bit": i64::from(model.agreed), "tier": model.tier, "p95": model.p95,
        "input": model.input, "output": model.output,
    })
}

fn use_case(need: &Need) -> Json {
    json!({
        "domain": need.domain, "approved": need.approved, "compliance": need.compliance,
        "compliance_names": need.compliance_names, "residency": need.residency,
        "residency_names": need.residency_names, "retention": need.retention, "capabilities": need.capabilities,
        "capability_names": need.capability_names, "window": need.window, "has_data": need.has_data,
        "has_data_bit": i64::from(need.has_data), "has_pii": need.has_pii, "regulated": need.regulated,
        "latency": need.latency, "inputs": need.inputs, "outputs": need.outputs, "cap": need.cap,
    })
}
