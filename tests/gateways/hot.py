"""New tables for a running Envoy that is asked all the time: no answer is lost, and none comes from elsewhere.

Usage: hot.py GOVCTL ENVOY TABLE [--break order]

Each new table asks the same models in another order, so that every walk changes. With `--break order` listeners are
replaced before the clusters that they lead to, which loses requests.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from envoy import Envoy
from gateway import main

SWAPS, WORKERS = 4, 8


class Hot(Envoy):
    """One Envoy, and tables by turns."""

    async def drive(self) -> None:
        await self.upstreams.script({})
        self.stop_asking = False
        use_cases = [use_case for use_case in self.table["use_cases"] if self.table["decisions"][use_case["cells"][0]]["paths"]]
        asking = [asyncio.create_task(self.ask_on(use_cases[worker % len(use_cases)]["name"])) for worker in range(WORKERS)]
        await asyncio.sleep(1)
        for _ in range(SWAPS):
            self.turn()
            await asyncio.to_thread(self.put)
            await asyncio.sleep(1.5)
        self.stop_asking = True
        await asyncio.gather(*asking)

    async def ask_on(self, name: str) -> None:
        headers = [*self.credentials({"use_case": name}), ("content-type", "application/json")]
        while not self.stop_asking:
            status, found, answer = await self.client.ask(headers, b'{"model":"m","messages":[]}')
            self.checked += 1
            if status != 200:
                self.differences.append(f"{name}: {status} {answer[:200]!r}")
            elif found.get("x-govctl-hop") != "0":
                self.differences.append(f"{name}: hop {found.get('x-govctl-hop')} answered")

    def turn(self) -> None:
        """The first two models change places in every decision."""
        places = [decision["primary"] for decision in self.table["decisions"] if decision["primary"]]
        for place in [*places, *(target for targets in self.table["target_lists"] for target in targets)]:
            place["model"] = {0: 1, 1: 0}.get(place["model"], place["model"])

    def put(self) -> None:
        ports = ["--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}"]
        if self.broken != "order":
            self.export("envoy", *ports)
            return
        there = self.out
        self.out = Path(tempfile.mkdtemp(dir=self.folder))
        self.export("envoy", *ports)
        for name in ("listeners", "clusters"):
            os.replace(self.out / f"xds/{name}.json", there / f"xds/{name}.json")
            time.sleep(0.5)
        self.out = there

    def take_out(self, safeguard: str) -> None:
        """The control replaces the files in one go."""


if __name__ == "__main__":
    make = lambda arguments, table: Hot(arguments.govctl, arguments.program, table, arguments.broken)
    sys.exit(main(make, ("order",), __doc__ or "", 10))
