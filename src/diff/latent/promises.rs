//! Clauses that promise: `require`, `forbid`, `process in`, `always` and `never`.

use std::collections::{BTreeMap, BTreeSet};

use super::implied::Kept;
use super::{Dropped, Latent, Made};
use crate::decide::engine::Statement as Id;
use crate::diff::causes::units::bare;
use crate::diff::causes::{Place, Text, Texts};
use crate::diff::conditions;
use crate::diff::fingerprint;
use crate::diff::rename::Names;
use crate::model::regions::{Place as Where, ProcessIn};
use crate::model::{Date, Expr, Guarantee, Rule, World};
use crate::source::{Sources, Span};
use crate::syntax::tree::{
    self, Block, Clause as Part, GuaranteeClause, Name, RuleClause, Statement, StatementKind,
};

/// A clause that promises something, alone in a statement of its own.
pub(super) struct Clause {
    /// The statement, with its `when` or `for`.
    pub(super) statement: Statement,
    /// The name of that statement.
    pub(super) name: String,
    /// What is promised, canonical, with the word that promises it.
    pub(super) said: String,
    /// The statements of the new side that promise it as long, each for its own requests.
    pub(super) kept_by: BTreeSet<String>,
    /// Whether the new side still promises it somewhere.
    pub(super) is_kept_somewhere: bool,
    /// Which statement of the old side makes it.
    pub(super) id: Id,
}

/// A promise of a side.
pub(super) struct Promise<'a> {
    /// What is promised, canonical, with the word that promises it.
    pub(super) said: String,
    /// When, canonical.
    pub(super) when: String,
    /// `rule` or `guarantee`, and its name.
    pub(super) of: (&'static str, &'a str),
    /// Which that is.
    pub(super) id: Id,
    /// What is promised, as the side understands it.
    pub(super) understood: ClauseSaid<'a>,
    /// For which requests, the same; none: for all.
    pub(super) condition: Option<&'a Expr>,
    /// The statement that makes it.
    statement: &'a Statement,
    /// The clause and the word that begins it.
    clause: (Span, Span),
}

/// What a clause says of whoever serves.
#[derive(Clone, Copy)]
pub(in crate::diff) enum ClauseSaid<'a> {
    /// `require` and `always`: it is true.
    True(&'a Expr),
    /// `forbid` and `never`: it is false.
    False(&'a Expr),
    /// `process in`.
    Places(&'a ProcessIn),
}

/// What the old side promises and the new one does not in the same words wherever the old one did.
pub(super) fn dropped(texts: &Texts, names: &Names) -> Vec<Dropped> {
    let (old, new) = (&texts.old.1, &texts.new.1);
    let (before, after) = (promises(old), promises(new));
    let instead = Instead::new(&before, &after, names);
    let mut kept: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut saying: BTreeMap<&str, Vec<&Promise>> = BTreeMap::new();
    for promise in &after {
        kept.entry(&promise.said).or_default().insert(&promise.when);
        saying.entry(&promise.said).or_default().push(promise);
    }
    let (mut found, mut stricter) = (Vec::new(), None);
    for promise in before {
        let (said, when) =
            (conditions::renamed(&promise.said, names), conditions::renamed(&promise.when, names));
        let whens = kept.get(said.as_str());
        if whens.is_some_and(|whens| whens.contains(when.as_str()) || whens.contains("")) {
            continue;
        }
        let stricter = stricter.get_or_insert_with(|| Kept::new((old, new), &after, names));
        if stricter.keeps(&promise, (&said, &when)) {
            continue;
        }
        let name = format!("promise {}", found.len());
        let Some(statement) = alone(&promise, &name) else { continue };
        let mut latent = promise.latent(old.sources, "dropped");
        let saying = saying.get(said.as_str()).into_iter().flatten();
        latent.instead = instead.of(&promise, saying.clone().copied());
        let lasting = saying.filter(|one| one.outlasts(&promise));
        let kept_by = lasting.map(|one| one.of.1.to_owned()).collect();
        let is_kept_somewhere = whens.is_some();
        let clause = Clause { statement, name, said, kept_by, is_kept_somewhere, id: promise.id };
        found.push(Dropped { latent, made: Made::Clause(Box::new(clause)) });
    }
    found
}

/// What statements of the new side promise that the old side does not, by kind and name, and by the word that promises it:
/// who accepts that a promise is narrower accepts what stands in its place.
struct Instead<'a>(BTreeMap<(&'static str, &'a str, String), Vec<String>>);

impl<'a> Instead<'a> {
    fn new(old: &[Promise], new: &[Promise<'a>], names: &Names) -> Self {
        let known = old
            .iter()
            .map(|one| (conditions::renamed(&one.said, names), conditions::renamed(&one.when, names)));
        let known: BTreeSet<(String, String)> = known.collect();
        let mut instead: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for one in new.iter().filter(|one| !known.contains(&(one.said.clone(), one.when.clone()))) {
            let said = [one.said.clone(), one.when.clone()];
            instead.entry((one.of.0, one.of.1, one.word())).or_default().extend(said);
        }
        // Once for all that they stand for.
        for said in instead.values_mut() {
            *said = vec![fingerprint::whole(&*said)];
        }
        Self(instead)
    }

    /// What stands in the place of a promise, and whoever else says the same to some requests, and how long; nothing where
    /// its statement says nothing else by that word, and nobody says the same.
    fn of<'b>(&self, gone: &Promise<'a>, saying: impl Iterator<Item = &'b Promise<'b>>) -> String {
        let said = self.0.get(&(gone.of.0, gone.of.1, gone.word()));
        let instead = said.and_then(|said| said.first().cloned());
        let others: BTreeSet<[String; 2]> =
            saying.map(|one| [one.when.clone(), one.last().to_string()]).collect();
        if others.is_empty() {
            return instead.unwrap_or_default();
        }
        fingerprint::whole(instead.iter().chain(others.iter().flatten()))
    }
}

impl Promise<'_> {
    /// The first day on which it stands, if it has one.
    pub(super) fn first(&self) -> Option<Date> {
        self.statement.kind.force().from.map(|from| from.date)
    }

    /// The last day on which it stands.
    pub(super) fn last(&self) -> Date {
        self.statement.kind.force().last()
    }

    /// Whether it stands as long as another one, and is held to alike.
    pub(super) fn outlasts(&self, other: &Promise) -> bool {
        self.of.0 == other.of.0 && self.last() >= other.last()
    }

    /// The word that promises it.
    fn word(&self) -> String {
        self.said.split(' ').next().unwrap_or_default().to_owned()
    }

    /// Who makes it, and what is promised.
    pub(super) fn words(&self, sources: &Sources) -> String {
        let (kind, of) = self.of;
        format!("{kind} {of}: {} {}", bare(sources.text(self.clause.1)), text(sources, self.clause))
    }

    /// What is said of it once it is gone.
    pub(super) fn latent(&self, sources: &Sources, how: &str) -> Latent {
        let word = bare(sources.text(self.clause.1));
        let (kind, of) = self.of;
        Latent {
            place: Place::of(sources, self.clause.0),
            what: format!("{kind} {of}"),
            change: format!("{word} {how}"),
            text: text(sources, self.clause),
            whom: vec![self.when.clone()],
            instead: String::new(),
            accepted: false,
        }
    }
}

/// A clause without the word that begins it, on one line.
fn text(sources: &Sources, (clause, word): (Span, Span)) -> String {
    bare(sources.text(Span { start: word.end, ..clause })).trim().to_owned()
}

/// Whether some statement of a side that promises begins after a day, and by another one.
pub(in crate::diff) fn begins(side: &Text, after: Date, by: Date) -> bool {
    let statements = side.trees.policies.iter().flat_map(|file| &file.statements);
    let mut promising =
        statements.filter(|one| matches!(one.kind, StatementKind::Rule(_) | StatementKind::Guarantee(_)));
    promising.any(|one| one.kind.force().from.is_some_and(|from| after < from.date && from.date <= by))
}

/// Everything that the statements of a side promise that are in force.
pub(super) fn promises<'a>(side: &'a Text) -> Vec<Promise<'a>> {
    let world: &'a World = side.survey.world;
    let rules = world.rules.enumerated().map(|(id, rule)| (rule.name.value.as_str(), (Id::Rule(id), rule)));
    let rules: BTreeMap<&str, (Id, &Rule)> = rules.collect();
    let guarantees = world.guarantees.enumerated();
    let guarantees = guarantees.map(|(id, one)| (one.name.value.as_str(), (Id::Guarantee(id), one)));
    let guarantees: BTreeMap<&str, (Id, &Guarantee)> = guarantees.collect();
    let mut found = Vec::new();
    for statement in side.trees.policies.iter().flat_map(|file| &file.statements) {
        if !statement.kind.force().holds(side.as_of) {
            continue;
        }
        match &statement.kind {
            StatementKind::Rule(rule) => {
                if let Some(resolved) = rules.get(rule.block.name.text.as_str()) {
                    of_rule(world, (statement, &rule.block), *resolved, &mut found);
                }
            }
            StatementKind::Guarantee(block) => {
                if let Some(resolved) = guarantees.get(block.name.text.as_str()) {
                    of_guarantee(world, (statement, block), *resolved, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

fn of_rule<'a>(
    world: &World,
    (statement, block): (&'a Statement, &'a Block<RuleClause>),
    (id, rule): (Id, &'a Rule),
    found: &mut Vec<Promise<'a>>,
) {
    let when = conditions::text(world, rule.when.as_ref());
    let (mut promises, mut places) = (rule.promises.iter(), rule.process_in.iter());
    for clause in &block.clauses {
        let said = match &clause.kind {
            RuleClause::Require(_) => {
                promises.next().map(|p| (said(world, "require", &p.expr), ClauseSaid::True(&p.expr)))
            }
            RuleClause::Forbid(_) => {
                promises.next().map(|p| (said(world, "forbid", &p.expr), ClauseSaid::False(&p.expr)))
            }
            RuleClause::ProcessIn(_) => {
                places.next().map(|place| (process_in(world, place), ClauseSaid::Places(place)))
            }
            _ => None,
        };
        found.extend(said.map(|(said, understood)| Promise {
            said,
            understood,
            condition: rule.when.as_ref(),
            when: when.clone(),
            of: ("rule", block.name.text.as_str()),
            id,
            statement,
            clause: (clause.span, clause.keyword),
        }));
    }
}

fn of_guarantee<'a>(
    world: &World,
    (statement, block): (&'a Statement, &'a Block<GuaranteeClause>),
    (id, guarantee): (Id, &'a Guarantee),
    found: &mut Vec<Promise<'a>>,
) {
    let when = conditions::text(world, guarantee.premise.as_ref());
    let mut parts = guarantee.parts.iter();
    for clause in &block.clauses {
        let said = match &clause.kind {
            GuaranteeClause::Always(_) => {
                parts.next().map(|part| (said(world, "always", &part.expr), ClauseSaid::True(&part.expr)))
            }
            GuaranteeClause::Never(_) => {
                parts.next().map(|part| (said(world, "never", &part.expr), ClauseSaid::False(&part.expr)))
            }
            _ => None,
        };
        found.extend(said.map(|(said, understood)| Promise {
            said,
            understood,
            condition: guarantee.premise.as_ref(),
            when: when.clone(),
            of: ("guarantee", block.name.text.as_str()),
            id,
            statement,
            clause: (clause.span, clause.keyword),
        }));
    }
}

/// What a rule promises, canonical, each with the word that promises it.
pub fn said_by(world: &World, rule: &Rule) -> Vec<String> {
    let promises = rule.promises.iter();
    let promises = promises.map(|p| said(world, if p.forbid { "forbid" } else { "require" }, &p.expr));
    promises.chain(rule.process_in.iter().map(|place| process_in(world, place))).collect()
}

/// What a guarantee promises, the same.
pub fn said_in(world: &World, guarantee: &Guarantee) -> Vec<String> {
    let parts = guarantee.parts.iter();
    parts.map(|part| said(world, if part.never { "never" } else { "always" }, &part.expr)).collect()
}

fn said(world: &World, word: &str, expr: &Expr) -> String {
    format!("{word} {}", conditions::text(world, Some(expr)))
}

/// The places of a clause, canonical.
pub(super) fn places<'a>(world: &'a World, clause: &'a ProcessIn) -> impl Iterator<Item = String> + 'a {
    clause.places.iter().map(|place| match place {
        Where::Region(region) => conditions::quoted(world.names.name(*region)),
        Where::Fact(id) => conditions::fact(world, *id),
    })
}

fn process_in(world: &World, clause: &ProcessIn) -> String {
    let names: BTreeSet<String> = places(world, clause).collect();
    format!("process in {}", names.into_iter().collect::<Vec<String>>().join(", "))
}

/// The statement of a promise with its condition and this clause only, under another name.
fn alone(promise: &Promise, name: &str) -> Option<Statement> {
    let kind = match &promise.statement.kind {
        StatementKind::Rule(rule) => {
            let is_kept = |part: &&Part<RuleClause>| {
                matches!(part.kind, RuleClause::When(_)) || part.span == promise.clause.0
            };
            StatementKind::Rule(tree::Rule { tier: rule.tier, block: block(&rule.block, name, is_kept) })
        }
        StatementKind::Guarantee(all) => {
            let is_kept = |part: &&Part<GuaranteeClause>| {
                matches!(part.kind, GuaranteeClause::For(_)) || part.span == promise.clause.0
            };
            StatementKind::Guarantee(block(all, name, is_kept))
        }
        _ => return None,
    };
    Some(Statement { kind, ..*promise.statement })
}

/// Some clauses of a block, under another name. A hostile one has thousands, so nothing else is copied.
fn block<C: Clone>(of: &Block<C>, name: &str, is_kept: impl FnMut(&&Part<C>) -> bool) -> Block<C> {
    let name = Name { text: name.to_owned(), ..of.name.clone() };
    Block { name, clauses: of.clauses.iter().filter(is_kept).cloned().collect() }
}
