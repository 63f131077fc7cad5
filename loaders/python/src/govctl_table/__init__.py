"""Loads govctl decision tables and answers where a request goes."""

from .answer import (
    Action,
    Audit,
    Budget,
    Decision,
    Failover,
    Model,
    Path,
    Quota,
    Route,
    Rule,
    Step,
    Target,
    Terminal,
)
from .live import Live
from .refusal import Code, Refusal
from .shape import FORMAT, TRIGGERS
from .signature import TrustedKey
from .table import Request, Table, load

__all__ = [
    "FORMAT",
    "TRIGGERS",
    "Action",
    "Audit",
    "Budget",
    "Code",
    "Decision",
    "Failover",
    "Live",
    "Model",
    "Path",
    "Quota",
    "Refusal",
    "Request",
    "Route",
    "Rule",
    "Step",
    "Table",
    "Target",
    "Terminal",
    "TrustedKey",
    "load",
]
