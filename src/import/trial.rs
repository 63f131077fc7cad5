//! A registry for a trial: each model has a price and is approved for what it serves, so that `check` can look at
//! everything else at once. It is never written.

use crate::catalogue::facts::models;
use crate::source::FileId;
use crate::yaml;
use crate::yaml::edit::{self, Edit};

/// A registry with what stands in for what is missing.
pub struct Trial<'a> {
    /// The registry as it was written.
    original: &'a str,
    /// The same with prices and approvals.
    pub text: String,
}

/// The keys that stand in, and what is put for them.
const KEYS: [&str; 2] = ["cost_per_1m_tokens_input", "cost_per_1m_tokens_output"];
const PRICE: &str = "1";

/// What is not approved, as an import writes it, and what stands in.
const APPROVALS: [(&str, &str); 2] = [
    ("        # approved_use_cases: [", "        approved_use_cases: ["),
    ("        data_classification_max: public", "        data_classification_max: restricted"),
];

/// Prices for the models of a registry that have none, and approvals where there are none; none where nothing is missing.
pub fn of(original: &str) -> Option<Trial<'_>> {
    let (root, _) = yaml::parse(FileId::NONE, original);
    let root = root?;
    let all = models(&root);
    let is_priced = |key: &str| key == "pricing" || key.starts_with("cost_per_");
    let unpriced =
        all.iter().filter(|model| !model.value.entries().iter().any(|(key, _)| is_priced(&key.value)));
    let edits: Vec<Edit> = unpriced
        .flat_map(|model| {
            KEYS.map(|key| Edit {
                path: model.path.iter().cloned().chain([key.to_owned()]).collect(),
                behind: vec!["name".to_owned()],
                new: PRICE.to_owned(),
            })
        })
        .collect();
    let is_approved = !original.lines().any(|line| line.starts_with(APPROVALS[0].0));
    if edits.is_empty() && is_approved {
        return None;
    }
    let mut text = edit::apply(original, &edits).ok()?;
    if !is_approved {
        let approved = |line: &str| {
            let with =
                APPROVALS.iter().find_map(|(old, new)| Some(format!("{new}{}", line.strip_prefix(old)?)));
            with.unwrap_or_else(|| line.to_owned())
        };
        text = text.split('\n').map(approved).collect::<Vec<String>>().join("\n");
    }
    Some(Trial { original, text })
}

impl Trial<'_> {
    /// The line of the original that a line of the trial is, both from 1.
    pub fn line(&self, of_trial: u32) -> u32 {
        let mut before = self.original.lines().peekable();
        let mut at = 0;
        for (line, _) in self.text.lines().zip(0..of_trial) {
            let is_put_in = before.peek() != Some(&line)
                && KEYS.iter().any(|key| line.trim() == format!("{key}: {PRICE}"));
            if !is_put_in {
                before.next();
                at += 1;
            }
        }
        at.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_price_stands_in_and_lines_are_those_of_the_original() {
        let text = "providers:\n  a:\n    models:\n      - name: x\n        data_classification_max: public\n      - {name: y, data_classification_max: public}\n      - name: z\n        pricing: {unit: reserved}\n";
        let trial = of(text).expect("two have no price");
        assert!(
            trial
                .text
                .contains("x\n        cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 1\n"),
            "{}",
            trial.text
        );
        assert!(
            trial.text.contains("{name: y, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1,"),
            "{}",
            trial.text
        );
        let at = |line| trial.line(line);
        assert_eq!([at(4), at(5), at(6), at(7), at(8), at(9), at(10)], [4, 4, 4, 5, 6, 7, 8]);
        assert!(of(&trial.text).is_none());
        let text = "providers:\n  a:\n    models:\n      - name: x\n        # approved_use_cases: [y]   # today\n        data_classification_max: public\n        pricing: {unit: reserved}\n";
        let trial = of(text).expect("nothing is approved");
        assert!(
            trial.text.contains(
                "        approved_use_cases: [y]   # today\n        data_classification_max: restricted\n"
            ),
            "{}",
            trial.text
        );
        assert_eq!(trial.line(6), 6);
    }
}
