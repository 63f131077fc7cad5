"""Which model groups a LiteLLM configuration needs for a table: `govctl-litellm-groups TABLE`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from govctl_table import Decision, Refusal, Table, load

from .walk import group_name, hops


def groups(table: Table) -> dict[str, str]:
    """The model's id by the group's name: for each model as many groups as one request may need attempts at it."""
    most: Counter[str] = Counter()
    for decision in decisions(table):
        used = Counter(hop.model for hop in hops(decision))
        most |= used
    return {group_name(model, number): model for model, count in sorted(most.items()) for number in range(count)}


def unset(table: Table | None, environment: Mapping[str, str]) -> list[str]:
    """The variables that endpoints of the table name for their keys and that hold nothing, those of models that nobody asks left out."""
    if table is None:
        return []
    asked = set(groups(table).values())
    named = {model["endpoint"].get("api_key_env") for model in table.raw["models"] if model["id"] in asked}
    return sorted(name for name in named if name and not environment.get(name))


def decisions(table: Table) -> list[Decision]:
    """Every decision of the table, without a use case."""
    return table.decisions()


def main() -> int:
    """Prints the groups as JSON."""
    try:
        table = load(Path(sys.argv[1]).read_bytes(), as_of=None)
    except (IndexError, OSError, Refusal) as error:
        print(f"usage: govctl-litellm-groups TABLE ({error})", file=sys.stderr)
        return 2
    print(json.dumps(groups(table), indent=1))
    return 0
