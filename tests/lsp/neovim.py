"""Neovim with what docs/editors.md says to write: NVIM names the editor, GOVCTL the program."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOVCTL = ROOT / os.environ.get("GOVCTL", "target/debug/govctl")


def block(section: str, kind: str) -> str:
    """The first block of a kind in a section of the document."""
    page = (ROOT / "docs" / "editors.md").read_text()
    text = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return text.split(f"```{kind}\n")[1].split("```")[0]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name).resolve()
        config = home / ".config" / "nvim"
        config.mkdir(parents=True)
        (config / "init.lua").write_text(block("Neovim", "text"))
        (home / "bin").mkdir()
        (home / "bin" / "govctl").symlink_to(GOVCTL)
        work = home / "work"
        shutil.copytree(ROOT / "examples" / "enterprise", work)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        of_home = {"HOME": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
        environment = kept | of_home
        subprocess.run(["sh", "-ec", block("Neovim", "sh")], cwd=ROOT, env=environment, check=True)
        script = ROOT / "tests" / "lsp" / "neovim.lua"
        command = [os.environ.get("NVIM", "nvim"), "--headless", "-n", "-c", f"luafile {script}"]
        return subprocess.run(command, cwd=work, env=environment, timeout=300).returncode


sys.exit(main())
