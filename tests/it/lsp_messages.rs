//! `govctl lsp` told what no editor should send, folders that come and go, and policies that stand in no workspace.

use serde_json::{Value, json};

use crate::bundle;
use crate::lsp_session::Editor;

#[test]
fn what_is_no_message_is_answered_and_the_server_goes_on() {
    let folder = bundle::copy_of("logistics");
    let mut editor = Editor::start(folder.path());
    for (text, code) in [("{foo", -32700), ("{}", -32600), ("[1]", -32600)] {
        editor.send_text(text);
        let answer = editor.read_json();
        assert_eq!(answer["error"]["code"], code, "{answer}");
        assert_eq!(answer["id"], Value::Null);
    }
    // Half an emoji, as editors send it, and a header in small letters.
    let uri = editor.uri("policies/new.gov");
    editor.send_text(&format!(
        r##"{{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {{"textDocument": {{"uri": "{uri}", "languageId": "gov", "version": 1, "text": "# \ud83d x\nregions"}}}}}}"##
    ));
    let found = editor.found("policies/new.gov", 1);
    assert_eq!(found[0]["code"], "syntax", "{found:?}");
    editor.send_frame("content-length", r#"{"jsonrpc": "2.0", "id": "small", "method": "nonsense"}"#);
    let answer = loop {
        let answer = editor.read_json();
        if answer["id"] == "small" {
            break answer;
        }
    };
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    editor.end();
}

#[test]
fn a_frame_that_does_not_say_how_long_it_is_is_answered() {
    let folder = bundle::copy_of("logistics");
    let mut editor = Editor::start(folder.path());
    for header in ["Content-Type: application/vscode-jsonrpc", "Content-Length: many"] {
        editor.send_bare(&format!(
            "{header}\r\n\r\n{{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"shutdown\"}}"
        ));
        let answer = loop {
            let answer = editor.read_json();
            if answer["id"] == 7 {
                break answer;
            }
        };
        assert_eq!(answer["error"]["code"], -32600, "{answer}");
        let why = answer["error"]["message"].as_str().expect("a message");
        assert_eq!(why, "a header has no `Content-Length` that says how long the message is");
    }
    editor.ask("workspace/symbol", json!({"query": ""}));
    editor.end();
    // What is no JSON says nowhere that it ends.
    let mut editor = Editor::start(folder.path());
    editor.send_bare("Content-Type: text/plain\r\n\r\nhello\r\n");
    let (status, said) = editor.broken();
    assert_eq!(status, Some(2));
    assert_eq!(
        said,
        "error: the connection broke: a header has no `Content-Length` that says how long the message is\n"
    );
}

#[test]
fn what_was_told_of_a_folder_is_withdrawn_when_it_is_gone() {
    let folder = bundle::copy_of("logistics-as-published");
    let mut editor = Editor::start(folder.path());
    let root = editor.uri("");
    let told = editor.diagnostics(&root);
    assert!(!told["diagnostics"].as_array().expect("findings").is_empty());
    let uri = told["uri"].as_str().expect("a file").to_owned();
    // Everything else that is told is told before this is answered.
    editor.ask("workspace/symbol", json!({"query": ""}));
    std::fs::remove_dir_all(folder.path()).expect("gone");
    let changes = json!({"changes": [{"uri": uri, "type": 3}]});
    editor.tell("workspace/didChangeWatchedFiles", changes);
    let told = editor.diagnostics(&uri);
    assert_eq!(told["diagnostics"], json!([]), "{told}");
    editor.end();
}

#[test]
fn what_comes_before_initialize_is_refused_in_words() {
    let mut editor = Editor::silent(std::path::Path::new("/"));
    let id = editor.begin("textDocument/hover", json!({}));
    let error = editor.response(id).error.expect("an error");
    assert_eq!(error.code, -32002);
    assert_eq!(error.message, "the server waits for `initialize`, which comes first");
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), Some(1));
    // A client that just goes away has not said good-bye either.
    let folder = bundle::copy_of("logistics");
    let editor = Editor::start(folder.path());
    assert_eq!(editor.left(), Some(1));
}

#[test]
fn folders_are_opened_and_closed() {
    let (first, second) = (bundle::copy_of("logistics"), bundle::copy_of("logistics-as-published"));
    let mut editor = Editor::start(first.path());
    let uri = format!("file://{}", second.path().display());
    let event = |added: &[&str], removed: &[&str]| {
        let folders = |uris: &[&str]| -> Vec<Value> {
            uris.iter().map(|uri| json!({"uri": uri, "name": "w"})).collect()
        };
        json!({"event": {"added": folders(added), "removed": folders(removed)}})
    };
    editor.tell("workspace/didChangeWorkspaceFolders", event(&[&uri], &[]));
    let told = editor.diagnostics(&uri);
    assert!(!told["diagnostics"].as_array().expect("findings").is_empty(), "{told}");
    editor.tell("workspace/didChangeWorkspaceFolders", event(&[], &[&uri]));
    let told = loop {
        let told = editor.diagnostics(&uri);
        if told["diagnostics"].as_array().is_some_and(Vec::is_empty) {
            break told;
        }
    };
    assert!(told["uri"].as_str().is_some_and(|told| told.starts_with(&uri)));
    let symbols = editor.ask("workspace/symbol", json!({"query": ""}));
    let is_second =
        |symbol: &Value| symbol["location"]["uri"].as_str().is_some_and(|at| at.starts_with(&uri));
    assert!(!symbols.as_array().expect("symbols").iter().any(is_second));
    editor.end();
}

#[test]
fn what_is_open_is_handed_to_the_workspace_that_it_stands_in_by_now() {
    let (first, second) = (bundle::copy_of("logistics"), bundle::copy_of("logistics"));
    let mut editor = Editor::start(first.path());
    let folder = format!("file://{}", second.path().display());
    let uri = format!("{folder}/policies/unsaved.gov");
    let change = |added: &[&str], removed: &[&str]| {
        let folders = |uris: &[&str]| -> Vec<Value> {
            uris.iter().map(|uri| json!({"uri": uri, "name": "w"})).collect()
        };
        json!({"event": {"added": folders(added), "removed": folders(removed)}})
    };
    let until = |editor: &mut Editor, is_wanted: fn(&Vec<Value>) -> bool| loop {
        let told = editor.diagnostics(&uri);
        if told["diagnostics"].as_array().is_some_and(is_wanted) {
            break;
        }
    };
    editor.tell("workspace/didChangeWorkspaceFolders", change(&[&folder], &[]));
    let document = json!({"uri": uri, "languageId": "gov", "version": 1, "text": "rule x {"});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    until(&mut editor, |found| !found.is_empty());
    editor.tell("workspace/didChangeWorkspaceFolders", change(&[], &[&folder]));
    until(&mut editor, Vec::is_empty);
    // Edited while it stands in no workspace, and not opened again.
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "rule y {"}]}),
    );
    editor.tell("workspace/didChangeWorkspaceFolders", change(&[&folder], &[]));
    let told = editor.diagnostics(&uri);
    assert_eq!(
        (&told["version"], told["diagnostics"].as_array().map(Vec::is_empty)),
        (&json!(2), Some(false))
    );
    editor.end();
}

#[test]
fn a_policy_in_no_workspace_has_a_layout_and_colours() {
    let folder = bundle::copy_of("logistics");
    let mut editor = Editor::start(folder.path());
    let text = "compliance rule  x {require model.hosting==cloud}\n";
    let formatted = "compliance rule x {\n  require model.hosting == cloud\n}\n";
    let within = editor.uri("notes/draft.gov");
    for uri in ["untitled:Untitled-1", "file:///nowhere/at/all.gov", &within] {
        editor.tell(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "gov", "version": 1, "text": "x"}}),
        );
        editor.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}),
        );
        let document = json!({"uri": uri});
        let edits = editor.ask(
            "textDocument/formatting",
            json!({"textDocument": document, "options": {"tabSize": 2, "insertSpaces": true}}),
        );
        let [edit] = edits.as_array().expect("edits").as_slice() else { panic!("{uri}: {edits}") };
        let at = |end: &str| {
            usize::try_from(edit["range"][end]["character"].as_u64().expect("a column")).expect("small")
        };
        let line = text.trim_end();
        let new = format!(
            "{}{}{}",
            &line[..at("start")],
            edit["newText"].as_str().expect("text"),
            &line[at("end").min(line.len())..]
        );
        assert_eq!(new.trim_end(), formatted.trim_end(), "{uri}");
        let tokens = editor.ask("textDocument/semanticTokens/full", json!({"textDocument": document}));
        assert!(tokens["data"].as_array().is_some_and(|data| data.len() >= 40), "{uri}: {tokens}");
        editor.tell("textDocument/didClose", json!({"textDocument": document}));
    }
    editor.end();
}

#[test]
fn fix_all_goes_on_until_nothing_is_left() {
    let folder = bundle::copy_of("saas");
    let mut editor = Editor::start(folder.path());
    let path = "policies/new.gov";
    let text = "failover new {\n  on rate-limted\n  follow ranking\n  because \"x\"\n}\n# govctl: allow(missing-reson) x\ncost rule told { when workload == batch prefer cheapest because \"y\" }\n";
    editor.open(path, text);
    let found = editor.found(path, 1);
    assert!(!found.is_empty());
    let uri = editor.uri(path);
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": [], "only": ["source.fixAll"]}}),
    );
    let edits = &actions[0]["edit"]["changes"][&uri];
    let mut mended = text.to_owned();
    let edit = &edits[0];
    let offset = |end: &str| {
        let place = &edit["range"][end];
        let number = |key: &str| usize::try_from(place[key].as_u64().expect("a number")).expect("small");
        let before: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        before + number("character")
    };
    mended.replace_range(offset("start")..offset("end"), edit["newText"].as_str().expect("a text"));
    std::fs::write(folder.path().join(path), text).expect("written");
    bundle::run(folder.path(), &["check", "--fix", "--as-of", bundle::AS_OF]);
    let wanted = std::fs::read_to_string(folder.path().join(path)).expect("a policy");
    assert!(!wanted.contains("govctl: allow") && wanted.contains("rate-limited"), "{wanted}");
    assert_eq!(mended, wanted, "{actions}");
    editor.end();
}
