//! Texts with what does not belong to them: a `#` that begins a comment, a word before them, `+`, quotes inside.

use super::Mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `notify #slack`: what follows `#` is a comment.
pub(super) fn comment(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before?;
    let is_text = scene.expects_group("a string") || scene.expects_name();
    let line = scene.text.get(before.end..scan::line_end(scene.text, before.end))?;
    let hash = line.find('#').filter(|at| line.get(..*at).is_some_and(|gap| gap.trim().is_empty()))?;
    let comment = line.get(hash..)?.trim_end();
    let named = comment.get(1..)?.starts_with(|c: char| c.is_alphanumeric());
    let plain = comment.chars().count() <= 80 && !comment.contains(['"', '\\', '{', '}']);
    if !(is_text && named && plain) || before.kind != Kind::Word {
        return None;
    }
    let start = before.end + hash;
    let shown = quote(scene.text, Token { start, end: start + comment.len(), kind: Kind::Word });
    let message = format!("{shown} is a comment: a `#` outside quotes begins one");
    Some(Mend::new(start, start + comment.len(), format!("\"{comment}\"")).message(message))
}

/// `escalate to "cfo@example.com"`: a word before the text.
pub(super) fn word_before(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let needless = matches!(
        scene.found_text().to_lowercase().as_str(),
        "to" | "is"
            | "of"
            | "that"
            | "with"
            | "by"
            | "at"
            | "via"
            | "as"
            | "the"
            | "message"
            | "on"
            | "email"
            | "reason"
            | "for"
    );
    if !(needless && scene.expects_group("a string")) {
        return None;
    }
    let onward = scene.onward();
    let text = onward.get(1).filter(|token| matches!(token.kind, Kind::Text { closed: true }))?;
    let help = format!("leave out {}: write it as `{}`", quote(scene.text, found), text.text(scene.text));
    Some(Mend::new(found.start, text.end, text.text(scene.text)).help(help))
}

/// `"a" + "b"`, `"a" "b"`: a text is one.
pub(super) fn joined(scene: &Scene<'_>) -> Option<Mend> {
    let first = scene.before.filter(|token| matches!(token.kind, Kind::Text { closed: true }))?;
    let mut text = inner(scene, first)?.to_owned();
    let mut onward = scene.onward();
    // `"a" +` with the next text on the line below.
    if let Some(plus) = onward.last().filter(|last| matches!(last.text(scene.text), "+" | "&" | "\\")) {
        onward.extend(scan::next(scene.text, plus.end));
    }
    let mut rest = onward.as_slice();
    let mut end = first.end;
    loop {
        let (plus, behind) = match rest {
            [plus, behind @ ..] if matches!(plus.text(scene.text), "+" | "." | "&" | "~" | "<>" | "\\") => {
                (true, behind)
            }
            all => (false, all),
        };
        let [next, behind @ ..] = behind else { break };
        if !matches!(next.kind, Kind::Text { closed: true }) || (!plus && next.start == end) {
            break;
        }
        let more = inner(scene, *next)?;
        let is_kind =
            scene.only_brace() && (text == scene.first || words::STATEMENTS.contains(&text.as_str()));
        if is_kind {
            text.clear();
        } else if text.ends_with(char::is_alphanumeric) && more.starts_with(char::is_alphanumeric) {
            text.push(' ');
        }
        text.push_str(more);
        (end, rest) = (next.end, behind);
    }
    // Of those who are told something, no two are one.
    let is_one = scene.second_before.is_some_and(|keyword| keyword.text(scene.text) == "owner");
    let mend = Mend::new(first.start, end, format!("\"{text}\"")).dropping();
    let is_parted = scene.text.get(first.start..end).is_some_and(|written| written.contains('\n'));
    let mend = if is_parted { mend.help(format!("write the two as one text: `\"{text}\"`")) } else { mend };
    (end > first.end && !scene.expects(",") && !is_one && !scene.in_condition()).then_some(mend)
}

fn inner<'t>(scene: &Scene<'t>, token: Token) -> Option<&'t str> {
    token.text(scene.text).strip_prefix('"')?.strip_suffix('"')
}

/// `because "he said "no" to it"`: a quote inside a text is written `\"`.
pub(super) fn quotes_inside(scene: &Scene<'_>) -> Option<Mend> {
    let first = scene.before.filter(|token| matches!(token.kind, Kind::Text { closed: true }))?;
    let found = scene.found?;
    let line = scene.text.get(first.start..scan::line_end(scene.text, first.start))?;
    let last = line.rfind('"')?;
    let keyword = scene.second_before?.text(scene.text);
    let is_text = matches!(keyword, "because" | "degrade" | "test");
    // What stands directly at the second quote was meant to be in the text.
    let glued = found.start == first.end && matches!(found.kind, Kind::Word | Kind::Number);
    if !(is_text && glued) || first.start + last < found.end || line.contains('\\') {
        return None;
    }
    let within = line.get(1..last)?.replace('"', "\\\"");
    (within.chars().count() <= 160)
        .then(|| Mend::new(first.start, first.start + last + 1, format!("\"{within}\"")))
}

/// `notify @oncall`: who is told is a text.
pub(super) fn handle(scene: &Scene<'_>) -> Option<Mend> {
    let found =
        scene.found.filter(|found| found.text(scene.text) == "@" && scene.expects_group("a string"))?;
    let onward = scene.onward();
    let name = onward.get(1).filter(|name| name.start == found.end && name.kind == Kind::Word)?;
    Some(Mend::new(found.start, name.end, format!("\"@{}\"", name.text(scene.text))))
}

/// `"""doc"""` where a clause or a statement begins: a comment.
pub(super) fn doc(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| matches!(found.kind, Kind::Text { closed: true }))?;
    let start = scan::line_start(scene.text, found.start);
    let is_first = scene.text.get(start..found.start)?.trim().is_empty() && scene.beginnings().is_some();
    let onward = scene.onward();
    let is_text = |token: &Token| matches!(token.kind, Kind::Text { closed: true });
    let said = onward.iter().filter_map(|token| inner(scene, *token)).find(|said| !said.is_empty())?;
    let right = format!("# {said}");
    let help = format!("a comment begins with `#`: write it as `{right}`");
    // What stands below a text goes on with it.
    let goes_on = scene.before.as_ref().is_some_and(is_text) && found.text(scene.text) != "\"\"";
    let is_doc = is_first && !goes_on && !scene.expects_group("a string") && onward.iter().all(is_text);
    is_doc.then(|| Mend::new(found.start, onward.last().map_or(found.end, |last| last.end), right).help(help))
}

/// `[a,, b]`: a comma too much.
pub(super) fn commas(scene: &Scene<'_>) -> Option<Mend> {
    let (before, found) = (scene.before?, scene.found?);
    let both = before.text(scene.text) == "," && found.text(scene.text) == ",";
    let help = "leave one of the two commas out";
    both.then(|| Mend::new(before.start, found.end, ",").help(help))
}

/// `chain a –> b`: an arrow of other characters.
pub(super) fn arrow(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    if !(scene.expects("->") || scene.expects(",")) {
        return None;
    }
    let rest = scene.text.get(found.start..scan::line_end(scene.text, found.start))?;
    let length: usize = rest
        .chars()
        .take_while(|c| {
            matches!(c, '-' | '–' | '—' | '−' | '=' | '~' | '>' | '→' | '⟶' | '➔' | '➜' | '»' | '›')
        })
        .map(char::len_utf8)
        .sum();
    let written = rest.get(..length)?;
    let is_arrow =
        written.ends_with(['>', '→', '⟶', '➔', '➜', '»', '›']) && written != "->" && written != ">";
    is_arrow.then(|| Mend::new(found.start, found.start + length, "->"))
}

/// `chain a b`: models of a chain without an arrow between them.
pub(super) fn chain(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let opener = clause.first()?.text(scene.text);
    let first = clause.get(1)?;
    if opener != "chain" || !scene.expects("->") {
        return None;
    }
    let mut tokens: Vec<Token> = clause.get(1..)?.to_vec();
    tokens.extend(scene.onward());
    let is_model = |token: &&Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    let goes_on = |token: &&Token| {
        let text = token.text(scene.text);
        matches!(text, "->" | "," | "then" | ">" | "|" | ";") || (is_model(token) && !words::is_keyword(text))
    };
    let tokens: Vec<Token> = tokens.iter().take_while(goes_on).copied().collect();
    if let Some(right) = paired(scene, &tokens) {
        let help = format!("a model has a `/` behind its provider: write it as `{right}`");
        return Some(Mend::new(first.start, tokens.last()?.end, right).help(help));
    }
    let names = tokens.iter().filter(is_model).map(|token| token.text(scene.text));
    let names: Vec<&str> = names.filter(|name| !matches!(*name, "to" | "next")).collect();
    let is_end =
        names.iter().any(|name| matches!(*name, "then" | "queue" | "degrade" | "block" | "or" | "and"));
    let text = names.join(" -> ");
    // Two bare words alone may be a provider and its model.
    if let [one, two] = names.as_slice()
        && !one.contains('/')
        && !two.contains('/')
        && !is_end
    {
        let right = format!("{one}/{two}");
        let help =
            format!("write it as `{right}` if `{one}` is the provider, or as `{text}` if both are models");
        return Some(Mend::new(first.start, tokens.last()?.end, right).help(help).choice());
    }
    let help = format!("write it as `{text}`");
    (names.len() > 1 && !is_end)
        .then(|| Mend::new(first.start, tokens.last().map_or(first.end, |last| last.end), text).help(help))
}

/// `north large -> quay/large`: two words between arrows or commas are a provider and its model.
fn paired(scene: &Scene<'_>, tokens: &[Token]) -> Option<String> {
    let text = |token: &Token| token.text(scene.text);
    let is_joint = |token: &Token| matches!(text(token), "->" | "," | ">" | "|" | ";");
    let parts: Vec<Vec<&str>> = tokens.split(is_joint).map(|part| part.iter().map(text).collect()).collect();
    let models: Option<Vec<String>> = parts
        .iter()
        .map(|part| match part.as_slice() {
            [one] => Some((*one).to_owned()),
            [provider, name] if !provider.contains('/') && !name.contains(['/', '"']) => {
                Some(format!("{provider}/{name}"))
            }
            _ => None,
        })
        .collect();
    let has_pair = parts.iter().any(|part| part.len() == 2);
    models.filter(|models| has_pair && models.len() > 1).map(|models| models.join(" -> "))
}

/// `chain a then b`: how a request ends stands behind `then`, models stand behind an arrow.
pub(super) fn chain_then(scene: &Scene<'_>) -> Option<Mend> {
    const ENDS: [&str; 3] = ["queue", "degrade", "block"];
    let then =
        scene.before.filter(|before| before.text(scene.text) == "then" && scene.first == "failover")?;
    let start = scan::line_start(scene.text, then.start);
    let end = scan::line_end(scene.text, then.start);
    let text = |token: &Token| token.text(scene.text);
    let line =
        scan::tokens(scene.text, start.max(scene.start)).take_while(|token| token.start < end).take(64);
    let mut tokens: Vec<Token> = line.skip_while(|token| text(token) != "chain").skip(1).collect();
    let ending = tokens.windows(2).position(|pair| {
        let [then, end] = pair else { return false };
        text(then) == "then" && ENDS.contains(&text(end))
    });
    let closes =
        |token: &Token| text(token) == "}" || (words::is_clause(text(token)) && text(token) != "then");
    let ending = ending.or_else(|| tokens.iter().position(closes));
    tokens.truncate(ending.unwrap_or(tokens.len()));
    let is_joint = |token: &&Token| matches!(text(token), "then" | "->" | ",");
    let models: Vec<&str> = tokens.iter().filter(|token| !is_joint(token)).map(text).collect();
    let is_chain = tokens.iter().all(|token| is_joint(&token) || token.kind != Kind::Symbol);
    let (first, last) = (tokens.first()?, tokens.last()?);
    let right = models.join(" -> ");
    let help = format!("write `->` instead of `then`: write it as `{right}`");
    (is_chain && models.len() > 1 && first.start < then.start)
        .then(|| Mend::new(first.start, last.end, right).help(help))
}

/// `"""x"""`: three quotes are an empty text beside another one.
pub(super) fn tripled(scene: &Scene<'_>) -> Option<Mend> {
    let first = scene.before.filter(|first| first.text(scene.text) == "\"\"")?;
    let found =
        scene.found.filter(|found| found.start == first.end && found.kind == Kind::Text { closed: true })?;
    let last = scan::next(scene.text, found.end)
        .filter(|last| last.start == found.end && last.text(scene.text) == "\"\"")?;
    let help = format!("a text has one quote on each side: write it as `{}`", found.text(scene.text));
    Some(Mend::new(first.start, last.end, found.text(scene.text)).help(help))
}

/// `owner ["a@b.example"]`: a text stands without brackets, and so do several.
pub(super) fn bracketed(scene: &Scene<'_>) -> Option<Mend> {
    let open = scene.found.filter(|_| scene.expects_group("a string"))?;
    let closer = match scene.found_text() {
        "[" => "]",
        "(" => ")",
        "{" => "}",
        _ => return None,
    };
    let onward = scene.onward();
    let end = onward.iter().position(|token| token.text(scene.text) == closer)?;
    let (inner, close) = (onward.get(1..end)?, onward.get(end)?);
    let is_text = |token: &&Token| matches!(token.kind, Kind::Text { closed: true });
    let texts: Vec<&str> = inner.iter().filter(is_text).map(|token| token.text(scene.text)).collect();
    let plain = inner.iter().all(|token| is_text(&token) || matches!(token.text(scene.text), "," | ";"));
    let takes = texts.len() == 1 || matches!(scene.before_text(), "notify" | "escalate");
    (plain && takes && !texts.is_empty()).then(|| {
        let right = texts.join(", ");
        let help = format!("write `{right}`, without brackets");
        let shown = quote(scene.text, Token { end: close.end, ..open });
        let message = format!("a text stands without brackets, found {shown}");
        Mend::new(open.start, close.end, right).message(message).help(help)
    })
}
