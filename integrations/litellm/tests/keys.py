"""The keys of the tests: what each and its team state is in the file that the environment names."""

import json
import os

from fastapi import HTTPException
from litellm.proxy._types import LitellmUserRoles, UserAPIKeyAuth


async def auth(request, api_key):
    """The credentials of a key."""
    with open(os.environ["GOVCTL_TEST_KEYS"]) as file:
        keys = json.load(file)
    key = api_key.removeprefix("Bearer ")
    if key not in keys:
        raise HTTPException(401, "no such key")
    team = keys[key].pop("of its team", None)
    role = LitellmUserRoles.PROXY_ADMIN if key == "sk-admin" else LitellmUserRoles.INTERNAL_USER
    of_team = {} if team is None else {"team_id": "t", "team_metadata": {"govctl": team}}
    return UserAPIKeyAuth(api_key=key, metadata={"govctl": keys[key]}, user_role=role, **of_team)
