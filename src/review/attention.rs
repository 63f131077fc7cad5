//! What wants somebody: errors, warnings by kind, limits that are passed, days that are near.

use std::collections::BTreeMap;

use super::afterwards;
use super::endings::Ends;
use super::money::Money;
use super::{Block, Cell, Input, Section, Table, Tile, Tone, spent};
use crate::diag::{Finding, Severity};
use crate::limits::shown;
use crate::model::Ending;
use crate::model::reviews::Review;
use crate::model::words::{count, some};
use crate::source::spans::quoted;
use crate::usage::budgets::BudgetRow;
use crate::usage::reconcile::Pair;
use crate::usage::report::{Found, Row};

/// What ends in so many days wants somebody now.
const SOON_DAYS: i32 = 30;

/// Something that wants somebody.
#[derive(Debug)]
pub(super) struct Item {
    tone: Tone,
    what: String,
    who: String,
    when: String,
    /// The section that says more.
    see: &'static str,
    /// How many things it stands for.
    many: usize,
}

/// Everything, what is to be mended first.
pub(super) fn all(input: &Input<'_>, money: &Money, endings: &[Ends]) -> Vec<Item> {
    let mut items = found(input);
    items.extend(money.passed().into_iter().map(|(what, who)| Item {
        tone: Tone::Warn,
        what,
        who,
        when: "now".to_owned(),
        see: "Money",
        many: 1,
    }));
    items.extend(of_bills(input));
    items.extend(super::logs::open(input).map(|(what, who, is_grave)| Item {
        tone: if is_grave { Tone::Bad } else { Tone::Warn },
        what,
        who,
        when: "now".to_owned(),
        see: "Logged and decided",
        many: 1,
    }));
    let soon = endings.iter().filter(|one| one.days <= SOON_DAYS && one.rests > 0);
    items.extend(soon.map(|one| (one, lost(input, one))).map(|(one, lost)| Item {
        tone: if lost.is_empty() { Tone::Warn } else { Tone::Bad },
        what: format!("{} ends{lost}", one.what),
        who: one.owners.clone(),
        when: one.last_day.to_string(),
        see: "What ends",
        many: 1,
    }));
    items.extend(super::exceptions::ending(input).map(|(what, who, until)| Item {
        tone: Tone::Warn,
        what,
        who,
        when: until.to_string(),
        see: "Exceptions",
        many: 1,
    }));
    items.sort_by_key(|item| item.tone != Tone::Bad);
    items
}

/// Whose requests are no longer served once something has ended; nothing where all are.
fn lost(input: &Input<'_>, one: &Ends) -> String {
    let world = input.survey.world;
    let (blocked, stopped) =
        (one.names(world, afterwards::Row::blocked), one.names(world, afterwards::Row::stopped));
    let undecided = one.names(world, afterwards::Row::undecided);
    let said = [
        (blocked, "no model may serve {}"),
        (stopped, "some requests for {} are blocked"),
        (undecided, "nothing is decided for {}"),
    ];
    let said = said.iter().filter(|(names, _)| !names.is_empty());
    let said: Vec<String> =
        said.map(|(names, words)| words.replace("{}", &some(names, shown::OWNERS))).collect();
    if said.is_empty() { String::new() } else { format!(", and then {}", said.join("; ")) }
}

/// What `check` finds: errors one by one, warnings by kind. What ends is told by day.
fn found(input: &Input<'_>) -> Vec<Item> {
    let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) =
        input.open.iter().partition(|finding| finding.severity == Severity::Error);
    let mut items: Vec<Item> = errors
        .iter()
        .take(shown::ERRORS)
        .map(|finding| item(input, Tone::Bad, format!("error: {}", finding.message), &finding.use_cases))
        .collect();
    if errors.len() > shown::ERRORS {
        let many = errors.len() - shown::ERRORS;
        let what = format!("{}: `govctl check`", count(many, "more error", "more errors"));
        let rest = errors.iter().skip(shown::ERRORS);
        let names: Vec<String> = rest.flat_map(|finding| finding.use_cases.iter().cloned()).collect();
        items.push(Item { many, ..item(input, Tone::Bad, what, &names) });
    }
    let mut kinds: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in warnings.into_iter().filter(|finding| finding.code.0 != "expiring") {
        kinds.entry(finding.code.0).or_default().push(finding);
    }
    for (code, findings) in kinds {
        let names: Vec<String> = findings.iter().flat_map(|one| one.use_cases.iter().cloned()).collect();
        let what = if let [one] = findings.as_slice() {
            one.message.clone()
        } else {
            let summary = input.kinds.iter().find(|kind| kind.code.0 == code).map_or("", |kind| kind.summary);
            format!("{} × `{code}`: {summary}", findings.len())
        };
        let mut item = item(input, Tone::Warn, what, &names);
        if code == "review-due" {
            item.who = named(due(input).map(|review| review.owner.clone()).collect());
        } else if item.who.is_empty() {
            item.who = named(findings.iter().filter_map(|finding| of_provider(input, finding)).collect());
        }
        items.push(item);
    }
    items
}

/// An item of findings, with who answers for the use cases that it concerns.
fn item(input: &Input<'_>, tone: Tone, what: String, use_cases: &[String]) -> Item {
    Item { tone, what, who: owners(input, use_cases), when: "now".to_owned(), see: "", many: 1 }
}

/// Who answers for the provider of what has ended, where a finding is about that.
fn of_provider(input: &Input<'_>, finding: &Finding) -> Option<String> {
    let world = input.survey.world;
    let is_it = |stale: &[Ending]| stale.iter().any(|ending| ending.span == finding.primary.span);
    let own = world.providers.iter().find(|provider| is_it(&provider.stale));
    let of_model = || {
        let model = world.models.iter().find(|model| is_it(&model.stale))?;
        Some(&world.providers[model.provider])
    };
    own.or_else(of_model)?.owner.clone()
}

/// The reviews that were not held in time.
fn due<'i>(input: &'i Input<'_>) -> impl Iterator<Item = &'i Review> {
    input.reviews.iter().filter(|review| review.is_due(input.survey.world.as_of))
}

/// Who answers for use cases.
pub(super) fn owners(input: &Input<'_>, use_cases: &[String]) -> String {
    let world = input.survey.world;
    let find = |name: &String| {
        let at = world.use_cases.search(|one| one.name.value.as_str().cmp(name))?;
        Some(world.use_cases[at].owner.clone())
    };
    let owners = use_cases.iter().filter_map(find).collect();
    named(owners)
}

/// Who answers for use cases; where there are none, for what they would rest on.
pub(super) fn answering(input: &Input<'_>, use_cases: &[String], own: Vec<String>) -> String {
    if use_cases.is_empty() { named(own) } else { owners(input, use_cases) }
}

fn named(mut owners: Vec<String>) -> String {
    owners.sort();
    owners.dedup();
    if owners.is_empty() { String::new() } else { some(&owners, shown::OWNERS) }
}

/// What the bills say: use cases and budgets by name, unknown names together.
fn of_bills(input: &Input<'_>) -> Vec<Item> {
    let Some((asked, report)) = input.spent else { return Vec::new() };
    let see = "Spent and expected";
    let item = |tone: Tone, what: String, who: String| Item {
        tone,
        what,
        who,
        when: asked.month.to_owned(),
        see,
        many: 1,
    };
    let mut items = Vec::new();
    let rows = report.rows.iter().filter(|row| !row.found.is_empty());
    let moved: Vec<(&String, String)> = rows.filter_map(moved).collect();
    for (name, what) in moved.iter().take(shown::ERRORS) {
        items.push(item(Tone::Warn, what.clone(), owners(input, std::slice::from_ref(*name))));
    }
    let rest: Vec<String> = moved.iter().skip(shown::ERRORS).map(|(name, _)| (*name).clone()).collect();
    if !rest.is_empty() {
        let use_cases = count(rest.len(), "more use case", "more use cases");
        let what =
            format!("{use_cases} spent otherwise than expected or than the month before: `govctl usage`");
        items.push(Item { many: rest.len(), ..item(Tone::Warn, what, owners(input, &rest)) });
    }
    for budget in &report.budgets {
        let Some(what) = overdrawn(budget) else { continue };
        let known = input.survey.world.budgets.iter().find(|one| one.name.value == budget.name);
        let owner = known.and_then(|one| one.owner.clone()).map(|owner| quoted(&owner));
        items.push(item(Tone::Bad, what, owner.unwrap_or_default()));
    }
    let off: Vec<String> = input.pairs.iter().filter(|pair| pair.is_off).map(pair_name).collect();
    if !off.is_empty() {
        let what = format!("what was spent and what was billed do not agree: {}", some(&off, shown::OWNERS));
        items.push(Item { many: off.len(), ..item(Tone::Bad, what, String::new()) });
    }
    let names = report.unknown.iter().filter(|(found, ..)| *found != Found::Untagged).count();
    if names > 0 {
        let (names, are) = (count(names, "name", "names"), if names == 1 { "is" } else { "are" });
        items.push(item(Tone::Warn, format!("{names} on bills {are} known to no file here"), String::new()));
    }
    if let Some((_, _, usd)) = report.unknown.iter().find(|(found, ..)| *found == Found::Untagged) {
        let usd = spent::usd(*usd);
        items.push(item(
            Tone::Warn,
            format!("{usd} usd on bills are spent for nobody in particular"),
            String::new(),
        ));
    }
    items
}

/// What a bill is of.
fn pair_name(pair: &Pair) -> String {
    format!("{} in {}", pair.provider.as_deref().unwrap_or("nobody"), pair.month)
}

/// A use case that spent otherwise, and how.
fn moved(row: &Row) -> Option<(&String, String)> {
    let name = row.value.as_ref()?;
    let drift = row.forecast.filter(|_| row.found.contains(&Found::Drift));
    let against = drift.map(|of| (of, "expected")).or(row.before.map(|of| (of, "the month before")));
    let (of, words) = against?;
    let what = format!("{} spent {} than {words}", quoted(name), spent::more_or_less(row.actual, of));
    Some((name, what))
}

/// That more was spent than a budget allows, and for whom if it allows that for each.
fn overdrawn(budget: &BudgetRow) -> Option<String> {
    let over = budget.over();
    let value = over.first()?.value;
    let mut what = format!("more was spent than the budget {} allows", quoted(&budget.name));
    if let Some((dimension, _)) = value {
        let values = over.iter().filter_map(|one| one.value).map(|(_, value)| value.unwrap_or("(none)"));
        let values: Vec<&str> = values.collect();
        what += &format!(" for each {dimension}: by {}", some(&values, shown::OWNERS));
    }
    Some(what)
}

/// The first number of the page.
pub(super) fn tile(items: &[Item]) -> Tile {
    let bad: usize = items.iter().filter(|item| item.tone == Tone::Bad).map(|item| item.many).sum();
    Tile {
        label: "Needs a decision",
        value: items.iter().map(|item| item.many).sum::<usize>().to_string(),
        note: if bad == 0 { "nothing is broken".to_owned() } else { format!("{bad} to be mended first") },
        tone: match (items.is_empty(), bad) {
            (true, _) => Tone::Good,
            (_, 0) => Tone::Warn,
            _ => Tone::Bad,
        },
    }
}

/// The section of what wants somebody, in its order.
pub(super) fn section(items: Vec<Item>) -> Section {
    let heads = ["What", "Who answers for it", "When", "See"];
    let all = count(items.iter().map(|item| item.many).sum(), "thing", "things");
    let caption = format!("{all} to decide, what is broken first");
    let mut table = Table::new(caption, &heads, "");
    table.rows = items
        .into_iter()
        .map(|item| {
            vec![
                Cell::text(super::sentence(&item.what)).tone(item.tone),
                Cell::text(item.who),
                Cell::text(item.when),
                Cell::text(item.see).tone(Tone::Muted),
            ]
        })
        .collect();
    let lead = if table.rows.is_empty() { "Nothing needs a decision today." } else { "" };
    let blocks = vec![Block::Table(table)];
    Section { id: "decide", title: "Needs a decision", lead: lead.to_owned(), blocks }
}
