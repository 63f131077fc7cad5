//! Expressions.

use crate::number::{self, Rational};
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::tree::{CompareOp, Expr, ExprKind, Operand, OperandKind, SelectorKind};

use super::literals::{reference, seconds};
use super::{Lower, child, children, first};

impl Lower<'_> {
    /// The expression among the children.
    pub(super) fn expr_in(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let expr = child(pair, Rule::expr)?;
        self.expr(&expr)
    }

    fn expr(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let parts: Option<Vec<Expr>> =
            children(pair, Rule::conjunction).map(|part| self.conjunction(&part)).collect();
        joined(parts?, ExprKind::Or)
    }

    fn conjunction(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let parts: Option<Vec<Expr>> = children(pair, Rule::unary).map(|part| self.unary(&part)).collect();
        joined(parts?, ExprKind::And)
    }

    fn unary(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let inner = first(pair)?;
        let kind = match inner.as_rule() {
            Rule::negation => ExprKind::Not(Box::new(self.unary(&child(&inner, Rule::unary)?)?)),
            Rule::group => ExprKind::Paren(Box::new(self.expr_in(&inner)?)),
            Rule::comparison => self.comparison(&inner)?,
            _ => return None,
        };
        Some(Expr { span: self.span(&inner), kind })
    }

    fn comparison(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let mut parts = pair.clone().into_inner();
        let left = self.operand(&parts.next()?)?;
        let Some(operator) = parts.next() else { return Some(ExprKind::Alone(left)) };
        let right = parts.next()?;
        Some(match operator.as_rule() {
            Rule::compare_op => {
                ExprKind::Compare(left, compare_op(operator.as_str())?, self.operand(&right)?)
            }
            Rule::kw_has => ExprKind::Has(left, self.operand(&right)?),
            Rule::kw_covers => ExprKind::Covers(left, self.operand(&right)?),
            Rule::kw_in => {
                let list: Option<_> = children(&right, Rule::operand).map(|one| self.operand(&one)).collect();
                ExprKind::In(left, list?)
            }
            _ => return None,
        })
    }

    fn operand(&mut self, pair: &Pair<'_>) -> Option<Operand> {
        let inner = first(pair)?;
        let kind = match inner.as_rule() {
            Rule::boolean => OperandKind::Bool(inner.as_str() == "true"),
            Rule::quantity => self.quantity(&inner)?,
            Rule::pattern => OperandKind::Pattern(inner.as_str().trim_end_matches('*').to_owned()),
            Rule::reference => match reference(&inner)? {
                SelectorKind::Model { provider, name } => OperandKind::Model { provider, name },
                SelectorKind::Name { text, quoted: true } => OperandKind::Quoted(text),
                SelectorKind::Name { text, quoted: false } => OperandKind::Name(text),
            },
            _ => return None,
        };
        Some(Operand { span: self.span(pair), kind })
    }

    fn quantity(&mut self, pair: &Pair<'_>) -> Option<OperandKind> {
        let value = self.number(&child(pair, Rule::number)?);
        let Some(unit) = child(pair, Rule::unit) else { return Some(OperandKind::Number(value)) };
        let unit = first(&unit)?;
        Some(match unit.as_rule() {
            Rule::percent_sign => OperandKind::Percent(value),
            Rule::multiplier_sign => OperandKind::Multiplier(value),
            Rule::duration_unit => OperandKind::Duration(value * seconds(unit.as_str())?),
            Rule::rate_unit => OperandKind::Rate(value * per_million(&unit)?),
            _ => return None,
        })
    }
}

/// What a price per `1k` or `1m` is multiplied by to be one per million tokens.
fn per_million(unit: &Pair<'_>) -> Option<Rational> {
    let scale = child(unit, Rule::rate_scale)?;
    Some(number::whole(if scale.as_str().eq_ignore_ascii_case("1k") { 1000 } else { 1 }))
}

/// Several parts joined, or the only one.
fn joined(mut parts: Vec<Expr>, join: impl Fn(Vec<Expr>) -> ExprKind) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let span = parts.first()?.span.to(parts.last()?.span);
    Some(Expr { span, kind: join(parts) })
}

fn compare_op(text: &str) -> Option<CompareOp> {
    Some(match text {
        "==" => CompareOp::Eq,
        "!=" => CompareOp::Ne,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::Le,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::Ge,
        _ => return None,
    })
}
