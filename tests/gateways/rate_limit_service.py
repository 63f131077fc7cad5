"""A rate limit service that counts as `envoyproxy/ratelimit` does, from the same configuration file.

Usage: rate_limit_service.py FILE PORT      needs `grpcio` and `pyyaml`

It speaks `envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit`. What its configuration may say, how descriptors
are looked up, and when a limit is exceeded follow that program's source of July 2026: unknown keys, unknown units and
doubled descriptors are refused, a lookup prefers a value to a bare key and wants the whole depth, a limit is exceeded
above its number, `hits_addend` 0 asks without counting, windows begin at whole multiples of their unit since 1970.
The file is read again when it changes.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any, Iterator

import grpc
import yaml

KEYS = {"domain", "key", "value", "descriptors", "rate_limit", "unit", "requests_per_unit", "unlimited", "shadow_mode",
        "quota_mode", "name", "replaces", "detailed_metric", "value_to_metric", "share_threshold", "metadata"}
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}
OK, OVER_LIMIT = 1, 2
METHOD = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"


@dataclass
class Node:
    """What is configured below a key."""

    children: dict[str, "Node"] = field(default_factory=dict)
    limit: tuple[int, int] | None = None
    silent: bool = False


def known(value: Any) -> None:
    """Refuses keys that the real service refuses."""
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            raise SystemExit(f"not a mapping: {one!r}")
        for key, inner in one.items():
            if key not in KEYS:
                raise SystemExit(f"unknown key {key!r}")
            if isinstance(inner, (dict, list)):
                known(inner)
            elif not isinstance(inner, (str, int, bool, type(None))):
                raise SystemExit(f"{key} is {inner!r}")


def load(node: Node, descriptors: list[dict[str, Any]]) -> Node:
    for one in descriptors:
        if not one.get("key"):
            raise SystemExit("descriptor has empty key")
        name = one["key"] + ("_" + one["value"] if one.get("value") else "")
        if name in node.children or "*" in name:
            raise SystemExit(f"doubled, or a pattern: {name}")
        child = load(Node(), one.get("descriptors") or [])
        if "rate_limit" in one:
            limit = one["rate_limit"]
            if not 0 <= limit["requests_per_unit"] < 2**32:
                raise SystemExit(f"{limit} does not fit into 32 bits")
            child.limit = (limit["requests_per_unit"], SECONDS[limit["unit"]])
        child.silent = one.get("shadow_mode", False)
        node.children[name] = child
    return node


def read(path: str) -> tuple[str, Node]:
    with open(path) as file:
        root = yaml.safe_load(file)
    known(root)
    if not root["domain"]:
        raise SystemExit("empty domain")
    return root["domain"], load(Node(), root["descriptors"])


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protobuf message, in order."""
    at = 0

    def varint() -> int:
        nonlocal at
        result = shift = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        elif tag & 7 == 2:
            size = varint()
            yield tag >> 3, data[at:at + size]
            at += size
        else:
            raise ValueError(f"wire type {tag & 7}")


@dataclass
class Descriptor:
    entries: list[tuple[str, str]]
    hits: int | None


def request(data: bytes) -> tuple[str, list[Descriptor], int]:
    """Domain, descriptors, and the hits of those that state none."""
    domain, descriptors, hits = "", [], 0
    for number, value in fields(data):
        if number == 1:
            domain = value.decode()
        elif number == 2:
            one = Descriptor([], None)
            for inner, part in fields(value):
                if inner == 1:
                    pair = dict(fields(part))
                    one.entries.append((pair.get(1, b"").decode(), pair.get(2, b"").decode()))
                elif inner == 3:
                    one.hits = dict(fields(part)).get(1, 0)
            descriptors.append(one)
        elif number == 3:
            hits = value
    return domain, descriptors, max(1, hits)


class Service:
    def __init__(self, path: str) -> None:
        self.path, self.read = path, 0.0
        self.counts: dict[tuple[Any, ...], int] = {}

    def find(self, entries: list[tuple[str, str]]) -> Node | None:
        node: Node | None = self.root
        for key, value in entries:
            node = node and (node.children.get(f"{key}_{value}") or node.children.get(key))
        return node if node and node.limit else None

    def answer(self, data: bytes, _: grpc.ServicerContext) -> bytes:
        changed = os.stat(self.path).st_mtime
        if changed != self.read:
            (self.domain, self.root), self.read = read(self.path), changed
        domain, descriptors, most = request(data)
        overall = OK
        for one in descriptors:
            node = self.find(one.entries) if domain == self.domain else None
            if node is None or node.limit is None:
                print("no limit for", one.entries, flush=True)
                continue
            limit, seconds = node.limit
            key = (*one.entries, time.time() // seconds)
            self.counts[key] = self.counts.get(key, 0) + (most if one.hits is None else one.hits)
            print(one.entries, one.hits, self.counts[key], limit, flush=True)
            if self.counts[key] > limit and not node.silent:
                overall = OVER_LIMIT
        return bytes([8, overall])


def main() -> None:
    service = Service(sys.argv[1])
    read(sys.argv[1])
    server = grpc.server(futures.ThreadPoolExecutor(1))
    handler = grpc.unary_unary_rpc_method_handler(service.answer)
    package, method = METHOD[1:].split("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(package, {method: handler}),))
    if not server.add_insecure_port(f"127.0.0.1:{sys.argv[2]}"):
        raise SystemExit("no port")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
