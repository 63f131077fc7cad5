//! How to put a statement right that does not parse: the first guess that fits.

use crate::diag::{day, nearest};
use crate::source::visible;

use super::label::{CLAUSE, Label};
use super::message::{Scene, quote};
use super::scan::{Kind, Token};
use super::{foreign, literal, mend, unsaid, words};

/// Guesses at what was meant, surest first.
const GUESSES: &[fn(&Scene<'_>) -> Option<String>] = &[
    foreign::help,
    instead,
    comma_before,
    swallowed,
    literal::example,
    wrong_level,
    mistake,
    reserved,
    several_words,
    quoted_keyword,
    synonym,
    other_statement,
    near,
    unquoted,
    one_of,
    glued,
    odd_name,
    odd_day,
    invisible,
    lacking,
];

/// What to do, where it can be guessed.
pub(super) fn help(scene: &Scene<'_>) -> Option<String> {
    let help = GUESSES.iter().find_map(|guess| guess(scene))?;
    Some(listed_already(scene, &help).unwrap_or(help))
}

/// What is said of a word of a list whose right form stands in that list already.
fn listed_already(scene: &Scene<'_>, help: &str) -> Option<String> {
    let meant = help.strip_prefix("did you mean `")?.strip_suffix("`?")?;
    let is_listed = scene.clause().iter().any(|token| token.text(scene.text) == meant);
    let found = quote(scene.text, scene.found?);
    (is_listed && scene.before_text() == ",")
        .then(|| format!("leave out the `,` and {found}: `{meant}` stands in this list already"))
}

/// `=` for `==`, `,` for `->` and the like.
fn instead(scene: &Scene<'_>) -> Option<String> {
    let meant = scene.meant()?;
    if meant == "{" && scene.found_text() == ":" {
        return Some("write `{` instead of `:`, and `}` where the block ends".to_owned());
    }
    Some(format!("write `{meant}` instead of {}", quote(scene.text, scene.found?)))
}

/// A comma with nothing after it, or one too many.
fn comma_before(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    if found == "," {
        return Some("leave out the `,`: no list stands here".to_owned());
    }
    let ends = scene.found.is_none() || matches!(found, "}" | "]" | ")") || words::is_keyword(found);
    let before = scene.before_text();
    let is_level = matches!(scene.first, "classifications" | "precedence") && matches!(before, "<" | ">");
    (ends && (before == "," || is_level)).then(|| format!("leave out the `{before}` before it"))
}

/// A keyword that was read as a name, because what it follows lacks its value.
fn swallowed(scene: &Scene<'_>) -> Option<String> {
    let (before, lacking) = (scene.before?, scene.second_before?);
    let read = before.text(scene.text);
    // These two can end a clause.
    if !scene.beginnings()?.contains(&read) || matches!(read, "none" | "notify") {
        return None;
    }
    let is_below = scene.text.get(lacking.end..before.start).is_some_and(|gap| gap.contains('\n'));
    let example = unsaid::example_of(scene.first, lacking.text(scene.text)).filter(|_| is_below);
    match lacking.text(scene.text) {
        "," => Some(format!("leave out the `,` before `{read}`")),
        "<" if is_below => Some("leave out the `<` before it, or name the next level behind it".to_owned()),
        ">" if is_below => Some("leave out the `>` before it, or name the next tier behind it".to_owned()),
        text if let Some(example) = example => {
            Some(format!("nothing stands after `{text}`: write, for example, `{example}`"))
        }
        text if lacking.kind == Kind::Word || words::COMPARISONS.contains(&text) || text == "->" => {
            let lacking = quote(scene.text, lacking);
            Some(format!("`{read}` was read as what follows {lacking}; is something missing between them?"))
        }
        _ => None,
    }
}

/// A bracket that closes nothing, a rule without its tier.
fn wrong_level(scene: &Scene<'_>) -> Option<String> {
    let top = scene.expects_group("a statement");
    match scene.found_text() {
        "}" if top => Some("leave it out: no block is open here".to_owned()),
        "rule" if top => Some(format!("a rule names its tier first: {} rule", nearest::either(words::TIERS))),
        closer @ (")" | "]") if scene.beginnings().is_some() && !scene.expects(closer) => {
            Some("leave it out: it closes nothing".to_owned())
        }
        symbol if words::COMPARISONS.contains(&symbol) && scene.beginnings().is_some() => {
            let clause = scene.clause();
            let opener = clause.first().map_or("", |first| first.text(scene.text));
            let tests =
                matches!(opener, "when" | "require" | "forbid" | "where" | "for" | "always" | "never");
            tests.then(|| "join two comparisons with `and`".to_owned())
        }
        _ => None,
    }
}

/// A mark that the language does not have.
fn mistake(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let known = words::MISTAKES.iter().find(|(mark, _)| *mark == found).map(|(_, help)| *help);
    let digit = scene.text.get(scene.found?.end..)?.starts_with(|c: char| c.is_ascii_digit());
    let help = match found {
        "-" if digit => Some("no number is negative"),
        "." if digit => Some("a number begins with a digit: `0.5`"),
        _ => known,
    };
    help.map(str::to_owned)
}

/// A reserved word where a name stands.
fn reserved(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let value = scene.expects_group("a value or attribute") && !matches!(found, "and" | "or" | "not");
    (words::RESERVED.contains(&found) && (scene.expects_name() || value))
        .then(|| format!("`{found}` is a reserved word; as a name it stands in quotes: \"{found}\""))
}

/// A word where a string stands.
fn unquoted(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    let string = scene.expects_group("a string")
        && !scene.beginnings().is_some_and(|_| words::is_keyword(found.text(scene.text)));
    string.then(|| format!("a string stands in quotes: {}", quoted(scene, found)))
}

/// A name of several words.
fn several_words(scene: &Scene<'_>) -> Option<String> {
    let (before, found) = (scene.before?, scene.found?);
    let words = before.kind == Kind::Word && matches!(found.kind, Kind::Word | Kind::Number);
    let same_line = !scene.text.get(before.end..found.start)?.contains('\n');
    let head = scene.only_brace() && scene.first != "attribution" && !words::is_keyword(scene.found_text());
    (words && same_line && head).then(|| "a name of several words stands in quotes".to_owned())
}

/// A keyword in quotes.
fn quoted_keyword(scene: &Scene<'_>) -> Option<String> {
    let inner = scene.found_text().strip_prefix('"')?.strip_suffix('"')?;
    candidates(scene).contains(&inner).then(|| format!("`{inner}` stands without quotes"))
}

/// A word that people know from elsewhere.
fn synonym(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text().to_ascii_lowercase();
    let candidates = candidates(scene);
    let known = words::SYNONYMS.iter().find(|(word, ours)| *word == found && candidates.contains(ours));
    known.map(|(_, ours)| format!("did you mean `{ours}`?"))
}

/// A keyword written a little wrong.
fn near(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    let words = candidates(scene).into_iter().filter(|word| word.len() > 1);
    let near = nearest::nearest(found, words);
    let sure =
        found.chars().count() > 2 && !matches!(found, "xor" | "nor" | "nand") && !near.contains(&found);
    (sure && !near.is_empty()).then(|| format!("did you mean {}?", nearest::either(&near)))
}

/// A clause of another statement.
fn other_statement(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let is_top = scene.expects_group("a statement");
    if scene.beginnings().is_none() && !is_top {
        return None;
    }
    let homes: Vec<&str> = words::CLAUSES
        .iter()
        .filter(|(_, clauses)| clauses.contains(&found))
        .map(|(home, _)| *home)
        .collect();
    let (last, others) = homes.split_last()?;
    let homes =
        if others.is_empty() { (*last).to_owned() } else { format!("{} or {last}", others.join(", ")) };
    let braces = if is_top { ": it stands between the braces of one" } else { "" };
    Some(format!("`{found}` is a clause of {homes}{braces}"))
}

/// All words of a small group.
fn one_of(scene: &Scene<'_>) -> Option<String> {
    let single: Option<Vec<&str>> = scene
        .expected
        .iter()
        .map(|label| match label {
            Label::Word(word) if word.len() > 1 => Some(*word),
            _ => None,
        })
        .collect();
    if let Some(words) = single.filter(|words| (2..=6).contains(&words.len())) {
        return Some(format!("write {}", nearest::either(&words)));
    }
    let [Label::Group(phrase, words)] = scene.expected.as_slice() else { return None };
    let condition = matches!(*phrase, "a value or attribute" | "a condition");
    let is_quoted = phrase.contains('`');
    let kind = scene.found?.kind;
    let is_word = kind == Kind::Word || (kind == Kind::Number && scene.before_text() == "per");
    let small = (2..=8).contains(&words.len()) && is_word && !condition;
    if small && kind == Kind::Number {
        return Some(format!(
            "no number stands before a period: write {}, and the amount for one",
            nearest::either(words)
        ));
    }
    let begin = if is_quoted { "write".to_owned() } else { format!("{phrase} is one of") };
    small.then(|| format!("{begin} {}", nearest::either(words)))
}

/// Letters at the end of a number.
fn glued(scene: &Scene<'_>) -> Option<String> {
    let number = scene.glued.filter(|_| scene.expects("usd"))?;
    let exponent = scene.found_text().strip_prefix(['e', 'E']);
    if exponent.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
        return Some("a number is written without an exponent".to_owned());
    }
    Some(format!("a name that begins with a digit stands in quotes: {}", quoted(scene, number)))
}

/// A name that must be quoted for its characters.
fn odd_name(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found?;
    let text = found.text(scene.text);
    let value = scene.expects_group("a value or attribute") || scene.expects_group("a condition");
    if !(scene.expects_name() || (value && found.kind == Kind::Word)) {
        return None;
    }
    let why = match found.kind {
        Kind::Number => "a name that begins with a digit",
        Kind::Word if !text.is_ascii() => "a name with letters other than a to z",
        _ => return None,
    };
    Some(format!("{why} stands in quotes: {}", quoted(scene, found)))
}

/// Something else where a day stands.
fn odd_day(scene: &Scene<'_>) -> Option<String> {
    let day = scene.expects_group("a day") && scene.found?.kind != Kind::Symbol;
    let onward = if day { scene.onward() } else { Vec::new() };
    let doubt = (1..=onward.len().min(5)).find_map(|count| {
        let written = scene.text.get(onward.first()?.start..onward.get(count - 1)?.end)?;
        day::doubt(written.trim_matches(['"', '\'']))
    });
    if doubt.is_some() {
        return doubt;
    }
    day.then(|| "a day is written year-month-day, without quotes: `2027-01-31`".to_owned())
}

/// A character that nobody sees.
fn invisible(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found?;
    let c = mend::unseen_in(scene, &found)?;
    Some(mend::said_of_unseen(c, visible::is_blank(c)))
}

/// Words that stand for the one that is missing.
const REPLACED: [&str; 15] = [
    "to", "for", "with", "of", "at", "is", "the", "price", "costs", "true", "yes", "on", "default", "by",
    "over",
];

/// Words that deny: in place of the one that is missing, they say the opposite of it.
const DENIED: [&str; 12] = [
    "not", "no", "never", "none", "false", "off", "optional", "without", "disabled", "except", "nothing",
    "null",
];

/// Words behind which their clause ends.
const LAST: [&str; 5] = ["required", "times", "tokens", "hops", "usd"];

/// One word is missing, or what is open is not closed.
fn lacking(scene: &Scene<'_>) -> Option<String> {
    let before = scene.before?;
    if let Some(open) = scene.unclosed() {
        let closer = match open.text(scene.text) {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        return Some(format!("add `{closer}` before it"));
    }
    if let Some(closer) = [")", "]"].into_iter().find(|closer| scene.expects(closer)) {
        return Some(format!("add `{closer}` before it"));
    }
    let words: Vec<&str> = scene
        .expected
        .iter()
        .filter_map(|label| match label {
            Label::Word(word) | Label::More(word, [_]) => Some(*word),
            Label::More(..) | Label::End => None,
            Label::Group(..) => Some(""),
        })
        .collect();
    let is_over = matches!(scene.found_text(), "}" | ")" | "]" | "");
    if scene.beginnings().is_some() && !is_over {
        return Some(what_begins(scene, scene.found?));
    }
    let [word] = words.as_slice() else { return None };
    if word.is_empty() {
        return None;
    }
    let written = quote(scene.text, before);
    let next = scene.found.filter(|found| {
        let between = scene.text.get(before.end..found.start).unwrap_or("\n");
        !between.contains('\n') && found.text(scene.text) != "}"
    });
    Some(match next {
        Some(next) if next.kind == Kind::Symbol && scene.behind(1) == Some(*word) => {
            format!("leave out the {}", quote(scene.text, next))
        }
        Some(next) if next.kind == Kind::Symbol && !matches!(next.text(scene.text), "{" | "[" | "(") => {
            format!("write `{word}` instead of {}", quote(scene.text, next))
        }
        Some(next) if DENIED.contains(&next.text(scene.text)) => unsaid::example(scene).map_or_else(
            || format!("leave out {}", quote(scene.text, next)),
            |example| format!("write, for example, `{example}`"),
        ),
        Some(next) if REPLACED.contains(&next.text(scene.text)) || LAST.contains(word) => {
            format!("write `{word}` instead of {}", quote(scene.text, next))
        }
        Some(_) if word.len() > 1 => {
            let rest = scene.phrase(0);
            // What is said of a head says nothing of its block.
            let rest = rest.split_once(" {").map_or(rest.as_str(), |(head, _)| head);
            let place = scene.found.map_or(before.end, |found| found.start);
            if !scene.parses_with(place, place, &format!("{word} ")) {
                let example = unsaid::example(scene)?;
                return Some(format!("write, for example, `{example}`"));
            }
            format!("write it as `{} {word} {rest}`", before.text(scene.text))
        }
        _ => format!("add `{word}` after {written}"),
    })
}

/// What can begin where a word begins nothing: to leave the word out might turn what is said into its opposite.
fn what_begins(scene: &Scene<'_>, found: Token) -> String {
    let found = quote(scene.text, found);
    let clause = scene.expected.iter().find_map(|label| match label {
        Label::Group(phrase, words) => phrase.strip_prefix(CLAUSE).map(|home| (home, *words)),
        _ => None,
    });
    match clause {
        Some((home, words)) => {
            // As many as fit in a line, the days and the reason of a statement not among them.
            let few = words.iter().copied().filter(|word| !matches!(*word, "from" | "until" | "because"));
            let few: Vec<&str> = few.take(6).collect();
            format!("{found} begins no clause of{home}: write for example {}", nearest::either(&few))
        }
        None => format!(
            "no statement begins with {found}: write `compliance rule`, `failover`, `budget`, `quota`, `audit`, `guarantee`, `test` or a list such as `teams a, b`"
        ),
    }
}

/// A token as a string; one that is long or odd as an ellipsis.
fn quoted(scene: &Scene<'_>, token: Token) -> String {
    let text = token.text(scene.text);
    let plain = text.len() <= 40 && text.chars().all(|c| c.is_alphanumeric() || "_-./:@".contains(c));
    if plain { format!("\"{text}\"") } else { "\"…\"".to_owned() }
}

/// Every word that could have stood there.
fn candidates(scene: &Scene<'_>) -> Vec<&'static str> {
    let mut all = Vec::new();
    for label in &scene.expected {
        match label {
            Label::Word(word) => all.push(*word),
            Label::More(_, words) | Label::Group(_, words) => all.extend(words.iter().copied()),
            Label::End => {}
        }
    }
    all
}
