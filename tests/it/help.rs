//! What `--help` says, as snapshots: a change of the command line is seen in review.

use crate::bundle;

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
