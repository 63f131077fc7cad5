//! Clauses of a test: what it is given, and what it expects.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// The last word of this kind before the failure, with the tokens behind it on its line.
fn clause_of(scene: &Scene<'_>, word: &str) -> Option<(Token, Vec<Token>)> {
    if scene.first != "test" {
        return None;
    }
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.start < scene.failed);
    let opener = before.filter(|token| token.text(scene.text) == word).last()?;
    let end = scan::line_end(scene.text, opener.start);
    let behind = scan::tokens(scene.text, opener.end).take_while(|token| token.start < end).take(64);
    let ends = |token: &Token| words::TEST.contains(&token.text(scene.text));
    let mut behind: Vec<Token> = behind.take_while(|token| !ends(token)).collect();
    if behind.last().is_some_and(|last| last.text(scene.text) == "}") && word != "given" {
        behind.pop();
    }
    // The failure lies in the clause, or at what was read as a part of it.
    let last = behind.last()?.end;
    let between = scan::tokens(scene.text, last).take_while(|token| token.start < scene.failed).count();
    (between <= 1).then_some((opener, behind))
}

/// `given use_case == chat and tenant == premium`, `given down a, b`: names with their values, commas between them.
pub(super) fn given(scene: &Scene<'_>) -> Option<Mend> {
    let (_, mut tokens) = clause_of(scene, "given")?;
    let text = |token: &Token| token.text(scene.text);
    // `use case a`
    if let [first, second, ..] = tokens.as_slice()
        && (text(first), text(second)) == ("use", "case")
    {
        let end = second.end;
        tokens.remove(1);
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let rest = scene.text.get(end..last.end)?;
            let right = format!("use_case{rest}");
            let help = format!("`use_case` is one word: write it as `{right}`");
            return Some(Mend::new(first.start, last.end, right).help(help));
        }
    }
    let mut entries: Vec<Vec<&str>> = vec![Vec::new()];
    for token in &tokens {
        match text(token) {
            "," | "and" | "&&" | "&" | ";" | "with" => entries.push(Vec::new()),
            "==" | "=" | ":" | "is" | "{" | "}" | "(" | ")" | "[" | "]" => {}
            "use_cases" => entries.last_mut()?.push("use_case"),
            "not" | "!=" | "<" | ">" | "<=" | ">=" | "or" | "has" | "in" | "||" => return None,
            said => entries.last_mut()?.push(said),
        }
    }
    entries.retain(|entry| !entry.is_empty());
    let mut said: Vec<String> = Vec::new();
    for entry in &entries {
        let is_down = said.last().is_some_and(|last| last.starts_with("down "));
        said.push(match entry.as_slice() {
            [one] if is_down => format!("down {one}"),
            ["fact", name, value] => format!("{name} {value}"),
            [name, value] => format!("{name} {value}"),
            [name, number, "%"] => format!("{name} {number}%"),
            _ => return None,
        });
    }
    let (first, last) = (tokens.first()?, tokens.last()?);
    let right = said.join(", ");
    let written = scene.text.get(first.start..last.end)?;
    let mend = Mend::new(first.start, last.end, right.clone()).help(format!("write it as `{right}`"));
    let is_same = written.split_whitespace().eq(right.split_whitespace());
    let swallowed = scene.failed > scan::line_end(scene.text, last.end);
    let shown = written.chars().count() <= 60;
    (!is_same).then(|| {
        if swallowed && shown {
            mend.message(format!("expected names with their values after `given`, found `{written}`"))
        } else {
            mend
        }
    })
}

/// `expect no b`, `expect model b`, `expect a -> b -> block`.
pub(super) fn expected(scene: &Scene<'_>) -> Option<Mend> {
    let (_, tokens) = clause_of(scene, "expect")?;
    let text = |token: &Token| token.text(scene.text);
    let is_name = |token: &&Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    let (first, last) = (tokens.first()?, tokens.last()?);
    let is_no = matches!(
        text(first),
        "no" | "not" | "without" | "none" | "excludes" | "excluding" | "avoid" | "avoids"
    );
    let is_nothing = |token: &Token| {
        matches!(
            text(token),
            "route" | "routes" | "model" | "models" | "target" | "targets" | "provider" | "answer"
        )
    };
    if let Some(mend) = listed(scene, &tokens) {
        return Some(mend);
    }
    if text(first) == "no"
        && let [_, name] = tokens.as_slice()
        && is_nothing(name)
    {
        let help = "write it as `unroutable`";
        return Some(Mend::new(first.start, last.end, "unroutable").help(help));
    }
    if let [one, then, ..] = tokens.as_slice()
        && (text(one), text(then)) == ("unroutable", "then")
    {
        let help = "what is unroutable has no end of its own: write it as `unroutable`";
        return Some(Mend::new(one.start, last.end, "unroutable").help(help));
    }
    if let [primary, not, name] = tokens.as_slice()
        && text(primary) == "primary"
        && matches!(text(not), "!=" | "not" | "<>")
        && is_name(&name)
    {
        let right = format!("never {}", text(name));
        let help = format!("write it as `{right}`");
        return Some(Mend::new(primary.start, name.end, right).help(help));
    }
    if let [primary, name, then, behind] = tokens.as_slice()
        && text(primary) == "primary"
        && matches!(text(then), "then" | "else" | "->" | "otherwise")
        && is_name(&name)
        && is_name(&behind)
    {
        let (name, behind) = (text(name), text(behind));
        let (right, help) = if words::TERMINALS.contains(&behind) {
            let help =
                format!("write an `expect` for each: `expect primary {name}` and `expect terminal {behind}`");
            (format!("primary {name} expect terminal {behind}"), help)
        } else {
            let right = format!("{name} -> {behind}");
            let help = format!(
                "all targets in their order are expected as in `{right}`, the primary alone as `primary {name}`"
            );
            (right, help)
        };
        return Some(Mend::new(first.start, last.end, right).help(help).choice());
    }
    if let Some(mend) = directly(scene, &tokens).or_else(|| parted(scene, &tokens)) {
        return Some(mend);
    }
    if is_no && let [_, name] = tokens.as_slice() {
        let named = is_name(&name) && !words::EXPECTED.contains(&text(name)) && text(name) != "failover";
        let right = format!("never {}", text(name));
        return named
            .then(|| Mend::new(first.start, last.end, right.clone()).help(format!("write it as `{right}`")));
    }
    routed(scene, &tokens)
}

/// `expect [a, b]`, `expect preference rule x`, `expect primary to be a`.
fn listed(scene: &Scene<'_>, tokens: &[Token]) -> Option<Mend> {
    let text = |token: &Token| token.text(scene.text);
    let is_name = |token: &Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    let (first, last) = (tokens.first()?, tokens.last()?);
    let right = match tokens {
        [open, inner @ .., close] if (text(open), text(close)) == ("[", "]") => {
            let names: Vec<&Token> = inner.iter().filter(|token| text(token) != ",").collect();
            let all = !names.is_empty() && names.iter().all(|name| is_name(name));
            let names: Vec<&str> = names.into_iter().map(text).collect();
            all.then(|| names.join(" -> "))?
        }
        [tier, rule, name] if words::TIERS.contains(&text(tier)) && text(rule) == "rule" && is_name(name) => {
            format!("rule {}", text(name))
        }
        [primary, filler @ .., name] if text(primary) == "primary" && !filler.is_empty() && is_name(name) => {
            let is_filler = |token: &Token| {
                matches!(text(token), "to" | "be" | "is" | "should" | "must" | "will" | "the")
            };
            let is_one_sign = matches!(filler, [sign] if text(sign) == "is");
            (filler.iter().all(is_filler) && !is_one_sign).then(|| format!("primary {}", text(name)))?
        }
        _ => return None,
    };
    let help = format!("write it as `{right}`");
    Some(Mend::new(first.start, last.end, right).help(help))
}

/// Several that are expected in one clause, or targets without arrows.
fn parted(scene: &Scene<'_>, tokens: &[Token]) -> Option<Mend> {
    let text = |token: &Token| token.text(scene.text);
    let is_name = |token: &Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    if let Some(mend) = each(scene, tokens) {
        return Some(mend);
    }
    // `a then b`: how it ends stands behind `then`, targets behind an arrow.
    let then = tokens.windows(2).find(|pair| {
        let [then, next] = pair else { return false };
        text(then) == "then" && is_name(next) && !words::TERMINALS.contains(&text(next))
    });
    let Some([then, _]) = then else { return None };
    let help = "write `->` instead of `then`";
    Some(Mend::new(then.start, then.end, "->").help(help).message("targets are joined by `->`"))
}

/// `primary a and rule b`, `rule a, b`: each is expected by itself.
fn each(scene: &Scene<'_>, tokens: &[Token]) -> Option<Mend> {
    let text = |token: &Token| token.text(scene.text);
    let is_joint = |token: &Token| matches!(text(token), "and" | "," | "&&" | ";" | "&");
    let mut kind = "";
    let mut said: Vec<String> = Vec::new();
    for entry in tokens.split(is_joint) {
        let (first, rest) = entry.split_first()?;
        let word = if text(first) == "rules" { "rule" } else { text(first) };
        let written = if words::EXPECTED.contains(&word) {
            kind = word;
            let rest: Vec<&str> = rest.iter().map(text).collect();
            format!("{word} {}", rest.join(" "))
        } else if matches!(kind, "rule" | "never") && rest.is_empty() {
            format!("{kind} {word}")
        } else {
            return None;
        };
        said.push(written.trim_end().to_owned());
    }
    let clauses: Vec<String> = said.iter().map(|said| format!("expect {said}")).collect();
    let help = format!("write an `expect` for each: {}", super::joined::each(&clauses));
    let (first, last) = (tokens.first()?, tokens.last()?);
    (said.len() > 1).then(|| Mend::new(first.start, last.end, said.join(" expect ")).help(help))
}

/// `expect primary: a`, `expect terminal == queue`: what is expected stands directly behind its kind.
fn directly(scene: &Scene<'_>, tokens: &[Token]) -> Option<Mend> {
    let text = |token: &Token| token.text(scene.text);
    let [kind, sign, rest @ ..] = tokens else { return None };
    let is_sign = matches!(text(sign), ":" | "=" | "==" | "is" | "=>" | "->");
    let is_one = matches!(rest, [_]) && words::EXPECTED.contains(&text(kind)) && text(kind) != "unroutable";
    let name = rest.first().filter(|name| matches!(name.kind, Kind::Word | Kind::Text { closed: true }))?;
    let right = format!("{} {}", text(kind), text(name));
    let help = format!("leave out the `{}`: write it as `{right}`", text(sign));
    (is_sign && is_one).then(|| Mend::new(kind.start, name.end, right).help(help))
}

/// `expect model a`, `expect goes to a`: the primary.
fn routed(scene: &Scene<'_>, tokens: &[Token]) -> Option<Mend> {
    let text = |token: &Token| token.text(scene.text);
    let is_name = |token: &Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    let (first, last) = (tokens.first()?, tokens.last()?);
    let is_route = matches!(
        text(first),
        "model"
            | "provider"
            | "route"
            | "target"
            | "first"
            | "to"
            | "uses"
            | "use"
            | "goes"
            | "routes"
            | "routed"
            | "selects"
            | "selected"
            | "chosen"
            | "chooses"
            | "=="
            | "="
            | "is"
            | "that"
            | "decision"
            | "result"
    );
    let filler = |token: &&Token| matches!(text(token), "to" | "is" | "==" | "=" | ":" | "the" | "a");
    let rest: Vec<&Token> = tokens.get(1..)?.iter().filter(|token| !filler(token)).collect();
    if is_route && let [name] = rest.as_slice() {
        let named = is_name(name)
            && !words::EXPECTED.contains(&text(name))
            && !words::TERMINALS.contains(&text(name));
        let right = format!("primary {}", text(name));
        return named
            .then(|| Mend::new(first.start, last.end, right.clone()).help(format!("write it as `{right}`")));
    }
    None
}
