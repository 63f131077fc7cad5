"""Streams through a gateway: piece by piece, over before the first byte only, and cut where the provider cuts."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import contract
from gateway import Client, Headers

if TYPE_CHECKING:
    from gateway import Gateway

BODY = b'{"model":"callers-own","messages":[],"stream":true}'
# What the primary does, and how many pieces of whom arrive; none: of the next in line.
CASES = (("ok", 3), ("slow", 3), ("cut", 1), ("503", None), ("429", None), ("reset", None))


async def pieces(port: int, headers: Headers, body: bytes) -> tuple[int, list[float], bytes, bool]:
    """The status, when each piece arrived, all of them, and whether the stream ended as it should."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = ["POST /v1/chat/completions HTTP/1.1", "host: gateway", f"content-length: {len(body)}", *(f"{k}: {v}" for k, v in headers)]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    times, text, whole = [], b"", True
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
    try:
        if length is not None:
            text = await reader.readexactly(length)
            writer.close()
            return int(head.split(b" ")[1]), [time.monotonic()], text, True
        while size := int((await asyncio.wait_for(reader.readline(), 30)).strip() or b"x", 16):
            text += await reader.readexactly(size)
            times.append(time.monotonic())
            await reader.readexactly(2)
    except (ValueError, asyncio.IncompleteReadError, ConnectionError):
        whole = False
    writer.close()
    return int(head.split(b" ")[1]), times, text, whole


async def drive(gateway: Gateway) -> None:
    """A decision whose primary fails over on all that is tried here, or the next best."""
    for use_case, attributes, decision in cells(gateway):
        primary, *_ = contract.expect(gateway.table, decision, {}).hits
        for does, several in CASES:
            if gateway.is_enough():
                return
            await gateway.upstreams.script({primary: does})
            status, times, text, whole = await pieces(gateway.client.port, gateway.headers(use_case["name"], attributes), BODY)
            expected = contract.expect(gateway.table, decision, {primary: "ok" if several else does})
            gateway.checked += 1
            hits = [hit.model for hit in gateway.upstreams.hits]
            right = hits == expected.hits and status == expected.status and (status != 200 or arrived(does, several or 3, times, text, whole, hits[-1]))
            if not right:
                gateway.differences.append(f"a stream of {use_case['name']}, {does}: {status} from {hits}, {len(times)} pieces, {text!r}, {whole}")


def arrived(does: str, several: int, times: list[float], text: bytes, whole: bool, model: str) -> bool:
    """Whether the pieces are those of the model, came when it sent them, and were cut only by it."""
    slow = 1.2 if does == "slow" else 0.02
    gaps = [after - before for before, after in zip(times, times[1:])]
    return (len(times) == several and all(gap > slow for gap in gaps) and whole == (does != "cut")
            and text.count(model.encode()) == several)


def cells(gateway: Gateway) -> list[tuple[dict[str, Any], dict[str, str], int]]:
    """A cell of each use case whose decision has a primary."""
    import tables

    found = []
    for use_case in gateway.table["use_cases"]:
        cell = next(((attributes, decision) for attributes, decision in tables.contexts(gateway.table, use_case)
                     if gateway.table["decisions"][decision]["primary"]), None)
        if cell and len(found) < 2:
            found.append((use_case, *cell))
    return found
