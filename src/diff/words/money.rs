//! Money in words: amounts, differences, who spends how much.

use super::super::kind::Kind;
use super::super::money::{Money, Pair, Parts};
use super::super::{Change, Diff};
use crate::model::words::count;
use crate::number::{self, Rational, dollars, fixed_half_even, grouped, round_half_even, whole};

/// Dollars with two decimals and a separator between thousands.
pub(super) fn usd(amount: &Rational) -> String {
    grouped(&dollars(amount))
}

/// `2100.00 → 690.00 usd a month (-1410.00, -67.1%)`; none where nothing is known or nothing differs.
pub fn amounts(pair: &Pair) -> Option<String> {
    let (old, new) = (pair.old.as_ref().map(usd), pair.new.as_ref().map(usd));
    // A table has prices to nine decimals: what is less than a cent is no difference.
    if old == new {
        return None;
    }
    // What is not known of a side is nothing where the other side spends nothing: it is new or gone.
    let is_nothing = |one: &Option<Rational>| one.as_ref().is_some_and(|amount| *amount == whole(0));
    if (old.is_none() && is_nothing(&pair.new)) || (new.is_none() && is_nothing(&pair.old)) {
        return None;
    }
    Some(match (old, new) {
        (Some(old), None) => format!("{old} usd a month → not known"),
        (old, new) => {
            let old = old.unwrap_or_else(|| "not known".to_owned());
            format!("{old} → {} usd a month{}", new.unwrap_or_default(), difference(pair))
        }
    })
}

fn difference(pair: &Pair) -> String {
    let (Some(old), Some(new)) = (&pair.old, &pair.new) else { return String::new() };
    let difference = new - old;
    let share = if *old > whole(0) {
        format!(", {}%", signed(&(&difference * whole(100) / old), 1))
    } else {
        String::new()
    };
    format!(" ({}{share})", signed(&difference, 2))
}

/// With a sign, rounded half to even.
pub(super) fn signed(value: &Rational, decimals: u32) -> String {
    let text = if decimals == 2 { usd(value) } else { grouped(&round_half_even(value, decimals)) };
    if *value > whole(0) { format!("+{text}") } else { text }
}

/// Costs of a use case or of all, one line; none where nothing differs.
fn money(money: &Money) -> Option<String> {
    // Where the primary is the dearest target, the worst case says nothing new.
    let worst = if money.worst == money.monthly { None } else { amounts(&money.worst) };
    match (amounts(&money.monthly), worst) {
        (Some(usual), Some(worst)) => Some(format!("{usual}; at worst {worst}")),
        (Some(usual), None) => Some(usual),
        (None, Some(worst)) => Some(format!("at worst {worst}")),
        (None, None) => None,
    }
}

/// What a change costs, one line; that it costs nothing more is said where something is priced otherwise.
pub fn cost(change: &Change) -> Option<String> {
    let usual = &change.money.monthly;
    if let Some(old) = unserved(change) {
        return Some(format!("{} usd a month → nothing, for no model serves it by default", usd(old)));
    }
    let same = usual.new.as_ref().filter(|_| change.kinds().has(Kind::Cost) && amounts(usual).is_none());
    let parts = same.map(as_before).into_iter().chain(money(&change.money));
    let parts: Vec<String> = parts.chain(moved_by(change)).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What a use case really cost, and what the same use would have cost now; one line.
pub fn spent(change: &Change) -> Option<String> {
    let spent = change.spent.as_ref()?;
    let known = format!("{} usd in {}", usd(&spent.usd), spent.month);
    let Some(then) = &spent.would_have_been else { return Some(known) };
    let pair = Pair { old: Some(spent.usd.clone()), new: Some(then.clone()) };
    let would = amounts(&pair).map(|amounts| amounts.replace(" usd a month", " usd"));
    Some(would.map_or_else(
        || format!("{known}, and as much now"),
        |amounts| format!("{known}; the same use would now be {amounts}"),
    ))
}

/// How much of the difference the volume, the price and the route make, where it is more than one of them.
fn moved_by(change: &Change) -> Option<String> {
    let Parts { volume, price, route } = change.parts.as_ref()?;
    let parts = [("volume", volume), ("price", price), ("route", route)];
    let parts = parts.into_iter().filter(|(_, part)| dollars(part) != "0.00" && dollars(part) != "-0.00");
    let parts: Vec<String> = parts.map(|(by, part)| format!("{} by {by}", signed(part, 2))).collect();
    (parts.len() > 1).then(|| parts.join(", "))
}

/// What a use case cost that no model serves by default any more.
fn unserved(change: &Change) -> Option<&Rational> {
    let (usual, kinds) = (&change.money.monthly, change.kinds());
    usual.old.as_ref().filter(|_| usual.new.is_none() && kinds.has(Kind::Unroutable))
}

fn as_before(amount: &Rational) -> String {
    format!("{} usd a month, as before", usd(amount))
}

/// The line about everything's cost.
pub fn total(diff: &Diff) -> Option<String> {
    let spend = &diff.spend.total.monthly;
    let known = spend.new.as_ref().or(spend.old.as_ref())?;
    let none = spend.old.as_ref().is_none_or(|old| *old == whole(0)) && *known == whole(0);
    if none {
        return None;
    }
    let changes = money(&diff.spend.of_known());
    let Some(changes) = changes else { return Some(as_before(known)) };
    let of = |which: fn(&Change) -> Option<&Rational>, why: &dyn Fn(String) -> String| {
        let amounts: Vec<&Rational> = diff.changes.iter().filter_map(which).collect();
        let whose = count(amounts.len(), "use case", "use cases");
        (!amounts.is_empty()).then(|| format!("{} of it is {}", usd(&number::total(amounts)), why(whose)))
    };
    let parts = [
        of(unserved, &|whose| format!("no saving: no model serves {whose}")),
        of(forgotten, &|whose| format!("no saving: what {whose} will cost is not known any more"))
            .filter(|_| diff.spend.known.1),
        of(learnt, &|whose| format!("no rise: what {whose} cost was not known before"))
            .filter(|_| diff.spend.known.0),
    ];
    Some([changes].into_iter().chain(parts.into_iter().flatten()).collect::<Vec<String>>().join("; "))
}

/// What a use case cost of which nothing is known any more.
fn forgotten(change: &Change) -> Option<&Rational> {
    let usual = &change.money.monthly;
    usual.old.as_ref().filter(|_| usual.new.is_none() && unserved(change).is_none())
}

/// What a use case costs of which nothing was known before.
fn learnt(change: &Change) -> Option<&Rational> {
    let usual = &change.money.monthly;
    let is_served = !change.kinds().has(Kind::Routable);
    usual.new.as_ref().filter(|_| usual.old.is_none() && is_served)
}

/// A row of a table of spend: name, before, after, difference, share before, share after.
pub type Row = [String; 6];

/// Who spends how much, where anything differs; the largest first.
pub fn spend(by_name: &std::collections::BTreeMap<String, Pair>, total: &Money) -> Vec<Row> {
    if by_name.values().all(|pair| amounts(pair).is_none()) {
        return Vec::new();
    }
    let zero = whole(0);
    let amount = |amount: &Option<Rational>| amount.clone().unwrap_or_else(|| whole(0));
    let share = |part: &Rational, all: &Option<Rational>| match all {
        Some(all) if *all > zero => format!("{}%", fixed_half_even(&(part * whole(100) / all), 1)),
        _ => "–".to_owned(),
    };
    let mut rows: Vec<(&String, &Pair)> = by_name.iter().collect();
    rows.sort_by(|a, b| amount(&b.1.new).cmp(&amount(&a.1.new)).then(a.0.cmp(b.0)));
    let rows = rows.into_iter().map(|(name, pair)| {
        let (old, new) = (amount(&pair.old), amount(&pair.new));
        let name = if name.is_empty() { "no team".to_owned() } else { name.clone() };
        let shares = (share(&old, &total.monthly.old), share(&new, &total.monthly.new));
        [name, usd(&old), usd(&new), signed(&(new - old), 2), shares.0, shares.1]
    });
    rows.collect()
}
