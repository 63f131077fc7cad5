//! Where a request goes when an endpoint fails, by trigger, in wordings from full to brief: told alike from a workspace
//! and from a table.

use std::fmt;

use super::compose::{Part, Worth};
use super::phrases::{self, failed_with, met};
use super::words::{NOTICE, count, duration, or, roughly};
use crate::decide::Multiplier;
use crate::model::Trigger;
use crate::model::trigger::{OUTAGE, Triggers};
use crate::number::{Rational, whole};

/// A target that is up.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// `provider/name` of the model.
    pub id: String,
    /// What it asks for, in words.
    pub asks: Vec<String>,
    /// What budgets and quotas do to what goes there, in words.
    pub held: Vec<String>,
    /// What it costs over the primary, if that is known.
    pub multiplier: Option<Multiplier>,
    /// Whether someone has to confirm it.
    pub is_confirmed: bool,
    /// Whether requests to it are throttled.
    pub is_throttled: bool,
}

impl Stop {
    /// Its name with what it costs and asks for, which is not said anew where it is that of the one before.
    pub fn words(&self, before: Option<&Self>) -> String {
        if before.is_some_and(|before| self.is_likewise(before)) {
            return format!("`{}` (likewise)", self.id);
        }
        phrases::target(&self.id, self.multiplier.as_ref(), &self.notes())
    }

    /// All that is said of it beside its cost.
    fn notes(&self) -> Vec<String> {
        self.asks.iter().chain(&self.held).cloned().collect()
    }

    /// Whether so much is said of it, and all of that of another one too, that it need not be said again.
    fn is_likewise(&self, other: &Self) -> bool {
        let (notes, others) = (self.notes(), other.notes());
        notes.len() > 1 && (&notes, &self.multiplier) == (&others, &other.multiplier)
    }
}

/// How a request ends that nothing serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// `is blocked`, `queues`.
    pub what: &'static str,
    /// How long it waits, if it does and that is stated: `for up to 5 minutes`.
    pub wait: Option<String>,
}

impl End {
    /// It is blocked.
    pub const BLOCKED: Self = Self { what: "is blocked", wait: None };

    /// It gets what is stated for such a case.
    pub const DEGRADED: Self = Self { what: "gets a degraded answer", wait: None };

    /// The same in fewer words.
    fn briefly(&self) -> Self {
        let what = if *self == Self::DEGRADED { "degrades" } else { self.what };
        Self { what, wait: None }
    }

    /// It waits, for so many seconds if that is stated.
    pub fn queued(seconds: Option<&Rational>) -> Self {
        let wait = seconds.map(|seconds| format!("for up to {}", duration(seconds)));
        Self { what: "queues", wait }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        self.wait.iter().try_for_each(|wait| write!(f, " {wait}"))
    }
}

/// Where a request goes from an endpoint that has failed.
#[derive(Debug, Clone)]
pub struct Fate {
    /// The targets that are up, in order.
    pub stops: Vec<Stop>,
    /// What stops what would go to the first: ``is blocked by budget `b` ``.
    pub halted: Option<String>,
    /// How it ends behind the last.
    pub end: End,
    /// Why nothing follows.
    pub why: Option<String>,
}

impl Fate {
    /// Nothing is tried.
    pub fn blocked(why: Option<String>) -> Self {
        Self { stops: Vec::new(), halted: None, end: End::BLOCKED, why }
    }

    /// Whether both lead to the same and end alike, for whatever reason.
    fn is_like(&self, other: &Self) -> bool {
        self.end == other.end && self.goes_like(other)
    }

    /// Whether both lead to the same targets.
    fn goes_like(&self, other: &Self) -> bool {
        (&self.stops, &self.halted) == (&other.stops, &other.halted)
    }

    /// ``goes to `a` (twice the cost), then `b`, else is blocked``, with so many targets by name.
    pub fn words(&self, named: usize) -> String {
        self.ended(self.goes(named).as_deref(), &self.end, self.why.as_deref())
    }

    /// Where it goes, and how that ends.
    fn ended(&self, goes: Option<&str>, end: &End, why: Option<&str>) -> String {
        match goes {
            None => format!("{end}{}", why.map(|why| format!(", as {why}")).unwrap_or_default()),
            Some(goes) if self.halted.is_some() => goes.to_owned(),
            Some(goes) => format!("{goes}, else {end}"),
        }
    }

    /// Where it goes, without how it ends; nothing where nothing is tried.
    fn goes(&self, named: usize) -> Option<String> {
        let first = self.stops.first()?;
        if let Some(halted) = &self.halted {
            return Some(format!("would go to {}, but {halted}", first.words(None)));
        }
        let (shown, hidden) = self.stops.split_at(named.min(self.stops.len()));
        let before = [None].into_iter().chain(shown.iter().map(Some));
        let mut words: Vec<String> =
            shown.iter().zip(before).map(|(stop, before)| stop.words(before)).collect();
        let rest = match hidden {
            [] => None,
            [one] => {
                let by_name = one.words(shown.last());
                // Its name may take fewer words than that there is one.
                Some(
                    Some(more(shown, hidden)).filter(|more| count(more) < count(&by_name)).unwrap_or(by_name),
                )
            }
            _ => Some(more(shown, hidden)),
        };
        words.extend(rest);
        Some(format!("goes to {}", words.join(", then ")))
    }

    /// The same in few words, without reasons and times.
    fn curt(&self) -> Self {
        Self { end: self.end.briefly(), why: None, ..self.clone() }
    }

    /// The same in the fewest words, without notices too.
    fn bare(&self) -> Self {
        let mut bare = self.curt();
        for stop in &mut bare.stops {
            stop.asks.retain(|note| note != NOTICE);
        }
        bare
    }

    /// Where it goes, and how it ends where that is otherwise than usual.
    fn beside(&self, usual: &Self, named: usize) -> String {
        match self.goes(named) {
            Some(_) if self.goes_like(usual) => format!("goes there too, else {}", self.end),
            // How it ends is said with an outage already.
            Some(goes) if !usual.stops.is_empty() && self.end.briefly() == usual.end.briefly() => goes,
            _ => self.words(named),
        }
    }

    /// What follows in its wordings, behind a word that says when.
    pub fn wordings(&self, when: &str) -> Vec<(Worth, String)> {
        self.worded(when, &self.curt())
    }

    /// The same with another last wording.
    fn worded(&self, when: &str, last: &Self) -> Vec<(Worth, String)> {
        let (two, one) = (self.goes(2), self.goes(1));
        let (two, one, why) = (two.as_deref(), one.as_deref(), self.why.as_deref());
        let hurried = End { wait: None, ..self.end };
        let ways = [
            (Worth::Third, self.words(3)),
            (Worth::Wait, self.ended(two, &self.end, why)),
            (Worth::Second, self.ended(two, &hurried, why)),
            (Worth::Nothing, self.ended(one, &hurried, why)),
            (Worth::Elsewhere, self.ended(one, &self.end.briefly(), None)),
            (Worth::Kept, last.words(1)),
        ];
        ways.into_iter().map(|(worth, words)| (worth, format!("{when} it {words}"))).collect()
    }
}

/// `2 more (up to 8 times the cost, once someone confirms)`: what a reader has to know of targets that are not named.
fn more(shown: &[Stop], hidden: &[Stop]) -> String {
    if shown.last().is_some_and(|last| hidden.iter().all(|stop| stop.is_likewise(last))) {
        return format!("{} more (likewise)", hidden.len());
    }
    let mut notes = Vec::new();
    let dearest = |stops: &[Stop]| stops.iter().filter_map(|stop| stop.multiplier.clone()).max();
    let is_dear = |times: &Multiplier| match times {
        Multiplier::Infinite => true,
        Multiplier::Finite(times) => *times > whole(1),
    };
    if let Some(times) = dearest(hidden).filter(is_dear)
        && dearest(shown).is_none_or(|known| times > known)
    {
        let is_one = hidden.len() == 1 || times == Multiplier::Infinite;
        notes.extend(roughly(&times).map(|words| if is_one { words } else { format!("up to {words}") }));
    }
    let all_or_some =
        |has: fn(&Stop) -> bool, words: &str| match hidden.iter().filter(|stop| has(stop)).count() {
            0 => None,
            all if all == hidden.len() => Some(words.to_owned()),
            _ => Some(format!("some {words}")),
        };
    notes.extend(all_or_some(|stop| stop.is_throttled, "throttled"));
    notes.extend(all_or_some(|stop| stop.is_confirmed, "once someone confirms"));
    let mut held: Vec<&[String]> =
        hidden.iter().map(|stop| stop.held.as_slice()).filter(|held| !held.is_empty()).collect();
    held.dedup();
    for held in held {
        let some = if hidden.iter().all(|stop| stop.held == held) { "" } else { "some " };
        notes.push(format!("{some}{}", held.join(", ")));
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    format!("{} more{notes}", hidden.len())
}

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
fn grouped(led: Vec<(Trigger, Fate)>) -> Vec<(Vec<Trigger>, Fate)> {
    let mut groups: Vec<(Vec<Trigger>, Fate)> = Vec::new();
    for (trigger, fate) in led {
        match groups.iter_mut().find(|(_, known)| known.is_like(&fate)) {
            Some((triggers, _)) => triggers.push(trigger),
            None => groups.push((vec![trigger], fate)),
        }
    }
    groups
}

/// Triggers that are not those of an outage and lead elsewhere, in one clause.
fn led_elsewhere(groups: &[(Vec<Trigger>, Fate)], usual: &Fate) -> Option<Part> {
    let ((triggers, first), more) = groups.split_first()?;
    let all = |of: fn(&Fate, &Fate) -> String| -> String {
        let said = groups.iter().map(|(triggers, fate)| led_to(triggers, &of(fate, usual)));
        said.collect::<Vec<String>>().join("; ")
    };
    let curt = all(|fate, usual| fate.bare().beside(&usual.bare(), 1));
    let leads = groups.iter().any(|(_, fate)| !fate.stops.is_empty());
    let end = first.end.briefly();
    let least = match end.what {
        _ if triggers.len() == 1 && more.is_empty() => curt.clone(),
        _ if leads => "other triggers lead elsewhere".to_owned(),
        _ if more.iter().any(|(_, fate)| fate.end.briefly() != end) => {
            "other triggers end otherwise".to_owned()
        }
        "queues" => "some other triggers queue it".to_owned(),
        "degrades" => "some other triggers degrade it".to_owned(),
        _ => "some other triggers block it".to_owned(),
    };
    Some(Part::clause(vec![
        (Worth::Others, all(|fate, usual| fate.beside(usual, usize::MAX))),
        (Worth::Elsewhere, curt),
        (Worth::Kept, least),
    ]))
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
