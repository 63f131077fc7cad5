"""Envoy's access log as `govctl audit` reads it."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway import Gateway

# Lines are written as soon as there are some; by default a quiet log waits for ten seconds.
AT_ONCE = ("--file-flush-interval-msec", "20")
Found = list[tuple[int, str, str]]


async def lines(gateway: Gateway) -> list[str]:
    """The lines of the access log so far, without what Envoy says besides: once nothing more is written."""
    text, before = (gateway.folder / "log").read_text(), None
    while text != before:
        await asyncio.sleep(0.15)
        text, before = (gateway.folder / "log").read_text(), text
    return [line for line in text.splitlines() if line.startswith("{")]


def audit(gateway: Gateway, log: list[str]) -> Found:
    """What is wrong with each line, from 0, held against the gateway's table on the day for which that was made."""
    day = gateway.table["as_of"]
    path = gateway.folder / "access.log"
    path.write_text("".join(re.sub(r'"time":"\d{4}-\d\d-\d\d', f'"time":"{day}', line) + "\n" for line in log))
    command = [gateway.govctl, "audit", str(path), "--table", str(gateway.folder / "table.json"), "--format", "lines"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"audit ends with {done.returncode}: {done.stderr}")
    found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    return [(one["line"] - 1, one["code"], one["message"]) for one in found]


async def hold(gateway: Gateway) -> None:
    """Everything that was asked is in the log, and nothing is wrong with it but that a request had no use case."""
    log = await lines(gateway)
    if len(log) < gateway.checked:
        gateway.differences.append(f"the log has {len(log)} lines for {gateway.checked} requests")
    for at, code, message in audit(gateway, log):
        if code != "unknown-use-case" or "use_case" in json.loads(log[at]):
            gateway.differences.append(f"audit: {code}: {message}: {log[at]}")
