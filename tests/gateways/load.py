"""Envoy under `wrk` with 1,000 use cases of 10 decisions each, while the table is replaced and a provider is down.

Usage: load.py GOVCTL ENVOY [--seconds N] [--connections N]     `wrk` must be installed

Every answer is held to its request: who was asked must be the primary of its decision, or its target where the primary
may have been down. Ends with 1 if any answer is lost or comes from elsewhere.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables
from envoy import Envoy, token
from upstreams import HOST

ROOT = Path(__file__).resolve().parents[2]
USE_CASES, LANES = 1000, 10
SCRIPT = '''
local tokens = {}
for line in io.lines("tokens") do tokens[#tokens + 1] = line end
local n, wrong, statuses = 0, 0, {}
function request()
  n = n + 1
  local use_case, lane = n % #tokens, n % LANES
  local headers = {["content-type"] = "application/json", authorization = "Bearer " .. tokens[use_case + 1], ["x-govctl-fact-lane"] = "l" .. lane}
  return wrk.format("POST", "/v1/chat/completions", headers, '{"model":"x","messages":[],"user":"' .. lane .. '"}')
end
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function response(status, headers, body)
  local lane, model = string.match(body, '"user":"(%d+)","model":"([^"]*)"')
  if status ~= 200 or not lane or (model ~= PRIMARY[lane + 1] and model ~= TARGET[lane + 1]) then
    wrong = wrong + 1
    print("wrong: " .. status .. " " .. string.sub(body, 1, 200))
  end
  bad = wrong
end
function done(summary, latency, requests)
  local all = 0
  for _, thread in ipairs(threads) do all = all + (thread:get("bad") or 0) end
  print(string.format("requests=%d wrong=%d connect=%d read=%d write=%d timeout=%d p50_ms=%.2f p99_ms=%.2f", summary.requests, all,
    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
'''


def table(number: int) -> dict[str, Any]:
    """A table of the size of a large company. `number` makes it another one."""
    found = json.loads((ROOT / "conformance/tables/example.json").read_text())
    models = len(found["models"])
    found["facts"] = {"lane": {"values": [f"l{lane}" for lane in range(LANES)], "default": "l0"}}
    found["failovers"] = [{"name": "other", "retry": 0, "cooldown_seconds": None, "then": {"action": "queue", "seconds": number},
                           "log_as": None, "notify": []}]
    pairs = [(lane % models, (lane // models + 1 + lane) % models) for lane in range(LANES)]
    pairs = [(primary, target if target != primary else (target + 1) % models) for primary, target in pairs]
    lists: list[list[dict[str, Any]]] = []
    found["decisions"] = []
    for primary, target in pairs:
        one = [{"model": target, "cost_multiplier": "1", "actions": [], "regions": None}]
        if one not in lists:
            lists.append(one)
        paths = [{"on": ["server-error", "timeout", "unavailable"], "failover": 0, "targets": lists.index(one)}]
        found["decisions"].append({"primary": {"model": primary, "regions": None}, "paths": paths, "rules": 0, "budgets": [], "quotas": [], "audit": None})
    found |= {"target_lists": lists, "rule_sets": [[]], "audits": [], "budgets": [], "quotas": [], "reasons": {"failover other": None},
              "grids": [[{"fact": "lane", "values": [f"l{lane}" for lane in range(LANES)]}]], "valid_until": None, "ends": None}
    found["use_cases"] = [{"name": f"u{at:04}", "endpoint_tag": None, "classification": "internal", "axes": 0,
                           "cells": list(range(LANES)), "tags": {}} for at in range(USE_CASES)]
    return found


class Loaded(Envoy):
    """Envoy with providers that say whom they were asked for."""

    def providers(self) -> None:
        self.down: set[str] = set()

        async def serve(model: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = re.search(rb"content-length: (\d+)", head, re.I)
                    chunked = length is None
                    body = await (reader.readuntil(b"0\r\n\r\n") if chunked else reader.readexactly(int(length[1]) if length else 0))
                    user = re.search(rb'"user":"(\d+)"', body)
                    text = b'{"user":"%s","model":"%s","choices":[]}' % (user[1] if user else b"", model.encode())
                    status = b"503" if model in self.down else b"200"
                    writer.write(b"HTTP/1.1 %s X\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (status, len(text), text))
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                writer.close()

        for model, provider in self.upstreams.providers.items():
            call = lambda reader, writer, model=model: serve(model, reader, writer)
            self.tasks.append(asyncio.start_server(call, HOST, provider.port, backlog=1024))

    async def outage(self, model: str, seconds: float) -> None:
        """One provider fails in the second of three equal parts."""
        await asyncio.sleep(seconds)
        self.down = {model}
        await asyncio.sleep(seconds)
        self.down = set()

    async def load(self, seconds: int, connections: int) -> str:
        """`wrk`, with new tables and one provider down in the middle third."""
        self.tasks: list[Any] = []
        self.providers()
        servers = [await task for task in self.tasks]
        await self.ready(60)
        await asyncio.sleep(2)
        (self.folder / "tokens").write_text("".join(token({"govctl_use_case": f"u{at:04}"}) + "\n" for at in range(USE_CASES)))
        names = [model["id"] for model in self.table["models"]]
        primary = [names[one["primary"]["model"]] for one in self.table["decisions"]]
        target = [names[self.table["target_lists"][one["paths"][0]["targets"]][0]["model"]] for one in self.table["decisions"]]
        lists = f"LANES = {LANES}\nPRIMARY = {{{', '.join(map(json.dumps, primary))}}}\nTARGET = {{{', '.join(map(json.dumps, target))}}}\n"
        (self.folder / "script.lua").write_text(lists + SCRIPT)
        wrk = await asyncio.create_subprocess_exec("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", "script.lua",
                                                   f"http://127.0.0.1:{self.port}", cwd=self.folder, stdout=subprocess.PIPE)
        start, reloads = time.monotonic(), 0
        outage = asyncio.create_task(self.outage(names[0], seconds / 3))
        while wrk.returncode is None and time.monotonic() - start < seconds - 3:
            await asyncio.sleep(3)
            reloads += 1
            self.table["failovers"][0]["then"]["seconds"] = reloads + 1
            await asyncio.to_thread(self.export, "envoy", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}")
        out, _ = await wrk.communicate()
        await outage
        for server in servers:
            server.close()
        return out.decode() + f"reloads={reloads}\n"


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govctl", type=os.path.abspath)
    parser.add_argument("envoy", type=os.path.abspath)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=16)
    given = parser.parse_args()
    gateway = Loaded(given.govctl, given.envoy, table(1))
    gateway.start()
    try:
        said = await gateway.load(given.seconds, given.connections)
    finally:
        gateway.stop()
    print(said)
    counted = dict(re.findall(r"(\w+)=([\d.]+)", said))
    return int(any(float(counted.get(name, 1)) for name in ("wrong", "connect", "read", "write", "timeout")))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
