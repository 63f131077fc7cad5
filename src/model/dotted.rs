//! Names with a dot that is no part of ours: `data.health`, `request.team`, `support.classification`.

use super::attribute::{Attribute, Type};
use super::build::{Builder, OWN};
use super::expr::CompareOp;
use super::typing::Place;
use super::typing::meant::HELD_BY_MODELS;
use super::words::written;
use crate::diag::{Finding, nearest};
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, Dimension, ExprKind, Operand, OperandKind};

/// What other languages put before an attribute, and what says no more than the attribute alone.
pub(super) const PREFIXES: &[&str] = &[
    "request",
    "req",
    "input",
    "context",
    "ctx",
    "resource",
    "principal",
    "subject",
    "action",
    "env",
    "environment",
    "this",
    "self",
    "use_case",
    "usecase",
    "workload",
    "caller",
    "client",
    "user",
    "app",
    "application",
    "attributes",
    "attrs",
    "attr",
    "metadata",
    "meta",
    "labels",
    "label",
    "tags",
    "tag",
    "params",
    "vars",
    "var",
    "headers",
    "header",
    "event",
    "message",
    "prompt",
    "query",
    "fact",
    "facts",
    "given",
    "routing",
    "policy",
    "rule",
    "estate",
    "registry",
    "provider",
    "model",
    "models",
    "candidate",
    "target",
    "llm",
    "deployment",
];

impl Builder {
    /// Reports a comparison of a model's name, `model.name == gpt-4o`, whose attribute is called otherwise; whether it is one.
    pub(super) fn is_of_model(
        &mut self,
        span: Span,
        (left, op, right): (&Operand, CompareOp, &Operand),
        place: Place,
    ) -> bool {
        let OperandKind::Name(attribute) = &left.kind else { return false };
        let model = match &right.kind {
            OperandKind::Name(text) | OperandKind::Quoted(text) => text.clone(),
            OperandKind::Model { provider, name } => format!("{provider}/{name}"),
            _ => return false,
        };
        let known = matches!(
            attribute.strip_prefix("model.").unwrap_or(attribute),
            "name" | "model" | "model_name" | "model_id"
        );
        let reads = self.attribute_of("model.id").is_some_and(|known| place.allows(known));
        let Some(tested) = self.tested_model(&model).filter(|_| known && reads) else { return false };
        let right = match (op, tested.contains(" in [")) {
            (CompareOp::Eq, _) => tested,
            (CompareOp::Ne, true) => format!("not {tested}"),
            (CompareOp::Ne, false) => tested.replacen("==", "!=", 1),
            _ => return false,
        };
        let finding = Finding::missing("attribute or fact", attribute, span);
        self.find(finding.help(format!("write `{right}`")));
        true
    }

    /// `data has health` for `data.health`, `team == support` for `team.support`: where it fits.
    pub(super) fn element(&mut self, name: &str, place: Place) -> Option<String> {
        let (attribute, value) = name.rsplit_once('.')?;
        if attribute == "model"
            && self.attribute_of("model.compliance").is_some_and(|known| place.allows(known))
        {
            let held = self.holding(value, &HELD_BY_MODELS).into_iter().next();
            return held.map(|(set, held)| format!("{set} has {held}"));
        }
        let names = [attribute.to_owned(), format!("model.{attribute}")];
        names.iter().find_map(|attribute| {
            let known = self.attribute_of(attribute).filter(|known| place.allows(*known))?;
            let span = Span::start_of(FileId::NONE);
            let kind = known.type_of(&self.facts);
            let value = self.spelt(kind, value);
            let value = value.as_str();
            let operand = |text: &str| Operand { span, kind: OperandKind::Name(text.to_owned()) };
            let (left, right) = (operand(attribute), operand(value));
            let (operator, kind) = match kind {
                Type::Set(_) => ("has", ExprKind::Has(left, right)),
                Type::Names(_) | Type::Ordered(_) => ("==", ExprKind::Compare(left, CompareOp::Eq, right)),
                _ => return None,
            };
            let fits = self.accepts(&tree::Expr { span, kind }, place);
            fits.then(|| format!("{attribute} {operator} {}", written(value)))
        })
    }

    /// The one name of a closed list that is near to another one, which is not in it.
    fn spelt(&self, kind: Type, value: &str) -> String {
        let Type::Set(vocabulary) = kind else { return value.to_owned() };
        let known = self.names_of(vocabulary);
        match nearest::nearest(value, known.iter().map(String::as_str)).as_slice() {
            [one] if !known.iter().any(|name| name == value) => (*one).to_owned(),
            _ => value.to_owned(),
        }
    }

    /// What to write for a name with the prefix of another language. One that may say which requests are meant is not
    /// dropped.
    pub(super) fn prefixed(&self, name: &str, place: Place) -> Option<String> {
        let (prefix, bare) = name.split_once('.')?;
        let known = self.attribute_of(bare).filter(|known| place.allows(*known))?;
        let is_model = matches!(known, Attribute::Model(_));
        Some(if PREFIXES.contains(&prefix.to_lowercase().as_str()) || is_model {
            format!("write `{bare}`")
        } else {
            format!(
                "`{bare}` is always that of the request: leave out `{prefix}.`, and say in a comparison of its own which requests are meant"
            )
        })
    }

    /// What is said of a name that requests may state: how it is declared, or where else it is known.
    pub(super) fn stated(&self, name: &str, place: Place) -> String {
        let taken = OWN.iter().any(|own| name.starts_with(own)) || Dimension::NAMES.contains(&name);
        if !taken {
            return format!(
                "if requests state it, declare it first: `fact {} in {{a, b}} default a`",
                written(name)
            );
        }
        match name {
            "user" => {
                "who asks is known at run time only, and no condition tests it: `per user` in a budget or a quota counts for each".to_owned()
            }
            _ if name.starts_with("chain.") => {
                "a chain is known in `always` and `never` of a guarantee only".to_owned()
            }
            _ if name.starts_with("budget.") => {
                let known = self.attribute_names(place);
                let known = known.iter().map(String::as_str).filter(|known| known.starts_with("budget."));
                let known: Vec<&str> = known.take(6).collect();
                match known.as_slice() {
                    [] => "this condition cannot depend on what remains of a budget".to_owned(),
                    known => format!("what remains of budgets is {}", nearest::either(known)),
                }
            }
            _ => format!("no request says what a model is like: {}", place.tests_models()),
        }
    }
}
