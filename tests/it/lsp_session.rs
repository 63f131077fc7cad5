//! `govctl lsp` as an editor drives it: over stdin and stdout.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use lsp_server::Message;
use serde_json::{Value, json};

use crate::bundle;

/// An editor.
pub(super) struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i32,
    root: String,
}

impl Editor {
    /// One that has not said anything yet.
    pub(super) fn silent(folder: &Path) -> Self {
        let mut command = bundle::govctl();
        command.args(["lsp", "--stdio", "--as-of", bundle::AS_OF]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("govctl runs");
        let input = server.stdin.take().expect("stdin");
        let output = BufReader::new(server.stdout.take().expect("stdout"));
        let root = format!("file://{}", folder.display());
        Self { server, input, output, next: 0, root }
    }

    pub(super) fn start(folder: &Path) -> Self {
        let mut editor = Self::silent(folder);
        let root = editor.root.clone();
        let answer = editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": root, "capabilities": {}, "workspaceFolders": [{"uri": root, "name": "w"}]}),
        );
        assert_eq!(answer["serverInfo"]["name"], "govctl");
        editor.tell("initialized", json!({}));
        editor
    }

    pub(super) fn uri(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    /// Sends a text as a message, whatever it is.
    pub(super) fn send_text(&mut self, text: &str) {
        self.send_frame("Content-Length", text);
    }

    pub(super) fn send_frame(&mut self, header: &str, text: &str) {
        write!(self.input, "{header}: {}\r\n\r\n{text}", text.len()).expect("written");
        self.input.flush().expect("flushed");
    }

    /// Sends what is no frame.
    pub(super) fn send_bare(&mut self, text: &str) {
        self.input.write_all(text.as_bytes()).expect("written");
        self.input.flush().expect("flushed");
    }

    /// The status with which the server ends by itself, and what it says.
    pub(super) fn broken(self) -> (Option<i32>, String) {
        let Self { mut server, input, output, .. } = self;
        let status = server.wait().expect("an end").code();
        drop((input, output));
        let mut said = String::new();
        server.stderr.take().expect("stderr").read_to_string(&mut said).expect("text");
        (status, said)
    }

    /// The next message as it is.
    pub(super) fn read_json(&mut self) -> Value {
        let mut header = String::new();
        self.output.read_line(&mut header).expect("a header");
        let length = header.trim().rsplit(' ').next().and_then(|length| length.parse().ok());
        self.output.read_line(&mut header).expect("an empty line");
        let mut text = vec![0; length.expect("a length")];
        self.output.read_exact(&mut text).expect("a message");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// The next diagnostics of a file below a URI.
    pub(super) fn diagnostics(&mut self, below: &str) -> Value {
        loop {
            if let Message::Notification(note) = self.read()
                && note.method == "textDocument/publishDiagnostics"
                && note.params["uri"].as_str().is_some_and(|uri| uri.starts_with(below))
            {
                return note.params;
            }
        }
    }

    /// The status with which the server ends.
    pub(super) fn status(&mut self) -> Option<i32> {
        self.server.wait().expect("an end").code()
    }

    /// The same where the editor goes away.
    pub(super) fn left(self) -> Option<i32> {
        let Self { mut server, input, output, .. } = self;
        drop(input);
        let status = server.wait().expect("an end").code();
        drop(output);
        status
    }

    pub(super) fn tell(&mut self, method: &str, params: impl Into<Value>) {
        let params: Value = params.into();
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn read(&mut self) -> Message {
        Message::read(&mut self.output).expect("a message").expect("the server is there")
    }

    pub(super) fn begin(&mut self, method: &str, params: impl Into<Value>) -> i32 {
        let params: Value = params.into();
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// The response to a request, as it is.
    pub(super) fn response(&mut self, id: i32) -> lsp_server::Response {
        loop {
            if let Message::Response(response) = self.read()
                && response.id == id.into()
            {
                return response;
            }
        }
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        let response = self.response(id);
        assert!(response.error.is_none(), "{method}: {response:?}");
        response.result.unwrap_or_default()
    }

    /// What is told of a version of a document.
    pub(super) fn found(&mut self, path: &str, version: i32) -> Vec<Value> {
        let uri = self.uri(path);
        loop {
            if let Message::Notification(note) = self.read()
                && note.method == "textDocument/publishDiagnostics"
                && note.params["uri"] == uri
                && note.params["version"] == version
            {
                return note.params["diagnostics"].as_array().expect("diagnostics").clone();
            }
        }
    }

    pub(super) fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        self.tell(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "gov", "version": 1, "text": text}}),
        );
    }

    pub(super) fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let status = self.server.wait().expect("an end");
        assert_eq!(status.code(), Some(0));
    }
}

#[test]
fn an_editor_is_served() {
    let folder = bundle::copy_of("logistics");
    let mut editor = Editor::start(folder.path());
    let path = "policies/new.gov";
    // Characters of one and of two UTF-16 units stand before what is changed.
    editor.open(path, "# ü𝄞\nfact season in {high, low} default hihg # 𝄞\n");
    let found = editor.found(path, 1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "unknown-name");
    assert_eq!(found[0]["range"]["start"], json!({"line": 1, "character": 35}));
    let uri = editor.uri(path);
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 36}});
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": found[0]["range"], "context": {"diagnostics": []}}),
    );
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "high", "{actions}");
    // Behind the last character of two units, and then the name mended.
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [
            {"range": {"start": {"line": 1, "character": 44}, "end": {"line": 1, "character": 44}}, "text": "!"},
            {"range": {"start": {"line": 1, "character": 35}, "end": {"line": 1, "character": 39}}, "text": "high"},
        ]}),
    );
    assert_eq!(editor.found(path, 2), Vec::<Value>::new());
    let hover = editor.ask("textDocument/hover", place);
    assert!(hover["contents"]["value"].as_str().expect("text").contains("value"), "{hover}");
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
    assert_eq!(symbols[0]["name"], "season");
    let lenses = editor
        .ask("textDocument/codeLens", json!({"textDocument": {"uri": editor.uri("estate/use-cases.yaml")}}));
    if let Some(lens) = lenses.as_array().and_then(|lenses| lenses.first()) {
        let command = &lens["command"];
        let said = editor.ask(
            "workspace/executeCommand",
            json!({"command": command["command"], "arguments": command["arguments"]}),
        );
        assert!(said.as_str().expect("a sentence").ends_with('.'));
    }
    editor.end();
}

#[test]
fn what_is_no_question_is_refused_and_the_server_goes_on() {
    let folder = bundle::copy_of("logistics");
    let mut editor = Editor::start(folder.path());
    let uri = editor.uri("policies/routing.gov");
    for (method, params, code) in [
        ("textDocument/nonsense", json!({}), -32601),
        ("textDocument/hover", json!({"textDocument": 7}), -32602),
        ("workspace/executeCommand", json!({"command": "rm"}), -32803),
    ] {
        let id = editor.begin(method, params);
        let response = editor.response(id);
        assert_eq!(response.error.map(|error| error.code), Some(code), "{method}");
    }
    let elsewhere =
        json!({"textDocument": {"uri": "file:///nowhere/a.gov"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", elsewhere), Value::Null);
    let far = json!({"textDocument": {"uri": uri}, "position": {"line": 4_000_000_000_u32, "character": 4_000_000_000_u32}});
    editor.ask("textDocument/completion", far);
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 9}, "contentChanges": [{"text": "x"}]}),
    );
    editor.tell("$/cancelRequest", json!({"id": 1}));
    editor.tell("nonsense", json!([1, 2]));
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
    editor.ask("textDocument/definition", place);
    editor.end();
}

#[test]
fn a_session_ends_as_the_protocol_says() {
    let folder = bundle::copy_of("logistics");
    // What is asked after `shutdown` is refused, and the server waits for `exit`.
    let mut editor = Editor::start(folder.path());
    let id = editor.begin("initialize", json!({"capabilities": {}}));
    assert_eq!(editor.response(id).error.map(|error| error.code), Some(-32600));
    editor.ask("shutdown", Value::Null);
    editor.tell("nonsense", json!({}));
    let id = editor.begin("textDocument/hover", json!({}));
    assert_eq!(editor.response(id).error.map(|error| error.code), Some(-32600));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().expect("an end").code(), Some(0));
    // An end that was not said before is not a good one.
    let mut editor = Editor::start(folder.path());
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().expect("an end").code(), Some(1));
}

#[test]
fn a_name_that_breaks_something_is_refused() {
    let folder = bundle::copy_of("enterprise");
    let mut editor = Editor::start(folder.path());
    let path = "policies/vocabulary.gov";
    let text = std::fs::read_to_string(folder.path().join(path)).expect("a policy");
    let line = text.lines().position(|line| line.starts_with("fact incident")).expect("a fact");
    let uri = editor.uri(path);
    let params = |name: &str| {
        json!({"textDocument": {"uri": uri},
            "position": {"line": line, "character": 6}, "newName": name})
    };
    for (name, why) in
        [("true", "a fact is read by its name"), ("use_case", "as `use_case`, policies/audit.gov:")]
    {
        let id = editor.begin("textDocument/rename", params(name));
        let error = editor.response(id).error.unwrap_or_else(|| panic!("`{name}` is taken"));
        assert!(error.message.starts_with(why), "{}", error.message);
    }
    assert!(editor.ask("textDocument/rename", params("trouble"))["changes"].is_object());
    editor.end();
}
