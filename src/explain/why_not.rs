//! Why one model does not serve a request, in a sentence, and what would make it serve.

use super::explanation::Explanation;
use super::words::and;
use super::{choice, phrases, reason, what_if};
use crate::model::ModelId;

/// The answer.
pub fn why_not(explanation: &Explanation, model: ModelId) -> String {
    let id = explanation.id(model);
    let name = &explanation.question.use_case.name.value;
    let decision = explanation.decision();
    if decision.primary == Some(model) {
        return format!("`{id}` does serve `{name}`: it is the primary.");
    }
    let positions = decision.paths.iter().filter_map(|path| {
        let position = path.models().position(|target| target == model)?;
        let failover = explanation.statement(path);
        let on = path.on.names().join(", ");
        Some(format!("target {} of failover `{}` on {on}", position + 1, failover.name.value))
    });
    let positions: Vec<String> = positions.collect();
    if !positions.is_empty() {
        let before = decision.primary.map(|primary| choice::before(explanation, primary, model));
        let before = before.map(|before| format!(" It is not the primary, as {before}.")).unwrap_or_default();
        let change = what_if::first(explanation, model).map(|change| format!(" {change}."));
        let change = change.unwrap_or_default();
        return format!("`{id}` does serve `{name}`: it is {}.{before}{change}", and(&positions));
    }
    // What is asked for, else what an outage takes, is what people want to know first.
    let paths = decision.path(explanation.question.on).into_iter().chain(decision.paths.iter());
    let mut left_out = paths.flat_map(|path| &path.left_out);
    let left_out = left_out.find(|left_out| left_out.model == model);
    let removed = explanation.removed_by(model);
    let change = removed.and_then(|removed| what_if::change(explanation, removed));
    let change = change.map(|change| format!(" {change}.")).unwrap_or_default();
    if let Some(left_out) = left_out {
        let words = reason::left_out(explanation, left_out);
        return format!("`{id}` is on the failover path of `{name}` and left out: {words}.{change}");
    }
    if let Some(removed) = removed {
        return format!("`{id}` may not serve `{name}`: {}.{change}", reason::all(explanation, removed));
    }
    let first = decision.primary.map(|primary| choice::before(explanation, primary, model));
    let path = decision.path(explanation.question.on).map(|path| {
        let why = explanation.unreached(path, model);
        reason::unreached(explanation, path, id, why)
    });
    let path = path.unwrap_or_else(|| {
        let failing = explanation.question.on.map_or("an outage", phrases::failed_with);
        format!("no failover statement covers {failing}")
    });
    format!("`{id}` may serve `{name}`, but {}, and {path}.", first.unwrap_or_default())
}
