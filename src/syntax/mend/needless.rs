//! What a clause does not take: `lineage optional`, `escalate "a" after 2 days`, `limit 500 usd in total`, `on team claims`.

use super::Mend;
use crate::diag::quantity;
use crate::syntax::foreign;
use crate::syntax::literal;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `lineage optional`, `no lineage`: where none is recorded, nothing says so.
pub(super) fn no_lineage(scene: &Scene<'_>) -> Option<Mend> {
    const NOT: [&str; 15] = [
        "optional", "false", "not", "no", "none", "off", "disabled", "never", "without", "disable", "skip",
        "ignore", "ignored", "null", "unneeded",
    ];
    let onward = scene.onward();
    let is_not = |text: &str| NOT.contains(&text.to_lowercase().as_str());
    let lineage = |token: &&Token| token.text(scene.text) == "lineage" && scene.first == "audit";
    let (start, end) = if let Some(word) = scene.before.as_ref().filter(lineage) {
        let end = onward.iter().take_while(|token| {
            let text = token.text(scene.text);
            is_not(text)
                || matches!(
                    text,
                    "required" | "needed" | "recorded" | "is" | "=" | ":" | "be" | "must" | "need"
                )
        });
        let said: Vec<&Token> = end.collect();
        said.iter().any(|token| is_not(token.text(scene.text))).then_some(())?;
        (word.start, said.last()?.end)
    } else {
        let found = scene.found.filter(|found| is_not(found.text(scene.text)))?;
        (found.start, onward.get(1).filter(lineage)?.end)
    };
    let shown = quote(scene.text, Token { start, end, kind: Kind::Word });
    Some(
        Mend::new(start, end, "")
            .message(format!("lineage is required, or nothing is said of it, found {shown}"))
            .help("leave the clause out: lineage is recorded only where a statement says `lineage required`"),
    )
}

/// `escalate "a" after 2 days`, `mask pii with "***"`: what a list of those who are told or hidden does not say.
pub(super) fn behind_list(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let opener = text(clause.first()?);
    let mut all: Vec<Token> = clause.get(1..)?.to_vec();
    all.extend(onward.iter().take_while(|token| text(token) != "}"));
    let is_item = |token: &Token| match opener {
        "mask" => token.kind == Kind::Word && !is_way(text(token)),
        _ => matches!(token.kind, Kind::Text { closed: true }),
    };
    let count = all.iter().take_while(|token| is_item(token) || text(token) == ",").count();
    let (list, rest) = all.split_at_checked(count)?;
    let first = rest.first()?;
    let (is_known, why) = match opener {
        "escalate" | "notify" => (is_when(text(first)), "for whoever is told is told at once"),
        "mask" => (is_way(text(first)), "for how it is masked is set at the gateway"),
        _ => return None,
    };
    let written = scene.written(list)?;
    let last = rest.last()?;
    let shown = quote(scene.text, Token { end: last.end, ..*first });
    let help = format!("leave out {shown}, {why}: write it as `{written}`");
    let is_behind = first.start <= scene.failed && scene.failed <= last.end;
    (is_known && is_behind).then(|| {
        Mend::new(list.first().map_or(first.start, |first| first.start), last.end, written)
            .help(help)
            .dropping()
    })
}

/// Words with which people say how something is done.
fn is_way(word: &str) -> bool {
    matches!(word, "with" | "as" | "using" | "by" | "in" | "to" | "from" | "via" | "before" | "for")
}

/// Words with which people say when, or by what way.
fn is_when(word: &str) -> bool {
    matches!(
        word,
        "after"
            | "if"
            | "within"
            | "in"
            | "when"
            | "on"
            | "at"
            | "by"
            | "via"
            | "every"
            | "once"
            | "unless"
            | "until"
            | "for"
            | "then"
            | "immediately"
            | "daily"
            | "weekly"
            | "monthly"
            | "hourly"
            | "through"
            | "using"
    )
}

/// `on team engineering`, `on team == engineering`: what is said of requests is a `when`.
pub(super) fn on_request(scene: &Scene<'_>) -> Option<Mend> {
    let attribute = scene.before.filter(|_| matches!(scene.first, "budget" | "quota"))?;
    let on = scene.second_before.filter(|second| second.text(scene.text) == "on")?;
    let name = attribute.text(scene.text);
    if !words::is_tested(name) || name.starts_with("model.") || foreign::stands_already(scene, "when") {
        return None;
    }
    let onward = scene.onward();
    let mut tokens = vec![attribute];
    tokens.extend(scene.operand(&onward));
    let condition = super::stray::stated(scene, &tokens)?;
    let right = format!("when {condition}");
    let help = format!("`on` names providers and models: write it as `{right}`");
    Some(Mend::new(on.start, tokens.last()?.end, right).help(help))
}

/// `limit 500 concurrent requests`, `limit 500 requests at once`: a quota counts in a time.
pub(super) fn at_once(scene: &Scene<'_>) -> Option<Mend> {
    const AT_ONCE: [&str; 12] = [
        "concurrent",
        "parallel",
        "simultaneous",
        "inflight",
        "in-flight",
        "in",
        "at",
        "once",
        "total",
        "all",
        "overall",
        "flight",
    ];
    let clause = scene.clause();
    let is_limit =
        scene.first == "quota" && clause.first().is_some_and(|first| first.text(scene.text) == "limit");
    let number = clause.get(1).filter(|token| is_limit && token.kind == Kind::Number)?;
    let onward = scene.onward();
    let mut rest: Vec<Token> = clause.get(2..)?.to_vec();
    rest.extend(onward.iter().take_while(|token| token.text(scene.text) != "}"));
    let unit = rest.iter().map(|token| token.text(scene.text)).find(|text| words::QUOTA_UNITS.contains(text));
    let is_known = |token: &Token| {
        let text = token.text(scene.text);
        AT_ONCE.contains(&text) || words::QUOTA_UNITS.contains(&text)
    };
    let says = rest.iter().any(|token| AT_ONCE.contains(&token.text(scene.text)));
    let right = format!("{} {} per minute", number.text(scene.text), unit.unwrap_or("requests"));
    let help = format!("a quota counts per minute or per day: write it as `{right}` if that is meant");
    (says && rest.iter().all(is_known)).then(|| {
        Mend::new(number.start, rest.last().map_or(number.end, |last| last.end), right).help(help).choice()
    })
}

/// `limit 20000 usd in total`, `limit 20000 usd p.m.`: a budget is for a period.
pub(super) fn money(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let is_limit = clause.len() == 3 && clause.first().is_some_and(|first| first.text(scene.text) == "limit");
    let usd = scene.before.filter(|_| scene.first == "budget" && is_limit && scene.expects("per"))?;
    let onward = scene.onward();
    let rest: Vec<Token> = onward.iter().take_while(|token| token.text(scene.text) != "}").copied().collect();
    let words: Vec<String> = rest.iter().map(|token| token.text(scene.text).to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != ".").collect();
    let (period, is_said) = match words.as_slice() {
        ["p.m" | "pm" | "p/m" | "mo" | "mtd"]
        | ["this" | "each" | "every" | "one" | "a" | "the", "month"] => ("month", true),
        ["p.a" | "pa" | "ytd" | "annually"] | ["this" | "each" | "every" | "one" | "a" | "the", "year"] => {
            ("year", true)
        }
        ["p.d" | "pd" | "today"] | ["this" | "each" | "every" | "one" | "a" | "the", "day"] => ("day", true),
        ["p.w" | "pw"] | ["this" | "each" | "every" | "one" | "a" | "the", "week"] => ("week", true),
        ["p.q"] | ["this" | "each" | "every" | "one" | "a" | "the", "quarter"] => ("quarter", true),
        [first, ..]
            if matches!(
                *first,
                "in" | "total"
                    | "overall"
                    | "altogether"
                    | "max"
                    | "maximum"
                    | "at"
                    | "all"
                    | "for"
                    | "once"
                    | "ever"
            ) =>
        {
            ("month", false)
        }
        _ => return None,
    };
    let kept = |token: &&Token| {
        !words::is_clause(token.text(scene.text)) || matches!(token.text(scene.text), "at" | "for" | "on")
    };
    let end = rest.iter().take_while(kept).last()?.end;
    let right = format!("{} per {period}", scene.written(&[*scene.clause().get(1)?, usd])?);
    let start = scene.clause().get(1)?.start;
    let mend = Mend::new(start, end, right.clone());
    Some(if is_said {
        mend.help(format!("write it as `{right}`"))
    } else {
        mend.help(format!(
            "a budget is for a period: write it as `{right}`, or per day, week, quarter or year"
        ))
        .choice()
    })
}

/// `anomaly threshold 25%`: the share stands behind `above`.
pub(super) fn anomaly(scene: &Scene<'_>) -> Option<Mend> {
    let anomaly =
        scene.before.filter(|before| before.text(scene.text) == "anomaly" && scene.expects("above"))?;
    let onward = scene.onward();
    let at = onward.iter().position(|token| token.kind == Kind::Number)?;
    let percent =
        onward.get(at + 1).filter(|next| matches!(next.text(scene.text), "%" | "percent" | "pct"))?;
    let is_plain = onward
        .get(..at)?
        .iter()
        .all(|token| token.kind == Kind::Word || matches!(token.text(scene.text), ">" | ">=" | "=" | ":"));
    let right = format!("anomaly above {}%", onward.get(at)?.text(scene.text));
    is_plain.then(|| Mend::new(anomaly.start, percent.end, right))
}

/// `retry 2 times with backoff`: how long an endpoint is left alone is its `cooldown`.
pub(super) fn backoff(scene: &Scene<'_>) -> Option<Mend> {
    const WORDS: [&str; 14] = [
        "with",
        "using",
        "exponential",
        "backoff",
        "back-off",
        "jitter",
        "linear",
        "fixed",
        "and",
        "delay",
        "random",
        "increasing",
        "constant",
        "full",
    ];
    let found = scene.found?;
    let clause = scene.clause();
    let [opener, rest @ ..] = clause.as_slice() else { return None };
    let onward = scene.onward();
    let end = onward.iter().position(|token| token.text(scene.text) == "}").unwrap_or(onward.len());
    let said = onward.get(..end)?;
    let is_known = said.iter().all(|token| WORDS.contains(&token.text(scene.text)));
    let right = scene.written(rest)?;
    let last = said.last().filter(|_| is_known && matches!(opener.text(scene.text), "retry" | "cooldown"))?;
    let shown = quote(scene.text, Token { end: last.end, ..found });
    let help =
        format!("leave out {shown}, for how long it is left alone is its `cooldown`: write it as `{right}`");
    Some(Mend::new(rest.first()?.start, last.end, right).help(help))
}

/// `20000 usd in total`, `500 requests per minute`: an amount without the word of its clause.
pub(super) fn amount(scene: &Scene<'_>) -> Option<Mend> {
    let number = scene.found.filter(|found| found.kind == Kind::Number && scene.beginnings().is_some())?;
    // Behind a clause on the same line, it belongs to that one; and a word of a clause may have been read as a value.
    let begins = scene.before.is_some_and(|before| {
        let gap = scene.text.get(before.end..number.start);
        before.text(scene.text) == "{" || gap.is_some_and(|gap| gap.contains('\n'))
    });
    if !begins || words::is_clause(scene.before_text()) {
        return None;
    }
    let line = scene.text.get(number.start..scan::line_end(scene.text, number.start))?;
    let clauses: &[&str] = match scene.first {
        "budget" => &["limit", "at"],
        "quota" => &["limit"],
        "failover" => &["limit", "retry", "cooldown"],
        "audit" => &["retain"],
        _ => return None,
    };
    let (clause, right, length) = clauses.iter().find_map(|clause| {
        let wanted = literal::of_clause(scene.first, clause)?;
        let (quantity, length) = quantity::read(line, wanted)?;
        let right = quantity.written(wanted).filter(|_| quantity.unit != quantity::Unit::Bare)?;
        Some((*clause, right, length))
    })?;
    let behind = line.get(length..)?.split(['}', '#']).next()?.trim();
    let is_total = matches!(
        behind,
        "" | "in total" | "total" | "overall" | "altogether" | "at most" | "max" | "maximum"
    );
    let whole = number.start
        + if is_total { line.find(behind).unwrap_or(length).max(length) + behind.len() } else { length };
    let end = number.start + line.get(..whole - number.start)?.trim_end().len();
    let right = format!("{clause} {right}");
    (!foreign::stands_already(scene, clause) || clause == "at").then(|| Mend::new(number.start, end, right))
}
