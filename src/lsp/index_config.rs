//! The names of `govctl.yaml`: the facts and budgets of which it says who may state them.

use super::index::{Kind, Occurrence, Symbol};
use crate::source::{Span, Spanned};
use crate::workspace::{Workspace, stated};

/// Every fact and budget that `request` names. Of a budget the name alone is the place.
pub(super) fn stated(workspace: &Workspace) -> Vec<Occurrence> {
    let sources = &workspace.sources;
    let named = stated::attributes(&workspace.config).filter(|name| !stated::is_fixed(&name.value));
    let occurrence = |name: Spanned<String>| {
        let Some(budget) = stated::budget(&name.value) else {
            return Occurrence::of(Symbol::new(Kind::Fact, name.value), name.span);
        };
        let inner = sources.text(name.span).find(budget).and_then(|at| {
            let at = u32::try_from(at).ok()?;
            let length = u32::try_from(budget.len()).ok()?;
            let start = name.span.start.checked_add(at)?;
            Some(Span { start, end: start.checked_add(length)?, ..name.span })
        });
        Occurrence::of(Symbol::new(Kind::Budget, budget), inner.unwrap_or(name.span))
    };
    named.map(occurrence).collect()
}
