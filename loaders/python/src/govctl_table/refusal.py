"""Why a table is refused, and where."""

from __future__ import annotations

from typing import Literal, Union

Code = Literal[
    "not-json",
    "duplicate-key",
    "not-canonical",
    "format",
    "missing-field",
    "unknown-field",
    "type",
    "range",
    "order",
    "index",
    "cells",
    "digest",
    "expired",
    "unsigned",
    "signature",
    "key",
]

Place = Union[tuple["Place", Union[str, int]], None]
"""A path from the top of the table, innermost step last; None is the table itself. Written out only for a fault."""

MAX_QUOTED = 60
"""The longest text of a table that a message quotes, in characters."""


class Refusal(Exception):
    """A table that is not loaded: the whole of it, on any fault."""

    def __init__(self, code: Code, place: str, text: str) -> None:
        where = f" at `{place}`" if place else ""
        super().__init__(f"the table is refused{where}: {text}")
        self.code: Code = code
        """One of a closed list: the same fault has the same code in every language."""
        self.place = place
        """The path of the fault, such as `use_cases[3].cells[7]`; empty: the whole table."""
        self.text = text
        """What is wrong there: lower case, no final period."""

    def __reduce__(self) -> tuple[type[Refusal], tuple[Code, str, str]]:
        return Refusal, (self.code, self.place, self.text)


def fault(code: Code, place: Place, text: str) -> Refusal:
    """A refusal at a place."""
    return Refusal(code, written(place), text)


def written(place: Place) -> str:
    """A place as people read it."""
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    text = ""
    for step in reversed(steps):
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and step.isascii() and all(c.isalnum() or c in "_-" for c in step):
            text += f".{step}" if text else step
        else:
            text += f'["{shown(step)}"]'
    return text


def shown(value: str, longest: int = MAX_QUOTED) -> str:
    """Text of a table as a message may quote it: short, and without characters that act on a terminal."""
    cut = value[:longest]
    safe = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in cut)
    return safe + ("…" if len(value) > longest else "")
