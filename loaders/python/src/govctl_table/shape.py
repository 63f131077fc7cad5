"""Which keys a table has and what kind of value stands at each: every key is there, and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .refusal import Place, fault, shown

Check = Callable[[Any, Place], None]

FORMAT = "govctl-decision-table/1"

TRIGGERS = (
    "rate-limited",
    "server-error",
    "timeout",
    "unavailable",
    "content-filtered",
    "context-exceeded",
    "out-of-credit",
    "unauthorized",
)
"""What a model that is asked can do instead of answering, in the order of the grammar."""


def check_shape(table: dict[str, Any]) -> None:
    """Checks every key and the kind of every value; another version has other keys, so its name is asked for first."""
    found = table.get("format")
    if type(found) is str and found != FORMAT:
        raise fault("format", (None, "format"), f"`{shown(found)}` is not `{FORMAT}`")
    _TABLE(table, None)


_KINDS: dict[type, str] = {
    str: "text",
    int: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def _scalar(kind: type, wanted: str) -> Check:
    def check(value: Any, place: Place) -> None:
        if type(value) is not kind:
            raise fault("type", place, f"{_KINDS[type(value)]} stands where {wanted} belongs")

    return check


_text = _scalar(str, "text")
_boolean = _scalar(bool, "true or false")
_any_number = _scalar(int, "a whole number")
_any_object = _scalar(dict, "an object")
_any_list = _scalar(list, "a list")


def _number(value: Any, place: Place) -> None:
    _any_number(value, place)
    if value < 0:
        raise fault("range", place, f"{value} is below zero")


def _trigger(value: Any, place: Place) -> None:
    _text(value, place)
    if value not in TRIGGERS:
        raise fault("range", place, f"`{shown(value)}` is none of {', '.join(TRIGGERS)}")


def _or_null(inner: Check) -> Check:
    def check(value: Any, place: Place) -> None:
        if value is not None:
            inner(value, place)

    return check


def _list(inner: Check) -> Check:
    def check(value: Any, place: Place) -> None:
        _any_list(value, place)
        for at, item in enumerate(value):
            inner(item, (place, at))

    return check


def _map(inner: Check) -> Check:
    def check(value: Any, place: Place) -> None:
        _any_object(value, place)
        for key, item in value.items():
            inner(item, (place, key))

    return check


def _record(optional: Mapping[str, Check] | None = None, **fields: Check) -> Check:
    known = {**fields, **(optional or {})}

    def check(value: Any, place: Place) -> None:
        _any_object(value, place)
        for key, item in value.items():
            inner = known.get(key)
            if inner is None:
                raise fault("unknown-field", place, f"no key `{shown(key)}` belongs there")
            inner(item, (place, key))
        if len(value) < len(known):
            for key in fields:
                if key not in value:
                    raise fault("missing-field", place, f"the key `{key}` is missing")

    return check


def _action(**variants: Check) -> Check:
    """An object whose other keys depend on its `action`, of which `-` is written `_` here."""

    def check(value: Any, place: Place) -> None:
        # An empty list has none either.
        if value != []:
            _any_object(value, place)
        if "action" not in value:
            raise fault("missing-field", place, "the key `action` is missing")
        action = value["action"]
        _text(action, (place, "action"))
        variant = variants.get(action)
        if variant is None:
            raise fault("range", (place, "action"), f"`{shown(action)}` is none of {', '.join(variants)}")
        variant(value, place)

    return check


_texts = _list(_text)
_numbers = _list(_number)
_text_or_null = _or_null(_text)
_number_or_null = _or_null(_number)

_queue = _record(action=_text, seconds=_number_or_null)
_bare = _record(action=_text)
_terminal = _action(queue=_queue, degrade=_record(action=_text, message=_text_or_null), block=_bare)
_quota_terminal = _action(
    queue=_queue, degrade=_record(action=_text, message=_text_or_null), block=_bare, failover=_bare
)
_cost_action = _action(notify=_record(action=_text, notify=_texts), throttle=_bare, confirm=_bare)

_model = _record(
    id=_text,
    provider=_text,
    name=_text,
    failure_domain=_text,
    input_usd_per_1m=_text,
    output_usd_per_1m=_text,
    cached_input_usd_per_1m=_text_or_null,
    batch_discount=_text_or_null,
    long_prompt=_or_null(
        _record(
            above_tokens=_number,
            input_usd_per_1m=_text,
            output_usd_per_1m=_text,
            cached_input_usd_per_1m=_text_or_null,
        )
    ),
    hosting=_text_or_null,
    jurisdiction=_text_or_null,
    regions=_or_null(_texts),
    compliance=_or_null(_texts),
    retention_days=_number_or_null,
    endpoint=_any_object,
    profile=_any_object,
)
_failover = _record(
    name=_text,
    retry=_number,
    cooldown_seconds=_number_or_null,
    then=_terminal,
    log_as=_text_or_null,
    notify=_texts,
)
_target = _record(
    model=_number, cost_multiplier=_text, actions=_list(_cost_action), regions=_or_null(_texts)
)
_audit = _record(retain_days=_number_or_null, lineage=_boolean, mask=_texts, owners=_texts)
_decision = _record(
    primary=_or_null(_record(model=_number, regions=_or_null(_texts))),
    paths=_list(_record(on=_list(_trigger), failover=_number, targets=_number)),
    rules=_number,
    budgets=_numbers,
    quotas=_numbers,
    audit=_number_or_null,
)
_axis = _record({"values": _texts, "cuts": _texts}, fact=_text)
_use_case = _record(
    name=_text,
    endpoint_tag=_text_or_null,
    classification=_text,
    axes=_number,
    cells=_numbers,
    tags=_map(_text),
)
_budget = _record(
    name=_text,
    on=_texts,
    limit_usd=_text,
    period=_text,
    per=_text_or_null,
    within=_text_or_null,
    mode=_text_or_null,
    at=_list(_record({"notify": _texts}, used=_text, action=_text)),
    owner=_text_or_null,
    escalate=_texts,
)
_quota = _record(
    name=_text,
    on=_text_or_null,
    per=_text_or_null,
    requests_per_minute=_number_or_null,
    tokens_per_minute=_number_or_null,
    requests_per_day=_number_or_null,
    tokens_per_day=_number_or_null,
    then=_quota_terminal,
)

_TABLE = _record(
    format=_text,
    as_of=_text,
    valid_until=_text_or_null,
    ends=_text_or_null,
    sources=_map(_text),
    classifications=_texts,
    facts=_map(_record(values=_texts, default=_text)),
    models=_list(_model),
    failovers=_list(_failover),
    rule_sets=_list(_texts),
    target_lists=_list(_list(_target)),
    audits=_list(_audit),
    decisions=_list(_decision),
    grids=_list(_list(_axis)),
    use_cases=_list(_use_case),
    budgets=_list(_budget),
    quotas=_list(_quota),
    reasons=_map(_text_or_null),
    attribution=_or_null(_record(require=_texts, mode=_text_or_null, anomaly_above=_text_or_null)),
    request=_any_object,
    proof=_record(contexts=_number, guarantees=_list(_record(name=_text, contexts=_number))),
    digest=_text,
)
