"""Answers customers with gpt-4-turbo."""

import os

from openai import OpenAI

# It was gpt-3.5-turbo before.
MODEL = "gpt-4-turbo"
SUMMARY = os.environ.get("SUMMARY_MODEL", "claude-sonnet-4-5")
EMBEDDING = "text-embedding-3-small"


def client():
    return OpenAI(base_url="https://api.openai.com/v1", api_key=os.environ["OPENAI_API_KEY"])


def is_ours(name):
    return name.startswith("gpt-4-turbo-of-ours")
