"""`govctl export envoy` on a running Envoy, held to the table in every cell and for every kind of failure.

Usage: envoy.py GOVCTL ENVOY TABLE… [--break SAFEGUARD]

With `--break` one safeguard is taken out of the configuration, and the run must find differences.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parent))
import contract
import tables
from upstreams import KINDS, Upstreams

SECRET = b"of callers, on loopback, for this test only"
BREAKS = ("refresh", "none-walks", "roles", "strip", "key")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: dict[str, Any], secret: bytes = SECRET) -> str:
    head = b64(json.dumps({"alg": "HS256", "kid": "a", "typ": "JWT"}).encode())
    body = b64(json.dumps({"iss": "callers", "exp": int(time.time()) + 3600, **claims}).encode())
    return f"{head}.{body}." + b64(hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest())


class Client:
    """One request at a time over a fresh connection."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def ask(self, headers: list[tuple[str, str]], body: bytes, path: str = "/v1/chat/completions", method: str = "POST"):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", "host: gateway", "connection: close", f"content-length: {len(body)}"]
        lines += [f"{key}: {value}" for key, value in headers]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        found = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        if "chunked" in found.get("transfer-encoding", ""):
            rest = unchunk(await asyncio.wait_for(reader.read(), 60))
        else:
            rest = await asyncio.wait_for(reader.readexactly(int(found.get("content-length", "0"))), 60)
        writer.close()
        return status, found, rest


def unchunk(data: bytes) -> bytes:
    out = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        n = int(size or b"0", 16)
        if n == 0:
            break
        out, data = out + data[:n], data[n + 2:]
    return out


class Run:
    """One table on one Envoy."""

    def __init__(self, govctl: str, envoy: str, table: dict[str, Any], broken: str | None) -> None:
        self.govctl, self.envoy, self.table, self.broken = govctl, envoy, table, broken
        self.upstreams = Upstreams()
        self.folder = Path(tempfile.mkdtemp(prefix="govctl-envoy-"))
        self.checked, self.differences = 0, []

    def free_port(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def start(self) -> None:
        ports = {model["id"]: self.upstreams.add(model["id"]) for model in self.table["models"]}
        jwks = self.folder / "jwks.json"
        jwks.write_text(json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "kid": "a", "k": b64(SECRET)}]}))
        tables.point(self.table, ports, str(jwks))
        (self.folder / "table.json").write_text(tables.seal(self.table))
        self.port, self.admin = self.free_port(), self.free_port()
        self.out = self.folder / "out"
        self.export()
        manifest = json.loads((self.out / "export.json").read_text())
        self.losses = {kept["promise"]: kept["level"] for kept in manifest["losses"]}
        keys = {tables.variable(model["id"]): f"key-of-{model['id']}" for model in self.table["models"]}
        static = subprocess.run([self.envoy, "--mode", "validate", "-c", "static.json", "--log-level", "error"], cwd=self.out,
                                env={**os.environ, **keys}, capture_output=True, text=True)
        if static.returncode:
            raise SystemExit(f"the static configuration is not valid: …{(static.stdout + static.stderr)[-600:]}")
        command = [self.envoy, "-c", manifest["start"]["file"], "--reject-unknown-dynamic-fields", "--concurrency", "1",
                   "--log-level", "warning", "--use-dynamic-base-id"]
        self.log = open(self.folder / "envoy.log", "w")
        self.process = subprocess.Popen(command, cwd=self.out, env={**os.environ, **keys}, stdout=self.log, stderr=self.log)
        self.client = Client(self.port)

    def export(self) -> None:
        subprocess.run([self.govctl, "export", "envoy", "--table", str(self.folder / "table.json"), "-o", str(self.out),
                        "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}"], check=True)
        if self.broken:
            self.take_out(self.broken)

    def take_out(self, safeguard: str) -> None:
        for path in (self.out / "xds").glob("*.json"):
            text = path.read_text()
            if safeguard == "refresh":
                text = text.replace('"refresh_cluster_on_retry":true', '"refresh_cluster_on_retry":false')
            elif safeguard == "none-walks":
                text = re.sub(r'("regex":"\(\?:p\|q\d+\):\(\?:)', r"\1none|", text)
            elif safeguard == "roles":
                text = re.sub(r'"regex":"\(\?:p\|q\d+\):', '"regex":".*:', text)
            elif safeguard == "strip":
                text = text.replace('"remove_on_match":{"key_matcher":{"prefix":"x-decide-"}}', '"remove":"x-nothing"')
                text = text.replace('hs:replace(\\"x-decide-use-case\\"', 'hs:add(\\"x-decide-use-case\\"')
            elif safeguard == "key":
                text = text.replace('"header_value_prefix":"Bearer "', '"header_value_prefix":"bearer of "')
            path.write_text(text)

    async def ready(self) -> None:
        for _ in range(200):
            try:
                status, _, _ = await self.client.ask([], b"{}")
                if status == 415:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            await asyncio.sleep(0.05)
        raise SystemExit("Envoy does not start:\n" + (self.folder / "envoy.log").read_text()[-4000:])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    # What is asked.

    def headers(self, use_case: str, attributes: dict[str, str], more: list[tuple[str, str]] = []) -> list[tuple[str, str]]:
        claims: dict[str, Any] = {"govctl_use_case": use_case}
        said = []
        for name, value in attributes.items():
            if name.startswith("budget."):
                claims["govctl_" + name.replace(".", "_")] = value
            elif name == "classification":
                said.append(("x-govctl-classification", value))
            else:
                said.append((f"x-govctl-fact-{name}", value))
        return [("authorization", f"Bearer {token(claims)}"), ("content-type", "application/json"), *said, *more]

    async def one(self, what: str, decision: int | None, use_case: str, attributes: dict[str, str], does: dict[str, str],
                  body: dict[str, Any] | bytes = {"model": "callers-own", "messages": []}, more: list[tuple[str, str]] = []) -> None:
        await self.upstreams.script(does)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, headers, answer = await self.client.ask(self.headers(use_case, attributes, more), raw)
        expected = contract.expect(self.table, decision, does)
        self.checked += 1
        hits = [hit.model for hit in self.upstreams.hits]
        wrong = []
        if hits != contract.reached(expected.hits, does):
            wrong.append(f"hits {hits}, not {contract.reached(expected.hits, does)}")
        if status != expected.status:
            wrong.append(f"status {status}, not {expected.status}")
        if headers.get("x-govctl-route") != expected.route:
            wrong.append(f"route {headers.get('x-govctl-route')}, not {expected.route}")
        if self.hop_matters(expected) and headers.get("x-govctl-hop") != expected.hop:
            wrong.append(f"hop {headers.get('x-govctl-hop')}, not {expected.hop}")
        if headers.get("x-govctl-table") != self.table["digest"]:
            wrong.append("the table's digest is missing")
        if decision is not None and headers.get("x-govctl-decision") != str(decision):
            wrong.append(f"decision {headers.get('x-govctl-decision')}, not {decision}")
        if expected.code:
            try:
                error = json.loads(answer)["error"]
                if error["code"] != expected.code:
                    wrong.append(f"code {error['code']}, not {expected.code}")
                if error.get("type") == "govctl" and decision is not None and (error["decision"], error["table"]) != (decision, self.table["digest"]):
                    wrong.append(f"the body names {error}")
            except (ValueError, KeyError) as why:
                wrong.append(f"the body is {answer[:200]!r} ({why})")
        for hit in self.upstreams.hits:
            wrong += self.leaks(hit)
        if wrong:
            self.differences.append(f"{what}: {'; '.join(wrong)}")

    def hop_matters(self, expected: contract.Expected) -> bool:
        """Whether the hop of an answer is compared."""
        return True

    def leaks(self, hit: Any) -> list[str]:
        """What a provider must not see, and what it must."""
        wrong = []
        model = next(model for model in self.table["models"] if model["id"] == hit.model)
        if hit.header("authorization") != f"Bearer key-of-{hit.model}":
            wrong.append(f"{hit.model} saw the credential {hit.header('authorization')}")
        if hit.path != "/v1/chat/completions":
            wrong.append(f"{hit.model} was asked for {hit.path}")
        if hit.header("host") != f"127.0.0.1:{self.upstreams.providers[hit.model].port}":
            wrong.append(f"{hit.model} was called {hit.header('host')}")
        members = json.loads(hit.body)
        if members.get("model") != model["name"]:
            wrong.append(f"{hit.model} was asked for the model {members.get('model')}")
        for member in ("fallbacks", "models", "route", "provider", "context_window_fallbacks"):
            if member in members:
                wrong.append(f"{hit.model} saw {member}")
        seen = [key for key, _ in hit.headers if key.startswith(("x-govctl-", "x-decide-", "x-envoy-", "cookie"))]
        if seen:
            wrong.append(f"{hit.model} saw the headers {seen}")
        return wrong

    def failures(self, decision: dict[str, Any]) -> list[dict[str, str]]:
        """Combinations worth driving: each kind at the primary, with the targets of its path well, failing alike, failing otherwise."""
        if decision["primary"] is None:
            return [{}]
        name = lambda at: self.table["models"][at]["id"]
        primary = name(decision["primary"]["model"])
        found: list[dict[str, str]] = [{}]
        for kind in KINDS:
            if kind == "ok":
                continue
            trigger = contract.TRIGGER.get(kind)
            path = next((p for p in decision["paths"] if trigger in p["on"]), None)
            found.append({primary: kind})
            targets = [name(t["model"]) for t in self.table["target_lists"][path["targets"]]] if path else []
            if targets:
                found += [{primary: kind, targets[0]: other} for other in ("503", "400", "context", "refused", "429", "hang")]
                found.append({primary: kind, **{target: "500" for target in targets}})
                found.append({primary: kind, **{target: kind for target in targets}})
        return found

    async def drive(self) -> None:
        slow = 0
        for use_case in self.table["use_cases"]:
            met: set[int] = set()
            for attributes, decision in tables.contexts(self.table, use_case):
                what = f"{use_case['name']} {attributes}"
                await self.one(what, decision, use_case["endpoint_tag"] or use_case["name"], attributes, {})
                if decision in met:
                    continue
                met.add(decision)
                for does in self.failures(self.table["decisions"][decision]):
                    # Nothing is gained by waiting for every model in every decision.
                    slow += "hang" in does.values()
                    if "hang" in does.values() and slow > 12:
                        continue
                    await self.one(f"{what} {does}", decision, use_case["name"], attributes, does)
        await self.cheats()

    async def cheats(self) -> None:
        """Callers who try to get around the table."""
        use_case = self.table["use_cases"][0]
        attributes, decision = next(tables.contexts(self.table, use_case))
        name = use_case["name"]
        choosing = {"model": "x", "fallbacks": ["y"], "models": ["z"], "route": "fallback", "provider": {"order": ["q"]}, "messages": []}
        await self.one("a body that chooses", decision, name, attributes, {}, choosing)
        twice = b'{"model":"a","mo\\u0064el":"b","model":"c","messages":[]}'
        await self.one("a model named three times", decision, name, attributes, {}, twice)
        for header in (("x-envoy-retry-on", "5xx"), ("x-envoy-max-retries", "9"), ("x-decide-use-case", "other"), ("x-decide-outcome", "p:none"),
                       ("x-envoy-upstream-rq-timeout-ms", "1"), ("cookie", "a=b"), ("x-forwarded-host", "evil")):
            await self.one(f"a caller's {header[0]}", decision, name, attributes, {}, more=[header])
        for status, code, headers, body in (
            (403, "stated-by-caller", self.headers(name, attributes, [("x-govctl-use-case", name)]), b"{}"),
            (403, "stated-by-caller", self.headers(name, attributes, [("x-govctl-budget-remaining", "100")]), b"{}"),
            (403, "block", self.headers(name, attributes, [("x-govctl-unheard-of", "1")]), b"{}"),
            (403, "block", self.headers("no-such-use-case", {}), b"{}"),
            (403, "block", self.headers(name, {"classification": "no-such-level"}), b"{}"),
            (403, "block", [("content-type", "application/json")], b"{}"),
            (403, "stated-by-caller", self.headers(name, attributes), b'{"metadata":{"govctl":{"use_case":"x"}}}'),
            (403, "block", self.headers(name, attributes), b'{"metadata":{"g\\u006fvctl":{"facts":{}}}}'),
            (400, None, self.headers(name, attributes), b"not json"),
            (400, None, self.headers(name, attributes), b"[1]"),
            (401, None, [("authorization", "Bearer " + token({"govctl_use_case": name}, b"forged")), ("content-type", "application/json")], b"{}"),
        ):
            await self.upstreams.script({})
            got, found, answer = await self.client.ask(headers, body)
            self.checked += 1
            wrong = [] if got == status else [f"status {got}, not {status}"]
            if code and (json.loads(answer or b"{}").get("error") or {}).get("code") != code:
                wrong.append(f"answer {answer[:120]!r}, not {code}")
            if self.upstreams.hits:
                wrong.append(f"{self.upstreams.hits[0].model} was asked")
            if wrong:
                self.differences.append(f"{[h for h in headers if h[0] != 'authorization']} {body[:60]!r}: {'; '.join(wrong)}")


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govctl")
    parser.add_argument("envoy")
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--break", dest="broken", choices=BREAKS)
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    make = lambda table: Run(os.path.abspath(arguments.govctl), arguments.envoy, table, arguments.broken)
    checked, differences = await over(arguments.tables, make)
    report(checked, differences[: arguments.show], len(differences), f" with {arguments.broken} taken out" if arguments.broken else "")
    return int(bool(differences) != bool(arguments.broken))


async def over(paths: list[str], make: Callable[[dict[str, Any]], Run]) -> tuple[int, list[str]]:
    """Drives a gateway with each table: how many requests, and every difference."""
    checked, differences = 0, []
    for path in paths:
        run = make(json.loads(Path(path).read_text()))
        run.start()
        try:
            await run.ready()
            await run.drive()
        finally:
            run.stop()
            await run.upstreams.close()
        checked += run.checked
        differences += [f"{Path(path).stem}: {difference}" for difference in run.differences]
    return checked, differences


def report(checked: int, shown: list[str], count: int, how: str = "") -> None:
    """Says what was found."""
    for difference in shown:
        print(difference)
    print(f"{checked} requests, {count} differences{how}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
