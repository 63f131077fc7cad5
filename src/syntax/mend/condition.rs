//! Conditions with words that this language does not have, and sets that are negated.

use super::Mend;
use crate::diag::elsewhere;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words that say nothing before a condition.
const FILLERS: [&str; 27] = [
    "either",
    "both",
    "all",
    "any",
    "every",
    "each",
    "everything",
    "the",
    "a",
    "an",
    "if",
    "that",
    "when",
    "with",
    "whose",
    "requests",
    "request",
    "models",
    "use_cases",
    "of",
    "which",
    "have",
    "having",
    "by",
    "to",
    "only",
    "is",
];

/// `for all classification == restricted`: leaves out what says nothing.
pub(super) fn filler(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let keyword = clause.first()?;
    if !matches!(
        keyword.text(scene.text),
        "when" | "require" | "forbid" | "where" | "for" | "always" | "never"
    ) {
        return None;
    }
    let onward = scene.onward();
    let whole: Vec<_> = clause.iter().skip(1).chain(&onward).copied().collect();
    let says_nothing = |text: &str| FILLERS.contains(&text.to_lowercase().as_str());
    let said = whole.iter().position(|token| !says_nothing(token.text(scene.text)))?;
    let dropped = scene.written(whole.get(..said)?)?;
    let rest = whole.get(said..)?;
    let rest = scene.up_to(rest, words::opens_rule);
    let end = rest.last()?.end;
    if let [one] = rest
        && let Some(attribute) = elsewhere::attribute_of(one.text(scene.text))
        && attribute.starts_with("model.")
            == matches!(keyword.text(scene.text), "require" | "forbid" | "where")
    {
        let text = format!("{} {attribute} == {}", keyword.text(scene.text), one.text(scene.text));
        let help = format!("leave out `{dropped}`: write it as `{text}`");
        return Some(Mend::new(keyword.start, end, text).help(help));
    }
    // `if a then true`
    let rest = match rest {
        [said @ .., then, yes]
            if then.text(scene.text) == "then" && matches!(yes.text(scene.text), "true" | "yes") =>
        {
            said
        }
        all => all,
    };
    let tests =
        |text: &str| words::COMPARISONS.contains(&text) || matches!(text, "has" | "in" | "covers" | "is");
    if !rest.iter().any(|token| tests(token.text(scene.text))) {
        return None;
    }
    let text = format!("{} {}", keyword.text(scene.text), scene.written(rest)?);
    let text = if scene.parses_with(keyword.start, end, &text) {
        text
    } else {
        text.replace(" is not ", " != ").replace(" is ", " == ")
    };
    let help = format!("leave out `{dropped}`: write it as `{text}`");
    Some(Mend::new(keyword.start, end, text).help(help))
}

/// `require where …`: only a `prefer` has a `where`.
pub(super) fn needless_where(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before?;
    let word = before.text(scene.text);
    let found =
        scene.found.filter(|found| matches!(found.text(scene.text), "where" | "if" | "when" | "that"))?;
    if !matches!(word, "when" | "require" | "forbid" | "for" | "always" | "never") {
        return None;
    }
    let help = format!("leave out `{}`: the condition stands directly behind `{word}`", scene.found_text());
    Some(Mend::new(before.start, found.end, word).help(help))
}

/// `data not pii`, `no data`: what a set lacks.
pub(super) fn negated_set(scene: &Scene<'_>) -> Option<Mend> {
    let tokens = scene.comparison();
    let before = tokens.last().filter(|token| token.text(scene.text) == "no")?;
    let onward = scene.onward();
    let rest = scene.operand(&onward);
    let set = rest.first()?.text(scene.text);
    let text = format!("not {}", scene.written(rest)?);
    words::is_set(set)
        .then(|| Mend::new(before.start, rest.last().map_or(before.end, |token| token.end), text))
}

/// `when [a, b]`: conditions are joined by words.
pub(super) fn listed(scene: &Scene<'_>) -> Option<Mend> {
    let open = scene.found.filter(|found| matches!(found.text(scene.text), "[" | "{"))?;
    if !scene.expects_group("a condition") {
        return None;
    }
    let onward = scene.onward();
    let mut depth = 0_usize;
    let mut parts: Vec<Vec<Token>> = vec![Vec::new()];
    let mut end = None;
    for token in &onward {
        match token.text(scene.text) {
            "[" | "{" | "(" => depth += 1,
            "]" | "}" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (depth, token.text(scene.text)) {
            (0, _) => {
                end = Some(token.end);
                break;
            }
            (1, "," | ";") => parts.push(Vec::new()),
            _ if token.start == open.start => {}
            _ => parts.last_mut()?.push(*token),
        }
    }
    let parts: Option<Vec<&str>> =
        parts.iter().filter(|part| !part.is_empty()).map(|part| scene.written(part)).collect();
    let parts = parts?;
    let joined = |word: &str| {
        let part = |part: &&str| {
            if parts.len() > 1 && part.contains(" or ") { format!("({part})") } else { (*part).to_owned() }
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    };
    let right = joined(" and ");
    let mend = Mend::new(open.start, end?, right.clone());
    Some(if parts.len() > 1 {
        mend.help(format!(
            "conditions have no list: write it as `{right}`, or with `or` where one of them is enough"
        ))
        .choice()
    } else {
        mend.help(format!("write `{right}`, without brackets"))
    })
}

/// `any { a; b }`, `one of [a, b]`: conditions are joined by words.
pub(super) fn quantified(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let onward = scene.onward();
    let all: Vec<Token> = clause.iter().chain(&onward).copied().collect();
    let text = |token: &Token| token.text(scene.text);
    let at = all.iter().position(|token| matches!(text(token), "{" | "[" | "("))?;
    let (before, behind) = all.split_at_checked(at)?;
    let (opener, words) = before.split_first()?;
    let said: Vec<&str> = words.iter().map(text).collect();
    let (joint, not) = match said.as_slice() {
        ["any" | "either" | "some" | "any_of" | "anyOf" | "one_of" | "or"]
        | ["any" | "one" | "either", "of"] => (" or ", false),
        ["all" | "every" | "both" | "each" | "all_of" | "allOf" | "and"]
        | ["all" | "both" | "each", "of"] => (" and ", false),
        ["none" | "no" | "neither" | "none_of" | "noneOf"] | ["none", "of"] => (" or ", true),
        _ => return None,
    };
    let begins = matches!(text(opener), "when" | "require" | "forbid" | "where" | "for" | "always" | "never");
    let mut depth = 0_usize;
    let close = behind.iter().position(|token| {
        match text(token) {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    let inner = behind.get(1..close)?;
    let parts: Vec<&str> = inner
        .split(|token| matches!(text(token), "," | ";"))
        .filter_map(|part| scene.written(part))
        .collect();
    let is_apart = |part: &str| joint == " and " && parts.len() > 1 && part.contains(" or ");
    let each = parts.iter().map(|part| if is_apart(part) { format!("({part})") } else { (*part).to_owned() });
    let joined = each.collect::<Vec<String>>().join(joint);
    let is_joined = joined.contains(" and ") || joined.contains(" or ");
    let right = match (not, is_joined) {
        (true, true) => format!("not ({joined})"),
        (true, false) => format!("not {joined}"),
        (false, _) => joined,
    };
    let (first, last) = (words.first()?, behind.get(close)?);
    let mut all = inner.split(|token| matches!(text(token), "," | ";")).filter(|part| !part.is_empty());
    let is_list = all.all(|part| super::joined::is_condition(scene, part));
    (begins && is_list && !parts.is_empty()).then(|| Mend::condition(scene, first.start, last.end, &right))
}

/// `for each use_case`, `for all requests`: every request is meant without it.
pub(super) fn of_every(scene: &Scene<'_>) -> Option<Mend> {
    const ALL: [&str; 18] = [
        "all",
        "each",
        "every",
        "any",
        "the",
        "requests",
        "request",
        "use_case",
        "use_cases",
        "use",
        "case",
        "cases",
        "everything",
        "context",
        "contexts",
        "calls",
        "traffic",
        "time",
    ];
    let clause = scene.clause();
    let onward = scene.onward();
    // `always for each request …`
    if let [keyword, quantifier, ..] = clause.as_slice()
        && matches!(keyword.text(scene.text), "always" | "never")
        && quantifier.text(scene.text) == "for"
    {
        let skipped = onward.iter().take_while(|token| ALL.contains(&token.text(scene.text))).count();
        let last = onward.get(skipped.checked_sub(1)?)?;
        let rest = scene.up_to(onward.get(skipped..)?, words::opens_rule);
        let shown = scene.text.get(quantifier.start..last.end)?;
        let (right, next) = (scene.written(rest)?, rest.last()?);
        let help =
            format!("leave out `{shown}`, for without it every request is meant: write it as `{right}`");
        return Some(Mend::new(quantifier.start, next.end, right).help(help));
    }
    let keyword = clause.first().filter(|first| matches!(first.text(scene.text), "for" | "when"))?;
    let rest: Vec<Token> = clause.iter().skip(1).chain(&onward).copied().collect();
    let end = rest
        .iter()
        .position(|token| token.text(scene.text) == "}" || words::opens_rule(token.text(scene.text)));
    let rest = rest.get(..end.unwrap_or(rest.len()))?;
    let is_all = rest.iter().all(|token| ALL.contains(&token.text(scene.text)));
    let message = "without this clause, every request is meant";
    (is_all && rest.len() > 1).then(|| {
        Mend::new(keyword.start, rest.last().map_or(keyword.end, |last| last.end), "")
            .message(message)
            .help("leave this clause out")
    })
}

/// `tenant premium`: a comparison without what compares.
pub(super) fn uncompared(scene: &Scene<'_>) -> Option<Mend> {
    let tokens = scene.comparison();
    let [left] = tokens.as_slice() else { return None };
    let found = scene.found.filter(|found| matches!(found.kind, Kind::Word | Kind::Text { closed: true }))?;
    let between = scene.text.get(left.end..found.start)?;
    let onward = scene.onward();
    let value = scene.found_text();
    let is_one = scene.operand(&onward).len() == 1 && !between.contains('\n') && !words::is_keyword(value);
    let is_name = left.kind == Kind::Word
        && !words::RESERVED.contains(&value)
        && !words::RESERVED.contains(&left.text(scene.text));
    if !(is_one && is_name && scene.expects("==")) {
        return None;
    }
    let attribute = left.text(scene.text);
    // Of `no training` and the like, a comparison says nothing.
    if matches!(attribute, "no" | "never" | "without" | "any" | "only" | "all" | "must" | "each" | "every") {
        return None;
    }
    // `primary north`, `model.supports tools`: what is said of a model has an attribute.
    let is_id = value.contains('/');
    let attribute = match attribute {
        "primary" | "target" | "targets" | "route" if is_id => "model.id",
        "primary" | "target" | "targets" | "route" | "provider" | "vendor" => "model.provider",
        "model.supports" | "model.has" | "model.offers" | "model.can" | "supports" => "model.capabilities",
        other => other,
    };
    let operator = if words::is_set(attribute) { "has" } else { "==" };
    let value = elsewhere::value_of(attribute, value);
    Some(Mend::new(left.start, found.end, format!("{attribute} {operator} {value}")))
}
