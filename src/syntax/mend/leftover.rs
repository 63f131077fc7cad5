//! Clauses with more in them than they take: `at 100% queue for 1 hour`, `log true`, `block "a@b"`, `then failover to a`.

use super::Mend;
use crate::diag::quantity::{self, Bare, Wanted};
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `log true`: what is logged has a name.
pub(super) fn log(scene: &Scene<'_>) -> Option<Mend> {
    let log = scene.before.filter(|before| before.text(scene.text) == "log" && scene.expects("as"))?;
    let is_flag = matches!(
        scene.found_text(),
        "true" | "yes" | "on" | "required" | "enabled" | "always" | "all" | "everything" | "it"
    );
    let right = "log as governance-event";
    is_flag.then(|| {
        let help = format!("what is logged has a name: write it as `{right}`");
        Mend::new(log.start, scene.found.map_or(log.end, |found| found.end), right).help(help)
    })
}

/// `at 100% queue for 1 hour`, `at 100% block "a@b"`: a budget's action is one word.
pub(super) fn action(scene: &Scene<'_>) -> Option<Mend> {
    let action = scene.before.filter(|_| scene.first == "budget")?;
    let clause = scene.clause();
    let is_at = clause.first().is_some_and(|first| first.text(scene.text) == "at");
    let word = action.text(scene.text);
    if !is_at || !words::BUDGET_ACTIONS.contains(&word) {
        return None;
    }
    let onward = scene.onward();
    let rest: Vec<Token> = onward.iter().take_while(|token| token.text(scene.text) != "}").copied().collect();
    let end = rest.last()?.end;
    if scene.found_text() == "for" && rest.get(1).is_some_and(|next| next.kind == Kind::Number) {
        let shown = quote(scene.text, Token { end, ..scene.found? });
        let help = format!("leave out {shown}, for a budget waits for its next period: write it as `{word}`");
        return Some(Mend::new(action.start, end, word).help(help));
    }
    let texts = rest
        .iter()
        .all(|token| matches!(token.kind, Kind::Text { closed: true }) || token.text(scene.text) == ",");
    let share = scene.written(clause.get(..clause.len().checked_sub(1)?)?)?;
    let right = format!("{word} {share} notify {}", scene.written(&rest)?);
    texts.then(|| {
        let help = format!("who is told is a clause of its own: write it as `{right}`");
        Mend::new(action.start, end, right.clone()).help(help)
    })
}

/// `for each team`, `group by team`: each value apart.
pub(super) fn each(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.beginnings().is_some_and(|all| all.contains(&"per")))?;
    let onward = scene.onward();
    let texts: Vec<&str> = onward.iter().take(4).map(|token| token.text(scene.text)).collect();
    let count = match texts.as_slice() {
        ["for" | "by", "each" | "every", ..]
        | [
            "group" | "grouped" | "split" | "each" | "apply" | "count" | "counted",
            "by" | "per" | "for" | "to" | "in",
            ..,
        ] => 2,
        ["each" | "every" | "scope" | "dimension", ..] => 1,
        _ => return None,
    };
    let name = onward.get(count).filter(|name| words::DIMENSIONS.contains(&name.text(scene.text)))?;
    let is_last = onward.get(count + 1).is_none_or(|next| next.text(scene.text) == "}");
    is_last.then(|| Mend::new(found.start, name.end, format!("per {}", name.text(scene.text))))
}

/// `on model.provider == north`: `on` takes the provider or the model itself.
pub(super) fn compared(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before.filter(|_| matches!(scene.first, "budget" | "quota"))?;
    let on = scene.second_before.filter(|second| second.text(scene.text) == "on")?;
    let onward = scene.onward();
    let [sign, name, ..] = onward.as_slice() else { return None };
    let is_sign = matches!(sign.text(scene.text), "==" | "=" | ":" | "is" | "in");
    let attribute = before.text(scene.text);
    let is_of_model = matches!(
        attribute,
        "model.provider" | "model.id" | "model" | "provider" | "model.name" | "provider.name"
    );
    let right = name.text(scene.text);
    let is_name = matches!(name.kind, Kind::Word | Kind::Text { closed: true });
    let same_line = scene.text.get(on.end..before.start).is_some_and(|gap| !gap.contains('\n'));
    let help = format!("`on` takes the name alone: write it as `{right}`");
    (is_sign && is_of_model && is_name && same_line)
        .then(|| Mend::new(before.start, name.end, right).help(help))
}

/// `escalate after 1 day "a@b"`: words before the text that say when.
pub(super) fn before_text(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a string"))?;
    let onward = scene.onward();
    let at = onward.iter().position(|token| matches!(token.kind, Kind::Text { closed: true }))?;
    let (skipped, text) = (onward.get(..at)?, onward.get(at)?);
    let is_quiet = |token: &Token| {
        token.kind == Kind::Number
            || (token.kind == Kind::Word && !words::is_clause(token.text(scene.text)))
            || matches!(token.text(scene.text), "(" | "in")
    };
    let last = skipped.last()?;
    // `("…")`, `f"…"`: with what closes it.
    let opens = skipped.first().is_some_and(|first| first.text(scene.text) == "(");
    let close = onward.get(at + 1).filter(|next| opens && next.text(scene.text) == ")");
    if !skipped.iter().all(is_quiet) || skipped.len() > 4 || (opens && close.is_none()) {
        return None;
    }
    let right = text.text(scene.text);
    let shown = quote(scene.text, Token { end: last.end, ..found });
    let help = if opens {
        format!("a text stands without brackets: write it as `{right}`")
    } else {
        format!("leave out {shown}: write it as `{right}`")
    };
    Some(Mend::new(found.start, close.unwrap_or(text).end, right).help(help))
}

/// `then failover to quay`: where it goes stands in a failover statement.
pub(super) fn failover_to(scene: &Scene<'_>) -> Option<Mend> {
    let word =
        scene.before.filter(|before| before.text(scene.text) == "failover" && scene.first == "quota")?;
    let then = scene.second_before.is_some_and(|second| second.text(scene.text) == "then");
    let onward = scene.onward();
    let kept = |token: &&Token| token.text(scene.text) != "}" && !words::is_clause(token.text(scene.text));
    let last = onward.iter().take_while(kept).last().filter(|_| then)?;
    let same_line = scene.text.get(word.end..last.end).is_some_and(|gap| !gap.contains('\n'));
    let shown = quote(scene.text, Token { end: last.end, ..scene.found? });
    let help = format!(
        "leave out {shown}, for where it goes stands in a failover statement: write it as `failover`"
    );
    same_line.then(|| Mend::new(word.start, last.end, "failover").help(help))
}

/// `100000 input tokens per minute`: a quota counts those of the prompt and of the answer.
pub(super) fn counted(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.first == "quota" && scene.expects("tokens"))?;
    let onward = scene.onward();
    let unit = onward.get(1).filter(|unit| words::QUOTA_UNITS.contains(&unit.text(scene.text)))?;
    let right = unit.text(scene.text);
    let help = format!("leave out {}, for all are counted: write it as `{right}`", quote(scene.text, found));
    (found.kind == Kind::Word).then(|| Mend::new(found.start, unit.end, right).help(help))
}

/// `retain 3 years and 6 months`, `cooldown 1 minute 30 seconds`: one duration.
pub(super) fn durations(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let opener = clause.first()?;
    let bare = match (scene.first, opener.text(scene.text)) {
        ("audit", "retain") => Bare::Keeping,
        ("failover", "cooldown") => Bare::Seconds,
        _ => return None,
    };
    let wanted = Wanted::Duration(bare);
    let start = clause.get(1)?.start;
    let line = scene.text.get(start..scan::line_end(scene.text, start))?;
    let (first, length) = quantity::read(line, wanted)?;
    let behind = line.get(length..)?;
    let rest = behind.trim_start().trim_start_matches(['+', ',', '&']).trim_start();
    let rest = rest.strip_prefix("and ").unwrap_or(rest);
    let (second, more) = quantity::read(rest, wanted)?;
    let seconds = |quantity: &quantity::Quantity| match &quantity.unit {
        quantity::Unit::Time(_, seconds) => Some(&quantity.value * seconds),
        _ => None,
    };
    let end = start + line.len() - rest.len() + rest.get(..more)?.trim_end().len();
    let total = seconds(&first)? + seconds(&second)?;
    let days = &total / crate::number::whole(crate::number::SECONDS_PER_DAY);
    let (word, value) = if days.is_integer() { ("days", days) } else { ("seconds", total) };
    let unit = quantity::Unit::Time(word, crate::number::whole(1));
    let sum = quantity::Quantity { value, unit, per: None };
    let right = sum.written(wanted)?;
    let help = format!("one duration stands there: write it as `{right}`");
    (scene.failed <= end).then(|| Mend::new(start, end, right).help(help))
}

/// `require lineage` in an audit statement.
pub(super) fn lineage(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.first == "audit")?;
    let onward = scene.onward();
    let word = onward.get(1).filter(|word| word.text(scene.text) == "lineage")?;
    let requires = matches!(scene.found_text(), "require" | "requires" | "record" | "keep" | "with" | "log");
    requires.then(|| Mend::new(found.start, word.end, "lineage required"))
}

/// `chain *`: every model in the order of the rules.
pub(super) fn chain(scene: &Scene<'_>) -> Option<Mend> {
    let star = scene.found.filter(|found| matches!(found.text(scene.text), "*" | "all"))?;
    let chain = scene.before.filter(|before| before.text(scene.text) == "chain")?;
    let onward = scene.onward();
    let end = onward.get(1).filter(|next| next.text(scene.text) == "->").map_or(star.end, |next| next.end);
    let right = "follow ranking";
    let help = format!("for all in the order of the rules, write it as `{right}`");
    Some(Mend::new(chain.start, end, right).help(help))
}

/// `for *`, `on *` of a budget or quota: the clause says nothing.
pub(super) fn of_all(scene: &Scene<'_>) -> Option<Mend> {
    let star = scene.found.filter(|found| found.text(scene.text) == "*")?;
    let keyword = scene.before?;
    let help = match (scene.first, keyword.text(scene.text)) {
        ("guarantee", "for") | (_, "when") => "leave this clause out: without it, every request is meant",
        ("budget", "on") => "leave `on` out: without it, what goes to any model is counted",
        _ => return None,
    };
    Some(Mend::new(keyword.start, star.end, "").help(help).message("a `*` names nothing here"))
}
