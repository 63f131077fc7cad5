"""The service of integrations/portkey before a running Portkey: both held to the table as one gateway.

Usage: portkey_service.py GOVCTL FOLDER TABLE… [--break SAFEGUARD]
FOLDER has `node_modules/@portkey-ai/gateway`; `@govctl/table` is that of loaders/node, built.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from cheats import CHEATS
from gateway import Client, Gateway, Headers, main
from portkey import GATEWAY

ROOT = Path(__file__).resolve().parents[2]
# Lines of the service that keep something from happening, and what stands there without them.
TAKEN_OUT = {
    "members": ("config.mjs", "BODY_KEYS.has(key)", "key !== 'model'"),
    "tokens": ("stated.mjs", 'if (only.has(name) || name.startsWith("budget."))', "if (false)"),
    "raise": ("stated.mjs", 'if (stated.has("classification") && trusted.has("classification"))', "if (false)"),
    "twice": ("server.mjs", "if (statesTwice(text))", "if (false)"),
    "triggers": ("walk.mjs", "|| !path.on.includes(got.trigger)", ""),
}


class Service(Gateway):
    """One table on one service before one gateway."""

    UNSPECIFIED = ()

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        tables.point(self.table, ports, None, timeout="1 s")
        self.port, self.behind = self.free_port(), self.free_port()
        self.code = self.folder / "service"
        shutil.copytree(ROOT / "integrations/portkey/src", self.code)
        (self.folder / "node_modules/@govctl").mkdir(parents=True)
        (self.folder / "node_modules/@govctl/table").symlink_to(ROOT / "loaders/node")
        self.export("portkey")
        # A key says what it says: the file of callers has one for each that this test uses.
        self.callers = self.folder / "callers.json"
        self.callers.write_text(json.dumps({self.key(said): said for said in self.all_said()}))
        with open(self.folder / "portkey.log", "w") as log:
            self.portkey = subprocess.Popen(["node", "--import", "./fetch.mjs", f"{self.program}/{GATEWAY}", f"--port={self.behind}", "--headless"],
                                            cwd=self.out, stdout=log, stderr=log)
        self.run(["node", str(self.code / "server.mjs")], {
            "GOVCTL_TABLE": str(self.folder / "table.json"), "GOVCTL_CALLERS": str(self.callers), "GOVCTL_ALLOW_EXPIRED": "1",
            "PORTKEY_URL": f"http://127.0.0.1:{self.behind}", "LISTEN": f"127.0.0.1:{self.port}"})

    def stop(self) -> None:
        super().stop()
        self.portkey.kill()
        self.portkey.wait()

    async def is_ready(self) -> bool:
        status, _, _ = await self.client.ask([], b"{}")
        behind, _, _ = await Client(self.behind).ask([], b"", "/", "GET")
        return (status, behind) == (401, 200)

    def all_said(self) -> list[dict[str, Any]]:
        said = [cheat.asked(self.table).said for cheat in CHEATS if cheat.fits(self.table)]
        for use_case in self.table["use_cases"]:
            for attributes, _ in tables.contexts(self.table, use_case):
                shares = {name: value for name, value in attributes.items() if name.startswith("budget.")}
                said += [{"use_case": name} | shares for name in (use_case["name"], use_case["endpoint_tag"]) if name]
        return [one for one in said if "forged" not in one]

    @staticmethod
    def key(said: dict[str, Any]) -> str:
        return "sk-" + base64.urlsafe_b64encode(json.dumps(said, sort_keys=True).encode()).decode().rstrip("=")

    def credentials(self, said: dict[str, Any]) -> Headers:
        return [("authorization", f"Bearer {self.key(said)}")]

    def leaks(self, hit: Any) -> list[str]:
        """The gateway forwards headers of its own."""
        return [leak for leak in super().leaks(hit) if "saw the headers" not in leak]

    def take_out(self, safeguard: str) -> None:
        file, there, instead = TAKEN_OUT[safeguard]
        text = (self.code / file).read_text()
        assert there in text, safeguard
        (self.code / file).write_text(text.replace(there, instead))


if __name__ == "__main__":
    make = lambda arguments, table: Service(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, tuple(TAKEN_OUT), __doc__ or "", 30))
