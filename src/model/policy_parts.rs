//! Small parts of statements: whole numbers, triggers, actions, names of statements.

use std::collections::HashMap;

use super::build::Builder;
use super::force::{Days, Ids};
use super::{Attribution, BudgetAction, CostAction, Id, Table, Terminal, UsedUp};
use crate::diag::{Finding, code};
use crate::limits::MAX_WHOLE;
use crate::number;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{self, Force, Name, Quantity, StatementKind, Text};

/// A statement with a name, as written.
pub(super) struct Written<'a, T> {
    pub(super) name: &'a Name,
    pub(super) head: Span,
    pub(super) force: Force,
    pub(super) item: &'a T,
}

/// Statements of one kind that are in force, the first of each name, sorted by name.
pub(super) struct Named<'a, T, E> {
    pub(super) items: Vec<Written<'a, T>>,
    /// Those that repeat a name or are not in force: they are read for what else is wrong with them and then
    /// dropped.
    pub(super) dropped: Vec<Written<'a, T>>,
    pub(super) ids: Ids<'a, E>,
}

impl<'a, T, E> Named<'a, T, E> {
    /// Lowers every statement; of those that are dropped nothing is left.
    pub(super) fn lowered<L>(
        &self,
        builder: &mut Builder,
        mut lower: impl FnMut(&mut Builder, &Written<'a, T>) -> L,
    ) -> Table<E, L> {
        let kept = self.items.iter().map(|written| lower(builder, written)).collect();
        let cuts = builder.cuts.clone();
        for written in &self.dropped {
            lower(builder, written);
        }
        builder.cuts = cuts;
        kept
    }
}

impl Builder {
    /// Sorts statements of one kind by name; a name twice on one day is reported.
    pub(super) fn named<'a, T, E>(
        &mut self,
        what: &'static str,
        written: impl Iterator<Item = Written<'a, T>>,
    ) -> Named<'a, T, E> {
        let mut days: HashMap<&str, Days> = HashMap::new();
        let (mut items, mut dropped): (Vec<Written<T>>, Vec<Written<T>>) = (Vec::new(), Vec::new());
        let mut ids = Ids::default();
        for statement in written {
            let Written { name, head, force, .. } = statement;
            self.note_days(what.split(' ').next().unwrap_or(what), name, head, force);
            let is_in_force = self.in_force(force, head);
            let taken = days.entry(&name.text).or_default().take(force, name.span);
            if let Some(before) = taken {
                self.duplicate(&format!("the {what}"), &name.text, name.span, before);
            }
            if taken.is_none() && is_in_force {
                items.push(statement);
            } else {
                ids.resting.insert(&name.text);
                dropped.push(statement);
            }
        }
        items.sort_by(|a, b| a.name.text.cmp(&b.name.text));
        ids.in_force =
            items.iter().enumerate().map(|(at, one)| (one.name.text.as_str(), Id::new(at))).collect();
        Named { items, dropped, ids }
    }

    /// The statement that a name means; none and no finding where it is not in force.
    pub(super) fn statement<E>(&mut self, what: &str, name: &Name, ids: &Ids<E>) -> Option<Spanned<Id<E>>> {
        if let Some(&id) = ids.in_force.get(name.text.as_str()) {
            return Some(Spanned::new(id, name.span));
        }
        if ids.resting.contains(name.text.as_str()) {
            return None;
        }
        let other = self.statement_kinds.get(&name.text).copied().filter(|kind| *kind != what);
        if let Some(kind) = other {
            let help = format!("`{}` is a {kind}: name a {what} here", name.text);
            let finding = Finding::missing(what, &name.text, name.span);
            self.find(finding.help(help));
            return None;
        }
        if self.is_full(name.span.file) {
            return None;
        }
        let mut candidates: Vec<&str> = ids.in_force.keys().chain(&ids.resting).copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        self.unknown_word(name.span, what, &name.text, &candidates);
        None
    }

    /// A whole number, or a finding.
    pub(super) fn whole(&mut self, what: &str, quantity: &Quantity) -> u64 {
        match number::to_whole(&quantity.value) {
            Some(n) if n <= MAX_WHOLE => n,
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
                        .help(whole_ones(&quantity.value)),
                );
                0
            }
        }
    }
}

/// The whole numbers next to one with a fraction.
fn whole_ones(number: &number::Rational) -> String {
    let (below, above) = (number.floor(), number.ceil());
    if below == number::whole(0) {
        return format!("write a whole number, for example `{}`", number::exact(&above));
    }
    format!("write a whole number: `{}` or `{}`", number::exact(&below), number::exact(&above))
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

/// What a statement with a name is called, and its name.
pub(super) fn kind_and_name(statement: &StatementKind) -> Option<(&'static str, &Name)> {
    Some(match statement {
        StatementKind::Rule(rule) => ("rule", &rule.block.name),
        StatementKind::Failover(block) => ("failover statement", &block.name),
        StatementKind::Budget(block) => ("budget", &block.name),
        StatementKind::Quota(block) => ("quota", &block.name),
        StatementKind::Audit(block) => ("audit statement", &block.name),
        StatementKind::Guarantee(block) => ("guarantee", &block.name),
        _ => return None,
    })
}

/// A text that says something: one of blanks is as good as none.
pub(super) fn said(text: &Text) -> Option<String> {
    (!text.text.trim().is_empty()).then(|| text.text.clone())
}

/// The name of a selector without a provider.
pub(super) fn plain(selector: &tree::Selector) -> Option<&str> {
    match &selector.kind {
        tree::SelectorKind::Name { text, .. } => Some(text),
        tree::SelectorKind::Model { .. } => None,
    }
}

/// What is done when a quota is used up.
pub(super) fn used_up(written: &tree::UsedUp) -> UsedUp {
    match written {
        tree::UsedUp::Queue(duration) => UsedUp::Queue(duration.as_ref().map(|d| d.value.clone())),
        tree::UsedUp::Failover => UsedUp::Failover,
        tree::UsedUp::Block => UsedUp::Block,
    }
}

/// How spend is told apart.
pub(super) fn attribution(head: Span, clauses: &[tree::Clause<tree::AttributionClause>]) -> Attribution {
    let mut attribution = Attribution { head, require: Vec::new(), mode: None, anomaly_above: None };
    for clause in clauses {
        match &clause.kind {
            tree::AttributionClause::Require(list) => attribution.require.clone_from(list),
            tree::AttributionClause::Mode(mode) => attribution.mode = Some(*mode),
            tree::AttributionClause::AnomalyAbove(percent) => {
                attribution.anomaly_above = Some(percent.value.clone());
            }
        }
    }
    attribution
}
