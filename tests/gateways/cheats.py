"""Callers who try to get around a table, in whatever gateway: what they send, and what the contract wants."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable

import tables

Table = dict[str, Any]
CALLERS = (403, "stated-by-caller")
BLOCK = (403, "block")
# Escapes, and texts behind them: what reads a part of it again meets them again.
BODY = b'{"messages":[{"role":"user","content":"say \\"hi\\" to \\\\them"}],"model":"callers-own","user":"a \\"b\\""}'


@dataclass
class Asked:
    """One request."""

    said: dict[str, Any]
    decision: int | None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = BODY
    # The statuses and the code of an answer without asking anybody; none: as the decision says.
    wants: tuple[tuple[int, ...] | range, str | None] | None = None
    path: str = "/v1/chat/completions"


@dataclass
class Cheat:
    """A name, and the request that it makes of a table; none where the table has not what it takes."""

    what: str
    make: Callable[[Table], Asked | None]
    # `early`: what a gateway may refuse before it asks anything of ours.
    kind: str = ""

    def fits(self, table: Table) -> bool:
        return bool(table["use_cases"]) and self.make(table) is not None

    def asked(self, table: Table) -> Asked:
        asked = self.make(table)
        assert asked is not None
        return asked


def base(table: Table, at: int = 0) -> Asked:
    """A request of a use case with nothing but its name."""
    use_case = table["use_cases"][at]
    return Asked({"use_case": use_case["name"]}, at_defaults(table, use_case, {}))


def at_defaults(table: Table, use_case: dict[str, Any], attributes: dict[str, str]) -> int:
    """The decision of a use case where everything else is at its default."""
    wanted = {name: fact["default"] for name, fact in table["facts"].items()} | attributes
    for found, decision in tables.contexts(table, use_case):
        defaults = (wanted.get(name, value if name == "classification" else "100") == value for name, value in found.items())
        if all(defaults):
            return decision
    raise AssertionError("no cell for the defaults")


def served(headers: list[tuple[str, str]] = [], body: Any = None) -> Callable[[Table], Asked | None]:
    """Changes nothing."""
    def make(table: Table) -> Asked:
        asked = base(table)
        asked.headers = list(headers)
        if body is not None:
            asked.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asked
    return make


def refused(wants: tuple[int, str | None] | tuple[tuple[int, ...] | range, str | None], headers: list[tuple[str, str]] = [], body: Any = None,
            said: dict[str, Any] | None = None) -> Callable[[Table], Asked | None]:
    """Is answered by the gateway itself."""
    def make(table: Table) -> Asked:
        asked = served(headers, body)(table)
        statuses, code = wants
        asked.wants = ((statuses,) if isinstance(statuses, int) else statuses, code)
        if said is not None:
            asked.said = said
        return asked
    return make


def with_query(table: Table) -> Asked:
    """Asks for something in the address."""
    asked = base(table)
    asked.path += "?model=evil&api-version=2&provider=other"
    return asked


def govctl(**attributes: Any) -> dict[str, Any]:
    """A body whose metadata states something."""
    # The escapes before it are met again where it is read.
    return {"model": "m", "messages": [{"role": "user", "content": 'say "hi"'}], "metadata": {"note": 'he said "x"', "govctl": attributes}}


def own_use_case(table: Table, way: str) -> Asked:
    """States the very use case that its credentials state."""
    name = table["use_cases"][0]["name"]
    return refused(CALLERS, [("x-govctl-use-case", name)] if way == "header" else [], govctl(use_case=name) if way == "body" else None)(table)


def silent(table: Table) -> Asked:
    """States its use case where the credentials state none."""
    asked = refused(CALLERS, [("x-govctl-use-case", table["use_cases"][0]["name"])])(table)
    asked.said = {}
    return asked


def with_budget(table: Table, wants: Any, how: Callable[[str], dict[str, Any]]) -> Asked | None:
    if not table["budgets"]:
        return None
    return refused(wants, **how(table["budgets"][0]["name"]))(table)


def credential_share(share: Any) -> Callable[[Table], Asked | None]:
    """A share in the credentials that is not a percent."""
    def make(table: Table) -> Asked:
        return refused(BLOCK, said={"use_case": table["use_cases"][0]["name"], "budget.remaining": share})(table)
    return make


def with_levels(how: str) -> Callable[[Table], Asked | None]:
    """States the highest level and then the lowest."""
    def make(table: Table) -> Asked:
        names = table["classifications"]
        if how == "headers":
            return refused(BLOCK, [("x-govctl-classification", names[-1]), ("x-govctl-classification", names[0])])(table)
        return refused(BLOCK, body=f'{{"model":"m","messages":[],"metadata":{how % (names[-1], names[0])}}}'.encode())(table)
    return make


def several(state: str | None, wants: Any = None) -> Callable[[Table], Asked | None]:
    """A key of several use cases; `first` and `other` are names of the table."""
    def make(table: Table) -> Asked | None:
        names = [use_case["name"] for use_case in table["use_cases"]]
        if len(names) < 3:
            return None
        name = {"first": names[0], "other": names[2], None: None}[state]
        asked = refused(wants or BLOCK)(table)
        asked.said = {"use_cases": names[:2]}
        asked.headers = [("x-govctl-use-case", name)] if name else []
        asked.wants = asked.wants if wants else None
        return asked
    return make


def by_tag(table: Table, is_tag_of_key: bool) -> Asked | None:
    """A key of several use cases, one of which has an endpoint tag, on the one side or the other."""
    names = [use_case["name"] for use_case in table["use_cases"]]
    at = next((at for at, use_case in enumerate(table["use_cases"]) if use_case["endpoint_tag"]), None)
    if at is None or len(names) < 2:
        return None
    asked, tag = base(table, at), table["use_cases"][at]["endpoint_tag"]
    other = names[0 if at else 1]
    asked.said = {"use_cases": [other, tag if is_tag_of_key else names[at]]}
    asked.headers = [("x-govctl-use-case", names[at] if is_tag_of_key else tag)]
    return asked


def with_share(table: Table, share: Any, wants: tuple[int, str] | None = None) -> Asked | None:
    """A share of the credentials, where it decides nothing."""
    for at, use_case in enumerate(table["use_cases"]):
        if all(axis["fact"] != "budget.remaining" for axis in table["grids"][use_case["axes"]]):
            asked = base(table, at)
            asked.said = {"use_case": use_case["name"], "budget.remaining": share}
            asked.wants = wants and ((wants[0],), wants[1])
            return asked
    return None


def levels(own: int, trusted: int | None, stated: int) -> Callable[[Table], Asked | None]:
    """Classifications of credentials and caller, counted from the use case's own: the highest of all counts."""
    def make(table: Table) -> Asked | None:
        names = table["classifications"]
        for use_case in table["use_cases"]:
            at = names.index(use_case["classification"])
            axis = next((axis for axis in table["grids"][use_case["axes"]] if axis["fact"] == "classification"), None)
            wanted = [at + own, *([] if trusted is None else [at + trusted]), at + stated]
            if axis is None or min(wanted) < 0 or max(wanted) >= len(names):
                continue
            highest = names[max(at, *wanted)]
            said = {"use_case": use_case["name"]} | ({} if trusted is None else {"classification": names[at + trusted]})
            decision = at_defaults(table, use_case, {"classification": highest})
            return Asked(said, decision, [("x-govctl-classification", names[at + stated])])
        return None
    return make


def forged(how: str) -> Callable[[Table], Asked | None]:
    """Shows credentials that are not valid here."""
    return lambda table: refused(((401, 403), "block"), said={"use_case": table["use_cases"][0]["name"], "forged": how})(table)


def with_fact(how: str, value: str | None = None, wants: Any = None) -> Callable[[Table], Asked | None]:
    """States a fact with another value than its default: in a header, in the metadata, in both."""
    def make(table: Table) -> Asked | None:
        for use_case in table["use_cases"]:
            axis = next((axis for axis in table["grids"][use_case["axes"]] if axis["fact"] in table["facts"]), None)
            if axis is None:
                continue
            name = axis["fact"]
            fact = table["facts"][name]
            other = value or next((one for one in axis["values"] if one != fact["default"]), None)
            if other is None:
                continue
            asked = Asked({"use_case": use_case["name"]}, None if wants else at_defaults(table, use_case, {name: other}))
            if how in ("header", "both", "differing"):
                asked.headers = [(f"x-govctl-fact-{name}", other)]
            if how == "twice":
                asked.headers = [(f"x-govctl-fact-{name}", other), (f"x-govctl-fact-{name}", fact["default"])]
            if how == "list":
                asked.headers = [(f"x-govctl-fact-{name}", f"{fact['default']}, {other}")]
            if how in ("metadata", "both", "differing"):
                asked.body = json.dumps(govctl(facts={name: fact["default"] if how == "differing" else other})).encode()
            asked.wants = None if wants is None else ((wants[0],), wants[1])
            return asked
        return None
    return make


def number_for_text(is_of_credentials: bool) -> Callable[[Table], Asked | None]:
    """States a fact as a number whose digits are one of its values."""
    def make(table: Table) -> Asked | None:
        for name, fact in table["facts"].items():
            for value in fact["values"]:
                if value.isdigit() and str(int(value)) == value:
                    facts = {name: int(value)}
                    said = {"use_case": table["use_cases"][0]["name"], "facts": facts}
                    return refused(BLOCK, said=said)(table) if is_of_credentials else refused(BLOCK, body=govctl(facts=facts))(table)
        return None
    return make


CHOOSING = {
    "model": "x", "fallbacks": ["y"], "models": ["z"], "route": "fallback", "provider": {"order": ["q"]}, "messages": [], "tags": ["&a"],
    "fallback_models": ["y"], "providerOptions": {"gateway": {"order": ["x"]}}, "targets": [], "strategy": {}, "virtual_key": "k", "variant_name": "v",
    "vertex_location": "x", "vertex_ai_location": "x", "vertex_project": "x", "azure_deployment": "x", "azure_ad_token": "x", "aws_access_key_id": "x",
    "region_name": "x", "inference_geo": "x", "litellm_metadata": {}, "litellm_params": {}, "router_settings": {}, "router_settings_override": {},
    "base_model": "x", "model_name": "x", "model_override": "x", "fallback": "x", "fallback_model": "x", "deployment_name": "x",
    "specific_deployment": True, "override_params": {}, "virtualKey": "k", "apiKey": "k", "baseURL": "http://127.0.0.1:1", "provider-options": {},
    "allow_fallbacks": True, "order": ["x"], "only": ["x"], "store": True, "service_tier": "flex", "nobody_knows_it_yet": "x",
    "tensorzero::variant_name": "v", "modelId": "z", "model_id": "z", "inference_profile": "p", "max_completion_tokens": 99999, "temperature": 1.9, "num_retries": 5, "context_window_fallbacks": [{"x": ["y"]}], "api_base": "http://127.0.0.1:1/v1", "extra_body": {"provider": {"order": ["q"]}},
}
ANY_4XX = (range(400, 500), None)
MALFORMED = {
    "no JSON": b"not json", "a list": b"[1]", "a string": b'"x"', "nothing": b"", "a comma too many": b'{"model":"m","messages":[],}',
    "a comma too many inside": b'{"model":"m","messages":[1,]}', "no number": b'{"model":"m","messages":[],"x":NaN}',
    "cut short": b'{"model":"m","messages":[', "something after it": b'{"model":"m","messages":[]} {}', "a literal cut short": b'{"model":"m","messages":[],"x":tru}',
    "a byte order mark": b'\xef\xbb\xbf{"model":"m","messages":[]}', "a raw newline": b'{"model":"m\n","messages":[]}',
    "crossed brackets": b'{"model":"m","messages":[{]}}', "no UTF-8": b'{"model":"m","messages":[{"role":"user","content":"\xff\xfe"}]}',
    "a bad escape": b'{"model":"m\\x","messages":[]}', "a leading zero": b'{"model":"m","messages":[],"n":01}',
    "a thousand brackets": b'{"model":"m","messages":' + b"[" * 1000 + b"]" * 1000 + b"}",
}
CHEATS = [
    Cheat("a body that chooses", served(body=CHOOSING)),
    Cheat("another length of its answer", served(body={"model": "m", "messages": [], "max_completion_tokens": 99999})),
    Cheat("a length of its answer", served(body={"model": "m", "messages": [], "max_tokens": 99999})),
    Cheat("a query", with_query),
    Cheat("members in other cases", served(body={"Model": "x", "MODEL": "y", "Fallbacks": ["z"], "model": "m", "messages": []})),
    Cheat("a model named three times", served(body=b'{"model":"a","mo\\u0064el":"b","model":"c","messages":[]}')),
    Cheat("no model at all", served(body={"messages": []})),
    *[Cheat(f"a caller's {name}", served([(name, value)])) for name, value in (
        ("x-envoy-retry-on", "5xx"), ("x-envoy-max-retries", "9"), ("x-envoy-upstream-rq-timeout-ms", "1"), ("x-decide-use-case", "other"),
        ("x-decide-outcome", "p0:none"), ("x-decide-body", "done"), ("cookie", "a=b"), ("x-forwarded-host", "evil"), ("openai-organization", "evil"),
        ("x-portkey-config", "{}"), ("x-portkey-provider", "openai"), ("x-litellm-tags", "&evil"), ("x-original-url", "/evil"))],
    Cheat("its own use case in a header", lambda table: own_use_case(table, "header")),
    Cheat("its own use case in the metadata", lambda table: own_use_case(table, "body")),
    Cheat("a use case where the credentials are silent", silent),
    Cheat("no use case at all", refused(BLOCK, said={})),
    Cheat("a use case that is not known", refused(BLOCK, said={"use_case": "no-such-use-case"})),
    Cheat("a share in a header", refused(CALLERS, [("x-govctl-budget-remaining", "100")])),
    Cheat("a share in the metadata", refused(CALLERS, body=govctl(**{"budget.remaining": "100"}))),
    Cheat("a named share in a header", lambda table: with_budget(table, CALLERS, lambda name: {"headers": [(f"x-govctl-budget-{name}-remaining", "5%")]})),
    Cheat("a named share in the metadata", lambda table: with_budget(table, CALLERS, lambda name: {"body": govctl(**{f"budget.{name}.remaining": 5})})),
    *[Cheat(f"a share of {share!r}", credential_share(share)) for share in ("abc", "12.", "1e1", "", "5 %", "--5", "5%%")],
    Cheat("a header that is not known", refused(BLOCK, [("x-govctl-unheard-of", "1")])),
    Cheat("a fact that is not known in a header", refused(BLOCK, [("x-govctl-fact-unheard-of", "1")])),
    Cheat("an attribute that is not known", refused(BLOCK, body=govctl(shoe_size=43))),
    Cheat("a fact that is not known", refused(BLOCK, body=govctl(facts={"shoe_size": "43"}))),
    Cheat("a fact that is a number", number_for_text(False)),
    Cheat("a fact of its credentials that is a number", number_for_text(True)),
    Cheat("a level of its credentials that is a number", lambda table: refused(BLOCK, said={"use_case": table["use_cases"][0]["name"], "classification": 1})(table)),
    Cheat("facts that are nothing", served(body=govctl(facts=None))),
    Cheat("a level that is nothing", served(body=govctl(classification=None))),
    Cheat("a level that is a number", refused(BLOCK, body=govctl(classification=1))),
    Cheat("facts that are a list", refused(BLOCK, body=govctl(facts=["a"]))),
    Cheat("metadata that is text", refused(BLOCK, body={"model": "m", "messages": [], "metadata": {"govctl": "planning"}})),
    Cheat("use cases in the metadata", refused(BLOCK, body=govctl(use_cases=["planning"]))),
    Cheat("a level that is not known", refused(BLOCK, [("x-govctl-classification", "no-such-level")])),
    Cheat("an empty level in a header", refused(BLOCK, [("x-govctl-classification", "")])),
    Cheat("an empty level in the metadata", refused(BLOCK, body=govctl(classification=""))),
    Cheat("an empty level of its credentials", lambda table: refused(BLOCK, said={"use_case": table["use_cases"][0]["name"], "classification": ""})(table)),
    Cheat("a level in two headers", with_levels("headers")),
    Cheat("a level twice", with_levels('{"govctl":{"classification":"%s","classification":"%s"}}')),
    Cheat("`govctl` twice", with_levels('{"govctl":{"classification":"%s"},"govctl":{"classification":"%s"}}')),
    Cheat("metadata twice", with_levels('{"govctl":{"classification":"%s"}},"metadata":{"x":"%s"}')),
    Cheat("a key of an escaped name", refused(BLOCK, body=b'{"model":"m","messages":[],"metadata":{"g\\u006fvctl":{"shoe_size":1}}}')),
    Cheat("one of several use cases", several("first")),
    Cheat("one of several use cases by its tag", lambda table: by_tag(table, False)),
    Cheat("one of several tags by its name", lambda table: by_tag(table, True)),
    Cheat("a share of 10.5 as a number", lambda table: with_share(table, 10.5, BLOCK)),
    Cheat("a share of 10 as a number", lambda table: with_share(table, 10)),
    Cheat("a share of '10.5'", lambda table: with_share(table, "10.5")),
    Cheat("another than several use cases", several("other", BLOCK)),
    Cheat("none of several use cases", several(None, BLOCK)),
    Cheat("a lowered classification", levels(0, None, -1)),
    Cheat("a lowered classification of its credentials", levels(0, 1, 0)),
    Cheat("a classification raised above its credentials'", levels(0, 0, 1)),
    Cheat("a fact in a header", with_fact("header")),
    Cheat("a fact in the metadata", with_fact("metadata")),
    Cheat("a fact in both", with_fact("both")),
    Cheat("a fact in both that differs", with_fact("differing", wants=BLOCK)),
    Cheat("a fact in two headers", with_fact("twice", wants=BLOCK)),
    Cheat("a list of facts", with_fact("list", wants=BLOCK)),
    Cheat("a value that is not known", with_fact("header", "no-such-value", BLOCK)),
    *[Cheat(what, forged(how), "early") for what, how in (("forged credentials", "signature"), ("credentials for another place", "audience"))],
    *[Cheat(f"a body with {what}", refused((range(400, 500), "not-json"), body=body), "early") for what, body in MALFORMED.items()],
    # Whatever is read of these costs no more than their length.
    Cheat("a level of many digits", refused(((400, 403), None), body=b'{"messages":[],"metadata":{"govctl":{"classification":' + b"1" * 200_000 + b"e1}}}")),
    Cheat("metadata many times", refused(((400, 403), None), body=b'{"messages":[],' + b",".join([b'"metadata":{"govctl":{"classification":"public"}}'] * 10_000) + b"}")),
    Cheat("numbers beyond what floats hold", served(body=b'{"model":"m","messages":[],"seed":12345678901234567890}')),
    Cheat("half a surrogate pair", served(body=b'{"model":"m","messages":[],"user":"\\ud800"}')),
]
