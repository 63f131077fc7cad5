//! Names in an editor where registry and estate are half written, and where drills name them.

use govctl::load::Texts;
use govctl::lsp::{go, hover, lens, rename};

use crate::bundle;
use crate::lsp::{edited, look, look_half_written};

/// Where the n-th occurrence of a text begins.
fn nth(text: &str, what: &str, n: usize) -> usize {
    text.match_indices(what).nth(n).map_or_else(|| panic!("no {what}"), |(at, _)| at)
}

#[test]
fn drills_name_use_cases_and_what_was_down() {
    let folder = bundle::root("examples/enterprise");
    look(&folder, &Texts::new(), |seen| {
        let (file, source) = seen.now.file("estate/drills.yaml").expect("drills");
        for what in ["hr.handbook", "anthropic"] {
            let at = nth(&source.text, what, 0);
            assert!(hover::hover(seen, file, at).is_some(), "{what}");
            assert_eq!(go::definition(seen, file, at).len(), 1, "{what}");
            let edits = rename::rename(seen, file, at, "renamed").expect("a rename");
            let texts = edited(seen, &edits);
            assert!(!texts["estate/drills.yaml"].contains(what), "{what}");
            look(&folder, &texts, |seen| assert!(seen.now.workspace.world.is_some(), "{what}"));
        }
    });
}

#[test]
fn a_half_written_estate_keeps_its_names_where_they_stand() {
    let folder = bundle::root("examples/enterprise");
    let path = "estate/support.yaml";
    let whole = std::fs::read_to_string(folder.join(path)).expect("an estate");
    let places = |text: &str| text.matches("team: support").count();
    let cut = |from: &str, to: &str| whole.replacen(from, to, 1);
    let halves = [
        cut("data_classification: internal", "data_classification: "),
        cut("data: [", "data: [["),
        whole.clone() + "  - name: support.new\n    data_cla\n",
    ];
    for half in halves {
        assert_ne!(half, whole);
        look_half_written(&folder, path, &half, |seen, file| {
            assert!(seen.now.workspace.world.is_none(), "{half}");
            let name = nth(&half, "support.", 0);
            assert!(hover::hover(seen, file, name).is_some_and(|hover| hover.text.contains("goes to")));
            assert_eq!(go::definition(seen, file, name).len(), 1);
            assert!(!lens::lenses(seen, file).is_empty());
            let at = nth(&half, "team: support", 0) + "team: ".len();
            let texts = edited(seen, &rename::rename(seen, file, at, "helpers").expect("a rename"));
            assert_eq!(places(&texts[path]), 0, "{}", texts[path]);
            assert_eq!(texts[path].matches("team: helpers").count(), places(&half));
        });
    }
}
