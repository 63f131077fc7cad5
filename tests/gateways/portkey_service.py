"""The service of integrations/portkey before a running Portkey: both held to the table as one gateway.

Usage: portkey_service.py GOVCTL FOLDER TABLE… [--break SAFEGUARD]
FOLDER has `node_modules/@portkey-ai/gateway`; `@govctl/table` is that of loaders/node, built.
"""

from __future__ import annotations

import asyncio
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
from gateway import BODY, Client, Gateway, Headers, main
from portkey import GATEWAY
from upstreams import RAW

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

    async def drive(self) -> None:
        await super().drive()
        if not self.broken:
            await self.answers()
            await self.no_requests()

    async def answers(self) -> None:
        """What a provider answers that is no completion goes back as it is, and nobody else is asked."""
        use_case = self.table["use_cases"][0]
        attributes, decision = next(cell for cell in tables.contexts(self.table, use_case) if self.table["decisions"][cell[1]]["primary"])
        primary = self.table["models"][self.table["decisions"][decision]["primary"]["model"]]["id"]
        for kind, (status, head, body, ends) in RAW.items():
            await self.upstreams.script({primary: f"raw-{kind}"})
            got = await self.raw([*self.headers(use_case["name"], attributes), ("content-length", str(len(BODY)))], BODY)
            hits = [hit.model for hit in self.upstreams.hits]
            self.checked += 1
            # Where the provider breaks off, so does the service.
            wanted = (status, body if ends else b"%x\r\n%s\r\n" % (len(body), body))
            if (got[0], got[2]) != wanted or hits != [primary] or head not in got[1] or b"x-govctl-hop: 0" not in got[1]:
                self.differences.append(f"{kind}: {got} of {hits}")

    async def no_requests(self) -> None:
        """What is no request, or one of two callers, is refused as everything else is."""
        said = self.credentials({"use_case": self.table["use_cases"][0]["name"]})
        length = ("content-length", str(len(BODY)))
        for what, headers, status in (
            ("two credentials", [*said, *said, length], 403),
            ("two lengths", [*said, length, ("transfer-encoding", "chunked")], 400),
            ("an expectation", [*said, length, ("expect", "200-ok")], 417),
            ("a long header", [*said, length, ("x-long", "x" * 20_000)], 431),
        ):
            got = await self.raw(headers, BODY)
            self.checked += 1
            if got[0] != status or f"x-govctl-table: {self.table['digest']}".encode() not in got[1] or b'"code":"block"' not in got[2]:
                self.differences.append(f"{what}: {got}")

    async def raw(self, headers: Headers, body: bytes) -> tuple[int, bytes, bytes]:
        """The status, the head and the rest of an answer as they come."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = ["POST /v1/chat/completions HTTP/1.1", "host: gateway", "connection: close", *(f"{key}: {value}" for key, value in headers)]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head, _, rest = (await asyncio.wait_for(reader.read(-1), 30)).partition(b"\r\n\r\n")
        writer.close()
        return int(head.split(b" ")[1]), head, rest

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
