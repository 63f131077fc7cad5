//! What is said of operands that do not fit.

use super::{Place, describe, named};
use crate::diag::quantity::Wanted;
use crate::diag::{Finding, Help};
use crate::model::advice;
use crate::model::attribute::{Attribute, Type};
use crate::model::build::Builder;
use crate::model::expr::CompareOp;
use crate::syntax::tree::{self, ExprKind, Operand, OperandKind};

impl Builder {
    /// A name where only an attribute can stand, or a value where none can.
    pub(super) fn not_an_attribute(&mut self, operand: &Operand, place: Place) {
        if let OperandKind::Name(name) = &operand.kind {
            let help = self.instead_of(name, place);
            self.no_attribute(operand, help);
        } else {
            let message = format!("{} stands where an attribute is needed", describe(operand));
            let written = named(operand).filter(|_| place.knows_models());
            let help = match (&operand.kind, written) {
                (OperandKind::Model { .. }, Some(model)) => format!("write `model.id == {model}`"),
                _ => "compare an attribute, as in `classification == confidential`".to_owned(),
            };
            self.mismatch(operand.span, message, help);
        }
    }

    /// Reports a name that is not an attribute, or a value that stands where one is needed.
    pub(super) fn no_attribute(&mut self, operand: &Operand, help: impl Into<Help>) {
        let OperandKind::Name(name) = &operand.kind else {
            let message = format!("{} stands where an attribute is needed", describe(operand));
            self.mismatch(operand.span, message, help);
            return;
        };
        self.find(Finding::missing("attribute or fact", name, operand.span).help(help));
    }

    /// Whether an expression can stand at a place; nothing is reported of it.
    pub(in crate::model) fn accepts(&mut self, written: &tree::Expr, place: Place) -> bool {
        if self.is_trial {
            return false;
        }
        let before = self.findings.len();
        self.is_trial = true;
        let fits = self.expr(written, place).is_some() && self.findings.len() == before;
        self.is_trial = false;
        self.findings.truncate(before);
        fits
    }

    /// The names of what can be read at a place.
    pub(in crate::model) fn attribute_names(&self, place: Place) -> Vec<String> {
        let facts = self.facts.iter().map(|fact| fact.name.clone());
        let budgets = self.budget_ids.keys().map(|name| format!("budget.{name}.remaining"));
        let named = Attribute::all().filter(|attribute| place.allows(*attribute));
        let named = named.map(|attribute| attribute.name().to_owned());
        named.chain(facts).chain(budgets).collect()
    }

    /// Reports what is no value of the type of an attribute.
    pub(super) fn no_value(&mut self, attribute: Attribute, kind: Type, operand: &Operand) {
        let name = self.attribute_name(attribute);
        let label = advice::label(kind, &name);
        let levels = self.values_of(attribute);
        let help = self.value_for(attribute, operand).unwrap_or_else(|| match (kind, levels) {
            (Type::Ordered(_), Some(levels)) => format!("compare `{name}` with {levels}").into(),
            _ => format!("compare `{name}` with {label}").into(),
        });
        if let OperandKind::Name(_) = operand.kind {
            self.no_attribute(operand, help);
        } else {
            let message = format!("`{name}` is {label}, not {}", describe(operand));
            self.mismatch(operand.span, message, help);
        }
    }

    /// Reports a `has` of an attribute that is not a set.
    pub(super) fn no_set(&mut self, attribute: Attribute, left: &Operand, right: &Operand, place: Place) {
        let (name, kind) = (self.attribute_name(attribute), attribute.type_of(&self.facts));
        let message = format!("`has` needs a set, and `{name}` is {}", kind.label());
        let span = left.span.to(right.span);
        let equal = ExprKind::Compare(left.clone(), CompareOp::Eq, right.clone());
        let fits = self.accepts(&tree::Expr { span, kind: equal }, place);
        let help = match (kind, Wanted::of_attribute(&name)) {
            (Type::Boolean, _) => format!("write `{name}` alone, or `not {name}`"),
            (Type::Names(_) | Type::Ordered(_), _) if fits => {
                format!("write `{name} == {}`", named(right).unwrap_or_else(|| "…".to_owned()))
            }
            (Type::Names(_) | Type::Ordered(_), _) => {
                format!("compare it with one value, as in `{name} == …`")
            }
            (Type::Number, _) if name.starts_with("chain.") => {
                format!("it counts: compare it with a number, as in `{name} >= 2`")
            }
            (_, Some(wanted)) => format!("compare it, as in `{name} <= {}`", wanted.example()),
            _ => format!("compare it, as in `{name} == …`"),
        };
        self.mismatch(span, message, help);
    }

    /// A name that is not an attribute.
    pub(super) fn is_value(&self, operand: &Operand) -> bool {
        match &operand.kind {
            OperandKind::Quoted(_) | OperandKind::Model { .. } => true,
            OperandKind::Name(name) => {
                Attribute::named(name).is_none()
                    && !self.fact_ids.contains_key(name)
                    && self.share(name).is_none()
            }
            _ => false,
        }
    }
}
