"""Every field of a table changed in every way that somebody could have changed it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .sealed import canonical, sealed

_LARGE = 2**53 - 1


def mutations(table: bytes) -> Iterator[tuple[str, bytes]]:
    """What was changed, and the table with a right digest; and, of each value, one change that keeps the old digest."""
    whole = json.loads(table)
    for holder, step, where in list(places(whole, "")):
        if where == "/digest":
            continue
        value = holder[step]
        for what, new in changed(value):
            holder[step] = new
            yield f"{where} = {what}", sealed(whole).encode()
        if not isinstance(value, (dict, list)):
            yield f"{where} = {what}, digest kept", canonical(whole).encode()
        if isinstance(holder, dict):
            del holder[step]
            yield f"{where} removed", sealed(whole).encode()
        holder[step] = value


def places(value: Any, where: str) -> Iterator[tuple[Any, str | int, str]]:
    """Every place of a table: what holds it, by which key or index, and how it is called."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield value, step, f"{where}/{step}"
        yield from places(item, f"{where}/{step}")


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """Values that could stand in place of one."""
    others: list[Any] = [None, True, 0, 1, -1, _LARGE, "", "x", [], {}]
    if isinstance(value, str):
        others += [value + "0", value + " ", value[:-1], value.upper(), "é"]
    elif isinstance(value, int) and not isinstance(value, bool):
        others += [value + 1, value - 1]
    elif isinstance(value, list) and value:
        others += [value[1:], value[:-1], value + value[:1], value[::-1], [*value, None]]
    elif isinstance(value, dict):
        others += [{**value, "zz": 0}, {**value, "\U0001f600": "x"}]
    for other in others:
        if other != value or type(other) is not type(value):
            yield json.dumps(other)[:60], other
