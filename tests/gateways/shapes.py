"""Exports to gateways that are not run here: held to golden files, and where a package has them to the project's own types.

Usage: shapes.py GOVCTL      GOVCTL_BLESS=1 writes the golden files anew; with the package `cloudflare` its types are checked
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import tables

HERE = Path(__file__).resolve().parent
TARGETS = ("envoy-ai-gateway", "bifrost", "cloudflare", "bedrock")


def table() -> dict[str, Any]:
    """The table of every shape, with endpoints that nobody answers at."""
    found = json.loads((HERE.parents[1] / "conformance/tables/example.json").read_text())
    tables.point(found, {model["id"]: 443 for model in found["models"]}, None)
    for model in found["models"]:
        model["endpoint"] = {"base_url": f"https://{model['provider']}.example/v1", "protocol": "openai",
                             "api_key_env": model["provider"].upper().replace("-", "_") + "_KEY"}
        if model["provider"] == "anthropic":
            model["endpoint"] |= {"protocol": "bedrock", "model": "anthropic.claude-3-5-sonnet-20241022-v2:0"}
    return found


def differing(target: str, folder: Path) -> list[str]:
    """Files that are not as their golden ones, which are written instead where that is asked for."""
    golden = HERE / "golden" / target
    made = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    made.pop("LOSSES.md")
    if os.environ.get("GOVCTL_BLESS"):
        for path, text in made.items():
            (golden / path).parent.mkdir(parents=True, exist_ok=True)
            (golden / path).write_text(text)
    kept = {str(path.relative_to(golden)): path.read_text() for path in golden.rglob("*") if path.is_file()}
    return [f"{target}/{path}" for path in sorted(made.keys() | kept.keys()) if made.get(path) != kept.get(path)]


def check_cloudflare(folder: Path) -> int:
    """Every element of every route is one of the types of the project's own package."""
    try:
        from cloudflare.types.ai_gateway.dynamic_routing_create_params import Element
        from pydantic import TypeAdapter
    except ImportError:
        print("NOT TESTED: the types of Cloudflare's API, since the package `cloudflare` is not installed")
        return 0
    adapter: TypeAdapter[Any] = TypeAdapter(Element)
    count = 0
    for path in (folder / "routes").glob("*.json"):
        elements = json.loads(path.read_text().replace('"elementId"', '"element_id"'))["elements"]
        ids = {element["id"] for element in elements}
        for element in elements:
            adapter.validate_python(element, strict=False)
            leads = {output["element_id"] for output in element["outputs"].values()}
            assert leads <= ids, f"{path.name}: {element['id']} leads to {leads - ids}"
            count += 1
    return count


def check_policies(folder: Path) -> int:
    """What AWS documents of policies: no unknown member, and no size that it refuses."""
    count = 0
    for path in [*(folder / "iam").glob("*.json"), folder / "scp.json"]:
        policy = json.loads(path.read_text())
        assert set(policy) == {"Version", "Statement"} and policy["Version"] == "2012-10-17", path
        most = 5120 if path.name == "scp.json" else 6144
        assert len(json.dumps(policy, separators=(",", ":"))) <= most, f"{path.name} is larger than AWS takes"
        for statement in policy["Statement"]:
            assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "NotResource", "Condition"}, statement
            assert statement["Sid"].isalnum() and statement["Effect"] in ("Allow", "Deny"), statement
            count += 1
    return count


def check_rules(folder: Path) -> int:
    """What Bifrost documents of rules: a key's last one matches everything, and weights add up to 1."""
    config = json.loads((folder / "config.json").read_text())
    rules = config["governance"]["routing_rules"]
    for key in config["governance"]["virtual_keys"]:
        own = sorted((rule for rule in rules if rule["scope_id"] == key["id"]), key=lambda rule: rule["priority"])
        assert own and own[-1]["cel_expression"] == "true", key["name"]
        assert own[-1]["targets"][0]["provider"] == "govctl-nobody", key["name"]
        allowed = {(one["provider"], model) for one in key["provider_configs"] for model in one["allowed_models"]}
        for rule in own:
            assert sum(target["weight"] for target in rule["targets"]) == 1.0, rule
            asked = [(target["provider"], target["model"]) for target in rule["targets"]]
            asked += [tuple(fallback.split("/", 1)) for fallback in rule["fallbacks"]]
            assert set(asked) <= allowed, f"{rule['id']} leads to {set(asked) - allowed}"
    assert config["version"] == 2
    return len(rules)


def main() -> int:
    govctl = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "table.json").write_text(tables.seal(table()))
        wrong = []
        for target in TARGETS:
            subprocess.run([govctl, "export", target, "--table", str(folder / "table.json"), "-o", str(folder / target)],
                           check=True, stderr=subprocess.DEVNULL)
            wrong += differing(target, folder / target)
        checked = (check_cloudflare(folder / "cloudflare"), check_policies(folder / "bedrock"), check_rules(folder / "bifrost"))
    for path in wrong:
        print(f"differs from its golden file: {path}")
    print(f"{len(TARGETS)} exports: {checked[0]} elements, {checked[1]} statements, {checked[2]} rules, {len(wrong)} differences")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
