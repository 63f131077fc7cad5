//! What an edit of policies leaves of an earlier reading: the places of everything that still stands, the statements that
//! say something else, and with them what was decided and found.
//!
//! Two statements are alike if they consist of the same tokens, with space between the same ones: the grammar makes the
//! same of them. If all are alike, the worlds differ in places only, and so does what is found in them. Where another
//! reason is given, it is found anew; no decision reads a reason.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Checked, Trees, Workspace};
use crate::check;
use crate::decide::engine::Statement as Deciding;
use crate::decide::survey::Earlier;
use crate::diag::Finding;
use crate::model::{Date, World};
use crate::source::moved::{Moved, Stretch};
use crate::source::{FileId, SourceFile, Sources};
use crate::syntax::scan;
use crate::syntax::tree::{FailoverClause, File, RuleClause, Statement, StatementKind, Text};

/// The policy files of an earlier reading in which nothing was found, with their texts: what has not changed is not parsed
/// again.
pub(super) fn parsed<'a>(
    earlier: Option<(&'a Workspace, &'a Trees)>,
) -> HashMap<FileId, (&'a str, &'a File)> {
    let readable = earlier.filter(|(workspace, _)| workspace.world.is_some());
    let all = readable.into_iter().flat_map(|(workspace, trees)| {
        let of = |tree: &'a File| Some((tree.id, (workspace.sources.file(tree.id)?.text.as_str(), tree)));
        trees.policies.iter().filter_map(of)
    });
    all.collect()
}

/// What a reading has of an earlier one: registry, estate and the day are the same, and so is the order of statements.
#[derive(Debug)]
pub struct Since {
    moved: Moved,
    /// The statements that say something else: their kinds and names.
    changed: Vec<(Kind, String)>,
    /// Some statement gives another reason.
    is_reworded: bool,
}

/// A kind of statement of which one may change without another one becoming something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rule,
    Failover,
    Budget,
    Quota,
    Audit,
    Guarantee,
    /// Decides nothing.
    Test,
}

impl Since {
    /// What a reading has of an earlier one that could be decided; none where something else than a statement changed.
    pub(super) fn between(
        (workspace, earlier): (&Workspace, &Trees),
        (sources, trees): (&Sources, &Trees),
        as_of: Date,
    ) -> Option<Self> {
        let world = workspace.world.as_ref()?;
        let is_same = world.as_of == as_of
            && Arc::ptr_eq(&earlier.registry, &trees.registry)
            && Arc::ptr_eq(&earlier.estate, &trees.estate)
            && same_files(&workspace.sources, sources)
            && earlier.policies.len() == trees.policies.len();
        if !is_same {
            return None;
        }
        let mut since = Self { moved: Moved::default(), changed: Vec::new(), is_reworded: false };
        for (before, after) in earlier.policies.iter().zip(trees.policies.iter()) {
            let (old, new) = (workspace.sources.file(before.id)?, sources.file(after.id)?);
            if before.id != after.id {
                return None;
            }
            if old.text != new.text {
                since.file((old, before), (new, after))?;
            }
        }
        Some(since)
    }

    /// Whether everything is decided as it was: reasons may say something else.
    pub(super) fn is_decided_alike(&self) -> bool {
        self.changed.is_empty()
    }

    /// Compares the statements of a file.
    fn file(&mut self, old: (&SourceFile, &File), new: (&SourceFile, &File)) -> Option<()> {
        if old.1.statements.len() != new.1.statements.len() {
            return None;
        }
        let mut stretches = Vec::new();
        for (before, after) in old.1.statements.iter().zip(&new.1.statements) {
            match alike((old.0, before), (new.0, after)) {
                Some(more) => {
                    stretches.extend(more.stretches);
                    self.is_reworded |= more.is_reworded;
                }
                None => self.changed.push(renewed(before, after)?),
            }
        }
        self.moved.file(old.1.id, stretches);
        Some(())
    }
}

/// Whether two workspaces have the same files, whatever is in them.
fn same_files(a: &Sources, b: &Sources) -> bool {
    let of = |file: &SourceFile| (file.kind, file.readable);
    a.iter().len() == b.iter().len()
        && a.iter().zip(b.iter()).all(|((_, a), (_, b))| a.path == b.path && of(a) == of(b))
}

/// A statement that consists of the same tokens.
#[derive(Default)]
struct Alike {
    /// Where they stand now.
    stretches: Vec<Stretch>,
    /// The reason that it gives is another one, which stands among no stretches.
    is_reworded: bool,
}

/// Whether a statement consists of the same tokens, its reason aside.
fn alike((old, before): (&SourceFile, &Statement), (new, after): (&SourceFile, &Statement)) -> Option<Alike> {
    let (old, new) = (old.text.get(..before.span.end as usize)?, new.text.get(..after.span.end as usize)?);
    let small = |at: usize| u32::try_from(at).ok();
    let mut ends = (before.span.start as usize, after.span.start as usize);
    let (mut a, mut b) = (scan::tokens(old, ends.0), scan::tokens(new, ends.1));
    let reasons = (reasons(&before.kind), reasons(&after.kind));
    let mut alike = Alike::default();
    loop {
        let (a, b) = match (a.next(), b.next()) {
            (None, None) => return Some(alike),
            (Some(a), Some(b)) => (a, b),
            _ => return None,
        };
        let touches = (a.start == ends.0, b.start == ends.1);
        if a.kind != b.kind || touches.0 != touches.1 {
            return None;
        }
        ends = (a.end, b.end);
        let is_same = a.text(old) == b.text(new);
        if is_same {
            alike.stretches.push(Stretch {
                start: small(a.start)?,
                end: small(a.end)?,
                now: small(b.start)?,
            });
        } else if reasons.0.contains(&(a.start, a.end)) && reasons.1.contains(&(b.start, b.end)) {
            alike.is_reworded = true;
        } else {
            return None;
        }
    }
}

/// Where a statement gives reasons.
fn reasons(kind: &StatementKind) -> Vec<(usize, usize)> {
    let place = |text: &Text| (text.span.start as usize, text.span.end as usize);
    match kind {
        StatementKind::Rule(rule) => {
            let clauses = rule.block.clauses.iter();
            clauses
                .filter_map(
                    |one| if let RuleClause::Because(text) = &one.kind { Some(place(text)) } else { None },
                )
                .collect()
        }
        StatementKind::Failover(block) => {
            let clauses = block.clauses.iter();
            clauses
                .filter_map(|one| {
                    if let FailoverClause::Because(text) = &one.kind { Some(place(text)) } else { None }
                })
                .collect()
        }
        // Others change as a whole.
        _ => Vec::new(),
    }
}

/// A statement that says something else under its name; none where it is none of those that may.
fn renewed(before: &Statement, after: &Statement) -> Option<(Kind, String)> {
    let (old, new) = (named(&before.kind)?, named(&after.kind)?);
    (old == new).then(|| (new.0, new.1.to_owned()))
}

fn named(kind: &StatementKind) -> Option<(Kind, &str)> {
    let (kind, name) = match kind {
        StatementKind::Rule(rule) => (Kind::Rule, &rule.block.name),
        StatementKind::Failover(block) => (Kind::Failover, &block.name),
        StatementKind::Budget(block) => (Kind::Budget, &block.name),
        StatementKind::Quota(block) => (Kind::Quota, &block.name),
        StatementKind::Audit(block) => (Kind::Audit, &block.name),
        StatementKind::Guarantee(block) => (Kind::Guarantee, &block.name),
        StatementKind::Test(block) => (Kind::Test, &block.name),
        StatementKind::Classifications(_)
        | StatementKind::Regions(_)
        | StatementKind::Vocabulary(..)
        | StatementKind::Precedence(_)
        | StatementKind::Fact(_)
        | StatementKind::Attribution(_) => return None,
    };
    Some((kind, &name.text))
}

/// The statement of a kind and name that is in force, if one is.
fn in_force(world: &World, kind: Kind, name: &str) -> Option<Deciding> {
    match kind {
        Kind::Rule => world.rules.position(|one| one.name.value == name).map(Deciding::Rule),
        Kind::Failover => world.failovers.position(|one| one.name.value == name).map(Deciding::Failover),
        Kind::Budget => world.budgets.position(|one| one.name.value == name).map(Deciding::Budget),
        Kind::Quota => world.quotas.position(|one| one.name.value == name).map(Deciding::Quota),
        Kind::Audit => world.audits.position(|one| one.name.value == name).map(Deciding::Audit),
        Kind::Guarantee => world.guarantees.position(|one| one.name.value == name).map(Deciding::Guarantee),
        Kind::Test => None,
    }
}

/// What a check leaves for the reading after it.
#[derive(Debug)]
pub struct Carried {
    pub(super) earlier: Earlier,
    /// Everything that is found, where every statement says what it said, its reason aside.
    pub(super) found: Option<Vec<Finding>>,
    /// Some statement gives another reason, so what reads reasons is not among it.
    pub(super) is_reworded: bool,
}

impl Carried {
    /// How many use cases need not be decided again, if nothing of them is asked anew.
    pub fn decided(&self) -> usize {
        self.earlier.len()
    }

    /// Whether nothing needs to be looked for again.
    pub fn is_found(&self) -> bool {
        self.found.is_some() && !self.is_reworded
    }
}

/// What the check of an earlier reading leaves for a later one: its decisions, and what it found before comments and lint
/// levels were heard. Nothing where the two are too different.
pub fn carried(checked: Checked, found: &[Finding], later: &Workspace, since: &Since) -> Option<Carried> {
    let (survey, world) = (checked.survey?, later.world.as_ref()?);
    let is_reworded = since.is_reworded;
    let kept = found.iter().filter(|finding| !is_reworded || !check::reads_reasons(finding.code));
    let found = if since.is_decided_alike() {
        kept.map(|finding| finding.moved(&since.moved)).collect()
    } else {
        None
    };
    let changed = since.changed.iter().filter_map(|(kind, name)| in_force(world, *kind, name)).collect();
    let earlier = Earlier::of(survey, world, changed, &since.moved, since.is_decided_alike())?;
    Some(Carried { earlier, found, is_reworded })
}
