//! What decides whether a change passes is a part of the change: lint levels, folders, comments that silence, keys.

use std::collections::BTreeMap;

use crate::load::{Config, LintLevel};

/// What a side says about what is reported of it.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Levels of lints that are written down.
    levels: BTreeMap<String, LintLevel>,
    /// Where each kind of file is read from.
    folders: Vec<(&'static str, Vec<String>)>,
    /// What comments silence: code and message, with the place.
    silenced: BTreeMap<(String, String), String>,
    /// The key that signed a table; none for a workspace, and where nothing signed it.
    key: Option<String>,
}

/// A difference between the rules of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// In words, names in back quotes.
    pub text: String,
    /// Whether less is reported than before.
    pub loosened: bool,
}

impl Rules {
    /// The rules of a workspace.
    pub fn of(config: &Config, silenced: impl Iterator<Item = Silence>) -> Self {
        let levels = config.lints.iter().map(|(code, level)| (code.value.clone(), *level)).collect();
        let silenced = silenced.map(|one| ((one.code, one.message), one.place)).collect();
        Self { levels, folders: config.folders.clone(), silenced, key: None }
    }

    /// The rules of a table: who signed it.
    pub fn of_table(key: Option<String>) -> Self {
        Self { key, ..Self::default() }
    }
}

/// A finding that a comment silences.
#[derive(Debug, Clone)]
pub struct Silence {
    /// Its code.
    pub code: String,
    /// What it says.
    pub message: String,
    /// File and line of what it is about.
    pub place: String,
}

/// How the rules differ, what is loosened first.
pub fn moved(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut all = levels(old, new);
    for ((code, message), place) in &new.silenced {
        if !old.silenced.contains_key(&(code.clone(), message.clone())) {
            let text = format!("a comment newly silences `{code}` at `{place}`: `{message}`");
            all.push(Moved { text, loosened: true });
        }
    }
    for ((what, before), (_, after)) in old.folders.iter().zip(&new.folders) {
        if before != after {
            let (before, after) = (before.join("`, `"), after.join("`, `"));
            let text = format!("`govctl.yaml` reads the {what} from `{after}`, before from `{before}`");
            all.push(Moved { text, loosened: false });
        }
    }
    if old.key != new.key {
        let name = |key: &Option<String>| key.as_ref().map_or("no key".to_owned(), |key| format!("`{key}…`"));
        let text = format!("the table is signed with {}, before with {}", name(&new.key), name(&old.key));
        all.push(Moved { text, loosened: old.key.is_some() });
    }
    all.sort_by_key(|moved| !moved.loosened);
    all
}

fn levels(old: &Rules, new: &Rules) -> Vec<Moved> {
    let level = |rules: &Rules, code: &String| rules.levels.get(code).copied().unwrap_or(LintLevel::Warn);
    let mut codes: Vec<&String> = old.levels.keys().chain(new.levels.keys()).collect();
    codes.sort();
    codes.dedup();
    let differs = codes.into_iter().filter_map(|code| {
        let (before, after) = (level(old, code), level(new, code));
        let text = format!("`govctl.yaml` sets `{code}` to {}, before {}", word(after), word(before));
        (before != after).then(|| Moved { text, loosened: rank(after) < rank(before) })
    });
    differs.collect()
}

fn rank(level: LintLevel) -> u8 {
    match level {
        LintLevel::Allow => 0,
        LintLevel::Warn => 1,
        LintLevel::Deny => 2,
    }
}

fn word(level: LintLevel) -> &'static str {
    match level {
        LintLevel::Allow => "allow",
        LintLevel::Warn => "warn",
        LintLevel::Deny => "deny",
    }
}
