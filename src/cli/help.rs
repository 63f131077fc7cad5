//! What `--help` and the manual pages add to each command: examples to copy, and what each exit status means.

use clap::Command;

/// What a command's help ends with.
pub(super) struct Ending {
    command: &'static str,
    /// Command lines, each with what it does where that is not plain.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// When the command ends with 0, and when with 1; with 2 it always ends for the same reasons.
    statuses: [&'static str; 2],
}

/// What status 2 means, of every command.
const UNASKED: &str = "2 if it could not be asked: usage, something that cannot be read or written";

impl Ending {
    /// That of a command; of none that is not known.
    pub(super) fn of(command: &str) -> Option<&'static Self> {
        ENDINGS.iter().find(|ending| ending.command == command)
    }

    /// What each exit status means, in one sentence.
    pub(super) fn status(&self) -> String {
        let [fine, negative] = self.statuses;
        let negative = if negative.is_empty() { String::new() } else { format!("1 if {negative}, ") };
        format!("0 if {fine}, {negative}{UNASKED}.")
    }
}

/// The program and its commands, each with the end of its help.
pub(super) fn with_endings(program: Command) -> Command {
    let with_ending = |command: Command| match Ending::of(command.get_name()) {
        Some(ending) => command.after_help(shown(ending)),
        None => command,
    };
    with_ending(program).mut_subcommands(with_ending)
}

/// The end of a command's help, as the terminal shows it.
fn shown(ending: &Ending) -> String {
    let width = ending.examples.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let examples = ending.examples.iter().map(|(line, what)| match *what {
        "" => format!("  {line}\n"),
        what => format!("  {line:width$}  # {what}\n"),
    });
    format!("Examples:\n{}\nExit status: {}", examples.collect::<String>(), ending.status())
}

const ENDINGS: [Ending; 27] = [
    Ending {
        command: "check",
        examples: &[
            ("govctl check", ""),
            ("govctl check --deny warnings --format github", "in CI"),
            ("govctl check --fix", "mend what can be mended"),
        ],
        statuses: ["nothing is wrong", "an error is found, or with --deny a warning"],
    },
    Ending {
        command: "resolve",
        examples: &[
            ("govctl resolve route-planning", ""),
            ("govctl resolve route-planning -v --down openai", "during an outage, in full"),
            ("govctl resolve planning --table table.json", "as a gateway sees it"),
        ],
        statuses: [
            "the request goes to a model",
            "there is no route, or with --all a decision is not defined",
        ],
    },
    Ending {
        command: "explain",
        examples: &[("govctl explain failover-compliance", "")],
        statuses: ["the finding is known", ""],
    },
    Ending {
        command: "compile",
        examples: &[
            ("govctl compile -o table.json", ""),
            ("govctl compile -o table.json --as-of 2026-11-21", "the same bytes on every day"),
        ],
        statuses: ["the table is written", "the workspace has errors; nothing is written"],
    },
    Ending {
        command: "verify",
        examples: &[("govctl verify table.json", "")],
        statuses: ["every cell follows from the workspace", "something differs, or a signature is wrong"],
    },
    Ending {
        command: "vectors",
        examples: &[("govctl vectors --table table.json -o vectors.jsonl", "")],
        statuses: ["the vectors are written", "the workspace has errors; nothing is written"],
    },
    Ending {
        command: "export",
        examples: &[
            ("govctl export envoy -o envoy", ""),
            ("govctl export litellm -o litellm --require-faithful", "fail if a promise is lost"),
        ],
        statuses: [
            "the configuration is written",
            "the workspace has errors, or with --require-faithful a promise is lost",
        ],
    },
    Ending {
        command: "diff",
        examples: &[
            ("govctl diff --old-revision main", "beside the files as they are"),
            ("govctl diff --old-revision main --deny widened", "the gate of a pull request"),
            ("govctl diff table.json .", "from what is in force"),
        ],
        statuses: ["the comparison is made", "with --deny or --exit-code such a change is found"],
    },
    Ending {
        command: "test",
        examples: &[("govctl test", ""), ("govctl test --fail-under 80", "with coverage")],
        statuses: ["every test passes", "a test fails, or coverage is too low"],
    },
    Ending {
        command: "outages",
        examples: &[("govctl outages", ""), ("govctl outages -k 2", "two failure domains at once")],
        statuses: ["every combination is decided", "a decision is not defined"],
    },
    Ending {
        command: "drill",
        examples: &[("govctl drill plan", "")],
        statuses: ["the plan is made", "a decision is not defined"],
    },
    Ending {
        command: "cost",
        examples: &[("govctl cost", ""), ("govctl cost --by provider --format csv", "")],
        statuses: ["everything is added up", "a decision is not defined"],
    },
    Ending {
        command: "who",
        examples: &[("govctl who --provider openai", ""), ("govctl who", "what each model holds")],
        statuses: ["it is known", "a decision is not defined"],
    },
    Ending {
        command: "usage",
        examples: &[("govctl usage logs/spend.csv", "")],
        statuses: ["everything is read", "something drifts, is unknown or not tagged"],
    },
    Ending {
        command: "review",
        examples: &[("govctl review main -o review.html", "what changed since, on one page")],
        statuses: ["the page is made", "a decision is not defined"],
    },
    Ending {
        command: "audit",
        examples: &[
            ("govctl audit logs/november.ndjson --table table.json", ""),
            ("govctl audit logs/november.ndjson --replay .", "what would have been"),
        ],
        statuses: ["every event was allowed", "an event was not"],
    },
    Ending {
        command: "graph",
        examples: &[("govctl graph route-planning", ""), ("govctl graph --format svg > failover.svg", "")],
        statuses: ["the graph is drawn", "a decision is not defined"],
    },
    Ending {
        command: "fmt",
        examples: &[("govctl fmt", ""), ("govctl fmt --check --diff", "in CI")],
        statuses: ["every file is in the layout", "with --check a file is not, or one does not parse"],
    },
    Ending {
        command: "init",
        examples: &[("govctl init policies-as-code", "")],
        statuses: ["the workspace is made", ""],
    },
    Ending {
        command: "import",
        examples: &[("govctl import litellm config.yaml -o imported", "")],
        statuses: ["the workspace is written", ""],
    },
    Ending {
        command: "registry",
        examples: &[
            ("govctl registry add openai/gpt-4o --from prices.json", ""),
            ("govctl registry refresh --from prices.json --check", "in CI"),
        ],
        statuses: ["all is done", "with --check something differs"],
    },
    Ending {
        command: "scan",
        examples: &[("govctl scan app", "")],
        statuses: ["nothing is hardcoded", "something is"],
    },
    Ending {
        command: "schema",
        examples: &[("govctl schema registry > registry.schema.json", "")],
        statuses: ["the schema is printed", ""],
    },
    Ending {
        command: "lsp",
        examples: &[("govctl lsp --stdio", "an editor starts it")],
        statuses: ["the client said good-bye", "it ended without that"],
    },
    Ending {
        command: "completions",
        examples: &[("govctl completions bash > govctl.bash", "")],
        statuses: ["the script is printed", ""],
    },
    Ending {
        command: "man",
        examples: &[("govctl man resolve", ""), ("govctl man -o man", "all pages")],
        statuses: ["the page is printed", ""],
    },
    Ending {
        command: "govctl",
        examples: &[("govctl check", ""), ("govctl resolve --all", "every use case in a sentence")],
        statuses: ["all is fine", "the question has a negative answer"],
    },
];
