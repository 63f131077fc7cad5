"""Upstreams whose behaviour is scripted: one server, a path for each model."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ERRORS: dict[str, tuple[int, dict[str, Any]]] = {
    "429": (429, {"code": "rate_limit_exceeded", "message": "slow down"}),
    "quota": (429, {"code": "insufficient_quota", "message": "no credit"}),
    "400": (400, {"code": "bad_request", "message": "what is that"}),
    "401": (401, {"code": "invalid_api_key", "message": "who are you"}),
    "402": (402, {"code": "payment", "message": "pay first"}),
    "404": (404, {"code": "not_found", "message": "no such model"}),
    "filter": (400, {"code": "content_filter", "message": "not that"}),
    "context": (400, {"code": "context_length_exceeded", "message": "too long"}),
    "307": (307, {"code": "moved", "message": "over there"}),
    "500": (500, {"code": "internal", "message": "oops"}),
    "503": (503, {"code": "overloaded", "message": "busy"}),
    "529": (529, {"code": "overloaded", "message": "busy"}),
    "504": (504, {"code": "gateway", "message": "late"}),
}

COMPLETION = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "m",
                         "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "late"}}]}).encode()


def head(status: int, length: int | None, kind: str = "application/json", more: str = "") -> bytes:
    """The head of an answer, as it is sent."""
    size = "" if length is None else f"content-length: {length}\r\n"
    return f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{size}{more}connection: close\r\n\r\n".encode()


def whole(status: int, body: bytes, kind: str = "application/json", more: str = "") -> list[bytes]:
    """An answer, as it is sent."""
    return [head(status, len(body), kind, more) + body]


# What a provider may send besides what it should, in parts with a pause longer than the time to the first byte between.
RAW: dict[str, list[bytes]] = {
    "detail": whole(422, b'{"detail":[{"loc":["body"],"msg":"field required"}]}'),
    "beside": whole(404, b'{"type":"error","error":{"message":"m"},"request_id":"r"}', more="retry-after: 7\r\nx-request-id: r\r\nx-govctl-route: forged\r\n"),
    "plain": whole(400, b"plain words", "text/plain"),
    "empty": whole(400, b""),
    "broken": whole(400, b'{"error":{"code":"content_filter"'),
    "deep": whole(400, b'{"error":{"code":"bad","x":' + b"[" * 1500 + b"]" * 1500 + b"}}"),
    "list": whole(400, b'{"error":{"code":["content_filter"]}}'),
    "large": whole(400, b'{"error":{"message":"' + b"x" * 600_000 + b'","code":"bad"}}'),
    "larger": whole(500, b'{"error":{"message":"' + b"x" * 3_000_000 + b'","code":"bad"}}'),
    "largest": whole(400, b'{"error":{"message":"' + b"x" * 3_000_000 + b'","code":"bad"}}'),
    "204": [b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n"],
    "600": whole(600, b""),
    "html": whole(200, b"<html>login</html>", "text/html"),
    "error-200": whole(200, b'{"error":{"message":"no","code":"server_error"}}'),
    "event-error": whole(200, b': hello\n\ndata: {"error":{"message":"no"}}\n\ndata: [DONE]\n\n', "text/event-stream"),
    "no-events": whole(200, b"", "text/event-stream"),
    "cut-answer": [head(200, len(COMPLETION)) + COMPLETION[:60]],
    "cut-error": [head(400, 500) + b'{"error":{"code":"x"'],
    "late-answer": [head(200, len(COMPLETION)), COMPLETION],
    "late-error": [head(400, 500) + b'{"error":', b'{"code":"x"'],
}


class Upstream:
    """Serves `/MODEL/v1/chat/completions` as `script[MODEL]` says, and remembers who was asked."""

    def __init__(self) -> None:
        self.script: dict[str, list[str]] = {}
        self.hits: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.read: list[str] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                upstream.read.append(self.path)
                self.answer(404, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                model = self.path.removesuffix("/v1/chat/completions").strip("/")
                upstream.hits.append(model)
                upstream.bodies.append(body)
                upstream.headers.append({name.lower(): value for name, value in self.headers.items()})
                script = upstream.script.get(model, [])
                kind = script.pop(0) if len(script) > 1 else script[0] if script else "ok"
                self.act(kind, model, bool(body.get("stream")))

            def act(self, kind: str, model: str, stream: bool) -> None:
                if kind in ERRORS:
                    status, error = ERRORS[kind]
                    self.answer(status, {"error": {"type": "upstream", **error}})
                elif kind == "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    self.close_connection = True
                elif kind in RAW:
                    self.close_connection = True
                    for number, part in enumerate(RAW[kind]):
                        time.sleep(8 if number else 0)
                        self.wfile.write(part)
                elif kind == "hang":
                    time.sleep(8)
                    self.close_connection = True
                elif stream:
                    self.stream(model, cut=kind == "cut")
                else:
                    message = {"role": "assistant", "content": model}
                    # LiteLLM reads no answer of Groq without `service_tier`.
                    self.answer(200, {"id": "x", "object": "chat.completion", "created": 1, "model": model, "service_tier": "default",
                                      "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                                      "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})

            def stream(self, model: str, cut: bool) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                self.close_connection = True
                for word in ("a", "b"):
                    delta = {"role": "assistant", "content": word}
                    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": model,
                             "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
                    self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                    self.wfile.flush()
                    if cut:
                        time.sleep(0.2)
                        linger = struct.pack("ii", 1, 0)
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        self.connection.close()
                        return
                self.wfile.write(b"data: [DONE]\n\n")

            def answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                if status == 307:
                    self.send_header("location", "/evil/v1/chat/completions")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self, **_: str) -> None:
        """Forgets scripts and hits."""
        self.script, self.hits, self.bodies, self.headers, self.read = {}, [], [], [], []
