"""Streams through a gateway: piece by piece, over before the first byte only, and cut where the provider cuts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import contract
from gateway import Headers

if TYPE_CHECKING:
    from gateway import Gateway
    from upstreams import Upstreams

BODY = b'{"messages":[{"role":"user","content":"say \\"hi\\""}],"model":"callers-own","stream":true}'
# What the primary does, and how many pieces of whom arrive; none: of the next in line.
CASES = (("ok", 3), ("slow", 3), ("cut", 1), ("503", None), ("429", None), ("reset", None))


async def pieces(port: int, headers: Headers, body: bytes, upstreams: Upstreams, path: str = "/v1/chat/completions") -> tuple[int, int, bytes, bool]:
    """The status, how many pieces arrived one by one, all of them, and whether the stream ended as it should. The
    provider sends the next piece when it is told of this one, so that a gateway that holds one back gets no other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"POST {path} HTTP/1.1", "host: gateway", f"content-length: {len(body)}", *(f"{k}: {v}" for k, v in headers)]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 15)
    except (TimeoutError, asyncio.TimeoutError, asyncio.IncompleteReadError):
        writer.close()
        return 0, 0, b"no answer began", False
    text, whole = b"", True
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
    try:
        if length is not None:
            text = await reader.readexactly(length)
            writer.close()
            return int(head.split(b" ")[1]), 1, text, True
        while size := int((await asyncio.wait_for(reader.readline(), 15)).strip() or b"x", 16):
            piece = await reader.readexactly(size)
            # A gateway may say more, as that it is done; and that a stream broke off, where it does not break off itself.
            upstreams.arrived += b"piece " in piece
            whole = whole and b'"error"' not in piece
            text += piece
            await reader.readexactly(2)
    except (ValueError, TimeoutError, asyncio.TimeoutError, asyncio.IncompleteReadError, ConnectionError):
        whole = False
    writer.close()
    return int(head.split(b" ")[1]), upstreams.arrived, text, whole


async def drive(gateway: Gateway) -> None:
    """A decision whose primary fails over on all that is tried here, or the next best."""
    for use_case, attributes, decision in cells(gateway):
        primary, *_ = contract.expect(gateway.table, decision, {}).hits
        for does, several in CASES:
            if gateway.is_enough():
                return
            # Where triggers are lost, how a stream fails over is seen without streams.
            if not several and hasattr(gateway, "request"):
                continue
            await gateway.upstreams.script({primary: does})
            status, count, text, whole = await asked(gateway, use_case, attributes, decision)
            expected = contract.expect(gateway.table, decision, {primary: "ok" if several else does})
            gateway.checked += 1
            hits = [hit.model for hit in gateway.upstreams.hits]
            right = hits == expected.hits and status == expected.status
            if right and status == 200:
                right = (count, whole, text.count(b"from " + hits[-1].encode())) == (several or 3, does != "cut", several or 3)
            # A gateway that may break streams off must still have asked the right ones.
            if not right and not (gateway.losses()["streams"] == "lost" and several and hits == expected.hits):
                gateway.differences.append(f"a stream of {use_case['name']}, {does}: {status} from {hits}, {count} pieces, {text!r}, {whole}")


async def asked(gateway: Gateway, use_case: dict[str, Any], attributes: dict[str, str], decision: int) -> tuple[int, int, bytes, bool]:
    """Asks as the gateway's callers do: by their context, or by the route that they chose."""
    if hasattr(gateway, "request"):
        headers, body = gateway.request(use_case, attributes, decision)
        return await pieces(gateway.client.port, headers, body[:-1] + b',"stream":true}', gateway.upstreams, gateway.path())
    return await pieces(gateway.client.port, gateway.headers(use_case["name"], attributes), BODY, gateway.upstreams)


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
