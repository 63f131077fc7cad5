"""LiteLLM routes every request as a govctl decision table says. The hook itself is `govctl_litellm.proxy.govctl`."""

from .groups import groups
from .walk import Cooling, End, Hop, Walk, group_name, hops

__all__ = ["Cooling", "End", "Hop", "Walk", "group_name", "groups", "hops"]
