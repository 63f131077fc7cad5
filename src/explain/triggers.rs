//! Where each trigger leads, in clauses: an outage first, then what leads elsewhere.

use super::compose::{Part, Worth};
use super::phrases::{failed_with, met};
use super::ways::{End, Fate};
use super::words::or;
use crate::model::Trigger;
use crate::model::trigger::{OUTAGE, Triggers};

/// Triggers that lead to the same.
type Group = (Vec<Trigger>, Fate);

/// Where each trigger leads that a statement covers, of where each has a path to; beside a path that answers an outage
/// the usual ones without a path are blocked.
pub fn led(has_outage: bool, path: impl Fn(Trigger) -> Option<Fate>) -> Vec<(Trigger, Fate)> {
    let blocked = |trigger: Trigger| has_outage && Triggers::usual().has(trigger);
    let fate = |trigger| path(trigger).or_else(|| blocked(trigger).then(|| Fate::blocked(None)));
    Trigger::ALL.into_iter().filter_map(|trigger| Some((trigger, fate(trigger)?))).collect()
}

/// What follows on an outage, and where other triggers lead elsewhere, each as a clause.
///
/// `usual` is where an outage leads, in which words (`on an outage`), and `led` where each trigger does that a statement
/// covers.
pub fn clauses(when: &str, usual: &Fate, led: Vec<(Trigger, Fate)>) -> Vec<Part> {
    let (alike, others): (Vec<_>, Vec<_>) = led.into_iter().partition(|(_, fate)| fate.is_like(usual));
    let alike: Vec<Trigger> = alike.into_iter().map(|(trigger, _)| trigger).collect();
    let groups = grouped(others);
    let is_urgent = |(triggers, _): &(Vec<Trigger>, Fate)| !nearest(triggers).is_empty();
    // Where what is down may fail in ways that lead elsewhere, an outage is no one thing.
    let is_split = groups.iter().any(is_urgent) && !nearest(&alike).is_empty();
    if is_split && let Some(closed) = closed(usual, &alike, &groups) {
        return vec![closed];
    }
    let mut parts = Vec::new();
    if is_split {
        let mut wordings = usual.wordings(&on(&alike));
        wordings.push((Worth::Cause, format!("{} it {}", on(&nearest(&alike)), usual.curt().words(1))));
        wordings.push((Worth::Kept, format!("{} it {}", on(&nearest(&alike)), usual.bare().words(1))));
        parts.push(Part::clause(wordings));
    } else {
        parts.push(Part::clause(usual.worded(when, &usual.bare())));
    }
    // What is in no group is covered by no statement, and is blocked.
    let is_rest = is_split && groups.len() == 1 && nearest(&alike) == alike;
    let (urgent, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_urgent);
    parts.extend(urgent.into_iter().map(|(triggers, fate)| {
        let mut wordings = vec![
            (Worth::Others, led_to(&triggers, &fate.beside(usual, usize::MAX))),
            (Worth::Elsewhere, led_to(&triggers, &fate.bare().beside(&usual.bare(), 1))),
        ];
        wordings.push(if is_rest && fate.stops.is_empty() && fate.end == End::BLOCKED {
            (Worth::Kept, "otherwise it is blocked".to_owned())
        } else {
            (Worth::Kept, led_to(&nearest(&triggers), &fate.bare().beside(&usual.bare(), 1)))
        });
        Part::clause(wordings)
    }));
    let (ending, rest): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|(_, fate)| !fate.stops.is_empty() && fate.goes_like(usual));
    parts.extend(led_elsewhere(&rest, usual));
    // What a statement answers beside the usual goes unsaid with an outage.
    let also: Vec<Trigger> =
        alike.iter().copied().filter(|trigger| !Triggers::usual().has(*trigger)).collect();
    if !is_split && !also.is_empty() && !usual.stops.is_empty() {
        parts.push(Part::spare(Worth::Others, led_to(&also, "goes there too")));
    }
    // What leads where an outage does and ends otherwise in the end is the least of it.
    let ends = ending.iter().map(|(triggers, fate)| led_to(triggers, &fate.beside(usual, usize::MAX)));
    parts.extend(ends.map(|clause| Part::spare(Worth::Others, clause)));
    parts
}

/// On which triggers of an outage it goes as said, and where it goes on the others; nothing where all lead alike.
pub fn depending(usual: &Fate, led: Vec<(Trigger, Fate)>) -> Option<String> {
    let (alike, others): (Vec<_>, Vec<_>) = led
        .into_iter()
        .filter(|(trigger, _)| OUTAGE.contains(trigger))
        .partition(|(_, fate)| fate.is_like(usual));
    let alike: Vec<Trigger> = alike.into_iter().map(|(trigger, _)| trigger).collect();
    let others = grouped(others);
    let elsewhere = others.iter().map(|(triggers, fate)| led_to(triggers, &fate.curt().words(1)));
    let elsewhere: Vec<String> = elsewhere.collect();
    (!alike.is_empty() && !elsewhere.is_empty())
        .then(|| format!("that is {}; {}", on(&alike), elsewhere.join("; ")))
}

/// Those of one fate together.
fn grouped(led: Vec<(Trigger, Fate)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (trigger, fate) in led {
        match groups.iter_mut().find(|(_, known)| known.is_like(&fate)) {
            Some((triggers, _)) => triggers.push(trigger),
            None => groups.push((vec![trigger], fate)),
        }
    }
    groups
}

/// Triggers that are not those of an outage and lead elsewhere, in one clause: what becomes of prompts is said before
/// what becomes of keys and accounts.
fn led_elsewhere(groups: &[Group], usual: &Fate) -> Option<Part> {
    let of_prompts = |(triggers, _): &&Group| {
        triggers.iter().any(|one| matches!(one, Trigger::ContentFiltered | Trigger::ContextExceeded))
    };
    let (prompts, others): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(of_prompts);
    let said = |groups: &[&Group], of: fn(&Fate, &Fate) -> String| -> Vec<String> {
        groups.iter().map(|(triggers, fate)| led_to(triggers, &of(fate, usual))).collect()
    };
    let all: Vec<&Group> = groups.iter().collect();
    let curt = |groups: &[&Group]| said(groups, |fate, usual| fate.bare().beside(&usual.bare(), 1));
    let mut wordings = vec![
        (Worth::Others, said(&all, |fate, usual| fate.beside(usual, usize::MAX)).join("; ")),
        (Worth::Prompts, curt(&all).join("; ")),
    ];
    // As many of them as there is room for, before it is only said that there are others.
    for shown in (1..=prompts.len()).rev() {
        let (shown, left) = prompts.split_at(shown);
        let left: Vec<&Group> = left.iter().chain(&others).copied().collect();
        if !left.is_empty() {
            let mut clauses = curt(shown);
            clauses.extend(hint(&left));
            wordings.push((Worth::Prompts, clauses.join("; ")));
        }
    }
    wordings.push((Worth::Kept, hint(&all)?));
    Some(Part::clause(wordings))
}

/// That there are triggers that lead elsewhere; where one alone does, where it leads.
fn hint(groups: &[&Group]) -> Option<String> {
    let ((triggers, first), more) = groups.split_first()?;
    let end = first.end.briefly();
    Some(match end.what {
        _ if triggers.len() == 1 && more.is_empty() => led_to(triggers, &first.bare().words(1)),
        _ if groups.iter().any(|(_, fate)| !fate.stops.is_empty()) => {
            "other triggers lead elsewhere".to_owned()
        }
        _ if more.iter().any(|(_, fate)| fate.end.briefly() != end) => {
            "other triggers end otherwise".to_owned()
        }
        "queues" => "some other triggers queue it".to_owned(),
        "degrades" => "some other triggers degrade it".to_owned(),
        _ => "some other triggers block it".to_owned(),
    })
}

/// Where one group is blocked and everything else leads somewhere, that is said last and of all the rest at once.
fn closed(usual: &Fate, alike: &[Trigger], groups: &[Group]) -> Option<Part> {
    let is_shut = |(_, fate): &&Group| fate.stops.is_empty() && fate.end == End::BLOCKED;
    let (shut, open): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(is_shut);
    let [_] = shut.as_slice() else { return None };
    if usual.stops.is_empty() || usual.halted.is_some() || usual.end != End::BLOCKED {
        return None;
    }
    let text = |goes: Option<String>, of: &dyn Fn(&Fate) -> String| {
        let mut clauses = vec![format!("{} it {}", on(alike), goes?)];
        clauses.extend(open.iter().map(|(triggers, fate)| led_to(triggers, &of(fate))));
        clauses.push("otherwise it is blocked".to_owned());
        Some(clauses.join("; "))
    };
    let full = |named: usize| text(usual.goes(named), &|fate| fate.beside(usual, usize::MAX));
    let bare = || text(usual.bare().goes(1), &|fate| fate.bare().beside(&usual.bare(), 1));
    let wordings = [
        (Worth::Third, full(3)?),
        (Worth::Second, full(2)?),
        (Worth::Others, full(1)?),
        (Worth::Kept, bare()?),
    ];
    Some(Part::clause(wordings.into()))
}

/// Those of some triggers as which what is down fails.
fn nearest(triggers: &[Trigger]) -> Vec<Trigger> {
    triggers.iter().copied().filter(|trigger| OUTAGE.contains(trigger)).collect()
}

/// `a filtered prompt is blocked`, `on unavailability or a timeout it is blocked`.
fn led_to(triggers: &[Trigger], fate: &str) -> String {
    if let [one] = triggers
        && let Some(met) = met(*one)
    {
        return format!("{met} {fate}");
    }
    format!("{} it {fate}", on(triggers))
}

/// `on unavailability or a timeout`.
fn on(triggers: &[Trigger]) -> String {
    let ways: Vec<String> = triggers.iter().map(|one| failed_with(*one).to_owned()).collect();
    format!("on {}", or(&ways))
}
