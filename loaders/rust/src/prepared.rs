//! Names resolved once: what a gateway asks with again and again.

use super::answer::Decision;
use super::decimal::Share;
use super::format::AxisName;
use super::index::Entry;
use super::load::DecisionTable;
use super::lookup::{Cell, NotUnderstood, Once};

/// A list of attributes whose names are resolved: `classification`, `budget.remaining`, `budget.NAME.remaining` and
/// facts. It belongs to one table; after a hot swap prepare anew.
#[derive(Debug, Clone)]
pub struct Prepared<'t> {
    table: &'t DecisionTable,
    attributes: Box<[Attribute]>,
}

#[derive(Debug, Clone, Copy)]
enum Attribute {
    Classification,
    Smallest,
    Budget(u32),
    Fact(u32),
}

/// A use case, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseCaseKey(Entry);

/// A value of a prepared attribute, resolved.
#[derive(Debug, Clone, Copy)]
pub struct Value<'v>(Step<'v>);

#[derive(Debug, Clone, Copy)]
enum Step<'v> {
    Level(u32),
    Smallest(Share<'v>),
    Budget(u32, Share<'v>),
    Fact(u32, i32),
}

impl DecisionTable {
    /// Resolves the names of attributes.
    ///
    /// # Errors
    ///
    /// A fact or a budget that the table does not have, or one that appears twice.
    pub fn prepare(&self, names: &[&str]) -> Result<Prepared<'_>, NotUnderstood> {
        let mut attributes = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let (attribute, kind) = match AxisName::of(name) {
                AxisName::Classification => (Some(Attribute::Classification), NotUnderstood::Classification),
                AxisName::Remaining => (Some(Attribute::Smallest), NotUnderstood::BudgetRemaining),
                AxisName::RemainingOf(budget) => {
                    (self.index().budgets.find(budget).map(Attribute::Budget), NotUnderstood::Budget)
                }
                AxisName::Fact(fact) => {
                    (self.index().facts.name(fact).map(Attribute::Fact), NotUnderstood::Fact)
                }
            };
            if names.iter().take(at).any(|before| before == name) {
                return Err(kind);
            }
            attributes.push(attribute.ok_or(kind)?);
        }
        Ok(Prepared { table: self, attributes: attributes.into() })
    }
}

impl<'t> Prepared<'t> {
    /// A use case by name or endpoint tag.
    pub fn use_case(&self, name: &str) -> Option<UseCaseKey> {
        self.table.index().use_case(name).copied().map(UseCaseKey)
    }

    /// A value of the attribute at a position of the list that was prepared; none where it is not understood.
    pub fn value<'v>(&self, attribute: usize, text: &'v str) -> Option<Value<'v>> {
        let index = self.table.index();
        let step = match *self.attributes.get(attribute)? {
            Attribute::Classification => Step::Level(index.classifications.find(text)?),
            Attribute::Smallest => Step::Smallest(Share::clamped(text)?),
            Attribute::Budget(budget) => Step::Budget(budget, Share::clamped(text)?),
            Attribute::Fact(fact) => Step::Fact(fact, index.facts.value(fact, text)?.offset),
        };
        Some(Value(step))
    }

    /// The decision for a use case and values, of each attribute at most one; one stated twice is not understood.
    /// Attributes without a value have their defaults.
    pub fn decide(&self, use_case: UseCaseKey, values: &[Value]) -> Decision<'t> {
        match self.find(&use_case.0, values) {
            Ok(cell) => cell.decision(),
            Err(what) => Decision::refused(self.table, what),
        }
    }

    #[inline]
    fn find<'k>(&self, use_case: &'k Entry, values: &[Value]) -> Result<Cell<'t, 'k>, NotUnderstood> {
        let mut cell = Cell::new(self.table, use_case);
        let (mut facts, mut budgets, mut level, mut smallest) =
            (Once::default(), Once::default(), false, false);
        for (at, value) in values.iter().enumerate() {
            match value.0 {
                Step::Level(asked) => {
                    if std::mem::replace(&mut level, true) {
                        return Err(NotUnderstood::Classification);
                    }
                    cell.level(asked);
                }
                Step::Smallest(share) => {
                    if std::mem::replace(&mut smallest, true) {
                        return Err(NotUnderstood::BudgetRemaining);
                    }
                    cell.smallest(share);
                }
                Step::Budget(budget, share) => {
                    let same = |step: Step| matches!(step, Step::Budget(known, _) if known == budget);
                    if budgets.again(budget, || known_before(values, at, same)) {
                        return Err(NotUnderstood::Budget);
                    }
                    cell.budget(budget, share);
                }
                Step::Fact(fact, offset) => {
                    let same = |step: Step| matches!(step, Step::Fact(known, _) if known == fact);
                    if facts.again(fact, || known_before(values, at, same)) {
                        return Err(NotUnderstood::Fact);
                    }
                    cell.fact(fact, offset);
                }
            }
        }
        Ok(cell)
    }
}

#[inline(never)]
fn known_before(values: &[Value], at: usize, same: impl Fn(Step) -> bool) -> bool {
    values.iter().take(at).any(|value| same(value.0))
}
