//! Budgets, quotas and audit statements that say something else: each is one entry, however many use cases it covers.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::{self, Counted};
use super::conditions;
use super::duties;
use super::edits::{Edits, Stated};
use super::fingerprint;
use super::money::Pair;
use super::rename::Names;
use super::sides::Side;
use super::store::{Audited, Duty, Store};
use crate::accepted::Entry;
use crate::cost::{Spending, Which};
use crate::limits::shown;
use crate::number::{Rational, dollars, parse_decimal};
use crate::table::format::{Audit, Budget};
use crate::work;

/// What budgets are expected to see, by name: on the primaries, and on the dearest targets. None where only requests
/// tell, or a use case without a decision takes part.
pub type Expected = BTreeMap<String, (Option<Rational>, Option<Rational>)>;

/// What every budget of a world is expected to see.
///
/// Where a use case that a budget covers has no decision, nobody knows what it will see.
pub fn expected(spending: &Spending) -> Expected {
    let budgets = spending.survey().world.budgets.enumerated();
    let expected = budgets.map(|(id, budget)| {
        let is_known = !spending.is_open(id);
        let of = |which| spending.expected(id, which).filter(|_| is_known);
        (budget.name.value.clone(), (of(Which::Primary), of(Which::Dearest)))
    });
    expected.collect()
}

/// A budget that is another, or that other costs are expected of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetChange {
    /// As the side that has it writes it.
    pub name: String,
    /// US dollars in the period.
    pub limit: Pair,
    /// The new side's, of a removed budget the old side's.
    pub period: String,
    /// The old side's, where it is another.
    pub old_period: Option<String>,
    /// Expected on the primaries.
    pub forecast: Pair,
    /// Expected on the dearest targets.
    pub worst: Pair,
    /// What else differs, in words.
    pub differs: Vec<String>,
    /// Whether the statement itself is another.
    pub is_edited: bool,
    /// Who accepted the edit, and why.
    pub accepted: Option<Entry>,
}

impl BudgetChange {
    /// Stays the same while the edit does, whatever is expected.
    pub fn fingerprint(&self) -> String {
        let usd = |amount: &Option<Rational>| amount.as_ref().map(dollars).unwrap_or_default();
        let old_period = self.old_period.clone().unwrap_or_default();
        let limits = [usd(&self.limit.old), old_period, usd(&self.limit.new), self.period.clone()];
        fingerprint::of(["budget".to_owned(), self.name.clone()].iter().chain(&limits).chain(&self.differs))
    }
}

/// A quota or an audit statement that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyChange {
    /// `quota` or `audit`.
    pub kind: &'static str,
    /// As the side that has it writes it.
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// What differs, in words.
    pub differs: Vec<String>,
    /// Who accepted it, and why.
    pub accepted: Option<Entry>,
}

impl DutyChange {
    /// Stays the same while the edit does.
    pub fn fingerprint(&self) -> String {
        let head = [self.kind.to_owned(), self.name.clone(), self.change.to_owned()];
        fingerprint::of(head.iter().chain(&self.differs))
    }
}

/// An edit of a statement, and who accepted it.
pub struct Edit<'a> {
    /// Kind and name.
    pub what: String,
    /// Stays the same while the edit does.
    pub fingerprint: String,
    /// Who accepted it, and why.
    pub accepted: &'a mut Option<Entry>,
}

/// How the budgets, quotas and audit statements of two sides differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statements {
    /// By name.
    pub budgets: Vec<BudgetChange>,
    /// Quotas, then audit statements, by name.
    pub duties: Vec<DutyChange>,
}

impl Statements {
    /// Kind and name of the statements that say something else; that other costs are expected is no edit.
    pub fn edited(&self) -> Vec<String> {
        let budgets = self.budgets.iter().filter(|budget| budget.is_edited);
        let budgets = budgets.map(|budget| format!("budget {}", budget.name));
        budgets.chain(self.duties.iter().map(|duty| format!("{} {}", duty.kind, duty.name))).collect()
    }

    /// Those that nobody has accepted.
    pub fn open(&self) -> Vec<String> {
        let budgets = self.budgets.iter().filter(|budget| budget.is_edited && budget.accepted.is_none());
        let budgets = budgets.map(|budget| format!("budget {}", budget.name));
        let duties = self.duties.iter().filter(|duty| duty.accepted.is_none());
        budgets.chain(duties.map(|duty| format!("{} {}", duty.kind, duty.name))).collect()
    }

    /// Kind, name and fingerprint of every edit.
    pub fn fingerprints(&self) -> Vec<(String, String)> {
        let budgets = self.budgets.iter().filter(|budget| budget.is_edited);
        let budgets = budgets.map(|one| (format!("budget {}", one.name), one.fingerprint()));
        let duties = self.duties.iter().map(|one| (format!("{} {}", one.kind, one.name), one.fingerprint()));
        budgets.chain(duties).collect()
    }

    /// Every edit, to be marked as accepted.
    pub fn edits_mut(&mut self) -> impl Iterator<Item = Edit<'_>> {
        let budgets = self.budgets.iter_mut().filter(|budget| budget.is_edited).map(|one| Edit {
            what: format!("budget {}", one.name),
            fingerprint: one.fingerprint(),
            accepted: &mut one.accepted,
        });
        let duties = self.duties.iter_mut().map(|one| Edit {
            what: format!("{} {}", one.kind, one.name),
            fingerprint: one.fingerprint(),
            accepted: &mut one.accepted,
        });
        budgets.chain(duties)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.edited().is_empty()
    }
}

/// One side with what is expected of it.
#[derive(Clone, Copy)]
pub struct Half<'a> {
    /// The side that the statements are of.
    pub side: &'a Side,
    /// What its budgets are expected to see; nothing of a table.
    pub expected: &'a Expected,
}

/// How the statements of two sides differ.
pub fn between(store: &Store, old: Half, new: Half, names: &Names) -> Statements {
    let (before, after) = (&old.side.written, &new.side.written);
    let edits = Edits::between(before, after, names);
    let all: BTreeSet<&String> = before.budgets.keys().chain(after.budgets.keys()).collect();
    let mut statements = Statements::default();
    let covers = (Covers::of(store, old.side), Covers::of(store, new.side));
    let covered = |kind, name: &str| coverage(&covers.0.named(kind, name), &covers.1.named(kind, name));
    for name in all {
        let mut change = budget(name, old, new, &edits, names);
        let per = |side: &Side| side.written.budgets.get(name)?.said.per.clone();
        let per = [per(old.side), per(new.side)];
        let more = more(
            &covers,
            (old.side, new.side),
            ("budget", name),
            [per[0].as_deref(), per[1].as_deref()],
            names,
        );
        change.is_edited |= more.is_some();
        change.differs.extend(more);
        let other = |pair: &Pair| pair.old != pair.new;
        if change.is_edited || other(&change.forecast) || other(&change.worst) {
            let covered = change.is_edited.then(|| covered("budget", name));
            let differs = change.differs.into_iter().chain(covered.into_iter().flatten()).collect();
            statements.budgets.push(BudgetChange { differs, ..change });
        }
    }
    for name in before.quotas.keys().chain(after.quotas.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (before.quotas.get(name), after.quotas.get(name));
        let per = [a, b].map(|stated| stated.and_then(|stated| stated.said.per.as_deref()));
        let more = more(&covers, (old.side, new.side), ("quota", name), per, names);
        if !edits.quotas.contains(name) && more.is_none() {
            continue;
        }
        let mut differs = both(a, b).map(|(a, b)| duties::of_quota(&a.said, &b.said)).unwrap_or_default();
        differs.extend(when(a, b, names));
        differs.extend(more);
        differs.extend(covered("quota", name));
        let change = word(a.is_some(), b.is_some());
        statements.duties.push(DutyChange {
            kind: "quota",
            name: name.clone(),
            change,
            differs,
            accepted: None,
        });
    }
    statements.duties.extend(audits(&covers, old.side, new.side, names));
    statements
}

/// That a budget or a quota has more limits than before, in words.
fn more(
    covers: &(Covers, Covers),
    (old, new): (&Side, &Side),
    (kind, name): (&'static str, &str),
    per: [Option<&str>; 2],
    names: &Names,
) -> Option<String> {
    if per.contains(&None) {
        return None;
    }
    let covered = (covers.0.named(kind, name), covers.1.named(kind, name));
    apart::more(old, new, &Counted { per, covered: [&covered.0, &covered.1] }, names)
}

fn both<T>(old: Option<T>, new: Option<T>) -> Option<(T, T)> {
    old.zip(new)
}

fn word(old: bool, new: bool) -> &'static str {
    match (old, new) {
        (false, _) => "added",
        (_, false) => "removed",
        (true, true) => "changed",
    }
}

/// How a condition is another.
fn when<T>(old: Option<&Stated<T>>, new: Option<&Stated<T>>, names: &Names) -> Option<String> {
    let (old, new) = (old?.when.as_ref()?, new?.when.as_ref()?);
    turned(&conditions::renamed(old, names), new)
}

fn turned(old: &str, new: &str) -> Option<String> {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { conditions::shown(text) };
    (old != new).then(|| format!("when: {} → {}", shown(old), shown(new)))
}

fn budget(name: &str, old: Half, new: Half, edits: &Edits, names: &Names) -> BudgetChange {
    let get = |half: Half| half.side.written.budgets.get(name).cloned();
    let (before, after) = (get(old), get(new));
    let said = |stated: &Option<Stated<Budget>>| stated.as_ref().map(|stated| stated.said.clone());
    let limit = |stated: &Option<Stated<Budget>>| said(stated).and_then(|b| parse_decimal(&b.limit_usd));
    let period = |stated: &Option<Stated<Budget>>| said(stated).map(|budget| budget.period);
    // A table has no volumes to expect anything of.
    let is_said = !old.side.is_table && !new.side.is_table;
    let expected = |half: Half| half.expected.get(name).filter(|_| is_said).cloned().unwrap_or_default();
    let ((old_usual, old_worst), (new_usual, new_worst)) = (expected(old), expected(new));
    let mut differs =
        both(said(&before), said(&after)).map(|(a, b)| duties::of_budget(&a, &b)).unwrap_or_default();
    // The limit has an entry of its own.
    differs.retain(|words| !words.starts_with("limit:"));
    differs.extend(when(before.as_ref(), after.as_ref(), names));
    let old_period = period(&before).filter(|old| period(&after).is_some_and(|new| new != *old));
    BudgetChange {
        name: name.to_owned(),
        limit: Pair { old: limit(&before), new: limit(&after) },
        period: period(&after).or_else(|| period(&before)).unwrap_or_default(),
        old_period,
        forecast: Pair { old: old_usual, new: new_usual },
        worst: Pair { old: old_worst, new: new_worst },
        differs,
        is_edited: edits.budgets.contains(name),
        accepted: None,
    }
}

fn audits(covers: &(Covers, Covers), old: &Side, new: &Side, names: &Names) -> Vec<DutyChange> {
    let store = covers.0.store;
    let (Some(before), Some(after)) = (&old.written.audits, &new.written.audits) else { return Vec::new() };
    let duty = |all: &BTreeMap<String, u32>, name: &String| {
        all.get(name).and_then(|number| Some((*number, store.duties.get(*number)?)))
    };
    let mut found = Vec::new();
    // What a statement says that is gone, and says under a name that is new, has another name alone.
    let (fresh, gone) = (beyond(after, before), beyond(before, after));
    let has = |numbers: &BTreeSet<u32>, duty: Option<(u32, &Duty)>| {
        duty.is_none_or(|(number, _)| numbers.contains(&number))
    };
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (duty(before, name), duty(after, name));
        let same = a.zip(b).is_some_and(|((_, a), (_, b))| {
            a.audit == b.audit && conditions::renamed(&a.when, names) == b.when
        });
        // Another name alone changes nothing.
        if same || has(&fresh, a) && has(&gone, b) {
            continue;
        }
        let audit = |duty: Option<(u32, &Duty)>| duty.map(|(_, duty)| duty.audit.clone());
        let (old_audit, new_audit): (Option<Audit>, Option<Audit>) = (audit(a), audit(b));
        let mut differs = Vec::new();
        if a.is_some() && b.is_some() {
            duties::of_audit(old_audit.as_ref(), new_audit.as_ref(), &mut differs);
        }
        let both = a.zip(b);
        differs
            .extend(both.and_then(|((_, a), (_, b))| turned(&conditions::renamed(&a.when, names), &b.when)));
        let number = |duty: Option<(u32, _)>| duty.map(|(number, _)| number);
        let (was, is) = (covers.0.audit(number(a)), covers.1.audit(number(b)));
        differs.extend(coverage(&was, &is));
        let change = word(a.is_some(), b.is_some());
        found.push(DutyChange { kind: "audit", name: name.clone(), change, differs, accepted: None });
    }
    found
}

/// What audit statements say under a name under which others do not say it, by number.
fn beyond(all: &BTreeMap<String, u32>, others: &BTreeMap<String, u32>) -> BTreeSet<u32> {
    all.iter().filter(|(name, number)| others.get(*name) != Some(number)).map(|(_, number)| *number).collect()
}

/// Which use cases the statements of a side cover in some decision.
struct Covers<'a> {
    store: &'a Store,
    /// The use cases that have a decision, by its number.
    cases: BTreeMap<u32, BTreeSet<&'a String>>,
    /// The decisions that a budget or a quota counts in, by kind and name.
    named: BTreeMap<(&'static str, &'a str), Vec<u32>>,
    /// The decisions that an audit statement covers, by its number.
    audits: BTreeMap<u32, Vec<u32>>,
}

impl<'a> Covers<'a> {
    fn of(store: &'a Store, side: &'a Side) -> Self {
        let (cases, named, audits) = Default::default();
        let mut covers = Self { store, cases, named, audits };
        for (name, case) in &side.cases {
            for cell in &case.cells {
                covers.cases.entry(*cell).or_default().insert(name);
            }
        }
        for cell in covers.cases.keys().copied() {
            let Some(outcome) = store.get(cell) else { continue };
            for (kind, all) in [("budget", &outcome.budgets), ("quota", &outcome.quotas)] {
                for number in all {
                    work::step();
                    let Some(name) = store.names.get(*number) else { continue };
                    covers.named.entry((kind, name.as_str())).or_default().push(cell);
                }
            }
            let Audited::Statements(all) = &outcome.audit else { continue };
            for number in all {
                work::step();
                covers.audits.entry(*number).or_default().push(cell);
            }
        }
        covers
    }

    fn named(&self, kind: &'static str, name: &str) -> BTreeSet<&'a String> {
        self.cases_of(self.named.get(&(kind, name)))
    }

    fn audit(&self, number: Option<u32>) -> BTreeSet<&'a String> {
        self.cases_of(number.and_then(|number| self.audits.get(&number)))
    }

    fn cases_of(&self, cells: Option<&Vec<u32>>) -> BTreeSet<&'a String> {
        let cases = cells.into_iter().flatten().filter_map(|cell| self.cases.get(cell));
        cases.flatten().inspect(|_| work::step()).copied().collect()
    }
}

/// Whom a statement covers newly, and whom no longer.
fn coverage(was: &BTreeSet<&String>, is: &BTreeSet<&String>) -> Vec<String> {
    let line = |words: &str, names: Vec<&&String>| {
        (!names.is_empty())
            .then(|| format!("{words} {}", crate::model::words::some(&names, shown::STATED_USE_CASES)))
    };
    let lines = [
        line("newly covers", is.difference(was).collect()),
        line("no longer covers", was.difference(is).collect()),
    ];
    lines.into_iter().flatten().collect()
}
