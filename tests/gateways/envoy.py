"""`govctl export envoy` on a running Envoy, held to the table in every cell and for every kind of failure.

Usage: envoy.py GOVCTL ENVOY TABLE… [--quotas N] [--break SAFEGUARD]

With `--break` one safeguard is taken out of the configuration, and the run must find differences.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import contract
import logs
import streams
import tables
from gateway import BODY, Gateway, Headers, main

SECRET = b"of callers, on loopback, for this test only"
BREAKS = ("count", "refresh", "none-walks", "roles", "strip", "key", "splice", "raise", "tokens", "pieces")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any], secret: bytes = SECRET) -> str:
    head = b64(json.dumps({"alg": "HS256", "kid": "a", "typ": "JWT"}).encode())
    body = b64(json.dumps({"iss": "callers", "aud": "gateway", "exp": int(time.time()) + 3600, **claims}).encode())
    return f"{head}.{body}." + b64(hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest())


class Envoy(Gateway):
    """One table on one Envoy."""

    # Requests that each quota allows: more than are asked.
    REQUESTS = 1_000_000
    variant = 0
    options: tuple[str, ...] = ()

    def start(self) -> None:
        if not self.variant:
            tables.limit(self.table, self.REQUESTS)
        tables.attribute(self.table)
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        jwks = self.folder / "jwks.json"
        jwks.write_text(json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "kid": "a", "k": b64(SECRET)}]}))
        tables.point(self.table, ports, str(jwks))
        self.port, self.admin = self.free_port(), self.free_port()
        self.export("envoy", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}", *self.options)
        manifest = json.loads((self.out / "export.json").read_text())
        keys = {tables.variable(model["id"]): "key" for model in self.table["models"]}
        static = subprocess.run([self.program, "--mode", "validate", "-c", "static.json", "--log-level", "error"], cwd=self.out,
                                env={**os.environ, **keys}, capture_output=True, text=True)
        if static.returncode:
            raise SystemExit(f"the static configuration is not valid: …{(static.stdout + static.stderr)[-600:]}")
        self.run([self.program, "-c", manifest["start"]["file"], "--reject-unknown-dynamic-fields", "--drain-strategy", "immediate", "--concurrency", "1",
                  "--log-level", "warning", "--use-dynamic-base-id", *logs.AT_ONCE], {})

    async def is_ready(self) -> bool:
        status, _, _ = await self.client.ask([], b"{}")
        return status == 403

    def credentials(self, said: dict[str, Any]) -> Headers:
        if said.get("forged") == "audience":
            return [("authorization", "Bearer " + token({"govctl_use_case": said["use_case"], "aud": "elsewhere"}))]
        if "forged" in said:
            return [("authorization", "Bearer " + token({"govctl_use_case": said["use_case"]}, b"forged"))]
        claims = {f"govctl_{name.replace('.', '_')}": value for name, value in said.items() if name != "facts"}
        claims |= {f"govctl_{name}": value for name, value in said.get("facts", {}).items()}
        return [("authorization", f"Bearer {token(claims)}")]

    async def drive(self) -> None:
        if self.broken != "pieces":
            await super().drive()
            await self.no_http()
            await self.broken_off()
            await self.beyond()
            await self.long()
        await streams.drive(self)
        if not self.broken:
            await logs.hold(self)

    async def no_http(self) -> None:
        """What is refused before any filter reads it is answered as everything else."""
        start, fields = "POST /v1/chat/completions HTTP/1.1", ["host: gateway", "connection: close", "content-type: application/json", "content-length: 2"]
        cases = {
            "an old version": ("POST /v1/chat/completions HTTP/1.0", fields, 426), "no host": (start, fields[1:], 400),
            "two lengths": (start, [*fields, "content-length: 3"], 400), "an unheard-of coding": (start, [*fields[:3], "transfer-encoding: x"], 501),
            "another protocol": (start, [fields[0], "connection: upgrade", "upgrade: websocket", *fields[2:]], 403),
            "large headers": (start, [*fields, "x-large: " + "a" * 100_000], 431), "a method that is none": ("BREW / HTTP/1.1", fields, 400),
            "another path": (start.replace("/chat", "/other"), fields, 404), "another method": (start.replace("POST", "PUT"), fields, 405),
            "another content": (start, [*fields[:2], "content-type: text/plain", fields[3]], 415),
            # Whatever else is wrong with it: Envoy would answer what it answers itself in gRPC's form, with status 200.
            **{f"{kind} {path} {more}": (start.replace("/chat", path), [*fields[:2], f"content-type: {kind}", *more, fields[3]], 415)
               for kind in ("application/grpc", "application/grpc+json")
               for path, more in (("/chat", []), ("/other", []), ("/chat", ["authorization: Bearer x.y.z"]), ("/chat", ["x-govctl-use-case: x"]))},
            "no path": ("OPTIONS * HTTP/1.1", fields, 404),
        }
        for what, (first, more, wanted) in cases.items():
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write("\r\n".join([first, *more, "", "{}"]).encode())
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode()
            length = re.search(r"content-length: (\d+)", head)
            answer = await asyncio.wait_for(reader.readexactly(int(length[1]) if length else 0), 10)
            writer.close()
            self.checked += 1
            wrong = [] if head.split(" ")[1] == str(wanted) else [f"status {head.split(' ')[1]}, not {wanted}"]
            wrong += [] if f"x-govctl-table: {self.table['digest']}" in head else ["the table's digest is missing"]
            names = ("table", "decision", "route", "hop")
            wrong += [f"{name} stands {head.count(f'x-govctl-{name}:')} times" for name in names if head.count(f"x-govctl-{name}:") != 1]
            wrong += self.compare_error("block", None, answer)
            if wrong:
                self.differences.append(f"{what}: {'; '.join(wrong)}")

    async def broken_off(self) -> None:
        """An error that breaks off has begun: nobody else is asked. And a name that no header can carry is none."""
        for use_case in self.table["use_cases"]:
            for attributes, at in itertools.islice(tables.contexts(self.table, use_case), 0, None, 5):
                decision = self.table["decisions"][at]
                if not decision["primary"]:
                    continue
                primary = self.table["models"][decision["primary"]["model"]]["id"]
                await self.upstreams.script({primary: "400-cut"})
                status, found, answer = await self.client.ask(self.headers(use_case["name"], attributes), BODY)
                self.checked += 1
                wrong = [] if [hit.model for hit in self.upstreams.hits] == [primary] else [f"hits {self.upstreams.hits}"]
                wrong += [] if (status, found.get("x-govctl-hop")) == (503, "0") else [f"status {status} {found}"]
                wrong += self.compare_error("unavailable", at, answer)
                if wrong:
                    self.differences.append(f"{use_case['name']} 400 that breaks off: {'; '.join(wrong)}")
        name = self.table["use_cases"][0]["name"]
        await self.one("a name with NUL", None, self.credentials({"use_case": name + "\0"}), {})

    async def beyond(self) -> None:
        """The last status of a server's error is one, and what is none in HTTP leads nowhere."""
        for at, decision in enumerate(self.table["decisions"]):
            cells = ((use_case, attributes) for use_case in self.table["use_cases"]
                     for attributes, found in tables.contexts(self.table, use_case) if found == at)
            found = next(cells, None)
            if not found or not decision["primary"]:
                continue
            primary = self.table["models"][decision["primary"]["model"]]["id"]
            for status in (599, 600, 999):
                expected = contract.expect(self.table, at, {primary: "500"} if status == 599 else {})
                await self.upstreams.script({primary: f"status-{status}"})
                got, headers, _ = await self.client.ask(self.headers(found[0]["name"], found[1]), BODY)
                self.checked += 1
                hits = [hit.model for hit in self.upstreams.hits]
                wanted = (expected.hits, expected.status if status == 599 else status, expected.route)
                if (hits, got, headers.get("x-govctl-route")) != wanted:
                    self.differences.append(f"{found[0]['name']} {status}: {hits}, {got}, {headers}, not {wanted}")

    async def long(self) -> None:
        """A long head is an answer as any other, and an error that is too long to be read is judged by its status."""
        does = {"many-heads": "ok", "long-heads": "ok", "429-large": "429", "400-large": "400"}
        for use_case in self.table["use_cases"]:
            attributes, at = next(tables.contexts(self.table, use_case))
            if not self.table["decisions"][at]["primary"]:
                continue
            primary = self.table["models"][self.table["decisions"][at]["primary"]["model"]]["id"]
            for kind, means in does.items():
                expected = contract.expect(self.table, at, {primary: means})
                await self.upstreams.script({primary: f"raw-{kind}"})
                status, found, _ = await self.client.ask(self.headers(use_case["name"], attributes), BODY)
                self.checked += 1
                got = [hit.model for hit in self.upstreams.hits], status, found.get("x-govctl-route")
                if got != (expected.hits, expected.status, expected.route):
                    self.differences.append(f"{use_case['name']} {kind}: {got}, not {(expected.hits, expected.status, expected.route)}")

    def take_out(self, safeguard: str) -> None:
        for path in (self.out / "xds").glob("*.json"):
            text = path.read_text()
            if safeguard == "refresh":
                text = text.replace('"refresh_cluster_on_retry":true', '"refresh_cluster_on_retry":false')
            elif safeguard == "none-walks":
                text = text.replace('"retriable_headers":[', '"retriable_headers":[{"name":"x-decide-outcome","string_match":{"suffix":":none"}},')
            elif safeguard == "roles":
                text = re.sub(r'"exact":"[pq]\d+(:[a-z-]+)"', r'"suffix":"\1"', text)
            elif safeguard == "strip":
                text = text.replace('"remove_on_match":{"key_matcher":{"prefix":"x-decide-"}}', '"remove":"x-nothing"')
                text = text.replace('hs:replace(\\"x-decide-use-case\\"', 'hs:add(\\"x-decide-use-case\\"')
                text = text.replace("if not KEPT[key] and", "if false and")
            elif safeguard == "key":
                text = text.replace('"header_value_prefix":"Bearer "', '"header_value_prefix":"bearer of "')
            elif safeguard == "splice":
                text = text.replace("if PASSED[key] then", "if true then")
            elif safeguard == "raise":
                text = text.replace("CLASSIFICATIONS[one] > level", "true")
            elif safeguard == "pieces":  # holds every answer back until it is whole
                text = text.replace("if status >= 400 and status < 500 and", "if true or")
            elif safeguard == "count":
                text = text.replace('"request_headers_to_add_when_not_enforced"', '"response_headers_to_add"')
            elif safeguard == "tokens":
                text = text.replace("if is_theirs(attribute)", "if false")
            path.write_text(text)


class EnvoyWithQuotas(Envoy):
    """The same with quotas that are soon used up, or allow nothing."""

    REQUESTS = 3
    # From this variant on.
    NOTHING = 6

    def start(self) -> None:
        if self.variant:
            self.REQUESTS = 0 if self.variant >= self.NOTHING else self.REQUESTS
            tables.limit(self.table, self.REQUESTS)
            tables.quota_variant(self.table, self.variant, self.REQUESTS, contract.TOKENS)
            tables.confuse(self.table, next(quota["on"] for quota in self.table["quotas"] if quota["on"]))
        super().start()

    async def drive(self) -> None:
        """Every use case in a few cells, again and again, while its providers do well and while they fail."""
        counts = contract.Counts(self.table)
        for use_case in self.table["use_cases"]:
            counts.use_case = use_case
            for attributes, decision in itertools.islice(tables.contexts(self.table, use_case), 0, None, 3):
                counts.facts = attributes
                for does in ({}, {}, {model["id"]: "429" for model in self.table["models"]}, {}):
                    what = f"{use_case['name']} {attributes} {does}"
                    await self.one(what, decision, self.headers(use_case["name"], attributes), does, counts=counts)
        if not self.broken and not self.options:
            await logs.hold(self)


if __name__ == "__main__":
    def make(arguments: Any, table: dict[str, Any]) -> Envoy:
        kind = Envoy if arguments.quotas is None else EnvoyWithQuotas
        made = kind(arguments.govctl, arguments.program, table, arguments.broken)
        made.variant = arguments.quotas or 0
        return made

    sys.exit(main(make, BREAKS, __doc__ or "", 10))
