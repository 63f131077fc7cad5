//! How long statements stand: one that ends sooner, or begins later, changes nothing on the day of both sides.

use std::collections::{BTreeMap, BTreeSet};

use super::causes::units::bare;
use super::causes::{Text, Texts};
use super::gate::Moved;
use crate::model::Date;
use crate::source::{Sources, Span};
use crate::syntax::tree::{Block, Statement, StatementKind};

/// A statement and the days on which it is in force, from the day of both sides on.
struct Spell<'a> {
    kind: &'static str,
    name: &'a str,
    /// What it says, its name, its days and its reason aside.
    body: String,
    first: Date,
    last: Date,
    /// The last day where it states one.
    until: Option<Date>,
    /// The first day where it states one.
    from: Option<Date>,
}

/// Of each clause its place and that of its keyword.
type Clauses = Vec<(Span, Span)>;

/// First and last days.
type Days = Vec<(Date, Date)>;

/// The statements that stand on fewer days than before, under whatever name. One that is gone or says something else is
/// no matter of days.
pub fn shortened(texts: &Texts) -> Vec<Moved> {
    let day = texts.old.1.as_of.max(texts.new.1.as_of);
    let is_dated = |statement: &Statement| {
        let force = statement.kind.force();
        force.from.is_some() || force.until.is_some()
    };
    // What always stands takes no day from anything.
    if !statements(&texts.new.1).any(is_dated) {
        return Vec::new();
    }
    let (mut names, mut bodies) = (BTreeMap::new(), BTreeMap::new());
    for spell in spells(&texts.new.1, day) {
        let days = (spell.first, spell.last);
        names.entry((spell.kind, spell.name)).or_insert_with(Days::new).push(days);
        bodies.entry((spell.kind, spell.body)).or_insert_with(Days::new).push(days);
    }
    let mut moved: Vec<String> = Vec::new();
    for spell in spells(&texts.old.1, day) {
        let mut days = bodies.get(&(spell.kind, spell.body.clone())).cloned().unwrap_or_default();
        // What another statement of the name says from then on is told elsewhere.
        days.extend(names.get(&(spell.kind, spell.name)).into_iter().flatten());
        moved.extend(lost(&spell, days));
    }
    moved.sort();
    moved.dedup();
    moved.into_iter().map(Moved::loosened).collect()
}

/// Tests that are gone or ask otherwise: they judge the change as well.
pub fn tests(texts: &Texts) -> Vec<Moved> {
    fn asked<'a>(side: &Text<'a>) -> BTreeMap<&'a str, Vec<String>> {
        let tests = statements(side).filter_map(|statement| match &statement.kind {
            StatementKind::Test(block) => {
                let clauses = block.clauses.iter().map(|clause| bare(side.sources.text(clause.span)));
                Some((block.name.text.as_str(), clauses.collect()))
            }
            _ => None,
        });
        tests.collect()
    }
    let (old, new) = (asked(&texts.old.1), asked(&texts.new.1));
    let bodies: BTreeSet<&Vec<String>> = new.values().collect();
    let moved = old.iter().filter_map(|(name, before)| match new.get(name) {
        Some(after) if after == before => None,
        Some(_) => Some(Moved::noted(format!("test `{name}` asks otherwise"))),
        // One that only has another name asks the same.
        None if bodies.contains(before) => None,
        None => Some(Moved::noted(format!("test `{name}` is gone"))),
    });
    moved.collect()
}

/// What becomes of a statement where it is not in force on some of its days; the others on which the same is.
fn lost(spell: &Spell, mut days: Days) -> Option<String> {
    days.sort();
    let mut next = spell.first;
    for (first, last) in &days {
        if *first > next {
            break;
        }
        if *last >= spell.last {
            return None;
        }
        if *last >= next {
            next = last.tomorrow().ok()?;
        }
    }
    let Spell { kind, name, .. } = spell;
    if next > spell.first {
        let until = spell.until.map_or("without an end".to_owned(), |day| format!("on {day}"));
        return Some(format!("{kind} `{name}` ends on {}, before {until}", next.yesterday().ok()?));
    }
    let (first, _) = days.iter().find(|(first, _)| *first > spell.first)?;
    let from = spell.from.map_or("without a first day".to_owned(), |day| format!("on {day}"));
    Some(format!("{kind} `{name}` begins on {first}, before {from}"))
}

fn statements<'a>(side: &Text<'a>) -> impl Iterator<Item = &'a Statement> + use<'a> {
    side.trees.policies.iter().flat_map(|file| &file.statements)
}

fn spells<'a>(side: &Text<'a>, day: Date) -> impl Iterator<Item = Spell<'a>> + use<'a> {
    let sources = side.sources;
    statements(side).filter_map(move |statement| {
        let force = statement.kind.force();
        let (first, last) = (force.first().max(day), force.last());
        let (kind, name, clauses) = (last >= first).then(|| parts(&statement.kind))??;
        Some(Spell {
            kind,
            name,
            body: body(statement, &clauses, sources),
            first,
            last,
            until: force.until.map(|day| day.date),
            from: force.from.map(|day| day.date),
        })
    })
}

/// Clauses that do not say what a statement says.
const BESIDE: [&str; 3] = ["from", "until", "because"];

fn body(statement: &Statement, clauses: &[(Span, Span)], sources: &Sources) -> String {
    let kept = clauses.iter().filter(|(_, keyword)| !BESIDE.contains(&sources.text(*keyword)));
    let mut kept: Vec<String> = kept.map(|(clause, _)| bare(sources.text(*clause))).collect();
    kept.sort();
    if let StatementKind::Rule(rule) = &statement.kind {
        kept.insert(0, format!("{:?}", rule.tier));
    }
    kept.join("\n")
}

/// Kind, name and clauses of what can be in force on some days only; of each clause its place and that of its keyword.
fn parts(kind: &StatementKind) -> Option<(&'static str, &str, Clauses)> {
    fn of<C>(block: &Block<C>) -> (&str, Clauses) {
        let clauses = block.clauses.iter().map(|clause| (clause.span, clause.keyword));
        (&block.name.text, clauses.collect())
    }
    let (word, (name, clauses)) = match kind {
        StatementKind::Rule(rule) => ("rule", of(&rule.block)),
        StatementKind::Failover(block) => ("failover", of(block)),
        StatementKind::Budget(block) => ("budget", of(block)),
        StatementKind::Quota(block) => ("quota", of(block)),
        StatementKind::Audit(block) => ("audit", of(block)),
        StatementKind::Guarantee(block) => ("guarantee", of(block)),
        _ => return None,
    };
    Some((word, name, clauses))
}
