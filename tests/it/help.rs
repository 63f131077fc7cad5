//! What `--help` says, as snapshots: a change of the command line is seen in review.

use crate::bundle;
use crate::diff_git::{commit, git};

fn help(command: &str) -> String {
    let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
    bundle::stdout(&bundle::govctl().args(words).output().expect("govctl runs"))
}

/// All commands, as the program itself lists them.
fn commands() -> Vec<String> {
    let help = help("");
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    commands.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_command_says_what_it_takes() {
    insta::assert_snapshot!("govctl", help(""));
    for command in commands() {
        insta::assert_snapshot!(command.clone(), help(&command));
    }
}

#[test]
fn the_command_line_page_names_every_command_and_option() {
    let page = std::fs::read_to_string(bundle::root("docs/cli.md")).expect("a document");
    for command in commands() {
        assert!(page.contains(&format!("\n## {command}\n")), "docs/cli.md has no section {command}");
        let help = help(&command);
        let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        for option in lines.flat_map(str::split_whitespace).filter(|word| word.starts_with("--")) {
            let option = option.trim_end_matches(',');
            assert!(page.contains(&format!("`{option}")), "docs/cli.md does not name {option} of {command}");
        }
    }
}

/// A repository with everything that the examples of `--help` name.
fn example_workspace() -> tempfile::TempDir {
    let folder = bundle::copy_of("logistics");
    let prices = serde_json::json!({"gpt-4o": {
        "litellm_provider": "openai", "mode": "chat", "max_input_tokens": 128_000,
        "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}});
    let files = [
        ("config.yaml", "model_list:\n  - {model_name: chat, litellm_params: {model: openai/gpt-4o}}\n"),
        ("prices.json", &prices.to_string()),
        ("app/bot.py", "MODEL = \"gpt-4o\"\n"),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    // A catalogue's prices hold at the vendor's own address.
    let registry = folder.path().join("registry/providers.yaml");
    let text = std::fs::read_to_string(&registry).expect("the registry");
    std::fs::write(&registry, text.replace("api.openai.example", "api.openai.com")).expect("written");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path(), "first");
    let table = folder.path().join("table.json");
    let output = bundle::run(folder.path(), &["compile", "-o", table.to_str().expect("a path")]);
    assert_eq!(bundle::status(&output), 0, "{}", bundle::stderr(&output));
    folder
}

#[test]
fn the_help_of_every_command_has_examples_that_run_and_says_how_it_ends() {
    let folder = example_workspace();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_govctl"));
    let path = format!("{}:{}", program.parent().expect("a folder").display(), env!("PATH"));
    for command in commands().iter().map(String::as_str).chain([""]) {
        let help = help(command);
        assert!(help.contains("\nExit status: 0 if "), "{command}: {help}");
        let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        let examples: Vec<&str> = lines.take_while(|line| !line.is_empty()).map(str::trim).collect();
        assert!(!examples.is_empty(), "{command} has no example");
        // An editor's session needs an editor.
        for example in examples.into_iter().filter(|_| command != "lsp") {
            assert!(example.starts_with(&format!("govctl {command}")), "{example}");
            let mut shell = std::process::Command::new("sh");
            let line = example.replacen("govctl", &format!("govctl --as-of {}", bundle::AS_OF), 1);
            let line = if line.matches("--as-of").count() > 1 { example } else { &line };
            let output = shell.args(["-c", line]).env("PATH", &path).current_dir(folder.path()).output();
            let output = output.expect("a shell runs");
            assert!(bundle::status(&output) < 2, "{example}: {}", bundle::stderr(&output));
        }
    }
}
