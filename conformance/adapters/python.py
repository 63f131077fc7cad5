"""Speaks the runner's JSON lines with loaders/python."""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "loaders/python/src"))

from govctl_table import Refusal, load

table = None
for line in sys.stdin:
    asked = json.loads(line)
    if asked["op"] == "load":
        try:
            table = load(
                base64.b64decode(asked["table"]),
                signature=base64.b64decode(asked["signature"]) if asked["signature"] is not None else None,
                **{key: asked[key] for key in ("as_of", "trusted_keys", "allow_expired", "allow_unsigned", "least_serial")},
            )
            answer = {"loaded": table.digest}
        except Refusal as refusal:
            answer = {"refused": {"code": refusal.code, "place": refusal.place, "text": refusal.text}}
    else:
        decision = table.decide(asked["request"])
        route = decision.route(asked["down"], asked["on"])
        answer = {"decision": decision.index, "route": route.model, "then": route.then.as_json()}
    print(json.dumps(answer), flush=True)
