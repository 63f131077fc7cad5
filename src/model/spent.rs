//! What is spent of a budget: conditions know what remains, so a comparison is turned round.

use super::attribute::budget_of_share;
use super::attribute::{Attribute, RequestAttribute};
use super::build::Builder;
use super::dotted::PREFIXES;
use super::expr::CompareOp;
use super::typing::Place;
use crate::diag::{Finding, nearest};
use crate::number::{self, Rational, whole};
use crate::source::Span;
use crate::syntax::tree::{Operand, OperandKind};

/// Words for what is spent, one part of a name.
const SPENT: &[&str] = &[
    "used",
    "spent",
    "usage",
    "spend",
    "spending",
    "consumed",
    "consumption",
    "utilization",
    "utilisation",
    "burned",
    "burnt",
    "expended",
];

/// Words for what remains.
const LEFT: &[&str] = &["remaining", "remainder", "left", "unspent"];

/// Names of a budget that has nothing left.
const OVER: &[&str] = &[
    "budget.exceeded",
    "budget.exhausted",
    "budget.over",
    "budget_exceeded",
    "budget_exhausted",
    "over_budget",
];

/// Parts of a name that say no more.
const FILLERS: &[&str] =
    &["budget", "budgets", "percent", "percentage", "pct", "ratio", "share", "request", "total"];

impl Builder {
    /// Reports a comparison of what is spent of a budget with a percent; whether it was one.
    pub(super) fn is_of_spent(
        &mut self,
        span: Span,
        (left, op, right): (&Operand, CompareOp, &Operand),
        place: Place,
    ) -> bool {
        let (name, op, value) = match (&left.kind, &right.kind) {
            (OperandKind::Name(name), value) => (name, op, value),
            (value, OperandKind::Name(name)) => (name, op.swapped(), value),
            _ => return false,
        };
        if !place.allows(Attribute::Request(RequestAttribute::BudgetRemaining)) {
            return false;
        }
        let bare = self.bare(name);
        let is_bare = bare.is_some();
        let Some(attribute) = bare.or_else(|| self.remaining_of(name, SPENT)) else { return false };
        if matches!(
            value,
            OperandKind::Name(_) | OperandKind::Quoted(_) | OperandKind::Model { .. } | OperandKind::Bool(_)
        ) {
            return false;
        }
        let help = match (percent(value), op) {
            // `budget < 20%` says what remains, `budget > 80%` what is spent.
            (Some(percent), CompareOp::Lt | CompareOp::Le) if is_bare => {
                format!("write `{attribute} {} {}%`", op.sign(), number::exact(&percent))
            }
            (_, CompareOp::Eq | CompareOp::Ne) if is_bare => return false,
            (Some(percent), op) => {
                let rest = whole(100) - percent;
                format!("write `{attribute} {} {}%`", op.swapped().sign(), number::exact(&rest))
            }
            (None, _) => format!(
                "`{attribute}` is the percent of the limit that is left: compare it, as in `{attribute} < 20%`"
            ),
        };
        let finding = Finding::missing("attribute or fact", name, span);
        self.find(finding.note("a condition knows what remains of a budget, not what is spent").help(help));
        true
    }

    /// What to write for `support.budget.remaining`, `support.remaining` or `budget.support`.
    pub(super) fn share_meant(&mut self, name: &str, place: Place) -> Option<String> {
        if !place.allows(Attribute::Request(RequestAttribute::BudgetRemaining)) {
            return None;
        }
        if let Some(attribute) = self.remaining_of(name, LEFT) {
            return (attribute != name).then(|| format!("write `{attribute}`"));
        }
        if let Some(attribute) = self.bare(name) {
            return Some(format!(
                "what remains of it is `{attribute}`, a percent: compare it, as in `{attribute} < 20%`"
            ));
        }
        let budget = name.strip_suffix(".budget.remaining").or_else(|| budget_of_share(name))?;
        if PREFIXES.contains(&budget) {
            return None;
        }
        let known: Vec<String> = self.budget_ids.keys().cloned().collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = self.effort.nearest(budget, &known);
        Some(match near.first() {
            Some(near) if self.share(&format!("budget.{near}.remaining")).is_some() => {
                format!("did you mean `budget.{near}.remaining`?")
            }
            _ if known.is_empty() => format!("no budget is called `{budget}`, and none is written"),
            _ => format!(
                "no budget is called `{budget}`: there is {}",
                nearest::either(known.get(..known.len().min(6)).unwrap_or_default())
            ),
        })
    }

    /// What remains of the budget that a name is, and says no more: `budget`, `budget.support`.
    fn bare(&self, name: &str) -> Option<String> {
        if matches!(name, "budget" | "budgets") {
            return Some("budget.remaining".to_owned());
        }
        let budget = name.strip_prefix("budget.").or_else(|| name.strip_suffix(".budget"))?;
        let attribute = format!("budget.{budget}.remaining");
        self.share(&attribute).map(|_| attribute)
    }

    /// The attribute for what remains of the budget that a name speaks of, all budgets where it names none; the name has
    /// one of some words in it.
    fn remaining_of(&self, name: &str, words: &[&str]) -> Option<String> {
        let says = |part: &str| {
            let mut parts = part.split(['_', '-']);
            parts.clone().any(|word| words.contains(&word))
                && parts.all(|word| words.contains(&word) || FILLERS.contains(&word))
        };
        if !name.split('.').any(says) {
            return None;
        }
        let rest: Vec<&str> = name.split('.').filter(|part| !says(part) && !FILLERS.contains(part)).collect();
        if rest.is_empty() {
            return Some("budget.remaining".to_owned());
        }
        let attribute = format!("budget.{}.remaining", rest.join("."));
        self.share(&attribute).map(|_| attribute)
    }
}

/// The condition that a budget is used up, where a name alone says so.
pub(super) fn used_up(name: &str, place: Place) -> Option<String> {
    let allowed = place.allows(Attribute::Request(RequestAttribute::BudgetRemaining));
    (allowed && OVER.contains(&name)).then(|| "budget.remaining <= 0%".to_owned())
}

/// A percent of at most 100; a number up to 1 is a share.
fn percent(value: &OperandKind) -> Option<Rational> {
    let percent = match value {
        OperandKind::Percent(percent) => percent.clone(),
        OperandKind::Number(number) if *number <= whole(1) => number * whole(100),
        OperandKind::Number(number) => number.clone(),
        _ => return None,
    };
    (percent <= whole(100)).then_some(percent)
}
