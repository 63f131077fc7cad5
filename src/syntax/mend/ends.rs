//! How a request ends, in the words of others: `then block with 429`, `then reply "Sorry"`, `queue forever`, `chain a/b -> queue`.

use super::Mend;
use crate::diag::elsewhere;
use crate::diag::quantity::{self, Bare, Wanted};
use crate::syntax::foreign;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// The tokens of a `then` from behind it to the end of its line or block, where the parser gave up in it.
fn ending(scene: &Scene<'_>) -> Option<(Token, Vec<Token>)> {
    if !matches!(scene.first, "failover" | "quota") {
        return None;
    }
    let clause = scene.clause();
    let then = *clause.first().filter(|first| first.text(scene.text) == "then")?;
    let mut rest: Vec<Token> = clause.get(1..)?.to_vec();
    rest.extend(scene.onward());
    let end = rest.iter().position(|token| token.text(scene.text) == "}");
    rest.truncate(end.unwrap_or(rest.len()));
    Some((then, rest))
}

/// The ends that the statement knows.
fn ends(scene: &Scene<'_>) -> &'static [&'static str] {
    if scene.first == "quota" { words::USED_UP } else { words::TERMINALS }
}

/// `then block with 429`, `then 503`: which status it has is no end.
pub(super) fn status(scene: &Scene<'_>) -> Option<Mend> {
    let (_, rest) = ending(scene)?;
    let text = |token: &Token| token.text(scene.text);
    let first = rest.first()?;
    let ours = ends(scene);
    let end = ours.iter().copied().find(|end| *end == text(first));
    let end = end.or_else(|| elsewhere::meant(text(first), ours));
    let of_status = |token: &Token| {
        let said = text(token).to_lowercase();
        let is_status = said.len() == 3 && said.bytes().all(|byte| byte.is_ascii_digit());
        is_status
            || matches!(
                said.as_str(),
                "with"
                    | "using"
                    | "and"
                    | "status"
                    | "code"
                    | "http"
                    | "error"
                    | "return"
                    | "returns"
                    | "as"
                    | "a"
                    | "an"
                    | "response"
                    | "("
                    | ")"
                    | ":"
                    | "="
                    | ","
                    | "by"
                    | "answer"
                    | "reply"
            )
    };
    let behind = rest.get(usize::from(end.is_some())..)?;
    let has_status = rest.iter().any(|token| token.kind == Kind::Number);
    if !has_status || !behind.iter().all(of_status) {
        return None;
    }
    let right = end.unwrap_or("block");
    let last = rest.last()?;
    let answer = if right == "block" { 403 } else { 503 };
    let help = if scene.found.is_some_and(|found| found.start == first.start) {
        format!("a status is not a terminal: write it as `{right}`, which is answered with {answer}")
    } else {
        let shown = quote(scene.text, Token { end: last.end, ..*behind.first()? });
        format!("leave out {shown}, for `{right}` is answered with {answer}: write it as `{right}`")
    };
    Some(Mend::new(first.start, last.end, right).help(help))
}

/// `queue forever`: without a time, it has no end.
pub(super) fn forever(scene: &Scene<'_>) -> Option<Mend> {
    let (_, rest) = ending(scene)?;
    let [queue, behind @ ..] = rest.as_slice() else { return None };
    let said: Vec<&str> = behind.iter().map(|token| token.text(scene.text)).collect();
    let is_forever = matches!(
        said.as_slice(),
        ["forever"
            | "indefinitely"
            | "infinitely"
            | "unlimited"
            | "permanently"
            | "endlessly"
            | "always"
            | "infinite"]
            | ["for", "ever" | "unlimited" | "infinity" | "always"]
            | ["without", "limit" | "end"]
            | ["no", "limit"]
    );
    let last = behind.last().filter(|_| is_forever && queue.text(scene.text) == "queue")?;
    let shown = quote(scene.text, Token { end: last.end, ..*behind.first()? });
    let help = format!("leave out {shown}, for without a time it has no end: write it as `queue`");
    Some(Mend::new(queue.start, last.end, "queue").help(help))
}

/// `then wait 15 minutes`: a request that waits is queued.
pub(super) fn waits(scene: &Scene<'_>) -> Option<Mend> {
    let (_, rest) = ending(scene)?;
    let [first, behind @ ..] = rest.as_slice() else { return None };
    let text = |token: &Token| token.text(scene.text);
    let is_wait =
        matches!(text(first), "wait" | "hold" | "delay" | "pause" | "park" | "defer" | "retry" | "queued");
    let skips =
        |token: &&Token| matches!(text(token), "for" | "up" | "to" | "at" | "most" | "after" | "until");
    let number = behind.iter().find(|token| !skips(token)).filter(|number| number.kind == Kind::Number)?;
    let wanted = Wanted::Duration(Bare::Minutes);
    let line = scene.text.get(number.start..scan::line_end(scene.text, number.start))?;
    let (quantity, length) = quantity::read(line, wanted)?;
    let right = format!("queue for {}", quantity.written(wanted)?);
    let end = number.start + line.get(..length)?.trim_end().len();
    is_wait.then(|| Mend::new(first.start, end, right))
}

/// `then reply "Sorry"`: a request that is answered with a text is degraded.
pub(super) fn reply(scene: &Scene<'_>) -> Option<Mend> {
    const ANSWERS: [&str; 20] = [
        "reply",
        "replies",
        "answer",
        "answers",
        "say",
        "says",
        "message",
        "respond",
        "responds",
        "return",
        "returns",
        "send",
        "show",
        "display",
        "print",
        "static",
        "apologise",
        "apologize",
        "serve",
        "degraded",
    ];
    let (_, rest) = ending(scene).filter(|_| scene.first == "failover")?;
    let [first, .., text] = rest.as_slice() else { return None };
    let answers = ANSWERS.contains(&first.text(scene.text));
    let filler = |token: &Token| {
        matches!(
            token.text(scene.text),
            "with" | "a" | "the" | "message" | "text" | "response" | ":" | "=" | "by" | "to" | "user"
        )
    };
    let between = rest.get(1..rest.len().checked_sub(1)?)?;
    let is_known = answers && between.iter().all(filler) && matches!(text.kind, Kind::Text { closed: true });
    let right = format!("degrade {}", text.text(scene.text));
    is_known.then(|| Mend::new(first.start, text.end, right))
}

/// `chain a/b -> queue for 5 minutes`: how it ends is a clause of its own.
pub(super) fn of_chain(scene: &Scene<'_>) -> Option<Mend> {
    let (arrow, end) = chain_end(scene)?;
    let onward = scene.onward();
    let rest: Vec<Token> = onward.iter().take_while(|token| token.text(scene.text) != "}").copied().collect();
    let last = rest.last()?.end;
    let right = format!("then {}", scene.text.get(end.start..last)?);
    let help = format!("how it ends is a clause of its own: write it as `{right}`");
    (!foreign::stands_already(scene, "then")).then(|| Mend::new(arrow.start, last, right).help(help))
}

/// The arrow before an end that was read as a model of a chain, and the end.
pub(in crate::syntax) fn chain_end(scene: &Scene<'_>) -> Option<(Token, Token)> {
    let (end, arrow) = (scene.before?, scene.second_before?);
    let is_end = words::TERMINALS.contains(&end.text(scene.text)) && arrow.text(scene.text) == "->";
    if !is_end {
        return None;
    }
    let clause = scene.clause();
    let is_chain = clause.first().is_some_and(|first| first.text(scene.text) == "chain");
    let goes_on = scene.found.is_some_and(|found| {
        matches!(found.kind, Kind::Text { .. }) || matches!(found.text(scene.text), "for" | "with" | "up")
    });
    (is_chain && goes_on).then_some((arrow, end))
}

/// `on timeout 30s`: how long a request may take is set elsewhere.
pub(super) fn timed(scene: &Scene<'_>) -> Option<Mend> {
    let trigger = scene.before.filter(|before| words::TRIGGERS.contains(&before.text(scene.text)))?;
    let onward = scene.onward();
    let filler = |token: &&Token| {
        matches!(
            token.text(scene.text),
            "after" | "of" | ">" | ">=" | "=" | ":" | "over" | "above" | "within" | "in" | "(" | "exceeds"
        )
    };
    let skipped = onward.iter().take_while(filler).count();
    let number = onward.get(skipped).filter(|token| token.kind == Kind::Number)?;
    let line = scene.text.get(number.start..scan::line_end(scene.text, number.start))?;
    let (_, length) = quantity::read(line, Wanted::Duration(Bare::Seconds))?;
    let end = number.start + line.get(..length)?.trim_end().len();
    let close = scan::next(scene.text, end).filter(|next| next.text(scene.text) == ")");
    let end = close.map_or(end, |close| close.end);
    let shown = quote(scene.text, Token { end, ..scene.found? });
    let right = trigger.text(scene.text);
    let help = format!(
        "leave out {shown}, for how long is waited is `first_byte_timeout` in `govctl.yaml`: write it as `{right}`"
    );
    Some(Mend::new(trigger.start, end, right).help(help))
}

/// `on http-500`, `on status 429`: a trigger by its status, with words before it.
pub(super) fn of_status(scene: &Scene<'_>) -> Option<Mend> {
    const KINDS: [&str; 6] = ["http", "status", "code", "error", "statuscode", "response"];
    let found = scene.found.filter(|_| scene.expects_group("a trigger"))?;
    let onward = scene.onward();
    let is_kind = |token: &&Token| {
        let bare = token.text(scene.text).to_lowercase().replace(['_', '-'], "");
        KINDS.contains(&bare.as_str())
            || matches!(bare.as_str(), "httpstatus" | "httpcode" | "httperror" | "httpstatuscode")
    };
    let skipped = onward.iter().take_while(is_kind).count();
    let last = onward.get(skipped)?;
    let named = last.text(scene.text).to_lowercase().replace('_', "-");
    let mut bare = named.as_str();
    while let Some(rest) = KINDS.iter().find_map(|kind| bare.strip_prefix(kind)) {
        bare = rest.trim_start_matches('-');
    }
    let is_prefixed = skipped > 0 || bare.len() < named.len();
    let trigger = words::TRIGGERS.iter().copied().find(|trigger| *trigger == bare);
    let trigger = trigger.or_else(|| elsewhere::meant(bare, words::TRIGGERS)).filter(|_| is_prefixed)?;
    Some(Mend::new(found.start, last.end, trigger))
}
