//! What editors are offered where a clause or a map is half written, fixes of empty owners, lines as the protocol has
//! them, and renames that would change who may use what.

use govctl::lsp::{actions, completion, format, outline, rename};
use govctl::source::Span;

use crate::bundle;
use crate::lsp::look_half_written;

/// The labels that are offered at the mark.
fn offered(path: &str, text: &str) -> Vec<String> {
    let at = text.find('¦').expect("a mark");
    let text = text.replace('¦', "");
    look_half_written(&bundle::root("examples/enterprise"), path, &text, |seen, file| {
        let items = completion::complete(seen, file, at).map(|found| found.items).unwrap_or_default();
        items.into_iter().map(|item| item.label).collect()
    })
}

#[test]
fn a_limit_is_completed_to_its_period() {
    for (text, wanted) in [
        ("budget b {\n  limit 5 ¦\n}", &["usd"][..]),
        ("budget b {\n  limit 5 usd ¦\n}", &["per"]),
        ("budget b {\n  limit 5 usd per ¦\n}", &["day", "week", "month", "quarter", "year"]),
        ("budget b {\n  limit 5 usd per m¦\n}", &["day", "week", "month", "quarter", "year"]),
        ("budget b {\n  at 80% ¦\n}", &["notify", "throttle", "queue", "block"]),
        ("quota q {\n  limit 5 ¦\n}", &["requests", "tokens"]),
        ("quota q {\n  limit 5 requests per ¦\n}", &["minute", "day"]),
        ("failover f {\n  limit 2 ¦\n}", &["hops"]),
        ("failover f {\n  retry 1 ¦\n}", &["times"]),
        ("failover f {\n  then queue for ¦\n}", &[]),
    ] {
        assert_eq!(offered("policies/new.gov", text), wanted, "{text}");
    }
    let after = offered("policies/new.gov", "budget b {\n  limit 5 usd per month\n  ¦\n}");
    assert!(after.contains(&"owner".to_owned()) && after.contains(&"per".to_owned()), "{after:?}");
    let each = offered("policies/new.gov", "budget b {\n  limit 5 usd per month\n  per ¦\n}");
    assert!(each.contains(&"team".to_owned()) && !each.contains(&"month".to_owned()), "{each:?}");
}

#[test]
fn lints_are_codes_with_levels_and_no_key_is_offered_twice() {
    for config in ["request:\n  from_credentials: [¦]\n", "request:\n  claims:\n    ¦\n"] {
        let stated = offered("govctl.yaml", config);
        let fixed = ["use_case", "classification", "budget.remaining"];
        assert!(stated.starts_with(&fixed.map(str::to_owned)), "{stated:?}");
        assert!(stated.iter().any(|name| name.ends_with(".remaining") && name.starts_with("budget.")));
    }
    let codes = offered("govctl.yaml", "lints:\n  good-practice: warn\n  drill-due: deny\n  ¦\n");
    assert!(codes.contains(&"missing-owner".to_owned()), "{codes:?}");
    assert!(!codes.iter().any(|code| code == "drill-due" || code == "good-practice" || code == "syntax"));
    assert_eq!(offered("govctl.yaml", "lints:\n  expiring: ¦\n"), ["allow", "warn", "deny"]);
    assert_eq!(
        offered("govctl.yaml", "lints:\n  expiring: deny\n¦\nreviews: []\n"),
        ["estate", "policies", "registry", "request"]
    );
    assert_eq!(offered("registry/new.yaml", "¦"), ["governance", "providers"]);
    assert_eq!(offered("registry/new.yaml", "providers:\n  a:\n    owner: b\n¦"), ["governance"]);
    assert_eq!(offered("estate/new.yaml", "# new\n¦"), ["drills", "use_cases"]);
    let review = offered("govctl.yaml", "reviews:\n  - name: a\n    ¦\n    last: 2026-10-01\n  - owner: b\n");
    assert_eq!(review, ["cadence", "owner"]);
    assert_eq!(offered("govctl.yaml", "reviews:\n  - ¦\n    owner: a\n"), ["cadence", "last", "name"]);
    let keys = offered("estate/new.yaml", "use_cases:\n  - name: a\n    owner: b\n  - ¦\n");
    assert!(keys.contains(&"name".to_owned()) && keys.contains(&"owner".to_owned()), "{keys:?}");
}

#[test]
fn what_a_list_has_already_is_not_offered_again() {
    let provider = |list: &str| format!("providers:\n  a:\n    compliance: {list}");
    let model = |list: &str| format!("{}      - approved_use_cases: {list}", provider("[]\n    models:\n"));
    for (text, has, not) in [
        (provider("[gdpr, ¦]"), "soc2", "gdpr"),
        (provider("[¦, gdpr]"), "soc2", "gdpr"),
        (provider("[\"gdpr\", s¦]"), "soc2", "gdpr"),
        (provider("[{name: gdpr, until: 2027-01-01}, ¦]"), "soc2", "gdpr"),
        (provider("\n      - gdpr\n      - ¦"), "soc2", "gdpr"),
        (
            provider("\n      - ¦\n      - name: gdpr\n        until: 2027-01-01\n    regions: [soc2]"),
            "soc2",
            "gdpr",
        ),
        (provider("\n    - gdpr # held\n\n    - s¦"), "soc2", "gdpr"),
        (model("[hr.handbook, ¦]"), "hr.payroll", "hr.handbook"),
        (model("\n        - hr.handbook\n        - ¦"), "hr.payroll", "hr.handbook"),
    ] {
        let labels = offered("registry/new.yaml", &text);
        assert!(labels.contains(&has.to_owned()), "{text}: {labels:?}");
        assert!(!labels.contains(&not.to_owned()), "{text}: {labels:?}");
    }
    // Of another list nothing is taken away.
    let labels =
        offered("registry/new.yaml", "providers:\n  a:\n    compliance: [gdpr]\n  b:\n    compliance: [¦]");
    assert!(labels.contains(&"gdpr".to_owned()), "{labels:?}");
}

#[test]
fn an_empty_owner_has_a_fix() {
    let folder = bundle::root("examples/enterprise");
    let path = "estate/support.yaml";
    let whole = std::fs::read_to_string(folder.join(path)).expect("an estate");
    let owner = whole.lines().find(|line| line.contains("owner: ")).expect("an owner");
    for (empty, filled) in [
        ("\"\"", "\"change-me@example.com\""),
        ("''", "'change-me@example.com'"),
        ("~", "change-me@example.com"),
        ("", " change-me@example.com"),
        (" # nobody", " change-me@example.com"),
    ] {
        let text = whole.replacen(owner.trim(), format!("owner: {empty}").trim_end(), 1);
        look_half_written(&folder, path, &text, |seen, file| {
            let whole = seen.now.range(Span::new(file, 0, text.len()));
            let mut found = actions::at(seen.now, file, whole);
            found.retain(|action| action.fix.title.contains("`owner`"));
            let [action] = found.as_slice() else { panic!("{empty}: {found:?}") };
            assert!(!action.is_preferred);
            let [edit] = action.edits.as_slice() else { panic!("{:?}", action.edits) };
            assert_eq!(edit.text, filled, "{empty}");
        });
    }
}

/// A lone carriage return ends a line for an editor, and a line separator of Unicode does not: places follow.
#[test]
fn lines_are_those_of_the_protocol() {
    let folder = bundle::root("examples/enterprise");
    let policy = |end: &str| format!("# a{end}# b{end}# c\n# d\n\nregions eu\n");
    for (end, first, last) in [("\n", 0, 3), ("\r", 0, 3), ("\r\n", 0, 3), ("\u{2028}", 0, 1)] {
        look_half_written(&folder, "policies/new.gov", &policy(end), |seen, file| {
            let comments: Vec<_> =
                outline::foldings(seen.now, file).into_iter().filter(|(.., comment)| *comment).collect();
            assert_eq!(comments, [(first, last, true)], "{end:?}");
        });
    }
    for end in ["\n", "\r"] {
        let text = format!("use_cases:{end}  - name: a{end}    criticality: ¦{end}");
        assert_eq!(offered("estate/new.yaml", &text), ["low", "normal", "high"], "{end:?}");
    }
}

/// A place between the two characters of a line break is none for an editor.
#[test]
fn an_edit_of_the_layout_parts_no_line_break() {
    for text in [
        "regions eu\n#x\r\n",
        "regions eu #x\r\n",
        "regions  eu\r\n#x\r\n",
        "regions eu\r\n\r\n\r\n\r\nfact a in {b} default b\n",
        "regions eu\n\r\nfact a in {b} default b\r\n\r\n",
        "regions eu # é\r\n# é\n",
    ] {
        let Some((start, end, new)) = format::change(text) else { continue };
        for at in [start, end] {
            assert!(!(text[..at].ends_with('\r') && text[at..].starts_with('\n')), "{text:?}: {at}");
        }
        let after = format!("{}{new}{}", &text[..start], &text[end..]);
        assert_eq!(format::change(&after), None, "{text:?} {after:?}");
    }
    assert!(format::change("regions eu\n#x\r\n").is_some());
}

/// `care.*` approves models for every use case of that name: a rename into it or out of it is refused.
#[test]
fn a_rename_changes_no_approval() {
    let folder = bundle::root("examples/enterprise");
    let registry = std::fs::read_to_string(folder.join("registry/azure-eu.yaml")).expect("a registry");
    let line = 1 + registry.lines().position(|line| line.contains("care.*")).expect("an entry");
    let path = "estate/healthcare.yaml";
    let estate = std::fs::read_to_string(folder.join(path)).expect("an estate");
    look_half_written(&folder, path, &estate, |seen, file| {
        let ask = |name: &str, new: &str| {
            let (id, source) = ["estate/healthcare.yaml", "estate/hr.yaml"]
                .iter()
                .find_map(|path| seen.now.file(path).filter(|(_, file)| file.text.contains(name)))
                .expect("a file");
            rename::rename(seen, id, source.text.find(name).expect("a name"), new)
        };
        assert!(ask("care.letters", "care.mail").is_ok());
        assert_eq!(
            ask("care.letters", "letters").expect_err("refused"),
            format!(
                "`care.*` (registry/azure-eu.yaml:{line}) approves it and would not approve `letters`: name it there first"
            )
        );
        assert_eq!(
            ask("hr.handbook", "care.handbook").expect_err("refused"),
            format!(
                "`care.*` (registry/azure-eu.yaml:{line}) does not approve it and would approve `care.handbook`: choose another name"
            )
        );
        assert!(seen.now.workspace.sources.file(file).is_some());
    });
}
