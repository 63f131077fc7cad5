//! A request as a command line that shows it.

use crate::model::{Context, UseCase, World};

/// A request that shows a context, as a command line; values at their defaults are left out.
pub fn resolve(world: &World, use_case: &UseCase, context: &Context) -> String {
    let baseline = world.baseline(use_case);
    let mut command = format!("govctl resolve {}", shell(&use_case.name.value));
    let shown = world.show_context(context);
    for ((name, value), (_, usual)) in shown.iter().zip(world.show_context(&baseline)) {
        if *value == usual {
            continue;
        }
        command += &match name.as_str() {
            "classification" => format!(" --classification {}", shell(value)),
            "budget.remaining" => format!(" --budget-remaining {value}"),
            share if is_share(share) => {
                let name = share.trim_start_matches("budget.").trim_end_matches(".remaining");
                format!(" --budget-remaining {}", shell(&format!("{name}={value}")))
            }
            fact => format!(" --fact {}", shell(&format!("{fact}={value}"))),
        };
    }
    command
}

fn is_share(name: &str) -> bool {
    name.starts_with("budget.") && name.ends_with(".remaining")
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
