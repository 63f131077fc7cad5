"""Canonical JSON (RFC 8785) with a right digest, of tables that are changed by hand."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """A value in canonical form; numbers are whole."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Below U+E000 the order of characters is that of UTF-16 code units.
    return text if max(text) < "\ue000" else _by_code_units(value)


def _by_code_units(value: Any) -> str:
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{_by_code_units(item)}" for key, item in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_by_code_units, value)) + "]"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def sealed(table: dict[str, Any]) -> str:
    """The table as its file has it, whatever its `digest` says."""
    content = {key: value for key, value in table.items() if key != "digest"}
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    return canonical({**content, "digest": f"sha256:{digest}"})
