"""`govctl export envoy --rate-limit-service` on two running Envoys that ask one service, held to the table.

Usage: shared.py GOVCTL ENVOY TABLE… [--quotas N] [--break SAFEGUARD]      ENVOY's Python has `grpcio` and `pyyaml`

With `--quotas` the two share quotas that are soon used up, without it budgets that are. In both cases the service fails
in the end, and nobody may be asked while it does. With `--break` one safeguard is taken out, and the run must find
differences.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import contract
import streams
import tables
from envoy import EnvoyWithQuotas
from gateway import BODY, Client, main

BREAKS = ("asking", "adding", "failing", "sharing")
SERVICE = Path(__file__).parent / "rate_limit_service.py"
# What an answer costs in millionths of a dollar: prompt and completion are a token each.
COST = 7
USAGE = streams.BODY[:-1] + b',"stream_options":{"include_usage":true}}'


class Staged(contract.Counts):
    """The service is asked for each kind of answer in turn, and what an earlier one stops is not counted by a later one.
    A quota on all traffic that fails over is counted before the first attempt at the primary."""

    TRIES_AGAIN = False

    def worst(self, decision: dict[str, Any], model: dict[str, Any] | None, first: bool = False) -> dict[str, Any] | None:
        for action in ("block", "queue", "failover"):
            stopped = None
            for number in decision["quotas"]:
                quota = self.table["quotas"][number]
                if quota["then"]["action"] == action and self.is_asked(quota, model, first) and not self.take(number, model):
                    stopped = quota["then"]
            if stopped:
                return stopped
        return None

    def is_asked(self, quota: dict[str, Any], model: dict[str, Any] | None, first: bool) -> bool:
        if self.is_of_models(quota):
            return model is not None and self.covers(quota, model)
        return first if quota["then"]["action"] == "failover" else model is None


class Spending(contract.Counts):
    """What has been spent of budgets."""

    TRIES_AGAIN = False

    def worst(self, decision: dict[str, Any], model: dict[str, Any] | None, first: bool = False) -> dict[str, Any] | None:
        for action in ("block", "queue"):
            for number in decision["budgets"] if model else []:
                budget = self.table["budgets"][number]
                spent = self.taken.get((number, self.value(budget["per"], model)), 0)
                shares = [float(at["used"].rstrip("%")) for at in budget["at"] if at["action"] == action]
                if self.is_on(budget, model) and any(spent >= share / 100 * float(budget["limit_usd"]) * 1e6 for share in shares):
                    return {"action": action}
        return None

    @staticmethod
    def is_on(budget: dict[str, Any], model: dict[str, Any] | None) -> bool:
        return not budget["on"] or bool(model) and any(on in (model["id"], model["provider"]) for on in budget["on"])

    def answered(self, decision: dict[str, Any], id: str, cost: int) -> int:
        """Adds what an answer cost; how many limits of the service count it."""
        model = next(model for model in self.table["models"] if model["id"] == id)
        added = 0
        for number in decision["budgets"]:
            budget = self.table["budgets"][number]
            if self.is_on(budget, model):
                key = (number, self.value(budget["per"], model))
                self.taken[key] = self.taken.get(key, 0) + cost
                added += len(budget["at"])
        return added


class Sharing(EnvoyWithQuotas):
    """One table on two Envoys with one service."""

    used_up = 0

    def start(self) -> None:
        self.at = self.free_port()
        self.options = ("--rate-limit-service", f"127.0.0.1:{self.at}")
        self.begin()
        super().start()
        self.processes, self.clients, first = [self.process], [self.client], self.out
        self.out = self.folder / "second"
        self.port, self.admin = self.free_port(), self.free_port()
        apart = self.broken == "sharing"  # the second proxy counts for itself
        self.export("envoy", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}", *(() if apart else self.options))
        self.run([self.program, "-c", "bootstrap.json", "--reject-unknown-dynamic-fields", "--drain-strategy", "immediate", "--concurrency", "1",
                  "--log-level", "warning", "--use-dynamic-base-id"], {})
        self.processes.append(self.process)
        self.clients.append(self.client)
        self.out = first

    def begin(self) -> None:
        """What is set in the table."""

    async def ready(self, seconds: int) -> None:
        self.serve()
        for self.client in self.clients:
            await super().ready(seconds)
        await self.counts_again()

    def serve(self) -> None:
        python = Path(self.program).parent / "python"
        command = [str(python), str(SERVICE), str(self.out / "ratelimit/config/govctl.yaml"), str(self.at)]
        self.said = self.folder / "counted"
        self.service = subprocess.Popen(command, stdout=self.said.open("w"), stderr=(self.folder / "service").open("w"))

    async def counts_again(self) -> None:
        """Waits until the service listens."""
        for _ in range(100):
            try:
                (await asyncio.open_connection("127.0.0.1", self.at))[1].close()
                return
            except OSError:
                await asyncio.sleep(0.05)
        raise SystemExit("the service does not start:\n" + (self.folder / "service").read_text())

    def stop(self) -> None:
        for self.process in self.processes:
            self.process.kill()
            self.process.wait()
        self.service.kill()
        self.service.wait()
        super().stop()

    def take_out(self, safeguard: str) -> None:
        for path in (self.out / "xds").glob("*.json"):
            text = path.read_text()
            if safeguard == "asking":
                text = text.replace('"domain":"govctl"', '"domain":"other"')
            elif safeguard == "adding":
                text = text.replace('"apply_on_stream_done":true', '"apply_on_stream_done":false')
            elif safeguard == "failing":
                text = text.replace('"failure_mode_deny":true', '"failure_mode_deny":false')
            path.write_text(text)

    async def one(self, what: str, *arguments: Any, **named: Any) -> None:
        """Each proxy answers every other request."""
        self.client = self.clients[self.checked % 2]
        await super().one(what, *arguments, **named)

    def compare(self, *arguments: Any) -> list[str]:
        self.used_up += b"is used up" in arguments[-1][-1]
        return super().compare(*arguments)

    async def drive(self) -> None:
        await self.share()
        if not self.broken and not self.used_up:
            self.differences.append("nothing was used up")
        if not self.is_enough():
            await self.fail()

    async def share(self) -> None:
        counts = Staged(self.table)
        for use_case in self.table["use_cases"]:
            counts.use_case = use_case
            for attributes, decision in list(tables.contexts(self.table, use_case))[::3]:
                counts.facts = attributes
                for does in ({}, {}, {model["id"]: "429" for model in self.table["models"]}, {}):
                    what = f"{use_case['name']} {attributes} {does}"
                    if not self.is_enough():
                        await self.one(what, decision, self.headers(use_case["name"], attributes), does, counts=counts)

    async def fail(self) -> None:
        """Without the service nobody is asked that something has to be counted of."""
        self.service.kill()
        self.service.wait()
        for use_case in self.table["use_cases"]:
            attributes, decision = next((a, d) for a, d in tables.contexts(self.table, use_case)
                                        if self.table["decisions"][d]["primary"])
            await self.upstreams.script({})
            for self.client in self.clients:
                status, headers, answer = await self.client.ask(self.headers(use_case["name"], attributes), BODY)
                self.checked += 1
                if self.is_counted(decision):
                    right = status == 503 and not self.upstreams.hits and json.loads(answer)["error"]["code"] == "unavailable"
                    right = right and headers.get("x-govctl-table") == self.table["digest"] and headers.get("x-govctl-route") == "block"
                else:
                    right = status == 200
                if not right:
                    self.differences.append(f"{use_case['name']} without the service: {status}, {answer!r}, {headers}")

    def is_counted(self, decision: int) -> bool:
        """Whether a decision's first attempt has to be counted."""
        found = self.table["decisions"][decision]
        model = self.table["models"][found["primary"]["model"]]
        quotas = (Staged.covers(self.table["quotas"][number], model) for number in found["quotas"])
        budgets = (Spending.is_on(self.table["budgets"][number], model) for number in found["budgets"])
        return any((*quotas, *budgets))


class Budgets(Sharing):
    """The same with budgets, and nothing that is counted in requests."""

    def begin(self) -> None:
        for model in self.table["models"]:
            model |= {"input_usd_per_1m": "2", "output_usd_per_1m": "5", "cached_input_usd_per_1m": None, "long_prompt": None}
        some = self.table["models"][self.table["decisions"][0]["primary"]["model"]]["provider"]
        tables.confuse(self.table, some)
        fact = next(iter(self.table["facts"]), None)
        base: dict[str, Any] = {"period": "year", "within": None, "mode": None, "owner": None, "escalate": []}
        block = {"used": "100%", "action": "block"}
        # Names that some axis of the table speaks of stay; the others are hard to write down.
        names = [*(budget["name"] for budget in self.table["budgets"]), "x~%*", "y.\u00e9", "z"][:3]
        bodies = [
            {"on": [], "limit_usd": "0.0007", "per": None, "at": [block]},
            {"on": [some], "limit_usd": "0.00007", "per": fact,
             "at": [{"used": "20%", "action": "notify", "notify": []}, {"used": "59.9%", "action": "queue"}, block]},
            {"on": [], "limit_usd": "0.00028", "per": "use_case", "at": [block]}]
        self.table["budgets"] = [{"name": name, **body, **base} for name, body in zip(names, bodies)]
        self.table["quotas"] = []
        for decision in self.table["decisions"]:
            decision |= {"quotas": [], "budgets": [0, 1, 2] if decision["primary"] else []}

    async def share(self) -> None:
        self.counts, self.added = Spending(self.table), 0
        for use_case in self.table["use_cases"]:
            self.counts.use_case = use_case
            for attributes, decision in tables.contexts(self.table, use_case):
                self.counts.facts = attributes
                for does in ({}, {}, {self.first(decision): "503"}, {}):
                    if not self.is_enough() and self.table["decisions"][decision]["primary"]:
                        await self.spend(f"{use_case['name']} {attributes} {does}", decision, use_case, attributes, does)
        if not self.is_enough():
            await self.streams()

    async def streams(self) -> None:
        """Streams that say what they used, that do not, and that their provider cuts."""
        use_case, attributes, decision = streams.cells(self)[-1]
        for does, body in (("ok", USAGE), ("ok", streams.BODY), ("cut", streams.BODY)):
            # Nothing is used up for a new caller of the service.
            self.service.kill()
            self.service.wait()
            self.serve()
            await self.counts_again()
            model = contract.expect(self.table, decision, {}).route
            await self.upstreams.script({model: does})
            headers = self.headers(use_case["name"], attributes)
            status, count, *_ = await streams.pieces(self.client.port, headers, body, self.upstreams)
            self.checked += 1
            asked = len(self.upstreams.hits[0].body) if self.upstreams.hits else 0
            cost = COST if body == USAGE else 2 * -(-asked // 4) + 5 * count
            self.added = Spending(self.table, attributes, use_case).answered(self.table["decisions"][decision], model, cost)
            if status != 200 or not await self.was_added(cost):
                self.differences.append(f"a stream, {does}: {status}, not {cost}: {self.said.read_text()}")

    def first(self, decision: int) -> str:
        primary = self.table["decisions"][decision]["primary"]
        return self.table["models"][primary["model"]]["id"] if primary else ""

    async def spend(self, what: str, decision: int, use_case: dict[str, Any], attributes: dict[str, str], does: dict[str, str]) -> None:
        """Asks once, and waits until what the answer cost has been added."""
        expected = contract.expect(self.table, decision, does, self.counts)
        await self.one(what, decision, self.headers(use_case["name"], attributes), does, counts=self.counts)
        if expected.status != 200:
            return
        self.added += self.counts.answered(self.table["decisions"][decision], expected.route, COST)
        if not await self.was_added(COST):
            self.differences.append(f"{what}: what it cost was not added")

    async def was_added(self, cost: int) -> bool:
        """Waits until the service has added it to every limit that counts it."""
        for _ in range(200):
            if self.said.read_text().count(f" {cost} ") >= self.added:
                return True
            await asyncio.sleep(0.01)
        return False


if __name__ == "__main__":
    def make(arguments: Any, table: dict[str, Any]) -> Sharing:
        kind = Budgets if arguments.quotas is None else Sharing
        made = kind(arguments.govctl, arguments.program, table, arguments.broken)
        made.variant = arguments.quotas or 0
        return made

    sys.exit(main(make, BREAKS, __doc__ or "", 10))
