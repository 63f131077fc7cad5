//! Conditions on several values: `data has any [pii, health]`, `team == support, hr`, `covers [soc2, gdpr]`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// How many of several values are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// Each of them.
    All,
    /// One is enough.
    Any,
    /// None of them.
    No,
    /// It is not said.
    Open,
}

/// A comparison with several values.
struct Several<'t> {
    left: &'t str,
    operator: &'t str,
    meant: Meant,
    items: Vec<&'t str>,
    start: usize,
    end: usize,
}

/// One comparison for each value of a set, or a list where one value is compared.
pub(super) fn several(scene: &Scene<'_>) -> Option<Mend> {
    let Several { left, operator, meant, items, start, end } = read(scene)?;
    let opener = scene.clause().first()?.text(scene.text);
    let each = |join: &str| {
        let all: Vec<String> = items.iter().map(|item| format!("{left} has {item}")).collect();
        all.join(join)
    };
    let several = items.len() > 1;
    let group = |text: String| if several { format!("({text})") } else { text };
    let list = items.join(", ");
    if !words::is_set(left) {
        let text = match (operator, meant) {
            (_, Meant::All) => return None,
            ("!=", _) | (_, Meant::No) => format!("not {left} in [{list}]"),
            _ => format!("{left} in [{list}]"),
        };
        return Some(Mend::condition(scene, start, end, &text));
    }
    // Only a whole clause can be said as another one.
    let is_promise = is_places(left) || (left == "residency" && opener == "require");
    if is_promise && matches!(operator, "==" | "in") {
        return super::process::clause(scene, &items, start, end);
    }
    let is_each = matches!(opener, "forbid" | "never") && matches!(operator, "has" | "==" | "in");
    let text = match (operator, meant) {
        ("!=", _) => format!("not {}", group(each(" and "))),
        (_, Meant::No) => format!("not {}", group(each(" or "))),
        (_, Meant::Any) => each(" or "),
        // What is forbidden of each is said of one or the other.
        (_, Meant::Open) if is_each => each(" or "),
        _ => each(" and "),
    };
    let is_open = several && meant == Meant::Open && matches!(operator, "has" | "==" | "in");
    let is_open = is_open && !matches!(opener, "require" | "always");
    let mend = Mend::condition(scene, start, end, &text);
    if !is_open {
        return Some(mend);
    }
    let help = if is_each {
        format!("write it as `{}`, or with `and` where only all of them together are meant", mend.text)
    } else {
        format!("write it as `{}`, or with `or` where one of them is enough", mend.text)
    };
    Some(mend.help(help).choice())
}

/// In a promise or a wish, what is held is held by a model: of what a request asks for itself nothing is promised.
pub(super) fn of_models(scene: &Scene<'_>, mend: Mend) -> Mend {
    let opener = scene.clause().first().map_or("", |opener| opener.text(scene.text));
    if !matches!(opener, "require" | "forbid" | "always" | "never" | "prefer" | "where") {
        return mend;
    }
    let mut text = mend.text.clone();
    let tokens: Vec<Token> = scan::tokens(&mend.text, 0).collect();
    for pair in tokens.windows(2).rev() {
        let [set, operator] = pair else { continue };
        let is_held = matches!(set.text(&mend.text), "compliance" | "capabilities" | "regions");
        if is_held && matches!(operator.text(&mend.text), "has" | "covers") {
            text.insert_str(set.start, "model.");
        }
    }
    let help = mend.help.as_ref().map(|help| help.replace(&mend.text, &text));
    Mend { text, help, ..mend }
}

/// Where a model works.
pub(super) fn is_places(attribute: &str) -> bool {
    matches!(attribute, "model.regions" | "model.processed_in")
}

/// The comparison around the failure.
fn read<'t>(scene: &Scene<'t>) -> Option<Several<'t>> {
    let text = |token: &Token| token.text(scene.text);
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let at = tokens.iter().position(|token| is_operator(text(token)))?;
    let ([left], operator) = (tokens.get(..at)?, tokens.get(at)?) else { return None };
    // `>=` of sets is "all of them"; anything else it compares in order.
    if text(operator) == ">=" && !words::is_set(text(left)) {
        return None;
    }
    let mut rest = tokens.get(at + 1..)?;
    let mut meant = if matches!(text(operator), "covers" | ">=") { Meant::All } else { Meant::Open };
    while let [first, behind @ ..] = rest {
        meant = match text(first) {
            "any" | "either" | "some" | "one" => Meant::Any,
            "all" | "every" | "both" | "each" => Meant::All,
            "none" | "no" | "neither" if behind.first().is_some_and(|next| text(next) != ",") => Meant::No,
            "of" => meant,
            _ => break,
        };
        rest = behind;
    }
    let (items, count) = match rest.first().map(text)? {
        "[" | "(" | "{" => bracketed(scene, rest)?,
        _ => bare(scene, rest, words::is_set(text(left)))?,
    };
    let end = rest.get(count.checked_sub(1)?)?.end;
    let is_meant = meant == Meant::Open && items.len() < 2 && !matches!(text(rest.first()?), "[" | "(" | "{");
    let behind = scene.failed <= end && !is_meant;
    behind.then_some(Several {
        left: text(left),
        operator: text(operator),
        meant,
        items,
        start: left.start,
        end,
    })
}

fn is_operator(text: &str) -> bool {
    matches!(text, "has" | "==" | "!=" | "covers" | "in" | "contains" | "includes" | "=" | ">=")
}

/// The names between brackets, and how many tokens they and the brackets are.
fn bracketed<'t>(scene: &Scene<'t>, tokens: &[Token]) -> Option<(Vec<&'t str>, usize)> {
    let closes = |token: &Token| matches!(token.text(scene.text), "]" | ")" | "}");
    let end = tokens.iter().position(closes)?;
    let names = tokens.get(1..end)?;
    let is_list = names.iter().all(|token| is_value(scene, token) || joins(token.text(scene.text)));
    let items: Vec<&str> =
        names.iter().filter(|token| is_value(scene, token)).map(|token| token.text(scene.text)).collect();
    (is_list && !items.is_empty()).then_some((items, end + 1))
}

/// Names with commas between them, of a set also without, and how many tokens they are.
fn bare<'t>(scene: &Scene<'t>, tokens: &[Token], of_set: bool) -> Option<(Vec<&'t str>, usize)> {
    let mut items = Vec::new();
    let mut count = 0;
    while let Some(item) = tokens.get(count).filter(|token| is_value(scene, token)) {
        items.push(item.text(scene.text));
        count += 1;
        let next = tokens.get(count).map_or("", |token| token.text(scene.text));
        if is_operator(next) || words::COMPARISONS.contains(&next) {
            // `data has pii, origin == eu` joins two conditions.
            return None;
        }
        let (item, behind) = (tokens.get(count - 1)?, tokens.get(count));
        if of_set && behind.is_some_and(|next| is_listed(scene, item, next, tokens.get(count + 1))) {
            continue;
        }
        if next != "," {
            break;
        }
        count += 1;
    }
    (!items.is_empty()).then_some((items, count))
}

/// Whether a name directly behind another one goes on with the list: nothing compares it, and no clause begins with it.
fn is_listed(scene: &Scene<'_>, item: &Token, next: &Token, behind: Option<&Token>) -> bool {
    let gap = scene.text.get(item.end..next.start).unwrap_or("\n");
    let behind = behind.map_or("", |token| token.text(scene.text));
    let compares = is_operator(behind) || words::COMPARISONS.contains(&behind);
    is_value(scene, next)
        && !gap.contains('\n')
        && !gap.is_empty()
        && !compares
        && !words::is_clause(next.text(scene.text))
        && !words::is_tested(next.text(scene.text))
}

fn joins(text: &str) -> bool {
    matches!(text, "," | "and" | "or" | "|" | "||" | "&" | "&&" | ";")
}

fn is_value(scene: &Scene<'_>, token: &Token) -> bool {
    let is_name = matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    is_name && !words::RESERVED.contains(&token.text(scene.text))
}

/// `team in [support hr]`: a list has commas.
pub(super) fn commas(scene: &Scene<'_>) -> Option<Mend> {
    let open = scene.open.filter(|open| matches!(open.text(scene.text), "[" | "{"))?;
    let (opener, closer) = if open.text(scene.text) == "[" { ("[", "]") } else { ("{", "}") };
    if !(scene.expects(",") && scene.expects(closer)) {
        return None;
    }
    let line = scan::line_end(scene.text, open.start);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, open.start).take_while(|token| token.start < line).take(64).collect();
    let (items, count) = spaced(scene, &tokens)?;
    let end = tokens.get(count.checked_sub(1)?)?.end;
    (items.len() > 1).then(|| Mend::new(open.start, end, format!("{opener}{}{closer}", items.join(", "))))
}

/// The values between brackets, whatever stands between them.
fn spaced<'t>(scene: &Scene<'t>, tokens: &[Token]) -> Option<(Vec<&'t str>, usize)> {
    let closes = |token: &Token| matches!(token.text(scene.text), "]" | "}");
    let end = tokens.iter().position(closes)?;
    let names = tokens.get(1..end)?;
    let is_value = |token: &&Token| token.kind != Kind::Symbol && !joins(token.text(scene.text));
    let is_list = names.iter().all(|token| is_value(&token) || joins(token.text(scene.text)));
    let items = names.iter().filter(is_value).map(|token| token.text(scene.text)).collect();
    is_list.then_some((items, end + 1))
}

/// `require a, b`: models or providers without what of them is tested.
pub(super) fn names(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let [keyword, first, ..] = clause.as_slice() else { return None };
    if !matches!(keyword.text(scene.text), "require" | "forbid" | "always" | "never") {
        return None;
    }
    let mut tokens: Vec<Token> = clause.get(1..)?.to_vec();
    tokens.extend(scene.onward());
    let (items, count) =
        if first.text(scene.text) == "[" { bracketed(scene, &tokens)? } else { bare(scene, &tokens, false)? };
    let end = tokens.get(count.checked_sub(1)?)?.end;
    let is_name = |item: &&str| item.starts_with("model.") || words::is_set(item) || words::is_keyword(item);
    if items.len() < 2 || items.iter().any(is_name) {
        return None;
    }
    let list = items.join(", ");
    let is_id = items.iter().all(|item| item.contains('/'));
    let what = if is_id { "id" } else { "provider" };
    let text = format!("model.{what} in [{list}]");
    let mend = Mend::new(first.start, end, text.clone());
    if is_id {
        return Some(mend.help(format!("write it as `{text}`")));
    }
    Some(mend.help(format!("write it as `{text}`, or with `model.id` where models are meant")).choice())
}
