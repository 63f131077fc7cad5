//! Decisions as nests of tiers.
//!
//! A decision with the paths P0 and P1 becomes
//!
//! ```text
//! tier 0:  [tier 1,  targets of P0 …, terminal of P0]  goes on at: the primary's outcomes in P0, and its own targets'
//! tier 1:  [rest,    targets of P1 …, terminal of P1]  goes on at: the primary's outcomes in P1, and its own targets'
//! rest:    [primary, block]                            goes on at: the primary's outcomes that no path names
//! primary: [attempt 0, attempt 1 …]                    goes on at: outcomes whose path has an attempt left
//! ```
//!
//! Every outcome carries the role of its hop (`p0` the primary's first attempt, `q0` a target of path 0), so that a
//! target's failure never starts another path, and that each attempt is judged by its own outcome. Everything is named by its
//! table: a new table changes nothing in place, so that what began by one table ends by it.

use std::collections::{BTreeMap, BTreeSet};

use super::service::safe;
use crate::invariant::there;
use crate::table::format::{Decision, Failover, Table, Terminal, Trigger};
use crate::table::sha256_hex;

/// The role of an attempt at the primary that a quota stopped: whatever its number, no other one follows.
pub(super) const LAST: &str = "p999";

/// Everything that is walked.
#[derive(Debug, Default)]
pub(super) struct Nests {
    /// Per decision its outermost tier; none without a primary.
    pub(super) tops: Vec<Option<String>>,
    /// Tiers by name.
    pub(super) tiers: BTreeMap<String, Tier>,
    /// Hops by name.
    pub(super) hops: BTreeMap<String, Hop>,
    /// Terminals by name.
    pub(super) terminals: BTreeMap<String, End>,
    /// What the names of this table end with.
    mark: String,
}

/// What is tried in order, and at which outcomes it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tier {
    /// Names of clusters: tiers, hops, and a terminal at the end.
    pub(super) groups: Vec<String>,
    /// Outcomes as `role:trigger`. Each is compared whole: a pattern of all of them can be larger than Envoy takes.
    pub(super) goes_on: BTreeSet<String>,
    /// What its answer says where it has left the primary, by the primary's trigger; nothing of attempts at the primary.
    pub(super) says: BTreeMap<&'static str, String>,
}

/// A model in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    /// Index into the table's models.
    pub(super) model: usize,
    /// `pN` for the attempt N of the primary, `qN` for a target of path N.
    pub(super) role: String,
    /// 0 for the primary.
    pub(super) position: usize,
}

/// A terminal and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// What is answered.
    pub(super) then: Terminal,
    /// The hop that it is reported as.
    pub(super) position: usize,
}

/// One path, or what no path names.
struct Walk<'a> {
    on: Vec<Trigger>,
    targets: Vec<usize>,
    retry: u64,
    then: Terminal,
    label: &'a str,
    /// The statement that says so.
    failover: Option<&'a Failover>,
}

impl Walk<'_> {
    /// How often one endpoint may be asked.
    fn tries(&self) -> usize {
        crate::export::tries(self.retry)
    }

    /// What is said of each trigger that leads here: itself, the statement, and the name that it is logged as.
    fn says(&self) -> BTreeMap<&'static str, String> {
        let statement = self.failover.map(|failover| safe(&failover.name)).unwrap_or_default();
        let log_as = self.failover.and_then(|failover| failover.log_as.as_deref()).map(safe);
        let log_as = log_as.unwrap_or_default();
        let says = |trigger: &Trigger| (trigger.name(), format!("{}/{statement}/{log_as}", trigger.name()));
        self.on.iter().map(says).collect()
    }
}

impl Nests {
    /// Of every decision of a table.
    pub(super) fn of(table: &Table) -> Self {
        let mut nests = Self { mark: super::over::mark(&table.digest), ..Self::default() };
        for decision in &table.decisions {
            let top = decision.primary.as_ref().map(|primary| nests.nest(table, decision, primary.model));
            nests.tops.push(top);
        }
        nests
    }

    /// A name that belongs to this table alone.
    pub(super) fn own(&self, name: &str) -> String {
        format!("{name}{}", self.mark)
    }

    fn nest(&mut self, table: &Table, decision: &Decision, primary: usize) -> String {
        let walks = walks(table, decision);
        let mut inner = self.primary(table, primary, &walks);
        for (number, walk) in walks.iter().enumerate().rev() {
            let mut groups = vec![inner];
            for (position, model) in (1..).zip(&walk.targets) {
                let hop = self.hop(table, *model, &format!("q{number}"), position);
                groups.extend(std::iter::repeat_n(hop, walk.tries()));
            }
            groups.push(self.terminal(walk));
            let roles = (0..attempts(&walks)).map(|attempt| format!("p{attempt}"));
            let roles = roles.chain([format!("q{number}")]);
            let limited = walk.on.iter().copied().filter(|trigger| *trigger == Trigger::RateLimited);
            let limited = outcomes(LAST, &limited.collect::<Vec<Trigger>>());
            let goes_on = roles.flat_map(|role| outcomes(&role, &walk.on)).chain(limited).collect();
            inner = self.tier(&number.to_string(), Tier { groups, goes_on, says: walk.says() });
        }
        inner
    }

    /// The attempts at the primary: another one wherever the path of its outcome has one left.
    fn primary(&mut self, table: &Table, model: usize, walks: &[Walk]) -> String {
        let most = attempts(walks);
        let mut attempts = (0..most)
            .map(|attempt| self.hop(table, model, &format!("p{attempt}"), 0))
            .collect::<Vec<String>>();
        if most == 1 {
            return attempts.pop().unwrap_or_default();
        }
        let again = (0..most.saturating_sub(1)).map(|attempt| {
            let on = walks.iter().filter(|walk| attempt.saturating_add(1) < walk.tries());
            let on: Vec<Trigger> = on.flat_map(|walk| walk.on.iter().copied()).collect();
            outcomes(&format!("p{attempt}"), &on)
        });
        let goes_on = again.flatten().collect();
        self.tier("primary", Tier { groups: attempts, goes_on, says: BTreeMap::new() })
    }

    fn tier(&mut self, label: &str, tier: Tier) -> String {
        let content = format!("{tier:?}");
        let hash: String = sha256_hex(content.as_bytes()).chars().take(16).collect();
        let name = self.own(&format!("tier/{label}/{hash}"));
        self.tiers.insert(name.clone(), tier);
        name
    }

    fn hop(&mut self, table: &Table, model: usize, role: &str, position: usize) -> String {
        let id = there(table.models.get(model), "the model").id.as_str();
        let name = self.own(&format!("hop/{role}/{position}/{id}"));
        let hop = Hop { model, role: role.to_owned(), position };
        self.hops.entry(name.clone()).or_insert(hop);
        name
    }

    fn terminal(&mut self, walk: &Walk) -> String {
        let position = walk.targets.len() + 1;
        let name = self.own(&format!("terminal/{position}/{}", walk.label));
        self.terminals.entry(name.clone()).or_insert(End { then: walk.then.clone(), position });
        name
    }
}

/// The paths of a decision, and a last one that blocks on what no path names.
fn walks<'a>(table: &'a Table, decision: &'a Decision) -> Vec<Walk<'a>> {
    let mut walks: Vec<Walk> = Vec::new();
    for path in &decision.paths {
        let Some(failover) = table.failovers.get(path.failover) else { continue };
        let targets = table.target_lists.get(path.targets).map(Vec::as_slice).unwrap_or_default();
        walks.push(walk(failover, &path.on, targets.iter().map(|target| target.model).collect()));
    }
    let named = |trigger: &Trigger| walks.iter().any(|walk| walk.on.contains(trigger));
    let rest: Vec<Trigger> = Trigger::ALL.into_iter().filter(|trigger| !named(trigger)).collect();
    if !rest.is_empty() {
        let then = Terminal::Block {};
        walks.push(Walk { on: rest, targets: Vec::new(), retry: 0, then, label: "-", failover: None });
    }
    walks
}

fn walk<'a>(failover: &'a Failover, on: &[Trigger], targets: Vec<usize>) -> Walk<'a> {
    Walk {
        on: on.to_vec(),
        targets,
        retry: failover.retry,
        then: failover.then.clone(),
        label: &failover.name,
        failover: Some(failover),
    }
}

/// How often the primary may be asked.
fn attempts(walks: &[Walk]) -> usize {
    walks.iter().map(Walk::tries).max().unwrap_or(1)
}

/// What a hop of a role says when it fails on one of these.
fn outcomes(role: &str, on: &[Trigger]) -> Vec<String> {
    on.iter().map(|trigger| format!("{role}:{}", trigger.name())).collect()
}
