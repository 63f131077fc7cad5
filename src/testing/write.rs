//! A `test` statement as text that parses.

use crate::decide::{Decision, outage};
use crate::model::context::Axis;
use crate::model::words::{BESIDE_TESTS, reference_beside, string, written_beside};
use crate::model::{Context, RuleId, Trigger, UseCase, World};

/// What a test statement says.
pub(super) struct Statement<'a> {
    pub(super) world: &'a World,
    pub(super) use_case: &'a UseCase,
    pub(super) context: &'a Context,
    pub(super) decision: &'a Decision,
    /// How the primary has failed, if it has.
    pub(super) on: Option<Trigger>,
    /// Rules that are expected to apply.
    pub(super) rules: &'a [RuleId],
    pub(super) name: &'a str,
    /// What it reaches: a line above it each.
    pub(super) reaches: &'a [String],
}

/// The name of a test: its request.
pub(super) fn title(world: &World, use_case: &UseCase, context: &Context, on: Option<Trigger>) -> String {
    let name = &use_case.name.value;
    let unusual: Vec<String> = world
        .unusual(use_case, context)
        .into_iter()
        .map(|(axis, value)| format!("{} {value}", world.axis_name(axis)))
        .collect();
    let on = on.map(|trigger| format!(" on {}", trigger.name()));
    match (unusual.as_slice(), on) {
        ([], None) => format!("{name} as usual"),
        ([], Some(on)) => name.clone() + &on,
        (unusual, on) => format!("{name} with {}{}", unusual.join(", "), on.unwrap_or_default()),
    }
}

/// The statement, comments above it, ending with a line feed.
pub(super) fn test(statement: &Statement) -> String {
    let Statement { world, use_case, context, decision, on, .. } = *statement;
    let mut text = String::new();
    for reached in statement.reaches {
        text += &format!("# reaches {}\n", reached.replace(char::is_control, " "));
    }
    let mut given = vec![format!("use_case {}", name(&use_case.name.value))];
    for (axis, value) in world.unusual(use_case, context) {
        let key = world.axis_name(axis);
        given.push(match axis {
            Axis::Classification => format!("{key} {}", name(&value)),
            Axis::Budget => format!("{key} {value}"),
            Axis::Share(_) => format!("{} {value}", name(&key)),
            Axis::Fact(_) => format!("{} {}", name(&key), name(&value)),
        });
    }
    given.extend(on.map(|trigger| format!("on {}", trigger.name())));
    text += &format!("test {} {{\n  given  {}\n", string(statement.name), given.join(", "));
    text += &format!("  expect {}\n", expected(world, decision, on));
    for rule in statement.rules.iter().map(|id| &world.rules[*id]) {
        text += &format!("  expect rule {}\n", name(&rule.name.value));
    }
    text + "}\n"
}

/// All that may serve and the terminal, as they are today.
fn expected(world: &World, decision: &Decision, on: Option<Trigger>) -> String {
    if decision.primary.is_none() {
        return "unroutable".to_owned();
    }
    let tried = decision.tried(on);
    let targets = tried.iter().map(|id| &world.models[*id]);
    let targets: Vec<String> = targets.map(|model| reference(&model.id)).collect();
    let then = outage::terminal(world, decision, on).kind().name();
    if targets.is_empty() {
        return format!("terminal {then}");
    }
    format!("{} then {then}", targets.join(" -> "))
}

/// A name, in quotes where it needs them.
fn name(text: &str) -> String {
    written_beside(text, &BESIDE_TESTS)
}

/// A model's id, its parts in quotes where they need them.
fn reference(id: &str) -> String {
    reference_beside(id, &BESIDE_TESTS)
}

#[cfg(test)]
mod tests {
    use super::{name, reference};
    use crate::model::words::string;

    #[test]
    fn names_are_quoted_where_the_grammar_needs_it() {
        for plain in ["planning", "checkout.ai_summary", "_a-b", "a1"] {
            assert_eq!(name(plain), plain);
        }
        for odd in ["", "1a", "a-", "a--b", "a b", "rule", "in", "é", "a/b"] {
            assert_eq!(name(odd), string(odd));
        }
        assert_eq!(reference("bedrock/anthropic.claude-v1:0"), "bedrock/anthropic.claude-v1:0");
        assert_eq!(reference("bedrock/a b"), "bedrock/\"a b\"");
        assert_eq!(reference("9x/m"), "\"9x\"/m");
        assert_eq!(string("a\"\\\n\t"), r#""a\"\\\n\t""#);
    }
}
