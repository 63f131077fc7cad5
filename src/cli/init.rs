//! `govctl init`: a small commented workspace to begin with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Answered, Common, Status, output, schema, terminal};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder, made if need be [default: the current folder]
    pub(super) dir: Option<PathBuf>,
    /// Also tell editors what the files are: JSON Schemas for YAML, and the extension to install
    #[arg(long)]
    editor: bool,
}

/// The files of the workspace, each with every kind of statement or key that belongs there.
const FILES: [(&str, &str); 8] = [
    ("govctl.yaml", include_str!("init/govctl.yaml")),
    ("registry/providers.yaml", include_str!("init/registry/providers.yaml")),
    ("estate/use-cases.yaml", include_str!("init/estate/use-cases.yaml")),
    ("policies/vocabulary.gov", include_str!("init/policies/vocabulary.gov")),
    ("policies/routing.gov", include_str!("init/policies/routing.gov")),
    ("policies/failover.gov", include_str!("init/policies/failover.gov")),
    ("policies/money.gov", include_str!("init/policies/money.gov")),
    ("policies/guarantees.gov", include_str!("init/policies/guarantees.gov")),
];

/// Where editors find the schema of a file, and the file's own first line.
const SCHEMAS: [(&str, &str, &str); 3] = [
    ("govctl.yaml", "config", ".vscode/schemas/config.schema.json"),
    ("registry/providers.yaml", "registry", "../.vscode/schemas/registry.schema.json"),
    ("estate/use-cases.yaml", "estate", "../.vscode/schemas/estate.schema.json"),
];

/// What VS Code offers to install.
const EXTENSIONS: &str = "{\n  \"recommendations\": [\"govctl.govctl\", \"redhat.vscode-yaml\"]\n}\n";

/// What a workspace is made of.
pub(super) const PARTS: [&str; 4] = ["govctl.yaml", "registry", "estate", "policies"];

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let folder = common.folder(arguments.dir.as_deref());
    if let Some(message) = no_folder(folder) {
        return Err(message.into());
    }
    if let Some(path) = PARTS.iter().find_map(|part| taken(&folder.join(part))) {
        return refused(&path);
    }
    let files = files(arguments.editor);
    if let Some(path) = files.iter().find_map(|(path, _)| taken(&folder.join(path))) {
        return refused(&path);
    }
    let all = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    if let Err((path, error)) = output::create_all(folder, all) {
        return Err(format!("cannot write `{}`: {error}", path.display()).into());
    }
    terminal::show(&next(folder, &files), Status::Fine)
}

/// What is said of a name that is one of a file, and of no folder that is there.
fn no_folder(folder: &Path) -> Option<String> {
    const FILES: [&str; 9] = ["gov", "yaml", "yml", "json", "toml", "md", "txt", "tf", "rego"];
    let ending = folder.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_file = folder.is_file() || (FILES.contains(&ending) && !folder.is_dir());
    is_file.then(|| {
        format!(
            "`{}` is a file, and `init` fills a folder\n  help: name a new folder, such as `govctl init my-policies`",
            folder.display()
        )
    })
}

fn refused(path: &Path) -> Answered {
    let path = path.display();
    Err(format!(
        "`{path}` is there already, and nothing is overwritten\n  help: name a new folder, such as `govctl init my-policies`"
    )
    .into())
}

/// All files with their texts.
fn files(editor: bool) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    if editor {
        for (path, name, place) in SCHEMAS {
            if let Some((_, text)) = files.iter_mut().find(|(file, _)| file == path) {
                *text = format!("# yaml-language-server: $schema={place}\n{text}");
            }
            let schema = schema::text(name).unwrap_or_default().to_owned();
            files.push((format!(".vscode/schemas/{name}.schema.json"), schema));
        }
        files.push((".vscode/extensions.json".to_owned(), EXTENSIONS.to_owned()));
    }
    files
}

/// What stands in the way: a file, or the first thing in a folder that is not empty.
pub(super) fn taken(path: &Path) -> Option<PathBuf> {
    path.symlink_metadata().ok()?;
    match std::fs::read_dir(path) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).min(),
        Err(_) => Some(path.to_path_buf()),
    }
}

/// What was made, and what to do with it.
fn next(folder: &Path, files: &[(String, String)]) -> String {
    let made: String = files.iter().map(|(path, _)| format!("  {}\n", folder.join(path).display())).collect();
    let here = folder == Path::new(".");
    let (plain, option) = match folder.display().to_string() {
        _ if here => (String::new(), String::new()),
        shown if shown.contains(char::is_whitespace) => (format!(" '{shown}'"), format!(" -C '{shown}'")),
        shown => (format!(" {shown}"), format!(" -C {shown}")),
    };
    format!(
        "made a workspace:\n{made}\n\
         now try\n\
         \x20 govctl check{plain}\n\
         \x20 govctl resolve support-replies -v{option}\n\
         \x20 govctl resolve support-replies --down alder{option}\n\
         then put in your own providers and use cases; `govctl check` says what does not fit\n"
    )
}
