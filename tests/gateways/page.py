"""Runs the starts that `docs/gateways.md` shows: each `govctl export` as written, and what follows it where it is installed.

Usage: page.py GOVCTL [--target NAME]… [--programs FOLDER]… [--modules FOLDER]

A gateway whose program is in one of the folders is started by the very line of the page, and must open its port. What is
not installed is named.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTS = {"envoy": 8080, "litellm": 4000, "portkey": 8787}
SECONDS = 240
KEYS = re.findall(r"api_key_env: *(\w+)", (ROOT / "examples/hospital/registry/providers.yaml").read_text())


def opens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether a gateway listens before it ends or time is over."""
    for _ in range(SECONDS * 5):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process.poll() is None
        except OSError:
            if process.poll() is not None:
                return False
            time.sleep(0.2)
    return False


def start(line: str, target: str, folder: Path, path: str) -> None:
    """Runs the lines of the page, and ends what they have started."""
    keys = {name: "key" for name in KEYS}
    hook = os.pathsep.join(str(ROOT / part) for part in ("integrations/litellm/src", "loaders/python/src"))
    environment = {**os.environ, **keys, "PATH": path, "PYTHONPATH": hook, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_OFFLINE_MODE": "true"}
    with open(folder / "said", "w") as said:
        process = subprocess.Popen(["bash", "-c", line], cwd=folder, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            assert opens(PORTS[target], process), f"`{line}`: {(folder / 'said').read_text()[-2000:]}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govctl", type=os.path.abspath)
    parser.add_argument("--target", action="append")
    parser.add_argument("--programs", action="append", type=os.path.abspath, default=[])
    parser.add_argument("--modules", type=os.path.abspath)
    given = parser.parse_args()
    page = (ROOT / "docs/gateways.md").read_text()
    assert KEYS and all(f"`{name}`" in page for name in KEYS), f"the page names not all of {KEYS}"
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.S | re.M)
    exported, started, left = [], [], []
    for lines in (block.splitlines() for block in blocks if re.search(r"^govctl export ", block, re.M)):
        at = next(at for at, line in enumerate(lines) if line.startswith("govctl export "))
        target = lines[at].split()[2]
        if given.target and target not in given.target:
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = [given.govctl, *shlex.split(lines[at])[1:-1], str(folder / "config")]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, f"{lines[at]}: {done.stderr}"
            manifest = json.loads((folder / "config/export.json").read_text())
            wanted = f"cd config && {manifest['start']['command']}"
            assert lines[at + 1] == wanted, f"the page says `{lines[at + 1]}`, the export `{wanted}`"
            assert (folder / "config" / manifest["start"]["file"]).exists(), manifest["start"]
            exported.append(target)
            program = next(word for word in shlex.split(manifest["start"]["command"]) if "=" not in word)
            if program == "node" and given.modules:
                (folder / "config/node_modules").symlink_to(given.modules)
            has_program = given.modules if program == "node" else shutil.which(program, path=os.pathsep.join(given.programs))
            if target not in PORTS or not has_program:
                left.append(target)
                continue
            settings = [line for line in lines[:at] if line.startswith("export ")]
            start("\n".join([*settings, lines[at + 1]]), target, folder, os.pathsep.join([*given.programs, os.environ["PATH"]]))
            started.append(target)
    assert exported, "the page shows no start"
    print(f"exported as the page says: {', '.join(exported)}; started so: {', '.join(started) or 'none'}; not started: {', '.join(left) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
