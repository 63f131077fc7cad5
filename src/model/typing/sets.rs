//! What to write where a set is tested as if it were one value.

use crate::model::attribute::Attribute;

/// What a condition is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::model) enum Aim {
    /// To ask: `when`, `for`, `prefer where`, and what a guarantee says.
    #[default]
    Ask,
    /// The condition stands behind `require`.
    Require,
    /// The condition stands behind `forbid`.
    Forbid,
    /// A part of one of the two that promises nothing by itself, as within the `or` of a `require`.
    Part,
}

impl Aim {
    /// The same behind a `not`.
    pub(in crate::model) fn turned(self) -> Self {
        match self {
            Self::Ask => Self::Ask,
            Self::Require => Self::Forbid,
            Self::Forbid => Self::Require,
            Self::Part => Self::Part,
        }
    }

    /// The same within an `or`, else within an `and`: a `require` promises each part of an `and`, a `forbid` each of an `or`.
    pub(in crate::model) fn joined(self, is_or: bool) -> Self {
        match self {
            Self::Require if is_or => Self::Part,
            Self::Forbid if !is_or => Self::Part,
            aim => aim,
        }
    }
}

/// What to write for `data == pii`, `regions in [eu]`; `not` for `!=`.
pub(in crate::model) fn instead(name: &str, not: bool, elements: &[String], aim: Aim) -> String {
    // A promise is about models: what a request asks for is asked of nobody by it.
    let of_model =
        (aim != Aim::Ask).then(|| format!("model.{name}")).filter(|name| Attribute::named(name).is_some());
    let name = of_model.as_deref().unwrap_or(name);
    if let Some(help) = promised(name, not, elements, aim) {
        return help;
    }
    let not = if not { "not " } else { "" };
    let is_nothing = |element: &String| {
        matches!(element.trim_matches('"'), "none" | "empty" | "null" | "nothing" | "nil" | "")
    };
    match elements {
        [] => format!("a set is tested with `{name} has …` or `{name} covers …`"),
        [one] if is_nothing(one) => {
            format!(
                "no condition asks whether a set is empty: name what it must not have, as in `not {name} has …`"
            )
        }
        all if matches!(name, "model.regions" | "model.processed_in") && not.is_empty() => {
            let (first, list) = (all.concat(), all.join(", "));
            let has = if all.len() == 1 { first } else { "…".to_owned() };
            format!(
                "a rule promises with the clause `process in {list}` that it is nowhere else; `{name} has {has}` asks only whether it can be there"
            )
        }
        [one] => format!("write `{not}{name} has {one}`"),
        all => {
            let all: Vec<String> = all.iter().map(|element| format!("{name} has {element}")).collect();
            let all = all.join(" or ");
            if not.is_empty() { format!("write `{all}`") } else { format!("write `not ({all})`") }
        }
    }
}

/// What a rule writes that means to say where requests are processed: a test of the residency narrows nothing, for it is
/// what the use case states.
pub(in crate::model) fn promised(name: &str, not: bool, elements: &[String], aim: Aim) -> Option<String> {
    let of_request = name == "residency";
    let of_model = matches!(name, "model.regions" | "model.processed_in");
    let is_allowed = match aim {
        Aim::Ask => return None,
        Aim::Part => {
            let all: Vec<String> =
                elements.iter().map(|element| format!("model.regions has {element}")).collect();
            let all = if all.is_empty() { "model.regions has …".to_owned() } else { all.join(" or ") };
            let all = match (not, elements.len() > 1) {
                (false, _) => all,
                (true, false) => format!("not {all}"),
                (true, true) => format!("not ({all})"),
            };
            return of_request.then(|| {
                format!("write `{all}`: `residency` is what the use case states, and says nothing of a model")
            });
        }
        Aim::Require => !not,
        Aim::Forbid => not,
    };
    match (is_allowed, elements) {
        (true, _) if of_request => {
            let list = if elements.is_empty() { "…".to_owned() } else { elements.join(", ") };
            Some(format!(
                "a rule narrows where requests are processed with a clause of its own, `process in {list}`; `residency` is what the use case states"
            ))
        }
        (false, [_, ..]) if of_request || (of_model && aim == Aim::Forbid) => {
            let all: Vec<String> =
                elements.iter().map(|element| format!("model.regions has {element}")).collect();
            Some(format!(
                "a rule names where requests may be processed, `process in …`, or rules out a model that works there, `forbid {}`",
                all.join(" or ")
            ))
        }
        _ => None,
    }
}
