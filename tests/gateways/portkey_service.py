"""The service of integrations/portkey before a running Portkey: both held to the table as one gateway.

Usage: portkey_service.py GOVCTL FOLDER TABLE… [--break SAFEGUARD]
FOLDER has `node_modules/@portkey-ai/gateway`; `@govctl/table` is that of loaders/node, built.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from cheats import CHEATS
from gateway import BODY, Client, Gateway, Headers, main
from portkey import command
from upstreams import OTHERS, RAW

ROOT = Path(__file__).resolve().parents[2]
CONFORMANCE = ROOT / "conformance/tables"
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
    MORE = tuple(OTHERS)

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
            self.portkey = subprocess.Popen(command(self.out, self.program, self.behind), cwd=self.out, stdout=log, stderr=log)
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
            await self.refused_by_the_gateway()
            await self.signed_later()

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
        deep = b'{"messages":[{"role":"user","content":"x"}],"tools":' + b"[" * 5000 + b"]" * 5000 + b"}"
        for what, headers, body, status in (
            ("two credentials", [*said, *said, length], BODY, 403),
            ("two lengths", [*said, length, ("transfer-encoding", "chunked")], BODY, 400),
            ("an expectation", [*said, length, ("expect", "200-ok")], BODY, 417),
            ("a long header", [*said, length, ("x-long", "x" * 20_000)], BODY, 431),
            ("a deep body", [*said, ("content-length", str(len(deep)))], deep, 400),
        ):
            got = await self.raw(headers, body)
            self.checked += 1
            if got[0] != status or f"x-govctl-table: {self.table['digest']}".encode() not in got[1] or b'"code":"block"' not in got[2]:
                self.differences.append(f"{what}: {got}")

    async def refused_by_the_gateway(self) -> None:
        """An address inside a network that the gateway was not told of cannot be reached: the walk goes on."""
        before = self.table
        self.table = json.loads(json.dumps(before))
        use_case, attributes, decision = self.some_walk("unavailable")
        primary = self.table["models"][self.table["decisions"][decision]["primary"]["model"]]
        primary["endpoint"]["base_url"] = "http://10.9.9.9:9200/v1"
        (self.folder / "table.json").write_text(tables.seal(self.table))
        await asyncio.sleep(2.5)
        await self.one("an address that the gateway refuses", decision, self.headers(use_case, attributes), {primary["id"]: "refused"})
        self.table = before
        (self.folder / "table.json").write_text(tables.seal(self.table))
        await asyncio.sleep(2.5)

    async def signed_later(self) -> None:
        """A table whose signature is written some time after it is taken then."""
        table, port = self.folder / "signed.json", self.free_port()
        shutil.copy(CONFORMANCE / "example.json", table)
        settings = {"GOVCTL_TABLE": str(table), "GOVCTL_TRUSTED_KEYS": str(CONFORMANCE / "conformance.pub"), "GOVCTL_ALLOW_EXPIRED": "1",
                    "GOVCTL_CALLERS": str(self.callers), "PORTKEY_URL": f"http://127.0.0.1:{self.behind}", "LISTEN": f"127.0.0.1:{port}"}
        with open(self.folder / "signed.log", "w") as log:
            service = subprocess.Popen(["node", str(self.code / "server.mjs")], env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            await asyncio.sleep(2.5)
            without, _, _ = await Client(port).ask([], b"{}")
            shutil.copy(CONFORMANCE / "example.json.sig", f"{table}.sig")
            await asyncio.sleep(2.5)
            found, _, _ = await Client(port).ask([], b"{}")
        finally:
            service.kill()
            service.wait()
        self.checked += 2
        if (without, found) != (403, 401):
            self.differences.append(f"a table that is signed later: status {without}, then {found}")

    def some_walk(self, trigger: str) -> tuple[str, dict[str, str], int]:
        """A context whose decision has a path with targets for a trigger."""
        for use_case in self.table["use_cases"]:
            for attributes, decision in tables.contexts(self.table, use_case):
                paths = self.table["decisions"][decision]["paths"]
                if any(trigger in path["on"] and self.table["target_lists"][path["targets"]] for path in paths):
                    return use_case["name"], attributes, decision
        raise AssertionError(f"no path for {trigger}")

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
