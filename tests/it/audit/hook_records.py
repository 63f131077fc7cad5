"""What the shipped hook for LiteLLM records, without LiteLLM: `python3 hook_records.py TABLE [--as-asked]`.

With `--as-asked` it prints the same walks as the service before Portkey sees them, for its `event.mjs`.
"""

import json
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "integrations/litellm/src"), str(ROOT / "loaders/python/src")]


class Anything(types.ModuleType):
    """A module of LiteLLM's, of which the record needs nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        found = type(name, (Exception,), {})
        setattr(self, name, found)
        return found


NAMES = """litellm litellm.integrations litellm.integrations.custom_logger litellm.exceptions litellm.proxy
litellm.proxy._types litellm.proxy.proxy_server litellm.types litellm.types.utils litellm.llms litellm.router
fastapi fastapi.responses starlette starlette.types starlette.requests starlette.responses httpx openai aiohttp"""
for name in NAMES.split():
    sys.modules[name] = Anything(name)

from govctl_litellm.call import Call  # noqa: E402
from govctl_litellm.walk import Cooling, Walk  # noqa: E402
from govctl_table import load  # noqa: E402

TABLE = load(Path(sys.argv[1]).read_bytes(), as_of=None)
WALKS = [
    ({"use_case": "numbers", "facts": {"tenant": "standard"}}, []),
    ({"use_case": "numbers", "budget.remaining": "5%"}, []),
    ({"use_case": "numbers"}, ["timeout"]),
    ({"use_case": "letters", "facts": {"tenant": "premium"}, "budget.daily.remaining": "90%"}, []),
]


def walked(request, failures):
    decision = TABLE.decide(request)
    assert decision.not_understood is None, decision.not_understood
    call = Call(TABLE, decision, Walk(decision, Cooling()), request)
    for trigger in failures:
        call.walk.failed(trigger)
        call.note()
    assert call.walk.hop is not None, (request, failures)
    return call, decision


def as_asked(call, request):
    """What `event.mjs` is given."""
    decision, hop = call.decision, call.walk.hop
    failover = None if hop.path is None else decision.paths[hop.path].failover
    return {
        "table": {"digest": TABLE.digest},
        "decision": {
            "use_case": decision.use_case,
            "classification": decision.classification,
            "index": decision.index,
            "rules": [{"name": rule.name} for rule in decision.rules],
            "tags": dict(decision.tags),
        },
        "model": {"id": hop.model},
        "hop": hop.position,
        "by": None if failover is None else {"trigger": call.walk.left, "failover": {"name": failover.name, "log_as": failover.log_as}},
        "stated": request,
    }


found = []
for request, failures in WALKS:
    call, _ = walked(request, failures)
    found.append(as_asked(call, request) if "--as-asked" in sys.argv else call.record)
print(json.dumps(found))
