"""What the decision table says must happen, read from the table itself: the order of hits and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from upstreams import KINDS, nth

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
    hits: list[str] = []
    primary = name(found["primary"]["model"])
    attempt = 0
    while True:
        kind = ask(primary, hits, does)
        trigger = TRIGGER.get(kind)
        if trigger is None:
            return answered(primary, 0, hits, kind)
        path = next((path for path in found["paths"] if trigger in path["on"]), None)
        if path is None:
            return Expected(hits, 403, "block", "block", "1")
        failover = table["failovers"][path["failover"]]
        if attempt >= failover["retry"]:
            break
        attempt += 1
    targets = table["target_lists"][path["targets"]]
    for position, target in enumerate(targets, 1):
        for _ in range(1 + failover["retry"]):
            kind = ask(name(target["model"]), hits, does)
            trigger = TRIGGER.get(kind)
            if trigger is None or trigger not in path["on"]:
                return answered(name(target["model"]), position, hits, kind)
    then = failover["then"]["action"]
    return Expected(hits, STATUS[then], then, then, str(len(targets) + 1))


def ask(model: str, hits: list[str], does: dict[str, str]) -> str:
    """One attempt: what the model does this time."""
    kind = nth(does.get(model, "ok"), hits.count(model))
    hits.append(model)
    return kind


def answered(model: str, hop: int, hits: list[str], kind: str) -> Expected:
    """The answer of a hop, or ours where it gives none."""
    answer = KINDS[kind]
    if answer is None:
        trigger = TRIGGER[kind]
        return Expected(hits, 504 if trigger == "timeout" else 503, trigger, model, str(hop))
    return Expected(hits, answer[0], answer[1], model, str(hop))


def reached(hits: list[str], does: dict[str, str]) -> list[str]:
    """Hits that a provider could notice: a refused connection leaves no trace."""
    return [model for model in hits if does.get(model) != "refused"]
