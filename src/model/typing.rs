//! Expressions typed: every attribute allowed where it stands, every comparison of one type.

mod joint;
pub(super) mod meant;
mod place;
mod report;
pub(super) mod sets;
mod value;

use super::BudgetId;
use joint::Joint;
pub(super) use place::Place;

use super::attribute::{Attribute, RequestAttribute, Type, budget_of_share};
use super::build::Builder;
use super::cuts::{node_cuts, remaining};
use super::expr::{CompareOp, Expr, Node, Term};
use crate::diag::{Finding, Help, code};
use crate::number::{self};
use crate::source::Span;
use crate::syntax::tree::{self, ExprKind, Operand, OperandKind};

/// An operand that is understood, or reported.
enum Side<'a> {
    Attribute(Attribute),
    Other(&'a Operand),
    Reported,
}

/// Where the parts of the outermost `and` or `or` are written.
fn parts(written: &tree::Expr) -> Vec<Span> {
    match &written.kind {
        ExprKind::Paren(inner) => parts(inner),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().map(|part| part.span).collect(),
        _ => Vec::new(),
    }
}

impl Builder {
    /// Types an expression; `None` where something in it was reported.
    pub(super) fn expr(&mut self, written: &tree::Expr, place: Place) -> Option<Expr> {
        let mut reads = Vec::new();
        let root = self.node(written, place, &mut reads)?;
        Some(Expr { root, span: written.span, parts: parts(written), reads })
    }

    /// What an ordered attribute may be, in words: `none < pending < confirmed`.
    fn values_of(&self, attribute: Attribute) -> Option<String> {
        match attribute.type_of(&self.facts) {
            Type::Ordered(order) => {
                Some(format!("one of `{}`", order.levels(&self.classifications).join(" < ")))
            }
            _ => None,
        }
    }

    /// Remembers where an expression of a rule, failover statement or guarantee cuts what remains of budgets.
    pub(super) fn note_cuts(&mut self, expr: &Expr) {
        let mut cuts = Vec::new();
        expr.root.walk(&mut |node| node_cuts(node, &mut cuts));
        self.cuts.extend(cuts);
    }

    fn node(
        &mut self,
        written: &tree::Expr,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        match &written.kind {
            ExprKind::Or(parts) | ExprKind::And(parts) => {
                let is_or = matches!(written.kind, ExprKind::Or(_));
                let aim = self.aim;
                self.aim = aim.joined(is_or);
                let parts = self.joined(parts, if is_or { Joint::Or } else { Joint::And }, place, reads);
                self.aim = aim;
                Some(if is_or { Node::Or(parts?) } else { Node::And(parts?) })
            }
            ExprKind::Not(part) => {
                let aim = self.aim;
                self.aim = aim.turned();
                let part = self.part(part, Joint::Not, place, reads);
                self.aim = aim;
                Some(Node::Not(Box::new(part?)))
            }
            ExprKind::Paren(part) => self.node(part, place, reads),
            ExprKind::Alone(operand) => self.alone(operand, place, reads),
            ExprKind::Compare(left, op, right) => self.compare(written.span, left, *op, right, place, reads),
            ExprKind::In(left, items) => self.is_in(written.span, left, items, place, reads),
            ExprKind::Has(left, right) => self.has(left, right, place, reads),
            ExprKind::Covers(left, right) => self.covers(left, right, place, reads),
        }
    }

    fn side<'a>(
        &mut self,
        operand: &'a Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Side<'a> {
        let OperandKind::Name(name) = &operand.kind else { return Side::Other(operand) };
        let fact = self.fact_ids.get(name).copied().map(Attribute::fact);
        let share = || self.share(name).map(|budget| Attribute::Request(RequestAttribute::Share(budget)));
        let Some(attribute) = Attribute::named(name).or(fact).or_else(share) else {
            return Side::Other(operand);
        };
        if !place.allows(attribute) {
            let message = format!("`{name}` cannot be tested here");
            self.mismatch(operand.span, message, place.reason(attribute));
            return Side::Reported;
        }
        if !reads.iter().any(|(known, _)| *known == attribute) {
            reads.push((attribute, operand.span));
        }
        Side::Attribute(attribute)
    }

    fn mismatch(&mut self, span: Span, message: impl Into<String>, help: impl Into<Help>) {
        self.find(Finding::error(code::TYPE_MISMATCH, span, message).label("does not fit").help(help));
    }

    /// The budget of `budget.NAME.remaining`: NAME must be one that needs no quotes.
    pub(super) fn share(&self, attribute: &str) -> Option<BudgetId> {
        let name = budget_of_share(attribute)?;
        let plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        self.budget_ids.get(name).copied().filter(|_| plain)
    }

    fn alone(&mut self, operand: &Operand, place: Place, reads: &mut Vec<(Attribute, Span)>) -> Option<Node> {
        if let OperandKind::Bool(value) = operand.kind {
            return Some(Node::Const(value));
        }
        match self.side(operand, place, reads) {
            Side::Reported => None,
            Side::Other(alone @ Operand { kind: OperandKind::Name(name), span })
                if self.is_condition(name, false, *span, place) || self.is_of_failure(alone, None, place) =>
            {
                None
            }
            Side::Other(other) => {
                self.not_an_attribute(other, place);
                None
            }
            Side::Attribute(attribute) => {
                let kind = attribute.type_of(&self.facts);
                if kind == Type::Boolean {
                    return Some(Node::Is(attribute));
                }
                let name = self.attribute_name(attribute);
                let message = format!("`{name}` is {}: alone it is not a condition", kind.label());
                let help = match kind {
                    Type::Set(_) => sets::promised(&name, false, &[], self.aim)
                        .unwrap_or_else(|| format!("say what it must have, as in `{name} has …`")),
                    _ => format!("compare it, as in `{}`", self.compared(attribute)),
                };
                self.mismatch(operand.span, message, help);
                None
            }
        }
    }

    fn attribute_name(&self, attribute: Attribute) -> String {
        match attribute {
            Attribute::Request(RequestAttribute::Fact(id)) => self.facts[id].name.clone(),
            Attribute::Request(RequestAttribute::Share(id)) => {
                let named = self.budget_ids.iter().find(|(_, known)| **known == id);
                named.map(|(name, _)| format!("budget.{name}.remaining")).unwrap_or_default()
            }
            Attribute::Request(attribute) => attribute.name().to_owned(),
            Attribute::Model(attribute) => attribute.name().to_owned(),
            Attribute::Chain(attribute) => attribute.name().to_owned(),
            Attribute::Duty(attribute) => attribute.name().to_owned(),
        }
    }

    fn compare(
        &mut self,
        span: Span,
        left: &Operand,
        op: CompareOp,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let (a, b) = (self.side(left, place, reads), self.side(right, place, reads));
        match (&a, &b) {
            (
                Side::Attribute(attribute),
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span: at }),
            )
            | (
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span: at }),
                Side::Attribute(attribute),
            ) => {
                return self.like(*attribute, op, (prefix, *at), span);
            }
            _ => {}
        }
        match (a, b) {
            (Side::Reported, _) | (_, Side::Reported) => None,
            (Side::Attribute(a), Side::Attribute(b)) => {
                self.operator_fits(a, op, span, None)?;
                self.one_type(a, b, span)?;
                Some(Node::Compare(Term::Attribute(a), op, Term::Attribute(b)))
            }
            (Side::Attribute(a), Side::Other(value)) => {
                self.operator_fits(a, op, span, Some(value))?;
                let value = self.fitting(a, value, place)?;
                Some(Node::Compare(Term::Attribute(a), op, Term::Value(value)))
            }
            (Side::Other(value), Side::Attribute(b)) => {
                self.operator_fits(b, op, span, Some(value))?;
                let value = self.fitting(b, value, place)?;
                Some(Node::Compare(Term::Value(value), op, Term::Attribute(b)))
            }
            (Side::Other(a), Side::Other(b)) => {
                let is_condition = match (&a.kind, op, &b.kind) {
                    (OperandKind::Name(name), CompareOp::Eq | CompareOp::Ne, OperandKind::Bool(value)) => {
                        self.is_condition(name, *value == (op == CompareOp::Ne), span, place)
                    }
                    _ => false,
                };
                if is_condition
                    || self.is_of_failure(a, Some(b), place)
                    || self.is_of_spent(span, (a, op, b), place)
                    || self.is_of_model(span, (a, op, b), place)
                    || self.is_of_set(span, (a, op, b), place)
                {
                    return None;
                }
                let right_is_meant =
                    !matches!(a.kind, OperandKind::Name(_)) && matches!(b.kind, OperandKind::Name(_));
                self.not_an_attribute(if right_is_meant { b } else { a }, place);
                None
            }
        }
    }

    /// A comparison with a pattern: equal to one of the use cases that it matches, or to none.
    fn like(
        &mut self,
        attribute: Attribute,
        op: CompareOp,
        (prefix, at): (&str, Span),
        span: Span,
    ) -> Option<Node> {
        self.operator_fits(attribute, op, span, None)?;
        let matched = Node::In(Term::Attribute(attribute), self.pattern(attribute, prefix, at)?);
        Some(if op == CompareOp::Ne { Node::Not(Box::new(matched)) } else { matched })
    }

    fn operator_fits(
        &mut self,
        attribute: Attribute,
        op: CompareOp,
        span: Span,
        value: Option<&Operand>,
    ) -> Option<()> {
        let kind = attribute.type_of(&self.facts);
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        let fits = match kind {
            Type::Names(_) | Type::Boolean => equality,
            Type::Set(_) => false,
            _ => true,
        };
        if fits {
            return Some(());
        }
        let name = self.attribute_name(attribute);
        let message = format!("`{}` does not compare `{name}`, which is {}", op.sign(), kind.label());
        let help = if matches!(kind, Type::Set(_)) {
            let values: Vec<String> = value.and_then(named).into_iter().collect();
            sets::instead(&name, op == CompareOp::Ne, &values, self.aim)
        } else if kind == Type::Boolean {
            format!("it is true or false: write `{name}` alone, or `not {name}`")
        } else {
            "it is tested with `==`, `!=` or `in [ … ]`".to_owned()
        };
        self.mismatch(span, message, help);
        None
    }

    /// Whether two attributes are of one type.
    fn compares(&self, a: Attribute, b: Attribute) -> bool {
        let numbers = |kind| matches!(kind, Type::Number | Type::Multiplier);
        match (a.type_of(&self.facts), b.type_of(&self.facts)) {
            (Type::Names(m), Type::Names(n)) => m.same(n),
            (x, y) => x == y || (numbers(x) && numbers(y)),
        }
    }

    fn one_type(&mut self, a: Attribute, b: Attribute, span: Span) -> Option<()> {
        let (x, y) = (a.type_of(&self.facts), b.type_of(&self.facts));
        let fits = self.compares(a, b);
        let budget = [a, b].into_iter().find(|attribute| remaining(*attribute).is_some());
        if fits && budget.is_none() {
            return Some(());
        }
        let message = format!("`{}` and `{}` do not compare", self.attribute_name(a), self.attribute_name(b));
        let help = if let Some(budget) = budget {
            let name = self.attribute_name(budget);
            format!("`{name}` is compared with a percent only, as in `{name} < 20%`")
        } else {
            match (self.values_of(a), self.values_of(b)) {
                (Some(one), Some(other)) => format!(
                    "`{}` is {one}, and `{}` is {other}",
                    self.attribute_name(a),
                    self.attribute_name(b)
                ),
                _ => format!(
                    "`{}` is {}, and `{}` is {}",
                    self.attribute_name(a),
                    x.label(),
                    self.attribute_name(b),
                    y.label()
                ),
            }
        };
        self.mismatch(span, message, help);
        None
    }
}

/// A name or a model as it is written.
pub(super) fn named(operand: &Operand) -> Option<String> {
    match &operand.kind {
        OperandKind::Name(text) => Some(text.clone()),
        OperandKind::Quoted(text) => Some(format!("\"{text}\"")),
        OperandKind::Model { provider, name } => Some(format!("{provider}/{name}")),
        _ => None,
    }
}

fn describe(operand: &Operand) -> String {
    match &operand.kind {
        OperandKind::Name(text) => format!("the name `{text}`"),
        OperandKind::Quoted(text) => format!("the name \"{text}\""),
        OperandKind::Model { provider, name } => format!("the model `{provider}/{name}`"),
        OperandKind::Pattern(prefix) => format!("the pattern `{prefix}*`"),
        OperandKind::Number(n) => format!("the number `{}`", number::exact(n)),
        OperandKind::Multiplier(n) => format!("the multiplier `{}x`", number::exact(n)),
        OperandKind::Percent(n) => format!("the percent `{}%`", number::exact(n)),
        OperandKind::Duration(n) => format!("a duration (`{} s`)", number::exact(n)),
        OperandKind::Rate(n) => format!("a rate (`{} usd per 1m tokens`)", number::exact(n)),
        OperandKind::Bool(value) => format!("`{value}`"),
    }
}
