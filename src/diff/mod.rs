//! Two decided worlds compared, context by context, in names: what changes, for whom, what it risks and what it costs.

mod apart;
pub mod approvals;
pub mod bounds;
pub mod causes;
pub mod change;
pub mod checkout;
mod comparison;
pub mod conditions;
pub mod duties;
pub mod edits;
pub mod destinations;
mod elsewhere;
pub mod endpoints;
pub mod extent;
pub mod findings;
pub mod fingerprint;
mod fresh;
pub mod gate;
pub mod grid;
pub mod holds;
pub mod kind;
pub mod latent;
pub mod later;
pub mod looser;
pub mod money;
mod namer;
mod paid;
mod pairs;
pub mod phrase;
pub mod portfolio;
pub mod rename;
pub mod regrouped;
pub mod render_human;
pub mod render_json;
pub mod render_markdown;
pub mod risk;
pub mod shares;
pub mod sides;
pub mod source_lines;
pub mod spells;
pub mod statements;
pub mod store;
pub mod successors;
mod table_side;
pub mod understood;
pub mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::accepted::Entry;
use crate::model::Id;
use crate::number::Rational;
use causes::Cause;
use change::{Compared, Detail, Lens};
use comparison::{Comparing, Work};
use edits::Edits;
use grid::Part;
use kind::{Kind, Kinds};
use latent::Latent;
use money::{Money, Parts, Spend, Spent};
use portfolio::Portfolio;
use rename::Names;
use risk::Enclosing;
use sides::{Case, Side};
use statements::Statements;
use store::Store;

/// Everything that differs between two sides.
#[derive(Debug)]
pub struct Diff {
    /// The old side.
    pub old: Named,
    /// The new side.
    pub new: Named,
    /// How what decides whether a change passes differs itself.
    pub gate: Vec<gate::Moved>,
    /// What to be feared most first, then by use case.
    pub changes: Vec<Change>,
    /// Models that are worse than they were.
    pub worse: Vec<endpoints::Case>,
    /// Use cases whose targets are held to less when something fails.
    pub unheld: Vec<holds::Case>,
    /// Use cases, models and values of dimensions that have another name now.
    pub names: Names,
    /// Statements that have another name now: kind, old name, new name.
    pub statements_renamed: Vec<(&'static str, String, String)>,
    /// Use cases that were not compared, with the reason.
    pub left_out: Vec<(String, &'static str)>,
    /// Use cases compared.
    pub use_cases: usize,
    /// Contexts compared.
    pub contexts: usize,
    /// How much was compared for that.
    work: Work,
    /// Budgets, quotas and audit statements that are others.
    pub statements: Statements,
    /// Promises that are gone without effect.
    pub latent: Vec<Latent>,
    /// What is written otherwise and moves no decision.
    pub quiet: Vec<Cause>,
    /// What everything is expected to cost.
    pub spend: Spend,
    /// How providers and models differ.
    pub portfolio: Portfolio,
}

/// A side by its name.
#[derive(Debug)]
pub struct Named {
    /// What it is called.
    pub label: String,
    /// `YYYY-MM-DD`, on which it was decided.
    pub as_of: String,
    /// What was read.
    pub origin: Origin,
}

/// What a side was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A workspace's folder.
    Folder,
    /// A commit of the workspace's repository, by its id.
    Commit(String),
    /// A compiled table.
    Table,
}

impl Origin {
    /// One word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Commit(_) => "revision",
            Self::Table => "table",
        }
    }
}

impl Named {
    fn of(side: &Side) -> Self {
        Self { label: side.label.clone(), as_of: side.as_of.clone(), origin: Origin::Folder }
    }
}

/// What differs for one use case.
#[derive(Debug)]
pub struct Change {
    /// Its name; of a removed one the old name.
    pub use_case: String,
    /// Its old name, where it has another now.
    pub renamed_from: Option<String>,
    /// The name or endpoint tag that led to the old use case and now leads to this one, which is another.
    pub asked_as: Option<String>,
    /// Who answers for it, as far as the sides say; of both the new side's.
    pub owner: Option<String>,
    /// The team it counts under.
    pub team: Option<String>,
    /// What differs.
    pub compared: Arc<Compared>,
    /// What it is expected to cost.
    pub money: Money,
    /// What moves its expected cost.
    pub parts: Option<Parts>,
    /// What it really cost, where bills were read.
    pub spent: Option<Spent>,
    /// What makes the change, as far as it is known.
    pub causes: Vec<Cause>,
    /// Stays the same while the change does.
    pub fingerprint: String,
    /// Who accepted it, and why.
    pub accepted: Option<Entry>,
}

impl Change {
    /// What it was, where that is not plain from its name: `was a`.
    pub fn was(&self) -> Option<String> {
        let old = self.renamed_from.as_ref()?;
        Some(match &self.asked_as {
            None => format!("was {old}"),
            Some(name) => format!("asked as {name}, which was {old}"),
        })
    }

    /// Each way in which it differs, as a set.
    pub fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::default();
        for detail in &self.compared.details {
            kinds.set(detail.kind, true);
        }
        kinds
    }

    /// What is to be feared most comes first: the kind, then more sensitive data, then more money.
    fn fear(&self) -> (usize, Reverse<usize>, Reverse<Option<Rational>>) {
        let (kind, level) = self.worst().map_or((usize::MAX, 0), |worst| (worst.kind.risk(), worst.level));
        let money = &self.money.monthly;
        (kind, Reverse(level), Reverse(money.old.clone().max(money.new.clone())))
    }

    /// The kind to be feared most.
    pub fn worst(&self) -> Option<&Detail> {
        self.compared.details.iter().min_by_key(|detail| detail.kind.risk())
    }
}

impl Diff {
    /// Everything that has another name on the new side: what it is, its old name, its new name.
    pub fn renamed(&self) -> impl Iterator<Item = (&'static str, &str, &str)> {
        let kinds = [("use_case", "use case"), ("model", "model"), ("fact", "fact")]
            .into_iter()
            .chain(rename::DIMENSIONS);
        let names = kinds.flat_map(|(kind, words)| {
            self.names.of_kind(kind).map(move |(old, new)| (words, old.as_str(), new.as_str()))
        });
        let statements = self.statements_renamed.iter();
        names.chain(statements.map(|(kind, old, new)| (*kind, old.as_str(), new.as_str())))
    }

    /// The changes of use cases, without those of names that lead to another one.
    pub fn of_use_cases(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.asked_as.is_none())
    }

    /// Hears what use cases really cost in a month, by their names on the new side.
    pub fn spent(&mut self, month: &str, by_use_case: &BTreeMap<String, Rational>) {
        for change in self.changes.iter_mut().filter(|change| change.asked_as.is_none()) {
            if let Some(usd) = by_use_case.get(&change.use_case) {
                let (parts, monthly) = (change.parts.as_ref(), &change.money.monthly);
                change.spent = Some(Spent::of(month, usd.clone(), parts, monthly));
            }
        }
    }

    /// How many use cases have a kind of change.
    pub fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.kinds().has(kind)).count()
    }
}

/// Compares two sides.
pub fn diff(store: &Store, old: &Side, new: &Side) -> Diff {
    compare(store, old, new, false)
}

/// The same as far as a trial asks: which kinds of change there are, and in which contexts.
fn tried(store: &Store, old: &Side, new: &Side) -> Diff {
    compare(store, old, new, true)
}

fn compare(store: &Store, old: &Side, new: &Side, is_trial: bool) -> Diff {
    let names = Names::between(old, new);
    let renamed = old.with_facts(&names);
    let old = renamed.as_ref().unwrap_or(old);
    let edits = Edits::between(&old.written, &new.written, &names);
    let enclosing = agreed(&old.enclosing, &new.enclosing);
    let lens = Lens {
        store,
        names: &names,
        edits: &edits,
        enclosing: &enclosing,
        volume: false,
        tags: &[],
        is_trial,
    };
    let mut comparing = Comparing::new(lens, old, new);
    let mut diff = Diff {
        old: Named::of(old),
        new: Named::of(new),
        gate: Vec::new(),
        changes: Vec::new(),
        worse: Vec::new(),
        unheld: Vec::new(),
        names: names.clone(),
        statements_renamed: Vec::new(),
        left_out: Vec::new(),
        use_cases: 0,
        contexts: 0,
        work: Work::default(),
        statements: Statements::default(),
        latent: Vec::new(),
        quiet: Vec::new(),
        spend: Spend::default(),
        portfolio: Portfolio::between(old, new, &names),
    };
    for undefined in old.undefined.iter().chain(&new.undefined).collect::<BTreeSet<_>>() {
        diff.left_out.push((undefined.clone(), "its decision is not defined on both sides"));
    }
    for (name, before) in &old.cases {
        let after_name = names.of("use_case", name).unwrap_or(name);
        if new.undefined.contains(after_name) {
            continue;
        }
        let after = new.cases.get(after_name);
        diff.one(&mut comparing, (old, Some(before)), (new, after), (name, after_name));
    }
    let arrived: BTreeSet<&String> = names.of_kind("use_case").map(|(_, name)| name).collect();
    for (name, after) in &new.cases {
        if !old.cases.contains_key(name) && !old.undefined.contains(name) && !arrived.contains(name) {
            diff.one(&mut comparing, (old, None), (new, Some(after)), (name, name));
        }
    }
    for (asked_as, before, after) in rename::led_elsewhere(old, new, &names) {
        let (Some(a), Some(b)) = (old.cases.get(&before), new.cases.get(&after)) else { continue };
        diff.led_elsewhere(&mut comparing, (old, a), (new, b), (&asked_as, &before, &after));
    }
    diff.work = comparing.work();
    diff.changes.sort_by(|a, b| a.fear().cmp(&b.fear()).then_with(|| a.use_case.cmp(&b.use_case)));
    diff
}

/// How sensitive a classification is, as far as a side knows it: by the first that does.
fn level(sides: [&Side; 2], name: &str) -> usize {
    let known = |side: &Side| side.classifications.position(|known| known == name);
    sides.into_iter().find_map(known).map_or(0, Id::position)
}

/// What both sides say of regions within regions. A table says nothing.
fn agreed(old: &Enclosing, new: &Enclosing) -> Enclosing {
    let both = old.iter().filter_map(|(region, outer)| Some((region.clone(), outer & new.get(region)?)));
    both.collect()
}

type Half<'a> = (&'a Side, Option<&'a Case>);

impl Diff {
    /// Compares one use case.
    fn one<'a>(&mut self, comparing: &mut Comparing<'a>, old: Half<'a>, new: Half<'a>, names: (&str, &str)) {
        let store = comparing.lens.store;
        let (compared, usual) = match (old.1, new.1) {
            (Some(before), Some(after)) => {
                let (before, after) = (Part { side: old.0, case: before }, Part { side: new.0, case: after });
                let volumes = before.case.volume.as_ref().zip(after.case.volume.as_ref());
                let other = volumes.is_some_and(|(old, new)| old != new);
                let both = comparing.both(before, after, other);
                let Some((compared, losses)) = both.zip(comparing.unheld(before, after)) else {
                    self.left_out.push((names.1.to_owned(), "both sides together have too many contexts"));
                    return;
                };
                self.unheld((names.1, None), &losses);
                compared
            }
            (Some(before), None) => comparing.alone(Part { side: old.0, case: before }, Kind::Removed),
            (None, Some(after)) => comparing.alone(Part { side: new.0, case: after }, Kind::Added),
            (None, None) => return,
        };
        self.use_cases += 1;
        self.worse((names.1, None), &compared);
        self.contexts = self.contexts.saturating_add(compared.contexts);
        let cost = |(side, case): Half, other: Half, baseline: Option<u32>| {
            case.and_then(|case| money::cost(store, side, baseline, money::volume(Some(case), other.1)))
        };
        let (before, after) = (cost(old, new, usual.0), cost(new, old, usual.1));
        let stated = |(_, case): Half, other: Half| {
            case.is_some_and(|case| money::volume(Some(case), other.1).is_some())
        };
        self.spend.states(stated(old, new), stated(new, old));
        let teams = (money::team(old.1, new.1), money::team(new.1, old.1));
        let known = teams.0.map(|team| self.names.of("team", team).map_or(team, String::as_str).to_owned());
        self.spend.add((known.as_deref(), teams.1), before.as_ref(), after.as_ref());
        if compared.details.is_empty() {
            return;
        }
        let use_case = if new.1.is_some() { names.1 } else { names.0 };
        self.changes.push(Change {
            use_case: use_case.to_owned(),
            renamed_from: (new.1.is_some() && names.0 != names.1).then(|| names.0.to_owned()),
            asked_as: None,
            owner: [new.1, old.1].into_iter().flatten().find_map(|case| case.owner.clone()),
            team: teams.1.or(teams.0).map(str::to_owned),
            fingerprint: fingerprint::fingerprint(use_case, &compared),
            compared,
            parts: Parts::between(store, (old, usual.0), (new, usual.1), &self.names),
            money: Money::of(before.as_ref(), after.as_ref()).with_nothing(old.1.is_none(), new.1.is_none()),
            spent: None,
            causes: Vec::new(),
            accepted: None,
        });
    }
}
