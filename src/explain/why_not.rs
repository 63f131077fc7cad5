//! Why one model does not serve a request, in a sentence, and what would make it serve.

use super::explanation::Explanation;
use super::words::and;
use super::{choice, phrases, reason, what_if};
use crate::decide::{LeftOut, Path};
use crate::model::{ModelId, Trigger};

/// Why a model was not chosen, in lines.
pub fn why_not(explanation: &Explanation, model: ModelId) -> String {
    let id = explanation.id(model);
    let name = &explanation.question.use_case.name.value;
    let decision = explanation.decision();
    let is_down = !explanation.is_up(model);
    if decision.primary == Some(model) {
        return match explanation.question.on {
            _ if is_down => format!("`{id}` would serve `{name}` as the primary, but it is down."),
            Some(on) => format!(
                "`{id}` is the primary of `{name}` and has failed here with {}; else it does serve it.",
                phrases::failed_with(on)
            ),
            None => format!("`{id}` does serve `{name}`: it is the primary."),
        };
    }
    let asked = decision.path(explanation.question.on);
    let is_target = |path: &&Path| path.models().any(|target| target == model);
    if decision.paths.iter().any(|path| is_target(&path)) {
        // That another trigger leads to it says nothing of the one that people ask about.
        let not = if asked.is_some_and(|path| is_target(&path)) {
            String::new()
        } else {
            format!(" {}.", capital(&failing(explanation, asked, model)))
        };
        return serves(explanation, model) + &not;
    }
    if let Some(removed) = explanation.removed_by(model) {
        let change = what_if::change(explanation, removed).map(|change| format!(" {change}."));
        let change = change.unwrap_or_default();
        // What an outage comes to is what people want to know first.
        return match asked.and_then(|path| out(path, model)) {
            Some(left_out) => {
                let words = reason::left_out(explanation, left_out);
                format!("`{id}` is on the failover path of `{name}` and left out: {words}.{change}")
            }
            None => format!("`{id}` may not serve `{name}`: {}.{change}", reason::all(explanation, removed)),
        };
    }
    let first = decision.primary.map(|primary| choice::before(explanation, primary, model));
    let mut parts = vec![format!("`{id}` may serve `{name}`, but {}", first.unwrap_or_default())];
    parts.push(failing(explanation, asked, model));
    let others = decision.paths.iter().filter(|path| asked.is_none_or(|asked| asked.on != path.on));
    parts.extend(others.filter_map(|path| {
        let cut = cut(explanation, path, out(path, model)?);
        Some(format!("on {}: {cut}", path.on.names().join(", ")))
    }));
    let change = what_if::first(explanation, model).map(|change| format!(" {change}."));
    format!("{}.{}", parts.join("; "), change.unwrap_or_default())
}

/// Of a target: where it stands, why it is not the primary, and what would make it that.
fn serves(explanation: &Explanation, model: ModelId) -> String {
    let id = explanation.id(model);
    let name = &explanation.question.use_case.name.value;
    let decision = explanation.decision();
    let positions = decision.paths.iter().filter_map(|path| {
        let position = path.models().position(|target| target == model)?;
        let failover = explanation.statement(path);
        let on = path.on.names().join(", ");
        Some(format!("target {} of failover `{}` on {on}", position + 1, failover.name.value))
    });
    let positions: Vec<String> = positions.collect();
    let before = decision.primary.map(|primary| choice::before(explanation, primary, model));
    let before = before.map(|before| format!(" It is not the primary, as {before}.")).unwrap_or_default();
    let change = what_if::first(explanation, model).map(|change| format!(" {change}."));
    let change = change.unwrap_or_default();
    let does = if explanation.is_up(model) { "does serve" } else { "is down, and else would serve" };
    format!("`{id}` {does} `{name}`: it is {}.{before}{change}", and(&positions))
}

/// Why a path that is asked about, or that of an outage, does not come to a model that may serve.
fn failing(explanation: &Explanation, path: Option<&Path>, model: ModelId) -> String {
    let on = explanation.question.on;
    let when = on.map_or_else(|| "on an outage".to_owned(), |on: Trigger| format!("on {}", on.name()));
    let Some(path) = path else {
        let failing = on.map_or("an outage", phrases::failed_with);
        return format!("no failover statement covers {failing}");
    };
    let why = if let Some(left_out) = out(path, model) {
        cut(explanation, path, left_out)
    } else {
        let why = explanation.unreached(path, model);
        reason::unreached(explanation, path, explanation.id(model), why)
    };
    format!("{when} {why}")
}

fn out(path: &Path, model: ModelId) -> Option<&LeftOut> {
    path.left_out.iter().find(|left_out| left_out.model == model)
}

fn cut(explanation: &Explanation, path: &Path, left_out: &LeftOut) -> String {
    let failover = &explanation.statement(path).name.value;
    format!("failover `{failover}` leaves it out, as {}", reason::left_out(explanation, left_out))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
