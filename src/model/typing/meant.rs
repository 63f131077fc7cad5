//! What is meant by what is no attribute: the one that the other side asks for, what a model has, what has failed, nothing.

use super::{Place, named, sets};
use crate::diag::quantity::Wanted;
use crate::diag::{Finding, Help, code, elsewhere, nearest};
use crate::model::VocabularyKind;
use crate::model::advice::{self, ELSEWHERE, OF_MODELS};
use crate::model::attribute::{Attribute, Domain, Order, RequestAttribute, Type};
use crate::model::build::Builder;
use crate::model::cuts::remaining;
use crate::model::dotted::PREFIXES;
use crate::model::words::written;
use crate::source::Span;
use crate::syntax::tree::{self, ExprKind, Operand, OperandKind, Trigger};

/// Words for a model, where one stands for what it has.
const MODELS: [&str; 9] =
    ["model", "models", "provider", "providers", "candidate", "target", "targets", "llm", "deployment"];

/// Words for a request.
const REQUESTS: [&str; 5] = ["use_case", "usecase", "request", "req", "prompt"];

/// Names that other tools have for what has failed.
const FAILURES: [&str; 20] = [
    "error",
    "errors",
    "error.code",
    "error.type",
    "error_code",
    "error_type",
    "status",
    "status_code",
    "http_status",
    "http.status",
    "http_code",
    "response.status",
    "response.code",
    "response_code",
    "code",
    "exception",
    "failure",
    "failed",
    "fault",
    "trigger",
];

/// Names that other tools have for whether a provider is up.
const OUTAGES: [&str; 12] = [
    "down",
    "up",
    "outage",
    "healthy",
    "unhealthy",
    "provider.down",
    "provider.up",
    "provider.status",
    "provider.health",
    "model.down",
    "model.up",
    "model.health",
];

/// Names that say what has failed where they stand alone.
const ALONE: [&str; 9] = [
    "timeout",
    "timed_out",
    "rate_limit",
    "rate_limited",
    "throttled",
    "server_error",
    "unavailable",
    "overloaded",
    "failover",
];

impl Builder {
    /// What to write for a name beside an attribute: the attribute of the other side, `retention_max` for `retention`.
    pub(super) fn beside(&self, known: Attribute, operand: &Operand, place: Place) -> Option<String> {
        let OperandKind::Name(name) = &operand.kind else { return None };
        if self.is_trial || remaining(known).is_some() || self.is_level(known, name) {
            return None;
        }
        // `zero-retention` is a literal in other words.
        let literal = advice::value(known.type_of(&self.facts), &self.attribute_name(known), operand);
        if literal.is_some_and(|help| help.starts_with("write `")) {
            return None;
        }
        let of_model = match known {
            Attribute::Model(_) => true,
            Attribute::Request(_) => false,
            _ => return None,
        };
        let all = self.attribute_names(place).into_iter().filter(|ours| {
            self.attribute_of(ours).is_some_and(|other| {
                let is_other = matches!(other, Attribute::Model(_)) != of_model;
                is_other && self.compares(known, other) && remaining(other).is_none()
            })
        });
        let all: Vec<String> = all.collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let bare = name.split_once('.').filter(|(prefix, _)| PREFIXES.contains(prefix));
        let bare = bare.map_or(name.as_str(), |(_, bare)| bare);
        let exact = all.iter().find(|ours| **ours == bare || ours.strip_prefix("model.") == Some(bare));
        if let Some(ours) = exact {
            return Some(format!("write `{ours}`"));
        }
        let own = self.attribute_name(known);
        let answer = OF_MODELS.iter().find(|(_, ours)| *ours == own).and_then(|(theirs, _)| theirs.first());
        let like = all.iter().copied().find(|ours| own.strip_prefix("model.") == Some(*ours));
        let answer = like.or(answer.copied()).or_else(|| all.first().copied());
        let listed = OF_MODELS.iter().chain(ELSEWHERE).filter(|(theirs, _)| theirs.contains(&bare));
        let mut listed: Vec<&str> = listed.map(|(_, ours)| *ours).collect();
        listed.push(if own.strip_prefix("model.") == Some(bare) { own.as_str() } else { "" });
        let meant = all.iter().copied().find(|ours| listed.contains(ours));
        let meant =
            meant.or_else(|| answer.filter(|ours| listed.contains(&own.as_str()) && all.contains(ours)));
        if let Some(ours) = meant {
            return Some(format!("did you mean `{ours}`?"));
        }
        let near = nearest::nearest(bare, all.iter().copied());
        let near = if near.is_empty() { sharing(bare, &all) } else { near };
        (!near.is_empty()).then(|| format!("did you mean {}?", nearest::either(&near)))
    }

    fn is_level(&self, attribute: Attribute, name: &str) -> bool {
        match attribute.type_of(&self.facts) {
            Type::Ordered(order) => order.levels(&self.classifications).contains(&name),
            Type::Names(_) => true,
            _ => false,
        }
    }

    /// Reports `model has tools`, `use_case has pii`: which of its sets is meant; whether it was that.
    pub(super) fn is_held(&mut self, left: &Operand, right: &Operand, place: Place) -> bool {
        let (OperandKind::Name(subject), Some(value)) = (&left.kind, named(right)) else { return false };
        let sets: &[(VocabularyKind, &str)] = if MODELS.contains(&subject.as_str()) && place.knows_models() {
            &HELD_BY_MODELS
        } else if REQUESTS.contains(&subject.as_str()) {
            &HELD_BY_REQUESTS
        } else {
            return false;
        };
        let value = value.trim_matches('"');
        let has =
            |held: Vec<(&str, String)>| held.into_iter().next().map(|(set, held)| (set.to_owned(), held));
        let help = match has(self.holding(value, sets)) {
            Some((set, held)) => sets::promised(&set, false, std::slice::from_ref(&held), self.aim)
                .unwrap_or_else(|| format!("write `{set} has {held}`")),
            None => self.held_otherwise(value, sets),
        };
        let span = left.span.to(right.span);
        let message = format!("`{subject}` is not a set: `has` asks what a set has");
        // `use_case` is an attribute, of another type; `model` and `request` are nothing that can be compared.
        let code = if Attribute::named(subject).is_some() { code::TYPE_MISMATCH } else { code::UNKNOWN_NAME };
        self.find(Finding::error(code, span, message).label("no set").help(help));
        true
    }

    /// What a model has that is in none of its sets: an agreement, an attribute of another type.
    fn held_otherwise(&self, value: &str, sets: &[(VocabularyKind, &str)]) -> String {
        let of_model = sets.first() == HELD_BY_MODELS.first();
        let attribute = if of_model { format!("model.{value}") } else { value.to_owned() };
        if let Some(known) = self.attribute_of(&attribute) {
            return match known.type_of(&self.facts) {
                Type::Boolean => format!("write `{attribute}`"),
                Type::Set(_) => format!("name what it must have, as in `{attribute} has …`"),
                _ => format!("compare it, as in `{}`", self.compared(known)),
            };
        }
        let names: Vec<&str> = sets.iter().map(|(_, set)| *set).collect();
        let first = names.first().copied().unwrap_or_default();
        format!(
            "name the set that is meant, {}, as in `{first} has {}`",
            nearest::either(&names),
            written(value)
        )
    }

    /// The sets that have a name, each with the name as its list has it.
    pub(in crate::model) fn holding<'s>(
        &self,
        value: &str,
        sets: &[(VocabularyKind, &'s str)],
    ) -> Vec<(&'s str, String)> {
        let folded = value.to_lowercase().replace('_', "-");
        let held = sets.iter().filter_map(|(kind, set)| {
            let name = self.names_of(*kind).into_iter().find(|name| name.to_lowercase() == folded)?;
            Some((*set, written(&name)))
        });
        held.collect()
    }

    /// Reports `model in [north, quay]`, `model in [eu]`; whether it was that.
    pub(super) fn is_in_models(
        &mut self,
        span: Span,
        left: &Operand,
        items: &[Operand],
        place: Place,
    ) -> bool {
        let OperandKind::Name(subject) = &left.kind else { return false };
        if !MODELS.contains(&subject.as_str()) || !place.knows_models() {
            return false;
        }
        let values: Vec<String> = items.iter().filter_map(named).collect();
        let attribute = |name: &str| Operand { span: left.span, kind: OperandKind::Name(name.to_owned()) };
        let among = ["model.provider", "model.id"].into_iter().find(|name| {
            let kind = ExprKind::In(attribute(name), items.to_vec());
            self.accepts(&tree::Expr { span, kind }, place)
        });
        let set = || {
            HELD_BY_MODELS.iter().map(|(_, set)| *set).find(|set| {
                let holds = |value: &String| {
                    self.holding(value.trim_matches('"'), &HELD_BY_MODELS).iter().any(|(held, _)| held == set)
                };
                !values.is_empty() && values.iter().all(holds)
            })
        };
        let help = match (among, set()) {
            (Some(name), _) => format!("write `{name} in [{}]`", values.join(", ")),
            (None, Some(set)) => sets::instead(set, false, &values, self.aim),
            (None, None) => return false,
        };
        self.find(Finding::missing("attribute or fact", subject, span).help(help));
        true
    }

    /// Reports `error == 429`, `provider.down`: what has failed is no condition; whether it was that.
    pub(super) fn is_of_failure(&mut self, left: &Operand, right: Option<&Operand>, place: Place) -> bool {
        let OperandKind::Name(name) = &left.kind else { return false };
        if place.knows_models() {
            return false;
        }
        let folded = name.to_lowercase();
        let value = match right.map(|right| &right.kind) {
            Some(OperandKind::Number(number)) => crate::number::exact(number),
            Some(OperandKind::Name(text) | OperandKind::Quoted(text)) => text.clone(),
            _ => String::new(),
        };
        let trigger = |word: &str| {
            let word = word.to_lowercase().replace('_', "-");
            let own = Trigger::NAMES.iter().copied().find(|trigger| *trigger == word);
            own.or_else(|| elsewhere::meant(&word, Trigger::NAMES))
        };
        let meant = if OUTAGES.contains(&folded.as_str()) {
            Some("unavailable")
        } else if FAILURES.contains(&folded.as_str()) {
            trigger(&value).or(Some("rate-limited, server-error"))
        } else if right.is_none_or(|right| matches!(right.kind, OperandKind::Bool(_))) {
            ALONE.contains(&folded.as_str()).then(|| trigger(&folded).unwrap_or("unavailable"))
        } else {
            None
        };
        let Some(meant) = meant else { return false };
        let help = format!("what has failed is not a condition: a failover statement names it, `on {meant}`");
        self.find(Finding::missing("attribute or fact", name, left.span).help(help));
        true
    }

    /// Reports `risk != null`: no condition asks whether something is stated; whether it was that.
    pub(super) fn asks_nothing(&mut self, attribute: Attribute, value: &Operand) -> bool {
        let (OperandKind::Name(written) | OperandKind::Quoted(written)) = &value.kind else { return false };
        let kind = attribute.type_of(&self.facts);
        let text = written.to_lowercase();
        let is_name = matches!(kind, Type::Names(_));
        let is_nothing =
            matches!(text.as_str(), "" | "null" | "nil" | "undefined" | "unset" | "missing" | "absent")
                || (is_name && matches!(text.as_str(), "none" | "nothing" | "empty"));
        // What is quoted is a value, and one that is not known is said to be none; an empty text is never a name.
        let is_value = matches!(value.kind, OperandKind::Quoted(_))
            && !written.is_empty()
            && (is_name || matches!(kind, Type::Ordered(_)));
        if !is_nothing || is_value {
            return false;
        }
        // What something is called is its name, whatever the word means elsewhere.
        let is_called = |domain| {
            if domain == Domain::UseCase {
                return self.use_case_names.iter().any(|name| name == written);
            }
            let values = self.values_of_domain(attribute, domain);
            values.is_some_and(|(_, all)| all.iter().any(|value| value == written))
        };
        if matches!(kind, Type::Names(domain) if is_called(domain)) {
            return false;
        }
        let why = match attribute {
            Attribute::Request(RequestAttribute::Fact(_)) => "a request always has one",
            Attribute::Request(_) => "each use case states what a condition tests",
            Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => {
                "what the registry does not state keeps no promise"
            }
        };
        let name = self.attribute_name(attribute);
        let message = format!("no condition asks whether `{name}` is stated");
        let help = format!("{why}, so compare it with a value: `{}`", self.compared(attribute));
        self.mismatch(value.span, message, help);
        true
    }

    /// An attribute compared with a value that it may have.
    pub(super) fn compared(&self, attribute: Attribute) -> String {
        let name = self.attribute_name(attribute);
        match attribute.type_of(&self.facts) {
            Type::Ordered(order) => {
                let levels = order.levels(&self.classifications);
                format!("{name} == {}", levels.last().map_or_else(|| "…".to_owned(), |last| written(last)))
            }
            Type::Names(Domain::Lifecycle) => format!("{name} == active"),
            Type::Names(domain) => {
                let values = self.values_of_domain(attribute, domain).unwrap_or_default().1;
                format!("{name} == {}", values.first().map_or_else(|| "…".to_owned(), |first| written(first)))
            }
            _ => match Wanted::of_attribute(&name) {
                Some(wanted) => format!("{name} <= {}", wanted.example()),
                None => format!("{name} == …"),
            },
        }
    }

    /// What to write instead of a value of another type for a name or a level.
    pub(super) fn value_for(&self, attribute: Attribute, operand: &Operand) -> Option<Help> {
        let name = self.attribute_name(attribute);
        match (attribute.type_of(&self.facts), &operand.kind) {
            (Type::Ordered(Order::Dpa), OperandKind::Bool(true)) => Some("write `confirmed`".into()),
            (Type::Names(domain), _) => {
                let values = self.values_of_domain(attribute, domain).unwrap_or_default().1;
                let values: Vec<String> = values.iter().map(|value| written(value)).collect();
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                Some(match values.as_slice() {
                    [] => format!("compare `{name}` with a name").into(),
                    few if few.len() <= 6 => Help::names(format!("write one of {}", nearest::either(few))),
                    _ => format!("compare `{name}` with a name, as in `{}`", self.compared(attribute)).into(),
                })
            }
            _ => advice::value(attribute.type_of(&self.facts), &name, operand).map(Help::from),
        }
    }
}

/// The sets that a model has.
pub(in crate::model) const HELD_BY_MODELS: [(VocabularyKind, &str); 3] = [
    (VocabularyKind::Capabilities, "model.capabilities"),
    (VocabularyKind::Compliance, "model.compliance"),
    (VocabularyKind::Regions, "model.regions"),
];

/// The sets that a request has.
const HELD_BY_REQUESTS: [(VocabularyKind, &str); 4] = [
    (VocabularyKind::Data, "data"),
    (VocabularyKind::Compliance, "compliance"),
    (VocabularyKind::Capabilities, "capabilities"),
    (VocabularyKind::Regions, "residency"),
];

/// The names that share most words with a name, and at least one.
fn sharing<'a>(name: &str, all: &[&'a str]) -> Vec<&'a str> {
    let parts = |name: &str| -> Vec<String> { name.split(['.', '_', '-']).map(str::to_owned).collect() };
    let mine = parts(name);
    let shared = |ours: &str| {
        let said = |part: &&String| !matches!(part.as_str(), "model" | "max" | "min") && mine.contains(part);
        parts(ours).iter().filter(said).count()
    };
    let most = all.iter().map(|ours| shared(ours)).max().unwrap_or_default();
    let best = all.iter().copied().filter(|ours| most > 0 && shared(ours) == most);
    best.take(3).collect()
}
