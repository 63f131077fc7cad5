//! What an editor asks, as functions of a workspace and a place.

use std::fmt::Write as _;
use std::path::Path;

use govctl::diag::fix::Edit;
use govctl::load::{self, Texts};
use govctl::lsp::text::{Encoding, Lines, changed};
use govctl::lsp::{
    Kind, Memory, Seen, View, actions, completion, diagnostics, format, go, hints, hover, lens, outline,
    rename, tokens,
};
use govctl::source::{FileId, FileKind};
use govctl::workspace;
use lsp_types::{Position, Range};

use crate::bundle;

/// Looks at a workspace with some texts over its files.
pub(super) fn look<T>(folder: &Path, texts: &Texts, at: impl FnOnce(Seen) -> T) -> T {
    let loaded = load::load_over(folder, texts).expect("a workspace");
    let (workspace, trees) = workspace::read_with_trees(loaded, bundle::AS_OF.parse().expect("a day"));
    let checked = workspace.check();
    let names = Memory::default();
    let view = View::new(&workspace, &trees, &checked, Encoding::Utf16, &names, None);
    at(Seen { now: &view })
}

/// The same while a file is half written: what was good before stays.
pub(super) fn look_half_written<T>(
    folder: &Path,
    path: &str,
    text: &str,
    at: impl FnOnce(Seen, FileId) -> T,
) -> T {
    let day = || bundle::AS_OF.parse().expect("a day");
    let (before, trees) = workspace::read_with_trees(load::load(folder).expect("a workspace"), day());
    let checked = before.check();
    let names = Memory::default();
    let good = View::new(&before, &trees, &checked, Encoding::Utf16, &names, None);
    let texts = Texts::from([(path.to_owned(), text.to_owned())]);
    let (now, trees) =
        workspace::read_with_trees(load::load_over(folder, &texts).expect("a workspace"), day());
    let checked = now.check();
    let view = View::new(&now, &trees, &checked, Encoding::Utf16, &names, Some(&good));
    let (file, _) = view.file(path).expect("the file");
    at(Seen { now: &view }, file)
}

fn logistics() -> std::path::PathBuf {
    bundle::root("examples/logistics")
}

#[test]
fn places_are_counted_in_utf_16_units_and_lines_as_the_protocol_has_them() {
    let text = "a𝄞b\r\nü\rz\n";
    let lines = Lines::of(text);
    for (offset, utf16, utf8) in [
        (0, (0, 0), (0, 0)),
        (1, (0, 1), (0, 1)),
        (5, (0, 3), (0, 5)),
        (6, (0, 4), (0, 6)),
        (8, (1, 0), (1, 0)),
        (10, (1, 1), (1, 2)),
        (11, (2, 0), (2, 0)),
        (13, (3, 0), (3, 0)),
    ] {
        for (encoding, (line, character)) in [(Encoding::Utf16, utf16), (Encoding::Utf8, utf8)] {
            let position = Position { line, character };
            assert_eq!(lines.position(text, offset, encoding), position, "{offset}");
            assert_eq!(lines.offset(text, position, encoding), offset, "{position:?}");
        }
    }
    // Within a character: its beginning. Past a line: its end. Past the text: its end.
    assert_eq!(lines.position(text, 3, Encoding::Utf16), Position { line: 0, character: 1 });
    assert_eq!(lines.offset(text, Position { line: 0, character: 2 }, Encoding::Utf16), 1);
    assert_eq!(lines.offset(text, Position { line: 0, character: 99 }, Encoding::Utf16), 6);
    assert_eq!(lines.offset(text, Position { line: 99, character: 0 }, Encoding::Utf16), text.len());
    let range = Range { start: Position { line: 0, character: 1 }, end: Position { line: 1, character: 0 } };
    assert_eq!(changed(text, Some(range), "-", Encoding::Utf16), "a-ü\rz\n");
    let back = Range { start: range.end, end: range.start };
    assert_eq!(changed(text, Some(back), "-", Encoding::Utf16), "a𝄞b\r\n-ü\rz\n");
    assert_eq!(changed(text, None, "new", Encoding::Utf16), "new");
}

#[test]
fn what_is_found_is_what_check_finds() {
    let folder = bundle::root("examples/logistics-as-published");
    look(&folder, &Texts::new(), |seen| {
        let uri = |_: &str| "file:///x".parse().ok();
        let all = diagnostics::all(seen.now, &uri);
        let found: usize = all.values().map(Vec::len).sum();
        assert_eq!(found, seen.now.checked.findings.len());
        assert!(found > 5);
        let related: Vec<_> =
            all.values().flatten().filter_map(|one| one.related_information.as_ref()).collect();
        assert!(!related.is_empty(), "a finding has places in other files");
    });
}

/// Everything that can be asked at a place.
fn ask_everything(seen: Seen, file: FileId, offset: usize) {
    let _ = hover::hover(seen, file, offset);
    let _ = go::definition(seen, file, offset);
    let _ = go::references(seen, file, offset, true);
    let _ = go::highlights(seen, file, offset);
    let _ = completion::complete(seen, file, offset);
    let _ = rename::prepare(seen, file, offset);
    let _ = rename::rename(seen, file, offset, "another");
    let position = seen.now.position(file, offset);
    let _ = actions::at(seen.now, file, Range { start: position, end: position });
}

fn ask_of_files(seen: Seen, file: FileId) {
    let _ = outline::outline(seen.now, file);
    let _ = outline::foldings(seen.now, file);
    let _ = tokens::tokens(seen.now, file);
    let _ = hints::hints(seen, file, 0, usize::MAX);
    let _ = lens::lenses(seen, file);
    let _ = format::format(seen.now, file);
}

#[test]
fn every_place_can_be_asked_about_whatever_stands_there() {
    look(&logistics(), &Texts::new(), |seen| {
        for (id, file) in seen.now.workspace.sources.iter() {
            ask_of_files(seen, id);
            for offset in (0..=file.text.len() + 3).step_by(47) {
                ask_everything(seen, id, offset);
            }
        }
    });
    let odd = [
        "",
        "\u{feff}",
        "é𝄞 \"",
        "rule",
        "compliance rule",
        "compliance rule x {",
        "compliance rule x { when",
        "failover f { chain a -> ",
        "test \"x\" { given",
        "fact",
        "fact x in {",
        "}}}}",
        "# govctl: allow(",
        "budget b { per ",
        "providers:\n  - [{",
        "use_cases:\n- {name: \"𝄞",
        "a: &a [*a",
        "\t\r\r\n\u{0}",
    ];
    for path in ["policies/routing.gov", "registry/new.yaml", "estate/new.yaml", "govctl.yaml"] {
        for text in odd {
            look_half_written(&logistics(), path, text, |seen, file| {
                ask_of_files(seen, file);
                for offset in 0..=text.len() + 1 {
                    ask_everything(seen, file, offset);
                }
            });
        }
    }
}

/// Where a marked text stands, and the text without its mark.
fn marked(text: &str) -> (String, usize) {
    let at = text.find('¦').expect("a mark");
    (text.replace('¦', ""), at)
}

#[test]
fn a_completion_knows_grammar_types_and_names() {
    // What stands before the mark; what is offered there; what is not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("¦", &["failover", "compliance rule", "test", "regions"], &["when", "prefer"]),
        ("compliance rule x { ¦", &["when", "require", "because"], &["chain", "failover"]),
        (
            "compliance rule x { when ¦",
            &["use_case", "classification", "data", "not"],
            &["model.hosting", "when"],
        ),
        ("compliance rule x { when use_case ¦", &["==", "in", "!="], &["has", "<"]),
        ("compliance rule x { when use_case == ¦", &["planning", "analysis"], &["openai"]),
        ("compliance rule x { when use_case in [planning, ¦", &["analysis"], &["use_case"]),
        ("compliance rule x { when classification >= ¦", &["public", "confidential"], &["planning"]),
        ("compliance rule x { when use_case == planning ¦", &["and", "or", "require"], &["=="]),
        ("compliance rule x { require model.¦", &["model.hosting", "model.cost"], &[]),
        ("compliance rule x { require model.hosting == ¦", &["cloud", "self-hosted"], &["openai"]),
        ("cost rule x { prefer ¦", &["cheapest", "where", "openai", "openai/gpt-4-turbo"], &["use_case"]),
        ("failover f { chain ¦", &["openai/gpt-4-turbo"], &["openai", "chain"]),
        ("failover f { chain openai/gpt-4-turbo ¦", &["->", "match", "then"], &[]),
        ("failover f { on ¦", &["timeout", "unavailable"], &["openai"]),
        ("failover f { then ¦", &["queue", "degrade", "block"], &["then"]),
        ("failover f { match ¦", &["compliance", "residency"], &[]),
        ("budget b { per ¦", &["team", "use_case"], &[]),
        ("test \"x\" { given ¦", &["use_case", "down", "classification"], &[]),
        ("test \"x\" { given use_case ¦", &["planning"], &["use_case"]),
        ("test \"x\" { expect ¦", &["primary", "never", "openai"], &[]),
        ("guarantee g { always ¦", &["model.hosting", "chain.length", "classification"], &[]),
        ("# when ¦", &[], &["when"]),
        ("compliance rule x { because \"¦", &[], &["when"]),
    ];
    let mut wrong = String::new();
    for (text, offered, not) in cases {
        let (text, at) = marked(text);
        look_half_written(&logistics(), "policies/new.gov", &text, |seen, file| {
            let found = completion::complete(seen, file, at);
            let labels: Vec<String> = found
                .map(|found| found.items.into_iter().map(|item| item.label).collect())
                .unwrap_or_default();
            let missing: Vec<_> =
                offered.iter().filter(|one| !labels.iter().any(|label| label == **one)).collect();
            let extra: Vec<_> = not.iter().filter(|one| labels.iter().any(|label| label == **one)).collect();
            if !missing.is_empty() || !extra.is_empty() {
                let _ = writeln!(wrong, "{text}: missing {missing:?}, extra {extra:?}, of {labels:?}");
            }
        });
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_rename_reaches_every_file_and_changes_no_decision() {
    let folder = logistics();
    let mut renamed = 0;
    let (symbols, before) = look(&folder, &Texts::new(), |seen| {
        let index = seen.now.index();
        let mut symbols = Vec::new();
        for (id, _) in seen.now.workspace.sources.iter() {
            let defined = index.in_file(id).iter().filter(|one| one.is_definition);
            symbols.extend(defined.map(|one| (one.symbol.clone(), one.span)));
        }
        (symbols, primaries(seen))
    });
    for (symbol, span) in symbols {
        let new = "another-name";
        let texts = look(&folder, &Texts::new(), |seen| {
            let edits = rename::rename(seen, span.file, span.start as usize, new).expect("a rename");
            assert!(!edits.is_empty(), "{symbol:?}");
            edited(seen, &edits)
        });
        look(&folder, &texts, |seen| {
            let findings = &seen.now.checked.findings;
            let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            assert!(seen.now.workspace.world.is_some(), "{symbol:?}: {said:?}\n{texts:?}");
            // The names of decisions change with what is renamed, how many there are does not; the order of names may
            // decide between equals.
            assert_eq!(primaries(seen).len(), before.len(), "{symbol:?}");
            if !matches!(symbol.kind, Kind::UseCase | Kind::Model | Kind::Provider) {
                assert_eq!(primaries(seen), before, "{symbol:?}: {said:?}");
            }
        });
        renamed += 1;
    }
    assert!(renamed > 20, "only {renamed} things were renamed");
}

/// The primary of every use case at the baseline.
fn primaries(seen: Seen) -> Vec<(String, Option<String>)> {
    let survey = seen.survey().expect("decisions");
    let primary = |decided: govctl::decide::survey::Decided| {
        let model = decided.baseline.primary.map(|id| &survey.world.models[id]);
        (decided.name(), model.map(|model| model.id.clone()))
    };
    survey.decided().map(primary).collect()
}

pub(super) fn edited(seen: Seen, edits: &[Edit]) -> Texts {
    let mut texts = Texts::new();
    for (id, file) in seen.now.workspace.sources.iter() {
        let mut here: Vec<&Edit> = edits.iter().filter(|edit| edit.span.file == id).collect();
        here.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        if here.is_empty() {
            continue;
        }
        let mut text = file.text.clone();
        for edit in here {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        texts.insert(file.path.clone(), text);
    }
    texts
}

#[test]
fn a_name_leads_from_a_policy_to_yaml_and_back() {
    look(&logistics(), &Texts::new(), |seen| {
        let sources = &seen.now.workspace.sources;
        let mut followed = 0;
        for (id, file) in sources.of_kind(FileKind::Policy) {
            for one in seen.now.index().in_file(id).iter().filter(|one| one.symbol.kind == Kind::UseCase) {
                let offset = one.span.start as usize;
                let defined = go::definition(seen, id, offset);
                let [place] = defined.as_slice() else { panic!("{}: {defined:?}", file.path) };
                assert!(sources.path(place.file).starts_with("estate/"));
                assert_eq!(sources.text(*place).trim_matches('"'), one.symbol.name);
                assert!(go::references(seen, place.file, place.start as usize, true).contains(&one.span));
                followed += 1;
            }
        }
        assert!(followed > 0);
    });
}

#[test]
fn what_is_hovered_is_explained() {
    look(&logistics(), &Texts::new(), |seen| {
        let mut said = String::new();
        for (id, file) in seen.now.workspace.sources.iter() {
            for one in seen.now.index().in_file(id).iter().filter(|one| one.is_definition) {
                let hover = hover::hover(seen, id, one.span.start as usize).expect("a hover");
                let _ = writeln!(said, "== {}: {}\n{}\n", file.path, one.symbol.name, hover.text);
            }
            for lens in lens::lenses(seen, id) {
                let _ = writeln!(said, "-- {}: {}", file.path, lens.text);
            }
            for hint in hints::hints(seen, id, 0, usize::MAX) {
                let _ = writeln!(
                    said,
                    ".. {}: {} {}",
                    file.path,
                    seen.now.workspace.sources.text(hint.span),
                    hint.text
                );
            }
        }
        let path = bundle::root("tests/it/snapshots/lsp_logistics.txt");
        if bundle::bless() {
            std::fs::write(&path, &said).expect("blessed");
        } else {
            let wanted = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(wanted == said, "GOVCTL_BLESS=1 writes it; found:\n{said}");
        }
    });
}

#[test]
fn the_layout_is_that_of_fmt_and_half_written_files_keep_the_last_good_world() {
    let text = "compliance rule  x {require model.hosting==cloud}\n# ü 𝄞\n";
    look_half_written(&logistics(), "policies/new.gov", text, |seen, file| {
        let edit = format::format(seen.now, file).expect("another layout");
        let mut new = text.to_owned();
        new.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        assert_eq!(new, govctl::syntax::format(file, text).expect("a policy"));
    });
    let half = "failover new { chain openai/gpt-4-turbo -> ";
    look_half_written(&logistics(), "policies/new.gov", half, |seen, file| {
        assert!(seen.now.workspace.world.is_none());
        assert!(format::format(seen.now, file).is_none());
        let (estate, source) =
            seen.now.workspace.sources.of_kind(FileKind::Estate).next().expect("an estate");
        let offset = source.text.find("name: ").expect("a use case") + 7;
        let hover = hover::hover(seen, estate, offset).expect("a hover");
        assert!(hover.text.contains("goes to"), "{}", hover.text);
    });
}
