//! What to write where a set is tested as if it were one value.

/// What to write for `data == pii`, `regions in [eu]`; `not` for `!=`.
pub(in crate::model) fn instead(name: &str, not: bool, elements: &[String]) -> String {
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
