"""What Envoy with a table of 1,000 use cases × 10 decisions costs a request, beside the same Envoy as a plain proxy and none.

Usage: latency.py GOVCTL ENVOY [--seconds N] [--rounds N] [--connections N]      `wrk` must be installed

The provider is an Envoy, too, that answers one kilobyte at once. Printed are, of the best round, the median, the 99th
percentile and the requests a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import load
import tables
from envoy import SECRET, Envoy, b64, token

SCRIPT = '''
local n = 0
function request()
  n = n + 1
  local headers = {["content-type"] = "application/json", authorization = "Bearer " .. TOKENS[n % #TOKENS + 1], ["x-govctl-fact-lane"] = "l" .. n % 10}
  return wrk.format("POST", "/v1/chat/completions", headers, BODY)
end
function done(summary, latency)
  print(string.format("p50=%.3f p99=%.3f rate=%.0f bad=%d", latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.requests / summary.duration * 1e6, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
'''
ANSWER = json.dumps({"choices": [{"message": {"role": "assistant", "content": "x" * 900}}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})


def manager(route: dict[str, Any]) -> dict[str, Any]:
    router = {"name": "router", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}
    return {"name": "http", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "plain", "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **route}]}]}}}


def address(port: int) -> dict[str, Any]:
    return {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}


def plain(port: int, route: dict[str, Any], to: int | None = None) -> dict[str, Any]:
    """An Envoy that answers, or passes on."""
    found: dict[str, Any] = {"static_resources": {"listeners": [{"name": "only", **address(port), "filter_chains": [{"filters": [manager(route)]}]}]}}
    if to:
        endpoints = [{"lb_endpoints": [{"endpoint": address(to)}]}]
        found["static_resources"]["clusters"] = [{"name": "to", "type": "STATIC", "load_assignment": {"cluster_name": "to", "endpoints": endpoints}}]
    return found


class Timed(Envoy):
    """One table whose models are all one provider."""

    def start(self) -> None:
        self.provider, self.proxy = self.free_port(), self.free_port()
        ports = {model["id"]: self.provider for model in self.table["models"]}
        jwks = self.folder / "jwks.json"
        jwks.write_text(json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "kid": "a", "k": b64(SECRET)}]}))
        tables.point(self.table, ports, str(jwks))
        self.port, self.admin = self.free_port(), self.free_port()
        self.export("envoy", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}")
        answers = plain(self.provider, {"direct_response": {"status": 200, "body": {"inline_string": ANSWER}}})
        self.others = [self.beside(answers), self.beside(plain(self.proxy, {"route": {"cluster": "to"}}, self.provider))]
        self.run([self.program, "-c", "bootstrap.json", "--reject-unknown-dynamic-fields", "--drain-strategy", "immediate", "--concurrency", "1",
                  "--log-level", "warning", "--use-dynamic-base-id"], {})

    def beside(self, configuration: dict[str, Any]) -> subprocess.Popen[bytes]:
        command = [self.program, "--config-yaml", json.dumps(configuration), "--concurrency", "1", "--log-level", "warning", "--use-dynamic-base-id"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        for other in self.others:
            other.kill()
            other.wait()
        super().stop()

    def ask(self, port: int, seconds: int, connections: int, body: str) -> tuple[float, float, float]:
        tokens = ", ".join(json.dumps(token({"govctl_use_case": f"u{at:04}"})) for at in range(0, load.USE_CASES, 50))
        (self.folder / "script.lua").write_text(f"TOKENS, BODY = {{{tokens}}}, {json.dumps(body)}\n{SCRIPT}")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", "script.lua", f"http://127.0.0.1:{port}"]
        said = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True).stdout
        p50, p99, rate, bad = map(float, re.findall(r"(?:p50|p99|rate|bad)=([\d.]+)", said))
        if bad:
            raise SystemExit(f"{bad:.0f} answers were not 200:\n{said}")
        return p50, p99, rate


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govctl", type=os.path.abspath)
    parser.add_argument("envoy", type=os.path.abspath)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=1)
    given = parser.parse_args()
    gateway = Timed(given.govctl, given.envoy, load.table(1))
    gateway.start()
    try:
        await gateway.ready(60)
        await asyncio.sleep(2)
        body = json.dumps({"model": "x", "messages": [{"role": "user", "content": "y" * 900}]})
        whom = {"no proxy": gateway.provider, "a plain proxy": gateway.proxy, "the table": gateway.port}
        best = {name: (1e9, 0.0, 0.0) for name in whom}
        for _ in range(given.rounds):
            for name, port in whom.items():
                best[name] = min(best[name], gateway.ask(port, given.seconds, given.connections, body))
    finally:
        gateway.stop()
    for name, (p50, p99, rate) in best.items():
        print(f"{name}: median {p50:.3f} ms, 99th percentile {p99:.3f} ms, {rate:.0f} requests a second")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
