//! `cargo bench --bench lsp`: an editor's session by a scripted client, from a keystroke to what is told of it.
//!
//! `-- --use-cases 1000 --models 100 --rules 200 --edits 60` chooses how much of what. `GOVCTL` names another program.
//! Beside each time stands what a keystroke takes of the processor, where the system tells: other programs do not count.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing amiss"
)]

mod measure;
mod world;

use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use lsp_server::Message;
use measure::spread;
use serde_json::{Value, json};
use world::{AS_OF, Size, World};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let number = |name: &str, default| value(name).map_or(default, |text| text.parse().expect("a number"));
    let size = Size {
        use_cases: number("--use-cases", 1_000),
        models: number("--models", 100),
        rules: number("--rules", 200),
    };
    let edits = number("--edits", 60);
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::new(size);
    world.write(folder.path()).expect("a workspace");
    let Size { use_cases, models, rules } = size;
    println!("{use_cases} use cases × {models} models × {rules} rules, {edits} keystrokes");
    let policies = world.files.iter().filter(|(path, _)| path.starts_with("policies/"));
    let (path, text) = policies.max_by_key(|(_, text)| text.len()).expect("a policy");
    session(folder.path(), path, text, edits);
}

/// Types into a policy and asks about it.
fn session(folder: &Path, path: &str, text: &str, edits: usize) {
    let start = Instant::now();
    let mut editor = Editor::start(folder);
    let uri = editor.uri(path);
    editor.tell(
        "textDocument/didOpen",
        &json!({"textDocument": {"uri": uri, "languageId": "gov", "version": 1, "text": text}}),
    );
    editor.found(&uri, 1);
    println!(
        "  started, opened and checked    {}{}",
        shown(&[start.elapsed().as_secs_f64()]),
        editor.spent(1)
    );
    let line = text.lines().count();
    let mut typed = Vec::new();
    let mut broken = Vec::new();
    // A rule is typed at the end, letter by letter: most states of it cannot be read, the last ones can.
    let rule = "preference rule typed { when classification == internal prefer cheapest because \"x\" }";
    let letters: Vec<char> = rule.chars().collect();
    for edit in 0..edits.max(2) {
        let at = edit % (letters.len() + 1);
        let (from, to, new) = if at == letters.len() {
            (0, letters.len(), String::new())
        } else {
            (at, at, letters[at].to_string())
        };
        let version = edit + 2;
        let range =
            json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
        broken.push(editor.keystroke(&uri, version, &range, &new));
    }
    println!("  a keystroke in a statement     {}{}", shown(&broken), editor.spent(broken.len()));
    // And within a comment, where every state can be decided.
    let base = edits.max(2) + 2;
    let whole = json!({"textDocument": {"uri": uri, "version": base}, "contentChanges": [{"text": format!("# \n{text}")}]});
    editor.tell("textDocument/didChange", &whole);
    editor.found(&uri, base);
    editor.spent(1);
    for edit in 0..edits {
        let range = json!({"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 2}});
        typed.push(editor.keystroke(&uri, base + 1 + edit, &range, "x"));
    }
    println!("  a keystroke in a comment       {}{}", shown(&typed), editor.spent(typed.len()));
    decided(&mut editor, (uri.as_str(), text), edits, base + edits + 1);
    let name = text.lines().position(|line| line.contains("rule ")).unwrap_or_default();
    let places: [(&str, u64, u64); 3] = [
        ("textDocument/hover", name as u64 + 1, 18),
        ("textDocument/hover", name as u64, 18),
        ("textDocument/completion", name as u64 + 1, 18),
    ];
    for (method, line, character) in places {
        let position = json!({"line": line, "character": character});
        let mut times = Vec::new();
        for _ in 0..edits {
            let start = Instant::now();
            editor.ask(method, &json!({"textDocument": {"uri": uri}, "position": position}));
            times.push(start.elapsed().as_secs_f64());
        }
        println!("  {method:<30} {}", shown(&times));
    }
    for method in ["textDocument/codeLens", "textDocument/semanticTokens/full"] {
        let start = Instant::now();
        editor.ask(method, &json!({"textDocument": {"uri": uri}}));
        println!("  {method:<30} {}", shown(&[start.elapsed().as_secs_f64()]));
    }
    editor.end();
}

/// Types where every state is decided: a reason, a rule of some use cases and one of all.
fn decided(editor: &mut Editor, (uri, text): (&str, &str), edits: usize, mut version: usize) {
    editor.tell(
        "textDocument/didChange",
        &json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}),
    );
    editor.found(uri, version);
    editor.spent(1);
    let places = [
        (
            "a keystroke in a reason        ",
            "somebody is waiting",
            ["somebody is waitin", "somebody is waiting"],
        ),
        (
            "a keystroke in a narrow rule   ",
            "budget.remaining < 10%",
            ["budget.remaining < 9%", "budget.remaining < 10%"],
        ),
        (
            "a keystroke in a broad rule    ",
            "retention <= 30 days",
            ["retention <= 3 days", "retention <= 30 days"],
        ),
    ];
    for (name, written, texts) in places {
        let times = editor.alternate(uri, text, (written, texts), edits, &mut version);
        println!("  {name} {}{}", shown(&times), editor.spent(times.len()));
    }
}

/// Seconds as a person reads them.
fn shown(seconds: &[f64]) -> String {
    spread(seconds.iter().map(|time| time * 1e9).collect()).shown()
}

/// The processor time of all threads of a process, in seconds, where the system tells it.
fn processor(process: u32) -> Option<f64> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let nanoseconds = threads.flatten().filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(nanoseconds.sum::<f64>() / 1e9)
}

/// A client that says what it is told to.
struct Editor {
    server: Child,
    /// What it had taken of the processor when that was said last.
    spent: f64,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i32,
    root: String,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let program = std::env::var("GOVCTL").unwrap_or_else(|_| env!("CARGO_BIN_EXE_govctl").to_owned());
        let mut command = Command::new(program);
        command.args(["--as-of", AS_OF, "lsp"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().expect("govctl runs");
        let input = server.stdin.take().expect("stdin");
        let output = BufReader::new(server.stdout.take().expect("stdout"));
        let root = format!("file://{}", folder.display());
        let mut editor = Self { server, spent: 0.0, input, output, next: 0, root: root.clone() };
        let folders = json!([{"uri": root, "name": "world"}]);
        editor.ask(
            "initialize",
            &json!({"processId": null, "rootUri": null, "capabilities": {}, "workspaceFolders": folders}),
        );
        editor.tell("initialized", &json!({}));
        editor
    }

    /// What each of so many things took of the processor, since it was asked last.
    fn spent(&mut self, many: usize) -> String {
        let Some(now) = processor(self.server.id()) else { return String::new() };
        let before = std::mem::replace(&mut self.spent, now);
        let each = (now - before) * 1e9 / f64::from(u32::try_from(many).unwrap_or(1));
        format!(", {} of the processor", measure::nanoseconds(each))
    }

    fn uri(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("written");
        self.input.flush().expect("flushed");
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        loop {
            if let Message::Response(response) = self.read()
                && response.id == self.next.into()
            {
                return response.result.unwrap_or_default();
            }
        }
    }

    fn read(&mut self) -> Message {
        Message::read(&mut self.output).expect("a message").expect("the server is there")
    }

    /// Waits for what is told of a version of a document.
    fn found(&mut self, uri: &str, version: usize) {
        loop {
            if let Message::Notification(note) = self.read()
                && note.params["uri"] == uri
                && note.params["version"] == version
            {
                return;
            }
        }
    }

    /// One edit; seconds until its diagnostics are there.
    fn keystroke(&mut self, uri: &str, version: usize, range: &Value, text: &str) -> f64 {
        let start = Instant::now();
        self.tell(
            "textDocument/didChange",
            &json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"range": range, "text": text}]}),
        );
        self.found(uri, version);
        start.elapsed().as_secs_f64()
    }

    /// Writes one text and another in turn where one of them stands; what each takes.
    fn alternate(
        &mut self,
        uri: &str,
        text: &str,
        (written, texts): (&str, [&str; 2]),
        edits: usize,
        version: &mut usize,
    ) -> Vec<f64> {
        let (line, from) = text
            .lines()
            .enumerate()
            .find_map(|(line, text)| Some((line, text.find(written)?)))
            .expect("what every world has");
        let mut length = written.len();
        let mut times = Vec::new();
        for edit in 0..edits.next_multiple_of(2) {
            *version += 1;
            let new = texts[edit % 2];
            let range = json!({
                "start": {"line": line, "character": from}, "end": {"line": line, "character": from + length},
            });
            times.push(self.keystroke(uri, *version, &range, new));
            length = new.len();
        }
        times
    }

    fn end(mut self) {
        self.ask("shutdown", &Value::Null);
        self.tell("exit", &Value::Null);
        self.server.wait().expect("an end");
    }
}
