"""The keys of the tests: what each states is in the file that the environment names."""

import json
import os

from fastapi import HTTPException
from litellm.proxy._types import UserAPIKeyAuth


async def auth(request, api_key):
    """The credentials of a key."""
    with open(os.environ["GOVCTL_TEST_KEYS"]) as file:
        keys = json.load(file)
    key = api_key.removeprefix("Bearer ")
    if key not in keys:
        raise HTTPException(401, "no such key")
    return UserAPIKeyAuth(api_key=key, metadata={"govctl": keys[key]})
