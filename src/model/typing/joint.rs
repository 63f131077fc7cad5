//! Conditions joined by `and`, `or` and `not`: what is said of a part depends on what stands around it.

use super::{Place, named};
use crate::diag::elsewhere;
use crate::model::attribute::Attribute;
use crate::model::build::Builder;
use crate::model::expr::{CompareOp, Node};
use crate::source::Span;
use crate::syntax::scan;
use crate::syntax::tree::{self, ExprKind, Operand};

/// What a part stands behind or between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
    Not,
}

/// The comparison before a value that stands alone: `team == a` before `or b`.
struct Before<'a> {
    left: &'a Operand,
    operator: &'static str,
    not: bool,
    /// The values compared so far, as written.
    values: Vec<String>,
}

impl<'a> Before<'a> {
    fn of(part: &'a tree::Expr) -> Option<Self> {
        let (not, part) = match &part.kind {
            ExprKind::Not(inner) => (true, inner.as_ref()),
            _ => (false, part),
        };
        let (left, operator, right) = match &part.kind {
            ExprKind::Compare(left, CompareOp::Eq, right) => (left, "==", right),
            ExprKind::Compare(left, CompareOp::Ne, right) => (left, "!=", right),
            ExprKind::Has(left, right) => (left, "has", right),
            _ => return None,
        };
        Some(Self { left, operator, not, values: named(right).into_iter().collect() })
    }

    /// What to write for a value that stands alone behind it.
    fn instead(&self, joint: Joint, value: &str) -> Option<String> {
        let left = named(self.left)?;
        // `== confidential or higher`
        if let ([first], "==", false, Some(operator)) =
            (self.values.as_slice(), self.operator, self.not, elsewhere::direction(value))
        {
            return Some(format!("write it as `{left} {operator} {first}`"));
        }
        let mut all = self.values.clone();
        all.push(value.to_owned());
        let list = all.join(", ");
        let repeated = format!("repeat the comparison: write `{left} {} {value}`", self.operator);
        Some(match (joint, self.operator, self.not) {
            (Joint::Or, "==" | "has", false) | (Joint::And, "!=" | "has", false) => repeated,
            (Joint::And, "has" | "==", true) => {
                format!("repeat the comparison: write `not {left} {} {value}`", self.operator)
            }
            (Joint::And, "==", false) => {
                format!("it is never two at once: write it as `{left} in [{list}]`")
            }
            (Joint::Or, "!=", false) | (Joint::Or, "==", true) => {
                format!("write it as `not {left} in [{list}]`")
            }
            (Joint::Or, "has", true) => {
                let has: Vec<String> = all.iter().map(|value| format!("{left} has {value}")).collect();
                format!("a `not` counts for one comparison: write it as `not ({})`", has.join(" or "))
            }
            _ => return None,
        })
    }
}

impl Builder {
    /// The parts of an `and` or `or`, each typed even where an earlier one was reported; of `a == b or c`, where only `c`
    /// is left of a comparison, it is said how to write that.
    pub(super) fn joined(
        &mut self,
        parts: &[tree::Expr],
        joint: Joint,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Vec<Node>> {
        let mut typed = Vec::with_capacity(parts.len());
        let mut before: Option<Before<'_>> = None;
        for part in parts {
            let value = match (&part.kind, &before) {
                (ExprKind::Alone(operand), Some(before)) if self.is_value(operand) => {
                    let value = named(operand);
                    value.and_then(|value| Some((operand, before.instead(joint, &value)?, value)))
                }
                _ => None,
            };
            if let Some((operand, help, value)) = value {
                self.no_attribute(operand, help);
                typed.push(None);
                if let Some(before) = &mut before {
                    before.values.push(value);
                }
                continue;
            }
            typed.push(self.part(part, joint, place, reads));
            before = Before::of(part);
        }
        typed.into_iter().collect()
    }

    /// One part; of what is said to write for it, a part is not torn off by what stands around it.
    pub(super) fn part(
        &mut self,
        part: &tree::Expr,
        joint: Joint,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let before = self.findings.len();
        let typed = self.node(part, place, reads);
        let is_whole = matches!(
            part.kind,
            ExprKind::Alone(_)
                | ExprKind::Compare(..)
                | ExprKind::In(..)
                | ExprKind::Has(..)
                | ExprKind::Covers(..)
        );
        for finding in self.findings.iter_mut().skip(before).filter(|_| is_whole) {
            let inner =
                finding.help.as_deref().and_then(|help| help.strip_prefix("write `")?.strip_suffix('`'));
            let torn = inner.is_some_and(|inner| !inner.contains('`') && is_torn(inner, joint));
            if let Some(inner) = inner.filter(|_| torn && finding.primary.span == part.span) {
                finding.help = Some(format!("write `({inner})`"));
            }
        }
        typed
    }
}

/// Whether a condition needs brackets behind or between what joins it.
fn is_torn(condition: &str, joint: Joint) -> bool {
    let mut depth = 0_usize;
    scan::tokens(condition, 0).any(|token| {
        match token.text(condition) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "or" => return depth == 0 && joint != Joint::Or,
            "and" => return depth == 0 && joint == Joint::Not,
            _ => {}
        }
        false
    })
}
