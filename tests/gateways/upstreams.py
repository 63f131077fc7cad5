"""Providers on loopback that do as they are told, and remember who asked them what."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import socket
from dataclasses import dataclass, field
from typing import Any

# What a provider may do, with its answer's status and error code, or none where it gives no answer.
KINDS: dict[str, tuple[int, str | None] | None] = {
    "ok": (200, None),
    "429": (429, "rate_limit_exceeded"),
    "500": (500, "server_error"),
    "502": (502, "bad_gateway"),
    "503": (503, "overloaded"),
    "504": (504, "timeout"),
    "529": (529, "overloaded_error"),
    "408": (408, "timeout"),
    "400": (400, "invalid_request_error"),
    "404": (404, "model_not_found"),
    "422": (422, "unprocessable"),
    "401": (401, "invalid_api_key"),
    "403": (403, "forbidden"),
    "402": (402, "payment_required"),
    "quota": (429, "insufficient_quota"),
    "filter": (400, "content_filter"),
    "context": (400, "context_length_exceeded"),
    # What stands in no body, far in it, or in one that does not say that it is JSON; and another place to ask.
    "400-silent": (400, None),
    "429-silent": (429, None),
    "context-far": (400, "context_length_exceeded"),
    "context-text": (400, "context_length_exceeded"),
    "307": (307, None),
    "hang": None,
    "reset": None,
    "refused": None,
}

# Statuses that have no trigger of their own.
OTHERS: dict[str, tuple[int, str | None]] = {status: (int(status), "server_error") for status in ("501", "505", "520", "599")}

# What a provider may send that is no completion: an answer, as it is sent, and whether it ends as it should.
RAW: dict[str, tuple[int, bytes, bytes, bool]] = {
    "detail": (422, b"content-type: application/json\r\nretry-after: 7", b'{"detail":[{"msg":"field required"}]}', True),
    "beside": (404, b"content-type: application/json", b'{"type":"error","error":{"message":"m"},"request_id":"r"}', True),
    "list": (400, b"content-type: application/json", b'{"error":{"code":["content_filter"]}}', True),
    "plain": (400, b"content-type: text/plain", b"plain words", True),
    "deep": (400, b"content-type: application/json", b'{"error":{"x":' + b"[" * 1500 + b"]" * 1500 + b"}}", True),
    "html": (200, b"content-type: text/html", b"<html>login</html>", True),
    "error-200": (200, b"content-type: application/json", b'{"error":{"message":"no"}}', True),
    "204": (204, b"x-a: b", b"", True),
    # Clients ask again on this one.
    "421": (421, b"content-type: application/json", b'{"error":{"message":"not here"}}', True),
    "long-head": (422, b"x-long: " + b"x" * 40_000, b"{}", True),
    "cut": (200, b"content-type: application/json", b'{"choices":[', False),
}


# Answers that are longer than an Envoy reads of itself.
LONG: dict[str, tuple[int, bytes, bytes, bool]] = {
    "many-heads": (200, b"\r\n".join(b"x-%d: v" % number for number in range(900)), b'{"choices":[]}', True),
    "long-heads": (200, b"\r\n".join(b"x-%d: %s" % (number, b"v" * 40_000) for number in range(10)), b'{"choices":[]}', True),
    "429-large": (429, b"content-type: application/json", b'{"error":{"message":"' + b"x" * 25_000_000 + b'"}}', True),
    "400-large": (400, b"content-type: application/json", b'{"error":{"message":"' + b"x" * 25_000_000 + b'"}}', True),
}


def nth(does: str, attempt: int) -> str:
    """What `500+ok` does at an attempt: its parts in order, the last one ever after."""
    parts = does.split("+")
    return parts[min(attempt, len(parts) - 1)]


# Where providers listen: inside a network, and not where gateways trust addresses by themselves.
HOST = "127.0.0.2"
# Outgoing connections are given none of these, so that one can be closed for a while and opened again.
PORTS = itertools.cycle(random.sample(range(10_000, 32_000), 22_000))


def free_port() -> int:
    """A port that nobody has, and another one each time."""
    for port in PORTS:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("0.0.0.0", port))
            return port
    raise AssertionError("there is always a next one")


@dataclass
class Hit:
    """One request that reached a provider."""

    model: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


@dataclass
class Provider:
    """One model's endpoint."""

    model: str
    port: int
    does: str = "ok"
    asked: int = 0
    server: asyncio.Server | None = None


@dataclass
class Upstreams:
    """All of them."""

    providers: dict[str, Provider] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    # Pieces of a stream that have reached the caller.
    arrived: int = 0

    def add(self, model: str) -> int:
        port = free_port()
        self.providers[model] = Provider(model, port)
        return port

    async def script(self, does: dict[str, str]) -> None:
        """What each does from now on; those not named answer."""
        self.hits.clear()
        self.arrived = 0
        for provider in self.providers.values():
            provider.does, provider.asked = does.get(provider.model, "ok"), 0
            if provider.does == "refused":
                await self._close(provider)
            elif provider.server is None:
                await self._open(provider)

    async def close(self) -> None:
        for provider in self.providers.values():
            await self._close(provider)

    async def _open(self, provider: Provider) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while await self._one(provider, reader, writer):
                    pass
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        provider.server = await asyncio.start_server(serve, HOST, provider.port, backlog=512)

    async def _close(self, provider: Provider) -> None:
        if provider.server is not None:
            provider.server.close()
            provider.server.close_clients() if hasattr(provider.server, "close_clients") else None
            provider.server = None

    async def _one(self, provider: Provider, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [(k.lower(), v.strip()) for k, _, v in (line.partition(":") for line in head[1:] if line)]
        values = dict(headers)
        body = await _body(reader, values)
        if provider.does == "refused" or provider.server is None:
            writer.transport.abort()
            return False
        self.hits.append(Hit(provider.model, head[0].split(" ")[1], headers, body))
        does = nth(provider.does, provider.asked)
        provider.asked += 1
        if does == "hang":
            await asyncio.sleep(3600)
        if does == "reset":
            writer.transport.abort()
            return False
        if does.startswith("status-"):
            writer.write(b"HTTP/1.1 %s X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % does.removeprefix("status-").encode())
            await writer.drain()
            return False
        if does.startswith("raw-"):
            status, head, text, ends = (RAW | LONG)[does.removeprefix("raw-")]
            length = b"" if status == 204 else b"content-length: %d\r\n" % (len(text) + (not ends))
            writer.write(b"HTTP/1.1 %d X\r\n%s\r\n%sconnection: close\r\n\r\n%s" % (status, head, length, text))
            await writer.drain()
            return False
        if does in ("ok", "slow", "cut") and b'"stream":true' in body.replace(b" ", b""):
            return await self._stream(provider, writer, does, b"include_usage" in body)
        status, code = (400, None) if does == "400-cut" else (KINDS | OTHERS)[does] or (500, None)
        message = {"role": "assistant", "content": f"from {provider.model}"}
        answer: dict[str, Any] = {"id": "x", "object": "chat.completion", "created": 1, "model": provider.model,
                                  "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                                  "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
        if code:
            answer = {"error": {"message": f'what "{code}" means \\', "type": code, "code": code}}
        if does == "context-far":
            answer["error"] = {"message": "x" * 200_000, **answer["error"]}
        missing = 40 if does == "400-cut" else 0
        text = b"" if does in ("400-silent", "429-silent", "307") else json.dumps(answer).encode()
        kind = "text/plain" if does == "context-text" else "application/json"
        # Whoever follows it brings the prompt to a provider that may be no part of the decision.
        elsewhere = next((other for other in self.providers.values() if other is not provider), provider)
        location = f"location: http://{HOST}:{elsewhere.port}/elsewhere/chat/completions\r\n" if does == "307" else ""
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nx-govctl-route: forged\r\n{location}"
            f"x-envoy-ratelimited: true\r\ncontent-length: {len(text) + missing}\r\n\r\n".encode() + text
        )
        await writer.drain()
        return not missing

    async def _stream(self, provider: Provider, writer: asyncio.StreamWriter, does: str, usage: bool) -> bool:
        """Three pieces, each when the caller has the one before; slower than the time to the first byte, or cut after the
        first, where that is wanted."""
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for number in range(3):
            counted = {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}} if usage and number == 2 else {}
            delta = {"role": "assistant", "content": f"piece {number} from {provider.model}."}
            said = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": "stop" if number == 2 else None}], **counted}
            chunk = f"data: {json.dumps(said)}\n\n".encode()
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            await writer.drain()
            for _ in range(1000):
                if self.arrived > number:
                    break
                await asyncio.sleep(0.01)
            if does == "slow":
                await asyncio.sleep(2.5)
            if does == "cut" or self.arrived <= number:
                writer.transport.abort()
                return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readline()
        return body
    return await reader.readexactly(int(headers.get("content-length", "0")))
