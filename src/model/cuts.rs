//! Where thresholds cut the shares that remain of budgets into bands.

use super::attribute::Attribute;
use super::context::{Axis, Cut};
use super::expr::{CompareOp, Node, Term, Value};

/// The axis of an attribute that says what remains of budgets.
pub(super) fn remaining(attribute: Attribute) -> Option<Axis> {
    match attribute.axis() {
        axis @ Some(Axis::Budget | Axis::Share(_)) => axis,
        _ => None,
    }
}

/// The cuts that one comparison with what remains of budgets makes, each on its axis.
pub(super) fn node_cuts(node: &Node, cuts: &mut Vec<(Axis, Cut)>) {
    let mut cut = |axis: Axis, percent: &Term, below: bool, above: bool| {
        if let Term::Value(Value::Number(percent)) = percent {
            cuts.extend(below.then(|| (axis, Cut { percent: percent.clone(), above: false })));
            cuts.extend(above.then(|| (axis, Cut { percent: percent.clone(), above: true })));
        }
    };
    let remaining = |term: &Term| match term {
        Term::Attribute(attribute) => remaining(*attribute),
        Term::Value(_) => None,
    };
    match node {
        Node::Compare(left, op, right) => {
            let (axis, value, op) = match (remaining(left), remaining(right)) {
                (Some(axis), _) => (axis, right, *op),
                (None, Some(axis)) => (axis, left, op.swapped()),
                (None, None) => return,
            };
            let below = !matches!(op, CompareOp::Le | CompareOp::Gt);
            let above = !matches!(op, CompareOp::Lt | CompareOp::Ge);
            cut(axis, value, below, above);
        }
        Node::In(left, items) => {
            if let Some(axis) = remaining(left) {
                for item in items.iter() {
                    cut(axis, item, true, true);
                }
            }
        }
        _ => {}
    }
}
