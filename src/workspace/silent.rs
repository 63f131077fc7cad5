//! What is valid and does nothing, for which the language has no finding: said beside what was found, and never counted.

use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::source::Sources;

/// So many are said.
const MOST: usize = 5;

/// A line for each, in the order of the statements.
pub fn notes(sources: &Sources, survey: &Survey<'_>) -> Vec<String> {
    if !survey.complete() {
        return Vec::new();
    }
    let world = survey.world;
    let mut notes = Vec::new();
    for guarantee in world.guarantees.iter().filter(|guarantee| guarantee.parts.is_empty()) {
        let (place, name) = (sources.place(guarantee.name.span), &guarantee.name.value);
        notes
            .push(format!("{place}: guarantee `{name}` promises nothing: it has no `always` and no `never`"));
    }
    let nobody = |statement| !applies_somewhere(survey, statement);
    let none = |kind: &str, name: &crate::source::Spanned<String>| {
        let (place, name) = (sources.place(name.span), &name.value);
        format!("{place}: {kind} `{name}` is of no request: its `when` is true in no context of any use case")
    };
    let budgets = world.budgets.enumerated().filter(|(id, _)| nobody(Statement::Budget(*id)));
    notes.extend(budgets.map(|(_, budget)| none("budget", &budget.name)));
    let quotas = world.quotas.enumerated().filter(|(id, _)| nobody(Statement::Quota(*id)));
    notes.extend(quotas.map(|(_, quota)| none("quota", &quota.name)));
    let audits = world.audits.enumerated().filter(|(id, _)| nobody(Statement::Audit(*id)));
    notes.extend(audits.map(|(_, audit)| none("audit statement", &audit.name)));
    let more = notes.len().saturating_sub(MOST);
    notes.truncate(MOST);
    if more > 0 {
        let statements = if more == 1 { "statement does" } else { "statements do" };
        notes.push(format!("{more} more {statements} nothing"));
    }
    notes
}

fn applies_somewhere(survey: &Survey<'_>, statement: Statement) -> bool {
    survey
        .concerned(statement)
        .any(|decided| survey.engine.held(decided.use_case, decided.space, statement).somewhere())
}
