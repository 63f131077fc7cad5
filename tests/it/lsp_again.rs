//! What a check takes over from the one before it: after each of many edits it is what a fresh check makes.

use std::collections::BTreeMap;
use std::path::Path;

use govctl::decide::survey::Case;
use govctl::load::{self, Texts};
use govctl::syntax::scan::{self, Kind, Token};
use govctl::workspace::{self, Carried, Checked, Memory, Since, Trees, Workspace};

use crate::bundle;

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

fn day() -> govctl::model::Date {
    bundle::AS_OF.parse().expect("a day")
}

pub(crate) fn read(
    folder: &Path,
    texts: &Texts,
    memory: &mut Memory,
    before: Option<&(Workspace, Trees)>,
) -> (Workspace, Trees, Option<Since>) {
    let loaded = load::load_over(folder, texts).expect("a workspace");
    workspace::read_again(loaded, day(), memory, before.map(|(workspace, trees)| (workspace, trees)))
}

/// Compares a check with a fresh one of the same texts.
pub(crate) fn same(folder: &Path, texts: &Texts, again: &Checked, what: &str) {
    let fresh = workspace::read(load::load_over(folder, texts).expect("a workspace"), day());
    let fresh = fresh.check();
    assert_eq!(again.findings, fresh.findings, "{what}");
    assert_eq!(again.silenced, fresh.silenced, "{what}");
    assert_eq!(again.contexts, fresh.contexts, "{what}");
    let cases = |checked: &Checked| -> Vec<String> {
        let cases = checked.survey.iter().flat_map(|survey| survey.cases.iter());
        cases.map(|one| format!("{:?}", (one.id, &one.missing, &one.decisions, one.is_decided()))).collect()
    };
    assert!(cases(again) == cases(&fresh), "{what}: other decisions");
    if let Some(survey) = &again.survey {
        for case in &survey.cases {
            let first = &survey.cases[case.first_alike];
            let said = |one: &Case| format!("{:?}", (&one.missing, &one.decisions));
            assert!(first.id <= case.id && said(first) == said(case), "{what}: others are alike");
        }
    }
}

/// One edit of a policy, and what it is.
fn edit(text: &str, original: &str, dice: &mut Dice) -> String {
    let tokens: Vec<Token> = scan::tokens(text, 0).collect();
    if tokens.is_empty() || dice.below(6) == 0 {
        return original.to_owned();
    }
    let place = dice.below(tokens.len());
    // The next one of a kind, from some place on.
    let of = |wanted: &dyn Fn(Kind) -> bool| {
        let all = tokens.iter().cycle().skip(place).take(tokens.len());
        all.copied().find(|token| wanted(token.kind)).unwrap_or(tokens[place])
    };
    let (start, end, new) = match dice.below(6) {
        0 => (tokens[place].start, tokens[place].start, "# typed\n".to_owned()),
        1 => (tokens[place].start, tokens[place].start, ["  ", "\n", "\r\n\t"][dice.below(3)].to_owned()),
        2 => {
            let number = of(&|kind| kind == Kind::Number);
            (number.start, number.end, ["1", "5", "30", "2026-12-01"][dice.below(4)].to_owned())
        }
        3 => {
            let said = of(&|kind| matches!(kind, Kind::Text { .. }));
            (said.end - 1, said.end - 1, "é".to_owned())
        }
        4 => {
            let word = of(&|kind| kind == Kind::Word);
            let other = tokens[dice.below(tokens.len())];
            (word.start, word.end, other.text(text).to_owned())
        }
        _ => {
            let upto = tokens[(place + dice.below(4)).min(tokens.len() - 1)];
            (tokens[place].start, upto.end, String::new())
        }
    };
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// Edits an example, and holds each check to a fresh one; how often decisions and findings were taken over.
fn session(example: &str, seed: u64, edits: usize) -> (usize, usize) {
    let folder = bundle::root(example);
    let mut originals = BTreeMap::new();
    for file in std::fs::read_dir(folder.join("policies")).expect("policies") {
        let name = file.expect("a file").file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(folder.join("policies").join(&name)).expect("a text");
        originals.insert(format!("policies/{name}"), text);
    }
    let paths: Vec<&String> = originals.keys().collect();
    let mut texts: Texts = originals.clone();
    let (mut dice, mut memory) = (Dice(seed), Memory::default());
    let (workspace, trees, _) = read(&folder, &texts, &mut memory, None);
    let (mut now, mut carried): (_, Option<Carried>) = ((workspace, trees), None);
    let (mut decided, mut found_again, mut done) = (0, 0, 0);
    let mut what = "as it is".to_owned();
    while done < edits {
        decided += usize::from(carried.as_ref().is_some_and(|one| one.decided() > 0));
        found_again += usize::from(carried.as_ref().is_some_and(Carried::is_found));
        let (checked, found) = now.0.check_again(carried.take());
        same(&folder, &texts, &checked, &what);
        let (then, since) = loop {
            done += 1;
            let path = paths[dice.below(paths.len())];
            let text = edit(&texts[path], &originals[path], &mut dice);
            what = format!("{example}, seed {seed}, edit {done} of {path}:\n{text}");
            texts.insert(path.clone(), text);
            let (workspace, trees, since) = read(&folder, &texts, &mut memory, Some(&now));
            if workspace.world.is_some() || done > edits {
                break ((workspace, trees), since);
            }
            // What cannot be read is mended sooner or later.
            if dice.below(3) == 0 {
                texts.insert(path.clone(), originals[path].clone());
            }
        };
        carried = since.and_then(|since| workspace::carried(checked, &found, &then.0, &since));
        now = then;
    }
    (decided, found_again)
}

#[test]
fn after_each_edit_a_check_that_takes_over_what_it_can_is_a_fresh_one() {
    let mut all = (0, 0);
    for (example, seeds, edits) in [
        ("examples/logistics", 1..4, 120),
        ("examples/hospital", 1..3, 80),
        ("examples/enterprise", 1..2, 60),
    ] {
        for seed in seeds {
            let (decided, found) = session(example, seed, edits);
            all = (all.0 + decided, all.1 + found);
        }
    }
    assert!(all.0 > 30 && all.1 > 20, "what was there was hardly ever taken over: {all:?}");
}

/// What the check of some texts leaves for that of others.
fn left(before: &[(&str, &str)], after: &[(&str, &str)]) -> Option<(usize, bool)> {
    let folder = bundle::root("examples/logistics");
    let texts = |all: &[(&str, &str)]| -> Texts {
        all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    let mut memory = Memory::default();
    let (workspace, trees, _) = read(&folder, &texts(before), &mut memory, None);
    let now = (workspace, trees);
    let (checked, found) = now.0.check_again(None);
    let (then, _, since) = read(&folder, &texts(after), &mut memory, Some(&now));
    let carried = since.and_then(|since| workspace::carried(checked, &found, &then, &since))?;
    let left = (carried.decided(), carried.is_found());
    let (checked, _) = then.check_again(Some(carried));
    same(&folder, &texts(after), &checked, &format!("{after:?}"));
    Some(left)
}

#[test]
fn a_comment_leaves_everything_and_a_rule_what_it_does_not_concern() {
    let path = "policies/new.gov";
    let rule = |name: &str, days: u32| {
        format!(
            "# one\ncompliance rule typed {{\n  when use_case == {name}\n  require model.retention <= {days} days # two\n  because \"x\"\n}}\n"
        )
    };
    let estate =
        std::fs::read_to_string(bundle::root("examples/logistics/estate/use-cases.yaml")).expect("an estate");
    let mut names = estate.lines().filter_map(|line| line.strip_prefix("  - name: "));
    let (first, second) = (names.next().expect("a use case"), names.next().expect("another"));
    let all = 2 + names.count();
    let old = rule(first, 3650);
    let with = |text: &str| left(&[(path, &old)], &[(path, text)]);
    assert_eq!(
        with(&format!("\n\n{}", old.replace("two", "three").replace("when ", "when\n\n"))),
        Some((all, true))
    );
    assert_eq!(with(&old.replace("\"x\"", "\"another reason\"")), Some((all, false)));
    assert_eq!(with(&rule(first, 3651)), Some((all - 1, false)));
    assert_eq!(with(&rule(second, 3650)), Some((all - 1, false)), "and the second is decided again");
    assert_eq!(with(&old.replace("when use_case == ", "# when use_case == ")), Some((all - 1, false)));
    assert_eq!(with(&old.replace("rule typed", "rule renamed")), None, "another name has another number");
    assert_eq!(with(&format!("{old}fact typed in {{a, b}} default a\n")), None);
    let other = format!("{estate}# typed\n");
    assert_eq!(left(&[(path, &old)], &[(path, &old), ("estate/use-cases.yaml", &other)]), None);
}
