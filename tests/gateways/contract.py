"""What the decision table says must happen, read from the table itself: the order of hits and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from upstreams import KINDS

TRIGGER = {
    "429": "rate-limited",
    "500": "server-error",
    "502": "server-error",
    "503": "unavailable",
    "529": "unavailable",
    "504": "timeout",
    "408": "timeout",
    "401": "unauthorized",
    "403": "unauthorized",
    "402": "out-of-credit",
    "quota": "out-of-credit",
    "filter": "content-filtered",
    "context": "context-exceeded",
    "hang": "timeout",
    "reset": "unavailable",
    "refused": "unavailable",
}
STATUS = {"queue": 503, "degrade": 503, "block": 403}


@dataclass
class Expected:
    """What must be seen."""

    hits: list[str]
    status: int
    code: str | None
    route: str
    hop: str


def expect(table: dict[str, Any], decision: int | None, does: dict[str, str]) -> Expected:
    """The walk of a decision while providers do what they do."""
    if decision is None or table["decisions"][decision]["primary"] is None:
        return Expected([], 403, "block", "block", "-")
    found = table["decisions"][decision]
    name = lambda at: table["models"][at]["id"]
    primary = name(found["primary"]["model"])
    # Every attempt fails alike here, so the first one's trigger is the last one's.
    trigger = TRIGGER.get(does.get(primary, "ok"))
    if trigger is None:
        return answered(primary, 0, [primary], does)
    path = next((path for path in found["paths"] if trigger in path["on"]), None)
    if path is None:
        return Expected([primary], 403, "block", "block", "1")
    failover = table["failovers"][path["failover"]]
    targets = table["target_lists"][path["targets"]]
    times = 1 + failover["retry"]
    hits = [primary] * times
    for position, target in enumerate(targets, 1):
        model = name(target["model"])
        met = TRIGGER.get(does.get(model, "ok"))
        if met is None or met not in path["on"]:
            return answered(model, position, hits + [model], does)
        hits += [model] * times
    then = failover["then"]["action"]
    return Expected(hits, STATUS[then], then, then, str(len(targets) + 1))


def answered(model: str, hop: int, hits: list[str], does: dict[str, str]) -> Expected:
    """The answer of a hop, or ours where it gives none."""
    kind = does.get(model, "ok")
    answer = KINDS[kind]
    if answer is None:
        trigger = TRIGGER[kind]
        return Expected(hits, 504 if trigger == "timeout" else 503, trigger, model, str(hop))
    return Expected(hits, answer[0], answer[1], model, str(hop))


def reached(hits: list[str], does: dict[str, str]) -> list[str]:
    """Hits that a provider could notice: a refused connection leaves no trace."""
    return [model for model in hits if does.get(model) != "refused"]
