"""Gateways that lose promises: what differs from the table must be what `export.json` declares, and nothing else."""

from __future__ import annotations

from typing import Any

import contract
from gateway import Gateway, Headers, hangs
from upstreams import OTHERS, nth


class Declared(Gateway):
    """A gateway whose callers choose a route, and whose answers are its own."""

    MORE = tuple(OTHERS)

    def request(self, use_case: dict[str, Any], attributes: dict[str, str], decision: int) -> tuple[Headers, bytes] | None:
        """What a caller that chooses rightly sends; none: the export gives it no route, so nobody can be asked."""
        raise NotImplementedError

    async def drive(self) -> None:
        """Every cell, and every failure of every decision."""
        import tables

        self.excused: dict[str, int] = {}
        slow = 0
        for use_case in self.table["use_cases"]:
            met: set[int] = set()
            for attributes, decision in tables.contexts(self.table, use_case):
                cases = [{}] if decision in met else self.failures(self.table["decisions"][decision])
                met.add(decision)
                for does in cases:
                    if hangs(does) and self.losses()["trigger:timeout"] == "lost":
                        continue
                    slow += hangs(does)
                    if (not hangs(does) or slow <= 8) and not self.is_enough():
                        await self.case(f"{use_case['name']} {attributes} {does}", self.request(use_case, attributes, decision), decision, does)
        await self.more()

    async def more(self) -> None:
        """What only this gateway is asked."""

    async def case(self, what: str, sent: tuple[Headers, bytes] | None, decision: int, does: dict[str, str]) -> None:
        """One request: hits that differ, and answers, must be declared; an endpoint that the table does not name never is."""
        expected = contract.expect(self.table, decision, does)
        self.checked += 1
        if sent is None:
            if self.table["decisions"][decision]["primary"] is not None:
                self.differences.append(f"{what}: no route")
            return
        await self.upstreams.script(does)
        status, _, _ = await self.client.ask(*sent, path=self.path())
        if self.losses()["no-other-walk"] == "lost":
            # Whoever follows redirects asks whom a provider names.
            followed = [hit for hit in self.upstreams.hits if hit.path.startswith("/elsewhere/")]
            self.excused["redirects"] = self.excused.get("redirects", 0) + len(followed)
            self.upstreams.hits = [hit for hit in self.upstreams.hits if hit not in followed]
        hits = [hit.model for hit in self.upstreams.hits]
        wrong = [leak for hit in self.upstreams.hits for leak in self.leaks(hit)]
        strangers = set(hits) - self.named(decision)
        wrong += [f"{stranger} was asked, which the decision does not name" for stranger in strangers]
        if hits != contract.reached(expected.hits, does):
            excuse = self.excuse(decision, does, hits)
            if excuse is None:
                wrong.append(f"hits {hits}, not {contract.reached(expected.hits, does)}, and no loss says so")
            else:
                self.excused[excuse] = self.excused.get(excuse, 0) + 1
        elif status != expected.status and self.losses()["answers"] != "lost":
            wrong.append(f"status {status}, not {expected.status}")
        if expected.status == 200 and hits == expected.hits and status != 200:
            wrong.append(f"status {status} where a model answered")
        if wrong:
            self.differences.append(f"{what}: {'; '.join(wrong)}")

    def path(self) -> str:
        return "/v1/chat/completions"

    def named(self, decision: int) -> set[str]:
        """The models that a decision names at all."""
        found = self.table["decisions"][decision]
        name = lambda at: self.table["models"][at]["id"]
        targets = (target for path in found["paths"] for target in self.table["target_lists"][path["targets"]])
        return {name(target["model"]) for target in targets} | ({name(found["primary"]["model"])} if found["primary"] else set())

    def excuse(self, decision: int, does: dict[str, str], hits: list[str]) -> str | None:
        """The declared loss that touches what happened."""
        losses = self.losses()
        paths = self.table["decisions"][decision]["paths"]
        touched = []
        for kind in sorted({nth(kinds, at) for kinds in does.values() for at in range(5)} - {"ok"}):
            trigger = contract.TRIGGER.get(kind)
            touched.append("no-other-walk" if trigger is None else f"trigger:{trigger}")
        if does and any(self.table["failovers"][path["failover"]]["retry"] for path in paths):
            touched.append("retries")
        return next((promise for promise in touched if losses[promise] in ("lost", "by-caller")), None)
