"""`govctl export tensorzero` on the running gateway: every difference from the table is one that the export declares.

Usage: tensorzero.py GOVCTL PYTHON TABLE…      PYTHON has `tensorzero`
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))
import streams
import tables
from declared import Declared
from gateway import Headers, main

START = '''
import sys, time, tensorzero
started = tensorzero._start_http_gateway(config_file=sys.argv[1], clickhouse_url=None, postgres_url=None, valkey_url=None, async_setup=False)
print("at", started.base_url, flush=True)
while True: time.sleep(3600)
'''
BREAKS = ("routes",)


class TensorZero(Declared):
    """One table on one gateway."""

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        tables.point(self.table, ports, None, timeout="2 s")
        self.export("tensorzero")
        manifest = json.loads((self.out / "export.json").read_text())
        self.routes = {(route["use_case"], tuple(sorted(route["attributes"].items()))): route for route in manifest["routes"]}
        self.port = 0
        self.run([self.program, "-c", START, manifest["start"]["file"]], {"NO_PROXY": "127.0.0.1,127.0.0.2"})
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process and self.process.poll() is None:
            found = re.search(r"^at (\S+)", (self.folder / "log").read_text(), re.M)
            if found:
                self.base = urlsplit(found[1])
                self.client.port = self.base.port or 80
                return
            time.sleep(0.1)

    async def drive(self) -> None:
        await super().drive()
        await streams.drive(self)

    async def more(self) -> None:
        """Members of a body that steer the gateway past the right route: what is declared of callers must say so."""
        route = next(route for route in self.routes.values() if route["route"])
        patch = [{"pointer": "/model", "value": "evil"}]
        body = {"model": route["route"], "messages": [{"role": "user", "content": "hello"}], "tensorzero::extra_body": patch}
        await self.upstreams.script({})
        await self.client.ask([("content-type", "application/json")], json.dumps(body).encode(), path=self.path())
        self.checked += 1
        obeys = any(json.loads(hit.body)["model"] == "evil" for hit in self.upstreams.hits)
        manifest = json.loads((self.out / "export.json").read_text())
        caller = next(kept for kept in manifest["losses"] if kept["promise"] == "caller")
        if obeys and (caller["level"], "`tensorzero::`" in caller["why"]) != ("by-caller", True):
            self.differences.append(f"a caller steers the gateway, and `caller` is {caller}")

    async def is_ready(self) -> bool:
        status, _, _ = await self.client.ask([], b"", "/health", "GET")
        return status < 500

    def path(self) -> str:
        return self.base.path.rstrip("/") + "/chat/completions"

    def request(self, use_case: dict[str, Any], attributes: dict[str, str], decision: int) -> tuple[Headers, bytes] | None:
        # The routes of the manifest name bands; each cell has one.
        grid = self.table["grids"][use_case["axes"]]
        cell = use_case["cells"]
        at = next(at for at, (found, _) in enumerate(tables.contexts(self.table, use_case)) if found == attributes)
        route = [route for route in self.routes.values() if route["use_case"] == use_case["name"]]
        assert len(route) == len(cell) and {axis["fact"] for axis in grid} == set(route[at]["attributes"])
        assert route[at]["decision"] == decision, "export.json names another decision"
        if not route[at]["route"]:
            return None
        name = route[at]["route"] if self.broken != "routes" else self.wrong(route[at]["route"])
        body = {"model": name, "messages": [{"role": "user", "content": "hello"}]}
        return [("content-type", "application/json")], json.dumps(body).encode()

    def wrong(self, name: str) -> str:
        """Another decision's route."""
        return next((route["route"] for route in self.routes.values() if route["route"] not in ("", name)), name)

    def take_out(self, safeguard: str) -> None:
        """The control chooses wrongly; the configuration stays."""


if __name__ == "__main__":
    make = lambda arguments, table: TensorZero(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, BREAKS, __doc__ or "", 30))
