"""`govctl export portkey` on the running gateway: every difference from the table is one that the export declares.

Usage: portkey.py GOVCTL FOLDER TABLE…      FOLDER has `node_modules/@portkey-ai/gateway`

The test is the service that sits before the gateway: it sets the config of the use case and the metadata.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from declared import Declared
from gateway import Headers, main
from upstreams import RAW

BREAKS = ("conditions", "codes", "override", "redirects", "credentials", "answers", "words")
# Parts of `fetch.mjs` that keep something from happening, and what stands there without them.
TAKEN_OUT = {
    "redirects": ('redirect: "manual"', 'redirect: "follow"'),
    "credentials": (', credentials: "omit"', ""),
    "answers": ("if (exactly || init.signal?.aborted) throw error;", "throw error;"),
    "words": ("if (status >= 400 && status < 500) {", "if (false) {"),
}
GATEWAY = "node_modules/@portkey-ai/gateway/build/start-server.js"


class Portkey(Declared):
    """One table on one gateway."""

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        tables.point(self.table, ports, None, timeout="1 s")
        self.export("portkey")
        self.index = json.loads((self.out / "index.json").read_text())
        self.port = self.free_port()
        self.run(command(self.out, self.program, self.port), {"NO_PROXY": "127.0.0.1,127.0.0.2"})

    async def is_ready(self) -> bool:
        status, _, _ = await self.client.ask([], b"", "/", "GET")
        return status == 200

    def request(self, use_case: dict[str, Any], attributes: dict[str, str], decision: int) -> tuple[Headers, bytes] | None:
        entry = self.index[use_case["name"]]
        path = entry.get("config") or entry["decisions"][str(decision)]
        config = (self.out / path).read_text()
        for model in self.table["models"]:
            config = config.replace(f"${{{tables.variable(model['id'])}}}", f"key-of-{model['id']}")
        metadata = {"use_case": use_case["name"]}
        axes = {axis["fact"]: axis for axis in self.table["grids"][use_case["axes"]]}
        for name, value in attributes.items():
            metadata[name.replace(".", "_")] = value if "values" in axes[name] else band(axes[name]["cuts"], float(value))
        headers = [("content-type", "application/json"), ("x-portkey-config", json.dumps(json.loads(config), separators=(",", ":"))),
                   ("x-portkey-metadata", json.dumps(metadata))]
        return headers, b'{"model":"callers-own","messages":[{"role":"user","content":"say \\"hello\\""}]}'

    async def more(self) -> None:
        """What is no completion goes to nobody else: an answer that is none, a stream, a status that does not exist."""
        for use_case in self.table["use_cases"]:
            for attributes, decision in tables.contexts(self.table, use_case):
                headers, body = self.request(use_case, attributes, decision) or ([], b"")
                primary = self.table["decisions"][decision]["primary"]
                if primary is None or self.is_enough():
                    continue
                first = self.table["models"][primary["model"]]["id"]
                for does in (*(f"raw-{kind}" for kind in RAW), "status-999", "stream"):
                    await self.upstreams.script({first: "ok" if does == "stream" else does})
                    sent = body.replace(b"{", b'{"stream":true,', 1) if does == "stream" else body
                    status, _, _ = await self.client.ask(headers, sent)
                    hits = [hit.model for hit in self.upstreams.hits]
                    self.checked += 1
                    if hits != [first]:
                        self.differences.append(f"{use_case['name']} {attributes} {does}: hits {hits}, status {status}")
                break

    def leaks(self, hit: Any) -> list[str]:
        """The gateway forwards headers of its own."""
        return [leak for leak in super().leaks(hit) if "saw the headers" not in leak]

    def take_out(self, safeguard: str) -> None:
        if safeguard in TAKEN_OUT:
            path = self.out / "fetch.mjs"
            there, instead = TAKEN_OUT[safeguard]
            assert there in path.read_text(), safeguard
            path.write_text(path.read_text().replace(there, instead))
        for path in (self.out / "configs").glob("*.json"):
            text = path.read_text()
            if safeguard == "conditions":
                config = json.loads(text)
                for condition in config.get("strategy", {}).get("conditions", []):
                    condition["query"] = {"metadata.use_case": {"$ne": "-"}}
                text = json.dumps(config)
            elif safeguard == "codes":
                text = re.sub(r'"on_status_codes":\[[0-9,]*\]', '"on_status_codes":[400,404,422,429,500,502,503,504,529,408,401,402,403]', text)
            elif safeguard == "override":
                text = re.sub(r'"override_params":\{[^}]*\}', '"override_params":{}', text)
            path.write_text(text)


def command(folder: Path, program: str, port: int) -> list[str]:
    """What the export says starts the gateway, for the one that is installed elsewhere."""
    line = json.loads((folder / "export.json").read_text())["start"]["command"]
    line = line.replace("node_modules/", f"{program}/node_modules/").replace("--port=8787", f"--port={port}")
    assert f"{program}/{GATEWAY}" in line, line
    return shlex.split(line)


def band(cuts: list[str], share: float) -> str:
    """The first cut that a share satisfies."""
    for cut in cuts:
        most = float(cut.lstrip("<=").rstrip("%"))
        if share < most or (cut.startswith("<=") and share == most):
            return cut
    return "above"


if __name__ == "__main__":
    make = lambda arguments, table: Portkey(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, BREAKS, __doc__ or "", 30))
