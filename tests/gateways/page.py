"""Runs the starts that `docs/gateways.md` shows: each `govctl export` as written, and what follows it as the export says.

Usage: page.py GOVCTL [ENVOY]      with ENVOY what the first one writes is validated
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    govctl, envoy = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/gateways.md").read_text(), re.S | re.M)
    ran = 0
    for block in blocks:
        lines = block.splitlines()
        at = next(at for at, line in enumerate(lines) if line.startswith("govctl export "))
        with tempfile.TemporaryDirectory() as folder:
            command = [govctl, *shlex.split(lines[at])[1:-1], f"{folder}/config"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, f"{lines[at]}: {done.stderr}"
            manifest = json.loads(Path(folder, "config/export.json").read_text())
            wanted = f"cd config && {manifest['start']['command']}"
            assert lines[at + 1] == wanted, f"the page says `{lines[at + 1]}`, the export `{wanted}`"
            assert Path(folder, "config", manifest["start"]["file"]).exists(), manifest["start"]
            if manifest["target"] == "envoy" and envoy:
                keys = {name: "key" for name in ("AZURE_API_KEY", "MISTRAL_API_KEY")}
                subprocess.run([envoy, "--mode", "validate", "-c", "static.json", "--log-level", "error"], cwd=f"{folder}/config",
                               env={**os.environ, **keys}, check=True, stdout=subprocess.DEVNULL)
            ran += 1
    print(f"{ran} starts of the page run as it says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
