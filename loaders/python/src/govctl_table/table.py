"""A loaded table: the lookup is an index computation that never fails; what is not understood is `block`."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from . import signature as signatures
from .answer import Core, Decision, Down, Route, UseCase
from .build import build_cores, build_models, build_use_cases
from .cells import check_use_cases
from .decisions import check_decisions
from .forms import Share, clamped, is_day
from .parts import check_parts
from .refusal import fault
from .scan import canonical, read
from .shape import check_shape
from .signature import TrustedKey

Request = Mapping[str, object]
"""What a request states, as gateways write it under `govctl`: `{"use_case": …, "classification": …,
"budget.remaining": …, "budget.NAME.remaining": …, "facts": {…}}`. Only `use_case` is needed; None is as not stated.
A share is a percent: text such as `15%`, `15` or `12.5%`, or a whole number."""


def load(
    data: bytes | bytearray | memoryview,
    *,
    as_of: str | None,
    signature: bytes | None = None,
    trusted_keys: Sequence[TrustedKey | str] = (),
    allow_expired: bool = False,
    allow_unsigned: bool = False,
    least_serial: int | None = None,
) -> Table:
    """Loads a table from its bytes, or raises `Refusal`: the whole table is refused on any fault.

    `as_of` is the current day, `YYYY-MM-DD`: the library reads no clock, so that equal arguments give equal answers.
    None says that it must not be checked whether the table has expired.

    `signature` holds the bytes of the `.sig` file, `trusted_keys` whose signatures count: text is read as
    `TrustedKey.parse` does. With a key a table without a signature is refused, unless `allow_unsigned`.

    `least_serial` is the least serial number that is accepted: it stands in the signature, and a table without one is
    refused.
    """
    keys = [TrustedKey.parse(key) if isinstance(key, str) else key for key in trusted_keys]
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise fault("not-json", None, "what was given to the loader is not bytes; give those of the table's file")
    data = bytes(data)
    signed = signatures.check(data, signature, keys, allow_unsigned)
    raw = read(data)
    check_shape(raw)
    stated = raw["digest"]
    content = canonical({key: value for key, value in raw.items() if key != "digest"})
    if stated != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise fault("digest", (None, "digest"), "it does not fit the content: the table was changed after it was compiled")
    if signed is not None:
        signed.check_digest(stated)
    check_parts(raw)
    check_decisions(raw)
    check_use_cases(raw)
    _expired(raw, as_of, allow_expired)
    serial = None if signed is None else signed.serial
    signatures.check_serial(serial, least_serial)
    return Table(raw, None if signed is None else signed.key_id, serial)


def _expired(raw: dict[str, Any], as_of: str | None, allow_expired: bool) -> None:
    if as_of is None:
        return
    if not isinstance(as_of, str) or not is_day(as_of):
        raise fault("expired", None, "the day `as_of` that the loader was given is not a day")
    until = raw["valid_until"]
    if until is not None and as_of > until and not allow_expired:
        text = f"{raw['ends']} changes a decision after {until}; compile the policy again"
        raise fault("expired", (None, "valid_until"), text)


class Table:
    """A checked table, ready to answer. Made by `load`; never changes, so threads may share it."""

    def __init__(self, raw: dict[str, Any], signed_by: str | None, serial: int | None) -> None:
        self.raw: Mapping[str, Any] = raw
        """The table as it was read. Read-only: what is changed here changes no answer."""
        self.digest: str = raw["digest"]
        """The SHA-256 that identifies the table: two tables with one digest decide alike."""
        self.signed_by = signed_by
        """The id of the trusted key that signed the table; none where no signature was asked for."""
        self.serial = serial
        """The serial number that the signature states."""
        models = build_models(raw)
        self.models = {model.id: model for model in models}
        """The models of the table, by id."""
        self._down = Down(models)
        self._cores = build_cores(raw, models)
        self._levels = {name: at for at, name in enumerate(raw["classifications"])}
        self._level_names: list[str] = raw["classifications"]
        self._facts = {
            name: ({value: at for at, value in enumerate(fact["values"])}, fact["values"].index(fact["default"]))
            for name, fact in raw["facts"].items()
        }
        self._budget_shares = {"budget.remaining"} | {f"budget.{one['name']}.remaining" for one in raw["budgets"]}
        self._use_cases = build_use_cases(raw)

    def decide(self, request: Request) -> Decision:
        """The decision for a request. Never fails: what is not understood is `block`."""
        try:
            found = self._use_cases.get(request["use_case"])  # type: ignore[call-overload]
        except (KeyError, TypeError):
            found = None
        if found is None:
            return self._block("no use case has this name or endpoint tag")
        if len(request) == 1:
            cell, level = found.baseline, found.level
        else:
            try:
                cell, level = self._find(found, request)
            except _NotUnderstoodError as what:
                return self._block(str(what))
        return Decision(self._cores[found.cells[cell]], found, self._level_names[level], self._down)

    def route(self, request: Request, down: Collection[str] = (), on: str | None = None) -> Route:
        """Where a request goes while something is down, or after the primary has failed on a trigger."""
        return self.decide(request).route(down, on)

    def decisions(self) -> list[Decision]:
        """Every decision of the table in its order, of no use case: what may happen, whoever asks."""
        return [Decision(core, None, None, self._down) for core in self._cores]

    def _block(self, what: str) -> Decision:
        return Decision(_NOTHING, None, None, self._down, what)

    def _find(self, found: UseCase, request: Request) -> tuple[int, int]:
        """The cell and the level: from those of a request that states nothing, one step for each thing stated."""
        cell, level = found.baseline, found.level
        for key, value in request.items():
            if key == "use_case" or value is None:
                continue
            if key == "classification":
                asked = self._levels.get(value) if isinstance(value, str) else None
                if asked is None:
                    raise _NotUnderstoodError("the classification is not known")
                level = max(level, asked)
                cell += (level - found.level) * found.level_stride
            elif key == "facts":
                cell += self._fact_steps(found, value)
            elif key in self._budget_shares:
                share = _share(value)
                if share is None:
                    raise _NotUnderstoodError("what remains of the budget is not a percent")
                stride, cuts = found.shares.get(key, _NO_AXIS)
                for whole, fraction, inclusive in cuts:
                    here = (whole, fraction)
                    if share < here or (inclusive and share == here):
                        cell -= stride
            else:
                raise _NotUnderstoodError("the request states something that the table does not know")
        return cell, level

    def _fact_steps(self, found: UseCase, facts: object) -> int:
        if type(facts) is not dict and not isinstance(facts, Mapping):
            raise _NotUnderstoodError("the facts are no object")
        steps = 0
        for name, value in facts.items():
            known = self._facts.get(name)
            if known is not None and value is None:
                continue
            position = known[0].get(value) if known is not None and isinstance(value, str) else None
            if known is None or position is None:
                raise _NotUnderstoodError("a fact or its value is not declared")
            steps += (position - known[1]) * found.facts.get(name, 0)
        return steps


class _NotUnderstoodError(Exception):
    """What of a request is not understood."""


_SHORT = 8
_short_share = functools.lru_cache(maxsize=4096)(clamped)
_NOTHING = Core()
_NO_AXIS: tuple[int, tuple[tuple[int, str, bool], ...]] = (0, ())


def _share(value: object) -> Share | None:
    if isinstance(value, str):
        # The same few percents come again and again; what is longer is not worth keeping.
        return _short_share(value) if len(value) <= _SHORT else clamped(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return (min(max(value, 0), 100), "")
    if isinstance(value, float) and value.is_integer():
        return (int(min(max(value, 0), 100)), "")
    return None
