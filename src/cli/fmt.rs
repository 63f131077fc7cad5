//! `govctl fmt`: policy files in the one canonical layout.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use walkdir::WalkDir;

use super::{Answered, Common, Status, output, terminal, unified};
use crate::diag::Finding;
use crate::limits::{MAX_FILE_BYTES, MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES};
use crate::load;
use crate::load::file::{self, reason};
use crate::render::human::{self, Style};
use crate::source::{FileId, FileKind, SourceFile, Sources, visible};
use crate::syntax;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files, and folders with `.gov` files; `-` reads stdin and writes stdout [default: the policies of the
    /// workspace]
    paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change, and end with status 1 if there is one
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,
}

/// What is to be formatted.
#[derive(Default)]
struct Files {
    sources: Sources,
    /// Each file with its path on the disk; none for stdin.
    files: Vec<(FileId, Option<PathBuf>)>,
    /// Something could not be read.
    unread: bool,
}

/// What came of it.
#[derive(Default)]
struct Formatted {
    /// What is printed: paths, differences, the text of stdin.
    answer: String,
    /// Files whose layout is another.
    changed: usize,
    /// Files that do not parse.
    broken: usize,
    /// Something could not be written.
    unwritten: bool,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let mut files = Files::default();
    if arguments.paths.is_empty() {
        files.workspace(common.folder(None), common.style_err());
    } else if arguments.paths.iter().any(|path| path == Path::new("-")) {
        if arguments.paths.len() > 1 {
            return Err("`-` stands alone: stdin is formatted, or files are".into());
        }
        files.stdin();
    } else {
        for path in &arguments.paths {
            let before = (files.files.len(), files.unread);
            files.path(path);
            if before == (files.files.len(), files.unread) {
                let path = path.display();
                terminal::say(&format!(
                    "note: `{path}` has no policy: `fmt` lays out files that end in `.gov`\n"
                ));
            }
        }
    }
    let mut outcome = Formatted::default();
    for (id, path) in &files.files {
        outcome.format(&files.sources, *id, path.as_deref(), arguments, common);
    }
    let status = outcome.status(arguments, files.unread);
    if !files.unread && files.files.iter().all(|(_, path)| path.is_some()) {
        outcome.summarise(arguments, files.files.len());
    }
    // What is formatted from stdin to stdout is a file and no talk.
    if arguments.writes_nothing() || files.files.iter().all(|(_, path)| path.is_some()) {
        terminal::show_drawn(&outcome.answer, common.style_out(), status)
    } else {
        terminal::answer(&outcome.answer, status)
    }
}

impl Files {
    /// The policies of a workspace.
    fn workspace(&mut self, root: &Path, style: Style) {
        match load::load_policies(root) {
            Ok(loaded) => {
                self.unread = !loaded.findings.is_empty();
                terminal::say_drawn(&shown(&loaded.sources, &loaded.findings, style), style);
                let policies = loaded.sources.of_kind(FileKind::Policy).filter(|(_, file)| file.readable);
                self.files = policies.map(|(id, file)| (id, Some(root.join(&file.path)))).collect();
                self.sources = loaded.sources;
            }
            Err(message) => self.unreadable(&message),
        }
    }

    fn stdin(&mut self) {
        let mut bytes = Vec::new();
        match std::io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes) {
            Ok(_) => self.add("<stdin>", bytes, None),
            Err(error) => self.unreadable(&format!("cannot read stdin: {error}")),
        }
    }

    /// A file, or the policy files below a folder.
    fn path(&mut self, path: &Path) {
        let home = home(path);
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
        };
        let walk = WalkDir::new(path).max_depth(MAX_FOLDER_DEPTH).sort_by_file_name();
        for (seen, entry) in walk.into_iter().filter_entry(visible).enumerate() {
            match entry {
                Ok(_) if seen >= MAX_FOLDER_ENTRIES => {
                    let path = path.display();
                    self.unreadable(&format!("`{path}` has more folders and files below it than are read"));
                    return;
                }
                Ok(entry) => {
                    let is_policy = entry.path().extension().is_some_and(|extension| extension == "gov");
                    if !entry.path().is_dir() && (is_policy || entry.depth() == 0) {
                        self.file(entry.path(), entry.path_is_symlink().then_some(&home));
                    }
                }
                Err(error) => {
                    let path = error.path().unwrap_or(path).display().to_string();
                    let why = error.io_error().map_or_else(|| "it cannot be walked".to_owned(), reason);
                    self.unreadable(&format!("cannot read `{path}`: {why}"));
                }
            }
        }
    }

    /// Reads one file; a link only as far as it stays at home.
    fn file(&mut self, path: &Path, home: Option<&Option<PathBuf>>) {
        let shown = path.display().to_string();
        if path.to_str().is_none() {
            return self.unreadable(&format!("the name of `{shown}` is not UTF-8"));
        }
        if let Some(home) = home {
            let real = path.canonicalize().ok().zip(home.as_ref());
            if !real.is_some_and(|(real, home)| real.starts_with(home)) {
                return self.unreadable(&format!("`{shown}` is a link that leads out of its folder"));
            }
        }
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            return self
                .unreadable(&format!("`{shown}` is YAML: `fmt` lays out policies, which end in `.gov`"));
        }
        match file::read(path, MAX_FILE_BYTES) {
            Ok(bytes) => self.add(&shown, bytes, Some(path)),
            Err(why) => self.unreadable(&format!("cannot read `{shown}`: {why}")),
        }
    }

    /// Takes a file once, however often it is named.
    fn add(&mut self, shown: &str, bytes: Vec<u8>, path: Option<&Path>) {
        if self.sources.iter().any(|(_, file)| file.path == shown) {
            return;
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                let id = self.sources.add(SourceFile::new(shown, FileKind::Policy, text));
                self.files.push((id, path.map(Path::to_path_buf)));
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to() + 1;
                self.unreadable(&format!("`{shown}` is not UTF-8: byte {at} of the file"));
            }
        }
    }

    fn unreadable(&mut self, message: &str) {
        self.unread = true;
        terminal::say(&format!("error: {message}\n"));
    }
}

/// Where a link may lead: into the named folder, or of a named file into the folder that it stands in.
fn home(path: &Path) -> Option<PathBuf> {
    let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let home = if is_folder { path } else { above };
    home.canonicalize().ok()
}

fn shown(sources: &Sources, findings: &[Finding], style: Style) -> String {
    findings.iter().map(|finding| human::finding(sources, finding, style) + "\n").collect()
}

impl Formatted {
    fn format(
        &mut self,
        sources: &Sources,
        id: FileId,
        path: Option<&Path>,
        arguments: &Arguments,
        common: &Common,
    ) {
        let Some(file) = sources.file(id) else { return };
        let formatted = match syntax::format(id, &file.text) {
            Ok(formatted) => formatted,
            Err(findings) => {
                self.broken += 1;
                let style = common.style_err();
                terminal::say_drawn(&shown(sources, &findings, style), style);
                return;
            }
        };
        let is_changed = formatted != file.text;
        self.changed += usize::from(is_changed);
        if arguments.diff {
            self.answer += &unified::difference(&file.path, &file.text, &formatted, common.style_out());
        } else if arguments.check || path.is_some() {
            if is_changed {
                self.answer += &format!("{}\n", visible::inline(&file.path));
            }
        } else {
            self.answer += &formatted;
        }
        if let Some(path) = path.filter(|_| is_changed && !arguments.writes_nothing())
            && let Err(error) = output::write(path, formatted.as_bytes())
        {
            self.unwritten = true;
            terminal::say(&format!("error: cannot write `{}`: {}\n", file.path, reason(&error)));
        }
    }

    fn status(&self, arguments: &Arguments, unread: bool) -> Status {
        if unread || self.unwritten {
            Status::Unasked
        } else if self.broken > 0 || (arguments.check && self.changed > 0) {
            Status::Negative
        } else {
            Status::Fine
        }
    }

    /// Says how many there were.
    fn summarise(&self, arguments: &Arguments, all: usize) {
        let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let mut text = match (self.changed, arguments.writes_nothing()) {
            (0, _) if self.broken > 0 => String::new(),
            (0, _) => format!("ok: {} in the canonical layout\n", files(all)),
            (changed, true) => format!("{} of {} would change\n", changed, files(all)),
            (changed, false) => format!("{} of {} changed\n", changed, files(all)),
        };
        if self.broken > 0 {
            text +=
                &format!("{} left as written: what does not parse is not formatted\n", files(self.broken));
        }
        terminal::say(&text);
    }
}

impl Arguments {
    fn writes_nothing(&self) -> bool {
        self.check || self.diff
    }
}
