//! Quick fixes that mend what they are offered for, and what is said of statements that are not in force.

use govctl::load::Texts;
use govctl::lsp::{Kind, actions, hover};
use govctl::source::Span;
use lsp_types::Range;

use crate::bundle;
use crate::lsp::{look, look_half_written};

/// The titles of the fixes at the mark of a policy.
fn fixes(text: &str) -> Vec<String> {
    let at = text.find('¦').expect("a mark");
    let text = text.replace('¦', "");
    look_half_written(&bundle::root("examples/logistics"), "policies/new.gov", &text, |seen, file| {
        let place = seen.now.range(Span::new(file, at, at));
        let found = actions::at(seen.now, file, Range { start: place.start, end: place.start });
        found.into_iter().map(|action| action.fix.title).collect()
    })
}

#[test]
fn a_comment_is_only_mended_where_it_would_then_silence_something() {
    let rule = |comment: &str, reason: &str| {
        format!(
            "# govctl: ¦allow({comment}\ncost rule x {{ when workload == batch prefer cheapest {reason} }}\n"
        )
    };
    let because = "because \"x\"";
    for (comment, reason, wanted) in [
        ("missing-reson) x", because, "remove the comment"),
        ("missing-reson) x", "", "write `missing-reason`"),
        ("unbudgeted) until 2026-01-01 x", because, "remove the comment"),
        ("missing-reason)", because, "remove the comment"),
        ("missing-reason)", "", "write `# govctl: allow(missing-reason) reason`"),
    ] {
        assert_eq!(fixes(&rule(comment, reason)), [wanted], "{comment} {reason}");
    }
    let late = fixes(&rule("missing-reason) until 2026-01-01 x", ""));
    assert!(late.contains(&"silence it for 90 days more".to_owned()), "{late:?}");
}

/// Whom a list approves already it cannot approve again.
#[test]
fn an_approval_is_not_written_twice() {
    let folder = bundle::root("examples/enterprise");
    let path = "registry/new.yaml";
    let provider = |list: &str| {
        format!(
            "providers:\n  new:\n    owner: a@example.com\n    models:\n      - name: new\n        approved_use_cases: [{list}]\n        data_classification_max: internal\n        cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 1\n"
        )
    };
    let remove = "remove the approval, which approves nothing";
    for (list, wanted) in [
        ("hr.handbook, hr.handbok", &[remove][..]),
        ("hr.handbok", &["approve it for `hr.handbook` instead", remove]),
        ("\"*\", all", &[remove]),
        ("all", &["approve it for `*` instead", remove]),
        ("TAG", &["approve it for `NAME` instead", remove]),
        ("\"NAME\", TAG", &[remove]),
    ] {
        let estate = "estate/new.yaml";
        let tagged = "use_cases:\n  - name: new.chat\n    endpoint_tag: new-talk\n    owner: a@example.com\n    data_classification: internal\n";
        let real = |text: &str| text.replace("NAME", "new.chat").replace("TAG", "new-talk");
        let text = provider(&real(list));
        let texts = Texts::from([(path.to_owned(), text.clone()), (estate.to_owned(), tagged.to_owned())]);
        look(&folder, &texts, |seen| {
            let (file, source) = seen.now.file(path).expect("a registry");
            let at = source.text.find("]\n").expect("a list") - 1;
            let place = seen.now.range(Span::new(file, at, at));
            let found = actions::at(seen.now, file, Range { start: place.start, end: place.start });
            let titles: Vec<String> = found.into_iter().map(|action| action.fix.title).collect();
            assert_eq!(titles, wanted.iter().map(|title| real(title)).collect::<Vec<_>>(), "{list}");
        });
    }
}

#[test]
fn what_is_not_in_force_says_so() {
    look(&bundle::root("examples/saas"), &Texts::new(), |seen| {
        let index = seen.now.index();
        let (file, span) = seen
            .now
            .workspace
            .sources
            .iter()
            .flat_map(|(id, _)| index.in_file(id).iter().map(move |one| (id, one)))
            .find(|(_, one)| {
                one.is_definition && one.symbol.kind == Kind::Rule && one.symbol.name == "new-year-contract"
            })
            .map(|(id, one)| (id, one.span))
            .expect("the rule");
        let said = hover::hover(seen, file, span.start as usize).expect("a hover").text;
        assert!(said.ends_with("not in force: it begins on 2027-01-01"), "{said}");
    });
}
