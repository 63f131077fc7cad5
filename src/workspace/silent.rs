//! What is valid and does nothing, for which the language has no finding: said beside what was found, and never counted.

use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::model::World;
use crate::model::expr::{Expr, Node};
use crate::source::{FileKind, Sources, Span};
use crate::syntax::scan;
use crate::yaml::apparent;

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
    notes.extend(constants(sources, world));
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
    bounded(notes, ["statement does nothing", "statements do nothing"])
}

/// The first of them, and how many more there are.
fn bounded(mut notes: Vec<String>, [one, several]: [&str; 2]) -> Vec<String> {
    let more = notes.len().saturating_sub(MOST);
    notes.truncate(MOST);
    if more > 0 {
        notes.push(format!("{more} more {}", if more == 1 { one } else { several }));
    }
    notes
}

/// Promises that hold whatever is decided: `require true`, `never false`.
fn constants(sources: &Sources, world: &World) -> Vec<String> {
    let is = |expr: &Expr, value: bool| matches!(expr.root, Node::Const(known) if known == value);
    let note = |span: Span, word: &str, value: bool| {
        let place = sources.place(span);
        format!("{place}: `{word} {value}` promises nothing: it holds whatever is decided")
    };
    let rules = world.rules.iter().flat_map(|rule| &rule.promises);
    let rules = rules.filter(|promise| is(&promise.expr, !promise.forbid)).map(|promise| {
        note(promise.span, if promise.forbid { "forbid" } else { "require" }, !promise.forbid)
    });
    let parts = world.guarantees.iter().flat_map(|guarantee| &guarantee.parts);
    let parts = parts
        .filter(|part| is(&part.expr, !part.never))
        .map(|part| note(part.span, if part.never { "never" } else { "always" }, !part.never));
    rules.chain(parts).collect()
}

/// What is valid in the files and not read as it looks: a line for each, in the order of the files.
pub fn of_texts(sources: &Sources) -> Vec<String> {
    let mut notes = Vec::new();
    for (id, file) in sources.iter().filter(|(_, file)| file.readable) {
        let found = match file.kind {
            FileKind::Registry | FileKind::Estate => apparent::notes(&file.text),
            FileKind::Policy => empty_texts(&file.text),
            FileKind::Config | FileKind::Ignored => continue,
        };
        let place = |at: usize| sources.place(Span::new(id, at, at));
        notes.extend(found.into_iter().map(|(at, note)| format!("{}: {note}", place(at))));
    }
    bounded(notes, ["value is not read as it looks", "values are not read as they look"])
}

/// `notify ""`: a text in which nothing stands.
fn empty_texts(text: &str) -> Vec<(usize, String)> {
    let mut clause = "";
    let mut found = Vec::new();
    for token in scan::tokens(text, 0) {
        let said = match (token.text(text), token.kind) {
            (word, scan::Kind::Word) => {
                clause = word;
                continue;
            }
            ("\"\"", scan::Kind::Text { .. }) => match clause {
                "notify" => {
                    "`notify \"\"` tells nobody: write who is told, as in `notify \"team@example.com\"`"
                }
                "escalate" => {
                    "`escalate \"\"` tells nobody: write who is told, as in `escalate \"cfo@example.com\"`"
                }
                "owner" => {
                    "`owner \"\"` names nobody: write who answers for it, as in `owner \"team@example.com\"`"
                }
                "as" => "`log as \"\"` has no name: write one, as in `log as governance-event`",
                "because" => "`because \"\"` gives no reason: write why, in one sentence",
                "degrade" => {
                    "`degrade \"\"` answers nothing: write what is answered, as in `degrade \"try again later\"`"
                }
                _ => continue,
            },
            _ => continue,
        };
        found.push((token.start, said.to_owned()));
    }
    found
}

fn applies_somewhere(survey: &Survey<'_>, statement: Statement) -> bool {
    survey
        .concerned(statement)
        .any(|decided| survey.engine.held(decided.use_case, decided.space, statement).somewhere())
}
