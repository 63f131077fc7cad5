"""What a caller's credentials state: the metadata of its key and of the key's team.

Whoever may make keys may state what stands in their metadata, which can be more people than administer teams. So a key
states what its team leaves open, and never less than its team.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govctl_table import Table
from govctl_table.forms import clamped

from .stated import Refused, higher, name_of

_NAMES = ("use_case", "use_cases")


def of_key(key: object) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What stands under `govctl` in the metadata of a key's team, and in its own."""
    return _ours(getattr(key, "team_metadata", None)), _ours(getattr(key, "metadata", None))


def _ours(metadata: object) -> Mapping[str, Any]:
    ours = metadata.get("govctl") if isinstance(metadata, Mapping) else None
    if ours is None:
        return {}
    if not isinstance(ours, Mapping):
        raise Refused("block", "`govctl` in the key's metadata is not an object")
    return {name: value for name, value in ours.items() if value is not None}


def merged(table: Table, team: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    """Both together: the higher classification, the smaller shares, one of the team's use cases, and else the team's."""
    found = {**key, **team}
    for name in key.keys() & team.keys():
        if name == "classification":
            found[name] = higher(table, team[name], key[name])
        elif name == "facts":
            found[name] = _facts(team[name], key[name])
        elif name.startswith("budget."):
            found[name] = _smaller(team[name], key[name])
    stated = _use_cases(key)
    if not stated:
        return found
    allowed = _use_cases(team)
    if allowed and not {name_of(table, one) for one in stated} <= {name_of(table, one) for one in allowed}:
        raise Refused("block", "the key states a use case that its team does not have")
    kept = {name: value for name, value in found.items() if name not in _NAMES}
    return {**kept, **{name: key[name] for name in _NAMES if name in key}}


def _use_cases(stated: Mapping[str, Any]) -> list[Any]:
    several = stated.get("use_cases")
    if "use_case" in stated:
        return [stated["use_case"]]
    return list(several) if isinstance(several, list) else [] if several is None else [several]


def _facts(team: object, key: object) -> object:
    if not isinstance(team, Mapping):
        return team
    if not isinstance(key, Mapping):
        return key
    return {**key, **{name: value for name, value in team.items() if value is not None}}


def _smaller(team: object, key: object) -> object:
    """The smaller of two shares; one that is none stays, and makes the decision block."""
    shares = []
    for one in (team, key):
        is_number = isinstance(one, (str, int)) and not isinstance(one, bool)
        share = clamped(str(one)) if is_number else None
        if share is None:
            return one
        shares.append((share, one))
    return min(shares, key=lambda pair: pair[0])[1]
