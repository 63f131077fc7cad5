"""A request on its way, and what the log says of it."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from govctl_table import Decision, Table

from .stated import prefix_of
from .triggers import Failure
from .walk import Walk
from .wire import CURRENT, Wire

log = logging.getLogger("govctl")

TERMINALS = {"block": "blocked", "queue": "queued", "degrade": "degraded"}
"""What an event says of a request that was answered by a terminal."""

ATTRIBUTION = ("business_unit", "team", "project", "application")
"""Dimensions that a use case has and an event states."""


def now() -> str:
    """The time in UTC, as events state it."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def write(event: str, said: Mapping[str, Any], time: str | None = None) -> None:
    """Writes a line of JSON about one request."""
    log.info("%s", json.dumps({"event": event, "time": time or now(), **said}))


class Call:
    """A request on its way."""

    def __init__(self, table: Table, decision: Decision, walk: Walk, request: Mapping[str, Any] | None = None) -> None:
        self.token = uuid.uuid4().hex
        self.time = now()
        self.stated = stated_of(request or {})
        self.table = table
        self.decision = decision
        self.walk = walk
        self.asked = False
        self.status = "error"
        self.last = Failure(None)
        self.wire = CURRENT.get() or Wire()
        self.record: dict[str, Any] = {}
        self.note()

    def note(self, terminal: str | None = None) -> None:
        """Brings the record that goes to the log up to date: the keys of docs/events.md, and those from before them."""
        self.status = TERMINALS.get(terminal or "", self.status)
        hop = self.walk.hop
        failover = None if hop is None or hop.path is None else self.decision.paths[hop.path].failover
        tags = dict(self.decision.tags)
        self.record.update(
            **{name: tags[name] for name in ATTRIBUTION if name in tags},
            **self.stated,
            policies=[rule.name for rule in self.decision.rules],
            trigger=None if failover is None else self.walk.left,
            failover=None if failover is None else failover.name,
            logged_as=None if failover is None else failover.log_as,
        )
        self.record.update(
            table=self.table.digest,
            use_case=self.decision.use_case,
            classification=self.decision.classification,
            decision=self.decision.index,
            rules=[rule.name for rule in self.decision.rules],
            tags=tags,
            triggers=[trigger or "none" for trigger in self.walk.triggers],
            hop=None if hop is None else hop.position,
            path=None if failover is None else failover.name,
            route=None if hop is None or terminal is not None else hop.model,
        )

    def headers(self, terminal: str | None = None) -> dict[str, str]:
        """The headers of the answer: of a terminal, or of the hop that gave it."""
        hop, end = self.walk.hop, self.walk.end
        if terminal is not None or hop is None:
            position = None if end is None else end.position
            return answer_headers(self.table, str(self.decision.index), terminal or "block", position)
        return answer_headers(self.table, str(self.decision.index), hop.model, hop.position)

    def error(self, code: str, message: str) -> dict[str, Any]:
        """An error of ours about this request."""
        return {
            "type": "govctl",
            "code": code,
            "message": message,
            "use_case": self.decision.use_case,
            "decision": self.decision.index,
            "table": self.table.digest,
        }

    def log(self) -> None:
        """Writes the record, with how the request ended."""
        not_sent = self.last.not_sent
        error = {} if not_sent is None else {"error.type": not_sent.code}
        write("decided", {**self.record, "status": self.status, **error}, self.time)


def stated_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the decision rests on besides use case and classification, under the names of an event."""
    budgets = {
        name.removeprefix("budget.").removesuffix(".remaining"): value
        for name, value in request.items()
        if name.startswith("budget.") and name != "budget.remaining"
    }
    found = {"facts": request.get("facts"), "budget.remaining": request.get("budget.remaining"), "budgets": budgets}
    return {name: value for name, value in found.items() if value not in (None, {})}


def answer_headers(table: Table, decision: str, route: str, hop: int | None) -> dict[str, str]:
    """What every answer carries."""
    found = {"table": table.digest, "decision": decision, "route": route, "hop": "-" if hop is None else str(hop)}
    return {prefix_of(table) + name: value for name, value in found.items()}
