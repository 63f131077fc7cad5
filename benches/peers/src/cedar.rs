//! cedar-policy: one authorization for each model, then sorted by the program around it.
//!
//! Cedar answers yes or no for one resource, so ordering is the host's; entities, identifiers and policies are made before
//! the clock runs.

use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use serde_json::{Value, json};

use crate::question::{Candidate, Need, Question, SHORT};
use crate::requests::Asked;

/// Everything in one condition: what evaluates fastest.
pub const ONE_PERMIT: &str = r#"
permit(principal, action == Action::"route", resource) when {
  context.level <= resource.ceiling &&
  (resource.approved.contains("*") || resource.approved.contains(principal.domain)) &&
  resource.compliance.containsAll(principal.compliance) &&
  (principal.residency.isEmpty() || resource.regions.containsAny(principal.residency)) &&
  resource.retention <= principal.retention &&
  resource.usable &&
  resource.capabilities.containsAll(principal.capabilities) &&
  resource.window >= principal.window &&
  (context.level < 3 || resource.self_hosted) &&
  (!principal.has_data || resource.agreed) &&
  (!context.withheld || !principal.has_pii || resource.retention <= 30) &&
  (!principal.regulated || resource.tier >= 1) &&
  resource.p95 <= principal.latency &&
  (!context.trial || (resource.tier >= 0 && resource.tier < 2)) &&
  (!context.short || resource.input * principal.inputs + resource.output * principal.outputs <= principal.cap)
};
"#;

/// A permit and a prohibition for each gate and rule: what people would write and review.
pub const FORBIDS: &str = r#"
permit(principal, action == Action::"route", resource) when {
  resource.approved.contains("*") || resource.approved.contains(principal.domain)
};
forbid(principal, action, resource) when { context.level > resource.ceiling };
forbid(principal, action, resource) unless { resource.compliance.containsAll(principal.compliance) };
forbid(principal, action, resource) unless {
  principal.residency.isEmpty() || resource.regions.containsAny(principal.residency)
};
forbid(principal, action, resource) when { resource.retention > principal.retention };
forbid(principal, action, resource) unless { resource.usable };
forbid(principal, action, resource) unless {
  resource.capabilities.containsAll(principal.capabilities) && resource.window >= principal.window
};
forbid(principal, action, resource) when { context.level == 3 && !resource.self_hosted };
forbid(principal, action, resource) when { principal.has_data && !resource.agreed };
forbid(principal, action, resource) when { context.withheld && principal.has_pii && resource.retention > 30 };
forbid(principal, action, resource) when { principal.regulated && resource.tier < 1 };
forbid(principal, action, resource) when { resource.p95 > principal.latency };
forbid(principal, action, resource) when { context.trial && (resource.tier < 0 || resource.tier > 1) };
forbid(principal, action, resource) when {
  context.short && resource.input * principal.inputs + resource.output * principal.outputs > principal.cap
};
"#;

/// Cedar with a policy and a world.
pub struct Cedar<'a> {
    question: &'a Question,
    policies: PolicySet,
    entities: Entities,
    models: Vec<EntityUid>,
    use_cases: Vec<EntityUid>,
    action: EntityUid,
    authorizer: Authorizer,
}

impl<'a> Cedar<'a> {
    pub fn new(question: &'a Question, policies: &str) -> Self {
        let uid = |kind: &str, id: &str| {
            EntityUid::from_type_name_and_id(
                EntityTypeName::from_str(kind).expect("a type"),
                EntityId::new(id),
            )
        };
        let mut entities: Vec<Value> = question.candidates.iter().map(model).collect();
        entities.extend(question.needs.iter().map(use_case));
        Self {
            question,
            policies: PolicySet::from_str(policies).expect("the policies parse"),
            entities: Entities::from_json_value(Value::Array(entities), None).expect("the entities are read"),
            models: question.candidates.iter().map(|model| uid("Model", &model.id)).collect(),
            use_cases: question.needs.iter().map(|need| uid("UseCase", &need.name)).collect(),
            action: uid("Action", "route"),
            authorizer: Authorizer::new(),
        }
    }

    pub fn answer(&self, asked: &Asked) -> Vec<&'a str> {
        let truth = |value: bool| RestrictedExpression::new_bool(value);
        let context = Context::from_pairs([
            ("level".to_owned(), RestrictedExpression::new_long(i64::try_from(asked.level).unwrap_or(0))),
            ("withheld".to_owned(), truth(asked.facts[0].1 == "withheld")),
            ("trial".to_owned(), truth(asked.facts[1].1 == "trial")),
            ("short".to_owned(), truth(asked.percent < SHORT)),
        ]);
        let context = context.expect("a context");
        let need = &self.question.needs[asked.at];
        let mut ranked: Vec<(i64, &str)> = Vec::new();
        for (uid, model) in self.models.iter().zip(&self.question.candidates) {
            let principal = self.use_cases[asked.at].clone();
            let request = Request::new(principal, self.action.clone(), uid.clone(), context.clone(), None);
            let request = request.expect("a request");
            let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
            if response.decision() == Decision::Allow {
                ranked.push((model.input * need.inputs + model.output * need.outputs, &model.id));
            }
        }
        ranked.sort_unstable();
        let most = ranked.first().map_or(0, |(cost, _)| cost * 3);
        ranked.into_iter().take(3).filter(|(cost, _)| *cost <= most).map(|(_, id)| id).collect()
    }
}

fn model(model: &Candidate) -> Value {
    json!({"uid": {"type": "Model", "id": model.id}, "parents": [], "attrs": {
        "approved": model.approved_domains, "ceiling": model.ceiling, "compliance": model.compliance_names,
        "regions": model.region_names, "retention": model.retention, "usable": model.usable,
        "capabilities": model.capability_names, "window": model.window, "self_hosted": model.self_hosted,
        "agreed": model.agreed, "tier": model.tier, "p95": model.p95, "input": model.input, "output": model.output,
    }})
}

fn use_case(need: &Need) -> Value {
    json!({"uid": {"type": "UseCase", "id": need.name}, "parents": [], "attrs": {
        "domain": need.domain, "compliance": need.compliance_names, "residency": need.residency_names,
        "retention": need.retention, "capabilities": need.capability_names, "window": need.window,
        "has_data": need.has_data, "has_pii": need.has_pii, "regulated": need.regulated, "latency": need.latency,
        "inputs": need.inputs, "outputs": need.outputs, "cap": need.cap,
    }})
}

/// The types that Cedar's validator holds the policies against.
pub const SCHEMA: &str = r#"
entity Model {
  approved: Set<String>, ceiling: Long, compliance: Set<String>, regions: Set<String>, retention: Long, usable: Bool,
  capabilities: Set<String>, window: Long, self_hosted: Bool, agreed: Bool, tier: Long, p95: Long, input: Long,
  output: Long,
};
entity UseCase {
  domain: String, compliance: Set<String>, residency: Set<String>, retention: Long, capabilities: Set<String>,
  window: Long, has_data: Bool, has_pii: Bool, regulated: Bool, latency: Long, inputs: Long, outputs: Long, cap: Long,
};
action "route" appliesTo {
  principal: UseCase, resource: Model, context: { level: Long, withheld: Bool, trial: Bool, short: Bool },
};
"#;
