//! Clauses with a word too much, or with another one than they have here.

use crate::number::SECONDS_PER_DAY;
use num_traits::ToPrimitive;

use super::Mend;
use crate::diag::day;
use crate::diag::quantity::{self, Bare, Unit, Wanted};
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `follow none`: no failover is a clause of its own.
pub(super) fn none(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before.filter(|before| before.text(scene.text) == "follow")?;
    let nothing = matches!(scene.found_text(), "none" | "nothing" | "no" | "never" | "off" | "null");
    let end = scene.found.map_or(before.end, |found| found.end);
    let message = "that nothing follows is a clause of its own";
    nothing.then(|| Mend::new(before.start, end, "none").message(message))
}

/// `overrides failover x`, `within budget y`: a name stands there without its kind.
pub(super) fn kind(scene: &Scene<'_>) -> Option<Mend> {
    const KINDS: [&str; 8] =
        ["failover", "rule", "budget", "policy", "statement", "chain", "quota", "guarantee"];
    let onward = scene.onward();
    let named = |token: &&Token| scene.is_word(token) || matches!(token.kind, Kind::Text { .. });
    let (before, second) = (scene.before?, scene.second_before?);
    let (keyword, start, name) =
        if words::TIERS.contains(&scene.found_text()) && scene.behind(1) == Some("rule") {
            (before, scene.found?.start, *onward.get(2).filter(named)?)
        } else if KINDS.contains(&before.text(scene.text)) {
            (second, before.start, *onward.first().filter(named)?)
        } else {
            return None;
        };
    let clause = keyword.text(scene.text);
    let message = format!("{} stands before the name that `{clause}` takes", shown(scene, start, name.start));
    let right = Mend::new(start, name.end, name.text(scene.text)).message(message);
    matches!(clause, "overrides" | "within").then_some(right)
}

/// What stands up to a place, in back quotes.
fn shown(scene: &Scene<'_>, start: usize, end: usize) -> String {
    let length = scene.text.get(start..end).map_or(0, |text| text.trim_end().len());
    quote(scene.text, Token { start, end: start + length, kind: Kind::Word })
}

/// `500 usd per 30 days`: a period has a name.
pub(super) fn period(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| matches!(found.kind, Kind::Number | Kind::Word))?;
    let periods = words::PERIODS.iter().chain(words::QUOTA_PERIODS);
    if scene.before_text() != "per" || !periods.clone().any(|period| scene.expects(period)) {
        return None;
    }
    let onward = scene.onward();
    let rest = scene.text.get(found.start..onward.last()?.end)?;
    let (quantity, length) = quantity::read(rest, Wanted::Duration(Bare::Days))?;
    let Unit::Time(_, seconds) = &quantity.unit else { return None };
    let seconds = (&quantity.value * seconds).to_u64()?;
    let name = match seconds {
        60 => "minute",
        SECONDS_PER_DAY => "day",
        days if days == 7 * SECONDS_PER_DAY => "week",
        days if (28 * SECONDS_PER_DAY..=31 * SECONDS_PER_DAY).contains(&days) => "month",
        days if (90 * SECONDS_PER_DAY..=92 * SECONDS_PER_DAY).contains(&days) => "quarter",
        days if (360 * SECONDS_PER_DAY..=366 * SECONDS_PER_DAY).contains(&days) => "year",
        _ => return None,
    };
    let length = rest.get(..length)?.trim_end().len();
    scene.expects(name).then(|| Mend::new(found.start, found.start + length, name))
}

/// `given { use_case: a }`: what a test is given has neither braces nor colons.
pub(super) fn given(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "test"
        || scene.before_text() != "given"
        || !matches!(scene.found_text(), "{" | "(" | "[")
    {
        return None;
    }
    let onward = scene.onward();
    let close = onward.iter().position(|token| matches!(token.text(scene.text), "}" | ")" | "]"))?;
    let inner = scene.written(onward.get(1..close)?)?.replace([':', '='], " ");
    let said: Vec<&str> = inner.split_whitespace().collect();
    let text = said.join(" ").replace(" ,", ",");
    Some(Mend::new(scene.found?.start, onward.get(close)?.end, text))
}

/// `require { a == b }` on one line: a condition stands without braces.
pub(super) fn braces(scene: &Scene<'_>) -> Option<Mend> {
    if scene.found_text() != "{" || !scene.expects_group("a condition") {
        return None;
    }
    let onward = scene.onward();
    let close = onward.iter().position(|token| token.text(scene.text) == "}")?;
    let inner = scene.written(onward.get(1..close)?)?;
    Some(Mend::new(scene.found?.start, onward.get(close)?.end, inner))
}

/// `until 31.12.2026`, `until "2026-12-31"`.
pub(super) fn date(scene: &Scene<'_>) -> Option<Mend> {
    if !scene.expects_group("a day") {
        return None;
    }
    let onward = scene.onward();
    let start = scene.found?.start;
    (1..=onward.len().min(5)).find_map(|count| {
        let end = onward.get(count - 1)?.end;
        let right = day::read(scene.text.get(start..end)?.trim_matches(['"', '\'']))?;
        Some(Mend::new(start, end, right))
    })
}
