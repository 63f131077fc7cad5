//! The registry's differences in words.

use super::super::Diff;
use super::super::phrase::Phrase;
use super::super::portfolio::{Moved, Portfolio, Repriced, Stated, Turned};
use super::money::signed;
use crate::limits::shown;
use crate::number::{parse_decimal, whole};

/// How the registry differs, one line each.
pub fn portfolio(diff: &Diff) -> Vec<Phrase> {
    let all: &Portfolio = &diff.portfolio;
    let mut lines = Vec::new();
    let mut names = |what: &'static str, names: &[String]| {
        if !names.is_empty() {
            lines.push(Phrase::of(what).words(": ").then(Phrase::list(names, usize::MAX)));
        }
    };
    names("providers added", &all.providers_added);
    names("providers removed", &all.providers_removed);
    names("models added", &all.models_added);
    names("models removed", &all.models_removed);
    let renamed = diff.renamed();
    lines.extend(renamed.map(|(what, old, new)| {
        Phrase::default().figures(what).words(" ").name(old).words(" is now called ").name(new)
    }));
    let lifecycle = all.lifecycle.iter().map(|(model, states, days)| {
        let sunset = days.as_ref().map(|days| format!("sunset {}", sunset(days)));
        (model, Phrase::default().text(status(states, sunset)))
    });
    lines.extend(merged("lifecycle", lifecycle));
    let prices = all.price_changes.iter().map(|one| (&one.model, Phrase::default().figures(repriced(one))));
    lines.extend(merged("price", prices));
    lines.extend(merged(
        "certifications",
        all.compliance.iter().map(|(model, change)| (model, moved(change))),
    ));
    let dpa = all.dpa.iter().map(|(model, states, days)| {
        (model, Phrase::default().text(status(states, days.as_ref().map(ends))))
    });
    lines.extend(merged("agreement", dpa));
    lines.extend(merged("evidence", all.evidence.iter().map(|(model, change)| (model, moved(change)))));
    lines.extend(merged("approvals", all.approvals.iter().map(|(model, change)| (model, moved(change)))));
    lines
}

/// `input 2 → 3 (+50%) usd per 1m tokens; batch discount 20% → 50%`.
fn repriced(one: &Repriced) -> String {
    let turned = |word: &str, turned: &Turned| {
        (turned.old != turned.new).then(|| {
            let share = share(turned).map(|share| format!(" ({share})")).unwrap_or_default();
            format!("{word} {} → {}{share}", turned.old, turned.new)
        })
    };
    let or = |value: &Option<String>, otherwise: &str| value.clone().unwrap_or_else(|| otherwise.to_owned());
    let stated = |word: &str, price: &Stated| match (&price.old, &price.new) {
        (Some(old), Some(new)) => turned(word, &Turned { old: old.clone(), new: new.clone() }),
        (old, new) => Some(format!("{word} {} → {}", or(old, "not stated"), or(new, "not stated"))),
    };
    let long = &one.long_prompt;
    let further = [
        ("cached input", &one.cached_input),
        ("input of long prompts", &long.input),
        ("output of long prompts", &long.output),
        ("cached input of long prompts", &long.cached_input),
    ];
    let further =
        further.into_iter().map(|(word, price)| price.as_ref().and_then(|price| stated(word, price)));
    let plain = [turned("input", &one.input), turned("output", &one.output)];
    let usd: Vec<String> = plain.into_iter().chain(further).flatten().collect();
    let usd = (!usd.is_empty()).then(|| format!("{} usd per 1m tokens", usd.join(", ")));
    let above = long.above_tokens.as_ref().map(|above| {
        format!("long above {} → {} tokens", or(&above.old, "not stated"), or(&above.new, "not stated"))
    });
    let discount = one.batch_discount.as_ref().map(|off| {
        let percent = |value: &Option<String>| {
            value.as_ref().map_or_else(|| "none".to_owned(), |off| format!("{off}%"))
        };
        format!("batch discount {} → {}", percent(&off.old), percent(&off.new))
    });
    [usd, above, discount].into_iter().flatten().collect::<Vec<String>>().join("; ")
}

/// By how much a price moved, in percent; none where it was nothing.
fn share(price: &Turned) -> Option<String> {
    let (old, new) = (parse_decimal(&price.old)?, parse_decimal(&price.new)?);
    (old > whole(0)).then(|| format!("{}%", signed(&((new - &old) * whole(100) / &old), 1)))
}

/// A status where it turned, and the day where it moved.
fn status(status: &Turned, day: Option<String>) -> String {
    let turned = (status.old != status.new).then(|| format!("{} → {}", status.old, status.new));
    [turned, day].into_iter().flatten().collect::<Vec<String>>().join(", ")
}

/// How the first day without a model moved.
fn sunset(days: &Stated) -> String {
    match (&days.old, &days.new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (None, Some(new)) => format!("on {new}"),
        (Some(old), None) => format!("on {old} called off"),
        (None, None) => String::new(),
    }
}

/// How the last day of something moved; the order of days is that of their text.
fn ends(days: &Stated) -> String {
    match (&days.old, &days.new) {
        (Some(old), Some(new)) if old < new => format!("renewed {old} → {new}"),
        (Some(old), Some(new)) => format!("shortened {old} → {new}"),
        (None, Some(new)) => format!("now ends on {new}"),
        (Some(old), None) => format!("no longer ends on {old}"),
        (None, None) => String::new(),
    }
}

/// What happened alike to several models is said once.
fn merged<'a>(what: &'static str, changes: impl Iterator<Item = (&'a String, Phrase)>) -> Vec<Phrase> {
    let mut groups: Vec<(Phrase, Vec<&String>)> = Vec::new();
    for (model, change) in changes {
        match groups.iter_mut().find(|(known, _)| *known == change) {
            Some((_, models)) => models.push(model),
            None => groups.push((change, vec![model])),
        }
    }
    let lines = groups.into_iter().map(|(change, models)| {
        Phrase::of(what).words(" of ").then(Phrase::list(&models, shown::PORTFOLIO)).words(": ").then(change)
    });
    lines.collect()
}

fn moved(moved: &Moved) -> Phrase {
    let names = |word: &'static str, names: &[String]| {
        (!names.is_empty()).then(|| Phrase::of(word).then(Phrase::list(names, usize::MAX)))
    };
    let renewed = moved.renewed.iter();
    let renewed = renewed.map(|(name, days)| Phrase::default().name(name).words(" ").figures(ends(days)));
    let parts = [names("gained ", &moved.gained), names("lost ", &moved.lost)].into_iter().flatten();
    Phrase::joined(parts.chain(renewed), ", ")
}
