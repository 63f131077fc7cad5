"""The review bot as it stood before it asked the gateway. Written down here so that `govctl scan` has something to find."""

from openai import OpenAI

# gpt-4-turbo was here since 2024
MODEL = "gpt-4-turbo"
SECOND = "claude-opus-5-5"

client = OpenAI(base_url="https://api.openai.com/v1")


def review(change: str) -> str:
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": change}])
    return answer.choices[0].message.content
