//! Names with other characters than they have here, heads of statements, and clauses of other languages.

use super::Mend;
use crate::diag::{elsewhere, quantity};
use crate::syntax::foreign;
use crate::syntax::literal;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// A model with another mark between provider and name, or with white space.
pub(super) fn target(scene: &Scene<'_>) -> Option<Mend> {
    let mark = matches!(scene.found_text(), ":" | "/" | "\\" | "::" | "|");
    let before = scene.before.filter(|token| token.kind == Kind::Word)?;
    let list = scene.expects("->") || scene.expects(",");
    let onward = scene.onward();
    let next = onward.get(1).filter(|token| token.kind == Kind::Word)?;
    let provider = scene.text.get(before.start..scene.failed.min(before.end))?;
    let opener = scene.clause().first()?.text(scene.text);
    let wanted =
        matches!(opener, "chain" | "prefer" | "on" | "expect" | "given") && (list || scene.first == "test");
    // `expect primary: a` says what is expected.
    if !wanted || !mark || words::EXPECTED.contains(&provider) || words::GIVEN.contains(&provider) {
        return None;
    }
    let (mut right, mut end) = (format!("{provider}/{}", next.text(scene.text)), next.end);
    // With the others of the line that are written so.
    for token in onward.iter().skip(2) {
        let text = token.text(scene.text);
        if matches!(text, "}" | "then") {
            break;
        }
        let is_model = token.kind == Kind::Word && !text.contains('/') && text.matches(':').count() == 1;
        if is_model && token.start > end {
            right += scene.text.get(end..token.start)?;
            right += &text.replace(':', "/");
            end = token.end;
        }
    }
    Some(Mend::new(before.start, end, right))
}

/// The head of a statement whose name has several words.
pub(super) fn of_several_words(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before.filter(|token| token.kind == Kind::Word)?;
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    let same_line = !scene.text.get(before.end..found.start)?.contains('\n');
    if !(scene.only_brace() && same_line && scene.first != "attribution") {
        return None;
    }
    let onward = scene.onward();
    let brace = onward.iter().position(|token| token.text(scene.text) == "{")?;
    let end = onward.get(brace.checked_sub(1)?)?.end;
    if !super::heads::is_name(scene, onward.get(..brace)?) {
        return None;
    }
    let name = scene.text.get(before.start..end)?;
    let text = format!("\"{name}\"");
    let help = format!("a name of several words stands in quotes: write it as `{text}`");
    Some(Mend::new(before.start, end, text).help(help))
}

/// A name with a `/` or another character that names do not have.
pub(super) fn odd(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before.filter(|token| token.kind == Kind::Word && token.end > scene.failed)?;
    let symbol = scene.found_text();
    if !matches!(symbol, "/" | ":" | "@") && symbol.is_ascii() {
        return None;
    }
    let mut end = before.end;
    // What is joined to it without white space belongs to it.
    for token in scene.onward() {
        if token.start > end || matches!(token.text(scene.text), "{" | "}" | "," | "]" | ")" | "[" | "(") {
            break;
        }
        end = token.end.max(end);
    }
    let text = scene.text.get(before.start..end)?;
    let shown = quote(scene.text, Token { end, ..before });
    let message =
        format!("{shown} is not a name without quotes: a name has letters, digits, `_`, `-` and `.`");
    let plain = !text.contains(['"', '\\']) && text.chars().count() <= 80;
    plain.then(|| Mend::new(before.start, end, format!("\"{text}\"")).message(message))
}

/// `rule compliance x`: the tier stands before `rule`.
pub(super) fn tier_behind(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let [rule, tier, name, ..] = onward.as_slice() else { return None };
    let word = rule.text(scene.text).to_lowercase();
    if !scene.expects_group("a statement") || !matches!(word.as_str(), "rule" | "policy" | "rules") {
        return None;
    }
    let tier = foreign::tier(tier.text(scene.text))?;
    let named = matches!(name.kind, Kind::Word | Kind::Text { .. });
    named.then(|| Mend::new(rule.start, name.end, format!("{tier} rule {}", name.text(scene.text))))
}

/// `security rule q`, `Compliance rule q`, `compliance q {`: the tier in another word, or without `rule`.
pub(super) fn tier(scene: &Scene<'_>) -> Option<Mend> {
    if !scene.expects_group("a statement") {
        return None;
    }
    let onward = scene.onward();
    let [word, rule, ..] = onward.as_slice() else { return None };
    if rule.text(scene.text).to_lowercase() != "rule" {
        return None;
    }
    let tier = foreign::tier(word.text(scene.text).trim_matches('"'))?;
    Some(Mend::new(word.start, rule.end, format!("{tier} rule")))
}

/// Levels that do not stand lowest first with `<` between them, tiers that do not stand with `>`.
pub(super) fn levels(scene: &Scene<'_>) -> Option<Mend> {
    const MARKS: [&str; 15] =
        [">", ",", "<", "->", "|", ">>", "<<", "<=", ">=", "=<", "=>", "≤", "≥", "‹", "›"];
    let found = scene.found_text();
    let joint = match scene.first {
        "classifications" => " < ",
        "precedence" => " > ",
        _ => return None,
    };
    if !MARKS.contains(&found) {
        return None;
    }
    let before = scene.before?;
    let onward = scene.onward();
    let end = onward.iter().take_while(|token| {
        token.kind != Kind::Word
            || !words::STATEMENTS.contains(&token.text(scene.text))
            || scene.first == "precedence"
    });
    let end = end.last()?.end;
    let names = onward.iter().take_while(|token| token.end <= end).filter(|token| token.kind != Kind::Symbol);
    let mut names: Vec<&str> =
        std::iter::once(&before).chain(names).map(|token| token.text(scene.text)).collect();
    // Other marks do not say which end is the lowest.
    let says_which = found.contains(['<', '>', '≤', '≥', '‹', '›']) && found != "->";
    let is_lowest_first = || {
        if says_which {
            !found.starts_with(['>', '≥', '›']) || names.first() == Some(&"public")
        } else {
            rank(names.first()) <= rank(names.last())
        }
    };
    // Nor does `compliance` stand last.
    let is_turned = match scene.first {
        "classifications" => !is_lowest_first(),
        _ => names.last() == Some(&"compliance"),
    };
    if is_turned {
        names.reverse();
    }
    let text = names.join(joint);
    let mend = Mend::new(before.start, end, text.clone());
    if says_which {
        return Some(mend.help(format!("write it as `{text}`")));
    }
    let (first, end) = (names.first()?, if joint == " < " { "lowest" } else { "strongest" });
    Some(mend.choice().help(format!("the {end} stands first: if that is `{first}`, write it as `{text}`")))
}

/// How sensitive data of a level usually is; of other names, in the middle.
fn rank(level: Option<&&str>) -> usize {
    const USUAL: [&[&str]; 2] = [&["public", "open", "unclassified"], &["internal"]];
    let level = level.map(|level| level.to_lowercase()).unwrap_or_default();
    let known = |levels: &[&str]| levels.contains(&level.as_str());
    match level.as_str() {
        "restricted" | "secret" | "top-secret" => 4,
        "confidential" | "sensitive" | "private" => 3,
        _ => USUAL.iter().position(|levels| known(levels)).unwrap_or(2),
    }
}

/// A clause of another language, with what stands behind it.
pub(super) fn clause(scene: &Scene<'_>) -> Option<Mend> {
    let ours = foreign::clause_of(scene)?.ours;
    if foreign::stands_already(scene, ours) {
        return None;
    }
    let found = scene.found?;
    // Behind an attribute that is not compared yet, a word belongs to the comparison.
    let opened = scene.clause();
    let is_condition = opened.first().is_some_and(|first| {
        matches!(first.text(scene.text), "when" | "require" | "forbid" | "where" | "for" | "always" | "never")
    });
    let same_line = !scene.text.get(scene.before?.end..found.start)?.contains('\n');
    if is_condition && same_line && !scene.is_open(&opened) {
        return None;
    }
    let onward = scene.onward();
    let skipped = onward
        .iter()
        .skip(1)
        .take_while(|token| {
            let text = token.text(scene.text);
            let kind =
                matches!(text, "use" | "using" | "provider" | "providers" | "model" | "models" | "vendor");
            matches!(text, ":" | "=" | "to" | "that" | "at" | "is" | "of" | "the" | "by")
                || (kind && matches!(ours, "require" | "forbid" | "prefer"))
        })
        .count();
    let mut depth = 0_usize;
    let rest: Vec<Token> = onward
        .iter()
        .skip(1 + skipped)
        .take_while(|token| {
            match token.text(scene.text) {
                "{" => depth += 1,
                "}" if depth == 0 => return false,
                "}" => depth -= 1,
                _ => {}
            }
            true
        })
        .copied()
        .collect();
    let said = scene.written(&rest).unwrap_or_default();
    let with_unit = unit_of(scene.found_text()).map(|unit| format!("{said} {unit}"));
    let is_number = rest.len() == 1 && rest.iter().all(|token| token.kind == Kind::Number);
    let said = with_unit.as_deref().filter(|_| is_number).unwrap_or(said);
    let end = rest.last().map_or(found.end, |token| token.end);
    if ours == "given" && words::GIVEN.contains(&scene.found_text()) {
        let stated = scene.text.get(found.start..end)?;
        return Some(Mend::new(found.start, end, format!("given {stated}")));
    }
    // An attribute alone is no condition.
    if ours == "when" && rest.len() == 1 {
        return None;
    }
    let inner = said.trim_start_matches(['[', '(', '{']).trim_end_matches([']', ')', '}']);
    let texts = forms(scene, ours, said, inner);
    texts
        .into_iter()
        .find(|text| scene.parses_with(found.start, end, text))
        .map(|text| Mend::new(found.start, end, text))
}

/// The ways in which our clause may say the rest, those that say most first.
fn forms(scene: &Scene<'_>, ours: &str, said: &str, inner: &str) -> Vec<String> {
    let mut forms = Vec::new();
    if ours.is_empty() || said.is_empty() {
        return forms;
    }
    if let Some(wanted) = literal::of_clause(scene.first, ours)
        && let Some((quantity, length)) = quantity::read(said, wanted)
    {
        let behind = said.get(length..).unwrap_or_default();
        if let Some(right) = quantity.written(wanted) {
            forms.push(format!("{ours} {right}{behind}"));
            forms.push(format!("{ours} {right} cost{behind}"));
        }
    }
    let names: Vec<&str> = inner.split(',').map(str::trim).collect();
    let bare = names.iter().all(|name| {
        let name = name.trim_matches('"');
        !name.is_empty() && !name.starts_with("model.") && !name.contains(char::is_whitespace)
    });
    match (ours, names.as_slice()) {
        ("require" | "forbid", [one]) if bare && one.contains('/') => {
            forms.push(format!("{ours} model.id == {one}"));
        }
        ("require" | "forbid", [one])
            if elsewhere::attribute_of(one).is_some_and(|of| of.starts_with("model.")) =>
        {
            let attribute = elsewhere::attribute_of(one).unwrap_or_default();
            forms.push(format!("{ours} {attribute} == {one}"));
        }
        ("prefer", [one]) if words::order_of(one).is_some() => {
            forms.extend(words::order_of(one).map(|order| format!("prefer {order}")));
        }
        ("limit", [one]) if scene.first == "quota" => {
            forms.insert(0, counted(scene.found_text(), one));
        }
        ("require" | "forbid", [one]) if bare => forms.push(format!("{ours} model.provider == {one}")),
        ("require" | "forbid", all) if bare => {
            let what = if inner.contains('/') { "id" } else { "provider" };
            forms.push(format!("{ours} model.{what} in [{}]", all.join(", ")));
        }
        ("prefer", [one]) if words::PREFERENCES.iter().all(|order| order != one) && !bare => {
            forms.push(format!("prefer where {said}"));
        }
        ("when not", _) if said.contains(" and ") || said.contains(" or ") => {
            forms.push(format!("when not ({said})"));
        }
        ("at", _) => {
            let read = quantity::read(said, quantity::Wanted::Percent);
            let length = read.as_ref().map_or(0, |(_, length)| *length);
            let behind = said.get(length..).unwrap_or_default().trim();
            let behind =
                ["to ", "notify ", "by "].iter().find_map(|word| behind.strip_prefix(word)).unwrap_or(behind);
            let right = read.and_then(|(quantity, _)| quantity.written(quantity::Wanted::Percent));
            forms.extend(right.map(|right| format!("at {right} notify {behind}").trim_end().to_owned()));
            forms.push(format!("at {said} notify"));
        }
        ("chain", all) => forms.push(format!("chain {}", all.join(" -> "))),
        _ => {}
    }
    forms.push(format!("{ours} {said}"));
    forms.push(format!("{ours} {inner}"));
    let quoted = format!("{ours} \"{}\"", said.trim_matches(['\'', '“', '”', '‘', '’', '`', '"']));
    if matches!(ours, "because" | "owner" | "notify" | "escalate") {
        forms.push(quoted);
    }
    forms
}

/// `retention_days 30`: the unit of time at the end of a word.
fn unit_of(word: &str) -> Option<&'static str> {
    const UNITS: [(&str, &str); 7] = [
        ("days", "days"),
        ("hours", "hours"),
        ("minutes", "minutes"),
        ("seconds", "seconds"),
        ("secs", "seconds"),
        ("ms", "ms"),
        ("years", "years"),
    ];
    let word = word.to_lowercase();
    UNITS.iter().find(|(end, _)| word.len() > end.len() && word.ends_with(end)).map(|(_, unit)| *unit)
}

/// `*/large`: a model stands by its name alone.
pub(super) fn any_provider(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.text(scene.text) == "*/" && scene.expects_name())?;
    let onward = scene.onward();
    let name = onward.get(1).filter(|name| name.start == found.end && name.kind == Kind::Word)?;
    let right = name.text(scene.text);
    let help = format!("there are no patterns of models: write it as `{right}`, if one provider has it");
    Some(Mend::new(found.start, name.end, right).help(help))
}

/// `requests_per_day 500`: the unit and the period stand in the word.
fn counted(word: &str, said: &str) -> String {
    let word = word.to_lowercase();
    let is_tokens = word.contains("token") || word.starts_with("tp") || said.contains("token");
    let is_daily = word.ends_with("day") || matches!(word.as_str(), "rpd" | "tpd" | "daily");
    let unit = if is_tokens { "tokens" } else { "requests" };
    let number = said.split_whitespace().next().unwrap_or_default();
    let period = if is_daily { "day" } else { "minute" };
    let period = said.split_once(" per ").map_or(period, |(_, period)| period);
    format!("limit {number} {unit} per {period}")
}

/// `prefer azure-eu/*`: a provider stands for all its models.
pub(super) fn every_model(scene: &Scene<'_>) -> Option<Mend> {
    let star = scene.found.filter(|found| found.text(scene.text) == "*")?;
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.start < star.start);
    let provider = before.filter(|token| token.kind == Kind::Word).last()?;
    let written = scene.text.get(provider.start..star.end)?;
    let name = written.strip_suffix("/*")?;
    if name.contains(['/', ' ', '\n']) {
        return None;
    }
    let clause = scene.clause();
    let mut read: Vec<&str> = clause
        .iter()
        .take_while(|token| token.start < provider.start)
        .map(|token| token.text(scene.text))
        .collect();
    let opener = if read.is_empty() { "" } else { read.remove(0) };
    let message = format!("`{written}` names no model: there are no patterns of models");
    let tested = |not: &str| format!("model.provider {not} {name}");
    let (start, right) = match (opener, read.as_slice()) {
        ("require" | "forbid" | "where" | "always" | "never", []) => (provider.start, tested("==")),
        ("require" | "forbid" | "where" | "always" | "never", [.., attribute, operator @ ("==" | "!=")])
            if attribute.starts_with("model") =>
        {
            let first = clause.iter().rev().find(|token| token.text(scene.text) == *attribute)?;
            (first.start, tested(operator))
        }
        ("prefer" | "on" | "expect" | "given", _) => (provider.start, name.to_owned()),
        _ => return None,
    };
    let help = format!("write `{right}`: a provider stands for all its models");
    Some(Mend::new(start, star.end, right).message(message).help(help))
}
