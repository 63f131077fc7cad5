//! What to write instead of a condition that does not fit, in the user's own words.

use super::attribute::{Attribute, Type};
use super::build::Builder;
use super::expr::CompareOp;
use super::reference::Unresolved;
use super::typing::sets::instead;
use super::typing::{Place, named};
use super::words::reference;
use crate::diag::quantity::{self, Per, Quantity, Unit, Wanted};
use crate::diag::{Finding, Help, elsewhere, nearest, untested};
use crate::number::whole;
use crate::source::Span;
use crate::syntax::tree::{self, ExprKind, Operand, OperandKind, VocabularyKind};
use crate::work;

/// What to write instead of an operand that is no value of a type; none where it cannot be told.
pub(super) fn value(kind: Type, attribute: &str, operand: &Operand) -> Option<String> {
    if kind == Type::Boolean {
        return boolean(operand).map(|right| format!("write `{right}`"));
    }
    let wanted = Wanted::of_attribute(attribute)?;
    let right = match &operand.kind {
        OperandKind::Name(text) | OperandKind::Quoted(text) => text_as(text, wanted),
        _ => quantity_of(operand).and_then(|quantity| quantity.written(wanted)),
    };
    Some(match right {
        Some(right) => format!("write `{right}`"),
        None if attribute.ends_with("remaining") => {
            format!("`{attribute}` is the percent of the limit that is left: write, for example, `20%`")
        }
        None => format!("write, for example, `{}`", wanted.example()),
    })
}

/// What a type is, with an example that fits the attribute.
pub(super) fn label(kind: Type, attribute: &str) -> String {
    match (kind, Wanted::of_attribute(attribute)) {
        (Type::Duration, Some(wanted)) => format!("a duration such as `{}`", wanted.example()),
        _ => kind.label().to_owned(),
    }
}

fn boolean(operand: &Operand) -> Option<bool> {
    match &operand.kind {
        OperandKind::Name(text) | OperandKind::Quoted(text) => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" => Some(true),
            "no" | "false" | "off" | "never" => Some(false),
            _ => None,
        },
        OperandKind::Number(number) if *number == whole(1) => Some(true),
        OperandKind::Number(number) if *number == whole(0) => Some(false),
        _ => None,
    }
}

/// A word of the registry or a number in letters, as the literal that is wanted.
fn text_as(text: &str, wanted: Wanted) -> Option<String> {
    let is_days = matches!(wanted, Wanted::Duration(quantity::Bare::Days));
    let text = text.trim();
    if is_days && ["zero-retention", "none", "zero", "no-retention"].contains(&text.to_lowercase().as_str()) {
        return Some("0 days".to_owned());
    }
    let text = text.strip_prefix("custom-").unwrap_or(text);
    let (quantity, length) = quantity::read(text, wanted)?;
    quantity.written(wanted).filter(|_| length == text.len())
}

fn quantity_of(operand: &Operand) -> Option<Quantity> {
    let (value, unit, per) = match &operand.kind {
        OperandKind::Number(value) => (value, Unit::Bare, None),
        OperandKind::Multiplier(value) => (value, Unit::Times, None),
        OperandKind::Percent(value) => (value, Unit::Percent, None),
        OperandKind::Duration(value) => (value, Unit::Time("seconds", whole(1)), None),
        OperandKind::Rate(value) => (value, Unit::Usd, Some(Per::Tokens(whole(1_000_000)))),
        _ => return None,
    };
    Some(Quantity { value: value.clone(), unit, per })
}

impl Builder {
    /// What to write instead of a name that is no attribute, where it stands for the whole left side.
    pub(super) fn instead_of(&mut self, name: &str, place: Place) -> Help {
        if let Some(help) = untested::help(name).or_else(|| self.capability(name, place)) {
            return help.into();
        }
        let something = |builder: &Self| builder.names_something(name, place).map(Help::from);
        if let Some(help) = self.known_elsewhere(name, place).or_else(|| something(self)) {
            return help;
        }
        let known = self.attribute_names(place);
        let candidates: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = self.effort.nearest(name, &candidates);
        if !near.is_empty() {
            return Help::near(&near);
        }
        if !place.knows_models() {
            self.stated(name, place).into()
        } else if ["cheapest", "fastest", "most-available"].contains(&name) {
            format!("an order is not a condition: write `prefer {name}`, without `where`").into()
        } else if place == Place::Chain && ["primary", "target", "targets", "route"].contains(&name) {
            "a guarantee speaks of the primary and every target alike, as in `model.provider == openai`; a `test` names the primary".into()
        } else {
            Help::names(
                "compare an attribute such as `classification` or `model.hosting`, or a declared fact",
            )
        }
    }

    /// A name with the prefix of another language, or one that other tools have.
    fn known_elsewhere(&mut self, name: &str, place: Place) -> Option<Help> {
        if let Some(help) = self.share_meant(name, place) {
            return Some(help.into());
        }
        let allowed = |name: &str| self.attribute_of(name).is_some_and(|attribute| place.allows(attribute));
        let write = |name: &str| Help::from(format!("write `{name}`"));
        // What one kind of statement promises is not what a model has: `audit.retention` is no `model.retention`.
        let family = name.split_once('.').map(|(first, _)| first);
        if let Some(family @ ("audit" | "failover" | "chain" | "quota")) = family {
            let ours = ELSEWHERE.iter().find(|(theirs, ours)| theirs.contains(&name) && allowed(ours));
            return match ours {
                Some((_, ours)) => Some(write(ours)),
                None => self.of_family(family, name, place),
            };
        }
        let bare = name.split_once('.').map_or(name, |(_, rest)| rest);
        if ["open_source", "opensource", "open-source", "is_open", "weights"].contains(&bare) {
            let mut known = self.attribute_names(place).into_iter();
            return known.find(|known| known.starts_with("model.open")).map(|ours| write(&ours));
        }
        if let Some(help) = self.of_model(name, place).or_else(|| self.prefixed(name, place)) {
            return Some(help.into());
        }
        let of_model = format!("model.{bare}");
        if of_model != name && self.attribute_of(&of_model).is_some() {
            return Some(if allowed(&of_model) {
                write(&of_model)
            } else {
                format!("`{of_model}` is known of models only: {}", place.tests_models()).into()
            });
        }
        let ours = ELSEWHERE.iter().find(|(theirs, ours)| theirs.contains(&bare) && allowed(ours));
        if let Some((_, ours)) = ours {
            return Some(Help::near(&[ours]));
        }
        let everywhere = ["always", "else", "otherwise", "default", "any", "all", "everything", "everyone"];
        if !place.knows_models() && everywhere.contains(&name) {
            return Some("leave this clause out: without it, every request is meant".into());
        }
        elsewhere::CLOCK.contains(&bare).then(|| elsewhere::NO_CLOCK.into())
    }

    /// Reports a set compared like a name, `model.region == eu`, whose attribute is called otherwise; whether it is one.
    pub(super) fn is_of_set(
        &mut self,
        span: Span,
        (left, op, right): (&Operand, CompareOp, &Operand),
        place: Place,
    ) -> bool {
        let OperandKind::Name(name) = &left.kind else { return false };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return false;
        }
        let (family, bare) = name.split_once('.').unwrap_or(("", name));
        let fits = |ours: &str| {
            let known = self.attribute_of(ours).filter(|known| place.allows(*known));
            let is_set = known.is_some_and(|known| matches!(known.type_of(&self.facts), Type::Set(_)));
            is_set && (family.is_empty() || (family == "model" && ours.starts_with("model.")))
        };
        let all = OF_MODELS.iter().chain(ELSEWHERE);
        let ours =
            all.filter(|(theirs, _)| theirs.contains(&bare)).map(|(_, ours)| *ours).find(|ours| fits(ours));
        let Some(ours) = ours else { return false };
        let set = Operand { span: left.span, kind: OperandKind::Name(ours.to_owned()) };
        let written = tree::Expr { span, kind: ExprKind::Has(set, right.clone()) };
        let value = named(right).filter(|_| self.accepts(&written, place));
        let Some(value) = value else { return false };
        let finding = Finding::missing("attribute or fact", name, left.span);
        self.find(finding.help(instead(ours, op == CompareOp::Ne, &[value], self.aim)));
        true
    }

    /// What is said of a name that speaks of a model, `model.data_classification`: what the request has is no answer to it.
    fn of_model(&self, name: &str, place: Place) -> Option<String> {
        let (prefix, bare) = name.split_once('.')?;
        let is_of_model = ["model", "models", "provider", "candidate", "target", "llm", "deployment"];
        if !is_of_model.contains(&prefix) {
            return None;
        }
        let known = self.attribute_names(place);
        let of: Vec<&str> =
            known.iter().map(String::as_str).filter(|known| known.starts_with("model.")).collect();
        if of.is_empty() || of.contains(&format!("model.{bare}").as_str()) {
            return None;
        }
        let listed = OF_MODELS
            .iter()
            .chain(ELSEWHERE)
            .find(|(theirs, ours)| theirs.contains(&bare) && ours.starts_with("model.") && of.contains(ours));
        if let Some((_, ours)) = listed {
            return Some(format!("did you mean `{ours}`?"));
        }
        let near = nearest::nearest(&format!("model.{bare}"), of.iter().copied());
        (!near.is_empty()).then(|| format!("did you mean {}?", nearest::either(&near)))
    }

    /// The attributes that begin like a name, where none is near to it.
    fn of_family(&self, family: &str, name: &str, place: Place) -> Option<Help> {
        let known = self.attribute_names(place);
        let prefix = format!("{family}.");
        let of: Vec<&str> =
            known.iter().map(String::as_str).filter(|known| known.starts_with(&prefix)).collect();
        let near = nearest::nearest(name, of.iter().copied());
        match (near.as_slice(), of.is_empty()) {
            ([], true) => None,
            ([], false) => Some(Help::names(format!("write one of {}", nearest::either(&of)))),
            (near, _) => Some(Help::near(near)),
        }
    }

    /// `model.supports_vision`: what a model can do is an element of a set.
    fn capability(&self, name: &str, place: Place) -> Option<String> {
        const OTHERS: [(&[&str], &str); 3] = [
            (
                &["function-calling", "functions", "tool-use", "tool-calling", "tool-choice", "tool-calls"],
                "tools",
            ),
            (
                &["response-schema", "json-mode", "structured-output", "structured-outputs", "json"],
                "json-schema",
            ),
            (&["image-input", "images", "image"], "vision"),
        ];
        let bare = name.strip_prefix("model.").or_else(|| name.strip_prefix("provider.")).unwrap_or(name);
        let verbs = ["supports_", "support_", "has_", "can_", "offers_"];
        let what = verbs.iter().find_map(|verb| bare.strip_prefix(verb))?.replace('_', "-");
        let known = self.names_of(VocabularyKind::Capabilities);
        let is_known = |name: &str| known.iter().any(|known| known == name);
        let ours = OTHERS.iter().find(|(theirs, ours)| theirs.contains(&what.as_str()) && is_known(ours));
        let what =
            if is_known(&what) { what.as_str() } else { ours.map_or(what.as_str(), |(_, ours)| *ours) };
        (place == Place::Candidate || place == Place::Chain)
            .then(|| format!("what a model can do is a capability: write `model.capabilities has {what}`"))
    }

    /// What to write for a name of something that an attribute is compared with.
    fn names_something(&self, name: &str, place: Place) -> Option<String> {
        let condition = self.compared_with(name, place)?;
        Some(self.promise_of(name, &[condition], place))
    }

    /// The comparison that is true of a model, or of all that have a bare name.
    pub(super) fn tested_model(&self, name: &str) -> Option<String> {
        let models = match self.references.model(name) {
            Ok(_) => return Some(format!("model.id == {}", reference(name))),
            Err(Unresolved::Nothing) => return None,
            Err(Unresolved::Several(models)) => models,
        };
        let ids = self.references.ids.iter().filter(|(_, id)| models.contains(id));
        let ids: Vec<String> = ids.map(|(id, _)| reference(id)).collect();
        (ids.len() <= 6).then(|| format!("model.id in [{}]", ids.join(", ")))
    }

    /// What to write instead of a name with which those of several use cases begin.
    pub(super) fn pattern_for(&self, name: &str) -> Option<String> {
        if name == "*" {
            return Some("leave this comparison out: it would be true of every request".to_owned());
        }
        let prefix = name.strip_suffix('*').unwrap_or(name).trim_end_matches('.');
        // Use cases stand in the order of their names.
        let all = self.use_case_names.as_slice();
        let is_begun = |mark: char| {
            work::step();
            let begin = format!("{prefix}{mark}");
            let first = all.partition_point(|known| *known < begin);
            all.get(first).is_some_and(|known| known.starts_with(&begin))
        };
        if prefix.is_empty()
            || self.use_case_ids.contains_key(name)
            || !['.', '-', '_'].into_iter().any(is_begun)
        {
            return None;
        }
        let joint = if name.starts_with(&format!("{prefix}.")) || !name.contains('*') { "." } else { "" };
        Some(format!("write `{prefix}{joint}*`, without quotes, for all whose names begin so"))
    }

    pub(super) fn attribute_of(&self, name: &str) -> Option<Attribute> {
        Attribute::named(name).or_else(|| self.fact_ids.get(name).copied().map(Attribute::fact))
    }
}

/// What requests have, each with the attribute of models that answers to it.
pub(super) const OF_MODELS: &[(&[&str], &str)] = &[
    (
        &[
            "classification",
            "data_classification",
            "max_classification",
            "classification_max",
            "sensitivity",
            "ceiling",
        ],
        "model.data_classification_max",
    ),
    (&["residency", "data_residency"], "model.regions"),
    (&["regulations"], "model.compliance"),
    (&["retention_max"], "model.retention"),
    (&["min_context"], "model.context_window"),
    (&["latency_sla", "max_latency"], "model.latency_p95"),
    (&["availability_target"], "model.availability"),
];

/// Names that other tools have, each with an attribute of ours.
pub(super) const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["name", "model", "model_id", "model_name", "deployment"], "model.id"),
    (&["price", "price_per_token", "blended_cost", "cost_per_token"], "model.cost"),
    (&["input_price", "cost_per_1m_tokens_input", "cost_per_1k_tokens_input"], "model.input_cost"),
    (&["output_price", "cost_per_1m_tokens_output", "cost_per_1k_tokens_output"], "model.output_cost"),
    (&["p95", "latency", "p95_ms", "latency_ms", "latency.p95", "speed", "latency_p99"], "model.latency_p95"),
    (&["p50", "p50_ms", "latency.p50", "median_latency"], "model.latency_p50"),
    (&["vendor", "company"], "model.provider"),
    (&["certifications", "certs", "certificates", "certification"], "model.compliance"),
    (&["data_retention", "zero_retention", "zdr", "retention_days"], "model.retention"),
    (&["training", "trains", "train_on_data"], "model.trains_on_data"),
    (&["context", "window", "max_context", "context_length"], "model.context_window"),
    (&["uptime", "sla", "slo", "reliability"], "model.availability"),
    (&["country", "location"], "model.jurisdiction"),
    (&["region", "location", "data_residency"], "model.regions"),
    (&["region", "regions", "location", "country", "data_residency"], "residency"),
    (&["status", "deprecated", "retired"], "model.lifecycle"),
    (&["agreement", "contract", "data_processing_agreement"], "model.dpa"),
    (&["sensitivity", "data_classification", "level", "confidentiality"], "classification"),
    (&["budget", "left", "budget_remaining", "remaining", "remaining_budget"], "budget.remaining"),
    (&["usecase", "use-case", "endpoint", "task", "route", "endpoint_tag", "purpose"], "use_case"),
    (&["department", "division", "cost_center", "bu"], "business_unit"),
    (&["app", "agent", "service", "caller", "client"], "application"),
    (&["priority", "importance", "severity"], "criticality"),
    (&["risk_class", "risk_level"], "risk"),
    (&["data_kinds", "data_types", "contains", "kinds"], "data"),
    (&["batch", "mode", "streaming"], "workload"),
    (&["sla", "latency_sla_ms", "max_latency"], "latency_sla"),
    (&["tools", "features"], "capabilities"),
    (&["length", "hops"], "chain.length"),
    (
        &[
            "chain.size",
            "chain.count",
            "chain.len",
            "chain.hops",
            "chain.targets",
            "chain.models",
            "chain.depth",
            "failover.length",
            "failover.hops",
            "failover.depth",
            "failover.size",
            "failover.count",
            "failover.targets",
            "failover.models",
        ],
        "chain.length",
    ),
    (
        &["chain.cost", "chain.multiplier", "chain.max_cost", "chain.cost_multiplier", "cost_multiplier"],
        "chain.max_cost_multiplier",
    ),
    (&["chain.uptime", "chain.sla"], "chain.availability"),
    (&["chain.domains"], "chain.failure_domains"),
    (&["audit.retention", "audit.keep", "audit.retained", "audit.ttl", "audit.days"], "audit.retain"),
    (&["audit.masked", "audit.redact", "audit.masks", "audit.data"], "audit.mask"),
    (&["audit.lineage_required", "audit.traced"], "audit.lineage"),
    (&["failover.log", "failover.logs", "failover.audited"], "failover.logged"),
    (&["failover.notify", "failover.notifies", "failover.alerted"], "failover.notified"),
    (&["quota.exists", "quota.limited"], "quota.covered"),
];
