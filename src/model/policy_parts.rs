//! Small parts of statements: whole numbers, triggers, actions, names of statements.

use std::collections::HashMap;

use super::build::Builder;
use super::{BudgetAction, CostAction, Terminal};
use crate::diag::{Finding, code};
use crate::number;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{self, Name, Quantity, Text};

/// The largest whole number that a decision table can hold.
const LARGEST: u64 = (1 << 53) - 1;

/// Statements of one kind, the first of each name, sorted by name.
pub(super) struct Named<'a, T> {
    pub(super) items: Vec<(&'a Name, Span, &'a T)>,
    /// Those that repeat a name: they are read for what else is wrong with them and then dropped.
    pub(super) repeated: Vec<(&'a Name, Span, &'a T)>,
    pub(super) ids: HashMap<&'a str, usize>,
}

impl<'a, T> Named<'a, T> {
    /// Lowers every statement; what the repeated ones become is dropped.
    pub(super) fn lowered<L>(&self, mut lower: impl FnMut(&'a Name, Span, &'a T) -> L) -> Vec<L> {
        let kept = self.items.iter().map(|(name, head, item)| lower(name, *head, item)).collect();
        for (name, head, item) in &self.repeated {
            lower(name, *head, item);
        }
        kept
    }
}

impl Builder {
    /// Sorts statements of one kind by name; a name twice is reported.
    pub(super) fn named<'a, T>(
        &mut self,
        what: &str,
        written: impl Iterator<Item = (&'a Name, Span, &'a T)>,
    ) -> Named<'a, T> {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut items: Vec<(&Name, Span, &T)> = Vec::new();
        let mut repeated = Vec::new();
        for (name, head, item) in written {
            if let Some(&before) = first.get(name.text.as_str()) {
                self.duplicate(&format!("the {what}"), &name.text, name.span, before);
                repeated.push((name, head, item));
                continue;
            }
            first.insert(&name.text, name.span);
            items.push((name, head, item));
        }
        items.sort_by(|a, b| a.0.text.cmp(&b.0.text));
        let ids = items.iter().enumerate().map(|(id, (name, ..))| (name.text.as_str(), id)).collect();
        Named { items, repeated, ids }
    }

    /// The statement that a name means, or a finding.
    pub(super) fn statement(
        &mut self,
        what: &str,
        name: &Name,
        ids: &HashMap<&str, usize>,
    ) -> Option<Spanned<usize>> {
        if let Some(&id) = ids.get(name.text.as_str()) {
            return Some(Spanned::new(id, name.span));
        }
        let mut candidates: Vec<&str> = ids.keys().copied().collect();
        candidates.sort_unstable();
        self.unknown(name.span, what, &name.text, &candidates);
        None
    }

    /// A whole number, or a finding.
    pub(super) fn whole(&mut self, what: &str, quantity: &Quantity) -> u64 {
        match number::to_whole(&quantity.value) {
            Some(n) if n <= LARGEST => n,
            Some(_) => {
                let message = format!("{what} is larger than any gateway can count");
                self.find(
                    Finding::error(code::TYPE_MISMATCH, quantity.span, message)
                        .label("does not fit")
                        .help("the largest number is 9007199254740991"),
                );
                0
            }
            None => {
                let text = number::exact(&quantity.value);
                let message = format!("{what} is a whole number, not `{text}`");
                self.find(
                    Finding::error(code::TYPE_MISMATCH, quantity.span, message)
                        .label("does not fit")
                        .help("write a number without a fraction"),
                );
                0
            }
        }
    }
}

/// The strings of a list.
pub(super) fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.text.clone()).collect()
}

/// A name with its place.
pub(super) fn spanned(name: &Name) -> Spanned<String> {
    Spanned::new(name.text.clone(), name.span)
}

/// Resolved cost action.
pub(super) fn cost_action(action: &tree::CostAction) -> CostAction {
    match action {
        tree::CostAction::Notify(list) => CostAction::Notify(texts(list)),
        tree::CostAction::Confirm => CostAction::Confirm,
        tree::CostAction::Throttle => CostAction::Throttle,
        tree::CostAction::Block => CostAction::Block,
    }
}

/// Resolved budget action.
pub(super) fn budget_action(action: &tree::BudgetAction) -> BudgetAction {
    match action {
        tree::BudgetAction::Notify(list) => BudgetAction::Notify(texts(list)),
        tree::BudgetAction::Throttle => BudgetAction::Throttle,
        tree::BudgetAction::Queue => BudgetAction::Queue,
        tree::BudgetAction::Block => BudgetAction::Block,
    }
}

/// Resolved terminal.
pub(super) fn terminal(terminal: &tree::Terminal) -> Terminal {
    match terminal {
        tree::Terminal::Queue(duration) => Terminal::Queue(duration.as_ref().map(|d| d.value.clone())),
        tree::Terminal::Degrade(message) => Terminal::Degrade(message.as_ref().map(|m| m.text.clone())),
        tree::Terminal::Block => Terminal::Block,
    }
}
