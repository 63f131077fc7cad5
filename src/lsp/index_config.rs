//! The names of `govctl.yaml`: the facts and budgets of which it says who may state them.

use super::index::{Kind, Occurrence, Symbol};
use crate::model::attribute::budget_of_share;
use crate::source::{Span, Spanned};
use crate::workspace::{Workspace, stated};

/// Every fact and budget that `request` names. Of a budget the name alone is the place.
pub(super) fn stated(workspace: &Workspace) -> Vec<Occurrence> {
    let sources = &workspace.sources;
    let named = stated::attributes(&workspace.config).filter(|name| !stated::is_fixed(&name.value));
    let occurrence = |name: Spanned<String>| {
        let Some(budget) = budget_of_share(&name.value) else {
            return Occurrence::of(Symbol::new(Kind::Fact, name.value), name.span);
        };
        let inner = sources.text(name.span).find(budget).map(|at| {
            let start = name.span.start as usize + at;
            Span::new(name.span.file, start, start + budget.len())
        });
        Occurrence::of(Symbol::new(Kind::Budget, budget), inner.unwrap_or(name.span))
    };
    named.map(occurrence).collect()
}
