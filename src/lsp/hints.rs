//! Inlay hints: what a model costs, beside its name in a chain or a list of wishes.

use super::{Kind, Seen};
use crate::model::{Usage, World};
use crate::number::{dollars, whole};
use crate::source::{FileId, FileKind, Span};

/// A hint behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What the hint follows.
    pub span: Span,
    /// What is shown.
    pub text: String,
    /// What it means.
    pub about: &'static str,
}

const ABOUT: &str =
    "US dollars per 1M tokens, three of input for one of output; each use case has its own mix";

/// The hints of a policy between two places.
pub fn hints(seen: Seen, file: FileId, start: usize, end: usize) -> Vec<Hint> {
    let source = seen.now.workspace.sources.file(file);
    let (Some(survey), Some(FileKind::Policy)) = (seen.survey(), source.map(|source| source.kind)) else {
        return Vec::new();
    };
    let within = |span: Span| start <= span.end as usize && span.start as usize <= end;
    let models = seen.now.index().in_file(file).iter().filter(|one| one.symbol.kind == Kind::Model);
    let hint = |one: &super::Occurrence| {
        let text = cost(survey.world, &one.symbol.name)?;
        Some(Hint { span: one.span, text, about: ABOUT })
    };
    models.filter(|one| within(one.span)).filter_map(hint).collect()
}

/// What a model costs in the usual mix.
fn cost(world: &World, id: &str) -> Option<String> {
    let at = world.models.search(|model| model.id.as_str().cmp(id))?;
    let usage = Usage { cached: whole(0), long_prompts: None, prompt_tokens: None, batch: false };
    let blended = world.models[at].prices().blended(&usage, (&whole(3), &whole(1)));
    Some(format!("{} usd", dollars(&blended)))
}
