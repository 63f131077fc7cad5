//! The words of other programs on a command line, each with what says it here.

/// Options of other programs, each with what says it here: an option, and how it is written.
pub(super) const OPTIONS: &[(&[&str], &str, &str)] = &[
    (&["--json", "--as-json"], "format", "--format json"),
    (&["--sarif"], "format", "--format sarif"),
    (&["--csv"], "format", "--format csv"),
    (&["--output-format", "--type", "-f", "--fmt", "-o", "--output", "--style"], "format", "--format FORMAT"),
    (
        &[
            "--strict",
            "--fail-on",
            "--fail-on-warnings",
            "--fail-on-warning",
            "--error-on-warnings",
            "--warnings-as-errors",
            "--max-warnings",
            "--werror",
            "--deny-warnings",
            "-D",
            "-W",
            "-e",
        ],
        "deny",
        "--deny warnings",
    ),
    (
        &[
            "--explain",
            "--verbose",
            "--why",
            "--details",
            "--detail",
            "--full",
            "--trace",
            "--debug",
            "--story",
            "--reasons",
            "-d",
        ],
        "verbose",
        "-v",
    ),
    (&["--dir", "--directory", "--path", "--cwd", "--root", "--chdir"], "workspace", "-C DIR"),
    (&["--date", "--today", "--now", "--day", "--at"], "as-of", "--as-of YYYY-MM-DD"),
    (&["--no-color", "--no-colour", "--colour"], "color", "--color never"),
    (&["--out", "--file", "--out-file", "--dest"], "output", "-o PATH"),
    (&["--level", "--sensitivity", "--data-classification"], "classification", "--classification NAME"),
    (&["--budget", "--remaining", "--budget-left"], "budget-remaining", "--budget-remaining PERCENT"),
    (&["--trigger", "--error", "--failure", "--when"], "on", "--on TRIGGER"),
    (&["--outage", "--without", "--unavailable", "--fail"], "down", "--down PROVIDER"),
    (&["--base", "--from", "--old", "--since", "--against"], "old-revision", "--old-revision REVISION"),
    (&["--write", "--autofix", "--mend"], "fix", "--fix"),
    (
        &["--regulation", "--regulations", "--cert", "--certificate", "--compliance", "--standard"],
        "certification",
        "--certification NAME",
    ),
    (&["--group-by", "--group", "--per", "--dimension", "-b", "-g"], "by", "--by DIMENSION"),
    (
        &["-k", "--name", "--match", "--grep", "--pattern", "--only", "--run", "-n", "-t", "--select"],
        "filter",
        "--filter TEXT",
    ),
    (&["--together", "--depth", "--most", "--count", "-n", "--max-down"], "down-together", "-k N"),
    (&["-c"], "classification", "--classification NAME"),
    (&["-m"], "model", "--model MODEL"),
    (&["-p"], "provider", "--provider NAME"),
];

/// Options that a command does without, each with what says it, or why nothing need be said; `*` is every command.
pub(super) const WITHOUT: &[(&str, &[&str], &str)] = &[
    (
        "check",
        &["-v", "-vv", "--verbose", "--details", "--all"],
        "leave it out: `--all-findings` prints every finding, and `govctl explain CODE` says more of one",
    ),
    (
        "test",
        &["-v", "-vv", "--verbose", "--details"],
        "leave it out: every test is named, and `--coverage` says what they reach",
    ),
    (
        "fmt",
        &["-w", "--write", "-i", "--in-place", "--inplace", "--fix", "-l", "--list"],
        "leave it out: `fmt` writes the files; with `--check` it names those that it would change",
    ),
    (
        "outages",
        &["--down", "--without", "--outage", "--fail", "--unavailable"],
        "every provider is tried; for one alone write `govctl resolve --all --down PROVIDER`",
    ),
    (
        "resolve",
        &["--model", "--provider", "-m", "-p"],
        "leave it out: the policy chooses the model; `--why-not MODEL` says why it is not that one",
    ),
    ("*", &["-v", "-vv", "--verbose"], "leave it out: all that there is to say is said"),
    ("*", &["-q", "--quiet", "-s", "--silent"], "leave it out: the exit status says it too"),
    (
        "*",
        &["-o", "--output", "--out", "--out-file", "--file"],
        "leave it out: the answer is printed, and `> FILE` puts it into a file",
    ),
    (
        "*",
        &["-y", "--yes", "--force", "--no-input"],
        "leave it out: nothing is asked, and nothing overwritten unasked",
    ),
];

/// What people ask of other programs and no command is called here.
pub(super) const ASKED: &[(&[&str], &str)] = &[
    (&["version", "--v"], "write `govctl --version`"),
    (
        &["apply", "deploy", "publish", "push", "release", "install", "run", "serve", "start", "proxy", "up"],
        "gateways load a table: write `govctl compile -o table.json`, or `govctl export GATEWAY -o DIR` for a gateway's own configuration",
    ),
    (
        &[
            "list",
            "ls",
            "show",
            "get",
            "models",
            "providers",
            "model",
            "provider",
            "inventory",
            "catalog",
            "catalogue",
        ],
        "write `govctl who` for what each model holds, or `govctl resolve --all` for where each use case goes",
    ),
    (
        &["status", "state", "summary", "report", "dashboard", "usecases", "use-cases", "estate"],
        "write `govctl resolve --all` for where each use case goes, `govctl cost` for what it costs, or `govctl review` for a quarter on one page",
    ),
    (
        &["policy", "policies", "rule", "rules"],
        "policies are files: `govctl check` reads them all, and `govctl resolve USE_CASE -v` says which rules apply",
    ),
    (
        &["budget", "budgets", "quota", "quotas", "limits"],
        "write `govctl cost`: it names every budget with what is expected of it",
    ),
    (&["history", "log", "blame", "drift"], "write `govctl diff --old-revision REVISION`"),
    (
        &["update", "upgrade", "refresh", "sync", "pull", "fetch"],
        "write `govctl registry refresh --from FILE`",
    ),
    (&["add", "register"], "write `govctl registry add`"),
    (
        &["whatif", "what-if", "dry-run", "try"],
        "write `govctl resolve USE_CASE`, or `govctl diff --old-revision REVISION` for a change",
    ),
    (&["doctor", "health", "verify-policies"], "write `govctl check`"),
    (&["sign", "keygen"], "write `govctl compile -o table.json --sign-key FILE`"),
    (
        &["generate", "gen", "render", "synth"],
        "write `govctl compile -o table.json`, or `govctl export GATEWAY -o DIR`",
    ),
    (
        &["config", "settings"],
        "settings stand in the file `govctl.yaml`; `govctl schema config` prints what it may hold",
    ),
];

/// The same of `govctl registry`.
pub(super) const OF_REGISTRY: &[(&[&str], &str)] = &[
    (
        &["update", "upgrade", "sync", "pull", "fetch", "check", "diff", "drift", "outdated", "prices"],
        "write `govctl registry refresh --from FILE`",
    ),
    (
        &["list", "ls", "show", "get", "models", "providers"],
        "write `govctl who`: it prints what each model holds",
    ),
    (
        &["validate", "lint", "test"],
        "write `govctl check`: it checks the registry with all that depends on it",
    ),
    (&["new", "create", "register", "insert"], "write `govctl registry add`"),
    (&["import", "load", "init"], "write `govctl import KIND FILE -o DIR`"),
];

/// Commands of other programs, each with what does it here.
pub(super) const COMMANDS: &[(&[&str], &str)] = &[
    (&["lint", "validate", "analyze", "analyse", "ci", "chk", "typecheck"], "check"),
    (&["route", "ask", "query", "decide", "why", "eval", "evaluate", "simulate"], "resolve"),
    (&["build", "make", "bundle"], "compile"),
    (&["format", "pretty"], "fmt"),
    (&["new", "create", "setup"], "init"),
    (&["plan", "compare", "changes"], "diff"),
    (&["docs", "doc", "info", "describe"], "explain"),
    (&["outage", "chaos", "failures"], "outages"),
    (&["price", "costs", "spend", "forecast"], "cost"),
    (&["dot", "draw", "viz", "visualize", "visualise"], "graph"),
    (&["convert", "migrate"], "import"),
    (&["replay", "logs"], "audit"),
    (&["server", "language-server"], "lsp"),
    (&["find", "grep", "search"], "scan"),
    (&["run-tests", "tests", "spec"], "test"),
];

/// How the names of certifications and regulations begin.
pub(super) const CERTIFICATIONS: [&str; 12] =
    ["gdpr", "hipaa", "soc", "iso", "pci", "fedramp", "ccpa", "hitrust", "c5", "dora", "nis2", "eu-ai-act"];
