//! A sentence that is not too long: each of its parts has several wordings, and what is worth least gives way first.

use crate::limits::shown;
use std::cmp::Reverse;

use super::words::count;

/// What is lost when a wording gives way to the next, from what is worth least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// The obvious alternative, and why it is not.
    Alternative,
    /// The reason that a rule or failover statement states.
    Because,
    /// The third target.
    Third,
    /// Of how many the primary is the first.
    Count,
    /// How other triggers end, and the rest of their targets.
    Others,
    /// How long a request waits in the end.
    Wait,
    /// The second target.
    Second,
    /// Which of the models that are left comes first, and why.
    Order,
    /// Why nothing follows.
    Nothing,
    /// What else keeps models out.
    More,
    /// Where other triggers lead, one by one: what becomes of prompts last.
    Prompts,
    /// Where other triggers lead.
    Elsewhere,
    /// What keeps models out.
    Cause,
    /// What has to be said.
    Kept,
}

/// A part of a sentence in its wordings, the fullest first; an empty one leaves it out.
#[derive(Debug, Clone)]
pub struct Part {
    joint: &'static str,
    wordings: Vec<(Worth, String)>,
}

impl Part {
    /// What stands right behind what is before it.
    pub fn attached(wordings: Vec<(Worth, String)>) -> Self {
        Self { joint: "", wordings }
    }

    /// A clause of its own.
    pub fn clause(wordings: Vec<(Worth, String)>) -> Self {
        Self { joint: "; ", wordings }
    }

    /// A clause that has to be said.
    pub fn kept(text: String) -> Self {
        Self::clause(vec![(Worth::Kept, text)])
    }

    /// A clause that is said while there is room, and what is lost without it.
    pub fn spare(worth: Worth, text: String) -> Self {
        Self::clause(vec![(worth, text), (Worth::Kept, String::new())])
    }
}

/// A beginning with its parts, in so many words if they can be said in so many, or in few more.
pub fn composed(head: &str, parts: &[Part], most: usize) -> String {
    let mut chosen = vec![0; parts.len()];
    let length = |chosen: &[usize]| count(&text(head, parts, chosen));
    let limit = |worth: Worth| if worth < Worth::Prompts { most } else { most + shown::EXTRA_WORDS };
    loop {
        let gives_way = |(at, part): (usize, &Part)| {
            let now = chosen.get(at).copied()?;
            let worth = part.wordings.get(now).filter(|_| now + 1 < part.wordings.len())?.0;
            Some((worth, at))
        };
        let least = parts.iter().enumerate().filter_map(gives_way).min_by_key(|(worth, _)| *worth);
        let Some((_, at)) = least.filter(|(worth, _)| length(&chosen) > limit(*worth)) else { break };
        if let Some(now) = chosen.get_mut(at) {
            *now += 1;
        }
    }
    // What gave way early may have room again, since something longer gave way behind it.
    let mut fuller: Vec<(Worth, usize, usize)> = Vec::new();
    for (at, (part, now)) in parts.iter().zip(&chosen).enumerate() {
        fuller.extend(part.wordings.iter().take(*now).enumerate().map(|(way, (worth, _))| (*worth, at, way)));
    }
    fuller.sort_by_key(|(worth, _, way)| (Reverse(*worth), *way));
    for (worth, at, way) in fuller {
        let mut tried = chosen.clone();
        if let Some(now) = tried.get_mut(at).filter(|now| way < **now) {
            *now = way;
            if length(&tried) <= limit(worth) {
                chosen = tried;
            }
        }
    }
    text(head, parts, &chosen)
}

fn text(head: &str, parts: &[Part], chosen: &[usize]) -> String {
    let mut text = head.to_owned();
    for (part, now) in parts.iter().zip(chosen) {
        if let Some((_, words)) = part.wordings.get(*now).filter(|(_, words)| !words.is_empty()) {
            text += part.joint;
            text += words;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Part, Worth, composed};

    #[test]
    fn what_is_worth_least_gives_way_first_and_comes_back_where_there_is_room() {
        let said = |text: &str| text.to_owned();
        let parts = [
            Part::attached(vec![(Worth::Because, said(", as x (it is so)")), (Worth::Kept, said(", as x"))]),
            Part::clause(vec![
                (Worth::Wait, said("else it waits for a long time")),
                (Worth::Kept, said("else it waits")),
            ]),
            Part::spare(Worth::Alternative, said("not y")),
        ];
        for (most, text) in [
            (20, "It goes, as x (it is so); else it waits for a long time; not y"),
            (14, "It goes, as x (it is so); else it waits for a long time"),
            (13, "It goes, as x; else it waits for a long time; not y"),
            (12, "It goes, as x; else it waits for a long time"),
            (9, "It goes, as x; else it waits; not y"),
            (7, "It goes, as x; else it waits"),
            (2, "It goes, as x; else it waits"),
        ] {
            assert_eq!(composed("It goes", &parts, most), text, "{most}");
        }
    }
}
