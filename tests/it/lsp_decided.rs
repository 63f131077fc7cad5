//! What editors say of decisions: that a rename moves none, and what would be decided without a rule.

use std::fmt::Write as _;

use govctl::load::Texts;
use govctl::lsp::{Seen, held, hover, rename};
use serde_json::json;

use crate::bundle;
use crate::lsp::{edited, look, look_half_written};
use crate::lsp_session::Editor;

/// What is said of two providers, each with more than its owner and one model.
struct World<'a> {
    north: &'a str,
    south: &'a str,
    /// What a model costs at each.
    costs: (u32, u32),
    /// Whom `north/alpha` is approved for.
    alpha_for: &'a str,
    use_cases: Vec<String>,
    policy: &'a str,
}

const FAILOVER: &str = "failover standard {\n  follow ranking\n  because \"x\"\n}\n";

impl Default for World<'_> {
    fn default() -> Self {
        let use_cases = vec!["chat".to_owned()];
        Self { north: "", south: "", costs: (1, 2), alpha_for: "\"*\"", use_cases, policy: "" }
    }
}

impl World<'_> {
    fn text(&self) -> String {
        let mut text = String::from("=== registry/a.yaml\nproviders:\n");
        for (name, more, model, cost, approved) in [
            ("north", self.north, "alpha", self.costs.0, self.alpha_for),
            ("south", self.south, "beta", self.costs.1, "\"*\""),
        ] {
            let _ = writeln!(text, "  {name}:\n    owner: n@example.com\n{more}    models:");
            let _ = writeln!(text, "      - name: {model}\n        approved_use_cases: [{approved}]");
            let _ = writeln!(text, "        data_classification_max: confidential");
            for way in ["input", "output"] {
                let _ = writeln!(text, "        cost_per_1m_tokens_{way}: {cost}");
            }
        }
        text += "=== estate/a.yaml\nuse_cases:\n";
        for name in &self.use_cases {
            let _ = writeln!(
                text,
                "  - name: {name}\n    owner: c@example.com\n    data_classification: internal"
            );
        }
        text + "=== policies/a.gov\n" + FAILOVER + self.policy
    }
}

/// What a rename of a name in the registry comes to: nothing, or why it is refused.
fn renamed(world: &World, old: &str, new: &str) -> Result<(), String> {
    let folder = bundle::unpack_text(&world.text());
    look(folder.path(), &Texts::new(), |before: Seen| {
        assert!(before.now.checked.survey.is_some(), "{}", world.text());
        let (file, source) = before.now.file("registry/a.yaml").expect("a registry");
        let written = [format!("\n  {old}:"), format!("- name: {old}\n")];
        let place = written.iter().find_map(|written| Some((source.text.find(written)?, written)));
        let (start, written) = place.expect("a name");
        let offset = start + written.find(old).expect("a name");
        let edits = rename::rename(before, file, offset, new)?;
        look(folder.path(), &edited(before, &edits), |after: Seen| {
            held(before.now, after.now, (file, offset, new), &edits)
        })
    })
}

#[test]
fn a_rename_by_which_something_is_decided_otherwise_is_refused() {
    let equal = World { costs: (1, 1), ..World::default() };
    let below = World { south: "    failure_domain: north\n", ..World::default() };
    let above = World { south: "    failure_domain: zz\n", ..World::default() };
    let own = World { north: "    failure_domain: north\n", ..World::default() };
    let by_name = "; the order of names decides where nothing else does: choose another name, or say first what comes first";
    for (world, old, new, why) in [
        (
            &equal,
            "north",
            "zz",
            Some(format!(
                "as `zz`, `chat` (estate/a.yaml:2) would go to `south/beta` and not to `north/alpha`{by_name}"
            )),
        ),
        (&equal, "north", "nn", None),
        // A model's name counts behind that of its provider.
        (&equal, "alpha", "zz", None),
        (
            &equal,
            "south",
            "aa",
            Some(format!(
                "as `aa`, `chat` (estate/a.yaml:2) would go to `aa/beta` and not to `north/alpha`{by_name}"
            )),
        ),
        (&World::default(), "north", "zz", None),
        (
            &below,
            "north",
            "zz",
            Some(
                "`failure_domain: north` (registry/a.yaml:12) says what fails together with it by its name, and would not as `zz`: name another domain there first, and state it for this provider"
                    .to_owned(),
            ),
        ),
        (
            &above,
            "north",
            "zz",
            Some(
                "`failure_domain: zz` (registry/a.yaml:12) would say that it fails together with it by its name: choose another name"
                    .to_owned(),
            ),
        ),
        (&above, "north", "other", None),
        (&own, "north", "zz", None),
    ] {
        assert_eq!(renamed(world, old, new).err(), why, "{old} {new}\n{}", world.text());
    }
}

/// Targets are ordered by name too, and what is renamed otherwise moves nothing.
#[test]
fn a_rename_that_moves_targets_is_refused_and_no_other() {
    let facts = "fact home in {here, there} default here\nregions eu, us\ncost rule c {\n  when home == there\n  process in eu\n  prefer cheapest\n  because \"x\"\n}\nbudget money {\n  limit 5 usd per month\n  owner \"a@example.com\"\n  escalate \"a@example.com\"\n}\naudit kept {\n  mask pii\n  retain 3 days\n  owner \"a@example.com\"\n}\n";
    let regions = "    regions: [eu, us]\n    region_selectable: true\n";
    let world = World { north: regions, south: regions, policy: facts, ..World::default() };
    let folder = bundle::unpack_text(&world.text());
    look(folder.path(), &Texts::new(), |before: Seen| {
        let mut tried = 0;
        for (file, _) in before.now.workspace.sources.iter() {
            for one in before.now.index().in_file(file) {
                for new in ["aa-new", "zz-new"] {
                    let at = one.span.start as usize;
                    let Ok(edits) = rename::rename(before, file, at, new) else { continue };
                    let texts = edited(before, &edits);
                    look(folder.path(), &texts, |after: Seen| {
                        if after.now.checked.survey.is_none() {
                            return;
                        }
                        assert_eq!(held(before.now, after.now, (file, at, new), &edits), Ok(()), "{texts:?}");
                        tried += 1;
                    });
                }
            }
        }
        assert!(tried > 40, "{tried}");
    });
}

#[test]
fn a_rename_is_held_to_the_last_reading_while_something_cannot_be_read() {
    let world = World { costs: (1, 1), ..World::default() };
    let folder = bundle::unpack_text(&world.text());
    let mut editor = Editor::start(folder.path());
    let path = "policies/new.gov";
    editor.open(path, "");
    editor.found(path, 1);
    let uri = editor.uri(path);
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "cost rule half {"}]}),
    );
    assert_eq!(editor.found(path, 2)[0]["code"], "syntax");
    let uri = editor.uri("registry/a.yaml");
    let id = editor.begin(
        "textDocument/rename",
        json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 3}, "newName": "zz"}),
    );
    let error = editor.response(id).error.expect("refused");
    assert!(error.message.starts_with("as `zz`, `chat` (estate/a.yaml:2) would go to"), "{}", error.message);
    editor.end();
}

/// Files that were never read hold names that nobody knows.
#[test]
fn a_rename_waits_for_files_that_cannot_be_read() {
    let text = World::default().text();
    let more = |registry: &str, policy: &str| {
        format!("{text}=== registry/b.yaml\n{registry}=== policies/b.gov\n{policy}")
    };
    let provider = |approved: &str, note: &str| {
        format!(
            "providers:\n  west:\n    ownr: s@example.com\n    models:\n      - name: gamma\n        approved_use_cases: {approved}{note}\n        data_classification_max: internal\n"
        )
    };
    let refusal = |place: &str| {
        Some(format!(
            "{place} may name the use case `chat`, in a file that cannot be read as it is: mend that file first"
        ))
    };
    let (registry, policy) = (|| refusal("registry/b.yaml:6"), || refusal("policies/b.gov:2"));
    let rule = |when: &str| format!("cost rule b {{\n  when {when}\n  require model.provider = north\n}}\n");
    for (text, why) in [
        (more(&provider("[chat]", ""), ""), registry()),
        (more(&provider("['chat']", ""), ""), registry()),
        (more(&provider("\n          - chat", ""), ""), refusal("registry/b.yaml:7")),
        (more(&provider("[ch*]", ""), ""), registry()),
        (more(&provider("[talk.chat, \"chat two\"]", ""), ""), None),
        (more(&provider("[other]", " # chat"), ""), None),
        (more("", &rule("use_case == chat")), policy()),
        (more("", &rule("use_case == \"chat\"")), policy()),
        (more("", &rule("use_case == chats # chat")), None),
    ] {
        let folder = bundle::unpack_text(&text);
        look(folder.path(), &Texts::new(), |seen: Seen| {
            assert!(seen.now.checked.survey.is_none(), "{text}");
            let (file, source) = seen.now.file("estate/a.yaml").expect("an estate");
            let at = source.text.find("chat").expect("a name");
            let refused = rename::rename(seen, file, at, "talk").map(drop).err();
            assert_eq!(refused, why, "{text}");
        });
    }
}

/// What hovering the first rule of a world says.
fn hovered(world: &World) -> String {
    let folder = bundle::unpack_text(&world.text());
    look(folder.path(), &Texts::new(), |seen: Seen| {
        assert!(seen.now.checked.survey.is_some(), "{:?}", seen.now.checked.findings);
        let (file, source) = seen.now.file("policies/a.gov").expect("a policy");
        let at = source.text.find(" rule ").expect("a rule") + " rule ".len();
        let text = hover::hover(seen, file, at).expect("a hover").text;
        text.lines().find(|line| line.starts_with("without it")).expect("what it changes").to_owned()
    })
}

#[test]
fn a_rule_says_what_would_be_decided_without_it_in_everything_that_requests_get() {
    let regions = "    regions: [eu, us]\n    region_selectable: true\n";
    let rule = |clauses: &str| format!("compliance rule told {{\n  {clauses}\n  because \"x\"\n}}\n");
    let many = |count: usize| -> Vec<String> {
        (0..count).map(|at| format!("u{at:04}")).chain(["zz".to_owned()]).collect()
    };
    let nothing = "without it nothing would be decided otherwise";
    for (world, wanted) in [
        (
            World { north: regions, south: regions, policy: &rule("process in eu"), ..World::default() },
            "without it 1 use case would be decided otherwise: `north/alpha` could process `chat` everywhere, not only in `eu`",
        ),
        (
            World {
                north: regions,
                south: regions,
                policy: &(rule("process in eu")
                    + "compliance rule wide { process in eu, us because \"x\" }\n"),
                ..World::default()
            },
            "without it 1 use case would be decided otherwise: `north/alpha` could process `chat` in `eu`, `us`, not only in `eu`",
        ),
        (
            World { policy: &rule("require model.provider == south"), ..World::default() },
            "without it 1 use case would be decided otherwise: `chat` would go to `north/alpha`, not to `south/beta`",
        ),
        (
            World { policy: &rule("require model.provider == north"), ..World::default() },
            "without it 1 use case would fail over otherwise: `chat`",
        ),
        (World { policy: &rule("require model.provider in [north, south]"), ..World::default() }, nothing),
        // The last of many is the only one that it concerns.
        (
            World {
                alpha_for: "zz",
                use_cases: many(130),
                policy: &rule("require model.provider == south"),
                ..World::default()
            },
            "without it 1 use case would be decided otherwise: `zz` would go to `north/alpha`, not to `south/beta`",
        ),
        (
            World {
                use_cases: many(130),
                policy: &rule("require model.provider in [north, south]"),
                ..World::default()
            },
            nothing,
        ),
    ] {
        assert_eq!(hovered(&world), wanted, "{}", world.policy);
    }
}

/// While a policy cannot be read, what is said is said of the last one that could.
#[test]
fn a_half_written_rule_says_what_was_decided_without_it() {
    let world = World {
        policy: "compliance rule told {\n  require model.provider == south\n  because \"x\"\n}\n",
        ..World::default()
    };
    let folder = bundle::unpack_text(&world.text());
    let half = format!("{FAILOVER}{}cost rule", world.policy);
    look_half_written(folder.path(), "policies/a.gov", &half, |seen, file| {
        let at = half.find("told").expect("a rule");
        let text = hover::hover(seen, file, at).expect("a hover").text;
        assert!(text.contains("`chat` would go to `north/alpha`"), "{text}");
    });
}
