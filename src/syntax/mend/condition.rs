//! Conditions with words that this language does not have, and sets that are negated.

use super::Mend;
use crate::diag::elsewhere;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words that say nothing before a condition.
const FILLERS: [&str; 25] = [
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
    let rest = scene.operand(rest);
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
    if matches!(attribute, "no" | "never" | "without" | "any" | "only" | "all" | "must") {
        return None;
    }
    let operator = if words::is_set(attribute) { "has" } else { "==" };
    let value = elsewhere::value_of(attribute, value);
    Some(Mend::new(left.start, found.end, format!("{attribute} {operator} {value}")))
}
