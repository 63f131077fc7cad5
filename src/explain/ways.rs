//! Where a request goes when an endpoint fails, in wordings from full to brief: told alike from a workspace and from a
//! table.

use std::fmt;

use super::compose::Worth;
use super::phrases;
use super::words::{NOTICE, count, duration, roughly};
use crate::decide::Multiplier;
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
    pub(super) fn briefly(&self) -> Self {
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
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.end == other.end && self.goes_like(other)
    }

    /// Whether both lead to the same targets.
    pub(super) fn goes_like(&self, other: &Self) -> bool {
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
    pub(super) fn goes(&self, named: usize) -> Option<String> {
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
    pub(super) fn curt(&self) -> Self {
        Self { end: self.end.briefly(), why: None, ..self.clone() }
    }

    /// The same in the fewest words, without notices too.
    pub(super) fn bare(&self) -> Self {
        let mut bare = self.curt();
        for stop in &mut bare.stops {
            stop.asks.retain(|note| note != NOTICE);
        }
        bare
    }

    /// Where it goes, and how it ends where that is otherwise than usual.
    pub(super) fn beside(&self, usual: &Self, named: usize) -> String {
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
    pub(super) fn worded(&self, when: &str, last: &Self) -> Vec<(Worth, String)> {
        let (two, one) = (self.goes(2), self.goes(1));
        let (two, one, why) = (two.as_deref(), one.as_deref(), self.why.as_deref());
        let hurried = End { wait: None, ..self.end };
        // What the last one asks for is a part of where it goes.
        let asks = self.stops.len() == 2 && self.stops.last().is_some_and(|last| !last.asks.is_empty());
        let second = if asks { Worth::Elsewhere } else { Worth::Second };
        let ways = [
            (Worth::Third, self.words(3)),
            (Worth::Wait, self.ended(two, &self.end, why)),
            (second, self.ended(two, &hurried, why)),
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
