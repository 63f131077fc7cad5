//! A request as a command line that shows it.

use crate::model::context::Axis;
use crate::model::{Context, UseCase, World};

/// A request that shows a context, as a command line; values at their defaults are left out.
pub fn resolve(world: &World, use_case: &UseCase, context: &Context) -> String {
    with(world, use_case, world.unusual(use_case, context))
}

/// A request that states values of some axes.
pub fn with(world: &World, use_case: &UseCase, given: Vec<(Axis, String)>) -> String {
    let mut command = format!("govctl resolve {}", shell(&use_case.name.value));
    for (axis, value) in given {
        // Of a budget that is not in force everything is left, and nothing else can be stated.
        if matches!(axis, Axis::Share(budget) if world.budgets.if_there(budget).is_none()) {
            continue;
        }
        command += &match axis {
            Axis::Classification => format!(" --classification {}", shell(&value)),
            Axis::Budget => format!(" --budget-remaining {value}"),
            Axis::Share(budget) => {
                format!(" --budget-remaining {}", shell(&format!("{}={value}", world.budget_name(budget))))
            }
            Axis::Fact(_) => format!(" --fact {}", shell(&format!("{}={value}", world.axis_name(axis)))),
        };
    }
    command
}

/// A word as a shell takes it.
pub fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
