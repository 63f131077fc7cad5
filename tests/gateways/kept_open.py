"""A connection that is open while a new table comes: each answer is by the table that it names, whole.

Usage: kept_open.py GOVCTL ENVOY TABLE [--break mixture]

The new table has the values of every fact in another order, so that what a script of the one states means something else
by the routes of the other. With `--break mixture` the new listener gets the old one's script.
Connections that sleep while more tables come are answered by their own as long as no more than four have followed it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from envoy import Envoy
from gateway import BODY, main

# So many cells of a use case are asked for.
CELLS = 6
# So many tables before the one in force are kept.
KEPT = 4


def is_of_fact(axis: dict[str, Any]) -> bool:
    return "values" in axis and axis["fact"] != "classification"


def turned(table: dict[str, Any]) -> None:
    """Turns round the values of every fact, and the cells with them."""
    for use_case in table["use_cases"]:
        axes = table["grids"][use_case["axes"]]
        places = [range(len(tables.values(axis))) for axis in axes]
        cells = dict(zip(itertools.product(*places), use_case["cells"]))
        turn = lambda at: tuple(len(place) - 1 - one if is_of_fact(axis) else one for one, place, axis in zip(at, places, axes))
        use_case["cells"] = [cells[turn(at)] for at in itertools.product(*places)]
    for axis in (axis for grid in table["grids"] for axis in grid if is_of_fact(axis)):
        axis["values"].reverse()
    for fact in table["facts"].values():
        fact["values"].reverse()


class KeptOpen(Envoy):
    """One Envoy, and one table after the other."""

    async def drive(self) -> None:
        await self.upstreams.script({})
        expected = {self.table["digest"]: self.primaries()}
        connection = await asyncio.open_connection("127.0.0.1", self.port)
        await self.ask_all(connection, expected)
        asleep = [await self.opened() for _ in range(2)]
        first = self.table["digest"]
        self.old = json.loads((self.out / "xds/listeners.json").read_text())
        turned(self.table)
        await self.put()
        expected[self.table["digest"]] = self.primaries()
        # What is taken out comes in a file after the first one.
        await asyncio.sleep(3 if self.broken else 0)
        await self.ask_all(connection, expected)
        seen = await self.ask_all(None, expected)
        if seen != {self.table["digest"]}:
            self.differences.append(f"new connections are answered by {seen}")
        if not self.broken:
            await self.more(asleep, first)

    async def more(self, asleep: list[Any], first: str) -> None:
        """Further tables, until the first is one too many ago."""
        for number in range(1, KEPT + 1):
            if number == KEPT:
                await self.woken(asleep[0], first, "200")
            self.table["request"]["first_byte_timeout"] = f"{number}.5 s"
            await self.put()
        await self.woken(asleep[1], first, "503")

    async def opened(self) -> Any:
        """A connection over which somebody has asked once."""
        connection = await asyncio.open_connection("127.0.0.1", self.port)
        await self.ask(connection, self.headers(self.table["use_cases"][0]["name"], {}))
        return connection

    async def woken(self, connection: Any, digest: str, status: str) -> None:
        """Asks again over a connection, which is still of the table that it came by."""
        found = await self.ask(connection, self.headers(self.table["use_cases"][0]["name"], {}))
        self.checked += 1
        if (found[":status"], found.get("x-govctl-table")) != (status, digest):
            self.differences.append(f"a connection that slept: {found}, not {status} by {digest}")

    async def put(self) -> None:
        """Exports the table, and waits until it is in force."""
        await asyncio.to_thread(self.export, "envoy", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}")
        await self.in_force()

    async def in_force(self) -> None:
        """Waits until new connections are answered by the new table."""
        for _ in range(100):
            _, found, _ = await self.client.ask(self.headers(self.table["use_cases"][0]["name"], {}), BODY)
            if found.get("x-govctl-table") == self.table["digest"]:
                return
            await asyncio.sleep(0.1)

    def primaries(self) -> dict[str, Any]:
        """The route of some cells of each use case."""
        found = {}
        for use_case in self.table["use_cases"]:
            for attributes, at in tables.contexts(self.table, use_case):
                primary = self.table["decisions"][at]["primary"]
                name = json.dumps([use_case["name"], attributes], sort_keys=True)
                found[name] = self.table["models"][primary["model"]]["id"] if primary else "block"
        return found

    async def ask_all(self, connection: Any, expected: dict[str, dict[str, Any]]) -> set[str]:
        """Asks for some cells, over one connection as long as it lasts, or each over one of its own; which tables answer."""
        seen = set()
        for use_case in self.table["use_cases"]:
            for attributes, _ in itertools.islice(tables.contexts(self.table, use_case), CELLS):
                through = connection or await asyncio.open_connection("127.0.0.1", self.port)
                found = await self.ask(through, self.headers(use_case["name"], attributes))
                self.checked += 1
                digest, route = found.get("x-govctl-table", ""), found.get("x-govctl-route")
                wanted = expected.get(digest, {}).get(json.dumps([use_case["name"], attributes], sort_keys=True))
                if wanted != route:
                    self.differences.append(f"{use_case['name']} {attributes}: {route} by {digest}, not {wanted}")
                seen.add(digest)
                if not connection:
                    through[1].close()
                elif found.get("connection") == "close":
                    return seen
        return seen

    async def ask(self, connection: Any, headers: list[tuple[str, str]]) -> dict[str, str]:
        reader, writer = connection
        lines = ["POST /v1/chat/completions HTTP/1.1", "host: gateway", f"content-length: {len(BODY)}"]
        lines += [f"{key}: {value}" for key, value in headers]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + BODY)
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1").split("\r\n")
        found = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:] if line)}
        found[":status"] = head[0].split(" ")[1]
        if "chunked" in found.get("transfer-encoding", ""):
            while (size := int((await reader.readline()).strip(), 16)) > 0:
                await reader.readexactly(size + 2)
            await reader.readline()
        else:
            await reader.readexactly(int(found.get("content-length", "0")))
        return found

    def take_out(self, safeguard: str) -> None:
        """The old script in the new listener."""
        if not hasattr(self, "old"):
            return
        path = self.out / "xds/listeners.json"
        new = json.loads(path.read_text())
        script = lambda listeners: next(
            one["typed_config"]["default_source_code"]
            for one in listeners["resources"][-1]["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]
            if one["name"] == "front"
        )
        script(new)["inline_string"] = script(self.old)["inline_string"]
        path.with_suffix(".new").write_text(json.dumps(new))
        os.replace(path.with_suffix(".new"), path)


if __name__ == "__main__":
    make = lambda arguments, table: KeptOpen(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, ("mixture",), __doc__ or "", 10))
